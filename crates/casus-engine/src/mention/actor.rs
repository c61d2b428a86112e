//! Actors: named groups, states and forces of the register, and generic ones ("gunmen", "farmers").
//!
//! This module must not know what an event is.

use super::time::TimeMention;
use crate::{
    Error, ParticipantKind, Span,
    text::{Document, TokenId},
};
use std::ops::Range;

/// What the actor stage looks up.
#[derive(Debug)]
pub struct Data {}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Ok(Data {})
    }
}

/// A noun phrase core that names someone or something that can act or be acted on.
#[derive(Debug, Clone, PartialEq)]
pub struct ActorMention {
    /// Its tokens, without determiner and count ("Afghan soldiers" in "the four Afghan soldiers").
    pub tokens: Range<TokenId>,
    /// Its span.
    pub span: Span,
    /// The head token.
    pub head: TokenId,
    /// Id in the register; None for a generic actor.
    pub register: Option<String>,
    /// The register's neutral name; None for a generic actor.
    pub name: Option<String>,
    /// What kind of thing it is.
    pub kind: ParticipantKind,
    /// Class code.
    pub class: String,
    /// Code of the kind of target it makes, if any.
    pub target_type: Option<String>,
    /// ISO 3166-1 alpha-2 code of its country.
    pub country: Option<String>,
    /// Country whose government it is part of.
    pub government_of: Option<String>,
    /// Attribute codes that the words tell: children, women, leader, journalist.
    pub attributes: Vec<String>,
    /// Whether the words are plural.
    pub plural: bool,
}

/// Finds all actors of the document.
pub fn find(_data: &Data, _document: &Document<'_>, _times: &[TimeMention]) -> Vec<ActorMention> {
    Vec::new()
}
