//! Incidents for the eye: a block of text for the terminal, and one picture (SVG) of who claims what.
//!
//! In the picture a row is a figure of an incident and a mark is a claim: a line from its lower to its
//! upper bound with a dot at the number said, coloured by who speaks. An open bound ends in an arrow.
//! Colours are told apart by form too, so that the picture can be printed: voices without a side are
//! round, those of a party are square.

use crate::neutral;
use casus_record::{Agreement, Claim, ClaimValue, ClaimVoice, Grade, Incident, Side, VoiceKind};
use std::{collections::BTreeMap, fmt::Write as _};

/// Incidents that a picture shows at most.
const MOST_IN_PICTURE: usize = 60;

/// Claims that a line of the table shows at most.
const MOST_IN_LINE: usize = 8;

/// One incident as a block of lines.
pub fn incident_text(incident: &Incident) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}  {}", incident.id, headline(incident));
    let mut fields: BTreeMap<&str, Vec<&Claim>> = BTreeMap::new();
    for claim in &incident.claims {
        fields.entry(&claim.field).or_default().push(claim);
    }
    let mut order: Vec<&str> = incident.claims.iter().map(|claim| claim.field.as_str()).collect();
    order.dedup();
    for field in order {
        let claims = &fields[field];
        let agreement = incident.agreement.get(field).copied().unwrap_or(Agreement::Single);
        // What all agree on, or one source says, stands in the headline; losses always have their line.
        if !field.starts_with("losses.") && matches!(agreement, Agreement::Agree | Agreement::Single) {
            continue;
        }
        let mut said: Vec<String> = Vec::new();
        for claim in claims {
            let one = format!("{} ({})", value_text(&claim.value), voice_text(&claim.voice));
            if !said.contains(&one) {
                said.push(one);
            }
        }
        let more = said.len().saturating_sub(MOST_IN_LINE);
        said.truncate(MOST_IN_LINE);
        if more > 0 {
            said.push(format!("and {more} more"));
        }
        let name = field.trim_start_matches("losses.").replace('_', " ");
        let _ = writeln!(out, "    {name:20} {:9} {}", agreement_word(agreement), said.join(" | "));
    }
    for party in
        incident.parties.iter().filter(|party| party.claimed.is_some() || party.independent.is_some())
    {
        let side = if party.side == Side::A { "side a" } else { "side b" };
        let who = party.speakers.join(", ");
        let field = party.field.trim_start_matches("losses.");
        let bounds = |bounds: casus_record::Bounds| match bounds.high {
            Some(high) if high == bounds.low => high.to_string(),
            Some(high) => format!("{}-{high}", bounds.low),
            None => format!("{} or more", bounds.low),
        };
        let Some(claimed) = party.claimed else {
            let _ = writeln!(out, "    {side} ({}): silent on {field}", neutral::line(&who));
            continue;
        };
        let _ = write!(out, "    {side} ({}): {field} {}", neutral::line(&who), bounds(claimed));
        if let Some(others) = party.independent.or(party.opponent) {
            let _ = write!(out, ", others {}", bounds(others));
        }
        if let Some(ratio) = party.ratio {
            let _ = write!(out, ", ratio {ratio}");
        }
        if let Some(days) = party.days_after.filter(|days| *days != 0) {
            let _ = write!(
                out,
                ", {} days {}",
                days.abs(),
                if days > 0 { "after others" } else { "before others" }
            );
        }
        out.push('\n');
    }
    out
}

/// What happened, when and where, and how well it is attested, on one line.
fn headline(incident: &Incident) -> String {
    let mut parts = vec![code(&incident.action.family)];
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

fn code(value: &impl serde::Serialize) -> String {
    let written = serde_json::to_value(value).unwrap_or_default();
    written.as_str().unwrap_or_default().replace('_', " ")
}

fn grade_word(grade: Grade) -> String {
    code(&grade)
}

fn agreement_word(agreement: Agreement) -> String {
    code(&agreement)
}

fn value_text(value: &ClaimValue) -> String {
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
        ClaimValue::Place { name, .. } => neutral::line(name),
        ClaimValue::Party { name, status, .. } => format!("{} {}", neutral::line(name), code(status)),
        ClaimValue::Code { code } => code.replace('_', " "),
    }
}

