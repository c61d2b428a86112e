//! Arithmetic of dates, and the calendars that reports use.
//!
//! Years before Christ are written as historians do (-1 is 1 BC, there is no year 0); [`civil`] turns them
//! into the astronomical years of [`jiff::civil::Date`].

use icu_calendar::{
    Date as IcuDate,
    cal::{
        Hijri,
        hijri::{TabularAlgorithmEpoch, TabularAlgorithmLeapYears},
    },
    types::RataDie,
};
use jiff::{ToSpan, civil::Date};

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

/// The Gregorian day of a day of the Umm al-Qura calendar, and whether the tables cover its year (1300 to
/// 1600 AH); beyond them the tabular reckoning stands in.
pub(super) fn hijri(year: i32, month: u8, day: u8) -> Option<(Date, bool)> {
    let covered = (1300..=1600).contains(&year);
    let rata_die = if covered {
        IcuDate::try_new_hijri_with_calendar(year, month, day, Hijri::new_umm_al_qura()).ok()?.to_rata_die()
    } else {
        let tabular = Hijri::new_tabular(TabularAlgorithmLeapYears::TypeII, TabularAlgorithmEpoch::Friday);
        IcuDate::try_new_hijri_with_calendar(year, month, day, tabular).ok()?.to_rata_die()
    };
    Some((from_rata_die(rata_die)?, covered))
}

/// First and last Gregorian day of a Hijri month, or of a Hijri year where no month is given.
pub(super) fn hijri_span(year: i32, month: Option<u8>) -> Option<(Date, Date, bool)> {
    let (first, covered) = hijri(year, month.unwrap_or(1), 1)?;
    let next = match month {
        Some(month) if month < 12 => hijri(year, month + 1, 1)?,
        _ => hijri(year + 1, 1, 1)?,
    };
    Some((first, add_days(next.0, -1), covered))
}

/// Hijri year and month of a Gregorian day, by the Umm al-Qura calendar.
pub(super) fn to_hijri(date: Date) -> Option<(i32, u8)> {
    let iso = IcuDate::try_new_iso(i32::from(date.year()), month_of(date), day_of(date)).ok()?;
    let hijri = iso.to_calendar(Hijri::new_umm_al_qura());
    Some((hijri.year().extended_year(), hijri.month().ordinal))
}

/// The Gregorian day of a day of the Solar Hijri calendar.
pub(super) fn solar_hijri(year: i32, month: u8, day: u8) -> Option<Date> {
    from_rata_die(IcuDate::try_new_persian(year, month, day).ok()?.to_rata_die())
}

fn from_rata_die(rata_die: RataDie) -> Option<Date> {
    let iso = IcuDate::from_rata_die(rata_die, icu_calendar::Iso);
    civil(iso.year().extended_year(), iso.month().ordinal, iso.day_of_month().0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hijri_days_are_those_of_the_published_tables() {
        // Umm al-Qura calendar of King Abdulaziz City for Science and Technology: first days of months.
        let check = |(year, month, day): (i32, u8, u8), expected: &str| {
            let (date, covered) = hijri(year, month, day).expect("a day");
            assert!(covered);
            assert_eq!(date.to_string(), expected, "{day}.{month}.{year} AH");
        };
        check((1437, 1, 1), "2015-10-14");
        check((1437, 2, 12), "2015-11-24");
        check((1441, 9, 1), "2020-04-24");
        check((1442, 9, 1), "2021-04-13");
        check((1445, 12, 10), "2024-06-16");
    }

    #[test]
    fn easter_falls_where_the_church_tables_have_it() {
        for (year, expected) in
            [(1818, "1818-03-22"), (1999, "1999-04-04"), (2000, "2000-04-23"), (2024, "2024-03-31")]
        {
            assert_eq!(easter(year).expect("a day").to_string(), expected);
        }
    }

    #[test]
    fn solar_hijri_new_year_is_the_spring_equinox() {
        assert_eq!(solar_hijri(1357, 11, 22).expect("a day").to_string(), "1979-02-11");
        assert_eq!(solar_hijri(1400, 1, 1).expect("a day").to_string(), "2021-03-21");
    }
}
