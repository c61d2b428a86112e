//! Rows of data sets as events: casus' own events and incidents, and what `casus_export` imports.

use crate::{Failure, input};
use casus_engine::{
    Cause, ClaimValue, Count, Event, INCIDENT_SCHEMA, Incident, Loser, Loss, LossOutcome, MadeBy, Operator,
    ReportRef, Role, SCHEMA, Scope, Side, Unit,
};
use casus_export::{
    profile::{Import, Profile},
    tally,
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

/// Fields that are compared, in the order in which they are shown.
pub(super) const FIELDS: [&str; 9] =
    ["earliest", "latest", "family", "place", "latitude", "longitude", "actor", "recipient", "killed"];

/// A row of a data set.
#[derive(Debug)]
pub(super) struct Row {
    /// Its id in the data set.
    pub(super) id: String,
    /// What the pair scorer takes.
    pub(super) event: Event,
    /// What is shown and compared, by the names of [`FIELDS`].
    pub(super) fields: BTreeMap<&'static str, String>,
}

impl Row {
    fn new(id: String, event: Event) -> Row {
        Row { id, fields: fields(&event), event }
    }
}

/// All rows of a file.
pub(super) fn read(path: &Path) -> Result<Vec<Row>, Failure> {
    let fail = |what: &dyn std::fmt::Display| Failure(format!("{}: {what}", path.display()));
    let file = File::open(path).map_err(|cause| fail(&input::plain(&cause)))?;
    let mut file = BufReader::with_capacity(1 << 16, file);
    let head = file.fill_buf().map_err(|cause| fail(&input::plain(&cause)))?;
    if head.trim_ascii_start().first() == Some(&b'{') {
        return json_lines(file).map_err(|what| fail(&what));
    }
    table(file).map_err(|what| fail(&what))
}

fn json_lines(file: impl BufRead) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for (number, line) in file.lines().enumerate() {
        let at = |what: &dyn std::fmt::Display| format!("line {}: {what}", number + 1);
        let line = line.map_err(|cause| at(&input::plain(&cause)))?;
        if line.trim().is_empty() {
            continue;
        }
        let value: Value = serde_json::from_str(&line).map_err(|error| at(&error))?;
        let event: Event = match value["schema"].as_str() {
            Some(SCHEMA) => serde_json::from_value(value).map_err(|error| at(&error))?,
            Some(INCIDENT_SCHEMA) => {
                let incident: Incident = serde_json::from_value(value).map_err(|error| at(&error))?;
                of_incident(incident)
            }
            _ => return Err(at(&"is neither an event nor an incident of casus")),
        };
        rows.push(Row::new(event.id.clone(), event));
    }
    Ok(rows)
}

/// An incident as one event: its figures are the bounds of what is claimed.
fn of_incident(incident: Incident) -> Event {
    let mut bounds: BTreeMap<LossOutcome, (u64, u64)> = BTreeMap::new();
    for claim in &incident.claims {
        if let ClaimValue::Count { value, low, high, .. } = &claim.value
            && let Some(outcome) = claim.field.strip_prefix("losses.")
            && let Ok(outcome) = serde_json::from_value::<LossOutcome>(outcome.into())
            && let (Some(low), Some(high)) = (low.or(*value).or(*high), high.or(*value).or(*low))
        {
            let all = bounds.entry(outcome).or_insert((low, high));
            *all = (all.0.min(low), all.1.max(high));
        }
    }
    let made_by = MadeBy { casus: String::new(), pack: String::new(), options: String::new() };
    let report =
        ReportRef { id: incident.id.clone(), text_sha256: incident.id.clone(), ..ReportRef::default() };
    Event {
        scope: incident.scope,
        told: incident.told,
        status: incident.status,
        action: incident.action,
        when: incident.when,
        places: incident.places,
        participants: incident.participants,
        losses: bounds.into_iter().zip(0..).map(|(bounds, figure)| loss(figure, bounds)).collect(),
        ..Event::bare(incident.id, report, made_by)
    }
}

fn loss(figure: u32, (outcome, (low, high)): (LossOutcome, (u64, u64))) -> Loss {
    Loss {
        outcome: vec![outcome],
        figure,
        included_in: None,
        who: Loser {
            class: "unknown".to_owned(),
            name: None,
            register: None,
            country: None,
            side: Side::Unknown,
            attributes: Vec::new(),
        },
        count: if low == high { Count::new(Operator::Exact, low, "") } else { Count::between(low, high, "") },
        unit: Unit::Persons,
        cause: Cause::Unclear,
        voices: vec![0],
        evidence: Vec::new(),
    }
}

/// A file of another data set, which its columns tell.
fn table(file: impl BufRead) -> Result<Vec<Row>, String> {
    let import = Import::of_columns(file).map_err(|cause| cause.to_string())?;
    let profile = import.profile();
    let mut rows = Vec::new();
    for row in import {
        let row = row.map_err(|cause| input::plain(&cause).to_string())?;
        let mut event = row.event;
        // Whether a row of theirs sums several incidents up is no reason not to compare it.
        event.scope = Scope::Incident;
        let id = if row.id.is_empty() { format!("row {}", row.number) } else { row.id };
        let mut row = Row::new(id, event);
        if matches!(profile, Profile::Acled | Profile::UcdpGed) {
            // There a row always has a number, and none is zero.
            row.fields.entry("killed").or_insert_with(|| "0".to_owned());
        }
        rows.push(row);
    }
    Ok(rows)
}

/// What is compared of an event.
fn fields(event: &Event) -> BTreeMap<&'static str, String> {
    let mut fields = BTreeMap::new();
    let mut put = |name: &'static str, value: Option<String>| {
        fields.extend(value.filter(|value| !value.is_empty()).map(|value| (name, value)));
    };
    let when = event.when.as_ref();
    put("earliest", when.and_then(|when| when.earliest).map(|day| day.to_string()));
    put("latest", when.and_then(|when| when.latest).map(|day| day.to_string()));
    put("family", serde_json::to_value(event.action.family).ok().and_then(|v| v.as_str().map(str::to_owned)));
    let place = event.places.first();
    put("place", place.map(|place| place.resolved.as_ref().unwrap_or(&place.name).clone()));
    // Two decimals are a kilometre: more is not a difference.
    put("latitude", place.and_then(|place| place.lat).map(|degrees| format!("{degrees:.2}")));
    put("longitude", place.and_then(|place| place.lon).map(|degrees| format!("{degrees:.2}")));
    for (name, role) in [("actor", Role::Actor), ("recipient", Role::Recipient)] {
        let own = event.participants.iter().filter(|party| party.role == role);
        put(name, Some(own.map(|party| party.name.as_str()).collect::<Vec<_>>().join("; ")));
    }
    put(
        "killed",
        tally(event).get("killed").map(|killed| match (killed.low, killed.high) {
            (Some(low), Some(high)) if low == high => low.to_string(),
            (Some(low), Some(high)) => format!("{low}-{high}"),
            (Some(low), None) => format!("{low}+"),
            (None, Some(high)) => format!("0-{high}"),
            (None, None) => String::new(),
        }),
    );
    fields
}
