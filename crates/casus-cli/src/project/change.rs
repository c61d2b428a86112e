//! `casus diff`: what changed in the incidents, and the list of deleted ids.

use super::{args, args::DiffFormat, open};
use crate::{Failure, Status, input, print, remark};
use casus_store::{Change, Deletion, FieldChange};
use jiff::Timestamp;
use serde_json::Value;
use std::{fmt::Write, fs, path::Path};

/// Longest value that is shown in a line.
const SHOWN: usize = 60;

/// Shows the change between two states.
pub(crate) fn diff(named: Option<&Path>, args: &args::Diff) -> Result<Status, Failure> {
    let project = open(named)?;
    let revisions = project.revisions()?;
    let last = revisions.last().map_or(0, |revision| revision.number);
    let to = args.to.unwrap_or(last);
    let from = args.from.unwrap_or_else(|| (to - 1).max(0));
    let out = match args.format {
        DiffFormat::Deleted => {
            let since = args.from.filter(|from| *from > 0).map(|from| {
                let revision = revisions.iter().find(|revision| revision.number == from);
                revision
                    .and_then(|revision| revision.at.parse::<Timestamp>().ok())
                    .ok_or_else(|| Failure(format!("there is no state {from} of the incidents")))
            });
            deletions(&project.deletions(since.transpose()?)?)?
        }
        DiffFormat::Jsonl => {
            let line = |change: &Change| serde_json::to_string(change).map(|line| line + "\n");
            let lines: Result<String, _> = project.diff(from, to)?.iter().map(line).collect();
            lines.map_err(|error| Failure(error.to_string()))?
        }
        DiffFormat::Table => {
            let changes = project.diff(from, to)?;
            if changes.is_empty() {
                remark(&format_args!("nothing changed from state {from} to state {to}"));
            }
            changes.iter().map(shown).collect()
        }
    };
    write(args.output.as_deref(), &out)
}

/// Writes to a file or to standard output.
pub(super) fn write(output: Option<&Path>, text: &str) -> Result<Status, Failure> {
    match output {
        Some(path) => {
            let done = fs::write(path, text);
            done.map_err(|cause| Failure(format!("{}: {}", path.display(), input::plain(&cause))))?;
            Ok(Status::ALL)
        }
        None => print(text),
    }
}

/// In the shape of ACLED's list of deleted events, with two columns more.
fn deletions(deletions: &[Deletion]) -> Result<String, Failure> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let head = ["event_id_cnty", "deleted_timestamp", "reason", "replaced_by"];
    let rows = deletions.iter().map(|gone| {
        [
            gone.event_id_cnty.clone(),
            gone.deleted_timestamp.to_string(),
            gone.reason.name().to_owned(),
            gone.replaced_by.join(";"),
        ]
    });
    let written =
        out.write_record(head).and_then(|()| rows.into_iter().try_for_each(|row| out.write_record(row)));
    written.map_err(|error| Failure(error.to_string()))?;
    let bytes = out.into_inner().map_err(|error| Failure(error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn shown(change: &Change) -> String {
    let mut out = format!("{:<9} {}", change.fate.name(), change.incident);
    if !change.related.is_empty() {
        let _ = write!(out, "  with {}", change.related.join(", "));
    }
    out.push('\n');
    for FieldChange { field, before, after } in &change.fields {
        let _ = writeln!(out, "          {field}: {} -> {}", short(before), short(after));
    }
    out
}

fn short(value: &Value) -> String {
    if let Value::Array(items) = value
        && items.iter().any(|item| !item.is_string())
    {
        return format!("{} rows", items.len());
    }
    let words = value.to_string();
    match words.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &words[..at]),
        None => words,
    }
}
