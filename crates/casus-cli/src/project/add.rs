//! `casus add`: files as received, and the reports in them, into the project.

use super::{args, open, stamp};
use crate::{
    Failure, Status, complain, guarded,
    input::{self, Input, InputError, Settings, locate, pieces},
    number, remark,
};
use casus_store::{Added, Adding, Project};
use sha2::{Digest, Sha256};
use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Adds what `args` name: a file at a time, each wholly or not at all.
pub(crate) fn add(named: Option<&Path>, args: &args::Add) -> Result<Status, Failure> {
    let mut project = open(named)?;
    let settings = args.source.settings();
    let mut tally = Tally::default();
    for input in locate(&args.paths, &own_files(project.path())) {
        match input {
            Ok(input) => tally.file(&mut project, &input, &settings, args.quiet)?,
            Err(error) => tally.fail(&error),
        }
    }
    if !args.quiet {
        remark(&tally.summary());
    }
    Ok(match (tally.kept + tally.known, tally.failed) {
        (0, _) => Status::NOTHING,
        (_, 0) => Status::ALL,
        _ => Status::SOME,
    })
}

/// The files of the project itself: no reports are in them.
fn own_files(project: &Path) -> Vec<PathBuf> {
    let with = |ending: &str| {
        let mut name = OsString::from(project);
        name.push(ending);
        PathBuf::from(name)
    };
    ["", "-wal", "-shm", "-journal"].map(with).to_vec()
}

/// What was added so far.
#[derive(Debug, Default)]
struct Tally {
    kept: u64,
    known: u64,
    reports: u64,
    new: u64,
    failed: u64,
}

impl Tally {
    fn file(
        &mut self,
        project: &mut Project,
        input: &Input,
        settings: &Settings,
        quiet: bool,
    ) -> Result<(), Failure> {
        let bytes = match Bytes::of(input) {
            Ok(bytes) => bytes,
            Err(cause) => {
                self.fail(&InputError::new(&input.name, format!("cannot open: {}", input::plain(&cause))));
                return Ok(());
            }
        };
        // Hashed first: what is known need not be taken apart.
        let known = bytes.sha256().map(|sha256| project.known_as(&sha256));
        let known = match known {
            Ok(known) => known?,
            Err(cause) => {
                self.fail(&InputError::new(&input.name, input::plain(&cause)));
                return Ok(());
            }
        };
        if let Some(known) = known {
            self.known(&input.name, &known, quiet);
            return Ok(());
        }
        let mut failed = 0;
        let added = project.add(&stamp(None)?, &input.name, |adding| {
            bytes.feed(adding)?;
            failed = receive(adding, input, &bytes, settings, quiet)?;
            Ok(failed)
        })?;
        self.failed += failed;
        let Added { known_as, reports, new, .. } = added;
        if let Some(known) = known_as {
            // The file changed between hashing and reading.
            self.known(&input.name, &known, quiet);
        } else if reports > 0 {
            self.kept += 1;
            self.reports += reports;
            self.new += new;
            let again = reports - new;
            if again > 0 && !quiet {
                let what =
                    if reports == 1 { "its text is".to_owned() } else { format!("{again} of its texts are") };
                remark(&format_args!("{}: {what} in the project already, kept as a copy", input.name));
            }
        }
        Ok(())
    }

    fn known(&mut self, name: &str, known: &str, quiet: bool) {
        self.known += 1;
        if !quiet {
            remark(&format_args!("{name}: the same file is in the project already, as {known}"));
        }
    }

    fn fail(&mut self, error: &InputError) {
        complain(error);
        self.failed += 1;
    }

    fn summary(&self) -> String {
        let mut words = format!(
            "{} added with {}, {} new",
            number(self.kept, "file"),
            number(self.reports, "report"),
            self.new
        );
        if self.known > 0 {
            words += &format!("; {} known already", number(self.known, "file"));
        }
        if self.failed > 0 {
            words += &format!("; {} not received", self.failed);
        }
        words
    }
}

/// Takes the reports of a file; gives how many could not be received.
fn receive(
    adding: &mut Adding<'_>,
    input: &Input,
    bytes: &Bytes<'_>,
    settings: &Settings,
    quiet: bool,
) -> casus_store::Result<u64> {
    let mut failed = 0;
    let mut reports = match bytes {
        Bytes::Memory(bytes) => input.reports_of(Box::new(bytes.as_slice()), settings, Arc::default()),
        Bytes::File(_) => input.reports(settings, Arc::default()),
    };
    loop {
        let item = match guarded(|| reports.next()) {
            Ok(None) => break,
            Ok(Some(item)) => item,
            Err(reason) => {
                complain(&InputError::new(&input.name, reason));
                failed += 1;
                break;
            }
        };
        match item {
            Ok(received) => {
                adding.report(&received.report, received.line, &received.notes)?;
                if !quiet {
                    received
                        .notes
                        .iter()
                        .for_each(|note| remark(&format_args!("{}: {}", input.name, note.message)));
                }
            }
            Err(error) => {
                complain(&error);
                failed += 1;
            }
        }
    }
    Ok(failed)
}

/// The bytes of an input, which are needed more than once.
enum Bytes<'a> {
    /// Standard input can be read only once.
    Memory(Vec<u8>),
    File(&'a str),
}

impl Bytes<'_> {
    fn of(input: &Input) -> io::Result<Bytes<'_>> {
        if input.is_stdin() {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes)?;
            return Ok(Bytes::Memory(bytes));
        }
        if std::fs::metadata(&input.name)?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(Bytes::File(&input.name))
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match self {
            Bytes::Memory(bytes) => Box::new(bytes.as_slice()),
            Bytes::File(name) => Box::new(File::open(name)?),
        })
    }

    fn sha256(&self) -> io::Result<String> {
        let mut hash = Sha256::new();
        pieces(self.open()?, |piece| {
            hash.update(piece);
            Ok(())
        })?;
        Ok(input::hex(&hash.finalize()))
    }

    fn feed(&self, adding: &mut Adding<'_>) -> casus_store::Result<()> {
        let mut failed = None;
        let fed = self.open().and_then(|bytes| {
            pieces(bytes, |piece| {
                // The project's own error says more than an I/O error could.
                adding.bytes(piece).map_err(|error| {
                    failed = Some(error);
                    io::ErrorKind::Other.into()
                })
            })
        });
        match (failed, fed) {
            (Some(error), _) => Err(error),
            (None, fed) => fed.map_err(|cause| adding.failed(cause)),
        }
    }
}
