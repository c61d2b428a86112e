//! The command line: what can be asked, and the help that teaches it.

use crate::{
    input::{Field, MAX_REPORT_BYTES},
    project::args as project,
};
use casus_engine::{
    Date, DateTime, Offsets, Profile, mention::time::HijriVariant, reader::entities::EntityKind,
};
use casus_export::{Format, profile::Profile as Codebook};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::{path::PathBuf, time::Duration};

/// Reads reports of political violence into event records, each value with the words it rests on.
#[derive(Debug, Parser)]
#[command(name = "casus", version = version(), arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "\
Examples:
  casus read report.txt                      show the events of a report
  casus read reports/ -o events.csv          read a folder into a table for Excel
  casus read reports/ -o events.html         … or into a page with a map, to be opened in a browser
  casus explain report.txt                   show why each field has its value
  casus init events.casus                    a project: reports, readings, incidents, decisions, a log
  casus add reports/ && casus read && casus link && casus export -o incidents.csv
  casus help read                            all that `read` can do")]
pub(crate) struct Command {
    #[command(subcommand)]
    pub(crate) what: What,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    #[arg(help = "When to use colours: auto (on a terminal), always, never")]
    pub(crate) color: clap::ColorChoice,
    /// The project to work on [default: the only *.casus in this folder]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) project: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum What {
    /// Read reports and write one record for each event that they tell
    ///
    /// A PATH is a file, a folder (all files in it, but README and hidden ones), a pattern in quotes, or -
    /// for standard input. Files may be text, Markdown, HTML, JSON Lines, JSON, CSV or TSV, each as it is
    /// or packed with gzip or zstd, in any encoding. In JSON and tables, the columns `text` (or body,
    /// content), `id` (docid), `published` (date, dct), `publisher` (source), `title`, `url`, `language` are
    /// known; others are named with --field.
    ///
    /// A report that cannot be read costs only itself: the reason goes to standard error, and the rest is
    /// read. Exit status: 0 all reports were read, 1 some were not, 2 none was or the command was wrong,
    /// 130 interrupted.
    ///
    /// Without a PATH it reads the reports of the project, those that this version has not read, and
    /// keeps what it read there.
    Read(Box<Read>),
    /// Write incidents or events out: as they are, or in the columns of another data set
    ///
    /// From a project, or from records that `casus read --format jsonl` wrote, if files are named. As they are:
    /// jsonl and csv (incidents; with --events also table, geojson, parquet, html). For a data set (ACLED, UCDP
    /// GED, GTD, PLOVER, CAMEO, HXL, STIX) every cell is filled by a stated rule or left blank; --log writes the
    /// rule and its inputs for each. Totals and rival figures are never counted twice.
    ///
    /// The words of reports, private persons' names and exact sensitive places are left out unless --full is
    /// given. An export from a project is put into its log.
    ///
    /// Events of one report are told apart from its totals; that two reports tell one incident is known in a
    /// project only. Exit status: 0 all records were written, 1 some lines could not be read, 2 none could or
    /// the command was wrong.
    Export(Box<Export>),
    /// Turn a file of ACLED, UCDP GED or GTD (CSV) into records that keep every row as it was
    ///
    /// The records can be compared with casus's own, edited, and exported again: to the same data set, where
    /// rows that were not edited come out byte for byte, or to another.
    Import(Import),
    /// Make a project: one file for reports, readings, incidents, decisions and their log
    Init(project::Init),
    /// Keep reports in the project, as received
    Add(project::Add),
    /// Make incidents of the events that the project's reports tell
    Link(project::Link),
    /// Find reports of the project by words
    Search(project::Search),
    /// Show how much the project holds and what is left to do
    Status,
    /// Check that the project is what was written
    Verify(project::Verify),
    /// Show who did what when in the project
    Log(project::Log),
    /// Show what changed in the incidents, or which ids are gone
    Diff(project::Diff),
    /// Decide on an incident: accept, edit, merge, split, reject
    Review(project::Review),
    /// Show how far coders agree, and where they do not
    Agreement(project::Agreement),
    /// Learn words, names and roles from corrected records; reversible, and checked on what it did not see
    ///
    /// casus proposes changes that would have read the corrected reports better: a word that names an action or none
    /// (as one that it knows), a name and who bears it, roles that grammar gets wrong. Each is tried on reports that
    /// it was not learned from, in ten parts by turns, and kept only where these are then read with fewer errors; what is
    /// missed weighs three times what is invented. The report says what was kept, what was not, and why.
    ///
    /// What was kept is one small file, which can be read, edited and deleted. Records read with it name it by a hash
    /// in `made_by`. Nothing is sent anywhere.
    Learn(Learn),
    /// Estimate how many incidents no source tells, from how the sources overlap
    Estimate(project::Estimate),
    /// Compare two data sets: what both have, what only one has, where they differ
    Compare(project::Compare),
    /// Show what was found in a report, and why each field has its value
    Explain(Explain),
    /// List the times that a report names, with the days they stand for, and why
    Time(Time),
    /// List the words of a report that stand for persons, groups, places, weapons and the like
    ///
    /// A small model marks English reports twice: mentions, as an analyst marks them (names, titles, descriptions,
    /// pronouns, weapons, times), and the names in them. A place whose word is that of a building or site is a facility.
    /// What was found is the model's alone: no register, gazetteer or event is asked, and it may err.
    Entities(Entities),
    /// List the places that a report names, what each is taken for, and why
    ///
    /// `sure` is the probability that the place is right; what else the name could mean stands behind it. A name that
    /// no gazetteer has is listed too.
    Places(Places),
    /// Look into the register of actors, or add entries of your own
    Register {
        #[command(subcommand)]
        what: RegisterWhat,
    },
    /// Look names of places up, or build a larger gazetteer
    Gazetteer {
        #[command(subcommand)]
        what: GazetteerWhat,
    },
    /// Print the JSON Schema of a record
    Schema {
        /// Which record
        #[arg(default_value = "event")]
        of: SchemaOf,
    },
    /// Print the codebook: every field and code with its definition (Markdown)
    Codebook,
    /// Print a completion script for a shell
    #[command(after_help = "\
Example:
  casus completions bash > ~/.local/share/bash-completion/completions/casus")]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// What `casus read` is asked.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus read examples/                       a folder, to the terminal
  casus read 'news/2024-*/*.html.gz'         a pattern, packed pages
  casus read dump.csv --field text=story --field date=day
  curl -s https://example.org/report.html | casus read - --published 2024-03-14
  casus read big.jsonl -o events.jsonl       stop it with Ctrl-C …
  casus read big.jsonl -o events.jsonl --resume   … and go on
  casus read reports/ --format jsonl | jq .action.family
  casus read reports/ --learned learned.toml      with what `casus learn` made of your corrections")]
pub(crate) struct Read {
    /// Files, folders, patterns, or - for standard input; none to read in the project
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// What to write [default: by the name of FILE, else table]
    #[arg(short, long, value_name = "FORMAT", value_parser = format_parser())]
    pub(crate) format: Option<Format>,
    /// Where to write [default: standard output]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// How much work to spend on a report
    #[arg(long, default_value = "default", value_name = "PROFILE")]
    pub(crate) profile: ProfileArg,
    /// Write conflict events only, or non-violent politics too
    #[arg(long, default_value = "conflict", value_name = "SCOPE")]
    pub(crate) scope: ScopeArg,
    /// Share of your reports that tell of violence, such as 0.03 or 3% [default: not asked, every report is
    /// read for what it says]
    ///
    /// The same words are weaker evidence where few reports tell of violence: "attack" in news of a war, and in
    /// all that is written in a day. With this share, a report that is unlikely to tell of violence gives no event, and
    /// a note says so and how likely it is.
    #[arg(long, value_name = "SHARE", value_parser = parse_share)]
    pub(crate) base_rate: Option<f32>,
    /// How likely a report must be to tell of violence, at that base rate, to give events
    ///
    /// The default leaves out reports of which fewer than one in five is worth a look; with 0.5 those that more likely
    /// do not tell of violence than do.
    #[arg(long, value_name = "SHARE", value_parser = parse_share, default_value = "0.2", requires = "base_rate")]
    pub(crate) least_relevance: f32,
    /// Reports read at a time [default: number of processors]
    #[arg(short, long, value_name = "N")]
    pub(crate) jobs: Option<std::num::NonZeroUsize>,
    /// What spans count
    #[arg(long, default_value = "bytes", value_name = "UNIT")]
    pub(crate) offsets: OffsetsArg,
    /// Write the text of the report into each record
    #[arg(long)]
    pub(crate) with_text: bool,
    /// Go on where an interrupted run into the same FILE stopped (JSON Lines)
    #[arg(long, requires = "output")]
    pub(crate) resume: bool,
    /// Where to write the run's manifest: version, options, checksums, counts, errors
    /// [default: FILE.manifest.json beside the output]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) manifest: Option<PathBuf>,
    /// How Hijri dates become civil ones
    #[arg(long, value_name = "CALENDAR", default_value = "umm-al-qura")]
    pub(crate) hijri: HijriArg,
    /// Register of actors laid over the built-in one (see `casus register add`)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) register: Option<PathBuf>,
    /// What `casus learn` made of your corrections, laid over the built-in words and roles
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) learned: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reader: ReaderArgs,
    /// No progress bar, no notes and no summary; errors are still told
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// A reader outside of casus.
#[derive(Debug, Args)]
pub(crate) struct ReaderArgs {
    /// Ask a language model, too, behind a server on this machine that speaks OpenAI's protocol, such as
    /// http://127.0.0.1:8080/v1 [default: nobody is asked, nothing is sent]
    ///
    /// The text of every report in which casus sees an action is sent there. What the model answers counts only where
    /// the report holds the words to the letter, adds only whom casus' own grammar ties to no event, and is noted in
    /// the record. No answer, or one of no use, is a note; the report is read without it. Only addresses of this
    /// machine are taken, by plain http: for a server elsewhere, or https, run a tunnel (ssh -L) or a proxy that
    /// speaks TLS. A key is taken from CASUS_READER_KEY. The same report gives the same record only as far as the
    /// server gives the same answer.
    #[arg(long, value_name = "URL", requires = "reader_model")]
    pub(crate) reader_url: Option<String>,
    /// Name of the model, as the server knows it
    #[arg(long, value_name = "NAME", requires = "reader_url")]
    pub(crate) reader_model: Option<String>,
    /// Longest wait for an answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = parse_seconds)]
    pub(crate) reader_timeout: Duration,
}

/// How reports are received; the same for every command that reads them.
#[derive(Debug, Args)]
pub(crate) struct SourceArgs {
    /// Day of publication of reports that do not tell it themselves
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) published: Option<Date>,
    /// Which column or key holds what: text, id, published, publisher, title, url, language, genre
    #[arg(long = "field", value_name = "FIELD=COLUMN", value_parser = parse_field)]
    pub(crate) fields: Vec<(Field, String)>,
    /// A gazetteer that `casus gazetteer build` made [default: the built-in one]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) gazetteer: Option<PathBuf>,
    /// Largest text that is read as one report, in bytes, or with K, M, G
    #[arg(long, value_name = "SIZE", default_value = "1M", value_parser = parse_size)]
    pub(crate) max_report_bytes: u64,
}

