//! Takes off gzip or Zstandard, by the bytes and not by the name, one layer and not without limit.
//!
//! A packed file can be a trap: a few kilobytes that swell to terabytes, or a file that unpacks to
//! itself. What swells more than [`MAX_RATIO`]-fold, or is packed twice, is an error.

use flate2::bufread::MultiGzDecoder;
use std::{
    cell::Cell,
    io::{self, BufRead, BufReader, Chain, Cursor, Read},
    rc::Rc,
};

/// How much of a file is looked at before it is decided what it is.
pub(super) const HEAD: usize = 1 << 16;

/// Bytes for one packed byte; text packs some 3 to 10-fold, very repetitive rows 50-fold.
const MAX_RATIO: u64 = 200;

/// Bytes that come free of the ratio, so that a short file of one letter is no bomb.
const FREE: u64 = 16 << 20;

/// Bytes that no packed file may exceed.
const MAX_UNPACKED: u64 = 64 << 30;

/// Largest window of Zstandard, as a power of two: 128 MiB, what the `zstd` command takes by default.
const MAX_WINDOW_LOG: u32 = 27;

/// Takes off the packing, if there is one. The first [`HEAD`] bytes then come in one piece.
pub(super) fn unpack<'a>(bytes: Box<dyn Read + 'a>) -> io::Result<Box<dyn BufRead + 'a>> {
    let mut bytes = peek(bytes);
    let Some(packing) = Packing::of(bytes.fill_buf()?) else {
        return Ok(Box::new(bytes));
    };
    let received = Rc::new(Cell::new(0));
    let tapped = Tapped { bytes, count: Rc::clone(&received) };
    let unpacked: Box<dyn Read + 'a> = match packing {
        Packing::Gzip => Box::new(MultiGzDecoder::new(tapped)),
        Packing::Zstandard => {
            let mut decoder = zstd::Decoder::with_buffer(tapped)?;
            decoder.window_log_max(MAX_WINDOW_LOG)?;
            Box::new(decoder)
        }
    };
    let mut bytes = peek(Box::new(Guarded { bytes: unpacked, received, count: 0, packing }));
    if let Some(inner) = Packing::of(bytes.fill_buf()?) {
        let reason = format!("{} within {}: packed twice, unpack it first", inner.name(), packing.name());
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    Ok(Box::new(bytes))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Gzip,
    Zstandard,
}

impl Packing {
    fn of(head: &[u8]) -> Option<Packing> {
        if head.starts_with(&[0x1f, 0x8b]) {
            Some(Packing::Gzip)
        } else if head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            Some(Packing::Zstandard)
        } else {
            None
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Packing::Gzip => "gzip",
            Packing::Zstandard => "zstd",
        }
    }
}

/// Reads the head, so that it can be looked at in one piece. An error met there is kept for after it.
fn peek<'a>(mut bytes: Box<dyn Read + 'a>) -> Chain<Cursor<Vec<u8>>, Box<dyn BufRead + 'a>> {
    let mut head = Vec::new();
    let rest: Box<dyn BufRead + 'a> = match bytes.by_ref().take(HEAD as u64).read_to_end(&mut head) {
        Ok(_) => Box::new(BufReader::with_capacity(HEAD, bytes)),
        Err(cause) => Box::new(BufReader::with_capacity(16, Failing(Some(cause)))),
    };
    Cursor::new(head).chain(rest)
}

struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Counts what is taken.
struct Tapped<R> {
    bytes: R,
    count: Rc<Cell<u64>>,
}

impl<R: BufRead> Read for Tapped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.count.set(self.count.get() + count as u64);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Tapped<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.bytes.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.count.set(self.count.get() + count as u64);
        self.bytes.consume(count);
    }
}

/// Ends with an error when too much comes out of too little.
struct Guarded<'a> {
    bytes: Box<dyn Read + 'a>,
    received: Rc<Cell<u64>>,
    count: u64,
    packing: Packing,
}

impl Read for Guarded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let name = self.packing.name();
        let invalid = |reason| io::Error::new(io::ErrorKind::InvalidData, reason);
        let count = self.bytes.read(buffer).map_err(|cause| match cause.kind() {
            io::ErrorKind::UnexpectedEof => invalid(format!("the {name} data ends early")),
            _ => invalid(format!("damaged {name} data: {cause}")),
        })?;
        self.count += count as u64;
        if self.count > MAX_UNPACKED || self.count > FREE + MAX_RATIO * self.received.get() {
            let grown = self.count / self.received.get().max(1);
            let reason =
                format!("the {name} data swells more than {grown}-fold: a decompression bomb is not read");
            return Err(invalid(reason));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory")
    }

    #[track_caller]
    fn check(bytes: &[u8], expected: Result<&[u8], &str>) {
        let read = unpack(Box::new(bytes)).and_then(|mut unpacked| {
            let mut out = Vec::new();
            unpacked.read_to_end(&mut out).map(|_| out)
        });
        match (read, expected) {
            (Ok(out), Ok(expected)) => assert_eq!(out, expected),
            (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
            (read, _) => panic!("{:?}", read.map(|out| out.len())),
        }
    }

    #[test]
    fn packings() {
        check(b"", Ok(b""));
        check(b"plain", Ok(b"plain"));
        check(&gzip(b"packed"), Ok(b"packed"));
        check(&[gzip(b"two "), gzip(b"members")].concat(), Ok(b"two members"));
        check(&zstd::encode_all(b"packed".as_slice(), 3).expect("memory"), Ok(b"packed"));
    }

    #[test]
    fn traps() {
        check(&gzip(&gzip(b"twice")), Err("packed twice"));
        check(&gzip(&vec![0; 40 << 20]), Err("decompression bomb"));
        check(&zstd::encode_all(vec![0; 40 << 20].as_slice(), 3).expect("memory"), Err("decompression bomb"));
        let whole = gzip(&(0..100_000u32).flat_map(u32::to_le_bytes).collect::<Vec<_>>());
        check(&whole[..whole.len() / 2], Err("ends early"));
        check(b"\x1f\x8bnonsense", Err("damaged gzip data"));
    }
}
