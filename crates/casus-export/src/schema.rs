//! The JSON Schema of the record, made from the types and their doc comments.

use casus_record::{Event, SCHEMA};
use schemars::generate::SchemaSettings;
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

/// The schema as a value, keys in the order of the types.
pub(crate) fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Event>().to_value();
    let mut named = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": format!("Conflict event record ({SCHEMA})"),
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
        "const": SCHEMA,
    });
    named["$defs"]["ReportRef"]["properties"]["text"] = json!({
        "description": "The text that spans point into; only with `--with-text`.",
        "type": "string",
    });
    named
}
