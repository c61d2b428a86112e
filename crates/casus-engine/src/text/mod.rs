//! Blocks, sentences and tokens over a report.
//!
//! Tokens tile the text: token `i` with the white space behind it, up to the start of token `i + 1`,
//! is its tile, and the tiles joined give the report back byte for byte. Nothing is added, dropped or
//! changed; normalised forms live beside the token.
//!
//! This module must not know what a word means for conflict.

use crate::{Error, Report, Resources, Span};
use std::{cell::RefCell, ops::Range};

mod block;
mod dateline;
mod language;
mod lexicon;
mod line;
mod quoted;
mod quotes;
mod sentence;
mod tag;
pub mod tagger;
mod token;
pub mod training;

pub use quoted::quoted;
pub(crate) use sentence::is_label;
pub use tag::Tag;

/// Whether a word is one of a list. Few words of a text are, and most differ in length or first letter.
#[inline]
pub(crate) fn one_of(word: &str, list: &[&str]) -> bool {
    let first = word.as_bytes().first();
    list.iter().any(|one| one.len() == word.len() && one.as_bytes().first() == first && *one == word)
}

/// Index of a token in [`Document::tokens`].
pub type TokenId = u32;

/// What the text stage looks up.
#[derive(Debug)]
pub struct Data {
    lexicon: lexicon::Lexicon,
    tagger: tagger::Model,
}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        let tagger = tagger::Model::open(casus_data::section("tagger")?)?;
        Ok(Data { lexicon: lexicon::Lexicon::embedded()?, tagger })
    }

    /// Whether the tagger saw a word, in its normal form, as this part of speech.
    pub(crate) fn has_word(&self, norm: &str, tag: Tag) -> bool {
        self.tagger.known(norm).had(tag)
    }
}

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum TokenKind {
    Word,
    /// Digits of any script, with inner separators: `1,200`, `3.5`, `١٤`.
    Number,
    Punctuation,
    Symbol,
    /// The empty token that carries white space at the start of the text.
    Start,
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Shape {
    Lower,
    Title,
    Upper,
    Mixed,
    /// Digits, punctuation, or a script without case.
    Caseless,
}

/// A word, number or sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The token itself, without the white space behind it.
    pub span: Span,
    /// Made of.
    pub kind: TokenKind,
    /// Written how.
    pub shape: Shape,
    /// Part of speech.
    pub tag: Tag,
    /// Whether it stands inside quotation marks.
    pub quoted: bool,
    /// Index of its sentence.
    pub sentence: u32,
    norm: (u32, u32),
}

/// What a block of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum BlockKind {
    Title,
    Heading,
    Paragraph,
    ListItem,
}

/// A paragraph, heading or list item. Blocks tile the tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Depth of a heading (1 is topmost) or list item; 0 for the rest.
    pub level: u8,
    /// Its tokens.
    pub tokens: Range<TokenId>,
    /// The nearest heading above it, if any (for a heading: its parent).
    pub heading: Option<u32>,
}

/// A sentence. Sentences tile the tokens and never cross a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Its tokens.
    pub tokens: Range<TokenId>,
    /// Index of its block.
    pub block: u32,
}

/// The dateline of a report: `BOGOTA, 4 JAN 90 (EFE) --`, `KABUL, Afghanistan (Jan. 25, 2013)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dateline {
    /// The whole dateline.
    pub tokens: Range<TokenId>,
    /// The place in it.
    pub place: Option<Range<TokenId>>,
    /// The date in it.
    pub date: Option<Range<TokenId>>,
    /// The agency in it.
    pub publisher: Option<Range<TokenId>>,
}

/// Whether letter case tells anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Casing {
    /// Upper and lower case as usual.
    Mixed,
    /// ALL CAPITALS.
    Upper,
    /// all lower case.
    Lower,
    /// The script has no case.
    None,
}

/// A report in blocks, sentences and tokens.
#[derive(Debug)]
pub struct Document<'r> {
    /// The report it was made from.
    pub report: &'r Report,
    /// All tokens.
    pub tokens: Vec<Token>,
    /// All sentences.
    pub sentences: Vec<Sentence>,
    /// All blocks.
    pub blocks: Vec<Block>,
    /// The dateline, if there is one.
    pub dateline: Option<Dateline>,
    /// Index of the block that is the report's title, if the text has one.
    pub title: Option<u32>,
    /// Whether letter case tells anything.
    pub casing: Casing,
    /// BCP 47 tag of the language: given with the report, or recognised; None if in doubt.
    pub language: Option<&'static str>,
    norms: String,
}

