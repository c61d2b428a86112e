//! How names of places are folded into keys, in five levels from strict to loose.
//!
//! | level | function | what no longer counts |
//! |---|---|---|
//! | 1 | [`fold`] | case, diacritics, ayn and hamza, hyphens |
//! | 2, 3 | [`loose`] | the Arabic article, doubled consonants |
//! | 4 | [`bare`] | vowels that are written for one another |
//! | 5 | [`skeleton`] | all vowels, spaces, and consonants that are written for one another |
//!
//! Level 5 is only asked where the country is known. There names in Arabic letters meet those in Latin
//! letters: [`skeletons`] gives both the same consonants.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

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
        if words.peek().is_some_and(|next| is_article(word, next)) {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        single(word, &mut out);
    }
    out
}

/// Whether a word of a key of level 1 is the Arabic article of the next.
pub fn is_article(word: &str, next: &str) -> bool {
    ARTICLES.contains(&word)
        || ASSIMILATED.iter().any(|(article, first)| word == *article && next.starts_with(first))
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

/// Level 5, from a key of level 4: consonants alone, those that romanisations mix as one, without
/// spaces and attached articles. `w` counts at the head of a word alone: elsewhere it is often a vowel.
///
/// ```
/// use casus_data::gazetteer::{bare, skeleton};
/// assert_eq!(skeleton(&bare("dayr zawr")), skeleton(&bare("deir ezzor")));
/// assert_eq!(skeleton(&bare("zinjibar")), skeleton(&bare("zingibar")));
/// ```
pub fn skeleton(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for word in key.split(' ') {
        // `alzaur`: the article written as part of the word.
        let word = ["al", "il", "ul"]
            .iter()
            .find_map(|article| word.strip_prefix(article))
            .filter(|rest| rest.len() >= 4 && !rest.starts_with(['a', 'i', 'u']))
            .unwrap_or(word);
        let mut letters = word.chars().peekable();
        let mut first = true;
        while let Some(c) = letters.next() {
            let aspirated = letters.next_if_eq(&'h').is_some();
            let c = match (c, aspirated) {
                ('s' | 'c', true) => 's',
                ('a' | 'i' | 'u', _) => {
                    first = false;
                    continue;
                }
                ('c' | 'k' | 'x', _) => 'k',
                ('g' | 'j', _) => 'g',
                ('d' | 't', _) => 't',
                ('h' | 'v' | 'w', _) if !first => continue,
                ('v' | 'w', _) => 'w',
                ('p', _) => 'b',
                (c, _) => c,
            };
            first = false;
            if c.is_ascii_alphanumeric() && !out.ends_with(c) {
                out.push(c);
            }
        }
    }
    out
}

/// [`skeleton`] of a key of level 1 in Arabic letters; empty for another.
fn arabic_skeleton(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for word in key.split(' ') {
        for (at, c) in without_article(word).chars().enumerate() {
            let c = match c {
                'ب' | 'پ' => 'b',
                'ت' | 'ث' | 'د' | 'ذ' | 'ض' | 'ط' => 't',
                'ج' | 'غ' | 'گ' => 'g',
                'ح' | 'ه' if at == 0 => 'h',
                'خ' | 'ق' | 'ك' => 'k',
                'ر' | 'ڕ' => 'r',
                'ز' | 'ژ' | 'ظ' => 'z',
                'س' | 'ش' | 'ص' | 'چ' => 's',
                'ف' => 'f',
                'ل' | 'ڵ' => 'l',
                'م' => 'm',
                'ن' => 'n',
                'و' | 'ڤ' if at == 0 => 'w',
                _ => continue,
            };
            if !out.ends_with(c) {
                out.push(c);
            }
        }
    }
    out
}

/// A word in Arabic letters without its article.
pub fn without_article(word: &str) -> &str {
    word.strip_prefix("ال").filter(|rest| rest.chars().nth(1).is_some()).unwrap_or(word)
}

/// Words before names that tell what they name or whose they are, as level 3 has them. One source has them
/// where another has not.
const BEFORE: [&str; 58] = [
    "abou", "abu", "ain", "albu", "arab", "ayn", "bait", "bani", "banu", "bayt", "beit", "beni", "beyt",
    "bir", "biir", "cheikh", "dar", "darb", "dayr", "deir", "hay", "hayd", "hisn", "husn", "imam", "jabal",
    "jebel", "kafer", "kafr", "kalaat", "kariat", "kherbet", "kheurbet", "khirbat", "khirbet", "mahal",
    "mahalat", "nahr", "nazil", "nazl", "nazlat", "ouadi", "oum", "qalat", "qariyat", "qaryat", "saiyid",
    "salaf", "sayid", "sayyid", "shaykh", "sheikh", "silf", "souq", "suq", "tal", "tel", "um",
];

/// What follows a word that tells the kind of a place, in a key of level 3: `bayt salih` gives `salih`.
///
/// ```
/// assert_eq!(casus_data::gazetteer::behind_kind("khirbat salih"), Some("salih"));
/// assert_eq!(casus_data::gazetteer::behind_kind("salih"), None);
/// ```
pub fn behind_kind(key: &str) -> Option<&str> {
    let (word, rest) = key.split_once(' ')?;
    (rest.len() >= 3 && BEFORE.contains(&word)).then_some(rest)
}

/// Skeletons under which a key of level 1 is found: of the whole, and of what follows a word for a kind.
///
/// ```
/// use casus_data::gazetteer::skeletons;
/// assert_eq!(skeletons("bayt salih"), ["btsl", "sl"]);
/// assert_eq!(skeletons("الزبداني"), skeletons("az zabadani"));
/// ```
pub fn skeletons(key: &str) -> Vec<String> {
    let mut out = Vec::new();
    if key.is_ascii() {
        let key = loose(key);
        out.push(skeleton(&bare(&key)));
        out.extend(behind_kind(&key).map(|rest| skeleton(&bare(rest))));
    } else {
        out.push(arabic_skeleton(key));
    }
    out.retain(|bones| !bones.is_empty());
    out.dedup();
    out
}
