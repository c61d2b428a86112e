//! Section `count`: the words of `data/patterns/*/count.toml`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Number words and their surroundings, by BCP 47 primary language subtag.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Counts {
    /// One language each.
    pub languages: BTreeMap<String, CountWords>,
}

/// What one language has for counts. All words are in the normal form of tokens (lower case).
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountWords {
    /// Whether "1.200" is one thousand two hundred.
    #[serde(default)]
    pub decimal_comma: bool,
    /// Whether units come before tens ("three and twenty").
    #[serde(default)]
    pub units_first: bool,
    /// Words that join number words ("two hundred and five").
    #[serde(default)]
    pub joiners: Vec<String>,
    /// Letters that are written together with the next word and do not change its number.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// Words that make one of a scale ("a hundred").
    #[serde(default)]
    pub articles: Vec<String>,
    /// Endings that make an ordinal of digits ("2nd").
    #[serde(default)]
    pub ordinal_suffixes: Vec<String>,
    /// Number words below one hundred, or fixed phrases, and their values.
    pub numbers: BTreeMap<String, u64>,
    /// Words that multiply what stands before them.
    #[serde(default)]
    pub scales: BTreeMap<String, u64>,
    /// Ordinal words.
    #[serde(default)]
    pub ordinals: BTreeMap<String, u64>,
    /// Words that bound a number.
    #[serde(default)]
    pub bound: Vec<BoundWords>,
    /// Words that make a range of two numbers.
    #[serde(default)]
    pub range: RangeWords,
    /// Vague number words.
    #[serde(default)]
    pub vague: Vec<VagueWords>,
    /// Words that say that there were none.
    #[serde(default)]
    pub none: Vec<NoneWords>,
    /// Words around a number that make it something else than a quantity.
    #[serde(default)]
    pub kind: Vec<KindWords>,
    /// Words that say what is counted, if not persons.
    #[serde(default)]
    pub unit: Vec<UnitWords>,
    /// Phrases that hold a number word and count nothing.
    #[serde(default)]
    pub block: Vec<BlockWords>,
    /// Cases of no single pattern. Not packed.
    #[serde(default, rename = "match")]
    pub cases: Vec<String>,
    /// Texts that count nothing. Not packed.
    #[serde(default)]
    pub no_match: Vec<String>,
}

macro_rules! pattern {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Default, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
            /// Texts and the mentions that must be found in them. Not packed.
            #[serde(default, rename = "match")]
            pub cases: Vec<String>,
            /// Texts in which no quantity may be found. Not packed.
            #[serde(default)]
            pub no_match: Vec<String>,
        }
    };
}

pattern! {
    /// Words that bound a number.
    BoundWords {
        /// Operator of the record, as it is written there.
        operator: String,
        /// Phrases before the number.
        #[serde(default)]
        before: Vec<String>,
        /// Phrases behind the number.
        #[serde(default)]
        after: Vec<String>,
    }
}

pattern! {
    /// Words that make a range of two numbers.
    RangeWords {
        /// Words that open a range ("between").
        #[serde(default)]
        open: Vec<String>,
        /// Words between the numbers of an opened range ("and").
        #[serde(default)]
        and: Vec<String>,
        /// Words between the numbers of any range ("to", "or"), without the hyphen.
        #[serde(default)]
        to: Vec<String>,
        /// Words right before the first number that make two numbers of it ("rose from").
        #[serde(default)]
        change: Vec<String>,
    }
}

pattern! {
    /// A vague number word.
    VagueWords {
        /// Key in the record.
        word: String,
        /// Least number it supports.
        low: u64,
        /// Phrases.
        phrases: Vec<String>,
        /// If not empty: one of these words must follow.
        #[serde(default)]
        before: Vec<String>,
    }
}

pattern! {
    /// Words that say that there were none.
    NoneWords {
        /// Phrases.
        phrases: Vec<String>,
        /// If not empty: one of these words must follow.
        #[serde(default)]
        before: Vec<String>,
        /// Whether a word of any kind must follow.
        #[serde(default)]
        before_word: bool,
    }
}

pattern! {
    /// Words around a number that make it something else than a quantity.
    KindWords {
        /// `quantity` `percent` `age` `money` `measure` `label`; `quantity` only joined by a hyphen.
        kind: String,
        /// Phrases right before the number.
        #[serde(default)]
        before: Vec<String>,
        /// Phrases right behind the number.
        #[serde(default)]
        after: Vec<String>,
        /// Words behind an ordinal ("1st Battalion").
        #[serde(default)]
        after_ordinal: Vec<String>,
    }
}

pattern! {
    /// Words that say what is counted.
    UnitWords {
        /// Unit of the record, as it is written there.
        unit: String,
        /// Nouns behind the number.
        #[serde(default)]
        after: Vec<String>,
        /// Phrases right before the number ("bodies of").
        #[serde(default)]
        before: Vec<String>,
        /// Words that may stand between the number and the noun.
        #[serde(default)]
        through: Vec<String>,
    }
}

pattern! {
    /// Phrases that hold a number word and count nothing.
    BlockWords {
        /// The phrases.
        phrases: Vec<String>,
    }
}