/// What `casus import` is asked.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus import acled acled-2024.csv -o acled.jsonl
  casus export --profile acled acled.jsonl -o again.csv      the same file again
  casus export --profile ucdp-ged acled.jsonl -o ged.csv     … or in UCDP's columns")]
pub(crate) struct Import {
    /// The data set: acled, ucdp-ged, gtd
    #[arg(value_name = "FORMAT", value_parser = foreign_parser())]
    pub(crate) format: Codebook,
    /// The file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Where to write (JSON Lines) [default: standard output]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// No summary
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// What `casus export` is asked.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus export -o incidents.csv              the project's incidents, one a row
  casus export -o incidents.jsonl            … with every claim, by voice
  casus export -o incidents.html             … as a page to be read; incidents.svg: a picture of the figures
  casus export -o incidents.geojson          … for a map; incidents.parquet: with types
  casus export --format acled -o acled.csv   … in ACLED's columns
  casus export --events -o events.parquet    events of the single reports
  casus export --full -o working-copy.jsonl  with the words
  casus read reports/ -o events.jsonl
  casus export --format acled events.jsonl -o acled.csv      without a project
  casus export --format ucdp-ged events.jsonl -o ged.csv --log ged.log.jsonl
  casus export --format ucdp-ged events.jsonl -o ged.csv --lookup GEDEvent_v23_1.csv
  casus export --format stix --key ~/keys/casus.key events.jsonl -o bundle.json
  grep '\"column\":\"fatalities\"' ged.log.jsonl | head     why each number is what it is")]
pub(crate) struct Export {
    /// Records as JSON Lines, or - for standard input; none for the project's
    #[arg(value_name = "EVENTS", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// What to write: jsonl, csv, table, geojson, parquet, html, svg (a picture of who claims what), or a data
    /// set (acled, ucdp-ged, gtd, plover, cameo, hxl, stix) [default: by the name of FILE, else jsonl]
    #[arg(short, long, short_alias = 'p', alias = "profile", value_name = "FORMAT", value_parser = parse_target)]
    pub(crate) format: Option<ExportFormat>,
    /// Where to write [default: standard output]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Events of the single reports of the project, not incidents
    #[arg(long, conflicts_with = "files")]
    pub(crate) events: bool,
    /// Where to write the rule and the inputs of every cell (JSON Lines)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) log: Option<PathBuf>,
    /// Write the report's words, names of private persons and exact places, too
    #[arg(long)]
    pub(crate) full: bool,
    /// Secret of 16 bytes or more that turns names of private persons into pseudonyms; keep it outside of the
    /// project and of what is shared [default: names are left out]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "full")]
    pub(crate) key: Option<PathBuf>,
    /// Write recalled history, too
    #[arg(long)]
    pub(crate) background: bool,
    /// Table with UCDP's ids of conflicts, dyads and sides (CSV with UCDP's column names, such as a GED file)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) lookup: Option<PathBuf>,
    /// No summary; errors are still told
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus explain report.txt
  casus explain report.txt --at 1280         only what concerns byte 1280")]
pub(crate) struct Explain {
    /// The report, or - for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Only what concerns this offset, in bytes
    #[arg(long, value_name = "OFFSET")]
    pub(crate) at: Option<u32>,
    /// Which events
    #[arg(long, value_enum, default_value_t = ScopeArg::Conflict)]
    pub(crate) scope: ScopeArg,
    /// Register of actors laid over the built-in one
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) register: Option<PathBuf>,
    /// What `casus learn` made of your corrections
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) learned: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// What `casus learn` is asked.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus read reports/ --with-text -o events.jsonl     then correct events.jsonl by hand …
  casus learn events.jsonl --complete -o mine.toml    … delete what is no event, and say that all is there
  casus learn corrections.jsonl --reports reports/    a few corrected records; the texts are in reports/
  casus --project events.casus learn                  the project's decisions (`casus review`)
  casus read reports/ --learned mine.toml             read with it; without --learned nothing of it is left

A corrected record is an event as `casus read --format jsonl` writes it, or less of one: the report, the trigger,
and what is right of the rest. What a record leaves out, it says nothing about.

