//! Orders what a name could mean by the evidence of the whole document.
//!
//! A candidate's score is a sum of a few features with weights set by hand on development texts:
//! what the gazetteer says of it ([`Place::prior`]), exactness of the name, kind told, parents named, the countries and divisions that the
//! document is about, other places near it. Several rounds: each knows what the one before found.

use super::{
    Use,
    gazetteer::{Entry, Gazetteer, Level, Place},
    recognise::{Hit, Holder, holders},
};
use crate::PlaceKind;
use rustc_hash::FxHashMap;

/// Weights of the features.
mod weight {
    pub(super) const LOOSE: f32 = -1.0;
    pub(super) const KIND: f32 = 3.0;
    pub(super) const WRONG_KIND: f32 = -2.0;
    /// A province, where its town of the same name can be meant.
    pub(super) const PROVINCE: f32 = -2.0;
    pub(super) const PARENT: f32 = 9.0;
    /// The whole document is about the candidate's country.
    pub(super) const ABOUT_COUNTRY: f32 = 3.0;
    /// The whole document is about the candidate's division.
    pub(super) const ABOUT_ADMIN1: f32 = 3.0;
    /// Another place of the document within 60 km, and within 200 km.
    pub(super) const NEAR: f32 = 1.2;
    pub(super) const NEARISH: f32 = 0.6;
}

/// How sharply scores tell candidates apart.
const SHARPNESS: f32 = 0.8;

/// Weight of what is not known of a document: one mention alone is not yet a trend.
const UNSURE: f32 = 0.5;

/// Weight of the publisher's country, where a mention of a place has 1.
const HOME: f32 = 0.5;

/// Times that all names are ranked, each knowing what the one before found.
const ROUNDS: usize = 4;

/// People of a town that is meant before the province of its name.
const TOWN: u32 = 20_000;

/// A quarter of a town lies at most so far from its point.
const TOWN_KM: f64 = 40.0;

/// Meanings of a name that are kept.
const KEPT: usize = 12;

/// Points of other names that a candidate is held against; a text with more is about all of them.
const POINTS: usize = 400;

/// Meanings of a name that others are held against: which of several Hamiltons is meant, the towns around it tell.
const NAMESAKES: usize = 10;

/// Candidates of one hit, best first, with their probabilities among each other.
#[derive(Debug, Clone, Default)]
pub(super) struct Ranked {
    pub(super) candidates: Vec<(Entry, f32)>,
}

impl Ranked {
    fn best(&self) -> Option<(Entry, f32)> {
        self.candidates.first().copied()
    }
}

/// What a document is about: weights of countries and first order divisions, and its clear places.
/// What one name adds is kept apart, for no name is evidence for itself.
#[derive(Default)]
struct About<'h> {
    total: Weights,
    own: FxHashMap<&'h str, Weights>,
    /// From south to north, once all are known.
    points: Vec<Point<'h>>,
}

/// A place that some name may mean.
struct Point<'h> {
    key: &'h str,
    lat: f64,
    lon: f64,
    /// Cosine of the latitude.
    narrow: f64,
    index: u32,
    admin2: Option<u32>,
    weight: f32,
}

#[derive(Default)]
struct Weights {
    countries: FxHashMap<[u8; 2], f32>,
    divisions: FxHashMap<u32, f32>,
    country_sum: f32,
    division_sum: f32,
}

impl Weights {
    fn add(&mut self, place: &Place<'_>, weight: f32) {
        if let Some(country) = code(place) {
            *self.countries.entry(country).or_default() += weight;
            self.country_sum += weight;
        }
        if let Some(division) = place.admin1 {
            *self.divisions.entry(division).or_default() += weight;
            self.division_sum += weight;
        }
    }
}