fn voice_text(voice: &ClaimVoice) -> String {
    let quoted = voice.name.as_deref().filter(|_| voice.kind != VoiceKind::Report).map(neutral::line);
    let publisher = voice.publisher.as_deref().map(neutral::line);
    let who = match (quoted, publisher) {
        (Some(name), Some(publisher)) => format!("{name} in {publisher}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => code(&voice.kind),
    };
    match voice.side {
        Some(Side::A) => format!("{who}, side a"),
        Some(Side::B) => format!("{who}, side b"),
        _ => who,
    }
}

/// Geometry of the picture, in pixels.
const WIDTH: f64 = 960.0;
const LABELS: f64 = 150.0;
const VOICES: f64 = 300.0;
const ROW: f64 = 20.0;
const HEAD: f64 = 30.0;

/// The claims on the losses of incidents as one self-contained SVG. Incidents with several claims on a
/// figure come first; of many the first sixty are shown, and the picture says so.
pub fn incidents_svg(incidents: &[Incident]) -> String {
    let mut shown: Vec<(&Incident, Vec<&Claim>)> = incidents
        .iter()
        .map(|incident| {
            (incident, incident.claims.iter().filter(|claim| is_figure(claim)).collect::<Vec<_>>())
        })
        .filter(|(_, claims)| !claims.is_empty())
        .collect();
    let all = shown.len();
    shown.sort_by_key(|(_, claims)| claims.len() < 2);
    shown.truncate(MOST_IN_PICTURE);
    let mut body = String::new();
    let mut y = 56.0;
    for (incident, claims) in &shown {
        y = block(&mut body, incident, claims, y);
    }
    let height = y + 20.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\">\n<title>What each voice claims</title>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    for (at, (name, side)) in
        [("no party", None), ("side a", Some(Side::A)), ("side b", Some(Side::B))].into_iter().enumerate()
    {
        let x = 20.0 + at as f64 * 110.0;
        out.push_str(&mark(x, 24.0, side));
        let _ = writeln!(out, "<text x=\"{}\" y=\"28\">{name}</text>", x + 12.0);
    }
    if all > shown.len() {
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"28\" text-anchor=\"end\">{} of {all} incidents</text>",
            WIDTH - 20.0,
            shown.len()
        );
    }
    out.push_str(&body);
    out.push_str("</svg>\n");
    out
}

/// A figure that is no part of another one.
fn is_figure(claim: &Claim) -> bool {
    claim.field.starts_with("losses.") && claim.field.matches('.').count() == 1
}

