//! One module a task: `predict` turns a data set's document into what its scorer reads.
//!
//! A new task is a module, a variant of [`Task`] with its arm in [`Task::predict`], and its sets in
//! `sets.rs`.

use anyhow::{Result, ensure};
use casus_engine::Casus;
use clap::ValueEnum;
use serde_json::Value;

mod actors;
mod coactors;
mod geo;
mod isaf;
mod muc4;
mod rule_rows;
mod time;
mod ucdp_time;

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
    /// MUC-4 templates (score_muc.py).
    Muc4,
    /// Fields of ISAF press releases (score_isaf.py).
    Isaf,
    /// Country and codes of actor phrases (own scorer).
    Actors,
    /// Actors coordinated with a phrase (own scorer).
    Coactors,
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
            Task::Muc4 => muc4::predict(casus, document),
            Task::Isaf => isaf::predict(casus, document),
            Task::Actors => actors::predict(casus, document),
            Task::Coactors => Ok(coactors::predict(casus, document)),
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
        ensure!(self == Task::Isaf, "the task {} learns nothing", self.name());
        Ok(serde_json::to_value(isaf::learn(casus, documents)?)?)
    }
}
