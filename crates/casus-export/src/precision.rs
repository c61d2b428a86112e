//! The codes for how well a date is known that data sets of conflict events use: UCDP GED `date_prec`,
//! ACLED `time_precision`, GTD `approxdate` and `extended`, each with the dates that go with it.
//!
//! Functions of the record's [`When`] alone; UCDP's estimate for undated reports needs the day of
//! publication, too. This module must not know how a time was read.
//!
//! ```
//! use casus_export::precision::ucdp;
//! use casus_record::Date;
//! // A report of 17 March that does not say when: three days, counted back from it.
//! let published: Date = "2021-03-17".parse()?;
//! let undated = ucdp(None, Some(published)).expect("an estimate");
//! assert_eq!((undated.start.to_string().as_str(), undated.precision), ("2021-03-15", 2));
//! assert!(undated.estimated);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use casus_record::{Date, Extent, Grain, Modifier, TimeOfDay, When};
use jiff::ToSpan;

/// Dates and precision as UCDP GED has them (codebook 23.1, appendix 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UcdpDate {
    /// `date_start`: the earliest day on which the event can have happened.
    pub start: Date,
    /// `date_end`: the last such day.
    pub end: Date,
    /// `date_prec`: 1 the day is known, 2 a stretch of two to six days, 3 a week, 4 a month or 8 to 31 days,
    /// 5 a longer stretch of at most a year.
    pub precision: u8,
    /// The report tells no time, and the dates are estimated from the day of publication.
    pub estimated: bool,
}

/// UCDP's dates of an event. Days by which a converted calendar may be off widen them. A report that tells no
/// time is dated to the three days that end with its publication (appendix 2, general rule 3).
///
/// None where a bound is open, where the stretch is longer than a year (GED has no code for it), and where
/// neither the text nor the report tells a date.
pub fn ucdp(when: Option<&When>, published: Option<Date>) -> Option<UcdpDate> {
    let Some(when) = when else {
        let end = published?;
        return Some(UcdpDate { start: add(end, -2), end, precision: 2, estimated: true });
    };
    let (start, end) = (when.earliest?, when.latest?);
    let doubt = i64::from(when.uncertainty_days);
    let (start, end) = (add(start, -doubt), add(end, doubt));
    let days = days(start, end);
    let precision = match (when.grain, days) {
        (_, ..=0 | 367..) => return None,
        // "Early March" told on the 3rd is still known to the month only, "early 1999" to the year.
        (Grain::Year | Grain::Decade | Grain::Century, _) => 5,
        (Grain::Month, ..=31) => 4,
        (_, 1) => 1,
        (_, 2..=6) => 2,
        (_, 7) => 3,
        (_, 8..=31) => 4,
        (Grain::Month, ..=33) if doubt > 0 => 4,
        _ => 5,
    };
    Some(UcdpDate { start, end, precision, estimated: false })
}

/// Date and precision as ACLED has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcledDate {
    /// `event_date`: the day, or the middle one of the days that are possible.
    pub date: Date,
    /// `time_precision`: 1 the actual day, 2 a known week or weekend, 3 less.
    pub precision: u8,
}

/// ACLED's date of an event. ACLED's table of fields has 1 "actual date", 2 "specific week or weekend" and 3
/// "middle of week or weekend"; older codebooks have the month for 3. Both agree that 3 is the least precise, so
/// it stands for "the middle of last week" and for everything longer than a week.
///
/// None where a bound is open.
pub fn acled(when: &When) -> Option<AcledDate> {
    let (start, end) = (when.earliest?, when.latest?);
    let doubt = i64::from(when.uncertainty_days);
    let days = days(add(start, -doubt), add(end, doubt));
    let coarse = !matches!(when.grain, Grain::Time | Grain::Day | Grain::Week | Grain::Range);
    let middle_of_week = when.grain == Grain::Week && when.modifier == Some(Modifier::Mid);
    let precision = match days {
        ..=0 => return None,
        _ if coarse || middle_of_week => 3,
        1 => 1,
        2..=7 => 2,
        _ => 3,
    };
    Some(AcledDate { date: add(start, between(start, end) / 2), precision })
}

/// Date fields as GTD has them (codebook of June 2017).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GtdDate {
    /// `iyear`; of an extended incident the year in which it began.
    pub year: i16,
    /// `imonth`; 0 where the month is not known.
    pub month: i8,
    /// `iday`; 0 where the day is not known.
    pub day: i8,
    /// `approxdate`: the time in English words, made from the bounds; empty where the day is known.
    pub approximate: String,
    /// `extended`: it went on for more than 24 hours.
    pub extended: bool,
}

