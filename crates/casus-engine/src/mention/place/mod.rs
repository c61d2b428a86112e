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
//! let best = place.best.as_ref().expect("Kandahar is known");
//! assert_eq!(best.country.as_deref(), Some("AF"));
//! # Ok::<(), casus_engine::Error>(())
//! ```
//!
//! This module must not know what an event is.

mod around;
mod gazetteer;
mod home;
mod known;
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
use std::ops::Range;

pub use gazetteer::{Entries, Entry, Found, Gazetteer, Level, Place};
pub use locate::to_where;
pub use rank::distance_km;

/// What the place stage looks up.
#[derive(Debug)]
pub struct Data {
    gazetteer: Gazetteer,
    lexicon: Lexicon,
    /// Tells data apart within a process.
    number: u64,
}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        Ok(Data { gazetteer: Gazetteer::embedded()?, lexicon: Lexicon::embedded()?, number: known::number() })
    }

    /// The same with another gazetteer.
    pub(crate) fn with_gazetteer(self, gazetteer: Gazetteer) -> Data {
        Data { gazetteer, number: known::number(), ..self }
    }

    /// Whether a word, by its normal form, names a building or another site of people ("market", "airport").
    pub(crate) fn is_facility(&self, norm: &str) -> bool {
        self.lexicon.word(norm).is(lexicon::flag::FACILITY)
    }

    /// What an entry means, its names written out.
    fn candidate(&self, entry: Entry, score: f32) -> Candidate {
        known::recall(|memory| memory.candidate(self, entry, score))
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
    /// What it may mean, best first, each with its share; empty if the gazetteer has no such name.
    pub meanings: Vec<(Entry, f32)>,
    /// The first of these written out.
    pub best: Option<Candidate>,
    /// For a name without candidates, the place that most likely holds it, by what the text names around.
    pub around: Option<Candidate>,
    /// Probability that the best entry is right, 0 to 1.
    pub confidence: f32,
}

/// Meanings that a mention keeps.
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

/// The names of a document, each with the place that it most likely means: [`find`] for who asks no more.
pub(crate) fn meanings(
    data: &Data,
    document: &Document<'_>,
) -> Vec<(Range<TokenId>, Option<Place<'static>>)> {
    let view = View::new(data, document, &[]);
    let hits = recognise::hits(data, &view, &[]);
    if hits.is_empty() {
        return Vec::new();
    }
    let gazetteer = &data.gazetteer;
    let kinds = relate::kinds(&view, &hits);
    let within = relate::within(gazetteer, &view, &hits);
    let ranked = match hits.len() {
        1 => rank::rank_in(1, gazetteer, &hits, &kinds, &within, None),
        _ => rank::rank(gazetteer, &hits, &kinds, &within, None),
    };
    let best =
        |ranked: &rank::Ranked| ranked.candidates.first().map(|&(entry, _)| gazetteer.place(entry.place()));
    hits.into_iter().zip(&ranked).map(|(hit, ranked)| (hit.tokens, best(ranked))).collect()
}

fn mentions(data: &Data, view: &View<'_, '_>, hits: Vec<Hit>) -> Vec<PlaceMention> {
    let gazetteer = &data.gazetteer;
    let relations = relate::relations(view, &hits);
    let kinds = relate::kinds(view, &hits);
    let within = relate::within(gazetteer, view, &hits);
    let home = if hits.is_empty() { None } else { home::home(gazetteer, view.document.report) };
    let ranked = rank::rank(gazetteer, &hits, &kinds, &within, home);
    let around = around::around(gazetteer, view, &hits, &within, &relations, &ranked);
    let mut out = Vec::with_capacity(hits.len());
    for (index, ((hit, relation), ranked)) in hits.into_iter().zip(relations).zip(ranked).enumerate() {
        let best = ranked.candidates.first().map(|&(entry, score)| data.candidate(entry, score));
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
            kind: kinds[index].or(best.as_ref().map(|best| best.kind)).unwrap_or(PlaceKind::Unknown),
            within: within[index].clone(),
            detail: relation.detail,
            around: around[index].map(|entry| data.candidate(entry, 0.0)),
            confidence: best.as_ref().map_or(0.3, |best| calibrated(best.score * named)),
            meanings: ranked.candidates.into_iter().take(CANDIDATES).collect(),
            best,
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
