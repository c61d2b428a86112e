//! The codebook: every field of the record, every code, every column of the flat formats, in
//! Markdown. Nothing is written here that another place defines: fields come from the schema, codes
//! from `data/codes/`, columns from their table.

use crate::{
    flat, geojson, incident,
    schema::{incident_schema, schema},
};
use casus_data::tables::{Code, Codes};
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// The open code lists: file name under `data/codes/`, heading, and where the codes are used.
const LISTS: &[(&str, &str, &str)] = &[
    ("tactics", "Tactics", "`action.tactic`"),
    ("weapons", "Weapons", "`action.weapons[].kind`"),
    ("delivery", "Delivery", "`action.delivery`"),
    ("classes", "Classes of actors", "`participants[].class`, `losses[].who.class`"),
    ("target_types", "Types of target", "`participants[].target_type`"),
    ("materiel", "Materiel", "`materiel[].item`"),
];

const RULES: &str = "\
Numbers in columns follow these rules, so that nobody is counted twice:

- Rows of `losses` with the same `figure` are rival accounts of one quantity. A column without a suffix takes the
  account that is told first (rule `first_told`: its number, else its lowest bound, moved into its own bounds, so that
  \"more than 40\" gives 41); `_low` and `_high` are the widest bounds that any account supports. An empty `_high` is open.
- A row that is included in a row of the same outcome is part of it and is not added.
- A joint count (\"70 killed and wounded\") stands in its own column and is never split.
- Households and families are not persons and stand in their own column.
- Rows with cause `indirect` are left out.
- To add up events, take rows with an empty `part_of`, or the parts instead of their aggregate; leave out
  `told` = `background` where recalled events would count again.
";

/// The codebook in Markdown.
///
/// # Errors
/// If the code lists cannot be opened: the built-in data pack is damaged.
pub fn codebook_markdown() -> Result<String, casus_data::Error> {
    let codes: Codes = casus_data::table("codes")?;
    Ok(write(&codes))
}

fn write(codes: &Codes) -> String {
    let schema = schema();
    let mut out = String::new();
    line(&mut out, "# Codebook");
    line(&mut out, "");
    line(
        &mut out,
        "Made by `casus codebook` from the types of the record, the code lists and the columns; do not edit.",
    );
    line(&mut out, "");
    line(&mut out, "1. [The record](#the-record): JSON Lines, one event a line");
    line(&mut out, "2. [The incident](#the-incident): JSON Lines, one incident a line");
    line(&mut out, "3. [Code lists](#code-lists): the values of open lists");
    line(&mut out, "4. [Columns](#columns): CSV, Parquet and GeoJSON, one event a row");
    line(&mut out, "5. [Columns of incidents](#columns-of-incidents): the same, one incident a row");
    line(&mut out, "");
    line(&mut out, "## The record");
    line(&mut out, "");
    line(&mut out, text(&schema, "description"));
    line(&mut out, "");
    line(
        &mut out,
        "Every value that comes from the text carries the spans of its words. What is not in the text is null.",
    );
    line(&mut out, "");
    fields(&mut out, &schema);
    let told = definitions(&schema);
    for (name, definition) in &told {
        define(&mut out, name, definition);
    }
    let incident = incident_schema();
    line(&mut out, "\n## The incident\n");
    line(&mut out, text(&incident, "description"));
    line(&mut out, "");
    fields(&mut out, &incident);
    for (name, definition) in definitions(&incident) {
        if !told.iter().any(|(known, _)| *known == name) {
            define(&mut out, &name, definition);
        }
    }
    lists(&mut out, codes);
    columns(&mut out);
    out
}

fn define(out: &mut String, name: &str, definition: &Value) {
    line(out, &format!("\n### {name}\n"));
    let about = text(definition, "description");
    if !about.is_empty() {
        line(out, &format!("{about}\n"));
    }
    if definition.get("properties").is_some() {
        fields(out, definition);
    } else if let Some(variants) = tagged(definition) {
        for variant in variants {
            let tag = text(&variant["properties"]["type"], "const");
            line(out, &format!("`{tag}`: {}\n", text(variant, "description")));
            fields(out, variant);
            line(out, "");
        }
    } else {
        values(out, definition);
    }
}

/// The variants of a type whose `type` tells which it is.
fn tagged(definition: &Value) -> Option<&Vec<Value>> {
    let variants = definition.get("oneOf")?.as_array()?;
    variants.iter().all(|variant| variant["properties"]["type"].get("const").is_some()).then_some(variants)
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Text that may stand in a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn fields(out: &mut String, definition: &Value) {
    line(out, "| field | type | meaning |\n|---|---|---|");
    let none = Map::new();
    for (name, field) in definition.get("properties").and_then(Value::as_object).unwrap_or(&none) {
        let _ = writeln!(out, "| `{name}` | {} | {} |", type_of(field), cell(text(field, "description")));
    }
}

/// The definitions that the record uses, in the order in which it uses them.
fn definitions(schema: &Value) -> Vec<(String, &Value)> {
    let mut names = Vec::new();
    collect(schema.get("properties").unwrap_or(&Value::Null), &mut names);
    let mut at = 0;
    while let Some(name) = names.get(at).cloned() {
        collect(&schema["$defs"][name.as_str()], &mut names);
        at += 1;
    }
    names
        .into_iter()
        .map(|name| {
            let value = &schema["$defs"][name.as_str()];
            (name, value)
        })
        .collect()
}

/// Adds the names of the definitions that `value` refers to, each once. The schema is made from
/// types, so it nests no deeper than they do.
fn collect(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let name = map.get("$ref").and_then(Value::as_str).and_then(referred);
            let new = name.filter(|name| !names.iter().any(|other| other == name));
            names.extend(new.map(str::to_owned));
            map.values().for_each(|value| collect(value, names));
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, names)),
        _ => {}
    }
}

