//! `casus read`: all reports of all inputs through the engine and into one output.
//!
//! ```text
//! reader thread -reports-> workers -readings-> writer (this thread), in the order of the input
//! ```
//!
//! The [`Gate`] bounds what is on its way, so memory does not grow with the input. The output is the
//! same for any number of workers. Ctrl-C closes the gate: what is on its way is still written, the
//! output ends with a whole record, and a file beside it says how far it has come, for `--resume`.

use crate::{
    Failure, Status,
    args::{self, ScopeArg},
    complain, guarded,
    input::{self, Input, InputError, Received, Settings, locate},
    learn, number, project, remark,
};
use casus_engine::{Casus, Options, Reading, Relevance};
use casus_export::{Format, Item, Writer};
use gate::Gate;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use manifest::{Chain, InputEntry, Manifest, Progress, Setup};
use sha2::{Digest, Sha256};
use sink::Sink;
use std::{
    collections::{BTreeMap, HashSet},
    fs::{self, File, OpenOptions},
    io::{self, IsTerminal, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

mod gate;
mod manifest;
mod sink;

/// Reports on their way at a time, for each worker.
const REPORTS_PER_JOB: usize = 32;

/// How often the progress of a file is saved.
const SAVE_EVERY: Duration = Duration::from_secs(1);

/// Stack of a worker. The engine does not recurse on its input; this is room for what it calls.
pub(crate) const STACK_BYTES: usize = 8 << 20;

/// Reads what `args` name.
pub(crate) fn read(project: Option<&Path>, args: &args::Read) -> Result<Status, Failure> {
    if args.paths.is_empty() {
        return read_project(project, args);
    }
    if let Some(project) = project {
        return Err(Failure(format!(
            "a project reads the reports that it keeps: `casus --project {} add {}…` first, then `read` without paths",
            project.display(),
            args.paths[0].display()
        )));
    }
    let target = Target::new(args)?;
    let settings = args.source.settings();
    let inputs = locate(&args.paths, &target.own_files());
    if let Some(output) = &target.output
        && let Some(input) = inputs.iter().flatten().find(|input| same_file(Path::new(&input.name), output))
    {
        return Err(Failure(format!("{}: is an input and the output at once", input.name)));
    }
    let options = args.options()?;
    let setup = setup(args, &options, &settings, target.format);
    let names = hash_of_names(&inputs);
    let Some(start) = target.open(args.resume, &setup, &names, &inputs)? else {
        remark(&format_args!("{}: is complete, nothing to go on with", args.output_name()));
        return Ok(Status::ALL);
    };
    let casus = Arc::new(args.reader(options)?);
    let colour = target.output.is_none() && colours(&io::stdout());
    let export = casus_export::Options {
        colour: colour || anstream::ColorChoice::global() == anstream::ColorChoice::Always,
        width: terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0)),
        with_text: args.with_text,
        offsets: args.offsets.into(),
        ..casus_export::Options::default()
    };
    let sink = start.sink.clone();
    let writer = casus_export::writer(target.format, export, Box::new(sink.clone()))
        .map_err(|cause| Failure(format!("{}: {}", args.output_name(), input::plain(&cause))))?;
    let jobs = args.jobs.or(thread::available_parallelism().ok()).map_or(1, usize::from);
    let total = inputs.iter().flatten().map(Input::size).sum();
    let bar = bar(args.quiet || target.output.is_none() && io::stdout().is_terminal(), total);
    let line = Line::start(casus, inputs, settings, start.progress.clone(), jobs, &bar)?;
    let run = Run { args, target, line, sink, bar, progress: start.progress, entries: Vec::new() };
    run.write(writer)
}

