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

#[derive(Deserialize)]
struct Politics {
    theme: Vec<Words>,
    act: Vec<Words>,
}

/// A theme or an act.
#[derive(Deserialize)]
struct Words {
    id: String,
    root: Option<String>,
    #[serde(default, rename = "match")]
    matches: Vec<String>,
    #[serde(default)]
    no_match: Vec<String>,
}

#[test]
fn every_word_of_politics_says_what_its_sentences_say() {
    let file: Politics =
        toml::from_str(include_str!("../../../../data/patterns/en/politics.toml")).expect("politics");
    let options = crate::Options { all: true, profile: crate::Profile::Fast, ..crate::Options::default() };
    let casus = Casus::embedded().expect("data pack").with_options(options);
    let mut wrong = Vec::new();
    for words in file.theme.iter().chain(&file.act) {
        let cases = words.matches.iter().map(|s| (s, true)).chain(words.no_match.iter().map(|s| (s, false)));
        for (sentence, expected) in cases {
            let report = Report { text: sentence.clone(), ..Report::default() };
            let deeds = casus.read_traced(&report).deeds;
            // What a theme becomes depends on its verb; an act that has no root hands on that of what it takes.
            let act = file.act.iter().any(|act| act.id == words.id);
            let found = deeds.iter().any(|deed| match &words.root {
                Some(root) if act => deed.root.name() == root && (expected || deed.rule == words.id),
                _ => true,
            });
            if found != expected {
                let verdict = if expected { "missed in" } else { "fired in" };
                let told: Vec<_> = deeds.iter().map(|deed| (deed.root.name(), &deed.rule)).collect();
                wrong.push(format!("{}: {verdict} {sentence} {told:?}", words.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{} sentences:\n{}", wrong.len(), wrong.join("\n"));
}

#[derive(Deserialize)]
struct Acts {
    act: Vec<ActOfWords>,
}

#[derive(Deserialize)]
struct ActOfWords {
    trigger: String,
    #[serde(rename = "match")]
    matches: Vec<String>,
    no_match: Vec<String>,
}

#[test]
fn every_act_of_a_language_without_a_tagger_is_read_by_its_words() {
    let files = [("es", include_str!("../../../../data/patterns/es/acts.toml"))];
    let casus = Casus::embedded().expect("data pack");
    let lexicon = &casus.resources().frame.lexicon;
    let mut wrong = Vec::new();
    for (language, file) in files {
        let file: Acts = toml::from_str(file).expect("acts");
        for act in &file.act {
            let cases = act.matches.iter().map(|s| (s, true)).chain(act.no_match.iter().map(|s| (s, false)));
            for (sentence, expected) in cases {
                let report = Report {
                    text: sentence.clone(),
                    language: Some(language.to_owned()),
                    ..Report::default()
                };
                let traced = casus.read_traced(&report);
                let frames = traced.drafts.iter().flat_map(|draft| &draft.frames);
                let found = frames
                    .map(|&frame| &traced.frames.frames[frame])
                    .any(|frame| lexicon.trigger(frame.trigger).id == act.trigger);
                if found != expected {
                    wrong.push(format!("{}: {expected} expected in {sentence}", act.trigger));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} sentences:\n{}", wrong.len(), wrong.join("\n"));
}
