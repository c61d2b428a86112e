//! Finds triggers and puts mentions into roles: who did what to whom, clause by clause. Values are
//! not decided here.

use crate::{Error, Resources, mention::Mentions, text::Document};

/// What the frame stage looks up.
#[derive(Debug)]
pub struct Data {}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Ok(Data {})
    }
}

/// All frames of a document.
#[derive(Debug, Default)]
pub struct Frames {}

/// Finds all frames.
pub fn find(_resources: &Resources, _document: &Document<'_>, _mentions: &Mentions) -> Frames {
    Frames {}
}
