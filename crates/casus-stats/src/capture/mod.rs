//! How many no list holds: estimation by capture and recapture.
//!
//! Each *list* (a publisher, a source of any kind) holds some of the things that exist; how the lists
//! overlap tells how many none of them holds. That is only as good as its assumptions
//! ([`ASSUMPTIONS`]), so where the table shows that they do not hold, there is a [`Refusal`] and no
//! number.
//!
//! - [`two`]: two lists, Chapman's estimator, which assumes that they are independent;
//! - [`loglinear`]: three to five lists, every model with pairs of dependent lists, chosen by AIC;
//! - [`latent`]: four or more lists, two hidden classes of things, easy and hard to notice.
//!
//! ```
//! use casus_stats::capture::{Lists, loglinear};
//! // Hepatitis A in northern Taiwan, 1995: three lists (Chao et al. 2001, table 1).
//! let lists = Lists::new(["P", "Q", "E"], [(0b111, 28), (0b011, 21), (0b101, 17), (0b110, 18), (0b001, 69), (0b010, 55), (0b100, 63)])?;
//! let models = loglinear(&lists)?;
//! assert_eq!(models.iter().find(|m| m.terms == ["P+Q", "P+E", "Q+E"]).map(|m| m.total.round()), Some(1313.0));
//! # Ok::<(), casus_stats::capture::Refusal>(())
//! ```

use std::fmt;

mod latent;
mod loglinear;
mod profile;
mod two;

pub use latent::{Classes, latent, latent_classes};
pub use loglinear::{Model, loglinear};
pub use two::{Pair, two};

/// Most lists of a table.
pub const MOST_LISTS: usize = 5;

/// What every estimate here assumes. An estimate is to be shown with them.
pub const ASSUMPTIONS: [&str; 4] = [
    "closed: nothing comes or goes between the lists; they are about the same place, time and kind of thing",
    "matched: the same thing is recognised in every list, and two things are never taken for one",
    "reachable: nothing had no chance at all of being on a list",
    "independent lists, as far as the model does not allow for dependence; copies of one source are one list",
];

/// Lists and how they overlap.
#[derive(Debug, Clone, PartialEq)]
pub struct Lists {
    names: Vec<String>,
    /// Things by the set of lists that hold them: bit 0 is the first list. Cell 0 is what is asked for.
    cells: Vec<u64>,
}

impl Lists {
    /// A table from counts by set of lists; sets that are not named have none. Bit 0 is the first list.
    ///
    /// # Errors
    /// If there are fewer than two or more than [`MOST_LISTS`] lists, or a set has a list that is not there.
    pub fn new<N: Into<String>>(
        names: impl IntoIterator<Item = N>,
        counts: impl IntoIterator<Item = (usize, u64)>,
    ) -> Result<Lists, Refusal> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        if names.len() < 2 {
            return Err(Refusal::TooFewLists { lists: names.len(), needed: 2 });
        }
        if names.len() > MOST_LISTS {
            return Err(Refusal::TooManyLists { lists: names.len() });
        }
        let mut cells = vec![0; 1 << names.len()];
        for (set, count) in counts {
            match cells.get_mut(set) {
                Some(cell) if set > 0 => *cell += count,
                _ => return Err(Refusal::NoSuchSet { set }),
            }
        }
        Ok(Lists { names, cells })
    }

    /// Names of the lists.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Number of lists.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether nothing is on any list.
    pub fn is_empty(&self) -> bool {
        self.observed() == 0
    }

    /// Things on at least one list.
    pub fn observed(&self) -> u64 {
        self.cells.iter().sum()
    }

    /// Things on all lists of a set, and perhaps on others.
    pub fn on_all(&self, set: usize) -> u64 {
        self.cells.iter().enumerate().filter(|(cell, _)| cell & set == set).map(|(_, count)| count).sum()
    }

    /// Things on exactly the lists of a set.
    pub fn exactly(&self, set: usize) -> u64 {
        self.cells.get(set).copied().unwrap_or(0)
    }

    /// Refuses a table in which the assumptions visibly do not hold.
    fn check(&self, needed: usize) -> Result<(), Refusal> {
        if self.len() < needed {
            return Err(Refusal::TooFewLists { lists: self.len(), needed });
        }
        for one in 0..self.len() {
            if self.on_all(1 << one) == 0 {
                return Err(Refusal::EmptyList { list: self.names[one].clone() });
            }
            let meets = (0..self.len()).any(|other| other != one && self.on_all(1 << one | 1 << other) > 0);
            if !meets {
                return Err(Refusal::NoOverlap { list: self.names[one].clone() });
            }
            for other in 0..self.len() {
                let (own, both) = (self.on_all(1 << one), self.on_all(1 << one | 1 << other));
                if other != one && own == both {
                    let (inner, outer) = (self.names[one].clone(), self.names[other].clone());
                    return Err(Refusal::Contained { inner, outer });
                }
            }
        }
        Ok(())
    }
}

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Refusal {
    /// The method needs more lists.
    TooFewLists {
        /// Lists there are.
        lists: usize,
        /// Lists it needs.
        needed: usize,
    },
    /// More than [`MOST_LISTS`].
    TooManyLists {
        /// Lists there are.
        lists: usize,
    },
    /// A count for a set of lists that is none.
    NoSuchSet {
        /// The set.
        set: usize,
    },
    /// A list without anything on it.
    EmptyList {
        /// The list.
        list: String,
    },
    /// A list has nothing in common with any other.
    NoOverlap {
        /// The list.
        list: String,
    },
    /// Everything on one list is on another: they are not independent.
    Contained {
        /// The list that is contained.
        inner: String,
        /// The one that contains it.
        outer: String,
    },
    /// No model describes how the lists overlap.
    NoFit {
        /// The best model's probability of so bad a fit.
        p: f64,
    },
    /// The table does not bound the number from above.
    Unbounded,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::TooFewLists { lists, needed } => {
                write!(f, "there are {lists} lists, and the method needs {needed}: name more with their own reporting")
            }
            Refusal::TooManyLists { lists } => {
                write!(f, "there are {lists} lists, more than {MOST_LISTS}: the table would be nearly empty; join lists of one kind")
            }
            Refusal::NoSuchSet { set } => write!(f, "a count for the set of lists {set:b}, which is none"),
            Refusal::EmptyList { list } => write!(f, "{list} holds nothing: leave it out"),
            Refusal::NoOverlap { list } => write!(
                f,
                "{list} has nothing in common with any other list: without overlap there is nothing to estimate from"
            ),
            Refusal::Contained { inner, outer } => write!(
                f,
                "everything in {inner} is in {outer} too: they are not independent; join them into one list"
            ),
            Refusal::NoFit { p } => write!(
                f,
                "no model describes how the lists overlap (the best one p = {p:.4}): split by region or period, or choose other lists"
            ),
            Refusal::Unbounded => {
                f.write_str("the lists overlap too little to bound the number from above: wait for more, or join small lists")
            }
        }
    }
}

impl std::error::Error for Refusal {}
