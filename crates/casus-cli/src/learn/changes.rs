//! What could be changed so that reviewed reports are read as they were corrected.
//!
//! A change is proposed by the reports that it is learned from, and has to read these with fewer errors; whether it is
//! kept is decided on others, by `mod.rs`.
//!
//! ```text
//! errors in words -> contested words -> alternatives;  names said otherwise -> entries;  roles said otherwise -> a choice
//! ```

use super::{
    agree::{self, Tally, tally},
    corrections::{Record, Reviewed, Who},
};
use crate::{Failure, register};
use casus_data::tables::register::Actor;
use casus_engine::{
    Casus, Family, Options, Profile, Role, Span, Traced,
    choice::{Candidates, Choice},
    frame::{
        ArgumentRole, Kind, Word, WordKind,
        lexicon::{self, forms},
        preference::{self, Preference},
    },
    lessons::Lessons,
    text::Tag,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Words and names that are tried, those of most errors first: what is left changes little, and learning stays a
/// matter of seconds.
const MOST_WORDS: usize = 40;
const MOST_NAMES: usize = 40;

/// Reports of which all that was made is kept in memory, some megabyte each, so that they are read again faster.
const MOST_KEPT: usize = 1000;

/// Triggers of one family that a word is tried as.
const MOST_LIKE: usize = 8;

/// Something that can be laid over the data.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// A word is another trigger's, weak, or none.
    Word(Word),
    /// Who bears a name.
    Name {
        /// The words of the text.
        name: String,
        actor: Box<Actor>,
    },
    /// Roles.
    Roles(Choice),
}

/// A change with what names it, whatever its value.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    pub(super) key: String,
    pub(super) change: Change,
}

/// All that is laid over the data at a time.
#[derive(Debug, Clone, Default)]
pub(super) struct Laid {
    pub(super) lessons: Lessons,
    pub(super) actors: Vec<Actor>,
}

impl Laid {
    pub(super) fn with(&self, change: &Change) -> Laid {
        let mut laid = self.clone();
        match change {
            Change::Word(word) => laid.lessons.words.push(word.clone()),
            Change::Name { actor, .. } => {
                // Two names of one actor are two aliases of one entry.
                match laid.actors.iter_mut().find(|known| known.id == actor.id) {
                    Some(known) => {
                        let more = actor.aliases.iter().filter(|alias| !known.aliases.contains(alias));
                        let more: Vec<String> = more.cloned().collect();
                        known.aliases.extend(more);
                    }
                    None => laid.actors.push((**actor).clone()),
                }
            }
            Change::Roles(choice) => laid.lessons.roles = choice.clone(),
        }
        laid
    }
}

/// A reviewed report with the words that it holds, in their normal forms.
#[derive(Debug)]
pub(super) struct Case<'a> {
    pub(super) reviewed: &'a Reviewed,
    words: BTreeSet<String>,
    /// What was made of it with nothing laid over; not kept of very many reports.
    traced: Option<Traced<'a>>,
}

impl Case<'_> {
    pub(super) fn holds(&self, forms: &[String]) -> bool {
        forms.iter().any(|form| self.words.contains(form))
    }
}

impl Change {
    /// Whether it is the same as another.
    pub(super) fn is(&self, other: &Change) -> bool {
        match (self, other) {
            (Change::Word(a), Change::Word(b)) => a == b,
            (Change::Roles(a), Change::Roles(b)) => a == b,
            (Change::Name { name: a, actor: x }, Change::Name { name: b, actor: y }) => {
                a == b && register::entry(x) == register::entry(y)
            }
            _ => false,
        }
    }

    /// Whether it can change how a report is read.
    pub(super) fn touches(&self, case: &Case<'_>) -> bool {
        match self {
            Change::Word(word) => case.holds(&forms(&word.word, word.kind)),
            Change::Name { name, .. } => {
                name.split_whitespace().all(|word| case.words.contains(&word.to_lowercase()))
            }
            Change::Roles(_) => true,
        }
    }
}