/// Reads what a project keeps, since no path was named.
fn read_project(named: Option<&Path>, args: &args::Read) -> Result<Status, Failure> {
    let Some(project) = project::find(named)? else {
        return Err(Failure(
            "name reports to read, as in `casus read reports/`; there is no project in this folder either"
                .to_owned(),
        ));
    };
    if args.output.is_some() || args.format.is_some() || args.resume || args.manifest.is_some() {
        return Err(Failure(
            "a project keeps what is read in it, and always goes on where it stopped: write with `casus export`".to_owned(),
        ));
    }
    if args.source.published.is_some() || !args.source.fields.is_empty() {
        return Err(Failure(
            "--published and --field say how reports are received: give them to `casus add`".to_owned(),
        ));
    }
    project::read(&project, args)
}

impl args::Read {
    /// What to read and how.
    pub(crate) fn options(&self) -> Result<Options, Failure> {
        let learned = self.learned.as_deref().map(learn::File::open).transpose()?;
        if self.base_rate.is_some() && self.scope == ScopeArg::All {
            return Err(Failure(
                "--base-rate is the share of reports of violence, and --scope all reads the others too: give one of them"
                    .to_owned(),
            ));
        }
        Ok(Options {
            profile: self.profile.into(),
            all: self.scope == ScopeArg::All,
            hijri: self.hijri.into(),
            relevance: self.base_rate.map(|base_rate| Relevance { base_rate, least: self.least_relevance }),
            learned: learned.map(|file| file.id),
            outside: self.reader.reader_model.clone(),
            register: self.register.as_deref().map(checksum).transpose()?,
            gazetteer: self.source.gazetteer.as_deref().map(checksum).transpose()?,
        })
    }

    /// The reader, with the register, the gazetteer and the lessons that were asked for; `options` are its own.
    pub(crate) fn reader(&self, options: Options) -> Result<Casus, Failure> {
        let casus = learn::reader(self.register.as_deref(), self.learned.as_deref())?;
        let casus = crate::gazetteer::laid(casus, &self.source)?.with_options(options);
        Ok(match crate::ask::server(&self.reader)? {
            Some(server) => casus.with_outside(server),
            None => casus,
        })
    }

    /// The output, as messages name it.
    fn output_name(&self) -> String {
        self.output.as_ref().map_or_else(|| "standard output".to_owned(), |path| path.display().to_string())
    }
}

impl args::SourceArgs {
    /// How inputs are received.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            max_report_bytes: self.max_report_bytes,
            published: self.published,
            fields: input::Fields::new(self.fields.iter().cloned()),
        }
    }
}

/// Whether a stream shows colours, as the user and the terminal will have it.
pub(crate) fn colours(stream: &impl anstream::stream::RawStream) -> bool {
    anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never
}

fn same_file(one: &Path, other: &Path) -> bool {
    fs::canonicalize(one).is_ok_and(|one| fs::canonicalize(other).is_ok_and(|other| one == other))
}

/// What names the content of a file in records: the first half of its SHA-256.
fn checksum(path: &Path) -> Result<String, Failure> {
    let mut hash = Sha256::new();
    let hashed = File::open(path).and_then(|file| {
        input::pieces(Box::new(file), |piece| {
            hash.update(piece);
            Ok(())
        })
    });
    hashed.map_err(|cause| Failure(format!("{}: {}", path.display(), input::plain(&cause))))?;
    Ok(input::hex(&hash.finalize())[..16].to_owned())
}

