//! `casus explain`: what each stage made of a report, sentence by sentence, down to the words that each
//! field of an event rests on.
//!
//! The grounds are the engine's own ([`casus_engine::Casus::explain`]); here they are only laid out.

use crate::{
    Failure, Status, args,
    listing::{received, words},
    print,
};
use casus_engine::{Options, Span, Traced, explain::Sentence, mention::actor::ActorMention, text::Document};
use std::fmt::{self, Write};

/// Shows what was found and why.
pub(crate) fn explain(args: &args::Explain) -> Result<Status, Failure> {
    let casus = crate::learn::reader(args.register.as_deref(), args.learned.as_deref())?;
    let all = args.scope == args::ScopeArg::All;
    let casus =
        crate::gazetteer::laid(casus, &args.source)?.with_options(Options { all, ..Options::default() });
    let (reports, status) = received(&args.file, &args.source)?;
    for report in &reports {
        let traced = casus.read_traced(&report.report);
        let sentences = casus.explain(&traced, args.at);
        if sentences.is_empty() {
            let length = report.report.text.len();
            return Err(Failure(format!("no sentence there: the text has {length} bytes")));
        }
        let explanation = Explanation { traced: &traced, sentences: &sentences };
        print(&explanation.to_string())?;
    }
    Ok(status)
}

/// The explanation of a report, or of one sentence in it.
struct Explanation<'a> {
    traced: &'a Traced<'a>,
    sentences: &'a [Sentence],
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Traced { document, reading, .. } = self.traced;
        writeln!(f, "report    {}", document.report.id)?;
        writeln!(f, "language  {}", document.language.unwrap_or("unknown"))?;
        if let Some(day) = document.report.published {
            writeln!(f, "published {day}")?;
        }
        for note in &reading.notes {
            writeln!(f, "note      {} {}", note.code, note.message)?;
        }
        for sentence in self.sentences {
            let Span { start, end } = sentence.span;
            writeln!(f, "\n[{start}..{end}] {}", words(document, sentence.span))?;
            self.mentions(f, sentence.span)?;
            self.triggers(f, sentence)?;
            self.acts(f, sentence)?;
            self.events(f, sentence)?;
            if let Some(reason) = sentence.no_event {
                writeln!(f, "  no event: {reason}")?;
            }
        }
        Ok(())
    }
}

impl Explanation<'_> {
    /// What the sentence names, kind by kind.
    fn mentions(&self, f: &mut fmt::Formatter<'_>, sentence: Span) -> fmt::Result {
        let (document, mentions) = (&self.traced.document, &self.traced.mentions);
        let mut found: Vec<(Span, &str, String)> = Vec::new();
        for m in &mentions.times {
            let days = m.when.as_ref().map_or_else(String::new, |when| {
                let day =
                    |day: Option<casus_engine::Date>| day.map_or_else(|| "?".to_owned(), |d| d.to_string());
                format!(", {} to {}", day(when.earliest), day(when.latest))
            });
            let recalled = if m.recalled { ", recalled" } else { "" };
            found.push((m.span, "time", format!("{}{days}{recalled}", m.value)));
        }
        for m in &mentions.places {
            let best = m.best.as_ref().map_or_else(
                || "not in the gazetteer".to_owned(),
                |c| {
                    format!(
                        "{}, {} ({:.3}, {:.3})",
                        c.name,
                        c.country.as_deref().unwrap_or("?"),
                        c.lat,
                        c.lon
                    )
                },
            );
            found.push((m.span, "place", format!("{best}, as {:?}", m.usage)));
        }
        found.extend(mentions.actors.iter().map(|m| (m.span, "actor", actor(m))));
        found.extend(mentions.counts.iter().map(|m| (m.span, "count", count(&m.count))));
        found.extend(
            mentions.weapons.iter().map(|m| (m.span, "weapon", code(&[&m.weapon, &m.item, &m.delivery]))),
        );
        found.extend(
            mentions.voices.iter().map(|m| (m.span, "voice", format!("{:?}", m.kind).to_lowercase())),
        );
        found.retain(|(span, ..)| sentence.contains(*span));
        found.sort_by_key(|(span, kind, _)| (*span, *kind));
        for (span, kind, what) in found {
            writeln!(f, "  {kind:8} {:?}: {what}", words(document, span))?;
        }
        Ok(())
    }

    /// The words that can name an action, and what became of them.
    fn triggers(&self, f: &mut fmt::Formatter<'_>, sentence: &Sentence) -> fmt::Result {
        let document = &self.traced.document;
        for trigger in &sentence.triggers {
            let word = words(document, trigger.span);
            writeln!(f, "  trigger  {word:?}: {}, {}; {}", trigger.id, trigger.modality, trigger.because)?;
            for (role, span, rule) in &trigger.arguments {
                writeln!(f, "           {role} {:?}: {rule}", words(document, *span))?;
            }
        }
        Ok(())
    }

    /// The acts of politics, with what their words made of the root one after the other.
    fn acts(&self, f: &mut fmt::Formatter<'_>, sentence: &Sentence) -> fmt::Result {
        let document = &self.traced.document;
        for span in &sentence.silenced {
            let word = words(document, *span);
            writeln!(f, "  learned  {word:?}: names no action, by corrections")?;
        }
        for act in &sentence.acts {
            writeln!(f, "  act      {:?}: {}; {}", words(document, act.span), act.root, act.because)?;
            for (span, ground, root) in &act.steps {
                writeln!(f, "           {:?}: {ground}, so far {root}", words(document, *span))?;
            }
            for (role, span) in &act.parties {
                writeln!(f, "           {role} {:?}", words(document, *span))?;
            }
        }
        Ok(())
    }

    /// The events that begin here, field by field.
    fn events(&self, f: &mut fmt::Formatter<'_>, sentence: &Sentence) -> fmt::Result {
        for event in &sentence.events {
            writeln!(f, "  event    {}", event.event)?;
            for field in &event.fields {
                let quoted = quoted(&self.traced.document, &field.spans);
                writeln!(f, "    {} = {}\n      {}{quoted}", field.name, field.value, field.because)?;
            }
        }
        Ok(())
    }
}

fn actor(mention: &ActorMention) -> String {
    match &mention.register {
        Some(id) => format!("{} ({id}), {}", mention.name.as_deref().unwrap_or("?"), mention.class),
        None => mention.class.clone(),
    }
}

fn count(count: &casus_engine::Count) -> String {
    let bound = |bound: Option<u64>| bound.map_or_else(|| "?".to_owned(), |bound| bound.to_string());
    format!("{:?}, {} to {}", count.operator, bound(count.low), bound(count.high))
}

/// Those codes that there are.
fn code(codes: &[&Option<String>]) -> String {
    codes.iter().filter_map(|code| code.as_deref()).collect::<Vec<_>>().join(", ")
}

/// The words that something rests on.
fn quoted(document: &Document<'_>, spans: &[Span]) -> String {
    let mut out = String::new();
    for (number, span) in spans.iter().enumerate() {
        let sep = if number == 0 { ": " } else { ", " };
        let _ = write!(out, "{sep}{:?} at {}", words(document, *span), span.start);
    }
    out
}
