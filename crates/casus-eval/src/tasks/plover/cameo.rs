//! Conventions of CAMEO's coders (codebook 1.1b3), for the sets that have them: what PLOVER dropped is no event, an event
//! is one of a source and a target, and a role is one of CAMEO's.

use casus_engine::{AttributionStatus, Event, Family, Traced, frame::politics::Root};
use serde_json::{Value, json};

/// Stems of requests that are demands (10). All others are appeals (02; codebook, 020: "distinct from demands, which are
/// more forceful"), which PLOVER has no root for (its manual, table 7.1).
const DEMANDS: &[&str] =
    &["demand", "insist", "requir", "order", "command", "instruct", "press", "ultimatum", "summon"];

/// Stems of words of empathy or thanks alone, which are comments (013, 018).
const COMMENTS: &[&str] = &["sorrow", "condolence", "sympath", "empath", "appreciation", "gratitude"];

/// Stems of verbs with which one speaks of what one did oneself (015).
const ADMITS: &[&str] = &["claim", "admit", "acknowledg", "confess", "boast"];

/// Stems of verbs and nouns with which one receives a visitor.
const HOSTS: &[&str] = &["receiv", "host", "welcom"];

/// Whether an event is one of CAMEO's comments (01) or appeals (02); `words` are those that name it.
pub(super) fn is_dropped(traced: &Traced<'_>, event: &Event, root: &str, words: &str) -> bool {
    let says = |stems: &[&str]| stems.iter().any(|stem| words.contains(stem));
    match root {
        "REQUEST" => !says(DEMANDS),
        "SUPPORT" => says(COMMENTS),
        _ => event.action.family != Family::Political && owns_up(traced, event),
    }
}

/// Whether an event is told as one's own deed: "the Front claimed responsibility for", "Lodia claimed it had attacked" (015).
fn owns_up(traced: &Traced<'_>, event: &Event) -> bool {
    let attributions = event.participants.iter().flat_map(|one| &one.attributions);
    let mut statuses = attributions.map(|attribution| attribution.status);
    let Some(trigger) = event.action.triggers.first() else { return false };
    statuses.any(|status| status == AttributionStatus::Claimed)
        || traced.deeds.iter().any(|deed| {
            let own = traced.document.span(&deed.tokens);
            let words = traced.document.slice(own).to_lowercase();
            let before = deed.actors.first().is_some_and(|actor| actor.tokens.end <= deed.tokens.start);
            let covers = own.start < trigger.start && trigger.end <= own.end;
            deed.force && before && covers && ADMITS.iter().any(|stem| words.starts_with(stem))
        })
}

/// An event as one for each source with each target; without a target, those who act towards each other. Who hosts is
/// visited (codebook, 043: "two events are coded").
pub(super) fn dyads(event: &Value, words: &str) -> Vec<Value> {
    let side = |name: &str| event[name].as_array().cloned().unwrap_or_default();
    let (sources, targets) = (side("source"), side("target"));
    let mutual = targets.is_empty() && sources.len() > 1;
    let targets = if mutual { sources.clone() } else { targets };
    if sources.is_empty() || targets.is_empty() {
        return vec![event.clone()];
    }
    let one = |source: &Value, target: &Value| json!({"event": event["event"], "source": [source], "target": [target]});
    let pairs = || sources.iter().flat_map(|source| targets.iter().map(move |target| (source, target)));
    let mut out: Vec<Value> = pairs()
        .filter(|(source, target)| !mutual || source != target)
        .map(|(source, target)| one(source, target))
        .collect();
    if event["event"] == Root::Consult.name() && HOSTS.iter().any(|stem| words.contains(stem)) {
        out.extend(pairs().map(|(source, target)| one(target, source)));
    }
    out
}

/// The role of a party by CAMEO, where it differs from PLOVER's sector. A militant group of no one country (IMG) has none
/// beside, as the code tells it; capitals and those who are held or keep peace are of a country and nothing else.
pub(super) fn role<'s>(country: &str, sector: Option<&'s str>, words: &str) -> Option<&'s str> {
    let ends = |words_of: &[&str]| words_of.iter().any(|end| words.ends_with(end));
    match sector {
        _ if country == "IMG" => None,
        Some("GOV") if words.ends_with("capital") => None,
        Some("CRM" | "CVL")
            if ends(&["prisoner", "prisoners", "detainee", "detainees", "inmate", "inmates"]) =>
        {
            None
        }
        Some("MIL") if ends(&["peacekeeper", "peacekeepers"]) => None,
        None | Some("CVL" | "GOV") if ends(&[" men", " women", " nationals", " citizens"]) => Some("CVL"),
        sector => sector,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three who meet are six dyads, two who bomb one are two, and who is received visits.
    #[test]
    fn acts_of_several_are_dyads() {
        let check = |root: &str, words: &str, sources: &[&str], targets: &[&str], expected: usize| {
            let event = json!({"event": root, "source": sources, "target": targets});
            assert_eq!(dyads(&event, words).len(), expected, "{words}: {sources:?} {targets:?}");
        };
        check("CONSULT", "met", &["AAA", "BBB", "CCC"], &[], 6);
        check("ASSAULT", "bombed", &["AAA", "BBB"], &["CCC"], 2);
        check("CONSULT", "visited", &["AAA"], &["BBB"], 1);
        check("CONSULT", "received", &["AAA"], &["BBB"], 2);
        check("PROTEST", "marched", &["AAA"], &[], 1);
        check("ASSAULT", "bombed", &[], &["AAA"], 1);
    }

    #[test]
    fn roles() {
        let check = |country: &str, sector: Option<&str>, words: &str, expected: Option<&str>| {
            assert_eq!(role(country, sector, words), expected, "{country} {words}");
        };
        check("IMG", Some("REB"), "the Front", None);
        check("GOL", Some("CRM"), "150 Gollian prisoners", None);
        check("GOL", Some("GOV"), "the Gollian capital", None);
        check("GOL", Some("CRM"), "Gollian smugglers", Some("CRM"));
        check("GOL", None, "two Gollian men", Some("CVL"));
        check("GOL", Some("MIL"), "Gollian peacekeepers", None);
        check("GOL", Some("MIL"), "Gollian troops", Some("MIL"));
    }
}
