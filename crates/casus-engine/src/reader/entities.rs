//! Reads which words stand for persons, groups, places, weapons and the like, with a small neural model of its own.
//!
//! ```text
//! sentences -encoder-> states of words -head-> labels -best path-> spans
//! ```
//!
//! It marks a text twice. *Mentions* are what an analyst of a conflict marks: names, titles and descriptions as a
//! whole ("the former mayor of Beya", "Kurdish forces", "we", "mortars", "last week"). *Names* are names alone, of
//! persons, groups and places ("Beya"). MiniLM knows no capitals, so how a word is written is added to its pieces.
//!
//! This module must not know events, registers or the gazetteer.
//!
//! "Rebels of the Lodo Front attacked Beya on Friday." has the mentions `Rebels of the Lodo Front` (group), `Beya` (place)
//! and `Friday` (time), and the names `Lodo Front` and `Beya`.

use super::heads::{Linear, softmax};
use crate::{
    Error, Span,
    mention::place,
    text::{Document, TokenKind},
};
use casus_encoder::{Encoder, Pieces, Window, Workspace};
use std::{cell::RefCell, ops::Range};

/// Pieces of a window, without its two marks: what the model was trained on.
const WINDOW: usize = 126;

/// Windows that are run at once: so many states are held.
const SECTION: usize = 16;

/// What comes behind the head of a noun group.
const BEHIND_THE_HEAD: [&str; 9] = ["of", "in", "at", "on", "near", "outside", "for", "and", "where"];

/// What a mention stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum EntityKind {
    Person,
    /// Several people, an organisation, a government, an armed group.
    Group,
    Place,
    /// A building or another site of people, by its word ("the central market").
    Facility,
    Weapon,
    /// A military vehicle, ship or aircraft.
    MilitaryPlatform,
    Vehicle,
    /// A nation, a people or a religion as an attribute ("Syrian", "Shia").
    Nationality,
    Time,
    Quantity,
    Money,
    Document,
    /// A call sign, an address, a handle.
    Identifier,
    Frequency,
}

impl EntityKind {
    /// All.
    pub const ALL: [EntityKind; 14] = [
        EntityKind::Person,
        EntityKind::Group,
        EntityKind::Place,
        EntityKind::Facility,
        EntityKind::Weapon,
        EntityKind::MilitaryPlatform,
        EntityKind::Vehicle,
        EntityKind::Nationality,
        EntityKind::Time,
        EntityKind::Quantity,
        EntityKind::Money,
        EntityKind::Document,
        EntityKind::Identifier,
        EntityKind::Frequency,
    ];

    /// The model's labels: those of re3d, then those of names.
    const LABELS: [(&'static str, EntityKind); 16] = [
        ("Person", EntityKind::Person),
        ("Organisation", EntityKind::Group),
        ("Location", EntityKind::Place),
        ("Weapon", EntityKind::Weapon),
        ("MilitaryPlatform", EntityKind::MilitaryPlatform),
        ("Vehicle", EntityKind::Vehicle),
        ("Nationality", EntityKind::Nationality),
        ("Temporal", EntityKind::Time),
        ("Quantity", EntityKind::Quantity),
        ("Money", EntityKind::Money),
        ("DocumentReference", EntityKind::Document),
        ("CommsIdentifier", EntityKind::Identifier),
        ("Frequency", EntityKind::Frequency),
        ("PER", EntityKind::Person),
        ("ORG", EntityKind::Group),
        ("LOC", EntityKind::Place),
    ];

    /// The name in output.
    pub fn name(self) -> &'static str {
        match self {
            EntityKind::Person => "person",
            EntityKind::Group => "group",
            EntityKind::Place => "place",
            EntityKind::Facility => "facility",
            EntityKind::Weapon => "weapon",
            EntityKind::MilitaryPlatform => "military_platform",
            EntityKind::Vehicle => "vehicle",
            EntityKind::Nationality => "nationality",
            EntityKind::Time => "time",
            EntityKind::Quantity => "quantity",
            EntityKind::Money => "money",
            EntityKind::Document => "document",
            EntityKind::Identifier => "identifier",
            EntityKind::Frequency => "frequency",
        }
    }
}

