//! The decision log: why each cell has its value, or is blank, as JSON Lines.
//!
//! ```json
//! {"row":1,"event":"ev_…","column":"fatalities","value":11,"rule":"fatalities",
//!  "because":"the lowest of rival accounts …","inputs":{"losses/0/count":{"value":14,…},"losses/2/count":{"value":11,…}}}
//! ```
//!
//! Events that become no row have one entry with the reason. Inputs are those of the record as it is
//! exported: without the words of the report unless these are exported, too.

use super::cell::{Filled, Inputs};
use casus_record::Event;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

pub(crate) struct Log {
    out: Box<dyn Write + Send>,
    /// The event of the row as JSON.
    event: Value,
    id: String,
    row: u64,
}

impl Log {
    pub(crate) fn new(mut out: Box<dyn Write + Send>, head: &Value) -> io::Result<Log> {
        writeln!(out, "{head}")?;
        Ok(Log { out, event: Value::Null, id: String::new(), row: 0 })
    }

    /// Begins a row.
    pub(crate) fn row(&mut self, event: &Event, row: u64) -> io::Result<()> {
        self.event = serde_json::to_value(event)?;
        self.id.clone_from(&event.id);
        self.row = row;
        Ok(())
    }

    /// A cell of the row.
    pub(crate) fn cell(&mut self, column: &str, filled: &Filled<'_>, because: &str) -> io::Result<()> {
        let mut inputs = Map::new();
        let mut add = |path: String| {
            let value = self.event.pointer(&format!("/{path}")).cloned().unwrap_or_default();
            inputs.insert(path, value);
        };
        match filled.inputs {
            Inputs::None => {}
            Inputs::Fields(fields) => fields.iter().for_each(|field| add((*field).to_owned())),
            Inputs::Losses(rows) => {
                for index in (0..64).filter(|index| rows >> index & 1 == 1) {
                    for field in ["count", "figure", "included_in", "voices", "who"] {
                        add(format!("losses/{index}/{field}"));
                    }
                }
            }
        }
        let entry = json!({
            "row": self.row, "event": self.id, "column": column, "value": filled.cell.json(),
            "rule": filled.rule, "because": because, "inputs": inputs,
        });
        writeln!(self.out, "{entry}")
    }

    /// An event that becomes no row.
    pub(crate) fn skipped(&mut self, event: &str, rule: &str, because: &str) -> io::Result<()> {
        let entry = json!({"row": null, "event": event, "rule": rule, "because": because});
        writeln!(self.out, "{entry}")
    }

    /// Something that the reader of the export should know.
    pub(crate) fn warning(&mut self, warning: &super::Warning) -> io::Result<()> {
        let entry = json!({
            "event": warning.event, "warning": "small_group", "persons": warning.persons,
            "path": format!("losses/{}", warning.row),
            "because": "so few persons, told with a trait, could be recognised",
        });
        writeln!(self.out, "{entry}")
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}
