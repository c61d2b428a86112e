//! Which of the places that a sentence names is where its event happened.
//!
//! Several names may stand around one verb: where it happened, what holds that place, where the people
//! came from, who acted. The answer is a choice among sets: none of the names, one of them, or all names
//! of one list ("in Beya, Lodo and Kile"). What speaks for a name is how it stands to the verb: the
//! preposition before it, what that hangs on, the groups of words between, what follows it; what speaks
//! for none is the verb and what stands beside it. The weights are a log-linear model, learned from
//! marked sentences (`casus-eval learn --task event-location`), and are data that can be read:
//! `data/patterns/en/event_place.toml`.
//!
//! ```
//! # use casus_engine::{Casus, Report};
//! use casus_engine::resolve::site::Choices;
//! let casus = Casus::embedded()?;
//! let text = "Gunmen from Herat killed two men in the city of Kunduz on Monday.";
//! let report = Report { text: text.into(), ..Report::default() };
//! let traced = casus.read_traced(&report);
//! let verb = text.find("killed").unwrap() as u32;
//! let verb = traced.document.tokens.iter().position(|t| t.span.start == verb).unwrap() as u32;
//! let (sites, document) = (casus.resources().sites(), &traced.document);
//! let choices = Choices::new(sites, document, &traced.mentions, &traced.frames, verb..verb + 1);
//! let chosen = choices.best(|_| true);
//! let names: Vec<_> = chosen.iter().map(|site| document.words(&site.tokens)).collect();
//! assert_eq!(names, ["Kunduz"]);
//! # Ok::<(), casus_engine::Error>(())
//! ```
//!
//! This module must not know how a place is found on the map.

use crate::{
    Error, PlaceKind,
    frame::{Frames, chunk::ChunkKind},
    mention::{
        Mentions,
        place::{PlaceMention, Use},
    },
    reader::scene::{Named, Scenes, Seen},
    text::{Document, Tag, TokenId, TokenKind},
};
use casus_data::tables::EventPlace;
use rustc_hash::{FxHashMap, FxHasher};
use std::{
    hash::{Hash, Hasher},
    ops::Range,
};

/// What the choice of an event's place looks up.
#[derive(Debug)]
pub struct Data {
    /// Weights by the hash of a feature's parts.
    weights: FxHashMap<u64, f32>,
    words: FxHashMap<String, u8>,
}

/// Classes of words, as bits.
mod class {
    /// Prepositions of place, and bearings that stand as such.
    pub(super) const AT: u8 = 1;
    /// Prepositions whose word is a feature.
    pub(super) const PREPOSITION: u8 = 1 << 1;
    /// Words for kinds of places.
    pub(super) const KIND: u8 = 1 << 2;
    /// What may stand between the names of a list.
    pub(super) const LINK: u8 = 1 << 3;
    /// Words before a verb that are a feature, besides verbs.
    pub(super) const LEAD: u8 = 1 << 4;
}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Data::new(casus_data::table("event_place")?)
    }

    /// From weights and word classes.
    ///
    /// # Errors
    /// If a class is not known.
    pub fn new(table: EventPlace) -> Result<Data, Error> {
        let mut words: FxHashMap<String, u8> = FxHashMap::default();
        for (name, list) in table.words {
            let bit = match name.as_str() {
                "at" => class::AT,
                "preposition" => class::PREPOSITION,
                "kind" => class::KIND,
                "link" => class::LINK,
                "lead" => class::LEAD,
                _ => return Err(Error::data("event_place", format!("no class of words {name}"))),
            };
            for word in list {
                *words.entry(word).or_default() |= bit;
            }
        }
        let weights = table.weights.into_iter().map(|(name, weight)| (key(name.split(' ')), weight));
        Ok(Data { weights: weights.collect(), words })
    }

    fn is(&self, norm: &str, class: u8) -> bool {
        self.words.get(norm).is_some_and(|classes| classes & class != 0)
    }

    fn weight(&self, parts: &[&str]) -> f32 {
        self.weights.get(&key(parts.iter().copied())).copied().unwrap_or(0.0)
    }
}

