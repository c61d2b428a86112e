//! Which classes of parties carry arms: asked wherever force, a side or a claimant is looked for.
//!
//! This module must not know what a party did.
//!
//! "rebel" is armed and no state's; "state_police" is armed; "civilians" are neither.

/// Whether parties of the class are armed groups that belong to no state.
pub fn is_nonstate(class: &str) -> bool {
    matches!(
        class,
        "rebel" | "political_militia" | "identity_militia" | "armed_group_unspecified" | "criminal"
    )
}

/// Whether parties of the class bear arms by what they are.
pub fn is_armed(class: &str) -> bool {
    is_nonstate(class)
        || matches!(
            class,
            "state_military"
                | "state_police"
                | "state_intelligence"
                | "foreign_military"
                | "peacekeepers"
                | "private_security"
        )
}

/// Whether those of the class are sent to fight: what a side loses are its own.
pub fn is_fighter(class: &str) -> bool {
    is_armed(class) && !matches!(class, "state_intelligence" | "private_security" | "criminal")
}
