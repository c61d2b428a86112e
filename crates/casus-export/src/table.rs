//! A table for the terminal: one event a block, with the sentences it rests on.
//!
//! With colour each kind of evidence has its own; without, evidence stands in brackets with its kind
//! behind a bar, `[gunmen|who]`, so that a log or a blind reader loses nothing. Text that runs from
//! right to left is isolated, characters that would steer the terminal are written out.

use crate::{
    Item, Options, Writer,
    evidence::{self, Kind},
    neutral, words,
};
use casus_record::{
    AttributionStatus, Basis, Directionality, Event, Function, Loss, Participant, Precision, Role, Scope,
    Side, Span, Status, Told, Where,
};
use std::{
    collections::BTreeMap,
    io::{self, Write},
};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Passages of the report that a block shows at most.
const PASSAGES: usize = 3;

/// Columns of the labels on the left.
const INDENT: usize = 11;

pub(crate) struct Table {
    options: Options,
    out: Box<dyn Write + Send>,
    width: usize,
    reports: usize,
    without_events: usize,
    events: usize,
    aggregates: usize,
    background: usize,
    families: BTreeMap<String, usize>,
}

impl Table {
    pub(crate) fn new(options: Options, out: Box<dyn Write + Send>) -> Table {
        let width = options.width.clamp(40, 160);
        Table {
            options,
            out,
            width,
            reports: 0,
            without_events: 0,
            events: 0,
            aggregates: 0,
            background: 0,
            families: BTreeMap::new(),
        }
    }
}

impl Writer for Table {
    fn report(&mut self, item: &Item<'_>) -> io::Result<()> {
        self.reports += 1;
        self.without_events += usize::from(item.reading.events.is_empty());
        let style = Style { colour: self.options.colour };
        let mut page = Page::new(style, self.width);
        page.report_head(item);
        for (index, event) in item.reading.events.iter().enumerate() {
            self.events += 1;
            self.aggregates += usize::from(event.scope == Scope::Aggregate);
            self.background += usize::from(event.told == Told::Background);
            *self.families.entry(words::code(&event.action.family)).or_default() += 1;
            page.event(item, event, index + 1);
        }
        self.out.write_all(page.out.as_bytes())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        let style = Style { colour: self.options.colour };
        let mut page = Page::new(style, self.width);
        let number =
            |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        let mut parts = vec![format!(
            "{} in {}",
            number(self.events, "event", "events"),
            number(self.reports, "report", "reports")
        )];
        if self.without_events > 0 {
            parts.push(format!("{} without events", number(self.without_events, "report", "reports")));
        }
        if self.aggregates > 0 {
            parts.push(format!("{} of the events are totals", self.aggregates));
        }
        if self.background > 0 {
            parts.push(format!("{} recalled as background", self.background));
        }
        let mut families: Vec<_> = self.families.iter().collect();
        families.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), (*name).clone()));
        let families: Vec<_> =
            families.into_iter().map(|(name, count)| format!("{} {count}", words::spaced(name))).collect();
        page.rule();
        page.wrapped("", &[Piece::of(parts.join(" · "), Paint::Bold)]);
        if !families.is_empty() {
            page.wrapped("", &[Piece::plain(families.join(" · "))]);
        }
        if self.events > 0 {
            let legend: Vec<Piece> = KINDS
                .iter()
                .flat_map(|kind| [Piece::of(kind.name(), Paint::Mark(*kind)), Piece::plain(" ")])
                .collect();
            page.wrapped("evidence", &legend);
        }
        self.out.write_all(page.out.as_bytes())?;
        self.out.flush()
    }
}

const KINDS: [Kind; 7] =
    [Kind::Action, Kind::Loss, Kind::Who, Kind::Where, Kind::When, Kind::Means, Kind::Voice];

/// How a piece of text is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paint {
    Plain,
    Bold,
    Dim,
    Label,
    Warning,
    Mark(Kind),
}

