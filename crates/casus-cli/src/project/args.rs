//! What the commands on a project are asked.

use crate::args::SourceArgs;
use casus_engine::Date;
use clap::{Args, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  casus init events.casus                    a project in this folder
  casus add reports/ && casus read && casus link
  casus export -o incidents.csv")]
pub(crate) struct Init {
    /// The file to make; its name should end in .casus
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus add reports/                         all that `casus read` can read
  casus --project events.casus add 'news/2024-*/*.html.gz' dump.csv --field text=story
  curl -s https://example.org/report.html | casus add - --published 2024-03-14")]
pub(crate) struct Add {
    /// Files, folders, patterns, or - for standard input
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// No notes and no summary; errors are still told
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Link {
    /// Files of events, one JSON record a line, or - for standard input: their incidents are written, and
    /// no project is needed
    #[arg(value_name = "EVENTS", value_hint = clap::ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// What to write of the incidents of EVENTS [default: by the name of FILE, else table]
    #[arg(short, long, value_name = "FORMAT", requires = "files")]
    pub(crate) format: Option<crate::args::LinkFormat>,
    /// Where to write the incidents of EVENTS [default: standard output]
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, requires = "files")]
    pub(crate) output: Option<PathBuf>,
    /// Threads [default: number of processors]; the incidents do not depend on it
    #[arg(short, long, value_name = "N")]
    pub(crate) jobs: Option<std::num::NonZeroUsize>,
    /// No notes and no summary; errors are still told
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus search gunmen Beya                   reports that hold both words
  casus search '\"old Tarna\" attack* -market'  a phrase, the beginning of a word, not a word
  casus search 'Beya OR Gol'")]
pub(crate) struct Search {
    /// Words
    #[arg(required = true, value_name = "WORD", allow_hyphen_values = true)]
    pub(crate) words: Vec<String>,
    /// Most reports to show
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus verify                               everything: structure, log, hashes of files and texts
  casus verify --head 5f1c…                  and that the log still holds this entry (from `casus log`)")]
pub(crate) struct Verify {
    /// Hash of an entry, written down earlier, that the log must still hold
    #[arg(long, value_name = "HASH")]
    pub(crate) head: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Log {
    /// As JSON Lines, with all hashes
    #[arg(long)]
    pub(crate) json: bool,
}

/// How a diff is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    Table,
    Jsonl,
    /// The list of deleted ids: event_id_cnty, deleted_timestamp
    Deleted,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus diff                                 what the last linking changed
  casus diff 3                               what changed since state 3 (`casus log` lists them)
  casus diff 3 5 --format jsonl
  casus diff --format deleted -o deleted.csv ids that are gone, as ACLED's list of deletions")]
pub(crate) struct Diff {
    /// State before [default: the last but one]; for deleted, the state after which they went
    #[arg(value_name = "FROM")]
    pub(crate) from: Option<i64>,
    /// State after [default: the last]
    #[arg(value_name = "TO")]
    pub(crate) to: Option<i64>,
    /// What to write
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: DiffFormat,
    /// Where to write [default: standard output]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus review accept in_5f1c --who ana --why 'three sources agree'
  casus review edit in_5f1c --set action.family=shelling --set losses.killed=14 --who ana --why 'photos'
  casus review merge in_5f1c in_77ab --who ana --why 'one market, one morning'
  casus review split in_5f1c --events ev_0c2d --who ana --why 'another day'
  casus review reject in_5f1c --who ana --why 'a film was shot there'
  casus review accept in_5f1c --adjudicate --who eva --why 'settles ana and ben'")]
pub(crate) struct Review {
    #[command(subcommand)]
    pub(crate) what: ReviewWhat,
}

/// What is decided on an incident.
#[derive(Debug, Subcommand)]
pub(crate) enum ReviewWhat {
    /// The incident is right as it stands
    Accept {
        /// The incident; its id may be cut short
        incident: String,
        #[command(flatten)]
        why: Why,
    },
    /// The incident is right but for some fields
    Edit {
        /// The incident; its id may be cut short
        incident: String,
        /// A field and its value, as in when.earliest=2024-03-11, where.0.name=Gol, losses.killed=14
        #[arg(long = "set", required = true, value_name = "FIELD=VALUE", value_parser = parse_set)]
        set: Vec<(String, serde_json::Value)>,
        #[command(flatten)]
        why: Why,
    },
    /// Two incidents are one
    Merge {
        /// The incident whose id stays, and those that go into it
        #[arg(required = true, num_args = 2.., value_name = "INCIDENT")]
        incidents: Vec<String>,
        #[command(flatten)]
        why: Why,
    },
    /// Some events of an incident are another one
    Split {
        /// The incident; its id may be cut short
        incident: String,
        /// Ids of the events that go
        #[arg(long, required = true, num_args = 1.., value_delimiter = ',', value_name = "EVENT")]
        events: Vec<String>,
        #[command(flatten)]
        why: Why,
    },
    /// What the incident tells did not happen, or is no incident
    Reject {
        /// The incident; its id may be cut short
        incident: String,
        #[command(flatten)]
        why: Why,
    },
}

/// Who decides, and why.
#[derive(Debug, Args)]
pub(crate) struct Why {
    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub(crate) who: String,
    /// Why, in words
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: String,
    /// The decision settles a disagreement between coders
    #[arg(long)]
    pub(crate) adjudicate: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Agreement {
    /// As JSON Lines, one field a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// What lists are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lists {
    /// Publishers of the reports
    Publisher,
    /// Kinds of voices: state, local authority, media, witnesses …
    Voice,
}

/// A model of how lists come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModelArg {
    /// What fits: two lists by Chapman, more by the log-linear model with the lowest BIC
    Auto,
    Loglinear,
    /// Two latent classes
    Latent,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casus estimate                             incidents that no publisher reported
  casus estimate --lists voice --since 2024-01-01 --until 2024-03-31
  casus estimate --list 'Radio Gol' --list 'Tarna Post,Tarna Weekly' --list 'Aru Monitor'
  casus estimate --table counts.csv          a table of your own: a 0/1 column a list, and `count`")]
pub(crate) struct Estimate {
    /// What the lists are made of
    #[arg(long, value_name = "LISTS", default_value = "publisher")]
    pub(crate) lists: Lists,
    /// A list by its publishers (or voices); several names make one list [default: the largest five]
    #[arg(long = "list", value_name = "NAME[,NAME]")]
    pub(crate) named: Vec<String>,
    /// A CSV file instead of the project: 0/1 columns, and a column `count`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) table: Option<PathBuf>,
    /// Incidents that can have happened on or after this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) since: Option<Date>,
    /// Incidents that can have happened on or before this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<Date>,
    /// Only incidents with somebody killed
    #[arg(long)]
    pub(crate) lethal: bool,
    /// Which model
    #[arg(long, value_name = "MODEL", default_value = "auto")]
    pub(crate) model: ModelArg,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
A file is casus' own JSON Lines (events or incidents), or a CSV of ACLED, UCDP GED or GTD; the columns
tell which.

Examples:
  casus compare incidents.jsonl acled.csv    what both have, what only one has, where they differ
  casus compare ged.csv gtd.csv --format csv -o matches.csv
  casus compare a.csv b.csv --since 2024-01-01 --until 2024-12-31")]
pub(crate) struct Compare {
    /// One data set
    #[arg(value_name = "A", value_hint = ValueHint::FilePath)]
    pub(crate) a: PathBuf,
    /// The other
    #[arg(value_name = "B", value_hint = ValueHint::FilePath)]
    pub(crate) b: PathBuf,
    /// What to write
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: CompareFormat,
    /// Where to write [default: standard output]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Rows that can have happened on or after this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) since: Option<Date>,
    /// Rows that can have happened on or before this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<Date>,
}

/// How a comparison is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    Table,
    Csv,
    Jsonl,
}

fn parse_set(argument: &str) -> Result<(String, serde_json::Value), String> {
    let (field, value) = argument.split_once('=').ok_or("expected FIELD=VALUE, as in losses.killed=14")?;
    if field.trim().is_empty() {
        return Err("the name of the field is empty".to_owned());
    }
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    Ok((field.trim().to_owned(), value))
}
