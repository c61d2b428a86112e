//! Section `time`: `data/patterns/<lang>/time*.toml` and `data/calendars/*.toml`.

use crate::tables::time::{
    Apostrophe, CALENDARS, CLASSES, LITERALS, Language, Month, Options, Pattern, Position, Time, UTTERANCE,
    Word, fold, fold_word,
};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    path::{Path, PathBuf},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    options: Options,
    #[serde(default)]
    words: BTreeMap<String, BTreeMap<String, i32>>,
    #[serde(default, rename = "macro")]
    macros: BTreeMap<String, String>,
    #[serde(default)]
    pattern: Vec<Rule>,
    /// Cases are run by the engine's tests.
    #[serde(default, rename = "yes")]
    _yes: Vec<String>,
    #[serde(default, rename = "no")]
    _no: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    name: String,
    #[serde(rename = "match")]
    notation: String,
    means: String,
    #[serde(default)]
    guard: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    shift: i32,
    #[serde(default)]
    part: u8,
    /// Cases are run by the engine's tests.
    #[serde(default, rename = "yes")]
    _yes: Vec<String>,
    #[serde(default, rename = "no")]
    _no: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Calendar {
    calendar: String,
    month: Vec<CalendarMonth>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarMonth {
    number: u8,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    name_too: Vec<String>,
}

pub(crate) fn build(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let calendars = folder.with_file_name("calendars");
    println!("cargo::rerun-if-changed={}", calendars.display());
    let mut time = Time { languages: Vec::new(), months: months(&calendars)? };
    let shared = files_named(&folder.join(SHARED), "time")?;
    for language in sorted(folder)? {
        let tag = language.file_name().and_then(|x| x.to_str()).unwrap_or_default();
        let mut files = files_named(&language, "time")?;
        if files.is_empty() || tag == SHARED {
            continue;
        }
        // English has an order of its own for every pattern.
        if tag != "en" {
            files.extend(shared.iter().cloned());
        }
        time.languages.push((tag.to_owned(), postcard::to_stdvec(&compile(tag, &files)?)?));
        let mut said = files_named(&language, "utterance")?;
        if !said.is_empty() {
            // Their words and patterns go before those that they share with reports.
            said.extend(files);
            let compiled = postcard::to_stdvec(&compile(tag, &said)?)?;
            time.languages.push((format!("{tag}{UTTERANCE}"), compiled));
        }
    }
    Ok(postcard::to_stdvec(&time)?)
}

/// The folder of patterns that name classes only, for all languages that list the words of the classes.
const SHARED: &str = "shared";

/// The files of a folder whose names begin so.
fn files_named(folder: &Path, name: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = sorted(folder)?;
    files.retain(|path| {
        path.extension().is_some_and(|x| x == "toml")
            && path.file_stem().and_then(|x| x.to_str()).is_some_and(|x| x.starts_with(name))
    });
    Ok(files)
}

/// Adds a phrase as the engine will meet it: cut where words are cut, folded where words are folded; in
/// Latin and Cyrillic script also without its marks, as hurried writers have it.
fn add_word(
    words: &mut BTreeSet<Word>,
    options: &Options,
    plain: bool,
    phrase: &str,
    symbol: u16,
    value: i32,
) {
    let mut text = String::new();
    let mut letter_before = false;
    let mut chars = phrase.chars().peekable();
    while let Some(c) = chars.next() {
        let inner = c == '\'' && letter_before && chars.peek().is_some_and(|next| next.is_alphabetic());
        match options.apostrophe {
            Apostrophe::Before if inner => text.push_str(" '"),
            Apostrophe::Behind if inner => text.push_str("' "),
            _ => text.push(c),
        }
        letter_before = c.is_alphabetic();
    }
    let mut add = |phrase: String| words.insert(Word { phrase, symbol, value });
    if options.fold {
        let mut folded = String::new();
        fold_word(&text, &mut folded);
        add(folded);
        return;
    }
    let bare = without_marks(&text);
    if !plain && bare != text && text.chars().count() > 2 {
        add(bare);
    }
    if !plain && text.starts_with('i') {
        // What lower-casing makes of a capital dotted I.
        add(format!("i\u{307}{}", &text[1..]));
    }
    add(text);
}

/// A phrase without accents: what is written where a keyboard has none.
fn without_marks(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'à' | 'á' | 'â' | 'ã' => 'a',
            'ç' => 'c',
            'è' | 'é' | 'ê' | 'ë' => 'e',
            'í' | 'î' | 'ï' | 'ı' => 'i',
            'ñ' => 'n',
            'ó' | 'ô' | 'õ' | 'ö' => 'o',
            'ù' | 'ú' | 'û' | 'ü' => 'u',
            'ğ' => 'g',
            'ş' => 's',
            'ё' => 'е',
            _ => c,
        })
        .collect()
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.is_dir() || path.extension().is_some_and(|x| x == "toml"));
    paths.sort();
    Ok(paths)
}

