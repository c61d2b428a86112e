//! Why a template or a filler of the MUC-4 keys is missing or wrong.
//!
//! Templates are paired by type and shared fillers, the best pairs first. Fillers match as in template filling: every
//! mention of the answer is one of the key.

use super::{Miss, Misses};
use crate::{documents::id, tasks::muc4 as task};
use anyhow::{Context, Result};
use casus_engine::{
    Casus, Date, Report, Span, Traced,
    reader::{self, Gate, Part},
};
use serde_json::Value;

const ROLES: [(&str, &[Part]); 5] = [
    ("PerpInd", &[Part::PerpetratorPerson]),
    ("PerpOrg", &[Part::PerpetratorGroup]),
    ("Target", &[Part::Target]),
    ("Victim", &[Part::VictimName]),
    ("Weapon", &[Part::Weapon]),
];

/// The role of a miss that is a whole template.
const TEMPLATE: &str = "template";

/// A template: its type, and the fillers of each role, each as its mentions in normal form.
struct Template {
    kind: String,
    fillers: Vec<Vec<Vec<String>>>,
}

impl Template {
    fn of(value: &Value) -> Template {
        let mentions = |entity: &Value| -> Vec<String> {
            let all = entity.as_array().into_iter().flatten();
            let words = all.filter_map(|m| m.as_str().or_else(|| m[0].as_str()));
            words.map(normal).filter(|words| !words.is_empty()).collect()
        };
        let fillers = ROLES.iter().map(|(role, _)| {
            let entities = value[*role].as_array().into_iter().flatten().map(mentions);
            entities.filter(|entity| !entity.is_empty()).collect()
        });
        let kind = value["incident_type"].as_str().unwrap_or("attack").to_lowercase();
        Template { kind, fillers: fillers.collect() }
    }

    fn all(value: &Value) -> Vec<Template> {
        value.as_array().into_iter().flatten().map(Template::of).collect()
    }

    /// Fillers of one that are in the other.
    fn shared(&self, key: &Template) -> usize {
        let roles = self.fillers.iter().zip(&key.fillers);
        roles
            .map(|(own, key)| own.iter().filter(|own| key.iter().any(|key| is_right(own, key))).count())
            .sum()
    }

    fn fits(&self, key: &Template) -> bool {
        key.kind.contains(&self.kind)
    }

    fn has(&self, role: usize, key: &[String]) -> bool {
        self.fillers[role].iter().any(|own| own.iter().any(|mention| key.contains(mention)))
    }

    fn has_anywhere(&self, key: &[String]) -> bool {
        (0..ROLES.len()).any(|role| self.has(role, key))
    }
}

fn is_right(own: &[String], key: &[String]) -> bool {
    own.iter().all(|mention| key.contains(mention))
}

/// As the scorer compares: lower case, no punctuation, no articles.
fn normal(words: &str) -> String {
    let bare: String = words.to_lowercase().chars().filter(|c| !c.is_ascii_punctuation()).collect();
    let words = bare.split_whitespace().filter(|word| !matches!(*word, "a" | "an" | "the"));
    words.collect::<Vec<_>>().join(" ")
}

pub(super) fn sort(casus: &Casus, document: &Value, misses: &mut Misses) -> Result<()> {
    let docid = id(document);
    let text = document["text"].as_str().context("no text")?;
    let published = document["dateline_date"].as_str().and_then(|date| date.parse::<Date>().ok());
    let report = Report { id: docid.to_owned(), text: text.to_owned(), published, ..Report::default() };
    let traced = casus.read_traced(&report);
    let answers = Template::all(&task::predict(casus, document)?["templates"]);
    let keys = Template::all(&document["templates"]);
    let pairs = pair(&answers, &keys);
    let read = Read::new(&traced);
    for (at, key) in keys.iter().enumerate() {
        let answer = pairs.iter().find(|(_, k)| *k == at).map(|(a, _)| &answers[*a]);
        if answer.is_none() {
            misses.add(docid, Miss::Missed, no_template(key, &answers, &traced), TEMPLATE);
        }
        for (role, (name, parts)) in ROLES.iter().enumerate() {
            for entity in &key.fillers[role] {
                let right = |answer: &&Template| answer.fillers[role].iter().any(|own| is_right(own, entity));
                if answer.as_ref().is_some_and(right) {
                    continue;
                }
                let cause = no_filler(role, parts, entity, answer, &answers, &read);
                misses.add(docid, Miss::Missed, cause, *name);
            }
        }
    }
    for (at, answer) in answers.iter().enumerate() {
        let key = pairs.iter().find(|(a, _)| *a == at).map(|(_, k)| &keys[*k]);
        if key.is_none() {
            misses.add(docid, Miss::Invented, no_key(answer, &keys), TEMPLATE);
            continue;
        }
        for (role, (name, _)) in ROLES.iter().enumerate() {
            for own in &answer.fillers[role] {
                let right = |key: &&Template| key.fillers[role].iter().any(|entity| is_right(own, entity));
                if !key.as_ref().is_some_and(right) {
                    misses.add(docid, Miss::Invented, invented(role, own, key, &keys), *name);
                }
            }
        }
    }
    Ok(())
}

