//! ACLED's columns (`data/profiles/acled.toml`).
//!
//! The type of event comes from the decision table; everything else here is arithmetic over the row: inter
//! codes, their pair, and a count of deaths that takes the lowest of rival accounts.

use super::{
    cell::{Filled, Inputs, blank, put},
    row::{Own, Row, Rule, composed},
    toll::is_civilian,
};
use crate::precision::{self, AcledDate};
use casus_record::{Family, LossOutcome, Participant};
use std::borrow::Cow;

const PARTIES: Inputs = Inputs::Fields(&["participants"]);
const ACTION: Inputs = Inputs::Fields(&["action", "status", "result"]);
const WHEN: Inputs = Inputs::Fields(&["when/earliest", "when/latest", "when/grain"]);
const WHERE: Inputs = Inputs::Fields(&["where"]);

/// What is worked out once for a row.
#[derive(Debug)]
pub(crate) struct Acled<'a> {
    date: Option<AcledDate>,
    inter: [Option<u8>; 2],
    sub_event: &'a str,
}

impl<'a> Acled<'a> {
    pub(crate) fn new(row: &Row<'a>) -> Acled<'a> {
        let inter = |parties: &[&Participant]| {
            let party = parties.first()?;
            let place = row.tables.class(&party.class)?.acled?;
            let foreign = is_armed_state(&party.class)
                && party.country.as_deref().zip(row.iso2()).is_some_and(|(of, at)| of != at);
            Some(if foreign { 8 } else { place })
        };
        Acled {
            date: row.event.when.as_ref().and_then(precision::acled),
            inter: [inter(&row.facts.a), inter(&row.facts.b)],
            sub_event: row
                .tables
                .decide("sub_event_type", row.event.action.family, &row.facts)
                .unwrap_or(OTHER),
        }
    }
}

/// The type of event of what no row of the decision table holds.
const OTHER: &str = "Other";

fn is_armed_state(class: &str) -> bool {
    matches!(class, "state_military" | "state_police" | "state_intelligence")
}

pub(crate) fn rule(name: &str) -> Option<Rule> {
    Some(match name {
        "event_date" => |row, _| match own(row).date {
            Some(date) => put(date.date, "event_date", WHEN),
            None => blank("blank_no_date", WHEN),
        },
        "year" => |row, _| match own(row).date {
            Some(date) => put(i64::from(date.date.year()), "year", WHEN),
            None => blank("blank_no_date", WHEN),
        },
        "time_precision" => |row, _| match own(row).date {
            Some(date) => put(i64::from(date.precision), "time_precision", WHEN),
            None => blank("blank_no_date", WHEN),
        },
        "disorder_type" => disorder,
        "event_type" => |row, _| put(event_type(row), "event_type", ACTION),
        "sub_event_type" => |row, _| put(sub_event(row), "sub_event_type", ACTION),
        "actor" => |row, n| match side(row, n).first() {
            Some(party) if party.class == "unknown" && row.own_name(party).is_none() => {
                blank("blank_no_class", PARTIES)
            }
            Some(party) => put(row.party_name(party), "actor", PARTIES),
            None => blank("blank_no_party", PARTIES),
        },
        "assoc_actor" => |row, n| {
            let names: Vec<Cow<'_, str>> =
                side(row, n).iter().skip(1).map(|party| row.party_name(party)).collect();
            if names.is_empty() {
                return blank("blank_no_party", PARTIES);
            }
            put(names.join("; "), "assoc_actor", PARTIES)
        },
        "inter" => |row, n| match own(row).inter.get(n - 1).copied().flatten() {
            Some(8) if side(row, n).first().is_some_and(|party| is_armed_state(&party.class)) => {
                put(8_i64, "inter_foreign", PARTIES)
            }
            Some(code) => put(i64::from(code), "inter", PARTIES),
            None if side(row, n).is_empty() => blank("blank_no_party", PARTIES),
            None => blank("blank_no_class", PARTIES),
        },
        "interaction" => interaction,
        "civilian_targeting" => civilians,
        "iso_numeric" => |row, _| match row.country.and_then(|country| country.numeric) {
            Some(number) => put(i64::from(number), "iso_numeric", WHERE),
            None => blank("blank_no_country", WHERE),
        },
        "acled_region" => |row, _| match row.country.and_then(|country| country.acled_region.as_deref()) {
            Some(region) => put(region, "acled_region", WHERE),
            None => blank("blank_no_country", WHERE),
        },
        "acled_country" => |row, _| match row.country.and_then(|country| country.acled.as_deref()) {
            Some(name) => put(name, "acled_country", WHERE),
            None => blank("blank_no_country", WHERE),
        },
        "geo_precision" => |row, _| match row.place {
            Some(_) => put(i64::from(row.geo.acled), "geo_precision", WHERE),
            None => blank("blank_no_place", WHERE),
        },
        "notes" => |row, _| put(composed(row, sub_event(row)), "notes", Inputs::None),
        "fatalities" => fatalities,
        "tags" => crowd,
        _ => return None,
    })
}

fn own<'r, 'a>(row: &'r Row<'a>) -> &'r Acled<'a> {
    match &row.own {
        Own::Acled(own) => own,
        _ => &Acled { date: None, inter: [None; 2], sub_event: OTHER },
    }
}

fn side<'r, 'a>(row: &'r Row<'a>, n: usize) -> &'r [&'a Participant] {
    if n == 1 { &row.facts.a } else { &row.facts.b }
}

