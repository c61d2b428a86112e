//! What leaves the machine: records without the words of reports, private persons and exact sensitive places.
//!
//! [`Redactor::event`] blanks every field that quotes a report (`stated`, `title`, `path`, `detail`, the
//! words for weapons and voices, messages of notes), gives private persons a pseudonym, and moves
//! sensitive places to the middle of a grid cell. Office holders and groups that the register knows keep
//! their names: they act in public.
//!
//! A pseudonym is the start of HMAC-SHA-256 over the name, so that one key gives one person the same
//! pseudonym in all exports, and nobody without the key can try names. Without a key the name is left
//! out. The key is no part of a project: [`Key::open`] wants a file of its own.

use super::toll::is_civilian;
use casus_data::tables::profile::Redaction;
use casus_record::{Event, ParticipantKind, Precision, VoiceKind};
use sha2::{Digest, Sha256};
use std::{fmt, io, path::Path};

/// Least length of a key in bytes.
const KEY_BYTES: usize = 16;

/// Secret with which pseudonyms are made.
#[derive(Clone)]
pub struct Key([u8; 64]);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Key {
    /// The key whose bytes are `secret`.
    ///
    /// # Errors
    /// If it has fewer than 16 bytes, which could be guessed.
    pub fn new(secret: &[u8]) -> io::Result<Key> {
        if secret.len() < KEY_BYTES {
            let short = format!("a key needs at least {KEY_BYTES} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, short));
        }
        // RFC 2104: keys longer than a block are hashed, shorter ones padded with zeros.
        let mut block = [0; 64];
        if secret.len() > block.len() {
            block[..32].copy_from_slice(&Sha256::digest(secret));
        } else {
            block[..secret.len()].copy_from_slice(secret);
        }
        Ok(Key(block))
    }

    /// The key that a file holds.
    ///
    /// # Errors
    /// If the file cannot be read, or is too short.
    pub fn open(path: &Path) -> io::Result<Key> {
        Key::new(&std::fs::read(path)?)
    }

    /// HMAC-SHA-256 (RFC 2104).
    fn mac(&self, text: &str) -> [u8; 32] {
        let pad = |byte: u8| self.0.map(|key| key ^ byte);
        let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
        Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
    }

    /// Pseudonym of a person: the same for a name in any case and spacing.
    fn pseudonym(&self, name: &str) -> String {
        let folded: String = name.split_whitespace().flat_map(|word| [word, " "]).collect();
        let mac = self.mac(folded.trim_end().to_lowercase().as_str());
        mac.iter().take(6).fold("person-".to_owned(), |out, byte| format!("{out}{byte:02x}"))
    }
}

/// A group so small, with a trait told, that its members could be recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Id of the event.
    pub event: String,
    /// Row of `losses`.
    pub row: usize,
    /// How many persons.
    pub persons: u64,
}

/// Makes records fit to be shared.
#[derive(Debug)]
pub struct Redactor<'a> {
    rules: &'a Redaction,
    key: Option<&'a Key>,
}

