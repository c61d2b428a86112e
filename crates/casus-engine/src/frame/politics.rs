//! Reads what is said and done without force: "Lodia rejected a Gollian proposal", "the union called off its
//! strike". Every act has one of the 16 roots of the PLOVER manual.
//!
//! An act is read from the outside in: a verb, and what it takes (a theme, or another act). "Said it would
//! suspend aid" is speech, of an act to come, of the end of something friendly: THREATEN. The words are data
//! (`data/patterns/en/politics.toml`); only how they compose is written here.
//!
//! Acts of force are known from the trigger lexicon, as things that are threatened, demanded or ended; by
//! themselves they are frames of their own and none of these.
//!
//! This module must not know what other sentences say.

use super::{
    Finder, Frames, Index, Nominal, Pattern,
    chunk::{Chunk, ChunkId, ChunkKind, Determiner, Voice},
    clause::Clause,
};
use crate::{
    Family, ParticipantKind, Resources,
    mention::{Mentions, actor},
    text::{Document, Tag, TokenId},
};
use std::ops::Range;

pub(crate) mod lexicon;

use lexicon::{Act, Becomes, Id, Lexicon, Named};

/// The roots of the PLOVER manual, chapter 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Root {
    Agree,
    Consult,
    Support,
    Concede,
    Cooperate,
    Aid,
    Retreat,
    Request,
    Accuse,
    Reject,
    Threaten,
    Protest,
    Sanction,
    Mobilize,
    Coerce,
    Assault,
}

/// How an act is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    Friendly,
    Hostile,
    Verbal,
}

impl Root {
    const NAMES: [(Root, &'static str); 16] = [
        (Root::Agree, "AGREE"),
        (Root::Consult, "CONSULT"),
        (Root::Support, "SUPPORT"),
        (Root::Concede, "CONCEDE"),
        (Root::Cooperate, "COOPERATE"),
        (Root::Aid, "AID"),
        (Root::Retreat, "RETREAT"),
        (Root::Request, "REQUEST"),
        (Root::Accuse, "ACCUSE"),
        (Root::Reject, "REJECT"),
        (Root::Threaten, "THREATEN"),
        (Root::Protest, "PROTEST"),
        (Root::Sanction, "SANCTION"),
        (Root::Mobilize, "MOBILIZE"),
        (Root::Coerce, "COERCE"),
        (Root::Assault, "ASSAULT"),
    ];

    /// The root of a name as the manual writes it.
    pub fn parse(name: &str) -> Option<Root> {
        Root::NAMES.iter().find(|(_, known)| *known == name).map(|(root, _)| *root)
    }

    /// Its name as the manual writes it.
    pub fn name(self) -> &'static str {
        Root::NAMES[self as usize].1
    }

    /// The root of a form of violence; None for what is no act by itself.
    pub fn of(family: Family) -> Option<Root> {
        Some(match family {
            Family::Protest | Family::Riot => Root::Protest,
            Family::Agreement | Family::Release | Family::Escape => Root::Retreat,
            Family::Arrest | Family::Displacement | Family::Looting | Family::DisruptedWeapons => {
                Root::Coerce
            }
            Family::Threat => Root::Threaten,
            Family::Movement | Family::Base | Family::GroupChange => Root::Mobilize,
            Family::Political | Family::Other => return None,
            _ => Root::Assault,
        })
    }

    fn tone(self) -> Tone {
        match self {
            Root::Agree
            | Root::Consult
            | Root::Support
            | Root::Concede
            | Root::Cooperate
            | Root::Aid
            | Root::Retreat => Tone::Friendly,
            Root::Request | Root::Accuse | Root::Reject => Tone::Verbal,
            Root::Threaten
            | Root::Protest
            | Root::Sanction
            | Root::Mobilize
            | Root::Coerce
            | Root::Assault => Tone::Hostile,
        }
    }

    /// What ending it is, where the words say no more.
    fn ended(self) -> Root {
        match self.tone() {
            Tone::Friendly => Root::Sanction,
            Tone::Hostile => Root::Retreat,
            Tone::Verbal => Root::Concede,
        }
    }
}

/// An act of politics and its parties.
#[derive(Debug, Clone, PartialEq)]
pub struct Deed {
    /// What it is.
    pub root: Root,
    /// Whether it is force alone: a frame of the trigger lexicon tells it, and it makes no event of its own.
    pub force: bool,
    /// Tokens that name it.
    pub tokens: Range<TokenId>,
    /// Index of the sentence.
    pub sentence: u32,
    /// Chunk of its verb, within its sentence.
    pub chunk: ChunkId,
    /// Who does it.
    pub actors: Vec<Nominal>,
    /// To whom.
    pub recipients: Vec<Nominal>,
    /// The outermost act of the lexicon, for `casus explain`.
    pub rule: String,
    /// How the words came to that root, from the inside out, for `casus explain`.
    pub steps: Vec<Step>,
}

/// One word that had a say in the root of an act, and what the root was with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The word.
    pub token: TokenId,
    /// Why it had.
    pub ground: Ground,
    /// The root from there on.
    pub root: Root,
}

/// Why a word has a say in the root of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// It names a thing that is done or given: a theme of the lexicon.
    Theme(u16),
    /// It is a noun or verb of an act of the lexicon.
    Act(u16),
    /// It names an act of force.
    Force,
    /// It is negated.
    Negated,
    /// It puts the act as one to come.
    ToCome,
}

/// Finds the acts of politics in the chunks of `frames`.
pub fn find(
    resources: &Resources,
    document: &Document<'_>,
    mentions: &Mentions,
    frames: &Frames,
) -> Vec<Deed> {
    let index = Index::new(document, mentions);
    let mut deeds = Vec::new();
    for (number, chunks) in frames.chunks.iter().enumerate() {
        let finder = Finder {
            lexicon: &resources.frame.lexicon,
            document,
            mentions,
            index: &index,
            clause: Clause { document, chunks },
            sentence: number as u32,
        };
        let reader = Reader { finder, lexicon: resources.frame.politics(), actors: &resources.mention.actor };
        reader.read_sentence(&mut deeds);
    }
    deeds
}

struct Reader<'a> {
    finder: Finder<'a>,
    lexicon: &'a Lexicon,
    actors: &'a actor::Data,
}

/// What a verb says, with those whose part it is.
#[derive(Debug, Clone)]
struct Sense {
    root: Root,
    /// Only force: a frame of the trigger lexicon tells it.
    force: bool,
    actors: Vec<ChunkId>,
    recipients: Vec<Nominal>,
    /// Verbs within it, which tell nothing by themselves any more.
    verbs: Vec<ChunkId>,
    last: TokenId,
    rule: Option<Id>,
    steps: Vec<Step>,
}

/// What an act takes.
#[derive(Debug, Default)]
struct Taken {
    root: Option<Root>,
    force: bool,
    ended: Option<Root>,
    theme: Option<Id>,
    /// The noun that names it.
    noun: Option<ChunkId>,
    inner: Option<Sense>,
    /// The subject of a clause that it takes, and whether that must do something.
    subject: Vec<ChunkId>,
    must: bool,
    /// Whether the noun is the subject of the verb itself.
    of_subject: bool,
    steps: Vec<Step>,
}

/// How a complement hangs on its verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Complement {
    Infinitive,
    Gerund,
    Clause,
}

/// Acts within acts: "said it would agree to stop sending arms".
const DEPTH: usize = 5;

/// How many chunks behind its verb a complement may begin.
const REACH: usize = 16;

/// Prepositions behind which recipients mostly stand, the surest first.
const TO: &[&str] =
    &["to", "against", "with", "between", "for", "on", "toward", "towards", "from", "over", "into", "by"];

