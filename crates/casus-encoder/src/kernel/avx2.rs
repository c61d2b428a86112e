//! AVX2: 16 products of 16-bit numbers an instruction, summed in pairs.
//!
//! The instruction that multiplies bytes (`vpmaddubsw`) saturates its sums at 16 bits, so weights are widened
//! as they are loaded; that costs no more than the instruction would, for it gives 16-bit sums that must be
//! widened, too. Two products of a weight and an activation are at most 2 * 128 * 128, far from 32 bits.

use super::Path;
use std::arch::x86_64::{
    __m256i, _mm_loadu_si128, _mm256_add_epi32, _mm256_cvtepi8_epi16, _mm256_loadu_si256, _mm256_madd_epi16,
    _mm256_set1_epi32, _mm256_setzero_si256, _mm256_storeu_si256,
};

super::functions!(
    Path::Avx2, Pairs,
    #[target_feature(enable = "avx2")],
    dense_tile: 6 x 16, pair_tile: 6 x 16
);

#[target_feature(enable = "avx2")]
fn dense_tile(rows: &[[u8; 4]], panel: &[i8], start: &[i32], sums: &mut [i32]) {
    let panel = panel.as_chunks::<16>().0.as_chunks::<2>().0;
    let start = start.as_chunks::<8>().0;
    match rows.len() / panel.len() {
        6 => dense_rows::<6>(rows, panel, start, sums),
        5 => dense_rows::<5>(rows, panel, start, sums),
        4 => dense_rows::<4>(rows, panel, start, sums),
        3 => dense_rows::<3>(rows, panel, start, sums),
        2 => dense_rows::<2>(rows, panel, start, sums),
        _ => dense_rows::<1>(rows, panel, start, sums),
    }
}

#[target_feature(enable = "avx2")]
fn dense_rows<const R: usize>(
    rows: &[[u8; 4]],
    panel: &[[[i8; 16]; 2]],
    start: &[[i32; 8]],
    sums: &mut [i32],
) {
    let rows: [_; R] = super::split(rows, panel.len());
    let mut lanes = [[load_sums(&start[0]), load_sums(&start[1])]; R];
    for (group, weights) in panel.iter().enumerate() {
        let weights = [load_bytes(&weights[0]), load_bytes(&weights[1])];
        for r in 0..R {
            let word = _mm256_set1_epi32(i32::from_le_bytes(rows[r][group]));
            for c in 0..2 {
                lanes[r][c] = _mm256_add_epi32(lanes[r][c], _mm256_madd_epi16(word, weights[c]));
            }
        }
    }
    let sums = sums.as_chunks_mut::<8>().0;
    for r in 0..R {
        for c in 0..2 {
            store(&mut sums[2 * r + c], lanes[r][c]);
        }
    }
}

#[target_feature(enable = "avx2")]
fn pair_tile(rows: &[[i16; 2]], panel: &[i16], sums: &mut [i32], stride: usize) {
    let panel = panel.as_chunks::<16>().0.as_chunks::<2>().0;
    match rows.len() / panel.len() {
        6 => pair_rows::<6>(rows, panel, sums, stride),
        5 => pair_rows::<5>(rows, panel, sums, stride),
        4 => pair_rows::<4>(rows, panel, sums, stride),
        3 => pair_rows::<3>(rows, panel, sums, stride),
        2 => pair_rows::<2>(rows, panel, sums, stride),
        _ => pair_rows::<1>(rows, panel, sums, stride),
    }
}

#[target_feature(enable = "avx2")]
fn pair_rows<const R: usize>(rows: &[[i16; 2]], panel: &[[[i16; 16]; 2]], sums: &mut [i32], stride: usize) {
    let rows: [_; R] = super::split(rows, panel.len());
    let mut lanes = [[_mm256_setzero_si256(); 2]; R];
    for (group, columns) in panel.iter().enumerate() {
        let columns = [load_pairs(&columns[0]), load_pairs(&columns[1])];
        for r in 0..R {
            let [low, high] = rows[r][group];
            let word = _mm256_set1_epi32(i32::from(low as u16) | i32::from(high) << 16);
            for c in 0..2 {
                lanes[r][c] = _mm256_add_epi32(lanes[r][c], _mm256_madd_epi16(word, columns[c]));
            }
        }
    }
    for r in 0..R {
        let sums = sums[r * stride..].as_chunks_mut::<8>().0;
        for c in 0..2 {
            store(&mut sums[c], lanes[r][c]);
        }
    }
}

/// Sixteen bytes, each widened to 16 bits.
#[inline]
#[target_feature(enable = "avx2")]
fn load_bytes(from: &[i8; 16]) -> __m256i {
    // SAFETY: reads the 16 bytes of `from`; the instruction asks for no alignment.
    _mm256_cvtepi8_epi16(unsafe { _mm_loadu_si128(from.as_ptr().cast()) })
}

#[inline]
#[target_feature(enable = "avx2")]
fn load_pairs(from: &[i16; 16]) -> __m256i {
    // SAFETY: reads the 32 bytes of `from`; the instruction asks for no alignment.
    unsafe { _mm256_loadu_si256(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn load_sums(from: &[i32; 8]) -> __m256i {
    // SAFETY: reads the 32 bytes of `from`; the instruction asks for no alignment.
    unsafe { _mm256_loadu_si256(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn store(to: &mut [i32; 8], lanes: __m256i) {
    // SAFETY: writes the 32 bytes of `to`; the instruction asks for no alignment.
    unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), lanes) }
}
