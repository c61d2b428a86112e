//! Conditions that words alone cannot express: a bare year, "may", "fall", "second".
//!
//! A number or an ordinary word becomes a time only if its neighbours agree.

use super::{
    calendar::Reckoning,
    expr::{Expr, Means, Unit, Which},
    lexicon::{Data, Grammar, Pieces},
    walk::Match,
};
use crate::text::{Casing, Document, Shape, Tag, Tags, TokenKind};

mod utterance;

/// Everything a condition may look at.
pub(super) struct Scene<'a, 'd> {
    pub(super) data: &'a Data,
    pub(super) grammar: &'a Grammar,
    pub(super) document: &'a Document<'d>,
    pub(super) pieces: &'a Pieces<'d>,
    pub(super) tags: &'a Tags<'d>,
}

impl Scene<'_, '_> {
    /// The piece before, in the same sentence; else the empty word.
    fn previous(&self, at: usize) -> &str {
        let Some(before) = at.checked_sub(1).and_then(|at| self.pieces.all.get(at)) else { return "" };
        let same = self.pieces.all.get(at).is_some_and(|piece| {
            self.document.sentence_of(piece.token) == self.document.sentence_of(before.token)
        });
        if same { before.norm } else { "" }
    }
}

/// Whether a match may stand.
pub(super) fn allows(scene: &Scene<'_, '_>, found: &Match) -> bool {
    let (start, end) = (found.start(), found.end());
    let pieces = scene.pieces;
    let (Some(first), Some(last)) =
        (pieces.all.get(start), end.checked_sub(1).and_then(|at| pieces.all.get(at)))
    else {
        return false;
    };
    let document = scene.document;
    let sentence = |token| &document.sentences[document.sentence_of(token) as usize];
    if sentence(first.token).block != sentence(last.token).block {
        return false;
    }
    let pattern = &scene.grammar.patterns[usize::from(found.pattern)];
    let mut exprs = Vec::with_capacity(2);
    for extent in 1..=found.extents() {
        let Some(expr) = Expr::read(scene.data, scene.grammar, found, extent) else { return false };
        exprs.push(expr);
    }
    let Some(expr) = exprs.first() else { return false };
    let next = pieces.norm(end);
    let previous = scene.previous(start);
    // A number that goes on, or is money, is no day or year.
    let numeric = |text: &str| text.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    if numeric(pieces.norm(end - 1)) && matches!(next, "%" | "percent" | "per" | "km" | "mm") {
        return false;
    }
    if numeric(pieces.norm(start)) && matches!(previous, "$" | "€" | "£" | "no" | "no." | "#") {
        return false;
    }
    // "133-03-03-2020" is a code, and of "two three minutes" no one knows which is meant.
    let touches = start > 0 && pieces.all[start - 1].end == first.start;
    let code = matches!(expr.means, Means::Numeric | Means::YearMonthDay | Means::DayMonthYear);
    if code && touches && matches!(previous, "-" | "/" | ".") && numeric(pieces.before(start - 1)) {
        return false;
    }
    let in_words =
        |at: usize| pieces.reading(at, scene.data.classes.card).is_some() && !numeric(pieces.norm(at));
    if expr.means == Means::Duration && !previous.is_empty() && in_words(start - 1) && in_words(start) {
        return false;
    }
    let said = scene.grammar.is_utterance();
    if !said && expr.month.is_some() && expr.day.is_none() && expr.year.is_none() && expr.unit.is_none() {
        // "Jan" alone is a name, "Jan." a month.
        let last = pieces.norm(end - 1);
        if matches!(
            last,
            "jan" | "feb" | "mar" | "apr" | "jun" | "jul" | "aug" | "sep" | "oct" | "nov" | "dec"
        ) {
            return false;
        }
    }
    if !said && is_part_of_name(scene, found) {
        return false;
    }
    // An utterance names what it means: its own conditions keep "you may not" out.
    let own = said && (expr.day.is_some() || pattern.guard.starts_with("said"));
    if !own && !month_word_agrees(scene, expr, found) {
        return false;
    }
    match pattern.guard.as_str() {
        "year" | "year_range" if is_label(pieces, start) || is_label(pieces, start.saturating_sub(2)) => {
            false
        }
        "year" => year(scene, expr, found),
        "short_year" => matches!(previous, "of" | "in" | "since") && !numeric(next),
        // "138-2010-2015"
        "year_range" if previous == "-" && pieces.all[start - 1].end == first.start => false,
        "year_range" => {
            let &[from, to] = &[exprs[0].year, exprs.get(1).and_then(|expr| expr.year)];
            let (Some(from), Some(to)) = (from, to) else { return false };
            let to = if to < -5000 { from - from % 100 + to + 10_000 } else { to };
            from < to && to - from < 200 && !counted(scene, end)
        }
        "decade" => {
            !matches!(previous, "his" | "her" | "their" | "its" | "my" | "your" | "our") && !named(scene, end)
        }
        // "the third quarter of the game", but "a loss for the third quarter of $226 million".
        "quarter" => {
            expr.year.is_some()
                || !matches!(next, "of" | "mile" | "final" | "finals")
                || next == "of" && pieces.norm(end + 1).ends_with(['$', '#', '€'])
        }
        "season" => season(scene, expr, found),
        "this_part" => {
            expr.which != Some(Which::Past)
                && (expr.which != Some(Which::Last) || pieces.norm(start) != "the" && previous != "the")
        }
        "part" => part(scene, found),
        "nth" => nth(scene, found),
        "month_unit" => expr.unit == Some(Unit::Month) || expr.unit.is_none(),
        "reference" => reference(scene, expr, found),
        "year_end" => expr.unit == Some(Unit::Year),
        "dir" => direction(scene, found),
        "span" => expr.which.is_none_or(|which| !matches!(which, Which::That | Which::This | Which::Latest)),
        "one_unit" => one_unit(scene, expr, found),
        "adjective" => adjective(scene, found),
        "range_md" => exprs.iter().all(|expr| expr.day.is_some()),
        "weekday_range" => exprs.iter().all(|expr| expr.weekday.is_some()),
        "clock" => clock(scene, expr, found),
        "last_night" => previous != "the",
        "the_quarter" => {
            expr.unit == Some(Unit::Quarter)
                && matches!(scene.previous(start), "in" | "for" | "of" | "during" | "to" | "from" | "")
                && !matches!(next, "of" | "final" | "finals" | "mile")
        }
        "rate" => rate(scene, expr, found),
        "that_time" => !matches!(next, "of" | "when" | "that"),
        "name" => !named(scene, end),
        "calendar" => other_calendar(scene, expr, found),
        // "12 h" are hours.
        "hijri_mark" => pieces.norm(end - 1) != "h" && expr.year.is_some_and(|year| year >= 10),
        "hijri_day" => !named(scene, end) && !named_before(scene, start),
        "hijri_month" => hijri_month(scene, expr, found),
        // "Now Zad" is a town.
        "now" => {
            (next != "that" || pieces.norm(end + 1) == "the")
                && !(capitalised(scene, first.token) && named(scene, end) && next.len() > 1)
        }
        "recent" => !matches!(next, "years" | "months" | "weeks" | "days"),
        "the_past" => !numeric(next) && !unit_follows(scene, end),
        "future" => !matches!(previous, "whose" | "no") && !unit_follows(scene, end),
        "ends" => !goes_on(next),
        // "the largest to date", but "up to date" and "to date the letter".
        "to_date" => {
            pieces.before(start.saturating_sub(1)) != "up"
                && !matches!(next, "the" | "a" | "an" | "it" | "them" | "this" | "back" | "from")
                && !goes_on_noun(scene, end)
        }
        "alone" => !goes_on(next) && previous.is_empty(),
        // Two numbers are times of day if one of them has its minutes, its half of the day or its zone.
        "clock_range" => {
            let class = scene.data.classes;
            found.captures.iter().any(|capture| {
                capture.extent > 0 && [class.ampm, class.mm, class.zone, class.part].contains(&capture.symbol)
            }) && exprs.iter().all(|expr| expr.hour.is_some())
        }
        "past_hour" => !matches!(next, "people" | "of" | "million" | "thousand" | "-" | "%"),
        "nth_of" => {
            let counted = matches!(expr.unit, Some(Unit::Day | Unit::Week | Unit::Month | Unit::Quarter))
                || said && expr.unit == Some(Unit::Weekend);
            expr.nth.is_some() && (expr.weekday.is_some() || counted)
        }
        "whole_days" => !expr.vague && expr.unit.is_some_and(|unit| unit >= Unit::Day),
        "plain_year" => plain_year(scene, expr, found),
        "quarter_unit" => found
            .captures
            .iter()
            .find(|capture| capture.symbol == scene.data.classes.unit)
            .is_some_and(|capture| capture.value == Unit::QUARTER),
        "minutes_told" => found.captures.iter().any(|capture| {
            let class = scene.data.classes;
            [class.oclock, class.hourlead, class.hourword, class.minuteword].contains(&capture.symbol)
        }),
        "told_clock" => told_clock(scene, found),
        guard => !guard.starts_with("said") || utterance::allows(scene, guard, &exprs, found),
    }
}

