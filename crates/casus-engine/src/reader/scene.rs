//! Reads which of the names around an event's word are where it happened, with a small neural model of its own.
//!
//! ```text
//! a sentence, its verb, the names in it -encoder-> states -heads-> what speaks for each name, and for none
//! ```
//!
//! The encoder is told which word is asked for and which words are names, and of what kind, by what is added to
//! their pieces. So it reads a sentence once for each event that is asked for.
//!
//! This module must not know what else is read of the event: [`crate::resolve::site`] chooses.
//!
//! Of "Gunmen from Aru killed two men in Beya" with `killed` it gives `Beya` more than none, and `Aru` less.

use super::{entities::shape, heads::Linear};
use crate::{
    Error, Span,
    text::{Document, TokenId},
};
use casus_encoder::{Encoder, Pieces, Window, Workspace};
use std::{cell::RefCell, ops::Range};

/// Pieces of a window, without its two marks: what the model was trained on.
const WINDOW: usize = 126;

/// What a name gets that stands outside of the window.
const UNSEEN: f32 = -9.0;

/// The model.
#[derive(Debug)]
pub(crate) struct Scenes {
    encoder: Encoder,
    /// The kinds of names, in the order of their rows.
    kinds: Vec<String>,
    /// What of a name is seen: its first piece, its last, the mean of all; and the mean of the verb's pieces.
    first: Linear,
    last: Linear,
    mean: Linear,
    verb: Linear,
    name: Linear,
    /// No name, by the verb.
    none: Linear,
    /// What a list of two, three and more names has added.
    lists: Vec<f32>,
}

/// A name as the model is told of it.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// Where.
    pub(crate) tokens: Range<TokenId>,
    /// What it is, by the features of the choice.
    pub(crate) kind: &'static str,
}

/// What speaks for each set of names, as logarithms of odds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    /// That the event has none of the names.
    pub(crate) none: f32,
    /// Each name.
    pub(crate) names: Vec<f32>,
    /// A list of two, three and more names, besides the names.
    pub(crate) lists: [f32; 3],
}

thread_local! {
    /// Memory for states, kept from report to report.
    static WORK: RefCell<(Workspace, Pieces)> = RefCell::default();
}

impl Scenes {
    /// Opens a model file that was made for the vocabulary of another (see `training/scene`).
    pub(crate) fn open(bytes: &'static [u8], other: &Encoder) -> Result<Scenes, Error> {
        let broken = |cause: String| Error::data("scene", cause);
        let encoder = Encoder::beside(bytes, other).map_err(|cause| broken(cause.to_string()))?;
        let kinds = encoder.metadata("kinds").ok_or_else(|| broken("no metadata \"kinds\"".to_owned()))?;
        let kinds: Vec<String> = kinds.split(',').map(str::to_owned).collect();
        let name = Linear::open(&encoder, "name")?;
        let (hidden, size) = (encoder.hidden(), name.inputs());
        let seen = |part: &str| Linear::open(&encoder, part)?.expect(part, hidden, size);
        let (first, last, mean, verb) = (seen("first")?, seen("last")?, seen("mean")?, seen("verb")?);
        let name = name.expect("name", size, 1)?;
        let none = Linear::open(&encoder, "none")?.expect("none", hidden, 1)?;
        let lists = encoder.tensor("lists").map(|lists| lists.values).filter(|lists| lists.len() == 3);
        let lists = lists.ok_or_else(|| broken("no three values for lists".to_owned()))?;
        Ok(Scenes { encoder, kinds, first, last, mean, verb, name, none, lists })
    }

