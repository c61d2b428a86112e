//! Names of persons: how far a name reaches, and what restates what.

use super::{
    ActorMention, fold,
    lexicon::{Hit, Item, Lexicon, Words},
};
use crate::{
    ParticipantKind, VoiceKind,
    text::{Casing, Document, Tag, TokenId, TokenKind},
};
use rustc_hash::FxHashMap;

/// Words inside a name that are written small.
const PARTICLES: &[&str] = &[
    "de", "del", "la", "las", "los", "y", "da", "do", "dos", "das", "van", "von", "der", "den", "bin", "ibn",
    "al", "el", "ul", "ur", "ud", "e", "di", "du", "le", "zu", "abu", "ould", "san",
];

/// Words that end a name in text of capitals, where their shape does not.
const NOT_NAMES: &[&str] = &[
    "a",
    "about",
    "according",
    "accused",
    "added",
    "after",
    "against",
    "all",
    "also",
    "an",
    "and",
    "announced",
    "are",
    "arrived",
    "as",
    "asked",
    "at",
    "attended",
    "be",
    "been",
    "before",
    "believes",
    "but",
    "by",
    "called",
    "can",
    "claimed",
    "condemned",
    "confirmed",
    "could",
    "declared",
    "denied",
    "did",
    "died",
    "during",
    "for",
    "from",
    "gave",
    "had",
    "has",
    "have",
    "he",
    "her",
    "here",
    "himself",
    "his",
    "i",
    "in",
    "into",
    "is",
    "it",
    "its",
    "killed",
    "last",
    "left",
    "made",
    "met",
    "more",
    "must",
    "no",
    "not",
    "noted",
    "now",
    "of",
    "on",
    "or",
    "ordered",
    "our",
    "out",
    "over",
    "pointed",
    "received",
    "reiterated",
    "replied",
    "reported",
    "said",
    "says",
    "she",
    "should",
    "since",
    "so",
    "stated",
    "stressed",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "through",
    "to",
    "today",
    "told",
    "took",
    "under",
    "until",
    "up",
    "upon",
    "visited",
    "wants",
    "warned",
    "was",
    "we",
    "were",
    "when",
    "where",
    "which",
    "while",
    "who",
    "whom",
    "whose",
    "will",
    "with",
    "within",
    "without",
    "would",
    "yesterday",
    "you",
    "told",
    "explained",
    "began",
    "went",
    "came",
    "returned",
    "escaped",
    "survived",
    "be",
    "being",
    "government",
    "regime",
    "administration",
    "army",
    "police",
    "convoy",
    "family",
    "murder",
    "assassination",
    "death",
    "case",
    "house",
    "home",
    "residence",
];

/// The end of the name that starts at `start`; `start` itself if there is none.
pub(super) fn name_end(
    lexicon: &Lexicon,
    document: &Document<'_>,
    words: &Words,
    start: TokenId,
    limit: TokenId,
    hits: &mut Vec<Hit>,
) -> TokenId {
    let (mut at, mut end, mut count) = (start, start, 0);
    while at < limit && count < 6 {
        let norm = document.norm(at);
        if words.in_time(at) {
            break;
        }
        if is_joint(document, words, at, end, start) {
            at += 1;
            continue;
        }
        if end > start && PARTICLES.contains(&norm) && document.word(at) != norm.to_uppercase()
            || end > start && words.casing() == Casing::Upper && PARTICLES.contains(&norm)
        {
            at += 1;
            continue;
        }
        if !is_name_word(lexicon, document, words, at, limit, end > start, hits) {
            break;
        }
        at += 1;
        end = at;
        count += 1;
    }
    end
}

/// A hyphen, or the period of an initial, between two words of a name.
fn is_joint(document: &Document<'_>, words: &Words, at: TokenId, end: TokenId, start: TokenId) -> bool {
    if end == start || !words.is_sign(at) {
        return false;
    }
    match document.norm(at) {
        "-" => !document.space_before(at),
        "." => !document.space_before(at) && document.word(at - 1).chars().count() == 1,
        _ => false,
    }
}

