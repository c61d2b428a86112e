//! Finds triggers and puts noun groups into roles: who did what to whom, clause by clause.
//!
//! A frame is one trigger with its arguments, as the grammar of its clause gives them. Values are not
//! decided here: whether a frame is an event, and which frames are the same event, is for `resolve`.
//!
//! This module must not know what other sentences say.

use crate::{
    Error, Function, PlaceKind, PlaceRelation, Resources,
    mention::{
        Mentions,
        count::CountKind,
        place::{PlaceMention, Use},
    },
    text::{Document, TokenId},
};
use std::ops::Range;

pub mod chunk;
mod clause;
pub mod lexicon;

use chunk::{Chunk, ChunkId, ChunkKind, Cover, Determiner, Voice};
use clause::Clause;
pub use lexicon::{Kind, Lexicon, NounRole, Pattern, TriggerId};

/// What the frame stage looks up.
#[derive(Debug)]
pub struct Data {
    pub(crate) lexicon: Lexicon,
}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Ok(Data { lexicon: Lexicon::embedded()? })
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
#[derive(Debug, Default)]
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
        }
        frames.chunks.push(chunks);
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

const ATTEMPT: &[&str] =
    &["tried", "try", "tries", "trying", "attempted", "attempts", "attempting", "sought", "failed"];
