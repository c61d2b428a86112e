//! The trigger lexicon: every form of every word that names an action.
//!
//! Forms are made from lemmas by the regular rules of English spelling; irregular ones stand in the
//! data. A look-up costs one hash of the word.

use super::Frame;
use crate::text::Document;
use crate::{Error, Family, LossOutcome, MaterielOutcome, Outcome, Status};
use casus_data::tables;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// Index of a trigger in `Lexicon::triggers`.
pub type TriggerId = u16;

/// Whether a trigger makes an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Names an action of its own.
    Act,
    /// Names what an action does; joins the action it is told with.
    Effect,
    /// Points at an action told elsewhere.
    Generic,
}

/// How roles lie around a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Pattern {
    Transitive,
    On,
    Reciprocal,
    Instrument,
    Theme,
    Defuse,
    Undergoer,
    UndergoerActor,
    Taken,
    Ground,
    Weapons,
    Motion,
    Escape,
    Tally,
    Bodies,
    Hold,
    Lost,
}

/// What a noun beside the trigger is to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum NounRole {
    Actor,
    Recipient,
}

/// A trigger, its data checked and turned into the record's types.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Trigger {
    pub id: String,
    pub family: Family,
    pub kind: Kind,
    pub pattern: Pattern,
    pub recipient_prepositions: Vec<String>,
    pub actor_prepositions: Vec<String>,
    pub noun_of: Option<NounRole>,
    pub noun_poss: Option<NounRole>,
    pub loss: Vec<LossOutcome>,
    pub effect: Option<MaterielOutcome>,
    pub tactic: Option<String>,
    pub weapon: Option<String>,
    pub delivery: Option<String>,
    pub outcome: Option<Outcome>,
    pub status: Option<Status>,
    /// The word says that the loss did not happen: "unharmed".
    pub negative: bool,
}

/// One word or phrase that names a trigger.
#[derive(Debug)]
pub struct Entry {
    /// The trigger.
    pub trigger: TriggerId,
    /// Verbs: the words after the verb. Nouns: the words before the head, in text order.
    pub rest: Vec<String>,
    /// Whether the word alone is too common to make an event.
    pub weak: bool,
    /// The word as the data writes it: "shoot/shot/shot down".
    pub lemma: Arc<str>,
    /// Whether a user's corrections taught it ([`crate::lessons`]).
    pub taught: bool,
}

/// What kind of word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum WordKind {
    Verb,
    Noun,
    Adjective,
}

impl fmt::Display for WordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            WordKind::Verb => "verb",
            WordKind::Noun => "noun",
            WordKind::Adjective => "adjective",
        })
    }
}

/// What a word is to a user, whatever the data says of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// As in the data: a lemma with irregular forms behind slashes, a particle behind a blank.
    pub word: String,
    /// What kind of word.
    pub kind: WordKind,
    /// Id of the trigger whose word it is; none if it names no action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like: Option<String>,
    /// Whether it makes an event only beside an armed actor, a weapon, a loss or an armed target.
    #[serde(default)]
    pub weak: bool,
}

/// All triggers by the forms of their words.
#[derive(Debug)]
pub struct Lexicon {
    triggers: Vec<Trigger>,
    verbs: FxHashMap<String, Vec<Entry>>,
    nouns: FxHashMap<String, Vec<Entry>>,
    adjectives: FxHashMap<String, Vec<Entry>>,
    /// Forms of words that name no action to a user, whatever the data says.
    silenced: FxHashSet<String>,
}

impl Lexicon {
    pub(super) fn embedded() -> Result<Lexicon, Error> {
        let table: tables::Triggers = casus_data::table("triggers")?;
        let mut lexicon = Lexicon {
            triggers: Vec::new(),
            verbs: FxHashMap::default(),
            nouns: FxHashMap::default(),
            adjectives: FxHashMap::default(),
            silenced: FxHashSet::default(),
        };
        for row in table.triggers {
            lexicon.add(row)?;
        }
        lexicon.sort();
        Ok(lexicon)
    }

