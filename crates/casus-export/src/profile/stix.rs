//! STIX 2.1: one bundle with an `incident` an event, an `identity` a party, a `location` a place, and the
//! relationships between them.
//!
//! Ids are UUIDs of version 5, so that the same record gives the same bundle. STIX wants times of creation:
//! these are the day of publication, not a clock. Numbers stand in the extension `x_casus` of the incident.

use super::row::Row;
use crate::words;
use casus_record::{Date, LossOutcome, Participant, Role};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use sha1::{Digest, Sha1};
use std::io::{self, Write as _};

/// A UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Uuid([u8; 16]);

impl Uuid {
    /// The namespace of names that are URLs (RFC 9562, section 6.6).
    const OF_URLS: Uuid = Uuid(0x6ba7_b811_9dad_11d1_80b4_00c0_4fd4_30c8_u128.to_be_bytes());

    /// Version 5: the SHA-1 of a name in a namespace (RFC 9562, section 5.5).
    fn of(namespace: Uuid, name: &[u8]) -> Uuid {
        let hash: [u8; 20] = Sha1::new().chain_update(namespace.0).chain_update(name).finalize().into();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        bytes[6] = bytes[6] & 0x0f | 0x50;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        Uuid(bytes)
    }

    fn push(self, out: &mut Vec<u8>) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b'-'; 36];
        let mut at = 0;
        for (index, byte) in self.0.into_iter().enumerate() {
            at += usize::from(matches!(index, 4 | 6 | 8 | 10));
            text[at] = DIGITS[usize::from(byte >> 4)];
            text[at + 1] = DIGITS[usize::from(byte & 15)];
            at += 2;
        }
        out.extend_from_slice(&text);
    }
}

/// An object of a kind: `incident--…`.
#[derive(Debug, Clone, Copy)]
struct Id {
    kind: &'static str,
    uuid: Uuid,
}

impl Id {
    fn push(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.kind.as_bytes());
        out.extend_from_slice(b"--");
        self.uuid.push(out);
    }
}

#[derive(Serialize)]
struct Location<'o> {
    name: &'o str,
    latitude: f64,
    longitude: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'o str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    administrative_area: Option<&'o str>,
}

#[derive(Serialize)]
struct Identity<'o> {
    name: &'o str,
    identity_class: &'static str,
    roles: [&'o str; 1],
}

#[derive(Serialize)]
struct Incident<'o> {
    name: &'o str,
    description: &'o str,
    confidence: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_references: Option<[Reference<'o>; 1]>,
    x_casus: Own<'o>,
}

#[derive(Serialize)]
struct Reference<'o> {
    source_name: &'o str,
    url: &'o str,
}

/// What STIX has no field for.
#[derive(Serialize)]
struct Own<'o> {
    event_id: &'o str,
    scope: casus_record::Scope,
    status: casus_record::Status,
    family: casus_record::Family,
    #[serde(skip_serializing_if = "Option::is_none")]
    tactic: Option<&'o str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earliest: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    killed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wounded: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    abducted: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    displaced: Option<u64>,
}

/// Makes the objects of a bundle, each once.
#[derive(Debug)]
pub(crate) struct Bundle {
    namespace: Uuid,
    seen: FxHashSet<Uuid>,
    /// Ids of places and parties by their keys: most stand in many events, and a hash costs more than a look.
    known: FxHashMap<Vec<u8>, Uuid>,
    maker: Id,
    /// The key at hand, from which an id is made.
    key: Vec<u8>,
}

impl Bundle {
    pub(crate) fn new() -> Bundle {
        // Namespace of casus's ids: the name `casus-event` in the namespace of URLs.
        let namespace = Uuid::of(Uuid::OF_URLS, b"casus-event");
        Bundle {
            namespace,
            seen: FxHashSet::default(),
            known: FxHashMap::default(),
            maker: Id { kind: "identity", uuid: Uuid::of(namespace, b"maker") },
            key: Vec::new(),
        }
    }

