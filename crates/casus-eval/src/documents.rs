//! A data set's documents: JSON Lines, each line with where it stands.

use anyhow::{Context, Result};
use serde_json::Value;
use std::{
    fs::File,
    io::{BufRead, BufReader, Lines},
    path::Path,
};

/// Reads the documents of a file one by one, as `("file:line", document)`. Empty lines are skipped.
pub(crate) struct Documents {
    lines: Lines<BufReader<File>>,
    name: String,
    number: usize,
}

impl Documents {
    pub(crate) fn open(path: &Path) -> Result<Documents> {
        let name = path.display().to_string();
        let file = File::open(path).with_context(|| format!("cannot open {name}"))?;
        Ok(Documents { lines: BufReader::new(file).lines(), name, number: 0 })
    }
}

impl Iterator for Documents {
    type Item = Result<(String, Value)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.number += 1;
            let at = format!("{}:{}", self.name, self.number);
            let line = match self.lines.next()? {
                Ok(line) if line.trim().is_empty() => continue,
                line => line,
            };
            return Some(
                line.map_err(anyhow::Error::from)
                    .and_then(|line| Ok(serde_json::from_str(&line)?))
                    .context(at.clone())
                    .map(|document| (at, document)),
            );
        }
    }
}

/// The id of a document: `docid` or `id`.
pub(crate) fn id(document: &Value) -> &str {
    document["docid"].as_str().or(document["id"].as_str()).unwrap_or_default()
}