impl<'h> About<'h> {
    /// What is known before the text is: whoever publishes writes of home first.
    fn of(home: Option<[u8; 2]>) -> About<'h> {
        let mut about = About::default();
        if let Some(country) = home {
            about.total.countries.insert(country, HOME);
            about.total.country_sum = HOME;
        }
        about
    }

    fn add(&mut self, gazetteer: &Gazetteer, key: &'h str, entry: Entry, weight: f32) {
        let place = gazetteer.place(entry.place());
        self.total.add(&place, weight);
        self.own.entry(key).or_default().add(&place, weight);
    }

    /// Notes what a name may mean, for names near it.
    fn point(&mut self, gazetteer: &Gazetteer, key: &'h str, entry: Entry, weight: f32) {
        let place = gazetteer.place(entry.place());
        if matches!(place.kind, PlaceKind::PopulatedPlace | PlaceKind::Admin2 | PlaceKind::Quarter)
            && self.points.len() < POINTS
        {
            let Place { lat, lon, admin2, .. } = place;
            let narrow = lat.to_radians().cos();
            self.points.push(Point { key, lat, lon, narrow, index: entry.place(), admin2, weight });
        }
    }

    /// Shares of a place's country and division in what the other names say, 0 to 1.
    /// `own` is what the name itself says.
    fn shares(&self, own: Option<&Weights>, place: &Place<'_>) -> (f32, f32) {
        let share = |all: f32, all_sum: f32, own: f32, own_sum: f32| {
            let rest = all_sum - own_sum;
            if rest <= 0.0 { 0.0 } else { (all - own) / (rest + UNSURE) }
        };
        let country = code(place).map_or(0.0, |code| {
            share(
                self.total.countries.get(&code).copied().unwrap_or(0.0),
                self.total.country_sum,
                own.and_then(|own| own.countries.get(&code).copied()).unwrap_or(0.0),
                own.map_or(0.0, |own| own.country_sum),
            )
        });
        let division = place.admin1.map_or(0.0, |division| {
            share(
                self.total.divisions.get(&division).copied().unwrap_or(0.0),
                self.total.division_sum,
                own.and_then(|own| own.divisions.get(&division).copied()).unwrap_or(0.0),
                own.map_or(0.0, |own| own.division_sum),
            )
        });
        (country, division)
    }
}

fn code(place: &Place<'_>) -> Option<[u8; 2]> {
    place.country?.as_bytes().try_into().ok()
}

/// Ranks the meanings of every hit; `within` holds, for each hit, the hits that the text names as its
/// parents, `home` is the country of the publisher.
pub(super) fn rank(
    gazetteer: &Gazetteer,
    hits: &[Hit],
    kinds: &[Option<PlaceKind>],
    within: &[Vec<u32>],
    home: Option<[u8; 2]>,
) -> Vec<Ranked> {
    rank_in(ROUNDS, gazetteer, hits, kinds, within, home)
}

/// The same in so many rounds: a name that stands alone learns nothing from others in a second one.
pub(super) fn rank_in(
    rounds: usize,
    gazetteer: &Gazetteer,
    hits: &[Hit],
    kinds: &[Option<PlaceKind>],
    within: &[Vec<u32>],
    home: Option<[u8; 2]>,
) -> Vec<Ranked> {
    let mut ranked: Vec<Ranked> = vec![Ranked::default(); hits.len()];
    let mut about = About::of(home);
    // Names that are clear by themselves: countries, peoples, names of one place only.
    let mut seen: FxHashMap<&str, u32> = FxHashMap::default();
    for hit in hits {
        let Some(&entry) = hit.entries.first() else { continue };
        let again = seen.entry(&hit.key).or_default();
        *again += 1;
        let place = gazetteer.place(entry.place());
        let sure = match place.kind {
            _ if hit.entries.len() == 1 => 1.0,
            PlaceKind::Country if hit.key != "georgia" && hit.key != "jordan" => 1.0,
            PlaceKind::Country => 0.4,
            PlaceKind::Admin1 if entry.is_main() => 0.7,
            _ => 0.1,
        };
        about.add(gazetteer, &hit.key, entry, sure / *again as f32);
    }
    let mut order: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (index, hit) in hits.iter().enumerate() {
        order.entry(&hit.key).or_default().push(index);
    }
    // What a name may mean, and what speaks for each meaning in all rounds.
    let mut meanings: Vec<Vec<Meaning>> = Vec::new();
    meanings.resize_with(hits.len(), Vec::new);
    for round in 0..rounds {
        // A name without kind and parents of its own means the same wherever it stands.
        let mut plain: FxHashMap<(&str, Use), Ranked> = FxHashMap::default();
        for index in 0..hits.len() {
            let hit = &hits[index];
            let alone = within[index].is_empty() && kinds[index].is_none();
            if let Some(done) = plain.get(&(hit.key.as_str(), hit.usage)).filter(|_| alone) {
                ranked[index] = done.clone();
                continue;
            }
            if meanings[index].is_empty() {
                meanings[index] = self::meanings(gazetteer, hit, kinds[index]);
            }
            ranked[index] = score(gazetteer, hits, within, &ranked, &about, &meanings[index], index);
            if alone {
                plain.insert((&hit.key, hit.usage), ranked[index].clone());
            }
        }
        one_sense(hits, kinds, within, &mut ranked, &order);
        if round + 1 < rounds {
            about = About::of(home);
            let mut seen: FxHashMap<&str, u32> = FxHashMap::default();
            for (hit, ranked) in hits.iter().zip(&ranked) {
                let again = seen.entry(&hit.key).or_default();
                *again += 1;
                if let Some((entry, probability)) = ranked.best() {
                    about.add(gazetteer, &hit.key, entry, probability / (*again as f32).sqrt());
                }
                if *again == 1 {
                    for &(entry, probability) in ranked.candidates.iter().take(NAMESAKES) {
                        about.point(gazetteer, &hit.key, entry, probability.sqrt());
                    }
                }
            }
            about.points.sort_by(|a, b| a.lat.total_cmp(&b.lat));
        }
    }
    ranked
}