/// "may", "march", "august", "mar" need a day, a year or a preposition that leads to a month.
fn month_word_agrees(scene: &Scene<'_, '_>, expr: &Expr, found: &Match) -> bool {
    if !expr.common_word || expr.reckoning != Reckoning::Gregorian || expr.month.is_none() {
        return true;
    }
    if expr.unit.is_some() || expr.year.is_some() {
        return true;
    }
    let class = scene.data.classes;
    let Some(at) =
        found.captures.iter().find(|capture| capture.symbol == class.month).map(|capture| capture.start)
    else {
        return true;
    };
    if expr.means == Means::Range && expr.day.is_some() {
        return true;
    }

    let (word, previous, next) = (scene.pieces.norm(at), scene.pieces.before(at), scene.pieces.norm(at + 1));
    let led = matches!(
        previous,
        "in" | "since"
            | "by"
            | "until"
            | "till"
            | "during"
            | "last"
            | "next"
            | "early"
            | "late"
            | "mid"
            | "-"
            | "of"
            | "between"
            | "from"
            | "every"
            | "each"
            | "before"
            | "through"
            | "and"
            | "this"
            | "throughout"
            | "that"
            | "after"
            | "to"
            | "or"
            | "previous"
            | "following"
            | "("
            | "on"
            | "middle"
            | "end"
    );
    let token = scene.pieces.all[at].token;
    if expr.day.is_some() && expr.nth.is_none() {
        // "12 march" is a date, "they march 12 abreast" is none.
        let day_first =
            found.captures.iter().any(|capture| capture.symbol == class.day && capture.start < at);
        return day_first
            || scene.document.casing != Casing::Mixed
            || scene.document.tokens[token as usize].shape != Shape::Lower;
    }
    let title =
        scene.document.casing != Casing::Mixed || scene.document.tokens[token as usize].shape != Shape::Lower;
    match word {
        // After these a verb is as likely: the month is written with a capital, and no verb's subject follows.
        "may" if matches!(previous, "that" | "this" | "and" | "or" | "to" | "") => false,
        "march" if matches!(previous, "to" | "and" | "or" | "this" | "that") && !title => false,
        "march" if matches!(next, "on" | "by" | "for" | "through" | "against") && previous != "in" => false,
        "march" if matches!(previous, "that" | "this") => title && scene.document.casing == Casing::Mixed,
        // "a March raid", "the May attack": written with a capital between an article and its noun.
        _ if attributive(scene, token, previous) => true,
        _ => {
            // After these a verb is as likely, and only the sentence tells.
            let either = matches!(previous, "and" | "or" | "to" | "that" | "this" | "on" | "-");
            let verb = || scene.document.casing == Casing::Mixed && either && !tag_agrees(scene, token);
            led && title && !verb()
        }
    }
}

