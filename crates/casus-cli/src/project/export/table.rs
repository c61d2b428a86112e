//! The table of incidents: one row each, flat, for spreadsheets and statistics.
//!
//! A figure has the least and the greatest number that any voice gives, every claim with its voice, and
//! how the claims agree; `killed` and `wounded` in whole, parts of them are in the JSON Lines.

use crate::Failure;
use casus_engine::{Claim, ClaimValue, Function, Incident, Role};
use serde::Serialize;
use serde_json::Value;
use std::io::Write;

/// Names of the columns, in the order of [`row`].
const COLUMNS: [&str; 33] = [
    "incident",
    "events",
    "sources",
    "grade",
    "scope",
    "told",
    "status",
    "family",
    "tactic",
    "earliest",
    "latest",
    "place",
    "precision",
    "latitude",
    "longitude",
    "country",
    "admin1",
    "admin2",
    "actors",
    "recipients",
    "killed_low",
    "killed_high",
    "killed_claims",
    "killed_agreement",
    "wounded_low",
    "wounded_high",
    "wounded_claims",
    "wounded_agreement",
    "review",
    "reviewed_by",
    "decided",
    "disputed",
    "supersedes",
];

/// Writes the head and a row for each incident.
pub(super) fn write(records: &[Value], out: &mut dyn Write) -> Result<(), Failure> {
    let fail = |error: &dyn std::fmt::Display| Failure(format!("the table of incidents: {error}"));
    let mut table = csv::Writer::from_writer(out);
    table.write_record(COLUMNS).map_err(|error| fail(&error))?;
    for record in records {
        let incident: Incident = serde_json::from_value(record.clone()).map_err(|error| fail(&error))?;
        table.write_record(row(&incident, record)).map_err(|error| fail(&error))?;
    }
    table.flush().map_err(|error| fail(&error))
}

fn row(incident: &Incident, record: &Value) -> [String; COLUMNS.len()] {
    let site = incident.places.iter().find(|place| place.function == Function::Site);
    let place = site.or(incident.places.first());
    let when = incident.when.as_ref();
    let names = |role: Role| {
        let own = incident.participants.iter().filter(|p| p.role == role);
        own.map(|p| p.name.as_str()).collect::<Vec<_>>().join("; ")
    };
    let text = |value: Option<String>| value.unwrap_or_default();
    let review = &record["review"];
    let [killed, wounded] = ["losses.killed", "losses.wounded"].map(|field| toll(incident, field));
    let [killed_low, killed_high, killed_claims, killed_agreement] = killed;
    let [wounded_low, wounded_high, wounded_claims, wounded_agreement] = wounded;
    [
        incident.id.clone(),
        incident.events.len().to_string(),
        incident.sources.to_string(),
        code(&incident.grade),
        code(&incident.scope),
        code(&incident.told),
        code(&incident.status),
        code(&incident.action.family),
        text(incident.action.tactic.clone()),
        text(when.and_then(|when| when.earliest).map(|day| day.to_string())),
        text(when.and_then(|when| when.latest).map(|day| day.to_string())),
        text(place.map(|place| place.resolved.clone().unwrap_or_else(|| place.name.clone()))),
        text(place.map(|place| code(&place.precision))),
        text(place.and_then(|place| place.lat).map(|lat| lat.to_string())),
        text(place.and_then(|place| place.lon).map(|lon| lon.to_string())),
        text(place.and_then(|place| place.country.clone())),
        text(place.and_then(|place| place.admin1.clone())),
        text(place.and_then(|place| place.admin2.clone())),
        names(Role::Actor),
        names(Role::Recipient),
        killed_low,
        killed_high,
        killed_claims,
        killed_agreement,
        wounded_low,
        wounded_high,
        wounded_claims,
        wounded_agreement,
        review["decision"].as_str().unwrap_or_default().to_owned(),
        review["by"].as_str().unwrap_or_default().to_owned(),
        decided(&review["values"]),
        review["disputed"].as_bool().map_or_else(String::new, |disputed| disputed.to_string()),
        incident.supersedes.join("; "),
    ]
}

/// Least and greatest number of a figure, its claims, and how they agree.
fn toll(incident: &Incident, field: &str) -> [String; 4] {
    let claims: Vec<&Claim> = incident.claims.iter().filter(|claim| claim.field == field).collect();
    let bounds = claims.iter().filter_map(|claim| match claim.value {
        ClaimValue::Count { value, low, high, .. } => Some((low.or(value), high.or(value))),
        _ => None,
    });
    let bounds: Vec<_> = bounds.collect();
    let low = bounds.iter().filter_map(|(low, _)| *low).min();
    let high = bounds.iter().filter_map(|(_, high)| *high).max();
    let number = |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
    let agreement = incident.agreement.get(field).map(code).unwrap_or_default();
    [
        number(low),
        number(high),
        claims.iter().map(|claim| said(claim)).collect::<Vec<_>>().join("; "),
        agreement,
    ]
}

/// `14 (medical, Radio Gol)`.
fn said(claim: &Claim) -> String {
    let number = match &claim.value {
        ClaimValue::Count { value, low, high, operator, .. } => {
            let bound = |bound: Option<u64>| bound.map_or_else(String::new, |bound| bound.to_string());
            match value {
                Some(value) if low == high => value.to_string(),
                Some(value) => format!("{} {value}", code(operator).replace('_', " ")),
                None => format!("{}..{}", bound(*low), bound(*high)),
            }
        }
        _ => String::new(),
    };
    let publisher = claim.voice.publisher.as_deref().map(|name| format!(", {name}")).unwrap_or_default();
    format!("{number} ({}{publisher})", code(&claim.voice.kind))
}

/// `losses.killed=14; action.family=shelling`.
fn decided(values: &Value) -> String {
    let parts = values.as_object().into_iter().flatten();
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    parts.map(|(field, value)| format!("{field}={}", word(value))).collect::<Vec<_>>().join("; ")
}

/// A code as it is written in the record.
fn code(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
