//! Tasks `duckling` and `recognizers`: `{id, times: [{start, end, value, earliest, latest, grain, basis,
//! modifier, alternatives, moments}]}`. A row is a short text with the moment at which it was said, so it is read as
//! an utterance. `moments` are stretches of the clock, the second with the other half of the day where the words do
//! not tell which; a zone that they tell is already reckoned into that of the speaker.

use anyhow::{Context, Result};
use casus_engine::{Casus, DateTime, Report, mention::time::TimeMention};
use jiff::ToSpan;
use serde_json::{Value, json};

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    let text = document["text"].as_str().context("no text")?;
    let language = language(document).map(str::to_owned);
    let reference = document["ref"].as_str().unwrap_or_default();
    let said: Option<DateTime> = reference.get(..19).and_then(|moment| moment.parse().ok());
    let report = Report { text: text.to_owned(), language, ..Report::default() };
    let times = match said {
        Some(said) => casus.utterance(&report, said),
        None => casus.times(&report),
    };
    let east = offset(reference);
    let points = |byte: u32| text.get(..byte as usize).map_or(0, |before| before.chars().count());
    let times: Vec<Value> = times
        .mentions
        .iter()
        .map(|time| {
            let when = time.when.as_ref();
            let mut alternatives: Vec<Value> = Vec::new();
            for (from, to) in when.iter().flat_map(|when| &when.alternatives) {
                alternatives.push(json!([from.to_string(), to.to_string()]));
            }
            json!({
                "start": points(time.span.start),
                "end": points(time.span.end),
                "value": time.value,
                "earliest": when.and_then(|when| when.earliest),
                "latest": when.and_then(|when| when.latest),
                "grain": when.map(|when| when.grain),
                "basis": when.map(|when| when.basis),
                "modifier": when.and_then(|when| when.modifier),
                "alternatives": alternatives,
                "moments": moments(time, east),
            })
        })
        .collect();
    Ok(json!({ "id": document["id"], "times": times }))
}

/// Minutes east of Greenwich of the speaker: "2013-02-12T04:30:00-02:00"; 0 where none are told.
fn offset(reference: &str) -> i64 {
    let part = |from, to| reference.get(from..to).and_then(|digits| digits.parse::<i64>().ok());
    let sign = if reference.get(19..20) == Some("-") { -1 } else { 1 };
    sign * (part(20, 22).unwrap_or(0) * 60 + part(23, 25).unwrap_or(0))
}

/// The stretches of the clock that a time may be, by the speaker's clock.
fn moments(time: &TimeMention, east: i64) -> Vec<Value> {
    let Some(clock) = time.clock else { return Vec::new() };
    let by = clock.zone.map_or(0, |zone| east - i64::from(zone));
    let here = |moment: DateTime| moment.checked_add(by.minutes()).unwrap_or(moment).to_string();
    let both = [Some((clock.from, clock.to)), clock.alternative];
    both.into_iter().flatten().map(|(from, to)| json!([here(from), here(to)])).collect()
}

/// The language of a row: its `lang` ("EN_US"), or the folder of its specification ("DateTime/French/…").
fn language(document: &Value) -> Option<&str> {
    if let Some(lang) = document["lang"].as_str() {
        return lang.split('_').next();
    }
    document["id"].as_str()?.split('/').find_map(|part| {
        Some(match part {
            "English" => "en",
            "Arabic" => "ar",
            "French" => "fr",
            "Spanish" => "es",
            _ => return None,
        })
    })
}
