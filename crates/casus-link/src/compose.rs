//! One incident from the events that tell it: the account best supported, and beside it every claim.

use crate::{
    Signature, agreement,
    claims::{self, side_of},
    grade, parties,
    source::Sources,
    telling::{day, fold},
};
use casus_record::{
    Event, INCIDENT_SCHEMA, Incident, Participant, Precision, Role, Scope, Side, Status, Told, When, Where,
};
use std::{cmp::Reverse, collections::BTreeMap};

/// An event of an incident, with the sketch of its report's words where that is at hand.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// The event.
    pub event: &'a Event,
    /// The sketch of its report.
    pub signature: Option<&'a Signature>,
}

impl<'a> From<&'a Event> for Member<'a> {
    fn from(event: &'a Event) -> Member<'a> {
        Member { event, signature: None }
    }
}

/// Makes an incident of the events that tell it, in any order; None if there are none. `cohesion` is that
/// of the cluster.
pub fn compose(members: &[Member<'_>], cohesion: f32) -> Option<Incident> {
    let mut members = members.to_vec();
    members.sort_by(|a, b| order(a.event).cmp(&order(b.event)));
    let first = members.first()?.event;
    let sources = Sources::of(&members);
    let flipped: Vec<bool> = members.iter().map(|member| is_flipped(first, member.event)).collect();
    let claims = claims::claims(&members, &flipped, &sources);
    let agreement = agreement::agreement(&claims);
    // One vote a source: ten copies of a story are one.
    let votes = Votes { members: &members, sources: &sources };
    let lead = votes.lead(|event| event.action.family, |event| Reverse(detail(event)));
    let mut events: Vec<String> = Vec::with_capacity(members.len());
    for member in &members {
        if !events.contains(&member.event.id) {
            events.push(member.event.id.clone());
        }
    }
    let incident = members.iter().any(|member| member.event.scope == Scope::Incident);
    let news = members.iter().any(|member| member.event.told == Told::News);
    let mut action = lead.action.clone();
    action.triggers.clear();
    action.weapons.iter_mut().for_each(|weapon| weapon.evidence.clear());
    Some(Incident {
        schema: INCIDENT_SCHEMA.to_owned(),
        id: incident_id(&first.id),
        events,
        scope: if incident { Scope::Incident } else { Scope::Aggregate },
        told: if news { Told::News } else { Told::Background },
        status: votes.lead(|event| event.status, |event| doubt(event.status)).status,
        action,
        when: when(&votes),
        places: places(&votes),
        participants: participants(&members, &flipped, lead),
        grade: grade(&claims, &agreement),
        parties: parties::parties(&members, &flipped, &claims),
        sources: sources.reports,
        claims,
        agreement,
        cohesion,
        review: None,
        supersedes: Vec::new(),
    })
}

/// The incident is named after the event that was published first.
fn incident_id(event: &str) -> String {
    format!("in_{}", event.strip_prefix("ev_").unwrap_or(event))
}

fn order(event: &Event) -> (i32, &str, &str) {
    (event.report.published.map_or(i32::MAX, day), &event.id, &event.report.id)
}

/// Whether what `event` calls side a is what `reference` calls side b: who acts in a clash depends on who
/// tells it.
fn is_flipped(reference: &Event, event: &Event) -> bool {
    let shared = |flip: bool| -> u32 {
        let pairs =
            reference.participants.iter().flat_map(|x| event.participants.iter().map(move |y| (x, y)));
        pairs
            .filter(|(x, y)| matches!(x.side, Side::A | Side::B) && x.side == side_of(y.side, flip))
            .map(|(x, y)| match (&x.register, &y.register) {
                (Some(a), Some(b)) => 4 * u32::from(a == b),
                _ if x.class == "unknown" => 0,
                _ => u32::from(x.class == y.class),
            })
            .sum()
    };
    shared(true) > shared(false)
}

/// How much a record tells.
fn detail(event: &Event) -> usize {
    event.action.weapons.len() + usize::from(event.action.tactic.is_some()) * 2 + event.participants.len()
}

fn doubt(status: Status) -> u8 {
    u8::from(status == Status::Unclear) * 2 + u8::from(status == Status::Denied)
}

struct Votes<'a> {
    members: &'a [Member<'a>],
    sources: &'a Sources,
}

