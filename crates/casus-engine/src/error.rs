use std::fmt;

/// Why the reader could not be set up. Reading itself cannot fail.
#[derive(Debug)]
pub struct Error(Box<Kind>);

#[derive(Debug)]
enum Kind {
    Pack(casus_data::Error),
    Data { section: &'static str, message: String },
    Lessons(String),
}

impl Error {
    /// Data of `section` that contradicts itself.
    pub(crate) fn data(section: &'static str, message: impl Into<String>) -> Error {
        Error(Box::new(Kind::Data { section, message: message.into() }))
    }

    /// Something learned that does not fit the data.
    pub(crate) fn lessons(message: impl Into<String>) -> Error {
        Error(Box::new(Kind::Lessons(message.into())))
    }

    /// Whether the data pack is at fault.
    pub fn is_data(&self) -> bool {
        matches!(*self.0, Kind::Pack(_) | Kind::Data { .. })
    }
}

impl From<casus_data::Error> for Error {
    fn from(cause: casus_data::Error) -> Error {
        Error(Box::new(Kind::Pack(cause)))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Pack(cause) => write!(f, "{cause}"),
            Kind::Data { section, message } => write!(f, "data pack section {section:?}: {message}"),
            Kind::Lessons(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Kind::Pack(cause) => Some(cause),
            Kind::Data { .. } | Kind::Lessons(_) => None,
        }
    }
}
