//! Why a reading is as it is: every field back to its rule and its words, every sentence without an
//! event back to the reason.
//!
//! ```
//! use casus_engine::{Casus, Report};
//! let casus = Casus::embedded()?;
//! let report = Report { id: "r1".into(), text: "The storm killed four people.".into(), ..Report::default() };
//! let told = casus.explain(&casus.read_traced(&report), None);
//! assert!(told[0].triggers[0].because.contains("no conflict"));
//! # Ok::<(), casus_engine::Error>(())
//! ```

use crate::{
    Casus, Event, Span, Traced,
    frame::{Nominal, politics::Deed},
    resolve::relevance,
};

/// What was made of one sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// The sentence.
    pub span: Span,
    /// The words in it that can name an action, and what became of each.
    pub triggers: Vec<Trigger>,
    /// The acts of politics in it, and why each has its root; none unless politics were asked for.
    pub acts: Vec<Act>,
    /// Words that name no action because a user's corrections say so.
    pub silenced: Vec<Span>,
    /// Why the sentence gave no event; None if it did.
    pub no_event: Option<&'static str>,
    /// Events whose first trigger stands here, field by field.
    pub events: Vec<Explained>,
}

/// A word that can name an action.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// The word.
    pub span: Span,
    /// Id in `data/patterns/<lang>/triggers.toml`.
    pub id: String,
    /// How the words put it: Fact, Negated, Hypothetical, …
    pub modality: String,
    /// Role, span and grammar of each argument.
    pub arguments: Vec<(String, Span, &'static str)>,
    /// What became of it, in words.
    pub because: String,
}

/// An act of politics.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// The words that name it.
    pub span: Span,
    /// Its root (PLOVER manual, chapter 3).
    pub root: &'static str,
    /// How the words came to the root, from the inside out: a word, why it has a say, and the root with it.
    pub steps: Vec<(Span, String, &'static str)>,
    /// Role and span of each party.
    pub parties: Vec<(&'static str, Span)>,
    /// What became of it, in words.
    pub because: String,
}

/// An event with the ground of each field.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Id of the event.
    pub event: String,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// One field of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Name in the record: `action.family`, `losses[0]`.
    pub name: String,
    /// Its value, short.
    pub value: String,
    /// Why it has that value.
    pub because: String,
    /// Spans it rests on.
    pub spans: Vec<Span>,
}

impl Casus {
    /// Explains a reading: all sentences, or the one that holds byte offset `at`.
    pub fn explain(&self, traced: &Traced<'_>, at: Option<u32>) -> Vec<Sentence> {
        let document = &traced.document;
        let mut out = Vec::new();
        for (number, sentence) in document.sentences.iter().enumerate() {
            let span = document.span(&sentence.tokens);
            if span.is_empty() || at.is_some_and(|at| !(span.start..span.end).contains(&at)) {
                continue;
            }
            let triggers: Vec<Trigger> = (0..traced.frames.frames.len())
                .filter(|&index| traced.frames.frames[index].sentence == number as u32)
                .map(|index| self.trigger(traced, index))
                .collect();
            let deeds = || traced.deeds.iter().filter(|deed| deed.sentence == number as u32 && !deed.force);
            let acts: Vec<Act> = deeds().map(|deed| self.act(traced, deed)).collect();
            let silenced = sentence
                .tokens
                .clone()
                .filter(|&token| self.resources().frame.lexicon.is_silenced(document.norm(token)));
            let silenced = silenced.map(|token| document.span(&(token..token + 1))).collect();
            let told = deeds().any(|deed| political(traced, deed).is_some())
                || traced.drafts.iter().any(|draft| {
                    draft.frames.iter().any(|&f| traced.frames.frames[f].sentence == number as u32)
                });
            let no_event = match (told, triggers.is_empty()) {
                (true, _) => None,
                (false, true) => Some("no word in it names an action or a loss"),
                (false, false) => Some("every word that could name an action was ruled out"),
            };
            let events = traced
                .drafts
                .iter()
                .zip(&traced.reading.events)
                .filter(|(draft, _)| {
                    draft.frames.first().is_some_and(|&f| traced.frames.frames[f].sentence == number as u32)
                })
                .map(|(draft, event)| Explained {
                    event: event.id.clone(),
                    fields: fields(traced, draft, event),
                })
                .chain(deeds().filter_map(|deed| {
                    let event = political(traced, deed)?;
                    Some(Explained { event: event.id.clone(), fields: political_fields(event, deed) })
                }))
                .collect();
            out.push(Sentence { span, triggers, acts, silenced, no_event, events });
        }
        out
    }

