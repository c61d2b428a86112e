//! A model and its forward pass.
#![forbid(unsafe_code)]

use crate::{
    Tensor, WordPiece,
    error::{Error, Result},
    file::{File, Quantised},
    kernel::{Attention, Dense, Kernel, Linear, MAX_HEAD, Path, Scratch},
};
use std::{
    borrow::Cow,
    ops::Range,
    sync::{Arc, OnceLock},
};

/// Pieces of the windows that are worked on at once: their states and a layer's weights stay in the cache.
const GROUP: usize = 192;
/// Pieces that pass a feed-forward layer at once.
const BLOCK: usize = 192;
/// A sum of this many products of a weight and an activation stays within 32 bits.
const MAX_WIDTH: usize = 1 << 16;

/// One opened model. A layer's weights are packed for the CPU when it is first used, so that opening is fast
/// and layers that are not used cost nothing.
#[derive(Debug)]
pub struct Encoder {
    file: Arc<File>,
    kernel: Kernel,
    vocabulary: Arc<Vocabulary>,
    hidden: usize,
    heads: usize,
    epsilon: f32,
    positions: Quantised,
    /// What every piece's embedding has added: the token type 0.
    kind: Vec<f32>,
    /// Rows that are added to pieces with a shape.
    shapes: Vec<f32>,
    norm: Norm,
    sources: Vec<Source>,
    layers: Vec<OnceLock<Layer>>,
}

/// The pieces and the table of their embeddings: the largest part of a small model, which models that were made
/// from the same one can share ([`Encoder::beside`]).
#[derive(Debug)]
struct Vocabulary {
    /// The file that the table is in.
    file: Arc<File>,
    pieces: WordPiece,
    words: Quantised,
}

/// A run of pieces that see each other.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// Pieces, with `[CLS]` and `[SEP]` (see [`WordPiece::window`]). Numbers that the vocabulary does not have
    /// count as `[UNK]`; pieces beyond [`Encoder::max_pieces`] stand at the last position.
    pub ids: &'a [u32],
    /// The row of `embeddings.shape` for each piece. May be shorter than `ids` or empty: pieces without a shape
    /// have nothing added, nor have those whose shape the model does not know.
    pub shapes: &'a [u8],
}

/// Room for a forward pass, used again from call to call. One for each thread; grows to the largest call.
#[derive(Debug, Default)]
pub struct Workspace {
    states: Vec<f32>,
    /// Layers that the states have passed.
    done: usize,
    codes: Vec<[u8; 4]>,
    scales: Vec<f32>,
    /// Queries, keys and values of a group, or the inner states of a block's feed-forward layer.
    wide: Vec<f32>,
    /// What a sublayer adds to the states.
    narrow: Vec<f32>,
    scratch: Scratch,
}

/// Dense layers that are no part of the encoder, packed for the CPU (see [`Encoder::head`]).
#[derive(Debug)]
pub struct Head(Linear);

impl Head {
    /// Outputs for each row.
    pub fn outputs(&self) -> usize {
        self.0.outputs()
    }
}

impl Workspace {
    /// The states that the last call left.
    pub fn states(&self) -> &[f32] {
        &self.states
    }
}

#[derive(Debug)]
struct Norm {
    gain: Vec<f32>,
    bias: Vec<f32>,
}

/// A layer as it stands in the file.
#[derive(Debug)]
struct Source {
    mix: DenseSource,
    gather: DenseSource,
    widen: DenseSource,
    narrow: DenseSource,
    after_attention: Norm,
    after_feed: Norm,
}

/// Matrices that are multiplied by the same input, and their biases beside each other.
#[derive(Debug)]
struct DenseSource {
    weights: Vec<Quantised>,
    bias: Vec<f32>,
}

/// A layer packed for the CPU.
#[derive(Debug)]
struct Layer {
    /// Queries, keys and values.
    mix: Linear,
    gather: Linear,
    widen: Linear,
    narrow: Linear,
}

