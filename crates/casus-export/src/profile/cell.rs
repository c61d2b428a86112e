//! What a rule puts into a cell, and what it rests on.

use casus_record::Date;
use std::{borrow::Cow, io::Write};

/// Value of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'r> {
    /// The text cannot fill it.
    Blank,
    /// Text, without line breaks.
    Text(Cow<'r, str>),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// A day.
    Date(Date),
}

impl<'r> From<&'r str> for Cell<'r> {
    fn from(text: &'r str) -> Cell<'r> {
        if text.is_empty() { Cell::Blank } else { Cell::Text(Cow::Borrowed(text)) }
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        if text.is_empty() { Cell::Blank } else { Cell::Text(Cow::Owned(text)) }
    }
}

impl<'r> From<Cow<'r, str>> for Cell<'r> {
    fn from(text: Cow<'r, str>) -> Cell<'r> {
        if text.is_empty() { Cell::Blank } else { Cell::Text(text) }
    }
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Cell::Integer(number)
    }
}

impl From<u64> for Cell<'_> {
    fn from(number: u64) -> Self {
        Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<f64> for Cell<'_> {
    fn from(number: f64) -> Self {
        if number.is_finite() { Cell::Decimal(number) } else { Cell::Blank }
    }
}

impl From<Date> for Cell<'_> {
    fn from(date: Date) -> Self {
        Cell::Date(date)
    }
}

/// Where in the record a value comes from, as JSON pointers without the slash in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inputs {
    None,
    /// Fields of the record.
    Fields(&'static [&'static str]),
    /// Rows of `losses`, as bits.
    Losses(u64),
}

/// A cell with the rule that filled it, or left it blank, and what the rule looked at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filled<'r> {
    pub(crate) cell: Cell<'r>,
    pub(crate) rule: &'static str,
    pub(crate) inputs: Inputs,
}

/// A filled cell.
pub(crate) fn put<'r>(value: impl Into<Cell<'r>>, rule: &'static str, inputs: Inputs) -> Filled<'r> {
    Filled { cell: value.into(), rule, inputs }
}

/// A blank cell.
pub(crate) const fn blank<'r>(rule: &'static str, inputs: Inputs) -> Filled<'r> {
    Filled { cell: Cell::Blank, rule, inputs }
}

impl Cell<'_> {
    /// Appends the cell as a field of CSV (RFC 4180).
    ///
    /// Text that a spreadsheet would run as a formula gets an apostrophe in front, as OWASP advises
    /// ("CSV Injection"); line breaks become spaces, so that a row is a line.
    pub(crate) fn write_csv(&self, out: &mut Vec<u8>) {
        // Writing into a vector cannot fail.
        let _ = match self {
            Cell::Blank => Ok(()),
            Cell::Text(text) => {
                write_text(text, out);
                Ok(())
            }
            Cell::Integer(number) => write!(out, "{number}"),
            Cell::Decimal(number) => write!(out, "{number}"),
            Cell::Date(date) => write!(out, "{date}"),
        };
    }

    /// The cell as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        match self {
            Cell::Blank => serde_json::Value::Null,
            Cell::Text(text) => text.as_ref().into(),
            Cell::Integer(number) => (*number).into(),
            Cell::Decimal(number) => (*number).into(),
            Cell::Date(date) => date.to_string().into(),
        }
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    let line: Cow<'_, str> = if text.bytes().any(|b| !(b' '..0x7f).contains(&b)) {
        crate::neutral::line(text).into()
    } else {
        text.into()
    };
    let formula = line.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if !formula && !line.contains(['"', ',']) && !line.starts_with(' ') && !line.ends_with(' ') {
        return out.extend_from_slice(line.as_bytes());
    }
    out.push(b'"');
    if formula {
        out.push(b'\'');
    }
    for byte in line.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: Cell<'_>, expected: &str) {
        let mut out = Vec::new();
        cell.write_csv(&mut out);
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        check("Beya".into(), "Beya");
        check("Beya, Lodo".into(), "\"Beya, Lodo\"");
        check("the \"Old\" market".into(), "\"the \"\"Old\"\" market\"");
        check("two\nlines".into(), "two lines");
        check("=1+1".into(), "\"'=1+1\"");
        check(Cell::from(-9_i64), "-9");
        check(Cell::from(-1.5), "-1.5");
        check(Cell::from(f64::NAN), "");
        check(Cell::Blank, "");
    }
}
