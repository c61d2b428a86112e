//! What the rules know of a candidate, as numbered signs beside the model's own states: its place in the grammar of a
//! trigger, the class of its actor, what its sentence and those beside it tell, how often it is said.
//!
//! The model decides what a sign is worth; this module must not know.
//!
//! In "Gunmen killed the mayor." `the mayor` is a whole noun group, definite, recipient of an attack told as fact.

use crate::{
    Date, Family, ParticipantKind,
    frame::{
        Argument, ArgumentRole, Frame, Frames, Modality, chunk::ChunkKind, chunk::Determiner,
        lexicon::Lexicon,
    },
    mention::{Mentions, place::Use},
    text::{Document, TokenId},
};
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::{collections::BTreeSet, ops::Range};

/// Kinds of action that are told apart.
const ACTIONS: u16 = 6;

/// Roles of an argument.
const ROLES: u16 = 7;

/// Upper bounds of the classes of a position or number.
const STEPS: [u32; 6] = [0, 1, 2, 5, 10, 20];

const CLASSES: [&str; 17] = [
    "state_military",
    "state_police",
    "state_intelligence",
    "state_other",
    "rebel",
    "political_militia",
    "identity_militia",
    "armed_group_unspecified",
    "private_security",
    "rioters",
    "protesters",
    "civilians",
    "foreign_military",
    "peacekeepers",
    "un_ngo",
    "criminal",
    "unknown",
];

/// Where each group of signs begins.
mod at {
    use super::{ACTIONS, CLASSES, ROLES, STEPS};
    const STEP: u16 = STEPS.len() as u16 + 1;
    /// Words of an argument: role, action, whether told as fact.
    pub(super) const ARGUMENT: u16 = 0;
    /// Words that only hold or lie in an argument.
    pub(super) const PART_OF: u16 = ARGUMENT + ROLES * ACTIONS * 2;
    /// A trigger of an action in the sentence; in the one before; in the one behind.
    pub(super) const ACTION: u16 = PART_OF + ROLES * ACTIONS * 2;
    pub(super) const SENTENCE: u16 = ACTION + 3 * ACTIONS;
    pub(super) const BLOCK: u16 = SENTENCE + STEP;
    /// Holds the head of a noun group; is one without and with what leads it; goes over several.
    pub(super) const GROUP: u16 = BLOCK + STEP;
    pub(super) const DETERMINER: u16 = GROUP + 6;
    pub(super) const CLASS: u16 = DETERMINER + 5;
    pub(super) const KIND: u16 = CLASS + CLASSES.len() as u16 + 1;
    /// Of the register; a proper name; plural; exactly the mention.
    pub(super) const ACTOR: u16 = KIND + 6;
    pub(super) const WEAPON: u16 = ACTOR + 4;
    pub(super) const PLACE: u16 = WEAPON + 2;
    /// Speaks; is spoken of.
    pub(super) const VOICE: u16 = PLACE + 9;
    pub(super) const END: u16 = VOICE + 2;
}

/// How many signs there are.
pub const SIGNS: usize = at::END as usize;

/// What is known of a candidate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Numbers of its signs, rising.
    pub signs: Vec<u16>,
    /// Its sentence.
    pub sentence: u32,
    /// Its paragraph.
    pub block: u32,
    /// Frames that it is an argument of, with the action of each.
    pub frames: Vec<(u32, u8)>,
    /// Actions of its sentence, a bit each.
    pub actions: u8,
    /// The day that its sentence tells, or its paragraph told last.
    pub day: Option<Date>,
    /// The place that its sentence tells, or its paragraph told last: a number for each place of the report.
    pub place: Option<u32>,
}

fn action(family: Family) -> u16 {
    match family {
        Family::Attack | Family::ArmedClash | Family::Execution | Family::Shelling | Family::Torture => 0,
        Family::Explosion | Family::AirStrike | Family::Chemical | Family::DisruptedWeapons => 1,
        Family::Abduction | Family::Release | Family::Escape => 2,
        Family::PropertyDestruction | Family::Looting => 3,
        Family::Arrest | Family::Threat | Family::Riot | Family::MobViolence => 4,
        _ => 5,
    }
}

fn role(role: ArgumentRole) -> u16 {
    match role {
        ArgumentRole::Actor => 0,
        ArgumentRole::Recipient => 1,
        ArgumentRole::Instrument => 2,
        ArgumentRole::Apposition => 3,
        ArgumentRole::Included => 4,
        ArgumentRole::Origin => 5,
        ArgumentRole::Destination => 6,
    }
}

fn meets(a: &Range<TokenId>, b: &Range<TokenId>) -> bool {
    a.start < b.end && b.start < a.end
}

fn step(number: u32) -> u16 {
    STEPS.partition_point(|&bound| bound < number) as u16
}