/// A capital month word between an article and a common noun, where case tells.
fn attributive(scene: &Scene<'_, '_>, token: u32, previous: &str) -> bool {
    scene.document.casing == Casing::Mixed
        && scene.document.tokens[token as usize].shape == Shape::Title
        && matches!(previous, "a" | "the")
        && matches!(scene.tags.get(token + 1), Tag::Noun | Tag::NounPlural)
}

/// Whether the tagger leaves room for a name.
fn tag_agrees(scene: &Scene<'_, '_>, token: u32) -> bool {
    !matches!(scene.tags.get(token), Tag::Modal | Tag::VerbBase | Tag::VerbPresent)
}

/// A bare four-digit number is a year after a preposition of time, in brackets, or where no plural noun
/// follows it that it could count.
fn year(scene: &Scene<'_, '_>, expr: &Expr, found: &Match) -> bool {
    let pieces = scene.pieces;
    let Some(year) = expr.year else { return false };
    if year < 0 {
        return true;
    }
    let (start, end) = (found.start(), found.end());
    let capture = found.captures.iter().rev().find(|capture| capture.symbol == scene.data.classes.year);
    let Some(capture) = capture else { return false };
    if capture.end - capture.start > 1 {
        return (1000..2200).contains(&year);
    }
    if expr.portion.is_some() || found.captures.len() > 1 && !expr.approximate {
        return true;
    }
    let previous = if expr.approximate { "about" } else { scene.previous(start) };
    let next = pieces.norm(end);
    if matches!(
        previous,
        "resolution"
            | "article"
            | "section"
            | "flight"
            | "chapter"
            | "law"
            | "act"
            | "number"
            | "room"
            | "page"
            | "page."
            | "channel"
            | "route"
            | "+"
            | "="
            | "."
            | ":"
            | "/"
            | "x"
    ) || matches!(next, "/" | "x" | "+" | "=")
    {
        return false;
    }
    if next == ":" {
        // "2003: the road is built" as a heading; anywhere else a label or a clock.
        let document = scene.document;
        let first = scene.pieces.all[start].token;
        let block = &document.blocks[document.sentences[document.sentence_of(first) as usize].block as usize];
        let before = document.tokens.get(block.tokens.start as usize..first as usize).unwrap_or_default();
        let heads = before.iter().all(|token| !matches!(token.kind, TokenKind::Word | TokenKind::Number));
        return heads && (1700..=2100).contains(&year) && !goes_on_with_digit(scene, end + 1);
    }
    if previous == "-" && pieces.all[start - 1].end == pieces.all[start].start {
        // "UH-1500", "Apollo-2000".
        return false;
    }
    let led = scene.data.classes.since;
    let led = start.checked_sub(1).is_some_and(|at| pieces.reading(at, led).is_some())
        || matches!(
            previous,
            "of" | "and" | "to" | "(" | "between" | "in" | "the" | "late" | "early" | "mid"
        );
    // "ABC 2000": a name and its number.
    let acronym = start.checked_sub(1).is_some_and(|at| {
        let token = scene.document.tokens[pieces.all[at].token as usize];
        token.shape == Shape::Upper && token.span.len() > 1 && !previous.is_empty()
    });
    if acronym && !led && scene.document.casing == Casing::Mixed {
        return false;
    }
    let modern = (1700..=2100).contains(&year);
    let later = next == "or" && matches!(pieces.norm(end + 1), "later" | "earlier" | "before" | "after");
    if unit_follows(scene, end)
        || counted(scene, end) && !later && !(modern && DETERMINERS.contains(&previous))
    {
        return false;
    }
    if matches!(previous, "of" | "and" | "to") && modern {
        return true;
    }
    let plausible = (1200..=2100).contains(&year);
    if matches!(
        previous,
        "about" | "around" | "over" | "some" | "nearly" | "almost" | "than" | "least" | "to" | "of" | "and"
    ) {
        let word = next.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
        return plausible
            && (!word
                || matches!(
                    next,
                    "and"
                        | "to"
                        | "in"
                        | "when"
                        | "until"
                        | "but"
                        | "or"
                        | "by"
                        | "the"
                        | "as"
                        | "on"
                        | "at"
                        | "with"
                        | "after"
                        | "before"
                        | "was"
                        | "is"
                        | "that"
                        | "which"
                        | "had"
                        | "were"
                        | "for"
                        | "a"
                        | "an"
                        | "because"
                        | "while"
                        | "he"
                        | "they"
                        | "it"
                        | "she"
                        | "there"
                        | "from"
                        | "saw"
                        | "also"
                        | "not"
                        | "due"
                        | "this"
                        | "under"
                        | "both"
                        | "only"
                        | "against"
                        | "through"
                ));
    }
    plausible && (led || year >= 1700)
}

