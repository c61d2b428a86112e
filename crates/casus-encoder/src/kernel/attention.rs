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
    /// The largest magnitude of each column, as bits.
    peaks: Vec<u32>,
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
    scratch.powers.resize(length.next_multiple_of(float::LANES), 0.0);
    scratch.weights.resize(ROWS * pairs, [0; 2]);
    scratch.peaks.clear();
    scratch.peaks.resize(3 * hidden, float::FLOOR.to_bits());
    let Scratch { peaks, queries, keys, values, scores, powers, weights } = scratch;
    let (keys, values, scores) = (keys.get_mut(), values.get_mut(), scores.get_mut());
    // Columns without a key or a value are multiplied like others, though what they give is not used.
    keys.fill(0);
    values.fill(0);
    for row in mixed.chunks_exact(3 * hidden) {
        for (peak, value) in peaks.iter_mut().zip(row) {
            *peak = float::larger(*peak, *value);
        }
    }
    for head in 0..heads {
        let columns = |which: usize| which * hidden + head * size..which * hidden + (head + 1) * size;
        let rows = |which: usize| mixed.chunks_exact(3 * hidden).map(move |row| &row[columns(which)]);
        // The factor that makes the largest magnitude of a part the whole number `most`, and its inverse.
        let scale = |which: usize, most: f32| {
            let peak = peaks[columns(which)].iter().fold(0, |top, &peak| if peak > top { peak } else { top });
            (most / f32::from_bits(peak), f32::from_bits(peak) / most)
        };
        let (query_scale, key_scale, value_scale) = (scale(0, NEAR), scale(1, NEAR), scale(2, WHOLE));
        for (codes, row) in queries.chunks_exact_mut(half).zip(rows(0)) {
            whole_numbers(row, query_scale.0, codes.as_flattened_mut());
        }
        let mut codes = [[0; MAX_HEAD]; 2];
        for (piece, row) in rows(1).enumerate() {
            let codes = &mut codes[0][..size];
            whole_numbers(row, key_scale.0, codes);
            let panel = &mut keys[piece / COLUMNS * COLUMNS * size..][..COLUMNS * size];
            let groups = panel.as_chunks_mut::<2>().0.chunks_exact_mut(COLUMNS);
            for (group, pair) in groups.zip(codes.as_chunks::<2>().0) {
                group[piece % COLUMNS] = *pair;
            }
        }
        let [even, odd] = &mut codes;
        for (pair, rows) in mixed.chunks(6 * hidden).enumerate() {
            whole_numbers(&rows[columns(2)], value_scale.0, even);
            match rows.get(3 * hidden..) {
                Some(row) if !row.is_empty() => whole_numbers(&row[columns(2)], value_scale.0, odd),
                _ => odd.fill(0),
            }
            let panels = values.chunks_exact_mut(2 * pairs * COLUMNS);
            let codes = even[..size].chunks(COLUMNS).zip(odd[..size].chunks(COLUMNS));
            for (panel, (even, odd)) in panels.zip(codes) {
                let group = panel[2 * COLUMNS * pair..][..2 * COLUMNS].as_chunks_mut::<2>().0;
                for ((word, even), odd) in group.iter_mut().zip(even).zip(odd) {
                    *word = [*even, *odd];
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
                float::softmax(scores, factor, WHOLE, powers, &mut weights[..length]);
                weights[length..].fill(0);
            }
            for (column, panel) in (0..).step_by(COLUMNS).zip(values.chunks_exact(2 * pairs * COLUMNS)) {
                tile(weights, panel, scores, COLUMNS);
                let columns = COLUMNS.min(size - column);
                let out = out[first * hidden..].chunks_mut(hidden);
                for (sums, out) in scores.chunks_exact(COLUMNS).zip(out).take(rows) {
                    let out = &mut out[head * size + column..][..columns];
                    let (vectors, rest) = out.as_chunks_mut::<{ float::LANES }>();
                    let (sums, last) = sums.as_chunks::<{ float::LANES }>();
                    for (out, sums) in vectors.iter_mut().zip(sums) {
                        *out = sums.map(|sum| sum as f32 * gathered_scale);
                    }
                    let last = sums.get(vectors.len()).map_or(last, |sums| sums);
                    for (out, &sum) in rest.iter_mut().zip(last) {
                        *out = sum as f32 * gathered_scale;
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn whole_numbers(values: &[f32], factor: f32, codes: &mut [i16]) {
    // A vector at a time, of a length that the compiler knows, and by way of an array of its own: else it must reckon
    // with `codes` lying over `values`.
    let (vectors, rest) = values.as_chunks::<{ float::LANES }>();
    let (code_vectors, codes) = codes.split_at_mut(vectors.len() * float::LANES);
    for (codes, values) in code_vectors.as_chunks_mut::<{ float::LANES }>().0.iter_mut().zip(vectors) {
        let mut vector = [0; float::LANES];
        for i in 0..float::LANES {
            vector[i] = float::round(values[i] * factor) as i16;
        }
        *codes = vector;
    }
    for (code, value) in codes.iter_mut().zip(rest) {
        *code = float::round(value * factor) as i16;
    }
}
