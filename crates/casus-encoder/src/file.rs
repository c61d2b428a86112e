//! The model file: safetensors, read in place.
//!
//! The format is eight bytes with the length of a JSON header, the header, and the tensors' bytes
//! (<https://huggingface.co/docs/safetensors>). Every range is checked when the file is opened, so that a
//! tensor taken from it later cannot be out of bounds. It must not know what the tensors mean.
#![forbid(unsafe_code)]

use crate::error::{Error, Result};
use half::f16;
use serde::Deserialize;
use std::{borrow::Cow, collections::BTreeMap, ops::Range};

/// The kinds of values that a model file may hold.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub(crate) enum Kind {
    I8,
    U8,
    F16,
    F32,
}

impl Kind {
    fn size(self) -> usize {
        match self {
            Kind::I8 | Kind::U8 => 1,
            Kind::F16 => 2,
            Kind::F32 => 4,
        }
    }
}

/// A tensor's line in the header, with the range of its bytes in the file.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    pub(crate) shape: Vec<usize>,
    range: Range<usize>,
}

#[derive(Deserialize)]
struct Line {
    dtype: Kind,
    shape: Vec<usize>,
    data_offsets: (usize, usize),
}

/// Values of a tensor that the encoder does not use itself, such as a head of a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Length of each dimension, the slowest first.
    pub shape: Vec<usize>,
    /// The values, row-major; as many as the product of `shape`.
    pub values: Vec<f32>,
}

/// Rows of bytes with a scale each.
#[derive(Clone, Debug)]
pub(crate) struct Quantised {
    range: Range<usize>,
    pub(crate) width: usize,
    pub(crate) scales: Vec<f32>,
}

impl Quantised {
    pub(crate) fn rows(&self) -> usize {
        self.scales.len()
    }
}

#[derive(Debug)]
pub(crate) struct File {
    bytes: Cow<'static, [u8]>,
    entries: BTreeMap<String, Entry>,
    metadata: BTreeMap<String, String>,
}

impl File {
    pub(crate) fn open(bytes: Cow<'static, [u8]>) -> Result<File> {
        let (length, rest) =
            bytes.split_first_chunk::<8>().ok_or_else(|| Error::header("shorter than its header"))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(Error::header)?;
        let header = rest.get(..length).ok_or_else(|| Error::header("shorter than its header"))?;
        let mut lines: BTreeMap<String, serde_json::Value> =
            serde_json::from_slice(header).map_err(Error::header)?;
        let metadata = match lines.remove("__metadata__") {
            Some(value) => serde_json::from_value(value).map_err(Error::header)?,
            None => BTreeMap::new(),
        };
        let base = 8 + length;
        let mut entries = BTreeMap::new();
        for (name, value) in lines {
            let line: Line = serde_json::from_value(value).map_err(|e| Error::tensor(&name, e))?;
            let (start, end) = line.data_offsets;
            let size = line.shape.iter().try_fold(line.dtype.size(), |product, n| product.checked_mul(*n));
            if start > end || end > bytes.len() - base {
                return Err(Error::tensor(&name, "lies outside of the file"));
            }
            if size != Some(end - start) {
                return Err(Error::tensor(&name, "has another size than its shape says"));
            }
            entries
                .insert(name, Entry { kind: line.dtype, shape: line.shape, range: base + start..base + end });
        }
        Ok(File { bytes, entries, metadata })
    }

    pub(crate) fn metadata(&self, key: &str) -> Option<&str> {
        self.metadata.get(key).map(String::as_str)
    }

    pub(crate) fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    fn bytes(&self, range: &Range<usize>) -> &[u8] {
        &self.bytes[range.clone()]
    }

    /// The bytes of a tensor of bytes.
    pub(crate) fn text(&self, name: &str) -> Result<&[u8]> {
        match self.entry(name) {
            Some(entry) if entry.kind == Kind::U8 => Ok(self.bytes(&entry.range)),
            Some(_) => Err(Error::tensor(name, "is not of bytes")),
            None => Err(Error::tensor(name, "is missing")),
        }
    }

    /// A vector of `length` finite values.
    pub(crate) fn vector(&self, name: &str, length: usize) -> Result<Vec<f32>> {
        let entry = self.entry(name).ok_or_else(|| Error::tensor(name, "is missing"))?;
        if entry.shape != [length] {
            return Err(Error::tensor(name, format!("is {:?} and not [{length}]", entry.shape)));
        }
        self.floats(name, entry)
    }

    /// A matrix of bytes with its scales, of `width` columns.
    pub(crate) fn quantised(&self, name: &str, width: Option<usize>) -> Result<Quantised> {
        let entry = self.entry(name).ok_or_else(|| Error::tensor(name, "is missing"))?;
        let [rows, columns] = entry.shape[..] else {
            return Err(Error::tensor(name, format!("is {:?} and not a matrix", entry.shape)));
        };
        if width.is_some_and(|width| width != columns) || columns == 0 {
            return Err(Error::tensor(name, format!("has {columns} columns")));
        }
        if entry.kind != Kind::I8 {
            return Err(Error::tensor(name, "is not of signed bytes"));
        }
        let scales = self.vector(&format!("{name}.scale"), rows)?;
        Ok(Quantised { range: entry.range.clone(), width: columns, scales })
    }

    /// One row of `matrix`, without its scale. Panics if there is no such row.
    pub(crate) fn row(&self, matrix: &Quantised, row: usize) -> &[u8] {
        &self.bytes(&matrix.range)[row * matrix.width..][..matrix.width]
    }

    /// Any tensor as `f32`; rows of signed bytes are multiplied by their scales, if the file has them.
    pub(crate) fn tensor(&self, name: &str) -> Option<Tensor> {
        let entry = self.entry(name)?;
        let mut values = self.floats(name, entry).ok()?;
        if let (Kind::I8, Some(&rows)) = (entry.kind, entry.shape.first())
            && let Ok(scales) = self.vector(&format!("{name}.scale"), rows)
            && rows > 0
            && !values.is_empty()
        {
            let width = values.len() / rows;
            for (row, scale) in values.chunks_mut(width).zip(scales) {
                row.iter_mut().for_each(|value| *value *= scale);
            }
        }
        Some(Tensor { shape: entry.shape.clone(), values })
    }

    fn floats(&self, name: &str, entry: &Entry) -> Result<Vec<f32>> {
        let bytes = self.bytes(&entry.range);
        let values: Vec<f32> = match entry.kind {
            Kind::F32 => bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Kind::F16 => bytes.as_chunks().0.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect(),
            Kind::I8 => bytes.iter().map(|&b| f32::from(b as i8)).collect(),
            Kind::U8 => bytes.iter().map(|&b| f32::from(b)).collect(),
        };
        match values.iter().all(|value| value.is_finite()) {
            true => Ok(values),
            false => Err(Error::tensor(name, "holds a value that is not finite")),
        }
    }
}
