//! Finds mentions of times, places, actors, counts, weapons, things and voices: a span each, with
//! ranked meanings. Proposes; `resolve` decides.
//!
//! This module must not know what an event is.

use crate::{
    Date, Error, Resources,
    text::{Document, Tags},
};

pub mod actor;
pub mod count;
mod phrase;
pub mod place;
pub mod time;
pub mod voice;
pub mod weapon;

/// What the mention stage looks up.
#[derive(Debug)]
pub struct Data {
    pub(crate) time: time::Data,
    pub(crate) place: place::Data,
    pub(crate) actor: actor::Data,
    pub(crate) count: count::Data,
    pub(crate) weapon: weapon::Data,
    pub(crate) voice: voice::Data,
}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Ok(Data {
            time: time::Data::embedded()?,
            place: place::Data::embedded()?,
            actor: actor::Data::embedded()?,
            count: count::Data::embedded()?,
            weapon: weapon::Data::embedded()?,
            voice: voice::Data::embedded()?,
        })
    }
}

/// All mentions of a document, each list in text order.
#[derive(Debug, Default)]
#[allow(missing_docs)]
pub struct Mentions {
    pub times: Vec<time::TimeMention>,
    pub places: Vec<place::PlaceMention>,
    pub actors: Vec<actor::ActorMention>,
    pub counts: Vec<count::CountMention>,
    pub weapons: Vec<weapon::WeaponMention>,
    pub voices: Vec<voice::VoiceMention>,
    /// The day the report counts as published: as given, or as the text tells.
    pub published: Option<Date>,
}

/// Finds all mentions. Times first, then counts (a number in a date is no count), then actors,
/// then places (a place name inside an actor's name is no place), then the rest.
pub fn find(resources: &Resources, document: &Document<'_>) -> Mentions {
    let data = &resources.mention;
    let (times, published) = time::find_by(&data.time, document, &Tags::of(document));
    let atoms = phrase::atoms(document);
    let counts = count::find(&data.count, document, &atoms, &times);
    let actors = actor::find(&data.actor, document, &times);
    let places = place::find(&data.place, document, &times, &actors);
    let weapons = weapon::find(&data.weapon, document, &atoms);
    let voices = voice::find(&data.voice, document, &actors);
    Mentions { times, places, actors, counts, weapons, voices, published }
}
