//! Paragraphs, headings and list items, from the lines of a text.
//!
//! Lines that were broken to fit a width are joined again; an empty line, an indented first line or a
//! short last line ends a paragraph. In texts whose lines are not broken to a width every line is a
//! block of its own.
//!
//! Headings are Markdown's, underlined lines, lines in capitals among small letters, numbered short
//! lines, short lines that end with a colon or stand alone above a paragraph, and lines that hold
//! nothing but a date.

use super::{Block, BlockKind, Casing, Shape, Token, TokenId, TokenKind, dateline, line::Line};
use std::ops::Range;

/// Width beyond which a line cannot have been broken to fit a page.
const PAGE: u32 = 160;

/// Longest heading, in characters and in words.
const HEADING: (u32, usize) = (110, 16);

pub(super) struct Splitter<'s> {
    pub(super) text: &'s str,
    pub(super) norms: &'s str,
    pub(super) tokens: &'s [Token],
    pub(super) casing: Casing,
    pub(super) dates: &'s dateline::Parser<'s>,
    /// Where a dateline with a place begins; its line is no heading.
    pub(super) dateline: Option<TokenId>,
    /// Title given with the report.
    pub(super) title: Option<&'s str>,
}

/// Lines that belong together, and what they are.
struct Draft {
    lines: Range<usize>,
    kind: BlockKind,
    level: u8,
}

