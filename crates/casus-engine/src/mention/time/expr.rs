//! What the words of one mention say, before anyone asks when "now" is.

use super::{
    calendar::Reckoning,
    lexicon::{Data, Grammar},
    walk::{Capture, Match},
};
use crate::TimeOfDay;

/// What the words of a pattern do. The names in the pattern files are these in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    /// Names a date, completely or in part: fields and perhaps a word like "last".
    Date,
    /// Three numbers: year, month, day.
    YearMonthDay,
    /// Three numbers: day, month, year.
    DayMonthYear,
    /// Three numbers: day and month in an order that the words do not tell, and year.
    Numeric,
    /// "the 19th century".
    Century,
    /// "the third quarter".
    Quarter,
    /// "every Friday".
    Set,
    /// A day so many days from the day of speaking.
    DayShift,
    /// The night before the report, or the one just told of.
    Overnight,
    /// "last week", "the following day", "the end of the month".
    Reference,
    /// "the weekend".
    Weekend,
    /// "the first week of August".
    NthWeek,
    /// "the last six days of January".
    EndSpan,
    /// "the day before".
    DayBeside,
    /// "two days later", "three weeks ago".
    Offset,
    /// "a year earlier", beside a figure.
    YearEarlier,
    /// "in two weeks' time".
    OffsetAhead,
    /// "the past three months".
    Span,
    /// "recent weeks".
    VagueUnits,
    /// "five days".
    Duration,
    /// "a month and a half".
    DurationHalf,
    /// "five-day".
    DurationAdjective,
    /// "two to three weeks".
    DurationRange,
    /// "a night-long battle".
    NightLong,
    /// The value that the pattern has.
    Fixed,
    /// "recently".
    Recent,
    /// Several mentions that share what only one of them says.
    Range,
    /// "5:30 p.m."
    Clock,
    /// "1437 AH".
    HijriYear,
    /// "between 3 and 4 pm": two times of day that share what only one of them says.
    ClockRange,
    /// Two numbers: day, month.
    DayMonth,
    /// Two numbers: month, day.
    MonthDay,
    /// "the last Sunday of March", "the third day of October": counted within a longer time.
    NthOf,
    /// "two weeks before 13 May": counted from a date.
    OffsetFrom,
    /// A year or the last two digits of one for its decade: "les années 1980".
    YearDecade,
    /// "2553 B.E.", "Minguo 36".
    EraYear,
    /// "at the same time": what was told last.
    SameTime,
    /// "25 October (7 November) 1917".
    TwoStyles,
    /// "three Fridays from now": so many of a weekday on or back.
    CountedWeekdays,
    /// "the Friday after next".
    AfterNext,
    /// "Friday the 23rd": the next day of that number that is one.
    WeekdayOfNumber,
    /// "the week of 6 October".
    WeekOf,
    /// "the third Tuesday after Christmas".
    NthAfter,
    /// "the Monday closest to 5 October".
    Closest,
    /// "18 December for ten days": a length from a day or a time of day.
    Lasts,
    /// "within two weeks", "the rest of the week": from now to then.
    UntilThen,
    /// "March in a year": the year so many years on.
    YearsOn,
    /// "week 23".
    WeekNumber,
    /// "this season": the one that runs, or one beside it.
    NamelessSeason,
}

