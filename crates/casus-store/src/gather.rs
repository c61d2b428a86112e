//! Present readings, taken apart on several threads, and events fetched again from where they stand.
//!
//! A million events as records do not fit into memory. So linking goes over the readings twice: once to
//! keep a sketch of every event and its [`Place`], and once more to fetch the events of a few incidents
//! at a time.

use crate::{
    error::{Fault, Result},
    project::{Project, unpack_json},
    readings::{COPY_READ, Outcome, from_json, text, version_id},
};
use casus_record::{Event, MadeBy, Reading, Report};
use rusqlite::{Connection, Row};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    num::NonZero,
    thread,
};

/// Readings that are in memory at once, for each thread, and bytes of all of them as they are kept.
const READINGS: usize = 256;
const BYTES: usize = 4 << 20;

/// Incidents whose events are in memory at once.
pub(crate) const INCIDENTS: usize = 1024;

/// Where an event stands: the reading it is in, and its position there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) reading: i64,
    pub(crate) at: u32,
}

/// The present reading of a report, as it is kept.
pub(crate) struct Packed {
    reading: i64,
    report: i64,
    text: Vec<u8>,
    given: String,
    data: Vec<u8>,
    /// Whether the reading is by the version that was asked for.
    pub(crate) own: bool,
}

impl Packed {
    fn of(row: &Row<'_>, version: Option<i64>) -> rusqlite::Result<Packed> {
        let own = row.get::<_, Option<i64>>(5)? == version;
        Ok(Packed {
            report: row.get(0)?,
            text: row.get(1)?,
            given: row.get(2)?,
            reading: row.get(3)?,
            data: row.get(4)?,
            own,
        })
    }

    /// The report and what was read in it.
    pub(crate) fn open(&self) -> Result<(Report, Reading), Fault> {
        let text = text(self.report, &self.text)?;
        let given: Report = from_json(&self.given, &format_args!("report {}", self.report))?;
        Ok((Report { text, ..given }, reading(self.reading, &self.data)?))
    }
}

/// A reading, as [`Project::keep_readings`] kept it; of a report that could not be read an empty one.
fn reading(number: i64, packed: &[u8]) -> Result<Reading, Fault> {
    Ok(match unpack_json(packed, &format_args!("reading {number}"))? {
        Outcome::Read(reading) => reading,
        Outcome::Failed(_) => Reading::default(),
    })
}

/// Every report's present reading, in the order of the reports; see [`Project::readings`].
pub(crate) fn present(
    connection: &Connection,
    version: &MadeBy,
    mut each: impl FnMut(Packed) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let id = version_id(connection, version)?;
    let sql = format!(
        "SELECT r.id, r.text, c.given, d.id, d.data, d.version FROM report r
         JOIN reading d ON d.id = (SELECT n.id FROM reading n WHERE n.report = r.id
             ORDER BY n.version IS ?1 DESC, n.id DESC LIMIT 1)
         JOIN copy c ON c.id = {COPY_READ} ORDER BY r.id"
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([id])?;
    while let Some(row) = rows.next()? {
        each(Packed::of(row, id)?)?;
    }
    Ok(())
}

/// As [`present`], with each reading taken apart and put to `work` on several threads. What `work` gives
/// comes to `each` in the order of the reports.
pub(crate) fn each_reading<T: Send>(
    connection: &Connection,
    version: &MadeBy,
    threads: NonZero<usize>,
    work: impl Fn(&Report, &Reading) -> T + Sync,
    mut each: impl FnMut(i64, T),
) -> Result<(), Fault> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    let mut done = |batch: &mut Vec<Packed>| -> Result<(), Fault> {
        let open = |packed: &Packed| packed.open().map(|(report, reading)| work(&report, &reading));
        for (packed, made) in batch.iter().zip(parallel(threads, batch, open)) {
            each(packed.reading, made?);
        }
        batch.clear();
        Ok(())
    };
    present(connection, version, |packed| {
        bytes += packed.text.len() + packed.data.len();
        batch.push(packed);
        if batch.len() >= READINGS * threads.get() || bytes >= BYTES {
            bytes = 0;
            done(&mut batch)?;
        }
        Ok(())
    })?;
    done(&mut batch)
}

/// Where every present event stands, by its id.
fn places(
    connection: &Connection,
    version: &MadeBy,
    threads: NonZero<usize>,
) -> Result<HashMap<Box<str>, Place>, Fault> {
    let mut places = HashMap::new();
    let ids = |_: &Report, reading: &Reading| -> Vec<Box<str>> {
        reading.events.iter().map(|event| event.id.as_str().into()).collect()
    };
    each_reading(connection, version, threads, ids, |reading, ids| {
        places.extend(ids.into_iter().zip(0..).map(|(id, at)| (id, Place { reading, at })));
    })?;
    Ok(places)
}

