//! Finds the marks of speech, their speakers, and the words between them that each governs.

use super::{Data, Phrase, Verb, VoiceMention};
use crate::{
    AttributionStatus, ParticipantKind, VoiceKind,
    mention::actor::ActorMention,
    text::{Document, Tag, TokenId, TokenKind},
};
use std::ops::Range;

/// How many tokens a subject may lie before its verb.
const REACH: u32 = 40;

/// How many sentences behind its speaker a pronoun may stand.
const ANTECEDENT: u32 = 3;

/// A verb or phrase of saying with its speaker.
#[derive(Debug)]
struct Mark {
    speaker: Range<TokenId>,
    actor: Option<u32>,
    verb: Option<TokenId>,
    /// Speaker, verb and the words between: what the mark takes from the clause.
    region: Range<TokenId>,
    stance: AttributionStatus,
    claims: bool,
    /// The speaker is a pronoun: who spoke last.
    pronoun: bool,
}

/// Words that tell when or how something was said.
const ASIDE: &[&str] = &[
    "on",
    "in",
    "a",
    "an",
    "the",
    "by",
    "late",
    "early",
    "earlier",
    "later",
    "this",
    "last",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "morning",
    "afternoon",
    "evening",
    "night",
    "today",
    "yesterday",
    "week",
    "statement",
    "communique",
    "telephone",
    "phone",
    "report",
    "interview",
    "briefing",
];

pub(super) fn find(data: &Data, document: &Document<'_>, actors: &[ActorMention]) -> Vec<VoiceMention> {
    let finder = Finder { data, document, actors };
    let mut voices: Vec<VoiceMention> = Vec::new();
    let mut first_actor = 0;
    let mut marks = Vec::new();
    for (index, sentence) in document.sentences.iter().enumerate() {
        let tokens = sentence.tokens.clone();
        while actors.get(first_actor).is_some_and(|actor| actor.tokens.end <= tokens.start) {
            first_actor += 1;
        }
        finder.marks(&tokens, first_actor, &mut marks);
        let before = voices.len();
        for at in 0..marks.len() {
            let voice = finder.voice(&marks, at, index, &tokens, voices.last());
            voices.push(voice);
        }
        finder.verification(&tokens, &mut voices, before);
    }
    voices
}

struct Finder<'a> {
    data: &'a Data,
    document: &'a Document<'a>,
    actors: &'a [ActorMention],
}

