//! PLOVER's fields (`data/profiles/plover.toml`) and CAMEO's columns (`data/profiles/cameo.toml`).
//!
//! Both name a party by country and sectors. PLOVER's rows are JSON objects: list fields are written as
//! lists, and fields that cannot be filled are left out, as its manual has it.

use super::{
    cell::{Filled, Inputs, blank, put},
    row::{Row, Rule, day},
};
use casus_record::{Directionality, Family, LossOutcome, Participant, Precision};
use serde_json::{Map, Value, json};

const PARTIES: Inputs = Inputs::Fields(&["participants"]);
const ACTION: Inputs = Inputs::Fields(&["action"]);
const WHERE: Inputs = Inputs::Fields(&["where"]);

/// CAMEO's rules.
pub(crate) fn cameo_rule(name: &str) -> Option<Rule> {
    Some(match name {
        "date" => {
            |row, _| day(row.event.when.as_ref().and_then(|when| when.earliest), "date", "blank_no_date")
        }
        "party" => |row, n| match side(row, n).first() {
            Some(party) => {
                let code =
                    country(row, party).unwrap_or_default().to_owned() + sector(row, party).unwrap_or("");
                if code.is_empty() { blank("blank_no_party", PARTIES) } else { put(code, "party", PARTIES) }
            }
            None => blank("blank_no_party", PARTIES),
        },
        "party_country" => |row, n| match side(row, n).first().and_then(|party| country(row, party)) {
            Some(country) => put(country, "party_country", PARTIES),
            None => blank("blank_no_country", PARTIES),
        },
        "party_sectors" => |row, n| match side(row, n).first().and_then(|party| sector(row, party)) {
            Some(sector) => put(sector, "party_sectors", PARTIES),
            None => blank("blank_no_party", PARTIES),
        },
        "code" => |row, _| match code(row) {
            Some(code) => put(code, "code", ACTION),
            None => blank("blank_no_code", ACTION),
        },
        "root" => |row, _| match code(row).and_then(|code| code.get(..2)) {
            Some(root) => put(root, "root", ACTION),
            None => blank("blank_no_code", ACTION),
        },
        "quad_class" => |row, _| {
            let quad =
                code(row).and_then(|code| row.tables.label("root", code.get(..2)?)?.parse::<i64>().ok());
            match quad {
                Some(quad) => put(quad, "quad_class", ACTION),
                None => blank("blank_no_code", ACTION),
            }
        },
        "place_country" => |row, _| match row.country {
            Some(country) => put(country.iso3.as_str(), "place_country", WHERE),
            None => blank("blank_no_country", WHERE),
        },
        _ => return None,
    })
}

fn code<'r>(row: &'r Row<'_>) -> Option<&'r str> {
    row.tables.decide("code", row.event.action.family, &row.facts)
}

fn side<'r, 'a>(row: &'r Row<'a>, n: usize) -> &'r [&'a Participant] {
    if n == 1 { &row.facts.a } else { &row.facts.b }
}

/// Country of a party as ISO 3166-1 alpha-3.
fn country<'r>(row: &'r Row<'_>, party: &Participant) -> Option<&'r str> {
    Some(&row.tables.country(party.country.as_deref()?)?.iso3)
}

fn sector<'r>(row: &'r Row<'_>, party: &Participant) -> Option<&'r str> {
    row.tables.class(&party.class)?.plover.as_deref()
}

