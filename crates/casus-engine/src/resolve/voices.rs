//! Who is held to have done it, and by whom: claims of responsibility with their mode, denials,
//! accusations; and which voices are those of a party.
//!
//! A claim often stands sentences behind its event ("The Front claimed responsibility in a letter"):
//! it goes to the event of its own sentence, else to the one told last before it. A claim makes its
//! speaker an actor of the event with the status that the words support, and nothing more.
//!
//! ```text
//! "A bomb exploded in Gol. The Front claimed responsibility by telephone."
//!     -> actor Front, claimed, mode call_after
//! ```

use super::{assemble::Draft, fill::collapse};
use crate::{
    Attribution, AttributionStatus, Event, Participant, ParticipantKind, Role, Side, Told, Voice, VoiceKind,
    frame::{ArgumentRole, Frames},
    mention::{
        Mentions,
        actor::{
            ActorMention,
            class::{is_armed, is_nonstate},
        },
        voice::VoiceMention,
    },
    text::{Document, TokenId},
};

/// How many sentences behind its event a claim may stand.
const REACH: u32 = 4;

/// Words of what is denied: "denied involvement".
const INVOLVEMENT: &[&str] = &[
    "responsibility",
    "involvement",
    "role",
    "part",
    "link",
    "links",
    "connection",
    "responsible",
    "involved",
    "behind",
];

/// Verbs with which one holds another to have done it.
const BLAME: &[&str] = &[
    "blamed", "blames", "blame", "blaming", "accused", "accuses", "accuse", "accusing", "suspect", "suspects",
];

/// Adds to each event the attributions that other words of the report give it, and the voices' sides.
pub(super) fn settle(
    document: &Document<'_>,
    mentions: &Mentions,
    frames: &Frames,
    drafts: &[Draft],
    events: &mut [Event],
) {
    let settler = Settler { document, mentions, frames, drafts };
    for voice in &mentions.voices {
        settler.voice(voice, events);
    }
    settler.blamed(events);
    settler.spoken(events);
    for event in events.iter_mut() {
        sides(event);
    }
}

struct Settler<'a> {
    document: &'a Document<'a>,
    mentions: &'a Mentions,
    frames: &'a Frames,
    drafts: &'a [Draft],
}

