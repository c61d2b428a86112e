//! Types of the sections that are made from TOML. The build script compiles this module too, so
//! that what it checks and what the engine reads are one definition.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[path = "tables/count.rs"]
pub mod count;
#[path = "tables/text.rs"]
pub mod text;
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
