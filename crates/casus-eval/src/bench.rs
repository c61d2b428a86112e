//! Throughput, memory and start-up, measured on the user's own reports.

use crate::{documents::Documents, results};
use anyhow::{Context, Result, ensure};
use casus_engine::{Casus, Report};
use clap::Args;
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::{Write, stdout},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};

/// Arguments of `bench`.
#[derive(Args)]
pub(crate) struct Bench {
    /// Reports: JSON Lines with `text` and, if there is one, `docid` or `id`.
    #[arg(long)]
    input: PathBuf,
    /// Threads that read.
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Times that all reports are read; the fastest counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Reports of other matters, one JSON object a line: those in which the rules read no event are read, with
    /// some of the input's among them in which they do.
    #[arg(long)]
    beside: Option<PathBuf>,
    /// How many of a hundred reports are the input's, where others stand beside them.
    #[arg(long, default_value_t = 3, requires = "beside")]
    share: usize,
    /// How much work to spend on a report: fast is the rules alone.
    #[arg(long, value_parser = ["fast", "default", "accurate"], default_value = "default")]
    profile: String,
    /// File of the results; a row of the same input, profile and number of threads is replaced.
    #[arg(long, default_value = "results/speed.csv")]
    output: PathBuf,
    /// Do not write the results, only print them.
    #[arg(long)]
    dry_run: bool,
}

const HEADER: [&str; 10] = [
    "input",
    "profile",
    "threads",
    "reports",
    "characters",
    "events",
    "reports_per_s",
    "mb_per_s",
    "peak_mb",
    "startup_ms",
];

impl Bench {
    pub(crate) fn run(&self) -> Result<()> {
        ensure!(self.threads > 0 && self.rounds > 0, "at least one thread and one round");
        let start = Instant::now();
        let casus = crate::run::casus_of(&self.profile, false)?;
        let startup = start.elapsed().as_secs_f64() * 1e3;
        let mut reports = reports(&self.input)?;
        if let Some(beside) = &self.beside {
            ensure!((1..100).contains(&self.share), "--share is from 1 to 99");
            let rules = crate::run::casus_of("fast", false)?;
            let tells = |report: &Report| !rules.read(report).events.is_empty();
            let others: Vec<Report> =
                self::reports(beside)?.into_iter().filter(|report| !tells(report)).collect();
            let wanted = (others.len() * self.share).div_ceil(100 - self.share);
            let own: Vec<Report> = reports.into_iter().filter(tells).take(wanted).collect();
            reports = mixed(others, own);
        }
        ensure!(!reports.is_empty(), "{}: no reports", self.input.display());
        let bytes: usize = reports.iter().map(|report| report.text.len()).sum();
        let characters: usize = reports.iter().map(|report| report.text.chars().count()).sum();
        let mut best = f64::INFINITY;
        let mut outcome = None;
        for _ in 0..self.rounds {
            let start = Instant::now();
            let round = read(&casus, &reports, self.threads);
            best = best.min(start.elapsed().as_secs_f64().max(1e-9));
            ensure!(
                outcome.get_or_insert_with(|| round.clone()) == &round,
                "two rounds gave different bytes"
            );
        }
        let (events, digest) = outcome.context("no round")?;
        let peak = peak_memory().map_or_else(String::new, |bytes| format!("{:.0}", bytes as f64 / 1e6));
        let file = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = match &self.beside {
            Some(beside) => format!("{} % {} in {}", self.share, file(&self.input), file(beside)),
            None => file(&self.input),
        };
        let row = vec![
            name,
            self.profile.clone(),
            self.threads.to_string(),
            reports.len().to_string(),
            characters.to_string(),
            events.to_string(),
            format!("{:.0}", reports.len() as f64 / best),
            format!("{:.2}", bytes as f64 / 1e6 / best),
            peak,
            format!("{startup:.1}"),
        ];
        let mut out = stdout().lock();
        for (name, value) in HEADER.iter().zip(&row) {
            writeln!(out, "{name:14} {value}")?;
        }
        writeln!(out, "{:14} {digest}", "output")?;
        if !self.dry_run {
            let mut rows = results::read(&self.output)?;
            rows.retain(|other| other[..3] != row[..3]);
            rows.push(row);
            rows.sort();
            results::save(&self.output, &HEADER, &rows)?;
        }
        Ok(())
    }
}

/// The reports of a file.
fn reports(path: &Path) -> Result<Vec<Report>> {
    let documents = Documents::open(path)?.map(|document| {
        let (at, document) = document?;
        let text = document["text"].as_str().with_context(|| format!("{at}: no text"))?;
        let id = crate::documents::id(&document).to_owned();
        Ok(Report { id, text: text.to_owned(), ..Report::default() })
    });
    documents.collect()
}

/// Two lists as one, the shorter spread evenly over the longer.
fn mixed(mut long: Vec<Report>, mut short: Vec<Report>) -> Vec<Report> {
    if long.len() < short.len() {
        std::mem::swap(&mut long, &mut short);
    }
    let (all, few) = (long.len(), short.len());
    let mut short = short.into_iter();
    let mut out = Vec::with_capacity(all + few);
    for (at, report) in long.into_iter().enumerate() {
        out.push(report);
        let due = (at + 1) * few / all - at * few / all;
        out.extend(short.by_ref().take(due));
    }
    out
}

/// Reads all reports and serialises their events; the number of events and a hash over all output in
/// the order of the input, which must not depend on the number of threads.
fn read(casus: &Casus, reports: &[Report], threads: usize) -> (usize, String) {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((index, report)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            reports.get(index).map(|report| (index, report))
        } {
            let events = casus.read(report).events;
            let lines = serde_json::to_vec(&events).unwrap_or_default();
            done.push((index, events.len(), Sha256::digest(lines)));
        }
        done
    };
    let mut all: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    all.sort_by_key(|(index, ..)| *index);
    let mut hash = Sha256::new();
    all.iter().for_each(|(_, _, digest)| hash.update(digest));
    let digest = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    (all.iter().map(|(_, events, _)| events).sum(), digest)
}

/// The most memory that the process has held, in bytes; None where the system does not tell.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(long: usize, short: usize, expected: &str) {
        let list = |id: &str, length: usize| vec![Report { id: id.to_owned(), ..Report::default() }; length];
        let ids: String =
            mixed(list("a", long), list("b", short)).into_iter().map(|report| report.id).collect();
        assert_eq!(ids, expected, "{long} {short}");
    }

    #[test]
    fn the_shorter_list_is_spread_over_the_longer() {
        check(4, 2, "aabaab");
        check(3, 0, "aaa");
        check(1, 3, "bbba");
        check(2, 2, "abab");
    }
}
