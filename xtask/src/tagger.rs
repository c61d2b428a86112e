//! Trains the part-of-speech tagger on English Web Treebank (CoNLL-U with `# text` lines).
//!
//! Sentences are split into casus's own tokens and given the tags of the gold tokens at the same place,
//! so that the tagger learns from what it will see. Every sentence is learned twice: with the features
//! of letter case and without, which is how ALL CAPITALS and lower case look to it.

use anyhow::{Context, Result, ensure};
use casus_engine::text::{
    Casing, Tag, TokenKind,
    tagger::{Item, Known, Model, Raw, best, features, lexicon_key, write},
    training::{Splitter, Word},
};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of English Web Treebank: en_ewt-ud-train.conllu and en_ewt-ud-dev.conllu.
    #[arg(long)]
    ewt: PathBuf,
    /// More training text in CoNLL-U.
    #[arg(long)]
    also: Vec<PathBuf>,
    /// Text in CoNLL-U to measure on, beside English Web Treebank's.
    #[arg(long)]
    silver_dev: Option<PathBuf>,
    /// Words and the tags they can have.
    #[arg(long, default_value = "data/tagger/lexicon.toml")]
    lexicon: PathBuf,
    /// Where to write the weights.
    #[arg(long, default_value = "data/tagger/en.bin")]
    out: PathBuf,
    /// Turns over the training text.
    #[arg(long, default_value_t = 5)]
    turns: usize,
    /// Weights below this share of the largest are dropped.
    #[arg(long, default_value_t = 0.012)]
    prune: f32,
    /// Features are learned if they occur this often.
    #[arg(long, default_value_t = 3)]
    frequency: u32,
}

/// A sentence in casus's tokens; None where the gold tokens are cut otherwise.
struct Sentence {
    words: Vec<Word>,
    tags: Vec<Tag>,
    /// Whether a gold token has the same span.
    exact: Vec<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lexicon {
    tags: BTreeMap<String, Vec<String>>,
}

/// Number of tags.
const TAGS: usize = Tag::ALL.len();

pub(crate) fn train(args: &Args) -> Result<()> {
    let splitter = Splitter::embedded()?;
    let mut train = read(&splitter, &args.ewt.join("en_ewt-ud-train.conllu"), Casing::Mixed)?;
    for path in &args.also {
        train.extend(read(&splitter, path, Casing::Mixed)?);
    }
    let lexicon: Lexicon = toml::from_str(&fs::read_to_string(&args.lexicon)?)?;
    let known = learn_lexicon(&train, &lexicon);
    let weights = learn(&train, &known, args);
    let bytes = pack(&weights, &known, args.prune);
    eprintln!("{} bytes", bytes.len());
    fs::write(&args.out, &bytes).with_context(|| format!("cannot write {}", args.out.display()))?;
    let model = Model::open(bytes)?;
    for path in std::iter::once(&args.ewt.join("en_ewt-ud-dev.conllu")).chain(&args.silver_dev) {
        for casing in [Casing::Mixed, Casing::Upper, Casing::Lower] {
            let dev = read(&splitter, path, casing)?;
            let start = Instant::now();
            let (right, exact, all) = measure(&model, &dev, casing);
            let speed = all as f64 / start.elapsed().as_secs_f64();
            eprintln!(
                "{casing:?}: {:.2} % of {exact} tokens ({all} with those cut otherwise); {speed:.0} tokens/s",
                100.0 * right as f64 / exact as f64
            );
        }
    }
    Ok(())
}

/// Reads a treebank into casus's tokens, in the given letter case.
fn read(splitter: &Splitter, path: &Path, casing: Casing) -> Result<Vec<Sentence>> {
    let recase = |text: &str| match casing {
        Casing::Upper => text.to_uppercase(),
        Casing::Lower => text.to_lowercase(),
        Casing::Mixed | Casing::None => text.to_owned(),
    };
    let content = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let (mut sentences, mut lost) = (Vec::new(), 0);
    for block in content.split("\n\n").filter(|block| !block.trim().is_empty()) {
        let Some(text) = block.lines().find_map(|line| line.strip_prefix("# text = ")) else { continue };
        let rows = block.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
            let mut fields = line.split('\t');
            let id = fields.next()?;
            (!id.contains(['-', '.'])).then_some(())?;
            Some((recase(fields.next()?), fields.nth(2)?))
        });
        match align(splitter, &recase(text), rows) {
            Some(sentence) => sentences.push(sentence),
            None => lost += 1,
        }
    }
    ensure!(!sentences.is_empty(), "no sentences in {}", path.display());
    eprintln!("{}: {} sentences, {lost} left out", path.display(), sentences.len());
    Ok(sentences)
}

