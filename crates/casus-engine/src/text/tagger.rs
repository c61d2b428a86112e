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
use crate::Error;
use std::borrow::Cow;

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
}

const HEADER: usize = 16;

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
        Ok(Model { log2, offsets, pool: HEADER + (5 << log2), bytes })
    }

    /// The row of a feature.
    fn row(&self, feature: u64) -> Option<&[u8]> {
        let mask = (1usize << self.log2) - 1;
        let (check, mut slot) = address(feature, self.log2);
        let checks = &self.bytes[HEADER..self.offsets];
        // A full table would loop: the writer keeps a third free, and a damaged one is left after a turn.
        for _ in 0..=mask {
            match u16::from_le_bytes([checks[2 * slot], checks[2 * slot + 1]]) {
                0 => return None,
                found if found == check => {
                    let at = self.offsets + 3 * slot;
                    let offset =
                        u32::from_le_bytes([self.bytes[at], self.bytes[at + 1], self.bytes[at + 2], 0]);
                    return self.bytes.get(self.pool + offset as usize..);
                }
                _ => slot = (slot + 1) & mask,
            }
        }
        None
    }

    fn add(&self, feature: u64, scores: &mut [i32; LABELS]) {
        let Some([count, row @ ..]) = self.row(feature) else { return };
        for pair in row.chunks_exact(2).take(usize::from(*count)) {
            scores[usize::from(pair[0]) % LABELS] += i32::from(i8::from_le_bytes([pair[1]]));
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
    pub fn tag(&self, items: &[Item], cased: bool, out: &mut Vec<Tag>) {
        out.clear();
        let (mut before, mut last) = (NO_TAG, NO_TAG);
        for at in 0..items.len() {
            let item = &items[at];
            let tag = item.fixed.or(item.known.only).unwrap_or_else(|| {
                let mut scores = [0i32; LABELS];
                features(items, at, last, before, cased, |feature| self.add(feature, &mut scores));
                best(&scores, item.known)
            });
            out.push(tag);
            before = last;
            last = tag as u8;
        }
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
            fixed: match kind {
                TokenKind::Punctuation if norm == "&" => Some(Tag::Conjunction),
                TokenKind::Punctuation | TokenKind::Start => Some(Tag::Punctuation),
                TokenKind::Number => Some(Tag::Number),
                TokenKind::Symbol => Some(Tag::Other),
                TokenKind::Word => None,
            },
        }
    }
}

/// Gives every feature of the token at `at` to `each`. `last` and `before` are the tags before it.
#[inline]
pub fn features(items: &[Item], at: usize, last: u8, before: u8, cased: bool, mut each: impl FnMut(u64)) {
    const NONE: Item = Item {
        word: 1,
        prefix: [1; 2],
        suffix: [1; 4],
        shape: 7,
        flags: 0,
        known: Known { tags: 1 << 31, only: None },
        fixed: None,
    };
    let item = &items[at];
    let left = if at > 0 { &items[at - 1] } else { &NONE };
    let left2 = if at > 1 { &items[at - 2] } else { &NONE };
    let right = items.get(at + 1).unwrap_or(&NONE);
    let right2 = items.get(at + 2).unwrap_or(&NONE);
    let (last, before) = (u64::from(last) + 1, u64::from(before) + 1);
    let tags = |item: &Item| u64::from(item.known.tags) + 1;
    let mut add = |kind: u64, a: u64, b: u64| each(mix(mix(kind, a), b));
    add(1, 0, 0);
    add(2, item.word, 0);
    add(3, item.suffix[0], 0);
    add(4, item.suffix[1], 0);
    add(5, item.suffix[2], 0);
    add(6, item.suffix[3], 0);
    add(7, item.prefix[0], 0);
    add(8, item.prefix[1], 0);
    add(9, u64::from(item.flags), 0);
    add(10, left.word, 0);
    add(11, left2.word, 0);
    add(12, right.word, 0);
    add(13, right2.word, 0);
    add(14, left.suffix[2], 0);
    add(15, right.suffix[2], 0);
    add(16, right.suffix[1], 0);
    add(17, tags(item), 0);
    add(18, tags(right), 0);
    add(19, tags(item), tags(right));
    add(20, tags(item), last);
    add(21, last, tags(right));
    add(22, mix(last, tags(item)), tags(right));
    add(23, tags(right), tags(right2));
    add(24, last, 0);
    add(25, last, before);
    add(26, last, item.word);
    add(27, mix(last, before), tags(item));
    add(28, left.word, item.word);
    add(29, item.word, right.word);
    add(30, last, right.word);
    add(31, last, item.suffix[2]);
    add(32, left.word, tags(item));
    add(33, right.word, tags(item));
    add(34, tags(item), item.suffix[2]);
    if cased {
        let shape =
            u64::from(item.shape) + 1 + 16 * u64::from(at == 0 || left.fixed == Some(Tag::Punctuation));
        add(40, shape, 0);
        add(41, shape, item.suffix[2]);
        add(42, shape, tags(item));
        add(43, shape, last);
        add(44, shape, u64::from(left.shape));
        add(45, shape, u64::from(right.shape));
        add(46, shape, item.word);
    }
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
fn address(feature: u64, log2: u32) -> (u16, usize) {
    ((feature as u16).max(1), (feature >> (64 - log2)) as usize)
}

fn hash(text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for &byte in text.as_bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3); // FNV-1a
    }
    hash
}

fn mix(a: u64, b: u64) -> u64 {
    // Multiply and fold, as in wyhash.
    let product = u128::from(a ^ 0xa076_1d64_78bd_642f) * u128::from(b ^ 0xe703_7ed1_a0b4_28db);
    (product as u64) ^ ((product >> 64) as u64)
}
