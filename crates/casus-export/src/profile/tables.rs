//! The mapping tables of a data set, ready for use: code lists, decision tables, countries, and the
//! places that the record's own codes have in the data set.

use super::{cell::Digits, toll::Rule};
use casus_data::tables::{
    Codes,
    profile::{Country, Decision, ProfileTable, Profiles},
};
use casus_record::{Event, Family, Outcome, Participant, Response, Role, Side, Status};
use rustc_hash::FxHashMap;
use serde::de::DeserializeOwned;

/// Everything that the rules of one data set look up.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) table: ProfileTable,
    pub(crate) counting: Rule,
    countries: Vec<Country>,
    by_iso2: FxHashMap<[u8; 2], usize>,
    /// The code lists, for rows that look labels up again and again.
    labels: FxHashMap<String, FxHashMap<String, String>>,
    decide: Vec<(String, Vec<Row>)>,
    classes: FxHashMap<String, Place>,
    targets: FxHashMap<String, Place>,
    weapons: FxHashMap<String, Place>,
    pub(crate) family_rows: u32,
    pub(crate) status_rows: u32,
}

/// Where a code of the record stands in the data sets.
#[derive(Debug, Default)]
pub(crate) struct Place {
    /// ACLED's inter code.
    pub(crate) acled: Option<u8>,
    /// GTD's type and subtype.
    pub(crate) gtd: Option<(u8, Option<u8>)>,
    /// PLOVER's sector or mode.
    pub(crate) plover: Option<String>,
    /// What the code means.
    pub(crate) definition: String,
}

/// A compiled row of a decision table: sets of closed lists as bits.
#[derive(Debug)]
struct Row {
    family: u32,
    status: u32,
    response: u32,
    outcome: u32,
    tactic: Vec<String>,
    weapon: Vec<String>,
    actor: Vec<String>,
    recipient: Vec<String>,
    target: Vec<String>,
    gained: Vec<String>,
    value: String,
}

impl Tables {
    /// The tables of a profile. The message says what is wrong with the data.
    pub(crate) fn new(profile: &str) -> Result<Tables, String> {
        let all: Profiles = casus_data::table("profiles").map_err(|cause| cause.to_string())?;
        let codes: Codes = casus_data::table("codes").map_err(|cause| cause.to_string())?;
        let table = all.profiles.into_iter().find(|table| table.profile == profile);
        let table = table.ok_or_else(|| format!("no profile {profile:?} in the data pack"))?;
        let counting = Rule::new(&table.counting).ok_or("unknown way of counting")?;
        let mut decide = Vec::new();
        for (name, rows) in &table.decide {
            let rows = rows.iter().map(Row::new).collect::<Result<Vec<_>, _>>()?;
            decide.push((name.clone(), rows));
        }
        let places = |list: &str| -> FxHashMap<String, Place> {
            let codes = codes.sets.get(list).into_iter().flatten();
            codes.map(|code| (code.code.clone(), Place::of(code))).collect()
        };
        let by_iso2 = all
            .countries
            .iter()
            .enumerate()
            .filter_map(|(index, country)| Some((country.iso2.as_bytes().try_into().ok()?, index)))
            .collect();
        let labels = table.list.iter().map(|(name, list)| {
            (name.clone(), list.iter().map(|(code, label)| (code.clone(), label.clone())).collect())
        });
        Ok(Tables {
            labels: labels.collect(),
            counting,
            family_rows: bits::<Family>(&table.rows.family)?,
            status_rows: bits::<Status>(&table.rows.status)?,
            classes: places("classes"),
            targets: places("target_types"),
            weapons: places("weapons"),
            countries: all.countries,
            by_iso2,
            decide,
            table,
        })
    }

    pub(crate) fn country(&self, iso2: &str) -> Option<&Country> {
        let key: [u8; 2] = iso2.as_bytes().try_into().ok()?;
        self.by_iso2.get(&key).map(|index| &self.countries[*index])
    }

