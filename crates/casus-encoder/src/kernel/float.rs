//! What is reckoned in `f32`, written once for all paths.
//!
//! Each function is compiled into its callers, so that the compiler makes vectors of the caller's width of it.
//! The compiler neither fuses nor reorders operations on `f32`, so that the width does not change a result.
#![forbid(unsafe_code)]

use super::Code;

/// Adding and taking away one and a half times 2^23 rounds to the nearest whole number, ties to even, and
/// leaves that number in the low bits.
const ROUND: f32 = 12_582_912.0;

/// Lanes of every reduction: one vector of the widest path.
const LANES: usize = 16;

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
    // The series of e^(rest ln 2) about 0, where |rest| <= 1/2.
    let mut power = 1.333_355_8e-3;
    for coefficient in [9.618_129e-3, 5.550_410_9e-2, 0.240_226_5, 0.693_147_2, 1.0] {
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
    let mut factor = 1.280_265_4e-3;
    for coefficient in [
        -3.771_042_4e-3,
        5.015_970_7e-3,
        -7.168_803_4e-3,
        1.340_563e-2,
        -2.164_956_6e-2,
        3.040_285_4e-2,
        -4.056_822_5e-2,
        5.323_526e-2,
        -7.366_755e-2,
        0.148_748_29,
    ] {
        factor = factor * u + coefficient;
    }
    x * (inner * factor + 0.5)
}

#[inline(always)]
pub(super) fn join(lanes: [f32; LANES], combine: impl Fn(f32, f32) -> f32) -> f32 {
    let mut lanes = lanes;
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] = combine(lanes[i], lanes[i + width]);
        }
        width /= 2;
    }
    lanes[0]
}

#[inline(always)]
pub(super) fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The largest magnitude among `values`, at least a number so small that its inverse is finite.
#[inline(always)]
pub(super) fn peak(values: &[f32], floor: f32) -> f32 {
    let mut lanes = [floor; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for i in 0..LANES {
            lanes[i] = larger(chunk[i].abs(), lanes[i]);
        }
    }
    for (lane, value) in lanes.iter_mut().zip(rest) {
        *lane = larger(value.abs(), *lane);
    }
    join(lanes, larger)
}

/// Smallest scale of anything quantised: rows of zeros stay zeros.
pub(super) const FLOOR: f32 = 1e-9;

#[inline(always)]
pub(super) fn quantise(values: &[f32], width: usize, code: Code, codes: &mut [[u8; 4]], scales: &mut [f32]) {
    let words = width / code.values();
    for ((row, codes), scale) in values.chunks_exact(width).zip(codes.chunks_exact_mut(words)).zip(scales) {
        let peak = peak(row, FLOOR);
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
    let (gain, bias) = (gain.as_chunks::<LANES>().0, bias.as_chunks::<LANES>().0);
    for (row, other) in values.chunks_exact_mut(width).zip(other.chunks_exact(width)) {
        let row = row.as_chunks_mut::<LANES>().0;
        let mut sum = [0.0; LANES];
        for (chunk, other) in row.iter_mut().zip(other.as_chunks::<LANES>().0) {
            for i in 0..LANES {
                chunk[i] += other[i];
                sum[i] += chunk[i];
            }
        }
        let mean = join(sum, |a, b| a + b) / width as f32;
        let mut square = [0.0; LANES];
        for chunk in row.iter_mut() {
            for i in 0..LANES {
                chunk[i] -= mean;
                square[i] += chunk[i] * chunk[i];
            }
        }
        let factor = 1.0 / (join(square, |a, b| a + b) / width as f32 + epsilon).sqrt();
        for ((chunk, gain), bias) in row.iter_mut().zip(gain).zip(bias) {
            for i in 0..LANES {
                chunk[i] = chunk[i] * factor * gain[i] + bias[i];
            }
        }
    }
}

/// Turns scores into weights that sum to `whole`, but for rounding. `exponents` is room for as many values.
#[inline(always)]
pub(super) fn softmax(scores: &[i32], factor: f32, whole: f32, powers: &mut [f32], weights: &mut [i16]) {
    let top = scores.iter().fold(i32::MIN, |top, &score| if score > top { score } else { top });
    let mut lanes = [0.0; LANES];
    let (chunks, rest) = scores.as_chunks::<LANES>();
    let (power_chunks, power_rest) = powers[..scores.len()].as_chunks_mut::<LANES>();
    // Scores are within 2^30 of zero, so that their difference cannot overflow.
    for (chunk, powers) in chunks.iter().zip(power_chunks) {
        for i in 0..LANES {
            powers[i] = exp2(top.wrapping_sub(chunk[i]) as f32 * -factor);
            lanes[i] += powers[i];
        }
    }
    for ((score, power), lane) in rest.iter().zip(power_rest).zip(&mut lanes) {
        *power = exp2(top.wrapping_sub(*score) as f32 * -factor);
        *lane += *power;
    }
    let share = whole / join(lanes, |a, b| a + b);
    for (weight, power) in weights.iter_mut().zip(&*powers) {
        *weight = round(power * share) as i16;
    }
}
