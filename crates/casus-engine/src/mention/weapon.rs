//! Weapons and materiel: words that name means of violence or things that are lost or taken.
//!
//! The words are data (`data/patterns/<language>/weapons.toml`, each with its cases). The longest
//! phrase wins; a word that is part of a name ("Mine Action Centre") or a verb ("to shell") names no
//! thing.
//!
//! This module must not know what an event is.
//!
//! ```text
//! "two car bombs" -> "car bombs": weapon vehicle_bomb, delivery vehicle, plural
//! ```

use super::phrase::{Atom, Lexicon, before};
use crate::{
    Error, Span,
    text::{BlockKind, Casing, Document, Shape, Tag, TokenId, TokenKind},
};
use casus_data::tables::weapons::{Term, WeaponWords, Weapons};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// What the weapon stage looks up.
#[derive(Debug)]
pub struct Data {
    languages: FxHashMap<String, Words>,
}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        let weapons: Weapons = casus_data::table("weapons")?;
        Ok(Data {
            languages: weapons.languages.into_iter().map(|(name, words)| (name, Words::new(words))).collect(),
        })
    }
}

/// A weapon or thing that the text names.
#[derive(Debug, Clone, PartialEq)]
pub struct WeaponMention {
    /// Its tokens, without determiner and count.
    pub tokens: Range<TokenId>,
    /// Its span.
    pub span: Span,
    /// Weapon code, if it is a means of violence.
    pub weapon: Option<String>,
    /// Materiel code, if it can be lost or taken.
    pub item: Option<String>,
    /// Delivery code that the words tell.
    pub delivery: Option<String>,
    /// Whether the words are plural.
    pub plural: bool,
}

/// A phrase: a term in the singular or plural, or nothing.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    Term { term: usize, plural: bool },
    Block,
}

/// The words of one language, ready to be looked up.
#[derive(Debug)]
struct Words {
    terms: Vec<Term>,
    phrases: Lexicon<Meaning>,
}

impl Words {
    fn new(table: WeaponWords) -> Words {
        let mut phrases = Lexicon::forward();
        for (term, words) in table.term.iter().enumerate() {
            words.singular.iter().for_each(|word| phrases.add(word, Meaning::Term { term, plural: false }));
            words.plural.iter().for_each(|word| phrases.add(word, Meaning::Term { term, plural: true }));
        }
        table.block.iter().for_each(|phrase| phrases.add(phrase, Meaning::Block));
        Words { terms: table.term, phrases }
    }
}

/// Finds all weapons and things of the document.
pub(crate) fn find(data: &Data, document: &Document<'_>, atoms: &[Atom<'_>]) -> Vec<WeaponMention> {
    let primary = document.language.map_or("en", |tag| tag.split('-').next().unwrap_or(tag));
    let Some(words) = data.languages.get(primary) else { return Vec::new() };
    let mut found = Vec::new();
    let mut at = 0;
    while at < atoms.len() {
        let fits = |end: usize, meaning: &Meaning| match *meaning {
            Meaning::Block => true,
            Meaning::Term { term, .. } => words.fits(document, atoms, at, end, &words.terms[term]),
        };
        match words.phrases.longest(atoms, at, fits) {
            Some((end, Meaning::Term { term, plural })) => {
                let term = &words.terms[*term];
                let tokens = atoms[at].token..atoms[end - 1].token + 1;
                found.push(WeaponMention {
                    span: document.span(&tokens),
                    tokens,
                    weapon: term.weapon.clone(),
                    item: term.item.clone(),
                    delivery: term.delivery.clone(),
                    plural: *plural,
                });
                at = end;
            }
            Some((end, Meaning::Block)) => at = end,
            None => at += 1,
        }
    }
    found
}

