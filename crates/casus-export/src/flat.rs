//! One event as one row of flat, typed columns: the columns of CSV and Parquet and the properties of
//! GeoJSON, with their documentation for the codebook.
//!
//! A row cannot hold an event whole. What has several rows of its own stands twice: once in words,
//! for people, and once as the JSON of the record, for programs (columns that end in `_json`).

use crate::{
    Item, Options,
    tally::{self, tally},
    words,
};
use casus_record::{
    Date, Event, Function, Loss, Offsets, Participant, RelationKind, Role, Side, Span, Voice, Where,
    convert_event,
};
use serde::Serialize;
use std::{borrow::Cow, collections::BTreeMap};

/// Type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Integer,
    Float,
    Boolean,
    Date,
    Json,
}

impl Type {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Type::Text => "text",
            Type::Integer => "integer",
            Type::Float => "number",
            Type::Boolean => "boolean",
            Type::Date => "date",
            Type::Json => "JSON",
        }
    }
}

/// Value of a column in a row. Its variant is that of the column's type, or null.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Null,
    /// Text or JSON.
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Date(Date),
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        if text.is_empty() { Cell::Null } else { Cell::Text(text) }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::from(text.to_owned())
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Cell {
        Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Cell {
        if number.is_finite() { Cell::Float(number) } else { Cell::Null }
    }
}

impl From<f32> for Cell {
    /// Keeps the digits: 0.83 stays 0.83 as a 64-bit number.
    fn from(number: f32) -> Cell {
        number.to_string().parse().map_or(Cell::Null, |number: f64| Cell::from(number))
    }
}

impl From<Date> for Cell {
    fn from(date: Date) -> Cell {
        Cell::Date(date)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Null, Into::into)
    }
}

impl From<&Option<String>> for Cell {
    fn from(text: &Option<String>) -> Cell {
        Cell::from(text.as_deref())
    }
}

/// An event as it is put into a row.
pub(crate) struct Row<'a> {
    /// With byte offsets, which slice the text.
    event: &'a Event,
    /// With the offsets asked for.
    shown: Cow<'a, Event>,
    text: &'a str,
    with_text: bool,
    number: usize,
    place: Option<&'a Where>,
    tally: BTreeMap<String, tally::Quantity>,
}

impl<'a> Row<'a> {
    pub(crate) fn new(item: &Item<'a>, event: &'a Event, options: &Options) -> Row<'a> {
        let mut shown = Cow::Borrowed(event);
        if options.offsets != Offsets::Bytes {
            convert_event(shown.to_mut(), &item.report.text, options.offsets);
        }
        Row {
            event,
            shown,
            text: &item.report.text,
            with_text: options.with_text,
            number: item.number,
            place: words::main_place(event),
            tally: tally(event),
        }
    }

    pub(crate) fn event_id(&self) -> &str {
        &self.event.id
    }

    /// The same row for another of the event's places.
    pub(crate) fn at(self, place: Option<&'a Where>) -> Row<'a> {
        Row { place, ..self }
    }
}

/// A column: its name, its type, what it means, and how it is taken from an event.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Type,
    pub(crate) about: &'static str,
    get: fn(&Row<'_>) -> Cell,
}

impl Column {
    /// The value in a row. Text is put on one line, as names may be broken over lines in a report;
    /// only the report's own text is kept as it is.
    pub(crate) fn get(&self, row: &Row<'_>) -> Cell {
        match (self.get)(row) {
            Cell::Text(text) if self.kind == Type::Text && self.name != TEXT_COLUMN => {
                Cell::Text(crate::neutral::line(&text))
            }
            cell => cell,
        }
    }
}

const fn column(name: &'static str, kind: Type, about: &'static str, get: fn(&Row<'_>) -> Cell) -> Column {
    Column { name, kind, about, get }
}

/// The column that `--with-text` adds at the end.
pub(crate) const TEXT_COLUMN: &str = "report_text";

/// The columns that the options ask for.
pub(crate) fn columns(options: &Options) -> impl Iterator<Item = &'static Column> + use<> {
    let with_text = options.with_text;
    COLUMNS.iter().filter(move |column| with_text || column.name != TEXT_COLUMN)
}

