//! GTD's columns (`data/profiles/gtd.toml`).
//!
//! What a reviewer has to judge (the three criteria, doubt, the alternative) is never filled. Columns for
//! hostages are filled for hostage takings only, as the codebook has it; there -99 and -9 are its own
//! codes for what is not told.

use super::{
    acled::has_own,
    case::Share,
    cell::{Cell, Filled, Inputs, blank, put},
    row::{Own, Row, Rule, composed, day},
    tables::is_thing,
    toll::Part,
};
use crate::precision::{self, GtdDate};
use casus_data::tables::profile::Country;
use casus_record::{
    AttributionStatus, Effect, Family, Function, Loss, LossOutcome, Participant, ParticipantKind, PlaceKind,
    Precision, Status,
};
use std::fmt::Write as _;

const PARTIES: Inputs = Inputs::Fields(&["participants"]);
const ACTION: Inputs = Inputs::Fields(&["action", "status", "result"]);
const WHEN: Inputs = Inputs::Fields(&["when/earliest", "when/latest", "when/grain"]);
const WHERE: Inputs = Inputs::Fields(&["where"]);
const MATERIEL: Inputs = Inputs::Fields(&["materiel", "participants"]);

/// GTD's code for "unknown" in yes-no columns.
const UNKNOWN: i64 = -9;

/// GTD's code for an unknown number.
const UNKNOWN_NUMBER: i64 = -99;

/// What is worked out once for a row.
#[derive(Debug)]
pub(crate) struct Gtd<'a> {
    date: Option<GtdDate>,
    attacks: Vec<u8>,
    targets: Vec<Target<'a>>,
    groups: Vec<&'a Participant>,
    weapons: Vec<(u8, Option<u8>)>,
    hostages: bool,
}

#[derive(Debug)]
struct Target<'a> {
    kind: u8,
    subtype: Option<u8>,
    party: &'a Participant,
}

impl<'a> Gtd<'a> {
    pub(crate) fn new(row: &Row<'a>) -> Gtd<'a> {
        let action = &row.event.action;
        let attack = |family: Family| {
            row.tables.decide("attacktype", family, &row.facts).and_then(|code| code.parse().ok())
        };
        let mut attacks: Vec<u8> = attack(action.family).into_iter().collect();
        for family in &action.also {
            let more = attack(*family).filter(|code| !attacks.contains(code) && *code != 9);
            attacks.extend(more);
        }
        attacks.sort_by_key(|code| hierarchy(*code));
        let mut targets: Vec<Target<'a>> = Vec::new();
        let things = row.event.participants.iter().filter(|party| is_thing(party) || is_named_target(party));
        for party in things.chain(row.facts.b.iter().copied()) {
            let place = party
                .target_type
                .as_deref()
                .filter(|kind| *kind != "unknown")
                .and_then(|kind| row.tables.target(kind)?.gtd)
                .or_else(|| row.tables.class(&party.class)?.gtd);
            let Some((kind, subtype)) = place else { continue };
            if !targets.iter().any(|known| (known.kind, known.subtype) == (kind, subtype)) {
                targets.push(Target { kind, subtype, party });
            }
        }
        let mut weapons: Vec<(u8, Option<u8>)> = Vec::new();
        for weapon in &action.weapons {
            let code = row.tables.weapon(&weapon.kind).and_then(|place| place.gtd);
            weapons.extend(code.filter(|code| !weapons.contains(code)));
        }
        // A kind without its subtype says nothing beside one with it.
        let full: Vec<u8> = weapons.iter().filter(|code| code.1.is_some()).map(|code| code.0).collect();
        weapons.retain(|code| code.1.is_some() || !full.contains(&code.0));
        let held = attacks.iter().any(|code| matches!(code, 4..=6));
        Gtd {
            date: row.event.when.as_ref().and_then(precision::gtd),
            hostages: held || row.sides(LossOutcome::Abducted).told,
            attacks,
            targets,
            groups: row.facts.a.clone(),
            weapons,
        }
    }
}

/// Position in the codebook's hierarchy of attack types.
fn hierarchy(code: u8) -> usize {
    [1, 4, 6, 5, 3, 2, 8, 7, 9].iter().position(|known| *known == code).unwrap_or(9)
}

fn is_named_target(party: &Participant) -> bool {
    party.role == casus_record::Role::Recipient && party.target_type.is_some()
}

pub(crate) fn rule(name: &str) -> Option<Rule> {
    date_rule(name)
        .or_else(|| place_rule(name))
        .or_else(|| attack_rule(name))
        .or_else(|| party_rule(name))
        .or_else(|| loss_rule(name))
        .or_else(|| hostage_rule(name))
}

fn own<'r, 'a>(row: &'r Row<'a>) -> Option<&'r Gtd<'a>> {
    match &row.own {
        Own::Gtd(own) => Some(own),
        _ => None,
    }
}

fn date_rule(name: &str) -> Option<Rule> {
    fn date<'r>(row: &'r Row<'_>) -> Option<&'r GtdDate> {
        own(row)?.date.as_ref()
    }
    fn number<'r>(row: &'r Row<'_>, rule: &'static str, of: fn(&GtdDate) -> i64) -> Filled<'r> {
        match date(row) {
            Some(date) => put(of(date), rule, WHEN),
            None => blank("blank_no_date", WHEN),
        }
    }
    Some(match name {
        "iyear" => |row, _| number(row, "iyear", |date| i64::from(date.year)),
        "imonth" => |row, _| number(row, "imonth", |date| i64::from(date.month)),
        "iday" => |row, _| number(row, "iday", |date| i64::from(date.day)),
        "approxdate" => |row, _| match date(row) {
            Some(date) if !date.approximate.is_empty() => put(date.approximate.as_str(), "approxdate", WHEN),
            Some(_) => blank("blank_day_known", WHEN),
            None => blank("blank_no_date", WHEN),
        },
        "extended" => |row, _| number(row, "extended", |date| i64::from(date.extended)),
        "resolution" => |row, _| {
            let extended = date(row).is_some_and(|date| date.extended);
            let end = row.event.when.as_ref().and_then(|when| when.latest).filter(|_| extended);
            day(end, "resolution", "blank_not_extended")
        },
        _ => return None,
    })
}

