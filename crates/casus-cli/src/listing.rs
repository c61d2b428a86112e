//! What the commands share that list what one report holds: times, places, entities.

use crate::{
    Failure, Status, args, complain,
    input::{Input, Received, locate},
};
use casus_engine::{Span, text::Document};
use serde::Serialize;
use std::{fmt::Write, path::Path, sync::Arc};

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

/// Columns as wide as their widest cell, the last as long as it is.
pub(crate) fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// A value of a closed set, by its name in the record.
pub(crate) fn word(value: &impl Serialize) -> String {
    let name = serde_json::to_value(value).ok();
    name.as_ref().and_then(|name| name.as_str()).unwrap_or("-").to_owned()
}
