//! The gazetteer: places by their names, straight from the bytes of the pack.
//!
//! Opening costs nothing; a look-up walks an fst and reads fixed-width records. The layout is
//! described at [`casus_data::gazetteer`].
//!
//! This module must not know what a text is.

use super::sound::{Letters, Spelling, likeness, reads};
use crate::{Candidate, Error, PlaceKind};
use casus_data::gazetteer::{
    DIVISION, HEADER, MAGIC, NONE, PARTS, RECORD, bare, behind_kind, capitalised, division, field, fold,
    is_article, kind, loose, mark, population, skeletons, usage, without_article,
};
use fst::{
    IntoStreamer, Streamer,
    raw::{CompiledAddr, Fst, Output},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashSet},
    fmt,
};

/// A place's index in the gazetteer, or one of its names' meanings with how it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry(u32);

impl Entry {
    /// Index of the place.
    #[inline]
    pub fn place(self) -> u32 {
        self.0 >> 2
    }

    /// Whether the name is the gazetteer's own, or as good.
    #[inline]
    pub fn is_main(self) -> bool {
        self.usage() == usage::MAIN
    }

    /// Whether the name is an adjective or a people.
    #[inline]
    pub fn is_demonym(self) -> bool {
        self.usage() == usage::DEMONYM
    }

    /// Whether the name is another than the gazetteer's own.
    #[inline]
    fn is_other(self) -> bool {
        self.usage() == usage::OTHER
    }

    /// Whether the name is an abbreviation.
    #[inline]
    pub fn is_abbreviation(self) -> bool {
        self.usage() == usage::ABBREVIATION
    }

    #[inline]
    fn usage(self) -> u8 {
        (self.0 & 3) as u8
    }
}

/// What a name means, read from the pack's bytes as it is asked for: some names have thousands of meanings.
#[derive(Debug, Clone)]
pub struct Entries {
    list: &'static [u8],
    width: usize,
}

impl Iterator for Entries {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let (entry, rest) = self.list.split_at_checked(self.width)?;
        self.list = rest;
        Some(Entry(number(entry, 0, self.width)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = self.list.len() / self.width;
        (count, Some(count))
    }
}

impl ExactSizeIterator for Entries {}

/// More meanings of a name are not looked at in a text; they are the smallest places of a common name.
pub(super) const MEANINGS: usize = 600;

/// How loosely a name was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Same letters but for case, diacritics, ayn and hamza, hyphens.
    Exact,
    /// Arabic article and doubled consonants do not count.
    Loose,
    /// Vowels that are written for one another do not count.
    Bare,
    /// The name in Arabic letters reads like this one.
    Script,
    /// Consonants that are written for one another do not count, nor do vowels; what is left must still
    /// look alike.
    Skeleton,
}

/// One place of the gazetteer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place<'g> {
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

    /// How much the place is likely to be meant by a name, before anything is known of who names it: by its kind and
    /// people, and by whether the name is its own. The weights are those of the ranking, set by hand on
    /// development texts.
    pub(crate) fn prior(&self, entry: Entry) -> f32 {
        self.weight() + if entry.is_other() { prior::OTHER } else { 0.0 }
    }

    /// The same without the name.
    fn weight(&self) -> f32 {
        let size = match self.kind {
            PlaceKind::Country => prior::COUNTRY,
            PlaceKind::Admin1 => prior::ADMIN1.max((self.population as f32 + 1.0).log10()) - 0.5,
            PlaceKind::Admin2 => prior::ADMIN2,
            PlaceKind::Region if self.country.is_none() => prior::WIDE,
            PlaceKind::Region if self.population > 0 => prior::REGION,
            PlaceKind::Water | PlaceKind::Mountain => prior::WATER,
            PlaceKind::Region => prior::REGION - 0.5,
            _ => (self.population as f32 + 10.0).log10(),
        };
        size * prior::SIZE + if self.capital { prior::CAPITAL } else { 0.0 }
    }
}

