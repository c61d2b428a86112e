//! Everyday talk in the words of conflict: "I took my son here", "people left town early", "the year the singer died".
//!
//! A word that is common in other senses needs force beside it: an act of violence, or somebody killed, within a few
//! sentences. Reports of conflict have that; letters, reviews and answers have not.
//!
//! This module must not know which frames belong together.

use super::relevance::{DISASTERS, Fate, Judge, armed};
use crate::{
    Family, LossOutcome, ParticipantKind, Unit,
    frame::{
        Argument, ArgumentRole, Frame, Frames, Kind, Lexicon, Modality, Pattern,
        chunk::{Determiner, Voice},
    },
    mention::{Mentions, place::Use},
    text::{Document, Tag, TokenId, one_of},
};
use std::cell::OnceCell;

/// How many sentences away force may be told.
const REACH: u32 = 3;

/// Animals that attack, or are hurt, outside of conflicts. Livestock is not among them: raiders kill it.
const ANIMALS: &[&str] = &[
    "animal",
    "animals",
    "bear",
    "bears",
    "bird",
    "birds",
    "cat",
    "cats",
    "crocodile",
    "crocodiles",
    "dog",
    "dogs",
    "elephant",
    "elephants",
    "fish",
    "hippo",
    "hyena",
    "hyenas",
    "kitten",
    "kittens",
    "leopard",
    "lion",
    "lions",
    "mice",
    "monkey",
    "monkeys",
    "mouse",
    "pet",
    "pets",
    "puppy",
    "rat",
    "rats",
    "shark",
    "sharks",
    "snake",
    "snakes",
    "tiger",
    "tigers",
    "wolf",
    "wolves",
];

/// What is attacked with words.
const OPINIONS: &[&str] = &[
    "record",
    "character",
    "reputation",
    "credibility",
    "integrity",
    "policy",
    "policies",
    "proposal",
    "proposals",
    "remarks",
    "views",
    "idea",
    "ideas",
    "argument",
    "arguments",
    "decision",
    "plan",
    "plans",
    "budget",
    "bill",
    "critics",
    "theory",
];

/// Where a death is one of the conflict though nobody is told to have killed.
const DIED_OF_FORCE: &[&str] = &[
    "custody",
    "jail",
    "prison",
    "detention",
    "hands",
    "wounds",
    "injuries",
    "bullet",
    "bullets",
    "gunshot",
    "captivity",
    "war",
    "fighting",
    "battle",
];

/// Where those are taken to whom nobody holds.
const CARE: &[&str] = &[
    "hospital",
    "hospitals",
    "clinic",
    "morgue",
    "mortuary",
    "doctor",
    "school",
    "church",
    "court",
    "airport",
];

/// Nouns for anything that happens or is done: they point at an act of force only where one is told.
const ANYTHING: &[&str] =
    &["event", "events", "incident", "incidents", "action", "actions", "operation", "operations", "tragedy"];

/// Whether a frame says of itself nothing of force: a noun for anything that happens, or one that frees nobody, without
/// persons or groups that act on others, a target, or a weapon.
pub(super) fn hollow(lexicon: &Lexicon, document: &Document<'_>, mentions: &Mentions, frame: &Frame) -> bool {
    let trigger = lexicon.trigger(frame.trigger);
    let anything = trigger.kind == Kind::Generic
        && frame.tokens.len() == 1
        && one_of(document.norm(frame.head), ANYTHING);
    let solid = |argument: &Argument| {
        let actor = argument.nominal.actor.map(|actor| &mentions.actors[actor]);
        match argument.role {
            // "the submarine incident", "the events in which the guards had a part"
            ArgumentRole::Actor => actor.is_some_and(|actor| {
                armed(&actor.class) && matches!(actor.kind, ParticipantKind::Group | ParticipantKind::Person)
            }),
            // "the actions of the president"
            ArgumentRole::Recipient => {
                (argument.rule != "of-phrase" || !anything)
                    && (actor.is_some() || named(document, argument) || argument.nominal.count.is_some())
            }
            _ => argument.nominal.weapon.is_some(),
        }
    };
    frame.nominal
        && (anything || trigger.id == "free" && frame.weak)
        && document.is_tagged()
        && !frame.arguments.iter().any(solid)
}