impl Document<'_> {
    /// The text of the report.
    pub fn text(&self) -> &str {
        &self.report.text
    }

    /// The words of a span.
    #[inline]
    pub fn slice(&self, span: Span) -> &str {
        &self.report.text[span.range()]
    }

    /// A token as it stands in the text.
    #[inline]
    pub fn word(&self, token: TokenId) -> &str {
        self.slice(self.tokens[token as usize].span)
    }

    /// A token's normal form: lower case, straight quotes and hyphens, digits of all scripts as
    /// ASCII, no diacritics removed.
    #[inline]
    pub fn norm(&self, token: TokenId) -> &str {
        let (start, end) = self.tokens[token as usize].norm;
        &self.norms[start as usize..end as usize]
    }

    /// The span from the first to the last token of a non-empty range; an empty span for an empty one.
    pub fn span(&self, tokens: &Range<TokenId>) -> Span {
        if tokens.is_empty() {
            let at = self
                .tokens
                .get(tokens.start as usize)
                .map_or(self.report.text.len() as u32, |t| t.span.start);
            return Span::new(at, at);
        }
        self.tokens[tokens.start as usize].span.cover(self.tokens[tokens.end as usize - 1].span)
    }

    /// The words of a token range.
    pub fn words(&self, tokens: &Range<TokenId>) -> &str {
        self.slice(self.span(tokens))
    }

    /// Whether its language is one whose parts of speech are known, or may be.
    pub(crate) fn is_tagged(&self) -> bool {
        self.language.is_none_or(|language| language == "en")
    }

    /// Whether white space stands between this token and the one before it.
    #[inline]
    pub fn space_before(&self, token: TokenId) -> bool {
        token > 0 && self.tokens[token as usize - 1].span.end < self.tokens[token as usize].span.start
    }

    /// Index of the sentence that holds the token.
    #[inline]
    pub fn sentence_of(&self, token: TokenId) -> u32 {
        self.tokens[token as usize].sentence
    }
}

/// Splits a report into blocks, sentences and tokens, and tags the tokens.
pub fn segment<'r>(resources: &Resources, report: &'r Report) -> Document<'r> {
    let mut document = split(resources, report);
    if document.is_tagged() {
        let mut tags = Vec::new();
        for sentence in 0..document.sentences.len() {
            tag(&resources.text.tagger, &document, sentence, &mut tags);
            let first = document.sentences[sentence].tokens.start as usize;
            for (token, &tag) in document.tokens[first..].iter_mut().zip(&tags) {
                token.tag = tag;
            }
        }
    }
    document
}

/// A text that is one noun phrase in English, without heading, dateline or quotation: one sentence. Being one, it
/// needs no weighing of its parts of speech: the words' own are enough ([`tagger::Known::in_noun_phrase`]).
pub(crate) fn phrase<'r>(resources: &Resources, report: &'r Report) -> Document<'r> {
    let (text, data) = (report.text.as_str(), &resources.text);
    let (mut tokens, norms) = token::tokenize(&data.lexicon, text);
    let all = 0..tokens.len() as TokenId;
    let casing = language::casing(&tokens);
    for token in &mut tokens {
        let norm = &norms[token.norm.0 as usize..token.norm.1 as usize];
        token.tag = tagger::fixed(token.kind, norm).unwrap_or_else(|| {
            let name = match casing {
                Casing::Mixed => matches!(token.shape, Shape::Title | Shape::Mixed | Shape::Upper),
                Casing::Upper => true,
                Casing::Lower | Casing::None => false,
            };
            data.tagger.known(norm).in_noun_phrase(norm, name)
        });
    }
    Document {
        report,
        sentences: vec![Sentence { tokens: all.clone(), block: 0 }],
        blocks: vec![Block { kind: BlockKind::Paragraph, level: 0, tokens: all, heading: None }],
        dateline: None,
        title: None,
        casing,
        language: Some("en"),
        tokens,
        norms,
    }
}

