//! Days of publication as columns and page heads write them.
//!
//! A column is not prose: it is read only if it can mean nothing else. `03/04/2024` means two days,
//! so it means none.

use casus_engine::Date;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The day that `words` name: ISO 8601 with or without a time, eight digits, numbers in an order that
/// can be told, or an English month name (as in RFC 2822). A time zone is left as it is: the day is the
/// one at the publisher's.
pub(crate) fn day(words: &str) -> Option<Date> {
    let parts: Vec<&str> =
        words.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).take(12).collect();
    let (first, rest) = parts.split_first()?;
    if first.len() == 8 && is_number(first) {
        return date(first.get(..4)?, first.get(4..6)?.parse().ok()?, first.get(6..)?);
    }
    if let Some(month) = parts.iter().find_map(|part| month(part)) {
        let year = parts.iter().find(|part| part.len() == 4 && is_number(part));
        let bare = |part: &&str| is_number(part) && part.len() <= 2;
        let day =
            parts.iter().map(|part| part.trim_end_matches(|c: char| c.is_ascii_alphabetic())).find(bare);
        return date(year?, month, day?);
    }
    let [second, third, ..] = rest else { return None };
    // "14T10" is the day and the hour.
    let third = third.split(['T', 't']).next()?;
    if ![first, *second, third].into_iter().all(is_number) {
        return None;
    }
    match (first.len(), second.len(), third.len()) {
        (4, 1..=2, 1..=2) => date(first, second.parse().ok()?, third),
        (1..=2, 1..=2, 4) => {
            let (one, two): (i8, i8) = (first.parse().ok()?, second.parse().ok()?);
            if one > 12 || one == two {
                date(third, two, first)
            } else if two > 12 {
                date(third, one, second)
            } else {
                None
            }
        }
        _ => None,
    }
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
}

fn month(part: &str) -> Option<i8> {
    let lower = part.to_ascii_lowercase();
    let at = MONTHS.iter().position(|name| {
        lower == *name
            || lower.len() >= 3 && (lower == name[..3] || lower == "sept" && name.starts_with("sept"))
    })?;
    Some(at as i8 + 1)
}

fn date(year: &str, month: i8, day: &str) -> Option<Date> {
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(words: &str, expected: &str) {
        let found = super::day(words).map_or_else(String::new, |date| date.to_string());
        assert_eq!(found, expected, "{words}");
    }

    #[test]
    fn days() {
        check("2024-03-14", "2024-03-14");
        check("2024-03-14T23:59:00+05:00", "2024-03-14");
        check("2024-03-14 10:00", "2024-03-14");
        check("2024/3/4", "2024-03-04");
        check("20240314", "2024-03-14");
        check("14/03/2024", "2024-03-14");
        check("03/14/2024", "2024-03-14");
        check("5.5.2024", "2024-05-05");
        check("Thu, 14 Mar 2024 10:00:00 GMT", "2024-03-14");
        check("March 14th, 2024", "2024-03-14");
        check("4-SEPT-1990", "1990-09-04");
    }

    #[test]
    fn no_days() {
        check("", "");
        check("03/04/2024", "");
        check("2024-13-01", "");
        check("2024-02-30", "");
        check("March 2024", "");
        check("1710374400", "");
        check("٢٠٢٤-٠٣-١٤", "");
        check("yesterday", "");
        check("999999999999-1-1", "");
    }
}
