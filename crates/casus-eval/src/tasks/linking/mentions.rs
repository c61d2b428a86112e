//! The mentions of all documents, each with what it is compared by.

use super::{
    concepts::{Concepts, Senses},
    groups::{Groups, is_common},
};
use casus_engine::{
    Casus, Report,
    text::{Document, Tag, segment},
};
use rust_stemmers::{Algorithm, Stemmer};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A word's stem, by number.
pub(super) type Stem = u32;

/// Tokens to either side of the head that count as near it, and that count at all.
const NEAR: usize = 5;
const FAR: usize = 60;

/// Verbs that say little of what happened: the word beside them does.
const LIGHT: [&str; 18] = [
    "be", "have", "get", "take", "make", "do", "go", "come", "keep", "leave", "put", "set", "give", "let",
    "become", "remain", "begin", "start",
];

/// Forms that no rule gives: the lemma, then its forms.
const IRREGULAR: &str = "be am are is was were been being|have has had|do does did done|say said|tell told|go went gone|\
    come came|get got gotten|make made|take took taken|see saw seen|know knew known|give gave given|find found|\
    think thought|leave left|feel felt|bring brought|begin began begun|keep kept|hold held|write wrote written|\
    stand stood|hear heard|mean meant|meet met|run ran|pay paid|sit sat|speak spoke spoken|lie lay lain lied lying|\
    lead led|grow grew grown|lose lost|fall fell fallen|send sent|build built|draw drew drawn|break broke broken|\
    spend spent|rise rose risen|drive drove driven|buy bought|wear wore worn|choose chose chosen|shoot shot|\
    strike struck stricken|win won|fight fought|steal stole stolen|fly flew flown|throw threw thrown|flee fled|\
    bear bore born borne|beat beaten|catch caught|seek sought|sell sold|teach taught|shake shook shaken|\
    swear swore sworn|sink sank sunk|tear tore torn|wake woke woken|bind bound|bite bit bitten|bleed bled|\
    blow blew blown|deal dealt|dig dug|eat ate eaten|feed fed|forget forgot forgotten|forbid forbade forbidden|\
    freeze froze frozen|hang hung|hide hid hidden|ride rode ridden|ring rang rung|sing sang sung|sleep slept|\
    slide slid|speed sped|stick stuck|sting stung|sweep swept|swing swung|undergo underwent undergone|\
    understand understood|withdraw withdrew withdrawn|arise arose arisen|become became|die died dying dies|tie tied \
    tying|show shown|light lit|spin spun|shrink shrank shrunk|slay slew slain|overthrow overthrew overthrown|\
    overcome overcame";

/// An event mention.
pub(super) struct Mention {
    pub(super) document: usize,
    /// Code points, as given.
    pub(super) start: u64,
    pub(super) end: u64,
    /// The words, lower case.
    pub(super) text: String,
    /// Lemmas of all its words.
    pub(super) lemmas: BTreeSet<String>,
    pub(super) stem: Stem,
    pub(super) stem_text: String,
    pub(super) is_verb: bool,
    /// Token of the head, and its sentence.
    pub(super) head: usize,
    pub(super) sentence: u32,
    pub(super) senses: Senses,
    pub(super) above: Vec<u32>,
    /// Stems of the sentence beside the mention, each with its weight, in order.
    pub(super) context: Vec<(Stem, f32)>,
    pub(super) norm: f32,
    pub(super) near: Vec<Stem>,
    pub(super) names: Vec<Stem>,
    pub(super) numbers: Vec<Stem>,
    /// The loose and the tight group of its document.
    pub(super) group: usize,
    pub(super) story: usize,
    /// How rare the stem is over all documents.
    pub(super) rarity: f32,
    /// Documents of the story that have a mention of this stem, and their share of the story.
    pub(super) told: f32,
    pub(super) told_share: f32,
    /// Groups that have a mention of this stem.
    pub(super) spread: f32,
}

/// All mentions of some documents.
pub(super) struct Pool {
    pub(super) mentions: Vec<Mention>,
    pub(super) groups: Groups,
    stems: BTreeMap<String, Stem>,
}

