//! Puts spans together to incidents: those that name the same one first, then those that were struck
//! together, and to these whoever struck them, with what and where.
//!
//! This module must not know the text or the model.

use super::{LearnedSpan, Part, heads::Pairs, likeliest};

/// Two spans of one part are the same when the model gives it more than this.
const SAME: f32 = 0.4;

/// A name and a description are the same person when the model gives it more than this.
const NAMED: f32 = 0.5;

/// Two groups of spans belong to one incident when its pairs have this on average.
const TOGETHER: f32 = 0.45;

/// Spans that take part in one incident, as the model sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// Indices into [`super::Learned::spans`], one list for each person, group or thing, the surest mention first.
    pub entities: Vec<Vec<usize>>,
    /// The kind of incident by the model's names: "bombing".
    pub event: String,
    /// How sure the model is of its surest span, 0 to 1.
    pub sure: f32,
}

/// Incidents of the spans of a section, which begin at index `first` of the whole list.
pub(super) fn incidents(spans: &[LearnedSpan], pairs: &Pairs, first: usize) -> Vec<Incident> {
    let entities = entities(spans, pairs);
    let part = |entity: &[usize]| spans[entity[0]].part;
    let link = |a: &[usize], b: &[usize]| {
        let sum: f32 = a.iter().flat_map(|&x| b.iter().map(move |&y| pairs.get(x, y).incident)).sum();
        sum / (a.len() * b.len()) as f32
    };
    let struck: Vec<usize> = (0..entities.len()).filter(|&e| part(&entities[e]).is_struck()).collect();
    // Without anybody struck the rest makes the incident.
    let cores: Vec<usize> = if struck.is_empty() {
        (0..entities.len()).filter(|&e| part(&entities[e]) != Part::Place).collect()
    } else {
        struck
    };
    let mut groups = agglomerate(&cores, |a, b| link(&entities[a], &entities[b]));
    let founders = groups.clone();
    for entity in (0..entities.len()).filter(|e| !cores.contains(e)) {
        for (group, founders) in groups.iter_mut().zip(&founders) {
            let sum: f32 = founders.iter().map(|&f| link(&entities[entity], &entities[f])).sum();
            if sum / founders.len() as f32 >= TOGETHER {
                group.push(entity);
            }
        }
    }
    groups.sort_by_key(|group| group.iter().map(|&e| entities[e].iter().min().copied()).min());
    groups
        .into_iter()
        .filter(|group| group.iter().any(|&e| part(&entities[e]) != Part::Weapon))
        .map(|group| {
            let members: Vec<&LearnedSpan> =
                group.iter().flat_map(|&e| entities[e].iter().map(|&s| &spans[s])).collect();
            Incident {
                event: likeliest(members.iter().copied(), "event").unwrap_or_default().to_owned(),
                sure: members.iter().map(|span| span.sure).fold(0.0, f32::max),
                entities: group
                    .iter()
                    .map(|&e| entities[e].iter().map(|span| span + first).collect())
                    .collect(),
            }
        })
        .collect()
}

/// Mentions of the same person, group or thing: any chain of pairs that the model calls the same.
fn entities(spans: &[LearnedSpan], pairs: &Pairs) -> Vec<Vec<usize>> {
    let mut owner: Vec<usize> = (0..spans.len()).collect();
    for b in 0..spans.len() {
        for a in 0..b {
            let least = if spans[a].part == spans[b].part { SAME } else { NAMED };
            if spans[a].part.can_be(spans[b].part) && pairs.get(a, b).entity > least {
                let (keep, give) = (owner[a].min(owner[b]), owner[a].max(owner[b]));
                for one in &mut owner {
                    if *one == give {
                        *one = keep;
                    }
                }
            }
        }
    }
    let mut entities: Vec<Vec<usize>> = vec![Vec::new(); spans.len()];
    for (span, &owner) in owner.iter().enumerate() {
        entities[owner].push(span);
    }
    entities.retain(|entity| !entity.is_empty());
    for entity in &mut entities {
        entity.sort_by(|&a, &b| spans[b].sure.total_cmp(&spans[a].sure).then(a.cmp(&b)));
    }
    entities
}

