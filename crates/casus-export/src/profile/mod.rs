//! Records in the columns of other data sets: ACLED, UCDP GED, GTD, PLOVER, CAMEO, HXL and STIX.
//!
//! A profile is data: `data/profiles/<name>.toml` holds the columns, code lists, decision tables, the way
//! the data set counts, and for every rule why it fills a cell or leaves it blank. The modules here hold the
//! arithmetic that those rules name. [`Export`] is given the events of one report after another (or of a
//! whole project) and writes rows:
//!
//! 1. the record is redacted ([`Redactor`]), unless its words are asked for;
//! 2. occurrences are made of events, and totals are told from their parts, so that no death is counted
//!    twice (`case`);
//! 3. every cell is filled by the rule of its column, and the log says by which and from what.
//!
//! A cell that the text cannot fill is blank. Nothing here must know how a record was read.
//!
//! ```
//! use casus_export::profile::{Export, Profile, Settings};
//! let mut out = Export::new(Profile::Acled, Settings::default(), Box::new(std::io::sink()), None)?;
//! out.report(Vec::new())?;
//! assert_eq!(out.finish()?.rows, 0);
//! # Ok::<(), std::io::Error>(())
//! ```

use casus_record::{Event, Told};
use std::{collections::BTreeMap, fmt, io, io::Write, str::FromStr};

mod acled;
mod case;
mod cell;
mod ged;
mod gtd;
mod hxl;
mod import;
mod log;
mod lookup;
mod plover;
mod redact;
mod row;
mod stix;
mod tables;
mod toll;

pub use cell::Cell;
pub use import::{Back, FOREIGN_SCHEMA, ForeignLine, ForeignRow, Import};
pub use lookup::{Lookup, Pair};
pub use redact::{Key, Redactor, Sharing, Warning};

use case::Case;
use cell::Filled;
use row::{Geo, Own, Row, Rule};
use tables::{Facts, Tables};

/// A data set that records can be written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// ACLED: CSV.
    Acled,
    /// UCDP GED: CSV.
    UcdpGed,
    /// Global Terrorism Database: CSV.
    Gtd,
    /// PLOVER: JSON Lines.
    Plover,
    /// CAMEO: CSV.
    Cameo,
    /// Humanitarian Exchange Language: CSV with hashtags.
    Hxl,
    /// STIX 2.1: a JSON bundle.
    Stix,
}

impl Profile {
    /// Every profile, in the order in which help lists them.
    pub const ALL: [Profile; 7] = [
        Profile::Acled,
        Profile::UcdpGed,
        Profile::Gtd,
        Profile::Plover,
        Profile::Cameo,
        Profile::Hxl,
        Profile::Stix,
    ];

    /// The name on the command line and of the file under `data/profiles`.
    pub const fn name(self) -> &'static str {
        match self {
            Profile::Acled => "acled",
            Profile::UcdpGed => "ucdp-ged",
            Profile::Gtd => "gtd",
            Profile::Plover => "plover",
            Profile::Cameo => "cameo",
            Profile::Hxl => "hxl",
            Profile::Stix => "stix",
        }
    }

    fn rule(self, name: &str) -> Option<Rule> {
        let own = match self {
            Profile::Acled => acled::rule(name),
            Profile::UcdpGed => ged::rule(name),
            Profile::Gtd => gtd::rule(name),
            Profile::Plover => plover::rule(name),
            Profile::Cameo => plover::cameo_rule(name),
            Profile::Hxl => hxl::rule(name),
            Profile::Stix => None,
        };
        own.or_else(|| row::shared(name))
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Profile, UnknownProfile> {
        let found = Profile::ALL.into_iter().find(|profile| profile.name() == name);
        found.ok_or_else(|| UnknownProfile(name.to_owned()))
    }
}

/// A name that is no profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownProfile(String);

impl fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Profile::ALL.iter().map(|profile| profile.name()).collect();
        write!(f, "unknown profile {:?}: expected {}", self.0, names.join(", "))
    }
}

