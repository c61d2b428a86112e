//! What becomes a row: one occurrence with all accounts of it, after totals and their parts are told apart.
//!
//! A report may tell a total ("25 were killed this week") beside incidents of it ("ten died in Beya on
//! Tuesday"). [`cases`] makes one case of every occurrence and lets no death stand in two of them:
//!
//! - events that are `same_as` or `rival_account_of` another are accounts of one case;
//! - what the incidents of a total account for is taken from it, whether the report says that they are part
//!   of it or they lie within its time and place (UCDP: the incidents inside a summary event);
//! - a total of the incidents of one day is spread over those without a figure of their own, in whole
//!   numbers, where the data set divides totals; what is left stays with the total;
//! - of totals that overlap, the smaller is taken from the larger.

use super::toll::{Rule, Tally};
use casus_record::{Event, PlaceKind, Precision, RelationKind, Scope, Told, Where};
use rustc_hash::FxHashMap;

/// How a case came by its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    /// Its own accounts give them.
    Own,
    /// A share of a total.
    Part,
    /// What a total leaves.
    Rest,
}

/// One occurrence, or a total.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    /// The account that stands for it.
    pub(crate) event: &'a Event,
    /// Its position in the group.
    pub(crate) at: usize,
    /// All accounts, that one in front.
    pub(crate) accounts: Vec<&'a Event>,
    pub(crate) tally: Tally,
    pub(crate) share: Share,
    /// Index of the total that owns it.
    pub(crate) owner: Option<usize>,
    /// Its own incidents stand for all of it: it is no row.
    pub(crate) spent: bool,
}

impl<'a> Case<'a> {
    fn new(event: &'a Event, at: usize) -> Case<'a> {
        let tally = Tally::default();
        Case { event, at, accounts: vec![event], tally, share: Share::Own, owner: None, spent: false }
    }
}

/// The cases of a group of events. Most groups have one, which is not worth a list.
// A case in a box would be the list that this is there to spare.
#[allow(clippy::large_enum_variant)]
#[derive(Debug)]
pub(crate) enum Cases<'a> {
    One(Case<'a>),
    Many(Vec<Case<'a>>),
}

impl<'a> std::ops::Deref for Cases<'a> {
    type Target = [Case<'a>];

    fn deref(&self) -> &[Case<'a>] {
        match self {
            Cases::One(case) => std::slice::from_ref(case),
            Cases::Many(cases) => cases,
        }
    }
}

/// The cases of a group of events: those of one report, or of all reports of a project. `eligible` says
/// which events are rows of the data set; only these get shares of a total.
pub(crate) fn cases<'a>(
    events: impl IntoIterator<Item = &'a Event>,
    rule: &Rule,
    eligible: impl Fn(&Event) -> bool,
) -> Cases<'a> {
    let mut events = events.into_iter().peekable();
    let Some(first) = events.next() else { return Cases::Many(Vec::new()) };
    if events.peek().is_none() {
        // Most reports tell one event, of which there is nothing to tell apart.
        let mut case = Case::new(first, 0);
        count(&mut case, rule);
        return Cases::One(case);
    }
    let mut all: Vec<Case<'a>> = Vec::new();
    let mut index: FxHashMap<&str, usize> = FxHashMap::default();
    for (position, event) in std::iter::once(first).chain(events).enumerate() {
        // The first event of an occurrence stands for it; later ones are further accounts.
        let same = event
            .relations
            .iter()
            .filter(|relation| matches!(relation.kind, RelationKind::SameAs | RelationKind::RivalAccountOf))
            .find_map(|relation| index.get(relation.event.as_str()).copied())
            .or_else(|| index.get(event.id.as_str()).copied());
        let at = match same {
            Some(at) => {
                all[at].accounts.push(event);
                at
            }
            None => {
                all.push(Case::new(event, position));
                all.len() - 1
            }
        };
        index.insert(&event.id, at);
    }
    settle(&mut all, &index, rule, eligible);
    Cases::Many(all)
}

/// One case of events that are told to be one incident.
pub(crate) fn case_of<'a>(events: &[&'a Event], rule: &Rule) -> Option<Case<'a>> {
    let mut case = Case::new(events.first()?, 0);
    case.accounts = events.to_vec();
    count(&mut case, rule);
    Some(case)
}

fn count(case: &mut Case<'_>, rule: &Rule) {
    case.tally = match case.accounts.as_slice() {
        [one] => rule.tally(one),
        many => rule.agree(&many.iter().map(|event| rule.tally(event)).collect::<Vec<_>>()),
    };
}

