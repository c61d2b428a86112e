//! `casus export`: records, as `casus read` wrote them, in the columns of another data set.
//!
//! Lines are read one at a time; the events of one report, which stand together, go to the export
//! together, so that memory does not grow with the input.

use crate::{Failure, Status, args, complain, input, number, remark};
use casus_engine::Event;
use casus_export::profile::{Export, Key, Lookup, Settings, Summary};
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Exports what `args` name.
pub(crate) fn export(args: &args::Export) -> Result<Status, Failure> {
    let output = args.output.as_deref().filter(|path| *path != Path::new("-"));
    for path in args.events.iter().filter(|path| same(path, output) || same(path, args.log.as_deref())) {
        return Err(Failure(format!("{}: is an input and an output at once", path.display())));
    }
    let key = args.key.as_deref().map(|path| key(path, output)).transpose()?;
    let lookup = args.lookup.as_deref().map(|path| {
        let table = File::open(path).map_err(|cause| at(path, &cause))?;
        Lookup::read(BufReader::new(table)).map_err(|cause| at(path, &cause))
    });
    let settings =
        Settings { full: args.full, key, background: args.background, lookup: lookup.transpose()? };
    let name = output.map_or_else(|| "standard output".to_owned(), |path| path.display().to_string());
    let out: Box<dyn Write + Send> = match output {
        Some(path) => Box::new(create(path)?),
        None => Box::new(BufWriter::new(io::stdout())),
    };
    let log = args.log.as_deref().map(create).transpose()?.map(|file| Box::new(file) as Box<dyn Write + Send>);
    let failed = |cause: io::Error| Failure(format!("{name}: {}", input::plain(&cause)));
    let export = Export::new(args.profile, settings, out, log).map_err(failed)?;
    let mut run = Run { export, group: Vec::new(), read: 0, bad: 0 };
    let done = match run.files(&args.events).and_then(|()| run.flush()).map_err(failed) {
        Ok(()) => run.export.finish().map_err(failed),
        Err(failure) => Err(failure),
    };
    let done = match done {
        // A reader that has gone away has read enough.
        Err(failure) if output.is_none() && failure.0.contains("roken pipe") => {
            return Ok(Status::ALL).inspect(|_| drop(failure));
        }
        done => done?,
    };
    if !args.quiet {
        tell(args, &done);
    }
    Ok(match (run.read, run.bad) {
        (0, 0) => Status::ALL,
        (0, _) => Status::NOTHING,
        (_, 0) => Status::ALL,
        _ => Status::SOME,
    })
}

/// Says what was written, and what the user should know of it.
fn tell(args: &args::Export, done: &Summary) {
    let rows = number(done.rows, "row");
    remark(&format_args!("{rows} for {}", args.profile));
    for (reason, count) in &done.skipped {
        remark(&format_args!("{} left out: {reason}", number(*count, "event")));
    }
    if done.nameless > 0 && !args.full {
        remark(&format_args!(
            "{} of private persons left out; --key gives pseudonyms",
            number(done.nameless, "name")
        ));
    }
    if !done.small_groups.is_empty() {
        let where_to = if args.log.is_some() { "the log" } else { "--log" };
        remark(&format_args!(
            "{} of fewer persons than can hide them, told with a trait: {where_to} names them",
            number(done.small_groups.len() as u64, "group")
        ));
    }
    if args.full {
        remark(&"the export holds words of reports and names of private persons (--full)");
    }
}

struct Run {
    export: Export,
    /// Events of the report that is being read.
    group: Vec<Event>,
    read: u64,
    bad: u64,
}

impl Run {
    fn files(&mut self, paths: &[PathBuf]) -> io::Result<()> {
        for path in paths {
            if path == Path::new("-") {
                self.lines(path, io::stdin().lock())?;
                continue;
            }
            match File::open(path) {
                Ok(file) => self.lines(path, BufReader::with_capacity(1 << 20, file))?,
                Err(cause) => {
                    complain(&at(path, &cause));
                    self.bad += 1;
                }
            }
        }
        Ok(())
    }

    fn lines(&mut self, path: &Path, mut from: impl BufRead) -> io::Result<()> {
        let mut line = Vec::new();
        for number in 1_u64.. {
            line.clear();
            match from.read_until(b'\n', &mut line) {
                Ok(0) => break,
                Ok(_) => {}
                Err(cause) => {
                    complain(&at(path, &cause));
                    self.bad += 1;
                    break;
                }
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            match serde_json::from_slice::<Event>(&line) {
                Ok(event) => {
                    self.read += 1;
                    let other = self.group.last().is_some_and(|last| {
                        last.report.id != event.report.id
                            || last.report.text_sha256 != event.report.text_sha256
                    });
                    if other {
                        self.flush()?;
                    }
                    self.group.push(event);
                }
                Err(cause) => {
                    complain(&format_args!("{}:{number}: no event record: {cause}", path.display()));
                    self.bad += 1;
                }
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.group.is_empty() {
            return Ok(());
        }
        self.export.report(std::mem::take(&mut self.group))
    }
}

/// The key in a file, which must not lie beside what is shared.
fn key(path: &Path, output: Option<&Path>) -> Result<Key, Failure> {
    let folder = |path: &Path| fs::canonicalize(path).ok()?.parent().map(Path::to_owned);
    let beside = output.and_then(|output| {
        let parent = output.parent().filter(|parent| !parent.as_os_str().is_empty());
        fs::canonicalize(parent.unwrap_or(Path::new("."))).ok()
    });
    if beside.is_some() && folder(path) == beside {
        let name = path.display();
        return Err(Failure(format!(
            "{name}: lies in the folder of the export and would be shared with it; keep the key elsewhere"
        )));
    }
    Key::open(path).map_err(|cause| {
        let Failure(why) = at(path, &cause);
        Failure(format!("{why}; a new key: head -c 32 /dev/urandom > {}", path.display()))
    })
}

fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    File::create(path).map(BufWriter::new).map_err(|cause| at(path, &cause))
}

fn at(path: &Path, cause: &io::Error) -> Failure {
    Failure(format!("{}: {}", path.display(), input::plain(cause)))
}

fn same(one: &Path, other: Option<&Path>) -> bool {
    let other = other.and_then(|other| fs::canonicalize(other).ok());
    other.is_some() && fs::canonicalize(one).ok() == other
}
