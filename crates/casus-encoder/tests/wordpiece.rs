//! Pieces and their bytes against Hugging Face's `tokenizers` (`training/encoder_fixture.py` writes what it gives).

use casus_encoder::{Encoder, Pieces};

const MODEL: &[u8] = include_bytes!("data/tiny.safetensors");
const GOLDEN: &str = include_str!("data/wordpiece.jsonl");

#[derive(serde::Deserialize)]
struct Case {
    text: String,
    ids: Vec<u32>,
    spans: Vec<(u32, u32)>,
}

#[test]
fn pieces_are_those_of_the_reference() {
    let encoder = Encoder::open(MODEL).unwrap();
    let mut pieces = Pieces::default();
    let mut cases = 0;
    for line in GOLDEN.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        encoder.pieces().encode(&case.text, &mut pieces);
        assert_eq!(pieces.ids, case.ids, "{:?}", case.text);
        assert_eq!(pieces.spans, case.spans, "{:?}", case.text);
        cases += 1;
    }
    assert!(cases > 250);
}
