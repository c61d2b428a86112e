//! What each field of a release could be, with what speaks for it; its day is in `days`.

use super::{Candidates, Fields, rules};
use casus_engine::{Count, Event, Loss, LossOutcome, Traced};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Fields that say yes or no.
const FLAGS: [&str; 5] = ["killq", "captureq", "killcaptureraid", "airstrike", "noshotsfired"];
const EVENT_TYPES: [&str; 5] =
    ["detention", "insurgentskilled", "captureandkill", "airstrike", "civiliancasualty"];
const GROUPS: [&str; 6] = ["", "taliban", "haqqani", "imu", "hig", "aq"];

pub(super) fn of(traced: &Traced<'_>, ruled: &Value) -> Fields {
    let words = words(traced);
    let mut fields = Fields::new();
    fields.insert("province", alone(&ruled["province"]));
    fields.insert("event_type", labels(&EVENT_TYPES, &ruled["event_type"], ruled, &words));
    fields.insert("target_group", labels(&GROUPS, &ruled["target_group"], ruled, &words));
    for flag in FLAGS {
        let mut candidates = Candidates::default();
        for answer in [false, true] {
            let rule = format!("{answer} rule {}", ruled[flag]);
            candidates.offer(json!(answer), told(ruled, &answer.to_string()).into_iter().chain([rule]));
            candidates.offer_words(json!(answer), words.iter().map(|word| format!("{answer} {word}")));
        }
        fields.insert(flag, candidates);
    }
    for (field, outcome, leaders) in [
        ("min_killed", LossOutcome::Killed, false),
        ("min_captured", LossOutcome::Captured, false),
        ("min_leaders_killed", LossOutcome::Killed, true),
        ("min_leaders_captured", LossOutcome::Captured, true),
    ] {
        fields.insert(field, count(traced, &ruled[field], ruled, outcome, leaders, &words));
    }
    fields
}

fn alone(value: &Value) -> Candidates {
    let mut candidates = Candidates::default();
    candidates.offer(value.clone(), []);
    candidates
}

/// The words of the body, and those of the title marked as such; no numbers.
fn words(traced: &Traced<'_>) -> BTreeSet<String> {
    let document = &traced.document;
    let body = document.dateline.as_ref().map_or(0, |dateline| dateline.tokens.end);
    let mut out = BTreeSet::new();
    for token in 0..document.tokens.len() as u32 {
        let norm = document.norm(token);
        if norm.chars().all(char::is_alphabetic) {
            out.insert(if token < body { format!("t:{norm}") } else { norm.to_owned() });
        }
    }
    out
}

/// What the rules made of the other fields, for an answer.
fn told(ruled: &Value, answer: &str) -> Vec<String> {
    let some = |field: &str| ruled[field].as_u64().unwrap_or(0).min(3);
    vec![
        format!("{answer} killed {}", some("min_killed")),
        format!("{answer} captured {}", some("min_captured")),
        format!("{answer} killed {} captured {}", some("min_killed").min(1), some("min_captured").min(1)),
        format!("{answer} airstrike {}", ruled["airstrike"]),
        format!("{answer} raid {}", ruled["killcaptureraid"]),
    ]
}

fn labels(all: &[&str], by_rule: &Value, ruled: &Value, words: &BTreeSet<String>) -> Candidates {
    let mut candidates = Candidates::default();
    for label in all {
        let rule = format!("rule {}", by_rule == &json!([label]));
        let pair = format!("{label} rule {by_rule}");
        candidates.offer(json!([label]), told(ruled, label).into_iter().chain([rule, pair]));
        candidates.offer_words(json!([label]), words.iter().map(|word| format!("{label} {word}")));
    }
    candidates
}

