//! Noun phrases: chains of known words with their head, and what the chain tells of it.

use super::{
    ActorMention,
    class::is_armed,
    context::Context,
    lexicon::{Agent, Hit, Item, Lexicon, Words},
    person::name_end,
};
use crate::{
    ParticipantKind, VoiceKind,
    text::{Casing, Document, Tag, TokenId, TokenKind},
};
use std::ops::Range;

/// A link of the chain: one known phrase, or one word that may stand in a noun phrase.
#[derive(Debug, Clone, Default)]
struct Unit {
    tokens: Range<TokenId>,
    actor: Option<u16>,
    country: Option<u16>,
    /// With whether it is a plural noun.
    demonym: Option<(u16, bool)>,
    agent: Option<(u16, bool)>,
    title: Option<u16>,
    modifier: Option<u16>,
    /// The name in a unit that is a person.
    name: Option<Range<TokenId>>,
    /// `'s`
    possessive: bool,
    /// Ends the chain.
    stop: bool,
}

impl Unit {
    fn stop(at: TokenId) -> Unit {
        Unit { tokens: at..at + 1, stop: true, ..Unit::default() }
    }

    fn is_noun(&self) -> bool {
        self.actor.is_some() || self.agent.is_some() || self.name.is_some()
    }

    /// Only adds to what stands behind it.
    fn is_adjunct(&self) -> bool {
        !self.stop && !self.possessive && !self.is_noun()
    }
}

/// A mention with what later links of the sentence may still change.
#[derive(Debug)]
struct Draft {
    mention: ActorMention,
    agent: Option<u16>,
}

pub(super) fn find(
    lexicon: &Lexicon,
    document: &Document<'_>,
    words: &Words,
    context: &Context,
) -> Vec<ActorMention> {
    let mut reader = Reader { lexicon, document, words, context, hits: Vec::new() };
    let mut out = Vec::new();
    for sentence in &document.sentences {
        let units = reader.units(sentence.tokens.clone());
        let mut drafts = reader.chains(&units);
        reader.of_phrases(&mut drafts, sentence.tokens.end);
        out.extend(drafts.into_iter().map(|draft| draft.mention));
    }
    out
}

struct Reader<'a> {
    lexicon: &'a Lexicon,
    document: &'a Document<'a>,
    words: &'a Words,
    context: &'a Context,
    hits: Vec<Hit>,
}