    /// Judges the names of `reach`, a part of one sentence, for the event that `verb` tells there.
    pub(crate) fn judge(
        &self,
        document: &Document<'_>,
        reach: &Range<TokenId>,
        verb: &Range<TokenId>,
        names: &[Named],
    ) -> Seen {
        let offset = document.span(reach).start;
        WORK.with_borrow_mut(|(work, pieces)| {
            self.encoder.pieces().encode(document.slice(document.span(reach)), pieces);
            let within = |tokens: &Range<TokenId>| {
                let span = document.span(tokens);
                let (start, end) = (span.start - offset, span.end - offset);
                let first = pieces.spans.partition_point(|piece| piece.1 <= start);
                let behind = pieces.spans.partition_point(|piece| piece.0 < end);
                first..behind.max(first + 1)
            };
            let verb = within(verb);
            let total = pieces.ids.len();
            // The verb stands in the middle of a sentence that is too long.
            let first = verb.start.saturating_sub(WINDOW / 2).min(total.saturating_sub(WINDOW));
            let window = first..total.min(first + WINDOW);
            let words = Words { document, pieces, offset };
            let mut shapes = words.shapes(&window, self.rows());
            let mut mark = |pieces: &Range<usize>, row: usize| {
                for piece in pieces.clone().filter(|piece| window.contains(piece)) {
                    // The first is that of [CLS].
                    let shape = &mut shapes[piece - window.start + 1];
                    *shape = *shape - *shape % self.rows() + row as u8;
                }
            };
            let ranges: Vec<Range<usize>> = names.iter().map(|name| within(&name.tokens)).collect();
            for (range, name) in ranges.iter().zip(names) {
                let kind = self.kinds.iter().position(|kind| kind == name.kind);
                if range.start >= window.start && range.end <= window.end {
                    mark(range, kind.map_or(0, |kind| kind + 2));
                }
            }
            mark(&verb, 1);
            let ids = self.encoder.pieces().window(&pieces.ids[window.clone()]);
            let states =
                self.encoder.encode(&[Window { ids: &ids, shapes: &shapes }], self.encoder.layers(), work);
            let states = States { rows: states, hidden: self.encoder.hidden(), first: window.start };
            let asked = states.mean(&(verb.start..verb.end.min(window.end)));
            let by_verb = self.verb.apply(&asked);
            let names = ranges.iter().map(|range| {
                if range.start < window.start || range.end > window.end {
                    return UNSEEN;
                }
                let parts = [
                    self.first.apply(states.row(range.start)),
                    self.last.apply(states.row(range.end - 1)),
                    self.mean.apply(&states.mean(range)),
                ];
                let mut seen = by_verb.clone();
                for part in &parts {
                    seen.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
                }
                seen.iter_mut().for_each(|value| *value = value.max(0.0));
                self.name.apply(&seen)[0]
            });
            let names = names.collect();
            Seen {
                none: self.none.apply(&asked)[0],
                names,
                lists: [self.lists[0], self.lists[1], self.lists[2]],
            }
        })
    }

    /// Rows of the table of shapes for one way of writing: none, the verb, and each kind of name.
    fn rows(&self) -> u8 {
        (self.kinds.len() + 2) as u8
    }
}

/// The states of a window's pieces.
struct States<'s> {
    rows: &'s [f32],
    hidden: usize,
    /// The piece behind `[CLS]`.
    first: usize,
}

impl States<'_> {
    fn row(&self, piece: usize) -> &[f32] {
        let at = piece - self.first + 1;
        &self.rows[at * self.hidden..(at + 1) * self.hidden]
    }

    fn mean(&self, pieces: &Range<usize>) -> Vec<f32> {
        let mut mean = vec![0.0; self.hidden];
        for piece in pieces.clone() {
            mean.iter_mut().zip(self.row(piece)).for_each(|(sum, value)| *sum += value);
        }
        let count = pieces.len().max(1) as f32;
        mean.iter_mut().for_each(|value| *value /= count);
        mean
    }
}

/// The words of a sentence in pieces.
struct Words<'a> {
    document: &'a Document<'a>,
    pieces: &'a Pieces,
    offset: u32,
}

impl Words<'_> {
    /// How the words of a window are written: the row of each piece, with those of `[CLS]` and `[SEP]`, before the
    /// verb and the names are marked.
    fn shapes(&self, window: &Range<usize>, rows: u8) -> Vec<u8> {
        let Words { document, pieces, offset } = self;
        let mut shapes = vec![0; window.len() + 2];
        let ends = pieces.words.iter().skip(1).map(|&word| word as usize).chain([pieces.ids.len()]);
        for (start, end) in pieces.words.iter().map(|&word| word as usize).zip(ends) {
            if end <= window.start || start >= window.end {
                continue;
            }
            let span = Span::new(pieces.spans[start].0 + offset, pieces.spans[end - 1].1 + offset);
            let written = shape(document.slice(span)) * rows;
            for piece in start.max(window.start)..end.min(window.end) {
                shapes[piece - window.start + 1] = written;
            }
        }
        shapes
    }
}
