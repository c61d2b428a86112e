//! Agreement between people who coded the same incidents.

use crate::{
    decisions::{Coded, EventHead, Named, Rulings},
    error::Result,
    gather::each_reading,
    project::Project,
};
use casus_record::{MadeBy, Reading, Report};
use casus_stats::agreement::{Level, Ratings};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What coders said of one field of one incident.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unit {
    /// The incident, as it was called when it was first decided on.
    pub incident: String,
    /// Coder to value. A coder who rejected the incident has no value for its fields.
    pub values: BTreeMap<String, Value>,
    /// Whether an adjudication or agreement has settled the incident.
    pub settled: bool,
}

/// Agreement on one field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// The field; `verdict` is whether the incident stands.
    pub field: String,
    /// Incidents that two or more coders have a value for.
    pub units: usize,
    /// Coders.
    pub coders: Vec<String>,
    /// Share of pairs of values that are equal, 0 to 1.
    pub observed: f64,
    /// Cohen's kappa, for two coders; for more, the mean over their pairs. None where it is not defined:
    /// all values are the same.
    pub kappa: Option<f64>,
    /// Krippendorff's alpha, nominal; interval if all values are numbers. None as for kappa.
    pub alpha: Option<f64>,
    /// Units on which coders differ.
    pub disagreements: Vec<Unit>,
}

impl Project {
    /// Agreement on the verdict and on every field that a coder has set, over the incidents that more
    /// than one coder decided on.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn agreement(&self, version: &MadeBy) -> Result<Vec<Agreement>> {
        let decisions = self.decisions()?;
        let named = Named::of(&decisions);
        let own = |_: &Report, reading: &Reading| named.heads(&reading.events).collect::<Vec<_>>();
        let mut heads: Vec<EventHead> = Vec::new();
        self.ask(|connection| {
            each_reading(connection, version, self.threads, own, |_, own| heads.extend(own))
        })?;
        Ok(agreements(&Rulings::new(decisions, &heads).double_coded()))
    }
}

fn agreements(units: &[(String, BTreeMap<String, Coded>, bool)]) -> Vec<Agreement> {
    let coded = || units.iter().flat_map(|(_, coders, _)| coders.values());
    let fields: BTreeSet<&str> = coded().flat_map(|coder| coder.values.keys().map(String::as_str)).collect();
    let verdict = |coder: &Coded| Some(Value::from(if coder.stands { "stands" } else { "rejected" }));
    let mut found = vec![agreement("verdict", units, &verdict)];
    found.extend(
        fields.into_iter().map(|field| agreement(field, units, &|coder| coder.value(field).cloned())),
    );
    found.retain(|agreement| agreement.units > 0);
    found
}

fn agreement(
    field: &str,
    units: &[(String, BTreeMap<String, Coded>, bool)],
    value: &dyn Fn(&Coded) -> Option<Value>,
) -> Agreement {
    let rows: Vec<Unit> = units
        .iter()
        .map(|(incident, coders, settled)| Unit {
            incident: incident.clone(),
            values: coders.iter().filter_map(|(who, coder)| Some((who.clone(), value(coder)?))).collect(),
            settled: *settled,
        })
        .filter(|unit| unit.values.len() > 1)
        .collect();
    let coders: BTreeSet<&String> = rows.iter().flat_map(|unit| unit.values.keys()).collect();
    let coders: Vec<String> = coders.into_iter().cloned().collect();
    let numbers = rows.iter().flat_map(|unit| unit.values.values()).all(Value::is_number);
    let levels: BTreeSet<String> =
        rows.iter().flat_map(|unit| unit.values.values()).map(Value::to_string).collect();
    let places: BTreeMap<String, f64> = levels.into_iter().zip((0_u32..).map(f64::from)).collect();
    let code = |value: &Value| match value.as_f64() {
        Some(number) if numbers => number,
        _ => places.get(&value.to_string()).copied().unwrap_or_default(),
    };
    let table = rows
        .iter()
        .map(|unit| coders.iter().map(|coder| unit.values.get(coder).map(code)).collect())
        .collect();
    let ratings = Ratings::new(table);
    Agreement {
        field: field.to_owned(),
        units: rows.len(),
        observed: ratings.observed().unwrap_or(1.0),
        kappa: ratings.kappa(),
        alpha: ratings.alpha(if numbers { Level::Interval } else { Level::Nominal }),
        coders,
        disagreements: rows
            .into_iter()
            .filter(|unit| unit.values.values().collect::<Vec<_>>().windows(2).any(|pair| pair[0] != pair[1]))
            .collect(),
    }
}
