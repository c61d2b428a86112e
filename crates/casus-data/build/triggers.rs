//! Section `triggers`: every `data/patterns/<lang>/triggers.toml`, languages in order of name.

use crate::tables::{Trigger, Triggers};
use serde::Deserialize;
use std::{collections::BTreeSet, error::Error, fs, path::Path};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    trigger: Vec<Trigger>,
}

pub(crate) fn build(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut all = Triggers::default();
    let mut languages: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    languages.sort_by_key(fs::DirEntry::file_name);
    for language in languages {
        let path = language.path().join("triggers.toml");
        if !path.is_file() {
            continue;
        }
        let file: File = toml::from_str(&fs::read_to_string(&path)?)
            .map_err(|cause| format!("{}: {cause}", path.display()))?;
        all.triggers.extend(file.trigger);
    }
    let mut seen = BTreeSet::new();
    for trigger in &all.triggers {
        if !seen.insert(&trigger.id) {
            return Err(format!("trigger {:?} twice", trigger.id).into());
        }
    }
    Ok(postcard::to_stdvec(&all)?)
}