fn is_name_word(
    lexicon: &Lexicon,
    document: &Document<'_>,
    words: &Words,
    at: TokenId,
    limit: TokenId,
    follows: bool,
    hits: &mut Vec<Hit>,
) -> bool {
    let token = &document.tokens[at as usize];
    let word = document.word(at);
    if token.kind != TokenKind::Word || !word.starts_with(char::is_alphabetic) {
        return false;
    }
    let given = words.is_given(lexicon, at);
    match words.casing() {
        Casing::Mixed | Casing::None | Casing::Lower => {
            if !word.starts_with(char::is_uppercase) {
                return false;
            }
        }
        Casing::Upper => {
            let verb = matches!(
                token.tag,
                Tag::VerbBase
                    | Tag::VerbPast
                    | Tag::VerbPresent
                    | Tag::VerbThird
                    | Tag::VerbParticiple
                    | Tag::VerbIng
                    | Tag::Modal
                    | Tag::Preposition
                    | Tag::Conjunction
                    | Tag::Determiner
                    | Tag::Pronoun
                    | Tag::Adverb
                    | Tag::To
                    | Tag::Number
            );
            if verb && !given || NOT_NAMES.contains(&document.norm(at)) {
                return false;
            }
        }
    }
    if given {
        return true;
    }
    words.hits(lexicon, document, at, limit, hits);
    let proper = matches!(token.tag, Tag::Proper | Tag::ProperPlural);
    !hits.iter().any(|hit| match hit.item {
        Item::Actor(_) | Item::ActorIfNamed(_) | Item::Country(_) | Item::Demonym(..) => true,
        // "Col Pope": a surname may be a common noun, where the tagger takes it for a name.
        Item::Agent(..) => !follows || !proper && words.casing() == Casing::Upper,
        Item::Title(_) | Item::Modifier(_) => false,
    })
}

/// Adds mentions of persons by surname alone ("Lopez was freed") once the text gave the full name.
pub(super) fn by_surname(document: &Document<'_>, words: &Words, mentions: &mut Vec<ActorMention>) {
    let mut known: FxHashMap<&str, TokenId> = FxHashMap::default();
    for mention in mentions.iter().filter(|mention| mention.kind == ParticipantKind::Person) {
        let Some(proper) = &mention.proper else { continue };
        let titled = proper.start > mention.tokens.start;
        let surname = document.norm(proper.end - 1);
        if (proper.len() > 1 || titled) && surname.chars().count() > 2 {
            known.entry(surname).or_insert(proper.end);
        }
    }
    if known.is_empty() {
        return;
    }
    let mut found = Vec::new();
    let mut next = mentions.iter().map(|mention| mention.tokens.clone()).peekable();
    for at in 0..document.tokens.len() as TokenId {
        while next.peek().is_some_and(|tokens| tokens.end <= at) {
            next.next();
        }
        let inside = next.peek().is_some_and(|tokens| tokens.contains(&at));
        let later = known.get(document.norm(at)).is_some_and(|first| *first <= at);
        let written = words.casing() != Casing::Mixed || document.word(at).starts_with(char::is_uppercase);
        if inside || !later || !written || words.in_time(at) {
            continue;
        }
        found.push(ActorMention {
            tokens: at..at + 1,
            span: document.span(&(at..at + 1)),
            head: at,
            proper: Some(at..at + 1),
            register: None,
            name: None,
            kind: ParticipantKind::Person,
            class: "unknown".to_owned(),
            target_type: None,
            country: None,
            government_of: None,
            attributes: Vec::new(),
            sectors: Vec::new(),
            voice: VoiceKind::Other,
            plural: false,
            suspected: false,
            weak: false,
            same_as: None,
        });
    }
    if !found.is_empty() {
        mentions.extend(found);
        mentions.sort_by_key(|mention| mention.tokens.start);
    }
}