    /// The lexicon with the words of a user: each in place of what the data says of it.
    ///
    /// # Errors
    /// If a word is none, or there is no trigger like it.
    pub(crate) fn with(words: &[Word]) -> Result<Lexicon, Error> {
        let mut lexicon = Lexicon::embedded()?;
        for word in words {
            let forms = forms(&word.word, word.kind);
            if forms.is_empty() {
                return Err(Error::lessons(format!("{:?} is no word", word.word)));
            }
            let trigger = word.like.as_ref().map(|like| {
                let at = lexicon.triggers.iter().position(|trigger| trigger.id == *like);
                at.ok_or_else(|| Error::lessons(format!("{:?}: there is no trigger {like:?}", word.word)))
            });
            let trigger = trigger.transpose()?.map(|at| at as TriggerId);
            let rest = rest(&word.word, word.kind);
            let lemma: Arc<str> = word.word.as_str().into();
            let table = match word.kind {
                WordKind::Verb => &mut lexicon.verbs,
                WordKind::Noun => &mut lexicon.nouns,
                WordKind::Adjective => &mut lexicon.adjectives,
            };
            for form in forms {
                if trigger.is_none() {
                    lexicon.silenced.insert(form.clone());
                }
                let entries = table.entry(form).or_default();
                entries.retain(|entry| entry.lemma != lemma);
                entries.extend(trigger.map(|trigger| Entry {
                    trigger,
                    rest: rest.clone(),
                    weak: word.weak,
                    lemma: Arc::clone(&lemma),
                    taught: true,
                }));
            }
        }
        lexicon.sort();
        Ok(lexicon)
    }

