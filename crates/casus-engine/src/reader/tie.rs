//! What the rules know of two spans together: whether the same trigger, sentence, day or place holds them. From this a
//! head of the model tells whether they belong to one incident, and whether they are one and the same.
//!
//! This module must not know the text, nor what the facts are worth.
//!
//! "The mayor" and "the car" of "Gunmen shot the mayor in the car." share a sentence, a paragraph and an action.

use super::{Part, evidence::Evidence};
use std::{collections::BTreeSet, hash::Hash, ops::Range};

/// How many facts there are, in the order of `training/reader/evidence.py`.
pub(super) const FACTS: usize = PARTS + Part::ALL.len() * (Part::ALL.len() + 1) / 2;

/// Where the facts of the two parts begin.
const PARTS: usize = 55;

/// Actions that evidence tells apart.
const ACTIONS: u8 = 6;

/// More mentions than this count as this many.
const MOST: usize = 20;

/// A span that was found, with all places of its words.
pub(super) struct Told<'a> {
    pub(super) part: Part,
    /// Where its part is told most clearly.
    pub(super) own: &'a Evidence,
    pub(super) all: Vec<&'a Evidence>,
    pub(super) pieces: Range<usize>,
    /// Its words as [`super::bare`] gives them.
    pub(super) words: Vec<&'a str>,
}

impl Told<'_> {
    fn set<T: Ord + Hash>(&self, of: impl Fn(&Evidence) -> Vec<T>) -> BTreeSet<T> {
        self.all.iter().flat_map(|evidence| of(evidence)).collect()
    }
}

/// The classes of a distance by upper bounds, one of them true.
fn classes(value: u32, bounds: &[u32], out: &mut Vec<f32>) {
    let class = bounds.partition_point(|&bound| bound < value);
    out.extend((0..=bounds.len()).map(|at| f32::from(u8::from(at == class))));
}

fn shared<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> bool {
    !a.is_disjoint(b)
}

/// Whether both have something, but nothing of the other.
fn parted<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> bool {
    !a.is_empty() && !b.is_empty() && a.is_disjoint(b)
}

