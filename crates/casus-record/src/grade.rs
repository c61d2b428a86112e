//! How well one event is attested, by a stated rule on its record alone.

use crate::{AttributionStatus, Event, Grade, Participant, Role, Side, Status, Verification, VoiceKind};
use std::collections::BTreeSet;

impl Event {
    /// The grade of this one report of the event. The first rule that fits decides:
    ///
    /// 1. **discounted**: the event is told as denied, and no voice without a side asserts it;
    /// 2. **contested**: two actors are held to have done it by rival voices, an actor denies it, or the
    ///    text says that accounts differ;
    /// 3. **confirmed**: an actor claims it or its side tells it, or the text says that the account was verified;
    /// 4. **fair**: two or more voices beside the report, at least one of them without a side, and none of
    ///    them could not be verified;
    /// 5. **weak**: everything else.
    ///
    /// The words are those of organisations that count harm to civilians (Airwars, "Methodology"). The
    /// grade of an incident, which several reports tell, is decided over their claims.
    pub fn grade(&self) -> Grade {
        let actors = || self.participants.iter().filter(|p| p.role == Role::Actor);
        let neutral = self.voices_of_event.iter().any(|&voice| self.is_neutral(voice));
        if self.status == Status::Denied {
            return if neutral { Grade::Contested } else { Grade::Discounted };
        }
        let has = |participant: &Participant, status: AttributionStatus| {
            participant.attributions.iter().any(|attribution| attribution.status == status)
        };
        let checked = |verification: Verification| {
            self.voices.iter().any(|voice| voice.verification == Some(verification))
        };
        let denied = actors().any(|actor| has(actor, AttributionStatus::Denied));
        if denied || self.has_rival_actors() || checked(Verification::Disputed) {
            return Grade::Contested;
        }
        let told: BTreeSet<u32> = self
            .voices_of_event
            .iter()
            .chain(self.losses.iter().flat_map(|loss| &loss.voices))
            .chain(self.materiel.iter().flat_map(|row| &row.voices))
            .copied()
            .filter(|&voice| voice != 0)
            .collect();
        let own = actors().any(|actor| has(actor, AttributionStatus::Claimed))
            || told.iter().any(|&voice| self.side_of(voice) == Some(Side::A));
        if own || checked(Verification::Verified) {
            return Grade::Confirmed;
        }
        let neutral = told.iter().any(|&voice| self.is_neutral(voice));
        if told.len() >= 2 && neutral && !checked(Verification::CouldNotVerify) {
            return Grade::Fair;
        }
        Grade::Weak
    }

    /// Whether a voice is named and on no side of the event.
    fn is_neutral(&self, voice: u32) -> bool {
        self.voices.get(voice as usize).is_some_and(|voice| {
            voice.kind != VoiceKind::Report
                && voice.kind != VoiceKind::ArmedGroup
                && !matches!(voice.side, Some(Side::A | Side::B))
        })
    }

    /// The side of a voice in this event.
    fn side_of(&self, voice: u32) -> Option<Side> {
        self.voices.get(voice as usize).and_then(|voice| voice.side)
    }

    /// Actors of different register ids or classes, of which at least one is claimed or suspected only.
    fn has_rival_actors(&self) -> bool {
        let open = |participant: &&Participant| {
            participant.role == Role::Actor
                && !participant.attributions.is_empty()
                && participant.attributions.iter().all(|a| a.status != AttributionStatus::Stated)
        };
        let known = |participant: &&Participant| {
            participant.role == Role::Actor
                && participant.register.is_some()
                && !participant.attributions.is_empty()
        };
        self.participants.iter().filter(open).any(|one| {
            self.participants
                .iter()
                .filter(known)
                .any(|other| one.register.is_some() && one.register != other.register)
        })
    }
}
