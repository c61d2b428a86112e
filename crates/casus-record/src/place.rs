use crate::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a place is to the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Function {
    /// Where it happened.
    Site,
    Origin,
    Destination,
    /// One end of a road or stretch ("the A-B road": `end_a` and `end_b` with relation `along`).
    EndA,
    EndB,
    TargetArea,
    /// Named as another possibility.
    Alternative,
}

/// How the event lies to the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PlaceRelation {
    At,
    Near,
    Between,
    Along,
    In,
    Over,
    Off,
}

/// Compass bearing from the place to the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Bearing {
    North,
    Northeast,
    East,
    Southeast,
    South,
    Southwest,
    West,
    Northwest,
}

/// What kind of place it is.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PlaceKind {
    PopulatedPlace,
    Country,
    Admin1,
    Admin2,
    Admin3,
    /// A region without an administration: the Sahel, Donbas.
    Region,
    Water,
    Road,
    Border,
    Camp,
    Base,
    Facility,
    Quarter,
    Mountain,
    #[default]
    Unknown,
}

/// How finely the place is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Precision {
    Exact,
    Place,
    Near,
    Admin3,
    Admin2,
    Admin1,
    Country,
    Area,
    WaterOrAir,
    Unresolved,
}

/// One entry of the gazetteer that a name could mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
    /// The gazetteer's name.
    pub name: String,
    /// Id in the gazetteer, with its source: `geonames:292968`.
    pub gazetteer: String,
    /// Latitude in degrees, WGS 84.
    pub lat: f64,
    /// Longitude in degrees, WGS 84.
    pub lon: f64,
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
    /// Name of the first-order division.
    pub admin1: Option<String>,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// Score in the ranking, 0 to 1.
    pub score: f32,
}

/// Where the event happened. An event has one of these for each place that is told of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Where {
    /// The name as in the text.
    pub name: String,
    /// The gazetteer's name, if the place was resolved.
    pub resolved: Option<String>,
    /// The words of the report around the name. Left out of shared exports unless `--full`.
    pub stated: String,
    /// Quarter, street or facility below the named place. Left out of shared exports unless `--full`.
    pub detail: Option<String>,
    /// What the place is to the event.
    pub function: Function,
    /// How the event lies to the place.
    pub relation: PlaceRelation,
    /// Distance from the place in kilometres, if stated.
    pub distance_km: Option<f64>,
    /// Bearing from the place, if stated.
    pub bearing: Option<Bearing>,
    /// Latitude in degrees, WGS 84.
    pub lat: Option<f64>,
    /// Longitude in degrees, WGS 84.
    pub lon: Option<f64>,
    /// Id in the gazetteer, with its source: `geonames:292968`.
    pub gazetteer: Option<String>,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// ISO 3166-1 alpha-2 code of the country.
    pub country: Option<String>,
    /// First-order division, the gazetteer's name.
    pub admin1: Option<String>,
    /// Second-order division, the gazetteer's name.
    pub admin2: Option<String>,
    /// Third-order division, the gazetteer's name.
    pub admin3: Option<String>,
    /// Parents that the text names ("in Aru district").
    pub within: Vec<String>,
    /// How finely the place is known.
    pub precision: Precision,
    /// Probability that the place is right, 0 to 1.
    pub confidence: f32,
    /// Spans of the words.
    pub evidence: Vec<Span>,
    /// What else the name could mean, best first.
    pub candidates: Vec<Candidate>,
}

impl Where {
    /// A site of which nothing but the name is known.
    pub fn named(name: impl Into<String>) -> Where {
        Where {
            name: name.into(),
            resolved: None,
            stated: String::new(),
            detail: None,
            function: Function::Site,
            relation: PlaceRelation::At,
            distance_km: None,
            bearing: None,
            lat: None,
            lon: None,
            gazetteer: None,
            kind: PlaceKind::Unknown,
            country: None,
            admin1: None,
            admin2: None,
            admin3: None,
            within: Vec::new(),
            precision: Precision::Unresolved,
            confidence: 1.0,
            evidence: Vec::new(),
            candidates: Vec::new(),
        }
    }
}
