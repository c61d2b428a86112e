//! Builds the data under `data/` from their named sources.

mod data;
mod tagger;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Train the part-of-speech tagger: data/tagger/en.bin.
    TrainTagger(tagger::Args),
    /// Make the committed tables of one set.
    #[command(subcommand)]
    Data(data::Set),
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::TrainTagger(args) => tagger::train(&args),
        Command::Data(set) => data::make(&set),
    }
}