/// Before a number that a noun follows, these say that it is a year: "its 2006 highs".
const DETERMINERS: [&str; 6] = ["the", "its", "his", "her", "their", "'s"];

/// Whether a noun follows that the words before could describe.
fn goes_on_noun(scene: &Scene<'_, '_>, at: usize) -> bool {
    let Some(piece) = scene.pieces.all.get(at) else { return false };
    goes_on(piece.norm) && matches!(scene.tags.get(piece.token), Tag::Noun)
}

fn goes_on_with_digit(scene: &Scene<'_, '_>, at: usize) -> bool {
    scene.pieces.norm(at).starts_with(|c: char| c.is_ascii_digit())
}

/// Whether the number at a piece begins a label: "2011-11-S-034".
pub(super) fn is_label(pieces: &Pieces<'_>, at: usize) -> bool {
    let letters = |at: usize| pieces.norm(at).bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    pieces.norm(at + 1) == "-"
        && pieces.norm(at + 2).bytes().all(|byte| byte.is_ascii_digit())
        && pieces.norm(at + 3) == "-"
        && letters(at + 4)
        && pieces.norm(at + 4).len() <= 3
}

/// Whether a plural noun follows that a number could count ("1500 soldiers").
fn counted(scene: &Scene<'_, '_>, at: usize) -> bool {
    let Some(piece) = scene.pieces.all.get(at) else { return false };
    let norm = piece.norm;
    if !norm.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    // Of words that do not end so, the plurals are few, and those that matter are listed below; of those that do,
    // the common ones that are no nouns need no tagger.
    let may_be_plural = norm.ends_with('s')
        && !matches!(norm, "was" | "is" | "as" | "has" | "his" | "its" | "this" | "us" | "does" | "'s");
    if may_be_plural && matches!(scene.tags.get(piece.token), Tag::NounPlural) {
        return !matches!(
            norm,
            "elections"
                | "protests"
                | "attacks"
                | "talks"
                | "clashes"
                | "riots"
                | "killings"
                | "bombings"
                | "levels"
                | "sanctions"
                | "floods"
                | "accords"
        );
    }
    matches!(
        norm,
        "people"
            | "men"
            | "women"
            | "children"
            | "troops"
            | "soldiers"
            | "fighters"
            | "rebels"
            | "civilians"
            | "policemen"
            | "officers"
            | "casualties"
            | "dead"
            | "wounded"
            | "persons"
            | "families"
            | "houses"
            | "homes"
            | "tons"
            | "tonnes"
            | "kilograms"
            | "kg"
            | "metres"
            | "meters"
            | "miles"
            | "kilometres"
            | "kilometers"
            | "dollars"
            | "pounds"
            | "rounds"
            | "guns"
            | "tanks"
            | "rifles"
            | "aircraft"
            | "ships"
            | "vehicles"
            | "prisoners"
            | "refugees"
            | "members"
            | "workers"
            | "others"
            | "more"
            | "or"
            | "strong"
            | "villages"
            | "feet"
            | "points"
            | "shares"
            | "jobs"
            | "employees"
            | "residents"
            | "students"
            | "protesters"
            | "demonstrators"
            | "marines"
            | "personnel"
            | "militants"
            | "km"
    )
}

