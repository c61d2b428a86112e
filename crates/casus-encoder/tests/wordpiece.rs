//! Pieces and their bytes against Hugging Face's `tokenizers` (`training/encoder_fixture.py` writes what it gives).
#![allow(clippy::unwrap_used)]

use casus_encoder::{Encoder, Pieces, WordPiece};

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

#[test]
fn any_text_has_spans_in_order_and_on_characters() {
    let encoder = Encoder::open(MODEL).unwrap();
    let mut pieces = Pieces::default();
    // Every character of Unicode, alone and within a word.
    for start in (0..0x11_0000).step_by(64) {
        let characters = (start..start + 64).filter_map(char::from_u32);
        let text: String = characters.flat_map(|c| [c, ' ', 'a', c, 'b', ' ']).collect();
        encoder.pieces().encode(&text, &mut pieces);
        assert_eq!(pieces.ids.len(), pieces.spans.len());
        let mut last = (0, 0);
        for &(start, end) in &pieces.spans {
            assert!(!text[start as usize..end as usize].is_empty());
            assert!(last == (start, end) || last.1 <= start, "{last:?} {start} {end}");
            last = (start, end);
        }
    }
}

#[test]
fn vocabularies_are_checked() {
    let check = |vocabulary: &str, message: &str| {
        let error = WordPiece::new(vocabulary.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    };
    check("", "lacks [UNK]");
    check("[UNK]\n[SEP]", "lacks [CLS]");
    check("[UNK]\n[CLS]", "lacks [SEP]");
    check(&"a".repeat(1 << 24), "16 MB");
    // Empty lines and the bare mark of a continuation count as lines, and match nothing.
    let pieces = WordPiece::new(b"\n##\n[UNK]\n[CLS]\n[SEP]\na\n##b").unwrap();
    let mut found = Pieces::default();
    pieces.encode("ab a## abc", &mut found);
    assert_eq!(found.ids, [5, 6, 5, 2, 2, 2]);
    assert_eq!((pieces.unk(), pieces.cls(), pieces.sep(), pieces.size()), (2, 3, 4, 7));
    assert_eq!(pieces.window(&[5, 6]), [3, 5, 6, 4]);
}
