//! Task `plover`: `{id, events: [{event, source: [{code, sector}], target: […]}]}`, with the roots of the PLOVER
//! manual.
//!
//! A document of these sets is one sentence, coded by what its main clause says. So the first event in the text
//! is taken, those of a finite verb before those of a participle or a noun alone: of "the coalition fighting the rebels
//! declared a truce" the truce.
//!
//! The validation suite of PETRARCH2 holds codes as CAMEO's coders give them ([`Scheme::Cameo`]), which differ from the
//! gold records of PLOVER: a party has the country that its own words tell, or none; opponents of a government are OPP
//! whatever else they are; a meeting that is to come is a meeting, not the agreement to meet; and who meets another is not
//! met by him, while those who talk do (CAMEO 1.1b3, 040 and 046). [`cameo`] has the rest of them.

use anyhow::Result;
use casus_engine::{
    Casus, Date, Event, Family, Participant, ParticipantKind, Report, Role, Traced,
    frame::{
        chunk::{Chunk, ChunkKind, Voice},
        politics::{Ground, Root},
    },
    mention::actor::{self, Codes},
    text::TokenId,
};
use serde_json::{Value, json};
use std::ops::Range;

mod cameo;

pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    let text = document["text"].as_str().unwrap_or_default().trim_matches(['{', '}']).to_owned();
    let published = document["date"].as_str().and_then(day);
    let language = document["lang"].as_str().map(str::to_owned);
    let scheme = Scheme::of(document);
    let report = Report { id: "sentence".to_owned(), text, published, language, ..Report::default() };
    let traced = casus.read_traced(&report);
    let mut events: Vec<(&Event, &str)> =
        traced.reading.events.iter().filter_map(|event| Some((event, root(&traced, event)?))).collect();
    if scheme == Scheme::Cameo {
        for (event, root) in events.iter_mut().filter(|(_, root)| *root == Root::Agree.name()) {
            if meeting_to_come(&traced, event) {
                *root = Root::Consult.name();
            }
        }
    }
    events.sort_by_key(|(event, _)| {
        let triggers = &event.action.triggers;
        let led = triggers.iter().any(|span| leads(&traced, span.start));
        (!led, triggers.first().map_or(0, |span| span.start))
    });
    let coder = Coder { casus, text: &report.text, day: published.unwrap_or(actor::AS_OF), scheme };
    let coded = |(event, root): (&Event, &str)| (coder.event(event, root), coder.words(event).to_owned());
    let events: Vec<Value> = match scheme {
        Scheme::Plover => events.into_iter().map(|event| coded(event).0).take(1).collect(),
        Scheme::Cameo => {
            let dropped =
                |&(event, root): &(&Event, &str)| cameo::is_dropped(&traced, event, root, coder.words(event));
            // What nobody does to nobody is no event there, if there is another.
            let somebody = |event: &&(&Event, &str)| {
                let coded = coder.event(event.0, event.1);
                ["source", "target"]
                    .iter()
                    .any(|side| coded[side].as_array().is_some_and(|side| !side.is_empty()))
            };
            let first = events.iter().find(somebody).or(events.first()).copied();
            let first = first.filter(|event| !dropped(event)).map(coded);
            first.map_or_else(Vec::new, |(event, words)| cameo::dyads(&event, &words))
        }
    };
    Ok(json!({ "id": document["id"], "events": events }))
}

/// Whether the word at a byte is that of a finite verb, or belongs to what such a verb does.
fn leads(traced: &Traced<'_>, at: u32) -> bool {
    let covers = |tokens: &Range<TokenId>| {
        let span = traced.document.span(tokens);
        span.start <= at && at < span.end
    };
    let finite = |chunk: &Chunk| {
        chunk.kind == ChunkKind::Verb && matches!(chunk.voice, Voice::Active | Voice::Passive)
    };
    traced.frames.chunks.iter().flatten().any(|chunk| covers(&chunk.tokens) && finite(chunk))
        || traced.deeds.iter().any(|deed| {
            covers(&deed.tokens) && finite(&traced.frames.chunks[deed.sentence as usize][deed.chunk])
        })
}