impl Reader<'_> {
    fn units(&mut self, tokens: Range<TokenId>) -> Vec<Unit> {
        let mut units: Vec<Unit> = Vec::with_capacity(tokens.len());
        let mut at = tokens.start;
        while at < tokens.end {
            let unit = self.unit(at, &tokens, units.last());
            at = unit.tokens.end;
            units.push(unit);
        }
        units
    }

    fn unit(&mut self, at: TokenId, sentence: &Range<TokenId>, previous: Option<&Unit>) -> Unit {
        let document = self.document;
        let norm = document.norm(at);
        if self.words.in_time(at) {
            return Unit::stop(at);
        }
        if matches!(norm, "'s" | "’s") || matches!(norm, "'" | "’") && !document.space_before(at) {
            return Unit { tokens: at..at + 1, possessive: true, ..Unit::default() };
        }
        if norm == "-" && !document.space_before(at) && previous.is_some_and(|unit| !unit.stop) {
            return Unit { tokens: at..at + 1, ..Unit::default() };
        }
        let mut unit = self.known(at, sentence);
        if let Some(person) = self.person(at, sentence, unit.as_ref(), previous) {
            return person;
        }
        if let Some(known) = &mut unit {
            if known.agent.is_some_and(|(agent, _)| self.is_verb(agent, at, sentence)) {
                known.agent = None;
            }
            if known.is_noun() || known.demonym.is_some() || known.country.is_some() {
                return known.clone();
            }
            if known.modifier.is_some() && self.may_modify(at, sentence, previous) {
                return known.clone();
            }
        }
        if self.is_adjunct(at, sentence, previous) {
            return Unit { tokens: at..at + 1, ..Unit::default() };
        }
        Unit::stop(at)
    }

    /// The longest phrase at a token, with all that it may mean; titles only if nothing else.
    fn known(&mut self, at: TokenId, sentence: &Range<TokenId>) -> Option<Unit> {
        self.words.hits(self.lexicon, self.document, at, sentence.end, &mut self.hits);
        let end =
            self.hits.iter().filter(|hit| !matches!(hit.item, Item::Title(_))).map(|hit| hit.end).max()?;
        let mut unit = Unit { tokens: at..end, ..Unit::default() };
        let leans = super::leans(self.document, at);
        let mut actors = Vec::new();
        for hit in self.hits.iter().filter(|hit| hit.end == end) {
            match hit.item {
                Item::Actor(actor) => actors.push(actor),
                Item::ActorIfNamed(actor) if self.context.is_about(self.lexicon, actor) => actors.push(actor),
                Item::ActorIfNamed(_) => {}
                Item::Country(_) | Item::Demonym(..) if leans => {}
                Item::Country(country) => {
                    unit.country = Some(unit.country.map_or(country, |known| known.min(country)));
                }
                Item::Demonym(country, plural) => {
                    unit.demonym = Some(self.better(unit.demonym, country, plural))
                }
                Item::Agent(agent, plural) => unit.agent = Some((agent, plural)),
                Item::Modifier(modifier) => unit.modifier = Some(modifier),
                Item::Title(_) => {}
            }
        }
        actors.sort_unstable();
        unit.actor = self.context.choose(self.lexicon, actors.into_iter());
        if unit.actor.is_some() {
            (unit.country, unit.demonym, unit.agent) = (None, None, None);
        } else if unit.demonym.is_some() {
            unit.agent = None;
        }
        Some(unit)
    }

    /// Of two countries with one demonym ("Congolese"), that which the report names.
    fn better(&self, known: Option<(u16, bool)>, country: u16, plural: bool) -> (u16, bool) {
        match known {
            Some((other, _)) if self.context.names_more(other, country) => (other, plural),
            _ => (country, plural),
        }
    }

    /// A person: titles and a name, a noun for persons and a name, or a name that begins with a
    /// given name. [`Reader::known`] was asked about the token just before.
    fn person(
        &mut self,
        at: TokenId,
        sentence: &Range<TokenId>,
        known: Option<&Unit>,
        previous: Option<&Unit>,
    ) -> Option<Unit> {
        let mut unit = Unit { tokens: at..at, ..Unit::default() };
        let mut start = at;
        // "Foreign Minister Col Juan Perez": titles may pile up; the first tells the office.
        for _ in 0..4 {
            // The phrases at the token itself are those that `known` found.
            if start > at {
                self.words.hits(self.lexicon, self.document, start, sentence.end, &mut self.hits);
            }
            let longest = self.hits.iter().map(|hit| hit.end).max();
            let title = self.hits.iter().rev().find_map(|hit| match hit.item {
                Item::Title(title) => Some((title, hit.end)),
                _ => None,
            });
            let Some((title, end)) = title.filter(|(_, end)| Some(*end) == longest) else { break };
            unit.title = unit.title.or(Some(title));
            start = end;
            if self.document.tokens.get(start as usize).is_some()
                && start < sentence.end
                && self.document.norm(start) == "."
                && !self.document.space_before(start)
            {
                start += 1;
            }
        }
        let titled = unit.title.is_some();
        if !titled && let Some(agent) = known.and_then(|known| known.agent) {
            let (index, plural) = agent;
            let entry = &self.lexicon.agents[index as usize];
            let end = known.map_or(at, |known| known.tokens.end);
            let small = self.words.casing() == Casing::Mixed
                && self.document.word(at).starts_with(char::is_lowercase);
            let given = end < sentence.end && self.words.is_given(self.lexicon, end);
            if entry.kind.is_none() && !plural && !entry.place && (small || given) {
                unit.agent = Some(agent);
                start = end;
            }
        }
        let introduced = titled || unit.agent.is_some();
        if !introduced {
            let saint = previous.is_some_and(|unit| {
                unit.tokens.end == at
                    && matches!(self.document.norm(unit.tokens.start), "san" | "santa" | "santo" | "st")
            });
            if saint || !self.words.is_given(self.lexicon, at) {
                return None;
            }
            if known.is_some_and(|known| known.actor.is_some() || known.country.is_some()) {
                return None;
            }
        }
        let end = name_end(self.lexicon, self.document, self.words, start, sentence.end, &mut self.hits);
        if end == start || !introduced && end - start < 2 {
            return None;
        }
        unit.name = Some(start..end);
        unit.tokens.end = end;
        Some(unit)
    }

    /// Whether a word that is also a verb is one here.
    fn is_verb(&self, agent: u16, at: TokenId, sentence: &Range<TokenId>) -> bool {
        let tag = self.document.tokens[at as usize].tag;
        if !self.lexicon.agents[agent as usize].verb {
            return false;
        }
        match tag {
            Tag::VerbBase | Tag::VerbPresent | Tag::VerbThird | Tag::VerbPast | Tag::VerbIng => {
                !self.follows_determiner(at, sentence)
            }
            Tag::Modal | Tag::Adverb | Tag::Preposition => true,
            _ => false,
        }
    }

    fn follows_determiner(&self, at: TokenId, sentence: &Range<TokenId>) -> bool {
        at > sentence.start
            && (matches!(
                self.document.tokens[at as usize - 1].tag,
                Tag::Determiner | Tag::PossessivePronoun | Tag::Possessive | Tag::Number | Tag::Adjective
            ) || matches!(
                self.document.norm(at - 1),
                "the" | "a" | "an" | "their" | "his" | "its" | "two" | "three"
            ))
    }

    /// A modifier counts where it stands before a noun: a participle only behind a determiner or
    /// another modifier, for "police killed militants" has two phrases.
    fn may_modify(&self, at: TokenId, sentence: &Range<TokenId>, previous: Option<&Unit>) -> bool {
        match self.document.tokens[at as usize].tag {
            Tag::VerbPast | Tag::VerbParticiple | Tag::VerbIng => {
                at == sentence.start
                    || self.follows_determiner(at, sentence)
                    || previous.is_some_and(|unit| unit.modifier.is_some())
            }
            Tag::VerbBase | Tag::VerbPresent | Tag::VerbThird | Tag::Modal => false,
            _ => true,
        }
    }

    fn is_adjunct(&self, at: TokenId, sentence: &Range<TokenId>, previous: Option<&Unit>) -> bool {
        let token = &self.document.tokens[at as usize];
        if token.kind != TokenKind::Word {
            return false;
        }
        match token.tag {
            Tag::Adjective | Tag::Noun | Tag::Proper | Tag::ProperPlural => true,
            Tag::VerbParticiple | Tag::VerbIng => {
                self.follows_determiner(at, sentence)
                    || previous.is_some_and(|unit| unit.is_adjunct() && unit.modifier.is_some())
            }
            _ => false,
        }
    }

    /// Mentions of the chains between stops.
    fn chains(&self, units: &[Unit]) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = Vec::new();
        // Modifiers of a head that follows behind "and": "Afghan and coalition forces".
        let mut waiting: Option<Range<usize>> = None;
        let mut at = 0;
        while at < units.len() {
            if units[at].stop {
                let word = self.document.norm(units[at].tokens.start);
                if !matches!(word, "and" | "or" | "," | "/" | "&") {
                    waiting = None;
                }
                at += 1;
                continue;
            }
            let start = at;
            while at < units.len() && !units[at].stop {
                at += 1;
            }
            let before = drafts.len();
            let joined =
                at < units.len() && matches!(self.document.norm(units[at].tokens.start), "and" | "or" | ",");
            // "an Afghan and coalition force", but "an American and a Briton".
            let shares = joined && units.get(at + 1).is_some_and(|next| !next.stop);
            self.chain(&units[start..at], shares, &mut drafts);
            if drafts.len() == before {
                waiting = (joined && self.could_share(&units[start..at])).then_some(start..at);
            } else if let Some(shared) = waiting.take() {
                self.share(&units[shared], &mut drafts, before);
            }
        }
        drafts
    }

    /// Whether a chain without a head is one that a later head may serve: it ends in a demonym or a
    /// word for a kind of actor.
    fn could_share(&self, chain: &[Unit]) -> bool {
        chain.last().is_some_and(|unit| {
            unit.country.is_none()
                && (unit.demonym.is_some_and(|(_, plural)| !plural)
                    || unit.modifier.is_some_and(|m| self.lexicon.modifiers[m as usize].class.is_some()))
        })
    }

    fn share(&self, shared: &[Unit], drafts: &mut Vec<Draft>, at: usize) {
        let Some(agent) = drafts.get(at).and_then(|draft| draft.agent) else { return };
        let plural = drafts[at].mention.plural;
        let Some(last) = shared.last() else { return };
        let mut head = last.clone();
        head.agent = Some((agent, plural));
        head.modifier = None;
        let kind = drafts[at].mention.kind;
        let mut draft = self.draft(shared, &head, None);
        // "an Afghan and coalition force": the coalition is not Afghan.
        if draft.mention.class == "foreign_military" && draft.mention.country.is_some() {
            let mut facts = Facts { country: draft.mention.country.clone(), ..Facts::default() };
            facts.class = "state_military".to_owned();
            facts.derive(self, "army");
            draft.mention.class = facts.class;
            draft.mention.government_of = facts.country;
            (draft.mention.register, draft.mention.name) = (facts.register, facts.name);
        }
        draft.mention.kind = kind;
        let first =
            shared.iter().position(|unit| unit.demonym.is_some() || unit.modifier.is_some()).unwrap_or(0);
        draft.mention.tokens = shared[first].tokens.start..last.tokens.end;
        draft.mention.span = self.document.span(&draft.mention.tokens);
        draft.mention.head = last.tokens.end - 1;
        drafts.insert(at, draft);
    }

    fn chain(&self, chain: &[Unit], shares: bool, drafts: &mut Vec<Draft>) {
        let mut start = 0;
        let mut owner: Option<Owner> = None;
        for at in 0..chain.len() {
            let unit = &chain[at];
            if unit.possessive {
                owner = self.owner(&chain[start..at], drafts.last(), unit.tokens.start);
                start = at + 1;
                continue;
            }
            let rest = &chain[at + 1..];
            if unit.is_noun() {
                if self.is_premodifier(unit, rest) {
                    continue;
                }
            } else if !self.is_people(unit, rest, shares) {
                continue;
            }
            drafts.push(self.draft(&chain[start..at], unit, owner.take()));
            start = at + 1;
        }
    }

    /// Whether a noun stands before another that is the head: "police officers", "army truck". A
    /// plural does not ("told reporters rebels attacked"), nor does a person.
    fn is_premodifier(&self, unit: &Unit, rest: &[Unit]) -> bool {
        if unit.name.is_some() {
            return false;
        }
        let plural = unit.agent.is_some_and(|(_, plural)| plural);
        let fixed = unit.agent.is_some_and(|(agent, _)| {
            self.document.norm(unit.tokens.end - 1) == "police"
                || self.lexicon.agents[agent as usize].force.is_some()
                    && !self.document.norm(unit.tokens.end - 1).ends_with('s')
        });
        if plural && !fixed && unit.modifier.is_none() {
            return false;
        }
        rest.iter().take_while(|next| !next.possessive).any(Unit::is_noun)
    }

    /// Whether a demonym is a noun: "Afghans", "an American".
    fn is_people(&self, unit: &Unit, rest: &[Unit], shares: bool) -> bool {
        let Some((_, plural)) = unit.demonym else { return false };
        if rest.iter().take_while(|next| !next.possessive).any(Unit::is_noun) {
            return false;
        }
        let start = unit.tokens.start;
        let article = start > 0 && matches!(self.document.norm(start - 1), "a" | "an" | "one" | "another");
        // "an American left Kile": a word in small letters between a people and a name is a verb.
        let small = |unit: &Unit| self.document.word(unit.tokens.start).starts_with(char::is_lowercase);
        let verb = match rest {
            [verb, name, ..] => {
                let tag = self.document.tokens[name.tokens.start as usize].tag;
                unit.tokens.end == verb.tokens.start && small(verb) && !small(name) && tag == Tag::Proper
            }
            _ => false,
        };
        plural || article && !shares && (verb || rest.first().is_none_or(|next| next.possessive))
    }

    fn owner(&self, chain: &[Unit], last: Option<&Draft>, end: TokenId) -> Option<Owner> {
        if let Some(draft) = last.filter(|draft| draft.mention.tokens.end == end) {
            return Some(Owner {
                country: draft.mention.country.clone(),
                register: draft.mention.register.clone(),
                class: Some(draft.mention.class.clone()),
            });
        }
        let country =
            chain.iter().rev().find_map(|unit| unit.country.or(unit.demonym.map(|(country, _)| country)))?;
        Some(Owner { country: Some(self.iso2(country)), register: None, class: None })
    }

    fn iso2(&self, country: u16) -> String {
        self.lexicon.countries[country as usize].iso2.clone()
    }

    /// Builds the mention of a head and the links before it.
    fn draft(&self, before: &[Unit], head: &Unit, owner: Option<Owner>) -> Draft {
        let first = self.first(before, head);
        let modifiers = &before[first..];
        let start = modifiers.first().map_or(head.tokens.start, |unit| unit.tokens.start);
        let tokens = start..head.tokens.end;
        let all = || modifiers.iter().chain([head]);

        let agent = head.agent.map(|(agent, _)| agent);
        let entry: Option<&Agent> = match (head.title, agent) {
            (Some(title), _) => Some(&self.lexicon.titles[title as usize]),
            (None, Some(agent)) => Some(&self.lexicon.agents[agent as usize]),
            (None, None) => None,
        };
        let actor = head.actor.or_else(|| modifiers.iter().rev().find_map(|unit| unit.actor));
        let country = all()
            .rev()
            .find_map(|unit| unit.country.or(unit.demonym.map(|(country, _)| country)))
            .map(|country| self.iso2(country));
        let premodifier = modifiers.iter().rev().find_map(|unit| unit.agent.map(|(agent, _)| agent));

        let mut facts = Facts { country, ..Facts::default() };
        facts.owner(owner, entry);
        facts.noun(self, entry, premodifier);
        if let Some(actor) = actor {
            facts.actor(self, actor, entry, head.actor.is_some());
        }
        if head.demonym.is_some() && agent.is_none() && head.actor.is_none() && head.name.is_none() {
            facts.kind = Some(ParticipantKind::Population);
            facts.class = "civilians".to_owned();
            facts.target = Some("civilians".to_owned());
            facts.sectors = vec!["CVL".to_owned()];
        }
        for unit in all() {
            let Some(modifier) = unit.modifier.map(|modifier| &self.lexicon.modifiers[modifier as usize])
            else {
                continue;
            };
            facts.suspected |= modifier.suspected;
            facts.attributes.extend(modifier.attributes.iter().cloned());
            if facts.sectors.is_empty() || entry.is_some_and(|entry| entry.weak) && facts.register.is_none() {
                facts.sectors.extend(modifier.sectors.iter().cloned());
            }
            if let Some(class) = &modifier.class
                && (facts.class == "unknown" || entry.is_some_and(|entry| entry.weak && entry.kind.is_none()))
                && facts.register.is_none()
            {
                facts.class.clone_from(class);
            }
        }
        // "student leader", "women teachers": what the nouns before the head tell of the person.
        for unit in modifiers {
            if let Some((agent, _)) = unit.agent {
                facts.attributes.extend(self.lexicon.agents[agent as usize].attributes.iter().cloned());
            }
        }
        facts.attributes.sort_unstable();
        facts.attributes.dedup();
        facts.derive_register(self, entry);

        let plural = match (head.agent, head.demonym) {
            (Some((_, plural)), _) | (None, Some((_, plural))) => plural && head.name.is_none(),
            (None, None) => false,
        };
        let kind = match facts.kind {
            Some(kind) => kind,
            None if head.name.is_some() => ParticipantKind::Person,
            None if head.actor.is_some() || plural => ParticipantKind::Group,
            None if self.lexicon.is_collective(self.document.norm(head.tokens.end - 1)) => {
                ParticipantKind::Group
            }
            None => ParticipantKind::Person,
        };
        let government = facts.class.starts_with("state_").then(|| facts.country.clone()).flatten();
        let mention = ActorMention {
            span: self.document.span(&tokens),
            head: head.tokens.end - 1,
            proper: head
                .name
                .clone()
                .or_else(|| all().rev().find(|unit| unit.actor.is_some()).map(|unit| unit.tokens.clone())),
            tokens,
            register: facts.register,
            name: facts.name,
            kind,
            class: facts.class,
            target_type: facts.target,
            government_of: facts.government_of.or(government),
            country: facts.country,
            attributes: facts.attributes,
            sectors: facts.sectors,
            voice: facts.voice,
            plural,
            suspected: facts.suspected,
            weak: entry.is_some_and(|entry| entry.weak && entry.class.is_none())
                && head.actor.is_none()
                && head.name.is_none()
                && modifiers.iter().all(|unit| unit.actor.is_none() && unit.agent.is_none()),
            same_as: None,
        };
        Draft { mention, agent: agent.filter(|_| head.name.is_none()) }
    }

    /// The first link that belongs to the phrase. Names before a word for a settlement are a place's
    /// ("Old Tarna village"), not the settlement's modifiers.
    fn first(&self, before: &[Unit], head: &Unit) -> usize {
        let place = head.agent.is_some_and(|(agent, _)| self.lexicon.agents[agent as usize].place);
        let mut first = before.len();
        while first > 0 {
            let unit = &before[first - 1];
            if unit.possessive || unit.stop {
                break;
            }
            let bare = !unit.is_noun() && unit.modifier.is_none() && unit.demonym.is_none();
            if place && bare {
                break;
            }
            first -= 1;
        }
        // A hyphen cannot begin a phrase, nor an unknown word behind a participle's place.
        while first < before.len()
            && (self.words.is_sign(before[first].tokens.start) || self.counts(&before[first]))
        {
            first += 1;
        }
        first
    }

    fn counts(&self, unit: &Unit) -> bool {
        !unit.is_noun()
            && unit.modifier.is_some_and(|modifier| self.lexicon.modifiers[modifier as usize].quantifier)
    }

    /// Joins what stands behind "of" to the head before it: "members of the security forces",
    /// "soldiers of the Atlacatl battalion", "the army of Peru".
    fn of_phrases(&mut self, drafts: &mut Vec<Draft>, limit: TokenId) {
        let mut index = drafts.len();
        // From the last to the first, so that "leader of members of X" joins inside out.
        while index > 0 {
            index -= 1;
            let Some(agent) = drafts[index].agent else { continue };
            let entry = &self.lexicon.agents[agent as usize];
            let Some(start) = self.behind_of(drafts[index].mention.tokens.end, limit) else { continue };
            let inner = drafts.get(index + 1).filter(|draft| draft.mention.tokens.start == start);
            if let Some(inner) = inner {
                let inner = inner.mention.clone();
                let facility = !matches!(
                    inner.kind,
                    ParticipantKind::Group | ParticipantKind::Person | ParticipantKind::Population
                );
                let outer = &mut drafts[index].mention;
                let relational = entry.weak && entry.kind.is_none() && !facility;
                if relational || inner.register.is_some() && entry.kind.is_none() && inner.proper.is_some() {
                    take_over(outer, &inner, relational);
                    outer.tokens.end = inner.tokens.end;
                    outer.span = self.document.span(&outer.tokens);
                    drafts.remove(index + 1);
                } else if outer.country.is_none() {
                    outer.country = inner.country;
                }
            } else if let Some(country) = self.country_at(start, limit) {
                let mut facts = Facts { country: Some(country), ..Facts::default() };
                let outer = &mut drafts[index].mention;
                facts.class.clone_from(&outer.class);
                facts.derive_register(self, Some(entry));
                if outer.register.is_none() {
                    (outer.register, outer.name) = (facts.register, facts.name);
                }
                if outer.country.is_none() {
                    outer.country = facts.country;
                }
                if outer.class.starts_with("state_") {
                    outer.government_of.clone_from(&outer.country);
                }
            }
        }
    }

    /// The token behind "of", "of the", "from the" at `at`.
    fn behind_of(&self, at: TokenId, limit: TokenId) -> Option<TokenId> {
        if at + 1 >= limit || !matches!(self.document.norm(at), "of" | "from") {
            return None;
        }
        let mut next = at + 1;
        while next + 1 < limit
            && (matches!(
                self.document.norm(next),
                "the"
                    | "a"
                    | "an"
                    | "this"
                    | "that"
                    | "his"
                    | "her"
                    | "its"
                    | "their"
                    | "our"
                    | "these"
                    | "those"
            ) || self.document.tokens[next as usize].kind == TokenKind::Number)
        {
            next += 1;
        }
        Some(next)
    }

    fn country_at(&mut self, at: TokenId, limit: TokenId) -> Option<String> {
        let unit = self.known(at, &(at..limit))?;
        unit.country.map(|country| self.iso2(country))
    }
}

