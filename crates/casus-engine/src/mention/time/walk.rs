//! Finds what the patterns match: a walk over the pieces, from the left, longest match first.

use super::lexicon::{Grammar, Pieces, Symbol};
use std::ops::Range;

/// One word or number of a match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Capture {
    pub(super) symbol: Symbol,
    pub(super) value: i32,
    /// Its pieces.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Which extent it is in, counted from 1; 0 for none.
    pub(super) extent: u8,
}

/// A match of a pattern.
#[derive(Debug, Clone)]
pub(super) struct Match {
    pub(super) pattern: u16,
    pub(super) captures: Vec<Capture>,
}

impl Match {
    /// Pieces of an extent; None if the match went round it.
    pub(super) fn extent(&self, extent: u8) -> Option<Range<usize>> {
        let mut of = self.captures.iter().filter(|capture| capture.extent == extent);
        let first = of.next()?;
        Some(first.start..of.next_back().unwrap_or(first).end)
    }

    /// Number of extents.
    pub(super) fn extents(&self) -> u8 {
        self.captures.iter().map(|capture| capture.extent).max().unwrap_or(0)
    }

    /// Where the first extent begins.
    pub(super) fn start(&self) -> usize {
        self.extent(1).map_or(0, |extent| extent.start)
    }

    /// Where the last extent ends.
    pub(super) fn end(&self) -> usize {
        self.captures
            .iter()
            .filter(|capture| capture.extent > 0)
            .map(|capture| capture.end)
            .max()
            .unwrap_or(0)
    }
}

/// Most matches that are weighed at one place: the patterns of utterances leave much open, and a text that
/// repeats a number must not make them try everything.
const MOST: usize = 2000;

/// Longest match in captures: patterns are short, and the bound keeps the walk linear.
const DEEPEST: usize = 24;

/// A match that is weighed against others at the same place.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    pattern: u16,
    /// Pieces from its first extent to its last.
    start: u32,
    end: u32,
    /// Where its captures are.
    captures: (u32, u32),
}

/// What the walk has found at one place. Kept for the next place, so that nothing is allocated for a word that
/// begins no time.
#[derive(Debug, Default)]
struct Here {
    path: Vec<Capture>,
    found: Vec<Candidate>,
    captures: Vec<Capture>,
}

impl Here {
    fn push(&mut self, pattern: u16) {
        let mut extents = self.path.iter().filter(|capture| capture.extent == 1);
        let start = extents.next().map_or(0, |capture| capture.start);
        let ends = self.path.iter().filter(|capture| capture.extent > 0).map(|capture| capture.end);
        let (start, end) = (start as u32, ends.max().unwrap_or(0) as u32);
        let from = self.captures.len() as u32;
        self.captures.extend_from_slice(&self.path);
        let captures = (from, self.captures.len() as u32);
        self.found.push(Candidate { pattern, start, end, captures });
    }
}

/// Calls `take` with every match that `allow` lets pass, from left to right, none overlapping.
pub(super) fn walk(
    grammar: &Grammar,
    pieces: &Pieces<'_>,
    mut allow: impl FnMut(&Match) -> bool,
    mut take: impl FnMut(Match),
) {
    let mut at = 0;
    let mut here = Here::default();
    let mut one = Match { pattern: 0, captures: Vec::with_capacity(DEEPEST) };
    while at < pieces.all.len() {
        here.found.clear();
        here.captures.clear();
        matches_from(grammar, pieces, at, &mut here);
        if here.found.is_empty() {
            at += 1;
            continue;
        }
        // A pattern that asks for a word before its extent must not hide one that begins after the word.
        let reach = here.found.iter().map(|found| found.start as usize).max().unwrap_or(at).min(at + 4);
        for later in at + 1..=reach {
            matches_from(grammar, pieces, later, &mut here);
        }
        here.found
            .sort_by(|a, b| b.end.cmp(&a.end).then(a.start.cmp(&b.start)).then(a.pattern.cmp(&b.pattern)));
        let best = here.found.iter().filter(|found| found.end as usize > at).find(|found| {
            one.pattern = found.pattern;
            one.captures.clear();
            let (from, to) = found.captures;
            one.captures.extend_from_slice(&here.captures[from as usize..to as usize]);
            allow(&one)
        });
        match best {
            Some(best) => {
                at = best.end as usize;
                take(one.clone());
            }
            None => at += 1,
        }
    }
}

fn matches_from(grammar: &Grammar, pieces: &Pieces<'_>, at: usize, here: &mut Here) {
    for reading in pieces.readings(at) {
        let symbol = usize::from(reading.symbol);
        let Some(starts) = grammar.starts.get(symbol) else { continue };
        let end = at + usize::from(reading.len);
        // Most words that could begin a match stand before one that nothing goes on with.
        let next = pieces.marks(end);
        if grammar.seconds[symbol] & next == 0 && !grammar.alone[symbol] {
            continue;
        }
        for &start in starts {
            let position = &grammar.positions[usize::from(start)];
            if !position.last && grammar.follows[usize::from(start)] & next == 0 {
                continue;
            }
            here.path.push(Capture {
                symbol: reading.symbol,
                value: reading.value,
                start: at,
                end,
                extent: position.extent,
            });
            go_on(grammar, pieces, start, here);
            here.path.pop();
        }
    }
}

/// Follows the automaton from a position whose reading is the last of the path. As deep as the longest
/// pattern, never as the text.
fn go_on(grammar: &Grammar, pieces: &Pieces<'_>, from: u16, here: &mut Here) {
    let position = &grammar.positions[usize::from(from)];
    let Some(at) = here.path.last().map(|capture| capture.end) else { return };
    if position.last {
        here.push(position.pattern);
    }
    if here.path.len() == DEEPEST || here.found.len() >= MOST {
        return;
    }
    if grammar.follows[usize::from(from)] & pieces.marks(at) == 0 {
        return;
    }
    let readings = pieces.readings(at);
    for &next in &position.follow {
        let state = &grammar.positions[usize::from(next)];
        for reading in readings.iter().filter(|reading| reading.symbol == state.symbol) {
            here.path.push(Capture {
                symbol: reading.symbol,
                value: reading.value,
                start: at,
                end: at + usize::from(reading.len),
                extent: state.extent,
            });
            go_on(grammar, pieces, next, here);
            here.path.pop();
        }
    }
}
