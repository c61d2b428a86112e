//! What changed between two builds: in result folders, prediction files, or the records that two
//! binaries write for the same reports.

use crate::{
    documents::{Documents, id},
    results,
};
use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Write, stdout},
    path::{Path, PathBuf},
    process::Command,
};

/// Arguments of `diff`.
#[derive(Args)]
pub(crate) struct Diff {
    /// The earlier build: a results folder, a prediction file, or a casus binary.
    before: PathBuf,
    /// The later build.
    after: PathBuf,
    /// The two are casus binaries: compare the records that they write for these reports.
    #[arg(long, num_args = 1.., value_name = "REPORT")]
    binary: Vec<PathBuf>,
}

impl Diff {
    pub(crate) fn run(&self) -> Result<()> {
        let Diff { before, after, binary } = self;
        if !binary.is_empty() {
            return records(&read(before, binary)?, &read(after, binary)?);
        }
        if before.is_dir() { folders(before, after) } else { records(&load(before)?, &load(after)?) }
    }
}

/// Lines of JSON by what they are about: the document, or the report and the record's id.
type Records = BTreeMap<String, Value>;

fn load(path: &Path) -> Result<Records> {
    Documents::open(path)?.map(|document| document.map(|(_, document)| (key(&document), document))).collect()
}

fn key(record: &Value) -> String {
    match record["report"]["id"].as_str() {
        Some(report) => format!("{report} {}", id(record)),
        None => id(record).to_owned(),
    }
}

/// The records that a binary writes.
fn read(binary: &Path, reports: &[PathBuf]) -> Result<Records> {
    let output = Command::new(binary)
        .args(["read", "--format", "jsonl"])
        .args(reports)
        .output()
        .with_context(|| format!("cannot run {}", binary.display()))?;
    // Exit status 1 says that some reports could not be read; the others are compared.
    ensure!(
        matches!(output.status.code(), Some(0 | 1)),
        "{}: {}",
        binary.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| {
            let mut record: Value = serde_json::from_slice(line)?;
            // What made a record is no difference.
            if let Some(record) = record.as_object_mut() {
                record.remove("made_by");
            }
            Ok((key(&record), record))
        })
        .collect()
}

/// Prints which records went, came and changed, and in which fields.
fn records(before: &Records, after: &Records) -> Result<()> {
    let mut out = stdout().lock();
    let (mut gone, mut new, mut changed, mut same) = (0, 0, 0, 0);
    for key in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        match (before.get(key), after.get(key)) {
            (Some(a), Some(b)) if a == b => same += 1,
            (Some(a), Some(b)) => {
                changed += 1;
                writeln!(out, "~ {key}")?;
                for line in differences(a, b) {
                    writeln!(out, "    {line}")?;
                }
            }
            (Some(_), None) => {
                gone += 1;
                writeln!(out, "- {key}")?;
            }
            _ => {
                new += 1;
                writeln!(out, "+ {key}")?;
            }
        }
    }
    writeln!(out, "{same} the same, {changed} changed, {new} new, {gone} gone")?;
    Ok(())
}

/// Fields whose values differ, by path. Iterative over the top two levels: deeper values are shown whole.
fn differences(a: &Value, b: &Value) -> Vec<String> {
    let mut out = Vec::new();
    let mut open = vec![(String::new(), a, b)];
    while let Some((path, a, b)) = open.pop() {
        if a == b {
            continue;
        }
        match (a.as_object(), b.as_object()) {
            (Some(a), Some(b)) if path.matches('.').count() < 2 => {
                for name in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
                    let child = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    open.push((
                        child,
                        a.get(name).unwrap_or(&Value::Null),
                        b.get(name).unwrap_or(&Value::Null),
                    ));
                }
            }
            _ => out.push(format!("{path}: {a} -> {b}")),
        }
    }
    out.sort();
    out
}

/// Prints the figures that differ, of the sets and of the documents, and counts gains and losses.
fn folders(before: &Path, after: &Path) -> Result<()> {
    let mut out = stdout().lock();
    let figures = |folder: &Path| -> Result<BTreeMap<Vec<String>, f64>> {
        let rows = results::read(&folder.join("summary.csv"))?;
        Ok(rows.into_iter().map(|row| (row[..3].to_vec(), row[3].parse().unwrap_or(0.0))).collect())
    };
    let (a, b) = (figures(before)?, figures(after)?);
    for (name, new) in &b {
        match a.get(name) {
            Some(old) if old == new => {}
            Some(old) => {
                writeln!(
                    out,
                    "{:44} {} -> {} ({:+.4})",
                    name.join(" "),
                    results::figure(*old),
                    results::figure(*new),
                    new - old
                )?;
            }
            None => writeln!(out, "{:44} new {}", name.join(" "), results::figure(*new))?,
        }
    }
    let tasks: BTreeSet<&String> = b.keys().map(|name| &name[0]).collect();
    for task in tasks {
        let file = format!("{task}.csv");
        let rows = |folder: &Path| -> Result<BTreeMap<Vec<String>, Vec<String>>> {
            Ok(results::read(&folder.join(&file))?
                .into_iter()
                .map(|row| (row[..2].to_vec(), row[2..].to_vec()))
                .collect())
        };
        let (a, b) = (rows(before)?, rows(after)?);
        let mut changed = 0;
        for (name, new) in &b {
            let Some(old) = a.get(name).filter(|old| *old != new) else { continue };
            changed += 1;
            if old[0] != new[0] {
                writeln!(out, "{task} {}: {} -> {}", name.join(" "), old[0], new[0])?;
            }
        }
        writeln!(out, "{task}: {changed} of {} predictions changed", b.len())?;
    }
    Ok(())
}
