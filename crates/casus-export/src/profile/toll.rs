//! How many people an event cost, by a data set's own rules, never counting anyone twice.
//!
//! - Rows of one `figure` are rival accounts of one quantity: one of them is taken, by a named rule.
//! - A row that is included in a row of the same outcome is part of it and not added.
//! - Joint counts ("70 killed and wounded"), households and indirect losses are left out.
//! - A vague word is a number only where the data set has a rule for that word.
//!
//! ```text
//! killed 14 (figure 1), 3 of them children (figure 2, included in row 0), police say 11 (figure 1)
//! lowest: 11      majority: 11      best: 11, low 11, high 14
//! ```

use casus_data::tables::profile::Counting;
use casus_record::{Cause, Count, Event, Loss, LossOutcome, Operator, Side, Unit};

/// Number of outcomes of a loss.
const OUTCOMES: usize = 10;

/// A number with its bounds; None where nothing is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) best: Option<u64>,
    pub(crate) low: Option<u64>,
    pub(crate) high: Option<u64>,
}

impl Number {
    fn map2(self, other: Number, f: impl Fn(Option<u64>, Option<u64>) -> Option<u64>) -> Number {
        Number { best: f(self.best, other.best), low: f(self.low, other.low), high: f(self.high, other.high) }
    }

    /// The sum; what is not known adds nothing.
    pub(crate) fn plus(self, other: Number) -> Number {
        self.map2(other, |a, b| match (a, b) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (one, two) => one.or(two),
        })
    }

    /// The difference, not below zero.
    pub(crate) fn minus(self, other: Number) -> Number {
        self.map2(other, |a, b| a.map(|a| a.saturating_sub(b.unwrap_or(0))))
    }

    /// Share `index` of `parts` in whole numbers; the first get what does not divide.
    pub(crate) fn share(self, index: u64, parts: u64) -> Number {
        let of = |n: Option<u64>| n.map(|n| n / parts.max(1) + u64::from(index < n % parts.max(1)));
        Number { best: of(self.best), low: of(self.low), high: of(self.high) }
    }
}

/// Whose loss it is, as data sets tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    A,
    B,
    Civilians,
    Unknown,
}

/// One outcome of an event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sides {
    /// By [`Part`].
    pub(crate) parts: [Number; 4],
    /// The text tells of the outcome, if not always with a number.
    pub(crate) told: bool,
    /// Some of it is told in words that give no number.
    pub(crate) vague: bool,
    /// Only a party to the conflict gives a figure, and the data set takes none from it.
    pub(crate) party_only: bool,
    /// There are rival accounts that differ.
    pub(crate) disputed: bool,
    /// Rows of `losses` that were looked at, as bits.
    pub(crate) rows: u64,
}

impl Sides {
    pub(crate) fn total(&self) -> Number {
        self.parts.iter().fold(Number::default(), |sum, part| sum.plus(*part))
    }

    /// Takes away what is accounted for elsewhere: from the same part first, then from any.
    pub(crate) fn take(&mut self, other: &Sides) {
        let before = self.total();
        for (mine, theirs) in self.parts.iter_mut().zip(other.parts) {
            *mine = mine.minus(theirs);
        }
        let mut over = self.total().minus(before.minus(other.total()));
        for part in [Part::Unknown, Part::Civilians, Part::B, Part::A] {
            let mine = &mut self.parts[part as usize];
            let left = mine.minus(over);
            over = over.minus(*mine);
            *mine = left;
        }
    }

    /// Share `index` of `parts`.
    pub(crate) fn share(&self, index: u64, parts: u64) -> Sides {
        Sides { parts: self.parts.map(|part| part.share(index, parts)), ..*self }
    }
}

/// All outcomes of an event.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Tally {
    sides: [Sides; OUTCOMES],
}

impl Tally {
    pub(crate) fn of(&self, outcome: LossOutcome) -> &Sides {
        &self.sides[outcome as usize]
    }

    pub(crate) fn all(&self) -> &[Sides] {
        &self.sides
    }

    pub(crate) fn all_mut(&mut self) -> &mut [Sides] {
        &mut self.sides
    }

    /// Whether any number is above zero.
    pub(crate) fn counts(&self) -> bool {
        self.sides.iter().any(|sides| sides.total().best.is_some_and(|n| n > 0))
    }
}

/// How rivals are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rivals {
    /// The lowest number of all accounts.
    Lowest,
    /// The number of most voices that are no party, else the lowest of theirs; a party's word is not taken.
    Majority,
    /// As majority, but a party's word stands where there is no other; with lowest and highest account.
    Best,
}

