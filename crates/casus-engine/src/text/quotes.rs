//! Which tokens stand inside quotation marks.
//!
//! Marks are paired within a block. A mark that could be either is read by the white space around it.
//! A quotation that is not closed holds to the end of its block if the next block opens one again, as
//! is usual with long quotations; otherwise it is taken for a slip and holds to the end of its sentence.

use super::{Block, Sentence, Token, TokenId, TokenKind};

/// Sets [`Token::quoted`] of all tokens.
pub(super) fn mark(text: &str, tokens: &mut [Token], sentences: &[Sentence], blocks: &[Block]) {
    for (index, block) in blocks.iter().enumerate() {
        let mut open: Option<TokenId> = None;
        for at in block.tokens.clone() {
            let Some(side) = side(text, tokens, at) else { continue };
            match (side, open) {
                (Side::Open, _) | (Side::Either, None) => {
                    if let Some(earlier) = open {
                        quote(tokens, earlier + 1, end_of_sentence(tokens, sentences, earlier).min(at));
                    }
                    open = Some(at);
                }
                (Side::Close | Side::Either, Some(start)) => {
                    quote(tokens, start + 1, at);
                    open = None;
                }
                (Side::Close, None) => {}
            }
        }
        if let Some(start) = open {
            let again = blocks.get(index + 1).is_some_and(|next| {
                next.tokens
                    .clone()
                    .next()
                    .is_some_and(|at| matches!(side(text, tokens, at), Some(Side::Open | Side::Either)))
            });
            let end = if again { block.tokens.end } else { end_of_sentence(tokens, sentences, start) };
            quote(tokens, start + 1, end.min(block.tokens.end));
        }
    }
}

enum Side {
    Open,
    Close,
    Either,
}

fn side(text: &str, tokens: &[Token], at: TokenId) -> Option<Side> {
    let at = at as usize;
    let token = &tokens[at];
    if token.kind != TokenKind::Punctuation {
        return None;
    }
    let first = text.as_bytes().get(token.span.start as usize);
    if !first.is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'`' | 0x80..)) {
        return None;
    }
    match &text[token.span.range()] {
        "\u{201c}" | "\u{ab}" | "\u{201e}" | "\u{201f}" | "``" | "\u{300c}" | "\u{300e}"
        | "\u{2018}\u{2018}" => Some(Side::Open),
        "\u{201d}" | "\u{bb}" | "\u{300d}" | "\u{300f}" | "\u{2019}\u{2019}" => Some(Side::Close),
        "\"" | "''" | "\u{ff02}" => {
            let before =
                at == 0 || tokens[at - 1].span.end < token.span.start || opens(text, &tokens[at - 1]);
            let behind = tokens.get(at + 1).is_none_or(|next| token.span.end < next.span.start);
            Some(match (before, behind) {
                (true, false) => Side::Open,
                (false, true) => Side::Close,
                _ => Side::Either,
            })
        }
        _ => None,
    }
}

fn opens(text: &str, token: &Token) -> bool {
    matches!(&text[token.span.range()], "(" | "[" | "{" | "\u{2014}" | "--")
}

fn end_of_sentence(tokens: &[Token], sentences: &[Sentence], at: TokenId) -> TokenId {
    sentences.get(tokens[at as usize].sentence as usize).map_or(at + 1, |sentence| sentence.tokens.end)
}

fn quote(tokens: &mut [Token], start: TokenId, end: TokenId) {
    if start < end {
        for token in &mut tokens[start as usize..end as usize] {
            token.quoted = true;
        }
    }
}
