//! Events in, clusters out, in any order and in batches of any size.
//!
//! What is kept between batches is an index, not a decision: blocks, and the components that pairs above
//! even odds make of the events. A batch marks the components that it touches, and these are clustered
//! anew, so that the clusters are always a function of the set of events, whatever came first:
//!
//! 1. candidate pairs are a function of the blocks, and these of each event alone;
//! 2. a component is the closure over candidate pairs with even odds or better;
//! 3. the clusters of a component are a function of the scores of **all** its pairs, candidates or not.
//!
//! The closure only says what is looked at together; it never joins two events by itself.

use crate::{
    block::{self, Key},
    cluster::{Groups, average_link},
    score::{CLIP, Evidence, probability},
    signature::hash,
    telling::Telling,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::{collections::BTreeSet, num::NonZero, thread};

/// How to link.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Mean log-odds above which two clusters are joined. A little below even odds by default, since pairs
    /// that say nothing pull the mean down without speaking against the whole.
    pub threshold: f32,
    /// Threads to use; the result does not depend on it.
    pub threads: NonZero<usize>,
}

impl Default for Options {
    fn default() -> Options {
        Options { threshold: -0.8, threads: NonZero::<usize>::MIN }
    }
}

/// Events that tell one occurrence.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Numbers of the events in the order in which they were added; the one published first in front.
    pub members: Vec<usize>,
    /// Mean probability over all pairs of members, 1 for a single event.
    pub cohesion: f32,
}

/// Most members of a block that are all compared with each other.
const MOST_IN_BLOCK: usize = 300;

/// Neighbours on either side that are compared in a larger block, in the order of what they tell.
const NEIGHBOURS: usize = 60;

/// Most events that are clustered at once; a larger component is looked at again without its weaker pairs.
const MOST_AT_ONCE: usize = 2_000;

/// Log-odds by which the bar is raised for a component that is too large.
const STEP: f32 = 1.5;

/// Log-odds by which an event that is only recalled must fit a cluster of news.
const RECALLED: f32 = 1.0;

/// Events added so far, and what they make.
///
/// ```
/// use casus_link::{Linker, Options};
/// let mut linker = Linker::new(Options::default());
/// linker.add(Vec::new());
/// assert!(linker.clusters().is_empty());
/// ```
#[derive(Debug, Clone)]
pub struct Linker {
    options: Options,
    tellings: Vec<Telling>,
    keys: Vec<Box<[Key]>>,
    /// Members of each block: the event's number, doubled, and one more if it is coarse there.
    blocks: FxHashMap<u64, Vec<u32>>,
    /// The least member of each event's component.
    component: Vec<u32>,
    /// Members of each component by its least member, in order.
    members: FxHashMap<u32, Vec<u32>>,
    /// Clusters of each component by its least member.
    clusters: FxHashMap<u32, Vec<Cluster>>,
    /// What people decided: one occurrence (both ways round), or two (the lesser first); by hashes of
    /// the events' ids.
    same: BTreeSet<(u64, u64)>,
    different: FxHashSet<(u64, u64)>,
    by_event: FxHashMap<u64, Vec<u32>>,
    /// Members of crowded blocks in the order of what they tell.
    crowded: FxHashMap<u64, Vec<u32>>,
}

impl Linker {
    /// An empty linker.
    pub fn new(options: Options) -> Linker {
        Linker {
            options,
            tellings: Vec::new(),
            keys: Vec::new(),
            blocks: FxHashMap::default(),
            component: Vec::new(),
            members: FxHashMap::default(),
            clusters: FxHashMap::default(),
            same: BTreeSet::new(),
            different: FxHashSet::default(),
            by_event: FxHashMap::default(),
            crowded: FxHashMap::default(),
        }
    }

    /// Number of events added.
    pub fn len(&self) -> usize {
        self.tellings.len()
    }

    /// Whether none was added.
    pub fn is_empty(&self) -> bool {
        self.tellings.is_empty()
    }

    /// The event with this number.
    ///
    /// # Panics
    /// If `number` is not below [`Linker::len`].
    pub fn telling(&self, number: usize) -> &Telling {
        &self.tellings[number]
    }

