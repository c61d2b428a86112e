#![forbid(unsafe_code)]

use std::fmt;

/// Why a model could not be opened. The message names the tensor or the key that is at fault.
#[derive(Debug)]
pub struct Error(Box<Kind>);

#[derive(Debug)]
pub(crate) enum Kind {
    /// Not a safetensors file, or cut short.
    Header(String),
    /// A tensor is missing or is not what it must be.
    Tensor { name: String, why: String },
    /// An entry of the file's metadata is missing or is not what it must be.
    Metadata { key: &'static str, why: String },
    /// The vocabulary lacks what the encoder needs.
    Vocabulary(String),
    /// The machine has not the instructions of the path that was asked for.
    Path(&'static str),
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn header(why: impl fmt::Display) -> Error {
        Error(Box::new(Kind::Header(why.to_string())))
    }

    pub(crate) fn tensor(name: &str, why: impl fmt::Display) -> Error {
        Error(Box::new(Kind::Tensor { name: name.to_owned(), why: why.to_string() }))
    }

    pub(crate) fn metadata(key: &'static str, why: impl fmt::Display) -> Error {
        Error(Box::new(Kind::Metadata { key, why: why.to_string() }))
    }

    pub(crate) fn vocabulary(why: impl fmt::Display) -> Error {
        Error(Box::new(Kind::Vocabulary(why.to_string())))
    }

    pub(crate) fn path(name: &'static str) -> Error {
        Error(Box::new(Kind::Path(name)))
    }

    /// Whether the model file is at fault, and not the machine.
    pub fn is_data(&self) -> bool {
        !matches!(*self.0, Kind::Path(_))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Header(why) => write!(f, "not a model file: {why}"),
            Kind::Tensor { name, why } => write!(f, "tensor `{name}` of the model: {why}"),
            Kind::Metadata { key, why } => write!(f, "metadata `{key}` of the model: {why}"),
            Kind::Vocabulary(why) => write!(f, "vocabulary of the model: {why}"),
            Kind::Path(name) => write!(f, "this machine has no {name} instructions"),
        }
    }
}

impl std::error::Error for Error {}
