//! Parties in languages that are read by their words alone (`data/patterns/<lang>/acts.toml`): the longest known
//! words, without the grammar of a noun phrase. Names of the register are found in every language before.

use super::{ActorMention, fold};
use crate::{
    Error, ParticipantKind, VoiceKind,
    text::{Document, TokenId},
};
use casus_data::tables::acts::Acts;
use rustc_hash::FxHashMap;

/// Words of one party.
#[derive(Debug)]
struct Entry {
    /// Words behind the first.
    rest: Vec<String>,
    class: String,
    kind: ParticipantKind,
    plural: bool,
}

/// The parties of every language, by their first word.
#[derive(Debug, Default)]
pub(super) struct Plain {
    languages: FxHashMap<String, FxHashMap<String, Vec<Entry>>>,
}

impl Plain {
    pub(super) fn embedded() -> Result<Plain, Error> {
        let table: Acts = casus_data::table("acts")?;
        let mut plain = Plain::default();
        for (language, words) in table.languages {
            let entries = plain.languages.entry(language).or_default();
            for party in words.party {
                let several = match party.kind.as_str() {
                    "person" => ParticipantKind::Group,
                    kind => kind_of(kind)?,
                };
                let lists = [(party.one, kind_of(&party.kind)?, false), (party.several, several, true)];
                for (forms, kind, plural) in lists {
                    for form in forms {
                        let mut rest: Vec<String> = form.split(' ').map(folded).collect();
                        let first = rest.remove(0);
                        let class = party.class.clone();
                        entries.entry(first).or_default().push(Entry { rest, class, kind, plural });
                    }
                }
            }
            entries
                .values_mut()
                .for_each(|list| list.sort_by_key(|entry| std::cmp::Reverse(entry.rest.len())));
        }
        Ok(plain)
    }

    /// Adds the parties of a document to the names found in it.
    pub(super) fn find(&self, document: &Document<'_>, mentions: &mut Vec<ActorMention>) {
        let Some(entries) = document.language.and_then(|language| self.languages.get(language)) else {
            return;
        };
        let words: Vec<String> =
            (0..document.tokens.len() as TokenId).map(|token| folded(document.norm(token))).collect();
        let mut taken = vec![false; words.len()];
        for mention in mentions.iter() {
            taken[mention.tokens.start as usize..mention.tokens.end as usize].fill(true);
        }
        let mut at = 0;
        while at < words.len() {
            let found = entries.get(&words[at]).into_iter().flatten().find(|entry| {
                let end = at + 1 + entry.rest.len();
                end <= words.len()
                    && words[at + 1..end] == entry.rest[..]
                    && !taken[at..end].iter().any(|&taken| taken)
                    && document.tokens[at].sentence == document.tokens[end - 1].sentence
            });
            let Some(entry) = found else {
                at += 1;
                continue;
            };
            let end = at + 1 + entry.rest.len();
            let tokens = at as TokenId..end as TokenId;
            mentions.push(ActorMention {
                span: document.span(&tokens),
                head: tokens.start,
                tokens,
                proper: None,
                register: None,
                name: None,
                kind: entry.kind,
                class: entry.class.clone(),
                target_type: None,
                country: None,
                government_of: None,
                attributes: Vec::new(),
                sectors: Vec::new(),
                voice: VoiceKind::Other,
                plural: entry.plural,
                suspected: false,
                weak: false,
                same_as: None,
            });
            at = end;
        }
        // Names keep their order, and what restates them its index: only the new ones are sorted in where none does.
        if mentions.iter().all(|mention| mention.same_as.is_none()) {
            mentions.sort_by_key(|mention| mention.tokens.start);
        }
    }
}

/// A word as it is compared: lower case, no accents.
pub(crate) fn folded(word: &str) -> String {
    let mut out = String::new();
    fold(word, &mut out);
    // Marks are compared as they stand.
    if out.is_empty() { word.to_owned() } else { out }
}

fn kind_of(name: &str) -> Result<ParticipantKind, Error> {
    Ok(match name {
        "person" => ParticipantKind::Person,
        "group" => ParticipantKind::Group,
        "population" => ParticipantKind::Population,
        "facility" => ParticipantKind::Facility,
        "vehicle" => ParticipantKind::Vehicle,
        "infrastructure" => ParticipantKind::Infrastructure,
        other => return Err(Error::data("acts", format!("no kind {other:?}"))),
    })
}
