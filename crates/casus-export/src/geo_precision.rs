//! How finely an event is placed, in the codes of the data sets that others keep.
//!
//! An event may name several places. [`site`] picks the one that an export writes, [`known`] says how
//! finely all of them together place the event, and one function a data set spells that as its code:
//!
//! | [`Known`] | UCDP GED 23.1 `where_prec` | ACLED `geo_precision` | GTD `specificity` |
//! |---|---|---|---|
//! | `Point` | 1 | 1 | 1 |
//! | `Near`, `Admin3` | 2 | 2 | 1, 3 |
//! | `Admin2` | 3 | 2 | 3 |
//! | `Admin1` | 4 | 3 | 4 |
//! | `Feature` | 5 | 3 | 3 with a district, 4 with a province |
//! | `Country`, `Nothing` | 6 | 3 | 5 |
//! | `WaterOrAir` | 7 | 3 | 5 |
//!
//! Sources: UCDP GED codebook 23.1, section 5.4.2 and appendix 3; ACLED's field table; GTD codebook of
//! June 2017, `specificity` and `vicinity`.
//!
//! This module must not know the text: everything it needs stands in the record.
//!
//! ```
//! use casus_export::geo_precision::{acled_geo_precision, gtd_specificity, ucdp_where_prec};
//! assert_eq!((ucdp_where_prec(&[]), acled_geo_precision(&[]), gtd_specificity(&[])), (6, 3, 5));
//! ```

use casus_record::{Function, PlaceKind, PlaceRelation, Precision, Where};

/// Up to here a place is near another: UCDP GED 23.1, section 5.4.2.
const NEAR_KM: f64 = 25.0;

/// How finely an event is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Known {
    /// A town, village or point in it.
    Point,
    /// Within 25 km of a point.
    Near,
    /// A third order division.
    Admin3,
    /// A second order division.
    Admin2,
    /// A first order division.
    Admin1,
    /// A road, border, river or area without an administration, or a stretch longer than 25 km.
    Feature,
    /// A country.
    Country,
    /// At sea or in the air.
    WaterOrAir,
    /// No place that the gazetteer has.
    Nothing,
}

/// The place that stands for the event: where it happened before where it was aimed at, came from or
/// went to; there the finest that is resolved, the first named among equals. A name that the gazetteer
/// lacks stands only if there is no other.
pub fn site(places: &[Where]) -> Option<&Where> {
    let rank = |place: &Where| {
        let function = match place.function {
            Function::Site => 0,
            Function::EndA => 1,
            Function::EndB => 2,
            Function::TargetArea => 3,
            Function::Alternative => 4,
            Function::Destination => 5,
            Function::Origin => 6,
        };
        (place.precision == Precision::Unresolved, function, fineness(place))
    };
    // The first of equals: `min_by_key` gives the first.
    places.iter().min_by_key(|place| rank(place))
}

/// How finely all places of an event together place it.
pub fn known(places: &[Where]) -> Known {
    if in_transit(places) {
        return Known::WaterOrAir;
    }
    let resolved =
        || places.iter().filter(|place| told_as_site(place) && place.precision != Precision::Unresolved);
    let finest: Vec<&Where> = resolved()
        .filter(|place| !resolved().any(|other| !std::ptr::eq(*place, other) && holds(place, other)))
        .collect();
    match finest[..] {
        [] if places.iter().any(feature) => Known::Feature,
        [] => site(places)
            .filter(|place| place.precision != Precision::Unresolved)
            .map_or(Known::Nothing, alone),
        [place] => beside(place, places),
        [a, b, ..] if stretch(a) && stretch(b) => between(a, b),
        _ => together(&finest),
    }
}

/// UCDP GED `where_prec`, 1 to 7.
pub fn ucdp_where_prec(places: &[Where]) -> u8 {
    ucdp(known(places))
}

