use crate::{
    Action, AttributionStatus, Date, Grain, LossOutcome, MaterielOutcome, Operator, Participant,
    ParticipantKind, PlaceKind, Precision, Role, Scope, Side, Status, Told, Unit, VoiceKind, When, Where,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Name and version of an incident's contract.
pub const INCIDENT_SCHEMA: &str = "casus-incident/1";

/// Who makes a claim: a voice of one report, without its words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct ClaimVoice {
    /// Who speaks.
    pub kind: VoiceKind,
    /// The speaker's side in the incident; `a` or `b` makes it the claim of a party to the conflict.
    pub side: Option<Side>,
    /// Id in the actor register.
    pub register: Option<String>,
    /// The speaker as named in the text. Left out of shared exports unless `--full`.
    pub name: Option<String>,
    /// Who published the report that the claim is read from.
    pub publisher: Option<String>,
}

/// What is claimed. Which of the variants a field has is fixed: losses and materiel are counts, `when`
/// is a time, `where` a place, `actor` and `recipient` are parties, everything else is a code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClaimValue {
    /// A number with the bounds that its words support.
    Count {
        /// The number said, before any bound is applied.
        value: Option<u64>,
        /// Least number the words support, inclusive; null is open.
        low: Option<u64>,
        /// Greatest number the words support, inclusive; null is open.
        high: Option<u64>,
        /// What the words say about the number.
        operator: Operator,
        /// What is counted, for persons.
        unit: Option<Unit>,
    },
    /// A time.
    Time {
        /// First day, inclusive.
        earliest: Option<Date>,
        /// Last day, inclusive.
        latest: Option<Date>,
        /// How fine the stated time is.
        grain: Grain,
    },
    /// A place.
    Place {
        /// The gazetteer's name, or that of the text.
        name: String,
        /// Latitude in degrees, WGS 84.
        lat: Option<f64>,
        /// Longitude in degrees, WGS 84.
        lon: Option<f64>,
        /// Id in the gazetteer.
        gazetteer: Option<String>,
        /// ISO 3166-1 alpha-2 code of the country.
        country: Option<String>,
        /// First-order division.
        admin1: Option<String>,
        /// How finely the place is known.
        precision: Precision,
        /// What kind of place it is.
        #[serde(default)]
        kind: PlaceKind,
    },
    /// A party and how firmly it is tied to the incident.
    Party {
        /// The register's name, or that of the text.
        name: String,
        /// Id in the actor register.
        register: Option<String>,
        /// Class code.
        class: String,
        /// Side it is on.
        side: Side,
        /// How firmly it is tied to the incident.
        status: AttributionStatus,
        /// What kind of thing it is.
        #[serde(default)]
        kind: ParticipantKind,
    },
    /// A code of a closed or open list.
    Code {
        /// The code.
        code: String,
    },
}

/// What one voice says about one field of an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// The field: `losses.killed`, `losses.killed.children` (a part of it), `materiel.destroyed.vehicle`,
    /// `when`, `where`, `actor`, `recipient`, `action.family`, `status`, `result.outcome`.
    pub field: String,
    /// What is said.
    pub value: ClaimValue,
    /// Who says so.
    pub voice: ClaimVoice,
    /// Id of the event that the claim is read from.
    pub event: String,
    /// Day the report was published: when the claim was made, as far as is known.
    pub published: Option<Date>,
    /// Number of the source within the incident. Near-duplicate reports and copies of one wire story have
    /// one number, and so has one voice that several reports quote: they count once.
    pub source: u32,
    /// One event for every other source that speaks on the field. The claim stands with so many others
    /// that do not go back to the same text or voice; empty if it stands alone.
    pub independent_of: Vec<String>,
}

/// How the claims on a field lie to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// Several sources, and every claim can be true with every other: equal numbers, overlapping bounds,
    /// one place within the other.
    Agree,
    /// Numbers, days or places that differ, but not by more than reports of one incident usually do.
    Range,
    /// Claims that cannot all be true.
    Conflict,
    /// One source only.
    Single,
}

