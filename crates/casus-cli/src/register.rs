//! `casus register`: who the register knows, and a user's own entries laid over it.
//!
//! ```text
//! $ casus register find Nusra --on 2014-05-01
//! syr-nusra   Jabhat al-Nusra   rebel   SY   2012 to 2016-07-28
//! ```

use crate::{
    Failure, Status,
    args::{AddActor, FindActor, ListActors, RegisterWhat, ShowActor},
    input::plain,
    print, remark, similar,
};
use casus_data::tables::register::{Actor, RegisterFile};
use casus_engine::Casus;
use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

pub(crate) fn register(what: &RegisterWhat) -> Result<Status, Failure> {
    match what {
        RegisterWhat::Find(args) => find(args),
        RegisterWhat::Show(args) => show(args),
        RegisterWhat::List(args) => list(args),
        RegisterWhat::Add(args) => add(args),
    }
}

/// The reader, with the user's register laid over ours if there is one.
pub(crate) fn reader(over: Option<&Path>) -> Result<Casus, Failure> {
    match over {
        Some(path) => {
            let file = read(path)?;
            let casus = Casus::embedded()?.with_register(file);
            casus.map_err(|error| Failure(format!("{}: {error}", path.display())))
        }
        None => Ok(Casus::embedded()?),
    }
}

/// The same with more entries laid over both.
pub(crate) fn reader_with(over: Option<&Path>, actors: &[Actor]) -> Result<Casus, Failure> {
    if actors.is_empty() {
        return reader(over);
    }
    let mut file = over.map(read).transpose()?.unwrap_or_default();
    file.actor.retain(|known| actors.iter().all(|actor| actor.id != known.id));
    file.actor.extend(actors.iter().cloned());
    Ok(Casus::embedded()?.with_register(file)?)
}

fn read(path: &Path) -> Result<RegisterFile, Failure> {
    let text = fs::read_to_string(path)
        .map_err(|cause| Failure(format!("{}: {}", path.display(), plain(&cause))))?;
    toml::from_str(&text)
        .map_err(|cause| Failure(format!("{}: {}", path.display(), cause.to_string().trim_end())))
}

/// Entries by a name, an alias or an id; with a day, as who they were then.
fn find(args: &FindActor) -> Result<Status, Failure> {
    let casus = reader(args.register.as_deref())?;
    let actors = casus.resources().actors();
    let found = actors.named(&args.name, args.on);
    if found.is_empty() {
        let names = actors.all().iter().flat_map(|a| a.aliases.iter().chain([&a.name]));
        let hint = similar(&args.name, names.map(String::as_str));
        let hint = hint.map_or_else(String::new, |near| format!("; is it {near:?}?"));
        let day = args.on.map_or_else(String::new, |day| format!(" on {day}"));
        return Err(Failure(format!("no actor is named {:?}{day}{hint}", args.name)));
    }
    print(&found.iter().copied().map(line).collect::<String>())
}

/// `id  name  class  country  years`, parted by tabs.
fn line(actor: &Actor) -> String {
    let country = actor.country.as_deref().unwrap_or("-");
    format!("{}\t{}\t{}\t{country}\t{}\n", actor.id, actor.name, actor.class, years(&actor.from, &actor.to))
}

fn years(from: &Option<String>, to: &Option<String>) -> String {
    match (from, to) {
        (None, None) => "-".to_owned(),
        (from, to) => {
            format!("{} to {}", from.as_deref().unwrap_or("?"), to.as_deref().unwrap_or("now"))
        }
    }
}

