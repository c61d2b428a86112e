//! The words and phrases that the actor stage knows: one trie over folded words, so that a token
//! costs one look-up and a phrase one step a word.

use super::RegisterEntry;
use crate::{
    Error, ParticipantKind, VoiceKind,
    mention::time::TimeMention,
    text::{Casing, Document, TokenId},
};
use casus_data::tables::register::{Actor, Agents, Country, Force, Register, Tombstone, forms};
use rustc_hash::FxHashMap;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// What a phrase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// Named actor of the register.
    Actor(u16),
    /// Alias of a named actor that counts only where its country is named.
    ActorIfNamed(u16),
    /// Name of a country.
    Country(u16),
    /// Adjective or noun for a country's people; whether it is a plural noun.
    Demonym(u16, bool),
    /// Common noun; whether plural.
    Agent(u16, bool),
    /// Word before a name.
    Title(u16),
    /// Word inside a noun phrase.
    Modifier(u16),
}

/// How a phrase must be written in text with upper and lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Any,
    /// The words of the set bits not in lower case: a name.
    Name(u16),
    /// Upper case, or title case for what is spoken as a word (`Nato`): an abbreviation.
    Abbreviation,
}

#[derive(Debug, Clone, Copy)]
struct End {
    item: Item,
    case: Case,
    next: u32,
}

const NONE: u32 = u32::MAX;
/// A token without a letter or digit that may stand inside a phrase: hyphen, quote, period, slash.
const SKIP: u32 = u32::MAX - 1;
/// A word that is not known, or a sign that ends every phrase.
const UNKNOWN: u32 = u32::MAX - 2;

/// A common noun with its fields decoded.
#[derive(Debug)]
pub(super) struct Agent {
    pub(super) class: Option<String>,
    pub(super) kind: Option<ParticipantKind>,
    pub(super) target: Option<String>,
    pub(super) force: Option<String>,
    pub(super) attributes: Vec<String>,
    pub(super) sectors: Vec<String>,
    pub(super) voice: VoiceKind,
    pub(super) weak: bool,
    pub(super) verb: bool,
    pub(super) place: bool,
}

#[derive(Debug)]
pub(super) struct Modifier {
    pub(super) class: Option<String>,
    pub(super) attributes: Vec<String>,
    pub(super) sectors: Vec<String>,
    pub(super) suspected: bool,
    /// Counts or points, and is not part of the core.
    pub(super) quantifier: bool,
}

/// All phrases, and what they mean.
#[derive(Debug)]
pub(super) struct Lexicon {
    words: FxHashMap<String, u32>,
    edges: FxHashMap<(u32, u32), u32>,
    heads: Vec<u32>,
    ends: Vec<End>,
    given: Vec<bool>,
    collectives: Vec<String>,
    pub(super) countries: Vec<Country>,
    pub(super) actors: Vec<Actor>,
    pub(super) tombstones: Vec<Tombstone>,
    forces: Vec<Force>,
    pub(super) agents: Vec<Agent>,
    pub(super) titles: Vec<Agent>,
    pub(super) modifiers: Vec<Modifier>,
    actor_of_id: FxHashMap<String, u16>,
    /// For an actor that was renamed, the one of the new name.
    renamed_to: FxHashMap<u16, u16>,
    /// For an actor that had another name before, the one of that name.
    renamed_from: FxHashMap<u16, u16>,
}

