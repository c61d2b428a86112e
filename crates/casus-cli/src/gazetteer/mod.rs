//! `casus gazetteer`: look names up and say why, and build a larger gazetteer from GeoNames' dump.

use crate::{
    Failure, Status, args,
    listing::{columns, word},
    print, remark,
};
use casus_engine::{
    Casus, PlaceKind,
    mention::place::{Found, Gazetteer, Level, distance_km},
};
use serde_json::json;
use std::{fmt::Write as _, path::Path};

mod build;
mod dump;

pub(crate) use build::build;

/// The gazetteer that `--gazetteer` names, or the built-in one.
pub(crate) fn open(path: Option<&Path>) -> Result<Gazetteer, Failure> {
    let Some(path) = path else { return Ok(Gazetteer::embedded()?) };
    let told = |cause: &dyn std::fmt::Display| Failure(format!("{}: {cause}", path.display()));
    let bytes = casus_map::map(path).map_err(|cause| told(&crate::input::plain(&cause)))?;
    Gazetteer::open(bytes).map_err(|cause| told(&cause))
}

/// The reader, with the gazetteer that was asked for.
pub(crate) fn laid(casus: Casus, source: &args::SourceArgs) -> Result<Casus, Failure> {
    Ok(match source.gazetteer.as_deref() {
        Some(path) => casus.with_gazetteer(open(Some(path))?),
        None => casus,
    })
}

/// What lies within so many kilometres of a place is near it, and what can be reached in half a day.
const NEAR_KM: f64 = 60.0;
const REACH_KM: f64 = 200.0;

/// Lists the places that a name could mean, with the reasons for their order.
pub(crate) fn find(args: &args::Find) -> Result<Status, Failure> {
    let gazetteer = open(args.gazetteer.as_deref())?;
    let country = args.country.as_deref().map(|country| code(&gazetteer, country)).transpose()?;
    let near = args.near.as_deref().map(|near| point(&gazetteer, near, country.as_deref())).transpose()?;
    let mut places = gazetteer.find(&args.name, country.as_deref());
    // What a place is near to tells the country as well: there names are compared loosely, too.
    if let Some(Near { country: Some(around), .. }) = &near
        && country.is_none()
    {
        for other in gazetteer.find(&args.name, Some(around)) {
            if !places.iter().any(|found| found.entry.place() == other.entry.place()) {
                places.push(other);
            }
        }
    }
    let mut found: Vec<(Found<'_>, Option<f64>)> = places
        .into_iter()
        .map(|found| {
            let km = near.as_ref().map(|near| distance_km(near.point, (found.place.lat, found.place.lon)));
            (found, km)
        })
        .collect();
    // Of those that bear the name the near come first; of those that look alike, the most alike that can be reached.
    if let Some(near) = &near {
        found.sort_by_key(|(found, km)| {
            let km = km.unwrap_or(f64::INFINITY);
            let alike = found.level > Level::Loose;
            (alike, usize::from(km > NEAR_KM && !alike) + usize::from(km > REACH_KM))
        });
        if let Some(called) = &near.called {
            remark(&format_args!("near {called}"));
        }
    }
    if found.is_empty() {
        return Err(Failure(format!(
            "no place is named {:?}{}",
            args.name,
            match country {
                Some(country) => format!(" in {country}"),
                None => "; with --country names that are spelt otherwise are found too".to_owned(),
            }
        )));
    }
    let listed = found.iter().take(args.most);
    match args.format {
        args::PlaceFormat::Table => {
            let mut rows = vec![["place", "kind", "in", "point", "id", "why"].map(str::to_owned)];
            rows.extend(listed.map(|(found, km)| {
                let place = &found.place;
                [
                    gazetteer.name(found.entry.place()),
                    word(&place.kind),
                    inside(&gazetteer, found),
                    format!("{:.4},{:.4}", place.lat, place.lon),
                    place.id(),
                    why(found, *km),
                ]
            }));
            let more = found.len() - (rows.len() - 1);
            print(&columns(&rows))?;
            if more > 0 {
                remark(&format_args!("{more} more; --most lists them"));
            }
        }
        args::PlaceFormat::Jsonl => {
            let mut out = String::new();
            for (found, km) in listed {
                let place = &found.place;
                let line = json!({
                    "name": gazetteer.name(found.entry.place()),
                    "kind": place.kind,
                    "country": place.country,
                    "admin1": division(&gazetteer, found, place.admin1),
                    "admin2": division(&gazetteer, found, place.admin2),
                    "lat": place.lat,
                    "lon": place.lon,
                    "population": place.population,
                    "gazetteer": place.id(),
                    "level": format!("{:?}", found.level).to_lowercase(),
                    "distance_km": km.map(|km| (km * 10.0).round() / 10.0),
                    "why": why(found, *km),
                });
                let _ = writeln!(out, "{line}");
            }
            print(&out)?;
        }
    }
    Ok(Status::ALL)
}

/// A division that a place lies in, unless it is that division.
fn division(gazetteer: &Gazetteer, found: &Found<'_>, above: Option<u32>) -> Option<String> {
    above.filter(|&above| above != found.entry.place()).map(|above| gazetteer.name(above))
}

/// `Ma'arrat, Idlib SY`: the divisions and the country that a place lies in.
fn inside(gazetteer: &Gazetteer, found: &Found<'_>) -> String {
    let place = &found.place;
    let name = gazetteer.name(found.entry.place());
    let admin1 = division(gazetteer, found, place.admin1);
    let mut parts: Vec<String> = division(gazetteer, found, place.admin2).into_iter().collect();
    parts.retain(|part| *part != name && admin1.as_ref() != Some(part));
    parts.extend(admin1);
    let divisions = parts.join(", ");
    match (divisions.is_empty(), place.country) {
        (true, country) => country.unwrap_or("-").to_owned(),
        (false, country) => format!("{divisions} {}", country.unwrap_or_default()),
    }
}

/// The code of a country, told by its code or its name.
fn code(gazetteer: &Gazetteer, country: &str) -> Result<String, Failure> {
    if country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(country.to_ascii_uppercase());
    }
    let named = gazetteer.find(country, None);
    let named = named.iter().find(|found| found.place.kind == PlaceKind::Country);
    named
        .and_then(|found| found.place.country.map(str::to_owned))
        .ok_or_else(|| Failure(format!("--country: no country is named {country:?}")))
}

