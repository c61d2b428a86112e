//! Bytes into text: finds the encoding, and says so wherever it was not simply UTF-8.
//!
//! In order: the byte order mark; UTF-8 if the bytes are valid UTF-8 (text in another encoding
//! practically never is); what the document declares; UTF-8 with a few broken places; a guess by
//! [chardetng], the detector of Firefox. Decoding cannot fail: what has no meaning in the encoding
//! becomes U+FFFD, and a note says how often.

use super::note;
use casus_engine::Note;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::{
    borrow::Cow,
    io::{self, BufRead, BufReader, Read},
};

/// Text and how it was come by.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    /// `N0001` for an encoding other than UTF-8, `N0002` for replaced characters.
    pub(super) notes: Vec<Note>,
}

/// What is known of an encoding before the bytes are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Hint {
    /// The document says so.
    Declared(&'static Encoding),
    /// The rest of the file looks like it.
    Guessed(&'static Encoding),
}

/// Decodes one text.
pub(super) fn decode(bytes: &[u8], hint: Option<Hint>) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decode_as(&bytes[mark..], encoding, "byte order mark");
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return decode_as(bytes, encoding, "guessed");
    }
    // Encodings that switch by escape sequences (ISO-2022-JP) look like ASCII.
    if let Some(Hint::Declared(encoding)) = hint
        && !encoding.is_ascii_compatible()
        && encoding != UTF_16LE
        && encoding != UTF_16BE
    {
        return decode_as(bytes, encoding, "declared");
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: text.to_owned(), notes: Vec::new() };
    }
    match hint {
        Some(Hint::Declared(encoding)) if encoding.is_ascii_compatible() && encoding != UTF_8 => {
            decode_as(bytes, encoding, "declared")
        }
        _ if mostly_utf8(bytes) => decode_as(bytes, UTF_8, ""),
        Some(Hint::Guessed(encoding)) => decode_as(bytes, encoding, "guessed"),
        _ => decode_as(bytes, guess(bytes), "guessed"),
    }
}

fn decode_as(bytes: &[u8], encoding: &'static Encoding, how: &str) -> Decoded {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    let mut notes = Vec::new();
    if encoding != UTF_8 {
        notes.push(decoded_from(encoding, how));
    }
    if broken {
        let count = text.matches('\u{fffd}').count();
        notes.push(note("N0002", format!("{count} characters could not be decoded and were replaced")));
    }
    Decoded { text: text.into_owned(), notes }
}

fn decoded_from(encoding: &'static Encoding, how: &str) -> Note {
    note("N0001", format!("decoded from {} ({how})", encoding.name()))
}

/// A guess from the bytes alone. A megabyte tells as much as the whole.
fn guess(bytes: &[u8]) -> &'static Encoding {
    const ENOUGH: usize = 1 << 20;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(ENOUGH)], true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Whether the bytes are UTF-8 that was damaged or cut: many valid sequences to a broken one.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    valid >= 8 * broken || valid > 0 && broken == 1
}

/// UTF-16 without a byte order mark shows as Latin text with a NUL at every other byte.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096) & !1];
    if head.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if odd * 10 >= half * 7 && even * 20 <= half {
        Some(UTF_16LE)
    } else if even * 10 >= half * 7 && odd * 20 <= half {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The encoding that a page declares in its first bytes: `<meta charset=…>`,
/// `<meta content="…; charset=…">` or `<?xml encoding="…"?>`.
pub(super) fn declared(bytes: &[u8]) -> Option<Hint> {
    const PRESCAN: usize = 4096;
    let head = bytes[..bytes.len().min(PRESCAN)].to_ascii_lowercase();
    ["charset", "encoding"].into_iter().find_map(|key| {
        let mut rest = head.as_slice();
        while let Some(at) = rest.windows(key.len()).position(|window| window == key.as_bytes()) {
            rest = &rest[at + key.len()..];
            let value = rest.trim_ascii_start().strip_prefix(b"=");
            let label = value.map(|v| v.trim_ascii_start()).and_then(|v| {
                let v = v.strip_prefix(b"\"").or(v.strip_prefix(b"'")).unwrap_or(v);
                v.split(|b| b"\"'>; \t\r\n?/".contains(b)).next()
            });
            if let Some(encoding) = label.and_then(Encoding::for_label) {
                return Some(Hint::Declared(encoding));
            }
        }
        None
    })
}

/// A file of many reports, as bytes that can be split at ASCII characters.
pub(super) struct Stream<'a> {
    pub(super) bytes: Box<dyn BufRead + 'a>,
    /// Encoding of the rows that are not UTF-8.
    hint: Option<Hint>,
    notes: Vec<Note>,
}

impl Stream<'_> {
    /// Decodes one row.
    pub(super) fn decode<'b>(&self, row: &'b [u8]) -> (Cow<'b, str>, Vec<Note>) {
        match std::str::from_utf8(row) {
            Ok(text) => (text.into(), self.notes.clone()),
            Err(_) => {
                let decoded = decode(row, self.hint);
                (decoded.text.into(), decoded.notes)
            }
        }
    }
}

