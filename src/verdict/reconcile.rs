//! Merges the findings of code analysis and execution, so that each cause gives one finding, at the location where it
//! happened. Calls decide, and the code explains.

use crate::finding::{Evidence, Finding, Kind};
use crate::location::Location;
use crate::observation::{Call, End, Observation, ObservedExport};
use crate::rule::Hazard;

/// How many calls on one instance have to return to refute a possible finding.
const ENOUGH: usize = 2;

const PLEASE_REPORT: &str = "please report it, with what `secondcall bug-report` prints";
const IF_IT_HOLDS: &str = "a label names the assumption; if it holds, please report the bug, with what \
                           `secondcall bug-report` prints";

/// Merges the findings of each export. If the code explains an observed failure, only that finding remains, at the
/// location of the failure. A possible finding about the code that calls refute is dropped. A certain one stays, as a bug
/// marked as refuted.
pub(crate) fn reconcile(mut findings: Vec<Finding>, observation: &Observation) -> Vec<Finding> {
    findings.sort_by(|a, b| a.export.cmp(&b.export));
    let by_name = observation.by_name();
    let exports = findings.chunk_by(|a, b| a.export == b.export).flat_map(|findings| {
        let name = findings[0].export.as_ref();
        let calls = name.and_then(|name| by_name.get(name).copied());
        let mut export = Export { findings: findings.to_vec(), calls };
        export.quote();
        export.merge_exits();
        export.merge_failures();
        export.merge_first_failures();
        export.merge_answers();
        export.drop_refuted();
        export.advise();
        export.append_words();
        export.findings
    });
    exports.collect()
}

/// The findings of one export, or of the whole component, and its calls if there were any.
struct Export<'a> {
    findings: Vec<Finding>,
    calls: Option<&'a ObservedExport>,
}

