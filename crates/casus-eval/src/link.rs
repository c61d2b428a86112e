//! Linking on a made world: are the right events one incident, and at what cost.
//!
//! ```text
//! casus-eval link                 5,000 incidents told 25,000 times: writes results/link.csv
//! casus-eval link --scale         10,000 to 1,000,000 events: writes results/link-scale.csv and the plot
//! casus-eval link --project       the same through `casus link` and `casus export` on a project
//! ```
//!
//! Pairwise precision and recall are over pairs of events of one incident (Menestrina et al. 2010,
//! "Evaluating entity resolution results").

use crate::world::{NOISE, World, world};
use anyhow::{Context, Result, ensure};
use casus_engine::Event;
use casus_link::{Cluster, Linker, Member, Options, Telling, compose};
use clap::Args;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::{Write, stdout},
    num::NonZero,
    path::PathBuf,
    thread,
    time::Instant,
};

mod plot;
mod project;

/// Arguments of `link`.
#[derive(Args)]
pub(crate) struct Link {
    /// Measure time and memory from 10,000 events up instead.
    #[arg(long)]
    scale: bool,
    /// Measure `casus link`, `export` and `verify` on projects from 10,000 events up instead.
    #[arg(long, conflicts_with = "scale")]
    project: bool,
    /// The program for `--project` [default: `casus` beside this one]
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Most events of `--scale` and `--project`.
    #[arg(long, default_value_t = 1_000_000)]
    most: usize,
    /// Seeds of the worlds; weights were set on seeds from 100 up.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2, 3])]
    seeds: Vec<u64>,
    /// Folder of the results.
    #[arg(long, default_value = "results")]
    results: PathBuf,
    /// Folder of the plots.
    #[arg(long, default_value = "docs")]
    plots: PathBuf,
    /// Log-odds above which clusters are joined [default: the linker's]
    #[arg(long, allow_negative_numbers = true)]
    threshold: Option<f32>,
    /// Show so many pairs that were missed, and so many that were wrongly joined, with what was seen.
    #[arg(long, default_value_t = 0)]
    errors: usize,
    /// Do not write the results, only print them.
    #[arg(long)]
    dry_run: bool,
}

/// Incidents of the world, and tellings of each.
const INCIDENTS: usize = 5_000;
const TELLINGS: usize = 5;

impl Link {
    pub(crate) fn run(&self) -> Result<()> {
        match (self.scale, self.project) {
            (true, _) => self.scale(),
            (_, true) => project::measure(self),
            _ => self.quality(),
        }
    }

    fn options(&self) -> Options {
        let threads = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        let default = Options { threads, ..Options::default() };
        Options { threshold: self.threshold.unwrap_or(default.threshold), ..default }
    }

    fn quality(&self) -> Result<()> {
        let mut csv =
            String::from("seed,incidents,events,found,pairwise_p,pairwise_r,pairwise_f1,same_any_order\n");
        let mut bins = [(0usize, 0usize, 0f64); 10];
        for &seed in &self.seeds {
            let made = world(seed, INCIDENTS, INCIDENTS * TELLINGS, NOISE);
            let linker = link(&made, self.options(), usize::MAX, 1);
            let found = linker.clusters();
            let (p, r, f) = pairwise(&made.truth, &found);
            show_errors(&made, &linker, self.errors);
            let other = link(&made, self.options(), 997, 2);
            let same = by_event(&linker) == by_event(&other);
            calibration(&made, &linker, &mut bins);
            writeln!(
                csv,
                "{seed},{INCIDENTS},{},{},{p:.4},{r:.4},{f:.4},{same}",
                made.events.len(),
                found.len()
            )?;
            ensure!(same, "another batch size gives other incidents (seed {seed})");
        }
        // A closed pipe is no error: the figures are in the file.
        let _ = stdout().lock().write_all(csv.as_bytes());
        let mut calibrated = String::from("probability,pairs,said,true\n");
        for (number, right, sum) in bins.iter().filter(|bin| bin.0 > 0) {
            let said = sum / *number as f64;
            writeln!(
                calibrated,
                "{:.1},{number},{said:.3},{:.3}",
                (said * 10.0).floor() / 10.0,
                *right as f64 / *number as f64
            )?;
        }
        let _ = stdout().lock().write_all(calibrated.as_bytes());
        if !self.dry_run {
            fs::write(self.results.join("link.csv"), csv).context("cannot write the results")?;
            fs::write(self.results.join("link-calibration.csv"), calibrated)
                .context("cannot write the results")?;
        }
        Ok(())
    }