  {\"report\": {\"id\": \"r7\"}, \"trigger\": \"torched\", \"action\": {\"family\": \"property_destruction\"}}
  {\"report\": {\"id\": \"r7\"}, \"trigger\": \"march\", \"verdict\": \"reject\"}
  {\"report\": {\"id\": \"r8\"}, \"trigger\": \"killed\", \"participants\": [
   {\"role\": \"actor\", \"name\": \"Front of Gol\", \"class\": \"rebel\", \"register\": \"mli-gol-front\"},
   {\"role\": \"recipient\", \"name\": \"two farmers\"}]}

(each on one line). `participants` are all actors and recipients.")]
pub(crate) struct Learn {
    /// Corrected records, one JSON object a line, or - for standard input; none for the project's decisions
    #[arg(value_name = "CORRECTIONS", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// Reports of the records, where these hold no text; may be given several times
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath, requires = "files")]
    pub(crate) reports: Vec<PathBuf>,
    /// The records are all events of their reports: what casus reads beside them is wrong
    #[arg(long, requires = "files")]
    pub(crate) complete: bool,
    /// Where to write what was learned
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, default_value = "learned.toml")]
    pub(crate) output: PathBuf,
    /// Only say what would be learned
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Where to write what was tried, kept and not kept, as JSON
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) report: Option<PathBuf>,
    /// Register of actors laid over the built-in one
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) register: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// What `casus register` is asked.
#[derive(Debug, Subcommand)]
pub(crate) enum RegisterWhat {
    /// Find actors by name, alias, abbreviation or spelling
    Find(FindActor),
    /// Show all that is known of an id
    Show(ShowActor),
    /// List entries by source, class or country
    List(ListActors),
    /// Add an entry to a register file of your own
    Add(AddActor),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus register find FMLN
  casus register find Nusra --on 2018-05-01  who bore the name, or its heir, on a day
  casus register find 'النصرة'               in any script

Each line is id, name, class, country (ISO 3166-1) and years, parted by tabs.")]
pub(crate) struct FindActor {
    /// Name, alias or id
    pub(crate) name: String,
    /// Day on which the actor must have existed; who was renamed is given under the name of the day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) on: Option<Date>,
    /// Register laid over the built-in one
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) register: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus register show syr-ypg                with what it was part of, and when
  casus register show slv-army               the bodies of a state have ids too")]
pub(crate) struct ShowActor {
    /// Id of the actor
    pub(crate) id: String,
    /// Register laid over the built-in one
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) register: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus register list --source editorial     entries from general knowledge, to be reviewed
  casus register list --country ML --class rebel")]
pub(crate) struct ListActors {
    /// Only entries from this source
    #[arg(long, value_name = "SOURCE")]
    pub(crate) source: Option<String>,
    /// Only entries of this class
    #[arg(long, value_name = "CLASS")]
    pub(crate) class: Option<String>,
    /// Only entries of this country, ISO 3166-1 alpha-2
    #[arg(long, value_name = "CODE")]
    pub(crate) country: Option<String>,
    /// Register laid over the built-in one
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) register: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus register add mine.toml --id mli-gol-front --name 'Front of Gol' --class rebel --country ML \\
      --alias FDG --alias 'Gol Front' --from 2021
  casus read reports/ --register mine.toml

The file is TOML, and may be edited: it has the fields of data/actors/ in casus' sources. An entry
with the id of a built-in one takes its place.")]
pub(crate) struct AddActor {
    /// The register file; it is made if it is not there
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Country (ISO 3166-1 alpha-3, or int), a hyphen and a short name, in lower case
    #[arg(long)]
    pub(crate) id: String,
    /// The neutral name that records print
    #[arg(long)]
    pub(crate) name: String,
    /// Class code (see `casus codebook`)
    #[arg(long)]
    pub(crate) class: String,
    /// Country, ISO 3166-1 alpha-2
    #[arg(long, value_name = "CODE")]
    pub(crate) country: Option<String>,
    /// Another name, spelling or abbreviation; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) alias: Vec<String>,
    /// Id of what it is part of; may be given several times
    #[arg(long, value_name = "ID")]
    pub(crate) parent: Vec<String>,
    /// First year, month or day it existed
    #[arg(long, value_name = "YYYY[-MM[-DD]]")]
    pub(crate) from: Option<String>,
    /// Last year, month or day it existed
    #[arg(long, value_name = "YYYY[-MM[-DD]]")]
    pub(crate) to: Option<String>,
    /// Where you have it from
    #[arg(long, default_value = "user")]
    pub(crate) source: String,
}

/// What `casus time` is asked.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus time report.txt                      words, days, calendar and reason of each time
  casus time report.txt --published 2024-03-14
  casus time report.txt --format jsonl | jq -r .when.earliest
  casus time report.txt --hijri tabular-civil
  casus time --utterance 'in 45 minutes' --now 2024-03-14T09:30
  casus time --utterance 'third Tuesday of September' --now 2024-03-14T09:30 --format jsonl")]
pub(crate) struct Time {
    /// The report, or - for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, required_unless_present = "utterance")]
    pub(crate) file: Option<PathBuf>,
    /// A single expression to resolve, as someone says or types it; "at 5" is an hour here
    #[arg(long, value_name = "WORDS", requires = "now", conflicts_with = "file")]
    pub(crate) utterance: Option<String>,
    /// When it was said: what it leaves open counts from that moment, and is to come
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM", requires = "utterance")]
    pub(crate) now: Option<DateTime>,
    /// What to write
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TimeFormat,
    /// How Hijri dates become civil ones
    #[arg(long, value_name = "CALENDAR", default_value = "umm-al-qura")]
    pub(crate) hijri: HijriArg,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// What `casus entities` is asked.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus entities report.txt                      all, with the names in each
  casus entities report.txt --names              names alone
  casus entities report.txt --kind weapon --kind facility
  casus entities reports/ --format jsonl | jq -r 'select(.kind == \"person\") | .text' | sort | uniq -c")]
pub(crate) struct Entities {
    /// The report, or - for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Only names, of persons, groups and places
    #[arg(long)]
    pub(crate) names: bool,
    /// Only this kind; may be given several times
    #[arg(long, value_name = "KIND", value_parser = entity_kinds())]
    pub(crate) kind: Vec<String>,
    /// What to write
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: EntityFormat,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// The kinds of entities, by their names in output.
fn entity_kinds() -> clap::builder::PossibleValuesParser {
    EntityKind::ALL.map(EntityKind::name).into()
}

/// What `casus entities` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EntityFormat {
    /// A line an entity, to be read
    Table,
    /// One JSON object a line
    Jsonl,
}

/// What `casus time` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TimeFormat {
    /// A line a time, to be read
    Table,
    /// One JSON object a line
    Jsonl,
}

/// [`HijriVariant`], as the command line names it.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum HijriArg {
    /// As published in Mecca, where the tables have the year
    UmmAlQura,
    /// Thirty-year cycles from Friday 16 July 622
    TabularCivil,
    /// Thirty-year cycles from Thursday 15 July 622
    TabularAstronomical,
}

impl From<HijriArg> for HijriVariant {
    fn from(variant: HijriArg) -> HijriVariant {
        match variant {
            HijriArg::UmmAlQura => HijriVariant::UmmAlQura,
            HijriArg::TabularCivil => HijriVariant::TabularCivil,
            HijriArg::TabularAstronomical => HijriVariant::TabularAstronomical,
        }
    }
}

/// Whose schema is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// What `casus read` writes
    Event,
    /// What `casus link` and `casus export` write
    Incident,
}

