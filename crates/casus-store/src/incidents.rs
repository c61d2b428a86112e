//! Incidents, each with an id that stays and with all its states, and decisions on them made ready.

use crate::{
    decisions::{Decision, EventHead, Kind},
    error::{Fault, Result},
    fields::{fingerprint, seen, set, strings},
    gather::each_reading,
    log::Stamp,
    project::{Project, unpack_json},
};
use casus_record::{Incident, MadeBy, Reading, Report};
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The last state of an incident.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct State {
    pub(crate) live: bool,
    pub(crate) record: Value,
}

impl Project {
    /// The incidents there are now, by id.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn incidents(&self) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        self.each_incident(|record| {
            found.push(record);
            Ok(())
        })?;
        Ok(found)
    }

    /// The incidents there are now, by id, one after another.
    ///
    /// # Errors
    /// What `each` returns, or if the file cannot be read.
    pub fn each_incident(&self, mut each: impl FnMut(Value) -> Result<()>) -> Result<()> {
        self.ask(|connection| each_live(connection, |record| Ok(each(record)?)))
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
            match state_of(connection, name, i64::MAX)? {
                Some(state) => Ok((state.record, state.live)),
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
        let mut wanted: BTreeSet<String> = strings(&record["events"]).into_iter().collect();
        let other = asked.other.map(|other| self.incident(other)).transpose()?;
        wanted.extend(other.iter().flat_map(|(other, _)| strings(&other["events"])));
        let heads = self.heads(version, &wanted)?;
        let refs = |names: Vec<String>| -> Vec<EventHead> {
            // An event that is not read any more is still named, and found again if it comes back.
            let lost = |name: String| EventHead { event: name, report: String::new(), triggers: vec![] };
            names.into_iter().map(|name| heads.get(&name).cloned().unwrap_or_else(|| lost(name))).collect()
        };
        let request = |what: String| Err(Fault::Request(what).at(self.path()));
        let all = strings(&record["events"]);
        let (mut events, mut others) = (all.clone(), Vec::new());
        match (asked.kind, &other) {
            (Kind::Merge, Some((other, _))) => {
                others = strings(&other["events"]);
                if others.iter().all(|event| all.contains(event)) {
                    let other = other["id"].as_str().unwrap_or_default();
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
        // What has no place in the contract would be found by everyone who reads an export.
        if let (Ok(_), Err(error)) =
            (serde_json::from_value::<Incident>(record.clone()), serde_json::from_value::<Incident>(tried))
        {
            return request(format!("that is no value for the field: {error}"));
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

impl Project {
    /// The events with these ids, of those that are read now.
    fn heads(&self, version: &MadeBy, wanted: &BTreeSet<String>) -> Result<BTreeMap<String, EventHead>> {
        let own = |_: &Report, reading: &Reading| -> Vec<EventHead> {
            let events = reading.events.iter().filter(|event| wanted.contains(&event.id));
            events.map(EventHead::from).collect()
        };
        let mut heads = BTreeMap::new();
        self.ask(|connection| {
            each_reading(connection, version, self.threads, own, |_, own| {
                heads.extend(own.into_iter().map(|head| (head.event.clone(), head)));
            })
        })?;
        Ok(heads)
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
const STATE: &str = "i.incident, i.state, i.data";

fn state(row: &Row<'_>) -> Result<State, Fault> {
    let id: String = row.get(0)?;
    let data = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
    let record = unpack_json(data, &format_args!("incident {id}"))?;
    Ok(State { live: row.get::<_, String>(1)? == "live", record })
}

/// An incident as it was after `revision`; none if it was not there.
pub(crate) fn state_of(connection: &Connection, id: &str, revision: i64) -> Result<Option<State>, Fault> {
    let sql = format!(
        "SELECT {STATE} FROM incident i WHERE i.incident = ?1 AND i.revision <= ?2 ORDER BY i.id DESC LIMIT 1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_row((id, revision), |row| Ok(state(row))).optional()?;
    found.transpose()
}

/// The records of the incidents there are now, by id.
pub(crate) fn each_live(
    connection: &Connection,
    mut each: impl FnMut(Value) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let sql = format!(
        "SELECT {STATE} FROM incident i WHERE i.state = 'live' AND NOT EXISTS
         (SELECT 1 FROM incident n WHERE n.incident = i.incident AND n.id > i.id) ORDER BY i.incident"
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(state(row)?.record)?;
    }
    Ok(())
}
