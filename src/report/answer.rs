//! How the exports of a component fare under one host: the line that a report begins with. Only what calls showed counts as
//! working.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::finding::{Evidence, Finding, Kind};
use crate::location::ExportName;
use crate::observation::{Observation, ObservedExport};
use crate::profile::Profile;
use crate::report::obstacle;
use crate::rule::Hazard;
use crate::verdict::{self, Severity, Verdict};

/// How the exports of a component fare under a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The host's id.
    pub host: String,
    /// The answer as a word.
    pub outlook: Outlook,
    /// The answer as a sentence.
    pub text: String,
    /// How many calls the host makes on an instance; empty if that does not matter.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub limits: String,
    /// The ids of the findings that it is about.
    pub findings: Vec<String>,
}

/// How the exports of a component fare under a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outlook {
    /// Calls that the host makes fail.
    Fails,
    /// Calls that the host makes leak, depend on earlier ones, or trap for some arguments.
    Affected,
    /// They may: nothing more than possible findings.
    MayFail,
    /// Nothing is known of some exports that the host calls, and nothing fails in the others.
    Unknown,
    /// All exports that the host calls were called, and nothing failed.
    NothingFailed,
    /// The host calls none of the exports.
    NotCalled,
}

/// In place of a number: the call of an export fails after calls of others.
const AFTER_OTHERS: u32 = u32::MAX;

/// What happens to an export, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Harm {
    /// It fails at this call.
    Fails(u32),
    Disturbed,
    DependsOnEarlier,
    TrapsForSome,
    Leaks,
    /// A possible finding.
    MayFail,
}

/// The answer for `host`, from all findings of a component, accepted or not.
pub(super) fn of(
    host: &Profile,
    exports: &[(&ExportName, &Verdict)],
    findings: &[(&Finding, &str)],
    seen: &Observation,
) -> Answer {
    let called: Vec<_> = exports.iter().filter(|(name, _)| host.calls(name)).copied().collect();
    let mut harms: BTreeMap<Option<&ExportName>, Harm> = BTreeMap::new();
    let mut ids = Vec::new();
    for (finding, id) in findings.iter().filter(|(finding, _)| finding.kind == Kind::Fail) {
        if let Some(harm) = harm(finding, host) {
            let worst = harms.entry(finding.export.as_ref()).or_insert(harm);
            *worst = harm.min(*worst);
            ids.push(String::from(*id));
        }
    }
    let (outlook, mut text) = match (harms.contains_key(&None), called.as_slice()) {
        (true, _) => (Outlook::Fails, "no instance can be created".to_owned()),
        (false, []) if harms.is_empty() => {
            let text = match exports {
                [] => "no function is exported",
                _ => "calls none of these exports",
            };
            (Outlook::NotCalled, text.to_owned())
        }
        (false, called) => summary(host, called, &harms, seen),
    };
    if outlook != Outlook::NotCalled && called.len() < exports.len() && !called.is_empty() {
        text += &format!("; calls {} of {} exports", called.len(), exports.len());
    }
    let is_reused = host.reuses() && outlook != Outlook::NotCalled;
    let limits = if is_reused { host.limits() } else { String::new() };
    Answer { host: host.id.clone(), outlook, text, limits, findings: ids }
}

/// What a finding means for its export under `host`; `None` if it is harmless.
fn harm(finding: &Finding, host: &Profile) -> Option<Harm> {
    let hazard = finding.rule.metadata.hazard;
    let under = |evidence| {
        verdict::of_finding(finding, evidence, host).filter(|severity| *severity > Severity::Note)
    };
    under(Evidence::Certain).filter(|_| !finding.refuted)?;
    Some(match hazard {
        _ if finding.evidence == Evidence::Possible => Harm::MayFail,
        Hazard::FailsFirst => Harm::Fails(1),
        Hazard::SingleShot | Hazard::Exhaustion => {
            let follows = finding.evidence == Evidence::Certain;
            let harmless = finding.at_most.and_then(|most| u32::try_from(most + 1).ok());
            let call = finding.calls.or(harmless.filter(|_| hazard == Hazard::Exhaustion));
            Harm::Fails(call.unwrap_or(if follows { 2 } else { AFTER_OTHERS }))
        }
        Hazard::StateBleed => Harm::DependsOnEarlier,
        Hazard::Poisoning => Harm::TrapsForSome,
        Hazard::Race => Harm::Disturbed,
        Hazard::Leak => Harm::Leaks,
    })
}

