//! The lines of GeoNames' dump: <https://download.geonames.org/export/dump/readme.txt>.
//!
//! This module must not know how a gazetteer is written.

use casus_data::gazetteer::{kind, mark};

/// A place of `allCountries.txt`.
pub(super) struct Line<'l> {
    pub(super) id: u32,
    pub(super) name: &'l str,
    pub(super) ascii: &'l str,
    pub(super) others: &'l str,
    pub(super) lat: f64,
    pub(super) lon: f64,
    pub(super) kind: u8,
    pub(super) country: &'l str,
    pub(super) admin1: &'l str,
    pub(super) admin2: &'l str,
    pub(super) population: u32,
}

/// Reads a line; None for one that is no place (divisions that are no more) or is broken.
pub(super) fn place(line: &str) -> Option<Line<'_>> {
    let mut field = line.split('\t');
    let mut next = || field.next();
    let (id, name, ascii, others) = (next()?.parse().ok()?, next()?, next()?, next()?);
    let (lat, lon) = (next()?.parse::<f64>().ok()?, next()?.parse::<f64>().ok()?);
    let (class, code, country, _) = (next()?, next()?, next()?, next()?);
    let (admin1, admin2, _, _) = (next()?, next()?, next()?, next()?);
    let population = next()?.parse::<u64>().unwrap_or(0).min(u64::from(u32::MAX)) as u32;
    let sane = lat.abs() <= 90.0 && lon.abs() <= 180.0 && !name.is_empty();
    let admin1 = if admin1 == "00" { "" } else { admin1 };
    let kind = kind_of(class, code).filter(|_| sane)?;
    Some(Line { id, name, ascii, others, lat, lon, kind, country, admin1, admin2, population })
}

/// Kind and marks of a feature code; None for divisions that are no more.
fn kind_of(class: &str, code: &str) -> Option<u8> {
    Some(match (class, code) {
        ("A", code) if code.ends_with('H') => return None,
        ("A", code) if code.starts_with("PCL") => kind::COUNTRY,
        ("A", "ADM1") => kind::ADMIN1,
        ("A", "ADM2") => kind::ADMIN2,
        ("A", "ADM3" | "ADM4" | "ADM5") => kind::ADMIN3,
        ("P", "PPLC") => kind::TOWN | mark::CAPITAL,
        ("P", "PPLX") => kind::QUARTER,
        ("P", _) => kind::TOWN,
        ("H" | "U", _) => kind::WATER,
        ("L", "CONT") => kind::CONTINENT,
        ("L", "MILB") | ("S", "AIRB") => kind::BASE,
        ("S", code) if code.starts_with("CMP") => kind::CAMP,
        ("S", "PSTB") => kind::BORDER,
        ("S", _) => kind::FACILITY,
        ("T", "ISL" | "ISLS" | "PEN" | "DSRT") => kind::REGION,
        ("T", _) => kind::MOUNTAIN,
        ("R", _) => kind::ROAD,
        _ => kind::REGION,
    })
}

/// A name of `alternateNamesV2.txt`: the place's id, the name, and whether it is an abbreviation. None for
/// what is no name: links, codes of airports and posts.
pub(super) fn alternate(line: &str) -> Option<(u32, &str, bool)> {
    let mut field = line.split('\t');
    let (_, id, language, name) = (field.next()?, field.next()?.parse().ok()?, field.next()?, field.next()?);
    let code = matches!(
        language,
        "link" | "wkdt" | "post" | "iata" | "icao" | "faac" | "tcid" | "unlc" | "phon" | "piny"
    );
    (!code && !name.is_empty()).then_some((id, name, language == "abbr"))
}

/// Parent and child of `hierarchy.txt`, for children that belong to their parent's administration.
pub(super) fn parent(line: &str) -> Option<(u32, u32)> {
    let mut field = line.split('\t');
    let (parent, child) = (field.next()?.parse().ok()?, field.next()?.parse().ok()?);
    matches!(field.next().unwrap_or_default(), "" | "ADM").then_some((parent, child))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<(u32, &str, u8)>) {
        assert_eq!(place(line).map(|line| (line.id, line.name, line.kind)), expected, "{line}");
    }

    #[test]
    fn lines_of_the_dump() {
        let rest = "XX\t\t01\t02\t\t\t1500\t\t10\tX/Y\t2024-01-01";
        check(&format!("7\tBeya\tBeya\t\t1.5\t2.5\tP\tPPL\t{rest}"), Some((7, "Beya", kind::TOWN)));
        check(
            &format!("7\tBeya\tBeya\t\t1.5\t2.5\tP\tPPLC\t{rest}"),
            Some((7, "Beya", kind::TOWN | mark::CAPITAL)),
        );
        check(&format!("8\tAru\tAru\t\t1.5\t2.5\tA\tADM2\t{rest}"), Some((8, "Aru", kind::ADMIN2)));
        check(&format!("8\tAru\tAru\t\t1.5\t2.5\tA\tADM2H\t{rest}"), None);
        check(&format!("8\tAru\tAru\t\t91.5\t2.5\tP\tPPL\t{rest}"), None);
        check("8\tAru", None);
        check("", None);
        assert_eq!(alternate("1\t7\tfr\tBéya\t\t\t\t"), Some((7, "Béya", false)));
        assert_eq!(alternate("1\t7\tabbr\tBY\t\t\t\t"), Some((7, "BY", true)));
        assert_eq!(alternate("1\t7\tlink\thttps://example.org\t\t\t\t"), None);
        assert_eq!(parent("8\t7\tADM"), Some((8, 7)));
        assert_eq!(parent("8\t7\tdependency"), None);
    }
}
