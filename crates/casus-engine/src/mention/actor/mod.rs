//! Actors: named groups, states and forces of the register, and generic ones ("gunmen", "farmers"),
//! persons with their titles, and the buildings, works and vehicles that are attacked.
//!
//! A noun phrase is read from a chain of known words: names of the register, peoples, common nouns
//! (`data/patterns/en/agents.toml`), titles and modifiers. The last noun is its head; those before
//! it give it country, class and register id: "Afghan National Army soldiers", "members of the
//! Atlacatl battalion", "US embassy guards". A noun phrase is one mention, longest first; a
//! possessor ("the rebels' camp") is one of its own.
//!
//! This module must not know what an event is.
//!
//! ```
//! # use casus_engine::{Casus, Report};
//! let casus = Casus::embedded()?;
//! let report = Report { text: "Salvadoran soldiers freed two nurses.".into(), ..Report::default() };
//! let actors = casus.read_traced(&report).mentions.actors;
//! assert_eq!(actors[0].register.as_deref(), Some("slv-army"));
//! assert_eq!(actors[1].class, "civilians");
//! # Ok::<(), casus_engine::Error>(())
//! ```

use super::time::TimeMention;
use crate::{
    Date, Error, ParticipantKind, Span, VoiceKind,
    text::{Document, TokenId},
};
use casus_data::tables::register::{Actor, Member, Register, Tombstone};
use std::{ops::Range, sync::OnceLock};

pub mod class;
mod code;
mod context;
mod coordination;
mod lexicon;
mod owner;
mod person;
mod phrase;
mod plain;
#[cfg(test)]
mod tests;

pub use code::{AS_OF, Codes, code, code_as_told};
pub use coordination::coordinated;
pub(crate) use lexicon::fold;
pub(crate) use plain::folded;

/// What the actor stage looks up.
#[derive(Debug)]
pub struct Data {
    lexicon: lexicon::Lexicon,
    officials: code::Lines,
    sectors: code::Lines,
    plain: OnceLock<plain::Plain>,
}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Data::new(casus_data::table("register")?)
    }

    /// The built-in tables with another register.
    pub(crate) fn new(register: Register) -> Result<Data, Error> {
        Ok(Data {
            lexicon: lexicon::Lexicon::new(register)?,
            officials: code::Lines::section("officials")?,
            sectors: code::Lines::section("sectors")?,
            plain: OnceLock::new(),
        })
    }

    /// All entries, by id.
    pub fn all(&self) -> &[Actor] {
        &self.lexicon.actors
    }

    /// Entries with that name, alias or id, however it is written. With a day, those that existed on it,
    /// each under the name it had then.
    pub fn named(&self, name: &str, day: Option<Date>) -> Vec<&Actor> {
        self.lexicon.named(name, day.map(|day| day.to_string()).as_deref())
    }

    /// What is known of an id that was given up.
    pub fn tombstone(&self, id: &str) -> Option<&Tombstone> {
        self.lexicon.tombstones.iter().find(|tombstone| tombstone.id == id)
    }

    /// Id, name and class of a register id on a day, where it was another actor then: who was renamed
    /// bears the name of the day. `day` is `yyyy-mm-dd`.
    pub fn as_of(&self, id: &str, day: Date) -> Option<(&str, &str, &str)> {
        let actor = self.lexicon.id_as_of(id, &day.to_string())?;
        Some((&actor.id, &actor.name, &actor.class))
    }

    /// What an actor was part of on a day, or ever if no day is given, nearest first.
    pub fn part_of(&self, id: &str, day: Option<Date>) -> Vec<String> {
        let day = day.map(|day| day.to_string());
        let mut out: Vec<String> = Vec::new();
        let mut open = vec![id.to_owned()];
        while let Some(id) = open.pop() {
            let Some(actor) = self.lexicon.actor(&id) else { continue };
            let then = |member: &&Member| {
                let (from, to) = (member.from.as_deref(), member.to.as_deref());
                day.as_deref().is_none_or(|day| context::within(from, to, day))
            };
            let members = actor.member.iter().filter(then).map(|member| &member.of);
            for parent in actor.parents.iter().chain(members) {
                if !out.contains(parent) {
                    out.push(parent.clone());
                    open.push(parent.clone());
                }
            }
        }
        out
    }

    /// The printed name and class of a register id, entries and derived ones ("slv-army") alike.
    pub fn register_entry(&self, id: &str) -> Option<RegisterEntry<'_>> {
        self.lexicon.entry(id)
    }

    /// ISO 3166-1 alpha-3 code of an alpha-2 code.
    pub fn iso3(&self, iso2: &str) -> Option<&str> {
        self.lexicon.iso3(iso2)
    }

    /// Whether the words are the capital that stands for a government ("Kabul said").
    pub fn is_capital(&self, words: &str) -> bool {
        self.lexicon
            .countries
            .iter()
            .any(|country| country.government.iter().any(|capital| capital.eq_ignore_ascii_case(words)))
    }

    /// Whether a common noun has a sector of its own ("rulers", "newspaper"): it is of people who can act. What is
    /// only of civilians may be where they live ("province").
    pub(crate) fn has_sector(&self, noun: &str) -> bool {
        let sector = self.sectors.get(&lexicon::folded(noun));
        sector.is_some_and(|sector| !["UNK", "JNK", "CVL"].iter().any(|vague| sector.starts_with(vague)))
    }

    /// The country that a name or demonym means: `("Kenyan")` gives `KE`.
    pub fn country_of(&self, words: &str) -> Option<&str> {
        self.lexicon.country_of(words)
    }
}

