//! Values as TIMEX3 writes them (TimeML 1.2.1, with the tags for parts of a day and seasons of TIMEX2).

use super::{calendar, expr::Unit};
use crate::{Date, TimeOfDay};

/// `2014-03-12`, `BC0480-08-07`.
pub(super) fn day(date: Date) -> String {
    format!("{}-{:02}", month(calendar::year_of(date), calendar::month_of(date)), calendar::day_of(date))
}

/// `2014-03`.
pub(super) fn month(number: i32, month: u8) -> String {
    format!("{}-{month:02}", year(number))
}

/// `2014`, `BC0480`.
pub(super) fn year(year: i32) -> String {
    if year < 0 { format!("BC{:04}", -year) } else { format!("{year:04}") }
}

/// `2014-W11`: the week of a day by ISO 8601.
pub(super) fn week(date: Date) -> String {
    let week = date.iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}

/// A day of which at most the year is known.
pub(super) fn unknown_day(of: Option<i32>) -> String {
    of.map_or_else(|| "XXXX-XX-XX".to_owned(), |of| format!("{}-XX-XX", year(of)))
}

/// A week of which at most the year is known.
pub(super) fn unknown_week(of: Option<i32>) -> String {
    of.map_or_else(|| "XXXX-WXX".to_owned(), |of| format!("{}-WXX", year(of)))
}

/// A month of which at most the year is known.
pub(super) fn unknown_month(of: Option<i32>) -> String {
    of.map_or_else(|| "XXXX-XX".to_owned(), |of| format!("{}-XX", year(of)))
}

/// `SP`, `SU`, `FA`, `WI`.
pub(super) fn season(season: u8) -> &'static str {
    match season {
        1 => "SP",
        2 => "SU",
        3 => "FA",
        _ => "WI",
    }
}

/// What follows the day: `TMO`, `T12:00`.
pub(super) fn part(part: TimeOfDay) -> &'static str {
    match part {
        TimeOfDay::Dawn | TimeOfDay::Morning => "TMO",
        TimeOfDay::Midday => "T12:00",
        TimeOfDay::Afternoon => "TAF",
        TimeOfDay::Evening | TimeOfDay::Dusk => "TEV",
        TimeOfDay::Night => "TNI",
        TimeOfDay::Midnight => "T24:00",
        TimeOfDay::Daytime => "TDT",
        TimeOfDay::Clock => "",
    }
}

/// `198` for the 1980s, `BC047` for the 470s BC.
pub(super) fn decade(decade: i32) -> String {
    if decade < 0 { format!("BC{:03}", -decade) } else { format!("{decade:03}") }
}

/// First three digits of the years of the decade of a year.
pub(super) fn decade_of(year: i32) -> i32 {
    year / 10
}

/// First and last year of a decade.
pub(super) fn decade_years(decade: i32) -> Option<(i32, i32)> {
    match decade {
        0 => None,
        1.. => Some((decade * 10, decade * 10 + 9)),
        _ => Some((decade * 10 - 9, decade * 10)),
    }
}

/// `P5D`, `PT24H`, `P2.5Y`; without an amount `PXD`.
pub(super) fn duration(hundredths: Option<i32>, unit: Unit) -> String {
    let (prefix, letter, times) = match unit {
        Unit::Second => ("PT", "S", 1),
        Unit::Minute => ("PT", "M", 1),
        Unit::Hour => ("PT", "H", 1),
        Unit::Day => ("P", "D", 1),
        Unit::Week => ("P", "W", 1),
        Unit::Weekend => ("P", "WE", 1),
        Unit::Fortnight => ("P", "W", 2),
        Unit::Month => ("P", "M", 1),
        Unit::Quarter => ("P", "Q", 1),
        Unit::Year => ("P", "Y", 1),
        Unit::Decade => ("P", "DE", 1),
        Unit::Century => ("P", "CE", 1),
        Unit::Millennium => ("P", "L", 1),
    };
    let amount = match hundredths.map(|amount| i64::from(amount) * times) {
        None => "X".to_owned(),
        Some(amount) if amount % 100 == 0 => (amount / 100).to_string(),
        Some(amount) if amount % 10 == 0 => format!("{}.{}", amount / 100, amount % 100 / 10),
        Some(amount) => format!("{}.{:02}", amount / 100, amount % 100),
    };
    format!("{prefix}{amount}{letter}")
}

/// `2014-03-12T05:15`, `2014-03-12T05:15:01`; behind it the zone, where one is told: `Z`, `+01:00`.
pub(super) fn moment(at: jiff::civil::DateTime, seconds: bool, zone: Option<i16>) -> String {
    let mut text = format!("{}T{:02}:{:02}", day(at.date()), at.hour(), at.minute());
    if seconds || at.second() != 0 {
        text.push_str(&format!(":{:02}", at.second()));
    }
    match zone {
        None => {}
        Some(0) => text.push('Z'),
        Some(zone) => {
            let sign = if zone < 0 { '-' } else { '+' };
            text.push_str(&format!("{sign}{:02}:{:02}", zone.abs() / 60, zone.abs() % 60));
        }
    }
    text
}
