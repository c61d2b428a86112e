//! The words that may take a part: noun groups, whole and without what leads or ends them.
//!
//! The model decides among them which takes what part; so its spans have the bounds that grammar gives them.
//!
//! "three members of the Beya cartel" gives `three members`, `members`, `the Beya cartel`, `Beya cartel`,
//! `cartel`, `Beya`, `members of the Beya cartel` and the like.

use crate::{
    frame::{Frames, chunk::ChunkKind},
    mention::Mentions,
    text::{Document, TokenId, TokenKind},
};
use std::{collections::BTreeSet, ops::Range};

/// Words that tie a noun group to the one before it.
const TIES: [&str; 4] = ["of", "from", "in", "at"];

/// Noun groups tied together at most.
const TIED: usize = 3;

/// A longer noun group keeps only this many of its first and last words as ends.
const LONG: u32 = 8;

/// All candidates of the sentences that are let through, in text order, the shorter first.
pub fn candidates(
    document: &Document<'_>,
    mentions: &Mentions,
    frames: &Frames,
    gate: impl Fn(u32) -> bool,
) -> Vec<Range<TokenId>> {
    let mut found: BTreeSet<(TokenId, TokenId)> = BTreeSet::new();
    let mut add = |range: Range<TokenId>| {
        let word = |token: TokenId| {
            matches!(document.tokens[token as usize].kind, TokenKind::Word | TokenKind::Number)
        };
        let mut range = range;
        while !range.is_empty() && !word(range.start) {
            range.start += 1;
        }
        while !range.is_empty() && !word(range.end - 1) {
            range.end -= 1;
        }
        if range.clone().any(|token| document.tokens[token as usize].kind == TokenKind::Word) {
            found.insert((range.start, range.end));
        }
    };
    let sentences = frames.chunks.iter().enumerate().filter(|(sentence, _)| gate(*sentence as u32));
    for (_, chunks) in sentences {
        for (at, chunk) in chunks.iter().enumerate().filter(|(_, chunk)| chunk.kind == ChunkKind::Noun) {
            let Range { start, end } = chunk.tokens;
            for cut in start..end {
                if cut - start < LONG || end - cut <= LONG {
                    add(cut..end);
                    add(start..cut + 1);
                    // Without a determiner or count, too.
                    if cut >= chunk.core {
                        add(chunk.core..cut + 1);
                    }
                }
            }
            let (mut last, mut tied) = (at, 1);
            while tied < TIED
                && let Some(noun) = next_tied(document, chunks, last)
            {
                let end = chunks[noun].tokens.end;
                for first in start..chunk.tokens.end.min(start + LONG) {
                    add(first..end);
                }
                (last, tied) = (noun, tied + 1);
            }
        }
    }
    let open = |token: TokenId| gate(document.sentence_of(token));
    for tokens in mentions.actors.iter().flat_map(|a| [Some(a.tokens.clone()), a.proper.clone()]).flatten() {
        if open(tokens.start) {
            add(tokens);
        }
    }
    let named = mentions.places.iter().map(|p| &p.tokens).chain(mentions.weapons.iter().map(|w| &w.tokens));
    for tokens in named.filter(|tokens| open(tokens.start)) {
        add(tokens.clone());
    }
    found.into_iter().map(|(start, end)| start..end).collect()
}

/// The noun group that a tie ties to this one.
fn next_tied(document: &Document<'_>, chunks: &[crate::frame::chunk::Chunk], at: usize) -> Option<usize> {
    let tie = chunks.get(at + 1)?;
    let noun = chunks.get(at + 2)?;
    let is_tie = tie.tokens.len() == 1 && TIES.contains(&document.norm(tie.tokens.start));
    (is_tie && noun.kind == ChunkKind::Noun).then_some(at + 2)
}
