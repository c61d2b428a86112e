//! Hidden states: near those of PyTorch, and the same bytes on every path, in every company and on every thread.
//!
//! `training/encoder_fixture.py` makes the model and PyTorch's states, in thousandths.
#![allow(clippy::unwrap_used)]

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

/// Numbers that look random and are the same in every run (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    /// A window of up to `longest` pieces, sometimes with pieces, shapes and positions that do not exist.
    fn window(&mut self, longest: usize) -> (Vec<u32>, Vec<u8>) {
        let length = self.below(longest + 1);
        let ids = (0..length).map(|_| if self.below(50) == 0 { u32::MAX } else { self.below(500) as u32 });
        let ids: Vec<_> = ids.collect();
        let shaped = self.below(length + 1);
        (ids, (0..shaped).map(|_| self.below(5) as u8).collect())
    }
}

fn cosine(a: &[f32], b: &[i32]) -> f64 {
    let sum =
        |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(a, b)| f((*a).into(), (*b).into())).sum::<f64>();
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
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
                    assert!(cosine > 0.998, "{path:?}, {layers} layers, piece {piece} of {length}: {cosine}");
                }
            }
        }
    }
}

#[test]
fn every_path_and_every_company_give_the_same_bytes() {
    let mut random = Random(3);
    let encoders = paths();
    let mut works: Vec<_> = encoders.iter().map(|_| Workspace::default()).collect();
    for round in 0..30 {
        // One round in three has windows longer than there are positions, and more pieces than are worked on at once.
        let longest = if round % 3 == 0 { 140 } else { 40 };
        let windows: Vec<_> = (0..random.below(9)).map(|_| random.window(longest)).collect();
        let windows: Vec<_> = windows.iter().map(|(ids, shapes)| Window { ids, shapes }).collect();
        let layers = random.below(4);
        let mut expected = None;
        for (encoder, work) in encoders.iter().zip(&mut works) {
            let together = bits(encoder.encode(&windows, layers, work));
            let half = round % (layers + 1);
            encoder.encode(&windows, half, work);
            let on = bits(encoder.go_on(&windows, half, layers, work));
            assert!(together == on, "{:?}, round {round}: {half} layers, then on", encoder.path());
            let alone = windows.iter().flat_map(|window| bits(encoder.encode(&[*window], layers, work)));
            assert!(together == alone.collect::<Vec<_>>(), "{:?}, round {round}: alone", encoder.path());
            let expected = expected.get_or_insert_with(|| together.clone());
            assert!(*expected == together, "{:?}, round {round}: path", encoder.path());
        }
    }
}

/// Every kind of CPU must give these bytes: the number was the same on x86-64 (scalar, AVX2, AVX-512) and on ARM. A
/// change of the arithmetic changes it, and with it every record that rests on a model.
#[test]
fn every_machine_gives_the_same_bytes() {
    let cases = Case::all();
    let windows: Vec<_> = cases.iter().map(Case::window).collect();
    for encoder in paths() {
        let states = bits(encoder.encode(&windows, encoder.layers(), &mut Workspace::default()));
        // The hash of Fowler, Noll and Vo, over whole values.
        let hash =
            states.iter().fold(0u64, |hash, &state| (hash ^ u64::from(state)).wrapping_mul(0x100_0000_01b3));
        assert_eq!(hash, 0x89b6b649c3a0ef30, "{:?}", encoder.path());
    }
}

/// A head is a dense layer: one of the encoder's own stands for it.
#[test]
fn a_head_is_near_its_weights_and_the_same_on_every_path() {
    let name = |part: &str| format!("encoder.layer.1.attention.self.{part}");
    let (query, key) = (name("query"), name("key"));
    let mut random = Random(8);
    let mut expected: Option<Vec<u32>> = None;
    for encoder in paths() {
        let hidden = encoder.hidden();
        let rows: Vec<f32> = if expected.is_none() { Vec::new() } else { vec![0.0; hidden] };
        assert_eq!(
            encoder.apply(&encoder.head(&[&query]).unwrap(), &rows, &mut Workspace::default()).len(),
            rows.len()
        );
        // More rows than are worked on at once.
        let rows: Vec<f32> = (0..450 * hidden).map(|at| ((at * 7919) % 201) as f32 / 100.0 - 1.0).collect();
        let head = encoder.head(&[&query, &key]).unwrap();
        assert_eq!(head.outputs(), 2 * hidden);
        let mut work = Workspace::default();
        let both = encoder.apply(&head, &rows, &mut work);
        let alone = encoder.apply(&encoder.head(&[&key]).unwrap(), &rows, &mut work);
        assert_eq!(bits(&both[hidden..2 * hidden]), bits(&alone[..hidden]));
        let expected = expected.get_or_insert_with(|| bits(&both));
        assert!(*expected == bits(&both), "{:?}", encoder.path());

        let weight = encoder.tensor(&format!("{query}.weight")).unwrap().values;
        let bias = encoder.tensor(&format!("{query}.bias")).unwrap().values;
        for _ in 0..50 {
            let (row, output) = (random.below(450), random.below(hidden));
            let inputs = &rows[row * hidden..(row + 1) * hidden];
            let weights = &weight[output * hidden..(output + 1) * hidden];
            let sum: f32 = inputs.iter().zip(weights).map(|(x, w)| x * w).sum();
            let exact = sum + bias[output];
            let got = both[row * 2 * hidden + output];
            assert!((exact - got).abs() < 0.03, "{:?}: {exact} {got}", encoder.path());
        }
    }
    let encoder = Encoder::open(MODEL).unwrap();
    assert!(encoder.head(&["head"]).is_err(), "a head in 16-bit floats cannot be packed");
    assert!(encoder.head(&["no.such"]).is_err());
}

#[test]
fn every_thread_gives_the_same_bytes() {
    let encoder = Encoder::open(MODEL).unwrap();
    let case = Case::all().pop().unwrap();
    let states = || bits(encoder.encode(&[case.window()], 2, &mut Workspace::default()));
    // The first use of a layer packs it: threads that come together must all see it whole.
    let all: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(states)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(all.iter().all(|states| *states == all[0]));
}

#[test]
fn what_does_not_exist_is_unknown() {
    let encoder = Encoder::open(MODEL).unwrap();
    let mut work = Workspace::default();
    let mut states =
        |ids: &[u32], shapes: &[u8]| bits(encoder.encode(&[Window { ids, shapes }], 9, &mut work));
    let unk = encoder.pieces().unk();
    assert_eq!(states(&[7, u32::MAX], &[]), states(&[7, unk], &[]));
    assert_eq!(states(&[7, 8], &[200]), states(&[7, 8], &[]));
    assert_ne!(states(&[7, 8], &[1]), states(&[7, 8], &[]));
    assert!(states(&[], &[]).is_empty());
    assert!(encoder.encode(&[], 2, &mut Workspace::default()).is_empty());
}
