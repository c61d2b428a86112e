//! What linking knows of one event: a few hundred bytes, made once, whatever the record's size.
//!
//! Unknown is kept apart from every value, since what a report does not say must neither help nor hurt.
//! Names are kept as hashes of two spellings: folded (case, diacritics, hyphens, articles) and skeleton
//! (consonants only), so that spellings of one name meet.

use crate::signature::{Signature, hash};
use casus_record::{
    Count, Date, Event, Family, Function, LossOutcome, Precision, RelationKind, Role, Scope, Status,
    TimeOfDay, Told, Where,
};
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// Days since 1 January 1970.
pub(crate) type Day = i32;

/// An event as linking sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Telling {
    /// Id of the event.
    pub(crate) event: Box<str>,
    /// Hash of the report's id and of its text: two tellings of one report are two incidents.
    pub(crate) report: u64,
    pub(crate) text: u64,
    pub(crate) published: Option<Day>,
    pub(crate) aggregate: bool,
    pub(crate) background: bool,
    pub(crate) status: Status,
    pub(crate) family: Family,
    /// Bit a family: the family and those it is also.
    pub(crate) families: u32,
    pub(crate) tactic: u32,
    /// Bit a kind of weapon, by hash.
    pub(crate) weapons: u32,
    pub(crate) time: Option<Time>,
    pub(crate) sites: Box<[Site]>,
    pub(crate) parties: Box<[Party]>,
    pub(crate) losses: Box<[Toll]>,
    /// Events of the same report that it is the same as, and that it is not, by hash of the id.
    pub(crate) same: Box<[u64]>,
    pub(crate) signature: Option<Arc<Signature>>,
}

/// When, as days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Time {
    pub(crate) first: Day,
    pub(crate) last: Day,
    /// Days by which both ends may be off.
    pub(crate) slack: Day,
    /// Part of the day, in eighths from midnight.
    pub(crate) part: Option<u8>,
}

impl Time {
    /// Number of days that it may be.
    pub(crate) fn days(&self) -> Day {
        self.last.saturating_sub(self.first).saturating_add(1 + 2 * self.slack).max(1)
    }
}

/// Where, as a point with a radius, and as names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Site {
    /// Latitude, longitude in degrees; radius within which it is, in kilometres (one standard deviation).
    pub(crate) point: Option<(f32, f32, f32)>,
    /// Folded name, its skeleton; 0 for none.
    pub(crate) name: u32,
    pub(crate) skeleton: u32,
    /// Whether the name is that of a place below an admin-1 division.
    pub(crate) local: bool,
    pub(crate) gazetteer: u32,
    pub(crate) admin1: u32,
    pub(crate) country: u16,
}

/// Someone who took part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Party {
    pub(crate) role: Role,
    pub(crate) register: u32,
    /// Hash of the class; 0 if it tells nothing.
    pub(crate) class: u32,
    /// Hash of the name's skeleton; 0 for bare words.
    pub(crate) name: u32,
}

/// Bounds of a loss over all voices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Toll {
    pub(crate) outcome: LossOutcome,
    pub(crate) low: u32,
    pub(crate) high: u32,
}

impl Telling {
    /// What linking keeps of `event`; `signature` is that of its report's text, shared by all events of
    /// the report, or None where the text is not at hand.
    pub fn new(event: &Event, signature: Option<Arc<Signature>>) -> Telling {
        let text =
            if event.report.text_sha256.is_empty() { &event.report.id } else { &event.report.text_sha256 };
        let published = event.report.published.map(day);
        let sites = event.places.iter().filter(|place| is_site(place.function));
        let mut sites: Vec<Site> = sites.map(site).collect();
        if sites.is_empty() {
            sites.extend(event.places.iter().map(site));
        }
        let mut weapons = 0;
        for weapon in &event.action.weapons {
            weapons |= 1 << (hash(weapon.kind.as_bytes()) % 32);
        }
        let bit = |family: &Family| 1u32 << (*family as u32);
        Telling {
            event: event.id.as_str().into(),
            report: hash(event.report.id.as_bytes()) ^ hash(text.as_bytes()),
            text: hash(text.as_bytes()),
            published,
            aggregate: event.scope == Scope::Aggregate,
            background: event.told == Told::Background,
            status: event.status,
            family: event.action.family,
            families: event.action.also.iter().map(bit).fold(bit(&event.action.family), |all, one| all | one),
            tactic: event.action.tactic.as_deref().map_or(0, short),
            weapons,
            time: event.when.as_ref().and_then(|when| {
                let (first, last) = match (when.earliest, when.latest) {
                    (Some(first), Some(last)) => (day(first), day(last)),
                    // "After 3 May": open to the day of publication.
                    (Some(first), None) => (day(first), published.unwrap_or(day(first) + 30)),
                    (None, Some(last)) => (day(last) - 30, day(last)),
                    (None, None) => return None,
                };
                Some(Time {
                    first: first.min(last),
                    last: last.max(first),
                    slack: Day::from(when.uncertainty_days),
                    part: when.time_of_day.and_then(part_of_day),
                })
            }),
            sites: sites.into(),
            parties: event
                .participants
                .iter()
                .filter(|party| matches!(party.role, Role::Actor | Role::Recipient))
                .map(|party| Party {
                    role: party.role,
                    register: party.register.as_deref().map_or(0, short),
                    class: match party.class.as_str() {
                        "unknown" | "armed_group_unspecified" | "" => 0,
                        class => short(class),
                    },
                    name: if party.name.chars().any(char::is_uppercase) { skeleton(&party.name) } else { 0 },
                })
                .collect(),
            losses: tolls(event).into(),
            same: event
                .relations
                .iter()
                .filter(|relation| {
                    matches!(relation.kind, RelationKind::SameAs | RelationKind::RivalAccountOf)
                })
                .map(|relation| hash(relation.event.as_bytes()))
                .collect(),
            signature,
        }
    }