fn named(document: &Document<'_>, argument: &Argument) -> bool {
    let tag = document.tokens[argument.nominal.head as usize].tag;
    matches!(tag, Tag::Proper | Tag::ProperPlural)
}

/// Which frames tell of force, and which sentences of disasters.
pub(super) struct Force {
    /// Acts of violence, by the numbers of their frames.
    acts: Vec<usize>,
    /// Those, and persons killed or wounded.
    all: Vec<usize>,
    /// Sentences that name a disaster: looked for when first asked.
    disasters: OnceCell<Vec<u32>>,
}

impl Force {
    pub(super) fn new(
        lexicon: &Lexicon,
        document: &Document<'_>,
        mentions: &Mentions,
        frames: &Frames,
    ) -> Force {
        let solid = |argument: &Argument| {
            let nominal = &argument.nominal;
            nominal.actor.is_some() || nominal.weapon.is_some() || nominal.count.is_some()
        };
        let act = |frame: &Frame| {
            let trigger = lexicon.trigger(frame.trigger);
            if frame.modality == Modality::Hypothetical || !violent(trigger.family) {
                return false;
            }
            let by_arms = frame.arguments.iter().any(|argument| {
                argument.nominal.weapon.is_some_and(|weapon| mentions.weapons[weapon].weapon.is_some())
                    || argument.nominal.actor.is_some_and(|actor| warring(&mentions.actors[actor].class))
            });
            let warlike =
                matches!(document.norm(frame.head), "fighting" | "hostilities" | "gunfire" | "offensive");
            by_arms
                || frame.nominal && warlike
                || !frame.weak
                    && (trigger.kind == Kind::Generic
                        || trigger.kind == Kind::Act && (frame.nominal || frame.arguments.iter().any(solid)))
        };
        let harm = |frame: &Frame| {
            let trigger = lexicon.trigger(frame.trigger);
            let hurt =
                trigger.loss.iter().any(|loss| matches!(loss, LossOutcome::Killed | LossOutcome::Wounded));
            let counted = frame.arguments.iter().any(|argument| argument.nominal.count.is_some());
            hurt && trigger.pattern != Pattern::Tally
                && (counted || !frame.weak && frame.arguments.iter().any(solid))
        };
        // Looters come behind disasters too.
        let looting = |frame: &Frame| lexicon.trigger(frame.trigger).family == Family::Looting;
        let numbered = || frames.frames.iter().enumerate();
        let told = numbered().filter(|(_, frame)| act(frame) && !looting(frame));
        let all = numbered().filter(|(_, frame)| act(frame) || harm(frame));
        Force {
            acts: told.map(|(index, _)| index).collect(),
            all: all.map(|(index, _)| index).collect(),
            disasters: OnceCell::new(),
        }
    }

    /// Whether one of the frames that are marked, other than that at `index`, is not too far from it.
    fn near(marked: &[usize], frames: &Frames, index: usize) -> bool {
        let frame = &frames.frames[index];
        let (before, behind) = marked.split_at(marked.partition_point(|&other| other < index));
        let other = |&&other: &&usize| frames.frames[other].head != frame.head;
        let beside = [before.iter().rev().find(other), behind.iter().find(other)];
        beside
            .into_iter()
            .flatten()
            .any(|&other| frames.frames[other].sentence.abs_diff(frame.sentence) <= REACH)
    }
}

/// Families whose acts are acts of violence.
fn violent(family: Family) -> bool {
    matches!(
        family,
        Family::Attack
            | Family::ArmedClash
            | Family::Explosion
            | Family::Shelling
            | Family::AirStrike
            | Family::Chemical
            | Family::Abduction
            | Family::Execution
            | Family::SexualViolence
            | Family::Torture
            | Family::Looting
            | Family::Riot
            | Family::MobViolence
    )
}

/// Classes that are armed to fight: not police, guards and thieves, of whom everyday talk tells too.
fn warring(class: &str) -> bool {
    armed(class) && !matches!(class, "state_police" | "private_security" | "criminal" | "rioters")
}

