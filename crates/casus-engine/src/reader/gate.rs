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
    Event, Told,
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
    /// Against reports of violence or its consequences that tell no incident.
    pub near: Odds,
    /// Against text about everything else.
    pub other: Odds,
}

/// How many times likelier a report is one that tells of an incident than one of another kind.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Odds {
    /// By the gate's score of the report.
    pub score: f32,
    /// By the confidence in the event that was read with most of it, or 0.
    pub told: f32,
    /// By the logarithm of its sentences: the strongest of many score more than those of a few.
    pub length: f32,
    /// For every report.
    pub offset: f32,
}

impl Odds {
    fn of(self, [score, told, length]: [f32; 3]) -> f32 {
        (self.score * score + self.told * told + self.length * length + self.offset).exp()
    }
}

/// What the odds are asked of a report of that score, that tells so surely of an event, of so many sentences.
pub fn seen(score: f32, told: f32, sentences: usize) -> [f32; 3] {
    [score, told, (1.0 + sentences as f32).ln()]
}

/// Stands for a trigger in a sentence.
pub const TRIGGER: &str = "<trigger>";

/// Stands for a trigger that is too common to make an event alone.
pub const WEAK: &str = "<weak>";

/// What the sentence itself, those beside it and the strongest of the report count.
const SHARES: [f32; 3] = [0.4, 0.3, 0.3];

/// A report of more sentences is not read whole.
const LONG: usize = 60;

/// How much more a report must score in which the rules read no event. Of MUC-4's event sentences (train) .991
/// are read still, of .994.
const UNTOLD: f32 = 0.5;

/// For each report that tells of an incident, how many are near to it. In MUC-4's reports, which were collected by
/// words of violence, 600 of 1,300 are (train).
const NEAR: f32 = 600.0 / 700.0;

/// Strongest sentences that tell how likely a report is about an incident.
const STRONGEST: usize = 3;

impl Weights {
    /// Reads what [`Weights::print`] wrote; lines that it did not write are skipped.
    pub fn parse(text: &str) -> Weights {
        let mut weights = Weights::default();
        let lines = text.lines().filter_map(|line| line.split_once('\t'));
        for (name, number) in lines.filter_map(|(name, number)| Some((name, number.parse::<f32>().ok()?))) {
            match name {
                "<bias>" => weights.bias = number,
                "<least>" => weights.least = number,
                "<least report>" => weights.least_report = number,
                "<near: score>" => weights.near.score = number,
                "<near: told>" => weights.near.told = number,
                "<near: length>" => weights.near.length = number,
                "<near: offset>" => weights.near.offset = number,
                "<other: score>" => weights.other.score = number,
                "<other: told>" => weights.other.told = number,
                "<other: length>" => weights.other.length = number,
                "<other: offset>" => weights.other.offset = number,
                word => {
                    weights.words.insert(word.to_owned(), number);
                }
            }
        }
        weights
    }

    /// All weights, in the order of their names.
    pub fn print(&self) -> String {
        let own = [
            ("<bias>", self.bias),
            ("<least>", self.least),
            ("<least report>", self.least_report),
            ("<near: score>", self.near.score),
            ("<near: told>", self.near.told),
            ("<near: length>", self.near.length),
            ("<near: offset>", self.near.offset),
            ("<other: score>", self.other.score),
            ("<other: told>", self.other.told),
            ("<other: length>", self.other.length),
            ("<other: offset>", self.other.offset),
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

/// The confidence in the event told as news that was read with most of it, or 0: what [`Gate::relevance`] asks.
pub fn told(events: &[Event]) -> f32 {
    let news = events.iter().filter(|event| event.told == Told::News);
    news.map(|event| event.confidence).fold(0.0, f32::max)
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

    /// How likely the report tells of an incident, 0 to 1, in a stream of which this share does. `told` is the
    /// confidence in the event that was read with most of it, or 0.
    ///
    /// The rest of the stream are reports near to violence, as many as tell of it while there is room for them, and
    /// text about everything else: where one report in two is relevant the others speak of violence too, where three
    /// in a hundred are they are mostly about other things, and the same words are better evidence against those.
    pub fn relevance(&self, told: f32, base_rate: f32) -> f32 {
        self.relevance_by(&WEIGHTS, told, base_rate)
    }

    /// The same with other weights.
    pub fn relevance_by(&self, weights: &Weights, told: f32, base_rate: f32) -> f32 {
        let rate = base_rate.clamp(1e-6, 1.0 - 1e-6);
        let near = (NEAR * rate).min(1.0 - rate);
        let other = 1.0 - rate - near;
        let seen = seen(self.report, told, self.open.len());
        let against = near / weights.near.of(seen) + other / weights.other.of(seen);
        rate / (rate + against)
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
        let gate = |report: f32| Gate { open: Vec::new(), report };
        let other = Odds { score: 2.0, told: 1.0, ..Odds::default() };
        let weights = Weights { near: Odds { score: 1.0, ..Odds::default() }, other, ..Weights::default() };
        let relevance = |report: f32, told: f32, rate: f32| gate(report).relevance_by(&weights, told, rate);
        for rate in [0.03, 0.5, 0.8] {
            assert!(
                (relevance(0.0, 0.0, rate) - rate).abs() < 1e-6,
                "what says nothing leaves the rate as it is"
            );
        }
        // Half are relevant and the others near: odds of e to 1. Nearly none is near where nearly none is relevant.
        assert!((relevance(1.0, 0.0, 0.6) - 0.6 / (0.6 + 0.4 / 1f32.exp())).abs() < 1e-6);
        assert!((relevance(1.0, 1.0, 1e-5) / 1e-5 / 3f32.exp() - 1.0).abs() < 1e-3);
    }

    #[test]
    fn weights_are_read_as_they_were_written() {
        let other = Odds { score: 1.0, told: 2.0, length: 0.5, offset: -3.0 };
        let mut weights = Weights { bias: -1.5, least: 0.25, other, ..Weights::default() };
        weights.words.insert("bomb".to_owned(), 2.125);
        assert_eq!(Weights::parse(&weights.print()), weights);
    }
}