impl Lexicon {
    pub(super) fn new(register: Register) -> Result<Lexicon, Error> {
        let agents: Agents = casus_data::table("agents")?;
        let mut lexicon = Lexicon {
            words: FxHashMap::default(),
            edges: FxHashMap::default(),
            heads: vec![NONE],
            ends: Vec::new(),
            given: Vec::new(),
            collectives: agents.collectives,
            countries: Vec::new(),
            actors: Vec::new(),
            tombstones: register.tombstones,
            forces: register.forces,
            agents: Vec::new(),
            titles: Vec::new(),
            modifiers: Vec::new(),
            actor_of_id: FxHashMap::default(),
            renamed_to: FxHashMap::default(),
            renamed_from: FxHashMap::default(),
        };
        for (index, country) in register.countries.iter().enumerate() {
            let index = index as u16;
            for name in country.aliases.iter().chain([&country.name]) {
                lexicon.insert(name, Item::Country(index), case_of(name));
            }
            for demonym in &country.demonyms {
                // The plural of a people is also in the list: "Afghans" beside "Afghan", "Frenchmen".
                let plural = demonym.ends_with("men")
                    || demonym.strip_suffix('s').is_some_and(|one| country.demonyms.iter().any(|d| d == one));
                lexicon.insert(demonym, Item::Demonym(index, plural), Case::Name(1));
            }
        }
        for (list, titles) in [(&agents.agents, false), (&agents.titles, true)] {
            for agent in list {
                let index = if titles { lexicon.titles.len() } else { lexicon.agents.len() } as u16;
                for (form, plural) in agent.forms.iter().flat_map(|form| forms(form)) {
                    match titles {
                        true => lexicon.insert(&form, Item::Title(index), Case::Any),
                        false => lexicon.insert(&form, Item::Agent(index, plural), Case::Any),
                    }
                }
                let decoded = decode(agent)?;
                if titles { lexicon.titles.push(decoded) } else { lexicon.agents.push(decoded) }
            }
        }
        for modifier in agents.modifiers {
            let index = lexicon.modifiers.len() as u16;
            for form in &modifier.forms {
                lexicon.insert(form, Item::Modifier(index), Case::Any);
            }
            lexicon.modifiers.push(Modifier {
                class: modifier.class,
                attributes: modifier.attributes,
                sectors: modifier.sectors,
                suspected: modifier.status.as_deref() == Some("suspected"),
                quantifier: modifier.quantifier,
            });
        }
        for (index, actor) in register.actors.iter().enumerate() {
            for name in actor.aliases.iter().chain([&actor.name]) {
                if actor.ambiguous.contains(name) {
                    continue;
                }
                // Behind a common first word the others must be capitals too: "Lebanese Forces" are a
                // party, "Lebanese forces" an army. "Atlacatl battalion" is known by its first word.
                // "Sinai Province" is a group, "Sinai province" a place.
                let division = name.ends_with(" Province");
                let case = match case_of(name) {
                    Case::Name(_) if !division && !lexicon.begins_common(name) => Case::Name(1),
                    case => case,
                };
                lexicon.insert(name, Item::Actor(index as u16), case);
            }
            for name in &actor.ambiguous {
                lexicon.insert(name, Item::ActorIfNamed(index as u16), case_of(name));
            }
            lexicon.actor_of_id.insert(actor.id.clone(), index as u16);
        }
        for name in &register.given_names {
            let word = lexicon.word(&folded(name));
            lexicon.given[word as usize] = true;
        }
        for (index, actor) in register.actors.iter().enumerate() {
            let renamed = actor.before.iter().find(|before| before.how == "renamed");
            if let Some(&before) = renamed.and_then(|before| lexicon.actor_of_id.get(&before.id)) {
                lexicon.renamed_to.entry(before).or_insert(index as u16);
                lexicon.renamed_from.insert(index as u16, before);
            }
        }
        lexicon.countries = register.countries;
        lexicon.actors = register.actors;
        Ok(lexicon)
    }

    fn word(&mut self, folded: &str) -> u32 {
        if let Some(&word) = self.words.get(folded) {
            return word;
        }
        let word = self.given.len() as u32;
        self.words.insert(folded.to_owned(), word);
        self.given.push(false);
        word
    }

    fn insert(&mut self, phrase: &str, item: Item, case: Case) {
        let mut node = 0;
        for part in parts(phrase) {
            let word = self.word(&folded(part));
            let fresh = self.heads.len() as u32;
            node = *self.edges.entry((node, word)).or_insert(fresh);
            if node == fresh {
                self.heads.push(NONE);
            }
        }
        if node == 0 {
            return;
        }
        let mut at = self.heads[node as usize];
        while at != NONE {
            if self.ends[at as usize].item == item {
                return;
            }
            at = self.ends[at as usize].next;
        }
        self.ends.push(End { item, case, next: self.heads[node as usize] });
        self.heads[node as usize] = self.ends.len() as u32 - 1;
    }

    /// Whether the first word of a phrase is one by itself: a demonym, a common noun, a modifier.
    fn begins_common(&self, phrase: &str) -> bool {
        let first = parts(phrase).next().and_then(|part| self.words.get(&folded(part)));
        let node = first.and_then(|word| self.edges.get(&(0, *word)));
        node.is_some_and(|node| self.heads[*node as usize] != NONE)
    }

