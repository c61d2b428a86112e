//! One module a set under `data/`.

mod places;

use anyhow::Result;
use clap::Subcommand;

/// The sets that are made from sources.
#[derive(Subcommand)]
pub(crate) enum Set {
    /// The gazetteer: data/places/places.tsv.zst.
    Places(places::Sources),
}

pub(crate) fn make(set: &Set) -> Result<()> {
    match set {
        Set::Places(sources) => places::make(sources),
    }
}
