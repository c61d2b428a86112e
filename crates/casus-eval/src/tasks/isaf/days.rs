//! The day on which an operation began, as the data set's coders count it.
//!
//! The words of a release say a day ("yesterday", counted from the day of publication). Coders take another by habit, for
//! weeks on end the same: how releases of about the same days were coded tells more of the next one than its words do. So
//! coded releases are kept with their days ([`Coded`]), and what they make of the words is what speaks for a candidate.
//!
//! A release without a day of publication has one by its number, between the coded numbers next to it, or, where it tells
//! month and day alone, in each of the years of the releases.

use super::{Candidates, rules};
use casus_engine::{Date, Traced, When, mention::time::TimeMention, text::Document};
use jiff::{ToSpan, civil::Weekday};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// Days about a named one that coders may take for it.
const ABOUT: std::ops::RangeInclusive<i32> = -3..=3;
/// How far back a release reaches, in days.
const REACH: i64 = 14;

const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// What a release says of its day.
pub(super) struct Told {
    published: Option<Date>,
    /// The day that the words say.
    plain: Option<Date>,
    number: Option<Number>,
    words: Words,
    /// Days of the week that the release names anywhere.
    weekdays: Vec<Weekday>,
    /// Month and day of a date without a year.
    yearless: Option<(i8, i8)>,
    /// Whether that date opens the release.
    titled: bool,
}

impl Told {
    pub(super) fn new(traced: &Traced<'_>) -> Told {
        let document = &traced.document;
        let times = &traced.mentions.times;
        let yearless = times.iter().find_map(|time| {
            let head = document.dateline.as_ref().is_some_and(|line| time.tokens.end <= line.tokens.end);
            Some((time, month_and_day(time, traced.published.is_none() && head)?))
        });
        let all = document.tokens.iter().enumerate();
        Told {
            published: traced.published,
            plain: plain(traced),
            number: Number::of(document.text()),
            words: Words::of(document),
            weekdays: all.filter_map(|(at, _)| weekday(document.norm(at as u32))).collect(),
            yearless: yearless.map(|(_, day)| day),
            titled: yearless.is_some_and(|(time, _)| time.tokens.start == 0),
        }
    }

    /// The days that the release may mean, with what coded releases make of them.
    pub(super) fn candidates(&self, coded: &Coded) -> Candidates {
        // A date in the words needs no day of publication, and none is taken for it.
        if let (None, Some(plain)) = (self.published, self.plain) {
            let mut date = Candidates::default();
            date.offer(json!(plain.to_string()), []);
            return date;
        }
        let mut days = Days { candidates: Candidates::default(), told: self, coded };
        if let Some(plain) = self.plain {
            days.offer(plain, "rule");
        }
        if let Some(published) = self.published {
            days.offer(published, "published");
            if let Some(plain) = self.plain {
                days.habits(published, plain);
            }
            return days.candidates;
        }
        if let Some(published) = self.number.as_ref().and_then(|number| coded.published(number)) {
            days.suppose(published);
        }
        for year in coded.years() {
            if let Some(date) = self.yearless.and_then(|(month, day)| Date::new(year, month, day).ok()) {
                days.suppose(date);
                days.style(date);
            }
        }
        days.candidates
    }

    /// How the release is to be remembered, once its day is known.
    pub(super) fn coded(&self, day: Date) -> CodedRelease {
        CodedRelease {
            number: self.number.clone(),
            published: self.published,
            plain: self.plain.filter(|_| self.published.is_some()),
            night: self.words.tells_night(),
            // By its words it was published the day after.
            out: self.published.or_else(|| step(day, i32::from(self.words.tells_earlier()))).unwrap_or(day),
            day,
        }
    }
}

/// Month and day of a date whose year is not known ("XXXX-01-28"), or was only supposed.
fn month_and_day(time: &TimeMention, supposed: bool) -> Option<(i8, i8)> {
    let day = match time.value.strip_prefix("XXXX-") {
        Some(day) => day,
        None if supposed => time.value.get(5..)?,
        None => return None,
    };
    let (month, day) = day.split_once('-')?;
    Some((month.parse().ok()?, day.get(..2)?.parse().ok()?))
}

fn weekday(norm: &str) -> Option<Weekday> {
    WEEKDAYS.into_iter().find(|day| format!("{day:?}").eq_ignore_ascii_case(norm))
}

