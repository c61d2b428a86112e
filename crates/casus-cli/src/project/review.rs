//! `casus review` and `casus agreement`: what people decide, and how far they agree.

use super::{
    args::{self, ReviewWhat},
    link, open, stamp, version,
};
use crate::{Failure, Status, number, print, remark};
use casus_store::{Agreement, Asked, Kind};
use std::{collections::BTreeMap, fmt::Write, path::Path, thread};

/// Keeps a decision and links anew, so that it shows at once.
pub(crate) fn review(named: Option<&Path>, args: &args::Review) -> Result<Status, Failure> {
    let mut project = open(named)?;
    let version = version(&project)?;
    let (kind, incident, why) = match &args.what {
        ReviewWhat::Accept { incident, why } => (Kind::Accept, incident, why),
        ReviewWhat::Edit { incident, why, .. } => (Kind::Edit, incident, why),
        ReviewWhat::Merge { incidents, why } => (Kind::Merge, &incidents[0], why),
        ReviewWhat::Split { incident, why, .. } => (Kind::Split, incident, why),
        ReviewWhat::Reject { incident, why } => (Kind::Reject, incident, why),
    };
    if why.who.trim().is_empty() || why.why.trim().is_empty() {
        return Err(Failure("a decision needs --who and --why in words".to_owned()));
    }
    let stamp = stamp(Some(&why.who))?;
    let mut asked = Asked {
        kind,
        incident,
        other: None,
        part: &[],
        values: BTreeMap::new(),
        adjudicates: why.adjudicate,
        why: &why.why,
    };
    let mut decisions = Vec::new();
    match &args.what {
        ReviewWhat::Edit { set, .. } => {
            asked.values = set.iter().cloned().collect();
            decisions.push(project.decision(&stamp, &asked, &version)?);
        }
        ReviewWhat::Split { events, .. } => {
            asked.part = events;
            decisions.push(project.decision(&stamp, &asked, &version)?);
        }
        ReviewWhat::Merge { incidents, .. } => {
            for other in &incidents[1..] {
                asked.other = Some(other);
                decisions.push(project.decision(&stamp, &asked, &version)?);
            }
        }
        _ => decisions.push(project.decision(&stamp, &asked, &version)?),
    }
    for decision in &decisions {
        project.decide(&stamp, decision)?;
    }
    let linked = link::relink(&mut project, thread::available_parallelism().ok())?;
    remark(&format_args!("{} of {} by {} is kept", kind.name(), decisions[0].incident, stamp.who));
    link::tell(&project, &linked, false)?;
    Ok(Status::ALL)
}

/// How far coders agree, field by field, and on what they do not.
pub(crate) fn agreement(named: Option<&Path>, args: &args::Agreement) -> Result<Status, Failure> {
    let project = open(named)?;
    let fields = project.agreement(&version(&project)?)?;
    if fields.is_empty() {
        remark(&"no incident was decided on by two coders; `casus review` with another --who does it");
        return Ok(Status::ALL);
    }
    let mut out = String::new();
    for field in &fields {
        if args.json {
            out += &serde_json::to_string(field).map_err(|error| Failure(error.to_string()))?;
            out.push('\n');
        } else {
            out += &shown(field);
        }
    }
    print(&out)
}

fn shown(field: &Agreement) -> String {
    let number_of =
        |value: Option<f64>| value.map_or_else(|| "    –".to_owned(), |value| format!("{value:>5.2}"));
    let mut out = format!(
        "{:<24} {:>10}  equal {:>3.0} %  kappa {}  alpha {}\n",
        field.field,
        number(field.units as u64, "incident"),
        100.0 * field.observed,
        number_of(field.kappa),
        number_of(field.alpha)
    );
    for unit in &field.disagreements {
        let said: Vec<String> = unit.values.iter().map(|(who, value)| format!("{who}: {value}")).collect();
        let settled = if unit.settled { "settled" } else { "open: casus review … --adjudicate" };
        let _ = writeln!(out, "    {}  {}  ({settled})", unit.incident, said.join("  "));
    }
    out
}
