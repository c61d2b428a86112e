//! Sections `register` (who is known by name) and `agents` (common nouns for who acts and is acted on).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Section `register`, from `data/actors/`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Register {
    /// States and territories, by ISO alpha-2 code.
    pub countries: Vec<Country>,
    /// Named groups, forces and organisations, by id.
    pub actors: Vec<Actor>,
    /// Bodies that every state has.
    pub forces: Vec<Force>,
    /// Given names, lower case.
    pub given_names: Vec<String>,
    /// Ids that were given up.
    pub tombstones: Vec<Tombstone>,
}

impl Register {
    /// Lays a user's entries over these: one of a known id takes its place, others are added.
    pub fn lay_over(&mut self, over: RegisterFile) {
        for actor in over.actor {
            match self.actors.iter_mut().find(|known| known.id == actor.id) {
                Some(known) => *known = actor,
                None => self.actors.push(actor),
            }
        }
        self.actors.sort_by(|a, b| a.id.cmp(&b.id));
        for country in over.country {
            match self.countries.iter_mut().find(|known| known.iso2 == country.iso2) {
                Some(known) => *known = country,
                None => self.countries.push(country),
            }
        }
        self.countries.sort_by(|a, b| a.iso2.cmp(&b.iso2));
        self.forces.extend(over.force);
        self.given_names.extend(over.given_names.iter().map(|name| name.to_lowercase()));
        self.tombstones.extend(over.tombstone);
    }
}

/// The entries of a register file, as people write them: each list by its table's name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RegisterFile {
    /// `[[country]]`
    pub country: Vec<Country>,
    /// `[[force]]`
    pub force: Vec<Force>,
    /// `[[actor]]`
    pub actor: Vec<Actor>,
    /// Given names.
    pub given_names: Vec<String>,
    /// `[[tombstone]]`
    pub tombstone: Vec<Tombstone>,
}

/// An id that was given up. It is never used again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tombstone {
    /// The id.
    pub id: String,
    /// The id that means the same now, if one does.
    #[serde(default)]
    pub now: Option<String>,
    /// Why it was given up.
    pub why: String,
}

/// A state or territory.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub iso2: String,
    /// ISO 3166-1 alpha-3.
    pub iso3: String,
    /// The name that is printed.
    pub name: String,
    /// Other names and spellings.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Adjectives and nouns for its people, the main adjective first.
    #[serde(default)]
    pub demonyms: Vec<String>,
    /// Words that stand for its government when they act: its capital.
    #[serde(default)]
    pub government: Vec<String>,
}

/// A named group, force or organisation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Stable id: country and short name, `afg-taliban`; `int-` without one country.
    pub id: String,
    /// The neutral name that is printed.
    pub name: String,
    /// Code of `data/codes/classes.toml`.
    pub class: String,
    /// ISO alpha-2 code of the country it is of.
    #[serde(default)]
    pub country: Option<String>,
    /// Other countries it is known to act in, to tell namesakes apart.
    #[serde(default)]
    pub active_in: Vec<String>,
    /// Country whose government it is part of.
    #[serde(default)]
    pub government_of: Option<String>,
    /// Abbreviations, spellings, other names. They resolve and are not printed.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Aliases that are also something else ("PDF"): they count where the report names the country.
    /// The name itself may be one.
    #[serde(default)]
    pub ambiguous: Vec<String>,
    /// First year, month or day it existed: `1980`, `1980-10`, `1980-10-10`.
    #[serde(default)]
    pub from: Option<String>,
    /// Last year, month or day it existed.
    #[serde(default)]
    pub to: Option<String>,
    /// Ids of what it is or was part of.
    #[serde(default)]
    pub parents: Vec<String>,
    /// What it was part of only for a time.
    #[serde(default)]
    pub member: Vec<Member>,
    /// What it came from: by renaming, merger or split.
    #[serde(default)]
    pub before: Vec<Before>,
    /// PLOVER's primary and secondary sector; left out: that of the class.
    #[serde(default)]
    pub sectors: Vec<String>,
    /// Times of another class or sectors: in government, legal, a party.
    #[serde(default)]
    pub was: Vec<Phase>,
    /// Where the entry is from: a name of `SOURCE.toml`.
    pub source: String,
    /// Line of the source's file that names it; an editorial entry has none.
    #[serde(default)]
    pub line: Option<u32>,
}

/// A stretch of time in which an actor was part of another.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Id of the other.
    pub of: String,
    /// First year, month or day.
    #[serde(default)]
    pub from: Option<String>,
    /// Last year, month or day.
    #[serde(default)]
    pub to: Option<String>,
}

/// Where an actor came from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Before {
    /// Id of the earlier actor.
    pub id: String,
    /// `renamed`, `merged` (the earlier one went into it) or `split` (it left the earlier one).
    pub how: String,
    /// Year, month or day.
    #[serde(default)]
    pub on: Option<String>,
}

