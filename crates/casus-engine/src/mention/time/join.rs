//! Two mentions that are one time: the ends of an interval ("from 3 May 1999 to 5 June 2000"), or the same day
//! in two calendars ("12 Safar 1437, corresponding to 24 November 2015").
//!
//! Dates in two calendars check each other. If they agree, the civil one decides between the days that the moon
//! left open, and the doubt is gone; if not, the first one told stands and the other is an alternative.

use super::{
    Found, TimeMention, TimexKind,
    calendar::{self, HijriVariant, Reckoning, days_between},
    value,
};
use crate::{Basis, Calendar, Date, Doubt, Extent, Grain, Span, When, text::Document};

/// Most bytes between two mentions that are one time.
const GAP: u32 = 60;

/// Joins the mention `at` with the one after it, if they are one time.
pub(super) fn join(
    found: &Found<'_, '_>,
    document: &Document<'_>,
    variant: HijriVariant,
    mentions: &mut [TimeMention],
    at: usize,
) {
    let [.., one, other] = &mentions[..=at + 1] else { return };
    let (Some(first), Some(second)) = (&one.when, &other.when) else { return };
    if other.span.start.saturating_sub(one.span.end) > GAP {
        return;
    }
    let gap = Span::new(one.span.end, other.span.start.max(one.span.end));
    // Of three dates in a row, the third may still tell what the first two meant.
    let third = one.twin.filter(|twin| *twin as usize + 1 == at && first.calendar != Calendar::Gregorian);
    let joined = if one.twin.is_some() && third.is_none() {
        None
    } else if first.calendar != second.calendar {
        // "12 Safar 1437. Two days later": what counts from the other is no second name of it.
        let told = first.basis != Basis::Anchored && second.basis != Basis::Anchored;
        let same = document.sentence_of(one.tokens.start) == document.sentence_of(other.tokens.start);
        if told && same && is_apposition(found, gap) { parallel(variant, first, second) } else { None }
    } else if let Some(joint) = two_styles(first, second).filter(|_| is_apposition(found, gap)) {
        Some(joint)
    } else {
        interval(found, document, one, other, gap)
    };
    let Some(mut joint) = joined else { return };
    let start = first.evidence.first().copied().unwrap_or(one.span);
    let evidence = start.cover(other.span);
    joint.stated = document.slice(evidence).to_owned();
    joint.evidence = vec![evidence];
    let same_day = joint.calendar != Calendar::Gregorian && joint.alternatives.is_empty();
    for (index, twin) in [(Some(at), at + 1), (Some(at + 1), at), (third.map(|third| third as usize), at)] {
        let Some(mention) = index.and_then(|index| mentions.get_mut(index)) else { continue };
        if same_day
            && mention.kind == TimexKind::Date
            && joint.grain == Grain::Day
            && let Some(day) = joint.earliest
        {
            mention.value = value::day(day);
        }
        mention.twin = Some(twin as u32);
        mention.when = Some(joint.clone());
    }
}

/// The same time in two calendars; None where neither or both are Gregorian and they disagree.
fn parallel(variant: HijriVariant, first: &When, second: &When) -> Option<When> {
    let civil_first = first.calendar == Calendar::Gregorian;
    let (mut other, mut civil) =
        if civil_first { (second.clone(), first.clone()) } else { (first.clone(), second.clone()) };
    // A year that only one of them tells is the other's, too.
    match (other.basis, civil.basis) {
        (Basis::Stated, Basis::YearInferred) => refer(&mut civil, other.earliest?),
        (Basis::YearInferred, Basis::Stated) => refer_hijri(variant, &mut other, civil.earliest?),
        _ => {}
    }
    let (from, to) = (other.earliest?, other.latest?);
    let (start, end) = (civil.earliest?, civil.latest?);
    let off = if end < from { days_between(end, from) } else { days_between(to, start).max(0) };
    let both_days = other.grain == Grain::Day && civil.grain == Grain::Day;
    let close = i64::from(other.uncertainty_days).max(1) + i64::from(other.uncertainty_days > 0);
    let mut joint = if civil_first { civil.clone() } else { other.clone() };
    joint.calendar = other.calendar;
    joint.basis = if other.basis == Basis::Stated || civil.basis == Basis::Stated {
        Basis::Stated
    } else {
        joint.basis
    };
    if both_days && off <= close {
        (joint.earliest, joint.latest) = (civil.earliest, civil.latest);
        joint.uncertainty_days = 0;
        joint.alternatives.clear();
        joint.reasons.clear();
    } else if off == 0 {
        // "Ramadan 1442 (April 2021)": what lies in both.
        (joint.earliest, joint.latest) = (Some(from.max(start)), Some(to.min(end)));
        joint.grain = other.grain.min(civil.grain);
        joint.uncertainty_days = other.uncertainty_days;
    } else {
        let against = if civil_first { (from, to) } else { (start, end) };
        joint.uncertainty_days = if civil_first { 0 } else { other.uncertainty_days };
        joint.alternatives.insert(0, against);
        joint.reasons.insert(0, Doubt::ParallelDate);
    }
    Some(joint)
}

