//! What the time stage looks up, and the pieces it reads: tokens, split further at inner hyphens,
//! slashes, colons and dots between digits, each with the symbols that it may stand for.

use super::{calendar::HijriVariant, expr::Means};
use crate::{
    Error,
    text::{Document, TokenId},
};
use casus_data::tables::time::{
    Apostrophe, CLASSES, LITERALS, Language, Month, Options, Pattern, Position, Time, UTTERANCE, fold,
    fold_word,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::{ops::Range, sync::OnceLock};

/// A class of words or numbers: its place in [`CLASSES`].
pub(super) type Symbol = u16;

/// Symbols of the classes that Rust must know by name, found once when the data is opened.
macro_rules! classes {
    ($($field:ident),* $(,)?) => {
        /// Symbols by the names of their classes.
        #[derive(Debug, Clone, Copy)]
        pub(super) struct Classes { $(pub(super) $field: Symbol),* }

        impl Classes {
            fn find() -> Result<Classes, Error> {
                let find = |name: &str| {
                    CLASSES.iter().position(|class| *class == name).map(|at| at as Symbol)
                        .ok_or_else(|| Error::data("time", format!("no class {name:?}")))
                };
                Ok(Classes { $($field: find(stringify!($field).trim_start_matches("r#"))?),* })
            }
        }
    };
}

classes!(
    month,
    weekday,
    weekday_short,
    weekdays,
    season,
    part,
    unit,
    units,
    few,
    couple,
    approx,
    shift,
    which,
    half,
    activity,
    deictic,
    dir,
    bc,
    ampm,
    zone,
    decade,
    digits,
    nth,
    holiday,
    a,
    many,
    apostrophe,
    possessive,
    since,
    future,
    corresponding,
    r#in,
    oclock,
    hourlead,
    hourword,
    ahead,
    minuteword,
    pastto,
    ap,
    edge,
    lasted,
    nthmark,
    joiner,
    led,
    upto,
    both,
    dual,
    card,
    dayword,
    day,
    nn,
    yy,
    year,
    num,
    nthnum,
    hh,
    mm,
    hhmm,
    hmonth,
    pmonth,
    cmonth,
    era,
);

/// Symbol of class `mod`, whose name is a word of Rust's own.
pub(super) fn modifier_symbol() -> Symbol {
    CLASSES.iter().position(|class| *class == "mod").unwrap_or(CLASSES.len()) as Symbol
}

/// What the time stage looks up.
#[derive(Debug)]
pub struct Data {
    english: Grammar,
    /// English utterances.
    utterances: Option<Slot>,
    /// Every other language.
    others: Vec<Slot>,
    months: Vec<Month>,
    /// How folded spellings of months begin: most words are none and are told by this.
    month_starts: Starts,
    pub(super) classes: Classes,
    pub(super) modifier: Symbol,
    /// How Hijri dates become civil ones.
    pub(crate) hijri: HijriVariant,
}

/// A language that is opened when the first text in it comes.
#[derive(Debug)]
struct Slot {
    tag: String,
    bytes: Vec<u8>,
    grammar: OnceLock<Option<Grammar>>,
}

impl Slot {
    fn grammar(&self) -> Option<&Grammar> {
        self.grammar.get_or_init(|| Grammar::open(Language::decode(&self.bytes)?).ok()).as_ref()
    }
}

/// Words and patterns of one language.
#[derive(Debug)]
pub(super) struct Grammar {
    options: Options,
    words: FxHashMap<Box<str>, Vec<Entry>>,
    /// Which beginnings and lengths its words have: most words of a text are none, and are told by this.
    gate: Gate,
    pub(super) positions: Vec<Position>,
    /// Positions at which a match may begin, by symbol.
    pub(super) starts: Vec<Vec<u16>>,
    /// By symbol: whether a match may be one word of it.
    pub(super) alone: Vec<bool>,
    /// By symbol: its bit. Those that no pattern has need none; where there are too many, some share one, so
    /// that a set of bits holds a few symbols too many.
    bits: Vec<u128>,
    /// By symbol: which symbols may follow where a match begins with it, as bits.
    pub(super) seconds: Vec<u128>,
    /// By position: which symbols may follow, as bits.
    pub(super) follows: Vec<u128>,
    pub(super) patterns: Vec<Pattern>,
    /// By pattern: what its words do.
    pub(super) means: Vec<Option<Means>>,
}

/// A phrase that begins with a word.
#[derive(Debug)]
struct Entry {
    rest: Vec<Box<str>>,
    symbol: Symbol,
    value: i32,
}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        let Time { languages, months } = casus_data::table("time")?;
        let (mut english, mut utterances) = (None, None);
        let mut others = Vec::with_capacity(languages.len());
        for (tag, bytes) in languages {
            if tag == "en" {
                english = Language::decode(&bytes).map(Grammar::open).transpose()?;
            } else if tag.strip_suffix(UTTERANCE) == Some("en") {
                utterances = Some(Slot { tag, bytes, grammar: OnceLock::new() });
            } else {
                others.push(Slot { tag, bytes, grammar: OnceLock::new() });
            }
        }
        let english = english.ok_or_else(|| Error::data("time", "no patterns for English"))?;
        let month_starts = Starts::of(months.iter().map(|month| month.key.as_str()));
        Ok(Data {
            english,
            utterances,
            others,
            months,
            month_starts,
            classes: Classes::find()?,
            modifier: modifier_symbol(),
            hijri: HijriVariant::default(),
        })
    }

    /// The name of the pattern that found a mention.
    pub fn pattern(&self, document: &Document<'_>, mention: &super::TimeMention) -> &str {
        let grammar = self.grammar(document, mention.pattern & OF_UTTERANCES != 0);
        let pattern = grammar.patterns.get(usize::from(mention.pattern & !OF_UTTERANCES));
        pattern.map_or("", |pattern| &pattern.name)
    }

    /// The words and patterns for a document: those of its language, else the English ones; for an utterance
    /// those that its language has for them.
    pub(super) fn grammar(&self, document: &Document<'_>, utterance: bool) -> &Grammar {
        let english = document.language.is_none_or(|tag| tag == "en");
        if let Some(grammar) =
            self.utterances.as_ref().filter(|_| utterance && english).and_then(Slot::grammar)
        {
            return grammar;
        }
        let slot = document.language.and_then(|tag| self.others.iter().find(|slot| slot.tag == tag));
        slot.and_then(Slot::grammar).unwrap_or(&self.english)
    }

    /// Tags of all languages; those that cannot be opened have none.
    #[cfg(test)]
    pub(super) fn languages(&self) -> Vec<&str> {
        self.others.iter().filter(|slot| slot.grammar().is_some()).map(|slot| slot.tag.as_str()).collect()
    }

    /// The longest name of a month of another calendar that begins at a piece: its length in pieces, and
    /// the months of all calendars that have it.
    fn foreign_months(&self, pieces: &[Piece<'_>], at: usize, key: &mut String) -> Option<(usize, &[Month])> {
        // Letters that fold to themselves need not be folded to be told.
        let next = pieces.get(at + 1).map_or("", |piece| piece.norm);
        if !self.month_starts.may_begin(pieces[at].norm, next) {
            return None;
        }
        key.clear();
        fold(pieces[at].norm, key);
        if key.as_bytes().first_chunk::<2>().is_none_or(|start| !self.month_starts.pairs.contains(start)) {
            return None;
        }
        let mut best = None;
        for len in 1..=9 {
            if len > 1 {
                let Some(piece) = pieces.get(at + len - 1) else { break };
                let before = key.len();
                fold(piece.norm, key);
                if key.len() == before && piece.norm.len() > 2 {
                    break;
                }
            }
            let place = self.months.partition_point(|month| month.key.as_str() < key.as_str());
            let Some(month) = self.months.get(place) else { break };
            if month.key == *key {
                // A closing quotation mark adds nothing to the key: the shortest run of pieces is the name, with
                // the sign that marks a Hebrew letter as a number.
                let geresh = pieces[at + len - 1].norm == "\u{5f3}";
                if geresh || best.is_none_or(|(_, other): (usize, &[Month])| other[0].key != month.key) {
                    let same = self.months[place..].iter().take_while(|other| other.key == *key).count();
                    best = Some((len, &self.months[place..place + same]));
                }
            } else if !month.key.starts_with(key.as_str()) {
                break;
            }
        }
        best
    }
}

