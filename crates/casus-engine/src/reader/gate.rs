//! Which reports the model reads, and of long ones which parts, so that text about other things costs almost
//! nothing.
//!
//! A sentence is scored by its words and by the triggers in it, with weights that were learned from which
//! sentences hold the words of an incident. Its strongest sentences are the score of a report: below the least,
//! nothing of it is read. Above, it is read whole, since who was struck is often told far from the words that
//! tell what happened, and since the model saw whole reports when it learned; of a long one the paragraphs are
//! read that hold a strong sentence, or one beside a strong one. Names have no weights: where and who says
//! nothing of whether.
//!
//! The model adds to events that the rules read. Where they read none, what it sees is no record but only a hint
//! that there may be one, and a report must score more for it to be read.
//!
//! `casus-eval gate --learn` makes the weights. This module must not know what the model makes of the words.
//!
//! "Gunmen killed the mayor." opens; "The senate met on the budget." does not.

use crate::{
    frame::Frames,
    text::{Document, Tag, TokenKind},
};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Words with their weights, and what is made of the scores: `name<tab>number` a line, names of what is no word
/// in angle brackets.
static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| Weights::parse(include_str!("gate.tsv")));

/// Learned weights.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weights {
    /// Of words in their normal form, and of [`TRIGGER`] and [`WEAK`].
    pub words: FxHashMap<String, f32>,
    /// Added to every sentence.
    pub bias: f32,
    /// Of a long report, the paragraphs of sentences of this score and higher are read.
    pub least: f32,
    /// Reports of this score and higher are read.
    pub least_report: f32,
    /// The logarithm of the odds that a report tells of an incident: slope and offset over its score.
    pub relevance: [f32; 2],
    /// The share of reports with an incident among those that taught the odds.
    pub base_rate: f32,
}

/// Stands for a trigger in a sentence.
pub const TRIGGER: &str = "<trigger>";

/// Stands for a trigger that is too common to make an event alone.
pub const WEAK: &str = "<weak>";

/// What the sentence itself, those beside it and the strongest of the report count.
const SHARES: [f32; 3] = [0.4, 0.3, 0.3];

/// A report of more sentences is not read whole.
const LONG: usize = 60;

/// How much more a report must score in which the rules read no event. Of MUC-4's event sentences (train) .990
/// are read still, of .994.
const UNTOLD: f32 = 0.6;

/// Strongest sentences that tell how likely a report is about an incident.
const STRONGEST: usize = 3;

impl Weights {
    /// Reads what [`Weights::print`] wrote; lines that it did not write are skipped.
    pub fn parse(text: &str) -> Weights {
        let mut weights = Weights { base_rate: 0.5, ..Weights::default() };
        let lines = text.lines().filter_map(|line| line.split_once('\t'));
        for (name, number) in lines.filter_map(|(name, number)| Some((name, number.parse::<f32>().ok()?))) {
            match name {
                "<bias>" => weights.bias = number,
                "<least>" => weights.least = number,
                "<least report>" => weights.least_report = number,
                "<slope>" => weights.relevance[0] = number,
                "<offset>" => weights.relevance[1] = number,
                "<base rate>" => weights.base_rate = number,
                word => {
                    weights.words.insert(word.to_owned(), number);
                }
            }
        }
        weights
    }

    /// All weights, in the order of their names.
    pub fn print(&self) -> String {
        let [slope, offset] = self.relevance;
        let own = [
            ("<bias>", self.bias),
            ("<least>", self.least),
            ("<least report>", self.least_report),
            ("<slope>", slope),
            ("<offset>", offset),
            ("<base rate>", self.base_rate),
        ];
        let words = self.words.iter().map(|(word, weight)| (word.as_str(), *weight));
        let mut lines: Vec<String> =
            own.into_iter().chain(words).map(|(name, number)| format!("{name}\t{number:.3}\n")).collect();
        lines.sort_unstable();
        format!("# Learned by `casus-eval gate --learn`; see gate.rs.\n{}", lines.concat())
    }
}

/// Gives what a sentence is scored by: its words but for names, each once, and its triggers.
pub fn features<'d>(document: &'d Document<'_>, frames: &Frames, sentence: u32, out: &mut Vec<&'d str>) {
    out.clear();
    for token in document.sentences[sentence as usize].tokens.clone() {
        let own = &document.tokens[token as usize];
        let name = matches!(own.tag, Tag::Proper | Tag::ProperPlural);
        if own.kind == TokenKind::Word && !name && own.span.len() > 1 {
            out.push(document.norm(token));
        }
    }
    let triggers = frames.of_sentence(sentence).iter();
    out.extend(triggers.map(|frame| if frame.weak { WEAK } else { TRIGGER }));
    out.sort_unstable();
    out.dedup();
}

/// Scores of sentences with what stands about them, and the report's, from those of the sentences alone.
pub fn combine(own: &[f32], weights: &Weights) -> (Vec<f32>, f32) {
    let mut order = own.to_vec();
    order.sort_unstable_by(|a, b| b.total_cmp(a));
    let best = order.first().copied().unwrap_or(weights.bias);
    order.truncate(STRONGEST);
    // A text without sentences says as little as one without a known word.
    let mean = order.iter().sum::<f32>() / order.len().max(1) as f32;
    let report = if order.is_empty() { weights.bias } else { mean };
    let scores = (0..own.len()).map(|at| {
        let beside = &own[at.saturating_sub(1)..own.len().min(at + 2)];
        let near = beside.iter().copied().fold(own[at], f32::max);
        SHARES[0] * own[at] + SHARES[1] * near + SHARES[2] * best
    });
    (scores.collect(), report)
}

