//! How alike two romanised names sound.
//!
//! One name in Arabic or Kurdish letters comes romanised in English, French, German and scholarly ways:
//! letters that stand for one sound are one here (`sh` and French `ch`, `ou` and `u`), and an edit costs
//! as little as it tells: a vowel for a vowel, a `q` for a `k`, a silent `h` are hardly one, another
//! consonant is one in full. The costs are set by hand on spellings of places of Iraq, Syria and Yemen.
//!
//! [`reads`] holds a name in Latin letters against one in Arabic letters, which leave short vowels out. Where the
//! Latin spelling is a scholar's (`Ţawīl`), its dots, lines and ayns count; else they may be missing.
//!
//! This module must not know the gazetteer.

use casus_data::gazetteer::{is_article, without_article};
use std::sync::OnceLock;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Letters written for one sound, longest first, and the sign that stands for it.
const SOUNDS: [(&str, &str); 25] = [
    ("tch", "C"),
    ("sch", "S"),
    ("sh", "S"),
    ("ch", "S"),
    ("kh", "X"),
    ("gh", "G"),
    ("th", "T"),
    ("dh", "D"),
    ("dj", "j"),
    ("ph", "f"),
    ("ou", "u"),
    ("oo", "u"),
    ("uw", "u"),
    ("ee", "i"),
    ("iy", "i"),
    ("yi", "i"),
    ("ie", "i"),
    ("ai", "Y"),
    ("ay", "Y"),
    ("ei", "Y"),
    ("ey", "Y"),
    ("aw", "W"),
    ("au", "W"),
    ("ow", "W"),
    ("aa", "a"),
];

/// What it costs to write one sound for another, for pairs in either order.
const SWAPS: [(&str, f32); 29] = [
    ("ae ie oe", 0.2),
    ("ou", 0.1),
    ("ai ao", 0.3),
    ("au", 0.35),
    ("iu eu", 0.4),
    ("Yi Ye Ya Wo Wu Wa", 0.2),
    ("Tt Ts Td", 0.25),
    ("TS", 0.5),
    ("Dd Dz", 0.2),
    ("DT", 0.4),
    ("Xk Xh", 0.3),
    ("XG", 0.6),
    ("Gg Gk Gq", 0.35),
    ("qk ck cq", 0.12),
    ("qg kg", 0.4),
    ("Ss SC", 0.4),
    ("jg Cj", 0.3),
    ("zj", 0.6),
    ("vw wf vf", 0.25),
    ("bp bf", 0.35),
    ("zs", 0.4),
    ("dt", 0.4),
    ("iy ey Yy", 0.2),
    ("uw ow Ww", 0.2),
    ("cs", 0.4),
    ("Sk", 0.4),
    ("cS", 0.5),
    ("YW", 0.45),
    ("Yo Yu Wi We", 0.45),
];

const VOWELS: &[u8] = b"aeiouYW";

/// Longer names are not compared.
const LONGEST: usize = 80;

/// One less what it costs to turn one name into the other by the longer's sounds: 1 for names that sound
/// the same. Both are keys of level 3, in ASCII letters.
pub(super) fn likeness(a: &str, b: &str) -> f32 {
    let (a, b) = (sounds(a), sounds(b));
    let longest = a.len().max(b.len());
    if longest == 0 || longest > LONGEST {
        return 0.0;
    }
    let swaps = swaps();
    let mut row = [0.0_f32; LONGEST + 1];
    for j in 0..b.len() {
        row[j + 1] = row[j] + left_out(&b, j);
    }
    for i in 0..a.len() {
        let gone = left_out(&a, i);
        let mut diagonal = row[0];
        row[0] += gone;
        for j in 0..b.len() {
            let swap = swaps[usize::from(a[i] & 127)][usize::from(b[j] & 127)];
            let kept = (diagonal + swap).min(row[j] + left_out(&b, j));
            diagonal = row[j + 1];
            row[j + 1] = kept.min(diagonal + gone);
        }
    }
    1.0 - row[b.len()] / longest as f32
}

/// A name in Latin letters as it is spelt, for [`reads`].
pub(super) struct Spelling {
    /// Sounds as of [`SOUNDS`]; with lines `[` `]` `{` for a, i, u; with dots as [`ARABIC`] has them; `^` is an ayn, `_`
    /// what may be one.
    sounds: Vec<u8>,
    /// Whether ayns are written.
    ayn: bool,
    /// Whether long vowels and dotted consonants are.
    scholarly: bool,
}

/// A name in Arabic letters by its sounds, without articles.
pub(super) struct Letters(Vec<u8>);

