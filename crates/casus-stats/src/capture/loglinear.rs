//! Log-linear models over the table of lists.
//!
//! The logarithm of the expected number in a cell is a sum of a constant, a term for each list of the
//! cell, and a term for each pair of its lists that the model holds to be dependent (Fienberg 1972,
//! Biometrika 59:591-603; Bishop, Fienberg and Holland 1975, chapter 6). The unseen cell has no list, so
//! its logarithm is the constant: no term of higher order is held to reach it.

use super::{Lists, Refusal, profile};
use nalgebra::{DMatrix, DVector};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Below this probability of so bad a fit, a model does not describe the table.
const WORST_FIT: f64 = 0.01;

/// Between the names of a pair.
const SEPARATOR: &str = "+";

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Pairs of lists that are held to be dependent: `A+B`, in the order of the lists. Empty for
    /// independence.
    pub terms: Vec<String>,
    /// Estimated number of all things.
    pub total: f64,
    /// Its standard error: that of the expected number unseen, by the delta method.
    pub error: f64,
    /// Bounds of the 95 % interval by the profile of the likelihood; none where it is not bounded.
    pub interval: Option<(f64, f64)>,
    /// Deviance (G²): twice the log of the likelihood lost against the table itself.
    pub deviance: f64,
    /// Degrees of freedom left.
    pub freedom: usize,
    /// Probability of so bad a fit if the model holds; 1 for the saturated model.
    pub p: f64,
    /// Akaike's criterion, against the saturated model: G² - 2 df, as the International Working Group for
    /// Disease Monitoring and Forecasting has it (1995, American Journal of Epidemiology 142:1047-1058).
    pub aic: f64,
    /// The Bayesian one: G² - ln(observed) df.
    pub bic: f64,
}

/// All models with dependent pairs that describe the table, best AIC first. The first has its interval.
///
/// # Errors
/// If there are fewer than three lists, a list has nothing in common with the others or is contained in
/// one, no model fits, or the best one does not bound the number.
pub fn loglinear(lists: &Lists) -> Result<Vec<Model>, Refusal> {
    lists.check(3)?;
    let pairs: Vec<usize> = (0..lists.len())
        .flat_map(|one| (one + 1..lists.len()).map(move |other| 1 << one | 1 << other))
        .collect();
    let cells: Vec<f64> = lists.cells.iter().map(|count| *count as f64).collect();
    let mut models: Vec<(Vec<usize>, Model)> = (0..1usize << pairs.len())
        .map(|choice| (0..pairs.len()).filter(|at| choice >> at & 1 == 1).map(|at| pairs[at]).collect())
        .filter_map(|chosen: Vec<usize>| Some((chosen.clone(), model(lists, &cells, &chosen)?)))
        .collect();
    models.sort_by(|(_, a), (_, b)| a.aic.total_cmp(&b.aic).then_with(|| a.terms.cmp(&b.terms)));
    let best_p = models.iter().map(|(_, model)| model.p).fold(0.0, f64::max);
    models.retain(|(_, model)| model.p >= WORST_FIT);
    let Some((chosen, best)) = models.first_mut() else { return Err(Refusal::NoFit { p: best_p }) };
    let (design, full) = (design(lists.len(), chosen, true), cells.clone());
    let fitted = |unseen: f64| {
        let mut cells = full.clone();
        cells[0] = unseen;
        let total: f64 = cells.iter().sum();
        let fit = fit(&design, &cells)?;
        Some(fit.means.iter().map(|mean| mean / total).collect())
    };
    let observed = lists.observed() as f64;
    let (low, high) = profile::interval(&cells, best.total - observed, &fitted)?;
    best.interval = Some((observed + low, observed + high));
    Ok(models.into_iter().map(|(_, model)| model).collect())
}

/// Fits one model; none if it cannot be estimated from the table.
fn model(lists: &Lists, cells: &[f64], chosen: &[usize]) -> Option<Model> {
    let design = design(lists.len(), chosen, false);
    let fit = fit(&design, &cells[1..])?;
    let observed = lists.observed() as f64;
    let unseen = fit.constant.exp();
    if !unseen.is_finite() || fit.variance.is_none_or(|variance| variance > 25.0) {
        return None;
    }
    let freedom = cells.len() - 1 - design.ncols();
    let chi = ChiSquared::new(freedom as f64).ok();
    let name = |set: &usize| {
        (0..lists.len())
            .filter(|at| set >> at & 1 == 1)
            .map(|at| lists.names[at].as_str())
            .collect::<Vec<_>>()
            .join(SEPARATOR)
    };
    Some(Model {
        terms: chosen.iter().map(name).collect(),
        total: observed + unseen,
        error: unseen * fit.variance.unwrap_or(0.0).sqrt(),
        interval: None,
        deviance: fit.deviance,
        freedom,
        p: chi.map_or(1.0, |chi| 1.0 - chi.cdf(fit.deviance)),
        aic: fit.deviance - 2.0 * freedom as f64,
        bic: fit.deviance - observed.ln() * freedom as f64,
    })
}