/// Gives the head before "of" what the phrase behind it tells.
pub(super) fn take_over(outer: &mut ActorMention, inner: &ActorMention, relational: bool) {
    outer.register.clone_from(&inner.register);
    outer.name.clone_from(&inner.name);
    outer.proper.clone_from(&inner.proper);
    let captives = outer.attributes.iter().any(|attribute| attribute == "captives");
    if relational && !captives || is_armed(&outer.class) {
        outer.class.clone_from(&inner.class);
        outer.target_type.clone_from(&inner.target_type);
        outer.sectors.clone_from(&inner.sectors);
        outer.government_of.clone_from(&inner.government_of);
        if outer.voice == VoiceKind::Other {
            outer.voice = inner.voice;
        }
        for attribute in &inner.attributes {
            if !outer.attributes.contains(attribute) {
                outer.attributes.push(attribute.clone());
            }
        }
        outer.attributes.sort_unstable();
    }
    // "the president of the parliament": the office is the organisation's.
    if !relational && outer.class == "state_other" && !inner.sectors.is_empty() {
        outer.sectors.clone_from(&inner.sectors);
    }
    if outer.country.is_none() {
        outer.country.clone_from(&inner.country);
    }
    if relational && inner.kind == ParticipantKind::Population {
        outer.kind = ParticipantKind::Population;
    }
    outer.suspected |= inner.suspected;
    outer.weak = relational && inner.weak;
}

