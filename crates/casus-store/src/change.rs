//! What changed between two states of the incidents, and which ids are gone.

use crate::{
    error::{Fault, Result},
    incidents::{State, state_of},
    project::Project,
    readings::from_json,
};
use jiff::Timestamp;
use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What became of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Not there before.
    New,
    /// Other events, or other values.
    Changed,
    /// It took up another incident, or went into one.
    Merged,
    /// It was parted from another incident, or another from it.
    Split,
    /// Its events are not read any more.
    Withdrawn,
    /// A person rejected it.
    Rejected,
    /// It was gone and is there again.
    Restored,
}

impl Fate {
    const ALL: [Fate; 7] = [
        Fate::New,
        Fate::Changed,
        Fate::Merged,
        Fate::Split,
        Fate::Withdrawn,
        Fate::Rejected,
        Fate::Restored,
    ];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Fate::New => "new",
            Fate::Changed => "changed",
            Fate::Merged => "merged",
            Fate::Split => "split",
            Fate::Withdrawn => "withdrawn",
            Fate::Rejected => "rejected",
            Fate::Restored => "restored",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Fate> {
        Fate::ALL.into_iter().find(|fate| fate.name() == name)
    }
}

/// A change of one incident.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The state in which it changed last.
    pub revision: i64,
    /// When that was, RFC 3339.
    pub at: String,
    /// The incident.
    pub incident: String,
    /// What became of it.
    pub fate: Fate,
    /// Incidents that it was merged or split with.
    pub related: Vec<String>,
    /// Fields that changed; empty if it is new or gone.
    pub fields: Vec<FieldChange>,
}

/// A field that changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// Its path: `when.earliest`. Lists are compared as a whole.
    pub field: String,
    /// The value before.
    pub before: Value,
    /// The value now.
    pub after: Value,
}

/// A state of the incidents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// Its number, from 1.
    pub number: i64,
    /// When it was made, RFC 3339.
    pub at: String,
    /// By whom.
    pub who: String,
    /// Incidents in it.
    pub incidents: i64,
}

/// An id that is gone: a row of the list of deletions, in the shape that users of ACLED know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deletion {
    /// The incident.
    pub event_id_cnty: String,
    /// When it went, in seconds since 1970 (UTC).
    pub deleted_timestamp: i64,
    /// Why: merged, withdrawn, rejected.
    pub reason: Fate,
    /// Where its events are now.
    pub replaced_by: Vec<String>,
}

