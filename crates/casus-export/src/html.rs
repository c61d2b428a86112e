//! One self-contained page: each report with its evidence highlighted beside its events, a map, a
//! timeline and counts.
//!
//! The page loads nothing: style, program and outlines of the world stand in it, and its content
//! security policy forbids the rest. What comes from reports stands in blocks of JSON, in which `<`
//! is escaped, and the program puts it into the document as text only. Reports are written as they
//! come, so memory does not grow with the input; the program stands at the end, and a page that was
//! cut off shows nothing.
//!
//! What the page says in words is worded here ([`words`]), so that the page and the table agree; the
//! program in `assets/page.js` lays it out.

use crate::{
    Item, Options, Writer, evidence, neutral,
    tally::{self, tally},
    words,
};
use casus_data::tables::Codes;
use casus_record::{Event, Note, Offsets, convert_event};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

const STYLE: &str = include_str!("../assets/page.css");
const MARKUP: &str = include_str!("../assets/page.html");
const PROGRAM: &str = include_str!("../assets/page.js");
const WORLD: &str = include_str!("../../../data/basemap/world.txt");

pub(crate) struct Html {
    options: Options,
    out: Box<dyn Write + Send>,
    made_by: String,
}

/// A report as the page reads it. Offsets are UTF-16 code units, which is what JavaScript counts.
#[derive(Serialize)]
struct Report<'a> {
    number: usize,
    id: &'a str,
    title: Option<&'a str>,
    publisher: Option<&'a str>,
    published: Option<String>,
    language: Option<&'a str>,
    genre: Option<&'a str>,
    url: Option<&'a str>,
    path: Option<&'a str>,
    text: &'a str,
    notes: &'a [Note],
    events: Vec<Shown<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    record: Event,
    view: View<'a>,
}

/// The parts of an event in words; lists run parallel to those of the record.
#[derive(Serialize)]
struct View<'a> {
    title: String,
    date: String,
    when: Option<String>,
    place: String,
    places: Vec<String>,
    parents: Vec<Vec<String>>,
    participants: Vec<Option<String>>,
    losses: Vec<LossView>,
    materiel: Vec<String>,
    occurrences: Option<String>,
    passage: String,
    tally: BTreeMap<String, tally::Quantity>,
    /// Kind, row, start, end.
    marks: Vec<(&'a str, usize, u32, u32)>,
}

#[derive(Serialize)]
struct LossView {
    count: String,
    who: String,
}

/// What the page says about itself.
#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    made_by: &'a str,
    codes: BTreeMap<String, BTreeMap<String, String>>,
}

impl Html {
    pub(crate) fn new(options: Options, mut out: Box<dyn Write + Send>) -> io::Result<Html> {
        let policy = format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; \
             form-action 'none'",
            source_hash(STYLE),
            source_hash(PROGRAM)
        );
        write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n\
             <link rel=\"icon\" href=\"data:,\">\n<style>{STYLE}</style>\n</head>\n<body>\n{MARKUP}",
            escaped(&options.title)
        )?;
        Ok(Html { options, out, made_by: String::new() })
    }

    fn block(&mut self, attributes: &str, content: &impl Serialize) -> io::Result<()> {
        let json = inert(&serde_json::to_string(content)?);
        writeln!(self.out, "<script type=\"application/json\" {attributes}>{json}</script>")
    }
}