pub(crate) fn ucdp(known: Known) -> u8 {
    match known {
        Known::Point => 1,
        Known::Near | Known::Admin3 => 2,
        Known::Admin2 => 3,
        Known::Admin1 => 4,
        Known::Feature => 5,
        Known::Country | Known::Nothing => 6,
        Known::WaterOrAir => 7,
    }
}

/// ACLED `geo_precision`: 1 a particular town, 2 a small part of a region or near a town, 3 a larger
/// region.
pub fn acled_geo_precision(places: &[Where]) -> u8 {
    acled(known(places))
}

pub(crate) fn acled(known: Known) -> u8 {
    match known {
        Known::Point => 1,
        Known::Near | Known::Admin3 | Known::Admin2 => 2,
        Known::Admin1 | Known::Feature | Known::Country | Known::WaterOrAir | Known::Nothing => 3,
    }
}

/// GTD `specificity`, 1 to 5: 1 in a town with its point, 2 in a town that has no point, 3 elsewhere in
/// a second order division or smaller, 4 in a first order division, 5 coarser.
pub fn gtd_specificity(places: &[Where]) -> u8 {
    gtd(known(places), places)
}

pub(crate) fn gtd(known: Known, places: &[Where]) -> u8 {
    let town_unresolved = site(places).is_some_and(|best| {
        places.iter().any(|place| {
            place.function == Function::Site
                && place.precision == Precision::Unresolved
                && matches!(place.kind, PlaceKind::PopulatedPlace | PlaceKind::Unknown)
                && matches!(best.precision, Precision::Admin1 | Precision::Admin2 | Precision::Admin3)
        })
    });
    match known {
        _ if town_unresolved => 2,
        Known::Point | Known::Near => 1,
        Known::Admin3 | Known::Admin2 => 3,
        Known::Admin1 => 4,
        Known::Feature => match site(places) {
            Some(place) if place.admin2.is_some() => 3,
            Some(place) if place.admin1.is_some() => 4,
            _ => 5,
        },
        Known::Country | Known::WaterOrAir | Known::Nothing => 5,
    }
}

/// GTD `vicinity`: whether it happened near the town that the record names, not in it.
pub fn gtd_vicinity(places: &[Where]) -> bool {
    known(places) == Known::Near
}

/// How fine a place is, finest first.
fn fineness(place: &Where) -> u8 {
    match place.precision {
        Precision::Exact => 0,
        Precision::Place => 1,
        Precision::Near => 2,
        Precision::Admin3 => 3,
        Precision::Admin2 => 4,
        Precision::Area => 5,
        Precision::Admin1 => 6,
        Precision::WaterOrAir => 7,
        Precision::Country => 8,
        Precision::Unresolved => 9,
    }
}

fn told_as_site(place: &Where) -> bool {
    !matches!(place.function, Function::Origin | Function::Destination)
}

/// Whether a place that the gazetteer lacks is told to be a road, a border, a river or the like.
fn feature(place: &Where) -> bool {
    matches!(place.kind, PlaceKind::Road | PlaceKind::Border | PlaceKind::Mountain)
        || place.kind == PlaceKind::Water && place.relation == PlaceRelation::Along
}

fn stretch(place: &Where) -> bool {
    matches!(place.function, Function::EndA | Function::EndB)
}

/// Aboard something on its way: only where it came from and where it went is told, and that it was in
/// the air or at sea.
fn in_transit(places: &[Where]) -> bool {
    !places.is_empty()
        && places.iter().all(|place| matches!(place.function, Function::Origin | Function::Destination))
        && places.iter().any(|place| place.precision == Precision::WaterOrAir)
}

