//! Two hidden classes of things.
//!
//! Some things are easy to notice and others hard, and whoever lists things notices the same ones: lists
//! are then dependent although nobody copies. Within a class they are held to be independent (Goodman
//! 1974, Biometrika 61:215-231; for unseen things Stanghellini and van der Heijden 2004, Biometrics
//! 60:510-516).

use super::{Lists, Refusal, profile};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// A fitted model of two classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Classes {
    /// Estimated number of all things.
    pub total: f64,
    /// Bounds of the 95 % interval by the profile of the likelihood.
    pub interval: (f64, f64),
    /// Share of the class that is easier to notice.
    pub share: f64,
    /// For each list its probability to hold a thing of the easier and of the harder class.
    pub lists: Vec<(f64, f64)>,
    /// Deviance (G²).
    pub deviance: f64,
    /// Degrees of freedom left.
    pub freedom: usize,
    /// Probability of so bad a fit if the model holds.
    pub p: f64,
}

/// Where the search starts: share of the easier class, probabilities in it and in the other. Several
/// starts, because the likelihood may have more than one top.
const STARTS: [(f64, f64, f64); 6] =
    [(0.5, 0.7, 0.2), (0.2, 0.8, 0.3), (0.8, 0.5, 0.1), (0.3, 0.6, 0.05), (0.1, 0.9, 0.2), (0.6, 0.3, 0.02)];

/// The estimate from four or more lists by two classes.
///
/// # Errors
/// If there are fewer than four lists, a list has nothing in common with the others or is contained in
/// one, the model does not fit, or does not bound the number.
pub fn latent(lists: &Lists) -> Result<Classes, Refusal> {
    lists.check(4)?;
    let mut cells: Vec<f64> = lists.cells.iter().map(|count| *count as f64).collect();
    let observed = lists.observed() as f64;
    let best = search(&cells, false);
    let seen = 1.0 - best.cell(0);
    let unseen = observed * best.cell(0) / seen;
    cells[0] = 0.0;
    let means: Vec<f64> = (1..cells.len()).map(|cell| observed * best.cell(cell) / seen).collect();
    let deviance = deviance(&cells[1..], &means);
    let freedom = cells.len() - 2 - best.parameters();
    let p = ChiSquared::new(freedom as f64).map_or(1.0, |chi| 1.0 - chi.cdf(deviance));
    if p < 0.01 {
        return Err(Refusal::NoFit { p });
    }
    let fitted = |unseen: f64| {
        let mut cells = cells.clone();
        cells[0] = unseen;
        let mixture = climb(best.clone(), &cells, false);
        Some((0..cells.len()).map(|cell| mixture.cell(cell)).collect())
    };
    let (low, high) = profile::interval(&cells, unseen, &fitted)?;
    let best = best.easier_first();
    Ok(Classes {
        total: observed + unseen,
        interval: (observed + low, observed + high),
        share: best.share,
        lists: best.lists,
        deviance,
        freedom,
        p,
    })
}

/// Two classes fitted to a table of which every cell is known, the one on no list too: share of the first
/// class, and for each list its probability in the first and the second. Also gives the deviance.
pub fn latent_classes(cells: &[u64]) -> (f64, Vec<(f64, f64)>, f64) {
    let cells: Vec<f64> = cells.iter().map(|count| *count as f64).collect();
    let best = search(&cells, true).easier_first();
    let total: f64 = cells.iter().sum();
    let means: Vec<f64> = (0..cells.len()).map(|cell| total * best.cell(cell)).collect();
    (best.share, best.lists, deviance(&cells, &means))
}

#[derive(Debug, Clone)]
struct Mixture {
    share: f64,
    lists: Vec<(f64, f64)>,
}

impl Mixture {
    /// Probability of a cell, by class.
    fn parts(&self, cell: usize) -> (f64, f64) {
        let mut parts = (self.share, 1.0 - self.share);
        for (at, (easy, hard)) in self.lists.iter().enumerate() {
            let on = cell >> at & 1 == 1;
            parts.0 *= if on { *easy } else { 1.0 - easy };
            parts.1 *= if on { *hard } else { 1.0 - hard };
        }
        parts
    }

    fn cell(&self, cell: usize) -> f64 {
        let (easy, hard) = self.parts(cell);
        easy + hard
    }

    fn parameters(&self) -> usize {
        1 + 2 * self.lists.len()
    }

    fn easier_first(self) -> Mixture {
        let sum = |of: fn(&(f64, f64)) -> f64| self.lists.iter().map(of).sum::<f64>();
        if sum(|list| list.0) >= sum(|list| list.1) {
            return self;
        }
        Mixture { share: 1.0 - self.share, lists: self.lists.iter().map(|(a, b)| (*b, *a)).collect() }
    }
}

