//! Every field of an incident as the set of what each voice claims of it.

use crate::{Member, source::Sources};
use casus_record::{
    Attribution, AttributionStatus, Claim, ClaimValue, ClaimVoice, Count, Event, Loss, Participant, Role,
    Side, Unit, Where, loss_field,
};
use std::collections::{BTreeMap, BTreeSet};

/// Most events that a claim names as independent of it.
const MOST_NAMED: usize = 20;

/// Order of the fields in an incident; within losses and materiel by name.
const FIELDS: [&str; 9] = [
    "when",
    "where",
    "action.family",
    "status",
    "actor",
    "recipient",
    "result.outcome",
    "losses",
    "materiel",
];

/// The claims of all members, by field, then by event. `flipped` says whose sides stand the other way
/// round than the incident's.
pub(crate) fn claims(members: &[Member<'_>], flipped: &[bool], sources: &Sources) -> Vec<Claim> {
    let mut out: Vec<Claim> = Vec::new();
    for (at, member) in members.iter().enumerate() {
        let event = member.event;
        let mut teller = Teller { event, member: at, flipped: flipped[at], sources, out: &mut out };
        teller.fields();
        teller.parties();
        teller.losses();
        teller.materiel();
    }
    let rank = |claim: &Claim| {
        let head = claim.field.split('.').next().unwrap_or_default();
        FIELDS.iter().position(|field| *field == claim.field || *field == head).unwrap_or(FIELDS.len())
    };
    // Stable: members stand in order already.
    out.sort_by(|a, b| (rank(a), &a.field).cmp(&(rank(b), &b.field)));
    out.dedup();
    name_independent(&mut out);
    out
}

/// Names, for each claim, one event of every other source on the same field.
fn name_independent(claims: &mut [Claim]) {
    let mut first: BTreeMap<&str, Vec<(u32, &str)>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for claim in claims.iter() {
        if seen.insert((claim.field.as_str(), claim.source)) {
            first.entry(&claim.field).or_default().push((claim.source, &claim.event));
        }
    }
    let named: Vec<Vec<String>> = claims
        .iter()
        .map(|claim| {
            let others = first.get(claim.field.as_str()).into_iter().flatten();
            let others = others.filter(|(source, _)| *source != claim.source);
            others.take(MOST_NAMED).map(|(_, event)| (*event).to_owned()).collect()
        })
        .collect();
    for (claim, named) in claims.iter_mut().zip(named) {
        claim.independent_of = named;
    }
}

/// Reads the claims off one event.
struct Teller<'a, 'o> {
    event: &'a Event,
    member: usize,
    flipped: bool,
    sources: &'a Sources,
    out: &'o mut Vec<Claim>,
}

impl Teller<'_, '_> {
    fn say(&mut self, field: &str, value: ClaimValue, voice: u32) {
        let spoken = self.event.voices.get(voice as usize).or(self.event.voices.first());
        let report = &self.event.report;
        self.out.push(Claim {
            field: field.to_owned(),
            value,
            voice: ClaimVoice {
                kind: spoken.map_or(casus_record::VoiceKind::Report, |voice| voice.kind),
                side: spoken.and_then(|voice| voice.side).map(|side| side_of(side, self.flipped)),
                register: spoken.and_then(|voice| voice.register.clone()),
                name: spoken.and_then(|voice| voice.name.clone()),
                publisher: report.publisher.clone(),
            },
            event: self.event.id.clone(),
            published: report.published,
            source: self.sources.source(self.member, voice),
            independent_of: Vec::new(),
        });
    }

    /// What the voices that tell the event say of its time, place and form.
    fn fields(&mut self) {
        for voice in self.tellers() {
            if let Some(when) = &self.event.when
                && (when.earliest.is_some() || when.latest.is_some())
            {
                let (earliest, latest, grain) = (when.earliest, when.latest, when.grain);
                self.say("when", ClaimValue::Time { earliest, latest, grain }, voice);
            }
            for place in &self.event.places {
                self.say("where", place_value(place), voice);
            }
            self.say("action.family", code(self.event.action.family), voice);
            self.say("status", code(self.event.status), voice);
            if let Some(outcome) = self.event.result.outcome {
                self.say("result.outcome", code(outcome), voice);
            }
        }
    }

    fn tellers(&self) -> Vec<u32> {
        if self.event.voices_of_event.is_empty() { vec![0] } else { self.event.voices_of_event.clone() }
    }

    fn parties(&mut self) {
        for party in &self.event.participants {
            if !matches!(party.role, Role::Actor | Role::Recipient) {
                continue;
            }
            let field = party.role.code();
            for Attribution { status, voice, .. } in &party.attributions {
                self.say(field, party_value(party, *status, self.flipped), *voice);
            }
            if party.attributions.is_empty() {
                for voice in self.tellers() {
                    self.say(field, party_value(party, AttributionStatus::Stated, self.flipped), voice);
                }
            }
        }
    }

    /// A row stands under its outcome if the event has one figure of it, and under its outcome and class
    /// (or attribute) besides, so that "20 fighters" of one report meets "20 fighters and 2 soldiers" of
    /// another. Where there are several figures, the report itself claims their sum.
    fn losses(&mut self) {
        let top = |loss: &&Loss| loss.included_in.is_none();
        let mut figures: BTreeMap<String, BTreeMap<u32, &Loss>> = BTreeMap::new();
        for loss in self.event.losses.iter().filter(top) {
            figures.entry(loss_field(&loss.outcome)).or_default().entry(loss.figure).or_insert(loss);
        }
        for loss in &self.event.losses {
            let field = loss_field(&loss.outcome);
            let only = figures.get(&field).is_some_and(|figures| figures.len() == 1);
            let qualifier = match loss.who.attributes.first() {
                Some(attribute) if !top(&loss) => Some(attribute.clone()),
                _ => (loss.who.class != "unknown" && !loss.who.class.is_empty())
                    .then(|| loss.who.class.clone()),
            };
            let voices = if loss.voices.is_empty() { vec![0] } else { loss.voices.clone() };
            for voice in voices {
                if top(&loss) && only {
                    self.say(&field, count_value(&loss.count, Some(loss.unit)), voice);
                }
                if let Some(qualifier) = &qualifier {
                    self.say(
                        &format!("{field}.{qualifier}"),
                        count_value(&loss.count, Some(loss.unit)),
                        voice,
                    );
                }
            }
        }
        for (field, figures) in figures {
            if figures.len() > 1 {
                let unit = figures.values().next().map(|loss| loss.unit);
                self.say(&field, sum(figures.values().map(|loss| &loss.count), unit), 0);
            }
        }
    }

    fn materiel(&mut self) {
        for row in self.event.materiel.iter().filter(|row| row.included_in.is_none()) {
            let field = format!("materiel.{}.{}", row.outcome.code(), row.item);
            for voice in if row.voices.is_empty() { vec![0] } else { row.voices.clone() } {
                self.say(&field, count_value(&row.count, None), voice);
            }
        }
    }
}

/// A side, seen from the incident.
pub(crate) fn side_of(side: Side, flipped: bool) -> Side {
    match (side, flipped) {
        (Side::A, true) => Side::B,
        (Side::B, true) => Side::A,
        (side, _) => side,
    }
}

/// The name in a claim of a place or party.
pub(crate) fn name_of(value: &ClaimValue) -> &str {
    match value {
        ClaimValue::Place { name, .. } | ClaimValue::Party { name, .. } => name,
        _ => "",
    }
}

fn place_value(place: &Where) -> ClaimValue {
    ClaimValue::Place {
        name: place.resolved.clone().unwrap_or_else(|| place.name.clone()),
        lat: place.lat,
        lon: place.lon,
        gazetteer: place.gazetteer.clone(),
        country: place.country.clone(),
        admin1: place.admin1.clone(),
        precision: place.precision,
        kind: place.kind,
    }
}

fn party_value(party: &Participant, status: AttributionStatus, flipped: bool) -> ClaimValue {
    ClaimValue::Party {
        name: party.name.clone(),
        register: party.register.clone(),
        class: party.class.clone(),
        side: side_of(party.side, flipped),
        status,
        kind: party.kind,
    }
}

fn count_value(count: &Count, unit: Option<Unit>) -> ClaimValue {
    let Count { value, low, high, operator, .. } = *count;
    ClaimValue::Count { value, low, high, operator, unit }
}

fn sum<'c>(counts: impl Iterator<Item = &'c Count> + Clone, unit: Option<Unit>) -> ClaimValue {
    let add = |field: fn(&Count) -> Option<u64>| {
        counts.clone().map(field).try_fold(0u64, |sum, one| Some(sum.saturating_add(one?)))
    };
    let (value, low, high) = (add(|c| c.value), add(|c| c.low), add(|c| c.high));
    let operator = match (low, high) {
        (Some(low), Some(high)) if low == high => casus_record::Operator::Exact,
        (Some(_), Some(_)) => casus_record::Operator::Between,
        (Some(_), None) => casus_record::Operator::AtLeast,
        (None, Some(_)) => casus_record::Operator::AtMost,
        (None, None) => casus_record::Operator::About,
    };
    ClaimValue::Count { value, low, high, operator, unit }
}

/// The code of a closed list, as it is written: its name in snake case.
fn code(value: impl std::fmt::Debug) -> ClaimValue {
    let name = format!("{value:?}");
    let mut code = String::with_capacity(name.len() + 4);
    for (at, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && at > 0 {
            code.push('_');
        }
        code.extend(c.to_lowercase());
    }
    ClaimValue::Code { code }
}

#[cfg(test)]
mod tests {
    use super::*;
    use casus_record::{Family, Outcome, Status};

    #[test]
    fn codes_are_those_that_are_written() {
        fn check(value: impl std::fmt::Debug + serde::Serialize) {
            let written = serde_json::to_value(&value).unwrap();
            assert_eq!(code(value), ClaimValue::Code { code: written.as_str().unwrap().to_owned() });
        }
        check(Family::AirStrike);
        check(Family::DisruptedWeapons);
        check(Status::Happened);
        check(Outcome::Captured);
    }
}
