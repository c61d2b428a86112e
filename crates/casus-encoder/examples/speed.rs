//! Prints how many pieces a second one core encodes. On Linux the time is that of the processor, so that other work on
//! the machine counts little.
//!
//! ```text
//! cargo run --release -p casus-encoder --example speed -- MODEL.safetensors [scalar|avx2|avx512|neon [LENGTH...]]
//! ```

use casus_encoder::{Encoder, Path, Pieces, Window, Workspace};
use std::{error::Error, io::Write, time::Instant};

/// Seconds since some moment.
fn clock(start: Instant) -> f64 {
    // The first number is the time that this thread had a processor, in nanoseconds.
    let on_processor = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let on_processor = on_processor.and_then(|line| line.split(' ').next()?.parse::<f64>().ok());
    on_processor.map_or_else(|| start.elapsed().as_secs_f64(), |time| time / 1e9)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("give a model file")?;
    let path = match arguments.next().as_deref() {
        None => Path::best(),
        Some("scalar") => Path::Scalar,
        Some("avx2") => Path::Avx2,
        Some("avx512") => Path::Avx512,
        Some("neon") => Path::Neon,
        Some(other) => return Err(format!("no path is called `{other}`").into()),
    };
    let mut lengths = arguments.map(|length| length.parse()).collect::<Result<Vec<usize>, _>>()?;
    if lengths.is_empty() {
        lengths = vec![16, 40, 128, 500];
    }
    let bytes = std::fs::read(file)?;
    let begin = Instant::now();
    let start = clock(begin);
    let encoder = Encoder::with_path(bytes, path)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}: opened in {:.1} ms", path.name(), (clock(begin) - start) * 1e3)?;

    let text =
        "On 3 May two shells hit the market of Beya, killing four men and a child; the army denied it. ";
    let text = text.repeat(20_000);
    let mut pieces = Pieces::default();
    let start = clock(begin);
    encoder.pieces().encode(&text, &mut pieces);
    let rate = text.len() as f64 / 1e6 / (clock(begin) - start);
    writeln!(out, "tokenizer: {rate:.0} MB/s")?;

    let mut work = Workspace::default();
    let size = if path == Path::Scalar { 200 } else { 2000 };
    for length in lengths {
        let length = length.clamp(1, encoder.max_pieces());
        let windows: Vec<_> = pieces.ids.chunks_exact(length).take((size / length).max(1)).collect();
        let windows: Vec<_> = windows.into_iter().map(|ids| Window { ids, shapes: &[] }).collect();
        for layers in [encoder.layers() / 2, encoder.layers()] {
            encoder.encode(&windows, layers, &mut work);
            let best = (0..3).map(|_| {
                let start = clock(begin);
                encoder.encode(&windows, layers, &mut work);
                clock(begin) - start
            });
            let best = best.fold(f64::INFINITY, f64::min);
            let rate = (windows.len() * length) as f64 / best;
            writeln!(out, "windows of {length:3} pieces, {layers} layers: {rate:6.0} pieces/s")?;
        }
    }
    Ok(())
}
