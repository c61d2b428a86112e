//! What making the tagger's weights needs from this stage: the same words, without any weights.

use super::{Shape, TokenKind, lexicon::Lexicon, token};
use crate::{Error, Span};

/// Splits text as [`segment`](super::segment) does, but needs no tagger.
#[derive(Debug)]
pub struct Splitter(Lexicon);

/// A token of a training text.
#[derive(Debug, Clone)]
pub struct Word {
    /// Where it stands.
    pub span: Span,
    /// Its normal form.
    pub norm: String,
    /// Made of.
    pub kind: TokenKind,
    /// Written how.
    pub shape: Shape,
    /// Whether it touches a hyphen before and behind.
    pub hyphens: (bool, bool),
}

impl Splitter {
    /// The splitter with the lists built into casus.
    ///
    /// # Errors
    /// If the built-in data pack is damaged.
    pub fn embedded() -> Result<Splitter, Error> {
        Ok(Splitter(Lexicon::embedded()?))
    }

    /// The tokens of a text.
    pub fn words(&self, text: &str) -> Vec<Word> {
        let (tokens, norms) = token::tokenize(&self.0, text);
        (0..tokens.len())
            .map(|at| Word {
                span: tokens[at].span,
                norm: norms[tokens[at].norm.0 as usize..tokens[at].norm.1 as usize].to_owned(),
                kind: tokens[at].kind,
                shape: tokens[at].shape,
                hyphens: token::hyphens(&tokens, &norms, at),
            })
            .collect()
    }
}