/// Text with one paint.
#[derive(Debug, Clone)]
struct Piece {
    text: String,
    paint: Paint,
}

impl Piece {
    fn of(text: impl AsRef<str>, paint: Paint) -> Piece {
        Piece { text: neutral::line(text.as_ref()), paint }
    }

    fn plain(text: impl AsRef<str>) -> Piece {
        Piece::of(text, Paint::Plain)
    }

    /// Text from a report, set apart so that its direction does not reorder what stands beside it.
    fn quoted(text: impl AsRef<str>, paint: Paint) -> Piece {
        Piece { text: neutral::isolate(&neutral::line(text.as_ref())), paint }
    }
}

#[derive(Debug, Clone, Copy)]
struct Style {
    colour: bool,
}

impl Style {
    /// SGR parameters. Kinds differ in hue and, for readers who do not see hues, in weight or line.
    fn sgr(self, paint: Paint) -> Option<&'static str> {
        if !self.colour {
            return None;
        }
        Some(match paint {
            Paint::Plain => return None,
            Paint::Bold => "1",
            Paint::Dim => "2",
            Paint::Label => "2",
            Paint::Warning => "33",
            Paint::Mark(Kind::Action) => "1;4;31",
            Paint::Mark(Kind::Loss) => "1;35",
            Paint::Mark(Kind::Who) => "36",
            Paint::Mark(Kind::Where) => "32",
            Paint::Mark(Kind::When) => "34",
            Paint::Mark(Kind::Means) => "33",
            Paint::Mark(Kind::Voice) => "3;90",
        })
    }
}

/// The output of one report, built in memory and written in one go.
struct Page {
    style: Style,
    width: usize,
    /// Whether an isolate for right-to-left text is open.
    isolated: bool,
    last_paint: Paint,
    out: String,
}

const RESET: &str = "\u{1b}[0m";

impl Page {
    fn new(style: Style, width: usize) -> Page {
        Page { style, width, isolated: false, last_paint: Paint::Plain, out: String::new() }
    }

    fn rule(&mut self) {
        let line = "─".repeat(self.width);
        self.put(&line, Paint::Dim);
        self.out.push('\n');
    }

    fn put(&mut self, text: &str, paint: Paint) {
        for c in text.chars() {
            match c {
                '\u{2068}' => self.isolated = true,
                '\u{2069}' => self.isolated = false,
                _ => {}
            }
        }
        let Some(sgr) = self.style.sgr(paint).filter(|_| !text.is_empty()) else {
            self.out.push_str(text);
            return;
        };
        // Words of one paint that follow each other are one run.
        if self.last_paint == paint && self.out.ends_with(RESET) {
            self.out.truncate(self.out.len() - RESET.len());
        } else {
            self.out.push_str(&format!("\u{1b}[{sgr}m"));
        }
        self.out.push_str(text);
        self.out.push_str(RESET);
        self.last_paint = paint;
    }

    /// Pieces under a label, broken at spaces to the width. The label stands on the first line only.
    fn wrapped(&mut self, label: &str, pieces: &[Piece]) {
        let indent = if label.is_empty() { 0 } else { INDENT };
        if indent > 0 {
            self.put(&format!("{label:<INDENT$}"), Paint::Label);
        }
        self.flow(indent, pieces);
    }

    fn continued(&mut self, pieces: &[Piece]) {
        self.out.push_str(&" ".repeat(INDENT));
        self.flow(INDENT, pieces);
    }

    fn flow(&mut self, indent: usize, pieces: &[Piece]) {
        let room = self.width.saturating_sub(indent).max(20);
        let mut column = 0;
        for word in words_of(pieces) {
            let needed: usize = word.iter().map(|(text, _)| text.trim_end_matches(' ').width()).sum();
            if column > 0 && column + needed > room {
                self.new_line(indent);
                column = 0;
            }
            for (text, paint) in word {
                let bare = text.trim_end_matches(' ');
                if needed > room {
                    column = self.broken(bare, paint, column, indent, room);
                } else {
                    self.put(bare, paint);
                    column += bare.width();
                }
                let space = &text[bare.len()..];
                if !space.is_empty() && (1..room).contains(&column) {
                    self.put(space, paint);
                    column += space.len();
                }
            }
        }
        let kept = self.out.trim_end_matches(' ').len();
        self.out.truncate(kept);
        self.out.push('\n');
    }

