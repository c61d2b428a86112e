//! What the sections made from `data/patterns/` have in common.

use serde::de::DeserializeOwned;
use std::{collections::BTreeMap, error::Error, fs, path::Path};

/// Reads `<folder>/<language>/<file>` of every language that has the file.
pub(crate) fn languages<T: DeserializeOwned>(
    folder: &Path,
    file: &str,
) -> Result<BTreeMap<String, T>, Box<dyn Error>> {
    let mut out = BTreeMap::new();
    for language in fs::read_dir(folder)? {
        let language = language?;
        let path = language.path().join(file);
        if path.is_file() {
            let name = language.file_name().to_string_lossy().into_owned();
            let content = toml::from_str(&fs::read_to_string(&path)?)
                .map_err(|cause| format!("{name}/{file}: {cause}"))?;
            out.insert(name, content);
        }
    }
    Ok(out)
}
