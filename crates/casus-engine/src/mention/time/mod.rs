//! Times: recognised, and resolved against a document-level tracker of what "now" is.
//!
//! Words and patterns are data (`data/patterns/<lang>/time*.toml`, `data/calendars/`). The walk finds what they
//! match, `expr` reads what the words say, and the `tracker` what that means at this point of the
//! document. TIMEX3 types, values and extents for whoever compares taggers; the record's `When` for
//! everyone else.
//!
//! This module must not know what an event is.
//!
//! ```
//! use casus_engine::{Casus, Report};
//! let casus = Casus::embedded()?;
//! let report = Report {
//!     text: "Two shops burned in Beya on 12 Safar 1437. Police came two days later.".into(),
//!     ..Report::default()
//! };
//! let times = casus.read_traced(&report).mentions.times;
//! assert_eq!(times[0].value, "2015-11-24");
//! assert_eq!(times[1].value, "2015-11-26");
//! # Ok::<(), casus_engine::Error>(())
//! ```

use crate::{
    Basis, Date, Doubt, Extent, Grain, Modifier, Span, When,
    text::{BlockKind, Document, Tag, Tags, TokenId},
};
use calendar::Reckoning;
use expr::{Direction, Expr, Means, Which};
use guard::Scene;
use jiff::{ToSpan, civil::DateTime};
use lexicon::{Folded, Pieces};
use std::ops::Range;
use tracker::{Hints, Resolved, Tracker};
use walk::Match;

mod because;
mod calendar;
mod expr;
mod guard;
mod join;
mod lexicon;
mod tracker;
mod value;
mod walk;

pub use because::because;
pub use calendar::HijriVariant;
pub use lexicon::Data;

/// TIMEX3 type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum TimexKind {
    Date,
    Time,
    Duration,
    Set,
}

/// A time that the text names.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeMention {
    /// Its tokens, by TIMEX3's rules of extent (no preposition).
    pub tokens: Range<TokenId>,
    /// Its span; may begin or end within a token ("15" of "1915-15").
    pub span: Span,
    /// TIMEX3 type.
    pub kind: TimexKind,
    /// TIMEX3 value: `2014-03-12`, `P2D`, `PRESENT_REF`.
    pub value: String,
    /// The record's interval, where it lies on the calendar (dates, times, anchored durations);
    /// `stated` and `evidence` include a preposition that belongs to it ("between", "since"). Both ends
    /// of an interval ("between 7 and 25 July") have the whole interval.
    pub when: Option<When>,
    /// Whether the tracker took it as recalled history: earlier than what the report is about
    /// ("last year", "since 1984", "a March raid" in a report of June).
    pub recalled: bool,
    /// Index of the mention that has the same `when`: the other end of an interval, or the same day in
    /// another calendar.
    pub twin: Option<u32>,
    /// The pattern that found it; [`Data::pattern`] names it.
    pub pattern: u16,
    /// Its moments, where the words tell a time of day and the day is known. The ends of a stretch ("from 4 to
    /// 5 pm") have the whole stretch.
    pub clock: Option<Clock>,
}

/// Moments by the clock of the place, or of the zone that the words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// The first moment.
    pub from: DateTime,
    /// The end, exclusive; `from` for a single moment.
    pub to: DateTime,
    /// Minutes east of Greenwich, if the words tell a zone.
    pub zone: Option<i16>,
    /// The same in the other half of the day, where the words do not tell which ("at 3").
    pub alternative: Option<(DateTime, DateTime)>,
}

/// Finds all times of the document, resolved.
pub fn find(data: &Data, document: &Document<'_>) -> Vec<TimeMention> {
    find_by(data, document, &Tags::of(document)).0
}

/// The same, with the parts of speech from elsewhere; and the day of publication.
pub(crate) fn find_by(
    data: &Data,
    document: &Document<'_>,
    tags: &Tags<'_>,
) -> (Vec<TimeMention>, Option<Date>) {
    if document.tokens.is_empty() {
        return (Vec::new(), document.report.published);
    }
    let grammar = data.grammar(document, false);
    let until = document.tokens.len() as u32;
    let folded = Folded::new(grammar, document, until);
    let found = Found::new(data, grammar, document, tags, &folded, until);
    let published = published_from(&found, document);
    (resolve(&found, document, published), published)
}

/// The times of an utterance, said at a moment: by the patterns that its language has for utterances, with all
/// that it leaves open counted from that moment, and what is to come before what has been.
pub(crate) fn find_said(
    data: &Data,
    document: &Document<'_>,
    tags: &Tags<'_>,
    said: DateTime,
) -> Vec<TimeMention> {
    let grammar = data.grammar(document, true);
    let until = document.tokens.len() as u32;
    let folded = Folded::new(grammar, document, until);
    let found = Found::new(data, grammar, document, tags, &folded, until);
    let mut tracker = Tracker::of_utterance(said, data.hijri);
    let scope = Scope { anchor: Some(said.date()), excursion: false, said: true };
    let mut mentions = Vec::with_capacity(found.matches.len());
    for one in &found.matches {
        let from = mentions.len();
        one_match(&found, document, &mut tracker, one, &scope, &mut mentions);
        if mentions.len() == from + 1 && from > 0 {
            join::join(&found, document, data.hijri, &mut mentions, from - 1);
        }
    }
    for mention in &mut mentions {
        mention.pattern |= lexicon::OF_UTTERANCES;
    }
    mentions
}

