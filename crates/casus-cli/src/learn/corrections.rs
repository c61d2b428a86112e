//! What people said of records: corrected files, or the decisions of a project.
//!
//! A record may say anything from "this is no event" to every field; what it leaves out, it says nothing about.

use crate::{
    Failure, complain,
    input::{Received, hex, locate, plain},
};
use casus_engine::{Date, Family, Report, Role, Span, text::quoted};
use casus_store::{Decision, Kind, Project};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Longest line of a file of corrections, in bytes: a report with its record.
const MAX_LINE: u64 = 32 << 20;

/// All that was reviewed.
#[derive(Debug)]
pub(super) struct Corrections {
    /// In the order of the texts' hashes, which is no order that anybody chose.
    pub(super) reports: Vec<Reviewed>,
    /// SHA-256 of what they were read from.
    pub(super) sha256: String,
    /// Records that could not be used.
    pub(super) refused: u64,
    /// Events on which coders disagree, and of which nothing is learned.
    pub(super) disputed: u64,
}

/// A report with what was said of its events.
#[derive(Debug)]
pub(super) struct Reviewed {
    pub(super) report: Report,
    pub(super) records: Vec<Record>,
    /// Whether the records are all events of the report.
    pub(super) complete: bool,
}

/// What was said of one event.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    /// False: it is no event.
    pub(super) stands: bool,
    /// Where its triggers stand, at least one.
    pub(super) triggers: Vec<Span>,
    pub(super) family: Option<Family>,
    /// Actors and recipients, all of them.
    pub(super) participants: Option<Vec<Who>>,
}

/// A participant as somebody has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Who {
    pub(super) role: Role,
    pub(super) name: Option<String>,
    pub(super) spans: Vec<Span>,
    pub(super) class: Option<String>,
    pub(super) register: Option<String>,
    pub(super) country: Option<String>,
}

/// A line of a file of corrections: an event's record, or a part of one.
#[derive(Deserialize)]
struct Line {
    report: ReportLine,
    #[serde(default)]
    verdict: Verdict,
    trigger: Option<String>,
    #[serde(default)]
    action: ActionLine,
    participants: Option<Vec<WhoLine>>,
}

#[derive(Deserialize)]
struct ReportLine {
    id: Option<String>,
    text_sha256: Option<String>,
    text: Option<String>,
    publisher: Option<String>,
    published: Option<Date>,
    language: Option<String>,
    genre: Option<String>,
}

#[derive(Default, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    #[default]
    Accept,
    Reject,
}

#[derive(Default, Deserialize)]
struct ActionLine {
    family: Option<Family>,
    #[serde(default)]
    triggers: Vec<Span>,
}

#[derive(Deserialize)]
struct WhoLine {
    role: Role,
    name: Option<String>,
    #[serde(default)]
    mentions: Vec<Span>,
    #[serde(default)]
    evidence: Vec<Span>,
    class: Option<String>,
    register: Option<String>,
    country: Option<String>,
}

/// Reads corrected records. A line that cannot be used is told, and costs only itself.
pub(super) fn of_files(files: &[PathBuf], texts: &Texts, complete: bool) -> Result<Corrections, Failure> {
    let (mut hash, mut refused) = (Sha256::new(), 0);
    let mut reports: BTreeMap<String, Reviewed> = BTreeMap::new();
    for path in files {
        let failed = |cause: &io::Error| Failure(format!("{}: {}", path.display(), plain(cause)));
        let source: Box<dyn Read> = match path.to_str() {
            Some("-") => Box::new(io::stdin().lock()),
            _ => Box::new(File::open(path).map_err(|cause| failed(&cause))?),
        };
        let mut source = BufReader::new(source);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let read = source.by_ref().take(MAX_LINE).read_until(b'\n', &mut line);
            if read.map_err(|cause| failed(&cause))? == 0 {
                break;
            }
            hash.update(&line);
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            if let Err(reason) = read_line(&line, texts, complete, &mut reports) {
                complain(&format_args!("{}:{number}: {reason}", path.display()));
                refused += 1;
            }
        }
    }
    Ok(Corrections {
        reports: reports.into_values().collect(),
        sha256: hex(&hash.finalize()),
        refused,
        disputed: 0,
    })
}

fn read_line(
    line: &[u8],
    texts: &Texts,
    complete: bool,
    reports: &mut BTreeMap<String, Reviewed>,
) -> Result<(), String> {
    let line: Line = serde_json::from_slice(line).map_err(|error| format!("not a record: {error}"))?;
    let report = report(line.report, texts)?;
    let text = report.text.as_str();
    let mut triggers = line.action.triggers;
    if let Some(words) = &line.trigger {
        let found =
            find(text, words).ok_or_else(|| format!("the text does not hold the trigger {words:?}"))?;
        triggers.insert(0, found);
    }
    if triggers.is_empty() {
        return Err("names no trigger: give `trigger`, the word of the text, or `action.triggers`".to_owned());
    }
    let who = |who: WhoLine| {
        let mut spans = [who.evidence, who.mentions].concat();
        if spans.is_empty() {
            spans.extend(who.name.as_deref().and_then(|name| find(text, name)));
        }
        let WhoLine { role, name, class, register, country, .. } = who;
        Who { role, name, spans, class, register, country }
    };
    let own = |who: &WhoLine| matches!(who.role, Role::Actor | Role::Recipient);
    let participants: Option<Vec<Who>> =
        line.participants.map(|all| all.into_iter().filter(own).map(who).collect());
    let spans = participants.iter().flatten().flat_map(|who| &who.spans).chain(&triggers);
    if let Some(span) = spans.into_iter().find(|span| text.get(span.range()).is_none_or(str::is_empty)) {
        let Span { start, end } = *span;
        return Err(format!("[{start}, {end}] is no span of the text; spans count bytes"));
    }
    let record = Record {
        stands: line.verdict == Verdict::Accept,
        triggers,
        family: line.action.family,
        participants,
    };
    let entry = reports.entry(sha256(text));
    let reviewed = entry.or_insert_with(|| Reviewed { report, records: Vec::new(), complete });
    if !reviewed.records.contains(&record) {
        reviewed.records.push(record);
    }
    Ok(())
}