/// What a possessor tells: "the rebels' camp", "Chile's police".
#[derive(Debug)]
struct Owner {
    country: Option<String>,
    register: Option<String>,
    class: Option<String>,
}

/// What the links of a phrase tell of its head.
#[derive(Debug)]
struct Facts {
    class: String,
    target: Option<String>,
    country: Option<String>,
    government_of: Option<String>,
    register: Option<String>,
    name: Option<String>,
    kind: Option<ParticipantKind>,
    attributes: Vec<String>,
    sectors: Vec<String>,
    voice: VoiceKind,
    suspected: bool,
}

impl Default for Facts {
    fn default() -> Facts {
        Facts {
            class: "unknown".to_owned(),
            target: None,
            country: None,
            government_of: None,
            register: None,
            name: None,
            kind: None,
            attributes: Vec::new(),
            sectors: Vec::new(),
            voice: VoiceKind::Other,
            suspected: false,
        }
    }
}

impl Facts {
    fn owner(&mut self, owner: Option<Owner>, head: Option<&Agent>) {
        let Some(owner) = owner else { return };
        if self.country.is_none() {
            self.country = owner.country;
        }
        // "the rebels' camp" is the rebels'; "the rebels' victims" are not.
        if head.is_some_and(|head| head.weak && head.attributes.iter().all(|a| a != "captives")) {
            self.register = owner.register;
            if let Some(class) = owner.class {
                self.class = class;
            }
        }
    }