/// GTD's date of an event. An extended incident has the day on which it began; any other has a day, a month
/// or a year only as far as both bounds agree on it.
///
/// None where the first bound is open, and where the bounds lie in different years of an incident that did
/// not go on throughout them.
pub fn gtd(when: &When) -> Option<GtdDate> {
    let start = when.earliest?;
    let doubt = when.uncertainty_days > 0;
    let one_night =
        when.time_of_day.is_some_and(is_night) && when.latest.is_some_and(|end| days(start, end) <= 2);
    let lasting = when.extent == Extent::Lasting && !one_night;
    let extended = lasting && when.latest.is_none_or(|end| end > start);
    if extended && !doubt {
        let GtdDay { year, month, day } = GtdDay::of(start);
        return Some(GtdDate { year, month, day, approximate: String::new(), extended });
    }
    let end = when.latest?;
    if end < start || start.year() != end.year() {
        return None;
    }
    let GtdDay { year, mut month, mut day } = GtdDay::of(start);
    if start != end || doubt {
        day = 0;
    }
    // A week that ends in the next month has no month; a Hijri day on its last evening still has one.
    if start.month() != end.month() {
        month = 0;
    }
    let approximate = if day > 0 { String::new() } else { words(when, start, end) };
    Some(GtdDate { year, month, day, approximate, extended })
}

struct GtdDay {
    year: i16,
    month: i8,
    day: i8,
}

impl GtdDay {
    fn of(date: Date) -> GtdDay {
        GtdDay { year: date.year(), month: date.month(), day: date.day() }
    }
}

fn is_night(part: TimeOfDay) -> bool {
    matches!(
        part,
        TimeOfDay::Night | TimeOfDay::Evening | TimeOfDay::Dusk | TimeOfDay::Dawn | TimeOfDay::Midnight
    )
}

/// "June 1978", "early March 2014", "first half of 1978", "about March 12, 2014", "March 3-9, 2014".
fn words(when: &When, start: Date, end: Date) -> String {
    let year = start.year();
    let month = month_name(start);
    let part = match when.modifier {
        Some(Modifier::Early) => "early ",
        Some(Modifier::Mid) => "mid-",
        Some(Modifier::Late) => "late ",
        _ => "",
    };
    let whole_month = start.day() == 1 && end == start.last_of_month();
    let whole_year = start.day_of_year() == 1 && end == start.last_of_year();
    match when.grain {
        Grain::Month if whole_month || !part.is_empty() => format!("{part}{month} {year}"),
        Grain::Year if whole_year || !part.is_empty() => format!("{part}{year}"),
        Grain::Half if start.day_of_year() == 1 && end.month() == 6 => format!("first half of {year}"),
        Grain::Half if start.month() == 7 && end.month() == 12 => format!("second half of {year}"),
        Grain::Half if start.month() == end.month() => {
            format!("{} half of {month} {year}", if start.day() == 1 { "first" } else { "second" })
        }
        Grain::Quarter => {
            let name =
                ["first", "second", "third", "fourth"][usize::from(start.month().unsigned_abs() - 1) / 3];
            format!("{name} quarter of {year}")
        }
        _ if start == end => format!("about {month} {}, {year}", start.day()),
        _ if start.month() == end.month() => format!("{month} {}-{}, {year}", start.day(), end.day()),
        _ => format!("{month} {} to {} {}, {year}", start.day(), month_name(end), end.day()),
    }
}

fn month_name(date: Date) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    NAMES[usize::from(date.month().unsigned_abs() - 1) % 12]
}

/// Days from one day to another.
fn between(start: Date, end: Date) -> i64 {
    start.until(end).map_or(0, |span| i64::from(span.get_days()))
}

/// Number of days of a stretch, both ends included.
fn days(start: Date, end: Date) -> i64 {
    between(start, end) + 1
}

