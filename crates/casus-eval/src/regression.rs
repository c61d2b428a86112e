//! Logistic regression: the weights of features that make the answers to examples likely.

use anyhow::{Result, ensure};

/// Rounds of Newton's method; the weights no longer change after eight.
const ROUNDS: usize = 10;

/// A case whose answer is known.
pub(crate) struct Example {
    pub(crate) features: Vec<f32>,
    pub(crate) answer: bool,
    /// As how many examples it counts.
    pub(crate) weight: f64,
}

/// Weights and bias by Newton's method, with a normal prior on the weights of standardised features: `prior` is one
/// over its variance. Fails if the features do not determine the weights.
pub(crate) fn regress(examples: &[Example], prior: f64) -> Result<(Vec<f64>, f64)> {
    let width = examples.first().map_or(0, |example| example.features.len());
    let count: f64 = examples.iter().map(|example| example.weight).sum();
    let (mut mean, mut deviation) = (vec![0.0; width], vec![0.0; width]);
    for Example { features, weight, .. } in examples {
        features.iter().zip(&mut mean).for_each(|(value, mean)| *mean += weight * f64::from(*value) / count);
    }
    for Example { features, weight, .. } in examples {
        for ((value, mean), sum) in features.iter().zip(&mean).zip(&mut deviation) {
            *sum += weight * (f64::from(*value) - mean).powi(2) / count;
        }
    }
    deviation.iter_mut().for_each(|sum| *sum = sum.sqrt().max(1e-6));
    // The last weight is the bias, which has no prior.
    let size = width + 1;
    let mut weights = vec![0.0; size];
    let mut values = vec![0.0; size];
    for _ in 0..ROUNDS {
        let (mut gradient, mut hessian) = (vec![0.0; size], vec![0.0; size * size]);
        for (at, weight) in weights.iter().enumerate().take(width) {
            gradient[at] = prior * weight;
            hessian[at * size + at] = prior;
        }
        for Example { features, answer, weight } in examples {
            for (at, value) in features.iter().enumerate() {
                values[at] = (f64::from(*value) - mean[at]) / deviation[at];
            }
            values[width] = 1.0;
            let sum: f64 = weights.iter().zip(&values).map(|(weight, value)| weight * value).sum();
            let said = 1.0 / (1.0 + (-sum).exp());
            let (off, slope) = (weight * (said - f64::from(u8::from(*answer))), weight * said * (1.0 - said));
            for at in 0..size {
                gradient[at] += off * values[at];
                let scaled = slope * values[at];
                for (cell, value) in hessian[at * size..=at * size + at].iter_mut().zip(&values) {
                    *cell += scaled * value;
                }
            }
        }
        let step = solve(&mut hessian, gradient)?;
        weights.iter_mut().zip(&step).for_each(|(weight, step)| *weight -= step);
    }
    let mut bias = weights[width];
    weights.truncate(width);
    for ((weight, mean), deviation) in weights.iter_mut().zip(&mean).zip(&deviation) {
        *weight /= deviation;
        bias -= *weight * mean;
    }
    let round = |value: f64| (value * 1e6).round() / 1e6;
    Ok((weights.into_iter().map(round).collect(), round(bias)))
}

/// Solves a symmetric positive definite system by Cholesky's method; `matrix` holds the lower triangle.
fn solve(matrix: &mut [f64], mut right: Vec<f64>) -> Result<Vec<f64>> {
    let size = right.len();
    for row in 0..size {
        for column in 0..=row {
            let dot: f64 = (0..column).map(|k| matrix[row * size + k] * matrix[column * size + k]).sum();
            let rest = matrix[row * size + column] - dot;
            matrix[row * size + column] = if row == column {
                ensure!(rest > 0.0, "the features do not determine the weights");
                rest.sqrt()
            } else {
                rest / matrix[column * size + column]
            };
        }
    }
    for row in 0..size {
        let dot: f64 = (0..row).map(|k| matrix[row * size + k] * right[k]).sum();
        right[row] = (right[row] - dot) / matrix[row * size + row];
    }
    for row in (0..size).rev() {
        let dot: f64 = (row + 1..size).map(|k| matrix[k * size + row] * right[k]).sum();
        right[row] = (right[row] - dot) / matrix[row * size + row];
    }
    Ok(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_found() {
        // One feature tells the answer nine times in ten, the other is noise.
        let examples = (0..2_000u32).map(|at| {
            let answer = at % 2 == 0;
            let shown = answer != (at % 20 < 2);
            Example { features: vec![f32::from(u8::from(shown)), (at / 2 % 7) as f32], answer, weight: 1.0 }
        });
        let (weights, bias) = regress(&examples.collect::<Vec<_>>(), 20.0).unwrap();
        assert!(weights[0] > 3.0 && weights[1].abs() < 0.1, "{weights:?}");
        assert!((weights[0] / 2.0 + bias).abs() < 0.5, "{bias}");
    }

    #[test]
    fn a_weight_counts_as_so_many_examples() {
        // Of 40 of value -1 ten are true, of 40 of value 1 thirty: odds of 1 to 3 and of 3 to 1.
        let example = |at: i32, answer| Example { features: vec![at as f32], answer, weight: 10.0 };
        let examples: Vec<Example> = [(-1, 1, 3), (1, 3, 1)]
            .into_iter()
            .flat_map(|(at, yes, no)| {
                (0..yes).map(move |_| example(at, true)).chain((0..no).map(move |_| example(at, false)))
            })
            .collect();
        let (weights, bias) = regress(&examples, 1e-3).unwrap();
        assert!((weights[0] - 3f64.ln()).abs() < 1e-3 && bias.abs() < 1e-3, "{weights:?} {bias}");
    }

    #[test]
    fn a_system_is_solved() {
        // [4 2; 2 3] x = [8 7] has x = [1.25, 1.5].
        let found = solve(&mut [4.0, 0.0, 2.0, 3.0], vec![8.0, 7.0]).unwrap();
        assert!((found[0] - 1.25).abs() < 1e-12 && (found[1] - 1.5).abs() < 1e-12, "{found:?}");
        assert!(solve(&mut [1.0, 0.0, 1.0, 1.0], vec![1.0, 1.0]).is_err());
    }
}
