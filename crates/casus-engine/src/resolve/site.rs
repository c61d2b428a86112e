//! Which of the places that a sentence names is where its event happened.
//!
//! Several names may stand around one verb: where it happened, what holds that place, where the people
//! came from, who acted. [`of_event`] weighs each name by how it stands to the verb: the preposition
//! before it, what that hangs on, the verbs, commas and names between, whether another name is its part.
//! The weights are learned from marked sentences (`cargo xtask train-event-place`) and are data that can
//! be read: `data/patterns/en/event_place.toml`.
//!
//! ```
//! # use casus_engine::{Casus, Report};
//! use casus_engine::resolve::site;
//! let casus = Casus::embedded()?;
//! let text = "Gunmen from Herat killed two men in the city of Kunduz on Monday.";
//! let report = Report { text: text.into(), ..Report::default() };
//! let traced = casus.read_traced(&report);
//! let verb = text.find("killed").unwrap() as u32;
//! let verb = traced.document.tokens.iter().position(|t| t.span.start == verb).unwrap() as u32;
//! let sites = site::of_event(casus.resources().sites(), &traced.document, &traced.mentions, &(verb..verb + 1));
//! let names: Vec<_> = sites.iter().map(|site| traced.document.words(&site.tokens)).collect();
//! assert_eq!(names, ["Kunduz"]);
//! # Ok::<(), casus_engine::Error>(())
//! ```
//!
//! This module must not know how a place is found on the map.

use crate::{
    Error, PlaceKind,
    mention::{
        Mentions,
        place::{PlaceMention, Use},
    },
    text::{Document, Tag, TokenId, TokenKind},
};
use casus_data::tables::EventPlace;
use rustc_hash::FxHashMap;
use std::{collections::BTreeMap, ops::Range};

/// What the choice of an event's place looks up.
#[derive(Debug)]
pub struct Data {
    weights: FxHashMap<String, f32>,
    words: FxHashMap<String, String>,
    least: f32,
}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Ok(Data::new(casus_data::table("event_place")?))
    }

    /// From weights and word classes.
    pub fn new(table: EventPlace) -> Data {
        let mut words = FxHashMap::default();
        for (class, list) in table.words {
            words.extend(list.into_iter().map(|word| (word, class.clone())));
        }
        Data { weights: table.weights.into_iter().collect(), words, least: table.least }
    }

    fn class(&self, norm: &str) -> &str {
        self.words.get(norm).map_or("", String::as_str)
    }
}

/// A name that may be where the event happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Tokens of the name.
    pub tokens: Range<TokenId>,
    /// Index of the place mention; None for a name that stands where places stand but was not read as one.
    pub mention: Option<usize>,
    /// Logarithm of the odds that the event happened there.
    pub odds: f32,
}

/// Names further from the verb than this are not looked at: a sentence may be as long as a file.
const REACH: u32 = 120;

/// More names than these around one verb are a list.
const MOST: usize = 40;

/// The places of the event that the tokens of its verb tell, in text order; empty if none of the names
/// around it is one.
pub fn of_event(
    data: &Data,
    document: &Document<'_>,
    mentions: &Mentions,
    verb: &Range<TokenId>,
) -> Vec<Site> {
    let mut sites = candidates(data, document, mentions, verb);
    let all: Vec<(f32, Vec<String>)> = (0..sites.len())
        .map(|index| {
            let features = features(data, document, mentions, verb, &sites, index);
            (features.iter().filter_map(|feature| data.weights.get(feature)).sum(), features)
        })
        .collect();
    for (site, (odds, _)) in sites.iter_mut().zip(all) {
        site.odds = odds;
    }
    sites.retain(|site| site.odds >= data.least);
    sites
}