fn unit_follows(scene: &Scene<'_, '_>, at: usize) -> bool {
    let class = scene.data.classes;
    scene.pieces.reading(at, class.unit).or_else(|| scene.pieces.reading(at, class.units)).is_some()
}

/// Whether a name goes on: a capitalised word that begins no sentence.
fn named(scene: &Scene<'_, '_>, at: usize) -> bool {
    let Some(piece) = scene.pieces.all.get(at) else { return false };
    let document = scene.document;
    let token = &document.tokens[piece.token as usize];
    let same_sentence =
        at > 0 && document.sentence_of(scene.pieces.all[at - 1].token) == document.sentence_of(piece.token);
    document.casing == Casing::Mixed
        && same_sentence
        && capitalised(scene, piece.token)
        && token.shape != Shape::Lower
}

fn named_before(scene: &Scene<'_, '_>, at: usize) -> bool {
    let Some(piece) = at.checked_sub(1).and_then(|at| scene.pieces.all.get(at)) else { return false };
    let document = scene.document;
    let first = document.sentences[document.sentence_of(piece.token) as usize].tokens.start;
    document.casing == Casing::Mixed && piece.token > first && capitalised(scene, piece.token)
}

fn capitalised(scene: &Scene<'_, '_>, token: u32) -> bool {
    scene.document.word(token).chars().next().is_some_and(char::is_uppercase)
}