impl Export<'_> {
    fn problems(&mut self) -> impl Iterator<Item = &mut Finding> {
        self.findings.iter_mut().filter(|finding| finding.kind == Kind::Fail)
    }

    fn problem(&self, wanted: impl Fn(&Finding) -> bool) -> Option<usize> {
        self.findings.iter().position(|finding| finding.kind == Kind::Fail && wanted(finding))
    }

    fn drop(&mut self, wanted: impl Fn(&Finding) -> bool) {
        self.findings.retain(|finding| finding.kind != Kind::Fail || !wanted(finding));
    }

    /// Adds the guest's own words to observed failures.
    fn quote(&mut self) {
        let Some(calls) = self.calls else { return };
        for finding in self.problems().filter(|finding| finding.words.is_none()) {
            let hazards = [Hazard::SingleShot, Hazard::FailsFirst, Hazard::Exhaustion];
            if let Some(number) = finding.calls
                && hazards.contains(&finding.rule.metadata.hazard)
            {
                let failed = |call: &&Call| !matches!(call.end, End::Returned | End::Exited(0));
                let number = if finding.exits { 1 } else { number };
                finding.words = numbered(calls, number).filter(failed).and_then(Call::words);
            }
        }
    }

    /// An observed exit takes over the location from the code, and explains all later failures.
    fn merge_exits(&mut self) {
        if self.problem(|it| it.exits && it.calls.is_some()).is_none() {
            return;
        }
        let inferred = self.problem(|it| it.exits && it.calls.is_none());
        let inferred = inferred.map(|at| self.findings.remove(at));
        let observed = self.problem(|it| it.exits && it.calls.is_some());
        if let (Some(inferred), Some(observed)) = (inferred, observed) {
            let observed = &mut self.findings[observed];
            observed.location = inferred.location;
            observed.labels = inferred.labels;
            observed.call_path = inferred.call_path;
            observed.discriminator = inferred.discriminator;
            if inferred.evidence == Evidence::Certain {
                observed.evidence = inferred.evidence;
            }
        }
        self.drop(|it| {
            let hazard = it.rule.metadata.hazard;
            let is_failure = [Hazard::SingleShot, Hazard::Exhaustion].contains(&hazard);
            !it.exits && (is_failure || hazard == Hazard::StateBleed && !is_observed(it))
        });
    }

    /// An observed later failure is merged into the finding about the code that explains it, if there is one. Other
    /// findings about the code that a later call fails are dropped.
    fn merge_failures(&mut self) {
        let is_failure = |it: &Finding| is_single_shot(it) && is_observed(it) && !it.exits;
        let Some(observed) = self.problem(is_failure) else { return };
        let failed = self.findings[observed].clone();
        let is_cause =
            |it: &Finding, evidence| is_single_shot(it) && !it.exits && it.evidence == evidence;
        let certain = |it: &Finding| is_cause(it, Evidence::Certain) && failed.calls == Some(2);
        let possible = |it: &Finding| {
            is_cause(it, Evidence::Possible) && is_about_the_same_function(it, &failed)
        };
        let cause = self.problem(certain).or_else(|| self.problem(possible));
        if let Some(cause) = cause {
            take_over(&mut self.findings[cause], &failed);
            self.findings.remove(observed);
        }
        let kept = cause.map(|cause| cause - usize::from(observed < cause));
        let mut at = 0..;
        self.findings.retain(|it| {
            let is_cause = at.next() == kept;
            is_cause || it.kind != Kind::Fail || !is_single_shot(it) || is_observed(it)
        });
        self.drop(is_doubtful);
    }

    /// The same for a first call.
    fn merge_first_failures(&mut self) {
        let fails = |it: &Finding| it.rule.metadata.hazard == Hazard::FailsFirst;
        let Some(observed) = self.problem(|it| fails(it) && it.calls.is_some()) else { return };
        let cause = self.problem(|it| fails(it) && it.calls.is_none() && is_certain(it));
        if let Some(cause) = cause {
            let failed = self.findings[observed].clone();
            take_over(&mut self.findings[cause], &failed);
            self.findings.remove(observed);
        }
        self.drop(is_doubtful);
    }

    /// Observed answers that differ are explained by the instructions that write and read the state.
    fn merge_answers(&mut self) {
        let Some(observed) = self.problem(|it| it.answers && is_observed(it)) else { return };
        if let Some(inferred) = self.problem(|it| it.answers && !is_observed(it)) {
            let labels = std::mem::take(&mut self.findings[inferred].labels);
            self.findings[observed].labels.extend(labels);
            self.findings.remove(inferred);
        }
    }

    /// Drops findings about a second call if no first call succeeds, or if all calls return.
    fn drop_refuted(&mut self) {
        let Some(calls) = self.calls else { return };
        if calls.gets_nowhere() {
            self.drop(is_doubtful);
        }
        let ends = || calls.reused.iter().map(|reused| &reused.call.end);
        let returned = ends().filter(|end| **end == End::Returned).count();
        let exited = ends().any(|end| matches!(end, End::Exited(_)));
        if returned < ENOUGH || exited {
            return;
        }
        self.drop(is_doubtful);
        // Calls whose answers were compared and did not differ.
        let compared = self.findings.iter().any(|it| it.kind == Kind::Pass);
        let refuted = |it: &&mut Finding| {
            let is_claim = is_single_shot(it) || it.answers && compared;
            is_claim && is_certain(it) && it.calls.is_none()
        };
        for finding in self.problems().filter(refuted) {
            finding.evidence = Evidence::Possible;
            finding.refuted = true;
            let (whose, help) = match finding.assumes {
                true => ("an assumption that does not hold, or a bug of secondcall", IF_IT_HOLDS),
                false => ("a bug of secondcall", PLEASE_REPORT),
            };
            finding.message = format!(
                "{whose}: {returned} calls returned, against a proof from the code: {}",
                finding.message
            );
            help.clone_into(&mut finding.help);
        }
    }

    /// Says how many calls a host may make on an instance until it is fixed: the same number in all findings.
    fn advise(&mut self) {
        let limits = self.findings.iter().filter_map(|it| {
            let failures = [Hazard::SingleShot, Hazard::Exhaustion];
            let is_failure = it.kind == Kind::Fail
                && is_observed(it)
                && failures.contains(&it.rule.metadata.hazard);
            let failed = it.calls.filter(|_| is_failure).and_then(|calls| calls.checked_sub(1));
            failed.map(u64::from).into_iter().chain(it.at_most).min()
        });
        let Some(most) = limits.min() else { return };
        let or_fewer = match self.calls.is_some_and(|it| it.takes_values) {
            true => ", or fewer with arguments that use up more",
            false => "",
        };
        for finding in self.problems().filter(|finding| finding.at_most.is_some()) {
            finding.at_most = Some(most);
            let calls = if most == 1 { "call" } else { "calls" };
            finding.help.push_str(&format!(
                "; until then, let the host make at most {most} {calls} on an instance{or_fewer}"
            ));
        }
    }

    fn append_words(&mut self) {
        for finding in self.problems() {
            if let Some(words) = &finding.words
                && !finding.message.contains(words.as_str())
            {
                finding.message = format!("{}: {words}", finding.message);
            }
        }
    }
}

