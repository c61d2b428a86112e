//! What each field of a release could be, with what speaks for it.

use super::{Candidates, Fields, rules};
use casus_engine::{Date, Event, LossOutcome, Traced, mention::time::TimeMention};
use jiff::ToSpan;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Fields that say yes or no.
const FLAGS: [&str; 5] = ["killq", "captureq", "killcaptureraid", "airstrike", "noshotsfired"];
const EVENT_TYPES: [&str; 5] =
    ["detention", "insurgentskilled", "captureandkill", "airstrike", "civiliancasualty"];
const GROUPS: [&str; 6] = ["", "taliban", "haqqani", "imu", "hig", "aq"];
/// Years of the releases, for one that names none.
const YEARS: std::ops::RangeInclusive<i16> = 2009..=2014;

pub(super) fn of(traced: &Traced<'_>, ruled: &Value) -> Fields {
    let words = words(traced);
    let mut fields = Fields::new();
    fields.insert("start_date", start_date(traced, ruled, &words));
    fields.insert("province", alone(&ruled["province"]));
    fields.insert("event_type", labels(&EVENT_TYPES, &ruled["event_type"], ruled, &words));
    fields.insert("target_group", labels(&GROUPS, &ruled["target_group"], ruled, &words));
    for flag in FLAGS {
        let mut candidates = Candidates::default();
        for answer in [false, true] {
            let rule = format!("{answer} rule {}", ruled[flag]);
            candidates.offer(json!(answer), told(ruled, &answer.to_string()).into_iter().chain([rule]));
            candidates.offer_words(json!(answer), words.iter().map(|word| format!("{answer} {word}")));
        }
        fields.insert(flag, candidates);
    }
    for (field, outcome, leaders) in [
        ("min_killed", LossOutcome::Killed, false),
        ("min_captured", LossOutcome::Captured, false),
        ("min_leaders_killed", LossOutcome::Killed, true),
        ("min_leaders_captured", LossOutcome::Captured, true),
    ] {
        fields.insert(field, count(traced, &ruled[field], ruled, outcome, leaders, &words));
    }
    fields
}

fn alone(value: &Value) -> Candidates {
    let mut candidates = Candidates::default();
    candidates.offer(value.clone(), []);
    candidates
}

/// The words of the body, and those of the title marked as such; no numbers.
fn words(traced: &Traced<'_>) -> BTreeSet<String> {
    let document = &traced.document;
    let body = document.dateline.as_ref().map_or(0, |dateline| dateline.tokens.end);
    let mut out = BTreeSet::new();
    for token in 0..document.tokens.len() as u32 {
        let norm = document.norm(token);
        if norm.chars().all(char::is_alphabetic) {
            out.insert(if token < body { format!("t:{norm}") } else { norm.to_owned() });
        }
    }
    out
}

/// What the rules made of the other fields, for an answer.
fn told(ruled: &Value, answer: &str) -> Vec<String> {
    let some = |field: &str| ruled[field].as_u64().unwrap_or(0).min(3);
    vec![
        format!("{answer} killed {}", some("min_killed")),
        format!("{answer} captured {}", some("min_captured")),
        format!("{answer} killed {} captured {}", some("min_killed").min(1), some("min_captured").min(1)),
        format!("{answer} airstrike {}", ruled["airstrike"]),
        format!("{answer} raid {}", ruled["killcaptureraid"]),
    ]
}

fn labels(all: &[&str], by_rule: &Value, ruled: &Value, words: &BTreeSet<String>) -> Candidates {
    let mut candidates = Candidates::default();
    for label in all {
        let rule = format!("rule {}", by_rule == &json!([label]));
        let pair = format!("{label} rule {by_rule}");
        candidates.offer(json!([label]), told(ruled, label).into_iter().chain([rule, pair]));
        candidates.offer_words(json!([label]), words.iter().map(|word| format!("{label} {word}")));
    }
    candidates
}

/// Numbers up to five, and every number that a loss or a sum of losses gives.
fn count(
    traced: &Traced<'_>,
    by_rule: &Value,
    ruled: &Value,
    outcome: LossOutcome,
    leaders: bool,
    words: &BTreeSet<String>,
) -> Candidates {
    let mut candidates = Candidates::default();
    let rule = by_rule.as_u64().unwrap_or(0);
    for value in 0..=5_u64 {
        let mut features = vec![format!("{value}"), format!("{value} rule {}", rule.min(6))];
        features.extend(told(ruled, &value.to_string()));
        candidates.offer(json!(value), features);
        candidates.offer_words(json!(value), words.iter().map(|word| format!("{value} {word}")));
    }
    candidates.offer(json!(rule), ["rule".to_owned()]);
    let news: Vec<&Event> =
        traced.reading.events.iter().filter(|e| rules::is_news(e, traced.published)).collect();
    let losses = news.iter().flat_map(|event| &event.losses).filter(|loss| {
        loss.outcome.contains(&outcome)
            && (!leaders || loss.who.attributes.iter().any(|attribute| attribute == "leader"))
    });
    let mut sum = 0;
    for (place, loss) in losses.enumerate() {
        let value = rules::minimum(&loss.count);
        sum += if loss.included_in.is_none() { value } else { 0 };
        let stated = loss.count.stated.to_lowercase();
        candidates.offer(
            json!(value),
            [
                format!("loss {}", place.min(3)),
                format!("loss {:?}", loss.count.operator),
                format!("said of {}", loss.who.class),
            ],
        );
        // What the coders count for "several" or "multiple".
        for low in 0..=5_u64 {
            candidates.offer(json!(low), [format!("{low} stated {stated}")]);
        }
        candidates.offer(json!(sum), [format!("sum of {}", place.min(3) + 1)]);
    }
    candidates.offer(json!(sum), ["sum of all".to_owned()]);
    told_losses(&news, outcome, leaders, &mut candidates);
    candidates
}

