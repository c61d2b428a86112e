//! Where sentences end.
//!
//! A stop ends a sentence unless it belongs to an abbreviation, a number or an ellipsis that goes on.
//! Closing quotes and brackets go with the sentence before them. Letter case helps only where it tells
//! something: in ALL CAPITALS and in lower case every stop followed by white space ends.
//!
//! [`LONGEST`] bounds a sentence, so that what follows may be quadratic in its length without harm.

use super::{Block, Casing, Sentence, Shape, Token, TokenId, TokenKind, lexicon::Lexicon};
use casus_data::tables::text::Abbreviation;
use std::ops::Range;

/// Tokens after which a sentence is cut, whatever stands there.
pub(super) const LONGEST: u32 = 400;

/// Whether tokens begin with a label: `Kabul:`, `North Kivu:`, no more than four words without a small initial.
pub(crate) fn is_label(text: &str, tokens: &[Token]) -> bool {
    let word = |token: &&Token| token.kind == TokenKind::Word && token.shape != Shape::Lower;
    let words = tokens.iter().take(4).take_while(word).count();
    words > 0 && tokens.get(words).is_some_and(|token| &text[token.span.range()] == ":")
}

pub(super) struct Splitter<'s> {
    pub(super) lexicon: &'s Lexicon,
    pub(super) text: &'s str,
    pub(super) norms: &'s str,
    pub(super) tokens: &'s [Token],
    pub(super) casing: Casing,
}

/// What the token before a possible boundary is.
enum End {
    /// `.`
    Stop,
    /// `!` and `?`
    Mark,
    /// Stops that end sentences without white space behind: those of Chinese, Hindi, Arabic …
    Strong,
    /// `...`
    Ellipsis,
    /// A word with its stop.
    Abbreviation,
}

