//! How the claims on a field lie to each other.

use crate::{
    claims::name_of,
    score::distance,
    telling::{day, fold, skeleton},
};
use casus_record::{Agreement, AttributionStatus, Claim, ClaimValue, Operator, Precision};
use std::collections::{BTreeMap, BTreeSet};

/// Largest ratio, and largest difference, of numbers that differ as reports of one incident usually do.
const USUAL_RATIO: f64 = 1.5;
const USUAL_DIFFERENCE: u64 = 2;

/// Kilometres by which places may differ beyond their own radius.
const USUAL_DISTANCE: f32 = 15.0;

/// The agreement of every field.
pub(crate) fn agreement(claims: &[Claim]) -> BTreeMap<String, Agreement> {
    let mut fields: BTreeMap<&str, Vec<&Claim>> = BTreeMap::new();
    for claim in claims {
        fields.entry(&claim.field).or_default().push(claim);
    }
    fields.into_iter().map(|(field, claims)| (field.to_owned(), of_field(&claims))).collect()
}

fn of_field(claims: &[&Claim]) -> Agreement {
    let sources: BTreeSet<u32> = claims.iter().map(|claim| claim.source).collect();
    if sources.len() < 2 {
        return Agreement::Single;
    }
    if let Some(counts) = claims.iter().map(|claim| interval(&claim.value)).collect::<Option<Vec<_>>>() {
        return counts_agree(&counts);
    }
    // The worst of all pairs of different sources. A list of places or parties agrees with one of them.
    let mut by_source: BTreeMap<u32, Vec<&ClaimValue>> = BTreeMap::new();
    for claim in claims {
        let values = by_source.entry(claim.source).or_default();
        if !values.contains(&&claim.value) {
            values.push(&claim.value);
        }
    }
    let lists: Vec<&Vec<&ClaimValue>> = by_source.values().collect();
    let mut worst = Agreement::Agree;
    for (at, a) in lists.iter().enumerate() {
        for b in &lists[..at] {
            let best = a.iter().flat_map(|x| b.iter().map(move |y| values_agree(x, y))).min();
            worst = worst.max(best.unwrap_or(Agreement::Agree));
        }
    }
    worst
}

/// The numbers that a claim allows, inclusive.
pub(crate) fn interval(value: &ClaimValue) -> Option<(u64, u64)> {
    let ClaimValue::Count { value, low, high, operator, .. } = value else { return None };
    Some(match (operator, value) {
        (Operator::About, Some(value)) => (value - value / 4, value.saturating_add(value / 4)),
        _ => (low.unwrap_or(0), high.unwrap_or(u64::MAX)),
    })
}

fn counts_agree(counts: &[(u64, u64)]) -> Agreement {
    let low = counts.iter().map(|count| count.0).max().unwrap_or(0);
    let high = counts.iter().map(|count| count.1).min().unwrap_or(u64::MAX);
    if low <= high {
        Agreement::Agree
    } else if low - high <= USUAL_DIFFERENCE && high > 0 || low as f64 <= high as f64 * USUAL_RATIO {
        Agreement::Range
    } else {
        Agreement::Conflict
    }
}

fn values_agree(a: &ClaimValue, b: &ClaimValue) -> Agreement {
    match (a, b) {
        (
            ClaimValue::Time { earliest: e1, latest: l1, .. },
            ClaimValue::Time { earliest: e2, latest: l2, .. },
        ) => {
            let first = e1.max(e2).map(day);
            let last = match (l1, l2) {
                (Some(x), Some(y)) => Some(day(*x.min(y))),
                (x, y) => x.or(*y).map(day),
            };
            match first.zip(last).map_or(0, |(first, last)| first - last) {
                ..=0 => Agreement::Agree,
                1 => Agreement::Range,
                _ => Agreement::Conflict,
            }
        }
        (ClaimValue::Place { .. }, ClaimValue::Place { .. }) => places_agree(a, b),
        (
            ClaimValue::Party { name: n1, register: r1, class: c1, status: s1, .. },
            ClaimValue::Party { name: n2, register: r2, class: c2, status: s2, .. },
        ) => {
            let vague = |class: &str| matches!(class, "unknown" | "armed_group_unspecified" | "");
            let same = match (r1, r2) {
                (Some(x), Some(y)) => x == y,
                _ => fold(n1) == fold(n2) || c1 == c2 || vague(c1) || vague(c2),
            };
            let denied = (*s1 == AttributionStatus::Denied) != (*s2 == AttributionStatus::Denied);
            match (same, denied) {
                (true, true) => Agreement::Conflict,
                (true, false) => Agreement::Agree,
                (false, true) => Agreement::Agree,
                // Two classes may be two words for one group; two ids are two groups.
                (false, false) if r1.is_some() && r2.is_some() => Agreement::Conflict,
                (false, false) => Agreement::Range,
            }
        }
        (ClaimValue::Code { code: x }, ClaimValue::Code { code: y }) => match () {
            () if x == y => Agreement::Agree,
            // "Attack" is what any act of violence may be called.
            () if x == "attack" || y == "attack" || x == "unclear" || y == "unclear" => Agreement::Range,
            () => Agreement::Conflict,
        },
        _ => Agreement::Conflict,
    }
}

