//! What a rule puts into a cell, and what it rests on.

use casus_record::Date;
use std::{
    borrow::Cow,
    io::{self, Write},
};

/// Value of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'r> {
    /// The text cannot fill it.
    Blank,
    /// Text, without line breaks.
    Text(Cow<'r, str>),
    /// A list or an object, as JSON.
    Json(String),
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
            Cell::Json(text) => {
                write_text(text, out);
                Ok(())
            }
            Cell::Integer(number) => {
                write_integer(*number, out);
                Ok(())
            }
            Cell::Decimal(number) => write!(out, "{number}"),
            Cell::Date(date) => {
                write_date(*date, out);
                Ok(())
            }
        };
    }

    /// Appends the cell as a value of JSON.
    pub(crate) fn write_json(&self, out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Cell::Blank => out.extend_from_slice(b"null"),
            Cell::Text(text) => serde_json::to_writer(out, text)?,
            Cell::Json(text) => out.extend_from_slice(text.as_bytes()),
            Cell::Integer(number) => write_integer(*number, out),
            Cell::Decimal(number) => serde_json::to_writer(out, number)?,
            Cell::Date(date) => {
                out.push(b'"');
                write_date(*date, out);
                out.push(b'"');
            }
        }
        Ok(())
    }

    /// The cell as a value of the log.
    pub(crate) fn json(&self) -> serde_json::Value {
        match self {
            Cell::Blank => serde_json::Value::Null,
            Cell::Text(text) => text.as_ref().into(),
            Cell::Json(text) => text.as_str().into(),
            Cell::Integer(number) => (*number).into(),
            Cell::Decimal(number) => (*number).into(),
            Cell::Date(date) => date.to_string().into(),
        }
    }
}

/// Digits of a number: the sign and 19 of them.
pub(crate) struct Digits {
    bytes: [u8; 20],
    start: usize,
}

impl Digits {
    pub(crate) fn of(number: i64) -> Digits {
        let mut digits = Digits { bytes: [0; 20], start: 20 };
        let mut left = number.unsigned_abs();
        loop {
            digits.put(b'0' + u8::try_from(left % 10).unwrap_or_default());
            left /= 10;
            if left == 0 {
                break;
            }
        }
        if number < 0 {
            digits.put(b'-');
        }
        digits
    }

    fn put(&mut self, byte: u8) {
        self.start -= 1;
        self.bytes[self.start] = byte;
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

fn write_integer(number: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(Digits::of(number).bytes());
}

/// `yyyy-mm-dd`
fn write_date(date: Date, out: &mut Vec<u8>) {
    let (year, month, day) = (date.year(), date.month(), date.day());
    if !(1000..=9999).contains(&year) {
        let _ = write!(out, "{date}");
        return;
    }
    write_integer(year.into(), out);
    for part in [month.unsigned_abs(), day.unsigned_abs()] {
        out.extend_from_slice(&[b'-', b'0' + part / 10, b'0' + part % 10]);
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    let (mut plain, mut quote) = (true, false);
    for byte in text.bytes() {
        plain &= (b' '..0x7f).contains(&byte);
        quote |= matches!(byte, b'"' | b',');
    }
    let line: Cow<'_, str> =
        if plain || crate::neutral::is_line(text) { text.into() } else { crate::neutral::line(text).into() };
    let formula = line.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if !formula && !quote && !line.starts_with(' ') && !line.ends_with(' ') {
        return out.extend_from_slice(line.as_bytes());
    }
    out.push(b'"');
    if formula {
        out.push(b'\'');
    }
    for (at, part) in line.split('"').enumerate() {
        if at > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part.as_bytes());
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
        check(Cell::from(0_i64), "0");
        check(Cell::from(i64::MIN), "-9223372036854775808");
        check(Cell::from(Date::constant(2024, 3, 1)), "2024-03-01");
        check(Cell::from(Date::constant(476, 9, 4)), "0476-09-04");
        check(Cell::from(-1.5), "-1.5");
        check(Cell::from(f64::NAN), "");
        check(Cell::Blank, "");
    }
}
