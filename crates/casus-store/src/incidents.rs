//! Incidents, each with an id that stays and with all its states.
//!
//! Linking gives groups of events. Which incident a group *is* is decided here, against the incidents
//! that the project has: a group takes the id of the incident with which it shares most events; an
//! incident whose events are all elsewhere is merged away or split, one whose events are not read any
//! more is withdrawn. An id is never given to anything else; a tombstone says where its events went.

use crate::{
    change::{Change, Fate, differences},
    decisions::{Decision, EventHead, Kind, Rulings, Unapplied},
    error::{Fault, Result},
    log::{Stamp, sha256},
    project::{Act, Project, pack, unpack_json},
    reports::json,
};
use casus_record::{Event, MadeBy};
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Events that tell one incident, and the record made of them: a `casus-incident/1`.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Ids of the events.
    pub events: Vec<String>,
    /// The record. Its `id` is taken for an incident that is new, `review` and `supersedes` are set by
    /// the project.
    pub record: Value,
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

/// The last state of an incident.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct State {
    pub(crate) live: bool,
    pub(crate) fate: Fate,
    pub(crate) record: Value,
}

impl State {
    fn events(&self) -> Vec<String> {
        strings(&self.record["events"])
    }
}

impl Project {
    /// Makes the incidents anew from the present readings (see [`Project::readings`]): `cluster` puts events
    /// into groups by their index, `compare` makes the record of a group, and people's decisions are
    /// applied to both. The same groups give the same ids, whatever the order of events in them.
    ///
    /// # Errors
    /// If the file cannot be read or written.
    pub fn relink(
        &mut self,
        stamp: &Stamp,
        linker: &str,
        version: &MadeBy,
        cluster: impl FnOnce(&[Event]) -> Vec<Vec<usize>>,
        compare: impl Fn(&[&Event]) -> Value,
    ) -> Result<Linked> {
        let mut events = self.events(version)?;
        let heads: Vec<EventHead> = events.iter().map(EventHead::from).collect();
        let rulings = Rulings::new(self.decisions()?, &heads);
        events.retain(|event| !rulings.excluded().contains(&event.id));
        let name = |at: usize| events.get(at).map(|event| event.id.clone());
        let groups: Vec<Vec<String>> =
            cluster(&events).into_iter().map(|group| group.into_iter().filter_map(name).collect()).collect();
        let by_id: BTreeMap<&str, &Event> = events.iter().map(|event| (event.id.as_str(), event)).collect();
        let mut refused = Vec::new();
        let groups: Vec<Group> = rulings
            .regroup(&groups)
            .into_iter()
            .map(|names| {
                let members: Vec<&Event> =
                    names.iter().filter_map(|id| by_id.get(id.as_str()).copied()).collect();
                let mut record = compare(&members);
                if let Some(mut ruled) = rulings.ruled(&names, &fingerprint(&record)) {
                    let machine = seen(&record, &ruled.values);
                    let said =
                        |field: &String| (field.clone(), machine.get(field).cloned().unwrap_or_default());
                    ruled.review["machine"] = ruled.values.keys().map(said).collect::<Map<_, _>>().into();
                    refused.extend(set(&mut record, &ruled.values));
                    record["review"] = ruled.review;
                }
                Group { events: names, record }
            })
            .collect();
        let mut linked =
            self.keep_incidents(stamp, linker, events.len() as u64, groups, rulings.excluded())?;
        linked.unapplied = rulings.unapplied().to_vec();
        linked.refused = refused;
        Ok(linked)
    }

    /// Keeps the incidents of `groups` as the present state. `rejected` are events that people rejected.
    fn keep_incidents(
        &mut self,
        stamp: &Stamp,
        linker: &str,
        events: u64,
        groups: Vec<Group>,
        rejected: &BTreeSet<String>,
    ) -> Result<Linked> {
        let at = stamp.at;
        self.act(stamp, "link", |act| {
            let known = states(act.transaction, None)?;
            let next = act.find("SELECT coalesce(max(id), 0) + 1 FROM revision", &[])?.unwrap_or(1);
            let succession = Succession::new(&known, &groups, rejected);
            let incidents = groups.len() as u64;
            let rows = succession.rows(groups);
            let mut changes = Vec::new();
            for (id, fate, live, successors, record) in &rows {
                let before = known.get(id).filter(|state| state.live).map(|state| &state.record);
                let after = live.then_some(record);
                changes.push(Change {
                    revision: next,
                    at: at.to_string(),
                    incident: id.clone(),
                    fate: *fate,
                    related: successors.clone(),
                    fields: differences(before, after),
                });
            }
            let mut linked = Linked { revision: None, changes, incidents, unapplied: vec![], refused: vec![] };
            if rows.is_empty() {
                return Ok((None, linked));
            }
            let row = "INSERT INTO revision (entry, id, linker, readings, incidents) VALUES (?1, ?2, ?3, ?4, ?5)";
            act.insert(row, &[&next, &linker, &(events as i64), &(incidents as i64)])?;
            for (id, fate, live, successors, record) in rows {
                keep(act, next, &id, fate, live, &successors, &record)?;
            }
            linked.revision = Some(next);
            let mut fates: BTreeMap<&str, u64> = BTreeMap::new();
            for change in &linked.changes {
                *fates.entry(change.fate.name()).or_default() += 1;
            }
            let detail = json!({
                "revision": next, "linker": linker, "events": events, "incidents": incidents, "changes": fates,
            });
            Ok((Some(detail), linked))
        })
    }

