//! Voices: who in the text says so, and which words they say.
//!
//! This module must not know what an event is.

use super::actor::ActorMention;
use crate::{
    AttributionStatus, Error, Span, Verification, VoiceKind,
    text::{Document, TokenId},
};
use std::ops::Range;

/// What the voice stage looks up.
#[derive(Debug)]
pub struct Data {}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Ok(Data {})
    }
}

/// A speaker and the words that are the speaker's.
#[derive(Debug, Clone, PartialEq)]
pub struct VoiceMention {
    /// Tokens of the speaker's name ("the district head").
    pub speaker: Range<TokenId>,
    /// Span of the speaker's name.
    pub span: Span,
    /// The verb of saying, if there is one ("according to" has none).
    pub verb: Option<TokenId>,
    /// Tokens that the speaker vouches for; may begin in an earlier sentence of the same quotation.
    pub governs: Range<TokenId>,
    /// Who speaks.
    pub kind: VoiceKind,
    /// Index of the actor mention that is the speaker.
    pub actor: Option<u32>,
    /// What the verb makes of the words: stated, claimed ("claimed"), denied.
    pub stance: AttributionStatus,
    /// Whether the words claim responsibility ("claimed responsibility for").
    pub claims_responsibility: bool,
    /// What the text says about checking.
    pub verification: Option<Verification>,
}

/// Finds all voices of the document.
pub fn find(_data: &Data, _document: &Document<'_>, _actors: &[ActorMention]) -> Vec<VoiceMention> {
    Vec::new()
}
