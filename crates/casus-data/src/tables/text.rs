//! Section `text`: what splitting a text into words and sentences looks up.

use serde::{Deserialize, Serialize};

/// Section `text`, made from `data/text/`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Text {
    /// Words that are written with a full stop, in lower case and without it, with their class.
    pub abbreviations: Vec<(String, Abbreviation)>,
    /// Words that open a sentence far more often than they stand inside a name.
    pub starters: Vec<String>,
    /// Those of them that go on with a sentence as often.
    pub joints: Vec<String>,
    /// Words that stand before a colon or dash at the start of a line, and are no place.
    pub labels: Vec<String>,
    /// Names of months, in lower case and without a stop.
    pub months: Vec<String>,
    /// Names of the days of the week, likewise.
    pub weekdays: Vec<String>,
    /// Words that tell a language, with its BCP 47 tag.
    pub languages: Vec<(String, Vec<String>)>,
}

/// When a word with a full stop behind it is an abbreviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Abbreviation {
    /// Before a name: `Gen.`
    Title,
    /// Before a number: `No.`
    Number,
    /// Beside a number: `Jan.`
    Month,
    /// Behind a comma: `Ky.`
    State,
    /// Anywhere: `etc.`
    Plain,
}
