//! `casus learn`: from corrected records to words, names and roles that are laid over the data.
//!
//! ```text
//! corrections -changes-> proposals -held-out reports-> what is kept -> learned.toml
//! ```
//!
//! Reports are dealt into parts by the hash of their text. A change is learned anew without each part and tried on it;
//! it is kept if the parts together are then read with fewer errors. So what only one report says is never kept, and
//! the figures are of reports that a change did not see. The same corrections give the same bytes.
//!
//! What it must not do: touch the data that is built in, or keep what did not help.

use crate::{
    Failure, Status, args,
    input::plain,
    number, print,
    project, remark,
};
use agree::{Tally, tally};
use changes::{Bench, Case, Change, Laid, Proposal};
use corrections::{Corrections, Texts};
use serde_json::json;
use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    path::Path,
};

mod agree;
mod changes;
mod corrections;
mod file;

pub(crate) use file::{File, reader};

/// Parts that take turns to be held out.
const PARTS: usize = 10;

/// `casus learn`.
pub(crate) fn learn(named: Option<&Path>, args: &args::Learn) -> Result<Status, Failure> {
    refuse_to_overwrite(args)?;
    let corrections = if args.files.is_empty() {
        let Some(path) = project::find(named)? else {
            return Err(Failure(
                "name corrected records, as in `casus learn corrections.jsonl`; there is no project in this folder either"
                    .to_owned(),
            ));
        };
        corrections::of_project(&path, &project::open(Some(&path))?)?
    } else {
        let texts = Texts::receive(&args.reports, &args.source.settings())?;
        corrections::of_files(&args.files, &texts, args.complete)?
    };
    if corrections.reports.len() < 2 {
        return Err(Failure(format!(
            "{} with corrections: what is learned from one must help on another, so two are the least",
            number(corrections.reports.len() as u64, "report")
        )));
    }
    let mut bench = Bench::new(args.register.as_deref(), &args.source)?;
    let cases = bench.cases(&corrections.reports);
    let mut trial = Trial::new(&cases);
    trial.run(&mut bench)?;
    print(&trial.told(&corrections))?;
    if let Some(path) = &args.report {
        write(path, &(serde_json::to_string_pretty(&trial.json(&corrections)).map_err(|error| Failure(error.to_string()))? + "\n"))?;
    }
    let kept: Vec<file::Kept<'_>> = trial.tried.iter().filter_map(Tried::kept).collect();
    if kept.is_empty() {
        remark(&"nothing that was tried helps on reports that it was not learned from: no file is written");
    } else if !args.dry_run {
        write(&args.output, &file::written(&trial.made(&corrections), &kept))?;
        let name = args.output.display();
        remark(&format_args!("{name}: written; read with it: `casus read --learned {name}`; delete it to undo"));
    }
    Ok(if corrections.refused > 0 { Status::SOME } else { Status::ALL })
}

/// A file that `casus learn` did not write is somebody's work.
fn refuse_to_overwrite(args: &args::Learn) -> Result<(), Failure> {
    if args.dry_run || !args.output.exists() {
        return Ok(());
    }
    File::open(&args.output).map(drop).map_err(|_| {
        Failure(format!("{}: is there and was not written by `casus learn`", args.output.display()))
    })
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|cause| Failure(format!("{}: {}", path.display(), plain(&cause))))
}

/// A change that was tried on what it was not learned from.
#[derive(Debug)]
struct Tried {
    proposal: Proposal,
    /// Reports that it can concern.
    reports: usize,
    /// Of these, how many were read with it while it was not learned from them.
    held_out: usize,
    /// Errors in those, without and with it.
    errors: (usize, usize),
    /// Why it cannot be laid over the data at all.
    refused: Option<String>,
}

impl Tried {
    fn helps(&self) -> bool {
        self.refused.is_none() && self.errors.1 < self.errors.0
    }

