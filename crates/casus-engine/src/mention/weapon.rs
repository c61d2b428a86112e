//! Weapons and materiel: words that name means of violence or things that are lost or taken.
//!
//! This module must not know what an event is.

use crate::{
    Error, Span,
    text::{Document, TokenId},
};
use std::ops::Range;

/// What the weapon stage looks up.
#[derive(Debug)]
pub struct Data {}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Ok(Data {})
    }
}

/// A weapon or thing that the text names.
#[derive(Debug, Clone, PartialEq)]
pub struct WeaponMention {
    /// Its tokens, without determiner and count.
    pub tokens: Range<TokenId>,
    /// Its span.
    pub span: Span,
    /// Weapon code, if it is a means of violence.
    pub weapon: Option<String>,
    /// Materiel code, if it can be lost or taken.
    pub item: Option<String>,
    /// Delivery code that the words tell.
    pub delivery: Option<String>,
    /// Whether the words are plural.
    pub plural: bool,
}

/// Finds all weapons and things of the document.
pub fn find(_data: &Data, _document: &Document<'_>) -> Vec<WeaponMention> {
    Vec::new()
}
