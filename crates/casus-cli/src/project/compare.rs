//! `casus compare`: what two data sets both have, what only one has, and where they differ.
//!
//! Rows are matched by the pair scorer of linking, so a day that is a week, or a place that is a province,
//! counts for as much as it tells. A row has one match at most; the best pairs are taken first.

use super::{args, args::CompareFormat, change::write};
use crate::{Failure, Status};
use casus_engine::Date;
use casus_link::{Evidence, Telling};
use rows::Row;
use serde_json::json;
use std::{collections::BTreeMap, fmt::Write as _, path::Path};

mod rows;

/// Probability from which two rows are taken for one incident.
const SAME: f32 = 0.5;

/// Days that two data sets may be apart on one incident.
const SLACK: i32 = 7;

/// Degrees of latitude that they may be apart: some 330 km.
const DEGREES: f64 = 3.0;

/// Rows that the table shows of each kind.
const SHOWN: usize = 20;

/// Compares two files.
pub(crate) fn compare(args: &args::Compare) -> Result<Status, Failure> {
    let wanted = |row: &Row| {
        args.since.is_none_or(|since| row.last().is_some_and(|day| day >= since))
            && args.until.is_none_or(|until| row.first().is_some_and(|day| day <= until))
    };
    let read = |path: &Path| -> Result<Vec<Row>, Failure> {
        let mut rows = rows::read(path)?;
        rows.retain(wanted);
        if rows.is_empty() {
            return Err(Failure(format!("{}: has no row to compare", path.display())));
        }
        Ok(rows)
    };
    let (a, b) = (read(&args.a)?, read(&args.b)?);
    let matches = matches(&a, &b);
    let out = match args.format {
        CompareFormat::Table => table(args, &a, &b, &matches),
        CompareFormat::Jsonl => lines(&a, &b, &matches),
        CompareFormat::Csv => csv(&a, &b, &matches)?,
    };
    write(args.output.as_deref(), &out)
}

/// Two rows that are one incident.
struct Match {
    a: usize,
    b: usize,
    probability: f32,
}

/// The pairs, in the order of `a`.
fn matches(a: &[Row], b: &[Row]) -> Vec<Match> {
    let tellings = |rows: &[Row]| rows.iter().map(|row| Telling::new(&row.event, None)).collect::<Vec<_>>();
    let (of_a, of_b) = (tellings(a), tellings(b));
    // Rows of a known time of at most a month lie under each of its weeks; the others are compared with all.
    let week = |day: Date| day.duration_since(Date::constant(1970, 1, 1)).as_hours().div_euclid(24 * 7);
    let mut by_week: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    let mut vague = Vec::new();
    for (at, row) in b.iter().enumerate() {
        match (row.first(), row.last()) {
            (Some(first), Some(last)) if (last - first).get_days() <= 31 => {
                (week(first)..=week(last)).for_each(|week| by_week.entry(week).or_default().push(at));
            }
            _ => vague.push(at),
        }
    }
    let mut pairs = Vec::new();
    for (at, row) in a.iter().enumerate() {
        let mut candidates = vague.clone();
        match (row.first(), row.last()) {
            (Some(first), Some(last)) => {
                let slack = i64::from(SLACK / 7);
                let near = by_week.range(week(first) - slack..=week(last) + slack);
                candidates.extend(near.flat_map(|(_, rows)| rows));
            }
            _ => candidates = (0..b.len()).collect(),
        }
        candidates.sort_unstable();
        candidates.dedup();
        for other in candidates.into_iter().filter(|other| row.is_near(&b[*other])) {
            let probability = Evidence::of(&of_a[at], &of_b[other]).probability();
            if probability >= SAME {
                pairs.push(Match { a: at, b: other, probability });
            }
        }
    }
    pairs.sort_by(|x, y| y.probability.total_cmp(&x.probability).then_with(|| (x.a, x.b).cmp(&(y.a, y.b))));
    let (mut taken_a, mut taken_b) = (vec![false; a.len()], vec![false; b.len()]);
    pairs.retain(|pair| {
        let free = !taken_a[pair.a] && !taken_b[pair.b];
        if free {
            (taken_a[pair.a], taken_b[pair.b]) = (true, true);
        }
        free
    });
    pairs.sort_by_key(|pair| pair.a);
    pairs
}

impl Row {
    fn first(&self) -> Option<Date> {
        self.event.when.as_ref()?.earliest
    }

    fn last(&self) -> Option<Date> {
        self.event.when.as_ref()?.latest
    }

    fn point(&self) -> Option<(f64, f64)> {
        self.event.places.iter().find_map(|place| Some((place.lat?, place.lon?)))
    }

    /// Whether two rows can be about one place; true where one of them has no coordinates.
    fn is_near(&self, other: &Row) -> bool {
        match (self.point(), other.point()) {
            (Some(a), Some(b)) => {
                let around = (a.1 - b.1).abs();
                let wide = DEGREES / a.0.to_radians().cos().max(0.1);
                (a.0 - b.0).abs() <= DEGREES && around.min(360.0 - around) <= wide
            }
            _ => true,
        }
    }
}

/// Rows of one side without a match.
fn rest(rows: &[Row], matched: impl Iterator<Item = usize>) -> Vec<&Row> {
    let mut alone = vec![true; rows.len()];
    matched.for_each(|at| alone[at] = false);
    rows.iter().zip(alone).filter(|(_, alone)| *alone).map(|(row, _)| row).collect()
}

