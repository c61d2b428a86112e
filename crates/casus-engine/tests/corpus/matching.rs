//! Partial records against records: what `corpus/README.md` says about matching.

use serde_json::Value;
use std::fmt::Write;

/// Compares all events of a report with the expected ones; the error is a readable difference.
pub(crate) fn compare(text: &str, expected: &[Value], found: &[Value]) -> Result<(), String> {
    let matcher = Matcher { text, events: found };
    let open = |array: &[Value]| array.last().is_some_and(is_rest);
    if matcher.set(expected, found, found.first().unwrap_or(&Value::Null)) {
        return Ok(());
    }
    let mut out = String::new();
    let wanted = &expected[..expected.len() - usize::from(open(expected))];
    for (number, event) in wanted.iter().enumerate() {
        let best = found.iter().map(|other| matcher.differences(event, other)).min_by_key(Vec::len);
        let line = |out: &mut String, text: String| writeln!(out, "  {text}").unwrap_or_default();
        match best {
            None => line(&mut out, format!("event {number}: not found: {event}")),
            Some(differences) if differences.is_empty() => {}
            Some(differences) => {
                line(&mut out, format!("event {number}, beside the event nearest to it:"));
                differences.into_iter().for_each(|difference| line(&mut out, format!("  {difference}")));
            }
        }
    }
    writeln!(out, "  expected {} events, found {}:", wanted.len(), found.len()).unwrap_or_default();
    for event in found {
        writeln!(out, "    {}", summary(text, event)).unwrap_or_default();
    }
    Err(out)
}

/// An event in a line.
fn summary(text: &str, event: &Value) -> String {
    let words = |spans: &Value| {
        let spans = spans.as_array().into_iter().flatten();
        spans.filter_map(|span| slice(text, span)).collect::<Vec<_>>().join(", ")
    };
    let places = event["where"].as_array().into_iter().flatten();
    let places: Vec<&str> = places.filter_map(|place| place["name"].as_str()).collect();
    let rows = |list: &Value| {
        let rows = list.as_array().into_iter().flatten();
        let row = |row: &Value| {
            format!("{}{} {} (figure {})", row["outcome"], row["item"], row["count"]["stated"], row["figure"])
        };
        rows.map(row).collect::<Vec<_>>().join("; ")
    };
    let name = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    format!(
        "{} {} {} {} [{}] {}..{} at {} | {} {}",
        name(&event["scope"]),
        name(&event["told"]),
        name(&event["action"]["family"]),
        name(&event["status"]),
        words(&event["action"]["triggers"]),
        name(&event["when"]["earliest"]),
        name(&event["when"]["latest"]),
        places.join(", "),
        rows(&event["losses"]),
        rows(&event["materiel"]),
    )
}

fn is_rest(value: &Value) -> bool {
    value == "..."
}

/// The words of a span `[start, end]`.
fn slice<'t>(text: &'t str, span: &Value) -> Option<&'t str> {
    let [start, end] = span.as_array()?.as_slice() else { return None };
    text.get(start.as_u64()? as usize..end.as_u64()? as usize)
}

struct Matcher<'a> {
    text: &'a str,
    events: &'a [Value],
}

