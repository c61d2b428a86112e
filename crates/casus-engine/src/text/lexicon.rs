//! The word lists that splitting looks up: section `text` of the pack.

use crate::Error;
use casus_data::tables::text::{Abbreviation, Text};
use rustc_hash::{FxHashMap, FxHashSet};

/// Abbreviations and words that open sentences.
#[derive(Debug)]
pub(super) struct Lexicon {
    abbreviations: FxHashMap<String, Abbreviation>,
    starters: FxHashSet<String>,
}

impl Lexicon {
    pub(super) fn embedded() -> Result<Lexicon, Error> {
        let text: Text = casus_data::table("text")?;
        Ok(Lexicon {
            abbreviations: text.abbreviations.into_iter().collect(),
            starters: text.starters.into_iter().collect(),
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
}
