use super::*;
use crate::{Report, Resources, text};
use std::{fs, path::PathBuf};

/// Runs every case of a language's pattern file.
fn check_file(language: &'static str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data/patterns").join(language);
    let content = fs::read_to_string(path.join("count.toml")).unwrap();
    let words: CountWords = toml::from_str(&content).unwrap();
    let resources = Resources::embedded().unwrap();
    let mut failures = Vec::new();
    let mut run = |cases: &[String], no_match: &[String]| {
        for case in cases {
            let (text, expected) = case.split_once(" => ").unwrap_or_else(|| panic!("no arrow in {case:?}"));
            let found = rendered(&resources, language, text, false);
            if found != expected {
                failures.push(format!("{text:?}\n  expected {expected}\n  found    {found}"));
            }
        }
        for text in no_match {
            let found = rendered(&resources, language, text, true);
            if !found.is_empty() {
                failures.push(format!("{text:?}\n  expected no quantity\n  found    {found}"));
            }
        }
    };
    run(&words.cases, &words.no_match);
    run(&words.range.cases, &words.range.no_match);
    words.bound.iter().for_each(|x| run(&x.cases, &x.no_match));
    words.vague.iter().for_each(|x| run(&x.cases, &x.no_match));
    words.none.iter().for_each(|x| run(&x.cases, &x.no_match));
    words.kind.iter().for_each(|x| run(&x.cases, &x.no_match));
    words.unit.iter().for_each(|x| run(&x.cases, &x.no_match));
    words.block.iter().for_each(|x| run(&x.cases, &x.no_match));
    assert!(failures.is_empty(), "{language}:\n{}", failures.join("\n"));
}

fn mentions(resources: &Resources, language: &'static str, text: &str) -> Vec<CountMention> {
    let report = Report { text: text.into(), language: Some(language.into()), ..Report::default() };
    let mut document = text::segment(resources, &report);
    document.language = Some(language);
    find(&resources.mention.count, &document, &crate::mention::phrase::atoms(&document), &[])
}

/// `words = [kind] [operator] bounds [unit]` of every mention, as the pattern files write it.
fn rendered(resources: &Resources, language: &'static str, text: &str, quantities: bool) -> String {
    let name = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mentions = mentions(resources, language, text);
    let lines: Vec<String> = mentions
        .iter()
        .filter(|mention| !quantities || mention.kind == CountKind::Quantity)
        .map(|mention| {
            let count = &mention.count;
            let mut words = vec![count.stated.clone(), "=".into()];
            if mention.kind != CountKind::Quantity {
                words.push(format!("{:?}", mention.kind).to_lowercase());
            }
            if count.operator != Operator::Exact {
                words.push(name(serde_json::to_value(count.operator).unwrap()));
            }
            words.extend(count.word.clone());
            words.push(match (count.low, count.high, count.value) {
                (Some(low), Some(high), _) if low == high => low.to_string(),
                (Some(low), Some(high), _) => format!("{low}..{high}"),
                (Some(low), None, _) => format!("{low}.."),
                (None, Some(high), _) => format!("..{high}"),
                (None, None, value) => format!("~{}", value.unwrap_or_default()),
            });
            if mention.unit != Unit::Persons {
                words.push(name(serde_json::to_value(mention.unit).unwrap()));
            }
            words.join(" ")
        })
        .collect();
    lines.join("; ")
}

#[test]
fn english_patterns() {
    check_file("en");
}

#[test]
fn arabic_patterns() {
    check_file("ar");
}

#[test]
fn spanish_patterns() {
    check_file("es");
}

#[test]
fn bare_nouns_are_counts_on_request() {
    let resources = Resources::embedded().unwrap();
    let report = Report { text: "soldiers".into(), ..Report::default() };
    let document = text::segment(&resources, &report);
    let two = of_noun(&document, 0..1, true);
    assert_eq!((two.count.operator, two.count.low, two.count.high), (Operator::Plural, Some(2), None));
    let one = of_noun(&document, 0..1, false);
    assert_eq!((one.count.operator, one.count.low, one.count.high), (Operator::Singular, Some(1), Some(1)));
}