const PLAN: &[&str] = &[
    "planned",
    "plan",
    "plans",
    "planning",
    "preparing",
    "prepared",
    "plotted",
    "plotting",
    "intended",
    "intend",
    "intends",
    "conspired",
    "conspiring",
    "want",
    "wanted",
    "wants",
    "decided",
    "prepare",
];
const THREAT: &[&str] = &["threatened", "threaten", "threatens", "threatening", "vowed", "warned", "pledged"];
const FOIL: &[&str] = &[
    "foiled",
    "thwarted",
    "prevented",
    "prevent",
    "foil",
    "thwart",
    "averted",
    "avert",
    "stopped",
    "frustrated",
    "avoid",
    "stop",
    "preventing",
    "avoiding",
    "halt",
    "end",
    "cease",
];
const DENY: &[&str] = &["denied", "deny", "denies", "denying", "rejected"];
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
    fn find(&self, frames: &mut Vec<Frame>) {
        let first = frames.len();
        for at in 0..self.clause.chunks.len() {
            match self.clause.chunks[at].kind {
                ChunkKind::Verb => self.verb(at, frames),
                ChunkKind::Noun => self.noun(at, frames),
                ChunkKind::Adjective | ChunkKind::Adverb | ChunkKind::Other => self.adjective(at, frames),
                _ => {}
            }
        }
        frames[first..].sort_by_key(|frame| (frame.tokens.start, frame.tokens.end));
    }

    /// Unknown names in a place's role become sites.
    fn sites(&self, frame: &mut Frame, sites: &mut Vec<PlaceMention>) {
        let trigger = self.lexicon.trigger(frame.trigger);
        let from_afar = matches!(trigger.family, crate::Family::AirStrike | crate::Family::Shelling)
            || trigger.id == "attack";
        for argument in &mut frame.arguments {
            let function = match argument.role {
                ArgumentRole::Origin => Function::Origin,
                ArgumentRole::Destination => Function::Destination,
                ArgumentRole::Recipient if from_afar && argument.rule == "target phrase" => Function::Site,
                _ => continue,
            };
            let nominal = &mut argument.nominal;
            if nominal.place.is_some() {
                continue;
            }
            let road = matches!(self.document.norm(nominal.head), "road" | "highway" | "route");
            if let Some(hyphen) = nominal.core.clone().find(|&t| road && self.document.norm(t) == "-") {
                let ends = [
                    (nominal.core.start..hyphen, Function::EndA),
                    (hyphen + 1..nominal.head, Function::EndB),
                ];
                for (tokens, function) in ends.into_iter().filter(|(tokens, _)| !tokens.is_empty()) {
                    sites.push(self.site(tokens, nominal.core.clone(), function, PlaceRelation::Along));
                }
                nominal.place = Some(self.mentions.places.len() + sites.len() - 1);
                continue;
            }
            let proper = matches!(
                self.document.tokens[nominal.head as usize].tag,
                crate::text::Tag::Proper | crate::text::Tag::ProperPlural
            );
            if !proper || nominal.actor.is_some() || nominal.count.is_some() || nominal.weapon.is_some() {
                continue;
            }
            sites.push(self.site(nominal.core.clone(), nominal.core.clone(), function, PlaceRelation::At));
            nominal.place = Some(self.mentions.places.len() + sites.len() - 1);
        }
    }

    /// "the post at Hadda": a name behind "at", "near" or "outside" that no other mention claims.
    fn sites_beside(&self, frame: &Frame, sites: &mut Vec<PlaceMention>) {
        for phrase in self.clause.phrases(frame.chunk) {
            let relation = match self.clause.word(phrase.preposition) {
                "at" => PlaceRelation::At,
                "near" | "outside" => PlaceRelation::Near,
                _ => continue,
            };
            for noun in phrase.nouns {
                let nominal = self.nominal(noun);
                let name = nominal.core.clone().all(|t| {
                    let token = &self.document.tokens[t as usize];
                    token.tag == crate::text::Tag::Proper && token.shape == crate::text::Shape::Title
                });
                let claimed = nominal.core.clone().any(|t| {
                    let t = t as usize;
                    self.index.actor[t].is_some()
                        || self.index.place[t].is_some()
                        || self.index.weapon[t].is_some()
                });
                let known = sites.iter().rev().take(8).any(|site| site.tokens == nominal.core)
                    || self.index.named[nominal.head as usize];
                if name && !claimed && !known && nominal.count.is_none() {
                    sites.push(self.site(nominal.core.clone(), nominal.core, Function::Site, relation));
                }
            }
        }
    }

    fn site(
        &self,
        tokens: Range<TokenId>,
        stated: Range<TokenId>,
        function: Function,
        relation: PlaceRelation,
    ) -> PlaceMention {
        PlaceMention {
            span: self.document.span(&tokens),
            tokens,
            stated,
            usage: Use::Place,
            relation,
            function,
            distance_km: None,
            bearing: None,
            kind: PlaceKind::Unknown,
            within: Vec::new(),
            detail: None,
            candidates: Vec::new(),
            admin: [None, None],
            confidence: 0.3,
        }
    }

    fn chunk(&self, at: ChunkId) -> &Chunk {
        &self.clause.chunks[at]
    }

    /// The nominal of a chunk, described by the mentions at its head.
    fn nominal(&self, at: ChunkId) -> Nominal {
        let chunk = self.chunk(at);
        let at_head =
            |list: &[Option<u32>]| list.get(chunk.head as usize).copied().flatten().map(|i| i as usize);
        Nominal {
            tokens: chunk.tokens.clone(),
            core: chunk.core..chunk.tokens.end,
            head: chunk.head,
            count: chunk.count,
            actor: at_head(&self.index.actor),
            weapon: at_head(&self.index.weapon),
            place: at_head(&self.index.place),
            determiner: chunk.determiner,
            plural: chunk.plural,
            pronoun: chunk.kind == ChunkKind::Pronoun,
            chunk: at,
        }
    }

    fn add(&self, arguments: &mut Vec<Argument>, role: ArgumentRole, nouns: &[ChunkId], rule: &'static str) {
        for &noun in nouns {
            let nominal = self.nominal(noun);
            if arguments.iter().any(|a| a.nominal.chunk == noun) {
                continue;
            }
            arguments.push(Argument { role, nominal, rule });
            if !matches!(role, ArgumentRole::Apposition | ArgumentRole::Included) {
                self.add(arguments, ArgumentRole::Apposition, &self.clause.appositions(noun), "apposition");
            }
        }
    }

    // ---- verbs

    fn verb(&self, at: ChunkId, frames: &mut Vec<Frame>) {
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
    fn verb_tokens(&self, at: ChunkId, rest: &[String]) -> Option<Range<TokenId>> {
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
        let behind = self.chunk(object).tokens.end;
        matches_at(behind).then_some(head..head + 1)
    }

    fn verb_modality(&self, at: ChunkId) -> Modality {
        let chunk = self.chunk(at);
        if chunk.negated {
            return Modality::Negated;
        }
        if let Some(modal) = chunk.modal {
            let word = self.document.norm(modal);
            if matches!(
                word,
                "would" | "could" | "should" | "may" | "might" | "can" | "must" | "cannot" | "ca"
            ) && !chunk.perfect
                || matches!(word, "will" | "shall" | "'ll" | "wo")
            {
                return if matches!(word, "will" | "shall" | "'ll") {
                    Modality::Planned
                } else {
                    Modality::Hypothetical
                };
            }
            if matches!(word, "would" | "could" | "might") && chunk.perfect {
                return Modality::Hypothetical;
            }
        }
        let governor = self.governor(at);
        if matches!(chunk.voice, Voice::Infinitive | Voice::Ing) {
            if let Some(word) = governor {
                if ATTEMPT.contains(&word) {
                    return Modality::Attempted;
                }
                if PLAN.contains(&word) {
                    return Modality::Planned;
                }
                if THREAT.contains(&word) {
                    return Modality::Threatened;
                }
                if FOIL.contains(&word) {
                    return Modality::Foiled;
                }
                if DENY.contains(&word) {
                    return Modality::Denied;
                }
            }
            if chunk.voice == Voice::Infinitive {
                // "used a bomb to kill two": purpose of a thing done; "agreed to free": only intended.
                return match governor {
                    Some(
                        "used" | "managed" | "began" | "continued" | "started" | "resumed" | "went"
                        | "proceeded" | "returned" | "came",
                    ) => Modality::Fact,
                    _ => Modality::Hypothetical,
                };
            }
        }
        if self.conditional(at) {
            return Modality::Hypothetical;
        }
        if self.denied(at) {
            return Modality::Denied;
        }
        Modality::Fact
    }

    /// The verb or noun that governs an infinitive or gerund: the nearest word before it that is no adverb.
    fn governor(&self, at: ChunkId) -> Option<&str> {
        let mut i = at;
        let mut steps = 0;
        while i > 0 && steps < 4 {
            i -= 1;
            steps += 1;
            match self.chunk(i).kind {
                ChunkKind::Adverb | ChunkKind::Time | ChunkKind::Conjunction | ChunkKind::Quote => {}
                ChunkKind::Preposition | ChunkKind::Comma => {}
                ChunkKind::Verb => return Some(self.document.norm(self.chunk(i).head)),
                ChunkKind::Noun => {
                    let word = self.document.norm(self.chunk(i).head);
                    if matches!(
                        word,
                        "plan"
                            | "plans"
                            | "plot"
                            | "threat"
                            | "threats"
                            | "attempt"
                            | "attempts"
                            | "intention"
                            | "order"
                            | "orders"
                    ) {
                        return Some(word);
                    }
                }
                _ => return None,
            }
        }
        None
    }

    fn conditional(&self, at: ChunkId) -> bool {
        (0..at)
            .rev()
            .take_while(|&i| !matches!(self.chunk(i).kind, ChunkKind::Break | ChunkKind::Stop))
            .take(6)
            .any(|i| {
                self.chunk(i).kind == ChunkKind::Subordinator
                    && matches!(self.clause.word(i), "if" | "unless" | "whether")
            })
    }

    /// "denied that guerrillas attacked": a verb of denial governs the clause.
    fn denied(&self, at: ChunkId) -> bool {
        let mut i = at;
        while i > 0 {
            i -= 1;
            match self.chunk(i).kind {
                ChunkKind::Break | ChunkKind::Stop => return false,
                ChunkKind::Subordinator if self.clause.word(i) == "that" => {
                    return (0..i).rev().take(4).any(|j| {
                        self.chunk(j).kind == ChunkKind::Verb
                            && DENY.contains(&self.document.norm(self.chunk(j).head))
                    });
                }
                _ => {}
            }
        }
        false
    }

    fn verb_arguments(
        &self,
        at: ChunkId,
        trigger: &lexicon::Trigger,
        rest: &[String],
        frame: &mut Frame,
    ) -> bool {
        let chunk = self.chunk(at);
        let passive = match chunk.voice {
            Voice::Passive => true,
            Voice::BareParticiple if self.clause.objects(at).is_empty() => true,
            _ => self.clause.goes_on_passive(at),
        };
        let subject = self.clause.subject(at);
        let mut objects = if passive { Vec::new() } else { self.clause.objects(at) };
        // "opened fire", "lost their lives": the words of the trigger are not its object.
        objects.retain(|&o| !self.inside(o, &frame.tokens) || rest.is_empty());
        let from = objects.last().copied().unwrap_or(at);
        let phrases = self.clause.phrases(from.min(self.last_of(frame)));
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
                } else {
                    self.add(arguments, Actor, &subject, "subject");
                }
                self.add(arguments, Recipient, &objects, "object");
            }
            Pattern::On => self.add(arguments, Actor, &subject, "subject"),
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
                let moved = ["displac", "uproot", "evacuat"]
                    .iter()
                    .any(|stem| self.document.norm(chunk.head).starts_with(stem));
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
        for phrase in &phrases {
            let preposition = self.clause.word(phrase.preposition);
            if preposition == "including" {
                self.add(arguments, ArgumentRole::Included, &phrase.nouns, "including");
            } else if passive && preposition == "by" {
                let role = if means(&phrase.nouns) { Instrument } else { Actor };
                self.add(arguments, role, &phrase.nouns, "by-agent");
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

    fn last_of(&self, frame: &Frame) -> ChunkId {
        let last = frame.tokens.end - 1;
        self.clause.chunks.iter().position(|chunk| chunk.tokens.contains(&last)).unwrap_or(frame.chunk)
    }

    fn inside(&self, chunk: ChunkId, tokens: &Range<TokenId>) -> bool {
        let inner = &self.chunk(chunk).tokens;
        tokens.start <= inner.start && inner.end <= tokens.end
    }

    // ---- nouns

    fn noun(&self, at: ChunkId, frames: &mut Vec<Frame>) {
        let chunk = self.chunk(at);
        // The head of "attack" in "rocket attack", "two bombing attacks".
        let form = self.document.norm(chunk.head);
        for entry in self.lexicon.noun(form) {
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

    fn norm_before(&self, token: TokenId) -> &str {
        self.document.norm(token.saturating_sub(1))
    }

    /// "a march turned violent": the protest happened, and a riot grew from it.
    fn turns_violent(&self, at: ChunkId, frame: &mut Frame) -> Option<Frame> {
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
    fn repeated(&self, at: ChunkId, trigger: &lexicon::Trigger, frame: &mut Frame) -> Option<Frame> {
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

    fn noun_modality(&self, at: ChunkId) -> Modality {
        if self.conditional(at) {
            return Modality::Hypothetical;
        }
        // "an attempt on", "plans for attacks", "to prevent attacks", "threatened attacks"
        let mut i = at;
        let mut steps = 0;
        while i > 0 && steps < 4 {
            i -= 1;
            steps += 1;
            let word = match self.chunk(i).kind {
                ChunkKind::Verb | ChunkKind::Noun => self.document.norm(self.chunk(i).head),
                ChunkKind::Preposition | ChunkKind::Adverb | ChunkKind::Quote | ChunkKind::Conjunction => {
                    continue;
                }
                _ => break,
            };
            let verb = self.chunk(i).kind == ChunkKind::Verb;
            if DENY.contains(&word) && verb {
                return Modality::Denied;
            }
            if FOIL.contains(&word) && verb {
                return if self.chunk(i).voice == Voice::Infinitive {
                    Modality::Hypothetical
                } else {
                    Modality::Foiled
                };
            }
            if (PLAN.contains(&word) || matches!(word, "plot" | "plots")) && steps <= 2 {
                return Modality::Planned;
            }
            if THREAT.contains(&word) && verb || matches!(word, "threat" | "threats") {
                return Modality::Threatened;
            }
            if matches!(word, "attempt" | "attempts") || ATTEMPT.contains(&word) && verb {
                return Modality::Attempted;
            }
            if verb {
                let modality = self.verb_modality(i);
                return match modality {
                    Modality::Hypothetical
                    | Modality::Negated
                    | Modality::Planned
                    | Modality::Threatened
                    | Modality::Attempted => modality,
                    _ => Modality::Fact,
                };
            }
            break;
        }
        if self.document.norm(self.chunk(at).core) == "attempted" {
            return Modality::Attempted;
        }
        Modality::Fact
    }

    fn noun_arguments(&self, at: ChunkId, trigger: &lexicon::Trigger, frame: &mut Frame) {
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
                    tokens: mention.tokens.clone(),
                    core: mention.tokens.clone(),
                    head: mention.head,
                    count: None,
                    actor: Some(actor as usize),
                    weapon: None,
                    place: None,
                    determiner: Determiner::None,
                    plural: mention.plural,
                    pronoun: false,
                    chunk: at,
                };
                frame.arguments.push(Argument {
                    role,
                    nominal,
                    rule: if owner { "owner" } else { "word before the noun" },
                });
            }
        }
        let arguments = &mut frame.arguments;
        let mut seen_of = false;
        for phrase in self.clause.phrases(at) {
            let preposition = self.clause.word(phrase.preposition);
            let means = phrase.nouns.iter().any(|&n| self.is_means(n));
            if preposition == "of" && !seen_of {
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
            } else if preposition == "including" {
                self.add(arguments, ArgumentRole::Included, &phrase.nouns, "including");
            } else if preposition == "with" && means {
                self.add(arguments, Instrument, &phrase.nouns, "with-phrase");
            } else if trigger.recipient_prepositions.iter().any(|p| p == preposition)
                && phrase.nouns.iter().any(|&n| {
                    if trigger.pattern == Pattern::Tally {
                        self.is_tally(n, true)
                    } else {
                        self.can_be_target(n)
                    }
                })
            {
                self.add(arguments, Recipient, &phrase.nouns, "target phrase");
            }
        }
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

    /// "27 dead", "14 people wounded": a count or noun with a word that names the effect.
    fn counted_state(&self, at: ChunkId, frames: &mut Vec<Frame>) {
        let chunk = self.chunk(at);
        // The state word may be the head itself: "27 dead", "the wounded".
        let form = self.document.norm(chunk.head);
        let Some(entry) = self.lexicon.adjective(form).first() else { return };
        if chunk.count.is_none() && chunk.determiner != Determiner::Negative && !chunk.plural {
            return;
        }
        let mut nominal = self.nominal(at);
        nominal.plural = true;
        frames.push(self.state_frame(at, chunk.head, entry.trigger, nominal));
    }

    fn adjective(&self, at: ChunkId, frames: &mut Vec<Frame>) {
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

    fn copula(&self, verb: TokenId) -> bool {
        matches!(
            self.document.norm(verb),
            "is" | "are" | "was" | "were" | "be" | "been" | "lay" | "lie" | "lies" | "remained"
        )
    }

    fn state_frame(&self, at: ChunkId, head: TokenId, trigger: TriggerId, nominal: Nominal) -> Frame {
        let negated = nominal.determiner == Determiner::Negative;
        let mut arguments = vec![Argument { role: ArgumentRole::Recipient, nominal, rule: "counted state" }];
        for phrase in self.clause.phrases(at) {
            if self.clause.word(phrase.preposition) == "including" {
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

    // ---- what a noun group can be

    fn is_means(&self, at: ChunkId) -> bool {
        let nominal = self.nominal(at);
        nominal.weapon.is_some_and(|w| self.mentions.weapons[w].weapon.is_some()) || {
            // "the explosion killed four", "the blast": an action as subject is a means too.
            let entries = self.lexicon.noun(self.document.norm(nominal.head));
            nominal.actor.is_none()
                && entries
                    .iter()
                    .any(|e| e.rest.is_empty() && self.lexicon.trigger(e.trigger).kind != Kind::Effect)
        }
    }

    fn is_thing(&self, at: ChunkId) -> bool {
        use crate::ParticipantKind::{Facility, Infrastructure, Vehicle};
        let nominal = self.nominal(at);
        match nominal.actor {
            Some(actor) => matches!(self.mentions.actors[actor].kind, Facility | Infrastructure | Vehicle),
            None => nominal.weapon.is_some_and(|w| self.mentions.weapons[w].item.is_some()),
        }
    }

    fn is_explosive(&self, at: ChunkId) -> bool {
        self.nominal(at).weapon.is_some_and(|w| {
            self.mentions.weapons[w].weapon.as_deref().is_some_and(|code| {
                matches!(
                    code,
                    "bomb"
                        | "vehicle_bomb"
                        | "ied"
                        | "landmine"
                        | "dynamite"
                        | "explosive"
                        | "grenade"
                        | "letter_bomb"
                        | "suicide_vest"
                        | "incendiary"
                        | "rocket"
                        | "mortar"
                        | "aerial_bomb"
                        | "missile"
                )
            })
        })
    }

    fn actor_class(&self, at: ChunkId) -> Option<&str> {
        self.nominal(at).actor.map(|a| self.mentions.actors[a].class.as_str())
    }

    fn is_actor(&self, nouns: &[ChunkId]) -> bool {
        nouns.iter().any(|&n| {
            self.chunk(n).kind == ChunkKind::Pronoun
                || self.nominal(n).actor.is_some_and(|a| {
                    use crate::ParticipantKind::{Group, Person};
                    matches!(self.mentions.actors[a].kind, Group | Person)
                })
        })
    }

    fn is_captive(&self, at: ChunkId) -> bool {
        let word = self.document.norm(self.chunk(at).head);
        matches!(
            word,
            "prisoner"
                | "prisoners"
                | "inmate"
                | "inmates"
                | "hostage"
                | "hostages"
                | "captive"
                | "captives"
                | "detainee"
                | "detainees"
                | "convicts"
        )
    }

    /// A count of bodies, or (where the verb counts) a bare number.
    fn is_tally(&self, at: ChunkId, bare: bool) -> bool {
        let chunk = self.chunk(at);
        chunk.count.is_some_and(|c| {
            let count = &self.mentions.counts[c];
            count.unit == crate::Unit::Bodies || bare && chunk.tokens.end == count.tokens.end
        })
    }

    fn is_unarmed_person(&self, at: ChunkId) -> bool {
        use crate::ParticipantKind::{Group, Person, Population};
        self.nominal(at).actor.is_some_and(|a| {
            let actor = &self.mentions.actors[a];
            matches!(actor.kind, Group | Person | Population) && actor.class != "unknown"
        })
    }

    fn is_displaceable(&self, at: ChunkId) -> bool {
        let chunk = self.chunk(at);
        let unit = chunk.count.map(|c| self.mentions.counts[c].unit);
        let word = self.document.norm(chunk.head);
        matches!(unit, Some(crate::Unit::Households | crate::Unit::Families))
            || matches!(
                word,
                "households"
                    | "families"
                    | "residents"
                    | "villagers"
                    | "people"
                    | "civilians"
                    | "inhabitants"
                    | "persons"
                    | "refugees"
                    | "population"
            ) && (chunk.count.is_some() || chunk.plural)
            || self.actor_class(at) == Some("civilians") && chunk.count.is_some()
    }

    fn is_ground(&self, at: ChunkId) -> bool {
        let nominal = self.nominal(at);
        let word = self.document.norm(nominal.head);
        nominal.place.is_some()
            || matches!(
                word,
                "town"
                    | "city"
                    | "village"
                    | "hill"
                    | "base"
                    | "post"
                    | "outpost"
                    | "barracks"
                    | "camp"
                    | "airport"
                    | "bridge"
                    | "positions"
                    | "position"
                    | "checkpoint"
                    | "villages"
                    | "towns"
                    | "building"
                    | "station"
                    | "embassy"
                    | "district"
                    | "area"
                    | "territory"
                    | "headquarters"
                    | "hills"
                    | "posts"
            )
    }

    fn can_be_target(&self, at: ChunkId) -> bool {
        let nominal = self.nominal(at);
        nominal.actor.is_some()
            || nominal.place.is_none()
                && nominal.weapon.is_none_or(|w| self.mentions.weapons[w].item.is_some())
    }
}