/// The same without parts of speech: [`Tags`] finds those that are asked for.
pub(crate) fn split<'r>(resources: &Resources, report: &'r Report) -> Document<'r> {
    let (text, data) = (report.text.as_str(), &resources.text);
    let (mut tokens, norms) = token::tokenize(&data.lexicon, text);
    let casing = language::casing(&tokens);
    let norm = |token: &Token| &norms[token.norm.0 as usize..token.norm.1 as usize];
    let language = language::language(&data.lexicon, report.language.as_deref(), &tokens, norm);
    let lines = line::lines(text, &tokens);
    let dates = dateline::Parser { lexicon: &data.lexicon, norms: &norms, tokens: &tokens, casing };
    let dateline = dates.find(&lines);
    let splitter = block::Splitter {
        text,
        norms: &norms,
        tokens: &tokens,
        casing,
        dates: &dates,
        dateline: dateline.as_ref().filter(|found| found.place.is_some()).map(|found| found.tokens.start),
        title: report.title.as_deref(),
    };
    let (blocks, title) = splitter.split(&lines);
    let starts = dateline.as_ref().map(|dateline| dates.starts(dateline)).unwrap_or_default();
    let splitter =
        sentence::Splitter { lexicon: &data.lexicon, text, norms: &norms, tokens: &tokens, casing };
    let sentences = splitter.split(&blocks, &starts);
    for (index, sentence) in sentences.iter().enumerate() {
        for token in &mut tokens[sentence.tokens.start as usize..sentence.tokens.end as usize] {
            token.sentence = index as u32;
        }
    }
    quotes::mark(text, &mut tokens, &sentences, &blocks);
    Document { report, tokens, sentences, blocks, dateline, title, casing, language, norms }
}

/// Finds the parts of speech of the tokens of a sentence.
fn tag(model: &tagger::Model, document: &Document<'_>, sentence: usize, tags: &mut Vec<Tag>) {
    let (tokens, norms) = (&document.tokens, &document.norms);
    let range = &document.sentences[sentence].tokens;
    let range = range.start as usize..range.end as usize;
    let words = range.clone().map(|at| {
        let token = &tokens[at];
        let norm = &norms[token.norm.0 as usize..token.norm.1 as usize];
        tagger::Raw { norm, kind: token.kind, shape: token.shape, hyphens: token::hyphens(tokens, norms, at) }
    });
    let cased = document.casing == Casing::Mixed && language::case_tells(&tokens[range.clone()]);
    model.tag(words, cased, tags);
    for at in range.clone().skip(1) {
        // "the farmers' homes": an apostrophe that touches a word in s and closes no quotation.
        let possessive = &norms[tokens[at].norm.0 as usize..tokens[at].norm.1 as usize] == "'"
            && tokens[at - 1].span.end == tokens[at].span.start
            && norms[..tokens[at - 1].norm.1 as usize].ends_with('s')
            && matches!(tags[at - range.start - 1], Tag::NounPlural | Tag::ProperPlural | Tag::Proper);
        if possessive {
            tags[at - range.start] = Tag::Possessive;
        }
    }
}

/// Parts of speech of a document: those it has, or those of the sentences that are asked about.
pub(crate) struct Tags<'a> {
    document: &'a Document<'a>,
    /// The model, where the document has none yet.
    model: Option<&'a tagger::Model>,
    /// The sentence asked about last, and its tags.
    last: RefCell<(u32, Vec<Tag>)>,
}

impl<'a> Tags<'a> {
    /// The tags that a document has.
    pub(crate) fn of(document: &'a Document<'a>) -> Tags<'a> {
        Tags { document, model: None, last: RefCell::default() }
    }

    /// Those of a document without tags, found when they are asked for.
    pub(crate) fn on_demand(resources: &'a Resources, document: &'a Document<'a>) -> Tags<'a> {
        let model = document.is_tagged().then_some(&resources.text.tagger);
        Tags { document, model, last: RefCell::new((u32::MAX, Vec::new())) }
    }

    /// Part of speech of a token.
    pub(crate) fn get(&self, token: TokenId) -> Tag {
        let Some(own) = self.document.tokens.get(token as usize) else { return Tag::Other };
        let Some(model) = self.model else { return own.tag };
        let (last, tags) = &mut *self.last.borrow_mut();
        if *last != own.sentence {
            tag(model, self.document, own.sentence as usize, tags);
            *last = own.sentence;
        }
        let first = self.document.sentences[own.sentence as usize].tokens.start;
        tags.get((token - first) as usize).copied().unwrap_or(own.tag)
    }
}

#[cfg(test)]
mod tests;