/// What the losses of the other side are to each other: a release often sums up first and tells one by one
/// then, so that a figure is a part of a sum, a sum, or the whole.
fn told_losses(news: &[&Event], outcome: LossOutcome, leaders: bool, candidates: &mut Candidates) {
    let values = |event: &&Event| {
        let mut figures = BTreeSet::new();
        let counted = event.losses.iter().filter(|loss| {
            loss.outcome.contains(&outcome)
                && loss.included_in.is_none()
                && !rules::is_own(&loss.who.class)
                && (!leaders || loss.who.attributes.iter().any(|attribute| attribute == "leader"))
        });
        let rows = counted.filter(|loss| figures.insert(loss.figure));
        rows.map(|loss| rules::minimum(&loss.count)).collect::<Vec<u64>>()
    };
    let told: Vec<Vec<u64>> = news.iter().map(values).filter(|values| !values.is_empty()).collect();
    let sums: Vec<u64> = told.iter().map(|values| values.iter().sum()).collect();
    let (Some(first), Some(last), Some(most)) = (sums.first(), sums.last(), sums.iter().max()) else {
        candidates.offer(json!(0), ["no loss".to_owned()]);
        return;
    };
    let events = told.len().min(3);
    candidates.offer(
        json!(first),
        [
            "first event".to_owned(),
            format!("first event of {events}"),
            format!("first event sum of {}", told[0].len().min(3)),
        ],
    );
    candidates.offer(json!(last), [format!("last event of {events}")]);
    candidates.offer(json!(most), [format!("largest event of {events}")]);
    let all: usize = told.iter().map(Vec::len).sum();
    let losses = told.iter().flat_map(|values| values.iter().map(|&value| (value, values.len())));
    for (place, (value, beside)) in losses.enumerate() {
        candidates.offer(
            json!(value),
            [format!("one of {}", beside.min(3)), format!("loss {} of {}", place.min(3), all.min(4))],
        );
    }
}

/// Words of a release that place its operation in the day or the week.
const RELATIVE: [&str; 7] = ["yesterday", "today", "overnight", "last", "morning", "night", "evening"];
/// Words of a title that tell what kind of release it is.
const KINDS: [&str; 6] = ["t:update", "t:morning", "t:evening", "t:release", "t:news", "t:download"];

/// The days around every day that the release names; where no year is told, those of each year.
fn start_date(traced: &Traced<'_>, ruled: &Value, words: &BTreeSet<String>) -> Candidates {
    let mut days = Days {
        candidates: Candidates::default(),
        relative: RELATIVE.into_iter().filter(|&word| words.contains(word)).collect(),
        kind: KINDS.into_iter().filter(|&word| words.contains(word)).collect::<Vec<_>>().join(" "),
        published: traced.published,
        words,
    };
    if let Some(day) = ruled["start_date"].as_str().and_then(|day| day.parse().ok()) {
        days.offer(day, "rule");
    }
    if let Some(published) = traced.published {
        days.offer(published, "published");
    }
    let events = traced.reading.events.iter().filter(|e| rules::is_news(e, traced.published));
    for (place, when) in events.filter_map(|event| event.when.as_ref()).take(2).enumerate() {
        for (end, day) in [("from", when.earliest), ("to", when.latest)] {
            if let Some(day) = day {
                days.offer(day, &format!("event {place} {end}"));
            }
        }
    }
    if traced.published.is_none()
        && let Some(number) = Number::of(traced.document.text())
    {
        days.offer_month(&number);
    }
    for time in &traced.mentions.times {
        if let Some(day) = time.when.as_ref().and_then(|when| when.earliest) {
            days.offer(day, "named");
        } else if let Some((month, day)) = yearless(time) {
            for year in YEARS {
                if let Ok(date) = Date::new(year, month, day) {
                    days.offer(date, "yearless");
                }
            }
        }
    }
    days.candidates
}

/// Month and day of a date whose year is not known ("XXXX-01-28").
fn yearless(time: &TimeMention) -> Option<(i8, i8)> {
    let (month, day) = time.value.strip_prefix("XXXX-")?.split_once('-')?;
    Some((month.parse().ok()?, day.get(..2)?.parse().ok()?))
}