impl Settler<'_> {
    fn norm(&self, at: TokenId) -> &str {
        self.document.norm(at)
    }

    /// A voice that claims, denies or blames.
    fn voice(&self, voice: &VoiceMention, events: &mut [Event]) {
        let at = voice.verb.unwrap_or(voice.speaker.start);
        let sentence = self.document.sentence_of(at);
        let limit = self.document.sentences[sentence as usize].tokens.end;
        let speaker = voice.actor.map(|actor| &self.mentions.actors[actor as usize]);
        if voice.claims_responsibility {
            let Some(speaker) = speaker.filter(|speaker| can_claim(speaker)) else { return };
            for event in self.events_of(sentence, at, limit) {
                let mode = voice.mode.clone();
                self.attribute(&mut events[event], speaker, voice, AttributionStatus::Claimed, mode);
            }
            return;
        }
        let Some(verb) = voice.verb else { return };
        let behind = (verb + 1)..(verb + 9).min(limit);
        if voice.stance == AttributionStatus::Denied {
            let about = behind.clone().any(|token| INVOLVEMENT.contains(&self.norm(token)))
                || self.answers(verb, sentence, limit);
            if let Some(speaker) = speaker.filter(|speaker| about && can_claim(speaker)) {
                for event in self.events_of(sentence, at, limit) {
                    self.attribute(&mut events[event], speaker, voice, AttributionStatus::Denied, None);
                }
            }
            return;
        }
        if BLAME.contains(&self.norm(verb)) {
            // "the army blamed the Front for the attack": who is blamed stands right behind the verb.
            let next = self.mentions.actors.partition_point(|actor| actor.tokens.start <= verb);
            let blamed = self.mentions.actors.get(next);
            let close =
                |actor: &&ActorMention| actor.tokens.start < (verb + 6).min(limit) && can_claim(actor);
            if let Some(blamed) = blamed.filter(close) {
                for event in self.events_of(sentence, at, limit) {
                    self.attribute(&mut events[event], blamed, voice, AttributionStatus::Suspected, None);
                }
            }
        }
    }

    /// "blamed the Front, which denied it": whether a denial is of what somebody was accused of right before.
    fn answers(&self, verb: TokenId, sentence: u32, limit: TokenId) -> bool {
        let mut object = verb + 1;
        if object < limit && matches!(self.norm(object), "the" | "this" | "these" | "those" | "all" | "any") {
            object += 1;
        }
        let denied = object < limit
            && matches!(
                self.norm(object),
                "it" | "this"
                    | "accusation"
                    | "accusations"
                    | "charge"
                    | "charges"
                    | "allegation"
                    | "allegations"
                    | "claim"
                    | "claims"
            );
        let first = self.document.sentences[sentence.saturating_sub(1) as usize].tokens.start;
        denied && (first..verb).any(|token| BLAME.contains(&self.norm(token)))
    }

    /// "The attack was blamed on the Front": without a speaker the report holds it so.
    fn blamed(&self, events: &mut [Event]) {
        for actor in self.mentions.actors.iter().filter(|actor| can_claim(actor)) {
            let sentence = self.document.sentence_of(actor.head);
            let tokens = &self.document.sentences[sentence as usize].tokens;
            let word = |back: TokenId| {
                let at = actor.tokens.start.checked_sub(back).filter(|at| *at >= tokens.start);
                at.map_or("", |at| self.norm(at))
            };
            let article = u32::from(matches!(word(1), "the" | "a" | "an"));
            let before = (word(article + 2), word(article + 1));
            let on = matches!(before, ("blamed", "on") | ("attributed", "to") | ("blame", "on"));
            let end = actor.tokens.end;
            let behind =
                |offset: TokenId| if end + offset < tokens.end { self.norm(end + offset) } else { "" };
            let was = matches!(behind(0), "was" | "were" | "is" | "are")
                && matches!(behind(1), "blamed" | "suspected")
                && matches!(behind(2), "for" | "of" | "in");
            if !on && !was {
                continue;
            }
            for event in self.events_of(sentence, actor.head, tokens.end) {
                let span = self.document.span(&actor.tokens);
                add(
                    &mut events[event],
                    actor,
                    self.document.words(&actor.tokens),
                    Attribution {
                        status: AttributionStatus::Suspected,
                        voice: 0,
                        mode: None,
                        evidence: vec![span],
                    },
                );
            }
        }
    }

    /// "The rebels said they killed six soldiers": the pronoun is the speaker.
    fn spoken(&self, events: &mut [Event]) {
        for (draft, event) in self.drafts.iter().zip(events) {
            if event.participants.iter().any(|participant| participant.role == Role::Actor) {
                continue;
            }
            let mut arguments = draft.frames.iter().flat_map(|&frame| &self.frames.frames[frame].arguments);
            let own = |norm: &str| matches!(norm, "they" | "we" | "it" | "he" | "she");
            let pronoun = arguments.find(|argument| {
                argument.role == ArgumentRole::Actor && own(self.norm(argument.nominal.head))
            });
            let Some(head) = pronoun.map(|argument| argument.nominal.head) else { continue };
            let voices = self.mentions.voices.iter().filter(|voice| {
                voice.governs.contains(&head) && voice.speaker.end <= head && !voice.claims_responsibility
            });
            let Some(voice) = voices.min_by_key(|voice| voice.governs.len()) else { continue };
            let speaker = voice.actor.map(|actor| &self.mentions.actors[actor as usize]);
            // "the mayor said they killed six": others are meant.
            let singular = matches!(self.norm(head), "it" | "he" | "she");
            let fits = |speaker: &&ActorMention| {
                can_claim(speaker) && speaker.class != "state_other" && (!singular || !speaker.plural)
            };
            if let Some(speaker) = speaker.filter(fits) {
                let status = match voice.stance {
                    AttributionStatus::Denied => continue,
                    stance => stance,
                };
                self.attribute(event, speaker, voice, status, None);
            }
        }
    }

    /// The events that a claim in a sentence is about: that of the sentence, else the last one before it,
    /// or all of them near it if it says "both attacks".
    fn events_of(&self, sentence: u32, at: TokenId, limit: TokenId) -> Vec<usize> {
        let all =
            (at..limit).any(|token| matches!(self.norm(token), "both" | "all" | "attacks" | "bombings"));
        let within =
            |draft: &Draft| draft.frames.iter().any(|&frame| self.frames.frames[frame].sentence == sentence);
        let open = |index: &usize| self.drafts[*index].told == Told::News && !self.drafts[*index].share;
        let own: Vec<usize> =
            (0..self.drafts.len()).filter(open).filter(|&i| within(&self.drafts[i])).collect();
        if let Some(&first) = own.first() {
            return if all { own } else { vec![first] };
        }
        let near = (0..self.drafts.len()).filter(open).filter(|&index| {
            let draft = &self.drafts[index];
            draft.last <= sentence && sentence - draft.last <= REACH
        });
        let near: Vec<usize> = near.collect();
        match (all, near.iter().copied().max_by_key(|&index| self.drafts[index].last)) {
            (true, _) => near,
            (false, last) => last.into_iter().collect(),
        }
    }

    fn attribute(
        &self,
        event: &mut Event,
        actor: &ActorMention,
        voice: &VoiceMention,
        status: AttributionStatus,
        mode: Option<String>,
    ) {
        let index = self.voice_of(event, voice);
        let span = voice.verb.map_or(voice.span, |verb| self.document.span(&(verb..verb + 1)));
        let attribution = Attribution { status, voice: index, mode, evidence: vec![span] };
        add(event, actor, self.document.words(&actor.tokens), attribution);
    }

    /// The voice in the event's list; added if it is not there.
    fn voice_of(&self, event: &mut Event, voice: &VoiceMention) -> u32 {
        let name = voice.named.as_ref().map(|named| collapse(self.document.words(named)));
        let register = voice.actor.and_then(|actor| self.mentions.actors[actor as usize].register.clone());
        let bare = |name: &str| name.trim_start_matches("the ").trim_start_matches("The ").to_lowercase();
        let known = event.voices.iter().position(|known| {
            known.name.as_deref().zip(name.as_deref()).is_some_and(|(known, name)| bare(known) == bare(name))
                || register.is_some() && known.register == register
        });
        if let Some(known) = known {
            return known as u32;
        }
        event.voices.push(Voice {
            kind: voice.kind,
            side: None,
            cites: None,
            name,
            register,
            verb: voice.verb.map(|verb| self.norm(verb).to_owned()),
            verification: voice.verification,
            evidence: vec![voice.span],
        });
        event.voices.len() as u32 - 1
    }
}

