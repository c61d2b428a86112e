//! What people decide about incidents, kept so that it outlives every re-reading.
//!
//! A decision names events, not a state of the file: their ids, which do not depend on the version that
//! read them, and where in which report their triggers stand. [`Rulings`] applies all decisions to the
//! events as they are read now:
//!
//! - *accept* and *edit*: these events are one incident and stay so; an edit sets values of it;
//! - *reject*: these events tell nothing that happened; they make no incident;
//! - *merge*: the events of both incidents are one;
//! - *split*: the events named are one incident, those left another.
//!
//! A later decision on the same events counts before an earlier one. The machine may add events that
//! nobody has decided on to an incident that people made, but never joins two such incidents, and never
//! takes one apart. Where coders disagree on accept, edit or reject, the machine's record stands, marked
//! as disputed, until somebody adjudicates.
//!
//! A version that reads a trigger with other bounds gives the event another id. The event of the same
//! report whose trigger overlaps then takes its place; a decision that finds no event any more is told
//! ([`Unapplied`]).

use crate::{
    error::{Fault, Result},
    log::Stamp,
    project::Project,
    readings::from_json,
    reports::json,
};
use casus_record::{Event, Review, ReviewDecision, Span};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Kind {
    Accept,
    Edit,
    Merge,
    Split,
    Reject,
}

impl Kind {
    /// The kind as it is written and as the command line names it.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Accept => "accept",
            Kind::Edit => "edit",
            Kind::Merge => "merge",
            Kind::Split => "split",
            Kind::Reject => "reject",
        }
    }
}

/// An event, so that it is found again in other readings of its report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventRef {
    /// Its id.
    pub event: String,
    /// SHA-256 of the text of its report.
    pub report: String,
    /// Where its triggers stand in that text.
    pub triggers: Vec<Span>,
}

/// An event as it is read now; the same parts as [`EventRef`].
pub type EventHead = EventRef;

impl From<&Event> for EventRef {
    fn from(event: &Event) -> EventRef {
        EventRef {
            event: event.id.clone(),
            report: event.report.text_sha256.clone(),
            triggers: event.action.triggers.clone(),
        }
    }
}

/// A decision of a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What is decided.
    pub kind: Kind,
    /// The incident, as it was called then.
    pub incident: String,
    /// Its events; of a split those that go.
    pub events: Vec<EventRef>,
    /// Events of the incident that is merged into it; of a split those that stay.
    pub others: Vec<EventRef>,
    /// Fields that are set, with their values.
    pub values: BTreeMap<String, Value>,
    /// What the machine's record said then, by field: what an *accept* agrees to.
    pub seen: BTreeMap<String, Value>,
    /// SHA-256 of the machine's record then, to tell whether it has changed since.
    pub record: String,
    /// Whether it settles a disagreement between coders.
    pub adjudicates: bool,
    /// Who decided.
    pub who: String,
    /// When, RFC 3339.
    pub at: String,
    /// Why.
    pub why: String,
}

/// A decision that could not be applied, or only in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unapplied {
    /// The decision, by its number from 1.
    pub number: usize,
    /// What was decided on which incident, by whom.
    pub what: String,
    /// Why it does not apply.
    pub reason: String,
}

impl Project {
    /// Keeps a decision. It takes effect with the next linking.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn decide(&mut self, stamp: &Stamp, decision: &Decision) -> Result<()> {
        self.act(stamp, decision.kind.name(), |act| {
            act.insert("INSERT INTO decision (entry, data) VALUES (?1, ?2)", &[&json(decision)?])?;
            let values = &decision.values;
            let detail = json!({
                "incident": decision.incident, "events": decision.events.len(), "values": values,
                "adjudicates": decision.adjudicates, "why": decision.why,
            });
            Ok((Some(detail), ()))
        })
    }

    /// All decisions, in the order in which they were made.
    ///
    /// # Errors
    /// If the file cannot be read, or a decision is not as it was written.
    pub fn decisions(&self) -> Result<Vec<Decision>> {
        self.ask(all)
    }
}

pub(crate) fn all(connection: &Connection) -> Result<Vec<Decision>, Fault> {
    let mut rows = connection.prepare("SELECT data FROM decision ORDER BY id")?;
    let rows = rows.query_map([], |row| row.get::<_, String>(0))?;
    rows.enumerate().map(|(at, row)| from_json(&row?, &format_args!("decision {}", at + 1))).collect()
}

