//! Section `time`: words and patterns of times, one entry a language, and the months of calendars
//! other than the Gregorian.
//!
//! Patterns are compiled to one position automaton a language (Glushkov 1961): every symbol
//! of a pattern is a state, and `follow` lists the states that may come next. Nothing is expanded, so
//! optional parts cost nothing.

use serde::{Deserialize, Serialize};

/// The classes of words and numbers that patterns may name, in the order of their symbols. Words of the
/// first ones are listed in the pattern files; those from `number` on are read from digits and number
/// words by the engine.
pub const CLASSES: &[&str] = &[
    "month",
    "weekday",
    "weekday_short",
    "weekdays",
    "season",
    "part",
    "unit",
    "units",
    "few",
    "couple",
    "approx",
    "shift",
    "which",
    "mod",
    "half",
    "activity",
    "deictic",
    "dir",
    "bc",
    "ad",
    "ah",
    "ampm",
    "zone",
    "decade",
    "digits",
    "nth",
    "holiday",
    "in",
    "a",
    "another",
    "more",
    "many",
    "apostrophe",
    "possessive",
    "since",
    "noun",
    "future",
    "corresponding",
    "glue",
    "yearword",
    "suffix",
    "nthmark",
    "joiner",
    "led",
    "upto",
    "both",
    "every",
    "dual",
    "at",
    "oclock",
    "hourlead",
    "hourword",
    "ahead",
    "minuteword",
    "pastto",
    "ap",
    "edge",
    "lasted",
    "card",
    "dayword",
    "day",
    "nn",
    "yy",
    "year",
    "num",
    "nthnum",
    "hh",
    "mm",
    "hhmm",
    "hmonth",
    "pmonth",
    "cmonth",
    "era",
];

/// Calendars other than the Gregorian. Their place here, from 1, is their number: in [`Month::calendar`], in
/// thousands in the values of class `cmonth`, and as the values of class `era`.
pub const CALENDARS: &[&str] =
    &["hijri", "solar_hijri", "hebrew", "ethiopic", "coptic", "rumi", "buddhist", "roc", "julian"];

/// Symbols from here on are single words that patterns name as they are.
pub const LITERALS: u16 = 96;

/// The whole section.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Time {
    /// Tag and [`Language`] of every language, sorted by tag; each is decoded when a text asks for it.
    pub languages: Vec<(String, Vec<u8>)>,
    /// Names of months of other calendars, by [`fold`]ed spelling, sorted.
    pub months: Vec<Month>,
}

/// A spelling of a month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Month {
    /// All its letters and digits, folded and run together.
    pub key: String,
    /// The calendar, by its number in [`CALENDARS`].
    pub calendar: u8,
    /// Number of the month, from 1.
    pub month: u8,
    /// Whether the spelling is also a person's name or an ordinary word.
    pub name_too: bool,
}

/// Words and patterns of one language.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Language {
    /// BCP 47 tag.
    pub tag: String,
    /// How its words are cut and compared.
    pub options: Options,
    /// Words and phrases with their symbols, sorted by phrase.
    pub words: Vec<Word>,
    /// States of the automaton.
    pub positions: Vec<Position>,
    /// The patterns, in the order of the files.
    pub patterns: Vec<Pattern>,
}

impl Language {
    /// The language of an entry of [`Time::languages`]; None if the bytes are no language.
    pub fn decode(bytes: &[u8]) -> Option<Language> {
        postcard::from_bytes(bytes).ok()
    }
}

/// How the words of a language are cut and compared.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Whether words are compared by [`fold_word`]: scripts with several spellings of one letter.
    pub fold: bool,
    /// Where a word is cut at an inner apostrophe.
    pub apostrophe: Apostrophe,
    /// Words written together with the next one ("wa-", "bi-"); longest first.
    pub prefixes: Vec<String>,
    /// Whether numbers in words may stand for a day ("el cinco de mayo") and a year.
    pub number_words: bool,
    /// Whether the patterns are those of utterances: single expressions that someone says or types at a known
    /// moment, where a bare "8" after "at" is an hour. Reports are never read with them.
    pub utterance: bool,
}

/// Behind the tag of a language, the patterns of its utterances: those of its reports and more.
pub const UTTERANCE: &str = "-utterance";

