//! Hostile characters: what a text may contain and a terminal, a sheet or a reader must not obey.

/// Characters that steer a terminal or reorder what is shown: C0 and C1 controls, and the bidi
/// embeddings, overrides and isolates. Plain left-to-right and right-to-left marks only hint, and stay.
pub(crate) fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// The text on one line for a terminal: white space becomes one space, steering characters are
/// written out.
///
/// ```text
/// "a\nb\u{1b}[31m" is shown as `a b\u{1b}[31m`
/// ```
pub(crate) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = true;
            continue;
        }
        if space {
            out.push(' ');
            space = false;
        }
        if steers(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    if space {
        out.push(' ');
    }
    out
}

/// Whether [`line`] leaves the text as it is.
pub(crate) fn is_line(text: &str) -> bool {
    let mut before = 'a';
    text.chars().all(|c| {
        let fits = if c.is_whitespace() { c == ' ' && before != ' ' } else { !steers(c) };
        before = c;
        fits
    })
}

/// Whether the text has letters that are written from right to left.
pub(crate) fn is_right_to_left(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

/// The text set apart for bidirectional layout, if it needs it: first strong isolate to its end.
pub(crate) fn isolate(text: &str) -> String {
    if is_right_to_left(text) { format!("\u{2068}{text}\u{2069}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(line(text), expected, "{text:?}");
        assert_eq!(is_line(text), text == expected, "{text:?}");
    }

    #[test]
    fn lines_obey_nothing() {
        check("Beya", "Beya");
        check("a \r\n\t b", "a b");
        check("a\u{1b}[2J", "a\\u{1b}[2J");
        check("\u{202e}abc\u{0}", "\\u{202e}abc\\u{0}");
        check("قتل\u{200f}", "قتل\u{200f}");
        check("\u{9b}31m", "\\u{9b}31m");
    }
}