/// Arabic letters and the signs of their sounds. Of those with two readings, that of Arabic.
const ARABIC: [(char, u8); 40] = [
    ('ا', b'a'),
    ('ب', b'b'),
    ('ت', b't'),
    ('ث', b'T'),
    ('ج', b'j'),
    ('ح', b'<'),
    ('خ', b'X'),
    ('د', b'd'),
    ('ذ', b'D'),
    ('ر', b'r'),
    ('ڕ', b'r'),
    ('ز', b'z'),
    ('س', b's'),
    ('ش', b'S'),
    ('ص', b'>'),
    ('ض', b'?'),
    ('ط', b'='),
    ('ظ', b'@'),
    ('ع', b'^'),
    ('غ', b'G'),
    ('ف', b'f'),
    ('ق', b'q'),
    ('ك', b'k'),
    ('ل', b'l'),
    ('ڵ', b'l'),
    ('م', b'm'),
    ('ن', b'n'),
    ('ه', b'h'),
    ('و', b'w'),
    ('ي', b'y'),
    ('پ', b'p'),
    ('چ', b'C'),
    ('گ', b'g'),
    ('ژ', b'Z'),
    ('ڤ', b'v'),
    ('ێ', b'e'),
    ('ۆ', b'o'),
    ('ە', b'e'),
    ('ٹ', b't'),
    ('ڈ', b'd'),
];

/// Signs with a line or a dot, and the letters without.
const MARKED: [(u8, u8); 8] = [
    (b'[', b'a'),
    (b']', b'i'),
    (b'{', b'u'),
    (b'<', b'h'),
    (b'=', b't'),
    (b'>', b's'),
    (b'?', b'd'),
    (b'@', b'z'),
];

fn plain(sign: u8) -> u8 {
    MARKED.iter().find(|(marked, _)| *marked == sign).map_or(sign, |(_, plain)| *plain)
}

fn is_short(sound: u8) -> bool {
    matches!(sound, b'a' | b'e' | b'i' | b'o' | b'u')
}

impl Spelling {
    /// A name without articles and the words that `left_out` tells.
    pub(super) fn new(name: &str, left_out: impl Fn(&str) -> bool) -> Spelling {
        let (mut text, mut ayn, mut scholarly) = (String::with_capacity(name.len()), false, false);
        for c in name.nfd().flat_map(char::to_lowercase) {
            let mark = |of: &[(char, char)], text: &mut String| {
                let marked = text.pop().map(|last| {
                    of.iter()
                        .find(|(plain, _)| *plain == last)
                        .map_or((last, false), |(_, marked)| (*marked, true))
                });
                text.extend(marked.map(|(sign, _)| sign));
                marked.is_some_and(|(_, marked)| marked)
            };
            match c {
                // Cedilla and dot below, then the line above.
                '\u{327}' | '\u{323}' => {
                    let dotted = [('h', '<'), ('t', '='), ('s', '>'), ('d', '?'), ('z', '@')];
                    scholarly |= mark(&dotted, &mut text);
                }
                '\u{304}' => {
                    let long = [('a', '['), ('e', '['), ('i', ']'), ('u', '{'), ('o', '{')];
                    scholarly |= mark(&long, &mut text);
                }
                '‘' | 'ʿ' | '`' | 'ʻ' | '‛' | 'ˋ' => {
                    ayn = true;
                    text.push('^');
                }
                '\'' | '’' | 'ʾ' | 'ʼ' | '´' | '′' | 'ˊ' => text.push('_'),
                'ı' => text.push('i'),
                c if c.is_ascii_alphanumeric() => text.push(c),
                c if is_combining_mark(c) || c == '.' || c.is_alphanumeric() => {}
                _ if text.is_empty() || text.ends_with(' ') => {}
                _ => text.push(' '),
            }
        }
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let folded = |word: &str| -> String {
            word.bytes()
                .filter(|sign| !matches!(sign, b'^' | b'_'))
                .map(|sign| char::from(plain(sign)))
                .collect()
        };
        let mut kept = String::with_capacity(text.len());
        for (at, word) in words.iter().enumerate() {
            let (key, next) = (folded(word), words.get(at + 1).map(|next| folded(next)));
            // `āl` is a clan and no article.
            let article = !word.contains('[') && next.is_some_and(|next| is_article(&key, &next));
            if !article && !left_out(&key) {
                kept.extend((!kept.is_empty()).then_some(' '));
                kept.push_str(word);
            }
        }
        if kept.is_empty() {
            kept = words.join(" ");
        }
        kept = kept.replace("]y", "]").replace("{w", "{");
        let mut sounds = sounds(&kept);
        if !scholarly {
            sounds.iter_mut().filter(|sound| **sound == b'[').for_each(|sound| *sound = b'a');
        }
        sounds.dedup();
        Spelling { sounds, ayn, scholarly }
    }
}

