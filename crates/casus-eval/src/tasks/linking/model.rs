//! What is learned from documents with clusters: how often two words named one event, how often a word
//! names an event that others name too, and the weights of the features (logistic regression).

use super::{
    features,
    mentions::{Pool, Stem},
};
use crate::regression::{Example, regress};
use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Strength of the prior on the weights: one over the variance, for standardised features.
const PRIOR: f64 = 20.0;

/// Most pairs of one story that count for one pair of words: a story told thirty times is one story.
const MOST_PAIRS: f32 = 3.0;

/// The learned model, as `models/linking.json` holds it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Model {
    /// By two stems, in order: pairs that named one event, and pairs compared, at most three a story.
    pairs: BTreeMap<String, (f32, f32)>,
    /// By stem: share of mentions whose event is named again.
    shares: BTreeMap<String, f32>,
    weights: Vec<f64>,
    bias: f64,
}

/// What the model knows of the stems of a pool.
pub(super) struct Seen {
    pairs: BTreeMap<(Stem, Stem), (f32, f32)>,
    shares: BTreeMap<Stem, f32>,
}

impl Seen {
    /// How often two words named one event, and were compared.
    pub(super) fn pair(&self, a: Stem, b: Stem) -> (f32, f32) {
        self.pairs.get(&(a.min(b), a.max(b))).copied().unwrap_or_default()
    }

    /// Share of mentions of the word whose event is named again.
    pub(super) fn share(&self, stem: Stem) -> f32 {
        self.shares.get(&stem).copied().unwrap_or(0.2)
    }
}

impl Model {
    pub(super) fn seen_by(&self, pool: &Pool) -> Seen {
        let pair = |(names, counts): (&String, &(f32, f32))| {
            let (a, b) = names.split_once(' ')?;
            let (a, b) = (pool.stem(a)?, pool.stem(b)?);
            Some(((a.min(b), a.max(b)), *counts))
        };
        Seen {
            pairs: self.pairs.iter().filter_map(pair).collect(),
            shares: self.shares.iter().filter_map(|(name, share)| Some((pool.stem(name)?, *share))).collect(),
        }
    }

    pub(super) fn log_odds(&self, features: &[f32]) -> f32 {
        let sum: f64 =
            self.weights.iter().zip(features).map(|(weight, value)| weight * f64::from(*value)).sum();
        (sum + self.bias) as f32
    }
}

/// What one topic tells of words.
#[derive(Default)]
struct Counts {
    pairs: BTreeMap<(Stem, Stem), (f32, f32)>,
    /// Mentions of the stem whose event is named again, and all.
    shares: BTreeMap<Stem, (f32, f32)>,
}

impl Counts {
    fn add(&mut self, other: &Counts, sign: f32) {
        for (key, (together, compared)) in &other.pairs {
            let own = self.pairs.entry(*key).or_default();
            *own = (own.0 + sign * together, own.1 + sign * compared);
        }
        for (key, (again, all)) in &other.shares {
            let own = self.shares.entry(*key).or_default();
            *own = (own.0 + sign * again, own.1 + sign * all);
        }
    }

    fn seen(&self) -> Seen {
        // Differences of sums of thirds leave crumbs.
        let clean = |value: f32| if value.abs() < 1e-3 { 0.0 } else { value };
        Seen {
            pairs: self.pairs.iter().map(|(key, (a, b))| (*key, (clean(*a), clean(*b)))).collect(),
            shares: self
                .shares
                .iter()
                .filter(|(_, (_, all))| *all > 0.5)
                .map(|(stem, (again, all))| (*stem, (again + 0.45 * 3.0) / (all + 3.0)))
                .collect(),
        }
    }
}

