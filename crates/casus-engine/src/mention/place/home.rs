//! The country that a report is published from, by what its publisher is called or where it was found.
//!
//! A paper in Lebanon that writes of Tyre means its own. `dailynews.com.lb` tells the country by its end, `The
//! Beirut Times` by a name in it; most publishers tell none.
//!
//! This module must not know the text.

use super::{gazetteer::Gazetteer, recognise::strongest};
use crate::Report;
use casus_data::gazetteer::fold;

/// Ends of hosts that others than the country's own use as well: only behind `com`, `gov` and the like they tell it.
const SOLD: [&str; 21] = [
    "ai", "am", "cc", "cd", "co", "fm", "gg", "im", "io", "la", "ly", "me", "ml", "nu", "sh", "so", "st",
    "tk", "to", "tv", "ws",
];

/// What stands before the end where a country has registers for companies, offices and so on.
const REGISTERS: [&str; 9] = ["ac", "co", "com", "edu", "go", "gob", "gov", "net", "org"];

/// Names that speak less for a place than a capital or a country are no ground: `The Independent`, `The Sun`.
const CLEAR: f32 = 3.0;

/// The country of a report's publisher.
pub(super) fn home(gazetteer: &Gazetteer, report: &Report) -> Option<[u8; 2]> {
    let publisher = report.publisher.as_deref();
    publisher
        .and_then(of_host)
        .or_else(|| report.url.as_deref().and_then(of_host))
        .or_else(|| publisher.and_then(|name| of_name(gazetteer, name)))
}

/// The country that the end of a host tells: `https://www.dailynews.com.lb/news`.
fn of_host(address: &str) -> Option<[u8; 2]> {
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = host.split(['/', '?', '#', ':']).next()?;
    if host.contains(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))) {
        return None;
    }
    let mut labels = host.rsplit('.').map(str::to_ascii_lowercase);
    let (end, before) = (labels.next()?, labels.next()?);
    let register = REGISTERS.contains(&before.as_str());
    if end.len() != 2 || SOLD.contains(&end.as_str()) && !register || end == "eu" || before.is_empty() {
        return None;
    }
    match end.as_str() {
        "uk" => Some(*b"GB"),
        _ => end.to_ascii_uppercase().into_bytes().try_into().ok().filter(|code: &[u8; 2]| code.is_ascii()),
    }
}

/// The country of the first clear name of a place in a name.
fn of_name(gazetteer: &Gazetteer, name: &str) -> Option<[u8; 2]> {
    let key = fold(name);
    let words: Vec<&str> = key.split(' ').take(8).collect();
    for start in 0..words.len() {
        for end in (start + 1..=words.len().min(start + 3)).rev() {
            let entries = gazetteer.exact(&words[start..end].join(" "));
            if entries.first().is_some_and(|entry| !entry.is_abbreviation())
                && strongest(gazetteer, &entries) >= CLEAR
            {
                let country = gazetteer.place(entries[0].place()).country?;
                return country.as_bytes().try_into().ok();
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(publisher: &str, url: Option<&str>, expected: Option<&str>) {
        let report = Report {
            publisher: Some(publisher.to_owned()),
            url: url.map(str::to_owned),
            ..Report::default()
        };
        let gazetteer = Gazetteer::embedded().expect("the pack opens");
        let found = home(&gazetteer, &report);
        assert_eq!(
            found.as_ref().map(|code| std::str::from_utf8(code).expect("ASCII")),
            expected,
            "{publisher}"
        );
    }

    #[test]
    fn publishers_tell_their_country() {
        check("dailynews.com.lb", None, Some("LB"));
        check("www.beya-today.co.uk", None, Some("GB"));
        check("news.gov.ly", None, Some("LY"));
        check("https://example.ge/a?b=c.d", None, Some("GE"));
        check("", Some("https://www.example.ie:80/news.html"), Some("IE"));
        check("The Kabul Times", None, Some("AF"));
        check("Jordanian News Agency", None, Some("JO"));
        // Sold to anybody, or no country's.
        for none in
            ["example.io", "bit.ly", "example.com", "example.eu", "The Independent", "", ".", "..", "1.2.3.4"]
        {
            check(none, None, None);
        }
        check("\u{202e}x.lb", Some("no address"), None);
    }
}