    /// The incidents there are now, by id.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn incidents(&self) -> Result<Vec<Value>> {
        let states = self.ask(|connection| states(connection, None))?;
        Ok(states.into_values().filter(|state| state.live).map(|state| state.record).collect())
    }

    /// One incident, as it is or last was, and whether it still is. Its id may be cut short as long as
    /// only one begins so.
    ///
    /// # Errors
    /// If there is none, or more than one, or the file cannot be read.
    pub fn incident(&self, id: &str) -> Result<(Value, bool)> {
        self.ask(|connection| {
            let sql = "SELECT DISTINCT incident FROM incident WHERE incident = ?1 OR substr(incident, 1, length(?1)) = ?1
                 ORDER BY incident <> ?1, incident LIMIT 2";
            let mut statement = connection.prepare(sql)?;
            let names: Vec<String> = statement.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
            let name = match names.as_slice() {
                [one] => one,
                [one, ..] if one == id => one,
                [] => return Err(Fault::Request(format!("there is no incident {id}; `casus status` and `casus export` list them"))),
                _ => return Err(Fault::Request(format!("more than one incident begins with {id}"))),
            };
            let sql = format!("SELECT {STATE} FROM incident i WHERE incident = ?1 ORDER BY id DESC LIMIT 1");
            match connection.query_row(&sql, [name], |row| Ok(state(row))).optional()? {
                Some(found) => found.map(|(_, state)| (state.record, state.live)),
                None => Err(Fault::Request(format!("there is no incident {id}"))),
            }
        })
    }

    /// Makes the decision of `stamp.who` on an incident, ready for [`Project::decide`]. `part`: of a
    /// split, the ids of the events that go. `other`: of a merge, the incident that is merged into it.
    ///
    /// # Errors
    /// If there is no such incident, an event is not in it, or a field cannot be set.
    pub fn decision(&self, stamp: &Stamp, asked: &Asked<'_>, version: &MadeBy) -> Result<Decision> {
        let (record, _) = self.incident(asked.incident)?;
        let heads: BTreeMap<String, EventHead> =
            self.events(version)?.iter().map(|event| (event.id.clone(), EventHead::from(event))).collect();
        let refs = |names: Vec<String>| -> Vec<EventHead> {
            // An event that is not read any more is still named, and found again if it comes back.
            let lost = |name: String| EventHead { event: name, report: String::new(), triggers: vec![] };
            names.into_iter().map(|name| heads.get(&name).cloned().unwrap_or_else(|| lost(name))).collect()
        };
        let request = |what: String| Err(Fault::Request(what).at(self.path()));
        let all = strings(&record["events"]);
        let (mut events, mut others) = (all.clone(), Vec::new());
        match (asked.kind, asked.other) {
            (Kind::Merge, Some(other)) => {
                others = strings(&self.incident(other)?.0["events"]);
                if others.iter().all(|event| all.contains(event)) {
                    return request(format!("{} and {other} are one incident", asked.incident));
                }
            }
            (Kind::Merge, None) => return request("merge needs a second incident".to_owned()),
            (Kind::Split, _) => {
                if let Some(strange) = asked.part.iter().find(|event| !all.contains(event)) {
                    return request(format!(
                        "{strange} is not in {}, which has {}",
                        asked.incident,
                        all.join(", ")
                    ));
                }
                events = asked.part.to_vec();
                others = all.into_iter().filter(|event| !events.contains(event)).collect();
                if events.is_empty() || others.is_empty() {
                    return request("a split needs some of the events to go, and some to stay".to_owned());
                }
            }
            _ => {}
        }
        let mut tried = record.clone();
        if let Some(refused) = set(&mut tried, &asked.values).into_iter().next() {
            return request(refused);
        }
        Ok(Decision {
            kind: asked.kind,
            incident: record["id"].as_str().unwrap_or(asked.incident).to_owned(),
            events: refs(events),
            others: refs(others),
            values: asked.values.clone(),
            seen: seen(&record, &asked.values),
            record: fingerprint(&record),
            adjudicates: asked.adjudicates,
            who: stamp.who.clone(),
            at: stamp.at.to_string(),
            why: asked.why.to_owned(),
        })
    }
}

