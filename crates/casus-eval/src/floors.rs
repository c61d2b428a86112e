//! Floors: what a figure must not fall below.

use crate::{results::figure, run::Scored};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::{
    fs,
    io::{Write, stdout},
    path::Path,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    floor: Vec<Floor>,
}

/// The least value of one figure.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Floor {
    task: String,
    set: String,
    metric: String,
    min: f64,
}

/// Compares the figures with the floors of a file and prints what is below. Floors of sets that were
/// not scored are passed over; a floor of a figure that its set does not have is an error.
pub(crate) fn check(path: &Path, outcome: &[Scored]) -> Result<bool> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file: File = toml::from_str(&text).with_context(|| format!("cannot read {}", path.display()))?;
    let (mut held, mut below) = (0, 0);
    let mut out = stdout().lock();
    for Floor { task, set, metric, min } in &file.floor {
        let Some(scored) =
            outcome.iter().find(|scored| scored.set.task.name() == *task && scored.set.name == set)
        else {
            continue;
        };
        let (_, value) = scored
            .scores
            .summary
            .iter()
            .find(|(name, _)| name == metric)
            .with_context(|| format!("{task} {set} has no figure {metric:?}"))?;
        if *value < *min {
            below += 1;
            writeln!(out, "below its floor: {task} {set} {metric} {} < {}", figure(*value), figure(*min))?;
        } else {
            held += 1;
        }
    }
    writeln!(out, "floors: {held} held, {below} not")?;
    Ok(below == 0)
}
