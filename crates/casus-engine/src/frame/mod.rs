//! Finds triggers and puts noun groups into roles: who did what to whom, clause by clause.
//!
//! A frame is one trigger with its arguments, as the grammar of its clause gives them. Values are not
//! decided here: whether a frame is an event, and which frames are the same event, is for `resolve`.
//!
//! This module must not know what other sentences say.

use crate::{
    Error, Resources,
    choice::Choice,
    mention::{
        Mentions,
        place::{PlaceMention, Use},
    },
    text::{Document, TokenId},
};
use std::{ops::Range, sync::OnceLock};

pub mod chunk;
mod clause;
mod kinds;
pub mod lexicon;
mod modality;
mod noun;
pub mod parts;
pub mod politics;
pub mod preference;
mod sites;
mod state;
mod verb;
mod words;

#[cfg(test)]
mod tests;

use chunk::{Chunk, ChunkId, ChunkKind, Cover, Determiner};
use clause::Clause;
pub use lexicon::{Kind, Lexicon, NounRole, Pattern, TriggerId, Word, WordKind};

/// What the frame stage looks up.
#[derive(Debug)]
pub struct Data {
    pub(crate) lexicon: Lexicon,
    politics: OnceLock<politics::lexicon::Lexicon>,
    words: OnceLock<words::Words>,
    /// Roles that a user's corrections prefer.
    roles: Choice,
}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Ok(Data {
            lexicon: Lexicon::embedded()?,
            politics: OnceLock::new(),
            words: OnceLock::new(),
            roles: Choice::default(),
        })
    }

    /// The built-in data with the words and the roles that a user's corrections taught.
    pub(crate) fn with(words: &[Word], roles: Choice) -> Result<Data, Error> {
        Ok(Data { lexicon: Lexicon::with(words)?, roles, ..Data::embedded()? })
    }

    /// The words of politics, which only `--scope all` reads: opened when first asked for. A pack without them
    /// has none.
    pub(crate) fn politics(&self) -> &politics::lexicon::Lexicon {
        self.politics.get_or_init(|| politics::lexicon::Lexicon::embedded().unwrap_or_default())
    }
}

/// A noun group in a role.
#[derive(Debug, Clone, PartialEq)]
pub struct Nominal {
    /// The whole group with determiner and count.
    pub tokens: Range<TokenId>,
    /// The group without determiner and count.
    pub core: Range<TokenId>,
    /// The head.
    pub head: TokenId,
    /// Index of the count that belongs to it.
    pub count: Option<usize>,
    /// Index of the actor mention at its head.
    pub actor: Option<usize>,
    /// Index of the weapon mention at its head.
    pub weapon: Option<usize>,
    /// Index of the place mention that it is, used as a place.
    pub place: Option<usize>,
    /// How determined.
    pub determiner: Determiner,
    /// Whether plural.
    pub plural: bool,
    /// he, they, who without antecedent …
    pub pronoun: bool,
    /// The chunk, within its sentence.
    pub chunk: ChunkId,
}

impl Nominal {
    /// A mention inside the noun group of a chunk, which nothing counts or determines.
    fn inside(tokens: Range<TokenId>, head: TokenId, chunk: ChunkId) -> Nominal {
        Nominal {
            core: tokens.clone(),
            tokens,
            head,
            count: None,
            actor: None,
            weapon: None,
            place: None,
            determiner: Determiner::None,
            plural: false,
            pronoun: false,
            chunk,
        }
    }
}

/// What an argument is to its trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum ArgumentRole {
    Actor,
    Recipient,
    Instrument,
    /// Further names and descriptions of the argument before it.
    Apposition,
    /// "including three children": part of the recipient before it.
    Included,
    Origin,
    Destination,
}

/// An argument of a frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// Its role.
    pub role: ArgumentRole,
    /// The noun group.
    pub nominal: Nominal,
    /// The grammar that put it there, for `casus explain`.
    pub rule: &'static str,
}

/// How the words put the action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Modality {
    Fact,
    Negated,
    Attempted,
    Planned,
    Threatened,
    /// "could attack", "if they attack", "to prevent attacks"
    Hypothetical,
    Denied,
    Foiled,
}

