//! Where a name lies that the gazetteer does not have: somewhere about the place that the text names
//! around it.
//!
//! A street, a school, a quarter or a hamlet is told with the town it belongs to. The guess is never a
//! candidate, and no coordinates of the record rest on it; it tells a reader where to look, and gives the
//! country and division that an unresolved place is most likely in.
//!
//! This module must not know why a name has no candidate.

use super::{
    gazetteer::{Entry, Gazetteer},
    rank::Ranked,
    recognise::{Hit, View},
    relate::Relation,
};
use crate::{PlaceKind, mention::place::Use};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// Less sure places are no ground for a guess.
const SURE: f32 = 0.3;

/// How far back and ahead the text is searched, in names.
const REACH: usize = 60;

/// For each name without candidates, what most likely holds it.
pub(super) fn around(
    gazetteer: &Gazetteer,
    view: &View<'_, '_>,
    hits: &[Hit],
    within: &[Vec<u32>],
    relations: &[Relation],
    ranked: &[Ranked],
) -> Vec<Option<Entry>> {
    let best = |index: usize| {
        ranked[index].candidates.first().filter(|(_, odds)| *odds >= SURE).map(|&(entry, _)| entry)
    };
    let fine = |entry: Entry| {
        let kind = gazetteer.size(entry.place()).kind;
        matches!(kind, PlaceKind::PopulatedPlace | PlaceKind::Quarter | PlaceKind::Admin2)
    };
    let usable = |index: usize| hits[index].usage != Use::Demonym;
    let main = main_division(gazetteer, hits, &best);
    let home = |entry: Entry| main.is_none() || gazetteer.place(entry.place()).admin1 == main;
    (0..hits.len())
        .map(|index| {
            if !ranked[index].candidates.is_empty() {
                return None;
            }
            if let Some(parent) = within[index].iter().find_map(|&parent| best(parent as usize)) {
                return Some(parent);
            }
            let sentence = view.document.sentence_of(hits[index].tokens.start);
            let before = || (index.saturating_sub(REACH)..index).rev();
            let after = || index + 1..hits.len().min(index + 1 + REACH);
            let here = |other: &usize| view.document.sentence_of(hits[*other].tokens.start) == sentence;
            // The next name behind in the sentence holds more often than the one before: `Aru Street in Beya`.
            let near = |home: &dyn Fn(Entry) -> bool| {
                after()
                    .take_while(here)
                    .chain(before().take_while(here))
                    .filter(|&other| usable(other) && relations[other].distance_km.is_none())
                    .find_map(|other| best(other).filter(|&entry| fine(entry) && home(entry)))
            };
            let any = || {
                let mut all = before().chain(after()).filter(|&i| usable(i));
                all.find_map(|i| best(i).filter(|&e| fine(e)))
            };
            // Of the towns of the document's division the largest has most streets and schools to be named.
            let largest = || {
                let people = |entry: &Entry| gazetteer.place(entry.place()).population;
                let all = before().chain(after()).filter(|&i| usable(i)).filter_map(best);
                main?;
                all.filter(|&e| fine(e) && home(e)).max_by_key(|entry| (people(entry), Reverse(*entry)))
            };
            near(&home)
                .or_else(largest)
                .or_else(|| near(&|_| true))
                .or_else(any)
                .or_else(|| before().chain(after()).filter(|&i| usable(i)).find_map(best))
        })
        .collect()
}

/// The division that the document is about: the one that most names lie in, if at least two do.
fn main_division(gazetteer: &Gazetteer, hits: &[Hit], best: &dyn Fn(usize) -> Option<Entry>) -> Option<u32> {
    let mut names: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
    for (index, hit) in hits.iter().enumerate() {
        let division = best(index).and_then(|entry| {
            let place = gazetteer.place(entry.place());
            if place.kind == PlaceKind::Admin1 { Some(entry.place()) } else { place.admin1 }
        });
        if let Some(division) = division {
            names.entry(division).or_default().insert(&hit.key);
        }
    }
    let most = names.into_iter().max_by_key(|(division, names)| (names.len(), Reverse(*division)))?;
    (most.1.len() >= 2).then_some(most.0)
}