/// A stretch of time in which an actor was something else.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// First year, month or day.
    #[serde(default)]
    pub from: Option<String>,
    /// Last year, month or day.
    #[serde(default)]
    pub to: Option<String>,
    /// Class in that time.
    pub class: String,
    /// PLOVER's sectors in that time.
    #[serde(default)]
    pub sectors: Vec<String>,
}

/// A body that every state has.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Force {
    /// Last part of the id: `army`.
    pub code: String,
    /// Name, `{}` for the country's.
    pub name: String,
    /// Code of `data/codes/classes.toml`.
    pub class: String,
    /// PLOVER's sectors.
    pub sectors: Vec<String>,
}

/// Section `agents`, from `data/patterns/en/agents.toml`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Agents {
    /// Last words that name several persons though they are singular.
    pub collectives: Vec<String>,
    /// Common nouns.
    pub agents: Vec<Agent>,
    /// Words before a name.
    pub titles: Vec<Agent>,
    /// Words inside a noun phrase.
    pub modifiers: Vec<Modifier>,
}

/// Nouns that mean the same to the record. The file's head explains the fields.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Agent {
    /// As written in the file; [`forms`] takes them apart.
    pub forms: Vec<String>,
    #[serde(default)]
    pub class: Option<String>,
    #[serde(default)]
    pub kind: Option<String>,
    #[serde(default)]
    pub target: Option<String>,
    #[serde(default)]
    pub force: Option<String>,
    #[serde(default)]
    pub attributes: Vec<String>,
    #[serde(default)]
    pub sectors: Vec<String>,
    #[serde(default)]
    pub weak: bool,
    #[serde(default)]
    pub verb: bool,
    #[serde(default)]
    pub people: bool,
    #[serde(default)]
    pub place: bool,
    #[serde(default)]
    pub voice: Option<String>,
    /// Texts and the phrases that must be found in them. Empty in the pack.
    #[serde(default, rename = "case")]
    pub cases: BTreeMap<String, Vec<String>>,
}

/// A word inside a noun phrase and what it adds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Modifier {
    pub forms: Vec<String>,
    #[serde(default)]
    pub class: Option<String>,
    #[serde(default)]
    pub attributes: Vec<String>,
    #[serde(default)]
    pub sectors: Vec<String>,
    #[serde(default)]
    pub status: Option<String>,
    #[serde(default)]
    pub quantifier: bool,
}

/// Section `voice`, from `data/patterns/en/voice.toml`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Voices {
    /// Verbs of saying.
    pub verbs: Vec<VoiceVerb>,
    /// Phrases that name a speaker without a verb.
    pub phrases: Vec<VoicePhrase>,
    /// Phrases that tell what was checked.
    pub checks: Vec<VoiceCheck>,
    /// Phrases that tell how a claim of responsibility was made.
    pub modes: Vec<VoiceMode>,
}

/// Phrases that tell how a claim of responsibility was made.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoiceMode {
    /// "in a letter".
    pub forms: Vec<String>,
    /// letter, call_after, call_before, email, note, video, website, personal, statement.
    pub mode: String,
}

/// Verbs of saying that make the same of the words.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoiceVerb {
    /// All finite forms and the participle: "said", "says", "saying".
    pub forms: Vec<String>,
    /// stated, claimed, denied.
    pub stance: String,
    /// Whether the verb says only with an object of its own kind: "put the toll", "counted 20".
    #[serde(default)]
    pub objects: Vec<String>,
}

/// A phrase that names a speaker without a verb.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoicePhrase {
    /// Words before the speaker: "according to".
    pub forms: Vec<String>,
    /// stated, claimed, denied.
    pub stance: String,
}

/// A phrase that tells what was checked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoiceCheck {
    /// "could not be independently verified".
    pub forms: Vec<String>,
    /// verified, could_not_verify, disputed.
    pub verification: String,
}

/// The forms of one entry: each with whether it is plural. `gunman/gunmen` gives both as written,
/// `farmer` the regular plural too, `+troops` only a plural, `=navy` only a singular.
pub fn forms(written: &str) -> Vec<(String, bool)> {
    if let Some(plural) = written.strip_prefix('+') {
        return vec![(plural.to_owned(), true)];
    }
    if let Some(singular) = written.strip_prefix('=') {
        return vec![(singular.to_owned(), false)];
    }
    if let Some((singular, plural)) = written.split_once('/') {
        return vec![(singular.to_owned(), false), (plural.to_owned(), true)];
    }
    let consonant_y = written.strip_suffix('y').filter(|stem| stem.ends_with(|c: char| !"aeiou".contains(c)));
    let plural = if let Some(stem) = consonant_y {
        format!("{stem}ies")
    } else if ["s", "x", "z", "ch", "sh"].iter().any(|end| written.ends_with(end)) {
        format!("{written}es")
    } else {
        format!("{written}s")
    };
    vec![(written.to_owned(), false), (plural, true)]
}
