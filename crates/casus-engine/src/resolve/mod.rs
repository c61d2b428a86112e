//! Turns frames into events: the only place where a value is decided, because only here the document
//! and the role are both known.

use crate::{Options, Reading, Resources, frame::Frames, mention::Mentions, text::Document};

/// Decides every value.
pub fn resolve(
    _resources: &Resources,
    _options: &Options,
    _document: &Document<'_>,
    _mentions: &Mentions,
    _frames: &Frames,
) -> Reading {
    Reading::default()
}
