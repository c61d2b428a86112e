//! Task `plover`: `{id, events: [{event, source: [{code, sector}], target: […]}]}`, with the roots of the PLOVER
//! manual.
//!
//! A document of these sets is one sentence, coded by what its main clause says. So the first event in the text
//! is taken, those of a verb before those of a noun alone: of "lodged a protest over the raid" the protest.

use anyhow::Result;
use casus_engine::{
    Casus, Date, Event, Family, Participant, ParticipantKind, Report, Role,
    frame::politics::Root,
    mention::actor::{self, Codes},
};
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
    let coder = Coder { casus, text: &report.text, day: published.unwrap_or(actor::AS_OF) };
    let events: Vec<Value> = events
        .into_iter()
        .take(1)
        .map(|(event, root)| coder.event(event, root))
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

/// Codes the parties of events as PLOVER has them.
struct Coder<'a> {
    casus: &'a Casus,
    text: &'a str,
    day: Date,
}

impl Coder<'_> {
    fn event(&self, event: &Event, root: &str) -> Value {
        let side = |role: Role| -> Vec<(Codes, String)> {
            let mut out: Vec<(Codes, String)> = Vec::new();
            for participant in event.participants.iter().filter(|participant| participant.role == role) {
                if let Some((codes, phrase)) = self.codes(participant, root)
                    && !out.iter().any(|(known, _)| *known == codes)
                {
                    out.push((codes, phrase));
                }
            }
            out
        };
        let (mut actors, mut recipients) = (side(Role::Actor), side(Role::Recipient));
        // Rebels, unions and crowds without a country are of that of the other side, or of the one the sentence is about.
        let others = |list: &[(Codes, String)]| {
            list.iter().map(|(codes, _)| codes.country.clone()).find(|country| country.len() == 3 && country != "IGO")
        };
        let (of_actors, of_recipients) = (others(&actors), others(&recipients));
        for (list, other) in [(&mut actors, of_recipients), (&mut recipients, of_actors)] {
            for (codes, _) in list.iter_mut().filter(|(codes, _)| codes.country.is_empty()) {
                codes.country = other.clone().or_else(|| self.country_of_text()).unwrap_or_default();
            }
        }
        let list = |side: Vec<(Codes, String)>| -> Vec<Value> {
            side.into_iter()
                .map(|(codes, phrase)| {
                    json!({"code": codes.country, "sector": codes.sectors.first(), "text": phrase})
                })
                .collect()
        };
        json!({"event": root, "source": list(actors), "target": list(recipients)})
    }

    fn codes(&self, participant: &Participant, root: &str) -> Option<(Codes, String)> {
        let span = participant.evidence.first().or(participant.mentions.first())?;
        let phrase = self.text.get(span.start as usize..span.end as usize)?;
        let mut codes = actor::code_as_told(self.casus.resources(), phrase, self.text, self.day)?;
        let force = matches!(root, "ASSAULT" | "COERCE" | "PROTEST");
        let words = phrase.trim_start_matches("the ").trim_start_matches("The ");
        let actors = self.casus.resources().actors();
        let first = codes.sectors.first().map(String::as_str);
        let people = participant.kind == ParticipantKind::Population;
        let capital = actors.is_capital(words) && participant.country.is_none();
        let sector = match (codes.country.as_str(), first) {
            // A capital that speaks or is spoken to is its government; one that is gone to is a place.
            _ if capital && (participant.role == Role::Actor || !matches!(root, "CONSULT" | "AID" | "RETREAT")) => {
                Some("GOV")
            }
            (_, Some("CVL")) if participant.class == "unknown" && people && !force => None,
            (_, Some("UNK" | "IGO")) => None,
            ("EUR", Some("GOV")) if !words.contains("official") && !words.contains("chief") => None,
            (_, Some("PTY")) if words.to_lowercase().contains("opposition") => Some("OPP"),
            // Unarmed people of a country are civilians where they protest, or force is used on them.
            (_, None) if people && force && participant.class != "unknown" => Some("CVL"),
            (_, sector) => sector,
        };
        let sector = sector.map(str::to_owned);
        if codes.country.is_empty() && sector.as_deref() == Some("NGO") {
            return Some((Codes { country: "NGO".to_owned(), sectors: Vec::new() }, phrase.to_owned()));
        }
        if matches!(codes.country.as_str(), "UNO" | "EUR") {
            codes.country = "IGO".to_owned();
        }
        codes.sectors = sector.into_iter().collect();
        (codes != Codes::default()).then(|| (codes, phrase.to_owned()))
    }

    /// The first country that the sentence names.
    fn country_of_text(&self) -> Option<String> {
        let actors = self.casus.resources().actors();
        let words: Vec<&str> = self.text.split_whitespace().collect();
        (0..words.len()).find_map(|start| {
            (1..=3.min(words.len() - start)).rev().find_map(|length| {
                let phrase = words[start..start + length].join(" ");
                let phrase = phrase.trim_matches(|c: char| !c.is_alphanumeric()).trim_end_matches("'s");
                if !phrase.starts_with(char::is_uppercase) {
                    return None;
                }
                actors.iso3(actors.country_of(phrase)?).map(str::to_owned)
            })
        })
    }
}