/// `2008-08-04` or `20080804`.
fn day(written: &str) -> Option<Date> {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let (year, rest) = digits.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    format!("{year}-{month}-{day}").parse().ok()
}

/// Whose conventions the codes of a set follow. The Spanish suite is as PLOVER's records are: it names the country of
/// armed groups though the sentences do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Plover,
    Cameo,
}

impl Scheme {
    fn of(document: &Value) -> Scheme {
        let petrarch = document["id"].as_str().is_some_and(|id| id.starts_with("UP.PETR2"));
        if petrarch { Scheme::Cameo } else { Scheme::Plover }
    }
}

/// Whether an event is the agreement or intent to meet, and nothing else.
fn meeting_to_come(traced: &Traced<'_>, event: &Event) -> bool {
    let deed = traced.deeds.iter().find(|deed| {
        event.action.triggers.first() == Some(&traced.document.span(&deed.tokens)) && deed.root == Root::Agree
    });
    let inner = deed.and_then(|deed| deed.steps.iter().rev().find(|step| step.root != Root::Agree));
    inner.is_some_and(|step| step.root == Root::Consult)
}

/// The manual's root of an event. Who is arrested for an attack is coerced, whatever it was, and who is not released is
/// refused it.
fn root(traced: &Traced<'_>, event: &Event) -> Option<&'static str> {
    let crowd =
        |one: &Participant| one.role == Role::Actor && matches!(one.class.as_str(), "protesters" | "rioters");
    let political = || event.action.tactic.as_deref().and_then(Root::parse);
    let trigger = event.action.triggers.first();
    let arrests = || {
        let word = traced.document.slice(*trigger?).to_lowercase();
        ["arrest", "detain", "apprehend"].iter().any(|stem| word.starts_with(stem)).then_some(Root::Coerce)
    };
    let refuses = || {
        let trigger = trigger?;
        let deed = traced.deeds.iter().find(|deed| {
            let verb = &traced.frames.chunks[deed.sentence as usize][deed.chunk];
            let span = traced.document.span(&verb.tokens);
            deed.steps.last().is_some_and(|step| step.ground == Ground::Negated)
                && span.start < trigger.end
                && trigger.start < span.end
        })?;
        Some(deed.root)
    };
    let root = match event.action.family {
        Family::Political => political(),
        Family::PropertyDestruction if event.participants.iter().any(crowd) => Some(Root::Protest),
        family => refuses().or_else(arrests).or_else(|| Root::of(family)),
    };
    root.map(Root::name)
}

/// The day of South Sudan's independence.
const SOUTH_SUDAN: Date = jiff::civil::date(2011, 7, 9);

/// A participant with its codes.
#[derive(Debug, Default)]
struct Party {
    codes: Codes,
    phrase: String,
    /// Only a town is named.
    town: bool,
    /// The words may be an adjective of a noun that follows.
    adjective: bool,
    start: u32,
    end: u32,
}

impl Party {
    fn new(codes: Codes, phrase: &str) -> Party {
        Party { codes, phrase: phrase.to_owned(), ..Party::default() }
    }
}

/// Codes the parties of events as PLOVER has them.
struct Coder<'a> {
    casus: &'a Casus,
    text: &'a str,
    day: Date,
    scheme: Scheme,
}