impl Letters {
    /// None for a name without Arabic letters, as of level 1.
    pub(super) fn new(key: &str) -> Option<Letters> {
        let mut out = Vec::with_capacity(key.len() / 2);
        for word in key.split(' ') {
            if !out.is_empty() {
                out.push(b' ');
            }
            let sound = |c: char| ARABIC.iter().find(|(letter, _)| *letter == c).map(|(_, sound)| *sound);
            out.extend(without_article(word).chars().filter_map(sound));
        }
        out.iter().any(|sound| *sound != b' ').then_some(Letters(out))
    }
}

/// [`likeness`] of a name in Latin letters and one in Arabic letters.
pub(super) fn reads(spelling: &Spelling, letters: &Letters) -> f32 {
    let (a, b) = (&spelling.sounds, &letters.0);
    let heard = |sounds: &[u8]| sounds.iter().filter(|sound| !matches!(sound, b'^' | b'_')).count();
    let longest = heard(a).max(heard(b));
    if heard(a) == 0 || heard(b) == 0 || a.len() > LONGEST || b.len() > LONGEST {
        return 0.0;
    }
    let mut row = [0.0_f32; LONGEST + 1];
    for j in 0..b.len() {
        row[j + 1] = row[j] + unsaid(b, j, spelling);
    }
    for i in 0..a.len() {
        let gone = unwritten(a, i);
        let mut diagonal = row[0];
        row[0] += gone;
        for j in 0..b.len() {
            let kept = (diagonal + read_as(a[i], b, j, spelling)).min(row[j] + unsaid(b, j, spelling));
            diagonal = row[j + 1];
            row[j + 1] = kept.min(diagonal + gone);
        }
    }
    1.0 - row[b.len()] / longest as f32
}

fn ends_word(sounds: &[u8], at: usize) -> bool {
    sounds.get(at + 1).is_none_or(|&next| next == b' ')
}

/// What it costs that a sound of the Latin spelling has no Arabic letter.
fn unwritten(sounds: &[u8], at: usize) -> f32 {
    match sounds[at] {
        b' ' => 0.1,
        b'^' => 0.12,
        b'_' => 0.03,
        b'h' if ends_word(sounds, at) => 0.1,
        b'h' => 0.4,
        b'Y' | b'W' => 0.3,
        b'[' | b']' | b'{' | b'y' | b'w' => 0.35,
        sound if is_short(sound) => 0.05,
        _ => 1.0,
    }
}

/// What it costs that an Arabic letter has no sound in the Latin spelling.
fn unsaid(letters: &[u8], at: usize, spelling: &Spelling) -> f32 {
    match letters[at] {
        b' ' => 0.1,
        b'^' if spelling.ayn || spelling.scholarly => 0.12,
        b'^' => 0.02,
        b'a' if spelling.scholarly => 0.35,
        b'a' => 0.15,
        b'e' | b'o' => 0.2,
        b'w' | b'y' => 0.3,
        b'h' if ends_word(letters, at) => 0.1,
        b'h' | b'<' => 0.4,
        _ => 1.0,
    }
}

/// What it costs that a sound stands for an Arabic letter.
fn read_as(sound: u8, letters: &[u8], at: usize, spelling: &Spelling) -> f32 {
    let letter = letters[at];
    if sound == letter {
        return 0.0;
    }
    let vowel = is_short(sound) || matches!(sound, b'[' | b']' | b'{');
    let starts = at == 0 || letters[at - 1] == b' ';
    let unlined: f32 = if spelling.scholarly { 0.25 } else { 0.0 };
    let undotted: f32 = if spelling.scholarly { 0.12 } else { 0.0 };
    match (letter, sound) {
        (b'^', b'_') => 0.02,
        (b'^' | b'_', _) | (_, b'^' | b'_') => 1.0,
        (b'a', b'[') | (b'w', b'{' | b'W' | b'v') | (b'y', b']' | b'Y') => 0.0,
        (b'a', _) if starts && vowel => 0.03,
        (b'a', b'e') => unlined.max(0.1),
        (b'a', _) if vowel => 0.3,
        (b'w', b'u' | b'o') | (b'y', b'i' | b'e') => unlined,
        (b'y', b'a' | b'[') if ends_word(letters, at) => 0.03,
        (b'w' | b'y', _) if vowel => 0.35,
        (b'a', b'Y' | b'W') => 0.3,
        (b'e' | b'o', _) if vowel => 0.1,
        (b'h', b't') if ends_word(letters, at) => 0.0,
        (b'<', b'h') | (b'=', b't') | (b'>', b's') | (b'?', b'd') => undotted,
        (b'?', b'D') => undotted + 0.05,
        (b'@', b'z' | b'D' | b'?') => undotted.min(0.05) + 0.02,
        (b'?', b'@') => 0.05,
        _ if plain(sound) == plain(letter) => 0.12,
        _ => swaps()[usize::from(plain(sound) & 127)][usize::from(plain(letter) & 127)],
    }
}

