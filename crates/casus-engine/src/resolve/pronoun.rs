//! Who "he" is in "he was killed": the one person that the sentence names before it, or else the sentence before.
//!
//! A victim told by a pronoun is a victim. Where the words before name one single person, that person is meant;
//! where they name two, or none, the pronoun stays nobody. Plural pronouns stay as they are: whom "they" takes in
//! is a guess, and a wrong guess would be a wrong toll.
//!
//! This module must not know which frames make an event.
//!
//! ```text
//! "An insurgent ran at the patrol. He was killed." -> killed: an insurgent
//! ```

use crate::{
    ParticipantKind,
    frame::{
        Argument, ArgumentRole, Frame, Frames, Nominal,
        chunk::{Chunk, ChunkKind, Determiner},
    },
    mention::Mentions,
    text::{Document, Tag, TokenId},
};
use std::ops::Range;

/// The grammar that put a person into the place of a pronoun, for `casus explain`.
const RULE: &str = "the one person named before the pronoun";

/// The frames with persons in the place of the pronouns that stand for them; none if there are none.
pub(super) fn resolved(document: &Document<'_>, mentions: &Mentions, frames: &Frames) -> Option<Frames> {
    let reader = Reader { document, mentions, frames };
    let role = ArgumentRole::Recipient;
    frames.changed(|frame, argument| {
        let pronoun = argument.role == role && argument.nominal.pronoun;
        let nominal = pronoun.then(|| reader.antecedent(frame, &argument.nominal))??;
        Some(Argument { role, nominal, rule: RULE })
    })
}

struct Reader<'a> {
    document: &'a Document<'a>,
    mentions: &'a Mentions,
    frames: &'a Frames,
}

impl Reader<'_> {
    /// The person that a pronoun stands for, as the noun group that names it.
    fn antecedent(&self, frame: &Frame, pronoun: &Nominal) -> Option<Nominal> {
        let word = self.document.norm(pronoun.head);
        if !matches!(word, "he" | "him" | "she" | "her") {
            return None;
        }
        let number = frame.sentence as usize;
        let own = self.persons(number, pronoun.tokens.start, frame, word);
        let persons = if own.is_empty() {
            let before = number.checked_sub(1)?;
            let sentences = &self.document.sentences;
            // A heading or the paragraph before tells of others.
            if sentences[before].block != sentences[number].block {
                return None;
            }
            self.persons(before, sentences[before].tokens.end, frame, word)
        } else {
            own
        };
        let (first, rest) = persons.split_first()?;
        let known = persons.iter().find(|person| self.actor(person.head).is_some())?;
        rest.iter().all(|other| self.same(first, other)).then(|| Nominal {
            tokens: known.tokens.clone(),
            core: known.core..known.tokens.end,
            head: known.head,
            count: known.count,
            actor: self.actor(known.head),
            weapon: None,
            place: None,
            determiner: known.determiner,
            plural: false,
            pronoun: false,
            chunk: pronoun.chunk,
        })
    }

    /// The single persons that a sentence names before a token and that a pronoun may mean: not who did it, and not
    /// who tells it.
    fn persons(&self, sentence: usize, before: TokenId, frame: &Frame, pronoun: &str) -> Vec<&Chunk> {
        let chunks = self.frames.chunks.get(sentence).map_or(&[][..], Vec::as_slice);
        let acts = |chunk: &Chunk| {
            let mut actors = frame.arguments.iter().filter(|a| a.role == ArgumentRole::Actor);
            actors.any(|actor| meets(&actor.nominal.tokens, &chunk.tokens))
        };
        let tells = |chunk: &Chunk| {
            let mut voices = self.mentions.voices.iter();
            voices.any(|voice| meets(&voice.speaker, &chunk.tokens))
        };
        let persons = chunks.iter().filter(|chunk| {
            chunk.kind == ChunkKind::Noun
                && chunk.tokens.end <= before
                && !chunk.plural
                && chunk.determiner != Determiner::Negative
                && self.is_person(chunk, pronoun)
                && !acts(chunk)
                && !tells(chunk)
        });
        persons.collect()
    }

    /// Whether a noun group names one person whom the pronoun may mean, or somebody whom nothing is known of.
    fn is_person(&self, chunk: &Chunk, pronoun: &str) -> bool {
        let Some(actor) = self.actor(chunk.head).map(|actor| &self.mentions.actors[actor]) else {
            let places = &self.mentions.places;
            let place = places.partition_point(|place| place.tokens.end <= chunk.head);
            let is_place = places.get(place).is_some_and(|place| place.tokens.contains(&chunk.head));
            return self.document.tokens[chunk.head as usize].tag == Tag::Proper && !is_place;
        };
        let woman = actor.attributes.iter().any(|attribute| attribute == "women");
        let man = matches!(
            self.document.norm(chunk.head),
            "man" | "boy" | "husband" | "father" | "son" | "brother"
        );
        let she = matches!(pronoun, "she" | "her");
        actor.kind == ParticipantKind::Person && !actor.plural && if she { !man } else { !woman }
    }

    /// Whether two noun groups name the same person: by restating it, or in the same words.
    fn same(&self, first: &Chunk, other: &Chunk) -> bool {
        let restates = |a: &Chunk, b: &Chunk| {
            let (Some(a), Some(b)) = (self.actor(a.head), self.actor(b.head)) else { return false };
            a == b || self.mentions.actors[a].same_as == Some(b as u32)
        };
        let words = |chunk: &Chunk| self.document.words(&(chunk.core..chunk.tokens.end)).to_lowercase();
        // "Karim, a farmer"
        let apposed =
            other.tokens.start == first.tokens.end + 1 && self.document.norm(first.tokens.end) == ",";
        apposed || restates(first, other) || restates(other, first) || words(first) == words(other)
    }

    /// The actor mention that holds a token.
    fn actor(&self, token: TokenId) -> Option<usize> {
        let actors = &self.mentions.actors;
        let at = actors.partition_point(|actor| actor.tokens.end <= token);
        actors.get(at).filter(|actor| actor.tokens.contains(&token)).map(|_| at)
    }
}

fn meets(a: &Range<TokenId>, b: &Range<TokenId>) -> bool {
    a.start < b.end && b.start < a.end
}
