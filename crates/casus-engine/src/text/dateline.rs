//! The dateline: where, when and by whom a report was filed.
//!
//! ```text
//! BEYA, 4 JAN 90 (EFE) -- [TEXT] ...          TARNA, March 12 (Agency) - ...
//! BEYA (ARU), 4 JAN 90 (RADIO ARU 1) -- ...   TARNA, Aru (Jan. 25, 2013)
//! GENEVA/TARNA (12 March 2014) – ...          Tarna, 3 May 2019
//! TARNA — ...                                 TARNA: ...
//! Tarna, 3 May 2019 (Agency). ...
//! ```
//!
//! It stands at the start of one of the first lines, behind titles, release numbers and the like.
//! This module must not know which names are places.

use super::{Casing, Dateline, Shape, Token, TokenId, TokenKind, lexicon::Lexicon, line::Line};
use std::ops::Range;

/// Lines that are looked at.
const LINES: usize = 16;

/// Lines that may be a title with a date.
const TITLES: usize = 3;

/// Words that a place can have at most, and an agency.
const PLACE_WORDS: usize = 6;
const PUBLISHER_TOKENS: u32 = 14;

pub(super) struct Parser<'s> {
    pub(super) lexicon: &'s Lexicon,
    pub(super) norms: &'s str,
    pub(super) tokens: &'s [Token],
    pub(super) casing: Casing,
}