    fn new_line(&mut self, indent: usize) {
        let kept = self.out.trim_end_matches(' ').len();
        self.out.truncate(kept);
        // An isolate ends with its line: it is closed there and opened again on the next.
        if self.isolated {
            self.out.push('\u{2069}');
        }
        self.out.push('\n');
        self.out.push_str(&" ".repeat(indent));
        if self.isolated {
            self.out.push('\u{2068}');
        }
    }

    /// A word longer than a line, cut where it must be. Gives the column after it.
    fn broken(&mut self, word: &str, paint: Paint, column: usize, indent: usize, room: usize) -> usize {
        let (mut line, mut used) = (String::new(), column);
        for c in word.chars() {
            let width = c.width().unwrap_or(0);
            if used + width > room {
                self.put(&line, paint);
                self.new_line(indent);
                line.clear();
                used = 0;
            }
            line.push(c);
            used += width;
        }
        self.put(&line, paint);
        used
    }

    fn report_head(&mut self, item: &Item<'_>) {
        let from_event = item.reading.events.first().map(|event| &event.report);
        let title = from_event.and_then(|report| report.title.as_ref()).or(item.report.title.as_ref());
        let published = from_event.and_then(|report| report.published).or(item.report.published);
        let mut facts = vec![format!("report {}", item.number), item.report.id.clone()];
        facts.extend(item.report.publisher.clone());
        facts.extend(published.map(|date| date.to_string()));
        facts.extend(from_event.and_then(|report| report.language.clone()));
        facts.extend(item.report.path.clone().filter(|path| *path != item.report.id));
        self.rule();
        if let Some(title) = title {
            self.wrapped("", &[Piece::quoted(title, Paint::Bold)]);
        }
        self.wrapped("", &[Piece::of(facts.join(" · "), Paint::Dim)]);
        for note in &item.reading.notes {
            self.wrapped("", &[Piece::of(format!("{} {}", note.code, note.message), Paint::Warning)]);
        }
        if item.reading.events.is_empty() {
            self.wrapped("", &[Piece::of("no events", Paint::Dim)]);
        }
        self.out.push('\n');
    }

    fn event(&mut self, item: &Item<'_>, event: &Event, number: usize) {
        self.headline(event, number);
        if let Some(when) = &event.when {
            let mut pieces = vec![Piece::plain(words::when(when))];
            pieces.push(Piece::of(" ", Paint::Plain));
            pieces.push(Piece::quoted(format!("“{}”", when.stated), Paint::Dim));
            let basis = words::spaced(&words::code(&when.basis));
            let anchor = when.anchor.filter(|_| when.basis != Basis::Stated);
            let anchor = anchor.map(|anchor| format!(" from {anchor}")).unwrap_or_default();
            pieces.push(Piece::of(format!(" {basis}{anchor}"), Paint::Dim));
            self.wrapped("when", &pieces);
        }
        for (index, place) in event.places.iter().enumerate() {
            let pieces = place_pieces(place);
            if index == 0 { self.wrapped("where", &pieces) } else { self.continued(&pieces) }
        }
        let who = who_pieces(event);
        if !who.is_empty() {
            self.wrapped("who", &who);
        }
        let means = means_pieces(event);
        if !means.is_empty() {
            self.wrapped("means", &means);
        }
        for (index, loss) in event.losses.iter().enumerate() {
            let pieces = loss_pieces(event, index, loss);
            if index == 0 { self.wrapped("losses", &pieces) } else { self.continued(&pieces) }
        }
        for (index, row) in event.materiel.iter().enumerate() {
            let mut pieces = vec![Piece::plain(words::materiel(row))];
            pieces.extend(by(&words::voices(event, &row.voices)));
            if index == 0 { self.wrapped("materiel", &pieces) } else { self.continued(&pieces) }
        }
        if let Some(result) = result_words(event) {
            self.wrapped("result", &[Piece::plain(result)]);
        }
        for (index, relation) in event.relations.iter().enumerate() {
            let kind = words::spaced(&words::code(&relation.kind));
            let pieces = [Piece::plain(format!("{kind} {}", words::short_id(&relation.event)))];
            if index == 0 { self.wrapped("relations", &pieces) } else { self.continued(&pieces) }
        }
        self.evidence(&item.report.text, event);
        for (index, note) in event.notes.iter().enumerate() {
            let pieces = [Piece::of(format!("{} {}", note.code, note.message), Paint::Warning)];
            if index == 0 { self.wrapped("notes", &pieces) } else { self.continued(&pieces) }
        }
        self.out.push('\n');
    }

