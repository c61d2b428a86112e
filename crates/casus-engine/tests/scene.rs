//! Which of the named places an event has, by the model beside the weights, and that any text is judged.

use casus_engine::{Casus, Options, Profile, Report};
use std::sync::LazyLock;

static CASUS: LazyLock<Casus> = LazyLock::new(|| Casus::embedded().expect("the pack"));

fn chosen(casus: &Casus, text: &str, verb: &str) -> Vec<String> {
    let report = Report { text: text.into(), ..Report::default() };
    let traced = casus.read_traced(&report);
    let at = text.find(verb).expect("the verb") as u32;
    let at = traced.document.tokens.iter().position(|token| token.span.end > at).expect("a token") as u32;
    let choices = casus.scene(&traced, at..at + 1);
    choices.best(|_| true).iter().map(|site| traced.document.words(&site.tokens).to_owned()).collect()
}

#[track_caller]
fn check(text: &str, verb: &str, expected: &[&str]) {
    assert_eq!(chosen(&CASUS, text, verb), expected, "{verb:?} of {text:?}");
}

#[test]
fn each_verb_has_its_place() {
    let text = "Police in Kabul said that gunmen from Herat killed two men in Kunduz, after shops were burned in Taloqan.";
    check(text, "killed", &["Kunduz"]);
    check(text, "burned", &["Taloqan"]);
}

#[test]
fn who_acts_and_who_tells_is_no_place() {
    check("The government in Damascus said that soldiers had shot two men.", "shot", &[]);
    check("Troops from Chad killed four fighters on Monday.", "killed", &[]);
}

#[test]
fn names_of_one_list_go_together() {
    check("Crowds protested in Homs, Hama and Idlib on Friday.", "protested", &["Homs", "Hama", "Idlib"]);
}

/// A sentence is longer than what the model sees at once; the verb stands at its beginning, in its middle, at its end.
#[test]
fn a_long_sentence_is_seen_around_its_verb() {
    let filling = "they spoke of the harvest and the roads and ".repeat(20);
    for (before, behind) in [(false, true), (true, true), (true, false)] {
        let before = if before { format!("In Aleppo {filling}") } else { String::new() };
        let behind = if behind { format!(" while {filling} in Hama") } else { String::new() };
        let text = format!("{before}four men were killed in Homs on Monday{behind}.");
        assert_eq!(chosen(&CASUS, &text, "killed"), ["Homs"], "{text}");
    }
}

#[test]
fn any_text_is_judged() {
    for text in [
        "killed",
        "Été Å killed \u{202e}in İstanbul İİİ\u{301}, Ｋａｂｕｌ \u{200b}and Kunduz",
        "killed in Kabul\0Homs \u{fffd}",
    ] {
        let names = chosen(&CASUS, text, "killed");
        assert!(names.iter().all(|name| text.contains(&**name)), "{names:?}");
    }
}

#[test]
fn fast_asks_no_model() {
    let fast = Casus::embedded().expect("the pack");
    let fast = fast.with_options(Options { profile: Profile::Fast, ..Options::default() });
    let rules = Casus::of_rules().expect("the pack");
    // The weights alone take the first of the list.
    let (text, verb) = ("Crowds protested in Homs, Hama and Idlib on Friday.", "protested");
    assert_eq!(chosen(&fast, text, verb), chosen(&rules, text, verb));
    assert_ne!(chosen(&fast, text, verb), chosen(&CASUS, text, verb));
}
