//! What each party to the conflict claims beside what all others say: how much more or less, how much
//! later, and where it is silent.

use crate::{Member, agreement::interval, claims::side_of, telling::day};
use casus_record::{Bounds, Claim, Participant, PartyAccount, Side};
use std::collections::{BTreeMap, BTreeSet};

/// The accounts of both sides on every figure, by side, then by field.
pub(crate) fn parties(members: &[Member<'_>], flipped: &[bool], claims: &[Claim]) -> Vec<PartyAccount> {
    let mut figures: BTreeMap<&str, Vec<&Claim>> = BTreeMap::new();
    for claim in claims.iter().filter(|claim| interval(&claim.value).is_some()) {
        figures.entry(&claim.field).or_default().push(claim);
    }
    let mut out = Vec::new();
    for side in [Side::A, Side::B] {
        let spoken = claims.iter().filter(|claim| claim.voice.side == Some(side));
        let mut speakers: BTreeSet<String> = spoken
            .map(|claim| {
                claim
                    .voice
                    .register
                    .clone()
                    .unwrap_or_else(|| format!("{:?}", claim.voice.kind).to_lowercase())
            })
            .collect();
        if speakers.is_empty() {
            // A party that is told of and says nothing is silent; a village that was attacked is no party.
            let told = members.iter().zip(flipped).flat_map(|(member, flipped)| {
                let on_side = move |party: &&Participant| side_of(party.side, *flipped) == side;
                member.event.participants.iter().filter(on_side)
            });
            let parties = told.filter(|party| is_party(party));
            speakers
                .extend(parties.map(|party| party.register.clone().unwrap_or_else(|| party.class.clone())));
        }
        if speakers.is_empty() {
            continue;
        }
        for (field, claims_on) in &figures {
            out.extend(account(side, &speakers, field, claims_on, claims));
        }
    }
    out
}

/// Those who speak for themselves in a conflict.
fn is_party(party: &Participant) -> bool {
    let class = party.class.as_str();
    class.starts_with("state_")
        || matches!(
            class,
            "rebel" | "political_militia" | "identity_militia" | "foreign_military" | "peacekeepers"
        )
}

fn account(
    side: Side,
    speakers: &BTreeSet<String>,
    field: &str,
    figure: &[&Claim],
    all: &[Claim],
) -> Option<PartyAccount> {
    let of = |speaks: &dyn Fn(&Claim) -> bool| bounds(figure.iter().filter(|claim| speaks(claim)).copied());
    let claimed = of(&|claim| claim.voice.side == Some(side));
    let independent = of(&|claim| !claim.voice.is_party());
    let opponent = of(&|claim| claim.voice.is_party() && claim.voice.side != Some(side));
    // A field that only the sum of one report has says nothing of a party.
    let others = independent.or(opponent);
    if claimed.is_none() && others.is_none() {
        return None;
    }
    let ratio = claimed.zip(others).and_then(|(ours, theirs)| {
        let (ours, theirs) = (middle(ours), middle(theirs));
        (ours > 0.0 && theirs > 0.0).then(|| ours / theirs)
    });
    let first = |claims: &mut dyn Iterator<Item = &Claim>| claims.filter_map(|claim| claim.published).min();
    let ours = first(&mut figure.iter().copied().filter(|claim| claim.voice.side == Some(side)));
    let theirs = first(&mut all.iter().filter(|claim| claim.voice.side != Some(side)));
    Some(PartyAccount {
        side,
        speakers: speakers.iter().cloned().collect(),
        field: field.to_owned(),
        claimed,
        independent,
        opponent,
        ratio: ratio.map(|ratio| (ratio * 100.0).round() / 100.0),
        days_after: ours.zip(theirs).map(|(ours, theirs)| day(ours) - day(theirs)),
        silent: claimed.is_none(),
    })
}

fn bounds<'c>(claims: impl Iterator<Item = &'c Claim>) -> Option<Bounds> {
    claims
        .filter_map(|claim| interval(&claim.value))
        .map(|(low, high)| Bounds { low, high: (high < u64::MAX).then_some(high) })
        .reduce(|a, b| Bounds { low: a.low.min(b.low), high: a.high.zip(b.high).map(|(x, y)| x.max(y)) })
}

/// What a claim comes to: the middle of its bounds, or the lower one where the upper is open.
fn middle(bounds: Bounds) -> f64 {
    bounds.high.map_or(bounds.low as f64, |high| (bounds.low as f64 + high as f64) / 2.0)
}
