//! Predictions, scorers, committed results and floors.
//!
//! ```text
//! casus-eval predict --task TASK --input DOCS.jsonl --output PRED.jsonl
//! casus-eval learn --task isaf --input DOCS.jsonl --output MODEL.json
//! casus-eval run                      all dev sets: writes results/*.csv, prints a table
//! casus-eval floors                   all dev sets: fails if a figure is below results/floors.toml
//! casus-eval show-one --task TASK ID  one document: gold beside predicted
//! casus-eval errors --task TASK       misses by cause: writes results/errors-TASK.csv
//! casus-eval diff A B                 two result folders, prediction files or binaries
//! casus-eval bench --input DOCS.jsonl throughput, memory and start-up: writes results/speed.csv
//! casus-eval bench-actors --input PHRASES.jsonl time to code an actor phrase
//! casus-eval bench-export             speed of putting records into other data sets' columns
//! casus-eval made --output FILE       made incidents as JSON Lines, for programs that read exports
//! casus-eval bench-time --input DOCS.jsonl speed of the time reader: writes results/speed_time.csv
//! casus-eval bench-places --input DOCS.jsonl speed of the place stage: writes results/speed_places.csv
//! casus-eval text                     words, tags, sentences on a treebank: writes results/text.csv
//! casus-eval link                     linking on a made world: writes results/link*.csv
//! ```
//!
//! A prediction reads a data set's own JSON Lines and writes what the scorer of the task reads.
//! Gold fields are never looked at. Offsets in these files are Unicode code points.
//!
//! The data sets are not part of the repository: they are read from `--data`, from
//! `$CASUS_EVAL_DATA` or from `../shared/data`. Without them `run` and `floors` say so in one line
//! and succeed.

mod bench;
mod bench_actors;
mod bench_export;
mod bench_places;
mod bench_time;
mod calibration;
mod clock;
mod coreference;
mod diff;
mod documents;
mod errors;
mod floors;
mod gate;
mod link;
#[allow(dead_code, reason = "the tests of casus-export use the rest")]
mod made;
mod regression;
mod results;
mod roots;
mod rule_rows;
mod run;
mod score;
mod sets;
mod show;
mod tasks;
mod text;
mod world;

use anyhow::{Context, Result};
use casus_engine::{Casus, Options, Report, reader};
use clap::{Args, Parser, Subcommand};
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

/// Measures casus on data sets.
#[derive(Parser)]
#[command(version)]
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
    /// Write the words of documents that the learned reader decides about, for its training.
    Candidates {
        /// Documents with `docid` and `text`, one JSON object a line.
        #[arg(long)]
        input: PathBuf,
        /// Where to write `{"docid", "spans": [[first byte, byte behind], …]}`, one a line.
        #[arg(long)]
        output: PathBuf,
    },
    /// Write the names that the choice of an event's place decides about, for its training.
    Sites {
        /// Documents of the task event-location, one JSON object a line.
        #[arg(long)]
        input: PathBuf,
        /// Where to write what each sentence offers, one JSON object a line.
        #[arg(long)]
        output: PathBuf,
    },
    /// Measure how much of the key's words the gate of the learned reader lets through, and how much text; or
    /// learn its weights.
    Gate(gate::Arguments),
    /// Learn how a data set's coders code, from its coded documents.
    Learn {
        /// What to learn.
        #[arg(long)]
        task: tasks::Task,
        /// Coded documents, one JSON object a line.
        #[arg(long)]
        input: PathBuf,
        /// Where to write the model.
        #[arg(long)]
        output: PathBuf,
    },
    /// Predict and score the dev sets, and write the results.
    Run {
        #[command(flatten)]
        choice: Choice,
        /// Folder of the results.
        #[arg(long, default_value = "results")]
        results: PathBuf,
        /// Do not write the results, only print them.
        #[arg(long)]
        dry_run: bool,
    },
    /// Predict and score the dev sets, and fail if a figure is below its floor.
    Floors {
        #[command(flatten)]
        choice: Choice,
        /// The floors.
        #[arg(long, default_value = "results/floors.toml")]
        floors: PathBuf,
    },
    /// Show one document with what is right, missed and invented.
    ShowOne {
        /// What to predict.
        #[arg(long)]
        task: tasks::Task,
        /// Folder of the data sets.
        #[arg(long)]
        data: Option<PathBuf>,
        /// The document's id, or the start of it.
        id: String,
    },
    /// Sort the misses of a task by cause, as the trace of a reading tells it.
    Errors(errors::Errors),
    /// Compare two builds: result folders, prediction files or binaries.
    Diff(diff::Diff),
    /// Measure how fast bare actor phrases are coded, on one core.
    BenchActors(bench_actors::BenchActors),
    /// Measure how fast records are put into the columns of other data sets.
    BenchExport(bench_export::BenchExport),
    /// Write made incidents of every form as JSON Lines.
    Made(bench_export::Made),
    /// Measure throughput, memory and start-up.
    Bench(bench::Bench),
    /// Measure the speed of the time reader alone, on one core.
    BenchTime(bench_time::BenchTime),
    /// Measure look-ups of names and the place stage alone, on one core.
    BenchPlaces(bench_places::BenchPlaces),
    /// Measure words, parts of speech and sentences on a treebank.
    Text(text::Text),
    /// Measure linking on a made world: quality, or time and memory.
    Link(link::Link),
}

