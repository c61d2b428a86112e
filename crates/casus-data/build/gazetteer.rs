//! Sections `gazetteer` and `place_words`, from `data/places/`.
//!
//! `places.tsv.zst` holds the gazetteer's facts; the TOML files beside it hold what people edit:
//! further names by place, and regions and waters that the facts lack.

use crate::{
    layout::{LIST, NONE, PARTS, bare, field, fold, kind, loose, mark, usage},
    tables::PlaceWords,
};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    error::Error,
    fs,
    io::Read,
    path::Path,
};

/// `names.toml`: further names by place. A place is `AF` (country), `US.KY` (first order division by
/// GeoNames' code) or `g1140043` (id).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    display: BTreeMap<String, String>,
    names: BTreeMap<String, Vec<String>>,
    demonyms: BTreeMap<String, Vec<String>>,
    abbreviations: BTreeMap<String, Vec<String>>,
}

/// `regions.toml`: places that no source has a point for, entered by hand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Regions {
    /// Countries whose names come transliterated in many ways: they get keys of levels 3 and 4.
    transliterated: BTreeSet<String>,
    place: Vec<Region>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Region {
    id: u32,
    name: String,
    kind: String,
    lat: f64,
    lon: f64,
    #[serde(default)]
    country: String,
    #[serde(default)]
    population: u32,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    demonyms: Vec<String>,
    #[serde(default)]
    abbreviations: Vec<String>,
}

#[derive(Default)]
struct Place {
    id: u32,
    name: String,
    lat: f64,
    lon: f64,
    population: u32,
    country: String,
    admin1: String,
    admin2: String,
    kind: u8,
    mark: u8,
}

/// Entries by key, largest population first when written.
type Keys = BTreeMap<String, BTreeSet<u32>>;

struct Builder {
    places: Vec<Place>,
    keys: [Keys; 3],
    transliterated: BTreeSet<String>,
    /// Common words, which are names of a place only where they are its own name.
    common: HashSet<String>,
}

