//! Parts of speech: a greedy averaged perceptron over hashed features.
//!
//! Words are tagged from left to right; a tag depends on the word, its neighbours, their endings, the
//! tags that the training text gave them, and the two tags before. Features come from normal forms,
//! so that ALL CAPITALS and lower case read alike; where letter case tells something, features of
//! shape are added. Weights are trained with and without these.
//!
//! The method is that of Collins (2002), "Discriminative training methods for hidden Markov models",
//! with greedy decoding. `cargo xtask train-tagger` makes the weights.
//!
//! This module must not know which words matter for conflict; a lexicon under `data/tagger` may.

use super::{Shape, Tag, TokenKind};
use crate::{Error, pairs::Pairs};
use std::{
    borrow::Cow,
    cell::RefCell,
    hint::black_box,
    sync::atomic::{AtomicU64, Ordering},
};

/// First bytes of a model: layout and set of features. Change it with either.
const MAGIC: [u8; 8] = *b"casTag\x00\x01";

/// Room for the scores of all tags.
pub const LABELS: usize = 32;

/// Stands for the tag before the first word.
const NO_TAG: u8 = 31;

/// Trained weights: an open-addressing hash table from features to rows.
///
/// After the magic: `log2` of the number of slots (u32), length of the pool (u32), one check value a
/// slot (u16, 0 if empty), one offset into the pool a slot (u24), the pool. All little-endian.
/// A row of weights is a count and as many pairs of tag (u8) and weight (i8). A row of the lexicon is
/// a set of tags (u32, bit = tag) and the only tag (u8) or 255.
#[derive(Debug)]
pub struct Model {
    bytes: Cow<'static, [u8]>,
    log2: u32,
    offsets: usize,
    pool: usize,
    /// The lower halves of the check values apart: most features of two words have no weights, and eight times
    /// as many of these as cells fit a core's cache. 0 for an empty slot.
    checks: Vec<u8>,
    cells: Vec<Cell>,
    /// Tells models apart within a process.
    number: u64,
}

const HEADER: usize = 16;

/// A slot of the table with its row, so that one look at memory gives most rows: from the low bits the check
/// value (16), the number of pairs (2), and up to three pairs of tag (5) and weight (8), or for a longer row
/// no number and its offset. 0 if empty.
#[derive(Debug, Clone, Copy)]
struct Cell(u64);

impl Cell {
    fn new(check: u16, offset: usize, row: &[u8]) -> Cell {
        let check = u64::from(check);
        match row {
            [count @ 1..=3, pairs @ ..] if pairs.len() >= 2 * usize::from(*count) => {
                let pairs = pairs.chunks_exact(2).take(usize::from(*count)).enumerate();
                let packed = pairs.fold(0, |all, (at, pair)| {
                    let pair = (u64::from(pair[0]) % LABELS as u64) | (u64::from(pair[1]) << 5);
                    all | pair << (18 + 13 * at)
                });
                Cell(check | u64::from(*count) << 16 | packed)
            }
            _ => Cell(check | (offset as u64) << 18),
        }
    }

    #[inline]
    fn check(self) -> u16 {
        self.0 as u16
    }

    /// The number of pairs that it holds; 0 if they are in the pool.
    #[inline]
    fn pairs(self) -> usize {
        (self.0 >> 16 & 3) as usize
    }

    #[inline]
    fn pair(self, at: usize) -> (usize, i8) {
        let pair = self.0 >> (18 + 13 * at);
        (pair as usize % LABELS, (pair >> 5) as i8)
    }

    #[inline]
    fn offset(self) -> usize {
        (self.0 >> 18) as usize
    }
}

/// What the model knows of a word from its training text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Tags it had, as bits; 0 for a word not seen.
    pub tags: u32,
    /// Its tag, if it never had another one.
    pub only: Option<Tag>,
}

impl Known {
    /// A word that was not seen.
    pub const NOT: Known = Known { tags: 0, only: None };

    /// Whether the word can have a tag.
    pub fn allows(self, tag: Tag) -> bool {
        self.allowed() & 1 << tag as u32 != 0
    }

    /// Whether the word had a tag in the training text.
    pub(super) fn had(self, tag: Tag) -> bool {
        self.tags & 1 << tag as u32 != 0
    }