/// Weights of [`Place::prior`].
mod prior {
    /// A power of ten of people.
    pub(super) const SIZE: f32 = 0.9;
    /// A country, as a power of ten of people would count.
    pub(super) const COUNTRY: f32 = 7.6;
    pub(super) const ADMIN1: f32 = 6.2;
    pub(super) const ADMIN2: f32 = 3.0;
    pub(super) const REGION: f32 = 5.0;
    /// A region of several countries: no country that the document is about speaks for it.
    pub(super) const WIDE: f32 = 7.0;
    pub(super) const WATER: f32 = 6.2;
    /// Another name than the gazetteer's own.
    pub(super) const OTHER: f32 = -1.5;
    pub(super) const CAPITAL: f32 = 0.7;
}

/// How large a place is, which tells much of whether a name means one at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Size {
    /// What kind of place it is.
    pub(crate) kind: PlaceKind,
    /// People, 0 if not known.
    pub(crate) population: u32,
    /// Whether it is a region that holds countries.
    pub(crate) continent: bool,
    /// Whether it is a country's capital.
    pub(crate) capital: bool,
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
    width: usize,
    places: &'static [u8],
    divisions: &'static [u8],
    names: &'static [u8],
    keys: Keys,
    skeletons: Keys,
}

/// Keys in order, each with one number or several.
struct Keys {
    keys: Fst<&'static [u8]>,
    slots: &'static [u8],
    lists: &'static [u8],
}

/// Keys that look alike are compared at most this often for one name.
const ALIKE: usize = 6_000;

/// What sounds less like the name than this is another name.
const LEAST: f32 = 0.6;

/// Names that bear a word for a kind of place are this much less alike to those that do not.
const BARE_OF_KIND: f32 = 0.12;

/// An article is hardly a difference, but it is one.
const ARTICLE: f32 = 0.035;

/// Where a place's names in two scripts disagree by more than a tenth, it loses this share of the rest.
const DISAGREEMENT: f32 = 0.2;

/// A power of ten of people. The largest town outweighs a vowel, and no more: whoever asks for a name that is
/// written otherwise means no namesake.
const PEOPLE: f32 = 0.003;

/// What another name loses that is wholly unlike the place's own, as the ranking counts people.
const UNLIKE: f32 = 3.0;

/// Of places that bear one spelling, that whose own name is like it is meant; between spellings this tells nothing.
const OWN: f32 = 0.015;

/// Whoever asks for a district by that word means no town of its name.
const DIVISION_ASKED: f32 = 0.08;

/// Longer names are not compared.
const LONGEST: usize = 80;