    /// Id of the event.
    pub fn event(&self) -> &str {
        &self.event
    }

    /// The sketch of its report's words, where they are at hand.
    pub fn signature(&self) -> Option<&Arc<Signature>> {
        self.signature.as_ref()
    }

    /// Whether the two are worth a closer look: not a total and an incident, not weeks apart.
    pub(crate) fn comparable(&self, other: &Telling) -> bool {
        if self.aggregate != other.aggregate {
            return false;
        }
        let (Some(a), Some(b)) = (self.time, other.time) else { return true };
        let gap = a.first.max(b.first) - a.last.min(b.last) - a.slack - b.slack;
        gap <= 6 || gap <= a.days().max(b.days()) / 8 || self.text == other.text
    }

    /// What orders tellings, whatever the order they came in: published first, then by ids.
    pub(crate) fn order(&self) -> (Day, &str, u64) {
        (self.published.unwrap_or(Day::MAX), &self.event, self.report)
    }

    /// The time within which it happened: as told, else what the day of publication allows.
    pub(crate) fn window(&self) -> Option<Time> {
        self.time.or_else(|| {
            let published = self.published.filter(|_| !self.background)?;
            Some(Time { first: published - 10, last: published, slack: 0, part: None })
        })
    }
}

fn is_site(function: Function) -> bool {
    !matches!(function, Function::Origin | Function::Destination)
}

fn site(place: &Where) -> Site {
    let named = place.resolved.as_deref().unwrap_or(&place.name);
    let radius = match place.precision {
        Precision::Exact => 2.0,
        Precision::Place => 5.0,
        Precision::Near => 12.0,
        Precision::Admin3 => 15.0,
        Precision::Admin2 => 30.0,
        Precision::Admin1 => 110.0,
        Precision::Country | Precision::Area | Precision::WaterOrAir => 450.0,
        Precision::Unresolved => 5.0,
    };
    let resolved = place.precision != Precision::Unresolved;
    let point = place.lat.zip(place.lon).filter(|(lat, lon)| lat.is_finite() && lon.is_finite() && resolved);
    Site {
        point: point
            .map(|(lat, lon)| (lat as f32, lon as f32, radius + place.distance_km.unwrap_or(0.0) as f32)),
        name: short(&fold(named)),
        skeleton: skeleton(named),
        local: !matches!(
            place.precision,
            Precision::Admin1 | Precision::Country | Precision::Area | Precision::WaterOrAir
        ),
        gazetteer: place.gazetteer.as_deref().filter(|_| resolved).map_or(0, short),
        admin1: place.admin1.as_deref().map_or(0, |name| short(&fold(name))),
        country: place.country.as_deref().map_or(0, |code| short(code) as u16),
    }
}

/// Bounds of each outcome over all rows that are included in no other: rival accounts widen them, further
/// figures add to them.
fn tolls(event: &Event) -> Vec<Toll> {
    let mut figures: Vec<(LossOutcome, u32, u32, u32)> = Vec::new();
    for loss in event.losses.iter().filter(|loss| loss.included_in.is_none()) {
        // "70 killed and wounded" says nothing of either alone.
        let ([outcome], Some((low, high))) = (loss.outcome.as_slice(), bounds(&loss.count)) else { continue };
        match figures.iter_mut().find(|figure| (figure.0, figure.1) == (*outcome, loss.figure)) {
            Some(figure) => (figure.2, figure.3) = (figure.2.min(low), figure.3.max(high)),
            None => figures.push((*outcome, loss.figure, low, high)),
        }
    }
    let mut out: Vec<Toll> = Vec::new();
    for (outcome, _, low, high) in figures {
        match out.iter_mut().find(|toll| toll.outcome == outcome) {
            Some(toll) => {
                toll.low = toll.low.saturating_add(low);
                toll.high = toll.high.saturating_add(high);
            }
            None => out.push(Toll { outcome, low, high }),
        }
    }
    out
}