/// The day the report counts as published: as given, or read from its dateline or its first lines.
/// Never a guess: a date without a year is none.
pub fn published(data: &Data, document: &Document<'_>) -> Option<Date> {
    if document.report.published.is_some() || document.tokens.is_empty() {
        return document.report.published;
    }
    // Only the head can tell, so only the head is read.
    let title = document.title.and_then(|title| document.blocks.get(title as usize));
    let title = title.map_or(0, |title| title.tokens.end).min(8 * HEAD_TOKENS);
    let dateline = document.dateline.as_ref().map_or(0, |dateline| dateline.tokens.end);
    let until = HEAD_TOKENS.max(title).max(dateline);
    let grammar = data.grammar(document, false);
    let folded = Folded::new(grammar, document, until);
    published_from(&Found::new(data, grammar, document, &Tags::of(document), &folded, until), document)
}

/// Tokens within which the date of a dateline begins, behind its place.
const DATELINE_TOKENS: TokenId = 7;

/// The matches of a document up to a token, before anyone asks when "now" is.
struct Found<'a, 'd> {
    data: &'a Data,
    grammar: &'a lexicon::Grammar,
    pieces: Pieces<'d>,
    tags: &'a Tags<'d>,
    matches: Vec<Read>,
}

/// A match, and what each of its extents says.
struct Read {
    found: Match,
    exprs: Vec<(Expr, Range<usize>)>,
}

impl<'a, 'd> Found<'a, 'd> {
    fn new(
        data: &'a Data,
        grammar: &'a lexicon::Grammar,
        document: &'d Document<'_>,
        tags: &'a Tags<'d>,
        folded: &'d Folded,
        until: TokenId,
    ) -> Found<'a, 'd> {
        let pieces = Pieces::new(data, grammar, document, folded, until);
        let mut matches = Vec::new();
        let scene = Scene { data, grammar, document, pieces: &pieces, tags };
        let read = |found: Match| {
            let exprs = (1..=found.extents()).filter_map(|extent| {
                Some((Expr::read(data, grammar, &found, extent)?, found.extent(extent)?))
            });
            Read { exprs: exprs.collect(), found }
        };
        let allows = |found: &Match| guard::allows(&scene, found);
        walk::walk(grammar, &pieces, allows, |found| matches.push(read(found)));
        Found { data, grammar, pieces, tags, matches }
    }
}

/// Tokens at the beginning of a text that may tell when it was published.
const HEAD_TOKENS: u32 = 80;

/// The day of publication, from where reports put it: the dateline, the title, a date in brackets or
/// before the dash of a dateline that the text stage did not see. A dateline without a year has it from
/// the release number ("2011-11-S-034").
fn published_from(found: &Found<'_, '_>, document: &Document<'_>) -> Option<Date> {
    if document.report.published.is_some() {
        return document.report.published;
    }
    let numbered = release_number(found);
    let in_head = |within: &Range<TokenId>, numbered: Option<(i32, u8)>| {
        let token = |one: &Read| found.pieces.all[one.found.start()].token;
        let head = found.matches.iter().take_while(|one| token(one) < within.end);
        head.filter(|one| token(one) >= within.start).find_map(|one| full_date(found, one, numbered))
    };
    if let Some(date) = document.dateline.as_ref().and_then(|dateline| dateline.date.as_ref())
        && let Some(date) = in_head(date, numbered)
    {
        return Some(date);
    }
    if let Some(title) = document.title.and_then(|title| document.blocks.get(title as usize))
        && let Some(date) = in_head(&title.tokens, numbered)
    {
        return Some(date);
    }
    let head = HEAD_TOKENS.min(document.tokens.len() as u32);
    let bracketed = found
        .matches
        .iter()
        .take_while(|one| found.pieces.all[one.found.start()].token < head)
        .filter(|one| {
            found.pieces.before(one.found.start()) == "(" && found.pieces.norm(one.found.end()) == ")"
        })
        .find_map(|one| full_date(found, one, numbered));
    if bracketed.is_some() {
        return bracketed;
    }
    // `BEYA, 3 de marzo de 2021. …`: a dateline in another language than those are read in.
    let headed = found.matches.first().filter(|one| {
        let (start, end) = (one.found.start(), one.found.end());
        found.pieces.all[start].token < DATELINE_TOKENS
            && found.pieces.before(start) == ","
            && matches!(found.pieces.norm(end), "." | ":" | "-" | "--" | "\u{2014}" | "\u{2013}")
    });
    if let Some(date) = headed.and_then(|one| full_date(found, one, numbered)) {
        return Some(date);
    }
    let first = document.sentences.first().map_or(0, |sentence| sentence.tokens.end).min(head);
    let dash = (0..first).find(|token| {
        matches!(document.norm(*token), "-" | "--" | "---" | "\u{2014}" | "\u{2013}")
            && document.space_before(*token)
    })?;
    in_head(&(0..dash), None)
}