/// Looks at the beginning of a file of many reports. A byte order mark is dropped; UTF-16 is decoded
/// on the way; other encodings are left to [`Stream::decode`], row by row, because files of many
/// reports are put together from many places.
pub(super) fn stream<'a>(mut bytes: Box<dyn BufRead + 'a>) -> io::Result<Stream<'a>> {
    let head = bytes.fill_buf()?;
    let (marked, mark) = Encoding::for_bom(head).map_or((None, 0), |(encoding, mark)| (Some(encoding), mark));
    let utf16 = marked.filter(|encoding| *encoding != UTF_8);
    let guessed = utf16_without_mark(&head[..head.len() & !1]);
    let cut = match std::str::from_utf8(head) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => head.len(),
    };
    let plain = std::str::from_utf8(&head[..cut]).is_ok();
    let hint = (!plain && !mostly_utf8(head)).then(|| Hint::Guessed(guess(head)));
    bytes.consume(mark);
    Ok(match utf16.or(guessed) {
        None => Stream { bytes, hint, notes: Vec::new() },
        Some(encoding) => {
            let how = if utf16.is_some() { "byte order mark" } else { "guessed" };
            let decoder = encoding.new_decoder_without_bom_handling();
            let bytes = Transcoder { bytes, decoder, out: vec![0; 1 << 16], ready: 0..0, ended: false };
            Stream {
                bytes: Box::new(BufReader::new(bytes)),
                hint: None,
                notes: vec![decoded_from(encoding, how)],
            }
        }
    })
}

/// Decodes to UTF-8 on the way.
struct Transcoder<'a> {
    bytes: Box<dyn BufRead + 'a>,
    decoder: Decoder,
    out: Vec<u8>,
    ready: std::ops::Range<usize>,
    ended: bool,
}

impl Read for Transcoder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() && !self.ended {
            let source = self.bytes.fill_buf()?;
            let last = source.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(source, &mut self.out, last);
            self.bytes.consume(read);
            self.ready = 0..written;
            self.ended = last && result == CoderResult::InputEmpty;
        }
        let count = self.ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.out[self.ready.start..self.ready.start + count]);
        self.ready.start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{ISO_2022_JP, WINDOWS_1251, WINDOWS_1252, WINDOWS_1256};

    const ARABIC: &str = "قتل ثلاثة أشخاص في هجوم على قرية بيا يوم الخميس، وقال مسؤول محلي إن المهاجمين فروا.";
    const RUSSIAN: &str = "Трое погибли при нападении на деревню Тарна в четверг, сообщили местные власти.";
    const FRENCH: &str = "Trois blessés à Béya, où l'armée a été attaquée près de la frontière.";

    #[track_caller]
    fn check(bytes: &[u8], hint: Option<Hint>, text: &str, notes: &[&str]) {
        let decoded = decode(bytes, hint);
        assert_eq!(decoded.text, text);
        assert_eq!(decoded.notes.iter().map(|n| n.message.as_str()).collect::<Vec<_>>(), notes);
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
        mark.then_some(0xfeff).into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
    }

    #[test]
    fn encodings() {
        check(ARABIC.as_bytes(), None, ARABIC, &[]);
        check("\u{feff}Beya".as_bytes(), None, "Beya", &[]);
        check(b"nul \0 stays", None, "nul \0 stays", &[]);
        check(&WINDOWS_1256.encode(ARABIC).0, None, ARABIC, &["decoded from windows-1256 (guessed)"]);
        check(&WINDOWS_1251.encode(RUSSIAN).0, None, RUSSIAN, &["decoded from windows-1251 (guessed)"]);
        check(&WINDOWS_1252.encode(FRENCH).0, None, FRENCH, &["decoded from windows-1252 (guessed)"]);
        let declared = Some(Hint::Declared(WINDOWS_1252));
        check(&WINDOWS_1252.encode(FRENCH).0, declared, FRENCH, &["decoded from windows-1252 (declared)"]);
        check(FRENCH.as_bytes(), declared, FRENCH, &[]);
        let japanese = ISO_2022_JP.encode("テスト").0;
        check(
            &japanese,
            Some(Hint::Declared(ISO_2022_JP)),
            "テスト",
            &["decoded from ISO-2022-JP (declared)"],
        );
        check(
            &utf16(RUSSIAN, u16::to_le_bytes, true),
            None,
            RUSSIAN,
            &["decoded from UTF-16LE (byte order mark)"],
        );
        check(
            &utf16("Gunmen at Beya", u16::to_be_bytes, false),
            None,
            "Gunmen at Beya",
            &["decoded from UTF-16BE (guessed)"],
        );
        check(
            &ARABIC.as_bytes()[..ARABIC.len() - 2],
            None,
            &format!("{}\u{fffd}", &ARABIC[..ARABIC.len() - 3]),
            &["1 characters could not be decoded and were replaced"],
        );
    }

    #[test]
    fn declarations() {
        let name =
            |head: &str| declared(head.as_bytes()).map(|(Hint::Declared(e) | Hint::Guessed(e))| e.name());
        assert_eq!(name("<meta charset=windows-1256>"), Some("windows-1256"));
        assert_eq!(name("<META HTTP-EQUIV=x CONTENT='text/html; charset=KOI8-R'>"), Some("KOI8-R"));
        assert_eq!(name("<?xml version='1.0' encoding='ISO-8859-1'?>"), Some("windows-1252"));
        assert_eq!(name("charset=nonsense"), None);
    }

    #[test]
    fn rows() {
        let file = utf16("a\nb é\n", u16::to_le_bytes, true);
        let mut rows = stream(Box::new(io::Cursor::new(file))).expect("memory");
        let mut text = String::new();
        rows.bytes.read_to_string(&mut text).expect("memory");
        assert_eq!(text, "a\nb é\n");
        let mixed = [b"plain\n".as_slice(), "é\n".as_bytes(), &WINDOWS_1251.encode(RUSSIAN).0].concat();
        let rows = stream(Box::new(io::Cursor::new(mixed))).expect("memory");
        assert_eq!(rows.decode("é".as_bytes()).0, "é");
        assert_eq!(rows.decode(&WINDOWS_1251.encode("Тарна").0).0, "Тарна");
    }
}
