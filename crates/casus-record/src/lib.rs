//! The conflict event record: what casus reads ([`Report`]) and what it writes ([`Event`], and [`Incident`] over many
//! reports).
//!
//! Types only. Every value that was read from text carries the spans it rests on, uncertainty is
//! part of the type, and the doc comment of a field is its one definition: the JSON Schema and the
//! codebook are made from it (`casus schema`, `casus codebook`).
//!
//! This crate must not know how anything is read, resolved or rendered.
//!
//! ```
//! use casus_record::{Count, Operator};
//! let more_than_40 = Count::new(Operator::MoreThan, 40, "more than 40");
//! assert_eq!((more_than_40.low, more_than_40.high), (Some(41), None));
//! ```

mod action;
mod count;
mod event;
mod grade;
mod incident;
mod offsets;
mod place;
mod report;
mod span;
mod voice;
mod when;

pub use action::{
    Action, ActionResult, Directionality, Family, Outcome, Response, Status, Territory, Weapon,
};
pub use count::{Count, Operator};
pub use event::{
    Attribution, AttributionStatus, Cause, Effect, Event, Loser, Loss, LossOutcome, MadeBy, Materiel,
    MaterielOutcome, Note, Participant, ParticipantKind, Relation, RelationKind, ReportRef, Role, SCHEMA,
    Scope, Side, Told, Unit,
};
pub use incident::{
    Agreement, Bounds, Claim, ClaimValue, ClaimVoice, Grade, INCIDENT_SCHEMA, Incident, PartyAccount, Review,
    ReviewDecision, loss_field,
};
pub use jiff::civil::Date;
pub use offsets::{Offsets, convert_event};
pub use place::{Bearing, Candidate, Function, PlaceKind, PlaceRelation, Precision, Where};
pub use report::{Reading, Report};
pub use span::Span;
pub use voice::{Verification, Voice, VoiceKind};
pub use when::{Basis, Calendar, Doubt, Extent, Grain, Modifier, TimeOfDay, When};