    fn headline(&mut self, event: &Event, number: usize) {
        let mut title = words::spaced(&words::code(&event.action.family)).to_uppercase();
        if let Some(tactic) = &event.action.tactic {
            title = format!("{title} ({})", words::spaced(tactic));
        }
        let mut pieces = vec![Piece::of(format!("{number:>2}. {title}"), Paint::Bold)];
        let mut marks = Vec::new();
        if event.status != Status::Happened {
            marks.push(words::code(&event.status));
        }
        if event.scope == Scope::Aggregate {
            marks.push("total".to_owned());
        }
        if event.told == Told::Background {
            marks.push("background".to_owned());
        }
        if let Some(occurrences) = &event.occurrences {
            marks.push(format!("{} occurrences", words::count(occurrences)));
        }
        if !marks.is_empty() {
            pieces.push(Piece::of(format!(" [{}]", marks.join(", ")), Paint::Warning));
        }
        let date = event.when.as_ref().map(|when| words::interval(when.earliest, when.latest));
        let place = words::headline_place(event);
        if !place.is_empty() {
            pieces.push(Piece::plain(" · "));
            pieces.push(Piece::quoted(place, Paint::Bold));
        }
        pieces.push(Piece::plain(format!(" · {}", date.as_deref().unwrap_or("no date"))));
        let tail = format!(" · confidence {:.2} · {}", event.confidence, words::short_id(&event.id));
        pieces.push(Piece::of(tail, Paint::Dim));
        self.flow(4, &pieces);
    }

    fn evidence(&mut self, text: &str, event: &Event) {
        let marks = evidence::marks(event);
        let main = event.action.triggers.iter().copied();
        let losses = event.losses.iter().flat_map(|loss| loss.evidence.iter().copied());
        let rest = marks.iter().filter(|mark| mark.kind != Kind::Voice).map(|mark| mark.span);
        let passages = evidence::passages(text, main.chain(losses).chain(rest), PASSAGES);
        let mut pieces = Vec::new();
        for (index, passage) in passages.iter().enumerate() {
            let apart = index > 0
                && !text[passages[index - 1].end as usize..passage.start as usize].trim().is_empty();
            if index > 0 {
                pieces.push(Piece::plain(if apart { " … " } else { " " }));
            }
            pieces.extend(self.passage(text, *passage, &marks));
        }
        if !pieces.is_empty() {
            self.wrapped("text", &pieces);
        }
    }

