//! Noun groups, verb groups and the words between them: the alphabet that clauses are read in.
//!
//! The grammar is a finite-state cascade in the manner of FASTUS (Hobbs et al. 1997, "FASTUS: a
//! cascaded finite-state transducer for extracting information from natural-language text"): it
//! needs part-of-speech tags and mentions, never backtracks and reads every token once.
//!
//! This module must not know what a trigger is.

use crate::{
    mention::Mentions,
    text::{Document, Sentence, Tag, TokenId, TokenKind, one_of},
};
use std::ops::Range;

/// Index of a chunk within its sentence.
pub type ChunkId = usize;

/// What a chunk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum ChunkKind {
    Noun,
    Pronoun,
    Verb,
    Preposition,
    Conjunction,
    Comma,
    /// who, which, that, where, when
    Relative,
    /// while, after, before, because, if, that
    Subordinator,
    /// A time that stands alone.
    Time,
    Adverb,
    Adjective,
    /// A short aside in brackets.
    Aside,
    Quote,
    /// : ; -- and the like
    Break,
    /// . ! ?
    Stop,
    Other,
}

/// How a noun group is determined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Determiner {
    None,
    Definite,
    Indefinite,
    Possessive,
    /// no, none, nobody
    Negative,
}

/// How a verb group is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Voice {
    /// "attacked", "have attacked", "will attack"
    Active,
    /// "was attacked", "have been attacked"
    Passive,
    /// A participle without an auxiliary: "nurses taken at Kile".
    BareParticiple,
    /// "to attack"
    Infinitive,
    /// "attacking"
    Ing,
}

/// A run of tokens that belongs together.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// What it is.
    pub kind: ChunkKind,
    /// Its tokens.
    pub tokens: Range<TokenId>,
    /// Head noun or main verb.
    pub head: TokenId,
    /// Noun groups: first token after determiner and count.
    pub core: TokenId,
    /// Noun groups: the count, an index into [`Mentions::counts`].
    pub count: Option<usize>,
    /// Noun groups: how determined.
    pub determiner: Determiner,
    /// Noun groups: whether plural.
    pub plural: bool,
    /// Verb groups: how built.
    pub voice: Voice,
    /// Verb groups: negated.
    pub negated: bool,
    /// Verb groups: the modal verb, if one stands in it.
    pub modal: Option<TokenId>,
    /// Verb groups: in the perfect ("had attacked").
    pub perfect: bool,
    /// Number of the part of its sentence: parts are split at colons, semicolons and dashes, and brackets
    /// hold a part of their own.
    pub part: u32,
}

impl Chunk {
    fn new(kind: ChunkKind, tokens: Range<TokenId>) -> Chunk {
        let (core, head) = (tokens.start, tokens.end - 1);
        Chunk {
            kind,
            tokens,
            head,
            core,
            count: None,
            determiner: Determiner::None,
            plural: false,
            voice: Voice::Active,
            negated: false,
            modal: None,
            perfect: false,
            part: 0,
        }
    }

    /// Whether it names something: a noun group or a pronoun.
    pub fn is_nominal(&self) -> bool {
        matches!(self.kind, ChunkKind::Noun | ChunkKind::Pronoun)
    }
}

/// For every token the mention that starts or covers it; made once a document.
#[derive(Debug)]
pub struct Cover {
    time: Vec<Option<u32>>,
    count: Vec<Option<u32>>,
}

impl Cover {
    /// Which tokens belong to times and counts.
    pub fn new(document: &Document<'_>, mentions: &Mentions) -> Cover {
        let mut cover =
            Cover { time: vec![None; document.tokens.len()], count: vec![None; document.tokens.len()] };
        for (index, time) in mentions.times.iter().enumerate() {
            for token in time.tokens.clone() {
                cover.time[token as usize] = Some(index as u32);
            }
        }
        for (index, count) in mentions.counts.iter().enumerate() {
            for token in count.tokens.clone() {
                cover.count[token as usize] = Some(index as u32);
            }
        }
        cover
    }

    /// The time that covers a token.
    pub fn time_at(&self, token: TokenId) -> Option<usize> {
        self.time[token as usize].map(|index| index as usize)
    }