/// Links mentions that restate one before: an abbreviation in brackets, a name or an office in
/// apposition ("the mayor, Ana Lopez,"), and a person's surname after the full name.
pub(super) fn restated(document: &Document<'_>, mentions: &mut [ActorMention]) {
    let mut surnames: FxHashMap<String, usize> = FxHashMap::default();
    for index in 0..mentions.len() {
        if index > 0 {
            let (before, after) = mentions.split_at_mut(index);
            let (previous, mention) = (&mut before[index - 1], &mut after[0]);
            let between = previous.tokens.end..mention.tokens.start;
            apposition(document, between, previous, mention, index as u32 - 1);
        }
        let mention = &mentions[index];
        if mention.kind != ParticipantKind::Person {
            continue;
        }
        let Some(proper) = mention.proper.clone().filter(|proper| !proper.is_empty()) else { continue };
        let mut surname = String::new();
        fold(document.norm(proper.end - 1), &mut surname);
        if surname.len() < 3 {
            continue;
        }
        match surnames.get(&surname) {
            // The first full name tells who a bare surname, or a title with it, is.
            Some(&first) if proper.len() == 1 || same_given(document, &mentions[first], &proper) => {
                let (class, target, country, attributes, sectors, voice) = {
                    let first = &mentions[first];
                    (
                        first.class.clone(),
                        first.target_type.clone(),
                        first.country.clone(),
                        first.attributes.clone(),
                        first.sectors.clone(),
                        first.voice,
                    )
                };
                let mention = &mut mentions[index];
                mention.same_as = mention.same_as.or(Some(first as u32));
                if mention.class == "unknown" {
                    mention.class = class;
                    mention.target_type = target;
                    mention.sectors = sectors;
                    mention.voice = voice;
                    mention.attributes = attributes;
                }
                if mention.country.is_none() {
                    mention.country = country;
                }
            }
            Some(_) => {}
            None => {
                surnames.insert(surname, index);
            }
        }
    }
}

fn same_given(document: &Document<'_>, first: &ActorMention, proper: &std::ops::Range<TokenId>) -> bool {
    first.proper.as_ref().is_some_and(|name| document.norm(name.start) == document.norm(proper.start))
}

fn apposition(
    document: &Document<'_>,
    between: std::ops::Range<TokenId>,
    previous: &mut ActorMention,
    mention: &mut ActorMention,
    index: u32,
) {
    if between.len() > 8 {
        return;
    }
    let gap: Vec<&str> = between.map(|token| document.norm(token)).collect();
    let person = |m: &ActorMention| m.kind == ParticipantKind::Person;
    let named = |m: &ActorMention| person(m) && m.proper.is_some() && m.register.is_none();
    match gap.as_slice() {
        ["(" | "["] if mention.register.is_some() && mention.register == previous.register => {
            mention.same_as = Some(index);
        }
        // "Ana Lopez, the mayor" and "the mayor, Ana Lopez".
        [","] | [",", "the" | "a" | "an" | "his" | "her" | "its" | "their" | "our" | "also"]
            if person(previous)
                && person(mention)
                && named(previous) != named(mention)
                && closes(document, mention.tokens.end) =>
        {
            mention.same_as = Some(index);
            tell(mention, previous, named(previous));
        }
        // "the president of El Salvador, Ana Lopez," and "Ana Lopez, 34, a judge,".
        ["of" | "in" | "for" | "at", .., ","] | [",", _, ","] | [",", _, ",", "the" | "a" | "an"]
            if person(previous)
                && person(mention)
                && named(previous) == (gap[0] == ",")
                && named(mention) != named(previous)
                && (gap[0] == "," || !gap[..gap.len() - 1].contains(&",")) =>
        {
            mention.same_as = Some(index);
            tell(mention, previous, named(previous));
        }
        _ => {}
    }
}

/// Gives the name what the office beside it tells.
fn tell(mention: &mut ActorMention, previous: &mut ActorMention, name_first: bool) {
    let (known, name) = if name_first { (mention, previous) } else { (previous, mention) };
    if name.class == "unknown" || name.class == "civilians" && known.class != "unknown" {
        name.class.clone_from(&known.class);
        name.target_type.clone_from(&known.target_type);
        name.sectors.clone_from(&known.sectors);
        name.voice = known.voice;
    }
    if name.country.is_none() {
        name.country.clone_from(&known.country);
    }
    if name.government_of.is_none() {
        name.government_of.clone_from(&known.government_of);
    }
    for attribute in &known.attributes {
        if !name.attributes.contains(attribute) {
            name.attributes.push(attribute.clone());
        }
    }
}

/// Whether an apposition may end here: "a mayor, a judge and two guards" is a list.
fn closes(document: &Document<'_>, at: TokenId) -> bool {
    let mut end = at;
    // "president of the court", "mayor of Beya", "43,".
    while (end as usize) < document.tokens.len() && end < at + 6 {
        match document.norm(end) {
            "," | "." | ";" | ")" | "-" | "--" | "said" | "who" => return true,
            "and" | "or" => return false,
            _ => end += 1,
        }
    }
    end as usize >= document.tokens.len()
}