/// The day of a match that names day, month and year; the year may come from the release number if
/// that was given in the month or beside it.
fn full_date(found: &Found<'_, '_>, one: &Read, numbered: Option<(i32, u8)>) -> Option<Date> {
    let mut expr = one.exprs.first()?.0.clone();
    if let (None, Some(month), Some((year, of))) = (expr.year, expr.month, numbered)
        && expr.day.is_some()
    {
        let months = i32::from(of) - i32::from(month);
        expr.year = match months {
            -1..=1 => Some(year),
            11 => Some(year + 1),
            -11 => Some(year - 1),
            _ => None,
        };
    }
    let complete = expr.day.is_some() && expr.month.is_some() && expr.year.is_some()
        || matches!(expr.means, Means::YearMonthDay | Means::DayMonthYear | Means::Numeric);
    if !complete || expr.means == Means::Range {
        return None;
    }
    let resolved = Tracker::new(None, None, found.data.hijri).resolve(&expr, "", Hints::default())?;
    resolved.bounds.filter(|_| resolved.alternatives.is_empty()).map(|(first, _)| first)
}

/// Year and month of a release number in the head of a text: "2011-11-S-034".
fn release_number(found: &Found<'_, '_>) -> Option<(i32, u8)> {
    let pieces = &found.pieces;
    let class = found.data.classes;
    let head = pieces.all.partition_point(|piece| piece.token < HEAD_TOKENS);
    (0..head).find_map(|at| {
        let year = pieces.reading(at, class.year)?.value;
        let month = pieces.reading(at + 2, class.nn).filter(|_| guard::is_label(pieces, at))?.value;
        Some((year, u8::try_from(month).ok().filter(|month| (1..=12).contains(month))?))
    })
}

/// Whether a text is a history: its years are many, mostly far from the day of publication, and it hardly
/// ever speaks of yesterday.
fn is_history(found: &Found<'_, '_>, published: Date) -> bool {
    let (mut years, mut near, mut spoken) = (0usize, 0usize, 0usize);
    for one in &found.matches {
        for (expr, _) in &one.exprs {
            if let Some(year) = stated_year(expr) {
                years += 1;
                near += usize::from((year - calendar::year_of(published)).abs() <= 1);
            } else if expr.shift.is_some()
                || expr.direction == Some(Direction::Ago)
                || expr.weekday.is_some() && expr.month.is_none()
                || matches!(expr.which, Some(Which::Last | Which::This)) && expr.unit.is_some()
            {
                spoken += 1;
            }
        }
    }
    years >= 4 && spoken * 5 <= years && near * 2 < years
}

fn resolve(found: &Found<'_, '_>, document: &Document<'_>, published: Option<Date>) -> Vec<TimeMention> {
    let anchor = published.filter(|published| !is_history(found, *published));
    // A release number tells the year of a report that has no date of its own, before any year of its history does.
    let numbered = release_number(found).filter(|_| published.is_none()).map(|(year, _)| year);
    let first_year = numbered.or_else(|| {
        found.matches.iter().find_map(|one| one.exprs.iter().find_map(|(expr, _)| stated_year(expr)))
    });
    let mut tracker = Tracker::new(anchor, first_year, found.data.hijri);
    let excursions = if anchor.is_none() { excursions(found) } else { Vec::new() };
    let mut mentions: Vec<TimeMention> = Vec::with_capacity(found.matches.len());
    let mut block = 0;
    // Headings that tell a year, in text order.
    let mut headings: Vec<(u32, i32)> = Vec::new();
    for (index, one) in found.matches.iter().enumerate() {
        let Some((_, extent)) = one.exprs.first() else { continue };
        let token = found.pieces.all[extent.start].token;
        let here = document.sentences[document.sentence_of(token) as usize].block;
        if here != block {
            tracker.new_paragraph(heading_year(document, &headings, here));
            block = here;
        }
        let from = mentions.len();
        if document.blocks[here as usize].kind == BlockKind::Heading
            && let Some(year) = one.exprs.iter().rev().find_map(|(expr, _)| stated_year(expr))
        {
            headings.push((here, year));
        }
        let settled = Scope { anchor, excursion: excursions.binary_search(&index).is_ok(), said: false };
        one_match(found, document, &mut tracker, one, &settled, &mut mentions);
        if mentions.len() == from + 1 && from > 0 {
            join::join(found, document, found.data.hijri, &mut mentions, from - 1);
        }
    }
    if let Some(anchor) = anchor {
        for mention in &mut mentions {
            mention.recalled = is_recalled(mention, anchor);
        }
    }
    mentions
}

