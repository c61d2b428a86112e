//! `casus learn` through the whole program: from corrected records to a file that is laid over, and taken away again.

use serde_json::{Value, json};
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};
use tempfile::TempDir;

/// A word that no list has, a word that is no action here, a name that no register has.
const REPORTS: [(&str, &str); 9] = [
    ("b1", "Soldiers bulldozed four houses in Beya on 3 May 2023."),
    ("b2", "On 9 June 2023 militiamen bulldozed two shops in Gol."),
    ("b3", "Soldiers bulldozed a school near Lodo on 2 July 2023."),
    ("g1", "Fighters of the Front of Gol killed two farmers at Beya on 5 May 2023."),
    ("g2", "The Front of Gol killed a trader in Lodo on 8 May 2023."),
    ("g3", "The Front of Gol shot dead three soldiers near Beya on 12 May 2023."),
    ("p1", "About 40 farmers marched in Beya on 4 May 2023."),
    ("p2", "Some 200 students marched in Lodo on 6 May 2023."),
    ("p3", "On 7 May 2023 about 300 teachers marched in Gol."),
];

fn casus(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_casus"));
    command.args(args).current_dir(folder).env("SOURCE_DATE_EPOCH", "1700000000").env("CASUS_WHO", "tester");
    command.output().expect("casus runs")
}

#[track_caller]
fn check(folder: &Path, args: &[&str], status: i32, stdout: &[&str], stderr: &[&str]) -> String {
    let output = casus(folder, args);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "{args:?}\n{out}\n{err}");
    for part in stdout {
        assert!(out.contains(part), "{args:?}: no {part:?} in\n{out}");
    }
    for part in stderr {
        assert!(err.contains(part), "{args:?}: no {part:?} in\n{err}");
    }
    assert!(!err.contains("panicked"), "{args:?}\n{err}");
    out.into_owned()
}

/// A folder with the reports, and corrections of them.
fn folder(corrections: &[Value]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let rows: String =
        REPORTS.iter().map(|(id, text)| format!("{}\n", json!({ "id": id, "text": text }))).collect();
    fs::write(folder.path().join("reports.jsonl"), rows).expect("file");
    let lines: String = corrections.iter().map(|line| format!("{line}\n")).collect();
    fs::write(folder.path().join("corrections.jsonl"), lines).expect("file");
    folder
}

fn corrections() -> Vec<Value> {
    let bulldozed = |id: &str| json!({ "report": { "id": id }, "trigger": "bulldozed", "action": { "family": "property_destruction" } });
    let marched = |id: &str| json!({ "report": { "id": id }, "trigger": "marched", "verdict": "reject" });
    let front = |id: &str, trigger: &str, struck: &str| {
        let who = json!({ "role": "actor", "name": "Front of Gol", "class": "rebel", "register": "mli-gol-front",
                          "country": "ML" });
        let struck = json!({ "role": "recipient", "name": struck });
        json!({ "report": { "id": id }, "trigger": trigger, "participants": [who, struck] })
    };
    vec![
        bulldozed("b1"),
        bulldozed("b2"),
        bulldozed("b3"),
        marched("p1"),
        marched("p2"),
        marched("p3"),
        front("g2", "killed", "a trader"),
        front("g3", "shot dead", "three soldiers"),
    ]
}

/// The events of all reports, a line each.
fn read(folder: &Path, more: &[&str]) -> String {
    check(
        folder,
        &[&["read", "reports.jsonl", "--format", "jsonl", "--profile", "fast"], more].concat(),
        0,
        &[],
        &[],
    )
}

/// How many events of a report there are.
fn events(lines: &str, report: &str) -> usize {
    let records = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    records.filter(|record| record["report"]["id"] == report).count()
}

const LEARN: [&str; 4] = ["learn", "corrections.jsonl", "--reports", "reports.jsonl"];