impl Parser<'_> {
    /// The dateline of a text: the first line that opens with one that is marked off from the body;
    /// else a line that is nothing but place and date; else a date that opens or ends a title.
    pub(super) fn find(&self, lines: &[Line]) -> Option<Dateline> {
        let lines = &lines[..lines.len().min(LINES)];
        let whole = |line: &Line, dateline: &Dateline| dateline.tokens.end == line.tokens.end;
        let parsed: Vec<_> = lines.iter().map(|line| self.parse(line.tokens.clone(), line.width)).collect();
        let marked = lines.iter().zip(&parsed).find_map(|(line, dateline)| {
            let dateline = dateline.as_ref()?;
            (!whole(line, dateline) || self.sign(line.tokens.end - 1) == ")").then_some(dateline)
        });
        marked
            .or_else(|| parsed.iter().flatten().next())
            .cloned()
            .or_else(|| lines.iter().take(TITLES).find_map(|line| self.dated_title(line)))
    }

    /// `Apr. 23: Gunmen attack Beya`, `Morning Update, Feb. 22, 2011`, `22 February 2011`
    fn dated_title(&self, line: &Line) -> Option<Dateline> {
        let dateline = |tokens: Range<TokenId>, date| {
            Some(Dateline { tokens, place: None, date: Some(date), publisher: None })
        };
        let Range { start, end } = line.tokens;
        if let Some(behind) = self.date(start, end) {
            if self.sign(behind) == ":" && behind + 1 < end {
                return dateline(start..behind + 1, start..behind);
            }
            return if behind == end { dateline(start..end, start..end) } else { None };
        }
        if line.width > 160 {
            return None;
        }
        // At the end only with a year, and not as the day when something happened.
        (end.saturating_sub(8).max(start + 1)..end).find_map(|at| {
            let when = matches!(
                self.norm(at - 1),
                "on" | "in" | "of" | "since" | "from" | "to" | "until" | "and" | "-" | "by"
            );
            (!when && self.date(at, end) == Some(end) && self.norm(end - 1).len() == 4)
                .then(|| dateline(at..end, at..end))
                .flatten()
        })
    }

    /// Where sentences begin that belong to the dateline: the body, and the brackets in front of it
    /// that wire services put there (`[TEXT]`).
    pub(super) fn starts(&self, dateline: &Dateline) -> Vec<TokenId> {
        let mut starts = vec![dateline.tokens.start, dateline.tokens.end];
        let mut at = dateline.tokens.end;
        while self.sign(at) == "[" {
            let Some(end) = self.bracket(at, self.tokens.len() as TokenId, 60) else { break };
            starts.push(end);
            at = end;
        }
        starts
    }

    /// Whether a run of tokens is nothing but a date: `12 March 2014`, `Monday, 3 May:`.
    pub(super) fn is_date(&self, tokens: &Range<TokenId>) -> bool {
        self.date(tokens.start, tokens.end).is_some_and(|end| {
            end == tokens.end || (end + 1 == tokens.end && matches!(self.sign(end), ":" | "." | "-" | "--"))
        }) || (tokens.len() <= 2 && self.lexicon.is_weekday(self.norm(tokens.start)))
    }

    fn norm(&self, at: TokenId) -> &str {
        let Some(token) = self.tokens.get(at as usize) else { return "" };
        &self.norms[token.norm.0 as usize..token.norm.1 as usize]
    }

    /// The token if it is a sign; empty for words.
    fn sign(&self, at: TokenId) -> &str {
        match self.tokens.get(at as usize) {
            Some(token) if !matches!(token.kind, TokenKind::Word | TokenKind::Number) => self.norm(at),
            _ => "",
        }
    }

    fn space_before(&self, at: TokenId) -> bool {
        at > 0
            && self
                .tokens
                .get(at as usize)
                .is_some_and(|t| self.tokens[at as usize - 1].span.end < t.span.start)
    }

    fn parse(&self, line: Range<TokenId>, width: u32) -> Option<Dateline> {
        let start = self.skip_start(&line);
        let place = self.place(start, line.end);
        let mut at = place.as_ref().map_or(start, |place| place.end);
        let (mut date, mut publisher, mut undated) = (None, None, false);
        // The parts in any order, parted by commas, brackets or dashes.
        while at < line.end {
            let mut next = at;
            let dated = date.is_none() && self.date(next + 1, line.end).is_some();
            let parts = match self.sign(next) {
                "," | "|" | ";" => true,
                "-" | "--" => dated,
                _ => false,
            };
            next += u32::from(parts && at > start);
            if date.is_none()
                && let Some(end) = self.date(next, line.end)
            {
                date = Some(next..end);
                at = end;
            } else if date.is_none() && !undated && self.norm(next) == "no" && self.norm(next + 1) == "date" {
                undated = true;
                at = next + 2;
            } else if matches!(self.sign(next), "(" | "[") && publisher.is_none() {
                let Some(end) = self.bracket(next, line.end, PUBLISHER_TOKENS) else { break };
                let (from, to) = (next + 1, end - 1);
                match self.date(from, to) {
                    Some(behind) if date.is_none() && behind == to => date = Some(from..behind),
                    Some(behind) if date.is_none() && self.sign(behind) == "," => {
                        date = Some(from..behind);
                        publisher = Some(behind + 1..to);
                    }
                    _ if from < to => publisher = Some(from..to),
                    _ => break,
                }
                at = end;
            } else {
                break;
            }
        }
        let place_words = place.as_ref().map_or(0, |place| self.words(place));
        let upper = self.casing == Casing::Mixed
            && place.as_ref().is_some_and(|place| self.tokens[place.start as usize].shape == Shape::Upper);
        let label =
            place.as_ref().is_some_and(|place| place.clone().any(|at| self.lexicon.is_label(self.norm(at))));
        let (known, rest) = (date.is_some() || undated, line.end - at.min(line.end));
        let follower =
            |at: TokenId| self.tokens.get(at as usize).is_none_or(|token| token.shape != Shape::Lower);
        let accepted = if at >= line.end {
            // A line of its own needs a place, and a date parted from it.
            let parted = date.as_ref().is_some_and(|date: &Range<TokenId>| {
                date.start > 0 && matches!(self.sign(date.start - 1), "," | "(" | "[" | "|" | "-" | "--")
            });
            place.is_some() && place_words <= 4 && !label && parted
        } else if self.is_dash(at) {
            // A place alone must look like one: in capitals among small letters, or short before a capital.
            let alone = place_words <= 3 && !label && follower(at + 1) && width >= 60 && rest > 6;
            (at > start)
                && (known && (place.is_some() || publisher.is_some() || place_words == 0)
                    || publisher.is_some() && place_words <= 6
                    || place.is_some()
                        && alone
                        && (upper || self.casing == Casing::Mixed && self.sign(at) != "-"))
                && follower(at + 1)
        } else if self.sign(at) == "." {
            // `Tarna, 3 May 2019 (Agency). Two men ...`: the date of a sentence would not be parted from its place.
            let dated = date.as_ref().is_some_and(|date| self.norm(date.end - 1).len() == 4);
            place.is_some() && !label && dated && publisher.is_some() && rest > 6 && follower(at + 1)
        } else if self.sign(at) == ":" {
            place.is_some()
                && !label
                && width >= 60
                && rest > 6
                && (upper || known && self.casing == Casing::Mixed)
        } else {
            false
        };
        let end = if at < line.end { at + 1 } else { at };
        accepted.then_some(Dateline { tokens: start..end, place, date, publisher })
    }

    fn skip_start(&self, line: &Range<TokenId>) -> TokenId {
        let mut at = line.start;
        while at < line.end
            && (self.tokens[at as usize].kind == TokenKind::Start
                || matches!(self.sign(at), "*" | "**" | "_" | "#" | "\""))
        {
            at += 1;
        }
        at
    }

    fn is_dash(&self, at: TokenId) -> bool {
        match self.sign(at) {
            "--" => true,
            // A hyphen inside a word is none.
            "-" => self.space_before(at + 1) || self.space_before(at),
            sign => sign.len() > 2 && sign.bytes().all(|byte| byte == b'-'),
        }
    }

    fn words(&self, range: &Range<TokenId>) -> usize {
        range.clone().filter(|&at| self.tokens[at as usize].kind == TokenKind::Word).count()
    }

    /// Capitalised words with what joins them, and further ones behind a comma or in brackets before a
    /// comma: `TARNA, Aru`, `GENEVA/TARNA`, `MADRID (SPAIN)`. None if the words are too many.
    fn place(&self, start: TokenId, limit: TokenId) -> Option<Range<TokenId>> {
        let mut end = self.name(start, limit)?;
        if self.sign(end) == "("
            && let Some(behind) = self.bracket(end, limit, 6)
            && self.sign(behind) == ","
            && self.date(end + 1, behind - 1).is_none()
        {
            end = behind;
        } else {
            for _ in 0..2 {
                if self.sign(end) == ","
                    && self.date(end + 1, limit).is_none()
                    && self.norm(end + 1) != "no"
                    && let Some(more) = self.name(end + 1, limit)
                {
                    end = more;
                }
            }
        }
        (self.words(&(start..end)) <= PLACE_WORDS).then_some(start..end)
    }

    /// The end of a capitalised name.
    fn name(&self, start: TokenId, limit: TokenId) -> Option<TokenId> {
        let (mut at, mut end) = (start, None);
        while at < limit {
            let token = &self.tokens[at as usize];
            let capital = token.kind == TokenKind::Word
                && match self.casing {
                    Casing::Mixed | Casing::Upper => {
                        matches!(token.shape, Shape::Title | Shape::Upper | Shape::Mixed)
                    }
                    Casing::Lower | Casing::None => true,
                };
            let particle = end.is_some()
                && matches!(self.norm(at), "de" | "del" | "la" | "al" | "el" | "of" | "e" | "'s");
            if capital
                && (self.lexicon.is_month(self.norm(at)) || self.lexicon.is_weekday(self.norm(at)))
                && end.is_none()
            {
                return None;
            }
            if capital {
                // "Monday", "3 May" end a name.
                if self.lexicon.is_month(self.norm(at))
                    && self.tokens.get(at as usize + 1).is_some_and(|t| t.kind == TokenKind::Number)
                {
                    break;
                }
                at += 1;
                end = Some(at);
            } else if end.is_some() && self.is_joint(at - 1) && self.is_joint(at + 1) {
                // "Port-au-Prince"
                at += 1;
                end = Some(at);
            } else if particle || end == Some(at) && self.is_joint(at) {
                at += 1;
            } else {
                break;
            }
            if at - start > 2 * PLACE_WORDS as u32 {
                return None;
            }
        }
        end
    }

    /// A hyphen, slash, apostrophe or opening quote that touches the word behind it.
    fn is_joint(&self, at: TokenId) -> bool {
        match self.sign(at) {
            "-" => !self.space_before(at) && !self.space_before(at + 1),
            "/" | "'" => !self.space_before(at + 1),
            _ => false,
        }
    }

    /// The end of a bracket that opens at `at`, pairs of any kind nested; at most `longest` tokens away.
    fn bracket(&self, at: TokenId, limit: TokenId, longest: u32) -> Option<TokenId> {
        let mut depth = 0u32;
        for end in at..limit.min(at + longest + 2) {
            match self.sign(end) {
                "(" | "[" => depth += 1,
                ")" | "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return Some(end + 1);
            }
        }
        None
    }

    /// The end of a date.
    fn date(&self, start: TokenId, limit: TokenId) -> Option<TokenId> {
        let mut at = start;
        if self.lexicon.is_weekday(self.norm(at)) && at < limit {
            at += 1;
            if self.sign(at) == "," {
                at += 1;
            }
        }
        let end = self
            .numeric_date(at)
            .or_else(|| self.day_month(at))
            .or_else(|| self.month_day(at))
            .filter(|&end| end <= limit)?;
        Some(end)
    }

    fn number(&self, at: TokenId) -> Option<u32> {
        let token = self.tokens.get(at as usize)?;
        let norm = self.norm(at);
        match token.kind {
            TokenKind::Number => norm.parse().ok(),
            TokenKind::Word if norm.len() <= 4 => {
                norm.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()
            }
            _ => None,
        }
    }

    fn day(&self, at: TokenId) -> bool {
        self.number(at).is_some_and(|day| (1..=31).contains(&day))
    }

    /// A year of four digits, or of two behind a day and month: `90`, `'90`.
    fn year(&self, at: TokenId) -> Option<TokenId> {
        let token = self.tokens.get(at as usize)?;
        let digits = self.norm(at).len();
        if token.kind == TokenKind::Number {
            let year = self.number(at)?;
            (digits == 2 || digits == 4 && (1200..2200).contains(&year)).then_some(at + 1)
        } else if self.sign(at) == "'" {
            self.year(at + 1).filter(|_| self.norm(at + 1).len() == 2)
        } else {
            None
        }
    }

    /// `2014-03-12`, `12/03/2014`, `12.03.2014`
    fn numeric_date(&self, at: TokenId) -> Option<TokenId> {
        let separator = self.sign(at + 1);
        let numbers = (self.number(at)?, self.number(at + 2)?, self.number(at + 4)?);
        let same = matches!(separator, "-" | "/" | ".")
            && self.sign(at + 3) == separator
            && !self.space_before(at + 1);
        let days = |day: u32| (1..=31).contains(&day);
        let iso = (1200..2200).contains(&numbers.0) && days(numbers.1) && days(numbers.2);
        let local = days(numbers.0) && days(numbers.1) && (1200..2200).contains(&numbers.2);
        (same && (iso || local)).then_some(at + 5)
    }

    /// `4 JAN 90`, `3 May`, `3rd of May, 2019`, `3-4 May 2019`
    fn day_month(&self, at: TokenId) -> Option<TokenId> {
        let mut month = at + 1;
        if !self.day(at) {
            return None;
        }
        if matches!(self.sign(month), "-" | "/") && self.day(month + 1) {
            month += 2;
        }
        if matches!(self.norm(month), "of" | "de") {
            month += 1;
        }
        if self.lexicon.is_month(self.norm(month)) {
            return Some(self.with_year(month + 1));
        }
        // A month of another calendar needs its year: "12 Dhu al-Hijja 1435" is left to the patterns.
        let word = self.tokens.get(month as usize).is_some_and(|token| token.kind == TokenKind::Word);
        let year = self.norm(month + 1).len() == 4;
        (word && year).then(|| self.year(month + 1)).flatten()
    }

    /// `March 12, 2014`, `Jan. 25`, `March 2014`
    fn month_day(&self, at: TokenId) -> Option<TokenId> {
        if !self.lexicon.is_month(self.norm(at)) {
            return None;
        }
        if self.day(at + 1) {
            return Some(self.with_year(at + 2));
        }
        self.year(at + 1).filter(|_| self.norm(at + 1).len() == 4)
    }

    fn with_year(&self, at: TokenId) -> TokenId {
        let comma = u32::from(matches!(self.sign(at), "," | ".") || self.norm(at) == "de");
        // Behind a comma two digits are another number.
        match self.year(at + comma) {
            Some(end) if comma == 0 || self.norm(at + 1).len() == 4 => end,
            _ => at,
        }
    }
}