impl Project {
    /// All states of the incidents, oldest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn revisions(&self) -> Result<Vec<Revision>> {
        self.ask(|connection| {
            let sql = "SELECT r.id, l.at, l.who, r.incidents FROM revision r JOIN log l ON l.seq = r.entry ORDER BY r.id";
            let mut statement = connection.prepare(sql)?;
            let rows = statement.query_map([], |row| {
                Ok(Revision { number: row.get(0)?, at: row.get(1)?, who: row.get(2)?, incidents: row.get(3)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// What changed from state `from` (0 is before the first) to state `to`, by incident.
    ///
    /// # Errors
    /// If there is no such state, or the file cannot be read.
    pub fn diff(&self, from: i64, to: i64) -> Result<Vec<Change>> {
        let last = self.revisions()?.last().map_or(0, |revision| revision.number);
        if from < 0 || from > to || to > last {
            let what = format!(
                "there are states 0 to {last} of the incidents; asked for the change from {from} to {to}"
            );
            return Err(Fault::Request(what).at(self.path()));
        }
        self.ask(|connection| {
            let view = connection.unchecked_transaction()?;
            let mut changes = Vec::new();
            for (incident, steps) in steps(&view, from, to)? {
                let (before, after) = (state_of(&view, &incident, from)?, state_of(&view, &incident, to)?);
                let known = before.is_some();
                let live = |state: Option<State>| state.filter(|state| state.live).map(|state| state.record);
                let (old, new) = (live(before), live(after));
                let Some(last) = steps.last().filter(|_| old != new) else { continue };
                let through = |fate: Fate| steps.iter().any(|step| step.fate == fate);
                let fate = match (&old, &new) {
                    (None, Some(_)) if known => Fate::Restored,
                    (None, Some(_)) => steps[0].fate,
                    (Some(_), Some(_)) if through(Fate::Merged) => Fate::Merged,
                    (Some(_), Some(_)) if through(Fate::Split) => Fate::Split,
                    (Some(_), Some(_)) => Fate::Changed,
                    (_, None) => last.fate,
                };
                let related: BTreeSet<String> =
                    steps.iter().flat_map(|step| step.related.iter().cloned()).collect();
                changes.push(Change {
                    revision: last.revision,
                    at: last.at.clone(),
                    fields: differences(old.as_ref(), new.as_ref()),
                    incident,
                    fate,
                    related: related.into_iter().collect(),
                });
            }
            Ok(changes)
        })
    }

    /// The ids that are gone, in the order in which they went; with `since`, those that went later.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn deletions(&self, since: Option<Timestamp>) -> Result<Vec<Deletion>> {
        self.ask(|connection| {
            let view = connection.unchecked_transaction()?;
            let mut deletions = Vec::new();
            for (incident, steps) in steps(&view, 0, i64::MAX)? {
                let Some(last) = steps.last().filter(|last| !last.live) else { continue };
                let at: Timestamp = last
                    .at
                    .parse()
                    .map_err(|_| Fault::Damaged(format!("{:?} in the log is no time", last.at)))?;
                if since.is_some_and(|since| at <= since) {
                    continue;
                }
                deletions.push(Deletion {
                    event_id_cnty: incident,
                    deleted_timestamp: at.as_second(),
                    reason: last.fate,
                    replaced_by: last.related.clone(),
                });
            }
            deletions.sort_by(|a, b| {
                (a.deleted_timestamp, &a.event_id_cnty).cmp(&(b.deleted_timestamp, &b.event_id_cnty))
            });
            Ok(deletions)
        })
    }
}

/// One row of an incident.
struct Step {
    revision: i64,
    at: String,
    live: bool,
    fate: Fate,
    related: Vec<String>,
}

/// The rows of every incident in the states behind `from` up to `to`, oldest first.
fn steps(connection: &Connection, from: i64, to: i64) -> Result<BTreeMap<String, Vec<Step>>, Fault> {
    let sql = "SELECT i.incident, i.revision, l.at, i.fate, i.successors, i.state = 'live' FROM incident i JOIN log l ON l.seq = i.entry
         WHERE i.revision > ?1 AND i.revision <= ?2 ORDER BY i.id";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([from, to])?;
    let mut found: BTreeMap<String, Vec<Step>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (incident, fate): (String, String) = (row.get(0)?, row.get(3)?);
        let what = format!("incident {incident}");
        let fate =
            Fate::from_name(&fate).ok_or_else(|| Fault::Damaged(format!("{what} has no fate {fate:?}")))?;
        let related = from_json(&row.get::<_, String>(4)?, &what)?;
        found.entry(incident).or_default().push(Step {
            revision: row.get(1)?,
            at: row.get(2)?,
            live: row.get(5)?,
            fate,
            related,
        });
    }
    Ok(found)
}

/// The fields in which two records differ; none if one of them is missing.
pub(crate) fn differences(before: Option<&Value>, after: Option<&Value>) -> Vec<FieldChange> {
    let mut found = Vec::new();
    if let (Some(before), Some(after)) = (before, after) {
        compare("", before, after, &mut found);
    }
    found
}

fn compare(path: &str, before: &Value, after: &Value, found: &mut Vec<FieldChange>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                compare(&path, &before[name], &after[name], found);
            }
        }
        _ if before == after => {}
        _ => found.push(FieldChange { field: path.to_owned(), before: before.clone(), after: after.clone() }),
    }
}
