//! Types of the sections that are made from TOML. The build script compiles this module too, so
//! that what it checks and what the engine reads are one definition.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[path = "tables/acts.rs"]
pub mod acts;
#[path = "tables/count.rs"]
pub mod count;
#[path = "tables/profile.rs"]
pub mod profile;
#[path = "tables/register.rs"]
pub mod register;
#[path = "tables/text.rs"]
pub mod text;
#[path = "tables/time.rs"]
pub mod time;
#[path = "tables/weapons.rs"]
pub mod weapons;

/// Section `codes`: the open code lists of `data/codes/`, by file name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Codes {
    /// `weapons`, `tactics`, `delivery`, `classes`, `target_types`, `materiel`.
    pub sets: BTreeMap<String, Vec<Code>>,
}

/// One code of an open list.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// The code as written in the record.
    pub code: String,
    /// What it means.
    pub definition: String,
    /// Its place in ACLED, if it has one.
    #[serde(default)]
    pub acled: Option<String>,
    /// Its place in GTD, if it has one.
    #[serde(default)]
    pub gtd: Option<String>,
    /// Its place in PLOVER, if it has one.
    #[serde(default)]
    pub plover: Option<String>,
}

/// Section `triggers`: words that name an action, of `data/patterns/<lang>/triggers.toml`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Triggers {
    /// All triggers of all languages, in file order.
    pub triggers: Vec<Trigger>,
}

/// Words that name one action or effect; `data/patterns/en/triggers.toml` explains the fields.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Stable name.
    pub id: String,
    /// The record's family.
    pub family: String,
    /// act, effect or generic.
    pub kind: String,
    /// How roles lie around it.
    pub frame: String,
    /// Verb lemmas with irregular forms and particles.
    #[serde(default)]
    pub verbs: Vec<String>,
    /// Nouns and noun phrases.
    #[serde(default)]
    pub nouns: Vec<String>,
    /// Words that name the effect after a count or noun.
    #[serde(default)]
    pub adjectives: Vec<String>,
    /// Prepositions whose noun is the recipient.
    #[serde(default)]
    pub recipient_prepositions: Vec<String>,
    /// Prepositions whose noun is the actor.
    #[serde(default)]
    pub actor_prepositions: Vec<String>,
    /// Role of "of X".
    #[serde(default)]
    pub noun_of: Option<String>,
    /// Role of "X's".
    #[serde(default)]
    pub noun_poss: Option<String>,
    /// Outcomes that the recipient suffers.
    #[serde(default)]
    pub loss: Vec<String>,
    /// What happens to things.
    #[serde(default)]
    pub effect: Option<String>,
    /// Tactic code.
    #[serde(default)]
    pub tactic: Option<String>,
    /// Weapon code.
    #[serde(default)]
    pub weapon: Option<String>,
    /// Delivery code.
    #[serde(default)]
    pub delivery: Option<String>,
    /// How the action ended.
    #[serde(default)]
    pub outcome: Option<String>,
    /// What became of the action.
    #[serde(default)]
    pub status: Option<String>,
    /// The word says that the loss did not happen: "unharmed".
    #[serde(default)]
    pub negative: bool,
    /// Verbs and nouns of the trigger that need an armed actor, a weapon, a loss or an armed recipient beside them.
    #[serde(default)]
    pub weak: Vec<String>,
    /// Sentences in which it must make an event.
    #[serde(default, rename = "match")]
    pub matches: Vec<String>,
    /// Sentences in which it must not.
    #[serde(default)]
    pub no_match: Vec<String>,
}

/// Section `place_words`: what the words around a name tell about it (`data/patterns/en/place.toml`).
/// All words are lower case; a word of several tokens is written with single spaces.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceWords {
    /// Words that follow a place's name and tell its kind ("Aru district"), by kind of the record.
    pub kinds: BTreeMap<String, Vec<String>>,
    /// Words that stand before a place's name with or without "of" ("the village of Beya", "Mount Aru").
    pub kinds_before: BTreeMap<String, Vec<String>>,
    /// Words after a name that make it a part of the name of a thing ("Aru Hospital", "Aru Street").
    pub facilities: Vec<String>,
    /// Streets and roads, which have names of places but lie elsewhere.
    pub streets: Vec<String>,
    /// Things at a place that a record keeps as its detail ("the market in Beya").
    pub details: Vec<String>,
    /// Prepositions that nearly always have a place behind them, if a name stands there.
    pub strong: Vec<String>,
    /// Prepositions that often have a place behind them.
    pub middling: Vec<String>,
    /// Prepositions that tell a relation, by relation of the record.
    pub relations: BTreeMap<String, Vec<String>>,
    /// Compass words, by bearing of the record.
    pub bearings: BTreeMap<String, Vec<String>>,
    /// Units of distance, with their length in kilometres.
    pub units: BTreeMap<String, f64>,
    /// Words that stand before a person's name ("Mr.", "General").
    pub titles: Vec<String>,
    /// Given names that the name lists lack.
    pub given: Vec<String>,
    /// Verbs of speech and decision, whose subject is someone ("Washington said").
    pub speech: Vec<String>,
    /// Words that head the names of organisations, before or behind a place's name.
    pub organisations: Vec<String>,
    /// Nouns that often have a place's name before them ("Beya police").
    pub attributes: Vec<String>,
    /// Verbs of going, whose object or "to" is a place ("fled Beya for Lodo").
    pub motion: Vec<String>,
    /// What people are aboard of ("on an airplane en route to Beya").
    pub vessels: Vec<String>,
    /// Words that begin names of places ("Old Tarna", "San Moro").
    pub modifiers: Vec<String>,
    /// Words that are no names though written with a capital or found in the gazetteer.
    pub never: Vec<String>,
    /// Texts with the names that must be found in them, in order.
    #[serde(default)]
    pub case: Vec<PlaceCase>,
    /// Classes of words, an fst map from word to bits: 1 common word, 2 given name, 4 surname.
    #[serde(default)]
    pub classes: Vec<u8>,
}

/// Section `event_place`: how names of places stand to the verb of their event, of
/// `data/patterns/en/event_place.toml`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventPlace {
    /// Words by class, of `event_place_words.toml`.
    #[serde(default)]
    pub words: BTreeMap<String, Vec<String>>,
    /// Weights by feature: its parts, with a space between.
    pub weights: BTreeMap<String, f32>,
}

/// A text that a test reads, with what must be found.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceCase {
    /// The text.
    pub text: String,
    /// Names that must be found, in order: all that name a place, and no others.
    pub find: Vec<String>,
}
