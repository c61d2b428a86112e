use rusqlite::ErrorCode;
use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// Why a project could not do what it was asked. The message names the file and says what to do.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    /// There is no such file.
    Missing,
    /// `init` would overwrite something.
    Exists,
    /// A file, but of something else; or an `init` that was interrupted.
    NotAProject,
    /// Made by a later version.
    Newer { found: i64, known: i64 },
    /// SQLite's word for what went wrong.
    Sqlite(rusqlite::Error),
    /// A row that is not what it must be.
    Damaged(String),
    /// Something to be added could not be read.
    Io(io::Error),
    /// The request contradicts what the project holds.
    Request(String),
}

/// Part of the file's results.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(path: &Path, kind: Kind) -> Error {
        Error(Box::new(Inner { path: path.to_owned(), kind }))
    }

    /// Whether another process held the file for too long.
    pub fn is_busy(&self) -> bool {
        matches!(self.code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
    }

    /// Whether the disk, or what the file may take of it, is full.
    pub fn is_full(&self) -> bool {
        match &self.0.kind {
            Kind::Sqlite(rusqlite::Error::SqliteFailure(failure, _)) => {
                failure.code == ErrorCode::DiskFull || full(failure.extended_code)
            }
            _ => false,
        }
    }

    /// Whether the file is not what casus wrote.
    pub fn is_damaged(&self) -> bool {
        matches!(self.0.kind, Kind::Damaged(_))
            || matches!(self.code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
    }

    /// Whether the request was at fault, and not the file.
    pub fn is_request(&self) -> bool {
        matches!(self.0.kind, Kind::Request(_))
    }

    fn code(&self) -> Option<ErrorCode> {
        match &self.0.kind {
            Kind::Sqlite(error) => error.sqlite_error_code(),
            _ => None,
        }
    }
}

/// A write beyond the size that the system allows a file comes as an I/O error of writing, not as a
/// full disk.
fn full(extended: i32) -> bool {
    extended == rusqlite::ffi::SQLITE_IOERR_WRITE
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { path, kind } = &*self.0;
        write!(f, "{}: ", path.display())?;
        let name = path.display();
        match kind {
            Kind::Missing => write!(f, "there is no such project; make one with `casus init {name}`"),
            Kind::Exists => write!(f, "exists already; choose another name, or go on with `casus --project {name} status`"),
            Kind::NotAProject => f.write_str(
                "is not a casus project; if `casus init` was interrupted, run it again, else name another file",
            ),
            Kind::Newer { found, known } => write!(
                f,
                "was made by a newer casus (its layout is {found}, this version knows up to {known}): install the newer version"
            ),
            Kind::Damaged(what) => write!(f, "is damaged: {what}; {MEND}"),
            Kind::Io(cause) => write!(f, "{cause}"),
            Kind::Request(what) => f.write_str(what),
            Kind::Sqlite(error) => sqlite(error, f),
        }
    }
}

/// What to do with a damaged file.
const MEND: &str = "nothing was written; copy the file before anything else, see what is affected with `casus verify`, \
and go back to the last good copy (or save what can be read with `sqlite3 FILE .recover`)";

fn sqlite(error: &rusqlite::Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let rusqlite::Error::SqliteFailure(failure, message) = error else { return write!(f, "{error}") };
    match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => f.write_str(
            "is being written by another process; nothing was changed: wait until the other has finished, or stop it, and try again",
        ),
        ErrorCode::DiskFull => f.write_str(
            "the disk is full; what was committed is safe: free some space and run the same command again",
        ),
        _ if full(failure.extended_code) => f.write_str(
            "cannot be written: the disk is full, at its quota, or failing; what was committed is safe: look at the disk, and run the same command again",
        ),
        ErrorCode::SystemIoFailure => write!(
            f,
            "input or output failed ({}); what was committed is safe: look at the disk, and run the same command again",
            message.as_deref().unwrap_or("no details")
        ),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => f.write_str(
            "cannot be written: the file and its folder must be writable (beside it SQLite keeps -wal and -shm); nothing was changed",
        ),
        ErrorCode::NotADatabase => write!(f, "is no SQLite file, or its head is destroyed; {MEND}"),
        ErrorCode::DatabaseCorrupt => {
            write!(f, "is damaged ({}); {MEND}", message.as_deref().unwrap_or("no details"))
        }
        _ => write!(f, "{error}"),
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            Kind::Sqlite(cause) => Some(cause),
            Kind::Io(cause) => Some(cause),
            _ => None,
        }
    }
}

/// What goes wrong within a transaction, before the file's name is put to it.
#[derive(Debug)]
pub(crate) enum Fault {
    Sqlite(rusqlite::Error),
    Damaged(String),
    Io(io::Error),
    Request(String),
    /// One that has its file's name already.
    Named(Error),
}

impl Fault {
    pub(crate) fn at(self, path: &Path) -> Error {
        let kind = match self {
            Fault::Named(error) => return error,
            Fault::Sqlite(error) => Kind::Sqlite(error),
            Fault::Damaged(what) => Kind::Damaged(what),
            Fault::Io(cause) => Kind::Io(cause),
            Fault::Request(what) => Kind::Request(what),
        };
        Error::new(path, kind)
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        Fault::Sqlite(error)
    }
}

impl From<io::Error> for Fault {
    fn from(cause: io::Error) -> Fault {
        Fault::Io(cause)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Named(error)
    }
}
