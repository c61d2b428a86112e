//! What a noun group can be: a means, a thing, armed or unarmed persons, ground that is held.
//!
//! This module must not know which verb the noun group stands beside.

use super::{
    Finder, Kind,
    chunk::{ChunkId, ChunkKind},
};
use crate::mention::actor::class::is_fighter;

impl Finder<'_> {
    pub(super) fn is_means(&self, at: ChunkId) -> bool {
        let nominal = self.nominal(at);
        nominal.weapon.is_some_and(|w| self.mentions.weapons[w].weapon.is_some()) || {
            // "the explosion killed four", "the blast": an action as subject is a means too.
            let entries = self.lexicon.noun(self.document.norm(nominal.head));
            nominal.actor.is_none()
                && entries
                    .iter()
                    .any(|e| e.rest.is_empty() && self.lexicon.trigger(e.trigger).kind != Kind::Effect)
        }
    }

    pub(super) fn is_thing(&self, at: ChunkId) -> bool {
        use crate::ParticipantKind::{Facility, Infrastructure, Vehicle};
        let nominal = self.nominal(at);
        match nominal.actor {
            Some(actor) => matches!(self.mentions.actors[actor].kind, Facility | Infrastructure | Vehicle),
            None => nominal.weapon.is_some_and(|w| self.mentions.weapons[w].item.is_some()),
        }
    }

    pub(super) fn is_explosive(&self, at: ChunkId) -> bool {
        self.nominal(at).weapon.is_some_and(|w| {
            self.mentions.weapons[w].weapon.as_deref().is_some_and(|code| {
                matches!(
                    code,
                    "bomb"
                        | "vehicle_bomb"
                        | "ied"
                        | "landmine"
                        | "dynamite"
                        | "explosive"
                        | "grenade"
                        | "letter_bomb"
                        | "suicide_vest"
                        | "incendiary"
                        | "rocket"
                        | "mortar"
                        | "aerial_bomb"
                        | "missile"
                )
            })
        })
    }

    pub(super) fn actor_class(&self, at: ChunkId) -> Option<&str> {
        self.nominal(at).actor.map(|a| self.mentions.actors[a].class.as_str())
    }

    pub(super) fn is_actor(&self, nouns: &[ChunkId]) -> bool {
        nouns.iter().any(|&n| {
            self.chunk(n).kind == ChunkKind::Pronoun
                || self.nominal(n).actor.is_some_and(|a| {
                    use crate::ParticipantKind::{Group, Person};
                    matches!(self.mentions.actors[a].kind, Group | Person)
                })
        })
    }

    pub(super) fn is_captive(&self, at: ChunkId) -> bool {
        let word = self.document.norm(self.chunk(at).head);
        matches!(
            word,
            "prisoner"
                | "prisoners"
                | "inmate"
                | "inmates"
                | "hostage"
                | "hostages"
                | "captive"
                | "captives"
                | "detainee"
                | "detainees"
                | "convicts"
        )
    }

    /// A count of bodies, or (where the verb counts) a bare number.
    pub(super) fn is_tally(&self, at: ChunkId, bare: bool) -> bool {
        let chunk = self.chunk(at);
        chunk.count.is_some_and(|c| {
            let count = &self.mentions.counts[c];
            count.unit == crate::Unit::Bodies || bare && chunk.tokens.end == count.tokens.end
        })
    }

    /// What a toll is put at: "12", "12 bodies", "eight civilians".
    pub(super) fn is_figure(&self, at: ChunkId) -> bool {
        self.is_tally(at, true) || self.chunk(at).count.is_some() && self.is_unarmed_person(at)
    }

    pub(super) fn is_unarmed_person(&self, at: ChunkId) -> bool {
        use crate::ParticipantKind::{Group, Person, Population};
        self.nominal(at).actor.is_some_and(|a| {
            let actor = &self.mentions.actors[a];
            matches!(actor.kind, Group | Person | Population) && actor.class != "unknown"
        })
    }

    pub(super) fn is_fighter(&self, at: ChunkId) -> bool {
        self.actor_class(at).is_some_and(is_fighter)
    }

    pub(super) fn is_displaceable(&self, at: ChunkId) -> bool {
        let chunk = self.chunk(at);
        let unit = chunk.count.map(|c| self.mentions.counts[c].unit);
        let word = self.document.norm(chunk.head);
        matches!(unit, Some(crate::Unit::Households | crate::Unit::Families))
            || matches!(
                word,
                "households"
                    | "families"
                    | "residents"
                    | "villagers"
                    | "people"
                    | "civilians"
                    | "inhabitants"
                    | "persons"
                    | "refugees"
                    | "population"
            ) && (chunk.count.is_some() || chunk.plural)
            || self.actor_class(at) == Some("civilians") && chunk.count.is_some()
    }

    pub(super) fn is_ground(&self, at: ChunkId) -> bool {
        let nominal = self.nominal(at);
        let word = self.document.norm(nominal.head);
        nominal.place.is_some()
            || matches!(
                word,
                "town"
                    | "city"
                    | "village"
                    | "hill"
                    | "base"
                    | "post"
                    | "outpost"
                    | "barracks"
                    | "camp"
                    | "airport"
                    | "bridge"
                    | "positions"
                    | "position"
                    | "checkpoint"
                    | "villages"
                    | "towns"
                    | "building"
                    | "station"
                    | "embassy"
                    | "district"
                    | "area"
                    | "territory"
                    | "headquarters"
                    | "hills"
                    | "posts"
            )
    }

    pub(super) fn can_be_target(&self, at: ChunkId) -> bool {
        let nominal = self.nominal(at);
        nominal.actor.is_some()
            || nominal.place.is_none()
                && nominal.weapon.is_none_or(|w| self.mentions.weapons[w].item.is_some())
    }
}
