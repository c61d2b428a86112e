//! `casus read` on a project: what this version has not read.
//!
//! Reports are read in batches, each of which is one act of the project. Whatever stops the run, all
//! batches before are kept, and the next run goes on behind them.

use super::stamp;
use crate::{
    Failure, Status, args, guarded, number,
    read::{STACK_BYTES, WORKER, silence_panics_of_workers},
    remark,
};
use casus_engine::Casus;
use casus_store::{Outcome, Project, Unread};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    collections::BTreeSet,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// Reports in a batch, for each thread, and bytes of their texts. A batch is in memory at once, and what
/// is read in a text may take some 250 times its bytes.
const REPORTS_PER_JOB: usize = 128;
const BATCH_BYTES: usize = 2 << 20;

/// Reads what is unread.
pub(crate) fn read(project: &Path, args: &args::Read) -> Result<Status, Failure> {
    let mut project = Project::open(project, &stamp(None)?)?;
    let options = args.options()?;
    let version = options.made_by();
    let total = project.count_unread(&version)?;
    if total == 0 {
        if !args.quiet {
            remark(&"this version has read all reports of the project");
        }
        return Ok(Status::ALL);
    }
    let casus = args.reader(options)?;
    let jobs = args.jobs.or(thread::available_parallelism().ok()).map_or(1, usize::from);
    let stopped = crate::stop_on_signal()?;
    silence_panics_of_workers();
    let bar = bar(args.quiet, total);
    let (mut after, mut events, mut failed) = (0, 0, 0);
    let mut said = BTreeSet::new();
    while !stopped.load(Ordering::Relaxed) {
        let batch = project.unread(&version, after, jobs * REPORTS_PER_JOB, BATCH_BYTES)?;
        let Some(last) = batch.last() else { break };
        after = last.number;
        let batch = read_batch(&casus, batch, jobs)?;
        project.keep_readings(&stamp(None)?, &version, &batch)?;
        for (unread, outcome) in &batch {
            match outcome {
                Outcome::Read(reading) => {
                    events += reading.events.len() as u64;
                    // What receiving a report had to assume was said by `casus add`.
                    let own = reading.notes.iter().filter(|note| !unread.notes.contains(note));
                    for note in own.filter(|_| !args.quiet) {
                        if said.insert(note.message.clone()) {
                            bar.suspend(|| remark(&format_args!("{}: {}", unread.report.id, note.message)));
                        }
                    }
                }
                Outcome::Failed(reason) => {
                    failed += 1;
                    bar.suspend(|| crate::complain(&format_args!("{}: {reason}", unread.report.id)));
                }
            }
        }
        bar.inc(batch.len() as u64);
    }
    let read = bar.position();
    bar.finish_and_clear();
    let left = total.saturating_sub(read);
    let done = format!("{} read, {}", number(read, "report"), number(events, "event"));
    if stopped.load(Ordering::Relaxed) && left > 0 {
        remark(&format_args!("interrupted: {done}, {left} left; go on with the same command"));
        return Ok(Status::INTERRUPTED);
    }
    if !args.quiet {
        remark(&done);
    }
    Ok(match failed {
        0 => Status::ALL,
        failed if failed == read => Status::NOTHING,
        _ => Status::SOME,
    })
}

/// Reads a batch on `jobs` threads, and gives it back in its order.
fn read_batch(casus: &Casus, batch: Vec<Unread>, jobs: usize) -> Result<Vec<(Unread, Outcome)>, Failure> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(unread) = batch.get(at) else { return done };
            let outcome = match guarded(|| casus.read(&unread.report)) {
                Ok(mut reading) => {
                    reading.notes.splice(0..0, unread.notes.iter().cloned());
                    Outcome::Read(reading)
                }
                Err(reason) => Outcome::Failed(reason),
            };
            done.push((at, outcome));
        }
    };
    let mut outcomes = thread::scope(|scope| {
        let start = |number: usize| {
            let builder = thread::Builder::new().name(format!("{WORKER}{number}")).stack_size(STACK_BYTES);
            builder.spawn_scoped(scope, work)
        };
        let workers: Vec<_> = (0..jobs).map(start).collect();
        let mut outcomes = Vec::new();
        for worker in workers {
            let worker = worker.map_err(|cause| Failure(format!("cannot start a thread: {cause}")))?;
            outcomes.extend(worker.join().map_err(|_| Failure("a thread ended too early".to_owned()))?);
        }
        Ok::<_, Failure>(outcomes)
    })?;
    outcomes.sort_unstable_by_key(|(at, _)| *at);
    Ok(batch.into_iter().zip(outcomes.into_iter().map(|(_, outcome)| outcome)).collect())
}

fn bar(quiet: bool, total: u64) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(5) };
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} reports  {per_sec}  {eta} left");
    let bar = ProgressBar::with_draw_target(Some(total), target);
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
