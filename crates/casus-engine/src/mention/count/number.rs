//! One number: digits with separators, number words, scales.

use super::{Finder, Found, Start, Words};
use crate::mention::phrase::Atom;

/// What a number word is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    /// Below one hundred, or a fixed phrase.
    Small(u64),
    /// Multiplies what stands before it.
    Scale(u64),
    Ordinal(u64),
}

/// How much a number is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Amount {
    /// `mantissa / 10^places * scale`.
    Number {
        mantissa: u64,
        places: u32,
        scale: u64,
    },
    Ordinal(u64),
}

impl Amount {
    const fn of(value: u64) -> Amount {
        Amount::Number { mantissa: value, places: 0, scale: 1 }
    }

    /// Its value, if it is a whole number.
    pub(super) fn whole(self) -> Option<u64> {
        match self {
            Amount::Ordinal(value) => Some(value),
            Amount::Number { mantissa, places, scale } => {
                let product = u128::from(mantissa) * u128::from(scale);
                let divisor = 10u128.checked_pow(places)?;
                (product % divisor == 0).then(|| u64::try_from(product / divisor).ok())?
            }
        }
    }

    /// The whole numbers below and above it.
    pub(super) fn around(self) -> (u64, u64) {
        match self {
            Amount::Ordinal(value) => (value, value),
            Amount::Number { mantissa, places, scale } => {
                let product = u128::from(mantissa) * u128::from(scale);
                let below = product / 10u128.saturating_pow(places);
                let below = u64::try_from(below).unwrap_or(u64::MAX);
                (below, below.saturating_add(1))
            }
        }
    }

    /// The same digits with the scale of the other number, if they have none of their own.
    pub(super) fn scaled_like(self, other: Amount) -> Option<Amount> {
        match (self, other) {
            (Amount::Ordinal(_), _) | (_, Amount::Ordinal(_)) => None,
            (Amount::Number { mantissa, places, scale: 1 }, Amount::Number { scale, .. })
                if mantissa < 1000 =>
            {
                Some(Amount::Number { mantissa, places, scale })
            }
            _ => Some(self),
        }
    }
}

