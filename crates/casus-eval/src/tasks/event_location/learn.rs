//! Learns the weights of `casus_engine::resolve::site` from marked sentences.
//!
//! The conditional likelihood of the marked sets among all that the sentence offers, by AdaGrad over the
//! sentences in their order, with a pull to zero: the same sentences give the same weights.

use super::{super::geo::Offsets, marks, report, verb};
use anyhow::Result;
use casus_engine::{Casus, Traced, resolve::site::Choices};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Turns over the sentences.
const TURNS: usize = 40;
/// Step size of AdaGrad.
const STEP: f64 = 0.15;
/// Strength of the pull to zero, once a turn.
const PULL: f64 = 0.02;
/// In how many sentences a feature must stand.
const COMMON: usize = 4;
/// Smaller weights are not kept.
const LEAST: f64 = 0.05;

/// One sentence: the features of each set, as number and value, and which sets are marked.
type Example = (Vec<Vec<(usize, f64)>>, Vec<bool>);

/// The same with the names of its features.
type Named = (Vec<Vec<(String, f32)>>, Vec<bool>);

/// The weights, as `data/patterns/en/event_place.toml` holds them.
pub(crate) fn learn(casus: &Casus, documents: &[Value]) -> Result<Value> {
    let mut named: Vec<Named> = Vec::new();
    for document in documents {
        offered(casus, document, |choices, _, _, right| {
            if right.contains(&true) {
                let features = (0..choices.sets.len()).map(|set| choices.features(set));
                named.push((features.collect(), right.to_vec()));
            }
        })?;
    }
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (sets, _) in &named {
        let names: BTreeSet<&str> = sets.iter().flatten().map(|(name, _)| name.as_str()).collect();
        for name in names {
            *seen.entry(name).or_default() += 1;
        }
    }
    let common = seen.into_iter().filter(|(_, count)| *count >= COMMON);
    let ids: BTreeMap<&str, usize> = common.enumerate().map(|(id, (name, _))| (name, id)).collect();
    let numbered = |set: &Vec<(String, f32)>| -> Vec<(usize, f64)> {
        set.iter().filter_map(|(name, value)| Some((*ids.get(name.as_str())?, f64::from(*value)))).collect()
    };
    let examples: Vec<Example> =
        named.iter().map(|(sets, right)| (sets.iter().map(numbered).collect(), right.clone())).collect();
    let weights = weights(&examples, ids.len());
    let kept: serde_json::Map<String, Value> = ids
        .into_iter()
        .map(|(name, id)| (name, (weights[id] * 100.0).round() / 100.0))
        .filter(|(_, weight)| weight.abs() >= LEAST)
        .map(|(name, weight)| (name.to_owned(), json!(weight)))
        .collect();
    Ok(json!({ "weights": kept }))
}

/// What a sentence offers: its choices, where each name stands (in code points), and which sets are marked.
fn offered(
    casus: &Casus,
    document: &Value,
    take: impl FnOnce(&Choices<'_>, &Traced<'_>, &[(u64, u64)], &[bool]),
) -> Result<()> {
    let report = report(document)?;
    let offsets = Offsets::new(&report.text);
    let traced = casus.read_traced(&report);
    // Rows without a verb teach nothing.
    let Some(verb) = verb(document, &offsets, &traced)? else { return Ok(()) };
    let sites = casus.resources().sites();
    let choices = Choices::new(sites, &traced.document, &traced.mentions, &traced.frames, verb);
    let marked = marks::spans(&marks::repaired(document));
    let spans: Vec<(u64, u64)> = choices
        .sites
        .iter()
        .map(|site| traced.document.span(&site.tokens))
        .map(|span| (offsets.code_point(span.start) as u64, offsets.code_point(span.end) as u64))
        .collect();
    let right: Vec<bool> = choices
        .sets
        .iter()
        .map(|set| {
            let set: Vec<(u64, u64)> = set.iter().map(|&index| spans[index]).collect();
            marks::meet(&marked, &set)
        })
        .collect();
    take(&choices, &traced, &spans, &right);
    Ok(())
}

/// What a sentence offers, in code points, for the training of the model of scenes; null for a row without a verb.
pub(crate) fn offers(casus: &Casus, document: &Value) -> Result<Value> {
    let offsets = Offsets::new(document["text"].as_str().unwrap_or_default());
    let mut out = Value::Null;
    offered(casus, document, |choices, traced, spans, right| {
        let code_points = |tokens| {
            let span = traced.document.span(tokens);
            [offsets.code_point(span.start), offsets.code_point(span.end)]
        };
        let names = spans.iter().zip(&choices.sites);
        out = json!({
            "docid": document["docid"],
            "text": document["text"],
            "sentence": code_points(choices.reach()),
            "verb": code_points(&choices.verb),
            "names": names.map(|(span, site)| json!([span.0, span.1, site.kind()])).collect::<Vec<_>>(),
            "sets": choices.sets,
            "right": right,
        });
    })?;
    Ok(out)
}

fn weights(examples: &[Example], features: usize) -> Vec<f64> {
    let (mut weights, mut squares) = (vec![0.0; features], vec![1.0; features]);
    for _ in 0..TURNS {
        for (sets, right) in examples {
            let scores: Vec<f64> =
                sets.iter().map(|set| set.iter().map(|&(id, x)| weights[id] * x).sum()).collect();
            let all = shares(&scores, |_| true);
            let marked = shares(&scores, |at| right[at]);
            for (at, set) in sets.iter().enumerate() {
                let slope = marked[at] - all[at];
                for &(id, x) in set {
                    squares[id] += slope * slope * x * x;
                    weights[id] += STEP * slope * x / f64::sqrt(squares[id]);
                }
            }
        }
        for weight in &mut weights {
            *weight *= 1.0 - PULL;
        }
    }
    weights
}

/// How likely each set is among those that count.
fn shares(scores: &[f64], counts: impl Fn(usize) -> bool) -> Vec<f64> {
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let raised: Vec<f64> = scores
        .iter()
        .enumerate()
        .map(|(at, score)| if counts(at) { (score - highest).exp() } else { 0.0 })
        .collect();
    let total: f64 = raised.iter().sum();
    raised.into_iter().map(|value| value / total.max(f64::MIN_POSITIVE)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_sets_become_the_likely_ones() {
        // Feature 0 stands where the mark is, feature 1 where it is not, feature 2 in both.
        let example = || (vec![vec![(0, 1.0), (2, 1.0)], vec![(1, 1.0), (2, 1.0)]], vec![true, false]);
        let learned = weights(&[example(), example(), example()], 3);
        assert!(learned[0] > 0.3 && learned[1] < -0.3 && learned[2].abs() < 0.1, "{learned:?}");
    }
}
