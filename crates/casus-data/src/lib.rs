//! The data pack built into casus: what people edit under `data/`, checked and packed by the build
//! script.
//!
//! The pack is a list of named sections. Each begins with a magic and a version, and is checked when
//! it is opened. Sections made from TOML hold one type of [`tables`], written with postcard; large
//! ones (gazetteer, tagger) have a layout of their own, which their reader in the engine describes.
//!
//! This crate must not know how the data is used.
//!
//! ```
//! let codes: casus_data::tables::Codes = casus_data::table("codes")?;
//! assert!(codes.sets["weapons"].iter().any(|code| code.code == "vehicle_bomb"));
//! # Ok::<(), casus_data::Error>(())
//! ```

use std::fmt;

pub mod check;
pub mod gazetteer;
pub mod tables;

mod built {
    include!(concat!(env!("OUT_DIR"), "/sections.rs"));
}

/// First bytes of every section.
pub const MAGIC: [u8; 8] = *b"casusPK\x01";

/// Version of the pack: the first 16 hexadecimal digits of the SHA-256 over all sections.
pub fn version() -> &'static str {
    built::VERSION
}

/// The content of a section, after its magic.
///
/// # Errors
/// If the pack has no such section, or the section was made by another version of the layout.
pub fn section(name: &str) -> Result<&'static [u8], Error> {
    let (_, bytes) = built::SECTIONS
        .iter()
        .find(|(section, _)| *section == name)
        .ok_or_else(|| Error { section: name.to_owned(), kind: Kind::Missing })?;
    bytes.strip_prefix(&MAGIC).ok_or_else(|| Error { section: name.to_owned(), kind: Kind::Magic })
}

/// A section made from TOML, as the type it was written from.
///
/// # Errors
/// As [`section`], or if the bytes are not that type.
pub fn table<T: serde::Deserialize<'static>>(name: &str) -> Result<T, Error> {
    postcard::from_bytes(section(name)?)
        .map_err(|cause| Error { section: name.to_owned(), kind: Kind::Decode(cause) })
}

/// A section that could not be opened.
#[derive(Debug)]
pub struct Error {
    section: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Missing,
    Magic,
    Decode(postcard::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "data pack section {:?}: ", self.section)?;
        match &self.kind {
            Kind::Missing => write!(f, "not in the pack"),
            Kind::Magic => write!(f, "made by another version of casus"),
            Kind::Decode(cause) => write!(f, "cannot be decoded: {cause}"),
        }
    }
}

impl std::error::Error for Error {}