    /// Begins a bundle: its own fields, and what made the objects.
    pub(crate) fn begin(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"type\":\"bundle\",\"id\":\"");
        Id { kind: "bundle", uuid: Uuid::of(self.namespace, b"bundle") }.push(out);
        out.extend_from_slice(b"\",\"objects\":[\n{\"type\":\"identity\",\"spec_version\":\"2.1\",\"id\":\"");
        self.maker.push(out);
        let made = instant(None);
        for (name, value) in
            [("created", &*made), ("modified", &made), ("name", "casus"), ("identity_class", "system")]
        {
            for part in ["\",\"", name, "\":\"", value] {
                out.extend_from_slice(part.as_bytes());
            }
        }
        out.extend_from_slice(b"\"}");
    }

    /// Writes the objects of a row that the bundle does not have yet, each behind a comma.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub(crate) fn objects(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let event = row.event;
        let made = instant(event.report.published);
        self.key.clear();
        self.key.extend_from_slice(b"incident/");
        self.key.extend_from_slice(event.id.as_bytes());
        let incident = Id { kind: "incident", uuid: Uuid::of(self.namespace, &self.key) };
        if self.seen.insert(incident.uuid) {
            let name = words::spaced(&words::code(&event.action.family));
            let description = super::row::composed(row, &name);
            self.object(out, incident, &made, &incident_of(row, &name, &description))?;
        }
        if let (Some(place), Some((latitude, longitude))) = (row.place, row.point()) {
            let name = place.resolved.as_deref().unwrap_or(&place.name);
            self.key.clear();
            write!(self.key, "location/{name}/{latitude}/{longitude}")?;
            let own = || Location {
                name,
                latitude,
                longitude,
                country: place.country.as_deref(),
                administrative_area: place.admin1.as_deref(),
            };
            let id = self.shared(out, "location", &made, own)?;
            self.relate(out, [incident, id], "located-at", "", &made);
        }
        for party in row.facts.a.iter().chain(&row.facts.b) {
            let name = row.party_name(party);
            self.key.clear();
            for part in ["identity/", &party.class, "/", &name] {
                self.key.extend_from_slice(part.as_bytes());
            }
            let id = self.shared(out, "identity", &made, || identity(party, &name))?;
            self.relate(out, [incident, id], "related-to", role(party.role), &made);
        }
        Ok(())
    }

    /// The id of what several events may name, by the key at hand; writes it if it is new.
    fn shared<T: Serialize>(
        &mut self,
        out: &mut Vec<u8>,
        kind: &'static str,
        made: &str,
        own: impl FnOnce() -> T,
    ) -> io::Result<Id> {
        if let Some(&uuid) = self.known.get(&self.key) {
            return Ok(Id { kind, uuid });
        }
        let id = Id { kind, uuid: Uuid::of(self.namespace, &self.key) };
        self.known.insert(self.key.clone(), id.uuid);
        self.object(out, id, made, &own())?;
        Ok(id)
    }

    fn relate(&mut self, out: &mut Vec<u8>, [from, to]: [Id; 2], kind: &str, role: &str, made: &str) {
        self.key.clear();
        self.key.extend_from_slice(b"relationship/");
        from.push(&mut self.key);
        for part in ["/", kind, "/"] {
            self.key.extend_from_slice(part.as_bytes());
        }
        to.push(&mut self.key);
        self.key.push(b'/');
        self.key.extend_from_slice(role.as_bytes());
        let id = Id { kind: "relationship", uuid: Uuid::of(self.namespace, &self.key) };
        if !self.seen.insert(id.uuid) {
            return;
        }
        // Nothing here has a character that JSON escapes.
        out.extend_from_slice(b",\n{\"relationship_type\":\"");
        out.extend_from_slice(kind.as_bytes());
        out.extend_from_slice(b"\",\"source_ref\":\"");
        from.push(out);
        out.extend_from_slice(b"\",\"target_ref\":\"");
        to.push(out);
        if !role.is_empty() {
            out.extend_from_slice(b"\",\"description\":\"");
            out.extend_from_slice(role.as_bytes());
        }
        out.push(b'"');
        self.close(out, id, made);
    }

    fn object(&self, out: &mut Vec<u8>, id: Id, made: &str, own: &impl Serialize) -> io::Result<()> {
        out.extend_from_slice(b",\n");
        serde_json::to_writer(&mut *out, own)?;
        // What all objects have goes on behind the own fields.
        out.pop();
        self.close(out, id, made);
        Ok(())
    }

    /// The fields that all objects have, behind those of their kind.
    fn close(&self, out: &mut Vec<u8>, id: Id, made: &str) {
        out.extend_from_slice(b",\"type\":\"");
        out.extend_from_slice(id.kind.as_bytes());
        out.extend_from_slice(b"\",\"spec_version\":\"2.1\",\"id\":\"");
        id.push(out);
        out.extend_from_slice(b"\",\"created_by_ref\":\"");
        self.maker.push(out);
        out.extend_from_slice(b"\",\"created\":\"");
        out.extend_from_slice(made.as_bytes());
        out.extend_from_slice(b"\",\"modified\":\"");
        out.extend_from_slice(made.as_bytes());
        out.extend_from_slice(b"\"}");
    }
}

fn incident_of<'o>(row: &'o Row<'_>, name: &'o str, description: &'o str) -> Incident<'o> {
    let event = row.event;
    let when = event.when.as_ref();
    let url = event.report.url.as_deref();
    Incident {
        name,
        description,
        confidence: (event.confidence.clamp(0.0, 1.0) * 100.0).round() as u8,
        external_references: url.map(|url| {
            [Reference { source_name: event.report.publisher.as_deref().unwrap_or("report"), url }]
        }),
        x_casus: Own {
            event_id: &event.id,
            scope: event.scope,
            status: event.status,
            family: event.action.family,
            tactic: event.action.tactic.as_deref(),
            earliest: when.and_then(|when| when.earliest),
            latest: when.and_then(|when| when.latest),
            killed: row.total(LossOutcome::Killed).best,
            wounded: row.total(LossOutcome::Wounded).best,
            abducted: row.total(LossOutcome::Abducted).best,
            displaced: row.total(LossOutcome::Displaced).best,
        },
    }
}

fn identity<'o>(party: &'o Participant, name: &'o str) -> Identity<'o> {
    use casus_record::ParticipantKind as Kind;
    let identity_class = match party.kind {
        Kind::Person => "individual",
        Kind::Population => "class",
        _ if party.register.is_some() => "organization",
        _ => "group",
    };
    Identity { name, identity_class, roles: [&party.class] }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9562, appendix A.4.
    #[test]
    fn ids_are_uuids_of_version_5() {
        let of_names = Uuid(0x6ba7_b810_9dad_11d1_80b4_00c0_4fd4_30c8_u128.to_be_bytes());
        let mut text = Vec::new();
        Uuid::of(of_names, b"www.example.com").push(&mut text);
        assert_eq!(String::from_utf8_lossy(&text), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    }
}
