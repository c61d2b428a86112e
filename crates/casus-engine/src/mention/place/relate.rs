//! How something lies to a named place: near it, 17 km north of it, between two, along a road.
//!
//! This module must not know which place a name means.

use super::{
    Use,
    gazetteer::{Entry, Gazetteer},
    lexicon::flag,
    recognise::{Hit, Holder, View, holders, is_road, is_told, lists},
};
use crate::{
    Bearing, Function, PlaceKind, PlaceRelation,
    text::{Tag, TokenId, TokenKind},
};
use std::ops::Range;

/// Relation of a mention, with the words that tell it.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub(super) relation: PlaceRelation,
    pub(super) function: Function,
    pub(super) distance_km: Option<f64>,
    pub(super) bearing: Option<Bearing>,
    pub(super) detail: Option<Range<TokenId>>,
    pub(super) stated: Range<TokenId>,
}

/// The relation of each hit.
pub(super) fn relations(view: &View<'_, '_>, hits: &[Hit]) -> Vec<Relation> {
    let mut relations: Vec<Relation> = Vec::with_capacity(hits.len());
    for (index, hit) in hits.iter().enumerate() {
        let previous = index.checked_sub(1).map(|before| (&hits[before], before));
        let mut relation = alone(view, hit);
        if let Some((before, at)) = previous
            && view.document.sentence_of(before.tokens.start) == view.document.sentence_of(hit.tokens.start)
        {
            pair(view, before, hit, &mut relations[at], &mut relation);
        }
        relations.push(relation);
    }
    relations
}

/// What the words before one name tell.
fn alone(view: &View<'_, '_>, hit: &Hit) -> Relation {
    let mut stated = hit.tokens.clone();
    if let Some(kind) = hit.kind_token {
        stated.start = stated.start.min(kind);
        stated.end = stated.end.max(kind + 1);
    }
    let mut out = Relation {
        relation: PlaceRelation::At,
        function: Function::Site,
        distance_km: None,
        bearing: None,
        detail: None,
        stated,
    };
    if hit.usage == Use::Demonym {
        return out;
    }
    let mut before = view.previous(out.stated.start);
    if let Some(the) = before.filter(|&id| view.norm(id) == "the") {
        before = view.previous(the);
    }
    let Some(mut at) = before else { return tail(view, hit, out) };
    // `northern Aru`, `north Aru`: a part of the area.
    if let Some(bearing) = view.word(at).bearing {
        out.bearing = Some(bearing);
        out.relation = PlaceRelation::In;
        out.stated.start = at;
        let Some(further) = view.previous(at) else { return tail(view, hit, out) };
        at = if view.norm(further) == "the" { view.previous(further).unwrap_or(further) } else { further };
    }
    let norm = view.norm(at);
    if matches!(norm, "of" | "from") && bearing_of(view, at, &mut out) {
        return tail(view, hit, out);
    }
    if norm == "of" {
        // `off the coast of X`, `the outskirts of X`, `the centre of X`.
        if let Some(head) = view.previous(at) {
            match view.norm(head) {
                "coast" | "shore" | "shores" => off_coast(view, head, &mut out),
                "outskirts" | "outside" | "vicinity" | "edge" | "suburbs" | "environs" | "surroundings" => {
                    out.relation = PlaceRelation::Near;
                    out.stated.start = head;
                }
                _ if view.word(head).is(flag::DETAIL) && hit.kind_token != Some(head) => {
                    out.detail = Some(phrase(view, head));
                }
                _ => {}
            }
        }
    } else if let Some(relation) = view.word(at).relation.filter(|_| norm != "from") {
        out.relation = relation;
        let mut inner = view.previous(at);
        if let Some(km) = inner.and_then(|id| distance(view, id)) {
            out.distance_km = Some(km.0);
            out.relation = PlaceRelation::Near;
            out.stated.start = km.1;
        } else {
            // `in Beya` says no more than `Beya`; `near Beya` does.
            if !matches!(relation, PlaceRelation::In | PlaceRelation::At) {
                out.stated.start = at;
            }
            inner = inner.filter(|&id| view.word(id).is(flag::DETAIL) && view.is_noun(id));
            if let Some(head) = inner
                .filter(|_| matches!(relation, PlaceRelation::In | PlaceRelation::At | PlaceRelation::Near))
            {
                out.detail = Some(phrase(view, head));
            }
        }
    } else if norm == "from"
        && let Some(coast) =
            view.previous(at).filter(|&id| matches!(view.norm(id), "coast" | "shore" | "shores"))
    {
        off_coast(view, coast, &mut out);
    } else if norm == "to"
        && view.previous(at).is_some_and(|id| matches!(view.norm(id), "adjacent" | "close" | "next"))
    {
        out.relation = PlaceRelation::Near;
        out.stated.start = at - 1;
    } else if matches!(norm, "to" | "for") && under_way(view, at) {
        out.function = Function::Destination;
        if aboard(view, at) {
            out.relation = PlaceRelation::Over;
        }
    } else if norm == "from" && view.previous(at).is_some_and(|id| sent_off(view.norm(id))) {
        out.function = Function::Origin;
    } else if matches!(norm, "departing" | "departed") {
        out.function = Function::Origin;
        if aboard(view, at) {
            out.relation = PlaceRelation::Over;
        }
    } else if norm == "from"
        && let Some((km, start)) = view.previous(at).and_then(|id| distance(view, id))
    {
        out.relation = PlaceRelation::Near;
        out.distance_km = Some(km);
        out.stated.start = start;
    }
    tail(view, hit, out)
}

