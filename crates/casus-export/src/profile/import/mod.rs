//! Files of ACLED, UCDP GED and GTD as records, with every row kept as it was.
//!
//! [`Import`] gives a [`ForeignRow`] for each row: the bytes of the row, its foreign id, and the little that
//! it says as an event. [`Back`] writes rows again: one whose event is as it was imported comes out byte for
//! byte; where the event was edited, only the cells that the edit changes are replaced.
//!
//! What a foreign file asserts is not checked: UCDP's `low` may be above `best`, and stays so.
//!
//! ```
//! use casus_export::profile::{Back, Import, Profile};
//! let file = "event_id_cnty,event_date,sub_event_type,fatalities\nABC1,2024-03-11,Armed clash,3\n";
//! let mut import = Import::new(Profile::Acled, file.as_bytes())?;
//! let back = Back::new(Profile::Acled, import.head())?;
//! let row = import.next().expect("a row")?;
//! assert_eq!(row.id, "ABC1");
//! assert_eq!(row.event.losses[0].count.value, Some(3));
//! assert_eq!(back.row(&row.raw, &row.event)?, row.raw);
//! # Ok::<(), std::io::Error>(())
//! ```

use super::{Layout, Profile, Settings, case, row::Geo};
use casus_record::Event;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{self, BufRead};

mod event;
mod split;

/// Name and version of the lines that [`ForeignLine`] describes.
pub const FOREIGN_SCHEMA: &str = "casus-foreign/1";

/// A row of a foreign file.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignRow {
    /// Position in the file, from 1.
    pub number: u64,
    /// The row with its line end, byte for byte.
    pub raw: Vec<u8>,
    /// The data set's own id of the row; empty if it has none.
    pub id: String,
    /// What the row says.
    pub event: Event,
}

/// A foreign row as a line of JSON; the first line of a file has its head and no event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForeignLine {
    /// [`FOREIGN_SCHEMA`].
    pub schema: String,
    /// Name of the profile.
    pub format: String,
    /// Position in the file, from 1; 0 for the head.
    pub number: u64,
    /// The data set's own id of the row.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// The row with its line end.
    pub row: String,
    /// Whether the row is UTF-8; if not, each character of `row` is the byte of its number.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub utf8: bool,
    /// What the row says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Event>,
}

const fn yes() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives references")]
const fn is_yes(value: &bool) -> bool {
    *value
}

impl ForeignLine {
    fn new(profile: Profile, number: u64, raw: &[u8]) -> ForeignLine {
        let (row, utf8) = split::text(raw);
        let (schema, format) = (FOREIGN_SCHEMA.to_owned(), profile.name().to_owned());
        ForeignLine { schema, format, number, id: String::new(), row, utf8, event: None }
    }

    /// The line of a file's head.
    pub fn head(profile: Profile, raw: &[u8]) -> ForeignLine {
        ForeignLine::new(profile, 0, raw)
    }

    /// The line of a row.
    pub fn of(profile: Profile, row: ForeignRow) -> ForeignLine {
        let line = ForeignLine::new(profile, row.number, &row.raw);
        ForeignLine { id: row.id, event: Some(row.event), ..line }
    }

    /// The bytes of the row or head.
    pub fn raw(&self) -> Vec<u8> {
        split::bytes(&self.row, self.utf8)
    }
}

/// The columns of a foreign file.
#[derive(Debug)]
struct Columns {
    delimiter: u8,
    by_name: FxHashMap<String, usize>,
}