/// Finds the gold tokens in the text and hands their tags to casus's tokens. None if a gold token is
/// not in the text.
fn align<'t>(
    splitter: &Splitter,
    text: &str,
    rows: impl Iterator<Item = (String, &'t str)>,
) -> Option<Sentence> {
    let (mut gold, mut at) = (Vec::new(), 0);
    for (form, tag) in rows {
        at += text[at..].len() - text[at..].trim_start().len();
        text[at..].starts_with(&form).then_some(())?;
        gold.push((at, at + form.len(), tag));
        at += form.len();
    }
    let words = splitter.words(text);
    let (mut tags, mut exact, mut next) = (Vec::new(), Vec::new(), 0);
    for word in &words {
        let (start, end) = (word.span.start as usize, word.span.end as usize);
        while next + 1 < gold.len() && gold[next].1 <= start {
            next += 1;
        }
        let (from, to, tag) = *gold.get(next)?;
        tags.push(Tag::from_penn(tag));
        exact.push(from == start && to == end);
    }
    Some(Sentence { words, tags, exact })
}

/// Tags of every word that was seen twice or more, and of those in the lexicon.
fn learn_lexicon(train: &[Sentence], lexicon: &Lexicon) -> BTreeMap<String, Known> {
    let mut counts = BTreeMap::<&str, [u32; TAGS]>::new();
    for sentence in train {
        for (word, tag) in sentence.words.iter().zip(&sentence.tags) {
            if word.kind == TokenKind::Word {
                counts.entry(&word.norm).or_insert([0; TAGS])[*tag as usize] += 1;
            }
        }
    }
    let mut known = BTreeMap::new();
    for (word, counts) in counts {
        let sum: u32 = counts.iter().sum();
        if sum < 2 {
            continue;
        }
        let (mut tags, mut only) = (0, None);
        for (tag, &count) in Tag::ALL.iter().zip(&counts) {
            // A tag in twenty, not a slip of the annotators.
            if count * 20 >= sum {
                tags |= 1 << *tag as u32;
            }
            if sum >= 20 && count * 1000 >= sum * 997 {
                only = Some(*tag);
            }
        }
        known.insert(word.to_owned(), Known { tags, only });
    }
    for (tag, words) in &lexicon.tags {
        let tag = Tag::from_penn(tag);
        for word in words {
            let entry = known.entry(word.clone()).or_insert(Known::NOT);
            entry.tags |= 1 << tag as u32;
            if entry.only.is_some_and(|only| only != tag) {
                entry.only = None;
            }
        }
    }
    known
}

fn items(sentence: &Sentence, known: impl Fn(&str) -> Known) -> Vec<Item> {
    let item = |word: &Word| Item::new(&word.norm, word.kind, word.shape, word.hyphens, known(&word.norm));
    sentence.words.iter().map(item).collect()
}

