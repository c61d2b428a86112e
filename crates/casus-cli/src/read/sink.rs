//! Where the output goes: a file or standard output, shared between the writer of a format, which owns
//! what it writes to, and the run, which flushes and asks how long the output is.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A handle to the output; its clones write to the same place.
#[derive(Clone)]
pub(super) struct Sink(Arc<Mutex<Output>>);

struct Output {
    out: BufWriter<Box<dyn Write + Send>>,
    bytes: u64,
}

impl Sink {
    /// Standard output.
    pub(super) fn stdout() -> Sink {
        Sink::new(Box::new(io::stdout()), 0)
    }

    /// A file that has `bytes` already and is open behind them.
    pub(super) fn file(file: File, bytes: u64) -> Sink {
        Sink::new(Box::new(file), bytes)
    }

    fn new(out: Box<dyn Write + Send>, bytes: u64) -> Sink {
        Sink(Arc::new(Mutex::new(Output { out: BufWriter::with_capacity(1 << 16, out), bytes })))
    }

    /// Length of the output so far.
    pub(super) fn bytes(&self) -> u64 {
        self.output().bytes
    }

    fn output(&self) -> MutexGuard<'_, Output> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Sink {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let mut output = self.output();
        let count = output.out.write(buffer)?;
        output.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output().out.flush()
    }
}