fn setup(args: &args::Read, read: &Options, settings: &Settings, format: Format) -> Setup {
    let mut options = BTreeMap::from([
        ("format".to_owned(), format.name().to_owned()),
        ("max-report-bytes".to_owned(), settings.max_report_bytes.to_string()),
        ("offsets".to_owned(), format!("{:?}", args.offsets)),
        ("hijri".to_owned(), format!("{:?}", args.hijri)),
        ("profile".to_owned(), format!("{:?}", args.profile)),
        ("scope".to_owned(), format!("{:?}", args.scope)),
        ("with-text".to_owned(), args.with_text.to_string()),
    ]);
    for value in options.values_mut() {
        value.make_ascii_lowercase();
    }
    options.extend(settings.published.map(|day| ("published".to_owned(), day.to_string())));
    options.extend(read.relevance.into_iter().flat_map(|asked| {
        [("base-rate", asked.base_rate), ("least-relevance", asked.least)]
            .map(|(name, share)| (name.to_owned(), share.to_string()))
    }));
    options.extend(read.learned.as_ref().map(|id| ("learned".to_owned(), id.clone())));
    // With the name that the file has here; records, which leave the machine, have the checksum alone.
    let laid = [
        ("register", args.register.as_deref(), &read.register),
        ("gazetteer", args.source.gazetteer.as_deref(), &read.gazetteer),
    ];
    options.extend(laid.into_iter().filter_map(|(option, path, id)| {
        let name = path?.file_name()?.to_string_lossy().into_owned();
        Some((option.to_owned(), format!("{name} {}", id.as_ref()?)))
    }));
    let server = [("reader-url", &args.reader.reader_url), ("reader-model", &args.reader.reader_model)];
    options.extend(server.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))));
    options
        .extend(args.source.fields.iter().map(|(field, column)| (format!("field.{field}"), column.clone())));
    Setup { casus: env!("CARGO_PKG_VERSION").to_owned(), pack: casus_data::version().to_owned(), options }
}

fn hash_of_names(inputs: &[Result<Input, InputError>]) -> String {
    let mut hash = Sha256::new();
    for input in inputs {
        hash.update(match input {
            Ok(input) => &input.name,
            Err(error) => &error.name,
        });
        hash.update([0]);
    }
    input::hex(&hash.finalize())
}

fn bar(hidden: bool, total: Option<u64>) -> ProgressBar {
    const KNOWN: &str = "{bar:30} {bytes} of {total_bytes}  {msg}  {eta} left";
    const UNKNOWN: &str = "{spinner} {bytes}  {msg}  {elapsed}";
    let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(5) };
    let bar = ProgressBar::with_draw_target(total, target);
    let template = if total.is_some() { KNOWN } else { UNKNOWN };
    bar.with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// What is written where.
struct Target {
    format: Format,
    output: Option<PathBuf>,
    manifest: Option<PathBuf>,
    /// Where the progress is saved: beside a file of JSON Lines.
    progress: Option<PathBuf>,
}

/// Where the writing begins.
struct Start {
    sink: Sink,
    progress: Progress,
}

impl Target {
    fn new(args: &args::Read) -> Result<Target, Failure> {
        let output = args.output.clone().filter(|path| path != Path::new("-"));
        let named = output.as_deref().and_then(Format::from_path);
        let format = args.format.or(named).unwrap_or(Format::Table);
        if !format.is_text() && output.is_none() && io::stdout().is_terminal() {
            return Err(Failure(format!("{format} is no text for a terminal: name a file with -o")));
        }
        if args.resume && format != Format::Jsonl {
            return Err(Failure(format!("only jsonl can be resumed, not {format}")));
        }
        // A device or a pipe has nothing beside it.
        let is_file = |path: &&PathBuf| fs::metadata(path).map_or(true, |meta| meta.is_file());
        let file = output.as_ref().filter(is_file);
        let manifest = args.manifest.clone().or_else(|| file.map(|path| Manifest::beside(path)));
        let progress = file.filter(|_| format == Format::Jsonl).map(|path| Progress::beside(path));
        if args.resume && progress.is_none() {
            return Err(Failure(format!("{}: not a file, cannot be resumed", args.output_name())));
        }
        Ok(Target { format, output, manifest, progress })
    }

    /// The files that the run itself writes.
    fn own_files(&self) -> Vec<PathBuf> {
        [&self.output, &self.manifest, &self.progress].into_iter().flatten().cloned().collect()
    }

