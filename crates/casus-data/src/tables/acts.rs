//! Words that name what is done: section `acts`, from `data/patterns/<lang>/acts.toml`, for languages that are read by
//! their words alone; section `politics`, from `data/patterns/en/politics.toml`, for what is done without force. The
//! files explain the fields.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Words that stand in a file with the sentences that test them.
macro_rules! tested {
    ($(#[$about:meta])* $name:ident { $($(#[$told:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Default, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$told])* pub $field: $kind,)*
            /// Sentences in which it must name an event.
            #[serde(default, rename = "match")]
            pub matches: Vec<String>,
            /// Sentences in which it must not.
            #[serde(default)]
            pub no_match: Vec<String>,
        }

        impl $name {
            /// Takes out the sentences, which are not packed.
            pub fn pack(&mut self) {
                self.matches.clear();
                self.no_match.clear();
            }
        }
    };
}

/// Acts and parties, by BCP 47 primary language subtag.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Acts {
    /// One language each.
    pub languages: BTreeMap<String, ActWords>,
}

/// What one language has.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActWords {
    /// Auxiliaries before the participle of a passive.
    pub passive: Vec<String>,
    /// Words before the actor of a passive and of a noun.
    pub by: Vec<String>,
    /// Words before a recipient.
    pub to: Vec<String>,
    /// Words before `to` that make who follows the actor: "atribuido al ELN".
    pub attributed: Vec<String>,
    /// Words that end a clause.
    pub stops: Vec<String>,
    /// Words between the nouns of one party.
    pub inside: Vec<String>,
    /// Words that begin a party.
    pub determiners: Vec<String>,
    /// Words before a verb of what did not happen.
    pub negations: Vec<String>,
    /// Endings of finite forms and the gerund, by class of verb.
    pub endings: BTreeMap<String, Vec<String>>,
    /// Endings of participles, by class of verb.
    pub participles: BTreeMap<String, Vec<String>>,
    /// The acts.
    pub act: Vec<Words>,
    /// The parties.
    pub party: Vec<Party>,
}

tested! {
    /// Words for one trigger.
    Words {
        /// Id of the trigger of `data/patterns/en/triggers.toml`.
        trigger: String,
        /// Stem and class, with further words behind.
        #[serde(default)]
        verbs: Vec<String>,
        /// Finite forms, of one or more words.
        #[serde(default)]
        forms: Vec<String>,
        /// Irregular participles in the masculine singular.
        #[serde(default)]
        participles: Vec<String>,
        /// Nouns, of one or more words.
        #[serde(default)]
        nouns: Vec<String>,
        /// Whether the verb's subject suffers it: "murieron".
        #[serde(default)]
        own: bool,
    }
}

/// Words for those who act, suffer, or are struck.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Code of `data/codes/classes.toml`.
    pub class: String,
    /// person, group, population, facility, vehicle or infrastructure.
    pub kind: String,
    /// Words for one.
    pub one: Vec<String>,
    /// Words for several.
    pub several: Vec<String>,
}

/// Nouns and verbs of politics without force.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Politics {
    /// Nouns that name something done or given.
    pub theme: Vec<Theme>,
    /// Verbs with what they take.
    pub act: Vec<Act>,
}

tested! {
    /// Nouns that name one kind of thing done or given.
    Theme {
        /// Stable name.
        id: String,
        /// Root of doing it.
        root: String,
        /// Root of ending it, where it is not the default.
        #[serde(default)]
        ended: Option<String>,
        /// Whether troops that go for it give aid.
        #[serde(default)]
        peace: bool,
        /// Whether it names those to whom the act is done.
        #[serde(default)]
        people: bool,
        /// Nouns and noun phrases.
        nouns: Vec<String>,
    }
}

tested! {
    /// Verbs that say one thing of what they take.
    Act {
        /// Stable name.
        id: String,
        /// Root, whatever it takes.
        #[serde(default)]
        root: Option<String>,
        /// Root, "same" or "ended", if what it takes is friendly.
        #[serde(default)]
        friendly: Option<String>,
        /// The same, if it is hostile.
        #[serde(default)]
        hostile: Option<String>,
        /// The same, if it is a request, an accusation or a rejection.
        #[serde(default)]
        verbal: Option<String>,
        /// Root if nothing that it takes is known.
        #[serde(default)]
        other: Option<String>,
        /// Verb lemmas with irregular forms and further words.
        #[serde(default)]
        verbs: Vec<String>,
        /// Words that do the same behind "be".
        #[serde(default)]
        adjectives: Vec<String>,
        /// Nouns of the act.
        #[serde(default)]
        nouns: Vec<String>,
        /// Themes, one of which it must take.
        #[serde(default)]
        of: Vec<String>,
        /// Prepositions behind which its object stands.
        #[serde(default)]
        prepositions: Vec<String>,
        /// Prepositions behind which its recipient stands first of all.
        #[serde(default)]
        to: Vec<String>,
        /// Whether the recipient is whose thing it takes.
        #[serde(default)]
        whose: bool,
        /// Whether what it takes is what is said.
        #[serde(default)]
        speech: bool,
        /// Whether its object must be someone, not something.
        #[serde(default)]
        party: bool,
        /// Whether it counts only if it is negated.
        #[serde(default)]
        refused: bool,
        /// Whether it is done to nobody, unless the words tie someone to it.
        #[serde(default)]
        alone: bool,
        /// Whether its subject has it done by another, who stands behind "from" or "by".
        #[serde(default)]
        receives: bool,
        /// Whether what it takes is its subject.
        #[serde(default)]
        subject: bool,
        /// Whether no noun and no clause may stand right behind it, or behind its object.
        #[serde(default)]
        ends: bool,
        /// Whether it must take a clause, or someone.
        #[serde(default)]
        told: bool,
    }
}
