//! Task `time`: `{docid, timexes: [{start, end, type, value}]}`.

use anyhow::{Context, Result};
use casus_engine::{Casus, Report, mention::time::TimexKind};
use serde_json::{Value, json};

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    let text = document["text"].as_str().context("no text")?;
    // Some creation times carry a time of day; the report has the day.
    let published = document["dct"].as_str().and_then(|day| day.get(..10)).and_then(|day| day.parse().ok());
    let report =
        Report { text: text.to_owned(), published, language: Some("en".to_owned()), ..Report::default() };
    let times = casus.times(&report);
    let (mut at_byte, mut at_point) = (0usize, 0usize);
    let mut points = |byte: u32| {
        // Times come in text order, so one pass over the text serves all of them.
        let byte = byte as usize;
        at_point += text[at_byte..byte].chars().count();
        at_byte = byte;
        at_point
    };
    let timexes: Vec<Value> = times
        .mentions
        .iter()
        .map(|time| {
            let kind = match time.kind {
                TimexKind::Date => "DATE",
                TimexKind::Time => "TIME",
                TimexKind::Duration => "DURATION",
                TimexKind::Set => "SET",
            };
            let (start, end) = (points(time.span.start), points(time.span.end));
            json!({ "start": start, "end": end, "type": kind, "value": time.value })
        })
        .collect();
    Ok(json!({ "docid": document["docid"], "timexes": timexes }))
}
