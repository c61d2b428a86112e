//! Self-attention over one window, in integers of 16 bits.
//!
//! Per head, queries and keys become whole numbers up to 4095 and values up to 32767, with one scale each for
//! the window. A sum over at most 64 products of queries and keys stays below 2^30. Weights are shares of 32767;
//! a window of n pieces rounds them up by n / 2 in all at most, so that a sum of weights times values stays
//! below 2^31 for any window of less than 65,000 pieces. Nothing overflows, and sums are exact.
#![forbid(unsafe_code)]

use super::{Aligned, float};

/// Largest head: 64 products of two numbers up to `NEAR` stay below 2^30.
pub(crate) const MAX_HEAD: usize = 64;
/// Magnitude of the largest query and key.
const NEAR: f32 = 4095.0;
/// Magnitude of the largest value, and sum of the weights.
const WHOLE: f32 = 32767.0;

/// One window's attention.
pub(crate) struct Attention<'a> {
    /// Query, key and value of each piece, beside each other: `3 * hidden` values a row.
    pub(crate) mixed: &'a [f32],
    /// What each piece has gathered: `hidden` values a row.
    pub(crate) out: &'a mut [f32],
    pub(crate) hidden: usize,
    pub(crate) heads: usize,
    pub(crate) scratch: &'a mut Scratch,
}

/// Room that is used again from window to window.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    queries: Vec<[i16; 2]>,
    keys: Aligned<i16>,
    values: Aligned<i16>,
    scores: Aligned<i32>,
    powers: Vec<f32>,
    weights: Vec<[i16; 2]>,
}

/// `tile(rows, panel, sums, stride)` gives for each row (at most `ROWS`) and each column of the panel the sum of
/// products, the sums of a row beside each other and `stride` from those of the row before.
#[inline(always)]
pub(super) fn run<const ROWS: usize, const COLUMNS: usize>(
    job: Attention<'_>,
    tile: impl Fn(&[[i16; 2]], &[i16], &mut [i32], usize),
) {
    let Attention { mixed, out, hidden, heads, scratch } = job;
    let size = hidden / heads;
    let length = mixed.len() / (3 * hidden);
    // Keys are columns of one product, values are rows of the other; both are packed two to a word.
    let (half, span) = (size / 2, length.next_multiple_of(COLUMNS));
    let (pairs, wide) = (length.div_ceil(2), size.next_multiple_of(COLUMNS));
    scratch.queries.resize(length * half, [0; 2]);
    scratch.keys.resize(span * size);
    scratch.values.resize(2 * pairs * wide);
    scratch.scores.resize(ROWS * span.max(wide));
    scratch.powers.resize(length, 0.0);
    scratch.weights.resize(ROWS * pairs, [0; 2]);
    let Scratch { queries, keys, values, scores, powers, weights } = scratch;
    let (keys, values, scores) = (keys.get_mut(), values.get_mut(), scores.get_mut());
    // Columns without a key, the odd piece's pair and columns without a value are multiplied like others, and
    // must hold something that does not change from run to run.
    keys.fill(0);
    values.fill(0);
    for head in 0..heads {
        let part = |which: usize| {
            mixed.chunks_exact(3 * hidden).map(move |row| &row[which * hidden + head * size..][..size])
        };
        let query_scale = scale(part(0), NEAR);
        for (codes, row) in queries.chunks_exact_mut(half).zip(part(0)) {
            for (code, value) in codes.as_flattened_mut().iter_mut().zip(row) {
                *code = float::round(value * query_scale.0) as i16;
            }
        }
        let key_scale = scale(part(1), NEAR);
        for (piece, row) in part(1).enumerate() {
            let panel = &mut keys[piece / COLUMNS * COLUMNS * size..][..COLUMNS * size];
            let column = 2 * (piece % COLUMNS);
            for (words, pair) in panel.chunks_exact_mut(2 * COLUMNS).zip(row.as_chunks::<2>().0) {
                words[column] = float::round(pair[0] * key_scale.0) as i16;
                words[column + 1] = float::round(pair[1] * key_scale.0) as i16;
            }
        }
        let value_scale = scale(part(2), WHOLE);
        for (piece, row) in part(2).enumerate() {
            for (panel, row) in values.chunks_exact_mut(2 * pairs * COLUMNS).zip(row.chunks(COLUMNS)) {
                let words = &mut panel[piece / 2 * 2 * COLUMNS..][..2 * COLUMNS];
                for (word, value) in words.as_chunks_mut::<2>().0.iter_mut().zip(row) {
                    word[piece % 2] = float::round(value * value_scale.0) as i16;
                }
            }
        }
        let factor = query_scale.1 * key_scale.1 * std::f32::consts::LOG2_E / (size as f32).sqrt();
        let gathered_scale = value_scale.1 / WHOLE;
        for (first, queries) in (0..).step_by(ROWS).zip(queries.chunks(ROWS * half)) {
            let rows = queries.len() / half;
            for (first, panel) in (0..).step_by(COLUMNS).zip(keys.chunks_exact(COLUMNS * size)) {
                tile(queries, panel, &mut scores[first..], span);
            }
            let weights = &mut weights[..rows * pairs];
            for (scores, weights) in scores.chunks(span).zip(weights.chunks_exact_mut(pairs)) {
                let weights = weights.as_flattened_mut();
                float::softmax(&scores[..length], factor, WHOLE, powers, &mut weights[..length]);
                weights[length..].fill(0);
            }
            for (column, panel) in (0..).step_by(COLUMNS).zip(values.chunks_exact(2 * pairs * COLUMNS)) {
                tile(weights, panel, scores, COLUMNS);
                let columns = COLUMNS.min(size - column);
                let out = out[first * hidden..].chunks_mut(hidden);
                for (sums, out) in scores.chunks_exact(COLUMNS).zip(out).take(rows) {
                    let out = &mut out[head * size + column..][..columns];
                    for (out, &sum) in out.iter_mut().zip(sums) {
                        *out = sum as f32 * gathered_scale;
                    }
                }
            }
        }
    }
}

/// The factor that makes the largest of `rows` the whole number `most`, and its inverse.
#[inline(always)]
fn scale<'a>(rows: impl Iterator<Item = &'a [f32]>, most: f32) -> (f32, f32) {
    let peak = rows.fold(float::FLOOR, |peak, row| float::peak(row, peak));
    (most / peak, peak / most)
}
