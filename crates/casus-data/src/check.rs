//! What a register of actors may not hold. The build script checks ours, `casus` a user's laid over it.
//!
//! Refused are: an id twice or in use after it was given up, a parent, predecessor or country that
//! does not exist, a circle of parents or of predecessors, an unknown class or source, dates that end
//! before they begin, a name that can never be found (without a letter, or said twice in one
//! entry), and a name that two actors of one country and time share: it could never be told apart.
//!
//! ```
//! use casus_data::{check, tables::register::Register};
//! let register: Register = casus_data::table("register")?;
//! let classes = register.actors.iter().map(|actor| actor.class.as_str()).collect();
//! assert!(check::check(&register, &classes, None).iter().all(|error| error.contains("class")));
//! # Ok::<(), casus_data::Error>(())
//! ```

use crate::tables::register::{Actor, Register};
use std::collections::{BTreeMap, BTreeSet};

/// All errors, each naming the entry. `sources` None accepts any source.
pub fn check(register: &Register, classes: &BTreeSet<&str>, sources: Option<&BTreeSet<&str>>) -> Vec<String> {
    let mut errors = Vec::new();
    let countries: BTreeSet<&str> = register.countries.iter().map(|country| country.iso2.as_str()).collect();
    if countries.len() != register.countries.len() {
        errors.push("a country twice".to_owned());
    }
    let mut actors: BTreeMap<&str, &Actor> = BTreeMap::new();
    for actor in &register.actors {
        let mut tell = |message: String| errors.push(format!("{}: {message}", actor.id));
        if actors.insert(&actor.id, actor).is_some() {
            tell("id twice".to_owned());
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !actor.id.contains('-') || !actor.id.chars().all(plain) {
            tell("not a country, a hyphen and a short name in lower case".to_owned());
        }
        for class in actor.was.iter().map(|phase| &phase.class).chain([&actor.class]) {
            if !classes.contains(class.as_str()) {
                tell(format!("unknown class {class:?}"));
            }
        }
        for country in actor.country.iter().chain(&actor.active_in).chain(&actor.government_of) {
            if !countries.contains(country.as_str()) {
                tell(format!("unknown country {country:?}"));
            }
        }
        if sources.is_some_and(|sources| !sources.contains(actor.source.as_str())) {
            tell(format!("unknown source {:?}", actor.source));
        }
        for before in actor.before.iter().filter(|b| !matches!(&*b.how, "renamed" | "merged" | "split")) {
            tell(format!("{:?} is no way to come from {}", before.how, before.id));
        }
        let spans = actor.was.iter().map(|phase| (&phase.from, &phase.to));
        let spans = spans.chain(actor.member.iter().map(|member| (&member.from, &member.to)));
        for (from, to) in spans.chain([(&actor.from, &actor.to)]) {
            if let (Some(from), Some(to)) = (from, to)
                && from > to
                && !from.starts_with(to.as_str())
            {
                tell(format!("{from} to {to} ends before it begins"));
            }
        }
        let mut names = BTreeSet::new();
        for name in actor.aliases.iter().chain([&actor.name]) {
            let key = by_words(name);
            if key.is_empty() {
                tell(format!("{name:?} can never be found"));
            } else if !names.insert((key, is_abbreviation(name))) {
                tell(format!("{name:?} is there twice"));
            }
        }
    }
    for tombstone in &register.tombstones {
        if actors.contains_key(tombstone.id.as_str()) {
            errors.push(format!("{}: was given up and is in use", tombstone.id));
        }
        if let Some(now) = tombstone.now.as_deref().filter(|now| !exists(register, &actors, now)) {
            errors.push(format!("{}: stands for {now:?}, which does not exist", tombstone.id));
        }
    }
    let parents = |actor: &Actor| -> Vec<String> {
        actor.parents.iter().chain(actor.member.iter().map(|member| &member.of)).cloned().collect()
    };
    let before = |actor: &Actor| -> Vec<String> { actor.before.iter().map(|b| b.id.clone()).collect() };
    errors.extend(walk(register, &actors, "parent", &parents));
    errors.extend(walk(register, &actors, "predecessor", &before));
    errors.extend(clashes(register));
    errors
}

/// Ids that were published and are neither an entry nor given up.
pub fn lost<'a>(register: &Register, published: impl Iterator<Item = &'a str>) -> Vec<String> {
    let known: BTreeSet<&str> = register
        .actors
        .iter()
        .map(|actor| actor.id.as_str())
        .chain(register.tombstones.iter().map(|tombstone| tombstone.id.as_str()))
        .collect();
    published
        .filter(|id| !known.contains(id))
        .map(|id| format!("{id}: was published; give it a [[tombstone]] if it is to go"))
        .collect()
}

