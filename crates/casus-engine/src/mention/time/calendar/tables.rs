//! The calendars day by day against tables that others published.

use super::{HijriVariant, Reckoning, add_days, hijri, to_civil, to_hijri};
use crate::Date;

/// Length of each month less 28, two bits a month, the first month lowest; one number a year.
struct Table {
    first_year: i32,
    first_day: Date,
    years: &'static [u32],
}

/// JDK 17 (`java.time.chrono.HijrahChronology`, islamic-umalqura), before the published calendars.
const JDK_EARLY: Table = Table {
    first_year: 1300,
    first_day: Date::constant(1882, 11, 12),
    years: &[
        0x666666, 0x59999a, 0x965a6a, 0x599a69, 0x666a69, 0x5a69a5, 0x9a6666, 0x999999, 0x966669, 0x6596a9,
        0x9666a6, 0x599a99, 0x669a66, 0x5a9999, 0x9a659a, 0x999669, 0x6659a9, 0x5999a6, 0x6669a6, 0x9a6699,
        0x6a6659, 0xaa5966, 0xa99599, 0xa65669, 0x996669, 0x999a66, 0x699a65, 0xa69996, 0x9a9659, 0x9a5966,
        0x69659a, 0x99969a, 0x5a6699, 0x69a696, 0x66a665, 0xa69966, 0xa66599, 0x999666, 0x665a69, 0x966a66,
        0x59aa65, 0x69a996, 0x69a665,
    ],
};

/// The same, after them.
const JDK_LATE: Table = Table {
    first_year: 1501,
    first_day: Date::constant(2077, 11, 17),
    years: &[
        0xa65666, 0x69599a, 0xa5669a, 0x665a99, 0x699a66, 0xa69a59, 0xa66965, 0xa65996, 0x996666, 0x6599a6,
        0x9669a6, 0x99a999, 0x69a995, 0xa9a656, 0xa69965, 0xa66599, 0x996999, 0x59a699, 0x669a96, 0x9a6a59,
        0x9a6995, 0x69a656, 0x696666, 0x65999a, 0x96669a, 0x599a99, 0x669a66, 0xa69996, 0xa66659, 0xa59969,
        0x9665a9, 0x6569a9, 0x9666a6, 0x65a699, 0x99a666, 0x999999, 0x9965a6, 0x65969a, 0x965a6a, 0x659a69,
        0x966a66, 0xa66999, 0xa66659, 0x999966, 0x96659a, 0x59999a, 0x66669a, 0x99a696, 0x66a659, 0xa6a566,
        0xa69659, 0x9a5966, 0x666666, 0x999a66, 0x669a65, 0x9a9996, 0x6a9959, 0x6a6566, 0x66965a, 0x99999a,
        0x65a669, 0x96a669, 0x66a659, 0x9a9966, 0x9a6599, 0x999666, 0x6599a6, 0x5666a6, 0x59a6a6, 0x96a699,
        0x669a65, 0x669996, 0x6659a6, 0x59669a, 0x959a6a, 0x566a69, 0x6669a6, 0x9a6999, 0x99a599, 0x999669,
        0x66599a, 0x56669a, 0x599a9a, 0x669a69, 0xa69999, 0x9a9665, 0xa66569, 0x9995a6, 0x6659a6, 0x9996a6,
        0x666699, 0x6a6666, 0x6a6596, 0xaa565a, 0xa96599, 0x999669, 0x666669, 0x699a66, 0x9a9999, 0x9a9665,
    ],
};

/// R. H. van Gent, "The Umm al-Qura Calendar of Saudi Arabia" (Utrecht University), as in ummalqura 2.0.1.
const VAN_GENT: Table = Table {
    first_year: 1356,
    first_day: Date::constant(1937, 3, 14),
    years: &[
        0x65a665, 0xa66666, 0x69659a, 0x65966a, 0xa66666, 0x666666, 0x666666, 0xa66666, 0x6a2666, 0xa66666,
        0x666666, 0x666666, 0xa66666, 0x69a666, 0x666666, 0xa99966, 0xa65999, 0x999999, 0xa5a666, 0x696666,
        0x666a59, 0xa69996, 0x666666, 0x999999, 0x666666, 0x6659a6, 0x9969a6, 0x666699, 0x666666, 0x6a65a6,
        0xa6665a, 0xa66665, 0x666669, 0xa66666, 0x59a666, 0xa66666, 0xa66665, 0xa66566, 0x696666, 0x6659a6,
        0x9966a6, 0x666699, 0x99a666, 0x699999, 0xa6659a, 0x665999, 0x99666a, 0x6599a9, 0x966a69, 0x6669a5,
        0x9a6666, 0x999999, 0x996666, 0x6599a6, 0x9666a6, 0x59a699, 0x66a696, 0xa69a59, 0x9a9965, 0x9a6599,
        0x996666, 0x599a66, 0x666a66, 0x9a6999, 0x9aa659, 0x9aa565, 0x9a9596, 0x999666, 0x6659a6, 0x6699a6,
        0x9a6999, 0x69a965, 0xa6a596, 0xa69659, 0x999969, 0x966669, 0x5999a9, 0x6669a6, 0x5a6999, 0x9a6666,
        0x999999, 0x9665a6, 0x6596a6, 0x9666a6, 0x599a99, 0x669a66, 0x669999, 0xa66666, 0x999699, 0x9659a9,
        0x5966a9, 0x6666a6, 0x99a699, 0x69a665, 0x699966, 0x66659a, 0x99966a, 0x6665a9, 0x9999a9, 0x6699a5,
        0x9a9996, 0xa69659, 0x9a5966, 0x69659a, 0xa5999a, 0x666699, 0x9a6666, 0x69a659, 0xa99966, 0xa96599,
        0x999666, 0x6659a6, 0x9999a6, 0x5a69a5, 0x6a6696, 0x69a659, 0x699666, 0x6659a6, 0x99669a, 0x659a99,
        0x969a99, 0x5a9a65, 0x9a6996, 0x9a6659, 0x999969, 0x659a69, 0x9669a6, 0x59a9a5, 0x69a696, 0xa69a59,
        0xa66665, 0xa65999, 0x996669, 0x6599a9, 0x9669a6, 0xa66999, 0x9a6665, 0x9a5996, 0x99965a, 0x66599a,
        0x99666a, 0x665a69, 0x999a66, 0x699999, 0xa9965a,
    ],
};

