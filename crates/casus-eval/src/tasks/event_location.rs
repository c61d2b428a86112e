//! Task `event-location`: `{docid, locations: [{start, end, text}]}`, the places of the event that a
//! given verb tells.

use super::geo::Offsets;
use anyhow::{Context, Result};
use casus_engine::{Casus, Report, resolve::site};
use serde_json::{Value, json};

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    let text = document["text"].as_str().context("no text")?.to_owned();
    let report = Report { text, language: Some("en".to_owned()), ..Report::default() };
    let offsets = Offsets::new(&report.text);
    // A sentence without a verb to ask for tells no event.
    let Some(verb) = document["verb"].get(0) else {
        return Ok(json!({ "docid": document["docid"], "locations": [] }));
    };
    let at = |field: &str| verb[field].as_u64().map(|at| offsets.byte(at)).context("no offset of the verb");
    let (start, end) = (at("start")?, at("end")?);
    let traced = casus.read_traced(&report);
    let tokens = &traced.document.tokens;
    let first = tokens.partition_point(|token| token.span.end <= start) as u32;
    let last = tokens.partition_point(|token| token.span.start < end) as u32;
    let sites = site::of_event(
        casus.resources().sites(),
        &traced.document,
        &traced.mentions,
        &(first..last.max(first + 1)),
    );
    let locations: Vec<Value> = sites
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
    Ok(json!({ "docid": document["docid"], "locations": locations }))
}
