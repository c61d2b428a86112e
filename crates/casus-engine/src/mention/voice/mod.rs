//! Voices: who in the text says so, and which words they say.
//!
//! A verb of saying has its speaker before it ("police said …"), behind it ("…, said police") or
//! before the words it closes ("…, the district head said."). "According to X" has no verb. What a
//! voice governs is the clause it introduces or closes: up to the next voice of the sentence, or the
//! whole quotation where the words are quoted over several sentences.
//!
//! This module must not know what an event is.
//!
//! ```
//! # use casus_engine::{Casus, Report, VoiceKind};
//! let casus = Casus::embedded()?;
//! let report = Report { text: "Fourteen people died, the district head said.".into(), ..Report::default() };
//! let traced = casus.read_traced(&report);
//! assert_eq!(traced.mentions.voices[0].kind, VoiceKind::LocalAuthority);
//! # Ok::<(), casus_engine::Error>(())
//! ```

use super::actor::ActorMention;
use crate::{
    AttributionStatus, Error, Span, Verification, VoiceKind,
    text::{Document, TokenId},
};
use casus_data::tables::register::Voices;
use rustc_hash::FxHashMap;
use std::ops::Range;

mod find;
#[cfg(test)]
mod tests;

/// What the voice stage looks up.
#[derive(Debug)]
pub struct Data {
    /// First word of a verb of saying, with its entries.
    verbs: FxHashMap<String, Vec<Verb>>,
    /// First word of a phrase before a speaker.
    phrases: FxHashMap<String, Vec<Phrase>>,
    checks: FxHashMap<String, Vec<Check>>,
    /// First word of what tells how a claim was made.
    modes: FxHashMap<String, Vec<Mode>>,
}

#[derive(Debug)]
struct Mode {
    words: Vec<String>,
    mode: String,
}

#[derive(Debug)]
struct Verb {
    words: Vec<String>,
    stance: AttributionStatus,
    /// Words of which one must stand behind the verb; `#` is a number. Empty: any.
    objects: Vec<Vec<String>>,
}

#[derive(Debug)]
struct Phrase {
    words: Vec<String>,
    stance: AttributionStatus,
}

#[derive(Debug)]
struct Check {
    words: Vec<String>,
    verification: Verification,
}

impl Data {
    pub(crate) fn embedded() -> Result<Data, Error> {
        let voices: Voices = casus_data::table("voice")?;
        let (mut verbs, mut phrases, mut checks) = (Vec::new(), Vec::new(), Vec::new());
        for verb in voices.verbs {
            let stance = code(&verb.stance)?;
            for form in &verb.forms {
                let objects = verb.objects.iter().map(|object| list(object)).collect();
                verbs.push(Verb { words: list(form), stance, objects });
            }
        }
        for phrase in voices.phrases {
            let stance = code(&phrase.stance)?;
            phrases.extend(phrase.forms.iter().map(|form| Phrase { words: list(form), stance }));
        }
        for check in voices.checks {
            let verification = code(&check.verification)?;
            checks.extend(check.forms.iter().map(|form| Check { words: list(form), verification }));
        }
        let mut modes = Vec::new();
        for mode in voices.modes {
            modes.extend(mode.forms.iter().map(|form| Mode { words: list(form), mode: mode.mode.clone() }));
        }
        modes.sort_by_key(|mode| std::cmp::Reverse(mode.words.len()));
        // Longer forms first: "assumed responsibility" before "assumed".
        verbs.sort_by_key(|verb| (std::cmp::Reverse(verb.words.len()), verb.objects.len()));
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
        checks.sort_by_key(|check| std::cmp::Reverse(check.words.len()));
        let data = Data {
            verbs: by_first(verbs, |verb| &verb.words)?,
            phrases: by_first(phrases, |phrase| &phrase.words)?,
            checks: by_first(checks, |check| &check.words)?,
            modes: by_first(modes, |mode| &mode.words)?,
        };
        Ok(data)
    }
}

fn code<T: serde::de::DeserializeOwned>(word: &str) -> Result<T, Error> {
    T::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(word))
        .map_err(|cause| Error::data("voice", format!("{word:?}: {cause}")))
}

fn list(phrase: &str) -> Vec<String> {
    phrase.split_whitespace().map(str::to_owned).collect()
}

/// Forms by their first word, in the order given.
fn by_first<T>(forms: Vec<T>, words: fn(&T) -> &Vec<String>) -> Result<FxHashMap<String, Vec<T>>, Error> {
    let mut out: FxHashMap<String, Vec<T>> = FxHashMap::default();
    for form in forms {
        let first = words(&form).first().cloned().ok_or_else(|| Error::data("voice", "an empty form"))?;
        out.entry(first).or_default().push(form);
    }
    Ok(out)
}

/// A speaker and the words that are the speaker's.
#[derive(Debug, Clone, PartialEq)]
pub struct VoiceMention {
    /// Tokens of the speaker ("the district head"), which may be a pronoun.
    pub speaker: Range<TokenId>,
    /// Span of the speaker.
    pub span: Span,
    /// Tokens that name the speaker: of a pronoun those of who spoke before, if the text leaves no doubt.
    pub named: Option<Range<TokenId>>,
    /// The verb of saying, if there is one ("according to" has none).
    pub verb: Option<TokenId>,
    /// Tokens that the speaker vouches for; may begin in an earlier sentence of the same quotation.
    pub governs: Range<TokenId>,
    /// Who speaks.
    pub kind: VoiceKind,
    /// Index of the actor mention that is the speaker.
    pub actor: Option<u32>,
    /// What the verb makes of the words: stated, claimed ("claimed"), denied.
    pub stance: AttributionStatus,
    /// Whether the words claim responsibility ("claimed responsibility for").
    pub claims_responsibility: bool,
    /// How a claim of responsibility was made, by GTD's claim modes: letter, call_after, video, …
    pub mode: Option<String>,
    /// What the text says about checking.
    pub verification: Option<Verification>,
}

/// Finds all voices of the document, in text order of what they govern.
pub fn find(data: &Data, document: &Document<'_>, actors: &[ActorMention]) -> Vec<VoiceMention> {
    find::find(data, document, actors)
}