    /// The tag of a word within a noun phrase: what joins nouns if it ever did, else a noun or an adjective if it
    /// was one, else its own. `name` says whether it is written as a name.
    pub(super) fn in_noun_phrase(self, norm: &str, name: bool) -> Tag {
        const JOINS: [Tag; 6] = [
            Tag::Possessive,
            Tag::Determiner,
            Tag::Preposition,
            Tag::Conjunction,
            Tag::To,
            Tag::PossessivePronoun,
        ];
        const NOMINAL: [Tag; 4] = [Tag::Number, Tag::NounPlural, Tag::Noun, Tag::Adjective];
        let first = |tags: &[Tag]| tags.iter().copied().find(|&tag| self.had(tag));
        let common = || if norm.ends_with('s') { Tag::NounPlural } else { Tag::Noun };
        match first(&JOINS) {
            Some(tag) => tag,
            None if name && (self.tags == 0 || self.had(Tag::Proper)) => Tag::Proper,
            None => self.only.or_else(|| first(&NOMINAL)).or_else(|| first(&Tag::ALL)).unwrap_or_else(common),
        }
    }

    /// Tags that the word can have, as bits: those it had, and what any word of a language can turn
    /// into. A word that was not seen can also be foreign or a number, but no article or pronoun.
    fn allowed(self) -> u32 {
        const OPEN: u32 = 1 << Tag::Noun as u32
            | 1 << Tag::NounPlural as u32
            | 1 << Tag::Proper as u32
            | 1 << Tag::ProperPlural as u32
            | 1 << Tag::Adjective as u32
            | 1 << Tag::Adverb as u32
            | 1 << Tag::VerbBase as u32
            | 1 << Tag::VerbPast as u32
            | 1 << Tag::VerbParticiple as u32
            | 1 << Tag::VerbIng as u32
            | 1 << Tag::VerbPresent as u32
            | 1 << Tag::VerbThird as u32;
        const UNSEEN: u32 =
            OPEN | 1 << Tag::Number as u32 | 1 << Tag::Other as u32 | 1 << Tag::Preposition as u32;
        if self.tags == 0 { UNSEEN } else { OPEN | self.tags }
    }
}

/// A token as the tagger sees it: hashes of what its features are made from.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    word: u64,
    prefix: [u64; 2],
    suffix: [u64; 4],
    shape: u8,
    /// Bits: touches a hyphen before, behind; has a digit.
    flags: u8,
    /// What the lexicon says.
    pub known: Known,
    /// The tag, where what the token is made of decides it.
    pub fixed: Option<Tag>,
}

