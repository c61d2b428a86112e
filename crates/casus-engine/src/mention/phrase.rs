//! Phrases over tokens, in the one way in which counts and weapons look them up: independent of
//! case, and of whether the parts of a compound are joined by a hyphen, a space or nothing between
//! letters and digits ("car-bomb", "AK 47", "AK47").
//!
//! This module must not know what a phrase means.
//!
//! ```text
//! "12-15 AK47s" -> 12 | - | 15 | ak | 47 | s
//! ```

use crate::text::{Document, TokenId, TokenKind};
use rustc_hash::FxHashMap;

/// A piece of a token that holds no hyphen and not both letters and digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Atom<'d> {
    /// Its normal form, without a full stop at the end of an abbreviation.
    pub(crate) text: &'d str,
    /// The token that it is a piece of.
    pub(crate) token: TokenId,
    /// Whether no white space stands between it and the atom before it.
    pub(crate) glued: bool,
    /// Whether it is written in digits.
    pub(crate) digits: bool,
    /// Whether it is a word or number, not punctuation.
    pub(crate) word: bool,
    /// Index of its sentence.
    pub(crate) sentence: u32,
}

impl Atom<'_> {
    /// Whether it is a hyphen inside a compound.
    pub(crate) fn is_hyphen(&self) -> bool {
        self.glued && is_dash(self.text)
    }
}

fn is_dash(text: &str) -> bool {
    matches!(text, "-" | "\u{2010}" | "\u{2011}" | "\u{2013}")
}

/// All atoms of a document.
pub(crate) fn atoms<'d>(document: &'d Document<'_>) -> Vec<Atom<'d>> {
    let mut out = Vec::with_capacity(document.tokens.len() + 16);
    for (index, token) in document.tokens.iter().enumerate() {
        let id = index as TokenId;
        let word = matches!(token.kind, TokenKind::Word | TokenKind::Number);
        let glued = id > 0 && !document.space_before(id);
        let mut first = true;
        pieces(document.norm(id), |text| {
            out.push(Atom {
                text,
                token: id,
                glued: glued || !first,
                digits: text.starts_with(|c: char| c.is_ascii_digit()),
                word: word && !is_dash(text),
                sentence: token.sentence,
            });
            first = false;
        });
    }
    out
}

/// Cuts a normal form at hyphens and between letters and digits.
fn pieces<'a>(norm: &'a str, mut found: impl FnMut(&'a str)) {
    #[derive(PartialEq, Clone, Copy)]
    enum Class {
        Letter,
        Digit,
        Dash,
        Other,
    }
    if !norm.is_empty() && norm.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return found(norm);
    }
    let class = |c: char| match c {
        '-' | '\u{2010}' | '\u{2011}' | '\u{2013}' => Class::Dash,
        _ if c.is_ascii_digit() => Class::Digit,
        _ if c.is_alphabetic() => Class::Letter,
        _ => Class::Other,
    };
    let mut start = 0;
    // The class of the piece so far; separators and marks belong to what they stand in.
    let mut piece = Class::Other;
    for (at, c) in norm.char_indices() {
        let here = class(c);
        let cut = match (piece, here) {
            (Class::Dash, _) | (_, Class::Dash) => at > start,
            (Class::Letter, Class::Digit) | (Class::Digit, Class::Letter) => true,
            _ => false,
        };
        if cut {
            found(trimmed(&norm[start..at]));
            start = at;
            piece = here;
        } else if here != Class::Other {
            piece = here;
        }
    }
    if start < norm.len() {
        found(trimmed(&norm[start..]));
    }
}

/// An abbreviation without its full stop; "." itself stays.
fn trimmed(piece: &str) -> &str {
    match piece.strip_suffix('.') {
        Some(stem) if stem.ends_with(char::is_alphanumeric) => stem,
        _ => piece,
    }
}

/// The words of a phrase behind its first one, and what it means.
type Phrase<T> = (Box<[Box<str>]>, T);

/// Phrases with what they mean, found longest first.
#[derive(Debug)]
pub(crate) struct Lexicon<T> {
    by_first: FxHashMap<Box<str>, Vec<Phrase<T>>>,
    backward: bool,
    /// Marks of the first words: most words of a text begin no phrase, and have none.
    marks: [u64; 64],
}

