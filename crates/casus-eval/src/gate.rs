//! The gate of the learned reader: what it lets through, how likely a report is about an incident, and the
//! weights of both.
//!
//! A sentence is an event sentence if it holds the first word of a key's entry that is not optional. A report
//! is relevant if it has a key.

use crate::documents::{self, Documents};
use anyhow::{Context, Result, ensure};
use casus_engine::{
    Casus, Options, Profile, Report,
    reader::gate::{Gate, Weights, features},
};
use clap::Args;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::{Path, PathBuf},
};

/// Arguments of `gate`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Documents with `text` and, if they have keys, `full_templates`, one JSON object a line.
    #[arg(long)]
    input: PathBuf,
    /// Learn the gate's weights from the documents, and write them there.
    #[arg(long)]
    learn: Option<PathBuf>,
    /// The share of event sentences that must be read, for which the least scores are learned.
    #[arg(long, default_value_t = 0.99)]
    recall: f64,
}

/// What the gate sees of a document, and what its key says.
struct Seen {
    /// What each sentence is scored by.
    sentences: Vec<Vec<String>>,
    /// Sentences with the key's words, with how many.
    key: BTreeMap<u32, usize>,
    relevant: bool,
}

impl Arguments {
    pub(crate) fn run(&self) -> Result<()> {
        let casus = Casus::embedded()?.with_options(Options { profile: Profile::Fast, ..Options::default() });
        match &self.learn {
            Some(path) => {
                let seen = each(&self.input, &casus, |traced, key, relevant| {
                    let mut words = Vec::new();
                    let sentences = (0..traced.document.sentences.len() as u32).map(|sentence| {
                        features(&traced.document, &traced.frames, sentence, &mut words);
                        words.iter().map(|word| (*word).to_owned()).collect()
                    });
                    Seen { sentences: sentences.collect(), key, relevant }
                })?;
                ensure!(seen.iter().any(|seen| !seen.key.is_empty()), "no keys to learn from");
                let weights = learn(&seen, self.recall);
                std::fs::write(path, weights.print())
                    .with_context(|| format!("cannot write {}", path.display()))
            }
            None => self.measure(&casus),
        }
    }

    /// Prints recall of the key's words and sentences, how much text is let through, and whether said
    /// probabilities come true.
    fn measure(&self, casus: &Casus) -> Result<()> {
        let (mut words, mut events, mut sentences) = ([0, 0], [0, 0], [0, 0]);
        let mut opened = [0, 0];
        let mut bins = [[0.0; 3]; 5];
        let counts = each(&self.input, casus, |traced, key, relevant| {
            let gate = Gate::new(&traced.document, &traced.frames, !traced.drafts.is_empty());
            (0..traced.document.sentences.len() as u32)
                .map(|sentence| (gate.lets_through(sentence), key.get(&sentence).copied().unwrap_or(0)))
                .fold(([[0, 0]; 3], gate.relevance(0.5), relevant), |mut all, (open, key)| {
                    for (counts, by) in all.0.iter_mut().zip([key, usize::from(key > 0), 1]) {
                        counts[0] += by;
                        counts[1] += if open { by } else { 0 };
                    }
                    all
                })
        })?;
        let share = counts.iter().filter(|count| count.2).count() as f32 / counts.len().max(1) as f32;
        let shift = (share / (1.0 - share)).ln();
        for (own, relevance, relevant) in &counts {
            for (all, own) in [&mut words, &mut events, &mut sentences].into_iter().zip(own) {
                all[0] += own[0];
                all[1] += own[1];
            }
            opened[0] += 1;
            opened[1] += usize::from(own[2][1] > 0);
            // The gate gave the odds at even base rates; these documents' own share moves them.
            let logit = (relevance / (1.0 - relevance)).ln() + if shift.is_finite() { shift } else { 0.0 };
            let said = 1.0 / (1.0 + (-logit).exp());
            let bin = &mut bins[((said * 5.0) as usize).min(4)];
            bin[0] += 1.0;
            bin[1] += f64::from(said);
            bin[2] += f64::from(u8::from(*relevant));
        }
        let mut out = std::io::stdout().lock();
        writeln!(out, "figure,of,value")?;
        for (name, [all, through]) in [
            ("key words let through", words),
            ("event sentences let through", events),
            ("sentences let through", sentences),
            ("documents read at all", opened),
        ] {
            writeln!(out, "{name},{all},{:.4}", through as f64 / f64::from(all.max(1) as u32))?;
        }
        for (at, [all, said, true_]) in bins.iter().enumerate().filter(|(_, bin)| bin[0] > 0.0) {
            let from = at as f64 / 5.0;
            writeln!(out, "relevance said {from:.1}-{:.1}: mean,{all},{:.4}", from + 0.2, said / all)?;
            writeln!(out, "relevance said {from:.1}-{:.1}: true,{all},{:.4}", from + 0.2, true_ / all)?;
        }
        Ok(())
    }
}

