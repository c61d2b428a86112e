//! `casus export`: what leaves the project. Every export is an entry of the log, with the hash of what
//! was written.

use super::{open, stamp, version};
use crate::{
    Failure, Status,
    args::{self, ExportFormat},
    export::{create, settings, tell},
    input, number, remark,
};
use casus_engine::{Reading, Report};
use casus_export::{
    Format, Item, Options,
    profile::{self, Key, Profile, Summary},
};
use casus_store::Project;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

mod table;

/// Writes incidents or events.
pub(crate) fn export(named: Option<&Path>, args: &args::Export) -> Result<Status, Failure> {
    let mut project = open(named)?;
    let by_name = || args.output.as_deref().and_then(Format::from_path).unwrap_or(Format::Jsonl);
    let format = args.format.unwrap_or_else(|| ExportFormat::Records(by_name()));
    let out = Out::new(args.output.as_deref().filter(|path| *path != Path::new("-")))?;
    let mut summary = None;
    let (rows, name) = match format {
        ExportFormat::Codebook(profile) => {
            let done = codebook(&project, profile, args, &out)?;
            let rows = done.rows;
            summary = Some((profile, done));
            (rows, profile.name())
        }
        ExportFormat::Records(format) if args.events => {
            (events(&project, format, args, &out)?, format.name())
        }
        ExportFormat::Records(format) => (incidents(&project, format, args.full, &out)?, format.name()),
    };
    let thing = if args.events { "event" } else { "incident" };
    let (bytes, sha256) = out.sum();
    // In the log before it can be taken along: what is out was told.
    let detail = json!({
        "file": out.name(), "format": name, "of": format!("{thing}s"),
        "rows": rows, "full": args.full, "bytes": bytes, "sha256": sha256,
    });
    project.record(&stamp(None)?, "export", detail)?;
    out.publish()?;
    if args.quiet {
        return Ok(Status::ALL);
    }
    match summary {
        Some((profile, done)) => tell(args, profile, &done),
        None if args.output.is_some() => {
            let words = if args.full { ", with the words of the reports" } else { "" };
            remark(&format_args!("{}: {}{words}", out.name(), number(rows, thing)));
        }
        None => {}
    }
    Ok(Status::ALL)
}

/// Writes the columns of a data set: a row for each incident from all its events, or one for each event.
fn codebook(project: &Project, profile: Profile, args: &args::Export, out: &Out) -> Result<Summary, Failure> {
    let fail = |cause: io::Error| out.failed(&cause);
    let log =
        args.log.as_deref().map(create).transpose()?.map(|file| Box::new(file) as Box<dyn Write + Send>);
    let mut export =
        profile::Export::new(profile, settings(args)?, Box::new(out.clone()), log).map_err(fail)?;
    let version = version(project)?;
    if args.events {
        let mut failed = None;
        project.readings(&version, |_, reading, _| {
            if failed.is_none() && !reading.events.is_empty() {
                failed = export.report(reading.events).err();
            }
            Ok(())
        })?;
        failed.map_or(Ok(()), Err).map_err(fail)?;
        return export.finish().map_err(fail);
    }
    let mut failed = None;
    project.incidents_with_events(&version, |record, mut own| {
        if let (Some(first), Some(id), None) = (own.first_mut(), record["id"].as_str(), &failed) {
            // The row is the incident's: its id stays, and the list of deletions names it.
            id.clone_into(&mut first.id);
            failed = export.incident(own).err();
        }
        Ok(())
    })?;
    failed.map_or(Ok(()), Err).map_err(fail)?;
    export.finish().map_err(fail)
}

/// The incidents there are; none is an error that says what to do.
fn linked(project: &Project) -> Result<Vec<Value>, Failure> {
    let records = project.incidents()?;
    if records.is_empty() {
        return Err(Failure("the project has no incidents yet: `casus link` makes them".to_owned()));
    }
    Ok(records)
}

fn incidents(project: &Project, format: Format, full: bool, out: &Out) -> Result<u64, Failure> {
    let mut records = linked(project)?;
    if !full {
        records.iter_mut().for_each(redact);
    }
    let mut out = out.clone();
    match format {
        Format::Jsonl => {
            let written = records.iter().try_for_each(|record| writeln!(out, "{record}"));
            written.map_err(|cause| out.failed(&cause))?;
        }
        Format::Csv => table::write(&records, &mut out)?,
        other => {
            return Err(Failure(format!(
                "incidents are written as jsonl or csv; {other} shows events: --events"
            )));
        }
    }
    Ok(records.len() as u64)
}