impl Finder<'_, '_, '_> {
    /// The number that begins at an atom.
    pub(super) fn number(&self, at: usize) -> Option<Found> {
        let atom = self.atoms.get(at).filter(|atom| atom.word && !self.is_taken(at))?;
        if atom.digits { self.digits(at) } else { self.number_words(at) }
    }

    fn digits(&self, at: usize) -> Option<Found> {
        let text = self.atoms[at].text;
        let (mantissa, places) = digits(text, self.words.decimal_comma)?;
        let mut found =
            Found { amount: Amount::Number { mantissa, places, scale: 1 }, start: at, end: at + 1 };
        if let Some(next) = self.atoms.get(at + 1)
            && next.glued
            && self.words.ordinal_suffixes.iter().any(|suffix| suffix == next.text)
        {
            return Some(Found { amount: Amount::Ordinal(mantissa), end: at + 2, ..found });
        }
        // "1 200": groups of three digits.
        let grouped = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        if places == 0 && (1..=3).contains(&text.len()) && !text.starts_with('0') {
            let mut value = mantissa;
            while let Some(next) = self.atoms.get(found.end)
                && !next.glued
                && grouped(next.text)
                && !self.is_taken(found.end)
                && self.same_sentence(at, found.end)
                && !self.atoms.get(found.end + 1).is_some_and(|atom| atom.glued && atom.digits)
            {
                let Some(longer) =
                    value.checked_mul(1000).and_then(|v| v.checked_add(next.text.parse().ok()?))
                else {
                    break;
                };
                value = longer;
                found.end += 1;
            }
            found.amount = Amount::of(value);
            if found.end > at + 1 {
                return Some(found);
            }
        }
        // "3.5 million", "2 dozen", "12 thousand".
        let mut scale = 1u64;
        while let Some((end, by)) = self.scale(found.end) {
            let Some(longer) = scale.checked_mul(by) else { break };
            scale = longer;
            found.end = end;
        }
        found.amount = Amount::Number { mantissa, places, scale };
        Some(found)
    }

    fn scale(&self, at: usize) -> Option<(usize, u64)> {
        let at = self.past_hyphen(at);
        match self.word(at)? {
            (end, Number::Scale(by)) if self.same_sentence(at, at.checked_sub(1)?) => Some((end, by)),
            _ => None,
        }
    }

    fn past_hyphen(&self, at: usize) -> usize {
        at + usize::from(self.atoms.get(at).is_some_and(Atom::is_hyphen))
    }

    /// The number word at an atom, with or without a prefix that the language writes together with it.
    fn word(&self, at: usize) -> Option<(usize, Number)> {
        let atom = self.atoms.get(at).filter(|_| !self.is_taken(at))?;
        let as_number = |(end, start): (usize, &Start)| match start {
            Start::Number(number) => Some((end, *number)),
            _ => None,
        };
        self.words.start.longest(self.atoms, at, |_, _| true).and_then(as_number).or_else(|| {
            let rest = self.words.without_prefix(atom.text)?;
            let bare = [Atom { text: rest, ..*atom }];
            self.words.start.longest(&bare, 0, |_, _| true).and_then(as_number).map(|(_, n)| (at + 1, n))
        })
    }

    /// "twenty-three", "two hundred and five", "a hundred", "three and twenty".
    fn number_words(&self, start: usize) -> Option<Found> {
        let (mut total, mut current) = (0u64, None::<u64>);
        let mut lowest_scale = u64::MAX;
        // The scale, if there is only one: "two to three hundred" needs it apart.
        let mut scales = Vec::new();
        let mut at = start;
        let first = self.words.start.longest(self.atoms, at, |_, _| true);
        if first.is_none() && self.words.without_prefix(self.atoms[at].text).is_none() {
            // As with most words.
            return None;
        }
        if let Some((end, Start::Article)) = first {
            // "a hundred": the article counts only with a scale.
            self.scale(end)?;
            (at, current) = (end, Some(1));
        }
        let mut end = None;
        let mut joined = false;
        loop {
            let here = if end.is_some() { self.past_hyphen(at) } else { at };
            if !self.same_sentence(start, here) {
                break;
            }
            let text = self.atoms[here].text;
            if end.is_some() && !joined && self.words.joiners.iter().any(|word| word == text) {
                joined = true;
                at = here + 1;
                continue;
            }
            let Some((behind, number)) = self.word(here) else { break };
            let prefixed = self.words.without_prefix(text).is_some();
            let next = match number {
                Number::Ordinal(value) if end.is_none() => {
                    return Some(Found { amount: Amount::Ordinal(value), start, end: behind });
                }
                // "twenty-first"
                Number::Ordinal(value) if !joined && at != here => {
                    let value = total.saturating_add(current.unwrap_or(0)).saturating_add(value);
                    return Some(Found { amount: Amount::Ordinal(value), start, end: behind });
                }
                Number::Ordinal(_) => break,
                Number::Small(value) => {
                    match fit(current, value, joined || prefixed, self.words.units_first) {
                        Some(sum) if current.is_none() || !joined || sum > 100 || self.words.units_first => {
                            sum
                        }
                        _ => break,
                    }
                }
                Number::Scale(100 | 12 | 20) if current.is_some_and(|value| value >= 100) => break,
                Number::Scale(by @ (100 | 12 | 20)) if !joined => {
                    scales.push(by);
                    match current.unwrap_or(1).checked_mul(by) {
                        Some(product) => product,
                        None => break,
                    }
                }
                Number::Scale(by) => {
                    if by >= lowest_scale || (joined && !self.words.units_first) {
                        break;
                    }
                    let Some(sum) =
                        current.unwrap_or(1).checked_mul(by).and_then(|product| total.checked_add(product))
                    else {
                        break;
                    };
                    (total, lowest_scale, current) = (sum, by, None);
                    scales.push(by);
                    (at, end, joined) = (behind, Some(behind), false);
                    continue;
                }
            };
            current = Some(next);
            (at, end, joined) = (behind, Some(behind), false);
        }
        let value = total.checked_add(current.unwrap_or(0))?;
        let scale = match scales[..] {
            [scale] if value % scale == 0 => scale,
            _ => 1,
        };
        let amount = Amount::Number { mantissa: value / scale, places: 0, scale };
        Some(Found { amount, start, end: end? })
    }
}

