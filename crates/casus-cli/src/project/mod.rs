//! The commands on a project file: reports in, read, linked, reviewed, written out, and the log of it.
//!
//! The project itself is `casus_store`; here are the files, the engine, the linker, the clock and the
//! words for the user. Every command takes the project that `--project` names, or the only `*.casus` in
//! the current folder.

use crate::{Failure, input};
use casus_engine::{MadeBy, Options};
use casus_store::{Project, Stamp};
use jiff::Timestamp;
use std::{
    env,
    path::{Path, PathBuf},
};

mod add;
pub(crate) mod args;
mod change;
mod compare;
mod estimate;
mod export;
mod link;
mod read;
mod review;
mod show;

pub(crate) use add::add;
pub(crate) use change::diff;
pub(crate) use compare::compare;
pub(crate) use estimate::estimate;
pub(crate) use export::export;
pub(crate) use link::link;
pub(crate) use read::read;
pub(crate) use review::{agreement, review};
pub(crate) use show::{log, search, status, verify};

/// Ending of the names of project files.
const ENDING: &str = "casus";

impl From<casus_store::Error> for Failure {
    fn from(error: casus_store::Error) -> Failure {
        Failure(error.to_string())
    }
}

/// `casus init`.
pub(crate) fn init(args: &args::Init) -> Result<crate::Status, Failure> {
    Project::init(&args.file, &stamp(None)?)?;
    let name = args.file.display();
    crate::remark(&format_args!(
        "{name}: made; now `casus --project {name} add FILES…`, then `read` and `link`"
    ));
    Ok(crate::Status::ALL)
}

/// The project that is meant, if one is.
pub(crate) fn find(named: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    if let Some(named) = named {
        return Ok(Some(named.to_owned()));
    }
    let folder = std::fs::read_dir(".").map_err(|cause| Failure(format!(".: {}", input::plain(&cause))))?;
    let mut found: Vec<PathBuf> = folder
        .flatten()
        .map(|entry| PathBuf::from(entry.file_name()))
        .filter(|path| path.extension().is_some_and(|ending| ending == ENDING) && path.is_file())
        .collect();
    found.sort();
    match found.len() {
        0 | 1 => Ok(found.pop()),
        _ => {
            let names: Vec<String> = found.iter().map(|path| path.display().to_string()).collect();
            Err(Failure(format!(
                "there are several projects here ({}): name one with --project",
                names.join(", ")
            )))
        }
    }
}

/// Opens the project that is meant.
pub(crate) fn open(named: Option<&Path>) -> Result<Project, Failure> {
    match find(named)? {
        Some(path) => Ok(Project::open(&path, &stamp(None)?)?),
        None => Err(Failure(
            "there is no project in this folder: make one with `casus init events.casus`, or name one with --project"
                .to_owned(),
        )),
    }
}

/// Who acts and when: the only place where the clock is read. `SOURCE_DATE_EPOCH` stands for the clock
/// where it is set (reproducible-builds.org/specs/source-date-epoch), `CASUS_WHO` for the name of the
/// account.
fn stamp(who: Option<&str>) -> Result<Stamp, Failure> {
    let at = match env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => {
            seconds.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or_else(
                || Failure(format!("SOURCE_DATE_EPOCH is {seconds:?}, not a number of seconds since 1970")),
            )?
        }
        Err(_) => Timestamp::now(),
    };
    // Whole seconds are what people need, and what they can compare.
    let at = Timestamp::from_second(at.as_second()).unwrap_or(at);
    let account =
        || ["CASUS_WHO", "USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| env::var(name).ok());
    let who = who.map(str::to_owned).or_else(account).filter(|who| !who.trim().is_empty());
    Ok(Stamp { who: who.unwrap_or_else(|| "unknown".to_owned()), at })
}

/// The version whose readings count: the one that read last.
fn version(project: &Project) -> Result<MadeBy, Failure> {
    Ok(project.last_version()?.unwrap_or_else(|| Options::default().made_by()))
}
