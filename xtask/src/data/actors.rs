//! Makes `data/actors/groups-listed.toml`, the armed groups of the PETRARCH dictionaries that no
//! hand-kept file of the folder has, and writes into the hand-kept files which line of which
//! dictionary gives an entry.
//!
//! A dictionary entry is a head, its other names behind `+`, and a code:
//!
//! ```text
//! ADEN_ABYAN_ISLAMIC_ARMY_(AAIA)_
//! +ADEN_ISLAMIC_ARMY_
//!     [YEMREB]
//! ```
//!
//! The code's first three letters are a country's where they are an ISO code, else a region's, and
//! then the entry has no country. Entries that are no groups are named, with the reason, in
//! `data/actors/left-out.toml`. Ids that stood in the file before are kept.

use anyhow::{Context, Result};
use casus_data::tables::register::{Actor, Country};
use clap::Args;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The dictionaries; `data/actors/SOURCE.toml` names their versions.
#[derive(Args)]
pub(crate) struct Sources {
    /// Folder with Phoenix.MilNonState.actors.txt, Phoenix.International.actors.txt and
    /// Phoenix.Countries.actors.txt of openeventdata/Dictionaries.
    #[arg(long)]
    oeda: PathBuf,
    /// Where to write.
    #[arg(long, default_value = "data/actors")]
    output: PathBuf,
}

/// The file that is made.
const LISTED: &str = "groups-listed.toml";

/// Words of which a name may consist and still not tell a group from a thing: a name of such words
/// alone counts only where the report names the group's country.
const PLAIN: &[&str] = &[
    "action",
    "all",
    "anger",
    "and",
    "army",
    "attack",
    "autonomous",
    "avengers",
    "banner",
    "base",
    "black",
    "brigade",
    "brigades",
    "brotherhood",
    "burning",
    "cell",
    "cells",
    "change",
    "clandestine",
    "coalition",
    "collective",
    "command",
    "commando",
    "commandos",
    "committee",
    "communist",
    "conquerors",
    "council",
    "death",
    "democratic",
    "direct",
    "eagles",
    "faction",
    "fighters",
    "fire",
    "fires",
    "flag",
    "for",
    "force",
    "forces",
    "free",
    "freedom",
    "friendship",
    "front",
    "green",
    "group",
    "guerilla",
    "guerrillas",
    "hand",
    "hawk",
    "hawks",
    "holy",
    "immediate",
    "international",
    "islamic",
    "jihad",
    "justice",
    "knights",
    "leftist",
    "legion",
    "liberation",
    "line",
    "masses",
    "midnight",
    "movement",
    "muslim",
    "national",
    "nationalist",
    "new",
    "night",
    "nucleus",
    "nuclei",
    "of",
    "opposition",
    "order",
    "organization",
    "party",
    "path",
    "patriotic",
    "patriots",
    "peace",
    "people's",
    "peoples",
    "perspective",
    "popular",
    "proletarian",
    "promotion",
    "red",
    "reprisals",
    "resistance",
    "revolution",
    "revolutionary",
    "secret",
    "social",
    "socialist",
    "socialists",
    "society",
    "solidarity",
    "sons",
    "star",
    "storm",
    "struggle",
    "sword",
    "team",
    "the",
    "torrid",
    "uncontrolled",
    "union",
    "united",
    "unity",
    "vanguard",
    "volunteers",
    "war",
    "warriors",
    "white",
    "winter",
    "workers",
    "world",
    "youth",
    "stormtroopers",
    "rangers",
    "masked",
    "special",
    "memory",
    "revenge",
    "guardsmen",
    "islam",
    "conspiracy",
    "cornerstone",
    "volcano",
    "companions",
    "hell",
    "honor",
    "rage",
];

/// Words that stay small inside a name.
const SMALL: &[&str] = &[
    "of", "the", "for", "and", "in", "to", "against", "de", "la", "del", "los", "las", "y", "di", "e",
    "with", "no", "en", "do", "da", "des", "du", "on", "by", "at", "an", "a", "et", "ul", "ur",
];

/// What an entry of a dictionary says.
struct Listed {
    line: u32,
    names: Vec<String>,
    code: String,
}

#[derive(Deserialize)]
struct LeftOut {
    left_out: Vec<Reason>,
}

