//! What a project survives: a process killed at any write, power cuts, a full disk, a failing one, two
//! writers at once, and a file that was altered.
//!
//! [`work`] runs in a child process, under a library (`faults.c`, made with `cc`) that counts every call
//! that changes the project's files and fails one of them, or kills the process in the middle of it. The
//! child says after each act which log entry was committed. The parent then opens the project, checks it
//! with `verify`, asks that the log still holds the last entry that was told, and lets the work be finished.
//!
//! Every call that writes is tried with every kind of fault, and then a thousand at random. So that this
//! takes seconds, projects lie in memory (`/dev/shm`) where the system has that: what is lost is decided by
//! the library, not by the disk.

#![cfg(target_os = "linux")]

use casus_record::{Event, MadeBy, Reading, Report, ReportRef, Span};
use casus_store::{Asked, Error, Kind, Linking, Outcome, Project, Stamp, Status};
use serde_json::json;
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};
use tempfile::TempDir;

mod damage;

/// Rounds of [`work`] in a whole run: one that finds an empty project, and one that does not.
const ROUNDS: u64 = 2;

fn stamp() -> Stamp {
    Stamp { who: "tester".into(), at: "2024-03-14T12:00:00Z".parse().expect("a time") }
}

fn version(number: u64) -> MadeBy {
    MadeBy { casus: format!("0.{number}"), pack: "pack".into(), options: "none".into() }
}

fn event(id: &str, report: &str) -> Event {
    let report = ReportRef { id: report.into(), text_sha256: report.into(), ..ReportRef::default() };
    let mut event = Event::bare(id, report, version(0));
    event.action.triggers = vec![Span::new(0, 4)];
    event
}

/// Words that cannot be packed, enough for several pages of the file.
fn noise(seed: u64) -> String {
    let mut state = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut word = || {
        // xorshift64* (Vigna 2016)
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        format!("{:x} ", state.wrapping_mul(0x2545_f491_4f6c_dd1d))
    };
    (0..250).map(|_| word()).collect()
}

/// Adds a file with two reports, and does what is left to do with it: one round, from where the project
/// stands. `told` is called after each entry that was committed.
fn round(project: &mut Project, who: &str, told: &mut dyn FnMut(&Project)) -> Result<(), Error> {
    let number = project.status()?.sources;
    let name = format!("{who}-{number}.txt");
    project.add(&stamp(), &name, |adding| {
        let text = |at: u64| format!("Gunmen came to {who} {number} {at}. {}", noise(2 * number + at));
        adding.bytes(text(0).as_bytes())?;
        for at in 0..2 {
            adding.report(
                &Report { id: format!("{name}#{at}"), text: text(at), ..Report::default() },
                Some(at),
                &[],
            )?;
        }
        Ok(0)
    })?;
    told(project);
    rest(project, told)
}

/// Reads what is unread, links, decides on an incident, and logs an export.
fn rest(project: &mut Project, told: &mut dyn FnMut(&Project)) -> Result<(), Error> {
    let unread = project.unread(&version(0), 0, 10, usize::MAX)?;
    let read = |at: usize, report: &Report| Reading {
        events: vec![event(&format!("ev_{}_{at}", report.id), &report.id)],
        notes: vec![],
    };
    let readings: Vec<_> = unread
        .into_iter()
        .enumerate()
        .map(|(at, unread)| {
            let outcome = Outcome::Read(read(at, &unread.report));
            (unread, outcome)
        })
        .collect();
    project.keep_readings(&stamp(), &version(0), &readings)?;
    told(project);
    project.relink(&stamp(), "test", &version(0), || Threes)?;
    told(project);
    let status = project.status()?;
    let incidents = project.incidents()?;
    // Another process may have added a file that is in no incident yet.
    if status.decisions < status.sources && !incidents.is_empty() {
        let incident =
            incidents[status.decisions as usize % incidents.len()]["id"].as_str().unwrap_or_default();
        let asked = Asked {
            kind: Kind::Accept,
            incident,
            other: None,
            part: &[],
            values: BTreeMap::new(),
            adjudicates: false,
            why: "seen",
        };
        let decision = project.decision(&stamp(), &asked, &version(0))?;
        project.decide(&stamp(), &decision)?;
        told(project);
        project.relink(&stamp(), "test", &version(0), || Threes)?;
        told(project);
    }
    project.record(&stamp(), "export", json!({}))?;
    told(project);
    Ok(())
}

/// Links every three events, as they come.
struct Threes;

impl Linking for Threes {
    type Sketch = ();

    fn sketch(&self, _: &Report, events: &[Event]) -> Vec<()> {
        vec![(); events.len()]
    }