fn place_rule(name: &str) -> Option<Rule> {
    fn country<'r>(
        row: &'r Row<'_>,
        rule: &'static str,
        of: impl Fn(&'r Country) -> Option<Cell<'r>>,
    ) -> Filled<'r> {
        match row.country.and_then(of) {
            Some(cell) => Filled { cell, rule, inputs: WHERE },
            None => blank("blank_no_country", WHERE),
        }
    }
    Some(match name {
        "gtd_country" => |row, _| country(row, "gtd_country", |at| Some(i64::from(at.gtd?).into())),
        "gtd_country_name" => {
            |row, _| country(row, "gtd_country_name", |at| Some(at.gtd_name.as_deref()?.into()))
        }
        "gtd_region" => |row, _| country(row, "gtd_region", |at| Some(i64::from(at.gtd_region?).into())),
        "gtd_region_name" => |row, _| {
            let name = |at: &Country| row.tables.label_of("region", i64::from(at.gtd_region?));
            country(row, "gtd_region_name", |at| Some(name(at)?.into()))
        },
        "city" => |row, _| {
            let town = row.place.filter(|place| {
                matches!(place.precision, Precision::Exact | Precision::Place | Precision::Near)
                    || place.precision == Precision::Unresolved
                        && matches!(place.kind, PlaceKind::PopulatedPlace | PlaceKind::Unknown)
            });
            let name = town.map(|place| place.resolved.as_deref().unwrap_or(&place.name));
            let smallest = || row.place.and_then(|place| place.admin3.as_deref().or(place.admin2.as_deref()));
            match name.or_else(smallest) {
                Some(name) => put(name, "city", WHERE),
                None => blank("blank_no_place", WHERE),
            }
        },
        "specificity" => |row, _| put(i64::from(row.geo.gtd), "specificity", WHERE),
        "vicinity" => |row, _| match row.place {
            Some(_) => put(i64::from(row.geo.vicinity), "vicinity", WHERE),
            None => blank("blank_no_place", WHERE),
        },
        _ => return None,
    })
}