    /// Whether a singular noun names several persons: "column", "army".
    pub(super) fn is_collective(&self, word: &str) -> bool {
        self.collectives.iter().any(|collective| collective == word)
    }

    /// Who an actor was on a day, along its renamings: "Nusra" in 2018 is who went by another name then,
    /// and who bears a new name did what is told of the years before under the old one.
    pub(super) fn as_of(&self, actor: u16, day: &str) -> u16 {
        let mut at = actor;
        // No chain of names is longer; the checker refuses circles.
        for _ in 0..8 {
            let entry = &self.actors[at as usize];
            let ended = entry.to.as_deref().is_some_and(|to| upto(day, to) > to);
            let unborn = entry.from.as_deref().is_some_and(|from| upto(day, from) < from);
            let next = match (ended, unborn) {
                (true, _) => self.renamed_to.get(&at),
                (_, true) => self.renamed_from.get(&at),
                _ => None,
            };
            let Some(&next) = next else { break };
            let entry = &self.actors[next as usize];
            // Between two names there may be a gap: then the later one is known by its old name.
            if ended && entry.from.as_deref().is_some_and(|from| upto(day, from) < from) {
                break;
            }
            at = next;
        }
        at
    }

    /// Entries with that name, alias or id; with a day, those that existed on it under their name then.
    pub(super) fn named(&self, name: &str, day: Option<&str>) -> Vec<&Actor> {
        let key = |name: &str| parts(name).map(folded).collect::<Vec<_>>();
        let wanted = key(name);
        let is = |actor: &Actor| {
            let mut names = actor.aliases.iter().chain(&actor.ambiguous).chain([&actor.name]);
            actor.id == name || names.any(|name| key(name) == wanted)
        };
        let mut found: Vec<u16> = (0..self.actors.len() as u16)
            .filter(|&index| is(&self.actors[index as usize]))
            .map(|index| day.map_or(index, |day| self.as_of(index, day)))
            .filter(|&index| {
                let actor = &self.actors[index as usize];
                day.is_none_or(|day| super::context::existed(actor, day))
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|index| &self.actors[index as usize]).collect()
    }

    /// The same for an id; None if the id is no entry or meant the same actor on the day.
    pub(super) fn id_as_of(&self, id: &str, day: &str) -> Option<&Actor> {
        let &actor = self.actor_of_id.get(id)?;
        let then = self.as_of(actor, day);
        (then != actor).then(|| &self.actors[then as usize])
    }

    /// The entry of an id.
    pub(super) fn actor(&self, id: &str) -> Option<&Actor> {
        self.actor_of_id.get(id).map(|&actor| &self.actors[actor as usize])
    }

    /// What the register says of an id.
    pub(super) fn entry(&self, id: &str) -> Option<RegisterEntry<'_>> {
        if let Some(&actor) = self.actor_of_id.get(id) {
            let actor = &self.actors[actor as usize];
            return Some(RegisterEntry {
                name: actor.name.clone(),
                class: &actor.class,
                country: actor.country.as_deref(),
                government_of: actor.government_of.as_deref(),
                parents: &actor.parents,
            });
        }
        let (iso3, code) = id.split_once('-')?;
        let country = self.countries.iter().find(|country| country.iso3.eq_ignore_ascii_case(iso3))?;
        let force = self.forces.iter().find(|force| force.code == code)?;
        Some(RegisterEntry {
            name: force.name.replace("{}", &country.name),
            class: &force.class,
            country: Some(&country.iso2),
            government_of: Some(&country.iso2),
            parents: &[],
        })
    }

    pub(super) fn iso3(&self, iso2: &str) -> Option<&str> {
        let at = self.countries.binary_search_by(|country| country.iso2.as_str().cmp(iso2)).ok()?;
        Some(&self.countries[at].iso3)
    }

    /// The country that a name or demonym means, whatever its case.
    pub(super) fn country_of(&self, words: &str) -> Option<&str> {
        let mut node = 0;
        let mut buffer = String::new();
        for part in parts(words) {
            buffer.clear();
            fold(part, &mut buffer);
            let word = *self.words.get(buffer.as_str())?;
            node = *self.edges.get(&(node, word))?;
        }
        self.country_at(node)
    }

