//! Groups events of many reports into incidents, and compares what each voice claims.
//!
//! ```text
//! Event -telling-> Telling -block-> pairs -score-> log-odds -cluster-> Cluster -compose-> Incident
//! ```
//!
//! [`link`] does it in one go. [`Linker`] takes events one by one or in batches of any size and in any
//! order, and gives the same clusters each time; it holds a few hundred bytes an event, so that millions
//! fit into memory, and [`compose`] makes an incident of the whole records of one cluster.
//!
//! This crate must not know files, formats, or how a report is read. Of the words of a report it keeps a
//! [`Signature`].
//!
//! ```
//! use casus_link::{Options, link};
//! let incidents = link(&[], &Options::default());
//! assert!(incidents.is_empty());
//! ```

mod agreement;
mod block;
mod claims;
pub mod cluster;
mod compose;
mod grade;
mod linker;
mod parties;
mod score;
mod signature;
mod source;
mod telling;

pub use compose::{Member, compose};
pub use grade::grade;
pub use linker::{Cluster, Linker, Options};
pub use score::Evidence;
pub use signature::{COPY, Signature};
pub use telling::Telling;

use casus_record::{Event, Incident};
use std::sync::Arc;

/// Links events without their reports' texts. See [`link_with`].
pub fn link(events: &[Event], options: &Options) -> Vec<Incident> {
    let events: Vec<(&Event, Option<Arc<Signature>>)> = events.iter().map(|event| (event, None)).collect();
    link_with(&events, options)
}

/// Links events, each with the signature of its report's text where that is at hand.
///
/// The incidents do not depend on the order of the events; they come in the order of their first
/// publication. An incident's id is made from the event that was published first, so that it stays when
/// later reports are added.
pub fn link_with(events: &[(&Event, Option<Arc<Signature>>)], options: &Options) -> Vec<Incident> {
    let mut linker = Linker::new(options.clone());
    linker.add(events.iter().map(|(event, signature)| Telling::new(event, signature.clone())).collect());
    let incident = |cluster: &Cluster| {
        let members: Vec<Member<'_>> = cluster
            .members
            .iter()
            .map(|&number| Member { event: events[number].0, signature: events[number].1.as_deref() })
            .collect();
        compose(&members, cluster.cohesion)
    };
    linker.clusters().into_iter().filter_map(incident).collect()
}
