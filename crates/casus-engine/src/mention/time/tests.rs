use super::*;
use crate::{Calendar, Casus, Options, Report};
use serde::Deserialize;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

fn casus() -> &'static Casus {
    static CASUS: OnceLock<Casus> = OnceLock::new();
    CASUS.get_or_init(|| Casus::embedded().expect("the pack opens"))
}

/// The reference day of the pattern files: a Wednesday.
const TODAY: &str = "2021-03-17";

fn times(text: &str, published: Option<&str>) -> Vec<TimeMention> {
    times_in("en", text, published)
}

fn times_in(language: &str, text: &str, published: Option<&str>) -> Vec<TimeMention> {
    let report = Report {
        text: text.to_owned(),
        published: published.map(|day| day.parse().expect("a date")),
        language: Some(language.to_owned()),
        ..Report::default()
    };
    casus().read_traced(&report).mentions.times
}

/// The times of an utterance, said at ten on the reference day.
fn said(text: &str) -> Vec<TimeMention> {
    let report = Report { text: text.to_owned(), language: Some("en".to_owned()), ..Report::default() };
    casus().utterance(&report, format!("{TODAY}T10:00").parse().expect("a moment")).mentions
}

/// Whether a time is what a case says: its value, its moments as `from..to`, or its days as `first/last`.
fn is(time: &TimeMention, expected: &str) -> bool {
    let minute = |at: DateTime| at.to_string().get(..16).unwrap_or_default().to_owned();
    let moments = time.clock.map(|clock| format!("{}..{}", minute(clock.from), minute(clock.to)));
    let days = time.when.as_ref().and_then(|when| Some(format!("{}/{}", when.earliest?, when.latest?)));
    time.value == expected || moments.as_deref() == Some(expected) || days.as_deref() == Some(expected)
}

#[test]
fn every_language_opens() {
    let languages = casus().resources().mention.time.languages();
    assert_eq!(languages, ["ar", "es", "fr", "pt", "ru", "tr", "uk"]);
}

#[derive(Deserialize)]
struct Cases {
    /// Cases of patterns that the language shares with others.
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    no: Vec<String>,
    #[serde(default)]
    pattern: Vec<Pattern>,
}

#[derive(Deserialize)]
struct Pattern {
    name: String,
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    no: Vec<String>,
}

/// The files of a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths
}

#[test]
fn every_pattern_matches_its_own_cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/patterns");
    let (mut wrong, mut cases) = (String::new(), 0);
    let mut check = |language: &str, utterance: bool, name: &str, yes: &[String], no: &[String]| {
        cases += yes.len() + no.len();
        let read = |text| if utterance { said(text) } else { times_in(language, text, Some(TODAY)) };
        for case in yes {
            let (text, expected) = case.split_once(" => ").expect("words => value");
            let found = read(text);
            if !found.iter().any(|time| is(time, expected)) {
                let values: Vec<_> =
                    found.iter().map(|time| (&text[time.span.range()], &time.value)).collect();
                wrong += &format!("\n{language} {name}: {text:?} should be {expected}, is {values:?}");
            }
        }
        for text in no {
            if let Some(time) = read(text).first() {
                let words = &text[time.span.range()];
                wrong +=
                    &format!("\n{language} {name}: {text:?} should be none, is {words:?} {}", time.value);
            }
        }
    };
    for language in files(&folder) {
        let tag = language.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        for path in files(&language) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let utterance = name.starts_with("utterance");
            if !utterance && !name.starts_with("time") {
                continue;
            }
            let file: Cases =
                toml::from_str(&fs::read_to_string(&path).expect("the patterns")).expect("TOML");
            check(&tag, utterance, name, &file.yes, &file.no);
            for pattern in &file.pattern {
                check(&tag, utterance, &pattern.name, &pattern.yes, &pattern.no);
            }
        }
    }
    assert!(cases > 300, "only {cases} cases: were the files found?");
    assert!(wrong.is_empty(), "{wrong}");
}