impl Finder<'_> {
    fn norm(&self, at: TokenId) -> &str {
        self.document.norm(at)
    }

    fn tag(&self, at: TokenId) -> Tag {
        self.document.tokens[at as usize].tag
    }

    fn matches(&self, words: &[String], at: TokenId, limit: TokenId) -> bool {
        let end = at as usize + words.len();
        end <= limit as usize && words.iter().zip(at..).all(|(word, token)| self.norm(token) == word)
    }

    /// All marks of a sentence, in text order.
    fn marks(&self, tokens: &Range<TokenId>, first_actor: usize, out: &mut Vec<Mark>) {
        out.clear();
        let mut at = tokens.start;
        while at < tokens.end {
            let end = out.last().map_or(tokens.start, |mark: &Mark| mark.region.end);
            let found = self
                .phrase(at, tokens, first_actor)
                .or_else(|| self.verb(at, tokens, first_actor, end.min(at)))
                .or_else(|| self.goes_on(at, tokens, out.last()?));
            match found {
                Some(mark) => {
                    at = mark.region.end.max(at + 1);
                    out.push(mark);
                }
                None => at += 1,
            }
        }
    }

    /// "according to X"
    fn phrase(&self, at: TokenId, tokens: &Range<TokenId>, first_actor: usize) -> Option<Mark> {
        let Phrase { words, stance } = self
            .data
            .phrases
            .get(self.norm(at))?
            .iter()
            .find(|phrase| self.matches(&phrase.words, at, tokens.end))?;
        let behind = at + words.len() as TokenId;
        let (speaker, actor) = self.subject_behind(behind, tokens, first_actor)?;
        let claims = *stance == AttributionStatus::Claimed
            && (tokens.start..behind).any(|token| self.norm(token) == "responsibility");
        Some(Mark {
            region: at..speaker.end,
            speaker,
            actor,
            verb: None,
            stance: *stance,
            claims,
            pronoun: false,
        })
    }

    fn verb(&self, at: TokenId, tokens: &Range<TokenId>, first_actor: usize, from: TokenId) -> Option<Mark> {
        let verbs = self.data.verbs.get(self.norm(at))?;
        let Verb { words, stance, .. } = verbs.iter().find(|verb| {
            self.matches(&verb.words, at, tokens.end)
                && self.has_object(&verb.objects, at + verb.words.len() as TokenId, tokens.end)
        })?;
        let end = at + words.len() as TokenId;
        if matches!(self.tag(at), Tag::Noun | Tag::NounPlural | Tag::Adjective) && !is_sure(self.norm(at)) {
            return None;
        }
        if self.is_passive(at, tokens.start) {
            return None;
        }
        let behind = self.norm_at(end, tokens.end);
        let claims = matches!(stance, AttributionStatus::Claimed | AttributionStatus::Stated)
            && (words.iter().any(|word| word == "responsibility")
                || *stance == AttributionStatus::Claimed
                    && (end..(end + 3).min(tokens.end)).any(|token| self.norm(token) == "responsibility"));
        let opens = at > tokens.start && matches!(self.norm(at - 1), "," | "\"" | "''" | "”" | "'");
        let quoted_behind = matches!(behind, "that" | ":" | "\"" | "``" | "“");
        // "Ana Lopez, the mayor, said" has no verb before the comma; "four died, said police" has.
        let told = (from.max(tokens.start)..at).any(|token| is_finite(self.tag(token)))
            || self.norm(at - u32::from(opens)) != ",";
        // "the mayor, Ana Lopez, told reporters": those behind the verb listen.
        let inverted = (opens && told && !quoted_behind && !is_heard(self.norm(at)))
            .then(|| self.subject_behind(end, tokens, first_actor))
            .flatten()
            .filter(|(speaker, _)| speaker.start <= end + 3);
        if let Some((speaker, actor)) = inverted {
            let region = at..speaker.end;
            return Some(Mark {
                speaker,
                actor,
                verb: Some(at),
                region,
                stance: *stance,
                claims,
                pronoun: false,
            });
        }
        let tells = *stance == AttributionStatus::Denied || claims;
        let relative = tells.then(|| self.relative(at, from.max(tokens.start), first_actor)).flatten();
        let (speaker, actor, pronoun) = match relative {
            Some(index) => (self.actors[index].tokens.clone(), Some(index as u32), false),
            None => self.subject_before(at, from.max(tokens.start), first_actor)?,
        };
        if self.is_nobody(&speaker, tokens.start) {
            return None;
        }
        let region = self.with_determiner(speaker.start, tokens.start)..end;
        Some(Mark { speaker, actor, verb: Some(at), region, stance: *stance, claims, pronoun })
    }

    /// "The Front claimed the attack and said 15 had died": who spoke before goes on.
    fn goes_on(&self, at: TokenId, tokens: &Range<TokenId>, before: &Mark) -> Option<Mark> {
        let adverb = u32::from(at > tokens.start && self.tag(at - 1) == Tag::Adverb);
        let joined = at > tokens.start + adverb && self.norm(at - 1 - adverb) == "and";
        let says = matches!(self.norm(at), "said" | "says" | "added" | "adds");
        (joined && says && before.verb.is_some() && before.region.end <= at).then(|| Mark {
            speaker: before.speaker.clone(),
            actor: before.actor,
            verb: Some(at),
            region: at..at + 1,
            stance: AttributionStatus::Stated,
            claims: false,
            pronoun: before.pronoun,
        })
    }

    fn norm_at(&self, at: TokenId, limit: TokenId) -> &str {
        if at < limit { self.norm(at) } else { "" }
    }

    fn has_object(&self, objects: &[Vec<String>], at: TokenId, limit: TokenId) -> bool {
        objects.is_empty()
            || (at..limit.min(at + 7)).take_while(|token| !matches!(self.norm(*token), "." | ";" | ",")).any(
                |token| {
                    objects.iter().any(|object| match object.first().map(String::as_str) {
                        Some("#") => {
                            self.document.tokens[token as usize].kind == TokenKind::Number
                                || self.tag(token) == Tag::Number
                        }
                        _ => self.matches(object, token, limit),
                    })
                },
            )
    }

    /// "was told", "is said to": the subject does not speak.
    fn is_passive(&self, at: TokenId, start: TokenId) -> bool {
        let mut before = at;
        while before > start && matches!(self.tag(before - 1), Tag::Adverb) {
            before -= 1;
        }
        before > start
            && matches!(
                self.norm(before - 1),
                "is" | "are" | "was" | "were" | "be" | "been" | "being" | "to" | "not" | "'s" | "never"
            )
            // "is claiming responsibility"
            && !self.norm(at).ends_with("ing")
    }

    /// Whether the subject is nobody: "no group claimed responsibility".
    fn is_nobody(&self, speaker: &Range<TokenId>, start: TokenId) -> bool {
        matches!(self.norm(speaker.start), "nobody" | "none" | "no")
            || speaker.start > start
                && matches!(self.norm(speaker.start - 1), "no" | "neither" | "whether" | "if")
    }

    /// "the Front, which denied it": the actor that a relative pronoun before the verb means.
    fn relative(&self, verb: TokenId, start: TokenId, first_actor: usize) -> Option<usize> {
        let mut at = verb;
        while at > start
            && (self.tag(at - 1) == Tag::Adverb || matches!(self.norm(at - 1), "has" | "have" | "had"))
        {
            at -= 1;
        }
        let pronoun = at
            .checked_sub(1)
            .filter(|&pronoun| pronoun > start && matches!(self.norm(pronoun), "who" | "which" | "that"))?;
        let end = pronoun - TokenId::from(self.norm(pronoun - 1) == ",");
        let index = self.actors[first_actor..].partition_point(|actor| actor.tokens.end <= end) + first_actor;
        let index = index.checked_sub(1).filter(|&index| index >= first_actor)?;
        (self.actors[index].tokens.end == end && can_speak(&self.actors[index])).then_some(index)
    }

    /// The subject of the verb at `at`: the noun phrase before it, over auxiliaries, adverbs, times,
    /// appositions between commas and what hangs on by a preposition.
    fn subject_before(
        &self,
        verb: TokenId,
        start: TokenId,
        first_actor: usize,
    ) -> Option<(Range<TokenId>, Option<u32>, bool)> {
        let mut at = verb;
        let going_on = self.norm(verb).ends_with("ing");
        while at > start
            && (matches!(self.tag(at - 1), Tag::Adverb | Tag::Modal)
                || going_on && matches!(self.norm(at - 1), "is" | "are" | "was" | "were" | "been")
                || matches!(
                    self.norm(at - 1),
                    "has"
                        | "have"
                        | "had"
                        | "also"
                        | "later"
                        | "earlier"
                        | "today"
                        | "yesterday"
                        | "did"
                        | "does"
                ))
        {
            at -= 1;
        }
        if at == start {
            return None;
        }
        if matches!(self.norm(at - 1), "he" | "she" | "they" | "it" | "i" | "we") {
            let own = matches!(self.norm(at - 1), "i" | "we");
            return (!own).then(|| (at - 1..at, None, true));
        }
        // The nearest mention before the verb, then leftwards along "spokesman for the ministry in Beya".
        let floor = start.max(at.saturating_sub(REACH));
        let mut best: Option<usize> = None;
        let upper = self.actors[first_actor..].partition_point(|actor| actor.tokens.end <= at) + first_actor;
        let mut edge = at;
        for index in (first_actor..upper).rev() {
            let actor = &self.actors[index];
            if actor.tokens.start < floor {
                break;
            }
            let same = best.and_then(|best| self.actors[best].same_as) == Some(index as u32)
                || best.is_none() && actor.same_as.is_some() && self.is_comma(actor.tokens.end..edge);
            if !self.hangs_on(actor.tokens.end..edge, best.is_none(), same) {
                break;
            }
            if !can_speak(actor) {
                edge = actor.tokens.start;
                continue;
            }
            edge = actor.tokens.start;
            best = Some(index);
        }
        if let Some(index) = best {
            let actor = &self.actors[index];
            return Some((actor.tokens.clone(), Some(index as u32), false));
        }
        self.noun_before(at, floor)
    }

    /// Whether only words that hang on to a subject stand between it and the verb, or between it and
    /// a noun that hangs on to it.
    fn hangs_on(&self, between: Range<TokenId>, before_verb: bool, same: bool) -> bool {
        if between.is_empty() || same {
            return true;
        }
        let first = self.norm(between.start);
        // ", 34," or ", who leads it,": anything between two commas.
        if first == "," {
            return before_verb && between.len() > 1 && self.norm(between.end - 1) == ",";
        }
        if first == "(" {
            return self.norm(between.end - 1) == ")" || !before_verb;
        }
        // "the mayor of Beya, said": the comma closes the apposition.
        let closing = before_verb && self.norm(between.end - 1) == ",";
        let between = between.start..between.end - TokenId::from(closing);
        let preposition = matches!(
            first,
            "of" | "for"
                | "from"
                | "in"
                | "at"
                | "with"
                | "on"
                | "near"
                | "'s"
                | "to"
                | "by"
                | "who"
                | "'"
                | "-"
        );
        // "police investigating the raid said"
        let busy = self.tag(between.start) == Tag::VerbIng;
        (preposition || busy)
            && between.clone().all(|token| {
                !is_finite(self.tag(token))
                    && !matches!(self.norm(token), "," | ";" | ":" | "that" | "and" | "but")
                    || first == "who"
            })
    }

    fn is_comma(&self, tokens: Range<TokenId>) -> bool {
        tokens.len() == 1 && self.norm(tokens.start) == ","
    }

    /// A subject that is no known actor: a run of nouns before the verb.
    fn noun_before(&self, at: TokenId, floor: TokenId) -> Option<(Range<TokenId>, Option<u32>, bool)> {
        let mut end = at;
        // "Gomez, 34, said": step over what stands between two commas.
        if self.norm(end - 1) == "," {
            let open = (floor..end - 1).rev().find(|token| self.norm(*token) == ",")?;
            end = open;
        }
        let mut start = end;
        while start > floor
            && matches!(
                self.tag(start - 1),
                Tag::Noun | Tag::NounPlural | Tag::Proper | Tag::ProperPlural | Tag::Adjective
            )
        {
            start -= 1;
        }
        (start < end && !matches!(self.tag(end - 1), Tag::Adjective)).then_some((start..end, None, false))
    }

    /// The noun phrase behind "according to" or an inverted verb.
    fn subject_behind(
        &self,
        at: TokenId,
        tokens: &Range<TokenId>,
        first_actor: usize,
    ) -> Option<(Range<TokenId>, Option<u32>)> {
        let mut start = at;
        while start < tokens.end
            && (matches!(self.tag(start), Tag::Determiner | Tag::PossessivePronoun | Tag::Number)
                || matches!(self.norm(start), "the" | "a" | "an" | "some" | "several"))
        {
            start += 1;
        }
        let next =
            self.actors[first_actor..].partition_point(|actor| actor.tokens.start < start) + first_actor;
        // The mention may begin a little later, behind adjectives that it does not know.
        let actor = self.actors.get(next).filter(|actor| {
            actor.tokens.start < tokens.end
                && actor.tokens.start <= start + 3
                && (start..actor.tokens.start).all(|token| {
                    matches!(self.tag(token), Tag::Adjective | Tag::Noun | Tag::Proper | Tag::ProperPlural)
                })
        });
        if let Some(actor) = actor.filter(|actor| can_speak(actor)) {
            return Some((actor.tokens.clone(), Some(next as u32)));
        }
        let mut end = start;
        while end < tokens.end
            && matches!(
                self.tag(end),
                Tag::Noun | Tag::NounPlural | Tag::Proper | Tag::ProperPlural | Tag::Adjective
            )
        {
            end += 1;
        }
        (end > start).then_some((start..end, None))
    }

    fn with_determiner(&self, at: TokenId, start: TokenId) -> TokenId {
        let mut first = at;
        while first > start
            && (matches!(
                self.tag(first - 1),
                Tag::Determiner | Tag::PossessivePronoun | Tag::Number | Tag::Adjective | Tag::Adverb
            ) || matches!(self.norm(first - 1), "the" | "a" | "an" | "however"))
        {
            first -= 1;
        }
        first
    }

    fn voice(
        &self,
        marks: &[Mark],
        at: usize,
        sentence: usize,
        tokens: &Range<TokenId>,
        last: Option<&VoiceMention>,
    ) -> VoiceMention {
        let mark = &marks[at];
        let (kind, actor, named) = match mark.actor {
            Some(actor) => (self.kind(actor as usize), Some(actor), Some(mark.speaker.clone())),
            None if mark.pronoun => {
                let last = last.filter(|last| self.may_mean(mark.speaker.start, last));
                last.map_or((VoiceKind::Other, None, None), |last| {
                    (last.kind, last.actor, last.named.clone())
                })
            }
            None => (self.kind_of_noun(&mark.speaker), None, Some(mark.speaker.clone())),
        };
        VoiceMention {
            named,
            speaker: mark.speaker.clone(),
            span: self.document.span(&mark.speaker),
            verb: mark.verb,
            governs: self.governs(marks, at, sentence, tokens),
            kind,
            actor,
            stance: mark.stance,
            claims_responsibility: mark.claims,
            mode: mark.claims.then(|| self.mode(tokens)).flatten(),
            verification: None,
        }
    }

    /// Whether a pronoun can mean who spoke last: near, of its number, and a person for "he" and "she".
    fn may_mean(&self, pronoun: TokenId, last: &VoiceMention) -> bool {
        let sentence = |token| self.document.sentence_of(token);
        if sentence(pronoun) - sentence(last.speaker.start) > ANTECEDENT {
            return false;
        }
        let Some(actor) = last.actor.map(|actor| &self.actors[actor as usize]) else {
            // "the statement" is an it, a name that no list knows may be a person's.
            let plural = last
                .named
                .as_ref()
                .is_some_and(|named| matches!(self.tag(named.end - 1), Tag::NounPlural | Tag::ProperPlural));
            return (self.norm(pronoun) == "they") == plural;
        };
        let collective = actor.kind != ParticipantKind::Person;
        match self.norm(pronoun) {
            "they" => actor.plural || collective,
            "it" => collective && !actor.plural,
            // A head, a mayor, a witness: a noun for one person is a group of one in the register's words.
            _ => !actor.plural && actor.register.is_none(),
        }
    }

    fn kind(&self, index: usize) -> VoiceKind {
        let actor = &self.actors[index];
        match self.norm(actor.head) {
            "survivor" | "survivors" => VoiceKind::Survivor,
            _ => actor.voice,
        }
    }

    fn kind_of_noun(&self, speaker: &Range<TokenId>) -> VoiceKind {
        match self.norm(speaker.end - 1) {
            "report" | "reports" | "news" | "agency" | "channel" | "website" | "post" | "times" => {
                VoiceKind::Media
            }
            "statement" | "communique" | "note" => VoiceKind::Other,
            _ => VoiceKind::Other,
        }
    }

    /// What the mark governs: what is said behind it, before it, or both where it stands between.
    fn governs(&self, marks: &[Mark], at: usize, sentence: usize, tokens: &Range<TokenId>) -> Range<TokenId> {
        let mark = &marks[at];
        let left = at.checked_sub(1).map_or(tokens.start, |before| marks[before].region.end);
        let right = marks.get(at + 1).map_or(tokens.end, |next| next.region.start);
        let clause_start = self.clause_start(left, mark.region.start, at > 0);
        let clause_end = self.clause_end(mark.region.end, right, at + 1 < marks.len());
        let before = self.has_words(clause_start..mark.region.start);
        // Behind an inverted verb ("…, said the mayor, who …") is nothing but the speaker.
        let inverted = mark.verb == Some(mark.region.start) && mark.speaker.start > mark.region.start;
        // "…, police said on Sunday", "…, the army said in a statement": when or how it was said, not what.
        let said = self.behind_hearers(mark, clause_end);
        let aside = (said..clause_end).all(|token| {
            self.document.tokens[token as usize].kind != TokenKind::Word || ASIDE.contains(&self.norm(token))
        });
        let after = !(aside || inverted && before) && self.has_words(said..clause_end);
        let is_close = |at: TokenId| {
            at > tokens.start && matches!(self.norm(at - 1), "," | "\"" | "''" | "”" | "-" | "--" | "?" | "!")
        };
        // "…, residents and police said"
        let two = mark.region.start >= tokens.start + 3 && self.norm(mark.region.start - 1) == "and";
        let closes = is_close(mark.region.start) || two && is_close(mark.region.start - 2);
        match (before && (closes || mark.verb.is_none()), after) {
            // "…, police said." Words quoted over several sentences are the speaker's from their start.
            (true, false) => self.quoted_before(clause_start, mark, sentence)..mark.region.start,
            (true, true) if self.comma_behind(mark.region.end, tokens.end) || mark.verb.is_none() => {
                clause_start..clause_end
            }
            (_, _) => mark.region.start..self.quoted_behind(clause_end, sentence, tokens),
        }
    }

    /// Where the words behind a mark begin, over those who were told: "told reporters in Beya".
    fn behind_hearers(&self, mark: &Mark, limit: TokenId) -> TokenId {
        let told = mark.verb.is_some_and(|verb| is_heard(self.norm(verb)));
        let hearer = |token: &TokenId| {
            matches!(
                self.tag(*token),
                Tag::Noun | Tag::NounPlural | Tag::Proper | Tag::ProperPlural | Tag::Determiner
            )
        };
        let end = mark.region.end;
        if told { end + (end..limit).take_while(hearer).count() as TokenId } else { end }
    }

    fn comma_behind(&self, at: TokenId, limit: TokenId) -> bool {
        self.norm_at(at, limit) == ","
    }

    fn has_words(&self, tokens: Range<TokenId>) -> bool {
        tokens.into_iter().any(|token| {
            matches!(self.document.tokens[token as usize].kind, TokenKind::Word | TokenKind::Number)
                && !matches!(
                    self.norm(token),
                    "but" | "and" | "while" | "however" | "although" | "yesterday" | "today"
                )
        })
    }

    /// Where the clause that ends at `end` begins, not before `start`.
    fn clause_start(&self, start: TokenId, end: TokenId, shared: bool) -> TokenId {
        for token in (start..end).rev() {
            if self.norm(token) == ";" || shared && self.is_turn(token, end) {
                return token + 1;
            }
        }
        start
    }

    /// Where the clause that begins at `start` ends, not after `end`.
    fn clause_end(&self, start: TokenId, end: TokenId, shared: bool) -> TokenId {
        for token in start..end {
            if self.norm(token) == ";" || shared && self.is_turn(token, end) {
                return token;
            }
        }
        end
    }

    /// A comma before "but", "while", "although": another clause.
    fn is_turn(&self, token: TokenId, limit: TokenId) -> bool {
        self.norm(token) == ","
            && matches!(
                self.norm_at(token + 1, limit),
                "but" | "while" | "although" | "though" | "whereas" | "and"
            )
    }

    /// Back to the start of the quotation that `mark` closes.
    fn quoted_before(&self, start: TokenId, mark: &Mark, sentence: usize) -> TokenId {
        let quoted = |token: TokenId| self.document.tokens[token as usize].quoted;
        if mark.region.start == 0 || !(start..mark.region.start).any(quoted) || !quoted(start) {
            return start;
        }
        let mut first = start;
        for before in (0..sentence).rev().take(12) {
            let tokens = &self.document.sentences[before].tokens;
            let inside = tokens.clone().all(|token| {
                quoted(token) || self.document.tokens[token as usize].kind == TokenKind::Punctuation
            });
            if !inside || tokens.is_empty() {
                break;
            }
            first = tokens.start;
        }
        first
    }

    /// On to the end of the quotation that is open at the end of the sentence.
    fn quoted_behind(&self, end: TokenId, sentence: usize, tokens: &Range<TokenId>) -> TokenId {
        let quoted = |token: TokenId| self.document.tokens[token as usize].quoted;
        if end != tokens.end || end == 0 || !quoted(end - 1) {
            return end;
        }
        let mut last = end;
        for next in self.document.sentences.iter().skip(sentence + 1).take(12) {
            let inside = next.tokens.clone().take_while(|token| quoted(*token)).count();
            if inside == 0 {
                break;
            }
            last = next.tokens.start + inside as TokenId;
            if last < next.tokens.end {
                break;
            }
        }
        last
    }

    /// How a claim was made, as its sentence tells: the first words that say so.
    fn mode(&self, tokens: &Range<TokenId>) -> Option<String> {
        tokens.clone().find_map(|at| {
            let modes = self.data.modes.get(self.norm(at))?;
            modes.iter().find(|mode| self.matches(&mode.words, at, tokens.end)).map(|mode| mode.mode.clone())
        })
    }

    /// "It could not be independently verified": of the voices of this sentence, else of the last one.
    fn verification(&self, tokens: &Range<TokenId>, voices: &mut [VoiceMention], before: usize) {
        let found = tokens.clone().find_map(|at| {
            let checks = self.data.checks.get(self.norm(at))?;
            checks.iter().find(|check| self.matches(&check.words, at, tokens.end))
        });
        let Some(check) = found else { return };
        let from = if before < voices.len() { before } else { before.saturating_sub(1) };
        for voice in &mut voices[from..] {
            voice.verification = Some(check.verification);
        }
    }
}

fn is_finite(tag: Tag) -> bool {
    matches!(tag, Tag::VerbPast | Tag::VerbThird | Tag::VerbPresent | Tag::Modal)
}

/// Verbs whose object listens.
fn is_heard(norm: &str) -> bool {
    matches!(norm, "told" | "tells" | "telling" | "informed" | "briefed")
}

/// Verbs that are no noun, whatever the tagger says in text of capitals.
fn is_sure(norm: &str) -> bool {
    matches!(
        norm,
        "said" | "says" | "told" | "added" | "announced" | "stated" | "reported" | "confirmed" | "noted"
    )
}

fn can_speak(actor: &ActorMention) -> bool {
    match actor.kind {
        ParticipantKind::Person | ParticipantKind::Group | ParticipantKind::Population => true,
        ParticipantKind::Facility => actor.voice != VoiceKind::Other || actor.register.is_some(),
        ParticipantKind::Vehicle | ParticipantKind::Infrastructure => false,
    }
}
