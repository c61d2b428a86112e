//! One case as one row, and the rules that most data sets share: place, country, report.

use super::{
    acled::Acled,
    case::Case,
    cell::{Cell, Filled, Inputs, blank, put},
    ged::Ged,
    gtd::Gtd,
    redact::is_proper,
    tables::{Facts, Tables},
    toll::{Number, Sides},
};
use crate::{geo_precision, precision::UcdpDate};
use casus_data::tables::profile::Country;
use casus_record::{Date, Event, LossOutcome, Participant, ParticipantKind, Precision, Where};
use std::borrow::Cow;

/// How finely the event is placed, in the data sets' codes: read from the record before it is redacted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Geo {
    pub(crate) ucdp: u8,
    pub(crate) acled: u8,
    pub(crate) gtd: u8,
    pub(crate) vicinity: bool,
}

impl Geo {
    pub(crate) fn of(places: &[Where]) -> Geo {
        let known = geo_precision::known(places);
        Geo {
            ucdp: geo_precision::ucdp(known),
            acled: geo_precision::acled(known),
            gtd: geo_precision::gtd(known, places),
            vicinity: known == geo_precision::Known::Near,
        }
    }
}

/// What a rule is given.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) tables: &'a Tables,
    pub(crate) case: &'a Case<'a>,
    pub(crate) event: &'a Event,
    pub(crate) facts: Facts<'a>,
    pub(crate) place: Option<&'a Where>,
    pub(crate) country: Option<&'a Country>,
    pub(crate) geo: Geo,
    /// Ids of the incidents that the same total owns.
    pub(crate) siblings: &'a [&'a str],
    /// The report's own words are written.
    pub(crate) full: bool,
    pub(crate) own: Own<'a>,
}

