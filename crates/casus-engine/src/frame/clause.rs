//! Who stands where around a verb or noun: subject, objects, prepositional phrases.
//!
//! Reads the chunks of one sentence by walking left and right from the trigger until a clause ends.
//! Every walk is bounded by the sentence and looks at each chunk once.
//!
//! This module must not know what a trigger means.

use super::chunk::{Chunk, ChunkId, ChunkKind, Determiner, Voice};
use crate::text::{Document, Tag, TokenKind};

/// The chunks of one sentence with its document.
#[derive(Clone, Copy)]
pub(super) struct Clause<'a> {
    pub(super) document: &'a Document<'a>,
    pub(super) chunks: &'a [Chunk],
}

/// A preposition and the noun groups behind it.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    pub(super) preposition: ChunkId,
    pub(super) nouns: Vec<ChunkId>,
}

impl<'a> Clause<'a> {
    pub(super) fn kind(&self, at: ChunkId) -> Option<ChunkKind> {
        self.chunks.get(at).map(|chunk| chunk.kind)
    }

    /// The normal form of a chunk's only or last word.
    pub(super) fn word(&self, at: ChunkId) -> &'a str {
        self.chunks.get(at).map_or("", |chunk| self.document.norm(chunk.head))
    }

    /// The noun groups that are the subject of the verb group at `verb`, nearest conjunct last.
    pub(super) fn subject(&self, verb: ChunkId) -> Vec<ChunkId> {
        self.subject_within(verb, 8)
    }

    /// `depth` bounds the hops from verb to verb ("X entered, burned and left").
    fn subject_within(&self, verb: ChunkId, depth: usize) -> Vec<ChunkId> {
        let Some(chunk) = self.chunks.get(verb) else { return Vec::new() };
        if depth == 0 {
            return Vec::new();
        }
        let reduced = chunk.voice == Voice::BareParticiple;
        let mut at = verb;
        let mut comma_before = false;
        while at > 0 {
            at -= 1;
            match self.chunks[at].kind {
                ChunkKind::Adverb
                | ChunkKind::Time
                | ChunkKind::Aside
                | ChunkKind::Quote
                | ChunkKind::Adjective
                | ChunkKind::Other => {}
                ChunkKind::Comma => {
                    comma_before = true;
                    // ", killing four": the subject is that of the verb before.
                    if chunk.voice == Voice::Ing && verb - at <= 2 {
                        if let Some(governor) = self.verb_before(at) {
                            return self.subject_within(governor, depth - 1);
                        }
                        return Vec::new();
                    }
                }
                ChunkKind::Relative => {
                    let word = self.word(at);
                    if matches!(word, "where" | "when") {
                        return Vec::new();
                    }
                    return self.antecedent(at).map_or_else(Vec::new, |noun| vec![noun]);
                }
                ChunkKind::Subordinator => {
                    // "soldiers that attacked": a relative clause; "said that rebels": a new clause.
                    if self.word(at) == "that" && verb - at <= 2 && at > 0 && self.chunks[at - 1].is_nominal()
                    {
                        return self.antecedent(at).map_or_else(Vec::new, |noun| vec![noun]);
                    }
                    // "after attacking the post, the rebels fled": the subject follows.
                    if chunk.voice == Voice::Ing {
                        return self.later_subject(verb, depth);
                    }
                    return Vec::new();
                }
                ChunkKind::Conjunction => {
                    // "entered the town and burned houses": shared subject.
                    if let Some(governor) = self.verb_before(at) {
                        return self.shared(governor, verb, depth);
                    }
                }
                ChunkKind::Preposition => {
                    // "by killing", "of attacking"
                    if chunk.voice == Voice::Ing {
                        return match self.verb_before(at) {
                            // "killed by shelling": those who suffered did not do it.
                            Some(governor)
                                if self.word(at) == "by" && self.chunks[governor].voice == Voice::Passive =>
                            {
                                Vec::new()
                            }
                            Some(governor) => self.subject_within(governor, depth - 1),
                            None => self.later_subject(verb, depth),
                        };
                    }
                }
                ChunkKind::Verb => {
                    let governor = at;
                    // "men jailed for attacking a post were freed": the gerund hangs on what is further left.
                    if governor > 0
                        && self.chunks[governor].voice == Voice::Ing
                        && self.kind(governor - 1) == Some(ChunkKind::Preposition)
                        && chunk.voice == Voice::Passive
                        && !comma_before
                    {
                        at = governor - 1;
                        continue;
                    }
                    // "nurses taken at Kile were freed", "men who fled were killed": a clause inside the subject.
                    if let Some(left) = self.inner_clause(governor) {
                        at = left;
                        comma_before = false;
                        continue;
                    }
                    if comma_before || chunk.voice == Voice::Infinitive || chunk.voice == Voice::Ing {
                        return self.shared(governor, verb, depth);
                    }
                    // "Troops deployed to the area arrested": of two verbs with no word to join them the first is a participle.
                    if self.sent_before(governor) {
                        continue;
                    }
                    return Vec::new();
                }
                // "four civilians (two women, a man and a boy aged 9) were killed"
                ChunkKind::Break if at > 0 && matches!(self.word(at), ")" | "]") => {
                    let inside = self.chunks[at - 1].part;
                    let opening = |chunk: &&Chunk| matches!(self.document.norm(chunk.head), "(" | "[");
                    match self.chunks[..at].iter().rposition(|chunk| opening(&chunk) && chunk.part == inside)
                    {
                        Some(open) => at = open,
                        None => return Vec::new(),
                    }
                }
                ChunkKind::Break | ChunkKind::Stop => return Vec::new(),
                ChunkKind::Noun | ChunkKind::Pronoun => {
                    // "resulted in five killed", "with two soldiers wounded": those next to the participle.
                    if verb == at + 1 && (reduced && self.chunks[at].count.is_some() || self.left_with(at)) {
                        return vec![at];
                    }
                    // "resulted in six farmers being killed": whatever governs the noun, it is the subject.
                    if verb == at + 1 && self.document.norm(chunk.tokens.start) == "being" {
                        return self.conjuncts_left(at, false);
                    }
                    // "The guards, one of them an officer, were killed": the part stands within its whole.
                    if comma_before && let Some(comma) = self.part_within(at) {
                        at = comma;
                        comma_before = false;
                        continue;
                    }
                    if self.prepositional(at) {
                        at = self.preposition_of(at).unwrap_or(at);
                        continue;
                    }
                    // "Gunmen riding a motorcycle shot": what they ride does not.
                    if !comma_before
                        && matches!(chunk.voice, Voice::Active | Voice::Passive)
                        && let Some(riding) = self.participle_of(at)
                    {
                        at = riding;
                        continue;
                    }
                    // "The men, numbering 30 and carrying flags, fired"
                    if comma_before
                        && let Some(comma) = self.verb_before(at).and_then(|v| self.participle_phrase(v))
                    {
                        at = comma;
                        comma_before = false;
                        continue;
                    }
                    // "killed nine villagers, wounded 16 and burned 30 houses": the object of the verb before.
                    if comma_before
                        && self.kind(at + 1) == Some(ChunkKind::Comma)
                        && self.chunks[at + 2..verb].iter().all(|chunk| chunk.kind == ChunkKind::Adverb)
                        && !self.objects(verb).is_empty()
                        && let Some(governor) = self.verb_before(at)
                        && self.chunks[governor].voice == Voice::Active
                        && self.objects(governor).last() == Some(&at)
                    {
                        return self.shared(governor, verb, depth);
                    }
                    if reduced && verb > at + 1 && comma_before {
                        return vec![at];
                    }
                    return self.conjuncts_left(at, comma_before);
                }
            }
        }
        Vec::new()
    }

    /// The comma before "one of them an officer", if a noun group ends words of this kind.
    fn part_within(&self, noun: ChunkId) -> Option<ChunkId> {
        let comma = (1..noun).rev().take(5).find(|&i| self.kind(i) == Some(ChunkKind::Comma))?;
        let counted = self.chunks[comma + 1].is_nominal() && self.chunks[comma + 1].count.is_some();
        let of_them = self.word(comma + 2) == "of"
            && matches!(self.word(comma + 3), "them" | "whom" | "these" | "those");
        (counted && of_them && comma + 3 <= noun && self.chunks[comma - 1].is_nominal()).then_some(comma)
    }

    /// "Also killed in the raid were two guards": those behind the verb to be, where a participle opens the sentence.
    pub(super) fn inverted(&self, participle: ChunkId) -> Vec<ChunkId> {
        let leads = |chunk: &Chunk| {
            matches!(
                chunk.kind,
                ChunkKind::Adverb | ChunkKind::Time | ChunkKind::Quote | ChunkKind::Conjunction
            )
        };
        if self.chunks[participle].tokens.len() != 1 || !self.chunks[..participle].iter().all(leads) {
            return Vec::new();
        }
        let Some(verb) = (participle + 1..self.chunks.len()).find(|&i| {
            !matches!(
                self.chunks[i].kind,
                ChunkKind::Preposition
                    | ChunkKind::Noun
                    | ChunkKind::Time
                    | ChunkKind::Adverb
                    | ChunkKind::Aside
            )
        }) else {
            return Vec::new();
        };
        let is = self.kind(verb) == Some(ChunkKind::Verb)
            && self.chunks[verb].tokens.len() == 1
            && matches!(self.word(verb), "was" | "were" | "is" | "are");
        if is { self.objects(verb) } else { Vec::new() }
    }

    /// The chunk where a relative clause or reduced participle around `verb` begins, so that the noun before it can be the
    /// subject of a later verb.
    fn inner_clause(&self, verb: ChunkId) -> Option<ChunkId> {
        if self.chunks[verb].voice == Voice::BareParticiple
            && verb > 0
            && self.chunks[verb - 1].is_nominal()
            && self.objects(verb).is_empty()
        {
            return Some(verb);
        }
        // "two trucks belonging to the agency were looted"
        if self.chunks[verb].voice == Voice::Ing && verb > 0 && self.chunks[verb - 1].kind == ChunkKind::Noun
        {
            return Some(verb);
        }
        if let Some(comma) = self.participle_phrase(verb) {
            return Some(comma);
        }
        let mut at = verb;
        while at > 0 {
            at -= 1;
            match self.chunks[at].kind {
                ChunkKind::Relative if at > 0 && !matches!(self.word(at), "where" | "when") => {
                    let comma = usize::from(self.chunks[at - 1].kind == ChunkKind::Comma);
                    return Some(at - comma);
                }
                ChunkKind::Adverb
                | ChunkKind::Time
                | ChunkKind::Aside
                | ChunkKind::Noun
                | ChunkKind::Pronoun
                | ChunkKind::Preposition => {}
                _ => return None,
            }
        }
        None
    }

    /// The participle whose object a noun group is, right behind the noun that it tells more of.
    fn participle_of(&self, object: ChunkId) -> Option<ChunkId> {
        let participle = self.verb_before(object)?;
        (self.chunks[participle].voice == Voice::Ing
            && participle > 0
            && self.chunks[participle - 1].kind == ChunkKind::Noun
            && self.objects(participle).contains(&object))
        .then_some(participle)
    }

    /// Whether a past form without an object, right behind a noun, may be a participle: "troops deployed to the area".
    fn sent_before(&self, verb: ChunkId) -> bool {
        let chunk = &self.chunks[verb];
        chunk.voice == Voice::Active
            && chunk.tokens.len() == 1
            && self.document.tokens[chunk.head as usize].tag == Tag::VerbPast
            && verb > 0
            && self.chunks[verb - 1].kind == ChunkKind::Noun
            && self.objects(verb).is_empty()
    }

    /// "The men, numbering 30 and carrying flags, fired": the comma before a phrase of participles that has the one at
    /// `verb` last.
    fn participle_phrase(&self, verb: ChunkId) -> Option<ChunkId> {
        let mut at = verb;
        loop {
            if self.chunks[at].voice != Voice::Ing {
                return None;
            }
            let mark = at.checked_sub(1)?;
            match self.kind(mark)? {
                ChunkKind::Comma if mark > 0 && self.chunks[mark - 1].is_nominal() => return Some(mark),
                ChunkKind::Conjunction => at = self.verb_before(mark)?,
                _ => return None,
            }
        }
    }

    fn shared(&self, governor: ChunkId, verb: ChunkId, depth: usize) -> Vec<ChunkId> {
        let chunk = &self.chunks[governor];
        // "forced X to attack", "ordered X to attack": the object acts.
        if self.chunks[verb].voice == Voice::Infinitive
            && matches!(
                self.document.norm(chunk.head),
                "forced" | "ordered" | "told" | "asked" | "urged" | "led" | "paid" | "hired"
            )
        {
            return self.objects(governor);
        }
        self.subject_within(governor, depth - 1)
    }

    /// The subject of the main clause behind a leading participle.
    fn later_subject(&self, verb: ChunkId, depth: usize) -> Vec<ChunkId> {
        let Some(comma) = (verb + 1..self.chunks.len()).find(|&i| self.kind(i) == Some(ChunkKind::Comma))
        else {
            return Vec::new();
        };
        match (comma + 1..self.chunks.len()).find(|&i| self.kind(i) == Some(ChunkKind::Verb)) {
            Some(main) if main != verb => self.subject_within(main, depth - 1),
            _ => Vec::new(),
        }
    }

    /// The noun that a relative pronoun stands for.
    pub(super) fn antecedent(&self, relative: ChunkId) -> Option<ChunkId> {
        let mut at = relative;
        while at > 0 {
            at -= 1;
            match self.chunks[at].kind {
                ChunkKind::Comma | ChunkKind::Aside | ChunkKind::Preposition | ChunkKind::Quote => {}
                ChunkKind::Noun => {
                    // "members of the army who": the members.
                    if self.prepositional(at)
                        && at >= 2
                        && self.word(at - 1) == "of"
                        && self.chunks[at - 2].is_nominal()
                    {
                        return Some(at - 2);
                    }
                    // "seven people, including a nurse and a child, who were abducted": the seven.
                    return self.whole_of(at).or(Some(at));
                }
                _ => return None,
            }
        }
        None
    }

    /// The counted noun group that an including-phrase with the noun names a part of, where both are set off by commas.
    fn whole_of(&self, noun: ChunkId) -> Option<ChunkId> {
        let passes = |kind| matches!(kind, ChunkKind::Noun | ChunkKind::Comma | ChunkKind::Conjunction);
        let including = (0..noun).rev().find(|&at| !passes(self.chunks[at].kind))?;
        let whole = including.checked_sub(2)?;
        (self.kind(noun + 1) == Some(ChunkKind::Comma)
            && self.word(including) == "including"
            && self.kind(whole + 1) == Some(ChunkKind::Comma)
            && self.kind(whole) == Some(ChunkKind::Noun)
            && self.chunks[whole].count.is_some())
        .then_some(whole)
    }

    /// "six were killed and two women abducted": a past form behind "and NOUN", without an object, goes on with
    /// the passive before it. (The tagger cannot tell a past form from its participle.)
    pub(super) fn goes_on_passive(&self, verb: ChunkId) -> bool {
        self.goes_on_passive_within(verb, 4)
    }

    /// `depth` bounds the list ("six were killed, five wounded and two abducted").
    fn goes_on_passive_within(&self, verb: ChunkId, depth: usize) -> bool {
        let chunk = &self.chunks[verb];
        let bare = chunk.tokens.len() == 1 && matches!(chunk.voice, Voice::Active | Voice::BareParticiple);
        if !bare || !self.objects(verb).is_empty() {
            return false;
        }
        let passes = |kind| matches!(kind, ChunkKind::Adverb | ChunkKind::Adjective | ChunkKind::Aside);
        let Some(noun) = (0..verb).rev().find(|&i| !passes(self.chunks[i].kind)) else { return false };
        if self.left_with(noun) {
            return true;
        }
        let noun = self.head_of_phrase(noun);
        if self.chunks[noun].kind != ChunkKind::Noun || noun == 0 {
            return false;
        }
        let joined = matches!(self.chunks[noun - 1].kind, ChunkKind::Conjunction | ChunkKind::Comma);
        joined
            && self.verb_before(noun).is_some_and(|earlier| {
                self.chunks[earlier].voice == Voice::Passive
                    || depth > 1 && self.goes_on_passive_within(earlier, depth - 1)
            })
    }

    /// "with two soldiers wounded", "claimed 20 rebels killed": a counted noun behind "with" or a verb of reckoning.
    fn left_with(&self, noun: ChunkId) -> bool {
        const RECKON: &[&str] = &["claim", "confirm", "count", "list", "record", "register", "report"];
        let ending = |rest: &str| matches!(rest, "" | "s" | "ed" | "ing");
        let reckons = |word: &str| RECKON.iter().any(|stem| word.strip_prefix(stem).is_some_and(ending));
        noun > 0
            && self.chunks[noun].count.is_some()
            && match self.chunks[noun - 1].kind {
                ChunkKind::Verb => reckons(self.word(noun - 1)),
                _ => self.word(noun - 1) == "with",
            }
    }

    fn verb_before(&self, at: ChunkId) -> Option<ChunkId> {
        let mut i = at;
        while i > 0 {
            i -= 1;
            match self.chunks[i].kind {
                ChunkKind::Verb => return Some(i),
                ChunkKind::Break | ChunkKind::Stop => return None,
                ChunkKind::Subordinator
                    if !matches!(self.word(i), "after" | "before" | "since" | "as" | "until") =>
                {
                    return None;
                }
                _ => {}
            }
        }
        None
    }

    /// Whether a preposition governs the noun group (adjectives and quotes may stand between).
    pub(super) fn prepositional(&self, noun: ChunkId) -> bool {
        self.preposition_of(noun).is_some()
    }

    pub(super) fn preposition_of(&self, noun: ChunkId) -> Option<ChunkId> {
        let mut at = noun;
        while at > 0 {
            at -= 1;
            match self.chunks[at].kind {
                ChunkKind::Preposition => return Some(at),
                ChunkKind::Quote | ChunkKind::Adverb | ChunkKind::Adjective => {}
                ChunkKind::Subordinator
                    if matches!(self.word(at), "after" | "before" | "since" | "as" | "until")
                        && !self.clause_follows(noun) =>
                {
                    return Some(at);
                }
                // "in Beya, Lodo and Gol": later conjuncts hang on the same preposition.
                ChunkKind::Conjunction | ChunkKind::Comma
                    if at > 0 && self.chunks[at - 1].kind == ChunkKind::Noun =>
                {
                    let earlier = at - 1;
                    let same = self.chunks[at].kind == ChunkKind::Conjunction || self.list_continues(at);
                    if !same || self.chunks[at].kind == ChunkKind::Comma && self.opens_subject(at + 1) {
                        return None;
                    }
                    return self.preposition_of(earlier);
                }
                _ => return None,
            }
        }
        None
    }

    /// "In Lodo, a village chief and his guard were shot": whether a common noun begins the subject of a verb.
    fn opens_subject(&self, noun: ChunkId) -> bool {
        let Some(chunk) = self.chunks.get(noun) else { return false };
        let tag = self.document.tokens[chunk.head as usize].tag;
        matches!(tag, Tag::Noun | Tag::NounPlural)
            && (chunk.determiner == Determiner::Indefinite || chunk.count.is_some())
            && self.subject_of_next(noun)
    }

    /// Whether a comma belongs to a list "A, B and C": an "and" with a noun follows before any verb.
    fn list_continues(&self, comma: ChunkId) -> bool {
        let mut at = comma + 1;
        let mut nouns = 0;
        while let Some(kind) = self.kind(at) {
            match kind {
                ChunkKind::Noun => {
                    nouns += 1;
                    at += 1;
                }
                ChunkKind::Comma | ChunkKind::Aside | ChunkKind::Quote => at += 1,
                // "to A, B, C and, under conditions, D": two more names are a list whatever the "and" joins.
                ChunkKind::Conjunction => {
                    return self.kind(at + 1) == Some(ChunkKind::Noun) || nouns > 1;
                }
                _ => return false,
            }
        }
        false
    }

    /// Whether the noun is the subject of a verb that follows ("after gunmen attacked").
    fn clause_follows(&self, noun: ChunkId) -> bool {
        let mut at = noun + 1;
        while let Some(kind) = self.kind(at) {
            match kind {
                ChunkKind::Adverb | ChunkKind::Time | ChunkKind::Aside | ChunkKind::Quote => at += 1,
                ChunkKind::Verb => return self.chunks[at].voice != Voice::Ing,
                ChunkKind::Preposition => {
                    at += 1;
                    while matches!(self.kind(at), Some(ChunkKind::Quote | ChunkKind::Adjective)) {
                        at += 1;
                    }
                    if self.kind(at) != Some(ChunkKind::Noun) {
                        return false;
                    }
                    at += 1;
                }
                ChunkKind::Relative => return false,
                _ => return false,
            }
        }
        false
    }

    /// "X, Y and Z" before a verb, from its last conjunct; or "X, the mayor," with the comma closing.
    fn conjuncts_left(&self, last: ChunkId, comma_behind: bool) -> Vec<ChunkId> {
        let mut nouns = vec![last];
        let mut at = last;
        if comma_behind {
            // An apposition is closed by the comma: "Juan Perez, the mayor of Beya, was killed".
            let mut i = last;
            while i > 0 {
                i -= 1;
                match self.chunks[i].kind {
                    ChunkKind::Comma if i > 0 && self.chunks[i - 1].is_nominal() => {
                        let head = self.head_of_phrase(i - 1);
                        return vec![head, last];
                    }
                    ChunkKind::Aside | ChunkKind::Quote => {}
                    _ => break,
                }
            }
            return nouns;
        }
        while at >= 2 {
            let (mark, before) = (&self.chunks[at - 1], &self.chunks[at - 2]);
            let joined = match mark.kind {
                ChunkKind::Conjunction => before.kind == ChunkKind::Noun || before.kind == ChunkKind::Comma,
                ChunkKind::Comma => before.kind == ChunkKind::Noun && nouns.len() > 1,
                _ => false,
            };
            if !joined {
                break;
            }
            let mut i = at - 2;
            if self.chunks[i].kind == ChunkKind::Comma && i > 0 {
                i -= 1;
            }
            if self.chunks[i].kind != ChunkKind::Noun {
                break;
            }
            // "In Lodo, a chief and his guard were shot": the place leads the clause.
            if self.chunks[at - 1].kind == ChunkKind::Comma
                && self.preposition_of(i).is_some_and(|p| p == 0 || !self.chunks[p - 1].is_nominal())
                && self.opens_subject(at)
            {
                break;
            }
            // "17 were killed, including five children, and 32 were hurt": the children are of those before.
            if i + 1 < at - 1 && self.preposition_of(i).is_some_and(|at| self.word(at) == "including") {
                break;
            }
            // "a journalist, Juan Perez, and two guards were killed"
            let i = if i >= 2 && self.named_behind(i - 1) { i - 2 } else { i };
            let head = self.head_of_phrase(i);
            nouns.push(head);
            at = head;
        }
        nouns.reverse();
        nouns
    }

    /// "the leader of the group" -> the leader.
    pub(super) fn head_of_phrase(&self, noun: ChunkId) -> ChunkId {
        let mut at = noun;
        while at >= 2
            && self.chunks[at - 1].kind == ChunkKind::Preposition
            && self.chunks[at - 2].is_nominal()
        {
            at -= 2;
        }
        at
    }

    /// The noun groups that are the direct object of the verb group at `verb`, with later conjuncts.
    pub(super) fn objects(&self, verb: ChunkId) -> Vec<ChunkId> {
        let mut at = verb + 1;
        while matches!(
            self.kind(at),
            Some(
                ChunkKind::Adverb
                    | ChunkKind::Time
                    | ChunkKind::Quote
                    | ChunkKind::Aside
                    | ChunkKind::Adjective
            )
        ) {
            at += 1;
        }
        // "killed or wounded 70", "attacked and burned three farms"
        if self.kind(at) == Some(ChunkKind::Conjunction)
            && self.kind(at + 1) == Some(ChunkKind::Verb)
            && self.chunks[at + 1].tokens.len() == 1
        {
            return self.objects(at + 1);
        }
        if !self.chunks.get(at).is_some_and(Chunk::is_nominal) {
            return self.contact_clause(verb).into_iter().collect();
        }
        self.conjuncts_right(at)
    }

    /// "the workers it kidnapped last week": the noun group right before a pronoun and its verb is the verb's object.
    fn contact_clause(&self, verb: ChunkId) -> Option<ChunkId> {
        let pronoun = verb.checked_sub(1)?;
        let noun = pronoun.checked_sub(1)?;
        let takes = self.kind(pronoun) == Some(ChunkKind::Pronoun)
            && matches!(self.word(pronoun), "it" | "they" | "he" | "she" | "we")
            && self.kind(noun) == Some(ChunkKind::Noun)
            && self.chunks[verb].voice == Voice::Active;
        takes.then_some(noun)
    }

    /// A noun group and what is joined to it on the right: ", B", "and C".
    pub(super) fn conjuncts_right(&self, first: ChunkId) -> Vec<ChunkId> {
        let mut nouns = vec![first];
        let mut at = first + 1;
        let mut behind = None;
        while let Some(kind) = self.kind(at) {
            match kind {
                ChunkKind::Aside | ChunkKind::Quote => at += 1,
                // "members of the group", "a bus in Lodo and a truck"
                ChunkKind::Preposition if !matches!(self.word(at), "by" | "against") => {
                    let mut i = at + 1;
                    while matches!(self.kind(i), Some(ChunkKind::Quote | ChunkKind::Adjective)) {
                        i += 1;
                    }
                    if self.kind(i) != Some(ChunkKind::Noun) && self.kind(i) != Some(ChunkKind::Time) {
                        break;
                    }
                    behind = Some(at);
                    at = i + 1;
                }
                ChunkKind::Comma | ChunkKind::Conjunction => {
                    let mut i = at + 1;
                    if kind == ChunkKind::Comma && self.kind(i) == Some(ChunkKind::Conjunction) {
                        i += 1;
                    }
                    while matches!(
                        self.kind(i),
                        Some(ChunkKind::Quote | ChunkKind::Adjective | ChunkKind::Adverb)
                    ) {
                        i += 1;
                    }
                    if self.kind(i) != Some(ChunkKind::Noun) || self.subject_of_next(i) {
                        break;
                    }
                    // An apposition: "Juan Perez, the mayor of Beya," has no "and" and a bare noun.
                    let apposition = kind == ChunkKind::Comma && !self.list_continues(at) && i == at + 1;
                    if apposition && self.chunks[i].count.is_none() {
                        break;
                    }
                    if kind == ChunkKind::Comma && i == at + 1 && self.named_behind(at) {
                        at = i + 1;
                        continue;
                    }
                    if !behind.is_some_and(|preposition| self.hangs_on(preposition, first, i)) {
                        nouns.push(i);
                        behind = None;
                    }
                    at = i + 1;
                }
                _ => break,
            }
        }
        nouns
    }

    /// "a journalist, Juan Perez, and two guards": whether the name between commas is that of the one before it.
    fn named_behind(&self, comma: ChunkId) -> bool {
        let (Some(before), Some(name)) = (comma.checked_sub(1), self.chunks.get(comma + 1)) else {
            return false;
        };
        // "the mayor of Beya, Juan Perez, and two guards"
        let role = &self.chunks[self.head_of_phrase(before)];
        let tag = |chunk: &Chunk| self.document.tokens[chunk.head as usize].tag;
        role.kind == ChunkKind::Noun
            && role.count.is_none()
            && !role.plural
            && matches!(role.determiner, Determiner::Indefinite | Determiner::Definite)
            && !matches!(tag(role), Tag::Proper | Tag::ProperPlural)
            && name.kind == ChunkKind::Noun
            && name.count.is_none()
            && name.determiner == Determiner::None
            && tag(name) == Tag::Proper
            && self.kind(comma + 2) == Some(ChunkKind::Comma)
    }

    /// "struck 14 positions with artillery and drones", "in the areas of Beya and Gol": whether a conjunct goes on with the
    /// phrase before it, and not with the object. "A bus in Lodo and a truck" tells by its article.
    fn hangs_on(&self, preposition: ChunkId, first: ChunkId, conjunct: ChunkId) -> bool {
        let bare = |at: ChunkId| {
            let chunk = &self.chunks[at];
            chunk.count.is_none() && chunk.determiner == Determiner::None
        };
        let proper = matches!(
            self.document.tokens[self.chunks[conjunct].head as usize].tag,
            Tag::Proper | Tag::ProperPlural
        );
        bare(conjunct) && (proper || !bare(first) || self.word(preposition) == "with")
    }

    /// Whether a finite verb follows, so that the noun begins a clause of its own.
    fn subject_of_next(&self, noun: ChunkId) -> bool {
        let mut at = noun + 1;
        while let Some(kind) = self.kind(at) {
            match kind {
                ChunkKind::Adverb | ChunkKind::Time | ChunkKind::Aside | ChunkKind::Quote => at += 1,
                ChunkKind::Preposition if self.word(at) == "of" => at += 2,
                ChunkKind::Verb => {
                    return matches!(self.chunks[at].voice, Voice::Active | Voice::Passive);
                }
                ChunkKind::Conjunction | ChunkKind::Comma if self.kind(at + 1) == Some(ChunkKind::Noun) => {
                    at += 2
                }
                _ => return false,
            }
        }
        false
    }

    /// The prepositional phrases to the right of a chunk, up to the end of the clause.
    pub(super) fn phrases(&self, from: ChunkId) -> Vec<Phrase> {
        let mut phrases = Vec::new();
        let mut at = from + 1;
        while let Some(kind) = self.kind(at) {
            match kind {
                ChunkKind::Verb => {
                    // ", killing four" and "and wounded two" end what belongs to this trigger.
                    break;
                }
                ChunkKind::Break | ChunkKind::Stop | ChunkKind::Relative => break,
                ChunkKind::Subordinator | ChunkKind::Preposition => {
                    let mut i = at + 1;
                    while matches!(
                        self.kind(i),
                        Some(ChunkKind::Quote | ChunkKind::Adjective | ChunkKind::Adverb)
                    ) {
                        i += 1;
                    }
                    // "among them two children"
                    if self.word(at) == "among" && self.kind(i) == Some(ChunkKind::Pronoun) {
                        i += 1;
                        while matches!(self.kind(i), Some(ChunkKind::Adverb | ChunkKind::Comma)) {
                            i += 1;
                        }
                    }
                    let noun =
                        self.kind(i) == Some(ChunkKind::Noun) || self.kind(i) == Some(ChunkKind::Pronoun);
                    if kind == ChunkKind::Subordinator && (!noun || self.clause_follows(i)) {
                        break;
                    }
                    if noun {
                        phrases.push(Phrase { preposition: at, nouns: self.conjuncts_right(i) });
                        at = i + 1;
                    } else {
                        at = i;
                    }
                }
                ChunkKind::Conjunction if self.starts_clause(at + 1) => break,
                _ => at += 1,
            }
        }
        phrases
    }

    /// Whether a phrase names a part of those before it: "including three children", "among them two guards".
    pub(super) fn includes(&self, phrase: &Phrase) -> bool {
        match self.word(phrase.preposition) {
            "including" => true,
            "among" => phrase.nouns.iter().all(|&noun| self.chunks[noun].count.is_some()),
            _ => false,
        }
    }

    /// Who is counted in brackets behind a counted noun group: "four civilians (two women, a man and a boy aged 9)".
    pub(super) fn bracketed(&self, noun: ChunkId) -> Vec<ChunkId> {
        let open = noun + 1;
        if self.chunks[noun].count.is_none() || !matches!(self.word(open), "(" | "[") {
            return Vec::new();
        }
        let Some(inside) = self.chunks.get(open).map(|chunk| chunk.part) else { return Vec::new() };
        (open + 1..self.chunks.len())
            .take_while(|&at| self.chunks[at].part == inside)
            .filter(|&at| self.chunks[at].kind == ChunkKind::Noun && !self.prepositional(at))
            .filter(|&at| {
                self.chunks[at].count.is_some() || self.chunks[at].determiner == Determiner::Indefinite
            })
            .collect()
    }

    fn starts_clause(&self, at: ChunkId) -> bool {
        match self.kind(at) {
            Some(ChunkKind::Verb) => true,
            Some(ChunkKind::Noun | ChunkKind::Pronoun) => self.subject_of_next(at),
            _ => false,
        }
    }

    /// "X, the mayor of Beya": noun groups in apposition to `noun`, either side; bracketed aliases too.
    pub(super) fn appositions(&self, noun: ChunkId) -> Vec<ChunkId> {
        let mut found = Vec::new();
        let mut at = noun + 1;
        while let Some(ChunkKind::Preposition) = self.kind(at) {
            if self.word(at) != "of" || self.kind(at + 1) != Some(ChunkKind::Noun) {
                break;
            }
            at += 2;
        }
        if self.kind(at) == Some(ChunkKind::Comma)
            && self.kind(at + 1) == Some(ChunkKind::Noun)
            && (!self.list_continues(at) || self.named_behind(at))
            && !self.subject_of_next(at + 1)
            && self.chunks[at + 1].count.is_none()
            // "the village of Doro, 12 km north of Kaya"
            && self.document.tokens[self.chunks[at + 1].tokens.start as usize].kind != TokenKind::Number
            && self.chunks[at + 1].determiner != Determiner::Negative
        {
            found.push(at + 1);
        }
        found
    }
}
