//! Acts in languages that no tagger knows, read by their words alone (`data/patterns/<lang>/acts.toml`): a verb
//! between its actor and its recipient, a passive the other way round, a noun with its phrases.
//!
//! The file names the trigger that a word stands for, so that all that follows is the same as for English.
//!
//! This module must not know what other sentences say.

use super::{Argument, ArgumentRole, Data, Frame, Frames, Modality, Nominal, TriggerId, chunk::Determiner};
use crate::{
    Error,
    mention::{Mentions, actor::folded, count::CountKind},
    text::{Document, TokenId},
};
use casus_data::tables::acts::{ActWords, Acts};
use rustc_hash::{FxHashMap, FxHashSet};

/// How a word names its act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Verb,
    Participle,
    Noun,
}

#[derive(Debug)]
struct Entry {
    /// Words behind the first.
    rest: Vec<String>,
    trigger: TriggerId,
    how: How,
    /// Whether the verb's subject suffers it.
    own: bool,
}

#[derive(Debug, Default)]
struct Language {
    entries: FxHashMap<String, Vec<Entry>>,
    passive: FxHashSet<String>,
    by: FxHashSet<String>,
    to: FxHashSet<String>,
    stops: FxHashSet<String>,
    inside: FxHashSet<String>,
    determiners: FxHashSet<String>,
    attributed: FxHashSet<String>,
    negations: FxHashSet<String>,
}

/// The words of every language.
#[derive(Debug, Default)]
pub(super) struct Words {
    languages: FxHashMap<String, Language>,
}

impl Words {
    pub(super) fn embedded(data: &Data) -> Result<Words, Error> {
        let table: Acts = casus_data::table("acts")?;
        let mut words = Words::default();
        for (name, of) in table.languages {
            words.languages.insert(name, Language::new(data, of)?);
        }
        Ok(words)
    }

    /// Adds the frames of a document in one of the languages.
    pub(super) fn find(&self, document: &Document<'_>, mentions: &Mentions, frames: &mut Frames) {
        let Some(language) = document.language.and_then(|language| self.languages.get(language)) else {
            return;
        };
        for (number, sentence) in document.sentences.iter().enumerate() {
            let first = sentence.tokens.start;
            let words: Vec<String> =
                sentence.tokens.clone().map(|token| folded(document.norm(token))).collect();
            let reader = Reader { language, mentions, words, first };
            let chunk = |token: TokenId| {
                let chunks = &frames.chunks[number];
                chunks.partition_point(|chunk| chunk.tokens.end <= token).min(chunks.len().saturating_sub(1))
            };
            let found: Vec<Frame> = reader
                .frames()
                .into_iter()
                .map(|mut frame| {
                    frame.sentence = number as u32;
                    frame.chunk = chunk(frame.head);
                    for argument in &mut frame.arguments {
                        argument.nominal.chunk = chunk(argument.nominal.head);
                    }
                    frame
                })
                .collect();
            frames.frames.extend(found);
        }
    }
}

impl Language {
    fn new(data: &Data, of: ActWords) -> Result<Language, Error> {
        let set = |list: &[String]| list.iter().map(|word| folded(word)).collect();
        let mut language = Language {
            entries: FxHashMap::default(),
            passive: set(&of.passive),
            by: set(&of.by),
            to: set(&of.to),
            stops: set(&of.stops),
            inside: set(&of.inside),
            determiners: set(&of.determiners),
            attributed: set(&of.attributed),
            negations: set(&of.negations),
        };
        for act in &of.act {
            let trigger = data
                .lexicon
                .by_id(&act.trigger)
                .ok_or_else(|| Error::data("acts", format!("no trigger {:?}", act.trigger)))?;
            let mut add = |phrase: &str, how: How| {
                let mut rest: Vec<String> = phrase.split(' ').map(folded).collect();
                let first = rest.remove(0);
                let entry = Entry { rest, trigger, how, own: act.own };
                language.entries.entry(first).or_default().push(entry);
            };
            for verb in &act.verbs {
                let before = verb.split(' ').take_while(|word| !word.contains('+')).count();
                let words: Vec<&str> = verb.split(' ').collect();
                let (stem, class) = words
                    .get(before)
                    .and_then(|word| word.split_once('+'))
                    .ok_or_else(|| Error::data("acts", format!("{verb:?} has no class")))?;
                let lists = [(&of.endings, How::Verb), (&of.participles, How::Participle)];
                for (endings, how) in lists {
                    for ending in endings.get(class).into_iter().flatten() {
                        let form = format!("{stem}{ending}");
                        let phrase: Vec<&str> = words
                            .iter()
                            .enumerate()
                            .map(|(at, word)| if at == before { form.as_str() } else { word })
                            .collect();
                        add(&phrase.join(" "), how);
                    }
                }
            }
            for form in &act.forms {
                add(form, How::Verb);
            }
            for participle in &act.participles {
                // The first word agrees: "muerto", "muerta", "muertos", "muertas".
                let (first, rest) = participle.split_once(' ').unwrap_or((participle, ""));
                let stem = first.strip_suffix('o').unwrap_or(first);
                for ending in ["o", "a", "os", "as"] {
                    add(format!("{stem}{ending} {rest}").trim_end(), How::Participle);
                }
            }
            for noun in &act.nouns {
                add(noun, How::Noun);
            }
        }
        language.entries.values_mut().for_each(|entries| {
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.rest.len()));
        });
        Ok(language)
    }
}

