//! `casus learn`: from corrected records to words, names and roles that are laid over the data.
//!
//! ```text
//! corrections -changes-> proposals -held-out reports-> what is kept -> learned.toml
//! ```
//!
//! Reports are dealt into parts by the hash of their text. A change is learned anew without each part and tried on it,
//! over what was kept before; it is kept if the errors in all parts together then weigh less. So what only one report
//! says is never kept. The figures at the end are of reports as read by what was learned without them, from the first
//! change to the last. The same corrections give the same bytes.
//!
//! What it must not do: touch the data that is built in, or keep what did not help.

use crate::{Failure, Status, args, input::plain, number, print, project, remark};
use agree::{MISSED, Tally};
use casus_engine::frame::lexicon::forms;
use changes::{Bench, Case, Change, Laid, Proposal};
use corrections::{Corrections, Texts};
use serde_json::json;
use std::{fmt::Write, fs, path::Path};

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
        write(
            path,
            &(serde_json::to_string_pretty(&trial.json(&corrections))
                .map_err(|error| Failure(error.to_string()))?
                + "\n"),
        )?;
    }
    let kept: Vec<file::Kept<'_>> = trial.tried.iter().filter_map(Tried::kept).collect();
    if kept.is_empty() {
        remark(&"nothing that was tried helps on reports that it was not learned from: no file is written");
    } else if !args.dry_run {
        write(&args.output, &file::written(&trial.made(&corrections), &kept))?;
        let name = args.output.display();
        remark(&format_args!(
            "{name}: written; read with it: `casus read --learned {name}`; delete it to undo"
        ));
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
    change: Change,
    /// Reports that it can concern.
    reports: usize,
    /// Of these, how many were read with it while it was not learned from them.
    held_out: usize,
    /// What errors weigh in those, without and with it.
    errors: (usize, usize),
    /// Why it cannot be laid over the data at all.
    refused: Option<String>,
}

impl Tried {
    fn new(change: Change, reports: usize) -> Tried {
        Tried { change, reports, held_out: 0, errors: (0, 0), refused: None }
    }

    fn helps(&self) -> bool {
        self.refused.is_none() && self.errors.1 < self.errors.0
    }