/// What a name may mean.
struct Meaning {
    entry: Entry,
    place: Place<'static>,
    /// What speaks for it, whatever else the document names.
    score: f32,
    /// Cosine of the latitude, if places near it speak for it.
    narrow: Option<f64>,
}

/// What a name may mean, with what the name and its kind say.
fn meanings(gazetteer: &Gazetteer, hit: &Hit, told: Option<PlaceKind>) -> Vec<Meaning> {
    let entries = hit.entries.iter();
    let entries = entries.filter(|entry| hit.usage != Use::Demonym || entry.is_demonym());
    // A province that bears the name of its town: the town is meant, if no word tells otherwise.
    let has_town = |province: u32| {
        hit.entries.iter().any(|&entry| {
            let place = gazetteer.place(entry.place());
            place.kind == PlaceKind::PopulatedPlace
                && place.admin1 == Some(province)
                && place.population >= TOWN
        })
    };
    let meaning = |&entry: &Entry| {
        let place = gazetteer.place(entry.place());
        let mut score = place.prior(entry);
        if hit.level != Level::Exact {
            score += weight::LOOSE;
        }
        if told.is_none() && place.kind == PlaceKind::Admin1 && has_town(entry.place()) {
            score += weight::PROVINCE;
        }
        if let Some(kind) = told {
            score += match (kind, place.kind) {
                (a, b) if a == b => weight::KIND,
                (PlaceKind::Admin2, PlaceKind::Admin1) | (PlaceKind::Admin1, PlaceKind::Admin2) => 1.5,
                (PlaceKind::Region, PlaceKind::Admin1 | PlaceKind::Admin2) => 1.0,
                (PlaceKind::Admin1, PlaceKind::Country) => -0.5,
                (
                    PlaceKind::PopulatedPlace | PlaceKind::Admin1 | PlaceKind::Admin2,
                    PlaceKind::PopulatedPlace | PlaceKind::Admin1 | PlaceKind::Admin2 | PlaceKind::Country,
                ) => weight::WRONG_KIND,
                _ => 0.0,
            };
        }
        let small = matches!(place.kind, PlaceKind::PopulatedPlace | PlaceKind::Admin2);
        Meaning { entry, place, score, narrow: small.then(|| place.lat.to_radians().cos()) }
    };
    entries.map(meaning).collect()
}