/// A trigger and its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The trigger.
    pub trigger: TriggerId,
    /// Tokens that name the action.
    pub tokens: Range<TokenId>,
    /// Head of the trigger.
    pub head: TokenId,
    /// Index of the sentence.
    pub sentence: u32,
    /// Chunk of the trigger, within its sentence.
    pub chunk: ChunkId,
    /// Whether the trigger is a noun.
    pub nominal: bool,
    /// Nouns: how determined; "the attack" points back.
    pub determiner: Determiner,
    /// Nouns: whether plural.
    pub plural: bool,
    /// Nouns: how many ("six strikes", "11 incidents").
    pub count: Option<usize>,
    /// The word is too common to make an event alone.
    pub weak: bool,
    /// How the words put the action.
    pub modality: Modality,
    /// Arguments in text order of discovery.
    pub arguments: Vec<Argument>,
    /// The grammar that read it, for `casus explain`.
    pub rule: &'static str,
}

/// All frames of a document, with the chunks they were read from.
#[derive(Debug, Clone, Default)]
pub struct Frames {
    /// Frames in text order.
    pub frames: Vec<Frame>,
    /// Chunks of each sentence.
    pub chunks: Vec<Vec<Chunk>>,
    /// Names that no gazetteer holds, put in a place's role by their clause ("strikes on Tarna"). They go on behind the
    /// list of place mentions: see [`Frames::place`].
    pub sites: Vec<PlaceMention>,
}

impl Frames {
    /// A copy with other arguments where `change` gives one; none if it gives none.
    pub(crate) fn changed(&self, change: impl Fn(&Frame, &Argument) -> Option<Argument>) -> Option<Frames> {
        let mut found = Vec::new();
        for (at, frame) in self.frames.iter().enumerate() {
            for (place, argument) in frame.arguments.iter().enumerate() {
                found.extend(change(frame, argument).map(|changed| (at, place, changed)));
            }
        }
        let mut frames = (!found.is_empty()).then(|| self.clone())?;
        for (at, place, changed) in found {
            frames.frames[at].arguments[place] = changed;
        }
        Some(frames)
    }

    /// The frames of one sentence: they stand in text order.
    pub fn of_sentence(&self, sentence: u32) -> &[Frame] {
        let first = self.frames.partition_point(|frame| frame.sentence < sentence);
        let behind = self.frames.partition_point(|frame| frame.sentence <= sentence);
        &self.frames[first..behind]
    }

    /// A place by its number: one of the mentions', or behind them one of the sites.
    pub fn place<'a>(&'a self, mentions: &'a Mentions, index: usize) -> &'a PlaceMention {
        mentions.places.get(index).unwrap_or_else(|| &self.sites[index - mentions.places.len()])
    }
}

/// Finds all frames.
pub fn find(resources: &Resources, document: &Document<'_>, mentions: &Mentions) -> Frames {
    let cover = Cover::new(document, mentions);
    let index = Index::new(document, mentions);
    let mut frames = Frames::default();
    for (number, sentence) in document.sentences.iter().enumerate() {
        let chunks = chunk::chunk(document, mentions, &cover, sentence);
        let finder = Finder {
            lexicon: &resources.frame.lexicon,
            document,
            mentions,
            index: &index,
            clause: Clause { document, chunks: &chunks },
            sentence: number as u32,
        };
        let first = frames.frames.len();
        finder.find(&mut frames.frames);
        for frame in &mut frames.frames[first..] {
            finder.sites(frame, &mut frames.sites);
            finder.sites_beside(frame, &mut frames.sites);
            preference::apply(&resources.frame.roles, finder.lexicon, mentions, frame);
        }
        frames.chunks.push(chunks);
    }
    if document.language.is_some_and(|language| language != "en") {
        let data = &resources.frame;
        let words = data.words.get_or_init(|| words::Words::embedded(data).unwrap_or_default());
        words.find(document, mentions, &mut frames);
    }
    frames
}

