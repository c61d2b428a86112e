//! Renderings of incidents: what each voice claims, for the eye and for programs.
//!
//! A [`IncidentWriter`] is given one incident after another and writes it at once; Parquet holds back a row
//! group, and the picture shows sixty.

use crate::{Format, Options, csv, flat::Type, geojson, parquet};
use casus_record::{INCIDENT_SCHEMA, Incident};
use std::io::{self, Write};

pub(crate) mod flat;
mod page;
mod picture;
mod text;
mod words;

pub use picture::incidents_svg;
pub use text::incident_text;

/// Writes incidents in the order in which they are given.
pub trait IncidentWriter {
    /// Writes one incident.
    ///
    /// # Errors
    /// If the output cannot be written.
    fn incident(&mut self, incident: &Incident) -> io::Result<()>;

    /// Writes what closes the output, and flushes it.
    ///
    /// # Errors
    /// If the output cannot be written.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// A writer of incidents as `format`; of the options only the title is used.
///
/// # Errors
/// If the head of the output cannot be written.
///
/// ```
/// use casus_export::{Format, Options, incident_writer};
/// let out = incident_writer(Format::Csv, &Options::default(), Box::new(std::io::sink()))?;
/// out.finish()?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn incident_writer(
    format: Format,
    options: &Options,
    out: Box<dyn Write + Send>,
) -> io::Result<Box<dyn IncidentWriter>> {
    Ok(match format {
        Format::Table => Box::new(Lines { out, line: |incident| Ok(incident_text(incident)) }),
        Format::Jsonl => {
            Box::new(Lines { out, line: |incident| Ok(serde_json::to_string(incident)? + "\n") })
        }
        Format::Csv => Box::new(Csv(csv::Sheet::new(flat::COLUMNS.iter().map(|column| column.name), out)?)),
        Format::Parquet => {
            let heads = flat::COLUMNS.iter().map(|column| (column.name, column.kind));
            Box::new(Parquet(parquet::Sheet::new("incident", INCIDENT_SCHEMA, heads, out)?))
        }
        Format::Geojson => Box::new(Geojson(geojson::Features::new(out)?)),
        Format::Html => Box::new(page::Page::new(&options.title, out)?),
    })
}

/// A writer of the picture of who claims what.
pub fn picture_writer(out: Box<dyn Write + Send>) -> Box<dyn IncidentWriter> {
    Box::new(Picture { out, incidents: Vec::new() })
}

struct Lines {
    out: Box<dyn Write + Send>,
    line: fn(&Incident) -> io::Result<String>,
}

impl IncidentWriter for Lines {
    fn incident(&mut self, incident: &Incident) -> io::Result<()> {
        self.out.write_all((self.line)(incident)?.as_bytes())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

struct Csv(csv::Sheet);

impl IncidentWriter for Csv {
    fn incident(&mut self, incident: &Incident) -> io::Result<()> {
        let row = flat::Row::new(incident, None);
        self.0.row(flat::COLUMNS.iter().map(|column| column.get(&row)))
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.0.flush()
    }
}

struct Parquet(parquet::Sheet);

impl IncidentWriter for Parquet {
    fn incident(&mut self, incident: &Incident) -> io::Result<()> {
        let row = flat::Row::new(incident, None);
        self.0.row(flat::COLUMNS.iter().map(|column| column.get(&row)))
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.0.finish()
    }
}

/// A feature for each place, as of events.
struct Geojson(geojson::Features);

impl IncidentWriter for Geojson {
    fn incident(&mut self, incident: &Incident) -> io::Result<()> {
        for ((place, geometry), number) in geojson::shapes(&incident.places).into_iter().zip(1..) {
            let row = flat::Row::new(incident, place);
            let columns = flat::COLUMNS.iter().filter(|column| column.kind != Type::Json);
            let cells = columns.map(|column| (column.name, column.get(&row)));
            self.0.feature(&incident.id, number, &geometry, cells)?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.0.finish()
    }
}

struct Picture {
    out: Box<dyn Write + Send>,
    incidents: Vec<Incident>,
}

impl IncidentWriter for Picture {
    fn incident(&mut self, incident: &Incident) -> io::Result<()> {
        // The picture is of figures; what has none is not kept.
        if incident.claims.iter().any(|claim| claim.field.starts_with("losses.")) {
            self.incidents.push(incident.clone());
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.write_all(incidents_svg(&self.incidents).as_bytes())?;
        self.out.flush()
    }
}
