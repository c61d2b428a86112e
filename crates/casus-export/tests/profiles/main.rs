//! Every profile against the codebook's own tables, and the promises of all exports: types and code lists
//! hold in every cell, every cell has a reason, no word of a report and no private name leaves, no death is
//! counted twice, and an imported file comes back byte for byte.
//!
//! `facts/` holds what the codebooks' tables say, taken from them by a script and not from `data/profiles`.

#[path = "../../../casus-eval/src/made.rs"]
#[allow(dead_code, unreachable_pub)]
mod made;

use casus_data::tables::profile::{ProfileTable, Profiles};
use casus_export::profile::{Back, Export, Import, Key, Lookup, Profile, Settings, Summary};
use casus_record::{Count, Event, LossOutcome, Operator, Role, Side};
use made::{PRIVATE, VERBATIM};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
    sync::{Arc, Mutex},
};

/// A file in memory that can be looked at when its writer is gone.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Memory {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("not poisoned").clone()).expect("exports are UTF-8")
    }
}

/// The export of groups of events, its log, and what it says of itself.
fn export(profile: Profile, settings: Settings, groups: Vec<Vec<Event>>) -> (String, String, Summary) {
    let (out, log) = (Memory::default(), Memory::default());
    let mut export = Export::new(profile, settings, Box::new(out.clone()), Some(Box::new(log.clone())))
        .expect("memory can be written");
    for group in groups {
        export.report(group).expect("memory can be written");
    }
    let done = export.finish().expect("memory can be written");
    (out.text(), log.text(), done)
}

fn alone(events: Vec<Event>) -> Vec<Vec<Event>> {
    events.into_iter().map(|event| vec![event]).collect()
}

fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let head = reader.headers().expect("a head").clone();
    let row =
        |row: csv::StringRecord| head.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.expect("as many fields as columns"))).collect()
}

fn table(profile: Profile) -> ProfileTable {
    let all: Profiles = casus_data::table("profiles").expect("a section of the pack");
    all.profiles.into_iter().find(|table| table.profile == profile.name()).expect("a profile")
}

fn facts(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

fn column_names(profile: Profile) -> Vec<String> {
    table(profile).columns.into_iter().map(|column| column.name).collect()
}

#[test]
fn acled_is_as_its_tables_say() {
    let acled = table(Profile::Acled);
    assert_eq!(acled.columns.len(), 31);
    let found: BTreeSet<(String, String)> =
        acled.list["sub_event_type"].iter().map(|(sub, kind)| (kind.clone(), sub.clone())).collect();
    let events = facts(include_str!("facts/acled-events.csv"));
    let told: BTreeSet<(String, String)> =
        events.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    assert_eq!(found, told, "25 sub-event types of 6 event types");
    let kinds: BTreeSet<&String> = found.iter().map(|(kind, _)| kind).collect();
    assert_eq!((found.len(), kinds.len(), acled.list["event_type"].len()), (25, 6, 6));
    for decision in &acled.decide["sub_event_type"] {
        assert!(acled.list["sub_event_type"].contains_key(&decision.value), "{}", decision.value);
    }
    for row in facts(include_str!("facts/acled-codes.csv")) {
        let list = if row[0] == "inter1" { "inter" } else { &row[0] };
        let label = acled.list[list].get(&row[1]);
        // ACLED words its inter codes in several ways; the numbers are what counts.
        match list {
            "inter" => assert!(label.is_some(), "{row:?}"),
            _ => assert_eq!(label, Some(&row[2]), "{row:?}"),
        }
    }
    // The layout of today: these came, those went.
    let was: BTreeSet<String> =
        facts(include_str!("facts/acled-variables.csv")).into_iter().map(|row| row[0].clone()).collect();
    let is: BTreeSet<String> = column_names(Profile::Acled).into_iter().collect();
    let came: Vec<&str> = is.difference(&was).map(String::as_str).collect();
    let went: Vec<&str> = was.difference(&is).map(String::as_str).collect();
    assert_eq!(came, ["civilian_targeting", "disorder_type", "tags"]);
    assert_eq!(went, ["data_id", "event_id_no_cnty", "iso3"]);
}

#[test]
fn countries_are_as_the_tables_say() {
    let all: Profiles = casus_data::table("profiles").expect("a section of the pack");
    let regions = &table(Profile::Acled).list["region"];
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut numbers = BTreeSet::new();
    for country in &all.countries {
        assert_eq!((country.iso2.len(), country.iso3.len()), (2, 3), "{}", country.name);
        if let (Some(name), Some(region)) = (&country.acled, &country.acled_region) {
            known.insert(name, region);
            assert!(regions.contains_key(region), "{region}");
        }
        if let Some(gw) = country.gw {
            assert!(numbers.insert(gw), "{} has the number of another state", country.name);
        }
    }
    for row in facts(include_str!("facts/acled-countries.csv")) {
        assert_eq!(known.get(row[0].as_str()), Some(&row[1].as_str()), "{row:?}");
    }
    assert_eq!(known.len(), 243);
}

#[test]
fn ged_is_as_its_codebook_says() {
    // The codebook misspells one name, and lists the geometry of formats that have one.
    let told: BTreeSet<String> = facts(include_str!("facts/ged-variables.csv"))
        .into_iter()
        .map(|row| row[0].replace("where_decription", "where_description"))
        .filter(|name| !matches!(name.as_str(), "geom" | "geometry"))
        .collect();
    let found = column_names(Profile::UcdpGed);
    assert_eq!(found.len(), 49);
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), told);
}