/// Pairs of an answer and a key, the best first: by shared fillers among those whose type fits.
fn pair(answers: &[Template], keys: &[Template]) -> Vec<(usize, usize)> {
    let mut all: Vec<(std::cmp::Reverse<usize>, usize, usize)> = Vec::new();
    for (a, answer) in answers.iter().enumerate() {
        for (k, key) in keys.iter().enumerate().filter(|(_, key)| answer.fits(key)) {
            all.push((std::cmp::Reverse(answer.shared(key)), a, k));
        }
    }
    all.sort_unstable();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, a, k) in all {
        if pairs.iter().all(|(other, key)| *other != a && *key != k) {
            pairs.push((a, k));
        }
    }
    pairs
}

fn no_template(key: &Template, answers: &[Template], traced: &Traced<'_>) -> &'static str {
    let fillers =
        || key.fillers.iter().enumerate().flat_map(|(role, all)| all.iter().map(move |e| (role, e)));
    let of = |answer: &Template| fillers().any(|(role, entity)| answer.has(role, entity));
    if answers.is_empty() {
        return match (traced.learned.incidents.is_empty(), traced.reading.events.is_empty()) {
            (false, _) => "incidents were read, the report was taken for irrelevant or old",
            (true, false) => "events were read by rules, no incident by the model",
            (true, true) => "nothing was read in the report",
        };
    }
    if answers.iter().any(|answer| of(answer) && answer.fits(key)) {
        "merged with another incident"
    } else if answers.iter().any(of) {
        "wrong type"
    } else if fillers().next().is_none() {
        "a template without fillers was not found"
    } else {
        "no template found"
    }
}

fn no_key(answer: &Template, keys: &[Template]) -> &'static str {
    if keys.is_empty() {
        return "the report has no incident";
    }
    let shares = |key: &&Template| {
        let all = key.fillers.iter().enumerate();
        all.flat_map(|(role, all)| all.iter().map(move |e| (role, e)))
            .any(|(role, entity)| answer.has(role, entity))
    };
    match keys.iter().find(shares) {
        Some(key) if answer.fits(key) => "split off an incident",
        Some(_) => "wrong type",
        None => "no such incident",
    }
}

fn no_filler(
    role: usize,
    parts: &[Part],
    entity: &[String],
    answer: Option<&Template>,
    answers: &[Template],
    read: &Read<'_>,
) -> &'static str {
    if let Some(answer) = answer {
        if answer.has(role, entity) {
            return "more mentions than the key has";
        }
        if answer.has_anywhere(entity) {
            return "wrong part";
        }
    }
    if answers.iter().any(|other| other.has(role, entity)) {
        return if answer.is_some() { "wrong incident" } else { "its template is missing" };
    }
    if answers.iter().any(|other| other.has_anywhere(entity)) {
        return "wrong part, in another incident";
    }
    read.why_not(parts, entity)
}

