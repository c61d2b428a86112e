//! Which group of events is which incident.
//!
//! A group takes the id of the incident with which it shares most events; an incident whose events are
//! all elsewhere is merged away, one whose events are not read any more is withdrawn. An id is never given
//! to anything else.

use crate::change::Fate;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An incident as it last was: as much as it takes to tell which group it is now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known {
    pub(crate) live: bool,
    pub(crate) events: Vec<String>,
    pub(crate) supersedes: Vec<String>,
    /// SHA-256 of the record as it is kept.
    pub(crate) hash: [u8; 32],
}

/// What becomes of the incidents that are known, given the groups that there are now.
pub(crate) struct Succession<'k> {
    known: &'k BTreeMap<String, Known>,
    /// The known incident that each group is; none of a new one.
    ids: Vec<Option<&'k str>>,
    /// All that are in `ids`.
    taken: BTreeSet<&'k str>,
    /// For each known incident that is live or gone: the groups that hold events of it.
    heirs: BTreeMap<&'k str, BTreeSet<usize>>,
    /// For each group: the live incidents that had events of it.
    parents: Vec<BTreeSet<&'k str>>,
}

impl<'k> Succession<'k> {
    /// `groups`: ids of the events of each.
    pub(crate) fn new(known: &'k BTreeMap<String, Known>, groups: &[Vec<&str>]) -> Succession<'k> {
        let mut holder: HashMap<&str, usize> = HashMap::new();
        for (at, group) in groups.iter().enumerate() {
            holder.extend(group.iter().map(|event| (*event, at)));
        }
        let mut shared: Vec<(bool, usize, &str, usize)> = Vec::new();
        let mut heirs: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        let mut parents = vec![BTreeSet::new(); groups.len()];
        for (id, state) in known {
            let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
            for event in &state.events {
                if let Some(group) = holder.get(event.as_str()) {
                    *counts.entry(*group).or_default() += 1;
                }
            }
            for (group, count) in counts {
                shared.push((state.live, count, id, group));
                heirs.entry(id).or_default().insert(group);
                if state.live {
                    parents[group].insert(id.as_str());
                }
            }
        }
        // Live incidents before gone ones; most events first; then the order of ids and of groups, which
        // are those of their events.
        shared.sort_unstable_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then_with(|| (a.2, a.3).cmp(&(b.2, b.3))));
        let mut ids: Vec<Option<&str>> = vec![None; groups.len()];
        let mut taken = BTreeSet::new();
        for (_, _, id, group) in shared {
            if ids[group].is_none() && taken.insert(id) {
                ids[group] = Some(id);
            }
        }
        Succession { known, ids, taken, heirs, parents }
    }

    /// The incident that a group was before; none of a new one.
    pub(crate) fn before(&self, group: usize) -> Option<(&'k str, &'k Known)> {
        let id = self.ids[group]?;
        Some((id, self.known.get(id)?))
    }