/// One incident: a headline, a scale, and a line a claim. Gives the height at which the next begins.
fn block(out: &mut String, incident: &Incident, claims: &[&Claim], top: f64) -> f64 {
    let most = claims.iter().map(|claim| reach(claim)).max().unwrap_or(1).max(1);
    let (left, right) = (LABELS, WIDTH - VOICES);
    let step = tick(most);
    let end = most.div_ceil(step) * step;
    let x = |value: u64| left + (right - left) * value.min(end) as f64 / end as f64;
    let bottom = top + HEAD + ROW * claims.len() as f64;
    let _ =
        writeln!(out, "<line x1=\"20\" x2=\"{}\" y1=\"{top}\" y2=\"{top}\" stroke=\"#ccc\"/>", WIDTH - 20.0);
    let _ = writeln!(
        out,
        "<text x=\"20\" y=\"{}\" font-weight=\"600\">{}</text>",
        top + 18.0,
        escape(&headline(incident))
    );
    for value in (0..=end).step_by(step as usize) {
        let at = x(value);
        let _ = writeln!(
            out,
            "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{0}\" y2=\"{bottom}\" stroke=\"#eee\"/><text x=\"{at:.1}\" y=\"{1}\" fill=\"#777\" font-size=\"10\" text-anchor=\"middle\">{value}</text>",
            top + HEAD - 4.0,
            bottom + 11.0
        );
    }
    let mut before = "";
    for (at, claim) in claims.iter().enumerate() {
        let y = top + HEAD + ROW * (at as f64 + 0.5);
        if claim.field != before {
            let agreement = incident.agreement.get(&claim.field).copied().unwrap_or(Agreement::Single);
            let name = claim.field.trim_start_matches("losses.");
            let _ = writeln!(
                out,
                "<text x=\"20\" y=\"{}\">{} <tspan fill=\"#777\">{}</tspan></text>",
                y + 4.0,
                escape(name),
                agreement_word(agreement)
            );
            before = &claim.field;
        }
        let ClaimValue::Count { value, low, high, .. } = &claim.value else { continue };
        let (first, last) = (x(low.unwrap_or(0)), high.map_or(right, x));
        let colour = colour(claim.voice.side);
        if last > first {
            let _ = writeln!(
                out,
                "<line x1=\"{first:.1}\" x2=\"{last:.1}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{colour}\" stroke-width=\"3\" opacity=\"0.5\"/>"
            );
        }
        if high.is_none() {
            let _ = writeln!(
                out,
                "<path d=\"M{0:.1} {1} l6 4 l-6 4 z\" fill=\"{colour}\"/>",
                right - 2.0,
                y - 4.0
            );
        }
        if let Some(value) = value.or(low.filter(|_| low == high)) {
            out.push_str(&mark(x(value), y, claim.voice.side));
        }
        let said = format!("{} · {}", value_text(&claim.value), voice_text(&claim.voice));
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\">{}</text>",
            right + 16.0,
            y + 4.0,
            escape(&shorten(&said, 44))
        );
    }
    bottom + 22.0
}

/// The greatest number that a claim puts on the scale.
fn reach(claim: &Claim) -> u64 {
    match &claim.value {
        ClaimValue::Count { value, low, high, .. } => {
            value.unwrap_or(0).max(low.unwrap_or(0)).max(high.unwrap_or(0))
        }
        _ => 0,
    }
}

/// A round step that makes five to ten ticks.
fn tick(most: u64) -> u64 {
    let mut step = 1u64;
    loop {
        for factor in [1, 2, 5] {
            if most / (step * factor) < 10 {
                return step * factor;
            }
        }
        step = step.saturating_mul(10);
    }
}

fn colour(side: Option<Side>) -> &'static str {
    match side {
        Some(Side::A) => "#b5541c",
        Some(Side::B) => "#6a3d9a",
        _ => "#1b6ca8",
    }
}

fn mark(x: f64, y: f64, side: Option<Side>) -> String {
    let colour = colour(side);
    match side {
        Some(Side::A | Side::B) => {
            format!(
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"9\" height=\"9\" fill=\"{colour}\"/>\n",
                x - 4.5,
                y - 4.5
            )
        }
        _ => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{colour}\"/>\n"),
    }
}

fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        text.to_owned()
    } else {
        text.chars().take(most - 1).chain(['…']).collect()
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_have_round_steps() {
        let check = |most: u64, step: u64| assert_eq!(tick(most), step, "{most}");
        check(1, 1);
        check(9, 1);
        check(14, 2);
        check(57, 10);
        check(1_900, 200);
        assert!(tick(u64::MAX) > u64::MAX / 20);
    }

    #[test]
    fn names_cannot_leave_their_element() {
        assert_eq!(escape("<b>\"&"), "&lt;b&gt;&quot;&amp;");
        assert_eq!(shorten("abcdef", 4), "abc…");
    }
}
