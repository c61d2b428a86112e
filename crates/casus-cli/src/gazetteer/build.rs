//! `casus gazetteer build`: a gazetteer from GeoNames' dump.
//!
//! Three stages: places are copied to a file and their names sorted in runs; further names are added;
//! everything is merged and written. The first two note after every run how far they are, and when the user
//! stops them, so that a build that was interrupted goes on there; the third begins again. All is kept in the
//! folder `OUT.parts` until the gazetteer stands whole at its place. What only casus knows (names of peoples, abbreviations, regions
//! without an administration) is taken over from the built-in gazetteer.

use super::dump;
use crate::{Failure, Status, args, number, remark};
use casus_data::gazetteer::{Division, MAGIC, NONE, NewPlace, Sorter, Writer, fold, kind, mark, usage};
use casus_engine::mention::place::Gazetteer;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::{Deserialize, Serialize};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::atomic::Ordering,
    time::UNIX_EPOCH,
};

/// Bytes of names that a run holds; names and their places take about three times that in memory.
const RUN: usize = 128 << 20;

/// How far a build is.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
struct State {
    /// What wrote it: other versions may fold names otherwise.
    made_by: String,
    /// Every input with its size and the time it was changed last (seconds since 1970), to see that they are the same.
    inputs: Vec<(String, u64, u64)>,
    stage: Stage,
    /// Bytes of the stage's input that are done.
    offset: u64,
    /// Bytes of the file of places, and how many they are.
    length: u64,
    places: u32,
    /// Bytes of each run of names.
    runs: Vec<u64>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Stage {
    #[default]
    Places,
    Names,
    /// Nothing left but to merge and write.
    Merge,
    /// What is in the folder is of no use any more.
    Done,
}

impl State {
    fn new(inputs: [Option<&PathBuf>; 3]) -> io::Result<State> {
        let known = |path: &PathBuf| {
            let file = path.metadata()?;
            let changed = file.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            Ok((path.display().to_string(), file.len(), changed.map_or(0, |since| since.as_secs())))
        };
        Ok(State {
            made_by: format!("casus {}, {}", env!("CARGO_PKG_VERSION"), MAGIC.escape_ascii()),
            inputs: inputs.into_iter().flatten().map(known).collect::<io::Result<Vec<_>>>()?,
            ..State::default()
        })
    }
}

/// A build under way.
struct Build<'b> {
    folder: PathBuf,
    state: State,
    names: Sorter,
    /// Held as long as this build goes on.
    _lock: File,
    /// Asked at every line and key whether to stop; an error ends the build as it stands, like a full disk.
    stop: &'b dyn Fn() -> io::Result<bool>,
    quiet: bool,
}

/// The files of a dump.
struct Dump {
    places: PathBuf,
    names: Option<PathBuf>,
    hierarchy: Option<PathBuf>,
}

/// Builds the gazetteer.
pub(crate) fn build(args: &args::Build) -> Result<Status, Failure> {
    let dump = Dump::of(&args.dump)?;
    let told = |cause: &dyn std::fmt::Display| Failure(format!("{}: {cause}", args.output.display()));
    if args.output.is_dir() {
        return Err(told(&"is a folder, and is to be a file"));
    }
    let known = Gazetteer::embedded()?;
    let stopped = crate::stop_on_signal()?;
    let stop = || Ok(stopped.load(Ordering::Relaxed));
    match dump.build(&known, &args.output, args.quiet, RUN, &stop) {
        Ok(places) => {
            if !args.quiet {
                let (output, all) = (args.output.display(), number(places as u64, "place"));
                remark(&format_args!("{output}: {all}, of GeoNames (geonames.org, CC BY 4.0)"));
            }
            Ok(Status::ALL)
        }
        Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {
            remark(&"interrupted; the same command goes on from there");
            Ok(Status::INTERRUPTED)
        }
        Err(cause) => Err(told(&crate::input::plain(&cause))),
    }
}

