//! The log: who did what when, each entry bound to the one before and to the rows that it wrote.
//!
//! `hash = SHA-256(seq, at, who, what, detail, content, prev)` and `content = SHA-256(rows)`, every field
//! with its length before it. To alter a row unseen one must alter the log from there to its end, so
//! whoever has written down a later hash can tell (`casus log` prints it, `casus verify --head` asks
//! for it).

use crate::{error::Fault, schema::HASHED};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params, types::ValueRef};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Who acts, and when. The clock belongs to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Name of a person or a machine account.
    pub who: String,
    /// The present time.
    pub at: Timestamp,
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Number, from 1 without gaps.
    pub seq: i64,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Who.
    pub who: String,
    /// What: init, add, read, link, accept, edit, merge, split, reject, export, migrate.
    pub what: String,
    /// The particulars.
    pub detail: Value,
    /// SHA-256 over the rows that it wrote.
    pub content: String,
    /// Hash of the entry before; empty for the first.
    pub prev: String,
    /// Hash of this entry.
    pub hash: String,
}

impl Entry {
    /// The hash that the entry must have.
    pub(crate) fn expected_hash(&self, detail: &str) -> String {
        let mut hash = Sha256::new();
        for part in
            [&self.seq.to_string(), &self.at, &self.who, &self.what, detail, &self.content, &self.prev]
        {
            field(&mut hash, part.as_bytes());
        }
        hex(&hash.finalize())
    }
}

/// The columns of an entry, in the order in which [`entry`] takes them.
pub(crate) const COLUMNS: &str = "seq, at, who, what, detail, content, prev, hash";

/// An entry and the very bytes of its particulars.
pub(crate) fn entry(row: &Row<'_>) -> rusqlite::Result<(Entry, String)> {
    let detail: String = row.get(4)?;
    let entry = Entry {
        seq: row.get(0)?,
        at: row.get(1)?,
        who: row.get(2)?,
        what: row.get(3)?,
        detail: serde_json::from_str(&detail).unwrap_or_default(),
        content: row.get(5)?,
        prev: row.get(6)?,
        hash: row.get(7)?,
    };
    Ok((entry, detail))
}

/// Number of the last entry and its hash; 0 and nothing if there is none.
pub(crate) fn head(connection: &Connection) -> Result<(i64, String), Fault> {
    let last = connection
        .query_row("SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(last.unwrap_or_default())
}

/// Closes an act: hashes what it wrote and adds its entry.
pub(crate) fn append(
    connection: &Connection,
    stamp: &Stamp,
    what: &str,
    detail: Value,
) -> Result<Entry, Fault> {
    let (last, prev) = head(connection)?;
    let seq = last + 1;
    let words = detail.to_string();
    let mut entry = Entry {
        seq,
        at: stamp.at.to_string(),
        who: stamp.who.clone(),
        what: what.to_owned(),
        detail,
        content: content(connection, seq)?,
        prev,
        hash: String::new(),
    };
    entry.hash = entry.expected_hash(&words);
    connection.execute(
        "INSERT INTO log (seq, at, who, what, detail, content, prev, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![seq, entry.at, entry.who, entry.what, words, entry.content, entry.prev, entry.hash],
    )?;
    Ok(entry)
}

/// SHA-256 over all rows that the entry `seq` wrote.
pub(crate) fn content(connection: &Connection, seq: i64) -> Result<String, Fault> {
    let mut hash = Sha256::new();
    for (table, columns) in HASHED {
        // Ids grow with the entries, so the rows of the last entry are at the end.
        let mut rows = connection
            .prepare_cached(&format!("SELECT {columns} FROM {table} WHERE entry = ?1 ORDER BY id"))?;
        let count = rows.column_count();
        let mut rows = rows.query([seq])?;
        while let Some(row) = rows.next()? {
            field(&mut hash, table.as_bytes());
            for column in 0..count {
                match row.get_ref(column)? {
                    ValueRef::Null => hash.update([0]),
                    ValueRef::Integer(number) => field(&mut hash, number.to_string().as_bytes()),
                    ValueRef::Real(number) => field(&mut hash, &number.to_be_bytes()),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => field(&mut hash, bytes),
                }
            }
        }
    }
    Ok(hex(&hash.finalize()))
}

/// A field of a hash: its length, so that no two rows of fields run into one another, and its bytes.
fn field(hash: &mut Sha256, bytes: &[u8]) {
    hash.update([1]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
