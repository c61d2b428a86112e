//! Counts: digits, words and bounds, apart from ages, percentages, money, distances and dates.
//!
//! This module must not know what is counted for which event.

use super::time::TimeMention;
use crate::{
    Count, Error, Span, Unit,
    text::{Document, TokenId},
};
use std::ops::Range;

/// What the count stage looks up.
#[derive(Debug)]
pub struct Data {}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Ok(Data {})
    }
}

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum CountKind {
    /// How many persons or things.
    Quantity,
    Percent,
    Age,
    Money,
    /// Metres, kilometres, hectares, kilograms, litres.
    Measure,
    Ordinal,
    /// Part of a name, number of a unit, road or resolution, phone, score.
    Label,
}

/// A number that the text states, with the words that bound it.
#[derive(Debug, Clone, PartialEq)]
pub struct CountMention {
    /// Its tokens, bounds included ("at least 14", "between 12 and 20", "no").
    pub tokens: Range<TokenId>,
    /// Its span.
    pub span: Span,
    /// What it is.
    pub kind: CountKind,
    /// The number and its bounds.
    pub count: Count,
    /// Unit that the words tell ("300 households", "17 bodies"); persons otherwise.
    pub unit: Unit,
}

/// Finds all numbers of the document that are not part of a time.
pub fn find(_data: &Data, _document: &Document<'_>, _times: &[TimeMention]) -> Vec<CountMention> {
    Vec::new()
}
