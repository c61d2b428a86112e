//! Documents that tell one story, by their words: TF-IDF and average linkage.

use casus_link::cluster::average_link;
use rust_stemmers::Stemmer;
use std::collections::BTreeMap;

/// Likeness (cosine) above which documents are grouped: loosely, so that no pair of mentions is lost, and
/// tightly, where one story is told.
const LOOSE: f32 = 0.09;
const TIGHT: f32 = 0.2;

/// Words that tell nothing of a story: grammar, and what stands in the address of any page.
const COMMON: &str = "the a an of in on at to for and or but by with from as is was were be been are has have had he \
    she it they his her its their that this which who will would said says say not after before over into out up \
    down about than then there also more one two three mr mrs http www com html news htm new year first could been \
    being did do does when where while what all him them us we you i our your";

pub(super) fn is_common(word: &str) -> bool {
    COMMON.split_whitespace().any(|common| common == word)
}

/// The groups of some documents.
pub(super) struct Groups {
    /// Group of each document, loosely and tightly.
    pub(super) loose: Vec<usize>,
    pub(super) tight: Vec<usize>,
    likeness: Vec<f32>,
}

impl Groups {
    pub(super) fn of(texts: &[&str], stemmer: &Stemmer) -> Groups {
        let count = texts.len();
        let counts: Vec<BTreeMap<String, u32>> = texts.iter().map(|text| words(text, stemmer)).collect();
        let mut documents: BTreeMap<&str, usize> = BTreeMap::new();
        for word in counts.iter().flat_map(BTreeMap::keys) {
            *documents.entry(word).or_default() += 1;
        }
        // A word of one document compares nothing, a word of a third of them tells no story.
        let most = (0.3 * count as f64).max(8.0) as usize;
        let mut vectors: Vec<Vec<(usize, f32)>> = Vec::with_capacity(count);
        let numbers: BTreeMap<&str, usize> =
            documents.keys().enumerate().map(|(at, word)| (*word, at)).collect();
        for counts in &counts {
            let mut vector: Vec<(usize, f32)> = Vec::new();
            for (word, times) in counts {
                let spread = documents[word.as_str()];
                if spread > 1 && spread <= most {
                    let weight = (1.0 + f64::from(*times).ln()) * (count as f64 / spread as f64).ln();
                    vector.push((numbers[word.as_str()], weight as f32));
                }
            }
            let norm = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt() + 1e-9;
            vector.iter_mut().for_each(|(_, weight)| *weight /= norm);
            vectors.push(vector);
        }
        let mut likeness = vec![0.0; count * count];
        for a in 0..count {
            for b in 0..=a {
                let value = dot(&vectors[a], &vectors[b]);
                likeness[a * count + b] = value;
                likeness[b * count + a] = value;
            }
        }
        let number = |threshold: f32| {
            let mut out = vec![0; count];
            let groups = average_link(count, &[], threshold, |a, b| likeness[a * count + b]);
            for (number, members) in groups.iter().enumerate() {
                members.iter().for_each(|&member| out[member] = number);
            }
            out
        };
        Groups { loose: number(LOOSE), tight: number(TIGHT), likeness }
    }

    /// How alike two documents are, 0 to 1.
    pub(super) fn likeness(&self, a: usize, b: usize) -> f32 {
        self.likeness[a * self.loose.len() + b]
    }
}

fn dot(a: &[(usize, f32)], b: &[(usize, f32)]) -> f32 {
    let (mut at, mut sum) = (0, 0.0);
    for (number, weight) in a {
        while at < b.len() && b[at].0 < *number {
            at += 1;
        }
        if let Some((_, other)) = b.get(at).filter(|(other, _)| other == number) {
            sum += weight * other;
        }
    }
    sum
}

/// Stems of the words and numbers of a text, with how often each stands there.
fn words(text: &str, stemmer: &Stemmer) -> BTreeMap<String, u32> {
    let lower = text.to_lowercase();
    let mut out = BTreeMap::new();
    for word in lower.split(|c: char| !c.is_alphanumeric()) {
        if word.len() > 2 && !is_common(word) {
            *out.entry(stemmer.stem(word).into_owned()).or_default() += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_stemmers::Algorithm;

    #[test]
    fn stories_find_each_other() {
        let texts = [
            "The bridge of Lodo fell into the river; engineers had warned of cracks in its pillars.",
            "Engineers warned years ago that pillars of the fallen Lodo bridge had cracks, a report shows.",
            "Farmers of Beya elected a new council after the harvest, by a wide margin.",
            "The council elected at Beya by farmers met for the first time after the harvest.",
        ];
        let groups = Groups::of(&texts, &Stemmer::create(Algorithm::English));
        assert_eq!(groups.loose, [0, 0, 1, 1]);
        assert!(groups.likeness(0, 1) > groups.likeness(0, 2));
    }
}
