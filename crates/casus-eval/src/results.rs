//! The results as files: `summary.csv`, a row a figure, and `<task>.csv`, a row a document, so that
//! a change shows its gains and losses in the diff. No text of the sets: ids, figures, hashes.

use crate::run::Scored;
use anyhow::{Context, Result};
use std::{
    collections::BTreeMap,
    fs,
    io::{Write, stdout},
    path::Path,
};

/// Header of `summary.csv`.
pub(crate) const SUMMARY: [&str; 4] = ["task", "set", "metric", "value"];

/// Prints every figure, a line a set.
pub(crate) fn print(outcome: &[Scored]) {
    let mut out = stdout().lock();
    for scored in outcome {
        let name = format!("{} {}", scored.set.task.name(), scored.set.name);
        // A closed pipe is no error: the figures are in the files.
        let _ = writeln!(out, "{name} ({} documents)", scored.predictions.len());
        for (metric, value) in &scored.scores.summary {
            let _ = writeln!(out, "  {metric:28} {}", figure(*value));
        }
    }
}

/// Writes the results of the sets that were run; rows of other sets stay.
pub(crate) fn write(folder: &Path, outcome: &[Scored]) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let ran = |task: &str, set: &str| outcome.iter().any(|s| s.set.task.name() == task && s.set.name == set);

    let summary = folder.join("summary.csv");
    let mut rows = read(&summary)?;
    rows.retain(|row| !ran(&row[0], &row[1]));
    for scored in outcome {
        for (metric, value) in &scored.scores.summary {
            rows.push(vec![scored.set.task.name(), scored.set.name.into(), metric.clone(), figure(*value)]);
        }
    }
    // In the order of the sets, then as the scorer gave them.
    let order = |row: &Vec<String>| {
        crate::sets::SETS.iter().position(|set| set.task.name() == row[0] && set.name == row[1])
    };
    rows.sort_by_key(order);
    save(&summary, &SUMMARY, &rows)?;

    let mut by_task: BTreeMap<String, Vec<&Scored>> = BTreeMap::new();
    // A row for each of so many documents would tell nobody anything.
    for scored in outcome.iter().filter(|scored| scored.predictions.len() <= 10_000) {
        by_task.entry(scored.set.task.name()).or_default().push(scored);
    }
    for (task, sets) in by_task {
        let path = folder.join(format!("{task}.csv"));
        let mut rows = read(&path)?;
        rows.retain(|row| !ran(&task, &row[0]));
        for scored in sets {
            for (id, hash) in &scored.predictions {
                let figures = scored.scores.rows.get(id).map(Vec::as_slice).unwrap_or_default();
                let figures: Vec<String> =
                    figures.iter().map(|(name, value)| format!("{name}={}", short(*value))).collect();
                rows.push(vec![scored.set.name.into(), id.clone(), figures.join(" "), hash.clone()]);
            }
        }
        rows.sort_by(|a, b| a[..2].cmp(&b[..2]));
        save(&path, &["set", "id", "figures", "prediction"], &rows)?;
    }
    Ok(())
}

/// The rows of a results file without its header; none if there is no file.
pub(crate) fn read(path: &Path) -> Result<Vec<Vec<String>>> {
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let mut reader =
        csv::Reader::from_path(path).with_context(|| format!("cannot read {}", path.display()))?;
    let rows: Result<Vec<Vec<String>>, csv::Error> =
        reader.records().map(|record| Ok(record?.iter().map(str::to_owned).collect())).collect();
    rows.with_context(|| format!("cannot read {}", path.display()))
}

pub(crate) fn save(path: &Path, header: &[&str], rows: &[Vec<String>]) -> Result<()> {
    let mut writer =
        csv::Writer::from_path(path).with_context(|| format!("cannot write {}", path.display()))?;
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.flush()?)
}

/// A figure with four decimals, whole numbers without.
pub(crate) fn figure(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() > 1.0 { format!("{value:.0}") } else { format!("{value:.4}") }
}

fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
