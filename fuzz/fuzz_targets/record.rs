//! Any bytes as a record: what can be parsed is written and parsed again to the same record.
#![no_main]

use casus_engine::Event;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(event) = serde_json::from_slice::<Event>(bytes) {
        let written = serde_json::to_string(&event).expect("a record can be written");
        let again: Event = serde_json::from_str(&written).expect("what was written can be parsed");
        assert_eq!(event, again);
    }
});