fn key<'p>(parts: impl Iterator<Item = &'p str>) -> u64 {
    let mut hasher = FxHasher::default();
    parts.for_each(|part| part.hash(&mut hasher));
    hasher.finish()
}

/// A name that may be where the event happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Tokens of the name.
    pub tokens: Range<TokenId>,
    /// Its number, as [`Frames::place`] takes it; None for a name that was not read as a place.
    pub place: Option<usize>,
    /// First and last token of the name with the words that belong to it.
    stated: Range<TokenId>,
    /// Index of its mention.
    mention: Option<usize>,
    kind: &'static str,
    /// The preposition that it stands behind, and the head of an `of` between them.
    outer: Option<TokenId>,
    of: Option<TokenId>,
}

impl Site {
    /// What the named place is, as the features of the choice name it.
    pub fn kind(&self) -> &'static str {
        self.kind
    }
}

/// The names around an event's words, and the sets of them that may be its places.
#[derive(Debug)]
pub struct Choices<'a> {
    data: &'a Data,
    document: &'a Document<'a>,
    mentions: &'a Mentions,
    frames: &'a Frames,
    /// Tokens of the event's word.
    pub verb: Range<TokenId>,
    /// The tokens that are looked at: the sentence, or as much of it as is near.
    reach: Range<TokenId>,
    /// All names, in text order.
    pub sites: Vec<Site>,
    /// Sets of indices of sites; the first is the empty set.
    pub sets: Vec<Vec<usize>>,
    /// What the model of scenes says of them, if it was asked.
    seen: Option<Seen>,
}

/// Names further from the verb than this are not looked at: a sentence may be as long as a file.
const REACH: u32 = 120;

/// More names than these around one verb are a list.
const MOST: usize = 40;

/// A set of one is taken before none if it is as likely but for this factor, as a logarithm: a place that
/// was meant and is missed costs a reader more than one beside it.
const EAGER: f32 = 0.3;

/// The same where the model of scenes was asked.
const EAGER_BESIDE: f32 = 1.4;

/// What the weights count beside the model of scenes.
const BESIDE: f32 = 0.8;

