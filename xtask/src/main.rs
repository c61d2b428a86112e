//! Builds the data under `data/` from their named sources.

fn main() {}
