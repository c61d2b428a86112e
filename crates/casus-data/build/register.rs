//! Sections `register` (`data/actors/`), `agents` and `voice` (`data/patterns/en/`): read, checked
//! and packed.
//!
//! The checker refuses ids twice, parents that do not exist or run in a circle, unknown classes,
//! countries and sources, dates that end before they begin, and an alias that two actors of one
//! country and time share: such an alias could never be told apart.

use crate::tables::register::{Actor, Agents, Country, Force, Register, Voices};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    io::Read,
    path::Path,
};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    country: Vec<Country>,
    force: Vec<Force>,
    actor: Vec<Actor>,
    given_names: Vec<String>,
}

#[derive(Deserialize)]
struct Sources {
    source: Vec<Source>,
}

#[derive(Deserialize)]
struct Source {
    name: String,
}

#[derive(Deserialize)]
struct Codes {
    code: Vec<Code>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

pub(crate) fn build_register(folder: &Path) -> Result<Vec<u8>> {
    let mut register = Register::default();
    let mut files: Vec<_> = fs::read_dir(folder)?.collect::<std::result::Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    for path in files.iter().map(fs::DirEntry::path) {
        let stem = path.file_stem().and_then(|x| x.to_str()).unwrap_or_default();
        if path.extension().and_then(|x| x.to_str()) != Some("toml") || matches!(stem, "SOURCE" | "officials")
        {
            continue;
        }
        let file: File = read(&path)?;
        register.countries.extend(file.country);
        register.forces.extend(file.force);
        register.actors.extend(file.actor);
        register.given_names.extend(file.given_names.iter().map(|name| name.to_lowercase()));
    }
    register.countries.sort_by(|a, b| a.iso2.cmp(&b.iso2));
    register.actors.sort_by(|a, b| a.id.cmp(&b.id));
    register.given_names.sort();
    register.given_names.dedup();
    let classes: Codes = read(&folder.join("../codes/classes.toml"))?;
    let sources: Sources = read(&folder.join("SOURCE.toml"))?;
    check(
        &register,
        &classes.code.iter().map(|code| code.code.as_str()).collect(),
        &sources.source.iter().map(|source| source.name.as_str()).collect(),
    )?;
    Ok(postcard::to_stdvec(&register)?)
}

pub(crate) fn build_agents(folder: &Path) -> Result<Vec<u8>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        collectives: Vec<String>,
        agent: Vec<crate::tables::register::Agent>,
        title: Vec<crate::tables::register::Agent>,
        modifier: Vec<crate::tables::register::Modifier>,
    }
    let file: File = read(&folder.join("agents.toml"))?;
    let mut agents = Agents {
        collectives: file.collectives,
        agents: file.agent,
        titles: file.title,
        modifiers: file.modifier,
    };
    for list in [&mut agents.agents, &mut agents.titles] {
        let mut seen = BTreeSet::new();
        for agent in list {
            agent.cases.clear();
            if let Some(form) = agent.forms.iter().find(|form| !seen.insert((*form).clone())) {
                return Err(format!("agents.toml: {form:?} twice").into());
            }
        }
    }
    Ok(postcard::to_stdvec(&agents)?)
}

pub(crate) fn build_voice(folder: &Path) -> Result<Vec<u8>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        verb: Vec<crate::tables::register::VoiceVerb>,
        phrase: Vec<crate::tables::register::VoicePhrase>,
        check: Vec<crate::tables::register::VoiceCheck>,
    }
    let file: File = read(&folder.join("voice.toml"))?;
    Ok(postcard::to_stdvec(&Voices { verbs: file.verb, phrases: file.phrase, checks: file.check })?)
}

/// Section `officials`: sorted lines of a folded name, a tab and `;`-separated terms of office. The
/// editorial file comes before the older table; a surname that only one of its persons has is a key too.
pub(crate) fn build_officials(folder: &Path) -> Result<Vec<u8>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        officials: Vec<String>,
    }
    let mut lines: BTreeMap<String, String> = BTreeMap::new();
    for line in unpacked(&folder.join("officials.tsv.zst"))?.lines() {
        let (name, terms) = line.split_once('\t').ok_or_else(|| format!("officials.tsv.zst: {line:?}"))?;
        lines.insert(name.to_owned(), terms.to_owned());
    }
    let file: File = read(&folder.join("officials.toml"))?;
    let mut surnames: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in &file.officials {
        let parts: Vec<&str> = line.split(" | ").collect();
        let &[name, country, terms] = parts.as_slice() else {
            return Err(format!("officials.toml: {line:?}").into());
        };
        let mut value: String = terms.split(',').map(|term| format!("{country}GOV {term};")).collect();
        value.push_str(country);
        value.push_str("ELI");
        let words = folded_words(name);
        if let Some(surname) = words.rsplit(' ').next() {
            surnames.entry(surname.to_owned()).or_default().push(value.clone());
        }
        lines.insert(words, value);
    }
    for (surname, mut values) in surnames {
        values.sort();
        values.dedup();
        if let [value] = values.as_slice() {
            lines.insert(surname, value.clone());
        }
    }
    Ok(joined(&lines))
}

