//! Task `actors`: `{id, country, code_1, code_2}`, empty string for none.
//!
//! `query_date`, in the row or in its `kwargs`, is any wording of a date; none or "today" is the
//! register's own date.

use anyhow::Result;
use casus_engine::{Casus, Date, Report, mention::actor};
use serde_json::{Value, json};

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    let phrase = document["text"].as_str().unwrap_or_default();
    let context = document["context"].as_str().unwrap_or_default();
    let wording = document["query_date"].as_str().or_else(|| document["kwargs"]["query_date"].as_str());
    let day = wording.and_then(|wording| day(casus, wording)).unwrap_or(actor::AS_OF);
    let codes = actor::code(casus.resources(), phrase, context, day).unwrap_or_default();
    let sector = |index: usize| codes.sectors.get(index).map_or("", String::as_str);
    Ok(json!({ "id": document["id"], "country": codes.country, "code_1": sector(0), "code_2": sector(1) }))
}

/// The first day of what the words say, read as casus reads any time.
fn day(casus: &Casus, wording: &str) -> Option<Date> {
    let report = Report { id: "date".to_owned(), text: wording.to_owned(), ..Report::default() };
    let times = casus.read_traced(&report).mentions.times;
    times.iter().find_map(|time| time.when.as_ref().and_then(|when| when.earliest))
}