/// Number of the mark of a word, by its first letter, its last one and its length.
#[inline]
fn mark(word: &str) -> (usize, u64) {
    let (first, last) = match word.as_bytes() {
        [first, .., last] => (usize::from(*first), usize::from(*last)),
        [only] => (usize::from(*only), 0),
        [] => (0, 0),
    };
    let number = (first * 31 + last) * 7 + word.len();
    (number / 64 % 64, 1 << (number % 64))
}

impl<T> Lexicon<T> {
    /// An empty lexicon of phrases that are looked up where they begin.
    pub(crate) fn forward() -> Lexicon<T> {
        Lexicon { by_first: FxHashMap::default(), backward: false, marks: [0; 64] }
    }

    /// An empty lexicon of phrases that are looked up where they end.
    pub(crate) fn backward() -> Lexicon<T> {
        Lexicon { by_first: FxHashMap::default(), backward: true, marks: [0; 64] }
    }

    /// Adds a phrase. The first meaning of a phrase stays.
    pub(crate) fn add(&mut self, phrase: &str, meaning: T) {
        let mut words: Vec<Box<str>> = Vec::new();
        for word in phrase.split_whitespace() {
            pieces(word, |piece| {
                if !is_dash(piece) || word == piece {
                    words.push(piece.into());
                }
            });
        }
        if self.backward {
            words.reverse();
        }
        if words.is_empty() {
            return;
        }
        let first = words.remove(0);
        let (at, bit) = mark(&first);
        self.marks[at] |= bit;
        let phrases = self.by_first.entry(first).or_default();
        let at = phrases.partition_point(|(rest, _)| rest.len() >= words.len());
        phrases.insert(at, (words.into(), meaning));
    }

    /// The longest phrase that begins at atom `at` (ends there, if looked up backward) within one
    /// sentence and that `fits`; with the index behind its last atom (of its first atom, backward).
    pub(crate) fn longest(
        &self,
        atoms: &[Atom<'_>],
        at: usize,
        fits: impl Fn(usize, &T) -> bool,
    ) -> Option<(usize, &T)> {
        let first = atoms.get(at)?;
        let (word, bit) = mark(first.text);
        if self.marks[word] & bit == 0 {
            return None;
        }
        let phrases = self.by_first.get(first.text)?;
        phrases.iter().find_map(|(rest, meaning)| {
            let mut last = at;
            for word in rest {
                last = self.step(atoms, last)?;
                if atoms[last].text != &**word || atoms[last].sentence != first.sentence {
                    return None;
                }
            }
            let end = if self.backward { last } else { last + 1 };
            fits(end, meaning).then_some((end, meaning))
        })
    }

    /// The next atom in reading direction, past a hyphen inside a compound and, backward, past the
    /// full stop of an abbreviation.
    fn step(&self, atoms: &[Atom<'_>], at: usize) -> Option<usize> {
        if self.backward {
            before(atoms, at)
        } else {
            let next = at + 1;
            let next = if atoms.get(next)?.is_hyphen() { next + 1 } else { next };
            (next < atoms.len()).then_some(next)
        }
    }
}

/// The atom before `at`, past a hyphen inside a compound or the full stop of an abbreviation.
pub(crate) fn before(atoms: &[Atom<'_>], at: usize) -> Option<usize> {
    let last = at.checked_sub(1)?;
    let skip = atoms[last].is_hyphen() || (atoms[last].glued && atoms[last].text == ".");
    if skip { last.checked_sub(1) } else { Some(last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(norm: &str, expected: &[&str]) {
        let mut found = Vec::new();
        pieces(norm, |piece| found.push(piece));
        assert_eq!(found, expected, "{norm:?}");
    }

    #[test]
    fn tokens_fall_into_pieces() {
        check("gunmen", &["gunmen"]);
        check("1,200", &["1,200"]);
        check("12-15", &["12", "-", "15"]);
        check("24-year-old", &["24", "-", "year", "-", "old"]);
        check("ak47s", &["ak", "47", "s"]);
        check("2nd", &["2", "nd"]);
        check("u.s.", &["u.s"]);
        check("no.", &["no"]);
        check(".", &["."]);
        check("-", &["-"]);
        check("--", &["-", "-"]);
        check("", &[]);
    }
}