/// Words that stand for something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entity {
    /// Where.
    pub span: Span,
    /// For what.
    pub kind: EntityKind,
    /// Probability of the least sure of its words, 0 to 1; not calibrated.
    pub sure: f32,
}

/// What the model marks in a report, each list in text order and without overlaps.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Names, titles and descriptions as a whole.
    pub mentions: Vec<Entity>,
    /// Names alone.
    pub names: Vec<Entity>,
}

/// The model.
#[derive(Debug)]
pub(crate) struct Entities {
    encoder: Encoder,
    mentions: Head,
    names: Head,
}

thread_local! {
    /// Memory for states, kept from report to report.
    static WORK: RefCell<(Workspace, Pieces)> = RefCell::default();
}

impl Entities {
    /// Opens a model file that was made for the vocabulary of another (see `training/entities`).
    pub(crate) fn open(bytes: &'static [u8], other: &Encoder) -> Result<Entities, Error> {
        let encoder =
            Encoder::beside(bytes, other).map_err(|cause| Error::data("entities", cause.to_string()))?;
        let (mentions, names) = (Head::open(&encoder, "re3d")?, Head::open(&encoder, "names")?);
        Ok(Entities { encoder, mentions, names })
    }

    /// Marks a document. `places` tells the words of facilities.
    pub(crate) fn read(&self, document: &Document<'_>, places: &place::Data) -> Found {
        WORK.with_borrow_mut(|(work, pieces)| {
            let mut found = Found::default();
            let mut section = Section::default();
            for sentence in &document.sentences {
                let span = document.span(&sentence.tokens);
                self.encoder.pieces().encode(document.slice(span), pieces);
                let mut rest = &pieces.words[..];
                // A sentence is at most a window at a time, so that one without end takes no more memory.
                while let Some(&first) = rest.first() {
                    let ends = rest[1..].iter().copied().chain([pieces.ids.len() as u32]);
                    let fitting = ends.take_while(|end| (end - first) as usize <= WINDOW).count().max(1);
                    let (run, later) = rest.split_at(fitting);
                    if section.is_full() {
                        self.finish(document, &mut section, work, &mut found);
                    }
                    section.add(document, pieces, run, span.start, self.encoder.pieces().cls());
                    rest = later;
                }
            }
            self.finish(document, &mut section, work, &mut found);
            for mention in &mut found.mentions {
                if mention.kind == EntityKind::Place && is_facility(document, mention.span, places) {
                    mention.kind = EntityKind::Facility;
                }
            }
            found
        })
    }

    /// Runs the model over a section and adds what it marks.
    fn finish(
        &self,
        document: &Document<'_>,
        section: &mut Section,
        work: &mut Workspace,
        found: &mut Found,
    ) {
        let Section { mut windows, runs } = std::mem::take(section);
        windows.iter_mut().for_each(|(ids, _)| ids.push(self.encoder.pieces().sep()));
        let given: Vec<Window<'_>> = windows.iter().map(|(ids, shapes)| Window { ids, shapes }).collect();
        let hidden = self.encoder.hidden();
        let mut states = self.encoder.encode(&given, self.encoder.layers(), work);
        let mut at = 0;
        for Run { window, words } in &runs {
            while at < *window {
                states = &states[given[at].ids.len() * hidden..];
                at += 1;
            }
            let rows: Vec<&[f32]> =
                words.iter().map(|(piece, _)| &states[piece * hidden..(piece + 1) * hidden]).collect();
            for (head, out) in [(&self.mentions, &mut found.mentions), (&self.names, &mut found.names)] {
                for Marked { words: range, kind, sure } in head.mark(&rows) {
                    let span = words[range.start].1.cover(words[range.end - 1].1);
                    // A word may end in a character that the model does not see.
                    let trimmed = document.slice(span).trim_end().len() as u32;
                    out.push(Entity { span: Span::new(span.start, span.start + trimmed), kind, sure });
                }
            }
        }
    }
}

