//! Reports in: files, folders, globs and standard input, in any of the usual shapes and encodings.
//!
//! [`locate`](locate::locate) turns what the user named into [`Input`]s, and [`Input::reports`] walks
//! the reports of one input, one at a time: however long a file of rows is, only one row of it is in
//! memory. Nothing here panics or stops on bad input. A report that cannot be received is an
//! [`InputError`] that says which one, where and why, and the walk goes on behind it wherever there
//! still is a "behind".
//!
//! ```text
//! bytes -unpack-> bytes -sniff-> one text | HTML | JSON | rows -decode-> Report + notes
//! ```
//!
//! This module must not know what is done with a report.

use casus_engine::{Date, Note, Report};
use sha2::{Digest, Sha256};
use std::{
    cell::RefCell,
    fmt,
    fs::{self, File},
    io::{self, BufRead, Read},
    path::PathBuf,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

pub(crate) mod dates;
mod decode;
pub mod fields;
mod html;
mod json;
pub mod locate;
mod sniff;
mod table;
mod unpack;

pub use fields::{Field, Fields};
pub use locate::locate;

/// Largest text that is read as one report unless the user says otherwise, in bytes: some 300 pages.
/// What is longer is mostly a dump of many reports in one. The record of a text full of events takes
/// some 250 times its memory, so this also keeps the whole program below 1 GiB.
pub const MAX_REPORT_BYTES: u64 = 1 << 20;

/// A page or a row may be so many times larger than the text in it.
const MAX_WRAPPING: u64 = 16;

/// How inputs are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Largest text of a report in bytes.
    pub max_report_bytes: u64,
    /// Day of publication of reports that do not tell it themselves.
    pub published: Option<Date>,
    /// Which column or key holds what.
    pub fields: Fields,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { max_report_bytes: MAX_REPORT_BYTES, published: None, fields: Fields::default() }
    }
}

impl Settings {
    /// Largest page or row, in bytes, after decompression.
    fn max_wrapped_bytes(&self) -> u64 {
        self.max_report_bytes.saturating_mul(MAX_WRAPPING)
    }
}

/// A report as received, and what had to be assumed to receive it.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// The report.
    pub report: Report,
    /// Line in the input, from 1, if the input holds many reports.
    pub line: Option<u64>,
    /// Encodings guessed, characters replaced, dates not understood: codes `N0001` to `N0099`.
    pub notes: Vec<Note>,
}

/// Something to read reports from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// As the user would name it: the path, `-` for standard input.
    pub name: String,
    source: Source,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Stdin,
    Path(PathBuf),
}

/// Size and checksum of an input that was read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Number of bytes as received.
    pub bytes: u64,
    /// SHA-256 of the bytes as received, in lower-case hexadecimal.
    pub sha256: String,
}

impl Input {
    /// Standard input.
    pub fn stdin() -> Input {
        Input { name: "-".to_owned(), source: Source::Stdin }
    }

    /// A file.
    pub fn file(path: PathBuf) -> Input {
        Input { name: path.to_string_lossy().into_owned(), source: Source::Path(path) }
    }

    /// Whether this is standard input, which can be read only once.
    pub fn is_stdin(&self) -> bool {
        self.source == Source::Stdin
    }

    /// Size in bytes, if it is known before reading.
    pub fn size(&self) -> Option<u64> {
        match &self.source {
            Source::Stdin => None,
            Source::Path(path) => fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|m| m.len()),
        }
    }

    /// The reports of this input, in order. `progress` is raised by every byte that is received.
    pub fn reports<'a>(&'a self, settings: &'a Settings, progress: Arc<AtomicU64>) -> Reports<'a> {
        let opened: io::Result<Box<dyn Read>> = match &self.source {
            Source::Stdin => Ok(Box::new(io::stdin().lock())),
            Source::Path(path) => match fs::metadata(path) {
                Ok(meta) if meta.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
                Ok(_) => File::open(path).map(|file| Box::new(file) as Box<dyn Read>),
                Err(cause) => Err(cause),
            },
        };
        let opened =
            opened.map_err(|cause| InputError::new(&self.name, format!("cannot open: {}", plain(&cause))));
        match opened {
            Ok(bytes) => self.reports_of(bytes, settings, progress),
            Err(error) => Reports { walk: Box::new(std::iter::once(Err(error))), tally: None },
        }
    }

    /// The reports in `bytes`, as if they were the content of this input.
    pub fn reports_of<'a>(
        &'a self,
        bytes: Box<dyn Read + 'a>,
        settings: &'a Settings,
        progress: Arc<AtomicU64>,
    ) -> Reports<'a> {
        let tally = Rc::new(RefCell::new(Tally { bytes: 0, hash: Sha256::new(), ended: false }));
        let counted = Counted { bytes, tally: Rc::clone(&tally), progress };
        let walk =
            walk(self, counted, &tally, settings).unwrap_or_else(|e| Box::new(std::iter::once(Err(e))));
        Reports { walk, tally: Some(tally) }
    }
}

