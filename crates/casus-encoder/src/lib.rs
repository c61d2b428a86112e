//! Runs a BERT-like encoder over texts on the CPU: exact WordPiece tokens, weights and activations in 8 bits.
//!
//! [`Encoder`] opens a model file and turns windows of pieces into hidden states; [`WordPiece`] cuts texts into
//! pieces and knows their bytes. A result depends on the model and the window alone: not on the other windows of
//! a call, the number of threads or the kind of CPU ([`Path`]), down to the last bit. Heads of tasks are the
//! caller's: their tensors stand in the same file ([`Encoder::tensor`]), and those in 8 bits can be run as the
//! encoder's own layers are ([`Encoder::head`]).
//!
//! This crate must not know reports, languages or tasks. Unsafe code is in the `kernel` module alone.
//!
//! # Model file
//!
//! A safetensors file with the names of Hugging Face's `BertModel`. Weights of dense layers and the tables of
//! `embeddings` are signed bytes (I8) with a scale for each row in a tensor `NAME.scale` (F32); biases, norms
//! and whatever else are F32 (what the encoder does not use may be F16 or I8, too). `vocab` (U8) is the
//! vocabulary, a piece a line. An optional `embeddings.shape` (any kind, `[shapes, hidden]`) is added to the
//! input of pieces that have a shape. Metadata: `heads`, and optionally `ln_eps` (1e-12). All other dimensions are
//! read off the tensors. A file that is opened beside another model ([`Encoder::beside`]) lacks `vocab` and the table of
//! word embeddings, and its metadata holds `words`: 64 bits of FNV-1a, in hexadecimal digits, over the scales of the
//! table that it was trained with. `training/casus_export.py` writes such files.
//!
//! ```
//! use casus_encoder::{Encoder, Pieces, Window, Workspace};
//!
//! let model: &'static [u8] = include_bytes!("../tests/data/tiny.safetensors");
//! let encoder = Encoder::open(model)?;
//! let mut pieces = Pieces::default();
//! encoder.pieces().encode("Two shells hit the market of Beya.", &mut pieces);
//! let ids = encoder.pieces().window(&pieces.ids);
//! let mut work = Workspace::default();
//! let states = encoder.encode(&[Window { ids: &ids, shapes: &[] }], encoder.layers(), &mut work);
//! assert_eq!(states.len(), ids.len() * encoder.hidden());
//! # Ok::<(), casus_encoder::Error>(())
//! ```

mod error;
mod file;
mod kernel;
mod model;
mod wordpiece;

pub use error::Error;
pub use file::Tensor;
pub use kernel::Path;
pub use model::{Encoder, Head, Window, Workspace};
pub use wordpiece::{Pieces, WordPiece};
