//! Lines of a text, as runs of tokens. Empty lines are no lines, but are counted.

use super::{Token, TokenId};
use std::ops::Range;

/// A line with at least one visible token.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) tokens: Range<TokenId>,
    /// Line breaks between the line before and this one: 1 if it follows directly, more behind empty lines.
    pub(super) breaks: u32,
    /// Columns before its first token.
    pub(super) indent: u32,
    /// Characters from its first to its last token.
    pub(super) width: u32,
}

/// The lines of a text. Breaks are LF, CR, CRLF, NEL, form feed (which counts as two) and Unicode's
/// line and paragraph separators.
pub(super) fn lines(text: &str, tokens: &[Token]) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut start, mut breaks, mut indent) = (0, 0, 0);
    let width = |start: usize, end: usize| {
        let range = tokens[start].span.start as usize..tokens[end - 1].span.end as usize;
        text.get(range).map_or(0, |line| line.chars().count() as u32)
    };
    let mut behind = 0;
    for (at, token) in tokens.iter().enumerate() {
        let (from, to) = (behind, token.span.start as usize);
        behind = token.span.end as usize;
        // Between most tokens is a space or nothing.
        if from == to || to == from + 1 && text.as_bytes()[from] == b' ' {
            continue;
        }
        let (found, columns) = gap(&text[from..to]);
        if found == 0 {
            continue;
        }
        if at > start {
            lines.push(Line {
                tokens: start as TokenId..at as TokenId,
                breaks,
                indent,
                width: width(start, at),
            });
        }
        (start, breaks, indent) = (at, found, columns);
    }
    if start < tokens.len() {
        let range = start as TokenId..tokens.len() as TokenId;
        lines.push(Line { tokens: range, breaks, indent, width: width(start, tokens.len()) });
    }
    lines
}

/// Line breaks in white space, and columns behind the last of them.
fn gap(space: &str) -> (u32, u32) {
    if !space.bytes().any(|byte| !(b' '..=b'~').contains(&byte)) {
        return (0, space.len() as u32);
    }
    let (mut breaks, mut columns, mut last) = (0, 0, ' ');
    for c in space.chars() {
        match c {
            '\n' if last == '\r' => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' => (breaks, columns) = (breaks + 1, 0),
            '\u{c}' | '\u{2029}' => (breaks, columns) = (breaks + 2, 0),
            '\t' => columns += 4,
            _ if c.is_whitespace() => columns += 1,
            _ => {}
        }
        last = c;
    }
    (breaks, columns)
}
