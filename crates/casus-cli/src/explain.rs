//! `casus explain`: what each stage made of a report.

use crate::{Failure, Status, args, listing::received, print};
use casus_engine::{Casus, Span, Traced, text::Document};
use std::fmt::Write;

/// Shows what was found, in the order of the stages.
pub(crate) fn explain(args: &args::Explain) -> Result<Status, Failure> {
    let casus = Casus::embedded()?;
    let (reports, status) = received(&args.file, &args.source)?;
    for report in &reports {
        let traced = casus.read_traced(&report.report);
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = describe(&mut out, &traced, args.at);
        print(&out)?;
    }
    Ok(status)
}

fn describe(out: &mut String, traced: &Traced<'_>, at: Option<u32>) -> std::fmt::Result {
    let Traced { document, mentions, reading, .. } = traced;
    writeln!(out, "report {}", document.report.id)?;
    writeln!(out, "  language {}, case {:?}", document.language.unwrap_or("unknown"), document.casing)?;
    for sentence in &document.sentences {
        let span = document.span(&sentence.tokens);
        if span.is_empty() || at.is_some_and(|at| !(span.start..span.end).contains(&at)) {
            continue;
        }
        writeln!(out, "\n[{}..{}] {}", span.start, span.end, one_line(document, span))?;
        let kind = document.blocks.get(sentence.block as usize).map(|block| block.kind);
        if let Some(kind) = kind {
            writeln!(out, "  block     {kind:?}")?;
        }
        let within = |s: Span| span.contains(s);
        let mut found = |name: &str, s: Span, what: String| match within(s) {
            true => writeln!(out, "  {name:9} {:24} {what}", one_line(document, s)),
            false => Ok(()),
        };
        for m in &mentions.times {
            found("time", m.span, format!("{:?} {}", m.kind, m.value))?;
        }
        for m in &mentions.places {
            found("place", m.span, format!("{:?} {:?}, {} candidates", m.usage, m.kind, m.candidates.len()))?;
        }
        for m in &mentions.actors {
            found("actor", m.span, format!("{m:?}"))?;
        }
        for m in &mentions.counts {
            found("count", m.span, format!("{m:?}"))?;
        }
        for m in &mentions.weapons {
            found("weapon", m.span, format!("{m:?}"))?;
        }
        for m in &mentions.voices {
            found("voice", m.span, format!("{m:?}"))?;
        }
        let events = reading.events.iter().filter(|e| e.action.triggers.iter().any(|t| within(*t)));
        let mut none = true;
        for event in events {
            none = false;
            let json = serde_json::to_string(event).unwrap_or_default();
            writeln!(out, "  event     {json}")?;
        }
        if none {
            writeln!(out, "  no event")?;
        }
    }
    Ok(())
}

/// The words of a span, on one line.
fn one_line(document: &Document<'_>, span: Span) -> String {
    document.slice(span).split_whitespace().collect::<Vec<_>>().join(" ")
}