/// The year that an expression states.
fn stated_year(expr: &Expr) -> Option<i32> {
    expr.year.filter(|year| *year > -5000 && expr.reckoning == Reckoning::Gregorian)
}

/// The year that the nearest heading above a block tells, or one above that.
fn heading_year(document: &Document<'_>, headings: &[(u32, i32)], block: u32) -> Option<i32> {
    // A parent stands before its child, so the walk ends.
    let above = |block: u32| document.blocks.get(block as usize)?.heading.filter(|heading| *heading < block);
    let mut at = above(block);
    while let Some(heading) = at {
        if let Ok(place) = headings.binary_search_by_key(&heading, |(heading, _)| *heading) {
            return headings.get(place).map(|(_, year)| *year);
        }
        at = above(heading);
    }
    None
}

/// A report tells of the weeks before it; what ended earlier is recalled.
const RECALLED_DAYS: i64 = 45;

fn is_recalled(mention: &TimeMention, published: Date) -> bool {
    let Some(when) = &mention.when else { return mention.value == "PAST_REF" };
    if when.modifier == Some(Modifier::Since) {
        return when.earliest.is_some_and(|first| calendar::days_between(first, published) > RECALLED_DAYS);
    }
    when.latest.is_some_and(|last| calendar::days_between(last, published) > RECALLED_DAYS)
}

/// What holds for one match.
struct Scope {
    /// Day of publication, unless the text is a history.
    anchor: Option<Date>,
    /// The match names a year that the story only looks at and does not go to.
    excursion: bool,
    /// The text is an utterance.
    said: bool,
}

/// Years within which a story goes on; a farther one is looked at and left again.
const STORY_YEARS: i32 = 3;

/// The matches of a history that name a year far from the one before it, while the next year named is
/// back again: "the treaty of 1763" in a story of 1775. Sorted.
fn excursions(found: &Found<'_, '_>) -> Vec<usize> {
    let years: Vec<(usize, i32)> = found
        .matches
        .iter()
        .enumerate()
        .filter_map(|(index, one)| {
            let year = one.exprs.iter().rev().find_map(|(expr, _)| stated_year(expr));
            year.map(|year| (index, year))
        })
        .collect();
    let mut excursions = Vec::new();
    let mut at: Option<i32> = None;
    for (place, &(index, year)) in years.iter().enumerate() {
        let far = |other: i32| (other - year).abs() > STORY_YEARS;
        let next = years.get(place + 1..).unwrap_or_default().iter().take(2).map(|(_, year)| *year);
        let is_excursion = match at {
            Some(at) => far(at) && next.clone().any(|next| (next - at).abs() <= STORY_YEARS && far(next)),
            // At the very beginning: both of the next two are elsewhere, and together.
            None => next.clone().count() == 2 && next.clone().all(far),
        };
        if is_excursion {
            excursions.push(index);
        } else {
            at = Some(year);
        }
    }
    excursions
}

