//! Turns frames into events: the only place where a value is decided, because only here the document
//! and the role are both known.
//!
//! ```text
//! Frames -relevance-> fates -assemble-> drafts -fill-> events
//! ```

use crate::{
    Event, Family, Note, Options, Reading, Relation, RelationKind, ReportRef, Resources, SCHEMA, Span,
    frame::{ArgumentRole, Frames, politics::Deed},
    mention::Mentions,
    outside,
    reader::Learned,
    text::Document,
};
use sha2::{Digest, Sha256};
use std::{borrow::Cow, collections::BTreeMap};

pub mod assemble;
mod counted;
mod everyday;
mod fill;
pub mod learned;
mod political;
mod pronoun;
pub mod relevance;
pub mod site;
mod voices;

/// The reading, with what led to it.
#[derive(Debug)]
pub struct Resolved<'l> {
    /// Events and notes.
    pub reading: Reading,
    /// What became of each frame.
    pub fates: Vec<relevance::Fate>,
    /// The drafts that the events were made from, in the order of the events.
    pub drafts: Vec<assemble::Draft>,
    /// What the learned reader saw.
    pub learned: Cow<'l, Learned>,
    /// Which event tells each incident that the learned reader saw.
    pub told: learned::Told,
}

/// What models read in a report.
pub struct Read<'a, 'l> {
    /// Asks the model that is built in; told whether the rules read an event. The model only adds to such, so it is
    /// asked when they are done.
    pub learned: &'a dyn Fn(bool) -> Cow<'l, Learned>,
    /// The reader outside.
    pub asked: Asked,
}

/// What came of asking a reader outside.
#[derive(Debug, Default)]
pub struct Asked {
    /// What it proposes, in words that the text holds.
    pub learned: Learned,
    /// What went wrong.
    pub notes: Vec<Note>,
}

/// Decides every value.
pub fn resolve<'l>(
    resources: &Resources,
    options: &Options,
    document: &Document<'_>,
    mentions: &Mentions,
    frames: &Frames,
    read: Read<'_, 'l>,
    deeds: &[Deed],
) -> Resolved<'l> {
    let lexicon = &resources.frame.lexicon;
    let named = pronoun::resolved(document, mentions, frames);
    let frames = named.as_ref().unwrap_or(frames);
    let counted = counted::resolved(document, mentions, frames);
    let frames = counted.as_ref().unwrap_or(frames);
    let fates = relevance::judge(lexicon, document, mentions, frames);
    let scenes = resources.scenes(options.profile);
    let mut drafts =
        assemble::assemble(lexicon, &resources.sites, scenes, document, mentions, frames, &fates);
    let learned = (read.learned)(!drafts.is_empty());
    let told = learned::meet(document, mentions, frames, &learned, learned::RULE, &mut drafts);
    if !read.asked.learned.incidents.is_empty() {
        learned::meet(document, mentions, frames, &read.asked.learned, outside::RULE, &mut drafts);
    }
    let voices = fill::voices_by_sentence(document, mentions);
    let gazetteer = &resources.mention.place;
    let filler = fill::Filler { lexicon, gazetteer, document, mentions, frames, voices: &voices };
    let report = report_ref(document, mentions);
    let made_by = options.made_by();
    let mut ordinals: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let mut events: Vec<Event> = drafts
        .iter()
        .map(|draft| {
            let filled = filler.fill(draft);
            let first = filled.action.triggers.first().map_or((0, 0), |span| (span.start, span.end));
            let ordinal = ordinals.entry(first).or_insert(0);
            let id = event_id(&report.text_sha256, first, *ordinal);
            *ordinal += 1;
            Event {
                schema: SCHEMA.to_owned(),
                id,
                made_by: made_by.clone(),
                report: report.clone(),
                scope: filled.scope,
                told: filled.told,
                occurrences: filled.occurrences,
                status: filled.status,
                action: filled.action,
                result: filled.result,
                when: filled.when,
                places: filled.places,
                participants: filled.participants,
                losses: filled.losses,
                materiel: filled.materiel,
                voices: filled.voices,
                voices_of_event: filled.voices_of_event,
                relations: Vec::new(),
                confidence: filled.confidence,
                notes: Vec::new(),
            }
        })
        .collect();
    for (index, draft) in drafts.iter().enumerate() {
        if let Some(owner) = draft.owner {
            let event = events[owner].id.clone();
            events[index].relations.push(Relation { kind: RelationKind::PartOf, event });
        }
    }
    relate(&drafts, frames, document, mentions, &mut events);
    voices::settle(document, mentions, frames, &drafts, &mut events);
    if !deeds.is_empty() {
        // What is neither violence nor politics ("four rebels surrendered") is told again as politics.
        let told: Vec<Span> = events
            .iter()
            .filter(|event| event.action.family != Family::Other)
            .flat_map(|event| event.action.triggers.clone())
            .collect();
        let politics = political::Politics { gazetteer, document, mentions, frames, voices: &voices };
        politics.complete(deeds, &mut events);
        events.extend(politics.events(deeds, &told, &report, &made_by));
    }
    names_of_the_day(resources, &mut events);
    for (event, draft) in events.iter_mut().zip(&drafts) {
        event.notes.extend(read.asked.notes.iter().cloned());
        note_outside(document, options, draft, event);
    }
    Resolved { reading: Reading { events, notes: read.asked.notes }, fates, drafts, learned, told }
}