/// A row for each cell, with the unseen one in front if it is wanted; a column for the constant, each list
/// and each chosen pair.
fn design(lists: usize, chosen: &[usize], unseen: bool) -> DMatrix<f64> {
    let sets: Vec<usize> =
        std::iter::once(0).chain((0..lists).map(|at| 1 << at)).chain(chosen.iter().copied()).collect();
    let first = usize::from(!unseen);
    DMatrix::from_fn((1 << lists) - first, sets.len(), |row, column| {
        let cell = row + first;
        f64::from(u8::from(cell & sets[column] == sets[column]))
    })
}

struct Fit {
    constant: f64,
    /// Variance of the constant; none if it is not determined.
    variance: Option<f64>,
    means: Vec<f64>,
    deviance: f64,
}

/// Poisson regression by iteratively reweighted least squares (McCullagh and Nelder 1989, section 2.5).
fn fit(design: &DMatrix<f64>, counts: &[f64]) -> Option<Fit> {
    // An empty cell may have an expectation as near to zero as one likes; this is near enough.
    const LOWEST: f64 = -23.0;
    let counts = DVector::from_row_slice(counts);
    let mut eta = counts.map(|count| (count + 0.5).ln());
    let mut before = f64::INFINITY;
    for _ in 0..200 {
        let means = eta.map(f64::exp);
        let response = DVector::from_fn(counts.len(), |at, _| eta[at] + (counts[at] - means[at]) / means[at]);
        let weighted = DMatrix::from_fn(design.nrows(), design.ncols(), |row, column| {
            design[(row, column)] * means[row].sqrt()
        });
        let target = DVector::from_fn(counts.len(), |at, _| response[at] * means[at].sqrt());
        let inverse = weighted.clone().pseudo_inverse(1e-9).ok()?;
        let coefficients = &inverse * target;
        eta = (design * &coefficients).map(|value| value.clamp(LOWEST, 30.0));
        let means = eta.map(f64::exp);
        let deviance = deviance(counts.as_slice(), means.as_slice());
        if !deviance.is_finite() {
            return None;
        }
        if (before - deviance).abs() < 1e-10 * (deviance.abs() + 0.1) {
            let information = weighted.transpose() * &weighted;
            let variance =
                information.try_inverse().map(|covariance| covariance[(0, 0)]).filter(|v| *v >= 0.0);
            let means = means.iter().copied().collect();
            return Some(Fit { constant: coefficients[0], variance, means, deviance });
        }
        before = deviance;
    }
    None
}

