//! Finds names of places in the text, and tells what each is used for.
//!
//! A name is proposed wherever the tokens spell a key of the gazetteer, longest first; it is kept if
//! what is known of the name (a large place, a word that is also something else) and of its
//! surroundings (a preposition, a kind, a parent, a title, a given name) adds up. Names that no
//! gazetteer has are kept where the frame is clear ("in Beya", "Old Tarna village").
//!
//! The weights are few, and set by hand on development texts.
//!
//! This module must not know which place a name means.

use super::{
    Data, Use,
    gazetteer::{Entry, Gazetteer, Level, Place, Walk},
    known::{self, Memory, Start},
    lexicon::{Word, flag},
};
use crate::{
    ParticipantKind, PlaceKind, Span,
    mention::{actor::ActorMention, time::TimeMention},
    text::{BlockKind, Casing, Document, Sentence, Tag, TokenId, TokenKind},
};
use casus_data::gazetteer::loose;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// A name with its possible meanings.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    pub(super) tokens: Range<TokenId>,
    /// The name folded: equal for names that are one word to the gazetteer.
    pub(super) key: String,
    pub(super) entries: Vec<Entry>,
    pub(super) level: Level,
    pub(super) usage: Use,
    /// Kind that the words tell.
    pub(super) kind: Option<PlaceKind>,
    /// Token of the kind word, if there is one.
    pub(super) kind_token: Option<TokenId>,
    /// Logarithm of the odds that this names a place.
    pub(super) odds: f32,
    /// Whether the surroundings, not only the name, speak for a place.
    pub(super) framed: bool,
    /// Whether a surname follows, so that it is somebody's given name here.
    person: bool,
}

/// Hits below these odds are no places.
const KEEP: f32 = 1.0;

/// A name is at most this many tokens.
const LONGEST: u32 = 9;

/// What one token gives to recognition.
#[derive(Default)]
pub(super) struct Tok {
    fold: (u32, u32),
    pub(super) word: Word,
    /// Written as names are.
    cap: bool,
    upper: bool,
    /// Inside a time, so no name.
    blocked: bool,
    /// In a sentence whose letter case tells names from words.
    told: bool,
}

/// The tokens of a document with all that is looked up once for each.
pub(super) struct View<'a, 'r> {
    pub(super) document: &'a Document<'r>,
    pub(super) toks: Vec<Tok>,
    folds: String,
    gazetteer: &'a Gazetteer,
    /// For each token the names that begin with it, if it may be the first word of one.
    starts: Vec<Option<Start>>,
}

impl<'a, 'r> View<'a, 'r> {
    pub(super) fn new(data: &'a Data, document: &'a Document<'r>, times: &[TimeMention]) -> View<'a, 'r> {
        let mut view = View {
            document,
            toks: Vec::with_capacity(document.tokens.len()),
            folds: String::with_capacity(document.text().len()),
            gazetteer: &data.gazetteer,
            starts: Vec::with_capacity(document.tokens.len()),
        };
        known::recall(|memory| {
            for sentence in &document.sentences {
                view.sentence(data, memory, sentence);
            }
        });
        // Sentences tile the tokens; were one missing, its tokens would be no names.
        view.toks.resize_with(document.tokens.len(), || Tok { blocked: true, ..Tok::default() });
        view.starts.resize(document.tokens.len(), None);
        for time in times {
            for id in time.tokens.clone() {
                if let Some(tok) = view.toks.get_mut(id as usize) {
                    tok.blocked = true;
                }
            }
        }
        view
    }

    /// Looks up the tokens of the next sentence.
    fn sentence(&mut self, data: &Data, memory: &mut Memory, sentence: &Sentence) {
        let document = self.document;
        let case = self.case(&sentence.tokens, document.blocks[sentence.block as usize].kind);
        let told = case == Case::Told;
        memory.touch(sentence.tokens.clone().map(|id| document.word(id)));
        for id in sentence.tokens.clone() {
            let token = &document.tokens[id as usize];
            let from = self.folds.len() as u32;
            if !matches!(token.kind, TokenKind::Word | TokenKind::Number) {
                self.toks.push(Tok { fold: (from, from), told, ..Tok::default() });
                self.starts.push(None);
                continue;
            }
            let known = memory.word(data, document.word(id), document.norm(id));
            self.folds.push_str(&known.fold);
            let fold = (from, self.folds.len() as u32);
            let mut tok = Tok { fold, word: known.word, told, ..Tok::default() };
            if token.kind == TokenKind::Word {
                let proper = matches!(token.tag, Tag::Proper | Tag::ProperPlural);
                let noun = proper || token.tag == Tag::Adjective;
                tok.upper = known.upper;
                tok.cap = match case {
                    Case::Told => known.first == Some(true),
                    Case::Title => known.first == Some(true) && noun,
                    Case::Untold => noun,
                } || known.first.is_none();
                if tok.cap || case == Case::Untold {
                    tok.word.flags |= known.classes(data);
                }
            }
            let begins = tok.cap || matches!(document.casing, Casing::Upper | Casing::Lower);
            self.starts.push(begins.then(|| known.start(data)));
            self.toks.push(tok);
        }
    }

    /// Whether letter case tells names from words in a sentence.
    fn case(&self, tokens: &Range<TokenId>, block: BlockKind) -> Case {
        match self.document.casing {
            Casing::Upper | Casing::Lower => return Case::Untold,
            Casing::None => return Case::Told,
            Casing::Mixed => {}
        }
        let (mut long, mut caps, mut upper) = (0, 0, 0);
        for id in tokens.clone() {
            let token = &self.document.tokens[id as usize];
            let text = self.document.word(id);
            if token.kind == TokenKind::Word && text.len() >= 4 {
                long += 1;
                caps += usize::from(text.starts_with(char::is_uppercase));
                upper += usize::from(!text.chars().any(char::is_lowercase));
            }
        }
        if long >= 3 && upper == long {
            Case::Untold
        } else if long >= 4 && caps * 10 >= long * 8
            || long >= 3 && caps * 10 >= long * 7 && matches!(block, BlockKind::Title | BlockKind::Heading)
        {
            Case::Title
        } else {
            Case::Told
        }
    }

    pub(super) fn fold(&self, id: TokenId) -> &str {
        let (start, end) = self.toks[id as usize].fold;
        &self.folds[start as usize..end as usize]
    }

