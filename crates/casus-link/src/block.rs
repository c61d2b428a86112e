//! Which events are compared at all: those that share a key of time, place and kind of actor or action.
//!
//! Every key is a function of one event alone, so that the pairs do not depend on the order of arrival.
//! A precise event is found by its neighbours in a narrow block (days x a cell of about 55 km). What is
//! known coarsely ("in March", "in the north") stands in wide blocks, where it meets the precise events,
//! but they do not meet each other there: that is what keeps the number of pairs near-linear.

use crate::{
    signature::mix,
    telling::{Day, Site, Telling},
};
use casus_record::{Family, Role};

/// A block and how the event stands in it: coarse events meet all of the block, fine ones only the coarse.
/// The lowest bit of the block's number is taken by that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(u64);

impl Key {
    fn new(block: u64, coarse: bool) -> Key {
        Key(block << 1 | u64::from(coarse))
    }

    pub(crate) fn block(self) -> u64 {
        self.0 >> 1
    }

    pub(crate) fn coarse(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Days of a narrow block, and of a wide one.
const NARROW: Day = 4;
const WIDE: Day = 31;

/// Longest time, in days, that is looked for in narrow blocks.
const FINE_DAYS: Day = 9;

/// Greatest radius, in kilometres, of a place that is looked for in cells.
const FINE_RADIUS: f32 = 60.0;

/// Most wide blocks that one event stands in: a span of years is compared where its ends lie.
const MOST_WIDE: usize = 4;

/// Most cells that one place stands in.
const MOST_CELLS: usize = 9;

/// Degrees of latitude of a cell; longitude is divided so that cells are about as wide as high.
const CELL: f32 = 0.5;

/// The keys of an event, each once, in order.
pub(crate) fn keys(telling: &Telling) -> Vec<Key> {
    let mut keys = Vec::new();
    let salt = u64::from(telling.aggregate);
    let mut add = |coarse: bool, parts: [u64; 4]| {
        let block = parts.iter().fold(salt, |all, part| mix(all.rotate_left(9) ^ part));
        keys.push(Key::new(block, coarse));
    };
    let window = telling.window();
    let fine_time = window.is_some_and(|time| time.days() <= FINE_DAYS + 2 && telling.time.is_some());
    let narrow: Vec<u64> = match window.filter(|_| fine_time) {
        Some(time) => buckets(time.first - time.slack - 1, time.last + time.slack + 1, NARROW),
        None => Vec::new(),
    };
    let wide: Vec<u64> = match window {
        Some(time) => buckets(time.first - 1, time.last + 1, WIDE),
        // No day at all: one block of its own, met by what has none either.
        None => vec![u64::MAX],
    };
    let group = action_group(telling.family);
    let actor = telling.parties.iter().find(|party| party.role == Role::Actor && party.register != 0);
    let placed = !telling.sites.is_empty();
    for site in &telling.sites {
        let fine = site.point.is_some_and(|(.., radius)| radius <= FINE_RADIUS);
        let unresolved = site.point.is_none();
        for cell in cells(site).into_iter().filter(|_| fine) {
            for &days in &narrow {
                add(true, [1, days, cell, 0]);
            }
            for &days in &wide {
                add(!fine_time, [2, days, cell, group]);
            }
        }
        // Names meet names: a place that no gazetteer holds, or that two readings put far apart.
        if site.local && site.skeleton != 0 {
            for &days in if fine_time { &narrow } else { &wide } {
                add(true, [3, days, u64::from(site.skeleton), 0]);
            }
        }
        if site.admin1 != 0 {
            let division = u64::from(site.country) << 32 | u64::from(site.admin1);
            for &days in &narrow {
                add(!fine, [4, days, division, group]);
            }
            for &days in wide.iter().filter(|_| !fine_time && !fine) {
                add(true, [5, days, division, group]);
            }
        }
        if site.country != 0 {
            for &days in &narrow {
                add(!fine && (unresolved || site.admin1 == 0), [6, days, u64::from(site.country), group]);
            }
        }
    }
    for &days in &narrow {
        if let Some(actor) = actor {
            add(!placed, [7, days, u64::from(actor.register), group]);
        }
    }
    // A report without place or day can still be the copy of one that has both.
    if let Some(signature) = &telling.signature {
        let bare = !placed || telling.time.is_none();
        for band in signature.bands() {
            add(bare, [8, band, 0, 0]);
        }
    }
    // The same text received twice.
    add(true, [9, telling.text, crate::signature::hash(telling.event.as_bytes()), 0]);
    keys.sort_unstable();
    // Coarse sorts last, and it is the one to keep.
    keys.reverse();
    keys.dedup_by_key(|key| key.block());
    keys
}

/// Numbers of the buckets of `size` days that an interval touches; of a long one the outermost.
fn buckets(first: Day, last: Day, size: Day) -> Vec<u64> {
    let (first, last) = (first.div_euclid(size), last.max(first).div_euclid(size));
    let all = (last - first) as usize + 1;
    let number = |bucket: Day| u64::from(bucket as u32);
    if all <= MOST_WIDE {
        (first..=last).map(number).collect()
    } else {
        let half = (MOST_WIDE / 2) as Day;
        (first..first + half).chain(last - half + 1..=last).map(number).collect()
    }
}

/// Cells that the place's circle of uncertainty touches.
fn cells(site: &Site) -> Vec<u64> {
    let Some((lat, lon, radius)) = site.point else { return Vec::new() };
    let reach = (1.5 * radius).clamp(10.0, 40.0) / 111.2;
    let row = |lat: f32| ((lat.clamp(-90.0, 90.0) + 90.0) / CELL) as i32;
    let mut out = Vec::new();
    for y in row(lat - reach)..=row(lat + reach) {
        let middle = (y as f32 + 0.5) * CELL - 90.0;
        let shrink = middle.to_radians().cos().max(0.05);
        let columns = (360.0 / CELL * shrink).round().max(1.0);
        let column = |lon: f32| ((lon + 180.0) / 360.0 * columns).floor() as i32;
        let wide = (reach / shrink).min(90.0);
        for x in column(lon - wide)..=column(lon + wide) {
            let x = x.rem_euclid(columns as i32);
            out.push((y as u64) << 32 | x as u64);
        }
    }
    out.sort_unstable();
    out.dedup();
    out.truncate(MOST_CELLS);
    out
}

/// Kinds of action that reports of one event do not mix up.
fn action_group(family: Family) -> u64 {
    match family {
        Family::Protest | Family::Riot | Family::MobViolence => 1,
        Family::Agreement | Family::Political | Family::Threat | Family::GroupChange => 2,
        Family::Base | Family::DisruptedWeapons => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f32, lon: f32, radius: f32) -> Site {
        let point = Some((lat, lon, radius));
        Site { point, name: 0, skeleton: 0, local: true, gazetteer: 0, admin1: 0, country: 0 }
    }

    #[test]
    fn near_places_share_a_cell() {
        let check = |a: Site, b: Site, shared: bool| {
            let cells_of_b = cells(&b);
            assert_eq!(cells(&a).iter().any(|cell| cells_of_b.contains(cell)), shared, "{a:?} {b:?}");
        };
        check(at(12.49, 3.1, 5.0), at(12.51, 3.1, 5.0), true);
        check(at(0.01, 20.0, 5.0), at(-0.05, 20.0, 5.0), true);
        check(at(-17.0, 179.95, 5.0), at(-17.0, -179.97, 5.0), true);
        check(at(68.2, 14.30, 5.0), at(68.2, 14.55, 5.0), true);
        check(at(12.0, 3.0, 5.0), at(14.0, 3.0, 5.0), false);
        check(at(12.0, 3.0, 5.0), at(12.0, 5.0, 5.0), false);
    }

    #[test]
    fn days_that_touch_share_a_bucket() {
        for day in -10..10 {
            let (a, b) = (buckets(day - 1, day + 1, NARROW), buckets(day + 1, day + 3, NARROW));
            assert!(a.iter().any(|bucket| b.contains(bucket)), "{day}");
        }
        assert_eq!(buckets(0, 365 * 30, WIDE).len(), MOST_WIDE);
    }
}
