//! Misses of a task sorted by what caused them, as the trace of a reading tells it: `results/errors-<task>.csv`.
//!
//! ```text
//! set,kind,cause,role,count,documents,ids
//! dev,missed,scored as no part,Victim,41,33,TST1-MUC3-0005 TST1-MUC3-0011 …
//! ```
//!
//! A cause is what would have to be mended first: a word that is no candidate cannot be scored, one that was scored
//! rightly can still land in the wrong incident. Ids and counts only; no text of the sets.
//!
//! This module must not score: figures are those of the scorers. Counts here are of misses, by rules of matching that
//! are simpler than theirs.

use crate::{
    documents::id,
    results,
    run::casus_of,
    sets::{self, Set},
    tasks::Task,
};
use anyhow::{Context, Result, ensure};
use casus_engine::Casus;
use clap::Args;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Write, stdout},
    path::PathBuf,
};

mod isaf;
mod muc4;
mod spans;

/// Documents named for a cause.
const NAMED: usize = 8;

/// What to sort.
#[derive(Args)]
pub(crate) struct Errors {
    /// Whose misses: muc4, isaf, geo, time.
    #[arg(long)]
    task: Task,
    /// How much work to spend on a document: fast is the rules alone.
    #[arg(long, value_parser = ["fast", "default", "accurate"], default_value = "default")]
    profile: String,
    /// Folder of the data sets; otherwise $CASUS_EVAL_DATA, otherwise ../shared/data.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Folder of the results.
    #[arg(long, default_value = "results")]
    results: PathBuf,
    /// Do not write the results, only print them.
    #[arg(long)]
    dry_run: bool,
}

/// Whether something of the key is not in the answer, is there with another value, or the answer has what the key has
/// not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Miss {
    Missed,
    Wrong,
    Invented,
}

impl Miss {
    fn name(self) -> &'static str {
        match self {
            Miss::Missed => "missed",
            Miss::Wrong => "wrong",
            Miss::Invented => "invented",
        }
    }
}

/// The misses of a set, by kind, cause and role.
#[derive(Debug, Default)]
pub(crate) struct Misses {
    found: BTreeMap<(Miss, &'static str, String), (usize, BTreeSet<String>)>,
}

impl Misses {
    /// Counts one miss of a document.
    pub(crate) fn add(&mut self, document: &str, miss: Miss, cause: &'static str, role: impl Into<String>) {
        let (count, documents) = self.found.entry((miss, cause, role.into())).or_default();
        *count += 1;
        documents.insert(document.to_owned());
    }

    fn rows(&self, set: &str) -> Vec<Vec<String>> {
        let mut all: Vec<_> = self.found.iter().collect();
        // The most frequent first within each kind.
        all.sort_by_key(|((miss, cause, role), (count, _))| {
            (*miss, std::cmp::Reverse(*count), *cause, role.clone())
        });
        let row = |((miss, cause, role), (count, documents)): (
            &(Miss, &str, String),
            &(usize, BTreeSet<String>),
        )| {
            let ids: Vec<&str> = documents.iter().take(NAMED).map(String::as_str).collect();
            vec![
                set.to_owned(),
                miss.name().to_owned(),
                (*cause).to_owned(),
                role.clone(),
                count.to_string(),
                documents.len().to_string(),
                ids.join(" "),
            ]
        };
        all.into_iter().map(row).collect()
    }
}

impl Errors {
    pub(crate) fn run(&self) -> Result<()> {
        let folder = sets::folder(self.data.as_deref());
        let casus = casus_of(&self.profile, false)?;
        let mut rows = Vec::new();
        // Sets of the same files and task differ in their scorer alone.
        let mut seen = Vec::new();
        for set in sets::SETS.iter().filter(|set| set.task == self.task) {
            let Some(documents) = set.documents(&folder)? else {
                writeln!(std::io::stderr(), "skipped: {} is not in {}", set.name, folder.display())?;
                continue;
            };
            let ids: Vec<String> = documents.iter().map(|document| id(document).to_owned()).collect();
            if !seen.contains(&ids) {
                rows.extend(self.sort(&casus, set, &documents)?.rows(set.name));
                seen.push(ids);
            }
        }
        let mut out = stdout().lock();
        for row in &rows {
            writeln!(
                out,
                "{:12} {:8} {:>5} in {:>4}  {}: {}",
                row[0], row[1], row[4], row[5], row[3], row[2]
            )?;
        }
        if !self.dry_run && !rows.is_empty() {
            std::fs::create_dir_all(&self.results)
                .with_context(|| format!("cannot create {}", self.results.display()))?;
            let path = self.results.join(format!("errors-{}.csv", self.task.name()));
            results::save(&path, &["set", "kind", "cause", "role", "count", "documents", "ids"], &rows)?;
        }
        Ok(())
    }

    fn sort(&self, casus: &Casus, set: &Set, documents: &[Value]) -> Result<Misses> {
        let mut misses = Misses::default();
        match self.task {
            Task::Isaf => isaf::sort(casus, documents, &mut misses)?,
            Task::Muc4 => {
                documents.iter().try_for_each(|document| muc4::sort(casus, document, &mut misses))?
            }
            Task::Geo => {
                documents.iter().try_for_each(|document| spans::geo(casus, document, &mut misses))?
            }
            Task::Time => {
                documents.iter().try_for_each(|document| spans::time(casus, document, &mut misses))?
            }
            _ => ensure!(false, "no causes are known for {} {}", self.task.name(), set.name),
        }
        Ok(misses)
    }
}