/// In [`super::TimeMention::pattern`]: the pattern is one of utterances.
pub(super) const OF_UTTERANCES: u16 = 1 << 15;

impl Grammar {
    /// Whether its patterns are those of utterances.
    pub(super) fn is_utterance(&self) -> bool {
        self.options.utterance
    }

    /// The bit of a symbol.
    fn bit(&self, symbol: Symbol) -> u128 {
        self.bits.get(usize::from(symbol)).copied().unwrap_or(0)
    }

    /// The value of a single word in a class, and its length.
    fn word(&self, word: &str, symbol: Symbol) -> Option<(i32, usize)> {
        let entries = self.words.get(word)?;
        entries
            .iter()
            .find(|entry| entry.symbol == symbol && entry.rest.is_empty())
            .map(|entry| (entry.value, 1))
    }

    fn open(language: Language) -> Result<Grammar, Error> {
        let mut words: FxHashMap<Box<str>, Vec<Entry>> = FxHashMap::default();
        for word in language.words {
            let mut parts = word.phrase.split(' ').map(Box::<str>::from);
            let Some(first) = parts.next() else { continue };
            let entry = Entry { rest: parts.collect(), symbol: word.symbol, value: word.value };
            words.entry(first).or_default().push(entry);
        }
        let highest = language.positions.iter().map(|position| position.symbol).max().unwrap_or(0);
        let symbols = usize::from(highest.max(LITERALS)) + 1;
        let mut starts = vec![Vec::new(); symbols];
        let mut alone = vec![false; symbols];
        for (index, position) in language.positions.iter().enumerate() {
            let follows_exist =
                position.follow.iter().all(|&next| usize::from(next) < language.positions.len());
            if !follows_exist
                || usize::from(position.symbol) >= symbols
                || usize::from(position.pattern) >= language.patterns.len()
            {
                return Err(Error::data("time", format!("position {index} points nowhere")));
            }
            if position.first {
                starts[usize::from(position.symbol)].push(index as u16);
                alone[usize::from(position.symbol)] |= position.last;
            }
        }
        let mut bits = vec![0u128; symbols];
        let mut next = 0;
        for position in &language.positions {
            let bit = &mut bits[usize::from(position.symbol)];
            if *bit == 0 {
                *bit = 1 << (next % 128);
                next += 1;
            }
        }
        let bit = |next: &u16| bits[usize::from(language.positions[usize::from(*next)].symbol)];
        let follows = language.positions.iter();
        let follows = follows.map(|position| position.follow.iter().fold(0, |all, next| all | bit(next)));
        let follows: Vec<u128> = follows.collect();
        let seconds = starts
            .iter()
            .map(|starts: &Vec<u16>| starts.iter().fold(0, |all, start| all | follows[usize::from(*start)]));
        let seconds: Vec<u128> = seconds.collect();
        let mut gate = Gate::default();
        words.keys().for_each(|word| gate.add(word));
        Ok(Grammar {
            options: language.options,
            gate,
            words,
            positions: language.positions,
            starts,
            alone,
            bits,
            seconds,
            follows,
            means: language.patterns.iter().map(|pattern| Means::named(&pattern.means)).collect(),
            patterns: language.patterns,
        })
    }
}