/// What `casus link` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LinkFormat {
    /// Blocks to be read on a terminal
    Table,
    /// One incident a line, complete
    Jsonl,
    /// A picture of who claims what
    Svg,
}

/// What `casus places` is asked.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus places report.txt
  casus places reports.jsonl --format jsonl")]
pub(crate) struct Places {
    /// The report, or - for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// What to write
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: PlaceFormat,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// What `casus places` and `casus gazetteer find` write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlaceFormat {
    /// A line a place, to be read
    Table,
    /// One JSON object a line
    Jsonl,
}

/// [`Profile`], as the command line names it.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ProfileArg {
    /// Rules alone: hundreds of reports a second
    Fast,
    /// The learned reader too, in paragraphs around what the rules take for an action
    Default,
    /// The learned reader over the whole report
    Accurate,
}

impl From<ProfileArg> for Profile {
    fn from(profile: ProfileArg) -> Profile {
        match profile {
            ProfileArg::Fast => Profile::Fast,
            ProfileArg::Default => Profile::Default,
            ProfileArg::Accurate => Profile::Accurate,
        }
    }
}

/// Which events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScopeArg {
    Conflict,
    All,
}

/// [`Offsets`], as the command line names it.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum OffsetsArg {
    Bytes,
    CodePoints,
    #[value(name = "utf-16")]
    Utf16,
}