#[derive(Deserialize)]
struct Reason {
    lines: Vec<u32>,
    #[serde(default)]
    from: Option<u32>,
    #[serde(default)]
    but: Vec<u32>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct File {
    country: Vec<Country>,
    actor: Vec<Actor>,
}

pub(crate) fn make(sources: &Sources) -> Result<()> {
    let groups = dictionary(&sources.oeda.join("Phoenix.MilNonState.actors.txt"))?;
    let international = dictionary(&sources.oeda.join("Phoenix.International.actors.txt"))?;
    let countries = dictionary(&sources.oeda.join("Phoenix.Countries.actors.txt"))?;
    let left_out: LeftOut = toml::from_str(&read(&sources.output.join("left-out.toml"))?)?;
    let known = hand_kept(&sources.output)?;
    for (path, _) in &known.files {
        cite(
            path,
            &[
                ("oeda-milnonstate", &groups, Match::Any),
                ("oeda-international", &international, Match::Any),
                ("oeda-countries", &countries, Match::Country),
            ],
            &known,
        )?;
    }
    let left = |entry: &Listed| {
        left_out.left_out.iter().any(|reason| {
            reason.lines.contains(&entry.line)
                || reason.from.is_some_and(|from| entry.line >= from) && !reason.but.contains(&entry.line)
        })
    };
    let text = listed(&groups, &left, &known);
    fs::write(sources.output.join(LISTED), text)?;
    publish(&sources.output)
}

/// Adds the ids that are new to `ids.txt`: from now on they may go only with a tombstone.
fn publish(folder: &Path) -> Result<()> {
    let path = folder.join("ids.txt");
    let mut ids: BTreeSet<String> = read(&path)?.lines().map(str::to_owned).collect();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with("groups-") || name == "organisations.toml" {
            let file: File = toml::from_str(&read(&path)?).with_context(|| path.display().to_string())?;
            ids.extend(file.actor.into_iter().map(|actor| actor.id));
        }
    }
    fs::write(path, ids.into_iter().map(|id| id + "\n").collect::<String>())?;
    Ok(())
}

/// The hand-kept files and what they name.
struct Known {
    files: Vec<(PathBuf, File)>,
    iso2: BTreeMap<String, String>,
    /// Folded names and aliases.
    names: BTreeSet<String>,
    ids: BTreeSet<String>,
    /// Words for states and peoples.
    peoples: BTreeSet<String>,
}

fn hand_kept(folder: &Path) -> Result<Known> {
    let mut known = Known {
        files: Vec::new(),
        iso2: BTreeMap::new(),
        names: BTreeSet::new(),
        ids: BTreeSet::new(),
        peoples: BTreeSet::new(),
    };
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let kept = name == "organisations.toml" || name == "countries.toml" || name.starts_with("groups-");
        if !kept || name == LISTED {
            continue;
        }
        let file: File = toml::from_str(&read(&path)?).with_context(|| path.display().to_string())?;
        for country in &file.country {
            known.iso2.insert(country.iso3.clone(), country.iso2.clone());
            let words = country.aliases.iter().chain(&country.demonyms).chain([&country.name]);
            known.peoples.extend(words.map(|word| fold(word)));
        }
        for actor in &file.actor {
            known.ids.insert(actor.id.clone());
            known.names.extend(names_of(actor).map(|name| fold(name)));
        }
        known.files.push((path, file));
    }
    Ok(known)
}

fn names_of(actor: &Actor) -> impl Iterator<Item = &String> {
    actor.aliases.iter().chain(&actor.ambiguous).chain([&actor.name])
}

/// Entries of a dictionary, in file order. The files are Latin-1 with comments behind `#` and `;`.
fn dictionary(path: &Path) -> Result<Vec<Listed>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let mut entries: Vec<Listed> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.split(['#', ';']).next().unwrap_or_default().trim_end();
        let (name, code) = line.split_once('[').map_or((line, None), |(name, code)| (name, Some(code)));
        let name = name.trim();
        if let Some(other) = name.strip_prefix('+')
            && let Some(entry) = entries.last_mut()
        {
            entry.names.push(other.to_owned());
        } else if !name.is_empty() {
            entries.push(Listed {
                line: number as u32 + 1,
                names: vec![name.to_owned()],
                code: String::new(),
            });
        }
        if let (Some(code), Some(entry)) = (code, entries.last_mut())
            && entry.code.is_empty()
        {
            entry.code = code.chars().take_while(char::is_ascii_uppercase).collect();
        }
    }
    Ok(entries)
}

#[derive(Clone, Copy, PartialEq)]
enum Match {
    /// The name alone tells who it is.
    Any,
    /// The code must be of the actor's country too.
    Country,
}