/// The best of all starts. `complete`: the cell on no list is known too.
fn search(cells: &[f64], complete: bool) -> Mixture {
    let lists = cells.len().trailing_zeros() as usize;
    let start = |(share, easy, hard): (f64, f64, f64)| {
        // Not quite alike, or the lists would stay alike.
        let nudge = |at: usize| 1.0 - 0.02 * at as f64;
        Mixture { share, lists: (0..lists).map(|at| (easy * nudge(at), hard * nudge(at))).collect() }
    };
    let score = |mixture: &Mixture| {
        let known = if complete { 1.0 } else { 1.0 - mixture.cell(0) };
        let first = usize::from(!complete);
        let log = |cell: usize| (mixture.cell(cell) / known).max(1e-300).ln();
        (first..cells.len()).map(|cell| cells[cell] * log(cell)).sum::<f64>()
    };
    let tops = STARTS.map(|at| climb(start(at), cells, !complete));
    let best = tops.into_iter().max_by(|a, b| score(a).total_cmp(&score(b)));
    best.unwrap_or(Mixture { share: 0.5, lists: vec![(0.5, 0.5); lists] })
}

/// Expectation and maximisation (Dempster, Laird and Rubin 1977) until nothing moves. `hidden`: the cell
/// on no list is filled in from the model at each step.
fn climb(mut mixture: Mixture, cells: &[f64], hidden: bool) -> Mixture {
    let observed: f64 = cells[1..].iter().sum();
    for _ in 0..20_000 {
        let none = mixture.cell(0);
        let unseen = if hidden { observed * none / (1.0 - none).max(1e-9) } else { cells[0] };
        let total = observed + unseen;
        let (mut easy, mut on) = (0.0, vec![(0.0, 0.0); mixture.lists.len()]);
        for (cell, count) in cells.iter().enumerate() {
            let count = if cell == 0 { unseen } else { *count };
            let (a, b) = mixture.parts(cell);
            let weight = if a + b > 0.0 { count * a / (a + b) } else { 0.0 };
            easy += weight;
            for (_, sums) in on.iter_mut().enumerate().filter(|(at, _)| cell >> at & 1 == 1) {
                sums.0 += weight;
                sums.1 += count - weight;
            }
        }
        let next = Mixture {
            share: easy / total,
            lists: on.iter().map(|(a, b)| (a / easy.max(1e-12), b / (total - easy).max(1e-12))).collect(),
        };
        let moved =
            next.lists.iter().zip(&mixture.lists).map(|(n, o)| (n.0 - o.0).abs().max((n.1 - o.1).abs()));
        let moved = moved.fold((next.share - mixture.share).abs(), f64::max);
        mixture = next;
        if moved < 1e-9 {
            break;
        }
    }
    mixture
}

/// Twice the log-likelihood lost against the counts themselves.
fn deviance(counts: &[f64], means: &[f64]) -> f64 {
    let part = |count: f64, mean: f64| if count > 0.0 { count * (count / mean).ln() } else { 0.0 };
    2.0 * counts.iter().zip(means).map(|(count, mean)| part(*count, *mean)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Role conflict, 216 persons, four items (Stouffer and Toby 1951): Goodman 1974, table 2, gives for two
    /// classes L² = 2.72, shares .279 and .721, and the probabilities below.
    #[test]
    fn role_conflict() {
        let counts = [42, 23, 6, 25, 6, 24, 7, 38, 1, 4, 1, 6, 2, 9, 2, 20];
        let mut cells = [0; 16];
        for (at, count) in counts.into_iter().enumerate() {
            // The first item is the first digit of the published pattern, and 1 comes before 2.
            cells[(15 - at as u8).reverse_bits() as usize >> 4] = count;
        }
        let (share, lists, deviance) = latent_classes(&cells);
        let round = |value: f64, digits: i32| (value * 10f64.powi(digits)).round() / 10f64.powi(digits);
        assert_eq!((round(share, 3), round(deviance, 2)), (0.279, 2.72));
        let lists: Vec<(f64, f64)> = lists.into_iter().map(|(a, b)| (round(a, 3), round(b, 3))).collect();
        assert_eq!(lists, [(0.993, 0.714), (0.940, 0.330), (0.927, 0.354), (0.769, 0.132)]);
    }

    /// A thousand things of two classes, in their expected numbers: the estimate finds those unseen.
    #[test]
    fn finds_what_it_assumes() {
        let truth = Mixture { share: 0.3, lists: vec![(0.8, 0.2), (0.7, 0.25), (0.75, 0.15), (0.6, 0.3)] };
        let counts = (1..16).map(|cell| (cell, (100_000.0 * truth.cell(cell)).round() as u64));
        let lists = Lists::new(["A", "B", "C", "D"], counts).expect("a table");
        let found = latent(&lists).expect("an estimate");
        assert!((found.total - 100_000.0).abs() < 200.0, "{found:?}");
        assert!((found.share - 0.3).abs() < 0.01, "{found:?}");
        assert!(found.interval.0 < 100_000.0 && found.interval.1 > 100_000.0, "{found:?}");
        let three = Lists::new(["A", "B", "C"], [(1, 9), (2, 9), (4, 9), (7, 9)]).expect("a table");
        assert!(matches!(latent(&three), Err(Refusal::TooFewLists { needed: 4, .. })));
    }
}