/// One place by itself.
fn alone(place: &Where) -> Known {
    if place.distance_km.is_some_and(|km| km > NEAR_KM) && place.precision != Precision::WaterOrAir {
        return Known::Feature;
    }
    match place.precision {
        Precision::Exact | Precision::Place => match place.relation {
            PlaceRelation::Near => Known::Near,
            PlaceRelation::Between | PlaceRelation::Along => Known::Feature,
            _ if same_name_above(place) => Known::Admin1,
            _ => Known::Point,
        },
        Precision::Near => match place.relation {
            PlaceRelation::Between | PlaceRelation::Along => Known::Feature,
            _ => Known::Near,
        },
        Precision::Admin3 => Known::Admin3,
        Precision::Admin2 => Known::Admin2,
        // A part of a division or of a country is no division: `northern Uganda`.
        Precision::Admin1 | Precision::Country
            if place.relation == PlaceRelation::In && place.bearing.is_some() =>
        {
            Known::Feature
        }
        Precision::Admin1 => Known::Admin1,
        Precision::Country => Known::Country,
        Precision::Area => Known::Feature,
        Precision::WaterOrAir => Known::WaterOrAir,
        Precision::Unresolved => Known::Nothing,
    }
}

/// One resolved place with what else is told: a village that the gazetteer lacks is somewhere near the
/// town that it is said to be near; on the way from a town is near it, or on a stretch if the way is long.
fn beside(place: &Where, places: &[Where]) -> Known {
    let known = alone(place);
    let heading = places.iter().find(|other| other.function == Function::Destination);
    match (known, heading) {
        (Known::Point, Some(other)) => match km(place, other) {
            Some(km) if km > NEAR_KM => Known::Feature,
            _ => Known::Near,
        },
        _ => known,
    }
}

/// Rule 2 of UCDP's appendix 3: a town, its district and its province bear one name, and the text does
/// not say which is meant.
fn same_name_above(place: &Where) -> bool {
    const TOLD: [&str; 8] =
        ["city", "town", "village", "hamlet", "municipality", "settlement", "camp", "capital"];
    let told = place.detail.is_some()
        || place
            .stated
            .split(|c: char| !c.is_alphabetic())
            .any(|word| TOLD.contains(&word.to_lowercase().as_str()));
    let Some(best) = place.candidates.first().filter(|_| !told) else { return false };
    let same = |kind: PlaceKind| {
        place.candidates.iter().skip(1).any(|other| {
            other.kind == kind
                && other.country == best.country
                && other.name.eq_ignore_ascii_case(&best.name)
                && distance_km((best.lat, best.lon), (other.lat, other.lon)) <= 4.0 * NEAR_KM
        })
    };
    best.kind == PlaceKind::PopulatedPlace && same(PlaceKind::Admin1) && same(PlaceKind::Admin2)
}

/// Somewhere between two points: near them if they are near each other.
fn between(a: &Where, b: &Where) -> Known {
    match km(a, b) {
        Some(km) if km <= NEAR_KM => Known::Near,
        _ => Known::Feature,
    }
}

/// Several places that the record does not tell apart: the smallest unit that holds them all.
fn together(places: &[&Where]) -> Known {
    let shared = |field: fn(&Where) -> Option<&String>| {
        let first = places.first().and_then(|place| field(place));
        first.is_some() && places.iter().all(|place| field(place) == first)
    };
    let same_point = places.windows(2).all(|pair| pair[0].gazetteer == pair[1].gazetteer);
    if same_point {
        places.iter().map(|place| alone(place)).max().unwrap_or(Known::Nothing)
    } else if shared(|place| place.admin2.as_ref()) {
        Known::Admin2
    } else if shared(|place| place.admin1.as_ref()) {
        Known::Admin1
    } else {
        Known::Country
    }
}

/// Whether one place is a division or country that the other lies in.
fn holds(outer: &Where, inner: &Where) -> bool {
    let same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
    if fineness(outer) <= fineness(inner) || !same(&outer.country, &inner.country) {
        return false;
    }
    match outer.precision {
        Precision::Country => true,
        Precision::Admin1 => same(&outer.admin1, &inner.admin1),
        Precision::Admin2 => same(&outer.admin2, &inner.admin2),
        Precision::Area => true,
        _ => false,
    }
}