/// Reads every document with the rules, and finds the sentences of its key.
fn each<T>(
    input: &Path,
    casus: &Casus,
    mut of: impl FnMut(&casus_engine::Traced<'_>, BTreeMap<u32, usize>, bool) -> T,
) -> Result<Vec<T>> {
    let mut out = Vec::new();
    for document in Documents::open(input)? {
        let (at, document): (String, Value) = document?;
        let text = document["text"].as_str().with_context(|| format!("{at}: no text"))?;
        let id = documents::id(&document).to_owned();
        let report = Report { id, text: text.to_owned(), ..Report::default() };
        let traced = casus.read_traced(&report);
        let mut key = BTreeMap::new();
        let templates = document["full_templates"].as_array().map(Vec::as_slice).unwrap_or_default();
        for template in templates.iter().filter(|template| template["optional"] != true) {
            let spans = template["spans"].as_object().into_iter().flat_map(|spans| spans.values());
            for start in spans.filter_map(|span| span[0].as_u64()) {
                let at = traced.document.tokens.partition_point(|t| u64::from(t.span.end) <= start);
                if let Some(token) = traced.document.tokens.get(at) {
                    *key.entry(token.sentence).or_default() += 1;
                }
            }
        }
        out.push(of(&traced, key, !templates.is_empty()));
    }
    Ok(out)
}

/// In how many sentences a word must stand to have a weight.
const COMMON: usize = 5;
/// Passes over the sentences.
const ROUNDS: usize = 12;
/// Step size of AdaGrad.
const STEP: f32 = 0.1;
/// Strength of the pull towards zero, once a round.
const DECAY: f32 = 0.2;
/// Weights below this are not kept.
const LEAST: f32 = 0.02;

/// Learns weights. The least score and the odds of relevance are taken from documents that did not teach the
/// words: from each half by the weights of the other.
fn learn(seen: &[Seen], recall: f64) -> Weights {
    let half =
        |odd: bool| seen.iter().enumerate().filter(move |(at, _)| (at % 2 == 1) == odd).map(|(_, s)| s);
    let (mut events, mut reports_of_events, mut reports) = (Vec::new(), Vec::new(), Vec::new());
    for odd in [false, true] {
        let words = words(half(!odd));
        for document in half(odd) {
            let (scores, report) = scores(&words, document);
            events.extend(document.key.keys().map(|&sentence| scores[sentence as usize]));
            reports_of_events.extend(document.key.keys().map(|_| report));
            reports.push((report, document.relevant));
        }
    }
    let least = |mut scores: Vec<f32>| {
        scores.sort_unstable_by(f32::total_cmp);
        let missed = ((1.0 - recall) * scores.len() as f64) as usize;
        scores.get(missed).copied().unwrap_or(0.0)
    };
    let mut weights = words(seen.iter());
    (weights.least, weights.least_report) = (least(events), least(reports_of_events));
    weights.relevance = platt(&reports);
    let relevant = reports.iter().filter(|(_, relevant)| *relevant).count();
    weights.base_rate = relevant as f32 / reports.len().max(1) as f32;
    weights
}

/// Scores of a document's sentences, and its own, as the gate makes them.
fn scores(weights: &Weights, document: &Seen) -> (Vec<f32>, f32) {
    let own: Vec<f32> = document
        .sentences
        .iter()
        .map(|words| weights.bias + words.iter().filter_map(|word| weights.words.get(word)).sum::<f32>())
        .collect();
    casus_engine::reader::gate::combine(&own, weights)
}

/// Weights of words: logistic regression on whether a sentence holds words of a key, by AdaGrad.
fn words<'s>(seen: impl Iterator<Item = &'s Seen>) -> Weights {
    let rows: Vec<(&Vec<String>, bool)> = seen
        .flat_map(|document| {
            let sentences = document.sentences.iter().zip(0u32..);
            sentences.map(|(words, at)| (words, document.key.contains_key(&at)))
        })
        .collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (words, _) in &rows {
        let distinct: BTreeSet<&str> = words.iter().map(String::as_str).collect();
        distinct.into_iter().for_each(|word| *counts.entry(word).or_default() += 1);
    }
    let names: Vec<&str> = counts.iter().filter(|(_, n)| **n >= COMMON).map(|(word, _)| *word).collect();
    let ids: Vec<Vec<usize>> = rows
        .iter()
        .map(|(words, _)| words.iter().filter_map(|word| names.binary_search(&word.as_str()).ok()).collect())
        .collect();
    let (mut weights, mut squares) = (vec![0.0f32; names.len()], vec![1.0f32; names.len()]);
    let (mut bias, mut bias_square) = (0.0f32, 1.0f32);
    for _ in 0..ROUNDS {
        for ((_, event), ids) in rows.iter().zip(&ids) {
            let score = bias + ids.iter().map(|&id| weights[id]).sum::<f32>();
            let slope = f32::from(u8::from(*event)) - 1.0 / (1.0 + (-score).exp());
            bias_square += slope * slope;
            bias += STEP * slope / bias_square.sqrt();
            for &id in ids {
                squares[id] += slope * slope;
                weights[id] += STEP * slope / squares[id].sqrt();
            }
        }
        weights.iter_mut().for_each(|weight| *weight *= 1.0 - DECAY);
    }
    let kept = names.iter().zip(&weights).filter(|(_, weight)| weight.abs() >= LEAST);
    let words = kept.map(|(name, weight)| ((*name).to_owned(), *weight)).collect();
    Weights { words, bias, ..Weights::default() }
}