/// The first letters of a set of spellings.
#[derive(Debug)]
struct Starts {
    /// The first two bytes.
    pairs: FxHashSet<[u8; 2]>,
    /// Places of the first four letters of spellings that begin with letters from a to z, and of shorter ones.
    /// Two spellings may have the same place.
    letters: Box<[u64]>,
}

impl Starts {
    fn of<'k>(keys: impl Iterator<Item = &'k str>) -> Starts {
        let mut starts =
            Starts { pairs: FxHashSet::default(), letters: vec![0; (1 << 16) / 64].into_boxed_slice() };
        for key in keys {
            starts.pairs.extend(key.as_bytes().first_chunk::<2>());
            let (letters, _) = Starts::letters(key);
            let place = Starts::place(letters);
            starts.letters[place / 64] |= 1 << (place % 64);
        }
        starts
    }

    /// The first letters from a to z, at most four, and how many they are.
    fn letters(word: &str) -> (u32, usize) {
        let letters = word.bytes().take(4).take_while(u8::is_ascii_lowercase);
        letters.fold((0, 0), |(letters, count), letter| (letters << 8 | u32::from(letter), count + 1))
    }

    fn place(letters: u32) -> usize {
        (letters.wrapping_mul(0x9e37_79b1) >> 16) as usize
    }

    fn holds(&self, letters: u32) -> bool {
        let place = Starts::place(letters);
        self.letters[place / 64] >> (place % 64) & 1 == 1
    }

    /// Whether a spelling may begin with a word that is not folded yet, or with it and the next one.
    fn may_begin(&self, word: &str, next: &str) -> bool {
        let (letters, count) = Starts::letters(word);
        if count == 4 || count == word.len() && self.holds(letters) {
            return self.holds(letters);
        }
        let (more, others) = Starts::letters(next);
        if count == word.len() && count + others >= 4 {
            return self.holds(letters << (8 * (4 - count)) | more >> (8 * (others + count - 4)));
        }
        // Letters with marks, and signs between letters.
        match word.as_bytes() {
            [a @ b'a'..=b'z', b @ b'a'..=b'z', ..] => self.pairs.contains(&[*a, *b]),
            _ => true,
        }
    }
}

