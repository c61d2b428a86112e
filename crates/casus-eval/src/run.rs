//! Predicts and scores every chosen set.

use crate::{
    Choice,
    documents::id,
    score::{self, Scores},
    sets::{self, Set},
};
use anyhow::{Context, Result, ensure};
use casus_engine::{Casus, Options, Profile};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{io::Write, num::NonZero, thread};

/// A scored set.
pub(crate) struct Scored {
    pub(crate) set: &'static Set,
    pub(crate) scores: Scores,
    /// Id and hash of the prediction of every document, in the order of the set.
    pub(crate) predictions: Vec<(String, String)>,
}

/// Runs the chosen sets; None if there is no data folder, which is said in one line.
pub(crate) fn run(choice: &Choice) -> Result<Option<Vec<Scored>>> {
    let data = sets::folder(choice.data.as_deref());
    let mut err = std::io::stderr().lock();
    if !data.is_dir() {
        writeln!(err, "skipped: no data sets at {} (set CASUS_EVAL_DATA or --data)", data.display())?;
        return Ok(None);
    }
    let [casus, politics] = [false, true].map(|all| casus_of(&choice.profile, all));
    let (casus, politics) = (casus?, politics?);
    let mut out = Vec::new();
    for set in sets::SETS.iter().filter(|set| choice.task.is_none_or(|task| task == set.task)) {
        let casus = if set.task.reads_politics() { &politics } else { &casus };
        let name = format!("{} {}", set.task.name(), set.name);
        let Some(gold) = set.documents(&data)? else {
            writeln!(err, "skipped: {name} is not in {}", data.display())?;
            continue;
        };
        let predictions =
            set.task.cross_validated(casus, &gold).or_else(|| set.task.predict_together(casus, &gold));
        let predictions = predictions.unwrap_or_else(|| predict_all(casus, set, &gold));
        let predictions = predictions.with_context(|| name.clone())?;
        let scores = score::score(set.scorer, &gold, &predictions).with_context(|| name.clone())?;
        let predictions = gold
            .iter()
            .zip(&predictions)
            .map(|(document, prediction)| (id(document).to_owned(), hash(prediction)))
            .collect();
        out.push(Scored { set, scores, predictions });
    }
    ensure!(!out.is_empty(), "no set was scored");
    Ok(Some(out))
}

/// The reader with a profile by its name; `all` reads non-violent politics too.
pub(crate) fn casus_of(profile: &str, all: bool) -> Result<Casus> {
    let profile = match profile {
        "fast" => Profile::Fast,
        "accurate" => Profile::Accurate,
        _ => Profile::Default,
    };
    Ok(Casus::embedded()?.with_options(Options { profile, all, ..Options::default() }))
}

/// Predicts all documents, in order, on all processors.
pub(crate) fn predict_all(casus: &Casus, set: &Set, documents: &[Value]) -> Result<Vec<Value>> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let size = documents.len().div_ceil(threads).max(1);
    let parts: Vec<Result<Vec<Value>>> = thread::scope(|scope| {
        let workers: Vec<_> = documents
            .chunks(size)
            .map(|part| {
                scope.spawn(move || {
                    part.iter()
                        .map(|document| {
                            set.task.predict(casus, document).with_context(|| id(document).to_owned())
                        })
                        .collect()
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a prediction panicked"))))
            .collect()
    });
    let mut out = Vec::with_capacity(documents.len());
    for part in parts {
        out.extend(part?);
    }
    Ok(out)
}

/// The first eight hexadecimal digits of the SHA-256 of a prediction, to see that it changed.
pub(crate) fn hash(prediction: &Value) -> String {
    Sha256::digest(prediction.to_string()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}
