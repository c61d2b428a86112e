//! Reads a report with a small neural model: which words take a part in an incident, in which role, and
//! which of them belong to the same incident. Proposes; `resolve` decides.
//!
//! The model saw incidents of political violence in news of one region and one time; what it knows is
//! how such reports put things, not who is who. It is an encoder (`casus-encoder`) with linear heads:
//!
//! ```text
//! noun groups + pieces -encoder-> states -role-> spans -attribute, pair-> Learned -group-> incidents
//! ```
//!
//! This module must not know what the rules make of the words: it takes noun groups from them, and no roles.
//!
//! "Gunmen killed the mayor of Beya." gives `Gunmen` as perpetrator and `the mayor of Beya` as victim of
//! one attack.

use crate::{
    Error, Span,
    frame::{Frames, Lexicon},
    mention::Mentions,
    text::Document,
};
use casus_encoder::{Encoder, Pieces, Window, Workspace};
use std::{
    cell::{LazyCell, RefCell},
    ops::Range,
};

mod candidates;
pub mod entities;
pub mod evidence;
pub mod gate;
mod group;
mod heads;
pub(crate) mod scene;
mod tie;

pub use candidates::candidates;
pub use evidence::Evidence;
pub use gate::Gate;
pub use group::Incident;
use heads::{Candidate, Heads};
use rustc_hash::FxHashMap;

/// Pieces of a window, without its two marks: what the model was trained on.
const WINDOW: usize = 382;

/// Pieces that are put together to incidents: a longer report is read in sections, so that the work stays
/// linear in its length.
const SECTION: usize = 6 * WINDOW;

/// Reports that the model thinks less likely than this to tell of an incident, when it has half seen them, are left.
pub(crate) const LEAVE: f32 = 0.15;

/// A part in an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Part {
    PerpetratorPerson,
    PerpetratorGroup,
    /// A thing that was struck.
    Target,
    /// A person struck, by name.
    VictimName,
    /// Persons struck, described.
    Victim,
    Weapon,
    Place,
}

impl Part {
    /// All, in the order of the model's labels.
    pub const ALL: [Part; 7] = [
        Part::PerpetratorPerson,
        Part::PerpetratorGroup,
        Part::Target,
        Part::VictimName,
        Part::Victim,
        Part::Weapon,
        Part::Place,
    ];

    /// The name in the model's metadata.
    pub fn name(self) -> &'static str {
        match self {
            Part::PerpetratorPerson => "perp_ind",
            Part::PerpetratorGroup => "perp_org",
            Part::Target => "target",
            Part::VictimName => "victim_name",
            Part::Victim => "victim",
            Part::Weapon => "weapon",
            Part::Place => "place",
        }
    }

    /// Whether it was struck: what an incident is told apart by.
    pub fn is_struck(self) -> bool {
        matches!(self, Part::Target | Part::VictimName | Part::Victim)
    }

    /// Whether two parts can be one and the same.
    fn can_be(self, other: Part) -> bool {
        let person = |part| matches!(part, Part::VictimName | Part::Victim);
        self == other || person(self) && person(other)
    }
}

/// Words that take a part.
#[derive(Debug, Clone, PartialEq)]
pub struct LearnedSpan {
    /// Where.
    pub span: Span,
    /// As what.
    pub part: Part,
    /// How sure, 0 to 1; not calibrated.
    pub sure: f32,
    /// The most likely value of each attribute, by the model's names: `event` = "bombing" … Attributes that
    /// do not fit the part mean nothing.
    pub attributes: Vec<Attribute>,
}

/// What kind of thing words stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// `event`, `stage`, `person`, `harm`, `thing`, `damage`, `blame` or `state`.
    pub name: std::sync::Arc<str>,
    /// All values with their probabilities, in the model's order.
    pub values: Vec<(std::sync::Arc<str>, f32)>,
}

/// The value of an attribute that spans together make most likely; the first of equals. None without spans.
pub fn likeliest<'a>(spans: impl IntoIterator<Item = &'a LearnedSpan>, attribute: &str) -> Option<&'a str> {
    let mut sums: Vec<(&str, f32)> = Vec::new();
    for span in spans {
        let values = span.attributes.iter().filter(|a| *a.name == *attribute).flat_map(|a| &a.values);
        for (at, (value, p)) in values.enumerate() {
            match sums.get_mut(at) {
                Some(sum) => sum.1 += p,
                None => sums.push((value, *p)),
            }
        }
    }
    let best = sums.into_iter().reduce(|best, sum| if sum.1 > best.1 { sum } else { best });
    best.map(|(value, _)| value)
}

