//! Which words of the report each part of an event rests on, and which passages show them.

use casus_record::{Event, Span};

/// What a marked span says. The order is the order of precedence where spans overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Action,
    Loss,
    Who,
    Where,
    When,
    Means,
    Voice,
}

impl Kind {
    /// Name in the legend of the table and the page.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Kind::Action => "action",
            Kind::Loss => "loss",
            Kind::Who => "who",
            Kind::Where => "where",
            Kind::When => "when",
            Kind::Means => "means",
            Kind::Voice => "voice",
        }
    }
}

/// A span of the report, what it says, and the row of the event's list that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
    /// Index in `participants`, `where`, `losses`, `weapons` or `voices`; materiel is counted on
    /// after the losses.
    pub(crate) row: usize,
}

/// All spans that the event rests on, in text order, each once a row.
pub(crate) fn marks(event: &Event) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut add = |kind: Kind, row: usize, spans: &[Span]| {
        let spans = spans.iter().filter(|span| !span.is_empty());
        marks.extend(spans.map(|&span| Mark { span, kind, row }));
    };
    add(Kind::Action, 0, &event.action.triggers);
    for (row, weapon) in event.action.weapons.iter().enumerate() {
        add(Kind::Means, row, &weapon.evidence);
    }
    if let Some(when) = &event.when {
        add(Kind::When, 0, &when.evidence);
    }
    for (row, place) in event.places.iter().enumerate() {
        add(Kind::Where, row, &place.evidence);
    }
    for (row, participant) in event.participants.iter().enumerate() {
        add(Kind::Who, row, &participant.evidence);
        add(Kind::Who, row, &participant.mentions);
        for attribution in &participant.attributions {
            add(Kind::Who, row, &attribution.evidence);
        }
    }
    for (row, loss) in event.losses.iter().enumerate() {
        add(Kind::Loss, row, &loss.evidence);
    }
    for (row, materiel) in event.materiel.iter().enumerate() {
        add(Kind::Loss, event.losses.len() + row, &materiel.evidence);
    }
    for (row, voice) in event.voices.iter().enumerate() {
        add(Kind::Voice, row, &voice.evidence);
    }
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// A stretch of a passage under the same kind of mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) span: Span,
    pub(crate) kind: Option<Kind>,
}

/// Cuts `passage` where marks begin and end. Where marks overlap the first kind of [`Kind`] wins.
pub(crate) fn segments(passage: Span, marks: &[Mark]) -> Vec<Segment> {
    let inside: Vec<Mark> = marks
        .iter()
        .filter(|mark| mark.span.overlaps(passage))
        .map(|mark| Mark {
            span: Span::new(mark.span.start.max(passage.start), mark.span.end.min(passage.end)),
            ..*mark
        })
        .collect();
    let mut cuts: Vec<u32> = inside.iter().flat_map(|mark| [mark.span.start, mark.span.end]).collect();
    cuts.extend([passage.start, passage.end]);
    cuts.sort_unstable();
    cuts.dedup();
    let mut out: Vec<Segment> = Vec::new();
    for pair in cuts.windows(2) {
        let span = Span::new(pair[0], pair[1]);
        let kind = inside.iter().filter(|mark| mark.span.overlaps(span)).map(|mark| mark.kind).min();
        match out.last_mut() {
            Some(last) if last.kind == kind => last.span.end = span.end,
            _ => out.push(Segment { span, kind }),
        }
    }
    out
}

/// Bytes that a passage reaches at most to either side of the span it shows.
const REACH: usize = 240;

/// At most `limit` passages of whole sentences, as far as these are near, that hold `spans`; in text
/// order. The first spans have first claim.
///
/// Sentences are cut plainly here: a passage is only shown, and a cut too early loses nothing but
/// context.
pub(crate) fn passages(text: &str, spans: impl IntoIterator<Item = Span>, limit: usize) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for span in spans {
        if out.iter().any(|passage| passage.contains(span)) {
            continue;
        }
        let passage = around(text, span);
        if let Some(other) =
            out.iter_mut().find(|other| other.start <= passage.end && passage.start <= other.end)
        {
            *other = other.cover(passage);
        } else if out.len() < limit {
            out.push(passage);
        }
    }
    out.sort_unstable();
    out.dedup_by(|b, a| {
        let joined = b.start <= a.end;
        if joined {
            *a = a.cover(*b);
        }
        joined
    });
    out
}