impl std::error::Error for UnknownProfile {}

/// How to export.
#[derive(Debug, Default)]
pub struct Settings {
    /// Write the report's own words, names of private persons and exact places.
    pub full: bool,
    /// Secret with which private persons get pseudonyms; without one their names are left out.
    pub key: Option<Key>,
    /// Write recalled history, too: its own reports may tell it again.
    pub background: bool,
    /// UCDP's ids.
    pub lookup: Option<Lookup>,
}

/// What was exported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows written.
    pub rows: u64,
    /// Events that became no row, by reason.
    pub skipped: BTreeMap<&'static str, u64>,
    /// Groups so small that their members could be recognised.
    pub small_groups: Vec<Warning>,
    /// Private persons whose names were left out, since there was no key.
    pub nameless: u64,
}

struct Column {
    name: String,
    n: usize,
    rule: Rule,
}

/// The tables of a profile with its rules bound to its columns.
struct Layout {
    profile: Profile,
    tables: Tables,
    columns: Vec<Column>,
}

impl Layout {
    fn new(profile: Profile) -> io::Result<Layout> {
        let wrong = |what: String| io::Error::new(io::ErrorKind::InvalidData, format!("{profile}: {what}"));
        let tables = Tables::new(profile.name()).map_err(wrong)?;
        let mut columns = Vec::new();
        if profile != Profile::Stix {
            for column in &tables.table.columns {
                let rule = profile.rule(&column.rule);
                columns.push(Column {
                    name: column.name.clone(),
                    n: usize::from(column.n.unwrap_or(1)),
                    rule: rule.ok_or_else(|| wrong(format!("no rule {:?}", column.rule)))?,
                });
            }
        }
        Ok(Layout { profile, tables, columns })
    }

    /// Why an event is no row of the data set, whatever its numbers are.
    fn unfit(&self, event: &Event, background: bool) -> Option<&'static str> {
        let rows = &self.tables.table.rows;
        if event.told == Told::Background && !background {
            return Some("background");
        }
        if self.tables.status_rows >> event.status as u32 & 1 == 0 {
            return Some("status");
        }
        if self.tables.family_rows >> event.action.family as u32 & 1 == 0 {
            return Some("family");
        }
        if rows.non_state_only {
            let mut actors = Facts::new(event).a.into_iter().peekable();
            if actors.peek().is_some() && actors.all(|party| tables::is_state(&party.class)) {
                return Some("state_actor");
            }
        }
        None
    }

    /// The row of a case.
    fn row<'a>(
        &'a self,
        case: &'a Case<'a>,
        geo: Geo,
        siblings: &'a [&'a str],
        set: &'a Settings,
    ) -> Row<'a> {
        let event = case.event;
        let place = crate::geo_precision::site(&event.places);
        let country = place.and_then(|place| self.tables.country(place.country.as_deref()?));
        let mut row = Row {
            tables: &self.tables,
            case,
            event,
            facts: Facts::new(event),
            place,
            country,
            geo,
            siblings,
            full: set.full,
            own: Own::None,
        };
        row.own = match self.profile {
            Profile::Acled => Own::Acled(acled::Acled::new(&row)),
            Profile::UcdpGed => Own::Ged(ged::Ged::new(&row, set.lookup.as_ref())),
            Profile::Gtd => Own::Gtd(gtd::Gtd::new(&row)),
            _ => Own::None,
        };
        row
    }
}

/// Reasons for leaving an event out, beside those of the rules.
const SKIPPED: [(&str, &str); 6] = [
    ("background", "recalled history: its own report tells it"),
    ("status", "the data set has no events that were only planned, threatened or denied"),
    ("family", "the data set has no events of this form"),
    ("state_actor", "an act of a state: the data set has none"),
    ("no_deaths", "no death is told: the data set has events with deaths only"),
    ("spent", "a total that its incidents account for"),
];