impl Model {
    /// Opens trained weights.
    ///
    /// # Errors
    /// If the bytes are not a model of this version, or are cut off.
    pub fn open(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Model, Error> {
        let bytes = bytes.into();
        let word = |at: usize| {
            bytes
                .get(at..at + 4)
                .and_then(|four| four.try_into().ok())
                .map(u32::from_le_bytes)
                .unwrap_or(u32::MAX)
        };
        if !bytes.starts_with(&MAGIC) {
            return Err(Error::data("tagger", "made for another version of the tagger"));
        }
        let (log2, length) = (word(8), word(12) as usize);
        if !(1..28).contains(&log2) || bytes.len() != HEADER + (5usize << log2) + length {
            return Err(Error::data("tagger", "cut off"));
        }
        let offsets = HEADER + (2 << log2);
        static OPENED: AtomicU64 = AtomicU64::new(1);
        let number = OPENED.fetch_add(1, Ordering::Relaxed);
        let pool = HEADER + (5 << log2);
        let mut model = Model { log2, offsets, pool, bytes, checks: Vec::new(), cells: Vec::new(), number };
        model.cells = model.compact();
        model.checks = model.cells.iter().map(|cell| short(cell.check())).collect();
        Ok(model)
    }

    /// The row of a feature, or of a word of the lexicon.
    fn row(&self, feature: u64) -> Option<&[u8]> {
        let mask = (1usize << self.log2) - 1;
        let (check, mut slot) = address(feature, self.log2);
        let checks = &self.bytes[HEADER..self.offsets];
        // A full table would loop: the writer keeps a third free, and a damaged one is left after a turn.
        for _ in 0..=mask {
            match u16::from_le_bytes([checks[2 * slot], checks[2 * slot + 1]]) {
                0 => return None,
                found if found == check => return self.bytes.get(self.pool + self.offset(slot)..),
                _ => slot = (slot + 1) & mask,
            }
        }
        None
    }

    /// Where the row of a slot begins in the pool.
    fn offset(&self, slot: usize) -> usize {
        let at = self.offsets + 3 * slot;
        u32::from_le_bytes([self.bytes[at], self.bytes[at + 1], self.bytes[at + 2], 0]) as usize
    }

    /// The table with short rows in their slots.
    fn compact(&self) -> Vec<Cell> {
        let checks = self.bytes[HEADER..self.offsets].chunks_exact(2);
        let cells = checks.enumerate().map(|(slot, check)| match u16::from_le_bytes([check[0], check[1]]) {
            0 => Cell(0),
            check => {
                let at = self.offset(slot);
                let row = self.bytes.get(self.pool + at..).unwrap_or_default();
                Cell::new(check, at, row)
            }
        });
        cells.collect()
    }

    /// Gives the tags that features speak for or against, with their weights and the feature's place in the
    /// list. The table and the pool are larger than a core's cache: what the features need of either is
    /// fetched for all of them before the first is looked at, so that the waits fall together.
    #[inline]
    fn weights(&self, features: &[u64], rows: &mut Vec<Row>, mut each: impl FnMut(usize, usize, i8)) {
        let mask = self.cells.len() - 1;
        rows.clear();
        rows.extend(features.iter().map(|&feature| {
            let (check, slot) = address(feature, self.log2);
            Row { check, slot, found: self.checks[slot & mask], cell: Cell(0), count: 0 }
        }));
        let pool = self.bytes.get(self.pool..).unwrap_or_default();
        for row in rows.iter_mut() {
            let wanted = short(row.check);
            let mut turn = 0;
            while row.found != 0 && turn <= mask {
                if row.found == wanted {
                    let cell = self.cells[row.slot & mask];
                    if cell.check() == row.check {
                        row.cell = cell;
                        break;
                    }
                }
                row.slot = (row.slot + 1) & mask;
                row.found = self.checks[row.slot];
                turn += 1;
            }
        }
        // A cell without pairs is one whose row is in the pool, or none at all.
        rows.iter_mut().filter(|row| row.cell.0 != 0 && row.cell.pairs() == 0).for_each(|row| {
            row.count = pool.get(row.cell.offset()).copied().unwrap_or(0);
        });
        for (at, row) in rows.iter().enumerate() {
            match row.cell.pairs() {
                0 if row.count > 0 => {
                    let pairs = pool.get(row.cell.offset() + 1..).unwrap_or_default();
                    for pair in pairs.chunks_exact(2).take(usize::from(row.count)) {
                        each(at, usize::from(pair[0]) % LABELS, i8::from_le_bytes([pair[1]]));
                    }
                }
                pairs => (0..pairs).for_each(|pair| {
                    let (tag, weight) = row.cell.pair(pair);
                    each(at, tag, weight);
                }),
            }
        }
    }

    /// What the training text knew of a word, given in its normal form.
    pub fn known(&self, norm: &str) -> Known {
        match self.row(lexicon_key(norm)) {
            Some([a, b, c, d, only, ..]) => Known {
                tags: u32::from_le_bytes([*a, *b, *c, *d]),
                only: Tag::ALL.get(usize::from(*only)).copied(),
            },
            _ => Known::NOT,
        }
    }

    /// Tags the words of a sentence. `cased` says whether their letter case tells anything.
    pub fn tag<'n>(&self, words: impl Iterator<Item = Raw<'n>> + Clone, cased: bool, out: &mut Vec<Tag>) {
        MEMORY.with_borrow_mut(|memory| memory.tag(self, words, cased, out));
    }
}

/// A token before it is tagged.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Raw<'n> {
    /// Its normal form.
    pub norm: &'n str,
    pub kind: TokenKind,
    pub shape: Shape,
    /// Whether it touches a hyphen before and behind.
    pub hyphens: (bool, bool),
}

/// Where the weights of a feature stand.
struct Row {
    check: u16,
    slot: usize,
    /// What [`short`] makes of the check value there.
    found: u8,
    /// Empty if there are none.
    cell: Cell,
    /// Pairs that are in the pool.
    count: u8,
}

/// What speaks for the tags of a token. A token has some 40 features of one byte's weight.
type Scores = [i16; LABELS];

/// The same without room for labels that are no tags, so that a [`Group`] fills one line of a core's cache.
type Kept = [i16; KEPT];
const KEPT: usize = 28;
const _: () = assert!(Tag::ALL.len() <= KEPT && KEPT <= LABELS);