/// The number of a release ("2011-07-S-039"): releases were numbered through each month.
#[derive(Debug, Clone)]
pub(super) struct Number {
    year: i16,
    month: i8,
    series: String,
    number: u16,
}

impl Number {
    fn parse(word: &str) -> Option<Number> {
        let mut parts = word.splitn(4, '-');
        let (year, month, series, number) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let series = matches!(series, "S" | "CA").then(|| series.to_owned())?;
        Some(Number {
            year: year.parse().ok()?,
            month: month.parse().ok()?,
            series,
            number: number.parse().ok()?,
        })
    }

    /// The number that a text bears.
    pub(super) fn of(text: &str) -> Option<Number> {
        text.split_whitespace().find_map(Number::parse)
    }
}

/// Days of coded releases by their numbers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Calendar(BTreeMap<String, Vec<(u16, Date)>>);

impl Calendar {
    pub(super) fn new<'a>(coded: impl Iterator<Item = (&'a Number, Date)>) -> Calendar {
        let mut calendar = Calendar::default();
        for (number, day) in coded {
            calendar.0.entry(number.month()).or_default().push((number.number, day));
        }
        calendar.0.values_mut().for_each(|days| days.sort_unstable());
        calendar
    }

    /// The days about that on which a number was reached, as candidates for a release without a date: between
    /// those of the numbers coded next to it. None if nothing near was coded.
    pub(super) fn days(&self, number: &Number) -> Option<Candidates> {
        let coded = self.0.get(&number.month())?;
        let before = coded.iter().rev().find(|(other, _)| *other <= number.number);
        let behind = coded.iter().find(|(other, _)| *other >= number.number);
        let (from, first) = match before {
            Some(&(other, day)) => (other, day),
            None => (0, Date::new(number.year, number.month, 1).ok()?.yesterday().ok()?),
        };
        let day = match behind {
            Some(&(other, _)) if other == from => first,
            Some(&(other, day)) => {
                let share = f64::from(number.number - from) / f64::from(other - from);
                step(first, (rules::days(first, day) as f64 * share).round_ties_even() as i32)?
            }
            None if number.number - from <= FAR => first,
            None => return None,
        };
        let mut candidates = Candidates::default();
        for off in -2..=2 {
            if let Some(day) = step(day, off) {
                candidates.offer(json!(day.to_string()), [format!("undated {off}")]);
            }
        }
        Some(candidates)
    }
}

impl Number {
    fn month(&self) -> String {
        format!("{}-{:02}-{}", self.year, self.month, self.series)
    }
}

/// Behind the last number coded of a month, a number this much higher is of another day.
const FAR: u16 = 6;

/// A day so many days later.
fn step(day: Date, days: i32) -> Option<Date> {
    day.checked_add(days.days()).ok()
}

/// Collects the days that a release may mean.
struct Days<'a> {
    candidates: Candidates,
    relative: Vec<&'static str>,
    kind: String,
    published: Option<Date>,
    words: &'a BTreeSet<String>,
}

impl Days<'_> {
    /// Every day of the month that a release's number tells, by how many releases a day that makes.
    fn offer_month(&mut self, number: &Number) {
        for day in 1..=31_i8 {
            let Ok(date) = Date::new(number.year, number.month, day) else { continue };
            let rate = f64::from(number.number) / f64::from(day);
            let mut features = vec![
                format!("rate {} {} {:.0}", number.year, number.series, rate.ln() * 6.0),
                "month".to_owned(),
            ];
            if self.words.contains(&weekday(date)) {
                features.push("weekday in month".to_owned());
            }
            self.candidates.offer(json!(date.to_string()), features);
        }
    }

    /// A day that the release names, and those about it that coders may take for it.
    fn offer(&mut self, named: Date, source: &str) {
        let quarter = format!("{} {}", named.year(), (named.month() - 1) / 3);
        for off in -3..=3_i32 {
            let step = |day: Date| if off < 0 { day.yesterday() } else { day.tomorrow() };
            let Ok(day) = (0..off.abs()).try_fold(named, |day, _| step(day)) else { continue };
            let base = format!("{source} {off}");
            let mut features = vec![base.clone(), format!("{base} {}", self.kind)];
            features.push(format!("{base} {quarter} {}", self.kind));
            for word in &self.relative {
                features.push(format!("{base} {word}"));
                features.push(format!("{base} {word} {}", self.kind));
                features.push(format!("{base} {word} {quarter}"));
            }
            match self.published {
                Some(published) => {
                    features.push(format!("behind {}", rules::days(day, published).clamp(-3, 8)));
                }
                None => {
                    let of_year = self.words.iter().map(|word| format!("in {} {word}", day.year()));
                    self.candidates.offer_words(json!(day.to_string()), of_year);
                }
            }
            if self.words.contains(&weekday(day)) {
                features.push("weekday named".to_owned());
            }
            self.candidates.offer(json!(day.to_string()), features);
        }
    }
}

fn weekday(day: Date) -> String {
    format!("{:?}", day.weekday()).to_lowercase()
}
