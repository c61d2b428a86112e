//! Renderings of event records. This crate must not know how a record was read.