/// Resolves the extents of one match and appends them.
fn one_match(
    found: &Found<'_, '_>,
    document: &Document<'_>,
    tracker: &mut Tracker,
    Read { found: one, exprs }: &Read,
    scope: &Scope,
    mentions: &mut Vec<TimeMention>,
) {
    let mut exprs = exprs.clone();
    let class = found.data.classes;
    let pattern = &found.grammar.patterns[usize::from(one.pattern)];
    if exprs.len() > 1 {
        if exprs.iter().any(|(expr, _)| expr.means == Means::ClockRange) {
            share_clock(&mut exprs);
        } else {
            share(&mut exprs);
        }
    }
    let first_mention = mentions.len();
    let mut resolved_all = Vec::with_capacity(exprs.len());
    let fragment = scope.anchor.is_some() && (scope.said || is_fragment(found, document, one));
    let mut coming = fragment.then(|| (tracker.clone(), Vec::with_capacity(exprs.len())));
    for (expr, extent) in &mut exprs {
        let hints = hints(found, document, extent, scope, stated_year(expr).is_some());
        if expr.means == Means::Duration && !expr.vague && (hints.future || fragment) {
            let before = extent.start.checked_sub(1);
            if before.is_some_and(|at| found.pieces.reading(at, found.data.classes.ahead).is_some()) {
                expr.means = Means::OffsetAhead;
            }
        }
        // What is said is to come first, and what has been is the other reading.
        let (hints, other_hints) = if scope.said {
            (Hints { future: true, ..hints }, Hints { future: false, ..hints })
        } else {
            (hints, Hints { future: true, ..hints })
        };
        let Some(mut resolved) = tracker.resolve(expr, &pattern.value, hints) else { continue };
        if let Some((tracker, others)) = &mut coming
            && let Some(other) = tracker.resolve(expr, &pattern.value, other_hints)
        {
            tracker.advance(&other, false);
            others.push((other, extent.clone()));
        }
        if pattern.kind == "set" {
            resolved.kind = TimexKind::Set;
            resolved.extent = Extent::Repeated;
        }
        match pattern.value.as_str() {
            "eve" => resolved.move_to_eve(),
            "all" => resolved.lasts_all(expr),
            _ => {}
        }
        // Neither what is to come nor an excursion moves a history on.
        if scope.anchor.is_some() || !(hints.future || scope.excursion) {
            // "since 1980" tells a beginning; what is told next is told of now.
            let since = extent.start.checked_sub(1).and_then(|at| found.pieces.reading(at, class.since));
            let open = since.is_some_and(|lead| lead.value == 1);
            let stated = expr.year.is_some() && expr.reckoning == Reckoning::Gregorian;
            tracker.advance(&resolved, stated && !open);
        }
        resolved_all.push((resolved, extent.clone()));
    }
    mend_years(tracker, &exprs, &pattern.value, &mut resolved_all);
    let mut whole = if resolved_all.len() > 1 { interval(&resolved_all) } else { None };
    if let Some((_, others)) = coming {
        let other =
            if others.len() > 1 { interval(&others) } else { others.into_iter().next().map(|(one, _)| one) };
        let meant = whole.as_mut().or(resolved_all.first_mut().map(|(one, _)| one));
        if let (Some(meant), Some(other), Some((expr, _))) = (meant, other, exprs.first()) {
            let why = match (expr.month.or(expr.season), expr.weekday, expr.day) {
                (Some(_), ..) => Doubt::Year,
                (None, Some(_), None) => Doubt::Week,
                _ if expr.holiday.is_some() => Doubt::Year,
                _ => Doubt::Anchor,
            };
            meant.or_coming(&other, why);
        }
    }
    let count = resolved_all.len();
    for (index, (resolved, extent)) in resolved_all.into_iter().enumerate() {
        let tokens = found.pieces.all[extent.start].token..found.pieces.all[extent.end - 1].token + 1;
        let span = Span::new(found.pieces.all[extent.start].start, found.pieces.all[extent.end - 1].end);
        let evidence_end = if count > 1 { one.end() } else { extent.end };
        let evidence_start = if count > 1 { one.start() } else { extent.start };
        let meant = whole.as_ref().unwrap_or(&resolved);
        let clock = if resolved.kind == TimexKind::Set { None } else { meant.clock };
        let interval = count > 1 || scope.said && meant.extent == Extent::Lasting;
        let context = Context { scope, fixed: &pattern.value, interval };
        let when = when(found, document, meant, evidence_start..evidence_end, &context);
        // "by 2 pm": from now to then. Nothing else that is said has a bound before and a day that it begins.
        let by = when
            .as_ref()
            .is_some_and(|when| when.modifier == Some(Modifier::Before) && when.earliest.is_some());
        let clock = match (clock, tracker.said().filter(|_| by)) {
            (Some(clock), Some(now)) if clock.from == clock.to => {
                Some(Clock { from: now.min(clock.to), ..clock })
            }
            (clock, _) => clock,
        };
        let twin = (count > 1).then(|| (first_mention + usize::from(index == 0)) as u32);
        mentions.push(TimeMention {
            tokens,
            span,
            kind: resolved.kind,
            value: resolved.value,
            when,
            recalled: false,
            twin,
            pattern: one.pattern,
            clock,
        });
    }
}

/// Words that a fragment may have beside its time.
const FRAGMENT_WORDS: u32 = 3;
/// How many words before the verb of a relative clause its pronoun stands at most.
const RELATIVE_REACH: usize = 4;

/// Whether a match stands almost alone in its sentence: nothing there tells whether it has been or is to
/// come.
fn is_fragment(found: &Found<'_, '_>, document: &Document<'_>, one: &Match) -> bool {
    let (Some(first), Some(last)) =
        (found.pieces.all.get(one.start()), one.end().checked_sub(1).and_then(|at| found.pieces.all.get(at)))
    else {
        return false;
    };
    let sentence = &document.sentences[document.sentence_of(first.token) as usize].tokens;
    let own = last.token + 1 - first.token;
    sentence.end - sentence.start <= own + FRAGMENT_WORDS
}

