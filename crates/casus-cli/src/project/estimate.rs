//! `casus estimate`: how many incidents nobody reported, as an explicit step with its assumptions.

use super::{
    args::{self, Lists as Of, ModelArg},
    open,
};
use crate::{Failure, Status, print};
use casus_engine::{ClaimValue, Incident, Scope, VoiceKind};
use casus_stats::capture::{self, ASSUMPTIONS, Lists, MOST_LISTS, Pair, Refusal};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::Path,
};

/// Fewest incidents of a list that is chosen by itself.
const FEWEST: usize = 10;

/// Share of the incidents of two lists, told by both, in which they are copies of one text or voice; above
/// it they are one list.
const MOST_COPIES: f64 = 0.5;

/// Models that are shown beside the chosen one.
const SHOWN: usize = 4;

/// Estimates, or says why it does not.
pub(crate) fn estimate(named: Option<&Path>, args: &args::Estimate) -> Result<Status, Failure> {
    let lists = match &args.table {
        Some(table) => read_table(table)?,
        None => project_lists(named, args)?,
    };
    let refused = |refusal: Refusal| Failure(format!("no estimate: {refusal}"));
    let found = match args.model {
        ModelArg::Latent => latent(&lists).map_err(refused)?,
        ModelArg::Auto if lists.len() == 2 => chapman(&lists).map_err(refused)?,
        ModelArg::Auto | ModelArg::Loglinear => loglinear(&lists).map_err(refused)?,
    };
    if args.json {
        return print(&format!("{}\n", found.json(&lists)));
    }
    print(&found.shown(&lists))
}

/// An estimate by any of the methods.
struct Found {
    method: String,
    total: f64,
    low: f64,
    high: f64,
    /// How well the model fits, and its rivals, a line each.
    remarks: Vec<String>,
}

fn chapman(lists: &Lists) -> Result<Found, Refusal> {
    let pair = Pair { first: lists.on_all(1), second: lists.on_all(2), both: lists.on_all(3) };
    let found = capture::two(pair)?;
    let mut remarks = vec![
        format!("standard error {:.1}; Lincoln-Petersen {:.0}", found.error, found.petersen),
        "with two lists nothing can show that they are independent: if one follows the other, the number is too low"
            .to_owned(),
    ];
    if found.small {
        remarks.push("fewer than 7 in common: the number may be too low (Robson and Regier 1964)".to_owned());
    }
    let method = "Chapman, two independent lists".to_owned();
    Ok(Found { method, total: found.total, low: found.low, high: found.high, remarks })
}

fn loglinear(lists: &Lists) -> Result<Found, Refusal> {
    let models = capture::loglinear(lists)?;
    let name = |model: &capture::Model| match model.terms.as_slice() {
        [] => "independent lists".to_owned(),
        terms => format!("dependent {}", terms.join(", ")),
    };
    let best = &models[0];
    let (low, high) = best.interval.ok_or(Refusal::Unbounded)?;
    let line = |model: &capture::Model| {
        format!(
            "{:>9.0}  G² {:>7.2}  df {}  p {:.2}  AIC {:>7.1}  BIC {:>7.1}  {}",
            model.total,
            model.deviance,
            model.freedom,
            model.p,
            model.aic,
            model.bic,
            name(model)
        )
    };
    let mut remarks: Vec<String> = models.iter().take(1 + SHOWN).map(line).collect();
    if best.freedom == 0 {
        remarks.push(
            "the model has as many terms as the table has cells: nothing shows whether it fits".to_owned(),
        );
    }
    Ok(Found { method: format!("log-linear, {}", name(best)), total: best.total, low, high, remarks })
}

fn latent(lists: &Lists) -> Result<Found, Refusal> {
    let found = capture::latent(lists)?;
    let fit = format!("G² {:.2}  df {}  p {:.2}", found.deviance, found.freedom, found.p);
    let share = format!("{:.0} % of all are of the class that is easier to notice", 100.0 * found.share);
    let rows = lists.names().iter().zip(&found.lists);
    let rows = rows.map(|(name, (easy, hard))| {
        format!("{name}: lists {:.0} % of these, {:.0} % of the others", 100.0 * easy, 100.0 * hard)
    });
    let remarks = [fit, share].into_iter().chain(rows).collect();
    let method = "two latent classes".to_owned();
    Ok(Found { method, total: found.total, low: found.interval.0, high: found.interval.1, remarks })
}

