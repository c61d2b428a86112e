//! Section `weapons`: words for weapons and things of every language, with regular plurals made and
//! codes checked, without the cases that test them.

use crate::{
    patterns,
    tables::weapons::{WeaponWords, Weapons},
};
use serde::Deserialize;
use std::{collections::BTreeSet, error::Error, fs, path::Path};

#[derive(Deserialize)]
struct Codes {
    code: Vec<Code>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

pub(crate) fn build(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let codes = |list: &str| -> Result<BTreeSet<String>, Box<dyn Error>> {
        let path = folder.join("../codes").join(list);
        println!("cargo::rerun-if-changed={}", path.display());
        Ok(toml::from_str::<Codes>(&fs::read_to_string(path)?)?.code.into_iter().map(|c| c.code).collect())
    };
    let lists = [codes("weapons.toml")?, codes("materiel.toml")?, codes("delivery.toml")?];
    let mut languages = patterns::languages::<WeaponWords>(folder, "weapons.toml")?;
    for words in languages.values_mut() {
        words.no_match.clear();
        for term in &mut words.term {
            for (code, list) in [&term.weapon, &term.item, &term.delivery].into_iter().zip(&lists) {
                if let Some(code) = code
                    && !list.contains(code)
                {
                    return Err(format!("weapons.toml: no code {code:?}").into());
                }
            }
            if !term.mass && term.plural.is_empty() {
                term.plural = term.singular.iter().map(|word| plural(word)).collect();
            }
            term.cases.clear();
            term.no_match.clear();
        }
    }
    Ok(postcard::to_stdvec(&Weapons { languages })?)
}

/// The regular English plural of a phrase's last word.
fn plural(phrase: &str) -> String {
    let vowel_before_y = |stem: &str| stem.ends_with(['a', 'e', 'i', 'o', 'u']);
    match phrase.strip_suffix('y') {
        Some(stem) if !vowel_before_y(stem) => format!("{stem}ies"),
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|end| phrase.ends_with(end)) => format!("{phrase}es"),
        _ => format!("{phrase}s"),
    }
}
