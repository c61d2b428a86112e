//! Which frames are one event: within a part of a sentence, then over the report.
//!
//! Decides which frames, times and places belong to a draft; values are filled in by `fill`.

use super::{
    everyday::hollow,
    relevance::{Fate, armed, only_joins, part},
    site::{self, Choices, Site},
};
use crate::{
    Family, Function, LossOutcome, Told,
    frame::{
        Argument, ArgumentRole, Frame, Frames, Kind, Lexicon, Modality, Pattern,
        chunk::{Chunk, ChunkKind, Determiner, Voice},
        parts,
    },
    mention::{
        Mentions,
        place::Use,
        time::{TimeMention, TimexKind},
    },
    reader::scene::Scenes,
    text::{BlockKind, Document, Shape, TokenId, is_label, one_of},
};
use std::ops::Range;

/// An event in the making.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Frames, in text order.
    pub frames: Vec<usize>,
    /// Family as far as the triggers tell it.
    pub family: Family,
    /// Whether only effects make it ("four were killed").
    pub effect_only: bool,
    /// Index of the time mention.
    pub time: Option<usize>,
    /// Whether the time was taken over from text around the event's own sentence.
    pub time_inherited: bool,
    /// Indices of the place mentions.
    pub places: Vec<usize>,
    /// Whether the places were taken over.
    pub places_inherited: bool,
    /// News or recalled.
    pub told: Told,
    /// Whether it is a total.
    pub aggregate: bool,
    /// Whether it is a total only because its sites are listed; it owns those alone.
    pub listed: bool,
    /// Whether it is one site of a list: the total keeps the figures.
    pub share: bool,
    /// Index of the aggregate that owns it, among the drafts.
    pub owner: Option<usize>,
    /// The heading the event stands under.
    pub heading: Option<u32>,
    /// Paragraph of its last sentence.
    pub block: u32,
    /// Last sentence it was told in.
    pub last: u32,
    /// Participants that only the learned reader saw.
    pub learned: Vec<super::learned::Added>,
    /// What joined or made it, for `casus explain`.
    pub why: Vec<(usize, &'static str)>,
}

/// Groups kept frames into drafts.
pub(super) fn assemble(
    lexicon: &Lexicon,
    sites: &site::Data,
    scenes: Option<&Scenes>,
    document: &Document<'_>,
    mentions: &Mentions,
    frames: &Frames,
    fates: &[Fate],
) -> Vec<Draft> {
    let mut assembler = Assembler {
        lexicon,
        sites,
        scenes,
        document,
        mentions,
        frames,
        fates,
        drafts: Vec::new(),
        totals: Vec::new(),
        now: None,
    };
    let mut at = 0;
    while at < frames.frames.len() {
        let sentence = frames.frames[at].sentence;
        let end = (at..frames.frames.len())
            .find(|&i| frames.frames[i].sentence != sentence)
            .unwrap_or(frames.frames.len());
        assembler.sentence(at..end);
        at = end;
    }
    assembler.told()
}

struct Assembler<'a> {
    lexicon: &'a Lexicon,
    sites: &'a site::Data,
    /// Reads which names are where an event happened; none where the rules read alone.
    scenes: Option<&'a Scenes>,
    document: &'a Document<'a>,
    mentions: &'a Mentions,
    frames: &'a Frames,
    fates: &'a [Fate],
    drafts: Vec<Draft>,
    /// The totals among the drafts.
    totals: Vec<usize>,
    /// The draft the narrative is at.
    now: Option<usize>,
}

/// The words around a cluster's trigger that are its own, and those that lead all clusters of the part.
struct Region {
    own: Stretch,
    lead: Stretch,
    /// Parts of the sentence that other clusters are told in.
    taken: Vec<u32>,
}

/// Tokens, all of them or only those of one part of a sentence.
struct Stretch {
    tokens: Range<TokenId>,
    part: Option<u32>,
    /// Parts of its sentence that are left out.
    without: Vec<u32>,
}

/// A draft of so many triggers takes no more: a report does not tell one event that often, and the work stays linear.
const LARGEST: usize = 64;

/// Of how many of an event's triggers the place is asked.
const MOST_ASKED: usize = 4;

/// How many sentences back an event without place or time of its own may reach.
const REACH: u32 = 3;

const ANOTHER: &[&str] = &[
    "another",
    "second",
    "third",
    "separate",
    "separately",
    "elsewhere",
    "meanwhile",
    "also",
    "other",
    "similar",
    "later",
];

