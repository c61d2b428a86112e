//! UCDP GED's columns (`data/profiles/ucdp-ged.toml`).
//!
//! UCDP's sides are not the record's: side A is the government of a state-based conflict, or the
//! perpetrator of one-sided violence. [`Ged::new`] finds the type of violence and turns the sides round
//! where it must.

use super::{
    Lookup, Pair,
    case::Share,
    cell::{Filled, Inputs, blank, put},
    row::{Own, Row, Rule, day},
    tables::{Tables, is_state},
    toll::{Number, Part, is_civilian},
};
use casus_data::tables::profile::Country;
use casus_record::{LossOutcome, Participant, Scope, VoiceKind};
use std::borrow::Cow;

const PARTIES: Inputs = Inputs::Fields(&["participants"]);
const WHEN: Inputs = Inputs::Fields(&["when/earliest", "when/latest", "when/grain"]);
const WHERE: Inputs = Inputs::Fields(&["where"]);

/// What UCDP takes a party for.
#[derive(Debug)]
enum Side<'a> {
    State(Option<&'a Country>),
    Group(&'a Participant),
    Civilians,
    /// Not known to be an organised actor, or nobody.
    None,
}

/// What is worked out once for a row.
#[derive(Debug)]
pub(crate) struct Ged<'a> {
    kind: Option<u8>,
    sides: [Side<'a>; 2],
    /// The record's side B is UCDP's side A.
    turned: bool,
    pair: Option<&'a Pair>,
}

impl<'a> Ged<'a> {
    pub(crate) fn new(row: &Row<'a>, lookup: Option<&'a Lookup>) -> Ged<'a> {
        let a = first_side(row.tables, &row.facts.a);
        let b = first_side(row.tables, &row.facts.b);
        let turned = matches!((&a, &b), (Side::Group(_), Side::State(_)));
        let sides = if turned { [b, a] } else { [a, b] };
        let kind = match &sides {
            [Side::State(_), Side::State(_) | Side::Group(_)] => Some(1),
            [Side::Group(_), Side::Group(_)] => Some(2),
            [Side::State(_) | Side::Group(_), Side::Civilians] => Some(3),
            _ => None,
        };
        let mut own = Ged { kind, sides, turned, pair: None };
        if let (Some(lookup), Some(kind)) = (lookup, kind)
            && let (Some(a), Some(b)) = (own.name(row, 0), own.name(row, 1))
        {
            own.pair = lookup.pair(&a, &b, kind);
        }
        own
    }

    fn name(&self, row: &Row<'a>, side: usize) -> Option<Cow<'a, str>> {
        Some(match self.sides.get(side)? {
            Side::State(country) => format!("Government of {}", ged_name((*country)?)).into(),
            Side::Group(party) => row.party_name(party),
            Side::Civilians => "Civilians".into(),
            Side::None => return None,
        })
    }
}

/// UCDP's name of a country.
pub(crate) fn ged_name(country: &Country) -> &str {
    country.ged.as_deref().unwrap_or(&country.name)
}

fn first_side<'a>(tables: &'a Tables, parties: &[&'a Participant]) -> Side<'a> {
    let side = |party: &&'a Participant| {
        let class = party.class.as_str();
        if is_state(class) {
            let iso2 = party.government_of.as_deref().or(party.country.as_deref());
            Side::State(iso2.and_then(|iso2| tables.country(iso2)))
        } else if matches!(class, "rebel" | "political_militia" | "identity_militia") {
            Side::Group(party)
        } else if is_civilian(class) {
            Side::Civilians
        } else {
            Side::None
        }
    };
    parties.iter().map(side).find(|side| !matches!(side, Side::None)).unwrap_or(Side::None)
}

pub(crate) fn rule(name: &str) -> Option<Rule> {
    Some(match name {
        "lookup_id" => |_, _| blank("blank_no_lookup", Inputs::None),
        "year" => |row, _| match row.ucdp_date() {
            Some(date) => put(i64::from(date.start.year()), "year", WHEN),
            None => blank("blank_no_date", WHEN),
        },
        "type_of_violence" => |row, _| match own(row).and_then(|own| own.kind) {
            Some(kind) => put(i64::from(kind), "type_of_violence", PARTIES),
            None => blank("blank_no_type", PARTIES),
        },
        "conflict_id" => |row, _| looked_up(row, "conflict_id", |pair| &pair.conflict_id),
        "conflict_name" => |row, n| match own(row).and_then(|own| own.pair?.conflict_name.as_deref()) {
            Some(name) => put(name, "conflict_name", PARTIES),
            None => match own(row).and_then(|own| own.kind) {
                Some(2 | 3) => Filled { rule: "conflict_name", ..dyad(row, n) },
                _ => blank("blank_no_lookup", PARTIES),
            },
        },
        "dyad_id" => |row, _| looked_up(row, "dyad_id", |pair| &pair.dyad_id),
        "dyad_name" => dyad,
        "side_id" => {
            |row, n| looked_up(row, "side_id", |pair| if n == 1 { &pair.side_a_id } else { &pair.side_b_id })
        }
        "side" => |row, n| match own(row).and_then(|own| own.name(row, n - 1)) {
            Some(name) => put(name, "side", PARTIES),
            None => blank("blank_no_party", PARTIES),
        },
        "number_of_sources" => {
            |row, _| put(reports(row) as u64, "number_of_sources", Inputs::Fields(&["report/text_sha256"]))
        }
        "published" => |row, _| match row.event.report.published {
            Some(date) => put(date.to_string(), "published", Inputs::Fields(&["report/published"])),
            None => put("1753-01-01", "published_missing", Inputs::Fields(&["report/published"])),
        },
        "headline" => |row, _| match &row.event.report.title {
            Some(title) => put(title.as_str(), "headline", Inputs::Fields(&["report/title"])),
            None => blank("blank_redacted", Inputs::None),
        },
        "source_original" => source_original,
        "where_prec" => |row, _| match row.place {
            Some(_) => put(i64::from(row.geo.ucdp), "where_prec", WHERE),
            None => blank("blank_no_place", WHERE),
        },
        "where_description" => |row, _| match row.place.and_then(|place| place.detail.as_deref()) {
            Some(detail) => put(detail, "where_description", WHERE),
            None => blank("blank_redacted", WHERE),
        },
        "geom_wkt" => |row, _| match row.point() {
            Some((lat, lon)) => put(format!("POINT ({lon} {lat})"), "geom_wkt", WHERE),
            None => blank("blank_no_point", WHERE),
        },
        "priogrid" => |row, _| match row.point() {
            Some(point) => put(priogrid(point), "priogrid", WHERE),
            None => blank("blank_no_point", WHERE),
        },
        "ged_country" => |row, _| match row.country {
            Some(country) => put(ged_name(country), "ged_country", WHERE),
            None => blank("blank_no_country", WHERE),
        },
        "country_gw" => |row, _| match row.country.and_then(|country| country.gw) {
            Some(gw) => put(i64::from(gw), "country_gw", WHERE),
            None => blank("blank_no_country", WHERE),
        },
        "ged_region" => |row, _| match row.country.and_then(|country| region(country.gw?)) {
            Some(region) => put(region, "ged_region", WHERE),
            None => blank("blank_no_country", WHERE),
        },
        "event_clarity" => |row, _| {
            let clarity = if row.event.scope == Scope::Aggregate { 2_i64 } else { 1 };
            put(clarity, "event_clarity", Inputs::Fields(&["scope", "occurrences"]))
        },
        "date_prec" => |row, _| match row.ucdp_date() {
            Some(date) => put(i64::from(date.precision), dated(date.estimated, "date_prec"), WHEN),
            None => blank("blank_no_date", WHEN),
        },
        "date_start" => |row, _| {
            let date = row.ucdp_date();
            let estimated = date.is_some_and(|date| date.estimated);
            day(date.map(|date| date.start), dated(estimated, "date_start"), "blank_no_date")
        },
        "date_end" => |row, _| {
            let date = row.ucdp_date();
            let estimated = date.is_some_and(|date| date.estimated);
            day(date.map(|date| date.end), dated(estimated, "date_end"), "blank_no_date")
        },
        "deaths" => |row, n| deaths(row, n - 1),
        "best" => |row, _| total(row, "best", |number| number.best),
        "low" => |row, _| total(row, "low", |number| number.low),
        "high" => |row, _| total(row, "high", |number| number.high),
        "side_gw" => |row, n| match own(row).and_then(|own| own.sides.get(n - 1)) {
            Some(Side::State(Some(Country { gw: Some(gw), .. }))) => put(gw.to_string(), "side_gw", PARTIES),
            _ => blank("blank_no_state", PARTIES),
        },
        _ => return None,
    })
}

fn own<'r, 'a>(row: &'r Row<'a>) -> Option<&'r Ged<'a>> {
    match &row.own {
        Own::Ged(own) => Some(own),
        _ => None,
    }
}

const fn dated(estimated: bool, rule: &'static str) -> &'static str {
    if estimated { "date_estimated" } else { rule }
}

fn looked_up<'r>(
    row: &'r Row<'_>,
    rule: &'static str,
    of: impl Fn(&'r Pair) -> &'r Option<i64>,
) -> Filled<'r> {
    match own(row).and_then(|own| *of(own.pair?)) {
        Some(id) => put(id, rule, PARTIES),
        None => blank("blank_no_lookup", PARTIES),
    }
}

fn dyad<'r>(row: &'r Row<'_>, _: usize) -> Filled<'r> {
    let name = |side| own(row).and_then(|own| own.name(row, side));
    match (name(0), name(1)) {
        (Some(a), Some(b)) => put(format!("{a} - {b}"), "dyad_name", PARTIES),
        _ => blank("blank_no_party", PARTIES),
    }
}

/// Number of reports, by their texts.
fn reports(row: &Row<'_>) -> usize {
    let texts = row.case.accounts.iter().map(|event| event.report.text_sha256.as_str());
    texts.collect::<std::collections::BTreeSet<_>>().len()
}

fn source_original<'r>(row: &'r Row<'_>, _: usize) -> Filled<'r> {
    const VOICES: Inputs = Inputs::Fields(&["voices"]);
    let mut names: Vec<Cow<'_, str>> = Vec::new();
    for voice in row.event.voices.iter().filter(|voice| voice.kind != VoiceKind::Report) {
        let name: Cow<'_, str> = match &voice.name {
            Some(name) => name.as_str().into(),
            None => crate::words::spaced(&crate::words::code(&voice.kind)).into(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return blank("blank_no_voice", VOICES);
    }
    put(names.join("; "), "source_original", VOICES)
}

/// PRIO-GRID's cells are half a degree wide and counted from the south-west, row by row of 720.
fn priogrid((lat, lon): (f64, f64)) -> i64 {
    let cell = |degrees: f64, cells: f64| (degrees * 2.0).floor().clamp(0.0, cells - 1.0);
    (cell(lat + 90.0, 360.0) * 720.0 + cell(lon + 180.0, 720.0)) as i64 + 1
}

/// UCDP's regions are ranges of the numbers of Gleditsch and Ward.
fn region(gw: u16) -> Option<&'static str> {
    Some(match gw {
        2..=199 => "Americas",
        200..=399 => "Europe",
        400..=626 => "Africa",
        630..=699 => "Middle East",
        700..=999 => "Asia",
        _ => return None,
    })
}

/// The four columns of deaths, as UCDP's sides: a, b, civilians, unknown.
fn parts(row: &Row<'_>) -> [Number; 4] {
    let mut parts = row.sides(LossOutcome::Killed).parts;
    let Some(own) = own(row) else { return parts };
    if own.turned {
        parts.swap(Part::A as usize, Part::B as usize);
    }
    if own.kind == Some(3) {
        parts[Part::A as usize] = Number::default();
        // Whoever is told to be on the side of the victims is a civilian.
        let b = std::mem::take(&mut parts[Part::B as usize]);
        parts[Part::Civilians as usize] = parts[Part::Civilians as usize].plus(b);
    }
    parts
}

fn deaths<'r>(row: &'r Row<'_>, part: usize) -> Filled<'r> {
    let sides = row.sides(LossOutcome::Killed);
    let rows = Inputs::Losses(sides.rows);
    let one_sided = own(row).is_some_and(|own| own.kind == Some(3));
    if one_sided && part < 2 {
        return put(0_i64, "deaths_one_sided", rows);
    }
    if sides.total().best.is_none() {
        return blank("blank_vague", rows);
    }
    let rule = match row.case.share {
        Share::Own => "deaths",
        Share::Part if super::acled::has_own(row) => "deaths",
        Share::Part => "deaths_share",
        Share::Rest => "deaths_rest",
    };
    put(parts(row)[part].best.unwrap_or(0), rule, rows)
}

fn total<'r>(row: &'r Row<'_>, rule: &'static str, of: impl Fn(&Number) -> Option<u64>) -> Filled<'r> {
    let sides = row.sides(LossOutcome::Killed);
    let rows = Inputs::Losses(sides.rows);
    let total = parts(row).iter().fold(Number::default(), |sum, part| sum.plus(*part));
    match (total.best, of(&total)) {
        (None, _) => blank("blank_vague", rows),
        (Some(_), Some(number)) => put(number, rule, rows),
        (Some(best), None) => put(best, "high_of_best", rows),
    }
}