/// Writes records in the columns of a data set.
pub struct Export {
    layout: Layout,
    settings: Settings,
    out: Box<dyn Write + Send>,
    log: Option<log::Log>,
    stix: Option<stix::Bundle>,
    line: Vec<u8>,
    done: Summary,
}

impl Export {
    /// An export of `profile` into `out`, with the reasons of every cell into `log`.
    ///
    /// # Errors
    /// If the head cannot be written, or the data pack lacks the profile.
    pub fn new(
        profile: Profile,
        settings: Settings,
        mut out: Box<dyn Write + Send>,
        log: Option<Box<dyn Write + Send>>,
    ) -> io::Result<Export> {
        let layout = Layout::new(profile)?;
        let table = &layout.tables.table;
        let head = serde_json::json!({
            "log": "casus-export/1", "profile": table.profile, "version": table.version,
            "layout": table.layout, "codebook": table.codebook, "pack": casus_data::version(),
            "full": settings.full, "key": settings.key.is_some(), "background": settings.background,
        });
        let log = log.map(|out| log::Log::new(out, &head)).transpose()?;
        let mut line = Vec::new();
        let mut stix = None;
        match profile {
            Profile::Plover => {}
            Profile::Stix => {
                let bundle = stix::Bundle::new();
                bundle.begin(&mut line);
                stix = Some(bundle);
            }
            _ => {
                let names = table.columns.iter().map(|column| column.name.as_str());
                csv_line(&mut line, names);
                if profile == Profile::Hxl {
                    // Hashtags are no formulas to anybody who reads HXL, and begin with # anyway.
                    csv_line(
                        &mut line,
                        table.columns.iter().map(|column| column.tag.as_deref().unwrap_or("")),
                    );
                }
            }
        }
        out.write_all(&line)?;
        Ok(Export { layout, settings, out, log, stix, line, done: Summary::default() })
    }

    /// Number of columns or fields of a profile.
    ///
    /// # Errors
    /// If the data pack lacks the profile.
    pub fn columns(profile: Profile) -> io::Result<usize> {
        Ok(Layout::new(profile)?.tables.table.columns.len())
    }

    /// Writes the events of one report, or any events among which totals and incidents are to be told apart.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn report(&mut self, mut events: Vec<Event>) -> io::Result<()> {
        let geo = self.redact(&mut events)?;
        let (layout, background) = (&self.layout, self.settings.background);
        let rule = &layout.tables.counting;
        let cases = case::cases(&events, rule, |event| layout.unfit(event, background).is_none());
        for at in 0..cases.len() {
            let siblings: Vec<&str> = match cases[at].owner {
                Some(owner) => {
                    let mine = cases.iter().filter(|case| case.owner == Some(owner));
                    mine.map(|case| case.event.id.as_str()).collect()
                }
                None => Vec::new(),
            };
            let geo = geo[cases[at].at];
            write_case(
                &self.layout,
                &self.settings,
                &cases[at],
                geo,
                &siblings,
                &mut Sinks {
                    out: &mut self.out,
                    log: self.log.as_mut(),
                    stix: self.stix.as_mut(),
                    line: &mut self.line,
                    done: &mut self.done,
                },
            )?;
        }
        Ok(())
    }

    /// Writes one incident that several events tell, the account that stands for it in front. What each
    /// account says of the losses is weighed by the rule of the data set.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn incident(&mut self, mut events: Vec<Event>) -> io::Result<()> {
        let geo = self.redact(&mut events)?;
        let accounts: Vec<&Event> = events.iter().collect();
        let Some(case) = case::case_of(&accounts, &self.layout.tables.counting) else { return Ok(()) };
        write_case(
            &self.layout,
            &self.settings,
            &case,
            geo[0],
            &[],
            &mut Sinks {
                out: &mut self.out,
                log: self.log.as_mut(),
                stix: self.stix.as_mut(),
                line: &mut self.line,
                done: &mut self.done,
            },
        )
    }

    /// Ends the output.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn finish(mut self) -> io::Result<Summary> {
        if self.stix.is_some() {
            self.out.write_all(b"\n]}\n")?;
        }
        self.out.flush()?;
        if let Some(log) = self.log {
            log.finish()?;
        }
        Ok(self.done)
    }

    /// Redacts the events, unless all is to be written, and tells how finely each is placed.
    fn redact(&mut self, events: &mut [Event]) -> io::Result<Vec<Geo>> {
        let mut geo: Vec<Geo> = events.iter().map(|event| Geo::of(&event.places)).collect();
        if self.settings.full {
            return Ok(geo);
        }
        let redactor = Redactor::new(&self.layout.tables.table.redaction, self.settings.key.as_ref());
        for (event, geo) in events.iter_mut().zip(&mut geo) {
            for warning in redactor.warnings(event) {
                if let Some(log) = &mut self.log {
                    log.warning(&warning)?;
                }
                self.done.small_groups.push(warning);
            }
            if self.settings.key.is_none() {
                self.done.nameless += redactor.persons(event);
            }
            if redactor.event(event) {
                *geo = Geo::of(&event.places);
            }
        }
        Ok(geo)
    }
}

