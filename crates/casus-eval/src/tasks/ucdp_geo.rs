//! Task `ucdp-geo`: `{id, where_prec}` of a phrase that tells where.

use anyhow::{Context, Result};
use casus_engine::{Casus, Report, mention::place};
use casus_export::geo_precision::ucdp_where_prec;
use serde_json::{Value, json};

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    let phrase = document["phrase"].as_str().context("no phrase")?;
    let report = Report { text: phrase.to_owned(), language: Some("en".to_owned()), ..Report::default() };
    let traced = casus.read_traced(&report);
    let places: Vec<_> = traced
        .mentions
        .places
        .iter()
        .filter(|mention| mention.usage == place::Use::Place)
        .map(|mention| {
            place::to_where(casus.resources().places(), mention, &traced.document, &traced.mentions)
        })
        .collect();
    Ok(json!({ "id": document["id"], "where_prec": ucdp_where_prec(&places) }))
}