/// A set of words by their length, their first two bytes and their last one, which holds a few words too many.
struct Gate(Box<[u64]>);

impl Gate {
    fn place(word: &str) -> usize {
        let (first, second, last) = match word.as_bytes() {
            [first, second, .., last] => (*first, *second, *last),
            [first, second] => (*first, *second, 0),
            [first] => (*first, 0, 0),
            [] => (0, 0, 0),
        };
        let key = u32::from_le_bytes([first, second, last, word.len().min(31) as u8]);
        // Multiplied, the bytes meet in the upper half.
        (key.wrapping_mul(0x9e37_79b1) >> 16) as usize
    }

    fn add(&mut self, word: &str) {
        let place = Gate::place(word);
        self.0[place / 64] |= 1 << (place % 64);
    }

    fn may_hold(&self, word: &str) -> bool {
        let place = Gate::place(word);
        self.0[place / 64] >> (place % 64) & 1 == 1
    }
}

impl Default for Gate {
    fn default() -> Gate {
        Gate(vec![0; (1 << 16) / 64].into_boxed_slice())
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gate of {} places", self.0.iter().map(|word| word.count_ones()).sum::<u32>())
    }
}

/// A token or a part of one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'d> {
    pub(super) token: TokenId,
    /// Byte offsets into the text.
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) norm: &'d str,
}

/// What a piece, with those after it, may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) symbol: Symbol,
    /// How many pieces it takes.
    pub(super) len: u8,
    pub(super) value: i32,
}

/// The pieces of a document and their readings.
#[derive(Debug)]
pub(super) struct Pieces<'d> {
    pub(super) all: Vec<Piece<'d>>,
    readings: Vec<Reading>,
    /// For each piece, where its readings begin; one more at the end.
    starts: Vec<u32>,
    /// For each piece, the bits of its readings.
    marks: Vec<u128>,
    /// Pieces that are read as class `future`, in text order.
    future: Vec<u32>,
}

/// Normal forms of a document's tokens as its language compares them; nothing for one that compares them
/// as they are.
#[derive(Debug, Default)]
pub(super) struct Folded {
    text: String,
    /// For each token, where its form begins; one more at the end.
    starts: Vec<u32>,
}

impl Folded {
    pub(super) fn new(grammar: &Grammar, document: &Document<'_>, until: TokenId) -> Folded {
        let mut folded = Folded::default();
        if grammar.options.fold {
            for token in 0..(document.tokens.len() as TokenId).min(until) {
                folded.starts.push(folded.text.len() as u32);
                fold_word(document.norm(token), &mut folded.text);
            }
            folded.starts.push(folded.text.len() as u32);
        }
        folded
    }

    fn norm<'a>(&'a self, document: &'a Document<'_>, token: TokenId) -> &'a str {
        match self.starts.get(token as usize..token as usize + 2) {
            Some(&[start, end]) => self.text.get(start as usize..end as usize).unwrap_or_default(),
            _ => document.norm(token),
        }
    }
}