fn score(
    gazetteer: &Gazetteer,
    hits: &[Hit],
    within: &[Vec<u32>],
    earlier: &[Ranked],
    about: &About<'_>,
    meanings: &[Meaning],
    index: usize,
) -> Ranked {
    let hit = &hits[index];
    let own = about.own.get(hit.key.as_str());
    // Each parent with what it may mean, the likeliest apart.
    let parents: Vec<(Option<Holder>, Vec<Holder>)> = within[index]
        .iter()
        .map(|&parent| {
            let entries = &hits[parent as usize].entries;
            let best = earlier[parent as usize].best().map(|(entry, _)| entry).or(entries.first().copied());
            (best.map(|entry| Holder::new(gazetteer, entry)), holders(gazetteer, entries))
        })
        .collect();
    // A quarter is in its town.
    let town = within[index].first().filter(|_| hit.kind == Some(PlaceKind::Quarter)).and_then(|&parent| {
        let best = earlier[parent as usize].best().map(|(entry, _)| entry);
        let best = best.or(hits[parent as usize].entries.first().copied())?;
        let place = gazetteer.place(best.place());
        (place.kind == PlaceKind::PopulatedPlace).then_some((place.lat, place.lon))
    });
    let mut scored: Vec<(Entry, f32)> = Vec::with_capacity(meanings.len());
    for &Meaning { entry, ref place, mut score, narrow } in meanings {
        if town.is_some_and(|town| distance_km(town, (place.lat, place.lon)) > TOWN_KM) {
            continue;
        }
        for (agreed, any) in &parents {
            let inside = |holder: &Holder| holder.holds(place, entry.place());
            score += if agreed.as_ref().is_some_and(inside) {
                weight::PARENT
            } else if any.iter().any(inside) {
                weight::PARENT * 0.8
            } else {
                -1.0
            };
        }
        // What is named inside a place supports it: `Beya, Aru` makes Aru the one that has a Beya.
        let (country, division) = about.shares(own, place);
        score += weight::ABOUT_COUNTRY * country + weight::ABOUT_ADMIN1 * division;
        if let Some(narrow) = narrow {
            score += near(place, narrow, &hit.key, entry.place(), about);
        }
        scored.push((entry, score));
    }
    let order = |a: &(Entry, f32), b: &(Entry, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if scored.len() > KEPT {
        scored.select_nth_unstable_by(KEPT - 1, order);
        scored.truncate(KEPT);
    }
    scored.sort_by(order);
    let top = scored.first().map_or(0.0, |best| best.1);
    let mut sum = 0.0;
    for (_, score) in &mut scored {
        *score = ((*score - top) * SHARPNESS).exp();
        sum += *score;
    }
    for (_, score) in &mut scored {
        *score /= sum;
    }
    Ranked { candidates: scored }
}

/// Support by what other names may mean: places that lie near, or in the same district. `narrow` is the cosine
/// of the latitude.
fn near(place: &Place<'_>, narrow: f64, key: &str, index: u32, about: &About<'_>) -> f32 {
    let mut best = 0.0_f32;
    // A degree of latitude is 111 km.
    let from = about.points.partition_point(|point| place.lat - point.lat > 2.0);
    for point in about.points[from..].iter().take_while(|point| point.lat - place.lat <= 2.0) {
        let far = point.weight * weight::NEAR * 2.0 <= best;
        // Below 60 degrees of latitude 4.5 of longitude are more than 200 km.
        let aside = (point.lon - place.lon).abs();
        let far = far || (4.5..355.5).contains(&aside) && place.lat.abs() < 57.0;
        if far || point.key == key || point.index == index {
            continue;
        }
        let way = haversine((point.lat, point.lon), (place.lat, place.lon), point.narrow * narrow);
        let mut support = match kilometres(way) {
            ..60.0 => weight::NEAR,
            ..200.0 => weight::NEARISH,
            _ => continue,
        };
        if place.admin2.is_some() && place.admin2 == point.admin2 {
            support += weight::NEAR;
        }
        best = best.max(support * point.weight);
    }
    best
}

/// Great circle distance in kilometres (haversine, mean radius 6,371.0088 km).
pub fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    kilometres(haversine(a, b, a.0.to_radians().cos() * b.0.to_radians().cos()))
}

/// Half the versine of the angle between two points, from the product of the cosines of their latitudes.
fn haversine(a: (f64, f64), b: (f64, f64), narrow: f64) -> f64 {
    let (dlat, dlon) = ((b.0 - a.0).to_radians() / 2.0, (b.1 - a.1).to_radians() / 2.0);
    dlat.sin().powi(2) + narrow * dlon.sin().powi(2)
}

fn kilometres(haversine: f64) -> f64 {
    2.0 * 6_371.008_8 * haversine.sqrt().min(1.0).asin()
}

/// One sense per document: names without a parent or kind of their own mean what the same name means
/// where it has one.
fn one_sense(
    hits: &[Hit],
    kinds: &[Option<PlaceKind>],
    within: &[Vec<u32>],
    ranked: &mut [Ranked],
    order: &FxHashMap<&str, Vec<usize>>,
) {
    for hit in hits {
        let Some(same) = order.get(hit.key.as_str()).filter(|same| same.len() > 1) else { continue };
        let Some(&told) =
            same.iter().find(|&&index| !within[index].is_empty() && !ranked[index].candidates.is_empty())
        else {
            continue;
        };
        let sense = ranked[told].clone();
        for &index in same {
            if within[index].is_empty() && kinds[index].is_none_or(|kind| kinds[told] == Some(kind)) {
                ranked[index] = sense.clone();
            }
        }
    }
}
