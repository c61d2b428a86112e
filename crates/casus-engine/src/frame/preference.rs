//! Which role a user's corrections give a noun group, against the grammar that put it into another.
//!
//! A frame comes with the roles of its clause. Where somebody corrected such roles again and again, a log-linear
//! choice learned from it ([`crate::choice`]) may keep the role, turn it or leave the noun group out. Keeping needs
//! no reason and has no weight, so a choice that learned nothing changes nothing.
//!
//! This module must not know what other sentences say.

use super::{Argument, ArgumentRole, Frame, Lexicon};
use crate::{
    choice::{Candidates, Choice},
    mention::Mentions,
};

/// What stands as the rule of a role that was turned, for `casus explain`.
pub const RULE: &str = "learned from corrections: other role";

/// What becomes of an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preference {
    /// The role that grammar gave it.
    Keep,
    /// The actor's.
    Actor,
    /// The recipient's.
    Recipient,
    /// It has no part in the action.
    Out,
}

/// What an argument could be, with what may speak for it; none for one that is neither actor nor recipient.
pub fn candidates(
    lexicon: &Lexicon,
    mentions: &Mentions,
    frame: &Frame,
    argument: &Argument,
) -> Option<Candidates<Preference>> {
    let others = match argument.role {
        ArgumentRole::Actor => [("recipient", Preference::Recipient), ("out", Preference::Out)],
        ArgumentRole::Recipient => [("actor", Preference::Actor), ("out", Preference::Out)],
        _ => return None,
    };
    let trigger = lexicon.trigger(frame.trigger).id.as_str();
    let class = argument.nominal.actor.map_or("none", |actor| mentions.actors[actor].class.as_str());
    let rule = argument.rule;
    let mut candidates = Candidates::default();
    candidates.offer(Preference::Keep, []);
    for (name, preference) in others {
        let told = [
            name.to_owned(),
            format!("{name}: {rule}"),
            format!("{name}: {rule} of {trigger}"),
            format!("{name}: {class}, {rule}"),
            format!("{name}: {class}, {rule} of {trigger}"),
        ];
        candidates.offer(preference, told);
    }
    Some(candidates)
}

/// Gives the arguments of a frame the roles that were learned.
pub(super) fn apply(choice: &Choice, lexicon: &Lexicon, mentions: &Mentions, frame: &mut Frame) {
    if choice.weights.is_empty() {
        return;
    }
    let preferences: Vec<Preference> = frame
        .arguments
        .iter()
        .map(|argument| {
            let candidates = candidates(lexicon, mentions, frame, argument);
            candidates.and_then(|c| choice.best(&c).map(|best| best.value)).unwrap_or(Preference::Keep)
        })
        .collect();
    // What describes an argument, or is part of it, goes where it goes.
    let mut out = false;
    let mut preferences = preferences.into_iter();
    frame.arguments.retain_mut(|argument| {
        let preference = preferences.next().unwrap_or(Preference::Keep);
        if matches!(argument.role, ArgumentRole::Apposition | ArgumentRole::Included) {
            return !out;
        }
        out = preference == Preference::Out;
        match preference {
            Preference::Actor => (argument.role, argument.rule) = (ArgumentRole::Actor, RULE),
            Preference::Recipient => (argument.role, argument.rule) = (ArgumentRole::Recipient, RULE),
            Preference::Keep | Preference::Out => {}
        }
        !out
    });
}
