//! Places: names found in context, with ranked entries of the gazetteer.
//!
//! This module must not know what an event is.

use super::{actor::ActorMention, time::TimeMention};
use crate::{
    Bearing, Candidate, Error, Function, PlaceKind, PlaceRelation, Span,
    text::{Document, TokenId},
};
use std::ops::Range;

/// What the place stage looks up.
#[derive(Debug)]
pub struct Data {}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Ok(Data {})
    }
}

/// What a place name is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Use {
    /// Names the place.
    Place,
    /// Stands for its government or people ("Washington said").
    Agent,
    /// Adjective or people ("Syrian", "Afghans").
    Demonym,
    /// Part of a person's, group's or institution's name ("University of Aru", "Paris Hilton").
    InName,
}

/// A place that the text names.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceMention {
    /// Tokens of the name.
    pub tokens: Range<TokenId>,
    /// Span of the name.
    pub span: Span,
    /// Tokens of the name with the words that belong to it ("17 km north of Old Tarna village").
    pub stated: Range<TokenId>,
    /// What the name is used for.
    pub usage: Use,
    /// How something lies to it.
    pub relation: PlaceRelation,
    /// `end_a`, `end_b` of a road, `origin`, `destination`; else `site`.
    pub function: Function,
    /// Distance from the place in kilometres, if stated.
    pub distance_km: Option<f64>,
    /// Bearing from the place, if stated.
    pub bearing: Option<Bearing>,
    /// Kind that the words tell ("village", "district"); else that of the best candidate.
    pub kind: PlaceKind,
    /// Indices of mentions that the text names as its parents, nearest first ("Beya, Aru district").
    pub within: Vec<u32>,
    /// Facility, street or quarter that the text names at the place ("the market in Beya").
    pub detail: Option<Range<TokenId>>,
    /// Entries of the gazetteer, best first; empty if it has none.
    pub candidates: Vec<Candidate>,
    /// Names of the divisions of the best candidate, second and third order.
    pub admin: [Option<String>; 2],
    /// Probability that the best candidate is right, 0 to 1.
    pub confidence: f32,
}

/// Finds all places of the document, candidates ranked by the document's evidence.
pub fn find(
    _data: &Data,
    _document: &Document<'_>,
    _times: &[TimeMention],
    _actors: &[ActorMention],
) -> Vec<PlaceMention> {
    Vec::new()
}

/// The record's place for a mention.
pub fn to_where(mention: &PlaceMention, document: &Document<'_>, mentions: &super::Mentions) -> crate::Where {
    let best = mention.candidates.first();
    crate::Where {
        name: document.slice(mention.span).to_owned(),
        resolved: best.map(|c| c.name.clone()),
        stated: document.words(&mention.stated).to_owned(),
        detail: mention.detail.as_ref().map(|d| document.words(d).to_owned()),
        function: mention.function,
        relation: mention.relation,
        distance_km: mention.distance_km,
        bearing: mention.bearing,
        lat: best.map(|c| c.lat),
        lon: best.map(|c| c.lon),
        gazetteer: best.map(|c| c.gazetteer.clone()),
        kind: mention.kind,
        country: best.and_then(|c| c.country.clone()),
        admin1: best.and_then(|c| c.admin1.clone()),
        admin2: mention.admin[0].clone(),
        admin3: mention.admin[1].clone(),
        within: mention
            .within
            .iter()
            .map(|&w| document.slice(mentions.places[w as usize].span).to_owned())
            .collect(),
        precision: if best.is_some() { crate::Precision::Place } else { crate::Precision::Unresolved },
        confidence: mention.confidence,
        evidence: vec![mention.span],
        candidates: mention.candidates.clone(),
    }
}