impl Words {
    /// Whether the phrase in `at..end` names a thing: whole tokens, no verb, not part of a name.
    fn fits(&self, document: &Document<'_>, atoms: &[Atom<'_>], at: usize, end: usize, term: &Term) -> bool {
        let (first, last) = (atoms[at].token, atoms[end - 1].token);
        let whole =
            (at == 0 || atoms[at - 1].token != first) && atoms.get(end).is_none_or(|next| next.token != last);
        if !whole {
            return false;
        }
        if !term.after.is_empty() {
            let back = before(atoms, at).map(|back| atoms[back].text);
            if !back.is_some_and(|back| term.after.iter().any(|word| word == back)) {
                return false;
            }
        }
        let token = &document.tokens[last as usize];
        let verb = matches!(token.tag, Tag::VerbBase | Tag::VerbPast | Tag::VerbPresent | Tag::VerbThird);
        if first == last && verb && !term.mass && !term.name {
            return false;
        }
        term.name || !is_in_name(document, first..last + 1)
    }
}

/// Whether capitals in running text say that the words are a name, or part of one.
fn is_in_name(document: &Document<'_>, tokens: Range<TokenId>) -> bool {
    let sentence = &document.sentences[document.sentence_of(tokens.start) as usize];
    let block = &document.blocks[sentence.block as usize];
    if document.casing != Casing::Mixed || matches!(block.kind, BlockKind::Title | BlockKind::Heading) {
        return false;
    }
    let capital = |token: TokenId| {
        document.tokens.get(token as usize).is_some_and(|token| {
            token.kind == TokenKind::Word && matches!(token.shape, Shape::Title | Shape::Mixed)
        })
    };
    if !capital(tokens.start) {
        return false;
    }
    let first_word = (sentence.tokens.start..tokens.start)
        .all(|token| document.tokens[token as usize].kind != TokenKind::Word);
    if first_word {
        // At the start of a sentence only a capital behind it tells: "Mine Action Centre".
        return tokens.len() > 1 && (tokens.start + 1..tokens.end).all(capital)
            || (tokens.end < sentence.tokens.end && capital(tokens.end));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Report, Resources, text};
    use std::{fs, path::PathBuf};

    fn rendered(resources: &Resources, language: &'static str, text: &str) -> String {
        let report = Report { text: text.into(), language: Some(language.into()), ..Report::default() };
        let mut document = text::segment(resources, &report);
        document.language = Some(language);
        let code = |name: &str, code: &Option<String>| code.as_ref().map(|code| format!(" {name}:{code}"));
        let mentions: Vec<String> =
            find(&resources.mention.weapon, &document, &crate::mention::phrase::atoms(&document))
                .iter()
                .map(|mention| {
                    let mut out = format!("{} =", document.slice(mention.span));
                    out.extend(code("weapon", &mention.weapon));
                    out.extend(code("item", &mention.item));
                    out.extend(code("delivery", &mention.delivery));
                    out.push_str(if mention.plural { " plural" } else { "" });
                    out
                })
                .collect();
        mentions.join("; ")
    }

    /// Runs every case of a language's pattern file.
    fn check_file(language: &'static str) {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data/patterns").join(language);
        let words: WeaponWords =
            toml::from_str(&fs::read_to_string(path.join("weapons.toml")).unwrap()).unwrap();
        let resources = Resources::embedded().unwrap();
        let mut failures = Vec::new();
        let cases = words.term.iter().flat_map(|term| &term.cases);
        let cases =
            cases.map(|case| case.split_once(" => ").unwrap_or_else(|| panic!("no arrow in {case:?}")));
        let no_match = words.term.iter().flat_map(|term| &term.no_match).chain(&words.no_match);
        for (text, expected) in cases.chain(no_match.map(|text| (text.as_str(), ""))) {
            let found = rendered(&resources, language, text);
            if found != expected {
                failures.push(format!("{text:?}\n  expected {expected}\n  found    {found}"));
            }
        }
        assert!(failures.is_empty(), "{language}:\n{}", failures.join("\n"));
    }

    #[test]
    fn english_patterns() {
        check_file("en");
    }
}