#[test]
fn gtd_is_as_its_codebook_says() {
    let gtd = table(Profile::Gtd);
    let found: BTreeSet<String> = column_names(Profile::Gtd).into_iter().collect();
    assert_eq!(found.len(), 135);
    let told: BTreeSet<String> =
        facts(include_str!("facts/gtd-variables.csv")).into_iter().map(|row| row[0].clone()).collect();
    // Labels of second and third claims are in the file, but not in the codebook; two columns are the other way round.
    let more: Vec<&str> = found.difference(&told).map(String::as_str).collect();
    let fewer: Vec<&str> = told.difference(&found).map(String::as_str).collect();
    assert_eq!(more, ["claimmode2_txt", "claimmode3_txt"]);
    assert_eq!(fewer, ["ishostkidus", "ransomus"]);
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    let letters = |text: &str| -> String {
        text.to_lowercase().chars().filter(|c| c.is_alphabetic()).take(5).collect()
    };
    for row in facts(include_str!("facts/gtd-codes.csv")) {
        let label = gtd.list[&row[0]].get(&row[1]).unwrap_or_else(|| panic!("no {row:?}"));
        assert_eq!(letters(label), letters(&row[2]), "{row:?}");
        *count.entry(row[0].clone()).or_default() += 1;
    }
    for (list, codes) in count {
        assert_eq!(gtd.list[&list].len(), codes, "{list} has no other codes");
    }
}

#[test]
fn plover_is_as_its_manual_says() {
    let plover = table(Profile::Plover);
    let quads = ["VERBAL COOPERATION", "MATERIAL COOPERATION", "VERBAL CONFLICT", "MATERIAL CONFLICT"];
    let told: BTreeMap<String, String> = facts(include_str!("facts/plover-roots.csv"))
        .into_iter()
        .map(|row| {
            let quad = quads.iter().position(|quad| *quad == row[1]).expect("a quad category");
            (row[0].clone(), (quad + 1).to_string())
        })
        .collect();
    assert_eq!((told.len(), &plover.list["event"]), (16, &told));
    for (mode, roots) in &plover.list["mode"] {
        assert!(roots.split(' ').all(|root| told.contains_key(root)), "{mode}");
    }
}

