//! Agreement between coders beyond chance: Cohen's kappa and Krippendorff's alpha.
//!
//! ```
//! use casus_stats::agreement::{Level, Ratings};
//! let ratings = Ratings::new(vec![vec![Some(1.0), Some(1.0)], vec![Some(2.0), Some(1.0)]]);
//! assert_eq!(ratings.observed(), Some(0.5));
//! assert_eq!(ratings.alpha(Level::Nominal), Some(0.0));
//! ```

/// Which differences between values count how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Values are names: they are equal or not.
    Nominal,
    /// Values are numbers: the square of their difference.
    Interval,
    /// Values are amounts: the square of their difference over their sum. Zero is nothing.
    Ratio,
}

/// Values that coders gave to units.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratings {
    /// Units, each with a value or none for every coder.
    units: Vec<Vec<Option<f64>>>,
}

impl Ratings {
    /// A row for each unit, a column for each coder; none where a coder did not code the unit.
    pub fn new(units: Vec<Vec<Option<f64>>>) -> Ratings {
        Ratings { units }
    }

    /// Share of pairs of values of one unit that are equal; none if there is no pair.
    pub fn observed(&self) -> Option<f64> {
        let (mut equal, mut all) = (0u64, 0u64);
        for values in self.values() {
            for (at, one) in values.iter().enumerate() {
                for other in &values[at + 1..] {
                    equal += u64::from(one == other);
                    all += 1;
                }
            }
        }
        (all > 0).then(|| equal as f64 / all as f64)
    }

    /// Cohen's kappa (Cohen 1960, Educational and Psychological Measurement 20:37-46): for two coders, over
    /// the units that both coded; for more, the mean over all pairs of coders. None where chance agreement
    /// is complete, as when all values are the same.
    pub fn kappa(&self) -> Option<f64> {
        let coders = self.units.iter().map(Vec::len).max().unwrap_or(0);
        let mut kappas = Vec::new();
        for one in 0..coders {
            kappas.extend((one + 1..coders).filter_map(|other| self.kappa_of(one, other)));
        }
        (!kappas.is_empty()).then(|| kappas.iter().sum::<f64>() / kappas.len() as f64)
    }

    fn kappa_of(&self, one: usize, other: usize) -> Option<f64> {
        let value = |unit: &Vec<Option<f64>>, coder: usize| unit.get(coder).copied().flatten();
        let pairs: Vec<(f64, f64)> =
            self.units.iter().filter_map(|unit| Some((value(unit, one)?, value(unit, other)?))).collect();
        if pairs.is_empty() {
            return None;
        }
        let count = pairs.len() as f64;
        let observed = pairs.iter().filter(|(a, b)| a == b).count() as f64 / count;
        let mut values: Vec<f64> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        let share =
            |of: &dyn Fn(&(f64, f64)) -> bool| pairs.iter().filter(|pair| of(pair)).count() as f64 / count;
        let chance: f64 =
            values.iter().map(|v| share(&|pair| pair.0 == *v) * share(&|pair| pair.1 == *v)).sum();
        (chance < 1.0).then(|| (observed - chance) / (1.0 - chance))
    }

    /// Krippendorff's alpha, for any number of coders and with values missing (Krippendorff 2011, "Computing
    /// Krippendorff's alpha-reliability"). None if no unit has two values, or all values are the same.
    pub fn alpha(&self, level: Level) -> Option<f64> {
        let distance = |a: f64, b: f64| match level {
            Level::Nominal => f64::from(u8::from(a != b)),
            Level::Interval => (a - b).powi(2),
            Level::Ratio if a + b == 0.0 => 0.0,
            Level::Ratio => ((a - b) / (a + b)).powi(2),
        };
        let units: Vec<Vec<f64>> = self.values().filter(|values| values.len() > 1).collect();
        let count = units.iter().map(Vec::len).sum::<usize>() as f64;
        let within = |values: &Vec<f64>| total(values, &distance) / (values.len() - 1) as f64;
        let observed: f64 = units.iter().map(within).sum::<f64>() / count;
        // All values in one: what would be expected if they had nothing to do with their units. Equal ones
        // are taken together, so that many units cost little.
        let all: Vec<f64> = units.concat();
        let expected = total(&all, &distance) / (count * (count - 1.0));
        (expected > 0.0).then(|| 1.0 - observed / expected)
    }