impl Found {
    fn shown(&self, lists: &Lists) -> String {
        let mut out = String::new();
        for (at, name) in lists.names().iter().enumerate() {
            let own = 1 << at;
            let _ =
                writeln!(out, "{:>9}  {name}  ({} on no other list)", lists.on_all(own), lists.exactly(own));
        }
        let observed = lists.observed();
        let _ = writeln!(out, "{observed:>9}  on at least one list");
        let _ = writeln!(
            out,
            "{:>9.0}  estimated in all, 95 % interval {:.0} to {:.0}; {:.0} on no list\n",
            self.total,
            self.low,
            self.high,
            self.total - observed as f64
        );
        let _ = writeln!(out, "Model: {}", self.method);
        for remark in &self.remarks {
            let _ = writeln!(out, "  {remark}");
        }
        out += "\nThe number holds only if the lists are\n";
        for assumption in ASSUMPTIONS {
            let _ = writeln!(out, "  - {assumption}");
        }
        out
    }

    fn json(&self, lists: &Lists) -> Value {
        let own = |at: usize| json!({"name": lists.names()[at], "incidents": lists.on_all(1 << at)});
        let cells: BTreeMap<String, u64> = (1..1usize << lists.len())
            .map(|set| {
                (
                    (0..lists.len()).map(|at| if set >> at & 1 == 1 { '1' } else { '0' }).collect(),
                    lists.exactly(set),
                )
            })
            .collect();
        json!({
            "lists": (0..lists.len()).map(own).collect::<Vec<_>>(), "cells": cells, "observed": lists.observed(),
            "method": self.method, "total": self.total, "low": self.low, "high": self.high,
            "remarks": self.remarks, "assumptions": ASSUMPTIONS,
        })
    }
}

/// A table of the user's own: a 0/1 column for each list, and `count`.
fn read_table(path: &Path) -> Result<Lists, Failure> {
    let fail = |what: &dyn std::fmt::Display| Failure(format!("{}: {what}", path.display()));
    let mut table = csv::Reader::from_path(path).map_err(|error| fail(&error))?;
    let head = table.headers().map_err(|error| fail(&error))?.clone();
    let count = head.iter().position(|name| name.eq_ignore_ascii_case("count")).ok_or_else(|| {
        fail(&"has no column `count`; the others are lists, 1 where the list holds it and 0 where not")
    })?;
    let names: Vec<&str> =
        head.iter().enumerate().filter(|(at, _)| *at != count).map(|(_, name)| name).collect();
    let mut counts = Vec::new();
    for (number, row) in table.records().enumerate() {
        let row = row.map_err(|error| fail(&error))?;
        let line = number + 2;
        let bits = row.iter().enumerate().filter(|(at, _)| *at != count);
        let mut set = 0;
        for (at, (_, value)) in bits.enumerate() {
            match value.trim() {
                "1" => set |= 1usize << at.min(usize::BITS as usize - 1),
                "0" => {}
                other => return Err(fail(&format_args!("line {line}: {other:?} is neither 0 nor 1"))),
            }
        }
        let number: u64 = row
            .get(count)
            .and_then(|number| number.trim().parse().ok())
            .ok_or_else(|| fail(&format_args!("line {line}: the count is no number")))?;
        if set == 0 {
            return Err(fail(&format_args!(
                "line {line}: what is on no list is what is asked for; leave the row out"
            )));
        }
        counts.push((set, number));
    }
    Lists::new(names, counts).map_err(|refusal| fail(&refusal))
}

/// The lists that hold one incident, each with the numbers of its sources in that incident.
type Holders = BTreeMap<String, BTreeSet<u32>>;

