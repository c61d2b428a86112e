use crate::{Event, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What spans count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Offsets {
    /// UTF-8 bytes.
    #[default]
    Bytes,
    /// Unicode code points (Python, R, Postgres).
    CodePoints,
    /// UTF-16 code units (JavaScript, Java, .NET).
    Utf16,
}

/// Rewrites every span of `event`, byte offsets into `text`, into the unit asked for.
pub fn convert_event(event: &mut Event, text: &str, offsets: Offsets) {
    if offsets == Offsets::Bytes {
        return;
    }
    let mut spans = Vec::new();
    for_each_span(event, &mut |span| spans.push(*span));
    let mut bytes: Vec<u32> = spans.iter().flat_map(|s| [s.start, s.end]).collect();
    bytes.sort_unstable();
    bytes.dedup();
    let converted = convert_sorted(text, &bytes, offsets);
    let at = |byte: u32| bytes.binary_search(&byte).map_or(byte, |i| converted[i]);
    for_each_span(event, &mut |span| *span = Span::new(at(span.start), at(span.end)));
}

/// One pass over the text for all offsets at once, so that a long report stays linear.
fn convert_sorted(text: &str, bytes: &[u32], offsets: Offsets) -> Vec<u32> {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut at_byte, mut at_unit) = (0usize, 0usize);
    for &byte in bytes {
        let byte = (byte as usize).min(text.len());
        let piece = &text[at_byte..byte];
        at_unit += match offsets {
            Offsets::Bytes => piece.len(),
            Offsets::CodePoints => piece.chars().count(),
            Offsets::Utf16 => piece.chars().map(char::len_utf16).sum(),
        };
        at_byte = byte;
        out.push(at_unit as u32);
    }
    out
}

fn for_each_span(event: &mut Event, f: &mut impl FnMut(&mut Span)) {
    let Event { action, when, places, participants, losses, materiel, voices, notes, .. } = event;
    action.triggers.iter_mut().for_each(&mut *f);
    action.weapons.iter_mut().flat_map(|w| &mut w.evidence).for_each(&mut *f);
    when.iter_mut().flat_map(|w| &mut w.evidence).for_each(&mut *f);
    places.iter_mut().flat_map(|w| &mut w.evidence).for_each(&mut *f);
    for participant in participants {
        participant.mentions.iter_mut().for_each(&mut *f);
        participant.evidence.iter_mut().for_each(&mut *f);
        participant.attributions.iter_mut().flat_map(|a| &mut a.evidence).for_each(&mut *f);
    }
    losses.iter_mut().flat_map(|l| &mut l.evidence).for_each(&mut *f);
    materiel.iter_mut().flat_map(|m| &mut m.evidence).for_each(&mut *f);
    voices.iter_mut().flat_map(|v| &mut v.evidence).for_each(&mut *f);
    notes.iter_mut().flat_map(|n| &mut n.span).for_each(&mut *f);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, bytes: &[u32], code_points: &[u32], utf16: &[u32]) {
        assert_eq!(convert_sorted(text, bytes, Offsets::CodePoints), code_points, "{text}");
        assert_eq!(convert_sorted(text, bytes, Offsets::Utf16), utf16, "{text}");
    }

    #[test]
    fn units() {
        check("abc", &[0, 1, 3], &[0, 1, 3], &[0, 1, 3]);
        check("é-قتل", &[0, 2, 3, 9], &[0, 1, 2, 5], &[0, 1, 2, 5]);
        check("a𝄞b", &[1, 5, 6], &[1, 2, 3], &[1, 3, 4]);
    }
}
