//! Why a reading is as it is, for what `casus read` gives only with `--scope all`.

use casus_engine::{Casus, Options, Report, explain::Sentence};

fn explained(text: &str) -> (Casus, Report, Vec<Sentence>) {
    let casus = Casus::embedded().expect("the pack opens");
    let casus = casus.with_options(Options { all: true, ..Options::default() });
    let report = Report { id: "r".into(), text: text.into(), ..Report::default() };
    let sentences = casus.explain(&casus.read_traced(&report), None);
    (casus, report, sentences)
}

#[test]
fn an_act_of_politics_tells_how_its_words_came_to_the_root() {
    let check = |text: &str, root: &str, steps: &[(&str, &str)]| {
        let (casus, report, sentences) = explained(text);
        let act = &sentences[0].acts[0];
        let found: Vec<(&str, &str)> =
            act.steps.iter().map(|(span, _, root)| (&text[span.range()], *root)).collect();
        assert_eq!((act.root, found.as_slice()), (root, steps), "{text}");
        assert_eq!(sentences[0].no_event, None, "{text}");
        let event = &casus.read(&report).events[0];
        assert!(act.because.ends_with(&event.id), "{}", act.because);
        assert!(sentences[0].events[0].fields.iter().any(|field| field.value == root), "{text}");
    };
    check("Gollia and Lodia held talks in Moro.", "CONSULT", &[("talks", "CONSULT"), ("held", "CONSULT")]);
    check(
        "Lodia said it would suspend aid to Gollia.",
        "THREATEN",
        &[("aid", "AID"), ("suspend", "SANCTION"), ("would", "THREATEN"), ("said", "THREATEN")],
    );
    check(
        "Lodia will not attend the talks with Gollia.",
        "REJECT",
        &[("talks", "CONSULT"), ("attend", "REJECT")],
    );
}

#[test]
fn what_violence_tells_is_no_act_of_politics() {
    let (_, _, sentences) = explained("Gunmen killed four farmers near Beya.");
    assert!(sentences[0].acts.is_empty());
    assert_eq!(sentences[0].events.len(), 1);
}