    fn scale(&self) -> Result<()> {
        let mut csv = String::from(
            "events,seconds_to_link,cpu_seconds_to_link,seconds_to_compose,megabytes,clusters,pairwise_f1\n",
        );
        let mut points = Vec::new();
        for events in [10_000, 30_000, 100_000, 300_000, 1_000_000] {
            if events > self.most {
                break;
            }
            let made = world(1, events / TELLINGS, events, NOISE);
            let before = resident();
            let (start, used) = (Instant::now(), processor_seconds());
            let linker = link(&made, self.options(), usize::MAX, 1);
            let (linked, used) = (start.elapsed().as_secs_f64(), processor_seconds() - used);
            let memory = resident().saturating_sub(before);
            let clusters = linker.clusters();
            let start = Instant::now();
            let incidents = compose_all(&made.events, &clusters);
            let composed = start.elapsed().as_secs_f64();
            ensure!(incidents == clusters.len(), "a cluster without events");
            let (.., f) = pairwise(&made.truth, &clusters);
            writeln!(
                csv,
                "{events},{linked:.2},{used:.2},{composed:.2},{},{},{f:.4}",
                memory >> 20,
                clusters.len()
            )?;
            let _ = writeln!(stdout().lock(), "{}", csv.lines().last().unwrap_or_default());
            points.push((events as f64, linked, composed));
        }
        if !self.dry_run {
            fs::write(self.results.join("link-scale.csv"), csv).context("cannot write the results")?;
            let series = |label: &str, colour, of: fn(&(f64, f64, f64)) -> f64| {
                (label.to_owned(), colour, points.iter().map(|point| (point.0, of(point))).collect())
            };
            let plot = plot::plot(
                "Time to link, by number of events",
                &[
                    series("linked", "#1b6ca8", |point| point.1),
                    series("incidents composed", "#b5651d", |point| point.2),
                ],
            );
            fs::write(self.plots.join("linking-scale.svg"), plot).context("cannot write the plot")?;
        }
        Ok(())
    }
}

fn compose_all(events: &[Event], clusters: &[&Cluster]) -> usize {
    let one = |cluster: &Cluster| {
        let members: Vec<Member<'_>> =
            cluster.members.iter().map(|&number| (&events[number]).into()).collect();
        compose(&members, cluster.cohesion).is_some()
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let size = clusters.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let parts: Vec<_> = clusters
            .chunks(size)
            .map(|part| scope.spawn(move || part.iter().filter(|cluster| one(cluster)).count()))
            .collect();
        parts.into_iter().map(|part| part.join().unwrap_or(0)).sum()
    })
}

/// Links the world in batches of `size`, every `step`-th event first, so that the order changes too.
fn link(made: &World, options: Options, size: usize, step: usize) -> Linker {
    let mut linker = Linker::new(options);
    let order: Vec<usize> = (0..step).flat_map(|first| (first..made.events.len()).step_by(step)).collect();
    let telling = |&at: &usize| Telling::new(&made.events[at], Some(made.signatures[at].clone()));
    for batch in order.chunks(size.min(order.len()).max(1)) {
        linker.add(batch.iter().map(telling).collect());
    }
    linker
}

/// The clusters as lists of the events' ids: what does not depend on the numbers.
fn by_event(linker: &Linker) -> Vec<Vec<&str>> {
    let ids =
        |cluster: &&Cluster| cluster.members.iter().map(|&number| linker.telling(number).event()).collect();
    linker.clusters().iter().map(ids).collect()
}

/// Precision, recall and F1 over pairs of events; `clusters` number the events as `truth` does.
fn pairwise(truth: &[u32], clusters: &[&Cluster]) -> (f64, f64, f64) {
    let pairs = |count: usize| (count * count.saturating_sub(1) / 2) as f64;
    let mut of_truth: BTreeMap<u32, usize> = BTreeMap::new();
    for incident in truth {
        *of_truth.entry(*incident).or_default() += 1;
    }
    let (mut right, mut found) = (0.0, 0.0);
    for cluster in clusters {
        let mut parts: BTreeMap<u32, usize> = BTreeMap::new();
        for &member in &cluster.members {
            *parts.entry(truth[member]).or_default() += 1;
        }
        right += parts.values().map(|&count| pairs(count)).sum::<f64>();
        found += pairs(cluster.members.len());
    }
    let wanted: f64 = of_truth.values().map(|&count| pairs(count)).sum();
    let (p, r) = (right / f64::max(found, 1.0), right / wanted.max(1.0));
    (p, r, 2.0 * p * r / (p + r).max(1e-9))
}