/// The events that decisions name, and the reports that they stand in: elsewhere nothing is found that a
/// decision could be about.
#[derive(Debug, Default)]
pub(crate) struct Named<'d> {
    events: BTreeSet<&'d str>,
    reports: BTreeSet<&'d str>,
}

impl<'d> Named<'d> {
    pub(crate) fn of(decisions: &'d [Decision]) -> Named<'d> {
        let mut named = Named::default();
        for event in decisions.iter().flat_map(|decision| decision.events.iter().chain(&decision.others)) {
            named.events.insert(&event.event);
            named.reports.insert(&event.report);
        }
        named
    }

    /// Those of a report's events that may be named.
    pub(crate) fn heads(&self, events: &[Event]) -> impl Iterator<Item = EventHead> {
        let about = |event: &&Event| {
            self.reports.contains(event.report.text_sha256.as_str())
                || self.events.contains(event.id.as_str())
        };
        events.iter().filter(about).map(EventHead::from)
    }
}

/// All decisions, applied to the events that are read now.
#[derive(Debug, Default)]
pub struct Rulings {
    decisions: Vec<Decision>,
    /// Events of each decision as they are called now: `events`, `others`.
    found: Vec<[BTreeSet<String>; 2]>,
    panels: Vec<Panel>,
    excluded: BTreeSet<String>,
    /// The incident of people's making that an event belongs to.
    claims: BTreeMap<String, usize>,
    /// All events that a decision is about.
    named: BTreeSet<String>,
    unapplied: Vec<Unapplied>,
}

/// What several coders decided on the same events.
#[derive(Debug, Default)]
struct Panel {
    events: BTreeSet<String>,
    /// Indices of the decisions, in order.
    decisions: Vec<usize>,
}

/// What one coder made of one incident: whether it stands, and the value of every field.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Coded {
    /// False if it was rejected.
    pub stands: bool,
    /// Fields that the coder set.
    pub values: BTreeMap<String, Value>,
    /// The machine's values that the coder saw.
    pub seen: BTreeMap<String, Value>,
}

impl Coded {
    /// The coder's value of a field: as set, else as seen and let stand; none if the incident was
    /// rejected.
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.values.get(field).or_else(|| self.seen.get(field)).filter(|_| self.stands)
    }
}

/// What people's decisions come to for one incident.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruled {
    /// The value for `review` in the incident's record; what the machine said is not yet in it.
    pub review: Review,
    /// Fields that are set.
    pub values: BTreeMap<String, Value>,
}

impl Rulings {
    /// Finds the events of every decision among those that are read now.
    pub fn new(decisions: Vec<Decision>, heads: &[EventHead]) -> Rulings {
        let finder = Finder::new(heads);
        let mut rulings = Rulings::default();
        for (at, decision) in decisions.iter().enumerate() {
            let (events, lost) = finder.find(&decision.events);
            let (others, lost_too) = finder.find(&decision.others);
            let (all, gone) = (decision.events.len() + decision.others.len(), lost + lost_too);
            let useless = events.is_empty() || decision.kind == Kind::Merge && others.is_empty();
            if gone > 0 {
                rulings.unapplied.push(Unapplied {
                    number: at + 1,
                    what: format!("{} of {} by {}", decision.kind.name(), decision.incident, decision.who),
                    reason: if useless {
                        "no event that it is about is read any more".to_owned()
                    } else {
                        format!("{gone} of the {all} events that it is about are not read any more; it holds for the rest")
                    },
                });
            }
            rulings.named.extend(events.iter().chain(&others).cloned());
            rulings.found.push([events, others]);
        }
        rulings.decisions = decisions;
        rulings.convene();
        rulings.exclude();
        rulings.claim();
        rulings
    }

    /// Puts decisions on the same events together.
    fn convene(&mut self) {
        for (at, decision) in self.decisions.iter().enumerate() {
            let [events, _] = &self.found[at];
            if !matches!(decision.kind, Kind::Accept | Kind::Edit | Kind::Reject) || events.is_empty() {
                continue;
            }
            let mut joined = Panel { events: events.clone(), decisions: vec![at] };
            let (same, apart): (Vec<Panel>, Vec<Panel>) = std::mem::take(&mut self.panels)
                .into_iter()
                .partition(|panel| !panel.events.is_disjoint(events));
            for panel in same {
                joined.events.extend(panel.events);
                joined.decisions.extend(panel.decisions);
            }
            joined.decisions.sort_unstable();
            self.panels = apart;
            self.panels.push(joined);
        }
    }

