//! What a file is: by its first bytes where these are plain, else by its name, else by its look.

use super::{
    decode,
    fields::{Field, Fields},
};
use std::path::Path;

/// How the reports lie in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// The whole file is one report (plain text, Markdown).
    Text,
    /// One page.
    Html,
    /// One JSON object a line.
    JsonLines,
    /// A JSON array of objects, or objects one behind the other.
    Json,
    /// Rows under a row of names.
    Table {
        /// The sign between columns.
        delimiter: u8,
    },
}

/// Decides the shape of a file from its name and its first bytes.
///
/// # Errors
/// If it is of a kind that is not read, with what to do about it.
pub(super) fn sniff(name: &str, head: &[u8], fields: &Fields) -> Result<Shape, String> {
    let name = name.to_ascii_lowercase();
    let bare =
        [".gz", ".zst", ".zstd"].into_iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
    let extension = Path::new(bare).extension().and_then(|e| e.to_str()).unwrap_or("");
    if head.is_empty() {
        return Err("the file is empty".to_owned());
    }
    if let Some(kind) = foreign(head) {
        return Err(unsupported(kind, extension));
    }
    let text = decode::decode(head, decode::declared(head)).text;
    if is_binary(&text) {
        return Err(unsupported("a binary file", extension));
    }
    let start = text.trim_start();
    let lower: String = start.chars().take(1024).collect::<String>().to_ascii_lowercase();
    let page = lower.starts_with("<!doctype html") || lower.contains("<html");
    let markup =
        ["<?xml", "<!doctype", "<rss", "<feed", "<rdf:"].iter().any(|start| lower.starts_with(start));
    if !page && (markup || matches!(extension, "xml" | "rss" | "atom")) {
        return Err(unsupported("XML", extension));
    }
    if let Some((_, kind)) = BY_NAME.iter().find(|(known, _)| *known == extension) {
        return Err(unsupported(kind, extension));
    }
    Ok(match extension {
        "html" | "htm" | "xhtml" => Shape::Html,
        "jsonl" | "ndjson" => Shape::JsonLines,
        "json" => json(start),
        "tsv" | "tab" => Shape::Table { delimiter: b'\t' },
        "csv" => Shape::Table { delimiter: delimiter(start) },
        "txt" | "text" | "md" | "markdown" => Shape::Text,
        _ if page => Shape::Html,
        _ if start.starts_with('{') && start.contains("\":") || starts_with_objects(start) => json(start),
        _ => match table(start, fields) {
            Some(delimiter) => Shape::Table { delimiter },
            None => Shape::Text,
        },
    })
}

/// Kinds that are known by their name where their first bytes are damaged, or are those of any text.
const BY_NAME: &[(&str, &str)] = &[
    ("pdf", "a damaged PDF"),
    ("docx", "a damaged Office document"),
    ("xlsx", "a damaged Office document"),
    ("doc", "an old Office document"),
    ("xls", "an old Office document"),
    ("odt", "a damaged OpenDocument file"),
    ("rtf", "an RTF document"),
    ("eml", "an e-mail"),
    ("mbox", "a mailbox"),
    ("mht", "a web archive"),
    ("mhtml", "a web archive"),
    ("p7m", "a signed message"),
];

fn unsupported(kind: &str, extension: &str) -> String {
    let kind = match (kind, extension) {
        ("a zip archive", "docx" | "xlsx" | "pptx" | "docm") => "an Office document",
        ("a zip archive", "odt" | "ods" | "odp") => "an OpenDocument file",
        ("a zip archive", "epub") => "an e-book",
        _ => kind,
    };
    match kind {
        "a zip archive" | "an archive" => format!("{kind}: not read, unpack it first"),
        _ => format!("{kind}: not supported yet, convert it to text, HTML, JSON Lines or CSV"),
    }
}

/// Kinds that are known by their first bytes and not read.
fn foreign(head: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"PK\x03\x04", "a zip archive"),
        (b"PK\x05\x06", "a zip archive"),
        (b"PK00PK", "a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
        (b"{\\rtf", "an RTF document"),
        (b"BZh", "an archive"),
        (b"\xfd7zXZ\0", "an archive"),
        (b"7z\xbc\xaf\x27\x1c", "an archive"),
        (b"Rar!\x1a\x07", "an archive"),
        (b"\x89PNG", "an image"),
        (b"\xff\xd8\xff", "an image"),
        (b"GIF8", "an image"),
        (b"II*\0", "an image"),
        (b"MM\0*", "an image"),
        (b"\x7fELF", "a program"),
        (b"MZ\x90\0", "a program"),
        (b"SQLite format 3\0", "a database"),
        (b"PAR1", "a Parquet file"),
        (b"WARC/", "a web archive"),
        (b"filedesc://", "a web archive"),
        (b"%!PS", "a PostScript file"),
        (b"\xff\xfe\0\0", "UTF-32 text"),
        (b"\0\0\xfe\xff", "UTF-32 text"),
    ];
    // Readers of PDF look for its mark in the first kilobyte.
    let pdf = head.starts_with(b"%PDF-")
        || !head.starts_with(b"<")
            && head[..head.len().min(1024)].windows(8).any(|w| w.starts_with(b"\n%PDF-1"));
    if pdf {
        return Some("a PDF");
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some("an archive");
    }
    KINDS.iter().find(|(mark, _)| head.starts_with(mark)).map(|(_, kind)| *kind)
}