/// The report of a line, with its text.
fn report(line: ReportLine, texts: &Texts) -> Result<Report, String> {
    let ReportLine { id, text_sha256, text, publisher, published, language, genre } = line;
    let known = texts.find(text_sha256.as_deref(), id.as_deref());
    let report = match (text, known) {
        (Some(text), _) => Report {
            id: id.unwrap_or_default(),
            text,
            publisher,
            published,
            language,
            genre,
            ..Report::default()
        },
        (None, Some(known)) => Report { published: known.published.or(published), ..known.clone() },
        (None, None) => {
            return Err(
                "the text of its report is not known: give it with --reports, or write records with --with-text"
                    .to_owned(),
            );
        }
    };
    if text_sha256.is_some_and(|hash| hash != sha256(&report.text)) {
        return Err("the text is not the one that the record was read from".to_owned());
    }
    Ok(report)
}

/// The first place where words stand in a text.
fn find(text: &str, words: &str) -> Option<Span> {
    quoted(text, words).next()
}

/// Texts that records point to.
#[derive(Debug, Default)]
pub(super) struct Texts {
    by_hash: BTreeMap<String, Report>,
    by_id: BTreeMap<String, String>,
}

impl Texts {
    /// Receives the reports of all paths. Those that cannot be received are told.
    pub(super) fn receive(paths: &[PathBuf], settings: &crate::input::Settings) -> Result<Texts, Failure> {
        let mut texts = Texts::default();
        for input in locate(paths, &[]) {
            let input = input.map_err(|error| Failure(error.to_string()))?;
            for received in input.reports(settings, Arc::default()) {
                match received {
                    Ok(Received { report, .. }) => {
                        let hash = sha256(&report.text);
                        texts.by_id.entry(report.id.clone()).or_insert_with(|| hash.clone());
                        texts.by_hash.entry(hash).or_insert(report);
                    }
                    Err(error) => complain(&error),
                }
            }
        }
        Ok(texts)
    }

    fn find(&self, hash: Option<&str>, id: Option<&str>) -> Option<&Report> {
        let by_hash = hash.and_then(|hash| self.by_hash.get(hash));
        by_hash.or_else(|| self.by_hash.get(self.by_id.get(id?)?))
    }
}

fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// What the decisions of a project say of single events: that they stand, or not, and of which family they are.
///
/// A merge or a split is about incidents, and says nothing of how a report is read; nor do coders who disagree.
pub(super) fn of_project(path: &Path, project: &Project) -> Result<Corrections, Failure> {
    let decisions = project.decisions()?;
    let mut hash = Sha256::new();
    // By event: the last word of each coder, in the order in which they were said.
    let mut said: BTreeMap<&str, Vec<&Decision>> = BTreeMap::new();
    for decision in decisions.iter().filter(|d| matches!(d.kind, Kind::Accept | Kind::Edit | Kind::Reject)) {
        let line = serde_json::to_vec(decision).map_err(|error| Failure(error.to_string()))?;
        hash.update(line);
        for event in decision.events.iter().filter(|event| !event.triggers.is_empty()) {
            let all = said.entry(&event.event).or_default();
            all.retain(|earlier| earlier.who != decision.who);
            all.push(decision);
        }
    }
    let mut records: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    let mut disputed = 0;
    for (event, all) in &said {
        let record = |decision: &&Decision| {
            let found = decision.events.iter().find(|known| known.event == *event)?;
            let family = decision.values.get("action.family");
            let record = Record {
                stands: decision.kind != Kind::Reject,
                triggers: found.triggers.clone(),
                family: family.and_then(|family| serde_json::from_value(family.clone()).ok()),
                participants: None,
            };
            Some((found.report.clone(), record))
        };
        let settled = all.iter().rposition(|decision| decision.adjudicates).unwrap_or(0);
        let mut told = all[settled..].iter().filter_map(record);
        let Some((report, first)) = told.next() else { continue };
        if told.all(|(_, other)| other == first) {
            records.entry(report).or_default().push(first);
        } else {
            disputed += 1;
        }
    }
    let mut reports: BTreeMap<String, Reviewed> = BTreeMap::new();
    let version = project.last_version()?.unwrap_or_else(|| casus_engine::Options::default().made_by());
    project.readings(&version, |report, _, _| {
        let hash = sha256(&report.text);
        if let Some(records) = records.remove(&hash) {
            reports.insert(hash, Reviewed { report, records, complete: false });
        }
        Ok(())
    })?;
    if reports.is_empty() {
        return Err(Failure(format!(
            "{}: nothing was decided yet that says how reports are read: `casus review accept`, `edit` or `reject`",
            path.display()
        )));
    }
    Ok(Corrections {
        reports: reports.into_values().collect(),
        sha256: hex(&hash.finalize()),
        refused: 0,
        disputed,
    })
}
