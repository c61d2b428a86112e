//! How values of the record are worded for people: the same words in the table, the page and the
//! readable columns of the flat formats.

use casus_record::{
    Bearing, Count, Date, Event, Function, Loss, LossOutcome, Materiel, Operator, Participant, PlaceRelation,
    Role, TimeOfDay, Unit, Voice, VoiceKind, When, Where,
};
use serde::Serialize;
use std::fmt::{self, Write};

/// The code of a closed list as the record writes it: `Family::AirStrike` is `air_strike`.
pub(crate) fn code(value: &impl Serialize) -> String {
    let mut out = String::new();
    // What is no code of a closed list has none.
    let _ = write!(out, "{}", Code(value));
    out
}

/// A code of a closed list, to be written where it belongs.
pub(crate) struct Code<'v, T>(pub(crate) &'v T);

impl<T: Serialize> fmt::Display for Code<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.serialize(f)
    }
}

/// Whether a code of a closed list is written like this.
pub(crate) fn is_code(value: &impl Serialize, code: &str) -> bool {
    struct Rest<'c>(Option<&'c str>);
    impl Write for Rest<'_> {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            self.0 = self.0.and_then(|rest| rest.strip_prefix(part));
            Ok(())
        }
    }
    let mut rest = Rest(Some(code));
    write!(rest, "{}", Code(value)).is_ok() && rest.0 == Some("")
}