fn sub_event<'r>(row: &'r Row<'_>) -> &'r str {
    own(row).sub_event
}

fn event_type<'r>(row: &'r Row<'_>) -> &'r str {
    row.tables.label("sub_event_type", sub_event(row)).unwrap_or("Strategic developments")
}

/// Demonstrations that met or were deadly violence are political violence to ACLED, too.
fn disorder<'r>(row: &'r Row<'_>, _: usize) -> Filled<'r> {
    let text = match sub_event(row) {
        "Excessive force against protesters" => "Political violence; Demonstrations",
        "Mob violence" => "Political violence",
        _ => row.tables.label("event_type", event_type(row)).unwrap_or_default(),
    };
    put(text, "disorder_type", ACTION)
}

fn interaction<'r>(row: &'r Row<'_>, _: usize) -> Filled<'r> {
    let code = match own(row).inter {
        [Some(a), Some(b)] => i64::from(a.min(b)) * 10 + i64::from(a.max(b)),
        [Some(one), None] if row.facts.b.is_empty() => i64::from(one) * 10,
        [None, Some(one)] if row.facts.a.is_empty() => i64::from(one) * 10,
        _ => return blank("blank_no_interaction", PARTIES),
    };
    match row.tables.label_of("interaction", code) {
        Some(_) => put(code, "interaction", PARTIES),
        None => blank("blank_no_interaction", PARTIES),
    }
}

fn civilians<'r>(row: &'r Row<'_>, _: usize) -> Filled<'r> {
    let violence = matches!(event_type(row), "Violence against civilians" | "Explosions/Remote violence")
        || matches!(sub_event(row), "Mob violence" | "Excessive force against protesters");
    let only = row.facts.b.iter().all(|party| is_civilian(&party.class)) && !row.facts.b.is_empty();
    if violence && only {
        put("Civilian targeting", "civilian_targeting", PARTIES)
    } else {
        blank("blank_not_civilian", PARTIES)
    }
}

fn fatalities<'r>(row: &'r Row<'_>, _: usize) -> Filled<'r> {
    use super::case::Share;
    let sides = row.sides(LossOutcome::Killed);
    let rows = Inputs::Losses(sides.rows);
    match (sides.total().best, row.case.share) {
        (Some(best), Share::Part) if sides.rows == 0 || !has_own(row) => put(best, "fatalities_share", rows),
        (Some(best), Share::Rest) => put(best, "fatalities_rest", rows),
        (Some(best), _) if sides.vague => put(best, "fatalities_known", rows),
        (Some(best), _) => put(best, "fatalities", rows),
        (None, Share::Rest) if !sides.vague => put(0_i64, "fatalities_rest", rows),
        (None, _) if sides.told => blank("blank_vague", rows),
        (None, _) => put(0_i64, "fatalities_none", rows),
    }
}

/// Whether the event's own rows tell of deaths.
pub(crate) fn has_own(row: &Row<'_>) -> bool {
    row.case
        .accounts
        .iter()
        .any(|event| event.losses.iter().any(|loss| loss.outcome.as_slice() == [LossOutcome::Killed]))
}

fn crowd<'r>(row: &'r Row<'_>, _: usize) -> Filled<'r> {
    if !matches!(row.event.action.family, Family::Protest | Family::Riot) {
        return blank("blank_no_crowd", ACTION);
    }
    let count = row.facts.a.iter().find_map(|party| party.count.as_ref());
    let size = count.map_or_else(
        || "no report".to_owned(),
        |count| match (&count.word, count.value.or(count.low)) {
            (Some(word), _) => word.clone(),
            (None, Some(number)) => number.to_string(),
            (None, None) => "no report".to_owned(),
        },
    );
    put(format!("crowd size={size}"), "tags", PARTIES)
}
