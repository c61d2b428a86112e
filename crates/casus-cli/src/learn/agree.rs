//! How far casus' events and the reviewed records of a report are one: what is right, wrong, missed, invented.
//!
//! An event is a record's if a trigger of the one lies in a trigger of the other; the first trigger weighs more. Only
//! what a record says is compared.

use super::corrections::{Record, Reviewed, Who};
use casus_engine::{Event, Participant, Role};
use serde::Serialize;
use std::ops::AddAssign;

/// What something missed weighs beside something invented.
pub(super) const MISSED: usize = 3;

/// Counts of things that records tell: events, families, participants, who these are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Tally {
    pub(super) right: usize,
    /// There, with another value.
    pub(super) wrong: usize,
    pub(super) missed: usize,
    pub(super) invented: usize,
}

impl Tally {
    /// What the errors weigh together. A record that is silent about a death is worse than one to be struck out: without
    /// this, words that are often used otherwise would be unlearned with all that they tell.
    pub(super) fn weight(self) -> usize {
        self.wrong + self.invented + MISSED * self.missed
    }

    fn judge(&mut self, right: bool) {
        if right {
            self.right += 1;
        } else {
            self.wrong += 1;
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
        self.invented += other.invented;
    }
}

/// Which event is whose: one entry a record.
pub(super) fn matching(events: &[Event], records: &[Record]) -> Vec<Option<usize>> {
    let mut pairs = Vec::new();
    for (record, said) in records.iter().enumerate() {
        for (event, read) in events.iter().enumerate() {
            let read = &read.action.triggers;
            let overlaps = |at: usize, b: usize| said.triggers[at].overlaps(read[b]);
            let all = (0..said.triggers.len()).flat_map(|a| (0..read.len()).map(move |b| (a, b)));
            let weights =
                all.filter(|&(a, b)| overlaps(a, b)).map(|(a, b)| 1 + u8::from(a == 0) + u8::from(b == 0));
            if let Some(weight) = weights.max() {
                pairs.push((std::cmp::Reverse(weight), record, event));
            }
        }
    }
    pairs.sort_unstable();
    let (mut matched, mut taken) = (vec![None; records.len()], vec![false; events.len()]);
    for (_, record, event) in pairs {
        if matched[record].is_none() && !taken[event] {
            matched[record] = Some(event);
            taken[event] = true;
        }
    }
    matched
}

/// Events that no record tells, though the records are all that there is.
pub(super) fn invented<'a>(
    events: &'a [Event],
    reviewed: &Reviewed,
    matched: &'a [Option<usize>],
) -> impl Iterator<Item = usize> + 'a {
    let complete = reviewed.complete;
    (0..events.len()).filter(move |event| complete && !matched.contains(&Some(*event)))
}

/// Compares the events of a report with what was said of them.
pub(super) fn tally(events: &[Event], reviewed: &Reviewed) -> Tally {
    let matched = matching(events, &reviewed.records);
    let mut tally = Tally::default();
    for (record, event) in reviewed.records.iter().zip(&matched) {
        match event.map(|event| &events[event]) {
            Some(_) if !record.stands => tally.invented += 1,
            Some(event) => compare(event, record, &mut tally),
            None if record.stands => {
                tally.missed += 1 + record.participants.as_ref().map_or(0, Vec::len);
            }
            None => {}
        }
    }
    tally.invented += invented(events, reviewed, &matched).count();
    tally
}

fn compare(event: &Event, record: &Record, tally: &mut Tally) {
    tally.right += 1;
    if let Some(family) = record.family {
        tally.judge(event.action.family == family);
    }
    let Some(said) = &record.participants else { return };
    let mut found = vec![false; event.participants.len()];
    for who in said {
        let Some(at) = of(event, who) else {
            tally.missed += 1;
            continue;
        };
        found[at] = true;
        let read = &event.participants[at];
        tally.judge(read.role == who.role);
        if let Some(right) = is_known_right(read, who) {
            tally.judge(right);
        }
    }
    let sides = event.participants.iter().zip(found);
    tally.invented +=
        sides.filter(|(read, found)| !found && matches!(read.role, Role::Actor | Role::Recipient)).count();
}

/// The participant of an event that a person means.
pub(super) fn of(event: &Event, who: &Who) -> Option<usize> {
    let told = |read: &Participant| {
        read.evidence.iter().chain(&read.mentions).any(|a| who.spans.iter().any(|b| a.overlaps(*b)))
    };
    let same = event.participants.iter().position(|read| read.role == who.role && told(read));
    same.or_else(|| event.participants.iter().position(told))
}

/// Whether it is known who the participant is, if the person says it.
pub(super) fn is_known_right(read: &Participant, who: &Who) -> Option<bool> {
    let class = who.class.as_ref().map(|class| read.class == *class);
    let register = who.register.as_ref().map(|id| read.register.as_ref() == Some(id));
    match (class, register) {
        (None, None) => None,
        (class, register) => Some(class.unwrap_or(true) && register.unwrap_or(true)),
    }
}
