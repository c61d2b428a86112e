//! How much speaks for two tellings being of one occurrence.
//!
//! Each field gives a log-likelihood ratio in nats (Fellegi and Sunter 1969): how much likelier what is
//! seen is if both tell one occurrence than if they tell two that blocking brought together. What a
//! report does not say gives 0. The sum with [`PRIOR`] is the log-odds; its logistic is a probability,
//! and the made world of casus-eval checks that it is calibrated.
//!
//! Time and place have formulas in which the uncertainty of both sides stands: a day against a month
//! tells less than a day against a day. The other figures are hand-set from what reports of one event
//! usually do (tolls rise over days, a perpetrator is contested more often than a place), in half steps.

use crate::telling::{Day, Party, Site, TELLING, Telling, Time, Toll};
use casus_record::{Family, LossOutcome, Role, Status};

/// Log-odds that two events which blocking brought together tell one occurrence, before they are looked at.
pub(crate) const PRIOR: f32 = -5.3;

/// Beyond this much for or against, a pair says no more to the mean of a cluster.
pub(crate) const CLIP: f32 = 10.0;

/// What speaks for two tellings being of one occurrence, by field, in nats.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Evidence {
    /// When.
    pub time: f32,
    /// Where.
    pub place: f32,
    /// What was done, by what means, and what became of it.
    pub action: f32,
    /// Who did it to whom.
    pub participants: f32,
    /// How many were lost.
    pub losses: f32,
    /// The words of the reports.
    pub words: f32,
    /// Whether the two are of one report, which tells two occurrences then.
    pub report: f32,
}

impl Evidence {
    /// What speaks for one occurrence, field by field. Negative infinity: it cannot be one.
    ///
    /// Symmetric. A total and an incident are never one.
    pub fn of(a: &Telling, b: &Telling) -> Evidence {
        let mut out = Evidence::default();
        if a.aggregate != b.aggregate {
            out.report = f32::NEG_INFINITY;
            return out;
        }
        out.report = report(a, b);
        out.time = time(a, b);
        out.place = place(a, b);
        out.action = action(a, b);
        out.participants = participants(a, b);
        out.losses = losses(a, b);
        out.words = words(a, b);
        if a.aggregate {
            // Totals over the same days and places differ by what they count: only equal figures speak
            // for one.
            out.losses = if out.losses > 0.0 { out.losses } else { out.losses - 4.0 };
        }
        out
    }

    /// Log-odds that both tell one occurrence, in nats.
    pub fn log_odds(&self) -> f32 {
        PRIOR
            + self.time
            + self.place
            + self.action
            + self.participants
            + self.losses
            + self.words
            + self.report
    }

    /// Probability that both tell one occurrence.
    pub fn probability(&self) -> f32 {
        probability(self.log_odds())
    }
}

/// Probability of log-odds in nats.
pub(crate) fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// A report tells an occurrence once: what it tells apart is two, unless it says that it is one. Reading
/// may split one occurrence in two, so that this is strong evidence and no veto.
fn report(a: &Telling, b: &Telling) -> f32 {
    if a.text != b.text {
        return 0.0;
    }
    let refers = |x: &Telling, y: &Telling| x.same.contains(&crate::signature::hash(y.event.as_bytes()));
    if a.event == b.event {
        // The same text received twice.
        30.0
    } else if refers(a, b) || refers(b, a) {
        12.0
    } else {
        -6.0
    }
}

/// Days that blocking lets two events lie apart, about: what a random pair is spread over.
const SPREAD: f32 = 45.0;

fn time(a: &Telling, b: &Telling) -> f32 {
    match (a.time, b.time) {
        (Some(x), Some(y)) => intervals(&x, &y) + part_of_day(&x, &y),
        (Some(told), None) => after(&told, b.published),
        (None, Some(told)) => after(&told, a.published),
        (None, None) => match (a.published, b.published) {
            (Some(x), Some(y)) => match (x - y).abs() {
                0..=2 => 1.0,
                3..=7 => 0.0,
                8..=30 => -1.5,
                _ => -4.0,
            },
            _ => 0.0,
        },
    }
}

fn intervals(a: &Time, b: &Time) -> f32 {
    let gap = (a.first.max(b.first) - a.last.min(b.last) - a.slack - b.slack).max(0);
    let days = (a.days() + b.days() - 1) as f32;
    // The chance that two intervals of these lengths touch by accident.
    let overlap = (SPREAD / days).ln().clamp(0.0, 3.6);
    let longest = a.days().max(b.days());
    match gap {
        0 => overlap,
        // A day off is common (time zones, the night between, the day it was reported); more is rare.
        1 => overlap - 2.2,
        2 => (overlap - 4.5).min(-1.0),
        3 => -3.0,
        _ if gap <= longest / 8 => -2.0,
        4..=6 => -4.5,
        _ => -9.0,
    }
}

