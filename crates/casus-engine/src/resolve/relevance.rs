//! Which frames can be told as events at all: a frame is kept, or dropped with a reason.
//!
//! This module must not know which frames belong together.

use super::everyday::Force;
use crate::{
    Family, ParticipantKind,
    frame::{
        Argument, ArgumentRole, Frame, Frames, Kind, Lexicon, Modality, Nominal, Pattern, chunk::Determiner,
    },
    mention::{Mentions, actor::class::is_armed, count::CountKind},
    text::{Document, TokenId, one_of},
};
use rustc_hash::FxHashSet;

/// What a kept frame can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Makes an event.
    Act,
    /// Joins an event, or makes one if none is near.
    Effect,
    /// Points back at an event ("the attack"); may bring arguments and losses.
    Pointer,
    /// Is no event, for this reason (a stable code, explained in [`reason`]).
    Dropped(&'static str),
}

/// What a reason code means, for `casus explain`.
pub fn reason(code: &str) -> &'static str {
    match code {
        "hypothetical" => "the words put it as possible, not as done",
        "generic" => "names a kind of action, not one that took place",
        "weak" => {
            "the word is common in other senses, and no armed actor, weapon, loss or target stands beside it"
        }
        "not_conflict" => {
            "the harm came from an accident, nature, illness or another cause that is no conflict"
        }
        "statistic" => "a share or rate, not an occurrence",
        "negated" => "said not to have happened",
        "figurative" => {
            "what is struck is no person, thing or place: the words are of another kind of action"
        }
        _ => "dropped",
    }
}

/// What nature does to many at once.
pub(super) const DISASTERS: &[&str] = &[
    "hurricane",
    "hurricanes",
    "cyclone",
    "typhoon",
    "tornado",
    "flood",
    "floods",
    "flooded",
    "flooding",
    "floodwaters",
    "earthquake",
    "quake",
    "tsunami",
    "landslide",
    "landslides",
    "mudslide",
    "wildfire",
    "wildfires",
];

/// What else harms people without a conflict.
const OTHER_HARM: &[&str] = &[
    "accident",
    "accidents",
    "crash",
    "crashes",
    "crashed",
    "collision",
    "collided",
    "overturned",
    "storm",
    "storms",
    "avalanche",
    "drought",
    "famine",
    "disease",
    "illness",
    "cancer",
    "epidemic",
    "cholera",
    "malaria",
    "measles",
    "ebola",
    "virus",
    "pneumonia",
    "heatwave",
    "lightning",
    "drowned",
    "drowning",
    "capsized",
    "derailed",
    "stampede",
    "eruption",
    "volcano",
    "hail",
    "rain",
    "rains",
    "heart",
    "stroke",
    "infection",
    "malnutrition",
    "outbreak",
    "blizzard",
    "smoking",
    "overdose",
    "cylinder",
    "boiler",
    "stove",
    "firework",
    "fireworks",
];

/// Classes that use force: those that bear arms, and rioters.
pub fn armed(class: &str) -> bool {
    is_armed(class) || class == "rioters"
}

/// Whether a frame says what any cause may have done, and no weapon tells that it was force.
pub(super) fn only_joins(lexicon: &Lexicon, mentions: &Mentions, frame: &Frame) -> bool {
    let trigger = lexicon.trigger(frame.trigger);
    let first = mentions.weapons.partition_point(|weapon| weapon.tokens.end <= frame.tokens.start);
    let by_weapon = mentions.weapons.get(first).is_some_and(|weapon| weapon.tokens.start < frame.tokens.end);
    trigger.loss == [crate::LossOutcome::Missing] || trigger.id == "sustain_wounds" && !by_weapon
}

/// The fate of every frame.
pub fn judge(lexicon: &Lexicon, document: &Document<'_>, mentions: &Mentions, frames: &Frames) -> Vec<Fate> {
    let force = Force::new(lexicon, document, mentions, frames);
    let judge = Judge { lexicon, document, mentions, frames, force };
    // "The attack" may go back to one that was made with words: the last fate of each trigger tells.
    let mut figures = FxHashSet::default();
    let settle = |(index, frame): (usize, &Frame)| {
        let fate = judge.fate(index);
        if fate == Fate::Pointer && figures.contains(&frame.trigger) {
            return Fate::Dropped("figurative");
        }
        if fate == Fate::Dropped("figurative") {
            figures.insert(frame.trigger);
        } else {
            figures.remove(&frame.trigger);
        }
        fate
    };
    frames.frames.iter().enumerate().map(settle).collect()
}

