//! Task `entities`: `{docid, entities: [{start, end, type}]}`, exact spans with their types.
//!
//! Two sets, of each the part that the model never saw (`training/entities/sets.py` has the same two rules):
//!
//! - re3d, as an analyst of a conflict marks: names, titles and descriptions, pronouns, weapons, times. Every fourth
//!   document of a folder in the order of their ids, from the fourth on. Marks that its crowd did not confirm (confidence
//!   below a half) are none, and of marks within marks the outermost stands, for the model marks no text twice.
//! - Universal NER of English-EWT, names alone: the file `test`. A document is its sentences, a line each.

use crate::{
    documents::{Documents, id},
    score::Scores,
};
use anyhow::{Context, Result};
use casus_engine::{
    Casus, Report,
    reader::entities::{Entity, EntityKind},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The set of re3d.
pub(crate) const RE3D: &str = "re3d-held-out";
/// The set of UNER English-EWT.
pub(crate) const UNER: &str = "uner-ewt-test";

/// The measured documents of a set, if the data folder has it: `{docid, text, marks, entities}`.
pub(crate) fn documents(set: &str, data: &Path) -> Result<Option<Vec<Value>>> {
    let (re3d, uner) = (data.join("entities/re3d"), data.join("treebanks/uner_ewt/en_ewt-ud-test.iob2"));
    match set {
        RE3D if re3d.is_dir() => re3d_documents(&re3d).map(Some),
        UNER if uner.is_file() => {
            let text =
                fs::read_to_string(&uner).with_context(|| format!("cannot read {}", uner.display()))?;
            Ok(Some(uner_documents(&text)))
        }
        _ => Ok(None),
    }
}

fn re3d_documents(root: &Path) -> Result<Vec<Value>> {
    let listed = fs::read_dir(root).with_context(|| format!("cannot read {}", root.display()))?;
    let mut folders: Vec<PathBuf> = listed.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    let mut out = Vec::new();
    for folder in folders {
        let mut marks: BTreeMap<String, Vec<Mark>> = BTreeMap::new();
        for mark in Documents::open(&folder.join("entities.json"))? {
            let (at, mark) = mark?;
            if mark["confidence"].as_f64().is_some_and(|sure| sure >= 0.5) {
                let number = |key: &str| mark[key].as_u64().with_context(|| format!("{at}: no {key}"));
                let kind = mark["type"].as_str().with_context(|| format!("{at}: no type"))?;
                let document = mark["documentId"].as_str().unwrap_or_default();
                let mark = (number("begin")?, number("end")?, kind.to_owned());
                marks.entry(document.to_owned()).or_default().push(mark);
            }
        }
        let mut documents: Vec<Value> = Documents::open(&folder.join("documents.json"))?
            .map(|document| Ok(document?.1))
            .collect::<Result<_>>()?;
        documents.sort_by(|a, b| a["_id"].as_str().cmp(&b["_id"].as_str()));
        for document in documents.iter().skip(3).step_by(4) {
            let name = document["_id"].as_str().unwrap_or_default();
            let marks = outermost(marks.remove(name).unwrap_or_default());
            out.push(given("re3d", name, document["text"].as_str().unwrap_or_default(), &marks));
        }
    }
    Ok(out)
}

/// First and end as code points, type.
type Mark = (u64, u64, String);

fn given(marks: &str, name: &str, text: &str, entities: &[Mark]) -> Value {
    let entities: Vec<Value> = entities
        .iter()
        .map(|(start, end, kind)| json!({ "start": start, "end": end, "type": kind }))
        .collect();
    json!({ "docid": name, "text": text, "marks": marks, "entities": entities })
}

/// Of marks that overlap the longest; of equal ones the first.
fn outermost(mut marks: Vec<Mark>) -> Vec<Mark> {
    marks.sort_by(|a, b| (b.1 - b.0).cmp(&(a.1 - a.0)).then_with(|| a.cmp(b)));
    let mut kept: Vec<Mark> = Vec::new();
    for mark in marks {
        if kept.iter().all(|other| mark.1 <= other.0 || other.1 <= mark.0) {
            kept.push(mark);
        }
    }
    kept.sort();
    kept
}

fn uner_documents(file: &str) -> Vec<Value> {
    let mut documents: Vec<(String, String, Vec<Mark>)> = Vec::new();
    for block in file.split("\n\n") {
        let comment = |key: &str| {
            block.lines().find_map(|line| line.strip_prefix("# ")?.strip_prefix(key)?.strip_prefix(" = "))
        };
        let (Some(sentence), Some(text)) = (comment("sent_id"), comment("text")) else { continue };
        let name = sentence.rsplit_once('-').map_or(sentence, |(name, _)| name);
        let rows: Vec<(&str, &str)> = block
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let mut fields = line.split('\t').skip(1);
                Some((fields.next()?, fields.next()?))
            })
            .collect();
        // A few texts differ from their words.
        let mut text = text.to_owned();
        let spans = place(&text, &rows).unwrap_or_else(|| {
            text = rows.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" ");
            place(&text, &rows).unwrap_or_default()
        });
        if documents.last().is_none_or(|(last, ..)| last != name) {
            documents.push((name.to_owned(), String::new(), Vec::new()));
        }
        let Some((_, all, marks)) = documents.last_mut() else { continue };
        let offset = all.chars().count() as u64;
        all.push_str(&text);
        all.push('\n');
        let mut open: Option<&str> = None;
        for ((_, tag), (start, end)) in rows.iter().zip(&spans) {
            let kind = tag.get(2..).filter(|kind| ["PER", "LOC", "ORG"].contains(kind));
            match (kind, marks.last_mut()) {
                (Some(kind), Some(last)) if tag.starts_with("I-") && open == Some(kind) => {
                    last.1 = offset + end
                }
                (Some(kind), _) => marks.push((offset + start, offset + end, kind.to_owned())),
                _ => {}
            }
            open = kind;
        }
    }
    documents.iter().map(|(name, text, marks)| given("names", name, text, marks)).collect()
}

