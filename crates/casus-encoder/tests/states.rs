//! Hidden states: near those of PyTorch, and the same bytes on every path and in every company.
//!
//! `training/encoder_fixture.py` makes the model and PyTorch's states, in thousandths.

use casus_encoder::{Encoder, Path, Window, Workspace};

const MODEL: &[u8] = include_bytes!("data/tiny.safetensors");
const GOLDEN: &str = include_str!("data/states.jsonl");

#[derive(serde::Deserialize)]
struct Case {
    ids: Vec<u32>,
    shapes: Vec<u8>,
    /// States after each number of layers, from none.
    states: Vec<Vec<i32>>,
}

impl Case {
    fn all() -> Vec<Case> {
        GOLDEN.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn window(&self) -> Window<'_> {
        Window { ids: &self.ids, shapes: &self.shapes }
    }
}

fn bits(states: &[f32]) -> Vec<u32> {
    states.iter().map(|state| state.to_bits()).collect()
}

/// Paths of this machine; the scalar one first.
fn paths() -> Vec<Encoder> {
    let available = Path::ALL.into_iter().filter(|path| path.is_available());
    available.map(|path| Encoder::with_path(MODEL, path).unwrap()).collect()
}

fn cosine(a: &[f32], b: &[i32]) -> f64 {
    let dot =
        |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(a, b)| f((*a).into(), (*b).into())).sum::<f64>();
    dot(&|a, b| a * b) / (dot(&|a, _| a * a) * dot(&|_, b| b * b)).sqrt()
}

#[test]
fn states_are_near_those_of_pytorch() {
    let mut work = Workspace::default();
    for encoder in paths() {
        for case in Case::all() {
            for (layers, expected) in case.states.iter().enumerate() {
                let states = encoder.encode(&[case.window()], layers, &mut work);
                assert_eq!(states.len(), expected.len());
                let rows = states.chunks(encoder.hidden()).zip(expected.chunks(encoder.hidden()));
                for (piece, (state, expected)) in rows.enumerate() {
                    let cosine = cosine(state, expected);
                    let (path, length) = (encoder.path(), case.ids.len());
                    assert!(cosine > 0.995, "{path:?}, {layers} layers, piece {piece} of {length}: {cosine}");
                }
            }
        }
    }
}

#[test]
fn every_path_gives_the_same_bytes() {
    let mut work = Workspace::default();
    let cases = Case::all();
    let windows: Vec<_> = cases.iter().map(Case::window).collect();
    let mut expected = None;
    for encoder in paths() {
        let states = bits(encoder.encode(&windows, encoder.layers(), &mut work));
        assert!(*expected.get_or_insert_with(|| states.clone()) == states, "{:?}", encoder.path());
    }
}