    fn sort(&mut self) {
        for entries in self.verbs.values_mut().chain(self.nouns.values_mut()) {
            // Longest first: "blow up the bridge" before "blow".
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.rest.len()));
        }
    }

    /// Whether a user's corrections say that a form names no action.
    pub fn is_silenced(&self, form: &str) -> bool {
        self.silenced.contains(form)
    }

    /// All triggers, in the order of the data.
    pub fn triggers(&self) -> &[Trigger] {
        &self.triggers
    }

    /// The word that a frame was read from, and what kind of word it is; none where no single word was.
    pub fn word_of(&self, document: &Document<'_>, frame: &Frame) -> Option<(WordKind, &Entry)> {
        let form = document.norm(frame.head);
        let kinds = if frame.nominal {
            [WordKind::Noun, WordKind::Verb, WordKind::Adjective]
        } else {
            [WordKind::Verb, WordKind::Adjective, WordKind::Noun]
        };
        let own = |entry: &&Entry| {
            let stands = |word: &String| frame.tokens.clone().any(|token| document.norm(token) == word);
            entry.trigger == frame.trigger && entry.rest.iter().all(stands)
        };
        kinds.into_iter().find_map(|kind| {
            let entries = match kind {
                WordKind::Verb => self.verb(form),
                WordKind::Noun => self.noun(form),
                WordKind::Adjective => self.adjective(form),
            };
            entries.iter().find(own).map(|entry| (kind, entry))
        })
    }

    /// What the data says of a word: its trigger and whether it is weak; the first of several.
    pub fn known(&self, word: &str, kind: WordKind) -> Option<(&Trigger, bool)> {
        let table = match kind {
            WordKind::Verb => &self.verbs,
            WordKind::Noun => &self.nouns,
            WordKind::Adjective => &self.adjectives,
        };
        let entries = table.get(forms(word, kind).first()?)?;
        let entry = entries.iter().find(|entry| *entry.lemma == *word)?;
        Some((self.trigger(entry.trigger), entry.weak))
    }

    /// The trigger of an id.
    pub fn trigger(&self, id: TriggerId) -> &Trigger {
        &self.triggers[id as usize]
    }

    /// The trigger that bears an id.
    pub(super) fn by_id(&self, id: &str) -> Option<TriggerId> {
        self.triggers.iter().position(|trigger| trigger.id == id).map(|at| at as TriggerId)
    }

    /// Entries of a verb form, longest first.
    pub fn verb(&self, form: &str) -> &[Entry] {
        self.verbs.get(form).map_or(&[], Vec::as_slice)
    }

    /// Entries whose last word is this noun form, longest first.
    pub fn noun(&self, form: &str) -> &[Entry] {
        self.nouns.get(form).map_or(&[], Vec::as_slice)
    }

    /// Entries of an adjective.
    pub fn adjective(&self, form: &str) -> &[Entry] {
        self.adjectives.get(form).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, row: tables::Trigger) -> Result<(), Error> {
        let id = TriggerId::try_from(self.triggers.len())
            .map_err(|_| Error::data("triggers", "more than 65,535 triggers"))?;
        let bad = |field: &str, value: &str| {
            Error::data("triggers", format!("{}: unknown {field} {value:?}", row.id))
        };
        for lemma in &row.verbs {
            let weak = row.weak.contains(&lemma_of(lemma));
            let mut words = split(lemma);
            let verb = if words.is_empty() { return Err(bad("verb", lemma)) } else { words.remove(0) };
            let lemma: Arc<str> = lemma.as_str().into();
            for form in verb_forms(&verb) {
                let (rest, lemma) = (words.clone(), Arc::clone(&lemma));
                self.verbs.entry(form).or_default().push(Entry {
                    trigger: id,
                    rest,
                    weak,
                    lemma,
                    taught: false,
                });
            }
        }
        for noun in &row.nouns {
            let weak = row.weak.contains(noun);
            let mut words = split(noun);
            let Some(head) = words.pop() else { return Err(bad("noun", noun)) };
            let lemma: Arc<str> = noun.as_str().into();
            for form in noun_forms(&head) {
                let (rest, lemma) = (words.clone(), Arc::clone(&lemma));
                self.nouns.entry(form).or_default().push(Entry {
                    trigger: id,
                    rest,
                    weak,
                    lemma,
                    taught: false,
                });
            }
        }
        for adjective in &row.adjectives {
            let weak = row.weak.contains(adjective);
            self.adjectives.entry(adjective.clone()).or_default().push(Entry {
                trigger: id,
                rest: Vec::new(),
                weak,
                lemma: adjective.as_str().into(),
                taught: false,
            });
        }
        let trigger = Trigger {
            family: closed(&row.family).ok_or_else(|| bad("family", &row.family))?,
            kind: match row.kind.as_str() {
                "act" => Kind::Act,
                "effect" => Kind::Effect,
                "generic" => Kind::Generic,
                other => return Err(bad("kind", other)),
            },
            pattern: match row.frame.as_str() {
                "transitive" => Pattern::Transitive,
                "on" => Pattern::On,
                "reciprocal" => Pattern::Reciprocal,
                "instrument" => Pattern::Instrument,
                "theme" => Pattern::Theme,
                "theme_defuse" => Pattern::Defuse,
                "undergoer" => Pattern::Undergoer,
                "undergoer_actor" => Pattern::UndergoerActor,
                "taken" => Pattern::Taken,
                "ground" => Pattern::Ground,
                "weapons" => Pattern::Weapons,
                "motion" => Pattern::Motion,
                "escape" => Pattern::Escape,
                "tally" => Pattern::Tally,
                "bodies" => Pattern::Bodies,
                "hold" => Pattern::Hold,
                "lost" => Pattern::Lost,
                other => return Err(bad("frame", other)),
            },
            noun_of: role(&row.noun_of).map_err(|value| bad("noun_of", &value))?,
            noun_poss: role(&row.noun_poss).map_err(|value| bad("noun_poss", &value))?,
            loss: row
                .loss
                .iter()
                .map(|value| closed(value).ok_or_else(|| bad("loss", value)))
                .collect::<Result<_, _>>()?,
            effect: optional(&row.effect).map_err(|value| bad("effect", &value))?,
            outcome: optional(&row.outcome).map_err(|value| bad("outcome", &value))?,
            status: optional(&row.status).map_err(|value| bad("status", &value))?,
            negative: row.negative,
            id: row.id,
            recipient_prepositions: row.recipient_prepositions,
            actor_prepositions: row.actor_prepositions,
            tactic: row.tactic,
            weapon: row.weapon,
            delivery: row.delivery,
        };
        self.triggers.push(trigger);
        Ok(())
    }
}