    fn cluster(&mut self, sketches: Vec<()>) -> Vec<Vec<usize>> {
        (0..sketches.len()).collect::<Vec<_>>().chunks(3).map(<[usize]>::to_vec).collect()
    }

    fn compose(&self, members: &[(usize, &Event)]) -> serde_json::Value {
        json!({"events": members.iter().map(|(_, event)| &event.id).collect::<Vec<_>>(), "claims": []})
    }
}

/// Rounds until the project has `rounds` files.
fn work(path: &Path, rounds: u64, who: &str, told: &mut dyn FnMut(&Project)) -> Result<(), Error> {
    let mut project = match Project::open(path, &stamp()) {
        Ok(project) => project,
        // Not there yet, or an `init` that was interrupted.
        Err(error) if error.to_string().contains("casus init") => Project::init(path, &stamp())?,
        Err(error) => return Err(error),
    };
    told(&project);
    rest(&mut project, told)?;
    while project.status()?.sources < rounds {
        round(&mut project, who, told)?;
    }
    Ok(())
}

/// The child's part; does nothing when it is run as a test.
#[test]
fn child() {
    let Ok(path) = std::env::var("CHILD_PROJECT") else { return };
    let rounds = std::env::var("CHILD_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let who = std::env::var("CHILD_NAME").unwrap_or_else(|_| "one".to_owned());
    let acknowledged = std::env::var("CHILD_ACKNOWLEDGED").expect("a file for the entries");
    let done = work(Path::new(&path), rounds, &who, &mut |project| {
        let Some(last) = project.log().ok().and_then(|log| log.last().cloned()) else { return };
        fs::write(&acknowledged, last.hash).expect("told");
    });
    if let Err(error) = done {
        let _ = writeln!(std::io::stderr(), "failed: {error}");
        // As a program ends that was told of an error: nothing is tidied up.
        std::process::abort();
    }
}

/// The library with the faults.
fn faults() -> &'static Path {
    static LIBRARY: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = LIBRARY.get_or_init(|| {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join("faults.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/durability/faults.c");
        let made = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(&path)
            .arg(source)
            .arg("-ldl")
            .status();
        assert!(made.expect("cc, which SQLite is built with too").success(), "faults.c compiles");
        (folder, path)
    });
    path
}

/// A project and what its child told.
struct Trial {
    folder: TempDir,
}

/// A fault: kind, number of the call, seed.
type Fault<'a> = (&'a str, u64, u64);

impl Trial {
    fn new() -> Trial {
        let folder = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new());
        Trial { folder: folder.expect("a temporary folder") }
    }

    fn project(&self) -> PathBuf {
        self.folder.path().join("trial.casus")
    }

    /// Runs the child; gives how it ended, and how many calls it made that change the project's files.
    fn child(&self, fault: Option<Fault<'_>>, rounds: u64) -> (Output, u64) {
        let count = self.folder.path().join("count");
        let mut command = Command::new(std::env::current_exe().expect("this test"));
        command
            .args(["child", "--exact", "--test-threads=1"])
            .env("CHILD_PROJECT", self.project())
            .env("CHILD_ROUNDS", rounds.to_string())
            .env("CHILD_ACKNOWLEDGED", self.folder.path().join("acknowledged"))
            .env("LD_PRELOAD", faults())
            .env("FAULT_FILE", "trial.casus")
            .env("FAULT_COUNT", &count);
        if let Some((kind, at, seed)) = fault {
            command
                .env("FAULT_KIND", kind)
                .env("FAULT_AT", at.to_string())
                .env("FAULT_SEED", seed.to_string());
        }
        let output = command.output().expect("the child ran");
        let calls = fs::read_to_string(&count).ok().and_then(|count| count.trim().parse().ok()).unwrap_or(0);
        (output, calls)
    }

    /// What holds after any fault: the project is as it was written, with all that was told.
    #[track_caller]
    fn check(&self, fault: Fault<'_>) {
        if fault.0 == "cut" {
            // Shared memory does not outlive the machine.
            let _ = fs::remove_file(self.folder.path().join("trial.casus-shm"));
        }
        let told = fs::read_to_string(self.folder.path().join("acknowledged")).ok();
        let project = match Project::open(&self.project(), &stamp()) {
            Ok(project) => project,
            Err(error) => {
                assert!(told.is_none(), "{fault:?}: committed, and cannot be opened: {error}");
                return;
            }
        };
        let verified = project.verify(told.as_deref()).unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert!(verified.is_clean(), "{fault:?}: {:#?}", verified.findings);
    }

    /// Lets the work be finished, in this process.
    #[track_caller]
    fn finish(&self, fault: Fault<'_>) {
        let head = self.folder.path().join("acknowledged");
        let done = work(&self.project(), ROUNDS, "one", &mut |project| {
            let last = project.log().ok().and_then(|log| log.last().cloned()).expect("an entry");
            fs::write(&head, last.hash).expect("told");
        });
        done.unwrap_or_else(|error| panic!("{fault:?}: not finished afterwards: {error}"));
        self.check(fault);
    }

    fn status(&self) -> Status {
        Project::open(&self.project(), &stamp()).and_then(|project| project.status()).expect("a project")
    }
}