fn attack_rule(name: &str) -> Option<Rule> {
    fn nth<'r, T: Copy>(
        row: &'r Row<'_>,
        of: impl Fn(&Gtd<'_>) -> Option<T>,
        rule: &'static str,
        none: &'static str,
        cell: impl Fn(T) -> Option<Cell<'r>>,
    ) -> Filled<'r> {
        match own(row).and_then(of).and_then(cell) {
            Some(cell) => Filled { cell, rule, inputs: ACTION },
            None => blank(none, ACTION),
        }
    }
    fn integer<'r>(code: u8) -> Option<Cell<'r>> {
        Some(i64::from(code).into())
    }
    Some(match name {
        "summary" => |row, _| {
            let code = own(row).and_then(|own| own.attacks.first()).map_or(9, |code| i64::from(*code));
            let kind = row.tables.label_of("attacktype", code).unwrap_or_default();
            put(composed(row, kind), "summary", Inputs::None)
        },
        "multiple" => {
            |row, _| put(i64::from(row.case.owner.is_some()), "multiple", Inputs::Fields(&["relations"]))
        }
        "related" => |row, _| {
            if row.case.owner.is_none() || row.siblings.is_empty() {
                return blank("blank_nothing_to_note", Inputs::Fields(&["relations"]));
            }
            let others: Vec<&str> = row.siblings.iter().copied().filter(|id| *id != row.event.id).collect();
            put(others.join(", "), "related", Inputs::Fields(&["relations"]))
        },
        "success" => |row, _| match row.event.status {
            Status::Attempted | Status::Foiled => put(0_i64, "success", ACTION),
            // An assassination succeeds if its target dies.
            Status::Happened
                if row.event.action.tactic.as_deref() == Some("assassination")
                    && !row.sides(LossOutcome::Killed).told =>
            {
                blank("blank_unclear", ACTION)
            }
            Status::Happened => put(1_i64, "success", ACTION),
            _ => blank("blank_unclear", ACTION),
        },
        "suicide" => |row, _| {
            let suicide = row.tables.decide("suicide", row.event.action.family, &row.facts).is_some();
            put(i64::from(suicide), "suicide", ACTION)
        },
        "attacktype" => |row, n| {
            nth(row, |own| own.attacks.get(n - 1).copied(), "attacktype", "blank_nothing_to_note", integer)
        },
        "attacktype_name" => |row, n| {
            nth(
                row,
                |own| own.attacks.get(n - 1).copied(),
                "attacktype_name",
                "blank_nothing_to_note",
                |code| Some(row.tables.label_of("attacktype", i64::from(code))?.into()),
            )
        },
        "weaptype" => |row, n| match own(row).map_or(&[][..], |own| &own.weapons).get(n - 1) {
            Some((kind, _)) => put(i64::from(*kind), "weaptype", ACTION),
            None if n == 1 => put(13_i64, "weaptype_unknown", ACTION),
            None => blank("blank_no_weapon", ACTION),
        },
        "weaptype_name" => |row, n| {
            let kind = match own(row).map_or(&[][..], |own| &own.weapons).get(n - 1) {
                Some((kind, _)) => i64::from(*kind),
                None if n == 1 => 13,
                None => return blank("blank_no_weapon", ACTION),
            };
            put(row.tables.label_of("weaptype", kind).unwrap_or_default(), "weaptype_name", ACTION)
        },
        "weapsubtype" => {
            |row, n| nth(row, |own| own.weapons.get(n - 1)?.1, "weapsubtype", "blank_no_weapon", integer)
        }
        "weapsubtype_name" => |row, n| {
            nth(
                row,
                |own| own.weapons.get(n - 1)?.1,
                "weapsubtype_name",
                "blank_no_weapon",
                |code| Some(row.tables.label_of("weapsubtype", i64::from(code))?.into()),
            )
        },
        _ => return None,
    })
}