/// Words for kinds of divisions in the languages that sources mix, which a name may be asked for with.
const KINDS: [&str; 20] = [
    "county",
    "destrict",
    "district",
    "distrik",
    "distrikt",
    "distriktet",
    "governorate",
    "koan",
    "muhafaza",
    "muhafazah",
    "muhafazat",
    "mudiriyat",
    "nahiyah",
    "nahiyat",
    "nahiyet",
    "piirikunta",
    "province",
    "qada",
    "region",
    "subdistrict",
];

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
    pub fn embedded() -> Result<Gazetteer, Error> {
        Gazetteer::open(casus_data::section("gazetteer")?)
    }

    /// Opens a gazetteer that `casus gazetteer build` made, from its bytes. Nothing is copied, and little
    /// is read: opening costs the same for any size.
    ///
    /// # Errors
    /// If the bytes are no gazetteer, or one of another version.
    pub fn open(bytes: &'static [u8]) -> Result<Gazetteer, Error> {
        if !bytes.starts_with(&MAGIC) {
            let known = bytes.starts_with(&MAGIC[..7]);
            let why = if known { "made by another version of casus" } else { "no gazetteer of casus" };
            return Err(Error::data("gazetteer", why));
        }
        Gazetteer::parts(bytes).ok_or_else(|| Error::data("gazetteer", "damaged"))
    }

    fn parts(bytes: &'static [u8]) -> Option<Gazetteer> {
        let width = long(bytes, 8)?;
        let mut rest = bytes.get(HEADER..)?;
        let mut parts = [&[][..]; PARTS];
        for (index, part) in parts.iter_mut().enumerate() {
            let length = long(bytes, 16 + 8 * index)?;
            *part = rest.get(..length)?;
            rest = &rest[length..];
        }
        let [places, divisions, names, keys, slots, lists, bones, bone_slots, bone_lists] = parts;
        let sane = matches!(width, 3 | 4) && places.len() % (RECORD + width) == 0;
        sane.then_some(Gazetteer {
            width,
            places,
            divisions,
            names,
            keys: Keys { keys: Fst::new(keys).ok()?, slots, lists },
            skeletons: Keys { keys: Fst::new(bones).ok()?, slots: bone_slots, lists: bone_lists },
        })
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        self.places.len() / (RECORD + self.width)
    }

    /// Whether it holds no place.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The place of an index that this gazetteer gave.
    ///
    /// # Panics
    /// If the index is not one of this gazetteer's.
    pub fn place(&self, index: u32) -> Place<'static> {
        let record = &self.places[index as usize * (RECORD + self.width)..][..RECORD + self.width];
        let row = number(record, field::DIVISION, 3) as usize * DIVISION;
        let kind = record[field::KIND] & 15;
        let above = |at, own: u8| match number(self.divisions, row + at, 4) {
            NONE => (kind == own).then_some(index),
            place => Some(place),
        };
        let country = self.divisions.get(row + division::COUNTRY..row + division::COUNTRY + 2);
        let degrees = |at, most: f64| {
            // Sign-extended, and rounded to the ten-thousandths that the sources give (`round` would be a call).
            let part = (number(record, at, 3) << 8) as i32 >> 8;
            let parts = f64::from(part) / 8_388_607.0 * most * 1e4;
            f64::from((parts + 0.5_f64.copysign(parts)) as i32).copysign(parts) / 1e4
        };
        Place {
            lat: degrees(field::LAT, 90.0),
            lon: degrees(field::LON, 180.0),
            population: population(number(record, field::POPULATION, 2) as u16),
            country: country.filter(|code| code[0] != 0).and_then(|code| std::str::from_utf8(code).ok()),
            admin1: above(division::ADMIN1, kind::ADMIN1),
            admin2: above(division::ADMIN2, kind::ADMIN2),
            kind: kind_of(kind),
            continent: kind == kind::CONTINENT,
            capital: record[field::KIND] & mark::CAPITAL != 0,
            id: number(record, field::ID, 4),
            mark: record[field::KIND] & 0xf0,
        }
    }

    /// How large the place of an index is that this gazetteer gave: a part of [`Gazetteer::place`] that costs
    /// less.
    ///
    /// # Panics
    /// If the index is not one of this gazetteer's.
    pub(crate) fn size(&self, index: u32) -> Size {
        let record = &self.places[index as usize * (RECORD + self.width)..][..RECORD];
        let kind = record[field::KIND];
        Size {
            kind: kind_of(kind & 15),
            population: population(number(record, field::POPULATION, 2) as u16),
            continent: kind & 15 == kind::CONTINENT,
            capital: kind & mark::CAPITAL != 0,
        }
    }

    /// The gazetteer's name of a place whose index it gave; empty for another index.
    pub fn name(&self, index: u32) -> String {
        let at = index as usize * (RECORD + self.width) + field::NAME;
        let top = 1 << (8 * self.width - 1);
        let name = number(self.places, at, self.width);
        let mut bytes = Vec::new();
        if name == NONE {
            return String::new();
        }
        if name & top != 0 {
            self.keys.keys.get_key_into(u64::from(name & !top), &mut bytes);
            return capitalised(&String::from_utf8_lossy(&bytes));
        }
        let at = name as usize;
        let length = self.names.get(at).map_or(0, |&length| usize::from(length));
        bytes.extend(self.names.get(at + 1..at + 1 + length).unwrap_or_default());
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// What an entry means, its names written out.
    pub fn candidate(&self, entry: Entry, score: f32) -> Candidate {
        let place = self.place(entry.place());
        Candidate {
            name: self.name(entry.place()),
            gazetteer: place.id(),
            lat: place.lat,
            lon: place.lon,
            country: place.country.map(str::to_owned),
            admin1: place.admin1.map(|division| self.name(division)),
            kind: place.kind,
            score,
        }
    }

    /// Name of the second order division that the place of an entry is in, unless it is one.
    pub fn admin2(&self, entry: Entry) -> Option<String> {
        let place = self.place(entry.place());
        place.admin2.filter(|_| place.kind != PlaceKind::Admin2).map(|division| self.name(division))
    }

    /// Ids of GeoNames' places with their indices, of countries, divisions and regions.
    pub fn geonames_ids(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0..self.len() as u32).filter_map(|index| {
            let place = self.place(index);
            let wide = !matches!(place.kind, PlaceKind::PopulatedPlace | PlaceKind::Quarter);
            (wide && place.mark & (mark::OWN | mark::WOF) == 0).then_some((place.id, index))
        })
    }

    /// Indices of places that no source has, which casus itself tells. Those that have no point of their own are
    /// not among them: whoever has GeoNames whole has them better.
    pub fn own_places(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len() as u32).filter(|&index| self.place(index).mark & (mark::OWN | mark::MEAN) == mark::OWN)
    }

    /// The kind of a place as it is stored.
    pub fn stored_kind(&self, index: u32) -> u8 {
        let at = index as usize * (RECORD + self.width) + field::KIND;
        self.places.get(at).map_or(0, |kind| kind & 15)
    }

    /// Countries whose names are looked up loosely too.
    pub fn transliterated(&self) -> HashSet<[u8; 2]> {
        let mut out = HashSet::new();
        let mut all = self.skeletons.keys.stream();
        while let Some((key, _)) = all.next() {
            if let [.., a, b] = key {
                out.insert([*a, *b]);
            }
        }
        out
    }

    /// Calls `each` with every key of level 1 and what it means.
    pub fn each_name(&self, mut each: impl FnMut(&str, Entry)) {
        let mut all = self.keys.keys.stream();
        while let Some((key, ordinal)) = all.next() {
            if let Ok(key) = std::str::from_utf8(key) {
                self.keys.numbers(ordinal.value(), self.width, |entry| each(key, Entry(entry)));
            }
        }
    }

    /// Places of a name: first those that bear it, the likeliest first, then those whose names look most
    /// alike. Without a country a name that some place bears is not compared loosely, and another at most
    /// at [`Level::Loose`].
    pub fn find(&self, name: &str, country: Option<&str>) -> Vec<Found<'static>> {
        let key = fold(name);
        let found = |entry: Entry, level| {
            let place = self.place(entry.place());
            country.is_none_or(|country| place.country == Some(country)).then_some(Found {
                place,
                entry,
                level,
            })
        };
        let mut out: Vec<_> = self.behind(&key).filter_map(|entry| found(entry, Level::Exact)).collect();
        // Sources give a province the name of its seat, and a district that of its neighbour: another name counts as far
        // as it resembles the place's own.
        let asked = Asked::new(name, &key);
        let own = |found: &Found<'_>| asked.resembles(&self.name(found.entry.place()));
        out.sort_by_cached_key(|found| {
            let unlike = if found.entry.is_other() { UNLIKE * (1.0 - own(found)) } else { 0.0 };
            (Reverse(((found.place.weight() - unlike) * 1e4) as i32), found.entry)
        });
        if !out.is_empty() && country.is_none() {
            return out;
        }
        // How alike each place is by its names in Latin letters and in Arabic ones.
        let mut alike: BTreeMap<u32, ([f32; 2], Found<'static>)> = BTreeMap::new();
        for Alike { entry, level, similarity } in self.alike(&asked, country) {
            let Some(found) = found(entry, level).filter(|_| country.is_some() || level == Level::Loose)
            else {
                continue;
            };
            let (best, known) = alike.entry(entry.place()).or_insert(([0.0; 2], found));
            if similarity > best[0].max(best[1]) {
                *known = found;
            }
            let best = &mut best[usize::from(level == Level::Script)];
            *best = best.max(similarity);
        }
        let mut alike: Vec<(f32, Found<'static>)> = alike
            .into_values()
            .map(|([latin, arabic], found)| {
                let apart = if latin > 0.0 && arabic > 0.0 { (latin - arabic).abs() - 0.1 } else { 0.0 };
                let people = (found.place.population as f32 + 1.0).log10();
                // The people of a district are not those of its seat.
                let district = matches!(found.place.kind, PlaceKind::Admin2 | PlaceKind::Admin3);
                let people = if district { people.min(prior::ADMIN2) } else { people };
                let own = OWN * own(&found);
                let wide =
                    matches!(found.place.kind, PlaceKind::Admin1 | PlaceKind::Admin2 | PlaceKind::Admin3);
                let own = own + if asked.division && wide { DIVISION_ASKED } else { 0.0 };
                (latin.max(arabic) - DISAGREEMENT * apart.max(0.0) + PEOPLE * people + own, found)
            })
            .collect();
        alike.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.entry.cmp(&y.entry)));
        for (_, found) in alike {
            if !out.iter().any(|other| other.entry.place() == found.entry.place()) {
                out.push(found);
            }
        }
        out
    }

    /// What a name means as it is spelt, the largest place first.
    pub fn entries(&self, name: &str) -> Entries {
        self.behind(&fold(name))
    }

    /// What a key means that [`fold`] made.
    fn behind(&self, key: &str) -> Entries {
        let list = self.keys.keys.get(key).map(|ordinal| self.keys.list(ordinal.value(), self.width));
        Entries { list: list.unwrap_or_default(), width: self.width }
    }

    /// The first meanings of a key that [`fold`] made.
    pub(crate) fn exact(&self, key: &str) -> Vec<Entry> {
        self.behind(key).take(MEANINGS).collect()
    }

    /// Entries whose keys differ from the key of a name, but are the same or look alike at a looser level; all
    /// of a country, or of all countries whose names come transliterated.
    fn alike(&self, asked: &Asked<'_>, country: Option<&str>) -> Vec<Alike> {
        let mut out = Vec::new();
        let key = asked.key;
        if key.len() > LONGEST {
            return out;
        }
        let out_of = |ordinal: u64, list: &mut Vec<u32>| {
            self.skeletons.numbers(ordinal, self.width, |number| list.push(number));
        };
        let mut ordinals = Vec::new();
        for (at, bones) in asked.skeletons.iter().enumerate() {
            if let Some(country) = country {
                let whole = format!("{bones}|{country}");
                if let Some(number) = self.skeletons.keys.get(&whole) {
                    out_of(number.value(), &mut ordinals);
                }
                if at == 0 && bones.len() >= 2 {
                    for number in self.skeletons.one_off(whole.as_bytes(), bones.len()) {
                        out_of(number, &mut ordinals);
                    }
                }
            } else if bones.len() >= 2 {
                let (from, to) = (format!("{bones}|"), format!("{bones}}}"));
                let mut all = self.skeletons.keys.range().ge(from).lt(to).into_stream();
                while let Some((_, number)) = all.next() {
                    out_of(number.value(), &mut ordinals);
                }
            }
        }
        ordinals.sort_unstable();
        ordinals.dedup();
        let mut other = Vec::new();
        for ordinal in ordinals.into_iter().take(ALIKE) {
            other.clear();
            if !self.keys.keys.get_key_into(u64::from(ordinal), &mut other) {
                continue;
            }
            let Some(other) = std::str::from_utf8(&other).ok().filter(|other| *other != key) else {
                continue;
            };
            let Some((level, similarity)) = asked.compare(other) else { continue };
            out.extend(
                self.all(u64::from(ordinal))
                    .filter(|entry| !entry.is_demonym() && !entry.is_abbreviation())
                    .map(|entry| Alike { entry, level, similarity }),
            );
        }
        out
    }

    /// The first meanings behind a key's number.
    pub(crate) fn meanings(&self, ordinal: u64) -> Vec<Entry> {
        self.all(ordinal).take(MEANINGS).collect()
    }

    fn all(&self, ordinal: u64) -> Entries {
        Entries { list: self.keys.list(ordinal, self.width), width: self.width }
    }

    /// Begins a walk over the keys.
    pub(crate) fn walk(&self) -> Walk<'_> {
        let at = self.keys.keys.root().addr();
        self.go_on(Position { at, out: Output::zero(), alive: true })
    }

    /// Takes up a walk over the keys of this gazetteer.
    pub(crate) fn go_on(&self, position: Position) -> Walk<'_> {
        Walk { fst: &self.keys.keys, position }
    }
}

