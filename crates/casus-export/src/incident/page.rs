//! One self-contained page of incidents: each with a picture of its figures and, field by field, what every
//! voice claims.
//!
//! The page is complete without a program; a few lines of one narrow the list down. It loads nothing, and
//! its content security policy forbids it. Everything that comes from reports stands in it as text.

use super::{
    IncidentWriter,
    picture::picture,
    words::{agreement_word, escape, headline, party_lines, spaced, value_text, voice_text},
};
use crate::html::source_hash;
use casus_record::{Agreement, Claim, Incident, Review, Side};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::{self, Write},
};

const STYLE: &str = include_str!("../../assets/incidents.css");
const PROGRAM: &str = include_str!("../../assets/incidents.js");

/// The page, written as incidents come.
pub(super) struct Page {
    out: Box<dyn Write + Send>,
    incidents: u64,
    conflicts: u64,
}

impl Page {
    pub(super) fn new(title: &str, mut out: Box<dyn Write + Send>) -> io::Result<Page> {
        let title = if title == crate::Options::default().title { "Incidents" } else { title };
        let title = escape(title);
        write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; \
             script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n\
             <link rel=\"icon\" href=\"data:,\">\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n\
             <h1>{title}</h1>\n<p id=\"count\"></p>\n<form id=\"tools\" role=\"search\" hidden>\n\
             <label>Search <input id=\"query\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\"></label>\n\
             <label><input id=\"conflicts\" type=\"checkbox\"> only where voices contradict each other</label>\n\
             </form>\n<p class=\"key\"><span class=\"mark none\"></span> no party <span class=\"mark a\"></span> side a \
             <span class=\"mark b\"></span> side b <span class=\"quiet\">Claims with one number go back to one source and \
             count once.</span></p>\n</header>\n<main>\n",
            source_hash(STYLE),
            source_hash(PROGRAM)
        )?;
        Ok(Page { out, incidents: 0, conflicts: 0 })
    }
}

impl IncidentWriter for Page {
    fn incident(&mut self, incident: &Incident) -> io::Result<()> {
        self.incidents += 1;
        let conflict = incident.agreement.values().any(|agreement| *agreement == Agreement::Conflict);
        self.conflicts += u64::from(conflict);
        self.out.write_all(article(incident, conflict).as_bytes())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        let (incidents, conflicts) = (self.incidents, self.conflicts);
        write!(
            self.out,
            "</main>\n<footer data-incidents=\"{incidents}\" data-conflicts=\"{conflicts}\">{incidents} incidents, \
             {conflicts} with claims that contradict each other.</footer>\n<script>{PROGRAM}</script>\n</body>\n</html>\n"
        )?;
        self.out.flush()
    }
}

fn article(incident: &Incident, conflict: bool) -> String {
    let class = if conflict { " class=\"conflict\"" } else { "" };
    let id = escape(&incident.id);
    let mut out = format!(
        "<article id=\"{id}\"{class}>\n<h2>{}</h2>\n<p class=\"quiet\">{id}",
        escape(&headline(incident))
    );
    let plain = [spaced(&incident.status), spaced(&incident.told), spaced(&incident.scope)];
    // What goes without saying is not said.
    for word in plain.iter().filter(|word| !matches!(word.as_str(), "happened" | "news" | "incident")) {
        let _ = write!(out, " <span class=\"tag\">{}</span>", escape(word));
    }
    out.push_str("</p>\n");
    if let Some(review) = &incident.review {
        out.push_str(&decision(review));
    }
    if let Some(picture) = picture(incident) {
        let _ = writeln!(out, "<figure>{picture}</figure>");
    }
    out.push_str(&claims(incident));
    let parties = party_lines(incident);
    if !parties.is_empty() {
        out.push_str("<h3>What each party says</h3>\n<ul>\n");
        for line in &parties {
            let _ = writeln!(out, "<li>{}</li>", escape(line));
        }
        out.push_str("</ul>\n");
    }
    if !incident.supersedes.is_empty() {
        let _ =
            writeln!(out, "<p class=\"quiet\">stands for {}</p>", escape(&incident.supersedes.join(", ")));
    }
    out.push_str("</article>\n");
    out
}

/// What a person decided.
fn decision(review: &Review) -> String {
    let mut out = format!(
        "<p class=\"review\"><strong>{}</strong> by {} on {}: {}",
        spaced(&review.decision),
        escape(&review.by),
        escape(review.at.get(..10).unwrap_or(&review.at)),
        escape(&review.why)
    );
    let word =
        |value: &serde_json::Value| escape(&value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    for (field, value) in &review.values {
        let _ = write!(out, "<br><code>{}</code> {}", escape(field), word(value));
        if let Some(machine) = review.machine.get(field).filter(|machine| *machine != value) {
            let _ = write!(out, " <span class=\"quiet\">(the machine: {})</span>", word(machine));
        }
    }
    if review.disputed {
        let fields = review.disputed_fields.join(", ");
        let _ = write!(out, "<br><span class=\"tag strong\">coders differ</span> {}", escape(&fields));
    }
    if review.changed_since {
        out.push_str("<br><span class=\"tag\">the record has changed since</span>");
    }
    out + "</p>\n"
}

/// Field by field, what every voice claims.
fn claims(incident: &Incident) -> String {
    let mut order: Vec<&str> = Vec::new();
    let mut fields: BTreeMap<&str, Vec<&Claim>> = BTreeMap::new();
    for claim in &incident.claims {
        let claims = fields.entry(&claim.field).or_default();
        if claims.is_empty() {
            order.push(&claim.field);
        }
        claims.push(claim);
    }
    let mut out = String::from(
        "<table>\n<thead><tr><th scope=\"col\">field</th><th scope=\"col\">claim</th><th scope=\"col\">by</th>\
         <th scope=\"col\">published</th><th scope=\"col\" title=\"claims of one source count once\">source</th></tr></thead>\n<tbody>\n",
    );
    for field in order {
        let rows = rows(&fields[field]);
        let agreement = incident.agreement.get(field).copied().unwrap_or(Agreement::Single);
        let word = agreement_word(agreement);
        for (at, row) in rows.iter().enumerate() {
            out.push_str(if at == 0 { "<tr class=\"first\">" } else { "<tr>" });
            if at == 0 {
                let name = field.trim_start_matches("losses.").replace('_', " ");
                let _ = write!(
                    out,
                    "<th scope=\"rowgroup\" rowspan=\"{}\">{} <span class=\"agreement {word}\">{word}</span></th>",
                    rows.len(),
                    escape(&name)
                );
            }
            let _ = writeln!(out, "{row}</tr>");
        }
    }
    out + "</tbody>\n</table>\n"
}

/// The claims on one field; what one voice says in several reports of one source is one row.
fn rows(claims: &[&Claim]) -> Vec<String> {
    let mut seen: BTreeSet<(String, String, u32)> = BTreeSet::new();
    let mut rows = Vec::new();
    for claim in claims {
        let (value, voice) = (value_text(&claim.value), voice_text(&claim.voice));
        if !seen.insert((value.clone(), voice.clone(), claim.source)) {
            continue;
        }
        let side = match claim.voice.side {
            Some(Side::A) => "a",
            Some(Side::B) => "b",
            _ => "none",
        };
        rows.push(format!(
            "<td>{}</td><td><span class=\"mark {side}\"></span> {}</td><td>{}</td><td>{}</td>",
            escape(&value),
            escape(&voice),
            claim.published.map_or_else(String::new, |day| day.to_string()),
            claim.source + 1
        ));
    }
    rows
}
