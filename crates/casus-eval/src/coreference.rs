//! MUC, B-cubed and CEAF-e, and their mean, the CoNLL score: how well clusters of mentions match gold's.
//!
//! MUC: Vilain et al. 1995. B-cubed: Bagga and Baldwin 1998. CEAF-e: Luo 2005, phi4. The mean of the
//! three: Pradhan et al. 2012 (CoNLL-2012). Mentions are given, so that both sides have the same ones.

use casus_link::cluster::Groups;
use std::collections::{BTreeMap, BTreeSet};

/// Precision, recall and F1 of each measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Coreference {
    pub(crate) muc: [f64; 3],
    pub(crate) b_cubed: [f64; 3],
    pub(crate) ceaf_e: [f64; 3],
}

impl Coreference {
    /// Scores the cluster of each mention against gold's, both by any number.
    pub(crate) fn of(gold: &[usize], found: &[usize]) -> Coreference {
        let (key, response) = (members(gold), members(found));
        Coreference {
            muc: figures(muc(&response, gold), muc(&key, found)),
            b_cubed: figures(b_cubed(&response, gold), b_cubed(&key, found)),
            ceaf_e: ceaf_e(&key, &response, found),
        }
    }

    /// The mean of the three F1.
    pub(crate) fn conll(&self) -> f64 {
        (self.muc[2] + self.b_cubed[2] + self.ceaf_e[2]) / 3.0
    }
}

fn figures(precision: f64, recall: f64) -> [f64; 3] {
    let sum = precision + recall;
    [precision, recall, if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 }]
}

/// Mentions of each cluster.
fn members(clusters: &[usize]) -> Vec<Vec<usize>> {
    let mut out: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (mention, cluster) in clusters.iter().enumerate() {
        out.entry(*cluster).or_default().push(mention);
    }
    out.into_values().collect()
}

/// Links of `clusters` that the other side has too: members less the parts that it cuts them into.
fn muc(clusters: &[Vec<usize>], other: &[usize]) -> f64 {
    let (mut kept, mut all) = (0, 0);
    for cluster in clusters {
        let parts: BTreeSet<usize> = cluster.iter().map(|&mention| other[mention]).collect();
        kept += cluster.len() - parts.len();
        all += cluster.len() - 1;
    }
    if all == 0 { 0.0 } else { f64::from(kept as u32) / f64::from(all as u32) }
}

/// Mean over mentions of the share of their cluster that is with them on the other side.
fn b_cubed(clusters: &[Vec<usize>], other: &[usize]) -> f64 {
    let (mut sum, mut mentions) = (0.0, 0.0);
    for cluster in clusters {
        let mut parts: BTreeMap<usize, f64> = BTreeMap::new();
        for &mention in cluster {
            *parts.entry(other[mention]).or_default() += 1.0;
        }
        sum += parts.values().map(|part| part * part).sum::<f64>() / cluster.len() as f64;
        mentions += cluster.len() as f64;
    }
    if mentions > 0.0 { sum / mentions } else { 0.0 }
}

/// The best one-to-one map of clusters, each pair worth twice its overlap over its size (phi4).
fn ceaf_e(key: &[Vec<usize>], response: &[Vec<usize>], found: &[usize]) -> [f64; 3] {
    let place: BTreeMap<usize, usize> =
        response.iter().enumerate().map(|(at, cluster)| (found[cluster[0]], at)).collect();
    let mut worth: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); key.len()];
    let mut groups = Groups::new(key.len() + response.len());
    for (number, cluster) in key.iter().enumerate() {
        for &mention in cluster {
            let other = place[&found[mention]];
            let both = (cluster.len() + response[other].len()) as f64;
            *worth[number].entry(other).or_default() += 2.0 / both;
            groups.join(number, key.len() + other);
        }
    }
    // Clusters that share no mention, even by way of others, are mapped apart.
    let mut parts: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for number in 0..key.len() + response.len() {
        let part = parts.entry(groups.find(number)).or_default();
        if number < key.len() { part.0.push(number) } else { part.1.push(number - key.len()) }
    }
    let mut sum = 0.0;
    for (rows, columns) in parts.values() {
        let value = |row: usize, column: usize| worth[row].get(&column).copied().unwrap_or(0.0);
        let table: Vec<Vec<f64>> = if rows.len() <= columns.len() {
            rows.iter().map(|&row| columns.iter().map(|&column| value(row, column)).collect()).collect()
        } else {
            columns.iter().map(|&column| rows.iter().map(|&row| value(row, column)).collect()).collect()
        };
        sum += assign(&table);
    }
    figures(sum / response.len().max(1) as f64, sum / key.len().max(1) as f64)
}

