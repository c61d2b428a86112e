//! CSV and its kin: rows under a row of names, one report a row.

use super::{InputError, Origin, Received, decode::Stream, hex, plain};
use casus_engine::Note;
use csv::{ByteRecord, Reader, ReaderBuilder};
use sha2::{Digest, Sha256};
use std::{
    cell::RefCell,
    io::{self, BufRead, Read},
    rc::Rc,
};

/// The reports of a table. The first row names the columns; short and long rows are taken as they are.
pub(super) fn rows<'a>(
    origin: Origin<'a>,
    mut stream: Stream<'a>,
    delimiter: u8,
) -> impl Iterator<Item = Result<Received, InputError>> {
    let kept = Rc::new(RefCell::new(Vec::new()));
    let bytes = std::mem::replace(&mut stream.bytes, Box::new(io::empty()));
    let kept_bytes = Kept { bytes, kept: Rc::clone(&kept), limit: origin.settings.max_wrapped_bytes() };
    let reader =
        ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(kept_bytes);
    Rows { origin, decoder: stream, reader, kept, start: 0, columns: None, ended: false }
}

struct Rows<'a> {
    origin: Origin<'a>,
    decoder: Stream<'a>,
    reader: Reader<Kept<'a>>,
    kept: Rc<RefCell<Vec<u8>>>,
    start: u64,
    columns: Option<Vec<String>>,
    ended: bool,
}

impl Rows<'_> {
    /// The next row that is not blank, with its line and its checksum.
    fn row(&mut self) -> Result<Option<(ByteRecord, u64, String)>, InputError> {
        let mut record = ByteRecord::new();
        let found = self.reader.read_byte_record(&mut record);
        let line = record.position().map_or(self.reader.position().line(), csv::Position::line);
        let found = found.map_err(|error| {
            let reason = match error.into_kind() {
                csv::ErrorKind::Io(cause) => plain(&cause),
                kind => format!("{kind:?}"),
            };
            InputError { line: Some(line), ..InputError::new(self.origin.name, reason) }
        })?;
        if !found {
            return Ok(None);
        }
        let end = self.reader.position().byte();
        let mut kept = self.kept.borrow_mut();
        let length = ((end - self.start) as usize).min(kept.len());
        // The position is where the search began, before any blank lines.
        let blank =
            kept[..length].iter().take_while(|b| b.is_ascii_whitespace()).filter(|&&b| b == b'\n').count();
        let sha256 = hex(&Sha256::digest(kept[..length].trim_ascii()));
        kept.drain(..length);
        self.start = end;
        Ok(Some((record, line + blank as u64, sha256)))
    }

    /// The cells of a row, and the notes on decoding them, each once.
    fn cells(&self, record: &ByteRecord) -> (Vec<String>, Vec<Note>) {
        let mut notes: Vec<Note> = Vec::new();
        let decode = |cell| {
            let (text, more) = self.decoder.decode(cell);
            for note in more {
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
            text.into_owned()
        };
        let cells = record.iter().map(decode).collect();
        (cells, notes)
    }

    fn report(&mut self) -> Result<Option<Received>, InputError> {
        if self.columns.is_none() {
            let Some((header, line, _)) = self.row()? else {
                return Err(InputError::new(self.origin.name, "the file is empty"));
            };
            let columns = self.cells(&header).0;
            let names = || columns.iter().map(String::as_str);
            let fields = &self.origin.settings.fields;
            if fields.find(super::Field::Text, names()).is_none() {
                let reason = fields.no_text(names());
                return Err(InputError { line: Some(line), ..InputError::new(self.origin.name, reason) });
            }
            self.columns = Some(columns);
        }
        let Some((record, line, sha256)) = self.row()? else { return Ok(None) };
        let (mut cells, notes) = self.cells(&record);
        let columns = self.columns.as_deref().unwrap_or_default();
        let names = columns.iter().map(String::as_str);
        let fields = &self.origin.settings.fields;
        let values = fields.values(names, |at| cells.get_mut(at).map(std::mem::take));
        let values = values.map_err(|reason| InputError::new(self.origin.name, reason))?;
        self.origin.receive(values, Some(line), sha256, notes).map(Some)
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Received, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let before = self.start;
        let report = self.report();
        // An error that took no row would come again for ever.
        self.ended = match &report {
            Ok(found) => found.is_none(),
            Err(_) => self.start == before || self.columns.is_none(),
        };
        report.transpose()
    }
}

/// Keeps what was handed on and not yet made into a row: its checksum is wanted, and a row that grows
/// without end (a quotation mark that is never closed) is an error.
struct Kept<'a> {
    bytes: Box<dyn BufRead + 'a>,
    kept: Rc<RefCell<Vec<u8>>>,
    limit: u64,
}

impl Read for Kept<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut kept = self.kept.borrow_mut();
        if kept.len() as u64 > self.limit {
            let reason = format!("{}; is a quotation mark not closed?", super::too_large(self.limit));
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, reason));
        }
        let count = self.bytes.read(buffer)?;
        kept.extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use crate::input::{Input, Settings};
    use std::{path::PathBuf, sync::Arc};

    /// `expected`: `id|day|text` of a report, or what stands behind the name in an error.
    #[track_caller]
    fn check(name: &str, content: &[u8], expected: &[&str]) {
        let settings = Settings { max_report_bytes: 10_000, ..Settings::default() };
        let input = Input::file(PathBuf::from(name));
        let reports = input.reports_of(Box::new(content), &settings, Arc::default());
        let found: Vec<String> = reports
            .map(|item| match item {
                Ok(received) => {
                    let report = received.report;
                    let day = report.published.map_or_else(String::new, |day| day.to_string());
                    format!("{}|{day}|{}", report.id, report.text)
                }
                Err(error) => error.to_string().split_off(name.len()),
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn tables() {
        check(
            "a.csv",
            b"id,date,text\n1,2024-03-14,\"Beya,\nGol\"\n2,,Lodo\n",
            &["1|2024-03-14|Beya,\nGol", "2||Lodo"],
        );
        check(
            "a.csv",
            b"\xef\xbb\xbftext;date\nBeya;14/03/2024\n\nGol\n",
            &["a.csv#2|2024-03-14|Beya", "a.csv#4||Gol"],
        );
        check("a.tsv", b"text\tid\nBeya\tx\ty\n", &["x||Beya"]);
        check("a.csv", b"id,text\n1,\n2,Gol\n", &[":2: the report is empty", "2||Gol"]);
        check(
            "a.csv",
            b"id,text\n1,caf\xe9 Beya\n2,\xc3\xa9t\xc3\xa9\n",
            &["1||caf\u{e9} Beya", "2||\u{e9}t\u{e9}"],
        );
        check(
            "a.csv",
            b"id,stroy,story\n1,x,y\n",
            &[
                ":1: no field text or body or content (there is: id, stroy, story); name it with --field text=COLUMN",
            ],
        );
    }

    #[test]
    fn utf16() {
        let content: Vec<u8> = "id,text\n1,Béya\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check("a.csv", &[b"\xff\xfe".as_slice(), &content].concat(), &["1||Béya"]);
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed() {
        let mut content = b"id,text\n1,Beya\n2,\"Gol\n".to_vec();
        content.resize(400_000, b'x');
        check(
            "a.csv",
            &content,
            &[
                "1||Beya",
                ":3: the report is larger than 156 KiB; split it, or allow more with --max-report-bytes; is a quotation mark not closed?",
            ],
        );
    }
}