/// Why a place stands where it stands.
fn why(found: &Found<'_>, km: Option<f64>) -> String {
    let mut why = vec![match found.level {
        Level::Exact if found.entry.is_demonym() => "its people's name".to_owned(),
        Level::Exact if found.entry.is_abbreviation() => "its abbreviation".to_owned(),
        Level::Exact if found.entry.is_main() => "its name".to_owned(),
        Level::Exact => "another name of it".to_owned(),
        Level::Loose => "the name but for article and doubled consonants".to_owned(),
        Level::Bare => "the name but for vowels".to_owned(),
        Level::Script => "its name in the other script reads alike".to_owned(),
        Level::Skeleton => "a name that looks alike".to_owned(),
    }];
    if found.place.capital {
        why.push("capital".to_owned());
    }
    if found.place.population > 0 {
        why.push(format!("{} people", found.place.population));
    }
    if let Some(km) = km {
        why.push(format!("{km:.0} km away"));
    }
    why.join(", ")
}

/// What places are to be near to.
struct Near {
    point: (f64, f64),
    country: Option<String>,
    /// What the name was taken for.
    called: Option<String>,
}

/// `34.5,69.2`, or the first place of a name.
fn point(gazetteer: &Gazetteer, near: &str, country: Option<&str>) -> Result<Near, Failure> {
    let degrees = near.split_once(',').and_then(|(lat, lon)| {
        let (lat, lon): (f64, f64) = (lat.trim().parse().ok()?, lon.trim().parse().ok()?);
        Some((lat, lon))
    });
    if let Some((lat, lon)) = degrees {
        if !(lat.abs() <= 90.0 && lon.abs() <= 180.0) {
            return Err(Failure(format!("--near: {near} is no point; expected degrees as LAT,LON")));
        }
        return Ok(Near { point: (lat, lon), country: None, called: None });
    }
    let found = gazetteer.find(near, country);
    let found = found.first().ok_or_else(|| Failure(format!("--near: no place is named {near:?}")))?;
    Ok(Near {
        point: (found.place.lat, found.place.lon),
        country: found.place.country.map(str::to_owned),
        called: Some(format!("{}, {}", gazetteer.name(found.entry.place()), inside(gazetteer, found))),
    })
}
