//! Any bytes, decoded with replacement characters: reading keeps its promises.
#![no_main]

#[path = "../../crates/casus-engine/tests/invariants/mod.rs"]
mod invariants;

use casus_engine::Casus;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static CASUS: LazyLock<Casus> = LazyLock::new(|| Casus::embedded().expect("the pack built in opens"));

fuzz_target!(|bytes: &[u8]| invariants::check(&CASUS, &String::from_utf8_lossy(bytes)));