/// The answer on exports that the host calls, by what happens to them.
fn summary(
    host: &Profile,
    called: &[(&ExportName, &Verdict)],
    harms: &BTreeMap<Option<&ExportName>, Harm>,
    seen: &Observation,
) -> (Outlook, String) {
    let by_name = seen.by_name();
    // On a fresh instance, a first call that returns is all there is to show.
    let passed = |(name, verdict): &&(&ExportName, &Verdict)| match host.reuses() {
        true => matches!(verdict, Verdict::ReusableObserved(_) | Verdict::StatelessProven),
        false => by_name.get(*name).is_some_and(|seen| seen.succeeded() > 0),
    };
    let unharmed = called.iter().filter(|(name, _)| !harms.contains_key(&Some(*name)));
    let (passed, unknown): (Vec<_>, Vec<_>) = unharmed.partition(passed);
    let outlook = match harms.values().min() {
        Some(Harm::Fails(_) | Harm::Disturbed) => Outlook::Fails,
        Some(Harm::MayFail) => Outlook::MayFail,
        Some(_) => Outlook::Affected,
        None if unknown.is_empty() => Outlook::NothingFailed,
        None => Outlook::Unknown,
    };
    let mut parts = counted(harms.values());
    let why = why(&unknown, seen);
    let whose = exports(unknown.len());
    if !host.reuses() {
        let for_some = |it: &&ObservedExport| (1..it.fresh.len()).contains(&it.succeeded());
        let trapping = seen.exports.iter().filter(for_some).filter(|it| host.calls(&it.export));
        match (trapping.count(), unknown.len()) {
            _ if !parts.is_empty() => {}
            (0, 0) => parts.push("nothing fails".to_owned()),
            (0, _) => parts.push("no later call fails".to_owned()),
            (some, _) => {
                let verb = if some == 1 { "traps" } else { "trap" };
                let some = exports(some);
                parts.push(format!("{some} {verb} for some arguments, which harms no other call"));
            }
        }
        let fresh = if harms.is_empty() { ": every call gets a fresh instance" } else { "" };
        let mut text = format!("{}{fresh}", parts.join(", "));
        if !unknown.is_empty() {
            let of =
                if unknown.len() == called.len() { String::new() } else { format!(" of {whose}") };
            text += &format!("; first call{of} unknown{why}");
        }
        return (outlook, text);
    }
    let calls = passed.iter().filter_map(|(_, verdict)| match verdict {
        Verdict::ReusableObserved(calls) => Some(*calls),
        _ => None,
    });
    let calls = calls.min();
    if let (true, Some(calls)) = (parts.is_empty(), calls) {
        let of = if unknown.is_empty() {
            String::new()
        } else {
            format!(" of {}", exports(passed.len()))
        };
        parts.push(format!("nothing failed in {calls} calls{of}"));
    } else if parts.is_empty() && !passed.is_empty() {
        let verb = if passed.len() == 1 { "is" } else { "are" };
        parts.push(format!("{} {verb} proven stateless", exports(passed.len())));
    }
    let nowhere = |(name, _): &&(&ExportName, &Verdict)| {
        let later = matches!(harms.get(&Some(*name)), Some(Harm::Fails(call)) if *call > 1);
        later && by_name.get(*name).is_some_and(|seen| seen.gets_nowhere())
    };
    let nowhere: Vec<_> = called.iter().filter(nowhere).collect();
    if !nowhere.is_empty() {
        let of = if nowhere.len() == called.len() {
            String::new()
        } else {
            format!(" of {}", exports(nowhere.len()))
        };
        parts.push(format!("first call{of} unknown{}", self::why(&nowhere, seen)));
    }
    if !unknown.is_empty() {
        let is_alone = parts.is_empty() && unknown.len() == called.len();
        let text = if is_alone { "unknown".to_owned() } else { format!("{whose} unknown") };
        parts.push(format!("{text}{why}"));
    }
    (outlook, parts.join(", "))
}

/// Why nothing is known of these exports; empty if for different reasons.
fn why(unknown: &[&(&ExportName, &Verdict)], seen: &Observation) -> String {
    if seen.exports.is_empty() {
        return ": nothing was executed".to_owned();
    }
    let names: FxHashSet<_> = unknown.iter().map(|(name, _)| *name).collect();
    let observed = seen.exports.iter().filter(|it| names.contains(&it.export));
    let reasons = observed.filter_map(|it| obstacle::of(it, seen)).map(|it| it.reason);
    match reasons.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().as_slice() {
        [reason] => format!(": {reason}"),
        _ => String::new(),
    }
}

fn exports(number: usize) -> String {
    format!("{number} export{}", if number == 1 { "" } else { "s" })
}

