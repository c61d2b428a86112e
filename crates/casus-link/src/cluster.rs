//! Clusters by average linkage: no chains, no order.
//!
//! Two clusters are joined while the mean of the scores between all their members is above a threshold;
//! one member that fits only its neighbour does not pull a whole chain in. All pairs are scored: nothing
//! missing counts as nothing known.
//!
//! This module must not know what is being clustered.
//!
//! ```
//! // 0-1 and 1-2 fit, 0-2 do not: closure would join all three.
//! let scores = [[0.0, 3.0, -9.0], [3.0, 0.0, 2.0], [-9.0, 2.0, 0.0]];
//! let clusters = casus_link::cluster::average_link(3, &[], 0.0, |a, b| scores[a][b]);
//! assert_eq!(clusters, [vec![0, 1], vec![2]]);
//! ```

/// Clusters `0..count` by average linkage.
///
/// `score` is symmetric and asked once a pair; above `threshold` speaks for one cluster, negative
/// infinity forbids it. The pairs of `joined` are in one cluster whatever they score. Clusters come in
/// the order of their first members, members in order.
///
/// Nearest-neighbour chains (Murtagh 1983; average linkage is reducible, so the chains give what the
/// greedy method gives): time and memory grow with the square of `count`. The result depends on the
/// scores alone, and where scores tie, on the numbering.
pub fn average_link(
    count: usize,
    joined: &[(usize, usize)],
    threshold: f32,
    mut score: impl FnMut(usize, usize) -> f32,
) -> Vec<Vec<usize>> {
    // Members of each cluster by its number, the least member; empty when joined into another.
    let mut groups = Groups::new(count);
    for &(a, b) in joined {
        groups.join(a, b);
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    for at in 0..count {
        members[groups.find(at)].push(at);
    }
    let mut active: Vec<usize> = (0..count).filter(|&at| !members[at].is_empty()).collect();
    // Mean score between two clusters, by the places of the clusters in `active` at the start.
    let place: Vec<usize> = {
        let mut place = vec![0; count];
        active.iter().enumerate().for_each(|(at, &cluster)| place[cluster] = at);
        place
    };
    let width = active.len();
    let mut mean = vec![0f64; width * width];
    for (i, &a) in active.iter().enumerate() {
        for (j, &b) in active.iter().enumerate().take(i) {
            let mut sum = 0.0;
            for &x in &members[a] {
                for &y in &members[b] {
                    sum += f64::from(score(y.min(x), y.max(x)));
                }
            }
            let value = sum / (members[a].len() * members[b].len()) as f64;
            mean[i * width + j] = value;
            mean[j * width + i] = value;
        }
    }
    let at = |a: usize, b: usize| place[a] * width + place[b];

    let mut done: Vec<Vec<usize>> = Vec::new();
    let mut chain: Vec<usize> = Vec::new();
    while let Some(&first) = active.first() {
        if chain.is_empty() {
            chain.push(first);
        }
        let top = chain[chain.len() - 1];
        let before = chain.len().checked_sub(2).map(|at| chain[at]);
        // The nearest; of equals the one before in the chain, so that the chain ends.
        let mut best = before.map(|before| (mean[at(top, before)], before));
        for &other in active.iter().filter(|&&other| other != top) {
            let value = mean[at(top, other)];
            if best.is_none_or(|(most, _)| value > most) {
                best = Some((value, other));
            }
        }
        match best {
            Some((value, other)) if value > f64::from(threshold) => {
                if before != Some(other) {
                    chain.push(other);
                    continue;
                }
                chain.truncate(chain.len() - 2);
                let (into, from) = (top.min(other), top.max(other));
                let (more, less) = (members[into].len() as f64, members[from].len() as f64);
                for &third in active.iter().filter(|&&third| third != into && third != from) {
                    let value = (mean[at(into, third)] * more + mean[at(from, third)] * less) / (more + less);
                    mean[at(into, third)] = value;
                    mean[at(third, into)] = value;
                }
                let moved = std::mem::take(&mut members[from]);
                members[into].extend(moved);
                active.retain(|&cluster| cluster != from);
            }
            // Joining others can only lower what speaks for this one: it is whole.
            _ => {
                chain.clear();
                done.push(std::mem::take(&mut members[top]));
                active.retain(|&cluster| cluster != top);
            }
        }
    }
    done.iter_mut().for_each(|members| members.sort_unstable());
    done.sort_unstable();
    done
}

/// Disjoint sets; a set is named by its least member.
#[derive(Debug, Clone)]
pub struct Groups(Vec<u32>);

impl Groups {
    /// `count` sets of one.
    pub fn new(count: usize) -> Groups {
        Groups((0..count as u32).collect())
    }

    /// The least member of the set that holds `at`.
    pub fn find(&mut self, at: usize) -> usize {
        let mut at = at as u32;
        while self.0[at as usize] != at {
            let above = self.0[self.0[at as usize] as usize];
            self.0[at as usize] = above;
            at = above;
        }
        at as usize
    }

    /// Makes one set of the two that hold `a` and `b`.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b)] = a.min(b) as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(scores: &[&[f32]], joined: &[(usize, usize)], expected: &[&[usize]]) {
        let found = average_link(scores.len() + 1, joined, 0.0, |a, b| scores[b - 1][a]);
        assert_eq!(found, expected, "{scores:?}");
    }

    /// Scores are rows of the lower triangle.
    #[test]
    fn joins_while_the_mean_is_above_the_threshold() {
        check(&[], &[], &[&[0]]);
        check(&[&[1.0]], &[], &[&[0, 1]]);
        check(&[&[0.0]], &[], &[&[0], &[1]]);
        // The best pair first; then (1 + -4) / 2 is below 0.
        check(&[&[3.0], &[1.0, -4.0]], &[], &[&[0, 1], &[2]]);
        check(&[&[3.0], &[4.0, -3.0]], &[], &[&[0, 2], &[1]]);
        check(&[&[3.0], &[2.0, -1.0]], &[], &[&[0, 1, 2]]);
        // Forbidden, however well the others fit; forced, however badly.
        check(&[&[9.0], &[9.0, f32::NEG_INFINITY]], &[], &[&[0, 1], &[2]]);
        check(&[&[-9.0], &[1.0, 1.0]], &[(0, 1)], &[&[0, 1, 2]]);
        // Two pairs that do not fit each other, one bridge.
        check(&[&[5.0], &[-2.0, 1.0], &[-2.0, -2.0, 5.0]], &[], &[&[0, 1], &[2, 3]]);
    }

    /// The greedy method, as slow as it reads, on seeded scores.
    #[test]
    fn chains_give_what_the_greedy_method_gives() {
        let mut seed = 7u64;
        for count in 2..14 {
            for _ in 0..40 {
                let scores: Vec<f32> = (0..count * count)
                    .map(|_| {
                        seed = crate::signature::mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15));
                        (seed >> 40) as f32 / (1 << 22) as f32 - 2.0
                    })
                    .collect();
                let score = |a: usize, b: usize| scores[a.min(b) * count + a.max(b)];
                let mut greedy: Vec<Vec<usize>> = (0..count).map(|at| vec![at]).collect();
                loop {
                    let mean = |a: &Vec<usize>, b: &Vec<usize>| {
                        let sum: f32 = a.iter().flat_map(|&x| b.iter().map(move |&y| score(x, y))).sum();
                        sum / (a.len() * b.len()) as f32
                    };
                    let pairs = (0..greedy.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
                    let best = pairs
                        .map(|(a, b)| (mean(&greedy[a], &greedy[b]), a, b))
                        .max_by(|x, y| x.0.total_cmp(&y.0));
                    match best {
                        Some((value, a, b)) if value > 0.0 => {
                            let moved = greedy.remove(a);
                            greedy[b].extend(moved);
                        }
                        _ => break,
                    }
                }
                greedy.iter_mut().for_each(|members| members.sort_unstable());
                greedy.sort_unstable();
                assert_eq!(average_link(count, &[], 0.0, score), greedy);
            }
        }
    }
}
