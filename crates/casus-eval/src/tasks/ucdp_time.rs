//! Task `ucdp-time`: `{id, date_start, date_end, date_prec}`.

use anyhow::{Context, Result};
use casus_engine::{Casus, Report};
use casus_export::precision::ucdp;
use serde_json::{Value, json};

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    let phrase = document["phrase"].as_str().context("no phrase")?;
    let published = document["report_date"].as_str().and_then(|day| day.parse().ok());
    let report =
        Report { text: phrase.to_owned(), published, language: Some("en".to_owned()), ..Report::default() };
    let traced = casus.read_traced(&report);
    let when = traced.mentions.times.iter().filter_map(|time| time.when.as_ref()).find_map(|when| {
        let date = ucdp(Some(when), published)?;
        Some(json!({
            "id": document["id"],
            "date_start": date.start.to_string(),
            "date_end": date.end.to_string(),
            "date_prec": date.precision,
        }))
    });
    Ok(when.unwrap_or_else(
        || json!({ "id": document["id"], "date_start": null, "date_end": null, "date_prec": null }),
    ))
}