/// Types, code lists and reasons hold in every cell of a thousand incidents of every form.
#[test]
fn every_cell_is_of_its_type_and_list_and_has_a_reason() {
    for profile in Profile::ALL {
        let layout = table(profile);
        for decisions in layout.decide.values() {
            for decision in decisions {
                assert!(!decision.value.is_empty(), "{profile}");
            }
        }
        let (out, log, done) = export(profile, Settings::default(), alone(made::incidents(1000)));
        assert!(done.rows > 50, "{profile}: {done:?}");
        assert_eq!(
            done.rows + done.skipped.values().sum::<u64>(),
            1000,
            "{profile}: every event is accounted for"
        );
        let mut cells = 0;
        for line in log.lines().skip(1) {
            let entry: serde_json::Value = serde_json::from_str(line).expect("the log is JSON Lines");
            assert!(
                entry["because"].as_str().is_some_and(|because| !because.is_empty()),
                "{profile}: {line}"
            );
            let blank = entry["because"].as_str().is_some_and(|because| because.starts_with("blank: "));
            if entry["column"].is_string() {
                cells += 1;
                assert!(!blank || entry["value"].is_null(), "{profile}: {line}");
            }
        }
        match profile {
            Profile::Stix => {
                let bundle: serde_json::Value = serde_json::from_str(&out).expect("a bundle");
                check_bundle(&bundle, done.rows);
                continue;
            }
            Profile::Plover => check_objects(&out, &layout, done.rows),
            _ => check_rows(profile, &out, &layout, done.rows),
        }
        assert_eq!(cells, done.rows * layout.columns.len() as u64, "{profile}: a reason for every cell");
    }
}

fn check_rows(profile: Profile, out: &str, layout: &ProfileTable, expected: u64) {
    let mut rows = rows(out);
    if profile == Profile::Hxl {
        let tags = rows.remove(0);
        assert!(tags.values().all(|tag| tag.starts_with('#')), "{tags:?}");
    }
    assert_eq!(rows.len() as u64, expected, "{profile}");
    for row in &rows {
        for column in &layout.columns {
            let value = row[&column.name].as_str();
            let valid = match column.kind.as_str() {
                _ if value.is_empty() => true,
                "integer" => value.parse::<i64>().is_ok(),
                "decimal" => value.parse::<f64>().is_ok_and(f64::is_finite),
                "date" => value.parse::<casus_record::Date>().is_ok(),
                kind => kind == "text" && !value.contains(['\n', '\r']),
            };
            assert!(valid, "{profile}: {} is no {}: {value:?}", column.name, column.kind);
            if let Some(list) = column.list.as_ref().filter(|_| !value.is_empty()) {
                assert!(layout.list[list].contains_key(value), "{profile}: {}: {value:?}", column.name);
            }
        }
        if profile == Profile::UcdpGed && !row["best"].is_empty() {
            let number = |column: &str| row[column].parse::<u64>().expect("a number");
            let sides: u64 =
                ["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"].map(number).iter().sum();
            assert_eq!(number("best"), sides, "best is the sum of the sides");
            assert!(number("low") <= number("best") && number("best") <= number("high"), "{row:?}");
        }
    }
}

fn check_objects(out: &str, layout: &ProfileTable, expected: u64) {
    assert_eq!(out.lines().count() as u64, expected);
    for line in out.lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("JSON Lines");
        for name in object.as_object().expect("an object").keys() {
            assert!(layout.columns.iter().any(|column| column.name == *name), "{name}");
        }
        for (field, list) in [("event", "event"), ("mode", "mode"), ("context", "context")] {
            for value in object[field].as_array().into_iter().flatten() {
                assert!(layout.list[list].contains_key(value.as_str().expect("a code")), "{line}");
            }
        }
    }
}

fn check_bundle(bundle: &serde_json::Value, incidents: u64) {
    let objects = bundle["objects"].as_array().expect("objects");
    let ids: BTreeSet<&str> = objects.iter().filter_map(|object| object["id"].as_str()).collect();
    assert_eq!(ids.len(), objects.len(), "every object is there once");
    let of = |kind: &str| objects.iter().filter(|object| object["type"] == kind).count() as u64;
    assert_eq!(of("incident"), incidents);
    for object in objects {
        for field in ["source_ref", "target_ref", "created_by_ref"] {
            if let Some(id) = object[field].as_str() {
                assert!(ids.contains(id), "{field} of {}", object["id"]);
            }
        }
    }
}

