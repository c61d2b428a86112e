//! What the set marks: spans of characters, and in one sentence of eight numbers of tokens.
//!
//! In the part of the set that was marked first, `start` and `end` are the numbers of the first and the
//! last token of the place, in the manner of spaCy, though they are called characters; the texts beside
//! them were cut out by the wrong reading, and are empty or pieces of words. Such a mark is known by not
//! being of whole words, and [`repaired`] puts the characters in its place. Of the 964 marks of both
//! files that are so known, 941 then are names with a capital; without it nobody could get them right.

use serde_json::{Value, json};

/// The document with its marks as characters.
pub(crate) fn repaired(document: &Value) -> Value {
    let text: Vec<char> = document["text"].as_str().unwrap_or_default().chars().collect();
    let marks = spans(document);
    if marks.iter().all(|&mark| of_whole_words(&text, mark)) {
        return document.clone();
    }
    let tokens = tokens(&text);
    let places: Vec<Value> = marks
        .iter()
        .map(|&(first, last)| {
            let token = |number: u64| tokens.get(number as usize).copied();
            match token(first).zip(token(last)) {
                Some(((start, _), (_, end))) => json!({ "start": start, "end": end }),
                None => json!({ "start": first, "end": last }),
            }
        })
        .collect();
    let mut document = document.clone();
    document["locations"] = Value::Array(places);
    document
}

/// The spans of marked or found places.
pub(crate) fn spans(document: &Value) -> Vec<(u64, u64)> {
    let list = document["locations"].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|span| span["start"].as_u64().zip(span["end"].as_u64())).collect()
}

/// Whether each span of one list overlaps one of the other.
pub(crate) fn meet(a: &[(u64, u64)], b: &[(u64, u64)]) -> bool {
    let met = |a: &[(u64, u64)], b: &[(u64, u64)]| a.iter().all(|x| b.iter().any(|y| x.0 < y.1 && y.0 < x.1));
    met(a, b) && met(b, a)
}

fn of_whole_words(text: &[char], (start, end): (u64, u64)) -> bool {
    let (start, end) = (start as usize, (end as usize).min(text.len()));
    let Some(inside) = text.get(start..end) else { return false };
    let letter = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|c| c.is_alphanumeric());
    let cut = |at: usize| letter(at.checked_sub(1)) && letter(Some(at));
    inside.iter().any(|c| c.is_alphanumeric()) && !cut(start) && !cut(end)
}

/// Full stops that belong to the word before them.
const ABBREVIATIONS: [&str; 66] = [
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mr", "mrs", "ms",
    "dr", "st", "gov", "lt", "col", "sgt", "maj", "capt", "sen", "rep", "no", "mt", "co", "corp", "inc",
    "ltd", "jr", "sr", "brig", "adm", "gen", "ariz", "calif", "fla", "ga", "va", "pa", "md", "mass", "mich",
    "minn", "miss", "mo", "tenn", "wash", "wis", "conn", "ky", "la", "ark", "ala", "ind", "ill", "colo",
    "del", "kan", "neb", "nev", "okla", "ore", "vs",
];

/// Tokens as spaCy's English rules cut them, as far as the set's sentences need: spans of characters.
fn tokens(text: &[char]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let space = text[at].is_whitespace();
        let length = text[at..].iter().take_while(|c| c.is_whitespace() == space).count();
        let end = at + length;
        if space {
            // One space is the word's; what is more is a token.
            let start = if at > 0 && text[at] == ' ' { at + 1 } else { at };
            if start < end {
                out.push((start, end));
            }
        } else {
            word(text, at, end, &mut out);
        }
        at = end;
    }
    out
}

/// Cuts what stands between two spaces.
fn word(text: &[char], mut start: usize, mut end: usize, out: &mut Vec<(usize, usize)>) {
    let mut behind = Vec::new();
    while start < end {
        let word = &text[start..end];
        let last = word[word.len() - 1];
        if abbreviated(word) {
            break;
        } else if word.len() > 1 && "\"'“”‘’([{<$£€#*`–—-".contains(word[0]) && !is(word, &["'s", "’s"])
        {
            out.push((start, start + 1));
            start += 1;
        } else if word.len() > 1 && "\"'“”‘’)]}>,;:!?…*`–—".contains(last) {
            behind.push((end - 1, end));
            end -= 1;
        } else if word.len() > 2 && is(&word[word.len() - 2..], &["'s", "’s", "'S", "’S"]) {
            behind.push((end - 2, end));
            end -= 2;
        } else if word.len() > 3 && word.ends_with(&['.', '.', '.']) {
            behind.push((end - 3, end));
            end -= 3;
        } else if word.len() > 1 && last == '.' && stops(word) {
            behind.push((end - 1, end));
            end -= 1;
        } else {
            let number = word.iter().take_while(|c| c.is_ascii_digit()).count();
            if number > 0 && is(&word[number..], &["km", "m", "mm", "cm", "kg", "am", "pm"]) {
                behind.push((start + number, end));
                end = start + number;
            }
            break;
        }
    }
    if start < end {
        inner(text, start, end, out);
    }
    out.extend(behind.into_iter().rev());
}

