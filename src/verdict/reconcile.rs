//! Brings together what the code says of an export and what calls of it did: one finding for one cause, at the place
//! where it happened. What calls did decides; what the code says explains.

use crate::finding::{Evidence, Finding, Kind};
use crate::location::{ExportName, Location};
use crate::observation::{Call, End, Observation, ObservedExport};
use crate::rule::Hazard;

/// Calls on one instance that contradict what only may be.
const ENOUGH: usize = 2;

/// Brings together what the code says and what happened. An observed failure that the code explains is told once, by
/// the finding that explains it and at the place where it was observed. One that follows from the code alone is told
/// only where calls leave it open.
pub fn reconcile(findings: Vec<Finding>, seen: &Observation) -> Vec<Finding> {
    let mut exports: Vec<&Option<ExportName>> = Vec::new();
    for finding in &findings {
        if !exports.contains(&&finding.export) {
            exports.push(&finding.export);
        }
    }
    let mut told: Vec<Option<Finding>> = findings.iter().cloned().map(Some).collect();
    for export in exports {
        let of_it = (0..findings.len()).filter(|at| findings[*at].export == *export);
        let calls = seen.exports.iter().find(|it| export.as_ref() == Some(&it.export));
        let mut one = OneExport { told: &mut told, of_it: of_it.collect(), calls };
        one.quote();
        one.exits();
        one.failures();
        one.first_failures();
        one.doubts();
        one.advice();
        one.say();
    }
    told.into_iter().flatten().collect()
}

/// The findings of one export, and its calls if there were any.
struct OneExport<'a> {
    told: &'a mut [Option<Finding>],
    of_it: Vec<usize>,
    calls: Option<&'a ObservedExport>,
}

