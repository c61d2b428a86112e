//! Days of other calendars as Gregorian ones.

use super::{add_days, civil, from_rata_die, month_of, umalqura};
use crate::{Calendar, Date};
use icu_calendar::{
    Date as IcuDate,
    cal::{
        EthiopianEraStyle, Hijri,
        hijri::{TabularAlgorithmEpoch, TabularAlgorithmLeapYears},
    },
    types::Month,
};

/// The calendar that the words of a date belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::mention::time) enum Reckoning {
    #[default]
    Gregorian,
    Hijri,
    SolarHijri,
    Hebrew,
    Ethiopic,
    Coptic,
    /// The fiscal calendar of the Ottoman empire: Julian until 1917, the year from March.
    Rumi,
    Buddhist,
    /// Years of the Republic of China.
    Roc,
    Julian,
}

impl Reckoning {
    /// By its number in the data: its place in `casus_data::tables::time::CALENDARS`, from 1.
    pub(in crate::mention::time) fn numbered(number: i32) -> Option<Reckoning> {
        use Reckoning::*;
        Some(match number {
            1 => Hijri,
            2 => SolarHijri,
            3 => Hebrew,
            4 => Ethiopic,
            5 => Coptic,
            6 => Rumi,
            7 => Buddhist,
            8 => Roc,
            9 => Julian,
            _ => return None,
        })
    }

    /// The record's name for it; of Hijri dates the conversion tells which.
    pub(in crate::mention::time) fn calendar(self) -> Calendar {
        match self {
            Reckoning::Gregorian => Calendar::Gregorian,
            Reckoning::Hijri => Calendar::IslamicUmalqura,
            Reckoning::SolarHijri => Calendar::Persian,
            Reckoning::Hebrew => Calendar::Hebrew,
            Reckoning::Ethiopic => Calendar::Ethiopic,
            Reckoning::Coptic => Calendar::Coptic,
            Reckoning::Rumi => Calendar::Rumi,
            Reckoning::Buddhist => Calendar::Buddhist,
            Reckoning::Roc => Calendar::Roc,
            Reckoning::Julian => Calendar::Julian,
        }
    }

    /// Whether a report may name the year. A number beyond these is no year of the calendar: "5 Nisan 1915"
    /// is none of the Hebrew calendar, and "12 Tir 1395" none of the Ethiopic.
    pub(in crate::mention::time) fn has_year(self, year: i32) -> bool {
        match self {
            Reckoning::Gregorian | Reckoning::Julian => true,
            Reckoning::Hijri => (1..=1600).contains(&year),
            Reckoning::SolarHijri => (1..=1500).contains(&year),
            Reckoning::Hebrew => (3761..=6000).contains(&year),
            Reckoning::Ethiopic => (1500..=2200).contains(&year),
            Reckoning::Coptic => (1300..=1900).contains(&year),
            Reckoning::Rumi => (1256..=1341).contains(&year),
            Reckoning::Buddhist => (2300..=2700).contains(&year),
            Reckoning::Roc => (1..=200).contains(&year),
        }
    }
}

/// How Hijri dates become Gregorian ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HijriVariant {
    /// The calendar of Umm al-Qura as published, 1343 to 1500 AH; its rule back to 1300 and on to 1600;
    /// beyond these the civil tabular reckoning.
    #[default]
    UmmAlQura,
    /// The tabular reckoning of thirty-year cycles from Friday 16 July 622 ("civil").
    TabularCivil,
    /// The same from Thursday 15 July 622 ("astronomical").
    TabularAstronomical,
}

/// A Hijri day: the Gregorian one, the calendar that told it, and by how many days the moon may have been
/// sighted earlier or later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mention::time) struct HijriDay {
    pub(in crate::mention::time) date: Date,
    pub(in crate::mention::time) calendar: Calendar,
    pub(in crate::mention::time) uncertainty: u8,
}

/// The Gregorian day of a Hijri day.
pub(in crate::mention::time) fn hijri(
    variant: HijriVariant,
    year: i32,
    month: u8,
    day: u8,
) -> Option<HijriDay> {
    let tabular = |epoch| {
        let tabular = Hijri::new_tabular(TabularAlgorithmLeapYears::TypeII, epoch);
        let date = IcuDate::try_new_hijri_with_calendar(year, month, day, tabular).ok()?;
        Some(HijriDay {
            date: from_rata_die(date.to_rata_die())?,
            calendar: Calendar::IslamicTabular,
            uncertainty: 2,
        })
    };
    match variant {
        HijriVariant::TabularCivil => tabular(TabularAlgorithmEpoch::Friday),
        HijriVariant::TabularAstronomical => tabular(TabularAlgorithmEpoch::Thursday),
        HijriVariant::UmmAlQura => {
            let published = match year {
                1343..=1500 => umalqura::to_civil(year, month, day),
                1300..=1600 => {
                    let date =
                        IcuDate::try_new_hijri_with_calendar(year, month, day, Hijri::new_umm_al_qura());
                    date.ok().and_then(|date| from_rata_die(date.to_rata_die()))
                }
                _ => return tabular(TabularAlgorithmEpoch::Friday),
            };
            Some(HijriDay { date: published?, calendar: Calendar::IslamicUmalqura, uncertainty: 1 })
        }
    }
}

