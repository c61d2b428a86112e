//! Fields of ISAF press releases as the data set's coders coded them.
//!
//! `rules` takes each field from the events by the coding rules of the set's paper. Coders have habits that no
//! rule tells: which day an overnight bulletin gets, what "multiple" counts as. So every field is a choice
//! among candidates (casus' own values first), whose weights are learned from coded releases; figures on the
//! releases that taught them are cross-validated. What is learned stays here: nothing of it reaches the engine.

use anyhow::{Context, Result};
use casus_engine::{
    Casus, Report,
    choice::{self, Choice},
};
use days::Coded;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::LazyLock};

mod candidates;
mod days;
mod rules;

/// Values as the data set writes them.
type Candidates = choice::Candidates<Value>;

/// What was learned of a data set's coders.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Coder {
    /// One choice a field.
    fields: BTreeMap<String, Choice>,
    /// The releases that taught it, with their days.
    coded: Coded,
}

/// The coder learned from all coded releases at hand: `casus-eval train-isaf` writes it.
static CODER: LazyLock<Coder> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../models/isaf.json")).unwrap_or_default());

/// How many parts a cross-validation has.
const FOLDS: usize = 5;

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    Ok(code(&CODER, document, &read(casus, document)?))
}

/// The candidates of every field.
type Fields = BTreeMap<&'static str, Candidates>;

/// What is known of a release before its coders are.
struct Release {
    fields: Fields,
    /// What it says of its day.
    told: days::Told,
}

fn read(casus: &Casus, document: &Value) -> Result<Release> {
    let id = document["id"].as_str().context("no id")?;
    let text = document["text"].as_str().context("no text")?;
    let report = Report { id: id.to_owned(), text: text.to_owned(), ..Report::default() };
    let traced = casus.read_traced(&report);
    let ruled = rules::code(&traced);
    Ok(Release { fields: candidates::of(&traced, &ruled), told: days::Told::new(&traced) })
}

/// The values that each field of a release could have, where all releases at hand are coded but this one.
pub(crate) fn offered(casus: &Casus, document: &Value) -> Result<BTreeMap<&'static str, Vec<Value>>> {
    let release = read(casus, document)?;
    let values = |candidates: Candidates| candidates.0.into_iter().map(|candidate| candidate.value).collect();
    let day = (START, values(release.told.candidates(&CODER.coded)));
    Ok(release
        .fields
        .into_iter()
        .map(|(field, candidates)| (field, values(candidates)))
        .chain([day])
        .collect())
}

/// The field of the day on which an operation began.
const START: &str = "start_date";

fn code(coder: &Coder, document: &Value, release: &Release) -> Value {
    let unlearned = Choice::default();
    let day = release.told.candidates(&coder.coded);
    let fields = release.fields.iter().map(|(field, candidates)| (*field, candidates)).chain([(START, &day)]);
    let chosen = fields.filter_map(|(field, candidates)| {
        let choice = coder.fields.get(field).unwrap_or(&unlearned);
        Some((field.to_owned(), choice.best(candidates)?.value.clone()))
    });
    json!({ "id": document["id"], "pred": chosen.collect::<serde_json::Map<_, _>>() })
}

/// Learns a coder from coded releases.
pub(crate) fn learn(casus: &Casus, documents: &[Value]) -> Result<Coder> {
    let releases: Vec<Release> = documents.iter().map(|d| read(casus, d)).collect::<Result<_>>()?;
    Ok(learn_from(&releases.iter().zip(documents).collect::<Vec<_>>()))
}

fn learn_from(all: &[(&Release, &Value)]) -> Coder {
    // What a release itself was coded as must not teach how much its neighbours can be trusted.
    let days: Vec<Candidates> =
        (0..all.len()).map(|at| all[at].0.told.candidates(&coded(all, Some(at)))).collect();
    let names = all.first().map(|(release, _)| release.fields.keys()).into_iter().flatten();
    let learned = names.copied().chain([START]).map(|field| {
        let examples = all.iter().zip(&days).map(|((release, document), days)| {
            (release.fields.get(field).unwrap_or(days), &document["gold"][field])
        });
        (field.to_owned(), Choice::learn(&examples.collect::<Vec<_>>()))
    });
    Coder { fields: learned.collect(), coded: coded(all, None) }
}

/// The releases with their days, but one.
fn coded(all: &[(&Release, &Value)], but: Option<usize>) -> Coded {
    let others = all.iter().enumerate().filter(|(at, _)| Some(*at) != but);
    Coded::new(others.filter_map(|(_, (release, document))| {
        Some(release.told.coded(document["gold"][START].as_str()?.parse().ok()?))
    }))
}

/// Codes every release by a coder that learned from the other folds alone. The fold of a release is its place in the
/// order of the ids, which are hashes.
pub(crate) fn cross_validated(casus: &Casus, documents: &[Value]) -> Result<Vec<Value>> {
    let releases: Vec<Release> = documents.iter().map(|d| read(casus, d)).collect::<Result<_>>()?;
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.sort_by_key(|&at| documents[at]["id"].as_str());
    let mut out = vec![Value::Null; documents.len()];
    for fold in 0..FOLDS {
        let others = order.iter().enumerate().filter(|(place, _)| place % FOLDS != fold);
        let coder = learn_from(&others.map(|(_, &at)| (&releases[at], &documents[at])).collect::<Vec<_>>());
        for &at in order.iter().skip(fold).step_by(FOLDS) {
            out[at] = code(&coder, &documents[at], &releases[at]);
        }
    }
    Ok(out)
}
