//! Model files that are not as they must be: an error that names what is wrong, never a panic.
#![allow(clippy::unwrap_used)]

use casus_encoder::{Encoder, Path};

const MODEL: &[u8] = include_bytes!("data/tiny.safetensors");

/// The model with `edit` made to its header.
fn edited(edit: impl Fn(&mut serde_json::Value)) -> Vec<u8> {
    let length = u64::from_le_bytes(MODEL[..8].try_into().unwrap()) as usize;
    let mut header = serde_json::from_slice(&MODEL[8..8 + length]).unwrap();
    edit(&mut header);
    let header = serde_json::to_vec(&header).unwrap();
    [&(header.len() as u64).to_le_bytes()[..], &header, &MODEL[8 + length..]].concat()
}

#[track_caller]
fn check(bytes: Vec<u8>, message: &str) {
    let error = Encoder::open(bytes).unwrap_err();
    assert!(error.is_data());
    assert!(error.to_string().contains(message), "{error}");
}

#[test]
fn opens_what_it_describes() {
    let encoder = Encoder::open(MODEL).unwrap();
    assert_eq!((encoder.hidden(), encoder.layers(), encoder.max_pieces()), (64, 2, 96));
    assert_eq!(encoder.metadata("note"), Some("random weights for tests"));
    assert_eq!(encoder.metadata("nothing"), None);
    let head = encoder.tensor("head.weight").unwrap();
    assert_eq!((head.shape, head.values.len()), (vec![5, 64], 5 * 64));
    assert_eq!(encoder.tensor("head.bias").unwrap().values, [0.0, 1.0, 2.0, 3.0, 4.0]);
    assert_eq!(encoder.tensor("nothing"), None);
    // Signed bytes come with their scales: the largest of a row is 127 scales.
    let scale = encoder.tensor("encoder.layer.0.output.dense.weight.scale").unwrap().values[3];
    let weights = encoder.tensor("encoder.layer.0.output.dense.weight").unwrap();
    let row = &weights.values[3 * 256..][..256];
    assert_eq!(row.iter().fold(0.0, |top: f32, weight| top.max(weight.abs())), 127.0 * scale);
}

#[test]
fn a_path_that_the_machine_lacks_is_an_error() {
    for path in Path::ALL {
        match Encoder::with_path(MODEL, path) {
            Ok(encoder) => assert!(path.is_available() && encoder.path() == path),
            Err(error) => assert!(!path.is_available() && !error.is_data(), "{error}"),
        }
    }
    assert!(Path::Scalar.is_available() && Path::best().is_available());
}

#[test]
fn headers_are_checked() {
    check(vec![], "shorter than its header");
    check(MODEL[..7].to_vec(), "shorter than its header");
    check(u64::MAX.to_le_bytes().to_vec(), "shorter than its header");
    check([&8u64.to_le_bytes()[..], b"[1, 2]  "].concat(), "invalid type");
    check([&8u64.to_le_bytes()[..], b"{\"a\": 1}"].concat(), "tensor `a`");
    check(
        [&4u64.to_le_bytes()[..], b"{}  "].concat(),
        "`embeddings.word_embeddings.weight` of the model: is missing",
    );
    let query = "encoder.layer.1.attention.self.query.weight";
    check(edited(|h| h[query]["shape"] = [64, 63].into()), "has another size than its shape says");
    check(
        edited(|h| h[query]["shape"] = [usize::MAX, usize::MAX].into()),
        "has another size than its shape says",
    );
    check(edited(|h| h[query]["shape"] = [32, 128].into()), "has 128 columns");
    check(edited(|h| h[query]["shape"] = [4096].into()), "is [4096] and not a matrix");
    check(edited(|h| h[query]["dtype"] = "U8".into()), "is not of signed bytes");
    check(edited(|h| h[query]["dtype"] = "F64".into()), "unknown variant");
    check(edited(|h| h[query]["data_offsets"] = [8, 4].into()), "lies outside of the file");
    check(edited(|h| h[query]["data_offsets"] = [0, usize::MAX].into()), "lies outside of the file");
    check(edited(|h| h["__metadata__"] = 1.into()), "not a model file");
    check(edited(|h| h["__metadata__"]["heads"] = "0".into()), "`heads`");
    check(edited(|h| h["__metadata__"]["heads"] = "7".into()), "7 of 64 values are not supported");
    check(edited(|h| h["__metadata__"]["heads"] = "64".into()), "64 of 64 values are not supported");
    check(edited(|h| h["__metadata__"]["heads"] = "four".into()), "`heads`");
    check(edited(|h| h["__metadata__"]["ln_eps"] = "NaN".into()), "`ln_eps`");
    check(edited(|h| h["__metadata__"]["ln_eps"] = "-1".into()), "`ln_eps`");
}

