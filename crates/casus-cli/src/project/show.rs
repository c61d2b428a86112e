//! Commands that only look: `status`, `search`, `log`, `verify`.

use super::{args, find, open, version};
use crate::{Failure, Status, complain, number, print, read::colours};
use anstyle::Style;
use casus_store::Hit;
use std::{fmt::Write, io, path::Path};

/// How much the project holds, and what is left to do.
pub(crate) fn status(named: Option<&Path>) -> Result<Status, Failure> {
    let project = open(named)?;
    let held = project.status()?;
    let version = version(&project)?;
    let unread = project.count_unread(&version)?;
    let mut out = format!("{}\n", project.path().display());
    let mut row = |name: &str, count: u64, remark: &str| {
        let _ = writeln!(out, "  {name:<10} {count:>9}{}{remark}", if remark.is_empty() { "" } else { "  " });
    };
    let copies =
        if held.copies > 0 { format!("and {} of the same texts again", held.copies) } else { String::new() };
    row("files", held.sources, "");
    row("reports", held.reports, &copies);
    row("readings", held.readings, &format!("by {}", number(held.versions, "version")));
    let unread_words = if unread > 0 { "casus read" } else { "" };
    row("unread", unread, unread_words);
    let gone = if held.tombstones > 0 { format!("and {} gone", held.tombstones) } else { String::new() };
    row("incidents", held.incidents, &gone);
    row("states", held.revisions, if held.revisions > 1 { "casus diff" } else { "" });
    row("decisions", held.decisions, "");
    row("log", held.entries, "");
    let _ = writeln!(
        out,
        "  read by casus {} with data pack {} ({})",
        version.casus, version.pack, version.options
    );
    print(&out)
}

/// Reports that hold the words.
pub(crate) fn search(named: Option<&Path>, args: &args::Search) -> Result<Status, Failure> {
    let project = open(named)?;
    let hits = project.search(&args.words.join(" "), args.limit)?;
    if hits.is_empty() {
        complain(&"no report holds these words");
        return Ok(Status::SOME);
    }
    let bold = if colours(&io::stdout()) { Style::new().bold() } else { Style::new() };
    print(&hits.iter().map(|hit| shown(hit, bold)).collect::<String>())
}

fn shown(hit: &Hit, bold: Style) -> String {
    let report = &hit.report;
    let day = report.published.map_or_else(|| "no date".to_owned(), |day| day.to_string());
    let mut out = format!("{}  {day}", report.id);
    for word in [&report.publisher, &report.title].into_iter().flatten() {
        let _ = write!(out, "  {word}");
    }
    if hit.copies > 1 {
        let _ = write!(out, "  ({} copies)", hit.copies);
    }
    out += "\n    ";
    let mut at = hit.excerpt.start;
    for word in &hit.words {
        out += &report.text[at as usize..word.start as usize];
        let _ = write!(out, "{bold}{}{bold:#}", &report.text[word.range()]);
        at = word.end;
    }
    out += &report.text[at as usize..hit.excerpt.end as usize];
    let indent = out.find("\n    ").map_or(0, |at| at + 5);
    let words = out[indent..].split_whitespace().collect::<Vec<_>>().join(" ");
    out.truncate(indent);
    // A text may hold anything, terminal escapes too; ours are the only ones that stay.
    let clean = |c: char| c == '\u{1b}' && bold != Style::new() || !c.is_control();
    out + &words.chars().filter(|c| clean(*c)).collect::<String>() + "\n"
}

/// Who did what when.
pub(crate) fn log(named: Option<&Path>, args: &args::Log) -> Result<Status, Failure> {
    let entries = open(named)?.log()?;
    let mut out = String::new();
    for entry in &entries {
        if args.json {
            out += &serde_json::to_string(entry).map_err(|error| Failure(error.to_string()))?;
            out.push('\n');
            continue;
        }
        let particulars = match entry.detail.as_object() {
            Some(parts) => {
                parts.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
            }
            None => entry.detail.to_string(),
        };
        let _ =
            writeln!(out, "{:>5}  {}  {}  {:<7} {particulars}", entry.seq, entry.at, entry.who, entry.what);
    }
    if let Some(last) = entries.last()
        && !args.json
    {
        let _ = writeln!(out, "head   {}", last.hash);
    }
    print(&out)
}

/// Whether the project is what was written.
pub(crate) fn verify(named: Option<&Path>, args: &args::Verify) -> Result<Status, Failure> {
    let path = find(named)?.unwrap_or_default();
    let project = open(named)?;
    let verified = project.verify(args.head.as_deref())?;
    for finding in &verified.findings {
        complain(&format_args!("{}: {}", finding.place, finding.what));
    }
    let words = format!(
        "{}, {}, {}, {} of readings and incidents checked\nhead   {}\n",
        number(verified.entries, "log entry").replace("entrys", "entries"),
        number(verified.sources, "file"),
        number(verified.reports, "report"),
        number(verified.records, "record"),
        verified.head
    );
    if verified.is_clean() {
        return print(&format!("{}: as it was written\n{words}", path.display()));
    }
    print(&words)?;
    Err(Failure(format!(
        "{}: is not as it was written ({}): copy the file before anything else, and go back to the last copy that verifies",
        path.display(),
        number(verified.findings.len() as u64, "finding")
    )))
}
