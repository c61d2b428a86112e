//! What a project survives: a process killed at any write, power cuts, a full disk, a failing one, two
//! writers at once, and a file that was altered.
//!
//! [`work`] runs in a child process, under a library (`faults.c`, made with `cc`) that counts every call
//! that changes the project's files and fails one of them, or kills the process in the middle of it. The
//! child says after each act which log entry was committed. The parent then opens the project, checks it
//! with `verify`, asks that the log still holds the last entry that was told, and lets the work be finished.
//!
//! The usual run takes some of the points; all of them, and a thousand random ones:
//! `cargo test --release -p casus-store --test durability -- --ignored every_point thousand`

#![cfg(target_os = "linux")]

use casus_record::{Event, MadeBy, Reading, Report};
use casus_store::{Error, Outcome, Project, Stamp, Status};
use serde_json::json;
use std::{
    fs,
    io::Write,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};
use tempfile::TempDir;

mod damage;

/// Rounds of [`work`] in a whole run.
const ROUNDS: u64 = 3;

fn stamp() -> Stamp {
    Stamp { who: "tester".into(), at: "2024-03-14T12:00:00Z".parse().expect("a time") }
}

fn version(number: u64) -> MadeBy {
    MadeBy { casus: format!("0.{number}"), pack: "pack".into(), options: "none".into() }
}

fn event(id: &str, report: &str) -> Event {
    let event = json!({
        "schema": "casus-event/1", "id": id,
        "made_by": {"casus": "0", "pack": "pack", "options": "none"},
        "report": {"id": report, "text_sha256": report},
        "scope": "incident", "told": "news", "status": "happened",
        "action": {"family": "attack", "also": [], "weapons": [], "directionality": "unknown", "triggers": [[0, 4]]},
        "result": {}, "where": [], "participants": [], "losses": [], "materiel": [], "voices": [],
        "voices_of_event": [], "relations": [], "confidence": 0.5, "notes": []
    });
    serde_json::from_value(event).expect("an event")
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
    (0..600).map(|_| word()).collect()
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

/// Reads what is unread, links, and logs an export.
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
    let pairs =
        |events: &[Event]| (0..events.len()).collect::<Vec<_>>().chunks(3).map(<[usize]>::to_vec).collect();
    let record =
        |events: &[&Event]| json!({"events": events.iter().map(|e| &e.id).collect::<Vec<_>>(), "claims": []});
    project.relink(&stamp(), "test", &version(0), pairs, record)?;
    told(project);
    project.record(&stamp(), "export", json!({}))?;
    told(project);
    Ok(())
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
        Trial { folder: TempDir::new().expect("a temporary folder") }
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

    fn status(&self) -> Status {
        Project::open(&self.project(), &stamp()).and_then(|project| project.status()).expect("a project")
    }
}

/// Faults at every `stride`-th call of a whole run, from the first.
fn every(stride: usize) {
    let undisturbed = Trial::new();
    let (output, calls) = undisturbed.child(None, ROUNDS);
    assert!(output.status.success(), "{output:?}");
    assert!(calls > 50, "{calls} calls: the library does not see them");
    let expected = undisturbed.status();
    assert_eq!((expected.sources, expected.reports, expected.readings), (ROUNDS, 2 * ROUNDS, 2 * ROUNDS));
    for (turn, kind) in ["kill", "cut", "eio", "enospc"].into_iter().enumerate() {
        for at in (1 + turn as u64..=calls).step_by(stride) {
            let (trial, fault) = (Trial::new(), (kind, at, at));
            let (output, _) = trial.child(Some(fault), ROUNDS);
            let said = String::from_utf8_lossy(&output.stderr);
            match kind {
                "kill" | "cut" => assert_eq!(output.status.signal(), Some(9), "{fault:?}: {said}"),
                // A failed sync of what can be made again, or of a file that goes, costs nothing.
                _ if output.status.success() => {}
                _ => assert!(
                    said.contains("is safe") || said.contains("cannot be written"),
                    "{fault:?}: {said}"
                ),
            }
            trial.check(fault);
            let (output, _) = trial.child(None, ROUNDS);
            assert!(output.status.success(), "{fault:?}: not finished afterwards: {output:?}");
            trial.check(fault);
            let status =
                Status { entries: expected.entries, revisions: expected.revisions, ..trial.status() };
            assert_eq!(status, expected, "{fault:?}");
        }
    }
}

/// Kills and power cuts at random calls, all on one project.
fn random(kills: u64) {
    let trial = Trial::new();
    let mut seed = 0x9e37_79b9_7f4a_7c15u64;
    let mut killed = 0;
    let mut rounds = 1;
    while killed < kills || rounds < 3 {
        // xorshift64* (Vigna 2016)
        seed ^= seed >> 12;
        seed ^= seed << 25;
        seed ^= seed >> 27;
        let random = seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        let fault = (if random & 1 == 0 { "kill" } else { "cut" }, 1 + (random >> 1) % 300, seed);
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
fn some_points() {
    every(23);
}

#[test]
fn random_kills() {
    random(25);
}

#[test]
#[ignore = "takes minutes: a fault of each kind at every write"]
fn every_point() {
    every(1);
}

#[test]
#[ignore = "takes minutes: a thousand kills"]
fn thousand_random_kills() {
    random(1000);
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
