//! `casus gazetteer build`: a gazetteer from GeoNames' dump.
//!
//! Three stages: places are copied to a file and their names sorted in runs; further names are added;
//! everything is merged and written. The first two note after every run how far they are, so that a build
//! that was interrupted goes on there. What only casus knows (names of peoples, abbreviations, regions
//! without an administration) is taken over from the built-in gazetteer.

use super::dump;
use crate::{Failure, Status, args, remark};
use casus_data::gazetteer::{Division, NONE, NewPlace, Sorter, Writer, fold, kind, mark, usage};
use casus_engine::mention::place::Gazetteer;
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use std::{
    collections::{HashMap, HashSet},
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// Bytes of names that a run holds; names and their places take about three times that in memory.
const RUN: usize = 128 << 20;

/// How far a build is.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct State {
    /// Name, size and version of every input, to see that they are the same.
    inputs: Vec<(String, u64)>,
    /// 0 places, 1 further names, 2 nothing left but to write.
    stage: u8,
    /// Bytes of the stage's input that are done.
    offset: u64,
    /// Bytes of the file of places, and how many they are.
    length: u64,
    places: u32,
    /// Runs of names.
    runs: usize,
}

struct Build {
    folder: PathBuf,
    state: State,
    names: Sorter,
}

/// Builds the gazetteer.
pub(crate) fn build(args: &args::Build) -> Result<Status, Failure> {
    let told =
        |cause: io::Error| Failure(format!("{}: {}", args.output.display(), crate::input::plain(&cause)));
    let all = args.dump.join("allCountries.txt");
    let alternate = Some(args.dump.join("alternateNamesV2.txt")).filter(|path| path.is_file());
    let hierarchy = Some(args.dump.join("hierarchy.txt")).filter(|path| path.is_file());
    if !all.is_file() {
        return Err(Failure(format!(
            "{}: no such file; unpack GeoNames' allCountries.zip there",
            all.display()
        )));
    }
    let mut folder = args.output.as_os_str().to_owned();
    folder.push(".parts");
    let mut build = Build::open(PathBuf::from(folder), [Some(&all), alternate.as_ref(), hierarchy.as_ref()])
        .map_err(told)?;
    if build.state != (State { inputs: build.state.inputs.clone(), ..State::default() }) {
        remark(&format!("goes on after {} places", build.state.places));
    }
    if build.state.stage == 0 {
        build.places(&all, args.quiet).map_err(told)?;
    }
    if build.state.stage == 1 {
        if let Some(path) = &alternate {
            build.alternates(path, args.quiet).map_err(told)?;
        }
        build.next_stage().map_err(told)?;
    }
    let known = Gazetteer::embedded()?;
    let places = build.write(&known, hierarchy.as_deref(), &args.output).map_err(told)?;
    if !args.quiet {
        remark(&format!("{}: {places} places, of GeoNames (geonames.org, CC BY 4.0)", args.output.display()));
    }
    Ok(Status::ALL)
}

impl Build {
    fn open(folder: PathBuf, inputs: [Option<&PathBuf>; 3]) -> io::Result<Build> {
        fs::create_dir_all(&folder)?;
        let inputs = inputs
            .into_iter()
            .flatten()
            .map(|path| Ok((path.display().to_string(), path.metadata()?.len())))
            .collect::<io::Result<Vec<_>>>()?;
        let old: Option<State> =
            fs::read(folder.join("state.json")).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let state = old.filter(|old| old.inputs == inputs).unwrap_or(State { inputs, ..State::default() });
        let names = Sorter::spilling(&folder.join("names"), RUN, state.runs);
        Ok(Build { folder, state, names })
    }

    /// Notes how far the build is: after a run was written, or a stage ended.
    fn note(&mut self) -> io::Result<()> {
        self.state.runs = self.names.spill()?;
        let path = self.folder.join("state.json");
        let new = self.folder.join("state.new");
        fs::write(&new, serde_json::to_vec(&self.state)?)?;
        fs::rename(new, path)
    }

    fn next_stage(&mut self) -> io::Result<()> {
        self.state.stage += 1;
        self.state.offset = 0;
        self.note()
    }

