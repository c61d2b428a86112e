//! The `casus` command: reports in, conflict event records out.
//!
//! [`input`] finds and decodes reports, `read` drives them through the engine on all processors and
//! into a file, and the smaller commands show what the engine made of one report. Nothing here decides
//! what an event is, or how a record is rendered.

use std::{
    any::Any,
    ffi::OsString,
    fmt,
    io::{self, Write},
    panic::{self, AssertUnwindSafe},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anstyle::{AnsiColor, Style};
use clap::{CommandFactory, Parser};

mod args;
mod ask;
mod entities;
mod explain;
mod export;
mod gazetteer;
pub mod input;
mod learn;
mod link;
mod listing;
mod places;
mod project;
mod read;
mod register;
mod times;

/// Runs the command that `args` name, the program's own name first.
///
/// The status is 0 if all went well, 1 if some reports could not be read, 2 if none could or the
/// command was wrong, 130 if it was interrupted.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command = match args::Command::try_parse_from(args) {
        Ok(command) => command,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Status::NOTHING.0));
        }
    };
    match command.color {
        clap::ColorChoice::Auto => anstream::ColorChoice::Auto,
        clap::ColorChoice::Always => anstream::ColorChoice::Always,
        clap::ColorChoice::Never => anstream::ColorChoice::Never,
    }
    .write_global();
    let project = command.project.as_deref();
    let done = match command.what {
        args::What::Read(args) => read::read(project, &args),
        args::What::Init(args) => project::init(&args),
        args::What::Add(args) => project::add(project, &args),
        args::What::Link(args) if args.files.is_empty() => project::link(project, &args),
        args::What::Link(args) => link::link(&args),
        args::What::Search(args) => project::search(project, &args),
        args::What::Status => project::status(project),
        args::What::Verify(args) => project::verify(project, &args),
        args::What::Log(args) => project::log(project, &args),
        args::What::Diff(args) => project::diff(project, &args),
        args::What::Review(args) => project::review(project, &args),
        args::What::Agreement(args) => project::agreement(project, &args),
        args::What::Learn(args) => learn::learn(project, &args),
        args::What::Estimate(args) => project::estimate(project, &args),
        args::What::Compare(args) => project::compare(&args),
        args::What::Export(args) => export::export(project, &args),
        args::What::Import(args) => export::import(&args),
        args::What::Explain(args) => explain::explain(&args),
        args::What::Time(args) => times::times(&args),
        args::What::Entities(args) => entities::entities(&args),
        args::What::Places(args) => places::places(&args),
        args::What::Register { what } => register::register(&what),
        args::What::Gazetteer { what: args::GazetteerWhat::Find(args) } => gazetteer::find(&args),
        args::What::Gazetteer { what: args::GazetteerWhat::Build(args) } => gazetteer::build(&args),
        args::What::Schema { of: args::SchemaOf::Event } => print(&casus_export::schema_json()),
        args::What::Schema { of: args::SchemaOf::Incident } => print(&casus_export::incident_schema_json()),
        args::What::Codebook => match casus_export::codebook_markdown() {
            Ok(codebook) => print(&codebook),
            Err(error) => Err(Failure(error.to_string())),
        },
        args::What::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut args::Command::command(), "casus", &mut script);
            print(&String::from_utf8_lossy(&script))
        }
    };
    match done {
        Ok(status) => ExitCode::from(status.0),
        Err(failure) => {
            complain(&failure);
            ExitCode::from(Status::NOTHING.0)
        }
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Status(u8);

impl Status {
    /// All reports were read.
    const ALL: Status = Status(0);
    /// Some reports were not read.
    const SOME: Status = Status(1);
    /// No report was read, or the command was wrong.
    const NOTHING: Status = Status(2);
    /// Stopped by the user.
    const INTERRUPTED: Status = Status(130);
}

/// Why a command could not be carried out: a lower-case fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<casus_engine::Error> for Failure {
    fn from(error: casus_engine::Error) -> Failure {
        Failure(error.to_string())
    }
}

/// Says on standard error what went wrong. Nobody may be listening; that is no further error.
fn complain(what: &dyn fmt::Display) {
    let style = Style::new().fg_color(Some(AnsiColor::Red.into())).bold();
    let _ = writeln!(anstream::stderr(), "{style}error:{style:#} {what}");
}

/// Says on standard error what the user may want to know.
fn remark(what: &dyn fmt::Display) {
    let style = Style::new().fg_color(Some(AnsiColor::Cyan.into())).bold();
    let _ = writeln!(anstream::stderr(), "{style}note:{style:#} {what}");
}

/// Ctrl-C asks to stop where what is done is kept; a second one stops at once, which costs what was done since.
fn stop_on_signal() -> Result<Arc<AtomicBool>, Failure> {
    let stopped = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stopped);
    ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })
    .map_err(|error| Failure(error.to_string()))?;
    Ok(stopped)
}

/// `1 report`, `2 reports`.
fn number(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// Writes to standard output. A reader that has gone away has read enough.
fn print(text: &str) -> Result<Status, Failure> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure(format!("standard output: {}", input::plain(&cause))))
        }
        _ => Ok(Status::ALL),
    }
}

/// Runs `work`; a panic in it becomes its message. One report must never cost the others.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|payload: Box<dyn Any + Send>| {
        let message = payload.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("unknown");
        format!("internal error, please report it: {message}")
    })
}

/// The one of `known` that was perhaps meant by `name`.
fn similar<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let distance = |other: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &other.to_lowercase());
    let near =
        known.map(|other| (distance(other), other)).filter(|(distance, _)| *distance <= 1 + name.len() / 5);
    near.min_by_key(|(distance, _)| *distance).map(|(_, other)| other)
}
