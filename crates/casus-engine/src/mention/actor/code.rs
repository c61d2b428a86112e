//! Codes of a bare actor phrase ("an American contractor"): country and PLOVER sectors, as coders
//! of event data give them. Beside what the noun phrase tells it knows who held which office when
//! (section `officials`) and the sectors of many common nouns (section `sectors`).
//!
//! Both are tables of lines that are indexed when they are first asked: they cost who only reads reports nothing.

use super::{ActorMention, Data, fold, lexicon::Words};
use crate::{
    Date, Error, ParticipantKind, PlaceKind, Report, Resources,
    mention::place,
    text::{self, Casing, Document, Tag, TokenId},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::{ops::Range, sync::OnceLock};

/// Country and sectors of an actor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Codes {
    /// ISO 3166-1 alpha-3; `UNO` for the United Nations and their organs, `EUR` for the European Union, `IGO`
    /// for another international organisation (PLOVER manual, table of country codes).
    pub country: String,
    /// PLOVER's primary and secondary sector.
    pub sectors: Vec<String>,
}

/// The day up to which the table of officials was kept. "Today" in a question means this day.
pub const AS_OF: Date = jiff::civil::date(2023, 6, 30);

/// Lines of key, tab and value, where keys are folded words.
#[derive(Debug)]
pub(super) struct Lines {
    text: &'static str,
    /// Made when first asked: who only reads reports never asks.
    index: OnceLock<Index>,
}

#[derive(Debug)]
struct Index {
    values: FxHashMap<&'static str, &'static str>,
    /// First words of the keys.
    first: FxHashSet<&'static str>,
}

impl Lines {
    pub(super) fn section(name: &'static str) -> Result<Lines, Error> {
        let bytes = casus_data::section(name)?;
        let text = std::str::from_utf8(bytes).map_err(|cause| Error::data(name, cause.to_string()))?;
        Ok(Lines { text, index: OnceLock::new() })
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let values: FxHashMap<_, _> =
                self.text.lines().filter_map(|line| line.split_once('\t')).collect();
            let keys = self.text.lines().filter_map(|line| line.split(['\t', ' ']).next());
            Index { first: keys.collect(), values }
        })
    }

    /// Whether a key may begin with that word; a sign, which is empty when folded, may stand before one.
    fn begins(&self, word: &str) -> bool {
        word.is_empty() || self.index().first.contains(word)
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'static str> {
        self.index().values.get(key).copied()
    }
}

/// Sectors of a state's bodies.
const STATE: &[&str] = &["GOV", "MIL", "COP", "SPY", "LEG", "JUD"];

/// Those who speak and act for another: "the governor's spokesman" is of the government.
const FOR_ANOTHER: &[&str] = &[
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "spokespeople",
    "aide",
    "adviser",
    "advisor",
    "assistant",
    "deputy",
    "envoy",
    "representative",
    "secretary",
];

/// Codes a phrase as of a day; None where it names no actor. `context` is text from its
/// neighbourhood that may tell the country ("the PRI" in a report of Mexico).
pub fn code(resources: &Resources, phrase: &str, context: &str, day: Date) -> Option<Codes> {
    coded(resources, phrase, context, day, false)
}

/// Codes a phrase as the words of its report have it: whom they call president is one, whatever the table of
/// officials says of the day.
pub fn code_as_told(resources: &Resources, phrase: &str, context: &str, day: Date) -> Option<Codes> {
    coded(resources, phrase, context, day, true)
}