impl Encoder {
    /// Opens a model for the fastest path of this machine. Bytes that live as long as the program, such as those of
    /// `include_bytes!`, are not copied.
    ///
    /// # Errors
    /// If the file is not as described in the crate's documentation.
    pub fn open(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Encoder> {
        Encoder::with_path(bytes, Path::best())
    }

    /// Opens a model for a given path; the results are the same.
    ///
    /// # Errors
    /// As [`Encoder::open`], and if this machine has not the path's instructions.
    pub fn with_path(bytes: impl Into<Cow<'static, [u8]>>, path: Path) -> Result<Encoder> {
        let kernel = Kernel::new(path).ok_or_else(|| Error::path(path.name()))?;
        let file = Arc::new(File::open(bytes.into())?);
        let vocabulary = Arc::new(Vocabulary::new(&file)?);
        Encoder::of(file, vocabulary, kernel)
    }

    /// Opens a model whose file has no vocabulary and no table of word embeddings: they are those of `other`, and are not
    /// held twice. The file names the table it was trained with in its metadata, `words` (see the crate's
    /// documentation).
    ///
    /// # Errors
    /// As [`Encoder::open`], and if `other` has another table.
    pub fn beside(bytes: impl Into<Cow<'static, [u8]>>, other: &Encoder) -> Result<Encoder> {
        let file = Arc::new(File::open(bytes.into())?);
        let given = other.vocabulary.fingerprint();
        match file.metadata("words") {
            Some(due) if due == given => Encoder::of(file, Arc::clone(&other.vocabulary), other.kernel),
            Some(due) => {
                Err(Error::metadata("words", format!("{due:?} where the other model has {given:?}")))
            }
            None => Err(Error::metadata("words", "is missing")),
        }
    }

    fn of(file: Arc<File>, vocabulary: Arc<Vocabulary>, kernel: Kernel) -> Result<Encoder> {
        let hidden = vocabulary.words.width;
        let positions = file.quantised("embeddings.position_embeddings.weight", Some(hidden))?;
        let kinds = file.quantised("embeddings.token_type_embeddings.weight", Some(hidden))?;
        for (name, table) in [("position", &positions), ("token_type", &kinds)] {
            if table.rows() == 0 {
                return Err(Error::tensor(&format!("embeddings.{name}_embeddings.weight"), "is empty"));
            }
        }
        let heads = file.metadata("heads").ok_or_else(|| Error::metadata("heads", "is missing"))?;
        let heads: usize = heads.parse().map_err(|e| Error::metadata("heads", e))?;
        if !hidden.is_multiple_of(16) || hidden > MAX_WIDTH {
            return Err(Error::tensor("embeddings.word_embeddings.weight", format!("has {hidden} columns")));
        }
        let whole = heads > 0 && hidden.is_multiple_of(heads);
        if !whole || !(hidden / heads).is_multiple_of(2) || hidden / heads > MAX_HEAD {
            return Err(Error::metadata("heads", format!("{heads} of {hidden} values are not supported")));
        }
        let epsilon = match file.metadata("ln_eps") {
            Some(value) => value.parse().map_err(|e| Error::metadata("ln_eps", e))?,
            None => 1e-12f32,
        };
        if !(0.0..1.0).contains(&epsilon) {
            return Err(Error::metadata("ln_eps", format!("{epsilon} is not between 0 and 1")));
        }
        let shapes = match file.tensor("embeddings.shape") {
            Some(Tensor { shape, values }) if matches!(shape[..], [_, width] if width == hidden) => values,
            Some(Tensor { shape, .. }) => {
                return Err(Error::tensor("embeddings.shape", format!("is {shape:?}")));
            }
            None if file.entry("embeddings.shape").is_some() => {
                return Err(Error::tensor("embeddings.shape", "holds a value that is not finite"));
            }
            None => Vec::new(),
        };
        let kind = row(&file, &kinds, 0).collect();
        let norm = Norm::new(&file, "embeddings", hidden)?;
        let mut sources = Vec::new();
        while file.entry(&format!("encoder.layer.{}.output.dense.weight", sources.len())).is_some() {
            sources.push(Source::new(&file, sources.len(), hidden)?);
        }
        if sources.is_empty() {
            return Err(Error::tensor("encoder.layer.0.output.dense.weight", "is missing"));
        }
        let layers = sources.iter().map(|_| OnceLock::new()).collect();
        Ok(Encoder {
            file,
            kernel,
            vocabulary,
            hidden,
            heads,
            epsilon,
            positions,
            kind,
            shapes,
            norm,
            sources,
            layers,
        })
    }

    /// Values of a piece's state.
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// Layers of the model.
    pub fn layers(&self) -> usize {
        self.layers.len()
    }

    /// Pieces of the longest window, with `[CLS]` and `[SEP]`.
    pub fn max_pieces(&self) -> usize {
        self.positions.rows()
    }

    /// The vocabulary.
    pub fn pieces(&self) -> &WordPiece {
        &self.vocabulary.pieces
    }

    /// The path that is used.
    pub fn path(&self) -> Path {
        self.kernel.path()
    }

    /// A tensor of the file, such as the weights of a head. None if the file has none of this name, or if it
    /// holds a value that is not finite.
    pub fn tensor(&self, name: &str) -> Option<Tensor> {
        self.file.tensor(name)
    }

    /// An entry of the file's metadata.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.file.metadata(key)
    }