impl<'a> Choices<'a> {
    /// The names around the tokens of an event's word.
    pub fn new(
        data: &'a Data,
        document: &'a Document<'a>,
        mentions: &'a Mentions,
        frames: &'a Frames,
        verb: Range<TokenId>,
    ) -> Choices<'a> {
        let sentence = document.tokens.get(verb.start as usize).map(|token| token.sentence as usize);
        let sentence = sentence.and_then(|sentence| document.sentences.get(sentence));
        let sentence = sentence.map_or(0..0, |sentence| sentence.tokens.clone());
        let reach = sentence.start.max(verb.start.saturating_sub(REACH))
            ..sentence.end.min(verb.end.saturating_add(REACH));
        let mut choices = Choices {
            data,
            document,
            mentions,
            frames,
            verb,
            reach,
            sites: Vec::new(),
            sets: vec![vec![]],
            seen: None,
        };
        choices.find(&sentence);
        choices.sets.extend((0..choices.sites.len()).map(|index| vec![index]));
        choices.lists();
        choices
    }

    /// The same with what the model says of the names. It is not asked where there is nothing to choose.
    pub(crate) fn seen_by(mut self, model: Option<&Scenes>) -> Choices<'a> {
        if let Some(model) = model.filter(|_| !self.sites.is_empty()) {
            let names: Vec<Named> = self
                .sites
                .iter()
                .map(|site| Named { tokens: site.tokens.clone(), kind: site.kind })
                .collect();
            self.seen = Some(model.judge(self.document, &self.reach, &self.verb, &names));
        }
        self
    }

    /// The tokens that are looked at: the sentence, or as much of it as is near.
    pub fn reach(&self) -> &Range<TokenId> {
        &self.reach
    }

    /// The sites of the likeliest set whose members are all `usable`; empty if that is none of the names.
    pub fn best(&self, usable: impl Fn(&Site) -> bool) -> Vec<&Site> {
        if !self.sites.iter().any(&usable) {
            return Vec::new();
        }
        let seen = self.seen.as_ref();
        // Beside the model the weights count for less: it saw the words that they are about.
        let (rules, eager) = if seen.is_some() { (BESIDE, EAGER_BESIDE) } else { (1.0, EAGER) };
        let alone: Vec<f32> = (0..self.sites.len())
            .map(|index| {
                let mut sum = 0.0;
                self.site_features(index, |parts| sum += self.data.weight(parts));
                rules * sum + seen.map_or(0.0, |seen| seen.names[index])
            })
            .collect();
        let mut none = 0.0;
        self.none_features(|parts| none += self.data.weight(parts));
        let mut best: (f32, &[usize]) = (rules * none + seen.map_or(0.0, |seen| seen.none) - eager, &[]);
        for set in &self.sets[1..] {
            if !set.iter().all(|&index| usable(&self.sites[index])) {
                continue;
            }
            let sum: f32 = set.iter().map(|&index| alone[index]).sum();
            let score = match set.len() {
                1 => sum,
                n => {
                    let list = rules * self.data.weight(&["set", size(n)]);
                    sum / (n as f32).sqrt() + list + seen.map_or(0.0, |seen| seen.lists[n.min(4) - 2])
                }
            };
            if score > best.0 {
                best = (score, set);
            }
        }
        best.1.iter().map(|&index| &self.sites[index]).collect()
    }

    /// What speaks for a set: names of features and what each counts, to learn weights from.
    pub fn features(&self, set: usize) -> Vec<(String, f32)> {
        let members = self.sets.get(set).map(Vec::as_slice).unwrap_or_default();
        let mut out = Vec::new();
        let share = 1.0 / (members.len().max(1) as f32).sqrt();
        for &index in members {
            self.site_features(index, |parts| out.push((parts.join(" "), share)));
        }
        match members.len() {
            0 => self.none_features(|parts| out.push((parts.join(" "), 1.0))),
            1 => {}
            n => out.push((["set", size(n)].join(" "), 1.0)),
        }
        out
    }

    /// Finds the names: places that are named, and further runs of proper nouns.
    fn find(&mut self, sentence: &Range<TokenId>) {
        let places = &self.mentions.places;
        let (reach, verb) = (self.reach.clone(), self.verb.clone());
        let first = places.partition_point(|place| place.tokens.start < reach.start);
        let named: Vec<(usize, &PlaceMention)> = places
            .iter()
            .enumerate()
            .skip(first)
            .take_while(|(_, place)| place.tokens.start < reach.end)
            .filter(|(_, place)| place.tokens.end <= reach.end && !overlap(&place.tokens, &verb))
            .take(MOST)
            .collect();
        let mut sites = Vec::new();
        for &(index, place) in named.iter().filter(|(_, place)| place.usage != Use::Demonym) {
            let stated = place.stated.start.min(place.tokens.start)..place.stated.end.max(place.tokens.end);
            sites.push(self.site(place.tokens.clone(), stated, Some(index), Some(index)));
        }
        let times = &self.mentions.times;
        let behind = times.partition_point(|time| time.tokens.end <= reach.start);
        let mut at = reach.start;
        while at < reach.end && sites.len() < MOST {
            let end = name_end(self.document, at, reach.end);
            if end == at {
                at += 1;
                continue;
            }
            let name = at..end;
            at = end;
            let taken = named.iter().any(|(_, place)| overlap(&place.tokens, &name))
                || overlap(&name, &verb)
                || times[behind..]
                    .iter()
                    .take_while(|time| time.tokens.start < name.end)
                    .any(|time| overlap(&time.tokens, &name));
            if !taken {
                // They stand in the order of their sentences.
                let read = &self.frames.sites;
                let from = read.partition_point(|site| site.tokens.start < sentence.start);
                let found = read[from..]
                    .iter()
                    .take_while(|site| site.tokens.start < sentence.end)
                    .position(|site| overlap(&site.tokens, &name))
                    .map(|found| places.len() + from + found);
                sites.push(self.site(name.clone(), name, None, found));
            }
        }
        sites.sort_by_key(|site| (site.tokens.start, site.tokens.end));
        self.sites = sites;
    }

    fn site(
        &self,
        tokens: Range<TokenId>,
        stated: Range<TokenId>,
        mention: Option<usize>,
        place: Option<usize>,
    ) -> Site {
        let (outer, of) = outer(self.data, self.document, stated.start, self.reach.start);
        let kind = mention.map_or("run", |mention| kind(&self.mentions.places[mention]));
        Site { tokens, place, stated, mention, kind, outer, of }
    }

    /// Adds the sets that are lists of names.
    fn lists(&mut self) {
        let mut from = 0;
        for index in 1..=self.sites.len() {
            if index < self.sites.len() && self.listed(index) {
                continue;
            }
            if index - from > 1 {
                self.sets.push((from..index).collect());
            }
            from = index;
        }
    }

    /// Whether a name goes on the list that the name before it is in: `Beya and Lodo`, not `Beya, Lodo
    /// district`.
    fn listed(&self, index: usize) -> bool {
        let (a, b) = (&self.sites[index - 1], &self.sites[index]);
        let gap = a.tokens.end..b.tokens.start;
        if gap.is_empty() || gap.len() > 6 {
            return false;
        }
        let norm = |id: TokenId| self.document.norm(id);
        let joined =
            norm(gap.start) == "," || gap.clone().any(|id| matches!(norm(id), "and" | "or" | "&" | "/"));
        let parent = a
            .mention
            .zip(b.mention)
            .is_some_and(|(child, parent)| self.mentions.places[child].within.contains(&(parent as u32)));
        joined && !parent && gap.clone().all(|id| self.data.is(norm(id), class::LINK | class::KIND))
    }

    /// What speaks for and against a name.
    fn site_features(&self, index: usize, mut put: impl FnMut(&[&str])) {
        let (data, document, verb) = (self.data, self.document, &self.verb);
        let site = &self.sites[index];
        let norm = |id: TokenId| document.norm(id);
        let tag = |id: TokenId| document.tokens[id as usize].tag;
        let kind = site.kind;
        let before = site.tokens.start < verb.start;
        let side = if before { "before" } else { "after" };
        put(&["side", side]);
        put(&["kind", kind]);
        // The preposition, and what it hangs on.
        let stated = (site.stated.start..site.tokens.start).map(norm).find(|word| data.is(word, class::AT));
        let preposition = site.outer.map(norm).or(stated);
        let class = match preposition {
            None => "none",
            Some(word) if data.is(word, class::PREPOSITION) => word,
            Some(_) => "other",
        };
        put(&["preposition", class, side]);
        put(&["preposition+kind", class, kind]);
        if let Some(of) = site.of {
            put(&["of", norm(of)]);
            put(&["of+kind", if data.is(norm(of), class::KIND) { "kind" } else { part(tag(of)) }]);
        }
        let begin = site.outer.or(site.of).unwrap_or(site.stated.start);
        let hung = begin.checked_sub(1).filter(|&id| id >= self.reach.start);
        let attached = match hung {
            None => "start",
            Some(id) if verb.contains(&id) => "verb",
            Some(id) if norm(id) == "," => "comma",
            Some(id) => part(tag(id)),
        };
        put(&["attached", attached, side]);
        put(&["attached+preposition", attached, class]);
        if let Some(id) = hung.filter(|_| matches!(attached, "noun" | "adverb" | "other_verb" | "other")) {
            put(&["attached_to", norm(id)]);
        }
        // What stands between the name and the verb.
        let between =
            if before { site.stated.end.min(verb.start)..verb.start } else { verb.end..begin.max(verb.end) };
        let (mut finite, mut loose, mut commas, mut wh, mut that) = (0, 0, 0, 0, 0);
        for id in between.clone() {
            match tag(id) {
                Tag::VerbPast | Tag::VerbPresent | Tag::VerbThird | Tag::Modal => finite += 1,
                Tag::VerbIng | Tag::VerbParticiple | Tag::VerbBase => loose += 1,
                Tag::Wh => wh += 1,
                _ => {}
            }
            match norm(id) {
                "," | ";" | ":" | "--" | "–" | "—" => commas += 1,
                "that" => that += 1,
                _ => {}
            }
        }
        for (name, count) in
            [("finite", finite), ("loose", loose), ("commas", commas), ("wh", wh), ("that", that)]
        {
            put(&[name, few(count), side]);
        }
        self.path(&between, side, &mut put);
        // The other names.
        let nearer = self.sites.iter().filter(|other| {
            let (same, further) = if before {
                (other.tokens.start < verb.start, other.tokens.start > site.tokens.start)
            } else {
                (other.tokens.start >= verb.start, other.tokens.start < site.tokens.start)
            };
            same && further
        });
        let nearer = few(nearer.count());
        put(&["nearer", nearer, side]);
        put(&["nearer+preposition", nearer, class]);
        put(&["names", count(self.sites.len())]);
        let placed = self.sites.iter().enumerate().filter(|(other, site)| {
            *other != index && site.outer.is_some_and(|id| data.is(norm(id), class::AT))
        });
        let at = preposition.is_some_and(|word| data.is(word, class::AT));
        put(&["others_placed", few(placed.count()), if at { "at" } else { "no" }]);
        if let Some(previous) = index.checked_sub(1).map(|index| &self.sites[index]) {
            let gap = previous.tokens.end..site.tokens.start;
            if (1..=4).contains(&gap.len()) {
                with(&["gap"], gap.map(norm), &mut put);
            }
        }
        if let Some(following) = self.sites.get(index + 1) {
            let gap = site.tokens.end..following.tokens.start;
            if (1..=4).contains(&gap.len()) {
                with(&["followed", following.kind], gap.map(norm), &mut put);
            }
        }
        // The words beside it.
        if let Some(word) = site.stated.start.checked_sub(1).filter(|&id| id >= self.reach.start) {
            put(&["word", norm(word)]);
            if let Some(further) = word.checked_sub(1).filter(|&id| id >= self.reach.start) {
                put(&["words", norm(further), norm(word)]);
            }
        }
        let next = site.stated.end;
        let behind = if next >= self.reach.end {
            "end"
        } else if next == verb.start {
            "verb"
        } else if norm(next) == "," {
            "comma"
        } else {
            part(tag(next))
        };
        put(&["behind", behind]);
        put(&["behind+kind", behind, kind]);
        put(&["behind+preposition", behind, class]);
        if matches!(behind, "noun" | "other_verb" | "preposition" | "wh" | "other") {
            put(&["next", norm(next)]);
        }
        // The verb.
        let stem = stem(norm(verb.start));
        let object = !before
            && site.outer.is_none_or(|id| id < verb.start)
            && between.clone().all(|id| {
                matches!(tag(id), Tag::Determiner | Tag::Adjective | Tag::Number | Tag::PossessivePronoun)
                    || data.is(norm(id), class::KIND)
                    || norm(id) == "of"
            });
        if object {
            put(&["object"]);
            put(&["object+verb", stem]);
            put(&["object+kind", kind]);
        }
        put(&["verb", stem]);
        put(&["verb+preposition", stem, if before { "before" } else { class }]);
        put(&["tag", part(tag(verb.start)), finer(tag(verb.start)), side]);
    }

    /// The groups of words between a name and the verb, as one feature.
    fn path(&self, between: &Range<TokenId>, side: &str, put: &mut impl FnMut(&[&str])) {
        if between.is_empty() {
            return;
        }
        let sentence = self.document.sentence_of(self.verb.start) as usize;
        let chunks = self.frames.chunks.get(sentence).map(Vec::as_slice).unwrap_or_default();
        let first = chunks.partition_point(|chunk| chunk.tokens.end <= between.start);
        let mut path = ["path", side, "", "", "", "", ""];
        let mut length = 2;
        for chunk in chunks[first..].iter().take_while(|chunk| chunk.tokens.start < between.end) {
            let step = match chunk.kind {
                ChunkKind::Adverb | ChunkKind::Time | ChunkKind::Adjective | ChunkKind::Other => continue,
                ChunkKind::Noun => "noun",
                ChunkKind::Pronoun => "pronoun",
                ChunkKind::Verb => "verb",
                ChunkKind::Preposition => {
                    let word = self.document.norm(chunk.tokens.end - 1);
                    if self.data.is(word, class::PREPOSITION) { word } else { "preposition" }
                }
                ChunkKind::Conjunction => "&",
                ChunkKind::Comma => ",",
                ChunkKind::Relative => "relative",
                ChunkKind::Subordinator => "subordinator",
                ChunkKind::Aside => "aside",
                ChunkKind::Quote => "quote",
                ChunkKind::Break => "break",
                ChunkKind::Stop => "stop",
            };
            // A longer way says no more than that it is long.
            let Some(place) = path.get_mut(length) else { return };
            *place = step;
            length += 1;
        }
        put(&path[..length]);
    }

    /// What speaks for an event without a place among the names.
    fn none_features(&self, mut put: impl FnMut(&[&str])) {
        let (data, document, verb) = (self.data, self.document, &self.verb);
        let norm = |id: TokenId| document.norm(id);
        put(&["none"]);
        put(&["none+names", count(self.sites.len())]);
        let Some(token) = document.tokens.get(verb.start as usize) else { return };
        put(&["none+verb", stem(norm(verb.start))]);
        put(&["none+tag", part(token.tag), finer(token.tag)]);
        for id in verb.start.saturating_sub(3).max(self.reach.start)..verb.start {
            let tag = document.tokens[id as usize].tag;
            if is_verb(tag) || tag == Tag::To || data.is(norm(id), class::LEAD) {
                put(&["none+lead", norm(id)]);
            }
        }
        if verb.end < self.reach.end {
            let name = match document.tokens[verb.end as usize].tag {
                Tag::Proper | Tag::ProperPlural => "Name",
                Tag::Number => "Number",
                _ => norm(verb.end),
            };
            put(&["none+next", name]);
        }
        let placed = self
            .sites
            .iter()
            .filter(|site| site.kind != "run" && site.outer.is_some_and(|id| data.is(norm(id), class::AT)));
        put(&["none+placed", count(placed.count().min(3))]);
    }
}