    /// The country that the words up to a node of the trie mean.
    fn country_at(&self, node: u32) -> Option<&str> {
        let mut at = self.heads[node as usize];
        while at != NONE {
            let end = self.ends[at as usize];
            if let Item::Country(country) | Item::Demonym(country, _) = end.item {
                return Some(&self.countries[country as usize].iso2);
            }
            at = end.next;
        }
        None
    }
}

/// A day as far as a bound goes, which may be a year, a month or a day.
pub(super) fn upto<'d>(day: &'d str, bound: &str) -> &'d str {
    day.get(..bound.len()).unwrap_or(day)
}

fn decode(agent: &casus_data::tables::register::Agent) -> Result<Agent, Error> {
    fn code<T: serde::de::DeserializeOwned>(word: &str) -> Result<T, Error> {
        T::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(word))
            .map_err(|cause| Error::data("agents", format!("{word:?}: {cause}")))
    }
    let kind = agent.kind.as_deref();
    Ok(Agent {
        class: agent.class.clone(),
        kind: kind.filter(|kind| *kind != "person").map(code).transpose()?,
        target: agent.target.clone(),
        force: agent.force.clone(),
        attributes: agent.attributes.clone(),
        sectors: agent.sectors.clone(),
        voice: agent.voice.as_deref().map_or(Ok(VoiceKind::Other), code)?,
        weak: agent.weak,
        verb: agent.verb,
        place: agent.place,
    })
}

fn case_of(name: &str) -> Case {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    if letters().any(char::is_lowercase) {
        let short = name.chars().count() <= 5 && letters().filter(|c| c.is_uppercase()).count() > 1;
        return if short {
            Case::Abbreviation
        } else if name.starts_with(char::is_lowercase) && !name.contains(char::is_uppercase) {
            Case::Any
        } else {
            // Bits for the words that are written with a capital.
            let capital = |(index, part): (usize, &str)| {
                u16::from(index < 16 && part.starts_with(char::is_uppercase)) << index.min(15)
            };
            Case::Name(parts(name).enumerate().map(capital).fold(0, |mask, bit| mask | bit))
        };
    }
    // A script without case has nothing to ask for.
    if letters().any(char::is_uppercase) { Case::Abbreviation } else { Case::Any }
}

/// The words of a phrase as the tokens of a text are: hyphens and slashes part, a possessive is a
/// word of its own, other apostrophes and periods join (`U.S.` is `us`, `d'affaires` is `daffaires`).
fn parts(phrase: &str) -> impl Iterator<Item = &str> {
    phrase
        .split(|c: char| c.is_whitespace() || "-/()\",".contains(c))
        .flat_map(|part| {
            let owner = part.strip_suffix("'s").or_else(|| part.strip_suffix("’s"));
            [owner.unwrap_or(part), if owner.is_some() { "s" } else { "" }]
        })
        .filter(|part| part.chars().any(char::is_alphanumeric))
}

pub(super) fn folded(word: &str) -> String {
    let mut out = String::new();
    fold(word, &mut out);
    out
}

/// Appends a word in the form in which it is looked up: lower case, letters and digits only, no marks.
pub(crate) fn fold(word: &str, out: &mut String) {
    if word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        out.push_str(word);
    } else if word.is_ascii() {
        out.extend(word.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase() as char));
    } else {
        out.extend(
            word.nfd()
                .filter(|c| c.is_alphanumeric() && !unicode_normalization::char::is_combining_mark(*c))
                .flat_map(char::to_lowercase),
        );
    }
}

/// A phrase found in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) end: TokenId,
    pub(super) item: Item,
}

/// The document's tokens as words of the lexicon.
#[derive(Debug)]
pub(super) struct Words {
    ids: Vec<u32>,
    in_time: Vec<bool>,
    casing: Casing,
}

impl Words {
    pub(super) fn new(lexicon: &Lexicon, document: &Document<'_>, times: &[TimeMention]) -> Words {
        let mut buffer = String::new();
        let ids = (0..document.tokens.len() as TokenId)
            .map(|token| {
                buffer.clear();
                let norm = document.norm(token);
                fold(norm, &mut buffer);
                if buffer.is_empty() {
                    let inner = matches!(norm, "-" | "–" | "'" | "’" | "‘" | "\"" | "“" | "”" | "." | "/");
                    return if inner { SKIP } else { UNKNOWN };
                }
                lexicon.words.get(buffer.as_str()).copied().unwrap_or(UNKNOWN)
            })
            .collect();
        let mut in_time = vec![false; document.tokens.len()];
        for time in times {
            if let Some(tokens) = in_time.get_mut(time.tokens.start as usize..time.tokens.end as usize) {
                tokens.fill(true);
            }
        }
        Words { ids, in_time, casing: document.casing }
    }

