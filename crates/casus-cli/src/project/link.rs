//! `casus link`: events of all reports into incidents.

use super::{args, open, stamp, version};
use crate::{Failure, Status, complain, number, remark};
use casus_engine::{Event, Report};
use casus_link::{Linker, Member, Options, Signature, Telling, compose};
use casus_store::{Linked, Linking, Project};
use serde_json::Value;
use std::{collections::BTreeMap, num::NonZero, path::Path, sync::Arc, thread};

/// Name and version of the linker, as the log tells it.
const LINKER: &str = concat!("casus-link ", env!("CARGO_PKG_VERSION"));

/// Makes the incidents anew, and says what changed.
pub(crate) fn link(named: Option<&Path>, args: &args::Link) -> Result<Status, Failure> {
    let mut project = open(named)?;
    let jobs = args.jobs.or(thread::available_parallelism().ok());
    let linked = relink(&mut project, jobs)?;
    tell(&project, &linked, args.quiet)?;
    Ok(Status::ALL)
}

/// Links all present readings.
pub(super) fn relink(project: &mut Project, jobs: Option<NonZero<usize>>) -> Result<Linked, Failure> {
    let version = version(project)?;
    let threads = jobs.unwrap_or(NonZero::<usize>::MIN);
    project.threads(threads);
    let linking = || Link { options: Options { threads, ..Options::default() }, signatures: Vec::new() };
    Ok(project.relink(&stamp(None)?, LINKER, &version, linking)?)
}

/// How `casus_link` links the events of a project.
struct Link {
    options: Options,
    /// By event: what linking keeps of the words of its report.
    signatures: Vec<Option<Arc<Signature>>>,
}

impl Linking for Link {
    type Sketch = Telling;

    fn sketch(&self, report: &Report, events: &[Event]) -> Vec<Telling> {
        if events.is_empty() {
            return Vec::new();
        }
        let signature = Arc::new(Signature::of(&report.text));
        events.iter().map(|event| Telling::new(event, Some(Arc::clone(&signature)))).collect()
    }

    fn cluster(&mut self, sketches: Vec<Telling>) -> Vec<Vec<usize>> {
        self.signatures = sketches.iter().map(|telling| telling.signature().cloned()).collect();
        let mut linker = Linker::new(self.options.clone());
        linker.add(sketches);
        linker.clusters().into_iter().map(|cluster| cluster.members.clone()).collect()
    }

    fn compose(&self, members: &[(usize, &Event)]) -> Value {
        let signature = |number: usize| self.signatures.get(number).and_then(Option::as_ref);
        let tellings: Vec<Telling> =
            members.iter().map(|(number, event)| Telling::new(event, signature(*number).cloned())).collect();
        let members: Vec<Member<'_>> = members
            .iter()
            .map(|(number, event)| Member { event, signature: signature(*number).map(|s| &**s) })
            .collect();
        serde_json::to_value(compose(&members, cohesion(&tellings))).unwrap_or_default()
    }
}

/// Mean probability over all pairs, 1 for a single event: people's groups have one too.
fn cohesion(tellings: &[Telling]) -> f32 {
    let (mut sum, mut pairs) = (0.0, 0u32);
    for (at, one) in tellings.iter().enumerate() {
        for other in &tellings[at + 1..] {
            sum += casus_link::Evidence::of(one, other).probability();
            pairs += 1;
        }
    }
    if pairs == 0 { 1.0 } else { sum / pairs as f32 }
}

/// Says what came of linking.
pub(super) fn tell(project: &Project, linked: &Linked, quiet: bool) -> Result<(), Failure> {
    for unapplied in &linked.unapplied {
        complain(&format_args!("decision {} ({}): {}", unapplied.number, unapplied.what, unapplied.reason));
    }
    for refused in &linked.refused {
        complain(&format_args!("an edit does not fit the record as it is now: {refused}"));
    }
    if quiet {
        return Ok(());
    }
    let mut fates: BTreeMap<&str, u64> = BTreeMap::new();
    for change in &linked.changes {
        *fates.entry(change.fate.name()).or_default() += 1;
    }
    let fates: Vec<String> = fates.into_iter().map(|(fate, count)| format!("{count} {fate}")).collect();
    let changes = match linked.revision {
        Some(revision) => format!("state {revision}: {} (`casus diff` shows them)", fates.join(", ")),
        None => "nothing changed".to_owned(),
    };
    remark(&format_args!("{}; {changes}", number(linked.incidents, "incident")));
    let unread = project.count_unread(&version(project)?)?;
    if unread > 0 {
        remark(&format_args!(
            "{} not read by this version: `casus read` reads them",
            number(unread, "report")
        ));
    }
    Ok(())
}