    /// Adds events and links them with those that are there. They get the next numbers, in order.
    pub fn add(&mut self, batch: Vec<Telling>) {
        let first = self.tellings.len();
        self.tellings.extend(batch);
        let new = first..self.tellings.len();
        let keys = parallel(self.options.threads, new.len(), |at| {
            block::keys(&self.tellings[first + at]).into_boxed_slice()
        });
        let mut touched = BTreeSet::new();
        let mut crowded = BTreeSet::new();
        for (number, keys) in new.zip(keys) {
            let id = number as u32;
            for key in &keys {
                let block = self.blocks.entry(key.block()).or_default();
                block.push(id << 1 | u32::from(key.coarse()));
                if block.len() > MOST_IN_BLOCK {
                    crowded.insert(key.block());
                }
            }
            self.keys.push(keys);
            self.component.push(id);
            self.members.insert(id, vec![id]);
            self.by_event.entry(hash(self.tellings[number].event.as_bytes())).or_default().push(id);
            touched.insert(id);
        }
        // Who is compared with whom in a crowded block depends on all that is in it.
        for block in crowded {
            let mut sorted: Vec<u32> = self.blocks[&block].iter().map(|entry| entry >> 1).collect();
            touched.extend(&sorted);
            sorted.sort_by(|&a, &b| self.likeness(a).cmp(&self.likeness(b)));
            self.crowded.insert(block, sorted);
        }
        self.solve(touched);
    }

    /// Holds that two events tell one occurrence, whatever they look like, as a person decided. Events
    /// that are not there yet may be named.
    pub fn hold_same(&mut self, a: &str, b: &str) {
        let pair = pair(a, b);
        self.different.remove(&pair);
        self.same.extend([pair, (pair.1, pair.0)]);
        self.solve_events(&[pair.0, pair.1]);
    }

    /// Holds that two events tell two occurrences, as a person decided.
    pub fn hold_different(&mut self, a: &str, b: &str) {
        let pair = pair(a, b);
        self.same.remove(&pair);
        self.same.remove(&(pair.1, pair.0));
        self.different.insert(pair);
        self.solve_events(&[pair.0, pair.1]);
    }

    /// All clusters, in the order of their first members: published first, then by id.
    pub fn clusters(&self) -> Vec<&Cluster> {
        let mut roots: Vec<&u32> = self.clusters.keys().collect();
        roots.sort_unstable();
        let mut all: Vec<&Cluster> = roots.iter().flat_map(|root| &self.clusters[root]).collect();
        all.sort_by(|a, b| self.order(a.members[0]).cmp(&self.order(b.members[0])));
        all
    }

    /// What speaks for two events being of one occurrence.
    ///
    /// # Panics
    /// If a number is not below [`Linker::len`].
    pub fn evidence(&self, a: usize, b: usize) -> Evidence {
        Evidence::of(&self.tellings[a], &self.tellings[b])
    }

    fn order(&self, number: usize) -> (i32, &str, u64) {
        self.tellings[number].order()
    }

    fn solve_events(&mut self, events: &[u64]) {
        let touched = events.iter().flat_map(|event| self.by_event.get(event).into_iter().flatten().copied());
        let touched = touched.collect();
        self.solve(touched);
    }

    /// Makes the components of the touched events anew, and clusters them.
    fn solve(&mut self, touched: BTreeSet<u32>) {
        // Their own components, whole.
        let mut looked: BTreeSet<u32> = BTreeSet::new();
        for number in touched {
            looked.extend(&self.members[&self.component[number as usize]]);
        }
        let looked: Vec<u32> = looked.into_iter().collect();
        let edges = parallel(self.options.threads, looked.len(), |at| self.edges(looked[at]));
        // What they now meet, with the components of that. An old event meets a new one only through the
        // new one's edges, so that no further round is needed.
        let mut all: BTreeSet<u32> = looked.iter().copied().collect();
        for &other in edges.iter().flatten() {
            if !all.contains(&other) {
                all.extend(&self.members[&self.component[other as usize]]);
            }
        }
        let all: Vec<u32> = all.into_iter().collect();
        let place: FxHashMap<u32, usize> = all.iter().enumerate().map(|(at, &number)| (number, at)).collect();
        let mut groups = Groups::new(all.len());
        // Components that were not looked at stay in one piece.
        for (at, number) in all.iter().enumerate() {
            if looked.binary_search(number).is_err() {
                groups.join(at, place[&self.component[*number as usize]]);
            }
        }
        for (from, edges) in looked.iter().zip(&edges) {
            for to in edges {
                groups.join(place[from], place[to]);
            }
        }
        let old: BTreeSet<u32> = all.iter().map(|&number| self.component[number as usize]).collect();
        for root in old {
            self.members.remove(&root);
            self.clusters.remove(&root);
        }
        let mut roots = Vec::new();
        for (at, &number) in all.iter().enumerate() {
            let root = all[groups.find(at)];
            self.component[number as usize] = root;
            let members = self.members.entry(root).or_default();
            if members.is_empty() {
                roots.push(root);
            }
            members.push(number);
        }
        let clusters =
            parallel(self.options.threads, roots.len(), |at| self.cluster(&self.members[&roots[at]]));
        self.clusters.extend(roots.into_iter().zip(clusters));
    }