    /// The count that covers a token.
    pub fn count_at(&self, token: TokenId) -> Option<usize> {
        self.count[token as usize].map(|index| index as usize)
    }
}

const BE: &[&str] =
    &["be", "is", "are", "was", "were", "been", "being", "am", "'s", "'re", "'m", "got", "get", "gets"];
const HAVE: &[&str] = &["have", "has", "had", "having", "'ve", "'d"];
const DO: &[&str] = &["do", "does", "did"];
const NEGATIONS: &[&str] = &["not", "n't", "never", "neither"];
/// How far a clause reaches to either side of a word, in tokens.
const CLAUSE: TokenId = 60;

/// Verbs that are mostly adjectives or adverbs.
const AFTER_MODAL: &[&str] = &["free", "open", "secure", "clear", "welcome", "separate"];
const SUBORDINATORS: &[&str] = &[
    "while", "after", "before", "because", "if", "although", "though", "unless", "until", "whereas", "since",
    "as", "when", "once", "that", "whether",
];
const RELATIVES: &[&str] = &["who", "which", "whom", "whose", "where"];
/// Long brackets hold sentences of their own and are read like any other text.
const LONGEST_ASIDE: u32 = 8;

/// The chunks of a sentence, which tile its tokens.
pub fn chunk(document: &Document<'_>, mentions: &Mentions, cover: &Cover, sentence: &Sentence) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut at = sentence.tokens.start;
    while at < sentence.tokens.end {
        let next = Reader { document, mentions, cover, end: sentence.tokens.end }.read(at);
        debug_assert!(next.tokens.end > at);
        at = next.tokens.end;
        chunks.push(next);
    }
    number_parts(document, &mut chunks);
    chunks
}

fn number_parts(document: &Document<'_>, chunks: &mut [Chunk]) {
    let (mut part, mut last, mut open) = (0, 0, Vec::new());
    for chunk in chunks.iter_mut() {
        if chunk.kind == ChunkKind::Break {
            match document.norm(chunk.head) {
                "(" | "[" => open.push(part),
                ")" | "]" => {
                    part = open.pop().unwrap_or(part);
                    chunk.part = part;
                    continue;
                }
                _ => {}
            }
            last += 1;
            part = last;
        }
        chunk.part = part;
    }
}

struct Reader<'a> {
    document: &'a Document<'a>,
    mentions: &'a Mentions,
    cover: &'a Cover,
    end: TokenId,
}

