//! Writes a mention as the record's `where`.

use super::{Data, PlaceMention};
use crate::{
    Bearing, Function, PlaceKind, PlaceRelation, Precision, Where, mention::Mentions, text::Document,
};

/// Below this confidence in the best candidate the place is left unresolved.
const RESOLVED: f32 = 0.35;

/// Kilometres of a degree of latitude.
const DEGREE_KM: f64 = 111.195;

/// The record of a place that the text names: resolved to its best candidate, with what else the name
/// could mean; `mentions` are those of the document, which the parents are looked up in. A name without a
/// candidate is near the place that the text names as holding it ("the Moro quarter of Beya"), else unresolved.
/// A stated distance and bearing move the point.
pub fn to_where(data: &Data, mention: &PlaceMention, document: &Document<'_>, mentions: &Mentions) -> Where {
    let gazetteer = &data.gazetteer;
    let others = mention.meanings.iter().skip(1).map(|&(entry, score)| data.candidate(entry, score));
    let candidates = mention.best.iter().cloned().chain(others).collect();
    let sure = |mention: &&PlaceMention| mention.best.is_some() && mention.confidence >= RESOLVED;
    let holder = || {
        let holders = mention.within.iter().filter_map(|&parent| mentions.places.get(parent as usize));
        holders.take(if mention.best.is_none() { usize::MAX } else { 0 }).find(sure)
    };
    let found = Some(mention).filter(sure).or_else(holder);
    let best = found.and_then(|found| found.best.as_ref());
    let mut point = best.map(|best| (best.lat, best.lon));
    let moved = mention.distance_km.zip(mention.bearing);
    if let (Some((lat, lon)), Some((km, bearing))) = (point.as_mut(), moved) {
        let angle = degrees(bearing).to_radians();
        let narrow = lat.to_radians().cos().abs().max(0.01);
        *lat = (*lat + km * angle.cos() / DEGREE_KM).clamp(-90.0, 90.0);
        *lon = (*lon + km * angle.sin() / (DEGREE_KM * narrow) + 540.0).rem_euclid(360.0) - 180.0;
    }
    let stated = document.span(&mention.stated);
    let detail = mention.detail.as_ref().map(|detail| document.span(detail)).filter(|span| *span != stated);
    let evidence = std::iter::once(stated).chain(detail).collect();
    Where {
        name: document.slice(mention.span).to_owned(),
        resolved: best.map(|best| best.name.clone()),
        stated: document.words(&mention.stated).to_owned(),
        detail: mention.detail.as_ref().map(|detail| document.words(detail).to_owned()),
        function: mention.function,
        relation: mention.relation,
        distance_km: mention.distance_km,
        bearing: mention.bearing,
        lat: point.map(|(lat, _)| round(lat)),
        lon: point.map(|(_, lon)| round(lon)),
        gazetteer: best.map(|best| best.gazetteer.clone()),
        kind: mention.kind,
        country: best.and_then(|best| best.country.clone()),
        admin1: best.and_then(|best| best.admin1.clone()),
        admin2: match mention.kind {
            PlaceKind::Admin2 if mention.best.is_some() => best.map(|best| best.name.clone()),
            _ => {
                found.and_then(|found| found.meanings.first()).and_then(|&(entry, _)| gazetteer.admin2(entry))
            }
        },
        admin3: None,
        within: mention
            .within
            .iter()
            .filter_map(|&parent| mentions.places.get(parent as usize))
            .map(|parent| document.slice(parent.span).to_owned())
            .collect(),
        precision: match (&mention.best, found) {
            (None, Some(holder)) => about(precision(holder, best.map(|best| best.kind))),
            _ => precision(mention, best.map(|best| best.kind)),
        },
        confidence: found.map_or(mention.confidence, |found| found.confidence),
        evidence,
        candidates,
    }
}

/// How finely something inside a place is told by the place.
fn about(holder: Precision) -> Precision {
    match holder {
        Precision::Exact | Precision::Place => Precision::Near,
        wider => wider,
    }
}

fn precision(mention: &PlaceMention, kind: Option<PlaceKind>) -> Precision {
    let Some(kind) = kind else { return Precision::Unresolved };
    let point = match told(mention.kind, kind) {
        PlaceKind::Country => Precision::Country,
        PlaceKind::Admin1 => Precision::Admin1,
        PlaceKind::Admin2 => Precision::Admin2,
        PlaceKind::Admin3 => Precision::Admin3,
        PlaceKind::Water => Precision::WaterOrAir,
        PlaceKind::Region | PlaceKind::Mountain | PlaceKind::Road | PlaceKind::Border => Precision::Area,
        _ => Precision::Place,
    };
    let under_way = matches!(mention.function, Function::Origin | Function::Destination);
    match mention.relation {
        PlaceRelation::Off => Precision::WaterOrAir,
        // Aboard, on the way from one place to another.
        PlaceRelation::Over if under_way => Precision::WaterOrAir,
        // `the Beya area` is Beya and what lies about it.
        _ if point == Precision::Place && mention.kind == PlaceKind::Region => Precision::Near,
        PlaceRelation::Near | PlaceRelation::Between | PlaceRelation::Along if point == Precision::Place => {
            Precision::Near
        }
        _ => point,
    }
}

/// What kind of place is meant: the division that the words tell, if the gazetteer has only the town of its
/// name.
fn told(words: PlaceKind, found: PlaceKind) -> PlaceKind {
    match (words, found) {
        (
            PlaceKind::Admin1 | PlaceKind::Admin2 | PlaceKind::Admin3,
            PlaceKind::PopulatedPlace | PlaceKind::Quarter,
        ) => words,
        // Which order a division is of differs by source and year.
        (PlaceKind::Admin2 | PlaceKind::Admin3, PlaceKind::Admin2 | PlaceKind::Admin3) => words,
        _ => found,
    }
}

/// Degrees clockwise from north.
fn degrees(bearing: Bearing) -> f64 {
    45.0 * match bearing {
        Bearing::North => 0.0,
        Bearing::Northeast => 1.0,
        Bearing::East => 2.0,
        Bearing::Southeast => 3.0,
        Bearing::South => 4.0,
        Bearing::Southwest => 5.0,
        Bearing::West => 6.0,
        Bearing::Northwest => 7.0,
    }
}

/// Hundred-thousandths of a degree, about a metre: what the gazetteer's points have.
fn round(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}