/// Section `sectors`: sorted lines of a folded common noun, a tab and its PLOVER sectors.
pub(crate) fn build_sectors(folder: &Path) -> Result<Vec<u8>> {
    let mut lines = BTreeMap::new();
    for line in unpacked(&folder.join("sectors.tsv.zst"))?.lines() {
        let (noun, code) = line.split_once('\t').ok_or_else(|| format!("sectors.tsv.zst: {line:?}"))?;
        lines.insert(folded_words(noun), code.to_owned());
    }
    Ok(joined(&lines))
}

fn unpacked(path: &Path) -> Result<String> {
    let mut text = String::new();
    let file = fs::File::open(path).map_err(|cause| format!("{}: {cause}", path.display()))?;
    zstd::Decoder::new(file)?.read_to_string(&mut text)?;
    Ok(text)
}

fn joined(lines: &BTreeMap<String, String>) -> Vec<u8> {
    lines.iter().map(|(key, value)| format!("{key}\t{value}\n")).collect::<String>().into_bytes()
}

/// The words of a name as the engine folds them: parted at spaces and hyphens, without marks or signs.
fn folded_words(name: &str) -> String {
    name.to_lowercase()
        .split([' ', '-'])
        .map(|word| word.nfd().filter(|c| c.is_alphanumeric() && !is_combining_mark(*c)).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).map_err(|cause| format!("{}: {cause}", path.display()))?;
    toml::from_str(&text).map_err(|cause| format!("{}: {cause}", path.display()).into())
}

fn check(register: &Register, classes: &BTreeSet<&str>, sources: &BTreeSet<&str>) -> Result<()> {
    let mut errors = Vec::new();
    let countries: BTreeSet<&str> = register.countries.iter().map(|country| country.iso2.as_str()).collect();
    if countries.len() != register.countries.len() {
        errors.push("a country twice".to_owned());
    }
    let mut actors: BTreeMap<&str, &Actor> = BTreeMap::new();
    for actor in &register.actors {
        if actors.insert(&actor.id, actor).is_some() {
            errors.push(format!("{}: id twice", actor.id));
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !actor.id.contains('-') || !actor.id.chars().all(plain) {
            errors.push(format!("{}: not a country, a hyphen and a short name in lower case", actor.id));
        }
        for class in actor.was.iter().map(|phase| &phase.class).chain([&actor.class]) {
            if !classes.contains(class.as_str()) {
                errors.push(format!("{}: unknown class {class:?}", actor.id));
            }
        }
        for country in actor.country.iter().chain(&actor.active_in).chain(&actor.government_of) {
            if !countries.contains(country.as_str()) {
                errors.push(format!("{}: unknown country {country:?}", actor.id));
            }
        }
        if !sources.contains(actor.source.as_str()) {
            errors.push(format!("{}: unknown source {:?}", actor.id, actor.source));
        }
        if let (Some(from), Some(to)) = (&actor.from, &actor.to)
            && from > to
        {
            errors.push(format!("{}: ends before it begins", actor.id));
        }
    }
    for actor in &register.actors {
        // Walk up as many steps as there are actors: more can only be a circle.
        let mut level: BTreeSet<&str> = actor.parents.iter().map(String::as_str).collect();
        let mut steps = 0;
        while !level.is_empty() && steps <= register.actors.len() {
            if let Some(dead) =
                level.iter().find(|id| !actors.contains_key(**id) && !is_derived(register, id))
            {
                errors.push(format!("{}: parent {dead:?} does not exist", actor.id));
                break;
            }
            level = level
                .iter()
                .filter_map(|id| actors.get(*id))
                .flat_map(|parent| parent.parents.iter().map(String::as_str))
                .collect();
            steps += 1;
        }
        if steps > register.actors.len() {
            errors.push(format!("{}: is its own parent", actor.id));
        }
    }
    errors.extend(clashes(register));
    if errors.is_empty() { Ok(()) } else { Err(errors.join("\n").into()) }
}

/// Whether the id is that of a state's body, which needs no entry: `slv-army`.
fn is_derived(register: &Register, id: &str) -> bool {
    id.split_once('-').is_some_and(|(country, force)| {
        register.countries.iter().any(|c| c.iso3.eq_ignore_ascii_case(country))
            && register.forces.iter().any(|f| f.code == force)
    })
}

fn clashes(register: &Register) -> Vec<String> {
    let mut owners: BTreeMap<String, Vec<&Actor>> = BTreeMap::new();
    for actor in &register.actors {
        let mut names: Vec<String> =
            actor.aliases.iter().chain([&actor.name]).map(|name| folded(name)).collect();
        names.sort();
        names.dedup();
        for name in names {
            owners.entry(name).or_default().push(actor);
        }
    }
    let overlap = |a: &Actor, b: &Actor| {
        let before = |x: &Actor, y: &Actor| matches!((&x.to, &y.from), (Some(to), Some(from)) if to < from);
        a.country == b.country && !before(a, b) && !before(b, a)
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
