//! Why a place or a time of a text is missing, has other bounds, or another meaning.

use super::{Miss, Misses};
use crate::{
    documents::id,
    tasks::{geo, time},
};
use anyhow::Result;
use casus_engine::{
    Casus, Span,
    mention::place::{Use, distance_km},
};
use serde_json::Value;

/// Farther off than this is another place, as the figures count.
const NEAR_KM: f64 = 161.0;

type Range = (u64, u64);

fn range(value: &Value) -> Range {
    (value["start"].as_u64().unwrap_or(0), value["end"].as_u64().unwrap_or(0))
}

fn meets(a: Range, b: Range) -> bool {
    a.0 < b.1 && b.0 < a.1
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

/// Bounds that differ, by where.
fn bounds(key: Range, own: Range) -> &'static str {
    match (own.0 <= key.0 && key.1 <= own.1, key.0 <= own.0 && own.1 <= key.1) {
        (true, _) => "bounds too wide",
        (_, true) => "bounds too narrow",
        _ => "bounds cross",
    }
}

/// Places.
pub(super) fn geo(casus: &Casus, document: &Value, misses: &mut Misses) -> Result<()> {
    let docid = id(document);
    let report = geo::report(document)?;
    let offsets = geo::Offsets::new(&report.text);
    let traced = casus.read_traced(&report);
    let (mentions, gazetteer) = (&traced.mentions, casus.resources().places().gazetteer());
    let code_points =
        |span: Span| (offsets.code_point(span.start) as u64, offsets.code_point(span.end) as u64);
    let places: Vec<_> = mentions.places.iter().map(|place| (code_points(place.span), place)).collect();
    let keys = list(document, "toponyms");
    for key in keys {
        let wanted = range(key);
        let role = key["fcode"].as_str().or(key["type"].as_str()).unwrap_or("unresolved").to_owned();
        let exact = places.iter().find(|(own, _)| *own == wanted);
        let Some((_, place)) = exact else {
            let cause = match places.iter().find(|(own, _)| meets(*own, wanted)) {
                Some((own, _)) => bounds(wanted, *own),
                None if mentions.actors.iter().any(|actor| meets(code_points(actor.span), wanted)) => {
                    "taken for an actor"
                }
                None if mentions.times.iter().any(|time| meets(code_points(time.span), wanted)) => {
                    "taken for a time"
                }
                None => "no name was seen",
            };
            misses.add(docid, Miss::Missed, cause, role);
            continue;
        };
        let (Some(lat), Some(lon)) = (key["lat"].as_f64(), key["lon"].as_f64()) else { continue };
        let near = |at: (f64, f64)| distance_km(at, (lat, lon)) <= NEAR_KM;
        let right: Vec<bool> = place
            .meanings
            .iter()
            .map(|(entry, _)| gazetteer.place(entry.place()))
            .map(|meant| near((meant.lat, meant.lon)))
            .collect();
        let cause = match right.first() {
            Some(true) => continue,
            None => "the gazetteer has no such name",
            Some(false) if right.contains(&true) => "the right place is a lower candidate",
            Some(false) => "the right place is no candidate",
        };
        misses.add(docid, Miss::Wrong, cause, role);
    }
    for (own, place) in &places {
        if keys.iter().any(|key| meets(range(key), *own)) {
            continue;
        }
        let cause = match (place.usage, place.best.is_some()) {
            (Use::Place, true) => "a name used as a place, not in the key",
            (Use::Place, false) => "a name that no gazetteer has, taken for a place",
            _ => "a name not used as a place",
        };
        misses.add(docid, Miss::Invented, cause, format!("{:?}", place.kind));
    }
    Ok(())
}

/// Times.
pub(super) fn time(casus: &Casus, document: &Value, misses: &mut Misses) -> Result<()> {
    let docid = id(document);
    let answer = time::predict(casus, document)?;
    let (keys, own) = (list(document, "timexes"), list(&answer, "timexes"));
    for key in keys {
        let role = key["type"].as_str().unwrap_or("?");
        let wanted = range(key);
        let Some(found) = own.iter().filter(|own| meets(range(own), wanted)).max_by_key(|own| {
            let (start, end) = range(own);
            (range(own) == wanted, end.min(wanted.1) - start.max(wanted.0))
        }) else {
            misses.add(docid, Miss::Missed, "no time was seen", role);
            continue;
        };
        if range(found) != wanted {
            misses.add(docid, Miss::Wrong, bounds(wanted, range(found)), role);
        }
        if found["type"] != key["type"] {
            misses.add(docid, Miss::Wrong, "another type", role);
        } else if let (Some(right), Some(told)) = (key["value"].as_str(), found["value"].as_str())
            && right != told
        {
            misses.add(docid, Miss::Wrong, value(right, told), role);
        }
    }
    for own in own.iter().filter(|own| keys.iter().all(|key| !meets(range(key), range(own)))) {
        misses.add(docid, Miss::Invented, "no such time in the key", own["type"].as_str().unwrap_or("?"));
    }
    Ok(())
}

/// How two values of TIMEX3 differ.
fn value(right: &str, told: &str) -> &'static str {
    let reference = |value: &str| value.ends_with("_REF");
    let shape =
        |value: &str| -> String { value.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect() };
    match (reference(right), reference(told)) {
        (true, true) => "another of past, present and future",
        (true, false) => "a value, where the key has a vague one",
        (false, true) => "a vague value, where the key has one",
        (false, false) if shape(right) == shape(told) => "of the same grain, another value",
        (false, false) if right.contains('X') != told.contains('X') => "open against closed: one has an X",
        (false, false) => "another grain",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_differ_by() {
        let check = |right: &str, told: &str, cause: &str| assert_eq!(value(right, told), cause);
        check("1998-01-08", "1998-01-09", "of the same grain, another value");
        check("1998-01", "1998-01-09", "another grain");
        check("PXY", "P2Y", "open against closed: one has an X");
        check("PAST_REF", "1998", "a value, where the key has a vague one");
        check("PAST_REF", "PRESENT_REF", "another of past, present and future");
    }

    #[test]
    fn bounds_differ_by() {
        assert_eq!(bounds((2, 5), (1, 5)), "bounds too wide");
        assert_eq!(bounds((2, 5), (3, 5)), "bounds too narrow");
        assert_eq!(bounds((2, 5), (3, 7)), "bounds cross");
    }
}