/// All names around a verb, in text order.
pub fn candidates(
    data: &Data,
    document: &Document<'_>,
    mentions: &Mentions,
    verb: &Range<TokenId>,
) -> Vec<Site> {
    let Some(sentence) = document.tokens.get(verb.start as usize).map(|token| token.sentence as usize) else {
        return Vec::new();
    };
    let Some(range) = document.sentences.get(sentence).map(|sentence| sentence.tokens.clone()) else {
        return Vec::new();
    };
    let range =
        range.start.max(verb.start.saturating_sub(REACH))..range.end.min(verb.end.saturating_add(REACH));
    let places = &mentions.places;
    let first = places.partition_point(|place| place.tokens.start < range.start);
    let mut out: Vec<Site> = places
        .iter()
        .enumerate()
        .skip(first)
        .take_while(|(_, place)| place.tokens.start < range.end)
        .filter(|(_, place)| place.tokens.end <= range.end && !overlap(&place.tokens, verb))
        .take(MOST)
        .map(|(index, place)| Site { tokens: place.tokens.clone(), mention: Some(index), odds: 0.0 })
        .collect();
    let known = out.len();
    let mut at = range.start;
    while at < range.end {
        let end = name_end(document, at, range.end);
        if end == at {
            at += 1;
            continue;
        }
        let name = at..end;
        at = end;
        let taken = out[..known].iter().any(|site| overlap(&site.tokens, &name))
            || overlap(&name, verb)
            || mentions.times.iter().any(|time| overlap(&time.tokens, &name));
        let (outer, _, _) = outer(data, document, name.start, range.start);
        let placed = outer.is_some_and(|id| data.class(document.norm(id)) == "at")
            || document.norm(end.min(range.end - 1)).starts_with(|c: char| c.is_lowercase())
                && data.class(document.norm(end.min(range.end - 1))) == "kind";
        if !taken && placed && out.len() < MOST {
            out.push(Site { tokens: name, mention: None, odds: 0.0 });
        }
    }
    out.sort_by_key(|site| (site.tokens.start, site.tokens.end));
    out
}

/// The end of a run of proper nouns that begins at a token; the token itself if none does.
fn name_end(document: &Document<'_>, at: TokenId, limit: TokenId) -> TokenId {
    let proper = |id: TokenId| {
        let token = &document.tokens[id as usize];
        token.kind == TokenKind::Word
            && matches!(token.tag, Tag::Proper | Tag::ProperPlural)
            && document.word(id).starts_with(char::is_uppercase)
    };
    let mut end = at;
    while end < limit && end < at + 6 {
        let joined = end > at
            && document.norm(end) == "-"
            && !document.space_before(end)
            && end + 1 < limit
            && !document.space_before(end + 1);
        if proper(end) {
            end += 1;
        } else if joined {
            end += 2;
        } else {
            break;
        }
    }
    end
}

fn overlap(a: &Range<TokenId>, b: &Range<TokenId>) -> bool {
    a.start < b.end && b.start < a.end
}

/// The preposition that the noun group at a token stands behind, the head of an `of` between them, and
/// how many tokens were gone back.
fn outer(
    data: &Data,
    document: &Document<'_>,
    start: TokenId,
    limit: TokenId,
) -> (Option<TokenId>, Option<TokenId>, u32) {
    let mut head = None;
    let mut id = start;
    while id > limit && start - id < 12 {
        id -= 1;
        let token = &document.tokens[id as usize];
        match token.tag {
            Tag::Preposition | Tag::To if document.norm(id) == "of" => {
                head = head.or(id.checked_sub(1).filter(|&head| head >= limit));
            }
            Tag::Preposition | Tag::To => return (Some(id), head, start - id),
            Tag::Determiner
            | Tag::Adjective
            | Tag::Noun
            | Tag::NounPlural
            | Tag::Proper
            | Tag::ProperPlural
            | Tag::Possessive
            | Tag::PossessivePronoun
            | Tag::Number => {}
            _ if data.class(document.norm(id)) == "at" => return (Some(id), head, start - id),
            _ if document.norm(id) == "-" => {}
            // `in the capital, Beya`
            _ if document.norm(id) == ","
                && id > limit
                && start - id <= 2
                && data.class(document.norm(id - 1)) == "kind" => {}
            _ => break,
        }
    }
    (None, head, start - id)
}

