//! Sections `gazetteer` and `place_words`, from `data/places/`.
//!
//! `places.tsv.zst` holds the gazetteer's facts, `villages.tsv.zst` those of the villages of conflict
//! countries; the TOML files beside it hold what people edit:
//! further names by place, and regions and waters that the facts lack.

use crate::{
    layout::{Division, NONE, NewPlace, Sorter, Writer, fold, kind, mark, usage},
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

struct Builder {
    places: Vec<Place>,
    names: Sorter,
    /// Common words, which are names of a place only where they are its own name.
    common: HashSet<String>,
}

impl Builder {
    fn name(&mut self, place: usize, name: &str, r#use: u8) {
        let key = fold(name);
        if key.len() > 80
            || r#use == usage::OTHER
                && (self.common.contains(&key) || key.chars().count() < 3 && key.is_ascii())
        {
            return;
        }
        self.names.push(&key, (place as u32) << 2 | u32::from(r#use));
    }
}

pub(crate) fn build(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let names: Names = toml::from_str(&fs::read_to_string(folder.join("names.toml"))?)
        .map_err(|cause| format!("names.toml: {cause}"))?;
    let regions: Regions = toml::from_str(&fs::read_to_string(folder.join("regions.toml"))?)
        .map_err(|cause| format!("regions.toml: {cause}"))?;
    let mut builder = Builder {
        places: Vec::new(),
        names: Sorter::default(),
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
    one_capital(&mut builder.places);
    villages(folder, &mut builder)?;
    units(folder, &mut builder)?;
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
        match place.mark & (mark::WOF | mark::OWN) {
            0 => codes.insert(format!("g{}", place.id), index),
            mark::WOF => codes.insert(format!("w{}", place.id), index),
            _ => None,
        };
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
    pack(builder, &codes, &regions.transliterated)
}

/// The table knows capitals by their names alone: of a country's towns of that name the largest is the capital.
fn one_capital(places: &mut [Place]) {
    let mut largest: HashMap<String, (u32, usize)> = HashMap::new();
    let capitals = places.iter().enumerate().filter(|(_, place)| place.mark & mark::CAPITAL != 0);
    for (index, place) in capitals {
        let known = largest.entry(place.country.clone()).or_insert((place.population, index));
        if place.population > known.0 {
            *known = (place.population, index);
        }
    }
    for (index, place) in places.iter_mut().enumerate() {
        if largest.get(&place.country).is_some_and(|(_, capital)| *capital != index) {
            place.mark &= !mark::CAPITAL;
        }
    }
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

/// Small divisions of which is known where they belong, but not where they are: each has the point and the
/// divisions of the place that stands for the one above, and is marked so. A name that the country has already is
/// left out.
fn units(folder: &Path, builder: &mut Builder) -> Result<(), Box<dyn Error>> {
    let mut known: HashMap<String, HashSet<String>> = HashMap::new();
    for line in fs::read_to_string(folder.join("units.tsv"))?.lines().skip(1) {
        let [id, kind, name, country, within] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("units.tsv: not five columns: {line}").into());
        };
        let names = known.entry(country.to_owned()).or_insert_with(|| {
            builder
                .places
                .iter()
                .filter(|place| place.country == country)
                .map(|place| fold(&place.name))
                .collect()
        });
        if !names.insert(fold(name)) {
            continue;
        }
        let above: u32 = within.trim_start_matches('g').parse()?;
        let above = builder
            .places
            .iter()
            .find(|place| place.id == above && place.mark & (mark::WOF | mark::OWN) == 0)
            .ok_or_else(|| format!("units.tsv: no place is {within}"))?;
        let place = Place {
            id: id.parse()?,
            name: name.to_owned(),
            lat: above.lat,
            lon: above.lon,
            country: country.to_owned(),
            admin1: above.admin1.clone(),
            kind: kind_of(kind)?,
            mark: mark::OWN | mark::MEAN,
            ..Place::default()
        };
        builder.name(builder.places.len(), name, usage::MAIN);
        builder.places.push(place);
    }
    Ok(())
}

/// `villages.tsv.zst`: columns as in the other table, but that the second order division is an id.
fn villages(folder: &Path, builder: &mut Builder) -> Result<(), Box<dyn Error>> {
    for line in unpack(&folder.join("villages.tsv.zst"))?.lines().skip(1) {
        let column: Vec<_> = line.split('\t').collect();
        let [id, kind, name, lat, lon, population, country, admin1, admin2, others] = column[..] else {
            return Err(format!("villages.tsv: not ten columns: {line}").into());
        };
        let place = builder.places.len();
        builder.places.push(Place {
            id: id[1..].parse()?,
            name: name.to_owned(),
            lat: lat.parse()?,
            lon: lon.parse()?,
            population: population.parse()?,
            country: country.to_owned(),
            admin1: admin1.to_owned(),
            admin2: admin2.to_owned(),
            kind: kind_of(kind)?,
            mark: u8::from(id.starts_with('w')) * mark::WOF,
        });
        builder.name(place, name, usage::MAIN);
        for other in others.split('|').filter(|name| !name.is_empty()) {
            builder.name(place, other, usage::OTHER);
        }
    }
    Ok(())
}

fn pack(
    builder: Builder,
    codes: &HashMap<String, usize>,
    transliterated: &BTreeSet<String>,
) -> Result<Vec<u8>, Box<dyn Error>> {
    let code = |country: &str| -> [u8; 2] { country.as_bytes().try_into().unwrap_or_default() };
    let countries = transliterated.iter().map(|country| code(country)).collect();
    let mut writer = Writer::new(builder.places.len(), countries);
    for place in &builder.places {
        let division = |code: &str| codes.get(code).map_or(NONE, |&index| index as u32);
        let admin1 = format!("{}.{}", place.country, place.admin1);
        let admin2 = match place.admin2.as_str() {
            id if id.starts_with(['g', 'w']) && codes.contains_key(id) => division(id),
            "" => NONE,
            code => division(&format!("{admin1}.{code}")),
        };
        writer.place(&NewPlace {
            name: &place.name,
            lat: place.lat,
            lon: place.lon,
            population: place.population,
            id: place.id,
            kind: place.kind | place.mark,
            division: Division {
                country: code(&place.country),
                admin1: if place.admin1.is_empty() { NONE } else { division(&admin1) },
                admin2,
            },
        })?;
    }
    let mut section = Vec::new();
    writer.finish(builder.names, Sorter::default(), None, &mut section, &mut |_, _, _| Ok(()))?;
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