impl<'a> Redactor<'a> {
    pub(crate) fn new(rules: &'a Redaction, key: Option<&'a Key>) -> Redactor<'a> {
        Redactor { rules, key }
    }

    /// Makes the event what may be shared, and tells whether its places were blurred.
    pub fn event(&self, event: &mut Event) -> bool {
        let report = &mut event.report;
        // An id made from a path tells the path.
        let path = report.path.take();
        let tells = |path: &str| {
            let name = Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or(path);
            report.id.contains(path) || report.id.contains(name)
        };
        if path.as_deref().is_some_and(tells) || report.id.contains(['/', '\\']) {
            report.id = format!("rp_{}", report.text_sha256.get(..16).unwrap_or_default());
        }
        report.title = None;
        report.url = report.url.take().filter(|url| url.starts_with("http"));
        for weapon in &mut event.action.weapons {
            weapon.mention.clear();
        }
        if let Some(when) = &mut event.when {
            when.stated.clear();
        }
        if let Some(count) = &mut event.occurrences {
            count.stated.clear();
        }
        for party in &mut event.participants {
            if let Some(count) = &mut party.count {
                count.stated.clear();
            }
            if party.register.is_none() {
                party.name = match party.kind {
                    ParticipantKind::Person => self.person(&party.name),
                    _ if is_private(&party.class) || !is_proper(&party.name) => {
                        party.target_type.clone().unwrap_or_else(|| party.class.clone())
                    }
                    _ => std::mem::take(&mut party.name),
                };
            }
        }
        for loss in &mut event.losses {
            loss.count.stated.clear();
            if loss.who.register.is_none() {
                loss.who.name = None;
            }
        }
        for row in &mut event.materiel {
            row.count.stated.clear();
        }
        for voice in &mut event.voices {
            voice.verb = None;
            if voice.register.is_none() && voice.kind != VoiceKind::Report {
                voice.name = None;
            }
        }
        for note in &mut event.notes {
            note.message.clear();
        }
        self.places(event)
    }

    /// Private persons that the event names.
    pub fn persons(&self, event: &Event) -> u64 {
        let private = |party: &&casus_record::Participant| {
            party.kind == ParticipantKind::Person && party.register.is_none()
        };
        event.participants.iter().filter(private).count() as u64
    }

    fn person(&self, name: &str) -> String {
        self.key.map_or_else(|| "person".to_owned(), |key| key.pseudonym(name))
    }

    /// Blanks details, and moves sensitive places to the middle of their grid cell.
    fn places(&self, event: &mut Event) -> bool {
        let target = event.participants.iter().any(|party| {
            party.target_type.as_ref().is_some_and(|kind| self.rules.target_types.contains(kind))
        });
        let mut blurred = false;
        for place in &mut event.places {
            place.stated.clear();
            place.detail = None;
            let kind = crate::words::code(&place.kind);
            let sensitive = target || self.rules.place_kinds.contains(&kind);
            if !sensitive || !matches!(place.precision, Precision::Exact | Precision::Place | Precision::Near)
            {
                continue;
            }
            blurred = true;
            let grid = self.rules.grid_degrees;
            let middle = |degrees: f64| {
                let middle = ((degrees / grid).floor() + 0.5) * grid;
                (middle * 1e6).round() / 1e6
            };
            place.lat = place.lat.map(middle);
            place.lon = place.lon.map(middle);
            place.precision = Precision::Near;
            place.relation = casus_record::PlaceRelation::Near;
            place.gazetteer = None;
            place.candidates.clear();
            if self.rules.place_kinds.contains(&kind) {
                // The name of a shelter is as exact as its point.
                let parent = [&place.admin3, &place.admin2, &place.admin1].into_iter().flatten().next();
                place.name = parent.cloned().unwrap_or(kind);
                place.resolved = None;
                place.within.clear();
            }
        }
        blurred
    }

    /// Groups of the event that are so small that their members could be recognised.
    pub fn warnings(&self, event: &Event) -> Vec<Warning> {
        let fine =
            event.places.iter().any(|place| matches!(place.precision, Precision::Exact | Precision::Place));
        let small = |persons: u64| (1..self.rules.small_group).contains(&persons);
        let rows = event.losses.iter().enumerate().filter(|(_, loss)| {
            fine && is_private(&loss.who.class)
                && (!loss.who.attributes.is_empty() || loss.who.country.is_some())
        });
        rows.filter_map(|(row, loss)| {
            let persons = loss.count.value.or(loss.count.low).filter(|persons| small(*persons))?;
            Some(Warning { event: event.id.clone(), row, persons })
        })
        .collect()
    }
}

/// Whether the words for a group are a name: one of them behind the first has a capital ("Aru Defence Front",
/// not "Armed men" at the head of a sentence, nor the capitals of a wire).
pub(crate) fn is_proper(name: &str) -> bool {
    name.contains(char::is_lowercase)
        && name.split_whitespace().skip(1).any(|word| word.starts_with(char::is_uppercase))
}

/// Classes whose members act as private persons, whose words for a group may name them ("Omar's family").
fn is_private(class: &str) -> bool {
    is_civilian(class) || class == "unknown"
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test cases 1, 2 and 6; the first two keys are shorter than casus takes, so the block is made here.
    #[test]
    fn the_keyed_hash_is_hmac() {
        let check = |key: &[u8], text: &str, expected: &str| {
            let key = Key::new(key).unwrap_or_else(|_| {
                let mut block = [0; 64];
                block[..key.len()].copy_from_slice(key);
                Key(block)
            });
            let hex = key.mac(text).iter().fold(String::new(), |out, byte| format!("{out}{byte:02x}"));
            assert_eq!(hex, expected);
        };
        check(&[0x0b; 20], "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        check(
            b"Jefe",
            "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        );
        check(
            &[0xaa; 131],
            "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        );
        assert!(Key::new(b"short").is_err());
    }

    #[test]
    fn one_person_has_one_pseudonym() {
        let key = Key::new(b"0123456789abcdef").expect("a key");
        let other = Key::new(b"fedcba9876543210").expect("a key");
        assert_eq!(key.pseudonym("Amina  Sule"), key.pseudonym("amina sule"));
        assert_ne!(key.pseudonym("Amina Sule"), key.pseudonym("Amina Sulei"));
        assert_ne!(key.pseudonym("Amina Sule"), other.pseudonym("Amina Sule"));
    }
}
