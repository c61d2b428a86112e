//! The path for every machine, and the measure of the others.
#![forbid(unsafe_code)]

use super::Path;

super::functions!(Path::Scalar, Pairs, , dense_tile: 4 x 16, pair_tile: 4 x 16);

const COLUMNS: usize = 16;

fn dense_tile(rows: &[[u8; 4]], panel: &[i8], start: &[i32], sums: &mut [i32]) {
    let groups = panel.as_chunks::<{ 2 * COLUMNS }>().0;
    for (row, sums) in rows.chunks_exact(groups.len()).zip(sums.as_chunks_mut::<COLUMNS>().0) {
        sums.copy_from_slice(start);
        for (word, group) in row.iter().zip(groups) {
            let word = [[word[0], word[1]], [word[2], word[3]]].map(i16::from_le_bytes);
            multiply(sums, word, &group.map(i16::from));
        }
    }
}

fn pair_tile(rows: &[[i16; 2]], panel: &[i16], sums: &mut [i32], stride: usize) {
    let groups = panel.as_chunks::<{ 2 * COLUMNS }>().0;
    for (row, sums) in rows.chunks_exact(groups.len()).zip(sums.chunks_mut(stride)) {
        let mut lanes = [0; COLUMNS];
        for (word, group) in row.iter().zip(groups) {
            multiply(&mut lanes, *word, group);
        }
        sums[..COLUMNS].copy_from_slice(&lanes);
    }
}

/// Adds to each column's sum the products of a word's two numbers with the column's two.
#[inline(always)]
fn multiply(sums: &mut [i32; COLUMNS], word: [i16; 2], group: &[i16; 2 * COLUMNS]) {
    let [low, high] = word.map(i32::from);
    for i in 0..COLUMNS {
        let products = (low * i32::from(group[2 * i])).wrapping_add(high * i32::from(group[2 * i + 1]));
        sums[i] = sums[i].wrapping_add(products);
    }
}
