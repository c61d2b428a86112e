//! Section `weapons`: the words of `data/patterns/*/weapons.toml`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Words for weapons and things, by BCP 47 primary language subtag.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Weapons {
    /// One language each.
    pub languages: BTreeMap<String, WeaponWords>,
}

/// What one language has for weapons and things.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeaponWords {
    /// The words.
    pub term: Vec<Term>,
    /// Phrases that hold such a word and name neither.
    #[serde(default)]
    pub block: Vec<String>,
    /// Texts in which nothing may be found. Not packed.
    #[serde(default)]
    pub no_match: Vec<String>,
}

/// Words for one weapon or thing.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Weapon code.
    #[serde(default)]
    pub weapon: Option<String>,
    /// Materiel code.
    #[serde(default)]
    pub item: Option<String>,
    /// Delivery code that the words tell.
    #[serde(default)]
    pub delivery: Option<String>,
    /// Phrases in the singular. The build script adds regular plurals to `plural`, unless it is given
    /// or `mass` says that there is none.
    #[serde(default)]
    pub singular: Vec<String>,
    /// Phrases in the plural.
    #[serde(default)]
    pub plural: Vec<String>,
    /// Whether the words have no plural (dynamite, "opened fire").
    #[serde(default)]
    pub mass: bool,
    /// Whether the words are capitals by themselves (RPG, Kalashnikov).
    #[serde(default)]
    pub name: bool,
    /// If not empty: one of these words must stand right before.
    #[serde(default)]
    pub after: Vec<String>,
    /// Texts and what must be found in them. Not packed.
    #[serde(default, rename = "match")]
    pub cases: Vec<String>,
    /// Texts in which nothing may be found. Not packed.
    #[serde(default)]
    pub no_match: Vec<String>,
}