#[test]
fn no_death_is_counted_twice() {
    let reports = made::reports(200);
    for profile in
        [Profile::Acled, Profile::UcdpGed, Profile::Gtd, Profile::Hxl, Profile::Plover, Profile::Stix]
    {
        for report in &reports {
            let (out, ..) = export(profile, Settings::default(), vec![report.events.clone()]);
            let number = |text: &str| text.parse::<u64>().unwrap_or(0);
            let sum: u64 = match profile {
                Profile::Plover => out
                    .lines()
                    .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
                    .filter_map(|object| object["size"]["dead"].as_u64())
                    .sum(),
                Profile::Stix => {
                    let bundle: serde_json::Value = serde_json::from_str(&out).expect("a bundle");
                    let objects = bundle["objects"].as_array().expect("objects").iter();
                    objects.filter_map(|object| object["x_casus"]["killed"].as_u64()).sum()
                }
                _ => {
                    let column = match profile {
                        Profile::Acled => "fatalities",
                        Profile::UcdpGed => "best",
                        Profile::Gtd => "nkill",
                        _ => "Killed",
                    };
                    rows(&out).iter().map(|row| number(&row[column])).sum()
                }
            };
            let kind = report.kind;
            assert!(
                (report.least..=report.most).contains(&sum),
                "{profile}: {kind}: {sum} is not within {} and {}",
                report.least,
                report.most
            );
        }
    }
}

/// UCDP: a summary of days is of clarity 2 and holds what its incidents do not.
#[test]
fn a_summary_keeps_what_its_incidents_leave() {
    let report = made::reports(10).remove(5);
    let (out, ..) = export(Profile::UcdpGed, Settings::default(), vec![report.events]);
    let rows = rows(&out);
    let by_clarity: Vec<(&str, u64)> = rows
        .iter()
        .map(|row| (row["event_clarity"].as_str(), row["best"].parse().expect("a number")))
        .collect();
    assert_eq!(by_clarity.len(), 2);
    assert_eq!(by_clarity[0].0, "1");
    assert_eq!(by_clarity[1], ("2", report.most - by_clarity[0].1));
}

#[test]
fn nothing_of_a_report_or_a_private_person_is_exported() {
    for profile in Profile::ALL {
        for key in [None, Some(Key::new(b"0123456789abcdef").expect("a key"))] {
            let settings = Settings { key, ..Settings::default() };
            let (out, log, _) = export(profile, settings, alone(made::incidents(300)));
            for text in [&out, &log] {
                assert!(!text.contains(VERBATIM) && !text.contains(PRIVATE), "{profile}");
            }
        }
    }
    let full = Settings { full: true, ..Settings::default() };
    let (out, ..) = export(Profile::Acled, full, alone(made::incidents(300)));
    assert!(out.contains(PRIVATE));
}

#[test]
fn sensitive_places_are_moved_to_the_middle_of_a_cell() {
    let mut one = made::event("camp", 1);
    one.places.push(made::place(
        "Camp Gol",
        "ML",
        casus_record::PlaceKind::Camp,
        casus_record::Precision::Place,
    ));
    let at = |settings: Settings| {
        let (out, ..) = export(Profile::Acled, settings, vec![vec![one.clone()]]);
        let row = rows(&out).remove(0);
        ["location", "latitude", "longitude", "geo_precision"].map(|column| row[column].clone())
    };
    assert_eq!(
        at(Settings { full: true, ..Settings::default() }),
        ["Camp Gol", "12.345678", "-1.234567", "1"]
    );
    assert_eq!(at(Settings::default()), ["Aru", "12.35", "-1.25", "2"]);
}

#[test]
fn vague_words_count_by_the_rule_of_the_data_set() {
    let check = |word: &str, acled: &str, gtd: &str| {
        let mut one = made::event("vague", 1);
        one.participants.push(made::party(Role::Actor, "rebel", Side::A));
        let mut row = made::loss(LossOutcome::Killed, 1, 0);
        row.count = Count::vague(word, 2, word);
        one.losses.push(row);
        let cell = |profile, column: &str| {
            let (out, ..) = export(profile, Settings::default(), vec![vec![one.clone()]]);
            rows(&out)[0][column].clone()
        };
        assert_eq!(cell(Profile::Acled, "fatalities"), acled, "{word}");
        assert_eq!(cell(Profile::Gtd, "nkill"), gtd, "{word}");
        assert_eq!(cell(Profile::UcdpGed, "best"), "", "{word}");
    };
    check("tens", "10", "");
    check("dozens", "12", "");
    check("hundreds", "100", "");
    check("several", "", "");
    check("many", "", "");
}

