//! Whose "its fighters" are: those of the one body that its sentence names before them.
//!
//! Claims are told this way more often than not, and without it the act of a named group would be that of an
//! unknown one. Where the words before name two bodies that might be meant, nobody is taken.
//!
//! This module must not know who tells what.
//!
//! ```text
//! "Al-Shabaab said its fighters killed two." -> fighters: som-al-shabaab
//! ```

use super::{ActorMention, class::is_armed, lexicon::Lexicon, phrase::take_over};
use crate::text::Document;

/// Gives armed people behind "its" the body they belong to.
pub(super) fn of_its(lexicon: &Lexicon, document: &Document<'_>, mentions: &mut [ActorMention]) {
    for index in 0..mentions.len() {
        let (before, after) = mentions.split_at_mut(index);
        let mention = &mut after[0];
        let start = mention.tokens.start;
        if mention.register.is_some() || start == 0 || document.norm(start - 1) != "its" {
            continue;
        }
        let sentence = document.sentence_of(start);
        let mut owners = before
            .iter()
            .rev()
            .take_while(|owner| document.sentence_of(owner.tokens.start) == sentence)
            .filter(|owner| may_own(owner, mention));
        let Some(owner) = owners.next() else { continue };
        let same = |other: &ActorMention| match (&owner.register, &other.register) {
            (Some(one), Some(other)) => one == other,
            _ => owner.country == other.country,
        };
        if !owners.all(same) {
            continue;
        }
        if is_armed(&owner.class) {
            take_over(mention, owner, mention.weak);
        } else {
            mention.country.clone_from(&owner.country);
            mention.government_of.clone_from(&owner.country);
            let code = if mention.class == "state_police" { "police" } else { "army" };
            let iso3 = owner.country.as_deref().and_then(|country| lexicon.iso3(country));
            let id = iso3.map(|iso3| format!("{}-{code}", iso3.to_ascii_lowercase()));
            if let Some(id) = id
                && let Some(entry) = lexicon.entry(&id)
            {
                mention.name = Some(entry.name);
                mention.register = Some(id);
            }
        }
    }
}

/// A body of the register has people of any kind that bear arms; a ministry or a government has soldiers and police.
fn may_own(owner: &ActorMention, owned: &ActorMention) -> bool {
    if owner.register.is_some() && is_armed(&owner.class) {
        let states = owner.class.starts_with("state_");
        return if states { owned.class.starts_with("state_") } else { is_armed(&owned.class) || owned.weak };
    }
    owner.class == "state_other"
        && owner.country.is_some()
        && matches!(owned.class.as_str(), "state_military" | "state_police")
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    #[test]
    fn people_are_those_of_the_one_body_named_before() {
        for (text, head, register) in [
            ("Al-Shabaab said its fighters had killed two.", "fighters", Some("som-al-shabaab")),
            ("Al-Shabaab denied that its members left Gol.", "members", Some("som-al-shabaab")),
            ("The Russian Defence Ministry said its forces left Gol.", "forces", Some("rus-army")),
            ("The Nigerian army said that its troops left Gol.", "troops", Some("nga-army")),
            ("Boko Haram and Al-Shabaab said its fighters left.", "fighters", None),
            ("Al-Shabaab said fighters had killed two.", "fighters", None),
            ("The town and Al-Shabaab met. It lost its fighters.", "fighters", None),
        ] {
            let mentions = read(text, None);
            let (_, mention) = mentions.iter().find(|(words, _)| words.ends_with(head)).expect(text);
            assert_eq!(mention.register.as_deref(), register, "{text}");
        }
    }
}
