//! How well an incident is attested, by a stated rule.
//!
//! The words are those of organisations that count harm to civilians (Airwars, "Methodology": confirmed,
//! fair, weak, contested, discounted). The rule, in this order:
//!
//! 1. **discounted**: every claim on what became of it is a denial, and none is by a voice without a side;
//! 2. **contested**: claims on the actor conflict, or a party denies what others say it did;
//! 3. **confirmed**: a voice of the actor's own side says that it did it;
//! 4. **fair**: two or more independent sources, at least one of which is no party;
//! 5. **weak**: everything else.

use casus_record::{Agreement, AttributionStatus, Claim, ClaimValue, Grade, Side};
use std::collections::{BTreeMap, BTreeSet};

/// The grade of an incident with these claims.
///
/// ```
/// use casus_link::grade;
/// assert_eq!(grade(&[], &Default::default()), casus_record::Grade::Weak);
/// ```
pub fn grade(claims: &[Claim], agreement: &BTreeMap<String, Agreement>) -> Grade {
    let status = || claims.iter().filter(|claim| claim.field == "status");
    let denies = |claim: &Claim| matches!(&claim.value, ClaimValue::Code { code } if code == "denied");
    if status().next().is_some() && status().all(denies) {
        return Grade::Discounted;
    }
    if agreement.get("actor") == Some(&Agreement::Conflict) {
        return Grade::Contested;
    }
    // A report tells of a claim of responsibility, or the actor's side speaks itself.
    let owned = claims.iter().any(|claim| match &claim.value {
        ClaimValue::Party { status, .. } if claim.field == "actor" => {
            *status == AttributionStatus::Claimed
                || claim.voice.side == Some(Side::A) && *status == AttributionStatus::Stated
        }
        _ => false,
    });
    if owned {
        return Grade::Confirmed;
    }
    let told = claims.iter().filter(|claim| !denies(claim));
    let sources: BTreeSet<u32> = told.clone().map(|claim| claim.source).collect();
    if sources.len() >= 2 && told.clone().any(|claim| !claim.voice.is_party()) {
        Grade::Fair
    } else {
        Grade::Weak
    }
}