/// Each row: text, day of publication (or empty), the words of a mention, and its record as
/// `earliest..latest grain`, with `-` for an open bound.
#[test]
fn records_have_the_interval_that_the_words_leave() {
    let check = |text: &str, published: &str, words: &str, expected: &str| {
        let found = times(text, Some(published).filter(|day| !day.is_empty()));
        let time = found.iter().find(|time| &text[time.span.range()] == words);
        let Some(when) = time.and_then(|time| time.when.as_ref()) else {
            let all: Vec<_> = found.iter().map(|time| &text[time.span.range()]).collect();
            panic!("{text:?} has no {words:?} but {all:?}");
        };
        let day = |day: Option<Date>| day.map_or("-".to_owned(), |day| day.to_string());
        let grain = serde_json::to_string(&when.grain).expect("a grain").replace('"', "");
        let record = format!("{}..{} {grain}", day(when.earliest), day(when.latest));
        assert_eq!(record, expected, "{words:?} in {text:?}");
    };
    for (text, published, words, expected) in [
        // Intervals: both ends have the whole.
        ("Between 7 and 25 July 11 shops burned.", "2021-08-01", "7", "2021-07-07..2021-07-25 range"),
        ("Between 7 and 25 July 11 shops burned.", "2021-08-01", "25 July", "2021-07-07..2021-07-25 range"),
        ("It rained 3-9 May 1999 in Lodo.", "", "9 May 1999", "1999-05-03..1999-05-09 range"),
        ("It rained from 28 March to 4 April 1999.", "", "28 March", "1999-03-28..1999-04-04 range"),
        ("It rained from 3 May 1999 to 5 June 2000.", "", "3 May 1999", "1999-05-03..2000-06-05 range"),
        (
            "On the night of 11-12 March a shop burned.",
            "2024-03-14",
            "the night of 11",
            "2024-03-11..2024-03-12 day",
        ),
        ("The market is shut since 3 March.", "2021-03-17", "3 March", "2021-03-03..2021-03-17 day"),
        ("They left before 3 March.", "2021-03-17", "3 March", "-..2021-03-02 day"),
        // Parts of longer times, by the UCDP codebook.
        ("In early March a shop burned.", "2021-04-02", "early March", "2021-03-01..2021-03-10 month"),
        ("In early March a shop burned.", "2021-03-04", "early March", "2021-03-01..2021-03-04 month"),
        ("In mid-2016 a shop burned.", "2017-04-02", "mid-2016", "2016-05-01..2016-08-31 year"),
        (
            "In the first half of 2016 it rained.",
            "2017-04-02",
            "the first half of 2016",
            "2016-01-01..2016-06-30 half",
        ),
        (
            "A shop burned in the past few days.",
            "2021-03-17",
            "the past few days",
            "2021-03-14..2021-03-16 range",
        ),
        // Years that are not told.
        ("A shop burned on 28 December.", "2021-01-05", "28 December", "2020-12-28..2020-12-28 day"),
        ("The council will meet on 28 January.", "2021-01-05", "28 January", "2021-01-28..2021-01-28 day"),
        ("A shop burned on Friday.", "2021-03-17", "Friday", "2021-03-12..2021-03-12 day"),
        ("The council will meet on Friday.", "2021-03-17", "Friday", "2021-03-19..2021-03-19 day"),
        ("A shop burned on the 20th.", "2021-03-17", "the 20th", "2021-02-20..2021-02-20 day"),
        // The narrative.
        (
            "On 12 March 1999 a shop burned. Two days later it rained.",
            "",
            "Two days later",
            "1999-03-14..1999-03-14 day",
        ),
        (
            "On 30 March 1999 a shop burned. The following day it rained.",
            "",
            "The following day",
            "1999-03-31..1999-03-31 day",
        ),
        ("On 30 March 1999 a shop burned. In May it rained.", "", "May", "1999-05-01..1999-05-31 month"),
        ("In November 1915 it rained. In January it snowed.", "", "January", "1916-01-01..1916-01-31 month"),
        (
            "On 5 March a shop burned. That night it rained.",
            "2021-03-17",
            "That night",
            "2021-03-05..2021-03-05 time",
        ),
        // Hijri and Solar Hijri, alone and beside the civil date.
        ("On 12 Safar 1437 a shop burned.", "", "12 Safar 1437", "2015-11-24..2015-11-24 day"),
        (
            "On 13 Safar 1437, corresponding to 24 November 2015, it rained.",
            "",
            "13 Safar 1437",
            "2015-11-24..2015-11-24 day",
        ),
        (
            "On 24 November 2015 (13 Safar 1437) it rained.",
            "",
            "24 November 2015",
            "2015-11-24..2015-11-24 day",
        ),
        ("It rained in Ramadan 1442.", "", "Ramadan 1442", "2021-04-13..2021-05-12 month"),
        ("On 22 Bahman 1357 it rained.", "", "22 Bahman 1357", "1979-02-11..1979-02-11 day"),
        // Upper and lower case.
        ("A SHOP BURNED ON 4 JAN 90 IN BEYA.", "1990-02-01", "4 JAN 90", "1990-01-04..1990-01-04 day"),
        ("a shop burned on tuesday in beya", "2021-03-17", "tuesday", "2021-03-16..2021-03-16 day"),
    ] {
        check(text, published, words, expected);
    }
}

