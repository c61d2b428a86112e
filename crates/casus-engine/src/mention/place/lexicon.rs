//! What the words around a name tell: section `place_words`.
//!
//! This module must not know the gazetteer.

use crate::{Bearing, Error, PlaceKind, PlaceRelation};
use casus_data::tables::PlaceWords;
use fst::raw::Fst;
use rustc_hash::FxHashMap;
use serde::{Deserialize, de::IntoDeserializer};
use std::fmt;

/// Classes of a word, as bits.
pub(super) mod flag {
    pub(crate) const STRONG: u32 = 1;
    pub(crate) const MIDDLING: u32 = 1 << 1;
    pub(crate) const TITLE: u32 = 1 << 2;
    pub(crate) const SPEECH: u32 = 1 << 3;
    pub(crate) const ORGANISATION: u32 = 1 << 4;
    pub(crate) const NEVER: u32 = 1 << 5;
    pub(crate) const FACILITY: u32 = 1 << 6;
    pub(crate) const STREET: u32 = 1 << 7;
    pub(crate) const DETAIL: u32 = 1 << 8;
    /// Something else than a place besides: from the name and word lists.
    pub(crate) const COMMON: u32 = 1 << 9;
    pub(crate) const GIVEN: u32 = 1 << 10;
    pub(crate) const SURNAME: u32 = 1 << 11;
    pub(crate) const MODIFIER: u32 = 1 << 12;
    pub(crate) const ATTRIBUTE: u32 = 1 << 13;
    pub(crate) const MOTION: u32 = 1 << 14;
    pub(crate) const VESSEL: u32 = 1 << 15;
}

/// What a word tells.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Word {
    pub(super) flags: u32,
    /// Kind of the place that it stands behind.
    pub(super) kind: Option<PlaceKind>,
    /// Kind of the place that it stands before.
    pub(super) before: Option<PlaceKind>,
    pub(super) relation: Option<PlaceRelation>,
    pub(super) bearing: Option<Bearing>,
    /// Kilometres, for a unit of distance; else 0.
    pub(super) km: f64,
}

impl Word {
    pub(super) fn is(&self, flags: u32) -> bool {
        self.flags & flags != 0
    }
}

/// Words by their lower case form.
pub(super) struct Lexicon {
    words: FxHashMap<String, Word>,
    classes: Fst<Vec<u8>>,
}

impl fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lexicon").field("words", &self.words.len()).finish_non_exhaustive()
    }
}

impl Lexicon {
    pub(super) fn embedded() -> Result<Lexicon, Error> {
        let table: PlaceWords = casus_data::table("place_words")?;
        let mut words: FxHashMap<String, Word> = FxHashMap::default();
        for (list, bit) in [
            (table.strong, flag::STRONG),
            (table.middling, flag::MIDDLING),
            (table.titles, flag::TITLE),
            (table.given, flag::GIVEN),
            (table.speech, flag::SPEECH),
            (table.organisations, flag::ORGANISATION),
            (table.never, flag::NEVER),
            (table.modifiers, flag::MODIFIER),
            (table.attributes, flag::ATTRIBUTE),
            (table.motion, flag::MOTION),
            (table.vessels, flag::VESSEL),
            (table.facilities, flag::FACILITY),
            (table.streets, flag::STREET),
            (table.details, flag::DETAIL),
        ] {
            for word in list {
                words.entry(word).or_default().flags |= bit;
            }
        }
        for (code, list) in table.kinds {
            let kind = parse(&code)?;
            for word in list {
                words.entry(word).or_default().kind = Some(kind);
            }
        }
        for (code, list) in table.kinds_before {
            let kind = parse(&code)?;
            for word in list {
                words.entry(word).or_default().before = Some(kind);
            }
        }
        for (code, list) in table.relations {
            let relation = parse(&code)?;
            for word in list {
                words.entry(word).or_default().relation = Some(relation);
            }
        }
        for (code, list) in table.bearings {
            let bearing = parse(&code)?;
            for word in list {
                words.entry(word).or_default().bearing = Some(bearing);
            }
        }
        for (unit, km) in table.units {
            words.entry(unit).or_default().km = km;
        }
        let classes =
            Fst::new(table.classes).map_err(|cause| Error::data("place_words", cause.to_string()))?;
        Ok(Lexicon { words, classes })
    }

    /// What a word tells, by its normal form; a full stop at its end does not count.
    pub(super) fn word(&self, norm: &str) -> Word {
        self.words.get(norm.trim_end_matches('.')).copied().unwrap_or_default()
    }

    /// Whether a folded word is also a common word or a person's name: the bits of [`flag`].
    pub(super) fn classes(&self, fold: &str) -> u32 {
        let bits = self.classes.get(fold).map_or(0, |value| value.value() as u32);
        ((bits & 1) * flag::COMMON) | ((bits >> 1 & 1) * flag::GIVEN) | ((bits >> 2 & 1) * flag::SURNAME)
    }
}

/// A code of the record, such as `populated_place`.
fn parse<'de, T: Deserialize<'de>>(code: &'de str) -> Result<T, Error> {
    T::deserialize(IntoDeserializer::<serde::de::value::Error>::into_deserializer(code))
        .map_err(|cause| Error::data("place_words", cause.to_string()))
}
