//! Checks that a project is what was written: the file's own structure, the log's chain, the rows that
//! each entry answers for, and the hashes of every file and text.

use crate::{
    decisions::Decision,
    error::{Fault, Result},
    log,
    project::{Project, unpack, unpack_json},
    readings::{Outcome, from_json, text},
    schema::HASHED,
};
use rusqlite::Connection;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Findings of one kind that are told one by one.
const MAX_FINDINGS: usize = 100;

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which part of the project.
    pub place: String,
    /// What is wrong with it.
    pub what: String,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Entries of the log that were checked.
    pub entries: u64,
    /// Files whose bytes were hashed.
    pub sources: u64,
    /// Texts that were hashed.
    pub reports: u64,
    /// Readings and incidents that were unpacked.
    pub records: u64,
    /// Hash of the last entry. Written down elsewhere, it proves later that the log still holds it.
    pub head: String,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Verified {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    fn found(&mut self, place: impl Into<String>, what: impl Into<String>) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(Finding { place: place.into(), what: what.into() });
        }
    }
}

impl Project {
    /// Checks everything. `head` is a hash of an entry that was written down earlier: the log must still
    /// hold it.
    ///
    /// # Errors
    /// If the file cannot be read at all. Damage is a finding as long as the file can still be asked.
    pub fn verify(&self, head: Option<&str>) -> Result<Verified> {
        self.ask(|connection| {
            // One state of the file, whatever others write meanwhile.
            let view = connection.unchecked_transaction()?;
            let mut verified = Verified::default();
            type Check = fn(&Connection, &mut Verified) -> Result<(), Fault>;
            let checks: [(&str, Check); 6] = [
                ("the file", structure),
                ("the log", chain),
                ("the files received", sources),
                ("the reports", reports),
                ("the readings", readings),
                ("the incidents and decisions", incidents),
            ];
            for (place, check) in checks {
                match check(&view, &mut verified) {
                    Ok(()) => {}
                    Err(Fault::Damaged(what)) => verified.found(place, what),
                    Err(Fault::Sqlite(error)) if is_damage(&error) => {
                        verified.found(place, error.to_string())
                    }
                    Err(fault) => return Err(fault),
                }
            }
            if let Some(head) = head {
                let known = "SELECT count(*) FROM log WHERE hash = ?1";
                if view.query_row(known, [head], |row| row.get::<_, i64>(0))? == 0 {
                    verified.found(
                        "the log",
                        format!("does not hold the entry {head}: it was rewritten or cut since"),
                    );
                }
            }
            Ok(verified)
        })
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    match error.sqlite_error_code() {
        Some(code) => matches!(code, DatabaseCorrupt | NotADatabase),
        // A column of another type than the layout says.
        None => true,
    }
}

fn structure(connection: &Connection, verified: &mut Verified) -> Result<(), Fault> {
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let word: String = row.get(0)?;
        if word != "ok" {
            verified.found("the file", word);
        }
    }
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (table, id): (String, Option<i64>) = (row.get(0)?, row.get(1)?);
        verified.found("the file", format!("row {} of {table} refers to nothing", id.unwrap_or_default()));
    }
    let counts = "SELECT (SELECT count(*) FROM report), (SELECT count(*) FROM words_docsize)";
    let (reports, indexed): (i64, i64) =
        connection.query_row(counts, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if reports != indexed {
        verified.found("the index of words", format!("has {indexed} reports of {reports}"));
    }
    Ok(())
}

