//! Examines one component: static analysis and, in parallel, the execution of its exports.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::calling::Calling;
use super::repairable;
use crate::component::{Component, ReadError};
use crate::exec::{self, Observer};
use crate::facts::Facts;
use crate::finding::{Findings, changed_answers};
use crate::location::{Location, SourceLine};
use crate::manifest::{HostSettings, Implied};
use crate::observation::{Observation, ObservedExport};
use crate::profile::Profile;
use crate::report::document::{ImpliedHost, Skipped};
use crate::report::run::ObservedCalls;
use crate::report::{Report, obstacle};
use crate::{rules, sources, survey};

/// Results of earlier checks, for a process that checks the same bytes again.
#[derive(Debug, Default)]
pub(crate) struct ResultCache(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    /// The number of the current check.
    check: u64,
    /// Results by key, each with the number of the latest check that asked for it.
    examined: BTreeMap<String, (u64, Examined)>,
}

impl ResultCache {
    /// The result stored under [`Examiner::key`].
    pub(super) fn get(&self, key: &str) -> Option<Examined> {
        let mut entries = self.entries();
        let check = entries.check;
        let (used, examined) = entries.examined.get_mut(key)?;
        *used = check;
        Some(examined.clone())
    }

    pub(super) fn put(&self, key: String, examined: &Examined) {
        let mut entries = self.entries();
        let check = entries.check;
        entries.examined.insert(key, (check, examined.clone()));
    }

    /// Ends a check. Drops results used neither by it nor by the check before: checks with execution and without
    /// alternate.
    pub(crate) fn end_check(&self) {
        let mut entries = self.entries();
        let check = entries.check;
        entries.examined.retain(|_, (used, _)| *used + 1 >= check);
        entries.check += 1;
    }

    pub(crate) fn clear(&self) {
        self.entries().examined.clear();
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Most bytes of a component whose static analysis takes no longer than reading a stored result.
const SMALL: usize = 32 << 10;

/// The result of examining one component.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Examined {
    pub(super) report: Report,
    /// The hosts that a manifest implies, if the component was judged for them.
    pub(super) hosts: Vec<ImpliedHost>,
    pub(super) observed: Vec<ObservedCalls>,
    pub(super) made_up_imports: Vec<String>,
    pub(super) unfiltered: Option<String>,
    pub(super) skipped: Vec<Skipped>,
    /// The source lines of the report's locations.
    #[serde(with = "super::pairs")]
    pub(super) lines: BTreeMap<Location, SourceLine>,
    /// Whether another examination has the same result.
    pub(super) is_repeatable: bool,
}

/// Examines components for the same hosts and in the same way.
#[derive(Debug)]
pub(super) struct Examiner<'a> {
    hosts: Vec<&'a Profile>,
    /// Whether a host that a manifest implies replaces `hosts`.
    implied: bool,
    observer: Option<(Observer, Calling)>,
}

