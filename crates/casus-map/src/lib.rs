//! Maps a data pack into memory, so that a gazetteer of gigabytes opens at once and only what is looked up
//! is read.
//!
//! This crate is apart because mapping a file is unsafe, and every other crate of the workspace forbids
//! unsafe code. It must not know what the bytes are.
//!
//! ```
//! let path = std::env::temp_dir().join(format!("casus-map-{}", std::process::id()));
//! std::fs::write(&path, b"casus")?;
//! assert_eq!(casus_map::map(&path)?, b"casus");
//! std::fs::remove_file(path)?;
//! # Ok::<(), std::io::Error>(())
//! ```

use memmap2::Mmap;
use std::{fs::File, io, path::Path};

/// The bytes of a file, mapped until the process ends. An empty file is no bytes.
///
/// Whoever shortens the file while it is mapped ends the process: packs are written to a new name and
/// moved into place, never changed.
///
/// # Errors
/// If the file cannot be opened or mapped.
#[allow(unsafe_code)]
pub fn map(path: &Path) -> io::Result<&'static [u8]> {
    let file = File::open(path)?;
    if file.metadata()?.len() == 0 {
        return Ok(&[]);
    }
    // SAFETY: the map is read-only and private to this process, and is never unmapped. That nobody changes
    // the file meanwhile cannot be had from the system; the doc comment asks for it.
    let map = unsafe { Mmap::map(&file)? };
    Ok(Box::leak(Box::new(map)))
}
