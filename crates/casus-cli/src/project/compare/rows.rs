//! Rows of data sets as events, as far as their columns tell.
//!
//! ACLED: `event_id_cnty`, `event_date`, `time_precision`, `sub_event_type`, `actor1`, `actor2`, `location`,
//! `latitude`, `longitude`, `geo_precision`, `fatalities`. UCDP GED: `id`, `date_start`, `date_end`,
//! `type_of_violence`, `side_a`, `side_b`, `where_coordinates`, `where_prec`, `best`, `low`, `high`. GTD:
//! `eventid`, `iyear`, `imonth`, `iday`, `city`, `attacktype1`, `gname`, `specificity`, `nkill`.

use crate::{
    Failure,
    input::{self, dates},
};
use casus_engine::{
    Action, ActionResult, ClaimValue, Count, Date, Directionality, Event, Family, Incident, Operator,
    Precision, ReportRef, SCHEMA, Scope, Status, Told, When,
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

/// Fields that are compared, in the order in which they are shown.
pub(super) const FIELDS: [&str; 9] =
    ["earliest", "latest", "family", "place", "latitude", "longitude", "actor", "recipient", "killed"];

/// A row of a data set.
#[derive(Debug)]
pub(super) struct Row {
    /// Its id in the data set.
    pub(super) id: String,
    /// What the pair scorer takes.
    pub(super) event: Event,
    /// What is shown and compared, by the names of [`FIELDS`].
    pub(super) fields: BTreeMap<&'static str, String>,
}

/// All rows of a file.
pub(super) fn read(path: &Path) -> Result<Vec<Row>, Failure> {
    let fail = |what: &dyn std::fmt::Display| Failure(format!("{}: {what}", path.display()));
    let file = File::open(path).map_err(|cause| fail(&input::plain(&cause)))?;
    let mut file = BufReader::with_capacity(1 << 16, file);
    let head = file.fill_buf().map_err(|cause| fail(&input::plain(&cause)))?;
    if head.trim_ascii_start().first() == Some(&b'{') {
        return json_lines(file).map_err(|what| fail(&what));
    }
    table(file).map_err(|what| fail(&what))
}

fn json_lines(file: impl BufRead) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for (number, line) in file.lines().enumerate() {
        let at = |what: &dyn std::fmt::Display| format!("line {}: {what}", number + 1);
        let line = line.map_err(|cause| at(&input::plain(&cause)))?;
        if line.trim().is_empty() {
            continue;
        }
        let value: Value = serde_json::from_str(&line).map_err(|error| at(&error))?;
        let event = match value["schema"].as_str() {
            Some(SCHEMA) => serde_json::from_value(value).map_err(|error| at(&error))?,
            Some(casus_engine::INCIDENT_SCHEMA) => {
                let incident: Incident = serde_json::from_value(value).map_err(|error| at(&error))?;
                of_incident(incident)
            }
            _ => return Err(at(&"is neither an event nor an incident of casus")),
        };
        rows.push(Row { id: event.id.clone(), fields: fields(&event), event });
    }
    Ok(rows)
}

/// An incident as one event: its figures are the bounds of what is claimed.
fn of_incident(incident: Incident) -> Event {
    let mut bounds: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for claim in &incident.claims {
        if let ClaimValue::Count { value, low, high, .. } = &claim.value
            && let Some(outcome) =
                claim.field.strip_prefix("losses.").filter(|outcome| !outcome.contains(['.', '+']))
            && let (Some(low), Some(high)) = (low.or(*value).or(*high), high.or(*value).or(*low))
        {
            let all = bounds.entry(outcome).or_insert((low, high));
            *all = (all.0.min(low), all.1.max(high));
        }
    }
    let losses: Vec<Value> =
        bounds.into_iter().map(|(outcome, (low, high))| loss(outcome, low, high)).collect();
    Event {
        scope: incident.scope,
        told: incident.told,
        status: incident.status,
        action: incident.action,
        when: incident.when,
        places: incident.places,
        participants: incident.participants,
        losses: losses.into_iter().filter_map(|loss| serde_json::from_value(loss).ok()).collect(),
        ..empty(incident.id, Family::Other)
    }
}