fn places_agree(a: &ClaimValue, b: &ClaimValue) -> Agreement {
    let (
        ClaimValue::Place { lat: lat1, lon: lon1, gazetteer: g1, country: c1, precision: p1, .. },
        ClaimValue::Place { lat: lat2, lon: lon2, gazetteer: g2, country: c2, precision: p2, .. },
    ) = (a, b)
    else {
        return Agreement::Conflict;
    };
    let radius = |precision: &Precision| -> f32 {
        match precision {
            Precision::Exact | Precision::Place | Precision::Unresolved => 5.0,
            Precision::Near | Precision::Admin3 => 20.0,
            Precision::Admin2 => 45.0,
            Precision::Admin1 => 180.0,
            Precision::Country | Precision::Area | Precision::WaterOrAir => 700.0,
        }
    };
    if g1.is_some() && g1 == g2 || skeleton(name_of(a)) == skeleton(name_of(b)) {
        return Agreement::Agree;
    }
    if matches!((c1, c2), (Some(x), Some(y)) if x != y) {
        return Agreement::Conflict;
    }
    let (Some(x), Some(y)) = (lat1.zip(*lon1), lat2.zip(*lon2)) else { return Agreement::Range };
    let d = distance(x.0 as f32, x.1 as f32, y.0 as f32, y.1 as f32);
    let reach = radius(p1).max(radius(p2));
    match d {
        d if d <= reach => Agreement::Agree,
        d if d <= reach + USUAL_DISTANCE => Agreement::Range,
        _ => Agreement::Conflict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let check =
            |counts: &[(u64, u64)], expected| assert_eq!(counts_agree(counts), expected, "{counts:?}");
        check(&[(14, 14), (14, 14)], Agreement::Agree);
        check(&[(14, u64::MAX), (17, 17)], Agreement::Agree);
        check(&[(14, 14), (17, 17)], Agreement::Range);
        check(&[(14, 14), (16, 16), (22, 22)], Agreement::Conflict);
        check(&[(1, 1), (3, 3)], Agreement::Range);
        check(&[(0, 0), (2, 2)], Agreement::Conflict);
    }

    #[test]
    fn codes() {
        let check = |a: &str, b: &str, expected| {
            let code = |code: &str| ClaimValue::Code { code: code.to_owned() };
            assert_eq!(values_agree(&code(a), &code(b)), expected, "{a} {b}");
        };
        check("shelling", "shelling", Agreement::Agree);
        check("shelling", "attack", Agreement::Range);
        check("shelling", "abduction", Agreement::Conflict);
    }

    #[test]
    fn times() {
        let check = |a: (&str, &str), b: (&str, &str), expected| {
            let time = |(first, last): (&str, &str)| ClaimValue::Time {
                earliest: first.parse().ok(),
                latest: last.parse().ok(),
                grain: casus_record::Grain::Day,
            };
            assert_eq!(values_agree(&time(a), &time(b)), expected, "{a:?} {b:?}");
        };
        check(("2024-03-01", "2024-03-31"), ("2024-03-11", "2024-03-11"), Agreement::Agree);
        check(("2024-03-11", "2024-03-11"), ("2024-03-12", "2024-03-12"), Agreement::Range);
        check(("2024-03-11", "2024-03-11"), ("2024-03-13", "2024-03-13"), Agreement::Conflict);
    }
}
