//! Reads reports of political violence into evidence-linked event records.
//!
//! ```text
//! Report -text-> Document -mention-> Mentions -frame-> Frames -resolve-> Reading {events, notes}
//! ```
//!
//! A report is read once, from left to right of this line. A stage reads what earlier stages made
//! and never changes it; a module imports only from stages before its own.
//!
//! ```
//! use casus_engine::{Casus, Report};
//! let casus = Casus::embedded()?;
//! let report = Report { id: "r1".into(), text: "Gunmen killed four farmers near Beya.".into(), ..Report::default() };
//! let reading = casus.read(&report);
//! # let _ = reading;
//! # Ok::<(), casus_engine::Error>(())
//! ```

pub use casus_record::*;

pub mod choice;
mod error;
pub mod explain;
pub mod frame;
pub mod lessons;
pub mod mention;
pub mod outside;
mod pairs;
pub mod reader;
pub mod resolve;
mod resources;
pub mod text;

pub use error::Error;
pub use jiff::civil::DateTime;
pub use resources::Resources;
use std::{borrow::Cow, ops::Range, sync::Arc};

/// What to read and how.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// How much work to spend.
    pub profile: Profile,
    /// Whether non-violent politics are written too.
    pub all: bool,
    /// How Hijri dates become civil ones.
    pub hijri: mention::time::HijriVariant,
    /// Which reports give no event since they likely tell of no violence. None reads every report for what it says.
    pub relevance: Option<Relevance>,
    /// What names the reader outside ([`Casus::with_outside`]), for the records.
    pub outside: Option<String>,
    /// What names the lessons that are laid over the data ([`Casus::lay`]), for the records: a hash.
    pub learned: Option<String>,
    /// What names the register that is laid over the data ([`Casus::with_register`]), for the records: a hash.
    pub register: Option<String>,
    /// What names the gazetteer that stands in the place of ours ([`Casus::with_gazetteer`]), for the records: a
    /// hash.
    pub gazetteer: Option<String>,
}

/// How likely a report must tell of violence to give events.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relevance {
    /// The share of reports, between 0 and 1, that tell of violence where these come from.
    pub base_rate: f32,
    /// How likely it must be at that rate ([`reader::Gate::relevance`]), 0 to 1.
    pub least: f32,
}

impl Options {
    /// What makes records with these options: the `made_by` of every event.
    pub fn made_by(&self) -> MadeBy {
        use mention::time::HijriVariant;
        let scope = if self.all { "all" } else { "conflict" };
        let hijri = match self.hijri {
            HijriVariant::UmmAlQura => "",
            HijriVariant::TabularCivil => " hijri=tabular-civil",
            HijriVariant::TabularAstronomical => " hijri=tabular-astronomical",
        };
        let relevance = self.relevance.map_or_else(String::new, |asked| {
            format!(" base-rate={} least-relevance={}", asked.base_rate, asked.least)
        });
        let learned = self.learned.as_ref().map_or_else(String::new, |id| format!(" learned={id}"));
        let outside = self.outside.as_ref().map_or_else(String::new, |name| {
            format!(" reader={}", name.split_whitespace().collect::<Vec<_>>().join("_"))
        });
        let laid = |name: &str, id: &Option<String>| {
            id.as_ref().map_or_else(String::new, |id| format!(" {name}={id}"))
        };
        MadeBy {
            casus: env!("CARGO_PKG_VERSION").to_owned(),
            pack: casus_data::version().to_owned(),
            options: format!("profile={:?} scope={scope}{hijri}{relevance}{learned}", self.profile)
                .to_lowercase()
                + &outside
                + &laid("register", &self.register)
                + &laid("gazetteer", &self.gazetteer),
        }
    }
}

/// How much work to spend on a report. All profiles take the same path.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Profile {
    /// Rules alone.
    Fast,
    /// The learned reader too, where the words are those of incidents.
    #[default]
    Default,
    /// The learned reader over the whole report.
    Accurate,
}

/// The reader. Cheap to share between threads.
#[derive(Debug)]
pub struct Casus {
    resources: Resources,
    options: Options,
    outside: Option<Arc<dyn outside::Outside>>,
}

