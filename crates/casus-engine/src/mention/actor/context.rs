//! Which country and time a report is about, to tell namesakes apart: "ELN" in a report of Bolivia
//! is not that of Colombia, and who is rebel in one year is government in another.

use super::lexicon::{Hit, Item, Lexicon, Words, upto};
use crate::{
    Date,
    text::{Document, TokenId},
};
use casus_data::tables::register::Actor;
use std::cell::OnceCell;

/// How often each country is named, those of actors whose name is theirs alone, and the day of the report.
#[derive(Debug)]
pub(super) struct Context {
    /// By country; empty if none is named.
    named: Vec<u32>,
    /// By country, how often an actor is named that no other shares the name with: who tells of FARDC
    /// and M23 need not say Congo. Empty if there is none.
    company: Vec<u32>,
    day: Option<Date>,
    /// The day as the register writes it, made when first asked for.
    written: OnceCell<String>,
}

impl Context {
    pub(super) fn new(lexicon: &Lexicon, document: &Document<'_>, words: &Words) -> Context {
        let (mut named, mut company) = (Vec::new(), Vec::new());
        let mut hits: Vec<Hit> = Vec::new();
        for sentence in &document.sentences {
            let mut at = sentence.tokens.start;
            while at < sentence.tokens.end {
                words.hits(lexicon, document, at, sentence.tokens.end, &mut hits);
                let mut next: TokenId = at + 1;
                for hit in &hits {
                    if let Item::Country(country) | Item::Demonym(country, _) = hit.item {
                        count(lexicon, &mut named, country as usize);
                        next = next.max(hit.end);
                    }
                }
                if let Some(country) =
                    alone(&hits).and_then(|actor| index(lexicon, lexicon.actors[actor].country.as_deref()?))
                {
                    count(lexicon, &mut company, country);
                }
                at = next;
            }
        }
        Context { named, company, day: document.report.published, written: OnceCell::new() }
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
        at(lexicon, &self.named, iso2)
    }

    /// The likeliest of several actors of one name: that of the country the report names most, then
    /// one that existed on the day, then one in the country of others that are named, then the first;
    /// under the name that it had on the day.
    pub(super) fn choose(&self, lexicon: &Lexicon, actors: impl Iterator<Item = u16>) -> Option<u16> {
        let close = |actor: &Actor, times: &[u32]| {
            let own = actor.country.iter().map(|iso2| 2 * at(lexicon, times, iso2)).sum::<u32>();
            own + actor.active_in.iter().map(|iso2| at(lexicon, times, iso2)).sum::<u32>()
        };
        let score = |actor: &Actor| {
            let existed = self.day().is_none_or(|day| existed(actor, day));
            (close(actor, &self.named), existed, close(actor, &self.company))
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

/// The actor that hits at one place mean, if it is one alone.
fn alone(hits: &[Hit]) -> Option<usize> {
    let mut actors = hits.iter().filter_map(|hit| match hit.item {
        Item::Actor(actor) | Item::ActorIfNamed(actor) => Some(actor as usize),
        _ => None,
    });
    actors.next().filter(|_| actors.next().is_none())
}

fn index(lexicon: &Lexicon, iso2: &str) -> Option<usize> {
    lexicon.countries.binary_search_by(|country| country.iso2.as_str().cmp(iso2)).ok()
}

/// How often a country is in a table by country that may be empty.
fn at(lexicon: &Lexicon, times: &[u32], iso2: &str) -> u32 {
    index(lexicon, iso2).and_then(|index| times.get(index).copied()).unwrap_or(0)
}

fn count(lexicon: &Lexicon, times: &mut Vec<u32>, country: usize) {
    if times.is_empty() {
        times.resize(lexicon.countries.len(), 0);
    }
    times[country] += 1;
}

pub(super) fn existed(actor: &Actor, day: &str) -> bool {
    within(actor.from.as_deref(), actor.to.as_deref(), day)
}

/// Whether a day lies within bounds that may be years, months or days: compared as far as they go.
pub(super) fn within(from: Option<&str>, to: Option<&str>, day: &str) -> bool {
    from.is_none_or(|from| upto(day, from) >= from) && to.is_none_or(|to| upto(day, to) <= to)
}