/// Where each word stands in its text, in code points; None if one does not.
fn place(text: &str, rows: &[(&str, &str)]) -> Option<Vec<(u64, u64)>> {
    let (mut at, mut point) = (0, 0);
    rows.iter()
        .map(|(word, _)| {
            let start = at + text[at..].find(word)?;
            point += text[at..start].chars().count() as u64;
            let first = point;
            point += word.chars().count() as u64;
            at = start + word.len();
            Some((first, point))
        })
        .collect()
}

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    let text = document["text"].as_str().context("no text")?.to_owned();
    let report = Report { text, language: Some("en".to_owned()), ..Report::default() };
    let read = casus.entities(&report);
    let names = document["marks"] == "names";
    let (mut at_byte, mut at_point) = (0, 0);
    let mut points = |byte: u32| {
        let byte = byte as usize;
        at_point += report.text[at_byte..byte].chars().count();
        at_byte = byte;
        at_point
    };
    let marked: &[Entity] = if names { &read.found.names } else { &read.found.mentions };
    let entities: Vec<Value> = marked
        .iter()
        .map(|entity| {
            let (start, end) = (points(entity.span.start), points(entity.span.end));
            json!({ "start": start, "end": end, "type": kind(entity.kind, names) })
        })
        .collect();
    Ok(json!({ "docid": document["docid"], "entities": entities }))
}

/// A kind in the words of the set.
fn kind(kind: EntityKind, names: bool) -> &'static str {
    match kind {
        EntityKind::Person if names => "PER",
        EntityKind::Group if names => "ORG",
        _ if names => "LOC",
        EntityKind::Person => "Person",
        EntityKind::Group => "Organisation",
        EntityKind::Place | EntityKind::Facility => "Location",
        EntityKind::Weapon => "Weapon",
        EntityKind::MilitaryPlatform => "MilitaryPlatform",
        EntityKind::Vehicle => "Vehicle",
        EntityKind::Nationality => "Nationality",
        EntityKind::Time => "Temporal",
        EntityKind::Quantity => "Quantity",
        EntityKind::Money => "Money",
        EntityKind::Document => "DocumentReference",
        EntityKind::Identifier => "CommsIdentifier",
        EntityKind::Frequency => "Frequency",
    }
}

/// What was due, found and right.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    due: usize,
    found: usize,
    right: usize,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.due += other.due;
        self.found += other.found;
        self.right += other.right;
    }

    fn precision(self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }

    fn recall(self) -> f64 {
        self.right as f64 / self.due.max(1) as f64
    }

    fn f1(self) -> f64 {
        2.0 * self.right as f64 / (self.due + self.found).max(1) as f64
    }
}