/// Adds an attribution to the actor of the event, who is made one if the event has it not.
fn add(event: &mut Event, actor: &ActorMention, words: &str, attribution: Attribution) {
    let name = actor.name.clone().unwrap_or_else(|| collapse(words));
    let same = |participant: &&mut Participant| {
        participant.role == Role::Actor
            && (participant.mentions.contains(&actor.span)
                || actor.register.is_some() && participant.register == actor.register
                || actor.register.is_none() && participant.name == name)
    };
    if let Some(known) = event.participants.iter_mut().find(same) {
        // What the report itself only suspected in the same words is not said twice.
        let again =
            |known: &Attribution| known.status == attribution.status && known.voice == attribution.voice;
        if !known.attributions.iter().any(again) {
            known.attributions.push(attribution);
        }
        if !known.mentions.contains(&actor.span) {
            known.mentions.push(actor.span);
        }
        return;
    }
    event.participants.push(Participant {
        role: Role::Actor,
        kind: actor.kind,
        name,
        mentions: vec![actor.span],
        effect: None,
        register: actor.register.clone(),
        class: actor.class.clone(),
        target_type: actor.target_type.clone(),
        side: Side::A,
        country: actor.country.clone(),
        government_of: actor.government_of.clone(),
        count: None,
        attributions: vec![attribution],
        evidence: vec![actor.span],
    });
}

/// Whether one of this class may be held to have done it.
fn can_claim(actor: &ActorMention) -> bool {
    let armed = is_armed(&actor.class) && actor.class != "peacekeepers" || actor.class == "state_other";
    (armed || actor.register.is_some())
        && matches!(actor.kind, ParticipantKind::Group | ParticipantKind::Person)
        && !actor.weak
}

/// The side of each voice that is a party's: its own group, or for a state's voice the state's forces.
fn sides(event: &mut Event) {
    let state = |class: &str| class.starts_with("state_") || class == "foreign_military";
    let side = |voice: &Voice| {
        let parties =
            || event.participants.iter().filter(|p| matches!(p.role, Role::Actor | Role::Recipient));
        let own = parties().find(|p| voice.register.is_some() && p.register == voice.register);
        let kin = match voice.kind {
            VoiceKind::State => parties().find(|p| state(&p.class) && p.kind != ParticipantKind::Facility),
            VoiceKind::ArmedGroup if voice.register.is_none() => parties().find(|p| is_nonstate(&p.class)),
            _ => None,
        };
        voice.side.or_else(|| own.or(kin).map(|party| party.side))
    };
    // The report's own voice has its side from the words.
    let sides: Vec<Option<Side>> = event.voices.iter().skip(1).map(side).collect();
    for (voice, side) in event.voices.iter_mut().skip(1).zip(sides) {
        voice.side = side;
    }
}
