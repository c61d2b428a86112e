//! Incidents made anew from what is read now.
//!
//! Linking gives groups of events, people's decisions change them, and [`Succession`] says which group is
//! which incident. All of it is made from one state of the file, without keeping others from writing;
//! what has changed is then written in one act. If another process has linked in the meantime, it is made
//! again from the state that the other left.
//!
//! Memory holds a sketch of every event while groups are made, then the packed records of the incidents
//! that have changed; whole events only of [`INCIDENTS`] incidents at a time.

use crate::{
    change::{Change, Fate, differences},
    decisions::{self, EventHead, Named, Rulings, Unapplied},
    error::{Fault, Result},
    fields::{fingerprint, seen, set},
    gather::{Fetched, INCIDENTS, Place, each_reading, parallel},
    incidents::state_of,
    log::{Stamp, sha256},
    project::{Act, Project, pack, unpack_json},
    reports::json,
    succession::{Known, Succession},
};
use casus_record::{Event, MadeBy, Reading, Report};
use rusqlite::{Connection, OptionalExtension};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    num::NonZero,
};

/// How often linking begins anew because another process has linked.
const TRIES: u32 = 5;

/// How events are compared: what the project does not know.
pub trait Linking: Sync {
    /// What is kept of an event until all have been seen.
    type Sketch: Send;

    /// A sketch of each event of a report, in their order.
    fn sketch(&self, report: &Report, events: &[Event]) -> Vec<Self::Sketch>;

    /// Puts events into groups: each number is the position of a sketch. Called once.
    fn cluster(&mut self, sketches: Vec<Self::Sketch>) -> Vec<Vec<usize>>;

    /// The record, a `casus-incident/1`, of the events of one group, each with its number. Its `id` is taken
    /// for an incident that is new; `review` and `supersedes` are set by the project.
    fn compose(&self, members: &[(usize, &Event)]) -> Value;
}

/// What came of linking.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// Number of the state of the incidents that was made; none if nothing changed.
    pub revision: Option<i64>,
    /// What changed against the state before.
    pub changes: Vec<Change>,
    /// Incidents there are now.
    pub incidents: u64,
    /// Decisions that do not, or not wholly, apply.
    pub unapplied: Vec<Unapplied>,
    /// What a decision set and the record does not take.
    pub refused: Vec<String>,
}

/// A row to be written, and what it changes.
struct NewRow {
    live: bool,
    /// The packed record; none of an incident that is gone: as it last was.
    record: Option<Vec<u8>>,
    change: Change,
}

/// The present state of the incidents, before it is written.
struct Made {
    /// The state that it follows.
    after: i64,
    events: usize,
    incidents: usize,
    rows: Vec<NewRow>,
    unapplied: Vec<Unapplied>,
    refused: Vec<String>,
}

impl Project {
    /// Makes the incidents anew from the present readings (see [`Project::readings`]), and applies people's
    /// decisions to them. The same groups give the same ids, whatever the order of events in them.
    ///
    /// # Errors
    /// If the file cannot be read or written, or other processes keep linking.
    pub fn relink<L: Linking>(
        &mut self,
        stamp: &Stamp,
        linker: &str,
        version: &MadeBy,
        linking: impl Fn() -> L,
    ) -> Result<Linked> {
        let mut tries = 0;
        loop {
            tries += 1;
            let made = self.ask(|connection| {
                let view = connection.unchecked_transaction()?;
                Making { connection: &view, threads: self.threads, at: stamp.at.to_string() }
                    .make(version, linking())
            })?;
            match self.keep_incidents(stamp, linker, made)? {
                Some(linked) => return Ok(linked),
                None if tries < TRIES => {}
                None => {
                    let what = "others keep linking; nothing was changed: try again when they have finished";
                    return Err(Fault::Request(what.to_owned()).at(self.path()));
                }
            }
        }
    }

