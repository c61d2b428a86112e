//! Who stands beside an actor in a list: "Germany, France, and the UK met" names three.
//!
//! An item is a run of words of a noun phrase with a capital in it; items hang together by commas and
//! a final "and" or "or". A comma alone joins nobody: behind it may stand an apposition ("Ana Lopez,
//! the first judge"). Items that lack a noun take that of the last: "Gollian and Lodoan soldiers".
//!
//! This module must not know what an event is.

use crate::{
    Report, Resources, mention,
    text::{self, Document, Tag, TokenId, TokenKind},
};
use std::ops::Range;

/// The actors of `text` that are coordinated with `phrase`, in text order, itself included; only
/// `phrase` if it stands alone, nothing if it is not in the text.
///
/// ```
/// # use casus_engine::{Casus, mention::actor::coordinated};
/// let casus = Casus::embedded()?;
/// let text = "The leaders of Chad, Niger, and the UK met in Lodo.";
/// assert_eq!(coordinated(casus.resources(), text, "Niger"), ["Chad", "Niger", "UK"]);
/// # Ok::<(), casus_engine::Error>(())
/// ```
pub fn coordinated(resources: &Resources, text: &str, phrase: &str) -> Vec<String> {
    let Some(start) = text.find(phrase) else { return Vec::new() };
    let report = Report { id: "phrase".to_owned(), text: text.to_owned(), ..Report::default() };
    let document = text::segment(resources, &report);
    let times = mention::time::find(&resources.mention.time, &document);
    let mut timed = vec![false; document.tokens.len()];
    for time in &times {
        timed[time.tokens.start as usize..time.tokens.end as usize].fill(true);
    }
    let span = start..start + phrase.len();
    let inside = |token: &TokenId| {
        let at = document.tokens[*token as usize].span;
        at.start as usize >= span.start && at.end as usize <= span.end
    };
    let Some(first) = (0..document.tokens.len() as TokenId).find(inside) else { return Vec::new() };
    let sentence = &document.sentences[document.sentence_of(first) as usize].tokens;
    let list = List { document: &document, timed, sentence: sentence.clone() };
    let items = list.around(first);
    if items.is_empty() {
        return vec![phrase.to_owned()];
    }
    list.names(&items)
}

struct List<'d, 'r> {
    document: &'d Document<'r>,
    timed: Vec<bool>,
    sentence: Range<TokenId>,
}

impl List<'_, '_> {
    fn tag(&self, at: TokenId) -> Tag {
        self.document.tokens[at as usize].tag
    }

    /// Whether a token may stand inside an item.
    fn holds(&self, at: TokenId) -> bool {
        let token = &self.document.tokens[at as usize];
        let name = matches!(
            token.tag,
            Tag::Noun | Tag::NounPlural | Tag::Proper | Tag::ProperPlural | Tag::Adjective | Tag::Possessive
        ) || self.document.word(at).starts_with(char::is_uppercase);
        let joint = self.document.norm(at) == "'s" || self.document.norm(at) == "-";
        !self.timed[at as usize]
            && (joint || token.kind == TokenKind::Word && name)
            && !matches!(self.document.norm(at), "the" | "a" | "an" | "both" | "and" | "or")
    }

    /// The item that a token is in.
    fn item(&self, at: TokenId) -> Option<Range<TokenId>> {
        if !self.sentence.contains(&at) || !self.holds(at) {
            return None;
        }
        let (mut start, mut end) = (at, at + 1);
        while start > self.sentence.start && self.holds(start - 1) {
            start -= 1;
        }
        while end < self.sentence.end && self.holds(end) {
            end += 1;
        }
        // A list of actors is one of names.
        (start..end).any(|t| self.document.word(t).starts_with(char::is_uppercase)).then_some(start..end)
    }

