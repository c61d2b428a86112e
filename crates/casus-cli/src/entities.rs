//! `casus entities`: the words of a report that stand for persons, groups, places, weapons and the like.
//!
//! ```text
//! at  kind   words                     sure  names
//! 0   group  Rebels of the Lodo Front  0.52  Lodo Front (group)
//! 72  time   Friday                    0.95
//! ```

use crate::{
    Failure, Status, args,
    listing::{columns, received, words},
    print,
};
use casus_engine::{Casus, Entities, Span, reader::entities::Entity};
use serde_json::{Value, json};
use std::fmt::Write;

/// Lists the entities of every report of a file.
pub(crate) fn entities(args: &args::Entities) -> Result<Status, Failure> {
    let casus = Casus::embedded()?;
    let (reports, status) = received(&args.file, &args.source)?;
    for (index, report) in reports.iter().enumerate() {
        let read = casus.entities(&report.report);
        let rows = rows(args, &read);
        match args.format {
            args::EntityFormat::Jsonl => print(&json_lines(&read, &rows))?,
            args::EntityFormat::Table => {
                if reports.len() > 1 {
                    let parted = if index > 0 { "\n" } else { "" };
                    print(&format!("{parted}{}\n", report.report.id))?;
                }
                print(&table(&read, &rows))?
            }
        };
    }
    Ok(status)
}

/// A mention with the names in it, or a name that is in no mention.
struct Row {
    entity: Entity,
    names: Vec<Entity>,
}

/// What is asked for, in text order.
fn rows(args: &args::Entities, read: &Entities<'_>) -> Vec<Row> {
    let touch = |a: Span, b: Span| a.start < b.end && b.start < a.end;
    let (mentions, names) = (&read.found.mentions, &read.found.names);
    let mentions: &[Entity] = if args.names { &[] } else { mentions };
    let mut rows: Vec<Row> = mentions
        .iter()
        .map(|mention| {
            let own = names.iter().filter(|name| touch(name.span, mention.span));
            Row { entity: *mention, names: own.copied().collect() }
        })
        .collect();
    let alone = names.iter().filter(|name| !mentions.iter().any(|mention| touch(name.span, mention.span)));
    rows.extend(alone.map(|name| Row { entity: *name, names: vec![*name] }));
    rows.retain(|row| args.kind.is_empty() || args.kind.iter().any(|kind| kind == row.entity.kind.name()));
    rows.sort_by_key(|row| row.entity.span);
    rows
}

fn json_lines(read: &Entities<'_>, rows: &[Row]) -> String {
    let mut out = String::new();
    for row in rows {
        let mut line = found(read, &row.entity);
        line["report"] = json!(read.document.report.id);
        line["names"] = row.names.iter().map(|name| found(read, name)).collect();
        let _ = writeln!(out, "{line}");
    }
    out
}

fn found(read: &Entities<'_>, entity: &Entity) -> Value {
    json!({
        "start": entity.span.start,
        "end": entity.span.end,
        "text": read.document.slice(entity.span),
        "kind": entity.kind.name(),
        "sure": (f64::from(entity.sure) * 1000.0).round() / 1000.0,
    })
}

fn table(read: &Entities<'_>, rows: &[Row]) -> String {
    if rows.is_empty() {
        return "no entities\n".to_owned();
    }
    let mut cells = vec![["at", "kind", "words", "sure", "names"].map(str::to_owned)];
    for row in rows {
        let names =
            row.names.iter().filter(|name| name.span != row.entity.span || name.kind != row.entity.kind);
        let names: Vec<String> = names
            .map(|name| format!("{} ({})", words(&read.document, name.span), name.kind.name()))
            .collect();
        cells.push([
            row.entity.span.start.to_string(),
            row.entity.kind.name().to_owned(),
            words(&read.document, row.entity.span),
            format!("{:.2}", row.entity.sure),
            names.join(", "),
        ]);
    }
    columns(&cells)
}
