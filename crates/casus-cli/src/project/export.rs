//! `casus export`: what leaves the project. Every export is an entry of the log, with the hash of what
//! was written.

use super::{open, stamp, version};
use crate::{
    Failure, Status,
    args::{self, ExportFormat},
    export::{create, settings, tell},
    input, number, remark,
};
use casus_engine::{
    Action, Cause, Count, Event, Incident, Loser, Loss, LossOutcome, Operator, Reading, Report, Side, Unit,
};
use casus_export::{
    Format, IncidentWriter, Item, Options, incident_writer, picture_writer,
    profile::{self, Profile, Redactor, Sharing, Summary},
};
use casus_store::Project;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Writes incidents or events.
pub(crate) fn export(named: Option<&Path>, args: &args::Export) -> Result<Status, Failure> {
    let mut project = open(named)?;
    let output = args.output.as_deref().filter(|path| *path != Path::new("-"));
    let by_name = || match output.and_then(Path::extension) {
        Some(ending) if ending.eq_ignore_ascii_case(args::PICTURE) => ExportFormat::Picture,
        _ => ExportFormat::Records(output.and_then(Format::from_path).unwrap_or(Format::Jsonl)),
    };
    let format = args.format.unwrap_or_else(by_name);
    if !args.events && project.revisions()?.is_empty() {
        return Err(Failure("the project has no incidents yet: `casus link` makes them".to_owned()));
    }
    let out = Out::new(output, project.path())?;
    let mut summary = None;
    let (rows, name) = match format {
        ExportFormat::Codebook(profile) => {
            let done = codebook(&project, profile, args, &out)?;
            let rows = done.rows;
            summary = Some((profile, done));
            (rows, profile.name())
        }
        ExportFormat::Picture if args.events => {
            return Err(Failure("the picture is of incidents: leave out --events".to_owned()));
        }
        ExportFormat::Picture => {
            (incidents(&project, picture_writer(Box::new(out.clone())), args, &out)?, args::PICTURE)
        }
        ExportFormat::Records(format) if args.events => {
            (events(&project, format, args, &out)?, format.name())
        }
        ExportFormat::Records(format) => {
            let writer = incident_writer(format, &Options::default(), Box::new(out.clone()));
            let writer = writer.map_err(|cause| out.failed(&cause))?;
            (incidents(&project, writer, args, &out)?, format.name())
        }
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
        if failed.is_none() && !own.is_empty() {
            let written = serde_json::from_value(record).map_err(io::Error::from).and_then(|incident| {
                settle(incident, &mut own);
                export.incident(own)
            });
            failed = written.err();
        }
        Ok(())
    })?;
    failed.map_or(Ok(()), Err).map_err(fail)?;
    export.finish().map_err(fail)
}

/// Puts the incident's own account in front of its events: what most sources say, and what people set. The
/// row bears the incident's id, which stays, and which the list of deletions names.
fn settle(incident: Incident, events: &mut [Event]) {
    let values = incident.review.map(|review| review.values).unwrap_or_default();
    for (field, value) in &values {
        let outcome = field.strip_prefix("losses.").map(|outcome| outcome.into());
        let outcome = outcome.and_then(|outcome| serde_json::from_value::<LossOutcome>(outcome).ok());
        let (Some(outcome), Some(number)) = (outcome, value.as_u64()) else { continue };
        for event in &mut *events {
            without(&mut event.losses, outcome);
        }
        if let Some(first) = events.first_mut() {
            first.losses.push(decided(outcome, number));
        }
    }
    if let Some(first) = events.first_mut() {
        let triggers = std::mem::take(&mut first.action.triggers);
        first.id = incident.id;
        first.action = Action { triggers, ..incident.action };
        (first.scope, first.told, first.status) = (incident.scope, incident.told, incident.status);
        (first.when, first.places) = (incident.when, incident.places);
        if values.keys().any(|field| field.starts_with("participants.")) {
            first.participants = incident.participants;
        }
    }
}

/// Takes out all rows of an outcome.
fn without(losses: &mut Vec<Loss>, outcome: LossOutcome) {
    let stays = |loss: &Loss| loss.outcome != [outcome];
    let mut places = Vec::with_capacity(losses.len());
    let mut next = 0;
    for loss in &*losses {
        places.push(stays(loss).then_some(next));
        next += u32::from(stays(loss));
    }
    losses.retain(stays);
    for loss in losses {
        loss.included_in = loss.included_in.and_then(|at| *places.get(at as usize)?);
    }
}