    /// Writes a new state of the incidents; none if another process has written one in the meantime.
    fn keep_incidents(&mut self, stamp: &Stamp, linker: &str, made: Made) -> Result<Option<Linked>> {
        self.act(stamp, "link", |act| {
            if last_revision(act.transaction)? != made.after {
                return Ok((None, None));
            }
            let Made { after, events, incidents, rows, unapplied, refused } = made;
            let next = after + 1;
            let mut linked =
                Linked { revision: None, changes: vec![], incidents: incidents as u64, unapplied, refused };
            if rows.is_empty() {
                return Ok((None, Some(linked)));
            }
            let row = "INSERT INTO revision (entry, id, linker, readings, incidents) VALUES (?1, ?2, ?3, ?4, ?5)";
            act.insert(row, &[&next, &linker, &(events as i64), &(incidents as i64)])?;
            let mut fates: BTreeMap<&str, u64> = BTreeMap::new();
            for row in rows {
                keep(act, next, &row)?;
                *fates.entry(row.change.fate.name()).or_default() += 1;
                linked.changes.push(row.change);
            }
            linked.revision = Some(next);
            let detail = json!({
                "revision": next, "linker": linker, "events": events, "incidents": incidents, "changes": fates,
            });
            Ok((Some(detail), Some(linked)))
        })
    }
}

fn last_revision(connection: &Connection) -> Result<i64, Fault> {
    Ok(connection.query_row("SELECT coalesce(max(id), 0) FROM revision", [], |row| row.get(0))?)
}

fn keep(act: &Act<'_>, revision: i64, row: &NewRow) -> Result<(), Fault> {
    let NewRow { live, record, change } = row;
    let data = match record {
        Some(record) => record.clone(),
        None => last_data(act.transaction, &change.incident)?,
    };
    let sql = "INSERT INTO incident (entry, revision, incident, state, fate, successors, data)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let state = if *live { "live" } else { "gone" };
    let related = json(&change.related)?;
    act.insert(sql, &[&revision, &change.incident, &state, &change.fate.name(), &related, &data])?;
    Ok(())
}

/// The packed record of an incident as it last was.
fn last_data(connection: &Connection, id: &str) -> Result<Vec<u8>, Fault> {
    let sql = "SELECT data FROM incident WHERE incident = ?1 ORDER BY id DESC LIMIT 1";
    let found = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
    found.ok_or_else(|| Fault::Damaged(format!("incident {id} is gone")))
}

/// What a new state of the incidents is made from.
struct Making<'c> {
    connection: &'c Connection,
    threads: NonZero<usize>,
    at: String,
}

/// All events that are read now and not rejected, by their numbers.
#[derive(Default)]
struct Events {
    ids: Vec<Box<str>>,
    places: Vec<Place>,
}

/// A record that was made, ready to be written.
struct Written {
    packed: Vec<u8>,
    hash: [u8; 32],
}

