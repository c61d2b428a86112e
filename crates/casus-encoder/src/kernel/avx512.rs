//! AVX-512 with VNNI: 64 products of bytes, or 32 of 16-bit numbers, an instruction.

use super::Path;
use std::arch::x86_64::{
    __m512i, _mm512_dpbusd_epi32, _mm512_dpwssd_epi32, _mm512_loadu_si512, _mm512_set1_epi32,
    _mm512_setzero_si512, _mm512_storeu_si512,
};

super::functions!(
    Path::Avx512, Bytes,
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")],
    dense_tile: 6 x 64, pair_tile: 8 x 32
);

#[target_feature(enable = "avx512f,avx512vnni")]
fn dense_tile(rows: &[[u8; 4]], panel: &[i8], start: &[i32], sums: &mut [i32]) {
    let panel = panel.as_chunks::<64>().0.as_chunks::<4>().0;
    let start = start.as_chunks::<16>().0;
    match rows.len() / panel.len() {
        6 => dense_rows::<6>(rows, panel, start, sums),
        5 => dense_rows::<5>(rows, panel, start, sums),
        4 => dense_rows::<4>(rows, panel, start, sums),
        3 => dense_rows::<3>(rows, panel, start, sums),
        2 => dense_rows::<2>(rows, panel, start, sums),
        _ => dense_rows::<1>(rows, panel, start, sums),
    }
}

#[target_feature(enable = "avx512f,avx512vnni")]
fn dense_rows<const R: usize>(
    rows: &[[u8; 4]],
    panel: &[[[i8; 64]; 4]],
    start: &[[i32; 16]],
    sums: &mut [i32],
) {
    let rows: [_; R] = super::split(rows, panel.len());
    let mut lanes =
        [[load_sums(&start[0]), load_sums(&start[1]), load_sums(&start[2]), load_sums(&start[3])]; R];
    for (group, weights) in panel.iter().enumerate() {
        let [a, b, c, d] = weights;
        let weights = [load_bytes(a), load_bytes(b), load_bytes(c), load_bytes(d)];
        for r in 0..R {
            let word = _mm512_set1_epi32(i32::from_le_bytes(rows[r][group]));
            for c in 0..4 {
                lanes[r][c] = _mm512_dpbusd_epi32(lanes[r][c], word, weights[c]);
            }
        }
    }
    let sums = sums.as_chunks_mut::<16>().0;
    for r in 0..R {
        for c in 0..4 {
            store(&mut sums[4 * r + c], lanes[r][c]);
        }
    }
}

#[target_feature(enable = "avx512f,avx512vnni")]
fn pair_tile(rows: &[[i16; 2]], panel: &[i16], sums: &mut [i32], stride: usize) {
    let panel = panel.as_chunks::<32>().0.as_chunks::<2>().0;
    match rows.len() / panel.len() {
        8 => pair_rows::<8>(rows, panel, sums, stride),
        7 => pair_rows::<7>(rows, panel, sums, stride),
        6 => pair_rows::<6>(rows, panel, sums, stride),
        5 => pair_rows::<5>(rows, panel, sums, stride),
        4 => pair_rows::<4>(rows, panel, sums, stride),
        3 => pair_rows::<3>(rows, panel, sums, stride),
        2 => pair_rows::<2>(rows, panel, sums, stride),
        _ => pair_rows::<1>(rows, panel, sums, stride),
    }
}

#[target_feature(enable = "avx512f,avx512vnni")]
fn pair_rows<const R: usize>(rows: &[[i16; 2]], panel: &[[[i16; 32]; 2]], sums: &mut [i32], stride: usize) {
    let rows: [_; R] = super::split(rows, panel.len());
    let mut lanes = [[_mm512_setzero_si512(); 2]; R];
    for (group, columns) in panel.iter().enumerate() {
        let columns = [load_pairs(&columns[0]), load_pairs(&columns[1])];
        for r in 0..R {
            let [low, high] = rows[r][group];
            let word = _mm512_set1_epi32(i32::from(low as u16) | i32::from(high) << 16);
            for c in 0..2 {
                lanes[r][c] = _mm512_dpwssd_epi32(lanes[r][c], word, columns[c]);
            }
        }
    }
    for r in 0..R {
        let sums = sums[r * stride..].as_chunks_mut::<16>().0;
        for c in 0..2 {
            store(&mut sums[c], lanes[r][c]);
        }
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_bytes(from: &[i8; 64]) -> __m512i {
    // SAFETY: reads the 64 bytes of `from`; the instruction asks for no alignment.
    unsafe { _mm512_loadu_si512(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_pairs(from: &[i16; 32]) -> __m512i {
    // SAFETY: reads the 64 bytes of `from`; the instruction asks for no alignment.
    unsafe { _mm512_loadu_si512(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_sums(from: &[i32; 16]) -> __m512i {
    // SAFETY: reads the 64 bytes of `from`; the instruction asks for no alignment.
    unsafe { _mm512_loadu_si512(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store(to: &mut [i32; 16], lanes: __m512i) {
    // SAFETY: writes the 64 bytes of `to`; the instruction asks for no alignment.
    unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), lanes) }
}
