//! Every field by the coding rules of the data set's paper and notebook: one row a release, minimum counts,
//! words such as "several" and "multiple" as 3, "numerous" as 4.
//!
//! What is a convention of this set alone stands here, not in the engine: where a release has its date,
//! that it tells one operation of the last week, and that a quantity told again counts once.

use super::days;
use casus_engine::{
    Count, Date, Event, Family, LossOutcome, Operator, PlaceKind, Scope, Span, Told, Traced, text::Document,
};
use serde_json::{Value, json};

/// Every field, under the name that the data set gives it.
pub(super) fn code(traced: &Traced<'_>) -> Value {
    let published = traced.published;
    let events: Vec<&Event> =
        traced.reading.events.iter().filter(|event| is_news(event, published)).collect();
    let start = days::plain(traced);
    let totals = Totals::of(&events, &traced.document).or_else(|| {
        // A release that gives nothing but a total over several operations gives that.
        let totals = traced.reading.events.iter().filter(|event| event.scope == Scope::Aggregate);
        let totals: Vec<&Event> = totals.filter(|event| is_recent(event, published)).collect();
        Totals::of(&totals, &traced.document)
    });
    let Totals { mut killed, captured, mut leaders_killed, leaders_captured } = totals;
    let lower = traced.document.text().to_lowercase();
    // Where the force fired nothing, whoever was killed is of another day.
    if holds_fire(&lower) {
        (killed, leaders_killed) = (0, 0);
    }
    let airstrike = events.iter().any(|e| {
        e.action.family == Family::AirStrike
            || e.action.also.contains(&Family::AirStrike)
            || e.action.weapons.iter().any(|w| w.kind == "aerial_bomb")
    });
    let group = [
        "haqqani",
        "taliban",
        "islamic movement of uzbekistan",
        "imu",
        "hezb",
        "hig",
        "al-qaida",
        "al qaeda",
        "al-qaeda",
    ];
    let target_group = group.iter().find(|g| lower.contains(**g)).map_or("", |g| match *g {
        "islamic movement of uzbekistan" | "imu" => "imu",
        "hezb" | "hig" => "hig",
        "al-qaida" | "al qaeda" | "al-qaeda" => "aq",
        other => other,
    });
    let province = traced
        .mentions
        .places
        .iter()
        .filter_map(|p| p.best.as_ref())
        .filter(|c| c.country.as_deref() == Some("AF"))
        .find_map(|c| (c.kind == PlaceKind::Admin1).then(|| c.name.clone()))
        .or_else(|| events.iter().flat_map(|e| &e.places).find_map(|p| p.admin1.clone()))
        .map(|name| province_name(&name));
    let event_type = if airstrike && captured == 0 {
        "airstrike"
    } else if killed > 0 && captured > 0 {
        "captureandkill"
    } else if killed > 0 {
        "insurgentskilled"
    } else {
        "detention"
    };
    json!({
            "start_date": start,
            "event_type": [event_type],
            "province": province.into_iter().collect::<Vec<_>>(),
            "target_group": [target_group],
            "min_killed": killed,
            "min_captured": captured,
            "killq": killed > 0,
            "captureq": captured > 0,
            "killcaptureraid": !airstrike && has_target(&lower),
            "airstrike": airstrike,
            "noshotsfired": holds_fire(&lower),
            "min_leaders_killed": leaders_killed,
            "min_leaders_captured": leaders_captured,
    })
}

/// Phrases of a release whose force fired nothing.
fn holds_fire(lower: &str) -> bool {
    ["no shots", "not shots", "no weapons were fired", "not fire", "without firing", "without shots"]
        .into_iter()
        .chain(["without any shots", "without a shot", "without the firing"])
        .any(|phrase| lower.contains(phrase))
}

/// A raid goes out for somebody: a leader is named, or a compound is searched.
fn has_target(lower: &str) -> bool {
    ["leader", "facilitator", "commander", "financier", "compound", "searching for", "in search of"]
        .iter()
        .any(|word| lower.contains(word))
}

/// Whether an event is what the release reports: no totals of a campaign, nothing recalled, nothing
/// older than two weeks, and no find of weapons alone.
pub(super) fn is_news(event: &Event, published: Option<Date>) -> bool {
    event.scope == Scope::Incident && is_recent(event, published)
}

