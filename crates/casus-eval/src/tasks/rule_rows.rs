//! Tasks `duckling` and `recognizers`: `{id, times: [{start, end, value, earliest, latest, grain, basis,
//! modifier, alternatives}]}`. A row is a short text with the day it was spoken on.

use anyhow::{Context, Result};
use casus_engine::{Casus, Report};
use serde_json::{Value, json};

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    let text = document["text"].as_str().context("no text")?;
    let published = document["ref"].as_str().and_then(|day| day.get(..10)).and_then(|day| day.parse().ok());
    let language = language(document).map(str::to_owned);
    let report = Report { text: text.to_owned(), published, language, ..Report::default() };
    let traced = casus.read_traced(&report);
    let points = |byte: u32| text.get(..byte as usize).map_or(0, |before| before.chars().count());
    let times: Vec<Value> = traced
        .mentions
        .times
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
            })
        })
        .collect();
    Ok(json!({ "id": document["id"], "times": times }))
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