/// How well an incident is attested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// The party that did it says so itself, or the account was verified, and nobody contradicts it.
    Confirmed,
    /// Two or more independent sources, one of them no party to the conflict, agree on who did it.
    Fair,
    /// One source, or one party to the conflict against another.
    Weak,
    /// Sources disagree on who did it.
    Contested,
    /// Denied, and asserted by no source that is not a party.
    Discounted,
}

/// Least and greatest number of a set of claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bounds {
    /// Least number claimed, inclusive.
    pub low: u64,
    /// Greatest number claimed, inclusive; null if a claim leaves it open ("at least 14").
    pub high: Option<u64>,
}

/// What a party to the conflict says about a figure, beside what all others say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PartyAccount {
    /// Side of the party: `a` or `b`.
    pub side: Side,
    /// Ids in the register, or classes, of the voices that speak for the side, in order.
    pub speakers: Vec<String>,
    /// The figure: a field of [`Claim`] whose value is a count.
    pub field: String,
    /// What the party says; null if it is silent on the figure.
    pub claimed: Option<Bounds>,
    /// What the voices that are no party say.
    pub independent: Option<Bounds>,
    /// What the other party says.
    pub opponent: Option<Bounds>,
    /// The party's figure over that of the voices that are no party, or over the opponent's where those
    /// say nothing; middles of the bounds. Null if one of them is missing or zero.
    pub ratio: Option<f64>,
    /// Days from the first report of the incident by anybody else to the party's first word on the
    /// figure; negative if the party spoke first. Null where a day is not known.
    pub days_after: Option<i32>,
    /// The party speaks in the incident, or is named in it, but says nothing on the figure that others give.
    pub silent: bool,
}

/// What a person decided about an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ReviewDecision {
    Accepted,
    Edited,
    Merged,
    Split,
    Rejected,
}

/// The last decision of a person about an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Review {
    /// What was decided.
    pub decision: ReviewDecision,
    /// Who decided.
    pub by: String,
    /// When, ISO 8601 with offset.
    pub at: String,
    /// Why.
    pub why: String,
    /// Fields that were edited.
    pub fields: Vec<String>,
    /// What people set, by field: `losses.killed` stands beside the claims, anything else is the record's
    /// value now.
    #[serde(default)]
    pub values: BTreeMap<String, Value>,
    /// What the machine says of these fields.
    #[serde(default)]
    pub machine: BTreeMap<String, Value>,
    /// Whether coders differ, on whether the incident stands or on a field, and nobody has adjudicated.
    #[serde(default)]
    pub disputed: bool,
    /// Fields on which they differ; there the machine's value stands.
    #[serde(default)]
    pub disputed_fields: Vec<String>,
    /// Whether the machine's record is another than the one that was decided on last.
    #[serde(default)]
    pub changed_since: bool,
}

/// One occurrence in the world, as all the reports that tell it have it.
///
/// `action`, `when`, `where` and `participants` are the account best supported; nothing that any voice
/// says is lost: it stands in `claims`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Incident {
    /// Name and version of the contract: `casus-incident/1`.
    pub schema: String,
    /// A hash of the event that was published first: it stays when later reports are added.
    pub id: String,
    /// Ids of the events that tell it, the one published first in front.
    pub events: Vec<String>,
    /// One incident, or a total over several: totals are never joined with incidents.
    pub scope: Scope,
    /// `background` if every report only recalls it.
    pub told: Told,
    /// What became of the action.
    pub status: Status,
    /// What was done, and by what means.
    pub action: Action,
    /// When it happened.
    pub when: Option<When>,
    /// Where it happened.
    #[serde(rename = "where")]
    pub places: Vec<Where>,
    /// Who did it to whom.
    pub participants: Vec<Participant>,
    /// Every field as the set of what is claimed of it, by field, then by event.
    pub claims: Vec<Claim>,
    /// How the claims on each field lie to each other.
    pub agreement: BTreeMap<String, Agreement>,
    /// What each party says beside what others say.
    pub parties: Vec<PartyAccount>,
    /// Number of independent sources.
    pub sources: u32,
    /// How well it is attested.
    pub grade: Grade,
    /// Probability that all its events tell one occurrence, 0 to 1; 1 for a single event.
    pub cohesion: f32,
    /// The last decision of a person.
    pub review: Option<Review>,
    /// Ids of incidents that were merged into this one or that it was split from.
    pub supersedes: Vec<String>,
}

