//! Incidents in words, the same in every rendering.

use crate::neutral;
use casus_record::{Agreement, Bounds, ClaimValue, ClaimVoice, Grade, Incident, Side, VoiceKind};

/// What happened, when and where, and how well it is attested, on one line.
pub(super) fn headline(incident: &Incident) -> String {
    let mut parts = vec![spaced(&incident.action.family)];
    if let Some(when) = &incident.when {
        parts.push(match (when.earliest, when.latest) {
            (Some(first), Some(last)) if first == last => first.to_string(),
            (first, last) => {
                let day = |day: Option<casus_record::Date>| {
                    day.map_or_else(|| "?".to_owned(), |day| day.to_string())
                };
                format!("{} to {}", day(first), day(last))
            }
        });
    }
    let places: Vec<String> = incident
        .places
        .iter()
        .map(|place| neutral::line(place.resolved.as_deref().unwrap_or(&place.name)))
        .collect();
    if !places.is_empty() {
        parts.push(places.join(", "));
    }
    let number = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    parts.push(format!(
        "{}, {}, {}",
        grade_word(incident.grade),
        number(incident.sources as usize, "source"),
        number(incident.events.len(), "event")
    ));
    parts.join(" · ")
}

pub(super) fn spaced(value: &impl serde::Serialize) -> String {
    let written = serde_json::to_value(value).unwrap_or_default();
    written.as_str().unwrap_or_default().replace('_', " ")
}

pub(super) fn grade_word(grade: Grade) -> String {
    spaced(&grade)
}

pub(super) fn agreement_word(agreement: Agreement) -> String {
    spaced(&agreement)
}

pub(super) fn value_text(value: &ClaimValue) -> String {
    match value {
        ClaimValue::Count { value, low, high, .. } => match (low, high) {
            (Some(low), Some(high)) if low == high => low.to_string(),
            (Some(low), Some(high)) => format!("{low}-{high}"),
            (Some(low), None) => format!("{low} or more"),
            (None, Some(high)) => format!("up to {high}"),
            (None, None) => value.map_or_else(|| "some".to_owned(), |value| format!("about {value}")),
        },
        ClaimValue::Time { earliest, latest, .. } => match (earliest, latest) {
            (Some(first), Some(last)) if first == last => first.to_string(),
            (first, last) => {
                [first, last].map(|day| day.map_or_else(|| "?".into(), |day| day.to_string())).join(" to ")
            }
        },
        ClaimValue::Place { name, .. } => name_or_code(name),
        ClaimValue::Party { name, status, .. } => format!("{} {}", name_or_code(name), spaced(status)),
        ClaimValue::Code { code } => code.replace('_', " "),
    }
}

/// A name; where redaction left only the code of a class or kind, its words.
fn name_or_code(name: &str) -> String {
    let code = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if code { name.replace('_', " ") } else { neutral::line(name) }
}

pub(super) fn voice_text(voice: &ClaimVoice) -> String {
    let quoted = voice.name.as_deref().filter(|_| voice.kind != VoiceKind::Report).map(neutral::line);
    let publisher = voice.publisher.as_deref().map(neutral::line);
    let who = match (quoted, publisher) {
        (Some(name), Some(publisher)) => format!("{name} in {publisher}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => spaced(&voice.kind),
    };
    match voice.side {
        Some(Side::A) => format!("{who}, side a"),
        Some(Side::B) => format!("{who}, side b"),
        _ => who,
    }
}

/// What each party says beside what others say, a line a figure.
pub(super) fn party_lines(incident: &Incident) -> Vec<String> {
    let told = incident.parties.iter().filter(|party| party.claimed.is_some() || party.independent.is_some());
    told.map(|party| {
        let side = if party.side == Side::A { "side a" } else { "side b" };
        // A speaker without a name is told by the code of its class.
        let who = neutral::line(&party.speakers.join(", ").replace('_', " "));
        let field = party.field.trim_start_matches("losses.");
        let Some(claimed) = party.claimed else { return format!("{side} ({who}): silent on {field}") };
        let mut line = format!("{side} ({who}): {field} {}", bounds(claimed));
        if let Some(others) = party.independent.or(party.opponent) {
            line += &format!(", others {}", bounds(others));
        }
        if let Some(ratio) = party.ratio {
            line += &format!(", ratio {ratio}");
        }
        if let Some(days) = party.days_after.filter(|days| *days != 0) {
            let side = if days > 0 { "after others" } else { "before others" };
            line += &format!(", {} {} {side}", days.abs(), if days.abs() == 1 { "day" } else { "days" });
        }
        line
    })
    .collect()
}

fn bounds(bounds: Bounds) -> String {
    match bounds.high {
        Some(high) if high == bounds.low => high.to_string(),
        Some(high) => format!("{}-{high}", bounds.low),
        None => format!("{} or more", bounds.low),
    }
}

/// Text that is neither markup nor steers what shows it.
pub(super) fn escape(text: &str) -> String {
    neutral::line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_element() {
        assert_eq!(escape("<b>\"&\u{202e}"), "&lt;b&gt;&quot;&amp;\\u{202e}");
    }
}