/// Learns the model. For the features of a topic's own pairs, words are counted without that topic.
pub(super) fn learn(pool: &Pool, documents: &[Value]) -> Result<Model> {
    let clusters = clusters(pool, documents);
    let topic = |mention: usize| documents[pool.mentions[mention].document]["topic"].to_string();
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    count(pool, documents, &clusters, &mut counts);
    let mut all = Counts::default();
    counts.values().for_each(|one| all.add(one, 1.0));
    let mut examples = Vec::new();
    for (name, own) in &counts {
        all.add(own, -1.0);
        let seen = all.seen();
        for group in pool.groups() {
            for (at, &b) in group.iter().enumerate().filter(|(_, b)| topic(**b) == *name) {
                for &a in &group[..at] {
                    if let Some(features) = features::of(pool, &seen, a, b) {
                        examples.push(Example { features, answer: clusters[a] == clusters[b], weight: 1.0 });
                    }
                }
            }
        }
        all.add(own, 1.0);
    }
    ensure!(
        examples.iter().any(|example| example.answer),
        "no two mentions name one event: nothing to learn"
    );
    let (weights, bias) = regress(&examples, PRIOR)?;
    let seen = all.seen();
    let name = |stem: Stem| pool.name(stem);
    Ok(Model {
        pairs: seen
            .pairs
            .iter()
            // A pair that two stories or fewer have, and never as one event, is as good as unseen.
            .filter(|(_, (together, compared))| *together > 0.0 || *compared > 6.0)
            .map(|((a, b), (together, compared))| {
                let round = |value: f32| (value * 100.0).round() / 100.0;
                (format!("{} {}", name(*a), name(*b)), (round(*together), round(*compared)))
            })
            .collect(),
        shares: seen.shares.iter().map(|(stem, share)| (name(*stem), (share * 1e4).round() / 1e4)).collect(),
        weights,
        bias,
    })
}

/// The gold cluster of each mention, by number; a mention without one has its own.
fn clusters(pool: &Pool, documents: &[Value]) -> Vec<usize> {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let name = |at: usize| {
        let mention = &pool.mentions[at];
        let given = documents[mention.document]["mentions"].as_array().into_iter().flatten();
        let mut own = given.filter(|given| given["start"] == mention.start && given["end"] == mention.end);
        let cluster = own.find_map(|given| {
            given["cluster"]
                .as_str()
                .filter(|_| given["type"].as_str().is_some_and(|kind| kind.contains("ACTION")))
        });
        cluster.map_or_else(|| format!("alone {at}"), str::to_owned)
    };
    (0..pool.mentions.len())
        .map(|at| {
            let next = numbers.len();
            *numbers.entry(name(at)).or_insert(next)
        })
        .collect()
}

fn count(pool: &Pool, documents: &[Value], clusters: &[usize], counts: &mut BTreeMap<String, Counts>) {
    let mut size: BTreeMap<usize, usize> = BTreeMap::new();
    clusters.iter().for_each(|cluster| *size.entry(*cluster).or_default() += 1);
    // By story, as the documents tell it, then by stem: how many mentions each cluster has.
    let mut stories: BTreeMap<(String, String), BTreeMap<Stem, BTreeMap<usize, f32>>> = BTreeMap::new();
    for (mention, cluster) in pool.mentions.iter().zip(clusters) {
        let document = &documents[mention.document];
        let (topic, story) = (document["topic"].to_string(), document["subtopic"].to_string());
        let again = f32::from(u8::from(size[cluster] > 1));
        let share = counts.entry(topic.clone()).or_default().shares.entry(mention.stem).or_default();
        *share = (share.0 + again, share.1 + 1.0);
        *stories
            .entry((topic, story))
            .or_default()
            .entry(mention.stem)
            .or_default()
            .entry(*cluster)
            .or_default() += 1.0;
    }
    for ((topic, _), stems) in &stories {
        let pairs = &mut counts.entry(topic.clone()).or_default().pairs;
        for (a, of_a) in stems {
            for (b, of_b) in stems.range(a..) {
                let total = |of: &BTreeMap<usize, f32>| of.values().sum::<f32>();
                let (together, compared) = if a == b {
                    let half = |count: f32| count * (count - 1.0) / 2.0;
                    (of_a.values().map(|count| half(*count)).sum::<f32>(), half(total(of_a)))
                } else {
                    let common = of_a.iter().filter_map(|(cluster, count)| Some(count * of_b.get(cluster)?));
                    (common.sum::<f32>(), total(of_a) * total(of_b))
                };
                if compared > 0.0 {
                    let weight = (MOST_PAIRS / compared).min(1.0);
                    let own = pairs.entry((*a, *b)).or_default();
                    *own = (own.0 + weight * together, own.1 + weight * compared);
                }
            }
        }
    }
}