    /// Opens the output, at its end if it is resumed; None if there is nothing left to do.
    fn open(
        &self,
        resume: bool,
        setup: &Setup,
        names: &str,
        inputs: &[Result<Input, InputError>],
    ) -> Result<Option<Start>, Failure> {
        let fresh = Progress::new(setup.clone(), names.to_owned());
        let Some(output) = &self.output else {
            return Ok(Some(Start { sink: Sink::stdout(), progress: fresh }));
        };
        let fail = |reason: &str| Failure(format!("{}: {reason}", output.display()));
        let cannot = |cause: io::Error| fail(&format!("cannot write: {}", input::plain(&cause)));
        let saved = match &self.progress {
            Some(path) => Progress::load(path)?,
            None => None,
        };
        if resume && output.exists() {
            if inputs.iter().flatten().any(Input::is_stdin) {
                return Err(fail("standard input cannot be resumed"));
            }
            let Some(saved) = saved else {
                let manifest = Manifest::load(&Manifest::beside(output))?;
                return match manifest {
                    Some(manifest) if manifest.complete && manifest.setup == *setup => Ok(None),
                    _ => Err(fail("cannot be resumed: there is no .progress file beside it")),
                };
            };
            differs(&saved, setup, names)
                .map_or(Ok(()), |what| Err(fail(&format!("cannot be resumed: {what}"))))?;
            let mut file = OpenOptions::new().write(true).open(output).map_err(cannot)?;
            if file.metadata().map_err(cannot)?.len() < saved.bytes {
                return Err(fail("cannot be resumed: it is shorter than it was"));
            }
            // What stands behind the last saved report may be half a record.
            file.set_len(saved.bytes).map_err(cannot)?;
            file.seek(SeekFrom::End(0)).map_err(cannot)?;
            return Ok(Some(Start { sink: Sink::file(file, saved.bytes), progress: saved }));
        }
        if let (Some(saved), Some(path)) = (saved, &self.progress)
            && output.exists()
            && saved.counts.reports > 0
        {
            return Err(fail(&format!(
                "holds {} of an interrupted run: go on with --resume, or remove {}",
                number(saved.counts.reports, "report"),
                path.display()
            )));
        }
        let file = File::create(output).map_err(cannot)?;
        Ok(Some(Start { sink: Sink::file(file, 0), progress: fresh }))
    }
}

/// What is not as it was when the run was interrupted.
fn differs(saved: &Progress, setup: &Setup, names: &str) -> Option<String> {
    if saved.inputs != names {
        return Some("the inputs are not the same".to_owned());
    }
    if (&saved.setup.casus, &saved.setup.pack) != (&setup.casus, &setup.pack) {
        return Some("it was written by another version of casus or of its data".to_owned());
    }
    let (before, now) = (&saved.setup.options, &setup.options);
    let changed = before.keys().chain(now.keys()).find(|name| before.get(*name) != now.get(*name))?;
    let value = |options: &BTreeMap<String, String>| options.get(changed).map_or("not set", |v| v).to_owned();
    Some(format!("--{changed} was {}, is {}", value(before), value(now)))
}

/// A report on its way to a worker.
struct Job {
    number: usize,
    bytes: u64,
    received: Received,
}

/// What the writer is told.
enum Message {
    /// A report has been read, or has failed.
    Done { number: usize, bytes: u64, outcome: Outcome },
    /// An input has come to its end.
    Input(InputEntry),
    /// The inputs are not those of the run that is resumed.
    Changed,
    /// There are no more reports.
    End,
    /// The user wants to stop.
    Stop,
}

enum Outcome {
    Read(Box<(Received, Reading)>),
    Failed(InputError),
}

/// The threads that read, and what comes from them.
struct Line {
    gate: Arc<Gate>,
    messages: Receiver<Message>,
    received: Arc<AtomicU64>,
}

