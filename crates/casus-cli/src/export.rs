//! `casus export`: records, as `casus read` wrote them, in the columns of another data set.
//!
//! Lines are read one at a time; the events of one report, which stand together, go to the export
//! together, so that memory does not grow with the input.
//!
//! `casus import`: the rows of a file of ACLED, UCDP GED or GTD as records, each with the row as it was. What
//! it wrote is exported to the same data set byte for byte where nothing was edited, and to any other.

use crate::{
    Failure, Status,
    args::{self, ExportFormat},
    complain, input, number, project, remark,
};
use casus_engine::Event;
use casus_export::profile::{
    Back, Export, FOREIGN_SCHEMA, ForeignLine, ForeignRow, Import, Key, Lookup, Profile, Settings, Summary,
};
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Exports what `args` name: records in files, or else the project.
pub(crate) fn export(named: Option<&Path>, args: &args::Export) -> Result<Status, Failure> {
    if args.files.is_empty() {
        return project::export(named, args);
    }
    if let Some(project) = named {
        let name = project.display();
        return Err(Failure(format!(
            "{name}: a project exports what it keeps; leave out the files, or --project"
        )));
    }
    let Some(ExportFormat::Codebook(profile)) = args.format else {
        return Err(Failure(
            "records in files are written for a data set: name it, as in --format acled".to_owned(),
        ));
    };
    let output = args.output.as_deref().filter(|path| *path != Path::new("-"));
    if let Some(path) = args.files.iter().find(|path| same(path, output) || same(path, args.log.as_deref())) {
        return Err(Failure(format!("{}: is an input and an output at once", path.display())));
    }
    let settings = settings(args)?;
    let name = output.map_or_else(|| "standard output".to_owned(), |path| path.display().to_string());
    let out: Box<dyn Write + Send> = match output {
        Some(path) => Box::new(create(path)?),
        None => Box::new(BufWriter::new(io::stdout())),
    };
    let log =
        args.log.as_deref().map(create).transpose()?.map(|file| Box::new(file) as Box<dyn Write + Send>);
    let to = To::Nothing(Box::new((settings, out, log)));
    let mut run = Run { profile, to, group: Vec::new(), read: 0, bad: 0, rows: 0 };
    let done = match run.files(&args.files).and_then(|()| run.finish()) {
        Ok(done) => done,
        // A reader that has gone away has read enough.
        Err(cause) if output.is_none() && cause.kind() == io::ErrorKind::BrokenPipe => {
            return Ok(Status::ALL);
        }
        Err(cause) => return Err(Failure(format!("{name}: {}", input::plain(&cause)))),
    };
    if !args.quiet {
        tell(args, profile, &done);
    }
    Ok(match (run.read, run.bad) {
        (0, 1..) => Status::NOTHING,
        (_, 0) => Status::ALL,
        _ => Status::SOME,
    })
}

/// How rows are made.
pub(crate) fn settings(args: &args::Export) -> Result<Settings, Failure> {
    let output = args.output.as_deref().filter(|path| *path != Path::new("-"));
    let key = args.key.as_deref().map(|path| key(path, output)).transpose()?;
    let lookup = args.lookup.as_deref().map(|path| {
        let table = File::open(path).map_err(|cause| at(path, &cause))?;
        Lookup::read(BufReader::new(table)).map_err(|cause| at(path, &cause))
    });
    Ok(Settings { full: args.full, key, background: args.background, lookup: lookup.transpose()? })
}

/// Imports the file that `args` names.
pub(crate) fn import(args: &args::Import) -> Result<Status, Failure> {
    let file = File::open(&args.file).map_err(|cause| at(&args.file, &cause))?;
    let import = Import::new(args.format, BufReader::with_capacity(1 << 20, file));
    let import = import.map_err(|cause| at(&args.file, &cause))?;
    let output = args.output.as_deref().filter(|path| *path != Path::new("-"));
    if same(&args.file, output) {
        return Err(Failure(format!("{}: is the input and the output at once", args.file.display())));
    }
    let mut out: Box<dyn Write> = match output {
        Some(path) => Box::new(create(path)?),
        None => Box::new(BufWriter::new(io::stdout())),
    };
    let mut rows = 0;
    let done = lines(import, args.format, &mut out, &mut rows);
    match done {
        Err(cause) if output.is_none() && cause.kind() == io::ErrorKind::BrokenPipe => Ok(Status::ALL),
        Err(cause) => Err(at(&args.file, &cause)),
        Ok(()) => {
            if !args.quiet {
                remark(&format_args!("{} of {}", number(rows, "row"), args.format));
            }
            Ok(Status::ALL)
        }
    }
}

/// Writes the head and the rows of a file as lines.
fn lines(
    import: Import<impl BufRead>,
    format: Profile,
    out: &mut impl Write,
    rows: &mut u64,
) -> io::Result<()> {
    let mut write = |line: &ForeignLine| {
        serde_json::to_writer(&mut *out, line)?;
        out.write_all(b"\n")
    };
    write(&ForeignLine::head(format, import.head()))?;
    for row in import {
        let row: ForeignRow = row?;
        write(&ForeignLine::of(format, row))?;
        *rows += 1;
    }
    out.flush()
}

