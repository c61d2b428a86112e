//! Paragraphs, headings and list items.

use super::{Block, BlockKind, Token, TokenId};

/// Splits the tokens into blocks that tile them.
pub(super) fn split(text: &str, tokens: &[Token]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut start = 0;
    for at in 1..tokens.len() {
        let gap = &text[tokens[at - 1].span.end as usize..tokens[at].span.start as usize];
        if lines(gap) > 1 {
            blocks.push(block(start as TokenId, at as TokenId));
            start = at;
        }
    }
    if start < tokens.len() {
        blocks.push(block(start as TokenId, tokens.len() as TokenId));
    }
    blocks
}

fn block(start: TokenId, end: TokenId) -> Block {
    Block { kind: BlockKind::Paragraph, level: 0, tokens: start..end, heading: None }
}

fn lines(gap: &str) -> usize {
    gap.matches(['\n', '\u{2028}', '\u{2029}']).count()
}