/// What speaks for and against a name: names of features, whose weights are summed.
pub fn features(
    data: &Data,
    document: &Document<'_>,
    mentions: &Mentions,
    verb: &Range<TokenId>,
    sites: &[Site],
    index: usize,
) -> Vec<String> {
    let site = &sites[index];
    let mention: Option<&PlaceMention> = site.mention.map(|mention| &mentions.places[mention]);
    let sentence = &document.sentences[document.sentence_of(verb.start) as usize].tokens;
    let stated = mention.map_or(&site.tokens, |mention| &mention.stated);
    let (start, end) = (stated.start.min(site.tokens.start), stated.end.max(site.tokens.end));
    let before = site.tokens.start < verb.start;
    let side = if before { "before" } else { "after" };
    let norm = |id: TokenId| document.norm(id);
    let tag = |id: TokenId| document.tokens[id as usize].tag;
    let mut out: Vec<String> = vec!["bias".into(), format!("side={side}")];
    let kind = mention.map_or("run", |mention| match (mention.usage, mention.kind) {
        (Use::Demonym, _) => "demonym",
        (Use::InName, _) => "in_name",
        (Use::Agent, _) => "agent",
        (_, PlaceKind::Country) => "country",
        (_, PlaceKind::Admin1) => "admin1",
        (_, PlaceKind::Admin2 | PlaceKind::Admin3) => "admin2",
        (_, PlaceKind::Region | PlaceKind::Mountain | PlaceKind::Water) => "area",
        (_, PlaceKind::Road) => "road",
        _ if mention.candidates.is_empty() => "unknown",
        _ => "town",
    });
    out.push(format!("kind={kind}"));
    // What holds it and what it holds.
    let own = site.mention;
    let holds = sites.iter().any(|other| {
        other
            .mention
            .is_some_and(|other| own.is_some_and(|own| mentions.places[other].within.contains(&(own as u32))))
    });
    let follows = index > 0 && site.tokens.start - sites[index - 1].tokens.end <= 1;
    let gap_before: Vec<&str> = index
        .checked_sub(1)
        .map(|previous| sites[previous].tokens.end..site.tokens.start)
        .filter(|gap| gap.len() <= 4)
        .map(|gap| gap.map(norm).collect())
        .unwrap_or_default();
    let listed =
        !gap_before.is_empty() && gap_before.iter().all(|word| matches!(*word, "," | "and" | "or" | "the"));
    let part_of = mention.is_some_and(|mention| !mention.within.is_empty());
    out.push(format!("holds={holds}"));
    out.push(format!("part_of={part_of}"));
    out.push(format!("listed={listed}+{kind}"));
    out.push(format!("follows={follows}"));
    if gap_before.iter().any(|word| matches!(*word, "in" | "of" | "near")) {
        out.push(format!("behind_name={}", gap_before.join("_")));
    }
    // The preposition, and what it hangs on.
    let (outer, head, _) = outer(data, document, start, sentence.start);
    let preposition = outer.map_or("none", norm);
    let stated_relation = (start..site.tokens.start).map(norm).find(|word| data.class(word) == "at");
    let preposition = if outer.is_none() { stated_relation.unwrap_or(preposition) } else { preposition };
    let class = match data.class(preposition) {
        _ if preposition == "none" => "none",
        "at" => preposition,
        _ if matches!(
            preposition,
            "from" | "against" | "with" | "by" | "for" | "between" | "after" | "that" | "as"
        ) =>
        {
            preposition
        }
        _ => "other",
    };
    out.push(format!("prep={class}"));
    out.push(format!("prep={class}+{side}"));
    out.push(format!("prep={class}+{kind}"));
    if let Some(head) = head {
        let head_class = data.class(norm(head));
        out.push(format!("of={}", if head_class.is_empty() { "noun" } else { head_class }));
    }
    let begin = outer.or(head).unwrap_or(start);
    let hung = begin.checked_sub(1).filter(|&id| id >= sentence.start);
    let attach = match hung {
        None => "start",
        Some(id) if verb.contains(&id) => "verb",
        Some(id) if norm(id) == "," => "comma",
        Some(id) => match tag(id) {
            Tag::Noun | Tag::NounPlural => match data.class(norm(id)) {
                "act" => "act",
                "" => "noun",
                other => other,
            },
            Tag::Proper | Tag::ProperPlural => "proper",
            Tag::Number => "number",
            Tag::Conjunction => "and",
            Tag::Adverb | Tag::Particle => "adverb",
            tag if is_verb(tag) => "other_verb",
            Tag::Preposition | Tag::To => "preposition",
            Tag::Punctuation => "mark",
            _ => "other",
        },
    };
    out.push(format!("attach={attach}+{side}"));
    out.push(format!("attach={attach}+prep={class}"));
    // What stands between the name and the verb.
    let between = if before { end.min(verb.start)..verb.start } else { verb.end..begin.max(verb.end) };
    let (mut finite, mut loose_verbs, mut commas, mut wh, mut that, mut said, mut ands) =
        (0, 0, 0, 0, 0, 0, 0);
    for id in between.clone() {
        match tag(id) {
            Tag::VerbPast | Tag::VerbPresent | Tag::VerbThird | Tag::Modal => finite += 1,
            Tag::VerbIng | Tag::VerbParticiple | Tag::VerbBase => loose_verbs += 1,
            Tag::Wh => wh += 1,
            Tag::Conjunction => ands += 1,
            _ => {}
        }
        match norm(id) {
            "," | ";" | ":" | "--" | "–" | "—" => commas += 1,
            "that" => that += 1,
            word if data.class(word) == "say" => said += 1,
            _ => {}
        }
    }
    let few = |n: i32| n.min(2);
    out.push(format!("finite={}+{side}", few(finite)));
    out.push(format!("loose={}+{side}", few(loose_verbs)));
    out.push(format!("commas={}+{side}", few(commas)));
    out.push(format!("wh={}+{side}", few(wh)));
    out.push(format!("that={}+{side}", few(that)));
    out.push(format!("said={}+{side}", few(said)));
    out.push(format!("and={}+{side}", few(ands)));
    let far = match between.len() {
        0 => "0",
        1..=2 => "2",
        3..=5 => "5",
        6..=10 => "10",
        11..=18 => "18",
        _ => "more",
    };
    out.push(format!("far={far}+{side}"));
    let nearer = sites
        .iter()
        .filter(|other| (other.tokens.start < verb.start) == before && other.tokens != site.tokens)
        .filter(|other| {
            if before {
                other.tokens.start > site.tokens.start
            } else {
                other.tokens.start < site.tokens.start
            }
        })
        .count();
    let others = sites.iter().filter(|other| (other.tokens.start < verb.start) != before).count();
    out.push(format!("nearer={}+{side}", nearer.min(2)));
    out.push(format!("nearer={}+prep={class}", nearer.min(2)));
    out.push(format!("others={}+{side}", others.min(2)));
    out.push(format!("names={}", sites.len().min(4)));
    let better = sites.iter().enumerate().any(|(other, site)| {
        other != index && {
            let (outer, _, _) = self::outer(data, document, site.tokens.start, sentence.start);
            outer.is_some_and(|id| data.class(norm(id)) == "at")
        }
    });
    out.push(format!(
        "another_placed={better}+prep={}",
        if data.class(preposition) == "at" { "at" } else { "no" }
    ));
    // `In Beya, …` at the head of a clause.
    let fronted = before
        && class != "none"
        && outer
            .is_some_and(|id| id == sentence.start || id.checked_sub(1).is_some_and(|id| norm(id) == ","));
    if fronted {
        out.push("fronted".into());
        out.push(format!("fronted+finite={}", few(finite)));
    }
    let object = !before
        && outer.is_none_or(|id| id < verb.start)
        && between.clone().all(|id| {
            matches!(tag(id), Tag::Determiner | Tag::Adjective | Tag::Number | Tag::PossessivePronoun)
                || data.class(norm(id)) == "kind"
                || norm(id) == "of"
        });
    if object {
        out.push("object".into());
        out.push(format!("object+verb={}", norm(verb.start)));
        out.push(format!("object+kind={kind}"));
    }
    let next = end.max(site.tokens.end);
    let behind = if next >= sentence.end {
        "end"
    } else if next == verb.start {
        "verb"
    } else {
        match tag(next) {
            Tag::Possessive => "possessive",
            Tag::Noun | Tag::NounPlural => "noun",
            Tag::Proper | Tag::ProperPlural => "proper",
            Tag::Preposition | Tag::To => "preposition",
            Tag::Conjunction => "and",
            Tag::Wh => "wh",
            tag if is_verb(tag) => "verb",
            _ if norm(next) == "," => "comma",
            Tag::Punctuation => "mark",
            _ => "other",
        }
    };
    out.push(format!("behind={behind}"));
    out.push(format!("behind={behind}+{kind}"));
    out.push(format!("behind={behind}+prep={class}"));
    if behind == "noun" {
        let class = data.class(norm(next));
        out.push(format!("before_noun={}", if class.is_empty() { "other" } else { class }));
    }
    // The verb and its company.
    out.push(format!("verb={}", norm(verb.start)));
    out.push(format!("verb_tag={:?}", tag(verb.start)));
    out.push(format!("verb_class={}", data.class(norm(verb.start))));
    let helper = verb.start.checked_sub(1).filter(|&id| id >= sentence.start).map(norm);
    if let Some(helper) = helper.filter(|word| {
        matches!(
            *word,
            "was"
                | "were"
                | "been"
                | "be"
                | "being"
                | "to"
                | "will"
                | "would"
                | "could"
                | "has"
                | "had"
                | "have"
                | "not"
                | "is"
                | "are"
        )
    }) {
        out.push(format!("helper={helper}"));
    }
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    for id in sentence.start.max(verb.start.saturating_sub(REACH))..sentence.end.min(verb.end + REACH) {
        let class = data.class(norm(id));
        if matches!(class, "sport" | "aircraft" | "future") {
            *classes.entry(class).or_default() += 1;
        }
    }
    out.extend(classes.keys().map(|class| format!("has={class}")));
    let after_verb = if verb.end < sentence.end { data.class(norm(verb.end)) } else { Default::default() };
    if !after_verb.is_empty() {
        out.push(format!("verb_then={after_verb}"));
    }
    out
}

fn is_verb(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::VerbBase
            | Tag::VerbPast
            | Tag::VerbParticiple
            | Tag::VerbIng
            | Tag::VerbPresent
            | Tag::VerbThird
            | Tag::Modal
    )
}