fn invented(role: usize, own: &[String], key: Option<&Template>, keys: &[Template]) -> &'static str {
    let holds = |key: &Template, role: usize| {
        key.fillers[role].iter().any(|entity| own.iter().any(|mention| entity.contains(mention)))
    };
    let part = |entity: &Vec<String>| {
        let within = |a: &str, b: &str| format!(" {a} ").contains(&format!(" {b} "));
        entity.iter().any(|k| own.iter().any(|o| within(k, o) || within(o, k)))
    };
    if let Some(key) = key {
        if holds(key, role) {
            return "more mentions than the key has";
        }
        if (0..ROLES.len()).any(|other| holds(key, other)) {
            return "wrong part";
        }
        if key.fillers[role].iter().any(part) {
            return "other bounds";
        }
    }
    if keys.iter().any(|key| holds(key, role)) {
        "wrong incident"
    } else if keys.iter().any(|key| key.fillers[role].iter().any(part)) {
        "other bounds, in another incident"
    } else {
        "no such filler"
    }
}

/// What the model could see and what it made of it.
struct Read<'a> {
    traced: &'a Traced<'a>,
    candidates: Vec<Span>,
    gate: Gate,
}

impl<'a> Read<'a> {
    fn new(traced: &'a Traced<'a>) -> Read<'a> {
        let Traced { document, mentions, frames, .. } = traced;
        let candidates = reader::candidates(document, mentions, frames, |_| true);
        Read {
            traced,
            candidates: candidates.iter().map(|tokens| document.span(tokens)).collect(),
            gate: Gate::new(document, frames, !traced.drafts.is_empty()),
        }
    }

    fn is(&self, span: Span, entity: &[String]) -> bool {
        entity.contains(&normal(self.traced.document.slice(span)))
    }

    /// Why a filler that stands in no template was not read.
    fn why_not(&self, parts: &[Part], entity: &[String]) -> &'static str {
        let document = &self.traced.document;
        let same: Vec<Span> = self.candidates.iter().copied().filter(|span| self.is(*span, entity)).collect();
        if same.is_empty() {
            let all = normal(document.text());
            let stands = entity.iter().any(|mention| format!(" {all} ").contains(&format!(" {mention} ")));
            return if stands {
                "the words are no candidate"
            } else {
                "the words do not stand so in the text"
            };
        }
        let spans = &self.traced.learned.spans;
        let read: Vec<_> = spans.iter().filter(|read| self.is(read.span, entity)).collect();
        if read.iter().any(|read| parts.contains(&read.part)) {
            return "read rightly, in no template";
        }
        let person = |part: Part| matches!(part, Part::Victim | Part::VictimName);
        if read.iter().any(|read| person(read.part) && parts.iter().copied().any(person)) {
            return "read as described, not as named";
        }
        if !read.is_empty() {
            return "read as another part";
        }
        if spans
            .iter()
            .any(|read| parts.contains(&read.part) && same.iter().any(|span| span.overlaps(read.span)))
        {
            return "other bounds";
        }
        let open = |span: &Span| {
            let at = document.tokens.partition_point(|token| token.span.end <= span.start);
            document.tokens.get(at).is_some_and(|token| self.gate.lets_through(token.sentence))
        };
        if same.iter().any(open) { "scored as no part" } else { "the gate did not let it through" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn templates(value: &Value) -> Vec<Template> {
        Template::all(value)
    }

    #[test]
    fn templates_are_paired_by_what_they_share() {
        let answers = templates(&json!([
            { "incident_type": "attack", "Victim": [["ana morel"]] },
            { "incident_type": "attack", "Victim": [["the mayor"]] },
            { "incident_type": "bombing", "Victim": [["nobody"]] },
        ]));
        let keys = templates(&json!([
            { "incident_type": "attack", "Victim": [["mayor", "mayor of beya"]] },
            { "incident_type": "attack / bombing", "Victim": [["ana morel"]] },
        ]));
        assert_eq!(pair(&answers, &keys), [(0, 1), (1, 0)]);
        assert_eq!(no_key(&answers[2], &keys), "no such incident");
        assert_eq!(invented(3, &["beya".to_owned()], Some(&keys[0]), &keys), "other bounds");
        assert_eq!(invented(0, &["mayor".to_owned()], Some(&keys[0]), &keys), "wrong part");
        assert_eq!(invented(3, &["ana morel".to_owned()], Some(&keys[0]), &keys), "wrong incident");
    }
}