/// The forms under which a word is looked up: of a phrase those of its verb, or of its last noun.
pub fn forms(word: &str, kind: WordKind) -> Vec<String> {
    let words = split(word);
    match kind {
        WordKind::Verb => words.first().map_or_else(Vec::new, |verb| verb_forms(verb)),
        WordKind::Noun => words.last().map_or_else(Vec::new, |noun| noun_forms(noun)),
        WordKind::Adjective => words.into_iter().collect(),
    }
}

/// The words of a phrase beside the one that is looked up.
fn rest(word: &str, kind: WordKind) -> Vec<String> {
    let mut words = split(word);
    match kind {
        WordKind::Verb => drop(words.drain(..1.min(words.len()))),
        WordKind::Noun => drop(words.pop()),
        WordKind::Adjective => words.clear(),
    }
    words
}

/// The lemmas that a form may be of by the rules of spelling, the likeliest first: "torched" is of "torch" or "torche",
/// "seized" of "seize" or "seiz".
pub fn lemmas(form: &str, kind: WordKind) -> Vec<String> {
    let stems = match kind {
        WordKind::Verb => &["ed", "d", "ing", "es", "s"][..],
        WordKind::Noun => &["es", "s"],
        WordKind::Adjective => &[],
    };
    let mut found = Vec::new();
    for stem in stems.iter().filter_map(|ending| form.strip_suffix(ending)) {
        let doubled = stem.get(..stem.len().saturating_sub(1)).unwrap_or(stem);
        let with_y = stem.strip_suffix('i').map(|stem| format!("{stem}y"));
        let silent = format!("{stem}e");
        // What English words end with only before a silent e, or would double: "bag" gives "bagged".
        let ends = |letter: &str, doubled: &str| stem.ends_with(letter) && !stem.ends_with(doubled);
        let endings = ["ag", "dg", "bl", "dl", "gl", "kl", "pl", "tl"];
        let cut = ends("z", "zz")
            || ends("s", "ss")
            || stem.ends_with(['c', 'u', 'v'])
            || endings.iter().any(|ending| stem.ends_with(ending));
        let made = [with_y, Some(stem.to_owned()), Some(doubled.to_owned()), Some(silent.clone())];
        let twice = stem != doubled
            && doubled.ends_with(['b', 'd', 'g', 'm', 'n', 'p', 'r', 't'])
            && stem.chars().next_back() == doubled.chars().next_back();
        found.extend(twice.then(|| doubled.to_owned()));
        found.extend(cut.then_some(silent));
        found.extend(made.into_iter().flatten());
    }
    found.push(form.to_owned());
    found.retain(|lemma| lemma.len() > 2 && forms(lemma, kind).iter().any(|made| made == form));
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|lemma| seen.insert(lemma.clone()));
    found
}

/// A value of one of the record's closed lists, by its name in the record.
fn closed<T: for<'de> Deserialize<'de>>(name: &str) -> Option<T> {
    let deserializer: serde::de::value::StrDeserializer<'_, serde::de::value::Error> =
        serde::de::IntoDeserializer::into_deserializer(name);
    T::deserialize(deserializer).ok()
}