/// Writes source and line into the entries of a hand-kept file that a dictionary gives by name.
fn cite(path: &Path, dictionaries: &[(&str, &[Listed], Match)], known: &Known) -> Result<()> {
    let text = read(path)?;
    let mut out = String::with_capacity(text.len());
    for (index, block) in text.split("[[actor]]\n").enumerate() {
        if index == 0 {
            out.push_str(block);
            continue;
        }
        let file: File =
            toml::from_str(&format!("[[actor]]\n{block}")).with_context(|| path.display().to_string())?;
        let Some(actor) = file.actor.first() else { continue };
        let found = dictionaries.iter().find_map(|(source, entries, how)| {
            let open = actor.source == "editorial" || actor.source == *source;
            let line = open.then(|| line_of(actor, entries, *how, known)).flatten()?;
            Some((*source, line))
        });
        out.push_str("[[actor]]\n");
        for line in block.lines() {
            match found {
                Some(_) if line.starts_with("line = ") => {}
                Some((source, at)) if line.starts_with("source = ") => {
                    writeln!(out, "source = {source:?}\nline = {at}")?;
                }
                _ => writeln!(out, "{line}")?,
            }
        }
    }
    fs::write(path, out)?;
    Ok(())
}

fn line_of(actor: &Actor, entries: &[Listed], how: Match, known: &Known) -> Option<u32> {
    let mine: BTreeSet<String> = names_of(actor).map(|name| fold(name)).collect();
    let entry = entries.iter().find(|entry| {
        let country = entry.code.get(..3).and_then(|code| known.iso2.get(code));
        let agrees = match how {
            Match::Any => country.is_none() || actor.country.is_none() || country == actor.country.as_ref(),
            Match::Country => country.is_some() && country == actor.country.as_ref(),
        };
        let named = |name: &String| {
            let name = fold(&clean(name).0);
            // Short names are anybody's.
            mine.contains(&name) && (name.len() > 5 || how == Match::Any && country == actor.country.as_ref())
        };
        agrees && entry.names.iter().any(named)
    })?;
    Some(entry.line)
}

/// The file of the groups that no hand-kept file has.
fn listed(groups: &[Listed], left: &dyn Fn(&Listed) -> bool, known: &Known) -> String {
    let mut out = String::from(
        "# Armed groups of the PETRARCH dictionaries that no other file of this folder has.\n\
         # Made by `cargo xtask data actors`: do not edit, move an entry to another file instead.\n",
    );
    let mut taken = known.names.clone();
    let mut ids = known.ids.clone();
    for entry in groups.iter().filter(|entry| !left(entry)) {
        let mut names: Vec<String> = Vec::new();
        let mut seen = false;
        for written in &entry.names {
            let (name, short) = clean(written);
            for name in [Some(name), short].into_iter().flatten() {
                let key = fold(&name);
                seen |= known.names.contains(&key);
                let short = key.len() < 5 && name.chars().any(char::is_lowercase);
                if !short && !known.peoples.contains(&key) && taken.insert(key) {
                    names.push(name);
                }
            }
        }
        // One that another file has under any of its names is that file's.
        let Some(name) = names.first().cloned().filter(|_| !seen) else { continue };
        let iso3 = entry.code.get(..3).filter(|code| known.iso2.contains_key(*code));
        let country = iso3.map(|code| &known.iso2[code]);
        let (plain, aliases): (Vec<String>, Vec<String>) = names.into_iter().partition(|name| is_plain(name));
        let aliases: Vec<String> = aliases.into_iter().filter(|alias| *alias != name).collect();
        let class = if entry.code.contains("REB") { "rebel" } else { "armed_group_unspecified" };
        let id = id_of(&name, iso3, &mut ids);
        let _ = write!(out, "\n[[actor]]\nid = {id:?}\nname = {name:?}\nclass = {class:?}\n");
        if let Some(country) = country {
            let _ = writeln!(out, "country = {country:?}");
        }
        if !aliases.is_empty() {
            let _ = writeln!(out, "aliases = {aliases:?}");
        }
        if !plain.is_empty() {
            let _ = writeln!(out, "ambiguous = {plain:?}");
        }
        let _ = writeln!(out, "source = \"oeda-milnonstate\"\nline = {}", entry.line);
    }
    out
}

fn is_plain(name: &str) -> bool {
    let mut words = name.split([' ', '-']).filter(|word| !word.is_empty());
    words.clone().count() < 5 && words.all(|word| PLAIN.contains(&word.to_lowercase().as_str()))
}