/// Words that count from the day of publication.
const RELATIVE: [&str; 6] = ["yesterday", "today", "overnight", "last", "night", "evening"];

/// The words of time of the first sentence that has some.
#[derive(Default)]
struct Words {
    relative: Vec<&'static str>,
    weekday: Option<Weekday>,
}

impl Words {
    fn of(document: &Document<'_>) -> Words {
        let body = document.dateline.as_ref().map_or(0, |dateline| dateline.tokens.end);
        for sentence in document.sentences.iter().filter(|sentence| sentence.tokens.start >= body) {
            let mut words = Words::default();
            for token in sentence.tokens.clone() {
                let norm = document.norm(token);
                words.relative.extend(RELATIVE.into_iter().find(|&word| word == norm));
                // "Saturday's election" is another day.
                let owner = token + 1 < sentence.tokens.end && document.norm(token + 1) == "'s";
                words.weekday = words.weekday.or(weekday(norm).filter(|_| !owner));
            }
            if !words.relative.is_empty() || words.weekday.is_some() {
                return words;
            }
        }
        Words::default()
    }

    /// Which day a night belongs to is a habit of its own.
    fn tells_night(&self) -> bool {
        ["overnight", "night"].iter().any(|word| self.has(word))
    }

    fn has(&self, word: &str) -> bool {
        self.relative.contains(&word)
    }

    /// Whether they speak of a day before that of publication.
    fn tells_earlier(&self) -> bool {
        self.weekday.is_some() || ["yesterday", "overnight", "night"].iter().any(|word| self.has(word))
    }

    /// The day that they mean in a release published on that day, and how many days a weekday lies back.
    fn day(&self, published: Date) -> (Date, Option<i32>) {
        if let Some(weekday) = self.weekday {
            let back = weekday.until(published.weekday());
            return (step(published, -i32::from(back)).unwrap_or(published), Some(i32::from(back)));
        }
        let today = self.has("today") && !self.has("yesterday");
        let back = !today && ["yesterday", "overnight", "night", "evening"].iter().any(|word| self.has(word));
        (step(published, -i32::from(back)).unwrap_or(published), None)
    }
}

/// How a time of a sentence stands to the operation told there: the least is the first choice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    DayBefore,
    Weekday,
    Date,
    Other,
    Today,
    /// The day of the telling: "confirmed today that".
    OfTelling,
}

/// Nouns of other events whose day is told beside them: "Tuesday's attack", "the July 2 attack".
const OTHERS: [&str; 7] = ["attack", "attacks", "bombing", "bombings", "explosion", "election", "elections"];
const TELLING: [&str; 5] = ["confirmed", "announced", "reported", "said", "confirm"];

/// The day that the words say: of the first sentence that names one within the last two weeks, or else that of
/// publication.
pub(super) fn plain(traced: &Traced<'_>) -> Option<Date> {
    let document = &traced.document;
    let body = document.dateline.as_ref().map_or(0, |dateline| dateline.tokens.end);
    let mut telling = None;
    let times = || traced.mentions.times.iter().filter(|time| time.tokens.start >= body && !time.recalled);
    for sentence in document.sentences.iter().filter(|sentence| sentence.tokens.end > body) {
        let named = times().filter(|time| sentence.tokens.contains(&time.tokens.start)).filter_map(|time| {
            let day = one_day(time.when.as_ref()?)?;
            let near = traced.published.is_none_or(|p| (0..=REACH).contains(&rules::days(day, p)));
            let adjective = time.value.starts_with('P') && time.when.as_ref()?.stated.contains('-');
            let standing = standing(document, time)?;
            // Without a day of publication only a date is known.
            let known = traced.published.is_some() || standing == Standing::Date;
            (near && !adjective && known).then_some((standing, day))
        });
        match named.min_by_key(|(standing, _)| *standing) {
            Some((Standing::OfTelling, day)) => telling = telling.or(Some(day)),
            Some((_, day)) => return Some(day),
            None => {}
        }
    }
    telling.or(traced.published)
}

/// A day or a night; of "the past 24 hours" the data set has the last.
fn one_day(when: &When) -> Option<Date> {
    let (earliest, latest) = (when.earliest?, when.latest?);
    let day = if when.stated.contains("hours") { latest } else { earliest };
    (rules::days(earliest, latest) <= 1).then_some(day)
}

