//! Fields of an incident's record: which a person may set, what the machine said of them, and whether the
//! record is still the one that was decided on.

use crate::log::sha256;
use casus_record::{LossOutcome, MaterielOutcome};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Sets fields of a record as a person decided, and keeps what the machine said in `review.machine`. Gives
/// what could not be set. `losses.…` and other tolls stand beside the claims, which are never altered.
pub(crate) fn set(record: &mut Value, values: &BTreeMap<String, Value>) -> Vec<String> {
    let mut refused = Vec::new();
    for (field, value) in values {
        if is_toll(field) {
            refused.extend(no_toll(field, value));
            continue;
        }
        let pointer = format!("/{}", field.replace('.', "/"));
        let kept = ["id", "schema", "events", "claims", "review", "supersedes"];
        let fixed = kept.contains(&field.split('.').next().unwrap_or_default());
        match record.pointer_mut(&pointer).filter(|_| !fixed) {
            Some(place) if place.is_object() || place.is_array() => {
                refused
                    .push(format!("{field} has parts: set one of them, as in {field}.{}", first_part(place)));
            }
            Some(place) => *place = value.clone(),
            None if fixed => refused.push(format!("{field} is not set by hand")),
            None => refused.push(format!("the incident has no field {field}")),
        }
    }
    refused
}

fn first_part(value: &Value) -> String {
    value.as_object().and_then(|object| object.keys().next().cloned()).unwrap_or_else(|| "0".to_owned())
}

/// Whether a field is a figure, of which the record holds claims only.
fn is_toll(field: &str) -> bool {
    field.starts_with("losses.") || field.starts_with("materiel.")
}

/// Why a figure cannot be set so.
fn no_toll(field: &str, value: &Value) -> Option<String> {
    if value.as_u64().is_none() {
        return Some(format!("{field} is a whole number, not {value}"));
    }
    let mut parts = field.split('.');
    let (kind, outcomes) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let known = |outcome: &str| match kind {
        "losses" => serde_json::from_value::<LossOutcome>(outcome.into()).is_ok(),
        _ => serde_json::from_value::<MaterielOutcome>(outcome.into()).is_ok(),
    };
    let strange = outcomes.split('+').find(|outcome| !known(outcome))?;
    Some(format!("{kind} has no {strange:?}; `casus codebook` lists what there is, as in losses.killed"))
}

/// The machine's value of every field that a person may set.
pub(crate) fn seen(record: &Value, asked: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let machine = machine(record);
    let mut found = BTreeMap::new();
    for field in ["scope", "told", "status", "action", "when", "where", "participants", "result"] {
        leaves(field, &machine[field], &mut found);
    }
    let mut tolls: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for claim in machine["claims"].as_array().into_iter().flatten() {
        if let Some(field) = claim["field"].as_str().filter(|field| is_toll(field)) {
            let value = &claim["value"];
            let number = [&value["value"], &value["low"], &value["high"]].into_iter().find(|n| !n.is_null());
            tolls.entry(field).or_default().insert(number.map_or_else(String::new, Value::to_string));
        }
    }
    for (field, said) in tolls {
        let said: Vec<String> = said.into_iter().collect();
        let one = said.first().filter(|_| said.len() == 1).and_then(|number| number.parse::<u64>().ok());
        found.insert(field.to_owned(), one.map_or_else(|| said.join("|").into(), Value::from));
    }
    for field in asked.keys() {
        found.entry(field.clone()).or_insert(Value::Null);
    }
    found
}

fn leaves(path: &str, value: &Value, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(parts) => {
            parts.iter().for_each(|(name, part)| leaves(&format!("{path}.{name}"), part, found))
        }
        Value::Array(parts) => {
            parts.iter().enumerate().for_each(|(at, part)| leaves(&format!("{path}.{at}"), part, found));
        }
        // Words and their places are evidence, not values.
        _ if path.contains(".evidence") || path.contains(".candidates") || path.ends_with(".stated") => {}
        _ => {
            found.insert(path.to_owned(), value.clone());
        }
    }
}

/// The record as the machine made it, without what people and the project put to it.
fn machine(record: &Value) -> Value {
    let mut record = record.clone();
    let before = record["review"]["machine"].take();
    for (field, value) in before.as_object().into_iter().flatten() {
        if let Some(place) = record.pointer_mut(&format!("/{}", field.replace('.', "/"))) {
            *place = value.clone();
        }
    }
    if let Value::Object(fields) = &mut record {
        for own in ["id", "review", "supersedes"] {
            fields.remove(own);
        }
        // The order in which events are named is no part of what they say.
        if let Some(Value::Array(events)) = fields.get_mut("events") {
            events.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
        }
    }
    record
}

/// SHA-256 of the machine's part of a record.
pub(crate) fn fingerprint(record: &Value) -> String {
    sha256(canonical(&machine(record)).as_bytes())
}

/// JSON with the keys in order.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(parts) => {
            let sorted: BTreeMap<&String, String> =
                parts.iter().map(|(name, part)| (name, canonical(part))).collect();
            let parts: Vec<String> =
                sorted.into_iter().map(|(name, part)| format!("{name:?}:{part}")).collect();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(parts) => format!("[{}]", parts.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

/// The strings of an array.
pub(crate) fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}
