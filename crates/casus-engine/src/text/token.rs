//! Words, numbers and signs.
//!
//! | in the text | tokens |
//! |---|---|
//! | `two-year-old`, `al-Aru`, `A-B road` | split at hyphens; [`Document::space_before`] tells that they touch |
//! | `Roa's`, `don't`, `cannot`, `they'll` | `Roa` `'s`, `do` `n't`, `can` `not`, `they` `'ll` |
//! | `O'Brien`, `Sana'a`, `d'Aru` | one word |
//! | `1,200`, `3.5`, `1.200.000`, `١٬٢٠٠` | one number |
//! | `2014-03-12`, `11/14`, `12.03.2014`, `14:30` | numbers and signs of their own |
//! | `11th`, `1990s` | one word (its part of speech tells adjective from noun) |
//! | `5pm`, `122mm`, `40km` | number, word |
//! | `U.S.`, `N.W.F.P.`, `Jan.`, `Gen.`, `J.` before a name | one word with its stop |
//! | `--`, `...`, `=====` | one sign |
//! | Chinese, Japanese, Thai, Lao, Khmer, Burmese | one word a character |
//!
//! White space, control and invisible format characters belong to the tile of the token before them.
//!
//! [`Document::space_before`]: super::Document::space_before

use super::{Shape, Tag, Token, TokenKind, lexicon::Lexicon};
use crate::Span;
use casus_data::tables::text::Abbreviation;
use unicode_normalization::char::is_combining_mark;

/// Bytes of a text that are read; what is behind them belongs to the last tile. Keeps every offset,
/// also those into the normal forms, which can be twice as long as the text, within 32 bits.
const LIMIT: usize = 1 << 30;

/// Splits a text into tokens, and gives the normal forms they point into.
pub(super) fn tokenize(lexicon: &Lexicon, text: &str) -> (Vec<Token>, String) {
    let mut limit = text.len().min(LIMIT);
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let text = &text[..limit];
    let mut norms = String::with_capacity(limit + limit / 64);
    norms.push_str(text);
    norms.make_ascii_lowercase();
    let mut scanner = Scanner { lexicon, text, tokens: Vec::with_capacity(limit / 5 + 1), norms };
    scanner.run();
    (scanner.tokens, scanner.norms)
}

/// What a character does in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Letter,
    /// A letter of a script that does not part its words.
    Ideograph,
    Digit,
    /// Combining marks and joiners: part of the word they stand in.
    Mark,
    Punctuation,
    Symbol,
}

fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '\0'..=' ' | '\u{7f}'..='\u{a0}' => Class::Space,
        '0'..='9' => Class::Digit,
        '$' | '%' | '+' | '<' | '=' | '>' | '^' | '|' | '~' => Class::Symbol,
        '!'..='~' => Class::Punctuation,
        '\u{ad}' | '\u{200c}' | '\u{200d}' => Class::Mark,
        // ¡ § « ¶ · » ¿
        '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{bf}' => Class::Punctuation,
        '\u{2b0}'..='\u{2ff}' => Class::Letter, // modifier letters: ayn and hamza of transliterations
        _ if c.is_alphabetic() => {
            if is_unparted(c) {
                Class::Ideograph
            } else {
                Class::Letter
            }
        }
        _ if c.is_numeric() => Class::Digit,
        _ if is_combining_mark(c) => Class::Mark,
        _ if c.is_whitespace() || c.is_control() || is_invisible(c) => Class::Space,
        '\u{2010}'..='\u{2027}'
        | '\u{2030}'..='\u{205e}'
        | '\u{3001}'..='\u{3003}'
        | '\u{3008}'..='\u{3011}' => Class::Punctuation,
        '\u{3014}'..='\u{301f}' | '\u{fe30}'..='\u{fe6b}' | '\u{ff01}'..='\u{ff0f}' => Class::Punctuation,
        '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}' => Class::Punctuation,
        // Arabic comma, semicolon, question mark and full stop; danda; Armenian and Ethiopic stops
        '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{6d4}' | '\u{66a}'..='\u{66d}' => Class::Punctuation,
        '\u{964}' | '\u{965}' | '\u{55a}'..='\u{55f}' | '\u{589}' | '\u{1361}'..='\u{1368}' => {
            Class::Punctuation
        }
        _ => Class::Symbol,
    }
}