/// A fault of every kind at every call of a whole run that writes.
#[test]
fn every_point() {
    let undisturbed = Trial::new();
    let (output, calls) = undisturbed.child(None, ROUNDS);
    assert!(output.status.success(), "{output:?}");
    assert!(calls > 200, "{calls} calls: the library does not see them");
    let expected = undisturbed.status();
    assert_eq!((expected.sources, expected.reports, expected.readings), (ROUNDS, 2 * ROUNDS, 2 * ROUNDS));
    let faults: Vec<Fault<'_>> = ["kill", "cut", "eio", "enospc"]
        .into_iter()
        .flat_map(|kind| (1..=calls).map(move |at| (kind, at, at)))
        .collect();
    on_all_processors(&faults, |fault| survives(*fault, expected));
}

fn on_all_processors<I: Sync>(items: &[I], work: impl Fn(&I) + Sync) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(item);
                }
            });
        }
    });
}

/// One fault: what the process said, what is left, and whether the work can be finished.
fn survives(fault: Fault<'_>, expected: Status) {
    let trial = Trial::new();
    let (output, _) = trial.child(Some(fault), ROUNDS);
    let said = String::from_utf8_lossy(&output.stderr);
    match fault.0 {
        "kill" | "cut" => assert_eq!(output.status.signal(), Some(9), "{fault:?}: {said}"),
        // A failed sync of what can be made again, or of a file that goes, costs nothing.
        _ if output.status.success() => {}
        _ => assert!(said.contains("is safe") || said.contains("cannot be written"), "{fault:?}: {said}"),
    }
    trial.check(fault);
    trial.finish(fault);
    let status = Status { entries: expected.entries, revisions: expected.revisions, ..trial.status() };
    assert_eq!(status, expected, "{fault:?}");
}

/// Kills and power cuts at random calls, all on one project.
fn random(number: u64, kills: u64) {
    let trial = Trial::new();
    let mut seed = 0x9e37_79b9_7f4a_7c15u64 ^ number;
    let mut killed = 0;
    let mut rounds = 1;
    while killed < kills || rounds < 3 {
        // xorshift64* (Vigna 2016)
        seed ^= seed >> 12;
        seed ^= seed << 25;
        seed ^= seed >> 27;
        let random = seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        let fault = (if random & 1 == 0 { "kill" } else { "cut" }, 1 + (random >> 1) % 250, seed);
        let (output, _) = trial.child(Some(fault), rounds);
        match output.status.signal() {
            Some(9) => killed += 1,
            _ => assert!(output.status.success(), "{fault:?}: {output:?}"),
        }
        if output.status.success() {
            rounds += 1;
        }
        trial.check(fault);
    }
    let status = trial.status();
    assert!(status.sources >= rounds - 1 && status.reports == 2 * status.sources, "{status:?}");
}

#[test]
fn a_thousand_random_kills() {
    let projects: Vec<u64> = (1..=40).collect();
    on_all_processors(&projects, |number| random(*number, 25));
}

#[test]
fn two_processes() {
    const EACH: u64 = 8;
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("shared.casus");
    drop(Project::init(&path, &stamp()).expect("a project"));
    let child = |name: &str| {
        Command::new(std::env::current_exe().expect("this test"))
            .args(["child", "--exact", "--test-threads=1"])
            .env("CHILD_PROJECT", &path)
            .env("CHILD_ROUNDS", (2 * EACH).to_string())
            .env("CHILD_NAME", name)
            .env("CHILD_ACKNOWLEDGED", folder.path().join(format!("acknowledged-{name}")))
            .spawn()
            .expect("the child runs")
    };
    let mut children = [child("one"), child("two")];
    for child in &mut children {
        assert!(child.wait().expect("the child ends").success());
    }
    let project = Project::open(&path, &stamp()).expect("a project");
    let status = project.status().expect("a status");
    // Either may have been at work on a round when the other made the last one.
    assert!((2 * EACH..=2 * EACH + 1).contains(&status.sources), "{status:?}");
    assert_eq!(status.readings, status.reports);
    let told = ["one", "two"]
        .map(|name| fs::read_to_string(folder.path().join(format!("acknowledged-{name}"))).expect("told"));
    for head in &told {
        let verified = project.verify(Some(head)).expect("verified");
        assert!(verified.is_clean(), "{:#?}", verified.findings);
    }
}
