//! The gate of the learned reader: what it lets through, how likely a report is about an incident, and the
//! weights of both.
//!
//! A sentence is an event sentence if it holds the first word of a key's entry that is not optional. A report
//! is relevant if it has a key. Everyday text comes from a treebank whose documents that tell of political violence
//! are listed in `models/everyday.txt`, as read by the authors of this program.

use crate::{
    documents::{self, Documents},
    regression::{Example, regress},
    text,
};
use anyhow::{Context, Result, ensure};
use casus_engine::{
    Casus, Options, Profile, Report, Traced,
    reader::gate::{self, Gate, Odds, Weights, features, told},
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
    /// Treebanks of everyday text (CoNLL-U), with documents named in `models/everyday.txt`.
    #[arg(long, value_name = "FILE")]
    everyday: Vec<PathBuf>,
    /// Learn the gate's weights from the documents, and write them there.
    #[arg(long)]
    learn: Option<PathBuf>,
    /// The share of event sentences that must be read, for which the least scores are learned.
    #[arg(long, default_value_t = 0.99)]
    recall: f64,
}

/// Documents of everyday text that tell of political violence; a line names one by how its name begins.
const RELEVANT: &str = include_str!("../models/everyday.txt");

/// What the gate sees of a document.
struct Seen {
    /// What each sentence is scored by.
    sentences: Vec<Vec<String>>,
    /// The confidence in the event that was read with most of it, or 0.
    told: f32,
}

impl Seen {
    fn of(traced: &Traced<'_>) -> Seen {
        let mut words = Vec::new();
        let sentences = (0..traced.document.sentences.len() as u32).map(|sentence| {
            features(&traced.document, &traced.frames, sentence, &mut words);
            words.iter().map(|word| (*word).to_owned()).collect()
        });
        Seen { sentences: sentences.collect(), told: told(&traced.reading.events) }
    }

    /// What the odds are asked, by the score of the report.
    fn by(&self, report: f32) -> [f32; 3] {
        gate::seen(report, self.told, self.sentences.len())
    }
}

/// A document that teaches, and what its key says.
struct Taught {
    seen: Seen,
    /// Sentences with the key's words, with how many.
    key: BTreeMap<u32, usize>,
    relevant: bool,
    /// The paragraph of most of the key's words, or the first of a document without a key, as a report of its own.
    paragraph: Seen,
}

/// What is said of a document's relevance, and whether it is relevant.
struct Said {
    gate: Gate,
    told: f32,
    relevant: bool,
}

impl Arguments {
    pub(crate) fn run(&self) -> Result<()> {
        let casus = Casus::embedded()?.with_options(Options { profile: Profile::Fast, ..Options::default() });
        let Some(path) = &self.learn else { return self.measure(&casus) };
        let taught = each(&self.input, &casus, |traced, key, relevant| Taught {
            paragraph: Seen::of(&casus.read_traced(&report(paragraph(traced, &key)))),
            seen: Seen::of(traced),
            key,
            relevant,
        })?;
        ensure!(taught.iter().any(|taught| !taught.key.is_empty()), "no keys to learn from");
        let everyday = self.everyday(&casus, Seen::of)?;
        ensure!(
            everyday.iter().any(|(_, relevant)| *relevant),
            "--learn needs --everyday: no text of a treebank is relevant"
        );
        let weights = learn(&taught, &everyday, self.recall)?;
        std::fs::write(path, weights.print()).with_context(|| format!("cannot write {}", path.display()))
    }

    /// What is made of each document of everyday text, and whether it is relevant.
    fn everyday<T>(&self, casus: &Casus, of: impl Fn(&Traced<'_>) -> T) -> Result<Vec<(T, bool)>> {
        let mut out = Vec::new();
        for path in &self.everyday {
            let treebank =
                std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            out.extend(text::plain(&treebank).into_iter().map(|(name, text)| {
                let relevant = RELEVANT.lines().any(|line| !line.starts_with('#') && name.starts_with(line));
                (of(&casus.read_traced(&report(&text))), relevant)
            }));
        }
        Ok(out)
    }

    /// Prints recall of the key's words and sentences, how much text is let through, and whether said
    /// probabilities come true.
    fn measure(&self, casus: &Casus) -> Result<()> {
        let said = |traced: &Traced<'_>, relevant| Said {
            gate: Gate::new(&traced.document, &traced.frames, !traced.drafts.is_empty()),
            told: told(&traced.reading.events),
            relevant,
        };
        let (mut words, mut events, mut sentences) = ([0, 0], [0, 0], [0, 0]);
        let mut opened = [0, 0];
        let documents = each(&self.input, casus, |traced, key, relevant| {
            let said = said(traced, relevant);
            let mut read = false;
            for sentence in 0..traced.document.sentences.len() as u32 {
                let key = key.get(&sentence).copied().unwrap_or(0);
                let open = said.gate.lets_through(sentence);
                read |= open;
                for (counts, by) in
                    [&mut words, &mut events, &mut sentences].into_iter().zip([key, usize::from(key > 0), 1])
                {
                    counts[0] += by;
                    counts[1] += if open { by } else { 0 };
                }
            }
            opened[0] += 1;
            opened[1] += usize::from(read);
            said
        })?;
        let everyday = self.everyday(casus, |traced| said(traced, false))?;
        let everyday: Vec<Said> =
            everyday.into_iter().map(|(said, relevant)| Said { relevant, ..said }).collect();
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
        relevance(&mut out, "relevance", &documents)?;
        relevance(&mut out, "everyday text", &everyday)
    }
}

