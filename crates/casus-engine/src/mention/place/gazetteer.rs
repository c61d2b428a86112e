//! The gazetteer: places by their names, straight from the bytes of the pack.
//!
//! Opening costs nothing; a look-up walks an fst and reads fixed-width records. The layout is
//! described at [`casus_data::gazetteer`].
//!
//! This module must not know what a text is.

use crate::{Error, PlaceKind};
use casus_data::gazetteer::{LIST, NONE, PARTS, RECORD, bare, field, fold, kind, loose, mark, usage};
use fst::raw::{CompiledAddr, Fst, Output};
use std::fmt;

/// A place's index in the gazetteer, or one of its names' meanings with how it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry(u32);

impl Entry {
    /// Index of the place.
    pub fn place(self) -> u32 {
        self.0 >> 2
    }

    /// Whether the name is the gazetteer's own, or as good.
    pub fn is_main(self) -> bool {
        self.usage() == usage::MAIN
    }

    /// Whether the name is an adjective or a people.
    pub fn is_demonym(self) -> bool {
        self.usage() == usage::DEMONYM
    }

    /// Whether the name is an abbreviation.
    pub fn is_abbreviation(self) -> bool {
        self.usage() == usage::ABBREVIATION
    }

    fn usage(self) -> u8 {
        (self.0 & 3) as u8
    }
}

/// How loosely a name was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Same letters but for case, diacritics, ayn and hamza, hyphens.
    Exact,
    /// Arabic article and doubled consonants do not count.
    Loose,
    /// Vowels that are written for one another do not count.
    Bare,
}

/// One place of the gazetteer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place<'g> {
    /// The gazetteer's name.
    pub name: &'g str,
    /// Latitude in degrees, WGS 84.
    pub lat: f64,
    /// Longitude in degrees, WGS 84.
    pub lon: f64,
    /// People, 0 if not known.
    pub population: u32,
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<&'g str>,
    /// Index of its first order division; of itself for one.
    pub admin1: Option<u32>,
    /// Index of its second order division; of itself for one.
    pub admin2: Option<u32>,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// Whether it is a continent: a region that holds countries.
    pub continent: bool,
    /// Whether it is a country's capital.
    pub capital: bool,
    id: u32,
    mark: u8,
}

impl Place<'_> {
    /// Id with its source: `geonames:292968`, `wof:1108561773`, `casus:12`.
    pub fn id(&self) -> String {
        let source = if self.mark & mark::OWN != 0 {
            "casus"
        } else if self.mark & mark::WOF != 0 {
            "wof"
        } else {
            "geonames"
        };
        format!("{source}:{}", self.id)
    }
}

/// A place that a name was found for by [`Gazetteer::find`].
#[derive(Debug, Clone, Copy)]
pub struct Found<'g> {
    /// The place.
    pub place: Place<'g>,
    /// The meaning.
    pub entry: Entry,
    /// How loosely the name was compared.
    pub level: Level,
}

/// Places by name.
pub struct Gazetteer {
    records: &'static [u8],
    names: &'static [u8],
    postings: &'static [u8],
    keys: [Fst<&'static [u8]>; 3],
}

impl fmt::Debug for Gazetteer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gazetteer").field("places", &self.len()).finish_non_exhaustive()
    }
}

impl Gazetteer {
    /// Opens the built-in gazetteer.
    ///
    /// # Errors
    /// If the section is missing or damaged.
    pub(crate) fn embedded() -> Result<Gazetteer, Error> {
        let section = casus_data::section("gazetteer")?;
        Gazetteer::open(section).ok_or_else(|| Error::data("gazetteer", "damaged"))
    }

    fn open(section: &'static [u8]) -> Option<Gazetteer> {
        let mut rest = section.get(PARTS * 4..)?;
        let mut parts = [&[][..]; PARTS];
        for (index, part) in parts.iter_mut().enumerate() {
            let length = word(section, index * 4) as usize;
            *part = rest.get(..length)?;
            rest = &rest[length..];
        }
        let [records, names, postings, exact, loose, bare] = parts;
        let keys = [Fst::new(exact).ok()?, Fst::new(loose).ok()?, Fst::new(bare).ok()?];
        (records.len() % RECORD == 0).then_some(Gazetteer { records, names, postings, keys })
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        self.records.len() / RECORD
    }