/// Whether a single word stands in a name: "Mr. Summer", "the Daily Mirror".
fn is_part_of_name(scene: &Scene<'_, '_>, found: &Match) -> bool {
    let class = scene.data.classes;
    let ([capture], start) = (found.captures.as_slice(), found.start()) else { return false };
    let day =
        [class.month, class.weekday, class.weekdays, class.holiday, class.shift].contains(&capture.symbol);
    if day || capture.end - capture.start > 1 || scene.document.casing != Casing::Mixed {
        return false;
    }
    let titled = matches!(scene.previous(start), "mr" | "mr." | "mrs" | "mrs." | "ms" | "ms." | "dr" | "dr.");
    capitalised(scene, scene.pieces.all[start].token)
        && (titled || named(scene, found.end()) || named_before(scene, start))
}

fn season(scene: &Scene<'_, '_>, expr: &Expr, found: &Match) -> bool {
    let class = scene.data.classes;
    let Some(at) =
        found.captures.iter().find(|capture| capture.symbol == class.season).map(|capture| capture.start)
    else {
        return false;
    };
    let (previous, next) = (scene.pieces.before(at), scene.pieces.norm(at + 1));
    // "the spring offensive", "their fall campaign"
    let of_activity = scene.pieces.reading(at + 1, class.activity).is_some();
    if of_activity && expr.year.is_none() {
        return true;
    }
    if next == "'s" || matches!(next, "games" | "olympics" | "palace" | "school" | "street" | "line" | "camp")
    {
        return false;
    }
    if expr.common_word {
        // "the fall of", "a spring", "prices fall".
        if matches!(next, "of" | "in" | "to" | "from" | "into" | "on" | "water")
            && expr.portion.is_none()
            && expr.which.is_none()
        {
            return false;
        }
        // "in the spring" is a season, "by the spring" may be water.
        let lead = if previous == "the" { scene.previous(found.start()) } else { previous };
        return expr.which.is_some()
            || expr.portion.is_some()
            || matches!(lead, "in" | "during" | "until" | "since" | "throughout")
            || previous == "by";
    }
    if matches!(previous, "the" | "a") && found.start() < at && next == "of" {
        return expr.year.is_some() || previous == "the";
    }
    true
}

fn part(scene: &Scene<'_, '_>, found: &Match) -> bool {
    let next = scene.pieces.norm(found.end());
    let _ = scene;
    !matches!(next, "of" | "-" | "'s" | "prayer" | "prayers" | "shift" | "club" | "time")
}

/// "the 11th" is a day unless it is the 11th of something else.
fn nth(scene: &Scene<'_, '_>, found: &Match) -> bool {
    let end = found.end();
    let Some(piece) = scene.pieces.all.get(end) else { return true };
    let next = piece.norm;
    if scene.document.sentence_of(piece.token) != scene.document.sentence_of(scene.pieces.all[end - 1].token)
    {
        return true;
    }
    let punctuation = !next.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    punctuation
        || matches!(
            next,
            "and"
                | "to"
                | "when"
                | "the"
                | "a"
                | "an"
                | "in"
                | "at"
                | "he"
                | "they"
                | "it"
                | "she"
                | "we"
                | "there"
                | "with"
                | "by"
                | "after"
                | "while"
                | "but"
                | "as"
                | "were"
                | "was"
        )
}

