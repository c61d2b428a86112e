//! One incident as one row of flat, typed columns: the columns of CSV and Parquet and the properties of
//! GeoJSON, with their documentation for the codebook.
//!
//! A figure has the least and the greatest number that any voice gives, every claim with its voice, and
//! how the claims agree; parts of figures are in `claims_json`.

use super::words::{value_text, voice_text};
use crate::{
    flat::{Cell, Type},
    neutral, words,
};
use casus_record::{Agreement, Claim, ClaimValue, Function, Incident, Review, Role, Where};
use serde::Serialize;

/// An incident as it is put into a row.
pub(crate) struct Row<'a> {
    incident: &'a Incident,
    place: Option<&'a Where>,
}

impl<'a> Row<'a> {
    /// `place`: the one of a feature; else the site.
    pub(crate) fn new(incident: &'a Incident, place: Option<&'a Where>) -> Row<'a> {
        let site = || incident.places.iter().find(|place| place.function == Function::Site);
        Row { incident, place: place.or_else(site).or(incident.places.first()) }
    }

    fn review(&self) -> Option<&'a Review> {
        self.incident.review.as_ref()
    }
}

/// A column: its name, its type, what it means, and how it is taken from an incident.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Type,
    pub(crate) about: &'static str,
    get: fn(&Row<'_>) -> Cell,
}

impl Column {
    /// The value in a row; text on one line.
    pub(crate) fn get(&self, row: &Row<'_>) -> Cell {
        match (self.get)(row) {
            Cell::Text(text) if self.kind == Type::Text => Cell::Text(neutral::line(&text)),
            cell => cell,
        }
    }
}