fn coded(resources: &Resources, phrase: &str, context: &str, day: Date, told: bool) -> Option<Codes> {
    let report = Report {
        text: if context.is_empty() {
            phrase.trim().to_owned()
        } else {
            format!("{}\n\n{context}", phrase.trim())
        },
        published: Some(day),
        language: (!context.is_empty()).then(|| "en".to_owned()),
        ..Report::default()
    };
    let document = match context {
        "" => text::phrase(resources, &report),
        _ => text::segment(resources, &report),
    };
    let data = &resources.mention.actor;
    let end =
        document.tokens.partition_point(|token| (token.span.start as usize) < phrase.trim().len()) as TokenId;
    let coder = Coder::new(data, &document, day, end);
    let official = coder.official();
    // Whom the table knows is looked for no further, unless the words of a report are to be heard against it.
    let actors =
        if official.is_some() && !told { Vec::new() } else { super::find_in(data, &document, &coder.words) };
    let mut codes = match official {
        Some(codes) => codes,
        None => coder.codes(&actors)?,
    };
    if told {
        coder.as_told(&actors, &mut codes);
    }
    if codes.country.is_empty() {
        let state = codes.sectors.first().is_some_and(|sector| STATE.contains(&sector.as_str()));
        let country = coder.country_named(0..coder.end).or_else(|| match coder.place(resources) {
            Some((country, town)) => {
                // A town stands for its people; a capital, for the government, if for anything.
                if town && codes.sectors.is_empty() {
                    codes.sectors.push("CVL".to_owned());
                }
                Some(country)
            }
            // "The National Guard" is that of the country that its report is about.
            None if state => coder.country_named(coder.end..document.tokens.len() as TokenId),
            None => None,
        });
        if let Some(country) = country {
            codes.country = country;
        }
    }
    (codes != Codes::default()).then_some(codes)
}

struct Coder<'a> {
    data: &'a Data,
    document: &'a Document<'a>,
    words: Words,
    day: Date,
    end: TokenId,
    /// The folded words of the phrase with spaces between.
    folded: String,
    /// Where each token stands in `folded`; signs are empty.
    at: Vec<Range<usize>>,
}

