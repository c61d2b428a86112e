//! Reports in: files as received, and the texts in them, each kept once.
//!
//! A file is kept whole, in parts, so that its bytes can be hashed again. A *report* is a text; where the
//! same text came from, each time, is a *copy* of it. So a wire story that three papers printed word for
//! word is one report with three copies, and is read once.

use crate::{
    error::{Fault, Kind, Result},
    log::{Stamp, hex, sha256},
    project::{Act, Project, pack},
};
use casus_record::{Note, Report};
use rusqlite::OptionalExtension;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::path::Path;

/// Bytes of a file that are kept in one row. SQLite wants a row in memory at once.
const PART: usize = 4 << 20;

/// What came of adding a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// SHA-256 of the file as received.
    pub sha256: String,
    /// Name under which the same bytes were kept before; then nothing was added.
    pub known_as: Option<String>,
    /// Reports in the file.
    pub reports: u64,
    /// Those of them whose text was not yet in the project.
    pub new: u64,
}

/// A file on its way in: its bytes, and the reports that were received from them.
pub struct Adding<'a> {
    act: &'a Act<'a>,
    path: &'a Path,
    source: i64,
    hash: Sha256,
    bytes: u64,
    part: Vec<u8>,
    reports: u64,
    new: u64,
}

impl Project {
    /// The name under which a file with these bytes is kept.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn known_as(&self, sha256: &str) -> Result<Option<String>> {
        self.ask(|connection| {
            let name = "SELECT name FROM source WHERE sha256 = ?1";
            Ok(connection.query_row(name, [sha256], |row| row.get(0)).optional()?)
        })
    }

    /// Keeps a file and its reports: all of it or nothing. Where its bytes are in the project already, or
    /// no report is in it, nothing is added. `feed` gives the number of reports in the file that could not
    /// be received; the log tells it.
    ///
    /// # Errors
    /// What `feed` returns, or if the project cannot be written.
    pub fn add(
        &mut self,
        stamp: &Stamp,
        name: &str,
        feed: impl FnOnce(&mut Adding<'_>) -> Result<u64>,
    ) -> Result<Added> {
        let path = self.path().to_owned();
        self.act(stamp, "add", |act| {
            // The row of the file needs its checksum, which is known at the end; its parts need its id.
            let source = act.find("SELECT coalesce(max(id), 0) + 1 FROM source", &[])?.unwrap_or(1);
            let mut adding = Adding {
                act,
                path: &path,
                source,
                hash: Sha256::new(),
                bytes: 0,
                part: Vec::new(),
                reports: 0,
                new: 0,
            };
            let failed = feed(&mut adding)?;
            adding.keep_part()?;
            let (bytes, reports, new) = (adding.bytes as i64, adding.reports, adding.new);
            let sha256 = hex(&adding.hash.finalize());
            let known_as = "SELECT name FROM source WHERE sha256 = ?1";
            let known_as = act.transaction.query_row(known_as, [&sha256], |row| row.get(0)).optional()?;
            let added = Added { sha256, known_as, reports, new };
            if added.known_as.is_some() || reports == 0 {
                return Ok((None, added));
            }
            let row = "INSERT INTO source (entry, id, sha256, name, bytes) VALUES (?1, ?2, ?3, ?4, ?5)";
            act.insert(row, &[&source, &added.sha256, &name, &bytes])?;
            let detail = json!({
                "name": name, "sha256": added.sha256, "bytes": bytes,
                "reports": reports, "new": new, "failed": failed,
            });
            Ok((Some(detail), added))
        })
    }
}

impl Adding<'_> {
    /// The next bytes of the file, as received.
    ///
    /// # Errors
    /// If the project cannot be written.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        let mut rest = bytes;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(PART - self.part.len()));
            self.part.extend_from_slice(now);
            rest = later;
            if self.part.len() == PART {
                self.keep_part().map_err(|fault| fault.at(self.path))?;
            }
        }
        Ok(())
    }

    fn keep_part(&mut self) -> Result<(), Fault> {
        if !self.part.is_empty() {
            let row = "INSERT INTO source_part (entry, source, data) VALUES (?1, ?2, ?3)";
            self.act.insert(row, &[&self.source, &pack(&self.part)?])?;
            self.part.clear();
        }
        Ok(())
    }

    /// A report of the file, the line it stands in if the file holds many, and what had to be assumed to
    /// receive it. Gives whether its text is new.
    ///
    /// # Errors
    /// If the project cannot be written.
    pub fn report(&mut self, report: &Report, line: Option<u64>, notes: &[Note]) -> Result<bool> {
        self.keep_report(report, line, notes).map_err(|fault| fault.at(self.path))
    }

    fn keep_report(&mut self, report: &Report, line: Option<u64>, notes: &[Note]) -> Result<bool, Fault> {
        let text_sha256 = sha256(report.text.as_bytes());
        let known = self.act.find("SELECT id FROM report WHERE text_sha256 = ?1", &[&text_sha256])?;
        let id = match known {
            Some(id) => id,
            None => {
                let row = "INSERT INTO report (entry, text_sha256, bytes, text) VALUES (?1, ?2, ?3, ?4)";
                let bytes = report.text.len() as i64;
                let id = self.act.insert(row, &[&text_sha256, &bytes, &pack(report.text.as_bytes())?])?;
                let title = report.title.as_deref().unwrap_or_default();
                let words = "INSERT INTO words (rowid, title, text) VALUES (?1, ?2, ?3)";
                self.act.transaction.prepare_cached(words)?.execute((id, title, &report.text))?;
                id
            }
        };
        let given = json(&Report { text: String::new(), ..report.clone() })?;
        let notes = json(&notes)?;
        let input = sha256(format!("{given}\n{notes}").as_bytes());
        let published = report.published.map(|day| day.to_string());
        let row = "INSERT INTO copy (entry, report, source, line, published, given, input, notes)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let line = line.map(|line| line as i64);
        self.act.insert(row, &[&id, &self.source, &line, &published, &given, &input, &notes])?;
        self.reports += 1;
        self.new += u64::from(known.is_none());
        Ok(known.is_none())
    }

    /// An error of what is being added, with the project's name to it.
    pub fn failed(&self, cause: std::io::Error) -> crate::Error {
        crate::Error::new(self.path, Kind::Io(cause))
    }
}

/// JSON on one line.
pub(crate) fn json(value: &impl serde::Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::Io(error.into()))
}