fn party_rule(name: &str) -> Option<Rule> {
    fn target<'r, 'a>(row: &'r Row<'a>, n: usize) -> Option<&'r Target<'a>> {
        own(row)?.targets.get(n - 1)
    }
    fn group<'a>(row: &Row<'a>, n: usize) -> Option<&'a Participant> {
        own(row)?.groups.get(n - 1).copied()
    }
    fn claims(party: &Participant) -> bool {
        party.attributions.iter().any(|of| of.status == AttributionStatus::Claimed)
    }
    fn mode(row: &Row<'_>, n: usize) -> Option<i64> {
        let party = group(row, n).filter(|party| claims(party))?;
        let mode = party.attributions.iter().find_map(|of| of.mode.as_deref()).unwrap_or("unknown");
        row.tables.label("mode", mode).unwrap_or("9").parse().ok()
    }
    fn nationality<'r>(row: &'r Row<'_>, n: usize) -> Option<&'r Country> {
        row.tables.country(target(row, n)?.party.country.as_deref()?).filter(|country| country.gtd.is_some())
    }
    Some(match name {
        "targtype" => |row, n| match target(row, n) {
            Some(target) => put(i64::from(target.kind), "targtype", PARTIES),
            None => blank("blank_no_target", PARTIES),
        },
        "targtype_name" => |row, n| match target(row, n) {
            Some(target) => put(
                row.tables.label_of("targtype", i64::from(target.kind)).unwrap_or_default(),
                "targtype_name",
                PARTIES,
            ),
            None => blank("blank_no_target", PARTIES),
        },
        "targsubtype" => |row, n| match target(row, n).map(|target| target.subtype) {
            Some(Some(code)) => put(i64::from(code), "targsubtype", PARTIES),
            Some(None) => blank("blank_no_subtype", PARTIES),
            None => blank("blank_no_target", PARTIES),
        },
        "targsubtype_name" => |row, n| match target(row, n).map(|target| target.subtype) {
            Some(Some(code)) => put(
                row.tables.label_of("targsubtype", i64::from(code)).unwrap_or_default(),
                "targsubtype_name",
                PARTIES,
            ),
            Some(None) => blank("blank_no_subtype", PARTIES),
            None => blank("blank_no_target", PARTIES),
        },
        "corp" => |row, n| match target(row, n) {
            Some(target) if target.party.register.is_some() => put(&*target.party.name, "corp", PARTIES),
            _ => blank("blank_no_target", PARTIES),
        },
        "target" => |row, n| match target(row, n) {
            Some(target) if is_thing(target.party) => {
                let kind = target.party.target_type.as_deref().and_then(|kind| row.tables.target(kind));
                put(kind.map_or("", |kind| kind.definition.as_str()), "target", PARTIES)
            }
            Some(target) => put(row.party_name(target.party), "target", PARTIES),
            None => blank("blank_no_target", PARTIES),
        },
        "natlty" => |row, n| match nationality(row, n).and_then(|country| country.gtd) {
            Some(code) => put(i64::from(code), "natlty", PARTIES),
            None => blank("blank_no_nationality", PARTIES),
        },
        "natlty_name" => |row, n| match nationality(row, n).and_then(|country| country.gtd_name.as_deref()) {
            Some(name) => put(name, "natlty_name", PARTIES),
            None => blank("blank_no_nationality", PARTIES),
        },
        "gname" => |row, n| match group(row, n) {
            Some(party) => put(row.party_name(party), "gname", PARTIES),
            None if n == 1 => put("Unknown", "gname_unknown", PARTIES),
            None => blank("blank_no_party", PARTIES),
        },
        "guncertain" => |row, n| match group(row, n) {
            Some(party) => {
                let stated = party.attributions.iter().any(|of| of.status == AttributionStatus::Stated);
                let uncertain = !stated && !party.attributions.is_empty();
                put(i64::from(uncertain), "guncertain", PARTIES)
            }
            None => blank("blank_no_party", PARTIES),
        },
        "individual" => |row, _| {
            let groups = own(row).map_or(&[][..], |own| &own.groups);
            let alone = |party: &&Participant| {
                party.kind == ParticipantKind::Person
                    && matches!(party.class.as_str(), "civilians" | "unknown" | "criminal")
            };
            put(i64::from(!groups.is_empty() && groups.iter().all(alone)), "individual", PARTIES)
        },
        "nperps" => |row, _| {
            let counts = own(row).map_or(&[][..], |own| &own.groups).iter().filter_map(|party| {
                let count = party.count.as_ref()?;
                if count.word.is_some() { None } else { count.low.or(count.value) }
            });
            match counts.reduce(u64::saturating_add) {
                Some(number) => put(number, "nperps", PARTIES),
                None => put(UNKNOWN_NUMBER, "nperps_unknown", PARTIES),
            }
        },
        "nperpcap" => |row, _| {
            let sides = row.sides(LossOutcome::Captured);
            match sides.parts[Part::A as usize].best {
                Some(number) => put(number, "nperpcap", Inputs::Losses(sides.rows)),
                None => blank("blank_no_number", Inputs::Losses(sides.rows)),
            }
        },
        "claimed" => |row, n| match group(row, n) {
            Some(party) => put(i64::from(claims(party)), "claimed", PARTIES),
            None if n == 1 => put(0_i64, "claimed", PARTIES),
            None => blank("blank_no_party", PARTIES),
        },
        "claimmode" => |row, n| match mode(row, n) {
            Some(code) => put(code, "claimmode", PARTIES),
            None => blank("blank_no_claim", PARTIES),
        },
        "claimmode_name" => {
            |row, n| match mode(row, n).and_then(|code| row.tables.label_of("claimmode", code)) {
                Some(name) => put(name, "claimmode_name", PARTIES),
                None => blank("blank_no_claim", PARTIES),
            }
        }
        "compclaim" => {
            |row, _| match own(row).map_or(0, |own| own.groups.iter().filter(|party| claims(party)).count()) {
                0 => blank("blank_no_claim", PARTIES),
                1 => put(UNKNOWN, "compclaim", PARTIES),
                _ => put(1_i64, "compclaim", PARTIES),
            }
        }
        "int_log" => |row, _| between(row, "int_log", |row| (group_country(row), row.iso2())),
        "int_ideo" => |row, _| between(row, "int_ideo", |row| (group_country(row), target_country(row))),
        "int_misc" => |row, _| between(row, "int_misc", |row| (target_country(row), row.iso2())),
        "int_any" => |row, _| {
            let (group, target, at) = (group_country(row), target_country(row), row.iso2());
            let pairs = [group.zip(at), group.zip(target), target.zip(at)];
            let code = if pairs.iter().flatten().any(|(a, b)| a != b) {
                1
            } else if pairs.iter().any(Option::is_none) {
                UNKNOWN
            } else {
                0
            };
            put(code, "int_any", PARTIES)
        },
        _ => return None,
    })
}

