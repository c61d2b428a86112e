//! Builds the data under `data/` from their named sources.

mod data;
mod event_place;
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
    /// Learn which of several places is an event's: data/patterns/en/event_place.toml.
    TrainEventPlace(event_place::Args),
    /// Make the committed tables of one set.
    #[command(subcommand)]
    Data(data::Set),
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::TrainTagger(args) => tagger::train(&args),
        Command::TrainEventPlace(args) => event_place::train(&args),
        Command::Data(set) => data::make(&set),
    }
}
