//! Made records as files, and the speed with which they are put into the columns of other data sets.

use crate::{clock::Clock, made, results};
use anyhow::Result;
use casus_export::{
    Format, Item, Options,
    profile::{Export, Profile, Settings},
    writer,
};
use casus_record::{Reading, Report};
use clap::Args;
use std::{
    fs::File,
    hint::black_box,
    io::{self, BufWriter, Write, stdout},
    path::PathBuf,
};

/// Arguments of `made`.
#[derive(Args)]
pub(crate) struct Made {
    /// Incidents to make.
    #[arg(long, default_value_t = 1000)]
    count: u64,
    /// Where to write; the format follows from the name: jsonl, csv, geojson, parquet.
    #[arg(long)]
    output: PathBuf,
}

impl Made {
    pub(crate) fn run(&self) -> Result<()> {
        let out = Box::new(BufWriter::new(File::create(&self.output)?));
        let format = Format::from_path(&self.output).unwrap_or(Format::Jsonl);
        let mut writer = writer(format, Options::default(), out)?;
        let report = Report::default();
        for (index, event) in made::incidents(self.count).into_iter().enumerate() {
            let reading = Reading { events: vec![event], notes: Vec::new() };
            writer.report(&Item { report: &report, reading: &reading, number: index + 1 })?;
        }
        Ok(writer.finish()?)
    }
}

/// Arguments of `bench-export`.
#[derive(Args)]
pub(crate) struct BenchExport {
    /// Incidents to make.
    #[arg(long, default_value_t = 20_000)]
    count: u64,
    /// Times that all are exported; the fastest counts.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Only this profile; nothing is written.
    #[arg(long)]
    profile: Option<Profile>,
    /// File of the results.
    #[arg(long, default_value = "results/export-speed.csv")]
    output: PathBuf,
    /// Do not write the results, only print them.
    #[arg(long)]
    dry_run: bool,
}

/// Events that are cloned at a time.
const TOGETHER: usize = 64;

/// A sink that counts and keeps nothing.
struct Null;

impl Write for Null {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(black_box(bytes).len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl BenchExport {
    /// One thread: each event is redacted, made a case and written as a row; the clones that an export
    /// consumes are made while the clock stands, as many at a time as a core's cache holds: a command, too, has
    /// read an event right before it writes it.
    pub(crate) fn run(&self) -> Result<()> {
        const HEADER: [&str; 4] = ["profile", "events", "columns", "events_per_s"];
        let made = made::incidents(self.count);
        let mut rows = Vec::new();
        for profile in Profile::ALL.into_iter().filter(|one| self.profile.is_none_or(|only| only == *one)) {
            let mut best = f64::INFINITY;
            let mut written = 0;
            for _ in 0..self.rounds.max(1) {
                let mut export = Export::new(profile, Settings::default(), Box::new(Null), None)?;
                let mut seconds = 0.0;
                for part in made.chunks(TOGETHER) {
                    let groups: Vec<Vec<_>> = part.iter().map(|event| vec![event.clone()]).collect();
                    let start = Clock::now();
                    for group in groups {
                        export.report(group)?;
                    }
                    seconds += start.seconds();
                }
                best = best.min(seconds.max(1e-9));
                written = export.finish()?.rows;
            }
            let speed = made.len() as f64 / best;
            writeln!(stdout(), "{:10} {written:6} rows  {speed:9.0} events/s", profile.name())?;
            let columns = Export::columns(profile)?;
            rows.push(vec![
                profile.name().to_owned(),
                made.len().to_string(),
                columns.to_string(),
                // Two digits are what a shared machine repeats.
                format!("{:.0}", (speed / 1e4).round() * 1e4),
            ]);
        }
        if !self.dry_run && self.profile.is_none() {
            results::save(&self.output, &HEADER, &rows)?;
        }
        Ok(())
    }
}