/// Every column, in order.
#[rustfmt::skip]
pub(crate) static COLUMNS: &[Column] = &[
    column("event_id", Type::Text, "Id of the event.", |r| r.event.id.as_str().into()),
    column("report_id", Type::Text, "Id of the report.", |r| r.event.report.id.as_str().into()),
    column("report_number", Type::Integer, "Position of the report in the input, from 1.", |r| (r.number as u64).into()),
    column("report_published", Type::Date, "Day of publication.", |r| r.event.report.published.into()),
    column("report_publisher", Type::Text, "Who published the report.", |r| (&r.event.report.publisher).into()),
    column("report_title", Type::Text, "Title of the report.", |r| (&r.event.report.title).into()),
    column("report_language", Type::Text, "BCP 47 language tag of the report.", |r| (&r.event.report.language).into()),
    column("report_genre", Type::Text, "Kind of report.", |r| (&r.event.report.genre).into()),
    column("report_url", Type::Text, "Address that the report was taken from.", |r| (&r.event.report.url).into()),
    column("report_path", Type::Text, "Where the report was read from.", |r| (&r.event.report.path).into()),
    column("text_sha256", Type::Text, "SHA-256 of the text that spans point into.", |r| r.event.report.text_sha256.as_str().into()),

    column("scope", Type::Text, "incident, or aggregate: a total that owns its incidents. Never add an aggregate and its parts.", |r| words::code(&r.event.scope).into()),
    column("part_of", Type::Text, "Id of the aggregate that the event is part of. To add up numbers, take the rows where this is empty.", |r| part_of(r.event).into()),
    column("told", Type::Text, "news, or background: recalled history.", |r| words::code(&r.event.told).into()),
    column("status", Type::Text, "What became of the action.", |r| words::code(&r.event.status).into()),
    column("family", Type::Text, "Form of action.", |r| words::code(&r.event.action.family).into()),
    column("also", Type::Text, "Further forms that the same action has, joined by \"; \".", |r| join(r.event.action.also.iter().map(words::code))),
    column("tactic", Type::Text, "Code of the tactic.", |r| (&r.event.action.tactic).into()),
    column("weapons", Type::Text, "Codes of the means of violence, joined by \"; \".", |r| join(r.event.action.weapons.iter().map(|w| w.kind.clone()))),
    column("delivery", Type::Text, "How explosives reached the target.", |r| (&r.event.action.delivery).into()),
    column("directionality", Type::Text, "Whether force came from one side or from both.", |r| words::code(&r.event.action.directionality).into()),
    column("occurrences", Type::Integer, "How many incidents the row stands for, as said; empty for one.", |r| r.event.occurrences.as_ref().and_then(|c| c.value).into()),
    column("occurrences_low", Type::Integer, "Least number of incidents that the words support.", |r| r.event.occurrences.as_ref().and_then(|c| c.low).into()),
    column("occurrences_high", Type::Integer, "Greatest number of incidents that the words support.", |r| r.event.occurrences.as_ref().and_then(|c| c.high).into()),

    column("date_earliest", Type::Date, "First day on which the event can have happened.", |r| r.event.when.as_ref().and_then(|w| w.earliest).into()),
    column("date_latest", Type::Date, "Last day on which the event can have happened, inclusive.", |r| r.event.when.as_ref().and_then(|w| w.latest).into()),
    column("date_grain", Type::Text, "How fine the stated time is.", |r| r.event.when.as_ref().map(|w| words::code(&w.grain)).into()),
    column("date_extent", Type::Text, "How the event fills the interval.", |r| r.event.when.as_ref().map(|w| words::code(&w.extent)).into()),
    column("date_modifier", Type::Text, "Word that moves or blurs the bounds.", |r| r.event.when.as_ref().and_then(|w| w.modifier.as_ref().map(words::code)).into()),
    column("time_of_day", Type::Text, "Part of the day.", |r| r.event.when.as_ref().and_then(|w| w.time_of_day.as_ref().map(words::code)).into()),
    column("date_calendar", Type::Text, "Calendar of the words.", |r| r.event.when.as_ref().map(|w| words::code(&w.calendar)).into()),
    column("date_uncertainty_days", Type::Integer, "Days by which a converted calendar may be off, not included in the bounds.", |r| r.event.when.as_ref().map(|w| u64::from(w.uncertainty_days)).into()),
    column("date_basis", Type::Text, "What the interval rests on.", |r| r.event.when.as_ref().map(|w| words::code(&w.basis)).into()),
    column("date_stated", Type::Text, "The words of the report.", |r| r.event.when.as_ref().map(|w| w.stated.as_str()).into()),

    column("place", Type::Text, "Name of the place as in the text: the first site, else the first place. In GeoJSON: the place of the feature.", |r| r.place.map(|p| p.name.as_str()).into()),
    column("place_resolved", Type::Text, "The gazetteer's name of the place.", |r| r.place.and_then(|p| p.resolved.as_deref()).into()),
    column("place_stated", Type::Text, "The words of the report around the name.", |r| r.place.map(|p| p.stated.as_str()).into()),
    column("place_detail", Type::Text, "Quarter, street or facility below the place.", |r| r.place.and_then(|p| p.detail.as_deref()).into()),
    column("place_function", Type::Text, "What the place is to the event.", |r| r.place.map(|p| words::code(&p.function)).into()),
    column("place_relation", Type::Text, "How the event lies to the place.", |r| r.place.map(|p| words::code(&p.relation)).into()),
    column("place_distance_km", Type::Float, "Distance from the place in kilometres, if stated.", |r| r.place.and_then(|p| p.distance_km).into()),
    column("place_bearing", Type::Text, "Compass bearing from the place, if stated.", |r| r.place.and_then(|p| p.bearing.as_ref().map(words::code)).into()),
    column("latitude", Type::Float, "Latitude in degrees, WGS 84; empty if the place is not resolved.", |r| r.place.and_then(|p| p.lat).into()),
    column("longitude", Type::Float, "Longitude in degrees, WGS 84.", |r| r.place.and_then(|p| p.lon).into()),
    column("place_gazetteer", Type::Text, "Id in the gazetteer, with its source.", |r| r.place.and_then(|p| p.gazetteer.as_deref()).into()),
    column("place_kind", Type::Text, "What kind of place it is.", |r| r.place.map(|p| words::code(&p.kind)).into()),
    column("country", Type::Text, "ISO 3166-1 alpha-2 code of the country.", |r| r.place.and_then(|p| p.country.as_deref()).into()),
    column("admin1", Type::Text, "First-order division.", |r| r.place.and_then(|p| p.admin1.as_deref()).into()),
    column("admin2", Type::Text, "Second-order division.", |r| r.place.and_then(|p| p.admin2.as_deref()).into()),
    column("admin3", Type::Text, "Third-order division.", |r| r.place.and_then(|p| p.admin3.as_deref()).into()),
    column("place_within", Type::Text, "Parents that the text names, joined by \"; \".", |r| r.place.map_or(Cell::Null, |p| join(p.within.iter().cloned()))),
    column("place_precision", Type::Text, "How finely the place is known.", |r| r.place.map(|p| words::code(&p.precision)).into()),
    column("place_confidence", Type::Float, "Probability that the place is right, 0 to 1.", |r| r.place.map(|p| p.confidence).into()),
    column("places", Type::Text, "All places in words, joined by \"; \", with their function where it is not site.", |r| join(r.event.places.iter().map(place_words))),
    column("places_json", Type::Json, "`where` of the record.", |r| json(&r.shown.places)),

    column("actors", Type::Text, "Names of those who acted, joined by \"; \".", |r| names(r, Role::Actor)),
    column("actor_classes", Type::Text, "Their class codes, in the same order.", |r| classes(r, Role::Actor)),
    column("actor_registers", Type::Text, "Their ids in the actor register, each once.", |r| registers(r, Role::Actor)),
    column("actor_attribution", Type::Text, "How firmly the text ties each actor to the event and by whose word, in the same order.", |r| join(words::with_role(r.event, Role::Actor).map(|p| attribution(r.event, p)))),
    column("recipients", Type::Text, "Names of those it was done to, joined by \"; \".", |r| names(r, Role::Recipient)),
    column("recipient_classes", Type::Text, "Their class codes, in the same order.", |r| classes(r, Role::Recipient)),
    column("recipient_registers", Type::Text, "Their ids in the actor register, each once.", |r| registers(r, Role::Recipient)),
    column("target_types", Type::Text, "Codes of the kinds of target, each once.", |r| once(words::with_role(r.event, Role::Recipient).filter_map(|p| p.target_type.clone()))),
    column("participants_json", Type::Json, "`participants` of the record.", |r| json(&r.shown.participants)),

    column("killed", Type::Integer, "Killed, by the account told first; without the indirectly dead.", |r| quantity(r, "killed").value.into()),
    column("killed_low", Type::Integer, "Least number killed that any account supports.", |r| quantity(r, "killed").low.into()),
    column("killed_high", Type::Integer, "Greatest number killed that any account supports; empty is open.", |r| quantity(r, "killed").high.into()),
    column("wounded", Type::Integer, "Wounded, by the account told first.", |r| quantity(r, "wounded").value.into()),
    column("wounded_low", Type::Integer, "Least number wounded.", |r| quantity(r, "wounded").low.into()),
    column("wounded_high", Type::Integer, "Greatest number wounded; empty is open.", |r| quantity(r, "wounded").high.into()),
    column("killed_wounded", Type::Integer, "Killed and wounded where the text gives them only together. Contains `killed` and `wounded` of the same row where these are included in it.", |r| quantity(r, "killed_wounded").value.into()),
    column("killed_wounded_low", Type::Integer, "Least of the joint number.", |r| quantity(r, "killed_wounded").low.into()),
    column("killed_wounded_high", Type::Integer, "Greatest of the joint number; empty is open.", |r| quantity(r, "killed_wounded").high.into()),
    column("missing", Type::Integer, "Missing, by the account told first.", |r| quantity(r, "missing").value.into()),
    column("abducted", Type::Integer, "Abducted, by the account told first.", |r| quantity(r, "abducted").value.into()),
    column("abducted_low", Type::Integer, "Least number abducted.", |r| quantity(r, "abducted").low.into()),
    column("abducted_high", Type::Integer, "Greatest number abducted; empty is open.", |r| quantity(r, "abducted").high.into()),
    column("captured", Type::Integer, "Captured or arrested, by the account told first.", |r| quantity(r, "captured").value.into()),
    column("captured_low", Type::Integer, "Least number captured.", |r| quantity(r, "captured").low.into()),
    column("captured_high", Type::Integer, "Greatest number captured; empty is open.", |r| quantity(r, "captured").high.into()),
    column("freed", Type::Integer, "Freed or escaped, by the account told first.", |r| quantity(r, "freed").value.into()),
    column("recaptured", Type::Integer, "Recaptured, by the account told first.", |r| quantity(r, "recaptured").value.into()),
    column("surrendered", Type::Integer, "Surrendered, by the account told first.", |r| quantity(r, "surrendered").value.into()),
    column("displaced", Type::Integer, "Persons displaced, by the account told first.", |r| quantity(r, "displaced").value.into()),
    column("displaced_low", Type::Integer, "Least number of persons displaced.", |r| quantity(r, "displaced").low.into()),
    column("displaced_high", Type::Integer, "Greatest number of persons displaced; empty is open.", |r| quantity(r, "displaced").high.into()),
    column("displaced_households", Type::Integer, "Households or families displaced, by the account told first.", |r| quantity(r, "displaced_households").value.into()),
    column("returned", Type::Integer, "Returned, by the account told first.", |r| quantity(r, "returned").value.into()),
    column("losses", Type::Text, "All accounts of losses in words, joined by \"; \". `or` marks a rival account of a quantity told before; `of these` a row that is included in another.", |r| losses(r.event).into()),
    column("losses_json", Type::Json, "`losses` of the record.", |r| json(&r.shown.losses)),
    column("materiel", Type::Text, "Things destroyed, damaged or taken in words, joined by \"; \".", |r| join(r.event.materiel.iter().map(words::materiel))),
    column("materiel_json", Type::Json, "`materiel` of the record.", |r| json(&r.shown.materiel)),

    column("outcome", Type::Text, "How the action ended.", |r| r.event.result.outcome.as_ref().map(words::code).into()),
    column("territory_gained_by", Type::Text, "Side that gained ground: a is the actor's, b the recipient's.", |r| r.event.result.territory.as_ref().and_then(|t| t.gained_by.as_ref().map(words::code)).into()),
    column("territory_lost_by", Type::Text, "Side that lost ground.", |r| r.event.result.territory.as_ref().and_then(|t| t.lost_by.as_ref().map(words::code)).into()),
    column("protest_response", Type::Text, "How a protest was met.", |r| r.event.result.response.as_ref().map(words::code).into()),

    column("voices", Type::Text, "Who tells the event, joined by \"; \".", |r| join(r.event.voices_of_event.iter().filter_map(|&i| r.event.voices.get(i as usize)).map(words::voice))),
    column("only_claimed", Type::Boolean, "Whether nobody but a party to the event tells it.", |r| only_claimed(r.event)),
    column("voices_json", Type::Json, "`voices` of the record.", |r| json(&r.shown.voices)),
    column("relations", Type::Text, "Relations to other events of the report, as `kind id`, joined by \"; \".", |r| join(r.event.relations.iter().map(|x| format!("{} {}", words::code(&x.kind), x.event)))),
    column("passage", Type::Text, "The sentence that tells the event.", |r| passage(r).into()),
    column("triggers_json", Type::Json, "Spans of the words that name the action.", |r| json(&r.shown.action.triggers)),
    column("confidence", Type::Float, "Probability that the record is right, 0 to 1.", |r| r.event.confidence.into()),
    column("notes", Type::Text, "What was assumed or not understood, as `code message`, joined by \"; \".", |r| join(r.event.notes.iter().map(|n| format!("{} {}", n.code, n.message)))),
    column("casus_version", Type::Text, "Version of casus.", |r| r.event.made_by.casus.as_str().into()),
    column("data_pack", Type::Text, "Version of the data pack.", |r| r.event.made_by.pack.as_str().into()),
    column("options", Type::Text, "Options that change the record.", |r| r.event.made_by.options.as_str().into()),
    column(TEXT_COLUMN, Type::Text, "Text of the report; only with `--with-text`.", |r| if r.with_text { r.text.into() } else { Cell::Null }),
];

