//! A dense layer: quantised rows by quantised weights, sums to `f32`.
#![forbid(unsafe_code)]

use super::{Aligned, Code, Kernel, float};

/// Weights packed for one path, with what turns their sums into `f32`.
#[derive(Debug)]
pub(crate) struct Linear {
    /// Panels of the path's number of columns; in a panel the groups of a word's inputs, in a group the columns.
    panels: Aligned<i8>,
    /// What each column's sum starts at: it takes away what the offset of unsigned codes adds.
    start: Vec<i32>,
    /// Each column's scale and bias, with zeros for the columns that fill the last panel.
    scales: Vec<f32>,
    bias: Vec<f32>,
    /// Words of a quantised row.
    words: usize,
    outputs: usize,
}

impl Linear {
    /// Packs `rows` of weights (as many as `scales` and `bias`), each of `inputs` values, a multiple of four.
    pub(crate) fn pack<'a>(
        kernel: Kernel,
        inputs: usize,
        rows: impl Iterator<Item = &'a [u8]>,
        mut scales: Vec<f32>,
        mut bias: Vec<f32>,
    ) -> Linear {
        let columns = kernel.0.columns;
        let group = kernel.0.code.values();
        let outputs = scales.len();
        let mut panels = Aligned::default();
        panels.resize(outputs.next_multiple_of(columns) * inputs);
        let mut start = vec![0; outputs.next_multiple_of(columns)];
        let packed = panels.get_mut();
        for (output, row) in rows.enumerate() {
            let (panel, column) = (output / columns, output % columns);
            let panel = &mut packed[panel * columns * inputs..][..columns * inputs];
            for (place, values) in panel.chunks_exact_mut(columns * group).zip(row.chunks_exact(group)) {
                for (place, &value) in place[column * group..].iter_mut().zip(values) {
                    *place = value as i8;
                }
            }
            if kernel.0.code == Code::Bytes {
                start[output] = -128 * row.iter().map(|&value| i32::from(value as i8)).sum::<i32>();
            }
        }
        scales.resize(start.len(), 0.0);
        bias.resize(start.len(), 0.0);
        Linear { panels, start, scales, bias, words: inputs / group, outputs }
    }

    pub(crate) fn outputs(&self) -> usize {
        self.outputs
    }
}

/// Rows to be multiplied.
pub(crate) struct Dense<'a> {
    pub(crate) layer: &'a Linear,
    /// Quantised rows, one after another.
    pub(crate) codes: &'a [[u8; 4]],
    /// The scale of each row.
    pub(crate) scales: &'a [f32],
    /// Rows of the layer's outputs.
    pub(crate) out: &'a mut [f32],
    /// Whether the outputs pass a GELU.
    pub(crate) gelu: bool,
}

/// Most sums of a tile, over all paths.
const TILE: usize = 512;

/// `tile(rows, panel, start, sums)` gives for each row (at most `ROWS`) and each column of the panel the sum of
/// products, added to `start`; sums of a row beside each other.
#[inline(always)]
pub(super) fn run<const ROWS: usize, const COLUMNS: usize>(
    job: Dense<'_>,
    tile: impl Fn(&[[u8; 4]], &[i8], &[i32], &mut [i32]),
) {
    const { assert!(ROWS * COLUMNS <= TILE) };
    let Dense { layer, codes, scales, out, gelu } = job;
    let mut sums = [0; TILE];
    let panel_size = layer.panels.get().len() / layer.start.len().max(1) * COLUMNS;
    let panels = layer.panels.get().chunks_exact(panel_size).zip(layer.start.chunks_exact(COLUMNS));
    let weights = layer.scales.as_chunks::<COLUMNS>().0.iter().zip(layer.bias.as_chunks::<COLUMNS>().0);
    for (first, ((panel, start), (weights, bias))) in (0..).step_by(COLUMNS).zip(panels.zip(weights)) {
        let columns = first..layer.outputs.min(first + COLUMNS);
        let blocks = codes.chunks(ROWS * layer.words).zip(scales.chunks(ROWS));
        for ((rows, scales), out) in blocks.zip(out.chunks_mut(ROWS * layer.outputs)) {
            let sums = &mut sums[..scales.len() * COLUMNS];
            tile(rows, panel, start, sums);
            let sums = sums.as_chunks::<COLUMNS>().0.iter();
            for ((sums, scale), out) in sums.zip(scales).zip(out.chunks_exact_mut(layer.outputs)) {
                let out = &mut out[columns.clone()];
                match out.first_chunk_mut() {
                    Some(out) => finish(sums, *scale, weights, bias, gelu, out),
                    None => {
                        let mut values = [0.0; COLUMNS];
                        finish(sums, *scale, weights, bias, gelu, &mut values);
                        out.copy_from_slice(&values[..out.len()]);
                    }
                }
            }
        }
    }
}

/// Turns the sums of a row into outputs. A function of its own, with lengths that the compiler knows and outputs
/// that it knows to lie apart from the rest.
#[inline(always)]
fn finish<const COLUMNS: usize>(
    sums: &[i32; COLUMNS],
    scale: f32,
    weights: &[f32; COLUMNS],
    bias: &[f32; COLUMNS],
    gelu: bool,
    out: &mut [f32; COLUMNS],
) {
    if gelu {
        for i in 0..COLUMNS {
            out[i] = float::gelu(sums[i] as f32 * (scale * weights[i]) + bias[i]);
        }
    } else {
        for i in 0..COLUMNS {
            out[i] = sums[i] as f32 * (scale * weights[i]) + bias[i];
        }
    }
}
