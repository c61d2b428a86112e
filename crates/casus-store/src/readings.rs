//! What versions of casus read in the reports.
//!
//! A reading belongs to a report, a version (casus, data pack, options) and the copy of the report that
//! was read: where a text came several times, that is the one published first, whatever the order in
//! which they came. Readings are never replaced; a newer version adds its own.

use crate::{
    error::{Fault, Result},
    gather::present,
    log::Stamp,
    project::{Project, pack, unpack},
    reports::json,
};
use casus_record::{MadeBy, Note, Reading, Report};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The copy of a report that is read: the first published; among those of one day the order of what is
/// known of them decides, so that it does not depend on which came first into the project.
pub(crate) const COPY_READ: &str = "(SELECT c.id FROM copy c WHERE c.report = r.id ORDER BY c.published IS NULL, c.published, c.given, c.id LIMIT 1)";

/// A report that a version has not read.
#[derive(Debug, Clone, PartialEq)]
pub struct Unread {
    /// Its number in the project.
    pub number: i64,
    /// The report.
    pub report: Report,
    /// What had to be assumed to receive it.
    pub notes: Vec<Note>,
    input: String,
}

/// What came of reading a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was read.
    Read(Reading),
    /// It could not be: why. It is not tried again by the same version.
    Failed(String),
}

impl Project {
    /// The version that read last; none if nothing was read.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn last_version(&self) -> Result<Option<MadeBy>> {
        self.ask(|connection| {
            let sql = "SELECT casus, pack, options FROM version
                 WHERE id = (SELECT version FROM reading ORDER BY id DESC LIMIT 1)";
            let version =
                |row: &Row<'_>| Ok(MadeBy { casus: row.get(0)?, pack: row.get(1)?, options: row.get(2)? });
            Ok(connection.query_row(sql, [], version).optional()?)
        })
    }

    /// How many reports this version has not read.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn count_unread(&self, version: &MadeBy) -> Result<u64> {
        self.ask(|connection| {
            let id = version_id(connection, version)?;
            let sql = format!("SELECT count(*) FROM report r WHERE {}", unread());
            Ok(connection.query_row(&sql, [id], |row| row.get::<_, i64>(0))? as u64)
        })
    }

    /// The next reports behind number `after` that this version has not read: at most `reports` of
    /// them, and no more once their texts have `bytes`.
    ///
    /// # Errors
    /// If the file cannot be read, or a text is not what it was.
    pub fn unread(&self, version: &MadeBy, after: i64, reports: usize, bytes: usize) -> Result<Vec<Unread>> {
        self.ask(|connection| {
            let id = version_id(connection, version)?;
            let sql = format!(
                "SELECT r.id, r.text, c.given, c.notes, c.input FROM report r JOIN copy c ON c.id = {COPY_READ}
                 WHERE r.id > ?2 AND {} ORDER BY r.id LIMIT ?3",
                unread()
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(params![id, after, reports as i64])?;
            let (mut found, mut size) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                let number: i64 = row.get(0)?;
                let text = text(number, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
                size += text.len();
                let what = format!("report {number}");
                let given: Report = from_json(&row.get::<_, String>(2)?, &what)?;
                let notes = from_json(&row.get::<_, String>(3)?, &what)?;
                let report = Report { text, ..given };
                found.push(Unread { number, report, notes, input: row.get(4)? });
                if size >= bytes {
                    break;
                }
            }
            Ok(found)
        })
    }

    /// Keeps what a version read: all of `readings` or none. Those that another process has kept in the
    /// meantime are passed over. Gives how many were kept.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn keep_readings(
        &mut self,
        stamp: &Stamp,
        version: &MadeBy,
        readings: &[(Unread, Outcome)],
    ) -> Result<u64> {
        self.act(stamp, "read", |act| {
            let MadeBy { casus, pack: data, options } = version;
            let id = match version_id(act.transaction, version)? {
                Some(id) => id,
                None => {
                    let row = "INSERT INTO version (entry, casus, pack, options) VALUES (?1, ?2, ?3, ?4)";
                    act.insert(row, &[casus, data, options])?
                }
            };
            let (mut kept, mut events, mut failed) = (0, 0, 0);
            for (unread, outcome) in readings {
                let (count, is_failed) = match outcome {
                    Outcome::Read(reading) => (reading.events.len() as i64, false),
                    Outcome::Failed(_) => (0, true),
                };
                let known = "SELECT id FROM reading WHERE report = ?1 AND version = ?2 AND input = ?3";
                if act.find(known, &[&unread.number, &id, &unread.input])?.is_some() {
                    continue;
                }
                let row = "INSERT INTO reading (entry, report, version, input, events, data) \
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
                let data = pack(json(outcome)?.as_bytes())?;
                act.insert(row, &[&unread.number, &id, &unread.input, &count, &data])?;
                kept += 1;
                events += count;
                failed += u64::from(is_failed);
            }
            let detail = json!({
                "casus": casus, "pack": data, "options": options,
                "reports": kept, "events": events, "failed": failed,
            });
            Ok(((kept > 0).then_some(detail), kept))
        })
    }

    /// Every report with its present reading, in the order in which they came: the one by `version`, or
    /// the latest by any other where that version has not read it. `each` is also told whether the
    /// reading is by that version. Reports without a reading are passed over.
    ///
    /// # Errors
    /// What `each` returns, or if the file cannot be read.
    pub fn readings(
        &self,
        version: &MadeBy,
        mut each: impl FnMut(Report, Reading, bool) -> Result<()>,
    ) -> Result<()> {
        self.ask(|connection| {
            present(connection, version, |packed| {
                let (report, reading) = packed.open()?;
                Ok(each(report, reading, packed.own)?)
            })
        })
    }
}

/// True of a report `r` that version `?1` has not read as it is now known.
fn unread() -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM reading d WHERE d.report = r.id AND d.version IS ?1
         AND d.input = (SELECT input FROM copy WHERE id = {COPY_READ}))"
    )
}

pub(crate) fn version_id(connection: &Connection, version: &MadeBy) -> Result<Option<i64>, Fault> {
    let sql = "SELECT id FROM version WHERE casus = ?1 AND pack = ?2 AND options = ?3";
    let MadeBy { casus, pack, options } = version;
    Ok(connection.query_row(sql, [casus, pack, options], |row| row.get(0)).optional()?)
}

/// The text of a report.
pub(crate) fn text(number: i64, packed: &[u8]) -> Result<String, Fault> {
    let what = format_args!("the text of report {number}").to_string();
    String::from_utf8(unpack(packed, &what)?).map_err(|_| Fault::Damaged(format!("{what} is no text")))
}

/// JSON that the project itself wrote.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(
    json: &str,
    what: &dyn std::fmt::Display,
) -> Result<T, Fault> {
    serde_json::from_str(json).map_err(|error| Fault::Damaged(format!("{what} is not as written: {error}")))
}
