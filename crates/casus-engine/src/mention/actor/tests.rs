//! Each case is a text and the mentions found in it, in order: the words, `=` the class, and where
//! they matter `@` the register id, `^` the country, `#` kind, `!` attributes, `<` index restated.

use crate::{Casus, Date, ParticipantKind, Report};
use std::{collections::BTreeMap, fmt::Write, path::Path, sync::LazyLock};

static CASUS: LazyLock<Casus> = LazyLock::new(|| Casus::embedded().expect("the pack opens"));

pub(super) fn read(text: &str, published: Option<Date>) -> Vec<(String, super::ActorMention)> {
    let report = Report { id: "r".into(), text: text.into(), published, ..Report::default() };
    let traced = CASUS.read_traced(&report);
    let words = |m: &super::ActorMention| traced.document.words(&m.tokens).to_owned();
    traced.mentions.actors.iter().map(|m| (words(m), m.clone())).collect()
}

fn shown(words: &str, m: &super::ActorMention, expected: &str) -> String {
    let mut out = format!("{words}={}", m.class);
    // Only what the case asks for is compared.
    if expected.contains('@') {
        write!(out, "@{}", m.register.as_deref().unwrap_or("-")).expect("to a string");
    }
    if expected.contains('^') {
        write!(out, "^{}", m.country.as_deref().unwrap_or("-")).expect("to a string");
    }
    if expected.contains('#') {
        let kind = match m.kind {
            ParticipantKind::Group => "group",
            ParticipantKind::Person => "person",
            ParticipantKind::Population => "population",
            ParticipantKind::Facility => "facility",
            ParticipantKind::Vehicle => "vehicle",
            ParticipantKind::Infrastructure => "infrastructure",
        };
        write!(out, "#{kind}").expect("to a string");
    }
    if expected.contains('!') {
        write!(out, "!{}", m.attributes.join(",")).expect("to a string");
    }
    if expected.contains('<') {
        write!(out, "<{}", m.same_as.map_or("-".to_owned(), |index| index.to_string())).expect("to a string");
    }
    out
}

