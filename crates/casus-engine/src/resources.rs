use crate::{Error, frame, mention, text};

/// Everything the stages look up: one field a stage, opened once, shared and never changed.
#[derive(Debug)]
pub struct Resources {
    pub(crate) text: text::Data,
    pub(crate) mention: mention::Data,
    pub(crate) frame: frame::Data,
}

impl Resources {
    /// Opens the data built into casus.
    ///
    /// # Errors
    /// If a section is missing or damaged.
    pub fn embedded() -> Result<Resources, Error> {
        Ok(Resources {
            text: text::Data::embedded()?,
            mention: mention::Data::embedded()?,
            frame: frame::Data::embedded()?,
        })
    }

    /// What the place stage looks up, with the gazetteer.
    pub fn places(&self) -> &mention::place::Data {
        &self.mention.place
    }
}