fn loss(outcome: &str, low: u64, high: u64) -> Value {
    let count =
        if low == high { Count::new(Operator::Exact, low, "") } else { Count::between(low, high, "") };
    json!({
        "outcome": [outcome], "figure": 0, "who": {"class": "unknown", "side": "unknown", "attributes": []},
        "count": count, "unit": "persons", "cause": "unclear", "voices": [], "evidence": [],
    })
}

/// An event of which nothing but the id and the family is known.
fn empty(id: String, family: Family) -> Event {
    let report = ReportRef {
        id: id.clone(),
        path: None,
        sha256: None,
        text_sha256: id.clone(),
        title: None,
        publisher: None,
        published: None,
        language: None,
        genre: None,
        url: None,
    };
    Event {
        schema: SCHEMA.to_owned(),
        made_by: casus_engine::Options::default().made_by(),
        report,
        id,
        scope: Scope::Incident,
        told: Told::News,
        occurrences: None,
        status: Status::Happened,
        action: Action {
            family,
            also: vec![],
            tactic: None,
            weapons: vec![],
            delivery: None,
            directionality: Directionality::Unknown,
            triggers: vec![],
        },
        result: ActionResult::default(),
        when: None,
        places: vec![],
        participants: vec![],
        losses: vec![],
        materiel: vec![],
        voices: vec![],
        voices_of_event: vec![],
        relations: vec![],
        confidence: 1.0,
        notes: vec![],
    }
}

/// What is compared of an event.
fn fields(event: &Event) -> BTreeMap<&'static str, String> {
    let mut fields = BTreeMap::new();
    let value = serde_json::to_value(event).unwrap_or_default();
    let mut put = |name: &'static str, value: &Value| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if !value.is_null() && !text.is_empty() {
            fields.insert(name, text);
        }
    };
    put("earliest", &value["when"]["earliest"]);
    put("latest", &value["when"]["latest"]);
    put("family", &value["action"]["family"]);
    let place = &value["where"][0];
    put("place", if place["resolved"].is_null() { &place["name"] } else { &place["resolved"] });
    for (name, key) in [("latitude", "lat"), ("longitude", "lon")] {
        // Two decimals are a kilometre: more is not a difference.
        put(name, &place[key].as_f64().map_or(Value::Null, |degrees| format!("{degrees:.2}").into()));
    }
    for role in ["actor", "recipient"] {
        let own = value["participants"].as_array().into_iter().flatten().filter(|p| p["role"] == role);
        let names: Vec<&str> = own.filter_map(|p| p["name"].as_str()).collect();
        put(role, &names.join("; ").into());
    }
    let killed = event
        .losses
        .iter()
        .find(|loss| loss.included_in.is_none() && loss.outcome == [casus_engine::LossOutcome::Killed]);
    if let Some(count) = killed.map(|loss| &loss.count) {
        let bounds = (count.low.or(count.value), count.high.or(count.value));
        let words = match bounds {
            (Some(low), Some(high)) if low == high => low.to_string(),
            (Some(low), Some(high)) => format!("{low}-{high}"),
            (Some(low), None) => format!("{low}+"),
            (None, Some(high)) => format!("0-{high}"),
            (None, None) => String::new(),
        };
        put("killed", &words.into());
    }
    fields
}

/// A data set that is known by its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    Acled,
    Ged,
    Gtd,
}

