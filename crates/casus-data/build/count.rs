//! Section `count`: number words of every language, without the cases that test them.

use crate::{
    patterns,
    tables::count::{CountWords, Counts},
};
use std::{error::Error, path::Path};

pub(crate) fn build(folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut languages = patterns::languages::<CountWords>(folder, "count.toml")?;
    for words in languages.values_mut() {
        drop_cases(words);
    }
    Ok(postcard::to_stdvec(&Counts { languages })?)
}

fn drop_cases(words: &mut CountWords) {
    let CountWords { bound, range, vague, none, kind, unit, block, cases, no_match, .. } = words;
    let lists = [(cases, no_match)]
        .into_iter()
        .chain(bound.iter_mut().map(|x| (&mut x.cases, &mut x.no_match)))
        .chain([(&mut range.cases, &mut range.no_match)])
        .chain(vague.iter_mut().map(|x| (&mut x.cases, &mut x.no_match)))
        .chain(none.iter_mut().map(|x| (&mut x.cases, &mut x.no_match)))
        .chain(kind.iter_mut().map(|x| (&mut x.cases, &mut x.no_match)))
        .chain(unit.iter_mut().map(|x| (&mut x.cases, &mut x.no_match)))
        .chain(block.iter_mut().map(|x| (&mut x.cases, &mut x.no_match)));
    for (cases, no_match) in lists {
        cases.clear();
        no_match.clear();
    }
}