/// The greatest sum of one cell a row, no two in a column (Kuhn 1955, with potentials as in Jonker and
/// Volgenant 1987). `table` has no more rows than columns.
fn assign(table: &[Vec<f64>]) -> f64 {
    let (rows, columns) = (table.len(), table.first().map_or(0, Vec::len));
    // Index 0 stands for none.
    let (mut of_row, mut of_column) = (vec![0.0; rows + 1], vec![0.0; columns + 1]);
    let mut row_at = vec![0usize; columns + 1];
    for row in 1..=rows {
        let (mut least, mut used) = (vec![f64::INFINITY; columns + 1], vec![false; columns + 1]);
        let mut before = vec![0usize; columns + 1];
        row_at[0] = row;
        let mut column = 0;
        while row_at[column] != 0 {
            used[column] = true;
            let current = row_at[column];
            let (mut step, mut next) = (f64::INFINITY, 0);
            for other in (1..=columns).filter(|&other| !used[other]) {
                let rest = -table[current - 1][other - 1] - of_row[current] - of_column[other];
                if rest < least[other] {
                    (least[other], before[other]) = (rest, column);
                }
                if least[other] < step {
                    (step, next) = (least[other], other);
                }
            }
            for other in 0..=columns {
                if used[other] {
                    of_row[row_at[other]] += step;
                    of_column[other] -= step;
                } else {
                    least[other] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            row_at[column] = row_at[before[column]];
            column = before[column];
        }
    }
    (1..=columns)
        .filter(|&column| row_at[column] > 0)
        .map(|column| table[row_at[column] - 1][column - 1])
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(gold: &[&[usize]], found: &[&[usize]], muc: [f64; 2], b_cubed: [f64; 2], ceaf_e: [f64; 2]) {
        let number = |clusters: &[&[usize]]| {
            let count = clusters.iter().map(|cluster| cluster.len()).sum();
            let mut out = vec![0; count];
            for (number, cluster) in clusters.iter().enumerate() {
                cluster.iter().for_each(|&mention| out[mention - 1] = number);
            }
            out
        };
        let score = Coreference::of(&number(gold), &number(found));
        for (name, expected, found) in
            [("MUC", muc, score.muc), ("B-cubed", b_cubed, score.b_cubed), ("CEAF-e", ceaf_e, score.ceaf_e)]
        {
            for at in 0..2 {
                assert!((expected[at] - found[at]).abs() < 0.0006, "{name} of {:?}: {found:?}", expected);
            }
        }
    }

    /// Bagga and Baldwin 1998, "Algorithms for Scoring Coreference Chains" (workshop on linguistic
    /// coreference at LREC), figures 1 (truth), 2 and 3 (responses): twelve mentions in chains of five, two and
    /// five. The paper prints for MUC a precision of 90 % and a recall of 100 % of both responses, and for
    /// B-cubed a precision of 76 % (16/21) and 58 % (7/12). CEAF-e came later; it is worked by hand here from
    /// Luo's definition, 11/6 over two and over three entities, and 5/3 over the same.
    #[test]
    fn the_example_of_bagga_and_baldwin() {
        let key: &[&[usize]] = &[&[1, 2, 3, 4, 5], &[6, 7], &[8, 9, 10, 11, 12]];
        let first: &[&[usize]] = &[&[1, 2, 3, 4, 5], &[6, 7, 8, 9, 10, 11, 12]];
        check(key, first, [0.9, 1.0], [0.762, 1.0], [0.9167, 0.6111]);
        let second: &[&[usize]] = &[&[1, 2, 3, 4, 5, 8, 9, 10, 11, 12], &[6, 7]];
        check(key, second, [0.9, 1.0], [0.583, 1.0], [0.8333, 0.5556]);
    }

    /// Vilain, Burger, Aberdeen, Connolly and Hirschman 1995, "A Model-Theoretic Coreference Scoring Scheme"
    /// (MUC-6), the simple examples A-B-C-D against A-B C-D and the reverse: 2/3 and 2/2 for MUC. The figures
    /// for B-cubed and CEAF-e, which are younger, are worked by hand.
    #[test]
    fn the_examples_of_vilain_and_others() {
        // Key {A B C D}, response {A B} {C D}.
        check(&[&[1, 2, 3, 4]], &[&[1, 2], &[3, 4]], [1.0, 0.667], [1.0, 0.5], [0.3333, 0.6667]);
        // Key {A B} {C D}, response {A B C D}.
        check(&[&[1, 2], &[3, 4]], &[&[1, 2, 3, 4]], [0.667, 1.0], [0.5, 1.0], [0.6667, 0.3333]);
    }

    /// Luo 2005, "On Coreference Resolution Performance Metrics" (HLT/EMNLP), table 1: F-measures of four
    /// responses (a) to (d) to the key of Bagga and Baldwin, by MUC, B-cubed and CEAF with phi4, as printed
    /// there to three digits. Of (d), which has no link, the table prints a dash for MUC; here it is 0.
    #[test]
    fn the_table_of_luo() {
        let key = [0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2];
        let check = |found: [usize; 12], muc: f64, b_cubed: f64, ceaf_e: f64| {
            let score = Coreference::of(&key, &found);
            for (expected, figure) in
                [(muc, score.muc[2]), (b_cubed, score.b_cubed[2]), (ceaf_e, score.ceaf_e[2])]
            {
                assert!((expected - figure).abs() < 0.0006, "{expected} {score:?}");
            }
        };
        check([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1], 0.947, 0.865, 0.733);
        check([0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], 0.947, 0.737, 0.667);
        check([0; 12], 0.900, 0.545, 0.294);
        check([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 0.0, 0.400, 0.178);
    }

    #[test]
    fn assignments() {
        let check = |table: &[&[f64]], expected: f64| {
            let table: Vec<Vec<f64>> = table.iter().map(|row| row.to_vec()).collect();
            assert!((assign(&table) - expected).abs() < 1e-12, "{table:?}");
        };
        check(&[], 0.0);
        check(&[&[3.0, 5.0]], 5.0);
        // Greedy would take 9 and be left with 1.
        check(&[&[9.0, 8.0], &[7.0, 1.0]], 15.0);
        check(&[&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0], &[3.0, 6.0, 9.0]], 14.0);
    }
}