impl Line {
    /// Starts reading `inputs` behind the reports that `resumed` has already.
    fn start(
        casus: Arc<Casus>,
        inputs: Vec<Result<Input, InputError>>,
        settings: Settings,
        resumed: Progress,
        jobs: usize,
        bar: &ProgressBar,
    ) -> Result<Line, Failure> {
        let gate = Arc::new(Gate::new(jobs * REPORTS_PER_JOB));
        let (tell, messages) = channel();
        let (give, take) = channel();
        let take = Arc::new(Mutex::new(take));
        let received = Arc::new(AtomicU64::new(0));
        let stop = tell.clone();
        ctrlc::set_handler({
            let gate = Arc::clone(&gate);
            let mut asked = false;
            move || {
                if std::mem::replace(&mut asked, true) {
                    std::process::exit(130);
                }
                gate.close();
                let _ = stop.send(Message::Stop);
            }
        })
        .map_err(|error| Failure(error.to_string()))?;
        silence_panics_of_workers();
        let spawn = |name: String, work: Box<dyn FnOnce() + Send>| {
            let builder = thread::Builder::new().name(name).stack_size(STACK_BYTES);
            builder.spawn(work).map(drop).map_err(|cause| Failure(format!("cannot start a thread: {cause}")))
        };
        for number in 0..jobs {
            let (casus, take, tell) = (Arc::clone(&casus), Arc::clone(&take), tell.clone());
            spawn(format!("{WORKER}{number}"), Box::new(move || work(&casus, &take, &tell)))?;
        }
        let reader =
            Reader { gate: Arc::clone(&gate), settings, give, tell, received: Arc::clone(&received) };
        let bar = bar.clone();
        spawn(
            format!("{WORKER}input"),
            Box::new(move || {
                reader.read_all(&inputs, &resumed);
                bar.tick();
            }),
        )?;
        Ok(Line { gate, messages, received })
    }
}

/// First part of the names of threads whose panics become errors of a report.
pub(crate) const WORKER: &str = "casus-";

/// A panic in a worker is told as the error of its report, and not twice.
pub(crate) fn silence_panics_of_workers() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !thread::current().name().is_some_and(|name| name.starts_with(WORKER)) {
            usual(info);
        }
    }));
}

/// Reads reports until there are none left.
fn work(casus: &Casus, take: &Mutex<Receiver<Job>>, tell: &Sender<Message>) {
    loop {
        let job = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { number, bytes, received }) = job else { return };
        let reading = guarded(|| casus.read(&received.report));
        let outcome = match reading {
            Ok(mut reading) => {
                reading.notes.splice(0..0, received.notes.iter().cloned());
                Outcome::Read(Box::new((received, reading)))
            }
            Err(reason) => Outcome::Failed(InputError::new(&received.report.id, reason)),
        };
        if tell.send(Message::Done { number, bytes, outcome }).is_err() {
            return;
        }
    }
}

/// Takes the reports from the inputs.
struct Reader {
    gate: Arc<Gate>,
    settings: Settings,
    give: Sender<Job>,
    tell: Sender<Message>,
    received: Arc<AtomicU64>,
}

impl Reader {
    fn read_all(&self, inputs: &[Result<Input, InputError>], resumed: &Progress) {
        let mut skipped = Skipped { left: resumed.counts.reports, chain: Chain::default() };
        for input in inputs {
            let going_on = match input {
                Ok(input) => self.read_input(input, resumed, &mut skipped),
                Err(error) => self.pass_on(Err(error.clone()), resumed, &mut skipped),
            };
            if !going_on {
                break;
            }
        }
        if skipped.left > 0 {
            let _ = self.tell.send(Message::Changed);
        }
        let _ = self.tell.send(Message::End);
    }

    /// Takes the reports of one input; false once nobody wants more.
    fn read_input(&self, input: &Input, resumed: &Progress, skipped: &mut Skipped) -> bool {
        let mut count = 0;
        let mut reports = input.reports(&self.settings, Arc::clone(&self.received));
        loop {
            let (item, broken) = match guarded(|| reports.next()) {
                Ok(None) => break,
                Ok(Some(item)) => (item, false),
                Err(reason) => (Err(InputError::new(&input.name, reason)), true),
            };
            count += 1;
            if !self.pass_on(item, resumed, skipped) {
                return false;
            }
            if broken {
                break;
            }
        }
        let entry = InputEntry::new(&input.name, reports.fingerprint(), count);
        self.tell.send(Message::Input(entry)).is_ok()
    }