/// What a person asks to decide.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// What.
    pub kind: Kind,
    /// On which incident.
    pub incident: &'a str,
    /// What is merged into it.
    pub other: Option<&'a str>,
    /// Events that a split parts from it.
    pub part: &'a [String],
    /// Fields to set.
    pub values: BTreeMap<String, Value>,
    /// Whether it settles a disagreement.
    pub adjudicates: bool,
    /// Why.
    pub why: &'a str,
}

/// Columns that [`state`] takes, of a row `i`.
const STATE: &str = "i.incident, i.state, i.fate, i.data";

fn state(row: &Row<'_>) -> Result<(String, State), Fault> {
    let id: String = row.get(0)?;
    let data = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
    let record = unpack_json(data, &format_args!("incident {id}"))?;
    let fate: String = row.get(2)?;
    let fate = Fate::from_name(&fate)
        .ok_or_else(|| Fault::Damaged(format!("incident {id} has no fate {fate:?}")))?;
    Ok((id, State { live: row.get::<_, String>(1)? == "live", fate, record }))
}

/// The last state of every incident, gone ones too; as it was after `revision`, if one is named.
pub(crate) fn states(
    connection: &Connection,
    revision: Option<i64>,
) -> Result<BTreeMap<String, State>, Fault> {
    let sql = format!(
        "SELECT {STATE} FROM incident i WHERE i.revision <= ?1 AND NOT EXISTS
         (SELECT 1 FROM incident n WHERE n.incident = i.incident AND n.id > i.id AND n.revision <= ?1)"
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([revision.unwrap_or(i64::MAX)])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        found.extend([state(row)?]);
    }
    Ok(found)
}

fn keep(
    act: &Act<'_>,
    revision: i64,
    id: &str,
    fate: Fate,
    live: bool,
    successors: &[String],
    record: &Value,
) -> Result<(), Fault> {
    let row = "INSERT INTO incident (entry, revision, incident, state, fate, successors, data)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let data = pack(json(record)?.as_bytes())?;
    let state = if live { "live" } else { "gone" };
    act.insert(row, &[&revision, &id, &state, &fate.name(), &json(&successors)?, &data])?;
    Ok(())
}

/// A row to be written: id, fate, whether it is live, related ids, record.
type NewRow = (String, Fate, bool, Vec<String>, Value);

/// Which group is which incident.
struct Succession<'k> {
    known: &'k BTreeMap<String, State>,
    /// The id of each group, by its position.
    ids: Vec<Option<String>>,
    /// For each known incident that is live or gone: the groups that hold events of it.
    heirs: BTreeMap<&'k str, BTreeSet<usize>>,
    /// For each group: the live incidents that had events of it.
    parents: Vec<BTreeSet<&'k str>>,
    rejected: &'k BTreeSet<String>,
}