fn standing(document: &Document<'_>, time: &TimeMention) -> Option<Standing> {
    let has = |words: &[&str]| time.tokens.clone().any(|token| words.contains(&document.norm(token)));
    let last = document.tokens.len() as u32;
    let norm = |token: u32| if token < last { document.norm(token) } else { "" };
    let mut behind = time.tokens.end;
    if norm(behind) == "'s" {
        return None;
    }
    while norm(behind) == "," {
        behind += 1;
    }
    let before = time.tokens.start.checked_sub(1).map_or("", norm);
    let weekday = time.tokens.clone().find_map(|token| weekday(document.norm(token)));
    Some(if OTHERS.contains(&norm(behind)) || OTHERS.contains(&before) {
        return None;
    } else if TELLING.contains(&norm(behind)) || TELLING.contains(&before) {
        Standing::OfTelling
    } else if has(&["yesterday", "overnight", "evening"]) || has(&["night"]) && weekday.is_none() {
        Standing::DayBefore
    } else if weekday.is_some() {
        Standing::Weekday
    } else if time.when.as_ref().is_some_and(|when| when.stated.contains(|c: char| c.is_ascii_digit()))
        && !time.value.starts_with('P')
    {
        Standing::Date
    } else if has(&["today", "morning"]) {
        Standing::Today
    } else {
        Standing::Other
    })
}

/// The number of a release ("2011-07-S-039"): releases were numbered through each month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Number {
    /// Year, month and series.
    of: (i16, i8, String),
    number: u16,
}

impl Number {
    fn parse(word: &str) -> Option<Number> {
        let mut parts = word.splitn(4, '-');
        let (year, month, series, number) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let series = matches!(series, "S" | "CA").then(|| series.to_owned())?;
        let of = (year.parse().ok()?, month.parse().ok()?, series);
        Some(Number { of, number: number.parse().ok()? })
    }

    /// The number that a text bears.
    fn of(text: &str) -> Option<Number> {
        text.split_whitespace().find_map(Number::parse)
    }
}

/// A release whose day is known.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct CodedRelease {
    number: Option<Number>,
    published: Option<Date>,
    plain: Option<Date>,
    night: bool,
    /// The day it was published, or about that day.
    out: Date,
    day: Date,
}

/// Releases whose days are known.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Coded(Vec<CodedRelease>);

/// Behind the last number coded of a month, a number this much higher is of another day.
const FAR: u16 = 6;
/// Over how many days a habit of coders fades, and what the words weigh beside it.
const FADES: f64 = 7.0;
const BY_WORDS: f64 = 0.3;
/// Shares of the coded releases of about the same days that do as a candidate does.
const SHARES: [f64; 6] = [0.05, 0.15, 0.3, 0.5, 0.7, 0.85];

impl Coded {
    pub(super) fn new(releases: impl Iterator<Item = CodedRelease>) -> Coded {
        Coded(releases.collect())
    }

    /// The years of the coded releases, for one that names none.
    fn years(&self) -> std::ops::RangeInclusive<i16> {
        let years = || self.0.iter().map(|release| release.out.year());
        years().min().unwrap_or(0)..=years().max().unwrap_or(-1)
    }

    /// The day on which a number was reached: between those of the numbers coded next to it. None if none of its month
    /// was coded.
    fn published(&self, number: &Number) -> Option<Date> {
        let own = self.0.iter().filter_map(|release| {
            let other = release.number.as_ref().filter(|other| other.of == number.of)?;
            Some((other.number, release.out))
        });
        let mut own: Vec<(u16, Date)> = own.collect();
        own.sort_unstable();
        let (first_day, behind) = (
            Date::new(number.of.0, number.of.1, 1).ok()?,
            own.iter().find(|(other, _)| *other >= number.number),
        );
        let before = own.iter().rev().find(|(other, _)| *other <= number.number);
        let (from, day) = before.copied().unwrap_or((1, first_day));
        let gap = number.number.saturating_sub(from);
        match behind {
            Some(&(other, _)) if other <= from => Some(day),
            Some(&(other, next)) => {
                let share = f64::from(gap) / f64::from(other - from);
                step(day, (rules::days(day, next) as f64 * share).round_ties_even() as i32)
            }
            None if before.is_none() || gap <= FAR => before.map(|_| day),
            None => step(day, (f64::from(day.day()) * f64::from(gap) / f64::from(from)).round() as i32),
        }
    }