impl<'a> Votes<'a> {
    /// The event whose value most sources give; of these the first by `rank`, then the first published.
    fn lead<V: Ord, R: Ord>(&self, value: impl Fn(&Event) -> V, rank: impl Fn(&Event) -> R) -> &'a Event {
        let mut for_value: BTreeMap<V, Vec<u32>> = BTreeMap::new();
        for (at, member) in self.members.iter().enumerate() {
            let sources = for_value.entry(value(member.event)).or_default();
            let source = self.sources.source(at, 0);
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        let votes = |event: &Event| for_value.get(&value(event)).map_or(0, Vec::len);
        let all = self.members.iter().map(|member| member.event);
        all.min_by_key(|event| (Reverse(votes(event)), rank(event))).unwrap_or(self.members[0].event)
    }

    /// The member whose value most sources fit; of these the first by `rank`, then the first published.
    fn best<R: Ord>(
        &self,
        has: impl Fn(&Event) -> bool,
        fits: impl Fn(&Event, &Event) -> bool,
        rank: impl Fn(&Event) -> R,
    ) -> Option<&'a Event> {
        let held: Vec<(usize, &'a Event)> = self
            .members
            .iter()
            .map(|member| member.event)
            .enumerate()
            .filter(|(_, event)| has(event))
            .collect();
        held.iter()
            .min_by_key(|(_, event)| {
                let mut sources: Vec<u32> = held
                    .iter()
                    .filter(|(_, other)| fits(event, other))
                    .map(|(at, _)| self.sources.source(*at, 0))
                    .collect();
                sources.sort_unstable();
                sources.dedup();
                (Reverse(sources.len()), rank(event))
            })
            .map(|(_, event)| *event)
    }
}

/// The narrowest of the times that most sources allow.
fn when(votes: &Votes<'_>) -> Option<When> {
    let span = |event: &Event| {
        let when = event.when.as_ref()?;
        Some((day(when.earliest?), day(when.latest?)))
    };
    let fits = |a: &Event, b: &Event| match (span(a), span(b)) {
        (Some(x), Some(y)) => x.0.max(y.0) <= x.1.min(y.1),
        _ => false,
    };
    let best = votes.best(
        |event| span(event).is_some(),
        fits,
        |event| span(event).map(|(first, last)| last - first),
    );
    let best = best.or_else(|| votes.best(|event| event.when.is_some(), |_, _| true, |_| 0));
    let mut when = best?.when.clone()?;
    when.evidence.clear();
    Some(when)
}

/// The finest of the places that most sources fit.
fn places(votes: &Votes<'_>) -> Vec<Where> {
    let precision = |event: &Event| {
        let rank = |place: &Where| match place.precision {
            // A name that no gazetteer holds still tells more than a country.
            Precision::Unresolved => Precision::Admin2 as u8,
            precision => precision as u8,
        };
        event.places.iter().map(rank).min()
    };
    let fits = |a: &Event, b: &Event| {
        a.places.iter().any(|x| {
            b.places.iter().any(|y| {
                x.gazetteer.is_some() && x.gazetteer == y.gazetteer
                    || fold(&x.name) == fold(&y.name)
                    || x.admin1.is_some() && x.admin1 == y.admin1 && x.country == y.country
            })
        })
    };
    let best = votes.best(|event| !event.places.is_empty(), fits, precision);
    let mut places = best.map(|event| event.places.clone()).unwrap_or_default();
    places.iter_mut().for_each(|place| place.evidence.clear());
    places
}

/// The participants of the lead, and those that only others name by their id in the register.
fn participants(members: &[Member<'_>], flipped: &[bool], lead: &Event) -> Vec<Participant> {
    let mut out: Vec<Participant> = Vec::new();
    let lead_first = members.iter().zip(flipped).filter(|(member, _)| std::ptr::eq(member.event, lead));
    for (member, flip) in lead_first.chain(members.iter().zip(flipped)) {
        for party in &member.event.participants {
            let known = |other: &Participant| {
                other.role == party.role
                    && match (&other.register, &party.register) {
                        (Some(a), Some(b)) => a == b,
                        _ => other.class == party.class || fold(&other.name) == fold(&party.name),
                    }
            };
            let vacant = !out.iter().any(|other| other.role == party.role);
            match out.iter_mut().find(|other| known(other)) {
                Some(other) if other.register.is_none() && party.register.is_some() => {
                    other.register.clone_from(&party.register);
                    other.name.clone_from(&party.name);
                    other.class.clone_from(&party.class);
                }
                Some(_) => {}
                None if std::ptr::eq(member.event, lead) || party.register.is_some() || vacant => {
                    let side = side_of(party.side, *flip);
                    out.push(Participant {
                        side,
                        mentions: Vec::new(),
                        evidence: Vec::new(),
                        attributions: Vec::new(),
                        ..party.clone()
                    });
                }
                None => {}
            }
        }
    }
    out.sort_by_key(|party| match party.role {
        Role::Actor => 0,
        Role::Recipient => 1,
        _ => 2,
    });
    out
}
