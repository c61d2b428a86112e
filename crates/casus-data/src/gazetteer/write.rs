//! Writes a gazetteer: places in any number, names in any order.
//!
//! [`Sorter`] puts names in order, in memory or, with a folder, in runs on disk that are merged, so
//! that thirteen million places need no more memory than their records. [`Writer`] numbers the keys,
//! orders what each means and writes the parts.

use super::{
    DIVISION, MAGIC, NARROW, NONE, PARTS, RECORD, field, population, skeletons, stored_population, usage,
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, HashMap, HashSet},
    fs::File,
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

/// Numbers under keys of bytes, given back in the order of the keys.
#[derive(Debug, Default)]
pub struct Sorter {
    keys: Vec<u8>,
    /// Offset and length of the key, and the number.
    items: Vec<(u32, u16, u32)>,
    /// Where runs are written, and how many bytes of keys a run may have.
    spill: Option<(PathBuf, usize)>,
    /// Runs with their bytes.
    runs: Vec<(PathBuf, u64)>,
}

/// Is told of every key that is merged: what is done, how much of it, of how much. What it fails with ends
/// [`Writer::finish`].
pub type Watch<'w> = dyn FnMut(&'static str, u64, u64) -> io::Result<()> + 'w;

/// Longer keys than this are no names.
const LONGEST: usize = 255;

impl Sorter {
    /// A sorter that writes a run to `prefix` and its number whenever it holds `bytes` of keys. Runs
    /// that stand there already, of as many bytes as `done` says, are taken as its own.
    ///
    /// # Errors
    /// If such a run is not there, or is longer or shorter.
    pub fn spilling(prefix: &Path, bytes: usize, done: &[u64]) -> io::Result<Sorter> {
        let mut sorter = Sorter { spill: Some((prefix.to_owned(), bytes)), ..Sorter::default() };
        for &length in done {
            let path = sorter.run_path(sorter.runs.len());
            if path.metadata().map_or(0, |file| file.len()) != length {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                return Err(io::Error::new(io::ErrorKind::InvalidData, name));
            }
            sorter.runs.push((path, length));
        }
        Ok(sorter)
    }

    /// Bytes of keys that a run may have.
    pub fn most(&self) -> usize {
        self.spill.as_ref().map_or(usize::MAX, |(_, most)| *most)
    }

    /// Bytes of the runs so far.
    pub fn runs(&self) -> Vec<u64> {
        self.runs.iter().map(|(_, length)| *length).collect()
    }

    fn run_path(&self, run: usize) -> PathBuf {
        let prefix = self.spill.as_ref().map(|(prefix, _)| prefix.as_os_str().to_owned()).unwrap_or_default();
        let mut name = prefix;
        name.push(format!("-{run:04}.run"));
        PathBuf::from(name)
    }

    /// Adds a number under a key; a key that is empty or longer than any name is left out. True if the
    /// sorter is full: call [`Sorter::spill`] when it suits.
    pub fn push(&mut self, key: &str, number: u32) -> bool {
        if !key.is_empty() && key.len() <= LONGEST {
            self.items.push((self.keys.len() as u32, key.len() as u16, number));
            self.keys.extend_from_slice(key.as_bytes());
        }
        self.spill.as_ref().is_some_and(|(_, most)| self.keys.len() >= *most)
    }

    /// Writes what is held to a run. Without a folder it does nothing.
    ///
    /// # Errors
    /// If the run cannot be written.
    pub fn spill(&mut self) -> io::Result<()> {
        if self.spill.is_some() && !self.items.is_empty() {
            self.sort();
            let path = self.run_path(self.runs.len());
            let mut out = BufWriter::with_capacity(1 << 18, File::create(&path)?);
            let mut written = 0;
            for &(start, length, number) in &self.items {
                out.write_all(&[length as u8])?;
                out.write_all(&self.keys[start as usize..][..usize::from(length)])?;
                out.write_all(&number.to_le_bytes())?;
                written += run_bytes(usize::from(length));
            }
            out.into_inner()?.sync_data()?;
            self.runs.push((path, written));
            self.keys.clear();
            self.items.clear();
        }
        Ok(())
    }

    fn sort(&mut self) {
        let keys = &self.keys;
        let key = |item: &(u32, u16, u32)| (&keys[item.0 as usize..][..usize::from(item.1)], item.2);
        self.items.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        self.items.dedup_by(|a, b| key(a) == key(b));
    }