/// A data set's way of counting.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) rivals: Rivals,
    /// Totals are spread over their incidents.
    pub(crate) divide: bool,
    words: Vec<(String, u64)>,
}

impl Rule {
    pub(crate) fn new(table: &Counting) -> Option<Rule> {
        Some(Rule {
            rivals: match table.rivals.as_str() {
                "lowest" => Rivals::Lowest,
                "majority" => Rivals::Majority,
                "best" => Rivals::Best,
                _ => return None,
            },
            divide: match table.totals.as_str() {
                "divide" => true,
                "remainder" => false,
                _ => return None,
            },
            words: table.words.iter().map(|(word, number)| (word.clone(), *number)).collect(),
        })
    }

    /// The number that a count stands for; None if its words give none.
    fn number(&self, count: &Count) -> Option<Number> {
        let best = match count.operator {
            Operator::Vague => {
                let word = count.word.as_deref()?;
                self.words.iter().find(|(known, _)| known == word)?.1
            }
            Operator::Plural => return None,
            _ => within(count)?,
        };
        let bound = |bound: Option<u64>| Some(bound.unwrap_or(best));
        Some(match count.operator {
            Operator::Vague => Number { best: Some(best), low: Some(best), high: Some(best) },
            _ => Number { best: Some(best), low: bound(count.low), high: bound(count.high) },
        })
    }

    /// The tally of an event.
    pub(crate) fn tally(&self, event: &Event) -> Tally {
        self.tally_where(event, |_| true)
    }

    /// The tally over the rows that `counts`.
    pub(crate) fn tally_where(&self, event: &Event, counts: impl Fn(&Loss) -> bool) -> Tally {
        let mut tally = Tally::default();
        let losses = &event.losses;
        for (first, loss) in losses.iter().enumerate() {
            let Some(outcome) = countable(loss).filter(|_| counts(loss)) else { continue };
            let sides = &mut tally.sides[outcome as usize];
            sides.told = true;
            let same = |other: &Loss| {
                other.figure == loss.figure && countable(other) == Some(outcome) && counts(other)
            };
            if included(losses, loss, outcome, &counts) || losses[..first].iter().any(same) {
                continue;
            }
            let rivals = || {
                losses
                    .iter()
                    .enumerate()
                    .skip(first)
                    .filter(|(_, other)| same(other) && !included(losses, other, outcome, &counts))
            };
            let (number, state) = self.pick(event, rivals());
            sides.vague |= state == Picked::Vague;
            sides.party_only |= state == Picked::PartyOnly;
            for (index, rival) in rivals() {
                sides.rows |= 1 << index.min(63);
                sides.disputed |= rival.count != loss.count;
            }
            let part = &mut sides.parts[whose(event, loss) as usize];
            *part = part.plus(number);
        }
        tally
    }

    fn pick<'e>(
        &self,
        event: &Event,
        rivals: impl Iterator<Item = (usize, &'e Loss)> + Clone,
    ) -> (Number, Picked) {
        let numbered = rivals.filter_map(|(_, loss)| Some((loss, self.number(&loss.count)?)));
        let independent = numbered.clone().filter(|(loss, _)| !is_party(event, loss));
        let lowest = |of: &mut dyn Iterator<Item = (&'e Loss, Number)>| {
            of.map(|(_, number)| number).min_by_key(|number| number.best)
        };
        if numbered.clone().next().is_none() {
            return (Number::default(), Picked::Vague);
        }
        let any = independent.clone().next().is_some();
        let taken = match self.rivals {
            Rivals::Lowest => lowest(&mut numbered.clone()),
            Rivals::Majority if !any => return (Number::default(), Picked::PartyOnly),
            _ if any => most_voices(independent.clone()),
            _ => most_voices(numbered.clone()),
        };
        let Some(mut number) = taken else { return (Number::default(), Picked::Vague) };
        if self.rivals == Rivals::Best {
            number.low = numbered.clone().filter_map(|(_, n)| n.low).min();
            number.high = if any {
                independent.filter_map(|(_, n)| n.high).max()
            } else {
                numbered.filter_map(|(_, n)| n.high).max()
            };
        }
        (number, Picked::Number)
    }