impl<'d> Pieces<'d> {
    /// Reads the tokens up to `until`.
    pub(super) fn new(
        data: &Data,
        grammar: &Grammar,
        document: &'d Document<'_>,
        folded: &'d Folded,
        until: TokenId,
    ) -> Pieces<'d> {
        let tokens = &document.tokens[..document.tokens.len().min(until as usize)];
        let mut all = Vec::with_capacity(tokens.len() + tokens.len() / 8);
        let whole_words = Options { utterance: false, ..grammar.options.clone() } == Options::default();
        for (index, token) in tokens.iter().enumerate() {
            let norm = folded.norm(document, index as TokenId);
            if norm.is_empty() {
                continue;
            }
            let whole = Piece { token: index as TokenId, start: token.span.start, end: token.span.end, norm };
            // Offsets into the normal form are offsets into the word only if both are equally long.
            let as_long = norm.len() as u32 == token.span.len();
            let plain = whole_words && norm.bytes().all(|byte| byte.is_ascii_lowercase());
            if norm.len() == 1 || plain {
                all.push(whole);
            } else if !whole_words && !norm.as_bytes()[0].is_ascii_digit() {
                cut_word(grammar, whole, as_long, &mut all);
            } else if as_long && grammar.options.utterance && split_said(grammar, whole, &mut all) {
            } else if as_long {
                split(grammar, whole, &mut all);
            } else {
                all.push(whole);
            }
        }
        let mut pieces = Pieces {
            readings: Vec::with_capacity(all.len()),
            starts: Vec::with_capacity(all.len() + 1),
            marks: Vec::with_capacity(all.len()),
            future: Vec::new(),
            all,
        };
        let mut key = String::new();
        for at in 0..pieces.all.len() {
            let from = pieces.readings.len();
            pieces.starts.push(from as u32);
            pieces.read(data, grammar, at, &mut key);
            let readings = pieces.readings[from..].iter();
            pieces.marks.push(readings.fold(0, |all, reading| all | grammar.bit(reading.symbol)));
        }
        pieces.starts.push(pieces.readings.len() as u32);
        pieces
    }

    /// What the piece may stand for.
    pub(super) fn readings(&self, at: usize) -> &[Reading] {
        match self.starts.get(at..at.saturating_add(2)) {
            Some(&[start, end]) => &self.readings[start as usize..end as usize],
            _ => &[],
        }
    }

    /// The bits of the readings of a piece; none beyond the ends.
    pub(super) fn marks(&self, at: usize) -> u128 {
        self.marks.get(at).copied().unwrap_or(0)
    }

    /// The pieces of a range that are read as class `future`.
    pub(super) fn future_words(&self, range: Range<usize>) -> &[u32] {
        let place = |at: usize| self.future.partition_point(|word| (*word as usize) < at);
        self.future.get(place(range.start)..place(range.end)).unwrap_or_default()
    }

    /// The reading of a piece as a class.
    pub(super) fn reading(&self, at: usize, symbol: Symbol) -> Option<Reading> {
        self.readings(at).iter().copied().find(|reading| reading.symbol == symbol)
    }

    /// The normal form of a piece; empty beyond the ends.
    pub(super) fn norm(&self, at: usize) -> &'d str {
        self.all.get(at).map_or("", |piece| piece.norm)
    }

    /// The piece before, or the empty word.
    pub(super) fn before(&self, at: usize) -> &'d str {
        at.checked_sub(1).map_or("", |at| self.norm(at))
    }

    fn read(&mut self, data: &Data, grammar: &Grammar, at: usize, key: &mut String) {
        let norm = self.all[at].norm;
        let classes = data.classes;
        let push = |readings: &mut Vec<Reading>, symbol, len: usize, value| {
            readings.push(Reading { symbol, len: len as u8, value });
        };
        let first = norm.as_bytes()[0];
        if first.is_ascii_digit() {
            self.read_digits(classes, grammar, at);
        }
        // "Jan." and "a.m." carry their dot; the words of the data do not.
        let dotted = norm.len() > 1 && norm.as_bytes().last() == Some(&b'.');
        let bare = if dotted { norm.trim_end_matches('.') } else { norm };
        let entries = if grammar.gate.may_hold(bare) { grammar.words.get(bare) } else { None };
        if let Some(entries) = entries {
            for entry in entries {
                let matches =
                    entry.rest.iter().enumerate().all(|(step, word)| self.norm(at + 1 + step) == &**word);
                if matches && entry.symbol == classes.future && self.future.last() != Some(&(at as u32)) {
                    self.future.push(at as u32);
                }
                if matches && entry.symbol != classes.digits {
                    push(&mut self.readings, entry.symbol, 1 + entry.rest.len(), entry.value);
                }
            }
            if entries.iter().any(|entry| entry.symbol == classes.digits || entry.symbol == classes.nth) {
                self.read_number_words(classes, grammar, at);
            }
        } else if matches!(norm, "'s" | "'" | "\u{2019}s") {
            push(&mut self.readings, classes.possessive, 1, 0);
        }
        if first == b'\'' {
            push(&mut self.readings, classes.apostrophe, 1, 0);
        }
        if (first.is_ascii_alphabetic() || first >= 0x80)
            && let Some((len, months)) = data.foreign_months(&self.all, at, key)
        {
            for month in months {
                let value = i32::from(month.month) + 100 * i32::from(month.name_too);
                match month.calendar {
                    1 => push(&mut self.readings, classes.hmonth, len, value),
                    2 => push(&mut self.readings, classes.pmonth, len, value),
                    other => push(&mut self.readings, classes.cmonth, len, value + 1000 * i32::from(other)),
                }
            }
        }
    }

    fn read_digits(&mut self, classes: Classes, grammar: &Grammar, at: usize) {
        let norm = self.all[at].norm;
        let digits = norm.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = norm.split_at(digits);
        let mut push = |symbol, value| self.readings.push(Reading { symbol, len: 1, value });
        let value: i32 = if digits <= 9 { number.parse().unwrap_or(0) } else { return };
        match tail {
            "" => {
                if digits <= 2 {
                    push(classes.nn, value);
                    if (1..=31).contains(&value) {
                        push(classes.day, value);
                    }
                    if value <= 24 {
                        push(classes.hh, value);
                    }
                    if digits == 2 && value < 60 {
                        push(classes.mm, value);
                    }
                    if digits == 2 {
                        push(classes.yy, value);
                    }
                }
                if digits == 4 && (1000..=2199).contains(&value) {
                    push(classes.year, value);
                }
                let said = grammar.options.utterance && digits == 3;
                if (digits == 4 || said) && value <= 2400 && value % 100 < 60 {
                    push(classes.hhmm, value);
                }
                if digits <= 4 && value > 0 {
                    push(classes.num, value);
                }
                if value <= 20_000_000 && (digits == 1 || !number.starts_with('0')) {
                    let half = self.half(at + 1);
                    self.readings.push(Reading {
                        symbol: classes.card,
                        len: 1 + half.0,
                        value: value * 100 + half.1,
                    });
                }
            }
            "st" | "nd" | "rd" | "th" if (1..=200).contains(&value) => {
                push(classes.nth, value);
                if value <= 31 {
                    push(classes.nthnum, value);
                }
            }
            // "1er", "15º"
            _ if (1..=31).contains(&value) && grammar.word(tail, classes.nthmark).is_some() => {
                push(classes.nth, value);
                push(classes.nthnum, value);
            }
            "s" if digits == 4 && value % 10 == 0 && (1000..=2090).contains(&value) => {
                push(classes.decade, value / 10);
            }
            "s" if digits == 2 && value % 10 == 0 && value >= 20 => push(classes.decade, 190 + value / 10),
            "h" | "hrs" | "hours" if digits == 4 && value <= 2400 => push(classes.hhmm, value),
            _ if tail.starts_with([',', '.', '٬'])
                && tail[1..].bytes().all(|b| b.is_ascii_digit() || b == b',') =>
            {
                let decimals = &tail[1..];
                if tail.starts_with('.') && matches!(decimals.len(), 1 | 2) {
                    let hundredths: i32 = decimals.parse().unwrap_or(0);
                    let scale = if decimals.len() == 1 { 10 } else { 1 };
                    push(classes.card, value.min(1_000_000) * 100 + hundredths * scale);
                    if decimals.len() == 2 && value <= 24 && hundredths < 60 {
                        // "at 17.30": hours and minutes as one number.
                        push(classes.hhmm, -(value * 100 + hundredths));
                    }
                } else if decimals.len() % 4 == 3 {
                    let whole: String = norm.bytes().filter(u8::is_ascii_digit).map(char::from).collect();
                    if let Ok(value) = whole.parse::<i32>()
                        && value <= 20_000_000
                    {
                        push(classes.card, value * 100);
                    }
                }
            }
            _ => {}
        }
    }

    /// "and a half" or "1/2" after a number: how many pieces it takes and its hundredths.
    fn half(&self, at: usize) -> (u8, i32) {
        if self.norm(at) == "and" && matches!(self.norm(at + 1), "a" | "an") && self.norm(at + 2) == "half" {
            (3, 50)
        } else if self.norm(at) == "and" && self.norm(at + 1) == "half" {
            (2, 50)
        } else if self.norm(at) == "1" && self.norm(at + 1) == "/" && self.norm(at + 2) == "2" {
            (3, 50)
        } else if self.norm(at) == "½" {
            (1, 50)
        } else {
            (0, 0)
        }
    }

    /// Reads "twenty-five", "two hundred and ten", "twenty-first", "nineteen ninety-six".
    fn read_number_words(&mut self, classes: Classes, grammar: &Grammar, at: usize) {
        let (len, value, nth) = self.number_words(classes, grammar, at);
        if nth {
            if len > 1 {
                self.readings.push(Reading { symbol: classes.nth, len: len as u8, value });
            }
            return;
        }
        if len == 0 {
            return;
        }
        let half = self.half(at + len);
        self.readings.push(Reading {
            symbol: classes.card,
            len: len as u8 + half.0,
            value: value * 100 + half.1,
        });
        if (1..=31).contains(&value) && len <= 3 {
            self.readings.push(Reading { symbol: classes.hh, len: len as u8, value: value.min(25) });
        }
        if grammar.options.utterance && (10..60).contains(&value) {
            self.readings.push(Reading { symbol: classes.mm, len: len as u8, value });
        }
        if (1..=31).contains(&value) && len <= 3 && grammar.options.number_words {
            self.readings.push(Reading { symbol: classes.dayword, len: len as u8, value });
        }
        let said_year = (1000..2200).contains(&value)
            && (self.before(at) == "year" || grammar.options.number_words && len > 1);
        if said_year {
            self.readings.push(Reading { symbol: classes.year, len: len as u8, value });
        }
        if (10..=21).contains(&value) && !grammar.options.number_words {
            let (more, rest, nth) = self.number_words(classes, grammar, at + len);
            if more > 0 && !nth && (10..=99).contains(&rest) {
                let year = value * 100 + rest;
                self.readings.push(Reading { symbol: classes.year, len: (len + more) as u8, value: year });
            }
        }
    }

    /// The longest number in words from a piece: pieces, value, and whether it ends as an ordinal.
    ///
    /// Class `digits` says what a word does: its value is added; 100 and 1000 multiply what stands before
    /// them; -100 and -1000 do, and are numbers alone, too. A `joiner` may stand between the parts; one of
    /// value 2 also between a unit and the tens behind it ("five and twenty").
    fn number_words(&self, classes: Classes, grammar: &Grammar, start: usize) -> (usize, i32, bool) {
        let (mut total, mut group, mut at, mut end) = (0i32, 0i32, start, start);
        // What may still be added to the group: 1 to 9 after tens, anything below hundred after hundred.
        let mut room = 1000;
        while at < start + 12 {
            let joiner = if at > start {
                grammar.word(self.norm(at), classes.joiner).map(|(value, _)| value)
            } else {
                None
            };
            let may_join = joiner.is_some_and(|joiner| joiner >= 1 || group >= 100 || total > 0);
            let word = if may_join { at + 1 } else { at };
            if let Some((value, len)) = self.phrase(grammar, word, classes.digits) {
                match value {
                    1000 | -1000 if group > 0 || value < 0 && total == 0 => {
                        total = total.saturating_add(group.max(1).saturating_mul(1000)).min(2_000_000);
                        group = 0;
                        room = 1000;
                    }
                    100 | -100 if (1..10).contains(&group) || value == 100 && (10..100).contains(&group) => {
                        group *= 100;
                        room = 100;
                    }
                    -100 if group == 0 => {
                        group = 100;
                        room = 100;
                    }
                    20..=90 if joiner == Some(2) && room == 0 && (1..10).contains(&(group % 100)) => {
                        group += value;
                    }
                    1..=99 | 101..=999 if value < room => {
                        group += value;
                        room = match value {
                            100.. => 100,
                            20.. => 10,
                            _ => 0,
                        };
                    }
                    _ => break,
                }
                at = word + len;
                end = at;
                continue;
            }
            if word > start
                && let Some((value, len)) = self.phrase(grammar, word, classes.nth)
                && value < room
                && (room == 10 || group >= 100)
            {
                return (word + len - start, total + group + value, true);
            }
            break;
        }
        (end - start, total + group, false)
    }

    /// The value and length of the longest phrase of a class at a piece.
    fn phrase(&self, grammar: &Grammar, at: usize, symbol: Symbol) -> Option<(i32, usize)> {
        let entries = grammar.words.get(self.norm(at))?;
        entries
            .iter()
            .filter(|entry| {
                entry.symbol == symbol
                    && entry.rest.iter().enumerate().all(|(step, word)| self.norm(at + 1 + step) == &**word)
            })
            .map(|entry| (entry.value, 1 + entry.rest.len()))
            .max_by_key(|(_, len)| *len)
    }
}