/// What the model reads in a report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Learned {
    /// How likely the report tells of an incident at all, 0 to 1; 0 where nothing was read.
    pub relevant: f32,
    /// Words with a part, in text order.
    pub spans: Vec<LearnedSpan>,
    /// Which of them make one incident.
    pub incidents: Vec<Incident>,
}

/// Candidates with what the rules know of them.
type Known = Vec<(Span, Evidence)>;

/// The model.
#[derive(Debug)]
pub struct Reader {
    encoder: Encoder,
    heads: Heads,
    /// Layers after which a report is judged for the first time.
    exit: usize,
}

thread_local! {
    /// Memory for states, kept from report to report.
    static WORK: RefCell<(Workspace, Pieces)> = RefCell::default();
}

impl Reader {
    /// Opens a model file (see `training/` for how one is made).
    ///
    /// # Errors
    /// If it is no such file, or lacks a head.
    pub fn open(bytes: &'static [u8]) -> Result<Reader, Error> {
        let encoder = Encoder::open(bytes).map_err(|cause| Error::data("reader", cause.to_string()))?;
        let heads = Heads::open(&encoder)?;
        let exit = encoder.metadata("exit").and_then(|exit| exit.parse().ok());
        let exit = exit.ok_or_else(|| Error::data("reader", "no metadata \"exit\""))?;
        Ok(Reader { encoder, heads, exit })
    }

    /// The encoder, whose vocabulary other models share.
    pub(crate) fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    /// Reads the sentences that the gate lets through. Text that seems less likely than `leave` to tell of an
    /// incident when half of the layers have seen it is left there: it costs half, and has no spans.
    pub(crate) fn read(
        &self,
        document: &Document<'_>,
        mentions: &Mentions,
        frames: &Frames,
        lexicon: &Lexicon,
        gate: impl Fn(u32) -> bool,
        leave: Option<f32>,
    ) -> Learned {
        let sentences: Vec<u32> = (0..document.sentences.len() as u32).filter(|&s| gate(s)).collect();
        if sentences.is_empty() {
            return Learned::default();
        }
        // Only where the report is not left half-way.
        let candidates = LazyCell::new(|| {
            let evidence = evidence::Finder::new(document, mentions, frames, lexicon);
            candidates(document, mentions, frames, &gate)
                .iter()
                .map(|tokens| (document.span(tokens), evidence.of(tokens)))
                .collect::<Known>()
        });
        WORK.with_borrow_mut(|(work, pieces)| {
            let mut learned = Learned::default();
            let mut section = Section::default();
            for &sentence in &sentences {
                let tokens = &document.sentences[sentence as usize].tokens;
                let span = document.span(tokens);
                self.encoder.pieces().encode(document.slice(span), pieces);
                // A sentence is at most a window at a time, so that one without end takes no more memory.
                for (ids, spans) in pieces.ids.chunks(WINDOW).zip(pieces.spans.chunks(WINDOW)) {
                    if section.ids.len() + ids.len() > SECTION {
                        self.finish(document, &candidates, &mut section, leave, work, &mut learned);
                    }
                    section.add(ids, spans, span.start);
                }
            }
            self.finish(document, &candidates, &mut section, leave, work, &mut learned);
            learned
        })
    }

    /// Runs the model over a section and adds what it read.
    fn finish(
        &self,
        document: &Document<'_>,
        candidates: &LazyCell<Known, impl FnOnce() -> Known>,
        section: &mut Section,
        leave: Option<f32>,
        work: &mut Workspace,
        learned: &mut Learned,
    ) {
        section.close();
        if section.ids.is_empty() {
            return;
        }
        let windows: Vec<Vec<u32>> = section
            .windows
            .iter()
            .map(|window| self.encoder.pieces().window(&section.ids[window.clone()]))
            .collect();
        let given: Vec<Window<'_>> = windows.iter().map(|ids| Window { ids, shapes: &[] }).collect();
        let hidden = self.encoder.hidden();
        if let Some(bar) = leave {
            let states = self.encoder.encode(&given, self.exit, work);
            let (own, firsts) = apart(&given, states, hidden);
            let likely = self.heads.relevant(&heads::States { hidden, rows: &own }, &firsts, true);
            if likely < bar {
                learned.relevant = learned.relevant.max(likely);
                section.clear();
                return;
            }
            self.encoder.go_on(&given, self.exit, self.encoder.layers(), work);
        } else {
            self.encoder.encode(&given, self.encoder.layers(), work);
        }
        let (own, firsts) = apart(&given, work.states(), hidden);
        let states = heads::States { hidden, rows: &own };
        learned.relevant = learned.relevant.max(self.heads.relevant(&states, &firsts, false));
        let first = learned.spans.len();
        let candidates = section.candidates(document, candidates);
        let found = self.heads.spans(&self.encoder, &states, &candidates, work);
        let rows = found.iter().map(|span| states.around(&span.pieces));
        for (span, row) in found.iter().zip(rows) {
            learned.spans.push(LearnedSpan {
                span: without_article(document, section.span(&span.pieces)),
                part: span.part,
                sure: span.sure,
                attributes: self.heads.attributes(&row),
            });
        }
        let words: Vec<String> =
            found.iter().map(|span| bare(document.slice(section.span(&span.pieces)))).collect();
        let pairs = self.heads.pairs(&found, &candidates, &words);
        learned.incidents.extend(group::incidents(&learned.spans[first..], &pairs, first));
        section.clear();
    }
}