    /// Hands a report to the workers, or its error to the writer; false once nobody wants more.
    fn pass_on(&self, item: Result<Received, InputError>, resumed: &Progress, skipped: &mut Skipped) -> bool {
        if skipped.left > 0 {
            skipped.chain.add(item.as_ref());
            skipped.left -= 1;
            let same = skipped.left > 0 || skipped.chain == resumed.chain;
            return same || self.tell.send(Message::Changed).is_err();
        }
        let bytes = item.as_ref().map_or(0, |received| received.report.text.len() as u64);
        let Some(number) = self.gate.enter(bytes) else { return false };
        match item {
            Ok(received) => self.give.send(Job { number, bytes, received }).is_ok(),
            Err(error) => {
                self.tell.send(Message::Done { number, bytes, outcome: Outcome::Failed(error) }).is_ok()
            }
        }
    }
}

/// The reports that a resumed run has already.
struct Skipped {
    left: u64,
    chain: Chain,
}

/// The writing end.
struct Run<'a> {
    args: &'a args::Read,
    target: Target,
    line: Line,
    sink: Sink,
    bar: ProgressBar,
    progress: Progress,
    entries: Vec<InputEntry>,
}

/// Why the writing ended.
enum End {
    /// All inputs were read.
    Inputs,
    /// The user stopped it.
    Stopped,
    /// Nobody reads the output any more.
    Closed,
    /// The output cannot be written.
    Failed(io::Error),
    /// The inputs are not those of the run that is resumed.
    Changed,
}