const fn column(name: &'static str, kind: Type, about: &'static str, get: fn(&Row<'_>) -> Cell) -> Column {
    Column { name, kind, about, get }
}

/// Every column, in order.
#[rustfmt::skip]
pub(crate) static COLUMNS: &[Column] = &[
    column("incident", Type::Text, "Id of the incident; it stays.", |r| r.incident.id.as_str().into()),
    column("events", Type::Integer, "Number of events that tell it.", |r| (r.incident.events.len() as u64).into()),
    column("sources", Type::Integer, "Number of independent sources.", |r| u64::from(r.incident.sources).into()),
    column("grade", Type::Text, "How well it is attested.", |r| words::code(&r.incident.grade).into()),
    column("scope", Type::Text, "incident, or aggregate: a total over several. Never add the two.", |r| words::code(&r.incident.scope).into()),
    column("told", Type::Text, "news, or background: every report only recalls it.", |r| words::code(&r.incident.told).into()),
    column("status", Type::Text, "What became of the action.", |r| words::code(&r.incident.status).into()),
    column("family", Type::Text, "Form of action.", |r| words::code(&r.incident.action.family).into()),
    column("tactic", Type::Text, "Code of the tactic.", |r| (&r.incident.action.tactic).into()),
    column("earliest", Type::Date, "First day on which it can have happened.", |r| r.incident.when.as_ref().and_then(|when| when.earliest).into()),
    column("latest", Type::Date, "Last day on which it can have happened, inclusive.", |r| r.incident.when.as_ref().and_then(|when| when.latest).into()),
    column("place", Type::Text, "The site: the gazetteer's name, else that of the text. In GeoJSON: the place of the feature.", |r| r.place.map(|place| place.resolved.as_deref().unwrap_or(&place.name)).into()),
    column("precision", Type::Text, "How finely the place is known.", |r| r.place.map(|place| words::code(&place.precision)).into()),
    column("latitude", Type::Float, "Latitude in degrees, WGS 84; empty if the place is not resolved.", |r| r.place.and_then(|place| place.lat).into()),
    column("longitude", Type::Float, "Longitude in degrees, WGS 84.", |r| r.place.and_then(|place| place.lon).into()),
    column("country", Type::Text, "ISO 3166-1 alpha-2 code of the country.", |r| r.place.and_then(|place| place.country.as_deref()).into()),
    column("admin1", Type::Text, "First-order division.", |r| r.place.and_then(|place| place.admin1.as_deref()).into()),
    column("admin2", Type::Text, "Second-order division.", |r| r.place.and_then(|place| place.admin2.as_deref()).into()),
    column("actors", Type::Text, "Names of those who acted, joined by \"; \".", |r| names(r, Role::Actor)),
    column("recipients", Type::Text, "Names of those it was done to, joined by \"; \".", |r| names(r, Role::Recipient)),
    column("killed_low", Type::Integer, "Least number killed that any voice gives.", |r| low(r, "losses.killed")),
    column("killed_high", Type::Integer, "Greatest number killed that any voice gives.", |r| high(r, "losses.killed")),
    column("killed_claims", Type::Text, "Every claim with its voice, joined by \"; \".", |r| claims(r, "losses.killed")),
    column("killed_agreement", Type::Text, "How the claims lie to each other: agree, range, conflict, single.", |r| agreement(r, "losses.killed")),
    column("wounded_low", Type::Integer, "Least number wounded that any voice gives.", |r| low(r, "losses.wounded")),
    column("wounded_high", Type::Integer, "Greatest number wounded that any voice gives.", |r| high(r, "losses.wounded")),
    column("wounded_claims", Type::Text, "Every claim with its voice, joined by \"; \".", |r| claims(r, "losses.wounded")),
    column("wounded_agreement", Type::Text, "How the claims lie to each other.", |r| agreement(r, "losses.wounded")),
    column("in_conflict", Type::Text, "Fields with claims that cannot all be true, joined by \"; \".", |r| conflicts(r.incident)),
    column("review", Type::Text, "The last decision of a person: accepted, edited, merged, split.", |r| r.review().map(|review| words::code(&review.decision)).into()),
    column("reviewed_by", Type::Text, "Who decided.", |r| r.review().map(|review| review.by.as_str()).into()),
    column("decided", Type::Text, "What people set, as in losses.killed=14, joined by \"; \".", |r| r.review().map(decided).into()),
    column("disputed", Type::Boolean, "Whether coders differ and nobody has adjudicated; empty if nobody decided.", |r| r.review().map_or(Cell::Null, |review| Cell::Boolean(review.disputed))),
    column("supersedes", Type::Text, "Ids of incidents that went into this one or that it was parted from, joined by \"; \".", |r| r.incident.supersedes.join("; ").into()),
    column("cohesion", Type::Float, "Probability that all its events tell one occurrence, 0 to 1.", |r| r.incident.cohesion.into()),
    column("event_ids", Type::Text, "Ids of the events, joined by \"; \", the one published first in front.", |r| r.incident.events.join("; ").into()),
    column("claims_json", Type::Json, "`claims` of the record.", |r| json(&r.incident.claims)),
    column("parties_json", Type::Json, "`parties` of the record.", |r| json(&r.incident.parties)),
];

fn names(row: &Row<'_>, role: Role) -> Cell {
    let own = row.incident.participants.iter().filter(|party| party.role == role);
    own.map(|party| party.name.as_str()).collect::<Vec<_>>().join("; ").into()
}

fn of<'a>(row: &Row<'a>, field: &'a str) -> impl Iterator<Item = &'a Claim> {
    row.incident.claims.iter().filter(move |claim| claim.field == field)
}

fn low(row: &Row<'_>, field: &str) -> Cell {
    let low = |claim: &Claim| match claim.value {
        ClaimValue::Count { value, low, .. } => low.or(value),
        _ => None,
    };
    of(row, field).filter_map(low).min().into()
}

fn high(row: &Row<'_>, field: &str) -> Cell {
    let high = |claim: &Claim| match claim.value {
        ClaimValue::Count { value, high, .. } => high.or(value),
        _ => None,
    };
    of(row, field).filter_map(high).max().into()
}

/// `14 (Aru hospital in Radio Gol); 17 or more (state in Gol Times)`.
fn claims(row: &Row<'_>, field: &str) -> Cell {
    let said =
        of(row, field).map(|claim| format!("{} ({})", value_text(&claim.value), voice_text(&claim.voice)));
    said.collect::<Vec<_>>().join("; ").into()
}

fn agreement(row: &Row<'_>, field: &str) -> Cell {
    row.incident.agreement.get(field).map(words::code).into()
}

fn conflicts(incident: &Incident) -> Cell {
    let fields = incident.agreement.iter().filter(|(_, agreement)| **agreement == Agreement::Conflict);
    fields.map(|(field, _)| field.as_str()).collect::<Vec<_>>().join("; ").into()
}

fn decided(review: &Review) -> String {
    let word = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    review
        .values
        .iter()
        .map(|(field, value)| format!("{field}={}", word(value)))
        .collect::<Vec<_>>()
        .join("; ")
}

fn json(value: &impl Serialize) -> Cell {
    serde_json::to_string(value).unwrap_or_default().into()
}