/// A day so many days on; the day itself at the ends of the calendar.
fn add(date: Date, days: i64) -> Date {
    date.checked_add(days.days()).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use casus_record::{Basis, Calendar};

    fn when(earliest: &str, latest: &str, grain: Grain) -> When {
        let day = |day: &str| (day != "-").then(|| day.parse().expect("a day"));
        When {
            earliest: day(earliest),
            latest: day(latest),
            grain,
            extent: Extent::Point,
            modifier: None,
            time_of_day: None,
            calendar: Calendar::Gregorian,
            uncertainty_days: 0,
            basis: Basis::Stated,
            stated: String::new(),
            anchor: None,
            alternatives: Vec::new(),
            reasons: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// Every row: bounds, grain, what else the time says, and the codes `ucdp acled gtd`, with `-` for none.
    #[test]
    fn codes_follow_the_codebooks() {
        let check = |earliest: &str, latest: &str, grain: Grain, more: &dyn Fn(&mut When), expected: &str| {
            let mut when = when(earliest, latest, grain);
            more(&mut when);
            let ucdp = ucdp(Some(&when), None).map_or("-".to_owned(), |of| of.precision.to_string());
            let acled = acled(&when).map_or("-".to_owned(), |of| format!("{}:{}", of.date, of.precision));
            let gtd = gtd(&when).map_or("-".to_owned(), |of| {
                let extended = if of.extended { " extended" } else { "" };
                format!("{}-{}-{} {:?}{extended}", of.year, of.month, of.day, of.approximate)
            });
            assert_eq!(format!("{ucdp} {acled} {gtd}"), expected, "{earliest}..{latest} {grain:?}");
        };
        let plain = |_: &mut When| {};
        let early = |when: &mut When| when.modifier = Some(Modifier::Early);
        let mid = |when: &mut When| when.modifier = Some(Modifier::Mid);
        let lasting = |when: &mut When| when.extent = Extent::Lasting;
        let night = |when: &mut When| {
            when.extent = Extent::Lasting;
            when.time_of_day = Some(TimeOfDay::Night);
        };
        let lunar = |when: &mut When| when.uncertainty_days = 1;
        use Grain::*;
        check("2021-03-16", "2021-03-16", Day, &plain, r#"1 2021-03-16:1 2021-3-16 """#);
        check("2021-03-16", "2021-03-16", Time, &plain, r#"1 2021-03-16:1 2021-3-16 """#);
        // The night between two days; a night-long battle is not longer than 24 hours.
        check("2021-03-14", "2021-03-15", Day, &plain, r#"2 2021-03-14:2 2021-3-0 "March 14-15, 2021""#);
        check("2021-03-14", "2021-03-15", Range, &night, r#"2 2021-03-14:2 2021-3-0 "March 14-15, 2021""#);
        // A weekend, a week, the middle of a week.
        check("2021-03-13", "2021-03-14", Range, &plain, r#"2 2021-03-13:2 2021-3-0 "March 13-14, 2021""#);
        check("2021-03-08", "2021-03-14", Week, &plain, r#"3 2021-03-11:2 2021-3-0 "March 8-14, 2021""#);
        check("2021-03-10", "2021-03-11", Week, &mid, r#"2 2021-03-10:3 2021-3-0 "March 10-11, 2021""#);
        check(
            "2021-03-29",
            "2021-04-04",
            Week,
            &plain,
            r#"3 2021-04-01:2 2021-0-0 "March 29 to April 4, 2021""#,
        );
        // Six days of fighting; a longer siege.
        check("2021-03-08", "2021-03-13", Range, &lasting, r#"2 2021-03-10:2 2021-3-8 "" extended"#);
        check("2020-12-08", "2021-03-13", Range, &lasting, r#"5 2021-01-24:3 2020-12-8 "" extended"#);
        check("2021-03-08", "-", Range, &lasting, r#"- - 2021-3-8 "" extended"#);
        // Months, parts of months, quarters, halves, years.
        check("2021-02-01", "2021-02-28", Month, &plain, r#"4 2021-02-14:3 2021-2-0 "February 2021""#);
        check("2021-03-01", "2021-03-10", Month, &early, r#"4 2021-03-05:3 2021-3-0 "early March 2021""#);
        check("2021-03-01", "2021-03-03", Month, &early, r#"4 2021-03-02:3 2021-3-0 "early March 2021""#);
        check("2021-03-01", "2021-03-16", Month, &plain, r#"4 2021-03-08:3 2021-3-0 "March 1-16, 2021""#);
        check(
            "2021-03-01",
            "2021-03-15",
            Half,
            &plain,
            r#"4 2021-03-08:3 2021-3-0 "first half of March 2021""#,
        );
        check("1978-01-01", "1978-06-30", Half, &plain, r#"5 1978-04-01:3 1978-0-0 "first half of 1978""#);
        check(
            "1978-07-01",
            "1978-09-30",
            Quarter,
            &plain,
            r#"5 1978-08-15:3 1978-0-0 "third quarter of 1978""#,
        );
        check("1995-01-01", "1995-12-31", Year, &plain, r#"5 1995-07-02:3 1995-0-0 "1995""#);
        check("1999-05-01", "1999-08-31", Year, &mid, r#"5 1999-07-01:3 1999-0-0 "mid-1999""#);
        // Longer than any code, open, turned round.
        check("1980-01-01", "1989-12-31", Decade, &plain, r#"- 1984-12-31:3 -"#);
        check("-", "2021-03-02", Day, &plain, "- - -");
        check("2021-03-02", "2021-03-01", Day, &plain, "- - -");
        // A Hijri day that may be a day off, and a Hijri month.
        check(
            "2015-11-24",
            "2015-11-24",
            Day,
            &lunar,
            r#"2 2015-11-24:2 2015-11-0 "about November 24, 2015""#,
        );
        check(
            "2021-04-13",
            "2021-05-12",
            Month,
            &lunar,
            r#"4 2021-04-27:3 2021-0-0 "April 13 to May 12, 2021""#,
        );
    }

    #[test]
    fn undated_reports_are_dated_only_for_ucdp() {
        let published: Date = "2021-03-01".parse().expect("a day");
        let estimate = ucdp(None, Some(published)).expect("an estimate");
        assert_eq!((estimate.start.to_string().as_str(), estimate.end), ("2021-02-27", published));
        assert_eq!(ucdp(None, None), None);
    }
}
