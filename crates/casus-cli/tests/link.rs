//! `casus read` into `casus link`: two reports of one attack and one of another.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};
use tempfile::TempDir;

const REPORTS: &str = r#"{"id": "one", "publisher": "Aru Courier", "published": "2023-05-04", "text": "Gunmen killed 14 farmers at Beya on 3 May 2023."}
{"id": "two", "publisher": "Lodo Herald", "published": "2023-05-05", "text": "Gunmen attacked farmers at Beya on 3 May 2023, killing 17 people, witnesses said."}
{"id": "three", "publisher": "Aru Courier", "published": "2023-06-12", "text": "Soldiers shot dead two men near Gol on 11 June 2023."}
"#;

fn casus(folder: &Path, args: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_casus")).args(args).current_dir(folder).output();
    output.expect("casus runs")
}

#[track_caller]
fn check(folder: &Path, args: &[&str], status: i32, stdout: &[&str], stderr: &[&str]) -> String {
    let output = casus(folder, args);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "{args:?}\n{err}");
    for part in stdout {
        assert!(out.contains(part), "{args:?}: no {part:?} in\n{out}");
    }
    for part in stderr {
        assert!(err.contains(part), "{args:?}: no {part:?} in\n{err}");
    }
    out.into_owned()
}

#[test]
fn reports_to_incidents() {
    let folder = TempDir::new().expect("a temporary folder");
    let at = folder.path();
    fs::write(at.join("reports.jsonl"), REPORTS).expect("file");
    check(at, &["read", "reports.jsonl", "-o", "events.jsonl", "--with-text", "--quiet"], 0, &[], &[]);
    check(
        at,
        &["link", "events.jsonl"],
        0,
        &["2 sources, 2 events", "1 source, 1 event", "14", "17", "range"],
        &[],
    );
    let lines = check(
        at,
        &["link", "events.jsonl", "--format", "jsonl"],
        0,
        &["casus-incident/1"],
        &["2 incidents of 3 events"],
    );
    let incidents: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("a record a line")).collect();
    assert_eq!(incidents.len(), 2);
    assert_eq!(incidents[0]["agreement"]["losses.killed"], "range");
    // The order of the events changes nothing.
    let events = fs::read_to_string(at.join("events.jsonl")).expect("events");
    let turned: Vec<&str> = events.lines().rev().collect();
    fs::write(at.join("turned.jsonl"), turned.join("\n")).expect("file");
    assert_eq!(check(at, &["link", "turned.jsonl", "--format", "jsonl"], 0, &[], &[]), lines);
    check(at, &["link", "events.jsonl", "-o", "claims.svg"], 0, &[], &["2 incidents"]);
    let picture = fs::read_to_string(at.join("claims.svg")).expect("a picture");
    assert!(picture.starts_with("<svg") && picture.contains("Lodo Herald"), "{picture}");
}

#[test]
fn what_is_no_event_is_named() {
    let folder = TempDir::new().expect("a temporary folder");
    let at = folder.path();
    fs::write(at.join("bad.jsonl"), "{\"no\": \"event\"}\n").expect("file");
    check(
        at,
        &["link", "bad.jsonl"],
        2,
        &[],
        &["bad.jsonl:1: no event record", "no event in what was given"],
    );
    check(at, &["link", "missing.jsonl"], 2, &[], &["missing.jsonl"]);
}
