//! Seconds of work, measured so that a machine that does other work, too, tells the same.

use std::{fs, time::Instant};

/// Seconds that this thread has run, where the system tells; else those that went by. On a machine that does
/// other work, too, only the former tell how fast something is.
pub(crate) struct Clock(Instant, Option<u64>);

impl Clock {
    pub(crate) fn now() -> Clock {
        Clock(Instant::now(), Clock::nanoseconds())
    }

    pub(crate) fn seconds(&self) -> f64 {
        match (self.1, Clock::nanoseconds()) {
            (Some(from), Some(to)) => to.saturating_sub(from) as f64 / 1e9,
            _ => self.0.elapsed().as_secs_f64(),
        }
    }

    fn nanoseconds() -> Option<u64> {
        let status = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        status.split(' ').next()?.parse().ok()
    }
}
