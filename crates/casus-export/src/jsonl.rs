//! JSON Lines: one event a line, every field, in the order of the codebook.

use crate::{Item, Options, Writer};
use casus_record::{Event, Offsets, convert_event};
use std::io::{self, Write};

pub(crate) struct Jsonl {
    options: Options,
    out: Box<dyn Write + Send>,
    line: Vec<u8>,
}

impl Jsonl {
    pub(crate) fn new(options: Options, out: Box<dyn Write + Send>) -> Jsonl {
        Jsonl { options, out, line: Vec::new() }
    }

    fn line(&mut self, event: &Event, text: &str) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, event)?;
        if self.options.with_text {
            insert_text(&mut self.line, event, text)?;
        }
        self.line.push(b'\n');
        // One call a line: a reader of the pipe, or an interrupt, meets whole lines.
        self.out.write_all(&self.line)
    }
}

/// Adds the field `text` to the `report` of a serialised event.
///
/// Done on the bytes, because a detour over `serde_json::Value` would print 32-bit floats with the
/// digits of 64-bit ones. The key with its quotes cannot stand inside a string, where quotes are
/// escaped, so the first place found is the field.
fn insert_text(line: &mut Vec<u8>, event: &Event, text: &str) -> io::Result<()> {
    let mut field = b"\"report\":".to_vec();
    serde_json::to_writer(&mut field, &event.report)?;
    let Some(start) = line.windows(field.len()).position(|window| window == field) else {
        return Err(io::Error::other("the report is not part of the event"));
    };
    let mut addition = b",\"text\":".to_vec();
    serde_json::to_writer(&mut addition, text)?;
    let brace = start + field.len() - 1;
    line.splice(brace..brace, addition);
    Ok(())
}

impl Writer for Jsonl {
    fn report(&mut self, item: &Item<'_>) -> io::Result<()> {
        let text = &item.report.text;
        for event in &item.reading.events {
            if self.options.offsets == Offsets::Bytes {
                self.line(event, text)?;
            } else {
                let mut event = event.clone();
                convert_event(&mut event, text, self.options.offsets);
                self.line(&event, text)?;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}
