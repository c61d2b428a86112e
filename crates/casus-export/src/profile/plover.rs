//! PLOVER's fields (`data/profiles/plover.toml`) and CAMEO's columns (`data/profiles/cameo.toml`).
//!
//! Both name a party by country and sectors. PLOVER's rows are JSON objects: list fields are written as
//! lists, and fields that cannot be filled are left out, as its manual has it.

use super::{
    cell::{Cell, Filled, Inputs, blank, put},
    row::{Row, Rule, day},
};
use casus_record::{Directionality, Family, LossOutcome, Participant, Precision};
use serde::Serialize;
use std::io;

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

/// PLOVER's rules; each gives a field, which [`field`] writes.
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
            let none: &[&Participant] = &[];
            let (first, second) = match (n, both) {
                (1, true) => (row.facts.a.as_slice(), row.facts.b.as_slice()),
                (1, false) => (row.facts.a.as_slice(), none),
                (_, true) => (none, none),
                (_, false) => (row.facts.b.as_slice(), none),
            };
            if first.is_empty() && second.is_empty() {
                return blank("blank_no_party", PARTIES);
            }
            let list: Vec<Entity<'_>> =
                first.iter().chain(second).map(|party| Entity::new(row, party)).collect();
            json(&list, "entity", PARTIES)
        },
        "event" => |row, _| match root(row) {
            Some(root) => json(&[root], "event", ACTION),
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
            Some(location) => json(&location, "location", WHERE),
            None => blank("blank_no_place", WHERE),
        },
        "size" => |row, _| {
            let size = Size {
                dead: row.total(LossOutcome::Killed).best,
                injured: row.total(LossOutcome::Wounded).best,
            };
            let rows = Inputs::Losses(row.sides(LossOutcome::Killed).rows);
            if size.dead.or(size.injured).is_none() {
                return blank("blank_none_told", rows);
            }
            json(&size, "size", rows)
        },
        "citation" => |row, _| {
            let report = &row.event.report;
            let cite = Citation {
                citation: super::row::citation(row.event),
                url: report.url.as_deref(),
                language: report.language.as_deref(),
                publication: report.publisher.as_deref(),
                codebook: "plover-2024-02",
            };
            json(&cite, "citation", Inputs::Fields(&["report"]))
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
    if values.is_empty() { blank(none, ACTION) } else { json(&values, rule, ACTION) }
}

/// A cell that is a list or an object.
fn json<'r>(value: &impl Serialize, rule: &'static str, inputs: Inputs) -> Filled<'r> {
    // What is made of strings and numbers can be written.
    let cell = serde_json::to_string(value).map_or(Cell::Blank, Cell::Json);
    Filled { cell, rule, inputs }
}

#[derive(Serialize)]
struct Entity<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sector: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier_text: Option<&'r str>,
}

impl<'r> Entity<'r> {
    fn new(row: &'r Row<'_>, party: &'r Participant) -> Entity<'r> {
        Entity {
            code: country(row, party),
            sector: sector(row, party),
            identifier_text: party.register.as_ref().map(|_| party.name.as_str()),
        }
    }
}

#[derive(Serialize)]
struct Size {
    #[serde(skip_serializing_if = "Option::is_none")]
    dead: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    injured: Option<u64>,
}

#[derive(Serialize)]
struct Citation<'r> {
    citation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publication: Option<&'r str>,
    codebook: &'static str,
}

#[derive(Serialize)]
struct Location<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_place: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    geonameid: Option<u64>,
    lat: f64,
    lon: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    district: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    province: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country_code: Option<&'r str>,
    resolution: u8,
}

fn location<'r>(row: &'r Row<'_>) -> Option<Location<'r>> {
    let place = row.place?;
    let (lat, lon) = row.point()?;
    let id = place.gazetteer.as_deref().and_then(|id| id.strip_prefix("geonames:"));
    Some(Location {
        resolved_place: place.resolved.as_deref(),
        geonameid: id.and_then(|id| id.parse().ok()),
        lat,
        lon,
        district: place.admin2.as_deref(),
        province: place.admin1.as_deref(),
        country: row.country.map(|country| country.name.as_str()),
        country_code: row.country.map(|country| country.iso3.as_str()),
        resolution: match place.precision {
            Precision::Exact => 5,
            Precision::Place | Precision::Near => 4,
            Precision::Admin3 | Precision::Admin2 => 3,
            Precision::Admin1 | Precision::Area => 2,
            Precision::Country | Precision::WaterOrAir | Precision::Unresolved => 1,
        },
    })
}

/// Writes a field of a row's object; what is blank is left out. `first` says whether none stands before it.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn field(name: &str, filled: &Filled<'_>, first: &mut bool, out: &mut Vec<u8>) -> io::Result<()> {
    if filled.cell == Cell::Blank {
        return Ok(());
    }
    out.push(if std::mem::take(first) { b'{' } else { b',' });
    serde_json::to_writer(&mut *out, name)?;
    out.push(b':');
    filled.cell.write_json(out)
}