/// Lists made of the project's incidents.
fn project_lists(named: Option<&Path>, args: &args::Estimate) -> Result<Lists, Failure> {
    let project = open(named)?;
    let mut held: Vec<Holders> = Vec::new();
    let mut failed = None;
    project.each_incident(|record| {
        match serde_json::from_value::<Incident>(record) {
            Ok(incident) if wanted(&incident, args) => held.push(holders(&incident, args.lists)),
            Ok(_) => {}
            Err(error) => failed = Some(Failure(format!("an incident is not as written: {error}"))),
        }
        Ok(())
    })?;
    failed.map_or(Ok(()), Err)?;
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for name in held.iter().flat_map(BTreeMap::keys) {
        *sizes.entry(name).or_default() += 1;
    }
    let lists: Vec<(String, Vec<String>)> = if args.named.is_empty() {
        let mut largest: Vec<(&str, usize)> = sizes.iter().map(|(name, size)| (*name, *size)).collect();
        largest.retain(|(_, size)| *size >= FEWEST);
        largest.sort_by(|one, other| (other.1, one.0).cmp(&(one.1, other.0)));
        largest
            .into_iter()
            .take(MOST_LISTS)
            .map(|(name, _)| (name.to_owned(), vec![name.to_owned()]))
            .collect()
    } else {
        let parts = |list: &String| list.split(',').map(|part| part.trim().to_owned()).collect::<Vec<_>>();
        args.named.iter().map(|list| (list.clone(), parts(list))).collect()
    };
    if let Some(strange) =
        lists.iter().flat_map(|(_, parts)| parts).find(|part| !sizes.contains_key(part.as_str()))
    {
        let known: Vec<&str> = sizes.keys().copied().take(20).collect();
        return Err(Failure(format!("no incident is told by {strange:?}; there are {}", known.join(", "))));
    }
    // What each list holds of an incident: the sources of all its parts.
    let sources = |holders: &Holders, parts: &[String]| -> BTreeSet<u32> {
        parts.iter().filter_map(|part| holders.get(part)).flatten().copied().collect()
    };
    let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
    for holders in &held {
        let on = |at: &usize| lists[*at].1.iter().any(|part| holders.contains_key(part));
        let set: usize = (0..lists.len()).filter(on).map(|at| 1 << at).sum();
        if set > 0 {
            *counts.entry(set).or_default() += 1;
        }
    }
    for one in 0..lists.len() {
        for other in one + 1..lists.len() {
            let (mut shared, mut copied) = (0u64, 0u64);
            for holders in &held {
                let (a, b) = (sources(holders, &lists[one].1), sources(holders, &lists[other].1));
                if !a.is_empty() && !b.is_empty() {
                    shared += 1;
                    copied += u64::from(a.is_subset(&b) || b.is_subset(&a));
                }
            }
            if shared > 0 && copied as f64 > MOST_COPIES * shared as f64 {
                let (a, b) = (&lists[one].0, &lists[other].0);
                return Err(Failure(format!(
                    "no estimate: {a} and {b} go back to one text or voice in {copied} of the {shared} incidents that both \
                     tell: they are not independent; make one list of them with --list '{a},{b}'"
                )));
            }
        }
    }
    Lists::new(lists.into_iter().map(|(name, _)| name), counts)
        .map_err(|refusal| Failure(format!("no estimate: {refusal}")))
}

/// Whether an incident is of the kind that is estimated.
fn wanted(incident: &Incident, args: &args::Estimate) -> bool {
    let when = incident.when.as_ref();
    let (earliest, latest) = (when.and_then(|when| when.earliest), when.and_then(|when| when.latest));
    let killed = |value: &ClaimValue| matches!(value, ClaimValue::Count { value, low, .. } if value.or(*low).is_some_and(|number| number > 0));
    incident.scope == Scope::Incident
        && args.since.is_none_or(|since| latest.is_some_and(|latest| latest >= since))
        && args.until.is_none_or(|until| earliest.is_some_and(|earliest| earliest <= until))
        && (!args.lethal
            || incident.claims.iter().any(|c| c.field.starts_with("losses.killed") && killed(&c.value)))
}

fn holders(incident: &Incident, of: Of) -> Holders {
    let mut holders = Holders::new();
    for claim in &incident.claims {
        let name = match of {
            Of::Publisher => claim.voice.publisher.clone(),
            Of::Voice if claim.voice.kind == VoiceKind::Report => None,
            Of::Voice => {
                serde_json::to_value(claim.voice.kind).ok().and_then(|v| v.as_str().map(str::to_owned))
            }
        };
        if let Some(name) = name {
            holders.entry(name).or_default().insert(claim.source);
        }
    }
    holders
}
