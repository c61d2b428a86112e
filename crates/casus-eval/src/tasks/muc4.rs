//! MUC-4 templates from events: what the task's definition (template-doc v7) calls a relevant
//! terrorist incident, in the slots of its keys.
//!
//! The definition leaves out clashes between armed groups and the military, attacks on military
//! targets alone, generic and summary descriptions, and what happened more than two months ago.

use anyhow::{Context, Result};
use casus_engine::{
    AttributionStatus, Casus, Date, Effect, Event, Family, LossOutcome, Operator, Participant,
    ParticipantKind, PlaceKind, Profile, Report, Role, Scope, Status, Told,
};
use serde_json::{Value, json};

mod learned;

/// The task counts what happened up to two months before the report.
const RECENT_DAYS: i32 = 62;

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    let docid = document["docid"].as_str().context("no docid")?;
    let text = document["text"].as_str().context("no text")?;
    let published = document["dateline_date"].as_str().and_then(|date| date.parse::<Date>().ok());
    let report = Report { id: docid.to_owned(), text: text.to_owned(), published, ..Report::default() };
    let traced = casus.read_traced(&report);
    let country = traced.mentions.places.iter().find_map(|p| p.best.as_ref().and_then(|c| c.country.clone()));
    let templates: Vec<Value> = if traced.learned.spans.is_empty() && casus.profile() == Profile::Fast {
        let events = traced.reading.events.iter().filter(|event| relevant(event, published));
        events.map(|event| template(&report, event, published, country.as_deref())).collect()
    } else {
        learned::templates(&traced, published, country.as_deref())
    };
    Ok(json!({ "docid": docid, "templates": templates }))
}

fn incident_type(event: &Event) -> Option<&'static str> {
    Some(match event.action.family {
        Family::Attack | Family::ArmedClash | Family::Execution | Family::Threat => "attack",
        Family::Explosion | Family::AirStrike | Family::Chemical => "bombing",
        Family::Shelling => "bombing",
        Family::Abduction => "kidnapping",
        Family::PropertyDestruction if event.action.tactic.as_deref() == Some("arson") => "arson",
        Family::PropertyDestruction => "attack",
        Family::Looting => "robbery",
        _ => return None,
    })
}

fn relevant(event: &Event, published: Option<Date>) -> bool {
    if incident_type(event).is_none() || event.scope == Scope::Aggregate || event.status == Status::Denied {
        return false;
    }
    if let (Some(published), Some(latest)) = (published, event.when.as_ref().and_then(|w| w.latest))
        && (published - latest).get_days() > RECENT_DAYS
    {
        return false;
    }
    if event.told == Told::Background && event.when.as_ref().is_none_or(|w| w.latest.is_none()) {
        return false;
    }
    let targets: Vec<&Participant> =
        event.participants.iter().filter(|p| p.role == Role::Recipient).collect();
    let military = |class: &str, target: Option<&str>| {
        matches!(
            class,
            "state_military"
                | "rebel"
                | "armed_group_unspecified"
                | "political_militia"
                | "criminal"
                | "foreign_military"
                | "state_police"
        ) || matches!(target, Some("military" | "armed_group"))
    };
    let soft = targets.iter().any(|p| {
        !military(&p.class, p.target_type.as_deref())
            && (p.class != "unknown" || p.kind != ParticipantKind::Population)
    }) || event.losses.iter().any(|l| !military(&l.who.class, None) && l.who.class != "unknown");
    if soft {
        return true;
    }
    // No target at all: a bombing is still an incident; a clash or bare attack is not specific.
    targets.is_empty() && event.losses.is_empty() && event.action.family == Family::Explosion
        || targets.is_empty()
            && event.losses.iter().any(|l| l.who.class == "unknown")
            && event.action.family != Family::ArmedClash
}

fn words<'r>(report: &'r Report, p: &Participant) -> Vec<&'r str> {
    p.mentions
        .iter()
        .map(|span| report.text[span.range()].trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|w| !w.is_empty())
        .collect()
}

/// Names: persons named, not described.
fn named(p: &Participant) -> bool {
    p.kind == ParticipantKind::Person && p.attributes_named()
}

trait Named {
    fn attributes_named(&self) -> bool;
}

impl Named for Participant {
    /// A name has two words or more, or is the surname of one; descriptions carry a class of their own.
    fn attributes_named(&self) -> bool {
        self.name.split_whitespace().count() >= 2 && self.count.is_none()
    }
}