    pub(super) fn casing(&self) -> Casing {
        self.casing
    }

    /// Whether the token is part of a time.
    pub(super) fn in_time(&self, token: TokenId) -> bool {
        self.in_time[token as usize]
    }

    /// Whether the token is a sign that may stand inside a phrase.
    pub(super) fn is_sign(&self, token: TokenId) -> bool {
        self.ids[token as usize] == SKIP
    }

    /// Whether the token is a given name.
    pub(super) fn is_given(&self, lexicon: &Lexicon, token: TokenId) -> bool {
        lexicon.given.get(self.ids[token as usize] as usize).is_some_and(|given| *given)
    }

    /// The longest name or demonym of a country that begins with the token and ends before `limit`, whatever
    /// its case, with its end.
    pub(super) fn country<'l>(
        &self,
        lexicon: &'l Lexicon,
        start: TokenId,
        limit: TokenId,
    ) -> Option<(TokenId, &'l str)> {
        let (mut node, mut longest) = (0, None);
        for at in start..limit {
            match self.ids[at as usize] {
                SKIP if at > start => continue,
                word => {
                    let Some(&next) = lexicon.edges.get(&(node, word)) else { break };
                    node = next;
                }
            }
            longest = lexicon.country_at(node).map(|country| (at + 1, country)).or(longest);
        }
        longest
    }

    /// All phrases that start at `start` and end before `limit`, shorter ones first.
    pub(super) fn hits(
        &self,
        lexicon: &Lexicon,
        document: &Document<'_>,
        start: TokenId,
        limit: TokenId,
        out: &mut Vec<Hit>,
    ) {
        out.clear();
        let (mut node, mut at, mut end) = (0, start, start);
        let mut signs = 0;
        while at < limit {
            let word = self.ids[at as usize];
            if word == UNKNOWN {
                break;
            }
            if word == SKIP && at > start && signs < 2 {
                signs += 1;
                at += 1;
                continue;
            }
            let Some(&next) = lexicon.edges.get(&(node, word)) else { break };
            (node, end, signs) = (next, at + 1, 0);
            let mut entry = lexicon.heads[node as usize];
            while entry != NONE {
                let found = lexicon.ends[entry as usize];
                if self.written_as(document, start..end, found.case) {
                    out.push(Hit { end, item: found.item });
                }
                entry = found.next;
            }
            at += 1;
        }
        let _ = end;
    }

    fn written_as(&self, document: &Document<'_>, tokens: Range<TokenId>, case: Case) -> bool {
        let first = document.word(tokens.start);
        match (self.casing, case) {
            (_, Case::Any) | (Casing::Lower | Casing::None, Case::Name(_)) => true,
            // "US" in a text of capitals is the pronoun more often than the country.
            (Casing::Upper, Case::Abbreviation) => {
                tokens.len() > 1 || !first.eq_ignore_ascii_case("us") && !first.eq_ignore_ascii_case("is")
            }
            (Casing::Upper, Case::Name(_)) => true,
            (Casing::Lower | Casing::None, Case::Abbreviation) => document.words(&tokens).len() > 3,
            (Casing::Mixed, Case::Name(mask)) => {
                tokens.filter(|token| self.ids[*token as usize] != SKIP).zip(0..16).all(|(token, index)| {
                    mask & 1 << index == 0 || !document.word(token).starts_with(char::is_lowercase)
                })
            }
            (Casing::Mixed, Case::Abbreviation) => {
                let words = document.words(&tokens);
                let letters = || words.chars().filter(|c| c.is_alphabetic());
                // A letter with a number ("M23") is an abbreviation too.
                let digit = words.chars().any(|c| c.is_ascii_digit());
                letters().next().is_some_and(char::is_uppercase)
                    && (digit || letters().filter(|c| c.is_uppercase()).count() > 1 || letters().count() >= 4)
            }
        }
    }
}