fn km(a: &Where, b: &Where) -> Option<f64> {
    let point = |place: &Where| place.lat.zip(place.lon);
    Some(distance_km(point(a)?, point(b)?))
}

/// Great circle distance in kilometres (haversine, mean radius 6,371.0088 km).
fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (dlat, dlon) = ((b.0 - a.0).to_radians() / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let h = dlat.sin().powi(2) + lat_a.cos() * lat_b.cos() * dlon.sin().powi(2);
    2.0 * 6_371.008_8 * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;
    use casus_record::Candidate;

    /// A place of a made-up country, in division `A1`, district `A2`.
    fn place(name: &str, precision: Precision) -> Where {
        let kind = match precision {
            Precision::Country => PlaceKind::Country,
            Precision::Admin1 => PlaceKind::Admin1,
            Precision::Admin2 => PlaceKind::Admin2,
            _ => PlaceKind::PopulatedPlace,
        };
        let resolved = precision != Precision::Unresolved;
        let some = |text: &str| resolved.then(|| text.to_owned());
        Where {
            name: name.to_owned(),
            resolved: some(name),
            stated: name.to_owned(),
            detail: None,
            function: Function::Site,
            relation: PlaceRelation::At,
            distance_km: None,
            bearing: None,
            lat: resolved.then_some(3.0),
            lon: resolved.then_some(32.0),
            gazetteer: some(name),
            kind,
            country: some("XX"),
            admin1: some("A1").filter(|_| precision != Precision::Country),
            admin2: some("A2").filter(|_| !matches!(precision, Precision::Country | Precision::Admin1)),
            admin3: None,
            within: Vec::new(),
            precision,
            confidence: 0.9,
            evidence: Vec::new(),
            candidates: Vec::new(),
        }
    }

    fn with(place: Where, change: impl FnOnce(&mut Where)) -> Where {
        let mut place = place;
        change(&mut place);
        place
    }

    fn candidate(name: &str, kind: PlaceKind) -> Candidate {
        Candidate {
            name: name.to_owned(),
            gazetteer: format!("{kind:?}"),
            lat: 3.0,
            lon: 32.0,
            country: Some("XX".to_owned()),
            admin1: Some("A1".to_owned()),
            kind,
            score: 0.3,
        }
    }

    /// Codes of UCDP, ACLED and GTD.
    fn check(places: &[Where], expected: (u8, u8, u8)) {
        let found = (ucdp_where_prec(places), acled_geo_precision(places), gtd_specificity(places));
        assert_eq!(found, expected, "{places:#?}");
    }

    #[test]
    fn one_place() {
        check(&[place("Beya", Precision::Place)], (1, 1, 1));
        check(&[place("Beya", Precision::Near)], (2, 2, 1));
        check(&[place("Aru", Precision::Admin3)], (2, 2, 3));
        check(&[place("Aru", Precision::Admin2)], (3, 2, 3));
        check(&[place("Kile", Precision::Admin1)], (4, 3, 4));
        check(&[place("Kile", Precision::Area)], (5, 3, 3));
        check(&[place("Tarnia", Precision::Country)], (6, 3, 5));
        check(&[place("the bay", Precision::WaterOrAir)], (7, 3, 5));
        check(&[place("Beya", Precision::Unresolved)], (6, 3, 5));
        let far = with(place("Beya", Precision::Near), |p| p.distance_km = Some(75.0));
        check(&[far], (5, 3, 3));
        let north = with(place("Tarnia", Precision::Country), |p| {
            p.relation = PlaceRelation::In;
            p.bearing = Some(casus_record::Bearing::North);
        });
        check(&[north], (5, 3, 5));
    }

    /// Rows of UCDP's appendix 3 that need to know what the gazetteer has.
    #[test]
    fn rules_of_the_codebook_that_ask_the_gazetteer() {
        // A town towards a village: without the village's point, near the town.
        let town = place("Beya", Precision::Place);
        let to = |precision, lat| {
            with(place("Lodo", precision), |p| {
                p.function = Function::Destination;
                p.lat = p.lat.map(|_| lat);
            })
        };
        check(&[town.clone(), to(Precision::Unresolved, 0.0)], (2, 2, 1));
        check(&[town.clone(), to(Precision::Place, 3.1)], (2, 2, 1));
        check(&[town.clone(), to(Precision::Place, 4.0)], (5, 3, 3));
        // A village near a town: the village if it has a point, else near the town.
        let near = with(place("Beya", Precision::Near), |p| p.relation = PlaceRelation::Near);
        check(&[place("Lodo", Precision::Unresolved), near.clone()], (2, 2, 1));
        check(&[place("Lodo", Precision::Place)], (1, 1, 1));
        // Over a district.
        let over = with(place("Aru", Precision::Admin2), |p| p.relation = PlaceRelation::Over);
        check(&[over], (3, 2, 3));
        // Different districts of one province, then of two, are told.
        let other = with(place("Gol", Precision::Admin2), |p| {
            p.admin2 = Some("B2".to_owned());
            p.function = Function::Alternative;
        });
        check(&[place("Aru", Precision::Admin2), other.clone()], (4, 3, 4));
        let away = with(other, |p| p.admin1 = Some("B1".to_owned()));
        check(&[place("Aru", Precision::Admin2), away], (6, 3, 5));
        // A town, a district and a province of one name: the province, unless the text tells the town.
        let three = with(place("Kile", Precision::Place), |p| {
            let kinds = [PlaceKind::PopulatedPlace, PlaceKind::Admin2, PlaceKind::Admin1];
            p.candidates = kinds.map(|kind| candidate("Kile", kind)).to_vec();
        });
        check(std::slice::from_ref(&three), (4, 3, 4));
        check(&[with(three, |p| p.stated = "Kile town".to_owned())], (1, 1, 1));
        // Along a river that the gazetteer lacks.
        let river = with(place("Aru", Precision::Unresolved), |p| {
            (p.kind, p.relation) = (PlaceKind::Water, PlaceRelation::Along);
        });
        check(&[river], (5, 3, 5));
        // No place is told.
        check(&[], (6, 3, 5));
    }

    #[test]
    fn several_places() {
        let end = |name: &str, function, lat| {
            with(place(name, Precision::Near), |p| {
                p.function = function;
                p.relation = PlaceRelation::Along;
                p.lat = Some(lat);
            })
        };
        // One degree of latitude is 111 km, a tenth is 11 km.
        check(&[end("Beya", Function::EndA, 3.0), end("Lodo", Function::EndB, 4.0)], (5, 3, 3));
        check(&[end("Beya", Function::EndA, 3.0), end("Lodo", Function::EndB, 3.1)], (2, 2, 1));
        // What holds another place adds nothing.
        check(&[place("Beya", Precision::Place), place("Kile", Precision::Admin1)], (1, 1, 1));
        check(&[place("Beya", Precision::Unresolved), place("Aru", Precision::Admin2)], (3, 2, 2));
        let aboard =
            |name: &str, function| with(place(name, Precision::WaterOrAir), |p| p.function = function);
        check(&[aboard("Beya", Function::Origin), aboard("Lodo", Function::Destination)], (7, 3, 5));
    }

    #[test]
    fn the_site_stands_for_the_event() {
        let from = with(place("Lodo", Precision::Place), |p| p.function = Function::Origin);
        let places = [from, place("Kile", Precision::Admin1), place("Beya", Precision::Place)];
        assert_eq!(site(&places).map(|place| place.name.as_str()), Some("Beya"));
        assert!(site(&[]).is_none());
        assert!(gtd_vicinity(&[place("Beya", Precision::Near)]));
        assert!(!gtd_vicinity(&[place("Beya", Precision::Place)]));
    }
}