    fn exclude(&mut self) {
        for panel in &self.panels {
            if self.verdict(panel) == Some(false) {
                // Only events that somebody rejected: a panel may be wider.
                let rejected = panel.decisions.iter().filter(|at| self.decisions[**at].kind == Kind::Reject);
                self.excluded.extend(rejected.flat_map(|at| self.found[*at][0].iter().cloned()));
            }
        }
    }

    fn claim(&mut self) {
        let mut next = 0;
        for (at, decision) in self.decisions.iter().enumerate() {
            let [events, others] = &self.found[at];
            let mut take = |events: BTreeSet<String>, claims: &mut BTreeMap<String, usize>| {
                claims.extend(events.into_iter().map(|event| (event, next)));
                next += 1;
            };
            match decision.kind {
                Kind::Accept | Kind::Edit => take(events.clone(), &mut self.claims),
                Kind::Reject => {}
                Kind::Merge => {
                    // What people had put to either of them comes along.
                    let named = || events.iter().chain(others);
                    let groups: BTreeSet<usize> =
                        named().filter_map(|e| self.claims.get(e).copied()).collect();
                    let along =
                        self.claims.iter().filter(|(_, group)| groups.contains(group)).map(|(e, _)| e);
                    let all = along.chain(named()).cloned().collect();
                    take(all, &mut self.claims);
                }
                Kind::Split => {
                    take(events.clone(), &mut self.claims);
                    take(others.clone(), &mut self.claims);
                }
            }
        }
        self.claims.retain(|event, _| !self.excluded.contains(event));
    }

    /// Events that people rejected: they are not to be linked.
    pub fn excluded(&self) -> &BTreeSet<String> {
        &self.excluded
    }

    /// Decisions that do not, or not wholly, apply to what is read now.
    pub fn unapplied(&self) -> &[Unapplied] {
        &self.unapplied
    }