/// Puts a civil day whose year is not told into the year that a day near it tells.
fn refer(civil: &mut When, near: Date) {
    let (Some(day), Grain::Day) = (civil.earliest, civil.grain) else { return };
    let year = calendar::year_of(near);
    let best = [year - 1, year, year + 1]
        .into_iter()
        .filter_map(|year| calendar::civil(year, calendar::month_of(day), calendar::day_of(day)))
        .min_by_key(|day| days_between(*day, near).abs());
    if let Some(best) = best {
        (civil.earliest, civil.latest) = (Some(best), Some(best));
    }
}

/// The same for a Hijri day.
fn refer_hijri(variant: HijriVariant, other: &mut When, near: Date) {
    let (Some(day), Grain::Day) = (other.earliest, other.grain) else { return };
    let found = || {
        let (year, month) = calendar::to_hijri(variant, day)?;
        let first = calendar::hijri(variant, year, month, 1)?.date;
        let nth = u8::try_from(days_between(first, day) + 1).ok()?;
        let (year, _) = calendar::to_hijri(variant, near)?;
        [year - 1, year, year + 1]
            .into_iter()
            .filter_map(|year| calendar::hijri(variant, year, month, nth))
            .min_by_key(|day| days_between(day.date, near).abs())
    };
    if let (Calendar::IslamicUmalqura | Calendar::IslamicTabular, Some(best)) = (other.calendar, found()) {
        (other.earliest, other.latest) = (Some(best.date), Some(best.date));
    }
}

/// "25 October 1917 (7 November 1917)": the earlier day is the later one by the Julian calendar.
fn two_styles(first: &When, second: &When) -> Option<When> {
    if first.grain != Grain::Day || second.grain != Grain::Day || first.calendar != Calendar::Gregorian {
        return None;
    }
    let (one, other) = (first.earliest?, second.earliest?);
    let (old, new, told) = if one < other { (one, other, second) } else { (other, one, first) };
    let civil = calendar::to_civil(
        Reckoning::Julian,
        calendar::year_of(old),
        calendar::month_of(old),
        calendar::day_of(old),
    )?;
    let mut joint = told.clone();
    joint.calendar = Calendar::Julian;
    (civil == new && old != new).then_some(joint)
}

/// From one mention to the next: "from 3 May 1999 to 5 June 2000".
fn interval(
    found: &Found<'_, '_>,
    document: &Document<'_>,
    one: &TimeMention,
    other: &TimeMention,
    gap: Span,
) -> Option<When> {
    let (first, second) = (one.when.as_ref()?, other.when.as_ref()?);
    let class = found.data.classes;
    let pieces = &found.pieces;
    let at = pieces.all.partition_point(|piece| piece.start < one.span.start);
    // 1 from, 2 between, 3 over
    let led = at
        .checked_sub(1)
        .and_then(|at| pieces.reading(at, class.led))
        .or_else(|| pieces.reading(at, class.led))
        .map(|led| led.value);
    let behind = pieces.all.partition_point(|piece| piece.start < one.span.end);
    let fills = |symbol| {
        pieces.readings(behind).iter().any(|reading| {
            let next = pieces.all.get(behind + usize::from(reading.len));
            reading.symbol == symbol && next.is_some_and(|piece| piece.start == other.span.start)
        })
    };
    let between = document.slice(gap).trim();
    // The word between may be taken for an article of the second ("a terceiro trimestre").
    let taken = between.is_empty() && pieces.reading(behind, class.upto).is_some();
    let spans = first.grain == second.grain
        && matches!(first.grain, Grain::Month | Grain::Quarter | Grain::Year)
        && first.basis == Basis::Stated
        && second.basis == Basis::Stated;
    let joined = matches!(between, "-" | "\u{2013}" | "\u{2014}")
        || (led.is_some() || spans) && taken
        || spans && fills(class.upto)
        || (led.is_some() || pieces.before(at) == "(") && fills(class.upto)
        || led == Some(2) && fills(class.both);
    let (start, end) = (first.earliest?, second.latest?);
    if !joined || start > end || one.kind == TimexKind::Duration || other.kind == TimexKind::Duration {
        return None;
    }
    let mut joint = first.clone();
    joint.latest = Some(end);
    joint.modifier = None;
    joint.grain = Grain::Range;
    joint.extent = if led == Some(1) { Extent::Lasting } else { Extent::Unknown };
    Some(joint)
}

/// Whether what stands between two dates says that they are one: brackets, commas, "corresponding to".
fn is_apposition(found: &Found<'_, '_>, gap: Span) -> bool {
    let class = found.data.classes;
    let pieces = &found.pieces;
    let from = pieces.all.partition_point(|piece| piece.start < gap.start);
    let to = pieces.all.partition_point(|piece| piece.start < gap.end);
    let mut at = from;
    let mut any = false;
    while at < to {
        let words = pieces.readings(at).iter().filter(|reading| reading.symbol == class.corresponding);
        if let Some(len) = words.map(|reading| reading.len).max() {
            at += usize::from(len);
        } else if matches!(pieces.norm(at), "," | "(" | ")" | "/" | "-" | "=" | "[" | "]" | "|" | ".") {
            at += 1;
        } else {
            return false;
        }
        any = true;
    }
    any
}