fn reference(scene: &Scene<'_, '_>, expr: &Expr, found: &Match) -> bool {
    let Some(unit) = expr.unit else { return false };
    if matches!(unit, Unit::Second | Unit::Minute | Unit::Hour | Unit::Millennium) {
        return false;
    }
    let (start, end) = (found.start(), found.end());
    let (previous, next) = (scene.pieces.before(start), scene.pieces.norm(end));
    match expr.which {
        // "of the last year of": the last of many, not the one before.
        Some(Which::Last | Which::Past | Which::Next)
            if previous == "the" && expr.portion.is_none() && next == "of" =>
        {
            false
        }
        Some(Which::That) if unit == Unit::Day && next == "-" => false,
        Some(Which::Past) => previous != "'s" || unit != Unit::Day,
        None => unit != Unit::Day || expr.portion.is_some(),
        Some(_) => true,
    }
}

/// "three days before" counts from an event when a noun phrase or clause follows.
fn direction(scene: &Scene<'_, '_>, found: &Match) -> bool {
    let last = scene.pieces.norm(found.end() - 1);
    let next = scene.pieces.norm(found.end());
    match last {
        "before" | "after" | "prior" => {
            !next.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'\'')
        }
        _ => next != "than",
    }
}

fn one_unit(scene: &Scene<'_, '_>, expr: &Expr, found: &Match) -> bool {
    let (start, end) = (found.start(), found.end());
    let (previous, next) = (scene.pieces.before(start), scene.pieces.norm(end));
    let Some(unit) = expr.unit else { return false };
    // "one day" is some day to come or to tell; "a second" is an ordinal.
    if unit == Unit::Second || next == "-" || unit == Unit::Quarter {
        return false;
    }
    if unit == Unit::Day && matches!(next, "when" | "of" | "for" | "that") {
        return false;
    }
    let amount = found.captures.iter().any(|capture| {
        let class = scene.data.classes;
        capture.extent == 1 && (capture.symbol == class.approx || capture.symbol == class.couple)
    });
    let word = scene.pieces.norm(start);
    amount
        || matches!(word, "one" | "another")
        || matches!(
            previous,
            "for"
                | "in"
                | "within"
                | "of"
                | "than"
                | "after"
                | "over"
                | "under"
                | "lasted"
                | "every"
                | "took"
                | "take"
                | "once"
                | "just"
                | "only"
                | "least"
                | "and"
                | "half"
                | "about"
                | "nearly"
                | "almost"
                | "spent"
                | "lasting"
                | "up"
        )
}

fn adjective(scene: &Scene<'_, '_>, found: &Match) -> bool {
    let (start, end) = (found.start(), found.end());
    let next = scene.pieces.norm(end);
    let has = |word: &str| (start..end).any(|at| scene.pieces.norm(at) == word);
    if has("old") && has("year") || next == "-" && scene.pieces.norm(end + 1) == "old" {
        // "a 6-year-old" is a child, not a time.
        return false;
    }
    // Without a hyphen the singular is an attribute only before a noun: "a two year ban".
    let hyphen = has("-");
    hyphen
        || next.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && !matches!(next, "and" | "or" | "in" | "of" | "to" | "at" | "on" | "is" | "was")
}

/// "200 barrels a day": a number of things stands before it.
fn rate(scene: &Scene<'_, '_>, expr: &Expr, found: &Match) -> bool {
    let start = found.start();
    let class = scene.data.classes;
    if expr.unit.is_none_or(|unit| unit == Unit::Second) {
        return false;
    }
    let previous = scene.pieces.before(start);
    if matches!(previous, "times" | "once" | "twice" | "%" | "percent" | "million" | "billion" | "thousand") {
        return true;
    }
    let number = (start.saturating_sub(5)..start).any(|at| scene.pieces.reading(at, class.card).is_some());
    number
        && start.checked_sub(1).is_some_and(|at| {
            let token = scene.pieces.all[at].token;
            scene.pieces.reading(at, class.card).is_some() || matches!(scene.tags.get(token), Tag::NounPlural)
        })
}

fn clock(scene: &Scene<'_, '_>, expr: &Expr, found: &Match) -> bool {
    let class = scene.data.classes;
    let colon = found.captures.iter().any(|capture| scene.pieces.norm(capture.start) == ":");
    let dot = found.captures.iter().any(|capture| scene.pieces.norm(capture.start) == ".");
    let told =
        found.captures.iter().any(|capture| capture.symbol == class.ampm || capture.symbol == class.zone);
    let previous = scene.pieces.before(found.start());
    if expr.minute.is_none() && !told && expr.means == Means::Clock {
        return false;
    }
    if dot && !told && previous != "at" {
        return false;
    }
    colon && !matches!(previous, "-" | ":" | "chapter" | "verse") || told || dot
}

