//! Counts: digits, words and bounds, apart from ages, percentages, money, distances and dates.
//!
//! The words are data (`data/patterns/<language>/count.toml`, each with its cases); here is the
//! grammar they share: a bound, a number or a range, what stands around it. Bare nouns ("soldiers",
//! "a soldier") are no mentions: whoever reads a noun phrase as a count makes one with [`of_noun`].
//!
//! This module must not know what is counted for which event.
//!
//! ```text
//! "at least 14 people" -> "at least 14", quantity, 14..
//! ```

use super::{
    phrase::{Atom, Lexicon, before},
    time::TimeMention,
};
use crate::{
    Count, Error, Operator, Span, Unit,
    text::{BlockKind, Document, Shape, Tag, TokenId},
};
use casus_data::tables::count::{CountWords, Counts};
use rustc_hash::FxHashMap;
use std::ops::Range;

mod number;

use number::{Amount, Number};

/// What the count stage looks up.
#[derive(Debug)]
pub struct Data {
    languages: FxHashMap<String, Words>,
    none: Words,
}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        let counts: Counts = casus_data::table("count")?;
        let languages = counts
            .languages
            .into_iter()
            .map(|(language, words)| Ok((language, Words::new(words)?)))
            .collect::<Result<_, Error>>()?;
        Ok(Data { languages, none: Words::default() })
    }

    /// The words of a language; English if the language is in doubt, digits only if it has no file.
    fn words(&self, language: Option<&str>) -> &Words {
        let primary = language.map_or("en", |tag| tag.split('-').next().unwrap_or(tag));
        self.languages.get(primary).unwrap_or(&self.none)
    }
}

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum CountKind {
    /// How many persons or things.
    Quantity,
    Percent,
    Age,
    Money,
    /// Metres, kilometres, hectares, kilograms, litres, hours.
    Measure,
    Ordinal,
    /// Part of a name, number of a unit, road or resolution, phone, score.
    Label,
}

/// A number that the text states, with the words that bound it.
#[derive(Debug, Clone, PartialEq)]
pub struct CountMention {
    /// Its tokens, bounds included ("at least 14", "between 12 and 20", "no"), without the noun and
    /// the "of" before it.
    pub tokens: Range<TokenId>,
    /// Its span.
    pub span: Span,
    /// What it is.
    pub kind: CountKind,
    /// The number and its bounds.
    pub count: Count,
    /// Unit that the words tell ("300 households", "17 bodies"); persons otherwise.
    pub unit: Unit,
}

/// The count that a noun phrase without a number makes: "soldiers" are two or more, "a soldier" is
/// one. `tokens` are those of the noun phrase, determiner included, and must not be empty.
pub fn of_noun(document: &Document<'_>, tokens: Range<TokenId>, plural: bool) -> CountMention {
    let operator = if plural { Operator::Plural } else { Operator::Singular };
    CountMention {
        span: document.span(&tokens),
        kind: CountKind::Quantity,
        count: Count::new(operator, 1, document.words(&tokens)),
        unit: Unit::Persons,
        tokens,
    }
}

/// Finds all numbers of the document that are not part of a time.
pub(crate) fn find(
    data: &Data,
    document: &Document<'_>,
    atoms: &[Atom<'_>],
    times: &[TimeMention],
) -> Vec<CountMention> {
    let words = data.words(document.language);
    let mut finder = Finder { words, document, atoms, taken: taken(document, times), found: Vec::new() };
    let mut at = 0;
    while at < atoms.len() {
        at = finder.step(at).max(at + 1);
    }
    finder.found
}

/// Which tokens belong to a time or the dateline.
fn taken(document: &Document<'_>, times: &[TimeMention]) -> Vec<bool> {
    let mut taken = vec![false; document.tokens.len()];
    let dateline = document.dateline.as_ref().map(|dateline| dateline.tokens.clone());
    for tokens in times.iter().map(|time| time.tokens.clone()).chain(dateline) {
        if let Some(tokens) = taken.get_mut(tokens.start as usize..tokens.end as usize) {
            tokens.fill(true);
        }
    }
    taken
}

/// What a phrase means where it begins.
#[derive(Debug, Clone)]
enum Start {
    Number(Number),
    /// "a", "an" before a scale.
    Article,
    Bound(Operator),
    /// "between"
    Open,
    Vague {
        word: usize,
    },
    None {
        rule: usize,
    },
    /// Counts nothing.
    Block,
}

/// What stands between two numbers of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Join {
    And,
    To,
}

