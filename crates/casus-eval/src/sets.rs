//! The dev sets: which files they are, and how they are scored.

use crate::{
    documents::{Documents, id},
    roots::{self, Fold},
    tasks::{self, Task},
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
    Coactors,
    /// Coded events; what the set does not tell apart.
    Plover(Fold),
    Linking,
    UcdpTime,
    Duckling,
    Recognizers,
    EventLocation,
    UcdpGeo,
    Variants,
    Entities,
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
    /// Which documents of the files belong to the set.
    belongs: fn(&Value) -> bool,
}

const fn set(task: Task, name: &'static str, files: &'static [&'static str], scorer: Scorer) -> Set {
    Set { task, name, files, scorer, left_out: &[], belongs: |_| true }
}

/// The dev topics of ECB+; the model of the task learns from the others.
const fn ecbplus(task: Task) -> Set {
    let belongs: fn(&Value) -> bool = |document| document["split"] == "dev";
    let files = &["linking/ecbplus.train_dev.jsonl"];
    Set { task, name: "ecbplus-dev", files, scorer: Scorer::Linking, left_out: &[], belongs }
}

/// A language of Duckling's time corpora.
const fn duckling(name: &'static str, belongs: fn(&Value) -> bool) -> Set {
    let files = &["time/duckling_time.jsonl"];
    Set { task: Task::Duckling, name, files, scorer: Scorer::Duckling, left_out: &[], belongs }
}

/// The model specification of a language of the Recognizers: whole sentences with what is found in them.
const fn recognizers(name: &'static str, files: &'static [&'static str]) -> Set {
    let belongs: fn(&Value) -> bool = |row| row["spec"] == "DateTimeModel";
    Set { task: Task::Recognizers, name, files, scorer: Scorer::Recognizers, left_out: &[], belongs }
}

/// Rows of a language, without those that fire only on request.
fn is_of(row: &Value, language: &str) -> bool {
    row["lang"] == language && row["section"] != "latentCorpus"
}

/// The same, dates and periods only: nothing finer than a day.
fn is_date_of(row: &Value, language: &str) -> bool {
    is_of(row, language) && !matches!(row["expect"]["grain"].as_str(), Some("hour" | "minute" | "second"))
}

/// Every dev set, in the order of the results.
pub(crate) const SETS: &[Set] = &[
    set(Task::Time, "wikiwars-dev", &["time/wikiwars.dev.jsonl"], Scorer::Time),
    set(Task::Time, "wikiwars-all", &["time/wikiwars.train.jsonl", "time/wikiwars.dev.jsonl"], Scorer::Time),
    set(Task::Time, "timebank-dev", &["time/timebank.dev.jsonl"], Scorer::Time),
    duckling("en", |row| is_of(row, "EN")),
    duckling("ar-dates", |row| is_date_of(row, "AR")),
    duckling("es-dates", |row| is_date_of(row, "ES")),
    duckling("fr-dates", |row| is_date_of(row, "FR")),
    duckling("pt-dates", |row| is_date_of(row, "PT")),
    duckling("ru-dates", |row| is_date_of(row, "RU")),
    duckling("tr-dates", |row| is_date_of(row, "TR")),
    duckling("uk-dates", |row| is_date_of(row, "UK")),
    duckling("ar", |row| is_of(row, "AR")),
    duckling("es", |row| is_of(row, "ES")),
    duckling("fr", |row| is_of(row, "FR")),
    duckling("pt", |row| is_of(row, "PT")),
    duckling("ru", |row| is_of(row, "RU")),
    duckling("tr", |row| is_of(row, "TR")),
    duckling("uk", |row| is_of(row, "UK")),
    recognizers("en", &["time/recognizers_datetime_english.jsonl"]),
    recognizers("ar", &["time/recognizers_datetime_arabic.jsonl"]),
    recognizers("es", &["time/recognizers_datetime_spanish.jsonl"]),
    recognizers("fr", &["time/recognizers_datetime_french.jsonl"]),
    Set {
        task: Task::UcdpTime,
        name: "codebook-23.1",
        files: &["coding/ucdp_time_rules.jsonl"],
        scorer: Scorer::UcdpTime,
        left_out: &["UCDPt:17", "UCDPt:22", "UCDPt:33", "UCDPt:34", "UCDPt:37"],
        belongs: |_| true,
    },
    set(Task::Geo, "lgl-dev", &["geo/lgl.dev.jsonl"], Scorer::Geo),
    set(Task::Geo, "gwn-dev", &["geo/gwn.dev.jsonl"], Scorer::Geo),
    set(Task::Geo, "trnews-dev", &["geo/trnews.dev.jsonl"], Scorer::Geo),
    set(Task::Geo, "humset-dev", &["geo/humset.dev.jsonl"], Scorer::Geo),
    set(Task::GeoGold, "lgl-dev", &["geo/lgl.dev.jsonl"], Scorer::Geo),
    set(Task::GeoGold, "gwn-dev", &["geo/gwn.dev.jsonl"], Scorer::Geo),
    set(Task::GeoGold, "trnews-dev", &["geo/trnews.dev.jsonl"], Scorer::Geo),
    set(Task::Variants, "iq-sy-ye", &[], Scorer::Variants),
    set(Task::EventLocation, "dev", &["geo/event_location.dev.jsonl"], Scorer::EventLocation),
    Set {
        task: Task::UcdpGeo,
        name: "codebook-23.1",
        files: &["coding/ucdp_geo_rules.jsonl"],
        scorer: Scorer::UcdpGeo,
        // Rules, not texts: they are unit tests of `casus-export`'s `geo_precision`.
        left_out: &["UCDPg:13", "UCDPg:14", "UCDPg:18", "UCDPg:20", "UCDPg:21", "UCDPg:30"],
        belongs: |_| true,
    },
    set(Task::Entities, tasks::entities::RE3D, &[], Scorer::Entities),
    set(Task::Entities, tasks::entities::UNER, &[], Scorer::Entities),
    set(Task::Muc4, "dev", &["muc4/dev.jsonl"], Scorer::Muc { published: false }),
    set(Task::Muc4, "dev-published", &["muc4/dev.jsonl"], Scorer::Muc { published: true }),
    set(Task::Isaf, "dev-5-fold", &["isaf/dev.jsonl"], Scorer::Isaf),
    set(Task::Actors, "ngec-dev", &["coding/ngec_actor_tests.dev.jsonl"], Scorer::Actors),
    set(Task::Coactors, "ngec", &["coding/ngec_coactor_tests.jsonl"], Scorer::Coactors),
    set(Task::Plover, "gsr", &["coding/plover_gsr.jsonl"], Scorer::Plover(Fold::Nothing)),
    set(Task::Plover, "plv", &["coding/plv.train.jsonl"], Scorer::Plover(Fold::Yield)),
    set(Task::Plover, "petrarch2", &["coding/up_petr2_gsr_validation.jsonl"], Scorer::Plover(Fold::Yield)),
    Set {
        task: Task::Plover,
        name: "petrarch2-comparable",
        files: &["coding/up_petr2_gsr_validation.jsonl"],
        scorer: Scorer::Plover(Fold::Yield),
        // A sentence whose words were lost.
        left_out: &["UP.PETR2_GSR:abc12_3"],
        belongs: has_a_root,
    },
    set(Task::Plover, "es-fight-dev", &["coding/up_spanish_fight.dev.jsonl"], Scorer::Plover(Fold::Nothing)),
    ecbplus(Task::Linking),
    ecbplus(Task::LinkingByLemma),
];

/// Whether PLOVER has a root for some event of a document, or the document has none: CAMEO's 01 and 02 were dropped.
fn has_a_root(document: &Value) -> bool {
    let events = document["expected_events"].as_array().map_or(&[][..], Vec::as_slice);
    events.is_empty() || events.iter().any(|event| event["event"].as_str().and_then(roots::root).is_some())
}

impl Set {
    /// Its documents, if the data folder has them all.
    pub(crate) fn documents(&self, data: &Path) -> Result<Option<Vec<Value>>> {
        if self.task == Task::Variants {
            return tasks::variants::documents().map(Some);
        }
        if self.task == Task::Entities {
            return tasks::entities::documents(self.name, data);
        }
        let paths: Vec<PathBuf> = self.files.iter().map(|file| data.join(file)).collect();
        if !paths.iter().all(|path| path.is_file()) {
            return Ok(None);
        }
        let mut out = Vec::new();
        for path in paths {
            for document in Documents::open(&path)? {
                let (_, document) = document?;
                if !self.left_out.contains(&id(&document)) && (self.belongs)(&document) {
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
