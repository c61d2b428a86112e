//! The heads of the model: linear maps from states to what is asked of them.
//!
//! This module must not know the text.

use super::{Attribute, Part};
use crate::Error;
use casus_encoder::Encoder;
use std::{ops::Range, sync::Arc};

/// How many pieces on either side a span is seen with.
const AROUND: usize = 16;

/// Upper bounds of the classes of distance between two spans, in pieces.
const DISTANCES: [usize; 9] = [4, 8, 16, 32, 64, 128, 256, 512, 1024];

/// Spans of a section that are kept, the surest: pairs cost the square of their number. Reports have 30.
const MOST: usize = 96;

/// Weight of "no part" against the parts: below one, since words left out cost more than doubtful ones.
const OUTSIDE: f32 = 0.2;

/// Upper bounds of the classes of width of a candidate, in pieces.
const WIDTHS: [usize; 6] = [1, 2, 3, 4, 6, 9];

/// States of consecutive pieces, one row each.
pub(super) struct States<'a> {
    pub(super) hidden: usize,
    pub(super) rows: &'a [f32],
}

impl States<'_> {
    fn len(&self) -> usize {
        self.rows.len() / self.hidden
    }

    fn row(&self, at: usize) -> &[f32] {
        &self.rows[at * self.hidden..(at + 1) * self.hidden]
    }

    fn mean(&self, pieces: Range<usize>, out: &mut Vec<f32>) {
        let first = out.len();
        out.resize(first + self.hidden, 0.0);
        let share = 1.0 / pieces.len().max(1) as f32;
        for at in pieces {
            for (sum, value) in out[first..].iter_mut().zip(self.row(at)) {
                *sum += value * share;
            }
        }
    }

    /// A span is the mean of its pieces beside the mean of the pieces around it.
    pub(super) fn around(&self, pieces: &Range<usize>) -> Vec<f32> {
        let mut out = Vec::with_capacity(2 * self.hidden);
        self.mean(pieces.clone(), &mut out);
        self.mean(pieces.start.saturating_sub(AROUND)..(pieces.end + AROUND).min(self.len()), &mut out);
        out
    }
}

/// y = Wx + b; b may be left out. The weights of an input stand together, so that outputs are summed side by side.
#[derive(Debug)]
pub(super) struct Linear {
    inputs: usize,
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    pub(super) fn open(encoder: &Encoder, name: &str) -> Result<Linear, Error> {
        let (shape, rows) = tensor(encoder, &format!("{name}.weight"))?;
        let (outputs, inputs) = match *shape.as_slice() {
            [outputs, inputs] if outputs > 0 && inputs > 0 => (outputs, inputs),
            _ => return Err(Error::data("reader", format!("{name}: not a matrix"))),
        };
        let bias = encoder.tensor(&format!("{name}.bias")).map_or(vec![0.0; outputs], |bias| bias.values);
        if bias.len() != outputs {
            return Err(Error::data("reader", format!("{name}: {outputs} rows and {} biases", bias.len())));
        }
        let weight = (0..inputs).flat_map(|i| (0..outputs).map(move |o| (i, o)));
        let weight = weight.map(|(i, o)| rows[o * inputs + i]).collect();
        Ok(Linear { inputs, weight, bias })
    }

    fn outputs(&self) -> usize {
        self.bias.len()
    }

    pub(super) fn expect(self, name: &str, inputs: usize, outputs: usize) -> Result<Linear, Error> {
        if (self.inputs, self.outputs()) == (inputs, outputs) {
            return Ok(self);
        }
        Err(Error::data(
            "reader",
            format!("{name}: {} x {} where {outputs} x {inputs} is due", self.outputs(), self.inputs),
        ))
    }

    /// The outputs for each of the rows that are wanted; zeros for the others.
    fn rows(&self, states: &States<'_>, wanted: &[bool]) -> Vec<f32> {
        let mut out = vec![0.0; wanted.len() * self.outputs()];
        for (at, row) in out.chunks_exact_mut(self.outputs()).enumerate().filter(|(at, _)| wanted[*at]) {
            row.copy_from_slice(&self.apply(states.row(at)));
        }
        out
    }

    pub(super) fn apply(&self, x: &[f32]) -> Vec<f32> {
        let mut out = self.bias.clone();
        for (&x, weights) in x.iter().zip(self.weight.chunks_exact(self.outputs())) {
            // What was rectified is often nothing.
            if x != 0.0 {
                for (sum, weight) in out.iter_mut().zip(weights) {
                    *sum += x * weight;
                }
            }
        }
        out
    }
}

fn tensor(encoder: &Encoder, name: &str) -> Result<(Vec<usize>, Vec<f32>), Error> {
    let tensor = encoder.tensor(name).ok_or_else(|| Error::data("reader", format!("no tensor {name:?}")))?;
    Ok((tensor.shape, tensor.values))
}

