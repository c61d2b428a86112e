//! Where words that somebody quotes from a text stand in it.

use crate::Span;

/// The places where `words` stand in a text, to the letter but for white space, and not within longer words.
///
/// ```
/// use casus_engine::text::quoted;
/// let text = "Gunmen shot the mayor\nof Beya. The mayors of Gol and Lodo fled.";
/// let found: Vec<&str> = quoted(text, "the mayor of Beya").map(|span| &text[span.range()]).collect();
/// assert_eq!(found, ["the mayor\nof Beya"]);
/// assert_eq!(quoted(text, "mayor").count(), 1);
/// assert_eq!(quoted(text, "The mayor of Beya").count(), 0);
/// ```
pub fn quoted<'t>(text: &'t str, words: &'t str) -> impl Iterator<Item = Span> + 't {
    let first = words.split_whitespace().next();
    let starts = first.into_iter().flat_map(|first| text.match_indices(first));
    starts.filter_map(move |(start, _)| {
        let mut end = start;
        for word in words.split_whitespace() {
            let rest = text[end..].trim_start();
            let apart = text.len() - rest.len() > end;
            if !rest.starts_with(word) || end > start && !apart {
                return None;
            }
            end = text.len() - rest.len() + word.len();
        }
        let within = |a: Option<char>, b: Option<char>| {
            a.is_some_and(char::is_alphanumeric) && b.is_some_and(char::is_alphanumeric)
        };
        let (before, found, behind) = (&text[..start], &text[start..end], &text[end..]);
        let cut = within(before.chars().next_back(), found.chars().next())
            || within(found.chars().next_back(), behind.chars().next());
        (!cut).then(|| Span::new(start as u32, end as u32))
    })
}
