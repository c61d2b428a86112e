//! How many reports may be on their way at a time.
//!
//! Reports are read in parallel and written in the order of the input, so a slow one makes the others
//! wait. What waits is memory: the gate lets in a bounded number of reports with a bounded number of
//! bytes, whatever the input.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes of text that are on their way at a time, each of which may take some 250 bytes of memory until
/// its events are written. A single report may be larger; then it goes alone.
const MAX_BYTES: u64 = 2 << 20;

/// Counts reports in and out.
#[derive(Debug)]
pub(super) struct Gate {
    max_reports: usize,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    admitted: usize,
    reports: usize,
    bytes: u64,
    closed: bool,
}

impl Gate {
    /// A gate for `max_reports` at a time.
    pub(super) fn new(max_reports: usize) -> Gate {
        Gate { max_reports, state: Mutex::default(), freed: Condvar::new() }
    }

    /// Waits until a report of this size fits and gives it its number, from 0; None once closed.
    pub(super) fn enter(&self, bytes: u64) -> Option<usize> {
        let mut state = self.state();
        while !state.closed
            && (state.reports >= self.max_reports || state.reports > 0 && state.bytes + bytes > MAX_BYTES)
        {
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.closed {
            return None;
        }
        state.reports += 1;
        state.bytes += bytes;
        state.admitted += 1;
        Some(state.admitted - 1)
    }

    /// A report of this size is done with.
    pub(super) fn leave(&self, bytes: u64) {
        let mut state = self.state();
        state.reports -= 1;
        state.bytes -= bytes;
        self.freed.notify_one();
    }

    /// Lets nobody in any more.
    pub(super) fn close(&self) {
        self.state().closed = true;
        self.freed.notify_all();
    }

    /// How many were let in so far.
    pub(super) fn admitted(&self) -> usize {
        self.state().admitted
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