impl<'a> Coder<'a> {
    fn new(data: &'a Data, document: &'a Document<'a>, day: Date, end: TokenId) -> Coder<'a> {
        let mut folded = String::with_capacity(document.text().len().min(64));
        let mut at = Vec::with_capacity(end as usize);
        for token in 0..end {
            let length = folded.len();
            if length > 0 {
                folded.push(' ');
            }
            let start = folded.len();
            fold(document.norm(token), &mut folded);
            if folded.len() == start {
                folded.truncate(length);
            }
            at.push(start.min(folded.len())..folded.len());
        }
        Coder { data, document, words: Words::new(&data.lexicon, document, &[]), day, end, folded, at }
    }

    fn codes(&self, actors: &[ActorMention]) -> Option<Codes> {
        if let Some(master) = self.master(actors) {
            return Some(self.of_mention(master));
        }
        let main = self.main(actors);
        let mut codes = main.map(|actor| self.of_mention(actor)).unwrap_or_default();
        let noun = self.noun(main);
        let unsure = codes.sectors.is_empty() || matches!(codes.sectors[0].as_str(), "UNK" | "CVL");
        let people = main.is_some_and(|actor| self.is_people(actor));
        if let Some(noun) = noun
            && !people
            && (unsure || main.is_some_and(|actor| actor.register.is_none() && !is_former(actor)))
            && (unsure || !self.says_less(&noun, &codes.sectors))
        {
            codes.sectors = noun;
        }
        if people {
            codes.sectors.clear();
        }
        if codes.sectors.is_empty() && main.is_none() {
            codes.sectors = self.metonym();
        }
        // A person of whom nothing is known but the name has no code.
        let bare = main.is_some_and(|actor| actor.proper.is_some() && actor.class == "unknown");
        if bare
            && codes.country.is_empty()
            && codes.sectors.iter().all(|sector| sector == "CVL" || sector == "UNK")
        {
            return None;
        }
        let named = self.country_named(0..self.end).is_some();
        (codes != Codes::default() || named || main.is_none()).then_some(codes)
    }

    /// What the words of a report say against the table of officials, and what an office of an organisation does.
    fn as_told(&self, actors: &[ActorMention], codes: &mut Codes) {
        let words = self.document.words(&(0..self.end));
        let bare = words.strip_prefix("the ").or(words.strip_prefix("The ")).unwrap_or(words);
        if self.data.country_of(bare).is_some() {
            codes.sectors.clear();
            return;
        }
        let Some(main) = self.main(actors) else { return };
        // "UN mediator Ana Lopez" speaks for the organisation, whoever she was before.
        let body = self.of_mention(main);
        let person = main.kind == ParticipantKind::Person;
        if matches!(body.country.as_str(), "UNO" | "IGO" | "EUR")
            && (person || main.proper.as_ref().is_none_or(|name| name.end < self.end))
        {
            *codes = body;
        }
        let office =
            !is_former(main) && main.sectors.first().is_some_and(|sector| STATE.contains(&sector.as_str()));
        if codes.sectors.first().is_some_and(|sector| sector == "ELI") && office {
            codes.sectors.clone_from(&main.sectors);
            let told = self.iso3(main.country.as_deref());
            if !told.is_empty() {
                codes.country = told;
            }
        }
        // "President Obama": a title and a surname.
        if codes.sectors.first().is_some_and(|sector| sector == "GOV")
            && main.country.is_none()
            && self.end <= 3
        {
            let key = self.key(self.end - 1..self.end);
            let known = self.data.officials.get(key).and_then(|terms| self.term(terms));
            if let Some(known) = known.filter(|_| key.len() >= 4) {
                codes.country = known.country;
            }
        }
        if matches!(codes.country.as_str(), "UNO" | "IGO" | "EUR") {
            let any = |list: &[&str]| (0..self.end).any(|token| list.contains(&self.document.norm(token)));
            if any(&["peacekeepers", "peacekeeping", "troops", "soldiers", "peacekeeper", "forces"]) {
                codes.sectors = vec!["MIL".to_owned()];
            } else if any(&["secretary", "envoy", "mediator", "spokesman", "official", "officials", "chief"])
            {
                codes.sectors = vec!["GOV".to_owned()];
            }
        }
    }

    /// The first actor that is not a possessor.
    fn main<'m>(&self, actors: &'m [ActorMention]) -> Option<&'m ActorMention> {
        let inside = || actors.iter().filter(|actor| actor.tokens.end <= self.end);
        let owner = |actor: &ActorMention| {
            actor.tokens.end < self.end && matches!(self.document.norm(actor.tokens.end), "'s" | "'")
        };
        inside().find(|actor| !owner(actor)).or_else(|| inside().next())
    }

    /// Whether the table's sectors of a common noun say less than the whole phrase did.
    fn says_less(&self, noun: &[String], phrase: &[String]) -> bool {
        let state = |sectors: &[String]| sectors.first().is_some_and(|first| STATE.contains(&first.as_str()));
        noun.first().is_none_or(|first| first == "UNK")
            || phrase.starts_with(noun)
            // "army accountant": a state's body keeps its people.
            || state(phrase) && !state(noun)
    }

    /// A bare people ("Gollians") tells a country, and nothing of what they do.
    fn is_people(&self, actor: &ActorMention) -> bool {
        actor.kind == ParticipantKind::Population
            && actor.tokens.len() == 1
            && self.data.country_of(self.document.words(&actor.tokens)).is_some()
    }

    /// The one for whom the phrase's head speaks: "the governor's spokesman, Ana Lopez".
    fn master<'m>(&self, actors: &'m [ActorMention]) -> Option<&'m ActorMention> {
        actors.windows(2).find_map(|pair| {
            let [master, head] = pair else { return None };
            let owned =
                master.tokens.end < self.end && matches!(self.document.norm(master.tokens.end), "'s" | "'");
            let follows = head.tokens.start == master.tokens.end + 1 && head.tokens.end <= self.end;
            let speaks = FOR_ANOTHER.contains(&self.document.norm(head.head));
            (owned && follows && speaks && !master.sectors.is_empty() && !is_former(head)).then_some(master)
        })
    }

    fn of_mention(&self, actor: &ActorMention) -> Codes {
        let mut sectors = actor.sectors.clone();
        let country = if actor.register.as_deref() == Some("int-eu") {
            sectors = vec!["GOV".to_owned()];
            "EUR".to_owned()
        } else if sectors.first().is_some_and(|sector| sector == "IGO") {
            sectors.remove(0);
            let un = actor.register.as_deref().is_some_and(|id| {
                id == "int-un" || self.data.part_of(id, None).iter().any(|parent| parent == "int-un")
            });
            if un { "UNO" } else { "IGO" }.to_owned()
        } else {
            self.iso3(actor.country.as_deref())
        };
        if is_former(actor) {
            sectors = vec!["ELI".to_owned()];
        }
        Codes { country, sectors }
    }

    fn iso3(&self, iso2: Option<&str>) -> String {
        iso2.and_then(|iso2| self.data.iso3(iso2)).unwrap_or_default().to_owned()
    }

    /// Folded words of a token range, as the tables' keys are.
    fn key(&self, tokens: Range<TokenId>) -> &str {
        let all = &self.at[tokens.start as usize..tokens.end as usize];
        let (first, last) =
            (all.iter().find(|word| !word.is_empty()), all.iter().rev().find(|word| !word.is_empty()));
        first.zip(last).map_or("", |(first, last)| &self.folded[first.start..last.end])
    }

    /// The person who holds or held an office, by the longest name of the phrase.
    fn official(&self) -> Option<Codes> {
        // Where letter case tells, a name begins with a capital.
        let cased = self.document.casing == Casing::Mixed;
        let small = |token: TokenId| cased && self.document.word(token).starts_with(char::is_lowercase);
        let starts = (0..self.end)
            .filter(|&start| !small(start) && self.data.officials.begins(self.key(start..start + 1)));
        // Keys are names of two to five words; a surname alone must be all that the phrase says.
        let mut found: Option<(TokenId, Codes)> = None;
        for start in starts {
            let shortest = found.as_ref().map_or(1, |(length, _)| length + 1);
            for length in (shortest..=5.min(self.end - start)).rev() {
                let key = self.key(start..start + length);
                if length == 1 && (self.end > 1 || key.len() < 5) {
                    continue;
                }
                if let Some(codes) = self.data.officials.get(key).and_then(|terms| self.term(terms)) {
                    found = Some((length, codes));
                    break;
                }
            }
        }
        found.map(|(_, codes)| codes)
    }

    /// `AFGGOV 20011222-20140929;AFGELI` as of the day: the latest term that covers it, else what
    /// the person is outside of all terms, else a former holder of the office.
    fn term(&self, terms: &str) -> Option<Codes> {
        let day = format!("{:04}{:02}{:02}", self.day.year(), self.day.month(), self.day.day());
        let (mut held, mut otherwise) = (None, None);
        for term in terms.split(';') {
            match term.split_once(' ') {
                Some((code, dates)) => {
                    let (from, to) = dates.split_once('-').unwrap_or((dates, ""));
                    if (from.is_empty() || from <= day.as_str()) && (to.is_empty() || day.as_str() <= to) {
                        held = Some(code);
                    } else {
                        otherwise = otherwise.or(Some((code, true)));
                    }
                }
                None => otherwise = Some((term, false)),
            }
        }
        let (code, former) = held.map(|code| (code, false)).or(otherwise)?;
        let (country, sectors) = code.split_at_checked(3)?;
        let mut sectors: Vec<String> =
            sectors.as_bytes().chunks(3).map(|code| String::from_utf8_lossy(code).into_owned()).collect();
        if former {
            sectors = vec!["ELI".to_owned()];
        }
        Some(Codes { country: country.to_owned(), sectors })
    }

    /// The sector of the common noun that the phrase is about: the longest that ends it, before any
    /// "of" or "in".
    fn noun(&self, main: Option<&ActorMention>) -> Option<Vec<String>> {
        let end = (0..self.end)
            .find(|token| {
                *token > 0
                    && matches!(
                        self.document.norm(*token),
                        "of" | "in"
                            | "from"
                            | "at"
                            | "to"
                            | "for"
                            | ","
                            | "who"
                            | "with"
                            | "across"
                            | "near"
                            | "throughout"
                            | "between"
                            | "along"
                            | "inside"
                            | "outside"
                            | "around"
                    )
            })
            .unwrap_or(self.end);
        let upto = match main.filter(|main| main.proper.is_none()) {
            Some(main) if main.tokens.end <= end => main.tokens.end,
            _ => end,
        };
        let whole = self.ending(0..self.end);
        whole.or_else(|| self.ending(0..upto)).map(split_codes)
    }

    fn ending(&self, tokens: Range<TokenId>) -> Option<&'static str> {
        let start = tokens.start.max(tokens.end.saturating_sub(6));
        let begins = |start: &TokenId| self.data.sectors.begins(self.key(*start..*start + 1));
        (start..tokens.end)
            .filter(begins)
            .find_map(|start| self.data.sectors.get(self.key(start..tokens.end)))
    }

    /// "TEHRAN", "Kabul" as a dateline's or speaker's government; another place is its people.
    fn metonym(&self) -> Vec<String> {
        let upper = self.document.casing == Casing::Upper
            || self.document.words(&(0..self.end)).chars().all(|c| !c.is_lowercase());
        let country = self.data.country_of(self.document.words(&(0..self.end)));
        match (country, upper) {
            (Some(_), _) => Vec::new(),
            (None, true) if self.data.is_capital(self.document.words(&(0..self.end))) => {
                vec!["GOV".to_owned()]
            }
            _ => Vec::new(),
        }
    }

    /// The country that the words name anywhere, the longest name first.
    fn country_named(&self, tokens: Range<TokenId>) -> Option<String> {
        let mut longest: Option<(TokenId, &str)> = None;
        for start in tokens.clone() {
            // "eSwatini" has its capital within.
            let small = !self.document.word(start).contains(char::is_uppercase)
                && self.document.word(start).starts_with(char::is_lowercase);
            if small || super::leans(self.document, start) {
                continue;
            }
            let found = self.words.country(&self.data.lexicon, start, tokens.end.min(start + 6));
            if let Some((end, country)) = found
                && longest.is_none_or(|(length, _)| end - start > length)
            {
                longest = Some((end - start, country));
            }
        }
        longest.map(|(_, country)| self.iso3(Some(country)))
    }

    /// The country of the phrase's first place, and whether the phrase is a town that is no capital.
    fn place(&self, resources: &Resources) -> Option<(String, bool)> {
        // What is written and read as a common noun is no name of a place.
        let named = |token: TokenId| {
            !self.document.word(token).starts_with(char::is_lowercase)
                || matches!(self.document.tokens[token as usize].tag, Tag::Proper | Tag::ProperPlural)
        };
        if !(0..self.end).any(named) {
            return None;
        }
        // Without the actors: a place inside an actor's name ("Kyiv police") tells its country here.
        let places = place::meanings(&resources.mention.place, self.document);
        let (tokens, best) = places
            .into_iter()
            .find(|(tokens, _)| tokens.end <= self.end && !super::leans(self.document, tokens.start))?;
        let best = best?;
        let country = self.iso3(best.country);
        let words = self.document.words(&(0..self.end));
        let town =
            tokens == (0..self.end) && best.kind == PlaceKind::PopulatedPlace && !self.data.is_capital(words);
        (!country.is_empty()).then_some((country, town))
    }
}

fn is_former(actor: &ActorMention) -> bool {
    actor.attributes.iter().any(|attribute| attribute == "former")
}

fn split_codes(code: &str) -> Vec<String> {
    code.as_bytes().chunks(3).map(|code| String::from_utf8_lossy(code).into_owned()).collect()
}