#[inline]
fn add(scores: &mut Scores, more: &Kept) {
    for (score, more) in scores.iter_mut().zip(more) {
        *score = score.wrapping_add(*more);
    }
}

fn kept(scores: &Scores) -> Kept {
    std::array::from_fn(|tag| scores[tag])
}

/// What many tokens have in common adds the same scores each time, and is kept from report to report: what
/// words are and add by themselves, and what [`Group`]s add. What comes takes the place of what had its slot.
/// Beside these, buffers for a sentence.
#[derive(Default)]
struct Memory {
    words: Words,
    groups: Groups,
    rows: Vec<Row>,
    /// Keys of a sentence's words.
    keys: Vec<u64>,
    /// The tokens of a sentence.
    items: Vec<Seen>,
    /// Scores of the tokens, with as many before and behind as words reach.
    scores: Vec<Scores>,
    features: Vec<u64>,
    /// Where each token's features end.
    ends: Vec<(usize, usize)>,
}

/// What words are and add by themselves.
#[derive(Default)]
struct Words {
    slots: Pairs<Slot>,
    /// What stands beyond the ends of a sentence, and the number of its model.
    edge: (u64, [Kept; PLACES]),
}

/// What a word is, and what it adds at each of the [`PLACES`] from which a word speaks for a tag.
#[derive(Clone)]
#[repr(align(64))]
struct Slot {
    /// Hash of its normal form, of whether it is a word and touches hyphens, and of the model; 0 if empty.
    key: u64,
    item: Seen,
    scores: [Kept; PLACES],
}

/// What a token of a sentence is to its neighbours: the part of [`Item`] that features of two words have.
#[derive(Clone, Copy)]
struct Seen {
    word: u64,
    /// Its last three letters.
    suffix: u64,
    known: u32,
    only: Option<Tag>,
    shape: u8,
    /// The tag, where what the token is made of decides it.
    fixed: Option<Tag>,
}

impl Seen {
    const fn new(item: &Item) -> Seen {
        let Item { word, suffix, shape, known, fixed, .. } = *item;
        Seen { word, suffix: suffix[2], known: known.tags, only: known.only, shape, fixed }
    }
}

/// Words and groups kept, powers of two: with their scores 6.3 MB a thread. In a simulation one word of news in
/// twenty is not among so many, of a quarter of them one in nine.
const WORDS: usize = 16384;
const GROUPS: usize = 16384;

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

