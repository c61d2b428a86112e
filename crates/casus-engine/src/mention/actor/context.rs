//! Which country and time a report is about, to tell namesakes apart: "ELN" in a report of Bolivia
//! is not that of Colombia, and who is rebel in one year is government in another.

use super::lexicon::{Hit, Item, Lexicon, Words, upto};
use crate::{
    Date,
    text::{Document, TokenId},
};
use casus_data::tables::register::Actor;
use std::cell::OnceCell;

/// How often each country is named, and the day of the report.
#[derive(Debug)]
pub(super) struct Context {
    /// By country; empty if none is named.
    named: Vec<u32>,
    day: Option<Date>,
    /// The day as the register writes it, made when first asked for.
    written: OnceCell<String>,
}

impl Context {
    pub(super) fn new(lexicon: &Lexicon, document: &Document<'_>, words: &Words) -> Context {
        let mut named: Vec<u32> = Vec::new();
        let mut hits: Vec<Hit> = Vec::new();
        for sentence in &document.sentences {
            let mut at = sentence.tokens.start;
            while at < sentence.tokens.end {
                words.hits(lexicon, document, at, sentence.tokens.end, &mut hits);
                let mut next: TokenId = at + 1;
                for hit in &hits {
                    if let Item::Country(country) | Item::Demonym(country, _) = hit.item {
                        if named.is_empty() {
                            named.resize(lexicon.countries.len(), 0);
                        }
                        named[country as usize] += 1;
                        next = next.max(hit.end);
                    }
                }
                at = next;
            }
        }
        Context { named, day: document.report.published, written: OnceCell::new() }
    }

    fn day(&self) -> Option<&str> {
        let day = self.day?;
        Some(self.written.get_or_init(|| day.to_string()))
    }

    /// Whether the report names the actor's country or one it is active in.
    pub(super) fn is_about(&self, lexicon: &Lexicon, actor: u16) -> bool {
        let actor = &lexicon.actors[actor as usize];
        actor.country.iter().chain(&actor.active_in).any(|iso2| self.named(lexicon, iso2) > 0)
    }

    /// Whether the first country is named more often than the second.
    pub(super) fn names_more(&self, first: u16, second: u16) -> bool {
        self.named.get(first as usize) > self.named.get(second as usize)
    }

    /// How often the country is named.
    fn named(&self, lexicon: &Lexicon, iso2: &str) -> u32 {
        lexicon
            .countries
            .binary_search_by(|country| country.iso2.as_str().cmp(iso2))
            .map_or(0, |index| self.named.get(index).copied().unwrap_or(0))
    }

    /// The likeliest of several actors of one name: that of the country the report names most, then
    /// one that existed on the day, then the first; under the name that it had on the day.
    pub(super) fn choose(&self, lexicon: &Lexicon, actors: impl Iterator<Item = u16>) -> Option<u16> {
        let score = |actor: &Actor| {
            let own = actor.country.iter().map(|iso2| 2 * self.named(lexicon, iso2)).sum::<u32>();
            let active: u32 = actor.active_in.iter().map(|iso2| self.named(lexicon, iso2)).sum();
            (own + active, self.day().is_none_or(|day| existed(actor, day)))
        };
        // The last of equals would win with `max_by_key`; the register is in order of ids.
        actors
            .map(|index| (score(&lexicon.actors[index as usize]), index))
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
            .map(|(_, index)| self.day().map_or(index, |day| lexicon.as_of(index, day)))
    }

    /// Class and sectors of an actor at the time of the report.
    pub(super) fn class_of<'a>(&self, actor: &'a Actor) -> (&'a str, &'a [String]) {
        let phase = self.day().and_then(|day| {
            actor.was.iter().find(|phase| within(phase.from.as_deref(), phase.to.as_deref(), day))
        });
        phase.map_or((&actor.class, &actor.sectors), |phase| (&phase.class, &phase.sectors))
    }
}

pub(super) fn existed(actor: &Actor, day: &str) -> bool {
    within(actor.from.as_deref(), actor.to.as_deref(), day)
}

/// Whether a day lies within bounds that may be years, months or days: compared as far as they go.
pub(super) fn within(from: Option<&str>, to: Option<&str>, day: &str) -> bool {
    from.is_none_or(|from| upto(day, from) >= from) && to.is_none_or(|to| upto(day, to) <= to)
}
