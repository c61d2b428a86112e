//! A small validator for the part of JSON Schema that the record's schema uses. An unknown keyword
//! is an error, so that the schema cannot come to use one that is not checked.

use serde_json::Value;

/// Checks `value` against `schema`; definitions are looked up in `root`. Gives the first violation.
pub(crate) fn validate(root: &Value, schema: &Value, value: &Value, path: &str) -> Result<(), String> {
    let Some(keywords) = schema.as_object() else { return Ok(()) };
    let list = |key: &str| schema[key].as_array().map(Vec::as_slice).unwrap_or_default();
    let matches = |schema: &Value| validate(root, schema, value, path).is_ok();
    for (keyword, rule) in keywords {
        let holds = match keyword.as_str() {
            "$schema" | "$id" | "title" | "description" | "default" | "$defs" | "required" | "maxItems"
            | "format" => true,
            "$ref" => {
                let name =
                    rule.as_str().and_then(|name| name.strip_prefix("#/$defs/")).expect("a local reference");
                validate(root, &root["$defs"][name], value, path)?;
                true
            }
            "type" => match rule {
                Value::Array(types) => types.iter().any(|one| is_type(value, one)),
                one => is_type(value, one),
            },
            "const" => value == rule,
            "enum" => list("enum").contains(value),
            "anyOf" => list("anyOf").iter().any(matches),
            "oneOf" => list("oneOf").iter().filter(|schema| matches(schema)).count() == 1,
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().expect("a number")),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().expect("a number")),
            "minItems" => value.as_array().is_none_or(|items| {
                items.len() as u64 >= rule.as_u64().expect("a length")
                    && schema["maxItems"].as_u64().is_none_or(|most| items.len() as u64 <= most)
            }),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    validate(root, rule, item, &format!("{path}/{index}"))?;
                }
                true
            }
            "prefixItems" => {
                for (rule, item) in list("prefixItems").iter().zip(value.as_array().into_iter().flatten()) {
                    validate(root, rule, item, path)?;
                }
                true
            }
            "properties" => {
                let object = value.as_object().ok_or_else(|| format!("{path}: not an object"))?;
                let missing =
                    list("required").iter().filter_map(Value::as_str).find(|key| !object.contains_key(*key));
                if let Some(key) = missing {
                    return Err(format!("{path}: {key} is missing"));
                }
                for (key, value) in object {
                    let rule = rule.get(key).ok_or_else(|| format!("{path}: {key} is not in the schema"))?;
                    validate(root, rule, value, &format!("{path}/{key}"))?;
                }
                true
            }
            unknown => return Err(format!("{path}: keyword {unknown} is not checked")),
        };
        if !holds {
            return Err(format!("{path}: {value} violates {keyword} {rule}"));
        }
    }
    Ok(())
}

fn is_type(value: &Value, name: &Value) -> bool {
    match name.as_str().expect("a type's name") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("unknown type {other}"),
    }
}
