//! The heads of the model: maps from the encoder's states, and from what the rules know, to what is asked of them.
//!
//! This module must not know the text.

use super::{
    Attribute, Part,
    evidence::{Evidence, SIGNS},
    tie::{self, Told},
};
use crate::Error;
use casus_encoder::{Encoder, Head, Workspace};
use std::{ops::Range, sync::Arc};

/// How many pieces on either side a span is seen with.
const AROUND: usize = 16;

/// Spans of a section that are kept, the surest: pairs cost the square of their number. Reports have 30.
const MOST: usize = 96;

/// Weight of "no part" against the parts: below one, since words left out cost more than doubtful ones.
const OUTSIDE: f32 = 0.2;

/// What the encoder's word for a part counts: below one, since it is surer than it is right.
const SEEN: f32 = 0.7;

/// What the rules' word for a part counts.
const KNOWN: f32 = 0.4;

/// What both together are shy of giving a part, in logarithms of odds.
const MISSED: f32 = 0.8;

/// Facts of a group of words besides its signs.
const GROUP_FACTS: usize = 8;

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

    pub(super) fn inputs(&self) -> usize {
        self.inputs
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

/// Words that may take a part.
pub(super) struct Candidate<'e> {
    pub(super) pieces: Range<usize>,
    /// The number of its words: the same for candidates of the same words.
    pub(super) group: usize,
    pub(super) evidence: &'e Evidence,
}

