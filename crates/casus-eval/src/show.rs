//! One document with its gold and its prediction side by side.

use crate::{
    documents::id,
    score,
    sets::{self, Set},
    tasks::Task,
};
use anyhow::{Result, bail};
use casus_engine::{Casus, Options};
use serde_json::{Map, Value};
use std::{
    io::{Write, stdout},
    path::Path,
};

/// Prints the text, then what is right (`=`), missed (`-`) and invented or different (`+`).
pub(crate) fn show(task: Task, data: Option<&Path>, wanted: &str) -> Result<()> {
    let folder = sets::folder(data);
    let casus = Casus::embedded()?.with_options(Options { all: task.reads_politics(), ..Options::default() });
    for set in sets::SETS.iter().filter(|set| set.task == task) {
        for document in set.documents(&folder)?.unwrap_or_default() {
            if id(&document).starts_with(wanted) {
                return print(&casus, set, &document);
            }
        }
    }
    bail!("no document {wanted:?} for task {} under {}", task.name(), folder.display())
}

fn print(casus: &Casus, set: &Set, document: &Value) -> Result<()> {
    let prediction = set.task.predict(casus, document)?;
    let mut out = stdout().lock();
    let text = document["text"].as_str().or(document["phrase"].as_str()).unwrap_or_default();
    writeln!(out, "{} {}\n\n{text}\n", set.name, id(document))?;
    for list in ["timexes", "toponyms", "entities"] {
        if let (Some(gold), Some(predicted)) = (document[list].as_array(), prediction[list].as_array()) {
            spans(&mut out, text, gold, predicted)?;
        }
    }
    // Tasks that predict fields: those of the prediction, where gold has them.
    let empty = Map::new();
    let gold = ["gold", "expected"].iter().find_map(|key| document[*key].as_object());
    let gold = gold.or(document.as_object()).unwrap_or(&empty);
    let predicted = prediction["pred"].as_object().or(prediction.as_object()).unwrap_or(&empty);
    let is_list = |name: &str| matches!(name, "timexes" | "toponyms" | "entities" | "docid" | "id");
    for (name, value) in predicted.iter().filter(|(name, _)| !is_list(name)) {
        match gold.get(name) {
            Some(expected) if expected == value => writeln!(out, "= {name}: {value}")?,
            Some(expected) => {
                writeln!(out, "- {name}: {}", pretty(expected))?;
                writeln!(out, "+ {name}: {}", pretty(value))?;
            }
            None => writeln!(out, "  {name}: {}", pretty(value))?,
        }
    }
    let scores = score::score(set.scorer, std::slice::from_ref(document), std::slice::from_ref(&prediction))?;
    for (metric, value) in &scores.summary {
        writeln!(out, "  {metric:28} {}", crate::results::figure(*value))?;
    }
    Ok(())
}

/// Values that fit in a line stay in one; templates get lines of their own.
fn pretty(value: &Value) -> String {
    let line = value.to_string();
    if line.len() <= 100 { line } else { serde_json::to_string_pretty(value).unwrap_or(line) }
}

fn spans(out: &mut impl Write, text: &str, gold: &[Value], predicted: &[Value]) -> Result<()> {
    let characters: Vec<char> = text.chars().collect();
    let span = |item: &Value| (item["start"].as_u64().unwrap_or(0), item["end"].as_u64().unwrap_or(0));
    let line = |item: &Value| {
        let (start, end) = span(item);
        let words: String = characters.get(start as usize..end as usize).unwrap_or_default().iter().collect();
        let fields = item.as_object().into_iter().flatten();
        let shown = ["type", "value", "lat", "lon", "geonameid"];
        let fields = fields.filter(|(name, value)| shown.contains(&name.as_str()) && !value.is_null());
        let fields: Vec<String> = fields.map(|(_, value)| value.to_string()).collect();
        format!("{start}-{end} {words:?} {}", fields.join(" "))
    };
    let mut lines: Vec<(u64, u8, String)> = Vec::new();
    for item in gold {
        let same = predicted.iter().any(|other| span(other) == span(item) && agrees(item, other));
        lines.push((span(item).0, 0, format!("{} {}", if same { '=' } else { '-' }, line(item))));
    }
    for item in predicted {
        if !gold.iter().any(|other| span(other) == span(item) && agrees(other, item)) {
            lines.push((span(item).0, 1, format!("+ {}", line(item))));
        }
    }
    lines.sort();
    for (_, _, line) in lines {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Whether a prediction on the same span has the same answer: value of a time; entry of a place, or
/// a point within a degree.
fn agrees(gold: &Value, predicted: &Value) -> bool {
    if gold.get("value").is_some() {
        return gold["value"] == predicted["value"] && gold["type"] == predicted["type"];
    }
    if gold.get("lat").is_none() && gold.get("geonameid").is_none() {
        return gold["type"] == predicted["type"];
    }
    let near = |name: &str| match (gold[name].as_f64(), predicted[name].as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() < 1.0,
        (None, _) => true,
        _ => false,
    };
    gold["geonameid"] == predicted["geonameid"] || (near("lat") && near("lon"))
}