#[test]
fn doubt_is_kept() {
    let one = |text: &str, published| times(text, published).swap_remove(0).when.expect("a record");
    let when = one("It rained on 3/4/2011.", None);
    assert_eq!(when.alternatives.len(), 1, "month and day in either order");
    assert_eq!(one("On 12 Safar 1437 it rained.", None).uncertainty_days, 1);
    let parallel = one("On 13 Safar 1437 (24 November 2015) it rained.", None);
    assert_eq!((parallel.uncertainty_days, parallel.calendar), (0, Calendar::IslamicUmalqura));
    let clash = one("On 13 Safar 1437 (4 November 2015) it rained.", None);
    assert_eq!(clash.alternatives.len(), 1, "the two dates contradict each other");
    assert_eq!(one("A shop burned on 28 December.", Some("2021-01-05")).basis, Basis::YearInferred);
    assert_eq!(one("Between 7 and 25 July it rained.", Some("2021-08-05")).stated, "Between 7 and 25 July");
    assert_eq!(one("It rained since May.", Some("2021-08-05")).stated, "since May");
}

#[derive(Deserialize)]
struct Months {
    month: Vec<Spellings>,
}

#[derive(Deserialize)]
struct Spellings {
    number: u8,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    name_too: Vec<String>,
}

/// Every spelling of every month of a calendar, with a day and a year, is that day.
#[test]
fn every_spelling_of_a_month_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/calendars");
    for (file, reckoning, year) in [
        ("hijri", Reckoning::Hijri, 1437),
        ("solar_hijri", Reckoning::SolarHijri, 1395),
        ("hebrew", Reckoning::Hebrew, 5784),
        ("ethiopic", Reckoning::Ethiopic, 1999),
        ("coptic", Reckoning::Coptic, 1738),
        ("rumi", Reckoning::Rumi, 1325),
    ] {
        let text = fs::read_to_string(folder.join(format!("{file}.toml"))).expect("the months");
        let months: Months = toml::from_str(&text).expect("TOML");
        let mut wrong = Vec::new();
        for month in &months.month {
            let expected = calendar::to_civil(reckoning, year, month.number, 5).expect("a day").to_string();
            for name in month.names.iter().chain(&month.name_too) {
                let text = format!("A shop burned on 5 {name} {year} in Beya.");
                let found = times(&text, None);
                if found.len() != 1 || found[0].value != expected {
                    let found: Vec<_> = found.iter().map(|time| &time.value).collect();
                    wrong.push(format!("{text:?} should be {expected}, is {found:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{file}: {wrong:#?}");
    }
}

#[test]
fn names_of_persons_are_no_months() {
    for name in
        ["Muharram", "Ramadan", "Rajab", "Safar", "Shaban", "Ramazan", "Bahman", "Mehr", "Nisan", "Adar"]
    {
        for text in [
            format!("{name} Ali was killed near Beya."),
            format!("Gunmen killed {name} Hasan and two others."),
            format!("Police arrested Ali {name} in Lodo."),
            format!("The mayor, {name}, said so."),
            format!("A bomb killed {name} Ali, 12, and his brother."),
            format!("The brothers {name} and Ali left."),
        ] {
            let found = times(&text, Some(TODAY));
            let words: Vec<_> = found.iter().map(|time| &text[time.span.range()]).collect();
            assert!(words.is_empty() || words == ["12"], "{text:?} has {words:?}");
        }
    }
}

#[test]
fn hijri_variants_are_options() {
    let read = |variant| {
        let mut casus = Casus::embedded().expect("the built-in data");
        casus = casus.with_options(Options { hijri: variant, ..Options::default() });
        let report = Report { text: "On 1 Muharram 1446 a shop burned.".to_owned(), ..Report::default() };
        casus.read_traced(&report).mentions.times.swap_remove(0).value
    };
    assert_eq!(read(HijriVariant::UmmAlQura), "2024-07-07");
    assert_eq!(read(HijriVariant::TabularCivil), "2024-07-08");
    assert_eq!(read(HijriVariant::TabularAstronomical), "2024-07-07");
}

#[test]
fn names_and_words_are_no_times() {
    for text in [
        "Ramadan Ali and Rajab Safar met Shaban in Lodo.",
        "They may march on Beya.",
        "The second brigade held the 3rd floor.",
        "Rose May met Mr March.",
        "About 1500 soldiers and 2000 farmers left.",
        "Resolution 1559 was read.",
        "Release 2011-11-S-034 was read.",
        "A shop burned in Now Beya district.",
        "He is in his forties.",
    ] {
        let found = times(text, Some(TODAY));
        let words: Vec<_> = found.iter().map(|time| &text[time.span.range()]).collect();
        assert!(words.is_empty(), "{text:?} has {words:?}");
    }
}

#[test]
fn publication_is_read_from_the_head_of_the_text_and_never_guessed() {
    let read = |text: &str| {
        let report = Report { text: text.to_owned(), language: Some("en".to_owned()), ..Report::default() };
        let traced = casus().read_traced(&report);
        published(&casus().resources().mention.time, &traced.document).map(|day| day.to_string())
    };
    assert_eq!(read("BEYA, 4 JAN 90 (ABC) -- A SHOP BURNED ON 2 JANUARY.").as_deref(), Some("1990-01-04"));
    assert_eq!(read("LODO, Aru (Jan. 25, 2013) - A shop burned.").as_deref(), Some("2013-01-25"));
    let release = "2012-05-S-024\n\nFor release\n\nBEYA, Aru (May 13)\nA shop burned today.";
    assert_eq!(read(release).as_deref(), Some("2012-05-13"));
    assert_eq!(read("A shop burned on 2 January 1990. It rained later."), None);
    assert_eq!(read("LODO, 25 January - A shop burned."), None);
}

#[test]
fn what_lies_far_back_is_recalled() {
    let recalled = |text: &str| times(text, Some(TODAY)).swap_remove(0).recalled;
    assert!(recalled("In 1984 a shop burned."));
    assert!(recalled("The war goes on since 1984."));
    assert!(!recalled("On Tuesday a shop burned."));
    assert!(!recalled("On 3 March a shop burned."));
}

#[test]
fn any_text_is_read() {
    for text in [
        "",
        " ",
        "\u{feff}",
        "1",
        "'",
        "-",
        "12 12 12 12 12",
        "٣ يناير ٢٠١٥",
        "9999999999999999999 days ago",
        "12/31/0000",
        "99 Ramadan 9999",
        "a a a a a a a a a a",
        "in the the the of of",
        "5000000 years ago",
        "2000000 centuries later",
        "the 9th century bc",
        "0 days later",
        "İ 12 March",
        "ß-1990-94",
    ] {
        let _ = times(text, Some("2021-03-17"));
        let _ = times(text, None);
    }
}

/// Not a test of right or wrong: `cargo test --release -p casus-engine time_speed -- --ignored --nocapture`.
#[test]
#[ignore = "measures"]
fn time_speed() {
    let text = "On 12 March 1999 four farmers left Beya for the hills in the north of the district. Two days later, \
                the council said that the road between Lodo and Tarna had been closed since May, and that it \
                would open again early next year if the rain stopped. "
        .repeat(2000);
    let report = Report { text, language: Some("en".to_owned()), ..Report::default() };
    let traced = casus().read_traced(&report);
    let start = std::time::Instant::now();
    let found = find(&casus().resources().mention.time, &traced.document).len();
    let seconds = start.elapsed().as_secs_f64();
    eprintln!("{found} times, {:.1} million characters a second", report.text.len() as f64 / seconds / 1e6);
}
