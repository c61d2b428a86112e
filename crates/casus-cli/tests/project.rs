//! A project from `init` to `export`, through the whole program.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// Two reports of one attack with two tolls, and one of another attack.
const FOURTEEN: &str =
    "Gunmen attacked the market of Zaria, Nigeria, on 11 March 2024, killing 14 people, the hospital said.";
const SEVENTEEN: &str = "At least 17 people were killed when gunmen attacked the market of Zaria, Nigeria, on 11 March 2024, police said.";
const OTHER: &str = "Soldiers killed two men in Maiduguri, Nigeria, on 20 June 2024.";

/// A folder to run `casus` in, at a fixed time.
struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Folder {
        let folder = TempDir::new().expect("a temporary folder");
        for (name, content) in files {
            fs::write(folder.path().join(name), content).expect("file");
        }
        Folder(folder)
    }

    /// A folder with a project in which the three reports are read and linked.
    fn linked() -> Folder {
        let folder = Folder::new(&[("a.txt", FOURTEEN), ("b.txt", SEVENTEEN), ("c.txt", OTHER)]);
        for command in ["init p.casus", "add a.txt b.txt c.txt", "read", "link"] {
            folder.check(command, 0, &[]);
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs a command, its words parted by blanks (`~` is one within a word); gives standard output.
    #[track_caller]
    fn check(&self, command: &str, status: i32, stderr: &[&str]) -> String {
        self.check_at("1700000000", command, status, stderr)
    }

    #[track_caller]
    fn check_at(&self, time: &str, command: &str, status: i32, stderr: &[&str]) -> String {
        let words = command.split(' ').map(|word| word.replace('~', " "));
        let mut child = Command::new(env!("CARGO_BIN_EXE_casus"))
            .args(words)
            .current_dir(self.path())
            .env("SOURCE_DATE_EPOCH", time)
            .env("CASUS_WHO", "tester")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("casus starts");
        // A command that needs no input may have ended by now.
        let _ = child.stdin.take().expect("piped").write_all(OTHER.as_bytes());
        let output = child.wait_with_output().expect("casus ends");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "casus {command}\n{said}");
        for part in stderr {
            assert!(said.contains(part), "casus {command}: no {part:?} in\n{said}");
        }
        assert!(!said.contains("panicked"), "casus {command}\n{said}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// The incidents that the project exports.
    fn incidents(&self) -> Vec<serde_json::Value> {
        let out = self.check("export --format jsonl", 0, &[]);
        out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

/// Numbers that voices give of those killed.
fn killed(incident: &serde_json::Value) -> Vec<u64> {
    let claims = incident["claims"].as_array().expect("claims");
    let killed = claims.iter().filter(|claim| claim["field"] == "losses.killed");
    let mut numbers: Vec<u64> = killed.filter_map(|claim| claim["value"]["value"].as_u64()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The id of the incident with these tolls.
fn id(incidents: &[serde_json::Value], tolls: &[u64]) -> String {
    let incident = incidents.iter().find(|incident| killed(incident) == tolls);
    incident.expect("an incident with these tolls")["id"].as_str().expect("an id").to_owned()
}

#[test]
fn two_incidents_with_both_tolls() {
    let folder = Folder::linked();
    let incidents = folder.incidents();
    let mut tolls: Vec<Vec<u64>> = incidents.iter().map(killed).collect();
    tolls.sort();
    assert_eq!(tolls, [vec![2], vec![14, 17]], "{incidents:#?}");
    let out = folder.check("export --format csv", 0, &[]);
    assert!(out.contains("14 (medical)") && out.contains("17 or more (state)"), "{out}");
    let acled = folder.check("export --format acled", 0, &["2 rows for acled"]);
    assert!(
        incidents.iter().all(|incident| acled.contains(incident["id"].as_str().expect("an id"))),
        "{acled}"
    );
    assert_eq!(folder.check("verify", 0, &[]).lines().next(), Some("p.casus: as it was written"));
}

#[test]
fn exports_hold_no_words_unless_asked() {
    let folder = Folder::linked();
    for command in ["export", "export --events", "export --events --format csv", "export --format csv"] {
        let out = folder.check(command, 0, &[]);
        assert!(!out.contains("the hospital said") && !out.contains("killing 14 people"), "{command}: {out}");
        assert!(!out.contains("a.txt\",\"sha"), "{command}: {out}");
    }
    assert!(folder.check("export --events --full", 0, &[]).contains("14 people"));
    folder.check("export --events --format html", 2, &["--full"]);
    folder.check("export --events -o out.svg", 2, &["the picture is of incidents"]);
    assert!(!folder.path().join("out.svg").exists() && !folder.path().join("out.svg.part").exists());
    folder.check("export --events -o out.parquet", 0, &["3 events"]);
    assert!(folder.path().join("out.parquet").exists());
    let log = folder.check("log", 0, &[]);
    assert!(log.contains("out.parquet") && log.contains("full=true"), "{log}");
}

#[test]
fn incidents_in_every_format() {
    const PERSON: &str =
        "Gunmen killed Amina Sule, a teacher, in Kano, Nigeria, on 2 July 2024, a clerk said.";
    let folder = Folder::linked();
    fs::write(folder.path().join("p.txt"), PERSON).expect("file");
    for command in ["add p.txt", "read", "link"] {
        folder.check(command, 0, &[]);
    }
    let read = |name: &str| fs::read(folder.path().join(name)).expect("the export");
    for (name, part) in [
        ("i.html", "17 or more"),
        ("i.svg", "17 or more"),
        ("i.geojson", "\"killed_high\":17"),
        ("i.csv", "17 or more"),
        ("i.jsonl", "\"value\":17"),
        ("i.txt", "17 or more"),
    ] {
        folder.check(&format!("export -o {name}"), 0, &["3 incidents"]);
        let out = String::from_utf8(read(name)).expect("UTF-8");
        assert!(out.contains(part), "{name}: no {part:?} in {out}");
        assert!(!out.contains("Amina"), "{name}: {out}");
    }
    folder.check("export -o i.parquet", 0, &["3 incidents"]);
    assert!(read("i.parquet").starts_with(b"PAR1"));
    let page = String::from_utf8(read("i.html")).expect("UTF-8");
    assert_eq!(page.matches("<article").count(), 3);
    assert!(
        page.contains("losses.killed") || page.contains("killed <span class=\"agreement range\">range"),
        "{page}"
    );
    assert!(!page.contains("http-equiv=\"refresh\"") && !page.contains("src="), "{page}");
    let geojson: serde_json::Value = serde_json::from_slice(&read("i.geojson")).expect("JSON");
    assert_eq!(geojson["features"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_people_set_is_in_every_export() {
    let folder = Folder::linked();
    let first = id(&folder.incidents(), &[14, 17]);
    folder.check(
        &format!(
            "review edit {first} --set losses.killed=16 --set action.family=shelling --who ana --why photos"
        ),
        0,
        &[],
    );
    let acled = folder.check("export --format acled", 0, &[]);
    let row = acled.lines().find(|line| line.contains(&first)).expect("the row");
    assert!(row.contains("Shelling/artillery/missile attack") && row.contains("16"), "{row}");
    assert!(folder.check("export --format csv", 0, &[]).contains("action.family=shelling; losses.killed=16"));
    for (set, said) in [
        ("action.family=shooting", "no value for the field"),
        ("losses.killed=many", "is a whole number"),
        ("losses.dead=3", "no \"dead\""),
        ("when.earliest=soon", "no value for the field"),
        ("id=in_1", "not set by hand"),
    ] {
        folder.check(&format!("review edit {first} --set {set} --who ana --why x"), 2, &[said]);
    }
}

#[test]
fn another_reckoning_is_another_version() {
    let folder = Folder::linked();
    folder.check("read --hijri tabular-civil", 0, &["3 reports read"]);
    assert!(folder.check("status", 0, &[]).contains("hijri=tabular-civil"));
    folder.check("read --published 2024-03-14", 2, &["casus add"]);
    let schema = folder.check("schema incident", 0, &[]);
    assert!(schema.contains("casus-incident/1") && schema.contains("disputed_fields"), "{schema}");
}

#[test]
fn what_is_known_is_not_added_or_read_again() {
    let folder = Folder::linked();
    fs::copy(folder.path().join("a.txt"), folder.path().join("d.txt")).expect("copy");
    folder.check("add d.txt", 0, &["the same file is in the project already, as a.txt"]);
    fs::write(
        folder.path().join("e.jsonl"),
        format!("{{\"text\": {FOURTEEN:?}, \"publisher\": \"Radio Gol\"}}\n"),
    )
    .expect("file");
    folder.check("add e.jsonl", 0, &["its text is in the project already"]);
    // A copy that tells its day of publication comes before one that does not.
    folder.check("read", 0, &[]);
    folder.check("read", 0, &["has read all reports"]);
    folder.check("link", 0, &[]);
    folder.check("link", 0, &["nothing changed"]);
    folder.check("add missing.txt", 2, &["missing.txt"]);
    folder.check("add -", 0, &["the same file is in the project already, as c.txt"]);
    assert_eq!(folder.incidents().len(), 2);
}

#[test]
fn a_new_report_is_a_diff() {
    let folder = Folder::linked();
    let before = folder.incidents();
    fs::write(
        folder.path().join("f.txt"),
        "Two men were killed by soldiers in Maiduguri, Nigeria, on 20 June 2024, witnesses said.",
    )
    .expect("file");
    fs::write(
        folder.path().join("g.txt"),
        "A bomb exploded in Kano, Nigeria, on 1 July 2024 and wounded five people.",
    )
    .expect("file");
    for command in ["add f.txt g.txt", "read", "link"] {
        folder.check_at("1700000100", command, 0, &[]);
    }
    let diff = folder.check("diff", 0, &[]);
    assert!(diff.contains(&format!("changed   {}", id(&before, &[2]))), "{diff}");
    assert!(diff.contains("new "), "{diff}");
    assert!(!diff.contains(&id(&before, &[14, 17])), "{diff}");
    assert_eq!(folder.check("diff 0 1", 0, &[]).matches("new ").count(), 2);
    folder.check("diff 0 9", 2, &["states 0 to 2"]);
}

#[test]
fn a_decision_outlives_what_comes_after() {
    let folder = Folder::linked();
    let before = folder.incidents();
    let (first, second) = (id(&before, &[14, 17]), id(&before, &[2]));
    folder.check("review edit --set losses.killed=16", 2, &[]);
    folder.check(
        &format!(
            "review edit {first} --set action.family=shelling --set losses.killed=16 --who ana --why photos"
        ),
        0,
        &[],
    );
    folder.check(
        &format!("review edit {first} --set nothing.such=1 --who ana --why photos"),
        2,
        &["no field nothing.such"],
    );
    folder.check("review accept in_none --who ana --why x", 2, &["there is no incident in_none"]);
    folder.check_at(
        "1700000200",
        &format!("review reject {second} --who ana --why exercise"),
        0,
        &["1 rejected"],
    );
    fs::write(
        folder.path().join("f.txt"),
        "Gunmen killed 15 people at the market of Zaria, Nigeria, on 11 March 2024, witnesses said.",
    )
    .expect("file");
    for command in ["add f.txt", "read --scope all", "link"] {
        folder.check(command, 0, &[]);
    }
    let after = folder.incidents();
    assert_eq!(after.len(), 1, "{after:#?}");
    assert_eq!(after[0]["id"], first.as_str());
    assert_eq!(after[0]["action"]["family"], "shelling");
    assert_eq!(after[0]["review"]["values"]["losses.killed"], 16);
    assert_eq!(after[0]["review"]["changed_since"], true);
    assert_eq!(killed(&after[0]), [14, 15, 17]);
    let deleted = folder.check("diff --format deleted", 0, &[]);
    let expected =
        format!("event_id_cnty,deleted_timestamp,reason,replaced_by\n{second},1700000200,rejected,\n");
    assert_eq!(deleted, expected);
}

#[test]
fn merge_and_split() {
    let folder = Folder::linked();
    let before = folder.incidents();
    let (first, second) = (id(&before, &[14, 17]), id(&before, &[2]));
    folder.check(&format!("review merge {first} {second} --who ana --why one~day"), 0, &["2 merged"]);
    let merged = folder.incidents();
    assert_eq!((merged.len(), merged[0]["id"].as_str()), (1, Some(first.as_str())));
    assert_eq!(merged[0]["supersedes"], serde_json::json!([second]));
    let event = merged[0]["events"]
        .as_array()
        .expect("events")
        .last()
        .and_then(|e| e.as_str())
        .expect("an id")
        .to_owned();
    folder.check(&format!("review split {first} --events {event} --who ben --why no"), 0, &[]);
    assert_eq!(folder.incidents().len(), 2);
    folder.check("link", 0, &["nothing changed"]);
    folder.check("verify", 0, &[]);
}

#[test]
fn two_coders() {
    let folder = Folder::linked();
    let incidents = folder.incidents();
    let (first, second) = (id(&incidents, &[14, 17]), id(&incidents, &[2]));
    folder.check("agreement", 0, &["two coders"]);
    for command in [
        format!("review edit {first} --set losses.killed=14 --who ana --why a"),
        format!("review edit {first} --set losses.killed=17 --who ben --why b"),
        format!("review accept {second} --who ana --why a"),
        format!("review accept {second} --who ben --why b"),
    ] {
        folder.check(&command, 0, &[]);
    }
    assert_eq!(
        folder.incidents().iter().filter(|incident| incident["review"]["disputed"] == true).count(),
        1
    );
    let out = folder.check("agreement", 0, &[]);
    assert!(out.contains("verdict") && out.contains("ana: 14  ben: 17  (open"), "{out}");
    folder.check(
        &format!("review edit {first} --set losses.killed=15 --adjudicate --who eva --why c"),
        0,
        &[],
    );
    let settled = folder.incidents();
    assert!(settled.iter().all(|incident| incident["review"]["disputed"] == false), "{settled:#?}");
    assert!(folder.check("agreement", 0, &[]).contains("(settled)"));
}

#[test]
fn search_finds_words() {
    let folder = Folder::linked();
    let out = folder.check("search zaria market*", 0, &[]);
    assert_eq!(out.lines().filter(|line| line.starts_with(['a', 'b'])).count(), 2, "{out}");
    assert!(folder.check("search maiduguri -zaria", 0, &[]).starts_with("c.txt"));
    folder.check("search nothing", 1, &["no report"]);
    folder.check("search -- --", 2, &["no word"]);
}

#[test]
fn what_goes_wrong_says_what_to_do() {
    let folder =
        Folder::new(&[("a.txt", FOURTEEN), ("not.db", "This is a text and no project, whatever its name.")]);
    folder.check("status", 2, &["casus init events.casus"]);
    folder.check("read", 2, &["name reports to read"]);
    folder.check("--project none.casus status", 2, &["casus init none.casus"]);
    folder.check("init not.db", 2, &["exists already"]);
    folder.check("--project not.db status", 2, &["not.db"]);
    folder.check("init p.casus", 0, &[]);
    folder.check("init p.casus", 2, &["exists already"]);
    folder.check("read", 0, &["has read all"]);
    folder.check("export", 2, &["casus link"]);
    folder.check("read -o x.jsonl", 2, &["casus export"]);
    folder.check("--project p.casus read a.txt", 2, &["add a.txt"]);
    folder.check("init q.casus", 0, &[]);
    folder.check("status", 2, &["p.casus, q.casus"]);
    folder.check("--project p.casus status", 0, &[]);
}

/// Lists A and B of things that both, or one of them, holds.
#[test]
fn estimates_and_refusals() {
    let table = |rows: &str| format!("a,b,count\n{rows}");
    let folder = Folder::new(&[
        ("rabbits.csv", &table("1,0,80\n0,1,7\n1,1,7\n")),
        ("apart.csv", &table("1,0,80\n0,1,7\n")),
        ("within.csv", &table("1,0,80\n1,1,7\n")),
        ("wrong.csv", &table("1,x,80\n")),
        (
            "four.csv",
            "A,B,C,D,count\n1,1,1,1,58\n1,1,1,0,157\n1,1,0,1,18\n1,1,0,0,104\n1,0,1,1,46\n1,0,1,0,650\n1,0,0,1,12\n\
             1,0,0,0,709\n0,1,1,1,14\n0,1,1,0,20\n0,1,0,1,7\n0,1,0,0,74\n0,0,1,1,8\n0,0,1,0,182\n0,0,0,1,10\n",
        ),
    ]);
    let out = folder.check("estimate --table rabbits.csv", 0, &[]);
    assert!(out.contains("164  estimated in all") && out.contains("closed: nothing comes or goes"), "{out}");
    let out = folder.check("estimate --table four.csv --json", 0, &[]);
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(json["total"].as_f64().map(f64::round), Some(2771.0));
    folder.check("estimate --table four.csv --model latent", 2, &["no model describes"]);
    folder.check("estimate --table apart.csv", 2, &["without overlap"]);
    folder.check("estimate --table within.csv", 2, &["not independent"]);
    folder.check("estimate --table wrong.csv", 2, &["line 2", "neither 0 nor 1"]);
    folder.check("estimate", 2, &["no project"]);
}

/// Twelve incidents by each of two publishers, six by both, and a third that prints what the first does.
#[test]
fn an_estimate_over_publishers() {
    const PLACES: [&str; 6] = ["Zaria", "Kano", "Maiduguri", "Sokoto", "Katsina", "Bauchi"];
    let mut rows = String::new();
    for number in 0..18 {
        let place = PLACES[number % 6];
        let day = format!("{} {} 2024", 1 + number, ["January", "April", "July"][number / 6]);
        let mut row = |publisher: &str, text: String| {
            rows += &format!(
                "{{\"text\": {text:?}, \"publisher\": {publisher:?}, \"id\": \"{publisher}-{number}\"}}\n"
            );
        };
        let killed = number + 3;
        if number < 12 {
            row("One", format!("Gunmen killed {killed} farmers in {place}, Nigeria, on {day}."));
            row("Echo", format!("Gunmen killed {killed} farmers in {place}, Nigeria, on {day}. (Agency)"));
        }
        if number >= 6 {
            row(
                "Two",
                format!(
                    "On {day} armed men attacked {place} in Nigeria, residents said. {killed} villagers were killed."
                ),
            );
        }
    }
    let folder = Folder::new(&[("reports.jsonl", &rows)]);
    for command in ["init p.casus", "add reports.jsonl", "read", "link"] {
        folder.check(command, 0, &[]);
    }
    let out = folder.check("estimate --list One --list Two", 0, &[]);
    // Chapman: 13 x 13 / 7 - 1.
    assert!(out.contains("23  estimated in all") && out.contains("fewer than 7 in common"), "{out}");
    folder.check(
        "estimate --list One --list Echo --list Two",
        2,
        &["go back to one text", "--list 'One,Echo'"],
    );
    folder.check("estimate --list One --list Three", 2, &["no incident is told by \"Three\""]);
    let out = folder.check("estimate --list One,Echo --list Two", 0, &[]);
    assert!(out.contains("23  estimated in all"), "{out}");
}

#[test]
fn data_sets_side_by_side() {
    const ACLED: &str = "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,country,location,latitude,longitude,geo_precision,fatalities\n\
        NIG1,11 March 2024,1,Violence against civilians,Attack,Unidentified Armed Group (Nigeria),Civilians (Nigeria),Nigeria,Zaria,11.1113,7.7227,1,15\n\
        NIG2,02 May 2024,1,Battles,Armed clash,Military Forces of Nigeria,Militia,Nigeria,Sokoto,13.0609,5.2390,1,4\n";
    const GED: &str = "id,type_of_violence,side_a,side_b,where_coordinates,where_prec,latitude,longitude,date_start,date_end,best,high,low\n\
        501,3,Militia,Civilians,Zaria town,1,11.08,7.71,2024-03-10 00:00:00.000,2024-03-11 00:00:00.000,16,17,14\n\
        502,3,Government,Civilians,Maiduguri town,1,11.85,13.16,2024-06-20,2024-06-20,2,2,2\n";
    const GTD: &str = "eventid,iyear,imonth,iday,country_txt,provstate,city,latitude,longitude,specificity,attacktype1,gname,nkill\n\
        202403110001,2024,3,11,Nigeria,Kaduna,Zaria,11.11,7.72,1,2,Unknown,14\n";
    let folder = Folder::linked();
    for (name, content) in
        [("acled.csv", ACLED), ("ged.csv", GED), ("gtd.csv", GTD), ("other.csv", "a,b\n1,2\n")]
    {
        fs::write(folder.path().join(name), content).expect("file");
    }
    folder.check("export -o ours.jsonl", 0, &[]);
    let lines = |command: &str| -> Vec<serde_json::Value> {
        let out = folder.check(&format!("compare {command} --format jsonl"), 0, &[]);
        out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    };
    let kinds = |rows: &[serde_json::Value]| -> Vec<String> {
        rows.iter()
            .map(|row| format!("{} {} {}", row["match"], row["a"], row["b"]).replace('"', ""))
            .collect()
    };
    assert_eq!(kinds(&lines("acled.csv ged.csv")), ["both NIG1 501", "only_a NIG2 null", "only_b null 502"]);
    assert_eq!(kinds(&lines("gtd.csv acled.csv")), ["both 202403110001 NIG1", "only_b null NIG2"]);
    let ours = folder.incidents();
    let (first, second) = (id(&ours, &[14, 17]), id(&ours, &[2]));
    let rows = lines("ours.jsonl ged.csv");
    let mut found = kinds(&rows);
    found.sort();
    let mut expected = [format!("both {first} 501"), format!("both {second} 502")];
    expected.sort();
    assert_eq!(found, expected);
    let row = rows.iter().find(|row| row["b"] == "501").expect("the row");
    assert_eq!(row["differences"]["earliest"], serde_json::json!(["2024-03-11", "2024-03-10"]));
    let table = folder.check("compare acled.csv ged.csv", 0, &[]);
    assert!(table.contains("1  in both") && table.contains("killed: 15 | 14-17"), "{table}");
    assert!(
        folder
            .check("compare acled.csv ged.csv --format csv", 0, &[])
            .starts_with("match,id_a,id_b,probability,differ,")
    );
    folder.check(
        "compare acled.csv ged.csv --since 2024-05-01 --until 2024-05-31",
        2,
        &["ged.csv: has no row"],
    );
    folder.check("compare acled.csv other.csv", 2, &["other.csv", "columns of no known data set"]);
    folder.check("compare acled.csv missing.csv", 2, &["missing.csv"]);
}