/// `2 exports fail at call 2`, `1 leaks`.
fn counted<'a>(harms: impl Iterator<Item = &'a Harm>) -> Vec<String> {
    let mut groups: BTreeMap<Harm, Vec<u32>> = BTreeMap::new();
    for harm in harms {
        match *harm {
            Harm::Fails(call) if call > 1 => groups.entry(Harm::Fails(2)).or_default().push(call),
            harm => groups.entry(harm).or_default().push(1),
        }
    }
    let mut parts = Vec::new();
    for (harm, calls) in groups {
        let s = if calls.len() == 1 { "s" } else { "" };
        let (first, last) = (calls.iter().min(), calls.iter().max());
        let verb = match (harm, first) {
            (Harm::Fails(_), Some(&AFTER_OTHERS)) => format!("fail{s} after calls of others"),
            (Harm::Fails(_), Some(call)) if first == last => format!("fail{s} at call {call}"),
            (Harm::Fails(_), first) => {
                format!("fail{s} at call {} or later", first.copied().unwrap_or(2))
            }
            (Harm::DependsOnEarlier, _) => format!("depend{s} on earlier calls"),
            (Harm::TrapsForSome, _) => format!("trap{s} for some arguments"),
            (Harm::Disturbed, _) => format!("fail{s} when calls overlap"),
            (Harm::Leaks, _) => format!("leak{s}"),
            (Harm::MayFail, _) => "may fail".to_owned(),
        };
        let number = if parts.is_empty() { exports(calls.len()) } else { calls.len().to_string() };
        parts.push(format!("{number} {verb}"));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer of `host` on exports with these verdicts and findings of these hazards, all without calls.
    fn text(host: &str, verdicts: &[Verdict], hazards: &[(usize, Hazard, Evidence)]) -> String {
        let names: Vec<_> = (0..verdicts.len())
            .map(|it| ExportName::new(Some("wasi:http/handler@0.3.0"), &format!("f{it}")))
            .collect();
        let exports: Vec<_> = names.iter().zip(verdicts).collect();
        let findings: Vec<_> = hazards
            .iter()
            .map(|(it, hazard, evidence)| {
                Finding::example(*hazard, *evidence, Some(names[*it].clone()))
            })
            .collect();
        let findings: Vec<_> = findings.iter().map(|it| (it, "0")).collect();
        let host = Profile::by_id(host).unwrap();
        let Answer { outlook, text, limits, .. } =
            of(host, &exports, &findings, &Observation::default());
        format!("{outlook:?}: {text} ({limits})")
    }

    #[test]
    fn only_what_was_shown_is_said() {
        use Evidence::{Certain, Observed, Possible};
        use Hazard::{FailsFirst, Leak, Race, SingleShot};
        use Verdict::{BreaksAfter, ReusableObserved, Unknown};
        let limits = "up to 128 calls on an instance, 16 at once";
        let table = [
            ("spin-p3", vec![Unknown], vec![], format!("Unknown: unknown: nothing was executed ({limits})")),
            (
                "spin-p3",
                vec![ReusableObserved(8), ReusableObserved(8)],
                vec![],
                format!("NothingFailed: nothing failed in 8 calls ({limits})"),
            ),
            (
                "spin-p3",
                vec![ReusableObserved(8), Unknown],
                vec![(1, SingleShot, Possible)],
                format!("MayFail: 1 export may fail ({limits})"),
            ),
            (
                "spin-p3",
                vec![BreaksAfter(2), BreaksAfter(2), ReusableObserved(8), Unknown],
                vec![
                    (0, SingleShot, Certain),
                    (1, SingleShot, Certain),
                    (1, Leak, Observed),
                    (2, Leak, Observed),
                ],
                format!(
                    "Fails: 2 exports fail at call 2, 1 leaks, 1 export unknown: nothing was executed ({limits})"
                ),
            ),
            (
                "spin-p3",
                vec![Unknown],
                vec![(0, Race, Observed)],
                format!("Fails: 1 export fails when calls overlap ({limits})"),
            ),
            (
                "spin-p3",
                vec![Unknown],
                vec![(0, FailsFirst, Certain)],
                format!("Fails: 1 export fails at call 1 ({limits})"),
            ),
            (
                "wasmcloud-2",
                vec![Unknown],
                vec![(0, SingleShot, Certain)],
                "Unknown: no later call fails: every call gets a fresh instance; first call unknown: \
                 nothing was executed ()"
                    .to_owned(),
            ),
            ("spin-p2", vec![Unknown], vec![], "NotCalled: calls none of these exports ()".to_owned()),
            ("spin-p3", vec![], vec![], "NotCalled: no function is exported ()".to_owned()),
        ];
        for (host, verdicts, hazards, expected) in table {
            assert_eq!(text(host, &verdicts, &hazards), expected);
        }
    }
}