    /// How many days off their words releases were coded that were published about that day, as shares of one.
    fn habits(&self, published: Date, night: bool) -> BTreeMap<i64, f64> {
        let mut shares: BTreeMap<i64, f64> = BTreeMap::from([(0, BY_WORDS)]);
        for release in self.0.iter().filter(|release| release.night == night) {
            if let (Some(other), Some(plain)) = (release.published, release.plain) {
                let away = rules::days(other, published).abs();
                *shares.entry(rules::days(plain, release.day)).or_default() += (-(away as f64) / FADES).exp();
            }
        }
        let all: f64 = shares.values().sum();
        shares.values_mut().for_each(|share| *share /= all);
        shares
    }
}

/// A day so many days later.
fn step(day: Date, days: i32) -> Option<Date> {
    day.checked_add(days.days()).ok()
}

/// Collects the days that a release may mean.
struct Days<'a> {
    candidates: Candidates,
    told: &'a Told,
    coded: &'a Coded,
}

impl Days<'_> {
    /// A day that the release names, and those about it.
    fn offer(&mut self, named: Date, source: &str) {
        for off in ABOUT {
            let Some(day) = step(named, off) else { continue };
            let mut features = vec![format!("{source} {off}")];
            features.extend(self.told.weekdays.contains(&day.weekday()).then(|| "weekday named".to_owned()));
            self.candidates.offer(json!(day.to_string()), features);
        }
    }

    /// Offers what the release says if it was published on that day.
    fn suppose(&mut self, published: Date) {
        let (plain, back) = self.told.words.day(published);
        self.offer(published, "published");
        self.offer(plain, "rule");
        if let Some(back) = back {
            self.candidates.offer(json!(plain.to_string()), [format!("weekday {back} back")]);
        }
        self.habits(published, plain);
    }

    /// What the coders made of words that say a day.
    fn habits(&mut self, published: Date, plain: Date) {
        let shares = self.coded.habits(published, self.told.words.tells_night());
        let order = |(off, share): &(&i64, &f64)| (**share, -off.abs());
        let first = shares.iter().max_by(|a, b| {
            let (a, b) = (order(a), order(b));
            a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
        });
        let first = first.map(|(&off, _)| off);
        for off in ABOUT {
            let Some(day) = step(plain, off) else { continue };
            let share = shares.get(&i64::from(off)).copied().unwrap_or(0.0);
            let reached = SHARES.into_iter().filter(|&least| share >= least);
            let features = reached.map(|least| format!("habit {least}"));
            let most = (first == Some(i64::from(off))).then(|| "habit of most".to_owned());
            self.candidates.offer(json!(day.to_string()), features.chain(most));
        }
    }

    /// Releases of one make were published in the same months.
    fn style(&mut self, date: Date) {
        let style = match (&self.told.number, self.told.titled) {
            (Some(_), _) => "numbered",
            (None, true) => "titled",
            (None, false) => "plain",
        };
        let (year, month) = (date.year(), date.month());
        let season = year + i16::from(month > 6);
        for off in ABOUT {
            let Some(day) = step(date, off) else { continue };
            self.candidates.offer(
                json!(day.to_string()),
                [
                    format!("{style} {year}"),
                    format!("{style} {year}-{month:02}"),
                    format!("{style} season {season}"),
                ],
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_of_a_day_between_those_coded_next_to_it() {
        let coded = |number: &str, day: &str| CodedRelease {
            number: Number::parse(number),
            published: None,
            plain: None,
            night: false,
            out: day.parse().unwrap(),
            day: day.parse().unwrap(),
        };
        let coded = Coded::new([coded("2011-07-S-011", "2011-07-05")].into_iter());
        let day = |number: &str| Some(coded.published(&Number::parse(number)?)?.to_string());
        assert_eq!(
            day("2011-07-S-001").as_deref(),
            Some("2011-07-01"),
            "a month begins with its first number"
        );
        assert_eq!(day("2011-07-S-006").as_deref(), Some("2011-07-03"));
        assert_eq!(day("2011-07-S-011").as_deref(), Some("2011-07-05"));
        assert_eq!(day("2011-08-S-006"), None, "nothing of its month is coded");
    }
}
