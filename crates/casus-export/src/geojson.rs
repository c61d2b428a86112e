//! GeoJSON (RFC 7946): a feature for each place of an event, with the flat columns as properties.
//!
//! A road between two places with coordinates is one line. An event without any resolved place is
//! one feature without a geometry, so that nothing is lost on the way into a GIS. Columns of JSON
//! are left out. Features are written as they come; the collection is closed at the end.

use crate::{
    Item, Options, Writer,
    flat::{self, Cell, Row, Type},
};
use casus_record::{Event, Function, Where};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Property that numbers the features of an event. Its numbers stand in each of them: to add up
/// events, take the features where this is 1.
pub(crate) const NUMBER: &str = "feature";

pub(crate) struct Geojson {
    options: Options,
    out: Box<dyn Write + Send>,
    first: bool,
}

impl Geojson {
    pub(crate) fn new(options: Options, mut out: Box<dyn Write + Send>) -> io::Result<Geojson> {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(Geojson { options, out, first: true })
    }

    fn feature(&mut self, row: Row<'_>, number: usize, geometry: &Value) -> io::Result<()> {
        let mut properties = Map::new();
        properties.insert(NUMBER.to_owned(), Value::from(number));
        for column in flat::columns(&self.options).filter(|column| column.kind != Type::Json) {
            properties.insert(column.name.to_owned(), value(column.get(&row)));
        }
        let id = format!("{}/{number}", row.event_id());
        let feature = json!({"type": "Feature", "id": id, "geometry": geometry, "properties": properties});
        let mut line = if self.first { b"\n".to_vec() } else { b",\n".to_vec() };
        self.first = false;
        serde_json::to_writer(&mut line, &feature)?;
        self.out.write_all(&line)
    }
}

impl Writer for Geojson {
    fn report(&mut self, item: &Item<'_>) -> io::Result<()> {
        for event in &item.reading.events {
            for (index, (place, geometry)) in shapes(event).into_iter().enumerate() {
                let row = Row::new(item, event, &self.options).at(place);
                self.feature(row, index + 1, &geometry)?;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()
    }
}

/// Longitude and latitude of a place that has both, on the globe.
fn position(place: &Where) -> Option<[f64; 2]> {
    let (lat, lon) = (place.lat?, place.lon?);
    ((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon)).then_some([lon, lat])
}

/// The shapes of an event; one without geometry if no place is resolved.
fn shapes(event: &Event) -> Vec<(Option<&Where>, Value)> {
    let end = |function: Function| event.places.iter().find(|place| place.function == function);
    let road = end(Function::EndA).zip(end(Function::EndB)).and_then(|(a, b)| {
        let line = [position(a)?, position(b)?];
        Some((Some(a), json!({"type": "LineString", "coordinates": line})))
    });
    let is_road = road.is_some();
    let is_end = |place: &Where| matches!(place.function, Function::EndA | Function::EndB);
    let points =
        event.places.iter().filter(|place| !(is_road && is_end(place))).filter_map(|place| {
            Some((Some(place), json!({"type": "Point", "coordinates": position(place)?})))
        });
    let mut shapes: Vec<_> = road.into_iter().chain(points).collect();
    if shapes.is_empty() {
        shapes.push((crate::words::main_place(event), Value::Null));
    }
    shapes
}

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(text) => Value::from(text),
        Cell::Integer(number) => Value::from(number),
        Cell::Float(number) => Value::from(number),
        Cell::Boolean(value) => Value::from(value),
        Cell::Date(date) => Value::from(date.to_string()),
    }
}