    /// Runs the first `layers` layers (all, if the model has fewer; none gives the embeddings) over `windows`.
    ///
    /// Gives [`Encoder::hidden`] values for each piece, piece after piece and window after window. Time grows with
    /// the number of pieces, and with the square of a window's length.
    pub fn encode<'w>(&self, windows: &[Window<'_>], layers: usize, work: &'w mut Workspace) -> &'w [f32] {
        let total: usize = windows.iter().map(|window| window.ids.len()).sum();
        work.states.resize(total * self.hidden, 0.0);
        self.run(windows, 0..layers, work)
    }

    /// Goes on from where [`Encoder::encode`] (or this) stopped: runs the layers up to `layers` over the states that
    /// the last call left in `work`. The result is that of all layers at once.
    ///
    /// # Panics
    /// If `windows` and `done` are not those of the call before.
    pub fn go_on<'w>(
        &self,
        windows: &[Window<'_>],
        done: usize,
        layers: usize,
        work: &'w mut Workspace,
    ) -> &'w [f32] {
        let total: usize = windows.iter().map(|window| window.ids.len()).sum();
        assert_eq!(
            (total * self.hidden, done),
            (work.states.len(), work.done),
            "other windows or layers than before"
        );
        self.run(windows, done..layers, work)
    }

    fn run<'w>(&self, windows: &[Window<'_>], layers: Range<usize>, work: &'w mut Workspace) -> &'w [f32] {
        let mut states = std::mem::take(&mut work.states);
        let mut rest = &mut states[..];
        let mut windows = windows;
        while !windows.is_empty() {
            let mut pieces = 0;
            let fitting = windows.iter().take_while(|window| {
                pieces += window.ids.len();
                pieces <= GROUP
            });
            let (group, later) = windows.split_at(fitting.count().max(1));
            let pieces: usize = group.iter().map(|window| window.ids.len()).sum();
            let (states, later_states) = rest.split_at_mut(pieces * self.hidden);
            if pieces > 0 {
                if layers.start == 0 {
                    self.embed(group, states, work);
                }
                for index in layers.start..layers.end.min(self.layers()) {
                    self.layer(index, group, states, work);
                }
            }
            (windows, rest) = (later, later_states);
        }
        work.states = states;
        work.done = layers.end;
        &work.states
    }

    /// Packs dense layers of the file beside each other that are no part of the encoder, such as heads.
    ///
    /// # Errors
    /// If one is missing, takes other than [`Encoder::hidden`] values, or is not of signed bytes with a scale.
    pub fn head(&self, names: &[&str]) -> Result<Head> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let linear = DenseSource::new(&self.file, &names, self.hidden, None)?.pack(&self.file, self.kernel);
        Ok(Head(linear))
    }

    /// The outputs of a head for rows of [`Encoder::hidden`] values.
    ///
    /// # Panics
    /// If `rows` is not made of whole rows.
    pub fn apply(&self, head: &Head, rows: &[f32], work: &mut Workspace) -> Vec<f32> {
        assert!(
            rows.len().is_multiple_of(self.hidden),
            "{} values are no rows of {}",
            rows.len(),
            self.hidden
        );
        let mut out = vec![0.0; rows.len() / self.hidden * head.outputs()];
        let blocks = rows.chunks(BLOCK * self.hidden).zip(out.chunks_mut(BLOCK * head.outputs()));
        for (rows, out) in blocks {
            let (codes, scales) = (&mut work.codes, &mut work.scales);
            dense(self.kernel, &head.0, Input { rows, width: self.hidden }, false, out, codes, scales);
        }
        out
    }

    fn embed(&self, windows: &[Window<'_>], states: &mut [f32], work: &mut Workspace) {
        work.narrow.resize(states.len(), 0.0);
        let pieces = windows.iter().flat_map(|window| {
            let shapes = window.shapes.iter().map(Some).chain(std::iter::repeat(None));
            window.ids.iter().zip(shapes).enumerate()
        });
        let rows = states.chunks_exact_mut(self.hidden).zip(work.narrow.chunks_exact_mut(self.hidden));
        let Vocabulary { file, pieces: vocabulary, words } = &*self.vocabulary;
        for ((position, (&id, shape)), (state, added)) in pieces.zip(rows) {
            let id = if (id as usize) < words.rows() { id } else { vocabulary.unk() };
            let position = position.min(self.positions.rows() - 1);
            for (value, word) in state.iter_mut().zip(row(file, words, id as usize)) {
                *value = word;
            }
            let position = row(&self.file, &self.positions, position);
            for ((value, kind), position) in added.iter_mut().zip(&self.kind).zip(position) {
                *value = position + kind;
            }
            let shape = shape.and_then(|&shape| self.shapes.chunks_exact(self.hidden).nth(shape.into()));
            for (value, shape) in added.iter_mut().zip(shape.unwrap_or_default()) {
                *value += shape;
            }
        }
        self.kernel.norm(states, &work.narrow, &self.norm.gain, &self.norm.bias, self.epsilon);
    }

    fn layer(&self, index: usize, windows: &[Window<'_>], states: &mut [f32], work: &mut Workspace) {
        let source = &self.sources[index];
        let layer = self.layers[index].get_or_init(|| source.pack(&self.file, self.kernel));
        let (kernel, hidden) = (self.kernel, self.hidden);
        let Workspace { codes, scales, wide, narrow, scratch, .. } = work;
        let pieces = states.len() / hidden;
        let inner = layer.widen.outputs();
        let rows = pieces.min(BLOCK);
        wide.resize((pieces * layer.mix.outputs()).max(rows * inner), 0.0);
        narrow.resize(2 * pieces * hidden, 0.0);
        let (narrow, gathered) = narrow.split_at_mut(pieces * hidden);

        let mut dense = |layer: &Linear, rows: &[f32], width: usize, gelu: bool, out: &mut [f32]| {
            dense(kernel, layer, Input { rows, width }, gelu, out, codes, scales);
        };

        dense(&layer.mix, states, hidden, false, wide);
        let mut mixed = &wide[..pieces * 3 * hidden];
        let mut out = &mut *gathered;
        for length in windows.iter().map(|window| window.ids.len()).filter(|&length| length > 0) {
            let (now, later) = mixed.split_at(length * 3 * hidden);
            let (out_now, out_later) = out.split_at_mut(length * hidden);
            kernel.attend(Attention { mixed: now, out: out_now, hidden, heads: self.heads, scratch });
            (mixed, out) = (later, out_later);
        }
        for (states, gathered) in states.chunks_mut(BLOCK * hidden).zip(gathered.chunks(BLOCK * hidden)) {
            let narrow = &mut narrow[..states.len()];
            dense(&layer.gather, gathered, hidden, false, narrow);
            let norm = &source.after_attention;
            kernel.norm(states, narrow, &norm.gain, &norm.bias, self.epsilon);
            let wide = &mut wide[..states.len() / hidden * inner];
            dense(&layer.widen, states, hidden, true, wide);
            dense(&layer.narrow, wide, inner, false, narrow);
            let norm = &source.after_feed;
            kernel.norm(states, narrow, &norm.gain, &norm.bias, self.epsilon);
        }
    }
}

/// Rows of `width` values.
struct Input<'a> {
    rows: &'a [f32],
    width: usize,
}