impl Writer for Html {
    fn report(&mut self, item: &Item<'_>) -> io::Result<()> {
        let report = item.report;
        let read = item.reading.events.first().map(|event| &event.report);
        if let (true, Some(event)) = (self.made_by.is_empty(), item.reading.events.first()) {
            self.made_by = format!("casus {}", event.made_by.casus);
        }
        let or = |given: Option<&'_ String>, read: Option<&'_ String>| read.or(given).cloned();
        let title = or(report.title.as_ref(), read.and_then(|r| r.title.as_ref()));
        let publisher = or(report.publisher.as_ref(), read.and_then(|r| r.publisher.as_ref()));
        let language = or(report.language.as_ref(), read.and_then(|r| r.language.as_ref()));
        let genre = or(report.genre.as_ref(), read.and_then(|r| r.genre.as_ref()));
        let shown = Report {
            number: item.number,
            id: &report.id,
            title: title.as_deref(),
            publisher: publisher.as_deref(),
            published: read.and_then(|r| r.published).or(report.published).map(|date| date.to_string()),
            language: language.as_deref(),
            genre: genre.as_deref(),
            url: report.url.as_deref(),
            path: report.path.as_deref(),
            text: &report.text,
            notes: &item.reading.notes,
            events: item.reading.events.iter().map(|event| show(&report.text, event)).collect(),
        };
        self.block("class=\"r\"", &shown)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        let codes: Codes = casus_data::table("codes").map_err(io::Error::other)?;
        let codes = codes
            .sets
            .into_iter()
            .map(|(name, list)| (name, list.into_iter().map(|code| (code.code, code.definition)).collect()));
        let (title, made_by) = (self.options.title.clone(), std::mem::take(&mut self.made_by));
        let page = Page { title: &title, made_by: &made_by, codes: codes.collect() };
        self.block("id=\"page\"", &page)?;
        write!(
            self.out,
            "<script type=\"text/plain\" id=\"world\">{WORLD}</script>\n<script>{PROGRAM}</script>\n\
             </body>\n</html>\n"
        )?;
        self.out.flush()
    }
}

fn show<'a>(text: &str, event: &Event) -> Shown<'a> {
    let passage = evidence::passages(text, event.action.triggers.iter().copied().take(1), 1);
    let mut record = event.clone();
    convert_event(&mut record, text, Offsets::Utf16);
    let marks = evidence::marks(&record);
    let family = words::spaced(&words::code(&event.action.family));
    let when = event.when.as_ref();
    let view = View {
        title: capitalised(&family),
        date: when.map_or_else(|| "no date".to_owned(), |when| words::interval(when.earliest, when.latest)),
        when: when.map(words::when),
        place: words::headline_place(event),
        places: event.places.iter().map(words::place).collect(),
        parents: event.places.iter().map(words::parents).collect(),
        participants: event.participants.iter().map(|p| p.count.as_ref().map(words::count)).collect(),
        losses: event
            .losses
            .iter()
            .map(|loss| LossView { count: words::loss_count(loss), who: words::loser(loss) })
            .collect(),
        materiel: event.materiel.iter().map(|row| words::count(&row.count)).collect(),
        occurrences: event.occurrences.as_ref().map(words::count),
        passage: passage.first().map(|span| neutral::line(&text[span.range()])).unwrap_or_default(),
        tally: tally(event),
        marks: marks
            .iter()
            .map(|mark| (mark.kind.name(), mark.row, mark.span.start, mark.span.end))
            .collect(),
    };
    Shown { record, view }
}

/// JSON in which nothing can end the script element or steer an editor: `<`, `>` and steering
/// characters stand in strings only, and are escaped there.
fn inert(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, '<' | '>') || neutral::steers(c) {
            // All of them lie in the basic plane.
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn escaped(text: &str) -> String {
    neutral::line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The hash by which a content security policy allows an inline element (CSP Level 3, section 2.3.1).
pub(crate) fn source_hash(content: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(content.as_bytes())))
}

/// Base64 after RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let sextet = (bits >> (18 - 6 * place)) & 63;
            out.push(if place > chunk.len() { '=' } else { char::from(ALPHABET[sextet as usize]) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_follows_the_rfc() {
        // RFC 4648, section 10.
        let check = |plain: &str, expected: &str| assert_eq!(base64(plain.as_bytes()), expected);
        check("", "");
        check("f", "Zg==");
        check("fo", "Zm8=");
        check("foo", "Zm9v");
        check("foobar", "Zm9vYmFy");
    }
}