/// The readings that some places are in.
pub(crate) struct Fetched(BTreeMap<i64, Vec<Event>>);

impl Fetched {
    /// Fetches every reading of `places` once.
    pub(crate) fn new(
        connection: &Connection,
        threads: NonZero<usize>,
        places: impl Iterator<Item = Place>,
    ) -> Result<Fetched, Fault> {
        let mut statement = connection.prepare_cached("SELECT data FROM reading WHERE id = ?1")?;
        let mut readings: Vec<i64> = places.map(|place| place.reading).collect();
        readings.sort_unstable();
        readings.dedup();
        let data = |id: i64| Ok((id, statement.query_row([id], |row| row.get::<_, Vec<u8>>(0))?));
        let packed: Vec<(i64, Vec<u8>)> = readings.into_iter().map(data).collect::<Result<_, Fault>>()?;
        let events =
            parallel(threads, &packed, |(id, data)| reading(*id, data).map(|reading| reading.events));
        let named = packed.iter().zip(events).map(|((id, _), events)| Ok((*id, events?)));
        Ok(Fetched(named.collect::<Result<_, Fault>>()?))
    }

    /// The event at a place.
    pub(crate) fn event(&self, place: Place) -> Option<&Event> {
        self.0.get(&place.reading)?.get(place.at as usize)
    }
}

impl Project {
    /// Every incident there is now, by id, with the events that are present of those that it names.
    ///
    /// # Errors
    /// What `each` returns, or if the file cannot be read.
    pub fn incidents_with_events(
        &self,
        version: &MadeBy,
        mut each: impl FnMut(Value, Vec<Event>) -> Result<()>,
    ) -> Result<()> {
        self.ask(|connection| {
            let view = connection.unchecked_transaction()?;
            let places = places(&view, version, self.threads)?;
            let mut batch: Vec<(Value, Vec<Place>)> = Vec::new();
            let mut done = |batch: &mut Vec<(Value, Vec<Place>)>| -> Result<(), Fault> {
                let all = batch.iter().flat_map(|(_, places)| places.iter().copied());
                let fetched = Fetched::new(&view, self.threads, all)?;
                for (record, places) in batch.drain(..) {
                    let events = places.iter().filter_map(|place| fetched.event(*place).cloned()).collect();
                    each(record, events)?;
                }
                Ok(())
            };
            crate::incidents::each_live(&view, |record| {
                let events = record["events"].as_array().into_iter().flatten();
                let own = events.filter_map(|id| places.get(id.as_str()?).copied()).collect();
                batch.push((record, own));
                if batch.len() == INCIDENTS { done(&mut batch) } else { Ok(()) }
            })?;
            done(&mut batch)
        })
    }
}

/// What `work` makes of each item, in their order, on several threads.
pub(crate) fn parallel<I: Sync, T: Send>(
    threads: NonZero<usize>,
    items: &[I],
    work: impl Fn(&I) -> T + Sync,
) -> Vec<T> {
    // Several pieces a thread, so that a large item does not leave the others idle.
    let piece = items.len().div_ceil(8 * threads.get()).max(4);
    if threads.get() == 1 || items.len() <= piece {
        return items.iter().map(work).collect();
    }
    let next = std::sync::Mutex::new(items.chunks(piece).enumerate());
    let take = || next.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
    let mut done: Vec<(usize, Vec<T>)> = thread::scope(|scope| {
        let run = || {
            let mut own = Vec::new();
            while let Some((at, piece)) = take() {
                own.push((at, piece.iter().map(&work).collect()));
            }
            own
        };
        let workers: Vec<_> = (0..threads.get()).map(|_| scope.spawn(run)).collect();
        let join = |worker: thread::ScopedJoinHandle<'_, _>| match worker.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        workers.into_iter().flat_map(join).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().flat_map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_does_not_depend_on_threads() {
        let items: Vec<u32> = (0..1000).collect();
        for threads in [1, 2, 3, 16, 2000] {
            let made = parallel(NonZero::new(threads).expect("some"), &items, |item| item * 2);
            assert!(made.iter().copied().eq((0..1000).map(|item| item * 2)), "{threads}");
        }
        assert!(parallel(NonZero::<usize>::MIN, &[] as &[u32], |item| *item).is_empty());
    }
}
