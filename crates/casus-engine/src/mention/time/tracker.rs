//! What "now" is at each point of a document, and what the words of a time mean there.
//!
//! Two clocks run. The *publication* clock stands still: "yesterday", "last week", a bare weekday count from
//! it. The *narrative* clock is moved by every date that the text tells: "two days later", "the same
//! month", a month without a year count from it. A history, whose dates have nothing to do with the day it
//! was published, has the narrative clock only.

use super::{
    Clock, TimexKind,
    calendar::{
        self, HijriVariant, Reckoning, add_days, add_months, civil, days_between, month_of, weekday, year_of,
    },
    expr::{Direction, Expr, Means, Portion, Unit, Which},
    value,
};
use crate::{Basis, Calendar, Date, Doubt, Extent, Grain, Modifier, TimeOfDay};
use jiff::{ToSpan, civil::DateTime};

mod utterance;

/// A date as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Point {
    pub(super) year: Option<i32>,
    pub(super) month: Option<u8>,
    pub(super) day: Option<u8>,
    /// Where no month is told: the month about which it was ("late 1941", "the autumn of 1941").
    pub(super) about: Option<u8>,
}

impl Point {
    fn of(date: Date) -> Point {
        Point {
            year: Some(year_of(date)),
            month: Some(month_of(date)),
            day: Some(calendar::day_of(date)),
            about: None,
        }
    }

    /// The day, if the point is one.
    pub(super) fn date(self) -> Option<Date> {
        civil(self.year?, self.month?, self.day?)
    }

    /// First day of the point, as far as it is known.
    fn first(self) -> Option<Date> {
        civil(self.year?, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }
}

/// What the words around a mention tell about it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hints {
    /// The clause speaks of what is to come.
    pub(super) future: bool,
    /// An activity stands behind the mention ("a five-day offensive").
    pub(super) activity: bool,
    /// The mention opens its sentence ("In March, ...").
    pub(super) leads: bool,
}

/// A time that was resolved.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Resolved {
    pub(super) kind: TimexKind,
    pub(super) value: String,
    pub(super) bounds: Option<(Date, Date)>,
    pub(super) grain: Grain,
    pub(super) extent: Extent,
    pub(super) modifier: Option<Modifier>,
    pub(super) part: Option<TimeOfDay>,
    /// Its moments, where the words tell a time of day and the day is known.
    pub(super) clock: Option<Clock>,
    pub(super) basis: Basis,
    pub(super) anchor: Option<Date>,
    pub(super) alternatives: Vec<(Date, Date)>,
    /// Why, one reason for each of them.
    pub(super) reasons: Vec<Doubt>,
    pub(super) calendar: Calendar,
    pub(super) uncertainty: u8,
    /// Where it puts the narrative clock.
    pub(super) point: Option<Point>,
}

impl Resolved {
    fn new(kind: TimexKind, value: impl Into<String>) -> Resolved {
        Resolved {
            kind,
            value: value.into(),
            bounds: None,
            grain: Grain::Day,
            extent: Extent::Point,
            modifier: None,
            part: None,
            clock: None,
            basis: Basis::Anchored,
            anchor: None,
            alternatives: Vec::new(),
            reasons: Vec::new(),
            calendar: Calendar::Gregorian,
            uncertainty: 0,
            point: None,
        }
    }

    /// Keeps the time that is meant if the words speak of what is to come.
    pub(super) fn or_coming(&mut self, other: &Resolved, why: Doubt) {
        let (Some(one), Some(other)) = (self.bounds, other.bounds) else { return };
        // On a Tuesday, "Tuesday" may be today or the next one.
        let same_weekday = one == other && why == Doubt::Week;
        let other = if same_weekday { (add_days(one.0, 7), add_days(one.1, 7)) } else { other };
        if one != other && !self.alternatives.contains(&other) {
            self.or(other, why);
        }
    }

    /// "в ночь на 5 марта": the night that ends on the day named.
    pub(super) fn move_to_eve(&mut self) {
        if let Some((first, last)) = self.bounds {
            let evening = add_days(first, -1);
            self.bounds = Some((evening, last));
            self.value = format!("{}{}", value::day(evening), value::part(TimeOfDay::Night));
            self.grain = Grain::Day;
            self.part = Some(TimeOfDay::Night);
        }
    }

    /// "all week": a length, and the week.
    pub(super) fn lasts_all(&mut self, expr: &Expr) {
        if let Some(unit) = expr.unit {
            self.kind = TimexKind::Duration;
            self.value = value::duration(Some(100), unit);
            self.extent = Extent::Lasting;
        }
    }

    /// Keeps another interval that the words allow.
    fn or(&mut self, bounds: (Date, Date), why: Doubt) {
        self.alternatives.push(bounds);
        self.reasons.push(why);
    }

    fn within(mut self, bounds: Option<(Date, Date)>, grain: Grain) -> Resolved {
        self.bounds = bounds;
        self.grain = grain;
        self
    }
}

/// The two clocks.
#[derive(Debug, Clone)]
pub(super) struct Tracker {
    /// Day of publication, unless the text is a history.
    published: Option<Date>,
    /// Where the narrative stands.
    now: Point,
    /// A year that the last sentences named, other than the year of publication.
    named_year: Option<i32>,
    /// The year that the heading above tells, other than the year of publication.
    heading_year: Option<i32>,
    /// The last day that the text told of.
    last_day: Option<Date>,
    /// The quarter that the text last spoke of.
    quarter: Option<(i32, u8)>,
    /// Whether the text has since spoken of some quarters or months together ("the first nine months").
    longer: bool,
    hijri: HijriVariant,
    /// When an utterance was said; None for reports.
    said: Option<DateTime>,
}

impl Tracker {
    /// The clocks at the beginning of a document. A history has no day of publication; `first_year` is the
    /// first year that it names.
    pub(super) fn new(published: Option<Date>, first_year: Option<i32>, hijri: HijriVariant) -> Tracker {
        let now = match published {
            Some(_) => Point::default(),
            None => Point { year: first_year, ..Point::default() },
        };
        Tracker {
            published,
            now,
            named_year: None,
            heading_year: None,
            last_day: None,
            quarter: None,
            longer: false,
            hijri,
            said: None,
        }
    }

    /// The clocks of an utterance: all words count from the moment it was said.
    pub(super) fn of_utterance(said: DateTime, hijri: HijriVariant) -> Tracker {
        Tracker { said: Some(said), ..Tracker::new(Some(said.date()), None, hijri) }
    }

    /// When an utterance was said.
    pub(super) fn said(&self) -> Option<DateTime> {
        self.said
    }

    /// Forgets the year that earlier sentences named; the heading above may tell one.
    pub(super) fn new_paragraph(&mut self, heading_year: Option<i32>) {
        self.named_year = None;
        self.longer = false;
        self.heading_year = heading_year.filter(|year| Some(*year) != self.published.map(year_of));
    }

    /// Moves the narrative clock.
    pub(super) fn advance(&mut self, resolved: &Resolved, stated_year: bool) {
        let Some(point) = resolved.point else { return };
        if point.year.is_some() {
            let before = self.now;
            self.now = point;
            if point.month.is_none() && point.about.is_none() && point.year == before.year {
                // The year told again does not go back to its beginning.
                self.now.about = before.month.or(before.about);
            }
            self.last_day = point.date().or(self.last_day);
        }
        if stated_year {
            self.named_year = point.year.filter(|year| Some(*year) != self.published.map(year_of));
        }
    }

    /// The anchor of "this", "last", "next": the day of publication, in a history the narrative.
    fn speech(&self) -> Point {
        self.published.map_or(self.now, Point::of)
    }

    /// The anchor of "that", "the following", "the previous": the narrative, if it has begun.
    fn story(&self) -> Point {
        if self.now.year.is_some() { self.now } else { self.speech() }
    }

    /// The day that "the following day" counts from: the last one told, unless the story has left its year.
    fn story_day(&self) -> Option<Date> {
        let story = self.story();
        story.date().or_else(|| {
            self.last_day.filter(|day| {
                story.year == Some(year_of(*day)) && story.month.is_none_or(|month| month == month_of(*day))
            })
        })
    }

    /// The day of an anchor.
    fn anchor_day(&self, which: Which) -> Option<Date> {
        match which {
            Which::That | Which::Latest | Which::Following | Which::Previous => self.story_day(),
            _ => self.speech().date().or_else(|| self.story_day()),
        }
    }

    fn anchor(&self, which: Which) -> Point {
        match which {
            Which::This | Which::Last | Which::Next | Which::Past | Which::Coming => self.speech(),
            Which::That | Which::Latest | Which::Following | Which::Previous => self.story(),
        }
    }