impl Keys {
    /// Calls `each` with the numbers of a key.
    fn numbers(&self, ordinal: u64, width: usize, mut each: impl FnMut(u32)) {
        self.list(ordinal, width).chunks_exact(width).for_each(|one| each(number(one, 0, width)));
    }

    /// The numbers of a key, `width` bytes each.
    fn list(&self, ordinal: u64, width: usize) -> &'static [u8] {
        let top = 1 << (8 * width - 1);
        let at = ordinal as usize * width;
        let slot = number(self.slots, at, width);
        if slot & top == 0 {
            return self.slots.get(at..at + width).unwrap_or_default();
        }
        let at = (slot & !top) as usize + 1;
        let count = number(self.lists, (at - 1) * width, width) as usize;
        self.lists.get(at * width..(at + count) * width).unwrap_or_default()
    }
}

impl Keys {
    /// Numbers of the keys that differ from one in a single byte of its first `length`: another one, one
    /// more or one less.
    fn one_off(&self, key: &[u8], length: usize) -> Vec<u64> {
        let mut out = Vec::new();
        let finish = |mut at: CompiledAddr, mut sum: Output, rest: &[u8], out: &mut Vec<u64>| {
            for &byte in rest {
                let node = self.keys.node(at);
                let Some(index) = node.find_input(byte) else { return };
                let transition = node.transition(index);
                (at, sum) = (transition.addr, sum.cat(transition.out));
            }
            let node = self.keys.node(at);
            if node.is_final() {
                out.push(sum.cat(node.final_output()).value());
            }
        };
        let (mut at, mut sum) = (self.keys.root().addr(), Output::zero());
        for edited in 0..=length {
            let node = self.keys.node(at);
            for transition in node.transitions() {
                let further = sum.cat(transition.out);
                // One more byte here, or another one; what goes on with the key's own is the next step's.
                finish(transition.addr, further, &key[edited..], &mut out);
                if edited < length && transition.inp != key[edited] {
                    finish(transition.addr, further, &key[edited + 1..], &mut out);
                }
            }
            if edited < length {
                finish(at, sum, &key[edited + 1..], &mut out);
            }
            let Some(index) = key.get(edited).and_then(|&byte| node.find_input(byte)) else { break };
            let transition = node.transition(index);
            (at, sum) = (transition.addr, sum.cat(transition.out));
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// An entry whose name is not the one asked for, but may be meant.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Alike {
    entry: Entry,
    level: Level,
    /// Up to 1.02, the most alike highest.
    similarity: f32,
}

/// A name that is asked for, as it is held against others.
struct Asked<'k> {
    key: &'k str,
    /// The key at levels 3 and 4, without words for kinds of divisions.
    loose: String,
    bare: String,
    skeletons: Vec<String>,
    article: bool,
    spelling: Spelling,
    /// A name in Arabic letters.
    letters: Option<Letters>,
    /// Whether it was asked for with a word for a kind of division.
    division: bool,
    /// The name at level 3 and as it is spelt, if it may be of a French spelling that writes the sound of `gh` as `rh`.
    french: Option<(String, Spelling)>,
}

impl<'k> Asked<'k> {
    /// How alike a place's own name is, 0 for another name.
    fn resembles(&self, own: &str) -> f32 {
        let own = fold(own);
        if own == self.key {
            1.0
        } else if self.key.len() > LONGEST || own.len() > LONGEST {
            0.0
        } else {
            self.compare(&own).map_or(0.0, |(_, similarity)| similarity.min(1.0))
        }
    }