pub(super) struct Judge<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) document: &'a Document<'a>,
    pub(super) mentions: &'a Mentions,
    pub(super) frames: &'a Frames,
    pub(super) force: Force,
}

/// Words that make of a noun others of its kind.
const ALIKE: [&str; 6] = ["similar", "such", "previous", "past", "prior", "comparable"];

impl Judge<'_> {
    fn fate(&self, index: usize) -> Fate {
        let frame = &self.frames.frames[index];
        let trigger = self.lexicon.trigger(frame.trigger);
        if frame.modality == Modality::Hypothetical {
            return Fate::Dropped("hypothetical");
        }
        if self.statistic(frame) {
            return Fate::Dropped("statistic");
        }
        if self.other_harm(frame) {
            return Fate::Dropped("not_conflict");
        }
        if let Some(fate) = self.everyday(index) {
            return fate;
        }
        // Who is missing, or sustained injuries, may be so for many reasons: an action must be told beside it.
        if only_joins(self.lexicon, self.mentions, frame) {
            return Fate::Pointer;
        }
        let evidence = self.evidence(frame);
        if frame.rule == "a protest that turns" {
            return Fate::Act;
        }
        let thing =
            frame.arguments.iter().any(|a| a.role == ArgumentRole::Recipient && self.is_thing(&a.nominal));
        if (trigger.pattern == Pattern::Taken || frame.weak && !frame.nominal && thing) && !self.strong(frame)
        {
            // "a vehicle taken", "shops burned": things that an action of the same sentence took or harmed.
            let with_act = self.frames.frames.iter().any(|other| {
                other.sentence == frame.sentence
                    && !other.weak
                    && self.lexicon.trigger(other.trigger).kind == Kind::Act
            });
            return match (with_act, trigger.kind) {
                (false, _) => Fate::Dropped("weak"),
                (true, Kind::Act) if trigger.pattern != Pattern::Taken => Fate::Act,
                (true, _) => Fate::Effect,
            };
        }
        if frame.modality == Modality::Negated && trigger.loss.is_empty() {
            return Fate::Dropped("negated");
        }
        if self.figurative(index) {
            return Fate::Dropped("figurative");
        }
        if trigger.kind == Kind::Generic {
            return if frame.count.is_some() || evidence >= 2 {
                Fate::Act
            } else if frame.determiner == Determiner::Definite {
                Fate::Pointer
            } else {
                Fate::Dropped("generic")
            };
        }
        if frame.nominal {
            let definite = matches!(frame.determiner, Determiner::Definite | Determiner::Possessive);
            if definite && !frame.plural && evidence < 2 {
                return Fate::Pointer;
            }
            if frame.count.is_some() && frame.arguments.iter().any(|a| a.nominal.place.is_some()) {
                return Fate::Act;
            }
            // "clashes between Dinka and Murle youth in Baidit": names of two sides, though none is known.
            let proper =
                |token: TokenId| self.document.tokens[token as usize].tag == crate::text::Tag::Proper;
            let side = |a: &&Argument| a.nominal.place.is_none() && a.nominal.core.clone().any(proper);
            let sides = frame.arguments.iter().filter(side).count() >= 2 && self.has_time_or_place(frame);
            if evidence == 0 {
                // "arrested while preparing an attack"
                let broken_up =
                    matches!(frame.modality, Modality::Planned | Modality::Foiled | Modality::Attempted)
                        && self.frames.of_sentence(frame.sentence).iter().any(|f| {
                            f.sentence == frame.sentence
                                && self.lexicon.trigger(f.trigger).loss == [crate::LossOutcome::Captured]
                        });
                let settled = broken_up
                    || sides
                    || self.has_time_or_place(frame)
                        && !frame.plural
                        && frame.determiner == Determiner::Indefinite;
                if !settled && frame.count.is_none() {
                    return Fate::Dropped("generic");
                }
            }
            if frame.plural && frame.count.is_none() && (self.compared(frame) || self.answered_for(frame)) {
                return Fate::Dropped("generic");
            }
            if frame.weak && evidence < 2 && !sides {
                return Fate::Dropped("weak");
            }
        } else if frame.weak && !self.strong(frame) && !self.by_means(frame) {
            return Fate::Dropped("weak");
        } else if evidence == 0 && frame.arguments.is_empty() && !self.by_means(frame) {
            return Fate::Dropped("generic");
        }
        // "killed off the match": nobody was.
        let harmed = frame.arguments.iter().any(|a| {
            matches!(a.role, ArgumentRole::Recipient | ArgumentRole::Included)
                && (self.solid(&a.nominal)
                    || a.nominal.pronoun
                    || self.named(&a.nominal)
                    || a.nominal.determiner == Determiner::Negative
                    || self.document.norm(a.nominal.head) == "another")
        });
        if trigger.kind == Kind::Effect
            && !trigger.loss.is_empty()
            && !frame.nominal
            && (!harmed || self.habitual(frame))
        {
            return Fate::Dropped("generic");
        }
        if trigger.kind == Kind::Effect { Fate::Effect } else { Fate::Act }
    }

    /// "killed by shelling": what did it, whoever did.
    fn by_means(&self, frame: &Frame) -> bool {
        let harmed = |other: &Frame| {
            other.chunk + 2 == frame.chunk && !self.lexicon.trigger(other.trigger).loss.is_empty()
        };
        frame.arguments.is_empty()
            && frame.tokens.start > 0
            && self.document.norm(frame.tokens.start - 1) == "by"
            && self.frames.of_sentence(frame.sentence).iter().any(harmed)
    }

    /// "Farmers are killed by these mines": what happens again and again to whoever it may be, on no day.
    fn habitual(&self, frame: &Frame) -> bool {
        let tokens = &self.frames.chunks[frame.sentence as usize][frame.chunk].tokens;
        let present = tokens.len() > 1
            && self.document.norm(tokens.start) == "are"
            && !tokens.clone().any(|token| self.document.norm(token) == "being");
        let mut struck = frame.arguments.iter().filter(|a| a.role == ArgumentRole::Recipient);
        present
            && !self.has_time_or_place(frame)
            && struck.all(|a| {
                a.nominal.plural && a.nominal.count.is_none() && a.nominal.determiner == Determiner::None
            })
    }

    /// Whether the words set beside the event others that are like it: "has carried out similar attacks".
    fn compared(&self, frame: &Frame) -> bool {
        let chunk = &self.frames.chunks[frame.sentence as usize][frame.chunk];
        (chunk.tokens.start..frame.head).any(|token| ALIKE.contains(&self.document.norm(token)))
    }

    /// What somebody is known for and not what happened: "a leader responsible for attacks against convoys".
    fn answered_for(&self, frame: &Frame) -> bool {
        let chunks = &self.frames.chunks[frame.sentence as usize];
        let word = |back: usize| {
            let chunk = frame.chunk.checked_sub(back).map(|at| &chunks[at]);
            chunk.map_or("", |chunk| self.document.norm(chunk.head))
        };
        frame.determiner == Determiner::None
            && matches!(word(1), "for" | "in" | "to" | "with")
            && matches!(word(2), "responsible" | "involved" | "linked" | "implicated" | "connected" | "known")
            && !self.has_time(frame)
    }

    /// How many kinds of support the frame has: an actor, a recipient, a means.
    fn evidence(&self, frame: &Frame) -> usize {
        [ArgumentRole::Actor, ArgumentRole::Recipient, ArgumentRole::Instrument]
            .iter()
            .filter(|&&role| frame.arguments.iter().any(|a| a.role == role && self.solid(&a.nominal)))
            .count()
    }

    /// Whether a nominal is someone or something, not a pronoun or an abstract noun.
    fn solid(&self, nominal: &Nominal) -> bool {
        nominal.actor.is_some() || nominal.weapon.is_some() || nominal.count.is_some()
    }

    fn named(&self, nominal: &Nominal) -> bool {
        matches!(
            self.document.tokens[nominal.head as usize].tag,
            crate::text::Tag::Proper | crate::text::Tag::ProperPlural
        )
    }

    fn is_thing(&self, nominal: &Nominal) -> bool {
        use ParticipantKind::{Facility, Infrastructure, Vehicle};
        match nominal.actor {
            Some(actor) => matches!(self.mentions.actors[actor].kind, Facility | Infrastructure | Vehicle),
            None => nominal.weapon.is_some_and(|w| self.mentions.weapons[w].item.is_some()),
        }
    }

    /// Whether an armed side, a weapon or persons that suffer stand beside a weak word.
    fn strong(&self, frame: &Frame) -> bool {
        let trigger = self.lexicon.trigger(frame.trigger);
        // A crowd makes a protest: "thousands of students protested", "residents marched on Monday".
        let crowd = |a: &Argument| {
            a.role == ArgumentRole::Actor
                && (a.nominal.count.is_some() || a.nominal.plural && self.has_time_or_place(frame))
        };
        if trigger.family == Family::Protest && frame.arguments.iter().any(crowd) {
            return true;
        }
        frame.arguments.iter().any(|a| {
            let class = a.nominal.actor.map(|i| self.mentions.actors[i].class.as_str());
            let weapon = a.nominal.weapon.is_some_and(|w| self.mentions.weapons[w].weapon.is_some());
            match a.role {
                ArgumentRole::Actor => class.is_some_and(armed),
                ArgumentRole::Instrument => weapon,
                ArgumentRole::Recipient => {
                    class.is_some_and(armed)
                        || weapon
                        || !trigger.loss.is_empty()
                            && (a.nominal.count.is_some()
                                || a.nominal.actor.is_some_and(|i| {
                                    matches!(
                                        self.mentions.actors[i].kind,
                                        ParticipantKind::Group
                                            | ParticipantKind::Person
                                            | ParticipantKind::Population
                                    )
                                }))
                }
                _ => false,
            }
        })
    }

    /// "Critics attacked the plan", "shot a film", "ministers clashed over": nobody armed acts, and what is struck is neither
    /// person, thing, place nor name.
    fn figurative(&self, index: usize) -> bool {
        let frame = &self.frames.frames[index];
        let trigger = self.lexicon.trigger(frame.trigger);
        let violent =
            matches!(trigger.family, Family::Attack | Family::ArmedClash) && trigger.loss.is_empty();
        if frame.nominal || !violent || trigger.kind != Kind::Act {
            return false;
        }
        let class = |nominal: &Nominal| nominal.actor.map(|i| self.mentions.actors[i].class.as_str());
        let acts = frame.arguments.iter().any(|argument| argument.role == ArgumentRole::Actor);
        let striking = frame.arguments.iter().any(|argument| argument.role == ArgumentRole::Recipient);
        let tame = |argument: &Argument| match argument.role {
            // "she attacks the toy": a pronoun may be anybody where nothing else tells of force.
            ArgumentRole::Actor => {
                !(argument.nominal.pronoun && (!striking || self.force_near(index)))
                    && !self.named(&argument.nominal)
                    && class(&argument.nominal)
                        .is_none_or(|class| matches!(class, "unknown" | "state_other" | "un_ngo"))
            }
            ArgumentRole::Recipient => {
                !argument.nominal.pronoun
                    && !self.named(&argument.nominal)
                    && !self.solid(&argument.nominal)
                    && argument.nominal.place.is_none()
            }
            _ => false,
        };
        acts && (striking || trigger.family == Family::ArmedClash) && frame.arguments.iter().all(tame)
    }

    /// Shares, rates, scores: "killed 12 percent", "the death rate".
    fn statistic(&self, frame: &Frame) -> bool {
        frame.arguments.iter().filter(|a| a.role == ArgumentRole::Recipient).any(|a| {
            a.nominal.count.is_some_and(|c| self.mentions.counts[c].kind == CountKind::Percent)
                || matches!(
                    self.document.norm(a.nominal.head),
                    "percent" | "rate" | "rates" | "per cent" | "%"
                )
        })
    }

    /// An effect whose sentence names a cause that is no conflict, and no means or armed actor.
    fn other_harm(&self, frame: &Frame) -> bool {
        // The frames first: they are few, and most sentences have one of these.
        let conflict = self.frames.of_sentence(frame.sentence).iter().any(|other| {
            let by_force = other.arguments.iter().any(|a| {
                a.nominal.actor.is_some_and(|i| armed(&self.mentions.actors[i].class))
                    || a.nominal.weapon.is_some_and(|w| self.mentions.weapons[w].weapon.is_some())
            });
            let act = self.lexicon.trigger(other.trigger).kind == Kind::Act;
            by_force || act && !other.weak && other.modality == Modality::Fact
        });
        let mut tokens = self.document.sentences[frame.sentence as usize].tokens.clone();
        let harms = |word: &str| one_of(word, OTHER_HARM) || one_of(word, DISASTERS);
        !conflict && tokens.any(|token| harms(self.document.norm(token)))
    }

    fn has_time(&self, frame: &Frame) -> bool {
        let tokens = &self.document.sentences[frame.sentence as usize].tokens;
        let times =
            &self.mentions.times[self.mentions.times.partition_point(|t| t.tokens.start < tokens.start)..];
        times.iter().take_while(|t| t.tokens.start < tokens.end).any(|t| t.when.is_some())
    }

    pub(super) fn has_time_or_place(&self, frame: &Frame) -> bool {
        self.has_time(frame) || self.has_place(frame)
    }
}

/// Number of the part of its sentence that a chunk lies in.
pub fn part(frames: &Frames, sentence: u32, chunk: usize) -> u32 {
    frames.chunks[sentence as usize][chunk].part
}