    /// The names that begin with a word or number.
    fn start(&self, id: TokenId) -> Start {
        self.starts[id as usize].unwrap_or_else(|| Start::new(self.gazetteer, self.fold(id)))
    }

    pub(super) fn norm(&self, id: TokenId) -> &str {
        self.document.norm(id)
    }

    pub(super) fn word(&self, id: TokenId) -> Word {
        self.toks[id as usize].word
    }

    /// The token behind another in the same sentence.
    pub(super) fn next(&self, id: TokenId) -> Option<TokenId> {
        let next = id + 1;
        (self.document.tokens.get(next as usize)?.sentence == self.document.sentence_of(id)).then_some(next)
    }

    /// The token before another in the same sentence.
    pub(super) fn previous(&self, id: TokenId) -> Option<TokenId> {
        let previous = id.checked_sub(1)?;
        (self.document.sentence_of(previous) == self.document.sentence_of(id)).then_some(previous)
    }

    fn is_word(&self, id: TokenId) -> bool {
        self.document.tokens[id as usize].kind == TokenKind::Word
    }

    pub(super) fn cap(&self, id: TokenId) -> bool {
        self.toks[id as usize].cap && self.is_word(id)
    }

    /// Whether a token is the first of a sentence whose letter case tells names from words.
    fn leads(&self, id: TokenId) -> bool {
        self.previous(id).is_none() && self.toks[id as usize].told
    }

    fn is_hyphen(&self, id: TokenId) -> bool {
        self.norm(id) == "-"
    }
}

/// What letter case tells in a sentence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    /// Capitals tell names.
    Told,
    /// Nearly all words have capitals: parts of speech must help.
    Title,
    /// All capitals, or none: only parts of speech tell.
    Untold,
}

/// Finds all names.
pub(super) fn hits(data: &Data, view: &View<'_, '_>, actors: &[ActorMention]) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut persons = FxHashSet::default();
    let mut found = Vec::new();
    let mut at = 0;
    let count = view.toks.len() as TokenId;
    while at < count {
        at = propose(data, view, at, &mut hits, &mut persons, &mut found);
    }
    persons.extend(hits.iter().filter(|hit| hit.person).map(|hit| hit.key.clone()));
    parents(&data.gazetteer, view, &mut hits);
    listed(view, &mut hits);
    in_actors(view, &mut hits, actors);
    villages(&data.gazetteer, &mut hits);
    consistent(view, &mut hits, &persons);
    hits.retain(|hit| hit.odds >= KEEP);
    hits
}

/// Names at given spans, with what the rest of the text names.
pub(super) fn given(data: &Data, view: &View<'_, '_>, actors: &[ActorMention], spans: &[Span]) -> Vec<Hit> {
    let mut out: Vec<Hit> = Vec::with_capacity(spans.len());
    let found = hits(data, view, actors);
    for &span in spans {
        let first = view.document.tokens.partition_point(|token| token.span.end <= span.start) as TokenId;
        let end = view.document.tokens.partition_point(|token| token.span.start < span.end) as TokenId;
        let tokens = first..end.max(first + 1).min(view.toks.len() as TokenId);
        if tokens.is_empty() {
            continue;
        }
        if let Some(hit) = found.iter().find(|hit| hit.tokens == tokens && !hit.entries.is_empty()) {
            out.push(hit.clone());
            continue;
        }
        let key = joined(view, &tokens);
        let (mut entries, mut level) = known(data, &key);
        if entries.is_empty() {
            (entries, level) = (inner(data, view, &tokens), Level::Loose);
        }
        let demonym = entries.iter().any(|entry| entry.is_demonym());
        let mut hit = Hit {
            tokens,
            key,
            entries,
            level,
            usage: if demonym { Use::Demonym } else { Use::Place },
            kind: None,
            kind_token: None,
            odds: 2.0,
            framed: false,
            person: false,
        };
        surroundings(view, &mut hit, 4.0);
        out.push(hit);
    }
    let free = |hit: &Hit| {
        out.iter().all(|given| given.tokens.end <= hit.tokens.start || hit.tokens.end <= given.tokens.start)
    };
    let besides: Vec<Hit> = found.into_iter().filter(free).collect();
    out.extend(besides);
    out.sort_by_key(|hit| (hit.tokens.start, hit.tokens.end));
    out
}

/// Reads on from a token; gives the token to go on at.
fn propose(
    data: &Data,
    view: &View<'_, '_>,
    at: TokenId,
    hits: &mut Vec<Hit>,
    persons: &mut FxHashSet<String>,
    found: &mut Vec<(TokenId, u64)>,
) -> TokenId {
    let tok = &view.toks[at as usize];
    if tok.blocked || !view.is_word(at) || tok.fold.0 == tok.fold.1 {
        return at + 1;
    }
    person(view, at, persons);
    let untold = view.document.casing != Casing::Mixed && view.document.casing != Casing::None;
    // The article of an Arabic name may be small: `al-Aru`.
    let article = !tok.cap
        && matches!(view.fold(at), "al" | "el" | "ar" | "as" | "ad" | "an" | "at" | "az" | "ash")
        && view.next(at).is_some_and(|next| view.is_hyphen(next) && !view.document.space_before(next))
        && view.next(at + 1).is_some_and(|next| view.cap(next));
    if !tok.cap && !article && !untold {
        return at + 1;
    }
    if let Some(end) = street(view, at, hits) {
        return end;
    }
    spell(view, at, found);
    for &(end, value) in found.iter().rev() {
        let (entries, strength) = if end == at + 1 {
            let (text, norm) = (view.document.word(at), view.norm(at));
            known::recall(|memory| memory.word(data, text, norm).meanings(data, value))
        } else {
            let entries = data.gazetteer.meanings(value);
            let strength = strongest(&data.gazetteer, &entries);
            (entries, strength)
        };
        if let Some(hit) = judge(view, at..end, entries, strength, Level::Exact) {
            hits.push(hit);
            return end;
        }
    }
    if let Some(hit) = loosely(data, view, at).or_else(|| unknown(data, view, at, found, hits.last())) {
        let end = hit.tokens.end;
        hits.push(hit);
        return end;
    }
    at + 1
}