/// The states of the pieces one after another, and of each window's first mark.
fn apart<'s>(windows: &[Window<'_>], states: &'s [f32], hidden: usize) -> (Vec<f32>, Vec<&'s [f32]>) {
    let (mut own, mut firsts, mut rest) = (Vec::with_capacity(states.len()), Vec::new(), states);
    for window in windows {
        let (rows, later) = rest.split_at(window.ids.len() * hidden);
        firsts.push(&rows[..hidden]);
        own.extend_from_slice(&rows[hidden..rows.len() - hidden]);
        rest = later;
    }
    (own, firsts)
}

/// An article says nothing of who it is.
fn without_article(document: &Document<'_>, span: Span) -> Span {
    let words = document.slice(span);
    match words.split_once(char::is_whitespace) {
        Some((first, rest)) if ["a", "an", "the"].iter().any(|a| first.eq_ignore_ascii_case(a)) => {
            Span::new(span.end - rest.trim_start().len() as u32, span.end)
        }
        _ => span,
    }
}

/// Words without case, signs and articles: what names are compared by.
pub(crate) fn bare(words: &str) -> String {
    let mut bare = String::with_capacity(words.len());
    let words = words.to_lowercase();
    for word in words.split_whitespace() {
        let start = bare.len();
        if start > 0 {
            bare.push(' ');
        }
        let first = bare.len();
        bare.extend(word.chars().filter(|c| !c.is_ascii_punctuation()));
        if matches!(&bare[first..], "" | "a" | "an" | "the") {
            bare.truncate(start);
        }
    }
    bare
}

/// Pieces of the report that are read together.
#[derive(Default)]
struct Section {
    ids: Vec<u32>,
    /// Where each piece stands in the report.
    spans: Vec<Span>,
    /// Whole sentences, as many as fit; of a longer sentence a part.
    windows: Vec<Range<usize>>,
    /// Where the window that is being filled began.
    open: usize,
}

impl Section {
    /// Adds pieces of a sentence that begins at `offset`: at most a window of them.
    fn add(&mut self, ids: &[u32], spans: &[(u32, u32)], offset: u32) {
        if self.ids.len() + ids.len() - self.open > WINDOW {
            self.close();
        }
        self.ids.extend_from_slice(ids);
        self.spans.extend(spans.iter().map(|&(start, end)| Span::new(start + offset, end + offset)));
    }

    fn close(&mut self) {
        if self.ids.len() > self.open {
            self.windows.push(self.open..self.ids.len());
            self.open = self.ids.len();
        }
    }

    /// The candidates that lie in the section. Sentences are left out between pieces, never within a candidate,
    /// since a candidate lies in one sentence.
    fn candidates<'e>(&self, document: &Document<'_>, all: &'e [(Span, Evidence)]) -> Vec<Candidate<'e>> {
        let (Some(first), Some(last)) = (self.spans.first(), self.spans.last()) else { return Vec::new() };
        let begin = all.partition_point(|(span, _)| span.start < first.start);
        let behind = all.partition_point(|(span, _)| span.start < last.end);
        let mut groups: FxHashMap<String, usize> = FxHashMap::default();
        let mut found = Vec::with_capacity(behind - begin);
        for (span, evidence) in &all[begin..behind] {
            let start = self.spans.partition_point(|piece| piece.end <= span.start);
            let end = self.spans.partition_point(|piece| piece.start < span.end);
            if start < end {
                let next = groups.len();
                let group = *groups.entry(bare(document.slice(*span))).or_insert(next);
                found.push(Candidate { pieces: start..end, group, evidence });
            }
        }
        found
    }

    fn span(&self, pieces: &Range<usize>) -> Span {
        self.spans[pieces.start].cover(self.spans[pieces.end - 1])
    }

    fn clear(&mut self) {
        *self = Section::default();
    }
}
