//! How the words put an action: done, attempted, planned, threatened, foiled, denied, or only possible.
//!
//! Reads the verb that governs a trigger ("tried to kill", "denied that they killed") and the particles of its clause.
//!
//! This module must not know what a trigger means.

use super::{
    Finder, Modality,
    chunk::{ChunkId, ChunkKind, Determiner, Voice},
};
use crate::text::Tag;
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

impl Finder<'_> {
    pub(super) fn verb_modality(&self, at: ChunkId) -> Modality {
        let chunk = self.chunk(at);
        if chunk.negated || self.nobody_acts(at) {
            return Modality::Negated;
        }
        if self.imperative(at) {
            return Modality::Hypothetical;
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
                // "if you want to attack": what is wanted is only supposed, too.
                if self.conditional(at) {
                    return Modality::Hypothetical;
                }
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

    /// "No preacher has ever blown himself up".
    fn nobody_acts(&self, at: ChunkId) -> bool {
        let subject = match self.chunk(at).voice {
            Voice::Active => self.clause.subject(at),
            _ => return false,
        };
        !subject.is_empty() && subject.iter().all(|&noun| self.chunk(noun).determiner == Determiner::Negative)
    }

    /// "Kill the lights!": a bare verb that a sentence or a quotation begins with.
    fn imperative(&self, at: ChunkId) -> bool {
        let chunk = self.chunk(at);
        let begins = at == 0 || at == 1 && self.chunk(0).kind == ChunkKind::Quote;
        let base = matches!(self.document.tokens[chunk.head as usize].tag, Tag::VerbBase);
        begins && base && chunk.voice == Voice::Active && chunk.tokens.start == chunk.head
    }

    /// "any attack", "an attack would mean war": an action that nobody is said to have done.
    fn supposed(&self, at: ChunkId) -> bool {
        let chunk = self.chunk(at);
        let told_of = matches!(chunk.determiner, Determiner::None | Determiner::Indefinite);
        let next = (at + 1..self.clause.chunks.len()).find(|&i| self.chunk(i).kind == ChunkKind::Verb);
        let would = |verb: ChunkId| {
            let verb = self.chunk(verb);
            !verb.perfect && verb.modal.is_some_and(|modal| self.document.norm(modal) == "would")
        };
        self.document.norm(chunk.tokens.start) == "any"
            || told_of && next.is_some_and(|verb| would(verb) && self.clause.subject(verb).contains(&at))
    }

    /// The verb or noun that governs an infinitive or gerund: the nearest word before it that is no adverb.
    pub(super) fn governor(&self, at: ChunkId) -> Option<&str> {
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

    pub(super) fn conditional(&self, at: ChunkId) -> bool {
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
    pub(super) fn denied(&self, at: ChunkId) -> bool {
        let mut i = at;
        while i > 0 {
            i -= 1;
            match self.chunk(i).kind {
                ChunkKind::Break | ChunkKind::Stop => return false,
                // "denied that rebels were there and said the strikes hit a school"
                ChunkKind::Verb
                    if i > 0
                        && self.chunk(i - 1).kind == ChunkKind::Conjunction
                        && matches!(
                            self.clause.word(i),
                            "said" | "says" | "claimed" | "insisted" | "added"
                        ) =>
                {
                    return false;
                }
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

    pub(super) fn noun_modality(&self, at: ChunkId) -> Modality {
        if self.conditional(at) || self.supposed(at) {
            return Modality::Hypothetical;
        }
        // "a pause in the bombing"
        if at >= 2
            && matches!(self.clause.word(at - 1), "in" | "of")
            && matches!(self.clause.word(at - 2), "pause" | "pauses" | "lull" | "lulls")
        {
            return Modality::Negated;
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
}
