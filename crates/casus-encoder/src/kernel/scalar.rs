//! The path for every machine, and the measure of the others.
#![forbid(unsafe_code)]

use super::Path;

super::functions!(Path::Scalar, Pairs, , dense_tile: 32 x 16, pair_tile: 4 x 16);

const COLUMNS: usize = 16;

/// Groups of a panel that are widened at once.
const WIDENED: usize = 64;

/// Weights are widened to 16 bits before they are multiplied: compilers know a vector instruction for that product.
fn dense_tile(rows: &[[u8; 4]], panel: &[i8], start: &[i32], sums: &mut [i32]) {
    let groups = panel.as_chunks::<{ 2 * COLUMNS }>().0;
    let sums = sums.as_chunks_mut::<COLUMNS>().0;
    sums.iter_mut().for_each(|sums| sums.copy_from_slice(start));
    let mut wide = [[0; 2 * COLUMNS]; WIDENED];
    for (part, narrow) in groups.chunks(WIDENED).enumerate() {
        for (wide, narrow) in wide.iter_mut().zip(narrow) {
            *wide = narrow.map(i16::from);
        }
        for (row, sums) in rows.chunks_exact(groups.len()).zip(&mut *sums) {
            let mut lanes = *sums;
            for (word, group) in row[part * WIDENED..].iter().zip(&wide[..narrow.len()]) {
                let word = [[word[0], word[1]], [word[2], word[3]]].map(i16::from_le_bytes);
                multiply(&mut lanes, word, group);
            }
            *sums = lanes;
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
