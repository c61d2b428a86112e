//! Conditions of the patterns of utterances.
//!
//! They keep a time apart from the numbers and ordinary words of chat: "you may not", "two to four people".

use super::{
    super::{
        expr::{Expr, Unit, Which},
        walk::Match,
    },
    Scene, goes_on,
};

/// Whether a match may stand, by the condition that its pattern names.
pub(super) fn allows(scene: &Scene<'_, '_>, guard: &str, exprs: &[Expr], found: &Match) -> bool {
    let class = scene.data.classes;
    let Some(expr) = exprs.first() else { return false };
    let (start, end) = (found.start(), found.end());
    let (previous, next) = (scene.pieces.before(start), scene.pieces.norm(end));
    let has = |symbol| found.captures.iter().any(|capture| capture.symbol == symbol);
    let has_norm = |norm: &str| (start..end).any(|at| scene.pieces.norm(at) == norm);
    let first = found.captures.first().map_or(start, |capture| capture.start);
    let opens = first == 0 || is_mark(scene.pieces.before(first));
    let ends = !goes_on(next) && !is_glued(scene, end);
    match guard {
        "said_clock" => {
            let minutes =
                has(class.minuteword) || has_norm("minutes") || has_norm("minute") || has_norm("mins");
            // "10 to 4", "ten past three"; but "3 of 5" and "two to four people" are counts, and "5 to 6pm" is a
            // stretch.
            let by_fives = expr.past.is_none_or(|past| past % 5 == 0 && past != -5);
            let words = has_norm("past") || has_norm("to") || has_norm("after") || has_norm("till");
            let counted = has(class.pastto) && !minutes;
            let alone = ends || has(class.ampm) || has(class.part);
            // "in 1h", "for 3h": a length.
            let length = has_norm("h") && expr.minute.is_none();
            let length = length && matches!(previous, "in" | "for" | "within" | "after" | "last" | "next");
            !is_glued(scene, end)
                && (!counted || by_fives && words && alone && !matches!(previous, "from" | "between"))
                && !length
                && !is_mark_of_number(previous)
        }
        "said_hour" => {
            // A number that may be a year is an hour only where nothing else can be meant.
            let last = found.captures.last().filter(|last| last.symbol == class.hhmm);
            let year =
                last.is_some_and(|last| (1900..2100).contains(&last.value) && last.end - last.start == 1);
            ends && (!year || matches!(previous, "at" | "@"))
        }
        "said_day_clock" => {
            exprs.iter().all(|expr| expr.hour.is_some())
                && exprs.iter().any(|expr| expr.names_day() || expr.part.is_some())
                && !is_glued(scene, end)
        }
        "said_part" if scene.pieces.norm(end.saturating_sub(1)).ends_with("ish") => ends,
        "said_part" => {
            ends && (opens || matches!(previous, "the" | "at" | "in" | "before" | "after" | "until" | "mid"))
        }
        "said_month" => expr.part.is_some() && (expr.names_day() || expr.month.is_some()),
        "said_stretch" => {
            let led = found.captures.first().is_some_and(|capture| capture.extent == 0);
            let told = exprs.iter().any(|expr| expr.half_told || expr.names_day())
                || has(class.mm)
                || has(class.zone)
                || has(class.oclock);
            let number = |at: usize| scene.pieces.norm(at);
            let zero = found
                .captures
                .iter()
                .any(|one| one.symbol == class.hhmm && number(one.start).starts_with('0'));
            let year = found
                .captures
                .iter()
                .any(|one| one.symbol == class.hhmm && (1800..=2100).contains(&one.value));
            exprs.iter().all(|expr| expr.hour.is_some())
                && (told || zero || led && ends && !year)
                && !is_glued(scene, end)
                && (led || !is_mark_of_number(previous))
        }
        "said_length" => expr.unit.is_some(),
        "said_duration" => {
            // A letter alone is a unit behind digits only.
            let short = scene.pieces.norm(end - 1).len() == 1;
            let digits = found.captures.iter().any(|one| {
                one.symbol == class.card
                    && scene.pieces.norm(one.start).starts_with(|c: char| c.is_ascii_digit())
            });
            expr.unit.is_some() && (!short || digits)
        }
        "said_span" => expr.unit.is_some() && !matches!(expr.which, Some(Which::That | Which::This) | None),
        "said_fine" => {
            expr.unit.is_some_and(|unit| unit < Unit::Day)
                && !matches!(expr.which, Some(Which::That | Which::This) | None)
        }
        "said_week" => {
            let number = expr.nth.or(expr.amount.map(|amount| amount / 100));
            number.is_some_and(|number| (1..=53).contains(&number))
        }
        "said_numbers" => {
            let slash = has_norm("/");
            let dot = has_norm(".");
            expr.month.is_some()
                && expr.day.is_some()
                && !is_glued(scene, end)
                && !is_mark_of_number(previous)
                && (slash && !goes_on(next) || expr.weekday.is_some() || !dot && opens && next.is_empty())
        }
        "said_label" => !is_mark_of_number(previous) && !is_glued(scene, end),
        "said_month_year" => {
            expr.month.is_some()
                && expr.year.is_some()
                && !is_mark_of_number(previous)
                && !is_glued(scene, end)
        }
        "said_full" => {
            // "may" and "march" with a number that is no day.
            expr.month.is_some()
                && (expr.day.is_some() || expr.year.is_some())
                && !is_mark_of_number(previous)
        }
        "said_words_year" => expr.year.is_some_and(|year| year < -5000 || (1000..2200).contains(&year)),
        "said_short_day" => {
            ends && (opens || expr.which.is_some() || matches!(previous, "or" | "and" | "this"))
        }
        "said_unit_week" => expr.unit == Some(Unit::Week),
        "said_month_alone" => {
            if expr.common_word {
                ends && (opens || expr.portion.is_some() || expr.which.is_some() || leads(previous))
            } else {
                !matches!(next, "'s" | "-")
            }
        }
        "said_nth" => ends && (opens || previous == "on"),
        "said_edge" => {
            let words = found.captures.iter().find(|capture| capture.symbol == scene.data.modifier);
            expr.unit.is_some_and(|unit| unit >= Unit::Day)
                && words.is_some_and(|one| one.end - one.start > 1)
        }
        "said_the_unit" => expr.unit.is_some_and(|unit| unit >= Unit::Day) && ends,
        "said_range" => {
            let named = |expr: &Expr| expr.month.is_some() || expr.names_day() || expr.year.is_some();
            let led = found.captures.first().is_some_and(|capture| capture.extent == 0);
            let years = exprs.iter().all(|expr| expr.month.is_none() && expr.year.is_some());
            let days = exprs.iter().any(|expr| {
                expr.month.is_some() || expr.weekday.is_some() || expr.shift.is_some() || expr.year.is_some()
            });
            exprs.iter().all(named)
                && days
                && (led || !years)
                && !is_glued(scene, end)
                && !is_mark_of_number(previous)
        }
        "said_holiday" => expr.holiday.is_some(),
        _ => true,
    }
}

/// Whether nothing is said before a mark.
fn is_mark(word: &str) -> bool {
    matches!(word, "" | "," | "." | "?" | "!" | ":" | ";" | "(")
}

/// Signs before a number that say that it is no time.
fn is_mark_of_number(word: &str) -> bool {
    matches!(word, "-" | "/" | "." | "$" | "#" | "+" | ":" | "tel")
        || word.starts_with(|c: char| c.is_ascii_digit())
}

/// Prepositions that lead to a month.
fn leads(word: &str) -> bool {
    matches!(
        word,
        "in" | "by" | "until" | "till" | "since" | "during" | "of" | "before" | "after" | "from" | "mid"
    )
}

/// Whether a number goes on behind a piece, with a sign between: "650-650", "1.5".
fn is_glued(scene: &Scene<'_, '_>, end: usize) -> bool {
    let Some(last) = end.checked_sub(1).and_then(|at| scene.pieces.all.get(at)) else { return false };
    let Some(sign) = scene.pieces.all.get(end) else { return false };
    let digit = scene.pieces.norm(end + 1).starts_with(|c: char| c.is_ascii_digit());
    sign.start == last.end && matches!(sign.norm, "-" | "." | "/" | ":") && digit || sign.norm == "%"
}