/// Writes how well the documents that are said to be relevant are, at their own base rate, and whether the
/// probabilities come true.
fn relevance(out: &mut impl Write, set: &str, documents: &[Said]) -> Result<()> {
    if documents.is_empty() {
        return Ok(());
    }
    let all = documents.len();
    let relevant = documents.iter().filter(|said| said.relevant).count();
    let share = relevant as f32 / all as f32;
    let likely: Vec<(f32, bool)> =
        documents.iter().map(|said| (said.gate.relevance(said.told, share), said.relevant)).collect();
    let chosen: Vec<bool> = likely.iter().filter(|(p, _)| *p >= 0.5).map(|(_, relevant)| *relevant).collect();
    let right = chosen.iter().filter(|relevant| **relevant).count() as f64;
    writeln!(out, "{set}: base rate,{all},{share:.4}")?;
    writeln!(out, "{set}: precision,{},{:.4}", chosen.len(), right / chosen.len().max(1) as f64)?;
    writeln!(out, "{set}: recall,{relevant},{:.4}", right / relevant.max(1) as f64)?;
    let pairs = || {
        likely.iter().filter(|a| a.1).flat_map(|a| likely.iter().filter(|b| !b.1).map(move |b| (a.0, b.0)))
    };
    let ordered: f64 =
        pairs().map(|(a, b)| if a > b { 1.0 } else { f64::from(u8::from(a == b)) / 2.0 }).sum();
    writeln!(out, "{set}: ranked before another,{all},{:.4}", ordered / pairs().count().max(1) as f64)?;
    for bin in 0..5 {
        let of_bin: Vec<&(f32, bool)> =
            likely.iter().filter(|(p, _)| ((p * 5.0) as usize).min(4) == bin).collect();
        let count = of_bin.len();
        if count > 0 {
            let said: f64 = of_bin.iter().map(|(p, _)| f64::from(*p)).sum::<f64>() / count as f64;
            let true_ = of_bin.iter().filter(|(_, relevant)| *relevant).count() as f64 / count as f64;
            let from = bin as f64 / 5.0;
            writeln!(out, "{set} said {from:.1}-{:.1}: mean,{count},{said:.4}", from + 0.2)?;
            writeln!(out, "{set} said {from:.1}-{:.1}: true,{count},{true_:.4}", from + 0.2)?;
        }
    }
    Ok(())
}

fn report(text: &str) -> Report {
    Report { text: text.to_owned(), ..Report::default() }
}

/// The paragraph of most of the key's words, or the first of two sentences or more.
fn paragraph<'t>(traced: &'t Traced<'_>, key: &BTreeMap<u32, usize>) -> &'t str {
    let document = &traced.document;
    let mut counts = vec![(0, 0); document.blocks.len()];
    for (sentence, at) in document.sentences.iter().zip(0u32..) {
        let count = &mut counts[sentence.block as usize];
        *count = (count.0 + key.get(&at).copied().unwrap_or(0), (count.1 + 1).min(2));
    }
    let most = counts.iter().max().copied();
    let block = counts.iter().position(|count| Some(*count) == most);
    let sentences = document.sentences.iter().filter(|sentence| Some(sentence.block as usize) == block);
    let spans = sentences.map(|sentence| document.span(&sentence.tokens));
    let whole = spans.fold(None, |whole: Option<(u32, u32)>, span| {
        Some((whole.map_or(span.start, |whole| whole.0), span.end))
    });
    whole.and_then(|(start, end)| document.text().get(start as usize..end as usize)).unwrap_or_default()
}