/// Which sets to score, and where they are.
#[derive(Args)]
struct Choice {
    /// How much work to spend on a document: fast is the rules alone.
    #[arg(long, value_parser = ["fast", "default", "accurate"], default_value = "default")]
    profile: String,
    /// Only this task.
    #[arg(long)]
    task: Option<tasks::Task>,
    /// Folder of the data sets; otherwise $CASUS_EVAL_DATA, otherwise ../shared/data.
    #[arg(long)]
    data: Option<PathBuf>,
}

fn main() -> Result<ExitCode> {
    match Cli::parse().command {
        Command::Predict { task, input, output } => predict(task, &input, &output)?,
        Command::Candidates { input, output } => candidates(&input, &output)?,
        Command::Sites { input, output } => sites(&input, &output)?,
        Command::Gate(arguments) => arguments.run()?,
        Command::Learn { task, input, output } => {
            let documents: Vec<_> =
                documents::Documents::open(&input)?.map(|document| Ok(document?.1)).collect::<Result<_>>()?;
            let learned = task.learn(&Casus::embedded()?, &documents)?;
            let written = if output.extension().is_some_and(|kind| kind == "toml") {
                let task = task.name();
                format!(
                    "# Made by `casus-eval learn --task {task}`: do not edit by hand.\n\n{}",
                    toml::to_string(&learned)?
                )
            } else {
                serde_json::to_string_pretty(&learned)? + "\n"
            };
            std::fs::write(&output, written).with_context(|| format!("cannot write {}", output.display()))?;
        }
        Command::Run { choice, results, dry_run } => {
            let Some(outcome) = run::run(&choice)? else { return Ok(ExitCode::SUCCESS) };
            results::print(&outcome);
            if !dry_run {
                results::write(&results, &outcome)?;
            }
        }
        Command::Floors { choice, floors } => {
            let Some(outcome) = run::run(&choice)? else { return Ok(ExitCode::SUCCESS) };
            results::print(&outcome);
            if !floors::check(&floors, &outcome)? {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::ShowOne { task, data, id } => show::show(task, data.as_deref(), &id)?,
        Command::Errors(errors) => errors.run()?,
        Command::Diff(diff) => diff.run()?,
        Command::Bench(bench) => bench.run()?,
        Command::BenchActors(bench) => bench.run()?,
        Command::BenchExport(bench) => bench.run()?,
        Command::Made(made) => made.run()?,
        Command::BenchTime(bench) => bench.run()?,
        Command::BenchPlaces(bench) => bench.run()?,
        Command::Text(text) => text.run()?,
        Command::Link(link) => link.run()?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The candidates of every document, with what the rules know of them.
fn candidates(input: &Path, output: &Path) -> Result<()> {
    let casus = Casus::of_rules()?;
    let mut out =
        BufWriter::new(File::create(output).with_context(|| format!("cannot write {}", output.display()))?);
    for document in documents::Documents::open(input)? {
        let (_, document) = document?;
        let text = document["text"].as_str().context("no text")?.to_owned();
        let report = Report { text, ..Report::default() };
        let traced = casus.read_traced(&report);
        let found = reader::candidates(&traced.document, &traced.mentions, &traced.frames, |_| true);
        let spans: Vec<[u32; 2]> =
            found.iter().map(|tokens| traced.document.span(tokens)).map(|s| [s.start, s.end]).collect();
        let known = casus.evidence(&traced, &found);
        let line = serde_json::json!({
            "docid": document["docid"],
            "signs": reader::evidence::SIGNS,
            "spans": spans,
            "known": known,
        });
        serde_json::to_writer(&mut out, &line)?;
        writeln!(out)?;
    }
    Ok(out.flush()?)
}

/// The names around every event's word, and the sets of them.
fn sites(input: &Path, output: &Path) -> Result<()> {
    let casus = Casus::of_rules()?;
    let mut out =
        BufWriter::new(File::create(output).with_context(|| format!("cannot write {}", output.display()))?);
    for document in documents::Documents::open(input)? {
        let (_, document) = document?;
        serde_json::to_writer(&mut out, &tasks::event_location::offers(&casus, &document)?)?;
        writeln!(out)?;
    }
    Ok(out.flush()?)
}

fn predict(task: tasks::Task, input: &Path, output: &Path) -> Result<()> {
    let casus = Casus::embedded()?.with_options(Options { all: task.reads_politics(), ..Options::default() });
    let mut out =
        BufWriter::new(File::create(output).with_context(|| format!("cannot create {}", output.display()))?);
    let (start, mut documents, mut characters) = (Instant::now(), 0usize, 0usize);
    let mut together = Vec::new();
    for document in documents::Documents::open(input)? {
        let (at, document) = document?;
        documents += 1;
        characters += document["text"].as_str().map_or(0, |text| text.chars().count());
        if task.reads_together() {
            together.push(document);
            continue;
        }
        let prediction = task.predict(&casus, &document).context(at)?;
        serde_json::to_writer(&mut out, &prediction)?;
        out.write_all(b"\n")?;
    }
    for prediction in task.predict_together(&casus, &together).transpose()?.unwrap_or_default() {
        serde_json::to_writer(&mut out, &prediction)?;
        out.write_all(b"\n")?;
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