    fn noun(&mut self, reader: &Reader<'_>, head: Option<&Agent>, premodifier: Option<u16>) {
        let Some(head) = head else { return };
        self.kind = head.kind;
        self.attributes.clone_from(&head.attributes);
        self.sectors.clone_from(&head.sectors);
        self.voice = head.voice;
        self.target.clone_from(&head.target);
        let captives = head.attributes.iter().any(|a| a == "captives");
        // "police patrol" is the police's; "insurgent fighters" are no longer of unknown allegiance.
        // "army accountant", "intelligence agency officer": a state body's people, whatever their calling.
        let open = |before: &&Agent| {
            let armed = before.class.as_deref().is_some_and(is_armed);
            let body = before.force.as_deref().is_some_and(|force| force != "government");
            let own = head.kind.is_none()
                && head
                    .class
                    .as_deref()
                    .is_none_or(|class| class == "civilians" || class.starts_with("state_"));
            head.weak && !captives
                || armed && head.class.as_deref().is_some_and(is_open)
                || body && own && !captives
        };
        let before = premodifier.map(|agent| &reader.lexicon.agents[agent as usize]).filter(open);
        if let Some(before) = before.filter(|before| before.class.is_some()) {
            self.class = before.class.clone().unwrap_or_default();
            self.target.clone_from(&before.target);
            self.sectors.clone_from(&before.sectors);
            if self.voice == VoiceKind::Other {
                self.voice = before.voice;
            }
            if self.kind.is_none() && before.kind.is_some_and(|kind| kind == ParticipantKind::Population) {
                self.kind = before.kind;
            }
        } else if self.class == "unknown"
            && let Some(class) = &head.class
        {
            self.class.clone_from(class);
        }
        if self.target.is_none() {
            self.target = target_of(&self.class).map(str::to_owned);
        }
    }