/// Months of which van Gent has another first day: year, month, and by how many days ours is later. hijridate,
/// which goes back to the printed calendars, has ours; the table of .NET does, too.
const OTHERWISE: [(i32, u8, i64); 3] = [(1427, 6, 1), (1446, 6, -1), (1485, 10, -1)];

#[test]
fn umm_al_qura_has_every_day_of_the_published_tables() {
    let mut days = 0;
    for table in [JDK_EARLY, VAN_GENT, JDK_LATE] {
        let mut first = table.first_day;
        for (year, lengths) in (table.first_year..).zip(table.years) {
            for month in 1..=12u8 {
                let length = 28 + (lengths >> (2 * (month - 1)) & 3) as u8;
                let off = OTHERWISE.iter().find(|(y, m, _)| (*y, *m) == (year, month)).map_or(0, |row| row.2);
                for day in 1..=length.min(30) {
                    let found = hijri(HijriVariant::UmmAlQura, year, month, day).expect("a day").date;
                    let expected = add_days(first, i64::from(day) - 1 + off);
                    assert_eq!(found, expected, "{day}.{month}.{year} AH");
                    days += 1;
                }
                first = add_days(first, i64::from(length));
            }
        }
    }
    // 288 years of 354 and a third days.
    assert!(days > 102_000, "{days} days were checked");
}

#[test]
fn every_day_has_its_hijri_month() {
    for variant in [HijriVariant::UmmAlQura, HijriVariant::TabularCivil, HijriVariant::TabularAstronomical] {
        for year in 1300..=1599 {
            for month in 1..=12 {
                let first = hijri(variant, year, month, 1).expect("a day").date;
                assert_eq!(to_hijri(variant, first), Some((year, month)), "{first} {variant:?}");
            }
        }
    }
}

/// Leap years of the Solar Hijri calendar, 1206 to 1497: Calendar Center, Institute of Geophysics, University of
/// Tehran. persiantools 6.2.0 and jalaali-js 2.0.1 have the same years; convertdate 2.5.1, which reckons the
/// equinox itself, has 1242, 1254, 1258, 1266, 1270 and 1275 for the years after them.
const SOLAR_LEAP_YEARS: [i32; 70] = [
    1210, 1214, 1218, 1222, 1226, 1230, 1234, 1238, 1243, 1247, 1251, 1255, 1259, 1263, 1267, 1271, 1276,
    1280, 1284, 1288, 1292, 1296, 1300, 1304, 1309, 1313, 1317, 1321, 1325, 1329, 1333, 1337, 1342, 1346,
    1350, 1354, 1358, 1362, 1366, 1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412, 1416,
    1420, 1424, 1428, 1432, 1436, 1441, 1445, 1449, 1453, 1457, 1461, 1465, 1469, 1474, 1478, 1482, 1486,
    1490, 1494,
];

#[test]
fn the_solar_hijri_calendar_has_every_day_of_the_table_of_tehran() {
    let mut date = Date::constant(1827, 3, 22);
    for year in 1206..=1497 {
        let last = if SOLAR_LEAP_YEARS.contains(&year) { 30 } else { 29 };
        for month in 1..=12u8 {
            let length = match month {
                1..=6 => 31,
                7..=11 => 30,
                _ => last,
            };
            for day in 1..=length {
                assert_eq!(
                    to_civil(Reckoning::SolarHijri, year, month, day),
                    Some(date),
                    "{day}.{month}.{year}"
                );
                date = add_days(date, 1);
            }
        }
    }
    // Nowruz of the last year of the table.
    assert_eq!(date, Date::constant(2119, 3, 21));
}
