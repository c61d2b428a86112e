//! Cases in Markdown tables: a short text with the words of its times in bold, and what they mean.

use casus_engine::{Report, Span, When, mention::time::TimeMention};
use serde_json::Value;

/// A text and what its times must be.
pub(crate) struct Row {
    pub(crate) heading: String,
    /// Line of the row, from one.
    pub(crate) line: usize,
    pub(crate) report: Report,
    /// Where the words of each time stand in the text, and what is expected of it.
    pub(crate) expected: Vec<(Span, String)>,
}

/// All rows of a file: of every table that has a column `text` and a column `when`.
pub(crate) fn rows(markdown: &str, language: &str) -> Result<Vec<Row>, String> {
    let mut out = Vec::new();
    let mut heading = String::new();
    let mut columns: Vec<&str> = Vec::new();
    for (number, line) in markdown.lines().enumerate() {
        if let Some(title) = line.strip_prefix('#') {
            heading = title.trim_start_matches('#').trim().to_owned();
        }
        let Some(cells) = line.strip_prefix('|').and_then(|rest| rest.strip_suffix('|')) else {
            columns.clear();
            continue;
        };
        let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
        if cells.iter().all(|cell| !cell.is_empty() && cell.bytes().all(|byte| byte == b'-')) {
            continue;
        }
        if columns.is_empty() {
            columns = cells;
            continue;
        }
        let fail = |message: &str| format!("line {}: {message}", number + 1);
        if cells.len() != columns.len() {
            return Err(fail("another number of cells than the head of the table"));
        }
        let cell = |name: &str| columns.iter().position(|column| *column == name).map_or("", |at| cells[at]);
        let (text, bold) = without_bold(cell("text")).ok_or_else(|| fail("a bold passage is not closed"))?;
        let expected: Vec<&str> = cell("when").split(';').map(str::trim).collect();
        if expected.len() != bold.len() && !(bold.is_empty() && expected == ["none"]) {
            return Err(fail("as many meanings as bold passages, or `none` without any"));
        }
        let published = Some(cell("published")).filter(|day| !day.is_empty());
        let published =
            published.map(str::parse).transpose().map_err(|_| fail("the day of publication is no day"))?;
        let title = Some(cell("title").to_owned()).filter(|title| !title.is_empty());
        let report = Report {
            id: format!("line-{}", number + 1),
            text,
            published,
            title,
            language: Some(language.to_owned()),
            ..Report::default()
        };
        let expected = bold.into_iter().zip(expected.into_iter().map(str::to_owned)).collect();
        out.push(Row { heading: heading.clone(), line: number + 1, report, expected });
    }
    Ok(out)
}

/// The text without its marks, and the spans that stood between them; `<br>` is a new paragraph.
fn without_bold(cell: &str) -> Option<(String, Vec<Span>)> {
    let (mut text, mut spans) = (String::new(), Vec::new());
    for (index, part) in cell.split("**").enumerate() {
        let start = text.len();
        text.push_str(&part.replace("<br>", "\n\n"));
        if index % 2 == 1 {
            spans.push(Span::new(start as u32, text.len() as u32));
        }
    }
    cell.matches("**").count().is_multiple_of(2).then_some((text, spans))
}

/// Compares what was found with what was expected; says what differs.
pub(crate) fn compare(row: &Row, found: &[TimeMention]) -> Result<(), String> {
    let words = |time: &TimeMention| row.report.text[time.span.range()].to_owned();
    if row.expected.is_empty() {
        let all: Vec<String> = found.iter().map(words).collect();
        return if all.is_empty() { Ok(()) } else { Err(format!("no time is expected, found {all:?}")) };
    }
    for (span, expected) in &row.expected {
        let time = found.iter().find(|time| time.span.start < span.end && span.start < time.span.end);
        let at = &row.report.text[span.range()];
        match (time, expected.as_str()) {
            (None, "none") => {}
            (None, _) => return Err(format!("{at:?} is not found; expected {expected}")),
            (Some(time), "none") => {
                return Err(format!("{at:?} is no time, found {} as {}", words(time), time.value));
            }
            (Some(time), _) => {
                let told = describe(time);
                let missing: Vec<&str> =
                    expected.split(' ').filter(|word| !told.contains(&(*word).to_owned())).collect();
                if !missing.is_empty() {
                    return Err(format!("{at:?} should be {expected:?}; is {:?}", told.join(" ")));
                }
            }
        }
    }
    Ok(())
}

/// All that can be said of a time, as the words of a table: bounds, grain and so on.
fn describe(time: &TimeMention) -> Vec<String> {
    let mut told = vec![format!("value={}", time.value)];
    if time.recalled {
        told.push("recalled".to_owned());
    }
    let Some(when) = &time.when else {
        told.push("open".to_owned());
        return told;
    };
    told.push(bounds(when));
    let name = |value: Value| value.as_str().unwrap_or_default().to_owned();
    let json = serde_json::to_value(when).expect("a record");
    for field in ["grain", "extent", "modifier", "time_of_day", "calendar", "basis"] {
        told.push(name(json[field].clone()));
    }
    told.push(format!("doubt={}", when.uncertainty_days));
    if let Some(anchor) = when.anchor {
        told.push(format!("anchor={anchor}"));
    }
    if when.alternatives.is_empty() {
        told.push("certain".to_owned());
    }
    for ((first, last), why) in when.alternatives.iter().zip(json["reasons"].as_array().into_iter().flatten())
    {
        let span = if first == last { first.to_string() } else { format!("{first}..{last}") };
        told.push(format!("or={span}:{}", name(why.clone())));
    }
    told
}

fn bounds(when: &When) -> String {
    let day = |day: Option<casus_engine::Date>| day.map_or("-".to_owned(), |day| day.to_string());
    if when.earliest == when.latest {
        day(when.earliest)
    } else {
        format!("{}..{}", day(when.earliest), day(when.latest))
    }
}
