//! Section `acts`: the words of `data/patterns/<lang>/acts.toml`, for languages that are read by their words alone.
//! The files explain the fields.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

/// Words for one trigger.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Id of the trigger of `data/patterns/en/triggers.toml`.
    pub trigger: String,
    /// Stem and class, with further words behind.
    #[serde(default)]
    pub verbs: Vec<String>,
    /// Finite forms, of one or more words.
    #[serde(default)]
    pub forms: Vec<String>,
    /// Irregular participles in the masculine singular.
    #[serde(default)]
    pub participles: Vec<String>,
    /// Nouns, of one or more words.
    #[serde(default)]
    pub nouns: Vec<String>,
    /// Whether the verb's subject suffers it: "murieron".
    #[serde(default)]
    pub own: bool,
    /// Sentences in which it must name an event. Not packed.
    #[serde(default, rename = "match")]
    pub matches: Vec<String>,
    /// Sentences in which it must not. Not packed.
    #[serde(default)]
    pub no_match: Vec<String>,
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