/// Numbers up to five, and every number that a loss or a sum of losses gives.
fn count(
    traced: &Traced<'_>,
    by_rule: &Value,
    ruled: &Value,
    outcome: LossOutcome,
    leaders: bool,
    words: &BTreeSet<String>,
) -> Candidates {
    let mut candidates = Candidates::default();
    let rule = by_rule.as_u64().unwrap_or(0);
    for value in 0..=5_u64 {
        let features = [
            format!("{value}"),
            format!("{value} rule {}", rule.min(6)),
            // Where nothing was fired, those killed are others.
            format!("{value} noshots {} rule {}", ruled["noshotsfired"], rule.min(1)),
        ];
        candidates.offer(json!(value), features);
        candidates.offer_words(json!(value), words.iter().map(|word| format!("{value} {word}")));
    }
    candidates.offer(json!(rule), ["rule".to_owned()]);
    let news: Vec<&Event> =
        traced.reading.events.iter().filter(|e| rules::is_news(e, traced.published)).collect();
    let losses = news.iter().flat_map(|event| &event.losses).filter(|loss| {
        loss.outcome.contains(&outcome)
            && (!leaders || loss.who.attributes.iter().any(|attribute| attribute == "leader"))
    });
    let mut sum = 0;
    for (place, loss) in losses.enumerate() {
        let value = rules::minimum(&loss.count);
        sum += if loss.included_in.is_none() { value } else { 0 };
        let stated = loss.count.stated.to_lowercase();
        candidates.offer(
            json!(value),
            [
                format!("loss {}", place.min(3)),
                format!("loss {:?}", loss.count.operator),
                format!("said of {}", loss.who.class),
            ],
        );
        // What the coders count for "several" or "multiple".
        for low in 0..=5_u64 {
            candidates.offer(json!(low), [format!("{low} stated {stated}")]);
        }
        candidates.offer(json!(sum), [format!("sum of {}", place.min(3) + 1)]);
    }
    candidates.offer(json!(sum), ["sum of all".to_owned()]);
    told_losses(&news, outcome, leaders, &mut candidates);
    candidates
}

/// What the losses of the other side are to each other: a release often sums up first and tells one by one
/// then, so that a figure is a part of a sum, a sum, or the whole.
fn told_losses(news: &[&Event], outcome: LossOutcome, leaders: bool, candidates: &mut Candidates) {
    let counts = |loss: &&Loss| {
        loss.outcome.contains(&outcome) && loss.included_in.is_none() && !rules::is_own(&loss.who.class)
    };
    let all: Vec<&Count> =
        news.iter().flat_map(|e| e.losses.iter().filter(counts)).map(|loss| &loss.count).collect();
    // "Several were killed in separate operations. … killing one": the coded one is the last.
    if let [first, .., last] = all[..] {
        let (before, after) = (first.operator, last.operator);
        candidates.offer(json!(rules::minimum(last)), [format!("last {after:?} after {before:?}")]);
        candidates.offer(json!(rules::minimum(first)), [format!("first {before:?} before {after:?}")]);
    }
    let values = |event: &&Event| {
        let mut figures = BTreeSet::new();
        let counted = event
            .losses
            .iter()
            .filter(counts)
            .filter(|loss| !leaders || loss.who.attributes.iter().any(|attribute| attribute == "leader"));
        let rows = counted.filter(|loss| figures.insert(loss.figure));
        rows.map(|loss| rules::minimum(&loss.count)).collect::<Vec<u64>>()
    };
    let told: Vec<Vec<u64>> = news.iter().map(values).filter(|values| !values.is_empty()).collect();
    let sums: Vec<u64> = told.iter().map(|values| values.iter().sum()).collect();
    let (Some(first), Some(last), Some(most)) = (sums.first(), sums.last(), sums.iter().max()) else {
        candidates.offer(json!(0), ["no loss".to_owned()]);
        return;
    };
    let events = told.len().min(3);
    candidates.offer(
        json!(first),
        [
            "first event".to_owned(),
            format!("first event of {events}"),
            format!("first event sum of {}", told[0].len().min(3)),
        ],
    );
    candidates.offer(json!(last), [format!("last event of {events}")]);
    candidates.offer(json!(most), [format!("largest event of {events}")]);
    let all: usize = told.iter().map(Vec::len).sum();
    let losses = told.iter().flat_map(|values| values.iter().map(|&value| (value, values.len())));
    for (place, (value, beside)) in losses.enumerate() {
        candidates.offer(
            json!(value),
            [format!("one of {}", beside.min(3)), format!("loss {} of {}", place.min(3), all.min(4))],
        );
    }
}
