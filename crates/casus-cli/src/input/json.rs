//! JSON Lines, JSON arrays, and JSON objects one behind the other.
//!
//! Lines are read one by one, so that a broken one costs only itself. Arrays and objects over several
//! lines are cut into values by a scanner that knows strings and brackets and nothing else; each value
//! is then parsed alone. Both are linear and hold one report at a time, whatever the nesting.

use super::{InputError, Origin, Received, decode::Stream, hex, plain};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::io::{self, BufRead};

/// The reports of a file with one object a line; blank lines are passed over.
pub(super) fn lines<'a>(
    origin: Origin<'a>,
    stream: Stream<'a>,
) -> impl Iterator<Item = Result<Received, InputError>> {
    Lines { origin, stream, line: 0, buffer: Vec::new(), ended: false }
}

/// The reports of a JSON array, or of objects one behind the other.
pub(super) fn values<'a>(
    origin: Origin<'a>,
    stream: Stream<'a>,
) -> impl Iterator<Item = Result<Received, InputError>> {
    Values {
        origin,
        stream,
        at: Position { line: 1, column: 1 },
        buffer: Vec::new(),
        within: Within::Start,
        ended: false,
    }
}

/// Parses one object and takes its fields.
fn receive(
    origin: Origin<'_>,
    stream: &Stream<'_>,
    bytes: &[u8],
    start: Position,
) -> Result<Received, InputError> {
    let fail = |line, column, reason| InputError {
        line: Some(line),
        column,
        ..InputError::new(origin.name, reason)
    };
    let (text, notes) = stream.decode(bytes);
    let value: Value = serde_json::from_str(&text).map_err(|error| {
        let (line, column) = (error.line() as u64, error.column() as u64);
        let column = if line <= 1 { start.column + column - 1 } else { column };
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or(&reason);
        fail(start.line + line.max(1) - 1, Some(column.max(1)), format!("not JSON: {reason}"))
    })?;
    let Value::Object(object) = value else {
        return Err(fail(start.line, None, format!("expected an object, found {}", kind(&value))));
    };
    let keys = || object.keys().map(String::as_str);
    let mut wrong = None;
    let values = origin.settings.fields.values(keys(), |index| {
        let (key, value) = object.iter().nth(index)?;
        let words = words(value);
        if words.is_none() && !value.is_null() {
            wrong.get_or_insert_with(|| format!("{key:?} is {}, expected a string", kind(value)));
        }
        words
    });
    let values = values.map_err(|reason| fail(start.line, None, reason))?;
    match wrong {
        Some(reason) if values.text.is_none() => Err(fail(start.line, None, reason)),
        _ => origin.receive(values, Some(start.line), hex(&Sha256::digest(bytes)), notes),
    }
}

/// A scalar as text; the name of an object (`"source": {"name": …}`).
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => name(object).map(str::to_owned),
        _ => None,
    }
}

fn name(object: &Map<String, Value>) -> Option<&str> {
    object.get("name")?.as_str()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[derive(Debug, Clone, Copy)]
struct Position {
    line: u64,
    column: u64,
}

struct Lines<'a> {
    origin: Origin<'a>,
    stream: Stream<'a>,
    line: u64,
    buffer: Vec<u8>,
    ended: bool,
}

impl Iterator for Lines<'_> {
    type Item = Result<Received, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            self.line += 1;
            self.buffer.clear();
            let limit = self.origin.settings.max_wrapped_bytes();
            match read_line(&mut *self.stream.bytes, &mut self.buffer, limit) {
                Ok(Line::End) => self.ended = true,
                Ok(Line::TooLong) => return Some(Err(self.origin.too_large(Some(self.line), limit))),
                Ok(Line::Whole) if self.buffer.trim_ascii().is_empty() => {}
                Ok(Line::Whole) => {
                    let start = Position { line: self.line, column: 1 };
                    return Some(receive(self.origin, &self.stream, &self.buffer, start));
                }
                Err(cause) => {
                    self.ended = true;
                    let error = InputError::new(self.origin.name, plain(&cause));
                    return Some(Err(InputError { line: Some(self.line), ..error }));
                }
            }
        }
        None
    }
}

enum Line {
    Whole,
    TooLong,
    End,
}

/// Reads a line without its end. Of a line longer than `limit` the rest is passed over.
fn read_line(bytes: &mut dyn BufRead, line: &mut Vec<u8>, limit: u64) -> io::Result<Line> {
    let mut length = 0;
    loop {
        let available = bytes.fill_buf()?;
        if available.is_empty() {
            return Ok(if length == 0 { Line::End } else { whole(line, length, limit) });
        }
        let end = available.iter().position(|&b| b == b'\n');
        let part = &available[..end.unwrap_or(available.len())];
        length += part.len() as u64;
        if length <= limit {
            line.extend_from_slice(part);
        }
        let taken = part.len() + usize::from(end.is_some());
        bytes.consume(taken);
        if end.is_some() {
            return Ok(whole(line, length, limit));
        }
    }
}

