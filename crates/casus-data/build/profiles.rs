//! Section `profiles`: `data/profiles/*.toml`, a file a data set, and `countries.toml`.

use crate::tables::profile::{Country, ProfileTable, Profiles};
use serde::Deserialize;
use std::{collections::BTreeSet, error::Error, fs, path::Path};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Countries {
    country: Vec<Country>,
}

pub(crate) fn build(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut all = Profiles::default();
    let mut paths: Vec<_> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, Box<dyn Error>>>()?;
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml")) {
        let text = fs::read_to_string(path)?;
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        match stem {
            "SOURCE" => {}
            "countries" => all.countries = toml::from_str::<Countries>(&text)?.country,
            _ => {
                let table: ProfileTable =
                    toml::from_str(&text).map_err(|cause| format!("{stem}.toml: {cause}"))?;
                check(&table, stem)?;
                all.profiles.push(table);
            }
        }
    }
    Ok(postcard::to_stdvec(&all)?)
}

fn check(table: &ProfileTable, stem: &str) -> Result<(), Box<dyn Error>> {
    if table.profile != stem {
        return Err(format!("{stem}.toml: names the profile {:?}", table.profile).into());
    }
    let mut seen = BTreeSet::new();
    for column in &table.columns {
        if !seen.insert(&column.name) {
            return Err(format!("{stem}.toml: column {:?} twice", column.name).into());
        }
        if column.list.as_ref().is_some_and(|list| !table.list.contains_key(list)) {
            return Err(format!("{stem}.toml: column {:?}: no such list", column.name).into());
        }
    }
    Ok(())
}
