//! Speed with which bare actor phrases are coded, one core.

use crate::{clock::Clock, documents::Documents};
use anyhow::{Result, ensure};
use casus_engine::{Casus, mention::actor};
use clap::Args;
use std::{
    hint::black_box,
    io::{Write, stdout},
    path::PathBuf,
};

/// Arguments of `bench-actors`.
#[derive(Args)]
pub(crate) struct BenchActors {
    /// Phrases: JSON Lines with `text` and, if there is one, `context`.
    #[arg(long)]
    input: PathBuf,
    /// Times that all are coded in a round.
    #[arg(long, default_value_t = 200)]
    repeats: usize,
    /// Rounds; the fastest counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

impl BenchActors {
    pub(crate) fn run(&self) -> Result<()> {
        let casus = Casus::embedded()?;
        let mut phrases = Vec::new();
        for document in Documents::open(&self.input)? {
            let (_, document) = document?;
            let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
            phrases.push((text("text"), text("context")));
        }
        ensure!(!phrases.is_empty() && self.repeats > 0 && self.rounds > 0, "nothing to code");
        let code = |(phrase, context): &(String, String)| {
            black_box(actor::code(casus.resources(), phrase, context, actor::AS_OF));
        };
        // What is made when first asked for is not the phrases'.
        phrases.iter().for_each(code);
        let mut best = f64::INFINITY;
        for _ in 0..self.rounds {
            let start = Clock::now();
            for _ in 0..self.repeats {
                phrases.iter().for_each(code);
            }
            best = best.min(start.seconds());
        }
        let each = best / (phrases.len() * self.repeats) as f64 * 1e6;
        writeln!(stdout(), "{} phrases  {each:.1} microseconds each", phrases.len())?;
        Ok(())
    }
}