/// Han, kana, Thai, Lao, Burmese and Khmer are written without spaces between words.
fn is_unparted(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{2fdf}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9d}' | '\u{20000}'..='\u{3ffff}')
}

/// Zero-width space, marks of direction, byte order mark, tags.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '`' | '\u{b4}' | '\u{2bc}' | '\u{2032}')
}

/// Zeros of the decimal digits in Unicode 17 (general category Nd), in order; nine digits follow each.
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50,
    0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066,
    0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950,
    0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6,
    0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
];

/// The ASCII digit of the same value, for a decimal digit of any script.
fn ascii_digit(c: char) -> Option<char> {
    let code = c as u32;
    let zero = ZEROS[ZEROS.partition_point(|&zero| zero <= code).checked_sub(1)?];
    char::from_digit(code.checked_sub(zero)?, 10)
}

struct Scanner<'s> {
    lexicon: &'s Lexicon,
    text: &'s str,
    tokens: Vec<Token>,
    /// The text in small ASCII letters, where most tokens find their normal form; behind it those of the others.
    norms: String,
}

/// What an ASCII byte does in a word.
const SMALL: u8 = 1;
const CAPITAL: u8 = 2;
const DIGIT: u8 = 4;
/// A word that ends before it may go on, or be more than a word.
const OPEN: u8 = 8;

/// [`SMALL`], [`CAPITAL`], [`DIGIT`], [`OPEN`] or none of them, by byte.
const BYTES: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut at = 0;
    while at < 256 {
        bytes[at] = match at as u8 {
            b'a'..=b'z' => SMALL,
            b'A'..=b'Z' => CAPITAL,
            b'0'..=b'9' => DIGIT,
            b'.' | b':' | b'@' | b'\'' | b'`' | 0x80.. => OPEN,
            _ => 0,
        };
        at += 1;
    }
    bytes
};