    /// Other live incidents that had events of the group.
    fn others(&self, group: usize) -> impl Iterator<Item = &'k str> {
        self.parents[group].iter().copied().filter(move |parent| Some(*parent) != self.ids[group])
    }

    /// Those of them that are gone into the group.
    fn absorbed(&self, group: usize) -> impl Iterator<Item = &'k str> {
        self.others(group).filter(|other| !self.taken.contains(other))
    }

    /// Ids that the incident of a group stands for: those that went into it, and, of a new one, those that
    /// it was parted from.
    pub(crate) fn supersedes(&self, group: usize) -> BTreeSet<&'k str> {
        match self.before(group) {
            Some((_, known)) => {
                known.supersedes.iter().map(String::as_str).chain(self.absorbed(group)).collect()
            }
            None => self.others(group).collect(),
        }
    }

    /// What becomes of the incident of a group, if its record is not what it was, and the incidents that it
    /// has to do with. `ids`: those of all groups.
    pub(crate) fn fate(&self, group: usize, ids: &[String]) -> (Fate, Vec<String>) {
        let owned = |ids: &mut dyn Iterator<Item = &'k str>| ids.map(str::to_owned).collect::<Vec<_>>();
        let others = owned(&mut self.others(group));
        let Some((id, known)) = self.before(group) else {
            return (if others.is_empty() { Fate::New } else { Fate::Split }, others);
        };
        if !known.live {
            return (Fate::Restored, others);
        }
        let absorbed = owned(&mut self.absorbed(group));
        let siblings: Vec<String> = self.successors(id, ids).into_iter().filter(|heir| heir != id).collect();
        match (absorbed.is_empty(), siblings.is_empty()) {
            (false, _) => (Fate::Merged, absorbed),
            (true, false) => (Fate::Split, siblings),
            (true, true) => (Fate::Changed, Vec::new()),
        }
    }

    /// The incidents that hold events of `id` now.
    fn successors(&self, id: &str, ids: &[String]) -> Vec<String> {
        self.heirs.get(id).into_iter().flatten().map(|group| ids[*group].clone()).collect()
    }

    /// Live incidents that are none any more: why, and where their events are.
    pub(crate) fn gone(
        &self,
        ids: &[String],
        rejected: &BTreeSet<String>,
    ) -> Vec<(&'k str, Fate, Vec<String>)> {
        let gone = self.known.iter().filter(|(id, known)| known.live && !self.taken.contains(id.as_str()));
        gone.map(|(id, known)| {
            let successors = self.successors(id, ids);
            let fate = if !successors.is_empty() {
                Fate::Merged
            } else if known.events.iter().all(|event| rejected.contains(event)) {
                Fate::Rejected
            } else {
                Fate::Withdrawn
            };
            (id.as_str(), fate, successors)
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `known`: `x: a b / -y: c`, gone ones with a minus. `groups`: `a b / c`. `expected`: for each group its
    /// fate, then what is gone. Groups that are new are called by their number.
    #[track_caller]
    fn check(known: &str, groups: &str, expected: &str) {
        let known: BTreeMap<String, Known> = known
            .split(" / ")
            .filter_map(|one| one.split_once(": "))
            .map(|(id, events)| {
                let events = events.split(' ').map(str::to_owned).collect();
                let live = !id.starts_with('-');
                let id = id.trim_start_matches('-').to_owned();
                (id, Known { live, events, supersedes: vec![], hash: [0; 32] })
            })
            .collect();
        let groups: Vec<Vec<&str>> = groups.split(" / ").map(|group| group.split(' ').collect()).collect();
        let succession = Succession::new(&known, &groups);
        let ids: Vec<String> = (0..groups.len())
            .map(|at| succession.before(at).map_or_else(|| at.to_string(), |(id, _)| id.to_owned()))
            .collect();
        let rejected = BTreeSet::from(["r".to_owned()]);
        let say = |id: &str, fate: Fate, related: &[String]| {
            format!("{id} {}{}", fate.name(), related.iter().map(|id| format!(" {id}")).collect::<String>())
        };
        let mut found: Vec<String> = (0..groups.len())
            .map(|at| {
                let (fate, related) = succession.fate(at, &ids);
                say(&ids[at], fate, &related)
            })
            .collect();
        let gone = succession.gone(&ids, &rejected);
        found.extend(gone.iter().map(|(id, fate, related)| say(id, *fate, related)));
        assert_eq!(found.join(" / "), expected);
    }

    #[test]
    fn fates() {
        check("", "a b / c", "0 new / 1 new");
        check("x: a b", "a b c", "x changed");
        check("x: a b / y: c", "a b c", "x merged y / y merged x");
        check("x: a b c", "a b / c", "x split 1 / 1 split x");
        // Most events decide, then the order of ids.
        check("x: a / y: b c", "a b c", "y merged x / x merged y");
        check("x: a / y: b", "a b", "x merged y / y merged x");
        check("x: a b c d / y: e", "a / b c d e", "0 split x / x merged y / y merged x");
        check("x: a / y: r / z: q", "a", "x changed / y rejected / z withdrawn");
        // A gone id comes back only where no live one has the events.
        check("-x: a b", "a b", "x restored");
        check("-x: a b / y: a b", "a b", "y changed");
    }

    #[test]
    fn what_an_incident_stands_for() {
        let known = |events: &str, supersedes: &[&str]| Known {
            live: true,
            events: events.split(' ').map(str::to_owned).collect(),
            supersedes: supersedes.iter().map(|&id| id.to_owned()).collect(),
            hash: [0; 32],
        };
        let all = BTreeMap::from([
            ("x".to_owned(), known("a b", &["w"])),
            ("y".to_owned(), known("c", &[])),
            ("z".to_owned(), known("d e f", &[])),
        ]);
        let succession = Succession::new(&all, &[vec!["a", "b", "c"], vec!["d"], vec!["e", "f"]]);
        let supersedes = |at| succession.supersedes(at).into_iter().collect::<Vec<_>>();
        assert_eq!(supersedes(0), ["w", "y"]);
        assert_eq!(supersedes(1), ["z"]);
        assert!(supersedes(2).is_empty());
    }
}