fn template(report: &Report, event: &Event, published: Option<Date>, country: Option<&str>) -> Value {
    let one = |p: &Participant| -> Vec<String> {
        words(report, p).first().map(|w| collapse(w)).into_iter().collect()
    };
    let actors = || event.participants.iter().filter(|p| p.role == Role::Actor);
    let recipients = || event.participants.iter().filter(|p| p.role == Role::Recipient);
    let organisation = |p: &&Participant| p.register.is_some();
    let thing = |p: &&Participant| {
        matches!(
            p.kind,
            ParticipantKind::Facility | ParticipantKind::Vehicle | ParticipantKind::Infrastructure
        )
    };
    let person = |p: &&Participant| {
        !matches!(
            p.kind,
            ParticipantKind::Facility | ParticipantKind::Vehicle | ParticipantKind::Infrastructure
        )
    };
    let lists = |items: Vec<Vec<String>>| -> Vec<Vec<String>> {
        items.into_iter().filter(|i| !i.is_empty()).collect()
    };
    let perp_ind = lists(actors().filter(|p| !organisation(p)).map(one).collect());
    let perp_org = lists(actors().filter(organisation).map(one).collect());
    let target = lists(recipients().filter(thing).map(one).collect());
    let victim = lists(recipients().filter(person).filter(|p| named(p)).map(one).collect());
    let weapons: Vec<(Vec<String>, &str)> = event
        .action
        .weapons
        .iter()
        .filter(|w| {
            report.text[w.evidence[0].range()].chars().any(char::is_alphabetic)
                && event.action.triggers.iter().all(|t| !t.overlaps(w.evidence[0]))
        })
        .map(|w| (vec![collapse(&w.mention)], instrument_type(&w.kind)))
        .collect();
    let attempted = matches!(event.status, Status::Attempted | Status::Foiled);
    let stage = if attempted {
        "ATTEMPTED"
    } else if matches!(event.status, Status::Threatened | Status::Planned) {
        "THREATENED"
    } else {
        "ACCOMPLISHED"
    };
    let state = actors().any(|p| p.class.starts_with("state_"));
    let humans: Vec<Value> = recipients()
        .filter(person)
        .map(|p| {
            let loss = event.losses.iter().find(|l| l.evidence.iter().any(|e| p.evidence.iter().chain(&p.mentions).any(|m| m.overlaps(*e))));
            let effect = loss.map(|l| match l.outcome.first() {
                Some(LossOutcome::Killed) => "DEATH",
                Some(LossOutcome::Wounded) => "INJURY",
                Some(LossOutcome::Freed) => "REGAINED FREEDOM",
                _ => "",
            });
            let mut value = json!({ "mentions": words(report, p).iter().map(|w| collapse(w)).collect::<Vec<_>>(), "type": human_type(p), "number": number(p) });
            if let Some(effect) = effect.filter(|e| !e.is_empty()) {
                value["effect"] = json!(effect);
            }
            value
        })
        .collect();
    let things: Vec<Value> = recipients()
        .filter(thing)
        .map(|p| {
            let mut value = json!({ "mentions": one(p), "type": physical_type(p), "number": number(p) });
            if let Some(effect) = p.effect {
                value["effect"] = json!(match effect {
                    Effect::Destroyed => "DESTROYED",
                    Effect::Damaged => "SOME DAMAGE",
                    Effect::None => "NO DAMAGE",
                });
            } else if matches!(event.action.family, Family::Explosion) && !attempted {
                value["effect"] = json!("SOME DAMAGE");
            }
            value
        })
        .collect();
    let organisations: Vec<Value> = actors()
        .filter(organisation)
        .map(|p| {
            let confidence = match p.attributions.first().map(|a| a.status) {
                Some(AttributionStatus::Suspected) => "SUSPECTED OR ACCUSED",
                Some(AttributionStatus::Claimed) => "CLAIMED OR ADMITTED",
                _ => "REPORTED AS FACT",
            };
            json!({ "mentions": one(p), "confidence": confidence })
        })
        .collect();
    json!({
        "incident_type": incident_type(event),
        "PerpInd": perp_ind,
        "PerpOrg": perp_org,
        "Target": target,
        "Victim": victim,
        "Weapon": weapons.iter().map(|(mentions, _)| mentions).collect::<Vec<_>>(),
        "date": date(event, published),
        "location": location(event, country),
        "stage": stage,
        "perp_category": if perp_ind.is_empty() && perp_org.is_empty() && !state { Some("TERRORIST ACT") } else if state { Some("STATE-SPONSORED VIOLENCE") } else { Some("TERRORIST ACT") },
        "perp_orgs": organisations,
        "human_targets": humans,
        "physical_targets": things,
        "instruments": weapons.iter().map(|(mentions, kind)| json!({ "mentions": mentions, "type": kind })).collect::<Vec<_>>(),
    })
}

/// Weekday names and missing times count as "on or before" by the definition (7.3).
fn date(event: &Event, published: Option<Date>) -> Value {
    let Some(when) = &event.when else { return json!({ "start": null, "end": published }) };
    match (when.earliest, when.latest) {
        (Some(a), Some(b)) => json!({ "start": a, "end": b }),
        (None, Some(b)) => json!({ "start": null, "end": b }),
        _ => json!({ "start": null, "end": published }),
    }
}

