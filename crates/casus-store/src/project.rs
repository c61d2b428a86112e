use crate::{
    error::{Error, Fault, Kind, Result},
    log::{self, Entry, Stamp},
    schema::{self, APPLICATION_ID, MIGRATIONS},
};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};
use serde_json::{Value, json};
use std::{
    num::NonZero,
    path::{Path, PathBuf},
    time::Duration,
};

/// How long a writer waits for another one. Acts are short: reading, which is not, is one act for every
/// few reports.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open project.
#[derive(Debug)]
pub struct Project {
    connection: Connection,
    path: PathBuf,
    pub(crate) threads: NonZero<usize>,
}

/// How much a project holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Status {
    /// Files.
    pub sources: u64,
    /// Texts, each counted once.
    pub reports: u64,
    /// Times that a text came again.
    pub copies: u64,
    /// Readings by all versions.
    pub readings: u64,
    /// Versions of casus, its data and its options that have read.
    pub versions: u64,
    /// States of the incidents.
    pub revisions: u64,
    /// Incidents of the present state.
    pub incidents: u64,
    /// Incidents that were withdrawn, merged away or rejected.
    pub tombstones: u64,
    /// Decisions of people.
    pub decisions: u64,
    /// Entries of the log.
    pub entries: u64,
}

impl Project {
    /// Makes a new project.
    ///
    /// # Errors
    /// If there is a file of this name already (one that an interrupted `init` left is taken over), or it
    /// cannot be written.
    pub fn init(path: &Path, stamp: &Stamp) -> Result<Project> {
        // SQLite makes the file with its first page; nothing is there before the transaction commits but
        // an empty file.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let sqlite = |error| Error::new(path, Kind::Sqlite(error));
        let connection = Connection::open_with_flags(path, flags).map_err(sqlite)?;
        let mut project = Project::new(connection, path);
        project.set_up().map_err(|fault| match fault {
            // Something is there, and it is no SQLite file.
            Fault::Sqlite(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
                Error::new(path, Kind::Exists)
            }
            fault => fault.at(path),
        })?;
        project.connection.pragma_update(None, "journal_mode", "WAL").map_err(sqlite)?;
        let tables = "SELECT count(*) FROM sqlite_schema";
        let transaction = begin(&mut project.connection).map_err(sqlite)?;
        if transaction.query_row(tables, [], |row| row.get::<_, i64>(0)).map_err(sqlite)? > 0 {
            return Err(Error::new(path, Kind::Exists));
        }
        schema::migrate(&transaction, MIGRATIONS)
            .and_then(|_| log::append(&transaction, stamp, "init", json!({ "layout": MIGRATIONS.len() })))
            .and_then(|_| Ok(transaction.commit()?))
            .map_err(|fault| fault.at(path))?;
        Ok(project)
    }

    /// Opens a project; one of an older layout is brought to the present one, which the log tells.
    ///
    /// # Errors
    /// If there is none, it was made by a newer version, is damaged, or cannot be read.
    pub fn open(path: &Path, stamp: &Stamp) -> Result<Project> {
        Project::open_with(path, stamp, MIGRATIONS)
    }

    fn open_with(path: &Path, stamp: &Stamp, steps: &[&str]) -> Result<Project> {
        if !path.exists() {
            return Err(Error::new(path, Kind::Missing));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)
            .map_err(|error| Error::new(path, Kind::Sqlite(error)))?;
        let mut project = Project::new(connection, path);
        let layout = project.set_up().and_then(|()| {
            let pragma = |name| project.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            Ok((pragma("application_id")?, pragma("user_version")?))
        });
        let (mark, layout) = layout.map_err(|fault| fault.at(path))?;
        let known = steps.len() as i64;
        match layout {
            _ if mark != APPLICATION_ID => return Err(Error::new(path, Kind::NotAProject)),
            found if found > known => return Err(Error::new(path, Kind::Newer { found, known })),
            found if found < known => project.bring_up(stamp, steps)?,
            _ => {}
        }
        Ok(project)
    }