impl<'s> Scanner<'s> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(c) = self.char(at) {
            let class = class(c);
            if class != Class::Space && at > 0 && self.tokens.is_empty() {
                self.push(0, 0, TokenKind::Start);
            }
            at = match class {
                Class::Space => at + c.len_utf8(),
                Class::Letter | Class::Mark => self.word(at),
                Class::Ideograph => self.ideograph(at),
                Class::Digit => self.number(at),
                Class::Punctuation => self.sign(at, c, TokenKind::Punctuation),
                Class::Symbol => self.sign(at, c, TokenKind::Symbol),
            };
        }
        if self.tokens.is_empty() && at > 0 {
            self.push(0, 0, TokenKind::Start);
        }
    }

    fn char(&self, at: usize) -> Option<char> {
        match self.text.as_bytes().get(at) {
            Some(&byte) if byte < 128 => Some(char::from(byte)),
            Some(_) => self.text.get(at..)?.chars().next(),
            None => None,
        }
    }

    fn class(&self, at: usize) -> Class {
        self.char(at).map_or(Class::Space, class)
    }

    /// Where characters of the given classes end.
    fn skip(&self, mut at: usize, classes: &[Class]) -> usize {
        while let Some(c) = self.char(at).filter(|&c| classes.contains(&class(c))) {
            at += c.len_utf8();
        }
        at
    }

    /// Adds a token and its normal form.
    fn push(&mut self, start: usize, end: usize, kind: TokenKind) {
        let word = &self.text[start..end];
        let shape = if kind == TokenKind::Word { shape(word) } else { Shape::Caseless };
        let lowered = match kind {
            TokenKind::Start => true,
            TokenKind::Word => word.is_ascii() && !word.contains('`'),
            TokenKind::Number => word.is_ascii(),
            TokenKind::Punctuation | TokenKind::Symbol => {
                word.is_ascii() && !word.contains('`') && word != "''"
            }
        };
        if lowered {
            return self.add(start, end, kind, shape, (start as u32, end as u32));
        }
        let norm = self.norms.len() as u32;
        match kind {
            TokenKind::Word => normalise_word(word, &mut self.norms),
            TokenKind::Number => normalise_number(word, &mut self.norms),
            _ => normalise_sign(word, &mut self.norms),
        }
        self.add(start, end, kind, shape, (norm, self.norms.len() as u32));
    }

    fn add(&mut self, start: usize, end: usize, kind: TokenKind, shape: Shape, norm: (u32, u32)) {
        self.tokens.push(Token {
            span: Span::new(start as u32, end as u32),
            kind,
            shape,
            tag: match kind {
                TokenKind::Word | TokenKind::Symbol => Tag::Other,
                TokenKind::Number => Tag::Number,
                TokenKind::Punctuation | TokenKind::Start => Tag::Punctuation,
            },
            quoted: false,
            sentence: 0,
            norm,
        });
    }

    fn ideograph(&mut self, start: usize) -> usize {
        let first = self.char(start).map_or(1, char::len_utf8);
        let end = self.skip(start + first, &[Class::Mark]);
        self.push(start, end, TokenKind::Word);
        end
    }

    fn word(&mut self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = start;
        // Most words are plain ASCII, and end before white space or a sign that says nothing about them.
        let (first, mut rest) = (BYTES[usize::from(bytes[start])], 0);
        let mut next = first;
        while next & (SMALL | CAPITAL | DIGIT) != 0 {
            rest |= if end > start { next } else { 0 };
            end += 1;
            next = bytes.get(end).map_or(0, |byte| BYTES[usize::from(*byte)]);
        }
        if next != OPEN && end > start && first != DIGIT && !bytes[start..end].eq_ignore_ascii_case(b"cannot")
        {
            let shape = match (first, rest & (SMALL | CAPITAL)) {
                (CAPITAL, 0 | SMALL) => Shape::Title,
                (CAPITAL, CAPITAL) => Shape::Upper,
                (SMALL, 0 | SMALL) => Shape::Lower,
                _ => Shape::Mixed,
            };
            self.add(start, end, TokenKind::Word, shape, (start as u32, end as u32));
            return end;
        }
        let mut apostrophe = None;
        loop {
            while bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
                end += 1;
            }
            let Some(c) = self.char(end) else { break };
            match class(c) {
                Class::Letter | Class::Digit | Class::Mark => end += c.len_utf8(),
                _ if is_apostrophe(c) && self.class(end + c.len_utf8()) == Class::Letter => {
                    apostrophe = Some(end);
                    end += c.len_utf8();
                }
                _ => break,
            }
        }
        if let Some(behind) = self.address(start, end) {
            self.push(start, behind, TokenKind::Word);
            return behind;
        }
        if let Some(split) = self.clitic(start, end, apostrophe) {
            self.push(start, split, TokenKind::Word);
            self.push(split, end, TokenKind::Word);
            return end;
        }
        let end = if self.char(end) == Some('.') { self.abbreviation(start, end) } else { end };
        self.push(start, end, TokenKind::Word);
        end
    }

    /// The end of a web or mail address that begins with the word, if it is one.
    fn address(&self, start: usize, end: usize) -> Option<usize> {
        let (word, rest) = (&self.text[start..end], &self.text[end..]);
        let web = (word.eq_ignore_ascii_case("www") && rest.starts_with('.'))
            || ((word.eq_ignore_ascii_case("http") || word.eq_ignore_ascii_case("https"))
                && rest.starts_with("://"));
        let mail = rest.starts_with('@') && self.class(end + 1) == Class::Letter;
        if !web && !mail {
            return None;
        }
        let length = rest
            .find(|c: char| class(c) == Class::Space || matches!(c, '<' | '>' | '"' | '(' | ')' | '[' | ']'))
            .unwrap_or(rest.len());
        Some(end + rest[..length].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']).len())
    }

    /// Where a word parts from what leans on it: `Roa|'s`, `do|n't`, `can|not`, `they|'ll`.
    fn clitic(&self, start: usize, end: usize, apostrophe: Option<usize>) -> Option<usize> {
        let word = &self.text[start..end];
        if word.len() == 6 && word.eq_ignore_ascii_case("cannot") {
            return Some(start + 3);
        }
        let at = apostrophe.filter(|&at| at > start)?;
        let mark = self.char(at)?.len_utf8();
        let (head, tail) = (&self.text[start..at], &self.text[at + mark..end]);
        if tail.eq_ignore_ascii_case("s") {
            return Some(at);
        }
        if tail.eq_ignore_ascii_case("t") && head.len() > 1 && head.ends_with(['n', 'N']) {
            return Some(at - 1);
        }
        // Arabic names have the same letters behind an ayn: only pronouns and the like take these.
        let verb = ["d", "m", "ll", "re", "ve"].iter().any(|clitic| tail.eq_ignore_ascii_case(clitic));
        (verb && PRONOUNS.iter().any(|pronoun| head.eq_ignore_ascii_case(pronoun))).then_some(at)
    }

    /// The end of a word with the stops that belong to it; the stop is at `end`.
    fn abbreviation(&self, start: usize, end: usize) -> usize {
        let word = &self.text[start..end];
        let mut letters = word.chars();
        if letters.next().is_some() && letters.next().is_none() {
            let dotted = self.dotted_letters(end);
            if dotted > end {
                return dotted;
            }
            return if self.is_initial(word, end + 1) { end + 1 } else { end };
        }
        if word.len() > 6 || self.char(end + 1) == Some('.') {
            return end;
        }
        let Some(class) = self.lexicon.abbreviation(word) else { return end };
        let last = self.tokens.last();
        let accepted = match class {
            Abbreviation::Plain => true,
            Abbreviation::Number => self.class(self.next_visible(end + 1)) == Class::Digit,
            Abbreviation::Month => {
                self.class(self.next_visible(end + 1)) == Class::Digit
                    || self.char(end + 1) == Some(',')
                    || last.is_some_and(|token| token.kind == TokenKind::Number)
            }
            Abbreviation::State => {
                last.is_some_and(|token| &self.text[token.span.range()] == ",") && shape(word) != Shape::Lower
            }
            Abbreviation::Title => {
                let next = self.next_visible(end + 1);
                self.char(end + 1) == Some('-')
                    || (self.class(next) == Class::Letter && !self.opens_sentence(next))
            }
        };
        if accepted { end + 1 } else { end }
    }

    /// The end of `.S.` behind a single letter; `at` itself where the letters do not go on.
    fn dotted_letters(&self, mut at: usize) -> usize {
        let start = at;
        while self.char(at) == Some('.') && self.class(at + 1) == Class::Letter {
            let behind = at + 1 + self.char(at + 1).map_or(1, char::len_utf8);
            if matches!(self.class(behind), Class::Letter | Class::Digit | Class::Mark) {
                break;
            }
            at = behind;
        }
        if at > start && self.char(at) == Some('.') { at + 1 } else { at }
    }

    /// Whether a single letter with a stop before `behind` is the initial of a name.
    fn is_initial(&self, letter: &str, behind: usize) -> bool {
        if letter == "I" || !letter.starts_with(char::is_uppercase) {
            return false;
        }
        let next = self.next_visible(behind);
        self.char(next).is_some_and(char::is_uppercase) && !self.opens_sentence(next)
    }

    /// Start of the next visible character of the same paragraph; the end of the text if there is none.
    fn next_visible(&self, mut at: usize) -> usize {
        let mut lines = 0;
        while let Some(c) = self.char(at).filter(|&c| class(c) == Class::Space) {
            lines += u32::from(c == '\n');
            if lines > 1 {
                return self.text.len();
            }
            at += c.len_utf8();
        }
        at
    }

    /// Whether the word at `at` is one that opens a sentence; `A.` and the like are not.
    fn opens_sentence(&self, at: usize) -> bool {
        let end = self.skip(at, &[Class::Letter, Class::Mark]);
        let initial = end == at + 1 && self.char(end) == Some('.');
        !initial && self.lexicon.is_starter(&self.text[at..end])
    }

    fn number(&mut self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let plain = start + bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        // Nothing that a number may go on with: no letter, no sign of thousands or of a fraction.
        let next = bytes.get(plain).copied().unwrap_or(b' ');
        if next.is_ascii() && !next.is_ascii_alphabetic() && !matches!(next, b',' | b'.') && plain > start {
            self.push(start, plain, TokenKind::Number);
            return plain;
        }
        let digits = |at| self.skip(at, &[Class::Digit]);
        let whole = digits(start);
        let mut end = self.thousands(start, whole);
        if matches!(self.char(end), Some('.' | '\u{66b}')) && !self.behind_dotted_number(start) {
            let point = self.char(end).map_or(1, char::len_utf8);
            let fraction = digits(end + point);
            if fraction > end + point {
                if self.char(fraction) != Some('.') || self.class(fraction + 1) != Class::Digit {
                    end = fraction;
                } else if end == whole {
                    end = self.groups(start, whole, &['.']).unwrap_or(whole);
                }
            }
        }
        let behind = self.skip(end, &[Class::Letter, Class::Mark]);
        let suffix = &self.text[end..behind];
        if behind > end && ORDINALS.iter().any(|ordinal| suffix.eq_ignore_ascii_case(ordinal)) {
            self.push(start, behind, TokenKind::Word);
            return behind;
        }
        self.push(start, end, TokenKind::Number);
        end
    }

    /// Whether the number follows another one and a stop without space: a part of `12.03.2014`.
    fn behind_dotted_number(&self, start: usize) -> bool {
        let [.., number, stop] = self.tokens.as_slice() else { return false };
        number.kind == TokenKind::Number
            && number.span.end == stop.span.start
            && stop.span.end as usize == start
            && &self.text[stop.span.range()] == "."
    }

    /// The end of a whole number with its groups: `1,200`, `1 200` with a thin space, `1,00,000`.
    fn thousands(&self, start: usize, whole: usize) -> usize {
        self.groups(start, whole, &[',', '\u{66c}', '\u{202f}', '\u{2009}']).unwrap_or(whole)
    }

    /// Groups of three digits behind one to three, or groups of two with a last one of three.
    fn groups(&self, start: usize, whole: usize, separators: &[char]) -> Option<usize> {
        let count = |from: usize, to: usize| self.text[from..to].chars().count();
        if count(start, whole) > 3 {
            return None;
        }
        let (mut end, mut pairs, mut accepted) = (whole, 0, None);
        while let Some(separator) = self.char(end).filter(|c| separators.contains(c)) {
            let from = end + separator.len_utf8();
            let to = self.skip(from, &[Class::Digit]);
            match count(from, to) {
                3 => accepted = Some(to),
                2 if accepted.is_none() && pairs < 4 => pairs += 1,
                _ => break,
            }
            if pairs > 0 && accepted.is_some() {
                return accepted;
            }
            end = to;
        }
        accepted
    }

    /// A sign; runs of a sign that stands for nothing alone are one token.
    fn sign(&mut self, start: usize, c: char, kind: TokenKind) -> usize {
        if c.is_ascii() && self.text.as_bytes().get(start + 1) != self.text.as_bytes().get(start) {
            self.push(start, start + 1, kind);
            return start + 1;
        }
        let longest = match c {
            '.' | '-' | '_' | '=' | '*' | '#' | '~' | '+' | '\u{2014}' | '\u{2022}' | '\u{b7}' => usize::MAX,
            '\'' | '`' | '\u{2019}' | '\u{2018}' => 2,
            _ => 1,
        };
        // Runs of four and more of anything are ornament.
        let run = self.text[start..].chars().take(4).take_while(|&other| other == c).count();
        let end = if run == 4 || run.min(longest) > 1 {
            if run == 4 || longest == usize::MAX {
                start + self.text[start..].find(|other| other != c).unwrap_or(self.text.len() - start)
            } else {
                start + longest.min(run) * c.len_utf8()
            }
        } else {
            start + c.len_utf8()
        };
        self.push(start, end, kind);
        end
    }
}

