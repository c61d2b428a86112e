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
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::LazyLock};

mod candidates;
mod rules;

/// Values as the data set writes them.
type Candidates = choice::Candidates<Value>;

/// One choice a field.
pub(crate) type Coder = BTreeMap<String, Choice>;

/// The coder learned from all coded releases at hand: `casus-eval train-isaf` writes it.
static CODER: LazyLock<Coder> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../models/isaf.json")).unwrap_or_default());

/// How many parts a cross-validation has.
const FOLDS: usize = 5;

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    Ok(code(&CODER, document, &fields(casus, document)?))
}

/// The candidates of every field of a release.
type Fields = BTreeMap<&'static str, Candidates>;

fn fields(casus: &Casus, document: &Value) -> Result<Fields> {
    let id = document["id"].as_str().context("no id")?;
    let text = document["text"].as_str().context("no text")?;
    let report = Report { id: id.to_owned(), text: text.to_owned(), ..Report::default() };
    let traced = casus.read_traced(&report);
    let ruled = rules::code(&traced);
    Ok(candidates::of(&traced, &ruled))
}

/// The values that each field of a release could have.
pub(crate) fn offered(casus: &Casus, document: &Value) -> Result<BTreeMap<&'static str, Vec<Value>>> {
    let values = |candidates: Candidates| candidates.0.into_iter().map(|candidate| candidate.value).collect();
    Ok(fields(casus, document)?.into_iter().map(|(field, candidates)| (field, values(candidates))).collect())
}

fn code(coder: &Coder, document: &Value, fields: &Fields) -> Value {
    let unlearned = Choice::default();
    let chosen = fields.iter().filter_map(|(field, candidates)| {
        let choice = coder.get(*field).unwrap_or(&unlearned);
        Some(((*field).to_owned(), choice.best(candidates)?.value.clone()))
    });
    json!({ "id": document["id"], "pred": chosen.collect::<serde_json::Map<_, _>>() })
}

/// Learns a coder from coded releases.
pub(crate) fn learn(casus: &Casus, documents: &[Value]) -> Result<Coder> {
    let read: Vec<Fields> = documents.iter().map(|d| fields(casus, d)).collect::<Result<_>>()?;
    Ok(learn_from(&read.iter().zip(documents).collect::<Vec<_>>()))
}

fn learn_from(coded: &[(&Fields, &Value)]) -> Coder {
    let names = coded.first().map(|(fields, _)| fields.keys()).into_iter().flatten();
    let choices = names.map(|&field| {
        let examples: Vec<(&Candidates, &Value)> =
            coded.iter().map(|(fields, document)| (&fields[field], &document["gold"][field])).collect();
        (field.to_owned(), Choice::learn(&examples))
    });
    choices.collect()
}

/// Codes every release by a coder that learned from the other folds alone. The fold of a release is its place in the
/// order of the ids, which are hashes.
pub(crate) fn cross_validated(casus: &Casus, documents: &[Value]) -> Result<Vec<Value>> {
    let read: Vec<Fields> = documents.iter().map(|d| fields(casus, d)).collect::<Result<_>>()?;
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.sort_by_key(|&at| documents[at]["id"].as_str());
    let mut out = vec![Value::Null; documents.len()];
    for fold in 0..FOLDS {
        let others = order.iter().enumerate().filter(|(place, _)| place % FOLDS != fold);
        let coder = learn_from(&others.map(|(_, &at)| (&read[at], &documents[at])).collect::<Vec<_>>());
        for &at in order.iter().skip(fold).step_by(FOLDS) {
            out[at] = code(&coder, &documents[at], &read[at]);
        }
    }
    Ok(out)
}
