//! What a row of a foreign data set says, as an event: as little as it does say.
//!
//! Forms of action are looked up in the lists `import` of `data/profiles/*.toml`, codes of classes, weapons
//! and targets in `data/codes/*.toml` the other way round.

use super::{super::tables::Tables, Profile, Values, hex};
use casus_record::{
    Attribution, AttributionStatus, Cause, Count, Date, Event, Extent, Family, Grain, Loser, Loss,
    LossOutcome, MadeBy, Operator, Participant, ParticipantKind, PlaceRelation, Precision, ReportRef,
    Response, Role, Scope, Side, Status, Territory, Unit, Weapon, When, Where,
};
use sha2::{Digest, Sha256};

/// An event that says nothing yet. Its id depends on the foreign id alone, so that a newer file of the same
/// data set gives the same ids.
pub(super) fn bare(profile: Profile, id: &str, row_sha256: &str) -> Event {
    let name = format!("{profile}:{id}");
    let hash = hex(&Sha256::digest(if id.is_empty() { row_sha256 } else { &name }));
    let made_by = MadeBy {
        casus: env!("CARGO_PKG_VERSION").to_owned(),
        pack: casus_data::version().to_owned(),
        options: format!("import {profile}"),
    };
    let report = ReportRef { id: name, text_sha256: row_sha256.to_owned(), ..ReportRef::default() };
    Event::bare(format!("ev_{}", hash.get(..16).unwrap_or_default()), report, made_by)
}

pub(super) fn acled(event: &mut Event, row: &Values<'_>, tables: &Tables) {
    act(event, row.get("sub_event_type").and_then(|kind| tables.label("import", kind)));
    event.report.publisher = row.get("source").map(str::to_owned);
    if let Some(date) = row.get("event_date").and_then(date) {
        let around = |before: i64, after: i64| (shift(date, -before), shift(date, after));
        let (span, grain) = match row.get("time_precision") {
            Some("2") => (around(3, 3), Grain::Week),
            Some("3") => ((date.first_of_month(), date.last_of_month()), Grain::Month),
            _ => ((date, date), Grain::Day),
        };
        event.when = Some(when(span.0, span.1, grain, Extent::Point));
    }
    let country = row
        .get("country")
        .and_then(|name| tables.countries().iter().find(|country| country.acled.as_deref() == Some(name)));
    let iso2 = country.map(|country| country.iso2.clone());
    let precision = match row.get("geo_precision") {
        Some("2") => Precision::Near,
        Some("3") => Precision::Admin1,
        _ => Precision::Place,
    };
    place(event, row, "location", ["admin1", "admin2", "admin3"], precision, iso2.clone());
    for (name, inter, role, side) in
        [("actor1", "inter1", Role::Actor, Side::A), ("actor2", "inter2", Role::Recipient, Side::B)]
    {
        let class = row.get(inter).and_then(|code| {
            let number = code.parse::<u8>().ok();
            let labels = tables.table.list.get("inter")?;
            let by_label = || labels.iter().find(|(_, label)| label.eq_ignore_ascii_case(code));
            match number.or_else(|| by_label()?.0.parse().ok())? {
                1 => Some("state_military"),
                2 => Some("rebel"),
                3 => Some("political_militia"),
                4 => Some("identity_militia"),
                5 => Some("rioters"),
                6 => Some("protesters"),
                7 => Some("civilians"),
                8 => Some("foreign_military"),
                _ => None,
            }
        });
        if let Some(name) = row.get(name) {
            // Foreign forces are of another country than the event, which the row does not name.
            let of = if class == Some("foreign_military") { None } else { iso2.clone() };
            party(event, name, class.unwrap_or("unknown"), role, side, of);
        }
    }
    if let Some(dead) = row.count("fatalities").filter(|dead| *dead > 0) {
        loss(event, LossOutcome::Killed, dead, "unknown", Side::Unknown);
    }
}

