//! Cases in Markdown tables: one case a line, with what must be found in a few words.
//!
//! ```text
//! | text | published | losses |
//! |---|---|---|
//! | A bomb killed two farmers at Beya. | 2024-03-14 | killed 2 civilians |
//! ```
//!
//! The head of the last column says what is looked at; the columns between are settings of the report.
//! A cell holds items parted by `;`, an item holds marks parted by spaces: each item must be another
//! found one that has all its marks, and none may be left over unless `...` ends the cell. Words in
//! quotation marks are one mark. `-` is nothing at all. A cell that ends in `(known-wrong)` must fail. `corpus/README.md` lists the marks.

use casus_engine::{
    AttributionStatus, Casus, Count, Event, Operator, ParticipantKind, Report, Role, Traced, Unit,
};
use serde::Serialize;

/// Ends a cell that is not read as written yet.
const KNOWN_WRONG: &str = "(known-wrong)";

/// A line of a table.
pub(crate) struct Row {
    pub(crate) heading: String,
    /// Line in the file, from one.
    pub(crate) line: usize,
    pub(crate) report: Report,
    /// What is looked at: `actors`, `losses`, `voices`, `claims`, `grade`.
    pub(crate) what: String,
    pub(crate) expected: String,
    /// Asserted to fail, so that what mends it must say so.
    pub(crate) known_wrong: bool,
}

/// All rows of all tables of a file whose first column is `text`.
pub(crate) fn rows(markdown: &str) -> Result<Vec<Row>, String> {
    let mut out = Vec::new();
    let mut heading = String::new();
    let mut head: Option<Vec<String>> = None;
    for (number, line) in markdown.lines().enumerate() {
        if let Some(title) = line.strip_prefix('#') {
            heading = title.trim_start_matches('#').trim().to_owned();
        }
        let Some(inner) = line.strip_prefix('|').and_then(|line| line.trim_end().strip_suffix('|')) else {
            head = None;
            continue;
        };
        let cells: Vec<String> = inner.split('|').map(|cell| cell.trim().to_owned()).collect();
        let Some(columns) = &head else {
            head = Some(cells);
            continue;
        };
        let rule = cells.iter().all(|cell| cell.chars().all(|c| matches!(c, '-' | ':')));
        if rule && cells.iter().all(|cell| cell.len() > 2) || columns[0] != "text" {
            continue;
        }
        let fail = |message: String| format!("line {}: {message}", number + 1);
        if cells.len() != columns.len() {
            return Err(fail(format!("{} cells under {} heads", cells.len(), columns.len())));
        }
        let mut report =
            Report { id: format!("line-{}", number + 1), text: cells[0].clone(), ..Report::default() };
        let last = columns.len() - 1;
        for (column, cell) in
            columns.iter().zip(&cells).take(last).skip(1).filter(|(_, cell)| !cell.is_empty())
        {
            match column.as_str() {
                "published" => {
                    report.published = Some(cell.parse().map_err(|_| fail(format!("no date: {cell:?}")))?);
                }
                "language" => report.language = Some(cell.clone()),
                other => return Err(fail(format!("unknown column {other:?}"))),
            }
        }
        out.push(Row {
            heading: heading.clone(),
            line: number + 1,
            report,
            what: columns[last].clone(),
            expected: cells[last].trim_end_matches(KNOWN_WRONG).trim_end().to_owned(),
            known_wrong: cells[last].ends_with(KNOWN_WRONG),
        });
    }
    Ok(out)
}

/// Reads the row's text and compares; the error says what was found.
pub(crate) fn check(casus: &Casus, row: &Row) -> Result<(), String> {
    let traced = casus.read_traced(&row.report);
    let found = match row.what.as_str() {
        "actors" => actors(&traced),
        "losses" => traced.reading.events.iter().flat_map(losses).collect(),
        "voices" => traced.reading.events.iter().flat_map(voices).collect(),
        "claims" => traced.reading.events.iter().flat_map(claims).collect(),
        "grade" => traced.reading.events.iter().map(|event| vec![code(&event.grade())]).collect(),
        other => return Err(format!("  nothing is known of {other:?}")),
    };
    let mut expected: Vec<Vec<String>> =
        row.expected.split(';').map(marks).filter(|marks| !marks.is_empty()).collect();
    expected.retain(|item| item != &["-"]);
    let open = expected.last().is_some_and(|item| item == &["..."]);
    expected.truncate(expected.len() - usize::from(open));
    let fits = expected.len() == found.len() || open && expected.len() <= found.len();
    if fits && assign(&expected, &found, &mut Vec::new()) {
        return Ok(());
    }
    let shown: Vec<String> = found.iter().map(|item| item.join(" ")).collect();
    Err(format!("  {}\n  expected {}\n  found    {}", row.report.text, row.expected, shown.join("; ")))
}

/// Every expected item is another found one: backtracking over a handful of items.
fn assign(expected: &[Vec<String>], found: &[Vec<String>], taken: &mut Vec<usize>) -> bool {
    let Some(next) = expected.get(taken.len()) else { return true };
    for index in 0..found.len() {
        if !taken.contains(&index) && next.iter().all(|mark| found[index].contains(mark)) {
            taken.push(index);
            if assign(expected, found, taken) {
                return true;
            }
            taken.pop();
        }
    }
    false
}

