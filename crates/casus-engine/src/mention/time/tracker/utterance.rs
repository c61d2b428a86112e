//! What utterances add: a moment "now" to the second, and expressions that count from it or from a day named
//! beside them.
//!
//! What is said is mostly to come, and the coming reading is the first; the other one is kept.

use super::{
    super::{
        Clock, TimexKind,
        calendar::{self, add_days, add_months, civil, days_between, month_of, weekday, year_of},
        expr::{Direction, Expr, Means, Unit, Which},
        value,
    },
    Hints, Point, Resolved, Tracker, length,
};
use crate::{Basis, Date, Doubt, Extent, Grain};
use jiff::{ToSpan, civil::DateTime};

impl Tracker {
    /// What an expression means that only utterances have; None for all others.
    pub(super) fn utterance(&mut self, expr: &Expr, hints: Hints) -> Option<Option<Resolved>> {
        let now = self.said?;
        Some(match expr.means {
            Means::CountedWeekdays => self.counted_weekdays(expr),
            Means::AfterNext => self.after_next(expr),
            Means::WeekdayOfNumber => self.weekday_of_number(expr),
            Means::WeekOf => self.week_of(expr, hints),
            Means::NthAfter => self.nth_after(expr, hints),
            Means::Closest => self.closest(expr, hints),
            Means::Lasts => self.lasts(expr, hints),
            Means::UntilThen => self.until_then(expr, now),
            Means::YearsOn => self.years_on(expr, hints),
            Means::WeekNumber => self.week_number(expr),
            Means::NamelessSeason => self.nameless_season(expr),
            Means::OffsetFrom => self.counted_from_moment(expr, hints)?,
            // An end that names nothing is now.
            Means::ClockRange if expr.hour.is_none() => Some(at_moment(now, false)),
            Means::Offset | Means::OffsetAhead => return self.counted_from_now(expr, now),
            Means::Span => return self.span_to_now(expr, now).map(Some),
            _ => return None,
        })
    }

    /// "in 45 minutes", "two hours ago"; a count of days and longer units also to the day.
    fn counted_from_now(&mut self, expr: &Expr, now: DateTime) -> Option<Option<Resolved>> {
        let back = matches!(expr.direction, Some(Direction::Ago | Direction::Earlier));
        let unit = expr.unit?;
        if expr.vague {
            return None;
        }
        let then = moved(now, expr, if back { -1 } else { 1 })?;
        if finest(expr)? < Unit::Day {
            return Some(Some(at_moment(then, finest(expr)? == Unit::Second)));
        }
        if !expr.more.is_empty() || matches!(unit, Unit::Day | Unit::Fortnight) {
            let mut resolved = whole_day(then.date());
            resolved.anchor = Some(now.date());
            return Some(Some(resolved));
        }
        let direction = if back { Direction::Ago } else { Direction::Ahead };
        let mut resolved = self.offset(&Expr { direction: Some(direction), ..expr.clone() })?;
        let day = (then.date(), then.date());
        if resolved.bounds != Some(day) {
            resolved.or(day, Doubt::Anchor);
        }
        Some(Some(resolved))
    }

    /// "the last two minutes", "the next hour".
    fn span_to_now(&self, expr: &Expr, now: DateTime) -> Option<Resolved> {
        let unit = expr.unit.filter(|unit| *unit < Unit::Day)?;
        let ahead = matches!(expr.which, Some(Which::Next | Which::Coming | Which::Following));
        let then = moved(now, expr, if ahead { 1 } else { -1 })?;
        let amount = expr.amount.unwrap_or(100);
        let mut resolved = Resolved::new(TimexKind::Duration, value::duration(Some(amount), unit));
        resolved.anchor = Some(now.date());
        Some(stretch(resolved, now.min(then), now.max(then)))
    }