impl Means {
    /// By its name in the pattern files.
    pub(super) fn named(name: &str) -> Option<Means> {
        use Means::*;
        Some(match name {
            "date" => Date,
            "year_month_day" => YearMonthDay,
            "day_month_year" => DayMonthYear,
            "numeric" => Numeric,
            "century" => Century,
            "quarter" => Quarter,
            "set" => Set,
            "day_shift" => DayShift,
            "overnight" => Overnight,
            "reference" => Reference,
            "weekend" => Weekend,
            "nth_week" => NthWeek,
            "end_span" => EndSpan,
            "day_beside" => DayBeside,
            "offset" => Offset,
            "year_earlier" => YearEarlier,
            "offset_ahead" => OffsetAhead,
            "span" => Span,
            "vague_units" => VagueUnits,
            "duration" => Duration,
            "duration_half" => DurationHalf,
            "duration_adjective" => DurationAdjective,
            "duration_range" => DurationRange,
            "night_long" => NightLong,
            "fixed" => Fixed,
            "recent" => Recent,
            "range" => Range,
            "clock" => Clock,
            "hijri_year" => HijriYear,
            "clock_range" => ClockRange,
            "day_month" => DayMonth,
            "month_day" => MonthDay,
            "year_decade" => YearDecade,
            "era_year" => EraYear,
            "same_time" => SameTime,
            "two_styles" => TwoStyles,
            "nth_of" => NthOf,
            "offset_from" => OffsetFrom,
            "counted_weekdays" => CountedWeekdays,
            "after_next" => AfterNext,
            "weekday_of_number" => WeekdayOfNumber,
            "week_of" => WeekOf,
            "nth_after" => NthAfter,
            "closest" => Closest,
            "lasts" => Lasts,
            "until_then" => UntilThen,
            "years_on" => YearsOn,
            "week_number" => WeekNumber,
            "nameless_season" => NamelessSeason,
            _ => return None,
        })
    }
}

/// A unit of time, coarser ones later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Weekend,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
}

impl Unit {
    /// The value of a quarter in class `unit`.
    pub(super) const QUARTER: i32 = 10;

    fn from_value(value: i32) -> Option<Unit> {
        use Unit::*;
        Some(match value {
            1 => Second,
            2 => Minute,
            3 => Hour,
            4 => Day,
            5 => Week,
            6 => Month,
            7 => Year,
            8 => Decade,
            9 => Century,
            Self::QUARTER => Quarter,
            11 => Weekend,
            12 => Fortnight,
            13 => Millennium,
            _ => return None,
        })
    }
}

/// Which of many: a word that points from an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    This,
    Last,
    Next,
    /// "that", "the same": the one just told of.
    That,
    Following,
    Previous,
    Past,
    Coming,
    /// "the latest quarter": the last one that is over.
    Latest,
}

impl Which {
    fn from_value(value: i32) -> Option<Which> {
        use Which::*;
        Some(match value {
            1 => This,
            2 => Last,
            3 => Next,
            4 => That,
            5 => Following,
            6 => Previous,
            7 => Past,
            8 => Coming,
            9 => Latest,
            _ => return None,
        })
    }
}

/// A part of a longer time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Portion {
    Early,
    Mid,
    Late,
    /// "later this year": from now to its end.
    Later,
    /// "earlier this year": from its beginning to now.
    Earlier,
    /// "the rest of", "sometime in".
    Some,
}

/// Where an offset counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// "ago"
    Ago,
    /// "earlier"
    Earlier,
    /// "later"
    Later,
    /// "from now"
    Ahead,
}

/// What the words of one mention say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expr {
    pub(super) means: Means,
    pub(super) reckoning: Reckoning,
    /// Year; before Christ negative, without a year 0.
    pub(super) year: Option<i32>,
    pub(super) month: Option<u8>,
    /// Whether the month's name is also an ordinary word.
    pub(super) common_word: bool,
    pub(super) day: Option<u8>,
    pub(super) weekday: Option<i8>,
    /// 1 spring, 2 summer, 3 autumn, 4 winter.
    pub(super) season: Option<u8>,
    /// First three digits of its years.
    pub(super) decade: Option<i32>,
    pub(super) half: Option<u8>,
    /// Ordinal number that is not a day: quarter, century, week.
    pub(super) nth: Option<i32>,
    pub(super) part: Option<TimeOfDay>,
    pub(super) hour: Option<u8>,
    pub(super) minute: Option<u8>,
    pub(super) second: Option<u8>,
    /// Minutes east of Greenwich, if said.
    pub(super) zone: Option<i16>,
    pub(super) portion: Option<Portion>,
    pub(super) which: Option<Which>,
    pub(super) unit: Option<Unit>,
    /// The longer unit that something is counted within.
    pub(super) of: Option<Unit>,
    /// Minutes after the hour, or before it if negative ("a quarter to three").
    pub(super) past: Option<i32>,
    /// Whether the words tell which half of the day an hour is in.
    pub(super) half_told: bool,
    /// Of the minutes behind a word like "minus"; 0 before the word.
    pub(super) sign: i32,
    /// In hundredths.
    pub(super) amount: Option<i32>,
    /// Lengths told before the last one: "2 years" of "2 years 1 month".
    pub(super) more: Vec<(i32, Unit)>,
    /// "a few", "several", a bare plural: more than one, and no one knows how many.
    pub(super) vague: bool,
    /// "about", "around".
    pub(super) approximate: bool,
    /// Days from the anchor ("yesterday": -1).
    pub(super) shift: Option<i32>,
    pub(super) direction: Option<Direction>,
    /// Month and day as month * 100 + day, or 1 and 2 for Easter and Good Friday.
    pub(super) holiday: Option<i32>,
    /// Plain numbers in their order.
    pub(super) numbers: Vec<i32>,
    /// Whether the year is told by the other end of an interval.
    pub(super) shared_year: bool,
}