pub(super) fn ged(event: &mut Event, row: &Values<'_>, tables: &Tables) {
    let kind = row.get("type_of_violence").unwrap_or_default();
    act(event, tables.label("import", kind));
    event.report.publisher = row.get("source_office").map(str::to_owned);
    if row.get("event_clarity") == Some("2") {
        event.scope = Scope::Aggregate;
    }
    // Newer files have a time of day behind the date.
    let day = |column: &str| row.get(column).and_then(|text| date(text.get(..10).unwrap_or(text)));
    if let (Some(start), Some(end)) = (day("date_start"), day("date_end")) {
        let grain = match row.get("date_prec") {
            Some("1") => Grain::Day,
            Some("3") => Grain::Week,
            Some("4") => Grain::Month,
            Some("5") => Grain::Year,
            _ => Grain::Range,
        };
        event.when = Some(when(start, end, grain, Extent::Unknown));
    }
    let precision = match row.get("where_prec") {
        Some("1") => Precision::Place,
        Some("2") => Precision::Near,
        Some("3") => Precision::Admin2,
        Some("4") => Precision::Admin1,
        Some("5") => Precision::Area,
        Some("7") => Precision::WaterOrAir,
        _ => Precision::Country,
    };
    let by_gw = |column: &str| {
        let gw: u16 = row.number(column)?;
        let country = tables.countries().iter().find(|country| country.gw == Some(gw))?;
        Some(country.iso2.clone())
    };
    place(event, row, "where_coordinates", ["adm_1", "adm_2", ""], precision, by_gw("country_id"));
    for (name, gw, role, side) in
        [("side_a", "gwnoa", Role::Actor, Side::A), ("side_b", "gwnob", Role::Recipient, Side::B)]
    {
        let Some(name) = row.get(name) else { continue };
        let class = match name {
            _ if name.eq_ignore_ascii_case("civilians") => "civilians",
            _ if name.starts_with("Government of") => "state_military",
            _ => "rebel",
        };
        party(event, name, class, role, side, by_gw(gw));
    }
    for (column, class, side) in [
        ("deaths_a", "unknown", Side::A),
        ("deaths_b", "unknown", Side::B),
        ("deaths_civilians", "civilians", Side::Unknown),
        ("deaths_unknown", "unknown", Side::Unknown),
    ] {
        if let Some(dead) = row.count(column).filter(|dead| *dead > 0) {
            loss(event, LossOutcome::Killed, dead, class, side);
        }
    }
    // Files that were cut to a few columns tell the sum alone.
    if let (true, Some(best)) = (event.losses.is_empty(), row.count("best").filter(|best| *best > 0)) {
        loss(event, LossOutcome::Killed, best, "unknown", Side::Unknown);
    }
    // The bounds are those of the sum; they can stand with one figure only.
    if let (&mut [ref mut only], Some(low), Some(high)) =
        (event.losses.as_mut_slice(), row.count("low"), row.count("high"))
    {
        (only.count.low, only.count.high) = (Some(low), Some(high));
    }
}

pub(super) fn gtd(event: &mut Event, row: &Values<'_>, tables: &Tables) {
    act(event, row.get("attacktype1").and_then(|kind| tables.label("import", kind)));
    if row.get("success") == Some("0") {
        event.status = Status::Attempted;
    }
    if row.get("suicide") == Some("1") {
        event.action.tactic = Some("suicide_vest".to_owned());
    }
    let (year, month, day) =
        (row.number::<i16>("iyear"), row.number::<i8>("imonth"), row.number::<i8>("iday"));
    if let Some(year) = year {
        let of = |month: i8, day: i8| Date::new(year, month, day).ok();
        let (month, day) = (month.filter(|month| *month > 0), day.filter(|day| *day > 0));
        event.when = match (month, day) {
            (Some(month), Some(day)) => {
                of(month, day).map(|date| when(date, date, Grain::Day, Extent::Point))
            }
            (Some(month), None) => {
                of(month, 1).map(|date| when(date, date.last_of_month(), Grain::Month, Extent::Point))
            }
            (None, _) => of(1, 1).map(|date| when(date, date.last_of_year(), Grain::Year, Extent::Point)),
        };
    }
    let by_number = |column: &str| {
        let number: u16 = row.number(column)?;
        let country = tables.countries().iter().find(|country| country.gtd == Some(number))?;
        Some(country.iso2.clone())
    };
    let precision = match row.get("specificity") {
        Some("2" | "3") => Precision::Admin2,
        Some("4") => Precision::Admin1,
        Some("5") => Precision::Country,
        _ if row.get("vicinity") == Some("1") => Precision::Near,
        _ => Precision::Place,
    };
    place(event, row, "city", ["provstate", "", ""], precision, by_number("country"));
    for column in ["weaptype1", "weaptype2", "weaptype3", "weaptype4"] {
        let subtype = row.number::<u8>(&column.replace("type", "subtype"));
        let kind = row.number::<u8>(column).and_then(|kind| tables.weapon_of((kind, subtype)));
        event.action.weapons.extend(kind.map(|kind| Weapon {
            kind: kind.to_owned(),
            mention: String::new(),
            evidence: Vec::new(),
        }));
    }
    if let Some(name) = row.get("gname").filter(|name| *name != "Unknown") {
        party(event, name, "rebel", Role::Actor, Side::A, None);
        let claimed = row.get("claimed") == Some("1");
        let suspected = row.get("guncertain1") == Some("1");
        if let Some(of) = event.participants.last_mut().and_then(|party| party.attributions.first_mut()) {
            of.status = match (claimed, suspected) {
                (true, _) => AttributionStatus::Claimed,
                (false, true) => AttributionStatus::Suspected,
                (false, false) => AttributionStatus::Stated,
            };
        }
    }
    if let Some(kind) = row.number::<u8>("targtype1") {
        let target = tables.target_of((kind, row.number("targsubtype1")));
        let name = row.get("target1").unwrap_or_default();
        let class = if kind == 14 { "civilians" } else { "unknown" };
        party(event, name, class, Role::Recipient, Side::B, by_number("natlty1"));
        if let Some(party) = event.participants.last_mut() {
            party.target_type = target.map(str::to_owned);
        }
    }
    for (all, attackers, outcome) in
        [("nkill", "nkillter", LossOutcome::Killed), ("nwound", "nwoundte", LossOutcome::Wounded)]
    {
        let attackers = row.count(attackers).unwrap_or(0);
        let victims = row.count(all).unwrap_or(0).saturating_sub(attackers);
        for (number, side) in [(victims, Side::B), (attackers, Side::A)] {
            if number > 0 {
                loss(event, outcome, number, "unknown", side);
            }
        }
    }
    if let Some(number) = row.count("nhostkid").filter(|number| *number > 0) {
        loss(event, LossOutcome::Abducted, number, "unknown", Side::B);
    }
}

