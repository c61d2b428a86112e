//! HXL's columns (`data/profiles/hxl.toml`): the numbers of a tally with the tags of humanitarian data.

use super::{
    cell::{Filled, Inputs, blank, put},
    row::{Row, Rule, day},
    toll::{Number, Part},
};
use casus_record::LossOutcome;
use std::borrow::Cow;

const ACTION: Inputs = Inputs::Fields(&["action", "status"]);
const WHERE: Inputs = Inputs::Fields(&["where"]);

pub(crate) fn rule(name: &str) -> Option<Rule> {
    Some(match name {
        "family" => |row, _| put(crate::words::code(&row.event.action.family), "family", ACTION),
        "tactic" => |row, _| match &row.event.action.tactic {
            Some(tactic) => put(tactic.as_str(), "tactic", ACTION),
            None => blank("blank_no_tactic", ACTION),
        },
        "status" => |row, _| put(crate::words::code(&row.event.status), "status", ACTION),
        "date_start" => |row, _| {
            day(row.event.when.as_ref().and_then(|when| when.earliest), "date_start", "blank_no_date")
        },
        "date_end" => {
            |row, _| day(row.event.when.as_ref().and_then(|when| when.latest), "date_end", "blank_no_date")
        }
        "iso3" => |row, _| match row.country {
            Some(country) => put(country.iso3.as_str(), "iso3", WHERE),
            None => blank("blank_no_country", WHERE),
        },
        "precision" => |row, _| match row.place {
            Some(place) => put(crate::words::code(&place.precision), "precision", WHERE),
            None => blank("blank_no_place", WHERE),
        },
        "parties" => |row, n| {
            let side = if n == 1 { &row.facts.a } else { &row.facts.b };
            let names: Vec<Cow<'_, str>> = side.iter().map(|party| row.party_name(party)).collect();
            if names.is_empty() {
                return blank("blank_no_party", Inputs::Fields(&["participants"]));
            }
            put(names.join("; "), "parties", Inputs::Fields(&["participants"]))
        },
        "killed" => |row, _| number(row, LossOutcome::Killed, "killed", |n| n.best),
        "killed_low" => |row, _| number(row, LossOutcome::Killed, "killed_low", |n| n.low),
        "killed_high" => |row, _| number(row, LossOutcome::Killed, "killed_high", |n| n.high),
        "killed_civilians" => |row, _| {
            let sides = row.sides(LossOutcome::Killed);
            match sides.parts[Part::Civilians as usize].best {
                Some(best) => put(best, "killed_civilians", Inputs::Losses(sides.rows)),
                None => blank("blank_none_told", Inputs::Losses(sides.rows)),
            }
        },
        "wounded" => |row, _| number(row, LossOutcome::Wounded, "wounded", |n| n.best),
        "missing" => |row, _| number(row, LossOutcome::Missing, "missing", |n| n.best),
        "abducted" => |row, _| number(row, LossOutcome::Abducted, "abducted", |n| n.best),
        "displaced" => |row, _| number(row, LossOutcome::Displaced, "displaced", |n| n.best),
        "published" => |row, _| match row.event.report.published {
            Some(date) => put(date, "published", Inputs::Fields(&["report/published"])),
            None => blank("blank_not_published", Inputs::Fields(&["report/published"])),
        },
        _ => return None,
    })
}

fn number<'r>(
    row: &'r Row<'_>,
    outcome: LossOutcome,
    rule: &'static str,
    of: impl Fn(Number) -> Option<u64>,
) -> Filled<'r> {
    let sides = row.sides(outcome);
    match of(sides.total()) {
        Some(number) => put(number, rule, Inputs::Losses(sides.rows)),
        None if sides.told => blank("blank_vague", Inputs::Losses(sides.rows)),
        None => blank("blank_none_told", Inputs::Losses(sides.rows)),
    }
}
