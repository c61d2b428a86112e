use crate::{Event, Note};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A report: a text as received and what is known about it beforehand.
///
/// `text` is the decoded field value (JSON Lines, CSV), the extracted text (HTML) or the decoded
/// file, without byte order mark, line ends kept. All spans point into it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Identifier given by the user or made from path and position.
    pub id: String,
    /// The text as received.
    pub text: String,
    /// Where it was read from.
    pub path: Option<String>,
    /// SHA-256 of the bytes as received, in lower-case hexadecimal.
    pub sha256: Option<String>,
    /// Title given beside the text (HTML title, a column).
    pub title: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Day it was published: the anchor for "yesterday".
    pub published: Option<Date>,
    /// BCP 47 language tag, if given by the user.
    pub language: Option<String>,
    /// Kind of report (news, situation_report, press_release, statement, review), if given.
    pub genre: Option<String>,
    /// Address it was taken from.
    pub url: Option<String>,
}

/// All that was read from one report. Reading text cannot fail; doubts are notes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Events in text order.
    pub events: Vec<Event>,
    /// What was not understood or had to be assumed, about the report as a whole.
    pub notes: Vec<Note>,
}