/// `off the coast`, `37 km off the coast` that ends at a token.
fn off_coast(view: &View<'_, '_>, coast: TokenId, out: &mut Relation) {
    let the = view.previous(coast);
    let off = the.and_then(|the| if view.norm(the) == "the" { view.previous(the) } else { Some(the) });
    let Some(off) = off.filter(|&off| view.norm(off) == "off") else { return };
    out.relation = PlaceRelation::Off;
    out.stated.start = off;
    if let Some((km, start)) = view.previous(off).and_then(|id| distance(view, id)) {
        out.distance_km = Some(km);
        out.stated.start = start;
    }
}

/// `en route to`, `bound for`, `on its way to` before the name.
fn under_way(view: &View<'_, '_>, at: TokenId) -> bool {
    let Some(last) = view.previous(at) else { return false };
    let before = view.previous(last).map_or("", |id| view.norm(id));
    match view.norm(last) {
        "bound" => true,
        "route" => matches!(before, "en" | "in"),
        "way" => matches!(before, "its" | "their" | "the" | "his" | "her"),
        _ => false,
    }
}

/// Words for what flies and came from elsewhere: `drones launched from Aru`.
fn sent_off(norm: &str) -> bool {
    matches!(norm, "launched" | "fired" | "flown" | "flying")
}

/// Whether the sentence tells, shortly before a token, of an aircraft or a ship that something is aboard of.
fn aboard(view: &View<'_, '_>, at: TokenId) -> bool {
    let sentence = view.document.sentence_of(at);
    (at.saturating_sub(14)..at)
        .filter(|&id| view.document.sentence_of(id) == sentence)
        .any(|id| view.word(id).is(flag::VESSEL))
}

/// `X market`, `X airport`: a facility behind the name.
fn tail(view: &View<'_, '_>, hit: &Hit, mut out: Relation) -> Relation {
    if out.detail.is_none()
        && let Some(next) = view.next(hit.tokens.end - 1)
        && hit.kind_token != Some(next)
        && view.word(next).is(flag::DETAIL)
        && view.word(next).kind.is_none_or(|kind| matches!(kind, PlaceKind::Camp | PlaceKind::Base))
        && view.document.space_before(next)
    {
        out.detail = Some(hit.tokens.start..next + 1);
        out.stated.end = out.stated.end.max(next + 1);
    }
    out
}

/// `17 km north of`, `north of`, `to the south of` before the preposition `at`.
fn bearing_of(view: &View<'_, '_>, at: TokenId, out: &mut Relation) -> bool {
    let Some(word) = view.previous(at) else { return false };
    let Some(bearing) = view.word(word).bearing.filter(|_| !view.norm(word).ends_with("ern")) else {
        return false;
    };
    let the = view.previous(word).filter(|&id| view.norm(id) == "the");
    let to = the.and_then(|the| view.previous(the)).filter(|&id| view.norm(id) == "to");
    out.bearing = Some(bearing);
    out.stated.start = to.or(the).unwrap_or(word);
    // `the north of Aru` is in Aru; `north of Aru` is not.
    out.relation = if the.is_some() && to.is_none() { PlaceRelation::In } else { PlaceRelation::Near };
    if let Some((km, start)) = view.previous(out.stated.start).and_then(|id| distance(view, id)) {
        out.distance_km = Some(km);
        out.relation = PlaceRelation::Near;
        out.stated.start = start;
    }
    true
}

/// A distance that ends at a token, in kilometres, with its first token.
fn distance(view: &View<'_, '_>, unit: TokenId) -> Option<(f64, TokenId)> {
    let km = view.word(unit).km;
    let number = view.previous(unit).filter(|_| km > 0.0)?;
    if view.document.tokens[number as usize].kind != TokenKind::Number {
        return None;
    }
    let value: f64 = view.norm(number).replace(',', "").parse().ok()?;
    (value.is_finite() && value >= 0.0 && value * km < 2_000.0).then_some((value * km, number))
}