fn chain(connection: &Connection, verified: &mut Verified) -> Result<(), Fault> {
    let mut statement = connection.prepare(&format!("SELECT {} FROM log ORDER BY seq", log::COLUMNS))?;
    let mut rows = statement.query([])?;
    let (mut last, mut prev) = (0, String::new());
    while let Some(row) = rows.next()? {
        let (entry, detail) = log::entry(row)?;
        let place = format!("entry {} of the log", entry.seq);
        if entry.seq != last + 1 {
            verified.found(&place, format!("the entry before it is {last}: entries are missing"));
        }
        if entry.prev != prev {
            verified.found(&place, "does not follow the entry before it");
        }
        if entry.hash != entry.expected_hash(&detail) {
            verified.found(&place, "was altered");
        }
        if entry.content != log::content(connection, entry.seq)? {
            let what = format!("what it wrote was altered ({} by {} at {})", entry.what, entry.who, entry.at);
            verified.found(&place, what);
        }
        (last, prev) = (entry.seq, entry.hash);
        verified.entries += 1;
    }
    for (table, _) in HASHED {
        let sql = format!("SELECT count(*) FROM {table} WHERE entry NOT IN (SELECT seq FROM log)");
        let strays: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
        if strays > 0 {
            verified.found("the log", format!("knows nothing of {strays} rows of {table}"));
        }
    }
    verified.head = prev;
    Ok(())
}

fn sources(connection: &Connection, verified: &mut Verified) -> Result<(), Fault> {
    let mut parts = connection.prepare("SELECT data FROM source_part WHERE source = ?1 ORDER BY id")?;
    let mut statement = connection.prepare("SELECT id, name, sha256, bytes FROM source ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, name, sha256, bytes): (i64, String, String, i64) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let (mut hash, mut length) = (Sha256::new(), 0);
        let mut parts = parts.query([id])?;
        while let Some(part) = parts.next()? {
            let packed = part.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
            match unpack(packed, &"it") {
                Ok(part) => {
                    hash.update(&part);
                    length += part.len() as i64;
                }
                Err(_) => verified.found(&name, "cannot be unpacked"),
            }
        }
        if length != bytes || log::hex(&hash.finalize()) != sha256 {
            verified.found(&name, "is not the file that was received");
        }
        verified.sources += 1;
    }
    Ok(())
}

fn reports(connection: &Connection, verified: &mut Verified) -> Result<(), Fault> {
    let mut statement = connection.prepare("SELECT id, text_sha256, text FROM report ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, sha256): (i64, String) = (row.get(0)?, row.get(1)?);
        let packed = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        match text(id, packed) {
            Ok(text) if log::sha256(text.as_bytes()) == sha256 => {}
            _ => verified.found(format!("report {id}"), "is not the text that was received"),
        }
        verified.reports += 1;
    }
    Ok(())
}

fn readings(connection: &Connection, verified: &mut Verified) -> Result<(), Fault> {
    let sql = "SELECT d.id, d.events, d.data, r.bytes FROM reading d JOIN report r ON r.id = d.report ORDER BY d.id";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, events, bytes): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(3)?);
        let place = format!("reading {id}");
        match unpack_json(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?, &place) {
            Ok(Outcome::Failed(_)) => {}
            Ok(Outcome::Read(reading)) => {
                let spans = reading.events.iter().flat_map(|event| &event.action.triggers);
                if reading.events.len() as i64 != events {
                    verified.found(&place, format!("has {} events, not {events}", reading.events.len()));
                }
                if spans.into_iter().any(|span| i64::from(span.end) > bytes) {
                    verified.found(&place, "points behind the end of its report");
                }
            }
            Err(_) => verified.found(&place, "is not as written"),
        }
        verified.records += 1;
    }
    Ok(())
}

fn incidents(connection: &Connection, verified: &mut Verified) -> Result<(), Fault> {
    let mut statement = connection.prepare("SELECT id, incident, data FROM incident ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let incident: String = row.get(1)?;
        let record: Result<serde_json::Value, Fault> =
            unpack_json(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?, &incident);
        if !record.is_ok_and(|record| record["id"] == incident.as_str()) {
            verified.found(&incident, "is not as written");
        }
        verified.records += 1;
    }
    let mut statement = connection.prepare("SELECT id, data FROM decision ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let place = format!("decision {}", row.get::<_, i64>(0)?);
        if from_json::<Decision>(&row.get::<_, String>(1)?, &place).is_err() {
            verified.found(&place, "is not as written");
        }
    }
    Ok(())
}