fn join(parts: impl Iterator<Item = String>) -> Cell {
    parts.collect::<Vec<_>>().join("; ").into()
}

fn once(parts: impl Iterator<Item = String>) -> Cell {
    let mut out: Vec<String> = Vec::new();
    for part in parts {
        if !out.contains(&part) {
            out.push(part);
        }
    }
    out.join("; ").into()
}

/// A list as the record writes it; an empty list is null, so that empty cells stay empty.
fn json<T: Serialize>(rows: &[T]) -> Cell {
    if rows.is_empty() {
        return Cell::Null;
    }
    serde_json::to_string(rows).map_or(Cell::Null, Cell::Text)
}

fn part_of(event: &Event) -> Option<&str> {
    let whole = event.relations.iter().find(|x| x.kind == RelationKind::PartOf);
    whole.map(|relation| relation.event.as_str())
}

fn quantity(row: &Row<'_>, name: &str) -> tally::Quantity {
    row.tally.get(name).copied().unwrap_or_default()
}

fn names(row: &Row<'_>, role: Role) -> Cell {
    join(words::with_role(row.event, role).map(|p| p.name.clone()))
}

fn classes(row: &Row<'_>, role: Role) -> Cell {
    join(words::with_role(row.event, role).map(|p| p.class.clone()))
}