impl Expr {
    pub(super) fn empty(means: Means) -> Expr {
        Expr {
            means,
            reckoning: Reckoning::Gregorian,
            year: None,
            month: None,
            common_word: false,
            day: None,
            weekday: None,
            season: None,
            decade: None,
            half: None,
            nth: None,
            part: None,
            hour: None,
            minute: None,
            second: None,
            zone: None,
            portion: None,
            which: None,
            unit: None,
            of: None,
            past: None,
            half_told: false,
            sign: 0,
            amount: None,
            more: Vec::new(),
            vague: false,
            approximate: false,
            shift: None,
            direction: None,
            holiday: None,
            numbers: Vec::new(),
            shared_year: false,
        }
    }

    /// Reads one extent of a match; None where the words contradict each other ("31 June").
    pub(super) fn read(data: &Data, grammar: &Grammar, found: &Match, extent: u8) -> Option<Expr> {
        let pattern = &grammar.patterns[usize::from(found.pattern)];
        let means = grammar.means[usize::from(found.pattern)]?;
        let mut expr = Expr::empty(means);
        if pattern.part > 0 {
            expr.part = part_of_day(i32::from(pattern.part));
        }
        if matches!(means, Means::DayShift | Means::DayBeside) {
            expr.shift = Some(pattern.shift);
        }
        match pattern.value.as_str() {
            "early" => expr.portion = Some(Portion::Early),
            "late" | "last_day" => expr.portion = Some(Portion::Late),
            "latest" => expr.which = Some(Which::Latest),
            "one" => (expr.amount, expr.unit) = (Some(100), Some(Unit::Year)),
            "other" => expr.amount = Some(200),
            _ => {}
        }
        for capture in found.captures.iter().filter(|capture| capture.extent == extent) {
            expr.take(data, *capture)?;
        }
        if grammar.is_utterance() {
            expr.utterance(pattern.shift);
            if pattern.value == "half" {
                (expr.half, expr.means) = (expr.nth.and_then(|nth| u8::try_from(nth).ok()), Means::Date);
                expr.half.filter(|half| (1..=2).contains(half))?;
            }
        }
        match means {
            Means::DayMonth | Means::MonthDay => {
                let [one, other] = *expr.numbers.as_slice() else { return None };
                let month_first = means == Means::MonthDay && one <= 12;
                let (day, month) = if month_first { (other, one) } else { (one, other) };
                expr.day = Some(u8::try_from(day).ok().filter(|day| (1..=31).contains(day))?);
                expr.month = Some(u8::try_from(month).ok().filter(|month| (1..=12).contains(month))?);
                expr.means = Means::Date;
            }
            Means::YearDecade => {
                let year = expr.year.take()?;
                expr.decade = Some(if year < -5000 { 190 + (year + 10_000) / 10 } else { year / 10 });
                expr.means = Means::Date;
            }
            Means::NthOf | Means::NthAfter if expr.nth.is_none() => {
                expr.nth = expr.day.take().map(i32::from);
            }
            Means::Clock | Means::ClockRange => {
                if pattern.shift != 0 && expr.sign == 0 {
                    let minutes = expr.past.or(expr.amount.map(|amount| amount / 100));
                    expr.past = minutes.map(|minutes| minutes * pattern.shift);
                }
                expr.half_of_day();
                expr.minutes_past();
            }
            // "منذ أسبوع", "неделю назад"
            Means::Offset if expr.amount.is_none() && !expr.vague => expr.amount = Some(100),
            _ => {}
        }
        let civil_month = || found.captures.iter().any(|capture| capture.symbol == data.classes.month);
        match (expr.reckoning, expr.month, expr.year) {
            // "31 March 1325 (Rumi)": the months keep their names, the year begins with this one.
            (Reckoning::Rumi, Some(month), _) if civil_month() => expr.month = Some((month + 9) % 12 + 1),
            // "19 May 2553": no report tells of that year but by the Buddhist era.
            (Reckoning::Gregorian, Some(_), Some(2400..=2600)) => expr.reckoning = Reckoning::Buddhist,
            _ => {}
        }
        if let (Some(month), Some(day), Reckoning::Gregorian) = (expr.month, expr.day, expr.reckoning) {
            let longest = match month {
                2 => 29,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            if day > longest {
                return None;
            }
        }
        Some(expr)
    }

    /// What only utterances have: two numbers with a sign between them are a month and a day, an end of an
    /// interval that names nothing is now, "a few" are three.
    fn utterance(&mut self, shift: i32) {
        let dated = self.month.is_none() && self.day.is_none();
        let plain = matches!(self.means, Means::YearMonthDay | Means::DayMonthYear | Means::Numeric);
        let small: Vec<i32> =
            self.numbers.iter().copied().filter(|number| (1..=31).contains(number)).collect();
        match small.as_slice() {
            _ if plain => {}
            [.., number] if self.means == Means::Quarter => self.nth = self.nth.or(Some(*number)),
            [one, other, ..] if dated => {
                let (month, day) = if *one <= 12 { (*one, *other) } else { (*other, *one) };
                (self.month, self.day) = (u8::try_from(month).ok(), u8::try_from(day).ok());
                let longer = self.numbers.iter().copied().find(|number| !(1..=31).contains(number));
                self.year = self.year.or(longer);
            }
            [number] if self.weekday.is_some() && dated && self.hour.is_none() => {
                self.day = u8::try_from(*number).ok();
            }
            [month @ 1..=12] if dated && self.year.is_some() && self.hour.is_none() => {
                self.month = u8::try_from(*month).ok();
            }
            [day] if self.month.is_some() && self.day.is_none() && self.hour.is_none() => {
                self.day = u8::try_from(*day).ok();
            }
            _ => {}
        }
        // "in two thousand and fifteen"
        if let (Means::Date | Means::Range, None, Some(100_000..220_000)) =
            (self.means, self.year, self.amount)
        {
            self.year = self.amount.take().map(|amount| amount / 100);
        }
        if matches!(self.means, Means::Range | Means::ClockRange) && *self == Expr::empty(self.means) {
            self.shift = Some(0);
        }
        if self.vague && self.amount.is_none() && self.means != Means::Set {
            self.amount = Some(300);
            self.vague = false;
        }
        // "the ides of March"
        if self.means == Means::Date && self.day.is_none() && self.month.is_some() {
            self.day = u8::try_from(shift).ok().filter(|day| *day > 0);
        }
    }

    /// "3 in the afternoon": a part of the day says which of the two hours of that number is meant.
    fn half_of_day(&mut self) {
        let (Some(hour @ 0..=12), Some(part)) = (self.hour, self.part) else { return };
        self.half_told = true;
        self.hour = Some(match part {
            TimeOfDay::Afternoon | TimeOfDay::Evening | TimeOfDay::Dusk if hour < 12 => hour + 12,
            TimeOfDay::Midday if hour < 6 => hour + 12,
            TimeOfDay::Evening if hour == 12 => 24,
            TimeOfDay::Night if (6..12).contains(&hour) => hour + 12,
            TimeOfDay::Night | TimeOfDay::Midnight | TimeOfDay::Dawn | TimeOfDay::Morning if hour == 12 => 0,
            _ => hour,
        });
    }

    /// "half past three", "a quarter to noon".
    fn minutes_past(&mut self) {
        let Some(past) = self.past.filter(|past| (-59..=59).contains(past)) else { return };
        if self.hour.is_none() && self.part == Some(TimeOfDay::Midday) {
            self.hour = Some(12);
        }
        let Some(hour) = self.hour else { return };
        let minutes = (i32::from(hour) * 60 + past).rem_euclid(24 * 60);
        self.hour = Some((minutes / 60) as u8);
        self.minute = Some((minutes % 60) as u8);
    }

    fn take(&mut self, data: &Data, capture: Capture) -> Option<()> {
        let (class, symbol, value) = (data.classes, capture.symbol, capture.value);
        if self.means == Means::TwoStyles && (symbol == class.month || symbol == class.day) {
            self.numbers.push(value % 100);
        } else if symbol == class.month {
            self.month = Some((value % 100) as u8);
            self.common_word = value >= 100;
        } else if symbol == class.hmonth || symbol == class.pmonth {
            self.month = Some((value % 100) as u8);
            self.common_word = value >= 100;
            self.reckoning = if symbol == class.hmonth { Reckoning::Hijri } else { Reckoning::SolarHijri };
        } else if symbol == class.cmonth {
            self.month = Some((value % 100) as u8);
            self.common_word = value % 1000 >= 100;
            self.reckoning = Reckoning::numbered(value / 1000)?;
        } else if symbol == class.era {
            // "B.E." beside a month of the Gregorian calendar; "A.H." beside one of its own adds nothing.
            let era = Reckoning::numbered(value)?;
            if self.reckoning == Reckoning::Gregorian {
                self.reckoning = era;
            } else if self.reckoning != era {
                return None;
            }
        } else if symbol == class.day || symbol == class.nthnum || symbol == class.dayword {
            self.day = Some(value as u8);
        } else if symbol == class.nth
            && self.means == Means::Clock
            && self.hour.is_none()
            && self.month.is_none()
            && self.weekday.is_none()
        {
            self.hour = Some(u8::try_from(value).ok().filter(|hour| *hour <= 12)?);
        } else if symbol == class.minuteword {
            self.past = Some(if self.sign == 0 { value } else { value * self.sign });
        } else if symbol == class.pastto {
            // Minutes may stand before the word ("ten past three") or behind it ("tres y cuarto").
            let minutes = self.past.or(self.amount.take().map(|amount| amount / 100));
            self.past = minutes.map(|minutes| minutes * value).or(Some(0));
            self.sign = value;
        } else if symbol == class.card && self.means == Means::Clock && self.sign != 0 {
            self.past = Some(value / 100 * self.sign);
        } else if symbol == class.card
            && let (Some(amount), Some(unit)) = (self.amount, self.unit)
            && matches!(
                self.means,
                Means::Offset | Means::OffsetAhead | Means::Duration | Means::UntilThen | Means::Lasts
            )
        {
            self.more.push((amount, unit));
            (self.amount, self.unit) = (Some(value), None);
        } else if self.means == Means::NthOf
            && symbol == class.which
            && self.nth.is_none()
            && matches!(Which::from_value(value), Some(Which::Last | Which::Past))
        {
            self.nth = Some(-1);
        } else if self.means == Means::NthOf
            && symbol == class.which
            && self.unit.is_none()
            && self.weekday.is_none()
            && Which::from_value(value) == Some(Which::Last)
        {
            // "the third last week of"
            self.nth = self.nth.map(|nth| -nth);
        } else if self.means == Means::NthOf
            && symbol == class.unit
            && (self.unit.is_some() || self.weekday.is_some())
        {
            self.of = Unit::from_value(value);
        } else if symbol == class.dual {
            self.unit = Unit::from_value(value);
            self.amount = Some(200);
        } else if symbol == class.nth
            && self.month.is_some()
            && matches!(self.means, Means::NthAfter | Means::Closest)
        {
            self.day = Some(u8::try_from(value).ok().filter(|day| *day <= 31)?);
        } else if symbol == class.nth {
            self.nth = Some(value);
            if !matches!(
                self.means,
                Means::Century
                    | Means::Quarter
                    | Means::NthWeek
                    | Means::NthOf
                    | Means::NthAfter
                    | Means::Closest
                    | Means::WeekNumber
            ) || self.month.is_some()
            {
                self.day = Some(u8::try_from(value).ok().filter(|day| *day <= 31)?);
            }
        } else if symbol == class.year && self.means == Means::TwoStyles {
            self.year = Some(value);
        } else if symbol == class.year {
            if self.year.is_some_and(|year| year != value) {
                return None;
            }
            self.year = Some(value);
            self.numbers.push(value);
        } else if symbol == class.num {
            self.year = Some(value);
        } else if symbol == class.bc {
            self.year = self.year.map(|year| -year.abs());
            self.decade = self.decade.map(|decade| -decade.abs());
            if self.year.is_none() && self.decade.is_none() {
                self.nth = self.nth.map(|nth| -nth.abs());
            }
        } else if symbol == class.yy {
            // Two digits: resolved against the anchor by the tracker, which knows the century.
            self.year = Some(value - 10_000);
            self.numbers.push(value - 10_000);
        } else if symbol == class.nn {
            self.numbers.push(value);
        } else if symbol == class.weekday || symbol == class.weekday_short || symbol == class.weekdays {
            self.weekday = Some(value as i8);
        } else if symbol == class.season {
            self.season = Some((value % 100) as u8);
            self.common_word = value >= 100;
        } else if symbol == class.part {
            self.part = part_of_day(value);
        } else if self.means == Means::EndSpan && self.unit.is_some() && symbol == class.unit {
            // "the first nine months of the year": the length is in months.
        } else if symbol == class.unit || symbol == class.units {
            self.unit = Unit::from_value(value);
            // "for months"
            self.vague |= symbol == class.units && self.amount.is_none() && self.unit != Some(Unit::Weekend);
        } else if symbol == class.few || symbol == class.many {
            self.vague = true;
        } else if symbol == class.couple || symbol == class.card || symbol == class.a {
            if self.means == Means::DurationRange && self.amount.is_some() {
                self.vague = true;
            } else if self.means == Means::Span && self.unit.is_some() {
                // The number stands behind its noun.
                self.vague = false;
            }
            self.amount = Some(value);
        } else if symbol == class.approx {
            self.approximate = value == 1;
        } else if symbol == class.shift {
            self.shift = Some(value);
        } else if symbol == class.which {
            self.which = Which::from_value(value);
        } else if symbol == data.modifier {
            self.portion = Some(match value {
                1 => Portion::Early,
                2 => Portion::Mid,
                3 => Portion::Late,
                4 => Portion::Later,
                5 => Portion::Earlier,
                _ => Portion::Some,
            });
        } else if symbol == class.half {
            self.half = Some(value as u8);
        } else if symbol == class.deictic {
            self.direction = Some(Direction::Ago);
        } else if symbol == class.dir {
            self.direction = Some(match value {
                2 => Direction::Earlier,
                4 => Direction::Ahead,
                _ => Direction::Later,
            });
        } else if symbol == class.decade {
            self.decade = Some(value);
        } else if symbol == class.hh {
            self.hour = Some(u8::try_from(value).ok().filter(|hour| *hour <= 24)?);
        } else if symbol == class.mm {
            if self.minute.is_none() {
                self.minute = Some(value as u8);
            } else {
                self.second = self.second.or(Some(value as u8));
            }
        } else if symbol == class.hhmm {
            let value = value.abs();
            self.hour = Some((value / 100) as u8);
            self.minute = Some((value % 100) as u8);
        } else if symbol == class.ampm || symbol == class.ap {
            let hour = self.hour?;
            if hour > 12 {
                return None;
            }
            self.hour = Some(hour % 12 + if value == 2 { 12 } else { 0 });
            self.half_told = true;
        } else if symbol == class.zone {
            self.zone = i16::try_from(value).ok().filter(|zone| *zone != 99).or(self.zone);
        } else if symbol == class.edge {
            // "EOM": the end of the month.
            self.portion = Some(if value / 100 == 1 { Portion::Early } else { Portion::Late });
            self.unit = Unit::from_value(value % 100);
        } else if symbol == class.holiday {
            self.holiday = Some(value);
        }
        Some(())
    }

    /// Whether the words name a day, be it by its weekday alone.
    pub(super) fn names_day(&self) -> bool {
        self.day.is_some() || self.weekday.is_some() || self.shift.is_some() || self.holiday.is_some()
    }
}

fn part_of_day(value: i32) -> Option<TimeOfDay> {
    use TimeOfDay::*;
    Some(match value {
        1 => Dawn,
        2 => Morning,
        3 => Midday,
        4 => Afternoon,
        5 => Evening,
        6 => Dusk,
        7 => Night,
        8 => Midnight,
        9 => Daytime,
        _ => return None,
    })
}