    /// Calls `each` with every key and its numbers, in order, each number once.
    ///
    /// # Errors
    /// If a run cannot be read, or of `each`.
    pub fn finish(mut self, mut each: impl FnMut(&[u8], &[u32]) -> io::Result<()>) -> io::Result<()> {
        let mut numbers = Vec::new();
        if self.runs.is_empty() {
            self.sort();
            let key = |item: &(u32, u16, u32)| &self.keys[item.0 as usize..][..usize::from(item.1)];
            for group in self.items.chunk_by(|a, b| key(a) == key(b)) {
                numbers.clear();
                numbers.extend(group.iter().map(|item| item.2));
                each(key(&group[0]), &numbers)?;
            }
            return Ok(());
        }
        self.spill()?;
        (self.keys, self.items) = (Vec::new(), Vec::new());
        let mut runs = Vec::new();
        let mut heads = BinaryHeap::new();
        for (path, _) in &self.runs {
            let mut run = BufReader::with_capacity(1 << 18, File::open(path)?);
            if let Some(head) = next(&mut run)? {
                heads.push(Reverse((head, runs.len())));
            }
            runs.push(run);
        }
        let mut key = Vec::new();
        while let Some(Reverse(((head, number), run))) = heads.pop() {
            if head != key {
                if !numbers.is_empty() {
                    each(&key, &numbers)?;
                }
                numbers.clear();
                key = head;
            }
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
            if let Some(head) = next(&mut runs[run])? {
                heads.push(Reverse((head, run)));
            }
        }
        if numbers.is_empty() { Ok(()) } else { each(&key, &numbers) }
    }
}

/// Bytes of a key and a number in a run.
const fn run_bytes(key: usize) -> u64 {
    key as u64 + 5
}

/// The next key and number of a run.
fn next(run: &mut impl Read) -> io::Result<Option<(Vec<u8>, u32)>> {
    let mut length = [0];
    match run.read_exact(&mut length) {
        Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let mut key = vec![0; usize::from(length[0])];
    let mut number = [0; 4];
    run.read_exact(&mut key)?;
    run.read_exact(&mut number)?;
    Ok(Some((key, u32::from_le_bytes(number))))
}

/// What a place lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Division {
    /// ISO 3166-1 alpha-2, zeros for none.
    pub country: [u8; 2],
    /// Index of the first order division, or [`NONE`].
    pub admin1: u32,
    /// Index of the second order division, or [`NONE`].
    pub admin2: u32,
}

/// A place to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewPlace<'n> {
    /// The gazetteer's name; cut at 255 bytes.
    pub name: &'n str,
    /// Degrees, WGS 84.
    pub lat: f64,
    /// Degrees, WGS 84.
    pub lon: f64,
    /// People, 0 if not known.
    pub population: u32,
    /// Id in the source.
    pub id: u32,
    /// One of [`super::kind`] and bits of [`super::mark`].
    pub kind: u8,
    /// What it lies in.
    pub division: Division,
}

/// Writes a gazetteer.
#[derive(Debug)]
pub struct Writer {
    width: usize,
    places: Vec<u8>,
    divisions: HashMap<Division, u32>,
    names: Vec<u8>,
    /// Countries whose names come transliterated in many ways: they get skeletons.
    transliterated: HashSet<[u8; 2]>,
}

impl Writer {
    /// A writer of up to `places` places.
    pub fn new(places: usize, transliterated: HashSet<[u8; 2]>) -> Writer {
        Writer {
            width: if places <= NARROW { 3 } else { 4 },
            places: Vec::with_capacity(places * DRAFT),
            divisions: HashMap::new(),
            names: Vec::new(),
            transliterated,
        }
    }

    /// Number of places so far: the index of the next.
    pub fn len(&self) -> usize {
        self.places.len() / DRAFT
    }

