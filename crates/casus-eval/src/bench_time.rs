//! Speed of the time reader alone, with its tokenisation: documents repeated to a given size, one after another
//! on one core, and the same as one long document, which must not be slower by the character.

use crate::{clock::Clock, documents::Documents, results};
use anyhow::{Context, Result, ensure};
use casus_engine::{Casus, Report};
use clap::Args;
use std::{
    io::{Write, stdout},
    path::PathBuf,
};

/// Arguments of `bench-time`.
#[derive(Args)]
pub(crate) struct BenchTime {
    /// Documents: JSON Lines with `text`.
    #[arg(long, required = true)]
    input: Vec<PathBuf>,
    /// Size to which the documents are repeated, in million bytes.
    #[arg(long, default_value_t = 100)]
    megabytes: usize,
    /// Sizes of single long documents, in million bytes.
    #[arg(long, value_delimiter = ',', default_value = "1,10")]
    single: Vec<usize>,
    /// Times that everything is read; the fastest counts.
    #[arg(long, default_value_t = 2)]
    rounds: usize,
    /// File of the results; rows of the same name and size are replaced.
    #[arg(long, default_value = "results/speed_time.csv")]
    output: PathBuf,
    /// Do not write the results, only print them.
    #[arg(long)]
    dry_run: bool,
}

const HEADER: [&str; 6] =
    ["input", "megabytes", "documents", "characters", "times", "million_characters_per_s"];

impl BenchTime {
    pub(crate) fn run(&self) -> Result<()> {
        ensure!(self.rounds > 0, "at least one round");
        let casus = Casus::embedded()?;
        let mut texts = Vec::new();
        for path in &self.input {
            for document in Documents::open(path)? {
                let (at, document) = document?;
                texts.push(document["text"].as_str().with_context(|| format!("{at}: no text"))?.to_owned());
            }
        }
        let bytes: usize = texts.iter().map(String::len).sum();
        ensure!(bytes > 0, "no text");
        let name =
            self.input[0].file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let repeats = (self.megabytes * 1_000_000).div_ceil(bytes);
        let reports: Vec<Report> = texts.iter().map(|text| report(text.clone())).collect();
        let mut rows = vec![self.row(&casus, &name, &reports, repeats)?];
        let all = texts.join("\n\n");
        for size in &self.single {
            let one = report(all.repeat((size * 1_000_000).div_ceil(all.len())));
            rows.push(self.row(&casus, &format!("{name} as one"), &[one], 1)?);
        }
        let mut out = stdout().lock();
        for row in &rows {
            for (name, value) in HEADER.iter().zip(row) {
                writeln!(out, "{name:26} {value}")?;
            }
            writeln!(out)?;
        }
        if !self.dry_run {
            let mut kept = results::read(&self.output)?;
            kept.retain(|other| !rows.iter().any(|row| row[..2] == other[..2]));
            kept.append(&mut rows);
            kept.sort();
            results::save(&self.output, &HEADER, &kept)?;
        }
        Ok(())
    }

    /// Reads the reports, all of them so many times, and measures the fastest round.
    fn row(&self, casus: &Casus, name: &str, reports: &[Report], repeats: usize) -> Result<Vec<String>> {
        let characters: usize = reports.iter().map(|report| report.text.chars().count()).sum();
        let bytes: usize = reports.iter().map(|report| report.text.len()).sum();
        let (mut best, mut times) = (f64::INFINITY, None);
        for _ in 0..self.rounds {
            let start = Clock::now();
            let found: usize =
                (0..repeats).flat_map(|_| reports).map(|report| casus.times(report).mentions.len()).sum();
            best = best.min(start.seconds().max(1e-9));
            ensure!(*times.get_or_insert(found) == found, "two rounds found different times");
        }
        Ok(vec![
            name.to_owned(),
            (bytes * repeats / 1_000_000).to_string(),
            (reports.len() * repeats).to_string(),
            (characters * repeats).to_string(),
            times.unwrap_or(0).to_string(),
            format!("{:.1}", (characters * repeats) as f64 / best / 1e6),
        ])
    }
}

fn report(text: String) -> Report {
    Report { text, language: Some("en".to_owned()), ..Report::default() }
}