impl Casus {
    /// The reader with the data built into casus.
    ///
    /// # Errors
    /// If the built-in data pack is damaged.
    pub fn embedded() -> Result<Casus, Error> {
        Ok(Casus { resources: Resources::embedded()?, options: Options::default(), outside: None })
    }

    /// The same without the learned reader: what that one is taught with must not need it.
    ///
    /// # Errors
    /// If the built-in data pack is damaged.
    pub fn of_rules() -> Result<Casus, Error> {
        let options = Options { profile: Profile::Fast, ..Options::default() };
        Ok(Casus { resources: Resources::of_rules()?, options, outside: None })
    }

    /// The same reader with a register laid over the built-in one: an entry of a known id takes its
    /// place, others are added.
    ///
    /// # Errors
    /// If the whole would hold what [`casus_data::check`] refuses; the message names every entry.
    pub fn with_register(mut self, over: casus_data::tables::register::RegisterFile) -> Result<Casus, Error> {
        self.resources.lay_over(over)?;
        Ok(self)
    }

    /// The same reader with other options.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Casus {
        self.resources.mention.time.hijri = options.hijri;
        self.options = options;
        self
    }

    /// The same reader with another gazetteer, such as `casus gazetteer build` makes.
    #[must_use]
    pub fn with_gazetteer(mut self, gazetteer: mention::place::Gazetteer) -> Casus {
        self.resources.mention.place = self.resources.mention.place.with_gazetteer(gazetteer);
        self
    }

    /// The same reader, which asks another one about every report in which the rules see an action.
    #[must_use]
    pub fn with_outside(mut self, outside: Arc<dyn outside::Outside>) -> Casus {
        self.options.outside = Some(outside.name().to_owned());
        self.outside = Some(outside);
        self
    }

    /// How much work it spends on a report.
    pub fn profile(&self) -> Profile {
        self.options.profile
    }

    /// The words that name actions.
    pub fn lexicon(&self) -> &frame::Lexicon {
        &self.resources.frame.lexicon
    }

    /// The data that the reader uses.
    pub fn resources(&self) -> &Resources {
        &self.resources
    }

    /// Reads one report. Any text gives a reading.
    pub fn read(&self, report: &Report) -> Reading {
        self.read_traced(report).reading
    }

    /// Finds the times of a report and reads nothing else of it: no parts of speech but those that a
    /// time depends on, no other mentions, no events.
    ///
    /// ```
    /// use casus_engine::{Casus, Report};
    /// let casus = Casus::embedded()?;
    /// let report = Report {
    ///     text: "On 12 March 1999 a shop burned. It burned again two days later.".into(),
    ///     ..Report::default()
    /// };
    /// let times = casus.times(&report);
    /// let when = times.mentions[1].when.as_ref().expect("a day");
    /// assert_eq!(when.earliest, "1999-03-14".parse().ok());
    /// assert_eq!(times.because(&times.mentions[1]), "counted from 1999-03-12, the day last told");
    /// # Ok::<(), casus_engine::Error>(())
    /// ```
    pub fn times<'r>(&self, report: &'r Report) -> Times<'r> {
        let document = text::split(&self.resources, report);
        let tags = text::Tags::on_demand(&self.resources, &document);
        let (mentions, published) = mention::time::find_by(&self.resources.mention.time, &document, &tags);
        drop(tags);
        Times { document, published, mentions }
    }

    /// Finds the times of an utterance: a text of a few words that someone says or types at a known moment
    /// ("in 45 minutes", "quarter past 3", "the third Tuesday of September"). Times of day count from that
    /// moment, what is to come goes before what has been, and forms are read that in a report are mostly
    /// something else ("at 5", "10 to 4"). English has patterns for them; other languages are read as in a
    /// report that was published on that day.
    ///
    /// ```
    /// use casus_engine::{Casus, Report};
    /// let casus = Casus::embedded()?;
    /// let report = Report { text: "in 45 minutes".into(), ..Report::default() };
    /// let times = casus.utterance(&report, "2024-03-14T23:30".parse()?);
    /// let clock = times.mentions[0].clock.expect("a time of day");
    /// assert_eq!(clock.from.to_string(), "2024-03-15T00:15:00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn utterance<'r>(&self, report: &'r Report, said: DateTime) -> Times<'r> {
        let document = text::split(&self.resources, report);
        let tags = text::Tags::on_demand(&self.resources, &document);
        let mentions = mention::time::find_said(&self.resources.mention.time, &document, &tags, said);
        drop(tags);
        Times { document, published: Some(said.date()), mentions }
    }

    /// Finds the words of a report that stand for persons, groups, places, weapons and the like, and reads nothing
    /// else of it. English only: in other languages the model finds little.
    ///
    /// ```
    /// use casus_engine::{Casus, Report, reader::entities::EntityKind};
    /// let casus = Casus::embedded()?;
    /// let report = Report { text: "Colonel Sani Moro arrived in Beya on Friday.".into(), ..Report::default() };
    /// let entities = casus.entities(&report);
    /// let named = |kind| {
    ///     let names = entities.found.names.iter().filter(move |name| name.kind == kind);
    ///     names.map(|name| entities.document.slice(name.span)).collect::<Vec<_>>()
    /// };
    /// assert_eq!(named(EntityKind::Person), ["Sani Moro"]);
    /// assert_eq!(named(EntityKind::Place), ["Beya"]);
    /// # Ok::<(), casus_engine::Error>(())
    /// ```
    pub fn entities<'r>(&self, report: &'r Report) -> Entities<'r> {
        let document = text::split(&self.resources, report);
        let model = self.resources.entities.as_ref();
        let found =
            model.map(|model| model.read(&document, &self.resources.mention.place)).unwrap_or_default();
        Entities { document, found }
    }

    /// The name of the pattern that found a time.
    pub fn pattern(&self, document: &text::Document<'_>, time: &mention::time::TimeMention) -> &str {
        self.resources.mention.time.pattern(document, time)
    }

    /// What the rules know of these candidates of a report that was read: what the learned reader is taught with.
    pub fn evidence(
        &self,
        traced: &Traced<'_>,
        candidates: &[Range<text::TokenId>],
    ) -> Vec<reader::Evidence> {
        let lexicon = &self.resources.frame.lexicon;
        let finder =
            reader::evidence::Finder::new(&traced.document, &traced.mentions, &traced.frames, lexicon);
        candidates.iter().map(|tokens| finder.of(tokens)).collect()
    }

    /// The names around the words of a report that tell an event, and the choice which of them are where it happened.
    ///
    /// ```
    /// use casus_engine::{Casus, Report};
    /// let casus = Casus::embedded()?;
    /// let text = "Gunmen from Herat killed two men in the city of Kunduz on Monday.";
    /// let report = Report { text: text.into(), ..Report::default() };
    /// let traced = casus.read_traced(&report);
    /// let killed = traced.document.tokens.iter().position(|t| t.span.start == 18).unwrap() as u32;
    /// let choices = casus.scene(&traced, killed..killed + 1);
    /// let names = choices.best(|_| true).into_iter().map(|site| traced.document.words(&site.tokens));
    /// assert_eq!(names.collect::<Vec<_>>(), ["Kunduz"]);
    /// # Ok::<(), casus_engine::Error>(())
    /// ```
    pub fn scene<'a>(
        &'a self,
        traced: &'a Traced<'_>,
        words: Range<text::TokenId>,
    ) -> resolve::site::Choices<'a> {
        let (document, mentions) = (&traced.document, &traced.mentions);
        resolve::site::Choices::new(&self.resources.sites, document, mentions, &traced.frames, words)
            .seen_by(self.resources.scenes(self.options.profile))
    }

    /// Reads one report and keeps what every stage made, for `casus explain` and for measuring.
    pub fn read_traced<'r>(&self, report: &'r Report) -> Traced<'r> {
        let document = text::segment(&self.resources, report);
        let mentions = mention::find(&self.resources, &document);
        let frames = frame::find(&self.resources, &document, &mentions);
        let deeds = if self.options.all {
            frame::politics::find(&self.resources, &document, &mentions, &frames)
        } else {
            Vec::new()
        };
        let asked = self.outside.as_deref().filter(|_| !frames.frames.is_empty());
        let asked = asked.map_or_else(resolve::Asked::default, |outside| {
            let mut proposals = outside.propose(report);
            let (learned, refused) = outside::grounded(&report.text, &proposals);
            let mut notes = std::mem::take(&mut proposals.notes);
            notes.extend((refused > 0).then(|| outside::unfounded(refused)));
            resolve::Asked { learned, notes }
        });
        let learned = |told| Cow::Owned(self.learn(&document, &mentions, &frames, told));
        let read = resolve::Read { learned: &learned, asked };
        let resolve::Resolved { mut reading, fates, drafts, learned, told } =
            resolve::resolve(&self.resources, &self.options, &document, &mentions, &frames, read, &deeds);
        if let Some(asked) = self.options.relevance {
            let gate = reader::Gate::new(&document, &frames, !drafts.is_empty());
            let likely = gate.relevance(reader::gate::told(&reading.events), asked.base_rate);
            leave_out(&mut reading, likely, asked);
        }
        let learned = learned.into_owned();
        let published = mentions.published;
        Traced { document, published, mentions, frames, deeds, learned, fates, drafts, told, reading }
    }

    /// What the learned reader makes of a report: of all of it, or of the sentences that the gate lets through,
    /// or nothing, as the profile says; `told` is whether the rules read an event.
    fn learn(
        &self,
        document: &text::Document<'_>,
        mentions: &mention::Mentions,
        frames: &frame::Frames,
        told: bool,
    ) -> reader::Learned {
        let Some(reader) = &self.resources.reader else { return reader::Learned::default() };
        let lexicon = &self.resources.frame.lexicon;
        match self.options.profile {
            Profile::Fast => reader::Learned::default(),
            Profile::Accurate => reader.read(document, mentions, frames, lexicon, |_| true, None),
            Profile::Default => {
                let gate = reader::Gate::new(document, frames, told);
                let open = |sentence| gate.lets_through(sentence);
                reader.read(document, mentions, frames, lexicon, open, Some(reader::LEAVE))
            }
        }
    }
}

