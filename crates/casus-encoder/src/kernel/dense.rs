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
        scales: Vec<f32>,
        bias: Vec<f32>,
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
    for (first, (panel, start)) in (0..).step_by(COLUMNS).zip(panels) {
        let columns = first..layer.outputs.min(first + COLUMNS);
        let (weights, bias) = (&layer.scales[columns.clone()], &layer.bias[columns.clone()]);
        let blocks = codes.chunks(ROWS * layer.words).zip(scales.chunks(ROWS));
        for ((rows, scales), out) in blocks.zip(out.chunks_mut(ROWS * layer.outputs)) {
            let sums = &mut sums[..scales.len() * COLUMNS];
            tile(rows, panel, start, sums);
            let rows = sums.chunks_exact(COLUMNS).zip(scales).zip(out.chunks_exact_mut(layer.outputs));
            for ((sums, scale), out) in rows {
                let values = out[columns.clone()].iter_mut().zip(sums).zip(weights.iter().zip(bias));
                let scaled = |sum: i32, weight: f32, bias: f32| sum as f32 * (scale * weight) + bias;
                match gelu {
                    true => values.for_each(|((out, &sum), (&w, &b))| *out = float::gelu(scaled(sum, w, b))),
                    false => values.for_each(|((out, &sum), (&w, &b))| *out = scaled(sum, w, b)),
                }
            }
        }
    }
}
