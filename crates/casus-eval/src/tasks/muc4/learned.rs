//! MUC-4 templates from the incidents that the learned reader saw: who and what from its spans, which were
//! learned from keys of this task; when and where from the event that tells the incident.

use super::{collapse, date, instrument_type, location};
use casus_engine::{
    Date, Event, Operator, Status, Traced,
    reader::{Incident, LearnedSpan, Part, likeliest},
};
use serde_json::{Value, json};

/// Reports that the model thinks less relevant than this have no template.
const RELEVANT: f32 = 0.1;

/// Persons described are taken from this on.
const DESCRIBED: f32 = 0.3;

pub(super) fn templates(traced: &Traced<'_>, published: Option<Date>, country: Option<&str>) -> Vec<Value> {
    if traced.learned.relevant < RELEVANT {
        return Vec::new();
    }
    let told = traced.learned.incidents.iter().zip(&traced.told.draft_of);
    told.filter_map(|(incident, draft)| {
        let event = draft.and_then(|draft| traced.reading.events.get(draft));
        if event.is_some_and(|event| event.status == Status::Denied) {
            return None;
        }
        Some(Template { traced, incident, event, published, country }.value())
    })
    .collect()
}

struct Template<'a> {
    traced: &'a Traced<'a>,
    incident: &'a Incident,
    event: Option<&'a Event>,
    published: Option<Date>,
    country: Option<&'a str>,
}

impl Template<'_> {
    /// The entities of a part, each as its spans of that part, the surest first.
    fn of(&self, parts: &[Part]) -> Vec<Vec<&LearnedSpan>> {
        let entities = self.incident.entities.iter().map(|entity| {
            let spans = entity.iter().map(|&span| &self.traced.learned.spans[span]);
            spans.filter(|span| parts.contains(&span.part)).collect::<Vec<_>>()
        });
        entities.filter(|entity| !entity.is_empty()).collect()
    }

    fn words(&self, span: &LearnedSpan) -> String {
        collapse(self.traced.document.slice(span.span))
    }

    /// One mention an entity, each once.
    fn names(&self, part: Part) -> Vec<Vec<String>> {
        let mut names: Vec<Vec<String>> = Vec::new();
        for entity in self.of(&[part]) {
            let name = vec![self.words(entity[0])];
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn all(&self, entity: &[&LearnedSpan]) -> Vec<String> {
        entity.iter().map(|span| self.words(span)).collect()
    }

    fn number(&self, entity: &[&LearnedSpan]) -> Value {
        let counts = &self.traced.mentions.counts;
        let count = entity.iter().find_map(|span| {
            // The number stands in the words or just before them.
            counts.iter().find(|count| {
                count.span.overlaps(span.span)
                    || count.span.end <= span.span.start && span.span.start - count.span.end <= 1
            })
        });
        let plural =
            entity.iter().any(|span| span.part != Part::VictimName && self.words(span).ends_with('s'));
        let Some(count) = count.map(|count| &count.count) else {
            return json!(if plural { "PLURAL" } else { "1" });
        };
        match (count.operator, count.value) {
            (Operator::About, Some(value)) => json!(format!("~{value}")),
            (Operator::AtLeast | Operator::MoreThan, _) => json!(format!("{}-", count.low.unwrap_or(2))),
            (_, Some(value)) => json!(value.to_string()),
            _ => json!("PLURAL"),
        }
    }

    fn value(&self) -> Value {
        let perpetrators = [Part::PerpetratorPerson, Part::PerpetratorGroup];
        let spans: Vec<&LearnedSpan> =
            self.incident.entities.iter().flatten().map(|&span| &self.traced.learned.spans[span]).collect();
        let actors: Vec<&LearnedSpan> =
            spans.iter().copied().filter(|span| perpetrators.contains(&span.part)).collect();
        let people: Vec<Value> = self
            .of(&[Part::VictimName, Part::Victim])
            .iter()
            .filter(|entity| {
                entity.iter().any(|span| span.part == Part::VictimName || span.sure >= DESCRIBED)
            })
            .map(|entity| {
                let mut value = json!({
                    "mentions": self.all(entity),
                    "type": likeliest(entity.iter().copied(), "person"),
                    "number": self.number(entity),
                });
                if let Some(harm) = likeliest(entity.iter().copied(), "harm").filter(|&harm| harm != "none") {
                    value["effect"] = json!(harm);
                }
                value
            })
            .collect();
        let things: Vec<Value> = self
            .of(&[Part::Target])
            .iter()
            .map(|entity| {
                let mut value = json!({
                    "mentions": self.all(entity),
                    "type": likeliest(entity.iter().copied(), "thing"),
                    "number": self.number(entity),
                });
                if let Some(damage) =
                    likeliest(entity.iter().copied(), "damage").filter(|&damage| damage != "none")
                {
                    value["effect"] = json!(damage);
                }
                value
            })
            .collect();
        let organisations: Vec<Value> = self
            .of(&[Part::PerpetratorGroup])
            .iter()
            .map(|entity| json!({ "mentions": self.all(entity), "confidence": likeliest(entity.iter().copied(), "blame") }))
            .collect();
        let weapons: Vec<Value> = self
            .of(&[Part::Weapon])
            .iter()
            .map(|entity| {
                let known = &self.traced.mentions.weapons;
                let kind = entity.iter().find_map(|span| {
                    known.iter().find(|weapon| weapon.span.overlaps(span.span))?.weapon.as_deref()
                });
                json!({ "mentions": self.all(entity), "type": kind.map(instrument_type) })
            })
            .collect();
        json!({
            "incident_type": self.incident.event,
            "PerpInd": self.names(Part::PerpetratorPerson),
            "PerpOrg": self.names(Part::PerpetratorGroup),
            "Target": self.names(Part::Target),
            "Victim": self.names(Part::VictimName),
            "Weapon": self.names(Part::Weapon),
            "date": self.event.map_or_else(
                || json!({ "start": null, "end": self.published }),
                |event| date(event, self.published),
            ),
            "location": self.location(),
            "stage": likeliest(spans, "stage"),
            "perp_category": likeliest(actors, "state").unwrap_or("TERRORIST ACT"),
            "perp_orgs": organisations,
            "human_targets": people,
            "physical_targets": things,
            "instruments": weapons,
        })
    }

    fn location(&self) -> Vec<String> {
        let mut chain = match self.event {
            Some(event) => location(event, self.country),
            None => self.country.and_then(super::country_name).map(str::to_owned).into_iter().collect(),
        };
        // The surest place that the model gives this incident; else that of the event.
        let entities = self.of(&[Part::Place]);
        let sure = |entity: &[&LearnedSpan]| entity.iter().map(|span| span.sure).fold(0.0, f32::max);
        if let Some(place) = entities.iter().max_by(|a, b| sure(a).total_cmp(&sure(b))) {
            chain.truncate(1);
            chain.push(self.words(place[0]));
        }
        chain
    }
}