/// A span that was found.
pub(super) struct Found {
    pub(super) pieces: Range<usize>,
    pub(super) part: Part,
    pub(super) sure: f32,
    /// Index of the candidate.
    pub(super) at: usize,
    /// Indices of all candidates of its words.
    pub(super) said: Vec<usize>,
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
    /// A candidate is seen by its first piece, its last and the mean of all: three outputs beside each other.
    seen: Head,
    /// One row a class of width.
    width: Vec<f32>,
    role: Linear,
    attribute: Linear,
    /// The part of words by what the rules know of them.
    part: Evident,
    /// Two spans by what the rules know of both: one incident, one and the same.
    tie: Evident,
    report: Linear,
    /// As `report`, on states of the layer at which an unlikely report is left.
    early: Linear,
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
        let report = Linear::open(encoder, "report")?;
        let kinds = report.outputs();
        let seen = encoder.head(&["first", "last", "mean"]);
        let seen = seen.map_err(|cause| Error::data("reader", cause.to_string()))?;
        let size = seen.outputs() / 3;
        let (_, width_of) = tensor(encoder, "width.weight")?;
        if width_of.len() != (WIDTHS.len() + 1) * size || seen.outputs() != 3 * size {
            return Err(Error::data("reader", "the table of widths does not fit"));
        }
        Ok(Heads {
            seen,
            width: width_of,
            role: Linear::open(encoder, "role")?.expect("role", size, 1 + parts.len())?,
            attribute: Linear::open(encoder, "attribute")?.expect("attribute", 2 * hidden, total)?,
            part: Evident::open(encoder, "part", GROUP_FACTS + SIGNS, 1 + parts.len())?,
            tie: Evident::open(encoder, "tie", tie::FACTS, 2)?,
            report: report.expect("report", 2 * hidden, kinds.max(1))?,
            early: Linear::open(encoder, "early")?.expect("early", 2 * hidden, kinds.max(1))?,
            attributes,
        })
    }

    /// How likely the report tells of an incident: the last output of its head, which is `early` for states of the
    /// layer at which an unlikely report is left.
    pub(super) fn relevant(&self, states: &States<'_>, firsts: &[&[f32]], early: bool) -> f32 {
        let mut input = vec![0.0; states.hidden];
        for first in firsts {
            for (sum, value) in input.iter_mut().zip(first.iter()) {
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
        let head = if early { &self.early } else { &self.report };
        head.apply(&input).last().copied().map_or(0.0, sigmoid)
    }

    /// The candidates that take a part, none of which shares a piece with a likelier one.
    ///
    /// Candidates of the same words are judged together, since a report names most of them again and again and only
    /// one place may tell their part; what is given is the place where it is told most clearly.
    pub(super) fn spans(
        &self,
        encoder: &Encoder,
        states: &States<'_>,
        candidates: &[Candidate<'_>],
        work: &mut Workspace,
    ) -> Vec<Found> {
        let each = self.each(encoder, states, candidates, work);
        let groups = candidates.iter().map(|candidate| candidate.group + 1).max().unwrap_or(0);
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); groups];
        for (at, candidate) in candidates.iter().enumerate() {
            members[candidate.group].push(at);
        }
        let mut facts = Vec::new();
        let mut likely: Vec<(f32, f32, Part, &[usize])> = Vec::new();
        for members in &members {
            let Some(&first) = members.first() else { continue };
            // The logarithm of the summed odds of all places.
            let mut logits = vec![0.0];
            logits.extend((0..each[first].len()).map(|part| {
                let most = members.iter().map(|&at| each[at][part]).fold(f32::NEG_INFINITY, f32::max);
                most + members.iter().map(|&at| (each[at][part] - most).exp()).sum::<f32>().ln()
            }));
            group_facts(candidates, members, &mut facts);
            for (logit, known) in logits.iter_mut().zip(self.part.apply(&facts)) {
                *logit = SEEN * *logit + KNOWN * known;
            }
            logits[0] -= MISSED;
            let p = softmax(&logits);
            let best = (1..p.len()).fold(1, |best, label| if p[label] > p[best] { label } else { best });
            if p[best] >= OUTSIDE * p[0] {
                likely.push((p[best], 1.0 - p[0], Part::ALL[best - 1], members));
            }
        }
        likely.sort_by(|(a, .., x), (b, .., y)| b.total_cmp(a).then(x[0].cmp(&y[0])));
        let mut taken = vec![false; states.len()];
        let mut found: Vec<Found> = Vec::new();
        for (_, sure, part, members) in likely {
            let mut places: Vec<usize> = members.to_vec();
            places
                .sort_by(|&a, &b| each[b][part as usize].total_cmp(&each[a][part as usize]).then(a.cmp(&b)));
            let free = places.iter().find(|&&at| !taken[candidates[at].pieces.clone()].contains(&true));
            if let Some(&at) = free.filter(|_| found.len() < MOST) {
                let pieces = candidates[at].pieces.clone();
                taken[pieces.clone()].fill(true);
                found.push(Found { pieces, part, sure, at, said: members.to_vec() });
            }
        }
        found.sort_by_key(|span| span.pieces.start);
        found
    }

    /// By how much each part is likelier than none, for each candidate.
    fn each(
        &self,
        encoder: &Encoder,
        states: &States<'_>,
        candidates: &[Candidate<'_>],
        work: &mut Workspace,
    ) -> Vec<Vec<f32>> {
        let size = self.seen.outputs() / 3;
        let rows = encoder.apply(&self.seen, states.rows, work);
        // One of the three outputs of a piece.
        let row = |at: usize, which: usize, out: &mut [f32], share: f32| {
            for (sum, value) in out.iter_mut().zip(&rows[(3 * at + which) * size..][..size]) {
                *sum += value * share;
            }
        };
        let mut seen = vec![0.0; size];
        let logits = candidates.iter().map(|Candidate { pieces, .. }| {
            let class = WIDTHS.partition_point(|&bound| bound < pieces.len());
            seen.copy_from_slice(&self.width[class * size..(class + 1) * size]);
            row(pieces.start, 0, &mut seen, 1.0);
            row(pieces.end - 1, 1, &mut seen, 1.0);
            for at in pieces.clone() {
                row(at, 2, &mut seen, 1.0 / pieces.len() as f32);
            }
            seen.iter_mut().for_each(|x| *x = x.max(0.0));
            let mut logits = self.role.apply(&seen);
            let none = logits.remove(0);
            logits.iter_mut().for_each(|x| *x -= none);
            logits
        });
        logits.collect()
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

    pub(super) fn pairs(&self, spans: &[Found], candidates: &[Candidate<'_>], words: &[String]) -> Pairs {
        let told: Vec<Told<'_>> = spans
            .iter()
            .zip(words)
            .map(|(span, words)| Told {
                part: span.part,
                own: candidates[span.at].evidence,
                all: span.said.iter().map(|&at| candidates[at].evidence).collect(),
                pieces: span.pieces.clone(),
                words: words.split(' ').collect(),
            })
            .collect();
        let mut pairs = Vec::with_capacity(spans.len() * spans.len().saturating_sub(1) / 2);
        let mut facts = Vec::with_capacity(tie::FACTS);
        for (at, a) in told.iter().enumerate() {
            for b in &told[at + 1..] {
                tie::facts(a, b, &mut facts);
                let out = self.tie.apply(&facts);
                pairs.push(Pair { incident: sigmoid(out[0]), entity: sigmoid(out[1]) });
            }
        }
        Pairs::new(spans.len(), pairs)
    }
}

/// A head that judges by facts: a linear map, and beside it one hidden layer.
#[derive(Debug)]
struct Evident {
    skip: Linear,
    hidden: Linear,
    out: Linear,
}

impl Evident {
    fn open(encoder: &Encoder, name: &str, inputs: usize, outputs: usize) -> Result<Evident, Error> {
        let open = |layer: &str| Linear::open(encoder, &format!("{name}_{layer}"));
        let hidden = open("hidden")?;
        let inner = hidden.outputs();
        Ok(Evident {
            skip: open("skip")?.expect(name, inputs, outputs)?,
            hidden: hidden.expect(name, inputs, inner)?,
            out: open("out")?.expect(name, inner, outputs)?,
        })
    }

    fn apply(&self, facts: &[f32]) -> Vec<f32> {
        let inner: Vec<f32> = self.hidden.apply(facts).into_iter().map(|x| x.max(0.0)).collect();
        let mut out = self.skip.apply(facts);
        for (sum, more) in out.iter_mut().zip(self.out.apply(&inner)) {
            *sum += more;
        }
        out
    }
}

/// Facts of words said somewhere in a report: how often, in how many paragraphs, how long they are; then their signs
/// wherever they stand. In the order of `training/reader/evidence.py`.
fn group_facts(candidates: &[Candidate<'_>], members: &[usize], out: &mut Vec<f32>) {
    out.clear();
    out.resize(GROUP_FACTS + SIGNS, 0.0);
    let mut blocks: Vec<u32> = members.iter().map(|&at| candidates[at].evidence.block).collect();
    blocks.sort_unstable();
    blocks.dedup();
    let (said, blocks) = (members.len(), blocks.len());
    let width = members.first().map_or(0, |&at| candidates[at].pieces.len());
    let facts =
        [said >= 2, said >= 3, said >= 5, blocks >= 2, blocks >= 3, width >= 2, width >= 4, width >= 7];
    for (value, fact) in out.iter_mut().zip(facts) {
        *value = f32::from(u8::from(fact));
    }
    for &at in members {
        for &sign in &candidates[at].evidence.signs {
            out[GROUP_FACTS + sign as usize] = 1.0;
        }
    }
}