/// A name by its sounds; the same one twice is one.
fn sounds(name: &str) -> Vec<u8> {
    let mut name = name.to_owned();
    for (from, to) in SOUNDS {
        if name.contains(from) {
            name = name.replace(from, to);
        }
    }
    let mut out = name.into_bytes();
    out.dedup();
    out
}

/// What it costs to leave a sound out.
fn left_out(name: &[u8], at: usize) -> f32 {
    let last = name.get(at + 1).is_none_or(|&next| next == b' ');
    match name[at] {
        b' ' => 0.15,
        b'h' if last => 0.15,
        b'h' => 0.3,
        b'y' | b'w' => 0.4,
        sound if VOWELS.contains(&sound) && last => 0.25,
        sound if VOWELS.contains(&sound) => 0.35,
        _ => 1.0,
    }
}

fn swaps() -> &'static [[f32; 128]; 128] {
    static SWAPPED: OnceLock<Box<[[f32; 128]; 128]>> = OnceLock::new();
    SWAPPED.get_or_init(|| {
        let mut table = Box::new([[1.0; 128]; 128]);
        for sound in 0..128 {
            table[sound][sound] = 0.0;
        }
        let mut put = |a: u8, b: u8, cost: f32| {
            table[usize::from(a & 127)][usize::from(b & 127)] = cost;
            table[usize::from(b & 127)][usize::from(a & 127)] = cost;
        };
        for (at, &a) in VOWELS.iter().enumerate() {
            VOWELS[at + 1..].iter().for_each(|&b| put(a, b, 0.45));
        }
        for (pairs, cost) in SWAPS {
            for pair in pairs.split(' ') {
                if let [a, b] = *pair.as_bytes() {
                    put(a, b, cost);
                }
            }
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_sound_more_alike_than_other_names() {
        for (name, spelling, other) in [
            ("shuhah", "chouha", "suha"),
            ("dawudiyah", "daoudiye", "jarudiyah"),
            ("kafr jawaya", "kefer jouaya", "kafr laha"),
            ("naqqarin", "naqqarine", "nahrin"),
            ("qamishli", "kamechliye", "kafr shams"),
        ] {
            let (near, far) = (likeness(name, spelling), likeness(name, other));
            assert!(near > far && near > 0.75, "{name}: {spelling} {near}, {other} {far}");
        }
        assert!((likeness("beya", "beya") - 1.0).abs() < 1e-6);
        assert_eq!(likeness("", ""), 0.0);
        assert_eq!(likeness(&"ab".repeat(60), "a"), 0.0);
    }

    #[test]
    fn latin_letters_read_as_arabic_ones() {
        for (name, letters, other) in [
            ("Jurat al Ma'", "جوره الماء", "الجرامي"),
            ("Joret Elmaa", "جوره الماء", "جرمايه"),
            ("Aţ Ţawīl", "الطويل", "التوله"),
            ("Khān Shaykhūn", "خان شيخون", "خان الشيح"),
            // Dots and lines count where they are written.
            ("Şafā", "صفا", "سفع"),
            ("‘Arbīd", "عربيد", "اربيد"),
            ("Abu al-Alaj", "ابو العلج", "ابو العيال"),
        ] {
            let like = |letters| {
                let letters = Letters::new(letters).expect("Arabic letters");
                reads(&Spelling::new(name, |_| false), &letters)
            };
            let (near, far) = (like(letters), like(other));
            assert!(near > far && near > 0.85, "{name}: {letters} {near}, {other} {far}");
        }
        assert!(Letters::new("beya").is_none());
        let letters = Letters::new("بيا").expect("Arabic letters");
        assert_eq!(reads(&Spelling::new("", |_| false), &letters), 0.0);
        assert_eq!(reads(&Spelling::new(&"ab".repeat(60), |_| false), &letters), 0.0);
    }
}