    /// What an expression means here.
    pub(super) fn resolve(&mut self, expr: &Expr, fixed: &str, hints: Hints) -> Option<Resolved> {
        if let Some(resolved) = self.utterance(expr, hints) {
            return resolved;
        }
        let mut resolved = match expr.means {
            Means::Date | Means::Range => self.date(expr, hints)?,
            Means::YearMonthDay => self.numbers(expr, [0, 1, 2])?,
            Means::DayMonthYear => self.numbers(expr, [2, 1, 0])?,
            Means::Numeric => self.numeric(expr)?,
            Means::Century => self.century(expr)?,
            Means::Quarter => self.quarter(expr, fixed)?,
            Means::Set => self.set(expr),
            Means::DayShift => self.shifted(expr.shift?, expr)?,
            Means::Overnight => self.overnight(expr),
            Means::Reference => {
                let mut resolved = self.reference(expr)?;
                if let ("last_day", Some((_, last))) = (fixed, resolved.bounds) {
                    resolved.value = value::day(last);
                }
                resolved
            }
            Means::Weekend => self.weekend(expr)?,
            Means::NthWeek => self.nth_week(expr, hints)?,
            Means::EndSpan => self.end_span(expr)?,
            Means::DayBeside => self.day_beside(expr)?,
            Means::Offset => self.offset(expr)?,
            Means::YearEarlier => self.year_earlier()?,
            Means::OffsetAhead => self.offset(&Expr { direction: Some(Direction::Ahead), ..expr.clone() })?,
            Means::Span => self.span(expr)?,
            Means::VagueUnits => self.vague_units(expr)?,
            Means::Duration | Means::DurationRange => self.duration(expr)?,
            Means::DurationHalf => {
                self.duration(&Expr { amount: Some(expr.amount.unwrap_or(100) + 50), ..expr.clone() })?
            }
            Means::DurationAdjective => self.lasting(expr, hints)?,
            Means::NightLong => self.night_long(),
            Means::Fixed => Resolved::new(kind_of_fixed(fixed), fixed),
            Means::Recent => self.recent(fixed),
            Means::Clock | Means::ClockRange => self.clock(expr, hints)?,
            Means::HijriYear => self.hijri_year(expr)?,
            Means::NthOf => self.nth_of(expr, hints)?,
            Means::OffsetFrom => self.offset_from(expr, hints)?,
            // Read as dates.
            Means::DayMonth | Means::MonthDay | Means::YearDecade => return None,
            Means::EraYear => self.converted(expr, expr.reckoning)?,
            Means::TwoStyles => self.two_styles(expr)?,
            // In a history it is the time told; in a report mostly "besides".
            Means::SameTime if fixed == "besides" && self.published.is_some() => return None,
            Means::SameTime => self.same_time(),
            // Only utterances have them.
            Means::CountedWeekdays
            | Means::AfterNext
            | Means::WeekdayOfNumber
            | Means::WeekOf
            | Means::NthAfter
            | Means::Closest
            | Means::Lasts
            | Means::UntilThen
            | Means::YearsOn
            | Means::WeekNumber
            | Means::NamelessSeason => return None,
        };
        if expr.approximate {
            blur(&mut resolved);
        }
        if resolved.part.is_none() {
            resolved.part = expr.part.or(expr.hour.map(|_| TimeOfDay::Clock));
        }
        Some(resolved)
    }

    // ---- dates ---------------------------------------------------------------------------------------

    fn date(&mut self, expr: &Expr, hints: Hints) -> Option<Resolved> {
        match expr.reckoning {
            Reckoning::Gregorian => {}
            Reckoning::Hijri => return self.hijri(expr, hints),
            other => return self.converted(expr, other),
        }
        if let Some(shift) = expr.shift {
            return self.shifted(shift, expr);
        }
        if let Some(holiday) = expr.holiday {
            return self.holiday(expr, holiday, hints);
        }
        let (year, basis) = self.year(expr, hints);
        let resolved = if let Some(decade) = expr.decade {
            self.decade(expr, decade)
        } else if let Some(season) = expr.season {
            self.season(expr, season, year, basis)
        } else if let (Some(month), Some(day)) = (expr.month, expr.day) {
            let Some(year) = year else {
                return Some(with_part(
                    Resolved::new(TimexKind::Date, format!("XXXX-{month:02}-{day:02}")),
                    expr,
                ));
            };
            let date = civil(year, month, day)?;
            let mut resolved =
                Resolved::new(TimexKind::Date, value::day(date)).within(Some((date, date)), Grain::Day);
            resolved.basis = basis;
            resolved.point = Some(Point::of(date));
            if let (Some(stated), Basis::YearInferred) = (expr.weekday, basis)
                && weekday(date) != stated
            {
                // The weekday decides between years that are otherwise as likely.
                let better = [-1, 1].into_iter().filter_map(|by| civil(year + by, month, day));
                if let Some(better) = better.into_iter().find(|date| weekday(*date) == stated) {
                    resolved.or((better, better), Doubt::Year);
                }
            }
            resolved
        } else if let Some(month) = expr.month {
            let Some(year) = year else {
                return Some(Resolved::new(TimexKind::Date, format!("XXXX-{month:02}")));
            };
            let (first, last) = calendar::month(year, month)?;
            let mut resolved = Resolved::new(TimexKind::Date, value::month(year, month))
                .within(Some((first, last)), Grain::Month);
            resolved.basis = basis;
            resolved.point = Some(Point { year: Some(year), month: Some(month), day: None, about: None });
            if let Some(half) = expr.half {
                let middle = civil(year, month, 15)?;
                resolved.bounds = Some(if half == 1 { (first, middle) } else { (add_days(middle, 1), last) });
                resolved.grain = Grain::Half;
            }
            resolved
        } else if let Some(day) = expr.day {
            self.bare_day(expr, day, hints)?
        } else if let Some(day) = expr.weekday {
            self.weekday(expr, day, hints)?
        } else if let Some(year) = year {
            let bounds = calendar::months(year, 1, 12);
            let mut resolved = Resolved::new(TimexKind::Date, value::year(year)).within(bounds, Grain::Year);
            resolved.basis = basis;
            resolved.point = Some(Point { year: Some(year), month: None, day: None, about: None });
            if let Some(half) = expr.half {
                resolved.value = format!("{}-H{half}", value::year(year));
                let (from, to) = if half == 1 { (1, 6) } else { (7, 12) };
                resolved.bounds = calendar::months(year, from, to);
                resolved.grain = Grain::Half;
            }
            resolved
        } else {
            return self.part_of_day(expr);
        };
        let mut resolved = self.portion(resolved, expr.portion);
        if let (Some(point), Grain::Year) = (&mut resolved.point, resolved.grain) {
            point.about = match expr.portion {
                Some(Portion::Early) => Some(2),
                Some(Portion::Mid) => Some(6),
                Some(Portion::Late) => Some(11),
                _ => None,
            };
        }
        Some(with_part(resolved, expr))
    }

    /// The year of an expression, and what it rests on.
    fn year(&self, expr: &Expr, hints: Hints) -> (Option<i32>, Basis) {
        if let Some(year) = expr.year {
            if year > -5000 {
                return (Some(year), Basis::Stated);
            }
            let near = self.story().year.or(self.published.map(year_of));
            return (Some(full_year(year + 10_000, near)), Basis::YearInferred);
        }
        if expr.unit == Some(Unit::Year) {
            let which = expr.which.unwrap_or(Which::That);
            let anchor = self.anchor(which).year;
            let by = match which {
                Which::Last | Which::Previous => -1,
                Which::Next | Which::Following | Which::Coming => 1,
                _ => 0,
            };
            return (anchor.map(|year| shift_year(year, by)), Basis::Anchored);
        }
        let Some(month) = expr.month.or(expr.season.map(|season| calendar::season(season).0)) else {
            return if expr.half.is_some() && expr.unit.is_none() {
                (self.story().year, Basis::YearInferred)
            } else {
                (None, Basis::Anchored)
            };
        };
        if let Some(which) = expr.which {
            return (self.which_month(which, month, expr.season.is_some()), Basis::Anchored);
        }
        let year = self.infer_year(month, expr.day, hints);
        let headed = self.published.is_some() && year.is_some() && year == self.heading_year;
        (year, if headed { Basis::Heading } else { Basis::YearInferred })
    }

    /// The year of "last March", "the following May".
    fn which_month(&self, which: Which, month: u8, season: bool) -> Option<i32> {
        let anchor = self.anchor(which);
        let (year, at) = (anchor.year?, anchor.month.unwrap_or(if season { 12 } else { 1 }));
        // A season is told by its first month: the one that runs is not the last one.
        let (month, span) = if season { (month % 12, 3) } else { (month, 1) };
        let by = match which {
            Which::Last | Which::Previous | Which::Past => {
                if month + span <= at {
                    0
                } else {
                    -1
                }
            }
            Which::Next | Which::Following | Which::Coming => {
                if month > at {
                    0
                } else {
                    1
                }
            }
            Which::This | Which::That | Which::Latest => 0,
        };
        Some(shift_year(year, by))
    }

