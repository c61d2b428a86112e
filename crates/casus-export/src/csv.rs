//! CSV after RFC 4180 for spreadsheets and statistics: UTF-8 with a byte order mark, CRLF, a head of
//! column names, one event a row.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, tab or carriage return as a
//! formula. Text cells that begin so get an apostrophe in front, as OWASP advises ("CSV Injection");
//! numbers are numbers and keep their minus.

use crate::{
    Item, Options, Writer,
    flat::{self, Cell, Row},
};
use std::io::{self, Write};

/// Rows of cells under a head.
pub(crate) struct Sheet {
    out: csv::Writer<Box<dyn Write + Send>>,
    record: csv::StringRecord,
}

impl Sheet {
    pub(crate) fn new(
        heads: impl Iterator<Item = &'static str>,
        mut out: Box<dyn Write + Send>,
    ) -> io::Result<Sheet> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        out.write_record(heads)?;
        Ok(Sheet { out, record: csv::StringRecord::new() })
    }

    pub(crate) fn row(&mut self, cells: impl Iterator<Item = Cell>) -> io::Result<()> {
        self.record.clear();
        cells.for_each(|cell| self.record.push_field(&field(cell)));
        Ok(self.out.write_record(&self.record)?)
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

pub(crate) struct Csv {
    options: Options,
    sheet: Sheet,
}

impl Csv {
    pub(crate) fn new(options: Options, out: Box<dyn Write + Send>) -> io::Result<Csv> {
        let sheet = Sheet::new(flat::columns(&options).map(|column| column.name), out)?;
        Ok(Csv { options, sheet })
    }
}

impl Writer for Csv {
    fn report(&mut self, item: &Item<'_>) -> io::Result<()> {
        for event in &item.reading.events {
            let row = Row::new(item, event, &self.options);
            self.sheet.row(flat::columns(&self.options).map(|column| column.get(&row)))?;
        }
        // What is buffered here is whole rows.
        self.sheet.flush()
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.sheet.flush()
    }
}

fn field(cell: Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Text(text) => defused(text),
        Cell::Integer(number) => number.to_string(),
        Cell::Float(number) => number.to_string(),
        Cell::Boolean(value) => value.to_string(),
        Cell::Date(date) => date.to_string(),
    }
}

/// Text that no spreadsheet takes for a formula and no reader of CSV for the end of the file.
fn defused(text: String) -> String {
    let text = if text.contains('\0') { text.replace('\0', "\u{2400}") } else { text };
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: Cell, expected: &str) {
        assert_eq!(field(cell), expected);
    }

    #[test]
    fn text_is_never_a_formula() {
        check(Cell::Text("=cmd|' /C calc'!A0".into()), "'=cmd|' /C calc'!A0");
        check(Cell::Text("+1".into()), "'+1");
        check(Cell::Text("-2+3".into()), "'-2+3");
        check(Cell::Text("@SUM(1)".into()), "'@SUM(1)");
        check(Cell::Text("\t=1".into()), "'\t=1");
        check(Cell::Text("\r=1".into()), "'\r=1");
        check(Cell::Text("Beya = Old Beya".into()), "Beya = Old Beya");
        check(Cell::Text("a\0b".into()), "a\u{2400}b");
        check(Cell::Float(-1.5), "-1.5");
        check(Cell::Null, "");
    }
}
