//! `casus gazetteer`: look names up and say why, and build a larger gazetteer from GeoNames' dump.

use crate::{Failure, Status, args, print};
use casus_engine::{
    Casus,
    mention::place::{Found, Gazetteer, Level},
};
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

/// Lists the places that a name could mean, with the reasons for their order.
pub(crate) fn find(args: &args::Find) -> Result<Status, Failure> {
    let gazetteer = open(args.gazetteer.as_deref())?;
    let country = args.country.as_deref().map(str::to_ascii_uppercase);
    let near = args.near.as_deref().map(|near| point(&gazetteer, near, country.as_deref())).transpose()?;
    let mut found: Vec<(Found<'_>, Option<f64>)> = gazetteer
        .find(&args.name, country.as_deref())
        .into_iter()
        .map(|found| {
            (
                found,
                near.map(|near| {
                    casus_engine::mention::place::distance_km(near, (found.place.lat, found.place.lon))
                }),
            )
        })
        .collect();
    // What lies near comes first, a day's drive at most; the rest keeps its order.
    if near.is_some() {
        let band = |km: &Option<f64>| {
            km.map_or(3, |km| {
                if km <= 60.0 {
                    0
                } else if km <= 200.0 {
                    1
                } else {
                    2
                }
            })
        };
        found.sort_by_key(|(found, km)| (band(km), found.level));
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
    let mut out = String::new();
    for (found, km) in found.iter().take(args.most) {
        let place = &found.place;
        let within =
            place.admin1.filter(|&above| above != found.entry.place()).map(|above| gazetteer.name(above));
        let _ = writeln!(
            out,
            "{}\t{}\t{}\t{}\t{:.4}\t{:.4}\t{}\t{}",
            gazetteer.name(found.entry.place()),
            serde_json::to_value(place.kind)
                .ok()
                .and_then(|kind| kind.as_str().map(str::to_owned))
                .unwrap_or_default(),
            place.country.unwrap_or("-"),
            within.as_deref().unwrap_or("-"),
            place.lat,
            place.lon,
            place.id(),
            why(found, *km),
        );
    }
    print(&out)
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

/// `34.5,69.2`, or the first place of a name.
fn point(gazetteer: &Gazetteer, near: &str, country: Option<&str>) -> Result<(f64, f64), Failure> {
    let degrees = near
        .split_once(',')
        .and_then(|(lat, lon)| Some((lat.trim().parse().ok()?, lon.trim().parse().ok()?)));
    degrees
        .or_else(|| gazetteer.find(near, country).first().map(|found| (found.place.lat, found.place.lon)))
        .ok_or_else(|| Failure(format!("--near: no place is named {near:?}")))
}