/// Which sentences the model reads.
#[derive(Debug)]
pub struct Gate {
    /// For each sentence, whether it is read.
    open: Vec<bool>,
    /// The score of the report.
    report: f32,
}

impl Gate {
    /// Scores the sentences of a report, in which the rules read an event or none.
    pub fn new(document: &Document<'_>, frames: &Frames, told: bool) -> Gate {
        Gate::by(&WEIGHTS, document, frames, told)
    }

    /// The same with other weights.
    pub fn by(weights: &Weights, document: &Document<'_>, frames: &Frames, told: bool) -> Gate {
        let mut words = Vec::new();
        let own: Vec<f32> = (0..document.sentences.len() as u32)
            .map(|sentence| {
                features(document, frames, sentence, &mut words);
                let known = words.iter().filter_map(|word| weights.words.get(*word));
                weights.bias + known.sum::<f32>()
            })
            .collect();
        let (scores, report) = combine(&own, weights);
        let least = weights.least_report + if told { 0.0 } else { UNTOLD };
        let mut open = vec![report >= least; own.len()];
        if open.len() > LONG {
            let mut blocks = vec![false; document.blocks.len()];
            for (sentence, score) in document.sentences.iter().zip(&scores) {
                blocks[sentence.block as usize] |= *score >= weights.least;
            }
            for (open, sentence) in open.iter_mut().zip(&document.sentences) {
                *open &= blocks[sentence.block as usize];
            }
        }
        Gate { open, report }
    }

    /// Whether the model reads this sentence.
    pub fn lets_through(&self, sentence: u32) -> bool {
        self.open.get(sentence as usize).copied().unwrap_or(false)
    }

    /// The score of the report: the mean of its strongest sentences.
    pub fn score(&self) -> f32 {
        self.report
    }

    /// How likely the report tells of an incident, 0 to 1, in a stream of which this share does. A report is
    /// the less likely relevant the fewer are: the same words in news of a war and in all news of a year are
    /// not the same evidence.
    pub fn relevance(&self, base_rate: f32) -> f32 {
        self.relevance_by(&WEIGHTS, base_rate)
    }

    /// The same with other weights.
    pub fn relevance_by(&self, weights: &Weights, base_rate: f32) -> f32 {
        let odds = |rate: f32| {
            let rate = rate.clamp(1e-6, 1.0 - 1e-6);
            (rate / (1.0 - rate)).ln()
        };
        let [slope, offset] = weights.relevance;
        let logit = slope * self.report + offset + odds(base_rate) - odds(weights.base_rate);
        1.0 / (1.0 + (-logit).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Casus, Report};

    /// Whether each sentence of a text is read.
    fn check(text: &str, expected: &[bool]) {
        let casus = Casus::embedded().expect("the built-in data");
        let report = Report { text: text.to_owned(), ..Report::default() };
        let traced = casus.read_traced(&report);
        let gate = Gate::new(&traced.document, &traced.frames, !traced.drafts.is_empty());
        let sentences = 0..traced.document.sentences.len() as u32;
        let found: Vec<bool> = sentences.map(|sentence| gate.lets_through(sentence)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn what_tells_of_violence_is_read() {
        check("Gunmen killed the mayor of Beya on Monday.", &[true]);
        check("A bomb exploded at a bus station in Lodo and wounded four people.", &[true]);
        check("The weather will be mild. Tomatoes like warm soil.", &[false, false]);
    }

    #[test]
    fn a_report_without_an_event_must_score_more() {
        let casus = Casus::embedded().expect("the built-in data");
        let text = "The dead of the bombing of Lodo were mourned in the cathedral.";
        let report = Report { text: text.to_owned(), ..Report::default() };
        let traced = casus.read_traced(&report);
        let score = Gate::new(&traced.document, &traced.frames, true).score();
        let check = |least_report: f32, told: bool| {
            let weights = Weights { least_report, ..WEIGHTS.clone() };
            Gate::by(&weights, &traced.document, &traced.frames, told).lets_through(0)
        };
        assert_eq!([check(score, true), check(score, false)], [true, false]);
        assert_eq!([check(score - 1.0, true), check(score - 1.0, false)], [true, true]);
    }

    #[test]
    fn relevance_follows_the_base_rate() {
        let gate = Gate { open: Vec::new(), report: 0.0 };
        let weights = Weights { relevance: [1.0, 0.0], base_rate: 0.5, ..Weights::default() };
        assert!((gate.relevance_by(&weights, 0.5) - 0.5).abs() < 1e-6);
        assert!((gate.relevance_by(&weights, 0.03) - 0.03).abs() < 1e-6);
    }

    #[test]
    fn weights_are_read_as_they_were_written() {
        let mut weights = Weights { bias: -1.5, least: 0.25, base_rate: 0.5, ..Weights::default() };
        weights.words.insert("bomb".to_owned(), 2.125);
        assert_eq!(Weights::parse(&weights.print()), weights);
    }
}