impl Dump {
    fn of(folder: &Path) -> Result<Dump, Failure> {
        let places = folder.join("allCountries.txt");
        if !places.is_file() {
            let places = places.display();
            return Err(Failure(format!("{places}: no such file; unpack GeoNames' allCountries.zip there")));
        }
        let there = |name| Some(folder.join(name)).filter(|path| path.is_file());
        Ok(Dump { places, names: there("alternateNamesV2.txt"), hierarchy: there("hierarchy.txt") })
    }

    /// Builds `output`, or goes on with it; gives the number of places.
    fn build(
        &self,
        known: &Gazetteer,
        output: &Path,
        quiet: bool,
        run: usize,
        stop: &dyn Fn() -> io::Result<bool>,
    ) -> io::Result<usize> {
        let mut folder = output.as_os_str().to_owned();
        folder.push(".parts");
        let fresh = State::new([Some(&self.places), self.names.as_ref(), self.hierarchy.as_ref()])?;
        let mut build = Build::open(PathBuf::from(folder), fresh, run, stop, quiet)?;
        if build.state.stage == Stage::Places {
            build.places(&self.places)?;
        }
        if build.state.stage == Stage::Names {
            if let Some(path) = &self.names {
                build.alternates(path)?;
            }
            build.next_stage(Stage::Merge)?;
        }
        build.write(known, self.hierarchy.as_deref(), output)
    }
}