fn around(text: &str, span: Span) -> Span {
    let start = floor(text, span.start as usize);
    let end = floor(text, (span.end as usize).min(start + 4 * REACH)).max(start);
    let from = floor(text, start.saturating_sub(REACH));
    let to = floor(text, end.saturating_add(REACH));
    let before = &text[from..start];
    let after = &text[end..to];
    let is_stop = |c: char| matches!(c, '.' | '!' | '?' | '؟' | '۔' | '。' | '।' | '\n');
    let left = before
        .char_indices()
        .rev()
        .find(|&(at, c)| {
            let next = before[at + c.len_utf8()..].chars().next();
            is_stop(c) && (c == '\n' || next.is_none_or(char::is_whitespace))
        })
        .map_or_else(|| word_start(text, from), |(at, c)| from + at + c.len_utf8());
    let right = after
        .char_indices()
        .find(|&(at, c)| {
            let next = after[at + c.len_utf8()..].chars().next();
            is_stop(c)
                && (c == '\n' || next.is_none_or(|next| next.is_whitespace() || "”\"'»)".contains(next)))
        })
        .map_or_else(|| word_end(text, to), |(at, c)| end + at + c.len_utf8());
    let left = left + text[left..start].len() - text[left..start].trim_start().len();
    Span::new(left as u32, right.max(end) as u32)
}

/// The last character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// A passage cut off by its reach begins after the word it would have split.
fn word_start(text: &str, at: usize) -> usize {
    if at == 0 {
        return 0;
    }
    let rest = &text[at..];
    rest.char_indices().take(40).find(|(_, c)| c.is_whitespace()).map_or(at, |(gap, _)| at + gap)
}

fn word_end(text: &str, at: usize) -> usize {
    if at == text.len() {
        return at;
    }
    let before = &text[..at];
    before.char_indices().rev().take(40).find(|(_, c)| c.is_whitespace()).map_or(at, |(gap, _)| gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, words: &[&str], limit: usize, expected: &[&str]) {
        let spans = words.iter().map(|word| {
            let start = text.find(word).expect("the word stands in the text");
            Span::new(start as u32, (start + word.len()) as u32)
        });
        let found: Vec<_> =
            passages(text, spans, limit).into_iter().map(|span| &text[span.range()]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn passages_are_sentences() {
        let text =
            "Rain fell. Gunmen attacked Beya. Two farmers died. It ended at 3.30 p.m.\nThe road is open.";
        check(text, &["attacked"], 3, &["Gunmen attacked Beya."]);
        check(text, &["attacked", "died"], 3, &["Gunmen attacked Beya.", "Two farmers died."]);
        check(text, &["attacked", "road"], 1, &["Gunmen attacked Beya."]);
        check(text, &["road", "attacked"], 3, &["Gunmen attacked Beya.", "The road is open."]);
        check("هاجم مسلحون قرية. قتل شخصان.", &["قتل"], 2, &["قتل شخصان."]);
    }

    #[test]
    fn a_text_without_stops_is_cut_at_words() {
        let text = "tarna ".repeat(1000);
        let found = passages(&text, [Span::new(3000, 3005)], 1);
        assert!(found[0].len() < 600 && text[found[0].range()].starts_with("tarna"));
    }

    #[test]
    fn the_first_kind_wins_where_marks_overlap() {
        let mark = |start, end, kind| Mark { span: Span::new(start, end), kind, row: 0 };
        let marks = [mark(0, 6, Kind::Who), mark(4, 10, Kind::Action)];
        let found: Vec<_> = segments(Span::new(0, 12), &marks)
            .into_iter()
            .map(|segment| (segment.span.start, segment.kind))
            .collect();
        assert_eq!(found, [(0, Some(Kind::Who)), (4, Some(Kind::Action)), (10, None)]);
    }
}
