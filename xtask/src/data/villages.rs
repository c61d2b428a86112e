//! Makes `data/places/villages.tsv.zst`: the villages and quarters of the countries that Who's On First
//! tables are given for, as far as `places.tsv.zst` lacks them.
//!
//! The columns are those of the gazetteer's table, with the second order division named by its id. The
//! lines are sorted by country, divisions and name, so that neighbours share what compresses.

use super::places::{fold, names, number, read_table};
use anyhow::{Context, Result, bail};
use clap::Args;
use flate2::read::GzDecoder;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::PathBuf,
};

const HEADER: &str = "id\tkind\tname\tlat\tlon\tpopulation\tcountry\tadmin1\tadmin2\tnames";

/// Where the villages come from.
#[derive(Args)]
pub(crate) struct Sources {
    /// Folder with Who's On First tables, `wof-XX.tsv.gz`.
    #[arg(long)]
    wof: PathBuf,
    /// Word list of SCOWL, size small: one word a line.
    #[arg(long)]
    words: PathBuf,
    /// Folder with `places.tsv.zst` and `words.tsv.zst`, where the villages are written too.
    #[arg(long, default_value = "data/places")]
    output: PathBuf,
}

/// Divisions by what a Who's On First table calls them.
#[derive(Default)]
struct Divisions {
    /// First order division's code by country and folded name.
    first: HashMap<(String, String), String>,
    /// Second order division's id by country, first order code (or none, where it is the only one) and
    /// folded name.
    second: HashMap<(String, String, String), Option<String>>,
}

pub(crate) fn make(sources: &Sources) -> Result<()> {
    let mut divisions = Divisions::default();
    let mut known = HashSet::new();
    for line in read_table(&sources.output.join("places.tsv.zst"))?.lines().skip(1) {
        let field: Vec<_> = line.split('\t').collect();
        let [id, kind, name, _, _, _, country, admin1, _, _, others] = field[..] else {
            bail!("places.tsv: not eleven columns: {line}")
        };
        known.insert(id.to_owned());
        let names = || others.split('|').chain([name]).map(fold).filter(|name| !name.is_empty());
        match kind {
            "admin1" => {
                for name in names() {
                    divisions.first.entry((country.to_owned(), name)).or_insert_with(|| admin1.to_owned());
                }
            }
            "admin2" => {
                for name in names().collect::<BTreeSet<_>>() {
                    divisions
                        .second
                        .insert((country.to_owned(), admin1.to_owned(), name.clone()), Some(id.to_owned()));
                    divisions
                        .second
                        .entry((country.to_owned(), String::new(), name))
                        .and_modify(|only| *only = None)
                        .or_insert_with(|| Some(id.to_owned()));
                }
            }
            _ => {}
        }
    }
    let mut lines = Vec::new();
    let mut files: Vec<_> = fs::read_dir(&sources.wof)?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        for line in BufReader::new(GzDecoder::new(File::open(file.path())?)).lines().skip(1) {
            let line = line?;
            lines.extend(village(&line, &divisions, &known).with_context(|| line.clone())?);
        }
    }
    lines.sort();
    lines.dedup();
    common(sources, &lines)?;
    let path = sources.output.join("villages.tsv.zst");
    let mut out = zstd::Encoder::new(File::create(&path)?, 19)?;
    out.long_distance_matching(true)?;
    writeln!(out, "{HEADER}")?;
    for (_, line) in &lines {
        writeln!(out, "{line}")?;
    }
    out.finish()?.flush()?;
    eprintln!("{}: {} places, {} bytes", path.display(), lines.len(), fs::metadata(&path)?.len());
    Ok(())
}

/// Adds to `words.tsv.zst` the common words that are names of villages.
fn common(sources: &Sources, lines: &[([String; 4], String)]) -> Result<()> {
    let path = sources.output.join("words.tsv.zst");
    let mut classes: BTreeMap<String, String> = read_table(&path)?
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(word, classes)| (word.to_owned(), classes.to_owned()))
        .collect();
    let named: HashSet<String> = lines
        .iter()
        .flat_map(|(key, line)| {
            line.rsplit('\t').next().unwrap_or_default().split('|').chain([key[3].as_str()])
        })
        .map(fold)
        .collect();
    for word in fs::read_to_string(&sources.words)?.lines() {
        let key = fold(word);
        if word.chars().all(char::is_lowercase) && named.contains(&key) {
            let known = classes.entry(key).or_default();
            if !known.contains('c') {
                known.insert(0, 'c');
            }
        }
    }
    let mut out = zstd::Encoder::new(File::create(&path)?, 19)?;
    for (word, classes) in &classes {
        writeln!(out, "{word}\t{classes}")?;
    }
    out.finish()?.flush()?;
    Ok(())
}

/// One line of a Who's On First table as a line of ours, with what it is sorted by; None for what is
/// no village, is out of date or is known.
fn village(
    line: &str,
    divisions: &Divisions,
    known: &HashSet<String>,
) -> Result<Option<([String; 4], String)>> {
    let field: Vec<_> = line.split('\t').collect();
    let [
        wof,
        geonames,
        name,
        country,
        kind,
        _,
        _,
        lat,
        lon,
        population,
        region,
        county,
        others,
        _,
        current,
        ..,
    ] = field[..]
    else {
        bail!("not sixteen columns")
    };
    let kind = match kind {
        "locality" | "localadmin" => "town",
        "neighbourhood" => "quarter",
        _ => return Ok(None),
    };
    let id = if geonames.is_empty() { format!("w{wof}") } else { format!("g{geonames}") };
    if current == "0" || known.contains(&id) || number(&id[1..]).is_none_or(|id| u32::try_from(id).is_err()) {
        return Ok(None);
    }
    let (lat, lon): (f64, f64) = (lat.parse()?, lon.parse()?);
    let admin1 = divisions.first.get(&(country.to_owned(), fold(region))).cloned().unwrap_or_default();
    let second = |above: &str| {
        divisions.second.get(&(country.to_owned(), above.to_owned(), fold(county))).cloned().flatten()
    };
    let admin2 = second(&admin1).or_else(|| second("")).unwrap_or_default();
    let population = population.parse::<f64>().unwrap_or(0.0).clamp(0.0, 5e7) as u64;
    let others: BTreeSet<String> = others.split('|').filter(|name| script(name)).map(str::to_owned).collect();
    let name = name.replace('|', " ");
    let text = format!(
        "{id}\t{kind}\t{name}\t{lat:.4}\t{lon:.4}\t{population}\t{country}\t{admin1}\t{admin2}\t{}",
        names(&name, &others).join("|")
    );
    Ok(Some(([country.to_owned(), admin1, admin2, name], text)))
}

/// Whether a name is in a script that reports of these countries use: Latin, Greek, Cyrillic, Hebrew,
/// Arabic, Myanmar, Ethiopic. Names of small villages in others were written by machines.
fn script(name: &str) -> bool {
    name.chars().all(|c| {
        matches!(u32::from(c),
            0..=0x52f | 0x590..=0x6ff | 0x750..=0x77f | 0x8a0..=0x8ff | 0x1000..=0x109f | 0x1200..=0x139f
            | 0x1e00..=0x1eff | 0x2000..=0x206f | 0xfb50..=0xfdff)
    })
}