/// Whether so many characters are controls or undecodable that this is no text. NUL counts only in
/// masses: texts with some NULs in them are met and read.
fn is_binary(text: &str) -> bool {
    let (mut all, mut controls, mut nuls) = (0usize, 0usize, 0usize);
    for c in text.chars().take(8192) {
        all += 1;
        nuls += usize::from(c == '\0');
        controls += usize::from(
            c.is_control() && !"\0\t\n\r\u{b}\u{c}\u{1a}\u{1b}\u{85}".contains(c) || c == '\u{fffd}',
        );
    }
    controls * 20 > all && controls > 4 || nuls * 2 > all
}

/// An array opened by an object, over any white space.
fn starts_with_objects(text: &str) -> bool {
    text.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{'))
}

/// One object a line, or anything else that is JSON.
fn json(text: &str) -> Shape {
    let first = text.lines().next().unwrap_or("").trim_end();
    if text.starts_with('{') && first.ends_with('}') && first.len() < text.trim_end().len() {
        Shape::JsonLines
    } else {
        Shape::Json
    }
}

/// The sign that most often parts the first line; a comma if none does.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or("");
    let count = |sign: u8| first.bytes().filter(|&b| b == sign).count();
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|&sign| count(sign)).unwrap_or(b',')
}

/// The delimiter, if the first line is a row of names with a name for the text among them.
fn table(text: &str, fields: &Fields) -> Option<u8> {
    let first = text.lines().next()?;
    let delimiter = delimiter(first);
    let names: Vec<&str> = first.split(char::from(delimiter)).map(|name| name.trim_matches('"')).collect();
    let known = names.len() > 1 && fields.find(Field::Text, names.iter().copied()).is_some();
    known.then_some(delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, head: &[u8], expected: Result<Shape, &str>) {
        let found = sniff(name, head, &Fields::default());
        match (&found, &expected) {
            (Err(error), Err(part)) => assert!(error.contains(part), "{name}: {error}"),
            _ => assert_eq!(found, expected.map_err(str::to_owned), "{name}"),
        }
    }

    #[test]
    fn by_name() {
        check("a.txt", b"{\"text\": 1}", Ok(Shape::Text));
        check("a.md", b"# Beya", Ok(Shape::Text));
        check("a.HTM", b"<p>x", Ok(Shape::Html));
        check("a.jsonl.gz", b"{}", Ok(Shape::JsonLines));
        check("a.json", b"[{}]", Ok(Shape::Json));
        check("a.json", b"{\"text\": \"x\"}\n{\"text\": \"y\"}\n", Ok(Shape::JsonLines));
        check("a.csv", b"id;text\n1;x", Ok(Shape::Table { delimiter: b';' }));
        check("a.tsv", b"id\ttext", Ok(Shape::Table { delimiter: b'\t' }));
    }

    #[test]
    fn by_look() {
        check("-", b"Gunmen attacked Beya.", Ok(Shape::Text));
        check("-", b"  <!DOCTYPE html><p>", Ok(Shape::Html));
        check("-", b"{\"text\": \"x\"}\n{\"text\": \"y\"}", Ok(Shape::JsonLines));
        check("-", b"{\n \"text\": \"x\"\n}", Ok(Shape::Json));
        check("-", b"[ {\"text\": \"x\"}]", Ok(Shape::Json));
        check("-", b"id,text\n1,x", Ok(Shape::Table { delimiter: b',' }));
        check("-", b"Beya, Lodo and Gol\nwere attacked", Ok(Shape::Text));
        check("-", b"[Note] {x}", Ok(Shape::Text));
    }

    #[test]
    fn not_read() {
        check("a.txt", b"", Err("empty"));
        check("a.txt", b"%PDF-1.4", Err("a PDF: not supported yet, convert it to text"));
        check("a.docx", b"PK\x03\x04", Err("an Office document"));
        check("a.zip", b"PK\x03\x04", Err("unpack it first"));
        check("a.xml", b"<?xml version='1.0'?><rss/>", Err("XML"));
        check("feed", b"<rss><channel>", Err("XML"));
        check("a.eml", b"From: x", Err("an e-mail: not supported yet"));
        check("a.pdf", b"nothing of the kind", Err("a damaged PDF"));
        check("a.bin", &[1, 2, 3, 4, 5, 6, 7, 8, 127, 200], Err("a binary file"));
        check("a.txt", &[0; 100], Err("a binary file"));
        check("a.txt", b"one \0 two \0 three", Ok(Shape::Text));
    }
}
