//! Task `plover`: `{id, events: [{event, source: [{code, sector}], target: […]}]}`, with the roots of the PLOVER
//! manual.
//!
//! A document of these sets is one sentence, coded by what its main clause says. So the first event in the text
//! is taken, those of a verb before those of a noun alone: of "lodged a protest over the raid" the protest.

use anyhow::Result;
use casus_engine::{Casus, Date, Event, Family, Report, Role, frame::politics::Root, mention::actor};
use serde_json::{Value, json};

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    let text = document["text"].as_str().unwrap_or_default().trim_matches(['{', '}']).to_owned();
    let published = document["date"].as_str().and_then(day);
    let language = document["lang"].as_str().map(str::to_owned);
    let report = Report { id: "sentence".to_owned(), text, published, language, ..Report::default() };
    let traced = casus.read_traced(&report);
    let mut events: Vec<(&Event, &str)> = traced
        .reading
        .events
        .iter()
        .filter_map(|event| Some((event, root(event)?)))
        .collect();
    events.sort_by_key(|(event, _)| event.action.triggers.first().map_or(0, |span| span.start));
    let day = published.unwrap_or(actor::AS_OF);
    let side = |event: &Event, role: Role| -> Vec<Value> {
        let mut out: Vec<Value> = Vec::new();
        for participant in event.participants.iter().filter(|participant| participant.role == role) {
            let Some(span) = participant.evidence.first().or(participant.mentions.first()) else { continue };
            let phrase = report.text.get(span.start as usize..span.end as usize).unwrap_or_default();
            let Some(codes) = actor::code(casus.resources(), phrase, &report.text, day) else { continue };
            let code = match codes.country.as_str() {
                "UNO" | "EUR" => "IGO",
                code => code,
            };
            let one = json!({"code": code, "sector": codes.sectors.first()});
            if !out.contains(&one) {
                out.push(one);
            }
        }
        out
    };
    let events: Vec<Value> = events
        .into_iter()
        .take(1)
        .map(|(event, root)| {
            json!({"event": root, "source": side(event, Role::Actor), "target": side(event, Role::Recipient)})
        })
        .collect();
    Ok(json!({ "id": document["id"], "events": events }))
}

/// `2008-08-04` or `20080804`.
fn day(written: &str) -> Option<Date> {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let (year, rest) = digits.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    format!("{year}-{month}-{day}").parse().ok()
}

/// The manual's root of an event.
fn root(event: &Event) -> Option<&str> {
    match event.action.family {
        Family::Political => event.action.tactic.as_deref(),
        family => Root::of(family).map(Root::name),
    }
}
