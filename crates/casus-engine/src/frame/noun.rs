//! Nouns that name an action: "the killing of four farmers by gunmen", "six strikes on Tarna".
//!
//! This module must not know what other sentences say.

use super::{
    Argument, ArgumentRole, Finder, Frame, Modality, Nominal, NounRole, Pattern,
    chunk::{ChunkId, ChunkKind, Determiner, Voice},
    lexicon,
};
use crate::{mention::count::CountKind, text::TokenId};
const LIGHT: &[&str] = &[
    "carried out",
    "carry out",
    "carrying out",
    "launched",
    "launch",
    "launching",
    "staged",
    "staging",
    "conducted",
    "conducting",
    "committed",
    "committing",
    "perpetrated",
    "perpetrating",
    "mounted",
    "made",
    "made",
    "executed",
    "initiated",
    "began",
    "led",
    "organized",
    "organised",
    "directed",
    "held",
    "undertook",
    "performed",
    "started",
    "resumed",
    "continued",
    "ordered",
    "set off",
    "detonated",
    "exploded",
    "caused",
    "planned",
];
const UNDER: &[&str] =
    &["came", "come", "was", "were", "suffered", "suffer", "sustained", "faced", "survived", "escaped"];

impl Finder<'_> {
    pub(super) fn noun(&self, at: ChunkId, frames: &mut Vec<Frame>) {
        if self.number(at, frames) {
            return;
        }
        let chunk = self.chunk(at);
        // The head of "attack" in "rocket attack", "two bombing attacks".
        for entry in self.lexicon.noun(self.document.norm(chunk.head)) {
            let length = entry.rest.len() as u32;
            if chunk.head < chunk.tokens.start + length {
                continue;
            }
            let start = chunk.head - length;
            let same =
                entry.rest.iter().enumerate().all(|(i, word)| self.document.norm(start + i as u32) == word);
            if !same {
                continue;
            }
            // A name is no action: "Attack Battalion", "Battle Street" in mixed case.
            if self.index.actor[chunk.head as usize].is_some()
                || self.index.place[chunk.head as usize].is_some()
            {
                self.harmed(at, entry.trigger, frames);
                return;
            }
            if start > 0
                && matches!(self.norm_before(start), "heart" | "panic" | "asthma" | "verbal" | "personal")
            {
                return;
            }
            let trigger = self.lexicon.trigger(entry.trigger);
            let mut frame = Frame {
                trigger: entry.trigger,
                tokens: start..chunk.head + 1,
                head: chunk.head,
                sentence: self.sentence,
                chunk: at,
                nominal: true,
                determiner: chunk.determiner,
                plural: chunk.plural,
                count: chunk.count.filter(|&c| self.mentions.counts[c].kind == CountKind::Quantity),
                weak: entry.weak,
                modality: if chunk.determiner == Determiner::Negative {
                    Modality::Negated
                } else {
                    self.noun_modality(at)
                },
                arguments: Vec::new(),
                rule: "noun",
            };
            self.noun_arguments(at, trigger, &mut frame);
            let again = self.repeated(at, trigger, &mut frame).or_else(|| self.turns_violent(at, &mut frame));
            frames.push(frame);
            frames.extend(again);
            return;
        }
        self.counted_state(at, frames);
    }

    pub(super) fn norm_before(&self, token: TokenId) -> &str {
        self.document.norm(token.saturating_sub(1))
    }

    /// "a march turned violent": the protest happened, and a riot grew from it.
    pub(super) fn turns_violent(&self, at: ChunkId, frame: &mut Frame) -> Option<Frame> {
        let verb = at + 1;
        let turned = self.clause.kind(verb) == Some(ChunkKind::Verb)
            && matches!(
                self.clause.word(verb),
                "turned" | "turns" | "became" | "grew" | "descended" | "degenerated"
            );
        let state = (verb + 1..self.clause.chunks.len().min(verb + 4))
            .find(|&i| matches!(self.clause.word(i), "violent" | "riot" | "violence" | "riots" | "deadly"))?;
        let riot = self.lexicon.noun("riot").first()?.trigger;
        if !turned || self.lexicon.trigger(frame.trigger).family != crate::Family::Protest {
            return None;
        }
        frame.weak = false;
        frame.rule = "a protest that turns";
        let head = self.chunk(state).head;
        Some(Frame {
            trigger: riot,
            tokens: self.chunk(verb).tokens.start..head + 1,
            head,
            chunk: verb,
            nominal: false,
            count: None,
            weak: false,
            arguments: frame.arguments.iter().filter(|a| a.role == ArgumentRole::Actor).cloned().collect(),
            rule: "a protest that turns",
            ..frame.clone()
        })
    }

    /// "six strikes on Tarna, and two on Gol": a bare number with a preposition of the noun tells the noun again.
    pub(super) fn repeated(
        &self,
        at: ChunkId,
        trigger: &lexicon::Trigger,
        frame: &mut Frame,
    ) -> Option<Frame> {
        let number = (at + 1..self.clause.chunks.len()).find(|&i| {
            let chunk = self.chunk(i);
            chunk.kind == ChunkKind::Noun
                && chunk.count.is_some_and(|c| self.mentions.counts[c].tokens.end == chunk.tokens.end)
                && self.clause.kind(i + 1) == Some(ChunkKind::Preposition)
                && matches!(self.clause.kind(i - 1), Some(ChunkKind::Conjunction | ChunkKind::Comma))
                && trigger.recipient_prepositions.iter().any(|p| p == self.clause.word(i + 1))
        })?;
        let (mine, theirs): (Vec<_>, Vec<_>) = std::mem::take(&mut frame.arguments)
            .into_iter()
            .partition(|a| a.nominal.chunk < number || a.role == ArgumentRole::Actor);
        frame.arguments = mine;
        let mut again = frame.clone();
        again.arguments.retain(|a| a.role == ArgumentRole::Actor);
        again.arguments.extend(theirs.into_iter().filter(|a| a.nominal.chunk > number));
        again.chunk = number;
        again.tokens = self.chunk(number).tokens.clone();
        again.head = self.chunk(number).head;
        again.count = self.chunk(number).count;
        again.rule = "noun told again by its number";
        Some(again)
    }

    pub(super) fn noun_arguments(&self, at: ChunkId, trigger: &lexicon::Trigger, frame: &mut Frame) {
        use ArgumentRole::{Actor, Instrument, Recipient};
        let chunk = self.chunk(at);
        // Words before the head: "guerrilla attack", "car bomb attack", "the army's raid".
        let possessive = (chunk.tokens.start..chunk.head)
            .rev()
            .find(|&t| self.document.tokens[t as usize].tag == crate::text::Tag::Possessive);
        for token in chunk.tokens.start..frame.tokens.start {
            if let Some(actor) = self.index.actor[token as usize] {
                let mention = &self.mentions.actors[actor as usize];
                if mention.tokens.start != token || mention.tokens.end > frame.tokens.start {
                    continue;
                }
                let owner = possessive.is_some_and(|p| mention.tokens.end <= p);
                let role = match (owner, trigger.noun_poss) {
                    (true, Some(NounRole::Recipient)) => Recipient,
                    _ => Actor,
                };
                let nominal = Nominal {
                    actor: Some(actor as usize),
                    plural: mention.plural,
                    ..Nominal::inside(mention.tokens.clone(), mention.head, at)
                };
                frame.arguments.push(Argument {
                    role,
                    nominal,
                    rule: if owner { "owner" } else { "word before the noun" },
                });
            }
        }
        // "an improvised explosive device attack"
        let before = (chunk.tokens.start..frame.tokens.start).rev().take(2);
        let weapon = before.filter_map(|token| self.index.weapon[token as usize]).next();
        if let Some(weapon) = weapon {
            let mention = &self.mentions.weapons[weapon as usize];
            if mention.weapon.is_some() && mention.tokens.end <= frame.tokens.start {
                let inside = Nominal::inside(mention.tokens.clone(), mention.tokens.end - 1, at);
                let nominal = Nominal { weapon: Some(weapon as usize), ..inside };
                frame.arguments.push(Argument { role: Instrument, nominal, rule: "means before the noun" });
            }
        }
        let arguments = &mut frame.arguments;
        let mut seen_of = false;
        let blamed = self.blamed_on(at);
        for phrase in self.clause.phrases(at) {
            let preposition = self.clause.word(phrase.preposition);
            if blamed && preposition == "on" {
                continue;
            }
            let means = phrase.nouns.iter().any(|&n| self.is_means(n));
            let tally = trigger.pattern == Pattern::Tally;
            if preposition == "of" && !seen_of && !tally {
                seen_of = true;
                if means && trigger.pattern == Pattern::Instrument {
                    self.add(arguments, Instrument, &phrase.nouns, "of-phrase is a means");
                } else {
                    match trigger.noun_of {
                        Some(NounRole::Actor) => self.add(arguments, Actor, &phrase.nouns, "of-phrase"),
                        Some(NounRole::Recipient) => {
                            self.add(arguments, Recipient, &phrase.nouns, "of-phrase")
                        }
                        None => {}
                    }
                }
            } else if preposition == "by" {
                let role = if means { Instrument } else { Actor };
                self.add(arguments, role, &phrase.nouns, "by-phrase");
            } else if preposition == "between" && trigger.pattern == Pattern::Reciprocal {
                let mut nouns = phrase.nouns.into_iter();
                if let Some(first) = nouns.next() {
                    self.add(arguments, Actor, &[first], "between-phrase");
                }
                self.add(arguments, Recipient, &nouns.collect::<Vec<_>>(), "between-phrase");
            } else if self.clause.includes(&phrase) {
                self.add(arguments, ArgumentRole::Included, &phrase.nouns, "including");
            } else if preposition == "with" && means {
                self.add(arguments, Instrument, &phrase.nouns, "with-phrase");
            } else if trigger.recipient_prepositions.iter().any(|p| p == preposition)
                && phrase.nouns.iter().any(|&n| if tally { self.is_figure(n) } else { self.can_be_target(n) })
            {
                self.add(arguments, Recipient, &phrase.nouns, "target phrase");
            }
        }
        if trigger.pattern == Pattern::Tally {
            self.toll(at, &mut frame.arguments);
        }
        let arguments = &mut frame.arguments;
        // "gunmen carried out an attack", "an attack was launched by gunmen", "the village came under attack"
        if let Some(verb) = (0..at).rev().take(4).find(|&i| self.chunk(i).kind == ChunkKind::Verb) {
            let between = &self.clause.chunks[verb + 1..at];
            let word = self.document.norm(self.chunk(verb).head);
            let direct = between.iter().all(|c| {
                !matches!(
                    c.kind,
                    ChunkKind::Noun | ChunkKind::Verb | ChunkKind::Subordinator | ChunkKind::Relative
                )
            });
            let under = between
                .iter()
                .any(|c| c.kind == ChunkKind::Preposition && self.document.norm(c.head) == "under");
            let light = LIGHT.iter().any(|light| light.split(' ').next() == Some(word));
            if direct && under && UNDER.contains(&word) {
                self.add(arguments, Recipient, &self.clause.subject(verb), "came under");
            } else if direct && matches!(word, "survived" | "survives" | "escaped" | "survive" | "escape") {
                self.add(arguments, Recipient, &self.clause.subject(verb), "survived");
            } else if direct && light && self.chunk(verb).voice != Voice::Passive {
                self.add(arguments, Actor, &self.clause.subject(verb), "light verb");
            } else if matches!(word, "responsibility") {
                self.add(arguments, Actor, &self.clause.subject(verb), "responsibility");
            }
        }
        if let Some(verb) =
            (at + 1..self.clause.chunks.len().min(at + 6)).find(|&i| self.chunk(i).kind == ChunkKind::Verb)
        {
            let word = self.document.norm(self.chunk(verb).head);
            let light = LIGHT.iter().any(|light| light.split(' ').next() == Some(word))
                || matches!(word, "attributed" | "blamed");
            if light
                && matches!(self.chunk(verb).voice, Voice::Passive | Voice::BareParticiple)
                && self.clause.subject(verb).contains(&at)
            {
                for phrase in self.clause.phrases(verb) {
                    if matches!(self.clause.word(phrase.preposition), "by" | "to") {
                        self.add(arguments, Actor, &phrase.nouns, "light verb, by-agent");
                    }
                }
            }
        }
    }

    /// "blamed the attack on bandits": who stands behind the noun's "on" did it.
    fn blamed_on(&self, at: ChunkId) -> bool {
        let before = at.checked_sub(1).filter(|&verb| self.chunk(verb).kind == ChunkKind::Verb);
        before.is_some_and(|verb| {
            matches!(
                self.document.norm(self.chunk(verb).head),
                "blame" | "blamed" | "blames" | "blaming" | "pin" | "pinned" | "pins"
            )
        })
    }

    /// "the death toll from the attack rose to 17", "the toll reached 17": the figure stands with the verb.
    fn toll(&self, at: ChunkId, arguments: &mut Vec<Argument>) {
        let verbs = (at + 1..self.clause.chunks.len()).filter(|&i| self.chunk(i).kind == ChunkKind::Verb);
        let Some(verb) = verbs.take(3).find(|&verb| {
            let subject = self.clause.subject(verb);
            subject.iter().any(|&noun| noun == at || self.clause.head_of_phrase(noun) == at)
        }) else {
            return;
        };
        let phrases = self.clause.phrases(verb).into_iter();
        let told = phrases.filter(|phrase| matches!(self.clause.word(phrase.preposition), "to" | "at"));
        let figure = told.flat_map(|phrase| phrase.nouns).chain(self.clause.objects(verb));
        if let Some(figure) = figure.into_iter().find(|&noun| self.is_figure(noun)) {
            self.add(arguments, ArgumentRole::Recipient, &[figure], "the toll's figure");
        }
    }
}