    fn trigger(&self, traced: &Traced<'_>, index: usize) -> Trigger {
        let (document, frame) = (&traced.document, &traced.frames.frames[index]);
        let because = match traced.fates[index] {
            relevance::Fate::Dropped(code) => format!("dropped ({code}): {}", relevance::reason(code)),
            _ => {
                let owner = traced.drafts.iter().enumerate().find(|(_, draft)| draft.frames.contains(&index));
                match owner {
                    Some((number, draft)) => {
                        let why = draft.why.iter().find(|(f, _)| *f == index).map_or("", |(_, why)| why);
                        let id = traced.reading.events.get(number).map_or("", |event| event.id.as_str());
                        format!("{why}: {id}")
                    }
                    None => "points at an action that the report does not tell".to_owned(),
                }
            }
        };
        let taught = self.resources().frame.lexicon.word_of(document, frame);
        let because = match taught.filter(|(_, entry)| entry.taught) {
            Some((_, entry)) => format!("{because}; {:?} was learned from corrections", &*entry.lemma),
            None => because,
        };
        Trigger {
            span: document.span(&frame.tokens),
            id: self.resources().frame.lexicon.trigger(frame.trigger).id.clone(),
            modality: format!("{:?}", frame.modality),
            arguments: frame
                .arguments
                .iter()
                .map(|a| (format!("{:?}", a.role).to_lowercase(), document.span(&a.nominal.tokens), a.rule))
                .collect(),
            because,
        }
    }
}

impl Casus {
    fn act(&self, traced: &Traced<'_>, deed: &Deed) -> Act {
        let document = &traced.document;
        let words = self.resources().frame.politics();
        let span = document.span(&deed.tokens);
        let because = match political(traced, deed) {
            Some(event) => format!("makes an event: {}", event.id),
            None => {
                let tells = |event: &&Event| event.action.triggers.iter().any(|own| own.overlaps(span));
                match traced.reading.events.iter().find(tells) {
                    Some(event) => format!("an event of violence tells it: {}", event.id),
                    None => "told with another act".to_owned(),
                }
            }
        };
        let party = |role: &'static str, nominals: &[Nominal]| -> Vec<(&'static str, Span)> {
            nominals.iter().map(|nominal| (role, document.span(&nominal.tokens))).collect()
        };
        Act {
            span,
            root: deed.root.name(),
            steps: deed
                .steps
                .iter()
                .map(|step| {
                    let word = document.span(&(step.token..step.token + 1));
                    (word, words.because(step.ground), step.root.name())
                })
                .collect(),
            parties: [party("actor", &deed.actors), party("recipient", &deed.recipients)].concat(),
            because,
        }
    }
}

/// The event that an act of politics made.
fn political<'t>(traced: &'t Traced<'_>, deed: &Deed) -> Option<&'t Event> {
    let span = traced.document.span(&deed.tokens);
    let events = traced.reading.events.get(traced.drafts.len()..)?;
    events.iter().find(|event| event.action.triggers.first() == Some(&span))
}

/// Fields of an event of politics, which has no draft.
fn political_fields(event: &Event, deed: &Deed) -> Vec<Field> {
    let mut fields = vec![Field {
        name: "action.tactic".to_owned(),
        value: deed.root.name().to_owned(),
        because: format!("what the words of act {:?} make of what it takes", deed.rule),
        spans: event.action.triggers.clone(),
    }];
    if let Some(when) = &event.when {
        fields.push(Field {
            name: "when".to_owned(),
            value: format!("{} to {}", show(when.earliest), show(when.latest)),
            because: format!(
                "the time of the sentence that stands nearest to the verb; basis {:?}",
                when.basis
            ),
            spans: when.evidence.clone(),
        });
    }
    for (index, place) in event.places.iter().enumerate() {
        fields.push(Field {
            name: format!("where[{index}]"),
            value: place.name.clone(),
            because: "a place of the sentence that is no part of a party".to_owned(),
            spans: place.evidence.clone(),
        });
    }
    for (index, participant) in event.participants.iter().enumerate() {
        let because = match participant.role {
            crate::Role::Actor => "does it, by the clause of the verb",
            _ => "it is done to, by the clause of the verb or of what that takes",
        };
        fields.push(Field {
            name: format!("participants[{index}]"),
            value: format!("{:?} {} ({})", participant.role, participant.name, participant.class),
            because: because.to_owned(),
            spans: participant.evidence.clone(),
        });
    }
    fields
}