/// The numbers that a count plausibly stands for: open bounds are closed at half and at one and a half
/// of what was said.
pub(crate) fn bounds(count: &Count) -> Option<(u32, u32)> {
    let said = count.value.or(count.low).or(count.high)?;
    let low = count.low.unwrap_or(if count.value.is_some() { said - said / 4 } else { 0 });
    let high = count.high.unwrap_or(said.saturating_add(said / 2).max(said.saturating_add(1)));
    let clip = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Some((clip(low.min(high)), clip(high.max(low))))
}

pub(crate) fn day(date: Date) -> Day {
    const EPOCH: Date = Date::constant(1970, 1, 1);
    (date.duration_since(EPOCH).as_hours() / 24) as Day
}

fn part_of_day(part: TimeOfDay) -> Option<u8> {
    match part {
        TimeOfDay::Midnight => Some(0),
        TimeOfDay::Dawn => Some(2),
        TimeOfDay::Morning => Some(3),
        TimeOfDay::Midday => Some(4),
        TimeOfDay::Afternoon => Some(5),
        TimeOfDay::Dusk => Some(6),
        TimeOfDay::Evening | TimeOfDay::Night => Some(7),
        TimeOfDay::Daytime | TimeOfDay::Clock => None,
    }
}

/// A hash that is never 0, which stands for "none".
pub(crate) fn short(text: &str) -> u32 {
    if text.is_empty() { 0 } else { (hash(text.as_bytes()) >> 32) as u32 | 1 }
}

/// Lower case without diacritics, marks, articles and everything that is no letter or digit.
pub(crate) fn fold(name: &str) -> String {
    let plain: String = name
        .nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let mut out = String::with_capacity(plain.len());
    for word in plain.split_whitespace() {
        if !matches!(
            word,
            "al" | "el" | "ar" | "as" | "at" | "an" | "ash" | "the" | "city" | "town" | "village" | "of"
        ) {
            out.push_str(word);
        }
    }
    if out.is_empty() { plain.split_whitespace().collect() } else { out }
}

/// Hash of the consonants of a name, doubled ones once, sounds that transliterations mix up made one;
/// the folded name's own hash where fewer than two are left. The second bit says whether there are three
/// or more, so that names that share them are likely one.
pub(crate) fn skeleton(name: &str) -> u32 {
    let folded = fold(name);
    let mut out = String::new();
    let mut before = None;
    for c in folded.chars() {
        let sound = match c {
            'q' | 'c' => 'k',
            'z' => 's',
            'v' => 'f',
            'j' => 'g',
            'p' => 'b',
            other => other,
        };
        if before != Some(sound) && !matches!(sound, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'w' | 'h') {
            out.push(sound);
        }
        before = Some(sound);
    }
    match out.chars().count() {
        0 | 1 => short(&folded) & !TELLING,
        2 => short(&out) & !TELLING,
        _ => short(&out) | TELLING,
    }
}

/// Bit of a skeleton that has three consonants or more.
pub(crate) const TELLING: u32 = 2;

#[cfg(test)]
mod tests {
    use super::*;
    use casus_record::Operator;

    #[test]
    fn spellings_of_a_name_meet() {
        let check = |a: &str, b: &str, same: bool| {
            assert_eq!(skeleton(a) == skeleton(b), same, "{a} {b}");
        };
        check("Al-Tarnah", "Tarna", true);
        check("Qarmoun", "Karmun", true);
        check("Bérro Dulé", "Bero-Dule", true);
        check("Tarna", "Torno", true);
        check("Tarna", "Tarka", false);
        // Too short for a skeleton: the vowels count.
        check("Beya", "Boya", false);
        assert_ne!(skeleton("بيا"), 0);
        assert_eq!(fold("The City of Gol"), "gol");
        assert_eq!(fold("Al"), "al");
    }

    #[test]
    fn counts_stand_for_numbers() {
        let check = |count: Count, expected| assert_eq!(bounds(&count), Some(expected), "{count:?}");
        check(Count::new(Operator::Exact, 14, ""), (14, 14));
        check(Count::new(Operator::AtLeast, 14, ""), (14, 21));
        check(Count::new(Operator::About, 300, ""), (225, 450));
        check(Count::vague("dozens", 24, ""), (24, 36));
        check(Count::new(Operator::Almost, 40, ""), (30, 39));
        check(Count::new(Operator::NoneStated, 0, ""), (0, 0));
        check(Count::new(Operator::AtLeast, u64::MAX, ""), (u32::MAX, u32::MAX));
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(day(Date::constant(1970, 1, 1)), 0);
        assert_eq!(day(Date::constant(1969, 12, 31)), -1);
        assert_eq!(day(Date::constant(2024, 3, 14)), 19_796);
    }
}