impl Memory {
    fn tag<'n>(
        &mut self,
        model: &Model,
        words: impl Iterator<Item = Raw<'n>> + Clone,
        cased: bool,
        out: &mut Vec<Tag>,
    ) {
        let Memory { words: known, groups, rows, keys, items, scores, features, ends } = self;
        // What words add by themselves, each to its neighbours: token `at` has its scores at `at + REACH`, and a
        // word two places before a sentence still reaches one that is not there.
        const REACH: usize = PLACES - 1;
        items.clear();
        scores.clear();
        let spread = |scores: &mut Vec<Scores>, at: usize, own: &[Kept; PLACES]| {
            scores.resize(scores.len().max(at + PLACES), [0; LABELS]);
            for (scores, own) in scores[at..].iter_mut().zip(own.iter().rev()) {
                add(scores, own);
            }
        };
        for at in 0..PLACES / 2 {
            spread(scores, at, known.edge(model, rows));
        }
        // All slots are asked for before any is used.
        keys.clear();
        keys.extend(words.clone().map(|raw| Words::key(model, raw)));
        black_box(keys.iter().fold(0, |sum, &key| known.touch(key) ^ sum));
        for (raw, &key) in words.zip(keys.iter()) {
            let slot = known.word(model, raw, key, rows);
            let fixed = fixed(raw.kind, raw.norm);
            items.push(Seen { shape: raw.shape as u8, fixed, ..slot.item });
            spread(scores, items.len() - 1 + PLACES / 2, &slot.scores);
        }
        for at in 0..PLACES / 2 {
            spread(scores, items.len() + PLACES / 2 + at, known.edge(model, rows));
        }
        // What does not depend on tags that are yet to be found, of all tokens at once.
        features.clear();
        ends.clear();
        let sure = |at: usize| items[at].fixed.or(items[at].only);
        let shapes = |near, at: usize| cased.then(|| Shapes::new(near, at == 0));
        for at in 0..items.len() {
            if sure(at).is_none() {
                let near = around(items, at, &BEYOND);
                pairs(near, shapes(near, at), |feature| features.push(feature));
                let last = match at.checked_sub(1) {
                    None => Some(NO_TAG),
                    Some(last) => sure(last).map(|tag| tag as u8),
                };
                if let Some(last) = last {
                    behind(near, last, |feature| features.push(feature));
                }
                ends.push((features.len(), at));
            }
        }
        let mut token = 0;
        model.weights(features, rows, |feature, tag, weight| {
            while ends[token].0 <= feature {
                token += 1;
            }
            let score = &mut scores[ends[token].1 + REACH][tag];
            *score = score.wrapping_add(i16::from(weight));
        });
        // The rest, from left to right.
        out.clear();
        let (mut before, mut last) = (NO_TAG, NO_TAG);
        for at in 0..items.len() {
            let tag = sure(at).unwrap_or_else(|| {
                let near = around(items, at, &BEYOND);
                let scores = &mut scores[at + REACH];
                add(scores, groups.get(model, &Group::Tags(near[2].known, near[3].known, last), rows));
                add(scores, groups.get(model, &Group::Before(near[2].known, last, before), rows));
                if let Some(shapes) = shapes(near, at) {
                    add(scores, groups.get(model, &Group::Shapes(shapes, last), rows));
                }
                if at > 0 && sure(at - 1).is_none() {
                    features.clear();
                    behind(near, last, |feature| features.push(feature));
                    model.weights(features, rows, |_, tag, weight| {
                        scores[tag] = scores[tag].wrapping_add(i16::from(weight));
                    });
                }
                best(scores, Known { tags: items[at].known, only: None })
            });
            out.push(tag);
            before = last;
            last = tag as u8;
        }
    }
}

impl Words {
    /// The key of a word's slot.
    #[inline]
    fn key(model: &Model, raw: Raw<'_>) -> u64 {
        let is_word = raw.kind == TokenKind::Word;
        let bits = u8::from(raw.hyphens.0) | u8::from(raw.hyphens.1) << 1 | u8::from(is_word) << 2;
        mix(hash(raw.norm), model.number << 3 | u64::from(bits)).max(1)
    }

    /// Reads something of each of a slot's lines in a core's cache.
    #[inline]
    fn touch(&self, key: u64) -> i16 {
        let Some(Slot { key, scores: [one, _, two, three, four], .. }) = self.slots.first(key) else {
            return 0;
        };
        *key as i16 ^ one[KEPT - 1] ^ two[0] ^ three[0] ^ four[0]
    }

    /// What a word, whose key is given, is and adds.
    #[inline]
    fn word(&mut self, model: &Model, raw: Raw<'_>, key: u64, rows: &mut Vec<Row>) -> &Slot {
        let empty = || Slot { key: 0, item: BEYOND, scores: [[0; KEPT]; PLACES] };
        let (slot, found) = self.slots.slot(WORDS, empty, key, |slot| slot.key == key);
        if !found {
            let known = if raw.kind == TokenKind::Word { model.known(raw.norm) } else { Known::NOT };
            let item = Item::new(raw.norm, raw.kind, raw.shape, raw.hyphens, known);
            *slot = Slot { key, item: Seen::new(&item), scores: apart(model, &item, rows) };
        }
        slot
    }

    /// What stands beyond the ends of a sentence adds.
    fn edge(&mut self, model: &Model, rows: &mut Vec<Row>) -> &[Kept; PLACES] {
        if self.edge.0 != model.number {
            self.edge = (model.number, apart(model, &NONE, rows));
        }
        &self.edge.1
    }
}

/// What a word adds by itself at each of the [`PLACES`].
fn apart(model: &Model, item: &Item, rows: &mut Vec<Row>) -> [Kept; PLACES] {
    let mut scores = [[0; LABELS]; PLACES];
    let (mut features, mut places) = (Vec::with_capacity(20), Vec::with_capacity(20));
    for place in 0..PLACES {
        alone(item, place, &mut |feature| features.push(feature));
        places.resize(features.len(), place);
    }
    model.weights(&features, rows, |feature, tag, weight| {
        let score: &mut i16 = &mut scores[places[feature]][tag];
        *score = score.wrapping_add(i16::from(weight));
    });
    scores.each_ref().map(kept)
}