/// How many of them tell whom a passive is done to; who does it stands behind the others.
const PASSIVE_TO: usize = 8;

/// Nouns that say nothing of what they are made of: "mediation efforts", "a package of aid".
const CARRIERS: &[&str] = &[
    "effort",
    "efforts",
    "program",
    "programme",
    "programs",
    "package",
    "delivery",
    "deliveries",
    "series",
    "part",
    "number",
    "tons",
    "tonnes",
    "kg",
    "worth",
    "kind",
    "campaign",
    "policy",
    "steps",
    "measures",
    "process",
    "activities",
    "round",
    "shipment",
    "shipments",
    "set",
    "wave",
    "plans",
    "plan",
    "million",
    "billion",
    "rest",
    "level",
    "supplies",
    "team",
    "state",
    "days",
    "weeks",
    "hours",
    "contingent",
    "contingents",
    "batch",
    "batches",
];

/// Signs of money, and the words behind a figure of it.
const SIGNS: &[&str] = &["$", "€", "£", "¥"];
const MONEY: &str = "dollar";
const SCALES: &[&str] = &["thousand", "million", "billion", "trillion", "m", "bn"];

/// Words that take a share of what stands behind "of".
const SHARES: &[&str] = &["some", "most", "many", "all", "both", "half", "several", "part", "much", "none"];

/// Nouns of what is written or read out, and what is done with them.
const DOCUMENTS: &[&str] = &[
    "statement",
    "statements",
    "report",
    "communique",
    "communiqué",
    "declaration",
    "letter",
    "message",
    "commentary",
    "editorial",
    "announcement",
    "document",
];
const MADE: &[&str] =
    &["issued", "released", "published", "read", "made", "broadcast", "carried", "signed", "sent", "written"];