/// The same of an event that may be a total over several.
fn is_recent(event: &Event, published: Option<Date>) -> bool {
    let latest = event.when.as_ref().and_then(|w| w.latest);
    let old = latest.zip(published).is_some_and(|(latest, published)| days(latest, published) > 14);
    let bare = matches!(
        event.action.family,
        Family::DisruptedWeapons | Family::Political | Family::Threat | Family::Agreement
    ) && event.losses.is_empty();
    event.told == Told::News && !old && !bare
}

/// Whether a class is of those whose force tells the release.
pub(super) fn is_own(class: &str) -> bool {
    matches!(class, "state_military" | "state_police" | "state_other" | "foreign_military")
}

pub(super) fn days(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// Killed and captured of a whole release. The first sentence sums up what the rest tells again, often
/// as an event of its own, so a quantity that comes back is counted once.
#[derive(Default)]
struct Totals {
    killed: u64,
    captured: u64,
    leaders_killed: u64,
    leaders_captured: u64,
}

/// Words of a quantity that comes on top.
const MORE: [&str; 5] = ["additional", "another", "other ", "others", "more "];

/// A quantity that was counted.
struct Counted {
    outcome: LossOutcome,
    count: u64,
    vague: bool,
    /// "more than thirty": late in a release, the total of a campaign.
    open: bool,
    /// "two other", "an additional".
    more: bool,
    leader: bool,
    end: u32,
}

impl Totals {
    /// These, or others where nobody was counted.
    fn or_else(self, others: impl FnOnce() -> Totals) -> Totals {
        if self.killed + self.captured > 0 { self } else { others() }
    }

    fn of(events: &[&Event], document: &Document<'_>) -> Totals {
        let mut totals = Totals::default();
        let summed_up = summed_up(events, document, body_of(document));
        let mut counted: Vec<Counted> = Vec::new();
        let body = body_of(document);
        for event in events {
            let mut figures = Vec::new();
            for loss in &event.losses {
                let Some(span) = loss.evidence.iter().find(|span| span.start >= body) else { continue };
                let outcome = if loss.outcome.contains(&LossOutcome::Killed) {
                    LossOutcome::Killed
                } else if loss.outcome.contains(&LossOutcome::Captured) {
                    LossOutcome::Captured
                } else {
                    continue;
                };
                let count = minimum(&loss.count);
                // The releases count the other side; rows of one figure are accounts of one quantity.
                let own = is_own(&loss.who.class);
                let bystander = loss.who.attributes.iter().any(|a| a == "women" || a == "children");
                if count == 0 || own || bystander || figures.contains(&(loss.figure, outcome)) {
                    continue;
                }
                figures.push((loss.figure, outcome));
                if is_either(document, *span) || summed_up.contains(&(outcome, *span)) {
                    continue;
                }
                let words = document.slice(*span).to_lowercase();
                let next = Counted {
                    outcome,
                    count,
                    vague: matches!(loss.count.operator, Operator::Vague | Operator::Plural),
                    open: loss.count.operator == Operator::MoreThan,
                    more: MORE.iter().any(|word| words.replace("more than", "").contains(word)),
                    leader: loss.who.attributes.iter().any(|a| a == "leader"),
                    end: span.end,
                };
                let again = counted.iter().any(|earlier| {
                    let between = document.text().get(earlier.end as usize..span.start as usize);
                    let later = between.is_some_and(|text| text.contains(". ") || text.contains('\n'));
                    earlier.outcome == outcome && later && is_again(earlier, &next, &words)
                });
                if again {
                    continue;
                }
                totals.add(&next, loss.included_in.is_some());
                counted.push(next);
            }
        }
        totals
    }

    fn add(&mut self, next: &Counted, included: bool) {
        let (all, leaders) = match next.outcome {
            LossOutcome::Killed => (&mut self.killed, &mut self.leaders_killed),
            _ => (&mut self.captured, &mut self.leaders_captured),
        };
        *all += if included { 0 } else { next.count };
        *leaders += if next.leader { next.count } else { 0 };
    }
}

/// Where the body begins: the title tells nothing of its own.
fn body_of(document: &Document<'_>) -> u32 {
    let title = document.title.map(|block| &document.blocks[block as usize].tokens);
    let head = document.dateline.as_ref().map(|dateline| &dateline.tokens).or(title);
    head.map_or(0, |tokens| document.span(tokens).end)
}

/// "Insurgents were killed in separate operations over the past 24 hours. … killing two": the counts of a sentence over
/// several operations of which one is told after it.
fn summed_up(events: &[&Event], document: &Document<'_>, body: u32) -> Vec<(LossOutcome, Span)> {
    let all = || events.iter().flat_map(|event| &event.losses).filter(|loss| !is_own(&loss.who.class));
    let told = |outcome: LossOutcome| {
        let spans = all().filter(move |loss| loss.outcome.contains(&outcome));
        spans.filter_map(|loss| loss.evidence.iter().find(|span| span.start >= body).copied())
    };
    let sums = |outcome: LossOutcome| {
        let over_several = told(outcome).filter(|span| is_over_several(document, *span));
        let last = told(outcome).map(|span| span.start).max().unwrap_or(0);
        over_several.filter(move |span| sentence_of(document, *span).is_some_and(|sum| sum.end < last))
    };
    let outcomes = [LossOutcome::Killed, LossOutcome::Captured];
    outcomes.into_iter().flat_map(|outcome| sums(outcome).map(move |span| (outcome, span))).collect()
}

fn sentence_of(document: &Document<'_>, span: Span) -> Option<Span> {
    let mut sentences = document.sentences.iter().map(|sentence| document.span(&sentence.tokens));
    sentences.find(|sentence| sentence.contains(span))
}

/// Whether the sentence of a count tells of several operations.
fn is_over_several(document: &Document<'_>, span: Span) -> bool {
    says(document, span, &["during separate", "in separate", "past 24 hours"])
}

/// "Leaders captured or killed this month": a count of neither.
fn is_either(document: &Document<'_>, span: Span) -> bool {
    says(document, span, &["captured or killed", "killed or captured"])
}

/// Whether the sentence of a count has one of some phrases.
fn says(document: &Document<'_>, span: Span, phrases: &[&str]) -> bool {
    sentence_of(document, span).is_some_and(|sentence| {
        let words = document.slice(sentence).to_lowercase();
        phrases.iter().any(|phrase| words.contains(phrase))
    })
}

/// Whether words tell an earlier quantity again: definite ones, a bare plural, another vague one, or the
/// same number; unless they say that these are more.
fn is_again(earlier: &Counted, next: &Counted, words: &str) -> bool {
    // "Several insurgents were killed. … The militant was shot": he was introduced on his own, and is one more.
    let one_more = earlier.vague && next.count == 1 && !next.leader;
    let definite = !one_more
        && ["the ", "both", "all ", "these ", "those ", "this "].iter().any(|w| words.starts_with(w));
    let part = words.contains(" of the") && !next.leader;
    // "Two insurgents were killed. … An armed man was killed. A second one": one of those that were counted.
    let ordinal = words.starts_with("a second") || words.starts_with("a third");
    if earlier.count > 1 && (ordinal || next.count == 1 && !earlier.vague && !next.leader && !next.more) {
        return true;
    }
    if next.more {
        return earlier.more && next.count == earlier.count;
    }
    if next.leader && !earlier.leader {
        return definite && earlier.count == 1 && !earlier.vague;
    }
    let vague = next.vague && (earlier.vague || !next.leader && earlier.count > 2);
    definite || part || vague || next.open || next.count == earlier.count && next.leader == earlier.leader
}

/// The data set's minimum for a count: "several" and bare plurals are 3, "numerous" 4.
pub(super) fn minimum(count: &Count) -> u64 {
    match count.operator {
        Operator::Vague if count.word.as_deref() == Some("couple") => 2,
        Operator::Vague if count.word.as_deref() == Some("dozens") => 24,
        Operator::Vague
            if count.stated.to_lowercase().contains("numerous")
                || count.stated.to_lowercase().contains("many") =>
        {
            4
        }
        Operator::Vague => 3,
        Operator::Plural => 2,
        _ => count.low.or(count.value).unwrap_or(0),
    }
}

/// The data set's spelling of a province.
fn province_name(name: &str) -> String {
    match name.to_lowercase().replace(" province", "").trim_start_matches("wilayat-e ").to_owned().as_str() {
        "paktia" | "paktiya" => "paktya".to_owned(),
        "khowst" => "khost".to_owned(),
        "sar-e-pul" | "sari pul" | "sar-e pol" => "sar-e pul".to_owned(),
        "konar" => "kunar".to_owned(),
        "oruzgan" => "uruzgan".to_owned(),
        other => other.to_owned(),
    }
}
