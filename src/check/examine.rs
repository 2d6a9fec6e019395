//! One input from its bytes to its report: what the code says, and what calls did.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::calling::Calling;
use crate::component::{Component, ReadError};
use crate::digest::sha256;
use crate::exec::{self, Observer};
use crate::facts::Facts;
use crate::finding::Findings;
use crate::location::{Location, SourceLine};
use crate::manifest::{HostSettings, Implied};
use crate::observation::{Observation, ObservedExport};
use crate::profile::Profile;
use crate::report::document::{ImpliedHost, Skipped};
use crate::report::run::ObservedCalls;
use crate::report::{Report, obstacle};
use crate::verdict::Verdict;
use crate::{rules, sources, survey};

/// What was examined before, for a program that runs on and meets the same bytes again.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// The number of the current check.
    check: u64,
    /// Each with the number of the latest check that asked for it.
    examined: BTreeMap<String, (u64, Examined)>,
}

impl Memory {
    /// What is known under `key`.
    pub(crate) fn get(&self, key: &str) -> Option<Examined> {
        let mut kept = self.kept();
        let check = kept.check;
        let (asked, examined) = kept.examined.get_mut(key)?;
        *asked = check;
        Some(examined.clone())
    }

    /// Keeps what is known now.
    pub(crate) fn put(&self, key: String, examined: &Examined) {
        let mut kept = self.kept();
        let check = kept.check;
        kept.examined.insert(key, (check, examined.clone()));
    }

    /// A check has ended. What was not asked for in this one and the one before is forgotten: checks with
    /// calls and without take turns.
    pub(crate) fn end_check(&self) {
        let mut kept = self.kept();
        let check = kept.check;
        kept.examined.retain(|_, (asked, _)| *asked + 1 >= check);
        kept.check += 1;
    }

    /// Forgets everything.
    pub(crate) fn forget(&self) {
        self.kept().examined.clear();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known of one input.
#[derive(Debug, Clone)]
pub(crate) struct Examined {
    pub(crate) report: Report,
    /// The hosts that a manifest implies, if it was judged for them.
    pub(crate) hosts: Vec<ImpliedHost>,
    pub(crate) observed: Vec<ObservedCalls>,
    pub(crate) made_up_imports: Vec<String>,
    pub(crate) skipped: Vec<Skipped>,
    /// The lines that places of the report were made from.
    pub(crate) lines: BTreeMap<Location, SourceLine>,
}

/// How inputs are examined.
#[derive(Debug)]
pub(crate) struct Examiner<'a> {
    hosts: Vec<&'a Profile>,
    /// Whether a host that a manifest implies comes before `hosts`.
    implied: bool,
    observer: Option<(Observer, Calling)>,
}

impl<'a> Examiner<'a> {
    /// Creates an examiner that judges for `hosts`, or with `implied` for those that a manifest implies. Exports are
    /// executed only if `calling` is `Some` and this build has an engine.
    ///
    /// # Errors
    /// If the path of this program is unknown, so that it cannot start itself.
    pub(crate) fn new(
        hosts: Vec<&'a Profile>,
        implied: bool,
        calling: Option<&Calling>,
    ) -> std::io::Result<Self> {
        let calling = calling.filter(|_| exec::MISSING.is_none());
        let observer = match calling {
            Some(calling) => Some((calling.observer()?, calling.clone())),
            None => None,
        };
        Ok(Examiner { hosts, implied, observer })
    }

    /// Whether exports are called.
    pub(crate) fn executes(&self) -> bool {
        self.observer.is_some()
    }

    /// What tells this examination of `bytes` from others.
    pub(crate) fn key(&self, bytes: &[u8], implied: Implied) -> String {
        let hosts: Vec<_> = self.hosts.iter().map(|host| &host.id).collect();
        let implied = self.implied.then_some(implied);
        let calling = self.observer.as_ref().map(|(_, calling)| calling);
        format!("{} {hosts:?} {implied:?} {calling:?}", sha256(bytes))
    }

    /// Analyzes one component. `text` is the path and source of its `.wat`, if any; `implied` is the host its manifest
    /// names.
    ///
    /// # Errors
    /// If the bytes are not a component that can be read.
    pub(crate) fn examine(
        &self,
        bytes: &[u8],
        text: Option<(&str, &str)>,
        implied: Implied,
    ) -> Result<Examined, ReadError> {
        let component = Component::read(bytes)?;
        let (facts, observation) = std::thread::scope(|scope| {
            // The guest runs in another process; meanwhile this one reads the code.
            let observing =
                self.observer.as_ref().map(|it| scope.spawn(|| observe(it, &component)));
            let facts = Facts::of(&component);
            // A panic there is a bug of ours, and must not pass for an export that nobody called.
            let seen =
                observing.map(|thread| thread.join().unwrap_or_else(|bug| resume_unwind(bug)));
            (facts, seen)
        });
        let mut findings = rules::run(&facts);
        let observation = observation.unwrap_or_default();
        findings.extend(rules::observe(&observation, &component));
        let mut examined = self.told(&facts, findings, &observation, implied);
        examined.lines = lines(&component, text, &examined.report);
        Ok(examined)
    }