fn whole(line: &mut Vec<u8>, length: u64, limit: u64) -> Line {
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    if length > limit { Line::TooLong } else { Line::Whole }
}

/// Where the scanner of [`Values`] stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Before anything.
    Start,
    /// In an array, where a value or the end must come; `first` if none has come yet.
    Array { first: bool },
    /// In an array behind a value, where a comma or the end must come.
    AfterValue,
    /// Among values one behind the other.
    Sequence,
    /// Behind the array.
    End,
}

impl Within {
    /// Whether a value may come.
    const fn takes_value(self) -> bool {
        matches!(self, Within::Start | Within::Array { .. } | Within::Sequence)
    }
}

struct Values<'a> {
    origin: Origin<'a>,
    stream: Stream<'a>,
    at: Position,
    buffer: Vec<u8>,
    within: Within,
    ended: bool,
}

impl Values<'_> {
    /// The next byte that is no white space, not taken yet.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let available = self.stream.bytes.fill_buf()?;
            let Some(&byte) = available.first() else { return Ok(None) };
            if !byte.is_ascii_whitespace() {
                return Ok(Some(byte));
            }
            self.take(byte);
        }
    }

    /// Takes a byte that was looked at.
    fn take(&mut self, byte: u8) {
        self.stream.bytes.consume(1);
        self.at = match byte {
            b'\n' => Position { line: self.at.line + 1, column: 1 },
            _ => Position { column: self.at.column + 1, ..self.at },
        };
    }

    /// Moves to the start of the next value; false if there is none.
    fn seek(&mut self) -> Result<bool, String> {
        loop {
            let byte = self.peek().map_err(|cause| plain(&cause))?;
            let (within, found) = match (self.within, byte) {
                (Within::Start | Within::Sequence | Within::End, None) => return Ok(false),
                (Within::Start, Some(b'[')) => (Within::Array { first: true }, false),
                (Within::Array { first: true } | Within::AfterValue, Some(b']')) => (Within::End, false),
                (Within::AfterValue, Some(b',')) => (Within::Array { first: false }, false),
                (within, Some(byte)) if !b",]}:".contains(&byte) && within.takes_value() => {
                    let array = matches!(within, Within::Array { .. });
                    (if array { Within::AfterValue } else { Within::Sequence }, true)
                }
                (Within::Array { .. } | Within::AfterValue, None) => {
                    return Err("not JSON: the array is not closed".to_owned());
                }
                (_, Some(byte)) => {
                    return Err(format!("not JSON: unexpected {:?}", char::from(byte)));
                }
            };
            self.within = within;
            if found {
                return Ok(true);
            }
            self.take(byte.unwrap_or_default());
        }
    }

    /// Reads one value into the buffer; false if it is too long.
    fn scan(&mut self) -> io::Result<bool> {
        let limit = self.origin.settings.max_wrapped_bytes();
        let (mut depth, mut string, mut escaped, mut length) = (0u64, false, false, 0u64);
        self.buffer.clear();
        loop {
            let available = self.stream.bytes.fill_buf()?;
            let mut taken = 0;
            let mut done = available.is_empty();
            for &byte in available {
                let opens = matches!(byte, b'{' | b'[');
                let closes = matches!(byte, b'}' | b']');
                // A bare value ends before what parts it from the next.
                if !string && depth == 0 && (closes || byte == b',' || byte.is_ascii_whitespace()) {
                    done = true;
                    break;
                }
                taken += 1;
                self.at = match byte {
                    b'\n' => Position { line: self.at.line + 1, column: 1 },
                    _ => Position { column: self.at.column + 1, ..self.at },
                };
                if string {
                    string = byte != b'"' || escaped;
                    escaped = byte == b'\\' && !escaped;
                    done = !string && depth == 0;
                } else {
                    string = byte == b'"';
                    depth += u64::from(opens);
                    depth -= u64::from(closes);
                    done = closes && depth == 0;
                }
                if done {
                    break;
                }
            }
            length += taken as u64;
            if length <= limit {
                self.buffer.extend_from_slice(&available[..taken]);
            }
            self.stream.bytes.consume(taken);
            if done {
                return Ok(length <= limit);
            }
        }
    }
}