/// Fields in which two rows differ: name, value of A, value of B.
fn differences<'r>(a: &'r Row, b: &'r Row) -> Vec<(&'static str, &'r str, &'r str)> {
    let value = |row: &'r Row, name: &str| row.fields.get(name).map_or("", String::as_str);
    let pairs = rows::FIELDS.into_iter().map(|name| (name, value(a, name), value(b, name)));
    pairs.filter(|(_, a, b)| !a.is_empty() && !b.is_empty() && !a.eq_ignore_ascii_case(b)).collect()
}

fn table(args: &args::Compare, a: &[Row], b: &[Row], matches: &[Match]) -> String {
    let (only_a, only_b) = (rest(a, matches.iter().map(|m| m.a)), rest(b, matches.iter().map(|m| m.b)));
    let mut out = String::new();
    let (name_a, name_b) = (args.a.display(), args.b.display());
    let _ = writeln!(out, "A  {name_a}: {} rows\nB  {name_b}: {} rows\n", a.len(), b.len());
    let _ = writeln!(
        out,
        "{:>8}  in both\n{:>8}  only in A\n{:>8}  only in B\n",
        matches.len(),
        only_a.len(),
        only_b.len()
    );
    let mut by_field: BTreeMap<&str, usize> = BTreeMap::new();
    for pair in matches {
        differences(&a[pair.a], &b[pair.b])
            .iter()
            .for_each(|(name, ..)| *by_field.entry(name).or_default() += 1);
    }
    let _ = writeln!(out, "In both, and different");
    for name in rows::FIELDS {
        let _ = writeln!(out, "{:>8}  {name}", by_field.get(name).copied().unwrap_or(0));
    }
    for pair in matches.iter().take(SHOWN) {
        let (row, other) = (&a[pair.a], &b[pair.b]);
        let _ = writeln!(out, "\n= {} = {}  ({:.2})  {}", row.id, other.id, pair.probability, row.brief());
        for (name, one, two) in differences(row, other) {
            let _ = writeln!(out, "    {name}: {one} | {two}");
        }
    }
    for (sign, rows) in [("A", only_a), ("B", only_b)] {
        let _ = writeln!(out);
        for row in rows.iter().take(SHOWN) {
            let _ = writeln!(out, "{sign} {}  {}", row.id, row.brief());
        }
        if rows.len() > SHOWN {
            let _ = writeln!(out, "{sign} … and {} more (--format csv has them all)", rows.len() - SHOWN);
        }
    }
    out
}

impl Row {
    fn brief(&self) -> String {
        let value = |name: &str| self.fields.get(name).map_or("", String::as_str);
        format!("{} {} {}", value("earliest"), value("place"), value("family"))
    }
}

/// Where a row is, itself in A and in B, and how probable it is that both tell one incident.
type Pairing<'r> = (&'static str, Option<&'r Row>, Option<&'r Row>, Option<f32>);

/// Every row once: matched, only in A, only in B.
fn each<'r>(a: &'r [Row], b: &'r [Row], matches: &'r [Match]) -> Vec<Pairing<'r>> {
    let both =
        matches.iter().map(|pair| ("both", Some(&a[pair.a]), Some(&b[pair.b]), Some(pair.probability)));
    let only_a =
        rest(a, matches.iter().map(|m| m.a)).into_iter().map(|row| ("only_a", Some(row), None, None));
    let only_b =
        rest(b, matches.iter().map(|m| m.b)).into_iter().map(|row| ("only_b", None, Some(row), None));
    both.chain(only_a).chain(only_b).collect()
}

fn lines(a: &[Row], b: &[Row], matches: &[Match]) -> String {
    let line = |(what, one, other, probability): (&str, Option<&Row>, Option<&Row>, Option<f32>)| {
        let differ = one.zip(other).map(|(one, other)| differences(one, other)).unwrap_or_default();
        let differ: BTreeMap<&str, [&str; 2]> =
            differ.into_iter().map(|(name, a, b)| (name, [a, b])).collect();
        let line = json!({
            "match": what, "a": one.map(|row| &row.id), "b": other.map(|row| &row.id),
            "probability": probability, "differences": differ,
        });
        format!("{line}\n")
    };
    each(a, b, matches).into_iter().map(line).collect()
}

fn csv(a: &[Row], b: &[Row], matches: &[Match]) -> Result<String, Failure> {
    let fail = |error: &dyn std::fmt::Display| Failure(error.to_string());
    let mut out = csv::Writer::from_writer(Vec::new());
    let sides = rows::FIELDS.iter().flat_map(|name| [format!("{name}_a"), format!("{name}_b")]);
    let head = ["match", "id_a", "id_b", "probability", "differ"].map(str::to_owned).into_iter().chain(sides);
    out.write_record(head).map_err(|error| fail(&error))?;
    for (what, one, other, probability) in each(a, b, matches) {
        let differ = one.zip(other).map(|(one, other)| differences(one, other)).unwrap_or_default();
        let differ: Vec<&str> = differ.into_iter().map(|(name, ..)| name).collect();
        let id = |row: Option<&Row>| row.map_or_else(String::new, |row| row.id.clone());
        let value = |row: Option<&Row>, name: &str| {
            row.and_then(|row| row.fields.get(name)).cloned().unwrap_or_default()
        };
        let start = [
            what.to_owned(),
            id(one),
            id(other),
            probability.map_or_else(String::new, |p| format!("{p:.3}")),
            differ.join(" "),
        ];
        let fields = rows::FIELDS.iter().flat_map(|name| [value(one, name), value(other, name)]);
        out.write_record(start.into_iter().chain(fields)).map_err(|error| fail(&error))?;
    }
    let bytes = out.into_inner().map_err(|error| fail(&error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
