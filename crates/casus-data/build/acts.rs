//! Section `acts`: words of languages that are read by their words alone, their triggers and classes checked,
//! without the sentences that test them.

use crate::{
    patterns,
    tables::acts::{ActWords, Acts},
};
use serde::Deserialize;
use std::{collections::BTreeSet, error::Error, fs, path::Path};

#[derive(Deserialize)]
struct Triggers {
    trigger: Vec<Id>,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

#[derive(Deserialize)]
struct Codes {
    code: Vec<Code>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

pub(crate) fn build(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let classes = folder.join("../codes/classes.toml");
    println!("cargo::rerun-if-changed={}", classes.display());
    let classes: Codes = toml::from_str(&fs::read_to_string(classes)?)?;
    let classes: BTreeSet<String> = classes.code.into_iter().map(|code| code.code).collect();
    let triggers: Triggers = toml::from_str(&fs::read_to_string(folder.join("en/triggers.toml"))?)?;
    let triggers: BTreeSet<String> = triggers.trigger.into_iter().map(|trigger| trigger.id).collect();
    let mut languages = patterns::languages::<ActWords>(folder, "acts.toml")?;
    for (language, words) in &mut languages {
        for act in &mut words.act {
            if !triggers.contains(&act.trigger) {
                return Err(format!("{language}/acts.toml: no trigger {:?}", act.trigger).into());
            }
            for verb in &act.verbs {
                let class = verb.split(' ').find_map(|word| word.split_once('+')).map(|(_, class)| class);
                if !class.is_some_and(|class| words.endings.contains_key(class)) {
                    return Err(format!("{language}/acts.toml: {verb:?} has no class of `endings`").into());
                }
            }
            act.pack();
        }
        if let Some(party) = words.party.iter().find(|party| !classes.contains(&party.class)) {
            return Err(format!("{language}/acts.toml: no class {:?}", party.class).into());
        }
    }
    Ok(postcard::to_stdvec(&Acts { languages })?)
}
