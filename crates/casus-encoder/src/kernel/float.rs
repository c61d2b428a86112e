//! What is reckoned in `f32`, written once for all paths.
//!
//! Each function is compiled into its callers, so that the compiler makes vectors of the caller's width of it.
//! The compiler neither fuses nor reorders operations on `f32`, so that the width does not change a result.
#![forbid(unsafe_code)]

use super::Code;

/// Adding and taking away one and a half times 2^23 rounds to the nearest whole number, ties to even, and
/// leaves that number in the low bits.
const ROUND: f32 = 12_582_912.0;

/// Lanes of every sum: one vector of the widest path.
pub(super) const LANES: usize = 16;

/// The nearest whole number; right below 2^22.
#[inline(always)]
pub(super) fn round(value: f32) -> i32 {
    ((value + ROUND).to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32)
}

/// 2 to the power of `x`, which is not above 0, to within 3e-6 of its value; below -120 as at -120.
#[inline(always)]
pub(super) fn exp2(x: f32) -> f32 {
    let x = if x > -120.0 { x } else { -120.0 };
    let shifted = x + ROUND;
    let rest = x - (shifted - ROUND);
    // A fit to 2^rest for |rest| <= 1/2, reweighted until the relative error was even.
    let mut power = 9.570_101e-3;
    for coefficient in [5.591_786_3e-2, 0.240_247_44, 0.693_121_8, 0.999_999_3] {
        power = power * rest + coefficient;
    }
    // The whole part goes into the exponent; the high bits of `shifted` are pushed out.
    f32::from_bits(power.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// The Gaussian error linear unit with the exact error function: `x` times the normal distribution's Φ(x), to
/// within 5e-6 for |x| <= 12.
///
/// Φ(x) - 1/2 over |x| <= 4.75 is `x` times a polynomial in x², a least-squares fit reweighted until the error
/// of the product was even (Lawson's method); beyond, Φ differs from 0 or 1 by less than 1.1e-6.
#[inline(always)]
pub(super) fn gelu(x: f32) -> f32 {
    const EDGE: f32 = 4.75;
    let inner = if x < EDGE { x } else { EDGE };
    let inner = if inner > -EDGE { inner } else { -EDGE };
    let u = inner * inner * (2.0 / (EDGE * EDGE)) - 1.0;
    // Even and odd powers apart: two short chains of operations instead of a long one.
    let square = u * u;
    let (mut even, mut odd) = (1.280_265_4e-3, -3.771_042_4e-3);
    for coefficient in [5.015_970_7e-3, 1.340_563e-2, 3.040_285_4e-2, 5.323_526e-2, 0.148_748_3] {
        even = even * square + coefficient;
    }
    for coefficient in [-7.168_803_4e-3, -2.164_956_6e-2, -4.056_822_5e-2, -7.366_755e-2] {
        odd = odd * square + coefficient;
    }
    let factor = odd * u + even;
    x * (inner * factor + 0.5)
}

/// The sum of `values`, each in its lane, a multiple of sixteen of them.
#[inline(always)]
fn sum(values: &[f32], term: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0; LANES];
    for chunk in values.as_chunks::<LANES>().0 {
        for i in 0..LANES {
            lanes[i] += term(chunk[i]);
        }
    }
    join(lanes)
}

/// Joins the lanes of a sum in halves. Not compiled into its callers: seeing both, the compiler tears the lanes
/// apart into pairs.
#[inline(never)]
fn join(lanes: [f32; LANES]) -> f32 {
    let eight: [f32; 8] = std::array::from_fn(|i| lanes[i] + lanes[i + 8]);
    let four: [f32; 4] = std::array::from_fn(|i| eight[i] + eight[i + 4]);
    (four[0] + four[2]) + (four[1] + four[3])
}

/// The larger of `top` and the magnitude of `value`, as bits: those of magnitudes are ordered as their values, and
/// whole numbers may be compared in any order.
#[inline(always)]
pub(super) fn larger(top: u32, value: f32) -> u32 {
    let bits = value.abs().to_bits();
    if bits > top { bits } else { top }
}

/// Smallest scale of anything quantised: rows of zeros stay zeros.
pub(super) const FLOOR: f32 = 1e-9;

#[inline(always)]
pub(super) fn quantise(values: &[f32], width: usize, code: Code, codes: &mut [[u8; 4]], scales: &mut [f32]) {
    let words = width / code.values();
    for ((row, codes), scale) in values.chunks_exact(width).zip(codes.chunks_exact_mut(words)).zip(scales) {
        let peak = f32::from_bits(row.iter().fold(FLOOR.to_bits(), |top, value| larger(top, *value)));
        let factor = 127.0 / peak;
        *scale = peak / 127.0;
        match code {
            Code::Bytes => {
                for (code, value) in codes.as_flattened_mut().iter_mut().zip(row) {
                    *code = (round(value * factor) + 128) as u8;
                }
            }
            Code::Pairs => {
                for (code, value) in codes.as_flattened_mut().as_chunks_mut::<2>().0.iter_mut().zip(row) {
                    *code = (round(value * factor) as i16).to_le_bytes();
                }
            }
        }
    }
}

#[inline(always)]
pub(super) fn norm(values: &mut [f32], other: &[f32], gain: &[f32], bias: &[f32], epsilon: f32) {
    let width = gain.len();
    for (row, other) in values.chunks_exact_mut(width).zip(other.chunks_exact(width)) {
        for (value, other) in row.iter_mut().zip(other) {
            *value += other;
        }
        let mean = sum(row, |value| value) / width as f32;
        let variance = sum(row, |value| (value - mean) * (value - mean)) / width as f32;
        let factor = 1.0 / (variance + epsilon).sqrt();
        for ((value, gain), bias) in row.iter_mut().zip(gain).zip(bias) {
            *value = (*value - mean) * factor * gain + bias;
        }
    }
}

/// Turns the first scores, as many as there are weights, all within 2^30 of zero, into weights that sum to `whole`,
/// but for rounding. There are scores and room for powers up to a whole number of vectors; what the scores past the
/// last weight are does not matter.
#[inline(always)]
pub(super) fn softmax(scores: &[i32], factor: f32, whole: f32, powers: &mut [f32], weights: &mut [i16]) {
    let length = weights.len();
    let top = scores[..length].iter().fold(i32::MIN, |top, &score| if score > top { score } else { top });
    let (chunks, rest) = (length / LANES, length % LANES);
    let vectors = scores.as_chunks::<LANES>().0;
    let (power_chunks, last) = powers.as_chunks_mut::<LANES>().0.split_at_mut(chunks);
    let mut lanes = [0.0; LANES];
    for (chunk, powers) in vectors.iter().zip(power_chunks) {
        let vector = powers_of(chunk, top, factor);
        for i in 0..LANES {
            lanes[i] += vector[i];
        }
        *powers = vector;
    }
    if rest > 0 {
        let mut vector = powers_of(&vectors[chunks], top, factor);
        for i in 0..LANES {
            vector[i] = if i < rest { vector[i] } else { 0.0 };
            lanes[i] += vector[i];
        }
        last[0] = vector;
    }
    let share = whole / join(lanes);
    for (weight, power) in weights.iter_mut().zip(&*powers) {
        *weight = round(power * share) as i16;
    }
}

/// Powers of two by how far scores are below the top one. An array of their own: else the compiler must reckon with
/// the powers lying over the scores.
#[inline(always)]
fn powers_of(scores: &[i32; LANES], top: i32, factor: f32) -> [f32; LANES] {
    let mut vector = [0.0; LANES];
    for i in 0..LANES {
        vector[i] = exp2(top.wrapping_sub(scores[i]) as f32 * -factor);
    }
    vector
}
