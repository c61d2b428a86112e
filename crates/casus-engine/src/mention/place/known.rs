//! What is known of a word before its text is: how the gazetteer spells it, what it tells beside a name, what
//! else it is, which names begin with it; and of a place, how it is written out.
//!
//! Texts use the same words again and again, and the gazetteer is larger than a core's cache. So what was looked
//! up is kept from report to report, for each thread in tables of fixed size. Reading gives the same with them
//! as without.
//!
//! This module must not know what stands around a word.

use super::{
    Data,
    gazetteer::{Entry, Gazetteer, Position},
    lexicon::Word,
    recognise::strongest,
};
use crate::{Candidate, pairs::Pairs};
use casus_data::gazetteer::fold_into;
use rustc_hash::FxHasher;
use std::{
    cell::RefCell,
    hash::{Hash, Hasher},
    hint::black_box,
    sync::atomic::{AtomicU64, Ordering},
};

/// What is known of a word.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// As the gazetteer spells it.
    pub(super) fold: String,
    pub(super) word: Word,
    /// All letters that have case are capitals.
    pub(super) upper: bool,
    /// Whether the first letter is a capital; None for one without case.
    pub(super) first: Option<bool>,
    classes: Option<u32>,
    start: Option<Start>,
    meanings: Option<(Box<[Entry]>, f32)>,
}

/// The names that begin with a word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    /// Of the word alone.
    pub(super) own: Option<u64>,
    /// Where names go on with the word's own letters, and with a word behind it.
    pub(super) joined: Position,
    pub(super) spaced: Position,
}

impl Start {
    pub(super) fn new(gazetteer: &Gazetteer, fold: &str) -> Start {
        let mut walk = gazetteer.walk();
        let goes_on = walk.step(fold.as_bytes());
        let (own, joined) = (walk.value(), walk.position());
        if goes_on {
            walk.step(b" ");
        }
        Start { own, joined, spaced: walk.position() }
    }
}

impl Known {
    fn new(data: &Data, text: &str, norm: &str) -> Known {
        let mut fold = String::with_capacity(text.len());
        fold_into(text, &mut fold);
        if fold.ends_with(' ') {
            fold.pop();
        }
        let first = text.chars().find(|c| c.is_alphabetic()).unwrap_or('a');
        Known {
            fold,
            word: data.lexicon.word(norm),
            upper: text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
            first: (first.is_uppercase() || first.is_lowercase()).then(|| first.is_uppercase()),
            classes: None,
            start: None,
            meanings: None,
        }
    }

    /// Whether it is also a common word or a person's name.
    pub(super) fn classes(&mut self, data: &Data) -> u32 {
        *self.classes.get_or_insert_with(|| data.lexicon.classes(&self.fold))
    }

    /// What it may mean as a name, with the most that one of the first meanings speaks for a place.
    pub(super) fn meanings(&mut self, data: &Data, value: u64) -> (Vec<Entry>, f32) {
        let (entries, strength) = self.meanings.get_or_insert_with(|| {
            let entries = data.gazetteer.meanings(value);
            let strength = strongest(&data.gazetteer, &entries);
            (entries.into_boxed_slice(), strength)
        });
        (entries.to_vec(), *strength)
    }

    /// The names that begin with it.
    pub(super) fn start(&mut self, data: &Data) -> Start {
        *self.start.get_or_insert_with(|| Start::new(&data.gazetteer, &self.fold))
    }
}

/// Words kept, a power of two.
const WORDS: usize = 16384;

/// Places kept that were written out, a power of two.
const PLACES: usize = 2048;

/// Longer words are rare, and are not kept.
const LONGEST: usize = 23;

#[derive(Debug, Clone, Default)]
struct Slot {
    /// Number of the data that it was looked up in, 0 if empty.
    data: u64,
    length: u8,
    text: [u8; LONGEST],
    known: Known,
}

/// What is known of words that were read before.
#[derive(Debug, Default)]
pub(super) struct Memory {
    slots: Pairs<Slot>,
    /// A word that is not kept.
    other: Known,
    /// Places written out, each with the number of its data and its own.
    written: Pairs<Option<(u64, u32, Candidate)>>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// A number for data that is opened: what is known of a word in one is not known in another.
pub(super) fn number() -> u64 {
    static OPENED: AtomicU64 = AtomicU64::new(1);
    OPENED.fetch_add(1, Ordering::Relaxed)
}

/// Gives the memory of this thread.
pub(super) fn recall<T>(read: impl FnOnce(&mut Memory) -> T) -> T {
    MEMORY.with_borrow_mut(read)
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}

impl Memory {
    /// Reads something of what is known of words that are about to be looked up, so that the waits for memory
    /// fall together.
    pub(super) fn touch<'t>(&self, words: impl Iterator<Item = &'t str>) {
        let first = |text: &str| {
            let known = &self.slots.first(hash(text))?.known;
            Some(known.fold.as_bytes().first().copied().unwrap_or(0) ^ u8::from(known.upper))
        };
        black_box(words.filter_map(first).fold(0, |sum, byte| sum ^ byte));
    }

    /// What an entry means, its names written out.
    pub(super) fn candidate(&mut self, data: &Data, entry: Entry, score: f32) -> Candidate {
        let place = entry.place();
        let is = |kept: &Option<(u64, u32, Candidate)>| {
            kept.as_ref().is_some_and(|(number, own, _)| (*number, *own) == (data.number, place))
        };
        let (kept, found) = self.written.slot(PLACES, || None, u64::from(place), is);
        if !found {
            *kept = None;
        }
        let write = || (data.number, place, data.gazetteer.candidate(entry, score));
        let (_, _, written) = kept.get_or_insert_with(write);
        Candidate { score, ..written.clone() }
    }

    /// What is known of a word, given as it stands in the text and in its normal form.
    pub(super) fn word(&mut self, data: &Data, text: &str, norm: &str) -> &mut Known {
        if text.len() > LONGEST {
            self.other = Known::new(data, text, norm);
            return &mut self.other;
        }
        let is = |slot: &Slot| {
            slot.data == data.number && slot.text[..usize::from(slot.length)] == *text.as_bytes()
        };
        let (slot, found) = self.slots.slot(WORDS, Slot::default, hash(text), is);
        if !found {
            let mut letters = [0; LONGEST];
            letters[..text.len()].copy_from_slice(text.as_bytes());
            let known = Known::new(data, text, norm);
            *slot = Slot { data: data.number, length: text.len() as u8, text: letters, known };
        }
        &mut slot.known
    }
}