fn check_at(published: Option<Date>, cases: &[(&str, &[&str])]) {
    let mut wrong = String::new();
    for (text, expected) in cases {
        let found = read(text, published);
        let got: Vec<String> = found
            .iter()
            .enumerate()
            .map(|(i, (words, m))| shown(words, m, expected.get(i).copied().unwrap_or_default()))
            .collect();
        if got != *expected {
            writeln!(wrong, "{text}\n   found {got:?}\n  wanted {expected:?}").expect("to a string");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn check(cases: &[(&str, &[&str])]) {
    check_at(None, cases);
}

#[test]
fn generic_actors() {
    check(&[
        ("Three masked gunmen fled.", &["masked gunmen=armed_group_unspecified#group"]),
        ("A gunman shot a nurse.", &["gunman=armed_group_unspecified#person", "nurse=civilians#person"]),
        ("A guerrilla column arrived.", &["guerrilla column=rebel#group"]),
        ("Insurgent fighters withdrew.", &["Insurgent fighters=rebel"]),
        ("Several other insurgents fled.", &["insurgents=rebel"]),
        ("Four soldiers and two policemen died.", &["soldiers=state_military", "policemen=state_police"]),
        (
            "Army officers met police officers.",
            &["Army officers=state_military", "police officers=state_police"],
        ),
        ("A police patrol found it.", &["police patrol=state_police#group"]),
        ("Police escorts left.", &["Police escorts=state_police"]),
        ("Government troops took the hill.", &["Government troops=state_military"]),
        ("Six Jesuit priests were killed.", &["Jesuit priests=civilians!clergy"]),
        (
            "Twelve women and three children drowned.",
            &["women=civilians!women", "children=civilians!children"],
        ),
        ("An elderly farmer was beaten.", &["elderly farmer=civilians!elderly"]),
        ("Aid workers left the area.", &["Aid workers=un_ngo"]),
        ("Drug traffickers killed a judge.", &["Drug traffickers=criminal", "judge=state_other!judge"]),
        ("A death squad was blamed.", &["death squad=political_militia#group"]),
        ("An angry mob burned shops.", &["angry mob=rioters#group", "shops=civilians#facility"]),
        ("Students and teachers marched.", &["Students=civilians", "teachers=civilians"]),
        ("The rebel leader left.", &["rebel leader=rebel!leader"]),
        ("A band of alleged kidnappers was held.", &["band of alleged kidnappers=armed_group_unspecified"]),
        (
            "Members of the security forces searched it.",
            &["Members of the security forces=state_police#group"],
        ),
        ("He told reporters rebels attacked.", &["reporters=civilians", "rebels=rebel"]),
        ("Peacekeepers arrived.", &["Peacekeepers=peacekeepers"]),
        ("The peasants fled.", &["peasants=civilians"]),
    ]);
}

#[test]
fn things() {
    check(&[
        ("A grenade hit the embassy.", &["embassy=state_other#facility"]),
        (
            "They burned a tank truck and two buses.",
            &["tank truck=civilians#vehicle", "buses=civilians#vehicle"],
        ),
        ("Power pylons were blown up.", &["Power pylons=civilians#infrastructure"]),
        ("They attacked the police station.", &["police station=state_police#facility"]),
        ("The rebels' camp burned.", &["rebels=rebel", "camp=rebel#facility"]),
        ("The army's base burned.", &["army=state_military", "base=state_military#facility"]),
        ("They stormed the town hall.", &["town hall=state_other#facility"]),
        ("The bridge was mined.", &["bridge=civilians#infrastructure"]),
        // The names before a settlement are the place's, and stay free for the place stage.
        ("They entered Old Tarna village.", &["village=civilians#facility"]),
        ("A military helicopter crashed.", &["military helicopter=state_military#vehicle"]),
        ("The U.S. Embassy was closed.", &["U.S. Embassy=state_other@usa-government#facility"]),
    ]);
}

#[test]
fn named_groups() {
    check(&[
        ("The Taliban withdrew.", &["Taliban=rebel@afg-taliban^AF"]),
        ("Taliban fighters withdrew.", &["Taliban fighters=rebel@afg-taliban"]),
        ("FMLN guerrillas withdrew.", &["FMLN guerrillas=rebel@slv-fmln^SV"]),
        (
            "The Farabundo Marti National Liberation Front (FMLN) agreed.",
            &["Farabundo Marti National Liberation Front=rebel@slv-fmln", "FMLN=rebel@slv-fmln<0"],
        ),
        (
            "Members of the Atlacatl battalion met.",
            &["Members of the Atlacatl battalion=state_military@slv-atlacatl"],
        ),
        (
            "Soldiers of the Atlacatl Battalion met.",
            &["Soldiers of the Atlacatl Battalion=state_military@slv-atlacatl"],
        ),
        ("Sendero Luminoso attacked the post.", &["Sendero Luminoso=rebel@per-shining-path", "post=unknown"]),
        ("SHINING PATH TERRORISTS FLED.", &["SHINING PATH TERRORISTS=rebel@per-shining-path"]),
        ("The Extraditables sent a letter.", &["The Extraditables=criminal@col-extraditables"]),
        (
            "Suspected militants of the Haqqani network fled.",
            &["Suspected militants of the Haqqani network=rebel@afg-haqqani"],
        ),
        ("Boko Haram gunmen in Nigeria.", &["Boko Haram gunmen=rebel@nga-boko-haram"]),
        ("Al-Shabaab claimed it.", &["Al-Shabaab=rebel@som-al-shabaab"]),
        ("UN peacekeepers left.", &["UN peacekeepers=peacekeepers@int-un"]),
        ("Red Cross workers came.", &["Red Cross workers=un_ngo@int-icrc"]),
        ("MONUSCO troops came.", &["MONUSCO troops=peacekeepers@int-monusco"]),
        ("ISAF said so.", &["ISAF=foreign_military@int-isaf"]),
        ("A Hezbollah commander died.", &["Hezbollah commander=rebel@lbn-hezbollah!leader"]),
        ("قالت حركة حماس ذلك.", &["حماس=rebel@pse-hamas"]),
        // A people's forces are not the party of that name.
        ("Lebanese forces moved.", &["Lebanese forces=state_military@lbn-army"]),
        ("The Lebanese Forces moved.", &["Lebanese Forces=political_militia@lbn-lebanese-forces"]),
    ]);
}

#[test]
fn namesakes_by_country() {
    check(&[
        ("In Colombia the ELN attacked.", &["ELN=rebel@col-eln"]),
        ("In Bolivia the ELN attacked.", &["ELN=rebel@bol-eln"]),
        (
            "The Salvadoran army fought the ERP.",
            &["Salvadoran army=state_military@slv-army", "ERP=rebel@slv-erp"],
        ),
        (
            "The Argentine army fought the ERP.",
            &["Argentine army=state_military@arg-army", "ERP=rebel@arg-erp"],
        ),
        ("Download PDF.", &[]),
        ("The PDF in Myanmar withdrew.", &["PDF=rebel@mmr-pdf"]),
    ]);
}

#[test]
fn groups_in_their_time() {
    let day = |text: &str| text.parse::<Date>().ok();
    check_at(day("1999-05-01"), &[("The Taliban said so.", &["Taliban=state_other@afg-taliban"])]);
    check_at(day("2010-05-01"), &[("The Taliban said so.", &["Taliban=rebel@afg-taliban"])]);
    check_at(day("2022-05-01"), &[("The Taliban said so.", &["Taliban=state_other@afg-taliban"])]);
}

#[test]
fn bodies_of_states() {
    check(&[
        ("Salvadoran soldiers left.", &["Salvadoran soldiers=state_military@slv-army^SV"]),
        ("The army of Peru left.", &["army=state_military@per-army^PE"]),
        ("Kenyan police left.", &["Kenyan police=state_police@ken-police"]),
        ("Chile's Defense Ministry denied it.", &["Defense Ministry=state_other@chl-government^CL"]),
        ("The Israeli air force bombed it.", &["Israeli air force=state_military@isr-air-force"]),
        ("The Israeli army left.", &["Israeli army=state_military@isr-army"]),
        ("Afghan National Army soldiers left.", &["Afghan National Army soldiers=state_military@afg-ana"]),
        ("Russian warplanes came.", &["Russian warplanes=state_military@rus-army#vehicle"]),
        (
            "Afghan and coalition forces came.",
            &["Afghan=state_military@afg-army", "coalition forces=foreign_military@-"],
        ),
        (
            "Russian and Syrian soldiers came.",
            &["Russian=state_military@rus-army", "Syrian soldiers=state_military@syr-army"],
        ),
        (
            "An American and a Kenyan died.",
            &["American=civilians^US#population", "Kenyan=civilians^KE#population"],
        ),
        ("Two Afghans died.", &["Afghans=civilians^AF#population"]),
        ("Palestinian militants came.", &["Palestinian militants=armed_group_unspecified@-^PS"]),
    ]);
}

#[test]
fn persons() {
    check(&[
        ("President Maria Ortega resigned.", &["President Maria Ortega=state_other#person!leader,official"]),
        ("Col. Juan Perez came.", &["Col. Juan Perez=state_military#person"]),
        ("Father Pedro Roa prayed.", &["Father Pedro Roa=civilians!clergy"]),
        ("Army spokesman Luis Roa came.", &["Army spokesman Luis Roa=state_military#person"]),
        (
            "ARMED FORCES SPOKESMAN COLONEL LUIS ROA SAID SO.",
            &["ARMED FORCES SPOKESMAN COLONEL LUIS ROA=state_military"],
        ),
        ("The mayor of Beya, Ana Lopez, left.", &["mayor=state_other#person", "Ana Lopez=state_other<0"]),
        ("Ana Lopez, the mayor of Beya, left.", &["Ana Lopez=state_other", "mayor=state_other<0"]),
        ("Journalist Ana Lopez left. Lopez came back.", &["Journalist Ana Lopez=unknown", "Lopez=unknown<0"]),
        (
            "The president of Peru, Luis Roa, left.",
            &["president=state_other^PE", "Luis Roa=state_other^PE<0"],
        ),
        (
            "A mayor, a judge and two nuns died.",
            &["mayor=state_other<-", "judge=state_other<-", "nuns=civilians"],
        ),
    ]);
}

/// The cases in the pattern file itself.
#[test]
fn cases_of_the_patterns() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/patterns/en/agents.toml");
    let text = std::fs::read_to_string(file).expect("the patterns are in the repository");
    let table: toml::Table = text.parse().expect("the patterns are TOML");
    let mut wrong = String::new();
    let mut count = 0;
    for (list, entry) in ["agent", "title", "modifier"]
        .iter()
        .flat_map(|list| table[*list].as_array().into_iter().flatten().map(move |entry| (list, entry)))
    {
        let Some(cases) = entry.get("case") else { continue };
        let cases: BTreeMap<String, Vec<String>> = cases.clone().try_into().expect("text and words");
        for (text, expected) in cases {
            count += 1;
            let found: Vec<String> = read(&text, None).into_iter().map(|(words, _)| words).collect();
            if found != expected {
                writeln!(wrong, "{list}: {text}\n   found {found:?}\n  wanted {expected:?}")
                    .expect("to a string");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(count >= 15, "only {count} cases");
}

#[test]
fn the_register() {
    let lexicon = &CASUS.resources().mention.actor.lexicon;
    assert!(lexicon.actors.len() >= 300);
    let entry = |id: &str| lexicon.entry(id).map(|entry| entry.name);
    assert_eq!(entry("slv-army").as_deref(), Some("Armed forces of El Salvador"));
    assert_eq!(entry("afg-taliban").as_deref(), Some("Taliban"));
    assert_eq!(entry("slv-nothing"), None);
    assert_eq!(lexicon.country_of("Kenyan"), Some("KE"));
    assert_eq!(lexicon.iso3("SV"), Some("SLV"));
    // One side's word for another is never a name that is printed.
    let loaded = ["terrorist", "bandit", "criminals", "subversive", "extremist", "daesh", "mafia"];
    for actor in &lexicon.actors {
        let name = actor.name.to_lowercase();
        // Names that the groups gave themselves.
        let own =
            ["esp-gal", "grc-revolutionary-subversive-faction", "usa-evan-mecham-eco"].contains(&&*actor.id);
        assert!(!loaded.iter().any(|word| name.contains(word)) || own, "{}", actor.id);
    }
}

/// Phrase, day, country and sectors.
#[test]
fn codes_of_phrases() {
    let cases = [
        ("Kenyan police", "2020-01-01", "KEN", "COP"),
        ("Peru's Ministry of Health", "2020-01-01", "PER", "GOV"),
        ("Angola", "2020-01-01", "AGO", ""),
        ("the National Action Party", "2020-01-01", "MEX", "PTY"),
        ("the World Food Programme", "2020-01-01", "UNO", ""),
        // Who holds an office on the day, and who has left it.
        ("Tony Blair", "2003-01-01", "GBR", "GOV"),
        ("Tony Blair", "2015-01-01", "GBR", "ELI"),
        ("President Jimmy Morales", "2018-01-01", "GTM", "GOV"),
        ("the Taliban", "1999-01-01", "AFG", "GOV"),
        ("the Taliban", "2010-01-01", "AFG", "REB"),
        // A name that nobody knows has no code.
        ("Ana Lopez", "2020-01-01", "", ""),
    ];
    for (phrase, day, country, sectors) in cases {
        let day = day.parse().expect("a day");
        let codes = super::code(CASUS.resources(), phrase, "", day).unwrap_or_default();
        assert_eq!(
            (codes.country.as_str(), codes.sectors.join(",").as_str()),
            (country, sectors),
            "{phrase}"
        );
    }
}

#[test]
fn any_text_is_read() {
    for text in [
        "",
        "'s",
        "of the",
        "- -",
        "the President",
        "Col.",
        "army's army's army's",
        "and and",
        "\"",
        "US US",
        "ﷺ of",
        "San",
    ] {
        read(text, None);
    }
}
