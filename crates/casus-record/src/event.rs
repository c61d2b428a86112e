use crate::{Action, ActionResult, Count, Directionality, Family, Span, Status, Voice, When, Where};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Name and version of the record's contract.
pub const SCHEMA: &str = "casus-event/1";

/// What made the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MadeBy {
    /// Version of casus.
    pub casus: String,
    /// Version of the data pack: a hash of its content.
    pub pack: String,
    /// Options that change the record.
    pub options: String,
}

/// The report that the event was read from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportRef {
    /// Identifier of the report.
    pub id: String,
    /// Where it was read from. Left out of shared exports unless `--full`.
    pub path: Option<String>,
    /// SHA-256 of the bytes as received.
    pub sha256: Option<String>,
    /// SHA-256 of the text that the spans point into.
    pub text_sha256: String,
    /// Title. Left out of shared exports unless `--full`.
    pub title: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Day of publication: given, or read from the report's dateline.
    pub published: Option<Date>,
    /// BCP 47 language tag.
    pub language: Option<String>,
    /// Kind of report: news, situation_report, press_release, statement, review.
    pub genre: Option<String>,
    /// Address it was taken from.
    pub url: Option<String>,
}

/// Whether the record tells one incident or a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// One form of action by the same parties at one place in one unbroken stretch of time.
    Incident,
    /// A total over several incidents, places or a period. It owns its incidents by `part_of`.
    Aggregate,
}

/// Whether the report tells the event as news or recalls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// What the report is about.
    News,
    /// Recalled history ("a similar attack last year").
    Background,
}

/// A side of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The actor's side.
    A,
    /// The recipient's side.
    B,
    /// No side.
    None,
    /// The text does not tell.
    Unknown,
}

/// What a participant is to the event. PLOVER's words (its manual, "actor and recipient").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Role {
    Actor,
    Recipient,
    Associate,
    Host,
    Mediator,
}

/// What kind of thing a participant is.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ParticipantKind {
    #[default]
    Group,
    Person,
    Population,
    Facility,
    Vehicle,
    Infrastructure,
}

/// What the action did to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Effect {
    None,
    Damaged,
    Destroyed,
}

/// How firmly a participant is tied to the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum AttributionStatus {
    Stated,
    Suspected,
    Claimed,
    Denied,
}

/// Who ties the participant to the event, and how firmly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Attribution {
    /// How firmly.
    pub status: AttributionStatus,
    /// Index of the voice that says so.
    pub voice: u32,
    /// GTD's mode of a claim of responsibility: letter, call_after, website, video, statement, …
    pub mode: Option<String>,
    /// Spans of the words.
    pub evidence: Vec<Span>,
}

/// Someone or something that took part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Participant {
    /// What it is to the event.
    pub role: Role,
    /// What kind of thing it is.
    pub kind: ParticipantKind,
    /// Name: the register's neutral one, or the words of the text.
    pub name: String,
    /// All spans that mean it.
    pub mentions: Vec<Span>,
    /// What the action did to a thing; null for persons.
    pub effect: Option<Effect>,
    /// Id in the actor register.
    pub register: Option<String>,
    /// Class code, from `data/codes/classes.toml`.
    pub class: String,
    /// Code of the kind of target, from `data/codes/target_types.toml`.
    pub target_type: Option<String>,
    /// The side it is on.
    pub side: Side,
    /// ISO 3166-1 alpha-2 code of its country.
    pub country: Option<String>,
    /// Country whose government it is part of.
    pub government_of: Option<String>,
    /// How many of them took part.
    pub count: Option<Count>,
    /// Who ties it to the event, and how firmly.
    pub attributions: Vec<Attribution>,
    /// Spans the role rests on.
    pub evidence: Vec<Span>,
}

/// What happened to persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum LossOutcome {
    Killed,
    Wounded,
    Missing,
    Abducted,
    Captured,
    Freed,
    Recaptured,
    Surrendered,
    Displaced,
    Returned,
}

/// What a count of a loss counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Unit {
    Persons,
    Families,
    Households,
    Bodies,
}

/// How the loss came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Cause {
    Direct,
    Indirect,
    SelfInflicted,
    Accident,
    Unclear,
}

/// Who suffered a loss.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Loser {
    /// Class code, from `data/codes/classes.toml`; `unknown` if the text does not tell.
    pub class: String,
    /// Name or words.
    pub name: Option<String>,
    /// Id in the actor register.
    pub register: Option<String>,
    /// ISO 3166-1 alpha-2 code of the country.
    pub country: Option<String>,
    /// Side of the loser.
    pub side: Side,
    /// Attribute codes: children, women, elderly, leader, journalist, …
    pub attributes: Vec<String>,
}