/// Fills the action from an entry of a list `import`: `family`, then `tactic=`, `weapon=`, `response=`, `gained=`.
fn act(event: &mut Event, entry: Option<&str>) {
    let mut words = entry.unwrap_or("other").split(' ');
    let family = words.next().unwrap_or_default();
    event.action.family = serde_json::from_value(family.into()).unwrap_or(Family::Other);
    for word in words {
        match word.split_once('=') {
            Some(("tactic", code)) => event.action.tactic = Some(code.to_owned()),
            Some(("weapon", code)) => event.action.weapons.push(Weapon {
                kind: code.to_owned(),
                mention: String::new(),
                evidence: Vec::new(),
            }),
            Some(("response", code)) => {
                event.result.response = serde_json::from_value::<Response>(code.into()).ok();
            }
            Some(("gained", _)) => {
                let territory =
                    Territory { gained_by: Some(Side::A), lost_by: Some(Side::B), voices: vec![0] };
                event.result.territory = Some(territory);
            }
            _ => {}
        }
    }
}

fn when(earliest: Date, latest: Date, grain: Grain, extent: Extent) -> When {
    When { grain, extent, ..When::of_days(earliest, latest) }
}

fn place(
    event: &mut Event,
    row: &Values<'_>,
    name: &str,
    admin: [&str; 3],
    precision: Precision,
    country: Option<String>,
) {
    // Without a place there is still the country.
    let (name, precision) = match (row.get(name), row.get("country_txt").or_else(|| row.get("country"))) {
        (Some(name), _) => (name, precision),
        (None, Some(name)) => (name, Precision::Country),
        (None, None) => return,
    };
    let division = |column: &str| row.get(column).map(str::to_owned);
    event.places.push(Where {
        resolved: Some(name.to_owned()),
        relation: if precision == Precision::Near { PlaceRelation::Near } else { PlaceRelation::At },
        lat: row.number("latitude"),
        lon: row.number("longitude"),
        country,
        admin1: division(admin[0]),
        admin2: division(admin[1]),
        admin3: division(admin[2]),
        precision,
        ..Where::named(name)
    });
}

fn party(event: &mut Event, name: &str, class: &str, role: Role, side: Side, country: Option<String>) {
    event.participants.push(Participant {
        role,
        kind: ParticipantKind::Group,
        name: name.to_owned(),
        mentions: Vec::new(),
        effect: None,
        register: None,
        class: class.to_owned(),
        target_type: None,
        side,
        country,
        government_of: None,
        count: None,
        attributions: vec![Attribution {
            status: AttributionStatus::Stated,
            voice: 0,
            mode: None,
            evidence: Vec::new(),
        }],
        evidence: Vec::new(),
    });
}

fn loss(event: &mut Event, outcome: LossOutcome, number: u64, class: &str, side: Side) {
    event.losses.push(Loss {
        outcome: vec![outcome],
        figure: u32::try_from(event.losses.len() + 1).unwrap_or(u32::MAX),
        included_in: None,
        who: Loser {
            class: class.to_owned(),
            name: None,
            register: None,
            country: None,
            side,
            attributes: Vec::new(),
        },
        count: Count::new(Operator::Exact, number, ""),
        unit: Unit::Persons,
        cause: Cause::Direct,
        voices: vec![0],
        evidence: Vec::new(),
    });
}

/// A day as the data sets have written it over the years: 2024-03-11, 11 March 2024, 11-Mar-2024, 11-03-2024.
fn date(text: &str) -> Option<Date> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let parts: Vec<&str> = text.split([' ', '-', '/']).filter(|part| !part.is_empty()).collect();
    let &[day, month, year] = parts.as_slice() else { return None };
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let named = || {
        let start = month.get(..3)?.to_lowercase();
        MONTHS.iter().position(|name| *name == start).and_then(|at| i8::try_from(at + 1).ok())
    };
    let month = month.parse().ok().or_else(named)?;
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}

fn shift(date: Date, days: i64) -> Date {
    use jiff::ToSpan as _;
    date.checked_add(days.days()).unwrap_or(date)
}