struct Sinks<'s> {
    out: &'s mut Box<dyn Write + Send>,
    log: Option<&'s mut log::Log>,
    stix: Option<&'s mut stix::Bundle>,
    line: &'s mut Vec<u8>,
    done: &'s mut Summary,
}

fn write_case(
    layout: &Layout,
    settings: &Settings,
    case: &Case<'_>,
    geo: Geo,
    siblings: &[&str],
    to: &mut Sinks<'_>,
) -> io::Result<()> {
    let row = layout.row(case, geo, siblings, settings);
    let no_deaths = || layout.tables.table.rows.deaths_only && !ged::counts(&row);
    let unfit = case.spent.then_some("spent");
    let unfit = unfit.or_else(|| layout.unfit(case.event, settings.background));
    if let Some(reason) = unfit.or_else(|| no_deaths().then_some("no_deaths")) {
        *to.done.skipped.entry(reason).or_default() += 1;
        if let Some(log) = &mut to.log {
            log.skipped(&case.event.id, reason, because(layout, reason))?;
        }
        return Ok(());
    }
    to.done.rows += 1;
    to.line.clear();
    if let Some(log) = &mut to.log {
        log.row(case.event, to.done.rows)?;
    }
    if let Some(bundle) = &mut to.stix {
        bundle.objects(&row, to.line)?;
        return to.out.write_all(to.line);
    }
    let mut note = |column: &Column, filled: &Filled<'_>| match &mut to.log {
        Some(log) => log.cell(&column.name, filled, because(layout, filled.rule)),
        None => Ok(()),
    };
    if layout.profile == Profile::Plover {
        let mut first = true;
        for column in &layout.columns {
            let filled = (column.rule)(&row, column.n);
            note(column, &filled)?;
            plover::field(&column.name, &filled, &mut first, to.line)?;
        }
        to.line.extend_from_slice(if first { b"{}\n" } else { b"}\n" });
        return to.out.write_all(to.line);
    }
    for (index, column) in layout.columns.iter().enumerate() {
        if index > 0 {
            to.line.push(b',');
        }
        let filled = (column.rule)(&row, column.n);
        filled.cell.write_csv(to.line);
        note(column, &filled)?;
    }
    to.line.push(b'\n');
    to.out.write_all(to.line)
}

/// Why a rule does what it does.
fn because<'l>(layout: &'l Layout, rule: &str) -> &'l str {
    let skipped = SKIPPED.iter().find(|(name, _)| *name == rule).map(|(_, why)| *why);
    layout.tables.table.rule.get(rule).map(String::as_str).or(skipped).unwrap_or_default()
}

fn csv_line<'n>(line: &mut Vec<u8>, names: impl Iterator<Item = &'n str>) {
    for (index, name) in names.enumerate() {
        if index > 0 {
            line.push(b',');
        }
        Cell::from(name).write_csv(line);
    }
    line.push(b'\n');
}
