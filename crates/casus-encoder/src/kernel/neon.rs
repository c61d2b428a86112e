//! Neon: 4 products of 16-bit numbers an instruction, added to 32-bit sums.
//!
//! The dot products of ARMv8.2 would be faster; the compiler does not offer them yet.

use super::Path;
use std::arch::aarch64::{
    int16x8_t, int32x4_t, vdupq_n_s32, vget_low_s8, vget_low_s16, vld1q_s8, vld1q_s16, vmlal_high_s16,
    vmlal_s16, vmovl_high_s8, vmovl_s8, vpaddq_s32, vreinterpretq_s16_s32, vst1q_s32,
};

super::functions!(
    Path::Neon, Pairs,
    #[target_feature(enable = "neon")],
    dense_tile: 4 x 8, pair_tile: 4 x 8
);

const COLUMNS: usize = 8;

#[target_feature(enable = "neon")]
fn dense_tile(rows: &[[u8; 4]], panel: &[i8], start: &[i32], sums: &mut [i32]) {
    let panel = panel.as_chunks::<{ 2 * COLUMNS }>().0;
    match rows.len() / panel.len() {
        4 => dense_rows::<4>(rows, panel, start, sums),
        3 => dense_rows::<3>(rows, panel, start, sums),
        2 => dense_rows::<2>(rows, panel, start, sums),
        _ => dense_rows::<1>(rows, panel, start, sums),
    }
}

#[target_feature(enable = "neon")]
fn dense_rows<const R: usize>(rows: &[[u8; 4]], panel: &[[i8; 16]], start: &[i32], sums: &mut [i32]) {
    let rows: [_; R] = super::split(rows, panel.len());
    let mut lanes = [[vdupq_n_s32(0); 4]; R];
    for (group, weights) in panel.iter().enumerate() {
        // SAFETY: reads the 16 bytes of `weights`.
        let weights = unsafe { vld1q_s8(weights.as_ptr()) };
        let weights = [vmovl_s8(vget_low_s8(weights)), vmovl_high_s8(weights)];
        for r in 0..R {
            multiply(&mut lanes[r], i32::from_le_bytes(rows[r][group]), weights);
        }
    }
    let sums = sums.as_chunks_mut::<COLUMNS>().0;
    for r in 0..R {
        store(&mut sums[r], lanes[r]);
        sums[r].iter_mut().zip(start).for_each(|(sum, start)| *sum = sum.wrapping_add(*start));
    }
}

#[target_feature(enable = "neon")]
fn pair_tile(rows: &[[i16; 2]], panel: &[i16], sums: &mut [i32], stride: usize) {
    let panel = panel.as_chunks::<8>().0.as_chunks::<2>().0;
    match rows.len() / panel.len() {
        4 => pair_rows::<4>(rows, panel, sums, stride),
        3 => pair_rows::<3>(rows, panel, sums, stride),
        2 => pair_rows::<2>(rows, panel, sums, stride),
        _ => pair_rows::<1>(rows, panel, sums, stride),
    }
}

#[target_feature(enable = "neon")]
fn pair_rows<const R: usize>(rows: &[[i16; 2]], panel: &[[[i16; 8]; 2]], sums: &mut [i32], stride: usize) {
    let rows: [_; R] = super::split(rows, panel.len());
    let mut lanes = [[vdupq_n_s32(0); 4]; R];
    for (group, columns) in panel.iter().enumerate() {
        // SAFETY: each reads the 16 bytes of its half of `columns`.
        let columns = unsafe { [vld1q_s16(columns[0].as_ptr()), vld1q_s16(columns[1].as_ptr())] };
        for r in 0..R {
            let [low, high] = rows[r][group];
            multiply(&mut lanes[r], i32::from(low as u16) | i32::from(high) << 16, columns);
        }
    }
    for r in 0..R {
        store(&mut sums[r * stride..].as_chunks_mut().0[0], lanes[r]);
    }
}

/// Adds the products of a word's two numbers with the pairs of eight columns; a column's two products go to
/// lanes beside each other.
#[inline]
#[target_feature(enable = "neon")]
fn multiply(lanes: &mut [int32x4_t; 4], word: i32, columns: [int16x8_t; 2]) {
    let word = vreinterpretq_s16_s32(vdupq_n_s32(word));
    for c in 0..2 {
        lanes[2 * c] = vmlal_s16(lanes[2 * c], vget_low_s16(word), vget_low_s16(columns[c]));
        lanes[2 * c + 1] = vmlal_high_s16(lanes[2 * c + 1], word, columns[c]);
    }
}

/// Joins the two lanes of each column.
#[inline]
#[target_feature(enable = "neon")]
fn store(to: &mut [i32; COLUMNS], lanes: [int32x4_t; 4]) {
    let to = to.as_chunks_mut::<4>().0;
    for c in 0..2 {
        // SAFETY: writes the 16 bytes of `to[c]`.
        unsafe { vst1q_s32(to[c].as_mut_ptr(), vpaddq_s32(lanes[2 * c], lanes[2 * c + 1])) }
    }
}