/// Whether the head of a place's words is that of a facility: the last word before what is said of it
/// ("the market of Beya"), or of all.
fn is_facility(document: &Document<'_>, span: Span, places: &place::Data) -> bool {
    let first = document.tokens.partition_point(|token| token.span.start < span.start);
    let words = (first..document.tokens.len())
        .take_while(|&at| document.tokens[at].span.end <= span.end)
        .map(|at| (document.tokens[at].kind, document.norm(at as u32)));
    let head =
        words.take_while(|(kind, norm)| *kind == TokenKind::Word && !BEHIND_THE_HEAD.contains(norm)).last();
    head.is_some_and(|(_, norm)| places.is_facility(norm))
}

/// Sentences, or parts of long ones, that are run together.
#[derive(Debug, Default)]
struct Section {
    /// Pieces, with the mark that begins a window, and their shapes.
    windows: Vec<(Vec<u32>, Vec<u8>)>,
    runs: Vec<Run>,
}

/// Words of one sentence in one window.
#[derive(Debug)]
struct Run {
    window: usize,
    /// The first piece of each word in the window, and where the word stands in the report.
    words: Vec<(usize, Span)>,
}

impl Section {
    fn is_full(&self) -> bool {
        self.windows.len() >= SECTION
    }

    /// Adds words of a sentence that begins at `offset`, given by their first pieces; they fit into a window.
    fn add(&mut self, document: &Document<'_>, pieces: &Pieces, words: &[u32], offset: u32, cls: u32) {
        let Some((&first, &last)) = words.first().zip(words.last()) else { return };
        let later = pieces.words.partition_point(|&word| word <= last);
        let end = pieces.words.get(later).map_or(pieces.ids.len(), |&word| word as usize);
        let range = first as usize..end;
        if self.windows.last().is_none_or(|(ids, _)| ids.len() - 1 + range.len() > WINDOW) {
            self.windows.push((vec![cls], vec![0]));
        }
        let window = self.windows.len() - 1;
        let (ids, shapes) = &mut self.windows[window];
        let ends = words[1..].iter().map(|&word| word as usize).chain([end]);
        let mut run = Vec::with_capacity(words.len());
        for (&word, behind) in words.iter().zip(ends) {
            let word = word as usize..behind;
            let span = Span::new(pieces.spans[word.start].0 + offset, pieces.spans[word.end - 1].1 + offset);
            run.push((ids.len(), span));
            ids.extend_from_slice(&pieces.ids[word.clone()]);
            shapes.resize(shapes.len() + word.len(), shape(document.slice(span)));
        }
        self.runs.push(Run { window, words: run });
    }
}

/// How a word is written: the row of the model's table of shapes. As in `training/entities/train.py`.
pub(super) fn shape(word: &str) -> u8 {
    let (mut letters, mut digits, mut upper, mut lower, mut first) = (0, false, 0, 0, false);
    for c in word.chars() {
        digits |= c.is_numeric();
        if c.is_alphabetic() {
            first |= letters == 0 && c.is_uppercase();
            letters += 1;
            upper += usize::from(c.is_uppercase());
            lower += usize::from(c.is_lowercase());
        }
    }
    match (letters, upper, lower) {
        (0, ..) if !digits => 8,
        (0, ..) => 6,
        _ if digits => 7,
        (_, 0, 0) => 9,
        (_, 0, _) => 1,
        (1, 1, _) => 4,
        (n, upper, _) if upper == n => 3,
        (_, 1, _) if first => 2,
        _ => 5,
    }
}

/// Words that were marked.
struct Marked {
    words: Range<usize>,
    kind: EntityKind,
    sure: f32,
}

/// One way of marking: labels for none, and for the beginning and the rest of each kind.
#[derive(Debug)]
struct Head {
    linear: Linear,
    kinds: Vec<EntityKind>,
}