    /// Whether there is no place yet.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Adds a place.
    ///
    /// # Errors
    /// If the pack has more places, names or divisions than its numbers can hold.
    pub fn place(&mut self, place: &NewPlace<'_>) -> io::Result<()> {
        let name = &place.name[..place.name.floor_char_boundary(LONGEST)];
        let at = self.names.len();
        self.names.push(name.len() as u8);
        self.names.extend(name.bytes());
        let count = self.divisions.len() as u32;
        let division = *self.divisions.entry(place.division).or_insert(count);
        if u32::try_from(at).is_err() || division >> 24 != 0 {
            return Err(too_many());
        }
        let part = |degrees: f64, most: f64| ((degrees / most).clamp(-1.0, 1.0) * 8_388_607.0).round() as i32;
        let start = self.places.len();
        self.places.extend(&part(place.lat, 90.0).to_le_bytes()[..3]);
        self.places.extend(&part(place.lon, 180.0).to_le_bytes()[..3]);
        self.places.extend(stored_population(place.population).to_le_bytes());
        self.places.extend(place.id.to_le_bytes());
        self.places.extend(&division.to_le_bytes()[..3]);
        self.places.push(place.kind);
        debug_assert_eq!(self.places.len() - start, field::NAME);
        // Until the end names are counted with four bytes.
        self.places.extend((at as u32).to_le_bytes());
        Ok(())
    }

    /// Writes the gazetteer: `names` holds keys of level 1 with entries, `sorted` sorts the skeletons of
    /// the keys. The parts are first written to files in `folder`, or held in memory.
    ///
    /// # Errors
    /// If anything cannot be written, or of `watch`.
    pub fn finish(
        mut self,
        mut names: Sorter,
        mut sorted: Sorter,
        folder: Option<&Path>,
        out: &mut dyn Write,
        watch: &mut Watch<'_>,
    ) -> io::Result<()> {
        names.spill()?;
        let (mut done, all) = (0, names.runs.iter().map(|(_, length)| length).sum());
        let mut divisions: Vec<(Division, u32)> = self.divisions.drain().collect();
        divisions.sort_unstable_by_key(|(_, index)| *index);
        let countries: Vec<[u8; 2]> = divisions.iter().map(|(division, _)| division.country).collect();
        let (places, stored) = (&mut self.places, &self.names);
        let start = |entry: u32| (entry >> 2) as usize * DRAFT;
        let mut keys = Keys::new(self.width, folder, "keys")?;
        let mut ordinal = 0u32;
        names.finish(|key, entries| {
            done += run_bytes(key.len()) * entries.len() as u64;
            watch("merging names", done, all)?;
            let mut list = entries.to_vec();
            // A place that bears the name in two ways is listed once, by the more telling.
            list.sort_by_key(|entry| (*entry >> 2, (*entry & 3) as u8 == usage::OTHER, *entry));
            list.dedup_by_key(|entry| *entry >> 2);
            let people = |entry: u32| {
                let at = start(entry) + field::POPULATION;
                population(u16::from_le_bytes([places[at], places[at + 1]]))
            };
            list.sort_by_key(|entry| (Reverse(people(*entry)), *entry));
            keys.insert(key, &list)?;
            let text = std::str::from_utf8(key).unwrap_or_default();
            let country = |entry: u32| {
                let at = start(entry) + field::DIVISION;
                let index = u32::from_le_bytes([places[at], places[at + 1], places[at + 2], 0]);
                countries.get(index as usize).copied().unwrap_or_default()
            };
            let bones = skeletons(text);
            if !bones.is_empty() {
                let mut told: Vec<[u8; 2]> = Vec::new();
                for entry in
                    list.iter().filter(|entry| matches!((**entry & 3) as u8, usage::MAIN | usage::OTHER))
                {
                    let code = country(*entry);
                    if self.transliterated.contains(&code) && !told.contains(&code) {
                        told.push(code);
                        for bones in &bones {
                            let key = format!("{bones}|{}", String::from_utf8_lossy(&code));
                            if sorted.push(&key, ordinal) {
                                sorted.spill()?;
                            }
                        }
                    }
                }
            }
            // Most names are their key with capitals, which need not be stored.
            let spelt = capitalised(text);
            for entry in list.iter().filter(|entry| (**entry & 3) as u8 == usage::MAIN) {
                let at = start(*entry) + field::NAME;
                let name =
                    u32::from_le_bytes([places[at], places[at + 1], places[at + 2], places[at + 3]]) as usize;
                // A number of a key is no offset: the place has its name already.
                let Some(&length) = stored.get(name) else { continue };
                if stored[name + 1..name + 1 + usize::from(length)] == *spelt.as_bytes() {
                    let key = KEYED | ordinal;
                    places[at..at + 4].copy_from_slice(&key.to_le_bytes());
                }
            }
            ordinal += 1;
            Ok(())
        })?;
        let (places, names) = self.compact(ordinal)?;
        let mut bones = Keys::new(self.width, folder, "skeletons")?;
        sorted.spill()?;
        let (mut done, all) = (0, sorted.runs.iter().map(|(_, length)| length).sum());
        sorted.finish(|key, ordinals| {
            done += run_bytes(key.len()) * ordinals.len() as u64;
            watch("merging spellings", done, all)?;
            bones.insert(key, ordinals)
        })?;
        let mut table = Vec::with_capacity(divisions.len() * DIVISION);
        for (division, _) in &divisions {
            table.extend(division.country);
            table.extend(division.admin1.to_le_bytes());
            table.extend(division.admin2.to_le_bytes());
        }
        drop(divisions);
        let [keys1, slots1, lists1] = keys.finish()?;
        let [keys5, slots5, lists5] = bones.finish()?;
        let parts: [Part; PARTS] = [
            Part::Bytes(places),
            Part::Bytes(table),
            Part::Bytes(names),
            keys1,
            slots1,
            lists1,
            keys5,
            slots5,
            lists5,
        ];
        out.write_all(&MAGIC)?;
        out.write_all(&(self.width as u64).to_le_bytes())?;
        for part in &parts {
            out.write_all(&part.len()?.to_le_bytes())?;
        }
        let all = PARTS as u64;
        for (done, part) in (1..).zip(parts) {
            part.copy(out)?;
            watch("writing", done, all)?;
        }
        Ok(())
    }
}

