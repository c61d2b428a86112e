//! Section `event_place`: `data/patterns/en/event_place.toml`, and the words of
//! `data/patterns/en/event_place_words.toml`.

use crate::tables::EventPlace;
use serde::Deserialize;
use std::{collections::BTreeMap, error::Error, fs, path::Path};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: BTreeMap<String, Vec<String>>,
}

pub(crate) fn build(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let read = |name: &str| -> Result<String, Box<dyn Error>> {
        fs::read_to_string(folder.join(name)).map_err(|cause| format!("{name}: {cause}").into())
    };
    let mut table: EventPlace =
        toml::from_str(&read("event_place.toml")?).map_err(|cause| format!("event_place.toml: {cause}"))?;
    let words: Words = toml::from_str(&read("event_place_words.toml")?)
        .map_err(|cause| format!("event_place_words.toml: {cause}"))?;
    table.words = words.words;
    Ok(postcard::to_stdvec(&table)?)
}