    pub(crate) fn countries(&self) -> &[Country] {
        &self.countries
    }

    pub(crate) fn class(&self, code: &str) -> Option<&Place> {
        self.classes.get(code)
    }

    pub(crate) fn target(&self, code: &str) -> Option<&Place> {
        self.targets.get(code)
    }

    pub(crate) fn weapon(&self, code: &str) -> Option<&Place> {
        self.weapons.get(code)
    }

    /// The weapon that stands at a place in GTD: with its subtype, else any of its type.
    pub(crate) fn weapon_of(&self, gtd: (u8, Option<u8>)) -> Option<&str> {
        Tables::code_at(&self.weapons, gtd)
    }

    /// The kind of target that stands at a place in GTD.
    pub(crate) fn target_of(&self, gtd: (u8, Option<u8>)) -> Option<&str> {
        Tables::code_at(&self.targets, gtd)
    }

    /// Of several codes the first in the alphabet, so that the order of a table does not matter.
    fn code_at(places: &FxHashMap<String, Place>, gtd: (u8, Option<u8>)) -> Option<&str> {
        let mut codes: Vec<(&str, (u8, Option<u8>))> =
            places.iter().filter_map(|(code, place)| Some((code.as_str(), place.gtd?))).collect();
        codes.sort_unstable();
        let exact = codes.iter().find(|(_, place)| *place == gtd);
        let kind = || codes.iter().find(|(_, place)| place.0 == gtd.0);
        exact.or_else(kind).map(|(code, _)| *code)
    }

    /// A label of a code list.
    pub(crate) fn label(&self, list: &str, code: &str) -> Option<&str> {
        self.labels.get(list)?.get(code).map(String::as_str)
    }

    /// The label of a number.
    pub(crate) fn label_of(&self, list: &str, code: i64) -> Option<&str> {
        self.label(list, std::str::from_utf8(Digits::of(code).bytes()).ok()?)
    }

    /// The value of the first row that holds.
    pub(crate) fn decide(&self, name: &str, family: Family, facts: &Facts<'_>) -> Option<&str> {
        self.all(name, family, facts).next()
    }

    /// The values of all rows that hold, in their order.
    pub(crate) fn all(&self, name: &str, family: Family, facts: &Facts<'_>) -> impl Iterator<Item = &str> {
        let rows = self.decide.iter().find(|(known, _)| known == name).map(|(_, rows)| rows.as_slice());
        rows.unwrap_or_default()
            .iter()
            .filter(move |row| row.holds(1 << family as u32, facts))
            .map(|row| row.value.as_str())
    }
}

impl Place {
    fn of(code: &casus_data::tables::Code) -> Place {
        let gtd = code.gtd.as_deref().and_then(|gtd| {
            let (kind, subtype) = gtd.split_once('/').map_or((gtd, None), |(kind, sub)| (kind, Some(sub)));
            Some((kind.parse().ok()?, subtype.and_then(|sub| sub.parse().ok())))
        });
        Place {
            acled: code.acled.as_deref().and_then(|code| code.parse().ok()),
            gtd,
            plover: code.plover.clone(),
            definition: code.definition.clone(),
        }
    }
}

/// Bits of the codes of a closed list; all bits if there are none.
fn bits<T: DeserializeOwned + Bit>(codes: &[String]) -> Result<u32, String> {
    if codes.is_empty() {
        return Ok(u32::MAX);
    }
    codes.iter().try_fold(0, |bits, code| {
        let value: T = serde_json::from_value(code.as_str().into())
            .map_err(|_| format!("{code:?} is no code of the record"))?;
        Ok(bits | 1 << value.bit())
    })
}

/// Position of a value in its closed list.
trait Bit {
    fn bit(self) -> u32;
}

macro_rules! bit {
    ($($of:ty),*) => { $(impl Bit for $of { fn bit(self) -> u32 { self as u32 } })* };
}