impl Writer {
    /// The records as they are stored, and the names that no key spells, equal ones once.
    fn compact(&mut self, keys: u32) -> io::Result<(Vec<u8>, Vec<u8>)> {
        let top = 1u32 << (8 * self.width - 1);
        let (drafts, stored) = (std::mem::take(&mut self.places), std::mem::take(&mut self.names));
        let mut places = Vec::with_capacity(drafts.len() / DRAFT * (RECORD + self.width));
        let mut names: Vec<u8> = Vec::new();
        let mut shared: HashMap<&[u8], u32> = HashMap::new();
        for draft in drafts.chunks_exact(DRAFT) {
            places.extend(&draft[..RECORD]);
            let at = u32::from_le_bytes([draft[16], draft[17], draft[18], draft[19]]);
            let name = if at & KEYED != 0 {
                top | (at & !KEYED)
            } else {
                let name = &stored[at as usize..][..1 + usize::from(stored[at as usize])];
                *shared.entry(name).or_insert_with(|| {
                    let at = names.len() as u32;
                    names.extend(name);
                    at
                })
            };
            places.extend(&name.to_le_bytes()[..self.width]);
        }
        if keys >= top || names.len() >= top as usize { Err(too_many()) } else { Ok((places, names)) }
    }
}

/// A key of level 1 with a capital at the head of each word: how most names are written.
pub fn capitalised(key: &str) -> String {
    let mut name = String::with_capacity(key.len());
    for c in key.chars() {
        let head = name.is_empty() || name.ends_with(' ');
        name.push(if head { c.to_ascii_uppercase() } else { c });
    }
    name
}

/// Bytes of a record while it is written.
const DRAFT: usize = RECORD + 4;

/// Set in a draft's name that is the number of a key.
const KEYED: u32 = 1 << 31;

/// A part of the gazetteer, in memory or in a file that is removed when it was copied.
enum Part {
    Bytes(Vec<u8>),
    File(PathBuf),
}

impl Part {
    fn len(&self) -> io::Result<u64> {
        match self {
            Part::Bytes(bytes) => Ok(bytes.len() as u64),
            Part::File(path) => Ok(path.metadata()?.len()),
        }
    }

    fn copy(self, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Part::Bytes(bytes) => out.write_all(&bytes),
            Part::File(path) => {
                io::copy(&mut File::open(&path)?, out)?;
                std::fs::remove_file(path)
            }
        }
    }
}

/// Keys numbered in their order, each with one number or a list.
struct Keys {
    width: usize,
    path: Option<PathBuf>,
    map: Option<fst::MapBuilder<Box<dyn Write>>>,
    /// Where the bytes go when there is no file.
    memory: Option<fst::MapBuilder<Vec<u8>>>,
    slots: Vec<u8>,
    lists: Vec<u8>,
    count: u64,
    seen: BTreeMap<Vec<u32>, u32>,
}