impl<'k> Succession<'k> {
    fn new(
        known: &'k BTreeMap<String, State>,
        groups: &[Group],
        rejected: &'k BTreeSet<String>,
    ) -> Succession<'k> {
        let mut holder: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, group) in groups.iter().enumerate() {
            holder.extend(group.events.iter().map(|event| (event.as_str(), at)));
        }
        let mut shared: Vec<(bool, usize, &str, usize)> = Vec::new();
        let mut heirs: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        let mut parents = vec![BTreeSet::new(); groups.len()];
        for (id, state) in known {
            let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
            for event in state.events() {
                if let Some(group) = holder.get(event.as_str()) {
                    *counts.entry(*group).or_default() += 1;
                }
            }
            for (group, count) in counts {
                shared.push((state.live, count, id, group));
                heirs.entry(id).or_default().insert(group);
                if state.live {
                    parents[group].insert(id.as_str());
                }
            }
        }
        // Live incidents before gone ones; most events first; then the order of ids and of groups, which
        // are those of their events.
        shared.sort_unstable_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then_with(|| (a.2, a.3).cmp(&(b.2, b.3))));
        let mut ids: Vec<Option<String>> = vec![None; groups.len()];
        let mut taken = BTreeSet::new();
        for (_, _, id, group) in shared {
            if ids[group].is_none() && taken.insert(id) {
                ids[group] = Some(id.to_owned());
            }
        }
        Succession { known, ids, heirs, parents, rejected }
    }

    /// The rows that make `groups` the present state; none for what has not changed.
    fn rows(mut self, groups: Vec<Group>) -> Vec<NewRow> {
        let mut used: BTreeSet<String> = self.known.keys().cloned().collect();
        for (slot, group) in self.ids.iter_mut().zip(&groups) {
            if slot.is_none() {
                let id = new_id(group, &used);
                used.insert(id.clone());
                *slot = Some(id);
            }
        }
        let ids: Vec<String> = std::mem::take(&mut self.ids).into_iter().flatten().collect();
        let mut rows = Vec::new();
        for (at, (id, group)) in ids.iter().zip(groups).enumerate() {
            rows.extend(self.live_row(at, id, group, &ids));
        }
        let present: BTreeSet<&String> = ids.iter().collect();
        for (id, state) in self.known.iter().filter(|(id, state)| state.live && !present.contains(id)) {
            let heirs = self.heirs.get(id.as_str()).into_iter().flatten();
            let successors: Vec<String> = heirs.map(|group| ids[*group].clone()).collect();
            let fate = if !successors.is_empty() {
                Fate::Merged
            } else if state.events().iter().all(|event| self.rejected.contains(event)) {
                Fate::Rejected
            } else {
                Fate::Withdrawn
            };
            rows.push((id.clone(), fate, false, successors, state.record.clone()));
        }
        rows.sort_by(|one, other| one.0.cmp(&other.0));
        rows
    }

    /// The row of a group that is an incident now.
    fn live_row(&self, at: usize, id: &String, group: Group, ids: &[String]) -> Option<NewRow> {
        let before = self.known.get(id);
        let others: Vec<String> =
            self.parents[at].iter().filter(|parent| *parent != id).map(|&p| p.to_owned()).collect();
        let gone = |other: &&String| !ids.contains(other);
        let absorbed: Vec<String> = others.iter().filter(gone).cloned().collect();
        let siblings: Vec<String> = match before.filter(|state| state.live) {
            Some(_) => {
                let heirs = self.heirs.get(id.as_str()).into_iter().flatten();
                heirs.map(|group| ids[*group].clone()).filter(|heir| heir != id).collect()
            }
            None => Vec::new(),
        };
        let mut supersedes: BTreeSet<String> = before
            .map(|state| strings(&state.record["supersedes"]))
            .unwrap_or_default()
            .into_iter()
            .collect();
        supersedes.extend(absorbed.iter().cloned());
        if before.is_none() {
            supersedes.extend(others.iter().cloned());
        }
        let Group { events, mut record } = group;
        if let Value::Object(fields) = &mut record {
            complete(fields, id, &events, &supersedes);
        }
        // As it will be read back: text gives a number to the last bit but one.
        let record: Value = serde_json::from_str(&record.to_string()).unwrap_or(record);
        let (fate, related) = match before {
            None if others.is_empty() => (Fate::New, others),
            None => (Fate::Split, others),
            Some(state) if !state.live => (Fate::Restored, others),
            Some(state) if state.record == record => return None,
            Some(_) if !absorbed.is_empty() => (Fate::Merged, absorbed),
            Some(_) if !siblings.is_empty() => (Fate::Split, siblings),
            Some(_) => (Fate::Changed, Vec::new()),
        };
        Some((id.clone(), fate, true, related, record))
    }
}

/// Sets what the project itself knows of an incident.
fn complete(fields: &mut Map<String, Value>, id: &str, events: &[String], supersedes: &BTreeSet<String>) {
    fields.insert("id".to_owned(), id.into());
    fields.insert("supersedes".to_owned(), json!(supersedes));
    fields.entry("review").or_insert(Value::Null);
    // The linker's own order of the same events is kept.
    let own: BTreeSet<String> =
        strings(&fields.get("events").cloned().unwrap_or_default()).into_iter().collect();
    if !own.iter().eq(events) {
        fields.insert("events".to_owned(), json!(events));
    }
}

