use crate::{Side, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum VoiceKind {
    /// The report itself.
    Report,
    /// Army, police, ministry, government.
    State,
    ArmedGroup,
    LocalAuthority,
    Medical,
    Witness,
    Survivor,
    Media,
    Ngo,
    Un,
    Political,
    Other,
}

/// What the text says about checking the voice's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Verification {
    Verified,
    CouldNotVerify,
    Disputed,
}

/// Who in the text says so. The first voice of an event is the report itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Voice {
    /// Who speaks.
    pub kind: VoiceKind,
    /// The speaker's side in this event; non-null makes the voice that of a party to the conflict.
    pub side: Option<Side>,
    /// Index of the voice that this one quotes.
    pub cites: Option<u32>,
    /// The speaker as named in the text.
    pub name: Option<String>,
    /// Id in the actor register.
    pub register: Option<String>,
    /// The verb of saying.
    pub verb: Option<String>,
    /// What the text says about checking the account.
    pub verification: Option<Verification>,
    /// Spans of the speaker's name.
    pub evidence: Vec<Span>,
}

impl Voice {
    /// The voice of the report itself.
    pub fn of_report() -> Voice {
        Voice {
            kind: VoiceKind::Report,
            side: None,
            cites: None,
            name: None,
            register: None,
            verb: None,
            verification: None,
            evidence: Vec::new(),
        }
    }
}