fn referred(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/$defs/")
}

fn type_of(field: &Value) -> String {
    if let Some(name) = field.get("$ref").and_then(Value::as_str).and_then(referred) {
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(value) = field.get("const") {
        return format!("`{value}`");
    }
    if let Some(any) = field.get("anyOf").and_then(Value::as_array) {
        return any.iter().map(type_of).collect::<Vec<_>>().join(" or ");
    }
    match field.get("type") {
        Some(Value::Array(types)) => {
            let name = |one: &Value| {
                let mut one_field = field.clone();
                one_field["type"] = one.clone();
                type_of(&one_field)
            };
            types.iter().map(name).collect::<Vec<_>>().join(" or ")
        }
        Some(Value::String(one)) => match (one.as_str(), text(field, "format")) {
            ("string", "date") => "date".to_owned(),
            ("string", _) => "text".to_owned(),
            ("array", _) => match (field.get("items"), field.get("prefixItems").and_then(Value::as_array)) {
                (_, Some(pair)) => format!("({})", pair.iter().map(type_of).collect::<Vec<_>>().join(", ")),
                (Some(items), None) => format!("list of {}", type_of(items)),
                (None, None) => "list".to_owned(),
            },
            (other, _) => other.to_owned(),
        },
        _ => "any".to_owned(),
    }
}

/// The values of a closed list with their meanings, where the types give one.
fn values(out: &mut String, definition: &Value) {
    let mut rows: Vec<(&str, &str)> = Vec::new();
    let none = Vec::new();
    let list = |value: &'_ Value, key: &str| value.get(key).and_then(Value::as_array).cloned();
    if list(definition, "enum").is_none() && list(definition, "oneOf").is_none() {
        line(out, &format!("Type: {}.", type_of(definition)));
        return;
    }
    let variants = definition.get("oneOf").and_then(Value::as_array).unwrap_or(&none);
    for variant in std::iter::once(definition).chain(variants) {
        let about = if std::ptr::eq(variant, definition) { "" } else { text(variant, "description") };
        let several = variant.get("enum").and_then(Value::as_array).unwrap_or(&none);
        rows.extend(several.iter().chain(variant.get("const")).filter_map(Value::as_str).map(|v| (v, about)));
    }
    let plain: Vec<_> =
        rows.iter().filter(|(_, about)| about.is_empty()).map(|(v, _)| format!("`{v}`")).collect();
    if !plain.is_empty() {
        line(out, &plain.join(", "));
    }
    if plain.len() < rows.len() {
        if !plain.is_empty() {
            line(out, "");
        }
        line(out, "| value | meaning |\n|---|---|");
        for (value, about) in rows.iter().filter(|(_, about)| !about.is_empty()) {
            let _ = writeln!(out, "| `{value}` | {} |", cell(about));
        }
    }
}

fn lists(out: &mut String, codes: &Codes) {
    line(out, "\n## Code lists\n");
    line(
        out,
        "Open lists: a version may add codes. Where a code has a place in another codebook, it is given.",
    );
    let listed = |name: &str| LISTS.iter().any(|(file, ..)| *file == name);
    let further =
        codes.sets.keys().filter(|name| !listed(name)).map(|name| (name.as_str(), name.as_str(), ""));
    for (file, heading, used) in LISTS.iter().copied().chain(further) {
        let Some(list) = codes.sets.get(file) else { continue };
        line(out, &format!("\n### {heading}\n"));
        if !used.is_empty() {
            line(out, &format!("Used in {used}.\n"));
        }
        list_of_codes(out, list);
    }
}

fn list_of_codes(out: &mut String, list: &[Code]) {
    let elsewhere =
        list.iter().any(|code| code.acled.is_some() || code.gtd.is_some() || code.plover.is_some());
    if elsewhere {
        line(out, "| code | meaning | ACLED | GTD | PLOVER |\n|---|---|---|---|---|");
    } else {
        line(out, "| code | meaning |\n|---|---|");
    }
    for code in list {
        let _ = write!(out, "| `{}` | {} |", code.code, cell(&code.definition));
        if elsewhere {
            for other in [&code.acled, &code.gtd, &code.plover] {
                let _ = write!(out, " {} |", cell(other.as_deref().unwrap_or_default()));
            }
        }
        out.push('\n');
    }
}

fn columns(out: &mut String) {
    line(out, "\n## Columns\n");
    line(
        out,
        "CSV, Parquet and the properties of GeoJSON. Text stands on one line. CSV is UTF-8 with a byte order mark and CRLF; text that a spreadsheet would take for a formula has an apostrophe in front. GeoJSON leaves out columns of JSON, has a feature for each place of an event, and numbers these in the property",
    );
    line(out, &format!("`{}`: to add up events there, take the features where it is 1.\n", geojson::NUMBER));
    out.push_str(RULES);
    table(out, flat::COLUMNS.iter().map(|column| (column.name, column.kind, column.about)));
    line(out, "\n## Columns of incidents\n");
    line(
        out,
        "The same formats, one incident a row. Figures are never added up or chosen from: they stand as what voices claim.",
    );
    let columns = incident::flat::COLUMNS.iter();
    table(out, columns.map(|column| (column.name, column.kind, column.about)));
}

fn table(out: &mut String, columns: impl Iterator<Item = (&'static str, flat::Type, &'static str)>) {
    line(out, "\n| column | type | meaning |\n|---|---|---|");
    for (name, kind, about) in columns {
        let _ = writeln!(out, "| `{name}` | {} | {} |", kind.name(), cell(about));
    }
}
