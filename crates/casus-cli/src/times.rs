//! `casus time`: the times of a report, the days they stand for, and why.
//!
//! ```text
//! at     words           days                      value            calendar   why
//! 3      12 March 1999   1999-03-12                1999-03-12       gregorian  stated
//! ```

use crate::{
    Failure, Status, args,
    listing::{columns, received, word, words},
    print, remark,
};
use casus_engine::{
    Casus, Options, Report, Times, When,
    mention::time::{TimeMention, TimexKind},
};
use serde_json::json;
use std::fmt::Write;

/// Lists the times of a report or of an utterance.
pub(crate) fn times(args: &args::Time) -> Result<Status, Failure> {
    let casus = Casus::embedded()?;
    let casus = casus.with_options(Options { hijri: args.hijri.into(), ..Options::default() });
    if let (Some(words), Some(now)) = (&args.utterance, args.now) {
        let report = Report { text: words.clone(), ..Report::default() };
        return listed(args, &casus, &casus.utterance(&report, now));
    }
    let Some(file) = &args.file else { return Ok(Status::NOTHING) };
    let (reports, status) = received(file, &args.source)?;
    let mut undated = false;
    for (index, report) in reports.iter().enumerate() {
        let times = casus.times(&report.report);
        if reports.len() > 1 && args.format == args::TimeFormat::Table {
            let parted = if index > 0 { "\n" } else { "" };
            print(&format!("{parted}{}\n", report.report.id))?;
        }
        undated |= times.published.is_none() && times.mentions.iter().any(is_open);
        listed(args, &casus, &times)?;
    }
    if undated {
        remark(&"some words count from a day that the report does not tell: --published gives it");
    }
    Ok(status)
}

/// Whether a date or time of day has no day.
fn is_open(mention: &TimeMention) -> bool {
    matches!(mention.kind, TimexKind::Date | TimexKind::Time)
        && mention.when.is_none()
        && mention.value.contains("XX")
}

fn listed(args: &args::Time, casus: &Casus, times: &Times<'_>) -> Result<Status, Failure> {
    match args.format {
        args::TimeFormat::Table => print(&table(times))?,
        args::TimeFormat::Jsonl => print(&json_lines(casus, times))?,
    };
    Ok(Status::ALL)
}

fn json_lines(casus: &Casus, times: &Times<'_>) -> String {
    let mut out = String::new();
    for mention in &times.mentions {
        let line = json!({
            "report": times.document.report.id,
            "start": mention.span.start,
            "end": mention.span.end,
            "text": times.document.slice(mention.span),
            "type": kind(mention.kind),
            "value": mention.value,
            "when": mention.when,
            "clock": mention.clock.map(|clock| json!({
                "from": clock.from.to_string(),
                "to": clock.to.to_string(),
                "zone_minutes": clock.zone,
                "alternative": clock.alternative.map(|(from, to)| [from.to_string(), to.to_string()]),
            })),
            "recalled": mention.recalled,
            "pattern": casus.pattern(&times.document, mention),
            "because": times.because(mention),
        });
        let _ = writeln!(out, "{line}");
    }
    out
}

fn kind(kind: TimexKind) -> &'static str {
    match kind {
        TimexKind::Date => "DATE",
        TimexKind::Time => "TIME",
        TimexKind::Duration => "DURATION",
        TimexKind::Set => "SET",
    }
}

fn table(times: &Times<'_>) -> String {
    if times.mentions.is_empty() {
        return "no times\n".to_owned();
    }
    let mut rows = vec![["at", "words", "days", "value", "calendar", "why"].map(str::to_owned)];
    for mention in &times.mentions {
        let when = mention.when.as_ref();
        rows.push([
            mention.span.start.to_string(),
            words(&times.document, mention.span),
            stretch(mention).or_else(|| when.map(days)).unwrap_or_else(|| "-".to_owned()),
            mention.value.clone(),
            when.map_or_else(|| "-".to_owned(), calendar),
            times.because(mention),
        ]);
    }
    columns(&rows)
}

/// The moments of a stretch of the clock: "2024-03-14 16:00 to 17:00".
fn stretch(mention: &TimeMention) -> Option<String> {
    let clock = mention.clock.filter(|clock| clock.from < clock.to)?;
    let minute = |at: casus_engine::DateTime| at.strftime("%H:%M").to_string();
    let day = |at: casus_engine::DateTime| at.date().to_string();
    let end = if clock.from.date() == clock.to.date() { String::new() } else { day(clock.to) + " " };
    Some(format!("{} {} to {end}{}", day(clock.from), minute(clock.from), minute(clock.to)))
}

fn days(when: &When) -> String {
    match (when.earliest, when.latest) {
        (Some(first), Some(last)) if first == last => first.to_string(),
        (Some(first), Some(last)) => format!("{first} to {last}"),
        (Some(first), None) => format!("from {first}"),
        (None, Some(last)) => format!("until {last}"),
        (None, None) => "-".to_owned(),
    }
}

fn calendar(when: &When) -> String {
    word(&when.calendar)
}
