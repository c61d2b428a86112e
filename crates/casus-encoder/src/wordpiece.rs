//! Text to pieces: BERT's uncased tokenizer, with the bytes of the text that each piece stands for.
//!
//! Pieces are those of Hugging Face's `tokenizers` with `BertNormalizer` (clean text, CJK apart, accents
//! stripped, lower case), `BertPreTokenizer` and `WordPiece`; `tests/wordpiece.rs` compares. Marks such as
//! `[MASK]` in a text are text here, and never special pieces. It must not know what a piece means.
//!
//! Order of combining marks is not restored as NFD would: those that could change places are in no
//! vocabulary of BERT, and their word is unknown in either order.
#![forbid(unsafe_code)]

use crate::error::{Error, Result};
use rustc_hash::FxHashMap;
use unicode_categories::UnicodeCategories;
use unicode_normalization::char::decompose_canonical;

/// Longer words are unknown, as in BERT.
const MAX_CHARS: usize = 100;
const NONE: u32 = u32::MAX;
/// Node of the trie where every piece begins.
const ROOT: u32 = 0;

/// A vocabulary of pieces, and the reader that cuts texts into them.
///
/// ```
/// use casus_encoder::{Pieces, WordPiece};
///
/// let pieces = WordPiece::new("[UNK]\n[CLS]\n[SEP]\nshell\n##ing\ncafe".as_bytes())?;
/// let mut found = Pieces::default();
/// pieces.encode("Shelling, café", &mut found);
/// assert_eq!(found.ids, [3, 4, pieces.unk(), 5]);
/// assert_eq!(found.spans, [(0, 5), (5, 8), (8, 9), (10, 15)]);
/// assert_eq!(found.words, [0, 2, 3]);
/// # Ok::<(), casus_encoder::Error>(())
/// ```
#[derive(Debug)]
pub struct WordPiece {
    /// Child of a node by `node << 8 | byte`.
    children: FxHashMap<u32, u32>,
    /// The piece that ends at a node, or `NONE`.
    ends: Vec<u32>,
    /// Node where pieces begin that continue a word.
    inside: u32,
    size: usize,
    unk: u32,
    cls: u32,
    sep: u32,
}

/// Pieces of one text, without `[CLS]` and `[SEP]`.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    /// Index of each piece in the vocabulary.
    pub ids: Vec<u32>,
    /// First byte of each piece in the text as it was given, and the byte after its last: on character
    /// boundaries, in order, never overlapping except where one character made several pieces.
    pub spans: Vec<(u32, u32)>,
    /// Index of the first piece of each word: of a run of letters and digits, or of one sign.
    pub words: Vec<u32>,
    word: Word,
}

/// The word that is being read: its bytes after folding, and the characters that they come from.
#[derive(Clone, Debug, Default)]
struct Word {
    bytes: Vec<u8>,
    from: Vec<(u32, u32)>,
    chars: usize,
}

impl Word {
    fn push(&mut self, c: char, from: (u32, u32)) {
        let mut buffer = [0; 4];
        let bytes = c.encode_utf8(&mut buffer).as_bytes();
        self.bytes.extend_from_slice(bytes);
        self.from.extend(bytes.iter().map(|_| from));
        self.chars += 1;
    }
}

impl WordPiece {
    /// Opens a vocabulary: pieces one a line, a piece's number is its line. `[UNK]`, `[CLS]` and `[SEP]`
    /// must be among them; pieces that begin with `##` continue a word.
    ///
    /// # Errors
    /// If one of the three is missing, or the vocabulary is larger than 16 MB.
    pub fn new(vocabulary: &[u8]) -> Result<WordPiece> {
        // A node is made by a byte at most, and its number must leave room for a byte in a key.
        if vocabulary.len() >= 1 << 24 {
            return Err(Error::vocabulary("is larger than 16 MB"));
        }
        let mut trie = WordPiece {
            children: FxHashMap::with_capacity_and_hasher(vocabulary.len() / 2, Default::default()),
            ends: vec![NONE],
            inside: ROOT,
            size: 0,
            unk: NONE,
            cls: NONE,
            sep: NONE,
        };
        trie.inside = trie.insert(b"##");
        for (id, piece) in (0..).zip(vocabulary.split(|&b| b == b'\n')) {
            trie.size += 1;
            match piece {
                b"[UNK]" => trie.unk = id,
                b"[CLS]" => trie.cls = id,
                b"[SEP]" => trie.sep = id,
                // The bare mark stands in no text, and would be found where nothing is.
                b"" | b"##" => continue,
                _ => {}
            }
            let node = trie.insert(piece);
            trie.ends[node as usize] = id;
        }
        for (name, id) in [("[UNK]", trie.unk), ("[CLS]", trie.cls), ("[SEP]", trie.sep)] {
            if id == NONE {
                return Err(Error::vocabulary(format!("lacks {name}")));
            }
        }
        Ok(trie)
    }