impl ClaimVoice {
    /// Whether the voice is that of a party to the conflict.
    pub fn is_party(&self) -> bool {
        matches!(self.side, Some(Side::A | Side::B))
    }
}

/// Field of a loss in claims: `losses.killed`, `losses.killed+wounded` for a joint count.
pub fn loss_field(outcomes: &[LossOutcome]) -> String {
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome.code()).collect();
    format!("losses.{}", names.join("+"))
}

impl LossOutcome {
    /// The code as it is written.
    pub const fn code(self) -> &'static str {
        match self {
            LossOutcome::Killed => "killed",
            LossOutcome::Wounded => "wounded",
            LossOutcome::Missing => "missing",
            LossOutcome::Abducted => "abducted",
            LossOutcome::Captured => "captured",
            LossOutcome::Freed => "freed",
            LossOutcome::Recaptured => "recaptured",
            LossOutcome::Surrendered => "surrendered",
            LossOutcome::Displaced => "displaced",
            LossOutcome::Returned => "returned",
        }
    }
}

impl MaterielOutcome {
    /// The code as it is written.
    pub const fn code(self) -> &'static str {
        match self {
            MaterielOutcome::Destroyed => "destroyed",
            MaterielOutcome::Damaged => "damaged",
            MaterielOutcome::Captured => "captured",
            MaterielOutcome::Stolen => "stolen",
            MaterielOutcome::Burned => "burned",
            MaterielOutcome::Downed => "downed",
            MaterielOutcome::Recovered => "recovered",
        }
    }
}

impl Role {
    /// The code as it is written.
    pub const fn code(self) -> &'static str {
        match self {
            Role::Actor => "actor",
            Role::Recipient => "recipient",
            Role::Associate => "associate",
            Role::Host => "host",
            Role::Mediator => "mediator",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, value: impl Serialize) {
        assert_eq!(serde_json::to_value(value).unwrap(), code);
    }

    #[test]
    fn codes_are_those_that_are_written() {
        use LossOutcome as L;
        for loss in [
            L::Killed,
            L::Wounded,
            L::Missing,
            L::Abducted,
            L::Captured,
            L::Freed,
            L::Recaptured,
            L::Surrendered,
            L::Displaced,
            L::Returned,
        ] {
            check(loss.code(), loss);
        }
        use MaterielOutcome as M;
        for outcome in [M::Destroyed, M::Damaged, M::Captured, M::Stolen, M::Burned, M::Downed, M::Recovered]
        {
            check(outcome.code(), outcome);
        }
        for role in [Role::Actor, Role::Recipient, Role::Associate, Role::Host, Role::Mediator] {
            check(role.code(), role);
        }
    }

    #[test]
    fn a_claim_is_written_as_the_contract_says() {
        let claim = Claim {
            field: loss_field(&[LossOutcome::Killed]),
            value: ClaimValue::Count {
                value: Some(14),
                low: Some(14),
                high: None,
                operator: Operator::AtLeast,
                unit: Some(Unit::Persons),
            },
            voice: ClaimVoice {
                kind: VoiceKind::State,
                side: Some(Side::B),
                register: None,
                name: None,
                publisher: None,
            },
            event: "ev_1".into(),
            published: None,
            source: 0,
            independent_of: vec![],
        };
        let written = serde_json::to_value(&claim).unwrap();
        assert_eq!(written["value"]["type"], "count");
        assert_eq!(written["value"]["low"], 14);
        assert_eq!(written["voice"]["side"], "b");
        assert_eq!(serde_json::from_value::<Claim>(written).unwrap(), claim);
        assert!(claim.voice.is_party());
    }
}
