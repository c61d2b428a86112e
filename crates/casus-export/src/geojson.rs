//! GeoJSON (RFC 7946): a feature for each place of an event, with the flat columns as properties.
//!
//! A road between two places with coordinates is one line. An event without any resolved place is
//! one feature without a geometry, so that nothing is lost on the way into a GIS. Columns of JSON
//! are left out. Features are written as they come; the collection is closed at the end.

use crate::{
    Item, Options, Writer,
    flat::{self, Cell, Row, Type},
};
use casus_record::{Function, Where};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Property that numbers the features of an event. Its numbers stand in each of them: to add up
/// events, take the features where this is 1.
pub(crate) const NUMBER: &str = "feature";

/// Features, written as they come.
pub(crate) struct Features {
    out: Box<dyn Write + Send>,
    first: bool,
}

impl Features {
    pub(crate) fn new(mut out: Box<dyn Write + Send>) -> io::Result<Features> {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(Features { out, first: true })
    }

    /// One feature of the thing `id`: the `number`-th of it.
    pub(crate) fn feature(
        &mut self,
        id: &str,
        number: usize,
        geometry: &Value,
        cells: impl Iterator<Item = (&'static str, Cell)>,
    ) -> io::Result<()> {
        let mut properties = Map::new();
        properties.insert(NUMBER.to_owned(), Value::from(number));
        properties.extend(cells.map(|(name, cell)| (name.to_owned(), value(cell))));
        let id = format!("{id}/{number}");
        let feature = json!({"type": "Feature", "id": id, "geometry": geometry, "properties": properties});
        let mut line = if self.first { b"\n".to_vec() } else { b",\n".to_vec() };
        self.first = false;
        serde_json::to_writer(&mut line, &feature)?;
        self.out.write_all(&line)
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()
    }
}

pub(crate) struct Geojson {
    options: Options,
    features: Features,
}

impl Geojson {
    pub(crate) fn new(options: Options, out: Box<dyn Write + Send>) -> io::Result<Geojson> {
        Ok(Geojson { options, features: Features::new(out)? })
    }
}

impl Writer for Geojson {
    fn report(&mut self, item: &Item<'_>) -> io::Result<()> {
        for event in &item.reading.events {
            for ((place, geometry), number) in shapes(&event.places).into_iter().zip(1..) {
                let place = place.or_else(|| crate::words::main_place(event));
                let row = Row::new(item, event, &self.options).at(place);
                let columns = flat::columns(&self.options).filter(|column| column.kind != Type::Json);
                let cells = columns.map(|column| (column.name, column.get(&row)));
                self.features.feature(row.event_id(), number, &geometry, cells)?;
            }
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.features.finish()
    }
}

/// Longitude and latitude of a place that has both, on the globe.
fn position(place: &Where) -> Option<[f64; 2]> {
    let (lat, lon) = (place.lat?, place.lon?);
    ((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon)).then_some([lon, lat])
}

/// The shapes of places, each with the place that it stands for; one without a geometry or a place if none
/// is resolved.
pub(crate) fn shapes(places: &[Where]) -> Vec<(Option<&Where>, Value)> {
    let end = |function: Function| places.iter().find(|place| place.function == function);
    let road = end(Function::EndA).zip(end(Function::EndB)).and_then(|(a, b)| {
        let line = [position(a)?, position(b)?];
        Some((Some(a), json!({"type": "LineString", "coordinates": line})))
    });
    let is_road = road.is_some();
    let is_end = |place: &Where| matches!(place.function, Function::EndA | Function::EndB);
    let points = places
        .iter()
        .filter(|place| !(is_road && is_end(place)))
        .filter_map(|place| Some((Some(place), json!({"type": "Point", "coordinates": position(place)?}))));
    let mut shapes: Vec<_> = road.into_iter().chain(points).collect();
    if shapes.is_empty() {
        shapes.push((None, Value::Null));
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