/// Exact span and type over all entities of the set (micro F1); the same by type; and spans without types.
pub(crate) fn score(gold: &[Value], predictions: &[Value]) -> Scores {
    let (mut all, mut spans) = (Tally::default(), Tally::default());
    let mut kinds: BTreeMap<String, Tally> = BTreeMap::new();
    let mut scores = Scores::default();
    for (document, prediction) in gold.iter().zip(predictions) {
        let (due, found) = (marks(document), marks(prediction));
        let own = Tally { due: due.len(), found: found.len(), right: due.intersection(&found).count() };
        all.add(own);
        let bare =
            |marks: &BTreeSet<Mark>| marks.iter().map(|mark| (mark.0, mark.1)).collect::<BTreeSet<_>>();
        let (bare_due, bare_found) = (bare(&due), bare(&found));
        let right = bare_due.intersection(&bare_found).count();
        spans.add(Tally { due: bare_due.len(), found: bare_found.len(), right });
        for mark in due.union(&found) {
            let one = |marks: &BTreeSet<Mark>| usize::from(marks.contains(mark));
            let (due, found) = (one(&due), one(&found));
            kinds.entry(mark.2.clone()).or_default().add(Tally { due, found, right: due * found });
        }
        let figures = [("due", own.due), ("found", own.found), ("right", own.right)];
        let figures = figures.map(|(name, value)| (name.to_owned(), value as f64)).to_vec();
        scores.rows.insert(id(document).to_owned(), figures);
    }
    scores.summary = vec![
        ("precision".to_owned(), all.precision()),
        ("recall".to_owned(), all.recall()),
        ("f1".to_owned(), all.f1()),
        ("span_f1".to_owned(), spans.f1()),
        ("entities".to_owned(), all.due as f64),
    ];
    // A type with a handful of entities has no figure that says anything.
    let told = kinds.into_iter().filter(|(_, tally)| tally.due >= 10);
    scores.summary.extend(told.map(|(kind, tally)| (format!("{}_f1", kind.to_lowercase()), tally.f1())));
    scores
}

fn marks(document: &Value) -> BTreeSet<Mark> {
    let marks = document["entities"].as_array().into_iter().flatten();
    marks
        .filter_map(|mark| {
            Some((mark["start"].as_u64()?, mark["end"].as_u64()?, mark["type"].as_str()?.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_treebank_are_placed_in_its_text() {
        let file = "# sent_id = a-0001\n# text = Ana Mora saw Beya.\n1\tAna\tB-PER\t-\n2\tMora\tI-PER\t-\n3\tsaw\tO\t-\n\
                    4\tBeya\tB-LOC\t-\n5\t.\tO\t-\n\n# sent_id = a-0002\n# text = é Gol\n1\té\tO\t-\n2\tGol\tB-OTH\t-\n\n\
                    # sent_id = b-0001\n# text = Lodo\n1\tLodo\tB-LOC\t-\n";
        let documents = uner_documents(file);
        let marks: Vec<Vec<Mark>> =
            documents.iter().map(|document| marks(document).into_iter().collect()).collect();
        let mark = |start, end, kind: &str| (start, end, kind.to_owned());
        assert_eq!(documents[0]["text"], "Ana Mora saw Beya.\né Gol\n");
        assert_eq!(marks, [vec![mark(0, 8, "PER"), mark(13, 17, "LOC")], vec![mark(0, 4, "LOC")]]);
    }

    #[test]
    fn only_exact_spans_of_the_type_count() {
        let document = |marks: &[(u64, u64, &str)]| {
            let marks: Vec<Mark> = marks.iter().map(|(a, b, kind)| (*a, *b, (*kind).to_owned())).collect();
            given("names", "a", "", &marks)
        };
        let gold = [document(&[(0, 4, "PER"), (6, 9, "LOC"), (12, 15, "ORG"), (20, 22, "LOC")])];
        let predicted = [document(&[(0, 4, "PER"), (6, 9, "ORG"), (12, 14, "ORG")])];
        let scores = score(&gold, &predicted);
        let figure =
            |name: &str| scores.summary.iter().find(|(figure, _)| figure == name).map(|(_, value)| *value);
        assert_eq!(figure("precision"), Some(1.0 / 3.0));
        assert_eq!(figure("recall"), Some(0.25));
        assert_eq!(figure("f1"), Some(2.0 / 7.0));
        assert_eq!(figure("span_f1"), Some(4.0 / 7.0));
    }

    #[test]
    fn of_marks_within_marks_the_outermost_stands() {
        let marks = [(4, 8, "LOC"), (0, 8, "ORG"), (0, 3, "PER"), (9, 12, "LOC")];
        let marks = marks.map(|(a, b, kind)| (a, b, kind.to_owned())).to_vec();
        let kept: Vec<_> = outermost(marks).into_iter().map(|(a, b, _)| (a, b)).collect();
        assert_eq!(kept, [(0, 8), (9, 12)]);
    }
}
