//! The dev sets: which files they are, and how they are scored.

use crate::{
    documents::{Documents, id},
    tasks::Task,
};
use anyhow::Result;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// How predictions are scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scorer {
    Time,
    Geo,
    /// `published`: to the letter of the scorers that were released with GTT and IterX.
    Muc {
        published: bool,
    },
    Isaf,
    Actors,
    UcdpTime,
}

/// One set of documents with gold answers.
#[derive(Debug)]
pub(crate) struct Set {
    pub(crate) task: Task,
    pub(crate) name: &'static str,
    /// Files under the data folder.
    files: &'static [&'static str],
    pub(crate) scorer: Scorer,
    /// Documents whose gold contradicts itself or repeats another one's.
    left_out: &'static [&'static str],
}

const fn set(task: Task, name: &'static str, files: &'static [&'static str], scorer: Scorer) -> Set {
    Set { task, name, files, scorer, left_out: &[] }
}

/// Every dev set, in the order of the results.
pub(crate) const SETS: &[Set] = &[
    set(Task::Time, "wikiwars-dev", &["time/wikiwars.dev.jsonl"], Scorer::Time),
    set(Task::Time, "wikiwars-all", &["time/wikiwars.train.jsonl", "time/wikiwars.dev.jsonl"], Scorer::Time),
    set(Task::Time, "timebank-dev", &["time/timebank.dev.jsonl"], Scorer::Time),
    Set {
        task: Task::UcdpTime,
        name: "codebook-23.1",
        files: &["coding/ucdp_time_rules.jsonl"],
        scorer: Scorer::UcdpTime,
        left_out: &["UCDPt:17", "UCDPt:22", "UCDPt:33", "UCDPt:34", "UCDPt:37"],
    },
    set(Task::Geo, "lgl-dev", &["geo/lgl.dev.jsonl"], Scorer::Geo),
    set(Task::Geo, "gwn-dev", &["geo/gwn.dev.jsonl"], Scorer::Geo),
    set(Task::Geo, "trnews-dev", &["geo/trnews.dev.jsonl"], Scorer::Geo),
    set(Task::Geo, "humset-dev", &["geo/humset.dev.jsonl"], Scorer::Geo),
    set(Task::GeoGold, "lgl-dev", &["geo/lgl.dev.jsonl"], Scorer::Geo),
    set(Task::GeoGold, "gwn-dev", &["geo/gwn.dev.jsonl"], Scorer::Geo),
    set(Task::GeoGold, "trnews-dev", &["geo/trnews.dev.jsonl"], Scorer::Geo),
    set(Task::Muc4, "dev", &["muc4/dev.jsonl"], Scorer::Muc { published: false }),
    set(Task::Muc4, "dev-published", &["muc4/dev.jsonl"], Scorer::Muc { published: true }),
    set(Task::Isaf, "dev-5-fold", &["isaf/dev.jsonl"], Scorer::Isaf),
    set(Task::Actors, "ngec-dev", &["coding/ngec_actor_tests.dev.jsonl"], Scorer::Actors),
];

impl Set {
    /// Its documents, if the data folder has them all.
    pub(crate) fn documents(&self, data: &Path) -> Result<Option<Vec<Value>>> {
        let paths: Vec<PathBuf> = self.files.iter().map(|file| data.join(file)).collect();
        if !paths.iter().all(|path| path.is_file()) {
            return Ok(None);
        }
        let mut out = Vec::new();
        for path in paths {
            for document in Documents::open(&path)? {
                let (_, document) = document?;
                if !self.left_out.contains(&id(&document)) {
                    out.push(document);
                }
            }
        }
        Ok(Some(out))
    }
}

/// The folder of the data sets.
pub(crate) fn folder(given: Option<&Path>) -> PathBuf {
    given
        .map(Path::to_owned)
        .or_else(|| std::env::var_os("CASUS_EVAL_DATA").map(PathBuf::from))
        .unwrap_or_else(|| {
            // Beside the repository, wherever the command is run from.
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")
        })
}