/// Reads reports with one thing and another laid over the data: by rules alone, since it is these that learn.
#[derive(Debug)]
pub(super) struct Bench<'a> {
    register: Option<&'a Path>,
    source: &'a crate::args::SourceArgs,
    casus: Casus,
    /// Entries that are in the reader's register now.
    actors: Vec<String>,
}

impl<'a> Bench<'a> {
    pub(super) fn new(
        register: Option<&'a Path>,
        source: &'a crate::args::SourceArgs,
    ) -> Result<Bench<'a>, Failure> {
        let casus = reader(register, source, &[])?;
        Ok(Bench { register, source, casus, actors: Vec::new() })
    }

    /// The reader with `laid` over its data.
    pub(super) fn lay(&mut self, laid: &Laid) -> Result<&Casus, Failure> {
        let actors: Vec<String> = laid.actors.iter().map(register::entry).collect();
        if actors != self.actors {
            self.casus = reader(self.register, self.source, &laid.actors)?;
            self.actors = actors;
        }
        self.casus.lay(&laid.lessons)?;
        Ok(&self.casus)
    }

    /// What is right and wrong in each of these reports, read with `laid`.
    pub(super) fn tallies<'c>(
        &mut self,
        laid: &Laid,
        cases: impl Iterator<Item = &'c Case<'c>>,
    ) -> Result<Vec<Tally>, Failure> {
        let same_names = laid.actors.is_empty();
        let casus = self.lay(laid)?;
        let events = |case: &Case<'_>| match &case.traced {
            Some(traced) if same_names => casus.read_again(traced),
            _ => casus.read(&case.reviewed.report).events,
        };
        Ok(cases.map(|case| tally(&events(case), case.reviewed)).collect())
    }

    /// The reports as they are read with nothing laid over.
    pub(super) fn cases<'c>(&self, reports: &'c [Reviewed]) -> Vec<Case<'c>> {
        let case = |(at, reviewed): (usize, &'c Reviewed)| {
            let traced = self.casus.read_traced(&reviewed.report);
            let document = &traced.document;
            let words =
                (0..document.tokens.len() as u32).map(|token| document.norm(token).to_owned()).collect();
            Case { reviewed, words, traced: Some(traced).filter(|_| at < MOST_KEPT) }
        };
        reports.iter().enumerate().map(case).collect()
    }
}

fn reader(
    register: Option<&Path>,
    source: &crate::args::SourceArgs,
    actors: &[Actor],
) -> Result<Casus, Failure> {
    let casus = crate::gazetteer::laid(register::reader_with(register, actors)?, source)?;
    Ok(casus.with_options(Options { profile: Profile::Fast, ..Options::default() }))
}

/// A word that stands in errors.
#[derive(Debug)]
pub(super) struct Contested {
    pub(super) word: String,
    pub(super) kind: WordKind,
    /// The reports, by their place among the cases.
    pub(super) reports: BTreeSet<usize>,
    /// Families that corrected records give its events.
    families: BTreeSet<Family>,
}

/// Words that stand in errors, those of the most reports first.
pub(super) fn contested(bench: &mut Bench<'_>, cases: &[Case<'_>]) -> Result<Vec<Contested>, Failure> {
    let casus = bench.lay(&Laid::default())?;
    let mut found: BTreeMap<(String, WordKind), Contested> = BTreeMap::new();
    for (at, case) in cases.iter().enumerate() {
        let again = || casus.read_traced(&case.reviewed.report);
        let read = case.traced.is_none().then(again);
        let Some(traced) = case.traced.as_ref().or(read.as_ref()) else { continue };
        contest(casus, traced, case.reviewed, |(word, kind), family| {
            let entry = found.entry((word.clone(), kind)).or_insert_with(|| Contested {
                word,
                kind,
                reports: BTreeSet::new(),
                families: BTreeSet::new(),
            });
            entry.reports.insert(at);
            entry.families.extend(family);
        });
    }
    let mut found: Vec<Contested> = found.into_values().collect();
    // A stable sort: among equals the order of the words.
    found.sort_by_key(|contested| std::cmp::Reverse(contested.reports.len()));
    found.truncate(MOST_WORDS);
    Ok(found)
}