/// What the register says of an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterEntry<'a> {
    /// The neutral name that is printed.
    pub name: String,
    /// Class code.
    pub class: &'a str,
    /// ISO 3166-1 alpha-2 code of its country.
    pub country: Option<&'a str>,
    /// Country whose government it is part of.
    pub government_of: Option<&'a str>,
    /// Ids of what it is or was part of.
    pub parents: &'a [String],
}

/// A noun phrase core that names someone or something that can act or be acted on.
#[derive(Debug, Clone, PartialEq)]
pub struct ActorMention {
    /// Its tokens, without determiner and count ("Afghan soldiers" in "the four Afghan soldiers").
    pub tokens: Range<TokenId>,
    /// Its span.
    pub span: Span,
    /// The head token.
    pub head: TokenId,
    /// The tokens that are a proper name: of the person, or of the group in "FMLN guerrillas".
    pub proper: Option<Range<TokenId>>,
    /// Id in the register; None for a generic actor.
    pub register: Option<String>,
    /// The register's neutral name; None for a generic actor.
    pub name: Option<String>,
    /// What kind of thing it is.
    pub kind: ParticipantKind,
    /// Class code.
    pub class: String,
    /// Code of the kind of target it makes, if any.
    pub target_type: Option<String>,
    /// ISO 3166-1 alpha-2 code of its country.
    pub country: Option<String>,
    /// Country whose government it is part of.
    pub government_of: Option<String>,
    /// Attribute codes that the words tell: children, women, leader, journalist.
    pub attributes: Vec<String>,
    /// PLOVER's primary and secondary sector.
    pub sectors: Vec<String>,
    /// What kind of speaker it would be.
    pub voice: VoiceKind,
    /// Whether the words are plural.
    pub plural: bool,
    /// Whether the words say that it is only suspected ("alleged members").
    pub suspected: bool,
    /// Whether the noun says too little to be an actor by itself ("members", "position").
    pub weak: bool,
    /// Index of the mention just before that this one restates: an abbreviation in brackets, a name
    /// or an office in apposition, a person's surname after the full name.
    pub same_as: Option<u32>,
}

/// Finds all actors of the document, in text order, without overlaps.
pub fn find(data: &Data, document: &Document<'_>, times: &[TimeMention]) -> Vec<ActorMention> {
    find_in(data, document, &lexicon::Words::new(&data.lexicon, document, times))
}

/// The same of a document whose words were looked up before.
fn find_in(data: &Data, document: &Document<'_>, words: &lexicon::Words) -> Vec<ActorMention> {
    let context = context::Context::new(&data.lexicon, document, words);
    let mut mentions = phrase::find(&data.lexicon, document, words, &context);
    person::by_surname(document, words, &mut mentions);
    person::restated(document, &mut mentions);
    owner::of_its(&data.lexicon, document, &mut mentions);
    if document.language.is_some_and(|language| language != "en") {
        data.plain.get_or_init(|| plain::Plain::embedded().unwrap_or_default()).find(document, &mut mentions);
    }
    mentions
}

/// Whether a country's name at a token only says for or against whom somebody is: "pro-Gollian rebels".
fn leans(document: &Document<'_>, at: TokenId) -> bool {
    at >= 2 && document.norm(at - 1) == "-" && matches!(document.norm(at - 2), "pro" | "anti")
}
