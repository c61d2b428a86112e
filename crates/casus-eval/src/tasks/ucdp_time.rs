//! Task `ucdp-time`: `{id, date_start, date_end, date_prec}`.

use anyhow::Result;
use casus_engine::Casus;
use serde_json::{Value, json};

pub(crate) fn predict(_casus: &Casus, document: &Value) -> Result<Value> {
    Ok(json!({ "id": document["id"], "date_start": null, "date_end": null, "date_prec": null }))
}
