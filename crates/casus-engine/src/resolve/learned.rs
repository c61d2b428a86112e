//! Where the rules and the model meet: gives each incident that the model read to the draft that tells it,
//! and the draft the participants that only the model saw.
//!
//! The rules keep what they found. The model adds: it never takes a value away, it decides none that is exact
//! (dates, counts, registers), and whom grammar ties to any event it ties to no other.
//!
//! "The mayor of Beya was on his way home. Gunmen shot at the car": grammar gives the shooting a car, the
//! model gives it the mayor.

use super::assemble::Draft;
use crate::{
    Family,
    frame::{Argument, ArgumentRole, Frames, Nominal, chunk::ChunkKind},
    mention::Mentions,
    reader::{Incident, Learned, LearnedSpan, Part, bare},
    text::{Document, TokenId},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

/// Below this the model's word for a participant is not taken. A wrong actor in a record is worse than none, so the
/// bar is higher than for what the model proposes: of those above it three in four are right (MUC-4 dev).
const SURE: f32 = 0.7;

/// What stands as the rule of a participant that the built-in model added, for `casus explain`.
pub const RULE: &str = "the learned reader";

/// Which draft tells each incident that the model saw.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Told {
    /// One entry an incident, in the order of [`Learned::incidents`]: the draft that tells it, if any does.
    pub draft_of: Vec<Option<usize>>,
}

/// A participant that only the model saw.
#[derive(Debug, Clone, PartialEq)]
pub struct Added {
    /// What the model takes it for.
    pub part: Part,
    /// Its words, as an argument of the draft's first frame.
    pub argument: Argument,
}

/// Words of the report with the tokens that they are.
struct Place<'a> {
    span: &'a LearnedSpan,
    tokens: Range<TokenId>,
    sentence: u32,
}

/// Finds the draft of each incident and adds what it lacks; `rule` says on whose word.
pub(super) fn meet(
    document: &Document<'_>,
    mentions: &Mentions,
    frames: &Frames,
    learned: &Learned,
    rule: &'static str,
    drafts: &mut [Draft],
) -> Told {
    let places: Vec<Option<Place<'_>>> = learned.spans.iter().map(|span| place(document, span)).collect();
    let mut by_sentence: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        for &frame in &draft.frames {
            by_sentence.entry(frames.frames[frame].sentence).or_default().insert(index);
        }
    }
    let draft_of: Vec<Option<usize>> = learned
        .incidents
        .iter()
        .map(|incident| {
            let near: BTreeSet<usize> = incident
                .entities
                .iter()
                .flatten()
                .filter_map(|&span| by_sentence.get(&places[span].as_ref()?.sentence))
                .flatten()
                .copied()
                .collect();
            // The first of the best: a retold event keeps to where it was told first.
            let mut best: Option<(u32, usize)> = None;
            for index in near {
                let score = overlap(frames, &drafts[index], incident, &places);
                if score > best.map_or(0, |(most, _)| most) {
                    best = Some((score, index));
                }
            }
            best.map(|(_, index)| index)
        })
        .collect();
    // Words that grammar gave a role in some event, here or elsewhere, and those who speak: a witness is no victim.
    let mut given = vec![false; document.tokens.len()];
    let mut given_words: BTreeSet<String> = BTreeSet::new();
    for voice in &mentions.voices {
        for token in voice.speaker.clone().chain(apposed(document, &voice.speaker)) {
            given[token as usize] = true;
        }
    }
    let arguments = |draft: &Draft| {
        let read = draft.frames.iter().flat_map(|&frame| &frames.frames[frame].arguments);
        let learned = draft.learned.iter().map(|added| &added.argument);
        read.chain(learned).flat_map(|argument| argument.nominal.tokens.clone()).collect::<Vec<_>>()
    };
    for token in drafts.iter().flat_map(arguments) {
        given[token as usize] = true;
    }
    for &frame in drafts.iter().flat_map(|draft| &draft.frames) {
        for argument in &frames.frames[frame].arguments {
            given_words.insert(bare(document.slice(document.span(&argument.nominal.core))));
        }
    }
    for (incident, draft) in learned.incidents.iter().zip(&draft_of) {
        let Some(draft) = draft.map(|index| &mut drafts[index]) else { continue };
        for entity in &incident.entities {
            let mut told = entity.iter().filter_map(|&span| places[span].as_ref());
            let is_given = |place: &Place<'_>| {
                place.tokens.clone().any(|token| given[token as usize])
                    || given_words.contains(&bare(document.slice(place.span.span)))
            };
            if told.clone().any(is_given) {
                continue;
            }
            // In a paragraph that tells the event.
            let near = told.find(|place| {
                let block = |sentence: u32| document.sentences[sentence as usize].block;
                place.span.sure >= SURE
                    && draft.frames.iter().any(|&f| block(frames.frames[f].sentence) == block(place.sentence))
            });
            if let Some(place) = near {
                draft.learned.extend(added(mentions, frames, place, rule));
            }
        }
    }
    Told { draft_of }
}