impl Matcher<'_> {
    fn matches(&self, expected: &Value, found: &Value, key: &str, event: &Value) -> bool {
        match (expected, found) {
            // What an index or an id points at.
            (Value::Object(_), Value::Number(_) | Value::String(_)) => {
                self.target(found, key, event).is_some_and(|target| {
                    let event = if key == "event" { target } else { event };
                    self.matches(expected, target, "", event)
                })
            }
            (Value::Object(expected), Value::Object(found)) => expected.iter().all(|(name, value)| {
                let found = found.get(name).unwrap_or(&Value::Null);
                let name = if (key, name.as_str()) == ("materiel", "included_in") { "item" } else { name };
                // Labels of figures are compared by the list that they stand in.
                is_label(name, value) || self.matches(value, found, name, event)
            }),
            (Value::String(words), Value::Array(_)) => {
                slice(self.text, found).is_some_and(|found| found == words)
            }
            (Value::Array(expected), Value::Array(found)) => self.set_of(expected, found, key, event),
            (Value::Number(a), Value::Number(b)) => match (a.as_f64(), b.as_f64()) {
                (Some(a), Some(b)) => (a - b).abs() < 1e-6,
                _ => a == b,
            },
            _ => expected == found,
        }
    }

    /// The row, voice or event that a value of field `key` points at.
    fn target<'v>(&'v self, found: &Value, key: &str, event: &'v Value) -> Option<&'v Value> {
        let index = || found.as_u64().map(|index| index as usize);
        match key {
            "voices" | "voice" | "voices_of_event" | "cites" => event["voices"].get(index()?),
            "included_in" => event["losses"].get(index()?),
            "item" => event["materiel"].get(index()?),
            "event" => self.events.iter().find(|event| event["id"] == *found),
            _ => None,
        }
    }

    /// Events of a report as a set.
    fn set(&self, expected: &[Value], found: &[Value], event: &Value) -> bool {
        self.set_of(expected, found, "", event)
    }

    /// Every expected element is another found one, and none is left over unless "..." says so.
    fn set_of(&self, expected: &[Value], found: &[Value], key: &str, event: &Value) -> bool {
        let open = expected.last().is_some_and(is_rest);
        let expected = &expected[..expected.len() - usize::from(open)];
        let fits = expected.len() == found.len() || (open && expected.len() < found.len());
        fits && self.assign(expected, found, key, event, &mut Vec::new())
    }

    /// Backtracking over the pairs; the depth is the number of expected elements of a case.
    fn assign(
        &self,
        expected: &[Value],
        found: &[Value],
        key: &str,
        event: &Value,
        taken: &mut Vec<usize>,
    ) -> bool {
        let Some(next) = expected.get(taken.len()) else { return true };
        for index in 0..found.len() {
            // An event is matched within itself; rows within the event that they are of.
            let event = if key.is_empty() { &found[index] } else { event };
            let same_figure = |(pair, other): (usize, &usize)| {
                let labels = (label(next), label(&expected[pair]));
                match labels {
                    (Some(a), Some(b)) => (a == b) == (found[index]["figure"] == found[*other]["figure"]),
                    _ => true,
                }
            };
            if !taken.contains(&index)
                && taken.iter().enumerate().all(same_figure)
                && self.matches(next, &found[index], key, event)
            {
                taken.push(index);
                if self.assign(expected, found, key, event, taken) {
                    return true;
                }
                taken.pop();
            }
        }
        false
    }

    /// Fields of an expected event that a found one does not have.
    fn differences(&self, expected: &Value, found: &Value) -> Vec<String> {
        let mut out = Vec::new();
        let mut open = vec![(String::new(), "", expected, found)];
        while let Some((path, key, expected, other)) = open.pop() {
            if self.matches(expected, other, key, found) {
                continue;
            }
            match (expected, other) {
                (Value::Object(expected), Value::Object(other)) => {
                    for (name, value) in expected.iter().filter(|(name, value)| !is_label(name, value)) {
                        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                        open.push((path, name, value, other.get(name).unwrap_or(&Value::Null)));
                    }
                }
                (Value::Array(expected), Value::Array(others)) => {
                    let rest = expected.last().is_some_and(is_rest);
                    let expected = &expected[..expected.len() - usize::from(rest)];
                    if expected.len() != others.len() && !(rest && expected.len() < others.len()) {
                        out.push(format!(
                            "{path}: expected {} of them, found {}",
                            expected.len(),
                            others.len()
                        ));
                    } else if expected.iter().all(|e| others.iter().any(|o| self.matches(e, o, key, found))) {
                        out.push(format!("{path}: figures or pairs differ in {}", self.shown(other)));
                    }
                    for (index, row) in expected.iter().enumerate() {
                        let agreement = |other: &&Value| {
                            let fields = row.as_object().into_iter().flatten();
                            fields
                                .filter(|(name, value)| self.matches(value, &other[*name], name, found))
                                .count()
                        };
                        if let Some(nearest) = others.iter().max_by_key(agreement) {
                            open.push((format!("{path}[{index}]"), key, row, nearest));
                        }
                    }
                }
                _ => out.push(format!("{path}: expected {expected}, found {}", self.shown(other))),
            }
        }
        out.sort();
        out
    }

    /// A found value, spans with their words.
    fn shown(&self, found: &Value) -> String {
        match slice(self.text, found) {
            Some(words) => format!("{words:?}"),
            None => found.to_string(),
        }
    }
}

/// The label of a row's figure: rows with the same label share a figure, others do not.
fn label(row: &Value) -> Option<&str> {
    row["figure"].as_str()
}

fn is_label(name: &str, value: &Value) -> bool {
    name == "figure" && value.is_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(expected: Value, right: bool) {
        let found = [json!({
            "id": "ev_1",
            "scope": "incident",
            "action": {"family": "attack", "triggers": [[7, 13]]},
            "losses": [
                {"figure": 1, "included_in": null, "count": {"value": 14}, "voices": [1]},
                {"figure": 2, "included_in": 0, "count": {"value": 3}, "voices": [0, 1]},
                {"figure": 1, "included_in": null, "count": {"value": 11}, "voices": [0]}
            ],
            "voices": [{"kind": "report"}, {"kind": "state"}],
            "relations": [{"kind": "part_of", "event": "ev_1"}]
        })];
        let expected = expected.as_array().unwrap();
        let result = compare("gunmen killed", expected, &found);
        assert_eq!(result.is_ok(), right, "{expected:?}: {result:?}");
    }

    #[test]
    fn partial_records_match() {
        check(json!([{}]), true);
        check(json!([]), false);
        check(json!(["..."]), true);
        check(json!([{}, {}]), false);
        check(json!([{"scope": "incident", "result": null}]), true);
        check(json!([{"scope": "aggregate"}]), false);
        check(json!([{"action": {"triggers": ["killed"]}}]), true);
        check(json!([{"action": {"triggers": ["gunmen"]}}]), false);
        check(json!([{"losses": [{"count": {"value": 3}}, "..."]}]), true);
        check(json!([{"losses": [{"count": {"value": 3}}]}]), false);
        check(json!([{"losses": [{"included_in": {"count": {"value": 14}}}, "..."]}]), true);
        check(json!([{"losses": [{"included_in": {"count": {"value": 11}}}, "..."]}]), false);
        check(json!([{"losses": [{"voices": [{"kind": "state"}]}, "..."]}]), true);
        check(
            json!([{"losses": [{"count": {"value": 11}, "figure": "a"}, {"count": {"value": 14}, "figure": "a"}, "..."]}]),
            true,
        );
        check(
            json!([{"losses": [{"count": {"value": 11}, "figure": "a"}, {"count": {"value": 14}, "figure": "b"}, "..."]}]),
            false,
        );
        check(
            json!([{"losses": [{"count": {"value": 3}, "figure": "a"}, {"count": {"value": 14}, "figure": "a"}, "..."]}]),
            false,
        );
        check(json!([{"relations": [{"event": {"scope": "incident"}}]}]), true);
    }
}