fn table(file: impl std::io::Read) -> Result<Vec<Row>, String> {
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let head = table.byte_headers().map_err(|error| error.to_string())?;
    let names = head.iter().enumerate().map(|(at, name)| {
        let name = String::from_utf8_lossy(name);
        (name.trim_start_matches('\u{feff}').trim().to_ascii_lowercase(), at)
    });
    let columns: HashMap<String, usize> = names.collect();
    let has = |names: &[&str]| names.iter().all(|name| columns.contains_key(*name));
    let set = if has(&["event_date", "sub_event_type"]) {
        Set::Acled
    } else if has(&["date_start", "type_of_violence"]) {
        Set::Ged
    } else if has(&["eventid", "iyear"]) {
        Set::Gtd
    } else {
        return Err(
            "is not known by its columns: expected casus JSON Lines, or a CSV of ACLED (event_date, \
                    sub_event_type), UCDP GED (date_start, type_of_violence) or GTD (eventid, iyear)"
                .to_owned(),
        );
    };
    let mut rows = Vec::new();
    for (number, record) in table.byte_records().enumerate() {
        let record = record.map_err(|error| error.to_string())?;
        let cell = |name: &str| -> String {
            let bytes = columns.get(name).and_then(|at| record.get(*at)).unwrap_or_default();
            String::from_utf8_lossy(bytes).trim().to_owned()
        };
        let event = event(set, number + 2, &cell);
        rows.push(Row { id: event.id.clone(), fields: fields(&event), event });
    }
    Ok(rows)
}

fn event(set: Set, line: usize, cell: &dyn Fn(&str) -> String) -> Event {
    let first_of = |names: &[&str]| names.iter().map(|name| cell(name)).find(|value| !value.is_empty());
    let (id, family, when, place, precision) = match set {
        Set::Acled => (
            first_of(&["event_id_cnty", "data_id"]),
            acled_family(&cell("sub_event_type")),
            days(
                dates::day(&cell("event_date")),
                None,
                match cell("time_precision").as_str() {
                    "2" => 3,
                    "3" => 15,
                    _ => 0,
                },
            ),
            first_of(&["location", "admin3", "admin2", "admin1"]),
            match cell("geo_precision").as_str() {
                "3" => Precision::Admin1,
                "2" => Precision::Near,
                _ => Precision::Place,
            },
        ),
        Set::Ged => (
            first_of(&["id", "relid"]),
            // GED tells who fights whom, not how.
            if cell("type_of_violence") == "3" { Family::Attack } else { Family::ArmedClash },
            days(dates::day(&cell("date_start")), dates::day(&cell("date_end")), 0),
            first_of(&["where_coordinates", "adm_2", "adm_1", "where_description"]),
            match cell("where_prec").as_str() {
                "1" => Precision::Place,
                "2" => Precision::Near,
                "3" => Precision::Admin2,
                "4" => Precision::Admin1,
                "6" => Precision::Country,
                "7" => Precision::WaterOrAir,
                _ => Precision::Area,
            },
        ),
        Set::Gtd => (
            first_of(&["eventid"]),
            gtd_family(&cell("attacktype1")),
            gtd_days(&cell("iyear"), &cell("imonth"), &cell("iday")),
            first_of(&["city", "provstate", "country_txt"]),
            match cell("specificity").as_str() {
                "1" => Precision::Place,
                "2" => Precision::Near,
                "3" => Precision::Admin2,
                "4" => Precision::Admin1,
                _ => Precision::Area,
            },
        ),
    };
    let mut event = empty(id.unwrap_or_else(|| format!("line {line}")), family);
    event.when = when;
    let number = |name: &str| cell(name).parse::<f64>().ok().filter(|number| number.is_finite());
    let point = number("latitude")
        .zip(number("longitude"))
        .filter(|(lat, lon)| lat.abs() <= 90.0 && lon.abs() <= 180.0);
    if place.is_some() || point.is_some() {
        let name = place.unwrap_or_default();
        let place = json!({
            "name": name, "stated": "", "function": "site", "relation": "at", "kind": "unknown", "within": [],
            "lat": point.map(|p| p.0), "lon": point.map(|p| p.1), "precision": precision, "confidence": 1.0,
            "evidence": [], "candidates": [],
        });
        event.places.extend(serde_json::from_value(place));
    }
    let parties: &[(&str, &[&str])] = match set {
        Set::Acled => &[("actor", &["actor1"]), ("recipient", &["actor2"])],
        Set::Ged => &[("actor", &["side_a"]), ("recipient", &["side_b"])],
        Set::Gtd => &[("actor", &["gname"]), ("recipient", &["target1", "corp1"])],
    };
    for (role, columns) in parties {
        if let Some(name) = first_of(columns).filter(|name| name != "Unknown") {
            let party = json!({
                "role": role, "kind": "group", "name": name, "mentions": [], "class": "unknown", "side": "unknown",
                "attributions": [], "evidence": [],
            });
            event.participants.extend(serde_json::from_value(party));
        }
    }
    let whole = |name: &str| number(name).filter(|number| *number >= 0.0).map(|number| number as u64);
    let killed = match set {
        Set::Acled => whole("fatalities").map(|number| (number, number)),
        Set::Ged => whole("low").zip(whole("high")).or_else(|| whole("best").map(|best| (best, best))),
        Set::Gtd => whole("nkill").map(|number| (number, number)),
    };
    if let Some((low, high)) = killed {
        event.losses.extend(serde_json::from_value(loss("killed", low, high)));
    }
    event
}