/// Whether UCDP counts the row: at least one death is told that is not a perpetrator's in one-sided violence.
pub(crate) fn counts(row: &Row<'_>) -> bool {
    let sides = row.sides(LossOutcome::Killed);
    let total = parts(row).iter().fold(Number::default(), |sum, part| sum.plus(*part));
    sides.vague || total.high.or(total.best).is_some_and(|number| number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The corners of the grid, and a cell worked out from the definition: row 68, column 221, both from 0.
    #[test]
    fn cells_count_from_the_south_west() {
        let check = |point: (f64, f64), expected: i64| assert_eq!(priogrid(point), expected, "{point:?}");
        check((-89.75, -179.75), 1);
        check((-89.75, 179.75), 720);
        check((89.75, 179.75), 259_200);
        check((-90.0, -180.0), 1);
        check((90.0, 180.0), 259_200);
        check((-55.75, -69.25), 68 * 720 + 221 + 1);
    }

    #[test]
    fn regions_are_ranges() {
        let check = |gw: u16, expected: Option<&str>| assert_eq!(region(gw), expected, "{gw}");
        check(2, Some("Americas"));
        check(365, Some("Europe"));
        check(475, Some("Africa"));
        check(651, Some("Middle East"));
        check(700, Some("Asia"));
        check(628, None);
    }
}