/// What groups add, by hashes of the group and the model; 0 for an empty one.
#[derive(Default)]
struct Groups(Pairs<Line>);

#[derive(Clone)]
#[repr(align(64))]
struct Line {
    key: u64,
    scores: Kept,
}

impl Groups {
    #[inline]
    fn get(&mut self, model: &Model, group: &Group, rows: &mut Vec<Row>) -> &Kept {
        let key = group.key();
        let key = mix(mix(key as u64, (key >> 64) as u64), model.number).max(1);
        let empty = || Line { key: 0, scores: [0; KEPT] };
        let (line, found) = self.0.slot(GROUPS, empty, key, |line| line.key == key);
        if !found {
            let mut features = Vec::with_capacity(5);
            group.features(&mut |feature| features.push(feature));
            let mut scores = [0i16; LABELS];
            model.weights(&features, rows, |_, tag, weight| {
                scores[tag] = scores[tag].wrapping_add(i16::from(weight));
            });
            *line = Line { key, scores: kept(&scores) };
        }
        &line.scores
    }
}

/// The tag with the highest score among those that a word can have; the first of equals.
pub fn best<T: PartialOrd + Copy>(scores: &[T; LABELS], known: Known) -> Tag {
    let allowed = known.allowed();
    let mut best = Tag::Noun as usize;
    for label in 0..Tag::ALL.len() {
        if scores[label] > scores[best] && allowed & 1 << label != 0 {
            best = label;
        }
    }
    Tag::ALL[best]
}

impl Item {
    /// A token as the tagger sees it. `hyphens` says whether it touches one before and behind.
    pub fn new(norm: &str, kind: TokenKind, shape: Shape, hyphens: (bool, bool), known: Known) -> Item {
        let digits = norm.bytes().any(|byte| byte.is_ascii_digit());
        let zeros: String;
        let norm = if digits {
            zeros = norm.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
            zeros.as_str()
        } else {
            norm
        };
        let end = |length: usize| {
            hash(norm.char_indices().rev().nth(length - 1).map_or(norm, |(at, _)| &norm[at..]))
        };
        let start = |length: usize| hash(norm.char_indices().nth(length).map_or(norm, |(at, _)| &norm[..at]));
        Item {
            word: hash(norm),
            prefix: [start(1), start(3)],
            suffix: [end(1), end(2), end(3), end(4)],
            shape: shape as u8,
            flags: u8::from(hyphens.0) | u8::from(hyphens.1) << 1 | u8::from(digits) << 2,
            known,
            fixed: fixed(kind, norm),
        }
    }
}

/// The tag, where what the token is made of decides it.
pub(super) fn fixed(kind: TokenKind, norm: &str) -> Option<Tag> {
    match kind {
        TokenKind::Punctuation if norm == "&" => Some(Tag::Conjunction),
        TokenKind::Punctuation | TokenKind::Start => Some(Tag::Punctuation),
        TokenKind::Number => Some(Tag::Number),
        TokenKind::Symbol => Some(Tag::Other),
        TokenKind::Word => None,
    }
}

/// Gives every feature of the token at `at` to `each`. `last` and `before` are the tags before it.
pub fn features(items: &[Item], at: usize, last: u8, before: u8, cased: bool, mut each: impl FnMut(u64)) {
    let near = around(items, at, &NONE);
    for (place, item) in near.iter().enumerate() {
        alone(item, place, &mut each);
    }
    let near = &near.map(Seen::new);
    let near = [&near[0], &near[1], &near[2], &near[3], &near[4]];
    let shapes = cased.then(|| Shapes::new(near, at == 0));
    Group::Tags(near[2].known, near[3].known, last).features(&mut each);
    Group::Before(near[2].known, last, before).features(&mut each);
    if let Some(shapes) = shapes {
        Group::Shapes(shapes, last).features(&mut each);
    }
    pairs(near, shapes, &mut each);
    behind(near, last, each);
}

/// Places from which a word speaks for a tag: two before it, one before, its own, one behind, two behind.
const PLACES: usize = 5;

/// What stands beyond the ends of a sentence.
const NONE: Item = Item {
    word: 1,
    prefix: [1; 2],
    suffix: [1; 4],
    shape: 7,
    flags: 0,
    known: Known { tags: 1 << 31, only: None },
    fixed: None,
};

