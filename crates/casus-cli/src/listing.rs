//! `casus places`: the places of a report, a line each; and what such commands share.

use crate::{
    Failure, Status, args, complain,
    input::{Input, Received, locate},
    print,
};
use casus_engine::{Span, text::Document};
use std::{path::Path, sync::Arc};

/// Lists the places of a report: offsets, words, the gazetteer's name, kind, country, coordinates.
pub(crate) fn places(args: &args::Listing) -> Result<Status, Failure> {
    each(args, |traced| {
        let best = |m: &casus_engine::mention::place::PlaceMention| match &m.best {
            Some(place) => format!(
                "{}\t{:?}\t{}\t{:.4}\t{:.4}\t{}",
                place.name,
                m.kind,
                place.country.as_deref().unwrap_or("-"),
                place.lat,
                place.lon,
                place.gazetteer
            ),
            None => format!("-\t{:?}\t-\t-\t-\t-", m.kind),
        };
        traced.mentions.places.iter().map(|m| (m.span, best(m))).collect()
    })
}

/// Prints a line for each thing that `list` finds in the reports of a file.
fn each(
    args: &args::Listing,
    list: impl Fn(&casus_engine::Traced<'_>) -> Vec<(Span, String)>,
) -> Result<Status, Failure> {
    let casus = crate::gazetteer::laid(casus_engine::Casus::embedded()?, &args.source)?;
    let (reports, status) = received(&args.file, &args.source)?;
    for report in &reports {
        let traced = casus.read_traced(&report.report);
        let line = |(span, what): (Span, String)| {
            format!("{}\t{}\t{}\t{what}\n", span.start, span.end, words(&traced.document, span))
        };
        print(&list(&traced).into_iter().map(line).collect::<String>())?;
    }
    Ok(status)
}

/// The words of a span, on one line.
pub(crate) fn words(document: &Document<'_>, span: Span) -> String {
    document.slice(span).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All reports of one file. Errors are told; the status says whether there were any.
pub(crate) fn received(path: &Path, source: &args::SourceArgs) -> Result<(Vec<Received>, Status), Failure> {
    let settings = source.settings();
    let mut reports = Vec::new();
    let mut status = Status::ALL;
    for input in locate(&[path.to_owned()], &[]) {
        let input: Input = input.map_err(|error| Failure(error.to_string()))?;
        for report in input.reports(&settings, Arc::default()) {
            match report {
                Ok(report) => reports.push(report),
                Err(error) => {
                    complain(&error);
                    status = Status::SOME;
                }
            }
        }
    }
    let status = if reports.is_empty() { Status::NOTHING } else { status };
    Ok((reports, status))
}
