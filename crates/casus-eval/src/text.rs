//! Words, parts of speech and sentences against a treebank: English Web Treebank's dev part, put
//! together again as running text, as it is, in capitals and in lower case.
//!
//! The stage is measured as reports go through it: a part of speech counts as right only if the word
//! was cut as in gold, and a sentence only if it ends where gold's does.

use crate::sets;
use anyhow::{Context, Result};
use casus_engine::{
    Casus, Report,
    text::{Tag, segment},
};
use clap::Args;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Write, stdout},
    path::PathBuf,
};

/// Arguments of `text`.
#[derive(Args)]
pub(crate) struct Text {
    /// Folder of the data sets; otherwise $CASUS_EVAL_DATA, otherwise ../shared/data.
    #[arg(long)]
    data: Option<PathBuf>,
    /// File of the results.
    #[arg(long, default_value = "results/text.csv")]
    output: PathBuf,
    /// Do not write the results, only print them.
    #[arg(long)]
    dry_run: bool,
}

/// A document of the treebank as running text.
#[derive(Default)]
struct Gold {
    text: String,
    /// Where sentences end.
    ends: BTreeSet<u32>,
    /// Tags by start and end of the word.
    tags: BTreeMap<(u32, u32), Tag>,
}

/// What is right, and out of how many.
#[derive(Default)]
struct Count {
    words: usize,
    cut: usize,
    tagged: usize,
    ends: usize,
    found: usize,
    right: usize,
}

impl Text {
    pub(crate) fn run(&self) -> Result<()> {
        let path = sets::folder(self.data.as_deref()).join("treebanks/ewt/en_ewt-ud-dev.conllu");
        let Ok(treebank) = fs::read_to_string(&path) else {
            eprintln!("no treebank at {}: nothing measured", path.display());
            return Ok(());
        };
        let casus = Casus::embedded()?;
        let mut csv = String::from("set,casing,words_cut,tags_right,sentence_p,sentence_r,sentence_f1\n");
        for (name, recase) in [
            ("mixed", str::to_owned as fn(&str) -> String),
            ("upper", str::to_uppercase),
            ("lower", str::to_lowercase),
        ] {
            let count = measure(&casus, &documents(&treebank, recase));
            let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
            let figures = [
                share(count.cut, count.words),
                share(count.tagged, count.cut),
                share(count.right, count.found),
                share(count.right, count.ends),
                share(2 * count.right, count.found + count.ends),
            ];
            let figures: Vec<String> = figures.iter().map(|figure| format!("{figure:.4}")).collect();
            csv.push_str(&format!("ewt-dev,{name},{}\n", figures.join(",")));
        }
        // A closed pipe is no error: the figures are in the file.
        let _ = stdout().lock().write_all(csv.as_bytes());
        if !self.dry_run {
            fs::write(&self.output, csv)
                .with_context(|| format!("cannot write {}", self.output.display()))?;
        }
        Ok(())
    }
}

fn measure(casus: &Casus, documents: &[Gold]) -> Count {
    let mut count = Count::default();
    for gold in documents {
        let report = Report { text: gold.text.clone(), language: Some("en".into()), ..Report::default() };
        let document = segment(casus.resources(), &report);
        count.words += gold.tags.len();
        for token in &document.tokens {
            if let Some(tag) = gold.tags.get(&(token.span.start, token.span.end)) {
                count.cut += 1;
                count.tagged += usize::from(*tag == token.tag);
            }
        }
        count.ends += gold.ends.len();
        count.found += document.sentences.len();
        let ends = document.sentences.iter().map(|sentence| document.span(&sentence.tokens).end);
        count.right += ends.filter(|end| gold.ends.contains(end)).count();
    }
    count
}

/// The documents of a treebank in CoNLL-U with their names, as plain text.
pub(crate) fn plain(treebank: &str) -> Vec<(String, String)> {
    let names = treebank.lines().filter_map(|line| line.strip_prefix("# newdoc id = "));
    let texts = documents(treebank, str::to_owned).into_iter().map(|document| document.text);
    names.map(str::to_owned).zip(texts).collect()
}

/// Documents of a treebank in CoNLL-U: sentences parted by spaces, paragraphs by an empty line.
fn documents(treebank: &str, recase: impl Fn(&str) -> String) -> Vec<Gold> {
    let mut documents: Vec<Gold> = Vec::new();
    let mut at = 0;
    for line in treebank.lines() {
        if line.starts_with("# newdoc") || documents.is_empty() {
            documents.push(Gold::default());
        }
        let Some(gold) = documents.last_mut() else { continue };
        if line.starts_with("# newpar") && !gold.text.is_empty() {
            gold.text.truncate(gold.text.trim_end().len());
            gold.text.push_str("\n\n");
        } else if let Some(sentence) = line.strip_prefix("# text = ") {
            at = gold.text.len();
            gold.text.push_str(&recase(sentence));
            gold.ends.insert(gold.text.len() as u32);
            gold.text.push(' ');
        } else if !line.starts_with('#') {
            let fields: Vec<&str> = line.split('\t').collect();
            let [id, form, _, _, tag, ..] = fields[..] else { continue };
            let form = recase(form);
            // Words that are joined in the text ("don't") are numbered "2-3" before their parts.
            let Some(offset) =
                gold.text.get(at..).filter(|_| !id.contains(['-', '.'])).and_then(|rest| rest.find(&form))
            else {
                continue;
            };
            let start = at + offset;
            at = start + form.len();
            gold.tags.insert((start as u32, at as u32), Tag::from_penn(tag));
        }
    }
    documents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_treebank_becomes_running_text() {
        let treebank = "# newdoc id = a\n# newpar\n# text = They don't.\n1\tThey\t_\t_\tPRP\n2-3\tdon't\t_\t_\t_\n2\tdo\t_\t_\tVBP\n\
                        3\tn't\t_\t_\tRB\n4\t.\t_\t_\t.\n\n# newpar\n# text = Go\n1\tGo\t_\t_\tVB\n";
        let documents = documents(treebank, str::to_uppercase);
        assert_eq!(documents.len(), 1);
        assert_eq!(documents[0].text, "THEY DON'T.\n\nGO ");
        assert_eq!(documents[0].ends, BTreeSet::from([11, 15]));
        let tags = [
            ((0, 4), Tag::Pronoun),
            ((5, 7), Tag::VerbPresent),
            ((7, 10), Tag::Adverb),
            ((10, 11), Tag::Punctuation),
        ];
        assert_eq!(documents[0].tags, tags.into_iter().chain([((13, 15), Tag::VerbBase)]).collect());
    }
}