static BEYOND: Seen = Seen::new(&NONE);

/// The token at `at` with those at the other [`PLACES`]; `none` is what stands beyond the ends.
#[inline]
fn around<'i, T>(items: &'i [T], at: usize, none: &'i T) -> [&'i T; PLACES] {
    let near = |at: Option<usize>| at.and_then(|at| items.get(at)).unwrap_or(none);
    [near(at.checked_sub(2)), near(at.checked_sub(1)), &items[at], near(Some(at + 1)), near(Some(at + 2))]
}

/// The features of a token that depend on one word alone, which stands at one of the [`PLACES`]: on its
/// `word`, `flags` and tags known, and on what is a part of the word.
#[inline]
fn alone(item: &Item, place: usize, each: &mut impl FnMut(u64)) {
    let tags = u64::from(item.known.tags) + 1;
    let mut add = |kind: u64, a: u64, b: u64| each(mix(mix(kind, a), b));
    match place {
        0 => add(11, item.word, 0),
        1 => {
            add(10, item.word, 0);
            add(14, item.suffix[2], 0);
        }
        2 => {
            add(1, 0, 0);
            add(2, item.word, 0);
            add(3, item.suffix[0], 0);
            add(4, item.suffix[1], 0);
            add(5, item.suffix[2], 0);
            add(6, item.suffix[3], 0);
            add(7, item.prefix[0], 0);
            add(8, item.prefix[1], 0);
            add(9, u64::from(item.flags), 0);
            add(17, tags, 0);
            add(34, tags, item.suffix[2]);
        }
        3 => {
            add(12, item.word, 0);
            add(15, item.suffix[2], 0);
            add(16, item.suffix[1], 0);
            add(18, tags, 0);
        }
        _ => add(13, item.word, 0),
    }
}

/// Features of a token that depend on little: few different groups make up most of a text.
enum Group {
    /// Tags known of the token and of the next one, and the tag before.
    Tags(u32, u32, u8),
    /// Tags known of the token, the tag before and the one before that.
    Before(u32, u8, u8),
    /// The shapes around a token, and the tag before.
    Shapes(Shapes, u8),
}

/// How a token and its neighbours are written.
#[derive(Clone, Copy)]
struct Shapes {
    /// Of the token, with whether it begins a sentence or a part of one.
    own: u8,
    left: u8,
    right: u8,
}

impl Shapes {
    fn new(near: [&Seen; PLACES], first: bool) -> Shapes {
        let [_, left, item, right, _] = near;
        let opens = first || left.fixed == Some(Tag::Punctuation);
        Shapes { own: item.shape + 1 + 16 * u8::from(opens), left: left.shape, right: right.shape }
    }
}

impl Group {
    /// Different for different groups.
    fn key(&self) -> u128 {
        let key = |kind: u8, bytes: [u8; 3], a: u32, b: u32| {
            let [x, y, z] = bytes;
            u128::from(u32::from_le_bytes([kind, x, y, z])) << 64 | u128::from(a) << 32 | u128::from(b)
        };
        match *self {
            Group::Tags(own, right, last) => key(1, [last, 0, 0], own, right),
            Group::Before(own, last, before) => key(2, [last, before, 0], own, 0),
            Group::Shapes(shapes, last) => key(3, [shapes.own, shapes.left, shapes.right], last.into(), 0),
        }
    }

    fn features(&self, each: &mut impl FnMut(u64)) {
        let mut add = |kind: u64, a: u64, b: u64| each(mix(mix(kind, a), b));
        let tag = |tag: u8| u64::from(tag) + 1;
        let tags = |tags: u32| u64::from(tags) + 1;
        match *self {
            Group::Tags(own, right, last) => {
                add(19, tags(own), tags(right));
                add(20, tags(own), tag(last));
                add(21, tag(last), tags(right));
                add(22, mix(tag(last), tags(own)), tags(right));
                add(24, tag(last), 0);
            }
            Group::Before(own, last, before) => {
                add(25, tag(last), tag(before));
                add(27, mix(tag(last), tag(before)), tags(own));
            }
            Group::Shapes(Shapes { own, left, right }, last) => {
                add(40, own.into(), 0);
                add(43, own.into(), tag(last));
                add(44, own.into(), left.into());
                add(45, own.into(), right.into());
            }
        }
    }
}

