//! One picture (SVG) of who claims what.
//!
//! A row is a figure of an incident and a mark is a claim: a line from its lower to its upper bound with a
//! dot at the number said, coloured by who speaks. An open bound ends in an arrow. Colours are told apart by
//! form too, so that the picture can be printed: voices without a side are round, those of a party are
//! square.

use super::words::{agreement_word, escape, headline, value_text, voice_text};
use casus_record::{Agreement, Claim, ClaimValue, Incident, Side};
use std::fmt::Write as _;

/// Incidents that a picture shows at most.
const MOST_IN_PICTURE: usize = 60;

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
        .map(|incident| (incident, figures(incident)))
        .filter(|(_, claims)| !claims.is_empty())
        .collect();
    let all = shown.len();
    shown.sort_by_key(|(_, claims)| claims.len() < 2);
    shown.truncate(MOST_IN_PICTURE);
    let mut body = String::new();
    let mut y = 56.0;
    for (incident, claims) in &shown {
        let _ = writeln!(
            body,
            "<line x1=\"20\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\" stroke=\"#ccc\"/>\n<text x=\"20\" y=\"{}\" font-weight=\"600\">{}</text>",
            WIDTH - 20.0,
            y + 18.0,
            escape(&headline(incident))
        );
        y = block(&mut body, incident, claims, y + HEAD);
    }
    let height = y + 20.0;
    let mut out = opening(height, "What each voice claims");
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

/// The same of one incident, without its headline; none if nobody claims a figure.
pub(super) fn picture(incident: &Incident) -> Option<String> {
    let claims = figures(incident);
    if claims.is_empty() {
        return None;
    }
    let mut body = String::new();
    let height = block(&mut body, incident, &claims, 8.0);
    Some(opening(height, "Who claims what") + &body + "</svg>\n")
}

fn opening(height: f64, title: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\" role=\"img\">\n<title>{title}</title>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n"
    )
}

fn figures(incident: &Incident) -> Vec<&Claim> {
    incident.claims.iter().filter(|claim| is_figure(claim)).collect()
}

/// A figure that is no part of another one.
fn is_figure(claim: &Claim) -> bool {
    claim.field.starts_with("losses.") && claim.field.matches('.').count() == 1
}

/// One incident: a scale, and a line a claim. Gives the height at which the next begins.
fn block(out: &mut String, incident: &Incident, claims: &[&Claim], top: f64) -> f64 {
    let most = claims.iter().map(|claim| reach(claim)).max().unwrap_or(1).max(1);
    let (left, right) = (LABELS, WIDTH - VOICES);
    let step = tick(most);
    let end = most.div_ceil(step) * step;
    let x = |value: u64| left + (right - left) * value.min(end) as f64 / end as f64;
    let bottom = top + ROW * claims.len() as f64;
    for value in (0..=end).step_by(step as usize) {
        let at = x(value);
        let _ = writeln!(
            out,
            "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{0}\" y2=\"{bottom}\" stroke=\"#eee\"/><text x=\"{at:.1}\" y=\"{1}\" fill=\"#777\" font-size=\"10\" text-anchor=\"middle\">{value}</text>",
            top - 4.0,
            bottom + 11.0
        );
    }
    let mut before = "";
    for (at, claim) in claims.iter().enumerate() {
        let y = top + ROW * (at as f64 + 0.5);
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
    fn long_names_are_cut() {
        assert_eq!(shorten("abcdef", 4), "abc…");
    }
}