    fn kept(&self) -> Option<file::Kept<'_>> {
        self.helps().then(|| file::Kept { change: &self.proposal.change, why: self.why() })
    }

    /// What speaks for or against it.
    fn why(&self) -> String {
        let seen = number(self.reports as u64, "report");
        let (before, after) = self.errors;
        match &self.refused {
            Some(reason) => format!("{seen}; {reason}"),
            None if self.held_out == 0 => {
                format!("{seen}; no other report tells whether it helps")
            }
            None => format!("{seen}; {before} errors in those held out, {after} with it"),
        }
    }

    fn what(&self) -> String {
        match &self.proposal.change {
            Change::Word(word) => {
                let like = match (&word.like, word.weak) {
                    (None, _) => "names no action".to_owned(),
                    (Some(like), false) => format!("is a word of {like:?}"),
                    (Some(like), true) => format!("is a weak word of {like:?}: it needs arms, losses or a target beside it"),
                };
                format!("word   {:?} ({}) {like}", word.word, word.kind)
            }
            Change::Name { name, actor } => format!("name   {name:?} is {} ({})", actor.id, actor.class),
            Change::Roles(choice) => format!("roles  {}", number(choice.weights.len() as u64, "weight")),
        }
    }
}

/// The course of a learning.
struct Trial<'a> {
    cases: &'a [Case<'a>],
    /// What all reports taught.
    laid: Laid,
    /// What all but one part taught, by the part.
    without: Vec<Laid>,
    tried: Vec<Tried>,
    /// Held-out reports as read before, and with what was kept.
    before: Tally,
    after: Tally,
}