/// All keys that the tokens from one on spell, with their ends and values.
fn spell(view: &View<'_, '_>, start: TokenId, found: &mut Vec<(TokenId, u64)>) {
    found.clear();
    // The names that begin with the first word, and where the walk is once a second has been read.
    let mut first: Option<Start> = None;
    let mut walk: Option<Walk<'_>> = None;
    let sentence = view.document.sentence_of(start);
    let mut glued = true;
    let limit = (start + LONGEST).min(view.toks.len() as TokenId);
    for id in start..limit {
        let token = &view.document.tokens[id as usize];
        if token.sentence != sentence || view.toks[id as usize].blocked {
            return;
        }
        let touching = !view.document.space_before(id) || id == start;
        match token.kind {
            TokenKind::Word | TokenKind::Number => {
                let fold = view.fold(id);
                if fold.is_empty() {
                    return;
                }
                let own = if let Some(first) = first {
                    let mut on = match walk {
                        None if glued => view.gazetteer.go_on(first.joined),
                        None => view.gazetteer.go_on(first.spaced),
                        Some(mut walk) => {
                            if !glued {
                                walk.step(b" ");
                            }
                            walk
                        }
                    };
                    if !on.step(fold.as_bytes()) {
                        return;
                    }
                    let own = on.value();
                    walk = Some(on);
                    own
                } else {
                    first = Some(view.start(id));
                    first.and_then(|first| first.own)
                };
                glued = false;
                // A name ends with a word that is written as names are, or with a number.
                let ends = view.toks[id as usize].cap
                    || token.kind == TokenKind::Number
                    || id == start
                    || view.is_hyphen(id - 1);
                found.extend(
                    own.filter(|_| ends || view.document.casing != Casing::Mixed).map(|own| (id + 1, own)),
                );
                if walk.is_none() && first.is_some_and(|first| !first.joined.goes_on()) {
                    return;
                }
            }
            _ if touching && view.is_hyphen(id) => {}
            _ if touching && matches!(view.norm(id), "'" | "`") => glued = true,
            _ if touching && view.norm(id) == "." && view.fold(id - 1).len() <= 3 => {}
            _ if view.norm(id) == "&" => {}
            _ => return,
        }
    }
}

/// A name found in the gazetteer, with the odds that it is one here; None if it cannot be.
fn judge(
    view: &View<'_, '_>,
    tokens: Range<TokenId>,
    entries: Vec<Entry>,
    strength: f32,
    level: Level,
) -> Option<Hit> {
    let (first, last) = (tokens.start, tokens.end - 1);
    let single = tokens.len() == 1;
    let word = view.word(first);
    let text = view.document.word(first);
    // An abbreviation must look like one; two letters of a state need a place before them.
    let dotted = text.ends_with('.') || text.contains('.');
    let shouted = view.toks[first as usize].upper && text.len() <= 4;
    let sentence_upper = view.document.casing != Casing::Mixed;
    let allowed = |entry: &Entry| {
        if !entry.is_abbreviation() {
            return !(shouted && single && text.len() <= 2 && text.is_ascii() && !sentence_upper);
        }
        let behind_comma = view.previous(first).is_some_and(|comma| view.norm(comma) == ",");
        // `Ms.`, `Co.`: the dot makes them words.
        let inner = text.trim_end_matches('.').contains('.');
        if single
            && dotted
            && !inner
            && (word.is(flag::NEVER | flag::TITLE) || word.kind.is_some())
            && !behind_comma
        {
            return false;
        }
        // `100 B.C.`
        if view.previous(first).is_some_and(|id| view.document.tokens[id as usize].kind == TokenKind::Number)
        {
            return false;
        }
        let postal = single && !dotted && text.len() == 2 && !matches!(text, "US" | "UK" | "EU");
        (dotted || shouted && !sentence_upper) && (!postal || behind_comma)
            || !single && dotted
            || sentence_upper && dotted
    };
    let all = entries.len();
    let entries: Vec<Entry> = entries.into_iter().filter(allowed).collect();
    if entries.is_empty() {
        return None;
    }
    let key = joined(view, &tokens);
    let strength = if entries.len() == all { strength } else { strongest(view.gazetteer, &entries) };
    let demonym = entries.iter().any(|entry| entry.is_demonym());
    let abbreviation = entries.iter().any(|entry| entry.is_abbreviation());
    let mut odds = strength;
    if level != Level::Exact {
        odds -= 1.0;
    }
    if !single {
        // `Old Town`, `Red Cross`, `City Park` are words first.
        let plain = tokens.clone().all(|id| {
            let word = view.word(id);
            word.is(flag::COMMON | flag::NEVER | flag::FACILITY | flag::TITLE)
                || word.kind.is_some()
                || word.bearing.is_some()
        });
        odds += if plain && strength < 3.0 { -1.5 } else { 1.5 };
    } else if !demonym && !abbreviation {
        let own = strength >= 3.5;
        if word.is(flag::NEVER) {
            odds -= 6.0;
        }
        if word.is(flag::COMMON) && !own {
            odds -= 3.5;
        }
        if word.is(flag::GIVEN) && !own {
            odds -= 1.0;
        }
        if word.is(flag::SURNAME) && !own {
            odds -= 0.5;
        }
        if text.chars().count() <= 3 && text.is_ascii() && !own {
            odds -= 1.5;
        }
        // `SANA`, `FIFA`: an acronym in a text that writes names otherwise.
        if shouted && !sentence_upper && !own && view.toks[first as usize].told {
            odds -= 2.5;
        }
        if word.is(flag::TITLE | flag::ORGANISATION | flag::FACILITY | flag::STREET | flag::SPEECH)
            || word.kind.is_some()
        {
            odds -= 2.5;
        }
    }
    if !view.toks[last as usize].cap {
        odds -= 1.5;
    }
    let mut hit = Hit {
        tokens: tokens.clone(),
        key,
        entries,
        level,
        usage: if demonym { Use::Demonym } else { Use::Place },
        kind: None,
        kind_token: None,
        odds,
        framed: false,
        person: false,
    };
    surroundings(view, &mut hit, strength);
    // Hopeless proposals leave their tokens to shorter ones.
    (hit.odds > -2.5).then_some(hit)
}