/// Suffixes that make one word with the digits before them, in English and Spanish.
const ORDINALS: [&str; 10] = ["st", "nd", "rd", "th", "d", "s", "\u{ba}", "\u{aa}", "er", "ers"];

/// Words that take `'d`, `'m`, `'ll`, `'re` and `'ve`.
const PRONOUNS: [&str; 19] = [
    "i", "you", "he", "she", "it", "we", "they", "who", "what", "that", "there", "this", "how", "where",
    "would", "could", "should", "might", "must",
];

fn shape(word: &str) -> Shape {
    if word.is_ascii() {
        let bytes = word.as_bytes();
        let upper = bytes.iter().filter(|byte| byte.is_ascii_uppercase()).count();
        let lower = bytes.iter().filter(|byte| byte.is_ascii_lowercase()).count();
        let first = bytes.iter().find(|byte| byte.is_ascii_alphabetic()).is_some_and(u8::is_ascii_uppercase);
        return of_counts(upper, lower, first);
    }
    let (mut upper, mut lower, mut first) = (0usize, 0usize, false);
    for c in word.chars() {
        if c.is_uppercase() {
            first |= upper + lower == 0;
            upper += 1;
        } else if c.is_lowercase() {
            lower += 1;
        }
    }
    of_counts(upper, lower, first)
}