type Walk<'a> = Box<dyn Iterator<Item = Result<Received, InputError>> + 'a>;

/// Unpacks, sniffs, and hands over to the reader of that shape.
fn walk<'a>(
    input: &'a Input,
    counted: Counted<'a>,
    tally: &Rc<RefCell<Tally>>,
    settings: &'a Settings,
) -> Result<Walk<'a>, InputError> {
    let origin = Origin { name: &input.name, settings };
    let failed = |cause: &io::Error| InputError::new(&input.name, plain(cause));
    let mut bytes = unpack::unpack(Box::new(counted)).map_err(|cause| failed(&cause))?;
    let head = bytes.fill_buf().map_err(|cause| failed(&cause))?;
    let shape = sniff::sniff(&input.name, head, &settings.fields)
        .map_err(|reason| InputError::new(&input.name, reason))?;
    if let sniff::Shape::Text | sniff::Shape::Html = shape {
        let limit = match shape {
            sniff::Shape::Html => settings.max_wrapped_bytes(),
            _ => settings.max_report_bytes,
        };
        let bytes = whole(&mut bytes, limit).map_err(|cause| failed(&cause))?;
        // The checksum of a file is that of the file as it was received, packed or not.
        let sha256 = tally.borrow().sha256();
        let received = match shape {
            sniff::Shape::Html => html::read(origin, &bytes, sha256),
            _ => plain_text(origin, &bytes, sha256),
        };
        return Ok(Box::new(std::iter::once(received)));
    }
    let stream = decode::stream(bytes).map_err(|cause| failed(&cause))?;
    Ok(match shape {
        sniff::Shape::Table { delimiter } => Box::new(table::rows(origin, stream, delimiter)),
        sniff::Shape::JsonLines => Box::new(json::lines(origin, stream)),
        _ => Box::new(json::values(origin, stream)),
    })
}

/// A whole file as one report.
fn plain_text(origin: Origin<'_>, bytes: &[u8], sha256: String) -> Result<Received, InputError> {
    let decoded = decode::decode(bytes, None);
    let values = fields::Values { text: Some(decoded.text), ..fields::Values::default() };
    origin.receive(values, None, sha256, decoded.notes)
}

/// What every report of an input shares.
#[derive(Debug, Clone, Copy)]
struct Origin<'a> {
    name: &'a str,
    settings: &'a Settings,
}

impl Origin<'_> {
    /// Makes the report from the values found for it. `line` is where it stands in a file of many.
    fn receive(
        self,
        values: fields::Values,
        line: Option<u64>,
        sha256: String,
        mut notes: Vec<Note>,
    ) -> Result<Received, InputError> {
        let fields::Values { text, id, published, publisher, title, url, language, genre } = values;
        let text = text.unwrap_or_default();
        if text.trim().is_empty() {
            return Err(InputError { line, ..InputError::new(self.name, "the report is empty") });
        }
        if text.len() as u64 > self.settings.max_report_bytes {
            return Err(self.too_large(line, self.settings.max_report_bytes));
        }
        let name = if self.name == "-" { "stdin" } else { self.name };
        let id = id.unwrap_or_else(|| line.map_or_else(|| name.to_owned(), |line| format!("{name}#{line}")));
        let own = published.and_then(|words| {
            let date = dates::day(&words);
            if date.is_none() {
                notes.push(note("N0010", format!("date of publication not understood: {words:?}")));
            }
            date
        });
        let report = Report {
            id,
            text,
            path: Some(self.name.to_owned()).filter(|name| name != "-"),
            sha256: Some(sha256),
            title,
            publisher,
            published: own.or(self.settings.published),
            language: language.map(|tag| tag.replace('_', "-")),
            genre,
            url,
        };
        Ok(Received { report, line, notes })
    }

    fn too_large(self, line: Option<u64>, limit: u64) -> InputError {
        let reason = too_large(limit).to_string();
        InputError { line, ..InputError::new(self.name, reason) }
    }
}

fn note(code: &str, message: impl Into<String>) -> Note {
    Note { code: code.to_owned(), message: message.into(), span: None }
}

/// Everything that is left in `bytes`, if it is not more than `limit`.
fn whole(bytes: &mut dyn Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    bytes.take(limit + 1).read_to_end(&mut out)?;
    if out.len() as u64 > limit { Err(too_large(limit)) } else { Ok(out) }
}

fn too_large(limit: u64) -> io::Error {
    let limit = match limit {
        0..1024 => format!("{limit} bytes"),
        1024..0x10_0000 => format!("{} KiB", limit >> 10),
        _ => format!("{} MiB", limit >> 20),
    };
    io::Error::new(
        io::ErrorKind::FileTooLarge,
        format!("the report is larger than {limit}; split it, or allow more with --max-report-bytes"),
    )
}

