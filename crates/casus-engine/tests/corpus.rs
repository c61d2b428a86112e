//! Runs the specification: every case of `corpus/*.md` (the format is explained in
//! `corpus/README.md`).

mod corpus {
    pub(crate) mod case;
    pub(crate) mod matching;
}

use casus_engine::Casus;
use corpus::{case::cases, matching::compare};
use serde_json::Value;
use std::{fmt::Write, fs, path::Path};

#[test]
fn every_case_reads_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "md") && !path.ends_with("README.md"));
    files.sort();
    assert!(!files.is_empty(), "no cases in {}", folder.display());
    let casus = Casus::embedded().unwrap();
    let (mut right, mut known_wrong, mut failures) = (0, 0, String::new());
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        for case in cases(&text).unwrap_or_else(|error| panic!("{name}: {error}")) {
            let events = casus.read(&case.report).events;
            let found: Vec<Value> = events.iter().map(|event| serde_json::to_value(event).unwrap()).collect();
            let at = format!("{name}:{} {}", case.line, case.heading);
            match (compare(&case.report.text, &case.expected, &found), case.known_wrong) {
                (Ok(()), false) => right += 1,
                (Err(difference), true) => {
                    known_wrong += 1;
                    println!("{at} (known to be wrong)\n{difference}");
                }
                (Ok(()), true) => {
                    writeln!(failures, "\n{at}\n  reads as written now: remove `known-wrong`").unwrap();
                }
                (Err(difference), false) => writeln!(failures, "\n{at}\n{difference}").unwrap(),
            }
        }
    }
    println!("{right} cases read as written, {known_wrong} are known to be wrong");
    assert!(failures.is_empty(), "{failures}");
}