/// What one data set works out once for a row.
#[derive(Debug)]
pub(crate) enum Own<'a> {
    None,
    Acled(Acled<'a>),
    Ged(Ged<'a>),
    Gtd(Gtd<'a>),
}

/// A rule: fills a cell of a row, the `n`th of its kind.
pub(crate) type Rule = for<'r, 'a> fn(&'r Row<'a>, usize) -> Filled<'r>;

/// The rules that several data sets have, by name.
pub(crate) fn shared(name: &str) -> Option<Rule> {
    Some(match name {
        "own_id" => |row, _| put(row.event.id.as_str(), "own_id", Inputs::Fields(&["id"])),
        "admin1" => |row, _| admin(row, "admin1", |place| &place.admin1),
        "admin2" => |row, _| admin(row, "admin2", |place| &place.admin2),
        "admin3" => |row, _| admin(row, "admin3", |place| &place.admin3),
        "place_name" => place_name,
        "latitude" => |row, _| degrees(row, "latitude", |point| point.0),
        "longitude" => |row, _| degrees(row, "longitude", |point| point.1),
        "publisher" => publisher,
        "citation" => |row, _| put(citation(row.event), "citation", Inputs::Fields(&["report", "id"])),
        "url" => |row, _| match &row.event.report.url {
            Some(url) => put(url.as_str(), "url", Inputs::Fields(&["report/url"])),
            None => blank("blank_no_url", Inputs::Fields(&["report/url"])),
        },
        "blank_given_by_owner" => |_, _| blank("blank_given_by_owner", Inputs::None),
        "blank_not_in_text" => |_, _| blank("blank_not_in_text", Inputs::None),
        "blank_not_in_record" => |_, _| blank("blank_not_in_record", Inputs::None),
        "blank_old_version" => |_, _| blank("blank_old_version", Inputs::None),
        "blank_verbatim" => |_, _| blank("blank_verbatim", Inputs::None),
        "blank_reviewer" => |_, _| blank("blank_reviewer", Inputs::None),
        "blank_one_report" => |_, _| blank("blank_one_report", Inputs::None),
        _ => return None,
    })
}

impl<'a> Row<'a> {
    /// The numbers of an outcome.
    pub(crate) fn sides(&self, outcome: LossOutcome) -> &Sides {
        self.case.tally.of(outcome)
    }

    pub(crate) fn total(&self, outcome: LossOutcome) -> Number {
        self.sides(outcome).total()
    }

    /// Country of the event as ISO 3166-1 alpha-2.
    pub(crate) fn iso2(&self) -> Option<&'a str> {
        self.country.map(|country| country.iso2.as_str())
    }

    /// The point of the place.
    pub(crate) fn point(&self) -> Option<(f64, f64)> {
        let place = self.place.filter(|place| place.precision != Precision::Unresolved)?;
        let (lat, lon) = (place.lat?, place.lon?);
        ((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon)).then_some((lat, lon))
    }

    /// First and last day, with UCDP's precision.
    pub(crate) fn ucdp_date(&self) -> Option<UcdpDate> {
        crate::precision::ucdp(self.event.when.as_ref(), self.event.report.published)
    }

    /// The party's own name, if it has one that may be shown: from the register, or of an organisation.
    pub(crate) fn own_name(&self, party: &'a Participant) -> Option<&'a str> {
        let named = party.register.is_some()
            || self.full
            || party.kind != ParticipantKind::Person && is_proper(&party.name);
        (named && !party.name.is_empty()).then_some(party.name.as_str())
    }

    /// The party's name, or what kind of party it is, as the data set words it.
    pub(crate) fn party_name(&self, party: &'a Participant) -> Cow<'a, str> {
        if let Some(name) = self.own_name(party) {
            return Cow::Borrowed(name);
        }
        let country = party
            .country
            .as_deref()
            .and_then(|iso2| self.tables.country(iso2))
            .or(self.country)
            .map(|country| country.acled.as_deref().unwrap_or(&country.name));
        let words: Cow<'a, str> = match (self.tables.label("party", &party.class), country) {
            (Some(words), _) if !words.contains('{') => words.into(),
            (Some(words), Some(country)) => with_country(words, country).into(),
            (Some(words), None) => {
                words.replace(" ({country})", "").replace(" of {country}", "").replace("{country}", "").into()
            }
            (None, _) => crate::words::spaced(&party.class).into(),
        };
        // A pseudonym tells one private person from another.
        if party.kind == ParticipantKind::Person && party.name.starts_with("person-") {
            return format!("{words} {}", party.name).into();
        }
        words
    }
}

/// A label with a country in it.
fn with_country(words: &str, country: &str) -> String {
    let mut out = String::with_capacity(words.len() + country.len());
    let mut rest = words;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match rest.strip_prefix("{country}") {
            Some(behind) => {
                out.push_str(country);
                rest = behind;
            }
            None => {
                out.push('{');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn admin<'r>(
    row: &'r Row<'_>,
    rule: &'static str,
    of: impl Fn(&'r Where) -> &'r Option<String>,
) -> Filled<'r> {
    match row.place.and_then(|place| of(place).as_deref()) {
        Some(name) => put(name, rule, Inputs::Fields(&["where"])),
        None => blank("blank_no_admin", Inputs::Fields(&["where"])),
    }
}

fn place_name<'r>(row: &'r Row<'_>, _: usize) -> Filled<'r> {
    match row.place {
        Some(place) => {
            let name = place.resolved.as_deref().unwrap_or(&place.name);
            put(name, "place_name", Inputs::Fields(&["where"]))
        }
        None => blank("blank_no_place", Inputs::Fields(&["where"])),
    }
}

fn degrees<'r>(row: &'r Row<'_>, rule: &'static str, of: impl Fn((f64, f64)) -> f64) -> Filled<'r> {
    match row.point() {
        Some(point) => put(of(point), rule, Inputs::Fields(&["where"])),
        None => blank("blank_no_point", Inputs::Fields(&["where"])),
    }
}

fn publisher<'r>(row: &'r Row<'_>, _: usize) -> Filled<'r> {
    match &row.event.report.publisher {
        Some(publisher) => put(publisher.as_str(), "publisher", Inputs::Fields(&["report/publisher"])),
        None => blank("blank_no_publisher", Inputs::Fields(&["report/publisher"])),
    }
}

/// Publisher, day and id: what leads back to the record.
pub(crate) fn citation(event: &Event) -> String {
    use std::fmt::Write as _;
    let report = &event.report;
    let mut out = report.publisher.clone().unwrap_or_default();
    if let Some(day) = report.published {
        if !out.is_empty() {
            out.push_str(", ");
        }
        let _ = write!(out, "{day}");
    }
    if !out.is_empty() {
        out.push_str(", ");
    }
    out.push_str("casus:");
    out.push_str(&event.id);
    out
}

/// A day as a cell.
pub(crate) fn day<'r>(date: Option<Date>, rule: &'static str, none: &'static str) -> Filled<'r> {
    const WHEN: Inputs = Inputs::Fields(&["when/earliest", "when/latest", "when/grain"]);
    match date {
        Some(date) => Filled { cell: Cell::Date(date), rule, inputs: WHEN },
        None => blank(none, WHEN),
    }
}

/// What the row says in words of its own: form, time, place, parties, losses. No word of the report.
pub(crate) fn composed(row: &Row<'_>, kind: &str) -> String {
    let event = row.event;
    let mut out = String::with_capacity(256);
    out.push_str(kind);
    if event.scope == casus_record::Scope::Aggregate {
        out.push_str(" (total over several incidents)");
    }
    if let Some(when) = &event.when {
        out.push_str(", ");
        crate::words::push_interval(when.earliest, when.latest, &mut out);
    }
    if let Some(place) = row.place {
        out.push_str(", ");
        out.push_str(place.resolved.as_deref().unwrap_or(&place.name));
    }
    out.push('.');
    for (label, parties) in [("Actor", &row.facts.a), ("Recipient", &row.facts.b)] {
        for (index, party) in parties.iter().enumerate() {
            out.push_str(if index == 0 { " " } else { "; " });
            if index == 0 {
                out.push_str(label);
                out.push_str(": ");
            }
            out.push_str(&row.party_name(party));
        }
        if !parties.is_empty() {
            out.push('.');
        }
    }
    const TOLD: [(LossOutcome, &str); 5] = [
        (LossOutcome::Killed, "Killed"),
        (LossOutcome::Wounded, "Wounded"),
        (LossOutcome::Abducted, "Abducted"),
        (LossOutcome::Captured, "Captured"),
        (LossOutcome::Displaced, "Displaced"),
    ];
    for (outcome, label) in TOLD {
        let sides = row.sides(outcome);
        if !sides.told {
            continue;
        }
        match sides.total().best {
            Some(best) => {
                out.push(' ');
                out.push_str(label);
                out.push_str(": ");
                crate::words::push_number(best, &mut out);
                if sides.disputed {
                    out.push_str(" (accounts differ)");
                }
            }
            None => {
                out.push(' ');
                out.push_str(label);
                out.push_str(": some");
            }
        }
        out.push('.');
    }
    out
}