impl Judge<'_> {
    /// Why the words are everyday talk, if they are.
    pub(super) fn everyday(&self, index: usize) -> Option<Fate> {
        if !self.document.is_tagged() {
            return None;
        }
        let frame = &self.frames.frames[index];
        let trigger = self.lexicon.trigger(frame.trigger);
        let by_arms = frame.arguments.iter().any(|argument| self.by_arms(argument));
        if self.asked(frame) || self.to_anybody(frame) {
            return Some(Fate::Dropped("generic"));
        }
        let armed_side = frame.arguments.iter().any(|argument| self.class(argument).is_some_and(armed));
        let animal = frame.arguments.iter().any(|argument| self.is_animal(argument));
        if animal && !armed_side && violent(trigger.family) && trigger.family != Family::Looting {
            return Some(Fate::Dropped("not_conflict"));
        }
        if self.with_words(frame) {
            return Some(Fate::Dropped("figurative"));
        }
        let near = || self.force_near(index);
        let everyday = match trigger.id.as_str() {
            "take" => self.taken_otherwise(frame) || !self.captor(frame) && !near(),
            "displace" => !self.driven_out(frame) && !near(),
            "free" => self.let_go(frame) && !self.captives_near(index) && !near(),
            "toll" => !frame.nominal && !self.bodies(frame) && !near(),
            "damage" => self.spoilt(frame) && !near(),
            _ => false,
        };
        if everyday {
            return Some(Fate::Dropped("weak"));
        }
        if trigger.kind == Kind::Effect && !by_arms {
            let dies = trigger.id == "die" || trigger.id == "kill" && frame.nominal && frame.weak;
            if dies && self.of_itself(frame) && !near()
                || self.run_over(frame) && !near()
                || self.of_disaster(index)
            {
                return Some(Fate::Dropped("not_conflict"));
            }
            if self.of_a_thing(frame) {
                return Some(Fate::Dropped("weak"));
            }
        }
        (self.by_habit(frame) && !near()).then_some(Fate::Dropped("generic"))
    }

    /// Whether force is told around a frame.
    pub(super) fn force_near(&self, index: usize) -> bool {
        Force::near(&self.force.all, self.frames, index)
    }

    fn class(&self, argument: &Argument) -> Option<&str> {
        argument.nominal.actor.map(|actor| self.mentions.actors[actor].class.as_str())
    }

    fn by_arms(&self, argument: &Argument) -> bool {
        self.class(argument).is_some_and(armed)
            || argument.nominal.weapon.is_some_and(|weapon| self.mentions.weapons[weapon].weapon.is_some())
    }

    fn pronoun<'a>(&'a self, argument: &Argument) -> Option<&'a str> {
        argument.nominal.pronoun.then(|| self.document.norm(argument.nominal.head))
    }

    fn of_role<'f>(&self, frame: &'f Frame, role: ArgumentRole) -> impl Iterator<Item = &'f Argument> {
        frame.arguments.iter().filter(move |argument| argument.role == role)
    }

    fn counted(&self, frame: &Frame) -> bool {
        self.of_role(frame, ArgumentRole::Recipient).any(|argument| argument.nominal.count.is_some())
    }

    fn bodies(&self, frame: &Frame) -> bool {
        let mut counts = frame.arguments.iter().filter_map(|argument| argument.nominal.count);
        counts.any(|count| self.mentions.counts[count].unit == Unit::Bodies)
    }

    /// "Do you shoot back?": a question that names no day and no place tells nothing.
    fn asked(&self, frame: &Frame) -> bool {
        let tokens = self.document.sentences[frame.sentence as usize].tokens.clone();
        let mark = tokens.rev().find(|&token| !matches!(self.document.norm(token), "\"" | "'" | ")" | "”"));
        mark.is_some_and(|token| self.document.norm(token) == "?") && !self.has_time_or_place(frame)
    }

    /// "before you attack someone", "they will arrest you": who is spoken to may be anybody.
    fn to_anybody(&self, frame: &Frame) -> bool {
        !frame.nominal && frame.arguments.iter().any(|argument| self.pronoun(argument) == Some("you"))
    }

    /// Whether an argument is an animal, and none that armed men lead ("police dogs").
    fn is_animal(&self, argument: &Argument) -> bool {
        let nominal = &argument.nominal;
        let first = self.mentions.actors.partition_point(|actor| actor.tokens.end <= nominal.tokens.start);
        let mut within =
            self.mentions.actors[first..].iter().take_while(|actor| actor.tokens.start < nominal.tokens.end);
        matches!(argument.role, ArgumentRole::Actor | ArgumentRole::Recipient)
            && one_of(self.document.norm(nominal.head), ANIMALS)
            && !named(self.document, argument)
            && !within.any(|actor| armed(&actor.class))
    }

    /// "attacks on the minister's record".
    fn with_words(&self, frame: &Frame) -> bool {
        let trigger = self.lexicon.trigger(frame.trigger);
        let mut struck = self.of_role(frame, ArgumentRole::Recipient).peekable();
        trigger.family == Family::Attack
            && trigger.loss.is_empty()
            && struck.peek().is_some()
            && struck.all(|argument| one_of(self.document.norm(argument.nominal.head), OPINIONS))
    }

    /// A word behind a verb, as far as its sentence goes.
    fn behind(&self, frame: &Frame, steps: TokenId) -> &str {
        let token = frame.head + steps;
        let inside = self.document.sentences[frame.sentence as usize].tokens.contains(&token);
        if inside { self.document.norm(token) } else { "" }
    }

    /// "taken aback", "taken into consideration", "taken with it".
    fn taken_otherwise(&self, frame: &Frame) -> bool {
        matches!(
            (self.behind(frame, 1), self.behind(frame, 2)),
            ("aback" | "ill" | "part" | "care", _)
                | ("into", "consideration" | "account")
                | ("with", "it" | "this" | "that")
        )
    }

    /// Whether somebody takes who can hold persons, or persons are taken on a day or at a place that is told.
    fn captor(&self, frame: &Frame) -> bool {
        let chunk = &self.frames.chunks[frame.sentence as usize][frame.chunk];
        let passive = matches!(chunk.voice, Voice::Passive | Voice::BareParticiple);
        let nobody = self.of_role(frame, ArgumentRole::Actor).next().is_none();
        let cared_for =
            self.behind(frame, 1) == "to" && (2..5).any(|steps| one_of(self.behind(frame, steps), CARE));
        self.of_role(frame, ArgumentRole::Actor).any(|argument| self.by_arms(argument))
            || passive && nobody && !cared_for && self.has_time_or_place(frame)
    }

    /// "300 families fled Gol": whether so many went from a place or on a day that it needs no cause told beside it.
    fn driven_out(&self, frame: &Frame) -> bool {
        let leaves = matches!(self.document.norm(frame.head), "leave" | "leaves" | "left" | "leaving");
        match (frame.nominal, leaves) {
            (false, true) => {
                let households = self.of_role(frame, ArgumentRole::Recipient).any(|argument| {
                    let unit = argument.nominal.count.map(|count| self.mentions.counts[count].unit);
                    matches!(unit, Some(Unit::Households | Unit::Families))
                });
                households || self.counted(frame) && self.has_time_or_place(frame)
            }
            _ => self.counted(frame) || self.has_time_or_place(frame),
        }
    }

    /// "the company released its staff": whether those who let go are no captors.
    fn let_go(&self, frame: &Frame) -> bool {
        let mut acting = self.of_role(frame, ArgumentRole::Actor).peekable();
        acting.peek().is_some()
            && !self.counted(frame)
            && acting.all(|argument| {
                !argument.nominal.pronoun
                    && self.class(argument).is_none_or(|class| matches!(class, "unknown" | "civilians"))
            })
    }

    /// "sabotaging my dinner": nobody armed, and neither persons, a thing, a day nor a place that is told.
    fn spoilt(&self, frame: &Frame) -> bool {
        !frame.nominal
            && !self.has_time_or_place(frame)
            && !frame.arguments.iter().any(|argument| {
                let nominal = &argument.nominal;
                match argument.role {
                    ArgumentRole::Actor => self.by_arms(argument),
                    _ => nominal.actor.is_some() || nominal.weapon.is_some() || nominal.count.is_some(),
                }
            })
    }

    fn captives_near(&self, index: usize) -> bool {
        let frame = &self.frames.frames[index];
        let near = |other: &&Frame| other.sentence.abs_diff(frame.sentence) <= REACH;
        let first = self.frames.frames.partition_point(|other| other.sentence + REACH < frame.sentence);
        self.frames.frames[first..].iter().take_while(near).any(|other| {
            matches!(self.lexicon.trigger(other.trigger).family, Family::Abduction | Family::Arrest)
        })
    }

    /// "the year the singer died": one person, of whom no word says that others had a part in the death.
    fn of_itself(&self, frame: &Frame) -> bool {
        let mut tokens = self.document.sentences[frame.sentence as usize].tokens.clone();
        !self.counted(frame)
            && !frame.plural
            && !self.of_role(frame, ArgumentRole::Recipient).any(|argument| argument.nominal.plural)
            && self.of_role(frame, ArgumentRole::Actor).next().is_none()
            && !tokens.any(|token| one_of(self.document.norm(token), DIED_OF_FORCE))
    }

    /// "injured by a truck".
    fn run_over(&self, frame: &Frame) -> bool {
        let mut acting = self.of_role(frame, ArgumentRole::Actor).peekable();
        acting.peek().is_some()
            && acting.all(|argument| {
                argument.nominal.actor.is_some_and(|actor| {
                    let actor = &self.mentions.actors[actor];
                    actor.kind == ParticipantKind::Vehicle && !armed(&actor.class)
                })
            })
    }

    /// Whether a disaster is told of around the harm, and no act of violence.
    fn of_disaster(&self, index: usize) -> bool {
        let frame = &self.frames.frames[index];
        if Force::near(&self.force.acts, self.frames, index) {
            return false;
        }
        let disasters = self.force.disasters.get_or_init(|| {
            let names = |token: TokenId| one_of(self.document.norm(token), DISASTERS);
            let sentences = self.document.sentences.iter().zip(0..);
            let told = sentences.filter(|(sentence, _)| sentence.tokens.clone().any(names));
            told.map(|(_, number)| number).collect()
        });
        // A report without any act of violence tells of the disaster throughout.
        let first = disasters.partition_point(|&sentence| sentence + REACH < frame.sentence);
        let near = disasters.get(first).is_some_and(|&sentence| sentence <= frame.sentence + REACH);
        near || self.force.acts.is_empty() && !disasters.is_empty()
    }

    /// "its wing is injured": what belongs to a thing or an animal.
    fn of_a_thing(&self, frame: &Frame) -> bool {
        let mut harmed = self.of_role(frame, ArgumentRole::Recipient).peekable();
        harmed.peek().is_some()
            && harmed.all(|argument| {
                let nominal = &argument.nominal;
                nominal.determiner == Determiner::Possessive
                    && nominal.count.is_none()
                    && self.document.norm(nominal.tokens.start) == "its"
                    && nominal.actor.is_some_and(|actor| {
                        let actor = &self.mentions.actors[actor];
                        actor.kind == ParticipantKind::Group && !armed(&actor.class)
                    })
            })
    }

    /// "They attack people": what somebody who is only pointed at does as a habit.
    fn by_habit(&self, frame: &Frame) -> bool {
        let chunk = &self.frames.chunks[frame.sentence as usize][frame.chunk];
        let present =
            matches!(self.document.tokens[frame.head as usize].tag, Tag::VerbPresent | Tag::VerbThird);
        let mut acting = self.of_role(frame, ArgumentRole::Actor).peekable();
        // "what it fires at Gol": a name says who or what is meant.
        let named = |argument: &Argument| named(self.document, argument);
        !frame.nominal
            && !frame.arguments.iter().any(named)
            && !self.at_place(frame)
            && chunk.voice == Voice::Active
            && chunk.modal.is_none()
            && !chunk.perfect
            && present
            && acting.peek().is_some()
            && acting.all(|argument| argument.nominal.pronoun)
    }

    /// Whether a place stands right behind the verb.
    fn at_place(&self, frame: &Frame) -> bool {
        let behind = frame.tokens.end..frame.tokens.end + 3;
        let first = self.mentions.places.partition_point(|place| place.tokens.start < behind.start);
        self.mentions.places.get(first).is_some_and(|place| behind.contains(&place.tokens.start))
    }

    /// Whether the sentence of a frame names a place.
    pub(super) fn has_place(&self, frame: &Frame) -> bool {
        let tokens = &self.document.sentences[frame.sentence as usize].tokens;
        let places =
            &self.mentions.places[self.mentions.places.partition_point(|p| p.tokens.start < tokens.start)..];
        places.iter().take_while(|p| p.tokens.start < tokens.end).any(|p| p.usage == Use::Place)
    }
}