#[derive(Debug)]
struct Vague {
    word: String,
    low: u64,
    before: Vec<String>,
}

#[derive(Debug)]
struct NoneRule {
    before: Vec<String>,
    before_word: bool,
}

/// The words of one language, ready to be looked up.
#[derive(Debug)]
struct Words {
    decimal_comma: bool,
    units_first: bool,
    joiners: Vec<String>,
    prefixes: Vec<String>,
    ordinal_suffixes: Vec<String>,
    start: Lexicon<Start>,
    after: Lexicon<Operator>,
    join: Lexicon<Join>,
    change: Lexicon<()>,
    vague: Vec<Vague>,
    none: Vec<NoneRule>,
    kind_before: Lexicon<CountKind>,
    kind_after: Lexicon<CountKind>,
    after_ordinal: Lexicon<CountKind>,
    unit_before: Lexicon<Unit>,
    unit_after: Lexicon<Unit>,
    unit_through: Vec<String>,
}

impl Default for Words {
    fn default() -> Words {
        Words {
            decimal_comma: false,
            units_first: false,
            joiners: Vec::new(),
            prefixes: Vec::new(),
            ordinal_suffixes: Vec::new(),
            start: Lexicon::forward(),
            after: Lexicon::forward(),
            join: Lexicon::forward(),
            change: Lexicon::backward(),
            vague: Vec::new(),
            none: Vec::new(),
            kind_before: Lexicon::backward(),
            kind_after: Lexicon::forward(),
            after_ordinal: Lexicon::forward(),
            unit_before: Lexicon::backward(),
            unit_after: Lexicon::forward(),
            unit_through: Vec::new(),
        }
    }
}

impl Words {
    fn new(table: CountWords) -> Result<Words, Error> {
        let mut words = Words {
            decimal_comma: table.decimal_comma,
            units_first: table.units_first,
            joiners: table.joiners,
            prefixes: table.prefixes,
            ordinal_suffixes: table.ordinal_suffixes,
            ..Words::default()
        };
        let numbers = [
            (&table.numbers, Number::Small as fn(u64) -> Number),
            (&table.scales, Number::Scale),
            (&table.ordinals, Number::Ordinal),
        ];
        for (list, make) in numbers {
            for (phrase, value) in list {
                words.start.add(phrase, Start::Number(make(*value)));
            }
        }
        for article in &table.articles {
            words.start.add(article, Start::Article);
        }
        for bound in &table.bound {
            let operator = operator(&bound.operator)?;
            bound.before.iter().for_each(|phrase| words.start.add(phrase, Start::Bound(operator)));
            bound.after.iter().for_each(|phrase| words.after.add(phrase, operator));
        }
        table.range.open.iter().for_each(|phrase| words.start.add(phrase, Start::Open));
        table.range.and.iter().for_each(|phrase| words.join.add(phrase, Join::And));
        table.range.to.iter().for_each(|phrase| words.join.add(phrase, Join::To));
        table.range.change.iter().for_each(|phrase| words.change.add(phrase, ()));
        for vague in table.vague {
            for phrase in &vague.phrases {
                words.start.add(phrase, Start::Vague { word: words.vague.len() });
            }
            words.vague.push(Vague { word: vague.word, low: vague.low, before: vague.before });
        }
        for none in table.none {
            for phrase in &none.phrases {
                words.start.add(phrase, Start::None { rule: words.none.len() });
            }
            words.none.push(NoneRule { before: none.before, before_word: none.before_word });
        }
        for rule in &table.kind {
            let kind = kind(&rule.kind)?;
            rule.before.iter().for_each(|phrase| words.kind_before.add(phrase, kind));
            rule.after.iter().for_each(|phrase| words.kind_after.add(phrase, kind));
            rule.after_ordinal.iter().for_each(|phrase| words.after_ordinal.add(phrase, kind));
        }
        for rule in table.unit {
            let unit = unit(&rule.unit)?;
            rule.after.iter().for_each(|phrase| words.unit_after.add(phrase, unit));
            rule.before.iter().for_each(|phrase| words.unit_before.add(phrase, unit));
            words.unit_through.extend(rule.through);
        }
        for phrase in table.block.iter().flat_map(|rule| &rule.phrases) {
            words.start.add(phrase, Start::Block);
        }
        Ok(words)
    }
}