/// Reads every document with the rules, and finds the sentences of its key.
fn each<T>(
    input: &Path,
    casus: &Casus,
    mut of: impl FnMut(&Traced<'_>, BTreeMap<u32, usize>, bool) -> T,
) -> Result<Vec<T>> {
    let mut out = Vec::new();
    for document in Documents::open(input)? {
        let (at, document): (String, Value) = document?;
        let text = document["text"].as_str().with_context(|| format!("{at}: no text"))?;
        let report = Report { id: documents::id(&document).to_owned(), ..report(text) };
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

/// What the kinds of reports that tell of an incident count for the odds: whole reports, paragraphs of them as short
/// reports, and documents of everyday text.
const KINDS: [f64; 3] = [0.4, 0.3, 0.3];
/// Strength of the prior on the odds.
const PRIOR: f64 = 0.01;

/// Learns weights. The least score and the odds of relevance are taken from documents that did not teach the
/// words: from each half by the weights of the other, and from everyday text.
fn learn(taught: &[Taught], everyday: &[(Seen, bool)], recall: f64) -> Result<Weights> {
    let half =
        |odd: bool| taught.iter().enumerate().filter(move |(at, _)| (at % 2 == 1) == odd).map(|(_, t)| t);
    let (mut events, mut reports_of_events) = (Vec::new(), Vec::new());
    // What is seen of whole reports and of paragraphs, by whether they are relevant.
    let (mut whole, mut short): ([Vec<_>; 2], [Vec<_>; 2]) = Default::default();
    for odd in [false, true] {
        let words = words(half(!odd));
        for document in half(odd) {
            let (scores, report) = scores(&words, &document.seen);
            events.extend(document.key.keys().map(|&sentence| scores[sentence as usize]));
            reports_of_events.extend(document.key.keys().map(|_| report));
            whole[usize::from(document.relevant)].push(document.seen.by(report));
            let (_, report) = self::scores(&words, &document.paragraph);
            short[usize::from(document.relevant)].push(document.paragraph.by(report));
        }
    }
    let least = |mut scores: Vec<f32>| {
        scores.sort_unstable_by(f32::total_cmp);
        let missed = ((1.0 - recall) * scores.len() as f64) as usize;
        scores.get(missed).copied().unwrap_or(0.0)
    };
    let mut weights = words(taught.iter());
    (weights.least, weights.least_report) = (least(events), least(reports_of_events));
    let mut texts: [Vec<_>; 2] = Default::default();
    for (seen, relevant) in everyday {
        texts[usize::from(*relevant)].push(seen.by(scores(&weights, seen).1));
    }
    let [[near, told], [near_short, told_short], [other, told_everyday]] = [whole, short, texts];
    let [of_whole, of_short, of_everyday] = KINDS;
    weights.near = odds(&[
        (&told, true, of_whole),
        (&told_short, true, of_short),
        (&near, false, of_whole),
        (&near_short, false, of_short),
    ])?;
    weights.other = odds(&[
        (&told, true, of_whole),
        (&told_short, true, of_short),
        (&told_everyday, true, of_everyday),
        (&other, false, KINDS.iter().sum()),
    ])?;
    Ok(weights)
}

/// Odds learned from groups of reports: what they are asked of each, whether they are relevant, and as what share of
/// all a group counts, whatever its size.
fn odds(groups: &[(&Vec<[f32; 3]>, bool, f64)]) -> Result<Odds> {
    let all: usize = groups.iter().map(|(reports, _, _)| reports.len()).sum();
    let examples = groups.iter().flat_map(|&(reports, answer, share)| {
        let weight = share * all as f64 / (2.0 * reports.len().max(1) as f64);
        reports.iter().map(move |features| Example { features: features.to_vec(), answer, weight })
    });
    let (weights, bias) = regress(&examples.collect::<Vec<_>>(), PRIOR)?;
    let weight = |at: usize| weights.get(at).copied().unwrap_or(0.0) as f32;
    Ok(Odds { score: weight(0), told: weight(1), length: weight(2), offset: bias as f32 })
}

/// Scores of a document's sentences, and its own, as the gate makes them.
fn scores(weights: &Weights, document: &Seen) -> (Vec<f32>, f32) {
    let own: Vec<f32> = document
        .sentences
        .iter()
        .map(|words| weights.bias + words.iter().filter_map(|word| weights.words.get(word)).sum::<f32>())
        .collect();
    gate::combine(&own, weights)
}

/// Weights of words: logistic regression on whether a sentence holds words of a key, by AdaGrad.
fn words<'s>(taught: impl Iterator<Item = &'s Taught>) -> Weights {
    let rows: Vec<(&Vec<String>, bool)> = taught
        .flat_map(|document| {
            let sentences = document.seen.sentences.iter().zip(0u32..);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_event_sentences_weigh_for_them() {
        let sentence = |word: &str| vec![word.to_owned(), "the".to_owned()];
        let seen = |words: &[&str], told| Seen {
            sentences: words.iter().map(|word| sentence(word)).collect(),
            told,
        };
        let document = |relevant: bool| Taught {
            seen: seen(&["bomb", "budget"].repeat(10), f32::from(u8::from(relevant))),
            key: (0..20).step_by(2).map(|at| (at, 1)).filter(|_| relevant).collect(),
            relevant,
            paragraph: seen(&["bomb"], f32::from(u8::from(relevant))),
        };
        // The second half is as the first.
        let taught = [true, true, false, false].map(document);
        let everyday = [(seen(&["budget"], 0.0), false), (seen(&["bomb"], 1.0), true)];
        let weights = learn(&taught, &everyday, 1.0).unwrap();
        assert!(weights.words["bomb"] > weights.words.get("budget").copied().unwrap_or(0.0));
        assert!(weights.near.told > 0.0 && weights.other.told > 0.0);
    }
}
