//! `casus link`: events of many reports, as `casus read` wrote them, into incidents.
//!
//! Two passes over the files: the first keeps what linking needs of each event, the second reads the
//! events of each incident where they stand, so that memory does not grow with the records. Standard
//! input, which cannot be read twice, is kept.

use crate::{Failure, Status, args::LinkFormat, complain, input::plain, number, project, remark};
use casus_engine::{Event, Incident};
use casus_export::{incident_text, incidents_svg};
use casus_link::{Linker, Member, Options, Signature, Telling, compose};
use serde::Deserialize;
use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Cursor, Read, Seek, SeekFrom, Write},
    path::Path,
    sync::Arc,
    thread,
};

/// Links the events of all files.
pub(crate) fn link(args: &project::args::Link) -> Result<Status, Failure> {
    let format =
        args.format.unwrap_or_else(|| match args.output.as_ref().and_then(|path| path.extension()) {
            Some(extension) if extension == "svg" => LinkFormat::Svg,
            Some(extension) if extension == "jsonl" || extension == "ndjson" || extension == "json" => {
                LinkFormat::Jsonl
            }
            _ => LinkFormat::Table,
        });
    let mut records = Records::default();
    let mut refused = 0u64;
    for path in &args.files {
        refused += records.read(path)?;
    }
    if records.tellings.is_empty() {
        return Err(Failure(
            "no event in what was given: `casus read --format jsonl` writes events".to_owned(),
        ));
    }
    let mut options = Options::default();
    options.threads = args.jobs.or(thread::available_parallelism().ok()).unwrap_or(options.threads);
    let mut linker = Linker::new(options);
    linker.add(std::mem::take(&mut records.tellings));
    let clusters = linker.clusters();
    let mut out: Box<dyn Write> = match &args.output {
        Some(path) => Box::new(BufWriter::new(File::create(path).map_err(|cause| failure(path, &cause))?)),
        None => Box::new(anstream::stdout().lock()),
    };
    let mut drawn: Vec<Incident> = Vec::new();
    let mut written = Ok(());
    for cluster in &clusters {
        let events =
            cluster.members.iter().map(|&at| records.event(at)).collect::<Result<Vec<Event>, Failure>>()?;
        let members: Vec<Member<'_>> = events
            .iter()
            .zip(&cluster.members)
            .map(|(event, &at)| Member { event, signature: records.signatures[at].as_deref() })
            .collect();
        let Some(incident) = compose(&members, cluster.cohesion) else { continue };
        written = match format {
            LinkFormat::Table => out.write_all(incident_text(&incident).as_bytes()),
            LinkFormat::Jsonl => serde_json::to_writer(&mut out, &incident)
                .map_err(io::Error::from)
                .and_then(|()| out.write_all(b"\n")),
            LinkFormat::Svg => {
                drawn.push(incident);
                Ok(())
            }
        };
        if written.is_err() {
            break;
        }
    }
    if format == LinkFormat::Svg && written.is_ok() {
        written = out.write_all(incidents_svg(&drawn).as_bytes());
    }
    match written.and_then(|()| out.flush()) {
        // A reader that has gone away has read enough.
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            let path = args.output.as_deref().unwrap_or(Path::new("standard output"));
            return Err(failure(path, &cause));
        }
        _ => {}
    }
    if !args.quiet && (format != LinkFormat::Table || args.output.is_some()) {
        remark(&format_args!(
            "{} of {}",
            number(clusters.len() as u64, "incident"),
            number(linker.len() as u64, "event")
        ));
    }
    Ok(if refused > 0 { Status::SOME } else { Status::ALL })
}

fn failure(path: &Path, cause: &io::Error) -> Failure {
    Failure(format!("{}: {}", path.display(), plain(cause)))
}

trait Source: BufRead + Seek {}
impl<T: BufRead + Seek> Source for T {}

/// The records of all files, and where each stands.
#[derive(Default)]
struct Records {
    sources: Vec<Box<dyn Source>>,
    /// By event: file, offset, length.
    places: Vec<(usize, u64, usize)>,
    tellings: Vec<Telling>,
    signatures: Vec<Option<Arc<Signature>>>,
    /// By the text's hash.
    known: HashMap<String, Arc<Signature>>,
}

/// The report's text, which `casus read --with-text` writes into a record.
#[derive(Deserialize)]
struct WithText {
    report: Text,
}

#[derive(Deserialize)]
struct Text {
    text: Option<String>,
}

impl Records {
    /// Reads the events of a file; tells, and counts, the lines that are none.
    fn read(&mut self, path: &Path) -> Result<u64, Failure> {
        let mut source: Box<dyn Source> = if path == Path::new("-") {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).map_err(|cause| failure(path, &cause))?;
            Box::new(Cursor::new(bytes))
        } else {
            Box::new(BufReader::with_capacity(
                1 << 16,
                File::open(path).map_err(|cause| failure(path, &cause))?,
            ))
        };
        let (mut offset, mut number, mut refused) = (0u64, 0u64, 0u64);
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = source.read_until(b'\n', &mut line).map_err(|cause| failure(path, &cause))?;
            if length == 0 {
                break;
            }
            number += 1;
            if !line.iter().all(u8::is_ascii_whitespace) {
                match serde_json::from_slice::<Event>(&line) {
                    Ok(event) => {
                        let signature = self.signature(&event, &line);
                        self.tellings.push(Telling::new(&event, signature.clone()));
                        self.signatures.push(signature);
                        self.places.push((self.sources.len(), offset, length));
                    }
                    Err(cause) => {
                        refused += 1;
                        complain(&format_args!("{}:{number}: no event record: {cause}", path.display()));
                    }
                }
            }
            offset += length as u64;
        }
        self.sources.push(source);
        Ok(refused)
    }

    fn signature(&mut self, event: &Event, line: &[u8]) -> Option<Arc<Signature>> {
        let hash = &event.report.text_sha256;
        if let Some(known) = self.known.get(hash) {
            return Some(Arc::clone(known));
        }
        let text = serde_json::from_slice::<WithText>(line).ok()?.report.text?;
        let signature = Arc::new(Signature::of(&text));
        self.known.insert(hash.clone(), Arc::clone(&signature));
        Some(signature)
    }

    /// The whole record of an event.
    fn event(&mut self, number: usize) -> Result<Event, Failure> {
        let (file, offset, length) = self.places[number];
        let source = &mut self.sources[file];
        let mut line = vec![0; length];
        let read = source.seek(SeekFrom::Start(offset)).and_then(|_| source.read_exact(&mut line));
        read.map_err(|cause| Failure(format!("a file changed while it was read: {}", plain(&cause))))?;
        serde_json::from_slice(&line)
            .map_err(|cause| Failure(format!("a file changed while it was read: {cause}")))
    }
}
