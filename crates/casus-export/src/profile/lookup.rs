//! UCDP's ids of conflicts, dyads and sides, from a table that the user gives.
//!
//! The table is CSV with columns of UCDP's own names; `side_a` and `side_b` are needed, others are used
//! where they stand: `type_of_violence`, `conflict_new_id`, `conflict_name`, `dyad_new_id`,
//! `side_a_new_id`, `side_b_new_id`. Any GED file will do.

use rustc_hash::FxHashMap;
use std::io::{self, Read};

/// UCDP's ids for a pair of parties.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pair {
    pub(crate) conflict_id: Option<i64>,
    pub(crate) conflict_name: Option<String>,
    pub(crate) dyad_id: Option<i64>,
    pub(crate) side_a_id: Option<i64>,
    pub(crate) side_b_id: Option<i64>,
}

/// A table of UCDP's ids.
#[derive(Debug, Default)]
pub struct Lookup {
    /// By names of the sides in lower case and type of violence, 0 for any.
    pairs: FxHashMap<(String, String, u8), Pair>,
}

impl Lookup {
    /// Reads a table.
    ///
    /// # Errors
    /// If it cannot be read or has no columns `side_a` and `side_b`.
    pub fn read(table: impl Read) -> io::Result<Lookup> {
        let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(table);
        let head = table.headers()?.clone();
        let column =
            |name: &str| head.iter().position(|column| column.trim_start_matches('\u{feff}') == name);
        let (Some(a), Some(b)) = (column("side_a"), column("side_b")) else {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "no columns side_a and side_b"));
        };
        let mut pairs = FxHashMap::default();
        for row in table.records() {
            let row = row?;
            let text = |name: &str| column(name).and_then(|at| row.get(at)).map(str::trim);
            let id = |name: &str| text(name).and_then(|id| id.parse::<i64>().ok());
            let (Some(a), Some(b)) = (row.get(a), row.get(b)) else { continue };
            let kind = id("type_of_violence").and_then(|kind| u8::try_from(kind).ok()).unwrap_or(0);
            let pair = Pair {
                conflict_id: id("conflict_new_id"),
                conflict_name: text("conflict_name").filter(|name| !name.is_empty()).map(str::to_owned),
                dyad_id: id("dyad_new_id"),
                side_a_id: id("side_a_new_id"),
                side_b_id: id("side_b_new_id"),
            };
            pairs.entry((a.trim().to_lowercase(), b.trim().to_lowercase(), kind)).or_insert(pair);
        }
        Ok(Lookup { pairs })
    }

    pub(crate) fn pair(&self, a: &str, b: &str, kind: u8) -> Option<&Pair> {
        let (a, b) = (a.to_lowercase(), b.to_lowercase());
        [kind, 0].into_iter().find_map(|kind| self.pairs.get(&(a.clone(), b.clone(), kind)))
    }
}