impl From<OffsetsArg> for Offsets {
    fn from(offsets: OffsetsArg) -> Offsets {
        match offsets {
            OffsetsArg::Bytes => Offsets::Bytes,
            OffsetsArg::CodePoints => Offsets::CodePoints,
            OffsetsArg::Utf16 => Offsets::Utf16,
        }
    }
}

/// Version of casus and of its data.
fn version() -> String {
    format!("{} (data pack {})", env!("CARGO_PKG_VERSION"), casus_data::version())
}

fn format_parser() -> impl clap::builder::TypedValueParser<Value = Format> {
    use clap::builder::TypedValueParser as _;
    clap::builder::PossibleValuesParser::new(Format::ALL.map(Format::name))
        .try_map(|name| name.parse::<Format>())
}

fn foreign_parser() -> impl clap::builder::TypedValueParser<Value = Codebook> {
    use clap::builder::TypedValueParser as _;
    let formats = [Codebook::Acled, Codebook::UcdpGed, Codebook::Gtd];
    clap::builder::PossibleValuesParser::new(formats.map(Codebook::name))
        .try_map(|name| name.parse::<Codebook>())
}

/// What `casus export` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExportFormat {
    /// Records as they are.
    Records(Format),
    /// A picture of who claims what.
    Picture,
    /// The columns of a data set.
    Codebook(Codebook),
}

