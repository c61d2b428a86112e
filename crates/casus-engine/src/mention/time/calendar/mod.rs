//! Arithmetic of dates, and the calendars that reports use.
//!
//! Years before Christ are written as historians do (-1 is 1 BC, there is no year 0); [`civil`] turns them
//! into the astronomical years of [`jiff::civil::Date`].

use icu_calendar::{Date as IcuDate, types::RataDie};
use jiff::{ToSpan, civil::Date};

mod convert;
mod umalqura;

pub use convert::HijriVariant;
pub(super) use convert::{Reckoning, hijri, hijri_span, span, to_civil, to_hijri};

/// A day, None if there is none such.
pub(super) fn civil(year: i32, month: u8, day: u8) -> Option<Date> {
    let year = if year < 0 { year + 1 } else { year };
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The historians' year of a day.
pub(super) fn year_of(date: Date) -> i32 {
    let year = i32::from(date.year());
    if year <= 0 { year - 1 } else { year }
}

/// Month of a day, 1 to 12.
pub(super) fn month_of(date: Date) -> u8 {
    date.month().unsigned_abs()
}

/// Day of the month.
pub(super) fn day_of(date: Date) -> u8 {
    date.day().unsigned_abs()
}

/// A day so many days on; the day itself at the ends of the calendar.
pub(super) fn add_days(date: Date, days: i64) -> Date {
    date.checked_add(days.clamp(-4_000_000, 4_000_000).days()).unwrap_or(date)
}

/// The same day so many months on, or the last one of the month.
pub(super) fn add_months(date: Date, months: i64) -> Date {
    date.checked_add(months.clamp(-100_000, 100_000).months()).unwrap_or(date)
}

/// First and last day of a month.
pub(super) fn month(year: i32, month: u8) -> Option<(Date, Date)> {
    let first = civil(year, month, 1)?;
    Some((first, first.last_of_month()))
}

/// First and last day of so many months.
pub(super) fn months(year: i32, first: u8, last: u8) -> Option<(Date, Date)> {
    Some((month(year, first)?.0, month(year, last)?.1))
}

/// Monday and Sunday of the week of a day.
pub(super) fn week(date: Date) -> (Date, Date) {
    let monday = add_days(date, -i64::from(weekday(date) - 1));
    (monday, add_days(monday, 6))
}

/// Day of the week, Monday 1.
pub(super) fn weekday(date: Date) -> i8 {
    date.weekday().to_monday_one_offset()
}

/// Days from one day to another.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// Easter Sunday of a year: the anonymous Gregorian algorithm (Nature, 1876; Meeus, Astronomical
/// Algorithms, chapter 8).
pub(super) fn easter(year: i32) -> Option<Date> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    civil(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// Seasons of the northern half, as months: the first, the last, and whether the last is in the next year.
pub(super) fn season(season: u8) -> (u8, u8, bool) {
    match season {
        1 => (3, 5, false),
        2 => (6, 8, false),
        3 => (9, 11, false),
        _ => (12, 2, true),
    }
}

fn from_rata_die(rata_die: RataDie) -> Option<Date> {
    let iso = IcuDate::from_rata_die(rata_die, icu_calendar::Iso);
    civil(iso.year().extended_year(), iso.month().ordinal, iso.day_of_month().0)
}

/// Days that a holiday lasts: what its number has before its last six digits, or one.
pub(super) fn holiday_days(holiday: i32) -> i64 {
    i64::from(holiday / 1_000_000).max(1)
}

/// Whether the day of a holiday begins on the evening before.
pub(super) fn begins_at_sunset(holiday: i32) -> bool {
    matches!(holiday % 1_000_000, 10_000..=19_999 | 50_000..=59_999)
}

/// The day of a holiday that moves: 10000 + month * 100 + day of the Hijri calendar ("Eid al-Fitr", 11001);
/// 20500 and the days from Easter ("Pentecost", 20549); 30500 and the days from Orthodox Easter; 40000 +
/// month * 100 + which * 10 + weekday ("the third Monday of January", 40131; which is 9 for the last one); 50000 +
/// month * 100 + day of the Hebrew calendar; 70000 + month * 100 + day of the Chinese calendar; 900000 + month * 100 + day of the civil
/// year, or the day before if that is a Sunday; 910000 + the same, or the working day beside it; 920000 + the day in
/// 2018 of a year that has 365 days; 4 and 5 the Friday and the Monday after Thanksgiving. Of two in one year, the
/// first.
pub(super) fn movable(variant: HijriVariant, holiday: i32, year: i32) -> Option<Date> {
    match holiday % 1_000_000 {
        10_000..=19_999 => {
            let month = u8::try_from(holiday % 10_000 / 100).ok()?;
            let day = u8::try_from(holiday % 100).ok()?;
            let (from, _) = to_hijri(variant, civil(year, 1, 1)?)?;
            [from, from + 1]
                .into_iter()
                .filter_map(|hijri_year| hijri(variant, hijri_year, month, day))
                .map(|found| found.date)
                .find(|date| year_of(*date) == year)
        }
        number @ 20_000..=29_999 => Some(add_days(easter(year)?, i64::from(number - 20_500))),
        number @ 30_000..=39_999 => Some(add_days(orthodox_easter(year)?, i64::from(number - 30_500))),
        40_000..=49_999 => {
            let holiday = holiday % 1_000_000;
            let month = u8::try_from(holiday % 10_000 / 100).ok()?;
            let (nth, day) = (i64::from(holiday % 100 / 10), holiday % 10);
            let first = civil(year, month, 1)?;
            if nth == 9 {
                let last = first.last_of_month();
                return Some(add_days(last, -i64::from((i32::from(weekday(last)) - day).rem_euclid(7))));
            }
            let ahead = i64::from((day - i32::from(weekday(first))).rem_euclid(7));
            Some(add_days(first, ahead + 7 * (nth - 1)))
        }
        number @ 50_000..=59_999 => {
            let month = u8::try_from(number % 10_000 / 100).ok()?;
            let day = u8::try_from(number % 100).ok()?;
            // The Hebrew year that begins in the autumn of a civil one is greater by 3761.
            [year + 3760, year + 3761]
                .into_iter()
                .filter_map(|hebrew| to_civil(Reckoning::Hebrew, hebrew, month, day))
                .find(|date| year_of(*date) == year)
        }
        number @ 70_000..=79_999 => {
            let month = u8::try_from(number % 10_000 / 100).ok()?;
            let day = u8::try_from(number % 100).ok()?;
            convert::chinese(year, month, day)
        }
        4 | 5 => movable(variant, 41_144, year).map(|day| add_days(day, i64::from(holiday % 10 * 3 - 11))),
        number @ 900_000..=909_999 => {
            let day = day_of_year(number, year)?;
            Some(if weekday(day) == 7 { add_days(day, -1) } else { day })
        }
        number @ 910_000..=919_999 => {
            let day = day_of_year(number, year)?;
            Some(match weekday(day) {
                6 => add_days(day, -1),
                7 => add_days(day, 1),
                _ => day,
            })
        }
        number @ 920_000..=929_999 => {
            Some(add_days(day_of_year(number, 2018)?, 365 * i64::from(year - 2018)))
        }
        _ => None,
    }
}

/// The day whose month and day are the last four digits of a number.
fn day_of_year(number: i32, year: i32) -> Option<Date> {
    civil(year, u8::try_from(number % 10_000 / 100).ok()?, u8::try_from(number % 100).ok()?)
}

/// Easter Sunday of the Orthodox churches (Meeus, Astronomical Algorithms, chapter 8), in the Gregorian calendar.
fn orthodox_easter(year: i32) -> Option<Date> {
    if !(1583..=9999).contains(&year) {
        return None;
    }
    let (a, b, c) = (year % 4, year % 7, year % 19);
    let d = (19 * c + 15) % 30;
    let e = (2 * a + 4 * b - d + 34) % 7;
    let sum = d + e + 114;
    to_civil(Reckoning::Julian, year, u8::try_from(sum / 31).ok()?, u8::try_from(sum % 31 + 1).ok()?)
}

#[cfg(test)]
mod tables;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_where_the_church_tables_have_it() {
        for (year, expected) in
            [(1818, "1818-03-22"), (1999, "1999-04-04"), (2000, "2000-04-23"), (2024, "2024-03-31")]
        {
            assert_eq!(easter(year).expect("a day").to_string(), expected);
        }
    }

    /// Days that histories give in both calendars.
    #[test]
    fn days_of_other_calendars_are_those_that_histories_have() {
        use Reckoning::*;
        for (reckoning, year, month, day, expected) in [
            (Hijri, 1437, 2, 12, "2015-11-24"),
            (Hijri, 1441, 9, 1, "2020-04-24"),
            (Hijri, 1445, 12, 10, "2024-06-16"),
            // The victory of the revolution; the coup of Saur.
            (SolarHijri, 1357, 11, 22, "1979-02-11"),
            (SolarHijri, 1357, 2, 7, "1978-04-27"),
            (SolarHijri, 1400, 1, 1, "2021-03-21"),
            // The declaration of independence; the first Adar and the Adar of a leap year.
            (Hebrew, 5708, 8, 5, "1948-05-14"),
            (Hebrew, 5784, 13, 14, "2024-02-23"),
            (Hebrew, 5784, 6, 14, "2024-03-24"),
            (Hebrew, 5785, 1, 1, "2024-10-03"),
            // Yekatit 12; the new year of a Gregorian leap year; the last, short month.
            (Ethiopic, 1929, 6, 12, "1937-02-19"),
            (Ethiopic, 2016, 1, 1, "2023-09-12"),
            (Ethiopic, 2013, 2, 24, "2020-11-03"),
            (Ethiopic, 2015, 13, 6, "2023-09-11"),
            (Coptic, 1738, 4, 29, "2022-01-07"),
            // The revolution in Siam, and a January before its new year moved.
            (Buddhist, 2475, 6, 24, "1932-06-24"),
            (Buddhist, 2475, 1, 10, "1933-01-10"),
            (Buddhist, 2553, 5, 19, "2010-05-19"),
            (Roc, 36, 2, 28, "1947-02-28"),
            // October, the old new year, and a date before the reform.
            (Julian, 1917, 10, 25, "1917-11-07"),
            (Julian, 1900, 1, 1, "1900-01-13"),
            (Julian, 1571, 10, 7, "1571-10-17"),
            // The incident of 31 March; January of a year that began in March; after the reforms.
            (Rumi, 1325, 1, 31, "1909-04-13"),
            (Rumi, 1324, 11, 1, "1909-01-14"),
            (Rumi, 1332, 12, 15, "1917-02-28"),
            (Rumi, 1333, 1, 1, "1917-03-01"),
            (Rumi, 1334, 11, 1, "1918-01-01"),
        ] {
            let found = to_civil(reckoning, year, month, day).expect("a day");
            assert_eq!(found.to_string(), expected, "{day}.{month}.{year} {reckoning:?}");
        }
    }

    #[test]
    fn there_are_no_days_that_a_calendar_has_not() {
        use Reckoning::*;
        for (reckoning, year, month, day) in [
            (Hijri, 1437, 2, 31),
            (Hijri, 1437, 13, 1),
            (SolarHijri, 1400, 12, 30),
            (Hebrew, 5785, 13, 1),
            (Ethiopic, 2014, 13, 6),
            (Rumi, 1332, 12, 16),
            (Rumi, 1333, 12, 1),
            (Roc, 36, 2, 30),
        ] {
            assert_eq!(to_civil(reckoning, year, month, day), None, "{day}.{month}.{year} {reckoning:?}");
        }
    }

    #[test]
    fn spans_end_the_day_before_the_next_begins() {
        use Reckoning::*;
        for (reckoning, year, month, expected) in [
            (Hijri, 1442, Some(9), "2021-04-13..2021-05-12"),
            (Hijri, 1437, None, "2015-10-14..2016-10-01"),
            (Hebrew, 5784, None, "2023-09-16..2024-10-02"),
            (Ethiopic, 2013, Some(13), "2021-09-06..2021-09-10"),
            (Rumi, 1332, None, "1916-03-14..1917-02-28"),
            (Rumi, 1333, None, "1917-03-01..1917-12-31"),
            (Rumi, 1334, None, "1918-01-01..1918-12-31"),
            (Buddhist, 2475, None, "1932-04-01..1933-03-31"),
            (Buddhist, 2483, None, "1940-04-01..1940-12-31"),
            (Buddhist, 2553, None, "2010-01-01..2010-12-31"),
        ] {
            let (first, last) = span(reckoning, year, month).expect("a span");
            assert_eq!(format!("{first}..{last}"), expected, "{month:?} {year} {reckoning:?}");
        }
    }

    #[test]
    fn holidays_move_as_the_tables_have_it() {
        let check = |holiday, year, expected: &str| {
            let day = movable(HijriVariant::default(), holiday, year).map(|day| day.to_string());
            assert_eq!(day.as_deref(), Some(expected));
        };
        check(20_549, 2013, "2013-05-19"); // Pentecost
        check(20_493, 2013, "2013-03-24"); // Palm Sunday
        check(30_500, 2013, "2013-05-05"); // Orthodox Easter
        check(30_500, 2021, "2021-05-02");
        check(40_131, 2013, "2013-01-21"); // the third Monday of January
        check(11_001, 2018, "2018-06-15"); // Eid al-Fitr
    }
}