/// Cuts a word of a language that writes some words together: prefixes, articles and endings set off by an
/// apostrophe, letters from digits.
fn cut_word<'d>(grammar: &Grammar, whole: Piece<'d>, as_long: bool, into: &mut Vec<Piece<'d>>) {
    let (norm, options) = (whole.norm, &grammar.options);
    // Where forms differ in length, the parts of a word have its whole span.
    let part = |from: usize, to: usize| {
        let (start, end) = if as_long {
            (whole.start + from as u32, whole.start + to as u32)
        } else {
            (whole.start, whole.end)
        };
        norm.get(from..to).filter(|norm| !norm.is_empty()).map(|norm| Piece {
            token: whole.token,
            start,
            end,
            norm,
        })
    };
    let known = |word: &str| grammar.words.contains_key(word.trim_end_matches('.'));
    if known(norm) {
        into.push(whole);
        return;
    }
    let mut cuts = [0usize; 2];
    if options.apostrophe != Apostrophe::Whole
        && let Some(at) = norm.char_indices().skip(1).find(|(_, c)| *c == '\'').map(|(at, _)| at)
    {
        cuts[0] = if options.apostrophe == Apostrophe::Before { at } else { at + 1 };
    } else if let Some(prefix) =
        options.prefixes.iter().find(|prefix| norm.strip_prefix(prefix.as_str()).is_some_and(known))
    {
        cuts[0] = prefix.len();
    } else if let Some((outer, inner)) = options.prefixes.iter().find_map(|outer| {
        let rest = norm.strip_prefix(outer.as_str())?;
        let inner =
            options.prefixes.iter().find(|prefix| rest.strip_prefix(prefix.as_str()).is_some_and(known))?;
        Some((outer.len(), inner.len()))
    }) {
        cuts = [outer, outer + inner];
    } else if let Some(at) = norm.find(|c: char| c.is_ascii_digit()) {
        cuts[0] = at;
    }
    let [first, second] = cuts;
    if first == 0 {
        into.push(whole);
        return;
    }
    into.extend(part(0, first));
    if second > first {
        into.extend(part(first, second));
        into.extend(part(second, norm.len()));
    } else {
        into.extend(part(first, norm.len()));
    }
}