    /// Stage 0: places to a file, their names to runs.
    fn places(&mut self, path: &Path, quiet: bool) -> io::Result<()> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(self.folder.join("places"))?;
        file.set_len(self.state.length)?;
        let mut out = BufWriter::with_capacity(1 << 20, file);
        out.seek(SeekFrom::End(0))?;
        let mut input = Lines::open(path, self.state.offset, "places", quiet)?;
        while let Some(line) = input.next()? {
            let Some(place) = dump::place(&line) else { continue };
            let entry = self.state.places << 2;
            let mut full = false;
            let main = fold(place.name);
            full |= self.names.push(&main, entry | u32::from(usage::MAIN));
            for other in [place.ascii].into_iter().chain(place.others.split(',')) {
                full |= self.other(other, &main, entry);
            }
            self.state.length += record(&mut out, &place)?;
            self.state.places += 1;
            if self.state.places >= 1 << 30 {
                return Err(io::Error::other("too many places for this format"));
            }
            if full {
                out.flush()?;
                self.state.offset = input.offset;
                self.note()?;
            }
        }
        out.flush()?;
        self.next_stage()
    }

    /// Adds another name, unless it is the same word or a code.
    fn other(&mut self, name: &str, main: &str, entry: u32) -> bool {
        let key = fold(name);
        let code = key.is_ascii()
            && (key.len() < 3 || name.len() <= 4 && name.bytes().all(|b| !b.is_ascii_lowercase()));
        key != main && !code && self.names.push(&key, entry | u32::from(usage::OTHER))
    }

    /// Stage 1: names from `alternateNamesV2.txt`.
    fn alternates(&mut self, path: &Path, quiet: bool) -> io::Result<()> {
        let mut ids = Vec::with_capacity(self.state.places as usize);
        self.each(|index, place| {
            ids.push((place.id, index));
            Ok(())
        })?;
        ids.sort_unstable();
        let mut input = Lines::open(path, self.state.offset, "names", quiet)?;
        while let Some(line) = input.next()? {
            let Some((id, name, abbreviation)) = dump::alternate(&line) else { continue };
            let Ok(at) = ids.binary_search_by_key(&id, |(id, _)| *id) else { continue };
            let entry = ids[at].1 << 2;
            let full = if abbreviation {
                self.names.push(&fold(name), entry | u32::from(usage::ABBREVIATION))
            } else {
                self.other(name, "", entry)
            };
            if full {
                self.state.offset = input.offset;
                self.note()?;
            }
        }
        Ok(())
    }

    /// Calls `each` with every place of the file, in order.
    fn each(&self, mut each: impl FnMut(u32, &Stored) -> io::Result<()>) -> io::Result<()> {
        let mut input = BufReader::with_capacity(1 << 20, File::open(self.folder.join("places"))?);
        let mut stored = Stored::default();
        for index in 0..self.state.places {
            stored.read(&mut input)?;
            each(index, &stored)?;
        }
        Ok(())
    }

    /// Stage 2: merges and writes.
    fn write(mut self, known: &Gazetteer, hierarchy: Option<&Path>, output: &Path) -> io::Result<usize> {
        // Divisions by code and by id, and what `known` needs to be told.
        let mut codes: HashMap<String, u32> = HashMap::new();
        let mut divisions: HashMap<u32, (u32, u8)> = HashMap::new();
        let wanted: HashMap<u32, u32> = known.geonames_ids().collect();
        let mut found: HashMap<u32, u32> = HashMap::new();
        self.each(|index, place| {
            match place.kind & 15 {
                kind::ADMIN1 => {
                    codes.entry(format!("{}.{}", place.country, place.admin1)).or_insert(index);
                    divisions.insert(place.id, (index, kind::ADMIN1));
                }
                kind::ADMIN2 => {
                    codes
                        .entry(format!("{}.{}.{}", place.country, place.admin1, place.admin2))
                        .or_insert(index);
                    divisions.insert(place.id, (index, kind::ADMIN2));
                }
                _ => {}
            }
            if let Some(&own) = wanted.get(&place.id) {
                found.insert(own, index);
            }
            Ok(())
        })?;
        let mut parents: HashMap<u32, u32> = HashMap::new();
        if let Some(path) = hierarchy {
            for line in BufReader::new(File::open(path)?).lines() {
                if let Some((parent, child)) = dump::parent(&line?) {
                    parents.entry(child).or_insert(parent);
                }
            }
        }
        let countries: HashSet<[u8; 2]> = known.transliterated();
        let mut writer = Writer::new(self.state.places as usize + 1_000, countries);
        let mut code = String::new();
        self.each(|_, place| {
            use std::fmt::Write as _;
            code.clear();
            let _ = write!(code, "{}.{}", place.country, place.admin1);
            let mut admin1 = codes.get(&code).copied().filter(|_| !place.admin1.is_empty());
            let _ = write!(code, ".{}", place.admin2);
            let mut admin2 = codes.get(&code).copied().filter(|_| !place.admin2.is_empty());
            let mut above = place.id;
            for _ in 0..8 {
                if admin1.is_some() && admin2.is_some() {
                    break;
                }
                let Some(&parent) = parents.get(&above) else { break };
                match divisions.get(&parent) {
                    Some(&(index, kind::ADMIN1)) => admin1 = admin1.or(Some(index)),
                    Some(&(index, _)) => admin2 = admin2.or(Some(index)),
                    None => {}
                }
                above = parent;
            }
            writer.place(&NewPlace {
                name: &place.name,
                lat: f64::from(place.lat) / 1e5,
                lon: f64::from(place.lon) / 1e5,
                population: place.population,
                id: place.id,
                kind: place.kind,
                division: Division {
                    country: place.country.as_bytes().try_into().unwrap_or_default(),
                    admin1: admin1.unwrap_or(NONE),
                    admin2: admin2.unwrap_or(NONE),
                },
            })
        })?;
        drop((codes, divisions, parents));
        self.own(known, &mut found, &mut writer)?;
        let places = writer.len();
        let mut new = output.as_os_str().to_owned();
        new.push(".new");
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&new)?);
        let skeletons = Sorter::spilling(&self.folder.join("skeletons"), RUN, 0);
        let folder = self.folder;
        writer.finish(self.names, skeletons, Some(&folder), &mut out)?;
        out.into_inner()?.sync_all()?;
        fs::rename(new, output)?;
        fs::remove_dir_all(folder)?;
        Ok(places)
    }

    /// Takes over what only the built-in gazetteer has: its own places, and for GeoNames' places the names
    /// of peoples and abbreviations.
    fn own(
        &mut self,
        known: &Gazetteer,
        found: &mut HashMap<u32, u32>,
        writer: &mut Writer,
    ) -> io::Result<()> {
        for index in known.own_places() {
            let place = known.place(index);
            found.insert(index, writer.len() as u32);
            writer.place(&NewPlace {
                name: &known.name(index),
                lat: place.lat,
                lon: place.lon,
                population: place.population,
                id: place.id().rsplit(':').next().and_then(|id| id.parse().ok()).unwrap_or_default(),
                kind: known.stored_kind(index) | mark::OWN,
                division: Division {
                    country: place
                        .country
                        .and_then(|code| code.as_bytes().try_into().ok())
                        .unwrap_or_default(),
                    ..Division::default()
                },
            })?;
        }
        let own: HashSet<u32> = known.own_places().collect();
        let names = &mut self.names;
        known.each_name(|key, entry| {
            let index = entry.place();
            let told = entry.is_demonym() || entry.is_abbreviation() || own.contains(&index);
            if let Some(&place) = found.get(&index).filter(|_| told) {
                let r#use = if entry.is_demonym() {
                    usage::DEMONYM
                } else if entry.is_abbreviation() {
                    usage::ABBREVIATION
                } else {
                    usage::MAIN
                };
                names.push(key, place << 2 | u32::from(r#use));
            }
        });
        Ok(())
    }
}

