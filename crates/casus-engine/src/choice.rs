//! A log-linear choice among candidates, learned from answers: how coders code what casus read.
//!
//! casus' own values are candidates, what was read of the report are their features, and the weights are learned
//! from reports that people coded. `casus learn` learns so which role a user's corrections give a noun group;
//! `casus-eval` how the coders of a data set code. It must not know any data set.
//!
//! ```text
//! candidates of "min_killed": 0 {rules, words:detained…}, 3 {stated:several…}   ->  the one of the highest score
//! ```
//!
//! ```
//! use casus_engine::choice::{Candidates, Choice};
//! let mut offered = Candidates::default();
//! offered.offer("as told", []);
//! offered.offer("the day before", ["bulletin".to_owned()]);
//! let learned = Choice::learn(&[(&offered, &"the day before")]);
//! assert_eq!(learned.best(&offered).map(|best| best.value), Some("the day before"));
//! assert_eq!(Choice::default().best(&offered).map(|best| best.value), Some("as told"), "the first of equals");
//! ```

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A value that may be the answer, with what speaks for or against it.
#[derive(Debug, Clone)]
pub struct Candidate<V> {
    /// The value.
    pub value: V,
    /// Names of the features; those that are one of a great many, as words are, in [`Candidate::words`].
    pub features: BTreeSet<String>,
    /// Names of the features that weigh little each.
    pub words: BTreeSet<String>,
}

impl<V> Candidate<V> {
    fn weighed(&self) -> impl Iterator<Item = (&String, f64)> {
        self.features.iter().map(|f| (f, 1.0)).chain(self.words.iter().map(|w| (w, WORD)))
    }
}

/// The candidates of one field of one report; the same value offered twice gathers its features.
#[derive(Debug, Clone)]
pub struct Candidates<V>(pub Vec<Candidate<V>>);

impl<V> Default for Candidates<V> {
    fn default() -> Candidates<V> {
        Candidates(Vec::new())
    }
}

impl<V: PartialEq> Candidates<V> {
    /// Offers a value with what speaks for or against it.
    pub fn offer(&mut self, value: V, features: impl IntoIterator<Item = String>) {
        self.candidate(value).features.extend(features);
    }

    /// The same with features that weigh little each.
    pub fn offer_words(&mut self, value: V, words: impl IntoIterator<Item = String>) {
        self.candidate(value).words.extend(words);
    }

    fn candidate(&mut self, value: V) -> &mut Candidate<V> {
        let at = self.0.iter().position(|candidate| candidate.value == value).unwrap_or_else(|| {
            self.0.push(Candidate { value, features: BTreeSet::new(), words: BTreeSet::new() });
            self.0.len() - 1
        });
        &mut self.0[at]
    }
}

/// Learned weights of features.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Choice {
    /// By the name of the feature.
    pub weights: BTreeMap<String, f64>,
}

/// What a word counts beside another feature.
const WORD: f64 = 0.3;
/// Passes over the examples.
const ROUNDS: usize = 20;
/// Step size of AdaGrad.
const STEP: f64 = 0.2;
/// Strength of the pull towards zero, once a round.
const DECAY: f64 = 0.05;
/// In how many reports a word must stand.
const COMMON: usize = 4;
/// Weights below this are not kept.
const LEAST: f64 = 0.05;

/// The features of every candidate, as number and value, and which candidate is right.
type Example = (Vec<Vec<(usize, f64)>>, usize);

impl Choice {
    /// The candidate of the highest score; the first of equals.
    pub fn best<'a, V>(&self, candidates: &'a Candidates<V>) -> Option<&'a Candidate<V>> {
        let mut best: Option<(f64, &Candidate<V>)> = None;
        for candidate in &candidates.0 {
            let score = candidate.weighed().filter_map(|(f, x)| Some(self.weights.get(f)? * x)).sum();
            if best.is_none_or(|(highest, _)| score > highest) {
                best = Some((score, candidate));
            }
        }
        best.map(|(_, candidate)| candidate)
    }

    /// Weights that make the right candidates likely: conditional likelihood by AdaGrad, in the order given.
    /// Examples whose answer is not among the candidates teach nothing.
    pub fn learn<V: PartialEq>(examples: &[(&Candidates<V>, &V)]) -> Choice {
        // What stands in one or two reports is a name or an accident, and teaches nothing.
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (candidates, _) in examples {
            let words: BTreeSet<&String> = candidates.0.iter().flat_map(|c| &c.words).collect();
            for word in words {
                *seen.entry(word).or_default() += 1;
            }
        }
        let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
        let mut rows: Vec<Example> = Vec::new();
        for (candidates, answer) in examples {
            let Some(right) = candidates.0.iter().position(|c| c.value == **answer) else { continue };
            let features = candidates.0.iter().map(|candidate| {
                let weighed = candidate.weighed();
                let common = weighed.filter(|(name, _)| seen.get(name.as_str()).is_none_or(|&n| n >= COMMON));
                let known = common.map(|(feature, x)| {
                    let next = ids.len();
                    (*ids.entry(feature).or_insert(next), x)
                });
                known.collect()
            });
            rows.push((features.collect(), right));
        }
        let mut weights = vec![0.0; ids.len()];
        let mut squares = vec![1.0; ids.len()];
        for _ in 0..ROUNDS {
            for (features, right) in &rows {
                let scores: Vec<f64> =
                    features.iter().map(|ids| ids.iter().map(|&(id, x)| weights[id] * x).sum()).collect();
                let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let total: f64 = scores.iter().map(|score| (score - highest).exp()).sum();
                for (at, ids) in features.iter().enumerate() {
                    let likely = (scores[at] - highest).exp() / total;
                    let slope = f64::from(u8::from(at == *right)) - likely;
                    for &(id, x) in ids {
                        squares[id] += slope * slope;
                        weights[id] += STEP * slope * x / f64::sqrt(squares[id]);
                    }
                }
            }
            for weight in &mut weights {
                *weight *= 1.0 - DECAY;
            }
        }
        let kept = ids.into_iter().map(|(name, id)| (name.to_owned(), (weights[id] * 1e3).round() / 1e3));
        Choice { weights: kept.filter(|(_, weight)| weight.abs() >= LEAST).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(values: &[(i64, &[&str])]) -> Candidates<i64> {
        let mut candidates = Candidates::default();
        for (value, features) in values {
            candidates.offer(*value, features.iter().map(|&f| f.to_owned()));
        }
        candidates
    }

    #[test]
    fn learns_what_the_coders_take() {
        // These coders take the day before wherever the title is a bulletin's.
        let bulletin = offered(&[(0, &["same", "same bulletin"]), (-1, &["before", "before bulletin"])]);
        let news = offered(&[(0, &["same", "same news"]), (-1, &["before", "before news"])]);
        let (before, same) = (-1, 0);
        let choice = Choice::learn(&[(&bulletin, &before), (&news, &same), (&bulletin, &before)]);
        assert_eq!(choice.best(&bulletin).map(|c| &c.value), Some(&before));
        assert_eq!(choice.best(&news).map(|c| &c.value), Some(&same));
    }

    #[test]
    fn a_value_offered_twice_is_one_candidate() {
        let twice = offered(&[(3, &["a"]), (4, &[]), (3, &["b"])]);
        assert_eq!(twice.0.len(), 2);
        assert_eq!(twice.0[0].features.len(), 2);
    }
}