/// Splits a token of an utterance between digits and letters, where the letters are a word: "9a", "16h30",
/// "18q4". Returns whether it did.
fn split_said<'d>(grammar: &Grammar, whole: Piece<'d>, into: &mut Vec<Piece<'d>>) -> bool {
    let norm = whole.norm;
    let is_digit = |c: char| c.is_ascii_digit();
    if !norm.contains(is_digit) || !norm.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    let runs = || norm.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    let mut from = 0;
    let known = runs().all(|run| {
        let word = norm.get(from..from + run.len()).unwrap_or_default();
        from += run.len();
        word.starts_with(is_digit)
            || !matches!(word, "st" | "nd" | "rd" | "th" | "s") && grammar.words.contains_key(word)
    });
    if !known || runs().count() < 2 {
        return false;
    }
    let mut from = 0;
    for run in runs() {
        let to = from + run.len();
        if let Some(norm) = norm.get(from..to) {
            let (start, end) = (whole.start + from as u32, whole.start + to as u32);
            into.push(Piece { token: whole.token, start, end, norm });
        }
        from = to;
    }
    true
}

/// Splits a token where a time may have an inner border.
fn split<'d>(grammar: &Grammar, whole: Piece<'d>, into: &mut Vec<Piece<'d>>) {
    let bytes = whole.norm.as_bytes();
    if let Some(at) = bytes.iter().position(u8::is_ascii_digit).filter(|at| *at > 0)
        && bytes[at..].iter().all(u8::is_ascii_digit)
        && let (Some(word), Some(number)) = (whole.norm.get(..at), whole.norm.get(at..))
        && grammar.words.contains_key(word)
    {
        // "h30" of "15h30", "feb13".
        let middle = whole.start + at as u32;
        into.push(Piece { end: middle, norm: word, ..whole });
        into.push(Piece { start: middle, norm: number, ..whole });
        return;
    }
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut from = 0;
    let mut cut = |from: usize, to: usize| {
        // Cuts stand beside ASCII bytes only, so they are character boundaries.
        if from < to
            && let Some(norm) = whole.norm.get(from..to)
        {
            let (start, end) = (whole.start + from as u32, whole.start + to as u32);
            into.push(Piece { token: whole.token, start, end, norm });
        }
    };
    for (at, &byte) in bytes.iter().enumerate() {
        let sign = match byte {
            b'-' | b'/' | b'(' | b')' => true,
            b':' => digit(at + 1),
            b'.' => {
                // 14.11.2011, not 3.5 and not a.m.
                at > 0 && digit(at - 1) && digit(at + 1) && bytes.iter().filter(|b| **b == b'.').count() == 2
            }
            _ => false,
        };
        if sign {
            cut(from, at);
            cut(at, at + 1);
            from = at + 1;
        } else if byte == b'\'' && at > from && at + 2 == bytes.len() && bytes[at + 1] == b's' {
            cut(from, at);
            from = at;
        } else if byte == b'\'' && at == 0 && digit(1) {
            cut(0, 1);
            from = 1;
        } else if at > from
            && digit(at - 1)
            && (bytes[at..].starts_with(b"am")
                || bytes[at..].starts_with(b"pm")
                || bytes[at..].starts_with(b"a.m")
                || bytes[at..].starts_with(b"p.m"))
        {
            cut(from, at);
            from = at;
        }
    }
    cut(from, bytes.len());
}
