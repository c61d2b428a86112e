//! Fields of ISAF press releases as the data set's coders coded them.
//!
//! `rules` takes each field from the events by the coding rules of the set's paper. Coders have habits that no
//! rule tells: which day an overnight bulletin gets, what "multiple" counts as. So every field is a choice
//! among candidates (casus' own values first), whose weights are learned from coded releases; figures on the
//! releases that taught them are cross-validated. What is learned stays here: nothing of it reaches the engine.

use anyhow::{Context, Result};
use candidates::{Calendar, Number};
use casus_engine::{
    Casus, Report,
    choice::{self, Choice},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

mod candidates;
mod rules;

/// Values as the data set writes them.
type Candidates = choice::Candidates<Value>;

/// What was learned of a data set's coders.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Coder {
    /// One choice a field.
    fields: BTreeMap<String, Choice>,
    /// When the numbers of releases were reached.
    calendar: Calendar,
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
    number: Option<Number>,
    /// Whether it tells the day it was published.
    dated: bool,
}

fn read(casus: &Casus, document: &Value) -> Result<Release> {
    let id = document["id"].as_str().context("no id")?;
    let text = document["text"].as_str().context("no text")?;
    let report = Report { id: id.to_owned(), text: text.to_owned(), ..Report::default() };
    let traced = casus.read_traced(&report);
    let ruled = rules::code(&traced);
    let number = Number::of(&report.text);
    Ok(Release { fields: candidates::of(&traced, &ruled), number, dated: traced.published.is_some() })
}

/// The values that each field of a release could have.
pub(crate) fn offered(casus: &Casus, document: &Value) -> Result<BTreeMap<&'static str, Vec<Value>>> {
    let values = |candidates: Candidates| candidates.0.into_iter().map(|candidate| candidate.value).collect();
    Ok(read(casus, document)?
        .fields
        .into_iter()
        .map(|(field, candidates)| (field, values(candidates)))
        .collect())
}

impl Release {
    /// The candidates of a field. A release without a date was published when its number was reached, which
    /// coded releases of the same month tell.
    fn candidates(&self, field: &str, calendar: &Calendar) -> Cow<'_, Candidates> {
        let number = self.number.as_ref().filter(|_| field == START && !self.dated);
        match number.and_then(|number| calendar.days(number)) {
            Some(days) => Cow::Owned(days),
            None => Cow::Borrowed(&self.fields[field]),
        }
    }
}

/// The field of the day on which an operation began.
const START: &str = "start_date";

fn code(coder: &Coder, document: &Value, release: &Release) -> Value {
    let unlearned = Choice::default();
    let chosen = release.fields.keys().filter_map(|field| {
        let choice = coder.fields.get(*field).unwrap_or(&unlearned);
        let candidates = release.candidates(field, &coder.calendar);
        Some(((*field).to_owned(), choice.best(&candidates)?.value.clone()))
    });
    json!({ "id": document["id"], "pred": chosen.collect::<serde_json::Map<_, _>>() })
}

/// Learns a coder from coded releases.
pub(crate) fn learn(casus: &Casus, documents: &[Value]) -> Result<Coder> {
    let releases: Vec<Release> = documents.iter().map(|d| read(casus, d)).collect::<Result<_>>()?;
    Ok(learn_from(&releases.iter().zip(documents).collect::<Vec<_>>()))
}

fn learn_from(coded: &[(&Release, &Value)]) -> Coder {
    let names = coded.first().map(|(release, _)| release.fields.keys()).into_iter().flatten();
    let fields = names.map(|&field| {
        let candidates = coded.iter().enumerate().map(|(at, (release, _))| {
            // What a release itself was coded as must not teach how much a calendar can be trusted.
            let undated = field == START && !release.dated && release.number.is_some();
            let calendar = if undated { calendar(coded, Some(at)) } else { Calendar::default() };
            release.candidates(field, &calendar)
        });
        let candidates: Vec<Cow<'_, Candidates>> = candidates.collect();
        let examples: Vec<(&Candidates, &Value)> =
            candidates.iter().zip(coded).map(|(c, (_, document))| (&**c, &document["gold"][field])).collect();
        (field.to_owned(), Choice::learn(&examples))
    });
    Coder { fields: fields.collect(), calendar: calendar(coded, None) }
}

/// The days of coded releases by their numbers, but of one.
fn calendar(coded: &[(&Release, &Value)], but: Option<usize>) -> Calendar {
    let others = coded.iter().enumerate().filter(|(at, _)| Some(*at) != but);
    Calendar::new(others.filter_map(|(_, (release, document))| {
        let day = document["gold"][START].as_str()?.parse().ok()?;
        Some((release.number.as_ref()?, day))
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