impl<'a> Trial<'a> {
    fn new(cases: &'a [Case<'a>]) -> Trial<'a> {
        let without = vec![Laid::default(); PARTS.min(cases.len())];
        let (before, after) = Default::default();
        Trial { cases, laid: Laid::default(), without, tried: Vec::new(), before, after }
    }

    fn part(&self, part: usize) -> impl Iterator<Item = &'a Case<'a>> {
        self.cases.iter().skip(part).step_by(self.without.len())
    }

    fn others(&self, part: usize) -> Vec<&'a Case<'a>> {
        let parts = self.without.len();
        self.cases.iter().enumerate().filter(|(at, _)| at % parts != part).map(|(_, case)| case).collect()
    }

    fn run(&mut self, bench: &mut Bench<'_>) -> Result<(), Failure> {
        let all: Vec<&Case<'_>> = self.cases.iter().collect();
        self.before = self.held_out(bench)?;
        let words = changes::words(bench, &self.laid, &all, None)?;
        let keys: BTreeSet<String> = words.iter().map(|word| word.key.clone()).collect();
        self.weigh(bench, words, |bench, laid, cases| changes::words(bench, laid, cases, Some(&keys)))?;
        let names = changes::names(bench, &self.laid, &all)?;
        self.weigh(bench, names, changes::names)?;
        let roles: Vec<Proposal> = changes::roles(bench, &self.laid, &all)?.into_iter().collect();
        self.weigh(bench, roles, |bench, laid, cases| Ok(changes::roles(bench, laid, cases)?.into_iter().collect()))?;
        self.after = self.held_out(bench)?;
        Ok(())
    }

    /// Tries proposals one after another, and lays over what helps.
    fn weigh(
        &mut self,
        bench: &mut Bench<'_>,
        proposals: Vec<Proposal>,
        mut propose: impl FnMut(&mut Bench<'_>, &Laid, &[&Case<'_>]) -> Result<Vec<Proposal>, Failure>,
    ) -> Result<(), Failure> {
        if proposals.is_empty() {
            return Ok(());
        }
        let mut by_part = Vec::new();
        for part in 0..self.without.len() {
            by_part.push(propose(bench, &self.without[part], &self.others(part))?);
        }
        for proposal in proposals {
            let reports = self.cases.iter().filter(|case| proposal.change.touches(case)).count();
            let mut tried = Tried { proposal, reports, held_out: 0, errors: (0, 0), refused: None };
            // What the other parts make of the same word or name, which may be something else.
            let key = &tried.proposal.key;
            let own: Vec<Option<&Proposal>> =
                by_part.iter().map(|part: &Vec<Proposal>| part.iter().find(|other| other.key == *key)).collect();
            if let Err(reason) = bench.lay(&self.laid.with(&tried.proposal.change)) {
                tried.refused = Some(reason.to_string());
            }
            for (part, proposal) in own.iter().enumerate() {
                let Some(Proposal { change, .. }) = proposal.filter(|_| tried.refused.is_none()) else { continue };
                let touched = || self.part(part).filter(|case| change.touches(case));
                if touched().next().is_none() {
                    continue;
                }
                let (before, with) = (&self.without[part], self.without[part].with(change));
                if bench.lay(&with).is_err() {
                    continue;
                }
                tried.held_out += touched().count();
                tried.errors.1 += bench.errors(&with, touched())?;
                tried.errors.0 += bench.errors(before, touched())?;
            }
            if tried.helps() {
                self.laid = self.laid.with(&tried.proposal.change);
                for (laid, proposal) in self.without.iter_mut().zip(own) {
                    if let Some(Proposal { change, .. }) = proposal {
                        let with = laid.with(change);
                        if bench.lay(&with).is_ok() {
                            *laid = with;
                        }
                    }
                }
            }
            self.tried.push(tried);
        }
        Ok(())
    }

    /// Every report, as read by what was learned without its part.
    fn held_out(&self, bench: &mut Bench<'_>) -> Result<Tally, Failure> {
        let mut sum = Tally::default();
        for part in 0..self.without.len() {
            let casus = bench.lay(&self.without[part])?;
            for case in self.part(part) {
                sum += tally(&casus.read(&case.reviewed.report).events, case.reviewed);
            }
        }
        Ok(sum)
    }

    fn records(corrections: &Corrections) -> usize {
        corrections.reports.iter().map(|reviewed| reviewed.records.len()).sum()
    }

    /// Where the file comes from.
    fn made(&self, corrections: &Corrections) -> toml::Table {
        let count = |count: usize| toml::Value::from(count as i64);
        let entries = [
            ("casus", env!("CARGO_PKG_VERSION").into()),
            ("pack", casus_data::version().into()),
            ("corrections_sha256", corrections.sha256.as_str().into()),
            ("reports", count(self.cases.len())),
            ("records", count(Self::records(corrections))),
            ("held_out_errors_before", count(self.before.errors())),
            ("held_out_errors_after", count(self.after.errors())),
        ];
        entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// The report for people.
    fn told(&self, corrections: &Corrections) -> String {
        let records = number(Self::records(corrections) as u64, "record");
        let mut out = format!("learned from {records} of {}\n", number(self.cases.len() as u64, "report"));
        if corrections.disputed > 0 {
            let events = number(corrections.disputed, "event");
            let _ = writeln!(out, "nothing was learned from {events} on which coders disagree");
        }
        for (title, kept) in [("kept", true), ("not kept", false)] {
            let mut tried = self.tried.iter().filter(|tried| tried.helps() == kept).peekable();
            if tried.peek().is_some() {
                let _ = writeln!(out, "\n{title}");
            }
            for tried in tried {
                let _ = writeln!(out, "  {}\n         {}", tried.what(), tried.why());
            }
        }
        let _ = writeln!(
            out,
            "\nevery report as read by what the others taught\n  {:<8} {:>7} {:>7} {:>7} {:>9}",
            "", "right", "wrong", "missed", "invented"
        );
        for (name, tally) in [("before", self.before), ("after", self.after)] {
            let Tally { right, wrong, missed, invented } = tally;
            let _ = writeln!(out, "  {name:<8} {right:>7} {wrong:>7} {missed:>7} {invented:>9}");
        }
        out
    }

    /// The report for programs.
    fn json(&self, corrections: &Corrections) -> serde_json::Value {
        let tried = self.tried.iter().map(|tried| {
            json!({
                "change": tried.what().split_whitespace().collect::<Vec<_>>().join(" "),
                "kept": tried.helps(),
                "why": tried.why(),
                "reports": tried.reports,
                "held_out_reports": tried.held_out,
                "held_out_errors_before": tried.errors.0,
                "held_out_errors_after": tried.errors.1,
            })
        });
        json!({
            "made": self.made(corrections),
            "records_refused": corrections.refused,
            "events_disputed": corrections.disputed,
            "before": self.before,
            "after": self.after,
            "tried": tried.collect::<Vec<_>>(),
        })
    }
}