impl Columns {
    fn new(profile: Profile, head: &[u8]) -> io::Result<Columns> {
        let bare = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head);
        let most = |delimiter: &u8| bare.iter().filter(|byte| *byte == delimiter).count();
        let delimiter = *b",;\t".iter().rev().max_by_key(|delimiter| most(delimiter)).unwrap_or(&b',');
        let names = split::fields(bare, delimiter);
        let by_name: FxHashMap<String, usize> = names
            .into_iter()
            .enumerate()
            .map(|(index, at)| (split::value(&bare[at]).trim().to_lowercase(), index))
            .collect();
        let needed = needed(profile);
        if needed.is_empty() {
            return Err(invalid(format!("{profile} is no data set that can be imported")));
        }
        match needed.iter().find(|name| !by_name.contains_key(**name)) {
            Some(name) => Err(invalid(format!("no file of {profile}: it has no column {name:?}"))),
            None => Ok(Columns { delimiter, by_name }),
        }
    }
}

/// Columns by which a data set is known; none of one that cannot be imported.
const fn needed(profile: Profile) -> &'static [&'static str] {
    match profile {
        Profile::Acled => &["event_date", "sub_event_type"],
        Profile::UcdpGed => &["type_of_violence", "date_start"],
        Profile::Gtd => &["iyear", "attacktype1"],
        _ => &[],
    }
}

fn invalid(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Values of a row by column name.
struct Values<'c> {
    columns: &'c Columns,
    values: Vec<String>,
}

impl Values<'_> {
    fn get(&self, column: &str) -> Option<&str> {
        let value = self.values.get(*self.columns.by_name.get(column)?)?.trim();
        (!value.is_empty()).then_some(value)
    }

    fn number<T: std::str::FromStr>(&self, column: &str) -> Option<T> {
        self.get(column)?.parse().ok()
    }

    /// A count of people; -99 and -9 are GTD's words for "unknown".
    fn count(&self, column: &str) -> Option<u64> {
        let value = self.get(column)?;
        value.parse().ok().or_else(|| {
            let number: f64 = value.parse().ok()?;
            (number >= 0.0 && number.fract() == 0.0).then_some(number as u64)
        })
    }
}

/// What reads the rows of one file.
struct Reader {
    profile: Profile,
    columns: Columns,
    layout: Layout,
}

impl Reader {
    fn new(profile: Profile, head: &[u8]) -> io::Result<Reader> {
        Ok(Reader { profile, columns: Columns::new(profile, head)?, layout: Layout::new(profile)? })
    }

