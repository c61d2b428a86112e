//! Task `event-location`: `{docid, locations: [{start, end, text}]}`, the places of the event that a
//! given verb tells; and the learning of the weights that casus chooses them by.

mod learn;
mod marks;

use super::geo::Offsets;
use anyhow::{Context, Result};
use casus_engine::{Casus, Report, Traced, text::TokenId};
use serde_json::{Value, json};
use std::ops::Range;

pub(crate) use learn::{learn, offers};
pub(crate) use marks::{meet, repaired, spans};

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    let report = report(document)?;
    let offsets = Offsets::new(&report.text);
    let traced = casus.read_traced(&report);
    // A sentence without a verb to ask for tells no event.
    let Some(verb) = verb(document, &offsets, &traced)? else {
        return Ok(json!({ "docid": document["docid"], "locations": [] }));
    };
    let choices = casus.scene(&traced, verb);
    let locations: Vec<Value> = choices
        .best(|_| true)
        .iter()
        .map(|site| {
            let span = traced.document.span(&site.tokens);
            json!({
                "start": offsets.code_point(span.start),
                "end": offsets.code_point(span.end),
                "text": traced.document.slice(span),
            })
        })
        .collect();
    Ok(json!({
        "docid": document["docid"],
        "locations": locations,
        "event": event(&traced, &offsets, &choices.verb),
    }))
}

/// The places of the event that casus makes of the verb; null if it makes none.
fn event(traced: &Traced<'_>, offsets: &Offsets, verb: &Range<TokenId>) -> Value {
    let tells = |&frame: &usize| {
        let tokens = &traced.frames.frames[frame].tokens;
        tokens.start < verb.end && verb.start < tokens.end
    };
    let Some(draft) = traced.drafts.iter().find(|draft| draft.frames.iter().any(&tells)) else {
        return Value::Null;
    };
    let places = draft.places.iter().map(|&place| traced.frames.place(&traced.mentions, place).span);
    let spans = places
        .map(|span| json!({ "start": offsets.code_point(span.start), "end": offsets.code_point(span.end) }));
    json!({ "locations": spans.collect::<Vec<_>>() })
}

fn report(document: &Value) -> Result<Report> {
    let text = document["text"].as_str().context("no text")?.to_owned();
    Ok(Report { text, language: Some("en".to_owned()), ..Report::default() })
}

/// The tokens of the verb that is asked for.
fn verb(document: &Value, offsets: &Offsets, traced: &Traced<'_>) -> Result<Option<Range<TokenId>>> {
    let Some(verb) = document["verb"].get(0) else { return Ok(None) };
    let at = |field: &str| verb[field].as_u64().map(|at| offsets.byte(at)).context("no offset of the verb");
    let (start, end) = (at("start")?, at("end")?);
    let tokens = &traced.document.tokens;
    let first = tokens.partition_point(|token| token.span.end <= start) as u32;
    let last = tokens.partition_point(|token| token.span.start < end) as u32;
    Ok(Some(first..last.max(first + 1)))
}