    fn actor(&mut self, reader: &Reader<'_>, actor: u16, head: Option<&Agent>, is_head: bool) {
        let actor = &reader.lexicon.actors[actor as usize];
        let (class, sectors) = reader.context.class_of(actor);
        if self.country.is_none() {
            self.country.clone_from(&actor.country);
        }
        let taken = is_head
            || head.is_none_or(|head| {
                let captives = head.attributes.iter().any(|a| a == "captives");
                head.weak && !captives || is_armed(&self.class) || class == "un_ngo"
            });
        if !taken {
            return;
        }
        self.register = Some(actor.id.clone());
        self.name = Some(actor.name.clone());
        self.government_of.clone_from(&actor.government_of);
        // "UN troops" are not the organisation, but its mission's.
        let mission = class == "un_ngo" && (self.class == "state_military" || self.class == "peacekeepers");
        self.class = if mission { "peacekeepers" } else { class }.to_owned();
        self.sectors =
            if sectors.is_empty() { vec![sector_of(&self.class).to_owned()] } else { sectors.to_vec() };
        self.voice = voice_of(&self.class, &self.sectors, self.voice);
        if is_head || self.target.is_none() {
            self.target = target_of(&self.class).map(str::to_owned);
        }
    }

    /// A state's body by country and noun: "Salvadoran soldiers" are of "slv-army".
    fn derive_register(&mut self, reader: &Reader<'_>, head: Option<&Agent>) {
        if self.register.is_some() {
            if self.name.is_none()
                && let Some(entry) = self.register.as_deref().and_then(|id| reader.lexicon.entry(id))
            {
                self.name = Some(entry.name);
            }
            return;
        }
        if let Some(force) = head.and_then(|head| head.force.as_deref())
            && self.class.starts_with("state_")
        {
            self.derive(reader, force);
        }
    }