bit!(Family, Status, Response, Outcome);

impl Row {
    fn new(row: &Decision) -> Result<Row, String> {
        Ok(Row {
            family: bits::<Family>(&row.family)?,
            status: bits::<Status>(&row.status)?,
            response: bits::<Response>(&row.response)?,
            outcome: bits::<Outcome>(&row.outcome)?,
            tactic: row.tactic.clone(),
            weapon: row.weapon.clone(),
            actor: row.actor.clone(),
            recipient: row.recipient.clone(),
            target: row.target.clone(),
            gained: row.gained.clone(),
            value: row.value.clone(),
        })
    }

    fn holds(&self, family: u32, facts: &Facts<'_>) -> bool {
        let one = |list: &[String], of: Option<&str>| {
            list.is_empty() || of.is_some_and(|of| list.iter().any(|code| code == of))
        };
        let some = |list: &[String], mut of: &mut dyn Iterator<Item = &str>| {
            list.is_empty() || (&mut of).any(|of| list.iter().any(|code| code == of))
        };
        let event = facts.event;
        self.family & family != 0
            && self.status & (1 << event.status as u32) != 0
            && self.response & event.result.response.map_or(absent(self.response), |x| 1 << x as u32) != 0
            && self.outcome & event.result.outcome.map_or(absent(self.outcome), |x| 1 << x as u32) != 0
            && one(&self.tactic, event.action.tactic.as_deref())
            && some(&self.weapon, &mut event.action.weapons.iter().map(|weapon| weapon.kind.as_str()))
            && some(&self.actor, &mut facts.a.iter().map(|party| party.class.as_str()))
            && some(&self.recipient, &mut facts.b.iter().map(|party| party.class.as_str()))
            && some(
                &self.target,
                &mut event.participants.iter().filter_map(|party| party.target_type.as_deref()),
            )
            && one(&self.gained, facts.gained())
    }
}

/// What an absent value counts as: it meets a condition only if there is none.
const fn absent(condition: u32) -> u32 {
    if condition == u32::MAX { 1 } else { 0 }
}

/// What rules ask of an event again and again: who is on which side.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) event: &'a Event,
    /// The side of the actor: persons and groups.
    pub(crate) a: Vec<&'a Participant>,
    /// The side of the recipient: persons and groups.
    pub(crate) b: Vec<&'a Participant>,
}

impl<'a> Facts<'a> {
    pub(crate) fn new(event: &'a Event) -> Facts<'a> {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for party in &event.participants {
            if is_thing(party) {
                continue;
            }
            match (party.role, party.side) {
                // Where force came from both sides, both are actors.
                (Role::Actor | Role::Associate, Side::B) | (Role::Recipient, _) => b.push(party),
                (Role::Actor | Role::Associate, _) => a.push(party),
                (Role::Host | Role::Mediator, _) => {}
            }
        }
        // Parties that only come along stand behind the others.
        for side in [&mut a, &mut b] {
            side.sort_by_key(|party| party.role == Role::Associate);
        }
        Facts { event, a, b }
    }

    /// Who gained ground.
    fn gained(&self) -> Option<&'static str> {
        let side = self.event.result.territory.as_ref()?.gained_by?;
        let parties = match side {
            Side::A => &self.a,
            Side::B => &self.b,
            Side::None | Side::Unknown => return None,
        };
        let state = parties.first()?;
        Some(if is_state(&state.class) { "state" } else { "non_state" })
    }
}

/// Whether a participant is a thing.
pub(crate) fn is_thing(party: &Participant) -> bool {
    use casus_record::ParticipantKind as Kind;
    matches!(party.kind, Kind::Facility | Kind::Vehicle | Kind::Infrastructure)
}

/// Classes of state bodies.
pub(crate) fn is_state(class: &str) -> bool {
    matches!(
        class,
        "state_military" | "state_police" | "state_intelligence" | "state_other" | "foreign_military"
    )
}
