//! Sections `register` (`data/actors/`), `agents` and `voice` (`data/patterns/en/`): read, checked
//! and packed.
//!
//! `src/check.rs` says what a register may not hold.

use crate::{
    check,
    tables::register::{Agents, Register, RegisterFile, Voices},
};
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
        if path.extension().and_then(|x| x.to_str()) != Some("toml")
            || matches!(stem, "SOURCE" | "officials" | "left-out" | "partially-recognised")
        {
            continue;
        }
        let file: RegisterFile = read(&path)?;
        register.countries.extend(file.country);
        register.forces.extend(file.force);
        register.actors.extend(file.actor);
        register.given_names.extend(file.given_names.iter().map(|name| name.to_lowercase()));
        register.tombstones.extend(file.tombstone);
    }
    register.countries.sort_by(|a, b| a.iso2.cmp(&b.iso2));
    register.actors.sort_by(|a, b| a.id.cmp(&b.id));
    register.given_names.sort();
    register.given_names.dedup();
    let classes: Codes = read(&folder.join("../codes/classes.toml"))?;
    let sources: Sources = read(&folder.join("SOURCE.toml"))?;
    let classes = classes.code.iter().map(|code| code.code.as_str()).collect();
    let sources = sources.source.iter().map(|source| source.name.as_str()).collect();
    let mut errors = check::check(&register, &classes, Some(&sources));
    let published = fs::read_to_string(folder.join("ids.txt"))?;
    errors.extend(check::lost(&register, published.lines()));
    if !errors.is_empty() {
        return Err(errors.join("\n").into());
    }
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
        mode: Vec<crate::tables::register::VoiceMode>,
    }
    let file: File = read(&folder.join("voice.toml"))?;
    Ok(postcard::to_stdvec(&Voices {
        verbs: file.verb,
        phrases: file.phrase,
        checks: file.check,
        modes: file.mode,
    })?)
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
        let (name, country, terms, sectors) = match *parts.as_slice() {
            [name, country, terms] => (name, country, terms, "GOV"),
            [name, country, terms, sectors] => (name, country, terms, sectors),
            _ => return Err(format!("officials.toml: {line:?}").into()),
        };
        let mut value: String = terms.split(',').map(|term| format!("{country}{sectors} {term};")).collect();
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

/// Section `sectors`: sorted lines of a folded common noun, a tab and its PLOVER sectors; the names of
/// states that few others recognise stand among them with their own sector.
pub(crate) fn build_sectors(folder: &Path) -> Result<Vec<u8>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        partially_recognised: Vec<String>,
    }
    let mut lines = BTreeMap::new();
    let file: File = read(&folder.join("partially-recognised.toml"))?;
    lines.extend(file.partially_recognised.iter().map(|name| (folded_words(name), "PRE".to_owned())));
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
