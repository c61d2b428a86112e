//! Names that no gazetteer holds, put in a place's role by their clause ("strikes on Tarna", "the post at Hadda").
//!
//! This module must not know which place an event has.

use super::{ArgumentRole, Finder, Frame};
use crate::{
    Function, PlaceKind, PlaceRelation,
    mention::place::{PlaceMention, Use},
    text::TokenId,
};
use std::ops::Range;

impl Finder<'_> {
    /// Unknown names in a place's role become sites.
    pub(super) fn sites(&self, frame: &mut Frame, sites: &mut Vec<PlaceMention>) {
        let trigger = self.lexicon.trigger(frame.trigger);
        let from_afar = matches!(trigger.family, crate::Family::AirStrike | crate::Family::Shelling)
            || trigger.id == "attack";
        for argument in &mut frame.arguments {
            let function = match argument.role {
                ArgumentRole::Origin => Function::Origin,
                ArgumentRole::Destination => Function::Destination,
                ArgumentRole::Recipient if from_afar && argument.rule == "target phrase" => Function::Site,
                _ => continue,
            };
            let nominal = &mut argument.nominal;
            if nominal.place.is_some() {
                continue;
            }
            let proper = matches!(
                self.document.tokens[nominal.head as usize].tag,
                crate::text::Tag::Proper | crate::text::Tag::ProperPlural
            );
            if !proper || nominal.actor.is_some() || nominal.count.is_some() || nominal.weapon.is_some() {
                continue;
            }
            sites.push(self.site(nominal.core.clone(), nominal.core.clone(), function, PlaceRelation::At));
            nominal.place = Some(self.mentions.places.len() + sites.len() - 1);
        }
    }

    /// "the post at Hadda": a name behind "at", "near" or "outside" that no other mention claims.
    pub(super) fn sites_beside(&self, frame: &Frame, sites: &mut Vec<PlaceMention>) {
        for phrase in self.clause.phrases(frame.chunk) {
            let relation = match self.clause.word(phrase.preposition) {
                "at" => PlaceRelation::At,
                "near" | "outside" => PlaceRelation::Near,
                _ => continue,
            };
            for noun in phrase.nouns {
                let nominal = self.nominal(noun);
                let name = nominal.core.clone().all(|t| {
                    let token = &self.document.tokens[t as usize];
                    token.tag == crate::text::Tag::Proper && token.shape == crate::text::Shape::Title
                });
                let claimed = nominal.core.clone().any(|t| {
                    let t = t as usize;
                    self.index.actor[t].is_some()
                        || self.index.place[t].is_some()
                        || self.index.weapon[t].is_some()
                });
                let known = sites.iter().rev().take(8).any(|site| site.tokens == nominal.core)
                    || self.index.named[nominal.head as usize];
                if name && !claimed && !known && nominal.count.is_none() {
                    sites.push(self.site(nominal.core.clone(), nominal.core, Function::Site, relation));
                }
            }
        }
    }

    pub(super) fn site(
        &self,
        tokens: Range<TokenId>,
        stated: Range<TokenId>,
        function: Function,
        relation: PlaceRelation,
    ) -> PlaceMention {
        PlaceMention {
            within: self.holder(tokens.end).into_iter().collect(),
            span: self.document.span(&tokens),
            tokens,
            stated,
            usage: Use::Place,
            relation,
            function,
            distance_km: None,
            bearing: None,
            kind: PlaceKind::Unknown,
            detail: None,
            meanings: Vec::new(),
            best: None,
            around: None,
            confidence: 0.3,
        }
    }

    /// "at Hadda, Kile territory": the place named right behind the comma holds the one before it.
    fn holder(&self, comma: TokenId) -> Option<u32> {
        let sentence = &self.document.sentences[self.sentence as usize].tokens;
        let inside = comma + 1 < sentence.end && self.document.norm(comma) == ",";
        if inside { self.index.place[comma as usize + 1] } else { None }
    }
}