/// All that is known of an id, and who came from it or was part of it.
fn show(args: &ShowActor) -> Result<Status, Failure> {
    let casus = reader(args.register.as_deref())?;
    let actors = casus.resources().actors();
    let all = actors.all();
    let Some(actor) = all.iter().find(|actor| actor.id == args.id) else {
        // A state's body has no entry of its own; an id that was given up says what stands for it.
        if let Some(entry) = actors.register_entry(&args.id) {
            let country = entry.country.unwrap_or("-");
            return print(&format!(
                "id       {}\nname     {}\nclass    {}\ncountry  {country}\n",
                args.id, entry.name, entry.class
            ));
        }
        if let Some(tombstone) = actors.tombstone(&args.id) {
            let now = tombstone.now.as_deref().map_or_else(String::new, |now| format!("; now {now}"));
            return Err(Failure(format!("{} was given up: {}{now}", args.id, tombstone.why)));
        }
        let hint = similar(&args.id, all.iter().map(|actor| actor.id.as_str()));
        let hint = hint.map_or_else(String::new, |near| format!("; is it {near}?"));
        return Err(Failure(format!("no actor has the id {:?}{hint}", args.id)));
    };
    let mut out = String::new();
    let mut row = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "{name:<10} {value}");
        }
    };
    row("id", &actor.id);
    row("name", &actor.name);
    row("class", &actor.class);
    row("country", actor.country.as_deref().unwrap_or_default());
    row("active in", &actor.active_in.join(" "));
    row("years", &years(&actor.from, &actor.to));
    row("aliases", &actor.aliases.join("; "));
    row("ambiguous", &actor.ambiguous.join("; "));
    row("sectors", &actor.sectors.join(" "));
    for phase in &actor.was {
        row("was", &format!("{} ({})", phase.class, years(&phase.from, &phase.to)));
    }
    row("part of", &actor.parents.join(" "));
    for member in &actor.member {
        row("part of", &format!("{} ({})", member.of, years(&member.from, &member.to)));
    }
    for before in &actor.before {
        let on = before.on.as_deref().unwrap_or("?");
        row("before", &format!("{} ({} {on})", before.id, before.how));
    }
    for other in all {
        for before in other.before.iter().filter(|before| before.id == actor.id) {
            let on = before.on.as_deref().unwrap_or("?");
            row("after", &format!("{} ({} {on})", other.id, before.how));
        }
    }
    let source =
        actor.line.map_or_else(|| actor.source.clone(), |line| format!("{}, line {line}", actor.source));
    row("source", &source);
    print(&out)
}

/// Entries by source, class or country: what is to be reviewed, what is there.
fn list(args: &ListActors) -> Result<Status, Failure> {
    let casus = reader(args.register.as_deref())?;
    let actors = casus.resources().actors();
    let sources: BTreeSet<&str> = actors.all().iter().map(|actor| actor.source.as_str()).collect();
    if let Some(source) = args.source.as_deref().filter(|source| !sources.contains(source)) {
        let known = sources.into_iter().collect::<Vec<_>>().join(", ");
        return Err(Failure(format!("no entry is from {source:?}; sources are {known}")));
    }
    let fits = |actor: &&Actor| {
        args.source.as_ref().is_none_or(|source| actor.source == *source)
            && args.class.as_ref().is_none_or(|class| actor.class == *class)
            && args.country.as_ref().is_none_or(|country| actor.country.as_ref() == Some(country))
    };
    let lines: String = actors.all().iter().filter(fits).map(line).collect();
    if lines.is_empty() {
        remark(&"no entry is like that");
    }
    print(&lines)
}

/// Adds an entry to a user's register file, if the whole holds together with it.
fn add(args: &AddActor) -> Result<Status, Failure> {
    let mut file = if args.file.exists() { read(&args.file)? } else { RegisterFile::default() };
    if file.actor.iter().any(|actor| actor.id == args.id) {
        return Err(Failure(format!("{}: has an entry {} already", args.file.display(), args.id)));
    }
    let actor = Actor {
        id: args.id.clone(),
        name: args.name.clone(),
        class: args.class.clone(),
        country: args.country.clone(),
        active_in: Vec::new(),
        government_of: None,
        aliases: args.alias.clone(),
        ambiguous: Vec::new(),
        from: args.from.clone(),
        to: args.to.clone(),
        parents: args.parent.clone(),
        member: Vec::new(),
        before: Vec::new(),
        sectors: Vec::new(),
        was: Vec::new(),
        source: args.source.clone(),
        line: None,
    };
    let entry = entry(&actor);
    file.actor.push(actor);
    Casus::embedded()?.with_register(file)?;
    let before = if args.file.exists() { fs::read_to_string(&args.file) } else { Ok(String::new()) };
    let written = before.and_then(|before| {
        let gap = if before.is_empty() { "" } else { "\n" };
        fs::write(&args.file, format!("{before}{gap}{entry}"))
    });
    written.map_err(|cause| Failure(format!("{}: {}", args.file.display(), plain(&cause))))?;
    print(&entry)
}

/// The entry as people write it: empty fields left out.
pub(crate) fn entry(actor: &Actor) -> String {
    let text = |value: &str| toml::Value::from(value).to_string();
    let list = |values: &[String]| toml::Value::from(values.to_vec()).to_string();
    let mut out = format!(
        "[[actor]]\nid = {}\nname = {}\nclass = {}\n",
        text(&actor.id),
        text(&actor.name),
        text(&actor.class)
    );
    for (key, value) in [("country", &actor.country), ("from", &actor.from), ("to", &actor.to)] {
        if let Some(value) = value {
            let _ = writeln!(out, "{key} = {}", text(value));
        }
    }
    for (key, values) in [("aliases", &actor.aliases), ("parents", &actor.parents)] {
        if !values.is_empty() {
            let _ = writeln!(out, "{key} = {}", list(values));
        }
    }
    let _ = writeln!(out, "source = {}", text(&actor.source));
    out
}