/// A dense layer over rows, which are quantised for it.
fn dense(
    kernel: Kernel,
    layer: &Linear,
    input: Input<'_>,
    gelu: bool,
    out: &mut [f32],
    codes: &mut Vec<[u8; 4]>,
    scales: &mut Vec<f32>,
) {
    let rows = input.rows.len() / input.width;
    let words = rows * kernel.words(input.width);
    codes.resize(codes.len().max(words), [0; 4]);
    scales.resize(scales.len().max(rows), 0.0);
    let (codes, scales) = (&mut codes[..words], &mut scales[..rows]);
    kernel.quantise(input.rows, input.width, codes, scales);
    kernel.dense(Dense { layer, codes, scales, out: &mut out[..rows * layer.outputs()], gelu });
}

impl Vocabulary {
    fn new(file: &Arc<File>) -> Result<Vocabulary> {
        let words = file.quantised("embeddings.word_embeddings.weight", None)?;
        if words.rows() == 0 {
            return Err(Error::tensor("embeddings.word_embeddings.weight", "is empty"));
        }
        let pieces = WordPiece::new(file.text("vocab")?)?;
        if pieces.size() > words.rows() {
            return Err(Error::vocabulary(format!(
                "has {} pieces, embeddings only {}",
                pieces.size(),
                words.rows()
            )));
        }
        Ok(Vocabulary { file: Arc::clone(file), pieces, words })
    }

