//! Two lists.

use super::Refusal;
use statrs::distribution::{ContinuousCDF, Normal};

/// Two lists and what they have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Things on the first list.
    pub first: u64,
    /// Things on the second list.
    pub second: u64,
    /// Things on both.
    pub both: u64,
}

/// An estimate from two lists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Things on at least one list.
    pub observed: u64,
    /// Estimated number of all things.
    pub total: f64,
    /// Its standard error.
    pub error: f64,
    /// Bounds of the 95 % interval: log-normal about what is unseen, so never below what was observed
    /// (Chao 1987, Biometrics 43:783-791).
    pub low: f64,
    /// See `low`.
    pub high: f64,
    /// Lincoln's and Petersen's estimate, which is biased where little is in common.
    pub petersen: f64,
    /// Whether the overlap is below 7, where the estimate may be too low (Robson and Regier 1964).
    pub small: bool,
}

/// Chapman's estimate (Chapman 1951) with Seber's variance (Seber 1970, Biometrics 26:13-22).
///
/// # Errors
/// If the lists have nothing in common, or one contains the other.
pub fn two(pair: Pair) -> Result<Estimate, Refusal> {
    let name = |first: bool| if first { "the first list" } else { "the second list" }.to_owned();
    let Pair { first, second, both } = pair;
    if first == 0 || second == 0 {
        return Err(Refusal::EmptyList { list: name(first == 0) });
    }
    if both == 0 {
        return Err(Refusal::NoOverlap { list: name(true) });
    }
    if both >= first.min(second) {
        return Err(Refusal::Contained { inner: name(first <= second), outer: name(first > second) });
    }
    let (n1, n2, m) = (first as f64, second as f64, both as f64);
    let total = (n1 + 1.0) * (n2 + 1.0) / (m + 1.0) - 1.0;
    let variance = (n1 + 1.0) * (n2 + 1.0) * (n1 - m) * (n2 - m) / ((m + 1.0).powi(2) * (m + 2.0));
    let observed = first + second - both;
    let unseen = total - observed as f64;
    let factor = (quantile() * (1.0 + variance / unseen.powi(2)).ln().sqrt()).exp();
    Ok(Estimate {
        observed,
        total,
        error: variance.sqrt(),
        low: observed as f64 + unseen / factor,
        high: observed as f64 + unseen * factor,
        petersen: n1 * n2 / m,
        small: both < 7,
    })
}

/// 97.5 % quantile of the normal distribution.
fn quantile() -> f64 {
    Normal::standard().inverse_cdf(0.975)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `expected`: total, variance, Petersen's estimate, as printed.
    #[track_caller]
    fn check(first: u64, second: u64, both: u64, expected: (f64, f64, f64)) {
        let found = two(Pair { first, second, both }).expect("an estimate");
        let round = |value: f64, digits: i32| (value * 10f64.powi(digits)).round() / 10f64.powi(digits);
        assert_eq!(
            (round(found.total, 0), round(found.error.powi(2), 2), round(found.petersen, 0)),
            expected
        );
        assert!(found.low > found.observed as f64 && found.low < found.total && found.total < found.high);
    }

    /// Cottontail rabbits of Skalski, Robson and Simmons 1983, as worked in Williams, Nichols and Conroy 2002,
    /// "Analysis and Management of Animal Populations", in its section on Lincoln and Petersen's estimator: 87
    /// marked, 14 caught, 7 of them marked; 164, variance 1283.33. The page was not at hand; the digits follow
    /// from Chapman's and Seber's formulas: 88 x 15 / 8 - 1, and 88 x 15 x 80 x 7 / (64 x 9).
    #[test]
    fn cottontails() {
        check(87, 14, 7, (164.0, 1283.33, 174.0));
    }

    /// Hepatitis A in Taiwan: Chao, Tsay, Lin, Shau and Chao 2001, Statistics in Medicine 20:3123-3157, give
    /// 336, 378 and 334 for the three pairs of lists (Petersen).
    #[test]
    fn hepatitis() {
        for (first, second, both, petersen) in
            [(135, 122, 49, 336.0), (135, 126, 45, 378.0), (122, 126, 46, 334.0)]
        {
            let found = two(Pair { first, second, both }).expect("an estimate");
            assert_eq!(found.petersen.round(), petersen);
        }
    }

    #[test]
    fn refusals() {
        let refused = |first, second, both| two(Pair { first, second, both }).expect_err("refused");
        assert!(matches!(refused(10, 0, 0), Refusal::EmptyList { .. }));
        assert!(matches!(refused(10, 10, 0), Refusal::NoOverlap { .. }));
        assert!(matches!(refused(10, 4, 4), Refusal::Contained { .. }));
    }
}
