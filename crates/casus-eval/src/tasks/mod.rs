//! One module a task: `predict` turns a data set's document into what its scorer reads.

use anyhow::Result;
use casus_engine::Casus;
use clap::ValueEnum;
use serde_json::Value;

mod isaf;
mod muc4;

/// What to predict.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Task {
    /// MUC-4 templates (score_muc.py).
    Muc4,
    /// Fields of ISAF press releases (score_isaf.py).
    Isaf,
}

impl Task {
    pub(crate) fn predict(self, casus: &Casus, document: &Value) -> Result<Value> {
        match self {
            Task::Muc4 => muc4::predict(casus, document),
            Task::Isaf => isaf::predict(casus, document),
        }
    }
}