    /// The machine's groups of events, as people will have them. Every event is in one group; both the
    /// groups and the events in them come in the order of the events' ids.
    pub fn regroup<'e>(&self, groups: &[Vec<&'e str>]) -> Vec<Vec<&'e str>> {
        let mut own: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        let mut out: Vec<Vec<&str>> = Vec::with_capacity(groups.len());
        for group in groups {
            let mut claimed: BTreeMap<usize, usize> = BTreeMap::new();
            let mut free: Vec<&str> = Vec::new();
            for &event in group.iter().filter(|event| !self.excluded.contains(**event)) {
                match self.claims.get(event) {
                    Some(claim) => {
                        *claimed.entry(*claim).or_default() += 1;
                        own.entry(*claim).or_default().push(event);
                    }
                    None => free.push(event),
                }
            }
            // The rest goes where most of its group went; among equals to the first that was decided.
            match claimed.iter().max_by_key(|(claim, count)| (**count, std::cmp::Reverse(**claim))) {
                Some((claim, _)) => own.entry(*claim).or_default().extend(free),
                None if free.is_empty() => {}
                None => out.push(free),
            }
        }
        out.extend(own.into_values());
        for group in &mut out {
            group.sort_unstable();
            group.dedup();
        }
        out.sort_unstable();
        out
    }

    /// What people decided on the incident of these events; none if nobody did. `record` gives the hash of
    /// the machine's record now.
    pub fn ruled(&self, events: &[&str], record: impl FnOnce() -> String) -> Option<Ruled> {
        // Of most incidents nobody has said anything.
        if !events.iter().any(|event| self.named.contains(*event)) {
            return None;
        }
        let events: BTreeSet<&str> = events.iter().copied().collect();
        let is_in = |event: &String| events.contains(event.as_str());
        let shared = |panel: &Panel| panel.events.iter().filter(|event| is_in(event)).count();
        let panel = self.panels.iter().max_by_key(|panel| shared(panel)).filter(|panel| shared(panel) > 0);
        let moved = |at: &usize| {
            let [named, others] = &self.found[*at];
            matches!(self.decisions[*at].kind, Kind::Merge | Kind::Split)
                && named.iter().chain(others).any(is_in)
        };
        let mut about: Vec<usize> = (0..self.decisions.len()).filter(moved).collect();
        about.extend(panel.iter().flat_map(|panel| panel.decisions.iter().copied()));
        let last = &self.decisions[*about.iter().max()?];
        let (values, disputes) = panel.map_or_else(Default::default, |panel| self.values(panel));
        let disputed = panel.is_some_and(|panel| self.verdict(panel).is_none()) || !disputes.is_empty();
        let agreed_to: Vec<&Decision> = panel
            .iter()
            .flat_map(|panel| panel.decisions.iter().map(|at| &self.decisions[*at]))
            .filter(|decision| decision.kind != Kind::Reject)
            .collect();
        let review = Review {
            decision: match last.kind {
                Kind::Accept => ReviewDecision::Accepted,
                Kind::Edit => ReviewDecision::Edited,
                Kind::Merge => ReviewDecision::Merged,
                Kind::Split => ReviewDecision::Split,
                Kind::Reject => ReviewDecision::Rejected,
            },
            by: last.who.clone(),
            at: last.at.clone(),
            why: last.why.clone(),
            fields: values.keys().cloned().collect(),
            values: values.clone(),
            machine: BTreeMap::new(),
            disputed,
            disputed_fields: disputes,
            changed_since: agreed_to.last().is_some_and(|decision| decision.record != record()),
        };
        Some(Ruled { review, values })
    }

    /// What each coder made of the incidents that more than one decided on: the incident as it was called
    /// first, and the coders in the order of their names.
    pub fn double_coded(&self) -> Vec<(String, BTreeMap<String, Coded>, bool)> {
        let mut units: Vec<_> = self
            .panels
            .iter()
            .map(|panel| {
                let first = &self.decisions[panel.decisions[0]];
                let settled = self.settled(panel);
                (first.incident.clone(), self.coders(panel), settled)
            })
            .filter(|(_, coders, _)| coders.len() > 1)
            .collect();
        units.sort_by(|(one, ..), (other, ..)| one.cmp(other));
        units
    }

    /// Whether nothing in a panel is in dispute.
    fn settled(&self, panel: &Panel) -> bool {
        self.verdict(panel).is_some() && self.values(panel).1.is_empty()
    }

    /// Folds the decisions of each coder. An edit adds to the coder's edits before it, anything else
    /// replaces what the coder said before.
    fn coders(&self, panel: &Panel) -> BTreeMap<String, Coded> {
        let mut coders = BTreeMap::new();
        for decision in self.of(panel, false) {
            fold(coders.entry(decision.who.clone()).or_default(), decision);
        }
        coders
    }

    fn of<'s>(&'s self, panel: &'s Panel, adjudicates: bool) -> impl Iterator<Item = &'s Decision> {
        panel.decisions.iter().map(|at| &self.decisions[*at]).filter(move |d| d.adjudicates == adjudicates)
    }

    fn adjudicated(&self, panel: &Panel) -> Option<Coded> {
        let mut settled = None;
        for decision in self.of(panel, true) {
            fold(settled.get_or_insert_with(Coded::default), decision);
        }
        settled
    }

    /// Whether the incident stands; none while coders disagree.
    fn verdict(&self, panel: &Panel) -> Option<bool> {
        if let Some(settled) = self.adjudicated(panel) {
            return Some(settled.stands);
        }
        let verdicts: BTreeSet<bool> = self.coders(panel).values().map(|coder| coder.stands).collect();
        (verdicts.len() == 1).then(|| verdicts.contains(&true))
    }

    /// The values that are set, and the fields on which coders disagree.
    fn values(&self, panel: &Panel) -> (BTreeMap<String, Value>, Vec<String>) {
        let (coders, settled) = (self.coders(panel), self.adjudicated(panel));
        let fields: BTreeSet<&String> =
            coders.values().chain(&settled).flat_map(|coder| coder.values.keys()).collect();
        let (mut values, mut disputes) = (BTreeMap::new(), Vec::new());
        for field in fields {
            let decided = settled.as_ref().and_then(|settled| settled.values.get(field));
            // An adjudicator who accepts lets the machine's value stand.
            let accepted = settled.as_ref().is_some_and(|settled| settled.values.is_empty());
            let mut said: Vec<&Value> = coders.values().filter_map(|coder| coder.value(field)).collect();
            said.dedup();
            match (decided, said.as_slice()) {
                (Some(value), _) => {
                    values.insert(field.clone(), value.clone());
                }
                _ if accepted => {}
                (None, [value]) => {
                    values.insert(field.clone(), (*value).clone());
                }
                (None, []) => {}
                (None, _) => disputes.push(field.clone()),
            }
        }
        (values, disputes)
    }
}

fn fold(coder: &mut Coded, decision: &Decision) {
    if decision.kind != Kind::Edit || !coder.stands {
        coder.values.clear();
    }
    coder.stands = decision.kind != Kind::Reject;
    coder.values.extend(decision.values.clone());
    coder.seen.extend(decision.seen.clone());
}

