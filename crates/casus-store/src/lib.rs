//! A casus project: one SQLite file that keeps reports as received, what every version of casus read
//! in them, the incidents made from that, and what people decided about them.
//!
//! Everything is append-only. Each act is one transaction and one entry of a hash-chained log
//! ([`Entry`]); what was committed survives a killed process, a full disk and a power cut, and
//! [`Project::verify`] shows that nothing was altered since. A person's decision ([`Decision`]) is kept
//! as a fact about events, not about a state of the file, so it is applied again to whatever is read or
//! linked later; one that no longer finds its events is told, never dropped.
//!
//! This crate must not know how a report is read, nor how events are compared: readings come in as
//! records, groups of events as a partition. It has no clock; whoever calls brings the time ([`Stamp`]).
//!
//! ```
//! use casus_store::{Project, Stamp};
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("events.casus");
//! let stamp = Stamp { who: "ana".into(), at: "2024-03-14T12:00:00Z".parse()? };
//! let mut project = Project::init(&path, &stamp)?;
//! let report = casus_record::Report { id: "r1".into(), text: "Two farmers were killed near Gol.".into(), ..Default::default() };
//! let text = report.text.clone();
//! project.add(&stamp, "r1.txt", |adding| {
//!     adding.bytes(text.as_bytes())?;
//!     adding.report(&report, None, &[])?;
//!     Ok(0)
//! })?;
//! assert_eq!(project.search("farmer*", 10)?.len(), 1);
//! assert!(project.verify(None)?.is_clean());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod change;
mod decisions;
mod error;
mod fields;
mod gather;
mod incidents;
mod log;
mod project;
mod readings;
mod relink;
mod reports;
mod review;
mod schema;
mod search;
mod succession;
mod verify;

pub use change::{Change, Deletion, Fate, FieldChange, Revision};
pub use decisions::{Coded, Decision, EventHead, EventRef, Kind, Ruled, Rulings, Unapplied};
pub use error::{Error, Result};
pub use incidents::Asked;
pub use log::{Entry, Stamp};
pub use project::{Project, Status};
pub use readings::{Outcome, Unread};
pub use relink::{Linked, Linking};
pub use reports::{Added, Adding};
pub use review::{Agreement, Unit};
pub use search::Hit;
pub use verify::{Finding, Verified};
