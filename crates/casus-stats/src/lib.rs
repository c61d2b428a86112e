//! Two questions about counts: how many were missed by every list ([`capture`]), and how far people who
//! coded the same things agree ([`agreement`]).
//!
//! Numbers in, numbers out. This crate must not know what is counted or coded, and it has neither files
//! nor randomness: intervals are profiles and formulas, not simulations, so the same table always gives
//! the same estimate.
//!
//! ```
//! use casus_stats::capture::{Pair, two};
//! // 87 rabbits marked, 14 caught later, 7 of them marked (Skalski, Robson and Simmons 1983).
//! let estimate = two(Pair { first: 87, second: 14, both: 7 })?;
//! assert_eq!(estimate.total.round(), 164.0);
//! # Ok::<(), casus_stats::capture::Refusal>(())
//! ```

pub mod agreement;
pub mod capture;