/// Takes the events from a report that tells of violence less likely than is asked, and says so.
fn leave_out(reading: &mut Reading, likely: f32, asked: Relevance) {
    let count = reading.events.len();
    if likely >= asked.least || count == 0 {
        return;
    }
    reading.events.clear();
    let events = if count == 1 { "event" } else { "events" };
    let Relevance { base_rate, least } = asked;
    reading.notes.push(Note {
        code: "N0301".to_owned(),
        message: format!(
            "left out {count} {events}: at a base rate of {base_rate} the report tells of violence with a likelihood of \
             {likely:.2}, less than {least}"
        ),
        span: None,
    });
}

/// The times of one report.
#[derive(Debug)]
pub struct Times<'r> {
    /// Sentences and tokens, without parts of speech.
    pub document: text::Document<'r>,
    /// The day the report counts as published: as given, or as the text tells.
    pub published: Option<Date>,
    /// The times, in text order.
    pub mentions: Vec<mention::time::TimeMention>,
}

impl Times<'_> {
    /// What the days of a time rest on, in words: "counted from 1999-03-12, the day last told".
    pub fn because(&self, mention: &mention::time::TimeMention) -> String {
        mention::time::because(mention, self.published)
    }
}

/// The entities of one report.
#[derive(Debug)]
pub struct Entities<'r> {
    /// Sentences and tokens, without parts of speech.
    pub document: text::Document<'r>,
    /// What stands for what.
    pub found: reader::entities::Found,
}

/// What every stage made of one report.
#[derive(Debug)]
pub struct Traced<'r> {
    /// Sentences and tokens.
    pub document: text::Document<'r>,
    /// The day the report counts as published: as given, or as the text tells.
    pub published: Option<Date>,
    /// Times, places, actors, counts, weapons, voices.
    pub mentions: mention::Mentions,
    /// Triggers with their roles.
    pub frames: frame::Frames,
    /// Acts of politics; none unless they are asked for.
    pub deeds: Vec<frame::politics::Deed>,
    /// What the learned reader made of it.
    pub learned: reader::Learned,
    /// What became of each frame.
    pub fates: Vec<resolve::relevance::Fate>,
    /// The drafts the events were made from, in the order of the events.
    pub drafts: Vec<resolve::assemble::Draft>,
    /// Which event tells each incident that the learned reader saw.
    pub told: resolve::learned::Told,
    /// Events and notes.
    pub reading: Reading,
}