/// Gives a feature of a few words.
fn with<'w>(head: &[&'w str], words: impl Iterator<Item = &'w str>, put: &mut impl FnMut(&[&str])) {
    let mut parts = [""; 8];
    let mut length = 0;
    for (place, word) in parts.iter_mut().zip(head.iter().copied().chain(words)) {
        *place = word;
        length += 1;
    }
    put(&parts[..length]);
}

/// What a named place is.
fn kind(place: &PlaceMention) -> &'static str {
    match (place.usage, place.kind) {
        (Use::Demonym, _) => "demonym",
        (Use::InName, _) => "in_name",
        (Use::Agent, _) => "agent",
        (_, PlaceKind::Country) => "country",
        (_, PlaceKind::Admin1) => "admin1",
        (_, PlaceKind::Admin2 | PlaceKind::Admin3) => "admin2",
        (_, PlaceKind::Region | PlaceKind::Mountain | PlaceKind::Water) => "area",
        (_, PlaceKind::Road) => "road",
        _ if place.best.is_none() => "unknown",
        _ => "town",
    }
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

/// The preposition that the noun group at a token stands behind, and the head of an `of` between them.
fn outer(
    data: &Data,
    document: &Document<'_>,
    start: TokenId,
    limit: TokenId,
) -> (Option<TokenId>, Option<TokenId>) {
    let mut head = None;
    let mut id = start;
    while id > limit && start - id < 12 {
        id -= 1;
        let token = &document.tokens[id as usize];
        match token.tag {
            Tag::Preposition | Tag::To if document.norm(id) == "of" => {
                head = head.or(id.checked_sub(1).filter(|&head| head >= limit));
            }
            Tag::Preposition | Tag::To => return (Some(id), head),
            Tag::Determiner
            | Tag::Adjective
            | Tag::Noun
            | Tag::NounPlural
            | Tag::Proper
            | Tag::ProperPlural
            | Tag::Possessive
            | Tag::PossessivePronoun
            | Tag::Number => {}
            _ if data.is(document.norm(id), class::AT) => return (Some(id), head),
            _ if document.norm(id) == "-" => {}
            // `in the capital, Beya`
            _ if document.norm(id) == ","
                && id > limit
                && start - id <= 2
                && data.is(document.norm(id - 1), class::KIND) => {}
            _ => break,
        }
    }
    (None, head)
}