impl Pool {
    pub(super) fn new(casus: &Casus, documents: &[Value]) -> Pool {
        let texts: Vec<&str> =
            documents.iter().map(|document| document["text"].as_str().unwrap_or_default()).collect();
        // A damaged table is found by the test that opens it; without it words are compared by stem alone.
        let concepts = Concepts::embedded().ok();
        let stemmer = Stemmer::create(Algorithm::English);
        let groups = Groups::of(&texts, &stemmer);
        let mut words = Words { concepts, stemmer, stems: BTreeMap::new() };
        let mut mentions = Vec::new();
        let mut documents_of: BTreeMap<Stem, usize> = BTreeMap::new();
        for (number, (document, text)) in documents.iter().zip(&texts).enumerate() {
            let report =
                Report { text: (*text).to_owned(), language: Some("en".into()), ..Report::default() };
            let read = segment(casus.resources(), &report);
            let tokens = words.tokens(&read);
            let stems: BTreeSet<Stem> =
                tokens.iter().filter(|token| token.counts).map(|token| token.stem).collect();
            for stem in stems {
                *documents_of.entry(stem).or_default() += 1;
            }
            let given = document["mentions"].as_array().map(Vec::as_slice).unwrap_or_default();
            mentions.extend(given.iter().filter_map(|given| words.mention(number, &read, &tokens, given)));
        }
        for mention in &mut mentions {
            mention.group = groups.loose[mention.document];
            mention.story = groups.tight[mention.document];
        }
        let weight = |stem: &Stem| {
            let spread = documents_of.get(stem).copied().unwrap_or(0) as f32;
            ((documents.len() as f32 + 1.0) / (spread + 0.5)).ln()
        };
        let mut told: BTreeMap<(usize, Stem), BTreeSet<usize>> = BTreeMap::new();
        let mut spread: BTreeMap<Stem, BTreeSet<usize>> = BTreeMap::new();
        for mention in &mentions {
            told.entry((mention.story, mention.stem)).or_default().insert(mention.document);
            spread.entry(mention.stem).or_default().insert(mention.group);
        }
        let mut size: BTreeMap<usize, usize> = BTreeMap::new();
        for story in &groups.tight {
            *size.entry(*story).or_default() += 1;
        }
        for mention in &mut mentions {
            mention.context.iter_mut().for_each(|(stem, value)| *value = weight(stem));
            mention.norm = mention.context.iter().map(|(_, value)| value * value).sum::<f32>().sqrt() + 1e-9;
            mention.rarity = weight(&mention.stem);
            mention.told = told[&(mention.story, mention.stem)].len() as f32;
            mention.told_share = mention.told / size[&mention.story] as f32;
            mention.spread = spread[&mention.stem].len() as f32;
        }
        Pool { mentions, groups, stems: words.stems }
    }

    /// Numbers of the mentions of each loose group, in order.
    pub(super) fn groups(&self) -> Vec<Vec<usize>> {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, mention) in self.mentions.iter().enumerate() {
            groups.entry(mention.group).or_default().push(number);
        }
        groups.into_values().collect()
    }

    /// A stem as text.
    pub(super) fn name(&self, stem: Stem) -> String {
        self.stems
            .iter()
            .find(|(_, number)| **number == stem)
            .map(|(name, _)| name.clone())
            .unwrap_or_default()
    }

    /// The number of a stem, if any mention or its sentence has it.
    pub(super) fn stem(&self, text: &str) -> Option<Stem> {
        self.stems.get(text).copied()
    }
}

struct Token {
    /// First and last code point.
    start: u64,
    end: u64,
    lemma: String,
    stem: Stem,
    /// A word or number that is not grammar.
    counts: bool,
}

struct Words {
    concepts: Option<Concepts>,
    stemmer: Stemmer,
    stems: BTreeMap<String, Stem>,
}

impl Words {
    fn number(&mut self, stem: &str) -> Stem {
        let next = self.stems.len() as Stem;
        *self.stems.entry(stem.to_owned()).or_insert(next)
    }

    fn tokens(&mut self, read: &Document<'_>) -> Vec<Token> {
        let (mut bytes, mut points) = (0usize, 0u64);
        let mut out = Vec::with_capacity(read.tokens.len());
        for (at, token) in read.tokens.iter().enumerate() {
            let norm = read.norm(at as u32);
            let lemma = self.lemma(norm, token.tag);
            let stem = self.stemmer.stem(&lemma).into_owned();
            points += read.text()[bytes..token.span.start as usize].chars().count() as u64;
            let start = points;
            points += read.slice(token.span).chars().count() as u64;
            bytes = token.span.end as usize;
            let word = norm.starts_with(char::is_alphanumeric);
            let digits = !norm.is_empty() && norm.bytes().all(|byte| byte.is_ascii_digit());
            let counts = word && !is_common(norm) && (norm.len() > 1 || digits);
            let stem = self.number(&stem);
            out.push(Token { start, end: points, lemma, stem, counts });
        }
        out
    }