/// A report that could not be received: which, where and why.
///
/// Shown as `path:line:column: reason`, a lower-case fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    /// The input, as in [`Input::name`].
    pub name: String,
    /// Line in it, from 1, where that tells anything.
    pub line: Option<u64>,
    /// Column in that line in bytes, from 1.
    pub column: Option<u64>,
    /// Why.
    pub reason: String,
}

impl InputError {
    pub(crate) fn new(name: &str, reason: impl Into<String>) -> InputError {
        InputError { name: name.to_owned(), line: None, column: None, reason: reason.into() }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A path or a value may hold anything, terminal escapes too.
        let clean = |text: &str| {
            text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect::<String>()
        };
        let name = if self.name == "-" { "standard input".to_owned() } else { clean(&self.name) };
        write!(f, "{name}:")?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        if let Some(column) = self.column {
            write!(f, "{column}:")?;
        }
        write!(f, " {}", clean(&self.reason))
    }
}

impl std::error::Error for InputError {}

/// Says an I/O error without Rust's "(os error 2)".
pub(crate) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if chars.clone().next().is_some_and(char::is_lowercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

/// The reports of one input, in order.
pub struct Reports<'a> {
    walk: Walk<'a>,
    tally: Option<Rc<RefCell<Tally>>>,
}

impl Reports<'_> {
    /// Size and checksum, if the input was read to its end.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        let tally = self.tally.as_ref()?.borrow();
        tally.ended.then(|| Fingerprint { bytes: tally.bytes, sha256: tally.sha256() })
    }
}

impl Iterator for Reports<'_> {
    type Item = Result<Received, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.walk.next()
    }
}

struct Tally {
    bytes: u64,
    hash: Sha256,
    ended: bool,
}

impl Tally {
    fn sha256(&self) -> String {
        hex(&self.hash.clone().finalize())
    }
}

/// Counts and hashes bytes on their way.
struct Counted<'a> {
    bytes: Box<dyn Read + 'a>,
    tally: Rc<RefCell<Tally>>,
    progress: Arc<AtomicU64>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        let mut tally = self.tally.borrow_mut();
        tally.hash.update(&buffer[..count]);
        tally.bytes += count as u64;
        tally.ended |= count == 0 && !buffer.is_empty();
        self.progress.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Hands on what is read, a piece at a time.
pub(crate) fn pieces(
    mut bytes: Box<dyn Read + '_>,
    mut each: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 18];
    loop {
        match bytes.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => each(&buffer[..count])?,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [DIGITS[(b >> 4) as usize] as char, DIGITS[(b & 15) as usize] as char])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every shape, cut and changed at random places: whatever comes of it, nothing panics or hangs.
    #[test]
    fn damaged_inputs() {
        let page = "<html><head><title>x</title></head><body><nav>a</nav><p>Beya &amp; Gol</p></body></html>";
        let samples: [(&str, &[u8]); 6] = [
            ("a", "{\"text\": \"B\u{e9}ya\", \"id\": 1}\n{\"body\": \"x\"}\n".as_bytes()),
            ("a.json", b"[{\"text\": \"Beya\"}, {\"text\": \"Gol \\u00e9\"}]"),
            ("a.csv", b"id,date,text\n1,2024-03-14,\"Beya, \"\"Gol\"\"\"\n2,,x\n"),
            ("a.html", page.as_bytes()),
            ("a.txt", b"\xff\xfeB\0e\0y\0a\0"),
            ("a.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x0b\xc9\xc8\x2c\x56\0\x22\0"),
        ];
        let mut seed = 0x9e37_79b9_7f4a_7c15u64;
        let mut random = |below: usize| {
            // xorshift64* (Vigna 2016)
            seed ^= seed >> 12;
            seed ^= seed << 25;
            seed ^= seed >> 27;
            (seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % below.max(1)
        };
        let settings = Settings { max_report_bytes: 64, ..Settings::default() };
        for _ in 0..3000 {
            let (name, sample) = samples[random(samples.len())];
            let mut bytes = sample.to_vec();
            for _ in 0..random(6) {
                let at = random(bytes.len());
                match random(3) {
                    0 if at < bytes.len() => bytes[at] = random(256) as u8,
                    1 => bytes.truncate(at),
                    _ => bytes.insert(at, b"\0\"\\<>{}[],&\n\xff\xc3"[random(14)]),
                }
            }
            let input = Input::file(PathBuf::from(name));
            let count = input.reports_of(Box::new(bytes.as_slice()), &settings, Arc::default()).count();
            assert!(count <= bytes.len() + 1, "{name}: {bytes:?}");
        }
    }
}