/// The linker's id, or one made of the group's first event, if it was never used.
fn new_id(group: &Group, used: &BTreeSet<String>) -> String {
    let first = group.events.first().map_or("", String::as_str);
    let own = group.record["id"].as_str().map(str::to_owned);
    let made = (0u64..).map(|salt| format!("in_{}", &sha256(format!("{first} {salt}").as_bytes())[..16]));
    own.into_iter().chain(made).find(|id| !id.is_empty() && !used.contains(id)).unwrap_or_default()
}

/// Sets fields of a record as a person decided, and keeps what the machine said in `review.machine`. Gives
/// what could not be set. `losses.…` and other tolls stand beside the claims, which are never altered.
fn set(record: &mut Value, values: &BTreeMap<String, Value>) -> Vec<String> {
    let mut refused = Vec::new();
    for (field, value) in values {
        if is_toll(field) {
            continue;
        }
        let pointer = format!("/{}", field.replace('.', "/"));
        let kept = ["id", "schema", "events", "claims", "review", "supersedes"];
        let fixed = kept.contains(&field.split('.').next().unwrap_or_default());
        match record.pointer_mut(&pointer).filter(|_| !fixed) {
            Some(place) if place.is_object() || place.is_array() => {
                refused
                    .push(format!("{field} has parts: set one of them, as in {field}.{}", first_part(place)));
            }
            Some(place) => *place = value.clone(),
            None if fixed => refused.push(format!("{field} is not set by hand")),
            None => refused.push(format!("the incident has no field {field}")),
        }
    }
    refused
}

fn first_part(value: &Value) -> String {
    value.as_object().and_then(|object| object.keys().next().cloned()).unwrap_or_else(|| "0".to_owned())
}

/// Whether a field is a figure, of which the record holds claims only.
fn is_toll(field: &str) -> bool {
    field.starts_with("losses.") || field.starts_with("materiel.")
}

/// The machine's value of every field that a person may set.
fn seen(record: &Value, asked: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let machine = machine(record);
    let mut found = BTreeMap::new();
    for field in ["scope", "told", "status", "action", "when", "where", "participants", "result"] {
        leaves(field, &machine[field], &mut found);
    }
    let mut tolls: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for claim in machine["claims"].as_array().into_iter().flatten() {
        if let Some(field) = claim["field"].as_str().filter(|field| is_toll(field)) {
            let value = &claim["value"];
            let number = [&value["value"], &value["low"], &value["high"]].into_iter().find(|n| !n.is_null());
            tolls.entry(field).or_default().insert(number.map_or_else(String::new, Value::to_string));
        }
    }
    for (field, said) in tolls {
        let said: Vec<String> = said.into_iter().collect();
        let one = said.first().filter(|_| said.len() == 1).and_then(|number| number.parse::<u64>().ok());
        found.insert(field.to_owned(), one.map_or_else(|| said.join("|").into(), Value::from));
    }
    for field in asked.keys() {
        found.entry(field.clone()).or_insert(Value::Null);
    }
    found
}

fn leaves(path: &str, value: &Value, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(parts) => {
            parts.iter().for_each(|(name, part)| leaves(&format!("{path}.{name}"), part, found))
        }
        Value::Array(parts) => {
            parts.iter().enumerate().for_each(|(at, part)| leaves(&format!("{path}.{at}"), part, found));
        }
        // Words and their places are evidence, not values.
        _ if path.contains(".evidence") || path.contains(".candidates") || path.ends_with(".stated") => {}
        _ => {
            found.insert(path.to_owned(), value.clone());
        }
    }
}

/// The record as the machine made it, without what people and the project put to it.
fn machine(record: &Value) -> Value {
    let mut record = record.clone();
    let before = record["review"]["machine"].take();
    for (field, value) in before.as_object().into_iter().flatten() {
        if let Some(place) = record.pointer_mut(&format!("/{}", field.replace('.', "/"))) {
            *place = value.clone();
        }
    }
    if let Value::Object(fields) = &mut record {
        for own in ["id", "review", "supersedes"] {
            fields.remove(own);
        }
        // The order in which events are named is no part of what they say.
        if let Some(Value::Array(events)) = fields.get_mut("events") {
            events.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
        }
    }
    record
}

/// SHA-256 of the machine's part of a record.
fn fingerprint(record: &Value) -> String {
    sha256(canonical(&machine(record)).as_bytes())
}

/// JSON with the keys in order.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(parts) => {
            let sorted: BTreeMap<&String, String> =
                parts.iter().map(|(name, part)| (name, canonical(part))).collect();
            let parts: Vec<String> =
                sorted.into_iter().map(|(name, part)| format!("{name:?}:{part}")).collect();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(parts) => format!("[{}]", parts.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

/// The strings of an array.
pub(crate) fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}