/// Slope and offset of the log odds over a score, by Newton's steps on the likelihood (Platt 1999, with his
/// targets, which keep the odds finite).
fn platt(scored: &[(f32, bool)]) -> [f32; 2] {
    let positive = scored.iter().filter(|(_, relevant)| *relevant).count() as f64;
    let negative = scored.len() as f64 - positive;
    let (high, low) = ((positive + 1.0) / (positive + 2.0), 1.0 / (negative + 2.0));
    let (mut slope, mut offset) = (0.0f64, 0.0f64);
    for _ in 0..50 {
        let (mut g, mut h) = ([0.0; 2], [1e-9, 0.0, 1e-9]);
        for &(score, relevant) in scored {
            let x = f64::from(score);
            let p = 1.0 / (1.0 + (-(slope * x + offset)).exp());
            let (error, spread) = (if relevant { high } else { low } - p, p * (1.0 - p));
            g = [g[0] + error * x, g[1] + error];
            h = [h[0] + spread * x * x, h[1] + spread * x, h[2] + spread];
        }
        let determinant = h[0] * h[2] - h[1] * h[1];
        if determinant.abs() < 1e-12 {
            break;
        }
        slope += (h[2] * g[0] - h[1] * g[1]) / determinant;
        offset += (h[0] * g[1] - h[1] * g[0]) / determinant;
    }
    [slope as f32, offset as f32]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaling_gives_the_shares_that_were_seen() {
        // Of 40 reports of score -1 ten are relevant, of 40 of score 1 thirty: odds of 1 to 3 and 3 to 1.
        let scored: Vec<(f32, bool)> = (0..40).flat_map(|at| [(-1.0, at < 10), (1.0, at < 30)]).collect();
        let [slope, offset] = platt(&scored);
        assert!((slope - 3f32.ln()).abs() < 0.1 && offset.abs() < 0.1, "{slope} {offset}");
    }

    #[test]
    fn words_of_event_sentences_weigh_for_them() {
        let sentence = |word: &str| vec![word.to_owned(), "the".to_owned()];
        let document = Seen {
            sentences: (0..20).map(|at| sentence(if at % 2 == 0 { "bomb" } else { "budget" })).collect(),
            key: (0..20).step_by(2).map(|at| (at, 1)).collect(),
            relevant: true,
        };
        let weights = learn(&[document], 1.0);
        assert!(weights.words["bomb"] > 0.0 && weights.words["budget"] < 0.0);
    }
}
