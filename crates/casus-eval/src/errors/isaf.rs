//! Why a field of an ISAF release is not what its coders wrote: coded as the figures are, by weights that never saw the
//! release.

use super::{Miss, Misses};
use crate::{documents::id, tasks::isaf};
use anyhow::Result;
use casus_engine::{Casus, Date};
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) fn sort(casus: &Casus, documents: &[Value], misses: &mut Misses) -> Result<()> {
    let answers = isaf::cross_validated(casus, documents)?;
    for (document, answer) in documents.iter().zip(&answers) {
        let offered = isaf::offered(casus, document)?;
        for (field, candidates) in &offered {
            let (key, own) = (&document["gold"][*field], &answer["pred"][*field]);
            if is_right(key, own) {
                continue;
            }
            let kind = match (is_nothing(key), is_nothing(own)) {
                (false, true) => Miss::Missed,
                (true, false) => Miss::Invented,
                _ => Miss::Wrong,
            };
            let cause = if candidates.iter().any(|candidate| is_right(key, candidate)) {
                chosen(key, own)
            } else {
                unoffered(key)
            };
            misses.add(id(document), kind, cause, *field);
        }
    }
    Ok(())
}

/// Lists are sets; the scorer gives a share for a part of one, here only the whole is right.
fn is_right(key: &Value, own: &Value) -> bool {
    let set = |value: &Value| -> Option<BTreeSet<String>> {
        Some(value.as_array()?.iter().map(Value::to_string).collect())
    };
    match (set(key), set(own)) {
        (Some(key), Some(own)) => key == own,
        _ => key == own,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(list) => list.iter().all(is_nothing),
        Value::String(words) => words.is_empty(),
        number => number.as_u64() == Some(0),
    }
}

/// The answer was among the candidates.
fn chosen(key: &Value, own: &Value) -> &'static str {
    if let (Some(key), Some(own)) = (day(key), day(own)) {
        return match (own - key).get_days() {
            1 => "the day after was chosen",
            -1 => "the day before was chosen",
            _ => "another day was chosen",
        };
    }
    match (key.as_u64(), own.as_u64()) {
        (Some(key), Some(own)) if own > key => "a higher number was chosen",
        (Some(_), Some(_)) => "a lower number was chosen",
        _ => "another value was chosen",
    }
}

fn unoffered(key: &Value) -> &'static str {
    if key.is_null() { "nothing is the answer, and no candidate" } else { "the answer is no candidate" }
}

fn day(value: &Value) -> Option<Date> {
    value.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn causes() {
        assert!(is_right(&json!(["a", "b"]), &json!(["b", "a"])));
        assert!(!is_right(&json!(["a"]), &json!([])));
        assert_eq!(chosen(&json!("2012-03-01"), &json!("2012-02-29")), "the day before was chosen");
        assert_eq!(chosen(&json!(2), &json!(3)), "a higher number was chosen");
        assert_eq!(chosen(&json!(true), &json!(false)), "another value was chosen");
        assert!(is_nothing(&json!([""])) && !is_nothing(&json!(1)));
    }
}