impl Reader<'_> {
    fn chunk(&self, at: ChunkId) -> &Chunk {
        self.finder.chunk(at)
    }

    fn clause(&self) -> Clause<'_> {
        self.finder.clause
    }

    fn norm(&self, token: TokenId) -> &str {
        self.finder.document.norm(token)
    }

    fn read_sentence(&self, deeds: &mut Vec<Deed>) {
        let mut told: Vec<ChunkId> = Vec::new();
        for at in 0..self.clause().chunks.len() {
            if self.chunk(at).kind != ChunkKind::Verb || told.contains(&at) || !self.leads(at) {
                continue;
            }
            let Some(sense) = self.read(at, DEPTH) else { continue };
            told.extend(sense.verbs.iter().copied());
            let with_joined = |nominal: Nominal| self.joined(&nominal).into_iter().chain([nominal]);
            let actors = sense.actors.iter().map(|&noun| self.finder.nominal(noun));
            let actors: Vec<Nominal> = actors.flat_map(with_joined).collect();
            let mut recipients: Vec<Nominal> = sense.recipients.into_iter().flat_map(with_joined).collect();
            recipients.retain(|one| !actors.iter().any(|actor| actor.tokens == one.tokens));
            // "The machine rejected the coin": nobody acts, and nobody is acted on.
            let known = |nominal: &Nominal| !nominal.pronoun && self.is_someone(nominal);
            if !actors.iter().chain(&recipients).any(known) {
                continue;
            }
            let start = self.chunk(at).tokens.start;
            deeds.push(Deed {
                root: sense.root,
                force: sense.force,
                tokens: start..sense.last.max(self.chunk(at).head) + 1,
                sentence: self.finder.sentence,
                chunk: at,
                actors,
                recipients,
                rule: sense.rule.map_or_else(|| "force".to_owned(), |act| self.lexicon.act(act).id.clone()),
                steps: sense.steps,
            });
        }
        deeds.extend((0..self.clause().chunks.len()).filter_map(|at| self.force_of(at)));
    }

    /// "Senior Gollian and Lodish officials": the country of an adjective before "and", whose noun is behind that of the
    /// other country.
    fn joined(&self, nominal: &Nominal) -> Option<Nominal> {
        let before = nominal.chunk.checked_sub(2)?;
        let country = |token: TokenId| {
            let word = self.finder.document.words(&(token..token + 1));
            let adjective = self.finder.document.tokens[token as usize].tag == Tag::Adjective;
            adjective && word.starts_with(char::is_uppercase) && self.actors.country_of(word).is_some()
        };
        let adjective = self.chunk(before);
        let joined = self.norm(self.chunk(before + 1).head) == "and"
            && adjective.kind == ChunkKind::Adjective
            && country(adjective.tokens.start)
            && country(self.chunk(nominal.chunk).tokens.start);
        joined.then(|| self.part(before, adjective.tokens.clone(), None))
    }

    /// "Gollian tank shelling", "Lodia's air strikes": force with the country that uses it.
    fn force_of(&self, noun: ChunkId) -> Option<Deed> {
        let chunk = self.chunk(noun);
        if chunk.kind != ChunkKind::Noun {
            return None;
        }
        match self.theme_at(chunk, chunk.head)? {
            Theme::Force(Root::Assault) => {}
            Theme::Politics(Named::Theme(id)) if self.lexicon.theme(id).root == Root::Assault => {}
            _ => return None,
        }
        let tag = |token: TokenId| self.finder.document.tokens[token as usize].tag;
        let owner = (chunk.tokens.start..chunk.head).find_map(|token| {
            (1..=3.min(chunk.head - token)).rev().map(|length| token..token + length).find(|range| {
                let words = self.finder.document.words(range);
                // "The Gollia war" is one in Gollia.
                let owns = tag(range.end - 1) == Tag::Adjective
                    || tag(range.end) == Tag::Possessive
                    || matches!(words, "US" | "U.S." | "UK");
                owns && words.starts_with(char::is_uppercase) && self.actors.country_of(words).is_some()
            })
        })?;
        let owner = self.part(noun, owner, None);
        Some(Deed {
            root: Root::Assault,
            force: true,
            tokens: chunk.tokens.clone(),
            sentence: self.finder.sentence,
            chunk: noun,
            actors: vec![owner],
            recipients: Vec::new(),
            rule: "force".to_owned(),
            steps: vec![Step { token: chunk.head, ground: Ground::Force, root: Root::Assault }],
        })
    }

    /// Whether a verb leads its clause and that clause is no subordinate one.
    fn leads(&self, verb: ChunkId) -> bool {
        match self.chunk(verb).voice {
            Voice::Active | Voice::Passive => {}
            // A past form that the tagger took for a participle: nothing else in the clause is finite.
            Voice::BareParticiple => {
                // "reneged on the accord and announced": a verb behind "and" goes on with the first.
                let finite = |at: ChunkId| {
                    self.chunk(at).kind == ChunkKind::Verb
                        && matches!(self.chunk(at).voice, Voice::Active | Voice::Passive)
                        && !(at > verb && self.chunk(at - 1).kind == ChunkKind::Conjunction)
                };
                let upto =
                    if self.clause().objects(verb).is_empty() { self.clause().chunks.len() } else { verb };
                if (0..upto).any(finite) || self.clause().subject(verb).is_empty() {
                    return false;
                }
            }
            Voice::Infinitive | Voice::Ing => return false,
        }
        for at in (0..verb).rev() {
            match self.chunk(at).kind {
                ChunkKind::Verb | ChunkKind::Break | ChunkKind::Stop => return true,
                ChunkKind::Relative => return false,
                ChunkKind::Subordinator if self.clause().word(at) != "that" => {
                    if self.presents(at) {
                        return !(at + 1..verb).any(|i| self.chunk(i).kind == ChunkKind::Subordinator);
                    }
                    // "After a month of talks, the two signed": the clause ends at the comma.
                    return (at..verb).any(|i| self.chunk(i).kind == ChunkKind::Comma);
                }
                _ => {}
            }
        }
        true
    }

    /// "The move came a day after", "the release comes as": the main clause only dates what the other one tells.
    fn presents(&self, subordinator: ChunkId) -> bool {
        let between = |kind| {
            matches!(
                kind,
                ChunkKind::Time
                    | ChunkKind::Noun
                    | ChunkKind::Adverb
                    | ChunkKind::Adjective
                    | ChunkKind::Other
            )
        };
        let verb = (0..subordinator).rev().take(4).find(|&at| !between(self.chunk(at).kind));
        verb.is_some_and(|at| {
            let chunk = self.chunk(at);
            chunk.kind == ChunkKind::Verb
                && chunk.voice == Voice::Active
                && matches!(self.norm(chunk.head), "came" | "comes" | "come" | "coming")
        })
    }

    /// What a verb says.
    fn read(&self, verb: ChunkId, depth: usize) -> Option<Sense> {
        if depth == 0 || self.clause().kind(verb) != Some(ChunkKind::Verb) {
            return None;
        }
        let chunk = self.chunk(verb);
        let form = self.norm(chunk.head);
        if let Some((act, from)) = self.predicate(verb)
            && let Some(sense) = self.sense(verb, from, act, 0, false, depth)
        {
            return self.put(verb, sense);
        }
        let passive = chunk.voice == Voice::Passive
            || chunk.voice == Voice::BareParticiple && self.clause().objects(verb).is_empty();
        let entries = self.lexicon.verb(form);
        // "seeks to deepen a partnership": what one wants to do oneself is asked of nobody.
        let intends = |entry: &lexicon::Entry<Id>| {
            let free = |other: &lexicon::Entry<Id>| {
                let act = self.lexicon.act(other.what);
                other.rest == entry.rest && act.root.is_none() && act.of.is_empty()
            };
            self.lexicon.act(entry.what).root == Some(Root::Request)
                && entries.iter().any(free)
                && self.bare_infinitive(verb)
        };
        for entry in entries {
            let Some(length) = self.words_behind(verb, &entry.rest) else { continue };
            if intends(entry) {
                continue;
            }
            if let Some(sense) = self.sense(verb, verb, entry.what, length, passive, depth) {
                return self.put(verb, sense);
            }
        }
        let trigger = self.finder.lexicon.verb(form).iter().find(|entry| {
            let trigger = self.finder.lexicon.trigger(entry.trigger);
            Root::of(trigger.family).is_some() && self.words_behind(verb, &entry.rest).is_some()
        })?;
        let trigger = self.finder.lexicon.trigger(trigger.trigger);
        let root = Root::of(trigger.family)?;
        let (actors, recipients) = if passive {
            let mut agents = self.agent(verb);
            // "A rocket was fired at Lodia from Gollia": whence it came stands for who did it.
            if agents.is_empty() && matches!(form, "fired" | "launched" | "lobbed") {
                agents = self.behind(verb, &[], &["from"]).iter().map(|one| one.chunk).collect();
            }
            let mut recipients = self.parties(&self.clause().subject(verb));
            if recipients.is_empty() {
                recipients = self.behind(verb, &[], &["at", "into", "on"]);
            }
            (agents, recipients)
        } else {
            let on = &["at", "on", "upon", "into", "against"];
            // "Fired rockets at Gollia": what is fired is not whom it strikes.
            let mut recipients =
                if trigger.pattern == Pattern::On { self.behind(verb, &[], on) } else { Vec::new() };
            if recipients.is_empty() {
                recipients = self.parties(&self.clause().objects(verb));
            }
            if recipients.is_empty() {
                recipients = self.behind(verb, &[], &["in", "at", "near"]);
            }
            if recipients.is_empty() {
                recipients = self.next_party(verb, &[]);
            }
            (self.subject(verb), recipients)
        };
        let steps = vec![Step { token: chunk.head, ground: Ground::Force, root }];
        let verbs = vec![verb];
        self.put(
            verb,
            Sense { root, force: true, actors, recipients, verbs, last: chunk.head, rule: None, steps },
        )
    }

    /// Whether an infinitive follows right behind a verb.
    fn bare_infinitive(&self, verb: ChunkId) -> bool {
        let next = (verb + 1..self.clause().chunks.len())
            .find(|&at| !matches!(self.chunk(at).kind, ChunkKind::Adverb | ChunkKind::Time));
        next.is_some_and(|at| {
            self.chunk(at).kind == ChunkKind::Verb && self.chunk(at).voice == Voice::Infinitive
        })
    }

    /// "is willing to", "is prepared to": the act of the word behind "be", and the chunk it stands in.
    fn predicate(&self, verb: ChunkId) -> Option<(Id, ChunkId)> {
        let chunk = self.chunk(verb);
        let form = self.norm(chunk.head);
        if chunk.voice == Voice::Passive || chunk.voice == Voice::Active && form == "going" {
            return self.lexicon.adjective(form).first().map(|&act| (act, verb));
        }
        if !matches!(form, "is" | "are" | "was" | "were" | "be" | "been" | "remain" | "remains" | "remained")
        {
            return None;
        }
        let next = (verb + 1..self.clause().chunks.len().min(verb + 4))
            .find(|&at| !matches!(self.chunk(at).kind, ChunkKind::Adverb | ChunkKind::Time))?;
        let one_of = self.clause().word(next) == "one" && self.clause().word(next + 1) == "of";
        let next = if one_of && self.clause().kind(next + 2).is_some() { next + 2 } else { next };
        let word = match self.chunk(next).kind {
            // "is the largest donor to", "is one of the donors"
            ChunkKind::Noun => self.chunk(next).head,
            _ => self.chunk(next).tokens.start,
        };
        self.lexicon.adjective(self.norm(word)).first().map(|&act| (act, next))
    }

    /// How many tokens the further words of a verb take: next to it, or its last word behind the object.
    fn words_behind(&self, verb: ChunkId, rest: &[String]) -> Option<u32> {
        if rest.is_empty() {
            return Some(0);
        }
        let matches_at = |start: TokenId| {
            rest.iter().enumerate().all(|(i, word)| {
                let token = start + i as u32;
                (token as usize) < self.finder.document.tokens.len()
                    && self.finder.document.sentence_of(token) == self.finder.sentence
                    && self.norm(token) == word
            })
        };
        let head = self.chunk(verb).head;
        if matches_at(head + 1) {
            return Some(rest.len() as u32);
        }
        // "turned the offer down", but no "returned the ship to Gol" for "return to".
        let particle =
            !matches!(rest[0].as_str(), "to" | "for" | "in" | "on" | "at" | "from" | "with" | "of" | "into");
        let object = *self.clause().objects(verb).last().filter(|_| particle)?;
        let end = self.chunk(object).tokens.end;
        // "found the clerk guilty": it may have become part of the object.
        let within = self.chunk(object).tokens.len() > rest.len() && matches_at(end - rest.len() as u32);
        (within || matches_at(end)).then_some(0)
    }

    /// Negation and modal verbs over what a verb says.
    fn put(&self, verb: ChunkId, mut sense: Sense) -> Option<Sense> {
        let chunk = self.chunk(verb);
        // "No group has claimed responsibility."
        if self.subject(verb).iter().any(|&noun| self.chunk(noun).determiner == Determiner::Negative) {
            return None;
        }
        let tone = sense.root.tone();
        let refused = sense.rule.is_some_and(|act| self.lexicon.act(act).refused);
        if refused && chunk.negated {
            return Some(sense);
        }
        let no_longer = self.norm(chunk.tokens.start) == "no"
            || verb > 0 && self.norm(self.chunk(verb - 1).tokens.start) == "no";
        if chunk.negated || no_longer && chunk.modal.is_some() {
            if tone != Tone::Friendly {
                return None;
            }
            sense.root = Root::Reject;
            sense.steps.push(Step { token: chunk.head, ground: Ground::Negated, root: sense.root });
            return Some(sense);
        }
        let before = sense.root;
        if let Some(modal) = chunk.modal {
            match (self.norm(modal), tone) {
                ("will" | "would" | "shall" | "'ll" | "'d" | "wo", Tone::Friendly) => {
                    sense.root = Root::Agree
                }
                ("will" | "would" | "shall" | "'ll" | "'d" | "may" | "could" | "might", Tone::Hostile) => {
                    sense.root = Root::Threaten;
                    sense.force = false;
                }
                ("can" | "could" | "may" | "might", Tone::Friendly | Tone::Verbal) => return None,
                ("can", Tone::Hostile) => return None,
                _ => {}
            }
        }
        if self.finder.conditional(verb) {
            return None;
        }
        if sense.root != before {
            let token = chunk.modal.unwrap_or(chunk.head);
            sense.steps.push(Step { token, ground: Ground::ToCome, root: sense.root });
        }
        Some(sense)
    }

    /// What a verb says by one act of the lexicon; None if what it takes does not fit.
    fn sense(
        &self,
        verb: ChunkId,
        from: ChunkId,
        id: Id,
        length: u32,
        passive: bool,
        depth: usize,
    ) -> Option<Sense> {
        let act = self.lexicon.act(id);
        let taken = self.taken(verb, from, act, passive, length, depth);
        if act.party && self.parties(&self.objects(from)).is_empty() {
            // "helped rebuild Gollia": whose thing it is, is helped; "helped attack Gollia" is no help.
            let hostile = taken.root.is_some_and(|root| root.tone() == Tone::Hostile);
            if hostile || !self.helps(from) {
                return None;
            }
        }
        if act.refused && !self.chunk(verb).negated || act.subject && !taken.of_subject {
            return None;
        }
        if act.ends && !self.ends(from, act.party) {
            return None;
        }
        let told = taken.inner.is_some() || !taken.subject.is_empty();
        if act.told && !told && self.parties(&self.objects(from)).is_empty() {
            return None;
        }
        if !act.of.is_empty() && !taken.theme.is_some_and(|theme| act.of.contains(&theme)) {
            return None;
        }
        // "Lodia claimed that it had sent aid": what one says of oneself accuses nobody.
        let of_self =
            act.root == Some(Root::Accuse) && !taken.subject.is_empty() && taken.inner.is_some() && {
                let speaker = self.authors(verb);
                taken.subject.iter().all(|&noun| self.is_speaker(noun, &speaker))
            };
        if act.speech || of_self {
            return self.said(verb, id, taken);
        }
        let mut force = false;
        let root = match act.root {
            Some(root) => root,
            None => {
                let becomes = taken.root.and_then(|root| match root.tone() {
                    Tone::Friendly => act.friendly,
                    Tone::Hostile => act.hostile,
                    Tone::Verbal => act.verbal,
                });
                match (becomes, taken.root) {
                    (Some(Becomes::Root(root)), _) => root,
                    (Some(Becomes::Same), Some(root)) => {
                        force = taken.force;
                        root
                    }
                    (Some(Becomes::Ended), Some(root)) => taken.ended.unwrap_or(root.ended()),
                    _ if taken.root.is_none() => act.other?,
                    _ => return None,
                }
            }
        };
        let noun = taken.noun.filter(|&noun| taken.of_subject && !self.is_party(noun));
        let (actors, mut recipients) = if let Some(noun) = noun {
            // "Talks between Gollia and Lodia resumed", "Gollia's talks with Lodia"
            let mut sides: Vec<ChunkId> =
                self.behind(noun, &[], &["between", "of", "among"]).iter().map(|side| side.chunk).collect();
            // The second side stands before the verb, as a subject of its own would.
            if let [first] = sides[..]
                && self.clause().kind(first + 1) == Some(ChunkKind::Conjunction)
                && self.is_party(first + 2)
            {
                sides.push(first + 2);
            }
            if sides.is_empty() && !self.owner(noun).is_empty() {
                sides.push(noun);
            }
            if sides.is_empty() {
                return None;
            }
            (sides, self.behind(noun, &[], &["with", "to", "on", "against"]))
        } else if act.receives {
            let givers = self.behind(from, &[], &["from", "by"]);
            if passive || givers.is_empty() && !act.alone {
                return None;
            }
            (givers.iter().map(|giver| giver.chunk).collect(), self.parties(&self.subject(verb)))
        } else {
            let actors = if passive { self.agent(verb) } else { self.authors(verb) };
            (actors, self.recipients(verb, from, act, root, &taken, passive))
        };
        // "Protesters occupied the square": what a crowd does by force is its protest.
        let crowd = root == Root::Coerce && actors.iter().any(|&noun| self.is_crowd(noun));
        let peace = root == Root::Mobilize && self.keeps_peace(from);
        let root = match root {
            _ if crowd => Root::Protest,
            _ if peace => Root::Aid,
            root => root,
        };
        if recipients.is_empty() && !act.alone && noun.is_none() {
            recipients = self.next_party(from, &actors);
        }
        if self.mutual(root, &actors) && !act.receives {
            recipients.clear();
        }
        // "agreed to leave Gollia", said of Gollians: nobody is promised anything.
        if root == Root::Agree {
            let mine: Vec<String> =
                actors.iter().filter_map(|&noun| self.country(&self.finder.nominal(noun))).collect();
            recipients.retain(|one| {
                one.actor.is_some() || self.country(one).is_none_or(|country| !mine.contains(&country))
            });
        }
        let mut steps = taken.steps.clone();
        steps.push(Step { token: self.chunk(verb).head, ground: Ground::Act(id), root });
        let mut verbs = vec![verb];
        let mut last = self.chunk(verb).head + length;
        if let Some(inner) = &taken.inner {
            verbs.extend(inner.verbs.iter().copied());
            last = last.max(inner.last);
        }
        if from != verb {
            last = last.max(self.chunk(from).tokens.end - 1);
        }
        if let Some(noun) = taken.noun {
            last = last.max(self.chunk(noun).head);
        }
        Some(Sense { root, force, actors, recipients, verbs, last, rule: Some(id), steps })
    }

    /// What is said: the speaker acts, if the words do not name another.
    fn said(&self, verb: ChunkId, id: Id, taken: Taken) -> Option<Sense> {
        let speaker = self.authors(verb);
        let theme_root = taken.root.filter(|_| taken.inner.is_none());
        let step = |root| Step { token: self.chunk(verb).head, ground: Ground::Act(id), root };
        if let Some(root) = theme_root {
            let mut recipients = self.recipients(verb, verb, self.lexicon.act(id), root, &taken, false);
            if recipients.is_empty() {
                recipients = self.next_party(verb, &speaker);
            }
            let last = taken.noun.map_or(self.chunk(verb).head, |noun| self.chunk(noun).head);
            return Some(Sense {
                root,
                force: taken.force,
                actors: speaker,
                recipients,
                verbs: vec![verb],
                last,
                rule: Some(id),
                steps: [taken.steps, vec![step(root)]].concat(),
            });
        }
        let own = taken.subject.iter().all(|&noun| self.is_speaker(noun, &speaker));
        if taken.must && !own {
            let recipients = self.parties(&taken.subject);
            let verbs = taken.inner.map_or_else(Vec::new, |inner| inner.verbs);
            return Some(Sense {
                root: Root::Request,
                force: false,
                actors: speaker,
                recipients,
                last: self.chunk(verb).head,
                verbs: [vec![verb], verbs].concat(),
                rule: Some(id),
                steps: vec![step(Root::Request)],
            });
        }
        let mut inner = taken.inner?;
        // "Lodia said Gollia had shelled it": a country that tells of the force of another accuses it.
        if inner.force && inner.root == Root::Assault && !own && self.accuses(&speaker, &inner.actors) {
            return Some(Sense {
                root: Root::Accuse,
                force: false,
                recipients: self.parties(&inner.actors),
                actors: speaker,
                last: self.chunk(verb).head,
                // The verb within it goes on to tell the force.
                verbs: vec![verb],
                rule: Some(id),
                steps: [inner.steps, vec![step(Root::Accuse)]].concat(),
            });
        }
        if own && !speaker.is_empty() {
            inner.actors = speaker;
        }
        inner.verbs.push(verb);
        inner.steps.push(step(inner.root));
        Some(inner)
    }

    /// Whether a country speaks, and of others.
    fn accuses(&self, speaker: &[ChunkId], others: &[ChunkId]) -> bool {
        let [speaker] = speaker else { return false };
        let nominal = self.finder.nominal(*speaker);
        let words = self.finder.document.words(&nominal.core);
        let Some(country) = self.actors.country_of(words) else { return false };
        !others.is_empty()
            && others.iter().all(|&other| {
                self.is_party(other)
                    && self.country(&self.finder.nominal(other)).is_none_or(|theirs| theirs != country)
            })
    }

    /// Whether a subject of what is said means the speaker: "it", "they", "his government".
    fn is_speaker(&self, noun: ChunkId, speaker: &[ChunkId]) -> bool {
        let chunk = self.chunk(noun);
        chunk.kind == ChunkKind::Pronoun
            || chunk.determiner == Determiner::Possessive
            || speaker.iter().any(|&other| self.norm(self.chunk(other).head) == self.norm(chunk.head))
    }

    /// What a verb takes: another act, or a theme.
    fn taken(
        &self,
        verb: ChunkId,
        from: ChunkId,
        act: &Act,
        passive: bool,
        length: u32,
        depth: usize,
    ) -> Taken {
        let mut taken = Taken::default();
        // "announced a suspension of aid to …, to take effect in May": the infinitive is not the verb's.
        let halts = || {
            let object = self.objects(from).first().and_then(|&noun| self.theme(noun, 3));
            matches!(object, Some((Theme::Politics(Named::Act(_)), _)))
        };
        if act.of.is_empty()
            && let Some((complement, kind)) = self.complement(from, act)
            && !(kind == Complement::Infinitive && act.speech && halts())
        {
            taken.inner = self.read(complement, depth - 1);
            if kind == Complement::Clause {
                taken.subject = self.clause().subject(complement);
                let modal = self.chunk(complement).modal.map(|modal| self.norm(modal));
                let next = self.norm(self.chunk(complement).head);
                taken.must = matches!(modal, Some("must" | "should" | "ought"))
                    || matches!(next, "needs" | "need") && modal.is_none();
            }
            if let Some(inner) = &taken.inner {
                taken.root = Some(inner.root);
                taken.force = inner.force;
                taken.ended = None;
                taken.steps.clone_from(&inner.steps);
                return taken;
            }
        }
        let mut nouns: Vec<ChunkId> = if passive { self.clause().subject(verb) } else { Vec::new() };
        if !passive {
            let objects = self.objects(from);
            // "gave the Gollians 5 tons of grain": a second object follows the first.
            let second = objects
                .last()
                .map(|last| last + 1)
                .filter(|&at| objects.len() == 1 && self.clause().kind(at) == Some(ChunkKind::Noun));
            nouns.extend(objects);
            nouns.extend(second);
        }
        if act.subject && !passive && nouns.is_empty() {
            taken.of_subject = true;
            nouns = self.clause().subject(verb);
        }
        let behind = self.chunk(from).head.max(self.chunk(verb).head) + length;
        for phrase in self.clause().phrases(from) {
            let preposition = self.clause().word(phrase.preposition);
            let of_verb = self.chunk(phrase.preposition).head <= behind;
            if of_verb || act.prepositions.iter().any(|known| known == preposition) {
                nouns.extend(phrase.nouns);
            }
        }
        let sum = self.money(from).filter(|_| !passive);
        let money = sum.and_then(|_| {
            self.lexicon.noun(MONEY).iter().find_map(|entry| match entry.what {
                Named::Theme(id) if act.of.contains(&id) => Some(id),
                _ => None,
            })
        });
        if let (Some(at), Some(id)) = (sum, money) {
            let root = self.lexicon.theme(id).root;
            taken.theme = Some(id);
            taken.root = Some(root);
            taken.noun = Some(at);
            taken.steps.push(Step { token: self.chunk(at).head, ground: Ground::Theme(id), root });
            return taken;
        }
        for noun in nouns {
            if let Some((named, at)) = self.theme(noun, 3) {
                let ground = match named {
                    Theme::Politics(Named::Theme(id)) => {
                        if !act.of.is_empty() && !act.of.contains(&id) {
                            continue;
                        }
                        let theme = self.lexicon.theme(id);
                        taken.theme = Some(id);
                        taken.root = Some(theme.root);
                        taken.ended = theme.ended;
                        taken.force = theme.root == Root::Assault;
                        Ground::Theme(id)
                    }
                    Theme::Politics(Named::Act(id)) => {
                        let root = self.nominal_act(at, id, depth - 1).filter(|_| act.of.is_empty());
                        let Some(root) = root else { continue };
                        taken.root = Some(root);
                        Ground::Act(id)
                    }
                    Theme::Force(root) => {
                        if !act.of.is_empty() {
                            continue;
                        }
                        taken.root = Some(root);
                        taken.force = true;
                        Ground::Force
                    }
                };
                let token = self.chunk(at).head;
                taken.steps.extend(taken.root.map(|root| Step { token, ground, root }));
                taken.noun = Some(at);
                return taken;
            }
        }
        taken
    }

    /// "a suspension of aid", "a call for talks": what the noun of an act says of what stands behind it.
    fn nominal_act(&self, noun: ChunkId, id: Id, depth: usize) -> Option<Root> {
        let act = self.lexicon.act(id);
        if let Some(root) = act.root {
            return Some(root);
        }
        if depth == 0 {
            return None;
        }
        let phrases = self.clause().phrases(noun);
        let (root, ended) = phrases.iter().flat_map(|phrase| &phrase.nouns).find_map(|&behind| match self
            .theme(behind, 2)?
            .0
        {
            Theme::Politics(Named::Theme(id)) => {
                let theme = self.lexicon.theme(id);
                Some((theme.root, theme.ended))
            }
            Theme::Politics(Named::Act(_)) => None,
            Theme::Force(root) => Some((root, None)),
        })?;
        let becomes = match root.tone() {
            Tone::Friendly => act.friendly,
            Tone::Hostile => act.hostile,
            Tone::Verbal => act.verbal,
        };
        match becomes? {
            Becomes::Root(root) => Some(root),
            Becomes::Same => Some(root),
            Becomes::Ended => Some(ended.unwrap_or(root.ended())),
        }
    }

    /// The verb that a verb takes, with how it hangs on it.
    fn complement(&self, from: ChunkId, act: &Act) -> Option<(ChunkId, Complement)> {
        let mut object = false;
        let mut that = false;
        let mut asked = false;
        let asks = act.root.is_none_or(|root| root == Root::Request);
        for at in from + 1..self.clause().chunks.len().min(from + REACH) {
            let chunk = self.chunk(at);
            match chunk.kind {
                ChunkKind::Verb => {
                    return match chunk.voice {
                        Voice::Infinitive if !object || asks => Some((at, Complement::Infinitive)),
                        Voice::Infinitive => None,
                        Voice::Ing
                            if at == from + 1
                                || self.clause().kind(at - 1) == Some(ChunkKind::Preposition) =>
                        {
                            Some((at, Complement::Gerund))
                        }
                        // "issued a declaration demanding that"
                        Voice::Ing if act.speech && self.follows_noun(at) => Some((at, Complement::Gerund)),
                        Voice::Ing | Voice::BareParticiple => None,
                        // "demanded an admission that …": the clause is the noun's.
                        Voice::Active | Voice::Passive if act.speech || that && !asked => {
                            Some((at, Complement::Clause))
                        }
                        Voice::Active | Voice::Passive => None,
                    };
                }
                ChunkKind::Noun | ChunkKind::Pronoun => object |= !self.clause().prepositional(at),
                ChunkKind::Subordinator if self.clause().word(at) == "that" => {
                    that = true;
                    asked = object;
                }
                ChunkKind::Comma if act.speech || that => {}
                ChunkKind::Relative
                | ChunkKind::Subordinator
                | ChunkKind::Break
                | ChunkKind::Stop
                | ChunkKind::Comma => return None,
                _ => {}
            }
        }
        None
    }

    /// Whether a noun group stands right before a chunk, or with nothing but a time or an aside between.
    fn follows_noun(&self, at: ChunkId) -> bool {
        let passes = |at: ChunkId| matches!(self.chunk(at).kind, ChunkKind::Time | ChunkKind::Aside);
        let before = (0..at).rev().find(|&before| !passes(before));
        before.is_some_and(|before| self.chunk(before).kind == ChunkKind::Noun)
    }

    /// The direct objects of a verb; a sign of money before a figure is no word of its own, nor is "some of".
    fn objects(&self, verb: ChunkId) -> Vec<ChunkId> {
        let objects = self.clause().objects(verb);
        if !objects.is_empty() {
            return objects;
        }
        let Some(first) = self.sum(verb) else { return Vec::new() };
        let word = self.clause().word(first);
        let behind = match word {
            _ if SHARES.contains(&word) && self.clause().word(first + 1) == "of" => first + 2,
            _ if SIGNS.contains(&word) => first + 1,
            _ => return Vec::new(),
        };
        let noun = Some(behind).filter(|&at| self.clause().kind(at) == Some(ChunkKind::Noun));
        noun.into_iter().collect()
    }

    /// The chunk behind a verb, and the words that only weigh a figure, that no noun group holds: a sign of money, or
    /// "some" of something.
    fn sum(&self, verb: ChunkId) -> Option<ChunkId> {
        let weighs = |at: ChunkId| {
            let chunk = self.chunk(at);
            let word = self.norm(chunk.head);
            match chunk.kind {
                ChunkKind::Adverb | ChunkKind::Time | ChunkKind::Adjective | ChunkKind::Preposition => true,
                // "an additional $2 million", "USD $4 million"
                ChunkKind::Noun => self.clause().kind(at + 1) == Some(ChunkKind::Other),
                ChunkKind::Other => matches!(word, "a" | "an" | "the"),
                _ => false,
            }
        };
        let end = self.clause().chunks.len().min(verb + 7);
        let first = (verb + 1..end).find(|&at| !weighs(at))?;
        (self.chunk(first).kind == ChunkKind::Other).then_some(first)
    }

    /// A sum of money behind a verb that is no noun group: "provided $2 million".
    fn money(&self, verb: ChunkId) -> Option<ChunkId> {
        let first = self.sum(verb).filter(|&at| SIGNS.contains(&self.clause().word(at)))?;
        let figure = |at: ChunkId| {
            let word = self.clause().word(at);
            self.clause().kind(at) == Some(ChunkKind::Other)
                && (word.starts_with(|c: char| c.is_ascii_digit()) || SCALES.contains(&word))
        };
        (first + 1..self.clause().chunks.len()).take_while(|&at| figure(at)).last()
    }

    /// Whether neither a noun nor a clause stands right behind a verb, or behind the someone that it takes: "called the
    /// premier on Monday", but not "called the premier a friend".
    fn ends(&self, verb: ChunkId, party: bool) -> bool {
        let last = if party { self.objects(verb).last().copied().unwrap_or(verb) } else { verb };
        let prepositional = |at: ChunkId| self.clause().kind(at - 1) == Some(ChunkKind::Preposition);
        let next = (last + 1..self.clause().chunks.len()).find(|&at| match self.chunk(at).kind {
            ChunkKind::Adverb | ChunkKind::Preposition => false,
            ChunkKind::Noun => !prepositional(at),
            _ => true,
        });
        next.is_none_or(|at| match self.chunk(at).kind {
            ChunkKind::Noun | ChunkKind::Pronoun | ChunkKind::Adjective | ChunkKind::Quote => false,
            ChunkKind::Subordinator => self.clause().word(at) != "that",
            _ => true,
        })
    }

    /// Whether what stands behind a verb, up to the next finite one, is a mission of peace: "sent troops as part of a
    /// peacekeeping mission".
    fn keeps_peace(&self, verb: ChunkId) -> bool {
        let finite = |at: ChunkId| {
            let chunk = self.chunk(at);
            match chunk.kind {
                ChunkKind::Verb => matches!(chunk.voice, Voice::Active | Voice::Passive),
                kind => matches!(kind, ChunkKind::Stop | ChunkKind::Break),
            }
        };
        (verb + 1..self.clause().chunks.len()).take_while(|&at| !finite(at)).any(|at| {
            let chunk = self.chunk(at);
            let named = chunk.is_nominal().then(|| self.theme_at(chunk, chunk.head)).flatten();
            matches!(named, Some(Theme::Politics(Named::Theme(id))) if self.lexicon.theme(id).peace)
        })
    }

    /// Whether the bare infinitive right behind a verb is for the good of someone: "helped rebuild Gollia".
    fn helps(&self, verb: ChunkId) -> bool {
        let next = verb + 1;
        self.clause().kind(next) == Some(ChunkKind::Verb)
            && matches!(self.chunk(next).voice, Voice::Active | Voice::Infinitive)
            && (!self.parties(&self.objects(next)).is_empty()
                || !self.behind(next, &[], &["of", "in"]).is_empty())
    }

    /// What a noun group names; where its own noun only carries, what stands before or behind it.
    fn theme(&self, noun: ChunkId, depth: usize) -> Option<(Theme, ChunkId)> {
        let chunk = self.chunk(noun);
        if !chunk.is_nominal() || depth == 0 {
            return None;
        }
        let nominal = self.finder.nominal(noun);
        let chunk = self.chunk(self.finder.counted_noun(noun).unwrap_or(noun));
        let head = self.norm(chunk.head);
        let carrier = CARRIERS.contains(&head) || chunk.head < chunk.core;
        if let Some(found) = self.theme_at(chunk, chunk.head) {
            return Some((found, noun));
        }
        if nominal.actor.is_some() && !carrier {
            return None;
        }
        // "mediation efforts", "aid deliveries": the word before the noun says what it is.
        let before = (chunk.core..chunk.head).rev().take(3);
        if carrier && let Some(found) = before.into_iter().find_map(|token| self.theme_at(chunk, token)) {
            return Some((found, noun));
        }
        let of = noun + 1;
        let grows = matches!(head, "increase" | "rise") && self.clause().word(of) == "in";
        if grows || self.clause().word(of) == "of" && (carrier || nominal.count.is_some()) {
            return self.theme(of + 1, depth - 1).map(|(found, _)| (found, noun));
        }
        None
    }

    /// What the words that end at a token of a noun group name.
    fn theme_at(&self, chunk: &Chunk, token: TokenId) -> Option<Theme> {
        let form = self.norm(token);
        let matches = |rest: &[String]| {
            let length = rest.len() as u32;
            token >= chunk.tokens.start + length
                && rest.iter().enumerate().all(|(i, word)| self.norm(token - length + i as u32) == word)
        };
        let follows = |before: Option<&str>| {
            before.is_none_or(|word| {
                (token as usize + 1) < self.finder.document.tokens.len() && self.norm(token + 1) == word
            })
        };
        let force = self.finder.lexicon.noun(form).iter().find(|entry| matches(&entry.rest));
        let politics = self
            .lexicon
            .noun(form)
            .iter()
            .find(|entry| matches(&entry.rest) && follows(entry.before.as_deref()));
        let force_longer = match (force, politics) {
            (Some(force), Some(politics)) => force.rest.len() > politics.rest.len(),
            _ => politics.is_none(),
        };
        if force_longer {
            let trigger = self.finder.lexicon.trigger(force?.trigger);
            return Root::of(trigger.family).map(Theme::Force);
        }
        politics.map(|entry| Theme::Politics(entry.what))
    }

    // ---- parties

    /// The subject of a verb, without what stands in apposition to it: "Lodia, a neighbour, refused".
    fn subject(&self, verb: ChunkId) -> Vec<ChunkId> {
        let mut subject = self.clause().subject(verb);
        if let [name, other] = subject[..] {
            let joined = (name..other).any(|at| self.chunk(at).kind == ChunkKind::Conjunction);
            if !joined {
                // A name says less than what follows it: "Ana Lopez, the Lodish envoy, met".
                let told = |noun: ChunkId| {
                    let actor = self.finder.nominal(noun).actor;
                    actor.is_some_and(|actor| self.finder.mentions.actors[actor].class != "unknown")
                };
                subject =
                    vec![if told(name) || !told(other) && !self.is_place(other) { name } else { other }];
            }
        }
        subject
    }

    /// The subject of a verb; of a statement, those who made it: "a statement issued by Lodia said".
    fn authors(&self, verb: ChunkId) -> Vec<ChunkId> {
        let subject = self.subject(verb);
        let [noun] = subject[..] else { return subject };
        let document = DOCUMENTS.contains(&self.norm(self.chunk(noun).head));
        if !document || self.is_party(noun) || !self.owner(noun).is_empty() {
            return subject;
        }
        let mut authors = self.behind(noun, &[], &["by", "from", "of"]);
        let made = (noun + 1..verb).find(|&at| {
            self.chunk(at).kind == ChunkKind::Verb && MADE.contains(&self.norm(self.chunk(at).head))
        });
        if let Some(made) = made.filter(|_| authors.is_empty()) {
            // One that is read out in a capital is that of its government.
            authors = self.behind(made, &[], &["by", "from", "in", "at"]);
        }
        if authors.is_empty() { subject } else { authors.iter().map(|author| author.chunk).collect() }
    }

    /// Whether a noun group names people who protest.
    fn is_crowd(&self, noun: ChunkId) -> bool {
        let actor = self.finder.nominal(noun).actor;
        actor.is_some_and(|actor| {
            matches!(self.finder.mentions.actors[actor].class.as_str(), "protesters" | "rioters")
        })
    }

    fn is_place(&self, noun: ChunkId) -> bool {
        self.finder.nominal(noun).place.is_some()
    }

    /// Whether an act is that of all who are named together: "Gollia and Lodia agreed".
    fn mutual(&self, root: Root, actors: &[ChunkId]) -> bool {
        let mut countries: Vec<String> =
            actors.iter().filter_map(|&noun| self.country(&self.finder.nominal(noun))).collect();
        countries.sort_unstable();
        countries.dedup();
        countries.len() > 1
            && matches!(root, Root::Agree | Root::Consult | Root::Support | Root::Cooperate | Root::Reject)
    }

    /// The country of a party, as far as its own words tell.
    fn country(&self, nominal: &Nominal) -> Option<String> {
        let actor = nominal.actor.and_then(|actor| self.finder.mentions.actors[actor].country.clone());
        let place = || {
            let place = &self.finder.mentions.places[nominal.place?];
            place.best.as_ref()?.country.clone()
        };
        actor.or_else(place).or_else(|| {
            let words = self.finder.document.words(&nominal.core);
            self.actors.country_of(words).map(str::to_owned)
        })
    }

    /// The first party behind a verb that is of another country than the actors, or of none but with a class of its
    /// own: to whom an act is done where grammar ties nobody to it. Who tells it ("…, an official said") is none.
    fn next_party(&self, verb: ChunkId, actors: &[ChunkId]) -> Vec<Nominal> {
        let end = (verb + 1..self.clause().chunks.len())
            .find(|&at| matches!(self.chunk(at).kind, ChunkKind::Stop | ChunkKind::Break) || self.tells(at))
            .map_or(self.clause().chunks.len(), |end| {
                let comma = (verb..end).rev().find(|&at| self.chunk(at).kind == ChunkKind::Comma);
                if self.tells(end) { comma.unwrap_or(end) } else { end }
            });
        let mine: Vec<String> =
            actors.iter().filter_map(|&noun| self.country(&self.finder.nominal(noun))).collect();
        let mut second = Vec::new();
        for at in verb + 1..end {
            if self.chunk(at).kind != ChunkKind::Noun || actors.contains(&at) {
                continue;
            }
            let party = if self.is_party(at) { vec![self.finder.nominal(at)] } else { self.owner(at) };
            for nominal in party {
                match self.country(&nominal) {
                    Some(country) if !mine.contains(&country) => {
                        // "to Gollia, Lodia and Aru"
                        let list = self.parties(&self.clause().conjuncts_right(at));
                        return if list.first() == Some(&nominal) { list } else { vec![nominal] };
                    }
                    Some(_) => {}
                    None if second.is_empty() => {
                        let class =
                            nominal.actor.map(|actor| self.finder.mentions.actors[actor].class.as_str());
                        if class.is_some_and(|class| class != "unknown") {
                            second.push(nominal);
                        }
                    }
                    None => {}
                }
            }
        }
        second
    }

    /// Whether a verb only names who tells: "…, a witness said".
    fn tells(&self, verb: ChunkId) -> bool {
        let chunk = self.chunk(verb);
        let speech =
            |entry: &lexicon::Entry<Id>| self.lexicon.act(entry.what).id == "say" && entry.rest.is_empty();
        chunk.kind == ChunkKind::Verb
            && chunk.voice == Voice::Active
            && self.lexicon.verb(self.norm(chunk.head)).iter().any(speech)
    }

    /// The "by" of a passive.
    fn agent(&self, verb: ChunkId) -> Vec<ChunkId> {
        let phrases = self.clause().phrases(verb);
        phrases
            .into_iter()
            .filter(|phrase| self.clause().word(phrase.preposition) == "by")
            .flat_map(|phrase| phrase.nouns)
            .filter(|&noun| self.is_party(noun))
            .collect()
    }

    /// Whether a noun group can act or be acted on.
    fn is_party(&self, noun: ChunkId) -> bool {
        let chunk = self.chunk(noun);
        if chunk.kind != ChunkKind::Noun {
            return false;
        }
        let nominal = self.finder.nominal(noun);
        if let Some(actor) = nominal.actor {
            let kind = self.finder.mentions.actors[actor].kind;
            return !matches!(kind, ParticipantKind::Vehicle | ParticipantKind::Infrastructure);
        }
        let proper = |token: TokenId| {
            matches!(self.finder.document.tokens[token as usize].tag, Tag::Proper | Tag::ProperPlural)
        };
        nominal.place.is_some()
            || self.finder.index.named[nominal.head as usize]
            || self.is_country(&nominal)
            || proper(nominal.head) && self.theme_at(chunk, chunk.head).is_none()
            // "Gollia's rulers", "Lodish newspapers"
            || self.actors.has_sector(self.norm(nominal.head)) && !self.owner(noun).is_empty()
    }

    /// Whether a nominal is a country's name, however the tagger took it: "eSwatini".
    fn is_country(&self, nominal: &Nominal) -> bool {
        let words = self.finder.document.words(&nominal.core);
        words.contains(char::is_uppercase) && self.actors.country_of(words).is_some()
    }

    /// Whether a nominal is a person or a body, or has a name or an owner with one: "Lodish helicopters".
    fn is_someone(&self, nominal: &Nominal) -> bool {
        let thing = nominal.actor.is_none_or(|actor| {
            use ParticipantKind::{Facility, Infrastructure, Vehicle};
            matches!(self.finder.mentions.actors[actor].kind, Facility | Infrastructure | Vehicle)
        });
        let tag = self.finder.document.tokens[nominal.head as usize].tag;
        !thing
            || nominal.place.is_some()
            || self.is_country(nominal)
            || self.finder.index.named[nominal.head as usize]
            || matches!(tag, Tag::Proper | Tag::ProperPlural)
            || !self.owner(nominal.chunk).is_empty()
    }

    fn parties(&self, nouns: &[ChunkId]) -> Vec<Nominal> {
        nouns.iter().filter(|&&noun| self.is_party(noun)).map(|&noun| self.finder.nominal(noun)).collect()
    }

    /// Parties in the phrases behind a chunk, by the first preposition of a list that has some; `never` are left out.
    fn behind(&self, from: ChunkId, first: &[String], also: &[&str]) -> Vec<Nominal> {
        let phrases = self.clause().phrases(from);
        let order = first.iter().map(String::as_str).chain(also.iter().copied());
        for preposition in order {
            let nouns: Vec<ChunkId> = phrases
                .iter()
                .filter(|phrase| self.clause().word(phrase.preposition) == preposition)
                // "the Union for the Independence of Gollia": the preposition of a name has no noun of its own.
                .filter(|phrase| {
                    self.finder.index.actor[self.chunk(phrase.preposition).head as usize].is_none()
                })
                .flat_map(|phrase| phrase.nouns.iter().copied())
                .collect();
            let parties = self.parties(&nouns);
            if !parties.is_empty() {
                return parties;
            }
        }
        Vec::new()
    }

    /// "Israeli changes", "Haiti's efforts", "President Reagan's statement": whose a thing is, by the words
    /// before its noun.
    fn owner(&self, noun: ChunkId) -> Vec<Nominal> {
        let chunk = self.chunk(noun);
        let mut token = chunk.tokens.start;
        while token < chunk.head {
            if let Some(actor) = self.finder.index.actor[token as usize] {
                let mention = &self.finder.mentions.actors[actor as usize];
                if mention.tokens.start == token && mention.tokens.end <= chunk.head {
                    return vec![self.part(noun, mention.tokens.clone(), Some(actor as usize))];
                }
            }
            for length in (1..=3.min(chunk.head - token)).rev() {
                let words = self.finder.document.words(&(token..token + length));
                let upper = words.starts_with(char::is_uppercase);
                if upper && self.actors.country_of(words).is_some() {
                    return vec![self.part(noun, token..token + length, None)];
                }
            }
            if self.finder.index.named[token as usize] {
                let place =
                    self.finder.mentions.places.iter().position(|place| place.tokens.contains(&token));
                if let Some(place) = place {
                    let tokens = self.finder.mentions.places[place].tokens.clone();
                    return vec![self.part(noun, tokens, None)];
                }
            }
            token += 1;
        }
        Vec::new()
    }

    fn part(&self, noun: ChunkId, tokens: Range<TokenId>, actor: Option<usize>) -> Nominal {
        let head = actor.map_or(tokens.end - 1, |actor| self.finder.mentions.actors[actor].head);
        let place = self.finder.index.place[head as usize].map(|place| place as usize);
        Nominal { actor, place, ..Nominal::inside(tokens, head, noun) }
    }

    /// To whom an act is done.
    fn recipients(
        &self,
        verb: ChunkId,
        from: ChunkId,
        act: &Act,
        root: Root,
        taken: &Taken,
        passive: bool,
    ) -> Vec<Nominal> {
        let of_subject = |nouns: &[ChunkId]| self.parties(nouns);
        if passive {
            let subject = self.clause().subject(verb);
            let parties = of_subject(&subject);
            if !parties.is_empty() {
                return parties;
            }
            // "A ban on trade with Gollia was lifted", "sanctions were imposed on Gollia"
            let owners: Vec<Nominal> = subject.iter().flat_map(|&noun| self.owner(noun)).collect();
            if act.whose && !owners.is_empty() {
                return owners;
            }
            let to: Vec<String> = act.to.iter().filter(|word| *word != "by").cloned().collect();
            let noun = taken.noun.or(subject.first().copied());
            for at in noun.into_iter().chain([from]) {
                let tied = self.behind(at, &to, &TO[..PASSIVE_TO]);
                if !tied.is_empty() {
                    return tied;
                }
            }
            return owners;
        }
        let objects = self.objects(from);
        let people = taken.theme.is_some_and(|theme| self.lexicon.theme(theme).people);
        let given = taken.noun.filter(|_| !people);
        let direct: Vec<ChunkId> = objects.iter().copied().filter(|&noun| given != Some(noun)).collect();
        let parties = of_subject(&direct);
        if !parties.is_empty() {
            return parties;
        }
        // "urged Gollia to leave", "claimed that Gollia had attacked": who is to do it, or has done it.
        if matches!(root, Root::Request | Root::Accuse) {
            let asked = of_subject(&taken.subject);
            if !asked.is_empty() {
                return asked;
            }
            let owners: Vec<Nominal> = taken.subject.iter().flat_map(|&noun| self.owner(noun)).collect();
            if !owners.is_empty() {
                return owners;
            }
        }
        let noun = taken.noun.filter(|_| !taken.of_subject).or(objects.first().copied());
        // "demanded an apology by Gollia"
        if root == Root::Request {
            let by = noun.map_or_else(Vec::new, |noun| self.behind(noun, &[], &["by"]));
            if !by.is_empty() {
                return by;
            }
        }
        // "demanded the withdrawal of the Gollian forces from Lodia"
        if root == Root::Request
            && let Some(of) = noun.map(|noun| noun + 1).filter(|&of| self.clause().word(of) == "of")
        {
            let parties = of_subject(&[of + 1]);
            if !parties.is_empty() {
                return parties;
            }
        }
        let owner = || noun.map_or_else(Vec::new, |noun| self.owner(noun));
        if act.whose {
            let owners = owner();
            if !owners.is_empty() {
                return owners;
            }
            let mine = noun.map_or_else(Vec::new, |noun| self.behind(noun, &[], &["by", "from", "of"]));
            if !mine.is_empty() {
                return mine;
            }
        }
        let near = self.behind(from, &act.to, TO);
        if !near.is_empty() {
            return near;
        }
        if let Some(inner) = taken.inner.as_ref().filter(|inner| !inner.recipients.is_empty() && !act.alone) {
            return inner.recipients.clone();
        }
        let owners = owner();
        if !owners.is_empty() {
            return owners;
        }
        if act.alone {
            return Vec::new();
        }
        let others = self.next_party(from, &self.subject(verb));
        if !others.is_empty() {
            return others;
        }
        let place: &[&str] = match root.tone() {
            Tone::Friendly if root != Root::Concede => &["of"],
            _ => &["of", "in", "at"],
        };
        self.behind(from, &[], place)
    }
}

/// What a noun names.
#[derive(Debug, Clone, Copy)]
enum Theme {
    /// Something of the words of politics.
    Politics(Named),
    /// An act of force of the trigger lexicon.
    Force(Root),
}