impl Reader<'_> {
    fn tag(&self, at: TokenId) -> Option<Tag> {
        (at < self.end).then(|| self.document.tokens[at as usize].tag)
    }

    fn norm(&self, at: TokenId) -> &str {
        if at < self.end { self.document.norm(at) } else { "" }
    }

    fn read(&self, at: TokenId) -> Chunk {
        let word = self.norm(at);
        let tag = self.document.tokens[at as usize].tag;
        match word {
            "," => return Chunk::new(ChunkKind::Comma, at..at + 1),
            "." | "!" | "?" | "…" | "؟" | "۔" | "。" => return Chunk::new(ChunkKind::Stop, at..at + 1),
            ":" | ";" | ")" | "]" | "--" | "–" | "—" => return Chunk::new(ChunkKind::Break, at..at + 1),
            "\"" | "'" => {
                // In all-capital wire texts names stand in quotes: `"THE EXTRADITABLES"`.
                return self.quoted_name(at).unwrap_or_else(|| Chunk::new(ChunkKind::Quote, at..at + 1));
            }
            "(" | "[" => {
                let close = (at + 1..self.end.min(at + LONGEST_ASIDE + 1))
                    .find(|&i| matches!(self.norm(i), ")" | "]"));
                let silent = |close: TokenId| {
                    (at + 1..close).all(|i| {
                        !matches!(
                            self.tag(i),
                            Some(Tag::VerbPast | Tag::VerbThird | Tag::VerbParticiple | Tag::VerbPresent)
                        )
                    })
                };
                return close.filter(|&close| silent(close)).map_or_else(
                    || Chunk::new(ChunkKind::Break, at..at + 1),
                    |close| Chunk::new(ChunkKind::Aside, at..close + 1),
                );
            }
            _ => {}
        }
        if let Some(time) = self.cover.time_at(at) {
            let end = self.mentions.times[time].tokens.end.min(self.end).max(at + 1);
            if !matches!(self.tag(end), Some(Tag::Possessive)) {
                return Chunk::new(ChunkKind::Time, at..end);
            }
        }
        if matches!(
            word,
            "including"
                | "excluding"
                | "during"
                | "among"
                | "amid"
                | "following"
                | "besides"
                | "against"
                | "using"
        ) && tag != Tag::Noun
        {
            return Chunk::new(ChunkKind::Preposition, at..at + 1);
        }
        if one_of(word, RELATIVES) {
            return Chunk::new(ChunkKind::Relative, at..at + 1);
        }
        if word == "that" && !matches!(self.tag(at + 1), Some(Tag::Noun | Tag::NounPlural)) {
            return Chunk::new(ChunkKind::Subordinator, at..at + 1);
        }
        if let Some(verb) = self.verb_group(at) {
            return verb;
        }
        if let Some(noun) = self.noun_group(at) {
            return noun;
        }
        if one_of(word, SUBORDINATORS) && !matches!(tag, Tag::Noun | Tag::Proper) {
            // "after the attack" is a preposition with its noun; "after gunmen attacked" opens a clause.
            // Which of the two it is shows only further on: the clause reader decides.
            return Chunk::new(ChunkKind::Subordinator, at..at + 1);
        }
        let kind = match tag {
            Tag::Preposition | Tag::To => ChunkKind::Preposition,
            Tag::Conjunction => ChunkKind::Conjunction,
            Tag::Wh => ChunkKind::Relative,
            Tag::Adverb | Tag::Particle => ChunkKind::Adverb,
            Tag::Adjective => ChunkKind::Adjective,
            Tag::Pronoun => ChunkKind::Pronoun,
            _ => ChunkKind::Other,
        };
        Chunk::new(kind, at..at + 1)
    }

    /// `"THE EXTRADITABLES"`, `"SANTO TOMAS" FARM`: up to five words in quotes that are one noun group.
    fn quoted_name(&self, at: TokenId) -> Option<Chunk> {
        let mut noun = self.quoted(at)?;
        let behind = self.noun_group(noun.tokens.end + 1);
        match behind {
            Some(tail) if matches!(tail.determiner, Determiner::None) && tail.count.is_none() => {
                noun.tokens = at..tail.tokens.end;
                noun.head = tail.head;
                noun.plural = tail.plural;
            }
            _ => noun.tokens = at..noun.tokens.end + 1,
        }
        noun.core = at;
        Some(noun)
    }

    /// The noun group between the sign of quotation at a token and the next one, if there is no more between them and
    /// no more than five words.
    fn quoted(&self, at: TokenId) -> Option<Chunk> {
        let close = (at + 2..self.end.min(at + 7)).find(|&i| matches!(self.norm(i), "\"" | "'"))?;
        self.noun_group(at + 1).filter(|inner| inner.tokens.end == close)
    }

    fn verb_group(&self, at: TokenId) -> Option<Chunk> {
        let mut i = at;
        let mut to = false;
        let (mut modal, mut be, mut have, mut negated, mut auxiliary) = (None, false, false, false, false);
        if self.tag(i) == Some(Tag::To) || self.norm(i) == "to" {
            if !matches!(self.tag(i + 1), Some(Tag::VerbBase | Tag::Adverb)) {
                return None;
            }
            to = true;
            i += 1;
        }
        loop {
            let word = self.norm(i);
            let tag = self.tag(i)?;
            if one_of(word, NEGATIONS) {
                negated = true;
                i += 1;
            } else if tag == Tag::Modal {
                modal = Some(i);
                i += 1;
            } else if modal.is_some_and(|modal| modal + 1 == i) && one_of(word, AFTER_MODAL) {
                // "would free 150 prisoners": right behind a modal it is a verb, however it was tagged.
                break;
            } else if tag == Tag::Adverb && i > at {
                i += 1;
            } else if be && matches!(word, "both" | "all" | "each") && self.is_floating(i) {
                // "the guards were all killed", "he and his driver were both wounded"
                i += 1;
            } else if self.cover.time_at(i).is_some() && i > at && auxiliary {
                // "was yesterday attacked"
                i += 1;
            } else if one_of(word, BE) && tag != Tag::Possessive {
                be = true;
                auxiliary = true;
                i += 1;
            } else if one_of(word, HAVE) && tag != Tag::Possessive {
                have = true;
                auxiliary = true;
                i += 1;
            } else if one_of(word, DO) {
                auxiliary = true;
                i += 1;
            } else if auxiliary
                && word == "\""
                && self.tag(i + 1) == Some(Tag::VerbParticiple)
                && self.norm(i + 2) == "\""
            {
                // `were "neutralised"`
                i += 1;
                break;
            } else {
                break;
            }
        }
        let tag = self.tag(i);
        let is_verb = matches!(
            tag,
            Some(
                Tag::VerbBase
                    | Tag::VerbPast
                    | Tag::VerbParticiple
                    | Tag::VerbIng
                    | Tag::VerbPresent
                    | Tag::VerbThird
            )
        );
        let base = modal.is_some_and(|modal| modal + 1 == i) && one_of(self.norm(i), AFTER_MODAL);
        let is_verb = is_verb || base || i == at && self.counting_verb(i);
        if is_verb && i == at && self.gerund_subject(i) {
            return None;
        }
        if !is_verb {
            if auxiliary || modal.is_some() {
                // A verb without a main verb: "are in danger", "were dead", "has three houses".
                let mut end = i;
                while end > at + 1
                    && self.tag(end - 1) == Some(Tag::Adverb)
                    && !one_of(self.norm(end - 1), NEGATIONS)
                {
                    end -= 1;
                }
                let mut chunk = Chunk::new(ChunkKind::Verb, at..end.max(at + 1));
                chunk.negated = negated;
                chunk.modal = modal;
                return Some(chunk);
            }
            return None;
        }
        // "-ed" and "-ing" words before a noun are adjectives: "wounded soldiers", "armed men".
        if !auxiliary && !to && modal.is_none() && i == at && self.premodifier(at) {
            return None;
        }
        let passive_form = matches!(tag, Some(Tag::VerbParticiple | Tag::VerbPast));
        let mut chunk = Chunk::new(ChunkKind::Verb, at..i + 1);
        chunk.head = i;
        chunk.negated = negated;
        chunk.modal = modal;
        chunk.perfect = have;
        chunk.voice = if be && passive_form {
            Voice::Passive
        } else if to {
            Voice::Infinitive
        } else if tag == Some(Tag::VerbIng) && !be {
            Voice::Ing
        } else if tag == Some(Tag::VerbParticiple) && !have {
            Voice::BareParticiple
        } else {
            Voice::Active
        };
        // "was being attacked": the auxiliary loop took "being".
        Some(chunk)
    }

    /// Whether a word that takes in all of the subject stands right before the verb's participle.
    fn is_floating(&self, at: TokenId) -> bool {
        matches!(self.tag(at + 1), Some(Tag::VerbParticiple | Tag::VerbPast | Tag::VerbIng))
    }

    /// "Shelling wounded six people": a word in "-ed" right before a number is no adjective of what is counted.
    fn counting_verb(&self, at: TokenId) -> bool {
        let count = (at + 1 < self.end).then(|| self.cover.count_at(at + 1)).flatten();
        let counts = count.is_some_and(|count| {
            let mention = &self.mentions.counts[count];
            mention.kind == crate::mention::count::CountKind::Quantity && mention.tokens.start == at + 1
        });
        self.tag(at) == Some(Tag::Adjective)
            && self.norm(at).ends_with("ed")
            && (counts || self.only_verb(at))
    }

    /// "A nurse sustained serious injuries": between two noun groups a word in "-ed" is the verb of a sentence that has
    /// no other.
    fn only_verb(&self, at: TokenId) -> bool {
        let noun = |tag| matches!(tag, Some(Tag::Noun | Tag::NounPlural | Tag::Proper | Tag::ProperPlural));
        let verb = |token: TokenId| {
            matches!(
                self.tag(token),
                Some(Tag::VerbPast | Tag::VerbThird | Tag::VerbPresent | Tag::VerbParticiple | Tag::Modal)
            )
        };
        let sentence = &self.document.sentences[self.document.sentence_of(at) as usize].tokens;
        let near = at.saturating_sub(CLAUSE).max(sentence.start)..sentence.end.min(at + CLAUSE);
        at > sentence.start
            && noun(self.tag(at - 1))
            && (noun(self.tag(at + 1)) || matches!(self.tag(at + 1), Some(Tag::Adjective | Tag::Determiner)))
            && !near.into_iter().any(verb)
    }

    /// A gerund at the head of a clause that has its verb right behind it: "Shelling killed", "Looting was".
    fn gerund_subject(&self, at: TokenId) -> bool {
        let first = at == 0 || self.document.sentence_of(at - 1) != self.document.sentence_of(at);
        let finite = |at: TokenId| {
            matches!(self.tag(at), Some(Tag::VerbPast | Tag::VerbThird | Tag::Modal))
                || self.counting_verb(at)
        };
        first && self.tag(at) == Some(Tag::VerbIng) && finite(at + 1)
    }

    /// Whether a participle at `at` is an adjective within a noun group.
    fn premodifier(&self, at: TokenId) -> bool {
        let Some(tag) = self.tag(at) else { return false };
        if !matches!(tag, Tag::VerbParticiple | Tag::VerbIng | Tag::VerbPast) {
            return false;
        }
        // "two of the dead were nurses"
        if [BE, HAVE, DO].iter().any(|auxiliaries| one_of(self.norm(at), auxiliaries)) {
            return false;
        }
        // "an improvised explosive device", "the leading international donor"
        let described = self.tag(at + 1) == Some(Tag::Adjective) && tag != Tag::VerbPast;
        let next = at + 1 + TokenId::from(described);
        let next_is_noun = matches!(self.tag(next), Some(Tag::Noun | Tag::NounPlural));
        if matches!(self.norm(at), "neighbouring" | "neighboring") {
            return next_is_noun || self.tag(at + 1) == Some(Tag::Proper);
        }
        let before = (at > 0).then(|| &self.document.tokens[at as usize - 1]);
        let opened = before.is_some_and(|token| {
            matches!(
                token.tag,
                Tag::Determiner | Tag::Adjective | Tag::PossessivePronoun | Tag::Number | Tag::Possessive
            )
        });
        // Sentence-initial "Armed men ...".
        let first = at > 0 && before.is_some_and(|t| t.kind == TokenKind::Punctuation) || at == 0;
        next_is_noun && (opened || first && tag == Tag::VerbParticiple)
    }

    fn noun_group(&self, at: TokenId) -> Option<Chunk> {
        let mut i = at;
        let mut determiner = Determiner::None;
        let mut count = None;
        let mut last_noun = None;
        let mut core = None;
        while i < self.end {
            let word = self.norm(i);
            let tag = self.tag(i)?;
            // "M23" is a name, and no number.
            let name = tag == Tag::Proper
                && word.chars().any(char::is_alphabetic)
                && word.chars().any(|c| c.is_ascii_digit());
            if let Some(found) = self.cover.count_at(i).filter(|_| !name) {
                let mention = &self.mentions.counts[found];
                if mention.tokens.start != i || last_noun.is_some() || count.is_some() {
                    // A number behind its noun ("Highway 5", "M-19") belongs to the name; so does one before a
                    // noun in the singular ("a Boeing 777 flight").
                    if mention.tokens.start == i
                        && last_noun.is_some()
                        && (self.glued(i) || self.numbers_name(i, mention.tokens.end))
                    {
                        i = mention.tokens.end;
                        last_noun = Some(i - 1);
                        continue;
                    }
                    break;
                }
                use crate::mention::count::CountKind;
                if mention.kind == CountKind::Quantity {
                    count = Some(found);
                    if mention.count.operator == crate::Operator::NoneStated {
                        determiner = Determiner::Negative;
                    }
                }
                // "a five-storey block" is a kind of block; of "five blocks" the core is what is counted.
                let joined = mention.kind != CountKind::Quantity && self.norm(mention.tokens.end) == "-";
                core = joined.then_some(i);
                i = mention.tokens.end.max(i + 1);
                continue;
            }
            if let Some(time) = self.cover.time_at(i) {
                let end = self.mentions.times[time].tokens.end;
                let noun_behind =
                    matches!(self.tag(end), Some(Tag::Noun | Tag::NounPlural | Tag::Possessive));
                if (i > at || self.tag(end) == Some(Tag::Possessive)) && noun_behind && last_noun.is_none() {
                    i = if self.tag(end) == Some(Tag::Possessive) { end + 1 } else { end };
                    continue;
                }
                break;
            }
            // "a warm welcome to the guests"
            let welcome = word == "welcome" && i > at && last_noun.is_none();
            match tag {
                _ if welcome
                    && !matches!(self.tag(i + 1), Some(Tag::Noun | Tag::NounPlural | Tag::Proper)) =>
                {
                    core.get_or_insert(i);
                    last_noun = Some(i);
                    i += 1;
                }
                Tag::Determiner
                    if last_noun.is_none() && i == at || self.norm(at) == "all" && i == at + 1 =>
                {
                    // "one was killed and another wounded": one more of them.
                    let behind = i + 1 + u32::from(self.tag(i + 1) == Some(Tag::Adverb));
                    if word == "another"
                        && matches!(self.tag(behind), Some(Tag::VerbPast | Tag::VerbParticiple))
                        && !self.premodifier(behind)
                    {
                        let mut chunk = Chunk::new(ChunkKind::Noun, i..i + 1);
                        chunk.determiner = Determiner::Indefinite;
                        return Some(chunk);
                    }
                    determiner = match word {
                        "the" | "this" | "that" | "these" | "those" | "both" | "all" => Determiner::Definite,
                        "no" | "neither" => Determiner::Negative,
                        _ => Determiner::Indefinite,
                    };
                    i += 1;
                }
                Tag::PossessivePronoun if last_noun.is_none() => {
                    determiner = Determiner::Possessive;
                    i += 1;
                }
                // "took twelve villagers hostage": what the verb makes of its object is no part of it.
                Tag::Noun
                    if last_noun.is_some()
                        && matches!(word, "hostage" | "captive" | "prisoner")
                        && !self.joins_noun(i) =>
                {
                    break;
                }
                Tag::Noun | Tag::NounPlural | Tag::Proper | Tag::ProperPlural => {
                    core.get_or_insert(i);
                    last_noun = Some(i);
                    i += 1;
                }
                Tag::VerbIng if last_noun.is_some() && count.is_none() && self.shelling(i, determiner) => {
                    last_noun = Some(i);
                    i += 1;
                }
                _ if i == at && self.joined_adjective(i) => {
                    core.get_or_insert(i);
                    i += 3;
                }
                Tag::VerbIng if i == at && self.gerund_subject(i) => {
                    core.get_or_insert(i);
                    last_noun = Some(i);
                    i += 1;
                }
                _ if i == at && self.counting_verb(i) => return None,
                // "the judge shocked Lodo": behind a noun, an adjective in "-ed" is a verb.
                Tag::Adjective if last_noun.is_some() && word.ends_with("ed") => break,
                Tag::Adjective | Tag::Number if last_noun.is_none() || self.joins_noun(i) => {
                    core.get_or_insert(i);
                    i += 1;
                }
                Tag::Possessive if last_noun.is_some() => {
                    // The owner goes before: what follows is the head.
                    last_noun = None;
                    i += 1;
                }
                // "1,200 households left": behind a number an "-s" word is a noun, whatever its tag.
                Tag::VerbThird | Tag::VerbPresent | Tag::VerbBase
                    if count.is_some() && core.is_none() && last_noun.is_none() =>
                {
                    core.get_or_insert(i);
                    last_noun = Some(i);
                    i += 1;
                }
                Tag::VerbParticiple | Tag::VerbIng | Tag::VerbPast if self.premodifier(i) => {
                    core.get_or_insert(i);
                    i += 1;
                }
                Tag::Adverb
                    if last_noun.is_none()
                        && i > at
                        && matches!(self.tag(i + 1), Some(Tag::Adjective | Tag::VerbParticiple)) =>
                {
                    i += 1;
                }
                // `fifteen "terrorists"`, `the "Lodo Brigade"`: the quoted name is what is counted.
                _ if last_noun.is_none() && i > at && matches!(word, "\"" | "'") => {
                    let Some(quoted) = self.quoted(i) else { break };
                    core.get_or_insert(quoted.tokens.start);
                    last_noun = Some(quoted.tokens.end - 1);
                    i = quoted.tokens.end + 1;
                }
                _ if word == "-" && self.glued(i) && self.glued(i + 1) && i > at => i += 1,
                _ if self.glued(i)
                    && i > at
                    && self.norm(i - 1) == "-"
                    && self.document.tokens[i as usize].kind == TokenKind::Word =>
                {
                    // The second half of a hyphenated word, whatever its tag.
                    core.get_or_insert(i);
                    last_noun = Some(i);
                    i += 1;
                }
                _ => break,
            }
        }
        let (mut end, head) = match last_noun {
            Some(noun) => (noun + 1, noun),
            // "the wounded", "14 dead", "some 70": no noun, but something that was counted or named.
            None if count.is_some() || determiner != Determiner::None && i > at + 1 => (i, i - 1),
            None => return None,
        };
        // Trailing hyphens and adjectives behind the last noun are not part of it.
        end = end.max(at + 1);
        let mut chunk = Chunk::new(ChunkKind::Noun, at..end);
        chunk.head = head;
        chunk.core = core.unwrap_or(head).min(head);
        chunk.count = count;
        chunk.determiner = determiner;
        chunk.plural = matches!(self.tag(head), Some(Tag::NounPlural | Tag::ProperPlural))
            || count.is_some_and(|c| self.mentions.counts[c].count.low.is_none_or(|low| low > 1));
        Some(chunk)
    }

    /// Whether no white space stands before the token.
    fn glued(&self, at: TokenId) -> bool {
        at < self.end && at > 0 && !self.document.space_before(at)
    }

    /// Whether a number stands behind a name and before a noun that it cannot count.
    fn numbers_name(&self, at: TokenId, end: TokenId) -> bool {
        end == at + 1
            && self.tag(at - 1) == Some(Tag::Proper)
            && self.norm(at).len() > 1
            && self.norm(at).chars().all(|c| c.is_ascii_digit())
            && self.tag(end) == Some(Tag::Noun)
    }

    /// Whether an adverb and what is joined to it by a hyphen say what the noun behind them is like: "long-standing".
    fn joined_adjective(&self, at: TokenId) -> bool {
        self.tag(at) == Some(Tag::Adverb)
            && self.norm(at + 1) == "-"
            && self.glued(at + 1)
            && self.glued(at + 2)
            && matches!(self.tag(at + 2), Some(Tag::VerbIng | Tag::VerbParticiple | Tag::Adjective))
            && matches!(self.tag(at + 3), Some(Tag::Noun | Tag::NounPlural | Tag::Adjective))
    }

    /// "Killed in Lodish tank shelling in the east": the name of an act of force behind a bare noun, at its end.
    fn shelling(&self, at: TokenId, determiner: Determiner) -> bool {
        determiner == Determiner::None
            && matches!(self.norm(at), "shelling" | "bombing" | "shooting" | "strafing")
            && self.tag(at - 1) == Some(Tag::Noun)
            && matches!(self.tag(at + 1), None | Some(Tag::Preposition | Tag::Punctuation))
    }

    /// Whether an adjective behind a noun is followed by another noun of the same group.
    fn joins_noun(&self, at: TokenId) -> bool {
        matches!(self.tag(at + 1), Some(Tag::Noun | Tag::NounPlural | Tag::Proper | Tag::ProperPlural))
    }
}
