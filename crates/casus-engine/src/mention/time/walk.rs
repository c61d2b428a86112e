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

/// Calls `take` with every match that `allow` lets pass, from left to right, none overlapping.
pub(super) fn walk(
    grammar: &Grammar,
    pieces: &Pieces<'_>,
    mut allow: impl FnMut(&Match) -> bool,
    mut take: impl FnMut(Match),
) {
    let mut at = 0;
    let mut path = Vec::with_capacity(DEEPEST);
    let mut found: Vec<Match> = Vec::new();
    while at < pieces.all.len() {
        if pieces.readings(at).is_empty() {
            at += 1;
            continue;
        }
        found.clear();
        matches_from(grammar, pieces, at, &mut path, &mut found);
        // A pattern that asks for a word before its extent must not hide one that begins after the word.
        let reach = found.iter().map(Match::start).max().unwrap_or(at).min(at + 4);
        for later in at + 1..=reach {
            matches_from(grammar, pieces, later, &mut path, &mut found);
        }
        found.sort_by(|a, b| {
            b.end().cmp(&a.end()).then(a.start().cmp(&b.start())).then(a.pattern.cmp(&b.pattern))
        });
        match found.iter().position(|candidate| candidate.end() > at && allow(candidate)) {
            Some(best) => {
                let best = found.swap_remove(best);
                at = best.end();
                take(best);
            }
            None => at += 1,
        }
    }
}

fn matches_from(
    grammar: &Grammar,
    pieces: &Pieces<'_>,
    at: usize,
    path: &mut Vec<Capture>,
    found: &mut Vec<Match>,
) {
    for reading in pieces.readings(at) {
        let symbol = usize::from(reading.symbol);
        let Some(starts) = grammar.starts.get(symbol) else { continue };
        let end = at + usize::from(reading.len);
        // Most words that could begin a match stand before one that nothing goes on with.
        let next = pieces.marks(end);
        if next == 0 && !grammar.alone[symbol] {
            continue;
        }
        for &start in starts {
            let position = &grammar.positions[usize::from(start)];
            if !position.last && grammar.follows[usize::from(start)] & next == 0 {
                continue;
            }
            path.push(Capture {
                symbol: reading.symbol,
                value: reading.value,
                start: at,
                end,
                extent: position.extent,
            });
            go_on(grammar, pieces, start, path, found);
            path.pop();
        }
    }
}

/// Follows the automaton from a position whose reading is the last of `path`. As deep as the longest
/// pattern, never as the text.
fn go_on(grammar: &Grammar, pieces: &Pieces<'_>, from: u16, path: &mut Vec<Capture>, found: &mut Vec<Match>) {
    let position = &grammar.positions[usize::from(from)];
    let Some(at) = path.last().map(|capture| capture.end) else { return };
    if position.last {
        found.push(Match { pattern: position.pattern, captures: path.clone() });
    }
    if path.len() == DEEPEST || found.len() >= MOST {
        return;
    }
    if grammar.follows[usize::from(from)] & pieces.marks(at) == 0 {
        return;
    }
    let readings = pieces.readings(at);
    for &next in &position.follow {
        let state = &grammar.positions[usize::from(next)];
        for reading in readings.iter().filter(|reading| reading.symbol == state.symbol) {
            path.push(Capture {
                symbol: reading.symbol,
                value: reading.value,
                start: at,
                end: at + usize::from(reading.len),
                extent: state.extent,
            });
            go_on(grammar, pieces, next, path, found);
            path.pop();
        }
    }
}