/// First and last Gregorian day of a Hijri month, or of a Hijri year where no month is given.
pub(in crate::mention::time) fn hijri_span(
    variant: HijriVariant,
    year: i32,
    month: Option<u8>,
) -> Option<(HijriDay, Date)> {
    let first = hijri(variant, year, month.unwrap_or(1), 1)?;
    let next = match month {
        Some(month) if month < 12 => hijri(variant, year, month + 1, 1)?,
        _ => hijri(variant, year + 1, 1, 1)?,
    };
    Some((first, add_days(next.date, -1)))
}

/// Hijri year and month of a Gregorian day.
pub(in crate::mention::time) fn to_hijri(variant: HijriVariant, date: Date) -> Option<(i32, u8)> {
    let iso = IcuDate::try_new_iso(i32::from(date.year()), month_of(date), super::day_of(date)).ok()?;
    let near = iso.to_calendar(Hijri::new_umm_al_qura());
    let at = near.year().extended_year() * 12 + i32::from(near.month().ordinal) - 1;
    // The variants begin a month within two days of one another.
    [at - 1, at, at + 1].into_iter().find_map(|at| {
        let (year, month) = (at.div_euclid(12), (at.rem_euclid(12) + 1) as u8);
        let (first, last) = hijri_span(variant, year, Some(month))?;
        (first.date..=last).contains(&date).then_some((year, month))
    })
}

/// The Gregorian day of a day of any calendar; None if there is none such.
///
/// Months are numbered from the first of the calendar's year; of the Hebrew one from Tishri, 6 being Adar (in
/// a leap year the second) and 13 the first Adar of a leap year.
pub(in crate::mention::time) fn to_civil(
    reckoning: Reckoning,
    year: i32,
    month: u8,
    day: u8,
) -> Option<Date> {
    let rata_die = match reckoning {
        Reckoning::Gregorian => return civil(year, month, day),
        Reckoning::Hijri => return Some(hijri(HijriVariant::default(), year, month, day)?.date),
        Reckoning::Rumi => return rumi(year, month, day),
        Reckoning::SolarHijri => IcuDate::try_new_persian(year, month, day).ok()?.to_rata_die(),
        Reckoning::Hebrew => {
            let month = if month == 13 { Month::leap(5) } else { Month::new(month) };
            IcuDate::try_new_hebrew_v2(year, month, day).ok()?.to_rata_die()
        }
        Reckoning::Ethiopic => {
            IcuDate::try_new_ethiopian(EthiopianEraStyle::AmeteMihret, year, month, day).ok()?.to_rata_die()
        }
        Reckoning::Coptic => IcuDate::try_new_coptic(year, month, day).ok()?.to_rata_die(),
        Reckoning::Buddhist => {
            // From 1889 to 1940 the Thai year began in April: its last three months are in the next one.
            let year = if (2432..=2482).contains(&year) && month <= 3 { year + 1 } else { year };
            IcuDate::try_new_buddhist(year, month, day).ok()?.to_rata_die()
        }
        Reckoning::Roc => IcuDate::try_new_roc(year, month, day).ok()?.to_rata_die(),
        Reckoning::Julian => {
            let year = if year < 0 { year + 1 } else { year };
            IcuDate::try_new_julian(year, month, day).ok()?.to_rata_die()
        }
    };
    from_rata_die(rata_die)
}

/// The Gregorian day of a day of the Chinese calendar whose year begins in a civil year.
pub(super) fn chinese(year: i32, month: u8, day: u8) -> Option<Date> {
    let date = IcuDate::try_new_chinese_traditional(year, Month::new(month), day).ok()?;
    from_rata_die(date.to_rata_die())
}

/// Months from March. The day after 15 February 1332, Julian, was 1 March 1333 and 1917 of the Gregorian
/// calendar; 1333 ended in December, and years of 1334 and later begin in January.
fn rumi(year: i32, month: u8, day: u8) -> Option<Date> {
    let (later, month) = if month <= 10 { (0, month + 2) } else { (1, month - 10) };
    match year {
        ..=1332 => {
            let date = to_civil(Reckoning::Julian, year + 584 + later, month, day)?;
            (date < Date::constant(1917, 3, 1)).then_some(date)
        }
        1333 if later == 1 => None,
        _ => civil(year + 584, month, day),
    }
}

/// First and last Gregorian day of a month, or of a year where no month is given.
pub(in crate::mention::time) fn span(
    reckoning: Reckoning,
    year: i32,
    month: Option<u8>,
) -> Option<(Date, Date)> {
    let Some(month) = month else {
        let next = new_year(reckoning, year + 1)?;
        return Some((new_year(reckoning, year)?, add_days(next, -1)));
    };
    let last = (1..=31).rev().find_map(|day| to_civil(reckoning, year, month, day))?;
    Some((to_civil(reckoning, year, month, 1)?, last))
}

/// The Gregorian day on which a year begins.
fn new_year(reckoning: Reckoning, year: i32) -> Option<Date> {
    let month = match reckoning {
        Reckoning::Rumi if year >= 1334 => 11,
        Reckoning::Buddhist if (2432..=2483).contains(&year) => 4,
        _ => 1,
    };
    to_civil(reckoning, year, month, 1)
}
