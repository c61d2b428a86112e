//! Task `variants`: places by spellings of their names that the gazetteer does not have.
//!
//! Of the places of a country that have several names in Latin letters, one spelling each is held out, up
//! to [`MOST`] a country, and a gazetteer is built without them. A spelling is a name that shares at
//! least half of its letters with another name of the place and is not equal to it when folded: names
//! that have nothing in common are no spellings. A found place is right if it is the place, or within
//! [`SAME_KM`] of it, for the sources hold some places twice; how often it is the place itself is told too.
//!
//! Reads the facts under `data/places/` and no data set.

use anyhow::{Context, Result};
use casus_data::gazetteer::{Division, NONE, NewPlace, Sorter, Writer, fold, kind, usage};
use casus_engine::mention::place::Gazetteer;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fs::File,
    path::Path,
    sync::OnceLock,
};

const COUNTRIES: [&str; 3] = ["IQ", "SY", "YE"];
const MOST: usize = 6_000;
const SAME_KM: f64 = 10.0;
/// As exactly as the gazetteer holds a point.
const ITSELF_KM: f64 = 0.05;

struct Held {
    gazetteer: Gazetteer,
    documents: Vec<Value>,
}

/// A place of the facts.
struct Fact {
    id: String,
    kind: u8,
    lat: f64,
    lon: f64,
    population: u32,
    country: String,
    names: Vec<String>,
    held: Option<String>,
}

/// One document a name: `{id, name, country, lat, lon, shared}`.
pub(crate) fn documents() -> Result<Vec<Value>> {
    Ok(held()?.documents.clone())
}

/// The place that is found first, and whether it is right.
pub(crate) fn predict(document: &Value) -> Result<Value> {
    let text = |field: &str| document[field].as_str().with_context(|| format!("no {field}"));
    let degrees = |field: &str| document[field].as_f64().with_context(|| format!("no {field}"));
    let gazetteer = &held()?.gazetteer;
    let (country, gold) = (text("country")?, (degrees("lat")?, degrees("lon")?));
    let found = gazetteer.find(text("name")?, Some(country));
    let first = found.first();
    let away = first.map_or(f64::INFINITY, |found| km(gold, (found.place.lat, found.place.lon)));
    Ok(json!({
        "id": document["id"],
        "country": country,
        "shared": document["shared"],
        "found": first.map(|found| gazetteer.name(found.entry.place())),
        "level": first.map(|found| format!("{:?}", found.level)),
        "right": away <= SAME_KM,
        "itself": away <= ITSELF_KM,
    }))
}

fn held() -> Result<&'static Held> {
    static HELD: OnceLock<Held> = OnceLock::new();
    if let Some(held) = HELD.get() {
        return Ok(held);
    }
    let built = build()?;
    Ok(HELD.get_or_init(|| built))
}

fn build() -> Result<Held> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/places");
    let mut facts = Vec::new();
    for (file, others) in [("places.tsv.zst", 10), ("villages.tsv.zst", 9)] {
        let table = std::io::read_to_string(zstd::Decoder::new(File::open(folder.join(file))?)?)?;
        for line in table.lines().skip(1) {
            let field: Vec<&str> = line.split('\t').collect();
            if COUNTRIES.contains(&field[6]) {
                facts.push(Fact {
                    id: field[0].to_owned(),
                    kind: kind::NAMES.iter().position(|kind| *kind == field[1]).unwrap_or_default() as u8,
                    lat: field[3].parse()?,
                    lon: field[4].parse()?,
                    population: field[5].parse()?,
                    country: field[6].to_owned(),
                    names: [field[2]]
                        .into_iter()
                        .chain(field[others].split('|'))
                        .map(str::to_owned)
                        .collect(),
                    held: None,
                });
            }
        }
    }
    let mut bearers: HashMap<(String, String), Vec<(f64, f64)>> = HashMap::new();
    for fact in &facts {
        for name in &fact.names {
            bearers.entry((fact.country.clone(), fold(name))).or_default().push((fact.lat, fact.lon));
        }
    }
    let mut documents = Vec::new();
    for country in COUNTRIES {
        let mut held: Vec<(Vec<u8>, usize, String)> = Vec::new();
        for (index, fact) in facts.iter().enumerate().filter(|(_, fact)| fact.country == country) {
            if let Some(name) = spelling(fact) {
                held.push((Sha256::digest(fact.id.as_bytes()).to_vec(), index, name));
            }
        }
        held.sort();
        for (_, index, name) in held.into_iter().take(MOST) {
            let fact = &mut facts[index];
            let others = bearers.get(&(fact.country.clone(), fold(&name)));
            let shared = others.into_iter().flatten().any(|other| km(*other, (fact.lat, fact.lon)) > SAME_KM);
            documents.push(json!({
                "id": fact.id, "name": name, "country": country, "lat": fact.lat, "lon": fact.lon, "shared": shared,
            }));
            fact.held = Some(fold(&name));
        }
    }
    let countries: HashSet<[u8; 2]> =
        COUNTRIES.iter().filter_map(|country| country.as_bytes().try_into().ok()).collect();
    let mut writer = Writer::new(facts.len(), countries);
    let mut names = Sorter::default();
    for (index, fact) in facts.iter().enumerate() {
        writer.place(&NewPlace {
            name: &fact.names[0],
            lat: fact.lat,
            lon: fact.lon,
            population: fact.population,
            id: index as u32,
            kind: fact.kind,
            division: Division { country: fact.country.as_bytes().try_into()?, admin1: NONE, admin2: NONE },
        })?;
        for (rank, name) in fact.names.iter().enumerate() {
            let key = fold(name);
            if fact.held.as_ref() != Some(&key) {
                let r#use = if rank == 0 { usage::MAIN } else { usage::OTHER };
                names.push(&key, (index as u32) << 2 | u32::from(r#use));
            }
        }
    }
    let mut bytes = Vec::new();
    writer.finish(names, Sorter::default(), None, &mut bytes, &mut |_, _, _| Ok(()))?;
    // The process holds it until it ends.
    Ok(Held { gazetteer: Gazetteer::open(bytes.leak())?, documents })
}

/// The spelling to hold out: of those that resemble another name, the one whose hash comes first.
fn spelling(fact: &Fact) -> Option<String> {
    let latin = |name: &&String| fold(name).is_ascii() && fold(name).len() >= 3;
    let keys: BTreeSet<String> = fact.names.iter().filter(latin).map(|name| fold(name)).collect();
    fact.names
        .iter()
        .filter(latin)
        .filter(|name| {
            let key = fold(name);
            keys.iter().any(|other| *other != key && strsim::normalized_levenshtein(other, &key) >= 0.5)
        })
        .min_by_key(|name| Sha256::digest(fold(name).as_bytes()).to_vec())
        .cloned()
}

/// Great circle distance in kilometres (haversine, mean radius 6,371.0088 km).
fn km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (dlat, dlon) = ((b.0 - a.0).to_radians() / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let h = dlat.sin().powi(2) + lat_a.cos() * lat_b.cos() * dlon.sin().powi(2);
    2.0 * 6_371.008_8 * h.sqrt().min(1.0).asin()
}