    fn told(
        &self,
        facts: &Facts<'_>,
        findings: Findings,
        seen: &Observation,
        implied: Implied,
    ) -> Examined {
        let inventory = survey::of(facts);
        let exports: Vec<_> = inventory.exports.iter().map(|export| &export.name).collect();
        let implied = if self.implied { implied } else { Implied::Nothing };
        let implied = implied.hosts(&exports);
        let hosts: Vec<&Profile> = match implied.is_empty() {
            true => self.hosts.clone(),
            false => implied.iter().map(|(host, _)| host.as_ref()).collect(),
        };
        let mut report = Report::of(inventory, findings.into_sorted(), seen, &hosts);
        for export in &mut report.inventory.exports {
            let of_it = seen.exports.iter().find(|it| it.export == export.name);
            let verdict = report.exports.iter().find(|it| it.name == export.name);
            if let Some(why) = of_it.and_then(|it| obstacle::of(it, seen))
                && verdict.is_some_and(|it| it.verdict == Verdict::Unknown)
            {
                export.obstacle = Some(format!("{}: {}", why.reason, why.detail));
            }
        }
        let called = |it: &&ObservedExport| !it.fresh.is_empty();
        Examined {
            report,
            hosts: implied.iter().map(implied_host).collect(),
            observed: seen.exports.iter().filter(called).map(ObservedCalls::from).collect(),
            made_up_imports: seen.stubbed.clone(),
            skipped: seen.exports.iter().filter_map(|it| skipped(it, seen)).collect(),
            lines: BTreeMap::new(),
        }
    }
}

/// The lines of all places that are told.
fn lines(
    component: &Component<'_>,
    text: Option<(&str, &str)>,
    report: &Report,
) -> BTreeMap<Location, SourceLine> {
    let findings = report.findings.iter().map(|judged| &judged.finding);
    let places = findings.flat_map(|it| {
        let labels = it.labels.iter().map(|label| &label.location);
        std::iter::once(&it.location).chain(labels).chain(&it.callers)
    });
    let exports = report.inventory.exports.iter();
    let places = places.chain(exports.filter_map(|it| it.core_function.as_ref()));
    match text {
        Some((path, text)) => sources::written(component, text, path, places),
        None => sources::recorded(component, places),
    }
}

fn implied_host((host, settings): &(Cow<'_, Profile>, HostSettings)) -> ImpliedHost {
    let settings = settings.iter().map(|(name, set)| ((*name).to_owned(), *set)).collect();
    ImpliedHost { id: host.id.clone(), settings }
}

fn skipped(export: &ObservedExport, seen: &Observation) -> Option<Skipped> {
    let why = obstacle::of(export, seen)?;
    Some(Skipped {
        artifact: None,
        path: None,
        export: Some(export.export.clone()),
        reason: why.reason,
        detail: why.detail,
    })
}

fn observe((observer, calling): &(Observer, Calling), component: &Component<'_>) -> Observation {
    observer.observe(component, |it| calling.wants(&it.name)).unwrap_or_else(|error| {
        let exports = component.exports.iter().filter(|it| calling.wants(&it.name)).map(|it| {
            let detail = format!("no process to run it could be started: {error}");
            ObservedExport::unseen(it.name.clone(), "crashed", detail)
        });
        Observation { exports: exports.collect(), ..Observation::default() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_checks_ask_for_is_kept_however_much_it_is() {
        let bytes = wat::parse_str("(component)").unwrap();
        let examiner = Examiner::new(Vec::new(), false, None).unwrap();
        let examined = examiner.examine(&bytes, None, Implied::Nothing).unwrap();
        let memory = Memory::default();
        let keys: Vec<_> = (0..1000).map(|it| format!("static {it}")).collect();
        keys.iter().for_each(|key| memory.put(key.clone(), &examined));
        memory.end_check();
        memory.put("calling".to_owned(), &examined);
        memory.end_check();
        assert!(keys.iter().all(|key| memory.get(key).is_some()));
        memory.end_check();
        assert!(memory.get("calling").is_some());
        memory.end_check();
        memory.end_check();
        assert!(memory.get(&keys[0]).is_none());
        memory.put("calling".to_owned(), &examined);
        memory.forget();
        assert!(memory.get("calling").is_none());
    }
}
