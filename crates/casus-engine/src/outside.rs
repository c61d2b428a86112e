//! A reader outside of casus, such as a language model on the user's own machine: it proposes who took which part in
//! which incident, in words of the report.
//!
//! Its words count only where the report holds them, to the letter but for white space. What is left has the shape of
//! the built-in model's reading ([`Learned`]) and goes the same way: `resolve` adds whom grammar ties to no event, and
//! takes no date, count or name from it. The record says what came of it.
//!
//! The engine asks nobody by itself: whoever implements [`Outside`] does, and answers for what it costs. Whether the
//! same report gives the same record is then up to the one that is asked.
//!
//! This module must not know how it is asked.

use crate::{
    Note, Report, Span,
    reader::{Incident, Learned, LearnedSpan, Part},
    text::quoted,
};
use std::fmt;

/// What stands as the rule of a participant that came from outside, for `casus explain`.
pub const RULE: &str = "the reader outside of casus";

/// How sure a proposal counts: as much as `resolve` asks for, since its words were found in the text.
const SURE: f32 = 0.9;

/// Incidents, fillers of an incident and places of a filler that are looked at: an answer is no reason to work forever.
const MOST_INCIDENTS: usize = 64;
const MOST_FILLERS: usize = 64;
const MOST_PLACES: usize = 16;

/// A reader outside of casus.
pub trait Outside: fmt::Debug + Send + Sync {
    /// What takes a part in the incidents of a report. Whatever goes wrong is a note, and no proposal.
    fn propose(&self, report: &Report) -> Proposals;

    /// What it is called in records.
    fn name(&self) -> &str;
}

/// What a reader outside proposes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Proposals {
    /// Incidents.
    pub incidents: Vec<Proposal>,
    /// What went wrong.
    pub notes: Vec<Note>,
}

/// An incident as a reader outside has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Proposal {
    /// The kind of incident, by the model's names: attack, bombing, kidnapping, arson, robbery.
    pub event: String,
    /// Words of the report, each as what it takes part.
    pub fillers: Vec<(Part, String)>,
}

/// Proposals whose words the text holds, and how many it does not.
pub(crate) fn grounded(text: &str, proposals: &Proposals) -> (Learned, usize) {
    let (mut learned, mut refused) = (Learned::default(), 0);
    for proposal in proposals.incidents.iter().take(MOST_INCIDENTS) {
        let mut entities: Vec<Vec<usize>> = Vec::new();
        for (part, words) in proposal.fillers.iter().take(MOST_FILLERS) {
            let spans: Vec<Span> = quoted(text, words).take(MOST_PLACES).collect();
            if spans.is_empty() {
                refused += 1;
                continue;
            }
            let first = learned.spans.len();
            entities.push((first..first + spans.len()).collect());
            let span = |span| LearnedSpan { span, part: *part, sure: SURE, attributes: Vec::new() };
            learned.spans.extend(spans.into_iter().map(span));
        }
        if !entities.is_empty() {
            learned.incidents.push(Incident { entities, event: proposal.event.clone(), sure: SURE });
        }
    }
    learned.relevant = if learned.incidents.is_empty() { 0.0 } else { 1.0 };
    (learned, refused)
}

/// A note about a reader outside.
pub(crate) fn unfounded(count: usize) -> Note {
    let words = if count == 1 { "1 answer".to_owned() } else { format!("{count} answers") };
    Note {
        code: "N0201".to_owned(),
        message: format!("{words} of the reader outside do not stand in the text, and count for nothing"),
        span: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_of_the_text_count() {
        let text = "Gunmen shot at the car of Ana\nMorel. Ana Morel was unhurt.";
        let proposal = |fillers: &[(Part, &str)]| Proposal {
            event: "attack".to_owned(),
            fillers: fillers.iter().map(|(part, words)| (*part, (*words).to_owned())).collect(),
        };
        let proposals = Proposals {
            incidents: vec![
                proposal(&[(Part::VictimName, "Ana Morel"), (Part::Weapon, "a rifle"), (Part::Target, "")]),
                proposal(&[(Part::PerpetratorGroup, "the Front of Gol")]),
            ],
            notes: Vec::new(),
        };
        let (learned, refused) = grounded(text, &proposals);
        assert_eq!(refused, 3);
        assert_eq!(learned.incidents.len(), 1);
        let words: Vec<&str> = learned.spans.iter().map(|read| &text[read.span.range()]).collect();
        assert_eq!(words, ["Ana\nMorel", "Ana Morel"]);
    }
}