    /// "within two weeks", "the rest of the week", "by the end of the month": from now to then.
    fn until_then(&mut self, expr: &Expr, now: DateTime) -> Option<Resolved> {
        if expr.amount.is_some() {
            let then = moved(now, expr, 1)?;
            let mut resolved = self.duration(expr)?;
            resolved.anchor = Some(now.date());
            return Some(stretch(resolved, now, then));
        }
        let unit = expr.unit?;
        let which = expr.which.unwrap_or(Which::This);
        let mut resolved = self.reference(&Expr { which: Some(which), portion: None, ..expr.clone() })?;
        let (_, last) = resolved.bounds?;
        resolved.grain = if unit == Unit::Day { Grain::Time } else { Grain::Range };
        let then = add_days(last, 1).to_datetime(jiff::civil::Time::midnight());
        Some(stretch(resolved, now, then))
    }

    /// "three Fridays from now", "two Thursdays ago".
    fn counted_weekdays(&self, expr: &Expr) -> Option<Resolved> {
        let (day, today) = (expr.weekday?, self.published?);
        let count = i64::from(expr.amount.unwrap_or(100) / 100);
        let back = matches!(expr.direction, Some(Direction::Ago | Direction::Earlier));
        let days = if back {
            let behind = i64::from((weekday(today) - day).rem_euclid(7));
            -(if behind == 0 { 7 } else { behind } + 7 * (count - 1))
        } else {
            let ahead = i64::from((day - weekday(today)).rem_euclid(7));
            if ahead == 0 { 7 * count } else { ahead + 7 * (count - 1) }
        };
        let mut resolved = whole_day(add_days(today, days));
        resolved.anchor = Some(today);
        if !back {
            // Whether the coming one is the first of them or where one counts from.
            let other = add_days(today, days + 7);
            resolved.or((other, other), Doubt::Week);
        }
        Some(resolved)
    }

    /// "the Friday after next", "the week after next", "March after next".
    fn after_next(&mut self, expr: &Expr) -> Option<Resolved> {
        let today = self.published?;
        if let Some(day) = expr.weekday {
            let ahead = i64::from((day - weekday(today)).rem_euclid(7));
            let mut resolved = whole_day(add_days(today, ahead + 7 + if ahead == 0 { 7 } else { 0 }));
            resolved.anchor = Some(today);
            return Some(resolved);
        }
        if let Some(month) = expr.month {
            let year = year_of(today) + i32::from(month <= month_of(today)) + 1;
            let (first, last) = calendar::month(year, month)?;
            return Some(
                Resolved::new(TimexKind::Date, value::month(year, month))
                    .within(Some((first, last)), Grain::Month),
            );
        }
        let beyond = Expr { which: Some(Which::Next), ..expr.clone() };
        let (first, _) = self.reference(&beyond)?.bounds?;
        let at = Tracker { published: Some(first), ..self.clone() };
        at.clone().reference(&beyond)
    }

    /// "Friday the 23rd": the next day of that number that is such a weekday; the last one is kept.
    fn weekday_of_number(&self, expr: &Expr) -> Option<Resolved> {
        let (day, number, today) = (expr.weekday?, expr.day.or(number_day(expr))?, self.published?);
        let at = |months: i64| {
            let month = add_months(civil(year_of(today), month_of(today), 1)?, months);
            civil(year_of(month), month_of(month), number).filter(|date| weekday(*date) == day)
        };
        let coming = (0..48).filter_map(at).find(|date| *date >= today);
        let gone = (0..48).filter_map(|months| at(-months)).find(|date| *date < today);
        let mut resolved = whole_day(coming?);
        resolved.basis = Basis::YearInferred;
        if let Some(gone) = gone {
            resolved.or((gone, gone), Doubt::Year);
        }
        Some(resolved)
    }

    /// "the week of 6 October": the week that holds the day; of a Sunday, some mean the one that it begins.
    fn week_of(&mut self, expr: &Expr, hints: Hints) -> Option<Resolved> {
        let (day, _) = self.date(&Expr { means: Means::Date, unit: None, ..expr.clone() }, hints)?.bounds?;
        let mut resolved =
            Resolved::new(TimexKind::Date, value::week(day)).within(Some(calendar::week(day)), Grain::Week);
        resolved.anchor = Some(day);
        resolved.or((day, add_days(day, 6)), Doubt::Week);
        if weekday(day) == 7 {
            resolved.or(calendar::week(add_days(day, 1)), Doubt::Week);
        }
        Some(resolved)
    }