#[test]
fn every_tensor_that_is_needed_is_asked_for() {
    let length = u64::from_le_bytes(MODEL[..8].try_into().unwrap()) as usize;
    let header: serde_json::Value = serde_json::from_slice(&MODEL[8..8 + length]).unwrap();
    for name in header.as_object().unwrap().keys() {
        // Heads and shapes may be missing, and a layer without its last tensor ends the model before it.
        let optional = ["__metadata__", "head.", "embeddings.shape", "encoder.layer.1.output.dense.weight"];
        let removed = Encoder::open(edited(|h| _ = h.as_object_mut().unwrap().remove(name)));
        match optional.iter().any(|start| name.starts_with(start)) && name != "__metadata__" {
            true if name.ends_with(".scale") => assert!(removed.is_err(), "{name}"),
            true => assert!(removed.is_ok(), "{name}"),
            false => assert!(removed.is_err(), "{name}"),
        }
    }
}

#[test]
fn damaged_files_do_not_panic() {
    for length in (0..MODEL.len()).step_by(997) {
        assert!(Encoder::open(MODEL[..length].to_vec()).is_err());
    }
    let header = u64::from_le_bytes(MODEL[..8].try_into().unwrap()) as usize + 8;
    let mut bytes = MODEL.to_vec();
    for place in (0..header).step_by(3) {
        let byte = std::mem::replace(&mut bytes[place], b'9');
        // Some changes make another model that is as good: it must run, too.
        if let Ok(encoder) = Encoder::with_path(bytes.clone(), Path::Scalar) {
            let ids = [1, 2, 3];
            let window = casus_encoder::Window { ids: &ids, shapes: &[0] };
            encoder.encode(&[window], 2, &mut casus_encoder::Workspace::default());
        }
        bytes[place] = byte;
    }
}

#[test]
fn values_that_are_not_finite_are_refused() {
    let length = u64::from_le_bytes(MODEL[..8].try_into().unwrap()) as usize;
    let header: serde_json::Value = serde_json::from_slice(&MODEL[8..8 + length]).unwrap();
    for name in [
        "encoder.layer.0.output.LayerNorm.bias",
        "embeddings.shape",
        "embeddings.word_embeddings.weight.scale",
    ] {
        let start = header[name]["data_offsets"][0].as_u64().unwrap() as usize;
        let mut bytes = MODEL.to_vec();
        bytes[8 + length + start..][..4].copy_from_slice(&f32::NAN.to_le_bytes());
        check(bytes, "not finite");
    }
}

#[test]
fn a_model_shares_the_words_of_another() {
    let whole = Encoder::open(MODEL).unwrap();
    let scales = whole.tensor("embeddings.word_embeddings.weight.scale").unwrap().values;
    let words = scales
        .iter()
        .flat_map(|scale| scale.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let file = |words: Option<String>| {
        edited(|header| {
            let header = header.as_object_mut().unwrap();
            for name in
                ["vocab", "embeddings.word_embeddings.weight", "embeddings.word_embeddings.weight.scale"]
            {
                header.remove(name).unwrap();
            }
            if let Some(words) = &words {
                header["__metadata__"]["words"] = words.clone().into();
            }
        })
    };
    let part = Encoder::beside(file(Some(format!("{words:016x}"))), &whole).unwrap();
    let window = casus_encoder::Window { ids: &[2, 7, 40, u32::MAX, 3], shapes: &[0, 1, 2] };
    let states =
        |encoder: &Encoder| encoder.encode(&[window], 2, &mut casus_encoder::Workspace::default()).to_vec();
    assert_eq!(states(&part), states(&whole));
    assert_eq!(part.pieces().size(), whole.pieces().size());
    for (given, message) in [(Some("0".to_owned()), "`words`"), (None, "`words` of the model: is missing")] {
        let error = Encoder::beside(file(given), &whole).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
    }
    check(file(None), "`embeddings.word_embeddings.weight` of the model: is missing");
}