/// The figure that a person decided on.
fn decided(outcome: LossOutcome, number: u64) -> Loss {
    Loss {
        outcome: vec![outcome],
        figure: u32::MAX,
        included_in: None,
        who: Loser {
            class: "unknown".to_owned(),
            name: None,
            register: None,
            country: None,
            side: Side::Unknown,
            attributes: Vec::new(),
        },
        count: Count::new(Operator::Exact, number, ""),
        unit: Unit::Persons,
        cause: Cause::Direct,
        voices: vec![0],
        evidence: Vec::new(),
    }
}

fn incidents(
    project: &Project,
    mut writer: Box<dyn IncidentWriter>,
    args: &args::Export,
    out: &Out,
) -> Result<u64, Failure> {
    let sharing = Sharing::new(settings(args)?.key).map_err(|cause| out.failed(&cause))?;
    let redactor = sharing.redactor();
    let (mut rows, mut failed) = (0, None);
    project.each_incident(|record| {
        rows += 1;
        if failed.is_none() {
            let written = serde_json::from_value(record).map_err(io::Error::from).and_then(|mut incident| {
                if !args.full {
                    redactor.incident(&mut incident);
                }
                writer.incident(&incident)
            });
            failed = written.err();
        }
        Ok(())
    })?;
    let written = failed.map_or_else(|| writer.finish(), Err);
    written.map_err(|cause| out.failed(&cause))?;
    Ok(rows)
}

fn events(project: &Project, format: Format, args: &args::Export, out: &Out) -> Result<u64, Failure> {
    let full = args.full;
    if format == Format::Html && !full {
        return Err(Failure(
            "html shows the words of the reports beside the events: it needs --full".to_owned(),
        ));
    }
    let sharing = Sharing::new(settings(args)?.key).map_err(|cause| out.failed(&cause))?;
    let redactor = sharing.redactor();
    let options = Options { with_text: full && format != Format::Table, ..Options::default() };
    let writer = casus_export::writer(format, options, Box::new(out.clone()));
    let mut writer = writer.map_err(|cause| out.failed(&cause))?;
    let (mut number, mut rows, mut failed) = (0, 0, None);
    project.readings(&version(project)?, |report, reading, _| {
        number += 1;
        rows += reading.events.len() as u64;
        let (report, reading) =
            if full { (report, reading) } else { without_words(report, reading, &redactor) };
        if failed.is_none() {
            failed = writer.report(&Item { report: &report, reading: &reading, number }).err();
        }
        Ok(())
    })?;
    let written = failed.map_or_else(|| writer.finish(), Err);
    written.map_err(|cause| out.failed(&cause))?;
    Ok(rows)
}

/// A report and its reading, fit to be shared.
fn without_words(report: Report, reading: Reading, redactor: &Redactor<'_>) -> (Report, Reading) {
    let mut events = reading.events;
    for event in &mut events {
        redactor.event(event);
    }
    let report = Report { text: String::new(), title: None, path: None, ..report };
    (report, Reading { events, notes: Vec::new() })
}

/// Bytes for standard output that are held in memory; more are put into a file beside the project.
const HELD: usize = 32 << 20;

/// Where an export goes: standard output, which is written at the end, or a file, which gets its name
/// only when it is whole and in the log. Clones write to the same place.
#[derive(Clone)]
struct Out(Arc<Mutex<Output>>);

struct Output {
    path: Option<PathBuf>,
    target: Target,
    /// Where what is too much for memory goes.
    spill: PathBuf,
    hash: Sha256,
    bytes: u64,
}

enum Target {
    Memory(Vec<u8>),
    /// The file, and the name that it has until it is whole.
    File(BufWriter<File>, PathBuf),
}

impl Out {
    fn new(path: Option<&Path>, project: &Path) -> Result<Out, Failure> {
        let mut spill = OsString::from(project);
        spill.push(format!("-export-{}", std::process::id()));
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
        Ok(Out(Arc::new(Mutex::new(Output {
            path,
            target,
            spill: spill.into(),
            hash: Sha256::new(),
            bytes: 0,
        }))))
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
            (Target::File(file, part), Some(path)) if path.is_file() || !path.exists() => {
                file.flush().and_then(|()| file.get_ref().sync_all()).and_then(|()| fs::rename(part, path))
            }
            (Target::File(file, part), path) => file.flush().and_then(|()| {
                let mut held = File::open(part)?;
                match path {
                    Some(path) => io::copy(&mut held, &mut File::create(path)?).map(drop),
                    None => io::copy(&mut held, &mut io::stdout().lock()).map(drop),
                }
            }),
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
        if let Target::Memory(memory) = &output.target
            && memory.len() + bytes.len() > HELD
        {
            let mut file = BufWriter::new(File::create(&output.spill)?);
            file.write_all(memory)?;
            output.target = Target::File(file, output.spill.clone());
        }
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