/// Says which fields of an event came of the reader outside.
fn note_outside(document: &Document<'_>, options: &Options, draft: &assemble::Draft, event: &mut Event) {
    for added in draft.learned.iter().filter(|added| added.argument.rule == outside::RULE) {
        let span = document.span(&added.argument.nominal.tokens);
        let holds = |spans: &[Span]| spans.iter().any(|own| own.overlaps(span));
        let participants = event.participants.iter().enumerate().filter(|(_, p)| holds(&p.evidence));
        let weapons = event.action.weapons.iter().enumerate().filter(|(_, w)| holds(&w.evidence));
        let fields: Vec<String> = participants
            .map(|(at, _)| format!("participants[{at}]"))
            .chain(weapons.map(|(at, _)| format!("action.weapons[{at}]")))
            .collect();
        if !fields.is_empty() {
            event.notes.push(Note {
                code: "N0202".to_owned(),
                message: format!(
                    "{} by {}, which was asked; grammar ties these words to no event",
                    fields.join(", "),
                    options.outside.as_deref().unwrap_or(outside::RULE)
                ),
                span: Some(span),
            });
        }
    }
}

/// An actor that was renamed bears the name that it had when the event happened.
fn names_of_the_day(resources: &Resources, events: &mut [Event]) {
    let actors = &resources.mention.actor;
    for event in events {
        let Some(day) = event.when.as_ref().and_then(|when| when.latest.or(when.earliest)) else { continue };
        for participant in &mut event.participants {
            let then = participant.register.as_deref().and_then(|id| actors.as_of(id, day));
            if let Some((id, name, class)) = then {
                participant.class = class.to_owned();
                participant.name = name.to_owned();
                participant.register = Some(id.to_owned());
            }
        }
        for loss in &mut event.losses {
            let then = loss.who.register.as_deref().and_then(|id| actors.as_of(id, day));
            if let Some((id, name, _)) = then {
                loss.who.name = Some(name.to_owned());
                loss.who.register = Some(id.to_owned());
            }
        }
    }
}

/// A release of the persons that an earlier event took resolves it.
fn relate(
    drafts: &[assemble::Draft],
    frames: &Frames,
    document: &Document<'_>,
    mentions: &Mentions,
    events: &mut [Event],
) {
    let recipients = |draft: &assemble::Draft| -> Vec<usize> {
        draft
            .frames
            .iter()
            .flat_map(|&f| {
                frames.frames[f]
                    .arguments
                    .iter()
                    .filter(|a| a.role == ArgumentRole::Recipient)
                    .map(move |_| f)
            })
            .collect()
    };
    for later in 1..drafts.len() {
        // A protest that turns riot.
        if events[later].action.family == Family::Riot && events[later - 1].action.family == Family::Protest {
            let event = events[later - 1].id.clone();
            events[later].relations.push(Relation { kind: RelationKind::GrewFrom, event });
        }
        if events[later].action.family != Family::Release {
            continue;
        }
        let taken = (0..drafts.len())
            .filter(|&i| i != later && events[i].action.family == Family::Abduction)
            .find(|&i| {
                recipients(&drafts[i]).iter().any(|&a| {
                    recipients(&drafts[later]).iter().any(|&b| {
                        frames.frames[a].arguments.iter().any(|x| {
                            frames.frames[b].arguments.iter().any(|y| {
                                x.role == ArgumentRole::Recipient
                                    && y.role == ArgumentRole::Recipient
                                    && assemble::same_nominal(document, mentions, x, y)
                            })
                        })
                    })
                })
            });
        if let Some(taken) = taken {
            let event = events[taken].id.clone();
            events[later].relations.push(Relation { kind: RelationKind::Resolves, event });
        }
    }
}

fn report_ref(document: &Document<'_>, mentions: &Mentions) -> ReportRef {
    let report = document.report;
    ReportRef {
        id: report.id.clone(),
        path: report.path.clone(),
        sha256: report.sha256.clone(),
        text_sha256: hex(&Sha256::digest(report.text.as_bytes())),
        title: report.title.clone().or_else(|| {
            document.title.map(|block| {
                document
                    .words(&document.blocks[block as usize].tokens)
                    .trim()
                    .trim_start_matches('#')
                    .trim_start()
                    .to_owned()
            })
        }),
        publisher: report.publisher.clone(),
        published: mentions.published,
        language: report.language.clone().or_else(|| document.language.map(str::to_owned)),
        genre: report.genre.clone(),
        url: report.url.clone(),
    }
}

/// Stable over versions, options and data packs: it depends on the text and the trigger's place alone.
fn event_id(text_sha256: &str, trigger: (u32, u32), ordinal: u32) -> String {
    let digest = Sha256::digest(format!("{text_sha256}:{}-{}:{ordinal}", trigger.0, trigger.1).as_bytes());
    format!("ev_{}", hex(&digest[..10]))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}
