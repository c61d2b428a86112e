//! What is seen of a pair of mentions. Unknown is no evidence: nothing here is negative because a sentence
//! is short.

use super::{
    mentions::{Mention, Pool, Stem},
    model::Seen,
};

/// The features of a pair, or None if the two share nothing worth looking at: no stem, no concept, no
/// pair of words that ever named one event, no context.
pub(super) fn of(pool: &Pool, seen: &Seen, a: usize, b: usize) -> Option<Vec<f32>> {
    let (x, y) = (&pool.mentions[a], &pool.mentions[b]);
    let same = x.stem == y.stem;
    let concept = shared_concept(x, y);
    let kinship = (kinship(x, y) as f32).min(6.0);
    let (together, compared) = seen.pair(x.stem, y.stem);
    let context = shared_context(x, y);
    let prefix = prefix(x, y);
    let words = jaccard(x, y);
    if !same
        && concept == 0.0
        && together == 0.0
        && kinship == 0.0
        && context <= 0.25
        && prefix <= 0.6
        && words == 0.0
    {
        return None;
    }
    let prior = if same { 0.45 } else { 0.01 };
    let rate = ((together + 2.0 * prior) / (compared + 2.0)).ln();
    let near = shared(&x.near, &y.near) as f32 / (1 + x.near.len().min(y.near.len())) as f32;
    let names = shared(&x.names, &y.names) as f32;
    let numbers = shared(&x.numbers, &y.numbers) as f32;
    let contradict = flag(!x.numbers.is_empty() && !y.numbers.is_empty() && numbers == 0.0);
    let one_document = flag(x.document == y.document);
    let likeness = pool.groups.likeness(x.document, y.document);
    let story = flag(x.story == y.story);
    let rarity = (x.rarity + y.rarity) / 2.0;
    let (least_share, most_share) = order(x.told_share, y.told_share);
    let told = x.told.min(y.told);
    let spread = x.spread.max(y.spread);
    let verbs = flag(x.is_verb && y.is_verb);
    let nouns = flag(!x.is_verb && !y.is_verb);
    let sentence = x.sentence.min(y.sentence) as f32;
    let sentences_apart = x.sentence.abs_diff(y.sentence) as f32;
    let length = (x.lemmas.len() + y.lemmas.len()) as f32;
    let apart = if x.document == y.document { x.head.abs_diff(y.head) as f32 } else { 200.0 };
    let (least_known, most_known) = order(seen.share(x.stem), seen.share(y.stem));

    let same = flag(same);
    let root = context.clamp(0.0, 0.6).sqrt();
    let other_word = concept.min(1.0) * (1.0 - same);
    Some(vec![
        same,
        flag(x.text == y.text),
        concept,
        kinship,
        together,
        rate,
        context,
        near,
        names,
        numbers,
        contradict,
        one_document,
        likeness,
        story,
        rarity,
        most_share,
        least_share,
        told,
        spread,
        verbs,
        nouns,
        sentence,
        sentences_apart,
        prefix,
        length,
        apart,
        words,
        least_known,
        most_known,
        told.ln_1p(),
        together.ln_1p(),
        root,
        sentence.ln_1p(),
        sentences_apart.ln_1p(),
        apart.ln_1p(),
        flag(sentence == 0.0),
        flag(sentence <= 1.0),
        least_known.ln(),
        most_known.ln(),
        // What tells one event of a word from the next.
        same * rarity,
        same * most_share,
        same * least_share,
        same * told,
        same * spread,
        same * near,
        same * names,
        same * contradict,
        same * story,
        same * likeness,
        same * least_known,
        same * most_known,
        same * verbs,
        same * nouns,
        same * root,
        same * sentence.ln_1p(),
        same * sentences_apart.ln_1p(),
        // Within a document a second mention is a pronoun's work or another event.
        one_document * near,
        one_document * names,
        one_document * story,
        one_document * verbs,
        one_document * least_known,
        one_document * same,
        one_document * root,
        one_document * apart.ln_1p(),
        one_document * rate,
        // What tells two words for one event from two events.
        other_word * near,
        rate * near,
        other_word * names,
        rate * names,
        other_word * story,
        rate * story,
        other_word * told,
        rate * told,
        other_word * least_known,
        rate * least_known,
        other_word * rarity,
        rate * rarity,
        other_word * sentence,
        rate * sentence,
        rate * root,
        rate * rate,
    ])
}

fn flag(set: bool) -> f32 {
    f32::from(u8::from(set))
}

fn order(a: f32, b: f32) -> (f32, f32) {
    (a.min(b), a.max(b))
}

/// Weight of the concept that both words can mean.
fn shared_concept(x: &Mention, y: &Mention) -> f32 {
    let weight = |number: &u32| {
        y.senses.binary_search_by_key(number, |(other, _)| *other).ok().map(|at| y.senses[at].1)
    };
    let shared = x.senses.iter().filter_map(|(number, own)| Some(own.min(weight(number)?)));
    shared.fold(0.0, f32::max)
}

/// Concepts above both, and twice those of one that stand above the other.
fn kinship(x: &Mention, y: &Mention) -> usize {
    let above = |above: &[u32], senses: &[(u32, f32)]| {
        senses.iter().filter(|(number, _)| above.binary_search(number).is_ok()).count()
    };
    shared(&x.above, &y.above) + 2 * above(&x.above, &y.senses) + 2 * above(&y.above, &x.senses)
}

fn shared_context(x: &Mention, y: &Mention) -> f32 {
    let mut sum = 0.0;
    let mut others = y.context.iter().peekable();
    for (stem, weight) in &x.context {
        while others.peek().is_some_and(|(other, _)| other < stem) {
            others.next();
        }
        if others.peek().is_some_and(|(other, _)| other == stem) {
            sum += weight * weight;
        }
    }
    sum / (x.norm * y.norm)
}

/// Members that two ordered lists have in common.
fn shared(a: &[Stem], b: &[Stem]) -> usize {
    a.iter().filter(|stem| b.binary_search(stem).is_ok()).count()
}

/// Share of the longer stem that both begin with.
fn prefix(x: &Mention, y: &Mention) -> f32 {
    let (a, b) = (&x.stem_text, &y.stem_text);
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    common as f32 / a.chars().count().max(b.chars().count()).max(1) as f32
}

fn jaccard(x: &Mention, y: &Mention) -> f32 {
    let common = x.lemmas.intersection(&y.lemmas).count();
    common as f32 / (x.lemmas.len() + y.lemmas.len() - common).max(1) as f32
}
