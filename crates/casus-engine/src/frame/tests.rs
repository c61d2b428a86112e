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

#[test]
fn acts_of_politics_find_their_parties() {
    let options = crate::Options { all: true, profile: crate::Profile::Fast, ..crate::Options::default() };
    let casus = Casus::embedded().expect("data pack").with_options(options);
    let check = |text: &str, root: &str, actors: &[&str], recipients: &[&str]| {
        let report = Report { text: text.to_owned(), ..Report::default() };
        let traced = casus.read_traced(&report);
        let deed = traced.deeds.iter().find(|deed| !deed.force).expect(text);
        let words = |side: &[super::Nominal]| -> Vec<&str> {
            side.iter().map(|one| traced.document.words(&one.core)).collect()
        };
        let found = (deed.root.name(), words(&deed.actors), words(&deed.recipients));
        assert_eq!(found, (root, actors.to_vec(), recipients.to_vec()), "{text}");
    };
    // A main clause that only dates what another one tells.
    check("The visit came as Norway promised grain to Sweden.", "AGREE", &["Norway"], &["Sweden"]);
    // What a country says of another's force.
    check("Norway said Sweden had shelled its port.", "ACCUSE", &["Norway"], &["Sweden"]);
    check("Norway claimed that Sweden had closed the strait.", "ACCUSE", &["Norway"], &["Sweden"]);
    // Who speaks through a statement.
    check(
        "A statement issued by the Norwegian foreign ministry condemned Sweden.",
        "ACCUSE",
        &["Norwegian foreign ministry"],
        &["Sweden"],
    );
    // Passives whose subject is a thing.
    check("A ban on trade with Sweden was lifted by Norway.", "CONCEDE", &["Norway"], &["Sweden"]);
    check("Evidence against Sweden was presented by Norway.", "ACCUSE", &["Norway"], &["Sweden"]);
    // Subjects that receive.
    check(
        "The Norwegian premier faces pressure from Sweden.",
        "REQUEST",
        &["Sweden"],
        &["Norwegian premier"],
    );
    check("Norway won assurances from Sweden about the canal.", "AGREE", &["Sweden"], &["Norway"]);
    // Things that take place by themselves.
    check("Talks between Norway and Sweden resumed on Monday.", "CONSULT", &["Norway", "Sweden"], &[]);
    check("Norwegian troops withdrew from Sweden.", "RETREAT", &["Norwegian troops"], &["Sweden"]);
    // A crowd's force is its protest.
    check(
        "Norwegian protesters demolished the fence of Sweden.",
        "PROTEST",
        &["Norwegian protesters"],
        &["Sweden"],
    );
    // "Free" is a verb behind a modal.
    check("Norway announced it would free 150 Swedish sailors.", "AGREE", &["Norway"], &["Swedish sailors"]);
}

#[test]
fn force_named_by_a_country_is_that_countrys() {
    let casus = Casus::embedded().expect("data pack");
    let options = crate::Options { all: true, profile: crate::Profile::Fast, ..crate::Options::default() };
    let casus = casus.with_options(options);
    let check = |text: &str, actor: Option<&str>| {
        let report = Report { text: text.to_owned(), ..Report::default() };
        let event = casus.read(&report).events.into_iter().next().expect(text);
        let found = event.participants.iter().find(|one| one.role == crate::Role::Actor);
        assert_eq!(found.map(|one| one.name.as_str()), actor, "{text}");
    };
    check("Four farmers were killed in Norwegian air strikes near the port.", Some("Norwegian"));
    check("Four farmers were killed in air strikes near the port.", None);
    check("Rebels fired on farmers who fled after Norwegian air strikes.", Some("Rebels"));
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