/// Notes the words that stand in the errors of a report.
fn contest(
    casus: &Casus,
    traced: &Traced<'_>,
    reviewed: &Reviewed,
    mut tell: impl FnMut((String, WordKind), Option<Family>),
) {
    let events = &traced.reading.events;
    let matched = agree::matching(events, &reviewed.records);
    let mut note = |word: Option<(String, WordKind)>, family: Option<Family>| {
        if let Some(word) = word {
            tell(word, family);
        }
    };
    let of_draft = |event: usize| {
        let frames = traced.drafts[event].frames.iter().map(|&frame| &traced.frames.frames[frame]);
        frames.map(|frame| word_of(casus, traced, frame)).collect::<Vec<_>>()
    };
    for (record, event) in reviewed.records.iter().zip(&matched) {
        match event {
            None if record.stands => note(missed(casus, traced, record), record.family),
            Some(event) if !record.stands => of_draft(*event).into_iter().for_each(|word| note(word, None)),
            Some(event) => {
                let family = record.family.filter(|family| *family != events[*event].action.family);
                if family.is_some() {
                    of_draft(*event).into_iter().for_each(|word| note(word, family));
                }
            }
            None => {}
        }
    }
    for event in agree::invented(events, reviewed, &matched) {
        of_draft(event).into_iter().for_each(|word| note(word, None));
    }
}

fn word_of(
    casus: &Casus,
    traced: &Traced<'_>,
    frame: &casus_engine::frame::Frame,
) -> Option<(String, WordKind)> {
    let (kind, entry) = casus.lexicon().word_of(&traced.document, frame)?;
    Some((entry.lemma.to_string(), kind))
}

/// The word by which a record's event should have been found: one that names an action already, or a new one.
fn missed(casus: &Casus, traced: &Traced<'_>, record: &Record) -> Option<(String, WordKind)> {
    let span = record.triggers[0];
    let document = &traced.document;
    let frame = traced.frames.frames.iter().find(|frame| document.span(&frame.tokens).overlaps(span));
    if let Some(word) = frame.and_then(|frame| word_of(casus, traced, frame)) {
        return Some(word);
    }
    let tokens: Vec<_> =
        document.tokens.iter().enumerate().filter(|(_, token)| token.span.overlaps(span)).collect();
    let verb = tokens.iter().find(|(_, token)| {
        matches!(
            token.tag,
            Tag::VerbBase
                | Tag::VerbPast
                | Tag::VerbParticiple
                | Tag::VerbIng
                | Tag::VerbPresent
                | Tag::VerbThird
        )
    });
    let noun = || tokens.iter().rev().find(|(_, token)| matches!(token.tag, Tag::Noun | Tag::NounPlural));
    let (at, kind, tag) = match verb {
        Some((at, _)) => (at, WordKind::Verb, Tag::VerbBase),
        None => (&noun()?.0, WordKind::Noun, Tag::Noun),
    };
    let form = document.norm(*at as u32);
    if !form.chars().all(char::is_alphabetic) {
        return None;
    }
    let lemmas = lexicon::lemmas(form, kind);
    let known = lemmas.iter().find(|lemma| casus.resources().has_word(lemma, tag));
    Some((known.or(lemmas.first())?.clone(), kind))
}