impl OneExport<'_> {
    /// Those findings that are bad news of this kind, by their index.
    fn bad(&self, wanted: impl Fn(&Finding) -> bool) -> Vec<usize> {
        let is_wanted =
            |it: &&usize| self.get(**it).is_some_and(|it| it.kind == Kind::Fail && wanted(it));
        self.of_it.iter().filter(is_wanted).copied().collect()
    }

    fn get(&self, at: usize) -> Option<&Finding> {
        self.told[at].as_ref()
    }

    fn drop(&mut self, wanted: impl Fn(&Finding) -> bool) {
        for at in self.bad(wanted) {
            self.told[at] = None;
        }
    }

    /// Gives each failure that was observed the guest's own words.
    fn quote(&mut self) {
        let Some(calls) = self.calls else { return };
        let fails = |it: &Finding| {
            let hazards = [Hazard::SingleShot, Hazard::FailsFirst, Hazard::Exhaustion];
            it.words.is_none() && hazards.contains(&it.rule.metadata.hazard)
        };
        for at in self.bad(fails) {
            if let Some(finding) = &mut self.told[at]
                && let Some(number) = finding.calls
            {
                let ended = |call: &&Call| !matches!(call.end, End::Returned | End::Exited(0));
                let number = if finding.exits { 1 } else { number };
                finding.words = numbered(calls, number).filter(ended).and_then(Call::words);
            }
        }
    }

    /// An exit that was observed explains that the instance is gone, and all that follows from it.
    fn exits(&mut self) {
        let Some(observed) = self.bad(|it| it.exits && it.calls.is_some()).first().copied() else {
            return;
        };
        let inferred = self.bad(|it| it.exits && it.calls.is_none()).first().copied();
        if let Some(inferred) = inferred.and_then(|at| self.told[at].take())
            && let Some(finding) = &mut self.told[observed]
        {
            finding.location = inferred.location;
            finding.labels = inferred.labels;
            finding.call_path = inferred.call_path;
            finding.discriminator = inferred.discriminator;
            if inferred.evidence == Evidence::Certain {
                finding.evidence = inferred.evidence;
            }
        }
        self.drop(|it| {
            let hazard = it.rule.metadata.hazard;
            let failure = [Hazard::SingleShot, Hazard::Exhaustion].contains(&hazard);
            !it.exits && (failure || hazard == Hazard::StateBleed && !is_observed(it))
        });
    }

    /// A later call that failed is told by the finding that foretold it, if there is one.
    fn failures(&mut self) {
        let observed = self.bad(|it| is_single_shot(it) && is_observed(it) && !it.exits);
        let Some(failed) = observed.first().and_then(|at| self.get(*at)).cloned() else { return };
        let foretold = |it: &Finding| is_single_shot(it) && !is_observed(it) && !it.exits;
        let explains = |it: &Finding| match it.evidence {
            Evidence::Certain => failed.calls == Some(2),
            _ => in_same_function(it, &failed),
        };
        let sure = self.bad(|it| foretold(it) && explains(it) && is_certain(it));
        let likely = self.bad(|it| foretold(it) && explains(it));
        if let Some(cause) = sure.first().or(likely.first()).copied() {
            if let Some(finding) = &mut self.told[cause] {
                happened(finding, &failed);
            }
            self.told[observed[0]] = None;
        }
        let told = sure.first().or(likely.first()).copied();
        for at in self.bad(|it| is_single_shot(it) && !is_observed(it)) {
            if Some(at) != told {
                self.told[at] = None;
            }
        }
        // What the code says of a second call is no news beside how it ended.
        self.drop(is_doubtful);
    }

    /// The same for a first call.
    fn first_failures(&mut self) {
        let fails = |it: &Finding| it.rule.metadata.hazard == Hazard::FailsFirst;
        let failed = self.bad(|it| fails(it) && it.calls.is_some());
        let Some(failed) = failed.first().copied() else { return };
        let certain = self.bad(|it| fails(it) && it.calls.is_none() && is_certain(it));
        if let Some(cause) = certain.first().copied()
            && let Some(failed) = self.told[failed].take()
            && let Some(finding) = &mut self.told[cause]
        {
            happened(finding, &failed);
        }
        // What a second call may do is no news where not even the first succeeds.
        self.drop(is_doubtful);
    }

    /// What the code says of a second call is not told of an export whose calls all returned.
    fn doubts(&mut self) {
        let Some(calls) = self.calls else { return };
        if calls.gets_nowhere() {
            self.drop(is_doubtful);
        }
        let returned = calls.reused.iter().filter(|it| it.call.end == End::Returned).count();
        let exited = calls.reused.iter().any(|it| matches!(it.call.end, End::Exited(_)));
        if returned < ENOUGH || exited {
            return;
        }
        self.drop(is_doubtful);
        self.drop(|it| is_single_shot(it) && is_certain(it) && it.calls.is_none());
    }

    /// Lets the guest's words end the message.
    fn say(&mut self) {
        for at in self.bad(|it| it.words.is_some()) {
            if let Some(finding) = &mut self.told[at]
                && let Some(words) = &finding.words
                && !finding.message.contains(words.as_str())
            {
                finding.message = format!("{}: {words}", finding.message);
            }
        }
    }

    /// Says how many calls a host may give an instance meanwhile: the same number wherever it is said.
    fn advice(&mut self) {
        let failed = self.bad(|it| {
            is_observed(it)
                && matches!(it.rule.metadata.hazard, Hazard::SingleShot | Hazard::Exhaustion)
        });
        let failed = failed.iter().filter_map(|at| u64::from(self.get(*at)?.calls?).checked_sub(1));
        let estimated = self.of_it.iter().filter_map(|at| self.get(*at)?.at_most);
        let Some(most) = failed.chain(estimated).min() else { return };
        for at in self.bad(|it| it.at_most.is_some()) {
            if let Some(finding) = &mut self.told[at] {
                finding.at_most = Some(most);
                let calls = if most == 1 { "call" } else { "calls" };
                finding.help.push_str(&format!(
                    "; until then, let the host give an instance at most {most} {calls}"
                ));
            }
        }
    }
}

/// The call with this number on one instance; of an export without one, the call on a fresh instance.
fn numbered(calls: &ObservedExport, number: u32) -> Option<&Call> {
    let repeated = calls.repeated.as_ref().filter(|it| it.last() == number);
    let reused = (number as usize).checked_sub(1).and_then(|at| calls.reused.get(at));
    reused
        .map(|it| &it.call)
        .or_else(|| repeated.and_then(|it| it.failed.as_ref()).map(|it| &it.call))
        .or_else(|| calls.fresh.first().filter(|_| number == 1))
}

/// Takes over where and how it happened.
fn happened(finding: &mut Finding, failed: &Finding) {
    let place = &failed.location;
    if !place.path.is_empty() && *place != finding.location {
        let path = || failed.callers.iter().chain([place]).map(|it| &it.path);
        let foretold = finding.location.clone();
        // What was read and set elsewhere decided something else.
        finding.labels.retain(|label| {
            label.location != foretold && path().any(|path| *path == label.location.path)
        });
        finding.labels.extend(failed.labels.iter().cloned());
        finding.location = place.clone();
        finding.call_path.clone_from(&failed.call_path);
    }
    if is_doubtful(finding) {
        finding.evidence = Evidence::Observed;
        finding.message.clone_from(&failed.message);
    }
    finding.calls = failed.calls;
    finding.words.clone_from(&failed.words);
    finding.callers.clone_from(&failed.callers);
}