    fn kept(&self) -> Option<file::Kept<'_>> {
        self.helps().then(|| file::Kept { change: &self.change, why: self.why() })
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
            None => format!("{seen}; in those held out errors weigh {before}, with it {after}"),
        }
    }

    fn what(&self) -> String {
        match &self.change {
            Change::Word(word) => {
                let like = match (&word.like, word.weak) {
                    (None, _) => "names no action".to_owned(),
                    (Some(like), false) => format!("is a word of {like:?}"),
                    (Some(like), true) => {
                        format!("is a weak word of {like:?}: it needs arms, losses or a target beside it")
                    }
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

    /// The part that a case is held out with.
    fn part(&self, case: usize) -> usize {
        case % self.without.len()
    }

    fn run(&mut self, bench: &mut Bench<'_>) -> Result<(), Failure> {
        self.before = self.held_out(bench)?;
        self.words(bench)?;
        let said = changes::said_of_names(bench, &self.laid, self.cases)?;
        let known = bench.lay(&Laid::default())?.resources().actors().all().to_vec();
        self.weigh(bench, &said, |said| changes::names(&known, said.iter().copied()))?;
        let said = changes::said_of_roles(bench, &self.laid, self.cases)?;
        self.weigh(bench, &said, |said| changes::roles(said.iter().copied()).into_iter().collect())?;
        self.after = self.held_out(bench)?;
        Ok(())
    }

    /// Tries for every word that stands in errors what else it could be.
    fn words(&mut self, bench: &mut Bench<'_>) -> Result<(), Failure> {
        for contested in changes::contested(bench, self.cases)? {
            let forms = forms(&contested.word, contested.kind);
            let held = |at: &usize| self.cases[*at].holds(&forms);
            let all: Vec<usize> = (0..self.cases.len()).filter(held).collect();
            let reports = all.len();
            // What stands in the errors of one report alone can never be shown to help another.
            let touched =
                if contested.reports.len() > 1 { all } else { contested.reports.iter().copied().collect() };
            let alternatives = changes::alternatives(bench.lay(&self.laid)?, &contested);
            let before = self.errors(bench, &self.laid, &touched)?;
            let with: Vec<Vec<usize>> = alternatives
                .iter()
                .map(|change| self.errors(bench, &self.laid.with(change), &touched))
                .collect::<Result<_, _>>()?;
            // The best of them, as the reports outside of a part have it.
            let best = |part: Option<usize>| {
                let taught = |errors: &[usize]| -> usize {
                    let pairs = touched.iter().zip(errors);
                    pairs.filter(|(at, _)| Some(self.part(**at)) != part).map(|(_, errors)| errors).sum()
                };
                let sums = with.iter().enumerate().map(|(at, errors)| (taught(errors), at));
                sums.min().filter(|(sum, _)| *sum < taught(&before)).map(|(_, at)| at)
            };
            let Some(chosen) = best(None) else { continue };
            let own: Vec<Option<usize>> = (0..self.without.len()).map(|part| best(Some(part))).collect();
            let mut tried = Tried::new(alternatives[chosen].clone(), reports);
            for (at, case) in touched.iter().enumerate() {
                if let Some(own) = own[self.part(*case)] {
                    tried.held_out += 1;
                    tried.errors.0 += before[at];
                    tried.errors.1 += with[own][at];
                }
            }
            let own = own.into_iter().map(|own| own.map(|own| alternatives[own].clone()));
            self.keep(bench, tried, own.collect());
        }
        Ok(())
    }

    /// Tries what `propose` makes of what the reports say, and lays over what helps.
    fn weigh<S>(
        &mut self,
        bench: &mut Bench<'_>,
        said: &[S],
        propose: impl Fn(&[&S]) -> Vec<Proposal>,
    ) -> Result<(), Failure> {
        let by_part: Vec<Vec<Proposal>> = (0..self.without.len())
            .map(|part| {
                let others = said.iter().enumerate().filter(|(at, _)| self.part(*at) != part);
                propose(&others.map(|(_, said)| said).collect::<Vec<_>>())
            })
            .collect();
        for proposal in propose(&said.iter().collect::<Vec<_>>()) {
            let touched: Vec<usize> =
                (0..self.cases.len()).filter(|&at| proposal.change.touches(&self.cases[at])).collect();
            let own: Vec<Option<Change>> = by_part
                .iter()
                .map(|part| Some(part.iter().find(|other| other.key == proposal.key)?.change.clone()))
                .collect();
            let mut tried = Tried::new(proposal.change, touched.len());
            tried.refused = bench.lay(&self.laid.with(&tried.change)).err().map(|reason| reason.to_string());
            // The parts mostly make the same of a name: what is the same is laid over once.
            let mut left: Vec<usize> = (0..own.len()).filter(|_| tried.refused.is_none()).collect();
            while let Some(change) = left.first().map(|part| own[*part].as_ref()) {
                let same = |part: &usize| match (change, &own[*part]) {
                    (Some(change), Some(other)) => change.is(other),
                    (None, None) => true,
                    _ => false,
                };
                let (parts, rest): (Vec<usize>, Vec<usize>) =
                    left.iter().copied().partition(|part| same(part));
                left = rest;
                let held: Vec<usize> =
                    touched.iter().copied().filter(|case| parts.contains(&self.part(*case))).collect();
                let Some(with) = change.map(|change| self.laid.with(change)) else { continue };
                if held.is_empty() || bench.lay(&with).is_err() {
                    continue;
                }
                tried.held_out += held.len();
                tried.errors.1 += self.errors(bench, &with, &held)?.iter().sum::<usize>();
                tried.errors.0 += self.errors(bench, &self.laid, &held)?.iter().sum::<usize>();
            }
            self.keep(bench, tried, own);
        }
        Ok(())
    }

    /// Notes what was tried, and lays it over if it helps: for each part what the others make of it.
    fn keep(&mut self, bench: &mut Bench<'_>, tried: Tried, own: Vec<Option<Change>>) {
        if tried.helps() {
            self.laid = self.laid.with(&tried.change);
            for (laid, change) in self.without.iter_mut().zip(own) {
                // What a part makes of a name may clash where what all make of it does not.
                let with = change.map(|change| laid.with(&change)).filter(|with| bench.lay(with).is_ok());
                *laid = with.unwrap_or_else(|| std::mem::take(laid));
            }
        }
        self.tried.push(tried);
    }

    /// What errors weigh in each of these cases, read with `laid`.
    fn errors(&self, bench: &mut Bench<'_>, laid: &Laid, cases: &[usize]) -> Result<Vec<usize>, Failure> {
        let tallies = bench.tallies(laid, cases.iter().map(|&case| &self.cases[case]))?;
        Ok(tallies.into_iter().map(Tally::weight).collect())
    }

    /// Every report, as read by what was learned without its part.
    fn held_out(&self, bench: &mut Bench<'_>) -> Result<Tally, Failure> {
        let mut sum = Tally::default();
        for (part, laid) in self.without.iter().enumerate() {
            let cases = self.cases.iter().skip(part).step_by(self.without.len());
            for tally in bench.tallies(laid, cases)? {
                sum += tally;
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
            ("held_out_weight_before", count(self.before.weight())),
            ("held_out_weight_after", count(self.after.weight())),
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
            "\nevery report as read by what the others taught (what is missed weighs {MISSED} times)\n  {:<8} {:>7} {:>7} {:>7} {:>9}",
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
                "held_out_weight_before": tried.errors.0,
                "held_out_weight_after": tried.errors.1,
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
