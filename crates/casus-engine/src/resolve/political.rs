//! Makes events of the acts of politics: family `political`, the root in `tactic`.
//!
//! An act that a frame of violence tells already, or whose verb it shares, makes no event of its own.

use super::{event_id, fill::collapse};
use crate::{
    Attribution, AttributionStatus, Directionality, Event, Family, MadeBy, Participant, ParticipantKind,
    ReportRef, Role, Side, Span, Told, Voice, When,
    frame::{
        Frames, Nominal,
        chunk::{Chunk, ChunkId, ChunkKind},
        politics::Deed,
    },
    mention::{
        Mentions,
        place::{self, Use},
        time::TimexKind,
    },
    text::Document,
};
use std::ops::Range;

/// What the events are made from.
#[derive(Clone, Copy)]
pub(super) struct Politics<'a> {
    pub(super) gazetteer: &'a place::Data,
    pub(super) document: &'a Document<'a>,
    pub(super) mentions: &'a Mentions,
    pub(super) frames: &'a Frames,
    /// Indices of the voices that govern words of each sentence.
    pub(super) voices: &'a [Vec<u32>],
}

impl Politics<'_> {
    /// Gives events of force, threats and protests the parties that only politics read: "threatened to strike
    /// Lodia", "fired rockets at Lodia", "Lodish air strikes".
    pub(super) fn complete(self, deeds: &[Deed], events: &mut [Event]) {
        for event in events {
            let spoken = matches!(event.action.family, Family::Threat | Family::Protest | Family::Riot);
            let told = |deed: &&Deed| {
                let verb = self.document.span(&self.frames.chunks[deed.sentence as usize][deed.chunk].tokens);
                (deed.force || spoken)
                    && event.action.triggers.iter().any(|span| span.start < verb.end && verb.start < span.end)
            };
            let open = |role: Role| !event.participants.iter().any(|one| one.role == role);
            let mut missing: Vec<(Role, &Nominal, u32)> = Vec::new();
            if open(Role::Recipient)
                && let Some(deed) = deeds.iter().filter(told).find(|deed| !deed.recipients.is_empty())
            {
                missing.extend(deed.recipients.iter().map(|one| (Role::Recipient, one, deed.sentence)));
            }
            if open(Role::Actor) && event.action.family != Family::Threat {
                // A verb's subject was weighed by what the event is made from; the owner of a noun was not, nor
                // who protests without being known for anything else ("opponents of the dam").
                let nominal = deeds.iter().filter(|deed| told(deed) || self.tied(deed, event)).find(|deed| {
                    let kind = self.frames.chunks[deed.sentence as usize][deed.chunk].kind;
                    (spoken || kind == ChunkKind::Noun) && !deed.actors.is_empty()
                });
                let owners = nominal
                    .into_iter()
                    .flat_map(|deed| deed.actors.iter().map(|one| (Role::Actor, one, deed.sentence)));
                missing.extend(owners);
            }
            let voice = event.voices_of_event.first().copied().unwrap_or(0);
            for (role, nominal, sentence) in missing.into_iter().filter(|(_, one, _)| !one.pronoun) {
                let mut participant = self.participant(nominal, role, sentence);
                participant.attributions.push(Attribution {
                    status: AttributionStatus::Stated,
                    voice,
                    mode: None,
                    evidence: Vec::new(),
                });
                event.participants.push(participant);
            }
        }
    }

    /// Whether a noun of force stands in the clause of an event's verb: "were killed in Lodish air strikes".
    fn tied(self, deed: &Deed, event: &Event) -> bool {
        let chunks = &self.frames.chunks[deed.sentence as usize];
        if !deed.force || chunks[deed.chunk].kind != ChunkKind::Noun {
            return false;
        }
        let of_event = |chunk: &Chunk| {
            let own = self.document.span(&chunk.tokens);
            event.action.triggers.iter().any(|span| span.start < own.end && own.start < span.end)
        };
        let ends = |chunk: &Chunk| {
            use ChunkKind::{Break, Relative, Stop, Subordinator, Verb};
            matches!(chunk.kind, Verb | Relative | Subordinator | Break | Stop)
        };
        chunks.iter().position(of_event).is_some_and(|verb| {
            let (first, last) = (verb.min(deed.chunk), verb.max(deed.chunk));
            first < last && !chunks[first + 1..last].iter().any(ends)
        })
    }

    /// The events of the deeds; `told` are the triggers of the events of violence.
    pub(super) fn events(
        self,
        deeds: &[Deed],
        told: &[Span],
        report: &ReportRef,
        made_by: &MadeBy,
    ) -> Vec<Event> {
        deeds
            .iter()
            .filter(|deed| !deed.force)
            .filter(|deed| {
                let verb = self.document.span(&self.frames.chunks[deed.sentence as usize][deed.chunk].tokens);
                !told.iter().any(|span| span.start < verb.end && verb.start < span.end)
            })
            .map(|deed| self.event(deed, report, made_by))
            .collect()
    }

    fn event(self, deed: &Deed, report: &ReportRef, made_by: &MadeBy) -> Event {
        let trigger = self.document.span(&deed.tokens);
        let id = event_id(&report.text_sha256, (trigger.start, trigger.end), 0);
        let mut event = Event::bare(id, report.clone(), made_by.clone());
        event.action.family = Family::Political;
        event.action.tactic = Some(deed.root.name().to_owned());
        event.action.triggers = vec![trigger];
        event.action.directionality =
            if deed.recipients.is_empty() { Directionality::Unknown } else { Directionality::OneSided };
        let (voice, stance) = self.voice(deed, &mut event.voices);
        event.voices_of_event = vec![voice];
        let sides = [(Role::Actor, &deed.actors), (Role::Recipient, &deed.recipients)];
        for (role, nominals) in sides {
            for nominal in nominals.iter().filter(|nominal| !nominal.pronoun) {
                let mut participant = self.participant(nominal, role, deed.sentence);
                participant.attributions.push(Attribution {
                    status: stance,
                    voice,
                    mode: None,
                    evidence: Vec::new(),
                });
                event.participants.push(participant);
            }
        }
        let time = self.time(deed);
        if let Some((when, recalled)) = time {
            event.when = Some(when);
            event.told = if recalled { Told::Background } else { Told::News };
        }
        event.places = self.places(deed);
        event.confidence = 0.4
            + if event.when.is_some() { 0.1 } else { 0.0 }
            + if deed.actors.iter().any(|actor| actor.actor.is_some()) { 0.1 } else { 0.0 }
            + if deed.recipients.is_empty() { 0.0 } else { 0.1 };
        event
    }

    /// The voice that vouches for the act; a speaker who acts by speaking tells it through the report.
    fn voice(self, deed: &Deed, voices: &mut Vec<Voice>) -> (u32, AttributionStatus) {
        let head = self.frames.chunks[deed.sentence as usize][deed.chunk].head;
        let innermost = self.voices[deed.sentence as usize]
            .iter()
            .map(|&index| &self.mentions.voices[index as usize])
            .filter(|voice| voice.governs.contains(&head) && !voice.claims_responsibility)
            .min_by_key(|voice| voice.governs.len());
        let Some(mention) = innermost else { return (0, AttributionStatus::Stated) };
        voices.push(Voice {
            kind: mention.kind,
            side: None,
            cites: None,
            name: mention.named.as_ref().map(|named| collapse(self.document.words(named))),
            register: mention.actor.and_then(|actor| self.mentions.actors[actor as usize].register.clone()),
            verb: mention.verb.map(|verb| self.document.norm(verb).to_owned()),
            verification: mention.verification,
            evidence: vec![mention.span],
        });
        (voices.len() as u32 - 1, mention.stance)
    }

    fn participant(self, nominal: &Nominal, role: Role, sentence: u32) -> Participant {
        let span = self.document.span(&nominal.core);
        let actor = nominal.actor.map(|actor| &self.mentions.actors[actor]);
        let place = nominal.place.and_then(|place| self.frames.place(self.mentions, place).best.as_ref());
        Participant {
            role,
            kind: actor.map_or(
                if place.is_some() { ParticipantKind::Population } else { ParticipantKind::Group },
                |actor| actor.kind,
            ),
            name: actor
                .and_then(|actor| actor.name.clone())
                .unwrap_or_else(|| collapse(self.document.slice(span))),
            mentions: vec![span],
            effect: None,
            register: actor.and_then(|actor| actor.register.clone()),
            class: actor.map_or_else(|| "unknown".to_owned(), |actor| actor.class.clone()),
            target_type: actor.and_then(|actor| actor.target_type.clone()),
            side: if role == Role::Actor { Side::A } else { Side::B },
            country: actor
                .and_then(|actor| actor.country.clone())
                .or_else(|| place.and_then(|place| place.country.clone())),
            government_of: actor.and_then(|actor| actor.government_of.clone()),
            count: nominal.count.map(|count| self.mentions.counts[count].count.clone()),
            attributions: Vec::new(),
            evidence: vec![self.document.span(&self.whole(nominal, sentence))],
        }
    }

    /// A party with the phrases that say whose it is and where from: "rebels in the north of Lodia".
    fn whole(self, nominal: &Nominal, sentence: u32) -> Range<u32> {
        let chunks = &self.frames.chunks[sentence as usize];
        // A name may reach over prepositions: "the Union for the Independence of Gollia".
        let name = nominal.actor.map_or(0, |actor| self.mentions.actors[actor].tokens.end);
        if name > nominal.tokens.end {
            return nominal.tokens.start..name;
        }
        let mut end = nominal.tokens.end;
        let mut at: ChunkId = chunks.partition_point(|chunk| chunk.tokens.end <= end.saturating_sub(1)) + 1;
        let word = |at: ChunkId| chunks.get(at).map_or("", |chunk: &Chunk| self.document.norm(chunk.head));
        // "President Lopez at a lunch": who has a name is not told apart by where.
        let known = nominal.actor.map(|actor| &self.mentions.actors[actor]).is_some_and(|actor| {
            actor.country.is_some() || actor.kind == ParticipantKind::Person && actor.proper.is_some()
        });
        if nominal.tokens.end != chunks.get(at.saturating_sub(1)).map_or(0, |chunk| chunk.tokens.end) {
            return nominal.tokens.clone();
        }
        if chunks.get(at).is_some_and(|chunk| chunk.kind == ChunkKind::Aside) {
            at += 1;
        }
        for _ in 0..2 {
            let joins = match word(at) {
                "of" => true,
                "in" | "from" | "at" | "for" => !known && nominal.place.is_none(),
                _ => false,
            };
            let noun = chunks.get(at + 1).filter(|chunk| joins && chunk.kind == ChunkKind::Noun);
            let Some(noun) = noun else { break };
            end = noun.tokens.end;
            at += 2;
        }
        nominal.tokens.start..end
    }

    /// The time of the sentence nearest to the verb, and whether it is recalled.
    fn time(self, deed: &Deed) -> Option<(When, bool)> {
        let tokens = &self.document.sentences[deed.sentence as usize].tokens;
        let times = &self.mentions.times;
        let first = times.partition_point(|time| time.tokens.start < tokens.start);
        times[first..]
            .iter()
            .take_while(|time| time.tokens.start < tokens.end)
            .filter(|time| matches!(time.kind, TimexKind::Date | TimexKind::Time))
            .filter(|time| time.when.as_ref().is_some_and(|w| w.earliest.is_some() || w.latest.is_some()))
            .min_by_key(|time| deed.tokens.start.abs_diff(time.tokens.start))
            .and_then(|time| Some((time.when.clone()?, time.recalled)))
    }

    /// Places of the sentence that are no part of a party.
    fn places(self, deed: &Deed) -> Vec<crate::Where> {
        let tokens = &self.document.sentences[deed.sentence as usize].tokens;
        let parties: Vec<Range<u32>> = deed
            .actors
            .iter()
            .chain(&deed.recipients)
            .map(|nominal| self.whole(nominal, deed.sentence))
            .collect();
        let places = &self.mentions.places;
        let first = places.partition_point(|place| place.tokens.start < tokens.start);
        let mut found: Vec<usize> = (first..places.len())
            .take_while(|&index| places[index].tokens.start < tokens.end)
            .filter(|&index| {
                let own = &places[index].tokens;
                places[index].usage == Use::Place
                    && !parties.iter().any(|party| party.start <= own.start && own.end <= party.end)
            })
            .collect();
        let parents: Vec<usize> = found
            .iter()
            .flat_map(|&index| places[index].within.iter().map(|&parent| parent as usize))
            .collect();
        found.retain(|index| !parents.contains(index));
        let to_where =
            |index: usize| place::to_where(self.gazetteer, &places[index], self.document, self.mentions);
        found.into_iter().map(to_where).collect()
    }
}
