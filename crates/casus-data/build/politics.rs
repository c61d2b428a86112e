//! Section `politics`: `data/patterns/en/politics.toml`, its roots and themes checked, without the
//! sentences that test it.

use crate::tables::acts::Politics;
use std::{collections::BTreeSet, error::Error, fs, path::Path};

/// The roots of the PLOVER manual, chapter 3.
const ROOTS: &[&str] = &[
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
];

pub(crate) fn build(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut table: Politics = toml::from_str(&fs::read_to_string(folder.join("politics.toml"))?)
        .map_err(|cause| format!("politics.toml: {cause}"))?;
    let mut ids = BTreeSet::new();
    let root = |id: &str, root: &str| match ROOTS.contains(&root) {
        true => Ok(()),
        false => Err(format!("politics.toml: {id}: no root {root:?}")),
    };
    for theme in &mut table.theme {
        if !ids.insert(theme.id.clone()) {
            return Err(format!("politics.toml: {:?} twice", theme.id).into());
        }
        for name in [Some(&theme.root), theme.ended.as_ref()].into_iter().flatten() {
            root(&theme.id, name)?;
        }
        theme.pack();
    }
    let themes = ids.clone();
    for act in &mut table.act {
        if !ids.insert(act.id.clone()) {
            return Err(format!("politics.toml: {:?} twice", act.id).into());
        }
        for name in [&act.root, &act.other].into_iter().flatten() {
            root(&act.id, name)?;
        }
        for name in [&act.friendly, &act.hostile, &act.verbal].into_iter().flatten() {
            if !matches!(name.as_str(), "same" | "ended") {
                root(&act.id, name)?;
            }
        }
        if let Some(unknown) = act.of.iter().find(|theme| !themes.contains(*theme)) {
            return Err(format!("politics.toml: {}: no theme {unknown:?}", act.id).into());
        }
        act.pack();
    }
    Ok(postcard::to_stdvec(&table)?)
}
