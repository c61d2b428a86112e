//! What an event says it cost, one line an outcome, by rules that never count anyone twice.
//!
//! - Rows with the same `figure` are rival accounts of one quantity. The number taken is that of the
//!   account told first (rule `first_told`); the bounds are the widest that any account supports.
//! - A row that is included in a row of the same outcome is part of it and not added.
//! - Joint counts ("70 killed and wounded") are neither of their parts and stand under their own name.
//! - Households and families are not persons and stand under their own name.
//! - Rows with cause `indirect` (a heart attack during a march) are left out.
//!
//! Only quantities of different figures are added. An event that is `part_of` an aggregate must not
//! be added to it: that is up to whoever adds events.

use casus_record::{Cause, Event, Loss, LossOutcome, Unit};
use serde::Serialize;
use std::collections::BTreeMap;

/// One quantity: number and bounds, null where the words leave them open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Quantity {
    pub(crate) value: Option<u64>,
    pub(crate) low: Option<u64>,
    pub(crate) high: Option<u64>,
}

/// Name of what a row counts: `killed`, `killed_wounded`, `displaced_households`.
pub(crate) fn name(loss: &Loss) -> String {
    let mut outcomes: Vec<LossOutcome> = loss.outcome.clone();
    outcomes.sort_unstable();
    let mut name = outcomes.iter().map(crate::words::code).collect::<Vec<_>>().join("_");
    match loss.unit {
        Unit::Persons | Unit::Bodies => {}
        Unit::Families | Unit::Households => name.push_str("_households"),
    }
    name
}

/// The quantities of an event by name.
pub(crate) fn tally(event: &Event) -> BTreeMap<String, Quantity> {
    let mut figures: BTreeMap<(String, u32), Vec<&Loss>> = BTreeMap::new();
    for loss in &event.losses {
        if loss.cause != Cause::Indirect && !included(event, loss) {
            figures.entry((name(loss), loss.figure)).or_default().push(loss);
        }
    }
    let mut out: BTreeMap<String, Quantity> = BTreeMap::new();
    for ((name, _), rivals) in figures {
        let quantity = first_told(&rivals);
        match out.get_mut(&name) {
            Some(sum) => *sum = add(*sum, quantity),
            None => drop(out.insert(name, quantity)),
        }
    }
    out
}

/// Whether a row of the same name contains this one, directly or through others.
fn included(event: &Event, loss: &Loss) -> bool {
    let mut at = loss.included_in;
    // A chain longer than the list of rows is a circle.
    for _ in 0..event.losses.len() {
        let Some(row) = at.and_then(|index| event.losses.get(index as usize)) else { return false };
        if name(row) == name(loss) {
            return true;
        }
        at = row.included_in;
    }
    false
}

fn first_told(rivals: &[&Loss]) -> Quantity {
    let counts = || rivals.iter().map(|loss| &loss.count);
    let open = counts().any(|count| count.high.is_none());
    Quantity {
        value: counts().find_map(|count| count.value.or(count.low)),
        low: counts().filter_map(|count| count.low).min(),
        high: if open { None } else { counts().filter_map(|count| count.high).max() },
    }
}

/// The least of a sum is the sum of the known leasts; the greatest is known only if all are.
fn add(a: Quantity, b: Quantity) -> Quantity {
    let known = |a: Option<u64>, b: Option<u64>| match (a, b) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        (one, other) => one.or(other),
    };
    Quantity {
        value: known(a.value, b.value),
        low: known(a.low, b.low),
        high: a.high.zip(b.high).map(|(a, b)| a.saturating_add(b)),
    }
}