/// Puts what only one extent of a range says into the others: "between 7 and 25 July 1999".
fn share(exprs: &mut [(Expr, Range<usize>)]) {
    let year = exprs.iter().rev().find_map(|(expr, _)| expr.year.filter(|year| *year > -5000));
    let before_christ = year.is_some_and(|year| year < 0);
    let month = exprs.iter().find_map(|(expr, _)| expr.month);
    let reckoning = exprs.iter().map(|(expr, _)| expr.reckoning).find(|of| *of != Reckoning::Gregorian);
    let reckoning = reckoning.unwrap_or_default();
    let part = exprs.first().and_then(|(expr, _)| expr.part);
    let (which, unit) = exprs.iter().find_map(|(expr, _)| expr.unit.map(|unit| (expr.which, unit))).unzip();
    let mut century = None;
    for (expr, _) in exprs.iter_mut() {
        expr.means = Means::Date;
        if expr.day.is_some() || expr.year.is_none() {
            expr.month = expr.month.or(month.filter(|_| expr.shift.is_none()));
        }
        expr.reckoning = reckoning;
        if expr.month.is_some() {
            expr.shared_year = expr.year.is_none();
            expr.year = expr.year.or(year.filter(|_| expr.which.is_none()));
            if expr.year.is_none() && expr.unit.is_none() {
                expr.unit = unit;
                expr.which = expr.which.or(which.flatten());
            }
        }
        if before_christ {
            expr.year = expr.year.map(|year| -year.abs());
        }
        expr.part = expr.part.or(part.filter(|_| expr.weekday.is_none()));
        // "1990-94": the century of the year before.
        match (expr.year, century) {
            (Some(digits), Some(base)) if digits < -5000 => {
                let year: i32 = base - base % 100 + digits + 10_000;
                expr.year = Some(if year < base { year + 100 } else { year });
            }
            (Some(year), _) if year > 0 => century = Some(year),
            _ => {}
        }
    }
}

/// Puts what only one of two times of day says into the other: "between 3 and 4 pm on Thursday".
fn share_clock(exprs: &mut [(Expr, Range<usize>)]) {
    let [(first, _), .., (last, _)] = exprs else { return };
    if let (Some(hour @ 0..12), Some(end @ 12..), false, true) =
        (first.hour, last.hour, first.half_told, last.half_told)
        && hour + 12 <= end
    {
        first.hour = Some(hour + 12);
    }
    let dated = |expr: &Expr| expr.names_day() || expr.month.is_some();
    let (from, to) = if dated(first) { (first, last) } else { (last, first) };
    if dated(from) && !dated(to) {
        (to.weekday, to.which, to.shift, to.holiday) = (from.weekday, from.which, from.shift, from.holiday);
        (to.year, to.month, to.day) = (from.year, from.month, from.day);
    }
}

/// "between November and February": where each end alone was put into a year of its own, the first one
/// follows the last.
fn mend_years(
    tracker: &Tracker,
    exprs: &[(Expr, Range<usize>)],
    fixed: &str,
    parts: &mut [(Resolved, Range<usize>)],
) {
    let (Some((expr, _)), [first, .., last]) = (exprs.first(), parts) else { return };
    let (Some((start, _)), Some((_, end))) = (first.0.bounds, last.0.bounds) else { return };
    if expr.year.is_some() && !expr.shared_year
        || expr.month.is_none()
        || expr.reckoning != Reckoning::Gregorian
        || start <= end
    {
        return;
    }
    for year in [calendar::year_of(end), calendar::year_of(end) - 1] {
        let told = Expr { year: Some(year), ..expr.clone() };
        if let Some(mut mended) = tracker.clone().resolve(&told, fixed, Hints::default())
            && mended.bounds.is_some_and(|(start, _)| start <= end)
        {
            mended.basis = Basis::YearInferred;
            first.0 = mended;
            return;
        }
    }
}

/// The interval from the first to the last of several resolved times.
fn interval(parts: &[(Resolved, Range<usize>)]) -> Option<Resolved> {
    let (first, _) = parts.first()?;
    let (last, _) = parts.last()?;
    let (mut start, mut end) = (first.bounds?.0, last.bounds?.1);
    let mut whole = first.clone();
    if let (Some(from), Some(to)) = (first.clock, last.clock) {
        let (from_moment, to_moment) = shortest(from, to)?;
        (start, end) = (from_moment.date(), to_moment.date());
        whole.clock =
            Some(Clock { from: from_moment, to: to_moment, zone: from.zone.or(to.zone), alternative: None });
    } else {
        whole.clock = None;
    }
    if start > end {
        return None;
    }
    whole.bounds = Some((start, end));
    // "the night of 11-12 March" is one night, some time of which it happened.
    let one_night = first.part.is_some() && calendar::days_between(start, end) <= 1;
    (whole.grain, whole.extent) =
        if one_night { (Grain::Day, Extent::Point) } else { (Grain::Range, Extent::Unknown) };
    whole.alternatives.clear();
    whole.reasons.clear();
    if last.basis == Basis::YearInferred {
        whole.basis = Basis::YearInferred;
    }
    Some(whole)
}