    fn new(name: &str, key: &'k str) -> Asked<'k> {
        let is_kind = |word: &str| KINDS.contains(&word);
        let mut kept = key.split(' ').filter(|word| !is_kind(word)).collect::<Vec<_>>().join(" ");
        if kept.is_empty() {
            key.clone_into(&mut kept);
        }
        let loosened = loose(&kept);
        let mut bones = skeletons(&kept);
        let french = loosened.contains("rh").then(|| {
            bones.extend(skeletons(&kept.replace("rh", "gh")));
            bones.dedup();
            (loosened.replace("rh", "gh"), Spelling::new(&key.replace("rh", "gh"), is_kind))
        });
        Asked {
            key,
            french,
            division: kept.len() < key.len(),
            bare: bare(&loosened),
            skeletons: bones,
            article: has_article(&kept),
            spelling: Spelling::new(name, is_kind),
            letters: Letters::new(key),
            loose: loosened,
        }
    }

    /// How alike another key is, if at all.
    fn compare(&self, other: &str) -> Option<(Level, f32)> {
        let article = if has_article(other) == self.article { 0.0 } else { ARTICLE };
        match (&self.letters, Letters::new(other)) {
            (None, None) if self.key.is_ascii() && other.is_ascii() => {}
            (None, Some(letters)) => {
                let mut similarity = reads(&self.spelling, &letters);
                if let Some((_, spelling)) = &self.french {
                    similarity = similarity.max(reads(spelling, &letters));
                }
                return (similarity >= LEAST).then_some((Level::Script, similarity - article));
            }
            (Some(letters), None) => {
                let similarity = reads(&Spelling::new(other, |_| false), letters);
                return (similarity >= LEAST).then_some((Level::Script, similarity - article));
            }
            _ => return None,
        }
        let other_loose = loose(other);
        let mut similarity = likeness(&self.loose, &other_loose);
        let kindless = match (behind_kind(&self.loose), behind_kind(&other_loose)) {
            (Some(name), None) => likeness(name, &other_loose),
            (None, Some(name)) => likeness(&self.loose, name),
            _ => 0.0,
        };
        similarity = similarity.max(kindless - BARE_OF_KIND);
        if let Some((french, _)) = &self.french {
            similarity = similarity.max(likeness(french, &other_loose));
        } else if other_loose.contains("rh") {
            similarity = similarity.max(likeness(&self.loose, &other_loose.replace("rh", "gh")));
        }
        let level = if other_loose == self.loose {
            Level::Loose
        } else if bare(&other_loose) == self.bare {
            Level::Bare
        } else if similarity >= LEAST {
            Level::Skeleton
        } else {
            return None;
        };
        // The letters decide between names that sound the same.
        Some((level, similarity + 0.02 * letters(self.key, other)))
    }
}

/// Whether a key of level 1 begins with an Arabic article.
fn has_article(key: &str) -> bool {
    let mut words = key.split(' ');
    match (words.next(), words.next()) {
        (Some(word), Some(next)) if is_article(word, next) => true,
        (Some(word), _) => without_article(word).len() != word.len(),
        _ => false,
    }
}

/// One less the edits that turn one into the other by the longer's bytes.
fn letters(a: &str, b: &str) -> f32 {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let longest = a.len().max(b.len());
    if longest == 0 || longest > 80 {
        return 0.0;
    }
    let mut row = [0u8; 81];
    (0..=b.len()).for_each(|j| row[j] = j as u8);
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i as u8 + 1;
        for (j, y) in b.iter().enumerate() {
            let kept = diagonal + u8::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = kept.min(diagonal + 1).min(row[j] + 1);
        }
    }
    1.0 - f32::from(row[b.len()]) / longest as f32
}

/// The kind of a place as it is stored.
fn kind_of(kind: u8) -> PlaceKind {
    match kind {
        kind::TOWN => PlaceKind::PopulatedPlace,
        kind::COUNTRY => PlaceKind::Country,
        kind::ADMIN1 => PlaceKind::Admin1,
        kind::ADMIN2 => PlaceKind::Admin2,
        kind::ADMIN3 => PlaceKind::Admin3,
        kind::REGION | kind::CONTINENT => PlaceKind::Region,
        kind::WATER => PlaceKind::Water,
        kind::QUARTER => PlaceKind::Quarter,
        kind::MOUNTAIN => PlaceKind::Mountain,
        kind::ROAD => PlaceKind::Road,
        kind::FACILITY => PlaceKind::Facility,
        kind::CAMP => PlaceKind::Camp,
        kind::BASE => PlaceKind::Base,
        kind::BORDER => PlaceKind::Border,
        _ => PlaceKind::Unknown,
    }
}

/// A little-endian number of `width` bytes, at most four; [`NONE`] beyond the end.
#[inline]
fn number(bytes: &[u8], at: usize, width: usize) -> u32 {
    match bytes.get(at..at + width) {
        Some(&[a, b, c]) => u32::from_le_bytes([a, b, c, 0]),
        Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
        Some(&[a, b]) => u32::from_le_bytes([a, b, 0, 0]),
        Some(&[a]) => u32::from(a),
        _ => NONE,
    }
}

/// A little-endian u64 of the header.
fn long(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?)).ok()
}

