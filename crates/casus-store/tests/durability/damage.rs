//! Files that are not what was written, and what is said of them.

use super::{round, stamp};
use casus_store::Project;
use std::{
    fs::{self, OpenOptions},
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::TempDir;

/// A project of two rounds, closed.
fn project() -> (TempDir, PathBuf) {
    project_of(2)
}

fn project_of(rounds: u32) -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("p.casus");
    let mut project = Project::init(&path, &stamp()).expect("a project");
    for _ in 0..rounds {
        round(&mut project, "one", &mut |_| ()).expect("a round");
    }
    drop(project);
    (folder, path)
}

/// Everything that is wrong with the project, as a user would read it; empty if nothing is.
fn wrong(path: &Path, head: Option<&str>) -> String {
    match Project::open(path, &stamp()).and_then(|project| project.verify(head)) {
        Ok(verified) => verified.findings.iter().map(|f| format!("{}: {}\n", f.place, f.what)).collect(),
        Err(error) => error.to_string(),
    }
}

/// Overwritten bytes anywhere are noticed, or stood where nothing is kept; and never panic.
#[test]
fn overwritten_bytes() {
    let (_folder, path) = project_of(16);
    let whole = fs::read(&path).expect("the file");
    let held = |path: &Path| {
        let project = Project::open(path, &stamp()).expect("a project");
        (
            project.log().expect("a log"),
            project.incidents().expect("incidents"),
            project.status().expect("a status"),
        )
    };
    assert_eq!(wrong(&path, None), "");
    let before = held(&path);
    let mut noticed = 0;
    for at in (0..whole.len()).step_by(whole.len() / 60 + 1) {
        let mut file = OpenOptions::new().write(true).open(&path).expect("the file");
        file.write_all(&whole).expect("written");
        file.seek(SeekFrom::Start(at as u64)).expect("within");
        file.write_all(&[0x5a; 16]).expect("written");
        file.set_len(whole.len() as u64).expect("set");
        drop(file);
        if wrong(&path, None).is_empty() {
            assert_eq!(held(&path), before, "at {at}");
        } else {
            noticed += 1;
        }
    }
    assert!(noticed > 20, "{noticed}");
}

#[track_caller]
fn check(change: impl FnOnce(&Path), expected: &str) {
    let (_folder, path) = project();
    change(&path);
    let wrong = wrong(&path, None);
    assert!(wrong.contains(expected), "no {expected:?} in {wrong:?}");
}

#[test]
fn cut_short() {
    let cut = |to: u64| {
        move |path: &Path| OpenOptions::new().write(true).open(path).and_then(|f| f.set_len(to)).expect("cut")
    };
    check(cut(0), "is not a casus project");
    check(cut(50), "go back to the last good copy");
    check(cut(20_000), "copy the file before anything else");
}

#[test]
fn other_files() {
    check(
        |path| {
            fs::write(path, "Some text that is no project, but long enough to be read as one.")
                .expect("written")
        },
        "no SQLite file",
    );
    check(|path| fs::remove_file(path).expect("removed"), "casus init");
}

/// Runs SQL on the project as an ill-meaning or a clumsy hand would.
fn by_hand(sql: &'static str) -> impl FnOnce(&Path) {
    move |path| {
        let connection = rusqlite::Connection::open(path).expect("opened");
        connection.execute_batch("PRAGMA foreign_keys = OFF").expect("set");
        connection.execute_batch(sql).expect("done");
    }
}

#[test]
fn altered_by_hand() {
    check(by_hand("PRAGMA user_version = 99"), "install the newer version");
    check(by_hand("PRAGMA application_id = 1"), "is not a casus project");
    check(
        by_hand("DROP TRIGGER log_no_UPDATE; UPDATE log SET who = 'somebody' WHERE seq = 2"),
        "entry 2 of the log: was altered",
    );
    check(by_hand("DROP TRIGGER log_no_DELETE; DELETE FROM log WHERE seq = 3"), "entries are missing");
    check(
        by_hand("DROP TRIGGER copy_no_UPDATE; UPDATE copy SET published = '2024-01-01' WHERE id = 1"),
        "what it wrote was altered (add by tester",
    );
    check(
        by_hand("DROP TRIGGER report_no_UPDATE; UPDATE report SET text = x'00' WHERE id = 1"),
        "report 1: is not the text",
    );
    check(
        by_hand("DROP TRIGGER source_part_no_DELETE; DELETE FROM source_part WHERE id = 1"),
        "one-0.txt: is not the file that was received",
    );
    check(by_hand("INSERT INTO words (words) VALUES ('delete-all')"), "the index of words");
    check(
        by_hand("INSERT INTO decision (entry, data) VALUES (99, '{}')"),
        "knows nothing of 1 rows of decision",
    );
}

#[test]
fn rows_cannot_be_changed() {
    let (_folder, path) = project();
    let connection = rusqlite::Connection::open(&path).expect("opened");
    for table in ["log", "source", "report", "reading", "incident", "revision"] {
        let error = connection.execute(&format!("DELETE FROM {table}"), []).expect_err("refused");
        assert!(error.to_string().contains("append-only"), "{table}: {error}");
    }
}

/// A log that was cut at its end is whole in itself; only a hash that somebody wrote down tells.
#[test]
fn a_cut_log_is_told_by_its_head() {
    let (_folder, path) = project();
    let head = Project::open(&path, &stamp()).and_then(|p| p.verify(None)).expect("verified").head;
    by_hand("DROP TRIGGER log_no_DELETE; DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)")(&path);
    assert_eq!(wrong(&path, None), "");
    assert!(wrong(&path, Some(&head)).contains("it was rewritten or cut since"));
}

#[test]
fn another_writer() {
    let (_folder, path) = project();
    let other = rusqlite::Connection::open(&path).expect("opened");
    other.execute_batch("BEGIN IMMEDIATE").expect("locked");
    let mut project = Project::open(&path, &stamp()).expect("readers need not wait");
    project.patience(Duration::ZERO).expect("set");
    assert_eq!(project.search("gunmen", 9).expect("found").len(), 4);
    let error = project.record(&stamp(), "export", serde_json::json!({})).expect_err("locked");
    assert!(error.is_busy() && error.to_string().contains("wait until the other has finished"), "{error}");
    other.execute_batch("ROLLBACK").expect("unlocked");
    project.record(&stamp(), "export", serde_json::json!({})).expect("written");
}

/// A file that may not grow: SQLite's own limit stands for a full disk.
#[test]
fn a_full_disk() {
    let (_folder, path) = project();
    let before = Project::open(&path, &stamp()).and_then(|p| p.status()).expect("a status");
    let mut project = Project::open(&path, &stamp()).expect("a project");
    project.most_bytes(1 << 14).expect("set");
    let error = round(&mut project, "one", &mut |_| ()).expect_err("full");
    assert!(error.is_full() && error.to_string().contains("free some space"), "{error}");
    drop(project);
    assert_eq!(wrong(&path, None), "");
    assert_eq!(Project::open(&path, &stamp()).and_then(|p| p.status()).expect("a status"), before);
}