impl Making<'_> {
    fn make<L: Linking>(&self, version: &MadeBy, mut linking: L) -> Result<Made, Fault> {
        let after = last_revision(self.connection)?;
        let (rulings, events, sketches) = self.sketches(version, &linking)?;
        let clusters = linking.cluster(sketches);
        let groups = groups(&rulings, &events, clusters);
        let names: Vec<Vec<&str>> =
            groups.iter().map(|group| group.iter().map(|at| &*events.ids[*at]).collect()).collect();
        let known = self.known()?;
        let succession = Succession::new(&known, &names);
        let mut ids: Vec<String> = vec![String::new(); groups.len()];
        let mut used: BTreeSet<String> = BTreeSet::new();
        let mut changed: Vec<(usize, Vec<u8>, Change)> = Vec::new();
        let mut refused: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        // Incidents whose events stand near each other share readings.
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by_key(|at| groups[*at].iter().map(|event| events.places[*event]).min());
        for batch in order.chunks(INCIDENTS) {
            let members = batch.iter().flat_map(|group| &groups[*group]).map(|event| events.places[*event]);
            let fetched = Fetched::new(self.connection, self.threads, members)?;
            let compose = |group: &usize| {
                let event = |at: &usize| Some((*at, fetched.event(events.places[*at])?));
                let members: Vec<(usize, &Event)> = groups[*group].iter().filter_map(event).collect();
                let mut record = linking.compose(&members);
                let refused = rule(&rulings, &names[*group], &mut record);
                (record, refused)
            };
            let mut records: Vec<(usize, Value)> = Vec::with_capacity(batch.len());
            for (group, (record, not_set)) in batch.iter().zip(parallel(self.threads, batch, compose)) {
                let id = match succession.before(*group) {
                    Some((id, _)) => id.to_owned(),
                    None => new_id(&record, &names[*group], |id| known.contains_key(id) || used.contains(id)),
                };
                used.insert(id.clone());
                ids[*group] = id;
                if !not_set.is_empty() {
                    refused.insert(*group, not_set);
                }
                records.push((*group, record));
            }
            let complete = |(group, record): &(usize, Value)| {
                let record = completed(record, &ids[*group], &names[*group], &succession.supersedes(*group));
                written(&record)
            };
            let made = parallel(self.threads, &records, complete);
            for ((group, _), written) in records.iter().zip(made) {
                changed.extend(self.changed(*group, &ids[*group], written?, &succession)?);
            }
        }
        let mut rows = Vec::with_capacity(changed.len());
        for (group, packed, mut change) in changed {
            (change.fate, change.related) = succession.fate(group, &ids);
            (change.revision, change.at) = (after + 1, self.at.clone());
            rows.push(NewRow { live: true, record: Some(packed), change });
        }
        for (id, fate, related) in succession.gone(&ids, rulings.excluded()) {
            let (revision, at) = (after + 1, self.at.clone());
            let change = Change { revision, at, incident: id.to_owned(), fate, related, fields: vec![] };
            rows.push(NewRow { live: false, record: None, change });
        }
        rows.sort_by(|one, other| one.change.incident.cmp(&other.change.incident));
        Ok(Made {
            after,
            events: events.ids.len(),
            incidents: groups.len(),
            rows,
            unapplied: rulings.unapplied().to_vec(),
            refused: refused.into_values().flatten().collect(),
        })
    }

    /// A sketch of every event that people have not rejected, and what they decided.
    fn sketches<L: Linking>(
        &self,
        version: &MadeBy,
        linking: &L,
    ) -> Result<(Rulings, Events, Vec<L::Sketch>), Fault> {
        let decisions = decisions::all(self.connection)?;
        let named = Named::of(&decisions);
        let work = |report: &Report, reading: &Reading| {
            let ids: Vec<Box<str>> = reading.events.iter().map(|event| event.id.as_str().into()).collect();
            let heads: Vec<EventHead> = named.heads(&reading.events).collect();
            (linking.sketch(report, &reading.events), ids, heads)
        };
        let (mut events, mut sketches, mut heads) = (Events::default(), Vec::new(), Vec::new());
        each_reading(self.connection, version, self.threads, work, |reading, (own, ids, named)| {
            for ((sketch, id), at) in own.into_iter().zip(ids).zip(0..) {
                sketches.push(sketch);
                events.ids.push(id);
                events.places.push(Place { reading, at });
            }
            heads.extend(named);
        })?;
        let rulings = Rulings::new(decisions, &heads);
        if !rulings.excluded().is_empty() {
            let stays: Vec<bool> = events.ids.iter().map(|id| !rulings.excluded().contains(&**id)).collect();
            let kept = |at: &mut usize| {
                *at += 1;
                stays[*at - 1]
            };
            let (mut a, mut b, mut c) = (0, 0, 0);
            sketches.retain(|_| kept(&mut a));
            events.ids.retain(|_| kept(&mut b));
            events.places.retain(|_| kept(&mut c));
        }
        Ok((rulings, events, sketches))
    }

    /// Every incident that there is or was.
    fn known(&self) -> Result<BTreeMap<String, Known>, Fault> {
        let mut known = BTreeMap::new();
        let mut done = |batch: &mut Vec<(String, bool, Vec<u8>)>| -> Result<(), Fault> {
            let open = |(id, live, data): &(String, bool, Vec<u8>)| brief(id, *live, data);
            for ((id, ..), brief) in batch.iter().zip(parallel(self.threads, batch, open)) {
                known.insert(id.clone(), brief?);
            }
            batch.clear();
            Ok(())
        };
        let mut statement = self.connection.prepare(
            "SELECT i.incident, i.state = 'live', i.data FROM incident i
             WHERE NOT EXISTS (SELECT 1 FROM incident n WHERE n.incident = i.incident AND n.id > i.id)",
        )?;
        let mut rows = statement.query([])?;
        let mut batch: Vec<(String, bool, Vec<u8>)> = Vec::new();
        while let Some(row) = rows.next()? {
            batch.push((row.get(0)?, row.get(1)?, row.get(2)?));
            if batch.len() == INCIDENTS {
                done(&mut batch)?;
            }
        }
        done(&mut batch)?;
        Ok(known)
    }

    /// The row of a group, unless it is the incident as it was. Its fate is told later, when all have ids.
    fn changed(
        &self,
        group: usize,
        id: &str,
        written: Written,
        succession: &Succession<'_>,
    ) -> Result<Option<(usize, Vec<u8>, Change)>, Fault> {
        let mut change = Change {
            revision: 0,
            at: String::new(),
            incident: id.to_owned(),
            fate: Fate::Changed,
            related: Vec::new(),
            fields: Vec::new(),
        };
        if let Some((_, before)) = succession.before(group).filter(|(_, before)| before.live) {
            if before.hash == written.hash {
                return Ok(None);
            }
            // Other bytes may still be the same record.
            let old = state_of(self.connection, id, i64::MAX)?.map(|state| state.record);
            let new: Value = unpack_json(&written.packed, &format_args!("incident {id}"))?;
            if old.as_ref() == Some(&new) {
                return Ok(None);
            }
            change.fields = differences(old.as_ref(), Some(&new));
        }
        Ok(Some((group, written.packed, change)))
    }
}