struct Reader<'a> {
    language: &'a Language,
    mentions: &'a Mentions,
    /// The sentence's words as they are compared.
    words: Vec<String>,
    /// Its first token.
    first: TokenId,
}

impl Reader<'_> {
    fn frames(&self) -> Vec<Frame> {
        let mut frames = Vec::new();
        let mut at = 0;
        while at < self.words.len() {
            let entries = self.language.entries.get(&self.words[at]).into_iter().flatten();
            let matching = entries.filter(|entry| self.words[at + 1..].starts_with(&entry.rest));
            // The longest words first; of one word that is both, a participle is one only behind an auxiliary.
            let found = matching
                .filter(|entry| entry.how != How::Participle || self.auxiliary(at))
                .map(|entry| (entry, at + 1 + entry.rest.len()))
                .next();
            let Some((entry, end)) = found else {
                at += 1;
                continue;
            };
            let negated = self.words[at.saturating_sub(2)..at]
                .iter()
                .any(|word| self.language.negations.contains(word));
            if !negated {
                frames.push(self.frame(entry, at, end));
            }
            at = end;
        }
        frames
    }

    /// Whether one of the two words before is an auxiliary of the passive.
    fn auxiliary(&self, at: usize) -> bool {
        self.words[at.saturating_sub(2)..at].iter().any(|word| self.language.passive.contains(word))
    }

    fn frame(&self, entry: &Entry, at: usize, end: usize) -> Frame {
        use ArgumentRole::{Actor, Recipient};
        let mut arguments = Vec::new();
        let mut add = |role: ArgumentRole, nominal: Option<Nominal>, rule: &'static str| {
            if let Some(nominal) = nominal {
                arguments.push(Argument { role, nominal, rule });
            }
        };
        match entry.how {
            How::Verb if entry.own => add(Recipient, self.before(at), "party before the verb"),
            How::Verb => {
                add(Actor, self.before(at), "party before the verb");
                add(Recipient, self.behind(end, None), "party behind the verb");
            }
            How::Participle => {
                let subject = self.before(at).or_else(|| self.behind(end, None));
                add(Recipient, subject, "subject of passive");
                add(Actor, self.behind(end, Some(&self.language.by)), "agent");
            }
            How::Noun => {
                add(Recipient, self.behind(end, Some(&self.language.to)), "phrase of the noun");
                add(Actor, self.behind(end, Some(&self.language.by)), "agent");
                add(Actor, self.behind(end, Some(&self.language.attributed)), "to whom it is put down");
            }
        }
        let noun = entry.how == How::Noun;
        let before = at.checked_sub(1).map_or("", |before| self.words[before].as_str());
        let determined = self.language.determiners.contains(before);
        Frame {
            trigger: entry.trigger,
            tokens: self.first + at as TokenId..self.first + end as TokenId,
            head: self.first + at as TokenId,
            sentence: 0,
            chunk: 0,
            nominal: noun,
            determiner: if noun && !determined { Determiner::None } else { Determiner::Indefinite },
            plural: false,
            count: None,
            weak: false,
            modality: Modality::Fact,
            arguments,
            rule: "words",
        }
    }

    /// The party of the clause before a verb: the first one that no preposition governs.
    fn before(&self, at: usize) -> Option<Nominal> {
        let hard = |word: &str| matches!(word, ";" | ":" | "|" | ".");
        let start = self.words[..at].iter().rposition(|word| hard(word)).map_or(0, |stop| stop + 1);
        // "cuatro soldados murieron y otros siete resultaron heridos": a number right before the verb.
        let auxiliaries = |word: &&String| self.language.passive.contains(*word);
        let group = at - self.words[start..at].iter().rev().take_while(auxiliaries).count();
        let last = self.parties(start, at).last().map_or(start, |(party, _)| self.end_of(party));
        let number = self.number(last, group);
        if let Some(number) = number.filter(|number| number.tokens.end == self.first + group as TokenId) {
            return Some(number);
        }
        self.parties(start, at)
            .find(|&(_, from)| {
                let free = |at: usize| {
                    let word = self.words[at].as_str();
                    !self.language.to.contains(word) && !self.language.by.contains(word) && word != "en"
                };
                from == start || free(from - 1)
            })
            .map(|(party, from)| self.nominal(party, from))
    }

    /// The party behind a word of a set, or the next of the clause.
    fn behind(&self, end: usize, marks: Option<&FxHashSet<String>>) -> Option<Nominal> {
        let stop = self.words[end..]
            .iter()
            .position(|word| self.language.stops.contains(word))
            .map_or(self.words.len(), |stop| end + stop);
        let from = match marks {
            None => end,
            Some(marks) => {
                // "un ataque atribuido al ELN" is by it, and not on it.
                let own = |&at: &usize| {
                    marks.contains(&self.words[at]) && !self.language.attributed.contains(&self.words[at - 1])
                };
                (end..stop).find(own)? + 1
            }
        };
        let party = self.parties(from, stop).find(|&(_, at)| {
            // "ejecutaron a un hombre", but no "ejecutaron, por orden de un hombre, …".
            marks.is_some() || at == from || !self.language.by.contains(self.words[at - 1].as_str())
        });
        match party {
            Some((party, from)) => Some(self.nominal(party, from)),
            // "secuestraron a dos contratistas": who is counted is somebody, though the noun is not known.
            None if marks.is_none() => self.number(from, stop.min(from + 3)),
            None => None,
        }
    }

    /// The word behind a party.
    fn end_of(&self, party: usize) -> usize {
        (self.mentions.actors[party].tokens.end - self.first) as usize
    }

    /// A number of somebody between two words, that is none of a known party's.
    fn number(&self, start: usize, end: usize) -> Option<Nominal> {
        let token = |at: usize| self.first + at as TokenId;
        let counts = &self.mentions.counts;
        let from = counts.partition_point(|count| count.tokens.start < token(start));
        let count = (from..counts.len())
            .take_while(|&at| counts[at].tokens.end <= token(end))
            .filter(|&at| counts[at].kind == CountKind::Quantity)
            .last()?;
        let tokens = counts[count].tokens.clone();
        Some(Nominal {
            core: tokens.clone(),
            head: tokens.end - 1,
            tokens,
            count: Some(count),
            actor: None,
            weapon: None,
            place: None,
            determiner: Determiner::Indefinite,
            plural: true,
            pronoun: false,
            chunk: 0,
        })
    }

    /// The parties between two words, with the word at which each begins, determiner and nouns before it included:
    /// "dos miembros de un grupo armado".
    fn parties(&self, start: usize, end: usize) -> impl Iterator<Item = (usize, usize)> {
        let token = |at: usize| self.first + at as TokenId;
        let actors = &self.mentions.actors;
        let first = actors.partition_point(|actor| actor.tokens.start < token(start));
        (first..actors.len()).take_while(move |&index| actors[index].tokens.end <= token(end)).map(
            move |index| {
                let mut from = (actors[index].tokens.start - self.first) as usize;
                while from > start {
                    let word = self.words[from - 1].as_str();
                    let noun = from >= 2
                        && self.language.inside.contains(self.words[from - 2].as_str())
                        && !self.language.determiners.contains(word);
                    let joins = self.language.determiners.contains(word)
                        || self.language.inside.contains(word) && word != "en"
                        || noun && matches!(self.words[from].as_str(), "de" | "del");
                    if !joins {
                        break;
                    }
                    from -= 1;
                }
                (index, from)
            },
        )
    }

    fn nominal(&self, party: usize, from: usize) -> Nominal {
        let actor = &self.mentions.actors[party];
        let tokens = self.first + from as TokenId..actor.tokens.end;
        // The number of them stands in front: "tres campesinos".
        let counts = &self.mentions.counts;
        let number = counts.partition_point(|count| count.tokens.end < tokens.start);
        let count = (number..counts.len())
            .take_while(|&at| counts[at].tokens.start < actor.head)
            .find(|&at| counts[at].kind == CountKind::Quantity);
        Nominal {
            tokens: count.map_or(tokens.start, |at| counts[at].tokens.start.min(tokens.start))..tokens.end,
            core: actor.tokens.clone(),
            head: actor.head,
            count,
            actor: Some(party),
            weapon: None,
            place: None,
            determiner: Determiner::Indefinite,
            plural: actor.plural,
            pronoun: false,
            chunk: 0,
        }
    }
}