impl Words {
    fn without_prefix<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.prefixes
            .iter()
            .find_map(|prefix| text.strip_prefix(prefix.as_str()))
            .filter(|rest| !rest.is_empty())
    }
}

/// The number that `current` makes with a further number word, if they make one.
fn fit(current: Option<u64>, value: u64, joined: bool, units_first: bool) -> Option<u64> {
    let Some(current) = current else { return Some(value) };
    let rest = current % 100;
    let fits = if rest == 0 {
        value > 0 && (value < 100 || (units_first && value < 1000))
    } else if units_first {
        // "three (and) twenty", and "three ten" for thirteen.
        rest < 10
            && ((joined && (20..100).contains(&value) && value.is_multiple_of(10))
                || (!joined && value == 10))
    } else {
        rest >= 20 && rest % 10 == 0 && !joined && (1..10).contains(&value)
    };
    fits.then_some(current + value)
}

/// Reads digits with separators: mantissa and number of decimal places.
fn digits(text: &str, decimal_comma: bool) -> Option<(u64, u32)> {
    let is_mark =
        |c: char| matches!(c, ',' | '.' | '\'' | '\u{2019}' | '\u{66c}' | '\u{66b}' | '\u{a0}' | '\u{202f}');
    let text = text.trim_end_matches(is_mark);
    if !text.chars().all(|c| c.is_ascii_digit() || is_mark(c)) {
        return None;
    }
    let last = text.char_indices().rev().find(|(_, c)| is_mark(*c));
    let Some((at, mark)) = last else { return Some((text.parse().ok()?, 0)) };
    let (head, tail) = (&text[..at], &text[at + mark.len_utf8()..]);
    let groups: Vec<&str> = head.split(is_mark).collect();
    let grouped = tail.len() == 3
        && (1..=3).contains(&groups[0].len())
        && !groups[0].starts_with('0')
        && groups[1..].iter().all(|group| (2..=3).contains(&group.len()));
    let alone = !head.contains(is_mark);
    let mixed = head.contains(|c: char| is_mark(c) && c != mark);
    let decimal = match mark {
        '\u{66b}' => true,
        '.' => mixed || !grouped || (alone && !decimal_comma),
        ',' => mixed || !grouped,
        _ => false,
    };
    let whole: String = head.chars().filter(char::is_ascii_digit).collect();
    let all = format!("{whole}{tail}");
    if decimal {
        // "12.03.2014" is no number.
        if head.contains(mark) {
            return None;
        }
        let tail = tail.trim_end_matches('0');
        return Some((format!("{whole}{tail}").parse().ok()?, tail.len() as u32));
    }
    if !grouped {
        return None;
    }
    Some((all.parse().ok()?, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, decimal_comma: bool, expected: Option<(u64, u32)>) {
        assert_eq!(digits(text, decimal_comma), expected, "{text:?}");
    }

    #[test]
    fn digits_with_separators() {
        check("14", false, Some((14, 0)));
        check("1,200", false, Some((1200, 0)));
        check("1.200", false, Some((12, 1)));
        check("1.200", true, Some((1200, 0)));
        check("1.200.000", false, Some((1_200_000, 0)));
        check("1,200.50", false, Some((12005, 1)));
        check("1.200,50", true, Some((12005, 1)));
        check("1,20,000", false, Some((120_000, 0)));
        check("1,5", false, Some((15, 1)));
        check("3.5", false, Some((35, 1)));
        check("3.0", false, Some((3, 0)));
        check("1'200", false, Some((1200, 0)));
        check("1\u{66c}200", false, Some((1200, 0)));
        check("1\u{66b}5", false, Some((15, 1)));
        check("12.03.2014", false, None);
        check("99999999999999999999", false, None);
    }

    #[test]
    fn number_words_fit_together() {
        assert_eq!(fit(Some(20), 3, false, false), Some(23));
        assert_eq!(fit(Some(300), 15, true, false), Some(315));
        assert_eq!(fit(Some(2), 3, false, false), None);
        assert_eq!(fit(Some(20), 13, false, false), None);
        assert_eq!(fit(Some(3), 20, true, true), Some(23));
        assert_eq!(fit(Some(3), 10, false, true), Some(13));
    }
}