fn location(event: &Event, fallback: Option<&str>) -> Vec<String> {
    let best = event
        .places
        .iter()
        .find(|p| p.precision != casus_engine::Precision::Unresolved)
        .or(event.places.first());
    let mut chain = Vec::new();
    let country = best.and_then(|p| p.country.as_deref()).or(fallback);
    if let Some(name) = country.and_then(country_name) {
        chain.push(name.to_owned());
    }
    if let Some(place) = best.filter(|p| p.kind != PlaceKind::Country) {
        chain.push(collapse(&place.name));
    }
    chain
}

/// The task's names of the countries that its texts are about.
fn country_name(code: &str) -> Option<&'static str> {
    Some(match code {
        "SV" => "EL SALVADOR",
        "GT" => "GUATEMALA",
        "HN" => "HONDURAS",
        "NI" => "NICARAGUA",
        "PA" => "PANAMA",
        "CR" => "COSTA RICA",
        "CO" => "COLOMBIA",
        "PE" => "PERU",
        "EC" => "ECUADOR",
        "BO" => "BOLIVIA",
        "CL" => "CHILE",
        "AR" => "ARGENTINA",
        "VE" => "VENEZUELA",
        "BR" => "BRAZIL",
        "MX" => "MEXICO",
        "US" => "UNITED STATES",
        "CU" => "CUBA",
        "ES" => "SPAIN",
        "UY" => "URUGUAY",
        "PY" => "PARAGUAY",
        _ => return None,
    })
}

fn number(p: &Participant) -> Value {
    match &p.count {
        Some(count) => match (count.operator, count.value) {
            (Operator::Exact, Some(value)) => json!(value.to_string()),
            (Operator::About, Some(value)) => json!(format!("~{value}")),
            (Operator::AtLeast | Operator::MoreThan, _) => json!(format!("{}-", count.low.unwrap_or(2))),
            (_, Some(value)) => json!(value.to_string()),
            _ => json!("PLURAL"),
        },
        None if p.name.to_lowercase().ends_with('s') && !named(p) => json!("PLURAL"),
        None => json!("1"),
    }
}

fn human_type(p: &Participant) -> &'static str {
    match (p.class.as_str(), p.target_type.as_deref()) {
        ("state_military" | "foreign_military", _) => "ACTIVE MILITARY",
        ("state_police" | "state_intelligence", _) => "LAW ENFORCEMENT",
        ("private_security", _) => "SECURITY GUARD",
        (_, Some("diplomatic")) => "DIPLOMAT",
        (_, Some("judicial")) => "LEGAL OR JUDICIAL",
        (_, Some("political_party")) => "POLITICAL FIGURE",
        ("state_other", _) | (_, Some("government")) => "GOVERNMENT OFFICIAL",
        _ => "CIVILIAN",
    }
}

fn physical_type(p: &Participant) -> &'static str {
    match p.target_type.as_deref() {
        Some("business") => "COMMERCIAL",
        Some("government") => "GOVERNMENT OFFICE OR RESIDENCE",
        Some("diplomatic") => "DIPLOMAT OFFICE OR RESIDENCE",
        Some("police" | "military") => "LAW ENFORCEMENT FACILITY",
        Some("energy") => "ENERGY",
        Some("water") => "WATER",
        Some("telecommunication" | "media") => "COMMUNICATIONS",
        Some("civilians") => "CIVILIAN RESIDENCE",
        Some("political_party") => "ORGANIZATION OFFICE",
        Some("transport") if p.kind == ParticipantKind::Vehicle => "TRANSPORT VEHICLE",
        Some("transport") => "TRANSPORTATION ROUTE",
        _ if p.kind == ParticipantKind::Vehicle => "TRANSPORT VEHICLE",
        _ => "OTHER",
    }
}

fn instrument_type(kind: &str) -> &'static str {
    match kind {
        "vehicle_bomb" => "VEHICLE BOMB",
        "dynamite" => "DYNAMITE",
        "bomb" | "ied" => "BOMB",
        "grenade" => "GRENADE",
        "landmine" => "MINE",
        "rocket" => "ROCKET",
        "missile" => "MISSILE",
        "mortar" => "MORTAR",
        "aerial_bomb" => "AERIAL BOMB",
        "machine_gun" => "MACHINE GUN",
        "handgun" => "HANDGUN",
        "rifle" => "RIFLE",
        "firearm" => "GUN",
        "incendiary" => "FIRE",
        "melee" => "CUTTING DEVICE",
        "stones" => "STONE",
        _ => "EXPLOSIVE",
    }
}

fn collapse(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
