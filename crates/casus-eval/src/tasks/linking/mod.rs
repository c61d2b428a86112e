//! Event mentions of many documents into the occurrences they name (ECB+).
//!
//! ```text
//! documents -groups-> groups -mentions-> mentions -features-> pairs -model-> log-odds -> clusters
//! ```
//!
//! The spans of the actions are given, nothing else: neither topic nor who or where. Documents are
//! grouped by their words first, since most pairs of mentions in the world are of two stories; within a
//! group every pair is scored, and the clusters are those of [`casus_link::cluster`], average linkage,
//! like those of incidents. A mention that fits nothing stays alone.
//!
//! The words of a mention are compared by stem, by concept (WordNet's synsets and derivations) and by how
//! often two words named one event in the documents that the model learned from.
//!
//! This module must not read a mention's cluster, its kind beyond `ACTION` and `NEG`, or a document's
//! topic, except to learn.

use anyhow::{Context, Result, ensure};
use casus_engine::Casus;
use casus_link::cluster::average_link;
use serde_json::{Value, json};
use std::collections::BTreeMap;

mod concepts;
mod features;
mod groups;
mod mentions;
mod model;

use mentions::Pool;
use model::Model;

/// Mean log-odds above which clusters are joined: where five-fold cross-validation over the topics that
/// the model learned from was best.
const THRESHOLD: f32 = -0.5;

/// Log-odds of a pair that shares nothing worth looking at, and the most that a pair may say.
const NOTHING_SHARED: f32 = -4.0;
const CLIP: f32 = 6.0;

/// Predicts the clusters of all documents at once.
pub(crate) fn predict(casus: &Casus, documents: &[Value]) -> Result<Vec<Value>> {
    let model: Model = serde_json::from_str(include_str!("../../../models/linking.json"))
        .context("the linking model is damaged")?;
    let pool = Pool::new(casus, documents);
    let scores = pair_scores(&pool, &model);
    Ok(write(documents, &pool, &clusters(&pool, &scores)))
}

/// The baseline: one cluster for each head lemma of each group of documents.
pub(crate) fn predict_by_lemma(casus: &Casus, documents: &[Value]) -> Result<Vec<Value>> {
    let pool = Pool::new(casus, documents);
    let mut names = BTreeMap::new();
    let clusters = pool.mentions.iter().map(|mention| {
        let next = names.len();
        *names.entry((mention.story, mention.stem)).or_insert(next)
    });
    let clusters = clusters.collect::<Vec<_>>();
    Ok(write(documents, &pool, &clusters))
}

/// Learns from documents with clusters and topics.
pub(crate) fn learn(casus: &Casus, documents: &[Value]) -> Result<Model> {
    let taught: Vec<Value> =
        documents.iter().filter(|document| document["split"] != "dev").cloned().collect();
    ensure!(!taught.is_empty(), "no documents to learn from");
    model::learn(&Pool::new(casus, &taught), &taught)
}

/// Log-odds of the pairs within groups that share anything, by the numbers of their mentions.
fn pair_scores(pool: &Pool, model: &Model) -> BTreeMap<(usize, usize), f32> {
    let mut out = BTreeMap::new();
    let seen = model.seen_by(pool);
    for group in pool.groups() {
        for (at, &b) in group.iter().enumerate() {
            for &a in &group[..at] {
                if let Some(features) = features::of(pool, &seen, a, b) {
                    out.insert((a, b), model.log_odds(&features).clamp(-CLIP, CLIP));
                }
            }
        }
    }
    out
}

/// A number for each mention: its cluster.
fn clusters(pool: &Pool, scores: &BTreeMap<(usize, usize), f32>) -> Vec<usize> {
    let mut out = vec![0; pool.mentions.len()];
    let mut next = 0;
    for group in pool.groups() {
        let score = |a: usize, b: usize| {
            *scores.get(&(group[a].min(group[b]), group[a].max(group[b]))).unwrap_or(&NOTHING_SHARED)
        };
        for cluster in average_link(group.len(), &[], THRESHOLD, score) {
            cluster.iter().for_each(|&at| out[group[at]] = next);
            next += 1;
        }
    }
    out
}

fn write(documents: &[Value], pool: &Pool, clusters: &[usize]) -> Vec<Value> {
    let mut out: Vec<Value> =
        documents.iter().map(|document| json!({"id": document["id"], "mentions": []})).collect();
    for (mention, cluster) in pool.mentions.iter().zip(clusters) {
        let one = json!({"start": mention.start, "end": mention.end, "cluster": format!("c{cluster}")});
        if let Some(mentions) = out[mention.document]["mentions"].as_array_mut() {
            mentions.push(one);
        }
    }
    out
}
