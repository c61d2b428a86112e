//! Who the harmed of a toll were: "four of the dead were police officers", "among the wounded were two lawyers".
//!
//! This module must not know what other sentences say: which toll the parts belong to is for `resolve`.

use super::{
    Argument, ArgumentRole, Finder, Frame, Kind, Modality, TriggerId,
    chunk::{ChunkId, ChunkKind, Determiner},
};
use crate::text::TokenId;
use std::ops::Range;

/// The rule of a frame whose arguments are parts of a toll that is told elsewhere.
pub const RULE: &str = "part of a toll";

/// The rule of a frame that only gives a number of the harmed.
pub const NUMBER: &str = "number of the harmed";

/// Nouns for all whom an action harmed, with a verb of what it did.
const HARMED: [(&str, &str); 6] = [
    ("victims", "killed"),
    ("fatalities", "killed"),
    ("deceased", "killed"),
    ("hostages", "abducted"),
    ("abductees", "abducted"),
    ("detainees", "arrested"),
];

/// A word for the harmed, with what happened to them.
type Toll = (TokenId, TriggerId);

impl Finder<'_> {
    /// Reads the parts of a toll around a verb of being or including.
    pub(super) fn parts(&self, verb: ChunkId, frames: &mut Vec<Frame>) {
        let chunk = self.chunk(verb);
        let being = chunk.tokens.len() == 1 && self.copula(chunk.head);
        if !being && !matches!(self.clause.word(verb), "include" | "included" | "includes") {
            return;
        }
        let Some((toll, parts)) = self.parts_before(verb, being).or_else(|| self.parts_among(verb, being))
        else {
            return;
        };
        let (state, trigger) = toll;
        let arguments: Vec<Argument> = parts.into_iter().filter(|part| !part.nominal.pronoun).collect();
        if !arguments.iter().any(|argument| argument.role == ArgumentRole::Included) {
            return;
        }
        frames.push(Frame {
            trigger,
            tokens: state..state + 1,
            head: state,
            sentence: self.sentence,
            chunk: verb,
            nominal: false,
            determiner: Determiner::None,
            plural: false,
            count: None,
            weak: false,
            modality: Modality::Fact,
            arguments,
            rule: RULE,
        });
    }

    /// "Among the wounded were two lawyers", "the dead included two lawyers", "four of the dead were lawyers": the toll
    /// before the verb, the parts behind it.
    fn parts_before(&self, verb: ChunkId, being: bool) -> Option<(Toll, Vec<Argument>)> {
        let left = self.clause_start(verb)..self.chunk(verb).tokens.start;
        let behind = || self.clause.objects(verb);
        let all = || self.included(&behind());
        match (self.document.norm(left.start), being) {
            ("among", true) => Some((self.toll_at(left.start + 1..left.end)?, all())),
            ("the" | "those", false) => Some((self.toll_at(left)?, all())),
            (_, true) => {
                let of = left.clone().take(3).find(|&token| self.document.norm(token) == "of")?;
                let toll = self.toll_at(of + 1..left.end)?;
                let count = self.clause.chunks.iter().find(|chunk| chunk.tokens.end == of)?;
                // The count is of those behind the verb.
                let mut nominal = self.nominal(*behind().first()?);
                nominal.tokens.start = count.tokens.start;
                nominal.count = Some(count.count?);
                Some((toll, vec![Argument { role: ArgumentRole::Included, nominal, rule: RULE }]))
            }
            _ => None,
        }
    }

    /// "Two guards were among those killed": the parts before the verb, the toll behind it.
    fn parts_among(&self, verb: ChunkId, being: bool) -> Option<(Toll, Vec<Argument>)> {
        if !being || self.clause.word(verb + 1) != "among" {
            return None;
        }
        let end = self.clause.chunks.last()?.tokens.end;
        let toll = self.toll_at(self.chunk(verb + 1).tokens.end..end)?;
        Some((toll, self.included(&self.clause.subject(verb))))
    }

    fn included(&self, nouns: &[ChunkId]) -> Vec<Argument> {
        let mut arguments = Vec::new();
        self.add(&mut arguments, ArgumentRole::Included, nouns, RULE);
        arguments
    }

    /// The first token of the clause that a verb stands in.
    fn clause_start(&self, verb: ChunkId) -> TokenId {
        let ends = |kind| matches!(kind, ChunkKind::Break | ChunkKind::Stop | ChunkKind::Subordinator);
        let first = (0..verb).rev().find(|&at| ends(self.chunk(at).kind)).map_or(0, |at| at + 1);
        self.chunk(first).tokens.start
    }

    /// "the dead", "those killed in the attack" at the start of a run of tokens.
    fn toll_at(&self, tokens: Range<TokenId>) -> Option<Toll> {
        let state = tokens.start + 1;
        if state >= tokens.end || !matches!(self.document.norm(tokens.start), "the" | "those") {
            return None;
        }
        let word = self.document.norm(state);
        let noun = HARMED.iter().find(|(noun, _)| *noun == word).map(|(_, verb)| *verb);
        let form = noun.unwrap_or(word);
        let entries = self.lexicon.adjective(form).iter().chain(self.lexicon.verb(form));
        let trigger = entries.map(|entry| entry.trigger).find(|&trigger| {
            let trigger = self.lexicon.trigger(trigger);
            trigger.kind == Kind::Effect && !trigger.loss.is_empty() || noun.is_some()
        })?;
        // "the wounded soldiers" are told of as soldiers.
        let ends = state + 1 == tokens.end
            || matches!(
                self.document.norm(state + 1),
                "in" | "at" | "on" | "by" | "from" | "during" | "when" | "," | "." | "and"
            );
        ends.then_some((state, trigger))
    }
}