/// The features of a token that no [`Group`] has and that depend on no tag: those of two words, and those of a
/// word with what is around it. With shapes where letter case tells something.
#[inline]
fn pairs(near: [&Seen; PLACES], shapes: Option<Shapes>, mut each: impl FnMut(u64)) {
    let [_, left, item, right, right2] = near;
    let tags = |item: &Seen| u64::from(item.known) + 1;
    let mut add = |kind: u64, a: u64, b: u64| each(mix(mix(kind, a), b));
    add(23, tags(right), tags(right2));
    add(28, left.word, item.word);
    add(29, item.word, right.word);
    add(32, left.word, tags(item));
    add(33, right.word, tags(item));
    if let Some(shapes) = shapes {
        add(41, shapes.own.into(), item.suffix);
        add(42, shapes.own.into(), tags(item));
        add(46, shapes.own.into(), item.word);
    }
}

/// The features of a token that depend on a word and on the tag before.
#[inline]
fn behind(near: [&Seen; PLACES], last: u8, mut each: impl FnMut(u64)) {
    let [_, _, item, right, _] = near;
    let last = u64::from(last) + 1;
    let mut add = |kind: u64, a: u64, b: u64| each(mix(mix(kind, a), b));
    add(26, last, item.word);
    add(30, last, right.word);
    add(31, last, item.suffix);
}

/// Where the lexicon keeps a word, given in its normal form.
pub fn lexicon_key(norm: &str) -> u64 {
    mix(mix(0, hash(norm)), 0)
}

/// Writes a model: weights of every feature, and what is known of every word by its key.
///
/// # Panics
/// If a feature has more than 255 weights, or the rows need more than 16 MB.
pub fn write(weights: &[(u64, Vec<(Tag, i8)>)], lexicon: &[(u64, Known)]) -> Vec<u8> {
    let count = weights.len() + lexicon.len();
    let log2 = (count * 3 / 2).next_power_of_two().trailing_zeros().max(1);
    let mut slots: Vec<(u16, u32)> = vec![(0, 0); 1 << log2];
    let mut pool = Vec::new();
    let mut shared = std::collections::BTreeMap::<Vec<u8>, u32>::new();
    let mut place = |feature: u64, row: Vec<u8>| {
        let offset = *shared.entry(row).or_insert_with_key(|row| {
            let offset = u32::try_from(pool.len()).expect("rows fit 32 bits");
            pool.extend_from_slice(row);
            offset
        });
        let (check, mut slot) = address(feature, log2);
        while slots[slot].0 != 0 {
            slot = (slot + 1) & (slots.len() - 1);
        }
        slots[slot] = (check, offset);
    };
    for (feature, row) in weights {
        let mut bytes = vec![u8::try_from(row.len()).expect("no more weights than tags")];
        bytes.extend(row.iter().flat_map(|(tag, weight)| [*tag as u8, weight.to_le_bytes()[0]]));
        place(*feature, bytes);
    }
    for (key, known) in lexicon {
        let mut bytes = known.tags.to_le_bytes().to_vec();
        bytes.push(known.only.map_or(255, |tag| tag as u8));
        place(*key, bytes);
    }
    assert!(pool.len() < 1 << 24, "rows need more than 16 MB");
    let mut out = MAGIC.to_vec();
    out.extend(log2.to_le_bytes());
    out.extend((pool.len() as u32).to_le_bytes());
    out.extend(slots.iter().flat_map(|(check, _)| check.to_le_bytes()));
    out.extend(slots.iter().flat_map(|(_, offset)| offset.to_le_bytes().into_iter().take(3)));
    out.extend(pool);
    out
}

/// Check value (never 0) and first slot of a feature.
#[inline]
fn address(feature: u64, log2: u32) -> (u16, usize) {
    ((feature as u16).max(1), (feature >> (64 - log2)) as usize)
}

/// Half of a check value: 0 for that of an empty slot alone.
#[inline]
fn short(check: u16) -> u8 {
    if check == 0 { 0 } else { (check as u8).max(1) }
}

#[inline]
fn hash(text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for &byte in text.as_bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3); // FNV-1a
    }
    hash
}

#[inline]
fn mix(a: u64, b: u64) -> u64 {
    // Multiply and fold, as in wyhash.
    let product = u128::from(a ^ 0xa076_1d64_78bd_642f) * u128::from(b ^ 0xe703_7ed1_a0b4_28db);
    (product as u64) ^ ((product >> 64) as u64)
}