fn operator(name: &str) -> Result<Operator, Error> {
    Ok(match name {
        "at_least" => Operator::AtLeast,
        "more_than" => Operator::MoreThan,
        "at_most" => Operator::AtMost,
        "less_than" => Operator::LessThan,
        "almost" => Operator::Almost,
        "about" => Operator::About,
        _ => return Err(Error::data("count", format!("{name:?} bounds no number"))),
    })
}

fn kind(name: &str) -> Result<CountKind, Error> {
    Ok(match name {
        "quantity" => CountKind::Quantity,
        "percent" => CountKind::Percent,
        "age" => CountKind::Age,
        "money" => CountKind::Money,
        "measure" => CountKind::Measure,
        "label" => CountKind::Label,
        _ => return Err(Error::data("count", format!("no kind {name:?}"))),
    })
}

fn unit(name: &str) -> Result<Unit, Error> {
    Ok(match name {
        "families" => Unit::Families,
        "households" => Unit::Households,
        "bodies" => Unit::Bodies,
        _ => return Err(Error::data("count", format!("no unit {name:?}"))),
    })
}

/// A number as found: its amount and the atoms it stands in.
#[derive(Debug, Clone, Copy)]
struct Found {
    amount: Amount,
    start: usize,
    end: usize,
}

struct Finder<'a, 'd, 'r> {
    words: &'a Words,
    document: &'a Document<'r>,
    atoms: &'a [Atom<'d>],
    taken: Vec<bool>,
    found: Vec<CountMention>,
}

