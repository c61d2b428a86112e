//! Places: names found in context, with ranked entries of the gazetteer.
//!
//! [`find`] walks once over the tokens (`recognise`), reads how things lie to the names (`relate`)
//! and orders what each name could mean by the evidence of the whole document (`rank`);
//! [`to_where`] turns a mention into the record's `Where`.
//!
//! ```
//! # use casus_engine::{Casus, Report};
//! let casus = Casus::embedded()?;
//! let text = "Fighting went on 12 km north of Kandahar, police said.";
//! let report = Report { text: text.into(), ..Report::default() };
//! let traced = casus.read_traced(&report);
//! let place = &traced.mentions.places[0];
//! assert_eq!(place.distance_km, Some(12.0));
//! assert_eq!(place.candidates[0].country.as_deref(), Some("AF"));
//! # Ok::<(), casus_engine::Error>(())
//! ```
//!
//! This module must not know what an event is.

mod around;
mod gazetteer;
mod lexicon;
mod locate;
mod rank;
mod recognise;
mod relate;
mod sound;
#[cfg(test)]
mod tests;

use super::{actor::ActorMention, time::TimeMention};
use crate::{
    Bearing, Candidate, Error, Function, PlaceKind, PlaceRelation, Span,
    text::{Document, TokenId},
};
use lexicon::Lexicon;
use recognise::{Hit, View};
use rustc_hash::FxHashMap;
use std::ops::Range;

pub use gazetteer::{Entry, Found, Gazetteer, Level, Place};
pub use locate::to_where;
pub use rank::distance_km;

/// What the place stage looks up.
#[derive(Debug)]
pub struct Data {
    gazetteer: Gazetteer,
    lexicon: Lexicon,
}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Ok(Data { gazetteer: Gazetteer::embedded()?, lexicon: Lexicon::embedded()? })
    }

    /// The same with another gazetteer.
    pub(crate) fn with_gazetteer(self, gazetteer: Gazetteer) -> Data {
        Data { gazetteer, ..self }
    }

    /// Whether a word, by its normal form, names a building or another site of people ("market", "airport").
    pub(crate) fn is_facility(&self, norm: &str) -> bool {
        self.lexicon.word(norm).is(lexicon::flag::FACILITY)
    }

    /// The gazetteer.
    pub fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
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
    /// For a name without candidates, the place that most likely holds it, by what the text names around.
    pub around: Option<Candidate>,
    /// Names of the divisions of the best candidate, second and third order.
    pub admin: [Option<String>; 2],
    /// Probability that the best candidate is right, 0 to 1.
    pub confidence: f32,
}

/// Candidates that a mention keeps.
const CANDIDATES: usize = 5;

/// Finds all places of the document, candidates ranked by the document's evidence. A name that the
/// gazetteer lacks is a mention without candidates.
pub fn find(
    data: &Data,
    document: &Document<'_>,
    times: &[TimeMention],
    actors: &[ActorMention],
) -> Vec<PlaceMention> {
    let view = View::new(data, document, times);
    let hits = recognise::hits(data, &view, actors);
    mentions(data, &view, hits)
}

/// The places of names whose spans are given, for measuring resolution alone: one mention a span, in
/// the order of the spans' starts, with the names that the text holds besides as evidence.
pub fn resolve_spans(
    data: &Data,
    document: &Document<'_>,
    times: &[TimeMention],
    actors: &[ActorMention],
    spans: &[Span],
) -> Vec<PlaceMention> {
    let view = View::new(data, document, times);
    let hits = recognise::given(data, &view, actors, spans);
    let mut places = mentions(data, &view, hits);
    let given = |place: &PlaceMention| {
        spans.iter().any(|span| span.overlaps(place.span) || span.start == place.span.start)
    };
    places.retain(given);
    places
}

fn mentions(data: &Data, view: &View<'_, '_>, hits: Vec<Hit>) -> Vec<PlaceMention> {
    let gazetteer = &data.gazetteer;
    let relations = relate::relations(view, &hits);
    let kinds = relate::kinds(view, &hits);
    let within = relate::within(gazetteer, view, &hits);
    let ranked = rank::rank(gazetteer, &hits, &kinds, &within);
    let around = around::around(gazetteer, view, &hits, &within, &relations, &ranked);
    let mut names = Names { gazetteer, candidates: FxHashMap::default(), names: FxHashMap::default() };
    let mut out = Vec::with_capacity(hits.len());
    for (index, ((hit, relation), ranked)) in hits.into_iter().zip(relations).zip(ranked).enumerate() {
        let best = ranked.candidates.first().map(|&(entry, _)| gazetteer.place(entry.place()));
        let named = 1.0 / (1.0 + (-hit.odds).exp());
        out.push(PlaceMention {
            span: view.document.span(&hit.tokens),
            tokens: hit.tokens,
            stated: relation.stated,
            usage: hit.usage,
            relation: relation.relation,
            function: relation.function,
            distance_km: relation.distance_km,
            bearing: relation.bearing,
            kind: kinds[index].or(best.as_ref().map(|place| place.kind)).unwrap_or(PlaceKind::Unknown),
            within: within[index].clone(),
            detail: relation.detail,
            admin: match &best {
                Some(place) if place.kind != PlaceKind::Admin2 => {
                    [place.admin2.map(|division| names.name(division)), None]
                }
                _ => [None, None],
            },
            around: around[index].map(|entry| names.candidate(entry, 0.0)),
            confidence: ranked.candidates.first().map_or(0.3, |(_, p)| calibrated(p * named)),
            candidates: ranked
                .candidates
                .iter()
                .take(CANDIDATES)
                .map(|&(entry, score)| names.candidate(entry, score))
                .collect(),
        });
    }
    out
}

/// How often a place of a certain share of the ranking turns out to be right: the ranking tells candidates
/// apart less sharply than it could. Fitted on 2,916 places of LGL, GeoWebNews and TR-News, with the odds as
/// said and as they came true; `casus-eval run --task geo` tells how far what is said is from what is right.
fn calibrated(share: f32) -> f32 {
    const STEEP: f32 = 0.61;
    const LIFT: f32 = 1.2;
    let share = share.clamp(1e-3, 1.0 - 1e-3);
    1.0 / (1.0 + (-(STEEP * (share / (1.0 - share)).ln() + LIFT)).exp())
}

/// Candidates and names of places: a report names the same ones again and again, and writing a name out
/// costs more than copying it.
struct Names<'g> {
    gazetteer: &'g Gazetteer,
    candidates: FxHashMap<u32, Candidate>,
    names: FxHashMap<u32, String>,
}

impl Names<'_> {
    fn name(&mut self, place: u32) -> String {
        self.names.entry(place).or_insert_with(|| self.gazetteer.name(place)).clone()
    }

    fn candidate(&mut self, entry: Entry, score: f32) -> Candidate {
        if let Some(known) = self.candidates.get(&entry.place()) {
            return Candidate { score, ..known.clone() };
        }
        let place = self.gazetteer.place(entry.place());
        let candidate = Candidate {
            name: self.gazetteer.name(entry.place()),
            gazetteer: place.id(),
            lat: place.lat,
            lon: place.lon,
            country: place.country.map(str::to_owned),
            admin1: place.admin1.map(|division| self.name(division)),
            kind: place.kind,
            score,
        };
        self.candidates.insert(entry.place(), candidate.clone());
        candidate
    }
}
