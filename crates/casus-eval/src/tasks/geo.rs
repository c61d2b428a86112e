//! Tasks `geo` and `geo-gold`: `{docid, toponyms: [{start, end, text, lat, lon, geonameid}]}`.

use anyhow::Result;
use casus_engine::Casus;
use serde_json::{Value, json};

pub(crate) fn predict(_casus: &Casus, document: &Value) -> Result<Value> {
    Ok(json!({ "docid": document["docid"], "toponyms": [] }))
}

/// The same for the spans that the document gives.
pub(crate) fn predict_gold(_casus: &Casus, document: &Value) -> Result<Value> {
    Ok(json!({ "docid": document["docid"], "toponyms": [] }))
}