/// A position in the keys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Position {
    at: CompiledAddr,
    out: Output,
    alive: bool,
}

impl Position {
    /// Whether some key begins so.
    pub(crate) fn goes_on(self) -> bool {
        self.alive
    }
}

/// A walk over the keys, moved on byte by byte as long as some key goes on so.
#[derive(Clone)]
pub(crate) struct Walk<'g> {
    fst: &'g Fst<&'static [u8]>,
    position: Position,
}

impl Walk<'_> {
    /// Moves on over some bytes; false if no key goes on with them.
    pub(crate) fn step(&mut self, bytes: &[u8]) -> bool {
        let Position { at, out, alive } = &mut self.position;
        for &byte in bytes {
            let node = self.fst.node(*at);
            let Some(index) = node.find_input(byte).filter(|_| *alive) else {
                *alive = false;
                return false;
            };
            let transition = node.transition(index);
            *out = out.cat(transition.out);
            *at = transition.addr;
        }
        true
    }

    /// The value, if a key ends here.
    pub(crate) fn value(&self) -> Option<u64> {
        let Position { at, out, alive } = self.position;
        let node = alive.then(|| self.fst.node(at)).filter(|node| node.is_final())?;
        Some(out.cat(node.final_output()).value())
    }

    /// Where it is.
    pub(crate) fn position(&self) -> Position {
        self.position
    }
}