fn group_country<'a>(row: &Row<'a>) -> Option<&'a str> {
    row.facts.a.first()?.country.as_deref()
}

fn target_country<'a>(row: &Row<'a>) -> Option<&'a str> {
    row.facts.b.first()?.country.as_deref()
}

fn between<'r, 'a>(
    row: &'r Row<'a>,
    rule: &'static str,
    of: impl Fn(&Row<'a>) -> (Option<&'a str>, Option<&'a str>),
) -> Filled<'r> {
    let code = match of(row) {
        (Some(a), Some(b)) => i64::from(a != b),
        _ => UNKNOWN,
    };
    put(code, rule, PARTIES)
}

fn loss_rule(name: &str) -> Option<Rule> {
    /// Losses of citizens of the United States, which rows of their own tell.
    fn american(loss: &Loss) -> bool {
        loss.who.country.as_deref() == Some("US")
    }
    fn americans<'r>(row: &'r Row<'_>, outcome: LossOutcome, rule: &'static str) -> Filled<'r> {
        if !row.event.losses.iter().any(american) {
            return blank("blank_none_told", Inputs::Fields(&["losses"]));
        }
        let tally = row.tables.counting.tally_where(row.event, american);
        number(tally.of(outcome).total().best, tally.of(outcome).told, rule, tally.of(outcome).rows)
    }
    fn number<'r>(best: Option<u64>, told: bool, rule: &'static str, rows: u64) -> Filled<'r> {
        match best {
            Some(best) => put(best, rule, Inputs::Losses(rows)),
            None if told => blank("blank_vague", Inputs::Losses(rows)),
            None => blank("blank_none_told", Inputs::Losses(rows)),
        }
    }
    fn attackers<'r>(row: &'r Row<'_>, outcome: LossOutcome, rule: &'static str) -> Filled<'r> {
        let sides = row.sides(outcome);
        number(sides.parts[Part::A as usize].best, false, rule, sides.rows)
    }
    fn damaged(row: &Row<'_>) -> bool {
        use casus_record::MaterielOutcome as Outcome;
        row.event.materiel.iter().any(|row| {
            matches!(row.outcome, Outcome::Destroyed | Outcome::Damaged | Outcome::Burned | Outcome::Downed)
        }) || row
            .event
            .participants
            .iter()
            .any(|party| matches!(party.effect, Some(Effect::Damaged | Effect::Destroyed)))
    }
    Some(match name {
        "nkill" => |row, _| {
            let sides = row.sides(LossOutcome::Killed);
            let rows = Inputs::Losses(sides.rows);
            match (sides.total().best, row.case.share) {
                (Some(best), Share::Part) if !has_own(row) => put(best, "nkill_share", rows),
                (Some(best), Share::Rest) => put(best, "nkill_rest", rows),
                (Some(best), _) if sides.vague || sides.party_only => put(best, "nkill_known", rows),
                (Some(best), _) => put(best, "nkill", rows),
                (None, _) if sides.party_only => blank("nkill_party", rows),
                (None, _) if sides.told => blank("blank_vague", rows),
                (None, _) => blank("nkill_none", rows),
            }
        },
        "nwound" => |row, _| {
            let sides = row.sides(LossOutcome::Wounded);
            number(sides.total().best, sides.told, "nwound", sides.rows)
        },
        "nkillter" => |row, _| attackers(row, LossOutcome::Killed, "nkillter"),
        "nwoundte" => |row, _| attackers(row, LossOutcome::Wounded, "nwoundte"),
        "nkillus" => |row, _| americans(row, LossOutcome::Killed, "nkillus"),
        "nwoundus" => |row, _| americans(row, LossOutcome::Wounded, "nwoundus"),
        "property" => |row, _| put(if damaged(row) { 1 } else { UNKNOWN }, "property", MATERIEL),
        "propcomment" => |row, _| {
            let mut text = String::new();
            for thing in &row.event.materiel {
                if !text.is_empty() {
                    text.push_str("; ");
                }
                let outcome = crate::words::code(&thing.outcome);
                let _ = write!(text, "{} {outcome}", crate::words::spaced(&thing.item));
                if let Some(value) = thing.count.value {
                    let _ = write!(text, ": {value}");
                }
            }
            if text.is_empty() {
                return blank("blank_no_property", MATERIEL);
            }
            put(text, "propcomment", MATERIEL)
        },
        "addnotes" => notes,
        "dbsource" => |row, _| {
            let made = &row.event.made_by;
            put(format!("casus {}", made.casus), "dbsource", Inputs::Fields(&["made_by/casus"]))
        },
        _ => return None,
    })
}