/// How much a name alone speaks for a place, by the best of its first meanings.
pub(super) fn strongest(gazetteer: &Gazetteer, entries: &[Entry]) -> f32 {
    let first = entries.iter().take(12).map(|&entry| strength(gazetteer, entry));
    first.fold(f32::NEG_INFINITY, f32::max)
}

/// How much a meaning of a name speaks for a place.
fn strength(gazetteer: &Gazetteer, entry: Entry) -> f32 {
    if entry.is_demonym() || entry.is_abbreviation() {
        return 4.0;
    }
    let place = gazetteer.size(entry.place());
    let size = match place.kind {
        PlaceKind::Country => 4.0,
        PlaceKind::Admin1 if place.population > 300_000 => 3.5,
        PlaceKind::Admin1 => 2.0,
        PlaceKind::Region if place.continent || place.population > 1_000_000 => 3.0,
        PlaceKind::Region | PlaceKind::Water | PlaceKind::Mountain => 2.0,
        PlaceKind::Admin2 => 0.7,
        _ if place.capital => 3.0,
        _ => match place.population {
            1_000_000.. => 3.0,
            200_000.. => 2.2,
            50_000.. => 1.3,
            10_000.. => 0.7,
            _ => 0.0,
        },
    };
    if entry.is_main() { size } else { (size - 1.2).min(2.0) }
}

/// Adds what stands around a name to its odds, its kind and its use.
fn surroundings(view: &View<'_, '_>, hit: &mut Hit, strength: f32) {
    let (first, end) = (hit.tokens.start, hit.tokens.end);
    let single = hit.tokens.len() == 1;
    let demonym = hit.usage == Use::Demonym;
    let word = view.word(first);
    if let Some(dateline) = &view.document.dateline
        && dateline.place.as_ref().is_some_and(|place| place.contains(&first))
    {
        hit.odds += 4.0;
        hit.framed = true;
    }
    let mut previous = view.previous(first);
    if road_end(view, &hit.tokens) {
        hit.odds += 5.0;
        hit.framed = true;
    }
    if alias(view, first) {
        hit.odds -= 5.0;
        hit.person = true;
    }
    // `the city of X`, `Mount X`, `village X`.
    if let Some(of) = previous.filter(|&of| view.norm(of) == "of")
        && let Some(kind) = view.previous(of)
        && let Some(before) = view.word(kind).before
    {
        if !of_a_name(view, kind) {
            hit.kind = Some(before);
            hit.kind_token = Some(kind);
        }
        hit.odds += 2.5;
        hit.framed = true;
    } else if let Some(kind) = previous.filter(|&kind| view.word(kind).before.is_some() && !demonym) {
        let named = view.cap(kind) || view.word(kind).before == Some(PlaceKind::PopulatedPlace);
        if named {
            hit.kind = view.word(kind).before;
            hit.kind_token = Some(kind);
            hit.odds += 1.0;
            // A name before the kind is not this one's: `the Aru capital Beya`.
            previous = view.previous(kind).filter(|&id| view.cap(kind) || !view.cap(id));
        }
    }
    if let Some(id) = previous {
        let before = view.word(id);
        // A preposition at the head of a sentence has a capital too.
        let small = !view.cap(id) || view.leads(id) && before.is(flag::STRONG | flag::MIDDLING);
        if before.is(flag::TITLE) && !demonym && view.is_word(id) {
            hit.odds -= 4.0;
        } else if small && before.is(flag::STRONG) {
            hit.odds += 2.0;
            hit.framed = true;
        } else if small && before.is(flag::MIDDLING) {
            let moved = view.previous(id).is_some_and(|verb| view.word(verb).is(flag::MOTION));
            hit.odds += if moved { 3.0 } else { 1.2 };
            hit.framed = true;
        } else if small && view.norm(id) == "of" && !demonym && person_ends(view, id) {
            hit.odds += 2.0;
            hit.framed = true;
        } else if small && (view.norm(id) == "of" || before.is(flag::MOTION)) {
            hit.odds += 0.8;
        } else if view.is_hyphen(id) && party(view, id) {
            hit.odds += 3.0;
            hit.framed = true;
        } else if view.cap(id) && !demonym && before.bearing.is_none() {
            let initial = view.fold(id).len() == 1;
            let starts = view.previous(id).is_none();
            if initial || before.is(flag::GIVEN) && !before.is(flag::NEVER) {
                hit.odds -= if strength >= 3.5 { 2.5 } else { 4.0 };
            } else if !before.is(flag::NEVER | flag::STRONG | flag::MIDDLING) && !starts {
                hit.odds -= if strength >= 3.5 { 0.0 } else { 2.0 };
                hit.usage = if demonym { hit.usage } else { Use::InName };
            }
        }
        if small && view.norm(id) == "the" && !demonym && single && strength < 3.0 {
            hit.odds -= 1.0;
        }
    }
    let Some(next) = view.next(end - 1) else { return };
    let after = view.word(next);
    let tight = view.document.space_before(next);
    if let Some(kind) = after.kind.filter(|_| tight && !demonym) {
        let cap = view.cap(next);
        hit.kind = Some(kind);
        hit.kind_token = Some(next);
        let area = matches!(kind, PlaceKind::Region);
        hit.odds += if area { 0.7 } else { 2.0 };
        hit.framed = !area;
        if cap && matches!(kind, PlaceKind::Water | PlaceKind::Mountain | PlaceKind::Base | PlaceKind::Camp) {
            hit.usage = Use::InName;
        }
        return;
    }
    // `the General Moro police academy` is called after somebody.
    let called = !single && word.is(flag::TITLE) && !demonym;
    if called && tight && after.is(flag::ORGANISATION | flag::FACILITY | flag::ATTRIBUTE) {
        hit.usage = Use::InName;
        return;
    }
    if view.cap(next) && tight && !demonym {
        if after.is(flag::ORGANISATION | flag::FACILITY | flag::ATTRIBUTE | flag::TITLE) {
            if after.is(flag::ORGANISATION | flag::FACILITY) {
                hit.usage = Use::InName;
            }
            hit.odds += 1.2;
        } else if single && word.is(flag::GIVEN | flag::SURNAME) && named(word, after, strength) {
            hit.odds -= if word.is(flag::GIVEN) { 4.5 } else { 3.0 };
            hit.person = word.is(flag::GIVEN);
        } else if !after.is(flag::NEVER) {
            hit.usage = Use::InName;
            hit.odds -= if strength >= 3.0 { 0.0 } else { 1.5 };
        }
    } else if tight && after.is(flag::ATTRIBUTE) && !demonym && !view.cap(next) {
        hit.odds += 1.5;
    } else if after.is(flag::SPEECH) && !demonym {
        if word.is(flag::SURNAME | flag::GIVEN) && strength < 3.5 {
            hit.odds -= 1.5;
        } else if strength >= 3.0 {
            hit.usage = Use::Agent;
        }
    }
    // `Jackson, 24, said`: a person's age.
    if view.norm(next) == ","
        && let Some(age) = view.next(next)
        && view.document.tokens[age as usize].kind == TokenKind::Number
        && view.norm(age).len() <= 2
        && view.next(age).is_some_and(|close| matches!(view.norm(close), "," | "." | "years" | "who"))
        && !view.toks[age as usize].blocked
        && strength < 3.5
    {
        hit.odds -= 3.0;
    }
}