fn registers(row: &Row<'_>, role: Role) -> Cell {
    once(words::with_role(row.event, role).filter_map(|p| p.register.clone()))
}

fn attribution(event: &Event, participant: &Participant) -> String {
    let stated = participant.attributions.iter().map(|attribution| {
        format!("{} by {}", words::code(&attribution.status), words::voices(event, &[attribution.voice]))
    });
    stated.collect::<Vec<_>>().join(", ")
}

fn place_words(place: &Where) -> String {
    let words = words::place(place);
    match place.function {
        Function::Site => words,
        function => format!("{words} ({})", words::spaced(&words::code(&function))),
    }
}

/// Losses in words, in the order told.
fn losses(event: &Event) -> String {
    let mut out = String::new();
    for (index, loss) in event.losses.iter().enumerate() {
        if index > 0 {
            out.push_str("; ");
        }
        let is_rival = |other: &Loss| other.figure == loss.figure && other.outcome == loss.outcome;
        if loss.included_in.is_some() {
            out.push_str("of these ");
        } else if event.losses[..index].iter().any(is_rival) {
            out.push_str("or ");
        }
        out.push_str(&words::loss(loss));
        let voices = words::voices(event, &loss.voices);
        if !voices.is_empty() {
            out.push_str(&format!(" [{voices}]"));
        }
    }
    out
}

fn only_claimed(event: &Event) -> Cell {
    let mut voices = event.voices_of_event.iter().filter_map(|&index| event.voices.get(index as usize));
    let is_party = |voice: &Voice| matches!(voice.side, Some(Side::A | Side::B));
    Cell::Boolean(!event.voices_of_event.is_empty() && voices.all(is_party))
}

fn passage(row: &Row<'_>) -> String {
    let spans: Vec<Span> = row.event.action.triggers.iter().copied().take(1).collect();
    let passages = crate::evidence::passages(row.text, spans, 1);
    passages.first().map(|span| crate::neutral::line(&row.text[span.range()])).unwrap_or_default()
}
