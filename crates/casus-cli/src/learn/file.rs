//! The file of what was learned: TOML that people can read, edit and delete.
//!
//! ```text
//! [[word]]
//! word = "torch"
//! kind = "verb"
//! like = "arson"
//! ```

use crate::{
    Failure,
    input::{hex, plain},
    register,
};
use casus_data::tables::register::Actor;
use casus_engine::{Casus, choice::Choice, frame::Word, lessons::Lessons};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{fmt::Write, fs, path::Path};

/// Name and version of the file's contract.
const SCHEMA: &str = "casus-learned/1";

/// What was learned, as it stands in a file.
#[derive(Debug)]
pub(crate) struct File {
    /// Names it in records: the first half of a hash of its bytes.
    pub(crate) id: String,
    lessons: Lessons,
    actors: Vec<Actor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    schema: String,
    #[serde(rename = "made")]
    _made: toml::Table,
    #[serde(default)]
    word: Vec<Word>,
    #[serde(default)]
    actor: Vec<Actor>,
    #[serde(default)]
    roles: Choice,
}

impl File {
    /// Opens what `--learned` names.
    pub(crate) fn open(path: &Path) -> Result<File, Failure> {
        let told = |cause: &dyn std::fmt::Display| Failure(format!("{}: {cause}", path.display()));
        let text = fs::read_to_string(path).map_err(|cause| told(&plain(&cause)))?;
        let content: Content = toml::from_str(&text).map_err(|cause| {
            told(&format_args!("not what `casus learn` writes: {}", cause.to_string().trim_end()))
        })?;
        if content.schema != SCHEMA {
            return Err(told(&format_args!(
                "is {:?}, this version of casus reads {SCHEMA:?}: learn again",
                content.schema
            )));
        }
        Ok(File {
            id: hex(&Sha256::digest(text.as_bytes()))[..16].to_owned(),
            lessons: Lessons { words: content.word, roles: content.roles },
            actors: content.actor,
        })
    }
}

/// The reader, with a register and with what was learned laid over the data, if they are asked for.
pub(crate) fn reader(over: Option<&Path>, learned: Option<&Path>) -> Result<Casus, Failure> {
    let Some(path) = learned else { return register::reader(over) };
    let file = File::open(path)?;
    let told = |cause: &dyn std::fmt::Display| {
        Failure(format!("{}: does not fit this version of casus: {cause}; learn again", path.display()))
    };
    let mut casus = register::reader_with(over, &file.actors).map_err(|cause| told(&cause))?;
    casus.lay(&file.lessons).map_err(|cause| told(&cause))?;
    Ok(casus)
}

/// Something kept, with why it was.
pub(super) struct Kept<'a> {
    pub(super) change: &'a super::changes::Change,
    pub(super) why: String,
}

/// The content of the file.
pub(super) fn written(made: &toml::Table, kept: &[Kept<'_>]) -> String {
    use super::changes::Change;
    let text = |value: &str| toml::Value::from(value).to_string();
    let mut out = format!(
        "# What casus learned from corrections: lay it over with --learned. Leave that out, or delete the file, and nothing\n\
         # of it is left. It may be edited: drop what you do not want.\nschema = {}\n\n[made]\n{made}",
        text(SCHEMA)
    );
    for Kept { change, why } in kept {
        let _ = writeln!(out, "\n# {why}");
        match change {
            Change::Word(word) => {
                let _ = writeln!(out, "[[word]]\nword = {}\nkind = \"{}\"", text(&word.word), word.kind);
                if let Some(like) = &word.like {
                    let _ = writeln!(out, "like = {}\nweak = {}", text(like), word.weak);
                }
            }
            Change::Name { actor, .. } => out += &register::entry(actor),
            Change::Roles(choice) => {
                out += "[roles]\n";
                for (feature, weight) in &choice.weights {
                    let _ = writeln!(out, "{} = {}", text(feature), toml::Value::from(*weight));
                }
            }
        }
    }
    out
}