    /// Events that `number` is compared with and fits at even odds or better.
    fn edges(&self, number: u32) -> Vec<u32> {
        let telling = &self.tellings[number as usize];
        let mut others: Vec<u32> = Vec::new();
        for key in &self.keys[number as usize] {
            if let Some(sorted) = self.crowded.get(&key.block()) {
                others.extend(self.neighbours(number, sorted));
            } else if let Some(block) = self.blocks.get(&key.block()) {
                let met = block.iter().filter(|&&entry| key.coarse() || entry & 1 == 1);
                others.extend(met.map(|entry| entry >> 1));
            }
        }
        let id = hash(telling.event.as_bytes());
        for (_, other) in self.same.range((id, 0)..=(id, u64::MAX)) {
            others.extend(self.by_event.get(other).into_iter().flatten());
        }
        others.sort_unstable();
        others.dedup();
        others.retain(|&other| other != number && self.pair(number, other) > self.options.threshold.min(0.0));
        others
    }

    /// The nearest in a crowded block, in an order that puts like beside like.
    fn neighbours<'s>(&self, number: u32, sorted: &'s [u32]) -> &'s [u32] {
        let own = self.likeness(number);
        let at = sorted.partition_point(|&other| self.likeness(other) < own);
        &sorted[at.saturating_sub(NEIGHBOURS)..sorted.len().min(at + NEIGHBOURS + 1)]
    }

    /// Sorts events of one block so that accounts of one occurrence come to lie together.
    fn likeness(&self, number: u32) -> (i32, u32, u32, u32, &str, u64) {
        let telling = &self.tellings[number as usize];
        let time = telling.window().map_or(i32::MAX, |time| time.first);
        let site = telling.sites.first().map_or(0, |site| site.skeleton);
        let killed = telling.losses.first().map_or(0, |toll| toll.low);
        (time, site, telling.family as u32, killed, &telling.event, telling.report)
    }

    /// Log-odds of a pair, with what people decided. Only people forbid; what is far apart is only that.
    fn pair(&self, a: u32, b: u32) -> f32 {
        let (a, b) = (&self.tellings[a as usize], &self.tellings[b as usize]);
        match self.held(a, b) {
            Some(true) => CLIP,
            Some(false) => f32::NEG_INFINITY,
            None if !a.comparable(b) => -CLIP,
            None => Evidence::of(a, b).log_odds().clamp(-CLIP, CLIP),
        }
    }

    fn held(&self, a: &Telling, b: &Telling) -> Option<bool> {
        if self.same.is_empty() && self.different.is_empty() {
            return None;
        }
        let pair = pair(&a.event, &b.event);
        let same = self.same.contains(&pair);
        (same || self.different.contains(&pair)).then_some(same)
    }

    /// Clusters a component: first what is told as news, then what is only recalled.
    fn cluster(&self, members: &[u32]) -> Vec<Cluster> {
        let mut members = members.to_vec();
        members.sort_by(|&a, &b| self.order(a as usize).cmp(&self.order(b as usize)));
        let mut out: Vec<Vec<u32>> = Vec::new();
        for part in self.parts(members) {
            let (recalled, news): (Vec<u32>, Vec<u32>) =
                part.iter().partition(|&&number| self.tellings[number as usize].background);
            let mut clusters = self.joined(&news);
            let mut rest = Vec::new();
            for number in recalled {
                let news_held = |cluster: &[u32]| {
                    let of = |number: u32| &self.tellings[number as usize];
                    cluster.iter().any(|&other| self.held(of(number), of(other)) == Some(true))
                };
                let fits = clusters.iter().enumerate().filter_map(|(at, cluster)| {
                    let news = cluster.iter().filter(|&&other| !self.tellings[other as usize].background);
                    let scores: Vec<f32> = news.map(|&other| self.pair(number, other)).collect();
                    let held = news_held(cluster);
                    let mean = if held { CLIP } else { scores.iter().sum::<f32>() / scores.len() as f32 };
                    (mean > self.options.threshold + RECALLED).then_some((mean, at))
                });
                match fits.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))) {
                    Some((_, at)) => clusters[at].push(number),
                    None => rest.push(number),
                }
            }
            clusters.extend(self.joined(&rest));
            out.extend(clusters);
        }
        out.into_iter()
            .map(|mut members| {
                members.sort_by(|&a, &b| self.order(a as usize).cmp(&self.order(b as usize)));
                let cohesion = self.cohesion(&members);
                Cluster { members: members.into_iter().map(|number| number as usize).collect(), cohesion }
            })
            .collect()
    }

    fn joined(&self, members: &[u32]) -> Vec<Vec<u32>> {
        let mut held = Vec::new();
        if !self.same.is_empty() {
            for a in 0..members.len() {
                for b in 0..a {
                    let of = |at: usize| &self.tellings[members[at] as usize];
                    if self.held(of(a), of(b)) == Some(true) {
                        held.push((b, a));
                    }
                }
            }
        }
        average_link(members.len(), &held, self.options.threshold, |a, b| self.pair(members[a], members[b]))
            .into_iter()
            .map(|cluster| cluster.into_iter().map(|at| members[at]).collect())
            .collect()
    }

    /// Splits a component that is too large to compare all pairs by leaving out its weaker pairs, until
    /// the pieces are small enough, or certain.
    fn parts(&self, members: Vec<u32>) -> Vec<Vec<u32>> {
        let mut done = Vec::new();
        let mut open = vec![(members, STEP)];
        while let Some((members, bar)) = open.pop() {
            if members.len() <= MOST_AT_ONCE {
                done.push(members);
                continue;
            }
            if bar >= CLIP {
                // Certain pairs all along, as when one text came thousands of times: cut in order.
                done.extend(members.chunks(MOST_AT_ONCE).map(<[u32]>::to_vec));
                continue;
            }
            let place: FxHashMap<u32, usize> =
                members.iter().enumerate().map(|(at, &number)| (number, at)).collect();
            let mut groups = Groups::new(members.len());
            for (at, &number) in members.iter().enumerate() {
                for other in self.edges(number) {
                    if let Some(&to) = place.get(&other).filter(|_| self.pair(number, other) > bar) {
                        groups.join(at, to);
                    }
                }
            }
            let mut pieces: Vec<Vec<u32>> = vec![Vec::new(); members.len()];
            for (at, &number) in members.iter().enumerate() {
                pieces[groups.find(at)].push(number);
            }
            open.extend(
                pieces.into_iter().filter(|piece| !piece.is_empty()).map(|piece| (piece, bar + STEP)),
            );
        }
        done
    }

    fn cohesion(&self, members: &[u32]) -> f32 {
        let (mut sum, mut pairs) = (0.0, 0u32);
        for (at, &a) in members.iter().enumerate().take(64) {
            for &b in &members[..at] {
                sum += probability(self.pair(a, b));
                pairs += 1;
            }
        }
        if pairs == 0 { 1.0 } else { sum / pairs as f32 }
    }
}

fn pair(a: &str, b: &str) -> (u64, u64) {
    let (a, b) = (hash(a.as_bytes()), hash(b.as_bytes()));
    (a.min(b), a.max(b))
}

/// `0..count` through `work`, on several threads; the results in order.
fn parallel<T: Send>(threads: NonZero<usize>, count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    // Small pieces, so that one crowded place does not keep one thread alone at work.
    const PIECE: usize = 512;
    if threads.get() == 1 || count < 2 * PIECE {
        return (0..count).map(work).collect();
    }
    let pieces = count.div_ceil(PIECE);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut done: Vec<(usize, Vec<T>)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.get().min(pieces))
            .map(|_| {
                scope.spawn(|| {
                    let mut mine = Vec::new();
                    loop {
                        let piece = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        if piece >= pieces {
                            return mine;
                        }
                        let range = piece * PIECE..count.min((piece + 1) * PIECE);
                        mine.push((piece, range.map(&work).collect()));
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    done.sort_by_key(|(piece, _)| *piece);
    done.into_iter().flat_map(|(_, results)| results).collect()
}