/// Of the moments that the two ends of a stretch may be, those that are closest together: "from 9:30 to 3",
/// "11 pm to 2".
fn shortest(from: Clock, to: Clock) -> Option<(DateTime, DateTime)> {
    let moments =
        |clock: Clock| [Some(clock.from), clock.alternative.map(|(at, _)| at)].into_iter().flatten();
    let ends = moments(to).flat_map(|at| [Some(at), at.checked_add(1.day()).ok()]).flatten();
    let ends: Vec<DateTime> = ends.collect();
    let pairs = moments(from).flat_map(|from| ends.iter().map(move |to| (from, *to)));
    let length = |(from, to): &(DateTime, DateTime)| from.duration_until(*to);
    pairs.filter(|(from, to)| from < to).min_by_key(|pair| (length(pair), pair.1))
}

/// What the words around a mention tell about it.
fn hints(
    found: &Found<'_, '_>,
    document: &Document<'_>,
    extent: &Range<usize>,
    scope: &Scope,
    dated: bool,
) -> Hints {
    let class = found.data.classes;
    let pieces = &found.pieces;
    let sentence = document.sentence_of(pieces.all[extent.start].token);
    let inside =
        |at: &usize| pieces.all.get(*at).is_some_and(|piece| document.sentence_of(piece.token) == sentence);
    // The noun may stand off: "a five-day army offensive".
    let activity = (extent.end..extent.end + 3)
        .take_while(inside)
        .any(|at| pieces.reading(at, class.activity).is_some());
    let first = document.sentences[sentence as usize].tokens.start;
    let before = pieces.all[..extent.start].iter().rev().take(4);
    let begins = before.take_while(|piece| piece.token >= first).count();
    // "By the end of March": nothing but words that lead to a time; "Assets as of March" has a noun.
    let leads = begins <= 3
        && (extent.start - begins..extent.start).all(|at| {
            !pieces.readings(at).is_empty() || matches!(pieces.norm(at), "and" | "but" | "then" | "also")
        });
    // A history has no day from which something is still to come, but years that it only looks forward to.
    let reported = scope.anchor.is_some();
    let future = (reported || dated) && is_to_come(found, extent, inside, reported);
    Hints { future, activity, leads }
}

/// Whether the words around a mention say that it is to come. The nearest verb before it tells the tense ("will
/// meet on Monday", "said Monday that it will"); without one before, the nearest after it. In a history only words
/// that speak of nothing else are asked.
fn is_to_come(
    found: &Found<'_, '_>,
    extent: &Range<usize>,
    inside: impl Fn(&usize) -> bool,
    reported: bool,
) -> bool {
    let (class, pieces) = (found.data.classes, &found.pieces);
    let (before, behind) = (extent.start.saturating_sub(14)..extent.start, extent.end..extent.end + 10);
    let lead = extent
        .start
        .checked_sub(1)
        .filter(|_| reported && before.clone().rev().take_while(&inside).count() > 0);
    let until = lead.is_some_and(|at| pieces.reading(at, class.since).is_some_and(|lead| lead.value == 4));
    let by = lead.is_some_and(|at| pieces.norm(at) == "by");
    let word = |at: usize| {
        let word = pieces.reading(at, class.future)?;
        (reported || word.value == 1).then_some(word)
    };
    // Without such a word there is nothing to decide, and no part of speech need be known.
    let mut spoken = pieces.future_words(before.start..behind.end).iter().map(|at| *at as usize);
    if !until && !by && !spoken.any(|at| inside(&at) && word(at).is_some()) {
        return false;
    }
    let tag = |at: usize| found.tags.get(pieces.all[at].token);
    // "look for ways around Wednesday's ruling": an owner is to come only if nothing else can be.
    let owner = pieces.reading(extent.end, class.possessive).is_some();
    let tense = |at: usize| {
        let next = word(at).map_or(at + 1, |word| at + usize::from(word.len));
        let near = |pieces: usize| (next..=next + pieces).contains(&extent.start);
        if let Some(word) = word(at) {
            let told = match word.value {
                2 | 3 if owner => None,
                2 => Some(!matches!(pieces.norm(next), "have" | "'ve")),
                3 => Some(!matches!(pieces.norm(next), "have" | "'ve" | "not" | "n't")),
                4 => near(1).then_some(true),
                5 => (near(2) && matches!(tag(at), Tag::VerbThird | Tag::VerbPresent)).then_some(true),
                // "had been due to expire on Friday": it was to come, and has come.
                _ => Some(!(pieces.before(at) == "been" && pieces.before(at.saturating_sub(1)) == "had")),
            };
            if told.is_some() {
                return told;
            }
        }
        if until {
            // "postponed the vote until Friday", but "raged until Friday".
            return pieces.reading(at, class.lasted).is_some().then_some(false);
        }
        match tag(at) {
            Tag::VerbPast => Some(false),
            // "under the plan, announced Friday, they will"
            Tag::VerbParticiple if near(1) => (pieces.before(at) != "be").then_some(false),
            Tag::VerbBase | Tag::VerbPresent | Tag::VerbThird if by => Some(true),
            _ => None,
        }
    };
    // "a man who planned attacks, in the capital Sunday": that clause is over before the time.
    let aside = |at: &usize| {
        let relative = |back: usize| {
            at.checked_sub(back).is_some_and(|at| matches!(pieces.norm(at), "who" | "which" | "that"))
        };
        (1..=RELATIVE_REACH).any(relative) && (*at..extent.start).any(|at| pieces.norm(at) == ",")
    };
    let back = before.rev().take_while(&inside).filter(|at| !aside(at)).find_map(tense);
    let ahead = || {
        behind.take_while(&inside).find_map(|at| {
            let present = || matches!(tag(at), Tag::VerbThird | Tag::VerbPresent);
            let past = || until && tag(at) == Tag::VerbPast;
            tense(at)
                .filter(|_| !by || tag(at) == Tag::VerbPast)
                .or_else(|| (past() || present()).then_some(false))
        })
    };
    // "He has until Friday to leave": where it does not begin the sentence, what is told lasts.
    let led = lead.is_some_and(|at| at > 0 && inside(&(at - 1)));
    back.or_else(|| if until && led { Some(true) } else { ahead() }).unwrap_or(false)
}

