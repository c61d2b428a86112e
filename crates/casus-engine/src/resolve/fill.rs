//! Fills a draft's fields: family by means, participants, losses with voices, time, places.
//!
//! Every value here comes from a mention or a frame and keeps its spans.

use super::{
    assemble::{Draft, rank, same_nominal, status_of},
    relevance::armed,
};
use crate::{
    Action, ActionResult, Attribution, AttributionStatus, Cause, Count, Directionality, Effect, Family,
    Loser, Loss, LossOutcome, Materiel, MaterielOutcome, Operator, Outcome, Participant, ParticipantKind,
    Role, Scope, Side, Status, Told, Unit, Voice, Weapon, When, Where,
    frame::{
        Argument, ArgumentRole, Frame, Frames, Kind, Lexicon, Modality, Nominal, Pattern, chunk::Determiner,
        parts,
    },
    mention::{Mentions, actor::class::is_nonstate, count::CountKind, place},
    reader::Part as Seen,
    text::{Document, Shape, Tag, TokenId},
};
use std::collections::BTreeMap;

/// The fields of an event that a draft decides; identity and report are added by the caller.
#[derive(Debug)]
pub(super) struct Filled {
    pub(super) scope: Scope,
    pub(super) told: Told,
    pub(super) occurrences: Option<Count>,
    pub(super) status: Status,
    pub(super) action: Action,
    pub(super) result: ActionResult,
    pub(super) when: Option<When>,
    pub(super) places: Vec<Where>,
    pub(super) participants: Vec<Participant>,
    pub(super) losses: Vec<Loss>,
    pub(super) materiel: Vec<Materiel>,
    pub(super) voices: Vec<Voice>,
    pub(super) voices_of_event: Vec<u32>,
    pub(super) confidence: f32,
}

/// What filling looks at.
#[derive(Clone, Copy)]
pub(super) struct Filler<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) gazetteer: &'a place::Data,
    pub(super) document: &'a Document<'a>,
    pub(super) mentions: &'a Mentions,
    pub(super) frames: &'a Frames,
    /// Indices of the voices that govern words of each sentence.
    pub(super) voices: &'a [Vec<u32>],
}

/// For each sentence the voices that govern words of it.
pub(super) fn voices_by_sentence(document: &Document<'_>, mentions: &Mentions) -> Vec<Vec<u32>> {
    let mut voices = vec![Vec::new(); document.sentences.len()];
    for (index, voice) in mentions.voices.iter().enumerate().filter(|(_, v)| !v.governs.is_empty()) {
        let (first, last) =
            (document.sentence_of(voice.governs.start), document.sentence_of(voice.governs.end - 1));
        for sentence in &mut voices[first as usize..=last as usize] {
            sentence.push(index as u32);
        }
    }
    voices
}

/// A participant with the argument it came from.
struct Part<'a> {
    participant: Participant,
    argument: &'a Argument,
}

impl<'a> Filler<'a> {
    pub(super) fn fill(self, draft: &Draft) -> Filled {
        let frames: Vec<&Frame> = draft.frames.iter().map(|&f| &self.frames.frames[f]).collect();
        let mut voices = Voices::new();
        let weapons = self.weapons(draft, &frames);
        let mut parts = self.participants(&frames, &mut voices);
        self.learned(draft, &frames, &mut voices, &mut parts);
        let (mut losses, mut materiel) = (Vec::new(), Vec::new());
        if !draft.share {
            self.losses(&frames, &parts, &mut voices, &mut losses, &mut materiel);
        }
        if self.own_side(&frames) {
            voices.list[0].side = Some(Side::A);
        }
        let mut family = self.family(draft, &frames, &weapons, &parts);
        let both = [Side::A, Side::B].iter().all(|&side| {
            losses
                .iter()
                .any(|l| l.who.side == side && armed(&l.who.class) && l.outcome != [LossOutcome::Captured])
        });
        let held = frames.iter().any(|f| self.lexicon.trigger(f.trigger).pattern == Pattern::Hold);
        if (both || held) && matches!(family, Family::Attack | Family::TerritoryChange) {
            family = Family::ArmedClash;
        }
        // Who threatened and was killed is told of as killed.
        let harmed = |loss: &Loss| {
            loss.count.high != Some(0)
                && loss.outcome.iter().any(|o| matches!(o, LossOutcome::Killed | LossOutcome::Wounded))
        };
        // A raid that killed people and burned houses is an attack.
        let raided = || {
            frames
                .iter()
                .map(|f| self.lexicon.trigger(f.trigger))
                .any(|trigger| trigger.kind == Kind::Act && trigger.family == Family::Attack)
        };
        let lesser = family == Family::Threat
            || matches!(family, Family::PropertyDestruction | Family::Looting) && raided();
        if lesser && losses.iter().any(harmed) {
            family = Family::Attack;
        }
        let two_sided = both || family == Family::ArmedClash;
        let mut also: Vec<Family> = frames
            .iter()
            .map(|f| self.lexicon.trigger(f.trigger))
            .filter(|t| {
                t.kind == Kind::Act
                    && t.family != family
                    && !matches!(t.family, Family::Attack | Family::Other)
            })
            .map(|t| t.family)
            .collect();
        also.sort_unstable();
        also.dedup();
        let acts: Vec<&Frame> = frames
            .iter()
            .copied()
            .filter(|f| self.lexicon.trigger(f.trigger).kind != Kind::Effect || draft.effect_only)
            .collect();
        let status = self.status(if acts.is_empty() { &frames } else { &acts }, &losses);
        let triggers = frames.iter().map(|f| self.document.span(&f.tokens)).collect();
        let tactic = self.tactic(&frames, family, &weapons);
        let delivery = frames
            .iter()
            .find_map(|f| self.lexicon.trigger(f.trigger).delivery.clone())
            .or_else(|| weapons.iter().find_map(|(_, delivery)| delivery.clone()));
        let response = self.response(family, &frames);
        let outcome = frames
            .iter()
            .filter(|f| f.modality == Modality::Fact)
            .find_map(|f| self.lexicon.trigger(f.trigger).outcome);
        let mut participants: Vec<Participant> = Vec::with_capacity(parts.len());
        for part in parts.drain(..) {
            participants.push(part.participant);
        }
        let voices_of_event = voices.of_frames(self, &frames);
        let confidence = self.confidence(draft, &frames, &participants);
        let occurrences = frames
            .iter()
            .filter(|f| f.nominal && self.lexicon.trigger(f.trigger).kind != Kind::Effect)
            .find_map(|f| f.count)
            .map(|c| self.mentions.counts[c].count.clone())
            .filter(|c| !draft.share && c.low.is_none_or(|low| low > 1) && c.value != Some(1));
        Filled {
            scope: if draft.aggregate { Scope::Aggregate } else { Scope::Incident },
            told: draft.told,
            occurrences,
            status,
            action: Action {
                family,
                also,
                tactic,
                weapons: weapons.into_iter().map(|(weapon, _)| weapon).collect(),
                delivery,
                directionality: if two_sided {
                    Directionality::TwoSided
                } else if matches!(family, Family::Protest | Family::Riot | Family::Agreement | Family::Other)
                {
                    Directionality::Unknown
                } else {
                    Directionality::OneSided
                },
                triggers,
            },
            result: ActionResult {
                outcome: outcome.filter(|o| self.outcome_fits(*o, family)),
                territory: None,
                response,
            },
            when: draft
                .time
                .and_then(|t| self.mentions.times[t].when.clone())
                .map(|when| self.when(when, draft)),
            places: self.places(draft, &frames),
            participants,
            losses,
            materiel,
            voices: voices.list,
            voices_of_event,
            confidence,
        }
    }