    /// "the third Tuesday after Christmas".
    fn nth_after(&mut self, expr: &Expr, hints: Hints) -> Option<Resolved> {
        let (nth, day) = (expr.nth.unwrap_or(1), expr.weekday?);
        let from = Expr { means: Means::Date, weekday: None, nth: None, ..expr.clone() };
        let (base, _) = self.date(&from, hints)?.bounds?;
        let back = matches!(expr.direction, Some(Direction::Earlier | Direction::Ago));
        let ahead = i64::from((day - weekday(base)).rem_euclid(7));
        let behind = i64::from((weekday(base) - day).rem_euclid(7));
        let first = if back { -behind } else { ahead };
        let first = if first == 0 { if back { -7 } else { 7 } } else { first };
        let more = i64::from(nth - 1) * if back { -7 } else { 7 };
        let mut resolved = whole_day(add_days(base, first + more));
        resolved.anchor = Some(base);
        Some(resolved)
    }

    /// "the Monday closest to 5 October", "the second closest Christmas to today".
    fn closest(&mut self, expr: &Expr, hints: Hints) -> Option<Resolved> {
        let nth = usize::try_from(expr.nth.unwrap_or(1)).ok()?.checked_sub(1)?;
        let mut days: Vec<Date> = Vec::new();
        let base;
        if let Some(holiday) = expr.holiday {
            base = self.published?;
            for year in year_of(base) - 6..=year_of(base) + 6 {
                let at = Expr { holiday: Some(holiday), year: Some(year), ..Expr::empty(Means::Date) };
                days.extend(
                    self.holiday(&at, holiday, hints).and_then(|found| found.bounds).map(|days| days.0),
                );
            }
        } else {
            let day = expr.weekday?;
            let from = Expr { means: Means::Date, weekday: None, nth: None, ..expr.clone() };
            base = self.date(&from, hints)?.bounds?.0;
            days.extend((-40..=40).map(|by| add_days(base, by)).filter(|date| weekday(*date) == day));
        }
        days.sort_by_key(|date| days_between(base, *date).abs());
        let mut resolved = whole_day(*days.get(nth)?);
        resolved.anchor = Some(base);
        Some(resolved)
    }

    /// "18 December for ten days", "from 4 pm for thirty minutes".
    fn lasts(&mut self, expr: &Expr, hints: Hints) -> Option<Resolved> {
        let from = Expr {
            means: if expr.hour.is_some() { Means::Clock } else { Means::Date },
            unit: None,
            amount: None,
            more: Vec::new(),
            ..expr.clone()
        };
        let start = self.resolve(&from, "", hints)?;
        let (first, _) = start.bounds?;
        let begin = match start.clock {
            Some(clock) => clock.from,
            None => first.to_datetime(jiff::civil::Time::midnight()),
        };
        let end = moved(begin, expr, 1)?;
        let mut resolved = Resolved { modifier: None, extent: Extent::Lasting, ..start.clone() };
        resolved.alternatives.clear();
        resolved.reasons.clear();
        if start.clock.is_some() || finest(expr)? < Unit::Day {
            return Some(stretch(resolved, begin, end));
        }
        resolved.grain = Grain::Range;
        resolved.bounds = Some((first, add_days(end.date(), -1).max(first)));
        Some(resolved)
    }

    /// "March in a year", "Thanksgiving in three years".
    fn years_on(&mut self, expr: &Expr, hints: Hints) -> Option<Resolved> {
        let years = i32::try_from(i64::from(expr.amount.unwrap_or(100)) / 100).ok()?;
        let today = self.published?;
        if expr.unit != Some(Unit::Year) {
            return None;
        }
        let on = Expr {
            means: Means::Date,
            unit: None,
            amount: None,
            direction: None,
            year: Some(year_of(today) + years),
            ..expr.clone()
        };
        let mut resolved = self.date(&on, hints)?;
        resolved.basis = Basis::Anchored;
        resolved.anchor = Some(today);
        Some(resolved)
    }

