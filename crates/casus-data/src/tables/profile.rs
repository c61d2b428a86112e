//! Section `profiles`: how records are put into the columns of other data sets (`data/profiles/`).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Section `profiles`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Profiles {
    /// One for each data set, by name.
    pub profiles: Vec<ProfileTable>,
    /// States and territories as the data sets name and number them.
    pub countries: Vec<Country>,
}

/// One data set: its columns, code lists, decision tables and the reasons of its rules.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileTable {
    /// Name on the command line.
    pub profile: String,
    /// Version of this mapping; raised when a cell can change.
    pub version: String,
    /// The layout that is written, with its date or number.
    pub layout: String,
    /// The codebook that the rules follow.
    pub codebook: String,
    /// Which records become rows.
    #[serde(default)]
    pub rows: Rows,
    /// How the data set counts.
    pub counting: Counting,
    /// What is hidden besides the words.
    pub redaction: Redaction,
    /// Columns in order; none for a format that is no table.
    #[serde(default, rename = "column")]
    pub columns: Vec<Column>,
    /// Code lists: code to label.
    #[serde(default)]
    pub list: BTreeMap<String, BTreeMap<String, String>>,
    /// Decision tables: the first row whose conditions hold gives the value.
    #[serde(default)]
    pub decide: BTreeMap<String, Vec<Decision>>,
    /// Every rule that can fill a cell or leave it blank, and why it does.
    pub rule: BTreeMap<String, String>,
}

/// Which records become rows; an empty list admits all.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// Families of action.
    #[serde(default)]
    pub family: Vec<String>,
    /// What became of the action.
    #[serde(default)]
    pub status: Vec<String>,
    /// Whether a record without a death is left out.
    #[serde(default)]
    pub deaths_only: bool,
    /// Whether acts of states alone are left out.
    #[serde(default)]
    pub non_state_only: bool,
}

/// How a data set counts people.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counting {
    /// Which of rival accounts is taken: `lowest`, `majority` or `best`.
    pub rivals: String,
    /// What becomes of a total that owns incidents: `divide` (its figure is spread over incidents without
    /// their own) or `remainder` (it keeps what its incidents do not account for).
    pub totals: String,
    /// The number that stands for a vague word (`dozens`); words that are not listed give no number.
    #[serde(default)]
    pub words: BTreeMap<String, u64>,
}

/// What is hidden in exports besides the words of the report.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redaction {
    /// Sides of the grid, in degrees, that sensitive places are moved to the centre of.
    pub grid_degrees: f64,
    /// Kinds of place that are sensitive.
    pub place_kinds: Vec<String>,
    /// Kinds of target that make the place sensitive.
    pub target_types: Vec<String>,
    /// Groups of fewer persons, told with a trait, could be recognised: the export warns.
    pub small_group: u64,
}

/// A column of a data set.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Name in the head of the file.
    pub name: String,
    /// `text`, `integer`, `decimal` or `date`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The rule that fills it; a rule whose name begins with `blank` never does.
    pub rule: String,
    /// Which of several: second weapon, third target; from 1.
    #[serde(default)]
    pub n: Option<u8>,
    /// The code list that its values are from.
    #[serde(default)]
    pub list: Option<String>,
    /// HXL hashtag with attributes.
    #[serde(default)]
    pub tag: Option<String>,
    /// What it holds.
    #[serde(default)]
    pub about: String,
}

/// A row of a decision table. Every condition that is given must hold; one holds if one of its values does.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Form of action, or one it has also.
    #[serde(default)]
    pub family: Vec<String>,
    /// Tactic.
    #[serde(default)]
    pub tactic: Vec<String>,
    /// Kind of one of the weapons.
    #[serde(default)]
    pub weapon: Vec<String>,
    /// What became of the action.
    #[serde(default)]
    pub status: Vec<String>,
    /// How a protest was met.
    #[serde(default)]
    pub response: Vec<String>,
    /// How the action ended.
    #[serde(default)]
    pub outcome: Vec<String>,
    /// Class of one of the actors.
    #[serde(default)]
    pub actor: Vec<String>,
    /// Class of one of the recipients.
    #[serde(default)]
    pub recipient: Vec<String>,
    /// Kind of one of the targets.
    #[serde(default)]
    pub target: Vec<String>,
    /// Who gained ground: `state`, `non_state`.
    #[serde(default)]
    pub gained: Vec<String>,
    /// The value.
    pub value: String,
}

/// A state or territory; what a data set does not have is None.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub iso2: String,
    /// ISO 3166-1 alpha-3.
    pub iso3: String,
    /// ISO 3166-1 numeric.
    #[serde(default)]
    pub numeric: Option<u16>,
    /// Name in common use.
    pub name: String,
    /// ACLED's name.
    #[serde(default)]
    pub acled: Option<String>,
    /// ACLED's region.
    #[serde(default)]
    pub acled_region: Option<String>,
    /// GTD's number.
    #[serde(default)]
    pub gtd: Option<u16>,
    /// GTD's name.
    #[serde(default)]
    pub gtd_name: Option<String>,
    /// GTD's region.
    #[serde(default)]
    pub gtd_region: Option<u8>,
    /// Number in the list of states of Gleditsch and Ward.
    #[serde(default)]
    pub gw: Option<u16>,
    /// UCDP GED's name, where it is not `name`.
    #[serde(default)]
    pub ged: Option<String>,
}