    /// The voice that vouches for a token most closely.
    fn innermost(self, token: TokenId) -> Option<usize> {
        let voice = |&index: &u32| &self.mentions.voices[index as usize];
        self.voices[self.document.sentence_of(token) as usize]
            .iter()
            .filter(|index| voice(index).governs.contains(&token) && !voice(index).claims_responsibility)
            .min_by_key(|index| voice(index).governs.len())
            .map(|&index| index as usize)
    }

    fn when(self, mut when: When, draft: &Draft) -> When {
        if draft.time_inherited {
            let heading = draft.heading.map(|h| self.document.span(&self.document.blocks[h as usize].tokens));
            if heading.is_some_and(|h| when.evidence.iter().all(|&e| h.contains(e))) {
                when.basis = crate::Basis::Heading;
            }
        }
        when
    }

    fn places(self, draft: &Draft, frames: &[&Frame]) -> Vec<Where> {
        let mut places: Vec<Where> = draft
            .places
            .iter()
            .map(|&p| {
                let mention = self.frames.place(self.mentions, p);
                let mut place = place::to_where(self.gazetteer, mention, self.document, self.mentions);
                for (role, function) in [
                    (ArgumentRole::Origin, crate::Function::Origin),
                    (ArgumentRole::Destination, crate::Function::Destination),
                ] {
                    if frames
                        .iter()
                        .flat_map(|f| &f.arguments)
                        .any(|a| a.role == role && a.nominal.place == Some(p))
                    {
                        place.function = function;
                    }
                }
                place
            })
            .collect();
        // What happened on another day happened in the town that was told of, not again at its market.
        if draft.places_inherited && draft.time.is_some() && !draft.time_inherited {
            for (place, &index) in places.iter_mut().zip(&draft.places) {
                let detail = self.frames.place(self.mentions, index).detail.as_ref();
                let detail = detail.map(|detail| self.document.span(detail));
                place.detail = None;
                place.evidence.retain(|span| Some(*span) != detail);
            }
        }
        if draft.places_inherited {
            places.retain(|p| !matches!(p.function, crate::Function::Origin | crate::Function::Destination));
        }
        places
    }

    /// "our units attacked", "we struck": the report speaks for the acting side.
    fn own_side(self, frames: &[&Frame]) -> bool {
        frames.iter().flat_map(|f| &f.arguments).filter(|a| a.role == ArgumentRole::Actor).any(|a| {
            a.nominal.tokens.clone().any(|t| self.document.norm(t) == "our")
                || self.document.norm(a.nominal.head) == "we"
        })
    }

    fn outcome_fits(self, outcome: Outcome, family: Family) -> bool {
        match outcome {
            Outcome::Released | Outcome::Rescued => family == Family::Release,
            Outcome::Escaped => family == Family::Escape,
            Outcome::Captured => {
                matches!(family, Family::TerritoryChange | Family::ArmedClash | Family::Attack)
            }
            _ => true,
        }
    }

    // ---- the action

