//! Builds the data pack from `data/`: one function a section, each in `build/`.

use sha2::{Digest, Sha256};
use std::{
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

#[allow(dead_code, missing_docs, unreachable_pub)]
#[path = "src/tables.rs"]
mod tables;

#[allow(dead_code, missing_docs, unreachable_pub)]
#[path = "src/gazetteer/mod.rs"]
mod layout;

#[allow(dead_code, missing_docs, unreachable_pub)]
#[path = "src/check.rs"]
mod check;

#[path = "build/acts.rs"]
mod acts;
#[path = "build/codes.rs"]
mod codes;
#[path = "build/count.rs"]
mod count;
#[path = "build/event_place.rs"]
mod event_place;
#[path = "build/gazetteer.rs"]
mod gazetteer;
#[path = "build/patterns.rs"]
mod patterns;
#[path = "build/politics.rs"]
mod politics;
#[path = "build/profiles.rs"]
mod profiles;
#[path = "build/reader.rs"]
mod reader;
#[path = "build/triggers.rs"]
mod triggers;
#[path = "build/weapons.rs"]
mod weapons;

#[path = "build/tagger.rs"]
mod tagger;

#[path = "build/register.rs"]
mod register;
#[path = "build/text.rs"]
mod text;

#[path = "build/time.rs"]
mod time;

/// Must be the same as `MAGIC` in `src/lib.rs`.
const MAGIC: [u8; 8] = *b"casusPK\x01";

type Build = fn(&Path) -> Result<Vec<u8>, Box<dyn Error>>;

/// Every section of the pack, with the folder under `data/` that it is made from.
#[rustfmt::skip] // one section a line
const SECTIONS: &[(&str, &str, Build)] = &[
    ("acts", "patterns", acts::build),
    ("codes", "codes", codes::build),
    ("count", "patterns", count::build),
    ("entities", "entities", reader::build),
    ("event_place", "patterns/en", event_place::build),
    ("gazetteer", "places", gazetteer::build),
    ("place_words", "places", gazetteer::words),
    ("politics", "patterns/en", politics::build),
    ("profiles", "profiles", profiles::build),
    ("reader", "reader", reader::build),
    ("scene", "scene", reader::build),
    ("tagger", "tagger", tagger::build),
    ("text", "text", text::build),
    ("time", "patterns", time::build),
    ("triggers", "patterns", triggers::build),
    ("weapons", "patterns", weapons::build),
    ("register", "actors", register::build_register),
    ("agents", "patterns/en", register::build_agents),
    ("officials", "actors", register::build_officials),
    ("sectors", "actors", register::build_sectors),
    ("voice", "patterns/en", register::build_voice),
];

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/tables.rs");
    println!("cargo::rerun-if-changed=src/tables");
    println!("cargo::rerun-if-changed=src/gazetteer");
    println!("cargo::rerun-if-changed=src/check.rs");
    let mut hash = Sha256::new();
    let mut index = String::from("pub(super) static SECTIONS: &[(&str, &[u8])] = &[\n");
    for (name, folder, build) in SECTIONS {
        let folder = root.join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        let content = build(&folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&content);
        hash.update(&bytes);
        let file = out.join(format!("{name}.bin"));
        fs::write(&file, &bytes)?;
        writeln!(index, "    ({name:?}, include_bytes!({:?})),", file.display().to_string())?;
    }
    let version: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    writeln!(index, "];\npub(super) const VERSION: &str = {version:?};")?;
    fs::write(out.join("sections.rs"), index)?;
    Ok(())
}