/// Where a word is cut at an inner apostrophe.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Apostrophe {
    /// Not at all.
    #[default]
    Whole,
    /// Before it, where it sets off an ending: `haziran|'da`.
    Before,
    /// Behind it, where it ends an article: `d'|aout`.
    Behind,
}

/// A word or phrase and what it means for a class.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Word {
    /// Lower case, single spaces.
    pub phrase: String,
    /// Class or literal.
    pub symbol: u16,
    /// The meaning; 0 for a literal.
    pub value: i32,
}

/// A state: one symbol of one pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// What stands here.
    pub symbol: u16,
    /// The pattern it belongs to.
    pub pattern: u16,
    /// Which extent it is in, counted from 1; 0 for none.
    pub extent: u8,
    /// Whether a match may begin here.
    pub first: bool,
    /// Whether a match may end here.
    pub last: bool,
    /// States that may come next.
    pub follow: Vec<u16>,
}

/// A pattern, without its notation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// Its name, shown by `casus explain`.
    pub name: String,
    /// What the words do.
    pub means: String,
    /// A condition on the context that words cannot express.
    pub guard: String,
    /// A fixed value.
    pub value: String,
    /// TIMEX3 type, if it is not the one that `means` has.
    pub kind: String,
    /// Days from the day of speaking.
    pub shift: i32,
    /// Part of the day, as in class `part`; 0 for none.
    pub part: u8,
}

/// Folds a spelling of a month's name: Latin letters without marks and in lower case, Arabic ones
/// without vowel signs and with one form of alef, ya, kaf and ta marbuta; Hebrew, Cyrillic and Ethiopic ones as
/// they are; all else is dropped.
///
/// The build script folds the spellings of the data, the engine those of the text.
pub fn fold(text: &str, into: &mut String) {
    for c in text.chars() {
        let folded = match c {
            'A'..='Z' => c.to_ascii_lowercase(),
            'a'..='z' | '0'..='9' => c,
            'À'..='Å' | 'à'..='å' | 'Ā'..='ą' => 'a',
            'Ç' | 'ç' | 'Ć'..='č' => 'c',
            'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' => 'e',
            'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' => 'i',
            'Ñ' | 'ñ' => 'n',
            'Ò'..='Ö' | 'ò'..='ö' | 'Ō'..='ő' => 'o',
            'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' => 'u',
            'Ś'..='š' => 's',
            'Ğ' | 'ğ' => 'g',
            'Ḍ' | 'ḍ' => 'd',
            'Ḥ' | 'ḥ' | 'Ḩ' | 'ḩ' => 'h',
            'Ṣ' | 'ṣ' | 'Ș' | 'ș' => 's',
            'Ṭ' | 'ṭ' => 't',
            'Ẓ' | 'ẓ' | 'Ż' | 'ż' => 'z',
            'آ' | 'أ' | 'إ' | 'ا' | 'ٱ' => 'ا',
            'ى' | 'ي' | 'ی' => 'ي',
            'ك' | 'ک' => 'ك',
            'ة' | 'ه' | 'ۃ' | 'ہ' => 'ه',
            '\u{64b}'..='\u{65f}' | '\u{640}' => continue,
            '\u{621}'..='\u{6ff}' => c,
            // Hebrew, Cyrillic and Ethiopic letters.
            '\u{5d0}'..='\u{5ea}' | 'а'..='ӿ' | '\u{1200}'..='\u{137f}' => c,
            _ => continue,
        };
        into.push(folded);
    }
}

/// Folds a word of a language whose [`Options`] ask for it: Arabic letters without vowel signs, with one
/// form of alef, ya, kaf and ta marbuta, and without a hamza of their own.
///
/// The build script folds the words of the data, the engine those of the text.
pub fn fold_word(text: &str, into: &mut String) {
    for c in text.chars() {
        into.push(match c {
            'آ' | 'أ' | 'إ' | 'ٱ' => 'ا',
            'ى' | 'ی' | 'ئ' => 'ي',
            'ؤ' => 'و',
            'ک' => 'ك',
            'ة' | 'ۃ' | 'ہ' => 'ه',
            'ء' | '\u{64b}'..='\u{65f}' | '\u{640}' | '\u{670}' => continue,
            _ => c,
        });
    }
}
