//! Times: recognised, and resolved against a document-level tracker of what "now" is.
//!
//! This module must not know what an event is.

use crate::{
    Error, Span, When,
    text::{Document, TokenId},
};
use std::ops::Range;

/// What the time stage looks up.
#[derive(Debug)]
pub struct Data {}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Ok(Data {})
    }
}

/// TIMEX3 type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum TimexKind {
    Date,
    Time,
    Duration,
    Set,
}

/// A time that the text names.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeMention {
    /// Its tokens, by TIMEX3's rules of extent (no preposition).
    pub tokens: Range<TokenId>,
    /// Its span.
    pub span: Span,
    /// TIMEX3 type.
    pub kind: TimexKind,
    /// TIMEX3 value: `2014-03-12`, `P2D`, `PRESENT_REF`.
    pub value: String,
    /// The record's interval, where it lies on the calendar (dates, times, anchored durations);
    /// `stated` and `evidence` include a preposition that belongs to it ("between", "since").
    pub when: Option<When>,
    /// Whether the tracker took it as recalled history: earlier than what the report is about
    /// ("last year", "since 1984", "a March raid" in a report of June).
    pub recalled: bool,
}

/// Finds all times of the document, resolved.
pub fn find(_data: &Data, _document: &Document<'_>) -> Vec<TimeMention> {
    Vec::new()
}

/// The day the report counts as published: as given, or read from its dateline or its first lines.
pub fn published(_data: &Data, document: &Document<'_>) -> Option<crate::Date> {
    document.report.published
}