pub(super) fn softmax(logits: &[f32]) -> Vec<f32> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|x| (x - most).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|x| x / sum).collect()
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// A span that was found.
pub(super) struct Found {
    pub(super) pieces: Range<usize>,
    pub(super) part: Part,
    pub(super) sure: f32,
}

/// How likely two spans belong together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    /// They take part in one incident.
    pub(super) incident: f32,
    /// They are one and the same.
    pub(super) entity: f32,
}

/// Pairs of a list, of each two once.
pub(super) struct Pairs {
    count: usize,
    pairs: Vec<Pair>,
}

impl Pairs {
    /// Pairs of a list of `count`: (0, 1), (0, 2) … (1, 2) …
    pub(super) fn new(count: usize, pairs: Vec<Pair>) -> Pairs {
        Pairs { count, pairs }
    }

    pub(super) fn get(&self, a: usize, b: usize) -> Pair {
        let (a, b) = (a.min(b), a.max(b));
        // Row a of the upper triangle begins behind those before it.
        let row = a * (2 * self.count - a - 1) / 2;
        self.pairs[row + b - a - 1]
    }
}

#[derive(Debug)]
pub(super) struct Heads {
    /// A candidate is seen by its first piece, its last and the mean of all.
    first: Linear,
    last: Linear,
    mean: Linear,
    /// One row a class of width.
    width: Vec<f32>,
    role: Linear,
    attribute: Linear,
    project: Linear,
    /// One row a part.
    part: Vec<f32>,
    /// One row a class of distance.
    distance: Vec<f32>,
    pair: Linear,
    pair_out: Linear,
    report: Linear,
    /// Attributes with the names of their values, in the order of the outputs.
    attributes: Vec<(Arc<str>, Vec<Arc<str>>)>,
}

impl Heads {
    pub(super) fn open(encoder: &Encoder) -> Result<Heads, Error> {
        let hidden = encoder.hidden();
        let names = |key: &str| {
            encoder.metadata(key).ok_or_else(|| Error::data("reader", format!("no metadata {key:?}")))
        };
        let parts: Vec<&str> = names("roles")?.split(',').collect();
        if parts != Part::ALL.map(Part::name) {
            return Err(Error::data("reader", format!("made for other parts: {parts:?}")));
        }
        // "event=attack,bombing;stage=..."
        let attributes: Vec<(Arc<str>, Vec<Arc<str>>)> = names("attributes")?
            .split(';')
            .filter_map(|one| one.split_once('='))
            .map(|(name, values)| (name.into(), values.split(',').map(Arc::from).collect()))
            .collect();
        let total = attributes.iter().map(|(_, values)| values.len()).sum();
        let project = Linear::open(encoder, "project")?;
        let width = project.outputs();
        let (_, part) = tensor(encoder, "role_of.weight")?;
        let (_, distance) = tensor(encoder, "distance.weight")?;
        let classes = DISTANCES.len() + 1;
        if part.len() != parts.len() * width || distance.len() % classes != 0 {
            return Err(Error::data("reader", "the tables of parts and distances do not fit"));
        }
        let pair = Linear::open(encoder, "pair")?;
        let inner = pair.outputs();
        let report = Linear::open(encoder, "report")?;
        let kinds = report.outputs();
        let first = Linear::open(encoder, "first")?;
        let size = first.outputs();
        let (_, width_of) = tensor(encoder, "width.weight")?;
        if width_of.len() != (WIDTHS.len() + 1) * size {
            return Err(Error::data("reader", "the table of widths does not fit"));
        }
        Ok(Heads {
            first: first.expect("first", hidden, size)?,
            last: Linear::open(encoder, "last")?.expect("last", hidden, size)?,
            mean: Linear::open(encoder, "mean")?.expect("mean", hidden, size)?,
            width: width_of,
            role: Linear::open(encoder, "role")?.expect("role", size, 1 + parts.len())?,
            attribute: Linear::open(encoder, "attribute")?.expect("attribute", 2 * hidden, total)?,
            project: project.expect("project", 2 * hidden, width)?,
            pair: pair.expect("pair", 2 * width + distance.len() / classes + 1, inner)?,
            pair_out: Linear::open(encoder, "pair_out")?.expect("pair_out", inner, 2)?,
            report: report.expect("report", 2 * hidden, kinds.max(1))?,
            part,
            distance,
            attributes,
        })
    }

