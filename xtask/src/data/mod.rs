//! One module a set under `data/`.

mod actors;
mod places;
mod villages;

use anyhow::Result;
use clap::Subcommand;

/// The sets that are made from sources.
#[derive(Subcommand)]
pub(crate) enum Set {
    /// The register's listed groups, and source lines of its other entries: data/actors/.
    Actors(actors::Sources),
    /// The gazetteer: data/places/places.tsv.zst.
    Places(places::Sources),
    /// The villages of conflict countries: data/places/villages.tsv.zst.
    Villages(villages::Sources),
}

pub(crate) fn make(set: &Set) -> Result<()> {
    match set {
        Set::Actors(sources) => actors::make(sources),
        Set::Places(sources) => places::make(sources),
        Set::Villages(sources) => villages::make(sources),
    }
}
