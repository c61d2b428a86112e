//! Section `politics`: the words of `data/patterns/en/politics.toml`, which explains the fields.

use serde::{Deserialize, Serialize};

/// Nouns and verbs of politics without force.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Politics {
    /// Nouns that name something done or given.
    pub theme: Vec<Theme>,
    /// Verbs with what they take.
    pub act: Vec<Act>,
}

/// Nouns that name one kind of thing done or given.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Stable name.
    pub id: String,
    /// Root of doing it.
    pub root: String,
    /// Root of ending it, where it is not the default.
    #[serde(default)]
    pub ended: Option<String>,
    /// Nouns and noun phrases.
    pub nouns: Vec<String>,
    /// Sentences in which it must make an event of its root. Not packed.
    #[serde(default, rename = "match")]
    pub matches: Vec<String>,
    /// Sentences in which it must not. Not packed.
    #[serde(default)]
    pub no_match: Vec<String>,
}

/// Verbs that say one thing of what they take.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// Stable name.
    pub id: String,
    /// Root, whatever it takes.
    #[serde(default)]
    pub root: Option<String>,
    /// Root, "same" or "ended", if what it takes is friendly.
    #[serde(default)]
    pub friendly: Option<String>,
    /// The same, if it is hostile.
    #[serde(default)]
    pub hostile: Option<String>,
    /// The same, if it is a request, an accusation or a rejection.
    #[serde(default)]
    pub verbal: Option<String>,
    /// Root if nothing that it takes is known.
    #[serde(default)]
    pub other: Option<String>,
    /// Verb lemmas with irregular forms and further words.
    #[serde(default)]
    pub verbs: Vec<String>,
    /// Words that do the same behind "be".
    #[serde(default)]
    pub adjectives: Vec<String>,
    /// Nouns of the act.
    #[serde(default)]
    pub nouns: Vec<String>,
    /// Themes, one of which it must take.
    #[serde(default)]
    pub of: Vec<String>,
    /// Prepositions behind which its object stands.
    #[serde(default)]
    pub prepositions: Vec<String>,
    /// Prepositions behind which its recipient stands first of all.
    #[serde(default)]
    pub to: Vec<String>,
    /// Whether the recipient is whose thing it takes.
    #[serde(default)]
    pub whose: bool,
    /// Whether what it takes is what is said.
    #[serde(default)]
    pub speech: bool,
    /// Whether its object must be someone, not something.
    #[serde(default)]
    pub party: bool,
    /// Whether it counts only if it is negated.
    #[serde(default)]
    pub refused: bool,
    /// Whether it is done to nobody, unless the words tie someone to it.
    #[serde(default)]
    pub alone: bool,
    /// Sentences in which it must make an event. Not packed.
    #[serde(default, rename = "match")]
    pub matches: Vec<String>,
    /// Sentences in which it must not. Not packed.
    #[serde(default)]
    pub no_match: Vec<String>,
}