/// Whether a word for a part of a town is that of the name before it: `the Moro district of Beya`, but `the Aruan
/// district of Beya`.
fn of_a_name(view: &View<'_, '_>, kind: TokenId) -> bool {
    matches!(view.norm(kind), "district" | "area")
        && view.previous(kind).is_some_and(|name| {
            let people = || {
                let own = view.start(name).own;
                own.is_some_and(|own| view.gazetteer.meanings(own).iter().any(|entry| entry.is_demonym()))
            };
            view.cap(name) && !view.leads(name) && !people()
        })
}

/// Whether a name is one end of a road that is called by both: `the Beya-Lodo road`.
fn road_end(view: &View<'_, '_>, tokens: &Range<TokenId>) -> bool {
    let joint = |id: TokenId| view.is_hyphen(id) && !view.document.space_before(id);
    let road = |end: TokenId| view.next(end - 1).is_some_and(|id| is_road(view.norm(id)));
    let first = || {
        let other = view.next(tokens.end - 1).filter(|&id| joint(id)).and_then(|id| view.next(id));
        other.filter(|&id| view.cap(id)).is_some_and(|id| road(run(view, id, 3)))
    };
    let second = || {
        let other = view.previous(tokens.start).filter(|&id| joint(id)).and_then(|id| view.previous(id));
        other.is_some_and(|id| view.cap(id)) && road(tokens.end)
    };
    first() || second()
}

/// Whether a word tells that the names before it are the ends of a way.
pub(super) fn is_road(norm: &str) -> bool {
    matches!(norm, "road" | "highway" | "route" | "line" | "axis" | "railway" | "motorway" | "stretch")
}

/// Whether a name is what somebody goes by: `alias "Beya"`.
fn alias(view: &View<'_, '_>, first: TokenId) -> bool {
    let quote = |id: TokenId| matches!(view.norm(id), "\"" | "'" | "“" | "‘" | "«");
    let before = view.previous(first);
    let before = before.and_then(|id| if quote(id) { view.previous(id) } else { Some(id) });
    before.is_some_and(|id| matches!(view.norm(id), "alias" | "nicknamed" | "aka" | "a.k.a."))
}

/// Whether a person is named before `of`: `Ann Moro of Beya`, `Ann Moro, 34, of Beya`.
fn person_ends(view: &View<'_, '_>, of: TokenId) -> bool {
    let Some(last) = view.previous(of) else { return false };
    let comma = view.norm(last) == ",";
    let Some(name) = (if comma { view.previous(last) } else { Some(last) }) else { return false };
    if comma && view.document.tokens[name as usize].kind == TokenKind::Number {
        return view.norm(name).len() <= 2;
    }
    let first = view.previous(name);
    let surname = view.word(name).is(flag::SURNAME | flag::GIVEN)
        || first.is_some_and(|id| view.word(id).is(flag::GIVEN));
    view.cap(name) && surname && first.is_some_and(|id| view.cap(id))
}

/// `Sen. Moro, D-Beya`: a member of a party, by the place that elected them.
fn party(view: &View<'_, '_>, hyphen: TokenId) -> bool {
    !view.document.space_before(hyphen)
        && view.previous(hyphen).is_some_and(|id| matches!(view.document.word(id), "D" | "R" | "I"))
}

/// Whether a word that may be a person's name is one before another that is written as names are.
fn named(word: Word, after: Word, strength: f32) -> bool {
    let known = after.is(flag::SURNAME | flag::GIVEN) && !after.is(flag::NEVER);
    let free = after.kind.is_none() && !after.is(flag::NEVER) && after.bearing.is_none();
    known || word.is(flag::GIVEN) && free && strength < 3.5
}

/// The tokens' key, as the gazetteer spells it.
fn joined(view: &View<'_, '_>, tokens: &Range<TokenId>) -> String {
    let mut key = String::new();
    for id in tokens.clone() {
        let fold = view.fold(id);
        if !fold.is_empty() {
            // `St. Peter's`: an apostrophe parts no words.
            let glued =
                !view.document.space_before(id) && view.document.word(id).starts_with(['\'', '’', '`']);
            if !key.is_empty() && !glued {
                key.push(' ');
            }
            key.push_str(fold);
        }
    }
    key
}

/// Notes surnames: what follows a title, an initial or a given name.
fn person(view: &View<'_, '_>, at: TokenId, persons: &mut FxHashSet<String>) {
    let word = view.word(at);
    let initial = view.fold(at).len() == 1 && view.document.word(at).ends_with('.');
    // "In Bule, men fled": that In is a Korean given name does not make Bule a surname.
    let preposition = view.previous(at).is_none() && word.is(flag::STRONG | flag::MIDDLING);
    if preposition || !(view.cap(at) && (word.is(flag::TITLE | flag::GIVEN) || initial)) {
        return;
    }
    let mut last = None;
    let mut id = at;
    while let Some(next) = view.next(id).filter(|&next| view.cap(next) && next < at + 4) {
        if view.word(next).is(flag::ORGANISATION | flag::FACILITY | flag::STREET)
            || view.word(next).kind.is_some()
        {
            return;
        }
        last = Some(next);
        id = next;
    }
    if let Some(last) = last.filter(|&last| !view.word(last).is(flag::NEVER)) {
        persons.insert(view.fold(last).to_owned());
    }
}