/// Whether a word or number follows.
fn goes_on(next: &str) -> bool {
    next.chars().next().is_some_and(char::is_alphanumeric)
}

/// A bare year in a language without a tagger: behind a preposition of time, or where nothing follows that
/// it could count.
fn plain_year(scene: &Scene<'_, '_>, expr: &Expr, found: &Match) -> bool {
    let class = scene.data.classes;
    let pieces = scene.pieces;
    if expr.year.is_some_and(|year| year > 0 && !(1700..=2100).contains(&year)) {
        return false;
    }
    if is_label(pieces, found.start()) || unit_follows(scene, found.end()) {
        return false;
    }
    let leads =
        |at: usize| pieces.readings(at).iter().any(|r| r.symbol == class.since || r.symbol == class.r#in);
    let led = found.captures.first().is_some_and(|lead| lead.extent == 0 && leads(lead.start));
    let next = found.end();
    led || !goes_on(pieces.norm(next))
        || pieces.readings(next).iter().any(|r| r.symbol == class.upto || r.symbol == class.both)
}

/// Hours and minutes with a sign between them that nothing else has, or that a word tells.
fn told_clock(scene: &Scene<'_, '_>, found: &Match) -> bool {
    let class = scene.data.classes;
    let has = |norm: &str| found.captures.iter().any(|capture| scene.pieces.norm(capture.start) == norm);
    let told = found.captures.iter().any(|capture| {
        [class.ampm, class.zone, class.part, class.oclock, class.hourlead, class.hourword]
            .contains(&capture.symbol)
    });
    told || has(":") && !matches!(scene.pieces.before(found.start()), "-" | ":")
}

/// A Hijri month alone: only after a preposition of time or "month of", and not within a name.
fn hijri_month(scene: &Scene<'_, '_>, expr: &Expr, found: &Match) -> bool {
    let (start, end) = (found.start(), found.end());
    let previous = scene.pieces.before(start);
    let of_month = (start..end).any(|at| scene.pieces.norm(at) == "month");
    let led = matches!(
        previous,
        "in" | "during"
            | "since"
            | "until"
            | "before"
            | "after"
            | "throughout"
            | "of"
            | "by"
            | "this"
            | "last"
    );
    if expr.common_word {
        (of_month || expr.portion.is_some() || led) && !named(scene, end)
    } else {
        of_month || led || expr.portion.is_some()
    }
}

/// A date by a calendar that is not the Gregorian: its year is one of that calendar and counts nothing, and a
/// month whose name is an ordinary word has a day or the calendar's mark beside it.
fn other_calendar(scene: &Scene<'_, '_>, expr: &Expr, found: &Match) -> bool {
    let Some(year) = expr.year else { return false };
    let class = scene.data.classes;
    let mark = found.captures.iter().find(|capture| capture.symbol == class.era);
    let marked = mark.is_some();
    if let Some(mark) = mark {
        // "BE", "OS" and "EC" are words in lower case, and in capitals anything.
        let token = scene.pieces.all[mark.start].token;
        let word = scene.pieces.norm(mark.start);
        let short = mark.end - mark.start == 1 && word.len() <= 3 && !word.contains('.');
        let shape = scene.document.tokens[token as usize].shape;
        if short && (shape != Shape::Upper || scene.document.casing != Casing::Mixed) {
            return false;
        }
        // "36 ROC soldiers", "the Julian 12": without a month only eras that count years alone are meant.
        let year_alone = expr.month.is_none() && matches!(expr.reckoning, Reckoning::Julian | Reckoning::Roc);
        if year_alone && (short || expr.reckoning == Reckoning::Julian) {
            return false;
        }
    }
    expr.reckoning != Reckoning::Gregorian
        && expr.reckoning.has_year(year)
        && (marked || !counted(scene, found.end()) && !unit_follows(scene, found.end()))
        && (marked || expr.day.is_some() || !expr.common_word)
}