impl Builder {
    fn name(&mut self, place: usize, name: &str, r#use: u8) {
        let key = fold(name);
        if key.is_empty() || key.len() > 80 {
            return;
        }
        let entry = (place as u32) << 2 | u32::from(r#use);
        let plain = matches!(r#use, usage::MAIN | usage::OTHER);
        if r#use == usage::OTHER && (self.common.contains(&key) || key.chars().count() < 3 && key.is_ascii())
        {
            return;
        }
        if plain && self.transliterated.contains(&self.places[place].country) && key.is_ascii() {
            let loosened = loose(&key);
            let bared = bare(&loosened);
            if bared != loosened && bared != key {
                self.keys[2].entry(bared).or_default().insert(entry);
            }
            if loosened != key && !loosened.is_empty() {
                self.keys[1].entry(loosened).or_default().insert(entry);
            }
        }
        self.keys[0].entry(key).or_default().insert(entry);
    }
}

pub(crate) fn build(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let names: Names = toml::from_str(&fs::read_to_string(folder.join("names.toml"))?)
        .map_err(|cause| format!("names.toml: {cause}"))?;
    let regions: Regions = toml::from_str(&fs::read_to_string(folder.join("regions.toml"))?)
        .map_err(|cause| format!("regions.toml: {cause}"))?;
    let mut builder = Builder {
        places: Vec::new(),
        keys: Default::default(),
        transliterated: regions.transliterated,
        common: classes(folder)?.into_iter().filter(|(_, c)| c.contains('c')).map(|(word, _)| word).collect(),
    };
    let table = unpack(&folder.join("places.tsv.zst"))?;
    for line in table.lines().skip(1) {
        let column: Vec<_> = line.split('\t').collect();
        let [id, kind, name, lat, lon, population, country, admin1, admin2, marks, others] = column[..]
        else {
            return Err(format!("places.tsv: not eleven columns: {line}").into());
        };
        let wof = id.starts_with('w');
        let place = builder.places.len();
        builder.places.push(Place {
            id: id[1..].parse()?,
            name: name.to_owned(),
            lat: lat.parse()?,
            lon: lon.parse()?,
            population: population.parse::<u64>()?.min(u64::from(u32::MAX)) as u32,
            country: country.to_owned(),
            admin1: admin1.to_owned(),
            admin2: admin2.to_owned(),
            kind: kind_of(kind)?,
            mark: (u8::from(marks.contains('c')) * mark::CAPITAL)
                | (u8::from(marks.contains('m')) * mark::MEAN)
                | (u8::from(wof) * mark::WOF),
        });
        // The name of a pair of regions would swallow lists: `Australia and New Zealand`.
        if kind != "region" || !name.contains(" and ") {
            builder.name(place, name, usage::MAIN);
        }
        for other in others.split('|').filter(|name| !name.is_empty()) {
            builder.name(place, other, usage::OTHER);
        }
    }
    for region in regions.place {
        let place = builder.places.len();
        builder.places.push(Place {
            id: region.id,
            name: region.name.clone(),
            lat: region.lat,
            lon: region.lon,
            population: region.population,
            country: region.country,
            kind: kind_of(&region.kind)?,
            mark: mark::OWN,
            ..Place::default()
        });
        for (names, r#use) in [
            (vec![region.name], usage::MAIN),
            (region.names, usage::MAIN),
            (region.demonyms, usage::DEMONYM),
            (region.abbreviations, usage::ABBREVIATION),
        ] {
            for name in names {
                builder.name(place, &name, r#use);
            }
        }
    }
    let mut codes = HashMap::new();
    for (index, place) in builder.places.iter().enumerate() {
        match place.kind {
            kind::COUNTRY => codes.insert(place.country.clone(), index),
            kind::ADMIN1 if !place.admin1.is_empty() => {
                codes.insert(format!("{}.{}", place.country, place.admin1), index)
            }
            kind::ADMIN2 if !place.admin2.is_empty() => {
                codes.insert(format!("{}.{}.{}", place.country, place.admin1, place.admin2), index)
            }
            _ => None,
        };
        if place.mark & (mark::WOF | mark::OWN) == 0 {
            codes.insert(format!("g{}", place.id), index);
        }
    }
    for (table, r#use) in [
        (&names.names, usage::MAIN),
        (&names.demonyms, usage::DEMONYM),
        (&names.abbreviations, usage::ABBREVIATION),
    ] {
        for (code, list) in table {
            let place = *codes.get(code).ok_or_else(|| format!("names.toml: no place {code}"))?;
            for name in list {
                builder.name(place, name, r#use);
            }
        }
    }
    for (code, name) in &names.display {
        let place = *codes.get(code).ok_or_else(|| format!("names.toml: no place {code}"))?;
        builder.name(place, name, usage::MAIN);
        builder.places[place].name.clone_from(name);
    }
    pack(&builder, &codes)
}

fn kind_of(name: &str) -> Result<u8, String> {
    let index = kind::NAMES.iter().position(|kind| *kind == name).ok_or_else(|| format!("no kind {name}"))?;
    Ok(index as u8)
}

fn unpack(path: &Path) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    zstd::Decoder::new(fs::File::open(path)?)?
        .read_to_string(&mut text)
        .map_err(|cause| format!("{}: {cause}", path.display()))?;
    Ok(text)
}

fn pack(builder: &Builder, codes: &HashMap<String, usize>) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut records = Vec::new();
    let mut names = Vec::new();
    for place in &builder.places {
        let start = records.len();
        let division = |code: String| codes.get(&code).map_or(NONE, |&index| index as u32);
        let admin1 = format!("{}.{}", place.country, place.admin1);
        let admin2 = format!("{admin1}.{}", place.admin2);
        let degrees = |value: f64| ((value * 1e5).round() as i32).to_le_bytes();
        records.extend(degrees(place.lat));
        records.extend(degrees(place.lon));
        records.extend(place.population.to_le_bytes());
        records.extend((names.len() as u32).to_le_bytes());
        records.extend(place.id.to_le_bytes());
        records.extend(if place.admin1.is_empty() { NONE } else { division(admin1) }.to_le_bytes());
        records.extend(if place.admin2.is_empty() { NONE } else { division(admin2) }.to_le_bytes());
        let mut country = place.country.bytes();
        records.extend([country.next().unwrap_or(0), country.next().unwrap_or(0), place.kind, place.mark]);
        debug_assert_eq!(records.len() - start, field::MARK + 1);
        let mut name = place.name.as_str();
        while name.len() > 255 {
            name = name.char_indices().next_back().map_or("", |(last, _)| &name[..last]);
        }
        names.push(name.len() as u8);
        names.extend(name.bytes());
    }
    let mut postings: Vec<u8> = Vec::new();
    let mut keys = Vec::new();
    for level in &builder.keys {
        let mut map = fst::MapBuilder::memory();
        for (key, entries) in level {
            let mut list: Vec<u32> = entries.iter().copied().collect();
            // A place that bears the name in two ways is listed once, by the more telling.
            list.sort_by_key(|entry| (*entry >> 2, (*entry & 3) as u8 == usage::OTHER, *entry));
            list.dedup_by_key(|entry| *entry >> 2);
            list.sort_by_key(|entry| {
                let place = &builder.places[(*entry >> 2) as usize];
                (std::cmp::Reverse(place.population), *entry)
            });
            let value = if let [entry] = list[..] {
                u64::from(entry)
            } else {
                let at = postings.len() as u64 / 4;
                postings.extend((list.len() as u32).to_le_bytes());
                list.iter().for_each(|entry| postings.extend(entry.to_le_bytes()));
                LIST | at
            };
            map.insert(key, value)?;
        }
        keys.push(map.into_inner()?);
    }
    let [keys1, keys3, keys4] = keys.try_into().map_err(|_| "not three levels")?;
    let parts: [Vec<u8>; PARTS] = [records, names, postings, keys1, keys3, keys4];
    let mut section = Vec::new();
    for part in &parts {
        section.extend(u32::try_from(part.len())?.to_le_bytes());
    }
    for part in parts {
        section.extend(part);
    }
    Ok(section)
}

/// `words.tsv.zst`: a word and its classes: `c` common, `g` given name, `s` surname.
fn classes(folder: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut list = Vec::new();
    for line in unpack(&folder.join("words.tsv.zst"))?.lines() {
        let (word, classes) = line.split_once('\t').ok_or("words.tsv: not two columns")?;
        list.push((word.to_owned(), classes.to_owned()));
    }
    Ok(list)
}

/// Section `place_words`: what words around a name tell, and which names are words too.
pub(crate) fn words(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut set = fst::MapBuilder::memory();
    for (word, classes) in classes(folder)? {
        let bits = [('c', 1), ('g', 2), ('s', 4)];
        set.insert(
            &word,
            bits.iter().filter(|(class, _)| classes.contains(*class)).map(|(_, bit)| bit).sum(),
        )?;
    }
    let patterns = folder.join("../patterns/en/place.toml");
    println!("cargo::rerun-if-changed={}", patterns.display());
    let mut words: PlaceWords =
        toml::from_str(&fs::read_to_string(&patterns)?).map_err(|cause| format!("place.toml: {cause}"))?;
    words.classes = set.into_inner()?;
    Ok(postcard::to_stdvec(&words)?)
}