/// Tells totals and their parts apart.
pub(crate) fn settle<'a>(
    all: &mut [Case<'a>],
    index: &FxHashMap<&'a str, usize>,
    rule: &Rule,
    eligible: impl Fn(&Event) -> bool,
) {
    for case in all.iter_mut() {
        count(case, rule);
    }
    let size = |case: &Case<'_>| case.tally.all()[0].total().best.unwrap_or(0);
    let mut totals: Vec<usize> =
        (0..all.len()).filter(|&at| all[at].event.scope == Scope::Aggregate).collect();
    if totals.is_empty() {
        return;
    }
    // The smallest first: each part has one owner, the smallest total that holds it.
    totals.sort_by_key(|&at| (size(&all[at]), at));
    let mut told: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
    for (at, case) in all.iter().enumerate() {
        for relation in case.accounts.iter().flat_map(|event| &event.relations) {
            if relation.kind == RelationKind::PartOf
                && let Some(&owner) = index.get(relation.event.as_str())
                && owner != at
            {
                told[at].push(owner);
            }
        }
    }
    for at in 0..all.len() {
        let mine = size(&all[at]);
        let is_total = all[at].event.scope == Scope::Aggregate;
        let bigger = |owner: &usize| {
            // A total is a part of larger ones only; of equals, of that which comes later.
            !is_total || (size(&all[*owner]), *owner) > (mine, at)
        };
        let owners = totals.iter().copied().filter(|owner| *owner != at).filter(bigger);
        let owner = owners.clone().find(|owner| told[at].contains(owner)).or_else(|| {
            owners.clone().find(|&owner| {
                let shares_a_part = is_total && told.iter().any(|of| of.contains(&at) && of.contains(&owner));
                shares_a_part || inside(all[at].event, all[owner].event)
            })
        });
        all[at].owner = owner;
    }
    // From the smallest total to the largest, so that what one accounts for is known to the next. A total
    // accounts for all that was told of it, its own incidents included.
    let whole: Vec<Tally> = all.iter().map(|case| case.tally.clone()).collect();
    for total in totals {
        let parts: Vec<usize> = (0..all.len()).filter(|&at| all[at].owner == Some(total)).collect();
        if !parts.is_empty() {
            split(all, total, &parts, &whole, rule, &told, &eligible);
        }
    }
}

fn split(
    all: &mut [Case<'_>],
    total: usize,
    parts: &[usize],
    whole: &[Tally],
    rule: &Rule,
    told: &[Vec<usize>],
    eligible: &impl Fn(&Event) -> bool,
) {
    let mut rest = all[total].tally.clone();
    for &part in parts {
        for (mine, theirs) in rest.all_mut().iter_mut().zip(whole[part].all()) {
            mine.take(theirs);
        }
    }
    if rule.divide && !is_summary(all[total].event, parts.iter().map(|&part| all[part].event)) {
        for outcome in 0..rest.all().len() {
            let without: Vec<usize> = parts
                .iter()
                .copied()
                .filter(|&part| {
                    let case = &all[part];
                    told[part].contains(&total)
                        && case.event.scope == Scope::Incident
                        && !case.tally.all()[outcome].told
                        && eligible(case.event)
                })
                .collect();
            let left = rest.all()[outcome];
            // Fewer dead than places: nobody can say where. The total keeps them.
            let enough = left.total().best.is_some_and(|best| best >= without.len() as u64 && best > 0);
            if without.is_empty() || !enough {
                continue;
            }
            let parts = without.len() as u64;
            for (number, &part) in (0_u64..).zip(&without) {
                all[part].tally.all_mut()[outcome] = left.share(number, parts);
                all[part].share = Share::Part;
            }
            rest.all_mut()[outcome].parts = Default::default();
        }
    }
    all[total].spent = !rest.counts();
    all[total].share = Share::Rest;
    all[total].tally = rest;
}

/// Whether a total sums up a stretch of time, so that nobody can say what belongs to which incident: it is
/// longer than a day and longer than its parts, or tells of more incidents than there are.
fn is_summary<'a>(total: &Event, parts: impl Iterator<Item = &'a Event> + Clone) -> bool {
    let said = total.occurrences.as_ref().and_then(|count| count.low.or(count.value));
    if said.is_some_and(|said| said > parts.clone().count() as u64) {
        return true;
    }
    let Some((first, last)) = days(total) else { return false };
    if first == last {
        return false;
    }
    let spans = parts.map(days);
    let covered = spans.clone().all(|span| span.is_some_and(|span| span.0 >= first && span.1 <= last));
    let reach =
        spans.flatten().fold(None, |reach: Option<(casus_record::Date, casus_record::Date)>, span| {
            Some(reach.map_or(span, |reach| (reach.0.min(span.0), reach.1.max(span.1))))
        });
    covered && reach != Some((first, last))
}

fn days(event: &Event) -> Option<(casus_record::Date, casus_record::Date)> {
    let when = event.when.as_ref()?;
    Some((when.earliest?, when.latest?))
}

/// Whether an event lies within the time and the place of a total, so that the total counts it.
fn inside(event: &Event, total: &Event) -> bool {
    if event.told == Told::Background && total.told == Told::News {
        return false;
    }
    let (Some(inner), Some(outer)) = (days(event), days(total)) else { return false };
    if inner.0 < outer.0 || inner.1 > outer.1 {
        return false;
    }
    let (Some(place), Some(whole)) =
        (crate::geo_precision::site(&event.places), crate::geo_precision::site(&total.places))
    else {
        // Without a place the total is over all that the report tells.
        return total.places.is_empty();
    };
    holds(whole, place)
}

/// Whether a place holds another, as far as the divisions of both tell.
fn holds(whole: &Where, place: &Where) -> bool {
    let same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
    if whole.precision == Precision::Unresolved || place.precision == Precision::Unresolved {
        return whole.name == place.name || place.within.contains(&whole.name);
    }
    let country = same(&whole.country, &place.country);
    match whole.kind {
        PlaceKind::Country => country,
        PlaceKind::Admin1 => country && same(&whole.admin1, &place.admin1),
        PlaceKind::Admin2 => country && same(&whole.admin2, &place.admin2),
        PlaceKind::Admin3 => country && same(&whole.admin3, &place.admin3),
        _ => same(&whole.gazetteer, &place.gazetteer) || place.within.contains(&whole.name),
    }
}