/// Walks up from every actor: what does not exist, and who comes back to itself.
fn walk(
    register: &Register,
    actors: &BTreeMap<&str, &Actor>,
    what: &str,
    up: &dyn Fn(&Actor) -> Vec<String>,
) -> Vec<String> {
    let mut errors = Vec::new();
    for actor in &register.actors {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut open = up(actor);
        while let Some(id) = open.pop() {
            if id == actor.id {
                errors.push(format!("{}: is its own {what}", actor.id));
                break;
            }
            if !exists(register, actors, &id) {
                errors.push(format!("{}: {what} {id:?} does not exist", actor.id));
            } else if seen.insert(id.clone())
                && let Some(next) = actors.get(id.as_str())
            {
                open.extend(up(next));
            }
        }
    }
    errors.dedup();
    errors
}

/// Whether the id is an entry or that of a state's body, which needs none: `slv-army`.
fn exists(register: &Register, actors: &BTreeMap<&str, &Actor>, id: &str) -> bool {
    actors.contains_key(id)
        || id.split_once('-').is_some_and(|(country, force)| {
            register.countries.iter().any(|c| c.iso3.eq_ignore_ascii_case(country))
                && register.forces.iter().any(|f| f.code == force)
        })
}

fn clashes(register: &Register) -> Vec<String> {
    let mut owners: BTreeMap<String, Vec<&Actor>> = BTreeMap::new();
    for actor in &register.actors {
        let names: BTreeSet<String> =
            actor.aliases.iter().chain([&actor.name]).map(|name| folded(name)).collect();
        for name in names {
            owners.entry(name).or_default().push(actor);
        }
    }
    let overlap = |a: &Actor, b: &Actor| {
        let before = |x: &Actor, y: &Actor| matches!((&x.to, &y.from), (Some(to), Some(from)) if to <= from);
        // A name that went over from one to the other is the one's before and the other's after.
        let heir = |x: &Actor, y: &Actor| y.before.iter().any(|before| before.id == x.id);
        a.country == b.country && !before(a, b) && !before(b, a) && !heir(a, b) && !heir(b, a)
    };
    let mut errors = Vec::new();
    for (name, actors) in owners {
        for (i, a) in actors.iter().enumerate() {
            if let Some(b) = actors[i + 1..].iter().find(|b| overlap(a, b)) {
                errors.push(format!("{name:?} names both {} and {}", a.id, b.id));
            }
        }
    }
    errors
}