/// The call with this number on one instance; if there is none, the first call on a fresh instance.
fn numbered(calls: &ObservedExport, number: u32) -> Option<&Call> {
    let repeated = calls.repeated.as_ref().filter(|repeated| repeated.last() == number);
    let reused = (number as usize).checked_sub(1).and_then(|at| calls.reused.get(at));
    reused
        .map(|reused| &reused.call)
        .or_else(|| repeated.and_then(|repeated| repeated.failed.as_ref()).map(|it| &it.call))
        .or_else(|| calls.fresh.first().filter(|_| number == 1))
}

/// Adds to a finding about the code where and how the failure was observed.
fn take_over(finding: &mut Finding, failed: &Finding) {
    let location = &failed.location;
    if !location.path.is_empty() && *location != finding.location {
        let functions = || failed.callers.iter().chain([location]).map(|caller| &caller.path);
        let inferred = finding.location.clone();
        // Reads and stores in other functions did not lead to this failure.
        finding.labels.retain(|label| {
            label.location != inferred && functions().any(|path| *path == label.location.path)
        });
        finding.labels.extend(failed.labels.iter().cloned());
        finding.location = location.clone();
        finding.call_path.clone_from(&failed.call_path);
    }
    if is_doubtful(finding) {
        finding.evidence = Evidence::Observed;
        finding.message.clone_from(&failed.message);
    }
    finding.calls = failed.calls;
    finding.traps = failed.traps;
    finding.differs.clone_from(&failed.differs);
    finding.words.clone_from(&failed.words);
    finding.callers.clone_from(&failed.callers);
}

/// Whether an observed failure ended in a function that a finding names.
fn is_about_the_same_function(finding: &Finding, failed: &Finding) -> bool {
    let path = &failed.location.path;
    let labels = finding.labels.iter().map(|label| &label.location);
    let mut locations = labels.chain([&finding.location]);
    !path.is_empty() && locations.any(|location: &Location| location.path == *path)
}

fn is_observed(finding: &Finding) -> bool {
    finding.evidence == Evidence::Observed
}

fn is_certain(finding: &Finding) -> bool {
    finding.evidence == Evidence::Certain
}

/// Whether it is a merely possible finding about the code.
fn is_doubtful(finding: &Finding) -> bool {
    finding.evidence == Evidence::Possible && finding.calls.is_none()
}

