//! What a run writes about itself: the manifest beside a complete output, the progress beside one that
//! is not.
//!
//! Neither holds a clock time, so that the same run gives the same bytes.

use crate::{
    Failure,
    input::{self, Fingerprint, InputError, Received},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Name and version of the manifest's contract.
const MANIFEST: &str = "casus-manifest/1";

/// Name and version of the progress file's contract.
const PROGRESS: &str = "casus-progress/1";

/// Errors that are listed one by one; more are only counted.
const MAX_ERRORS: usize = 1000;

/// What decides a run's output: two runs with the same settings on the same inputs write the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Setup {
    pub(super) casus: String,
    pub(super) pack: String,
    /// Options by their name on the command line.
    pub(super) options: BTreeMap<String, String>,
}

/// One input of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct InputEntry {
    pub(super) path: String,
    /// Null if it was not read to its end.
    pub(super) bytes: Option<u64>,
    pub(super) sha256: Option<String>,
    /// Reports in it, those that failed too.
    pub(super) reports: u64,
}

impl InputEntry {
    pub(super) fn new(path: &str, fingerprint: Option<Fingerprint>, reports: u64) -> InputEntry {
        let (bytes, sha256) = fingerprint.map(|f| (f.bytes, f.sha256)).unzip();
        InputEntry { path: path.to_owned(), bytes, sha256, reports }
    }
}

/// A report that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ErrorEntry {
    path: String,
    line: Option<u64>,
    reason: String,
}

/// What was done so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counts {
    /// Reports in the inputs.
    pub(super) reports: u64,
    /// Those of them that were read.
    pub(super) read: u64,
    /// Those that were not.
    pub(super) failed: u64,
    /// Events read from them.
    pub(super) events: u64,
    /// The first of the failures.
    pub(super) errors: Vec<ErrorEntry>,
}

impl Counts {
    pub(super) fn add_read(&mut self, events: usize) {
        self.reports += 1;
        self.read += 1;
        self.events += events as u64;
    }

    pub(super) fn add_failed(&mut self, error: &InputError) {
        self.reports += 1;
        self.failed += 1;
        if self.errors.len() < MAX_ERRORS {
            let InputError { name, line, reason, .. } = error.clone();
            self.errors.push(ErrorEntry { path: name, line, reason });
        }
    }
}

/// The manifest of a run.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    schema: String,
    #[serde(flatten)]
    pub(super) setup: Setup,
    /// False if the run was stopped before the end of its inputs.
    pub(super) complete: bool,
    #[serde(flatten)]
    pub(super) counts: Counts,
    pub(super) inputs: Vec<InputEntry>,
}

impl Manifest {
    pub(super) fn new(setup: Setup, complete: bool, counts: Counts, inputs: Vec<InputEntry>) -> Manifest {
        Manifest { schema: MANIFEST.to_owned(), setup, complete, counts, inputs }
    }

    /// Where the manifest of an output lies.
    pub(super) fn beside(output: &Path) -> PathBuf {
        with_ending(output, ".manifest.json")
    }

    /// The manifest at `path`, if there is one.
    pub(super) fn load(path: &Path) -> Result<Option<Manifest>, Failure> {
        load(path)
    }

    /// Writes it as indented JSON.
    pub(super) fn save(&self, path: &Path) -> Result<(), Failure> {
        let json = serde_json::to_vec_pretty(self).map_err(io::Error::from);
        let done = json.and_then(|mut json| {
            json.push(b'\n');
            fs::write(path, json)
        });
        done.map_err(|cause| Failure(format!("{}: {}", path.display(), input::plain(&cause))))
    }
}

/// How far an output has come: up to here it is whole, and goes on from here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Progress {
    schema: String,
    #[serde(flatten)]
    pub(super) setup: Setup,
    /// SHA-256 over the names of the inputs.
    pub(super) inputs: String,
    #[serde(flatten)]
    pub(super) counts: Counts,
    /// Length of the output with the events of these reports.
    pub(super) bytes: u64,
    /// Checksum over these reports.
    pub(super) chain: Chain,
}

impl Progress {
    pub(super) fn new(setup: Setup, inputs: String) -> Progress {
        let (counts, chain) = (Counts::default(), Chain::default());
        Progress { schema: PROGRESS.to_owned(), setup, inputs, counts, bytes: 0, chain }
    }

    /// Where the progress of an output lies.
    pub(super) fn beside(output: &Path) -> PathBuf {
        with_ending(output, ".progress")
    }

    pub(super) fn load(path: &Path) -> Result<Option<Progress>, Failure> {
        load(path)
    }

    /// Replaces the file at once, so that it is whole whenever the run is killed.
    pub(super) fn save(&self, path: &Path) -> io::Result<()> {
        let new = with_ending(path, ".new");
        let mut file = fs::File::create(&new)?;
        serde_json::to_writer(&file, self)?;
        file.flush()?;
        fs::rename(new, path)
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

fn load<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Option<T>, Failure> {
    match fs::read(path) {
        Ok(json) => serde_json::from_slice(&json).map(Some).map_err(|error| {
            Failure(format!("{}: not written by this version of casus: {error}", path.display()))
        }),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(Failure(format!("{}: {}", path.display(), input::plain(&cause)))),
    }
}

/// Checksum over a row of reports: two runs that have the same chain after as many reports have met the
/// same reports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chain(String);

impl Chain {
    /// Adds the next report, received or not.
    pub(super) fn add(&mut self, item: Result<&Received, &InputError>) {
        let mut hash = Sha256::new();
        hash.update(&self.0);
        match item {
            Ok(Received { report, .. }) => {
                hash.update(report.sha256.as_deref().unwrap_or_default());
                hash.update(&report.id);
            }
            Err(error) => hash.update(error.to_string()),
        }
        self.0 = input::hex(&hash.finalize());
    }
}