fn folded(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Folded, its words apart: "Wal Jama" and "Waljama" are two spellings.
fn by_words(name: &str) -> String {
    let words = name.split(|c: char| c.is_whitespace() || "-/".contains(c)).map(folded);
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Upper case only: such a name is looked for in upper case only, its twin in small letters in both.
fn is_abbreviation(name: &str) -> bool {
    !name.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::register::{Before, Country, Force, Tombstone};

    fn actor(id: &str, name: &str) -> Actor {
        Actor {
            id: id.to_owned(),
            name: name.to_owned(),
            class: "rebel".to_owned(),
            country: Some("GO".to_owned()),
            active_in: Vec::new(),
            government_of: None,
            aliases: Vec::new(),
            ambiguous: Vec::new(),
            from: None,
            to: None,
            parents: Vec::new(),
            member: Vec::new(),
            before: Vec::new(),
            sectors: Vec::new(),
            was: Vec::new(),
            source: "editorial".to_owned(),
            line: None,
        }
    }

    /// A register of Gol with two groups, changed by the case, gives the errors expected.
    fn case(change: impl Fn(&mut Register), expected: &[&str]) {
        let mut register = Register {
            countries: vec![Country {
                iso2: "GO".to_owned(),
                iso3: "GOL".to_owned(),
                name: "Gol".to_owned(),
                aliases: Vec::new(),
                demonyms: Vec::new(),
                government: Vec::new(),
            }],
            forces: vec![Force {
                code: "army".to_owned(),
                name: "Armed forces of {}".to_owned(),
                class: "state_military".to_owned(),
                sectors: Vec::new(),
            }],
            actors: vec![actor("gol-front", "Front of Gol"), actor("gol-wing", "Wing of Gol")],
            ..Register::default()
        };
        change(&mut register);
        let found = check(&register, &BTreeSet::from(["rebel"]), Some(&BTreeSet::from(["editorial"])));
        assert_eq!(found, expected);
    }

    #[test]
    fn every_kind_of_error_is_told() {
        case(|_| {}, &[]);
        case(|r| r.actors[1].id = "gol-front".to_owned(), &["gol-front: id twice"]);
        case(|r| r.actors[0].class = "army".to_owned(), &["gol-front: unknown class \"army\""]);
        case(|r| r.actors[0].source = "hearsay".to_owned(), &["gol-front: unknown source \"hearsay\""]);
        case(|r| r.actors[0].country = Some("XX".to_owned()), &["gol-front: unknown country \"XX\""]);
        case(|r| r.actors[0].aliases = vec!["--".to_owned()], &["gol-front: \"--\" can never be found"]);
        case(
            |r| r.actors[0].aliases = vec!["Front-of-Gol".to_owned()],
            &["gol-front: \"Front of Gol\" is there twice"],
        );
        case(
            |r| (r.actors[0].from, r.actors[0].to) = (Some("2001".to_owned()), Some("1999".to_owned())),
            &["gol-front: 2001 to 1999 ends before it begins"],
        );
        case(
            |r| r.actors[0].parents = vec!["gol-none".to_owned()],
            &["gol-front: parent \"gol-none\" does not exist"],
        );
        case(|r| r.actors[0].parents = vec!["gol-army".to_owned()], &[]);
        case(
            |r| {
                r.actors[0].parents = vec!["gol-wing".to_owned()];
                r.actors[1].parents = vec!["gol-front".to_owned()];
            },
            &["gol-front: is its own parent", "gol-wing: is its own parent"],
        );
        case(
            |r| r.actors[1].aliases = vec!["Front of Gol".to_owned()],
            &["\"frontofgol\" names both gol-front and gol-wing"],
        );
    }

    #[test]
    fn an_heir_may_keep_the_name() {
        let heir = |how: &str| Before { id: "gol-front".to_owned(), how: how.to_owned(), on: None };
        case(
            |r| {
                r.actors[1].aliases = vec!["Front of Gol".to_owned()];
                r.actors[1].before = vec![heir("renamed")];
            },
            &[],
        );
        case(
            |r| r.actors[1].before = vec![heir("grown")],
            &["gol-wing: \"grown\" is no way to come from gol-front"],
        );
    }

    #[test]
    fn ids_do_not_come_back() {
        let tombstone =
            |id: &str| Tombstone { id: id.to_owned(), now: Some("gol-wing".to_owned()), why: String::new() };
        case(|r| r.tombstones = vec![tombstone("gol-old")], &[]);
        case(|r| r.tombstones = vec![tombstone("gol-front")], &["gol-front: was given up and is in use"]);
        let register = Register { actors: vec![actor("gol-front", "Front of Gol")], ..Register::default() };
        assert_eq!(lost(&register, ["gol-front", "gol-old"].into_iter()).len(), 1);
    }
}
