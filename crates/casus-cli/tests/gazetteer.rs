//! `casus gazetteer`: names are found with reasons, and a gazetteer is built from a dump and used.

use std::{fs, path::Path, process::Command};
use tempfile::TempDir;

/// Runs casus in a folder; standard output, if the status is the one expected.
#[track_caller]
fn check(folder: &Path, args: &[&str], status: i32) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_casus"))
        .args(args)
        .current_dir(folder)
        .output()
        .expect("casus runs");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "{args:?}\n{out}\n{err}");
    assert!(!err.contains("panicked"), "{err}");
    format!("{out}{err}")
}

#[test]
fn names_are_found_with_reasons() {
    let folder = TempDir::new().expect("a folder");
    let at = folder.path();
    for (args, expected) in [
        (
            &["gazetteer", "find", "Kabul", "--country", "af"][..],
            &["geonames:1138958", "its name, capital"][..],
        ),
        (
            &["gazetteer", "find", "Dair Alzour", "--country", "SY"],
            &["Deir ez-Zor ", "a name that looks alike"],
        ),
        // A country may be told by its name; what a place is near to tells it as well.
        (&["gazetteer", "find", "Dair Alzour", "--country", "Syria"], &["Deir ez-Zor "]),
        (&["gazetteer", "find", "Dair Alzour", "--near", "Palmyra", "--country", "SY"], &["near Tadmur, "]),
        (
            &["gazetteer", "find", "Khan Shaikoon", "--near", "Aleppo"],
            &["near Aleppo, Aleppo SY", "Khān Shaykhūn "],
        ),
        (&["gazetteer", "find", "Syrian"], &["Syria  country  SY", "its people's name"]),
        (
            &["gazetteer", "find", "Paris", "--near", "Dallas", "--most", "1"],
            &["near Dallas, ", "Paris ", " Texas US ", " km away", " more; --most lists them"],
        ),
        (
            &["gazetteer", "find", "Kabul", "--format", "jsonl", "--most", "1", "--near", "34.5,69.2"],
            &["\"gazetteer\":\"geonames:1138958\"", "\"lat\":34.52", "\"distance_km\":"],
        ),
    ] {
        let out = check(at, args, 0);
        for part in expected {
            assert!(out.contains(part), "{args:?}: no {part:?} in {out}");
        }
    }
    assert!(check(at, &["gazetteer", "find", "Xobeyaxo"], 2).contains("no place is named"));
    assert!(check(at, &["gazetteer", "find", "Paris", "--near", "Xobeyaxo"], 2).contains("--near"));
    assert!(check(at, &["gazetteer", "find", "Paris", "--near", "95,12"], 2).contains("is no point"));
    assert!(check(at, &["gazetteer", "find", "Paris", "--country", "Xobeyaxo"], 2).contains("--country"));
}

#[test]
fn places_of_a_report_are_listed_with_reasons() {
    let folder = TempDir::new().expect("a folder");
    let at = folder.path();
    let text = "Shells fell 17 km north of Aleppo. A court sat in Paris, Texas. Ten died in Xobeyat village.";
    fs::write(at.join("r.txt"), text).expect("file");
    let table = check(at, &["places", "r.txt"], 0);
    for part in [
        "at  words    place   kind             in",
        "27  Aleppo   Aleppo  populated_place  ",
        "\"17 km north of Aleppo\"",
        "Texas US",
        "the text says Texas",
        "Xobeyat  -       populated_place  -",
        "no gazetteer has it; about ",
    ] {
        assert!(table.contains(part), "no {part:?} in\n{table}");
    }
    let lines = check(at, &["places", "r.txt", "--format", "jsonl"], 0);
    assert_eq!(lines.lines().count(), 4, "{lines}");
    assert!(lines.contains("\"text\":\"Aleppo\"") && lines.contains("\"candidates\":[{"), "{lines}");
    fs::write(at.join("none.txt"), "Nothing was said.").expect("file");
    assert_eq!(check(at, &["places", "none.txt"], 0), "no places\n");
}

#[test]
fn a_gazetteer_is_built_from_a_dump() {
    let folder = TempDir::new().expect("a folder");
    let at = folder.path();
    let line = |id: u32, name: &str, others: &str, lat: f64, kind: &str, codes: &str, people: u32| {
        format!("{id}\t{name}\t{name}\t{others}\t{lat}\t36.5\t{kind}\tSY\t\t{codes}\t\t\t{people}\t\t\t\t\n")
    };
    let all = [
        line(163843, "Syria", "", 35.0, "A\tPCLI", "00\t", 18_000_000),
        line(1, "Kile", "", 35.1, "A\tADM1", "07\t", 900_000),
        line(2, "Xobeyar", "Zobeyar,XBY", 35.2, "P\tPPL", "07\t", 1_500),
        line(3, "Moroxo", "", 35.3, "P\tPPL", "\t", 0),
        "broken\n".to_owned(),
    ];
    fs::create_dir(at.join("dump")).expect("folder");
    fs::write(at.join("dump/allCountries.txt"), all.concat()).expect("file");
    fs::write(
        at.join("dump/alternateNamesV2.txt"),
        "1\t2\tar\tزبيار\t\t\t\t\n2\t2\tlink\thttps://example.org\n",
    )
    .expect("file");
    fs::write(at.join("dump/hierarchy.txt"), "1\t3\tADM\n").expect("file");
    assert!(check(at, &["gazetteer", "build", "missing", "-o", "full.gaz"], 2).contains("allCountries.txt"));
    assert!(check(at, &["gazetteer", "build", "dump", "-o", "full.gaz"], 0).contains("GeoNames"));
    assert!(!at.join("full.gaz.parts").exists(), "what is between is removed");
    let find = |name: &str| check(at, &["gazetteer", "find", name, "--gazetteer", "full.gaz"], 0);
    assert!(find("Xobeyar").contains("Xobeyar  populated_place  Kile SY  35.2000,36.5000  geonames:2"));
    assert!(find("Zobeyar").contains("geonames:2"));
    assert!(find("زبيار").contains("geonames:2"));
    // Its division is told by the hierarchy alone.
    assert!(find("Moroxo").contains(" Kile SY "));
    // Names of peoples are casus's own.
    assert!(find("Syrian").contains("geonames:163843"));
    assert!(find("Donbas").contains("casus:"));
    fs::write(at.join("r.txt"), "Gunmen killed four farmers at Xobeyar, Syria, on 3 May 2023.")
        .expect("file");
    let read = check(at, &["read", "r.txt", "--format", "jsonl", "--gazetteer", "full.gaz"], 0);
    assert!(read.contains("\"geonames:2\""), "{read}");
    assert!(check(at, &["read", "r.txt", "--gazetteer", "r.txt"], 2).contains("no gazetteer of casus"));
}