/// What a word could be instead, the least change first: weak or no longer weak, no trigger, the word of another.
pub(super) fn alternatives(casus: &Casus, found: &Contested) -> Vec<Change> {
    let lexicon = casus.lexicon();
    let (word, kind) = (found.word.as_str(), found.kind);
    let made =
        |like: Option<&str>, weak| Word { word: word.to_owned(), kind, like: like.map(str::to_owned), weak };
    let mut all = Vec::new();
    let known = lexicon.known(word, kind);
    if let Some((trigger, weak)) = known {
        if kind != WordKind::Adjective {
            all.push(made(Some(&trigger.id), !weak));
        }
        all.push(made(None, false));
    }
    for family in &found.families {
        let fits = lexicon.triggers().iter().filter(|t| {
            t.family == *family && t.kind == Kind::Act && known.is_none_or(|(known, _)| known.id != t.id)
        });
        for trigger in fits.take(MOST_LIKE) {
            all.extend([made(Some(&trigger.id), false), made(Some(&trigger.id), true)]);
        }
    }
    all.into_iter().map(Change::Word).collect()
}

/// What each report says of names that casus has otherwise.
pub(super) fn said_of_names(
    bench: &mut Bench<'_>,
    laid: &Laid,
    cases: &[Case<'_>],
) -> Result<Vec<Vec<(String, Identity)>>, Failure> {
    let casus = bench.lay(laid)?;
    let said = |case: &Case<'_>| {
        let traced = casus.read_traced(&case.reviewed.report);
        let events = &traced.reading.events;
        let mut found = Vec::new();
        for (record, event) in
            case.reviewed.records.iter().zip(agree::matching(events, &case.reviewed.records))
        {
            let Some(event) = event.map(|event| &events[event]) else { continue };
            for who in record.participants.iter().flatten() {
                let read = agree::of(event, who).map(|at| &event.participants[at]);
                if read.is_some_and(|read| agree::is_known_right(read, who) == Some(false)) {
                    found.extend(identity(&traced, who));
                }
            }
        }
        found
    };
    Ok(cases.iter().map(said).collect())
}

/// The entries that reports teach: each name as most of them have it.
pub(super) fn names<'s>(
    known: &[Actor],
    said: impl Iterator<Item = &'s Vec<(String, Identity)>>,
) -> Vec<Proposal> {
    // By the folded name: the words, and who it is to how many.
    let mut told: BTreeMap<String, (&str, BTreeMap<&Identity, usize>)> = BTreeMap::new();
    for (name, identity) in said.flatten() {
        let (_, all) = told.entry(name.to_lowercase()).or_insert_with(|| (name, BTreeMap::new()));
        *all.entry(identity).or_default() += 1;
    }
    let mut most: Vec<(usize, String, &str, &Identity)> = told
        .into_iter()
        .filter_map(|(key, (name, all))| {
            // The first of equals: the order of a BTreeMap is the same in every run.
            let (identity, count) =
                all.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
            Some((count, key, name, identity))
        })
        .collect();
    most.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    most.truncate(MOST_NAMES);
    most.into_iter()
        .map(|(_, key, name, identity)| {
            let actor = Box::new(actor(known, name, identity.clone()));
            Proposal { key: format!("name {key}"), change: Change::Name { name: name.to_owned(), actor } }
        })
        .collect()
}

/// Who a name stands for, as a person has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity {
    register: Option<String>,
    class: Option<String>,
    country: Option<String>,
    name: Option<String>,
}

/// The name in the text by which a participant is told, and who it is; none if it is described and not named.
fn identity(traced: &Traced<'_>, who: &Who) -> Option<(String, Identity)> {
    let document = &traced.document;
    let named = |span: &&Span| {
        let mut tokens = document.tokens.iter().filter(|token| token.span.overlaps(**span));
        tokens.next_back().is_some_and(|last| matches!(last.tag, Tag::Proper | Tag::ProperPlural))
    };
    let words = document.slice(*who.spans.iter().find(named)?);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let bare = ["the ", "The ", "THE "].iter().find_map(|article| words.strip_prefix(article));
    let Who { register, class, country, name, .. } = who.clone();
    (register.is_some() || class.is_some())
        .then(|| (bare.unwrap_or(&words).to_owned(), Identity { register, class, country, name }))
}