impl<'a> Examiner<'a> {
    /// Creates an examiner that judges for `hosts`, or with `implied` for those that a manifest implies. Exports are
    /// executed only if `calling` is `Some` and this build has an engine.
    ///
    /// # Errors
    /// If the path of this program is unknown, so that it cannot start itself.
    pub(super) fn new(
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
    pub(super) fn executes(&self) -> bool {
        self.observer.is_some()
    }

    /// Whether a stored result is read faster than the component is examined.
    pub(super) fn is_worth_keeping(&self, bytes: &[u8]) -> bool {
        match &self.observer {
            // Without calls, the result changes as soon as some are stored.
            Some((observer, _)) => !observer.only_kept,
            None => bytes.len() > SMALL,
        }
    }

    /// The key of a result in [`ResultCache`]: the digest of the bytes, and everything else that affects the result.
    pub(super) fn key(&self, digest: &str, implied: Implied) -> String {
        let hosts: Vec<_> = self.hosts.iter().map(|host| &host.id).collect();
        let implied = self.implied.then_some(implied);
        let calling = self.observer.as_ref().map(|(_, calling)| calling);
        format!("{digest} {hosts:?} {implied:?} {calling:?}")
    }

    /// Analyzes one component. `text` is the path and source of its `.wat`, if any; `implied` is the host its manifest
    /// names.
    ///
    /// # Errors
    /// If the bytes are not a readable component.
    pub(super) fn examine(
        &self,
        bytes: &[u8],
        text: Option<(&str, &str)>,
        implied: Implied,
    ) -> Result<Examined, ReadError> {
        let component = Component::read(bytes)?;
        let (facts, observation) = std::thread::scope(|scope| {
            // The guest runs in another process while this one analyzes.
            let observer = self.observer.as_ref();
            let thread = observer.map(|it| scope.spawn(|| observe(it, &component)));
            let facts = Facts::of(&component);
            // A panic there is a bug, and must not look like an export that was not called.
            let observation = thread.map(|it| it.join().unwrap_or_else(|bug| resume_unwind(bug)));
            (facts, observation)
        });
        let mut findings = rules::run(&facts);
        let is_repeatable = observation.as_ref().is_none_or(exec::is_repeatable);
        let observation = observation.unwrap_or_default();
        findings.extend(rules::observe(&observation, &component));
        let mut examined = self.judge(&facts, findings, &observation, implied);
        repairable::mark(&mut examined.report, &component, &observation);
        examined.lines = lines(&component, text, &examined.report);
        examined.is_repeatable = is_repeatable;
        Ok(examined)
    }

    fn judge(
        &self,
        facts: &Facts<'_>,
        findings: Findings,
        seen: &Observation,
        implied: Implied,
    ) -> Examined {
        let findings = findings.into_sorted();
        let inventory =
            survey::with_state(facts, seen, |export| changed_answers(&findings, export));
        let exports: Vec<_> = inventory.exports.iter().map(|export| &export.name).collect();
        let implied = if self.implied { implied } else { Implied::Nothing };
        let implied = implied.hosts(&exports);
        let hosts: Vec<&Profile> = match implied.is_empty() {
            true => self.hosts.clone(),
            false => implied.iter().map(|(host, _)| host.as_ref()).collect(),
        };
        let report = Report::of(inventory, findings, seen, &hosts);
        let unanalysed = report.inventory.unanalysed.iter().map(|stage| unanalysed(stage));
        let uncalled = seen.exports.iter().filter_map(|it| skipped(it, seen));
        let skipped = unanalysed.chain(uncalled).collect();
        let called = |it: &&ObservedExport| !it.fresh.is_empty();
        Examined {
            report,
            hosts: implied.iter().map(implied_host).collect(),
            observed: seen.exports.iter().filter(called).map(ObservedCalls::from).collect(),
            made_up_imports: seen.stubbed.clone(),
            unfiltered: seen.unfiltered.clone(),
            skipped,
            lines: BTreeMap::new(),
            is_repeatable: false,
        }
    }
}

/// The source lines of all locations in the report.
fn lines(
    component: &Component<'_>,
    text: Option<(&str, &str)>,
    report: &Report,
) -> BTreeMap<Location, SourceLine> {
    let findings = report.findings.iter().map(|judged| &judged.finding);
    let locations = findings.flat_map(|it| {
        let labels = it.labels.iter().map(|label| &label.location);
        std::iter::once(&it.location).chain(labels).chain(&it.callers)
    });
    let exports = report.inventory.exports.iter();
    let locations = locations.chain(exports.filter_map(|it| it.core_function.as_ref()));
    let mut lines = match text {
        Some((path, text)) => sources::written(component, text, path, locations),
        None => sources::recorded(component, locations),
    };
    let causes = report.inventory.exports.iter().flat_map(|export| &export.causes);
    for part in causes.flat_map(|cause| &cause.parts) {
        if let (Some(location), Some(line)) = (&part.location, &part.declared) {
            lines.insert(location.clone(), line.clone());
        }
    }
    lines
}

fn implied_host((host, settings): &(Cow<'_, Profile>, HostSettings)) -> ImpliedHost {
    let settings = settings.iter().map(|(name, set)| ((*name).to_owned(), *set)).collect();
    ImpliedHost { id: host.id.clone(), settings }
}

/// What a stage of the analysis left out.
fn unanalysed(stage: &str) -> Skipped {
    let what = match stage {
        "reading" => {
            "it imports or exports more functions than its size pays for; the rest is not listed"
        }
        _ => "its instances have more items than its size pays for; the rest is unknown",
    };
    let detail = format!("not analysed: budget of {stage}: {what}");
    Skipped { reason: ANALYSIS_BUDGET.to_owned(), detail, ..Skipped::default() }
}

/// The reason of what exceeds a budget of the analysis.
const ANALYSIS_BUDGET: &str = "analysis-budget";

fn skipped(export: &ObservedExport, seen: &Observation) -> Option<Skipped> {
    let why = obstacle::of(export, seen)?;
    let export = Some(export.export.clone());
    Some(Skipped { export, reason: why.reason, detail: why.detail, ..Skipped::default() })
}

fn observe((observer, calling): &(Observer, Calling), component: &Component<'_>) -> Observation {
    observer.observe(component, |it| calling.wants(&it.name)).unwrap_or_else(|error| {
        let exports = component.exports.iter().filter(|it| calling.wants(&it.name)).map(|it| {
            let detail = format!("cannot start a process for the guest: {error}");
            ObservedExport::unseen(it.name.clone(), "crashed", detail)
        });
        Observation { exports: exports.collect(), ..Observation::default() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_live_as_long_as_checks_use_them() {
        let bytes = wat::parse_str("(component)").unwrap();
        let examiner = Examiner::new(Vec::new(), false, None).unwrap();
        let examined = examiner.examine(&bytes, None, Implied::Nothing).unwrap();
        let cache = ResultCache::default();
        let keys: Vec<_> = (0..1000).map(|it| format!("static {it}")).collect();
        keys.iter().for_each(|key| cache.put(key.clone(), &examined));
        cache.end_check();
        cache.put("calling".to_owned(), &examined);
        cache.end_check();
        assert!(keys.iter().all(|key| cache.get(key).is_some()));
        cache.end_check();
        assert!(cache.get("calling").is_some());
        cache.end_check();
        cache.end_check();
        assert!(cache.get(&keys[0]).is_none());
        cache.put("calling".to_owned(), &examined);
        cache.clear();
        assert!(cache.get("calling").is_none());
    }
}
