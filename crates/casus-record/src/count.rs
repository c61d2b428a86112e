use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the words say about the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// "14": low 14, high 14.
    Exact,
    /// "at least 14", "no fewer than 14": low 14, high open.
    AtLeast,
    /// "more than 40": low 41, high open.
    MoreThan,
    /// "up to 40", "no more than 40": low open, high 40.
    AtMost,
    /// "fewer than 40": low open, high 39.
    LessThan,
    /// "almost 40", "nearly 40": low open, high 39.
    Almost,
    /// "about 40", "some 40": both bounds open.
    About,
    /// "between 12 and 20", "12-20": low 12, high 20; `value` is null.
    Between,
    /// A vague number word, kept as a key in `word`: couple few several many dozens scores tens hundreds thousands.
    Vague,
    /// A bare plural ("soldiers were killed"): low 2, high open.
    Plural,
    /// A bare singular ("a soldier was killed"): low 1, high 1.
    Singular,
    /// Said to be none ("no casualties"): low 0, high 0.
    NoneStated,
}

/// A number as it was said, with the bounds the words support. Null is open or unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Count {
    /// The number said, before any bound is applied; null if no number was said.
    pub value: Option<u64>,
    /// Least number the words support, inclusive; null is open.
    pub low: Option<u64>,
    /// Greatest number the words support, inclusive; null is open.
    pub high: Option<u64>,
    /// What the words say about the number.
    pub operator: Operator,
    /// Key of a vague number word ("dozens"), if one was used.
    pub word: Option<String>,
    /// The words of the report. Left out of shared exports unless `--full`.
    pub stated: String,
}

impl Count {
    /// A count from an operator, the number said and its words.
    ///
    /// For [`Operator::Vague`] use [`Count::vague`], for [`Operator::Between`] use [`Count::between`]:
    /// here they give open bounds.
    pub fn new(operator: Operator, value: u64, stated: impl Into<String>) -> Count {
        let (said, low, high) = match operator {
            Operator::Exact => (Some(value), Some(value), Some(value)),
            Operator::AtLeast => (Some(value), Some(value), None),
            Operator::MoreThan => (Some(value), value.checked_add(1), None),
            Operator::AtMost => (Some(value), None, Some(value)),
            Operator::LessThan | Operator::Almost => (Some(value), None, Some(value.saturating_sub(1))),
            Operator::About | Operator::Between | Operator::Vague => (Some(value), None, None),
            Operator::Plural => (None, Some(2), None),
            Operator::Singular => (Some(1), Some(1), Some(1)),
            Operator::NoneStated => (Some(0), Some(0), Some(0)),
        };
        Count { value: said, low, high, operator, word: None, stated: stated.into() }
    }

    /// A count between two inclusive bounds; they are put in order.
    pub fn between(a: u64, b: u64, stated: impl Into<String>) -> Count {
        Count {
            value: None,
            low: Some(a.min(b)),
            high: Some(a.max(b)),
            operator: Operator::Between,
            word: None,
            stated: stated.into(),
        }
    }

    /// A vague count. `word` is the key (`dozens`), `low` the least number it supports.
    pub fn vague(word: &str, low: u64, stated: impl Into<String>) -> Count {
        Count {
            value: None,
            low: Some(low),
            high: None,
            operator: Operator::Vague,
            word: Some(word.to_owned()),
            stated: stated.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(operator: Operator, value: u64, expected: (Option<u64>, Option<u64>, Option<u64>)) {
        let count = Count::new(operator, value, "");
        assert_eq!((count.value, count.low, count.high), expected, "{operator:?} {value}");
    }

    #[test]
    fn bounds_follow_the_contract() {
        check(Operator::Exact, 14, (Some(14), Some(14), Some(14)));
        check(Operator::AtLeast, 14, (Some(14), Some(14), None));
        check(Operator::MoreThan, 40, (Some(40), Some(41), None));
        check(Operator::AtMost, 40, (Some(40), None, Some(40)));
        check(Operator::LessThan, 40, (Some(40), None, Some(39)));
        check(Operator::Almost, 40, (Some(40), None, Some(39)));
        check(Operator::About, 300, (Some(300), None, None));
        check(Operator::Plural, 0, (None, Some(2), None));
        check(Operator::Singular, 1, (Some(1), Some(1), Some(1)));
        check(Operator::NoneStated, 0, (Some(0), Some(0), Some(0)));
        check(Operator::LessThan, 0, (Some(0), None, Some(0)));
        check(Operator::MoreThan, u64::MAX, (Some(u64::MAX), None, None));
    }
}
