//! Cases in Markdown: a fenced `report`, then a fenced `expect`.

use casus_engine::Report;
use serde_json::Value;

/// A report and the events that it must give.
pub(crate) struct Case {
    pub(crate) heading: String,
    /// Line of the `report` fence, from one.
    pub(crate) line: usize,
    pub(crate) report: Report,
    pub(crate) expected: Vec<Value>,
    /// Asserted to fail, so that what mends it must say so.
    pub(crate) known_wrong: bool,
}

/// All cases of a file.
pub(crate) fn cases(markdown: &str) -> Result<Vec<Case>, String> {
    let mut out = Vec::new();
    let mut heading = String::new();
    let mut pending: Option<(usize, Report)> = None;
    let mut lines = markdown.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if let Some(title) = line.strip_prefix('#') {
            heading = title.trim_start_matches('#').trim().to_owned();
        }
        let Some(info) = line.strip_prefix("```") else { continue };
        let fail = |message: &str| format!("line {}: {message}", number + 1);
        let mut content = Vec::new();
        loop {
            match lines.next() {
                Some((_, "```")) => break,
                Some((_, line)) => content.push(line),
                None => return Err(fail("a fence is not closed")),
            }
        }
        let content = content.join("\n");
        let (kind, settings) = info.split_once(' ').unwrap_or((info, ""));
        match kind {
            "report" => {
                if pending.is_some() {
                    return Err(fail("the report before has no `expect`"));
                }
                let report =
                    Report { id: format!("line-{}", number + 1), text: content, ..Report::default() };
                pending = Some((number + 1, with_settings(report, settings).map_err(|error| fail(&error))?));
            }
            "expect" => {
                let (line, report) = pending.take().ok_or_else(|| fail("`expect` without a report"))?;
                let known_wrong = match settings.trim() {
                    "" => false,
                    "known-wrong" => true,
                    other => return Err(fail(&format!("unknown setting {other:?}"))),
                };
                let expected = serde_json::from_str(&content).map_err(|error| fail(&error.to_string()))?;
                out.push(Case { heading: heading.clone(), line, report, expected, known_wrong });
            }
            _ => {}
        }
    }
    match pending {
        Some((line, _)) => Err(format!("line {line}: the report has no `expect`")),
        None => Ok(out),
    }
}

/// `key=value` or `key="some words"`, separated by spaces.
fn with_settings(mut report: Report, settings: &str) -> Result<Report, String> {
    let mut rest = settings.trim();
    while !rest.is_empty() {
        let (key, after) = rest.split_once('=').ok_or_else(|| format!("no value in {rest:?}"))?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or("a quotation mark is missing")?,
            None => after.split_once(' ').unwrap_or((after, "")),
        };
        match key {
            "published" => report.published = Some(value.parse().map_err(|_| format!("no date: {value:?}"))?),
            "title" => report.title = Some(value.to_owned()),
            "publisher" => report.publisher = Some(value.to_owned()),
            "language" => report.language = Some(value.to_owned()),
            "genre" => report.genre = Some(value.to_owned()),
            _ => return Err(format!("unknown setting {key:?}")),
        }
        rest = after.trim_start();
    }
    Ok(report)
}

#[test]
fn cases_are_read() {
    let file = "# One\n```report published=2024-03-14 title=\"Old Tarna\"\nA.\n\nB.\n```\n```expect known-wrong\n[]\n```\n";
    let cases = cases(file).unwrap();
    assert_eq!(cases.len(), 1);
    let case = &cases[0];
    assert_eq!((case.heading.as_str(), case.line, case.known_wrong), ("One", 2, true));
    assert_eq!(case.report.text, "A.\n\nB.");
    assert_eq!(case.report.title.as_deref(), Some("Old Tarna"));
    assert_eq!(case.report.published.map(|date| date.to_string()).as_deref(), Some("2024-03-14"));
}

#[test]
fn broken_files_are_told() {
    for (file, expected) in [
        ("```report\nA", "line 1: a fence is not closed"),
        ("```report\nA\n```\n", "line 1: the report has no `expect`"),
        ("```expect\n[]\n```\n", "line 1: `expect` without a report"),
        ("```report colour=red\nA\n```\n", "line 1: unknown setting \"colour\""),
    ] {
        assert_eq!(cases(file).err().as_deref(), Some(expected), "{file:?}");
    }
}