impl Coder<'_> {
    /// The words that name an event.
    fn words(&self, event: &Event) -> &str {
        let span = event.action.triggers.first();
        span.and_then(|span| self.text.get(span.start as usize..span.end as usize)).unwrap_or_default()
    }

    fn event(&self, event: &Event, root: &str) -> Value {
        let (mut actors, mut recipients) =
            (self.side(event, root, Role::Actor), self.side(event, root, Role::Recipient));
        match self.scheme {
            Scheme::Plover => self.complete(event, root, &mut actors, &mut recipients),
            Scheme::Cameo => {
                // Who is struck without a country of their own is of where it was.
                let unnamed = |party: &&mut Party| {
                    party.codes.country.is_empty() && party.codes.sectors.first().is_some_and(|s| s == "CVL")
                };
                for party in recipients.iter_mut().filter(unnamed).filter(|_| root == "ASSAULT") {
                    party.codes.country = self.site(event).unwrap_or_default();
                }
            }
        }
        // All who meet or talk act (CAMEO: all who talk, for a meeting may be one-sided); who is gone to or received is the recipient (the manual, section 2.4).
        let words = self.words(event);
        let one_way =
            ["visit", "host", "receiv", "welcom", "arriv", "travel", "tour", "mediat", "return", "trip"];
        let mutual = match self.scheme {
            Scheme::Plover => !one_way.iter().any(|stem| words.contains(stem)),
            Scheme::Cameo => ["talk", "discussion", "negotiat"].iter().any(|stem| words.contains(stem)),
        };
        if root == "CONSULT" && mutual {
            actors.append(&mut recipients);
        }
        let list = |side: Vec<Party>| -> Vec<Value> {
            let mut out: Vec<Value> = Vec::new();
            for party in side {
                let one = json!({
                    "code": party.codes.country, "sector": party.codes.sectors.first(), "text": party.phrase
                });
                let same = |known: &Value| known["code"] == one["code"] && known["sector"] == one["sector"];
                if !out.iter().any(same) {
                    out.push(one);
                }
            }
            out
        };
        json!({"event": root, "source": list(actors), "target": list(recipients)})
    }

    /// The country where an event was.
    fn site(&self, event: &Event) -> Option<String> {
        let resources = self.casus.resources().actors();
        let found = event.places.iter().find_map(|place| resources.iso3(place.country.as_deref()?));
        found.map(str::to_owned)
    }

    /// Codes that PLOVER's gold records have though the party's own words do not tell them.
    fn complete(&self, event: &Event, root: &str, actors: &mut Vec<Party>, recipients: &mut Vec<Party>) {
        let force = matches!(root, "ASSAULT" | "COERCE" | "PROTEST");
        // Rebels, unions and crowds without a country are of that where force is used, of that of the other side, or of
        // the one the sentence is about.
        let of = |list: &[Party]| {
            let mut countries = list.iter().map(|party| party.codes.country.clone());
            countries.find(|country| country.len() == 3 && !matches!(country.as_str(), "IGO" | "NGO" | "IMG"))
        };
        let (of_actors, of_recipients) = (of(actors), of(recipients));
        let site = self.site(event).filter(|_| force);
        for party in actors.iter_mut().filter(|party| party.codes.country.is_empty()) {
            let near = if root == "PROTEST" {
                site.clone().or(of_recipients.clone())
            } else {
                of_recipients.clone()
            };
            let country = near.or_else(|| site.clone()).or_else(|| self.country_of_text(None));
            party.codes.country = country.unwrap_or_default();
        }
        for party in recipients.iter_mut().filter(|party| party.codes.country.is_empty()) {
            let named = || self.country_of_text(of_actors.as_deref());
            let country = site.clone().or_else(named).or_else(|| of_actors.clone());
            party.codes.country = country.unwrap_or_default();
        }
        let of_actors = of(actors);
        // A bomb that nobody is named for was laid by somebody armed (the manual's UAF).
        if root == "ASSAULT" && actors.is_empty() {
            let country = site.or(of_recipients).unwrap_or_default();
            actors.push(Party::new(Codes { country, sectors: vec!["UAF".to_owned()] }, ""));
        }
        // A protest at home is against the government, unless the words name another.
        if root == "PROTEST" {
            let vague = |party: &Party| {
                matches!(party.codes.sectors.first().map(String::as_str), None | Some("CVL"))
                    && Some(&party.codes.country) == of_actors.as_ref()
            };
            if let Some(country) = of_actors.clone().filter(|_| recipients.iter().all(vague)) {
                *recipients = vec![Party::new(Codes { country, sectors: vec!["GOV".to_owned()] }, "")];
            }
        }
        // A curfew in a town is put on its people.
        if matches!(root, "THREATEN" | "COERCE") {
            for party in recipients.iter_mut().filter(|party| party.town && party.codes.sectors.is_empty()) {
                party.codes.sectors = vec!["CVL".to_owned()];
            }
        }
    }

    /// The coded participants of a role. Where some are persons or bodies, the places and things beside them are none.
    fn side(&self, event: &Event, root: &str, role: Role) -> Vec<Party> {
        let all: Vec<&Participant> =
            event.participants.iter().filter(|participant| participant.role == role).collect();
        let thing = |participant: &Participant| {
            use ParticipantKind::{Facility, Infrastructure, Vehicle};
            matches!(participant.kind, Facility | Infrastructure | Vehicle)
        };
        let someone = all.iter().any(|participant| !thing(participant));
        let mut out: Vec<Party> = all
            .iter()
            .filter(|participant| !someone || !thing(participant))
            .filter_map(|participant| self.codes(participant, root))
            .collect();
        // "US and British forces": the noun is that of both.
        for at in (1..out.len()).rev() {
            let (before, behind) = (&out[at - 1], &out[at]);
            let between = self.text.get(before.end as usize..behind.start as usize).unwrap_or_default();
            let bare = before.codes.sectors.is_empty() && before.adjective && between.trim() == "and";
            if bare {
                let sectors = behind.codes.sectors.clone();
                out[at - 1].codes.sectors = sectors;
            }
        }
        out
    }

    fn codes(&self, participant: &Participant, root: &str) -> Option<Party> {
        let span = participant.evidence.first().or(participant.mentions.first())?;
        let phrase = self.text.get(span.start as usize..span.end as usize)?;
        let actors = self.casus.resources().actors();
        let words = phrase.trim_start_matches("the ").trim_start_matches("The ");
        let context = if self.scheme == Scheme::Cameo { "" } else { self.text };
        let mut codes =
            actor::code_as_told(self.casus.resources(), phrase, context, self.day).unwrap_or_default();
        let force = matches!(root, "ASSAULT" | "COERCE" | "PROTEST");
        let first = codes.sectors.first().map(String::as_str);
        let people = participant.kind == ParticipantKind::Population;
        let place = people && participant.class == "unknown";
        let town = actors.country_of(words).is_none() && (actors.is_capital(words) || place);
        let acts = participant.role == Role::Actor && root != "ASSAULT";
        let spoken_to =
            actors.is_capital(words) && matches!(root, "REQUEST" | "ACCUSE" | "REJECT" | "SUPPORT");
        if self.scheme == Scheme::Cameo {
            let own = words.split(' ').next().and_then(|word| actors.country_of(word));
            // "Kenyan peacekeepers" are Kenya's there, whoever sent them.
            let sent = matches!(codes.country.as_str(), "UNO" | "IGO" | "EUR") && own.is_some();
            let country = if sent { own } else { participant.country.as_deref() };
            if let Some(country) = country.filter(|_| sent || codes.country.is_empty()) {
                codes.country = actors.iso3(country).unwrap_or_default().to_owned();
            }
        }
        if self.scheme == Scheme::Cameo && codes.country.is_empty() {
            // "the mayor of the northern Gollian town of Moro"
            let rest = self.text.get(span.end as usize..).filter(|rest| rest.starts_with(" of "));
            let rest = rest.and_then(|rest| rest.split([',', '.', ';', ':']).next()).unwrap_or_default();
            let behind = actor::code_as_told(self.casus.resources(), rest, "", self.day);
            codes.country = behind.map(|codes| codes.country).unwrap_or_default();
        }
        let opposed = codes.sectors.iter().any(|sector| sector == "OPP");
        let sector = match (codes.country.as_str(), first) {
            _ if opposed && self.scheme == Scheme::Cameo => Some("OPP"),
            // A town that acts is its government; so is a capital that is spoken to. One that is gone to is a place.
            (_, None | Some("CVL" | "GOV")) if town && self.scheme == Scheme::Cameo => None,
            (_, None | Some("CVL" | "GOV")) if town && (acts || spoken_to) => Some("GOV"),
            (_, None | Some("CVL" | "GOV")) if place && (!force || self.scheme == Scheme::Cameo) => None,
            (_, None | Some("CVL")) if words.contains("refugee") => Some("REF"),
            (country, Some("UNK")) if words.ends_with(" leaders") && !country.is_empty() => Some("GOV"),
            (_, Some("UNK" | "IGO")) => None,
            // Aircraft and tanks that strike are an army's.
            (_, None | Some("CVL"))
                if participant.kind == ParticipantKind::Vehicle
                    && participant.role == Role::Actor
                    && force =>
            {
                Some("MIL")
            }
            (_, Some("CRM"))
                if ["prisoner", "detainee", "inmate"].iter().any(|held| words.contains(held)) =>
            {
                Some("CVL")
            }
            ("EUR", Some("GOV")) if !words.contains("official") && !words.contains("chief") => None,
            (_, Some("PTY")) if words.to_lowercase().contains("opposition") => Some("OPP"),
            // Unarmed people of a country are civilians where they protest, or force is used on them.
            (_, None) if people && force && !place => Some("CVL"),
            (_, sector) => sector,
        };
        // An ethnic group is of the country that it lives in, not of the one that it is called after.
        if words.to_lowercase().contains("ethnic ") {
            let resources = self.casus.resources();
            let home = words.split_once(" in ").and_then(|(_, place)| {
                actor::code_as_told(resources, place, "", self.day).map(|codes| codes.country)
            });
            codes.country = home.unwrap_or_default();
        }
        let mut sectors: Vec<String> = sector.map(str::to_owned).into_iter().collect();
        let register = participant.register.as_deref().unwrap_or_default();
        let armed = sectors.first().is_some_and(|sector| matches!(sector.as_str(), "REB" | "UAF"));
        // South Sudan became a country on 9 July 2011.
        if codes.country == "SSD" && self.day < SOUTH_SUDAN {
            codes.country = "SDN".to_owned();
        }
        if matches!(codes.country.as_str(), "UNO" | "EUR") {
            codes.country = "IGO".to_owned();
        } else if codes.country.is_empty() && sectors.first().is_some_and(|sector| sector == "NGO") {
            codes = Codes { country: "NGO".to_owned(), sectors: Vec::new() };
        } else if codes.country.is_empty() && register.starts_with("int-") && !armed {
            codes.country = "IGO".to_owned();
        } else if codes.country.is_empty() && !register.is_empty() && participant.country.is_none() {
            // An armed movement of no one country.
            codes.country = "IMG".to_owned();
        }
        if self.scheme == Scheme::Cameo {
            let role = cameo::role(&codes.country, sectors.first().map(String::as_str), words);
            sectors = role.map(str::to_owned).into_iter().collect();
        }
        if codes.country != "NGO" {
            codes.sectors = sectors;
        }
        let adjective = participant.register.is_none() && !place || matches!(words, "US" | "U.S.");
        let party = Party { town, adjective, start: span.start, end: span.end, ..Party::new(codes, phrase) };
        (party.codes != Codes::default()).then_some(party)
    }

    /// The first country that the sentence names and that is not the given one.
    fn country_of_text(&self, but: Option<&str>) -> Option<String> {
        let actors = self.casus.resources().actors();
        let words: Vec<&str> = self.text.split_whitespace().collect();
        (0..words.len()).find_map(|start| {
            (1..=3.min(words.len() - start)).rev().find_map(|length| {
                let phrase = words[start..start + length].join(" ");
                let phrase = phrase.trim_matches(|c: char| !c.is_alphanumeric()).trim_end_matches("'s");
                if !phrase.starts_with(char::is_uppercase) {
                    return None;
                }
                let country = actors.iso3(actors.country_of(phrase)?)?;
                (Some(country) != but).then(|| country.to_owned())
            })
        })
    }
}