    fn new(connection: Connection, path: &Path) -> Project {
        let threads = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        Project { connection, path: path.to_owned(), threads }
    }

    /// Sets how many threads take readings apart; as many as there are processors unless it is set. Nothing
    /// but the time depends on it.
    pub fn threads(&mut self, threads: NonZero<usize>) {
        self.threads = threads;
    }

    fn bring_up(&mut self, stamp: &Stamp, steps: &[&str]) -> Result<()> {
        self.act(stamp, "migrate", |act| {
            let taken = schema::migrate(act.transaction, steps)?;
            Ok(((taken > 0).then(|| json!({ "layout": steps.len() })), ()))
        })
        .map(drop)
    }

    /// Settings of every connection. In WAL mode with `FULL`, a commit has been written to the disk when
    /// it returns.
    fn set_up(&self) -> Result<(), Fault> {
        let set = |name: &str, value: &str| self.connection.pragma_update(None, name, value);
        self.connection.busy_timeout(PATIENCE)?;
        set("synchronous", "FULL")?;
        set("foreign_keys", "ON")?;
        set("trusted_schema", "OFF")?;
        set("cell_size_check", "ON")?;
        // Reading files through memory turns a failing disk into a signal that ends the process.
        set("mmap_size", "0")?;
        // The first to touch the file: what is no SQLite file is noticed here.
        self.connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(())
    }

    /// Sets how long a write waits for that of another process; 10 seconds unless it is set.
    ///
    /// # Errors
    /// If the file cannot be asked.
    pub fn patience(&self, wait: Duration) -> Result<()> {
        self.ask(|connection| Ok(connection.busy_timeout(wait)?))
    }

    /// Sets the most that the file may grow to while it is open, in bytes; less than it has means that it
    /// may not grow at all. Without it, the disk is the limit.
    ///
    /// # Errors
    /// If the file cannot be asked.
    pub fn most_bytes(&self, bytes: u64) -> Result<()> {
        self.ask(|connection| {
            let page: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
            let pages = (bytes / page.max(1) as u64).max(1);
            Ok(connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?)
        })
    }

    /// Where the project lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How much the project holds.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn status(&self) -> Result<Status> {
        let count = |sql: &str| -> Result<u64> {
            self.ask(|connection| Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))? as u64))
        };
        let present = |state: &str| {
            count(&format!(
                "SELECT count(*) FROM incident i WHERE state = '{state}' AND NOT EXISTS
                 (SELECT 1 FROM incident n WHERE n.incident = i.incident AND n.id > i.id)"
            ))
        };
        let reports = count("SELECT count(*) FROM report")?;
        Ok(Status {
            sources: count("SELECT count(*) FROM source")?,
            reports,
            copies: count("SELECT count(*) FROM copy")?.saturating_sub(reports),
            readings: count("SELECT count(*) FROM reading")?,
            versions: count("SELECT count(*) FROM version")?,
            revisions: count("SELECT count(*) FROM revision")?,
            incidents: present("live")?,
            tombstones: present("gone")?,
            decisions: count("SELECT count(*) FROM decision")?,
            entries: count("SELECT count(*) FROM log")?,
        })
    }

    /// The log, oldest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn log(&self) -> Result<Vec<Entry>> {
        self.ask(|connection| {
            let mut rows = connection.prepare(&format!("SELECT {} FROM log ORDER BY seq", log::COLUMNS))?;
            let entries = rows.query_map([], log::entry)?.map(|row| row.map(|(entry, _)| entry));
            Ok(entries.collect::<Result<Vec<_>, _>>()?)
        })
    }

    /// Puts an act into the log that changes nothing in the project, such as an export.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn record(&mut self, stamp: &Stamp, what: &str, detail: Value) -> Result<()> {
        self.act(stamp, what, |_| Ok((Some(detail), ()))).map(drop)
    }

    /// One act: everything that `work` writes, and the log entry for it, or nothing at all. Without
    /// particulars from `work` there is no entry, and nothing may have been written.
    pub(crate) fn act<T>(
        &mut self,
        stamp: &Stamp,
        what: &str,
        work: impl FnOnce(&mut Act<'_>) -> Result<(Option<Value>, T), Fault>,
    ) -> Result<T> {
        let path = &self.path;
        let run = |connection: &mut Connection| -> Result<T, Fault> {
            let transaction = begin(connection)?;
            let (last, _) = log::head(&transaction)?;
            let (detail, given) = work(&mut Act { transaction: &transaction, entry: last + 1 })?;
            if let Some(detail) = detail {
                log::append(&transaction, stamp, what, detail)?;
                transaction.commit()?;
            }
            Ok(given)
        };
        run(&mut self.connection).map_err(|fault| fault.at(path))
    }

    /// Asks the file something.
    pub(crate) fn ask<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T> {
        work(&self.connection).map_err(|fault| fault.at(&self.path))
    }
}