fn part_of_day(a: &Time, b: &Time) -> f32 {
    match (a.part, b.part) {
        (Some(x), Some(y)) => match (x.abs_diff(y)).min(8 - x.abs_diff(y)) {
            0 => 0.7,
            1 => 0.2,
            2 => -0.4,
            _ => -0.8,
        },
        _ => 0.0,
    }
}

/// A report without a date is mostly of the days before it was published.
fn after(told: &Time, published: Option<Day>) -> f32 {
    let Some(published) = published else { return 0.0 };
    if told.days() > 10 {
        return 0.0;
    }
    match published - told.last {
        Day::MIN..=-2 => -5.0,
        -1..=3 => 1.5,
        4..=10 => 0.3,
        11..=40 => -1.5,
        _ => -3.0,
    }
}

/// Square kilometres over which pairs that blocking brings together are spread.
const AREA: f32 = 60_000.0;

/// Share of places that a reader or a gazetteer puts far off.
const MISPLACED: f32 = 0.02;

fn place(a: &Telling, b: &Telling) -> f32 {
    let pairs = a.sites.iter().flat_map(|x| b.sites.iter().map(move |y| sites(x, y)));
    pairs.max_by(f32::total_cmp).unwrap_or(0.0)
}

fn sites(a: &Site, b: &Site) -> f32 {
    let named = a.local && b.local && a.name != 0 && b.name != 0;
    let names = match () {
        () if !named => 0.0,
        () if a.name == b.name => 3.5,
        () if a.skeleton == b.skeleton => {
            if a.skeleton & TELLING != 0 {
                3.0
            } else {
                2.0
            }
        }
        // Two names of one place are common: a village and the town beside it, a quarter and its city.
        () => -0.7,
    };
    let (Some(x), Some(y)) = (a.point, b.point) else {
        let apart = a.country != 0 && b.country != 0 && a.country != b.country;
        let within = a.admin1 != 0 && a.admin1 == b.admin1;
        return if apart { names - 4.0 } else { names + if within { 0.5 } else { 0.0 } };
    };
    if a.gazetteer != 0 && a.gazetteer == b.gazetteer && a.local && b.local {
        return 4.6;
    }
    // Both centres scatter around the site, each by its own precision; the density of the distance
    // between them against that of pairs spread over the area.
    let variance = x.2 * x.2 + y.2 * y.2 + 9.0;
    let d = distance(x.0, x.1, y.0, y.1);
    let near = (-f64::from(d * d / (2.0 * variance))).exp() as f32 / (2.0 * std::f32::consts::PI * variance);
    let odds = ((1.0 - MISPLACED) * near * AREA + MISPLACED).ln();
    let far = if d > 400.0 + 3.0 * variance.sqrt() { -2.5 } else { 0.0 };
    // A coarse place neither helps nor hurts one within it.
    let coarse = a.local != b.local || !a.local;
    let odds = if coarse && d * d <= 4.0 * variance { odds.max(0.0) } else { odds };
    match () {
        () if named && names > 0.0 => (odds + 0.5).max(names - 1.0 + far),
        // Two villages that a gazetteer knows apart.
        () if named => odds + far - 1.8,
        () => odds + far,
    }
}

/// Great-circle distance in kilometres (haversine).
pub(crate) fn distance(lat1: f32, lon1: f32, lat2: f32, lon2: f32) -> f32 {
    let (p1, p2) = (f64::from(lat1).to_radians(), f64::from(lat2).to_radians());
    let (dp, dl) = (p2 - p1, f64::from(lon2 - lon1).to_radians());
    let h = (dp / 2.0).sin().powi(2) + p1.cos() * p2.cos() * (dl / 2.0).sin().powi(2);
    (2.0 * 6371.0 * h.sqrt().min(1.0).asin()) as f32
}

/// Families that reports of one occurrence mix up.
fn kin(family: Family) -> u8 {
    match family {
        Family::ArmedClash
        | Family::Attack
        | Family::Explosion
        | Family::Shelling
        | Family::AirStrike
        | Family::Chemical
        | Family::Execution
        | Family::PropertyDestruction
        | Family::TerritoryChange
        | Family::Looting => 1,
        Family::Protest | Family::Riot | Family::MobViolence => 2,
        Family::Abduction | Family::Arrest => 3,
        Family::Torture | Family::SexualViolence => 4,
        Family::Release | Family::Escape => 5,
        Family::Displacement | Family::Movement => 6,
        Family::Agreement | Family::Political | Family::Threat | Family::GroupChange => 7,
        Family::Base | Family::DisruptedWeapons => 8,
        Family::Other => 0,
    }
}