/// Says what was written, and what the user should know of it.
pub(crate) fn tell(args: &args::Export, profile: Profile, done: &Summary) {
    let rows = number(done.rows, "row");
    remark(&format_args!("{rows} for {profile}"));
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

type Out = Box<dyn Write + Send>;

/// Where rows go: that is known with the first line.
enum To {
    Nothing(Box<(Settings, Out, Option<Out>)>),
    /// Projected from records.
    Rows(Box<Export>),
    /// Rows of the same data set, as they were but for what was edited.
    Back(Box<Back>, Out),
    Done,
}

struct Run {
    profile: Profile,
    to: To,
    /// Events of the report that is being read.
    group: Vec<Event>,
    read: u64,
    bad: u64,
    /// Rows written back.
    rows: u64,
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
            match self.line(&line)? {
                Ok(()) => {}
                Err(why) => {
                    complain(&format_args!("{}:{number}: {why}", path.display()));
                    self.bad += 1;
                }
            }
        }
        Ok(())
    }

    /// Takes one line; the inner error is about the line alone.
    fn line(&mut self, line: &[u8]) -> io::Result<Result<(), String>> {
        // A line of casus begins with its schema.
        let start = line.get(..64).unwrap_or(line);
        let event = if start.windows(FOREIGN_SCHEMA.len()).any(|at| at == FOREIGN_SCHEMA.as_bytes()) {
            match serde_json::from_slice::<ForeignLine>(line) {
                Ok(line) => match self.foreign(line)? {
                    Ok(Some(event)) => *event,
                    Ok(None) => return Ok(Ok(())),
                    Err(why) => return Ok(Err(why)),
                },
                Err(cause) => return Ok(Err(format!("no imported row: {cause}"))),
            }
        } else {
            match serde_json::from_slice::<Event>(line) {
                Ok(event) => event,
                Err(cause) => return Ok(Err(format!("no event record: {cause}"))),
            }
        };
        if let To::Back(..) = self.to {
            return Ok(Err("a record among imported rows; export it by itself".to_owned()));
        }
        self.read += 1;
        let other = self.group.last().is_some_and(|last| {
            last.report.id != event.report.id || last.report.text_sha256 != event.report.text_sha256
        });
        if other {
            self.flush()?;
        }
        self.group.push(event);
        Ok(Ok(()))
    }

    /// Takes an imported line: writes it back if it is of the data set that is written; else gives its event.
    fn foreign(&mut self, line: ForeignLine) -> io::Result<Result<Option<Box<Event>>, String>> {
        let raw = line.raw();
        if line.format != self.profile.name() {
            return Ok(Ok(line.event.map(Box::new)));
        }
        let Some(event) = line.event else {
            let back = match Back::new(self.profile, &raw) {
                Ok(back) => back,
                Err(cause) => return Ok(Err(cause.to_string())),
            };
            return match std::mem::replace(&mut self.to, To::Done) {
                To::Nothing(to) => {
                    let (_, mut out, _) = *to;
                    out.write_all(&raw)?;
                    self.to = To::Back(Box::new(back), out);
                    Ok(Ok(None))
                }
                to => {
                    self.to = to;
                    Ok(Err("a second head; export one imported file at a time".to_owned()))
                }
            };
        };
        match &mut self.to {
            To::Back(back, out) => {
                out.write_all(&back.row(&raw, &event)?)?;
                self.read += 1;
                self.rows += 1;
                Ok(Ok(None))
            }
            _ => Ok(Err("an imported row without the head of its file before it".to_owned())),
        }
    }

    /// The export, begun if it is not yet.
    fn rows(&mut self) -> io::Result<Option<&mut Export>> {
        if let To::Nothing(_) = self.to
            && let To::Nothing(to) = std::mem::replace(&mut self.to, To::Done)
        {
            let (settings, out, log) = *to;
            self.to = To::Rows(Box::new(Export::new(self.profile, settings, out, log)?));
        }
        Ok(match &mut self.to {
            To::Rows(export) => Some(export),
            _ => None,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        let group = std::mem::take(&mut self.group);
        match self.rows()? {
            Some(export) if !group.is_empty() => export.report(group),
            _ => Ok(()),
        }
    }

    fn finish(&mut self) -> io::Result<Summary> {
        self.flush()?;
        match std::mem::replace(&mut self.to, To::Done) {
            To::Rows(export) => export.finish(),
            To::Back(_, mut out) => {
                out.flush()?;
                Ok(Summary { rows: self.rows, ..Summary::default() })
            }
            To::Nothing(_) | To::Done => Ok(Summary::default()),
        }
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

pub(crate) fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    File::create(path).map(BufWriter::new).map_err(|cause| at(path, &cause))
}

fn at(path: &Path, cause: &io::Error) -> Failure {
    Failure(format!("{}: {}", path.display(), input::plain(cause)))
}

fn same(one: &Path, other: Option<&Path>) -> bool {
    let other = other.and_then(|other| fs::canonicalize(other).ok());
    other.is_some() && fs::canonicalize(one).ok() == other
}