    /// "week 23", "week 3 of 2027", by ISO 8601.
    fn week_number(&self, expr: &Expr) -> Option<Resolved> {
        let number = expr.nth.or(expr.amount.map(|amount| amount / 100))?;
        let year = expr.year.or(self.published.map(year_of))?;
        let week = jiff::civil::ISOWeekDate::new(
            i16::try_from(year).ok()?,
            i8::try_from(number).ok()?,
            jiff::civil::Weekday::Monday,
        );
        let first = week.ok()?.date();
        let mut resolved = Resolved::new(TimexKind::Date, value::week(first))
            .within(Some((first, add_days(first, 6))), Grain::Week);
        resolved.basis = if expr.year.is_some() { Basis::Stated } else { Basis::YearInferred };
        Some(resolved)
    }

    /// "this season", "last season".
    fn nameless_season(&self, expr: &Expr) -> Option<Resolved> {
        let today = self.published?;
        let by = match expr.which.unwrap_or(Which::This) {
            Which::Last | Which::Previous | Which::Past => -3,
            Which::Next | Which::Coming | Which::Following => 3,
            _ => 0,
        };
        let month = civil(year_of(today), month_of(today), 1)?;
        let first = add_months(month, by - i64::from(month_of(today) % 3));
        let season = match month_of(first) {
            3 => 1,
            6 => 2,
            9 => 3,
            _ => 4,
        };
        let text = format!("{}-{}", value::year(year_of(first)), value::season(season));
        let mut resolved = Resolved::new(TimexKind::Date, text)
            .within(Some((first, add_days(add_months(first, 3), -1))), Grain::Season);
        resolved.anchor = Some(today);
        Some(resolved)
    }

    /// "15 minutes after 1 pm", "two hours before noon on Friday"; None for whole days, which reports count, too.
    fn counted_from_moment(&mut self, expr: &Expr, hints: Hints) -> Option<Option<Resolved>> {
        let fine = expr.unit.is_some_and(|unit| unit < Unit::Day);
        if !fine {
            return Some(self.offset_from(expr, hints));
        }
        let from = Expr {
            means: if expr.hour.is_some() { Means::Clock } else { Means::Date },
            unit: None,
            amount: None,
            direction: None,
            ..expr.clone()
        };
        let base = self.resolve(&from, "", hints)?;
        let begin = match base.clock {
            Some(clock) => clock.from,
            None => base.bounds?.0.to_datetime(jiff::civil::Time::midnight()),
        };
        let back = matches!(expr.direction, Some(Direction::Ago | Direction::Earlier));
        Some(moved(begin, expr, if back { -1 } else { 1 }).map(|then| at_moment(then, false)))
    }

    /// The first week of a month or year that lies wholly in it, and what else is called so; `nth` from the
    /// end if negative.
    pub(super) fn weeks_within(
        &self,
        first: Date,
        last: Date,
        nth: i32,
    ) -> Option<(Date, Vec<(Date, Date)>)> {
        let (monday, _) = calendar::week(first);
        let count = i64::from(nth.abs() - 1) * 7;
        let mut others = Vec::new();
        let whole = if nth > 0 {
            let whole = if monday == first { monday } else { add_days(monday, 7) };
            // The week in which it begins, and so many days from its beginning.
            others.push(calendar::week(add_days(monday, count)));
            others.push((add_days(first, count), add_days(first, count + 6)));
            // By ISO 8601 the first week is the one with most of its days in it.
            add_days(whole, count)
        } else {
            let (_, sunday) = calendar::week(last);
            let whole = if sunday == last { add_days(sunday, -6) } else { add_days(sunday, -13) };
            others.push(calendar::week(add_days(last, -count)));
            others.push((add_days(last, -count - 6), add_days(last, -count)));
            add_days(whole, -count)
        };
        others.retain(|other| *other != (whole, add_days(whole, 6)));
        (whole >= add_days(first, -7) && whole <= last).then_some((whole, others))
    }

