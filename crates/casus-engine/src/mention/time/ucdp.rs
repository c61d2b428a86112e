//! The temporal precision that UCDP codes.

use crate::{Grain, When};

use super::calendar::days_between;

/// UCDP GED `date_prec` of a time (codebook 23.1, appendix 2): 1 the day is known, 2 within two to six
/// days, 3 within a week, 4 within a month, 5 within a year or more. None where a bound is open.
///
/// ```
/// use casus_engine::{Casus, Report, mention::time};
/// let casus = Casus::embedded()?;
/// let report = Report {
///     text: "Two houses burned last week.".into(),
///     published: Some("2021-03-17".parse().expect("a date")),
///     ..Report::default()
/// };
/// let traced = casus.read_traced(&report);
/// let when = traced.mentions.times[0].when.as_ref().expect("a time");
/// assert_eq!(time::ucdp_precision(when), Some(3));
/// # Ok::<(), casus_engine::Error>(())
/// ```
pub fn ucdp_precision(when: &When) -> Option<u8> {
    let days = days_between(when.earliest?, when.latest?) + 1;
    Some(match (days, when.grain) {
        // "Early March" told on the 3rd is still a month's precision.
        (2..=6, Grain::Month) => 4,
        (_, Grain::Year | Grain::Half | Grain::Season) => 5,
        (..=1, _) => 1,
        (2..=6, _) => 2,
        (7, _) => 3,
        (8..=31, _) => 4,
        _ => 5,
    })
}