/// Name, and ending of files, of the picture of who claims what.
pub(crate) const PICTURE: &str = "svg";

fn parse_target(name: &str) -> Result<ExportFormat, String> {
    if let Ok(format) = name.parse() {
        return Ok(ExportFormat::Records(format));
    }
    if name == PICTURE {
        return Ok(ExportFormat::Picture);
    }
    name.parse().map(ExportFormat::Codebook).map_err(|_| {
        let formats = Format::ALL.map(Format::name).into_iter().chain([PICTURE]);
        let names = formats.chain(Codebook::ALL.map(Codebook::name));
        format!("expected one of {}", names.collect::<Vec<_>>().join(", "))
    })
}

fn parse_field(argument: &str) -> Result<(Field, String), String> {
    let (field, column) = argument.split_once('=').ok_or("expected FIELD=COLUMN, as in text=story")?;
    if column.is_empty() {
        return Err("the name of the column is empty".to_owned());
    }
    Ok((field.parse()?, column.to_owned()))
}

/// Seconds, as 60 or 0.5, up to an hour.
fn parse_seconds(argument: &str) -> Result<Duration, String> {
    let seconds: f64 = argument.parse().map_err(|_| "expected a number of seconds".to_owned())?;
    if (0.001..=3600.0).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err("expected 0.001 to 3600 seconds".to_owned())
    }
}

