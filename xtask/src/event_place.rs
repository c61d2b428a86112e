//! Learns which of several places is an event's from sentences with a marked verb and marked places:
//! `data/patterns/en/event_place.toml`.
//!
//! A logistic regression over the features of `casus_engine::resolve::site`, with one weight a feature:
//! AdaGrad over the rows in their order, so that the same rows give the same weights. Features that occur
//! seldom are left out.

use anyhow::{Context, Result};
use casus_data::tables::EventPlace;
use casus_engine::{Casus, Report, resolve::site};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Marked sentences, JSON Lines: text, verb and locations with offsets in code points.
    #[arg(long)]
    train: PathBuf,
    /// Further marked sentences, to measure on.
    #[arg(long)]
    dev: PathBuf,
    /// Features are learned if they occur this often.
    #[arg(long, default_value_t = 12)]
    frequency: u32,
    /// Turns over the rows.
    #[arg(long, default_value_t = 25)]
    turns: usize,
    /// Pull of all weights to zero.
    #[arg(long, default_value_t = 0.000_3)]
    pull: f32,
    /// Where to write the weights.
    #[arg(long, default_value = "data/patterns/en/event_place.toml")]
    output: PathBuf,
    /// Where to write the features of all names, for looking at.
    #[arg(long)]
    dump: Option<PathBuf>,
}

/// One marked sentence.
struct Row {
    /// Features of each name, and whether it is marked.
    names: Vec<(Vec<String>, bool)>,
    /// Whether every marked place is among the names.
    reachable: bool,
    /// Whether every mark is of whole words.
    sound: bool,
    placed: bool,
}

pub(crate) fn train(args: &Args) -> Result<()> {
    let casus = Casus::embedded()?;
    let (mut train, dev) = (read(&casus, &args.train)?, read(&casus, &args.dev)?);
    train.retain(|row| row.sound);
    let reachable = |rows: &[Row]| rows.iter().filter(|row| row.reachable).count() as f64 / rows.len() as f64;
    eprintln!("within reach: train {:.4}, dev {:.4}", reachable(&train), reachable(&dev));
    if let Some(path) = &args.dump {
        let mut out = String::new();
        for (set, rows) in [("train", &train), ("dev", &dev)] {
            for (number, row) in rows.iter().enumerate() {
                writeln!(out, "{set}\t{number}\t{}\t{}", row.reachable, row.placed)?;
                for (features, marked) in &row.names {
                    writeln!(out, "\t{}\t{}", u8::from(*marked), features.join("\t"))?;
                }
            }
        }
        fs::write(path, out)?;
    }
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for feature in train.iter().flat_map(|row| &row.names).flat_map(|(features, _)| features) {
        *counts.entry(feature).or_default() += 1;
    }
    let mut weights: BTreeMap<&str, (f32, f32)> = counts
        .iter()
        .filter(|(_, count)| **count >= args.frequency)
        .map(|(feature, _)| (*feature, (0.0, 1e-6)))
        .collect();
    for _ in 0..args.turns {
        for (features, marked) in train.iter().flat_map(|row| &row.names) {
            let sum: f32 = features.iter().filter_map(|f| weights.get(f.as_str())).map(|w| w.0).sum();
            let error = f32::from(u8::from(*marked)) - 1.0 / (1.0 + (-sum).exp());
            for feature in features {
                if let Some((weight, squares)) = weights.get_mut(feature.as_str()) {
                    let slope = error - args.pull * *weight;
                    *squares += slope * slope;
                    *weight += 0.15 * slope / squares.sqrt();
                }
            }
        }
    }
    let mut table = EventPlace {
        weights: weights.iter().map(|(feature, (weight, _))| ((*feature).to_owned(), *weight)).collect(),
        ..EventPlace::default()
    };
    let right = |rows: &[Row], least: f32, placed: bool| {
        let of: Vec<&Row> = rows.iter().filter(|row| !placed || row.placed).collect();
        of.iter().filter(|row| is_right(&table.weights, row, least)).count() as f64 / of.len() as f64
    };
    let least = (-12..=8).map(|step| step as f32 / 10.0).max_by(|a, b| {
        right(&train, *a, false).total_cmp(&right(&train, *b, false)).then(b.abs().total_cmp(&a.abs()))
    });
    let least = least.unwrap_or(0.0);
    for (name, rows) in [("train", &train), ("dev", &dev)] {
        let (all, placed) = (right(rows, least, false), right(rows, least, true));
        eprintln!("{name}: {all:.4} of all, {placed:.4} of those with a place, from {least}");
    }
    table.least = least;
    fs::write(&args.output, write(&table)).with_context(|| args.output.display().to_string())
}

