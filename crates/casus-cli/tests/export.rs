//! `casus export` and `casus import`: what goes in, what comes out, what is said and with which status.

use std::{fs, path::Path, process::Command};
use tempfile::TempDir;

/// Runs `casus` in a folder; standard output and standard error together.
#[track_caller]
fn check(folder: &Path, args: &[&str], status: i32, parts: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_casus")).current_dir(folder).args(args).output();
    let output = output.expect("casus runs");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert_eq!(output.status.code(), Some(status), "{args:?}\n{said}");
    for part in parts {
        assert!(said.contains(part), "{args:?}: no {part:?} in\n{said}");
    }
    said
}

/// A folder with the records of a report.
fn folder() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let text = "Gunmen killed four farmers at Beya on 3 May 2023. Farida Moro, a teacher, was wounded.";
    fs::write(folder.path().join("report.txt"), text).expect("a file");
    check(folder.path(), &["read", "report.txt", "-o", "events.jsonl", "--quiet"], 0, &[]);
    folder
}

#[test]
fn records_go_into_the_columns_of_a_data_set() {
    let at = folder();
    let at = at.path();
    let csv = check(
        at,
        &["export", "--profile", "acled", "events.jsonl", "--log", "log.jsonl"],
        0,
        &["event_id_cnty,event_date,", "2023-05-03", "Unidentified Armed Group", "note: "],
    );
    assert!(!csv.contains("report.txt") && !csv.contains("Farida") && !csv.contains("farmers at"), "{csv}");
    let log = fs::read_to_string(at.join("log.jsonl")).expect("a log");
    assert!(log.contains("\"column\":\"fatalities\"") && !log.contains("Farida"), "{log}");
    for profile in ["ucdp-ged", "gtd", "plover", "cameo", "hxl", "stix"] {
        check(at, &["export", "-p", profile, "events.jsonl", "-o", "out", "--quiet"], 0, &[]);
        assert!(fs::read_to_string(at.join("out")).expect("an export").len() > 100, "{profile}");
    }
}

#[test]
fn mistakes_are_named() {
    let at = folder();
    let at = at.path();
    check(at, &["export", "--profile", "acled", "absent.jsonl"], 2, &["absent.jsonl: "]);
    check(at, &["export", "--profile", "acled"], 2, &["no project"]);
    check(at, &["export", "--profile", "nobody", "events.jsonl"], 2, &["ucdp-ged"]);
    check(at, &["export", "--profile", "acled", "events.jsonl", "-o", "events.jsonl"], 2, &["at once"]);
    fs::write(at.join("broken.jsonl"), "{\"schema\":\n").expect("a file");
    check(at, &["export", "--profile", "acled", "broken.jsonl"], 2, &["broken.jsonl:1: no event record"]);
    check(at, &["export", "--profile", "acled", "events.jsonl", "broken.jsonl"], 1, &["broken.jsonl:1: "]);
    let key = ["export", "--profile", "acled", "events.jsonl", "-o", "a.csv", "--key", "key"];
    check(at, &key, 2, &["head -c 32 /dev/urandom"]);
    fs::write(at.join("key"), [7; 32]).expect("a file");
    check(at, &key, 2, &["keep the key elsewhere"]);
    check(at, &["import", "acled", "report.txt"], 2, &["no column"]);
}

#[test]
fn an_imported_file_comes_back_byte_for_byte() {
    let at = TempDir::new().expect("a temporary folder");
    let at = at.path();
    let file = "event_id_cnty;event_date;sub_event_type;country;fatalities;mine\r\n\
                X1;2024-03-11;Armed clash;Mali;3;\"a;b\"\r\nX2;2024-03-12;Attack;Mali;0;\r\n";
    fs::write(at.join("acled.csv"), file).expect("a file");
    check(at, &["import", "acled", "acled.csv", "-o", "acled.jsonl"], 0, &["2 rows of acled"]);
    check(at, &["export", "--profile", "acled", "acled.jsonl", "-o", "again.csv"], 0, &["2 rows"]);
    assert_eq!(fs::read_to_string(at.join("again.csv")).expect("a file"), file);
    check(at, &["export", "--profile", "hxl", "acled.jsonl"], 0, &["#affected+killed", "2024-03-11", "MLI"]);
}