/// A time from a first and a last day, with `slack` days on either side.
fn days(first: Option<Date>, last: Option<Date>, slack: i32) -> Option<When> {
    let first = first?;
    let last = last.unwrap_or(first).max(first);
    let slack = jiff::Span::new().days(slack);
    let (earliest, latest) = (first.checked_sub(slack).ok()?, last.checked_add(slack).ok()?);
    let grain = if earliest == latest { "day" } else { "range" };
    let when = json!({
        "earliest": earliest, "latest": latest, "grain": grain, "extent": "point", "calendar": "gregorian",
        "uncertainty_days": 0, "basis": "stated", "stated": "", "alternatives": [], "evidence": [],
    });
    serde_json::from_value(when).ok()
}

/// GTD writes 0 for a month or a day that is not known.
fn gtd_days(year: &str, month: &str, day: &str) -> Option<When> {
    let year: i16 = year.parse().ok()?;
    let (month, day): (i8, i8) = (month.parse().unwrap_or(0), day.parse().unwrap_or(0));
    let date = |month, day| Date::new(year, month, day).ok();
    match (month, day) {
        (0, _) => days(date(1, 1), date(12, 31), 0),
        (month, 0) => days(date(month, 1), date(month, 1).map(Date::last_of_month), 0),
        (month, day) => days(date(month, day), None, 0),
    }
}

/// The family of an ACLED sub-event type (its codebook of 2023).
fn acled_family(sub_event: &str) -> Family {
    match sub_event.to_ascii_lowercase().as_str() {
        "armed clash" => Family::ArmedClash,
        "government regains territory" | "non-state actor overtakes territory" => Family::ArmedClash,
        "attack" => Family::Attack,
        "abduction/forced disappearance" => Family::Abduction,
        "sexual violence" => Family::SexualViolence,
        "chemical weapon" => Family::Chemical,
        "air/drone strike" => Family::AirStrike,
        "shelling/artillery/missile attack" => Family::Shelling,
        "suicide bomb" | "remote explosive/landmine/ied" | "grenade" => Family::Explosion,
        "peaceful protest" | "protest with intervention" | "excessive force against protesters" => {
            Family::Protest
        }
        "violent demonstration" => Family::Riot,
        "mob violence" => Family::MobViolence,
        "agreement" => Family::Agreement,
        "arrests" => Family::Arrest,
        "change to group/activity" => Family::GroupChange,
        "disrupted weapons use" => Family::DisruptedWeapons,
        "headquarters or base established" => Family::Base,
        "looting/property destruction" => Family::Looting,
        "non-violent transfer of territory" => Family::TerritoryChange,
        _ => Family::Other,
    }
}

/// The family of a GTD attack type (its codebook, "attack type").
fn gtd_family(attack: &str) -> Family {
    match attack {
        "1" | "2" | "8" => Family::Attack,
        "3" => Family::Explosion,
        "4" | "5" | "6" => Family::Abduction,
        "7" => Family::PropertyDestruction,
        _ => Family::Other,
    }
}