/// Gathers evidence from what the rules found in a report.
pub(crate) struct Finder<'a> {
    document: &'a Document<'a>,
    mentions: &'a Mentions,
    frames: &'a Frames,
    lexicon: &'a Lexicon,
    /// Actions of each sentence, a bit each.
    actions: Vec<u8>,
    days: Vec<Option<Date>>,
    places: Vec<Option<u32>>,
    /// Of each token, whether it names who speaks, and whether it is what somebody says.
    voiced: Vec<[bool; 2]>,
    /// The frames that have each token in an argument.
    held: FxHashMap<TokenId, Vec<u32>>,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(
        document: &'a Document<'a>,
        mentions: &'a Mentions,
        frames: &'a Frames,
        lexicon: &'a Lexicon,
    ) -> Finder<'a> {
        let mut actions = vec![0u8; document.sentences.len()];
        for frame in &frames.frames {
            actions[frame.sentence as usize] |= 1 << action(lexicon.trigger(frame.trigger).family);
        }
        let days =
            mentions.times.iter().filter_map(|time| Some((time.tokens.start, time.when.as_ref()?.latest)));
        let named = mentions.places.iter().filter(|place| place.usage == Use::Place);
        let mut known: FxHashMap<&str, u32> = FxHashMap::default();
        let places = named.filter_map(|place| {
            let entry = place.best.as_ref()?.gazetteer.as_str();
            let next = known.len() as u32;
            Some((place.tokens.start, *known.entry(entry).or_insert(next)))
        });
        let mut voiced = vec![[false; 2]; document.tokens.len()];
        for voice in &mentions.voices {
            for (side, tokens) in [&voice.speaker, &voice.governs].into_iter().enumerate() {
                let told = voiced.get_mut(tokens.start as usize..tokens.end as usize);
                told.into_iter().flatten().for_each(|of| of[side] = true);
            }
        }
        let mut held: FxHashMap<TokenId, Vec<u32>> = FxHashMap::default();
        for (index, frame) in frames.frames.iter().enumerate() {
            for token in frame.arguments.iter().flat_map(|argument| argument.nominal.tokens.clone()) {
                held.entry(token).or_default().push(index as u32);
            }
        }
        Finder {
            voiced,
            held,
            days: latest(document, days).into_iter().map(Option::flatten).collect(),
            places: latest(document, places),
            document,
            mentions,
            frames,
            lexicon,
            actions,
        }
    }

    pub(crate) fn of(&self, tokens: &Range<TokenId>) -> Evidence {
        let sentence = self.document.sentence_of(tokens.start);
        let block = self.document.sentences[sentence as usize].block;
        let mut found = Evidence {
            sentence,
            block,
            actions: self.actions[sentence as usize],
            day: self.days[sentence as usize],
            place: self.places[sentence as usize],
            ..Evidence::default()
        };
        let signs = &mut found.signs;
        let held = tokens.clone().filter_map(|token| self.held.get(&token)).flatten();
        for &index in &held.copied().collect::<BTreeSet<u32>>() {
            let frame = &self.frames.frames[index as usize];
            if let Some(sign) = self.argument(frame, tokens).filter(|_| frame.sentence == sentence) {
                signs.push(sign);
                found.frames.push((index, action(self.lexicon.trigger(frame.trigger).family) as u8));
            }
        }
        let beside = [Some(sentence), sentence.checked_sub(1), sentence.checked_add(1)];
        for (near, sentence) in beside.into_iter().enumerate() {
            let actions = sentence.and_then(|s| self.actions.get(s as usize)).copied().unwrap_or(0);
            let bits = (0..ACTIONS).filter(|bit| actions >> bit & 1 == 1);
            signs.extend(bits.map(|bit| at::ACTION + near as u16 * ACTIONS + bit));
        }
        signs.push(at::SENTENCE + step(sentence));
        signs.push(at::BLOCK + step(block));
        self.group(sentence, tokens, signs);
        self.named(tokens, signs);
        signs.sort_unstable();
        signs.dedup();
        found
    }

    /// What the words are to a frame: the argument, or part of its words.
    fn argument(&self, frame: &Frame, tokens: &Range<TokenId>) -> Option<u16> {
        let action = action(self.lexicon.trigger(frame.trigger).family);
        let fact = u16::from(frame.modality == Modality::Fact && !frame.weak);
        let whole = |a: &&Argument| a.nominal.core == *tokens || a.nominal.tokens == *tokens;
        let sign = |a: &Argument| role(a.role) * ACTIONS * 2 + action * 2 + fact;
        let arguments = &frame.arguments;
        arguments.iter().find(whole).map(|a| at::ARGUMENT + sign(a)).or_else(|| {
            let part = arguments.iter().find(|a| meets(&a.nominal.tokens, tokens));
            part.map(|a| at::PART_OF + sign(a))
        })
    }

    fn group(&self, sentence: u32, tokens: &Range<TokenId>, signs: &mut Vec<u16>) {
        let chunks = &self.frames.chunks[sentence as usize];
        // Chunks tile the sentence: one without end has as many as a report has words.
        let first = chunks.partition_point(|chunk| chunk.tokens.end <= tokens.start);
        let near = chunks[first..].iter().take_while(|chunk| chunk.tokens.start < tokens.end);
        let nouns = near.filter(|chunk| chunk.kind == ChunkKind::Noun);
        for (number, chunk) in nouns.enumerate() {
            if number == 1 {
                signs.push(at::GROUP + 3);
            }
            if number > 0 {
                continue;
            }
            let whole = |start: TokenId| tokens.start == start && tokens.end >= chunk.tokens.end;
            let facts = [
                tokens.contains(&chunk.head),
                whole(chunk.core),
                whole(chunk.tokens.start),
                false,
                chunk.plural,
                chunk.count.is_some(),
            ];
            signs.extend((0..6).filter(|&fact| facts[fact as usize]).map(|fact| at::GROUP + fact));
            signs.push(at::DETERMINER + determiner(chunk.determiner));
        }
    }

    /// The actor, weapon, place and speaker that the words name.
    fn named(&self, tokens: &Range<TokenId>, signs: &mut Vec<u16>) {
        let mentions = self.mentions;
        let actor = mentions.actors.partition_point(|actor| actor.tokens.end <= tokens.start);
        let actors = mentions.actors[actor..].iter().take_while(|actor| actor.tokens.start < tokens.end);
        for actor in actors.filter(|actor| tokens.contains(&actor.head)).take(1) {
            let class = CLASSES.iter().position(|class| *class == actor.class).unwrap_or(CLASSES.len());
            signs.push(at::CLASS + class as u16);
            signs.push(at::KIND + kind(actor.kind));
            let facts = [
                actor.register.is_some(),
                actor.proper.is_some(),
                actor.plural,
                actor.tokens == *tokens || actor.proper.as_ref() == Some(tokens),
            ];
            signs.extend((0..4).filter(|&fact| facts[fact as usize]).map(|fact| at::ACTOR + fact));
        }
        // Mentions of a list stand in text order and do not overlap.
        let weapon = mentions.weapons.partition_point(|weapon| weapon.tokens.end <= tokens.start);
        if let Some(weapon) = mentions.weapons.get(weapon).filter(|weapon| meets(&weapon.tokens, tokens)) {
            signs.push(at::WEAPON + u16::from(weapon.tokens == *tokens));
        }
        let place = mentions.places.partition_point(|place| place.tokens.end <= tokens.start);
        if let Some(place) = mentions.places.get(place).filter(|place| meets(&place.tokens, tokens)) {
            let usage = match place.usage {
                Use::Place => 0,
                Use::Agent => 1,
                Use::Demonym => 2,
                Use::InName => 3,
            };
            signs.push(at::PLACE + 2 * usage + u16::from(place.tokens == *tokens));
            if place.confidence > 0.5 {
                signs.push(at::PLACE + 8);
            }
        }
        let voiced = &self.voiced[tokens.start as usize..tokens.end as usize];
        signs.extend(
            (0..2).filter(|&side| voiced.iter().any(|of| of[side as usize])).map(|side| at::VOICE + side),
        );
    }
}

fn determiner(determiner: Determiner) -> u16 {
    match determiner {
        Determiner::None => 0,
        Determiner::Definite => 1,
        Determiner::Indefinite => 2,
        Determiner::Possessive => 3,
        Determiner::Negative => 4,
    }
}

fn kind(kind: ParticipantKind) -> u16 {
    match kind {
        ParticipantKind::Group => 0,
        ParticipantKind::Person => 1,
        ParticipantKind::Population => 2,
        ParticipantKind::Facility => 3,
        ParticipantKind::Vehicle => 4,
        ParticipantKind::Infrastructure => 5,
    }
}

/// For each sentence the value of the first mention in it, else what its paragraph told before.
fn latest<T: Copy>(document: &Document<'_>, told: impl Iterator<Item = (TokenId, T)>) -> Vec<Option<T>> {
    let mut of: Vec<Option<T>> = vec![None; document.sentences.len()];
    for (token, value) in told {
        of[document.sentence_of(token) as usize].get_or_insert(value);
    }
    for sentence in 1..of.len() {
        let same = document.sentences[sentence].block == document.sentences[sentence - 1].block;
        if of[sentence].is_none() && same {
            of[sentence] = of[sentence - 1];
        }
    }
    of
}
