//! Speed and memory of the place stage alone, on one core: names looked up in the gazetteer, and the places of
//! reports found and resolved. What stands before the stage in the walk is read beforehand and not counted.

use crate::{bench::peak_memory, clock::Clock, documents::Documents, results};
use anyhow::{Context, Result, ensure};
use casus_engine::{
    Casus, Options, Profile, Report,
    mention::place::{self, Gazetteer},
};
use clap::Args;
use std::{
    io::{Write, stdout},
    path::{Path, PathBuf},
};

/// Arguments of `bench-places`.
#[derive(Args)]
pub(crate) struct BenchPlaces {
    /// Reports: JSON Lines with `text`; without them only look-ups are measured.
    #[arg(long)]
    input: Option<PathBuf>,
    /// A gazetteer that `casus gazetteer build` made; otherwise the built-in one.
    #[arg(long)]
    gazetteer: Option<PathBuf>,
    /// Names that are looked up.
    #[arg(long, default_value_t = 200_000)]
    names: usize,
    /// Times that everything is done; the fastest counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// File of the results; rows of the same name are replaced.
    #[arg(long, default_value = "results/speed_places.csv")]
    output: PathBuf,
    /// Do not write the results, only print them.
    #[arg(long)]
    dry_run: bool,
}

const HEADER: [&str; 9] = [
    "gazetteer",
    "places",
    "pack_mb",
    "microseconds_per_name",
    "microseconds_per_unknown_name",
    "input",
    "reports",
    "reports_per_s",
    "peak_mb",
];

/// Reports are read in parts of so many, so that what stands before the stage needs little memory.
const PART: usize = 50;

impl BenchPlaces {
    pub(crate) fn run(&self) -> Result<()> {
        ensure!(self.rounds > 0 && self.names > 0, "at least one round and one name");
        let casus = Casus::embedded()?.with_options(Options { profile: Profile::Fast, ..Options::default() });
        let (casus, bytes) = match &self.gazetteer {
            Some(path) => {
                // Read whole, so that no look-up waits for a disk; `casus` itself maps it.
                let bytes: &'static [u8] =
                    std::fs::read(path).with_context(|| path.display().to_string())?.leak();
                (casus.with_gazetteer(Gazetteer::open(bytes)?), bytes.len())
            }
            None => (casus, casus_data::section("gazetteer")?.len()),
        };
        let gazetteer = casus.resources().places().gazetteer();
        let (known, unknown) = self.names(gazetteer);
        let looked_up = [&known, &unknown].map(|names| self.look_ups(gazetteer, names));
        let named = |path: &Option<PathBuf>| {
            path.as_ref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned())
        };
        let (reports, per_second) = match &self.input {
            Some(path) => self.reports(&casus, path)?,
            None => (0, 0.0),
        };
        let peak = peak_memory().map_or_else(String::new, |bytes| format!("{:.0}", bytes as f64 / 1e6));
        let row = vec![
            named(&self.gazetteer).unwrap_or_else(|| "built-in".to_owned()),
            gazetteer.len().to_string(),
            format!("{:.1}", bytes as f64 / 1e6),
            format!("{:.2}", looked_up[0]),
            format!("{:.2}", looked_up[1]),
            named(&self.input).unwrap_or_default(),
            reports.to_string(),
            format!("{per_second:.0}"),
            peak,
        ];
        let mut out = stdout().lock();
        for (name, value) in HEADER.iter().zip(&row) {
            writeln!(out, "{name:30} {value}")?;
        }
        if !self.dry_run {
            let mut rows = results::read(&self.output)?;
            rows.retain(|other| (&other[0], &other[5]) != (&row[0], &row[5]));
            rows.push(row);
            rows.sort();
            results::save(&self.output, &HEADER, &rows)?;
        }
        Ok(())
    }

    /// Names that the gazetteer has, from all of it and in no order that helps a cache, and as many that it has not.
    fn names(&self, gazetteer: &Gazetteer) -> (Vec<String>, Vec<String>) {
        let mut known = Vec::with_capacity(self.names);
        let places = gazetteer.len().max(1);
        // A step that shares no factor with the number of places visits each once (Fibonacci hashing).
        let step = (places as f64 * 0.618_033_988_75) as usize | 1;
        let mut place = 0;
        for _ in 0..self.names {
            place = (place + step) % places;
            known.push(gazetteer.name(place as u32));
        }
        let unknown = known.iter().map(|name| format!("{name}qx")).collect();
        (known, unknown)
    }

    /// Microseconds that a name takes: folded, found, its meanings counted and the likeliest place read.
    fn look_ups(&self, gazetteer: &Gazetteer, names: &[String]) -> f64 {
        let mut best = f64::INFINITY;
        for _ in 0..self.rounds {
            let start = Clock::now();
            let read = |name: &String| {
                let mut entries = gazetteer.entries(name);
                let count = entries.len();
                entries.next().map_or(0.0, |entry| gazetteer.place(entry.place()).lat) + count as f64
            };
            let found: f64 = names.iter().map(read).sum();
            best = best.min(start.seconds());
            std::hint::black_box(found);
        }
        best * 1e6 / names.len() as f64
    }

    /// How many reports, and how many the stage reads in a second.
    fn reports(&self, casus: &Casus, path: &Path) -> Result<(usize, f64)> {
        let mut texts = Vec::new();
        for document in Documents::open(path)? {
            let (at, document) = document?;
            texts.push(document["text"].as_str().with_context(|| format!("{at}: no text"))?.to_owned());
        }
        ensure!(!texts.is_empty(), "no text");
        let (mut best, mut found) = (f64::INFINITY, None);
        for _ in 0..self.rounds {
            let (mut seconds, mut places) = (0.0, 0);
            for part in texts.chunks(PART) {
                let reports: Vec<Report> =
                    part.iter().map(|text| Report { text: text.clone(), ..Report::default() }).collect();
                let traced: Vec<_> = reports.iter().map(|report| casus.read_traced(report)).collect();
                let start = Clock::now();
                for traced in &traced {
                    let (times, actors) = (&traced.mentions.times, &traced.mentions.actors);
                    places += place::find(casus.resources().places(), &traced.document, times, actors).len();
                }
                seconds += start.seconds();
            }
            ensure!(*found.get_or_insert(places) == places, "two rounds found different places");
            best = best.min(seconds.max(1e-9));
        }
        Ok((texts.len(), texts.len() as f64 / best))
    }
}
