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
use std::ops::Range;

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

/// One of the [`Meaning`]s of a document, by its number, with its probability among those of its name.
type Sense = (u32, f32);

/// What a document is about: weights of countries and first order divisions, and its clear places.
/// What one name adds is kept apart, for no name is evidence for itself.
struct About {
    total: Weights,
    /// By the names' numbers.
    own: Vec<Own>,
    /// From south to north, once all are known.
    points: Vec<Point>,
}

/// A place that some name may mean.
struct Point {
    name: u32,
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

/// The same for one name, which means few places.
#[derive(Default)]
struct Own {
    countries: Vec<([u8; 2], f32)>,
    divisions: Vec<(u32, f32)>,
    country_sum: f32,
    division_sum: f32,
}

/// Adds to the weight of a key, if there is one, and to the sum of all.
fn add<K: PartialEq>(weights: &mut Vec<(K, f32)>, sum: &mut f32, key: Option<K>, weight: f32) {
    let Some(key) = key else { return };
    match weights.iter_mut().find(|(other, _)| *other == key) {
        Some((_, all)) => *all += weight,
        None => weights.push((key, weight)),
    }
    *sum += weight;
}

fn weight_of<K: PartialEq>(weights: &[(K, f32)], key: K) -> f32 {
    weights.iter().find(|(other, _)| *other == key).map_or(0.0, |(_, weight)| *weight)
}

impl About {
    /// What is known before the text is: whoever publishes writes of home first.
    fn of(home: Option<[u8; 2]>, names: usize) -> About {
        let mut about = About { total: Weights::default(), own: Vec::new(), points: Vec::new() };
        about.own.resize_with(names, Own::default);
        if let Some(country) = home {
            about.total.countries.insert(country, HOME);
            about.total.country_sum = HOME;
        }
        about
    }

    fn add(&mut self, name: u32, place: &Place<'_>, weight: f32) {
        if let Some(country) = code(place) {
            *self.total.countries.entry(country).or_default() += weight;
            self.total.country_sum += weight;
        }
        if let Some(division) = place.admin1 {
            *self.total.divisions.entry(division).or_default() += weight;
            self.total.division_sum += weight;
        }
        let own = &mut self.own[name as usize];
        add(&mut own.countries, &mut own.country_sum, code(place), weight);
        add(&mut own.divisions, &mut own.division_sum, place.admin1, weight);
    }

    /// Notes what a name may mean, for names near it.
    fn point(&mut self, name: u32, meaning: &Meaning, weight: f32) {
        let Place { lat, lon, admin2, kind, .. } = meaning.place;
        if matches!(kind, PlaceKind::PopulatedPlace | PlaceKind::Admin2 | PlaceKind::Quarter)
            && self.points.len() < POINTS
        {
            let narrow = meaning.narrow.unwrap_or_else(|| lat.to_radians().cos());
            self.points.push(Point { name, lat, lon, narrow, index: meaning.entry.place(), admin2, weight });
        }
    }