fn fields(traced: &Traced<'_>, draft: &crate::resolve::assemble::Draft, event: &Event) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut add = |name: String, value: String, because: String, spans: Vec<Span>| {
        fields.push(Field { name, value, because, spans });
    };
    let rules = |span: &Span| -> String {
        let seen = draft
            .learned
            .iter()
            .find(|added| traced.document.span(&added.argument.nominal.tokens).overlaps(*span));
        if let Some(added) = seen {
            return format!("{}, as {}; grammar ties it to no event", added.argument.rule, added.part.name());
        }
        let found = draft.frames.iter().map(|&f| &traced.frames.frames[f]).find_map(|frame| {
            frame
                .arguments
                .iter()
                .find(|a| traced.document.span(&a.nominal.tokens).overlaps(*span))
                .map(|a| format!("{} of {:?}", a.rule, traced.document.words(&frame.tokens)))
        });
        found.unwrap_or_else(|| "stands beside the trigger".to_owned())
    };
    add(
        "action.family".into(),
        format!("{:?}", event.action.family),
        "the trigger's family; the means decides where one is named".into(),
        event.action.triggers.clone(),
    );
    add(
        "status".into(),
        format!("{:?}", event.status),
        "how the words put the action".into(),
        event.action.triggers.clone(),
    );
    if let Some(when) = &event.when {
        let value = format!("{} to {}", show(when.earliest), show(when.latest));
        let because = match (draft.time_inherited, when.basis) {
            (_, crate::Basis::Heading) => "taken from the heading above".to_owned(),
            (true, _) => "taken over from the text before: nothing since then names another time".to_owned(),
            (false, basis) => {
                format!("time named with the action; basis {basis:?}, anchor {}", show(when.anchor))
            }
        };
        add("when".into(), value, because, when.evidence.clone());
    }
    for (index, place) in event.places.iter().enumerate() {
        let value = match (&place.resolved, place.lat.zip(place.lon)) {
            (Some(name), Some((lat, lon))) => format!("{} -> {name} ({lat:.3}, {lon:.3})", place.name),
            _ => format!("{} (not in the gazetteer)", place.name),
        };
        let because = if draft.places_inherited {
            "taken over from the heading or the text before".to_owned()
        } else {
            format!(
                "place named with the action; best of {} candidates, confidence {:.2}",
                place.candidates.len(),
                place.confidence
            )
        };
        add(format!("where[{index}]"), value, because, place.evidence.clone());
    }
    for (index, participant) in event.participants.iter().enumerate() {
        let because = participant.evidence.first().map_or_else(String::new, rules);
        let value = format!("{:?} {} ({})", participant.role, participant.name, participant.class);
        add(format!("participants[{index}]"), value, because, participant.evidence.clone());
    }
    for (index, loss) in event.losses.iter().enumerate() {
        let because = loss.evidence.first().map_or_else(String::new, rules);
        let relation = match loss.included_in {
            Some(whole) => format!("; part of losses[{whole}]"),
            None => String::new(),
        };
        let value = format!("{:?} {} {}", loss.outcome, loss.count.stated.replace('\n', " "), loss.who.class);
        add(
            format!("losses[{index}]"),
            value,
            format!("{because}{relation}; figure {}", loss.figure),
            loss.evidence.clone(),
        );
    }
    for (index, row) in event.materiel.iter().enumerate() {
        let because = row.evidence.first().map_or_else(String::new, rules);
        add(
            format!("materiel[{index}]"),
            format!("{:?} {}", row.outcome, row.item),
            because,
            row.evidence.clone(),
        );
    }
    fields
}

fn show(date: Option<crate::Date>) -> String {
    date.map_or_else(|| "open".to_owned(), |date| date.to_string())
}
