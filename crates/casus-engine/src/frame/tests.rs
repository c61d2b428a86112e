//! The sentences that every trigger carries, run as they stand in its file.

use crate::{Casus, Report};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    trigger: Vec<Trigger>,
}

#[derive(Deserialize)]
struct Trigger {
    id: String,
    #[serde(rename = "match")]
    matches: Vec<String>,
    no_match: Vec<String>,
}

/// Whether a sentence, read alone, gives an event that this trigger names.
fn names_an_event(casus: &Casus, sentence: &str, trigger: &str) -> bool {
    let report =
        Report { text: sentence.to_owned(), published: "2024-05-14".parse().ok(), ..Report::default() };
    let traced = casus.read_traced(&report);
    let lexicon = &casus.resources().frame.lexicon;
    traced
        .drafts
        .iter()
        .flat_map(|draft| &draft.frames)
        .any(|&frame| lexicon.trigger(traced.frames.frames[frame].trigger).id == trigger)
}

#[test]
fn every_trigger_names_what_its_sentences_say() {
    let file: File =
        toml::from_str(include_str!("../../../../data/patterns/en/triggers.toml")).expect("triggers");
    let casus = Casus::embedded().expect("data pack");
    let mut wrong = Vec::new();
    for trigger in &file.trigger {
        let cases =
            trigger.matches.iter().map(|s| (s, true)).chain(trigger.no_match.iter().map(|s| (s, false)));
        for (sentence, expected) in cases {
            if names_an_event(&casus, sentence, &trigger.id) != expected {
                wrong.push(format!(
                    "{}: {} {sentence}",
                    trigger.id,
                    if expected { "missed in" } else { "fired in" }
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} sentences:\n{}", wrong.len(), wrong.join("\n"));
}