/// Whether an observed failure ended in a function that the finding speaks of.
fn in_same_function(finding: &Finding, failed: &Finding) -> bool {
    let path = &failed.location.path;
    let labels = finding.labels.iter().map(|label| &label.location);
    let mut places: Vec<&Location> = labels.collect();
    places.push(&finding.location);
    !path.is_empty() && places.iter().any(|it| it.path == *path)
}

fn is_observed(finding: &Finding) -> bool {
    finding.evidence == Evidence::Observed
}

fn is_certain(finding: &Finding) -> bool {
    finding.evidence == Evidence::Certain
}

/// Whether it follows from the code, and only may be so.
fn is_doubtful(finding: &Finding) -> bool {
    finding.evidence == Evidence::Possible && finding.calls.is_none()
}

fn is_single_shot(finding: &Finding) -> bool {
    finding.rule.metadata.hazard == Hazard::SingleShot
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::{ItemKind, Span, Step};
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
        let mut call = Call {
            arguments: String::new(),
            argument_bytes: 0,
            played: None,
            end,
            answer: Default::default(),
            stdout: Default::default(),
            stderr: Default::default(),
            host_calls: Default::default(),
            holds: Default::default(),
            fuel: 0,
        };
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

    fn told(findings: Vec<Finding>, seen: &Observation) -> Vec<(Hazard, Evidence)> {
        let told = reconcile(findings, seen);
        told.iter().map(|it| (it.rule.metadata.hazard, it.evidence)).collect()
    }

    #[test]
    fn a_failure_is_told_once_and_where_it_happened() {
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
        assert_eq!(told(elsewhere, &calls), [(Hazard::SingleShot, Evidence::Observed)]);
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
        assert_eq!(told(all(std::slice::from_ref(&observed)), &calls), one(Evidence::Observed));
        let possible = at(place(7, 70), &exit(Evidence::Possible, None));
        let both = reconcile(all(&[possible, observed.clone()]), &calls);
        assert_eq!(both.len(), 1);
        assert_eq!((both[0].evidence, &both[0].location), (Evidence::Observed, &place(7, 70)));
        let certain = exit(Evidence::Certain, None);
        assert_eq!(told(all(&[certain, observed]), &calls), one(Evidence::Certain));
    }

    #[test]
    fn doubts_end_where_calls_returned() {
        let passed =
            Finding { kind: Kind::Pass, ..found(Hazard::StateBleed, Evidence::Observed, Some(8)) };
        let possible = found(Hazard::SingleShot, Evidence::Possible, None);
        let rerun = found(Hazard::StateBleed, Evidence::Possible, None);
        let certain = found(Hazard::SingleShot, Evidence::Certain, None);
        let calls = seen([0; 8].map(|_| call(End::Returned, "")));
        let all = vec![passed.clone(), possible.clone(), rerun.clone(), certain];
        let left = reconcile(all, &calls);
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].kind, Kind::Pass);
        let differs = found(Hazard::StateBleed, Evidence::Observed, Some(2));
        assert_eq!(reconcile(vec![differs, rerun.clone()], &calls).len(), 1);
        // Nothing was called.
        let all = vec![possible, rerun];
        assert_eq!(reconcile(all.clone(), &Observation::default()).len(), 2);
        assert_eq!(reconcile(all, &seen([])).len(), 2);
    }

    #[test]
    fn advice_agrees_with_what_happened() {
        let leak =
            Finding { at_most: Some(500), ..found(Hazard::Leak, Evidence::Observed, Some(300)) };
        let worn = Finding {
            at_most: Some(125),
            ..found(Hazard::Exhaustion, Evidence::Observed, Some(126))
        };
        let calls = seen([call(End::Returned, "")]);
        let told = reconcile(vec![leak.clone(), worn], &calls);
        assert!(told.iter().all(|it| it.help.ends_with("at most 125 calls")), "{told:?}");
        assert!(reconcile(vec![leak], &calls)[0].help.ends_with("at most 500 calls"));
    }

    #[test]
    fn a_certain_first_failure_is_told_once() {
        let certain = at(place(7, 70), &found(Hazard::FailsFirst, Evidence::Certain, None));
        let called = found(Hazard::FailsFirst, Evidence::Possible, Some(1));
        let rerun = found(Hazard::StateBleed, Evidence::Possible, None);
        let calls = seen([trapped("fatal error: all goroutines are asleep - deadlock!\n")]);
        let told = reconcile(vec![certain, called, rerun], &calls);
        let [one] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!((one.evidence, one.calls), (Evidence::Certain, Some(1)));
        assert!(one.words.as_deref().is_some_and(|words| words.ends_with("deadlock!")));
    }
}