    fn lemma(&self, word: &str, tag: Tag) -> String {
        let irregular = IRREGULAR.split('|').find(|forms| forms.split_whitespace().any(|form| form == word));
        if let Some(lemma) = irregular.and_then(|forms| forms.split_whitespace().next()) {
            return lemma.to_owned();
        }
        let known = |word: &str| self.concepts.as_ref().is_some_and(|concepts| concepts.knows(word));
        let cut =
            |ending: &str, instead: &str| word.strip_suffix(ending).map(|stem| format!("{stem}{instead}"));
        // "stopped", "stopping": the doubled letter goes too.
        let single = |ending: &str| {
            let stem = word.strip_suffix(ending)?;
            let mut letters = stem.chars().rev();
            (letters.next()? == letters.next()?)
                .then(|| stem[..stem.len() - stem.chars().next_back().map_or(0, char::len_utf8)].to_owned())
        };
        let is_verb = is_verb(tag);
        let mut forms: Vec<Option<String>> = Vec::new();
        if is_verb {
            forms.push(Some(word.to_owned()));
            forms.extend([cut("ing", ""), cut("ing", "e"), single("ing")]);
            forms.extend([cut("ed", ""), cut("ed", "e"), single("ed"), cut("ied", "y")]);
        }
        if !word.ends_with("ss") {
            forms.extend([cut("ies", "y"), cut("s", ""), cut("es", "")]);
        }
        forms.into_iter().flatten().find(|form| known(form)).unwrap_or_else(|| word.to_owned())
    }

    fn mention(
        &mut self,
        document: usize,
        read: &Document<'_>,
        tokens: &[Token],
        given: &Value,
    ) -> Option<Mention> {
        let kind = given["type"].as_str().unwrap_or("ACTION");
        if !kind.starts_with("ACTION") && !kind.starts_with("NEG") {
            return None;
        }
        let (start, end) = (given["start"].as_u64()?, given["end"].as_u64()?);
        let norm = |at: usize| read.norm(at as u32);
        let mut own: Vec<usize> =
            (0..tokens.len()).filter(|&at| tokens[at].start < end && tokens[at].end > start).collect();
        if own.is_empty() {
            own.push((0..tokens.len()).min_by_key(|&at| tokens[at].start.abs_diff(start))?);
        }
        // "checked herself into" is given as "checked into": only its own words.
        let covered = || own.iter().map(|&at| norm(at)).collect::<Vec<_>>().join(" ");
        let text = given["text"].as_str().map_or_else(covered, str::to_lowercase);
        let named: Vec<usize> =
            own.iter().copied().filter(|&at| text.split_whitespace().any(|word| word == norm(at))).collect();
        if !named.is_empty() {
            own = named;
        }
        let tag = |at: usize| read.tokens[at].tag;
        let verbs = || own.iter().copied().filter(|&at| is_verb(tag(at)));
        let mut nouns = own.iter().copied().filter(|&at| {
            matches!(tag(at), Tag::Noun | Tag::NounPlural | Tag::Proper | Tag::ProperPlural | Tag::Adjective)
        });
        let heavy = verbs().find(|&at| !LIGHT.contains(&tokens[at].lemma.as_str()));
        let head = heavy.or_else(|| nouns.next_back()).or_else(|| verbs().next()).unwrap_or(own[0]);
        let sentence = read.tokens[head].sentence;
        let lemma = &tokens[head].lemma;
        let (senses, above) =
            self.concepts.as_ref().map(|concepts| concepts.senses(lemma)).unwrap_or_default();
        let (mut context, mut near, mut names, mut numbers) = (vec![], vec![], vec![], vec![]);
        for at in head.saturating_sub(FAR)..tokens.len().min(head + FAR) {
            let token = &tokens[at];
            if read.tokens[at].sentence != sentence || !token.counts {
                continue;
            }
            if !own.contains(&at) {
                context.push((token.stem, 0.0));
                if at.abs_diff(head) <= NEAR {
                    near.push(token.stem);
                }
            }
            if matches!(tag(at), Tag::Proper | Tag::ProperPlural) && token.stem != tokens[head].stem {
                names.push(token.stem);
            }
            if tag(at) == Tag::Number || norm(at).bytes().all(|byte| byte.is_ascii_digit()) {
                numbers.push(token.stem);
            }
        }
        context.sort_by_key(|(stem, _)| *stem);
        context.dedup_by_key(|(stem, _)| *stem);
        for list in [&mut near, &mut names, &mut numbers] {
            list.sort_unstable();
            list.dedup();
        }
        Some(Mention {
            document,
            start,
            end,
            text,
            lemmas: own.iter().map(|&at| tokens[at].lemma.clone()).collect(),
            stem: tokens[head].stem,
            stem_text: self.stemmer.stem(lemma).into_owned(),
            is_verb: is_verb(tag(head)),
            head,
            sentence,
            senses,
            above,
            context,
            norm: 0.0,
            near,
            names,
            numbers,
            group: 0,
            story: 0,
            rarity: 0.0,
            told: 0.0,
            told_share: 0.0,
            spread: 0.0,
        })
    }
}

fn is_verb(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::VerbBase
            | Tag::VerbPast
            | Tag::VerbParticiple
            | Tag::VerbIng
            | Tag::VerbPresent
            | Tag::VerbThird
    )
}