    /// Tells tables apart: 64 bits of FNV-1a over the scales of the rows, in hexadecimal digits. The largest
    /// value of each of so many rows is the same in no two tables that were trained apart.
    fn fingerprint(&self) -> String {
        let bytes = self.words.scales.iter().flat_map(|scale| scale.to_le_bytes());
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        format!("{hash:016x}")
    }
}

/// A row of `matrix` in `f32`.
fn row<'a>(file: &'a File, matrix: &Quantised, index: usize) -> impl Iterator<Item = f32> + 'a {
    let scale = matrix.scales[index];
    file.row(matrix, index).iter().map(move |&value| f32::from(value as i8) * scale)
}

impl Norm {
    fn new(file: &File, name: &str, width: usize) -> Result<Norm> {
        Ok(Norm {
            gain: file.vector(&format!("{name}.LayerNorm.weight"), width)?,
            bias: file.vector(&format!("{name}.LayerNorm.bias"), width)?,
        })
    }
}

impl Source {
    fn new(file: &File, index: usize, hidden: usize) -> Result<Source> {
        let name = |part: &str| format!("encoder.layer.{index}.{part}");
        let dense = |part: &str, inputs, outputs| DenseSource::new(file, &[name(part)], inputs, outputs);
        let mixed = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
        let widen = dense("intermediate.dense", hidden, None)?;
        let inner = widen.bias.len();
        if !inner.is_multiple_of(16) || inner == 0 || inner > MAX_WIDTH {
            return Err(Error::tensor(&name("intermediate.dense.weight"), format!("has {inner} rows")));
        }
        Ok(Source {
            mix: DenseSource::new(file, &mixed, hidden, Some(hidden))?,
            gather: dense("attention.output.dense", hidden, Some(hidden))?,
            widen,
            narrow: dense("output.dense", inner, Some(hidden))?,
            after_attention: Norm::new(file, &name("attention.output"), hidden)?,
            after_feed: Norm::new(file, &name("output"), hidden)?,
        })
    }

    fn pack(&self, file: &File, kernel: Kernel) -> Layer {
        Layer {
            mix: self.mix.pack(file, kernel),
            gather: self.gather.pack(file, kernel),
            widen: self.widen.pack(file, kernel),
            narrow: self.narrow.pack(file, kernel),
        }
    }
}

impl DenseSource {
    /// The layers of `names` beside each other; each must have `outputs` rows, if given.
    fn new(file: &File, names: &[String], inputs: usize, outputs: Option<usize>) -> Result<DenseSource> {
        let mut source = DenseSource { weights: Vec::new(), bias: Vec::new() };
        for name in names {
            let weights = file.quantised(&format!("{name}.weight"), Some(inputs))?;
            if outputs.is_some_and(|outputs| outputs != weights.rows()) {
                let why = format!("has {} rows", weights.rows());
                return Err(Error::tensor(&format!("{name}.weight"), why));
            }
            source.bias.extend(file.vector(&format!("{name}.bias"), weights.rows())?);
            source.weights.push(weights);
        }
        Ok(source)
    }

    fn pack(&self, file: &File, kernel: Kernel) -> Linear {
        let inputs = self.weights[0].width;
        let rows = self.weights.iter().flat_map(|part| (0..part.rows()).map(|row| file.row(part, row)));
        let scales = self.weights.iter().flat_map(|part| &part.scales).copied().collect();
        Linear::pack(kernel, inputs, rows, scales, self.bias.clone())
    }
}