/// A loss of persons. Rows with the same `figure` are rival accounts of one quantity and are never
/// added; rows with `included_in` are never added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Loss {
    /// What happened to them; two outcomes make one joint count ("70 killed and wounded"), never split.
    pub outcome: Vec<LossOutcome>,
    /// Number of the quantity within the event: rival accounts share it.
    pub figure: u32,
    /// Index of the row that contains this one.
    pub included_in: Option<u32>,
    /// Who suffered it.
    pub who: Loser,
    /// How many.
    pub count: Count,
    /// What the count counts.
    pub unit: Unit,
    /// How the loss came about.
    pub cause: Cause,
    /// Indices of the voices that say so.
    pub voices: Vec<u32>,
    /// Spans of the words.
    pub evidence: Vec<Span>,
}

/// What happened to things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum MaterielOutcome {
    Destroyed,
    Damaged,
    Captured,
    Stolen,
    Burned,
    Downed,
    Recovered,
}

/// A loss or gain of things.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Materiel {
    /// What happened to them.
    pub outcome: MaterielOutcome,
    /// Code of the thing, from `data/codes/materiel.toml`.
    pub item: String,
    /// Side that lost them.
    pub side: Side,
    /// Number of the quantity within the event: rival accounts share it.
    pub figure: u32,
    /// Index of the row that contains this one.
    pub included_in: Option<u32>,
    /// How many.
    pub count: Count,
    /// Indices of the voices that say so.
    pub voices: Vec<u32>,
    /// Spans of the words.
    pub evidence: Vec<Span>,
}

/// How two events belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum RelationKind {
    PartOf,
    SameAs,
    Follows,
    GrewFrom,
    Resolves,
    RetaliatesFor,
    RivalAccountOf,
}

/// A relation to another event of the same report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EventRelation")]
pub struct Relation {
    /// How they belong together.
    pub kind: RelationKind,
    /// Id of the other event.
    pub event: String,
}

/// Something that was not understood or had to be assumed, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// Stable code: `N0102`.
    pub code: String,
    /// What was assumed or not understood, in words.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
}

/// One conflict event as one report tells it: one form of action by the same parties at one place
/// in one unbroken stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Name and version of the contract: `casus-event/1`.
    pub schema: String,
    /// Stable over versions, options and data packs: a hash of the text's hash, the first trigger span and the ordinal there.
    pub id: String,
    /// What made the record.
    pub made_by: MadeBy,
    /// The report that the event was read from.
    pub report: ReportRef,
    /// One incident, or a total over several.
    pub scope: Scope,
    /// Told as news, or recalled.
    pub told: Told,
    /// How many incidents the record stands for ("11 incidents", "six strikes"); null for one.
    pub occurrences: Option<Count>,
    /// What became of the action.
    pub status: Status,
    /// What was done, and by what means.
    pub action: Action,
    /// What came of it.
    pub result: ActionResult,
    /// When it happened; null where the text gives no time.
    pub when: Option<When>,
    /// Where it happened.
    #[serde(rename = "where")]
    pub places: Vec<Where>,
    /// Who did it to whom.
    pub participants: Vec<Participant>,
    /// What was lost in persons.
    pub losses: Vec<Loss>,
    /// What was lost or taken in things.
    pub materiel: Vec<Materiel>,
    /// Who says so. The first is the report itself.
    pub voices: Vec<Voice>,
    /// Indices of the voices that tell the event.
    pub voices_of_event: Vec<u32>,
    /// How the event belongs to others of the same report.
    pub relations: Vec<Relation>,
    /// Probability that the record is right, 0 to 1.
    pub confidence: f32,
    /// What was assumed or not understood.
    pub notes: Vec<Note>,
}

impl Event {
    /// An incident of which nothing is known but that a report tells it: what is to be filled in.
    ///
    /// ```
    /// use casus_record::{Event, Family, MadeBy, ReportRef};
    /// let made_by = MadeBy { casus: "0".into(), pack: "0".into(), options: "by hand".into() };
    /// let report = ReportRef { id: "r1".into(), ..ReportRef::default() };
    /// let mut event = Event::bare("ev_1", report, made_by);
    /// event.action.family = Family::Attack;
    /// assert_eq!(event.voices_of_event, [0], "the report itself tells it");
    /// ```
    pub fn bare(id: impl Into<String>, report: ReportRef, made_by: MadeBy) -> Event {
        Event {
            schema: SCHEMA.to_owned(),
            id: id.into(),
            made_by,
            report,
            scope: Scope::Incident,
            told: Told::News,
            occurrences: None,
            status: Status::Happened,
            action: Action {
                family: Family::Other,
                also: Vec::new(),
                tactic: None,
                weapons: Vec::new(),
                delivery: None,
                directionality: Directionality::Unknown,
                triggers: Vec::new(),
            },
            result: ActionResult::default(),
            when: None,
            places: Vec::new(),
            participants: Vec::new(),
            losses: Vec::new(),
            materiel: Vec::new(),
            voices: vec![Voice::of_report()],
            voices_of_event: vec![0],
            relations: Vec::new(),
            confidence: 1.0,
            notes: Vec::new(),
        }
    }
}