/// The entry of a register for a name: a known one with one more alias, or a new one.
fn actor(known: &[Actor], name: &str, identity: Identity) -> Actor {
    let Identity { register, class, country, name: printed } = identity;
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    if let Some(actor) = register.as_ref().and_then(|id| known.iter().find(|actor| actor.id == *id)) {
        let mut actor = actor.clone();
        if actor.aliases.iter().chain([&actor.name]).all(|alias| !same(alias, name)) {
            actor.aliases.push(name.to_owned());
        }
        actor.class = class.unwrap_or(actor.class);
        return actor;
    }
    // What the text calls it by another name than the person does is an alias.
    let printed = printed.filter(|_| register.is_some()).unwrap_or_else(|| name.to_owned());
    let aliases = if same(&printed, name) { Vec::new() } else { vec![name.to_owned()] };
    let slug: String = printed
        .to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let id = register.unwrap_or_else(|| format!("int-{slug}"));
    Actor {
        id,
        name: printed,
        class: class.unwrap_or_else(|| "unknown".to_owned()),
        country,
        active_in: Vec::new(),
        government_of: None,
        aliases,
        ambiguous: Vec::new(),
        from: None,
        to: None,
        parents: Vec::new(),
        member: Vec::new(),
        before: Vec::new(),
        sectors: Vec::new(),
        was: Vec::new(),
        source: "learned".to_owned(),
        line: None,
    }
}

/// What became of one argument.
pub(super) type Example = (Candidates<Preference>, Preference);

/// What each report says of roles, where its records list the participants.
pub(super) fn said_of_roles(
    bench: &mut Bench<'_>,
    laid: &Laid,
    cases: &[Case<'_>],
) -> Result<Vec<Vec<Example>>, Failure> {
    let casus = bench.lay(laid)?;
    let said = |case: &Case<'_>| {
        let traced = casus.read_traced(&case.reviewed.report);
        let matched = agree::matching(&traced.reading.events, &case.reviewed.records);
        let mut examples = Vec::new();
        for (record, event) in case.reviewed.records.iter().zip(matched) {
            if let (Some(event), Some(said)) = (event.filter(|_| record.stands), &record.participants) {
                roles_of(casus, &traced, event, said, &mut examples);
            }
        }
        examples
    };
    Ok(cases.iter().map(said).collect())
}

/// The choice of roles that reports teach; none if they all agree with casus.
pub(super) fn roles<'s>(said: impl Iterator<Item = &'s Vec<Example>>) -> Option<Proposal> {
    let examples: Vec<_> = said.flatten().map(|(candidates, answer)| (candidates, answer)).collect();
    if examples.iter().all(|(_, answer)| **answer == Preference::Keep) {
        return None;
    }
    let choice = Choice::learn(&examples);
    (!choice.weights.is_empty()).then(|| Proposal { key: "roles".to_owned(), change: Change::Roles(choice) })
}

/// What became of the arguments that casus made participants of an event.
fn roles_of(casus: &Casus, traced: &Traced<'_>, event: usize, said: &[Who], examples: &mut Vec<Example>) {
    let read = &traced.reading.events[event].participants;
    for &frame in &traced.drafts[event].frames {
        let frame = &traced.frames.frames[frame];
        for argument in &frame.arguments {
            let Some(candidates) = preference::candidates(casus.lexicon(), &traced.mentions, frame, argument)
            else {
                continue;
            };
            let span = traced.document.span(&argument.nominal.tokens);
            let holds = |spans: &[Span]| spans.iter().any(|told| told.overlaps(span));
            if !read.iter().any(|read| holds(&read.evidence) || holds(&read.mentions)) {
                continue;
            }
            let answer = match (said.iter().find(|who| holds(&who.spans)).map(|who| who.role), argument.role)
            {
                (None, _) => Preference::Out,
                (Some(Role::Actor), ArgumentRole::Recipient) => Preference::Actor,
                (Some(Role::Recipient), ArgumentRole::Actor) => Preference::Recipient,
                _ => Preference::Keep,
            };
            examples.push((candidates, answer));
        }
    }
}