fn optional<T: for<'de> Deserialize<'de>>(name: &Option<String>) -> Result<Option<T>, String> {
    name.as_ref().map(|name| closed(name).ok_or_else(|| name.clone())).transpose()
}

fn role(name: &Option<String>) -> Result<Option<NounRole>, String> {
    match name.as_deref() {
        None => Ok(None),
        Some("actor") => Ok(Some(NounRole::Actor)),
        Some("recipient") => Ok(Some(NounRole::Recipient)),
        Some(other) => Err(other.to_owned()),
    }
}

/// "shoot/shot/shot down" -> "shoot down"
fn lemma_of(verb: &str) -> String {
    verb.split(' ').map(|word| word.split('/').next().unwrap_or(word)).collect::<Vec<_>>().join(" ")
}

/// Words as the tokenizer cuts them: hyphens are tokens of their own.
pub(super) fn split(phrase: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in phrase.split(' ').filter(|word| !word.is_empty()) {
        for (index, part) in word.split('-').enumerate() {
            if index > 0 {
                words.push("-".to_owned());
            }
            words.push(part.to_owned());
        }
    }
    words
}

/// All forms of a verb: "shoot/shot/shot" gives shoot, shoots, shooting, shot.
pub(super) fn verb_forms(verb: &str) -> Vec<String> {
    let mut parts = verb.split('/');
    let lemma = parts.next().unwrap_or(verb);
    let irregular: Vec<&str> = parts.collect();
    let vowel = |c: u8| matches!(c, b'a' | b'e' | b'i' | b'o' | b'u');
    let bytes = lemma.as_bytes();
    let one_syllable = bytes.iter().filter(|&&c| vowel(c)).count() == 1;
    let doubles = one_syllable && bytes.len() >= 3 && bytes.len() <= 4 && {
        let [.., a, b, c] = bytes else { return vec![lemma.to_owned()] };
        !vowel(*a) && vowel(*b) && !vowel(*c) && !matches!(c, b'w' | b'x' | b'y')
    } || matches!(lemma, "kidnap" | "abet" | "repel");
    let stem = if doubles { format!("{lemma}{}", &lemma[lemma.len() - 1..]) } else { lemma.to_owned() };
    // "gasses": the noun's plural is "gases".
    let third = if lemma.ends_with('s') { third(&stem) } else { third(lemma) };
    let mut forms = vec![lemma.to_owned(), third];
    let dropped = lemma.strip_suffix('e').filter(|rest| !rest.ends_with('e'));
    forms.push(match dropped {
        Some(rest) if rest.ends_with('i') => format!("{}ying", &rest[..rest.len() - 1]),
        Some(rest) => format!("{rest}ing"),
        None => format!("{stem}ing"),
    });
    if irregular.is_empty() {
        forms.push(if lemma.ends_with('e') {
            format!("{lemma}d")
        } else if let Some(rest) =
            lemma.strip_suffix('y').filter(|rest| !rest.ends_with(['a', 'e', 'o', 'u']))
        {
            format!("{rest}ied")
        } else {
            format!("{stem}ed")
        });
        if lemma == "kidnap" {
            forms.extend(["kidnaped".to_owned(), "kidnaping".to_owned()]);
        }
    } else {
        forms.extend(irregular.into_iter().map(str::to_owned));
    }
    forms.sort();
    forms.dedup();
    forms
}

fn third(lemma: &str) -> String {
    if let Some(rest) = lemma.strip_suffix('y').filter(|rest| !rest.ends_with(['a', 'e', 'o', 'u'])) {
        format!("{rest}ies")
    } else if lemma.ends_with(['s', 'x', 'z']) || lemma.ends_with("ch") || lemma.ends_with("sh") {
        format!("{lemma}es")
    } else {
        format!("{lemma}s")
    }
}

