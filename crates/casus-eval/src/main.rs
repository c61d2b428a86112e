//! Predictions, scorers, committed results and floors.
//!
//! ```text
//! casus-eval predict --task TASK --input DOCS.jsonl --output PRED.jsonl
//! ```
//!
//! A prediction reads a data set's own JSON Lines and writes what the scorer of the task reads.
//! Gold fields are never looked at. Offsets in these files are Unicode code points.

mod tasks;

use anyhow::{Context, Result};
use casus_engine::Casus;
use clap::{Parser, Subcommand};
use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    time::Instant,
};

/// Measures casus on data sets.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write predictions for a data set's documents.
    Predict {
        /// What to predict.
        #[arg(long)]
        task: tasks::Task,
        /// Documents, one JSON object a line.
        #[arg(long)]
        input: PathBuf,
        /// Where to write the predictions.
        #[arg(long)]
        output: PathBuf,
    },
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Predict { task, input, output } => predict(task, &input, &output),
    }
}

fn predict(task: tasks::Task, input: &Path, output: &Path) -> Result<()> {
    let casus = Casus::embedded()?;
    let file = File::open(input).with_context(|| format!("cannot open {}", input.display()))?;
    let mut out =
        BufWriter::new(File::create(output).with_context(|| format!("cannot create {}", output.display()))?);
    let (start, mut documents, mut characters) = (Instant::now(), 0usize, 0usize);
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let at = || format!("{}:{}", input.display(), number + 1);
        let document: serde_json::Value = serde_json::from_str(&line).with_context(at)?;
        let prediction = task.predict(&casus, &document).with_context(at)?;
        serde_json::to_writer(&mut out, &prediction)?;
        out.write_all(b"\n")?;
        documents += 1;
        characters += document["text"].as_str().map_or(0, |text| text.chars().count());
    }
    out.flush()?;
    let seconds = start.elapsed().as_secs_f64().max(1e-9);
    eprintln!(
        "{documents} documents, {characters} characters in {seconds:.2} s: {:.0} documents/s, {:.0} characters/s",
        documents as f64 / seconds,
        characters as f64 / seconds
    );
    Ok(())
}