    fn passage(&self, text: &str, passage: Span, marks: &[evidence::Mark]) -> Vec<Piece> {
        let rtl = neutral::is_right_to_left(&text[passage.range()]);
        let mut pieces = Vec::new();
        if rtl {
            pieces.push(Piece { text: "\u{2068}".to_owned(), paint: Paint::Plain });
        }
        for segment in evidence::segments(passage, marks) {
            let words = neutral::line(&text[segment.span.range()]);
            match segment.kind {
                Some(kind) if self.style.colour => {
                    pieces.push(Piece { text: words, paint: Paint::Mark(kind) })
                }
                Some(kind) => {
                    pieces.push(Piece { text: format!("[{words}|{}]", kind.name()), paint: Paint::Plain })
                }
                None => pieces.push(Piece { text: words, paint: Paint::Plain }),
            }
        }
        if rtl {
            pieces.push(Piece { text: "\u{2069}".to_owned(), paint: Paint::Plain });
        }
        pieces
    }
}

/// The words of a line: parts of pieces up to and with a space. A word may run over pieces, as a
/// comma does behind marked words, and is not broken between them.
fn words_of(pieces: &[Piece]) -> Vec<Vec<(&str, Paint)>> {
    let mut words = vec![Vec::new()];
    for piece in pieces {
        for part in piece.text.split_inclusive(' ') {
            if let Some(word) = words.last_mut() {
                word.push((part, piece.paint));
            }
            if part.ends_with(' ') {
                words.push(Vec::new());
            }
        }
    }
    words
}

/// Who says so, behind a dash.
fn by(voices: &str) -> Vec<Piece> {
    if voices.is_empty() {
        return Vec::new();
    }
    vec![Piece::of(" — ", Paint::Dim), Piece::quoted(voices, Paint::Dim)]
}

fn place_pieces(place: &Where) -> Vec<Piece> {
    let mut pieces = vec![Piece::quoted(words::place(place), Paint::Plain)];
    if let Some(detail) = &place.detail {
        pieces.push(Piece::quoted(format!(" ({detail})"), Paint::Plain));
    }
    let mut facts = words::parents(place);
    facts.extend(place.country.clone());
    if let Some(resolved) = place.resolved.as_ref().filter(|resolved| **resolved != place.name) {
        // What the gazetteer lacks is in what the text names as holding it.
        let holds = place.within.iter().any(|holder| holder.eq_ignore_ascii_case(resolved));
        facts.insert(0, if holds { format!("in {resolved}") } else { format!("= {resolved}") });
    }
    if !facts.is_empty() {
        pieces.push(Piece::quoted(format!(", {}", facts.join(", ")), Paint::Plain));
    }
    let mut how = Vec::new();
    if place.function != Function::Site {
        how.push(words::spaced(&words::code(&place.function)));
    }
    how.push(match place.precision {
        Precision::Unresolved => "not resolved".to_owned(),
        precision => format!("precision {}", words::spaced(&words::code(&precision))),
    });
    if let (Some(lat), Some(lon)) = (place.lat, place.lon) {
        how.push(format!("{lat:.3}, {lon:.3}"));
    }
    pieces.push(Piece::of(format!(" · {}", how.join(" · ")), Paint::Dim));
    pieces
}

fn who_pieces(event: &Event) -> Vec<Piece> {
    let list = |role: Role| -> Vec<Piece> {
        let mut pieces = Vec::new();
        for participant in words::with_role(event, role) {
            if !pieces.is_empty() {
                pieces.push(Piece::plain(", "));
            }
            pieces.extend(participant_pieces(event, participant));
        }
        pieces
    };
    let (actors, recipients) = (list(Role::Actor), list(Role::Recipient));
    let mut pieces = Vec::new();
    if !actors.is_empty() || !recipients.is_empty() {
        let unknown = || vec![Piece::of("not told", Paint::Dim)];
        pieces.extend(if actors.is_empty() { unknown() } else { actors });
        if !recipients.is_empty() {
            pieces.push(Piece::plain(" → "));
            pieces.extend(recipients);
        }
    }
    for role in [Role::Associate, Role::Host, Role::Mediator] {
        let others = list(role);
        if !others.is_empty() {
            pieces.push(Piece::of(format!("; {}: ", words::code(&role)), Paint::Dim));
            pieces.extend(others);
        }
    }
    pieces
}