fn is_single_shot(finding: &Finding) -> bool {
    finding.rule.metadata.hazard == Hazard::SingleShot
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::{ExportName, ItemKind, Span, Step};
    use crate::observation::ReusedCall;

    fn export() -> ExportName {
        ExportName::new(None, "tick")
    }

    fn found(hazard: Hazard, evidence: Evidence, calls: Option<u32>) -> Finding {
        Finding { calls, ..Finding::example(hazard, evidence, Some(export())) }
    }

    fn place(func: u32, at: u64) -> Location {
        let step = Step { kind: ItemKind::Func, index: func, name: None };
        Location { path: vec![step], span: Span::new(at, at + 1) }
    }

    fn at(location: Location, finding: &Finding) -> Finding {
        Finding { location, ..finding.clone() }
    }

    fn call(end: End, stderr: &str) -> Call {
        let mut call = Call::ended(end);
        stderr.clone_into(&mut call.stderr.shown);
        call
    }

    fn seen(ends: impl IntoIterator<Item = Call>) -> Observation {
        let mut export = ObservedExport::begun(export(), false);
        for call in ends {
            export.fresh = vec![call.clone()];
            let (twin, difference) = (None, None);
            export.reused.push(ReusedCall { like: 0, call, twin, difference, by_random: false });
        }
        Observation { exports: vec![export], ..Observation::default() }
    }

    fn trapped(stderr: &str) -> Call {
        let trap = crate::observation::Trap {
            message: "unreachable".to_owned(),
            frames: vec![],
            destructor: None,
        };
        call(End::Trapped(trap), stderr)
    }

    fn merged(findings: Vec<Finding>, seen: &Observation) -> Vec<(Hazard, Evidence)> {
        let merged = reconcile(findings, seen);
        merged.iter().map(|it| (it.rule.metadata.hazard, it.evidence)).collect()
    }

    #[test]
    fn a_failure_is_reported_once_where_it_happened() {
        let certain = at(place(7, 70), &found(Hazard::SingleShot, Evidence::Certain, None));
        let observed = at(place(9, 90), &found(Hazard::SingleShot, Evidence::Observed, Some(2)));
        let calls = seen([call(End::Returned, ""), trapped("panicked at src/lib.rs:9:9:\nonce\n")]);
        let agreed = reconcile(vec![certain.clone(), observed.clone()], &calls);
        let [one] = agreed.as_slice() else { panic!("{agreed:?}") };
        assert_eq!((one.evidence, one.calls), (Evidence::Certain, Some(2)));
        assert_eq!(one.location, place(9, 90));
        assert_eq!(one.words.as_deref(), Some("panicked at src/lib.rs:9:9: once"));

        let possible = found(Hazard::SingleShot, Evidence::Possible, None);
        let elsewhere = vec![at(place(7, 70), &possible), observed.clone()];
        assert_eq!(merged(elsewhere, &calls), [(Hazard::SingleShot, Evidence::Observed)]);
        let there = reconcile(vec![at(place(9, 80), &possible), observed.clone()], &calls);
        assert_eq!(there.len(), 1);
        assert_eq!((there[0].evidence, there[0].calls), (Evidence::Observed, Some(2)));

        let other = Finding { export: None, ..observed };
        assert_eq!(reconcile(vec![certain, other], &Observation::default()).len(), 2);
    }

    #[test]
    fn an_exit_explains_what_follows_from_it() {
        let exit =
            |evidence, calls| Finding { exits: true, ..found(Hazard::SingleShot, evidence, calls) };
        let echoes = [
            found(Hazard::SingleShot, Evidence::Observed, Some(2)),
            found(Hazard::StateBleed, Evidence::Possible, None),
            found(Hazard::SingleShot, Evidence::Possible, None),
        ];
        let calls = seen([call(End::Exited(0), ""), trapped("")]);
        let all = |first: &[Finding]| first.iter().chain(&echoes).cloned().collect::<Vec<_>>();
        let observed = exit(Evidence::Observed, Some(2));
        let one = |evidence| [(Hazard::SingleShot, evidence)];
        assert_eq!(merged(all(std::slice::from_ref(&observed)), &calls), one(Evidence::Observed));
        let possible = at(place(7, 70), &exit(Evidence::Possible, None));
        let both = reconcile(all(&[possible, observed.clone()]), &calls);
        assert_eq!(both.len(), 1);
        assert_eq!((both[0].evidence, &both[0].location), (Evidence::Observed, &place(7, 70)));
        let certain = exit(Evidence::Certain, None);
        assert_eq!(merged(all(&[certain, observed]), &calls), one(Evidence::Certain));
    }

    #[test]
    fn calls_that_return_refute_findings() {
        let passed =
            Finding { kind: Kind::Pass, ..found(Hazard::StateBleed, Evidence::Observed, Some(8)) };
        let possible = found(Hazard::SingleShot, Evidence::Possible, None);
        let rerun = found(Hazard::StateBleed, Evidence::Possible, None);
        let certain = found(Hazard::SingleShot, Evidence::Certain, None);
        let calls = seen([0; 8].map(|_| call(End::Returned, "")));
        let all = vec![passed.clone(), possible.clone(), rerun.clone()];
        let left = reconcile(all, &calls);
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].kind, Kind::Pass);
        // A proof that calls refute is a bug of ours, and stays to be seen.
        let [refuted] = &reconcile(vec![certain], &calls)[..] else { panic!("one is left") };
        assert_eq!(refuted.evidence, Evidence::Possible);
        assert!(refuted.refuted && refuted.message.starts_with("a bug of secondcall: 8 calls"));
        assert_eq!(refuted.help, PLEASE_REPORT);
        let assuming =
            Finding { assumes: true, ..found(Hazard::SingleShot, Evidence::Certain, None) };
        let [refuted] = &reconcile(vec![assuming], &calls)[..] else { panic!("one is left") };
        assert!(refuted.refuted && refuted.message.starts_with("an assumption that does not hold"));
        assert_eq!(refuted.help, IF_IT_HOLDS);
        let differs = found(Hazard::StateBleed, Evidence::Observed, Some(2));
        assert_eq!(reconcile(vec![differs, rerun.clone()], &calls).len(), 1);
        // Nothing was called.
        let all = vec![possible, rerun];
        assert_eq!(reconcile(all.clone(), &Observation::default()).len(), 2);
        assert_eq!(reconcile(all, &seen([])).len(), 2);
    }

    #[test]
    fn advice_agrees_with_observed_failures() {
        let leak =
            Finding { at_most: Some(500), ..found(Hazard::Leak, Evidence::Observed, Some(300)) };
        let worn = Finding {
            at_most: Some(125),
            ..found(Hazard::Exhaustion, Evidence::Observed, Some(126))
        };
        let calls = seen([call(End::Returned, "")]);
        let merged = reconcile(vec![leak.clone(), worn], &calls);
        assert!(
            merged.iter().all(|it| it.help.ends_with("at most 125 calls on an instance")),
            "{merged:?}"
        );
        assert!(
            reconcile(vec![leak], &calls)[0].help.ends_with("at most 500 calls on an instance")
        );
    }

    #[test]
    fn a_certain_first_failure_is_reported_once() {
        let certain = at(place(7, 70), &found(Hazard::FailsFirst, Evidence::Certain, None));
        let called = found(Hazard::FailsFirst, Evidence::Possible, Some(1));
        let rerun = found(Hazard::StateBleed, Evidence::Possible, None);
        let calls = seen([trapped("fatal error: all goroutines are asleep - deadlock!\n")]);
        let merged = reconcile(vec![certain, called, rerun], &calls);
        let [one] = merged.as_slice() else { panic!("{merged:?}") };
        assert_eq!((one.evidence, one.calls), (Evidence::Certain, Some(1)));
        assert!(one.words.as_deref().is_some_and(|words| words.ends_with("deadlock!")));
    }
}
