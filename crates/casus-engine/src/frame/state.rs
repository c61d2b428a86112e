//! States that an action left behind: "27 dead", "five people were wounded".
//!
//! This module must not know what other sentences say.

use super::{
    Argument, ArgumentRole, Finder, Frame, Kind, Modality, Nominal, TriggerId,
    chunk::{ChunkId, ChunkKind, Determiner, Voice},
    parts,
};
use crate::text::TokenId;

impl Finder<'_> {
    /// "27 dead", "14 people wounded": a count or noun with a word that names the effect.
    pub(super) fn counted_state(&self, at: ChunkId, frames: &mut Vec<Frame>) {
        let chunk = self.chunk(at);
        // The state word may be the head itself: "27 dead", "the wounded".
        let form = self.document.norm(chunk.head);
        let Some(entry) = self.lexicon.adjective(form).first() else {
            self.counted_before(at, frames);
            return;
        };
        if chunk.count.is_none() && chunk.determiner != Determiner::Negative && !chunk.plural {
            return;
        }
        let mut nominal = self.nominal(at);
        nominal.plural = true;
        frames.push(self.state_frame(at, chunk.head, entry.trigger, nominal));
    }

    /// "put the number of wounded at 23", "the number of injured had risen to 23", "put the dead at 12": words for those
    /// whom an action harmed, with the number behind them. Whether a noun group is that.
    pub(super) fn number(&self, at: ChunkId, frames: &mut Vec<Frame>) -> bool {
        let Some((trigger, last)) = self.numbered(at) else { return false };
        let Some(figure) = self.figure_behind(last) else { return false };
        let (mut nominal, counted) = (self.nominal(figure), self.nominal(last));
        if last != at && nominal.actor.is_none() && counted.actor.is_some() {
            // "dead soldiers at 15": the soldiers, by that number.
            let tokens = counted.tokens.start..nominal.tokens.end;
            let core = counted.head..counted.head + 1;
            nominal = Nominal { tokens, core, count: nominal.count, ..counted };
        }
        let mut frame = self.state_frame(at, self.chunk(last).head, trigger, nominal);
        frame.tokens = self.chunk(at).head..frame.head + 1;
        frame.rule = parts::NUMBER;
        self.add(&mut frame.arguments, ArgumentRole::Included, &self.parts_of_them(figure), "of them");
        frames.push(frame);
        true
    }

    /// What those whose number a noun group names suffered, and the last chunk of the words for them.
    fn numbered(&self, at: ChunkId) -> Option<(TriggerId, ChunkId)> {
        let chunk = self.chunk(at);
        let suffered = |word: &str| {
            let word = if matches!(word, "deaths" | "fatalities") { "dead" } else { word };
            let trigger = self.lexicon.adjective(word).first()?.trigger;
            (!self.lexicon.trigger(trigger).loss.is_empty()).then_some(trigger)
        };
        if matches!(self.document.norm(chunk.head), "number" | "count") && self.clause.word(at + 1) == "of" {
            let people = matches!(self.clause.word(at + 2), "people" | "persons" | "those" | "victims");
            let last = at + 2 + usize::from(people);
            // "the number of dead soldiers": the word may stand before those counted.
            let mut words = self.clause.chunks.get(last)?.tokens.clone().rev();
            return Some((words.find_map(|token| suffered(self.document.norm(token)))?, last));
        }
        let put = at > 0 && matches!(self.clause.word(at - 1), "put" | "puts" | "placed" | "estimated");
        let too = at >= 3
            && self.clause.word(at - 1) == "and"
            && self.chunk(at - 2).count.is_some()
            && self.clause.word(at - 3) == "at";
        let all = (put || too) && chunk.determiner == Determiner::Definite && chunk.count.is_none();
        Some((suffered(self.clause.word(at)).filter(|_| all)?, at))
    }

    /// The number that words of a toll are given: behind "at" or "to", at once or with the verb of the toll.
    fn figure_behind(&self, toll: ChunkId) -> Option<ChunkId> {
        let given = |from: ChunkId| {
            let phrases = self.clause.phrases(from).into_iter();
            let given = phrases.filter(|phrase| matches!(self.clause.word(phrase.preposition), "at" | "to"));
            given.filter_map(|phrase| phrase.nouns.first().copied()).find(|&noun| self.is_figure(noun))
        };
        let with_verb = || {
            let ends = |kind| {
                matches!(
                    kind,
                    ChunkKind::Break | ChunkKind::Stop | ChunkKind::Relative | ChunkKind::Subordinator
                )
            };
            let mut behind =
                (toll + 1..self.clause.chunks.len()).take_while(|&at| !ends(self.chunk(at).kind));
            let verb = behind.find(|&at| self.chunk(at).kind == ChunkKind::Verb)?;
            let reached = self.clause.objects(verb).first().copied();
            given(verb).or(reached.filter(|&noun| self.is_figure(noun)))
        };
        given(toll).or_else(with_verb)
    }

    /// "20 wounded people": the word stands between the count and those counted.
    fn counted_before(&self, at: ChunkId, frames: &mut Vec<Frame>) {
        let chunk = self.chunk(at);
        if chunk.count.is_none() {
            return;
        }
        let state = (chunk.core..chunk.head).find_map(|token| {
            let entry = self.lexicon.adjective(self.document.norm(token)).first()?;
            (!self.lexicon.trigger(entry.trigger).loss.is_empty()).then_some((token, entry.trigger))
        });
        let Some((token, trigger)) = state else { return };
        frames.push(self.state_frame(at, token, trigger, self.nominal(at)));
    }

    /// "no casualties", "12 fatalities", "without causing casualties": a word for those whom an action harmed, by
    /// their number.
    pub(super) fn harmed(&self, at: ChunkId, trigger: TriggerId, frames: &mut Vec<Frame>) {
        let chunk = self.chunk(at);
        let table = self.lexicon.trigger(trigger);
        if table.kind != Kind::Effect || table.loss.is_empty() {
            return;
        }
        let mut nominal = self.nominal(at);
        let without = at >= 2
            && self.chunk(at - 1).kind == ChunkKind::Verb
            && self.chunk(at - 1).voice == Voice::Ing
            && self.clause.word(at - 2) == "without";
        if without && chunk.count.is_none() {
            nominal.determiner = Determiner::Negative;
        }
        if nominal.count.is_some() || nominal.determiner == Determiner::Negative {
            frames.push(self.state_frame(at, chunk.head, trigger, nominal));
        }
    }

    pub(super) fn adjective(&self, at: ChunkId, frames: &mut Vec<Frame>) {
        let chunk = self.chunk(at);
        let form = self.document.norm(chunk.head);
        let Some(entry) = self.lexicon.adjective(form).first() else { return };
        // "five people dead", "were dead", "found dead"
        let before =
            (0..at).rev().find(|&i| !matches!(self.chunk(i).kind, ChunkKind::Adverb | ChunkKind::Aside));
        let Some(before) = before else { return };
        // "were killed and wounded": the verb before the "and" has the subject.
        let joined = self.chunk(before).kind == ChunkKind::Conjunction && before > 0;
        let before = if joined { before - 1 } else { before };
        let noun = match self.chunk(before).kind {
            // "20 of them dead"
            ChunkKind::Noun | ChunkKind::Pronoun => Some(self.clause.head_of_phrase(before)),
            // "were dead", "were killed and wounded": the subject; "shot dead a guard", "left dead": what follows.
            ChunkKind::Verb => {
                let verb = self.chunk(before);
                let of_subject = joined
                    || verb.voice == Voice::Passive
                    || verb.head == verb.tokens.start && self.copula(verb.head);
                let following = (self.clause.kind(at + 1) == Some(ChunkKind::Noun)).then_some(at + 1);
                if of_subject { self.clause.subject(before).first().copied() } else { following }
            }
            _ => None,
        };
        let Some(noun) = noun else { return };
        let nominal = self.nominal(noun);
        if nominal.count.is_none() && nominal.actor.is_none() && !nominal.plural {
            return;
        }
        frames.push(self.state_frame(at, chunk.head, entry.trigger, nominal));
    }

    pub(super) fn copula(&self, verb: TokenId) -> bool {
        matches!(
            self.document.norm(verb),
            "is" | "are" | "was" | "were" | "be" | "been" | "lay" | "lie" | "lies" | "remained"
        )
    }

    pub(super) fn state_frame(
        &self,
        at: ChunkId,
        head: TokenId,
        trigger: TriggerId,
        nominal: Nominal,
    ) -> Frame {
        let negated = nominal.determiner == Determiner::Negative;
        let mut arguments = vec![Argument { role: ArgumentRole::Recipient, nominal, rule: "counted state" }];
        for phrase in self.clause.phrases(at) {
            if self.clause.includes(&phrase) {
                self.add(&mut arguments, ArgumentRole::Included, &phrase.nouns, "including");
            }
        }
        Frame {
            trigger,
            tokens: head..head + 1,
            head,
            sentence: self.sentence,
            chunk: at,
            nominal: false,
            determiner: Determiner::None,
            plural: false,
            count: None,
            weak: false,
            modality: if negated || self.lexicon.trigger(trigger).negative {
                Modality::Negated
            } else {
                Modality::Fact
            },
            arguments,
            rule: "counted state",
        }
    }
}