fn participant_pieces(event: &Event, participant: &Participant) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if let Some(count) = &participant.count {
        pieces.push(Piece::plain(format!("{} ", words::count(count))));
    }
    pieces.push(Piece::quoted(&participant.name, Paint::Plain));
    let mut facts = Vec::new();
    if participant.class != "unknown" {
        facts.push(words::spaced(&participant.class));
    }
    facts.extend(
        participant
            .target_type
            .as_deref()
            .map(words::spaced)
            .filter(|target| *target != words::spaced(&participant.class)),
    );
    facts.extend(participant.country.clone());
    facts.extend(participant.effect.as_ref().map(words::code));
    if !facts.is_empty() {
        pieces.push(Piece::of(format!(" ({})", facts.join(", ")), Paint::Dim));
    }
    for attribution in participant.attributions.iter().filter(|a| a.status != AttributionStatus::Stated) {
        pieces.push(Piece::of(format!(" {} by ", words::code(&attribution.status)), Paint::Warning));
        pieces.push(Piece::quoted(words::voices(event, &[attribution.voice]), Paint::Warning));
    }
    pieces
}

fn means_pieces(event: &Event) -> Vec<Piece> {
    let mut parts: Vec<String> =
        event.action.weapons.iter().map(|weapon| words::spaced(&weapon.kind)).collect();
    parts.dedup();
    parts.extend(
        event.action.delivery.as_ref().map(|delivery| format!("delivered: {}", words::spaced(delivery))),
    );
    if parts.is_empty() { Vec::new() } else { vec![Piece::plain(parts.join(", "))] }
}

fn loss_pieces(event: &Event, index: usize, loss: &Loss) -> Vec<Piece> {
    let rival = event.losses[..index]
        .iter()
        .any(|other| other.figure == loss.figure && other.outcome == loss.outcome);
    let lead = match (loss.included_in.is_some(), rival) {
        (true, _) => "└ of these ",
        (false, true) => "└ or ",
        (false, false) => "",
    };
    let mut pieces = vec![Piece::of(lead, Paint::Dim)];
    pieces.push(Piece::of(words::outcomes(&loss.outcome), Paint::Plain));
    pieces.push(Piece::of(format!(" {}", words::loss_count(loss)), Paint::Bold));
    let mut facts = vec![Piece::quoted(words::loser(loss), Paint::Plain)];
    // Losses are the recipient's unless told otherwise: a side is named where that would mislead.
    let two_sided = event.action.directionality == Directionality::TwoSided;
    if loss.who.side == Side::A || (two_sided && loss.who.side == Side::B) {
        facts.push(Piece::plain(format!("side {}", words::code(&loss.who.side))));
    }
    if loss.cause != casus_record::Cause::Direct {
        facts.push(Piece::plain(words::spaced(&words::code(&loss.cause))));
    }
    facts.retain(|fact| !fact.text.is_empty());
    let last = facts.len();
    for (index, fact) in facts.into_iter().enumerate() {
        pieces.push(Piece::plain(if index == 0 { " (" } else { ", " }));
        pieces.push(fact);
        if index + 1 == last {
            pieces.push(Piece::plain(")"));
        }
    }
    pieces.extend(by(&words::voices(event, &loss.voices)));
    pieces
}

fn result_words(event: &Event) -> Option<String> {
    let mut parts = Vec::new();
    parts.extend(event.result.outcome.as_ref().map(words::code));
    if let Some(territory) = &event.result.territory {
        parts.extend(
            territory.gained_by.as_ref().map(|side| format!("ground gained by {}", words::code(side))),
        );
        parts.extend(territory.lost_by.as_ref().map(|side| format!("ground lost by {}", words::code(side))));
    }
    let response = event.result.response.as_ref().map(words::code);
    parts.extend(response.map(|response| format!("response: {}", words::spaced(&response))));
    (!parts.is_empty()).then(|| parts.join(", "))
}