/// Marks of an item; what stands in quotation marks is one.
fn marks(item: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (index, part) in item.split('"').enumerate() {
        if index % 2 == 1 {
            out.push(format!("{part:?}"));
        } else {
            out.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    out
}

/// The code of an enum as the record writes it.
fn code(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn actors(traced: &Traced<'_>) -> Vec<Vec<String>> {
    let of = |actor: &casus_engine::mention::actor::ActorMention| {
        let words = traced.document.slice(actor.span).split_whitespace().collect::<Vec<_>>().join(" ");
        let mut out = vec![format!("{words:?}"), actor.class.clone(), code(&actor.kind)];
        out.push(actor.register.clone().unwrap_or_else(|| "generic".to_owned()));
        out.extend(actor.country.clone());
        out.extend(actor.target_type.iter().map(|target| format!("target:{target}")));
        out.extend(actor.attributes.iter().map(|attribute| format!("+{attribute}")));
        out.extend(actor.plural.then(|| "plural".to_owned()));
        out.extend(actor.suspected.then(|| "suspected".to_owned()));
        out
    };
    traced.mentions.actors.iter().map(of).collect()
}

fn losses(event: &Event) -> Vec<Vec<String>> {
    let by = |voices: &[u32]| -> Vec<String> {
        let of =
            |voice: &u32| event.voices.get(*voice as usize).map(|voice| format!("by:{}", code(&voice.kind)));
        voices.iter().filter_map(of).collect()
    };
    let persons = event.losses.iter().map(|loss| {
        let outcome: Vec<String> = loss.outcome.iter().map(code).collect();
        let mut out = vec![outcome.join("+"), count(&loss.count), loss.who.class.clone()];
        out.push(format!("@{}", code(&loss.who.side)));
        out.push(if loss.unit == Unit::Persons { "persons".to_owned() } else { code(&loss.unit) });
        out.push(code(&loss.cause));
        out.push(format!("#{}", loss.figure));
        out.push(loss.included_in.map_or_else(|| "whole".to_owned(), |row| format!("in:{row}")));
        out.extend(loss.who.name.iter().map(|name| format!("{name:?}")));
        out.extend(loss.who.register.clone());
        out.extend(loss.who.attributes.iter().map(|attribute| format!("+{attribute}")));
        out.extend(by(&loss.voices));
        out
    });
    let things = event.materiel.iter().map(|row| {
        let mut out = vec![code(&row.outcome), count(&row.count), row.item.clone()];
        out.push(format!("@{}", code(&row.side)));
        out.push(format!("#{}", row.figure));
        out.extend(by(&row.voices));
        out
    });
    persons.chain(things).collect()
}

/// `14`, `14..`, `..40`, `12..20`, `~40`, `dozens`.
fn count(count: &Count) -> String {
    let number = |bound: Option<u64>| bound.map_or_else(String::new, |bound| bound.to_string());
    match (count.operator, &count.word) {
        (_, Some(word)) => word.clone(),
        (Operator::About, _) => format!("~{}", number(count.value)),
        _ if count.low == count.high => number(count.low),
        _ => format!("{}..{}", number(count.low), number(count.high)),
    }
}

/// The voices beside the report.
fn voices(event: &Event) -> Vec<Vec<String>> {
    let of = |voice: &casus_engine::Voice| {
        let mut out = vec![code(&voice.kind)];
        out.extend(voice.name.iter().map(|name| format!("{name:?}")));
        out.extend(voice.register.clone());
        out.push(voice.side.map_or_else(|| "apart".to_owned(), |side| format!("@{}", code(&side))));
        out.extend(voice.verb.iter().map(|verb| format!("verb:{verb}")));
        out.extend(voice.verification.iter().map(code));
        out
    };
    event.voices.iter().skip(1).map(of).collect()
}

/// Who is held to have done it otherwise than by the report's own plain word.
fn claims(event: &Event) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    for actor in
        event.participants.iter().filter(|p| p.role == Role::Actor && p.kind != ParticipantKind::Facility)
    {
        for attribution in &actor.attributions {
            if attribution.status == AttributionStatus::Stated {
                continue;
            }
            let mut item = vec![actor.register.clone().unwrap_or_else(|| format!("{:?}", actor.name))];
            item.push(code(&attribution.status));
            item.extend(attribution.mode.iter().map(|mode| format!("mode:{mode}")));
            let voice = event.voices.get(attribution.voice as usize);
            item.extend(voice.map(|voice| format!("by:{}", code(&voice.kind))));
            out.push(item);
        }
    }
    out
}

#[test]
fn rows_are_read() {
    let file = "# One\n\n| text | published | losses |\n|---|---|---|\n| A. | 2024-03-14 | killed 2; \"Ana B\" ... |\n\n| other |\n|---|\n| x |\n";
    let rows = rows(file).unwrap();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!((row.heading.as_str(), row.line, row.what.as_str()), ("One", 5, "losses"));
    assert_eq!(row.report.published.map(|day| day.to_string()).as_deref(), Some("2024-03-14"));
    assert_eq!(marks("killed \"Ana B\" ..."), ["killed", "\"Ana B\"", "..."]);
}

#[test]
fn items_are_matched_as_a_set() {
    let items = |text: &str| -> Vec<Vec<String>> { text.split(';').map(marks).collect() };
    let check = |expected: &str, right: bool| {
        assert_eq!(assign(&items(expected), &items("a b c; a d"), &mut Vec::new()), right, "{expected}");
    };
    check("a; a b", true);
    check("a d; a c", true);
    check("b; b", false);
    check("e", false);
}

#[test]
fn broken_tables_are_told() {
    for (file, expected) in [
        ("| text | losses |\n|---|---|\n| A |\n", "line 3: 1 cells under 2 heads"),
        ("| text | colour | losses |\n|---|---|---|\n| A | red | - |\n", "line 3: unknown column \"colour\""),
    ] {
        assert_eq!(rows(file).err().as_deref(), Some(expected), "{file:?}");
    }
}
