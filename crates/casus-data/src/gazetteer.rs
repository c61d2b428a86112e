//! How the section `gazetteer` is laid out, and how names are folded into its keys.
//!
//! The build script compiles this module too, so that what it writes and what the engine reads and
//! looks up are one definition. The section is, in this order and little-endian:
//!
//! | part | content |
//! |---|---|
//! | header | [`PARTS`] lengths in bytes, u32 each |
//! | places | records of [`RECORD`] bytes, sorted by id: the fields of [`field`] |
//! | names | the gazetteer's names, each behind its length in one byte |
//! | postings | u32 each: a count, then that many entries, largest population first |
//! | keys 1 | fst: names folded by [`fold`] |
//! | keys 3 | fst: names folded by [`loose`], where that differs |
//! | keys 4 | fst: names folded by [`bare`], where that differs |
//!
//! An entry is `place << 2 | use`, `use` one of [`usage`]. An fst's value is an entry, or with
//! [`LIST`] set the index of a posting list.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Parts of the section behind its header.
pub const PARTS: usize = 6;

/// Bytes of a place record.
pub const RECORD: usize = 32;

/// Set in the value of a key that means several places.
pub const LIST: u64 = 1 << 40;

/// No place: in a record's `admin1` and `admin2`.
pub const NONE: u32 = u32::MAX;

/// Offsets of a record's fields.
pub mod field {
    /// i32, hundred-thousandths of a degree.
    pub const LAT: usize = 0;
    /// i32, hundred-thousandths of a degree.
    pub const LON: usize = 4;
    /// u32, people.
    pub const POPULATION: usize = 8;
    /// u32, offset of the name in the names.
    pub const NAME: usize = 12;
    /// u32, id in the source, which the marks tell.
    pub const ID: usize = 16;
    /// u32, the place that is its first order division, or [`super::NONE`].
    pub const ADMIN1: usize = 20;
    /// u32, the place that is its second order division, or [`super::NONE`].
    pub const ADMIN2: usize = 24;
    /// Two ASCII letters, zeros for none.
    pub const COUNTRY: usize = 28;
    /// One of [`super::kind`].
    pub const KIND: usize = 30;
    /// Bits of [`super::mark`].
    pub const MARK: usize = 31;
}

/// Kinds of places.
#[allow(missing_docs)]
pub mod kind {
    pub const TOWN: u8 = 0;
    pub const COUNTRY: u8 = 1;
    pub const ADMIN1: u8 = 2;
    pub const ADMIN2: u8 = 3;
    pub const REGION: u8 = 4;
    pub const CONTINENT: u8 = 5;
    pub const WATER: u8 = 6;
    pub const QUARTER: u8 = 7;
    pub const MOUNTAIN: u8 = 8;
    /// As the tables write them, in the order of the numbers.
    pub const NAMES: [&str; 9] =
        ["town", "country", "admin1", "admin2", "region", "continent", "water", "quarter", "mountain"];
}

/// Marks of places.
pub mod mark {
    /// A country's capital.
    pub const CAPITAL: u8 = 1;
    /// The point is the mean of the division's towns.
    pub const MEAN: u8 = 2;
    /// The id is Who's On First's, not GeoNames'.
    pub const WOF: u8 = 4;
    /// The id is a number in `data/places/regions.toml`.
    pub const OWN: u8 = 8;
}

/// What a key is to its place.
pub mod usage {
    /// The gazetteer's own name.
    pub const MAIN: u8 = 0;
    /// Another name.
    pub const OTHER: u8 = 1;
    /// Adjective or people: `syrian`, `syrians`.
    pub const DEMONYM: u8 = 2;
    /// Abbreviation, which must be written with capitals or a full stop: `Ky.`, `UAE`.
    pub const ABBREVIATION: u8 = 3;
}

/// Level 1: letters and digits without case, diacritics, ayn and hamza; hyphens and other signs are
/// spaces, full stops and apostrophes nothing; Arabic letters that are written for one another are one.
///
/// ```
/// assert_eq!(casus_data::gazetteer::fold("Deir ez-Zor"), "deir ez zor");
/// assert_eq!(casus_data::gazetteer::fold("Ba‘qūbah"), "baqubah");
/// assert_eq!(casus_data::gazetteer::fold("N.W.F.P."), "nwfp");
/// ```
pub fn fold(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    fold_into(name, &mut key);
    if key.ends_with(' ') {
        key.pop();
    }
    key
}

/// [`fold`], appended to `key`; a space is not written first or twice.
pub fn fold_into(name: &str, key: &mut String) {
    if name.is_ascii() {
        for byte in name.bytes() {
            push(byte.to_ascii_lowercase() as char, key);
        }
    } else {
        for c in name.nfkd().filter(|&c| !is_combining_mark(c)) {
            for c in c.to_lowercase() {
                push(c, key);
            }
        }
    }
}

