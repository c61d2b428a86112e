//! What a time rests on, in words, for those who check it.

use super::TimeMention;
use crate::{Basis, Calendar, Date, Doubt, Modifier};

/// Why a mention has the days that it has: what it counts from, what was inferred, which calendar was converted,
/// and what else the words allow. `published` is the day of publication.
pub fn because(mention: &TimeMention, published: Option<Date>) -> String {
    let Some(when) = &mention.when else {
        return match mention.value.as_bytes() {
            [b'P', second, ..] if *second != b'A' && *second != b'R' => "a length of time".to_owned(),
            _ => "nothing in the text places it on a calendar".to_owned(),
        };
    };
    let mut reasons = Vec::new();
    let from = |anchor: Date| {
        if Some(anchor) == published {
            format!("counted from {anchor}, the day of publication")
        } else {
            format!("counted from {anchor}, the day last told")
        }
    };
    reasons.push(match (when.basis, when.anchor) {
        (_, Some(anchor)) => from(anchor),
        (Basis::Stated, None) => "stated".to_owned(),
        (Basis::Anchored, None) => "counted from what was told last".to_owned(),
        (Basis::YearInferred, None) => match published {
            Some(day) => format!("the year from the day of publication, {day}, or from the story"),
            None => "the year from the story".to_owned(),
        },
        (Basis::Heading, None) => "from a heading".to_owned(),
    });
    if when.calendar != Calendar::Gregorian {
        let doubt = match when.uncertainty_days {
            0 => String::new(),
            days => format!(", give or take {days} by the sighting of the moon"),
        };
        reasons.push(format!("converted{doubt}"));
    }
    match when.modifier {
        Some(Modifier::Early | Modifier::Mid | Modifier::Late | Modifier::About | Modifier::Recent) => {
            reasons.push("bounds by UCDP GED codebook 23.1, appendix 2".to_owned());
        }
        Some(Modifier::Since | Modifier::After) if when.latest.is_some() && when.latest == published => {
            reasons.push("until the day of publication".to_owned());
        }
        _ => {}
    }
    if mention.twin.is_some() {
        reasons.push("told together with the time beside it".to_owned());
    }
    for ((first, last), why) in when.alternatives.iter().zip(&when.reasons) {
        let days = if first == last { first.to_string() } else { format!("{first} to {last}") };
        reasons.push(format!("or {days}: {}", doubt(*why)));
    }
    reasons.join("; ")
}

fn doubt(why: Doubt) -> &'static str {
    match why {
        Doubt::DayMonthOrder => "day and month may stand in either order",
        Doubt::ParallelDate => "the date in the other calendar says so",
        Doubt::Year => "its weekday speaks for this year",
        Doubt::Week => "the weekday may be the last or the next",
        Doubt::Winter => "the winter may be the one that ends in that year",
        Doubt::Sunset => "the day of this calendar begins at sunset",
        Doubt::Anchor => "the words may count from another day",
    }
}
