//! `casus places`: the places that a report names, what the gazetteer takes each for, and why.
//!
//! ```text
//! at  words          place        kind              in               point             sure  why
//! 21  Deir Ezzor     Deir ez-Zor  populated_place   Dayr az Zawr SY  35.3359,40.1408   0.86  17 km north of it; or Dayr az Zawr (admin1 SY)
//! 60  Xobeya         -            unknown           -                -                 -     no gazetteer has it; about Aleppo
//! ```

use crate::{
    Failure, Status, args,
    listing::{columns, received, word, words},
    print,
};
use casus_engine::{
    Candidate, Casus, Options, PlaceRelation, Profile, Traced, Where,
    mention::place::{PlaceMention, Use, to_where},
};
use serde_json::json;
use std::fmt::Write;

/// Lists the places of every report of a file.
pub(crate) fn places(args: &args::Places) -> Result<Status, Failure> {
    // Places are found without the learned reader.
    let casus = Casus::embedded()?.with_options(Options { profile: Profile::Fast, ..Options::default() });
    let casus = crate::gazetteer::laid(casus, &args.source)?;
    let (reports, status) = received(&args.file, &args.source)?;
    for (index, report) in reports.iter().enumerate() {
        let traced = casus.read_traced(&report.report);
        let rows: Vec<(&PlaceMention, Where)> = traced
            .mentions
            .places
            .iter()
            .map(|place| {
                (place, to_where(casus.resources().places(), place, &traced.document, &traced.mentions))
            })
            .collect();
        match args.format {
            args::PlaceFormat::Jsonl => print(&json_lines(&traced, &rows))?,
            args::PlaceFormat::Table => {
                if reports.len() > 1 {
                    let parted = if index > 0 { "\n" } else { "" };
                    print(&format!("{parted}{}\n", report.report.id))?;
                }
                print(&table(&traced, &rows))?
            }
        };
    }
    Ok(status)
}

fn json_lines(traced: &Traced<'_>, rows: &[(&PlaceMention, Where)]) -> String {
    let mut out = String::new();
    for (mention, place) in rows {
        let line = json!({
            "report": traced.document.report.id,
            "start": mention.span.start,
            "end": mention.span.end,
            "text": traced.document.slice(mention.span),
            "use": usage(mention.usage),
            "where": place,
            "around": mention.around,
        });
        let _ = writeln!(out, "{line}");
    }
    out
}

fn table(traced: &Traced<'_>, rows: &[(&PlaceMention, Where)]) -> String {
    if rows.is_empty() {
        return "no places\n".to_owned();
    }
    let mut cells = vec![["at", "words", "place", "kind", "in", "point", "sure", "why"].map(str::to_owned)];
    let dash = || "-".to_owned();
    for (mention, place) in rows {
        cells.push([
            mention.span.start.to_string(),
            words(&traced.document, mention.span),
            place.resolved.clone().unwrap_or_else(dash),
            word(&place.kind),
            inside(place.admin1.as_deref().filter(|_| place.resolved.is_some()), place.country.as_deref()),
            place.lat.zip(place.lon).map_or_else(dash, |(lat, lon)| format!("{lat:.4},{lon:.4}")),
            place.resolved.as_ref().map_or_else(dash, |_| format!("{:.2}", place.confidence)),
            why(traced, mention, place),
        ]);
    }
    columns(&cells)
}

/// `Helmand AF`.
fn inside(division: Option<&str>, country: Option<&str>) -> String {
    let parts: Vec<&str> = division.into_iter().chain(country).collect();
    if parts.is_empty() { "-".to_owned() } else { parts.join(" ") }
}

fn usage(usage: Use) -> &'static str {
    match usage {
        Use::Place => "place",
        Use::Agent => "agent",
        Use::Demonym => "demonym",
        Use::InName => "in_name",
    }
}

/// What the words tell beside the name, and what else it could mean.
fn why(traced: &Traced<'_>, mention: &PlaceMention, place: &Where) -> String {
    let mut why = Vec::new();
    match mention.usage {
        Use::Place => {}
        Use::Agent => why.push("its government".to_owned()),
        Use::Demonym => why.push("its people".to_owned()),
        Use::InName => why.push("part of a name".to_owned()),
    }
    let stated = words(&traced.document, traced.document.span(&mention.stated));
    if !matches!(place.relation, PlaceRelation::At | PlaceRelation::In) || place.distance_km.is_some() {
        // `between Homs` has no second end; the other one stands on its own line.
        let name = words(&traced.document, mention.span);
        why.push(if stated == name { word(&place.relation) } else { format!("{stated:?}") });
    }
    if !place.within.is_empty() {
        why.push(format!("the text says {}", place.within.join(", ")));
    }
    let called = |place: &Candidate| {
        let inside =
            inside(place.admin1.as_deref().filter(|name| *name != place.name), place.country.as_deref());
        format!("{} ({} {inside})", place.name, word(&place.kind).replace('_', " "))
    };
    if place.candidates.is_empty() {
        why.push("no gazetteer has it".to_owned());
        why.extend(mention.around.as_ref().map(|around| format!("about {}", called(around))));
    } else if place.resolved.is_none() {
        why.push("could be many".to_owned());
    }
    let others = place.candidates.iter().skip(usize::from(place.resolved.is_some()));
    let others: Vec<String> = others.filter(|other| other.score >= 0.02).take(2).map(called).collect();
    if !others.is_empty() {
        why.push(format!("or {}", others.join(", ")));
    }
    why.join("; ")
}