impl<'b> Build<'b> {
    /// Takes up what is in the folder, if it is of the same build, or begins.
    fn open(
        folder: PathBuf,
        fresh: State,
        run: usize,
        stop: &'b dyn Fn() -> io::Result<bool>,
        quiet: bool,
    ) -> io::Result<Build<'b>> {
        let name = folder.display().to_string();
        let refused = |why: &str| io::Error::other(format!("{name} {why}"));
        fs::create_dir_all(&folder)?;
        let mut strange = false;
        for entry in fs::read_dir(&folder)? {
            strange |= !matches!(entry?.file_name().to_str(), Some("lock" | "state.json" | "state.new"));
        }
        let lock = File::create(folder.join("lock"))?;
        lock.try_lock().map_err(|_| refused("is in use: another build of this file is running"))?;
        let remedy = "remove it to start anew";
        let state = match fs::read(folder.join("state.json")) {
            Ok(bytes) => match serde_json::from_slice::<State>(&bytes) {
                Ok(state) => state,
                Err(_) => return Err(refused(&format!("does not say how far a build was; {remedy}"))),
            },
            Err(_) if strange => {
                return Err(refused("is no folder of an interrupted build; move it or choose another name"));
            }
            Err(_) => fresh.clone(),
        };
        let begun = state.stage != Stage::Done && (state.places > 0 || state.stage != Stage::Places);
        let same = (&state.made_by, &state.inputs) == (&fresh.made_by, &fresh.inputs);
        let state = if begun && same {
            if !quiet {
                remark(&format_args!("goes on after {}", number(u64::from(state.places), "place")));
            }
            state
        } else {
            if begun {
                let what = if state.made_by == fresh.made_by { "the dump" } else { "casus" };
                remark(&format_args!("{what} has changed since the build was interrupted: starts anew"));
            }
            fresh
        };
        let damaged = |what: &str| refused(&format!("is damaged ({what}); {remedy}"));
        let names = Sorter::spilling(&folder.join("names"), run, &state.runs).map_err(|cause| {
            if cause.kind() == io::ErrorKind::InvalidData { damaged(&cause.to_string()) } else { cause }
        })?;
        if folder.join("places").metadata().map_or(0, |file| file.len()) < state.length {
            return Err(damaged("places"));
        }
        let mut build = Build { folder, state, names, _lock: lock, stop, quiet };
        build.note()?;
        Ok(build)
    }

    /// Notes how far the build is: when it begins, after a run was written, when a stage ends.
    fn note(&mut self) -> io::Result<()> {
        self.names.spill()?;
        self.state.runs = self.names.runs();
        let new = self.folder.join("state.new");
        let mut file = File::create(&new)?;
        file.write_all(&serde_json::to_vec(&self.state)?)?;
        file.sync_data()?;
        fs::rename(new, self.folder.join("state.json"))
    }

    fn next_stage(&mut self, stage: Stage) -> io::Result<()> {
        self.state.stage = stage;
        self.state.offset = 0;
        self.note()
    }

    /// Stage 0: places to a file, their names to runs.
    fn places(&mut self, path: &Path) -> io::Result<()> {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(self.folder.join("places"))?;
        file.set_len(self.state.length)?;
        file.seek(SeekFrom::End(0))?;
        let mut out = BufWriter::with_capacity(1 << 20, file);
        let mut input = Lines::open(path, self.state.offset, bar(self.quiet, "places"))?;
        let mut full = false;
        loop {
            let stopped = (self.stop)()?;
            if full || stopped {
                out.flush()?;
                out.get_ref().sync_data()?;
                self.state.offset = input.offset;
                self.note()?;
                full = false;
            }
            if stopped {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let Some(line) = input.next()? else { break };
            let Some(place) = dump::place(&line) else { continue };
            let entry = self.state.places << 2;
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
        }
        out.flush()?;
        out.get_ref().sync_data()?;
        self.next_stage(Stage::Names)
    }

    /// Adds another name, unless it is the same word or a code.
    fn other(&mut self, name: &str, main: &str, entry: u32) -> bool {
        let key = fold(name);
        let code = key.is_ascii()
            && (key.len() < 3 || name.len() <= 4 && name.bytes().all(|b| !b.is_ascii_lowercase()));
        key != main && !code && self.names.push(&key, entry | u32::from(usage::OTHER))
    }

    /// Stage 1: names from `alternateNamesV2.txt`.
    fn alternates(&mut self, path: &Path) -> io::Result<()> {
        let mut ids = Vec::with_capacity(self.state.places as usize);
        self.each(|index, place| {
            ids.push((place.id, index));
            Ok(())
        })?;
        ids.sort_unstable();
        let mut input = Lines::open(path, self.state.offset, bar(self.quiet, "names"))?;
        let mut full = false;
        loop {
            let stopped = (self.stop)()?;
            if full || stopped {
                self.state.offset = input.offset;
                self.note()?;
            }
            if stopped {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let Some(line) = input.next()? else { return Ok(()) };
            full = false;
            let Some((id, name, abbreviation)) = dump::alternate(&line) else { continue };
            let Ok(at) = ids.binary_search_by_key(&id, |(id, _)| *id) else { continue };
            let entry = ids[at].1 << 2;
            full = if abbreviation {
                self.names.push(&fold(name), entry | u32::from(usage::ABBREVIATION))
            } else {
                self.other(name, "", entry)
            };
        }
    }

    /// Calls `each` with every place of the file, in order.
    fn each(&self, mut each: impl FnMut(u32, &Stored) -> io::Result<()>) -> io::Result<()> {
        let mut input = BufReader::with_capacity(1 << 20, File::open(self.folder.join("places"))?);
        let mut stored = Stored::default();
        for index in 0..self.state.places {
            go_on(self.stop)?;
            stored.read(&mut input)?;
            each(index, &stored)?;
        }
        Ok(())
    }

    /// Stage 2: merges and writes. What was interrupted here begins with this stage again.
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
        let shown = bar(self.quiet, "divisions");
        shown.set_length(u64::from(self.state.places));
        self.each(|index, place| {
            use std::fmt::Write as _;
            if index.is_multiple_of(1 << 16) {
                shown.set_position(u64::from(index));
            }
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
        let new = self.folder.join("gazetteer");
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&new)?);
        let skeletons = Sorter::spilling(&self.folder.join("skeletons"), self.names.most(), &[])?;
        let (folder, stop) = (self.folder.clone(), self.stop);
        let mut moved = 0;
        let names = std::mem::take(&mut self.names);
        writer.finish(names, skeletons, Some(&folder), &mut out, &mut |what, done, all| {
            go_on(stop)?;
            // A bar is drawn for every 4 MB, and when another step begins.
            if done < moved || (done ^ moved) >> 22 != 0 || done == all {
                shown.set_message(what);
                shown.set_length(all);
                shown.set_position(done);
                moved = done;
            }
            Ok(())
        })?;
        out.into_inner()?.sync_all()?;
        fs::rename(new, output)?;
        shown.finish_and_clear();
        self.clear()?;
        Ok(places)
    }

    /// Removes the folder. Whatever is left of it if that is interrupted says that it is of no use.
    fn clear(mut self) -> io::Result<()> {
        self.state = State { made_by: self.state.made_by, stage: Stage::Done, ..State::default() };
        self.note()?;
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if !path.ends_with("state.json") {
                fs::remove_file(path)?;
            }
        }
        fs::remove_file(self.folder.join("state.json"))?;
        fs::remove_dir(&self.folder)
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

/// Fails with [`io::ErrorKind::Interrupted`] if the user asked to stop.
fn go_on(stop: &dyn Fn() -> io::Result<bool>) -> io::Result<()> {
    if stop()? { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
}

/// Progress on a terminal; nothing elsewhere.
fn bar(quiet: bool, what: &'static str) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(5) };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    if let Ok(style) = ProgressStyle::with_template("{msg:18} {wide_bar} {percent:>3} %  {eta} left") {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}

/// Lines of a file from an offset on, with progress.
struct Lines {
    input: BufReader<File>,
    line: Vec<u8>,
    offset: u64,
    bar: ProgressBar,
}

impl Lines {
    fn open(path: &Path, offset: u64, bar: ProgressBar) -> io::Result<Lines> {
        let mut file = File::open(path)?;
        bar.set_length(file.metadata()?.len());
        file.seek(SeekFrom::Start(offset))?;
        bar.set_position(offset);
        // What was done before tells nothing of the time that is left.
        bar.reset_eta();
        Ok(Lines { input: BufReader::with_capacity(1 << 20, file), line: Vec::new(), offset, bar })
    }

    /// The next line, without what is no UTF-8 in it.
    fn next(&mut self) -> io::Result<Option<Cow<'_, str>>> {
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
        let end = self.line.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |at| at + 1);
        Ok(Some(String::from_utf8_lossy(&self.line[..end])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use tempfile::TempDir;

    /// Runs so small that each stage has several.
    const SMALL: usize = 900;

    /// A built-in gazetteer with one country and its people.
    fn known() -> Gazetteer {
        let mut writer = Writer::new(2, HashSet::from([*b"SY"]));
        let division = Division { country: *b"SY", ..Division::default() };
        let (lat, lon) = (35.0, 38.0);
        let syria =
            NewPlace { name: "Syria", lat, lon, population: 1, id: 163_843, kind: kind::COUNTRY, division };
        writer.place(&syria).unwrap();
        writer.place(&NewPlace { name: "Lodoland", id: 1, kind: kind::REGION | mark::OWN, ..syria }).unwrap();
        let mut names = Sorter::default();
        for (key, entry) in
            [("syria", usage::MAIN), ("syrian", usage::DEMONYM), ("lodoland", 4 | usage::MAIN)]
        {
            names.push(key, u32::from(entry));
        }
        let mut bytes = Vec::new();
        writer.finish(names, Sorter::default(), None, &mut bytes, &mut |_, _, _| Ok(())).unwrap();
        Gazetteer::open(bytes.leak()).unwrap()
    }

    /// A dump of two hundred places and more names.
    fn dump(folder: &Path) -> Dump {
        let (mut places, mut names) = (String::new(), String::new());
        let syllables = ["ba", "ko", "li", "me", "ru", "sha", "zan"];
        let word = |number: u32| -> String {
            [number % 7, number / 7 % 7, number / 49 % 7].map(|at| syllables[at as usize]).concat()
        };
        for id in 1..=200u32 {
            let (name, other) = (word(id * 31), word(id * 17));
            places.push_str(&format!(
                "{id}\t{name}\t{name}\t{other}\t35.{id}\t38.{id}\tP\tPPL\tSY\t\t0{}\t\t\t\t{}\t\t\t\t\n",
                id % 3,
                id * 7
            ));
            names.push_str(&format!("{id}\t{id}\ten\t{}\t\t\t\t\n", word(id * 11)));
        }
        fs::write(folder.join("allCountries.txt"), places).unwrap();
        fs::write(folder.join("alternateNamesV2.txt"), names).unwrap();
        Dump::of(folder).unwrap()
    }

    /// How a build is broken off.
    #[derive(Clone, Copy, PartialEq)]
    enum Fault {
        /// Nothing more is noted, as when the disk is full or the process ends.
        Broken,
        /// The user asks to stop.
        Stopped,
    }

    /// Builds until the `at`-th line or key; gives how many there were.
    fn until(
        dump: &Dump,
        known: &Gazetteer,
        output: &Path,
        fault: Fault,
        at: usize,
    ) -> (usize, io::Result<usize>) {
        let seen = Cell::new(0);
        let stop = || {
            seen.set(seen.get() + 1);
            match fault {
                _ if seen.get() != at => Ok(false),
                Fault::Broken => Err(io::Error::other("the disk is full")),
                Fault::Stopped => Ok(true),
            }
        };
        let done = dump.build(known, output, true, SMALL, &stop);
        (seen.get(), done)
    }

    fn state(output: &Path) -> State {
        serde_json::from_slice(&fs::read(parts(output).join("state.json")).unwrap()).unwrap()
    }

    fn parts(output: &Path) -> PathBuf {
        output.with_extension("gaz.parts")
    }

    #[test]
    fn a_build_that_is_broken_off_anywhere_ends_with_the_same_bytes() {
        let folder = TempDir::new().unwrap();
        let (dump, known) = (dump(folder.path()), known());
        let whole = folder.path().join("whole.gaz");
        let (steps, places) = until(&dump, &known, &whole, Fault::Broken, 0);
        assert_eq!(places.unwrap(), 201);
        let whole = fs::read(whole).unwrap();
        let output = folder.path().join("broken.gaz");
        let (mut met, mut kept) = (HashSet::new(), 0);
        for step in (1..=steps).step_by(steps / 20) {
            for fault in [Fault::Broken, Fault::Stopped] {
                let (seen, broken) = until(&dump, &known, &output, fault, step);
                assert_eq!(seen, step, "it ends where it is broken off");
                let stopped = broken.unwrap_err().kind() == io::ErrorKind::Interrupted;
                assert_eq!(stopped, fault == Fault::Stopped);
                assert!(!output.exists(), "nothing stands at its place before it is whole");
                let state = state(&output);
                met.insert((state.stage as u8, state.runs.len()));
                kept += usize::from(state.offset > 0);
                // What was written after the last note may be there in part.
                let tail = |name: &str| {
                    let path = parts(&output).join(name);
                    let mut file = OpenOptions::new().append(true).create(true).open(path).unwrap();
                    file.write_all(b"\x07cut").unwrap();
                };
                tail("places");
                tail(&format!("names-{:04}.run", state.runs.len()));
                tail("skeletons-0000.run");
                tail("state.new");
                until(&dump, &known, &output, fault, 0).1.unwrap();
                assert!(fs::read(&output).unwrap() == whole, "other bytes after {step} of {steps}");
                assert!(!parts(&output).exists(), "what is between is removed");
                fs::remove_file(&output).unwrap();
            }
        }
        // Before and after the first run of each stage that has runs, and while it merges.
        for stage in [Stage::Places, Stage::Names, Stage::Merge] {
            assert!(met.iter().any(|(at, _)| *at == stage as u8), "{met:?}");
        }
        assert!(met.len() > 4 && kept >= 5, "{met:?}, {kept} went on within a stage");
    }

    #[test]
    fn a_build_may_be_stopped_again_and_again() {
        let folder = TempDir::new().unwrap();
        let (dump, known) = (dump(folder.path()), known());
        let (whole, output) = (folder.path().join("whole.gaz"), folder.path().join("broken.gaz"));
        until(&dump, &known, &whole, Fault::Broken, 0).1.unwrap();
        for _ in 0..6 {
            until(&dump, &known, &output, Fault::Stopped, 40).1.unwrap_err();
        }
        assert!(state(&output).stage == Stage::Names);
        until(&dump, &known, &output, Fault::Stopped, 0).1.unwrap();
        assert!(fs::read(&output).unwrap() == fs::read(&whole).unwrap());
    }

    /// What a build says after something was done to the folder of one that was stopped in its names.
    #[track_caller]
    fn check(spoil: impl FnOnce(&Path), expected: Option<&str>) {
        let folder = TempDir::new().unwrap();
        let (dump, known) = (dump(folder.path()), known());
        let (whole, output) = (folder.path().join("whole.gaz"), folder.path().join("broken.gaz"));
        let steps = until(&dump, &known, &whole, Fault::Broken, 0).0;
        until(&dump, &known, &output, Fault::Stopped, 500).1.unwrap_err();
        assert!(state(&output).stage == Stage::Names && steps > 500);
        spoil(&parts(&output));
        let done = until(&dump, &known, &output, Fault::Broken, 0).1;
        match expected {
            Some(expected) => {
                let error = done.unwrap_err().to_string();
                assert!(error.ends_with(expected), "{error}");
                assert!(parts(&output).exists() && !output.exists(), "nothing is touched");
            }
            None => {
                done.unwrap();
                assert!(fs::read(&output).unwrap() == fs::read(&whole).unwrap());
            }
        }
    }

    #[test]
    fn what_is_no_state_of_this_build_is_refused_or_begun_anew() {
        let cut = |file: &Path, by: u64| {
            let file = OpenOptions::new().write(true).open(file).unwrap();
            file.set_len(file.metadata().unwrap().len() - by).unwrap();
        };
        let rewrite = |parts: &Path, change: &dyn Fn(&mut State)| {
            let mut state: State =
                serde_json::from_slice(&fs::read(parts.join("state.json")).unwrap()).unwrap();
            change(&mut state);
            fs::write(parts.join("state.json"), serde_json::to_vec(&state).unwrap()).unwrap();
        };
        check(|_| (), None);
        check(
            |parts| cut(&parts.join("names-0001.run"), 1),
            Some("is damaged (names-0001.run); remove it to start anew"),
        );
        check(
            |parts| fs::remove_file(parts.join("names-0000.run")).unwrap(),
            Some("(names-0000.run); remove it to start anew"),
        );
        check(|parts| cut(&parts.join("places"), 1), Some("is damaged (places); remove it to start anew"));
        check(
            |parts| cut(&parts.join("state.json"), 9),
            Some("does not say how far a build was; remove it to start anew"),
        );
        let foreign = "is no folder of an interrupted build; move it or choose another name";
        check(|parts| fs::remove_file(parts.join("state.json")).unwrap(), Some(foreign));
        let strange = |parts: &Path| {
            fs::remove_dir_all(parts).unwrap();
            fs::create_dir(parts).unwrap();
            fs::write(parts.join("thesis.txt"), "mine").unwrap();
        };
        check(strange, Some(foreign));
        // Another dump, another version, a folder that was being removed: begun anew.
        check(|parts| rewrite(parts, &|state| state.inputs[0].1 += 1), None);
        check(|parts| rewrite(parts, &|state| state.made_by.push('x')), None);
        check(|parts| rewrite(parts, &|state| state.stage = Stage::Done), None);
        let held = Cell::new(None);
        check(
            |parts| {
                let lock = File::options().write(true).open(parts.join("lock")).unwrap();
                lock.lock().unwrap();
                held.set(Some(lock));
            },
            Some("is in use: another build of this file is running"),
        );
    }
}