/// Averaged weights of every feature that is frequent enough.
fn learn(train: &[Sentence], known: &BTreeMap<String, Known>, args: &Args) -> BTreeMap<u64, [f32; TAGS]> {
    let known = |norm: &str| known.get(norm).copied().unwrap_or(Known::NOT);
    let train: Vec<(Vec<Item>, &[Tag])> =
        train.iter().map(|sentence| (items(sentence, known), sentence.tags.as_slice())).collect();
    let mut rows = FxHashMap::<u64, u32>::default();
    for (items, tags) in &train {
        walk(items, |at, last, before| {
            features(items, at, last, before, true, |feature| *rows.entry(feature).or_default() += 1);
            tags[at]
        });
    }
    rows.retain(|_, count| *count >= args.frequency);
    for (index, row) in rows.values_mut().enumerate() {
        *row = index as u32;
    }
    eprintln!("{} features", rows.len());
    let mut weights = vec![[0f32; TAGS]; rows.len()];
    let mut totals = vec![[0f32; TAGS]; rows.len()];
    let mut order: Vec<(usize, bool)> =
        (0..train.len()).flat_map(|index| [(index, false), (index, true)]).collect();
    let (mut random, mut step) = (0x9e37_79b9_7f4a_7c15u64, 1f32);
    for turn in 1..=args.turns {
        for index in (1..order.len()).rev() {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            order.swap(index, (random % (index as u64 + 1)) as usize);
        }
        let (mut wrong, mut all) = (0usize, 0usize);
        let mut found = Vec::<u32>::new();
        for &(index, cased) in &order {
            let (items, tags) = &train[index];
            walk(items, |at, last, before| {
                found.clear();
                features(items, at, last, before, cased, |feature| found.extend(rows.get(&feature)));
                let mut scores = [0f32; casus_engine::text::tagger::LABELS];
                for &row in &found {
                    for (score, weight) in scores.iter_mut().zip(&weights[row as usize]) {
                        *score += weight;
                    }
                }
                let (guess, gold) = (best(&scores, items[at].known), tags[at]);
                all += 1;
                step += 1.0 / 1024.0;
                // What cannot be guessed right (a slip, a rare use) must not pull at the weights for ever.
                if guess != gold && items[at].known.allows(gold) {
                    wrong += 1;
                    for &row in &found {
                        for (tag, change) in [(gold, 1.0), (guess, -1.0)] {
                            weights[row as usize][tag as usize] += change;
                            totals[row as usize][tag as usize] += change * step;
                        }
                    }
                }
                guess
            });
        }
        eprintln!("turn {turn}: {:.2} % wrong", 100.0 * wrong as f64 / all as f64);
    }
    rows.into_iter()
        .map(|(feature, row)| {
            let row = row as usize;
            (feature, std::array::from_fn(|tag| weights[row][tag] - totals[row][tag] / step))
        })
        .collect()
}

/// Calls `each` with every token that needs deciding and the two tags before it.
fn walk(items: &[Item], mut each: impl FnMut(usize, u8, u8) -> Tag) {
    let (mut before, mut last) = (31, 31);
    for (at, item) in items.iter().enumerate() {
        let tag = item.fixed.or(item.known.only).unwrap_or_else(|| each(at, last, before));
        (before, last) = (last, tag as u8);
    }
}

/// Drops small weights and writes the rest in 8 bits.
fn pack(weights: &BTreeMap<u64, [f32; TAGS]>, known: &BTreeMap<String, Known>, prune: f32) -> Vec<u8> {
    let mut sizes: Vec<f32> =
        weights.values().flatten().map(|weight| weight.abs()).filter(|size| *size > 0.0).collect();
    sizes.sort_by(f32::total_cmp);
    // The few largest are cut off at 127, so that the many small ones stay apart.
    let largest = sizes.get(sizes.len() - 1 - sizes.len() / 1000).copied().unwrap_or(1.0);
    let rows: Vec<(u64, Vec<(Tag, i8)>)> = weights
        .iter()
        .map(|(feature, row)| {
            let kept = Tag::ALL.iter().zip(row).filter(|(_, weight)| weight.abs() >= prune * largest);
            (
                *feature,
                kept.map(|(tag, weight)| {
                    (*tag, (weight / largest * 127.0).round().clamp(-127.0, 127.0) as i8)
                })
                .collect::<Vec<_>>(),
            )
        })
        .filter(|(_, row)| !row.is_empty())
        .collect();
    eprintln!("{} of {} features kept", rows.len(), weights.len());
    let lexicon: Vec<(u64, Known)> = known.iter().map(|(word, known)| (lexicon_key(word), *known)).collect();
    write(&rows, &lexicon)
}

/// Tokens tagged right, tokens that gold has too, and all tokens.
fn measure(model: &Model, dev: &[Sentence], casing: Casing) -> (usize, usize, usize) {
    let (mut right, mut exact, mut all) = (0, 0, 0);
    let mut tags = Vec::new();
    for sentence in dev {
        let words = sentence.words.iter().map(|word| Raw {
            norm: &word.norm,
            kind: word.kind,
            shape: word.shape,
            hyphens: word.hyphens,
        });
        model.tag(words, casing == Casing::Mixed, &mut tags);
        all += tags.len();
        for ((guess, gold), same) in tags.iter().zip(&sentence.tags).zip(&sentence.exact) {
            exact += usize::from(*same);
            right += usize::from(*same && guess == gold);
        }
    }
    (right, exact, all)
}
