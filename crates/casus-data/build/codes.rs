//! Section `codes`: every `data/codes/*.toml` is one open list, an array of tables `code`.

use crate::tables::{Code, Codes};
use serde::Deserialize;
use std::{collections::BTreeSet, error::Error, fs, path::Path};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    code: Vec<Code>,
}

pub(crate) fn build(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut codes = Codes::default();
    let mut files: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        let path = file.path();
        let (Some("toml"), Some(stem)) =
            (path.extension().and_then(|x| x.to_str()), path.file_stem().and_then(|x| x.to_str()))
        else {
            continue;
        };
        if stem == "SOURCE" {
            continue;
        }
        let list: File =
            toml::from_str(&fs::read_to_string(&path)?).map_err(|cause| format!("{stem}.toml: {cause}"))?;
        let mut seen = BTreeSet::new();
        if let Some(twice) = list.code.iter().find(|code| !seen.insert(code.code.clone())) {
            return Err(format!("{stem}.toml: code {:?} twice", twice.code).into());
        }
        codes.sets.insert(stem.to_owned(), list.code);
    }
    Ok(postcard::to_stdvec(&codes)?)
}