/// Finds events of decisions among those that are read now.
struct Finder<'h> {
    ids: BTreeSet<&'h str>,
    reports: BTreeMap<&'h str, Vec<&'h EventHead>>,
}

impl<'h> Finder<'h> {
    fn new(heads: &'h [EventHead]) -> Finder<'h> {
        let mut reports: BTreeMap<&str, Vec<&EventHead>> = BTreeMap::new();
        for head in heads {
            reports.entry(&head.report).or_default().push(head);
        }
        Finder { ids: heads.iter().map(|head| head.event.as_str()).collect(), reports }
    }

    /// The events as they are called now, and the number of those that are not there.
    fn find(&self, wanted: &[EventRef]) -> (BTreeSet<String>, usize) {
        let mut found = BTreeSet::new();
        let mut lost = 0;
        for event in wanted {
            if self.ids.contains(event.event.as_str()) {
                found.insert(event.event.clone());
                continue;
            }
            let same = self.reports.get(event.report.as_str()).into_iter().flatten();
            let overlap = |head: &&&EventHead| -> u32 {
                let pairs =
                    head.triggers.iter().flat_map(|one| event.triggers.iter().map(move |other| (one, other)));
                pairs
                    .map(|(one, other)| one.end.min(other.end).saturating_sub(one.start.max(other.start)))
                    .sum()
            };
            // The most of the trigger; among equals the one that comes first in the text.
            match same
                .filter(|head| overlap(head) > 0)
                .max_by_key(|head| (overlap(head), std::cmp::Reverse(&head.triggers)))
            {
                Some(head) => {
                    found.insert(head.event.clone());
                }
                None => lost += 1,
            }
        }
        (found, lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str) -> EventRef {
        // `a7` is at byte 70 of report `a`.
        let (report, at) = name.split_at(1);
        let at: u32 = at.parse::<u32>().unwrap_or(0) * 10;
        EventRef { event: name.into(), report: report.into(), triggers: vec![Span::new(at, at + 5)] }
    }

    fn events(names: &str) -> Vec<EventRef> {
        names.split_whitespace().map(event).collect()
    }

    /// `ana accept a1 b1`, `ben split a1 | b1`, `ana edit a1 : killed=14`, `eva! reject a1`: the
    /// exclamation mark adjudicates.
    fn decision(line: &str) -> Decision {
        let (line, values) = line.split_once(" : ").unwrap_or((line, ""));
        let (who, rest) = line.split_once(' ').expect("who");
        let (kind, names) = rest.split_once(' ').expect("kind");
        let (names, others) = names.split_once(" | ").unwrap_or((names, ""));
        let kind = [Kind::Accept, Kind::Edit, Kind::Merge, Kind::Split, Kind::Reject]
            .into_iter()
            .find(|k| k.name() == kind)
            .expect("a kind");
        Decision {
            kind,
            incident: format!("in_{names}"),
            events: events(names),
            others: events(others),
            values: values
                .split_whitespace()
                .filter_map(|v| v.split_once('='))
                .map(|(f, v)| (f.into(), v.into()))
                .collect(),
            seen: BTreeMap::from([("killed".to_owned(), "machine".into())]),
            record: "r".into(),
            adjudicates: who.ends_with('!'),
            who: who.trim_end_matches('!').into(),
            at: String::new(),
            why: String::new(),
        }
    }

    /// `now`: the machine's groups. `expected`: the groups, then `!` and what is excluded, and after `?` the
    /// number of decisions that do not wholly apply.
    #[track_caller]
    fn check(decisions: &[&str], now: &str, expected: &str) {
        let groups: Vec<Vec<&str>> =
            now.split(" / ").map(|group| group.split_whitespace().collect()).collect();
        let heads: Vec<EventRef> = groups.iter().flatten().map(|name| event(name)).collect();
        let rulings = Rulings::new(decisions.iter().map(|line| decision(line)).collect(), &heads);
        let groups: Vec<String> = rulings.regroup(&groups).iter().map(|group| group.join(" ")).collect();
        let mut found = groups.join(" / ");
        if !rulings.excluded().is_empty() {
            let excluded: Vec<&str> = rulings.excluded().iter().map(String::as_str).collect();
            found += &format!(" ! {}", excluded.join(" "));
        }
        if !rulings.unapplied().is_empty() {
            found += &format!(" ? {}", rulings.unapplied().len());
        }
        assert_eq!(found, expected, "{decisions:?} on {now}");
    }

    #[test]
    fn the_machine_alone() {
        check(&[], "b1 a1 / c1", "a1 b1 / c1");
    }

    #[test]
    fn what_people_put_together_stays_together() {
        check(&["ana accept a1 b1"], "a1 / b1", "a1 b1");
        check(&["ana accept a1 b1"], "a1 c1 / b1 d1", "a1 b1 c1 d1");
        check(&["ana merge a1 | b1"], "a1 / b1 / c1", "a1 b1 / c1");
        check(&["ana merge a1 | b1", "ana merge b1 | c1"], "a1 / b1 / c1", "a1 b1 c1");
    }

    #[test]
    fn what_people_took_apart_stays_apart() {
        check(&["ana split a1 | b1"], "a1 b1", "a1 / b1");
        check(&["ana split a1 | b1 c1"], "a1 b1 c1 d1", "a1 / b1 c1 d1");
        check(&["ana accept a1", "ana accept b1"], "a1 b1", "a1 / b1");
        check(&["ana accept a1", "ana accept b1", "ana merge a1 | b1"], "a1 b1", "a1 b1");
        check(&["ana merge a1 | b1", "ana split a1 | b1"], "a1 b1", "a1 / b1");
    }

    #[test]
    fn what_was_rejected_is_left_out() {
        check(&["ana reject a1"], "a1 b1", "b1 ! a1");
        check(&["ana reject a1", "ana accept a1"], "a1", "a1");
        check(&["ana accept a1", "ben reject a1"], "a1 b1", "a1 b1");
        check(&["ana accept a1", "ben reject a1", "eva! reject a1"], "a1 b1", "b1 ! a1");
        check(&["ana reject a1", "ben reject a1"], "a1", " ! a1");
    }

    #[test]
    fn other_readings() {
        // The trigger has moved by some bytes: another id, the same event.
        let moved = EventRef { event: "a9".into(), report: "a".into(), triggers: vec![Span::new(12, 20)] };
        let rulings = Rulings::new(vec![decision("ana reject a1")], &[moved, event("b1")]);
        assert_eq!(rulings.excluded().iter().collect::<Vec<_>>(), ["a9"]);
        assert!(rulings.unapplied().is_empty());
        check(&["ana reject a1"], "a5 b1", "a5 b1 ? 1");
        check(&["ana accept a1 b1"], "b1 / c1", "b1 / c1 ? 1");
        check(&["ana merge a1 | b1"], "b1 / c1", "b1 / c1 ? 1");
    }

    #[track_caller]
    fn check_values(decisions: &[&str], killed: Option<&str>, disputed: bool) {
        let rulings = Rulings::new(decisions.iter().map(|line| decision(line)).collect(), &[event("a1")]);
        let ruled = rulings.ruled(&["a1"], || "r".into()).expect("decided");
        assert_eq!(ruled.values.get("killed").and_then(Value::as_str), killed, "{decisions:?}");
        assert_eq!(ruled.review.disputed, disputed, "{decisions:?}");
    }

    #[test]
    fn values_of_coders() {
        check_values(&["ana edit a1 : killed=14"], Some("14"), false);
        check_values(&["ana edit a1 : killed=14", "ana edit a1 : wounded=3"], Some("14"), false);
        check_values(&["ana edit a1 : killed=14", "ana accept a1"], None, false);
        check_values(&["ana edit a1 : killed=14", "ben edit a1 : killed=14"], Some("14"), false);
        check_values(&["ana edit a1 : killed=14", "ben edit a1 : killed=17"], None, true);
        check_values(&["ana edit a1 : killed=14", "ben accept a1"], None, true);
        check_values(
            &["ana edit a1 : killed=14", "ben accept a1", "eva! edit a1 : killed=15"],
            Some("15"),
            false,
        );
        check_values(&["ana edit a1 : killed=14", "ben accept a1", "eva! accept a1"], None, false);
        check_values(&["ana edit a1 : killed=14", "ben reject a1"], Some("14"), true);
    }

    #[test]
    fn a_record_that_changed_since() {
        let rulings = Rulings::new(vec![decision("ana accept a1")], &[event("a1")]);
        let changed =
            |record: &str| rulings.ruled(&["a1"], || record.into()).expect("decided").review.changed_since;
        assert_eq!((changed("r"), changed("s")), (false, true));
        assert_eq!(rulings.ruled(&["b1"], || "r".into()), None);
    }
}