/// What else decides the interval of a time.
struct Context<'a> {
    scope: &'a Scope,
    /// The value of its pattern.
    fixed: &'a str,
    /// Whether the pattern has several mentions.
    interval: bool,
}

/// The record's interval of a resolved time, with the preposition that stands before it.
fn when(
    found: &Found<'_, '_>,
    document: &Document<'_>,
    resolved: &Resolved,
    extent: Range<usize>,
    context: &Context<'_>,
) -> Option<When> {
    let &Context { scope: &Scope { anchor, said, .. }, fixed, interval } = context;
    if resolved.kind == TimexKind::Set {
        return None;
    }
    let class = found.data.classes;
    let pieces = &found.pieces;
    let (first, last) = resolved.bounds?;
    let (mut earliest, mut latest) = (Some(first), Some(last));
    let mut modifier = resolved.modifier;
    let mut extends = resolved.extent;
    let mut start = extent.start;
    let sentence = document.sentence_of(pieces.all[extent.start].token);
    let lead = (1..=3usize).rev().find_map(|back| {
        let at = extent.start.checked_sub(back)?;
        let reading = pieces.reading(at, class.since)?;
        let same = document.sentence_of(pieces.all[at].token) == sentence;
        (usize::from(reading.len) == back && same).then_some((at, reading.value))
    });
    // Words behind or within it may say the same ("2012 or later").
    let told = match fixed {
        "since" => Some((start, 1)),
        "before" => Some((start, 2)),
        "after" => Some((start, 3)),
        "until" => Some((start, 4)),
        "by" => Some((start, 6)),
        _ => None,
    };
    // What is said has not ended on the day that it is said.
    let scope_day = anchor;
    let anchor = anchor.filter(|_| !said);
    if let Some((at, lead)) = told.or(lead) {
        start = at;
        match lead {
            1 if !interval => {
                latest = anchor.filter(|anchor| *anchor >= first);
                modifier = Some(Modifier::Since);
                extends = Extent::Unknown;
            }
            // "After evening prayers on Friday" is still Friday.
            2 | 3 if resolved.kind == TimexKind::Time && resolved.part.is_some() => {
                modifier = Some(if lead == 2 { Modifier::Before } else { Modifier::After });
            }
            2 => {
                earliest = None;
                latest = Some(calendar::add_days(first, -1));
                modifier = Some(Modifier::Before);
            }
            3 if resolved.kind != TimexKind::Duration => {
                let whole = said && resolved.clock.is_none() || resolved.grain == Grain::Day;
                earliest = Some(if whole { calendar::add_days(last, 1) } else { first });
                latest = anchor.filter(|anchor| *anchor >= last);
                modifier = Some(Modifier::After);
            }
            4 => {
                earliest = None;
                modifier = Some(Modifier::Before);
                extends = Extent::Lasting;
            }
            5 if interval => extends = Extent::Lasting,
            // "by Friday": from now to then.
            6 if !interval => {
                earliest = scope_day.filter(|day| *day <= last).or(earliest);
                modifier = Some(Modifier::Before);
            }
            _ => {}
        }
    }
    let evidence = Span::new(pieces.all[start].start, pieces.all[extent.end - 1].end);
    Some(When {
        earliest,
        latest,
        grain: resolved.grain,
        extent: extends,
        modifier,
        time_of_day: resolved.part,
        calendar: resolved.calendar,
        uncertainty_days: resolved.uncertainty,
        basis: resolved.basis,
        stated: document.slice(evidence).to_owned(),
        anchor: resolved.anchor,
        alternatives: resolved.alternatives.clone(),
        reasons: resolved.reasons.clone(),
        evidence: vec![evidence],
    })
}

#[cfg(test)]
mod tests;
