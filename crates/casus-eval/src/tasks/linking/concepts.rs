//! What a word can mean, as far as events go: WordNet's synsets of verbs and of nouns of events, acts and
//! states, with those of the words they derive from, and the synsets above.

use anyhow::{Context, Result};
use std::collections::BTreeMap;

/// A concept by number, with the weight of the sense: first senses weigh most, derived ones less.
pub(super) type Senses = Vec<(u32, f32)>;

pub(super) struct Concepts {
    words: BTreeMap<String, Senses>,
    above: BTreeMap<u32, Vec<u32>>,
}

impl Concepts {
    /// The table of `models/concepts.zst`, which `training/concepts.py` makes: `word number:tenths …`
    /// lines, then `number above …` lines.
    pub(super) fn embedded() -> Result<Concepts> {
        let bytes = zstd::decode_all(&include_bytes!("../../../models/concepts.zst")[..])?;
        let text = String::from_utf8(bytes)?;
        let (words, above) = text
            .strip_prefix("#words\n")
            .and_then(|text| text.split_once("#above\n"))
            .context("the table of concepts is damaged")?;
        let word = |line: &str| -> Option<(String, Senses)> {
            let mut parts = line.split(' ');
            let word = parts.next()?.to_owned();
            let sense = |part: &str| {
                let (number, tenths) = part.split_once(':')?;
                Some((number.parse().ok()?, tenths.parse::<f32>().ok()? / 10.0))
            };
            let mut senses: Senses = parts.map(sense).collect::<Option<_>>()?;
            senses.sort_by_key(|(number, _)| *number);
            Some((word, senses))
        };
        let higher = |line: &str| -> Option<(u32, Vec<u32>)> {
            let mut parts = line.split(' ').map(|part| part.parse().ok());
            Some((parts.next()??, parts.collect::<Option<_>>()?))
        };
        Ok(Concepts {
            words: words.lines().map(word).collect::<Option<_>>().context("a damaged word")?,
            above: above.lines().map(higher).collect::<Option<_>>().context("a damaged concept")?,
        })
    }

    pub(super) fn knows(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// Senses in order of their numbers, and the concepts directly above them.
    pub(super) fn senses(&self, word: &str) -> (Senses, Vec<u32>) {
        let senses = self.words.get(word).or_else(|| self.words.get(&word.replace('-', ""))).cloned();
        let senses = senses.unwrap_or_default();
        let mut above: Vec<u32> = senses
            .iter()
            .flat_map(|(number, _)| self.above.get(number).into_iter().flatten().copied())
            .collect();
        above.sort_unstable();
        above.dedup();
        (senses, above)
    }
}
