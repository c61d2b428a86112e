//! The `casus` command: reports in, conflict event records out.

fn main() {}