/// `Van Aru Street`, `Highway 19`: named, with a place of its own that no gazetteer has.
fn street(view: &View<'_, '_>, at: TokenId, hits: &mut Vec<Hit>) -> Option<TokenId> {
    if !view.cap(at) || view.word(at).is(flag::NEVER) && view.previous(at).is_none() {
        return None;
    }
    let mut id = at;
    let mut end = None;
    if view.word(at).is(flag::STREET) {
        let number = view.next(at)?;
        let named = view.document.tokens[number as usize].kind == TokenKind::Number
            && matches!(view.fold(at), "highway" | "route" | "interstate" | "road" | "avenue");
        end = named.then_some(number + 1);
    } else {
        while let Some(next) = view.next(id).filter(|&next| next < at + 4 && view.document.space_before(next))
        {
            if !view.cap(next) {
                break;
            }
            if view.word(next).is(flag::STREET) && view.fold(next) != "way" && view.fold(next) != "court" {
                end = Some(next + 1);
                break;
            }
            id = next;
        }
    }
    let end = end?;
    hits.push(Hit {
        tokens: at..end,
        key: joined(view, &(at..end)),
        entries: Vec::new(),
        level: Level::Exact,
        usage: Use::Place,
        kind: Some(PlaceKind::Road),
        kind_token: None,
        odds: 2.0,
        framed: true,
        person: false,
    });
    Some(end)
}

/// The names that could be one from a token on: words written as names are, joined by spaces and hyphens.
fn run(view: &View<'_, '_>, at: TokenId, most: u32) -> TokenId {
    let mut end = at;
    let mut id = Some(at);
    while let Some(here) = id.filter(|&here| here < at + most) {
        if view.toks[here as usize].blocked {
            break;
        }
        let joins = view.is_hyphen(here) && !view.document.space_before(here);
        // "Bir al-Abed"
        let inner = matches!(view.fold(here), "al" | "el" | "ar" | "as" | "ad" | "an" | "at" | "az" | "ash")
            && view.next(here).is_some_and(|next| view.is_hyphen(next) && !view.document.space_before(next));
        let article = !view.cap(here) && view.is_word(here) && (here == at || inner);
        if view.cap(here) || article {
            end = here + 1;
        } else if !(joins || here > at && view.is_hyphen(here - 1) && view.is_word(here)) {
            break;
        }
        id = view.next(here);
    }
    end
}

/// A name that the gazetteer spells in another way, where the surroundings ask for a place.
fn loosely(data: &Data, view: &View<'_, '_>, at: TokenId) -> Option<Hit> {
    let previous = view.previous(at)?;
    if !view.word(previous).is(flag::STRONG | flag::MIDDLING) && view.norm(previous) != "of" {
        return None;
    }
    let end = run(view, at, 5);
    if end <= at || view.word(at).is(flag::NEVER | flag::COMMON | flag::TITLE | flag::GIVEN) {
        return None;
    }
    let tokens = at..end;
    let key = joined(view, &tokens);
    if key.len() < 5 {
        return None;
    }
    let (entries, level) = known(data, &key);
    if entries.is_empty() {
        return None;
    }
    let strength = strongest(&data.gazetteer, &entries);
    judge(view, tokens, entries, strength, level)
}

/// What a part of a name means that the gazetteer does not have whole, if it is a large place: the
/// longest part, the first of equals. `University of Aru` is in Aru.
fn inner(data: &Data, view: &View<'_, '_>, tokens: &Range<TokenId>) -> Vec<Entry> {
    for length in (1..(tokens.len() as u32).min(LONGEST)).rev() {
        for start in tokens.start..=tokens.end - length {
            let part = start..start + length;
            // `New` alone is no name, `New Orleans` is one.
            if length == 1 && view.word(start).is(flag::NEVER) || !view.cap(start) {
                continue;
            }
            let mut entries = data.gazetteer.exact(&joined(view, &part));
            entries.retain(|&entry| strength(&data.gazetteer, entry) >= 1.3);
            if !entries.is_empty() {
                return entries;
            }
        }
    }
    Vec::new()
}

/// What a key means, as it is spelt or, if it means nothing so, without article and doubled consonants. (A search for
/// keys that only look alike costs as much as reading the rest of the report; `casus gazetteer find` makes it.)
fn known(data: &Data, key: &str) -> (Vec<Entry>, Level) {
    let entries = data.gazetteer.exact(key);
    if !entries.is_empty() {
        return (entries, Level::Exact);
    }
    let loosened = loose(key);
    let mut entries = if loosened == key { Vec::new() } else { data.gazetteer.exact(&loosened) };
    entries.retain(|entry| !entry.is_demonym() && !entry.is_abbreviation());
    (entries, Level::Loose)
}

