//! The words of politics by their forms: themes (nouns) and acts (verbs with what they take).

use super::{Ground, Root};
use crate::{
    Error,
    frame::lexicon::{noun_forms, split, verb_forms},
};
use casus_data::tables::acts as table;
use rustc_hash::FxHashMap;

/// Index of a theme or an act in its list.
pub(super) type Id = u16;

/// What an act makes of what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Becomes {
    /// This root.
    Root(Root),
    /// What was taken.
    Same,
    /// The end of what was taken.
    Ended,
}

#[derive(Debug)]
pub(super) struct Theme {
    pub(super) id: String,
    pub(super) root: Root,
    pub(super) ended: Option<Root>,
    pub(super) peace: bool,
    pub(super) people: bool,
}

#[derive(Debug)]
pub(super) struct Act {
    pub(super) id: String,
    pub(super) root: Option<Root>,
    pub(super) friendly: Option<Becomes>,
    pub(super) hostile: Option<Becomes>,
    pub(super) verbal: Option<Becomes>,
    pub(super) other: Option<Root>,
    pub(super) of: Vec<Id>,
    pub(super) prepositions: Vec<String>,
    pub(super) to: Vec<String>,
    pub(super) whose: bool,
    pub(super) speech: bool,
    pub(super) party: bool,
    pub(super) refused: bool,
    pub(super) alone: bool,
    pub(super) receives: bool,
    pub(super) subject: bool,
    pub(super) ends: bool,
    pub(super) told: bool,
}

/// What a noun names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Theme(Id),
    Act(Id),
}

/// A verb or noun of several words.
#[derive(Debug)]
pub(super) struct Entry<T> {
    pub(super) what: T,
    /// Verbs: the words behind. Nouns: the words before, in text order.
    pub(super) rest: Vec<String>,
    /// Nouns: the preposition that must follow.
    pub(super) before: Option<String>,
}

/// Prepositions that end a noun of the lexicon: "evidence against" is another thing than evidence.
const DIRECTED: &[&str] = &["against"];

/// All words of politics.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    themes: Vec<Theme>,
    acts: Vec<Act>,
    verbs: FxHashMap<String, Vec<Entry<Id>>>,
    nouns: FxHashMap<String, Vec<Entry<Named>>>,
    adjectives: FxHashMap<String, Vec<Id>>,
}

impl Lexicon {
    pub(crate) fn embedded() -> Result<Lexicon, Error> {
        Lexicon::new(casus_data::table("politics")?)
    }

    fn new(table: table::Politics) -> Result<Lexicon, Error> {
        let mut lexicon = Lexicon {
            themes: Vec::new(),
            acts: Vec::new(),
            verbs: FxHashMap::default(),
            nouns: FxHashMap::default(),
            adjectives: FxHashMap::default(),
        };
        let mut ids: FxHashMap<String, Id> = FxHashMap::default();
        for theme in table.theme {
            let id = lexicon.themes.len() as Id;
            ids.insert(theme.id.clone(), id);
            for noun in &theme.nouns {
                lexicon.add_noun(noun, Named::Theme(id));
            }
            let ended = theme.ended.as_deref().map(root).transpose()?;
            let (peace, people) = (theme.peace, theme.people);
            lexicon.themes.push(Theme { id: theme.id, root: root(&theme.root)?, ended, peace, people });
        }
        for act in table.act {
            let id = lexicon.acts.len() as Id;
            for verb in &act.verbs {
                let mut words = split(verb);
                if words.is_empty() {
                    return Err(Error::data("politics", format!("{}: an empty verb", act.id)));
                }
                let head = words.remove(0);
                for form in verb_forms(&head) {
                    let entry = Entry { what: id, rest: words.clone(), before: None };
                    lexicon.verbs.entry(form).or_default().push(entry);
                }
            }
            for noun in &act.nouns {
                lexicon.add_noun(noun, Named::Act(id));
            }
            for adjective in &act.adjectives {
                lexicon.adjectives.entry(adjective.clone()).or_default().push(id);
            }
            let of = act.of.iter().filter_map(|theme| ids.get(theme).copied()).collect();
            lexicon.acts.push(Act {
                id: act.id,
                root: act.root.as_deref().map(root).transpose()?,
                friendly: act.friendly.as_deref().map(becomes).transpose()?,
                hostile: act.hostile.as_deref().map(becomes).transpose()?,
                verbal: act.verbal.as_deref().map(becomes).transpose()?,
                other: act.other.as_deref().map(root).transpose()?,
                of,
                prepositions: act.prepositions,
                to: act.to,
                whose: act.whose,
                speech: act.speech,
                party: act.party,
                refused: act.refused,
                alone: act.alone,
                receives: act.receives,
                subject: act.subject,
                ends: act.ends,
                told: act.told,
            });
        }
        // What asks for most comes first: the most words, then a theme of its own.
        let acts = &lexicon.acts;
        lexicon.verbs.values_mut().for_each(|entries| {
            entries.sort_by_key(|entry| {
                let act = &acts[entry.what as usize];
                (
                    std::cmp::Reverse(entry.rest.len()),
                    !act.refused,
                    !act.receives,
                    act.of.is_empty(),
                    !act.party,
                    act.root.is_none(),
                )
            });
        });
        lexicon.nouns.values_mut().for_each(|entries| {
            entries.sort_by_key(|entry| {
                std::cmp::Reverse(entry.rest.len() + usize::from(entry.before.is_some()))
            });
        });
        Ok(lexicon)
    }

    fn add_noun(&mut self, noun: &str, what: Named) {
        let mut words = split(noun);
        let before = words.pop_if(|word| DIRECTED.contains(&word.as_str()));
        let Some(head) = words.pop() else { return };
        for form in noun_forms(&head) {
            let entry = Entry { what, rest: words.clone(), before: before.clone() };
            self.nouns.entry(form).or_default().push(entry);
        }
    }

    /// The ground of a step in words.
    pub(crate) fn because(&self, ground: Ground) -> String {
        match ground {
            Ground::Theme(id) => format!("theme {:?}", self.themes[id as usize].id),
            Ground::Act(id) => format!("act {:?}", self.acts[id as usize].id),
            Ground::Force => "an act of force".to_owned(),
            Ground::Negated => "negated".to_owned(),
            Ground::ToCome => "still to come".to_owned(),
        }
    }

    pub(super) fn theme(&self, id: Id) -> &Theme {
        &self.themes[id as usize]
    }

    pub(super) fn act(&self, id: Id) -> &Act {
        &self.acts[id as usize]
    }

    /// Entries of a verb form, those that ask for most first.
    pub(super) fn verb(&self, form: &str) -> &[Entry<Id>] {
        self.verbs.get(form).map_or(&[], Vec::as_slice)
    }

    /// Entries whose last word is this noun form, longest first.
    pub(super) fn noun(&self, form: &str) -> &[Entry<Named>] {
        self.nouns.get(form).map_or(&[], Vec::as_slice)
    }

    /// Acts of a word behind "be".
    pub(super) fn adjective(&self, form: &str) -> &[Id] {
        self.adjectives.get(form).map_or(&[], Vec::as_slice)
    }
}

fn root(name: &str) -> Result<Root, Error> {
    Root::parse(name).ok_or_else(|| Error::data("politics", format!("no root {name:?}")))
}

fn becomes(name: &str) -> Result<Becomes, Error> {
    match name {
        "same" => Ok(Becomes::Same),
        "ended" => Ok(Becomes::Ended),
        name => root(name).map(Becomes::Root),
    }
}
