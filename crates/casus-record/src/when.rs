use crate::Span;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How fine a stated time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Grain {
    Time,
    Day,
    Week,
    Month,
    Season,
    Quarter,
    Half,
    Year,
    Decade,
    Century,
    /// A range with stated ends that is none of the others.
    Range,
}

/// How the event fills the interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// On some day within the interval.
    Point,
    /// Throughout the interval.
    Lasting,
    /// More than once within the interval.
    Repeated,
    /// The text does not tell.
    Unknown,
}

/// A word that moves or blurs the bounds; they follow UCDP GED codebook 23.1, appendix 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Modifier {
    Early,
    Mid,
    Late,
    About,
    Before,
    After,
    Since,
    Recent,
}

/// Part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum TimeOfDay {
    Dawn,
    Morning,
    Midday,
    Afternoon,
    Evening,
    Dusk,
    Night,
    Midnight,
    Daytime,
    /// A clock time was stated; it stands in `stated`.
    Clock,
}

/// The calendar the words used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Calendar {
    Gregorian,
    /// Hijri by the Umm al-Qura tables; `uncertainty_days` is 1.
    IslamicUmalqura,
    /// Hijri by the tabular reckoning (outside the years of the Umm al-Qura tables).
    IslamicTabular,
    /// Solar Hijri.
    Persian,
    Hebrew,
    Ethiopic,
    Coptic,
    Buddhist,
    Roc,
    Julian,
    Rumi,
}

/// What the interval rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The words name the date completely.
    Stated,
    /// Relative words, counted from `anchor`.
    Anchored,
    /// Day and month are stated, the year is inferred.
    YearInferred,
    /// Taken from a heading that stands over the text.
    Heading,
}

/// Why the text allows another interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// Day and month may stand in either order: 3/4/2011.
    DayMonthOrder,
    /// A date of another calendar that stands beside it says otherwise.
    ParallelDate,
    /// The year is not told, and another is as likely: its weekday speaks for it, or it may be yet to come.
    Year,
    /// The weekday may be the last one or the next.
    Week,
    /// The winter of a year may begin or end in it.
    Winter,
    /// The days of its calendar begin at sunset, and the words do not tell on which side of it.
    Sunset,
    /// The words may count from another day: that of publication, or one just told of.
    Anchor,
}

/// When the event happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct When {
    /// First day on which the event can have happened, ISO 8601 Gregorian, inclusive; null where the text gives none.
    pub earliest: Option<Date>,
    /// Last day on which the event can have happened, inclusive; null where the text gives none.
    pub latest: Option<Date>,
    /// How fine the stated time is.
    pub grain: Grain,
    /// How the event fills the interval.
    pub extent: Extent,
    /// A word that moves or blurs the bounds.
    pub modifier: Option<Modifier>,
    /// Part of the day, if stated.
    pub time_of_day: Option<TimeOfDay>,
    /// The calendar of the words.
    pub calendar: Calendar,
    /// Days by which a converted calendar may be off, not included in the bounds: 1 for `islamic-umalqura`.
    pub uncertainty_days: u8,
    /// What the interval rests on.
    pub basis: Basis,
    /// The words of the report. Left out of shared exports unless `--full`.
    pub stated: String,
    /// The day that relative words were counted from.
    pub anchor: Option<Date>,
    /// Other intervals `[earliest, latest]` that the text allows, best first.
    pub alternatives: Vec<(Date, Date)>,
    /// Why the text allows them: one reason for each of `alternatives`.
    #[serde(default)]
    pub reasons: Vec<Doubt>,
    /// Spans of the words.
    pub evidence: Vec<Span>,
}

impl When {
    /// The days from `earliest` to `latest`, as said in as many words; a day if they are one.
    pub fn of_days(earliest: Date, latest: Date) -> When {
        When {
            earliest: Some(earliest),
            latest: Some(latest),
            grain: if earliest == latest { Grain::Day } else { Grain::Range },
            extent: Extent::Point,
            modifier: None,
            time_of_day: None,
            calendar: Calendar::Gregorian,
            uncertainty_days: 0,
            basis: Basis::Stated,
            stated: String::new(),
            anchor: None,
            alternatives: Vec::new(),
            reasons: Vec::new(),
            evidence: Vec::new(),
        }
    }
}