/// A part of speech, as features name it.
fn part(tag: Tag) -> &'static str {
    match tag {
        Tag::Noun | Tag::NounPlural => "noun",
        Tag::Proper | Tag::ProperPlural => "proper",
        Tag::Number => "number",
        Tag::Conjunction => "and",
        Tag::Adverb | Tag::Particle => "adverb",
        Tag::Preposition | Tag::To => "preposition",
        Tag::Punctuation => "mark",
        Tag::Possessive => "possessive",
        Tag::Wh => "wh",
        tag if is_verb(tag) => "other_verb",
        _ => "other",
    }
}

/// How a verb is inflected.
fn finer(tag: Tag) -> &'static str {
    match tag {
        Tag::VerbBase => "base",
        Tag::VerbPast => "past",
        Tag::VerbParticiple => "participle",
        Tag::VerbIng => "ing",
        Tag::VerbPresent | Tag::VerbThird => "present",
        _ => "none",
    }
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

/// A word without its inflection, roughly: `patrolling`, `patrolled` and `patrols` are one.
fn stem(word: &str) -> &str {
    let bare = ["ing", "ied", "ed", "ies", "es", "s"]
        .into_iter()
        .find_map(|end| word.strip_suffix(end).filter(|rest| rest.len() >= 3));
    let Some(bare) = bare else { return word.trim_end_matches(['e', 'y']) };
    let mut ends = bare.chars().rev();
    let doubled = ends.next().filter(|last| ends.next() == Some(*last) && last.is_ascii_alphabetic());
    let bare = match doubled {
        Some(last) if bare.len() > 3 && !matches!(last, 'l' | 's') => &bare[..bare.len() - 1],
        _ => bare,
    };
    bare.trim_end_matches(['e', 'y'])
}

fn few(count: usize) -> &'static str {
    ["0", "1", "2"][count.min(2)]
}

fn count(count: usize) -> &'static str {
    ["0", "1", "2", "3", "4"][count.min(4)]
}

fn size(members: usize) -> &'static str {
    count(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_meet() {
        for (words, expected) in [
            (&["patrol", "patrols"][..], "patrol"),
            (&["raid", "raids", "raided", "raiding"], "raid"),
            (&["kidnap", "kidnapped", "kidnapping"], "kidnap"),
            (&["seize", "seizes", "seized", "seizing"], "seiz"),
            (&["was"], "was"),
            (&["Ü"], "Ü"),
        ] {
            for word in words {
                assert_eq!(stem(word), expected, "{word}");
            }
        }
    }
}