/// A code with spaces for underscores.
pub(crate) fn spaced(code: &str) -> String {
    code.replace('_', " ")
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month(date: Date) -> &'static str {
    usize::try_from(date.month() - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or("")
}

/// Appends a number.
pub(crate) fn push_number(number: u64, out: &mut String) {
    if number > 9 {
        push_number(number / 10, out);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// Appends parts of dates with a word between: `3 May`, `3 May 2023`.
fn push_date(day: Option<Date>, month_of: Option<Date>, year_of: Option<Date>, out: &mut String) {
    let mut gap = "";
    if let Some(date) = day {
        push_number(date.day().unsigned_abs().into(), out);
        gap = " ";
    }
    if let Some(date) = month_of {
        out.push_str(gap);
        out.push_str(month(date));
        gap = " ";
    }
    if let Some(date) = year_of {
        out.push_str(gap);
        if date.year() < 0 {
            out.push('-');
        }
        push_number(date.year().unsigned_abs().into(), out);
    }
}

/// Days between two inclusive dates: `11-12 March 2024`, `March 2024`, `from 3 May 2023`.
pub(crate) fn interval(earliest: Option<Date>, latest: Option<Date>) -> String {
    let mut out = String::new();
    push_interval(earliest, latest, &mut out);
    out
}

/// The same, appended.
pub(crate) fn push_interval(earliest: Option<Date>, latest: Option<Date>, out: &mut String) {
    let whole = |date: Date, out: &mut String| push_date(Some(date), Some(date), Some(date), out);
    let (a, b) = match (earliest, latest) {
        (None, None) => return out.push_str("no date"),
        (Some(a), None) => {
            out.push_str("from ");
            return whole(a, out);
        }
        (None, Some(b)) => {
            out.push_str("until ");
            return whole(b, out);
        }
        (Some(a), Some(b)) => (a, b),
    };
    let same_year = a.year() == b.year();
    let same_month = same_year && a.month() == b.month();
    let whole_months = a.day() == 1 && b.day() == b.days_in_month();
    if a == b {
        whole(a, out);
    } else if whole_months && same_year && (a.month(), b.month()) == (1, 12) {
        push_date(None, None, Some(a), out);
    } else if whole_months && same_month {
        push_date(None, Some(a), Some(a), out);
    } else if whole_months && same_year {
        push_date(None, Some(a), None, out);
        out.push('–');
        push_date(None, Some(b), Some(b), out);
    } else if whole_months && a.month() == 1 && b.month() == 12 {
        push_date(None, None, Some(a), out);
        out.push('–');
        push_date(None, None, Some(b), out);
    } else if same_month {
        push_date(Some(a), None, None, out);
        out.push('–');
        whole(b, out);
    } else {
        push_date(Some(a), Some(a), (!same_year).then_some(a), out);
        out.push_str(" – ");
        whole(b, out);
    }
}

/// When it happened: `11–12 March 2024, night`.
pub(crate) fn when(when: &When) -> String {
    let mut out = interval(when.earliest, when.latest);
    // "before dawn on Sunday" was on that Sunday.
    let modifier = when.modifier.as_ref().map(|modifier| format!("{} ", code(modifier))).unwrap_or_default();
    // The hour itself stands in the words that are quoted beside.
    match &when.time_of_day.filter(|time| *time != TimeOfDay::Clock) {
        Some(time) => out = format!("{out}, {modifier}{}", code(time)),
        None => out = format!("{modifier}{out}"),
    }
    if when.uncertainty_days > 0 {
        let unit = if when.uncertainty_days == 1 { "day" } else { "days" };
        out = format!("{out} (± {} {unit})", when.uncertainty_days);
    }
    out
}

/// The number with its bound: `at least 14`, `12–20`, `dozens (24 or more)`.
pub(crate) fn count(count: &Count) -> String {
    let number = |value: Option<u64>| value.map_or_else(|| "?".to_owned(), |value| value.to_string());
    match count.operator {
        Operator::Exact | Operator::Singular => number(count.value),
        Operator::AtLeast => format!("at least {}", number(count.value)),
        Operator::MoreThan => format!("more than {} ({} or more)", number(count.value), number(count.low)),
        Operator::AtMost => format!("up to {}", number(count.value)),
        Operator::LessThan => format!("fewer than {} (up to {})", number(count.value), number(count.high)),
        Operator::Almost => format!("almost {} (up to {})", number(count.value), number(count.high)),
        Operator::About => format!("about {}", number(count.value)),
        Operator::Between => format!("{}–{}", number(count.low), number(count.high)),
        Operator::Vague => {
            format!("{} ({} or more)", count.word.as_deref().unwrap_or("some"), number(count.low))
        }
        Operator::Plural => format!("{} or more", number(count.low)),
        Operator::NoneStated => "none".to_owned(),
    }
}

/// What happened to persons: `killed and wounded`.
pub(crate) fn outcomes(outcomes: &[LossOutcome]) -> String {
    outcomes.iter().map(|outcome| spaced(&code(outcome))).collect::<Vec<_>>().join(" and ")
}

/// Who suffered a loss, without the number: `children, civilians`; empty if the text does not tell.
pub(crate) fn loser(loss: &Loss) -> String {
    let mut parts: Vec<String> = loss.who.attributes.iter().map(|attribute| spaced(attribute)).collect();
    parts.extend(loss.who.name.clone());
    if loss.who.name.is_none() && loss.who.class != "unknown" {
        parts.push(spaced(&loss.who.class));
    }
    parts.join(", ")
}

/// The number of a loss with its unit: `about 300 households`.
pub(crate) fn loss_count(loss: &Loss) -> String {
    match loss.unit {
        Unit::Persons => count(&loss.count),
        unit => format!("{} {}", count(&loss.count), code(&unit)),
    }
}

/// A whole loss in words: `killed: at least 14 (civilians)`.
pub(crate) fn loss(loss: &Loss) -> String {
    with_detail(format!("{}: {}", outcomes(&loss.outcome), loss_count(loss)), &loser(loss))
}

/// Things lost in words: `destroyed: 2 (truck)`.
pub(crate) fn materiel(row: &Materiel) -> String {
    with_detail(format!("{}: {}", code(&row.outcome), count(&row.count)), &spaced(&row.item))
}

fn with_detail(text: String, detail: &str) -> String {
    if detail.is_empty() { text } else { format!("{text} ({detail})") }
}

/// Who speaks: its name, or what it is.
pub(crate) fn voice(voice: &Voice) -> String {
    match (&voice.name, voice.kind) {
        (Some(name), _) => name.clone(),
        (None, VoiceKind::Report) => "the report".to_owned(),
        (None, kind) => spaced(&code(&kind)),
    }
}

/// The speakers of the voices with these indices.
pub(crate) fn voices(event: &Event, indices: &[u32]) -> String {
    let names: Vec<_> =
        indices.iter().filter_map(|index| event.voices.get(*index as usize)).map(voice).collect();
    names.join(", ")
}

/// The participants with this role.
pub(crate) fn with_role(event: &Event, role: Role) -> impl Iterator<Item = &Participant> {
    event.participants.iter().filter(move |participant| participant.role == role)
}

/// How the event lies to the place: `17 km north of Tarna`, `near Gol`, `Beya`.
pub(crate) fn place(place: &Where) -> String {
    let name = &place.name;
    let bearing = place.bearing.as_ref().map(bearing);
    match (place.distance_km, bearing) {
        (Some(km), Some(bearing)) => return format!("{} km {bearing} of {name}", kilometres(km)),
        (Some(km), None) => return format!("{} km from {name}", kilometres(km)),
        (None, Some(bearing)) => return format!("{bearing} of {name}"),
        (None, None) => {}
    }
    match place.relation {
        PlaceRelation::At | PlaceRelation::In => name.clone(),
        relation => format!("{} {name}", code(&relation)),
    }
}

fn bearing(bearing: &Bearing) -> String {
    code(bearing)
}

/// Whole kilometres without a fraction.
fn kilometres(km: f64) -> String {
    if km.fract() == 0.0 { format!("{km:.0}") } else { format!("{km:.1}") }
}

/// The divisions above a place, finest first, each once: the gazetteer's, else those that the text names.
pub(crate) fn parents(place: &Where) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let named = place.within.iter().map(String::as_str);
    let divisions = [&place.admin3, &place.admin2, &place.admin1].into_iter().flatten().map(String::as_str);
    for parent in named.chain(divisions) {
        let known = |other: &str| other.to_lowercase() == parent.to_lowercase();
        let is_itself = known(&place.name) || place.resolved.as_deref().is_some_and(known);
        if !is_itself && !out.iter().any(|other| known(other)) {
            out.push(parent.to_owned());
        }
    }
    out
}

/// The place that stands for the event where only one can: the first site, else the first place that
/// is more than another possibility.
pub(crate) fn main_place(event: &Event) -> Option<&Where> {
    let site = event.places.iter().find(|place| place.function == Function::Site);
    site.or_else(|| event.places.iter().find(|place| place.function != Function::Alternative))
        .or_else(|| event.places.first())
}

/// Where the event happened, in a few words for a headline: `Tarna–Gol`, `Beya, Lodo`.
pub(crate) fn headline_place(event: &Event) -> String {
    let at = |function: Function| event.places.iter().find(|place| place.function == function);
    let sites: Vec<_> =
        event.places.iter().filter(|place| place.function == Function::Site).map(place).collect();
    if !sites.is_empty() {
        sites.join(", ")
    } else if let (Some(a), Some(b)) = (at(Function::EndA), at(Function::EndB)) {
        format!("{}–{}", a.name, b.name)
    } else if let (Some(a), Some(b)) = (at(Function::Origin), at(Function::Destination)) {
        format!("{} → {}", a.name, b.name)
    } else {
        main_place(event).map(place).unwrap_or_default()
    }
}

/// The first characters of an event's id that tell it from others on a screen.
pub(crate) fn short_id(id: &str) -> &str {
    id.char_indices().nth(10).map_or(id, |(at, _)| &id[..at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use casus_record::Operator;

    fn check_interval(earliest: &str, latest: &str, expected: &str) {
        let date = |text: &str| text.parse::<Date>().ok();
        assert_eq!(interval(date(earliest), date(latest)), expected);
    }

    #[test]
    fn intervals() {
        check_interval("2024-03-11", "2024-03-11", "11 March 2024");
        check_interval("2024-03-11", "2024-03-12", "11–12 March 2024");
        check_interval("2024-02-28", "2024-03-03", "28 February – 3 March 2024");
        check_interval("2023-12-30", "2024-01-02", "30 December 2023 – 2 January 2024");
        check_interval("2024-02-01", "2024-02-29", "February 2024");
        check_interval("2024-01-01", "2024-03-31", "January–March 2024");
        check_interval("2024-01-01", "2024-12-31", "2024");
        check_interval("1990-01-01", "1999-12-31", "1990–1999");
        check_interval("2024-02-01", "", "from 1 February 2024");
        check_interval("", "2024-02-01", "until 1 February 2024");
        check_interval("", "", "no date");
    }

    fn check_count(number: &Count, expected: &str) {
        assert_eq!(count(number), expected);
    }

    #[test]
    fn counts_keep_their_bounds() {
        check_count(&Count::new(Operator::AtLeast, 14, ""), "at least 14");
        check_count(&Count::new(Operator::MoreThan, 40, ""), "more than 40 (41 or more)");
        check_count(&Count::new(Operator::Almost, 40, ""), "almost 40 (up to 39)");
        check_count(&Count::new(Operator::NoneStated, 0, ""), "none");
        check_count(&Count::new(Operator::Plural, 0, ""), "2 or more");
        check_count(&Count::between(20, 12, ""), "12–20");
        check_count(&Count::vague("dozens", 24, ""), "dozens (24 or more)");
    }
}