/// A name that the gazetteer does not have, in a frame that only a place can fill.
fn unknown(
    data: &Data,
    view: &View<'_, '_>,
    at: TokenId,
    found: &mut Vec<(TokenId, u64)>,
    last: Option<&Hit>,
) -> Option<Hit> {
    let mut end = run(view, at, 4);
    // `the Beya-Lodo road` has two ends.
    let hyphen = (at + 1..end).find(|&id| view.is_hyphen(id) && road_end(view, &(at..id)));
    end = hyphen.unwrap_or(end);
    if end <= at || !view.cap(end - 1) {
        return None;
    }
    let road = road_end(view, &(at..end));
    let bad = flag::NEVER
        | flag::TITLE
        | flag::GIVEN
        | flag::ORGANISATION
        | flag::FACILITY
        | flag::STREET
        | flag::SPEECH;
    let modified = end - at >= 2 && view.word(at).is(flag::MODIFIER);
    if (at + TokenId::from(modified)..end)
        .any(|id| view.word(id).is(bad) || view.toks[id as usize].upper && view.fold(id).len() <= 5)
    {
        return None;
    }
    let mut kind = None;
    let mut kind_token = None;
    if let Some(next) = view.next(end - 1).filter(|&next| view.document.space_before(next))
        && let Some(told) = view.word(next).kind.filter(|_| !view.cap(next))
        && !matches!(told, PlaceKind::Region | PlaceKind::Border)
    {
        kind = Some(told);
        kind_token = Some(next);
    }
    let previous = view.previous(at);
    if kind.is_none()
        && let Some(of) = previous.filter(|&of| view.norm(of) == "of")
        && let Some(before) = view.previous(of)
        && !view.cap(before)
        && !of_a_name(view, before)
        && let Some(told) = view.word(before).before
    {
        kind = Some(told);
        kind_token = Some(before);
    }
    let preposition = previous.is_some_and(|id| {
        (!view.cap(id) || view.leads(id)) && matches!(view.norm(id), "in" | "near" | "outside" | "around")
    });
    let cased = view.document.casing == Casing::Mixed;
    // `Beya, Aru district` and `Beya, Iraq`, behind any preposition of place.
    let comma =
        view.next(end - 1).filter(|&comma| view.norm(comma) == ",").and_then(|comma| view.next(comma));
    let placed = previous.is_some_and(|id| {
        view.word(id).is(flag::STRONG | flag::MIDDLING) || matches!(view.norm(id), "of" | "for")
    });
    let parented = placed
        && cased
        && comma.is_some_and(|start| {
            spell(view, start, found);
            found.last().is_some_and(|&(last, value)| {
                let entries = data.gazetteer.meanings(value);
                let told = view.next(last - 1).is_some_and(|id| {
                    matches!(view.word(id).kind, Some(PlaceKind::Admin1 | PlaceKind::Admin2))
                });
                told || entries.iter().take(4).any(|entry| {
                    matches!(data.gazetteer.size(entry.place()).kind, PlaceKind::Country | PlaceKind::Admin1)
                })
            })
        });
    // `in Congress`, `in English`: a word that this text also writes small is no name.
    let plain = view.word(at).is(flag::COMMON);
    let listed = last.is_some_and(|last| goes_on(view, last, &(at..end)));
    let asked = preposition || listed || road;
    let words = (at..end).filter(|&id| view.is_word(id)).count();
    if kind.is_none() && !(parented || asked && cased && !plain && words <= 3) {
        return None;
    }
    Some(Hit {
        tokens: at..end,
        key: joined(view, &(at..end)),
        entries: Vec::new(),
        level: Level::Exact,
        usage: Use::Place,
        kind,
        kind_token,
        odds: if kind.is_some() || parented { 2.0 } else { 1.2 },
        framed: true,
        person: false,
    })
}

/// Whether a name that no gazetteer has stands in a list of places: `in Beya, Xobeya and Lodo`.
fn goes_on(view: &View<'_, '_>, last: &Hit, tokens: &Range<TokenId>) -> bool {
    let told = last.kind_token.is_none_or(|kind| kind < last.tokens.start && view.norm(kind).ends_with('s'));
    if !told || !last.framed || last.odds < KEEP || last.usage != Use::Place || last.tokens.end > tokens.start
    {
        return false;
    }
    let and = |id: TokenId| matches!(view.norm(id), "and" | "or");
    let gap = last.tokens.end..tokens.start;
    let behind = view.next(tokens.end - 1);
    let lists = match gap.len() {
        1 if and(gap.start) => true,
        1 => view.norm(gap.start) == "," && behind.is_some_and(|id| and(id) || view.norm(id) == ","),
        2 => view.norm(gap.start) == "," && and(gap.start + 1),
        _ => false,
    };
    let names = tokens.clone().all(|id| !view.word(id).is(flag::SURNAME | flag::COMMON | flag::NEVER));
    // Who says or does something is no place of the list: `in Beya and Moro said`.
    lists && names && behind.is_none_or(|id| !view.word(id).is(flag::SPEECH))
}

/// `X, Y` where Y holds X: each speaks for the other.
fn parents(gazetteer: &Gazetteer, view: &View<'_, '_>, hits: &mut [Hit]) {
    for index in 1..hits.len() {
        let (left, right) = hits.split_at_mut(index);
        let (child, parent) = (&mut left[index - 1], &mut right[0]);
        let comma = parent.tokens.start.wrapping_sub(1);
        let between = child.kind_token.map_or(child.tokens.end, |kind| child.tokens.end.max(kind + 1));
        if between != comma || !matches!(view.norm(comma), "," | "(") {
            continue;
        }
        let named = parent.entries.iter().filter(|entry| !entry.is_demonym());
        let holders: Vec<Holder> = Holder::among(gazetteer, named).collect();
        if holders.is_empty() {
            continue;
        }
        let held = child.entries.iter().take(400).any(|entry| {
            let inner = gazetteer.place(entry.place());
            holders.iter().any(|holder| holder.holds(&inner, entry.place()))
        });
        if held {
            child.odds += 3.5;
            child.framed = true;
            parent.odds += 2.5;
            parent.framed = true;
        }
    }
}

/// `Beya, Aru and Lodo districts`, `in Beya, Aru and Lodo`: what speaks for one name of a list speaks for all.
fn listed(view: &View<'_, '_>, hits: &mut [Hit]) {
    for list in lists(view, hits) {
        let list = &mut hits[list];
        let told = is_told(view, list);
        let framed = list.first().is_some_and(|hit| hit.framed && hit.odds >= KEEP);
        let sure = list.iter().filter(|hit| hit.odds >= 2.5).count() >= 2;
        for hit in list {
            hit.odds += match (told, framed || sure) {
                (true, _) if !hit.framed => 2.0,
                (true, _) => 1.0,
                (false, true) if !hit.framed => 1.0,
                _ => 0.0,
            };
            hit.framed |= told;
        }
    }
}

/// Names with nothing between them but commas, and before the last `and` or `or`.
pub(super) fn lists(view: &View<'_, '_>, hits: &[Hit]) -> Vec<Range<usize>> {
    let mut lists = Vec::new();
    let mut from = 0;
    while from < hits.len() {
        let (mut to, mut closed) = (from + 1, false);
        while to < hits.len() && !closed {
            let before = &hits[to - 1];
            let end = before.kind_token.map_or(before.tokens.end, |kind| before.tokens.end.max(kind + 1));
            let gap: Vec<&str> = (end..hits[to].tokens.start).take(3).map(|id| view.norm(id)).collect();
            match gap[..] {
                [","] => {}
                ["and" | "or"] | [",", "and" | "or"] => closed = true,
                _ => break,
            }
            to += 1;
        }
        if closed && hits[from..to].iter().all(|hit| hit.usage != Use::Demonym) {
            lists.push(from..to);
        }
        from = to;
    }
    lists
}

