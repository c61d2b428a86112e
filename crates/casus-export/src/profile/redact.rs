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

use super::{Layout, Profile, toll::is_civilian};
use casus_data::tables::profile::Redaction;
use casus_record::{
    Action, ClaimValue, Event, Incident, Participant, ParticipantKind, PlaceKind, Precision, VoiceKind, When,
    Where,
};
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

/// The rules by which records are made fit to be shared, for formats that are no profile.
///
/// ```
/// use casus_export::profile::Sharing;
/// let sharing = Sharing::new(None)?;
/// let redactor = sharing.redactor();
/// # let _ = redactor;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Sharing {
    rules: Redaction,
    key: Option<Key>,
}

impl Sharing {
    /// The rules that the profiles have in common. With a `key` private persons get pseudonyms.
    ///
    /// # Errors
    /// If the data pack lacks the rules.
    pub fn new(key: Option<Key>) -> io::Result<Sharing> {
        Ok(Sharing { rules: Layout::new(Profile::Hxl)?.tables.table.redaction, key })
    }

    /// What applies them.
    pub fn redactor(&self) -> Redactor<'_> {
        Redactor::new(&self.rules, self.key.as_ref())
    }
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
        if let Some(count) = &mut event.occurrences {
            count.stated.clear();
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
            speaker(voice.kind, voice.register.as_deref(), &mut voice.name);
        }
        for note in &mut event.notes {
            note.message.clear();
        }
        self.account(&mut event.action, event.when.as_mut(), &mut event.participants, &mut event.places)
    }

    /// Makes the incident what may be shared, by the same rules.
    pub fn incident(&self, incident: &mut Incident) {
        let target = self.is_sensitive_target(&incident.participants);
        for claim in &mut incident.claims {
            speaker(claim.voice.kind, claim.voice.register.as_deref(), &mut claim.voice.name);
            match &mut claim.value {
                ClaimValue::Party { name, register, class, kind, .. } => {
                    *name = self.name(*kind, std::mem::take(name), register.as_deref(), class);
                }
                ClaimValue::Place { name, lat, lon, gazetteer, admin1, precision, kind, .. } => {
                    let Some(shelter) = self.is_sensitive(*kind, *precision, target) else { continue };
                    (*lat, *lon) = (lat.map(|at| self.blurred(at)), lon.map(|at| self.blurred(at)));
                    (*precision, *gazetteer) = (Precision::Near, None);
                    if shelter {
                        *name = admin1.clone().unwrap_or_else(|| crate::words::code(kind));
                    }
                }
                ClaimValue::Count { .. } | ClaimValue::Time { .. } | ClaimValue::Code { .. } => {}
            }
        }
        if let Some(review) = &mut incident.review {
            // Who and where may be a person, or too exact: what the record says of them is redacted above.
            for (field, value) in review.values.iter_mut().chain(&mut review.machine) {
                if field.starts_with("participants.") || field.starts_with("where.") {
                    *value = serde_json::Value::Null;
                }
            }
        }
        self.account(
            &mut incident.action,
            incident.when.as_mut(),
            &mut incident.participants,
            &mut incident.places,
        );
    }

    /// What events and incidents have in common.
    fn account(
        &self,
        action: &mut Action,
        when: Option<&mut When>,
        participants: &mut [Participant],
        places: &mut [Where],
    ) -> bool {
        for weapon in &mut action.weapons {
            weapon.mention.clear();
        }
        if let Some(when) = when {
            when.stated.clear();
        }
        let target = self.is_sensitive_target(participants);
        for party in participants {
            if let Some(count) = &mut party.count {
                count.stated.clear();
            }
            let class = party.target_type.as_ref().unwrap_or(&party.class);
            let private = is_private(&party.class);
            let name = std::mem::take(&mut party.name);
            party.name = match party.kind {
                // What a group is attacked as says more than its class.
                kind if kind != ParticipantKind::Person && party.register.is_none() && private => {
                    class_of(kind, class)
                }
                kind => self.name(kind, name, party.register.as_deref(), class),
            };
        }
        let mut changed = false;
        for place in places {
            changed |= self.place(place, target);
        }
        changed
    }

    /// Private persons that the event names.
    pub fn persons(&self, event: &Event) -> u64 {
        let private =
            |party: &&Participant| party.kind == ParticipantKind::Person && party.register.is_none();
        event.participants.iter().filter(private).count() as u64
    }

    /// The name of a party: a pseudonym for a private person, the class for a private group or one that is
    /// told in mere words.
    fn name(&self, kind: ParticipantKind, name: String, register: Option<&str>, class: &str) -> String {
        match kind {
            _ if register.is_some() => name,
            ParticipantKind::Person => {
                self.key.map_or_else(|| "person".to_owned(), |key| key.pseudonym(&name))
            }
            _ if is_private(class) || !is_proper(&name) => class_of(kind, class),
            _ => name,
        }
    }

    fn is_sensitive_target(&self, participants: &[Participant]) -> bool {
        let target = |party: &Participant| {
            party.target_type.as_ref().is_some_and(|kind| self.rules.target_types.contains(kind))
        };
        participants.iter().any(target)
    }

    /// Whether a place must not be told exactly; if so, whether its name is as exact as its point, as that
    /// of a shelter is.
    fn is_sensitive(&self, kind: PlaceKind, precision: Precision, target: bool) -> Option<bool> {
        if !matches!(precision, Precision::Exact | Precision::Place | Precision::Near) {
            return None;
        }
        let shelter = self.rules.place_kinds.iter().any(|code| crate::words::is_code(&kind, code));
        (target || shelter).then_some(shelter)
    }

    /// The middle of the grid cell.
    fn blurred(&self, degrees: f64) -> f64 {
        let grid = self.rules.grid_degrees;
        let middle = ((degrees / grid).floor() + 0.5) * grid;
        (middle * 1e6).round() / 1e6
    }

    /// Blanks the details of a place, and moves it to the middle of its grid cell if it is sensitive; tells
    /// whether it was.
    fn place(&self, place: &mut Where, target: bool) -> bool {
        place.stated.clear();
        place.detail = None;
        let Some(shelter) = self.is_sensitive(place.kind, place.precision, target) else { return false };
        place.lat = place.lat.map(|at| self.blurred(at));
        place.lon = place.lon.map(|at| self.blurred(at));
        place.precision = Precision::Near;
        place.relation = casus_record::PlaceRelation::Near;
        place.gazetteer = None;
        place.candidates.clear();
        if shelter {
            let parent = [&place.admin3, &place.admin2, &place.admin1].into_iter().flatten().next();
            place.name = parent.cloned().unwrap_or_else(|| crate::words::code(&place.kind));
            place.resolved = None;
            place.within.clear();
        }
        true
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

/// What stands in place of a name: the code of a class. People of whom nothing is told are people, not an unknown
/// party.
fn class_of(kind: ParticipantKind, class: &str) -> String {
    match (kind, class) {
        (ParticipantKind::Population, "unknown") => "people".to_owned(),
        _ => class.to_owned(),
    }
}

/// Whether the words for a group are a name: one of them behind the first has a capital ("Aru Defence Front",
/// not "Armed men" at the head of a sentence, nor the capitals of a wire).
pub(crate) fn is_proper(name: &str) -> bool {
    name.contains(char::is_lowercase)
        && name.split_whitespace().skip(1).any(|word| word.starts_with(char::is_uppercase))
}

/// Leaves out the name of a speaker whom the register does not know.
fn speaker(kind: VoiceKind, register: Option<&str>, name: &mut Option<String>) {
    if register.is_none() && kind != VoiceKind::Report {
        *name = None;
    }
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