#[test]
fn what_was_learned_is_laid_over_and_taken_away() {
    let folder = folder(&corrections());
    let at = folder.path();
    let before = read(at, &[]);
    assert_eq!([events(&before, "b1"), events(&before, "p1")], [0, 1], "{before}");
    let told = check(
        at,
        &LEARN,
        0,
        &[
            "learned from 8 records of 8 reports",
            "word   \"bulldoze\" (verb) is a word of \"burn\"",
            "word   \"march\" (verb) names no action",
            "name   \"Front of Gol\" is mli-gol-front (rebel)",
        ],
        &["learned.toml: written", "delete it to undo"],
    );
    let file = fs::read_to_string(at.join("learned.toml")).expect("a file");
    assert!(file.contains("word = \"bulldoze\"\nkind = \"verb\"\nlike = \"burn\"\nweak = false"), "{file}");
    let after = read(at, &["--learned", "learned.toml"]);
    assert_eq!([events(&after, "b1"), events(&after, "p1")], [1, 0], "{after}");
    assert!(after.contains("\"register\":\"mli-gol-front\"") && !before.contains("mli-gol-front"), "{after}");
    assert!(after.lines().all(|line| line.contains(" learned=")) && !before.contains("learned="), "{after}");
    assert_eq!(read(at, &[]), before, "without it nothing is left");
    // The same corrections give the same bytes, in whatever order they stand.
    let mut turned = corrections();
    turned.reverse();
    let again = self::folder(&turned);
    assert_eq!(check(again.path(), &LEARN, 0, &[], &[]), told);
    let without_hash = |file: &str| {
        file.lines()
            .filter(|line| !line.starts_with("corrections_sha256"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let other = fs::read_to_string(again.path().join("learned.toml")).expect("a file");
    assert_eq!(without_hash(&other), without_hash(&file));
    let explained = casus(at, &["explain", "--learned", "learned.toml", "reports.jsonl"]);
    assert!(explained.status.success());
    let explained = String::from_utf8_lossy(&explained.stdout).into_owned();
    assert!(explained.contains("was learned from corrections"), "{explained}");
}

#[test]
fn what_does_not_help_on_others_is_not_kept() {
    // One report alone tells of bulldozing.
    let one: Vec<Value> = corrections()
        .into_iter()
        .filter(|line| line["report"]["id"] != "b2" && line["report"]["id"] != "b3")
        .collect();
    let folder = folder(&one);
    let at = folder.path();
    let report = [&LEARN[..], &["--dry-run", "--report", "report.json"]].concat();
    check(at, &report, 0, &["not kept", "no other report tells whether it helps"], &[]);
    assert!(!at.join("learned.toml").exists());
    let report: Value =
        serde_json::from_slice(&fs::read(at.join("report.json")).expect("a report")).expect("JSON");
    let tried = report["tried"].as_array().expect("tried");
    let of = |word: &str| {
        let own =
            tried.iter().find(|tried| tried["change"].as_str().is_some_and(|change| change.contains(word)));
        own.unwrap_or_else(|| panic!("{word} in {report:#}"))["kept"].clone()
    };
    assert_eq!([of("bulldoze"), of("march")], [json!(false), json!(true)]);
    let errors = |when: &str| {
        ["wrong", "missed", "invented"].iter().filter_map(|kind| report[when][kind].as_u64()).sum::<u64>()
    };
    assert!(errors("after") < errors("before"), "{report:#}");
}

#[test]
fn corrected_output_and_deleted_lines() {
    let folder = folder(&[]);
    let at = folder.path();
    let lines = read(at, &["--with-text"]);
    // Whoever corrects the output deletes what is no event.
    let kept: String =
        lines.lines().filter(|line| !line.contains("marched")).map(|line| format!("{line}\n")).collect();
    fs::write(at.join("kept.jsonl"), kept).expect("file");
    // Nothing is said of the reports whose lines are gone …
    check(at, &["learn", "kept.jsonl"], 0, &["learned from"], &["no file is written"]);
    // … unless an event of them is left: here the line of another report says it all.
    let text =
        "Farmers marched in Beya on 4 May 2023.\n\nSoldiers shot dead two men near Lodo on 9 May 2023.";
    let more = "Students marched in Gol on 4 May 2023.\n\nSoldiers shot dead a man near Lodo on 9 June 2023.";
    let rows = [text, more].map(|text| format!("{}\n", json!({ "text": text }))).concat();
    fs::write(at.join("two.jsonl"), rows).expect("file");
    let both = check(
        at,
        &["read", "two.jsonl", "--with-text", "--format", "jsonl", "--profile", "fast"],
        0,
        &[],
        &[],
    );
    let marches =
        |line: &&str| serde_json::from_str::<Value>(line).is_ok_and(|r| r["action"]["family"] == "protest");
    assert_eq!(both.lines().filter(marches).count(), 2, "{both}");
    let kept: String = both.lines().filter(|line| !marches(line)).map(|line| format!("{line}\n")).collect();
    fs::write(at.join("two-kept.jsonl"), kept).expect("file");
    check(at, &["learn", "two-kept.jsonl", "--dry-run"], 0, &[], &["no file is written"]);
    check(
        at,
        &["learn", "two-kept.jsonl", "--complete", "--dry-run"],
        0,
        &["\"march\" (verb) names no action"],
        &[],
    );
}

#[test]
fn roles_are_learned_from_lists_of_participants() {
    // Whoever codes these reports takes the crews, not the boats, for those who were struck.
    let text = |n: usize, what: &str| format!("Gunmen attacked {what} near Beya on {n} May 2023.");
    let things = ["a bus", "a truck", "a ferry", "a train", "a boat", "a convoy"];
    let folder = TempDir::new().expect("a temporary folder");
    let at = folder.path();
    let line = |(n, what): (usize, &&str)| {
        let text = text(n + 1, what);
        json!({ "report": { "text": text }, "trigger": "attacked",
                "participants": [{ "role": "actor", "name": "Gunmen" }] })
    };
    let lines: String = things.iter().enumerate().map(line).map(|line| format!("{line}\n")).collect();
    fs::write(at.join("c.jsonl"), lines).expect("file");
    check(at, &["learn", "c.jsonl", "-o", "mine.toml"], 0, &["roles  "], &["mine.toml: written"]);
    fs::write(at.join("new.txt"), text(9, "a clinic")).expect("file");
    let recipients = |args: &[&str]| {
        let out = check(
            at,
            &[&["read", "new.txt", "--format", "jsonl", "--profile", "fast"], args].concat(),
            0,
            &[],
            &[],
        );
        out.matches("\"role\":\"recipient\"").count()
    };
    assert_eq!([recipients(&[]), recipients(&["--learned", "mine.toml"])], [1, 0]);
}

#[test]
fn decisions_of_a_project_teach() {
    let folder = folder(&[]);
    let at = folder.path();
    for command in
        [&["init", "p.casus"][..], &["add", "reports.jsonl"], &["read", "--profile", "fast"], &["link"]]
    {
        check(at, command, 0, &[], &[]);
    }
    check(at, &["learn"], 2, &[], &["nothing was decided yet"]);
    let incidents = check(at, &["export", "--format", "jsonl"], 0, &[], &[]);
    let mut rejected = 0;
    for line in incidents.lines() {
        let incident: Value = serde_json::from_str(line).expect("JSON");
        let protest = incident["action"]["family"] == "protest";
        let id = incident["id"].as_str().expect("an id");
        let verdict = if protest { "reject" } else { "accept" };
        rejected += usize::from(protest);
        check(at, &["review", verdict, id, "--who", "ana", "--why", "read it"], 0, &[], &[]);
    }
    assert_eq!(rejected, 3, "{incidents}");
    check(at, &["learn"], 0, &["word   \"march\" (verb) names no action"], &["learned.toml: written"]);
    check(at, &["read", "--learned", "learned.toml", "--profile", "fast"], 0, &[], &["9 reports read"]);
    check(at, &["status"], 0, &[" learned="], &[]);
}

#[test]
fn what_cannot_be_used_is_said() {
    let bad = [
        json!({ "report": { "id": "b1" } }),
        json!({ "report": { "id": "nowhere" }, "trigger": "killed" }),
        json!({ "report": { "id": "b1" }, "trigger": "exploded" }),
        json!({ "report": { "id": "b1" }, "action": { "triggers": [[0, 999]] } }),
        json!({ "report": { "id": "b1", "text_sha256": "00" }, "trigger": "bulldozed" }),
        json!(7),
    ];
    let folder = folder(&[&corrections()[..], &bad].concat());
    let at = folder.path();
    let reasons = [
        "corrections.jsonl:9: names no trigger",
        "corrections.jsonl:10: the text of its report is not known",
        "corrections.jsonl:11: the text does not hold the trigger \"exploded\"",
        "corrections.jsonl:12: [0, 999] is no span of the text",
        "corrections.jsonl:13: the text is not",
        "corrections.jsonl:14: not a record",
    ];
    check(at, &LEARN, 1, &["learned from 8 records"], &reasons);
    fs::write(at.join("mine.toml"), "work = \"of somebody\"\n").expect("file");
    let over = [&LEARN[..], &["-o", "mine.toml"]].concat();
    check(at, &over, 2, &[], &["mine.toml: is there and was not written by `casus learn`"]);
    check(
        at,
        &["read", "reports.jsonl", "--learned", "mine.toml"],
        2,
        &[],
        &["not what `casus learn` writes"],
    );
    check(at, &["read", "reports.jsonl", "--learned", "none.toml"], 2, &[], &["none.toml"]);
    let file = fs::read_to_string(at.join("learned.toml")).expect("a file");
    fs::write(at.join("strange.toml"), file.replace("like = \"burn\"", "like = \"dance\"")).expect("file");
    let strange = ["read", "reports.jsonl", "--learned", "strange.toml"];
    check(at, &strange, 2, &[], &["there is no trigger \"dance\"", "learn again"]);
    check(at, &["learn", "none.jsonl"], 2, &[], &["none.jsonl"]);
    fs::write(at.join("empty.jsonl"), "\n").expect("file");
    check(at, &["learn", "empty.jsonl"], 2, &[], &["0 reports with corrections", "two are the least"]);
}