    /// The year of a month that is named without one.
    fn infer_year(&self, month: u8, day: Option<u8>, hints: Hints) -> Option<i32> {
        let Some(published) = self.published else {
            return self.narrative_year(month);
        };
        if let Some(year) = self.named_year.filter(|_| hints.leads).or(self.heading_year) {
            return Some(year);
        }
        let year = year_of(published);
        if self.said.is_some() && hints.future {
            // What is said is to come: the first that has not ended.
            let last = |year: i32| match day {
                Some(day) => civil(year, month, day),
                None => calendar::month(year, month).map(|(_, last)| last),
            };
            return [year, year + 1, year + 2, year + 3, year + 4]
                .into_iter()
                .find(|year| last(*year).is_some_and(|last| last >= published));
        }
        let distance = |year: i32| {
            let (first, last) = match day {
                Some(day) => civil(year, month, day).map(|date| (date, date))?,
                None => calendar::month(year, month)?,
            };
            let ahead = days_between(published, first);
            let behind = days_between(last, published);
            Some(if ahead > 0 {
                // Reports tell what has happened: what lies ahead must be much nearer, or be said to come.
                if hints.future { ahead } else { 40 + ahead * 6 }
            } else if behind > 0 {
                if hints.future { 60 + behind * 4 } else { behind }
            } else {
                0
            })
        };
        [year, year - 1, year + 1]
            .into_iter()
            .filter_map(|year| Some((distance(year)?, year)))
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, year)| year)
    }

    /// A history goes forward: a month well before the last one told belongs to the next year.
    fn narrative_year(&self, month: u8) -> Option<i32> {
        let year = self.now.year?;
        match self.now.month.or(self.now.about) {
            Some(at) if at >= 9 && month + 8 <= at => Some(shift_year(year, 1)),
            _ => Some(year),
        }
    }

    fn decade(&mut self, expr: &Expr, decade: i32) -> Resolved {
        let bounds =
            value::decade_years(decade).and_then(|(from, to)| Some((civil(from, 1, 1)?, civil(to, 12, 31)?)));
        let mut resolved =
            Resolved::new(TimexKind::Date, value::decade(decade)).within(bounds, Grain::Decade);
        resolved.basis = Basis::Stated;
        if let (Some(half), Some((first, last))) = (expr.half, bounds) {
            let middle = add_days(add_months(first, 60), -1);
            resolved.bounds = Some(if half == 1 { (first, middle) } else { (add_days(middle, 1), last) });
        }
        resolved
    }

    fn season(&mut self, expr: &Expr, season: u8, year: Option<i32>, basis: Basis) -> Resolved {
        let name = value::season(season);
        let Some(year) = year else {
            return Resolved::new(TimexKind::Date, format!("XXXX-{name}")).within(None, Grain::Season);
        };
        let (from, to, wraps) = calendar::season(season);
        let bounds = civil(year, from, 1).and_then(|first| {
            Some((first, calendar::month(if wraps { shift_year(year, 1) } else { year }, to)?.1))
        });
        let mut resolved = Resolved::new(TimexKind::Date, format!("{}-{name}", value::year(year)))
            .within(bounds, Grain::Season);
        resolved.basis = basis;
        if wraps {
            // "The winter of 1942" may be the one that ends or the one that begins in it.
            if let (Some(first), Some((_, last))) =
                (civil(shift_year(year, -1), from, 1), calendar::month(year, to))
            {
                resolved.or((first, last), Doubt::Winter);
            }
        }
        if expr.which.is_none() || expr.year.is_some() {
            let about = match season {
                1 => Some(4),
                2 => Some(7),
                3 => Some(10),
                _ => None,
            };
            resolved.point = Some(Point { year: Some(year), month: None, day: None, about });
        }
        resolved
    }

    /// "the 20th": of the month that the text is in.
    fn bare_day(&mut self, expr: &Expr, day: u8, hints: Hints) -> Option<Resolved> {
        let which = expr.which.unwrap_or(Which::That);
        let anchor = if expr.unit == Some(Unit::Month) { self.anchor(which) } else { self.story() };
        let unknown = || Resolved::new(TimexKind::Date, format!("XXXX-XX-{day:02}"));
        let (Some(year), Some(month)) = (anchor.year, anchor.month) else { return Some(unknown()) };
        let mut first = civil(year, month, 1)?;
        match which {
            Which::Last | Which::Previous => first = add_months(first, -1),
            Which::Next | Which::Following | Which::Coming => first = add_months(first, 1),
            _ => {}
        }
        let mut date = civil(year_of(first), month_of(first), day);
        if expr.unit.is_none()
            && let (Some(published), Some(found)) = (self.published, date)
        {
            if self.said.is_some() && hints.future && found < published {
                let later = add_months(first, 1);
                date = civil(year_of(later), month_of(later), day).or(date);
            }
            // Told on the 5th, "the 20th" has been, unless it is said to come.
            if found > published && !hints.future {
                let earlier = add_months(first, -1);
                date = civil(year_of(earlier), month_of(earlier), day).or(date);
            }
        }
        let Some(date) = date else { return Some(unknown()) };
        let mut resolved =
            Resolved::new(TimexKind::Date, value::day(date)).within(Some((date, date)), Grain::Day);
        resolved.anchor = anchor.first();
        resolved.point = Some(Point::of(date));
        Some(resolved)
    }

    fn weekday(&mut self, expr: &Expr, day: i8, hints: Hints) -> Option<Resolved> {
        let which = expr.which;
        let anchor = match which {
            Some(Which::That | Which::Latest | Which::Following | Which::Previous) => self.story(),
            Some(_) => self.speech(),
            None if self.published.is_some() => self.speech(),
            None => self.now,
        };
        let Some(anchor) = anchor.date() else {
            return Some(Resolved::new(TimexKind::Date, format!("XXXX-WXX-{day}")));
        };
        let ahead = i64::from((day - weekday(anchor)).rem_euclid(7));
        let behind = i64::from((weekday(anchor) - day).rem_euclid(7));
        let after = if ahead == 0 { 7 } else { ahead };
        let before = if behind == 0 { 7 } else { behind };
        let by = match (which, expr.unit) {
            (Some(which), Some(Unit::Week)) => {
                let weeks = match which {
                    Which::Last | Which::Previous | Which::Past => -7,
                    Which::Next | Which::Following | Which::Coming => 7,
                    _ => 0,
                };
                weeks + i64::from(day - weekday(anchor))
            }
            (Some(Which::Last | Which::Previous | Which::Past), _) => -before,
            (Some(Which::Next | Which::Following | Which::Coming), _) => after,
            (Some(Which::This), _) => {
                if self.said.is_some() {
                    after
                } else if hints.future {
                    ahead
                } else {
                    i64::from(day - weekday(anchor))
                }
            }
            (Some(Which::That | Which::Latest), _) => -behind,
            (None, _) if self.published.is_none() => ahead,
            (None, _) if self.said.is_some() && hints.future => after,
            (None, _) if hints.future => ahead,
            (None, _) => -behind,
        };
        let date = add_days(anchor, by);
        let mut resolved =
            Resolved::new(TimexKind::Date, value::day(date)).within(Some((date, date)), Grain::Day);
        resolved.anchor = Some(anchor);
        resolved.point = Some(Point::of(date));
        if self.said.is_some() && which.is_none() && ahead == 0 && hints.future {
            resolved.or((anchor, anchor), Doubt::Week);
        }
        if self.said.is_some() && matches!(which, Some(Which::Next | Which::Last | Which::This)) {
            // "Next Friday" is for some the one of next week.
            let weeks = match which {
                Some(Which::Next) => 7,
                Some(Which::Last) => -7,
                _ => 0,
            };
            let other = add_days(anchor, weeks + i64::from(day - weekday(anchor)));
            if other != date {
                resolved.or((other, other), Doubt::Week);
            }
        }
        if which.is_none() && self.published.is_some() && ahead > 0 && (hints.future || ahead <= 2) {
            let other = add_days(anchor, if hints.future { -behind } else { ahead });
            resolved.or((other, other), Doubt::Week);
        }
        Some(resolved)
    }

    /// "that afternoon", "the next morning", "at dawn".
    fn part_of_day(&mut self, expr: &Expr) -> Option<Resolved> {
        let part = expr.part?;
        let anchor = match expr.which {
            Some(Which::Next) => self.anchor(Which::Following),
            Some(which) => self.anchor(which),
            None => self.story(),
        };
        let by = match expr.which {
            Some(Which::Next | Which::Following | Which::Coming) => 1,
            Some(Which::Last | Which::Previous | Which::Past) => -1,
            _ => 0,
        };
        let mut resolved = match anchor.date() {
            Some(anchor) => {
                let date = add_days(anchor, by);
                let mut resolved = Resolved::new(TimexKind::Time, value::day(date));
                if expr.which.is_some() {
                    resolved = resolved.within(Some((date, date)), Grain::Time);
                    resolved.anchor = Some(anchor);
                    resolved.point = Some(Point::of(date));
                }
                resolved
            }
            None => Resolved::new(TimexKind::Time, "XXXX-XX-XX"),
        };
        resolved.kind = TimexKind::Time;
        // "at night" is any night; "by mid afternoon" that of the day told, as far as its value goes.
        let told = self.published.is_some() && self.said.is_none() && part != TimeOfDay::Night;
        if expr.which.is_none() && !told {
            resolved.value = "XXXX-XX-XX".to_owned();
        }
        resolved.grain = Grain::Time;
        resolved.value.push_str(value::part(part));
        resolved.part = Some(part);
        Some(resolved)
    }

    fn shifted(&mut self, days: i32, expr: &Expr) -> Option<Resolved> {
        let anchor = match self.published {
            Some(published) => Some(published),
            None if days == 0 => None,
            None => self.now.date(),
        };
        let Some(anchor) = anchor else {
            let mut resolved = match (days, expr.part) {
                (0, None) => Resolved::new(TimexKind::Date, "PRESENT_REF"),
                _ => Resolved::new(TimexKind::Date, "XXXX-XX-XX"),
            };
            if resolved.value != "PRESENT_REF" {
                resolved = with_part(resolved, expr);
            }
            return Some(resolved);
        };
        let date = add_days(anchor, i64::from(days));
        let mut resolved =
            Resolved::new(TimexKind::Date, value::day(date)).within(Some((date, date)), Grain::Day);
        resolved.anchor = Some(anchor);
        resolved.point = Some(Point::of(date));
        Some(with_part(resolved, expr))
    }

    fn holiday(&mut self, expr: &Expr, holiday: i32, hints: Hints) -> Option<Resolved> {
        if expr.year.is_none() && expr.unit == Some(Unit::Year) {
            // "Thanksgiving of next year"
            let (year, _) = self.year(expr, hints);
            let mut resolved = self.holiday(&Expr { year, unit: None, ..expr.clone() }, holiday, hints)?;
            resolved.basis = Basis::Anchored;
            return Some(resolved);
        }
        if let (None, Some(which), Some(published)) = (expr.year, expr.which, self.published)
            && !matches!(which, Which::That | Which::Latest)
        {
            return self.which_holiday(expr, holiday, which, published, hints);
        }
        if holiday >= 10_000 || matches!(holiday, 4 | 5) {
            return self.movable(expr, holiday, hints);
        }
        let (month, day) = if holiday > 100 {
            ((holiday / 100) as u8, (holiday % 100) as u8)
        } else if holiday == 3 {
            (11, 25)
        } else {
            (4, 5)
        };
        let year = expr.year.or_else(|| self.infer_year(month, Some(day), hints));
        let Some(year) = year else {
            return Some(Resolved::new(TimexKind::Date, format!("XXXX-{month:02}-{day:02}")));
        };
        let date = match holiday {
            1 => calendar::easter(year)?,
            2 => add_days(calendar::easter(year)?, -2),
            // Thanksgiving: the fourth Thursday of November.
            3 => {
                let first = civil(year, 11, 1)?;
                add_days(first, i64::from((4 - weekday(first)).rem_euclid(7)) + 21)
            }
            _ => civil(year, month, day)?,
        };
        let mut resolved =
            Resolved::new(TimexKind::Date, value::day(date)).within(Some((date, date)), Grain::Day);
        resolved.basis = if expr.year.is_some() { Basis::Stated } else { Basis::YearInferred };
        resolved.point = Some(Point::of(date));
        Some(with_part(resolved, expr))
    }

    /// "last Easter", "next Thanksgiving".
    fn which_holiday(
        &mut self,
        expr: &Expr,
        holiday: i32,
        which: Which,
        published: Date,
        hints: Hints,
    ) -> Option<Resolved> {
        let year = year_of(published);
        let back = matches!(which, Which::Last | Which::Previous | Which::Past);
        let mut years = [year, year + 1, year + 2];
        if back {
            years = [year, year - 1, year - 2];
        }
        years.into_iter().find_map(|year| {
            let of = Expr { year: Some(year), which: None, ..expr.clone() };
            let mut resolved = self.holiday(&of, holiday, hints)?;
            let (first, last) = resolved.bounds?;
            resolved.basis = Basis::Anchored;
            resolved.anchor = Some(published);
            let fits = match which {
                _ if back => last < published,
                Which::This => true,
                _ => first > published,
            };
            fits.then_some(resolved)
        })
    }

    /// A holiday that moves: see [`calendar::movable`].
    fn movable(&mut self, expr: &Expr, holiday: i32, hints: Hints) -> Option<Resolved> {
        let near = self.published.map(year_of).or(self.story().year);
        let year = match expr.year {
            Some(year) => year,
            None => {
                let about = calendar::movable(self.hijri, holiday, near?)?;
                self.infer_year(month_of(about), Some(calendar::day_of(about)), hints)?
            }
        };
        let date = calendar::movable(self.hijri, holiday, year)?;
        let last = add_days(date, calendar::holiday_days(holiday) - 1);
        let grain = if last > date { Grain::Range } else { Grain::Day };
        let mut resolved = Resolved::new(TimexKind::Date, value::day(date)).within(Some((date, last)), grain);
        if calendar::begins_at_sunset(holiday) && expr.part.is_none() {
            let eve = add_days(date, -1);
            resolved.or((eve, if last > date { last } else { eve }), Doubt::Sunset);
        }
        resolved.basis = if expr.year.is_some() { Basis::Stated } else { Basis::YearInferred };
        resolved.point = Some(Point::of(date));
        Some(with_part(resolved, expr))
    }

    fn numbers(&self, expr: &Expr, order: [usize; 3]) -> Option<Resolved> {
        let [year, month, day] = order.map(|at| expr.numbers.get(at).copied());
        let date = self.date_of_numbers(year?, month?, day?)?;
        Some(stated_day(date))
    }

    fn date_of_numbers(&self, year: i32, month: i32, day: i32) -> Option<Date> {
        let year = if year < -5000 {
            full_year(year + 10_000, self.story().year.or(self.published.map(year_of)))
        } else {
            year
        };
        civil(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// 3/4/2011: the American order unless it gives no date or one after publication; the other is kept.
    fn numeric(&self, expr: &Expr) -> Option<Resolved> {
        let &[a, b, year] = expr.numbers.as_slice() else { return None };
        let month_first = self.date_of_numbers(year, a, b);
        let day_first = self.date_of_numbers(year, b, a);
        let too_late = |date: &Date| self.published.is_some_and(|published| *date > published);
        let (best, other) = match (month_first, day_first) {
            (Some(american), Some(european)) if too_late(&american) && !too_late(&european) => {
                (european, Some(american))
            }
            (Some(american), european) => (american, european),
            (None, european) => (european?, None),
        };
        let mut resolved = stated_day(best);
        if let Some(other) = other.filter(|other| *other != best) {
            resolved.or((other, other), Doubt::DayMonthOrder);
        }
        Some(resolved)
    }

    fn century(&self, expr: &Expr) -> Option<Resolved> {
        let nth = expr.nth?;
        if !(1..=30).contains(&nth.abs()) {
            return None;
        }
        let value = if nth < 0 { format!("BC{:02}", nth.abs() - 1) } else { format!("{:02}", nth - 1) };
        let bounds = if nth < 0 {
            civil(nth * 100, 1, 1).zip(civil((nth + 1) * 100 - 1, 12, 31))
        } else {
            civil((nth - 1) * 100 + 1, 1, 1).zip(civil(nth * 100, 12, 31))
        };
        let mut resolved = Resolved::new(TimexKind::Date, value).within(bounds, Grain::Century);
        resolved.basis = Basis::Stated;
        Some(self.portion(resolved, expr.portion))
    }

    fn quarter(&mut self, expr: &Expr, fixed: &str) -> Option<Resolved> {
        let Some(nth) = expr.nth else { return self.told_quarter(expr) };
        let nth = u8::try_from(nth).ok().filter(|nth| (1..=4).contains(nth))?;
        let anchor = self.speech();
        let year = match (expr.year, expr.which) {
            (Some(year), _) if year < -5000 => full_year(year + 10_000, anchor.year),
            (Some(year), _) => year,
            // "the third quarter", said: the one of this year or the coming one.
            (None, None) if self.said.is_some() => {
                let year = anchor.year?;
                if nth * 3 < anchor.month.unwrap_or(1) { year + 1 } else { year }
            }
            (None, Some(Which::Last | Which::Previous)) => anchor.year? - 1,
            (None, Some(Which::Next | Which::Following)) => anchor.year? + 1,
            (None, Some(_)) => anchor.year?,
            // The latest quarter of that number that has begun.
            (None, None) => {
                let year = anchor.year?;
                if nth * 3 - 2 > anchor.month.unwrap_or(12) + 2 { year - 1 } else { year }
            }
        };
        if fixed == "year_before" {
            return Some(of_quarter(year - 1, nth));
        }
        self.tell_quarter((year, nth));
        let mut resolved = of_quarter(year, nth);
        resolved.basis = if expr.year.is_some() { Basis::Stated } else { Basis::YearInferred };
        Some(resolved)
    }

    /// "the latest period", "the 1988 period": the quarter that the text speaks of. Nothing is latest in a text
    /// that speaks of none; a year stays a year.
    fn told_quarter(&mut self, expr: &Expr) -> Option<Resolved> {
        let told = self.quarter.filter(|_| !self.longer);
        match expr.year {
            None => {
                told?;
                self.latest_quarter().map(|(year, quarter)| of_quarter(year, quarter))
            }
            Some(year) => {
                let mut resolved = match told {
                    Some((_, quarter)) => of_quarter(year, quarter),
                    None => Resolved::new(TimexKind::Date, value::year(year))
                        .within(calendar::months(year, 1, 12), Grain::Year),
                };
                resolved.basis = Basis::Stated;
                Some(resolved)
            }
        }
    }

    // ---- other calendars -------------------------------------------------------------------------------

    fn hijri(&mut self, expr: &Expr, hints: Hints) -> Option<Resolved> {
        let month = expr.month?;
        let (year, basis) = match expr.year {
            Some(year) if Reckoning::Hijri.has_year(year) => (year, Basis::Stated),
            // "12 Ramadan 2015": the one that falls into that civil year.
            Some(civil @ 1883..=2170) => {
                let (year, _) = calendar::to_hijri(self.hijri, calendar::civil(civil, 1, 1)?)?;
                let falls = |year: &i32| {
                    let day = calendar::hijri(self.hijri, *year, month, expr.day.unwrap_or(1));
                    day.is_some_and(|day| year_of(day.date) == civil)
                };
                ([year, year + 1].into_iter().find(falls)?, Basis::Stated)
            }
            Some(_) => return None,
            None => (self.infer_hijri_year(month, expr.day, hints)?, Basis::YearInferred),
        };
        let (found, last) = match expr.day {
            Some(day) => {
                let found = calendar::hijri(self.hijri, year, month, day)?;
                (found, found.date)
            }
            None => calendar::hijri_span(self.hijri, year, Some(month))?,
        };
        let grain = if expr.day.is_some() { Grain::Day } else { Grain::Month };
        let mut resolved =
            Resolved::new(TimexKind::Date, value::day(found.date)).within(Some((found.date, last)), grain);
        resolved.basis = basis;
        (resolved.calendar, resolved.uncertainty) = (found.calendar, found.uncertainty);
        if let Some(stated) = expr.weekday.filter(|_| expr.day.is_some()) {
            // A weekday tells which of the days that the moon leaves open it was.
            let doubt = i64::from(found.uncertainty);
            let days = [0, 1, -1, 2, -2].into_iter().filter(|by: &i64| by.abs() <= doubt);
            if let Some(day) = days.map(|by| add_days(found.date, by)).find(|day| weekday(*day) == stated) {
                resolved.value = value::day(day);
                resolved.bounds = Some((day, day));
                resolved.uncertainty = 0;
            }
        }
        Some(self.counted(resolved, expr))
    }

    /// The rest of a date in a calendar other than the Gregorian: where it puts the clock, its part of the day
    /// or of the month, and for calendars whose day begins at sunset the evening that its night is.
    fn counted(&self, mut resolved: Resolved, expr: &Expr) -> Resolved {
        let Some((first, last)) = resolved.bounds else { return resolved };
        let day = resolved.grain == Grain::Day;
        resolved.point = Some(if day {
            Point::of(first)
        } else {
            Point {
                year: Some(year_of(first)),
                month: Some(month_of(first)).filter(|_| resolved.grain != Grain::Year),
                day: None,
                about: None,
            }
        });
        let from_sunset = matches!(
            resolved.calendar,
            Calendar::IslamicUmalqura | Calendar::IslamicTabular | Calendar::Hebrew
        );
        if from_sunset && day {
            let evening = add_days(first, -1);
            match expr.part {
                Some(TimeOfDay::Night | TimeOfDay::Midnight) => {
                    resolved.value = value::day(evening);
                    resolved.bounds = Some((evening, evening));
                    resolved.point = Some(Point::of(evening));
                }
                Some(TimeOfDay::Evening | TimeOfDay::Dusk) => resolved.or((evening, evening), Doubt::Sunset),
                _ => {}
            }
        }
        if !day && expr.portion.is_some() {
            // "early Ramadan": a third of the month, as long as a civil one.
            let third = (days_between(first, last) + 1) / 3;
            resolved.modifier = expr.portion.and_then(modifier);
            resolved.bounds = Some(match expr.portion {
                Some(Portion::Early) => (first, add_days(first, third - 1)),
                Some(Portion::Mid) => (add_days(first, third), add_days(first, 2 * third - 1)),
                Some(Portion::Late) => (add_days(first, 2 * third), last),
                _ => (first, last),
            });
            return resolved;
        }
        with_part(self.portion(resolved, expr.portion), expr)
    }

    /// The Hijri year of a month named without one: the last that has begun, as seen from the anchor.
    fn infer_hijri_year(&self, month: u8, day: Option<u8>, hints: Hints) -> Option<i32> {
        let anchor = self.published.or_else(|| self.now.first())?;
        let (year, _) = calendar::to_hijri(self.hijri, anchor)?;
        let begins = calendar::hijri(self.hijri, year, month, day.unwrap_or(1))?.date;
        Some(if begins > anchor && !hints.future { year - 1 } else { year })
    }

    fn hijri_year(&self, expr: &Expr) -> Option<Resolved> {
        let year = expr.year.filter(|year| Reckoning::Hijri.has_year(*year))?;
        let (first, last) = calendar::hijri_span(self.hijri, year, None)?;
        let mut resolved = Resolved::new(TimexKind::Date, value::day(first.date))
            .within(Some((first.date, last)), Grain::Year);
        resolved.basis = Basis::Stated;
        (resolved.calendar, resolved.uncertainty) = (first.calendar, first.uncertainty);
        Some(resolved)
    }

    /// A day, month or year of a calendar whose days are reckoned and not sighted; all need a year.
    fn converted(&self, expr: &Expr, reckoning: Reckoning) -> Option<Resolved> {
        let year = expr.year.filter(|year| reckoning.has_year(*year))?;
        let (bounds, grain) = match (expr.month, expr.day) {
            (Some(month), Some(day)) => {
                let date = calendar::to_civil(reckoning, year, month, day)?;
                ((date, date), Grain::Day)
            }
            (Some(month), None) => (calendar::span(reckoning, year, Some(month))?, Grain::Month),
            (None, _) => (calendar::span(reckoning, year, None)?, Grain::Year),
        };
        let (first, last) = bounds;
        let whole_month = month_of(first) == month_of(last) && calendar::day_of(first) == 1;
        let text = match grain {
            // A civil month or year has its own value; a stretch across two of them that of its first day.
            Grain::Month if whole_month => value::month(year_of(first), month_of(first)),
            Grain::Year if year_of(first) == year_of(last) => value::year(year_of(first)),
            _ => value::day(first),
        };
        let mut resolved = Resolved::new(TimexKind::Date, text).within(Some(bounds), grain);
        resolved.basis = Basis::Stated;
        resolved.calendar = reckoning.calendar();
        Some(self.counted(resolved, expr))
    }

    /// "25 October (7 November) 1917": the later of the two is the civil day, if they are one.
    fn two_styles(&self, expr: &Expr) -> Option<Resolved> {
        let &[day, month, other_day, other_month] = expr.numbers.as_slice() else { return None };
        let year = expr.year?;
        let date = |reckoning, month: i32, day: i32| {
            calendar::to_civil(reckoning, year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
        };
        let first = date(Reckoning::Gregorian, month, day)?;
        let second = date(Reckoning::Gregorian, other_month, other_day)?;
        let old = if first < second { (month, day) } else { (other_month, other_day) };
        let (new, other) = if first < second { (second, first) } else { (first, second) };
        if date(Reckoning::Julian, old.0, old.1) == Some(new) {
            let mut resolved = stated_day(new);
            resolved.calendar = Calendar::Julian;
            return Some(resolved);
        }
        let mut resolved = stated_day(first);
        let against = if first == new { other } else { new };
        resolved.or((against, against), Doubt::ParallelDate);
        Some(resolved)
    }

    // ---- from an anchor ----------------------------------------------------------------------------------

    /// "last week", "the same day", "the end of the month".
    fn reference(&mut self, expr: &Expr) -> Option<Resolved> {
        let unit = expr.unit?;
        // "The next day" always counts from the story.
        let which = match (expr.which.unwrap_or(Which::That), unit) {
            (Which::Next, Unit::Day) => Which::Following,
            (which, _) => which,
        };
        let point = if expr.which.is_none() && self.published.is_some() && unit > Unit::Day {
            self.speech()
        } else {
            self.anchor(which)
        };
        let by: i64 = match which {
            Which::Last | Which::Previous => -1,
            Which::Next | Which::Following | Which::Coming => 1,
            _ => 0,
        };
        if which == Which::Past
            && let Some(resolved) = self.past_unit(unit)
        {
            return Some(resolved);
        }
        let resolved = match unit {
            Unit::Day => {
                let Some(anchor) = self.anchor_day(which) else {
                    return Some(Resolved::new(TimexKind::Date, value::unknown_day(point.year)));
                };
                let date = add_days(anchor, by);
                let mut resolved =
                    Resolved::new(TimexKind::Date, value::day(date)).within(Some((date, date)), Grain::Day);
                resolved.anchor = Some(anchor);
                resolved.point = Some(Point::of(date));
                resolved
            }
            Unit::Week | Unit::Fortnight => {
                let Some(anchor) = point.date() else {
                    return Some(Resolved::new(TimexKind::Date, value::unknown_week(point.year)));
                };
                let days = if unit == Unit::Week { 7 } else { 14 };
                let (first, mut last) = calendar::week(add_days(anchor, by * days));
                if which == Which::This
                    && self.published.is_some()
                    && self.said.is_none()
                    && expr.portion.is_none()
                {
                    last = last.min(anchor);
                }
                let mut resolved = Resolved::new(TimexKind::Date, value::week(first))
                    .within(Some((first, last)), Grain::Week);
                resolved.anchor = Some(anchor);
                resolved
            }
            Unit::Month => {
                let (Some(year), Some(month)) = (point.year, point.month) else {
                    return Some(Resolved::new(TimexKind::Date, value::unknown_month(point.year)));
                };
                let first = add_months(civil(year, month, 1)?, by);
                let mut resolved =
                    Resolved::new(TimexKind::Date, value::month(year_of(first), month_of(first)))
                        .within(Some((first, first.last_of_month())), Grain::Month);
                resolved.anchor = point.first();
                resolved.point = Some(Point {
                    year: Some(year_of(first)),
                    month: Some(month_of(first)),
                    day: None,
                    about: None,
                });
                resolved
            }
            Unit::Quarter => {
                let (year, quarter) = match (which, self.quarter) {
                    (Which::Latest, _) => {
                        self.latest_quarter().or_else(|| Some((point.year?, point.month?.div_ceil(3))))?
                    }
                    (Which::That | Which::This, Some(told)) => told,
                    // "the quarter" of a result is the one that has ended.
                    (Which::That, None) if self.published.is_some() => {
                        let before = add_months(point.first()?, -3);
                        (year_of(before), month_of(before).div_ceil(3))
                    }
                    _ => (point.year?, point.month?.div_ceil(3)),
                };
                let first = add_months(civil(year, quarter * 3 - 2, 1)?, by * 3);
                let (year, quarter) = (year_of(first), month_of(first).div_ceil(3));
                Resolved::new(TimexKind::Date, format!("{}-Q{quarter}", value::year(year)))
                    .within(calendar::months(year, quarter * 3 - 2, quarter * 3), Grain::Quarter)
            }
            Unit::Year => {
                let Some(year) = point.year else {
                    return Some(Resolved::new(TimexKind::Date, "XXXX"));
                };
                let year = shift_year(year, by as i32);
                let mut resolved = Resolved::new(TimexKind::Date, value::year(year))
                    .within(calendar::months(year, 1, 12), Grain::Year);
                resolved.anchor = point.first();
                resolved.point = Some(Point { year: Some(year), month: None, day: None, about: None });
                if let Some(half) = expr.half {
                    resolved.value = format!("{}-H{half}", value::year(year));
                    let (from, to) = if half == 1 { (1, 6) } else { (7, 12) };
                    resolved.bounds = calendar::months(year, from, to);
                    resolved.grain = Grain::Half;
                }
                resolved
            }
            Unit::Decade => {
                let decade = value::decade_of(point.year?) + by as i32;
                let mut resolved = self.decade(expr, decade);
                resolved.basis = Basis::Anchored;
                resolved
            }
            Unit::Century => {
                let year = point.year?;
                let nth = if year < 0 { -((-year - 1) / 100 + 1) } else { (year - 1) / 100 + 1 };
                let nth = if nth + by as i32 == 0 { by as i32 } else { nth + by as i32 };
                self.century(&Expr { nth: Some(nth), ..Expr::empty(Means::Century) })?
            }
            Unit::Weekend => return self.weekend(expr),
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Millennium => return None,
        };
        Some(with_part(self.portion(resolved, expr.portion), expr))
    }

    /// "the past week", by UCDP GED codebook 23.1, appendix 2 (3b, 5c).
    fn past_unit(&self, unit: Unit) -> Option<Resolved> {
        let published = self.published?;
        let (text, first, grain) = match unit {
            Unit::Day => (value::day(add_days(published, -1)), add_days(published, -1), Grain::Day),
            Unit::Week => ("P1W".to_owned(), add_days(published, -6), Grain::Week),
            Unit::Month => ("P1M".to_owned(), add_months(published, -1), Grain::Month),
            Unit::Year => {
                (value::year(year_of(published) - 1), civil(year_of(published), 1, 1)?, Grain::Year)
            }
            _ => return None,
        };
        let kind = if text.starts_with('P') { TimexKind::Duration } else { TimexKind::Date };
        let mut resolved = Resolved::new(kind, text).within(Some((first, published)), grain);
        resolved.anchor = Some(published);
        Some(resolved)
    }

    fn weekend(&self, expr: &Expr) -> Option<Resolved> {
        let anchor = self.published.or_else(|| self.now.date());
        let Some(anchor) = anchor else {
            return Some(Resolved::new(TimexKind::Date, "XXXX-WXX-WE"));
        };
        let (monday, _) = calendar::week(anchor);
        let saturday = match expr.which {
            Some(Which::This) if weekday(anchor) < 6 => add_days(monday, 5),
            Some(Which::Next | Which::Coming | Which::Following) => {
                add_days(monday, if weekday(anchor) >= 6 { 12 } else { 5 })
            }
            // "The weekend", said, is the one that comes.
            None | Some(Which::That) if self.said.is_some() => add_days(monday, 5),
            // On a weekend, "the weekend" is the one that runs.
            _ if weekday(anchor) >= 6 && expr.which.is_none() => add_days(monday, 5),
            _ => add_days(monday, -2),
        };
        let bounds = (saturday, add_days(saturday, 1));
        let mut resolved = Resolved::new(TimexKind::Date, format!("{}-WE", value::week(saturday)))
            .within(Some(bounds), Grain::Range);
        resolved.anchor = Some(anchor);
        Some(resolved)
    }

    /// "the first week of August": by UCDP GED codebook 23.1, appendix 2 (3c), the first seven days.
    fn nth_week(&mut self, expr: &Expr, hints: Hints) -> Option<Resolved> {
        let month = expr.month?;
        let (year, _) = self.year(&Expr { day: None, nth: None, ..expr.clone() }, hints);
        let year = year?;
        let (first, last) = calendar::month(year, month)?;
        let bounds = match expr.nth {
            Some(nth @ 1..=5) => {
                let from = add_days(first, i64::from(nth - 1) * 7);
                (from, add_days(from, 6).min(last))
            }
            Some(_) => return None,
            None => (add_days(last, -6), last),
        };
        let mut resolved =
            Resolved::new(TimexKind::Date, value::week(bounds.0)).within(Some(bounds), Grain::Week);
        if expr.nth.is_none() {
            resolved.kind = TimexKind::Duration;
            resolved.value = "P1W".to_owned();
        }
        resolved.basis = if expr.year.is_some() { Basis::Stated } else { Basis::YearInferred };
        resolved.point = Some(Point { year: Some(year), month: Some(month), day: None, about: None });
        Some(resolved)
    }

    /// "the last six days of January", "the first two months of 1939".
    fn end_span(&mut self, expr: &Expr) -> Option<Resolved> {
        self.longer |= expr.unit == Some(Unit::Month);
        let mut resolved = self.duration(&Expr { vague: expr.amount.is_none(), ..expr.clone() })?;
        let (year, _) = self.year(&Expr { unit: None, ..expr.clone() }, Hints::default());
        let year = year.or(expr.year);
        let whole = match (year, expr.month) {
            (Some(year), Some(month)) => calendar::month(year, month),
            (Some(year), None) => calendar::months(year, 1, 12),
            _ => None,
        };
        resolved.bounds = whole;
        resolved.grain = Grain::Range;
        resolved.extent = Extent::Unknown;
        Some(resolved)
    }

    fn day_beside(&mut self, expr: &Expr) -> Option<Resolved> {
        let Some(anchor) = self.story_day() else {
            return Some(Resolved::new(TimexKind::Date, value::unknown_day(self.story().year)));
        };
        let date = add_days(anchor, i64::from(expr.shift?));
        let mut resolved =
            Resolved::new(TimexKind::Date, value::day(date)).within(Some((date, date)), Grain::Day);
        resolved.anchor = Some(anchor);
        resolved.point = Some(Point::of(date));
        Some(resolved)
    }

    /// "at the same time": as well known as what was told last, and no interval of its own, for the words
    /// are as often said of what merely comes beside it.
    fn same_time(&self) -> Resolved {
        let story = self.story();
        let text = match (story.year, story.month) {
            (Some(year), Some(month)) => story.date().map_or_else(|| value::month(year, month), value::day),
            (Some(year), None) => value::year(year),
            (None, _) => "PRESENT_REF".to_owned(),
        };
        Resolved::new(TimexKind::Date, text)
    }

    /// "two days later", "three weeks ago".
    fn offset(&mut self, expr: &Expr) -> Option<Resolved> {
        let (unit, direction) = (expr.unit?, expr.direction?);
        let back = matches!(direction, Direction::Ago | Direction::Earlier);
        let sign: i64 = if back { -1 } else { 1 };
        let point = match direction {
            Direction::Ago | Direction::Ahead => self.speech(),
            Direction::Earlier | Direction::Later => self.story(),
        };
        let reference = if back { "PAST_REF" } else { "FUTURE_REF" };
        let Some(amount) = expr.amount.filter(|_| !expr.vague) else {
            return Some(Resolved::new(TimexKind::Date, reference));
        };
        if amount == 100
            && unit == Unit::Year
            && let Some(resolved) = self.year_earlier().filter(|_| back && self.quarter.is_some())
        {
            return Some(resolved);
        }
        let count = i64::from(amount) * sign;
        let anchor = point.first();
        let mut resolved = match unit {
            Unit::Second | Unit::Minute | Unit::Hour => {
                let Some(anchor) = point.date() else {
                    return Some(Resolved::new(TimexKind::Time, "XXXX-XX-XXTXX"));
                };
                // Hours before a day whose hour is not known: that day or the one beside it.
                let days = if unit == Unit::Hour { count / 2400 } else { 0 };
                let date = add_days(anchor, days);
                let other = if unit == Unit::Hour && count % 2400 != 0 { add_days(date, sign) } else { date };
                Resolved::new(TimexKind::Time, format!("{}TXX", value::day(date)))
                    .within(Some((date.min(other), date.max(other))), Grain::Day)
            }
            Unit::Day => {
                let anchored = if matches!(direction, Direction::Earlier | Direction::Later) {
                    self.story_day()
                } else {
                    point.date()
                };
                let Some(anchor) = anchored else {
                    return Some(Resolved::new(TimexKind::Date, value::unknown_day(point.year)));
                };
                let date = add_days(anchor, count / 100);
                let mut resolved =
                    Resolved::new(TimexKind::Date, value::day(date)).within(Some((date, date)), Grain::Day);
                resolved.point = Some(Point::of(date));
                resolved
            }
            Unit::Week | Unit::Fortnight | Unit::Weekend => {
                let Some(anchor) = point.date() else {
                    return Some(Resolved::new(TimexKind::Date, value::unknown_week(point.year)));
                };
                let days = if unit == Unit::Fortnight { 14 } else { 7 };
                let date = add_days(anchor, count * days / 100);
                Resolved::new(TimexKind::Date, value::week(date))
                    .within(Some(calendar::week(date)), Grain::Week)
            }
            Unit::Month | Unit::Quarter => {
                let (Some(_), Some(anchor)) = (point.month, anchor) else {
                    return Some(Resolved::new(TimexKind::Date, value::unknown_month(point.year)));
                };
                let months = if unit == Unit::Quarter { 3 } else { 1 };
                let date = add_months(anchor, count * months / 100);
                let (year, month) = (year_of(date), month_of(date));
                let mut resolved = Resolved::new(TimexKind::Date, value::month(year, month))
                    .within(calendar::month(year, month), Grain::Month);
                resolved.point = Some(Point { year: Some(year), month: Some(month), day: None, about: None });
                resolved
            }
            Unit::Year | Unit::Decade | Unit::Century | Unit::Millennium => {
                let Some(year) = point.year else {
                    return Some(Resolved::new(TimexKind::Date, "XXXX"));
                };
                let years = match unit {
                    Unit::Year => 1,
                    Unit::Decade => 10,
                    Unit::Century => 100,
                    _ => 1000,
                };
                let year = shift_year(year, i32::try_from(count * years / 100).ok()?);
                let mut resolved = Resolved::new(TimexKind::Date, value::year(year))
                    .within(calendar::months(year, 1, 12), Grain::Year);
                resolved.point = Some(Point { year: Some(year), month: None, day: None, about: None });
                resolved
            }
        };
        resolved.anchor = anchor;
        // "two weeks ago" tells what led up to the narrative, and does not move it.
        if direction == Direction::Ago && self.published.is_some() {
            resolved.point = None;
        }
        Some(resolved)
    }

    /// Whether a quarter ended before the day of publication.
    fn is_over(&self, (year, quarter): (i32, u8)) -> bool {
        let days = calendar::months(year, quarter * 3 - 2, quarter * 3);
        days.zip(self.published).is_some_and(|((_, last), published)| last < published)
    }

    /// Remembers the quarter of which a text tells the results: not the one it compares with, nor the coming one.
    fn tell_quarter(&mut self, told: (i32, u8)) {
        let keeps = |known: &(i32, u8)| self.is_over(*known) && (told < *known || !self.is_over(told));
        self.quarter = self.quarter.filter(keeps).or(Some(told));
        self.longer = false;
    }

    /// The quarter that the text last spoke of and that is over, else the last one that is.
    fn latest_quarter(&self) -> Option<(i32, u8)> {
        let before = add_months(self.published?, -3);
        let told = self.quarter.filter(|told| self.is_over(*told));
        Some(told.unwrap_or((year_of(before), month_of(before).div_ceil(3))))
    }

    /// "a year earlier", of a figure: the same quarter, month or year one year before.
    fn year_earlier(&self) -> Option<Resolved> {
        if let Some((year, quarter)) = self.quarter.filter(|_| self.published.is_some() && !self.longer) {
            return Some(of_quarter(year - 1, quarter));
        }
        let from = if self.longer { self.speech() } else { self.story() };
        let year = shift_year(from.year?, -1);
        Some(
            Resolved::new(TimexKind::Date, value::year(year))
                .within(calendar::months(year, 1, 12), Grain::Year),
        )
    }

    /// "the past three months", "the next two weeks": bounds by UCDP GED codebook 23.1, appendix 2 (2b,
    /// 2g-2j, 5g, 5h).
    fn span(&mut self, expr: &Expr) -> Option<Resolved> {
        let unit = expr.unit?;
        self.longer |= unit == Unit::Month && expr.amount >= Some(300);
        let mut resolved = self.duration(expr)?;
        let ahead = match expr.which {
            Some(Which::Past | Which::Last | Which::Previous | Which::This) => false,
            Some(Which::Next | Which::Coming | Which::Following) => true,
            _ => return Some(resolved),
        };
        let anchor = match self.published {
            Some(published) if !matches!(expr.which, Some(Which::Following | Which::Previous)) => {
                Some(published)
            }
            _ => self.story().date(),
        };
        let Some(anchor) = anchor else { return Some(resolved) };
        let count = if expr.vague { 300 } else { i64::from(expr.amount.unwrap_or(100)) };
        let bounds = if ahead {
            (anchor, length(anchor, unit, count))
        } else {
            match unit {
                Unit::Second | Unit::Minute => (anchor, anchor),
                Unit::Hour => (add_days(anchor, -(count / 100).div_euclid(24).max(1)), anchor),
                Unit::Day => (add_days(anchor, -(count / 100).max(1)), add_days(anchor, -1)),
                Unit::Week | Unit::Fortnight | Unit::Weekend if expr.vague => (add_days(anchor, -21), anchor),
                Unit::Month if self.published.is_some() && self.said.is_none() => {
                    let start = add_months(anchor, -count / 100);
                    (start.max(civil(year_of(anchor), 1, 1)?), anchor)
                }
                _ => (length(anchor, unit, -count), anchor),
            }
        };
        resolved.bounds = Some(bounds);
        resolved.grain = if unit == Unit::Month { Grain::Month } else { Grain::Range };
        resolved.extent = Extent::Unknown;
        resolved.anchor = Some(anchor);
        Some(resolved)
    }

    /// "recent weeks": by UCDP GED codebook 23.1, appendix 2 (4d), three of them back from publication.
    fn vague_units(&self, expr: &Expr) -> Option<Resolved> {
        let mut resolved = self.duration(&Expr { vague: true, ..expr.clone() })?;
        if let Some(published) = self.published {
            let first = match expr.unit? {
                Unit::Day => Some((add_days(published, -3), add_days(published, -1))),
                Unit::Week => Some((add_days(published, -21), published)),
                Unit::Month => civil(year_of(published), 1, 1)
                    .map(|new_year| (add_months(published, -3).max(new_year), published)),
                _ => None,
            };
            resolved.bounds = first;
            resolved.grain = Grain::Range;
            resolved.modifier = Some(Modifier::Recent);
            resolved.anchor = Some(published);
        }
        Some(resolved)
    }

    fn recent(&self, value: &str) -> Resolved {
        let mut resolved = Resolved::new(TimexKind::Date, value);
        resolved.modifier = Some(Modifier::Recent);
        if let Some(published) = self.published {
            // UCDP GED codebook 23.1, appendix 2 (2a).
            resolved.bounds = Some((add_days(published, -3), add_days(published, -1)));
            resolved.grain = Grain::Range;
            resolved.anchor = Some(published);
        }
        resolved
    }

    // ---- lengths -----------------------------------------------------------------------------------------

    fn duration(&self, expr: &Expr) -> Option<Resolved> {
        let unit = expr.unit?;
        let amount = if expr.vague { None } else { Some(expr.amount.unwrap_or(100)) };
        Some(Resolved::new(TimexKind::Duration, value::duration(amount, unit)))
    }

    /// "five-day": with an activity behind it, the days up to and with publication (UCDP GED codebook 23.1,
    /// appendix 2, 2l and 3d).
    fn lasting(&self, expr: &Expr, hints: Hints) -> Option<Resolved> {
        let unit = expr.unit?;
        let mut resolved = self.duration(expr)?;
        if let (Some(published), true, false) = (self.published, hints.activity, expr.vague) {
            let count = i64::from(expr.amount.unwrap_or(100));
            if count <= 100_000 && unit >= Unit::Day {
                resolved.bounds = Some((add_days(length(published, unit, -count), 1), published));
                resolved.grain = if unit == Unit::Week { Grain::Week } else { Grain::Range };
                resolved.extent = Extent::Lasting;
                resolved.anchor = Some(published);
            }
        }
        Some(resolved)
    }

    /// A night of fighting: two days that hold the whole night (UCDP GED codebook 23.1, appendix 2, 2n, 2o).
    fn night_long(&self) -> Resolved {
        let mut resolved = Resolved::new(TimexKind::Duration, "PT12H");
        if let Some(published) = self.published {
            resolved.bounds = Some((add_days(published, -1), published));
            resolved.grain = Grain::Range;
            resolved.extent = Extent::Lasting;
            resolved.anchor = Some(published);
        }
        resolved.part = Some(TimeOfDay::Night);
        resolved
    }

    fn overnight(&self, expr: &Expr) -> Resolved {
        let mut resolved = match self.published {
            Some(published) => {
                let evening = add_days(published, -1);
                let mut resolved = Resolved::new(TimexKind::Time, format!("{}TNI", value::day(evening)))
                    .within(Some((evening, published)), Grain::Day);
                resolved.anchor = Some(published);
                resolved
            }
            None => match self.now.date() {
                Some(date) => Resolved::new(TimexKind::Time, format!("{}TNI", value::day(date)))
                    .within(Some((date, add_days(date, 1))), Grain::Day),
                None => Resolved::new(TimexKind::Time, "XXXX-XX-XXTNI"),
            },
        };
        resolved.part = expr.part;
        resolved
    }

    fn set(&self, expr: &Expr) -> Resolved {
        let value = if let Some(day) = expr.weekday {
            format!("XXXX-WXX-{day}{}", expr.part.map_or("", value::part))
        } else if let Some(month) = expr.month {
            format!("XXXX-{month:02}")
        } else if let Some(season) = expr.season {
            format!("XXXX-{}", value::season(season))
        } else if let Some(part) = expr.part {
            format!("XXXX-XX-XX{}", value::part(part))
        } else {
            value::duration(Some(expr.amount.unwrap_or(100)), expr.unit.unwrap_or(Unit::Day))
        };
        let value = match expr.hour {
            Some(hour) => {
                let days = if value == "P1D" { "XXXX-XX-XX".to_owned() } else { value };
                let days = days.split_once('T').map_or(days.as_str(), |(days, _)| days).to_owned();
                format!("{days}T{hour:02}:{:02}", expr.minute.unwrap_or(0))
            }
            None => value,
        };
        let mut resolved = Resolved::new(TimexKind::Set, value);
        resolved.extent = Extent::Repeated;
        resolved
    }

    fn clock(&mut self, expr: &Expr, hints: Hints) -> Option<Resolved> {
        let hour = expr.hour?;
        let named = expr.names_day() || expr.month.is_some();
        let day = if named {
            let day = Expr {
                hour: None,
                minute: None,
                second: None,
                past: None,
                amount: None,
                part: None,
                means: if expr.weekday.is_some() && expr.day.is_some() && expr.month.is_none() {
                    Means::WeekdayOfNumber
                } else {
                    Means::Date
                },
                ..expr.clone()
            };
            match self.utterance(&day, hints) {
                Some(found) => found?,
                None => self.date(&Expr { means: Means::Date, ..day }, hints)?,
            }
        } else {
            let point = if self.now.day.is_some() { self.now } else { self.speech() };
            match point.date() {
                Some(date) => {
                    let mut day = Resolved::new(TimexKind::Date, value::day(date))
                        .within(Some((date, date)), Grain::Day);
                    day.anchor = Some(date);
                    day
                }
                None => Resolved::new(TimexKind::Date, "XXXX-XX-XX"),
            }
        };
        let mut resolved = day;
        if self.said.is_some() {
            resolved = self.coming_clock(expr, resolved, named)?;
        } else {
            resolved.value.push_str(&format!("T{hour:02}:{:02}", expr.minute.unwrap_or(0)));
            if expr.zone == Some(0) {
                resolved.value.push('Z');
            }
            let seconds = i64::from(hour) * 3600 + i64::from(expr.minute.unwrap_or(0)) * 60;
            let midnight = resolved.bounds.map(|(day, _)| day.to_datetime(jiff::civil::Time::midnight()));
            let at = midnight.and_then(|day| day.checked_add(seconds.seconds()).ok());
            resolved.clock = at.map(|at| Clock { from: at, to: at, zone: expr.zone, alternative: None });
        }
        resolved.kind = TimexKind::Time;
        resolved.grain = Grain::Time;
        resolved.part = Some(TimeOfDay::Clock);
        Some(resolved)
    }

    /// Narrows bounds to a part, by UCDP GED codebook 23.1, appendix 2 (2q, 4a-4c, 4f, 5d-5f).
    fn portion(&self, mut resolved: Resolved, portion: Option<Portion>) -> Resolved {
        let (Some(portion), Some((first, last))) = (portion, resolved.bounds) else { return resolved };
        // What is said of the end of a month is said of all of it, be it over or not.
        let published = self.published.filter(|_| self.said.is_none());
        let until_published = |date: Date| match published {
            Some(published) if (first..=last).contains(&published) => date.min(published),
            _ => date,
        };
        let share = |from: i64, to: i64| {
            let days = days_between(first, last) + 1;
            (add_days(first, days * from / 6), add_days(first, days * to / 6 - 1))
        };
        let bounds = match (portion, resolved.grain) {
            (Portion::Some, _) => return resolved,
            (_, Grain::Day | Grain::Time) => {
                resolved.modifier = modifier(portion);
                return resolved;
            }
            (Portion::Earlier, _) => match published {
                Some(published) if published > first => (first, last.min(add_days(published, -1))),
                _ => (first, last),
            },
            (Portion::Later, _) => match published {
                Some(published) if (first..=last).contains(&published) => (published, last),
                _ => (first, last),
            },
            (Portion::Early, Grain::Month) => (first, until_published(add_days(first, 9))),
            (Portion::Mid, Grain::Month) => (add_days(first, 9), add_days(first, 19)),
            (Portion::Late, Grain::Month) => (add_days(first, 14), until_published(last)),
            (Portion::Early, Grain::Week) => (first, until_published(add_days(first, 1))),
            (Portion::Mid, Grain::Week) => (add_days(first, 2), add_days(first, 3)),
            (Portion::Late, Grain::Week) => (add_days(first, 4), last),
            (Portion::Early, _) => share(0, 2),
            (Portion::Mid, _) => share(2, 4),
            (Portion::Late, _) => share(4, 6),
        };
        let bounds = if resolved.grain == Grain::Year
            && matches!(portion, Portion::Early | Portion::Mid | Portion::Late)
        {
            let (from, to) = match portion {
                Portion::Early => (1, 4),
                Portion::Mid => (5, 8),
                _ => (9, 12),
            };
            calendar::months(year_of(first), from, to).unwrap_or(bounds)
        } else {
            bounds
        };
        if bounds.0 <= bounds.1 {
            resolved.bounds = Some(bounds);
        }
        resolved.modifier = modifier(portion);
        resolved
    }
}

impl Tracker {
    /// "the last Sunday of March", "the third day of October", "the ninth month of next year".
    fn nth_of(&mut self, expr: &Expr, hints: Hints) -> Option<Resolved> {
        let nth = i64::from(expr.nth?);
        let within =
            Expr { unit: expr.of, nth: None, weekday: None, day: None, means: Means::Date, ..expr.clone() };
        let (first, last) = if expr.month.is_some() || expr.year.is_some() {
            self.date(&within, hints)?.bounds?
        } else {
            self.reference(&within)?.bounds?
        };
        // From the front by a number, from the back by a negative one.
        let count = nth.abs() - 1;
        if let (true, Some(unit @ (Unit::Week | Unit::Weekend)), None) =
            (self.said.is_some(), expr.unit, expr.weekday)
        {
            let (monday, others) = self.weeks_within(first, last, i32::try_from(nth).ok()?)?;
            let days = |(from, to): (Date, Date)| {
                if unit == Unit::Week { (from, to) } else { (add_days(from, 5), to) }
            };
            let text = value::week(monday);
            let text = if unit == Unit::Week { text } else { format!("{text}-WE") };
            let mut resolved = Resolved::new(TimexKind::Date, text)
                .within(Some(days((monday, add_days(monday, 6)))), Grain::Week);
            others.into_iter().for_each(|other| resolved.or(days(other), Doubt::Week));
            resolved.basis = if expr.year.is_some() { Basis::Stated } else { Basis::YearInferred };
            return Some(resolved);
        }
        let resolved = if let Some(day) = expr.weekday {
            let date = if nth > 0 {
                let ahead = i64::from((day - weekday(first)).rem_euclid(7));
                add_days(first, ahead + 7 * count)
            } else {
                add_days(last, -i64::from((weekday(last) - day).rem_euclid(7)) - 7 * count)
            };
            Resolved::new(TimexKind::Date, value::day(date)).within(Some((date, date)), Grain::Day)
        } else {
            let (from, to, grain) = match expr.unit? {
                Unit::Day if nth > 0 => (add_days(first, count), add_days(first, count), Grain::Day),
                Unit::Day => (add_days(last, -count), add_days(last, -count), Grain::Day),
                Unit::Week if nth > 0 => {
                    (add_days(first, count * 7), add_days(first, count * 7 + 6), Grain::Week)
                }
                Unit::Week => (add_days(last, -6), last, Grain::Week),
                Unit::Month => {
                    let from = if nth > 0 {
                        add_months(first, count)
                    } else {
                        add_days(last, 1 - i64::from(calendar::day_of(last)))
                    };
                    (from, from.last_of_month(), Grain::Month)
                }
                Unit::Quarter => {
                    let from = if nth > 0 {
                        add_months(first, count * 3)
                    } else {
                        add_months(add_days(last, 1), -3)
                    };
                    (from, add_days(add_months(from, 3), -1), Grain::Quarter)
                }
                _ => return None,
            };
            let text = match grain {
                Grain::Day => value::day(from),
                Grain::Week => value::week(from),
                Grain::Month => value::month(year_of(from), month_of(from)),
                _ => format!("{}-Q{}", value::year(year_of(from)), month_of(from).div_ceil(3)),
            };
            Resolved::new(TimexKind::Date, text).within(Some((from, to)), grain)
        };
        let (from, to) = resolved.bounds?;
        if from < first || to > last.max(first) && resolved.grain != Grain::Week {
            return None;
        }
        let mut resolved = resolved;
        resolved.basis = if expr.year.is_some() { Basis::Stated } else { Basis::YearInferred };
        resolved.point = Some(Point::of(from));
        Some(resolved)
    }

    /// "two weeks before 13 May", "three days after Christmas".
    fn offset_from(&mut self, expr: &Expr, hints: Hints) -> Option<Resolved> {
        let (unit, direction) = (expr.unit?, expr.direction.unwrap_or(Direction::Later));
        let from = Expr {
            means: Means::Date,
            unit: None,
            amount: None,
            vague: false,
            approximate: false,
            direction: None,
            ..expr.clone()
        };
        let (base, _) = self.date(&from, hints)?.bounds?;
        if expr.vague || unit < Unit::Day {
            return None;
        }
        let sign = if matches!(direction, Direction::Ago | Direction::Earlier) { -1 } else { 1 };
        let date = length(base, unit, i64::from(expr.amount.unwrap_or(100)) * sign);
        let mut resolved =
            Resolved::new(TimexKind::Date, value::day(date)).within(Some((date, date)), Grain::Day);
        resolved.anchor = Some(base);
        resolved.point = Some(Point::of(date));
        Some(resolved)
    }
}

/// A quarter of a year.
fn of_quarter(year: i32, quarter: u8) -> Resolved {
    Resolved::new(TimexKind::Date, format!("{}-Q{quarter}", value::year(year)))
        .within(calendar::months(year, quarter * 3 - 2, quarter * 3), Grain::Quarter)
}

fn modifier(portion: Portion) -> Option<Modifier> {
    match portion {
        Portion::Early => Some(Modifier::Early),
        Portion::Mid => Some(Modifier::Mid),
        Portion::Late => Some(Modifier::Late),
        Portion::Later | Portion::Earlier | Portion::Some => None,
    }
}

fn kind_of_fixed(value: &str) -> TimexKind {
    if value.starts_with("XXXX") || value.starts_with('P') && !value.ends_with("REF") {
        TimexKind::Set
    } else {
        TimexKind::Date
    }
}

fn stated_day(date: Date) -> Resolved {
    let mut resolved =
        Resolved::new(TimexKind::Date, value::day(date)).within(Some((date, date)), Grain::Day);
    resolved.basis = Basis::Stated;
    resolved.point = Some(Point::of(date));
    resolved
}

fn with_part(mut resolved: Resolved, expr: &Expr) -> Resolved {
    if let Some(part) = expr.part {
        resolved.kind = TimexKind::Time;
        resolved.value.push_str(value::part(part));
        resolved.part = Some(part);
        if resolved.grain == Grain::Day {
            resolved.grain = Grain::Time;
        }
    }
    resolved
}

/// "around 2 July": a day on both sides (UCDP GED codebook 23.1, appendix 2, 2c).
fn blur(resolved: &mut Resolved) {
    if resolved.kind != TimexKind::Date {
        return;
    }
    resolved.modifier = Some(Modifier::About);
    if let (Some((first, last)), Grain::Day) = (resolved.bounds, resolved.grain) {
        resolved.bounds = Some((add_days(first, -1), add_days(last, 1)));
    }
}

/// A day so many hundredths of a unit on.
fn length(from: Date, unit: Unit, hundredths: i64) -> Date {
    match unit {
        Unit::Second | Unit::Minute => from,
        Unit::Hour => add_days(from, hundredths / 2400),
        Unit::Day => add_days(from, hundredths / 100),
        Unit::Week | Unit::Weekend => add_days(from, hundredths * 7 / 100),
        Unit::Fortnight => add_days(from, hundredths * 14 / 100),
        Unit::Month => add_months(from, hundredths / 100),
        Unit::Quarter => add_months(from, hundredths * 3 / 100),
        Unit::Year => add_months(from, hundredths * 12 / 100),
        Unit::Decade => add_months(from, hundredths * 120 / 100),
        Unit::Century => add_months(from, hundredths * 1200 / 100),
        Unit::Millennium => add_months(from, hundredths * 12_000 / 100),
    }
}

/// A year so many years on; there is no year 0.
fn shift_year(year: i32, by: i32) -> i32 {
    let astronomical = if year < 0 { year + 1 } else { year };
    let shifted = astronomical.saturating_add(by);
    if shifted <= 0 { shifted - 1 } else { shifted }
}

/// The year that two digits mean: the nearest to the anchor; without one, 1950 to 2049.
fn full_year(digits: i32, near: Option<i32>) -> i32 {
    let near = near.filter(|year| *year >= 1000).unwrap_or(1999);
    let century = near.div_euclid(100) * 100;
    let candidates = [century - 100, century, century + 100].map(|century| century + digits);
    // Reports write of the past: a year well after the anchor is a century too late.
    let distance = |year: &i32| if *year > near + 10 { 1000 + year - near } else { (year - near).abs() };
    candidates.into_iter().min_by_key(distance).unwrap_or(century + digits)
}