impl Splitter<'_> {
    /// Blocks that tile the tokens, and which of them is the title.
    pub(super) fn split(&self, lines: &[Line]) -> (Vec<Block>, Option<u32>) {
        let mut drafts = self.join(lines);
        self.classify(lines, &mut drafts);
        let title = self.title(lines, &mut drafts);
        let mut blocks: Vec<Block> = Vec::with_capacity(drafts.len());
        let mut open: Vec<(u8, u32)> = Vec::new();
        for (index, draft) in drafts.iter().enumerate() {
            let heads = matches!(draft.kind, BlockKind::Heading | BlockKind::Title);
            if heads {
                while open.last().is_some_and(|(level, _)| *level >= draft.level) {
                    open.pop();
                }
            }
            blocks.push(Block {
                kind: draft.kind,
                level: draft.level,
                tokens: lines[draft.lines.start].tokens.start..lines[draft.lines.end - 1].tokens.end,
                heading: open.last().map(|(_, heading)| *heading),
            });
            if heads {
                open.push((draft.level, index as u32));
            }
        }
        (blocks, title)
    }

    fn word(&self, at: TokenId) -> &str {
        self.tokens.get(at as usize).map_or("", |token| &self.text[token.span.range()])
    }

    fn norm(&self, at: TokenId) -> &str {
        self.tokens
            .get(at as usize)
            .map_or("", |token| &self.norms[token.norm.0 as usize..token.norm.1 as usize])
    }

    fn space_behind(&self, at: TokenId) -> bool {
        let (Some(token), Some(next)) = (self.tokens.get(at as usize), self.tokens.get(at as usize + 1))
        else {
            return true;
        };
        token.span.end < next.span.start
    }

    /// Joins lines into drafts.
    fn join(&self, lines: &[Line]) -> Vec<Draft> {
        let page = page_width(lines);
        let mut drafts: Vec<Draft> = Vec::new();
        let mut start = 0;
        for next in 1..=lines.len() {
            if next < lines.len() && self.continues(lines, start, next, page) {
                continue;
            }
            if start < next {
                drafts.push(Draft { lines: start..next, kind: BlockKind::Paragraph, level: 0 });
            }
            start = next;
        }
        drafts
    }

    /// Whether line `next` goes on with the block that began at line `start`.
    fn continues(&self, lines: &[Line], start: usize, next: usize, page: Option<u32>) -> bool {
        let (line, follower) = (&lines[next - 1], &lines[next]);
        let opener = self.is_rule(follower)
            || self.is_rule(line)
            || self.item(follower).is_some() && !self.runs_on(line, follower, page)
            || self.markdown(follower).is_some()
            || self.markdown(line).is_some()
            || self.dateline == Some(follower.tokens.start);
        if opener {
            return self.is_rule(follower)
                && follower.breaks == 1
                && start == next - 1
                && self.underlines(line, follower);
        }
        let stopped = self.stops(line);
        let lower =
            self.tokens[follower.tokens.start as usize].shape == Shape::Lower && self.casing == Casing::Mixed;
        // A page break or double spacing amid a sentence.
        if follower.breaks > 1 {
            return follower.breaks == 2
                && lower
                && !stopped
                && line.width >= 50
                && page.is_some_and(|page| line.width * 3 > page);
        }
        let Some(page) = page else { return lower && !stopped };
        if follower.indent > lines[start].indent.max(line.indent) + 1
            && (stopped || next > start + 1)
            && self.item(&lines[start]).is_none()
        {
            return false;
        }
        if stopped { line.width * 4 >= page * 3 } else { line.width * 2 >= page || lower }
    }

    /// Whether what looks like the mark of a list item is a dash or number amid a sentence, at which
    /// the line was broken.
    fn runs_on(&self, line: &Line, follower: &Line, page: Option<u32>) -> bool {
        follower.breaks == 1
            && self.item(line).is_none()
            && !self.stops(line)
            && page.is_some_and(|page| line.width * 3 > page * 2 && follower.indent <= line.indent)
    }

    /// Whether a line ends with what ends a sentence, or with a colon.
    fn stops(&self, line: &Line) -> bool {
        let mut at = line.tokens.end;
        while at > line.tokens.start + 1 && matches!(self.norm(at - 1), "\"" | "'" | ")" | "]" | "*" | "**") {
            at -= 1;
        }
        matches!(self.norm(at - 1), "." | "!" | "?" | ":" | "...") || self.norm(at - 1).ends_with('.')
    }

    /// Whether a line is nothing but ornament.
    fn is_rule(&self, line: &Line) -> bool {
        line.tokens.len() <= 40
            && line.tokens.clone().all(|at| {
                self.tokens[at as usize].kind != TokenKind::Word
                    && self.word(at).chars().all(|c| {
                        matches!(c, '-' | '=' | '_' | '*' | '~' | '#' | '\u{2014}' | '\u{2500}' | '\u{b7}')
                    })
            })
    }

    fn underlines(&self, line: &Line, rule: &Line) -> bool {
        rule.tokens.len() == 1
            && rule.width >= 3
            && matches!(self.word(rule.tokens.start).chars().next(), Some('=' | '-' | '~'))
            && line.width <= HEADING.0
            && !self.is_rule(line)
    }

    /// Level of a Markdown heading.
    fn markdown(&self, line: &Line) -> Option<u8> {
        let word = self.word(line.tokens.start);
        let hashes = word.len() <= 6 && word.bytes().all(|byte| byte == b'#') && !word.is_empty();
        (hashes && line.tokens.len() > 1 && self.space_behind(line.tokens.start)).then_some(word.len() as u8)
    }

    /// How many tokens mark a list item or a number of a heading: `-`, `•`, `1.`, `1)`, `(a)`, `3.2`, `IV.`
    fn item(&self, line: &Line) -> Option<Marker> {
        let start = line.tokens.start;
        let behind = |tokens: u32| tokens < line.tokens.len() as u32 && self.space_behind(start + tokens - 1);
        let first = self.word(start);
        if matches!(
            first,
            "-" | "*"
                | "+"
                | "\u{2022}"
                | "\u{2013}"
                | "\u{2014}"
                | "\u{25aa}"
                | "\u{25cf}"
                | "\u{25cb}"
                | "\u{2023}"
                | "\u{2043}"
                | "\u{25a0}"
                | "\u{27a2}"
                | "\u{b7}"
                | "\u{f0b7}"
        ) {
            return behind(1).then_some(Marker::Bullet);
        }
        if first == "--" && behind(1) {
            return Some(Marker::Bullet);
        }
        let label = |at: TokenId| {
            let word = self.word(at);
            match self.tokens.get(at as usize).map(|token| token.kind) {
                Some(TokenKind::Number) => word.len() <= 5 && !word.contains(','),
                Some(TokenKind::Word) => {
                    word.len() == 1
                        || word.len() <= 5
                            && word
                                .bytes()
                                .all(|byte| matches!(byte, b'I' | b'V' | b'X' | b'i' | b'v' | b'x'))
                }
                _ => false,
            }
        };
        let numbered = match first {
            "(" => label(start + 1) && self.word(start + 2) == ")" && behind(3),
            _ if first.len() == 2 && first.ends_with('.') => behind(1),
            _ => {
                // "1." but not the "12." of a sentence that was broken before its last word.
                label(start)
                    && matches!(self.word(start + 1), "." | ")")
                    && !self.space_behind(start)
                    && behind(2)
            }
        };
        if numbered {
            return Some(Marker::Number);
        }
        // "3.2 Findings"
        (self.tokens[start as usize].kind == TokenKind::Number
            && first.contains('.')
            && first.len() <= 5
            && behind(1)
            && self
                .tokens
                .get(start as usize + 1)
                .is_some_and(|token| matches!(token.shape, Shape::Title | Shape::Upper)))
        .then_some(Marker::Section)
    }

    fn classify(&self, lines: &[Line], drafts: &mut [Draft]) {
        let indents = lines.iter().filter(|line| self.item(line).is_some()).map(|line| line.indent);
        let left = indents.min().unwrap_or(0);
        for index in 0..drafts.len() {
            let range = drafts[index].lines.clone();
            let first = &lines[range.start];
            if self.dateline.is_some_and(|dateline| first.tokens.contains(&dateline)) {
                continue;
            }
            let heading = self.heading(lines, drafts, index);
            let marker = self.item(first);
            if let Some(level) = heading {
                (drafts[index].kind, drafts[index].level) = (BlockKind::Heading, level);
            } else if matches!(marker, Some(Marker::Bullet | Marker::Number)) {
                drafts[index].kind = BlockKind::ListItem;
                drafts[index].level = 1 + ((first.indent - left) / 2).min(5) as u8;
            }
        }
    }

    /// Level of the heading that a draft is.
    fn heading(&self, lines: &[Line], drafts: &[Draft], index: usize) -> Option<u8> {
        let range = drafts[index].lines.clone();
        let line = &lines[range.start];
        if let Some(level) = self.markdown(line) {
            return Some(level);
        }
        if range.len() == 2 && self.is_rule(&lines[range.start + 1]) {
            return Some(if self.word(lines[range.start + 1].tokens.start).starts_with('=') { 1 } else { 2 });
        }
        // What stands above a dateline is the letterhead: title, release number, office.
        if self.dateline.is_some_and(|dateline| line.tokens.end <= dateline) {
            return None;
        }
        let words = || line.tokens.clone().filter(|&at| self.tokens[at as usize].kind == TokenKind::Word);
        let count = words().count();
        if range.len() > 1 || line.width > HEADING.0 || count > HEADING.1 || self.is_rule(line) {
            return None;
        }
        if self.dates.is_date(&line.tokens) {
            return Some(4);
        }
        let marker = self.item(line);
        let last = self.norm(line.tokens.end - 1);
        let bold = matches!(self.norm(line.tokens.start), "**" | "__" | "*")
            && last == self.norm(line.tokens.start)
            && line.tokens.len() > 2;
        if bold {
            return Some(3);
        }
        let open_end = self.stops(line) && last != ":" || matches!(last, "," | ";" | "-" | "--");
        if count == 0 || open_end || marker == Some(Marker::Bullet) {
            return None;
        }
        let (mut upper, mut lower, mut capital) = (0, 0, 0);
        for at in words() {
            match self.tokens[at as usize].shape {
                Shape::Upper => upper += 1,
                Shape::Title | Shape::Mixed => capital += 1,
                Shape::Lower => lower += 1,
                Shape::Caseless => {}
            }
        }
        let capitals =
            self.casing == Casing::Mixed && upper > 0 && lower == 0 && upper >= capital && line.width >= 4;
        if capitals && (count > 1 || last == ":" || self.above_paragraph(lines, drafts, index)) {
            return Some(2);
        }
        let numbered = matches!(marker, Some(Marker::Number | Marker::Section));
        if numbered {
            let listed =
                drafts.get(index + 1).is_some_and(|next| self.item(&lines[next.lines.start]) == marker)
                    || index > 0 && drafts[index - 1].kind == BlockKind::ListItem;
            return (!listed && self.above_paragraph(lines, drafts, index)).then_some(2);
        }
        if last == ":" {
            // "Lodo district:" names what follows; "The army reported:" tells.
            return (count <= 8 && (self.casing != Casing::Mixed || capital + upper > lower)).then_some(3);
        }
        // A short line above a paragraph; one that starts small is the end of something.
        let starts_small =
            self.tokens[line.tokens.start as usize].shape == Shape::Lower && self.casing == Casing::Mixed;
        (!starts_small && self.above_paragraph(lines, drafts, index)).then_some(3)
    }

    /// Whether what follows a line is a paragraph much longer than it.
    fn above_paragraph(&self, lines: &[Line], drafts: &[Draft], index: usize) -> bool {
        let line = &lines[drafts[index].lines.start];
        drafts.get(index + 1).is_some_and(|next| {
            let width: u32 = lines[next.lines.clone()].iter().map(|line| line.width).sum();
            width >= 60 && width >= 2 * line.width && line.width <= 80
        })
    }

    /// Marks the title: the block that is the report's title, or the first line if it heads the rest.
    fn title(&self, lines: &[Line], drafts: &mut [Draft]) -> Option<u32> {
        let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
        let given = self.title.map(words).filter(|title| !title.is_empty());
        let index = drafts.iter().take(6).position(|draft| {
            let tokens = lines[draft.lines.start].tokens.start..lines[draft.lines.end - 1].tokens.end;
            let range = self.tokens[tokens.start as usize]
                .span
                .cover(self.tokens[tokens.end as usize - 1].span)
                .range();
            given.as_ref().is_some_and(|given| range.len() < 1000 && words(&self.text[range]) == *given)
        });
        let index = index.or_else(|| {
            let first = drafts.first()?;
            let line = &lines[first.lines.start];
            let words =
                line.tokens.clone().filter(|&at| self.tokens[at as usize].kind == TokenKind::Word).count();
            let dated = self.dateline == Some(line.tokens.start);
            let single = first.lines.len() == 1 && drafts.len() > 1 && !dated;
            // A headline may be longer than a heading, and stand above other headings.
            let headline =
                first.kind == BlockKind::Paragraph && words >= 3 && line.width <= 160 && !self.stops(line);
            (single && words >= 2 && (first.kind == BlockKind::Heading || headline)).then_some(0)
        })?;
        (drafts[index].kind, drafts[index].level) = (BlockKind::Title, 1);
        Some(index as u32)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marker {
    Bullet,
    Number,
    Section,
}

/// The width that lines of the text were broken to; None if they were not.
fn page_width(lines: &[Line]) -> Option<u32> {
    // Only lines that another one follows directly tell.
    let mut widths: Vec<u32> = lines
        .windows(2)
        .filter(|pair| pair[1].breaks == 1)
        .map(|pair| pair[0].width + pair[0].indent)
        .collect();
    if widths.is_empty() {
        return None;
    }
    widths.sort_unstable();
    let widest = widths[(widths.len() - 1) * 9 / 10];
    let broken = lines.iter().filter(|line| line.width > PAGE).count() * 10 <= lines.len();
    // Most lines of broken text come near the edge; lines of a list or table do not.
    let near = widths.iter().filter(|&&width| width * 3 >= widest * 2).count();
    (broken && (40..=PAGE).contains(&widest) && near * 2 >= widths.len()).then_some(widest)
}