/// Joins the two groups that are nearest on average until none are near enough.
fn agglomerate(items: &[usize], link: impl Fn(usize, usize) -> f32) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = items.iter().map(|&item| vec![item]).collect();
    // Sums over the pairs of two groups: joining adds rows.
    let mut sums: Vec<Vec<f32>> = items
        .iter()
        .map(|&a| items.iter().map(|&b| if a == b { 0.0 } else { link(a, b) }).collect())
        .collect();
    loop {
        let mut best: Option<(f32, usize, usize)> = None;
        for a in 0..groups.len() {
            for b in a + 1..groups.len() {
                let mean = sums[a][b] / (groups[a].len() * groups[b].len()) as f32;
                if mean >= TOGETHER && best.is_none_or(|(most, ..)| mean > most) {
                    best = Some((mean, a, b));
                }
            }
        }
        let Some((_, a, b)) = best else { return groups };
        let taken = groups.remove(b);
        groups[a].extend(taken);
        let row = sums.remove(b);
        for (sum, given) in sums[a].iter_mut().zip(row) {
            *sum += given;
        }
        for (_, row) in sums.iter_mut().enumerate().filter(|(at, _)| *at != a) {
            row[a] += row[b];
        }
        for row in &mut sums {
            row.remove(b);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Span, reader::heads::Pair};

    /// Spans by part; pairs of one incident and of one entity by index, all others apart.
    fn check(parts: &[Part], together: &[(usize, usize)], same: &[(usize, usize)], expected: &[&[&[usize]]]) {
        let spans: Vec<LearnedSpan> = parts
            .iter()
            .enumerate()
            .map(|(at, &part)| LearnedSpan {
                span: Span::new(10 * at as u32, 10 * at as u32 + 5),
                part,
                sure: 0.9 - 0.01 * at as f32,
                attributes: Vec::new(),
            })
            .collect();
        let mut pairs = Vec::new();
        for a in 0..parts.len() {
            for b in a + 1..parts.len() {
                let has = |list: &[(usize, usize)]| if list.contains(&(a, b)) { 0.9 } else { 0.1 };
                pairs.push(Pair { incident: has(together), entity: has(same) });
            }
        }
        let found = incidents(&spans, &Pairs::new(parts.len(), pairs), 100);
        let found: Vec<Vec<Vec<usize>>> = found
            .into_iter()
            .map(|incident| {
                incident.entities.into_iter().map(|e| e.into_iter().map(|s| s - 100).collect()).collect()
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn spans_make_incidents() {
        use Part::{PerpetratorPerson as Who, Place, Target, Victim, VictimName as Name, Weapon};
        // One who struck two things in two incidents takes part in both.
        check(&[Who, Target, Target], &[(0, 1), (0, 2)], &[], &[&[&[1], &[0]], &[&[2], &[0]]]);
        // Two of one incident; the weapon of it; the place of none.
        check(&[Victim, Target, Weapon, Place], &[(0, 1), (0, 2), (1, 2)], &[], &[&[&[0], &[1], &[2]]]);
        // A name and a description of one person are one entity, the surer first.
        check(&[Name, Victim], &[(0, 1)], &[(0, 1)], &[&[&[0, 1]]]);
        // A person and a thing are never one.
        check(&[Name, Target], &[(0, 1)], &[(0, 1)], &[&[&[0], &[1]]]);
        // Nobody struck: whoever acted makes the incident; a weapon alone makes none.
        check(&[Who, Weapon], &[(0, 1)], &[], &[&[&[0], &[1]]]);
        check(&[Weapon], &[], &[], &[]);
        check(&[], &[], &[], &[]);
    }

    #[test]
    fn a_chain_of_likes_does_not_join_its_ends() {
        use Part::Target;
        // 0-1 and 1-2 belong together, 0-2 does not: the mean over all pairs decides.
        check(&[Target, Target, Target], &[(0, 1), (1, 2)], &[], &[&[&[0], &[1], &[2]]]);
        check(
            &[Target, Target, Target, Target],
            &[(0, 1), (2, 3), (1, 2)],
            &[],
            &[&[&[0], &[1]], &[&[2], &[3]]],
        );
    }
}
