//! Renderings of event records: a table for the terminal, JSON Lines, CSV, GeoJSON, Parquet and one
//! self-contained HTML page; and the JSON Schema and codebook of the record.
//!
//! A [`Writer`] is given one report after another with what was read from it, in input order, and
//! writes it at once, so that memory does not grow with the input; only Parquet holds back rows until a
//! row group is full.
//!
//! This crate must not know how a record was read, and decides nothing: every value it shows stands
//! in the record.
//!
//! ```
//! use casus_export::{Format, Item, Options, writer};
//! use casus_record::{Reading, Report};
//! let (report, reading) = (Report::default(), Reading::default());
//! let mut out = writer(Format::Jsonl, Options::default(), Box::new(std::io::sink()))?;
//! out.report(&Item { report: &report, reading: &reading, number: 1 })?;
//! out.finish()?;
//! # Ok::<(), std::io::Error>(())
//! ```

use casus_record::{Offsets, Reading, Report};
use std::{fmt, io, io::Write, path::Path, str::FromStr};

mod codebook;
mod csv;
mod evidence;
mod flat;
pub mod geo_precision;
mod geojson;
mod html;
mod incident;
mod jsonl;
mod neutral;
mod parquet;
pub mod precision;
pub mod profile;
mod schema;
mod table;
mod tally;
mod words;

pub use codebook::codebook_markdown;
pub use incident::{IncidentWriter, incident_text, incident_writer, incidents_svg, picture_writer};
pub use schema::{incident_schema_json, schema_json};
pub use tally::{Quantity, tally};

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Blocks to be read on a terminal.
    Table,
    /// JSON Lines: one event a line, complete.
    Jsonl,
    /// CSV: one event a row, the columns of the codebook.
    Csv,
    /// GeoJSON (RFC 7946): one point for each place of an event.
    Geojson,
    /// Apache Parquet: one event a row, typed columns.
    Parquet,
    /// One self-contained page that shows reports beside their events.
    Html,
}

impl Format {
    /// Every format, in the order in which help lists them.
    pub const ALL: [Format; 6] =
        [Format::Table, Format::Jsonl, Format::Csv, Format::Geojson, Format::Parquet, Format::Html];

    /// The format's name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::Geojson => "geojson",
            Format::Parquet => "parquet",
            Format::Html => "html",
        }
    }

    /// The format that a file of this name would hold, by its extension.
    ///
    /// ```
    /// use casus_export::Format;
    /// assert_eq!(Format::from_path("events.csv".as_ref()), Some(Format::Csv));
    /// assert_eq!(Format::from_path("events".as_ref()), None);
    /// ```
    pub fn from_path(path: &Path) -> Option<Format> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match extension.as_str() {
            "txt" => Format::Table,
            "jsonl" | "ndjson" | "json" => Format::Jsonl,
            "csv" => Format::Csv,
            "geojson" => Format::Geojson,
            "parquet" | "pq" => Format::Parquet,
            "html" | "htm" => Format::Html,
            _ => return None,
        })
    }

    /// Whether the output is text that a terminal can show.
    pub const fn is_text(self) -> bool {
        !matches!(self, Format::Parquet)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFormat(String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
        write!(f, "unknown format {:?}: expected {}", self.0, names.join(", "))
    }
}

impl std::error::Error for UnknownFormat {}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Format, UnknownFormat> {
        let lower = name.to_ascii_lowercase();
        Format::ALL
            .into_iter()
            .find(|format| format.name() == lower)
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// How to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Whether the table may use ANSI colours.
    pub colour: bool,
    /// Columns that the table may fill.
    pub width: usize,
    /// Whether JSON Lines, CSV, GeoJSON and Parquet carry the report's text. The page always does.
    pub with_text: bool,
    /// What spans count in JSON Lines and CSV.
    pub offsets: Offsets,
    /// Title of the page.
    pub title: String,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            colour: false,
            width: 100,
            with_text: false,
            offsets: Offsets::Bytes,
            title: "Events".to_owned(),
        }
    }
}

/// One report and what was read from it.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// The report; spans of `reading` are byte offsets into its text.
    pub report: &'a Report,
    /// What was read from it.
    pub reading: &'a Reading,
    /// Position of the report in the input, from 1.
    pub number: usize,
}

/// Writes reports in the order in which they are given.
pub trait Writer: Send {
    /// Writes one report.
    ///
    /// # Errors
    /// If the output cannot be written.
    fn report(&mut self, item: &Item<'_>) -> io::Result<()>;

    /// Writes what closes the output, and flushes it.
    ///
    /// # Errors
    /// If the output cannot be written.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// A writer of `format`. It does its own buffering where that helps; `out` should be buffered if it
/// is a file.
///
/// # Errors
/// If the head of the output cannot be written.
pub fn writer(format: Format, options: Options, out: Box<dyn Write + Send>) -> io::Result<Box<dyn Writer>> {
    Ok(match format {
        Format::Jsonl => Box::new(jsonl::Jsonl::new(options, out)),
        Format::Csv => Box::new(csv::Csv::new(options, out)?),
        Format::Geojson => Box::new(geojson::Geojson::new(options, out)?),
        Format::Table => Box::new(table::Table::new(options, out)),
        Format::Parquet => Box::new(parquet::Parquet::new(options, out)?),
        Format::Html => Box::new(html::Html::new(options, out)?),
    })
}
