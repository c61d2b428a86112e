//! What the learned reader sees, and what the profiles make of it.

use casus_engine::{Casus, Options, Profile, Report, Role, reader::Part};

fn casus(profile: Profile) -> Casus {
    Casus::embedded().expect("the pack").with_options(Options { profile, ..Options::default() })
}

fn report(text: &str) -> Report {
    Report { id: "r".into(), text: text.into(), ..Report::default() }
}

/// The parts that the model sees.
fn check(text: &str, expected: &[(Part, &str)]) {
    let report = report(text);
    let casus = casus(Profile::Accurate);
    let traced = casus.read_traced(&report);
    let seen: Vec<(Part, &str)> =
        traced.learned.spans.iter().map(|span| (span.part, traced.document.slice(span.span))).collect();
    for part in expected {
        assert!(seen.contains(part), "{part:?} is not among {seen:?} in {text:?}");
    }
}

#[test]
fn parts_are_seen() {
    check(
        "San Tarna, 4 March 1989 -- Armed men kidnapped Ramon Velarde, the mayor of Lodo, last night.",
        &[(Part::PerpetratorPerson, "Armed men"), (Part::VictimName, "Ramon Velarde")],
    );
    check(
        "A CAR BOMB DESTROYED THE POLICE STATION OF LODO YESTERDAY. TWO POLICEMEN WERE KILLED.",
        &[(Part::Weapon, "CAR BOMB"), (Part::Target, "POLICE STATION"), (Part::Victim, "POLICEMEN")],
    );
}

#[test]
fn a_report_of_other_things_has_no_incident() {
    let report =
        report("The central bank left interest rates where they were. Exports of coffee rose in May.");
    for profile in [Profile::Default, Profile::Accurate] {
        let casus = casus(profile);
        let traced = casus.read_traced(&report);
        assert!(traced.learned.incidents.is_empty(), "{profile:?}: {:?}", traced.learned);
        assert!(traced.reading.events.is_empty());
    }
}

#[test]
fn fast_reads_by_rules_alone() {
    let report = report("Gunmen killed four farmers near Beya.");
    let casus = casus(Profile::Fast);
    let traced = casus.read_traced(&report);
    assert!(traced.learned.spans.is_empty());
    assert!(traced.reading.events[0].participants.iter().any(|p| p.role == Role::Actor));
}

#[test]
fn any_text_is_read() {
    let long = "a ".repeat(20_000);
    let joined = "x".repeat(50_000);
    let attacks = "Rebels attacked Beya and killed two men ".repeat(600);
    for text in ["", "\u{0}", "؟", "👨‍👩‍👧‍👦 شخص", long.as_str(), joined.as_str(), attacks.as_str()]
    {
        let report = report(text);
        for profile in [Profile::Default, Profile::Accurate] {
            let reading = casus(profile).read(&report);
            for participant in reading.events.iter().flat_map(|event| &event.participants) {
                assert!(participant.mentions.iter().all(|span| text.get(span.range()).is_some()));
            }
        }
    }
}

#[test]
fn every_place_a_report_is_cut_gives_the_same_bytes() {
    // More than one section; read twice, with other reports between.
    let text =
        "Gunmen shot dead the mayor of Lodo. A bomb hit a bus in Beya, killing Ana Morel. ".repeat(120);
    let report = report(&text);
    let casus = casus(Profile::Default);
    let first = format!("{:?}", casus.read(&report).events);
    casus.read(&Report { text: "Rebels burned two shops in Gol.".into(), ..Report::default() });
    assert_eq!(first, format!("{:?}", casus.read(&report).events));
}

#[test]
fn what_the_model_added_is_explained() {
    let report = report(
        "Gunmen attacked a house in Gol on Friday. Ramon Velarde, 40, and his wife were inside and died.",
    );
    let casus = casus(Profile::Default);
    let traced = casus.read_traced(&report);
    assert!(traced.drafts.iter().any(|draft| !draft.learned.is_empty()));
    let fields: Vec<String> = casus
        .explain(&traced, None)
        .into_iter()
        .flat_map(|sentence| sentence.events)
        .flat_map(|event| event.fields)
        .filter(|field| field.because.contains("the learned reader, as victim_name"))
        .map(|field| field.value)
        .collect();
    assert_eq!(fields, ["Recipient Ramon Velarde (unknown)"]);
}

#[test]
fn who_speaks_is_no_victim() {
    let report = report(
        "Gunmen on motorcycles stormed a market in Gol on Saturday and killed 12 people. \"They fired in all \
         directions,\" said Sani Moro, a trader who fled to Beya.",
    );
    let reading = casus(Profile::Accurate).read(&report);
    let names: Vec<&str> =
        reading.events.iter().flat_map(|e| &e.participants).map(|p| p.name.as_str()).collect();
    assert!(!names.iter().any(|name| name.contains("trader") || name.contains("Moro")), "{names:?}");
}