/// For every token the actor, weapon and place mention that it is the head of or lies in.
struct Index {
    actor: Vec<Option<u32>>,
    weapon: Vec<Option<u32>>,
    place: Vec<Option<u32>>,
    /// Whether a place name of any use covers the token.
    named: Vec<bool>,
}

impl Index {
    fn new(document: &Document<'_>, mentions: &Mentions) -> Index {
        let none = || vec![None; document.tokens.len()];
        let mut index =
            Index { actor: none(), weapon: none(), place: none(), named: vec![false; document.tokens.len()] };
        for (number, actor) in mentions.actors.iter().enumerate() {
            for token in actor.tokens.clone() {
                index.actor[token as usize] = Some(number as u32);
            }
        }
        for (number, weapon) in mentions.weapons.iter().enumerate() {
            for token in weapon.tokens.clone() {
                index.weapon[token as usize] = Some(number as u32);
            }
        }
        for (number, place) in mentions.places.iter().enumerate() {
            for token in place.tokens.clone() {
                index.named[token as usize] = true;
            }
            if place.usage == Use::Place {
                for token in place.tokens.clone() {
                    index.place[token as usize] = Some(number as u32);
                }
            }
        }
        index
    }
}

struct Finder<'a> {
    lexicon: &'a Lexicon,
    document: &'a Document<'a>,
    mentions: &'a Mentions,
    index: &'a Index,
    clause: Clause<'a>,
    sentence: u32,
}

impl Finder<'_> {
    fn find(&self, frames: &mut Vec<Frame>) {
        let first = frames.len();
        for at in 0..self.clause.chunks.len() {
            match self.clause.chunks[at].kind {
                ChunkKind::Verb => {
                    self.verb(at, frames);
                    self.parts(at, frames);
                }
                ChunkKind::Noun => self.noun(at, frames),
                ChunkKind::Adjective | ChunkKind::Adverb | ChunkKind::Other => self.adjective(at, frames),
                _ => {}
            }
        }
        frames[first..].sort_by_key(|frame| (frame.tokens.start, frame.tokens.end));
    }

    fn chunk(&self, at: ChunkId) -> &Chunk {
        &self.clause.chunks[at]
    }

    /// The nominal of a chunk, described by the mentions at its head.
    fn nominal(&self, at: ChunkId) -> Nominal {
        let chunk = self.chunk(at);
        let noun = self.counted_noun(at).map_or(chunk, |noun| self.chunk(noun));
        let at_head =
            |list: &[Option<u32>]| list.get(noun.head as usize).copied().flatten().map(|i| i as usize);
        Nominal {
            tokens: chunk.tokens.start..noun.tokens.end,
            core: noun.core..noun.tokens.end,
            head: noun.head,
            count: chunk.count,
            actor: at_head(&self.index.actor),
            weapon: at_head(&self.index.weapon),
            place: at_head(&self.index.place),
            determiner: chunk.determiner,
            plural: chunk.plural || noun.plural,
            pronoun: chunk.kind == ChunkKind::Pronoun,
            chunk: at,
        }
    }

    /// "thousands of students", "two of the four soldiers", "14 of 18 drones": the noun that a bare count counts.
    fn counted_noun(&self, at: ChunkId) -> Option<ChunkId> {
        let chunk = self.chunk(at);
        let bare = chunk.count.is_some_and(|c| self.mentions.counts[c].tokens.end == chunk.tokens.end);
        let noun = at + 2;
        (bare && self.clause.word(at + 1) == "of" && self.clause.kind(noun) == Some(ChunkKind::Noun))
            .then_some(noun)
    }

    fn add(&self, arguments: &mut Vec<Argument>, role: ArgumentRole, nouns: &[ChunkId], rule: &'static str) {
        for &noun in nouns {
            let nominal = self.nominal(noun);
            if arguments.iter().any(|a| a.nominal.chunk == noun) {
                continue;
            }
            arguments.push(Argument { role, nominal, rule });
            if role != ArgumentRole::Apposition {
                self.add(arguments, ArgumentRole::Apposition, &self.clause.appositions(noun), "apposition");
            }
        }
    }
}