impl Head {
    fn open(encoder: &Encoder, name: &str) -> Result<Head, Error> {
        let kinds = encoder
            .metadata(name)
            .ok_or_else(|| Error::data("entities", format!("no metadata {name:?}")))?
            .split(',')
            .map(|label| {
                let known = EntityKind::LABELS.iter().find(|(known, _)| *known == label);
                known.map(|(_, kind)| *kind).ok_or_else(|| Error::data("entities", format!("kind {label:?}")))
            })
            .collect::<Result<Vec<_>, Error>>()?;
        let linear = Linear::open(encoder, name)?.expect(name, encoder.hidden(), 1 + 2 * kinds.len())?;
        Ok(Head { linear, kinds })
    }

    /// The likeliest marks, among those in which nothing goes on that did not begin (Viterbi).
    fn mark(&self, states: &[&[f32]]) -> Vec<Marked> {
        let logits: Vec<Vec<f32>> = states.iter().map(|state| self.linear.apply(state)).collect();
        let labels = best_path(&logits);
        let mut found: Vec<Marked> = Vec::new();
        for (at, (&label, logits)) in
            labels.iter().zip(&logits).enumerate().filter(|(_, (label, _))| **label > 0)
        {
            let sure = softmax(logits)[label];
            match found.last_mut() {
                Some(last) if is_inside(label) => {
                    last.words.end = at + 1;
                    last.sure = last.sure.min(sure);
                }
                _ => found.push(Marked { words: at..at + 1, kind: self.kinds[(label - 1) / 2], sure }),
            }
        }
        found
    }
}

/// Labels are 0 for none, then beginning and inside of each kind by turns.
fn is_inside(label: usize) -> bool {
    label > 0 && label.is_multiple_of(2)
}

/// The labels with the largest sum of logits. The inside of a kind follows its beginning or its inside alone.
fn best_path(logits: &[Vec<f32>]) -> Vec<usize> {
    let Some((first, rest)) = logits.split_first() else { return Vec::new() };
    let best =
        |scores: &[f32]| (1..scores.len()).fold(0, |best, i| if scores[i] > scores[best] { i } else { best });
    let mut scores: Vec<f32> = first
        .iter()
        .enumerate()
        .map(|(label, logit)| if is_inside(label) { f32::NEG_INFINITY } else { *logit })
        .collect();
    let mut back: Vec<Vec<usize>> = Vec::with_capacity(rest.len());
    for row in rest {
        let any = best(&scores);
        let before: Vec<usize> = (0..row.len())
            .map(|label| match is_inside(label) {
                true if scores[label - 1] >= scores[label] => label - 1,
                true => label,
                false => any,
            })
            .collect();
        scores = before.iter().zip(row).map(|(&before, logit)| scores[before] + logit).collect();
        back.push(before);
    }
    let mut label = best(&scores);
    let mut labels = vec![label];
    for before in back.iter().rev() {
        label = before[label];
        labels.push(label);
    }
    labels.reverse();
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_words_are_written() {
        for (word, expected) in [
            ("beya", 1),
            ("Beya", 2),
            ("BEYA", 3),
            ("I", 4),
            ("McRae", 5),
            ("iPhone", 5),
            ("1999", 6),
            ("M16", 7),
            (",", 8),
            ("بيا", 9),
            ("Élan", 2),
        ] {
            assert_eq!(shape(word), expected, "{word}");
        }
    }

    #[test]
    fn nothing_goes_on_that_did_not_begin() {
        // Labels: none, beginning and inside of one kind, of another.
        let row = |best: usize, second: usize| {
            let mut row = vec![0.0; 5];
            row[second] = 1.5;
            row[best] = 2.0;
            row
        };
        let check = |rows: &[(usize, usize)], expected: &[usize]| {
            let logits: Vec<_> = rows.iter().map(|&(best, second)| row(best, second)).collect();
            assert_eq!(best_path(&logits), expected, "{rows:?}");
        };
        check(&[], &[]);
        check(&[(1, 0), (2, 0), (0, 1)], &[1, 2, 0]);
        check(&[(2, 1), (2, 0)], &[1, 2]);
        check(&[(0, 1), (4, 3), (0, 4)], &[0, 3, 0]);
        check(&[(1, 3), (4, 0), (4, 0)], &[3, 4, 4]);
    }
}