/// A share between 0 and 1, or a percentage.
fn parse_share(argument: &str) -> Result<f32, String> {
    let (number, unit) = match argument.strip_suffix('%') {
        Some(number) => (number, 100.0),
        None => (argument, 1.0),
    };
    let share = number.trim_end().parse::<f32>().ok().map(|number| number / unit);
    share
        .filter(|share| *share > 0.0 && *share < 1.0)
        .ok_or_else(|| "expected a share above 0 and below 1, as in 0.03 or 3%".to_owned())
}

/// A size in bytes, or with K, M, G for powers of 1,024.
fn parse_size(argument: &str) -> Result<u64, String> {
    // Spans are 32-bit offsets.
    const LARGEST: u64 = 1 << 30;
    let bare = argument.trim_end_matches(['B', 'b', 'i']);
    let shift = match bare.as_bytes().last() {
        Some(b'K' | b'k') => 10,
        Some(b'M' | b'm') => 20,
        Some(b'G' | b'g') => 30,
        _ => 0,
    };
    let digits = bare.trim_end_matches(['K', 'k', 'M', 'm', 'G', 'g']);
    let size: Option<u64> = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
    match size {
        Some(size @ 1..=LARGEST) => Ok(size),
        Some(_) => Err("expected a size from 1 byte to 1G".to_owned()),
        None => Err("expected a size, as in 500K or 2M".to_owned()),
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum GazetteerWhat {
    /// List the places that a name could mean, and why
    ///
    /// One place a line, the likeliest first. With a country, or a place near it, names that are spelt otherwise are
    /// found too.
    Find(Find),
    /// Build a gazetteer from GeoNames' dump, for --gazetteer
    ///
    /// DUMP is a folder with allCountries.txt and, if there, alternateNamesV2.txt and hierarchy.txt, unpacked
    /// from download.geonames.org/export/dump. A build that was interrupted goes on where it stopped. The
    /// file is mapped when it is used, not loaded.
    Build(Build),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus gazetteer find Kobani
  casus gazetteer find 'Khan Sheikhoun' --country SY
  casus gazetteer find Paris --near Dallas")]
pub(crate) struct Find {
    /// The name, in any script
    pub(crate) name: String,
    /// A place, or LAT,LON: what lies near it comes first
    #[arg(long, value_name = "PLACE")]
    pub(crate) near: Option<String>,
    /// Only places in this country: its name, or two letters (ISO 3166-1)
    #[arg(long, value_name = "CC")]
    pub(crate) country: Option<String>,
    /// Most places listed
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) most: usize,
    /// What to write
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: PlaceFormat,
    /// The gazetteer to look in [default: the built-in one]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) gazetteer: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  casus gazetteer build geonames/ -o full.gaz
  casus read reports/ --gazetteer full.gaz")]
pub(crate) struct Build {
    /// Folder with GeoNames' files
    #[arg(value_name = "DUMP", value_hint = ValueHint::DirPath)]
    pub(crate) dump: PathBuf,
    /// Where to write
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,
    /// No progress bar and no summary; errors are still told
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

const _: () = assert!(MAX_REPORT_BYTES == 1 << 20, "the default of --max-report-bytes says otherwise");