impl Assembler<'_> {
    /// The drafts without those that only point, at an act that the report never told: "the event on Thursday".
    fn told(self) -> Vec<Draft> {
        let points = |&frame: &usize| hollow(self.lexicon, self.document, self.mentions, self.frame(frame));
        let mut told: Vec<bool> = self.drafts.iter().map(|draft| !draft.frames.iter().all(points)).collect();
        for owner in self.drafts.iter().filter_map(|draft| draft.owner) {
            told[owner] = true;
        }
        let number = |kept: &mut usize, &told: &bool| {
            let number = *kept;
            *kept += usize::from(told);
            Some(number)
        };
        let numbers: Vec<usize> = told.iter().scan(0, number).collect();
        let kept = self.drafts.into_iter().zip(told).filter(|(_, told)| *told);
        kept.map(|(draft, _)| Draft { owner: draft.owner.map(|owner| numbers[owner]), ..draft }).collect()
    }

    fn sentence(&mut self, range: Range<usize>) {
        let mut clusters: Vec<Draft> = Vec::new();
        let kept: Vec<usize> = range.filter(|&i| !matches!(self.fates[i], Fate::Dropped(_))).collect();
        // Acts first, so that an effect can join an act on either side of it.
        for &index in &kept {
            if self.fates[index] == Fate::Act {
                match self.same_act(&clusters, index) {
                    Some(cluster) => {
                        self.join(&mut clusters[cluster], index, "the same action in one sentence")
                    }
                    None => clusters.push(self.draft(index)),
                }
            }
        }
        for &index in &kept {
            if self.fates[index] == Fate::Effect {
                match self.nearest(&clusters, index) {
                    Some(cluster) => {
                        self.join(&mut clusters[cluster], index, "an effect told with the action")
                    }
                    None => clusters.push(self.draft(index)),
                }
            }
        }
        for &index in &kept {
            if self.fates[index] == Fate::Pointer {
                if self.charged(self.frame(index)) {
                    let why = vec![(index, "what somebody was arrested for")];
                    clusters.push(Draft {
                        told: Told::Background,
                        effect_only: false,
                        why,
                        ..self.draft(index)
                    });
                } else if let Some(cluster) =
                    self.nearest(&clusters, index).filter(|&cluster| !self.follows(&clusters[cluster], index))
                {
                    self.join(&mut clusters[cluster], index, "points at the action of its sentence");
                    clusters[cluster].why.push((index, "definite"));
                } else {
                    clusters.push(self.draft(index));
                }
            }
        }
        clusters.sort_by_key(|cluster| self.start(cluster));
        let regions: Vec<Region> = (0..clusters.len()).map(|index| self.region(&clusters, index)).collect();
        for (cluster, region) in clusters.into_iter().zip(regions) {
            self.place_in_report(cluster, &region);
        }
    }

    /// "Hours after the attack the air force carried out strikes": whether a noun points at an act before that of the
    /// cluster.
    fn follows(&self, cluster: &Draft, index: usize) -> bool {
        let frame = self.frame(index);
        let chunks = &self.frames.chunks[frame.sentence as usize];
        let before = frame.chunk.checked_sub(1).map_or("", |at| self.document.norm(chunks[at].head));
        frame.nominal && !cluster.effect_only && matches!(before, "after" | "before" | "following" | "since")
    }

    /// Whether a noun's act is what somebody was arrested or freed for: "detained over the killing of a judge".
    fn charged(&self, frame: &Frame) -> bool {
        let justice = |other: &Frame| {
            other.head < frame.head
                && matches!(self.lexicon.trigger(other.trigger).family, Family::Arrest | Family::Release)
        };
        let chunks = &self.frames.chunks[frame.sentence as usize];
        let word = |back: usize| {
            let chunk = frame.chunk.checked_sub(back).map(|at| &chunks[at]);
            chunk.map_or("", |chunk| self.document.norm(chunk.head))
        };
        frame.nominal
            && (matches!(word(1), "over" | "for") || word(1) == "with" && word(2) == "connection")
            && self.frames.of_sentence(frame.sentence).iter().any(justice)
    }

    /// Where the words of a cluster begin: its first trigger or argument.
    fn start(&self, cluster: &Draft) -> TokenId {
        let tokens = cluster.frames.iter().flat_map(|&f| {
            let frame = self.frame(f);
            frame.arguments.iter().map(|a| a.nominal.tokens.start).chain([frame.tokens.start])
        });
        tokens.min().unwrap_or(0)
    }

    /// The stretch of its part that is a cluster's own, where several share the part: from its first word to that of the
    /// next, and the words before the first of them, which lead all.
    fn region(&self, clusters: &[Draft], index: usize) -> Region {
        let main = clusters[index].frames[0];
        let whole = self.part_tokens(main);
        let number = self.part(main);
        let peers: Vec<&Draft> = clusters.iter().filter(|c| self.part(c.frames[0]) == number).collect();
        let starts: Vec<TokenId> = peers.iter().map(|c| self.own_start(c, &peers)).collect();
        let start = self.own_start(&clusters[index], &peers).max(whole.tokens.start);
        let first = starts.iter().copied().min().unwrap_or(start).max(whole.tokens.start);
        let next = starts.iter().copied().filter(|&s| s > start).min().unwrap_or(whole.tokens.end);
        let lead =
            if peers.len() == 1 { whole.tokens.start..whole.tokens.start } else { whole.tokens.start..first };
        let own = if peers.len() == 1 {
            whole.tokens.clone()
        } else {
            start..next.clamp(start, whole.tokens.end.max(start))
        };
        let stretch = |tokens| Stretch { tokens, part: whole.part, without: Vec::new() };
        let taken = clusters.iter().map(|c| self.part(c.frames[0])).filter(|&part| part != number).collect();
        Region { own: stretch(own), lead: stretch(lead), taken }
    }

    /// Where a cluster's words begin, leaving out arguments that another cluster has too.
    fn own_start(&self, cluster: &Draft, peers: &[&Draft]) -> TokenId {
        let shared = |a: &Argument| {
            peers.iter().any(|peer| {
                !std::ptr::eq(*peer, cluster)
                    && peer.frames != cluster.frames
                    && peer.frames.iter().any(|&f| {
                        self.frame(f).arguments.iter().any(|b| b.nominal.tokens == a.nominal.tokens)
                    })
            })
        };
        let tokens = cluster.frames.iter().flat_map(|&f| {
            let frame = self.frame(f);
            let own = frame.arguments.iter().filter(|a| !shared(a)).map(|a| a.nominal.tokens.start);
            // "the 2019 killing": what stands in a noun's group is the noun's.
            let group = &self.frames.chunks[frame.sentence as usize][frame.chunk].tokens;
            let start = if frame.nominal { group.start } else { frame.tokens.start };
            own.chain([start]).collect::<Vec<_>>()
        });
        tokens.min().unwrap_or(0)
    }

    fn frame(&self, index: usize) -> &Frame {
        &self.frames.frames[index]
    }

    fn part(&self, index: usize) -> u32 {
        let frame = self.frame(index);
        part(self.frames, frame.sentence, frame.chunk)
    }

    fn draft(&self, index: usize) -> Draft {
        let frame = self.frame(index);
        let trigger = self.lexicon.trigger(frame.trigger);
        let block = self.document.sentences[frame.sentence as usize].block;
        let owner = &self.document.blocks[block as usize];
        Draft {
            frames: vec![index],
            family: trigger.family,
            effect_only: self.fates[index] != Fate::Act,
            time: None,
            time_inherited: false,
            places: Vec::new(),
            places_inherited: false,
            told: Told::News,
            aggregate: false,
            share: false,
            listed: false,
            owner: None,
            heading: if owner.kind == BlockKind::Heading { Some(block) } else { owner.heading },
            block,
            last: frame.sentence,
            learned: Vec::new(),
            why: vec![(index, "names an action")],
        }
    }

    fn join(&self, draft: &mut Draft, index: usize, why: &'static str) {
        let frame = self.frame(index);
        let trigger = self.lexicon.trigger(frame.trigger);
        if self.fates[index] == Fate::Act
            && !self.answers(draft.family, index)
            && trigger.kind == Kind::Act
            && (draft.effect_only || rank(trigger.family) < rank(draft.family))
        {
            draft.family = trigger.family;
        }
        draft.effect_only &= self.fates[index] != Fate::Act;
        draft.frames.push(index);
        draft.frames.sort_unstable();
        draft.last = draft.last.max(frame.sentence);
        draft.why.push((index, why));
    }

    /// An act of the same sentence that this frame tells again.
    fn same_act(&self, clusters: &[Draft], index: usize) -> Option<usize> {
        let frame = self.frame(index);
        let trigger = self.lexicon.trigger(frame.trigger);
        clusters.iter().rposition(|cluster| {
            let first = self.frame(cluster.frames[0]);
            if self.part(cluster.frames[0]) != self.part(index) && self.own_place_or_time(index) {
                return false;
            }
            if self.set_apart(cluster.frames[0], index) {
                return false;
            }
            if first.modality != frame.modality && !(frame.nominal || first.nominal) {
                return false;
            }
            if self.answers(cluster.family, index) {
                return true;
            }
            let family = trigger.family == cluster.family || alike(trigger.family, cluster.family);
            if !family {
                return false;
            }
            // "attacked the village, burning 20 houses and taking the cattle"
            if self.goes_with(cluster, index) {
                return true;
            }
            let shared_noun = frame.arguments.iter().any(|a| {
                cluster
                    .frames
                    .iter()
                    .any(|&f| self.frame(f).chunk == a.nominal.chunk && self.frame(f).nominal)
            }) || cluster.frames.iter().any(|&f| {
                self.frame(f).arguments.iter().any(|a| a.nominal.chunk == frame.chunk && frame.nominal)
            });
            shared_noun || !self.rival_recipients(cluster, index)
        })
    }

    /// Whether the words between two frames of a sentence say that time lay between them: "the blast came a day after
    /// gunmen killed a judge".
    fn set_apart(&self, one: usize, other: usize) -> bool {
        let (one, other) = (self.frame(one), self.frame(other));
        let between = one.tokens.end.min(other.tokens.end)..one.tokens.start.max(other.tokens.start);
        between.into_iter().any(|token| self.long_after(token))
    }

    /// "a day after", "two weeks before": whether a token ends words of a span of time and an order.
    fn long_after(&self, token: TokenId) -> bool {
        let spans = ["hours", "day", "days", "week", "weeks", "month", "months", "year", "years"];
        matches!(self.document.norm(token), "after" | "before")
            && token > 0
            && one_of(self.document.norm(token - 1), &spans)
    }

    /// Whether a cluster's day is told by that of another act of its sentence, so that the day of neither is its own.
    fn dated_by_another(&self, cluster: &Draft) -> bool {
        let frame = self.frame(cluster.frames[0]);
        let chunks = &self.frames.chunks[frame.sentence as usize];
        let clause = chunks[..frame.chunk].iter().rev();
        let mut verbs = clause.take_while(|chunk| chunk.kind != ChunkKind::Verb);
        !frame.nominal && verbs.any(|chunk| self.long_after(chunk.tokens.end - 1))
    }

    /// Whether a cluster is a toll over a time that many actions share: "1,800 have been killed since April".
    fn cumulative(&self, cluster: &Draft) -> bool {
        let effects = cluster.frames.iter().all(|&f| {
            self.fates[f] == Fate::Effect && self.recipients(&[f]).iter().any(|a| a.nominal.count.is_some())
        });
        let frame = self.frame(cluster.frames[0]);
        let part = self.part_tokens(cluster.frames[0]).tokens;
        let next = |token: TokenId| if token + 1 < part.end { self.document.norm(token + 1) } else { "" };
        let over = |token: TokenId| match self.document.norm(token) {
            "since" => !next(token).is_empty(),
            "this" => next(token) == "year",
            "so" => next(token) == "far",
            _ => false,
        };
        // "Since January 300 have been killed": at the head, or behind.
        effects && (over(part.start) || (frame.tokens.end..part.end).any(over))
    }

    /// Whether a participle behind a comma tells what else the act of its clause did.
    fn goes_with(&self, cluster: &Draft, index: usize) -> bool {
        let frame = self.frame(index);
        let chunks = &self.frames.chunks[frame.sentence as usize];
        let ing = |at: usize| chunks[at].kind == ChunkKind::Verb && chunks[at].voice == Voice::Ing;
        if frame.nominal || !ing(frame.chunk) {
            return false;
        }
        let clause = |at: usize| {
            matches!(chunks[at].kind, ChunkKind::Subordinator | ChunkKind::Relative | ChunkKind::Break)
                || chunks[at].kind == ChunkKind::Verb && !ing(at)
        };
        cluster.frames.iter().map(|&f| self.frame(f)).any(|act| {
            let between = act.chunk + 1..frame.chunk;
            !act.nominal
                && act.chunk < frame.chunk
                && !between.clone().any(clause)
                && between.into_iter().any(|at| chunks[at].kind == ChunkKind::Comma)
        })
    }

    /// Whether the frame tells how a protest was met, or what a riot did: police that fire, shops that burn.
    fn answers(&self, family: Family, index: usize) -> bool {
        let frame = self.frame(index);
        let trigger = self.lexicon.trigger(frame.trigger);
        let state = self
            .actors(&[index])
            .iter()
            .any(|a| a.nominal.actor.is_some_and(|i| self.mentions.actors[i].class.starts_with("state_")));
        match family {
            Family::Riot => {
                state && trigger.family == Family::Attack
                    || matches!(trigger.family, Family::PropertyDestruction | Family::Looting)
            }
            Family::Protest => state && trigger.id == "open_fire",
            _ => false,
        }
    }

    /// Whether both sides name persons or things that are struck, and none of them is the same.
    fn rival_recipients(&self, cluster: &Draft, index: usize) -> bool {
        let mine = self.recipients(&[index]);
        let theirs = self.recipients(&cluster.frames);
        !mine.is_empty()
            && !theirs.is_empty()
            && !mine.iter().any(|a| theirs.iter().any(|b| self.same_nominal(a, b)))
    }

    fn recipients(&self, frames: &[usize]) -> Vec<&Argument> {
        frames
            .iter()
            .flat_map(|&f| &self.frame(f).arguments)
            .filter(|a| a.role == ArgumentRole::Recipient && !a.nominal.pronoun)
            .collect()
    }

    fn actors(&self, frames: &[usize]) -> Vec<&Argument> {
        frames
            .iter()
            .flat_map(|&f| &self.frame(f).arguments)
            .filter(|a| a.role == ArgumentRole::Actor && !a.nominal.pronoun && a.nominal.actor.is_some())
            .collect()
    }

    /// Whether two noun groups can mean the same: a register id, a shared head, or shared words of a name.
    pub(super) fn same_nominal(&self, a: &Argument, b: &Argument) -> bool {
        same_nominal(self.document, self.mentions, a, b)
    }

    /// The act an effect belongs to: the last one before it in its part, else the next one after it,
    /// else the last one of the sentence.
    fn nearest(&self, clusters: &[Draft], index: usize) -> Option<usize> {
        let part = self.part(index);
        let start = self.frame(index).tokens.start;
        let first_token = |cluster: &Draft| self.frame(cluster.frames[0]).tokens.start;
        let in_part = |cluster: &&Draft| cluster.frames.iter().any(|&f| self.part(f) == part);
        let position = |found: &Draft| clusters.iter().position(|c| std::ptr::eq(c, found));
        let joins = |c: &&Draft| !self.set_apart(c.frames[0], index);
        if let Some(before) = clusters.iter().filter(in_part).filter(joins).rfind(|c| first_token(c) < start)
        {
            return position(before);
        }
        // "Six were killed and two abducted when men raided": the taking of the two did not kill the six.
        let kills = self.lexicon.trigger(self.frame(index).trigger).loss.contains(&LossOutcome::Killed);
        let taken = |cluster: &Draft| {
            matches!(cluster.family, Family::Abduction | Family::Arrest | Family::Release)
                && self.rival_recipients(cluster, index)
        };
        let in_part_after = clusters.iter().filter(in_part).filter(joins).find(|c| !(kills && taken(c)));
        if let Some(after) = in_part_after {
            return position(after);
        }
        if self.own_place_or_time(index) {
            return None;
        }
        clusters.iter().filter(joins).rfind(|c| first_token(c) < start).and_then(position)
    }

    /// The chunks of the frame's part of its sentence, from first to last; a bracket inside is no part of it.
    fn part_tokens(&self, index: usize) -> Stretch {
        let frame = self.frame(index);
        let chunks = &self.frames.chunks[frame.sentence as usize];
        let part = chunks[frame.chunk].part;
        let mut mine = chunks.iter().filter(|chunk| chunk.part == part);
        let start = mine.next().map_or(frame.tokens.start, |chunk| chunk.tokens.start);
        let end = mine.next_back().map_or(frame.tokens.end, |chunk| chunk.tokens.end).max(frame.tokens.end);
        Stretch { tokens: start..end, part: Some(part), without: Vec::new() }
    }

    /// Whether a token range lies in a stretch, and in its part of the sentence.
    fn lies_in(&self, range: &Range<TokenId>, stretch: &Stretch) -> bool {
        stretch.tokens.start <= range.start
            && range.end <= stretch.tokens.end
            && (stretch.part.is_none() && stretch.without.is_empty() || {
                let chunks = &self.frames.chunks[self.document.sentence_of(range.start) as usize];
                let at = chunks.partition_point(|chunk| chunk.tokens.end <= range.start);
                chunks.get(at).is_some_and(|chunk| {
                    stretch.part.is_none_or(|part| chunk.part == part)
                        && !stretch.without.contains(&chunk.part)
                })
            })
    }

    fn own_place_or_time(&self, index: usize) -> bool {
        let tokens = self.part_tokens(index);
        self.time_within(&tokens, None).is_some() || !self.places_within(&tokens).is_empty()
    }

    /// The time that a stretch of text gives its event: the one nearest to the trigger.
    fn time_within(&self, stretch: &Stretch, near: Option<TokenId>) -> Option<usize> {
        let usable = |t: &TimeMention| {
            t.when.as_ref().is_some_and(|w| w.earliest.is_some() || w.latest.is_some())
                && matches!(t.kind, TimexKind::Date | TimexKind::Time)
                && !matches!(t.value.as_str(), "PRESENT_REF" | "FUTURE_REF")
                // "the third since March" does not tell when the third was.
                && t.when.as_ref().is_none_or(|w| w.modifier != Some(crate::Modifier::Since) || near.is_none())
        };
        let first = self.mentions.times.partition_point(|t| t.tokens.start < stretch.tokens.start);
        let inside = self
            .mentions
            .times
            .iter()
            .enumerate()
            .skip(first)
            .take_while(|(_, t)| t.tokens.start < stretch.tokens.end)
            .filter(|(_, t)| self.lies_in(&t.tokens, stretch) && usable(t));
        match near {
            None => inside.map(|(i, _)| i).next(),
            Some(near) => {
                let said = |t: &TimeMention| (self.of_the_dateline(t), self.of_another(t, near));
                inside
                    .filter(|(_, t)| !self.of_another_act(t, near))
                    .min_by_key(|(_, t)| (said(t), near.abs_diff(t.tokens.start), t.tokens.start))
                    .map(|(i, _)| i)
            }
        }
    }

    /// Whether a time beside the trigger at `near` is rather that of other words: of the telling ("confirmed today the
    /// capture on 14 June"), or of the noun behind it ("the man behind Tuesday's attack was detained").
    fn of_another(&self, time: &TimeMention, near: TokenId) -> bool {
        let norm = |token: TokenId| {
            let inside = (token as usize) < self.document.tokens.len();
            if inside { self.document.norm(token) } else { "" }
        };
        let behind = time.tokens.end;
        let bare = time
            .when
            .as_ref()
            .is_some_and(|w| matches!(w.stated.to_ascii_lowercase().as_str(), "today" | "tonight"));
        let owner = matches!(norm(behind), "'s" | "’s") && !(behind..behind + 4).contains(&near);
        bare || owner || self.of_the_telling(time)
    }

    /// Whether a time says when another act than that of the trigger at `near` was: one of a relative clause before it
    /// ("seven nurses who were abducted in August were freed"), or its ground ("detained over the 2019 killing").
    fn of_another_act(&self, time: &TimeMention, near: TokenId) -> bool {
        let start = time.tokens.start;
        let sentence = self.document.sentence_of(start);
        let chunks = &self.frames.chunks[sentence as usize];
        let Some(at) = chunks.iter().position(|chunk| chunk.tokens.contains(&start)) else { return false };
        if !chunks[at].tokens.contains(&near)
            && self.frames.of_sentence(sentence).iter().any(|frame| frame.chunk == at && self.charged(frame))
        {
            return true;
        }
        if near < start {
            return false;
        }
        // "claimed the attack the next day and said 15 had died": the day is that of the claim.
        let verb = |chunk: &&Chunk| chunk.kind == ChunkKind::Verb;
        let mut later = chunks[at + 1..].iter().take_while(|chunk| chunk.tokens.start < near).filter(verb);
        if chunks[..at].iter().filter(verb).any(|chunk| self.tells(chunk.head))
            && later.any(|chunk| self.tells(chunk.head))
        {
            return true;
        }
        let ends = |kind| matches!(kind, ChunkKind::Break | ChunkKind::Stop | ChunkKind::Subordinator);
        let clause = || chunks[..at].iter().rev().take_while(|chunk| !ends(chunk.kind));
        let Some(relative) = clause().position(|chunk| chunk.kind == ChunkKind::Relative) else {
            return false;
        };
        clause().take(relative).filter(|chunk| chunk.kind == ChunkKind::Verb).count() == 1
    }

    /// Whether a word is a verb of telling.
    fn tells(&self, token: TokenId) -> bool {
        let words = [
            "said",
            "says",
            "told",
            "announced",
            "reported",
            "claimed",
            "confirm",
            "confirmed",
            "acknowledged",
            "admitted",
            "denied",
        ];
        one_of(self.document.norm(token), &words)
    }

    /// Whether a time stands in the dateline, which says when a report was filed.
    fn of_the_dateline(&self, time: &TimeMention) -> bool {
        self.document.dateline.as_ref().is_some_and(|dateline| dateline.tokens.contains(&time.tokens.start))
    }

    /// Whether a time stands at a verb of telling: "police said on Friday".
    fn of_the_telling(&self, time: &TimeMention) -> bool {
        let telling = |token: TokenId| (token as usize) < self.document.tokens.len() && self.tells(token);
        let leads = |token: &TokenId| matches!(self.document.norm(*token), "on" | "late" | "early");
        let before = (0..time.tokens.start).rev().take(3).find(|token| !leads(token));
        before.is_some_and(telling) || telling(time.tokens.end)
    }

    fn places_within(&self, stretch: &Stretch) -> Vec<usize> {
        let (places, sites) = (&self.mentions.places, &self.frames.sites);
        let first = places.partition_point(|p| p.tokens.start < stretch.tokens.start);
        let named =
            places.iter().enumerate().skip(first).take_while(|(_, p)| p.tokens.start < stretch.tokens.end);
        // Sites stand in order of their sentences.
        let sentence =
            self.document.sentence_of(stretch.tokens.start.min(self.document.tokens.len() as u32 - 1));
        let open = self.document.sentences[sentence as usize].tokens.start;
        let behind = self.document.sentences[sentence as usize].tokens.end.max(stretch.tokens.end);
        let first = sites.partition_point(|p| p.tokens.start < open);
        let unnamed = sites.iter().enumerate().skip(first).take_while(|(_, p)| p.tokens.start < behind);
        let all = named.chain(unnamed.map(|(i, p)| (places.len() + i, p)));
        let mut found: Vec<usize> = all
            .filter(|(_, p)| p.usage == Use::Place && self.lies_in(&p.tokens, stretch))
            .map(|(i, _)| i)
            .collect();
        let parents = self.parents(&found);
        found.retain(|i| !parents.contains(i));
        found.sort_by_key(|&i| self.place(i).tokens.start);
        found
    }

    /// What the text names as holding places that are found.
    fn parents(&self, places: &[usize]) -> Vec<usize> {
        places.iter().flat_map(|&i| self.place(i).within.iter().map(|&parent| parent as usize)).collect()
    }

    /// The places of a cluster among those that its stretches name, by the learned choice; `nearest`, those that
    /// stand nearest, if it chooses none or does not know the language. (Where the choice says that the event has no place
    /// here it is mostly right, but its sentences leave "near Beya" unmarked, which a record must keep.)
    fn chosen(
        &self,
        cluster: &Draft,
        main: usize,
        nearest: Vec<usize>,
        stretches: [&Stretch; 3],
    ) -> Vec<usize> {
        if nearest.is_empty() || !self.document.is_tagged() {
            return nearest;
        }
        // "Lodo: Two men died in Beya": where the words are filed under is not where it happened, if they tell it.
        let behind_label = nearest.iter().any(|&index| !self.in_label(index));
        let open = |index: usize| {
            let place = self.place(index);
            place.usage == Use::Place
                && !(behind_label && self.in_label(index))
                && stretches.iter().any(|stretch| self.lies_in(&place.tokens, stretch))
        };
        // The choice was learned of verbs; nouns are asked last.
        let mut asked = cluster.frames.clone();
        asked.sort_by_key(|&frame| (self.frame(frame).nominal, frame != main));
        let chosen = asked
            .into_iter()
            .take(MOST_ASKED)
            .map(|frame| {
                let head = self.frame(frame).head;
                let choices =
                    Choices::new(self.sites, self.document, self.mentions, self.frames, head..head + 1);
                let usable = |site: &Site| site.place.is_some_and(open);
                // One place is the event's whatever the model says.
                let several = choices.sites.iter().filter(|site| usable(site)).nth(1).is_some();
                let choices = choices.seen_by(self.scenes.filter(|_| several));
                let best = choices.best(usable);
                best.iter().filter_map(|site| site.place).collect::<Vec<usize>>()
            })
            .find(|found| !found.is_empty());
        let Some(mut chosen) = chosen else { return nearest };
        // Both ends of a road; the way that somebody was on.
        if chosen.iter().any(|index| nearest.contains(index)) {
            let known = chosen.len();
            for index in nearest {
                if self.place(index).function != Function::Site && !chosen[..known].contains(&index) {
                    chosen.push(index);
                }
            }
        }
        let parents = self.parents(&chosen);
        chosen.retain(|i| !parents.contains(i));
        chosen.sort_by_key(|&i| self.place(i).tokens.start);
        chosen
    }

    /// Times and places of the event's own words; then joins it to a draft, or makes it one.
    fn place_in_report(&mut self, mut cluster: Draft, region: &Region) {
        let main =
            cluster.frames.iter().copied().find(|&f| self.fates[f] == Fate::Act).unwrap_or(cluster.frames[0]);
        let near = self.frame(main).tokens.start;
        let tokens = self.document.sentences[self.frame(main).sentence as usize].tokens.clone();
        let sentence = Stretch { tokens, part: None, without: region.taken.clone() };
        // What somebody is arrested for was on another day than the arrest, and elsewhere.
        let stretches = match cluster.told {
            Told::Background => [&region.own; 3],
            _ => [&region.own, &region.lead, &sentence],
        };
        let perfect = cluster.frames.iter().any(|&f| {
            let frame = self.frame(f);
            self.frames.chunks[frame.sentence as usize][frame.chunk].perfect
        });
        // "…, killing two and abducting three, police said on Friday": the day of the telling counts only if no other
        // is told in the sentence.
        let times = || stretches.into_iter().filter_map(|r| self.time_within(r, Some(near)));
        let told = |&time: &usize| !self.of_the_dateline(&self.mentions.times[time]);
        let since = |&time: &usize| {
            let when = self.mentions.times[time].when.as_ref();
            when.is_some_and(|when| when.modifier == Some(crate::Modifier::Since))
        };
        // "The rebels said the next day that 15 had died": a figure of what the paragraph tells, and no day of its own.
        let goes_on =
            cluster.effect_only && self.now.is_some_and(|now| self.drafts[now].block == cluster.block);
        cluster.time = times()
            .filter(told)
            .find(|&time| !self.of_the_telling(&self.mentions.times[time]))
            .or_else(|| if goes_on { None } else { times().find(told) })
            .or_else(|| if self.drafts.is_empty() { times().next() } else { None })
            // "had fled since April"
            .or_else(|| if perfect { self.time_within(&sentence, None).filter(since) } else { None });
        let nearest = stretches
            .into_iter()
            .map(|r| self.places_within(r))
            .find(|found| !found.is_empty())
            .unwrap_or_default();
        cluster.places = self.chosen(&cluster, main, nearest, stretches);
        // "A hospital in Gol received nine bodies": where the dead were counted is not where they died.
        if self.only_tallies(&cluster) && !self.drafts.is_empty() {
            cluster.places.clear();
        }
        // "One died of his wounds on Friday", "by Tuesday the toll had reached 15": of what is being told, whenever and
        // wherever he died or they were counted.
        let day = cluster.time.and_then(|time| self.mentions.times[time].when.as_ref());
        let day = day.is_some_and(|when| when.earliest.is_some() && when.earliest == when.latest);
        let behind = |frame: usize| {
            let time = cluster.time.map(|time| self.mentions.times[time].tokens.start);
            time.is_some_and(|time| time >= self.frame(frame).tokens.end)
        };
        let later =
            |&frame: &usize| self.of_wounds(frame) && behind(frame) || day && self.gives_a_toll(frame);
        let died = cluster.frames.iter().all(|&frame| self.of_wounds(frame));
        if self.now.is_some() && cluster.effect_only && (died || cluster.frames.iter().any(later)) {
            cluster.time = None;
            cluster.places.clear();
        }
        let recalled = cluster.time.is_some_and(|t| self.mentions.times[t].recalled);
        let earlier = cluster.time.is_some() && !self.drafts.is_empty() && self.pluperfect(main);
        if recalled || earlier {
            cluster.told = Told::Background;
        }
        let counted = cluster.frames.iter().any(|&f| self.frame(f).nominal && self.frame(f).count.is_some());
        let cumulative = self.cumulative(&cluster);
        if cumulative {
            // "since fighting broke out on 15 April" does not tell the day of the dead.
            cluster.time = self.time_within(&sentence, None).filter(since);
        }
        cluster.aggregate = cumulative
            || counted && self.long(cluster.time)
            || cluster.frames.iter().all(|&f| self.generic_count(f));
        if let Some(earlier) = self.same_event(&cluster) {
            self.merge(earlier, cluster);
            return;
        }
        let told_here = self.drafts.is_empty() && (cluster.time.is_some() || !cluster.places.is_empty());
        if cluster.effect_only && self.only_pointers(&cluster) && !told_here {
            return;
        }
        // Nobody killed, somebody missing, a mere number: that is told of an action, and is none.
        let of_another = |&frame: &usize| {
            let (frame, trigger) = (self.frame(frame), self.lexicon.trigger(self.frame(frame).trigger));
            frame.modality == Modality::Negated && !trigger.loss.is_empty()
                || only_joins(self.lexicon, self.mentions, frame)
                || trigger.pattern == Pattern::Lost
                || matches!(frame.rule, parts::RULE | parts::NUMBER)
        };
        if cluster.effect_only && cluster.frames.iter().all(of_another) {
            return;
        }
        let dated = cluster.time.is_some();
        self.inherit(&mut cluster);
        if !dated && self.dated_by_another(&cluster) {
            cluster.time = None;
            cluster.time_inherited = false;
        }
        cluster.owner = self.owner_of(&cluster);
        let sites = self.listed_sites(&cluster);
        if sites.len() > 1 {
            cluster.aggregate = true;
            cluster.listed = true;
        }
        let total = self.drafts.len();
        if cluster.aggregate && !cluster.listed && !cumulative {
            self.totals.push(total);
        }
        self.drafts.push(cluster);
        // What is told behind a toll of many actions goes on with the action before it.
        if !cumulative {
            self.now = Some(total);
        }
        for site in sites {
            let mut child = self.drafts[total].clone();
            child.aggregate = false;
            child.listed = false;
            child.share = true;
            child.owner = Some(total);
            child.places = vec![site];
            child.frames.truncate(1);
            self.drafts.push(child);
        }
    }

    /// Whether a frame gives the number of the dead or wounded, and no more.
    fn gives_a_toll(&self, index: usize) -> bool {
        let frame = self.frame(index);
        frame.rule == parts::NUMBER || self.lexicon.trigger(frame.trigger).pattern == Pattern::Tally
    }

    /// Whether somebody died of wounds that he had: "died of his injuries", "succumbed to wounds".
    fn of_wounds(&self, index: usize) -> bool {
        let frame = self.frame(index);
        let end = self.document.sentences[frame.sentence as usize].tokens.end;
        let mut behind = (frame.tokens.end..end).take(4).map(|token| self.document.norm(token));
        !frame.nominal
            && self.lexicon.trigger(frame.trigger).pattern == Pattern::Undergoer
            && self.lexicon.trigger(frame.trigger).loss == [LossOutcome::Killed]
            && matches!(behind.next(), Some("of" | "from" | "to"))
            && behind.any(|word| matches!(word, "injuries" | "wounds" | "injury" | "wound"))
    }

    /// "The chief had survived an ambush in 2019": whether the clause of a frame tells of what was before.
    fn pluperfect(&self, index: usize) -> bool {
        let frame = self.frame(index);
        let chunks = &self.frames.chunks[frame.sentence as usize];
        let verb = chunks[..=frame.chunk].iter().rfind(|chunk| chunk.kind == ChunkKind::Verb);
        verb.is_some_and(|verb| verb.perfect && self.document.norm(verb.tokens.start) == "had")
            // "said that gunmen had killed two" tells it as news.
            && !chunks[..frame.chunk].iter().any(|chunk| self.tells(chunk.head))
    }

    /// Sites of one list ("Beya, Lodo and Gol were attacked"): each is an event of its own under a total that owns the figures.
    fn listed_sites(&self, cluster: &Draft) -> Vec<usize> {
        if cluster.aggregate || cluster.places_inherited || cluster.effect_only || cluster.places.len() < 2 {
            return Vec::new();
        }
        let list_word = |t: TokenId| {
            matches!(
                self.document.norm(t),
                "," | "and" | "the" | "villages" | "village" | "of" | "towns" | "as" | "well"
            )
        };
        // "a leader active in Beya, Lodo and Gol" does not tell where the strike on him was.
        let first = self.place(cluster.places[0]).stated.start;
        let before = (0..first).rev().take(16);
        let mut lead = before.skip_while(|&t| {
            self.document.tokens[t as usize].shape == Shape::Title
                || t > 0 && self.document.norm(t - 1) == "-"
                || matches!(
                    self.document.norm(t),
                    "the" | "in" | "throughout" | "across" | "both" | "," | "and" | "-"
                )
        });
        let of_somebody = |t: TokenId| {
            matches!(
                self.document.norm(t),
                "active" | "operating" | "operates" | "operated" | "operate" | "based"
            )
        };
        if lead.next().is_some_and(of_somebody) {
            return Vec::new();
        }
        let mut sites: Vec<usize> = vec![cluster.places[0]];
        for &place in &cluster.places[1..] {
            let before = self.place(*sites.last().unwrap_or(&place));
            let mention = self.place(place);
            let gap = before.tokens.end..mention.stated.start.max(before.tokens.end);
            let site = mention.function == Function::Site && before.function == Function::Site;
            let holder = before.within.contains(&(place as u32));
            if !site || holder || gap.is_empty() || gap.len() > 4 || !gap.clone().all(list_word) {
                return Vec::new();
            }
            sites.push(place);
        }
        sites
    }

    fn generic_count(&self, index: usize) -> bool {
        let frame = self.frame(index);
        frame.nominal && frame.count.is_some() && self.lexicon.trigger(frame.trigger).kind == Kind::Generic
    }

    fn only_tallies(&self, cluster: &Draft) -> bool {
        cluster.frames.iter().all(|&f| {
            let pattern = self.lexicon.trigger(self.frame(f).trigger).pattern;
            matches!(pattern, Pattern::Tally | Pattern::Bodies)
                || matches!(self.frame(f).rule, parts::RULE | parts::NUMBER)
        })
    }

    /// The draft that a figure goes on with: the one that is being told; for the dead that are counted the last that
    /// can have killed ("a raid that killed nine and abducted two; she counted 12 bodies").
    fn told_of(&self, cluster: &Draft) -> Option<usize> {
        let takes = |draft: &Draft| {
            matches!(
                draft.family,
                Family::Abduction
                    | Family::Release
                    | Family::Arrest
                    | Family::Looting
                    | Family::PropertyDestruction
            )
        };
        let now = self.now?;
        if !self.only_tallies(cluster) || !takes(&self.drafts[now]) {
            return Some(now);
        }
        let kills =
            |draft: &&Draft| !takes(draft) && self.drafts[now].last.saturating_sub(draft.last) <= REACH;
        self.drafts[..now]
            .iter()
            .rev()
            .take(2)
            .position(|draft| kills(&draft))
            .map(|back| now - 1 - back)
            .or(Some(now))
    }

    fn only_pointers(&self, cluster: &Draft) -> bool {
        cluster.frames.iter().all(|&f| self.fates[f] == Fate::Pointer)
            && !cluster.frames.iter().any(|&f| {
                self.frame(f)
                    .arguments
                    .iter()
                    .any(|a| a.role == ArgumentRole::Recipient && a.nominal.actor.is_some())
            })
    }

    fn long(&self, time: Option<usize>) -> bool {
        time.and_then(|t| self.mentions.times[t].when.as_ref())
            .is_some_and(|w| matches!((w.earliest, w.latest), (Some(a), Some(b)) if (b - a).get_days() > 1))
    }

    /// The draft that an own mention tells again.
    fn same_event(&self, cluster: &Draft) -> Option<usize> {
        if cluster.aggregate {
            return None;
        }
        let pointer = cluster.frames.iter().any(|&f| self.fates[f] == Fate::Pointer);
        let first = self.frame(cluster.frames[0]);
        // What somebody is arrested for was told before, however the arrest is led in: "the army later arrested ...".
        let tokens = if pointer && self.charged(first) {
            &self.frames.chunks[first.sentence as usize][first.chunk].tokens
        } else {
            &self.document.sentences[first.sentence as usize].tokens
        };
        let another = tokens
            .clone()
            .take_while(|&t| t <= first.tokens.start + 1)
            .map(|t| self.document.norm(t))
            // "Two gunmen also died": more of what the action did, not another one.
            .filter(|word| ANOTHER.contains(word) && !(*word == "also" && cluster.effect_only))
            // "Officials later raised the toll": another time, or somebody else, of the telling.
            .any(|word| !(matches!(word, "later" | "meanwhile" | "other") && self.only_tallies(cluster)));
        let own_time = cluster.time.is_some();
        let own_place = !self.sited(cluster).is_empty();
        let candidates = || {
            (0..self.drafts.len()).rev().take(12).filter(|&index| {
                let draft = &self.drafts[index];
                !draft.aggregate && draft.frames.len() <= LARGEST && self.compatible(draft, cluster)
            })
        };
        if let Some(index) = self.headline(cluster) {
            return Some(index);
        }
        // "Nobody has claimed the attack on the market", "the army confirmed an attack on a convoy": whom it struck tells
        // which one is meant.
        let confirmed = self.confirmed(first);
        let struck = |&index: &usize| {
            let draft = &self.drafts[index];
            let family = draft.family == cluster.family || alike(draft.family, cluster.family);
            (pointer && self.points_at(cluster, draft) || confirmed && family)
                && self.strikes_the_same(draft, cluster)
        };
        if (pointer || confirmed)
            && !another
            && let Some(index) = candidates().find(struck)
        {
            return Some(index);
        }
        for index in candidates() {
            let draft = &self.drafts[index];
            let distance = first.sentence.saturating_sub(draft.last);
            let near = distance <= REACH && draft.heading == cluster.heading;
            if pointer && !another && self.points_at(cluster, draft) {
                return Some(index);
            }
            if cluster.effect_only && !another {
                // A figure without place or time of its own goes on with what is being told.
                if near && !own_time && !own_place && Some(index) == self.told_of(cluster) {
                    return Some(index);
                }
                if self.retells(draft, cluster) {
                    return Some(index);
                }
                continue;
            }
            if another {
                continue;
            }
            let family =
                draft.family == cluster.family || alike(draft.family, cluster.family) || draft.effect_only;
            if family && self.retells(draft, cluster) {
                return Some(index);
            }
            let indefinite = cluster.frames.iter().any(|&f| {
                self.frame(f).nominal
                    && matches!(self.frame(f).determiner, Determiner::Indefinite)
                    && self.fates[f] == Fate::Act
            });
            let attackers = self.same_attackers(draft, cluster);
            if family
                && near
                && !own_place
                && (!own_time || attackers)
                && !indefinite
                && Some(index) == self.now
                && (!self.clashing_recipients(draft, cluster) || attackers)
            {
                return Some(index);
            }
        }
        None
    }

    /// The act of the title that the first act of the text goes on with: it strikes the same.
    fn headline(&self, cluster: &Draft) -> Option<usize> {
        let title = self.document.title?;
        if !self.drafts.iter().all(|draft| draft.block == title) {
            return None;
        }
        self.drafts.iter().position(|draft| {
            let family =
                draft.family == cluster.family || alike(draft.family, cluster.family) || draft.effect_only;
            family
                && !draft.aggregate
                && cluster.told == Told::News
                && self.strikes_the_same(draft, cluster)
                && self.compatible(draft, cluster)
        })
    }

    /// "The attackers then shot at worshippers": whether those who act are the ones that were told of.
    fn same_attackers(&self, draft: &Draft, cluster: &Draft) -> bool {
        let unnamed = |a: &&Argument| {
            let actor = a.nominal.actor.map(|actor| &self.mentions.actors[actor]);
            actor.is_some_and(|actor| actor.register.is_none() && actor.class == "armed_group_unspecified")
        };
        let definite = |a: &&Argument| a.nominal.determiner == Determiner::Definite;
        let armed =
            |a: &Argument| a.nominal.actor.is_some_and(|actor| armed(&self.mentions.actors[actor].class));
        let (mine, theirs) = (self.actors(&cluster.frames), self.actors(&draft.frames));
        !mine.is_empty() && mine.iter().all(|a| unnamed(a) && definite(a)) && theirs.iter().any(|a| armed(a))
    }

    /// Whether a noun's action is what somebody confirms, and so was told before.
    fn confirmed(&self, frame: &Frame) -> bool {
        let before = frame.chunk.checked_sub(1);
        let chunk = before.and_then(|at| self.frames.chunks[frame.sentence as usize].get(at));
        frame.nominal
            && chunk.is_some_and(|chunk| {
                chunk.kind == ChunkKind::Verb
                    && matches!(
                        self.document.norm(chunk.head),
                        "confirm" | "confirmed" | "confirms" | "acknowledged" | "acknowledges" | "admitted"
                    )
            })
    }

    fn points_at(&self, cluster: &Draft, draft: &Draft) -> bool {
        cluster.frames.iter().filter(|&&f| self.fates[f] == Fate::Pointer).any(|&f| {
            let trigger = self.lexicon.trigger(self.frame(f).trigger);
            trigger.kind == Kind::Generic
                || trigger.family == draft.family
                || alike(trigger.family, draft.family)
                || trigger.family == Family::Attack
        })
    }

    /// The same person, or the same actor and recipient, told again.
    fn retells(&self, draft: &Draft, cluster: &Draft) -> bool {
        let (mine, theirs) = (self.recipients(&cluster.frames), self.recipients(&draft.frames));
        mine.iter().any(|a| theirs.iter().any(|b| self.named(a) && self.same_nominal(a, b)))
    }

    fn named(&self, a: &Argument) -> bool {
        a.nominal.actor.is_some_and(|i| {
            let actor = &self.mentions.actors[i];
            actor.register.is_none() && actor.kind == crate::ParticipantKind::Person && !a.nominal.plural
                || actor.kind == crate::ParticipantKind::Facility
                    && a.nominal.determiner == Determiner::Definite
        })
    }

    fn clashing_recipients(&self, draft: &Draft, cluster: &Draft) -> bool {
        !self.recipients(&cluster.frames).is_empty()
            && !self.recipients(&draft.frames).is_empty()
            && !self.strikes_the_same(draft, cluster)
    }

    fn strikes_the_same(&self, draft: &Draft, cluster: &Draft) -> bool {
        let (mine, theirs) = (self.recipients(&cluster.frames), self.recipients(&draft.frames));
        mine.iter().any(|a| theirs.iter().any(|b| self.same_nominal(a, b)))
    }

    /// Nothing that both tell contradicts the other.
    fn compatible(&self, draft: &Draft, cluster: &Draft) -> bool {
        let dated = draft.time.is_some() || cluster.told == Told::Background && draft.told == Told::News;
        if draft.told != cluster.told && cluster.time.is_some() && dated {
            return false;
        }
        let special = |f: Family| {
            matches!(
                f,
                Family::Release
                    | Family::Escape
                    | Family::Protest
                    | Family::Riot
                    | Family::Arrest
                    | Family::DisruptedWeapons
            )
        };
        if special(draft.family) != special(cluster.family) && !cluster.effect_only {
            return false;
        }
        if special(draft.family) && draft.family != cluster.family && !cluster.effect_only {
            return false;
        }
        if let (Some(a), Some(b), false) = (draft.time, cluster.time, draft.time_inherited)
            && self.apart(a, b)
        {
            return false;
        }
        let (theirs, mine) = (self.sited(draft), self.sited(cluster));
        if !theirs.is_empty()
            && !mine.is_empty()
            && !draft.places_inherited
            && !theirs.iter().any(|&a| mine.iter().any(|&b| self.same_place(a, b)))
        {
            return false;
        }
        let (mine, theirs) = (self.actors(&cluster.frames), self.actors(&draft.frames));
        let register = |a: &Argument| a.nominal.actor.and_then(|i| self.mentions.actors[i].register.clone());
        let mine: Vec<String> = mine.into_iter().filter_map(register).collect();
        let theirs: Vec<String> = theirs.into_iter().filter_map(register).collect();
        mine.is_empty() || theirs.is_empty() || mine.iter().any(|id| theirs.contains(id))
    }

    fn apart(&self, a: usize, b: usize) -> bool {
        let bounds = |t: usize| self.mentions.times[t].when.as_ref().map(|w| (w.earliest, w.latest));
        match (bounds(a), bounds(b)) {
            (Some((a0, a1)), Some((b0, b1))) => {
                matches!((a1, b0), (Some(a1), Some(b0)) if a1 < b0)
                    || matches!((b1, a0), (Some(b1), Some(a0)) if b1 < a0)
            }
            _ => false,
        }
    }

    fn same_place(&self, a: usize, b: usize) -> bool {
        let (pa, pb) = (self.place(a), self.place(b));
        let within = |x: &crate::mention::place::PlaceMention, y: usize| {
            x.within.iter().any(|&i| self.name(i as usize) == self.name(y))
        };
        self.name(a) == self.name(b) || within(pa, b) || within(pb, a) || {
            // A province holds its village: the gazetteer tells by the names of the divisions.
            let holds = |outer: &crate::mention::place::PlaceMention,
                         inner: &crate::mention::place::PlaceMention| {
                match (&outer.best, &inner.best) {
                    (Some(o), Some(i)) => {
                        o.country.is_some()
                            && o.country == i.country
                            && (o.kind == crate::PlaceKind::Country
                                || o.kind == crate::PlaceKind::Admin1
                                    && i.admin1.as_deref() == Some(o.name.as_str()))
                    }
                    _ => false,
                }
            };
            holds(pa, pb) || holds(pb, pa)
        }
    }

    fn name(&self, place: usize) -> String {
        self.document.slice(self.place(place).span).to_lowercase()
    }

    fn place(&self, index: usize) -> &crate::mention::place::PlaceMention {
        self.frames.place(self.mentions, index)
    }

    /// Places where it happened, leaving out where people came from or went.
    fn sited(&self, draft: &Draft) -> Vec<usize> {
        let moved = |p: usize| {
            let tokens = &self.place(p).tokens;
            draft.frames.iter().flat_map(|&f| &self.frame(f).arguments).any(|a| {
                matches!(a.role, ArgumentRole::Origin | ArgumentRole::Destination)
                    && a.nominal.tokens.start <= tokens.start
                    && tokens.end <= a.nominal.tokens.end
            })
        };
        draft.places.iter().copied().filter(|&p| !moved(p)).collect()
    }

    fn merge(&mut self, index: usize, cluster: Draft) {
        let mut draft = std::mem::replace(&mut self.drafts[index], cluster.clone());
        for &frame in &cluster.frames {
            self.join(&mut draft, frame, "the same event told again");
        }
        if draft.time.is_none() || draft.time_inherited && cluster.time.is_some() {
            draft.time = cluster.time;
            draft.time_inherited = false;
        }
        if draft.places.is_empty() || draft.places_inherited && !cluster.places.is_empty() {
            draft.places = cluster.places;
            draft.places_inherited = false;
        }
        draft.block = cluster.block;
        self.drafts[index] = draft;
        self.now = Some(index);
    }

    /// Time and place from the heading, else from what the paragraph was telling, else from the title.
    fn inherit(&self, cluster: &mut Draft) {
        // A title and a dateline are those of the whole report: what the paragraph tells goes before.
        let whole = |heading: &u32| {
            let tokens = &self.document.blocks[*heading as usize].tokens;
            let dateline = self.document.dateline.as_ref();
            self.document.title == Some(*heading)
                || dateline.is_some_and(|dateline| tokens.contains(&dateline.tokens.start))
        };
        let title = cluster.heading.filter(whole);
        self.inherit_from_block(cluster);
        if title.is_none() {
            self.inherit_from_heading(cluster);
        }
        if let Some(now) = self.now {
            let before = &self.drafts[now];
            let block = self.document.blocks[cluster.block as usize].kind;
            let sentence = self.frame(cluster.frames[0]).sentence;
            // Every item of a list tells something of its own, and so does a line with a label.
            let close = before.block == cluster.block
                || block != BlockKind::ListItem && sentence.saturating_sub(before.last) <= 1;
            let close = close && !(before.last + 1..=sentence).any(|at| self.labelled(at));
            // In a paragraph of its own, elsewhere, another day may be meant.
            let elsewhere = before.block != cluster.block && !cluster.places.is_empty();
            let same = before.told == cluster.told && before.heading == cluster.heading;
            if close && same && !before.aggregate && !cluster.aggregate {
                if cluster.time.is_none() && before.time.is_some() && !elsewhere {
                    cluster.time = before.time;
                    cluster.time_inherited = true;
                }
                if cluster.places.is_empty() && !before.places.is_empty() {
                    cluster.places = before.places.clone();
                    cluster.places_inherited = true;
                }
            }
        }
        if title.is_some() {
            self.inherit_from_heading(cluster);
        }
    }

    /// Time and place from the sentences before in the same paragraph or item, if they tell no event: "On Monday a bus was
    /// stopped near Lodo. Eleven passengers were taken away."
    fn inherit_from_block(&self, cluster: &mut Draft) {
        let sentence = self.frame(cluster.frames[0]).sentence;
        let own = self.document.sentences[sentence as usize].tokens.start;
        let block = self.document.blocks[cluster.block as usize].tokens.start;
        let told = self.now.is_some_and(|now| self.drafts[now].block == cluster.block);
        if told || block >= own || cluster.told == Told::Background {
            return;
        }
        let first = self.document.sentence_of(block).max(sentence.saturating_sub(REACH));
        for before in (first..sentence).rev() {
            let tokens = self.document.sentences[before as usize].tokens.clone();
            let stretch = Stretch { tokens, part: None, without: Vec::new() };
            if cluster.time.is_none() {
                let time = self.time_within(&stretch, None);
                cluster.time = time.filter(|&time| {
                    let time = &self.mentions.times[time];
                    !time.recalled && !self.of_the_dateline(time) && !self.of_the_telling(time)
                });
                cluster.time_inherited = cluster.time.is_some();
            }
            if cluster.places.is_empty() {
                cluster.places = self.places_within(&stretch);
                cluster.places_inherited = !cluster.places.is_empty();
            }
        }
    }

    /// Whether a place stands in the label that its sentence begins with.
    fn in_label(&self, place: usize) -> bool {
        let tokens = &self.place(place).tokens;
        let sentence = self.document.sentence_of(tokens.start);
        let start = self.document.sentences[sentence as usize].tokens.start;
        self.labelled(sentence) && !(start..tokens.end).any(|token| self.document.norm(token) == ":")
    }

    /// Whether a sentence begins with a label: `Kabul: Women protested …`.
    fn labelled(&self, sentence: u32) -> bool {
        let tokens = &self.document.sentences[sentence as usize].tokens;
        let tokens = &self.document.tokens[tokens.start as usize..tokens.end as usize];
        is_label(self.document.text(), tokens)
    }

    fn inherit_from_heading(&self, cluster: &mut Draft) {
        let Some(heading) = cluster.heading else { return };
        let tokens = self.document.blocks[heading as usize].tokens.clone();
        let stretch = Stretch { tokens, part: None, without: Vec::new() };
        if cluster.time.is_none() {
            cluster.time = self.time_within(&stretch, None);
            cluster.time_inherited = cluster.time.is_some();
        }
        if cluster.places.is_empty() {
            cluster.places = self.places_within(&stretch);
            cluster.places_inherited = !cluster.places.is_empty();
        }
    }

    /// The total that a following incident is part of.
    fn owner_of(&self, cluster: &Draft) -> Option<usize> {
        if cluster.aggregate || cluster.told == Told::Background {
            return None;
        }
        self.totals.last().map(|&index| (index, &self.drafts[index])).and_then(|(index, owner)| {
            let same_section = owner.heading == cluster.heading
                && cluster.block.saturating_sub(owner.block) <= 2
                || owner.heading.is_none() && self.frame(owner.frames[0]).sentence <= 3;
            let within = match (owner.time, cluster.time) {
                (Some(a), Some(b)) => !self.apart(a, b),
                _ => true,
            };
            (same_section && within).then_some(index)
        })
    }
}

