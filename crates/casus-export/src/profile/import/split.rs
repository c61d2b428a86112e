//! Records of a CSV file as the bytes that they are, so that an untouched row can be written as it was.

use std::{
    io::{self, BufRead},
    ops::Range,
};

/// Longest record that is taken for one; a quote that is never closed must not swallow a file.
const LONGEST: usize = 16 << 20;

/// Where a scan stands in a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before the first byte of a field.
    Start,
    Bare,
    Quoted,
    /// Behind a quote in a quoted field: the end of the field, or the first half of an escaped quote.
    Quote,
}

impl At {
    fn step(self, byte: u8, delimiter: u8) -> At {
        match (self, byte) {
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) => At::Quoted,
            (At::Quote, b'"') => At::Quoted,
            (At::Start, b'"') => At::Quoted,
            (_, byte) if byte == delimiter => At::Start,
            _ => At::Bare,
        }
    }
}

/// Reads the next record with its line end; empty at the end of the file. Quoted fields may hold line breaks.
///
/// # Errors
/// If the file cannot be read, or a record is longer than 16 MiB.
pub(crate) fn record(from: &mut impl BufRead, delimiter: u8) -> io::Result<Vec<u8>> {
    let mut record = Vec::new();
    let mut at = At::Start;
    loop {
        let before = record.len();
        if from.read_until(b'\n', &mut record)? == 0 {
            return Ok(record);
        }
        at = record[before..].iter().fold(at, |at, byte| at.step(*byte, delimiter));
        // A line break outside of quotes ends the record.
        if at != At::Quoted {
            return Ok(record);
        }
        if record.len() > LONGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a quoted field is not closed"));
        }
    }
}

/// The ranges of the fields of a record, with their quotes and without the line end.
pub(crate) fn fields(record: &[u8], delimiter: u8) -> Vec<Range<usize>> {
    let end = record.len() - record.iter().rev().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    let mut fields = Vec::new();
    let (mut at, mut start) = (At::Start, 0);
    for (index, byte) in record[..end].iter().enumerate() {
        if *byte == delimiter && at != At::Quoted {
            fields.push(start..index);
            start = index + 1;
        }
        at = at.step(*byte, delimiter);
    }
    fields.push(start..end);
    fields
}

/// The value of a field: without its quotes, as UTF-8, or as Latin-1 where it is not.
pub(crate) fn value(field: &[u8]) -> String {
    let inner = field.strip_prefix(b"\"").map(|rest| rest.strip_suffix(b"\"").unwrap_or(rest));
    let text = text(inner.unwrap_or(field)).0;
    if inner.is_some() { text.replace("\"\"", "\"") } else { text }
}

/// Bytes as text, and whether they were UTF-8; otherwise each byte is the character of its number.
pub(crate) fn text(bytes: &[u8]) -> (String, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), true),
        Err(_) => (bytes.iter().map(|byte| char::from(*byte)).collect(), false),
    }
}

/// The bytes that [`text`] was given.
pub(crate) fn bytes(text: &str, utf8: bool) -> Vec<u8> {
    if utf8 {
        return text.as_bytes().to_vec();
    }
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, expected: &[&[&str]]) {
        let mut from = file.as_bytes();
        let mut found = Vec::new();
        let mut joined = Vec::new();
        loop {
            let record = record(&mut from, b',').expect("memory can be read");
            if record.is_empty() {
                break;
            }
            found.push(fields(&record, b',').into_iter().map(|at| value(&record[at])).collect::<Vec<_>>());
            joined.extend(record);
        }
        assert_eq!(found, expected, "{file:?}");
        assert_eq!(joined, file.as_bytes(), "records tile the file");
    }

    #[test]
    fn records_tile_the_file() {
        check("a,b\n1,2\n", &[&["a", "b"], &["1", "2"]]);
        check("a,b\r\n1,2", &[&["a", "b"], &["1", "2"]]);
        check("\"x, y\",\"say \"\"no\"\"\"\n", &[&["x, y", "say \"no\""]]);
        check("\"two\nlines\",3\n4,5\n", &[&["two\nlines", "3"], &["4", "5"]]);
        check("a 5\" gun,b\n1,2\n", &[&["a 5\" gun", "b"], &["1", "2"]]);
        check(",,\n", &[&["", "", ""]]);
        check("\"never closed,1\n2,3\n", &[&["never closed,1\n2,3"]]);
    }

    #[test]
    fn any_bytes_come_back() {
        let latin = b"Bogot\xe1,\xff\x00";
        let (text, utf8) = text(latin);
        assert!(!utf8);
        assert_eq!(bytes(&text, utf8), latin);
    }
}
