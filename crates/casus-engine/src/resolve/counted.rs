//! How many "the gunmen" are: as many as the report counted when it brought them in.
//!
//! A report counts a group once and goes on with a definite plural. Whoever sums losses needs the number, and needs to
//! see that the group is the same. So a definite plural takes the count of the nearest group before it with the same
//! noun; where two counts could be meant, or the words tell of others or of a part, it stays uncounted, because a wrong
//! number would be a wrong toll.
//!
//! This module must not know which frames make an event.
//!
//! ```text
//! "Four gunmen fired at the patrol. Soldiers killed the gunmen." -> killed: 4
//! ```

use crate::{
    Operator,
    frame::{
        Argument, ArgumentRole, Frames, Nominal,
        chunk::{Chunk, ChunkKind, Determiner},
    },
    mention::{Mentions, count::CountKind},
    text::{Document, TokenId},
};

/// How many sentences back a group may have been counted.
const REACH: usize = 3;

/// Words by which a definite group is not the one that was counted.
const OTHERS: [&str; 9] =
    ["other", "others", "remaining", "rest", "additional", "more", "latter", "dead", "wounded"];

/// Words behind a definite group that say which one it is: it may be new then.
const WHICH: [&str; 7] = ["of", "who", "whom", "whose", "that", "from", "responsible"];

/// The frames with the counts of definite groups that an earlier sentence counted; none if there are none.
pub(super) fn resolved(document: &Document<'_>, mentions: &Mentions, frames: &Frames) -> Option<Frames> {
    let reader = Reader { document, mentions, frames };
    frames.changed(|frame, argument| {
        let harmed = argument.role == ArgumentRole::Recipient;
        let count = harmed.then(|| reader.count(frame.sentence as usize, &argument.nominal))??;
        let nominal = Nominal { count: Some(count), ..argument.nominal.clone() };
        Some(Argument { nominal, ..argument.clone() })
    })
}

struct Reader<'a> {
    document: &'a Document<'a>,
    mentions: &'a Mentions,
    frames: &'a Frames,
}

impl Reader<'_> {
    /// The count of the group that a definite plural takes up.
    fn count(&self, sentence: usize, group: &Nominal) -> Option<usize> {
        let takes_up = group.plural
            && !group.pronoun
            && group.count.is_none()
            && group.determiner == Determiner::Definite
            && group.actor.is_some()
            && !group.tokens.clone().any(|token| OTHERS.contains(&self.document.norm(token)));
        if !takes_up || self.tells_which(sentence, group.tokens.end) {
            return None;
        }
        let block = |sentence: usize| &self.document.blocks[self.document.sentences[sentence].block as usize];
        for earlier in (sentence.saturating_sub(REACH)..=sentence).rev() {
            if block(earlier).heading != block(sentence).heading {
                return None;
            }
            let chunks = self.frames.chunks.get(earlier).map_or(&[][..], Vec::as_slice);
            let alike = |chunk: &&Chunk| {
                chunk.kind == ChunkKind::Noun
                    && chunk.plural
                    && chunk.tokens.end <= group.tokens.start
                    && self.document.norm(chunk.head) == self.document.norm(group.head)
            };
            let mut before =
                chunks.iter().filter(alike).filter(|chunk| chunk.determiner != Determiner::Definite);
            // A group that was brought in without a number, or two that were counted: which is meant is a guess.
            if let Some(group) = before.next() {
                return group.count.filter(|&count| before.next().is_none() && self.is_of_many(count));
            }
        }
        None
    }

    fn tells_which(&self, sentence: usize, behind: TokenId) -> bool {
        behind < self.document.sentences[sentence].tokens.end && WHICH.contains(&self.document.norm(behind))
    }

    /// Whether a count is how many, and of more than one.
    fn is_of_many(&self, count: usize) -> bool {
        let mention = &self.mentions.counts[count];
        mention.kind == CountKind::Quantity
            && match mention.count.operator {
                Operator::Vague => true,
                _ => mention.count.value.or(mention.count.low).is_some_and(|value| value > 1),
            }
    }
}