#[test]
fn rivals_are_weighed_by_the_rule_of_the_data_set() {
    // The report says 30, a hospital and an aid group 20, the attackers themselves 50.
    let mut one = made::event("rivals", 1);
    one.participants.push(made::party(Role::Actor, "rebel", Side::A));
    one.participants.push(made::party(Role::Recipient, "civilians", Side::B));
    for (number, voices) in [(30, vec![0]), (20, vec![1, 2]), (50, vec![3])] {
        let mut row = made::loss(LossOutcome::Killed, 1, number);
        row.voices = voices;
        one.losses.push(row);
    }
    let speaker = one.voices[0].clone();
    one.voices.extend([speaker.clone(), speaker.clone(), speaker]);
    one.voices[3].side = Some(Side::A);
    let cell = |profile, column: &str| {
        let (out, ..) = export(profile, Settings::default(), vec![vec![one.clone()]]);
        rows(&out)[0][column].clone()
    };
    assert_eq!(cell(Profile::Acled, "fatalities"), "20");
    assert_eq!(cell(Profile::Gtd, "nkill"), "20");
    assert_eq!(["low", "best", "high"].map(|column| cell(Profile::UcdpGed, column)), ["20", "20", "30"]);
    // GTD takes no number from the attackers alone.
    one.losses.drain(..2);
    let (out, log, _) = export(Profile::Gtd, Settings::default(), vec![vec![one.clone()]]);
    assert_eq!(rows(&out)[0]["nkill"], "");
    assert!(log.contains("\"rule\":\"nkill_party\""));
    one.losses[0].count = Count::new(Operator::AtLeast, 11, "");
    one.losses[0].voices = vec![0];
    let (out, ..) = export(Profile::Gtd, Settings::default(), vec![vec![one]]);
    assert_eq!(rows(&out)[0]["nkill"], "11");
}

#[test]
fn ids_come_from_the_look_up_alone() {
    let mut one = made::event("ids", 1);
    let mut state = made::party(Role::Recipient, "state_military", Side::B);
    state.country = Some("ML".into());
    let mut group = made::party(Role::Actor, "rebel", Side::A);
    (group.name, group.register) = ("Blue Hill Front".into(), Some("made".into()));
    one.participants.extend([group, state]);
    one.losses.push(made::loss(LossOutcome::Killed, 1, 3));
    let lookup = "side_a,side_b,type_of_violence,conflict_new_id,dyad_new_id,side_a_new_id,side_b_new_id\n\
                  Government of Mali,Blue Hill Front,1,11,22,33,44\n";
    let cells = |lookup: Option<&str>| {
        let lookup = lookup.map(|table| Lookup::read(table.as_bytes()).expect("a table"));
        let settings = Settings { lookup, ..Settings::default() };
        let (out, ..) = export(Profile::UcdpGed, settings, vec![vec![one.clone()]]);
        let row = rows(&out).remove(0);
        ["type_of_violence", "side_a", "side_b", "conflict_new_id", "dyad_new_id", "side_b_new_id", "gwnoa"]
            .map(|column| row[column].clone())
    };
    let sides = ["1", "Government of Mali", "Blue Hill Front"];
    assert_eq!(cells(None), [sides[0], sides[1], sides[2], "", "", "", "432"]);
    assert_eq!(cells(Some(lookup)), [sides[0], sides[1], sides[2], "11", "22", "44", "432"]);
}