/// The shape of a word with so many capital and small letters, and whether the first of them is a capital.
fn of_counts(upper: usize, lower: usize, first: bool) -> Shape {
    match (upper, lower) {
        (0, 0) => Shape::Caseless,
        (0, _) => Shape::Lower,
        (1, _) if first => Shape::Title,
        (_, 0) => Shape::Upper,
        _ => Shape::Mixed,
    }
}

fn normalise_word(word: &str, out: &mut String) {
    for c in word.chars() {
        if c.is_ascii() {
            out.push(if c == '`' { '\'' } else { c.to_ascii_lowercase() });
        } else if is_apostrophe(c) {
            out.push('\'');
        } else if let Some(digit) = ascii_digit(c) {
            out.push(digit);
        } else if c != '\u{ad}' {
            out.extend(c.to_lowercase());
        }
    }
}

fn normalise_number(number: &str, out: &mut String) {
    out.extend(number.chars().map(|c| match c {
        '\u{66c}' | '\u{202f}' | '\u{2009}' => ',',
        '\u{66b}' => '.',
        _ => ascii_digit(c).unwrap_or(c),
    }));
}

fn normalise_sign(sign: &str, out: &mut String) {
    match sign {
        "''" | "``" | "\u{2019}\u{2019}" | "\u{2018}\u{2018}" => out.push('"'),
        _ => {
            for c in sign.chars() {
                match c {
                    '\u{2018}'..='\u{201b}' | '`' | '\u{b4}' | '\u{2039}' | '\u{203a}' | '\u{2032}' => {
                        out.push('\'')
                    }
                    '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' => out.push('"'),
                    '\u{2010}'..='\u{2013}' | '\u{2212}' => out.push('-'),
                    '\u{2014}' | '\u{2015}' => out.push_str("--"),
                    '\u{2026}' => out.push_str("..."),
                    '\u{60c}' | '\u{ff0c}' | '\u{3001}' => out.push(','),
                    '\u{61b}' | '\u{ff1b}' => out.push(';'),
                    '\u{61f}' | '\u{ff1f}' => out.push('?'),
                    '\u{6d4}' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}' | '\u{964}' | '\u{965}' => out.push('.'),
                    '\u{ff01}' => out.push('!'),
                    '\u{ff1a}' => out.push(':'),
                    '\u{ff08}' => out.push('('),
                    '\u{ff09}' => out.push(')'),
                    _ => out.push(c),
                }
            }
        }
    }
}

/// Whether the token at `at` touches a hyphen before and behind.
pub(super) fn hyphens(tokens: &[Token], norms: &str, at: usize) -> (bool, bool) {
    let touches = |left: usize, right: usize, hyphen: usize| {
        let norm = tokens[hyphen].norm;
        tokens[left].span.end == tokens[right].span.start && &norms[norm.0 as usize..norm.1 as usize] == "-"
    };
    (at > 0 && touches(at - 1, at, at - 1), at + 1 < tokens.len() && touches(at, at + 1, at + 1))
}
