//! Verbs that name an action, with subject, objects and phrases in their roles: "gunmen killed four farmers".
//!
//! This module must not know what other sentences say.

use super::{
    ArgumentRole, Finder, Frame, Modality, Pattern, TriggerId,
    chunk::{ChunkId, ChunkKind, Determiner, Voice},
    clause::Phrase,
    lexicon,
};
use crate::text::TokenId;
use std::ops::Range;

impl Finder<'_> {
    pub(super) fn verb(&self, at: ChunkId, frames: &mut Vec<Frame>) {
        let chunk = self.chunk(at);
        let form = self.document.norm(chunk.head);
        let mut taken: Option<TriggerId> = None;
        for entry in self.lexicon.verb(form) {
            if taken == Some(entry.trigger) {
                continue;
            }
            let Some(tokens) = self.verb_tokens(at, &entry.rest) else { continue };
            let trigger = self.lexicon.trigger(entry.trigger);
            let mut frame = Frame {
                trigger: entry.trigger,
                tokens,
                head: chunk.head,
                sentence: self.sentence,
                chunk: at,
                nominal: false,
                determiner: Determiner::None,
                plural: false,
                count: None,
                weak: entry.weak,
                modality: self.verb_modality(at),
                arguments: Vec::new(),
                rule: "verb",
            };
            if self.verb_arguments(at, trigger, &entry.rest, &mut frame) {
                taken = Some(entry.trigger);
                let longer = !entry.rest.is_empty();
                frames.push(frame);
                if longer {
                    // "blow up", "open fire on": the longer reading rules out the bare verb's.
                    break;
                }
            }
        }
    }

    /// The trigger's tokens if the words after the verb are there: next to it, or behind its object.
    pub(super) fn verb_tokens(&self, at: ChunkId, rest: &[String]) -> Option<Range<TokenId>> {
        let head = self.chunk(at).head;
        if rest.is_empty() {
            return Some(head..head + 1);
        }
        let matches_at = |start: TokenId| {
            rest.iter().enumerate().all(|(i, word)| {
                let token = start + i as u32;
                (token as usize) < self.document.tokens.len()
                    && self.document.sentence_of(token) == self.sentence
                    && self.document.norm(token) == word
            })
        };
        if matches_at(head + 1) {
            return Some(head..head + 1 + rest.len() as u32);
        }
        let object = *self.clause.objects(at).last()?;
        let tokens = &self.chunk(object).tokens;
        // "sustained serious wounds": the noun with what describes it.
        if let [noun] = rest
            && self.document.norm(self.chunk(object).head) == noun
            && tokens.start == head + 1
        {
            return Some(head..tokens.end);
        }
        matches_at(tokens.end).then_some(head..head + 1)
    }

    pub(super) fn verb_arguments(
        &self,
        at: ChunkId,
        trigger: &lexicon::Trigger,
        rest: &[String],
        frame: &mut Frame,
    ) -> bool {
        let chunk = self.chunk(at);
        let form = self.document.norm(chunk.head);
        let inverted = self.clause.inverted(at);
        let passive = match chunk.voice {
            Voice::Passive => true,
            _ if !inverted.is_empty() => true,
            Voice::BareParticiple if self.clause.objects(at).is_empty() => true,
            _ => self.clause.goes_on_passive(at),
        };
        let mut subject = if inverted.is_empty() { self.clause.subject(at) } else { inverted };
        // "an attack in Lodo that killed nine": the place did not.
        if !passive {
            subject.retain(|&noun| !self.place_before_relative(noun, at));
        }
        let mut objects = if passive { Vec::new() } else { self.clause.objects(at) };
        // "opened fire", "lost their lives": the words of the trigger are not its object.
        objects.retain(|&o| !self.inside(o, &frame.tokens) || rest.is_empty());
        let parts = self.parts_of_them(objects.last().copied().unwrap_or(at));
        objects.retain(|object| !parts.contains(object));
        let from = objects.last().copied().unwrap_or(at);
        let phrases = self.clause.phrases(from.min(self.last_of(frame)));
        let fired = if passive { &subject } else { &objects };
        if trigger.id == "open_fire" && rest.is_empty() && self.dismissed(fired, &phrases) {
            return false;
        }
        let arguments = &mut frame.arguments;
        use ArgumentRole::{Actor, Destination, Instrument, Origin, Recipient};
        let means = |nouns: &[ChunkId]| nouns.iter().any(|&n| self.is_means(n));
        let mut roles_from_phrases = true;
        match trigger.pattern {
            Pattern::Transitive if passive => self.add(arguments, Recipient, &subject, "subject of passive"),
            Pattern::Transitive => {
                let burns = trigger.effect.is_some()
                    && objects.is_empty()
                    && subject.iter().any(|&n| self.is_thing(n));
                if burns {
                    self.add(arguments, Recipient, &subject, "things that burn");
                } else if means(&subject) {
                    self.add(arguments, Instrument, &subject, "subject is a means");
                } else if matches!(form, "hit" | "hits" | "hitting" | "struck" | "strikes" | "striking")
                    && !objects.is_empty()
                    && objects.iter().all(|&n| self.is_explosive(n))
                {
                    // "a patrol struck a roadside bomb": who meets the charge suffers it.
                    self.add(arguments, Recipient, &subject, "subject meets a charge");
                    self.add(arguments, Instrument, &std::mem::take(&mut objects), "object is a means");
                } else {
                    self.add(arguments, Actor, &subject, "subject");
                }
                self.add(arguments, Recipient, &objects, "object");
            }
            Pattern::On => {
                // "Rockets were fired at the base", "fired two rockets at the base"
                let (fired, others): (Vec<_>, Vec<_>) = subject.iter().partition(|&&n| self.is_means(n));
                self.add(arguments, Instrument, &fired, "subject is a means");
                self.add(arguments, Actor, &others, "subject");
                objects.retain(|&n| self.is_means(n));
                self.add(arguments, Instrument, &objects, "object is a means");
            }
            Pattern::Reciprocal => {
                self.add(arguments, Actor, &subject, "subject");
                self.add(arguments, Recipient, &objects, "object");
            }
            Pattern::Instrument => {
                let (means_subject, others): (Vec<_>, Vec<_>) =
                    subject.iter().partition(|&&n| self.is_means(n));
                self.add(arguments, Instrument, &means_subject, "subject is a means");
                if passive || objects.is_empty() {
                    self.add(
                        arguments,
                        if passive || !self.is_actor(&others) { Recipient } else { Actor },
                        &others,
                        "subject",
                    );
                } else {
                    self.add(arguments, Actor, &others, "subject");
                    let (means_object, things): (Vec<_>, Vec<_>) =
                        objects.iter().partition(|&&n| self.is_means(n));
                    self.add(arguments, Instrument, &means_object, "object is a means");
                    self.add(arguments, Recipient, &things, "object");
                }
            }
            Pattern::Theme | Pattern::Defuse => {
                let theme = if passive { &subject } else { &objects };
                if !theme.iter().any(|&n| self.is_explosive(n)) {
                    return false;
                }
                self.add(arguments, Instrument, theme, "theme");
                if !passive && trigger.pattern == Pattern::Theme {
                    self.add(arguments, Actor, &subject, "subject");
                }
                if trigger.pattern == Pattern::Defuse {
                    frame.modality = Modality::Fact;
                    roles_from_phrases = false;
                }
            }
            Pattern::Undergoer => self.add(arguments, Recipient, &subject, "subject undergoes"),
            Pattern::UndergoerActor => self.add(arguments, Actor, &subject, "subject"),
            Pattern::Taken => {
                let theme = if passive { &subject } else { &objects };
                let things =
                    passive && theme.iter().any(|&n| self.is_thing(n) && self.nominal(n).weapon.is_some());
                if !things && !theme.iter().any(|&n| self.is_unarmed_person(n)) || chunk.modal.is_some() {
                    return false;
                }
                self.add(arguments, Recipient, theme, "persons taken");
                if !passive {
                    self.add(arguments, Actor, &subject, "subject");
                }
            }
            Pattern::Ground => {
                let theme = if passive { &subject } else { &objects };
                if !theme.iter().any(|&n| self.is_ground(n)) {
                    return false;
                }
                self.add(arguments, Recipient, theme, "ground taken");
                if !passive {
                    self.add(arguments, Actor, &subject, "subject");
                }
            }
            Pattern::Weapons => {
                let theme = if passive { &subject } else { &objects };
                if !theme.iter().any(|&n| self.nominal(n).weapon.is_some()) {
                    return false;
                }
                self.add(arguments, Recipient, theme, "things found");
                if !passive {
                    self.add(arguments, Actor, &subject, "subject");
                }
                roles_from_phrases = false;
            }
            Pattern::Motion => {
                // "fighting displaced 300 families", but "300 families fled".
                let moved = ["displac", "uproot", "evacuat"].iter().any(|stem| form.starts_with(stem));
                let movers = if moved && !passive { &objects } else { &subject };
                if !movers.iter().any(|&n| self.is_displaceable(n)) {
                    return false;
                }
                self.add(arguments, Recipient, movers, "persons who moved");
                self.add(arguments, Origin, &objects, "object is the origin");
                for phrase in &phrases {
                    match self.clause.word(phrase.preposition) {
                        "to" | "for" | "towards" | "into" => {
                            self.add(arguments, Destination, &phrase.nouns, "to-phrase")
                        }
                        "from" => self.add(arguments, Origin, &phrase.nouns, "from-phrase"),
                        _ => {}
                    }
                }
                roles_from_phrases = false;
            }
            Pattern::Hold => {
                let held =
                    objects.iter().any(|&n| self.is_ground(n) || self.chunk(n).kind == ChunkKind::Pronoun);
                if !held || !subject.iter().any(|&n| self.actor_class(n).is_some()) {
                    return false;
                }
                self.add(arguments, Actor, &subject, "subject");
                roles_from_phrases = false;
            }
            Pattern::Lost => {
                objects.retain(|&noun| self.chunk(noun).count.is_some() && self.is_fighter(noun));
                if objects.is_empty() {
                    return false;
                }
                self.add(arguments, Recipient, &objects, "one's own men");
                roles_from_phrases = false;
            }
            Pattern::Tally | Pattern::Bodies => {
                let theme = if passive { &subject } else { &objects };
                let counts = theme.iter().any(|&n| self.is_tally(n, trigger.pattern == Pattern::Tally));
                if !counts {
                    return false;
                }
                self.add(arguments, Recipient, theme, "counted");
                roles_from_phrases = false;
            }
            Pattern::Escape => {
                if !subject.iter().any(|&n| self.is_captive(n)) {
                    return false;
                }
                self.add(arguments, Recipient, &subject, "subject");
                roles_from_phrases = false;
            }
        }
        if arguments.iter().any(|argument| argument.role == Recipient) {
            self.add(arguments, ArgumentRole::Included, &parts, "of them");
        }
        // "17 people, including three children, were hurt", "four civilians (two women and two men) died"
        if let Some(&last) = subject.last()
            && arguments.iter().any(|argument| argument.role == Recipient && argument.nominal.chunk == last)
        {
            for phrase in self.clause.phrases(last).iter().filter(|phrase| self.clause.includes(phrase)) {
                self.add(arguments, ArgumentRole::Included, &phrase.nouns, "including");
            }
            self.add(
                arguments,
                ArgumentRole::Included,
                &self.clause.bracketed(last),
                "in brackets behind them",
            );
        }
        for phrase in &phrases {
            let preposition = self.clause.word(phrase.preposition);
            let own = rest.last().is_some_and(|word| word == preposition)
                && self.inside(phrase.preposition, &frame.tokens);
            if self.clause.includes(phrase) {
                self.add(arguments, ArgumentRole::Included, &phrase.nouns, "including");
            } else if own && trigger.pattern == Pattern::Transitive {
                // "set fire to four trucks"
                self.add(arguments, Recipient, &phrase.nouns, "object of the verb's preposition");
            } else if passive && preposition == "by" {
                let role = if means(&phrase.nouns) { Instrument } else { Actor };
                self.add(arguments, role, &phrase.nouns, "by-agent");
            } else if preposition == "with" && self.joined_by(phrase.preposition) {
                // "killed the mayor along with three others", "the mayor was killed together with his driver"
                self.add(arguments, Recipient, &phrase.nouns, "along with");
            } else if matches!(preposition, "with" | "using") && means(&phrase.nouns) {
                self.add(arguments, Instrument, &phrase.nouns, "with-phrase");
            } else if roles_from_phrases
                && (trigger.pattern != Pattern::Transitive || rest.last().is_some_and(|w| w == preposition))
                && trigger.recipient_prepositions.iter().any(|p| p == preposition)
                && phrase.nouns.iter().any(|&n| self.can_be_target(n))
            {
                self.add(arguments, Recipient, &phrase.nouns, "target phrase");
            }
        }
        true
    }

    /// "three clerks were fired by the army", "the army fired its spokesman": persons are dismissed, and not at a target.
    fn dismissed(&self, fired: &[ChunkId], phrases: &[Phrase]) -> bool {
        let at =
            |phrase: &Phrase| matches!(self.clause.word(phrase.preposition), "at" | "on" | "upon" | "into");
        !fired.is_empty()
            && fired.iter().all(|&noun| self.is_actor(&[noun]) && !self.is_means(noun))
            && !phrases.iter().any(at)
    }

    /// Whether a subject is a mere place that the relative clause of a verb stands behind.
    fn place_before_relative(&self, noun: ChunkId, verb: ChunkId) -> bool {
        let nominal = self.nominal(noun);
        nominal.place.is_some()
            && nominal.actor.is_none()
            && (noun + 1..verb).any(|at| matches!(self.clause.word(at), "which" | "that"))
    }

    /// "wounded 30 people, three of them seriously": a count behind a comma that is part of those before it, if no
    /// other word says what they suffered. `from` is the last object, or the verb.
    pub(super) fn parts_of_them(&self, from: ChunkId) -> Vec<ChunkId> {
        let is_part = |at: ChunkId| {
            at > 0
                && self.clause.kind(at - 1) == Some(ChunkKind::Comma)
                && self.clause.kind(at) == Some(ChunkKind::Noun)
                && self.chunk(at).count.is_some()
                && self.clause.word(at + 1) == "of"
                && matches!(self.clause.word(at + 2), "them" | "whom" | "these" | "those")
                && match self.clause.kind(at + 3) {
                    // "20 of them dead", "two of them fatally": another word says what these suffered.
                    Some(ChunkKind::Adverb) => {
                        let word = self.clause.word(at + 3);
                        !matches!(word, "fatally" | "mortally") && self.lexicon.adjective(word).is_empty()
                    }
                    // "five of them in critical condition"
                    Some(ChunkKind::Preposition) => self.clause.word(at + 3) == "in",
                    Some(ChunkKind::Stop | ChunkKind::Comma | ChunkKind::Break) | None => true,
                    _ => false,
                }
        };
        // The count itself may have been taken for a further object, or stand behind the verb's phrases.
        (from..self.clause.chunks.len())
            .take_while(|&at| at == from || self.clause.kind(at) != Some(ChunkKind::Verb))
            .filter(|&at| is_part(at))
            .collect()
    }

    /// Whether a "with" says that more suffered the same.
    fn joined_by(&self, with: ChunkId) -> bool {
        with > 0 && matches!(self.clause.word(with - 1), "along" | "together")
    }

    pub(super) fn last_of(&self, frame: &Frame) -> ChunkId {
        let last = frame.tokens.end - 1;
        self.clause.chunks.iter().position(|chunk| chunk.tokens.contains(&last)).unwrap_or(frame.chunk)
    }

    pub(super) fn inside(&self, chunk: ChunkId, tokens: &Range<TokenId>) -> bool {
        let inner = &self.chunk(chunk).tokens;
        tokens.start <= inner.start && inner.end <= tokens.end
    }
}