fn notes<'r>(row: &'r Row<'_>, _: usize) -> Filled<'r> {
    let sides = row.sides(LossOutcome::Killed);
    let mut notes: Vec<&str> = Vec::new();
    if sides.disputed {
        notes.push("Reports of the number of fatalities differ.");
    }
    match row.case.share {
        Share::Part if !has_own(row) => {
            notes.push("Fatalities are a share of a cumulative total for several incidents.");
        }
        Share::Rest => {
            notes.push("Fatalities are those of a cumulative total that no incident accounts for.")
        }
        _ => {}
    }
    if sides.party_only {
        notes.push("A party to the conflict gives a number of fatalities that nobody else does.");
    }
    if notes.is_empty() {
        return blank("blank_nothing_to_note", Inputs::Losses(sides.rows));
    }
    put(notes.join(" "), "addnotes", Inputs::Losses(sides.rows))
}

fn hostage_rule(name: &str) -> Option<Rule> {
    fn hostages(row: &Row<'_>) -> bool {
        own(row).is_some_and(|own| own.hostages)
    }
    /// -99 where a hostage taking does not tell it; blank for everything else.
    fn number<'r>(row: &'r Row<'_>, of: Option<u64>, rule: &'static str, rows: u64) -> Filled<'r> {
        match of {
            _ if !hostages(row) => blank("blank_no_hostages", ACTION),
            Some(number) => put(number, rule, Inputs::Losses(rows)),
            None => put(UNKNOWN_NUMBER, rule, Inputs::Losses(rows)),
        }
    }
    fn outcome(row: &Row<'_>) -> Option<i64> {
        if !hostages(row) {
            return None;
        }
        let code = row.tables.decide("hostkidoutcome", row.event.action.family, &row.facts).unwrap_or("7");
        let code = code.parse().unwrap_or(7);
        // Several ends: some were freed, others are dead.
        let freed = row.sides(LossOutcome::Freed).told;
        Some(if freed && code == 7 { 2 } else { code })
    }
    fn lasted(row: &Row<'_>) -> Option<i64> {
        let when = row.event.when.as_ref()?;
        let extended = own(row)?.date.as_ref()?.extended;
        let (first, last) = (when.earliest?, when.latest.filter(|_| extended)?);
        Some(i64::from(first.until(last).ok()?.get_days()))
    }
    Some(match name {
        "ishostkid" => |row, _| put(i64::from(hostages(row)), "ishostkid", ACTION),
        "nhostkid" => |row, _| {
            let sides = row.sides(LossOutcome::Abducted);
            number(row, sides.total().low.or(sides.total().best), "nhostkid", sides.rows)
        },
        "nhostkidus" => |row, _| {
            let american = |loss: &Loss| loss.who.country.as_deref() == Some("US");
            if !hostages(row) || !row.event.losses.iter().any(american) {
                return blank("blank_no_hostages", ACTION);
            }
            let tally = row.tables.counting.tally_where(row.event, american);
            number(row, tally.of(LossOutcome::Abducted).total().low, "nhostkidus", 0)
        },
        "nhours" => |row, _| match lasted(row) {
            _ if !hostages(row) => blank("blank_no_hostages", WHEN),
            Some(_) => blank("nhours", WHEN),
            None => put(UNKNOWN_NUMBER, "nhours", WHEN),
        },
        "ndays" => |row, _| match lasted(row) {
            _ if !hostages(row) => blank("blank_no_hostages", WHEN),
            Some(days) => put(days, "ndays", WHEN),
            None => put(UNKNOWN_NUMBER, "ndays", WHEN),
        },
        "divert" => |row, _| {
            let to = row
                .event
                .places
                .iter()
                .filter(|place| place.function == Function::Destination)
                .find_map(|place| place.country.as_deref().filter(|to| Some(*to) != row.iso2()));
            match to.and_then(|iso2| row.tables.country(iso2)?.gtd_name.as_deref()) {
                Some(name) if hostages(row) => put(name, "divert", WHERE),
                _ => blank("blank_same_country", WHERE),
            }
        },
        "kidhijcountry" => |_, _| blank("blank_same_country", WHERE),
        "ransom" => |row, _| {
            if hostages(row) {
                put(UNKNOWN, "ransom", Inputs::None)
            } else {
                blank("blank_no_hostages", ACTION)
            }
        },
        "hostkidoutcome" => |row, _| match outcome(row) {
            Some(code) => put(code, "hostkidoutcome", ACTION),
            None => blank("blank_no_hostages", ACTION),
        },
        "hostkidoutcome_name" => {
            |row, _| match outcome(row).and_then(|code| row.tables.label_of("hostkidoutcome", code)) {
                Some(name) => put(name, "hostkidoutcome_name", ACTION),
                None => blank("blank_no_hostages", ACTION),
            }
        }
        "nreleased" => |row, _| {
            let sides = row.sides(LossOutcome::Freed);
            number(row, sides.total().low.or(sides.total().best), "nreleased", sides.rows)
        },
        _ => return None,
    })
}