impl Iterator for Values<'_> {
    type Item = Result<Received, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let found = self.seek();
        let start = self.at;
        let fail = |origin: Origin<'_>, at: Position, reason| {
            Some(Err(InputError {
                line: Some(at.line),
                column: Some(at.column),
                ..InputError::new(origin.name, reason)
            }))
        };
        match found {
            Ok(false) => {
                self.ended = true;
                return None;
            }
            Ok(true) => {}
            Err(reason) => {
                self.ended = true;
                return fail(self.origin, start, reason);
            }
        }
        match self.scan() {
            Ok(true) => {
                let received = receive(self.origin, &self.stream, &self.buffer, start);
                // Among values without an array around them, nothing tells where the next one starts.
                let broken = received.as_ref().is_err_and(|error| error.column.is_some());
                self.ended = self.within == Within::Sequence && broken;
                Some(received)
            }
            Ok(false) => {
                Some(Err(self.origin.too_large(Some(start.line), self.origin.settings.max_wrapped_bytes())))
            }
            Err(cause) => {
                self.ended = true;
                fail(self.origin, start, plain(&cause))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::input::{Input, Settings};
    use std::{path::PathBuf, sync::Arc};

    /// `expected`: `id=text` of a report, or what stands behind the name in an error.
    #[track_caller]
    fn check(name: &str, content: &str, expected: &[&str]) {
        let settings = Settings { max_report_bytes: 60, ..Settings::default() };
        let input = Input::file(PathBuf::from(name));
        let reports = input.reports_of(Box::new(content.as_bytes()), &settings, Arc::default());
        let found: Vec<String> = reports
            .map(|item| match item {
                Ok(received) => format!("{}={}", received.report.id, received.report.text),
                Err(error) => error.to_string().split_off(name.len()),
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn lines() {
        check("a.jsonl", "", &[": the file is empty"]);
        check(
            "a.jsonl",
            "{\"id\": \"x\", \"text\": \"Beya\"}\r\n\n{\"body\": \"Gol\"}",
            &["x=Beya", "a.jsonl#3=Gol"],
        );
        check(
            "a.jsonl",
            "{\"text\": \"Beya\"}\n{\"text\": \n[1]\n{\"text\": 7}\n{\"text\": []}\n{\"text\": \" \"}\n{\"id\": 1}\n{\"id\": 9, \"text\": \"Gol\"}\n",
            &[
                "a.jsonl#1=Beya",
                ":2:9: not JSON: EOF while parsing a value",
                ":3: expected an object, found an array",
                "a.jsonl#4=7",
                ":5: \"text\" is an array, expected a string",
                ":6: the report is empty",
                ":7: no field text or body or content (there is: id); name it with --field text=COLUMN",
                "9=Gol",
            ],
        );
    }

    #[test]
    fn a_line_too_long_costs_itself() {
        let reason = |limit| {
            format!(
                ":1: the report is larger than {limit} bytes; split it, or allow more with --max-report-bytes"
            )
        };
        for (length, limit) in [(61, 60), (2000, 960)] {
            let text = "x".repeat(length);
            let lines = format!("{{\"text\": \"{text}\"}}\n{{\"text\": \"Gol\"}}\n");
            check("a.jsonl", &lines, &[&reason(limit), "a.jsonl#2=Gol"]);
            let array = format!("[{{\"text\": \"{text}\"}},{{\"text\": \"Gol\"}}]");
            check("a.json", &array, &[&reason(limit), "a.json#1=Gol"]);
        }
    }

    #[test]
    fn values() {
        check("a.json", "[]", &[]);
        check(
            "a.json",
            "[{\"text\": \"a [\\\"}\"},\n {\"id\": \"x\", \"text\": \"b\"}]",
            &["a.json#1=a [\"}", "x=b"],
        );
        check("a.json", "{\"text\":\n\"a\"}\n{\"text\":\n\"b\"}", &["a.json#1=a", "a.json#3=b"]);
        check("a.json", "[{\"text\": \"a\"}, 1]", &["a.json#1=a", ":1: expected an object, found a number"]);
        check("a.json", "[{\"text\": \"a\"}", &["a.json#1=a", ":1:15: not JSON: the array is not closed"]);
        check("a.json", "[{\"text\": \"a\"},]", &["a.json#1=a", ":1:16: not JSON: unexpected ']'"]);
        check("a.json", "[{\"text\": \"a\"}] x", &["a.json#1=a", ":1:17: not JSON: unexpected 'x'"]);
        check("a.json", "{\"text\": \n \"a", &[":2:3: not JSON: EOF while parsing a string"]);
        check(
            "a.json",
            &"[".repeat(50),
            &[":1:50: not JSON: EOF while parsing a list", ":1:51: not JSON: the array is not closed"],
        );
        check("a.json", "]", &[":1:1: not JSON: unexpected ']'"]);
    }
}