fn events(project: &Project, format: Format, args: &args::Export, out: &Out) -> Result<u64, Failure> {
    let full = args.full;
    if format == Format::Html && !full {
        return Err(Failure(
            "html shows the words of the reports beside the events: it needs --full".to_owned(),
        ));
    }
    let key = settings(args)?.key;
    let options = Options { with_text: full && format != Format::Table, ..Options::default() };
    let writer = casus_export::writer(format, options, Box::new(out.clone()));
    let mut writer = writer.map_err(|cause| out.failed(&cause))?;
    let (mut number, mut rows, mut failed) = (0, 0, None);
    project.readings(&version(project)?, |report, reading, _| {
        number += 1;
        rows += reading.events.len() as u64;
        let shared = if full { Ok((report, reading)) } else { without_words(report, reading, key.as_ref()) };
        if failed.is_none() {
            let written = shared.and_then(|(report, reading)| {
                writer.report(&Item { report: &report, reading: &reading, number })
            });
            failed = written.err();
        }
        Ok(())
    })?;
    let written = failed.map_or_else(|| writer.finish(), Err);
    written.map_err(|cause| out.failed(&cause))?;
    Ok(rows)
}

/// A report and its reading, fit to be shared.
fn without_words(report: Report, reading: Reading, key: Option<&Key>) -> io::Result<(Report, Reading)> {
    let mut events = reading.events;
    if !events.is_empty() {
        profile::redact(&mut events, key)?;
    }
    let report = Report { text: String::new(), title: None, path: None, ..report };
    Ok((report, Reading { events, notes: Vec::new() }))
}

/// Takes the words of reports, and names of persons, out of a record.
fn redact(record: &mut Value) {
    let mut open = vec![record];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(parts) => {
                let person = parts.get("kind").is_some_and(|kind| kind == "person");
                let voice = parts.contains_key("cites") || parts.contains_key("publisher");
                for (name, part) in parts {
                    match name.as_str() {
                        "stated" | "mention" => *part = "".into(),
                        "detail" | "title" | "path" => *part = Value::Null,
                        "name" if voice => *part = Value::Null,
                        "name" if person => *part = "person".into(),
                        "notes" => *part = Value::Array(Vec::new()),
                        _ => open.push(part),
                    }
                }
            }
            Value::Array(parts) => open.extend(parts),
            _ => {}
        }
    }
}

/// Where an export goes: standard output, which is written at the end, or a file, which gets its name
/// only when it is whole and in the log. Clones write to the same place.
#[derive(Clone)]
struct Out(Arc<Mutex<Output>>);

struct Output {
    path: Option<PathBuf>,
    target: Target,
    hash: Sha256,
    bytes: u64,
}

enum Target {
    Memory(Vec<u8>),
    /// The file, and the name that it has until it is whole.
    File(BufWriter<File>, PathBuf),
}

impl Out {
    fn new(path: Option<&Path>) -> Result<Out, Failure> {
        // A device or a pipe is not renamed.
        let regular = |path: &&Path| fs::metadata(path).map_or(true, |meta| meta.is_file());
        let target = match path.filter(regular) {
            None => Target::Memory(Vec::new()),
            Some(path) => {
                let mut part = OsString::from(path);
                part.push(".part");
                let file = File::create(&part);
                let file =
                    file.map_err(|cause| Failure(format!("{}: {}", path.display(), input::plain(&cause))))?;
                Target::File(BufWriter::new(file), part.into())
            }
        };
        let path = path.map(Path::to_owned);
        Ok(Out(Arc::new(Mutex::new(Output { path, target, hash: Sha256::new(), bytes: 0 }))))
    }

    fn output(&self) -> MutexGuard<'_, Output> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn name(&self) -> String {
        self.output()
            .path
            .as_ref()
            .map_or_else(|| "standard output".to_owned(), |path| path.display().to_string())
    }

    /// Length and hash of what was written.
    fn sum(&self) -> (u64, String) {
        let output = self.output();
        (output.bytes, input::hex(&output.hash.clone().finalize()))
    }

    fn failed(&self, cause: &io::Error) -> Failure {
        Failure(format!("{}: {}", self.name(), input::plain(cause)))
    }

    /// Puts what was written where it was asked for.
    fn publish(&self) -> Result<(), Failure> {
        let mut output = self.output();
        let Output { path, target, .. } = &mut *output;
        let done = match (target, &path) {
            (Target::Memory(bytes), None) => io::stdout().lock().write_all(bytes),
            (Target::Memory(bytes), Some(path)) => fs::write(path, bytes),
            (Target::File(file, part), Some(path)) => {
                file.flush().and_then(|()| file.get_ref().sync_all()).and_then(|()| fs::rename(part, path))
            }
            (Target::File(..), None) => Ok(()),
        };
        drop(output);
        match done {
            // Who reads a pipe and has gone away has read enough.
            Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => Err(self.failed(&cause)),
            _ => Ok(()),
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut output = self.output();
        match &mut output.target {
            Target::Memory(memory) => memory.extend_from_slice(bytes),
            Target::File(file, _) => file.write_all(bytes)?,
        }
        output.hash.update(bytes);
        output.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // Gone already if it got its name.
        if let Target::File(_, part) = &self.target {
            let _ = fs::remove_file(part);
        }
    }
}