    /// How likely the report tells of an incident: the last output of its head.
    pub(super) fn relevant(&self, states: &States<'_>, firsts: &[Vec<f32>]) -> f32 {
        let mut input = vec![0.0; states.hidden];
        for first in firsts {
            for (sum, value) in input.iter_mut().zip(first) {
                *sum += value / firsts.len() as f32;
            }
        }
        let mut most = vec![f32::NEG_INFINITY; states.hidden];
        for at in 0..states.len() {
            for (most, value) in most.iter_mut().zip(states.row(at)) {
                *most = most.max(*value);
            }
        }
        input.extend(most);
        self.report.apply(&input).last().copied().map_or(0.0, sigmoid)
    }

    /// The candidates that take a part: the likeliest first, and none that shares a piece with a likelier one.
    pub(super) fn spans(&self, states: &States<'_>, candidates: &[Range<usize>]) -> Vec<Found> {
        let mut wanted = [(); 3].map(|()| vec![false; states.len()]);
        for pieces in candidates {
            wanted[0][pieces.start] = true;
            wanted[1][pieces.end - 1] = true;
            wanted[2][pieces.clone()].fill(true);
        }
        let first = self.first.rows(states, &wanted[0]);
        let last = self.last.rows(states, &wanted[1]);
        let mean = self.mean.rows(states, &wanted[2]);
        let size = self.first.outputs();
        let row = |rows: &'_ [f32], at: usize, out: &mut [f32], share: f32| {
            for (sum, value) in out.iter_mut().zip(&rows[at * size..(at + 1) * size]) {
                *sum += value * share;
            }
        };
        let mut seen = vec![0.0; size];
        let mut likely: Vec<(f32, Found)> = Vec::new();
        for pieces in candidates {
            let class = WIDTHS.partition_point(|&bound| bound < pieces.len());
            seen.copy_from_slice(&self.width[class * size..(class + 1) * size]);
            row(&first, pieces.start, &mut seen, 1.0);
            row(&last, pieces.end - 1, &mut seen, 1.0);
            for at in pieces.clone() {
                row(&mean, at, &mut seen, 1.0 / pieces.len() as f32);
            }
            seen.iter_mut().for_each(|x| *x = x.max(0.0));
            let p = softmax(&self.role.apply(&seen));
            let best = (1..p.len()).fold(1, |best, label| if p[label] > p[best] { label } else { best });
            if p[best] >= OUTSIDE * p[0] {
                let found = Found { pieces: pieces.clone(), part: Part::ALL[best - 1], sure: 1.0 - p[0] };
                likely.push((p[best], found));
            }
        }
        likely.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.pieces.start.cmp(&y.pieces.start)));
        let mut taken = vec![false; states.len()];
        let mut found: Vec<Found> = Vec::new();
        for (_, span) in likely {
            if !taken[span.pieces.clone()].contains(&true) && found.len() < MOST {
                taken[span.pieces.clone()].fill(true);
                found.push(span);
            }
        }
        found.sort_by_key(|span| span.pieces.start);
        found
    }

    pub(super) fn attributes(&self, row: &[f32]) -> Vec<Attribute> {
        let logits = self.attribute.apply(row);
        let mut at = 0;
        self.attributes
            .iter()
            .map(|(name, values)| {
                let p = softmax(&logits[at..at + values.len()]);
                at += values.len();
                Attribute { name: name.clone(), values: values.iter().cloned().zip(p).collect() }
            })
            .collect()
    }

    pub(super) fn pairs(&self, spans: &[Found], rows: &[Vec<f32>], words: &[String]) -> Pairs {
        let width = self.project.outputs();
        let projected: Vec<Vec<f32>> = rows
            .iter()
            .zip(spans)
            .map(|(row, span)| {
                let part = &self.part[span.part as usize * width..][..width];
                self.project.apply(row).iter().zip(part).map(|(x, y)| (x + y).tanh()).collect()
            })
            .collect();
        let of_distance = self.distance.len() / (DISTANCES.len() + 1);
        let mut pairs = Vec::with_capacity(spans.len() * spans.len().saturating_sub(1) / 2);
        let mut input = Vec::with_capacity(self.pair.inputs);
        for a in 0..spans.len() {
            for b in a + 1..spans.len() {
                input.clear();
                let both = || projected[a].iter().zip(&projected[b]);
                input.extend(both().map(|(x, y)| x * y));
                input.extend(both().map(|(x, y)| (x - y).abs()));
                let gap = spans[b].pieces.start.abs_diff(spans[a].pieces.start);
                let class = DISTANCES.partition_point(|&bound| bound < gap);
                input.extend_from_slice(&self.distance[class * of_distance..][..of_distance]);
                input.push(f32::from(u8::from(words[a] == words[b])));
                let inner: Vec<f32> = self.pair.apply(&input).into_iter().map(|x| x.max(0.0)).collect();
                let out = self.pair_out.apply(&inner);
                pairs.push(Pair { incident: sigmoid(out[0]), entity: sigmoid(out[1]) });
            }
        }
        Pairs::new(spans.len(), pairs)
    }
}