    /// The family by RECORD's precedence: the means decides, whatever the words.
    fn family(
        self,
        draft: &Draft,
        frames: &[&Frame],
        weapons: &[(Weapon, Option<String>)],
        parts: &[Part<'_>],
    ) -> Family {
        let mut family = draft.family;
        if draft.effect_only {
            family = frames
                .iter()
                .map(|f| self.lexicon.trigger(f.trigger).family)
                .min_by_key(|&f| rank(f))
                .unwrap_or(family);
        }
        let by_means = weapons
            .iter()
            .filter_map(|(weapon, delivery)| means_family(&weapon.kind, delivery.as_deref()))
            .min_by_key(|&f| rank(f));
        let violent = matches!(
            family,
            Family::Attack
                | Family::PropertyDestruction
                | Family::Explosion
                | Family::Shelling
                | Family::AirStrike
        );
        if let Some(means) = by_means.filter(|&means| violent && rank(means) < rank(family)) {
            family = means;
        }
        // "helicopters attacked", "aircraft carried out strikes"
        let flown = parts.iter().any(|p| {
            p.participant.role == Role::Actor
                && matches!(
                    self.document.norm(p.argument.nominal.head),
                    "aircraft"
                        | "helicopters"
                        | "helicopter"
                        | "warplanes"
                        | "jets"
                        | "planes"
                        | "drones"
                        | "drone"
                        | "warplane"
                )
        });
        if flown && violent { Family::AirStrike } else { family }
    }

    fn status(self, frames: &[&Frame], losses: &[Loss]) -> Status {
        let status = status_of(frames);
        let fixed = frames.iter().find_map(|f| self.lexicon.trigger(f.trigger).status);
        let harmed =
            losses.iter().any(|l| l.count.high != Some(0) && !l.outcome.contains(&LossOutcome::Captured));
        match (status, fixed) {
            (Status::Happened, Some(fixed)) if !harmed => fixed,
            // Somebody died: an attempt that drew blood took place.
            (Status::Attempted, _) if harmed => Status::Happened,
            (status, _) => status,
        }
    }

    fn tactic(
        self,
        frames: &[&Frame],
        family: Family,
        weapons: &[(Weapon, Option<String>)],
    ) -> Option<String> {
        let suicide = frames.iter().any(|f| {
            let sentence = &self.document.sentences[f.sentence as usize].tokens;
            sentence.clone().any(|t| self.document.norm(t) == "suicide")
        });
        let has = |kind: &str| weapons.iter().any(|(w, _)| w.kind == kind);
        if suicide && family == Family::Explosion {
            return Some(
                if has("vehicle_bomb") { "suicide_vehicle_bomb" } else { "suicide_vest" }.to_owned(),
            );
        }
        if let Some(tactic) = frames.iter().find_map(|f| self.lexicon.trigger(f.trigger).tactic.clone()) {
            return Some(tactic);
        }
        if has("ied") || has("landmine") {
            return Some(if has("ied") { "ied" } else { "landmine" }.to_owned());
        }
        let assassination = family == Family::Attack
            && frames.iter().any(|f| {
                let word = self.document.norm(f.head);
                word.starts_with("assassinat")
            });
        assassination.then(|| "assassination".to_owned())
    }

    fn response(self, family: Family, frames: &[&Frame]) -> Option<crate::Response> {
        if !matches!(family, Family::Protest | Family::Riot) {
            return None;
        }
        let fired = frames
            .iter()
            .any(|f| matches!(self.lexicon.trigger(f.trigger).id.as_str(), "open_fire" | "shoot"));
        fired.then_some(crate::Response::LethalForce)
    }

    fn weapons(self, draft: &Draft, frames: &[&Frame]) -> Vec<(Weapon, Option<String>)> {
        let mut found: BTreeMap<String, (Weapon, Option<String>)> = BTreeMap::new();
        for added in draft.learned.iter().filter(|a| a.argument.role == ArgumentRole::Instrument) {
            self.add_weapon(added.argument.nominal.weapon, &mut found);
        }
        for frame in frames {
            for argument in frame.arguments.iter().filter(|a| a.role == ArgumentRole::Instrument) {
                self.add_weapon(argument.nominal.weapon, &mut found);
            }
            // "blew up a car bomb": the trigger's word is the means.
            let sentence = &self.document.sentences[frame.sentence as usize].tokens;
            let first = self.mentions.weapons.partition_point(|w| w.tokens.start < sentence.start);
            for (index, weapon) in self.mentions.weapons.iter().enumerate().skip(first) {
                if weapon.tokens.start >= sentence.end {
                    break;
                }
                if weapon.tokens.contains(&frame.head) {
                    self.add_weapon(Some(index), &mut found);
                }
            }
        }
        let mut weapons: Vec<_> = found.into_values().collect();
        if weapons.is_empty()
            && let Some(frame) = frames.iter().find(|f| self.lexicon.trigger(f.trigger).weapon.is_some())
        {
            let span = self.document.span(&frame.tokens);
            let kind = self.lexicon.trigger(frame.trigger).weapon.clone().unwrap_or_default();
            weapons.push((
                Weapon { kind, mention: self.document.slice(span).to_owned(), evidence: vec![span] },
                None,
            ));
        }
        weapons.sort_by_key(|(weapon, _)| weapon.evidence.first().copied());
        weapons
    }

    fn add_weapon(self, index: Option<usize>, found: &mut BTreeMap<String, (Weapon, Option<String>)>) {
        let Some(mention) = index.map(|i| &self.mentions.weapons[i]) else { return };
        let Some(kind) = &mention.weapon else { return };
        let entry = found.entry(kind.clone()).or_insert_with(|| {
            let weapon = Weapon {
                kind: kind.clone(),
                mention: self.document.slice(mention.span).to_owned(),
                evidence: Vec::new(),
            };
            (weapon, mention.delivery.clone())
        });
        if !entry.0.evidence.contains(&mention.span) {
            entry.0.evidence.push(mention.span);
        }
    }

    // ---- participants

    fn participants<'p>(self, frames: &[&'p Frame], voices: &mut Voices) -> Vec<Part<'p>> {
        let mut parts: Vec<Part<'p>> = Vec::new();
        for frame in frames {
            let trigger = self.lexicon.trigger(frame.trigger);
            let pairless = trigger.pattern == Pattern::Reciprocal
                && !frame.arguments.iter().any(|a| a.role == ArgumentRole::Recipient);
            let mut actors = 0;
            let mut last: Option<usize> = None;
            for argument in &frame.arguments {
                let role = match argument.role {
                    ArgumentRole::Actor if trigger.pattern == Pattern::Hold => Role::Recipient,
                    ArgumentRole::Actor => {
                        actors += 1;
                        // "the army and the rebels clashed": two sides.
                        if pairless && actors > 1 { Role::Recipient } else { Role::Actor }
                    }
                    ArgumentRole::Recipient if trigger.pattern != Pattern::Weapons => Role::Recipient,
                    ArgumentRole::Apposition => {
                        if let Some(part) = last.map(|i| &mut parts[i]) {
                            self.enrich(part, argument);
                        }
                        continue;
                    }
                    _ => {
                        last = None;
                        continue;
                    }
                };
                let Some(mut participant) = self.participant(argument, role) else {
                    last = None;
                    continue;
                };
                if role == Role::Recipient && is_thing(participant.kind) {
                    participant.effect = trigger.effect.map(|e| match e {
                        MaterielOutcome::Damaged => Effect::Damaged,
                        _ => Effect::Destroyed,
                    });
                }
                // The one that is arrested fights on the other side only by the text's word: the arresting force is the actor.
                let voice = voices.of_act(self, frame);
                participant.attributions.push(Attribution {
                    status: if self.suspected(argument, frame) {
                        AttributionStatus::Suspected
                    } else if voice.1 == AttributionStatus::Claimed && voice.0 != 0 {
                        // What one side claims that another did is a suspicion; its own deeds it claims itself.
                        let own = voices.list[voice.0 as usize].register.as_ref();
                        let claims = own.is_some() && own == participant.register.as_ref();
                        if claims { AttributionStatus::Claimed } else { AttributionStatus::Suspected }
                    } else {
                        voice.1
                    },
                    voice: voice.0,
                    mode: None,
                    evidence: Vec::new(),
                });
                let same = parts.iter().position(|p| {
                    p.participant.role == role
                        && same_nominal(self.document, self.mentions, p.argument, argument)
                });
                last = Some(match same {
                    Some(index) => {
                        let existing = &mut parts[index].participant;
                        for span in participant.mentions {
                            if !existing.mentions.contains(&span) {
                                existing.mentions.push(span);
                            }
                        }
                        existing
                            .evidence
                            .extend(participant.evidence.iter().filter(|s| !existing.mentions.contains(s)));
                        existing.count = existing.count.take().or(participant.count);
                        existing.effect = existing.effect.or(participant.effect);
                        index
                    }
                    None => {
                        parts.push(Part { participant, argument });
                        parts.len() - 1
                    }
                });
            }
        }
        parts
    }

    /// Adds the participants that only the learned reader saw; they are held as firmly as the event's own words.
    fn learned<'p>(
        self,
        draft: &'p Draft,
        frames: &[&'p Frame],
        voices: &mut Voices,
        parts: &mut Vec<Part<'p>>,
    ) {
        for added in &draft.learned {
            let (role, kind) = match added.part {
                Seen::PerpetratorPerson | Seen::PerpetratorGroup => (Role::Actor, ParticipantKind::Group),
                Seen::Target => (Role::Recipient, ParticipantKind::Facility),
                Seen::VictimName => (Role::Recipient, ParticipantKind::Person),
                Seen::Victim => (Role::Recipient, ParticipantKind::Population),
                Seen::Weapon | Seen::Place => continue,
            };
            let argument = &added.argument;
            let known = self.participant(argument, role).or_else(|| self.unnamed(argument, role, kind));
            let Some(mut participant) = known else { continue };
            let same = parts.iter().any(|p| {
                p.participant.role == role && same_nominal(self.document, self.mentions, p.argument, argument)
            });
            let Some(frame) = frames.first().filter(|_| !same) else { continue };
            let (voice, status) = voices.of_act(self, frame);
            let status = if self.suspected(argument, frame) { AttributionStatus::Suspected } else { status };
            participant.attributions.push(Attribution { status, voice, mode: None, evidence: Vec::new() });
            parts.push(Part { participant, argument });
        }
    }

    /// A participant that no register or word list knows.
    fn unnamed(self, argument: &Argument, role: Role, kind: ParticipantKind) -> Option<Participant> {
        let nominal = &argument.nominal;
        if nominal.determiner == Determiner::Negative || self.bare_number(nominal) || self.harmed(nominal) {
            return None;
        }
        let span = self.document.span(&nominal.core);
        Some(Participant {
            role,
            kind,
            name: collapse(self.document.slice(span)),
            mentions: vec![span],
            effect: None,
            register: None,
            class: "unknown".to_owned(),
            target_type: None,
            side: if role == Role::Actor { Side::A } else { Side::B },
            country: None,
            government_of: None,
            count: nominal.count.map(|c| self.mentions.counts[c].count.clone()),
            attributions: Vec::new(),
            evidence: vec![self.document.span(&nominal.tokens)],
        })
    }

    fn participant(self, argument: &Argument, role: Role) -> Option<Participant> {
        let nominal = &argument.nominal;
        if nominal.pronoun
            || nominal.determiner == Determiner::Negative
            || self.bare_number(nominal)
            || self.harmed(nominal)
        {
            return None;
        }
        let span = self.document.span(&nominal.core);
        let actor = nominal.actor.map(|a| &self.mentions.actors[a]);
        let thing = nominal.weapon.map(|w| &self.mentions.weapons[w]).filter(|w| w.item.is_some());
        let (kind, class) = match (actor, thing) {
            (Some(actor), _) => (actor.kind, actor.class.clone()),
            (None, Some(_)) => (ParticipantKind::Vehicle, "unknown".to_owned()),
            (None, None) if nominal.place.is_some() => {
                (ParticipantKind::Infrastructure, "unknown".to_owned())
            }
            (None, None) if self.proper(nominal) => (ParticipantKind::Person, "unknown".to_owned()),
            (None, None)
                if nominal.count.is_some_and(|c| self.mentions.counts[c].kind == CountKind::Quantity) =>
            {
                (ParticipantKind::Population, "unknown".to_owned())
            }
            (None, None) => return None,
        };
        let count = nominal.count.map(|c| self.mentions.counts[c].count.clone());
        let words = self.document.slice(span);
        Some(Participant {
            role,
            kind,
            name: actor.and_then(|a| a.name.clone()).unwrap_or_else(|| collapse(words)),
            mentions: vec![span],
            effect: None,
            register: actor.and_then(|a| a.register.clone()),
            class,
            target_type: actor.and_then(|a| a.target_type.clone()),
            side: if role == Role::Actor { Side::A } else { Side::B },
            country: actor.and_then(|a| a.country.clone()),
            government_of: actor.and_then(|a| a.government_of.clone()),
            count,
            attributions: Vec::new(),
            evidence: vec![self.document.span(&nominal.tokens)],
        })
    }

    /// An apposition adds its span, and its register entry where the name had none.
    fn enrich(self, part: &mut Part<'_>, argument: &Argument) {
        let participant = &mut part.participant;
        let span = self.document.span(&argument.nominal.core);
        if !participant.mentions.contains(&span) {
            participant.mentions.push(span);
        }
        // "a journalist, Juan Perez": who is told of by an office goes by the name.
        if self.names_one(&argument.nominal)
            && participant.register.is_none()
            && !part.argument.nominal.plural
            && !self.proper(&part.argument.nominal)
        {
            participant.name = collapse(self.document.slice(span));
        }
        if let Some(actor) = argument.nominal.actor.map(|a| &self.mentions.actors[a]) {
            if participant.class == "unknown" {
                participant.class = actor.class.clone();
                participant.target_type =
                    participant.target_type.take().or_else(|| actor.target_type.clone());
            }
            if participant.register.is_none() && actor.register.is_some() {
                participant.register = actor.register.clone();
                participant.country = actor.country.clone();
            }
        }
    }

    /// "11", "27 dead": a figure, not a name for anybody.
    fn bare_number(self, nominal: &Nominal) -> bool {
        nominal.actor.is_none()
            && nominal.count.is_some_and(|c| {
                let count = &self.mentions.counts[c].tokens;
                count.contains(&nominal.head)
                    || !self.lexicon.adjective(self.document.norm(nominal.head)).is_empty()
            })
    }

    /// "12 bodies", "six casualties": what an action left, and nobody's name.
    fn harmed(self, nominal: &Nominal) -> bool {
        matches!(
            self.document.norm(nominal.head),
            "body" | "bodies" | "corpse" | "corpses" | "casualty" | "casualties" | "fatality" | "fatalities"
        ) && nominal.actor.is_none_or(|actor| self.mentions.actors[actor].register.is_none())
    }

    fn proper(self, nominal: &Nominal) -> bool {
        matches!(self.document.tokens[nominal.head as usize].tag, Tag::Proper | Tag::ProperPlural)
            && (self.document.casing != crate::text::Casing::Mixed
                || matches!(
                    self.document.tokens[nominal.head as usize].shape,
                    Shape::Title | Shape::Upper | Shape::Mixed
                ))
    }

    /// Whether a noun group is one person's name.
    fn names_one(self, nominal: &Nominal) -> bool {
        let person = nominal.actor.is_none_or(|actor| {
            let actor = &self.mentions.actors[actor];
            actor.kind == ParticipantKind::Person && actor.register.is_none()
        });
        self.proper(nominal)
            && person
            && !nominal.plural
            && nominal.count.is_none()
            && nominal.place.is_none()
    }

    fn suspected(self, argument: &Argument, frame: &Frame) -> bool {
        let words =
            argument.nominal.tokens.clone().chain(frame.tokens.start.saturating_sub(3)..frame.tokens.start);
        argument.role == ArgumentRole::Actor
            && words.into_iter().any(|t| {
                matches!(
                    self.document.norm(t),
                    "suspected"
                        | "alleged"
                        | "allegedly"
                        | "presumed"
                        | "presumably"
                        | "believed"
                        | "apparently"
                        | "reportedly"
                        | "probably"
                )
            })
    }

    // ---- losses

    fn losses(
        self,
        frames: &[&Frame],
        parts: &[Part<'_>],
        voices: &mut Voices,
        losses: &mut Vec<Loss>,
        materiel: &mut Vec<Materiel>,
    ) {
        let mut rows: Vec<Row> = Vec::new();
        for frame in frames {
            let trigger = self.lexicon.trigger(frame.trigger);
            if matches!(
                frame.modality,
                Modality::Planned | Modality::Threatened | Modality::Attempted | Modality::Denied
            ) && !trigger.loss.is_empty()
            {
                continue;
            }
            let mut whole = if frame.rule == parts::RULE { self.toll(&trigger.loss, losses) } else { None };
            for (at, argument) in frame.arguments.iter().enumerate() {
                let included = match argument.role {
                    ArgumentRole::Recipient => false,
                    ArgumentRole::Included => true,
                    _ => continue,
                };
                let nominal = &argument.nominal;
                if self.is_thing_nominal(nominal) {
                    self.thing(frame, trigger, nominal, voices, materiel);
                    continue;
                }
                if trigger.loss.is_empty() || !self.is_person_nominal(nominal, included) {
                    continue;
                }
                // "killed and wounded 70": one joint count.
                let harm = |outcomes: &[LossOutcome]| {
                    outcomes.iter().all(|o| {
                        matches!(o, LossOutcome::Killed | LossOutcome::Wounded | LossOutcome::Missing)
                    })
                };
                let joint = rows.iter().position(|r| {
                    r.sentence == frame.sentence
                        && r.tokens == nominal.tokens
                        && (losses[r.loss].outcome == trigger.loss
                            || harm(&losses[r.loss].outcome) && harm(&trigger.loss))
                });
                if let Some(row) = joint.filter(|_| frame.modality != Modality::Negated) {
                    let joint = &mut losses[rows[row].loss].outcome;
                    for outcome in &trigger.loss {
                        if !joint.contains(outcome) {
                            joint.push(*outcome);
                        }
                    }
                    whole = Some(rows[row].loss);
                    continue;
                }
                let voice = voices.at(self, nominal.head).0;
                let mut loss = self.loss(frame, &trigger.loss, argument, parts, voice);
                // "One child was killed and another wounded": one more of them.
                if self.document.norm(nominal.head) == "another"
                    && let Some(row) = rows.last().filter(|row| row.sentence == frame.sentence)
                {
                    loss.who = losses[row.loss].who.clone();
                    loss.who.name = None;
                }
                if loss.count.operator == Operator::Singular && loss.who.name.is_none() {
                    let behind = frame.arguments[at + 1..].iter();
                    let mut named = behind.take_while(|other| other.role == ArgumentRole::Apposition);
                    let named = named.find(|other| self.names_one(&other.nominal));
                    loss.who.name = named.map(|other| collapse(self.document.words(&other.nominal.core)));
                }
                let index =
                    self.settle(loss, if included { whole } else { None }, frame.sentence, &rows, losses);
                rows.push(Row { sentence: frame.sentence, tokens: nominal.tokens.clone(), loss: index });
                if !included {
                    whole = Some(index);
                }
            }
        }
        in_order(losses);
    }

    /// The toll that parts told in another sentence belong to: the largest of what they suffered.
    fn toll(self, outcome: &[LossOutcome], losses: &[Loss]) -> Option<usize> {
        let least = |loss: &Loss| loss.count.value.or(loss.count.low).unwrap_or(0);
        let holds = |loss: &Loss| {
            loss.included_in.is_none() && outcome.iter().all(|outcome| loss.outcome.contains(outcome))
        };
        let held = losses.iter().enumerate().filter(|(_, loss)| holds(loss) && least(loss) > 1);
        held.max_by_key(|&(at, loss)| (least(loss), std::cmp::Reverse(at))).map(|(at, _)| at)
    }

    fn loss(
        self,
        frame: &Frame,
        outcome: &[LossOutcome],
        argument: &Argument,
        parts: &[Part<'_>],
        voice: u32,
    ) -> Loss {
        let nominal = &argument.nominal;
        // "dissidents of the FARC …; three dissidents were killed": those of the group that was named.
        let told = |part: &&Part<'_>| {
            part.argument.nominal.actor.is_some_and(|a| self.mentions.actors[a].register.is_some())
                && same_nominal(self.document, self.mentions, part.argument, argument)
        };
        let actor = nominal
            .actor
            .filter(|&a| self.mentions.actors[a].register.is_some())
            .or_else(|| parts.iter().find(told).and_then(|part| part.argument.nominal.actor))
            .or(nominal.actor)
            .map(|a| &self.mentions.actors[a]);
        let mention = nominal.count.map(|c| &self.mentions.counts[c]);
        let stated = self.document.words(&nominal.tokens);
        let negated = frame.modality == Modality::Negated
            || nominal.determiner == Determiner::Negative
            || self.shares_negation(frame, nominal);
        let count = match mention {
            _ if negated => Count::new(Operator::NoneStated, 0, stated),
            Some(mention) => mention.count.clone(),
            None if nominal.plural || self.is_body_of_people(nominal) => {
                Count::new(Operator::Plural, 0, stated)
            }
            None => Count::new(Operator::Singular, 1, stated),
        };
        let class = actor.map_or("unknown", |a| a.class.as_str()).to_owned();
        let register = actor.and_then(|a| a.register.clone());
        let side = self.side(&class, register.as_deref(), outcome, parts);
        let name = match actor {
            Some(actor) if actor.register.is_some() => actor.name.clone(),
            Some(actor)
                if actor.kind == ParticipantKind::Person && !nominal.plural && self.proper(nominal) =>
            {
                Some(collapse(self.document.words(&nominal.core)))
            }
            None if self.proper(nominal) => Some(collapse(self.document.words(&nominal.core))),
            _ => None,
        };
        Loss {
            outcome: outcome.to_vec(),
            figure: 0,
            included_in: None,
            who: Loser {
                class,
                name,
                register,
                country: actor.and_then(|a| a.country.clone()),
                side,
                attributes: actor.map(|a| a.attributes.clone()).unwrap_or_default(),
            },
            count,
            unit: mention.map_or(Unit::Persons, |m| m.unit),
            cause: if self.natural(frame) { Cause::Indirect } else { Cause::Direct },
            voices: vec![voice],
            evidence: vec![self.document.span(&nominal.tokens)],
        }
    }

    /// "a mortar team", "the patrol": more than one, and nobody says how many.
    fn is_body_of_people(self, nominal: &Nominal) -> bool {
        matches!(
            self.document.norm(nominal.head),
            "team" | "squad" | "patrol" | "crew" | "group" | "gang" | "cell" | "platoon" | "family" | "crowd"
        )
    }

    /// "died of a heart attack"
    fn natural(self, frame: &Frame) -> bool {
        let end = (frame.tokens.end + 5).min(self.document.sentences[frame.sentence as usize].tokens.end);
        (frame.tokens.end..end).any(|t| {
            matches!(
                self.document.norm(t),
                "heart"
                    | "thirst"
                    | "hunger"
                    | "cold"
                    | "exposure"
                    | "exhaustion"
                    | "stroke"
                    | "shock"
                    | "disease"
                    | "cholera"
            )
        })
    }

    /// "no women or children": the negation reaches over the conjunction.
    fn shares_negation(self, frame: &Frame, nominal: &Nominal) -> bool {
        let start = nominal.tokens.start;
        frame.arguments.iter().any(|a| {
            a.nominal.determiner == Determiner::Negative
                && a.nominal.tokens.end < start
                && start - a.nominal.tokens.end <= 2
                && matches!(self.document.norm(start - 1), "or" | "nor")
        })
    }

    /// The loser's side: the actor's own people are on side a.
    fn side(self, class: &str, register: Option<&str>, outcome: &[LossOutcome], parts: &[Part<'_>]) -> Side {
        let captured = matches!(outcome, [LossOutcome::Captured | LossOutcome::Recaptured]);
        let actors = || parts.iter().filter(|p| p.participant.role == Role::Actor);
        if let Some(register) = register {
            if actors().any(|p| p.participant.register.as_deref() == Some(register)) {
                return Side::A;
            }
            return Side::B;
        }
        let kin = |a: &str, b: &str| {
            a == b && a != "unknown" && a != "civilians"
                || is_nonstate(a) && is_nonstate(b)
                || state(a) && state(b)
        };
        if !captured && armed(class) {
            let with_actor = actors().any(|p| kin(&p.participant.class, class));
            let with_recipient = parts.iter().any(|p| {
                p.participant.role == Role::Recipient
                    && p.participant.kind != ParticipantKind::Facility
                    && p.participant.register.is_none()
                    && p.participant.class == class
                    && !with_actor
            });
            if with_actor && !with_recipient {
                return Side::A;
            }
        }
        if actors().next().is_none() && class == "unknown" { Side::Unknown } else { Side::B }
    }

    /// Gives a row its figure: a rival account or restatement of a quantity, a part of one, or a new one.
    fn settle(
        self,
        mut loss: Loss,
        whole: Option<usize>,
        sentence: u32,
        rows: &[Row],
        losses: &mut Vec<Loss>,
    ) -> usize {
        let next = losses.iter().map(|l| l.figure + 1).max().unwrap_or(0);
        if let Some(whole) = whole {
            loss.figure = next;
            loss.included_in = Some(whole as u32);
            losses.push(loss);
            return losses.len() - 1;
        }
        let value = |l: &Loss| l.count.value.or(l.count.low);
        for (index, other) in losses.iter_mut().enumerate() {
            let elsewhere = rows.iter().any(|r| r.loss == index && (r.sentence != sentence))
                || other.voices != loss.voices;
            let same_outcome = other.outcome == loss.outcome;
            let alike = other.who.class == loss.who.class
                || other.who.class == "unknown"
                || loss.who.class == "unknown";
            let same_name =
                other.who.name == loss.who.name || other.who.name.is_none() || loss.who.name.is_none();
            if same_outcome
                && alike
                && same_name
                && other.count.value == loss.count.value
                && other.count.operator == loss.count.operator
                && elsewhere
                && other.included_in.is_none()
            {
                // Told again: one row with more evidence and voices.
                for voice in &loss.voices {
                    if !other.voices.contains(voice) {
                        other.voices.push(*voice);
                    }
                }
                other.evidence.extend(loss.evidence.iter().copied());
                if other.who.class == "unknown" {
                    other.who = loss.who;
                }
                return index;
            }
        }
        // "70 killed and wounded, 20 of them dead", "40 fled; 12 were recaptured"
        let part_of = losses.iter().position(|other| {
            other.included_in.is_none()
                && (other.outcome.len() > 1
                    && loss.outcome.len() == 1
                    && other.outcome.contains(&loss.outcome[0])
                    || loss.outcome == [LossOutcome::Recaptured] && other.outcome == [LossOutcome::Freed])
                && value(other).zip(value(&loss)).is_some_and(|(whole, part)| part < whole)
        });
        if let Some(whole) = part_of {
            loss.figure = next;
            loss.included_in = Some(whole as u32);
            losses.push(loss);
            return losses.len() - 1;
        }
        let rival = losses.iter().enumerate().find_map(|(index, other)| {
            let elsewhere =
                rows.iter().any(|r| r.loss == index && r.sentence != sentence) || other.voices != loss.voices;
            let total = |l: &Loss| {
                l.who.class == "unknown"
                    || l.who.class == "civilians" && l.who.attributes.is_empty() && l.who.name.is_none()
            };
            let numbered = |l: &Loss| {
                !matches!(l.count.operator, Operator::Singular | Operator::Plural | Operator::NoneStated)
            };
            let comparable = (total(other) || total(&loss) || other.who.class == loss.who.class)
                && numbered(other)
                && numbered(&loss)
                && other.who.name.is_none()
                && loss.who.name.is_none();
            (other.outcome == loss.outcome && elsewhere && comparable && other.included_in.is_none()).then(
                || {
                    let smaller = value(&loss).zip(value(other)).is_some_and(|(a, b)| a < b);
                    // A smaller figure of one class, in a later sentence of the same voice, is a part of the total.
                    if total(other) && !total(&loss) && smaller && other.voices == loss.voices {
                        (Some(index as u32), next)
                    } else {
                        (None, other.figure)
                    }
                },
            )
        });
        (loss.included_in, loss.figure) = rival.unwrap_or((None, next));
        losses.push(loss);
        losses.len() - 1
    }

    fn thing(
        self,
        frame: &Frame,
        trigger: &crate::frame::lexicon::Trigger,
        nominal: &Nominal,
        voices: &mut Voices,
        materiel: &mut Vec<Materiel>,
    ) {
        let Some(item) = nominal.weapon.and_then(|w| self.mentions.weapons[w].item.clone()) else { return };
        let outcome = match (trigger.pattern, trigger.effect) {
            (Pattern::Weapons, _) => {
                if matches!(self.document.norm(frame.head), "seized" | "confiscated" | "captured" | "seize") {
                    MaterielOutcome::Captured
                } else {
                    MaterielOutcome::Recovered
                }
            }
            (Pattern::Taken | Pattern::Ground, _) => MaterielOutcome::Captured,
            (_, Some(_)) if trigger.id == "burn" => MaterielOutcome::Burned,
            (_, Some(_)) if trigger.id == "down" => MaterielOutcome::Downed,
            (_, Some(effect)) => effect,
            _ if trigger.family == Family::Looting => MaterielOutcome::Stolen,
            _ if trigger.loss == [LossOutcome::Captured] => MaterielOutcome::Captured,
            _ => return,
        };
        let stated = self.document.words(&nominal.tokens);
        let count = match nominal.count.map(|c| &self.mentions.counts[c]) {
            Some(mention) => mention.count.clone(),
            None if nominal.plural || self.is_body_of_people(nominal) => {
                Count::new(Operator::Plural, 0, stated)
            }
            None => Count::new(Operator::Singular, 1, stated),
        };
        if materiel.iter().any(|m| m.item == item && m.outcome == outcome && m.count.value == count.value) {
            return;
        }
        let figure = materiel.iter().map(|m| m.figure + 1).max().unwrap_or(0);
        materiel.push(Materiel {
            outcome,
            item,
            side: Side::B,
            figure,
            included_in: None,
            count,
            voices: vec![voices.at(self, nominal.head).0],
            evidence: vec![self.document.span(&nominal.tokens)],
        });
    }

    fn is_thing_nominal(self, nominal: &Nominal) -> bool {
        match nominal.actor {
            Some(actor) => is_thing(self.mentions.actors[actor].kind),
            None => nominal.weapon.is_some_and(|w| self.mentions.weapons[w].item.is_some()),
        }
    }

    fn is_person_nominal(self, nominal: &Nominal, included: bool) -> bool {
        use ParticipantKind::{Group, Person, Population};
        if nominal.pronoun {
            return false;
        }
        match nominal.actor {
            Some(actor) => matches!(self.mentions.actors[actor].kind, Group | Person | Population),
            None => {
                nominal.place.is_none()
                    && (nominal.count.is_some_and(|c| self.mentions.counts[c].kind == CountKind::Quantity)
                        || nominal.determiner == Determiner::Negative
                        || self.document.norm(nominal.head) == "another"
                        || self.proper(nominal)
                        || included)
            }
        }
    }

    fn confidence(self, draft: &Draft, frames: &[&Frame], participants: &[Participant]) -> f32 {
        let mut confidence: f32 = 0.5;
        confidence += if draft.effect_only { 0.0 } else { 0.1 };
        confidence += if draft.time.is_some() && !draft.time_inherited { 0.1 } else { 0.0 };
        confidence += if !draft.places.is_empty() && !draft.places_inherited { 0.1 } else { 0.0 };
        confidence += if participants.iter().any(|p| p.role == Role::Actor) { 0.08 } else { 0.0 };
        confidence += if participants.iter().any(|p| p.role == Role::Recipient) { 0.08 } else { 0.0 };
        confidence -= if frames.iter().all(|f| f.weak) { 0.2 } else { 0.0 };
        confidence.clamp(0.05, 0.95)
    }
}

/// Puts rival accounts of a figure behind its first row, and parts behind their whole.
fn in_order(losses: &mut Vec<Loss>) {
    let first = |at: usize| losses.iter().position(|l| l.figure == losses[at].figure).unwrap_or(at);
    let mut order: Vec<usize> = (0..losses.len()).collect();
    order.sort_by_key(|&at| match losses[at].included_in {
        Some(whole) => (first(whole as usize), true, at),
        None => (first(at), false, at),
    });
    let mut ordered: Vec<Loss> = order.iter().map(|&at| losses[at].clone()).collect();
    for loss in &mut ordered {
        loss.included_in = loss
            .included_in
            .and_then(|whole| order.iter().position(|&at| at == whole as usize).map(|at| at as u32));
    }
    *losses = ordered;
}

struct Row {
    sentence: u32,
    tokens: std::ops::Range<TokenId>,
    loss: usize,
}

/// The voices of one event; the first is the report.
struct Voices {
    list: Vec<Voice>,
    known: BTreeMap<usize, u32>,
}

impl Voices {
    fn new() -> Voices {
        Voices { list: vec![Voice::of_report()], known: BTreeMap::new() }
    }

    /// The voice that vouches for a token, and its stance; the innermost where several do.
    fn at(&mut self, filler: Filler<'_>, token: TokenId) -> (u32, AttributionStatus) {
        match filler.innermost(token) {
            None => (0, AttributionStatus::Stated),
            Some(index) => (self.add(filler, index), filler.mentions.voices[index].stance),
        }
    }

    fn add(&mut self, filler: Filler<'_>, index: usize) -> u32 {
        if let Some(&known) = self.known.get(&index) {
            return known;
        }
        let mention = &filler.mentions.voices[index];
        // The name keeps its article: "the district head".
        let words = mention.named.as_ref().map(|named| {
            let before = named.start.saturating_sub(1);
            let article = named.start > 0 && matches!(filler.document.norm(before), "the" | "a" | "an");
            filler.document.words(&(if article { before } else { named.start }..named.end))
        });
        let register = mention.actor.and_then(|a| filler.mentions.actors[a as usize].register.clone());
        let same = self.list.iter().position(|v| {
            v.name.as_deref().zip(words).is_some_and(|(name, words)| name.eq_ignore_ascii_case(words))
                || register.is_some() && v.register == register
        });
        let number = match same {
            Some(same) => {
                if !self.list[same].evidence.contains(&mention.span) {
                    self.list[same].evidence.push(mention.span);
                }
                same as u32
            }
            None => {
                self.list.push(Voice {
                    kind: mention.kind,
                    side: None,
                    cites: None,
                    name: words.map(collapse),
                    register,
                    verb: mention.verb.map(|v| filler.document.norm(v).to_owned()),
                    verification: mention.verification,
                    evidence: vec![mention.span],
                });
                self.list.len() as u32 - 1
            }
        };
        self.known.insert(index, number);
        number
    }

    /// The voice that tells an action. A speaker named after the words ("…, the district head said") vouches for the
    /// figures; the report tells the action itself, unless the words are a claim or a denial.
    fn of_act(&mut self, filler: Filler<'_>, frame: &Frame) -> (u32, AttributionStatus) {
        let behind = filler
            .innermost(frame.head)
            .map(|index| &filler.mentions.voices[index])
            .is_some_and(|v| v.speaker.start > frame.head && v.stance == AttributionStatus::Stated);
        if behind { (0, AttributionStatus::Stated) } else { self.at(filler, frame.head) }
    }

    fn of_frames(&mut self, filler: Filler<'_>, frames: &[&Frame]) -> Vec<u32> {
        let mut voices: Vec<u32> = frames.iter().map(|f| self.of_act(filler, f).0).collect();
        voices.sort_unstable();
        voices.dedup();
        voices
    }
}

fn is_thing(kind: ParticipantKind) -> bool {
    matches!(kind, ParticipantKind::Facility | ParticipantKind::Vehicle | ParticipantKind::Infrastructure)
}

fn state(class: &str) -> bool {
    matches!(
        class,
        "state_military" | "state_police" | "state_intelligence" | "foreign_military" | "peacekeepers"
    )
}

/// The family that a means of violence makes.
fn means_family(kind: &str, delivery: Option<&str>) -> Option<Family> {
    Some(match kind {
        "aerial_bomb" | "drone" => Family::AirStrike,
        _ if delivery == Some("air") => Family::AirStrike,
        "mortar" | "artillery" | "rocket" | "missile" | "cluster_munition" => Family::Shelling,
        "chemical" => Family::Chemical,
        "vehicle_bomb" | "suicide_vest" | "letter_bomb" | "ied" | "landmine" | "dynamite" | "explosive"
        | "bomb" | "grenade" => Family::Explosion,
        _ => return None,
    })
}

/// Words on one line: a name does not keep the report's line breaks.
pub(super) fn collapse(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