fn is_right(weights: &BTreeMap<String, f32>, row: &Row, least: f32) -> bool {
    row.reachable
        && row.names.iter().all(|(features, marked)| {
            let sum: f32 = features.iter().filter_map(|feature| weights.get(feature)).sum();
            (sum >= least) == *marked
        })
}

fn write(table: &EventPlace) -> String {
    let mut out = format!(
        "# Made by `cargo xtask train-event-place` from marked sentences: do not edit by hand. A feature is named\n\
         # where it is made, in crates/casus-engine/src/resolve/site.rs; its weight is added for every name that has it.\n\
         least = {:.1}\n\n[weights]\n",
        table.least
    );
    for (feature, weight) in &table.weights {
        if weight.abs() >= 0.02 {
            let _ = writeln!(out, "{feature:?} = {weight:.2}");
        }
    }
    out
}

fn read(casus: &Casus, path: &Path) -> Result<Vec<Row>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let rows = text.lines().map(|line| row(casus, &serde_json::from_str(line)?));
    // Rows without a verb teach nothing.
    rows.filter_map(Result::transpose).collect()
}

fn row(casus: &Casus, value: &Value) -> Result<Option<Row>> {
    let text = value["text"].as_str().context("no text")?.to_owned();
    let bytes: Vec<u32> = text.char_indices().map(|(at, _)| at as u32).chain([text.len() as u32]).collect();
    let span = |span: &Value| -> Option<(u32, u32)> {
        let at = |field: &str| Some(bytes[(span[field].as_u64()? as usize).min(bytes.len() - 1)]);
        at("start").zip(at("end"))
    };
    let Some((start, end)) = span(&value["verb"][0]) else { return Ok(None) };
    let report = Report { text, language: Some("en".to_owned()), ..Report::default() };
    let traced = casus.read_traced(&report);
    let (document, data) = (&traced.document, casus.resources().sites());
    let first = document.tokens.partition_point(|token| token.span.end <= start) as u32;
    let last = document.tokens.partition_point(|token| token.span.start < end) as u32;
    let verb = first..last.max(first + 1);
    let marked: Vec<(u32, u32)> =
        value["locations"].as_array().into_iter().flatten().filter_map(span).collect();
    // A mark that cuts a word, or marks nothing, was moved by accident.
    let whole = |mark: &(u32, u32)| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let text = &report.text;
        let (before, inside, behind) = (
            &text[..mark.0 as usize],
            &text[mark.0 as usize..mark.1.max(mark.0) as usize],
            &text[mark.1 as usize..],
        );
        let within_word = letter(before.chars().next_back()) && letter(inside.chars().next());
        let cut_short = letter(inside.chars().next_back()) && letter(behind.chars().next());
        !inside.trim().is_empty() && !within_word && !cut_short
    };
    let sound = marked.iter().all(whole);
    let sites = site::candidates(data, document, &traced.mentions, &verb);
    let meets = |site: &site::Site, marked: &(u32, u32)| {
        let span = document.span(&site.tokens);
        span.start < marked.1 && marked.0 < span.end
    };
    let names = (0..sites.len())
        .map(|index| {
            let features = site::features(data, document, &traced.mentions, &verb, &sites, index);
            (features, marked.iter().any(|marked| meets(&sites[index], marked)))
        })
        .collect();
    let reachable = marked.iter().all(|marked| sites.iter().any(|site| meets(site, marked)));
    Ok(Some(Row { names, reachable, sound, placed: !marked.is_empty() }))
}