pub(super) fn noun_forms(noun: &str) -> Vec<String> {
    match noun.split_once('/') {
        Some((one, many)) => vec![one.to_owned(), many.to_owned()],
        None => vec![noun.to_owned(), third(noun)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lemma: &str, forms: &[&str]) {
        let made = verb_forms(lemma);
        for form in forms {
            assert!(made.iter().any(|made| made == form), "{lemma}: {form} not in {made:?}");
        }
    }

    #[test]
    fn forms() {
        check("attack", &["attack", "attacks", "attacked", "attacking"]);
        check("murder", &["murdered", "murdering"]);
        check("kidnap", &["kidnapped", "kidnapping", "kidnaped"]);
        check("rob", &["robs", "robbed", "robbing"]);
        check("shoot/shot/shot", &["shoot", "shoots", "shooting", "shot"]);
        check("execute", &["executed", "executing", "executes"]);
        check("occupy", &["occupies", "occupied", "occupying"]);
        check("flee/fled/fled", &["flee", "fled", "fleeing"]);
        check("free", &["freed", "freeing"]);
        check("open", &["opened", "opening"]);
        check("repel", &["repelled", "repelling"]);
        check("harass", &["harasses", "harassed"]);
        check("die", &["died", "dies", "dying"]);
        check("gas", &["gasses", "gassed", "gassing"]);
        assert!(!verb_forms("gas").contains(&"gases".to_owned()), "the plural of the noun");
        assert_eq!(split("shoot-out"), ["shoot", "-", "out"]);
    }

    #[test]
    fn lemmas_of_words_that_no_list_has() {
        let check = |form: &str, kind: WordKind, lemma: &str| {
            assert_eq!(lemmas(form, kind).first().map(String::as_str), Some(lemma), "{form}");
        };
        check("bulldozed", WordKind::Verb, "bulldoze");
        check("torched", WordKind::Verb, "torch");
        check("pelting", WordKind::Verb, "pelt");
        check("flogged", WordKind::Verb, "flog");
        check("harried", WordKind::Verb, "harry");
        check("savaged", WordKind::Verb, "savage");
        check("march", WordKind::Verb, "march");
        check("pogroms", WordKind::Noun, "pogrom");
        assert!(lemmas("mutilated", WordKind::Verb).contains(&"mutilate".to_owned()), "a list says which");
    }

    #[test]
    fn words_of_a_user_stand_before_the_data() {
        let word = |word: &str, kind, like: Option<&str>, weak| Word {
            word: word.to_owned(),
            kind,
            like: like.map(str::to_owned),
            weak,
        };
        let lexicon = Lexicon::with(&[
            word("bulldoze", WordKind::Verb, Some("burn"), true),
            word("attack", WordKind::Verb, None, false),
            word("air strike", WordKind::Noun, Some("attack"), false),
        ])
        .expect("there are such triggers");
        let known = |word: &str, kind| lexicon.known(word, kind).map(|(t, weak)| (t.id.as_str(), weak));
        assert_eq!(known("bulldoze", WordKind::Verb), Some(("burn", true)));
        assert!(lexicon.verb("bulldozing").iter().any(|entry| entry.weak));
        assert!(lexicon.verb("attacked").iter().all(|entry| &*entry.lemma != "attack"));
        assert_eq!(known("attack", WordKind::Noun), Some(("attack", false)), "the noun is another word");
        assert_eq!(known("air strike", WordKind::Noun), Some(("attack", false)));
        for bad in [word("x", WordKind::Verb, Some("dance"), false), word("", WordKind::Noun, None, false)] {
            assert!(Lexicon::with(&[bad]).is_err());
        }
    }

    #[test]
    fn the_embedded_lexicon_opens() {
        let lexicon = Lexicon::embedded().expect("the pack is sound");
        assert!(lexicon.verb("ambushed").iter().any(|entry| lexicon.trigger(entry.trigger).id == "ambush"));
        assert!(lexicon.noun("strike").iter().any(|entry| entry.rest == ["air"]));
    }
}