    /// The values of each unit.
    fn values(&self) -> impl Iterator<Item = Vec<f64>> {
        self.units.iter().map(|unit| unit.iter().flatten().copied().collect())
    }
}

/// Sum of the distances over all ordered pairs of values.
fn total(values: &[f64], distance: &dyn Fn(f64, f64) -> f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let groups: Vec<(f64, f64)> = sorted.chunk_by(|a, b| a == b).map(|g| (g[0], g.len() as f64)).collect();
    let mut sum = 0.0;
    for (at, (a, many)) in groups.iter().enumerate() {
        sum += groups[at + 1..].iter().map(|(b, more)| 2.0 * many * more * distance(*a, *b)).sum::<f64>();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Coders as rows, `*` for a missing value.
    fn ratings(coders: &[&str]) -> Ratings {
        let rows: Vec<Vec<Option<f64>>> =
            coders.iter().map(|row| row.split_whitespace().map(|v| v.parse().ok()).collect()).collect();
        Ratings::new((0..rows[0].len()).map(|unit| rows.iter().map(|row| row[unit]).collect()).collect())
    }

    #[track_caller]
    fn check(found: Option<f64>, expected: Option<f64>, digits: i32) {
        let round = |value: f64| (value * 10f64.powi(digits)).round() / 10f64.powi(digits);
        assert_eq!(found.map(round), expected);
    }

    /// Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability" (University of Pennsylvania), section C
    /// on any number of observers and missing data: four observers, twelve units; nominal .743, interval
    /// .849, ratio .797.
    #[test]
    fn krippendorffs_example() {
        let ratings = ratings(&[
            "1 2 3 3 2 1 4 1 2 * * *",
            "1 2 3 3 2 2 4 1 2 5 * 3",
            "* 3 3 3 2 3 4 2 2 5 1 *",
            "1 2 3 3 2 4 4 1 2 5 1 *",
        ]);
        check(ratings.alpha(Level::Nominal), Some(0.743), 3);
        check(ratings.alpha(Level::Interval), Some(0.849), 3);
        check(ratings.alpha(Level::Ratio), Some(0.797), 3);
    }

    /// 50 proposals: 20 accepted and 15 refused by both, 5 and 10 by one, and two tables with the same share
    /// of agreement but other margins. These tables go round in textbooks and encyclopedias without one
    /// source; each figure is checked by Cohen's formula: (0.7 - 0.5) / (1 - 0.5) = 0.4.
    #[test]
    fn kappa_of_two() {
        let table = |both: usize, first: usize, second: usize, none: usize| {
            let cell = |a: f64, b: f64, count| std::iter::repeat_n(vec![Some(a), Some(b)], count);
            Ratings::new(
                cell(1., 1., both)
                    .chain(cell(1., 0., first))
                    .chain(cell(0., 1., second))
                    .chain(cell(0., 0., none))
                    .collect(),
            )
        };
        check(table(20, 5, 10, 15).kappa(), Some(0.4), 4);
        check(table(45, 15, 25, 15).kappa(), Some(0.1304), 4);
        check(table(25, 35, 5, 35).kappa(), Some(0.2593), 4);
        check(table(20, 5, 10, 15).observed(), Some(0.7), 4);
    }

    #[test]
    fn undefined() {
        for alike in [ratings(&["1 1", "1 1"]), ratings(&["1 *", "* 1"]), Ratings::new(vec![])] {
            assert_eq!(alike.alpha(Level::Nominal), None);
            assert_eq!(alike.kappa(), None);
        }
        assert_eq!(ratings(&["1 *", "* 1"]).observed(), None);
        check(ratings(&["1 2", "2 1"]).kappa(), Some(-1.0), 4);
    }
}