/// What describes a speaker behind a comma: "Ana Morel, a trader who fled".
fn apposed(document: &Document<'_>, speaker: &Range<TokenId>) -> Range<TokenId> {
    let sentence = document.sentence_of(speaker.start);
    let end = document.sentences[sentence as usize].tokens.end;
    let comma = |token: TokenId| token < end && document.norm(token) == ",";
    if !comma(speaker.end) {
        return speaker.end..speaker.end;
    }
    let first = speaker.end + 1;
    first..(first..end).find(|&token| comma(token)).unwrap_or(end)
}

/// Families that an incident of the model's kind can be.
fn fits(event: &str, family: Family) -> bool {
    match event {
        "bombing" => matches!(
            family,
            Family::Explosion
                | Family::AirStrike
                | Family::Shelling
                | Family::Attack
                | Family::PropertyDestruction
        ),
        "kidnapping" => matches!(family, Family::Abduction | Family::Release | Family::Attack),
        "arson" => matches!(family, Family::PropertyDestruction | Family::Attack | Family::Riot),
        "robbery" => matches!(family, Family::Looting | Family::Attack),
        _ => !matches!(family, Family::Abduction | Family::Release | Family::Agreement | Family::Other),
    }
}

/// How much of an incident a draft tells: three for words in a role of it, one for words in a sentence of it;
/// less where the kinds of action differ.
fn overlap(frames: &Frames, draft: &Draft, incident: &Incident, places: &[Option<Place<'_>>]) -> u32 {
    let mut score = 0;
    for entity in &incident.entities {
        let best = entity
            .iter()
            .filter_map(|&span| places[span].as_ref())
            .map(|place| {
                draft
                    .frames
                    .iter()
                    .map(|&f| &frames.frames[f])
                    .map(|frame| {
                        let role = frame.arguments.iter().any(|a| meets(&a.nominal.tokens, &place.tokens));
                        if role { 3 } else { u32::from(frame.sentence == place.sentence) }
                    })
                    .max()
                    .unwrap_or(0)
            })
            .max();
        score += best.unwrap_or(0);
    }
    if fits(&incident.event, draft.family) { 2 * score } else { score }
}

fn meets(a: &Range<TokenId>, b: &Range<TokenId>) -> bool {
    a.start < b.end && b.start < a.end
}

fn place<'a>(document: &Document<'_>, span: &'a LearnedSpan) -> Option<Place<'a>> {
    let first = document.tokens.partition_point(|token| token.span.end <= span.span.start);
    let behind = document.tokens.partition_point(|token| token.span.start < span.span.end);
    let tokens = first as TokenId..behind as TokenId;
    (!tokens.is_empty()).then(|| Place { span, sentence: document.sentence_of(tokens.start), tokens })
}

/// The words as an argument; None for what is no participant.
fn added(mentions: &Mentions, frames: &Frames, place: &Place<'_>, rule: &'static str) -> Option<Added> {
    let role = match place.span.part {
        Part::PerpetratorPerson | Part::PerpetratorGroup => ArgumentRole::Actor,
        Part::Target | Part::VictimName | Part::Victim => ArgumentRole::Recipient,
        Part::Weapon => ArgumentRole::Instrument,
        Part::Place => return None,
    };
    let argument = Argument { role, nominal: nominal(mentions, frames, place), rule };
    Some(Added { part: place.span.part, argument })
}

/// The noun group that the words are, described by the mentions at its head.
fn nominal(mentions: &Mentions, frames: &Frames, place: &Place<'_>) -> Nominal {
    let chunks = &frames.chunks[place.sentence as usize];
    let number =
        chunks.iter().position(|chunk| chunk.kind == ChunkKind::Noun && meets(&chunk.tokens, &place.tokens));
    let chunk = number.map(|number| &chunks[number]);
    // "the mayor of Beya" has its head in its first noun group.
    let head = chunk.map_or(place.tokens.end - 1, |chunk| chunk.head);
    // Mentions of a list stand in text order and do not overlap.
    let actor = mentions.actors.partition_point(|actor| actor.tokens.end <= head);
    let weapon = mentions.weapons.partition_point(|weapon| weapon.tokens.end <= head);
    let at = |tokens: &Range<TokenId>| tokens.contains(&head);
    Nominal {
        tokens: place.tokens.start.min(chunk.map_or(place.tokens.start, |c| c.tokens.start))
            ..place.tokens.end,
        core: place.tokens.clone(),
        head,
        count: chunk.and_then(|chunk| chunk.count),
        actor: mentions.actors.get(actor).filter(|a| at(&a.tokens)).map(|_| actor),
        weapon: mentions.weapons.get(weapon).filter(|w| at(&w.tokens)).map(|_| weapon),
        place: None,
        determiner: chunk.map_or(crate::frame::chunk::Determiner::None, |chunk| chunk.determiner),
        plural: chunk.is_some_and(|chunk| chunk.plural),
        pronoun: false,
        chunk: number.unwrap_or(chunks.len()),
    }
}