/// A facility with the name before it: `the central market`, `Lodo bridge`.
fn phrase(view: &View<'_, '_>, head: TokenId) -> Range<TokenId> {
    let mut start = head;
    while let Some(before) = view.previous(start).filter(|&id| head - id < 4) {
        let tag = view.document.tokens[before as usize].tag;
        if !matches!(tag, Tag::Noun | Tag::Proper | Tag::Adjective) {
            break;
        }
        start = before;
    }
    start..head + 1
}

/// What two names one after the other tell together.
fn pair(view: &View<'_, '_>, a: &Hit, b: &Hit, first: &mut Relation, second: &mut Relation) {
    let gap = a.tokens.end..b.tokens.start;
    let between: Vec<&str> = gap.clone().take(6).map(|id| view.norm(id)).collect();
    let behind = view.next(b.tokens.end - 1);
    let road = behind.is_some_and(|id| is_road(view.norm(id)));
    let before = view.previous(first.stated.start.min(a.tokens.start));
    let before_is = |words: &[&str]| {
        before.is_some_and(|id| words.contains(&view.norm(id)))
            || words.contains(&view.norm(first.stated.start))
    };
    let from = before_is(&["from"]);
    let lists = listed(first.relation) && second.relation == PlaceRelation::At;
    let (relation, start) = (first.relation, first.stated.start);
    let mut join = |functions: (Function, Function), relation: PlaceRelation| {
        first.function = functions.0;
        second.function = functions.1;
        first.relation = relation;
        second.relation = relation;
    };
    match between[..] {
        ["-"] | ["/"] | ["to"] | ["-", "to", "-"] if road => {
            join((Function::EndA, Function::EndB), PlaceRelation::Along);
        }
        ["and"] | ["and", "the"] if relation == PlaceRelation::Between => {
            let along = view
                .previous(start)
                .is_some_and(|id| matches!(view.norm(id), "road" | "highway" | "route" | "line" | "railway"));
            join(
                (Function::EndA, Function::EndB),
                if along { PlaceRelation::Along } else { PlaceRelation::Between },
            );
        }
        ["to"] | ["to", "the"] | ["toward" | "towards" | "for"] if from => {
            let along = start
                .checked_sub(2)
                .is_some_and(|id| matches!(view.norm(id), "road" | "highway" | "route" | "railway"));
            if along {
                join((Function::EndA, Function::EndB), PlaceRelation::Along);
            } else {
                join((Function::Origin, Function::Destination), PlaceRelation::At);
            }
        }
        // What lies to one of several listed names lies to all: `near Beya and Lodo`.
        ["and"] | ["or"] | [","] | [",", "and"] if lists => {
            second.relation = relation;
        }
        _ => {}
    }
}

fn listed(relation: PlaceRelation) -> bool {
    matches!(relation, PlaceRelation::Near | PlaceRelation::In | PlaceRelation::Over)
}

impl View<'_, '_> {
    fn is_noun(&self, id: TokenId) -> bool {
        self.document.tokens[id as usize].tag.is_noun()
    }
}

/// The kind that the words tell of each name, lists included: `Beya and Lodo districts`.
pub(super) fn kinds(view: &View<'_, '_>, hits: &[Hit]) -> Vec<Option<PlaceKind>> {
    let mut kinds: Vec<_> = hits.iter().map(|hit| hit.kind).collect();
    for index in (1..hits.len()).rev() {
        let gap = hits[index - 1].tokens.end..hits[index].tokens.start;
        let lists =
            matches!(gap.len(), 1 | 2) && gap.clone().all(|id| matches!(view.norm(id), "," | "and" | "or"));
        let plural = hits[index].kind_token.is_some_and(|id| view.norm(id).ends_with('s'));
        let spread =
            kinds.get(index + 1).is_some_and(|kind| *kind == kinds[index]) && hits[index].kind.is_none();
        if lists && kinds[index - 1].is_none() && (plural || spread) {
            kinds[index - 1] = kinds[index];
        }
    }
    kinds
}