fn action(a: &Telling, b: &Telling) -> f32 {
    let family = match () {
        // The rarer, the more it says.
        () if a.family == b.family => match a.family {
            Family::Attack | Family::Other => 1.0,
            Family::ArmedClash | Family::Explosion | Family::Shelling | Family::AirStrike => 1.5,
            Family::Arrest | Family::Protest => 1.8,
            _ => 2.3,
        },
        () if a.families & b.families != 0 => 0.8,
        () if a.family == Family::Other || b.family == Family::Other => -0.3,
        () if kin(a.family) == kin(b.family) => {
            // Anything may be called an attack; what fell from the sky was rarely laid on the road.
            if a.family == Family::Attack || b.family == Family::Attack { -0.3 } else { -1.0 }
        }
        () if kin(a.family).min(kin(b.family)) == 1 && kin(a.family).max(kin(b.family)) <= 3 => -2.5,
        () => -4.0,
    };
    let means = match (a.weapons & b.weapons != 0, a.weapons != 0 && b.weapons != 0) {
        (true, _) => 0.7,
        (_, true) => -0.5,
        _ => 0.0,
    };
    let tactic = match () {
        () if a.tactic == 0 || b.tactic == 0 => 0.0,
        () if a.tactic == b.tactic => 0.7,
        () => -0.5,
    };
    family + means + tactic + status(a.status, b.status)
}

fn status(a: Status, b: Status) -> f32 {
    use Status::{Attempted, Denied, Foiled, Happened, Planned, Threatened, Unclear};
    match (a.min(b), a.max(b)) {
        (x, y) if x == y => {
            if x == Happened {
                0.0
            } else {
                1.0
            }
        }
        (_, Denied | Unclear) => 0.0,
        (Happened, Attempted) => -0.8,
        (Happened, Foiled) | (Attempted, Foiled) => -1.0,
        (Planned, Threatened) | (Foiled, Planned) => -0.5,
        _ => -3.0,
    }
}

fn participants(a: &Telling, b: &Telling) -> f32 {
    let side = |role: Role| party(a, b, role, role);
    let straight = side(Role::Actor) + side(Role::Recipient);
    // Who attacked whom in a clash depends on who tells it.
    let crossed = party(a, b, Role::Actor, Role::Recipient) + party(a, b, Role::Recipient, Role::Actor);
    straight.max(crossed - 0.7).clamp(-3.0, 4.5)
}

fn party(a: &Telling, b: &Telling, left: Role, right: Role) -> f32 {
    let xs = || a.parties.iter().filter(move |party| party.role == left);
    let ys = || b.parties.iter().filter(move |party| party.role == right);
    // Whether a known value of one is one of the other's, and whether both know one.
    let compare = |value: fn(&Party) -> u32| {
        let shared = xs().any(|x| value(x) != 0 && ys().any(|y| value(x) == value(y)));
        (shared, shared || (xs().any(|x| value(x) != 0) && ys().any(|y| value(y) != 0)))
    };
    // A perpetrator is often named by one report and contested by another: naming two costs little.
    let contested = if left == Role::Actor && right == Role::Actor { -1.2 } else { -1.5 };
    match (compare(|party| party.register), compare(|party| party.name)) {
        ((true, _), _) => return 2.2,
        (_, (true, _)) => return 2.0,
        ((_, true), _) => return contested,
        _ => {}
    }
    match compare(|party| party.class) {
        (true, _) => 0.5,
        (_, true) => -0.7,
        _ => 0.0,
    }
}

fn losses(a: &Telling, b: &Telling) -> f32 {
    let mut sum = 0.0;
    for x in &a.losses {
        if let Some(y) = b.losses.iter().find(|y| y.outcome == x.outcome) {
            sum += toll(x, y);
        }
    }
    sum.clamp(-4.0, 4.0)
}

/// Equal tolls say the more, the larger they are; tolls that differ say little below a ratio of two,
/// since they rise over the days.
fn toll(a: &Toll, b: &Toll) -> f32 {
    let weight = if a.outcome == LossOutcome::Killed { 1.0 } else { 0.7 };
    let (low, high) = (a.low.max(b.low), a.high.min(b.high));
    let value = if low <= high {
        let width = (a.high - a.low).max(b.high - b.low) as f32;
        let exact = (1.0 + high as f32).ln() - (1.0 + width).ln() * 0.8;
        (0.3 + 0.6 * exact).clamp(0.2, 3.0)
    } else {
        // The gap between the nearest ends, as a ratio; one makes zero and one comparable.
        let ratio = ((low as f32 + 1.0) / (high as f32 + 1.0)).ln();
        match ratio {
            r if r < 0.25 => 0.7,
            r if r < 0.5 => -0.1,
            r if r < 0.8 => -0.8,
            r if r < 1.3 => -1.5,
            _ => -2.5,
        }
    };
    value * weight
}

fn words(a: &Telling, b: &Telling) -> f32 {
    let (Some(x), Some(y)) = (&a.signature, &b.signature) else { return 0.0 };
    if a.text == b.text {
        return 0.0;
    }
    if x.is_copy_of(y) {
        return 3.5;
    }
    match x.word_likeness(y) {
        None => 0.0,
        Some(share) if share >= 0.4 => 2.5,
        Some(share) if share >= 0.25 => 1.5,
        Some(share) if share >= 0.12 => 0.5,
        // Two reports of one event in two languages share no word.
        Some(_) => -0.3,
    }
}
