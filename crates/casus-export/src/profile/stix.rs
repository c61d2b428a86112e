//! STIX 2.1: one bundle with an `incident` an event, an `identity` a party, a `location` a place, and the
//! relationships between them.
//!
//! Ids are UUIDs of version 5, so that the same record gives the same bundle. STIX wants times of creation:
//! these are the day of publication, not a clock. Numbers stand in the extension `x_casus` of the incident.

use super::row::Row;
use casus_record::{Date, LossOutcome, Participant, Role};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Namespace of casus's ids in STIX: version 5 of the name `casus-event` in the namespace of URLs.
fn namespace() -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, b"casus-event")
}

/// Makes the objects of a bundle, each once.
#[derive(Debug)]
pub(crate) struct Bundle {
    namespace: Uuid,
    seen: BTreeSet<Uuid>,
    maker: String,
}

impl Bundle {
    pub(crate) fn new() -> Bundle {
        let namespace = namespace();
        let maker = format!("identity--{}", Uuid::new_v5(&namespace, b"maker"));
        Bundle { namespace, seen: BTreeSet::new(), maker }
    }

    /// Id of the bundle.
    pub(crate) fn id(&self) -> String {
        format!("bundle--{}", Uuid::new_v5(&self.namespace, b"bundle"))
    }

    /// What made the objects.
    pub(crate) fn maker(&self) -> Value {
        json!({
            "type": "identity", "spec_version": "2.1", "id": self.maker,
            "created": instant(None), "modified": instant(None),
            "name": "casus", "identity_class": "system",
        })
    }

    /// The objects of a row that the bundle does not have yet.
    pub(crate) fn objects(&mut self, row: &Row<'_>) -> Vec<Value> {
        let mut out = Vec::new();
        let event = row.event;
        let made = instant(event.report.published);
        let incident = self.add(&mut out, "incident", &event.id, &made, || incident(row));
        if let (Some(place), Some((lat, lon))) = (row.place, row.point()) {
            let name = place.resolved.as_deref().unwrap_or(&place.name);
            let key = format!("{name}/{lat}/{lon}");
            let id = self.add(&mut out, "location", &key, &made, || {
                let mut object = Map::new();
                object.insert("name".to_owned(), name.into());
                object.insert("latitude".to_owned(), lat.into());
                object.insert("longitude".to_owned(), lon.into());
                if let Some(iso2) = &place.country {
                    object.insert("country".to_owned(), iso2.as_str().into());
                }
                if let Some(admin1) = &place.admin1 {
                    object.insert("administrative_area".to_owned(), admin1.as_str().into());
                }
                object
            });
            self.relate(&mut out, &incident, "located-at", &id, "", &made);
        }
        for party in row.facts.a.iter().chain(&row.facts.b) {
            let name = row.party_name(party);
            let key = format!("{}/{name}", party.class);
            let id = self.add(&mut out, "identity", &key, &made, || identity(party, &name));
            self.relate(&mut out, &incident, "related-to", &id, role(party.role), &made);
        }
        out
    }

    fn add(
        &mut self,
        out: &mut Vec<Value>,
        kind: &str,
        key: &str,
        made: &str,
        object: impl FnOnce() -> Map<String, Value>,
    ) -> String {
        let uuid = Uuid::new_v5(&self.namespace, format!("{kind}/{key}").as_bytes());
        let id = format!("{kind}--{uuid}");
        if self.seen.insert(uuid) {
            let mut object = object();
            let head = [
                ("type", kind),
                ("spec_version", "2.1"),
                ("id", &id),
                ("created_by_ref", &self.maker),
                ("created", made),
                ("modified", made),
            ];
            for (name, value) in head {
                object.insert(name.to_owned(), value.into());
            }
            out.push(object.into());
        }
        id
    }

    fn relate(&mut self, out: &mut Vec<Value>, from: &str, kind: &str, to: &str, role: &str, made: &str) {
        let key = format!("{from}/{kind}/{to}/{role}");
        self.add(out, "relationship", &key, made, || {
            let mut object = Map::new();
            object.insert("relationship_type".to_owned(), kind.into());
            object.insert("source_ref".to_owned(), from.into());
            object.insert("target_ref".to_owned(), to.into());
            if !role.is_empty() {
                object.insert("description".to_owned(), role.into());
            }
            object
        });
    }
}

fn incident(row: &Row<'_>) -> Map<String, Value> {
    let event = row.event;
    let kind = crate::words::spaced(&crate::words::code(&event.action.family));
    let mut own = Map::new();
    let mut add = |name: &str, value: Value| drop(own.insert(name.to_owned(), value));
    add("event_id", event.id.as_str().into());
    add("scope", crate::words::code(&event.scope).into());
    add("status", crate::words::code(&event.status).into());
    add("family", crate::words::code(&event.action.family).into());
    if let Some(tactic) = &event.action.tactic {
        add("tactic", tactic.as_str().into());
    }
    if let Some(when) = &event.when {
        for (name, date) in [("earliest", when.earliest), ("latest", when.latest)] {
            if let Some(date) = date {
                add(name, date.to_string().into());
            }
        }
    }
    for (name, outcome) in [
        ("killed", LossOutcome::Killed),
        ("wounded", LossOutcome::Wounded),
        ("abducted", LossOutcome::Abducted),
        ("displaced", LossOutcome::Displaced),
    ] {
        if let Some(number) = row.total(outcome).best {
            add(name, number.into());
        }
    }
    let mut object = Map::new();
    object.insert("name".to_owned(), kind.as_str().into());
    object.insert("description".to_owned(), super::row::composed(row, &kind).into());
    object.insert("confidence".to_owned(), ((event.confidence.clamp(0.0, 1.0) * 100.0).round() as u8).into());
    if let Some(url) = &event.report.url {
        let source = event.report.publisher.as_deref().unwrap_or("report");
        object.insert("external_references".to_owned(), json!([{"source_name": source, "url": url}]));
    }
    object.insert("x_casus".to_owned(), own.into());
    object
}

fn identity(party: &Participant, name: &str) -> Map<String, Value> {
    use casus_record::ParticipantKind as Kind;
    let class = match party.kind {
        Kind::Person => "individual",
        Kind::Population => "class",
        _ if party.register.is_some() => "organization",
        _ => "group",
    };
    let mut object = Map::new();
    object.insert("name".to_owned(), name.into());
    object.insert("identity_class".to_owned(), class.into());
    object.insert("roles".to_owned(), json!([party.class]));
    object
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::Actor => "actor",
        Role::Recipient => "recipient",
        Role::Associate => "associate",
        Role::Host => "host",
        Role::Mediator => "mediator",
    }
}

/// Midnight of a day as STIX writes it; the beginning of its calendar if there is none.
fn instant(date: Option<Date>) -> String {
    match date {
        Some(date) => format!("{date}T00:00:00.000Z"),
        None => "1970-01-01T00:00:00.000Z".to_owned(),
    }
}
