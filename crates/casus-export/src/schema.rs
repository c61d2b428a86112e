//! The JSON Schema of the record, made from the types and their doc comments.

use casus_record::{Event, INCIDENT_SCHEMA, Incident, SCHEMA};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Value, json};

/// The JSON Schema (draft 2020-12) of one line of JSON Lines. Its `$id` is the name and version that
/// every event carries in `schema`.
///
/// ```
/// let schema: serde_json::Value = serde_json::from_str(&casus_export::schema_json())?;
/// assert_eq!(schema["$id"], "casus-event/1");
/// assert_eq!(schema["properties"]["status"]["$ref"], "#/$defs/Status");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn schema_json() -> String {
    format!("{:#}\n", schema())
}

/// The same of an incident, as `casus link` and `casus export` write them.
///
/// ```
/// let schema: serde_json::Value = serde_json::from_str(&casus_export::incident_schema_json())?;
/// assert_eq!(schema["$id"], "casus-incident/1");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn incident_schema_json() -> String {
    format!("{:#}\n", incident_schema())
}

/// The schema of an event as a value, keys in the order of the types.
pub(crate) fn schema() -> Value {
    let mut schema = of::<Event>(SCHEMA, "Conflict event record");
    schema["$defs"]["ReportRef"]["properties"]["text"] = json!({
        "description": "The text that spans point into; only with `--with-text`.",
        "type": "string",
    });
    schema
}

/// The schema of an incident.
pub(crate) fn incident_schema() -> Value {
    of::<Incident>(INCIDENT_SCHEMA, "Conflict incident record")
}

fn of<T: JsonSchema>(id: &str, title: &str) -> Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    let mut named = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": id,
        "title": format!("{title} ({id})"),
    });
    if let (Some(named), Some(generated)) = (named.as_object_mut(), schema.as_object_mut()) {
        for (key, value) in std::mem::take(generated) {
            if !named.contains_key(&key) {
                named.insert(key, value);
            }
        }
    }
    named["properties"]["schema"] = json!({
        "description": named["properties"]["schema"]["description"],
        "const": id,
    });
    named
}