    /// The id and the event of a row.
    fn event(&self, raw: &[u8]) -> (String, Event) {
        let values = split::fields(raw, self.columns.delimiter).into_iter().map(|at| split::value(&raw[at]));
        let values = Values { columns: &self.columns, values: values.collect() };
        let id = match self.profile {
            Profile::Acled => values.get("event_id_cnty").or_else(|| values.get("data_id")),
            Profile::UcdpGed => values.get("id"),
            _ => values.get("eventid"),
        };
        let id = id.unwrap_or_default().to_owned();
        let sha256 = hex(&Sha256::digest(raw));
        let mut event = event::bare(self.profile, &id, &sha256);
        match self.profile {
            Profile::Acled => event::acled(&mut event, &values, &self.layout.tables),
            Profile::UcdpGed => event::ged(&mut event, &values, &self.layout.tables),
            _ => event::gtd(&mut event, &values, &self.layout.tables),
        }
        (id, event)
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Reads a foreign file row by row.
pub struct Import<R> {
    reader: Reader,
    head: Vec<u8>,
    from: R,
    number: u64,
}

impl<R: BufRead> Import<R> {
    /// Begins to read a file of ACLED, UCDP GED or GTD: CSV with commas, semicolons or tabs.
    ///
    /// # Errors
    /// If the file cannot be read, or its head has not the columns of the data set.
    pub fn new(profile: Profile, mut from: R) -> io::Result<Import<R>> {
        let head = split::record(&mut from, b',')?;
        Ok(Import { reader: Reader::new(profile, &head)?, head, from, number: 0 })
    }

    /// Begins to read a file of whichever data set its columns are of.
    ///
    /// # Errors
    /// If the file cannot be read, or its columns are those of none.
    pub fn of_columns(mut from: R) -> io::Result<Import<R>> {
        let head = split::record(&mut from, b',')?;
        let known = [Profile::Acled, Profile::UcdpGed, Profile::Gtd];
        let Some(reader) = known.into_iter().find_map(|profile| Reader::new(profile, &head).ok()) else {
            let needed = known.map(|profile| format!("{profile} ({})", needed(profile).join(", ")));
            return Err(invalid(format!("has the columns of no known data set: {}", needed.join(", "))));
        };
        Ok(Import { reader, head, from, number: 0 })
    }

    /// The data set.
    pub fn profile(&self) -> Profile {
        self.reader.profile
    }

    /// The head of the file, byte for byte.
    pub fn head(&self) -> &[u8] {
        &self.head
    }
}

impl<R: BufRead> Iterator for Import<R> {
    type Item = io::Result<ForeignRow>;

    fn next(&mut self) -> Option<io::Result<ForeignRow>> {
        let raw = match split::record(&mut self.from, self.reader.columns.delimiter) {
            Ok(raw) if raw.is_empty() => return None,
            Ok(raw) => raw,
            Err(cause) => return Some(Err(cause)),
        };
        self.number += 1;
        let (id, event) = self.reader.event(&raw);
        Some(Ok(ForeignRow { number: self.number, raw, id, event }))
    }
}

/// Writes imported rows again.
pub struct Back {
    reader: Reader,
}

impl Back {
    /// Rows of a file with this head.
    ///
    /// # Errors
    /// If the head has not the columns of the data set.
    pub fn new(profile: Profile, head: &[u8]) -> io::Result<Back> {
        Ok(Back { reader: Reader::new(profile, head)? })
    }

    /// The row for `event`, which was imported from `raw` and perhaps edited: `raw` itself if it was not;
    /// else `raw` with those cells replaced that are projected otherwise than before the edit.
    ///
    /// # Errors
    /// None today; kept for rows that cannot be taken apart.
    pub fn row(&self, raw: &[u8], event: &Event) -> io::Result<Vec<u8>> {
        let (_, before) = self.reader.event(raw);
        if before == *event {
            return Ok(raw.to_vec());
        }
        let (old, new) = (self.cells(&before), self.cells(event));
        let delimiter = self.reader.columns.delimiter;
        let fields = split::fields(raw, delimiter);
        let mut changed: FxHashMap<usize, &[u8]> = FxHashMap::default();
        for (column, (old, new)) in self.reader.layout.columns.iter().zip(old.iter().zip(&new)) {
            let at = self.reader.columns.by_name.get(&column.name.to_lowercase());
            if let Some(at) = at.filter(|at| old != new && **at < fields.len()) {
                changed.insert(*at, new);
            }
        }
        let mut out = Vec::with_capacity(raw.len() + 64);
        let mut from = 0;
        for (index, at) in fields.iter().enumerate() {
            out.extend_from_slice(&raw[from..at.start]);
            match changed.get(&index) {
                Some(cell) if cell.contains(&delimiter) && !cell.starts_with(b"\"") => {
                    out.push(b'"');
                    out.extend_from_slice(cell);
                    out.push(b'"');
                }
                Some(cell) => out.extend_from_slice(cell),
                None => out.extend_from_slice(&raw[at.clone()]),
            }
            from = at.end;
        }
        out.extend_from_slice(&raw[from..]);
        Ok(out)
    }

    /// The cells of an event, as CSV.
    fn cells(&self, event: &Event) -> Vec<Vec<u8>> {
        let layout = &self.reader.layout;
        let Some(case) = case::case_of(&[event], &layout.tables.counting) else { return Vec::new() };
        let settings = Settings { full: true, ..Settings::default() };
        let row = layout.row(&case, Geo::of(&event.places), &[], &settings);
        let cell = |column: &super::Column| {
            let mut out = Vec::new();
            (column.rule)(&row, column.n).cell.write_csv(&mut out);
            out
        };
        layout.columns.iter().map(cell).collect()
    }
}