#[test]
fn an_imported_file_comes_back() {
    let acled = "\u{feff}event_id_cnty,event_date,time_precision,sub_event_type,actor1,inter1,actor2,inter2,country,\
                 location,latitude,longitude,geo_precision,notes,fatalities,my_column\r\n\
                 ABC1,11 March 2024,1,Armed clash,\"Front, Blue Hill\",2,Military Forces of Mali,1,Mali,Beya,1.50,2.50,1,\
                 \"two\nlines, \"\"said\"\"\",3,kept\r\n\
                 ABC2,2024-03-12,2,Peaceful protest,Protesters,Protesters,,,Mali,Lodo,1,2,3,,0,\r\n";
    let ged = "id,type_of_violence,side_a,side_b,date_start,date_end,date_prec,best,low,high,deaths_a,deaths_b,\
               deaths_civilians,deaths_unknown,where_prec,latitude,longitude\n\
               7,1,Government of Mali,Front,2020-01-01 00:00:00.000,2020-01-31 00:00:00.000,4,5,9,2,1,4,0,0,4,1,2";
    let gtd = "eventid,iyear,imonth,iday,country,city,attacktype1,gname,targtype1,nkill,nkillter\n\
               202003110001,2020,3,0,123,Beya,3,Unknown,14,5,1\n\n";
    for (profile, file, ids) in [
        (Profile::Acled, acled, vec!["ABC1", "ABC2"]),
        (Profile::UcdpGed, ged, vec!["7"]),
        (Profile::Gtd, gtd, vec!["202003110001", ""]),
    ] {
        let mut import = Import::new(profile, file.as_bytes()).expect("a file of the data set");
        let head = import.head().to_vec();
        let back = Back::new(profile, &head).expect("the same head");
        let rows: Vec<_> = import.by_ref().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ids);
        let mut again = head;
        for row in &rows {
            again.extend(back.row(&row.raw, &row.event).expect("a row"));
        }
        assert_eq!(String::from_utf8_lossy(&again), file, "{profile}");
    }
    // An edit changes the cells that depend on it and no others.
    let mut import = Import::new(Profile::Acled, acled.as_bytes()).expect("a file of the data set");
    let back = Back::new(Profile::Acled, import.head()).expect("the same head");
    let mut row = import.next().expect("a row").expect("a row");
    row.event.losses[0].count = Count::new(Operator::Exact, 12, "");
    let edited = String::from_utf8(back.row(&row.raw, &row.event).expect("a row")).expect("UTF-8");
    assert!(edited.starts_with("ABC1,11 March 2024,1,Armed clash,\"Front, Blue Hill\",2,"), "{edited}");
    assert!(edited.ends_with(",12,kept\r\n"), "{edited}");
    // Latin-1 stays Latin-1.
    let latin = b"event_id_cnty,event_date,sub_event_type,location\nX1,2024-01-01,Attack,Bogot\xe1\n";
    let mut import = Import::new(Profile::Acled, &latin[..]).expect("a file of the data set");
    let row = import.next().expect("a row").expect("a row");
    assert_eq!(row.event.places[0].name, "Bogotá");
    let line = casus_export::profile::ForeignLine::of(Profile::Acled, row.clone());
    let json = serde_json::to_string(&line).expect("JSON");
    let read: casus_export::profile::ForeignLine = serde_json::from_str(&json).expect("JSON");
    assert_eq!(read.raw(), row.raw);
    assert!(Import::new(Profile::Gtd, acled.as_bytes()).is_err());
}

/// Several reports of one incident: their figures are accounts of one toll.
#[test]
fn reports_of_one_incident_are_counted_once() {
    let mut events = Vec::new();
    for (report, dead) in [(1, 10), (2, 14), (3, 14)] {
        let mut one = made::event("one", report);
        one.participants.push(made::party(Role::Actor, "rebel", Side::A));
        one.participants.push(made::party(Role::Recipient, "civilians", Side::B));
        one.losses.push(made::loss(LossOutcome::Killed, 1, dead));
        events.push(one);
    }
    let cells = |profile: Profile, columns: &[&str]| {
        let out = Memory::default();
        let mut export = Export::new(profile, Settings::default(), Box::new(out.clone()), None)
            .expect("memory can be written");
        export.incident(events.clone()).expect("memory can be written");
        export.finish().expect("memory can be written");
        let row = rows(&out.text()).remove(0);
        columns.iter().map(|column| row[*column].clone()).collect::<Vec<_>>()
    };
    assert_eq!(cells(Profile::Acled, &["fatalities"]), ["10"]);
    assert_eq!(cells(Profile::Gtd, &["nkill"]), ["14"]);
    assert_eq!(
        cells(Profile::UcdpGed, &["low", "best", "high", "number_of_sources"]),
        ["10", "14", "14", "3"]
    );
}