    /// Of the tallies of several reports of one incident, the one that the rule takes, with the bounds of all.
    pub(crate) fn agree(&self, tallies: &[Tally]) -> Tally {
        let mut agreed = tallies.first().cloned().unwrap_or_default();
        for outcome in 0..OUTCOMES {
            let told = || tallies.iter().map(|tally| &tally.sides[outcome]);
            let numbered = || told().filter(|sides| sides.total().best.is_some());
            let weight =
                |sides: &Sides| numbered().filter(|other| other.total().best == sides.total().best).count();
            let taken = match self.rivals {
                Rivals::Lowest => numbered().min_by_key(|sides| sides.total().best),
                // Most reports; of equals the lowest.
                _ => numbered().min_by_key(|sides| (usize::MAX - weight(sides), sides.total().best)),
            };
            let Some(taken) = taken.copied().or_else(|| told().find(|sides| sides.told).copied()) else {
                continue;
            };
            let mut sides = taken;
            sides.disputed |= numbered().any(|other| other.total() != taken.total());
            if self.rivals == Rivals::Best && sides.total().best.is_some() {
                let low = numbered().filter_map(|other| other.total().low).min();
                let high = numbered().filter_map(|other| other.total().high).max();
                widen(&mut sides, low, high);
            }
            agreed.sides[outcome] = sides;
        }
        agreed
    }
}

/// Makes the bounds of a total those given: the difference goes to a part that has a number.
fn widen(sides: &mut Sides, low: Option<u64>, high: Option<u64>) {
    let total = sides.total();
    let Some(part) = sides.parts.iter_mut().find(|part| part.best.is_some()) else { return };
    if let (Some(low), Some(now)) = (low, total.low) {
        part.low = part.low.map(|n| n.saturating_sub(now.saturating_sub(low)));
    }
    if let (Some(high), Some(now)) = (high, total.high) {
        part.high = part.high.map(|n| n.saturating_add(high.saturating_sub(now)));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Picked {
    Number,
    Vague,
    PartyOnly,
}

fn most_voices<'e>(of: impl Iterator<Item = (&'e Loss, Number)> + Clone) -> Option<Number> {
    let weight = |number: &Number| -> usize {
        of.clone().filter(|(_, n)| n.best == number.best).map(|(loss, _)| loss.voices.len().max(1)).sum()
    };
    of.clone()
        .map(|(_, number)| number)
        .min_by_key(|number| (usize::MAX - weight(number), number.best.unwrap_or(u64::MAX)))
}

/// The outcome of a row that can be added up: one outcome, of persons, not indirect.
fn countable(loss: &Loss) -> Option<LossOutcome> {
    let &[outcome] = loss.outcome.as_slice() else { return None };
    let persons = matches!(loss.unit, Unit::Persons | Unit::Bodies);
    (persons && loss.cause != Cause::Indirect).then_some(outcome)
}

/// Whether a row of the same outcome contains this one, directly or through others.
fn included(losses: &[Loss], loss: &Loss, outcome: LossOutcome, counts: &impl Fn(&Loss) -> bool) -> bool {
    let mut at = loss.included_in;
    // A chain longer than the list of rows is a circle.
    for _ in 0..losses.len() {
        let Some(row) = at.and_then(|index| losses.get(index as usize)) else { return false };
        if countable(row) == Some(outcome) && counts(row) {
            return true;
        }
        at = row.included_in;
    }
    false
}

/// The number said, or the nearest that its bounds allow.
fn within(count: &Count) -> Option<u64> {
    let said = count.value.or(count.low).or(count.high)?;
    Some(said.max(count.low.unwrap_or(0)).min(count.high.unwrap_or(u64::MAX)))
}

/// Whether every voice of the row is that of a party to the conflict.
fn is_party(event: &Event, loss: &Loss) -> bool {
    let voice = |index: &u32| event.voices.get(*index as usize);
    let party = |index: &u32| voice(index).is_some_and(|voice| matches!(voice.side, Some(Side::A | Side::B)));
    if loss.voices.is_empty() { party(&0) } else { loss.voices.iter().all(party) }
}

/// Classes of people who take no part in hostilities.
pub(crate) fn is_civilian(class: &str) -> bool {
    matches!(class, "civilians" | "protesters" | "rioters" | "un_ngo")
}

fn whose(event: &Event, loss: &Loss) -> Part {
    let class = loss.who.class.as_str();
    if is_civilian(class) {
        return Part::Civilians;
    }
    let (part, side) = match loss.who.side {
        Side::A => (Part::A, Side::A),
        Side::B => (Part::B, Side::B),
        Side::None | Side::Unknown => return Part::Unknown,
    };
    if class != "unknown" {
        return part;
    }
    // "14 people" on a side of soldiers alone are soldiers, on one of villagers alone villagers.
    let mut classes = event
        .participants
        .iter()
        .filter(|party| party.side == side && party.class != "unknown")
        .map(|party| is_civilian(&party.class));
    match classes.next() {
        Some(civilian) if classes.all(|other| other == civilian) => {
            if civilian {
                Part::Civilians
            } else {
                part
            }
        }
        _ => Part::Unknown,
    }
}