fn months(folder: &Path) -> Result<Vec<Month>, Box<dyn Error>> {
    let mut months = BTreeMap::new();
    for path in sorted(folder)? {
        if path.ends_with("SOURCE.toml") {
            continue;
        }
        let calendar: Calendar = toml::from_str(&fs::read_to_string(&path)?)
            .map_err(|cause| format!("{}: {cause}", path.display()))?;
        let number = CALENDARS.iter().position(|name| *name == calendar.calendar);
        let number =
            number.ok_or_else(|| format!("{}: no calendar {:?}", path.display(), calendar.calendar))?;
        let number = u8::try_from(number)? + 1;
        for month in calendar.month {
            for (names, name_too) in [(&month.names, false), (&month.name_too, true)] {
                for name in names {
                    let mut key = String::new();
                    fold(name, &mut key);
                    let entry = Month { key: key.clone(), calendar: number, month: month.number, name_too };
                    if let Some(other) = months.insert((key, number), entry)
                        && other.month != month.number
                    {
                        return Err(format!("{}: {name:?} is two months", path.display()).into());
                    }
                }
            }
        }
    }
    Ok(months.into_values().collect())
}

fn compile(tag: &str, files: &[PathBuf]) -> Result<Language, Box<dyn Error>> {
    let mut language = Language { tag: tag.to_owned(), ..Language::default() };
    let mut words = BTreeSet::new();
    let mut literals = BTreeMap::new();
    let mut macros = BTreeMap::new();
    let mut names = BTreeSet::new();
    let plain = tag == "en";
    let mut read = Vec::with_capacity(files.len());
    for path in files {
        let file: File = toml::from_str(&fs::read_to_string(path)?)
            .map_err(|cause| format!("{}: {cause}", path.display()))?;
        for (name, body) in &file.macros {
            // A language may have its own form of a macro that the shared patterns use.
            macros.entry(name.clone()).or_insert_with(|| body.clone());
        }
        read.push((path, file));
    }
    if let Some((_, first)) = read.first() {
        language.options = first.options.clone();
    }
    let mut said = BTreeSet::new();
    for (path, file) in read {
        let at = |message: String| format!("{}: {message}", path.display());
        for (class, list) in &file.words {
            let symbol = class_symbol(class).map_err(at)?;
            for (phrase, &value) in list {
                // The first file to say what a word means for a class is right.
                if !said.insert((symbol, phrase.clone())) {
                    continue;
                }
                add_word(&mut words, &language.options, plain, phrase, symbol, value);
            }
        }
        for rule in file.pattern {
            if !names.insert(rule.name.clone()) {
                // A language's own pattern stands for the shared one of its name.
                if path.parent().is_some_and(|folder| folder.ends_with(SHARED)) {
                    continue;
                }
                return Err(at(format!("pattern {:?} twice", rule.name)).into());
            }
            let notation = expand(&rule.notation, &macros).map_err(at)?;
            let mut parser = Parser {
                tokens: tokens(&notation).map_err(at)?,
                at: 0,
                extent: 0,
                extents: 0,
                pattern: u16::try_from(language.patterns.len())?,
                positions: &mut language.positions,
                literals: &mut literals,
            };
            let whole = parser.alternatives().map_err(|cause| at(format!("{}: {cause}", rule.name)))?;
            if parser.at != parser.tokens.len() {
                return Err(
                    at(format!("{}: unbalanced {:?}", rule.name, parser.tokens.get(parser.at))).into()
                );
            }
            if whole.empty {
                return Err(at(format!("{}: matches nothing at all", rule.name)).into());
            }
            for &first in &whole.first {
                language.positions[usize::from(first)].first = true;
            }
            for &last in &whole.last {
                language.positions[usize::from(last)].last = true;
            }
            language.patterns.push(Pattern {
                name: rule.name,
                means: rule.means,
                guard: rule.guard,
                value: rule.value,
                kind: rule.kind,
                shift: rule.shift,
                part: rule.part,
            });
        }
    }
    for (phrase, symbol) in literals {
        add_word(&mut words, &language.options, plain, &phrase, symbol, 0);
    }
    language.words = words.into_iter().collect();
    Ok(language)
}

fn class_symbol(class: &str) -> Result<u16, String> {
    CLASSES
        .iter()
        .position(|name| *name == class)
        .map(|index| index as u16)
        .ok_or_else(|| format!("no class {class:?}"))
}

