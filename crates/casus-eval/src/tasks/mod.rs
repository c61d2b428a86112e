//! One module a task: `predict` turns a data set's document into what its scorer reads.
//!
//! A new task is a module, a variant of [`Task`] with its arm in [`Task::predict`], and its sets in
//! `sets.rs`.

use anyhow::{Context, Result, ensure};
use casus_engine::Casus;
use clap::ValueEnum;
use serde_json::Value;
use std::slice;

mod actors;
mod coactors;
pub(crate) mod entities;
pub(crate) mod event_location;
pub(crate) mod geo;
pub(crate) mod isaf;
mod linking;
pub(crate) mod muc4;
mod plover;
mod rule_rows;
pub(crate) mod time;
mod ucdp_geo;
mod ucdp_time;
pub(crate) mod variants;

/// What to predict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Task {
    /// Times mentioned, as TIMEX3 (score_time.py).
    Time,
    /// Rows of Duckling's corpora: a text, a reference day and a time (own scorer).
    Duckling,
    /// Rows of the Recognizers' specifications, likewise (own scorer).
    Recognizers,
    /// Dates and precision of UCDP GED (own scorer).
    UcdpTime,
    /// Places mentioned (score_geo.py).
    Geo,
    /// The same, with the spans of the places given (score_geo.py).
    GeoGold,
    /// The places of an event, its verb given (own scorer).
    EventLocation,
    /// Precision of places of UCDP GED (own scorer).
    UcdpGeo,
    /// Places by spelling variants of their names, held out of the gazetteer (own scorer).
    Variants,
    /// Words that stand for persons, groups, places, weapons and the like (own scorer).
    Entities,
    /// MUC-4 templates (score_muc.py).
    Muc4,
    /// Fields of ISAF press releases (score_isaf.py).
    Isaf,
    /// Country and codes of actor phrases (own scorer).
    Actors,
    /// Actors coordinated with a phrase (own scorer).
    Coactors,
    /// Roots of the PLOVER manual with the codes of their parties (own scorer).
    Plover,
    /// Event mentions of all documents into clusters (own scorer).
    Linking,
    /// The baseline of the same: a cluster for each lemma of a group of like documents (own scorer).
    LinkingByLemma,
}

impl Task {
    /// Its name on the command line, which is also that of its results file.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    pub(crate) fn predict(self, casus: &Casus, document: &Value) -> Result<Value> {
        match self {
            Task::Time => time::predict(casus, document),
            Task::Duckling | Task::Recognizers => rule_rows::predict(casus, document),
            Task::UcdpTime => ucdp_time::predict(casus, document),
            Task::Geo => geo::predict(casus, document),
            Task::GeoGold => geo::predict_gold(casus, document),
            Task::EventLocation => event_location::predict(casus, document),
            Task::UcdpGeo => ucdp_geo::predict(casus, document),
            Task::Variants => variants::predict(document),
            Task::Entities => entities::predict(casus, document),
            Task::Muc4 => muc4::predict(casus, document),
            Task::Isaf => isaf::predict(casus, document),
            Task::Actors => actors::predict(casus, document),
            Task::Plover => plover::predict(casus, document),
            Task::Coactors => Ok(coactors::predict(casus, document)),
            Task::Linking | Task::LinkingByLemma => {
                let all = self
                    .predict_together(casus, slice::from_ref(document))
                    .context("a task of many documents")??;
                all.into_iter().next().context("no prediction")
            }
        }
    }

    /// Whether the task reads non-violent politics too.
    pub(crate) fn reads_politics(self) -> bool {
        self == Task::Plover
    }

    /// Whether the task reads all documents at once.
    pub(crate) fn reads_together(self) -> bool {
        matches!(self, Task::Linking | Task::LinkingByLemma)
    }

    /// Predictions of a task that reads all documents at once; None for one that reads each by itself.
    pub(crate) fn predict_together(self, casus: &Casus, documents: &[Value]) -> Option<Result<Vec<Value>>> {
        match self {
            Task::Linking => Some(linking::predict(casus, documents)),
            Task::LinkingByLemma => Some(linking::predict_by_lemma(casus, documents)),
            _ => None,
        }
    }

    /// Predictions for documents that taught the task's coder, each by one that learned without it; None for a task that
    /// learns nothing.
    pub(crate) fn cross_validated(self, casus: &Casus, documents: &[Value]) -> Option<Result<Vec<Value>>> {
        (self == Task::Isaf).then(|| isaf::cross_validated(casus, documents))
    }

    /// What the task's coder learns from coded documents, as its model file holds it.
    ///
    /// # Errors
    /// If the task learns nothing.
    pub(crate) fn learn(self, casus: &Casus, documents: &[Value]) -> Result<Value> {
        if self == Task::Linking {
            return Ok(serde_json::to_value(linking::learn(casus, documents)?)?);
        }
        if self == Task::EventLocation {
            return event_location::learn(casus, documents);
        }
        ensure!(self == Task::Isaf, "the task {} learns nothing", self.name());
        Ok(serde_json::to_value(isaf::learn(casus, documents)?)?)
    }
}