/// Says of the pairs of events published within a week of each other, in bins of probability, how many
/// are of one incident.
fn calibration(made: &World, linker: &Linker, bins: &mut [(usize, usize, f64); 10]) {
    let mut order: Vec<usize> = (0..made.events.len()).collect();
    order.sort_by_key(|&at| (made.events[at].report.published, &made.events[at].id));
    for (at, &a) in order.iter().enumerate() {
        for &b in order[at + 1..].iter().take(400) {
            let probability = f64::from(linker.evidence(a, b).probability());
            // Far from even odds there is nothing to learn but how many pairs there are.
            if probability > 0.005 {
                let bin = &mut bins[((probability * 10.0) as usize).min(9)];
                bin.0 += 1;
                bin.1 += usize::from(made.truth[a] == made.truth[b]);
                bin.2 += probability;
            }
        }
    }
}

/// Prints pairs of one incident that stand apart, and pairs of two that stand together, in equal steps
/// over all of them.
fn show_errors(made: &World, linker: &Linker, most: usize) {
    let (mut missed, mut wrong) = (Vec::new(), Vec::new());
    let clusters = linker.clusters();
    let mut cluster_of = vec![0; made.events.len()];
    for (number, cluster) in clusters.iter().enumerate() {
        for (at, &a) in cluster.members.iter().enumerate() {
            cluster_of[a] = number;
            wrong.extend(
                cluster.members[..at].iter().filter(|&&b| made.truth[a] != made.truth[b]).map(|&b| (a, b)),
            );
        }
    }
    let mut by_truth: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, &incident) in made.truth.iter().enumerate() {
        by_truth.entry(incident).or_default().push(at);
    }
    for members in by_truth.values() {
        for (at, &a) in members.iter().enumerate() {
            missed.extend(members[..at].iter().filter(|&&b| cluster_of[a] != cluster_of[b]).map(|&b| (a, b)));
        }
    }
    let mut out = stdout().lock();
    for (name, pairs) in [("missed", missed), ("wrong", wrong)] {
        let step = (pairs.len() / most.max(1)).max(1);
        for &(a, b) in pairs.iter().step_by(step).take(most) {
            let seen = linker.evidence(a, b);
            let _ = writeln!(out, "{name} {:.1} {seen:?}", seen.log_odds());
            for event in [&made.events[a], &made.events[b]] {
                let when = event.when.as_ref().map(|when| (when.earliest, when.latest));
                let place =
                    event.places.first().map(|place| (&place.name, place.lat, place.lon, &place.admin1));
                let tolls: Vec<_> = event.losses.iter().map(|loss| (loss.figure, loss.count.value)).collect();
                let parties: Vec<_> = event.participants.iter().map(|party| party.name.as_str()).collect();
                let _ =
                    writeln!(out, "    {:?} {when:?} {place:?} {tolls:?} {parties:?}", event.action.family);
            }
        }
    }
}

/// Resident memory in bytes; 0 where the system does not tell.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok()).unwrap_or(0) << 10
}

/// Processor time of this process in seconds, over all threads; 0 where the system does not tell.
fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Fields 14 and 15, counted behind the name in parentheses, in hundredths (USER_HZ).
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_order_and_no_batch_size_changes_the_incidents() {
        let made = world(7, 400, 2_000, NOISE);
        let all = link(&made, Options::default(), usize::MAX, 1);
        let (p, r, f) = pairwise(&made.truth, &all.clusters());
        assert!(f > 0.9, "precision {p}, recall {r}");
        for (size, step) in [(1, 1), (7, 3), (250, 2), (1_999, 11), (usize::MAX, 5)] {
            assert_eq!(
                by_event(&link(&made, Options::default(), size, step)),
                by_event(&all),
                "batches of {size}, step {step}"
            );
        }
    }

    #[test]
    fn pairs_are_counted() {
        let cluster = |members: &[usize]| Cluster { members: members.to_vec(), cohesion: 1.0 };
        // Truth {0 1 2} {3 4}; found {0 1} {2 3 4}: right 0-1 and 3-4 of four found and four wanted.
        let found = [cluster(&[0, 1]), cluster(&[2, 3, 4])];
        let (p, r, f) = pairwise(&[1, 1, 1, 2, 2], &found.iter().collect::<Vec<_>>());
        assert_eq!((p, r, f), (0.5, 0.5, 0.5));
    }

    #[test]
    fn a_world_is_its_seed() {
        let (a, b, c) = (world(5, 50, 200, NOISE), world(5, 50, 200, NOISE), world(6, 50, 200, NOISE));
        assert_eq!((&a.events, &a.truth), (&b.events, &b.truth));
        assert_ne!(a.truth, c.truth);
        assert_eq!(a.events.len(), 200);
    }
}
