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

/// Nouns for all whom an action harmed, with a verb of what it did.
const HARMED: [(&str, &str); 6] = [
    ("victims", "killed"),
    ("fatalities", "killed"),
    ("deceased", "killed"),
    ("hostages", "abducted"),
    ("abductees", "abducted"),
    ("detainees", "arrested"),
];

impl Finder<'_> {
    /// Reads the parts of a toll around a verb of being or including.
    pub(super) fn parts(&self, verb: ChunkId, frames: &mut Vec<Frame>) {
        let chunk = self.chunk(verb);
        let being = chunk.tokens.len() == 1 && self.copula(chunk.head);
        if !being && !matches!(self.clause.word(verb), "include" | "included" | "includes") {
            return;
        }
        let behind = self.clause.objects(verb);
        let left = self.clause_start(verb)..chunk.tokens.start;
        let found = if let Some((state, trigger)) = self.toll_before(left.clone()) {
            let opens = |word| self.document.norm(left.start).eq(word);
            let counted = self.counted_of(state);
            match counted {
                // "Four of the dead were police officers": the count is of those behind the verb.
                Some(count) if being => behind.first().map(|&noun| {
                    let mut nominal = self.nominal(noun);
                    nominal.tokens.start = self.chunk(count).tokens.start;
                    nominal.count = self.chunk(count).count;
                    (state, trigger, vec![Argument { role: ArgumentRole::Included, nominal, rule: RULE }])
                }),
                None if !being || opens("among") => {
                    let mut arguments = Vec::new();
                    self.add(&mut arguments, ArgumentRole::Included, &behind, RULE);
                    Some((state, trigger, arguments))
                }
                _ => None,
            }
        } else if being && self.clause.word(verb + 1) == "among" {
            // "Two guards were among those killed"
            let end = self.chunk(self.clause.chunks.len() - 1).tokens.end;
            let right = self.chunk(verb + 1).tokens.end..end;
            self.toll_at(right).map(|(state, trigger)| {
                let mut arguments = Vec::new();
                self.add(&mut arguments, ArgumentRole::Included, &self.clause.subject(verb), RULE);
                (state, trigger, arguments)
            })
        } else {
            None
        };
        let Some((state, trigger, mut arguments)) = found else { return };
        arguments.retain(|argument| argument.role == ArgumentRole::Included && !argument.nominal.pronoun);
        if arguments.is_empty() {
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

    /// The first token of the clause that a verb stands in.
    fn clause_start(&self, verb: ChunkId) -> TokenId {
        let ends = |kind| matches!(kind, ChunkKind::Break | ChunkKind::Stop | ChunkKind::Subordinator);
        let first = (0..verb).rev().find(|&at| ends(self.chunk(at).kind)).map_or(0, |at| at + 1);
        self.chunk(first).tokens.start
    }

    /// The word for the harmed that ends a clause's left side, or has only a phrase of place behind it: "the dead in
    /// the attack". It is told of as a whole: "the dead", "those killed".
    fn toll_before(&self, left: Range<TokenId>) -> Option<(TokenId, TriggerId)> {
        let leads = matches!(self.document.norm(left.start), "among" | "the" | "those");
        let open = left.clone().take(3).find(|&token| self.document.norm(token) == "of");
        let start = if leads { left.start } else { open? };
        self.toll_at(start + u32::from(!matches!(self.document.norm(start), "the" | "those"))..left.end)
    }

    /// "the dead …", "those killed …" at the start of a run of tokens.
    fn toll_at(&self, tokens: Range<TokenId>) -> Option<(TokenId, TriggerId)> {
        let state = tokens.start + 1;
        if !matches!(self.document.norm(tokens.start), "the" | "those") || state >= tokens.end.max(1) {
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

    /// The chunk of a bare count before "of the dead".
    fn counted_of(&self, state: TokenId) -> Option<ChunkId> {
        let of = state.checked_sub(2).filter(|&of| self.document.norm(of) == "of")?;
        let at = self.clause.chunks.iter().position(|chunk| chunk.tokens.end == of)?;
        self.chunk(at).count.is_some().then_some(at)
    }
}