/// Twice the log-likelihood lost against the counts themselves.
fn deviance(counts: &[f64], means: &[f64]) -> f64 {
    let part = |count: f64, mean: f64| if count > 0.0 { count * (count / mean).ln() } else { 0.0 };
    2.0 * counts.iter().zip(means).map(|(count, mean)| part(*count, *mean) - (count - mean)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Diabetes in Casale Monferrato, Italy: clinics and doctors, hospital, prescriptions, reagent strips
    /// (Bruno, Biggeri, LaPorte, McCarty, Merletti and Pagano 1994, Diabetes Care 17:548-556; the example of
    /// the International Working Group for Disease Monitoring and Forecasting 1995, American Journal of
    /// Epidemiology 142:1047-1068, two papers in a row). 2,069 cases, by set of lists, first list first. The
    /// counts and figures are known from the many reprints; the page is not given because none of the
    /// papers was at hand.
    const DIABETES: [(&str, u64); 15] = [
        ("1111", 58),
        ("1110", 157),
        ("1101", 18),
        ("1100", 104),
        ("1011", 46),
        ("1010", 650),
        ("1001", 12),
        ("1000", 709),
        ("0111", 14),
        ("0110", 20),
        ("0101", 7),
        ("0100", 74),
        ("0011", 8),
        ("0010", 182),
        ("0001", 10),
    ];

    fn lists(names: &str, counts: &[(&str, u64)]) -> Lists {
        let set = |bits: &str| {
            bits.bytes().enumerate().filter(|(_, bit)| *bit == b'1').map(|(at, _)| 1 << at).sum()
        };
        let counts = counts.iter().map(|(bits, count)| (set(bits), *count));
        Lists::new(names.chars().map(String::from), counts).expect("a table")
    }

    /// The model with these terms: total, G², degrees of freedom.
    #[track_caller]
    fn check(models: &[Model], terms: &[&str], expected: (f64, f64, usize)) {
        let model = models.iter().find(|model| model.terms == terms).expect("the model fits");
        let deviance = (model.deviance * 100.0).round() / 100.0;
        assert_eq!((model.total.round(), deviance.abs(), model.freedom), expected, "{terms:?}");
    }

    /// The published choice: 2,771 with a 95 % interval of 2,492 to 3,051 (normal), G² = 7.62 with 5 degrees
    /// of freedom.
    #[test]
    fn diabetes() {
        let models = loglinear(&lists("ABCD", &DIABETES)).expect("models");
        let best = &models[0];
        assert_eq!(best.terms, ["A+B", "A+C", "B+C", "B+D", "C+D"]);
        check(&models, &["A+B", "A+C", "B+C", "B+D", "C+D"], (2771.0, 7.62, 5));
        let normal = [best.total - 1.96 * best.error, best.total + 1.96 * best.error].map(f64::round);
        assert_eq!(normal, [2492.0, 3051.0]);
        let (low, high) = best.interval.expect("the first has one");
        assert!(low > 2069.0 && low < best.total && best.total < high, "{low} {high}");
    }

    /// Hepatitis A in northern Taiwan, 271 cases on three lists (Chao, Tsay, Lin, Shau and Chao 2001, Statistics
    /// in Medicine 20:3123-3157): the saturated model, 1,313. Its closed form is that of Bishop, Fienberg and
    /// Holland 1975, section 6.4: 28 x 69 x 55 x 63 over 21 x 17 x 18 are unseen, which the digits can be
    /// checked by without the paper.
    #[test]
    fn hepatitis() {
        let counts =
            [("111", 28), ("110", 21), ("101", 17), ("011", 18), ("100", 69), ("010", 55), ("001", 63)];
        let models = loglinear(&lists("PQE", &counts)).expect("models");
        check(&models, &["P+Q", "P+E", "Q+E"], (1313.0, 0.0, 0));
    }

    /// Spina bifida in upstate New York (Hook, Albright and Cross 1980, American Journal of Epidemiology
    /// 112:750-758): birth and death certificates, rehabilitation. No printed digits, but the closed forms of
    /// models with one pair independent of the third list, and with two lists independent within the third
    /// (Bishop, Fienberg and Holland 1975, section 6.4).
    #[test]
    fn spina_bifida() {
        let counts =
            [("100", 247), ("010", 49), ("001", 60), ("110", 142), ("101", 112), ("011", 4), ("111", 12)];
        let models = loglinear(&lists("BDR", &counts)).expect("models");
        let total =
            |terms: &[&str]| models.iter().find(|model| model.terms == terms).map(|model| model.total);
        // D and R together against B: those on D or R only, times those on B only, over those on both.
        let joint = 626.0 + 113.0 * 247.0 / 266.0;
        assert!(total(&["D+R"]).is_some_and(|total| (total - joint).abs() < 1e-6));
        // B and R independent given D, so among those not on D.
        let within = 626.0 + 247.0 * 60.0 / 112.0;
        assert!(total(&["B+D", "D+R"]).is_some_and(|total| (total - within).abs() < 1e-6));
    }

    #[test]
    fn refusals() {
        let refused = |counts: &[(&str, u64)]| loglinear(&lists("ABC", counts)).expect_err("refused");
        assert!(matches!(refused(&[("100", 9), ("010", 9), ("110", 5)]), Refusal::EmptyList { .. }));
        assert!(matches!(
            refused(&[("100", 9), ("010", 9), ("110", 5), ("001", 9)]),
            Refusal::NoOverlap { .. }
        ));
        assert!(matches!(
            refused(&[("110", 9), ("010", 9), ("011", 5), ("001", 9)]),
            Refusal::Contained { .. }
        ));
        let two = Lists::new(["A", "B"], [(1, 5), (2, 5), (3, 5)]).expect("a table");
        assert_eq!(loglinear(&two).expect_err("refused"), Refusal::TooFewLists { lists: 2, needed: 3 });
        // Kosovo 1999, four lists of killings (Ball et al. 2002): no model of pairs alone describes them.
        let kosovo = [
            ("1111", 27),
            ("1110", 32),
            ("1101", 42),
            ("1100", 123),
            ("1011", 18),
            ("1010", 31),
            ("1001", 106),
            ("1000", 306),
            ("0111", 181),
            ("0110", 217),
            ("0101", 228),
            ("0100", 936),
            ("0011", 177),
            ("0010", 845),
            ("0001", 1131),
        ];
        assert!(matches!(loglinear(&lists("ABCD", &kosovo)), Err(Refusal::NoFit { .. })));
    }
}
