//! `casus link`: events of all reports into incidents.

use super::{args, open, stamp, version};
use crate::{Failure, Status, complain, number, remark};
use casus_engine::Event;
use casus_link::{Linker, Member, Options, Signature, Telling, compose};
use casus_store::{Linked, Project};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::Arc,
    thread,
};

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
pub(super) fn relink(project: &mut Project, jobs: Option<std::num::NonZeroUsize>) -> Result<Linked, Failure> {
    let version = version(project)?;
    // What linking keeps of each text, by the text's hash.
    let mut signatures: HashMap<String, Arc<Signature>> = HashMap::new();
    project.readings(&version, |report, reading, _| {
        if let Some(event) = reading.events.first() {
            signatures.insert(event.report.text_sha256.clone(), Arc::new(Signature::of(&report.text)));
        }
        Ok(())
    })?;
    let signature = |event: &Event| signatures.get(&event.report.text_sha256);
    let mut options = Options::default();
    options.threads = jobs.unwrap_or(options.threads);
    let cluster = |events: &[Event]| {
        let mut linker = Linker::new(options);
        linker.add(events.iter().map(|event| Telling::new(event, signature(event).cloned())).collect());
        linker.clusters().into_iter().map(|cluster| cluster.members.clone()).collect()
    };
    let compare = |events: &[&Event]| {
        let tellings: Vec<Telling> =
            events.iter().map(|event| Telling::new(event, signature(event).cloned())).collect();
        let members: Vec<Member<'_>> =
            events.iter().map(|&event| Member { event, signature: signature(event).map(|s| &**s) }).collect();
        let incident = compose(&members, cohesion(&tellings));
        serde_json::to_value(incident).unwrap_or(Value::Null)
    };
    Ok(project.relink(&stamp(None)?, LINKER, &version, cluster, compare)?)
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