    /// A time of day of an utterance: of the two hours that "at 3" may be, and of the days that it may be on,
    /// the first that is to come; the other hour is kept.
    pub(super) fn coming_clock(&self, expr: &Expr, mut resolved: Resolved, named: bool) -> Option<Resolved> {
        let now = self.said?;
        let hour = expr.hour?;
        let Some((mut date, _)) = resolved.bounds else { return Some(resolved) };
        let later_today =
            hour > now.hour().unsigned_abs() && resolved.alternatives.contains(&(now.date(), now.date()));
        if later_today {
            date = now.date();
        }
        let minute = i64::from(expr.minute.unwrap_or(0));
        let second = i64::from(expr.second.unwrap_or(0));
        let base = date.to_datetime(jiff::civil::Time::midnight());
        let at = |hour: u8| base.checked_add((i64::from(hour) * 3600 + minute * 60 + second).seconds()).ok();
        let told = at(hour)?;
        let other = if expr.half_told || !(1..=12).contains(&hour) {
            None
        } else {
            at(if hour == 12 { 0 } else { hour + 12 })
        };
        let today = date == now.date();
        let (mut first, mut second_choice) = (told, other);
        if today && told < now {
            if let Some(other) = other.filter(|other| *other >= now) {
                (first, second_choice) = (other, Some(told));
            } else if !named && expr.zone.is_none() {
                first = told.checked_add(1.day()).ok()?;
                second_choice = other.and_then(|other| other.checked_add(1.day()).ok()).or(Some(told));
            }
        }
        let day = first.date();
        resolved.value = value::moment(first, expr.second.is_some(), expr.zone);
        resolved.bounds = Some((day, day));
        resolved.clock = Some(Clock {
            from: first,
            to: first,
            zone: expr.zone,
            alternative: second_choice.map(|other| (other, other)),
        });
        Some(resolved)
    }
}

/// The day of a plain number ("Sunday 31").
fn number_day(expr: &Expr) -> Option<u8> {
    expr.numbers.first().and_then(|number| u8::try_from(*number).ok()).filter(|day| (1..=31).contains(day))
}

fn whole_day(date: Date) -> Resolved {
    let mut resolved =
        Resolved::new(TimexKind::Date, value::day(date)).within(Some((date, date)), Grain::Day);
    resolved.point = Some(Point::of(date));
    resolved
}

fn at_moment(then: DateTime, seconds: bool) -> Resolved {
    let day = then.date();
    let mut resolved = Resolved::new(TimexKind::Time, value::moment(then, seconds, None))
        .within(Some((day, day)), Grain::Time);
    resolved.clock = Some(Clock { from: then, to: then, zone: None, alternative: None });
    resolved
}

/// The time from one moment to another, exclusive.
fn stretch(mut resolved: Resolved, from: DateTime, to: DateTime) -> Resolved {
    let last = to.checked_sub(1.second()).unwrap_or(to).max(from);
    resolved.bounds = Some((from.date(), last.date()));
    resolved.grain = if from.date() == last.date() { Grain::Time } else { Grain::Range };
    let zone = resolved.clock.and_then(|clock| clock.zone);
    resolved.clock = Some(Clock { from, to, zone, alternative: None });
    resolved.alternatives.clear();
    resolved.reasons.clear();
    resolved
}

/// The finest unit of the lengths that an expression tells.
fn finest(expr: &Expr) -> Option<Unit> {
    expr.more.iter().map(|(_, unit)| *unit).chain(expr.unit).min()
}

/// A moment so many units on, or back where the sign is -1.
fn moved(from: DateTime, expr: &Expr, sign: i64) -> Option<DateTime> {
    let own = (expr.amount.unwrap_or(100), expr.unit?);
    expr.more.iter().copied().chain([own]).try_fold(from, |at, (hundredths, unit)| {
        let count = i64::from(hundredths) * sign;
        let seconds = match unit {
            Unit::Second => Some(1),
            Unit::Minute => Some(60),
            Unit::Hour => Some(3600),
            Unit::Day => Some(86_400),
            Unit::Week | Unit::Weekend => Some(7 * 86_400),
            Unit::Fortnight => Some(14 * 86_400),
            _ => None,
        };
        match seconds {
            Some(seconds) => {
                at.checked_add((count.checked_mul(seconds)? / 100).clamp(-LONGEST, LONGEST).seconds()).ok()
            }
            None => Some(length(at.date(), unit, count).to_datetime(at.time())),
        }
    })
}

/// Most seconds to count: ten thousand years.
const LONGEST: i64 = 315_000_000_000;
