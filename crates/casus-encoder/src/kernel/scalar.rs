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
            let low = i32::from(i16::from_le_bytes([word[0], word[1]]));
            let high = i32::from(i16::from_le_bytes([word[2], word[3]]));
            for (sum, pair) in sums.iter_mut().zip(group.as_chunks::<2>().0) {
                *sum = sum.wrapping_add(low * i32::from(pair[0]) + high * i32::from(pair[1]));
            }
        }
    }
}

fn pair_tile(rows: &[[i16; 2]], panel: &[i16], sums: &mut [i32], stride: usize) {
    let groups = panel.as_chunks::<{ 2 * COLUMNS }>().0;
    for (row, sums) in rows.chunks_exact(groups.len()).zip(sums.chunks_mut(stride)) {
        let sums = &mut sums[..COLUMNS];
        sums.fill(0);
        for (word, group) in row.iter().zip(groups) {
            let (low, high) = (i32::from(word[0]), i32::from(word[1]));
            for (sum, pair) in sums.iter_mut().zip(group.as_chunks::<2>().0) {
                let product = (low * i32::from(pair[0])).wrapping_add(high * i32::from(pair[1]));
                *sum = sum.wrapping_add(product);
            }
        }
    }
}
