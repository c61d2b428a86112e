//! What was learned from a user's corrections, to be laid over the data: words that name an action, or none, and
//! roles that grammar gets wrong. Names that were learned are entries of a register ([`Casus::with_register`]).
//!
//! It decides nothing that a text does not say: a word becomes the word of a trigger that there is, a noun group that
//! the clause holds gets another role, or none. Reading without it gives the records of before.
//!
//! ```
//! use casus_engine::{Casus, Report, frame::{Word, WordKind}, lessons::Lessons};
//! let report = Report { text: "Gunmen torched four houses in Beya.".into(), ..Report::default() };
//! let mut casus = Casus::embedded()?;
//! let before = casus.read(&report);
//! let none = Word { word: "torch".into(), kind: WordKind::Verb, like: None, weak: false };
//! casus.lay(&Lessons { words: vec![none], ..Lessons::default() })?;
//! assert!(casus.read(&report).events.len() < before.events.len());
//! casus.lay(&Lessons::default())?;
//! assert_eq!(casus.read(&report), before, "taken away, it leaves nothing behind");
//! # Ok::<(), casus_engine::Error>(())
//! ```

use crate::{
    Casus, Error, Event, Traced,
    choice::Choice,
    frame::{self, Word},
    resolve,
};
use std::borrow::Cow;

/// What is laid over the data.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lessons {
    /// Words, each in place of what the data says of it.
    pub words: Vec<Word>,
    /// Which role a noun group has, as [`frame::preference`] offers them.
    pub roles: Choice,
}

impl Casus {
    /// Lays what was learned over the data, in place of what was laid before.
    ///
    /// # Errors
    /// If it names a trigger that the data does not have; the reader is then as it was.
    pub fn lay(&mut self, lessons: &Lessons) -> Result<(), Error> {
        self.resources.frame = frame::Data::with(&lessons.words, lessons.roles.clone())?;
        Ok(())
    }

    /// The events of a report that was read before by the same reader with other lessons: only what these can change
    /// is read again, which is faster by far. The model is asked again only of a report that told no event before.
    pub fn read_again(&self, before: &Traced<'_>) -> Vec<Event> {
        let Traced { document, mentions, learned, drafts, .. } = before;
        let frames = frame::find(&self.resources, document, mentions);
        let learned = |told: bool| {
            if told && drafts.is_empty() {
                Cow::Owned(self.learn(document, mentions, &frames, told))
            } else {
                Cow::Borrowed(learned)
            }
        };
        let read = resolve::Read { learned: &learned, asked: resolve::Asked::default() };
        resolve::resolve(&self.resources, &self.options, document, mentions, &frames, read, &[])
            .reading
            .events
    }
}
