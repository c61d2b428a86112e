//! Section `tagger`: the weights of `data/tagger/en.bin` as they are. Their layout is described, and
//! checked when they are opened, by the engine's `text::tagger`.

use std::{error::Error, fs, path::Path};

pub(crate) fn build(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(fs::read(folder.join("en.bin"))?)
}