fn push(c: char, key: &mut String) {
    match c {
        'a'..='z' | '0'..='9' => key.push(c),
        '.' | '\'' | '’' | '‘' | '`' | '´' | 'ʿ' | 'ʾ' | 'ʻ' | 'ʼ' | '′' | '‛' | 'ˊ' | 'ˋ' | 'ـ' =>
            {}
        'ı' => key.push('i'),
        'đ' | 'ð' => key.push('d'),
        'ø' => key.push('o'),
        'ł' => key.push('l'),
        'æ' => key.push_str("ae"),
        'œ' => key.push_str("oe"),
        'ß' => key.push_str("ss"),
        'þ' => key.push_str("th"),
        'ə' => key.push('a'),
        'ٱ' => key.push('ا'),
        'ى' | 'ی' => key.push('ي'),
        'ک' => key.push('ك'),
        'ة' | 'ہ' | 'ھ' => key.push('ه'),
        c if c.is_alphanumeric() => key.push(c),
        // Marks of direction and joiners are no word ends.
        '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
        _ if key.is_empty() || key.ends_with(' ') => {}
        _ => key.push(' '),
    }
}

const ARTICLES: [&str; 4] = ["al", "el", "ul", "il"];

/// Articles that take the next word's first consonant (`ash-shughur`).
const ASSIMILATED: [(&str, &str); 22] = [
    ("as", "s"),
    ("az", "z"),
    ("as", "sh"),
    ("ash", "sh"),
    ("ad", "d"),
    ("adh", "dh"),
    ("at", "t"),
    ("ath", "th"),
    ("an", "n"),
    ("ar", "r"),
    ("es", "s"),
    ("ez", "z"),
    ("esh", "sh"),
    ("ed", "d"),
    ("et", "t"),
    ("en", "n"),
    ("er", "r"),
    ("ad", "z"),
    ("ud", "d"),
    ("ur", "r"),
    ("ush", "sh"),
    ("az", "dh"),
];

/// Levels 2 and 3, from a key of level 1: without the Arabic article, doubled consonants single.
///
/// ```
/// assert_eq!(casus_data::gazetteer::loose("jisr ash shughur"), "jisr shughur");
/// assert_eq!(casus_data::gazetteer::loose("deir ez zor"), casus_data::gazetteer::loose("deir al zor"));
/// ```
pub fn loose(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    let mut words = key.split(' ').peekable();
    while let Some(word) = words.next() {
        let article = words.peek().is_some_and(|next| {
            ARTICLES.contains(&word)
                || ASSIMILATED.iter().any(|(article, first)| word == *article && next.starts_with(first))
        });
        if article {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        single(word, &mut out);
    }
    out
}

/// Writes a word with its doubled consonants and digraphs single.
fn single(word: &str, out: &mut String) {
    let start = out.len();
    for c in word.chars() {
        let doubled = out[start..].ends_with(c) && c.is_ascii_alphabetic() && !"aeiou".contains(c);
        if !doubled {
            out.push(c);
        }
        for digraph in ["shsh", "thth", "khkh", "dhdh", "ghgh"] {
            if out[start..].ends_with(digraph) {
                out.truncate(out.len() - 2);
            }
        }
    }
}

/// Level 4, from a key of level 3: vowels that are written for one another are one, final `ah`, `eh`,
/// `e`, `at` are `a`, q and c are k. For transliterated names where the country is known.
///
/// ```
/// use casus_data::gazetteer::bare;
/// assert_eq!(bare("khan shaykhun"), bare("khan sheikhoun"));
/// ```
pub fn bare(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for word in key.split(' ') {
        let mut word = word.to_owned();
        for (from, to) in [
            ("ou", "u"),
            ("oo", "u"),
            ("ee", "i"),
            ("ei", "ai"),
            ("ay", "ai"),
            ("ey", "ai"),
            ("aw", "au"),
            ("ow", "au"),
            ("iy", "i"),
            ("yi", "i"),
            ("uw", "u"),
            ("aa", "a"),
            ("ie", "i"),
        ] {
            if word.contains(from) {
                word = word.replace(from, to);
            }
        }
        if word.len() > 3
            && let Some(stem) = ["ah", "eh", "at", "e", "a"].iter().find_map(|end| word.strip_suffix(end))
        {
            word = format!("{stem}a");
        }
        for (from, to) in
            [("ph", "f"), ("dj", "j"), ("tch", "ch"), ("o", "u"), ("e", "i"), ("y", "i"), ("q", "k")]
        {
            if word.contains(from) {
                word = word.replace(from, to);
            }
        }
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            if !(matches!(c, 'i' | 'u') && out.ends_with(c)) {
                out.push(c);
            }
        }
    }
    out
}