/// Whether two names with a comma between are two of a list, though the second holds a place of the first's
/// name: `Mexico, the US and Canada`, `in Washington, New York and Boston`.
fn list(gazetteer: &Gazetteer, view: &View<'_, '_>, child: &Hit, parent: &Hit) -> bool {
    let kind = |entry: &Entry| gazetteer.size(entry.place()).kind;
    let country = |hit: &Hit| hit.entries.first().is_some_and(|entry| kind(entry) == PlaceKind::Country);
    if country(child) && country(parent) {
        // `Georgia, US`: the country holds a division of that name.
        let first = parent.entries.iter().take(4);
        let first: Vec<Holder> = first.map(|&entry| Holder::new(gazetteer, entry)).collect();
        return !child.entries.iter().take(24).any(|entry| {
            let place = gazetteer.place(entry.place());
            place.kind == PlaceKind::Admin1 && first.iter().any(|holder| holder.holds(&place, entry.place()))
        });
    }
    // The list goes on, and the name behind is a town as well as a division: a large place of the first name
    // is meant before a small one in that division.
    let goes_on = view.next(parent.tokens.end - 1).is_some_and(|id| {
        let id = if view.norm(id) == "," { view.next(id).unwrap_or(id) } else { id };
        view.norm(id) == "and" && view.next(id).is_some_and(|next| view.cap(next))
    });
    if !goes_on {
        return false;
    }
    let people = |entry: &Entry| gazetteer.size(entry.place()).population;
    let town = |entry: &&Entry| kind(entry) == PlaceKind::PopulatedPlace;
    let largest = child.entries.iter().filter(town).map(people).max().unwrap_or(0);
    let divisions: Vec<Holder> =
        holders(gazetteer, &parent.entries).into_iter().filter(|h| h.kind == PlaceKind::Admin1).collect();
    let held = child.entries.iter().take(400).filter(|entry| {
        let place = gazetteer.place(entry.place());
        divisions.iter().any(|division| division.holds(&place, entry.place()))
    });
    largest >= 100_000
        && parent.entries.iter().filter(town).any(|entry| people(entry) >= 100_000)
        && held.map(people).max().unwrap_or(0) < largest
}

/// For each name the names that the text gives as its parents, nearest first: `Beya, Aru district,
/// Kile province`, `Beya in Aru district`.
pub(super) fn within(gazetteer: &Gazetteer, view: &View<'_, '_>, hits: &[Hit]) -> Vec<Vec<u32>> {
    let mut within = vec![Vec::new(); hits.len()];
    // The counties of a list lie in none of its others.
    let mut beside = vec![false; hits.len()];
    for list in lists(view, hits).into_iter().filter(|list| is_told(view, &hits[list.clone()])) {
        beside[list.start..list.end - 1].fill(true);
    }
    for index in (0..hits.len().saturating_sub(1)).rev() {
        let (child, parent) = (&hits[index], &hits[index + 1]);
        if beside[index]
            || view.document.sentence_of(child.tokens.start) != view.document.sentence_of(parent.tokens.start)
            || matches!(parent.usage, Use::Demonym)
            || child.usage == Use::Demonym
        {
            continue;
        }
        let from = child.kind_token.map_or(child.tokens.end, |kind| child.tokens.end.max(kind + 1));
        let to = parent.kind_token.map_or(parent.tokens.start, |kind| parent.tokens.start.min(kind));
        if from > to {
            continue;
        }
        // `in Beya in northern Aru`
        let part =
            |id: TokenId| view.word(id).bearing.is_some() || matches!(view.norm(id), "central" | "downtown");
        let to = if to > from && part(to - 1) { to - 1 } else { to };
        let gap: Vec<&str> =
            (from..to).take(5).map(|id| view.norm(id)).filter(|&norm| norm != "the").collect();
        let comma = matches!(gap[..], [","] | ["("]);
        let inner = matches!(gap[..], ["in"] | [",", "in"] | ["of"] | ["district", "of"] | [",", "of"]);
        if !(comma || inner) {
            continue;
        }
        let told = matches!(parent.kind, Some(PlaceKind::Admin1 | PlaceKind::Admin2 | PlaceKind::Country));
        if comma && list(gazetteer, view, child, parent) {
            continue;
        }
        let parents = holders(gazetteer, &parent.entries);
        let holds = !parents.is_empty()
            && child.entries.iter().take(400).any(|entry| {
                let place = gazetteer.place(entry.place());
                parents.iter().any(|parent| parent.holds(&place, entry.place()))
            });
        // `the Moro quarter of Beya`: the town has it, whatever else bears its name.
        let part = inner
            && child.kind.is_some_and(|kind| child.entries.is_empty() || kind == PlaceKind::Quarter)
            && !parent.entries.is_empty();
        if holds || part || told && (child.entries.is_empty() || parent.entries.is_empty()) {
            let further: Vec<u32> = within[index + 1].clone();
            within[index].push(index as u32 + 1);
            within[index].extend(further);
        }
    }
    within
}
