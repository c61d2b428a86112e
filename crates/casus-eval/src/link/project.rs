//! What linking costs through a project: the commands that a user runs, on the made world.
//!
//! The project is made through `casus_store`: reports in words, and the made events as what was read in
//! them. Then `casus` itself runs, and is asked for its time and the most memory that it had.

use super::{Link, TELLINGS, pairwise, plot};
use crate::world::{NOISE, world_in_words};
use anyhow::{Context, Result, ensure};
use casus_engine::{Event, MadeBy, Reading, Report};
use casus_link::Cluster;
use casus_store::{Outcome, Project, Stamp};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    env, fs,
    io::{BufRead, BufReader, Write, stdout},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Reports that are added, and read, in one act.
const BATCH: usize = 10_000;

const HEAD: &str = "events,incidents,pairwise_f1,file_megabytes,link_seconds,link_megabytes,again_seconds,again_megabytes,\
                    jsonl_seconds,jsonl_megabytes,acled_seconds,acled_megabytes,verify_seconds,verify_megabytes\n";

/// Measures projects of 10,000 events and up.
pub(super) fn measure(args: &Link) -> Result<()> {
    let beside = || Ok::<_, std::io::Error>(env::current_exe()?.with_file_name("casus"));
    let casus = args.binary.clone().map_or_else(beside, Ok)?;
    ensure!(casus.exists(), "{}: build it first, or name it with --binary", casus.display());
    let mut csv = HEAD.to_owned();
    let mut lines: [Vec<(f64, f64)>; 3] = Default::default();
    for events in [10_000, 100_000, 1_000_000].into_iter().filter(|events| *events <= args.most) {
        let folder = tempfile::tempdir()?;
        let truth = make(&folder.path().join("made.casus"), events)?;
        let run = |words: &str| Run::of(&casus, folder.path(), words);
        let (link, again) = (run("link --quiet")?, run("link --quiet")?);
        let jsonl = run("export -o incidents.jsonl")?;
        let acled = run("export --format acled -o acled.csv")?;
        let verify = run("verify")?;
        let clusters = clusters(&folder.path().join("incidents.jsonl"), &truth.numbers)?;
        let (.., f) = pairwise(&truth.incidents, &clusters.iter().collect::<Vec<_>>());
        let size = fs::metadata(folder.path().join("made.casus"))?.len() >> 20;
        csv += &format!("{events},{},{f:.4},{size}", clusters.len());
        for Run { seconds, megabytes } in [&link, &again, &jsonl, &acled, &verify] {
            csv += &format!(",{seconds:.1},{megabytes}");
        }
        csv.push('\n');
        for (line, run) in lines.iter_mut().zip([&link, &again, &jsonl]) {
            line.push((events as f64, run.seconds));
        }
        let _ = writeln!(stdout().lock(), "{}", csv.lines().last().unwrap_or_default());
    }
    if !args.dry_run {
        fs::write(args.results.join("link-project.csv"), csv).context("cannot write the results")?;
        let [link, again, export] = lines;
        let series = [
            ("casus link, all new".to_owned(), "#1b6ca8", link),
            ("casus link, nothing new".to_owned(), "#006b54", again),
            ("casus export as JSON Lines".to_owned(), "#b5651d", export),
        ];
        let plot = plot::plot("A project, by number of events", &series);
        fs::write(args.plots.join("project-scale.svg"), plot).context("cannot write the plot")?;
    }
    Ok(())
}

/// What is right: the incident of each event, by the number that its id has here.
struct Truth {
    incidents: Vec<u32>,
    numbers: HashMap<String, usize>,
}

/// Makes the project.
fn make(path: &Path, events: usize) -> Result<Truth> {
    let (made, words) = world_in_words(1, events / TELLINGS, events, NOISE);
    let stamp = Stamp { who: "made".into(), at: "2024-03-14T12:00:00Z".parse()? };
    let version = MadeBy { casus: "made".into(), pack: "made".into(), options: "made".into() };
    let mut project = Project::init(path, &stamp)?;
    // Copies of one story differ in their number, so that each is a report.
    let text = |at: usize| format!("{} {at}", words[at]);
    for first in (0..events).step_by(BATCH) {
        let batch = first..events.min(first + BATCH);
        project.add(&stamp, &format!("made-{first}.jsonl"), |adding| {
            for at in batch.clone() {
                let given = &made.events[at].report;
                let report = Report {
                    id: at.to_string(),
                    text: text(at),
                    publisher: given.publisher.clone(),
                    published: given.published,
                    ..Report::default()
                };
                adding.bytes(report.text.as_bytes())?;
                adding.report(&report, Some(at as u64), &[])?;
            }
            Ok(0)
        })?;
        let unread = project.unread(&version, 0, BATCH, usize::MAX)?;
        let read = |unread: casus_store::Unread| {
            let at: usize = unread.report.id.parse().unwrap_or_default();
            let mut event: Event = made.events[at].clone();
            event.report.id.clone_from(&unread.report.id);
            event.report.text_sha256 = hex(&Sha256::digest(unread.report.text.as_bytes()));
            (unread, Outcome::Read(Reading { events: vec![event], notes: Vec::new() }))
        };
        project.keep_readings(&stamp, &version, &unread.into_iter().map(read).collect::<Vec<_>>())?;
    }
    let numbers = made.events.iter().enumerate().map(|(at, event)| (event.id.clone(), at)).collect();
    Ok(Truth { incidents: made.truth, numbers })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The incidents that were exported, as numbers of events.
fn clusters(path: &Path, numbers: &HashMap<String, usize>) -> Result<Vec<Cluster>> {
    let mut clusters = Vec::new();
    for line in BufReader::new(fs::File::open(path)?).lines() {
        let record: Value = serde_json::from_str(&line?)?;
        let events = record["events"].as_array().into_iter().flatten();
        let members = events.filter_map(|id| numbers.get(id.as_str()?).copied()).collect();
        clusters.push(Cluster { members, cohesion: 1.0 });
    }
    Ok(clusters)
}

/// What a command took.
struct Run {
    seconds: f64,
    /// The most that it had of memory.
    megabytes: u64,
}

impl Run {
    fn of(casus: &Path, folder: &Path, words: &str) -> Result<Run> {
        let start = Instant::now();
        let mut command = Command::new(casus);
        command.args(words.split(' ')).current_dir(folder).stdout(Stdio::null());
        let mut child = command.spawn().with_context(|| casus.display().to_string())?;
        let mut peak = 0;
        let status = loop {
            peak = peak.max(most_memory(&child));
            if let Some(status) = child.try_wait()? {
                break status;
            }
            thread::sleep(Duration::from_millis(20));
        };
        ensure!(status.success(), "casus {words}: {status}");
        Ok(Run { seconds: start.elapsed().as_secs_f64(), megabytes: peak >> 10 })
    }
}

/// In kilobytes; 0 where the system does not tell.
fn most_memory(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