/// Whether a word tells what all names of a list are: `Beya and Lodo districts`.
pub(super) fn is_told(view: &View<'_, '_>, list: &[Hit]) -> bool {
    list.iter().any(|hit| hit.kind_token.is_some_and(|id| view.norm(id).ends_with('s')))
}

/// A country or division, which holds others.
pub(super) struct Holder {
    index: u32,
    pub(super) kind: PlaceKind,
    country: Option<&'static str>,
}

impl Holder {
    pub(super) fn new(gazetteer: &Gazetteer, entry: Entry) -> Holder {
        let place = gazetteer.place(entry.place());
        Holder { index: entry.place(), kind: place.kind, country: place.country }
    }

    /// Those among the first meanings of a name.
    fn among<'e>(
        gazetteer: &'e Gazetteer,
        entries: impl Iterator<Item = &'e Entry>,
    ) -> impl Iterator<Item = Holder> {
        let wide = |kind| matches!(kind, PlaceKind::Country | PlaceKind::Admin1 | PlaceKind::Admin2);
        entries.take(24).map(|&entry| Holder::new(gazetteer, entry)).filter(move |holder| wide(holder.kind))
    }

    /// Whether it holds a place.
    pub(super) fn holds(&self, inner: &Place<'_>, index: u32) -> bool {
        index != self.index
            && match self.kind {
                PlaceKind::Country => inner.kind != PlaceKind::Country && inner.country == self.country,
                PlaceKind::Admin1 => inner.admin1 == Some(self.index),
                PlaceKind::Admin2 => inner.admin2 == Some(self.index),
                _ => false,
            }
    }
}

/// The countries and divisions that a name may mean.
pub(super) fn holders(gazetteer: &Gazetteer, entries: &[Entry]) -> Vec<Holder> {
    Holder::among(gazetteer, entries.iter()).collect()
}

/// Names inside the name of an actor are part of that name, unless they are all of it.
fn in_actors(view: &View<'_, '_>, hits: &mut [Hit], actors: &[ActorMention]) {
    let mut actors = actors.iter().peekable();
    for hit in hits {
        while actors.next_if(|actor| actor.tokens.end <= hit.tokens.start).is_some() {}
        if let Some(actor) = actors.peek()
            && actor.tokens.start <= hit.tokens.start
            && hit.tokens.end <= actor.tokens.end
            && hit.usage != Use::Demonym
            && actor.tokens != hit.tokens
            && matches!(actor.kind, ParticipantKind::Group | ParticipantKind::Person)
        {
            // `police in Beya`: the name may be the actor's place, not a part of its name.
            let framed = view.previous(hit.tokens.start).is_some_and(|id| view.word(id).is(flag::STRONG));
            if !framed {
                hit.usage = Use::InName;
            }
        }
    }
}

/// A village's name is often a word or a person's name as well: it needs the document to be about its
/// country, best about its division, or words that ask for a place.
fn villages(gazetteer: &Gazetteer, hits: &mut [Hit]) {
    let village = |hit: &Hit| {
        !hit.entries.is_empty()
            && hit.entries.iter().take(12).all(|entry| {
                let place = gazetteer.size(entry.place());
                matches!(place.kind, PlaceKind::PopulatedPlace | PlaceKind::Quarter | PlaceKind::Admin3)
                    && place.population < VILLAGE
                    && !entry.is_demonym()
                    && !entry.is_abbreviation()
            })
    };
    let villages: Vec<bool> = hits.iter().map(village).collect();
    if !villages.contains(&true) {
        return;
    }
    let mut countries: FxHashSet<&str> = FxHashSet::default();
    let mut divisions: FxHashSet<u32> = FxHashSet::default();
    for (hit, _) in hits.iter().zip(&villages).filter(|(hit, village)| hit.odds >= KEEP && !**village) {
        let Some(place) = hit.entries.first().map(|entry| gazetteer.place(entry.place())) else { continue };
        countries.extend(place.country);
        divisions.extend(place.admin1);
    }
    for (hit, _) in hits.iter_mut().zip(&villages).filter(|(_, village)| **village) {
        let mut told = VILLAGE_ALONE;
        for entry in hit.entries.iter().take(200) {
            let place = gazetteer.place(entry.place());
            if place.admin1.is_some_and(|division| divisions.contains(&division)) {
                told = told.max(VILLAGE_IN_DIVISION);
            } else if place.country.is_some_and(|country| countries.contains(country)) {
                told = told.max(VILLAGE_IN_COUNTRY);
            }
        }
        // In a frame that would keep a name that no gazetteer has, a village's name is kept too.
        let least = if hit.framed && hit.odds >= KEEP { KEEP } else { f32::NEG_INFINITY };
        hit.odds = (hit.odds + told).max(least);
    }
}

/// Places of fewer people are villages; so are those whose people nobody has counted.
const VILLAGE: u32 = 500;
/// What it adds to a village's odds that the document names its first order division, or its country, or
/// neither.
const VILLAGE_IN_DIVISION: f32 = 0.4;
const VILLAGE_IN_COUNTRY: f32 = -0.4;
const VILLAGE_ALONE: f32 = -2.5;

/// One sense per document: a name that is clearly a place somewhere is one elsewhere, and a person's
/// name stays one.
fn consistent(view: &View<'_, '_>, hits: &mut [Hit], persons: &FxHashSet<String>) {
    let mut best: FxHashMap<String, f32> = FxHashMap::default();
    for hit in hits.iter() {
        let odds = if hit.framed { hit.odds } else { hit.odds - 1.0 };
        let entry = best.entry(hit.key.clone()).or_insert(f32::NEG_INFINITY);
        *entry = entry.max(odds);
    }
    for hit in hits.iter_mut() {
        let single = hit.tokens.len() == 1;
        if single && hit.usage != Use::Demonym && persons.contains(&hit.key) && !hit.entries.is_empty() {
            hit.odds -= if hit.framed { 1.5 } else { 4.0 };
        }
        if best.get(&hit.key).is_some_and(|&odds| odds >= 2.5) && !view.word(hit.tokens.start).is(flag::NEVER)
        {
            hit.odds += 2.0;
        }
    }
}