    /// All items of the list that `at` is in; the order is that of the text.
    fn around(&self, at: TokenId) -> Vec<Range<TokenId>> {
        let Some(own) = self.item(at) else { return Vec::new() };
        let mut items = vec![own.clone()];
        let mut joined = false;
        let mut edge = own.end;
        while let Some((start, and)) = self.behind(edge)
            && let Some(item) = self.item(start).filter(|item| item.start == start)
        {
            edge = item.end;
            joined |= and;
            items.push(item);
            if and {
                break;
            }
        }
        // Only a list that ends in "and" is one; what stood before it by commas belongs to it.
        if !joined {
            items.truncate(1);
            joined = self.before(own.start).is_some_and(|(_, and)| and);
        }
        if !joined {
            return items;
        }
        let mut edge = own.start;
        while let Some((end, _)) = self.before(edge)
            && let Some(item) = self.item(end).filter(|item| item.end == end + 1)
        {
            edge = item.start;
            items.insert(0, item);
        }
        items
    }

    /// Where the next item would begin, and whether an "and" leads to it.
    fn behind(&self, edge: TokenId) -> Option<(TokenId, bool)> {
        let mut at = edge;
        let comma = self.norm(at) == ",";
        at += u32::from(comma);
        let and = matches!(self.norm(at), "and" | "or" | "&");
        at += u32::from(and);
        if !comma && !and {
            return None;
        }
        at += u32::from(matches!(self.norm(at), "the" | "a" | "an"));
        Some((at, and))
    }

    /// The last token of the item before, and whether an "and" stood between.
    fn before(&self, edge: TokenId) -> Option<(TokenId, bool)> {
        let mut at = edge;
        let back = |at: TokenId| at.checked_sub(1).filter(|at| self.sentence.contains(at));
        if back(at).is_some_and(|t| matches!(self.norm(t), "the" | "a" | "an")) {
            at -= 1;
        }
        let and = back(at).is_some_and(|t| matches!(self.norm(t), "and" | "or" | "&"));
        at -= u32::from(and);
        let comma = back(at).is_some_and(|t| self.norm(t) == ",");
        at -= u32::from(comma);
        if !and && !comma { None } else { back(at).map(|at| (at, and)) }
    }

    fn norm(&self, at: TokenId) -> &str {
        if self.sentence.contains(&at) { self.document.norm(at) } else { "" }
    }

    /// The items' words; those without a noun of their own with that of the last.
    fn names(&self, items: &[Range<TokenId>]) -> Vec<String> {
        let head = items.last().and_then(|last| {
            let start = (last.start..last.end).rfind(|&t| !self.is_common(t)).map_or(last.start, |t| t + 1);
            (start > last.start && start < last.end).then_some(start..last.end)
        });
        items
            .iter()
            .map(|item| {
                let words = self.document.words(item);
                let bare =
                    (item.start..item.end).all(|t| matches!(self.tag(t), Tag::Adjective | Tag::Proper));
                match &head {
                    Some(head) if bare && item.end <= head.start => {
                        format!("{words} {}", self.document.words(head))
                    }
                    _ => words.to_owned(),
                }
            })
            .collect()
    }

    fn is_common(&self, at: TokenId) -> bool {
        matches!(self.tag(at), Tag::Noun | Tag::NounPlural)
            && self.document.word(at).starts_with(char::is_lowercase)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Casus;

    #[test]
    fn lists_are_taken_apart() {
        let casus = Casus::embedded().unwrap();
        let check = |text: &str, phrase: &str, expected: &[&str]| {
            assert_eq!(coordinated(casus.resources(), text, phrase), expected, "{phrase:?} in {text:?}");
        };
        check("Chad and Niger signed.", "Niger", &["Chad", "Niger"]);
        check(
            "Shells fell on Chadian and Kenyan soldiers.",
            "Kenyan soldiers",
            &["Chadian soldiers", "Kenyan soldiers"],
        );
        check("Soldiers met Ana Lopez, the first judge of Lodo.", "Ana Lopez", &["Ana Lopez"]);
        check("On its website, Lopez and Pinto spoke.", "Lopez", &["Lopez", "Pinto"]);
        check("Kenyan troops left Lodo.", "Kenyan troops", &["Kenyan troops"]);
        check("Kenyan troops left Lodo.", "Gol", &[]);
    }
}