    /// Whether it holds no place.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The place of an index that this gazetteer gave.
    ///
    /// # Panics
    /// If the index is not one of this gazetteer's.
    pub fn place(&self, index: u32) -> Place<'static> {
        let record = &self.records[index as usize * RECORD..][..RECORD];
        let division = |at, own: u8| match word(record, at) {
            NONE => (record[field::KIND] == own).then_some(index),
            place => Some(place),
        };
        let name = word(record, field::NAME) as usize;
        let length = usize::from(self.names[name]);
        let country = &record[field::COUNTRY..field::COUNTRY + 2];
        Place {
            name: std::str::from_utf8(&self.names[name + 1..name + 1 + length]).unwrap_or_default(),
            lat: f64::from(word(record, field::LAT) as i32) / 1e5,
            lon: f64::from(word(record, field::LON) as i32) / 1e5,
            population: word(record, field::POPULATION),
            country: if country[0] == 0 { None } else { std::str::from_utf8(country).ok() },
            admin1: division(field::ADMIN1, kind::ADMIN1),
            admin2: division(field::ADMIN2, kind::ADMIN2),
            kind: match record[field::KIND] {
                kind::TOWN => PlaceKind::PopulatedPlace,
                kind::COUNTRY => PlaceKind::Country,
                kind::ADMIN1 => PlaceKind::Admin1,
                kind::ADMIN2 => PlaceKind::Admin2,
                kind::REGION | kind::CONTINENT => PlaceKind::Region,
                kind::WATER => PlaceKind::Water,
                kind::QUARTER => PlaceKind::Quarter,
                kind::MOUNTAIN => PlaceKind::Mountain,
                _ => PlaceKind::Unknown,
            },
            continent: record[field::KIND] == kind::CONTINENT,
            capital: record[field::MARK] & mark::CAPITAL != 0,
            id: word(record, field::ID),
            mark: record[field::MARK],
        }
    }

    /// Places of a name, best level first and there the largest first. With a country, names are
    /// compared ever more loosely until one in that country is found; without, not beyond
    /// [`Level::Loose`].
    pub fn find(&self, name: &str, country: Option<&str>) -> Vec<Found<'static>> {
        let key = fold(name);
        let mut found: Vec<Found<'static>> = Vec::new();
        for level in [Level::Exact, Level::Loose, Level::Bare] {
            if level == Level::Bare && country.is_none() {
                break;
            }
            for entry in self.entries(&key, level) {
                let place = self.place(entry.place());
                if country.is_none_or(|country| place.country == Some(country))
                    && !found.iter().any(|other| other.entry.place() == entry.place())
                {
                    found.push(Found { place, entry, level });
                }
            }
            if !found.is_empty() {
                break;
            }
        }
        found
    }

    /// Entries of a key that [`fold`] made, compared at a level: those that are the same at the level,
    /// whatever they are at stricter ones.
    pub(crate) fn entries(&self, key: &str, level: Level) -> Vec<Entry> {
        let mut out = Vec::new();
        if key.is_empty() {
            return out;
        }
        match level {
            Level::Exact => self.extend(0, key, &mut out),
            Level::Loose => {
                let key = loose(key);
                self.extend(0, &key, &mut out);
                self.extend(1, &key, &mut out);
            }
            Level::Bare => {
                let key = bare(&loose(key));
                for keys in 0..3 {
                    self.extend(keys, &key, &mut out);
                }
            }
        }
        out
    }

    fn extend(&self, keys: usize, key: &str, out: &mut Vec<Entry>) {
        if let Some(value) = self.keys[keys].get(key) {
            self.meanings(value.value(), out);
        }
    }

    /// The entries behind a key's value, appended.
    pub(crate) fn meanings(&self, value: u64, out: &mut Vec<Entry>) {
        if value & LIST == 0 {
            out.push(Entry(value as u32));
            return;
        }
        let at = (value & !LIST) as usize * 4;
        let count = word(self.postings, at) as usize;
        out.extend((1..=count).map(|i| Entry(word(self.postings, at + i * 4))));
    }

    /// Begins a walk over the keys of level 1.
    pub(crate) fn walk(&self) -> Walk<'_> {
        let root = self.keys[0].root();
        Walk { fst: &self.keys[0], at: root.addr(), out: Output::zero(), alive: true }
    }
}

/// A little-endian number; 0 beyond the end.
fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

/// A position in the keys, moved on byte by byte as long as some key goes on so.
#[derive(Clone)]
pub(crate) struct Walk<'g> {
    fst: &'g Fst<&'static [u8]>,
    at: CompiledAddr,
    out: Output,
    alive: bool,
}

impl Walk<'_> {
    /// Moves on over some bytes; false if no key goes on with them.
    pub(crate) fn step(&mut self, bytes: &[u8]) -> bool {
        for &byte in bytes {
            let node = self.fst.node(self.at);
            let Some(index) = node.find_input(byte).filter(|_| self.alive) else {
                self.alive = false;
                return false;
            };
            let transition = node.transition(index);
            self.out = self.out.cat(transition.out);
            self.at = transition.addr;
        }
        true
    }

    /// The value, if a key ends here.
    pub(crate) fn value(&self) -> Option<u64> {
        let node = self.fst.node(self.at);
        (self.alive && node.is_final()).then(|| self.out.cat(node.final_output()).value())
    }
}
