//! An incident as a block of lines for the terminal.

use super::words::{agreement_word, headline, party_lines, value_text, voice_text};
use casus_record::{Agreement, Claim, Incident};
use std::{collections::BTreeMap, fmt::Write as _};

/// Claims that a line of the table shows at most.
const MOST_IN_LINE: usize = 8;

/// One incident as a block of lines.
pub fn incident_text(incident: &Incident) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}  {}", incident.id, headline(incident));
    let mut fields: BTreeMap<&str, Vec<&Claim>> = BTreeMap::new();
    for claim in &incident.claims {
        fields.entry(&claim.field).or_default().push(claim);
    }
    let mut order: Vec<&str> = incident.claims.iter().map(|claim| claim.field.as_str()).collect();
    order.dedup();
    for field in order {
        let claims = &fields[field];
        let agreement = incident.agreement.get(field).copied().unwrap_or(Agreement::Single);
        // What all agree on, or one source says, stands in the headline; losses always have their line.
        if !field.starts_with("losses.") && matches!(agreement, Agreement::Agree | Agreement::Single) {
            continue;
        }
        let mut said: Vec<String> = Vec::new();
        for claim in claims {
            let one = format!("{} ({})", value_text(&claim.value), voice_text(&claim.voice));
            if !said.contains(&one) {
                said.push(one);
            }
        }
        let more = said.len().saturating_sub(MOST_IN_LINE);
        said.truncate(MOST_IN_LINE);
        if more > 0 {
            said.push(format!("and {more} more"));
        }
        let name = field.trim_start_matches("losses.").replace('_', " ");
        let _ = writeln!(out, "    {name:20} {:9} {}", agreement_word(agreement), said.join(" | "));
    }
    for line in party_lines(incident) {
        let _ = writeln!(out, "    {line}");
    }
    out
}