/// Families that one event can be told with.
fn alike(a: Family, b: Family) -> bool {
    use Family::{AirStrike, ArmedClash, Attack, Chemical, Explosion, PropertyDestruction, Shelling};
    let violent = |f| {
        matches!(f, Attack | Explosion | ArmedClash | Shelling | AirStrike | Chemical | PropertyDestruction)
    };
    violent(a)
        && violent(b)
        && (a == Attack || b == Attack || a == PropertyDestruction || b == PropertyDestruction)
        || matches!(
            (a, b),
            (Shelling, AirStrike) | (AirStrike, Shelling) | (Explosion, AirStrike) | (AirStrike, Explosion)
        )
}

/// RECORD's precedence: the means decides, then a clash, then an attack.
pub(super) fn rank(family: Family) -> u8 {
    match family {
        Family::AirStrike => 0,
        Family::Shelling => 1,
        Family::Chemical => 2,
        Family::Explosion => 3,
        Family::ArmedClash => 4,
        Family::Abduction | Family::Release | Family::Escape | Family::SexualViolence | Family::Torture => 5,
        Family::Attack => 7,
        Family::Arrest => 8,
        // What was found on those who were arrested.
        Family::DisruptedWeapons => 9,
        Family::Displacement => 10,
        _ => 6,
    }
}