impl Keys {
    fn new(width: usize, folder: Option<&Path>, name: &str) -> io::Result<Keys> {
        let path = folder.map(|folder| folder.join(name).with_extension("fst"));
        let map = match &path {
            Some(path) => {
                let out: Box<dyn Write> = Box::new(BufWriter::with_capacity(1 << 20, File::create(path)?));
                Some(fst::MapBuilder::new(out).map_err(io::Error::other)?)
            }
            None => None,
        };
        let memory = path.is_none().then(fst::MapBuilder::memory);
        Ok(Keys {
            width,
            path,
            map,
            memory,
            slots: Vec::new(),
            lists: Vec::new(),
            count: 0,
            seen: BTreeMap::new(),
        })
    }

    fn insert(&mut self, key: &[u8], numbers: &[u32]) -> io::Result<()> {
        match (&mut self.map, &mut self.memory) {
            (Some(map), _) => map.insert(key, self.count),
            (_, Some(map)) => map.insert(key, self.count),
            _ => Ok(()),
        }
        .map_err(io::Error::other)?;
        self.count += 1;
        let top = 1u32 << (8 * self.width - 1);
        let width = self.width;
        let number = |number: u32, out: &mut Vec<u8>| out.extend(&number.to_le_bytes()[..width]);
        if let [one] = *numbers {
            number(one, &mut self.slots);
            return if one < top { Ok(()) } else { Err(too_many()) };
        }
        // Lists of few places often come again: a town under its names.
        let fresh = (self.lists.len() / width) as u32;
        let short = numbers.len() <= 4 && self.width == 3;
        let known = if short { self.seen.get(numbers).copied() } else { None };
        let at = known.unwrap_or(fresh);
        if at >= top {
            return Err(too_many());
        }
        number(top | at, &mut self.slots);
        if known.is_none() {
            number(numbers.len() as u32, &mut self.lists);
            for &one in numbers {
                number(one, &mut self.lists);
            }
            if short {
                self.seen.insert(numbers.to_vec(), at);
            }
        }
        Ok(())
    }

    fn finish(self) -> io::Result<[Part; 3]> {
        let keys = match (self.map, self.memory, self.path) {
            (Some(map), _, Some(path)) => {
                map.into_inner().map_err(io::Error::other)?.flush()?;
                Part::File(path)
            }
            (_, Some(map), _) => Part::Bytes(map.into_inner().map_err(io::Error::other)?),
            _ => Part::Bytes(Vec::new()),
        };
        Ok([keys, Part::Bytes(self.slots), Part::Bytes(self.lists)])
    }
}

fn too_many() -> io::Error {
    io::Error::other("too many names for this format")
}

/// Without a division.
impl Default for Division {
    fn default() -> Division {
        Division { country: [0; 2], admin1: NONE, admin2: NONE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(sorter: Sorter) -> Vec<(String, Vec<u32>)> {
        let mut out = Vec::new();
        sorter
            .finish(|key, numbers| {
                out.push((String::from_utf8_lossy(key).into_owned(), numbers.to_vec()));
                Ok(())
            })
            .expect("no file fails");
        out
    }

    #[test]
    fn runs_on_disk_sort_as_memory_does() {
        let folder = std::env::temp_dir().join(format!("casus-sorter-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let (mut inside, mut outside) = (
            Sorter::default(),
            Sorter::spilling(&folder.join("names"), 64, &[]).expect("no run is asked for"),
        );
        let mut seed = 7u32;
        for number in 0..500u32 {
            seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            let key = format!("k{}", (seed >> 16) % 90);
            inside.push(&key, number / 2);
            if outside.push(&key, number / 2) {
                outside.spill().expect("a run");
            }
        }
        outside.spill().expect("a run");
        let runs = outside.runs();
        assert!(runs.len() > 3, "{runs:?}");
        // What an interrupted run left is taken up, unless it was cut.
        drop(outside);
        let again = Sorter::spilling(&folder.join("names"), 64, &runs).expect("runs as they were");
        assert_eq!(all(again), all(inside));
        let cut = File::options().write(true).open(folder.join("names-0001.run")).expect("a run");
        cut.set_len(runs[1] - 1).expect("cut");
        let error = Sorter::spilling(&folder.join("names"), 64, &runs).expect_err("a run is cut");
        assert_eq!(error.to_string(), "names-0001.run");
        std::fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn people_are_kept_to_three_digits() {
        for people in [0, 1, 500, 2047, 2048, 99_999, 1_234_567, 1_400_000_000, u32::MAX] {
            let back = population(stored_population(people));
            assert!(
                back <= people && f64::from(people - back) <= f64::from(people) / 1_000.0,
                "{people}: {back}"
            );
        }
    }
}