    fn derive(&mut self, reader: &Reader<'_>, force: &str) {
        let Some(country) = self.country.as_deref() else { return };
        let Some(iso3) = reader.lexicon.iso3(country) else { return };
        let id = format!("{}-{force}", iso3.to_ascii_lowercase());
        if let Some(entry) = reader.lexicon.entry(&id) {
            self.name = Some(entry.name);
            self.register = Some(id);
        }
    }
}

/// Whether the class of a noun says less than an armed modifier before it.
fn is_open(class: &str) -> bool {
    matches!(class, "armed_group_unspecified" | "private_security")
}

fn target_of(class: &str) -> Option<&'static str> {
    Some(match class {
        "state_military" | "foreign_military" | "peacekeepers" => "military",
        "state_police" => "police",
        "state_intelligence" | "state_other" => "government",
        "rebel" | "armed_group_unspecified" | "political_militia" | "identity_militia" | "criminal" => {
            "armed_group"
        }
        "un_ngo" => "aid",
        "civilians" | "protesters" | "rioters" | "private_security" => "civilians",
        _ => return None,
    })
}

fn sector_of(class: &str) -> &'static str {
    match class {
        "state_military" | "foreign_military" | "peacekeepers" => "MIL",
        "state_police" => "COP",
        "state_intelligence" => "SPY",
        "state_other" => "GOV",
        "rebel" => "REB",
        "armed_group_unspecified" => "UAF",
        "political_militia" | "identity_militia" => "PRM",
        "criminal" => "CRM",
        "un_ngo" => "NGO",
        "civilians" | "protesters" | "rioters" => "CVL",
        _ => "UNK",
    }
}

fn voice_of(class: &str, sectors: &[String], otherwise: VoiceKind) -> VoiceKind {
    match class {
        "un_ngo" if sectors.iter().any(|sector| sector == "IGO") => VoiceKind::Un,
        "peacekeepers" => VoiceKind::Un,
        "un_ngo" => VoiceKind::Ngo,
        "civilians" if sectors.iter().any(|sector| sector == "PTY") => VoiceKind::Political,
        class if class.starts_with("state_") || class == "foreign_military" => VoiceKind::State,
        class if is_armed(class) && class != "private_security" => VoiceKind::ArmedGroup,
        _ => otherwise,
    }
}