/// Whether two noun groups can mean the same.
pub(super) fn same_nominal(document: &Document<'_>, mentions: &Mentions, a: &Argument, b: &Argument) -> bool {
    if a.nominal.tokens == b.nominal.tokens {
        return true;
    }
    let register = |x: &Argument| x.nominal.actor.and_then(|i| mentions.actors[i].register.as_deref());
    if let (Some(x), Some(y)) = (register(a), register(b)) {
        return x == y;
    }
    let head = |x: &Argument| document.norm(x.nominal.head);
    if head(a) == head(b) {
        // Two different names with one surname are rare; two different counts are two groups.
        let count = |x: &Argument| x.nominal.count.and_then(|c| mentions.counts[c].count.value);
        return match (count(a), count(b)) {
            (Some(x), Some(y)) => x == y,
            _ => true,
        };
    }
    false
}

/// Frames whose words put the action as something other than done.
pub(super) fn status_of(frames: &[&Frame]) -> crate::Status {
    use crate::Status;
    let any = |m: Modality| frames.iter().any(|f| f.modality == m);
    if any(Modality::Fact) {
        Status::Happened
    } else if any(Modality::Foiled) {
        Status::Foiled
    } else if any(Modality::Attempted) {
        Status::Attempted
    } else if any(Modality::Planned) {
        Status::Planned
    } else if any(Modality::Threatened) {
        Status::Threatened
    } else if any(Modality::Denied) || any(Modality::Negated) {
        Status::Denied
    } else {
        Status::Unclear
    }
}
