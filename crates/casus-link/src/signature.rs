//! What linking keeps of a report's words: two MinHash sketches of fixed size, no text.
//!
//! The first sketch is over shingles of four words and tells copies (Broder 1997, "On the resemblance
//! and containment of documents"); the second is over single words and tells the same story in other
//! words. The lowest 16 bits of each minimum are kept (Li and König 2010, "b-bit minwise hashing"):
//! unequal minima look equal once in 65,536.

use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Words in a shingle.
const SHINGLE: usize = 4;

/// Minima kept of the shingles: the standard error of a similarity of one half is 0.0625.
const SHINGLE_LANES: usize = 64;

/// Minima kept of the words.
const WORD_LANES: usize = 32;

/// Rows of a band, and bands: two texts are compared because of their words if a band is equal. Whole
/// copies are always found, edited ones (similarity 0.7) four times in five, unrelated texts (0.05) once
/// in 2,000. More bands would cost memory for each event, and most copies meet by time and place anyway.
const BAND: usize = 3;
const BANDS: usize = 4;

/// Fewest content words that say something about likeness.
const FEWEST_WORDS: u32 = 12;

/// Similarity of shingles from which two reports are one text, told twice.
pub const COPY: f32 = 0.45;

/// Sketch of a report's words.
///
/// ```
/// use casus_link::Signature;
/// let wire = Signature::of("Gunmen attacked the market of Beya on Tuesday and killed four traders, police said.");
/// let copy = Signature::of("GUNMEN attacked the market of Beya on Tuesday and killed four traders, police said (agency).");
/// let other = Signature::of("The river rose by two metres at Lodo, and ferries stopped for most of the week.");
/// assert!(wire.is_copy_of(&copy));
/// assert!(!wire.is_copy_of(&other));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    shingles: [u16; SHINGLE_LANES],
    words: [u16; WORD_LANES],
    /// Content words that were seen, to know when likeness says nothing.
    seen: u32,
}

impl Signature {
    /// The sketch of a text, linear in its length.
    pub fn of(text: &str) -> Signature {
        let mut shingles = [u32::MAX; SHINGLE_LANES];
        let mut words = [u32::MAX; WORD_LANES];
        let mut window = [0u64; SHINGLE];
        let (mut number, mut seen) = (0usize, 0u32);
        let mut folded = String::new();
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            folded.clear();
            folded.extend(word.chars().flat_map(char::to_lowercase));
            let hash = hash(folded.as_bytes());
            window[number % SHINGLE] = hash;
            number += 1;
            if number >= SHINGLE {
                let shingle = (0..SHINGLE).fold(0u64, |all, back| {
                    mix(all.rotate_left(7) ^ window[(number - SHINGLE + back) % SHINGLE])
                });
                lower(&mut shingles, shingle);
            }
            // Short words are mostly grammar, whatever the language in Latin script.
            if folded.chars().nth(3).is_some() || !folded.is_ascii() {
                seen = seen.saturating_add(1);
                lower(&mut words, hash);
            }
        }
        if (1..SHINGLE).contains(&number) {
            lower(&mut shingles, window[..number].iter().fold(0, |all, word| mix(all ^ word)));
        }
        Signature { shingles: shingles.map(|min| min as u16), words: words.map(|min| min as u16), seen }
    }

    /// Share of shingles that the two texts have in common (Jaccard), estimated.
    pub fn shingle_likeness(&self, other: &Signature) -> f32 {
        equal(&self.shingles, &other.shingles)
    }

    /// Share of content words that the two texts have in common (Jaccard), estimated; None where one of
    /// them is too short to tell.
    pub fn word_likeness(&self, other: &Signature) -> Option<f32> {
        (self.seen.min(other.seen) >= FEWEST_WORDS).then(|| equal(&self.words, &other.words))
    }

    /// Whether the two texts are one, copied or lightly edited.
    pub fn is_copy_of(&self, other: &Signature) -> bool {
        self.shingle_likeness(other) >= COPY
    }

    /// Keys of which most copies have one in common.
    pub(crate) fn bands(&self) -> impl Iterator<Item = u64> + '_ {
        self.shingles.chunks_exact(BAND).take(BANDS).enumerate().map(|(number, rows)| {
            rows.iter().fold(mix(number as u64 + 1), |all, row| mix(all ^ u64::from(*row)))
        })
    }
}

fn lower<const N: usize>(minima: &mut [u32; N], hash: u64) {
    for (lane, min) in minima.iter_mut().enumerate() {
        let value = (mix(hash ^ (lane as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)) >> 32) as u32;
        *min = (*min).min(value);
    }
}

fn equal(a: &[u16], b: &[u16]) -> f32 {
    a.iter().zip(b).filter(|(a, b)| a == b).count() as f32 / a.len() as f32
}

/// Hash of bytes, the same in every run.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    mix(hasher.finish())
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
pub(crate) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(range: std::ops::Range<u32>) -> String {
        range.map(|number| format!("word{number} ")).collect()
    }

    /// The estimate lies within four standard errors of the true share.
    fn check(a: std::ops::Range<u32>, b: std::ops::Range<u32>) {
        let shared = a.end.min(b.end).saturating_sub(a.start.max(b.start)) as f32;
        let truth = |inner: f32| inner / ((a.len() + b.len()) as f32 - shared - (shared - inner));
        let (left, right) = (Signature::of(&words(a.clone())), Signature::of(&words(b.clone())));
        let off = (left.word_likeness(&right).unwrap() - truth(shared)).abs();
        assert!(off < 4.0 * (0.25f32 / WORD_LANES as f32).sqrt(), "{a:?} {b:?}: off by {off}");
        let off = (left.shingle_likeness(&right) - truth((shared - 3.0).max(0.0))).abs();
        assert!(off < 4.0 * (0.25f32 / SHINGLE_LANES as f32).sqrt(), "{a:?} {b:?}: off by {off}");
    }

    #[test]
    fn likeness_is_the_share_in_common() {
        check(0..200, 0..200);
        check(0..200, 100..300);
        check(0..200, 20..220);
        check(0..200, 500..700);
    }

    #[test]
    fn short_texts_say_nothing() {
        assert_eq!(
            Signature::of("Gunmen attacked Beya").word_likeness(&Signature::of("Floods hit Lodo")),
            None
        );
        assert_eq!(Signature::of(""), Signature::of(" … "));
    }

    #[test]
    fn copies_share_a_band() {
        let (a, b) = (Signature::of(&words(0..200)), Signature::of(&words(4..200)));
        assert!(a.bands().any(|band| b.bands().any(|other| other == band)));
        let c = Signature::of(&words(900..1100));
        assert!(!a.bands().any(|band| c.bands().any(|other| other == band)));
    }
}
