use crate::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Form of action. Precedence where several fit: air_strike, shelling, chemical, explosion (the
/// means decides, whatever the target); then armed_clash (both sides used arms, or an armed target
/// fought back); then attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Family {
    ArmedClash,
    Attack,
    Explosion,
    Shelling,
    AirStrike,
    Chemical,
    Abduction,
    Release,
    Escape,
    Arrest,
    SexualViolence,
    Torture,
    Execution,
    Looting,
    PropertyDestruction,
    TerritoryChange,
    Displacement,
    Protest,
    Riot,
    MobViolence,
    Agreement,
    GroupChange,
    Base,
    Movement,
    DisruptedWeapons,
    Threat,
    /// Non-violent politics (PLOVER roots), written only with `--scope all`; the root stands in `tactic`.
    Political,
    Other,
}

/// What became of the action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It took place. A repelled assault happened, with `result`.
    Happened,
    /// Begun, and failed of itself: planted, did not explode.
    Attempted,
    /// Stopped by others when under way or in place.
    Foiled,
    /// Broken up before it was under way.
    Planned,
    /// Threatened.
    Threatened,
    /// Said not to have taken place.
    Denied,
    /// The text does not tell.
    Unclear,
}

/// Whether force came from one side or from both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Directionality {
    OneSided,
    TwoSided,
    Unknown,
}

/// A means of violence named in the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Weapon {
    /// Code of the weapon, from `data/codes/weapons.toml`.
    pub kind: String,
    /// The words of the report.
    pub mention: String,
    /// Spans of the words.
    pub evidence: Vec<Span>,
}

/// What was done, and by what means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Action {
    /// Form of action.
    pub family: Family,
    /// Further forms that the same action has.
    pub also: Vec<Family>,
    /// Code of the tactic, from `data/codes/tactics.toml`.
    pub tactic: Option<String>,
    /// Means of violence.
    pub weapons: Vec<Weapon>,
    /// Code of the delivery, from `data/codes/delivery.toml`.
    pub delivery: Option<String>,
    /// Whether force came from one side or from both.
    pub directionality: Directionality,
    /// Spans of the words that name the action, in text order.
    pub triggers: Vec<Span>,
}

/// How the action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Outcome {
    Captured,
    Held,
    Repelled,
    Withdrew,
    Rescued,
    Released,
    Escaped,
}

/// How a protest was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Response {
    None,
    Dispersed,
    Arrests,
    NonLethalForce,
    LethalForce,
}

/// Which side gained and which lost ground, and who says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Territory {
    /// Side that gained.
    pub gained_by: Option<crate::Side>,
    /// Side that lost.
    pub lost_by: Option<crate::Side>,
    /// Indices of the voices that say so.
    pub voices: Vec<u32>,
}

/// What came of the action.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ActionResult {
    /// How the action ended.
    pub outcome: Option<Outcome>,
    /// Ground gained and lost.
    pub territory: Option<Territory>,
    /// How a protest was met.
    pub response: Option<Response>,
}