/// A place as the file of places holds it.
#[derive(Default)]
struct Stored {
    id: u32,
    lat: i32,
    lon: i32,
    population: u32,
    kind: u8,
    country: String,
    admin1: String,
    admin2: String,
    name: String,
}

/// Writes a place; gives its bytes.
fn record(out: &mut impl Write, place: &dump::Line<'_>) -> io::Result<u64> {
    let mut bytes = Vec::with_capacity(64);
    bytes.extend(place.id.to_le_bytes());
    bytes.extend(((place.lat * 1e5).round() as i32).to_le_bytes());
    bytes.extend(((place.lon * 1e5).round() as i32).to_le_bytes());
    bytes.extend(place.population.to_le_bytes());
    bytes.push(place.kind);
    for text in [place.country, place.admin1, place.admin2, place.name] {
        let text = &text[..text.floor_char_boundary(255)];
        bytes.push(text.len() as u8);
        bytes.extend(text.bytes());
    }
    out.write_all(&bytes)?;
    Ok(bytes.len() as u64)
}

impl Stored {
    fn read(&mut self, input: &mut impl Read) -> io::Result<()> {
        let mut head = [0; 17];
        input.read_exact(&mut head)?;
        let word = |at: usize| [head[at], head[at + 1], head[at + 2], head[at + 3]];
        self.id = u32::from_le_bytes(word(0));
        self.lat = i32::from_le_bytes(word(4));
        self.lon = i32::from_le_bytes(word(8));
        self.population = u32::from_le_bytes(word(12));
        self.kind = head[16];
        for text in [&mut self.country, &mut self.admin1, &mut self.admin2, &mut self.name] {
            let mut length = [0];
            input.read_exact(&mut length)?;
            text.clear();
            input.by_ref().take(u64::from(length[0])).read_to_string(text)?;
        }
        Ok(())
    }
}

/// Lines of a file from an offset on, with progress.
struct Lines {
    input: BufReader<File>,
    line: Vec<u8>,
    offset: u64,
    bar: ProgressBar,
}

impl Lines {
    fn open(path: &Path, offset: u64, what: &'static str, quiet: bool) -> io::Result<Lines> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        file.seek(SeekFrom::Start(offset))?;
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(size) };
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {eta}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        bar.set_position(offset);
        Ok(Lines { input: BufReader::with_capacity(1 << 20, file), line: Vec::new(), offset, bar })
    }

    /// The next line, without what is no UTF-8 in it.
    fn next(&mut self) -> io::Result<Option<String>> {
        self.line.clear();
        let read = self.input.read_until(b'\n', &mut self.line)?;
        if read == 0 {
            self.bar.finish_and_clear();
            return Ok(None);
        }
        self.offset += read as u64;
        if self.offset >> 22 != (self.offset - read as u64) >> 22 {
            self.bar.set_position(self.offset);
        }
        Ok(Some(String::from_utf8_lossy(&self.line).trim_end_matches(['\r', '\n']).to_owned()))
    }
}