    /// Shares of a place's country and division in what the names but one say, 0 to 1.
    fn shares(&self, but: u32, place: &Place<'_>) -> (f32, f32) {
        let share = |all: f32, all_sum: f32, own: f32, own_sum: f32| {
            let rest = all_sum - own_sum;
            if rest <= 0.0 { 0.0 } else { (all - own) / (rest + UNSURE) }
        };
        let (total, own) = (&self.total, &self.own[but as usize]);
        let country = code(place).map_or(0.0, |code| {
            let all = total.countries.get(&code).copied().unwrap_or(0.0);
            share(all, total.country_sum, weight_of(&own.countries, code), own.country_sum)
        });
        let division = place.admin1.map_or(0.0, |division| {
            let all = total.divisions.get(&division).copied().unwrap_or(0.0);
            share(all, total.division_sum, weight_of(&own.divisions, division), own.division_sum)
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
    let names = Names::new(hits);
    let name = |index: usize| names.of[index] as usize;
    // Names that are clear by themselves: countries, peoples, names of one place only.
    let mut about = About::of(home, names.hits.len());
    let mut seen = vec![0u32; names.hits.len()];
    for (index, hit) in hits.iter().enumerate() {
        let Some(&entry) = hit.entries.first() else { continue };
        let again = &mut seen[name(index)];
        *again += 1;
        let place = gazetteer.place(entry.place());
        let sure = match place.kind {
            _ if hit.entries.len() == 1 => 1.0,
            PlaceKind::Country if hit.key != "georgia" && hit.key != "jordan" => 1.0,
            PlaceKind::Country => 0.4,
            PlaceKind::Admin1 if entry.is_main() => 0.7,
            _ => 0.1,
        };
        about.add(names.of[index], &place, sure / *again as f32);
    }
    // A name without kind and parents of its own means the same wherever it stands: for each, the first such.
    let mut first: Vec<Option<usize>> = vec![None; hits.len()];
    let mut plain: FxHashMap<(u32, Use), usize> = FxHashMap::default();
    for (index, hit) in hits.iter().enumerate() {
        if within[index].is_empty() && kinds[index].is_none() {
            let known = *plain.entry((names.of[index], hit.usage)).or_insert(index);
            first[index] = Some(known).filter(|&known| known != index);
        }
    }
    // What the names may mean, and what speaks for each meaning in all rounds; those of a hit side by side.
    let mut meanings: Vec<Meaning> = Vec::new();
    let mut own = vec![0..0; hits.len()];
    // What may hold them, for each of their parents.
    let mut held: Vec<Vec<Vec<Holder>>> = Vec::new();
    held.resize_with(hits.len(), Vec::new);
    for index in (0..hits.len()).filter(|&index| first[index].is_none()) {
        let from = meanings.len();
        meanings.extend(self::meanings(gazetteer, &hits[index], kinds[index]));
        own[index] = from..meanings.len();
        let parents = within[index].iter();
        held[index] = parents.map(|&parent| holders(gazetteer, &hits[parent as usize].entries)).collect();
    }
    let mut ranked: Vec<Vec<Sense>> = vec![Vec::new(); hits.len()];
    let mut scored = Vec::new();
    for round in 0..rounds {
        for index in 0..hits.len() {
            if let Some(first) = first[index] {
                let (before, rest) = ranked.split_at_mut(index);
                rest[0].clone_from(&before[first]);
                continue;
            }
            match own[index].len() {
                0 => {}
                // Whatever speaks for it, there is no other.
                1 => ranked[index] = vec![(own[index].start as u32, 1.0)],
                _ => {
                    let best = |&parent: &u32| {
                        let parent = parent as usize;
                        let entry = ranked[parent].first().map(|&(best, _)| meanings[best as usize].entry);
                        let entry = entry.or(hits[parent].entries.first().copied());
                        entry.map(|entry| Holder::new(gazetteer, entry))
                    };
                    let best: Vec<Option<Holder>> = within[index].iter().map(best).collect();
                    score(
                        &meanings,
                        &own[index],
                        (&best, &held[index]),
                        names.of[index],
                        &about,
                        &mut scored,
                    );
                    ranked[index].clone_from(&scored);
                }
            }
        }
        one_sense(kinds, within, &mut ranked, &names);
        if round + 1 < rounds {
            about = About::of(home, names.hits.len());
            seen.fill(0);
            for (index, senses) in ranked.iter().enumerate() {
                let again = &mut seen[name(index)];
                *again += 1;
                if let Some(&(best, probability)) = senses.first() {
                    let place = &meanings[best as usize].place;
                    about.add(names.of[index], place, probability / (*again as f32).sqrt());
                }
                if *again == 1 {
                    for &(meaning, probability) in senses.iter().take(NAMESAKES) {
                        about.point(names.of[index], &meanings[meaning as usize], probability.sqrt());
                    }
                }
            }
            about.points.sort_by(|a, b| a.lat.total_cmp(&b.lat));
        }
    }
    // A quarter is in its town, whatever else bears its name.
    let point = |&(meaning, _): &Sense| {
        let place = &meanings[meaning as usize].place;
        (place.kind, (place.lat, place.lon))
    };
    for index in (0..hits.len()).filter(|&index| kinds[index] == Some(PlaceKind::Quarter)) {
        let holder = within[index].first().and_then(|&town| ranked[town as usize].first()).map(point);
        if let Some((PlaceKind::PopulatedPlace, town)) = holder {
            ranked[index].retain(|sense| distance_km(town, point(sense).1) <= TOWN_KM);
        }
    }
    let told = |&(meaning, probability): &Sense| (meanings[meaning as usize].entry, probability);
    ranked.iter().map(|senses| Ranked { candidates: senses.iter().map(told).collect() }).collect()
}

/// The different names of a document, numbered.
struct Names {
    /// The number of each hit's name.
    of: Vec<u32>,
    /// The hits of each name.
    hits: Vec<Vec<usize>>,
}

impl Names {
    fn new(hits: &[Hit]) -> Names {
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        let mut names = Names { of: Vec::with_capacity(hits.len()), hits: Vec::new() };
        for (index, hit) in hits.iter().enumerate() {
            let number = *numbers.entry(&hit.key).or_insert(names.hits.len() as u32);
            names.of.push(number);
            match names.hits.get_mut(number as usize) {
                Some(same) => same.push(index),
                None => names.hits.push(vec![index]),
            }
        }
        names
    }
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
fn meanings(gazetteer: &Gazetteer, hit: &Hit, told: Option<PlaceKind>) -> impl Iterator<Item = Meaning> {
    let entries = hit.entries.iter();
    let entries = entries.filter(move |entry| hit.usage != Use::Demonym || entry.is_demonym());
    // A province that bears the name of its town: the town is meant, if no word tells otherwise.
    let has_town = move |province: u32| {
        hit.entries.iter().any(|&entry| {
            let place = gazetteer.place(entry.place());
            place.kind == PlaceKind::PopulatedPlace
                && place.admin1 == Some(province)
                && place.population >= TOWN
        })
    };
    let meaning = move |&entry: &Entry| {
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
    entries.map(meaning)
}

/// Orders what a name may mean. `agreed` holds, for each parent, what it most likely means, `any` what it may.
fn score(
    meanings: &[Meaning],
    own: &Range<usize>,
    (agreed, any): (&[Option<Holder>], &[Vec<Holder>]),
    name: u32,
    about: &About,
    scored: &mut Vec<Sense>,
) {
    scored.clear();
    for (number, meaning) in own.clone().zip(&meanings[own.clone()]) {
        let &Meaning { entry, ref place, mut score, narrow } = meaning;
        for (agreed, any) in agreed.iter().zip(any) {
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
        let (country, division) = about.shares(name, place);
        score += weight::ABOUT_COUNTRY * country + weight::ABOUT_ADMIN1 * division;
        if let Some(narrow) = narrow {
            score += near(place, narrow, name, entry.place(), about);
        }
        scored.push((number as u32, score));
    }
    let entry = |sense: &Sense| meanings[sense.0 as usize].entry;
    let order = |a: &Sense, b: &Sense| b.1.total_cmp(&a.1).then_with(|| entry(a).cmp(&entry(b)));
    if scored.len() > KEPT {
        scored.select_nth_unstable_by(KEPT - 1, order);
        scored.truncate(KEPT);
    }
    scored.sort_by(order);
    let top = scored.first().map_or(0.0, |best| best.1);
    let mut sum = 0.0;
    for (_, score) in scored.iter_mut() {
        *score = ((*score - top) * SHARPNESS).exp();
        sum += *score;
    }
    for (_, score) in scored.iter_mut() {
        *score /= sum;
    }
}

/// A [`haversine`] of more than this is more than 200 km.
const FAR: f64 = 2.4635e-4;

/// Support by what other names may mean: places that lie near, or in the same district. `narrow` is the cosine
/// of the latitude.
fn near(place: &Place<'_>, narrow: f64, name: u32, index: u32, about: &About) -> f32 {
    let mut best = 0.0_f32;
    // A degree of latitude is 111 km.
    let from = about.points.partition_point(|point| place.lat - point.lat > 1.8);
    for point in about.points[from..].iter().take_while(|point| point.lat - place.lat <= 1.8) {
        let far = point.weight * weight::NEAR * 2.0 <= best;
        // Below 60 degrees of latitude 4.5 of longitude are more than 200 km.
        let aside = (point.lon - place.lon).abs();
        let far = far || (4.5..355.5).contains(&aside) && place.lat.abs() < 57.0;
        if far || point.name == name || point.index == index {
            continue;
        }
        // The square of the sine of so small an angle is that of the angle, less than a thousandth off: most
        // pairs need no sines.
        let (dlat, dlon) = ((point.lat - place.lat).to_radians() / 2.0, aside.to_radians() / 2.0);
        if aside < 4.5 && (dlat * dlat + point.narrow * narrow * dlon * dlon) * 0.999 > FAR {
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
fn one_sense(kinds: &[Option<PlaceKind>], within: &[Vec<u32>], ranked: &mut [Vec<Sense>], names: &Names) {
    for same in names.hits.iter().filter(|same| same.len() > 1) {
        let Some(&told) = same.iter().find(|&&index| !within[index].is_empty() && !ranked[index].is_empty())
        else {
            continue;
        };
        let sense = ranked[told].clone();
        for &index in same {
            if within[index].is_empty() && kinds[index].is_none_or(|kind| kinds[told] == Some(kind)) {
                ranked[index].clone_from(&sense);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_is_just_beyond_the_farthest_that_speaks_for_a_place() {
        assert!((200.0..200.01).contains(&kilometres(FAR)), "{}", kilometres(FAR));
        let north = kilometres(haversine((0.0, 0.0), (1.8, 0.0), 1.0));
        assert!((200.0..200.2).contains(&north), "{north}");
    }
}
