//! Intervals by the profile of the likelihood.

use super::Refusal;
use statrs::{
    distribution::{ChiSquared, ContinuousCDF},
    function::gamma::ln_gamma,
};

/// Beyond so many times what was observed, the upper bound is none.
const FARTHEST: f64 = 1e4;

/// 95 % interval of the number of unseen things about `best`: where the profile of the multinomial
/// likelihood lies less than half the 95 % quantile of chi-square with one degree of freedom below its
/// top (Cormack 1992, Biometrics 48:567-576).
///
/// `fit` gives the probability of every cell of the model fitted to the table whose unseen cell has the
/// number that it is given.
///
/// # Errors
/// If the likelihood stays high however many are unseen.
pub(super) fn interval(
    cells: &[f64],
    best: f64,
    fit: &dyn Fn(f64) -> Option<Vec<f64>>,
) -> Result<(f64, f64), Refusal> {
    let observed: f64 = cells[1..].iter().sum();
    let likelihood = |unseen: f64| -> f64 {
        let Some(cell) = fit(unseen) else { return f64::NEG_INFINITY };
        let log = |p: f64| p.max(1e-300).ln();
        let known: f64 = cells[1..].iter().zip(&cell[1..]).map(|(count, p)| count * log(*p)).sum();
        ln_gamma(observed + unseen + 1.0) - ln_gamma(unseen + 1.0) + known + unseen * log(cell[0])
    };
    let top = summit(best, &likelihood);
    let drop = ChiSquared::new(1.0).map_or(3.841, |chi| chi.inverse_cdf(0.95)) / 2.0;
    let floor = likelihood(top) - drop;
    let low = if likelihood(0.0) >= floor { 0.0 } else { cross(0.0, top, floor, &likelihood) };
    let mut far = top.max(1.0) * 2.0;
    while likelihood(far) >= floor {
        far *= 2.0;
        if far > observed * FARTHEST {
            return Err(Refusal::Unbounded);
        }
    }
    Ok((low, cross(far, top, floor, &likelihood)))
}

/// Where the likelihood is highest, near `best`: golden section.
fn summit(best: f64, likelihood: &dyn Fn(f64) -> f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let (mut low, mut high) = (0.0, best.max(1.0) * 3.0);
    let (mut a, mut b) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_a, mut at_b) = (likelihood(a), likelihood(b));
    for _ in 0..60 {
        if at_a < at_b {
            low = a;
            (a, at_a) = (b, at_b);
            b = low + GOLDEN * (high - low);
            at_b = likelihood(b);
        } else {
            high = b;
            (b, at_b) = (a, at_a);
            a = high - GOLDEN * (high - low);
            at_a = likelihood(a);
        }
        if high - low < 1e-3 {
            break;
        }
    }
    (low + high) / 2.0
}

/// Where between `outside` and `inside` the likelihood crosses `floor`: bisection.
fn cross(outside: f64, inside: f64, floor: f64, likelihood: &dyn Fn(f64) -> f64) -> f64 {
    let (mut outside, mut inside) = (outside, inside);
    for _ in 0..60 {
        let middle = (outside + inside) / 2.0;
        if likelihood(middle) >= floor {
            inside = middle;
        } else {
            outside = middle;
        }
        if (outside - inside).abs() < 1e-3 {
            break;
        }
    }
    (outside + inside) / 2.0
}