/// `grc-anarchist-faction`: the country and the first words of the name.
fn id_of(name: &str, iso3: Option<&str>, ids: &mut BTreeSet<String>) -> String {
    let plain: String = name.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase();
    let words: Vec<String> = plain
        .split(|c: char| c.is_whitespace() || "-/".contains(c))
        .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
        .filter(|word| !word.is_empty() && !SMALL.contains(&word.as_str()))
        .collect();
    let country = iso3.map_or_else(|| "int".to_owned(), str::to_lowercase);
    let mut length = 3.min(words.len());
    loop {
        let id = format!("{country}-{}", words[..length].join("-"));
        if ids.insert(id.clone()) {
            return id;
        }
        if length == words.len() {
            let free = (2..).map(|n| format!("{id}-{n}")).find(|id| ids.insert(id.clone()));
            return free.unwrap_or(id);
        }
        length += 1;
    }
}

/// `ADEN_ISLAMIC_ARMY_(AAIA)_` gives "Aden Islamic Army" and `AAIA`.
fn clean(written: &str) -> (String, Option<String>) {
    let mut short = None;
    let mut name = written.replace('_', " ");
    while let (Some(open), Some(close)) = (name.find('('), name.find(')')) {
        if close < open {
            break;
        }
        let inner = name[open + 1..close].trim().to_owned();
        if (2..=6).contains(&inner.len()) && !inner.contains(' ') {
            short = Some(inner);
        }
        name.replace_range(open..=close, " ");
    }
    let name = name.replace('+', " ");
    let words: Vec<&str> = name.split_whitespace().collect();
    let abbreviation = |word: &str| {
        let letters = word.chars().filter(|c| c.is_alphabetic());
        let vowel = word.chars().any(|c| "AEIOUY".contains(c));
        word.contains('/')
            || word.chars().any(|c| c.is_ascii_digit())
            || letters.clone().count() < 4
            || !vowel
    };
    // A name of one short word, or of letters without a vowel, is an abbreviation and stays as it is.
    let alone =
        words.len() == 1 && (words[0].len() < 5 || abbreviation(words[0]) || words[0].contains("-EP"));
    let cased: Vec<String> = words
        .iter()
        .enumerate()
        .map(|(index, word)| {
            let vowel = word.chars().any(|c| "AEIOUY".contains(c));
            if alone || (!vowel && word.len() < 6 && word.chars().all(|c| c.is_ascii_uppercase())) {
                (*word).to_owned()
            } else {
                title(word, index == 0)
            }
        })
        .collect();
    (cased.join(" ").replace(" - ", " "), short)
}

fn title(word: &str, first: bool) -> String {
    let lower = word.to_lowercase();
    if !first && SMALL.contains(&lower.as_str()) {
        return lower;
    }
    let mut out = String::new();
    let mut up = true;
    for c in lower.chars() {
        if up && c.is_alphabetic() {
            out.extend(c.to_uppercase());
            up = false;
        } else {
            out.push(c);
        }
        // "July 20th": no capital behind a digit.
        up &= !c.is_ascii_digit();
        up |= matches!(c, '-' | '/' | '"');
    }
    // Particles between hyphens stay small: Lashkar-e-Jabbar, Saif-ul-Muslimeen.
    for particle in ["-E-", "-I-", "-Ul-", "-Al-", "-Ur-", "-Ye-"] {
        out = out.replace(particle, &particle.to_lowercase());
    }
    out
}

fn fold(name: &str) -> String {
    name.nfd()
        .filter(|c| c.is_alphanumeric() && !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, name: &str, short: Option<&str>) {
        assert_eq!(clean(written), (name.to_owned(), short.map(str::to_owned)), "{written}");
    }

    #[test]
    fn names_are_written_as_people_write_them() {
        check("GOL_LIBERATION_ARMY_(GLA)_", "Gol Liberation Army", Some("GLA"));
        check("FRONT_FOR_THE_DEFENCE_OF_GOL", "Front for the Defence of Gol", None);
        check("PEOPLE'S_ARMY_(LODO)_", "People's Army", Some("LODO"));
        check("LASHKAR-E-GOL_", "Lashkar-e-Gol", None);
        check("GLF", "GLF", None);
    }

    #[test]
    fn ids_are_of_country_and_name_and_never_twice() {
        let mut ids = BTreeSet::new();
        assert_eq!(id_of("Front for the Defence of Gol", Some("AAA"), &mut ids), "aaa-front-defence-gol");
        assert_eq!(
            id_of("Front for the Defence of Gol City", Some("AAA"), &mut ids),
            "aaa-front-defence-gol-city"
        );
        assert_eq!(id_of("Front for the Defence of Gol", None, &mut ids), "int-front-defence-gol");
        assert_eq!(id_of("Front for the Defence of Gol", None, &mut ids), "int-front-defence-gol-2");
    }
}
