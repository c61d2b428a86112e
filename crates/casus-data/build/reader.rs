//! Sections `reader`, `entities` and `scene`: the model of the folder, `model.safetensors`, as it is. Its layout is described, and
//! checked when it is opened, by `casus-encoder` and the engine's `reader`.

use std::{error::Error, fs, path::Path};

pub(crate) fn build(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(fs::read(folder.join("model.safetensors"))?)
}