impl Run<'_> {
    /// Writes what comes, in order, and ends the output.
    fn write(mut self, mut writer: Box<dyn Writer>) -> Result<Status, Failure> {
        self.save();
        let mut end = self.write_reports(&mut *writer).unwrap_or_else(End::from);
        if let End::Inputs | End::Stopped = end
            && let Err(cause) = writer.finish().and_then(|()| self.sink.flush())
        {
            end = cause.into();
        }
        self.bar.finish_and_clear();
        self.conclude(end)
    }

    fn write_reports(&mut self, writer: &mut dyn Writer) -> io::Result<End> {
        let (mut waiting, mut next, mut ended, mut stopped) = (BTreeMap::new(), 0, false, false);
        let mut said = HashSet::new();
        let mut saved = Instant::now();
        loop {
            // Whoever reads a pipe gets what there is before we wait.
            let message = match self.line.messages.try_recv() {
                Ok(message) => message,
                Err(_) => {
                    self.sink.flush()?;
                    let Ok(message) = self.line.messages.recv() else { return Ok(End::Inputs) };
                    message
                }
            };
            match message {
                Message::Done { number, bytes, outcome } => drop(waiting.insert(number, (bytes, outcome))),
                Message::Input(entry) => {
                    said.retain(|(name, _)| name != &entry.path);
                    self.entries.push(entry);
                }
                Message::Changed => return Ok(End::Changed),
                Message::End => ended = true,
                Message::Stop => stopped = true,
            }
            while let Some((bytes, outcome)) = waiting.remove(&next) {
                next += 1;
                self.write_report(writer, outcome, &mut said)?;
                self.line.gate.leave(bytes);
                if saved.elapsed() >= SAVE_EVERY {
                    self.sink.flush()?;
                    self.save();
                    saved = Instant::now();
                }
            }
            if (ended || stopped) && next == self.line.gate.admitted() {
                self.sink.flush()?;
                return Ok(if stopped { End::Stopped } else { End::Inputs });
            }
        }
    }

    fn write_report(
        &mut self,
        writer: &mut dyn Writer,
        outcome: Outcome,
        said: &mut HashSet<(String, String)>,
    ) -> io::Result<()> {
        match outcome {
            Outcome::Read(read) => {
                let (received, reading) = &*read;
                let report = &received.report;
                let number = self.progress.counts.reports as usize + 1;
                let item = Item { report, reading, number };
                writer.report(&item)?;
                self.progress.counts.add_read(reading.events.len());
                self.progress.chain.add(Ok(received));
                let name = report.path.as_deref().unwrap_or(&report.id);
                // Those on receiving it stand before those on reading it.
                for note in &reading.notes {
                    // Once for each input: thousands of rows share an encoding.
                    if !self.args.quiet && said.insert((name.to_owned(), note.message.clone())) {
                        self.bar.suspend(|| remark(&format_args!("{name}: {}", note.message)));
                    }
                }
            }
            Outcome::Failed(error) => {
                self.bar.suspend(|| complain(&error));
                self.progress.counts.add_failed(&error);
                self.progress.chain.add(Err(&error));
            }
        }
        let counts = &self.progress.counts;
        self.bar.set_position(self.line.received.load(Ordering::Relaxed));
        self.bar.set_message(done(counts.reports, counts.events));
        Ok(())
    }

    /// Saves how far the output has come, if it is a file that can be resumed. Where that fails, on a full
    /// disk, the progress saved before still holds.
    fn save(&mut self) {
        if let Some(path) = &self.target.progress {
            self.progress.bytes = self.sink.bytes();
            let _ = self.progress.save(path);
        }
    }

    /// Says how the run went, and leaves behind what it has to.
    fn conclude(mut self, end: End) -> Result<Status, Failure> {
        let name = self.args.output_name();
        let resumable = self.target.progress.clone();
        let again = if resumable.is_some() { "; go on with --resume" } else { "" };
        match &end {
            End::Inputs => {
                if let Some(path) = &resumable {
                    let _ = fs::remove_file(path);
                }
            }
            End::Stopped => self.save(),
            End::Closed => {}
            End::Failed(cause) => {
                let reports = self.progress.counts.reports;
                let reason = input::plain(cause);
                return Err(Failure(format!(
                    "{name}: cannot write after {}: {reason}{again}",
                    number(reports, "report")
                )));
            }
            End::Changed => {
                let reason = "the inputs have changed since it was interrupted";
                return Err(Failure(format!("{name}: cannot be resumed: {reason}")));
            }
        }
        let counts = self.progress.counts;
        let (reports, read, failed, events) = (counts.reports, counts.read, counts.failed, counts.events);
        let complete = matches!(end, End::Inputs);
        if let Some(path) = &self.target.manifest {
            Manifest::new(self.progress.setup, complete, counts, self.entries).save(path)?;
        }
        let status = match (&end, read, failed) {
            (End::Stopped, ..) => Status::INTERRUPTED,
            (End::Closed, ..) => Status::ALL,
            (_, 0, _) => Status::NOTHING,
            (_, _, 0) => Status::ALL,
            _ => Status::SOME,
        };
        if let End::Stopped = end {
            remark(&format_args!("interrupted after {}{again}", done(reports, events)));
        } else if reports == 0 && complete {
            complain(&"there is no report in the input");
        } else if !self.args.quiet && (failed > 0 || self.args.output.is_some() || io::stderr().is_terminal())
        {
            let failed = if failed > 0 { format!(", {failed} not read") } else { String::new() };
            remark(&format_args!("{}{failed}", done(reports, events)));
        }
        Ok(status)
    }
}

/// `2 reports, 1 event`.
fn done(reports: u64, events: u64) -> String {
    format!("{}, {}", number(reports, "report"), number(events, "event"))
}

impl From<io::Error> for End {
    fn from(cause: io::Error) -> End {
        match cause.kind() {
            io::ErrorKind::BrokenPipe => End::Closed,
            _ => End::Failed(cause),
        }
    }
}