/// The facts of two spans.
pub(super) fn facts(a: &Told<'_>, b: &Told<'_>, out: &mut Vec<f32>) {
    out.clear();
    let (own_a, own_b) = (a.own, b.own);
    let nearest = |of: fn(&Evidence) -> u32| {
        let gaps = a.all.iter().flat_map(|x| b.all.iter().map(move |y| of(x).abs_diff(of(y))));
        gaps.min().unwrap_or(0)
    };
    classes(own_a.sentence.abs_diff(own_b.sentence), &[0, 1, 2, 5, 10], out);
    classes(own_a.block.abs_diff(own_b.block), &[0, 1, 2, 5], out);
    classes(nearest(|evidence| evidence.sentence), &[0, 1, 2, 5], out);
    classes(nearest(|evidence| evidence.block), &[0, 1], out);
    let frames = |evidence: &Evidence| evidence.frames.iter().map(|&(frame, _)| frame).collect::<Vec<_>>();
    let kinds = |evidence: &Evidence| evidence.frames.iter().map(|&(_, kind)| kind).collect::<Vec<_>>();
    let days = |evidence: &Evidence| evidence.day.into_iter().collect::<Vec<_>>();
    let places = |evidence: &Evidence| evidence.place.into_iter().collect::<Vec<_>>();
    let (frames_a, frames_b) = (a.set(frames), b.set(frames));
    let (kinds_a, kinds_b) = (a.set(kinds), b.set(kinds));
    let own_frames = frames(own_a).iter().any(|frame| frames(own_b).contains(frame));
    let first = |of: fn(&Evidence) -> u32| of(own_a).min(of(own_b));
    let actions = own_a.actions & own_b.actions;
    let facts = [
        own_frames,
        shared(&frames_a, &frames_b),
        parted(&frames_a, &frames_b),
        shared(&kinds_a, &kinds_b),
        parted(&kinds_a, &kinds_b),
        actions != 0,
        own_a.actions != 0 && own_b.actions != 0 && actions == 0,
        own_a.day.is_some() && own_a.day == own_b.day,
        own_a.day.is_some() && own_b.day.is_some() && own_a.day != own_b.day,
        shared(&a.set(days), &b.set(days)),
        own_a.place.is_some() && own_a.place == own_b.place,
        own_a.place.is_some() && own_b.place.is_some() && own_a.place != own_b.place,
        shared(&a.set(places), &b.set(places)),
        first(|evidence| evidence.sentence) == 0,
        first(|evidence| evidence.sentence) <= 2,
        first(|evidence| evidence.block) == 0,
    ];
    out.extend(facts.map(|fact| f32::from(u8::from(fact))));
    let said = |all: &[&Evidence]| (all.len().min(MOST) as f32).ln();
    out.push((said(&a.all) + said(&b.all)) / 2.0);
    let count = |a: bool, b: bool| f32::from(u8::from(a) + u8::from(b));
    out.extend((0..ACTIONS).map(|bit| count(own_a.actions >> bit & 1 == 1, own_b.actions >> bit & 1 == 1)));
    out.extend((0..ACTIONS).map(|kind| count(kinds_a.contains(&kind), kinds_b.contains(&kind))));
    let gap = a.pieces.start.max(b.pieces.start).saturating_sub(a.pieces.end.min(b.pieces.end));
    classes(gap as u32, &[0, 1, 3, 8], out);
    let within = |some: &[&str], others: &[&str]| some.iter().all(|word| others.contains(word));
    let one_holds_the_other = within(&a.words, &b.words) || within(&b.words, &a.words);
    out.extend([one_holds_the_other, a.words.last() == b.words.last()].map(|fact| f32::from(u8::from(fact))));
    let (low, high) = (a.part.min(b.part) as usize, a.part.max(b.part) as usize);
    let parts = out.len();
    out.resize(FACTS, 0.0);
    out[parts + low * Part::ALL.len() + high - low - low * low.saturating_sub(1) / 2] = 1.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spans_of_one_action_share_it() {
        let evidence = |sentence: u32, frames: Vec<(u32, u8)>| Evidence {
            sentence,
            block: sentence / 2,
            actions: frames.iter().fold(0, |bits, (_, kind)| bits | 1 << kind),
            frames,
            ..Evidence::default()
        };
        let (one, other, far) =
            (evidence(3, vec![(7, 0)]), evidence(3, vec![(7, 0)]), evidence(9, vec![(8, 2)]));
        let told = |part, own, all| Told { part, own, all, pieces: 4..6, words: vec!["old", "car"] };
        let mut out = Vec::new();
        facts(&told(Part::Victim, &one, vec![&one]), &told(Part::Weapon, &other, vec![&other]), &mut out);
        assert_eq!(out.len(), FACTS);
        // No sentence between; the same trigger; kinds shared; actions of the sentence shared.
        assert_eq!((out[0], out[19], out[20], out[21], out[22], out[24]), (1.0, 1.0, 1.0, 0.0, 1.0, 1.0));
        facts(&told(Part::Victim, &one, vec![&one]), &told(Part::Weapon, &far, vec![&far]), &mut out);
        assert_eq!((out[4], out[19], out[21], out[23], out[25]), (1.0, 0.0, 1.0, 1.0, 1.0));
        // Said once more beside the first: the nearest places count, and the trigger of any.
        facts(&told(Part::Victim, &one, vec![&one]), &told(Part::Weapon, &far, vec![&far, &other]), &mut out);
        assert_eq!((out[11], out[19], out[20]), (1.0, 0.0, 1.0));
    }

    #[test]
    fn a_name_and_its_end_share_words() {
        let nothing = Evidence::default();
        let told = |words: &'static str, pieces| Told {
            part: Part::VictimName,
            own: &nothing,
            all: vec![&nothing],
            pieces,
            words: words.split(' ').collect(),
        };
        let mut out = Vec::new();
        let check = |a, b, out: &mut Vec<f32>| {
            facts(&a, &b, out);
            out[48..PARTS].to_vec()
        };
        assert_eq!(
            check(told("ana maria morel", 0..3), told("morel", 6..7), &mut out),
            [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0]
        );
        assert_eq!(
            check(told("old mayor", 4..6), told("new mayor", 6..8), &mut out),
            [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]
        );
    }

    #[test]
    fn every_two_parts_have_a_fact_of_their_own() {
        let nothing = Evidence::default();
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        for (at, &part) in Part::ALL.iter().enumerate() {
            for &other in &Part::ALL[at..] {
                let told =
                    |part| Told { part, own: &nothing, all: vec![&nothing], pieces: 0..1, words: Vec::new() };
                facts(&told(other), &told(part), &mut out);
                seen.insert(out[PARTS..].iter().position(|&x| x == 1.0));
            }
        }
        assert_eq!(seen.len(), FACTS - PARTS);
        assert!(!seen.contains(&None));
    }
}
