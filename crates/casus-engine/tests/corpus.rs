//! Runs the specification: every case of `corpus/*.md`, and every row of the tables of
//! `corpus/time/*.md` and `corpus/places/*.md` (the formats are explained in `corpus/README.md`).

mod corpus {
    pub(crate) mod case;
    pub(crate) mod marks;
    pub(crate) mod matching;
    pub(crate) mod table;
}

use casus_engine::{Casus, mention::place::Gazetteer};
use corpus::{case::cases, marks, matching::compare, table};
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
    let mut tables = Vec::new();
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
        let rows = marks::rows(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let stated = rows.iter().filter(|row| !row.known_wrong).count();
        if stated > 0 {
            tables.push((name.clone(), stated));
        }
        for row in rows {
            let at = format!("{name}:{} {}", row.line, row.heading);
            match (marks::check(&casus, &row), row.known_wrong) {
                (Ok(()), false) => right += 1,
                (Err(_), true) => known_wrong += 1,
                (Ok(()), true) => {
                    writeln!(failures, "\n{at}\n  reads as written now: remove `(known-wrong)`").unwrap();
                }
                (Err(difference), false) => writeln!(failures, "\n{at}\n{difference}").unwrap(),
            }
        }
    }
    for (name, rows) in tables {
        println!("{name}: {rows} rows");
    }
    println!("{right} cases read as written, {known_wrong} are known to be wrong");
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn every_time_reads_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/time");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "md"));
    files.sort();
    let casus = Casus::embedded().unwrap();
    let (mut right, mut failures) = (0, String::new());
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        // `fr.md` is in French.
        let stem = name.trim_end_matches(".md");
        let language = if stem.len() == 2 { stem } else { "en" };
        for row in table::rows(&text, language).unwrap_or_else(|error| panic!("{name}: {error}")) {
            match table::compare(&row, &casus.read_traced(&row.report).mentions.times) {
                Ok(()) => right += 1,
                Err(difference) => {
                    writeln!(
                        failures,
                        "{name}:{} {}: {difference}\n  {:?}",
                        row.line, row.heading, row.report.text
                    )
                    .unwrap();
                }
            }
        }
    }
    println!("{right} rows read as written");
    assert!(failures.is_empty(), "{}\n{failures}", failures.matches("\n  ").count());
    // Tables that went missing must not pass.
    assert!(right >= 250, "only {right} rows");
}

#[test]
fn every_name_of_a_place_finds_it_first() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/places/names.md");
    let gazetteer = Gazetteer::embedded().unwrap();
    let (mut right, mut failures) = (0, String::new());
    for (at, line) in (1..).zip(fs::read_to_string(path).unwrap().lines()) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["", names, country, place, first, _, ""] = *cells else { continue };
        if country.len() != 2 {
            continue;
        }
        let ids: Vec<&str> = first.split(", ").collect();
        for name in names.split("; ") {
            let found = gazetteer.find(name, Some(country));
            let found = found.first().map(|found| (found.place.id(), gazetteer.name(found.entry.place())));
            match found {
                Some((id, called)) if ids.contains(&id.as_str()) && (id != ids[0] || called == place) => {
                    right += 1
                }
                other => writeln!(failures, "names.md:{at} {name}, {country}: {other:?}").unwrap(),
            }
        }
    }
    println!("{right} names find their place first");
    assert!(failures.is_empty(), "{failures}");
    // Tables that went missing must not pass.
    assert!(right >= 150, "only {right} names");
}