/// A transaction that holds the file's one write lock from its begin, so that it can only fail to
/// start, never half way because of another writer.
fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

/// An act under way.
pub(crate) struct Act<'t> {
    pub(crate) transaction: &'t Transaction<'t>,
    /// Number that its entry of the log will have.
    pub(crate) entry: i64,
}

impl Act<'_> {
    /// Runs an `INSERT … VALUES (?1 = the entry, …)` and gives the new row's id.
    pub(crate) fn insert(&self, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<i64, Fault> {
        let mut all: Vec<&dyn rusqlite::ToSql> = vec![&self.entry];
        all.extend_from_slice(values);
        self.transaction.prepare_cached(sql)?.execute(all.as_slice())?;
        Ok(self.transaction.last_insert_rowid())
    }

    /// The id that `sql` finds.
    pub(crate) fn find(&self, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Option<i64>, Fault> {
        Ok(self.transaction.prepare_cached(sql)?.query_row(values, |row| row.get(0)).optional()?)
    }
}

/// Packs text or bytes for keeping.
pub(crate) fn pack(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    // Level 3 packs faster than a disk writes.
    Ok(zstd::bulk::compress(bytes, 3)?)
}

/// Unpacks what [`pack`] made; anything else is damage.
pub(crate) fn unpack(packed: &[u8], what: &dyn std::fmt::Display) -> Result<Vec<u8>, Fault> {
    zstd::decode_all(packed).map_err(|_| Fault::Damaged(format!("{what} cannot be unpacked")))
}

/// Unpacks JSON.
pub(crate) fn unpack_json<T: serde::de::DeserializeOwned>(
    packed: &[u8],
    what: &dyn std::fmt::Display,
) -> Result<T, Fault> {
    let bytes = unpack(packed, what)?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Fault::Damaged(format!("{what} is not as written: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn an_older_layout_is_brought_up_and_logged() {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        let path = folder.path().join("p.casus");
        let stamp = Stamp { who: "ana".into(), at: Timestamp::UNIX_EPOCH };
        drop(Project::init(&path, &stamp).expect("a project"));
        let steps = [MIGRATIONS, &["CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;"]].concat();
        let project = Project::open_with(&path, &stamp, &steps).expect("brought up");
        let log: Vec<String> = project.log().expect("a log").into_iter().map(|entry| entry.what).collect();
        assert_eq!(log, ["init", "migrate"]);
        assert!(project.verify(None).expect("verified").is_clean());
        let again = Project::open_with(&path, &stamp, &steps).expect("opened");
        assert_eq!(again.log().expect("a log").len(), 2);
        let error = Project::open(&path, &stamp).expect_err("newer than this version knows");
        assert!(error.to_string().contains("install the newer version"), "{error}");
    }

    #[test]
    fn an_interrupted_init_is_taken_over() {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        let path = folder.path().join("p.casus");
        let stamp = Stamp { who: "ana".into(), at: Timestamp::UNIX_EPOCH };
        std::fs::write(&path, "").expect("an empty file");
        let error = Project::open(&path, &stamp).expect_err("no project");
        assert!(error.to_string().contains("run it again"), "{error}");
        Project::init(&path, &stamp).expect("a project");
        Project::open(&path, &stamp).expect("opened");
    }
}