/// Puts the macros in, however deep they are nested.
fn expand(notation: &str, macros: &BTreeMap<String, String>) -> Result<String, String> {
    let mut text = notation.to_owned();
    for _ in 0..64 {
        let Some(start) = text.find('@') else { return Ok(text) };
        let rest = &text[start + 1..];
        let len = rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len());
        let body = macros.get(&rest[..len]).ok_or_else(|| format!("no macro {:?}", &rest[..len]))?;
        text = text.replace(&text[start..=start + len].to_owned(), body);
    }
    Err(format!("macros of {notation:?} never end"))
}

#[derive(Debug, Clone, PartialEq)]
enum Sign {
    Open,
    Close,
    Or,
    Optional,
    Begin,
    End,
    Class(String),
    Word(String),
}

fn tokens(notation: &str) -> Result<Vec<Sign>, String> {
    let mut signs = Vec::new();
    let mut chars = notation.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut until = |end: char| -> Result<String, String> {
            let from = start + 1;
            for (index, c) in chars.by_ref() {
                if c == end {
                    return Ok(notation[from..index].to_owned());
                }
            }
            Err(format!("{c} without {end} in {notation:?}"))
        };
        signs.push(match c {
            ' ' => continue,
            '(' => Sign::Open,
            ')' => Sign::Close,
            '|' => Sign::Or,
            '?' => Sign::Optional,
            '[' => Sign::Begin,
            ']' => Sign::End,
            '{' => Sign::Class(until('}')?),
            '\'' => Sign::Word(until('\'')?),
            _ => {
                let mut end = start + c.len_utf8();
                while let Some((index, c)) = chars.next_if(|(_, c)| !" ()|?[]{}".contains(*c)) {
                    end = index + c.len_utf8();
                }
                Sign::Word(notation[start..end].to_owned())
            }
        });
    }
    Ok(signs)
}

/// First, last and whether it may be empty: what Glushkov's construction needs of a part.
struct Part {
    first: Vec<u16>,
    last: Vec<u16>,
    empty: bool,
}

struct Parser<'a> {
    tokens: Vec<Sign>,
    at: usize,
    extent: u8,
    extents: u8,
    pattern: u16,
    positions: &'a mut Vec<Position>,
    literals: &'a mut BTreeMap<String, u16>,
}

impl Parser<'_> {
    fn alternatives(&mut self) -> Result<Part, String> {
        let mut whole = self.sequence()?;
        while self.tokens.get(self.at) == Some(&Sign::Or) {
            self.at += 1;
            let other = self.sequence()?;
            whole.first.extend(other.first);
            whole.last.extend(other.last);
            whole.empty |= other.empty;
        }
        Ok(whole)
    }

    fn sequence(&mut self) -> Result<Part, String> {
        let mut whole = Part { first: Vec::new(), last: Vec::new(), empty: true };
        while let Some(sign) = self.tokens.get(self.at).cloned() {
            let mut part = match sign {
                Sign::Close | Sign::Or => break,
                Sign::Begin => {
                    self.at += 1;
                    self.extents += 1;
                    self.extent = self.extents;
                    continue;
                }
                Sign::End => {
                    self.at += 1;
                    self.extent = 0;
                    continue;
                }
                Sign::Optional => return Err("? after nothing".to_owned()),
                Sign::Open => {
                    self.at += 1;
                    let inner = self.alternatives()?;
                    if self.tokens.get(self.at) != Some(&Sign::Close) {
                        return Err("( without )".to_owned());
                    }
                    self.at += 1;
                    inner
                }
                Sign::Class(name) => {
                    self.at += 1;
                    self.position(class_symbol(&name)?)?
                }
                Sign::Word(word) => {
                    self.at += 1;
                    let next = LITERALS + self.literals.len() as u16;
                    let symbol = *self.literals.entry(word).or_insert(next);
                    self.position(symbol)?
                }
            };
            while self.tokens.get(self.at) == Some(&Sign::Optional) {
                self.at += 1;
                part.empty = true;
            }
            for &last in &whole.last {
                self.positions[usize::from(last)].follow.extend(&part.first);
            }
            if whole.empty {
                whole.first.extend(&part.first);
            }
            if part.empty {
                whole.last.extend(&part.last);
            } else {
                whole.last = part.last;
            }
            whole.empty &= part.empty;
        }
        Ok(whole)
    }

    fn position(&mut self, symbol: u16) -> Result<Part, String> {
        let id = u16::try_from(self.positions.len()).map_err(|_| "too many patterns".to_owned())?;
        self.positions.push(Position {
            symbol,
            pattern: self.pattern,
            extent: self.extent,
            first: false,
            last: false,
            follow: Vec::new(),
        });
        Ok(Part { first: vec![id], last: vec![id], empty: false })
    }
}
