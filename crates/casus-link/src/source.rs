//! Which claims go back to one source, and so count once.
//!
//! Near-duplicate reports and copies of one wire story are one source; so are all reports of one
//! publisher, and one named voice (a register id, or the same name of the same kind) that several reports
//! quote. An unnamed voice ("a doctor") is told from others by the text that quotes it.

use crate::{Member, cluster::Groups, telling};
use casus_record::VoiceKind;
use std::collections::BTreeMap;

/// The sources of an incident's claims.
#[derive(Debug)]
pub(crate) struct Sources {
    /// Number of the source by member, then by voice.
    voices: Vec<Vec<u32>>,
    /// Number of independent reports.
    pub(crate) reports: u32,
}

impl Sources {
    pub(crate) fn of(members: &[Member<'_>]) -> Sources {
        let mut texts = Groups::new(members.len());
        for (at, member) in members.iter().enumerate() {
            for (before, other) in members[..at].iter().enumerate() {
                if one_text(member, other) {
                    texts.join(before, at);
                }
            }
        }
        let mut first: BTreeMap<String, usize> = BTreeMap::new();
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        let mut voices = Vec::with_capacity(members.len());
        let mut reports = std::collections::BTreeSet::new();
        // A publisher joins the texts that it published, before anything is numbered.
        for (at, member) in members.iter().enumerate() {
            if let Some(publisher) = &member.event.report.publisher {
                match first.get(&telling::fold(publisher)) {
                    Some(&other) => texts.join(other, at),
                    None => _ = first.insert(telling::fold(publisher), at),
                }
            }
        }
        for (at, member) in members.iter().enumerate() {
            let text = texts.find(at);
            reports.insert(text);
            let mut own = Vec::with_capacity(member.event.voices.len());
            for voice in &member.event.voices {
                let key = match (&voice.register, &voice.name) {
                    _ if voice.kind == VoiceKind::Report => format!("text {text}"),
                    (Some(register), _) => format!("register {register}"),
                    (_, Some(name)) => format!("{:?} {}", voice.kind, telling::fold(name)),
                    _ => format!("{:?} of {text}", voice.kind),
                };
                let next = numbers.len() as u32;
                own.push(*numbers.entry(key).or_insert(next));
            }
            if own.is_empty() {
                let next = numbers.len() as u32;
                own.push(*numbers.entry(format!("text {text}")).or_insert(next));
            }
            voices.push(own);
        }
        Sources { voices, reports: reports.len() as u32 }
    }

    /// Number of the source of a member's voice; a voice that is not there is the report itself.
    pub(crate) fn source(&self, member: usize, voice: u32) -> u32 {
        let own = &self.voices[member];
        own.get(voice as usize).or(own.first()).copied().unwrap_or(0)
    }
}

fn one_text(a: &Member<'_>, b: &Member<'_>) -> bool {
    let (x, y) = (&a.event.report, &b.event.report);
    // Without a hash of the text, the same report only.
    x.text_sha256 == y.text_sha256 && (x.id == y.id || !x.text_sha256.is_empty())
        || matches!((a.signature, b.signature), (Some(x), Some(y)) if x.is_copy_of(y))
}