/// PLOVER's rules; each gives the JSON of a field, which [`object`] puts together.
pub(crate) fn rule(name: &str) -> Option<Rule> {
    Some(match name {
        "date" => {
            |row, _| day(row.event.when.as_ref().and_then(|when| when.earliest), "date", "blank_no_date")
        }
        "enddate" => |row, _| {
            let when = row.event.when.as_ref();
            let end = when.and_then(|when| when.latest.filter(|end| Some(*end) != when.earliest));
            day(end, "enddate", if when.is_some() { "blank_one_day" } else { "blank_no_date" })
        },
        "entity" => |row, n| {
            let both = row.event.action.directionality == Directionality::TwoSided;
            let parties: Vec<&Participant> = match (n, both) {
                (1, true) => row.facts.a.iter().chain(&row.facts.b).copied().collect(),
                (1, false) => row.facts.a.clone(),
                (_, true) => Vec::new(),
                (_, false) => row.facts.b.clone(),
            };
            if parties.is_empty() {
                return blank("blank_no_party", PARTIES);
            }
            let list: Vec<Value> = parties.into_iter().map(|party| entity(row, party)).collect();
            put(Value::from(list).to_string(), "entity", PARTIES)
        },
        "event" => |row, _| match root(row) {
            Some(root) => put(json!([root]).to_string(), "event", ACTION),
            None => blank("blank_no_root", ACTION),
        },
        "mode" => |row, _| {
            let Some(root) = root(row) else { return blank("blank_no_mode", ACTION) };
            let has = |mode: &&str| {
                row.tables.label("mode", mode).is_some_and(|roots| roots.split(' ').any(|of| of == root))
            };
            list(all(row, "mode").into_iter().filter(has).collect(), "mode", "blank_no_mode")
        },
        "context" => |row, _| list(all(row, "context"), "context", "blank_no_context"),
        "quad_code" => |row, _| {
            let quad = root(row).and_then(|root| row.tables.label("event", root)?.parse::<i64>().ok());
            match quad {
                Some(quad) => put(quad, "quad_code", ACTION),
                None => blank("blank_no_root", ACTION),
            }
        },
        "location" => |row, _| match location(row) {
            Some(location) => put(location.to_string(), "location", WHERE),
            None => blank("blank_no_place", WHERE),
        },
        "size" => |row, _| {
            let mut size = Map::new();
            for (name, outcome) in [("dead", LossOutcome::Killed), ("injured", LossOutcome::Wounded)] {
                if let Some(number) = row.total(outcome).best {
                    size.insert(name.to_owned(), number.into());
                }
            }
            let rows = Inputs::Losses(row.sides(LossOutcome::Killed).rows);
            if size.is_empty() {
                return blank("blank_none_told", rows);
            }
            put(Value::from(size).to_string(), "size", rows)
        },
        "citation" => |row, _| {
            let report = &row.event.report;
            let mut cite = Map::new();
            let mut add = |name: &str, value: Option<Value>| {
                if let Some(value) = value {
                    cite.insert(name.to_owned(), value);
                }
            };
            add("citation", Some(super::row::citation(row.event).into()));
            add("url", report.url.as_deref().map(Value::from));
            add("language", report.language.as_deref().map(Value::from));
            add("publication", report.publisher.as_deref().map(Value::from));
            add("codebook", Some("plover-2024-02".into()));
            put(Value::from(cite).to_string(), "citation", Inputs::Fields(&["report"]))
        },
        "coder" => |row, _| {
            put(format!("casus {}", row.event.made_by.casus), "coder", Inputs::Fields(&["made_by/casus"]))
        },
        _ => return None,
    })
}

/// Root of the event: a political one carries it.
fn root<'r>(row: &'r Row<'_>) -> Option<&'r str> {
    let action = &row.event.action;
    if action.family == Family::Political {
        let root = action.tactic.as_deref()?;
        return row.tables.label("event", root).map(|_| root);
    }
    row.tables.decide("event", action.family, &row.facts)
}

fn all<'r>(row: &'r Row<'_>, table: &str) -> Vec<&'r str> {
    let mut values: Vec<&str> = Vec::new();
    for family in std::iter::once(&row.event.action.family).chain(&row.event.action.also) {
        for value in row.tables.all(table, *family, &row.facts) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    values
}

fn list<'r>(values: Vec<&str>, rule: &'static str, none: &'static str) -> Filled<'r> {
    if values.is_empty() { blank(none, ACTION) } else { put(json!(values).to_string(), rule, ACTION) }
}

fn entity(row: &Row<'_>, party: &Participant) -> Value {
    let mut entity = Map::new();
    if let Some(country) = country(row, party) {
        entity.insert("code".to_owned(), country.into());
    }
    if let Some(sector) = sector(row, party) {
        entity.insert("sector".to_owned(), sector.into());
    }
    if party.register.is_some() {
        entity.insert("identifier_text".to_owned(), party.name.as_str().into());
    }
    Value::from(entity)
}

fn location(row: &Row<'_>) -> Option<Value> {
    let place = row.place?;
    let (lat, lon) = row.point()?;
    let mut out = Map::new();
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(name.to_owned(), value);
        }
    };
    add("resolved_place", place.resolved.as_deref().map(Value::from));
    let id = place.gazetteer.as_deref().and_then(|id| id.strip_prefix("geonames:"));
    add("geonameid", id.and_then(|id| id.parse::<u64>().ok()).map(Value::from));
    add("lat", Some(lat.into()));
    add("lon", Some(lon.into()));
    add("district", place.admin2.as_deref().map(Value::from));
    add("province", place.admin1.as_deref().map(Value::from));
    add("country", row.country.map(|country| country.name.as_str().into()));
    add("country_code", row.country.map(|country| country.iso3.as_str().into()));
    let resolution = match place.precision {
        Precision::Exact => 5,
        Precision::Place | Precision::Near => 4,
        Precision::Admin3 | Precision::Admin2 => 3,
        Precision::Admin1 | Precision::Area => 2,
        Precision::Country | Precision::WaterOrAir | Precision::Unresolved => 1,
    };
    add("resolution", Some(resolution.into()));
    Some(Value::from(out))
}

/// The object of a row from its fields; what is blank is left out.
pub(crate) fn object<'r>(fields: impl Iterator<Item = (&'r str, Filled<'r>)>) -> Value {
    let mut out = Map::new();
    for (name, filled) in fields {
        let value = match filled.cell.json() {
            Value::Null => continue,
            // Lists and objects are made as JSON by their rules.
            Value::String(text) if text.starts_with(['[', '{']) => {
                serde_json::from_str(&text).unwrap_or(Value::String(text))
            }
            value => value,
        };
        out.insert(name.to_owned(), value);
    }
    Value::from(out)
}