impl Splitter<'_> {
    /// Sentences of all blocks, in order. A sentence also begins at every token of `starts` (sorted).
    pub(super) fn split(&self, blocks: &[Block], starts: &[TokenId]) -> Vec<Sentence> {
        let mut sentences = Vec::with_capacity(self.tokens.len() / 20 + blocks.len());
        let mut starts = starts.iter().copied().peekable();
        for (index, block) in blocks.iter().enumerate() {
            let mut push = |tokens: Range<TokenId>| {
                if !tokens.is_empty() {
                    sentences.push(Sentence { tokens, block: index as u32 });
                }
            };
            let (mut start, mut at) = (block.tokens.start, block.tokens.start);
            while at < block.tokens.end {
                while starts.next_if(|&forced| forced < at).is_some() {}
                if starts.next_if_eq(&at).is_some() {
                    push(start..at);
                    start = at;
                }
                let end = self.end(start, at, block.tokens.end);
                let behind = end.unwrap_or(at + 1);
                if end.is_some() || behind - start >= LONGEST {
                    push(start..behind);
                    start = behind;
                }
                at = behind;
            }
            push(start..block.tokens.end);
        }
        sentences
    }

    fn norm(&self, at: TokenId) -> &str {
        let (start, end) = self.tokens[at as usize].norm;
        &self.norms[start as usize..end as usize]
    }

    fn space_before(&self, at: TokenId) -> bool {
        at > 0 && self.tokens[at as usize - 1].span.end < self.tokens[at as usize].span.start
    }

    /// If the token at `at` ends the sentence that began at `start`: the token behind the sentence.
    fn end(&self, start: TokenId, at: TokenId, limit: TokenId) -> Option<TokenId> {
        let end = self.kind(at)?;
        let mut next = at + 1;
        while next < limit && !self.space_before(next) && self.closes(next) {
            next += 1;
        }
        if next >= limit {
            return Some(limit);
        }
        let (space, follower) = (self.space_before(next), &self.tokens[next as usize]);
        let lower = self.casing == Casing::Mixed && follower.shape == Shape::Lower && !self.is_article(next);
        let ends = match end {
            End::Strong => true,
            End::Mark => space && !lower,
            End::Ellipsis => {
                space
                    && if self.casing == Casing::Mixed {
                        !lower
                    } else {
                        self.lexicon.is_starter(self.norm(next))
                    }
            }
            End::Stop if !space => self.is_missing_space(at, next),
            // Typed without capitals: only where the words say that it is no unknown abbreviation.
            End::Stop if lower => self.is_long_word(at) && self.lexicon.is_starter(self.norm(next)),
            End::Stop => !self.is_enumerator(start, at),
            End::Abbreviation => space && !lower && self.abbreviation_ends(at, next),
        };
        ends.then_some(next)
    }

    fn kind(&self, at: TokenId) -> Option<End> {
        let token = &self.tokens[at as usize];
        let bytes = &self.text.as_bytes()[token.span.range()];
        // Hardly a token ends with what may end a sentence.
        match token.kind {
            TokenKind::Word => {
                return (bytes.last() == Some(&b'.') && bytes.len() > 1).then_some(End::Abbreviation);
            }
            TokenKind::Punctuation if matches!(bytes, [b'.' | b'!' | b'?' | 0x80.., ..]) => {}
            _ => return None,
        }
        match &self.text[token.span.range()] {
            "." | "\u{ff0e}" => Some(End::Stop),
            "!" | "?" | "\u{203c}" | "\u{2047}" | "\u{2048}" | "\u{2049}" => Some(End::Mark),
            "\u{2026}" => Some(End::Ellipsis),
            word if word.starts_with("..") => Some(End::Ellipsis),
            word => {
                let strong = word.starts_with([
                    '\u{3002}', '\u{ff01}', '\u{ff1f}', '\u{ff61}', '\u{61f}', '\u{6d4}', '\u{964}',
                    '\u{965}', '\u{589}', '\u{1362}', '\u{1367}',
                ]);
                strong.then_some(End::Strong)
            }
        }
    }

    /// A closing bracket or quote, another mark, or a straight quote that leans on what is before.
    fn closes(&self, at: TokenId) -> bool {
        let word = &self.text[self.tokens[at as usize].span.range()];
        matches!(
            word,
            ")" | "]"
                | "}"
                | "\""
                | "'"
                | "''"
                | "\u{201d}"
                | "\u{2019}"
                | "\u{bb}"
                | "\u{203a}"
                | "!"
                | "?"
                | "."
                | "\u{300d}"
                | "\u{300f}"
                | "\u{ff09}"
        )
    }

    /// `farmers.The`: a space was forgotten.
    fn is_missing_space(&self, at: TokenId, next: TokenId) -> bool {
        let Some(before) = at.checked_sub(1).map(|before| &self.tokens[before as usize]) else {
            return false;
        };
        let follower = &self.tokens[next as usize];
        before.shape == Shape::Lower
            && before.span.len() > 1
            && follower.shape == Shape::Title
            && follower.span.len() > 1
    }

    /// Whether the word before the stop at `at` is too long for an abbreviation.
    fn is_long_word(&self, at: TokenId) -> bool {
        let before = at.checked_sub(1).map(|before| &self.tokens[before as usize]);
        before.is_some_and(|token| token.kind == TokenKind::Word && token.span.len() > 5)
    }

    /// `1.` or `a.` at the start of a sentence.
    fn is_enumerator(&self, start: TokenId, at: TokenId) -> bool {
        at == start + 1
            && (self.tokens[start as usize].kind == TokenKind::Number
                || self.tokens[start as usize].span.len() == 1)
    }

    /// The Arabic article in front of a name, which stays small at the start of a sentence.
    fn is_article(&self, at: TokenId) -> bool {
        matches!(self.norm(at), "al" | "el" | "as" | "ar" | "an" | "ad" | "at" | "az" | "ash")
            && self.tokens.get(at as usize + 1).is_some_and(|hyphen| {
                hyphen.span.start == self.tokens[at as usize].span.end
                    && &self.text[hyphen.span.range()] == "-"
            })
    }

    /// Whether a line begins at `next` with a label.
    fn is_label(&self, at: TokenId, next: TokenId) -> bool {
        let gap = self.tokens[at as usize].span.end as usize..self.tokens[next as usize].span.start as usize;
        self.text[gap].contains('\n') && is_label(self.text, &self.tokens[next as usize..])
    }

    fn abbreviation_ends(&self, at: TokenId, next: TokenId) -> bool {
        let class = self.lexicon.abbreviation(self.norm(at).trim_end_matches('.'));
        if matches!(class, Some(Abbreviation::Title | Abbreviation::Number)) {
            return false;
        }
        if self.is_label(at, next) {
            return true;
        }
        let word = self.norm(next);
        // "the U.S. A-team", "p.m. No. 5"
        let glued = self.tokens.get(next as usize + 1).is_some_and(|t| &self.text[t.span.range()] == "-");
        let opened = matches!(word, "\"" | "(" | "[") && self.tokens.get(next as usize + 1).is_some();
        let word = if opened { self.norm(next + 1) } else { word };
        // Where capitals tell nothing, "the U.S. and ..." looks like "the U.S. And ...".
        let joint = self.casing != Casing::Mixed && class.is_none() && self.lexicon.is_joint(word);
        self.lexicon.is_starter(word) && !glued && !joint
    }
}