/// Cuts a word inside: at contractions, hyphens and the like.
fn inner(text: &[char], start: usize, end: usize, out: &mut Vec<(usize, usize)>) {
    let word = &text[start..end];
    if abbreviated(word) {
        out.push((start, end));
        return;
    }
    for ending in ["n't", "n’t", "'re", "'ve", "'ll", "'d", "'m", "’re", "’ve", "’ll", "’d", "’m"]
    {
        let length = ending.chars().count();
        if word.len() > length && is(&word[word.len() - length..], &[ending]) {
            out.extend([(start, end - length), (end - length, end)]);
            return;
        }
    }
    let mut from = 0;
    let mut at = 1;
    while at + 1 < word.len() {
        let (before, here, next) = (word[at - 1], word[at], word[at + 1]);
        let double = here == '-' && next == '-';
        let cut = match here {
            '—' | '–' => true,
            '-' => double || before.is_ascii_alphabetic() && next.is_ascii_alphabetic(),
            ':' | '<' | '>' | '=' | '/' => before.is_ascii_alphanumeric() && next.is_ascii_alphabetic(),
            ',' => before.is_ascii_alphabetic() && next.is_ascii_alphabetic(),
            '.' => before.is_ascii_lowercase() && next.is_ascii_uppercase(),
            _ => false,
        };
        let length = if double { 2 } else { 1 };
        if cut {
            if from < at {
                out.push((start + from, start + at));
            }
            out.push((start + at, start + at + length));
            from = at + length;
        }
        at += length;
    }
    if start + from < end {
        out.push((start + from, end));
    }
}

fn is(word: &[char], any: &[&str]) -> bool {
    any.iter().any(|other| other.chars().eq(word.iter().copied()))
}

/// `U.S.`, `Gen.`: the full stop is the word's.
fn abbreviated(word: &[char]) -> bool {
    let initials =
        word.len() >= 2 && word.chunks(2).all(|pair| matches!(pair, [c, '.'] if c.is_ascii_alphabetic()));
    let lower: String = word.iter().flat_map(|c| c.to_lowercase()).collect();
    initials
        || lower.strip_suffix('.').is_some_and(|bare| ABBREVIATIONS.contains(&bare))
        || is(word, &["U.S.-led", "a.m.", "p.m."])
}

/// Whether the full stop behind a word is none of its own.
fn stops(word: &[char]) -> bool {
    let before = &word[..word.len() - 1];
    let Some(&last) = before.last() else { return false };
    let capitals = before.len() >= 2 && before[before.len() - 2..].iter().all(char::is_ascii_uppercase);
    last.is_ascii_lowercase() || last.is_ascii_digit() || ")]}%’'\"”".contains(last) || capitals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_count_tokens_are_read_as_such() {
        for (text, mark, expected) in [
            ("Police patrolled the town of Beya.", (5, 5), "Beya"),
            ("Police patrolled the town of Old Tarna.", (5, 6), "Old Tarna"),
            // Characters already.
            ("Police patrolled the town of Beya.", (29, 33), "Beya"),
            ("  U.S.-led troops, he said, didn't enter Kile's Aru district.", (10, 10), "Kile"),
            ("\"We were 30km north-east of Lodo,\" they said.", (9, 9), "Lodo"),
        ] {
            let document = json!({ "text": text, "locations": [{ "start": mark.0, "end": mark.1 }] });
            let read = spans(&repaired(&document))[0];
            let found: String = text.chars().skip(read.0 as usize).take((read.1 - read.0) as usize).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_mark_beyond_the_tokens_stays() {
        let document = json!({ "text": "Beya", "locations": [{ "start": 7, "end": 9 }] });
        assert_eq!(spans(&repaired(&document)), [(7, 9)]);
    }
}
