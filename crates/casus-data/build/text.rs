//! Section `text`: the word lists of `data/text/`.

use crate::tables::text::{Abbreviation, Text};
use serde::Deserialize;
use std::{collections::BTreeMap, error::Error, fs, path::Path};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Abbreviations {
    abbreviation: Vec<Class>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    class: Abbreviation,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Starters {
    words: Vec<String>,
    joints: Vec<String>,
    labels: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Calendar {
    months: Vec<String>,
    weekdays: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Languages {
    words: BTreeMap<String, Vec<String>>,
}

pub(crate) fn build(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let abbreviations: Abbreviations =
        toml::from_str(&fs::read_to_string(folder.join("abbreviations.toml"))?)?;
    let starters: Starters = toml::from_str(&fs::read_to_string(folder.join("starters.toml"))?)?;
    let calendar: Calendar = toml::from_str(&fs::read_to_string(folder.join("calendar.toml"))?)?;
    let languages: Languages = toml::from_str(&fs::read_to_string(folder.join("languages.toml"))?)?;
    let mut words = BTreeMap::new();
    for list in abbreviations.abbreviation {
        for word in list.words {
            if words.insert(word.clone(), list.class).is_some() {
                return Err(format!("abbreviations.toml: {word:?} twice").into());
            }
        }
    }
    let text = Text {
        abbreviations: words.into_iter().collect(),
        starters: starters.words,
        joints: starters.joints,
        labels: starters.labels,
        months: calendar.months,
        weekdays: calendar.weekdays,
        languages: languages.words.into_iter().collect(),
    };
    Ok(postcard::to_stdvec(&text)?)
}
