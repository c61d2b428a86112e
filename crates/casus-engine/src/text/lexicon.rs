//! The word lists that splitting looks up: section `text` of the pack.

use crate::Error;
use casus_data::tables::text::{Abbreviation, Text};
use rustc_hash::{FxHashMap, FxHashSet};

/// Abbreviations, words that open sentences, names of months and days, and words that tell a language.
#[derive(Debug)]
pub(super) struct Lexicon {
    abbreviations: FxHashMap<String, Abbreviation>,
    starters: FxHashSet<String>,
    joints: FxHashSet<String>,
    labels: FxHashSet<String>,
    months: FxHashSet<String>,
    weekdays: FxHashSet<String>,
    /// For each word the languages that it tells, as bits.
    tells: FxHashMap<String, u32>,
    languages: Vec<String>,
}

impl Lexicon {
    pub(super) fn embedded() -> Result<Lexicon, Error> {
        let text: Text = casus_data::table("text")?;
        let mut tells = FxHashMap::<String, u32>::default();
        for (bit, (_, words)) in text.languages.iter().enumerate().take(32) {
            for word in words {
                *tells.entry(word.clone()).or_default() |= 1 << bit;
            }
        }
        Ok(Lexicon {
            abbreviations: text.abbreviations.into_iter().collect(),
            starters: text.starters.into_iter().collect(),
            joints: text.joints.into_iter().collect(),
            labels: text.labels.into_iter().collect(),
            months: text.months.into_iter().collect(),
            weekdays: text.weekdays.into_iter().collect(),
            tells,
            languages: text.languages.into_iter().map(|(language, _)| language).collect(),
        })
    }

    /// The class of an abbreviation, given in any case and without its stop.
    pub(super) fn abbreviation(&self, word: &str) -> Option<Abbreviation> {
        self.abbreviations.get(word.to_lowercase().as_str()).copied()
    }

    /// Whether a word, given in any case, usually opens a sentence.
    pub(super) fn is_starter(&self, word: &str) -> bool {
        self.starters.contains(word.to_lowercase().as_str())
    }

    /// Whether a normal form that can open a sentence goes on with one as often.
    pub(super) fn is_joint(&self, norm: &str) -> bool {
        self.joints.contains(norm)
    }

    /// Whether a normal form opens lines but is no place: `UPDATE: ...`
    pub(super) fn is_label(&self, norm: &str) -> bool {
        self.labels.contains(norm)
    }

    /// Whether a normal form is the name of a month, with or without a stop.
    pub(super) fn is_month(&self, norm: &str) -> bool {
        self.months.contains(norm.trim_end_matches('.'))
    }

    /// Whether a normal form is the name of a day of the week, with or without a stop.
    pub(super) fn is_weekday(&self, norm: &str) -> bool {
        self.weekdays.contains(norm.trim_end_matches('.'))
    }

    /// Whether none of the given normal forms is a word of a language whose common words are listed.
    pub(super) fn lacks<'n>(&self, language: &str, mut norms: impl Iterator<Item = &'n str>) -> bool {
        let bit = self.languages.iter().position(|listed| listed == language);
        bit.is_some_and(|bit| {
            !norms.any(|norm| self.tells.get(norm).is_some_and(|languages| languages & (1 << bit) != 0))
        })
    }

    /// The language that most of the given normal forms tell of: with at least two of them, one in
    /// seven, and half as many again as any other language.
    pub(super) fn language<'n>(&self, norms: impl Iterator<Item = &'n str>) -> Option<&str> {
        let (mut votes, mut words) = ([0u32; 32], 0u32);
        for norm in norms {
            words += 1;
            let mut bits = self.tells.get(norm).copied().unwrap_or(0);
            while bits != 0 {
                votes[bits.trailing_zeros() as usize] += 1;
                bits &= bits - 1;
            }
        }
        let best = (0..self.languages.len())
            .max_by_key(|&language| (votes[language], std::cmp::Reverse(language)))?;
        let next = (0..self.languages.len()).filter(|&other| other != best).map(|other| votes[other]).max();
        let clear = votes[best] >= 2 && votes[best] * 7 >= words && votes[best] * 2 > next.unwrap_or(0) * 3;
        clear.then(|| self.languages[best].as_str())
    }
}
