//! The layout of the file, and how an older one becomes the present one.
//!
//! `application_id` says that a SQLite file is a casus project, `user_version` which layout it has. A
//! migration only adds: what an earlier version wrote stays readable and keeps its hashes, because
//! rows are hashed by the columns that [`HASHED`] names for them.

use crate::error::Fault;
use rusqlite::Connection;

/// "casu" in ASCII: the file's mark in SQLite's header.
pub(crate) const APPLICATION_ID: i64 = 0x6361_7375;

/// The steps from an empty file to the present layout; `user_version` counts those that were taken.
pub(crate) const MIGRATIONS: &[&str] = &[V1];

/// Every table that a log entry answers for, with the columns that its hash covers, in order. The
/// `entry` column names the log entry; rows are hashed in the order of their ids.
pub(crate) const HASHED: &[(&str, &str)] = &[
    ("source", "id, sha256, name, bytes"),
    ("source_part", "id, source, data"),
    ("report", "id, text_sha256, bytes, text"),
    ("copy", "id, report, source, line, published, given, input, notes"),
    ("version", "id, casus, pack, options"),
    ("reading", "id, report, version, input, events, data"),
    ("revision", "id, linker, readings, incidents"),
    ("incident", "id, revision, incident, state, fate, successors, data"),
    ("decision", "id, data"),
];

const V1: &str = "
CREATE TABLE log (              -- who did what when; each entry holds the hash of the one before
    seq INTEGER PRIMARY KEY,    -- from 1, without gaps
    at TEXT NOT NULL,           -- RFC 3339, UTC
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL,       -- JSON
    content TEXT NOT NULL,      -- SHA-256 over the rows that the entry wrote
    prev TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE TABLE source (           -- a file as received
    id INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL REFERENCES log(seq) DEFERRABLE INITIALLY DEFERRED,
    sha256 TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL
) STRICT;
CREATE TABLE source_part (      -- its bytes, in order, zstd
    id INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL REFERENCES log(seq) DEFERRABLE INITIALLY DEFERRED,
    source INTEGER NOT NULL REFERENCES source(id) DEFERRABLE INITIALLY DEFERRED,
    data BLOB NOT NULL
) STRICT;
CREATE TABLE report (           -- a text, once
    id INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL REFERENCES log(seq) DEFERRABLE INITIALLY DEFERRED,
    text_sha256 TEXT NOT NULL UNIQUE,
    bytes INTEGER NOT NULL,
    text BLOB NOT NULL          -- zstd
) STRICT;
CREATE TABLE copy (             -- where the text came from, each time
    id INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL REFERENCES log(seq) DEFERRABLE INITIALLY DEFERRED,
    report INTEGER NOT NULL REFERENCES report(id),
    source INTEGER NOT NULL REFERENCES source(id) DEFERRABLE INITIALLY DEFERRED,
    line INTEGER,               -- where in the source, if it holds many
    published TEXT,             -- YYYY-MM-DD
    given TEXT NOT NULL,        -- JSON: the report without its text
    input TEXT NOT NULL,        -- SHA-256 of `given` and `notes`
    notes TEXT NOT NULL         -- JSON: what had to be assumed to receive it
) STRICT;
CREATE TABLE version (          -- what reads
    id INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL REFERENCES log(seq) DEFERRABLE INITIALLY DEFERRED,
    casus TEXT NOT NULL,
    pack TEXT NOT NULL,         -- hash of the data pack, the actor register included
    options TEXT NOT NULL,
    UNIQUE (casus, pack, options)
) STRICT;
CREATE TABLE reading (          -- what a version read in a report
    id INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL REFERENCES log(seq) DEFERRABLE INITIALLY DEFERRED,
    report INTEGER NOT NULL REFERENCES report(id),
    version INTEGER NOT NULL REFERENCES version(id),
    input TEXT NOT NULL,        -- the copy's `input` that was read
    events INTEGER NOT NULL,
    data BLOB NOT NULL,         -- JSON, zstd
    UNIQUE (report, version, input)
) STRICT;
CREATE TABLE revision (         -- a state of the incidents
    id INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL REFERENCES log(seq) DEFERRABLE INITIALLY DEFERRED,
    linker TEXT NOT NULL,
    readings INTEGER NOT NULL,
    incidents INTEGER NOT NULL
) STRICT;
CREATE TABLE incident (         -- a state of an incident: the last row of an id is the present one
    id INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL REFERENCES log(seq) DEFERRABLE INITIALLY DEFERRED,
    revision INTEGER NOT NULL REFERENCES revision(id),
    incident TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('live', 'gone')),
    fate TEXT NOT NULL,         -- new changed merged split withdrawn rejected
    successors TEXT NOT NULL,   -- JSON: ids that took its events, or that it came from
    data BLOB NOT NULL          -- JSON, zstd: the incident; of one gone, as it last was
) STRICT;
CREATE TABLE decision (         -- what a person decided
    id INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL REFERENCES log(seq) DEFERRABLE INITIALLY DEFERRED,
    data TEXT NOT NULL          -- JSON
) STRICT;
-- What an entry wrote, for its hash.
CREATE INDEX source_entry ON source(entry);
CREATE INDEX source_part_entry ON source_part(entry);
CREATE INDEX report_entry ON report(entry);
CREATE INDEX copy_entry ON copy(entry);
CREATE INDEX version_entry ON version(entry);
CREATE INDEX reading_entry ON reading(entry);
CREATE INDEX revision_entry ON revision(entry);
CREATE INDEX incident_entry ON incident(entry);
CREATE INDEX decision_entry ON decision(entry);
CREATE INDEX source_part_source ON source_part(source);
CREATE INDEX copy_report ON copy(report, published, given);
CREATE INDEX copy_source ON copy(source);
CREATE INDEX reading_version ON reading(version);
CREATE INDEX incident_incident ON incident(incident, id);
CREATE INDEX incident_revision ON incident(revision);
-- Words of the reports. An index only: it can be made again from them.
CREATE VIRTUAL TABLE words USING fts5(title, text, content='', tokenize='unicode61 remove_diacritics 2');
";

/// Brings the file to the present layout, in the transaction that is open. Gives the number of steps
/// that were taken.
pub(crate) fn migrate(connection: &Connection, steps: &[&str]) -> Result<usize, Fault> {
    let taken: usize =
        connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? as usize;
    for step in steps.iter().skip(taken) {
        connection.execute_batch(step)?;
    }
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", steps.len() as i64)?;
    append_only(connection)?;
    Ok(steps.len().saturating_sub(taken))
}

/// Makes SQLite itself refuse to change or delete what was written.
fn append_only(connection: &Connection) -> Result<(), Fault> {
    for table in HASHED.iter().map(|(table, _)| *table).chain(["log"]) {
        for act in ["UPDATE", "DELETE"] {
            connection.execute_batch(&format!(
                "CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table} \
                 BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;"
            ))?;
        }
    }
    Ok(())
}