/// The clusters, as people will have them; the events of each in the order of their ids.
fn groups(rulings: &Rulings, events: &Events, clusters: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let clusters: Vec<Vec<&str>> = clusters
        .into_iter()
        .map(|cluster| cluster.into_iter().filter_map(|at| events.ids.get(at).map(|id| &**id)).collect())
        .collect();
    let groups = rulings.regroup(&clusters);
    drop(clusters);
    let numbers: HashMap<&str, usize> = events.ids.iter().enumerate().map(|(at, id)| (&**id, at)).collect();
    groups
        .into_iter()
        .map(|group| group.into_iter().filter_map(|id| numbers.get(id).copied()).collect())
        .collect()
}

/// Puts what people decided to a record; gives what could not be set.
fn rule(rulings: &Rulings, events: &[&str], record: &mut Value) -> Vec<String> {
    let Some(mut ruled) = rulings.ruled(events, || fingerprint(record)) else { return Vec::new() };
    let machine = seen(record, &ruled.values);
    let said = |field: &String| (field.clone(), machine.get(field).cloned().unwrap_or_default());
    ruled.review.machine = ruled.values.keys().map(said).collect();
    let refused = set(record, &ruled.values);
    record["review"] = serde_json::to_value(ruled.review).unwrap_or_default();
    refused
}

/// The record with what the project itself knows of the incident.
fn completed(record: &Value, id: &str, events: &[&str], supersedes: &BTreeSet<&str>) -> Value {
    let mut record = record.clone();
    if let Value::Object(fields) = &mut record {
        complete(fields, id, events, supersedes);
    }
    record
}

fn complete(fields: &mut Map<String, Value>, id: &str, events: &[&str], supersedes: &BTreeSet<&str>) {
    fields.insert("id".to_owned(), id.into());
    fields.insert("supersedes".to_owned(), json!(supersedes));
    fields.entry("review").or_insert(Value::Null);
    // The linker's own order of the same events is kept.
    let own: Option<BTreeSet<&str>> =
        fields.get("events").and_then(|own| own.as_array()?.iter().map(Value::as_str).collect());
    if !own.is_some_and(|own| own.iter().eq(events)) {
        fields.insert("events".to_owned(), json!(events));
    }
}

fn written(record: &Value) -> Result<Written, Fault> {
    let packed = pack(json(record)?.as_bytes())?;
    Ok(Written { hash: Sha256::digest(&packed).into(), packed })
}

/// What is needed of an incident's record to tell which group it is.
#[derive(Deserialize)]
struct Brief {
    #[serde(default)]
    events: Vec<String>,
    #[serde(default)]
    supersedes: Vec<String>,
}

fn brief(id: &str, live: bool, data: &[u8]) -> Result<Known, Fault> {
    let Brief { events, supersedes } = unpack_json(data, &format_args!("incident {id}"))?;
    Ok(Known { live, events, supersedes, hash: Sha256::digest(data).into() })
}

/// The linker's id, or one made of the group's first event, if it was never used.
fn new_id(record: &Value, events: &[&str], used: impl Fn(&str) -> bool) -> String {
    let first = events.first().copied().unwrap_or_default();
    let own = record["id"].as_str().map(str::to_owned);
    let made = (0u64..).map(|salt| format!("in_{}", &sha256(format!("{first} {salt}").as_bytes())[..16]));
    own.into_iter().chain(made).find(|id| !id.is_empty() && !used(id)).unwrap_or_default()
}