impl Finder<'_, '_, '_> {
    /// Reads what begins at an atom and returns the index of the next atom to look at.
    fn step(&mut self, at: usize) -> usize {
        let atom = self.atoms[at];
        if self.is_taken(at) || !atom.word {
            return at + 1;
        }
        if let Some(end) = self.chain(at) {
            self.push(at..end, CountKind::Label, Count::new(Operator::Exact, 0, ""), Unit::Persons);
            return end;
        }
        if let Some(end) = self.number_or_range(at, at, None) {
            return end;
        }
        let start = self.words.start.longest(self.atoms, at, |end, start| self.fits(at, end, start));
        let Some((end, start)) = start.map(|(end, start)| (end, start.clone())) else { return at + 1 };
        match start {
            Start::Bound(operator) => {
                // Of two bounds, "about" says less: "an estimated at least 14", "at least some 40".
                let (operator, end) = match self.bound(end) {
                    Some((Operator::About, end)) => (operator, end),
                    Some(inner) => inner,
                    None => (operator, end),
                };
                self.number_or_range(at, end, Some(operator)).unwrap_or(at + 1)
            }
            Start::Open => self.opened_range(at, end).unwrap_or(end),
            Start::Vague { word } => {
                let Vague { word, low, .. } = &self.words.vague[word];
                let count = Count::vague(word, *low, "");
                let (kind, unit) = (self.kind(at, end, None), self.unit(at, end));
                self.push(at..end, kind, count, unit);
                end
            }
            Start::None { .. } => {
                let unit = self.unit(at, end);
                self.push(at..end, CountKind::Quantity, Count::new(Operator::NoneStated, 0, ""), unit);
                end
            }
            Start::Block => end,
            Start::Number(_) | Start::Article => at + 1,
        }
    }

    fn is_taken(&self, at: usize) -> bool {
        self.taken.get(self.atoms[at].token as usize).copied().unwrap_or(false)
    }

    /// Whether what must follow a phrase does, and no time holds the phrase.
    fn fits(&self, at: usize, end: usize, start: &Start) -> bool {
        let next = self.atoms.get(end).filter(|next| next.sentence == self.atoms[at].sentence);
        let one_of = |list: &[String]| {
            list.is_empty() || next.is_some_and(|next| list.iter().any(|word| word == next.text))
        };
        if (at..end).any(|at| self.is_taken(at)) {
            return false;
        }
        match start {
            Start::Vague { word } => one_of(&self.words.vague[*word].before),
            Start::None { rule } => {
                let rule = &self.words.none[*rule];
                one_of(&rule.before)
                    && (!rule.before_word || next.is_some_and(|next| next.word && !next.digits))
            }
            _ => true,
        }
    }

    /// A further bound at `at`.
    fn bound(&self, at: usize) -> Option<(Operator, usize)> {
        match self.words.start.longest(self.atoms, at, |end, start| self.fits(at, end, start))? {
            (end, Start::Bound(operator)) => Some((*operator, end)),
            _ => None,
        }
    }

    /// The end of a chain of digits and letters that is a label, not a number: `AK-47`,
    /// `2013-01-S-025`, `9/11`, `555-1234`, `+93 70 123 4567`.
    fn chain(&self, at: usize) -> Option<usize> {
        let joins = |at: usize| {
            self.atoms
                .get(at)
                .is_some_and(|atom| atom.glued && (atom.is_hyphen() || matches!(atom.text, "/" | ":")))
        };
        if !self.atoms[at].digits {
            return None;
        }
        let mut end = at + 1;
        let mut digits = 1;
        let mut letters = 0;
        loop {
            let next = if joins(end) { end + 1 } else { end };
            match self.atoms.get(next) {
                Some(atom) if atom.glued && atom.word && !self.is_taken(next) => {
                    if atom.digits {
                        digits += 1;
                    } else {
                        letters += 1;
                    }
                    end = next + 1;
                }
                _ => break,
            }
        }
        // What it hangs on.
        if at > 0 && self.atoms[at].glued {
            let left = &self.atoms[at - 1];
            let prefix = || self.words.prefixes.iter().any(|prefix| prefix == left.text);
            if (left.word && !prefix()) || matches!(left.text, "/" | ":" | "#" | "_") {
                return Some(end);
            }
            if left.is_hyphen() && at > 1 && self.atoms[at - 2].word {
                return Some(end);
            }
            if left.text == "+" && self.atoms[at].text.len() >= 2 {
                return Some(self.digit_groups(end));
            }
        }
        let year =
            |at: usize| self.atoms[at].text.parse().is_ok_and(|year: u32| (1800..=2100).contains(&year));
        let years = end == at + 3 && digits == 2 && year(at) && year(at + 2);
        let slashed = (at..end).any(|at| matches!(self.atoms[at].text, "/" | ":"));
        let text = self.atoms[at].text;
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        // "555-1234": three digits and four that are not round.
        let local = end == at + 3
            && digits == 2
            && self.atoms[at].text.len() == 3
            && self.atoms[at + 2].text.len() == 4
            && !self.atoms[at + 2].text.ends_with('0');
        let odd = digits > 2
            || years
            || local
            || (digits == 2 && letters > 0 && !self.is_named(end))
            || (slashed && digits > 1);
        let zero = plain && text.len() > 1 && text.starts_with('0');
        // Eight digits without a separator, or digit groups as of a phone number.
        let phone = plain && (text.len() >= 8 || (text.len() >= 3 && self.is_phone(end)));
        if odd || zero || phone {
            return Some(self.digit_groups(end));
        }
        None
    }

    /// Whether a chain ends in words that say what the number is: "10-12-year-old", "5-10km".
    fn is_named(&self, end: usize) -> bool {
        (1..=4).any(|back| {
            let found = end
                .checked_sub(back)
                .and_then(|at| self.words.kind_after.longest(self.atoms, at, |behind, _| behind == end));
            found.is_some()
        })
    }

    fn is_phone(&self, end: usize) -> bool {
        self.atoms.get(end).is_some_and(|atom| atom.digits && atom.text.len() != 3 && !self.is_taken(end))
    }

    /// The end of the digit groups that follow.
    fn digit_groups(&self, mut end: usize) -> usize {
        while self.atoms.get(end).is_some_and(|atom| atom.digits || atom.is_hyphen()) && !self.is_taken(end) {
            end += 1;
        }
        end
    }

    /// Reads "between A and B" whose opening word ends at `at`.
    fn opened_range(&mut self, start: usize, at: usize) -> Option<usize> {
        let low = self.number(at)?;
        let (join_end, _) = self.words.join.longest(self.atoms, low.end, |_, join| *join == Join::And)?;
        let high = self.number(join_end)?;
        let count = range(low.amount, high.amount)?;
        Some(self.finish(start, high.end, count, false))
    }

    /// Reads a number or a range whose first number begins at `at` and whose bound begins at `start`.
    fn number_or_range(&mut self, start: usize, at: usize, bound: Option<Operator>) -> Option<usize> {
        let first = self.number(at)?;
        if self.atoms[start].sentence != self.atoms[at].sentence {
            return None;
        }
        if let Amount::Ordinal(value) = first.amount {
            let kind = match self.words.after_ordinal.longest(self.atoms, first.end, |_, _| true) {
                Some((_, kind)) => *kind,
                None => CountKind::Ordinal,
            };
            self.push(first.start..first.end, kind, Count::new(Operator::Exact, value, ""), Unit::Persons);
            return Some(first.end);
        }
        if let Some((count, end)) = self.range_with(start, first) {
            return Some(self.finish(start, end, count, false));
        }
        let (after, end) = match self.after_bound(first.end) {
            Some((operator, end)) => (Some(operator), end),
            None => (None, first.end),
        };
        let operator = bound.or(after).unwrap_or(Operator::Exact);
        let bare = start == at && after.is_none();
        Some(match first.amount.whole() {
            Some(value) => self.finish(start, end, Count::new(operator, value, ""), bare),
            None => {
                let (low, high) = first.amount.around();
                // A fraction counts nothing, unless what stands around it says what it measures.
                let kind = match self.kind(start, end, None) {
                    CountKind::Quantity => CountKind::Label,
                    kind => kind,
                };
                self.push(start..end, kind, Count::between(low, high, ""), Unit::Persons);
                end
            }
        })
    }

    /// "12-15", "12 to 15", "14 or 15", if `first` begins such a range.
    fn range_with(&self, start: usize, first: Found) -> Option<(Count, usize)> {
        let hyphen = self.atoms.get(first.end).is_some_and(Atom::is_hyphen)
            && self.atoms.get(first.end + 1).is_some_and(|atom| atom.glued && atom.digits);
        let second = if hyphen {
            first.end + 1
        } else {
            if let Some(back) = before(self.atoms, start)
                && self.words.change.longest(self.atoms, back, |_, ()| true).is_some()
            {
                return None;
            }
            self.words.join.longest(self.atoms, first.end, |_, join| *join == Join::To)?.0
        };
        let second = self.number(second)?;
        Some((range(first.amount, second.amount)?, second.end))
    }

    /// "or more", "or so", "-odd", "plus" behind a number.
    fn after_bound(&self, end: usize) -> Option<(Operator, usize)> {
        let at = if self.atoms.get(end)?.is_hyphen() { end + 1 } else { end };
        self.words
            .after
            .longest(self.atoms, at, |behind, _| !(at..behind).any(|at| self.is_taken(at)))
            .map(|(end, operator)| (*operator, end))
    }

    /// Decides what the number in `start..end` is, and adds it.
    fn finish(&mut self, start: usize, end: usize, count: Count, bare: bool) -> usize {
        let kind = self.kind(start, end, bare.then_some(&count).and_then(|count| count.value));
        let unit = if kind == CountKind::Quantity { self.unit(start, end) } else { Unit::Persons };
        self.push(start..end, kind, count, unit);
        end
    }

    /// What a number is, by what stands around it. `bare` is its value if nothing bounds it.
    fn kind(&self, start: usize, end: usize, bare: Option<u64>) -> CountKind {
        let hyphen = self.atoms.get(end).is_some_and(Atom::is_hyphen);
        let next = end + usize::from(hyphen);
        if let Some((_, kind)) =
            self.words.kind_after.longest(self.atoms, next, |_, kind| hyphen || *kind != CountKind::Quantity)
            && self.same_sentence(start, next)
        {
            return *kind;
        }
        if hyphen && self.atoms.get(next).is_some_and(|atom| atom.glued && atom.word) {
            return CountKind::Label;
        }
        if let Some(back) = before(self.atoms, start)
            && self.same_sentence(back, start)
            && let Some((first, kind)) = self.words.kind_before.longest(self.atoms, back, |_, _| true)
            && !(*kind == CountKind::Label && self.counts_noun(first, start, end))
        {
            return *kind;
        }
        match bare {
            Some(value) if self.is_apposed_age(start, end, value) => CountKind::Age,
            Some(value) if self.is_year(start, end, value) || self.is_enumerator(start, end) => {
                CountKind::Label
            }
            _ => CountKind::Quantity,
        }
    }

    /// "During the operation four insurgents", "in that region 14 people": behind a word that may have a number for
    /// a name, a number that counts the noun behind it. One in digits counts only if the word is no name itself.
    fn counts_noun(&self, label: usize, start: usize, end: usize) -> bool {
        let counted = self.atoms.get(end).is_some_and(|next| {
            let noun = self.document.tokens[next.token as usize].tag == Tag::NounPlural;
            noun && !next.glued && self.same_sentence(start, end)
        });
        let determined = before(self.atoms, label)
            .filter(|&the| self.same_sentence(the, label))
            .is_some_and(|the| matches!(self.atoms[the].text, "the" | "this" | "that" | "a" | "an"));
        counted && (determined || !self.atoms[start].digits)
    }

    fn same_sentence(&self, a: usize, b: usize) -> bool {
        matches!((self.atoms.get(a), self.atoms.get(b)), (Some(a), Some(b)) if a.sentence == b.sentence)
    }

    /// "Moro Tarna, 24, a farmer".
    fn is_apposed_age(&self, start: usize, end: usize, value: u64) -> bool {
        let comma = |at: Option<&Atom<'_>>| at.is_some_and(|atom| matches!(atom.text, "," | "،"));
        (1..=110).contains(&value)
            && start >= 2
            && comma(self.atoms.get(start - 1))
            && comma(self.atoms.get(end))
            && self.atoms[start].digits
            && self.atoms[start - 2].word
            && !self.atoms[start - 2].digits
            && self.is_name(self.atoms[start - 2].token)
    }

    fn is_name(&self, token: TokenId) -> bool {
        let token = &self.document.tokens[token as usize];
        matches!(token.tag, Tag::Proper)
            || (token.shape == Shape::Title && !matches!(token.tag, Tag::ProperPlural | Tag::NounPlural))
    }

    /// A four-digit number from 1800 to 2100 that counts no plural noun.
    fn is_year(&self, start: usize, end: usize, value: u64) -> bool {
        if !(1800..=2100).contains(&value) || end != start + 1 || self.atoms[start].text.len() != 4 {
            return false;
        }
        let Some(next) = self.atoms.get(end).filter(|next| next.word && self.same_sentence(start, end))
        else {
            return true;
        };
        let token = &self.document.tokens[next.token as usize];
        match token.tag {
            Tag::NounPlural | Tag::Adjective => false,
            Tag::Other | Tag::Noun => !(next.text.ends_with('s') || next.text == "people"),
            _ => true,
        }
    }

    /// "1. Beya", "2) Lodo" at the start of a block.
    fn is_enumerator(&self, start: usize, end: usize) -> bool {
        let Some(next) = self.atoms.get(end) else { return false };
        let token = self.atoms[start].token;
        next.glued && matches!(next.text, "." | ")") && self.atoms[start].digits && {
            let sentence = &self.document.sentences[self.document.sentence_of(token) as usize];
            let block = &self.document.blocks[sentence.block as usize];
            block.tokens.start == token
                || (block.kind == BlockKind::ListItem && block.tokens.start + 1 == token)
        }
    }

    /// What is counted: "300 displaced households", "the bodies of 17 people".
    fn unit(&self, start: usize, end: usize) -> Unit {
        let through = |atom: &Atom<'_>| {
            let tag = self.document.tokens[atom.token as usize].tag;
            atom.word
                && (matches!(tag, Tag::Adjective | Tag::VerbParticiple)
                    || self.words.unit_through.iter().any(|word| word == atom.text))
        };
        for at in end..end + 4 {
            if !self.same_sentence(start, at) {
                break;
            }
            if let Some((_, unit)) = self.words.unit_after.longest(self.atoms, at, |_, _| true) {
                return *unit;
            }
            if !through(&self.atoms[at]) {
                break;
            }
        }
        before(self.atoms, start)
            .filter(|back| self.same_sentence(*back, start))
            .and_then(|back| self.words.unit_before.longest(self.atoms, back, |_, _| true))
            .map_or(Unit::Persons, |(_, unit)| *unit)
    }

    fn push(&mut self, atoms: Range<usize>, kind: CountKind, mut count: Count, unit: Unit) {
        let Some(last) = self.atoms.get(atoms.end.wrapping_sub(1)) else { return };
        let tokens = self.atoms[atoms.start].token..last.token + 1;
        // Atoms of one token ("12-15") make one mention.
        if self.found.last().is_some_and(|found| found.tokens.end > tokens.start) {
            return;
        }
        let span = self.document.span(&tokens);
        count.stated = self.document.slice(span).to_owned();
        self.found.push(CountMention { tokens, span, kind, count, unit });
    }
}

/// The range of two amounts, if the first is the smaller one.
fn range(low: Amount, high: Amount) -> Option<Count> {
    let end = high.whole()?;
    // "2 to 3 million": the first number has the scale of the second, unless that is too much.
    [low.scaled_like(high)?, low]
        .into_iter()
        .filter_map(Amount::whole)
        .find(|start| *start < end)
        .map(|start| Count::between(start, end, ""))
}

#[cfg(test)]
mod tests;
