use super::*;
use crate::{Casus, Report};
use serde::Deserialize;
use std::{fs, path::Path, sync::OnceLock};

fn casus() -> &'static Casus {
    static CASUS: OnceLock<Casus> = OnceLock::new();
    CASUS.get_or_init(|| Casus::embedded().expect("the pack opens"))
}

/// The reference day of the pattern files: a Wednesday.
const TODAY: &str = "2021-03-17";

fn times(text: &str, published: Option<&str>) -> Vec<TimeMention> {
    let report = Report {
        text: text.to_owned(),
        published: published.map(|day| day.parse().expect("a date")),
        language: Some("en".to_owned()),
        ..Report::default()
    };
    casus().read_traced(&report).mentions.times
}

#[derive(Deserialize)]
struct Cases {
    pattern: Vec<Pattern>,
}

#[derive(Deserialize)]
struct Pattern {
    name: String,
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    no: Vec<String>,
}

#[test]
fn every_pattern_matches_its_own_cases() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/patterns/en/time.toml");
    let file: Cases = toml::from_str(&fs::read_to_string(path).expect("the patterns")).expect("TOML");
    let mut wrong = String::new();
    for pattern in &file.pattern {
        for case in &pattern.yes {
            let (text, expected) = case.split_once(" => ").expect("words => value");
            let found = times(text, Some(TODAY));
            if !found.iter().any(|time| time.value == expected) {
                let values: Vec<_> =
                    found.iter().map(|time| (&text[time.span.range()], &time.value)).collect();
                wrong += &format!("\n{}: {text:?} should be {expected}, is {values:?}", pattern.name);
            }
        }
        for text in &pattern.no {
            let found = times(text, Some(TODAY));
            if let Some(time) = found.first() {
                wrong += &format!(
                    "\n{}: {text:?} should be none, is {:?} {}",
                    pattern.name,
                    &text[time.span.range()],
                    time.value
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
