//! Fields of ISAF press releases from events, by the coding of the data set's paper and notebook:
//! one row a release, minimum counts, words such as "several" and "multiple" as 3, "numerous" as 4.

use anyhow::{Context, Result};
use casus_engine::{Casus, Count, Event, Family, LossOutcome, Operator, PlaceKind, Report, Role};
use serde_json::{Value, json};

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    let id = document["id"].as_str().context("no id")?;
    let text = document["text"].as_str().context("no text")?;
    let report = Report { id: id.to_owned(), text: text.to_owned(), ..Report::default() };
    let traced = casus.read_traced(&report);
    let events: Vec<&Event> = traced
        .reading
        .events
        .iter()
        .filter(|e| !matches!(e.action.family, Family::DisruptedWeapons | Family::Political | Family::Threat))
        .collect();
    let published = traced.reading.events.first().and_then(|e| e.report.published);
    let start = events.iter().find_map(|e| e.when.as_ref().and_then(|w| w.earliest)).or(published);
    let mut killed = 0;
    let mut captured = 0;
    let (mut leaders_killed, mut leaders_captured) = (0, 0);
    for loss in events.iter().flat_map(|e| &e.losses) {
        if loss.included_in.is_some() {
            continue;
        }
        let leader = loss.who.attributes.iter().any(|a| a == "leader");
        let count = minimum(&loss.count);
        if loss.outcome.contains(&LossOutcome::Killed) {
            killed += count;
            leaders_killed += if leader { count } else { 0 };
        } else if loss.outcome.contains(&LossOutcome::Captured) {
            captured += count;
            leaders_captured += if leader { count } else { 0 };
        }
    }
    let lower = text.to_lowercase();
    let airstrike = events.iter().any(|e| e.action.family == Family::AirStrike);
    let group = [
        "haqqani",
        "taliban",
        "islamic movement of uzbekistan",
        "imu",
        "hezb",
        "hig",
        "al-qaida",
        "al qaeda",
        "al-qaeda",
    ];
    let target_group = group.iter().find(|g| lower.contains(**g)).map_or("", |g| match *g {
        "islamic movement of uzbekistan" | "imu" => "imu",
        "hezb" | "hig" => "hig",
        "al-qaida" | "al qaeda" | "al-qaeda" => "aq",
        other => other,
    });
    let province = traced
        .mentions
        .places
        .iter()
        .filter_map(|p| p.candidates.first())
        .filter(|c| c.country.as_deref() == Some("AF"))
        .find_map(|c| if c.kind == PlaceKind::Admin1 { Some(c.name.clone()) } else { None })
        .or_else(|| events.iter().flat_map(|e| &e.places).find_map(|p| p.admin1.clone()))
        .map(|name| province_name(&name));
    let _ = Role::Actor;
    let event_type = if airstrike {
        "airstrike"
    } else if killed > 0 && captured > 0 {
        "captureandkill"
    } else if killed > 0 {
        "insurgentskilled"
    } else {
        "detention"
    };
    Ok(json!({
        "id": id,
        "pred": {
            "start_date": start,
            "event_type": [event_type],
            "province": province.into_iter().collect::<Vec<_>>(),
            "target_group": [target_group],
            "min_killed": killed,
            "min_captured": captured,
            "killq": killed > 0,
            "captureq": captured > 0,
            "killcaptureraid": captured > 0 || killed > 0,
            "airstrike": airstrike,
            "noshotsfired": lower.contains("no shots") || lower.contains("without firing"),
            "min_leaders_killed": leaders_killed,
            "min_leaders_captured": leaders_captured,
        }
    }))
}

/// The data set's minimum for a count: "several" and bare plurals are 3, "numerous" 4.
fn minimum(count: &Count) -> u64 {
    match count.operator {
        Operator::Vague if count.word.as_deref() == Some("couple") => 2,
        Operator::Vague if count.word.as_deref() == Some("dozens") => 24,
        Operator::Vague
            if count.stated.to_lowercase().contains("numerous")
                || count.stated.to_lowercase().contains("many") =>
        {
            4
        }
        Operator::Vague => 3,
        Operator::Plural => 2,
        _ => count.low.or(count.value).unwrap_or(0),
    }
}

/// The data set's spelling of a province.
fn province_name(name: &str) -> String {
    match name.to_lowercase().replace(" province", "").trim_start_matches("wilayat-e ").to_owned().as_str() {
        "paktia" | "paktiya" => "paktya".to_owned(),
        "khowst" => "khost".to_owned(),
        "sar-e-pul" | "sari pul" | "sar-e pol" => "sar-e pul".to_owned(),
        "konar" => "kunar".to_owned(),
        "oruzgan" => "uruzgan".to_owned(),
        other => other.to_owned(),
    }
}
