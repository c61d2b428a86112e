//! Each case is a text and its voices: the speaker, `=` kind, and where they matter `/` stance,
//! `!` claims responsibility, `?` verification, `:` the words governed.

use crate::{AttributionStatus, Casus, Report, Verification};
use std::{fmt::Write, sync::LazyLock};

static CASUS: LazyLock<Casus> = LazyLock::new(|| Casus::embedded().expect("the pack opens"));

fn check(cases: &[(&str, &[&str])]) {
    let mut wrong = String::new();
    for (text, expected) in cases {
        let report = Report { id: "r".into(), text: (*text).into(), ..Report::default() };
        let traced = CASUS.read_traced(&report);
        let mut got = Vec::new();
        for (index, voice) in traced.mentions.voices.iter().enumerate() {
            let expected = expected.get(index).copied().unwrap_or_default();
            let kind = serde_json::to_value(voice.kind).expect("a word");
            let mut out =
                format!("{}={}", traced.document.words(&voice.speaker), kind.as_str().unwrap_or_default());
            if expected.contains('/') {
                out += match voice.stance {
                    AttributionStatus::Stated => "/stated",
                    AttributionStatus::Suspected => "/suspected",
                    AttributionStatus::Claimed => "/claimed",
                    AttributionStatus::Denied => "/denied",
                };
            }
            if expected.contains('!') || voice.claims_responsibility {
                out += if voice.claims_responsibility { "!" } else { "" };
            }
            if expected.contains('?') || voice.verification.is_some() {
                out += match voice.verification {
                    Some(Verification::CouldNotVerify) => "?open",
                    Some(Verification::Verified) => "?verified",
                    Some(Verification::Disputed) => "?disputed",
                    None => "",
                };
            }
            if expected.contains(':') {
                out += ":";
                out += traced.document.words(&voice.governs);
            }
            got.push(out);
        }
        if got != *expected {
            writeln!(wrong, "{text}\n   found {got:?}\n  wanted {expected:?}").expect("to a string");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn speaker_before_the_verb() {
    check(&[
        ("Police said four died.", &["Police=state"]),
        ("The army reported four dead.", &["army=state"]),
        ("The district head announced it.", &["district head=local_authority"]),
        ("Doctors said he was alive.", &["Doctors=medical"]),
        ("Residents said two houses burned.", &["Residents=witness"]),
        ("A witness told a newspaper that shots fell.", &["witness=witness"]),
        ("Survivors said the men wore masks.", &["Survivors=survivor"]),
        ("The Taliban said ten soldiers died.", &["Taliban=armed_group"]),
        ("Human Rights Watch said so.", &["Human Rights Watch=ngo"]),
        ("UNAMA said so.", &["UNAMA=un"]),
        ("Local media reported two dead.", &["Local media=media"]),
        ("An opposition leader said so.", &["opposition leader=political"]),
        ("A spokesman for the army in Beya said so.", &["spokesman=other"]),
        ("Ana Lopez, the mayor of Beya, said so.", &["Ana Lopez=local_authority"]),
        ("Ana Lopez, 34, a nurse, said so.", &["Ana Lopez=medical"]),
        ("Police later said four died.", &["Police=state"]),
        ("Police have said four died.", &["Police=state"]),
        ("POLICE SAID FOUR DIED.", &["POLICE=state"]),
        (
            "The governor said four died. He added that two fled.",
            &["governor=local_authority", "He=local_authority"],
        ),
    ]);
}

#[test]
fn speaker_behind() {
    check(&[
        ("Four people died, police said.", &["police=state:Four people died,"]),
        ("Four people died, said police.", &["police=state:Four people died,"]),
        ("Four people died, the district head said.", &["district head=local_authority:Four people died,"]),
        ("Four people died, according to witnesses.", &["witnesses=witness:Four people died,"]),
        (
            "According to the governor, four people died.",
            &["governor=local_authority:According to the governor, four people died."],
        ),
        (
            "Four people, police said, died in Beya.",
            &["police=state:Four people, police said, died in Beya."],
        ),
        ("\"Four died,\" said Col. Juan Perez.", &["Col. Juan Perez=state"]),
        ("\"Four died. Two fled,\" said the mayor.", &["mayor=local_authority:\"Four died. Two fled,\""]),
    ]);
}

#[test]
fn clauses() {
    check(&[
        (
            "Police said 14 people died; witnesses counted more than 20; the hospital received 17 bodies.",
            &[
                "Police=state:Police said 14 people died",
                "witnesses=witness:witnesses counted more than 20",
                "hospital=medical:the hospital received 17 bodies.",
            ],
        ),
        (
            "The army denied that it shelled the camp, but residents said two houses burned.",
            &[
                "army=state/denied:The army denied that it shelled the camp",
                "residents=witness:residents said two houses burned.",
            ],
        ),
        (
            "The mayor said four died, while the rebels claimed ten dead.",
            &[
                "mayor=local_authority:The mayor said four died",
                "rebels=armed_group/claimed:the rebels claimed ten dead.",
            ],
        ),
        (
            "Gunmen fled, the mayor said. Police put the toll at 11.",
            &["mayor=local_authority:Gunmen fled,", "Police=state:Police put the toll at 11."],
        ),
    ]);
}

#[test]
fn claims_and_denials() {
    check(&[
        ("The FMLN claimed responsibility for the attack.", &["FMLN=armed_group/claimed!"]),
        ("The Taliban have claimed responsibility.", &["Taliban=armed_group/claimed!"]),
        ("The ELN took responsibility for it.", &["ELN=armed_group/claimed!"]),
        ("No group has claimed responsibility.", &[]),
        ("Nobody claimed responsibility.", &[]),
        ("The attack was claimed by the ELN.", &["ELN=armed_group/claimed"]),
        ("Responsibility was claimed by the ELN.", &["ELN=armed_group/claimed!"]),
        ("The army blamed the rebels.", &["army=state/claimed"]),
        ("The government accused the rebels of it.", &["government=state/claimed"]),
        ("The rebels denied it.", &["rebels=armed_group/denied"]),
        ("The army rejected the report.", &["army=state/denied"]),
    ]);
}

#[test]
fn checks() {
    check(&[
        ("Police said four died. This could not be independently verified.", &["Police=state?open"]),
        ("The claim of the army, police said, could not be verified.", &["police=state?open"]),
        ("Police said four died. The video was independently verified.", &["Police=state?verified"]),
        ("There were conflicting reports, police said.", &["police=state?disputed"]),
    ]);
}

#[test]
fn no_voice() {
    check(&[
        ("The men were told to leave.", &[]),
        ("Four soldiers died.", &[]),
        ("He is said to be alive.", &[]),
        ("The hospital received a grant.", &[]),
        ("Police found a bomb.", &[]),
        ("Troops saw them.", &[]),
    ]);
}

#[test]
fn any_text_is_read() {
    for text in [
        "said",
        "said said",
        "according to",
        ", said",
        "\"",
        "\"said",
        "told",
        "the toll",
        "; ; said police",
        "claimed by",
    ] {
        check_reads(text);
    }
}

fn check_reads(text: &str) {
    let report = Report { id: "r".into(), text: text.into(), ..Report::default() };
    let traced = CASUS.read_traced(&report);
    for voice in &traced.mentions.voices {
        assert!(voice.governs.start <= voice.governs.end, "{text}");
    }
}