    fn insert(&mut self, piece: &[u8]) -> u32 {
        piece.iter().fold(ROOT, |node, &byte| {
            let next = self.ends.len() as u32;
            let child = *self.children.entry(node << 8 | u32::from(byte)).or_insert(next);
            if child == next {
                self.ends.push(NONE);
            }
            child
        })
    }

    /// Number of pieces.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The piece for words that the vocabulary cannot make.
    pub fn unk(&self) -> u32 {
        self.unk
    }

    /// The piece that begins a window.
    pub fn cls(&self) -> u32 {
        self.cls
    }

    /// The piece that ends a window.
    pub fn sep(&self) -> u32 {
        self.sep
    }

    /// `pieces` between `[CLS]` and `[SEP]`, as the encoder wants a window.
    pub fn window(&self, pieces: &[u32]) -> Vec<u32> {
        [&[self.cls][..], pieces, &[self.sep]].concat()
    }

    /// Cuts `text` into pieces; what `out` held before is gone. Time is linear in the text. Of a text over
    /// four gigabytes the first four are read.
    pub fn encode(&self, text: &str, out: &mut Pieces) {
        out.ids.clear();
        out.spans.clear();
        out.words.clear();
        let text = &text[..text.floor_char_boundary(u32::MAX as usize)];
        for (at, c) in text.char_indices() {
            let from = (at as u32, (at + c.len_utf8()) as u32);
            if c.is_ascii() {
                match c {
                    'a'..='z' | '0'..='9' => self.letter(c, from, out),
                    'A'..='Z' => self.letter(c.to_ascii_lowercase(), from, out),
                    ' ' | '\t' | '\n' | '\r' => self.end_word(out),
                    _ if c.is_ascii_punctuation() => self.alone(c, from, out),
                    // The other control characters are dropped, and join what they stand between.
                    _ => {}
                }
            } else {
                self.other(c, from, out);
            }
        }
        self.end_word(out);
    }

    fn letter(&self, c: char, from: (u32, u32), out: &mut Pieces) {
        out.word.push(c, from);
    }

    /// A character that is a word of its own.
    fn alone(&self, c: char, from: (u32, u32), out: &mut Pieces) {
        self.end_word(out);
        out.word.push(c, from);
        self.end_word(out);
    }

    fn other(&self, c: char, from: (u32, u32), out: &mut Pieces) {
        if c == char::REPLACEMENT_CHARACTER || c.is_other() {
            return;
        }
        if c.is_whitespace() {
            return self.end_word(out);
        }
        let ideograph = is_ideograph(c);
        if ideograph {
            self.end_word(out);
        }
        decompose_canonical(c, |part| {
            if part.is_mark_nonspacing() {
                return;
            }
            for lower in part.to_lowercase() {
                match lower.is_ascii_punctuation() || lower.is_punctuation() {
                    true => self.alone(lower, from, out),
                    false => self.letter(lower, from, out),
                }
            }
        });
        if ideograph {
            self.end_word(out);
        }
    }

    /// Cuts the word that was read into the longest pieces from its beginning.
    fn end_word(&self, out: &mut Pieces) {
        let Pieces { ids, spans, words, word } = out;
        let (Some(&(first, _)), Some(&(_, last))) = (word.from.first(), word.from.last()) else {
            return;
        };
        let before = ids.len();
        words.push(before as u32);
        let mut start = 0;
        while start < word.bytes.len() {
            let mut node = if start == 0 { ROOT } else { self.inside };
            let mut longest = None;
            for (end, &byte) in (start + 1..).zip(&word.bytes[start..]) {
                match self.children.get(&(node << 8 | u32::from(byte))) {
                    Some(&child) => node = child,
                    None => break,
                }
                let id = self.ends[node as usize];
                if id != NONE {
                    longest = Some((end, id));
                }
            }
            match longest {
                Some((end, id)) if word.chars <= MAX_CHARS => {
                    ids.push(id);
                    spans.push((word.from[start].0, word.from[end - 1].1));
                    start = end;
                }
                _ => {
                    ids.truncate(before);
                    spans.truncate(before);
                    ids.push(self.unk);
                    spans.push((first, last));
                    break;
                }
            }
        }
        word.bytes.clear();
        word.from.clear();
        word.chars = 0;
    }
}

/// The blocks of CJK ideographs that BERT's reference tokenizer sets apart.
fn is_ideograph(c: char) -> bool {
    matches!(u32::from(c),
        0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x2A6DF | 0x2A700..=0x2B73F
        | 0x2B740..=0x2B81F | 0x2B920..=0x2CEAF | 0x2F800..=0x2FA1F)
}
