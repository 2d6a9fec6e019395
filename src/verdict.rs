//! The severity of a hazard under a host, and the verdict of an export from its findings. Reads no bytes.

mod causes;
mod first_calls;
mod leftovers;
mod overlap;
mod proofs;
mod reconcile;
mod suspects;

use serde::{Deserialize, Serialize};

use crate::finding::{Evidence, Finding, Kind};
use crate::location::ExportName;
use crate::profile::{OnTrap, Profile};
use crate::rule::Hazard;

pub(crate) use self::causes::{by_name, cause_of, label_causes, verb};
pub(crate) use self::first_calls::name_failed_first_calls;
pub(crate) use self::leftovers::name_leftovers;
use self::overlap::{knob, never_overlap};
pub(crate) use self::proofs::refute_proofs;
pub(crate) use self::reconcile::reconcile;
pub(crate) use self::suspects::name_suspects;

/// How much a finding matters under the chosen hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Fails in a use that the host allows.
    Warning,
    /// Fails in the use that the host makes of it.
    Error,
}

/// What is known about later calls of an export. Nothing is called safe because nothing was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", content = "verdict_calls", rename_all = "snake_case")]
pub enum Verdict {
    /// The first call may succeed, the second cannot.
    SingleShot,
    /// The call with this number failed on a reused instance where a fresh one succeeds.
    BreaksAfter(u32),
    /// Answers differ between a reused and a fresh instance.
    Stateful,
    /// This many calls on one instance matched as many calls on fresh instances.
    ReusableObserved(u32),
    /// No earlier call can change what it answers, by a proof from the code.
    StatelessProven,
    /// None of these is known.
    Unknown,
}

/// What a finding means for the hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// The worst severity under the chosen hosts; a note if none of them calls the export.
    pub(crate) severity: Severity,
    /// Ids of the known hosts that its hazard concerns, whatever its evidence.
    pub(crate) fails: Vec<String>,
    /// Ids of the known hosts that call the export and that its hazard does not concern.
    pub(crate) harmless: Vec<String>,
    /// Why it has this severity: that of the first chosen host with the worst one; empty for good news.
    pub(crate) reason: String,
    /// The settings of chosen hosts that remove the hazard: (host id, value to type).
    pub(crate) knobs: Vec<(String, String)>,
    /// What a trap ends under chosen hosts that it concerns: (host id, words); empty if no call traps.
    pub(crate) traps: Vec<(String, String)>,
}

/// How much a hazard of `export` matters under `profile`; `None` if this host does not call that export. If `export` is
/// `None`, it is a hazard of the whole component, for every host that runs components.
pub(crate) fn severity(
    hazard: Hazard,
    evidence: Evidence,
    kind: Kind,
    export: Option<&ExportName>,
    profile: &Profile,
) -> Option<Severity> {
    let called = match export {
        Some(export) => {
            profile.calls(export) || hazard == Hazard::Poisoning && keeps(profile, export)
        }
        None => !profile.entrypoints.is_empty(),
    };
    called.then(|| match (kind, evidence, hazard) {
        (Kind::Pass, _, _) => Severity::Note,
        (Kind::Fail, Evidence::Possible, Hazard::FailsFirst) => Severity::Warning,
        (Kind::Fail, Evidence::Possible, _) => Severity::Note,
        (Kind::Fail, Evidence::Certain | Evidence::Observed, _) => worst(hazard, export, profile),
    })
}

/// The same for a finding that has this evidence. Calls that overlap concern only hosts that let so many calls of these
/// exports overlap.
pub(crate) fn of_finding(
    finding: &Finding,
    evidence: Evidence,
    profile: &Profile,
) -> Option<Severity> {
    let hazard = finding.rule.metadata.hazard;
    let severity = severity(hazard, evidence, finding.kind, finding.export.as_ref(), profile)?;
    Some(if never_overlap(finding, profile).is_some() { Severity::Note } else { severity })
}

/// Judges a finding: its severity under the `chosen` hosts, and what it means for every known host.
pub(crate) fn judge(finding: &Finding, chosen: &[&Profile]) -> Judgement {
    let hazard = finding.rule.metadata.hazard;
    let concerned = |profile: &Profile| {
        of_finding(finding, Evidence::Certain, profile).map(|severity| severity > Severity::Note)
    };
    let known = |wanted: bool| {
        // A chosen host may have settings of its own.
        Profile::all()
            .iter()
            .map(|known| chosen.iter().copied().find(|it| it.id == known.id).unwrap_or(known))
            .filter(|profile| !profile.is_spec() && finding.kind == Kind::Fail && !finding.refuted)
            .filter(|profile| concerned(profile) == Some(wanted))
            .map(|profile| profile.id.clone())
            .collect()
    };
    let concerned_hosts =
        || chosen.iter().filter(|it| !finding.refuted && concerned(it) == Some(true));
    // A fresh instance for each call does not help if the first call fails.
    let knobs = concerned_hosts()
        .filter(|_| hazard != Hazard::FailsFirst)
        .filter_map(|profile| Some((profile.id.clone(), knob(finding, profile)?)))
        .collect();
    let traps = concerned_hosts()
        .filter(|_| finding.traps)
        .filter_map(|profile| Some((profile.id.clone(), profile.lost_by_trap()?)))
        .collect();
    let under = |profile: &&Profile| of_finding(finding, finding.evidence, profile);
    // `max_by_key` takes the last of several.
    let worst = chosen.iter().rev().max_by_key(|profile| under(profile));
    let severity = worst.and_then(under).unwrap_or(Severity::Note);
    let reason = match (chosen, worst) {
        ([_, _, ..], Some(worst)) if under(worst).is_none() => {
            "none of the chosen hosts calls this export".to_owned()
        }
        (_, Some(worst)) => reason(finding, worst),
        (_, None) => String::new(),
    };
    Judgement { severity, reason, fails: known(true), harmless: known(false), knobs, traps }
}

/// The verdict of one export from its findings, and its evidence. Possible findings decide nothing, and observed ones take
/// precedence over those about the code. `stateless`: whether it is proven that no earlier call can influence it. A verdict is about the calls that were asked for; a failure after many more
/// decides only if these showed nothing.
pub(crate) fn of_export<'a>(
    findings: impl IntoIterator<Item = &'a Finding>,
    stateless: bool,
) -> (Verdict, Option<Evidence>) {
    let findings: Vec<_> = findings.into_iter().collect();
    let found = |kind, hazard, evidence| {
        findings.iter().find(|it| {
            it.kind == kind && it.rule.metadata.hazard == hazard && it.evidence == evidence
        })
    };
    let verdict = if let Some(it) = found(Kind::Fail, Hazard::SingleShot, Evidence::Observed) {
        match it.calls {
            Some(2) => Verdict::SingleShot,
            calls => Verdict::BreaksAfter(calls.unwrap_or(2)),
        }
    } else if found(Kind::Fail, Hazard::StateBleed, Evidence::Observed).is_some() {
        Verdict::Stateful
    } else if let Some(calls) =
        found(Kind::Fail, Hazard::Exhaustion, Evidence::Observed).and_then(|it| it.calls)
    {
        Verdict::BreaksAfter(calls)
    } else if stateless && !findings.iter().any(|it| proofs::refutes(it)) {
        return (Verdict::StatelessProven, Some(Evidence::Certain));
    } else if let Some(it) = found(Kind::Pass, Hazard::StateBleed, Evidence::Observed) {
        Verdict::ReusableObserved(it.calls.unwrap_or_default())
    } else if found(Kind::Fail, Hazard::SingleShot, Evidence::Certain).is_some() {
        return (Verdict::SingleShot, Some(Evidence::Certain));
    } else if findings.iter().any(|it| it.answers && it.evidence == Evidence::Certain) {
        return (Verdict::Stateful, Some(Evidence::Certain));
    } else {
        return (Verdict::Unknown, None);
    };
    (verdict, Some(Evidence::Observed))
}

/// The severity of a certain hazard under a host that calls the export.
fn worst(hazard: Hazard, export: Option<&ExportName>, profile: &Profile) -> Severity {
    let reuse = |severity| {
        if profile.reuses() { severity } else { Severity::Note }
    };
    match hazard {
        Hazard::FailsFirst => Severity::Error,
        Hazard::SingleShot if profile.is_spec() && export.is_some_and(once_by_convention) => {
            Severity::Warning
        }
        Hazard::SingleShot | Hazard::Exhaustion => reuse(Severity::Error),
        Hazard::Leak | Hazard::StateBleed | Hazard::Poisoning => reuse(Severity::Warning),
        Hazard::Race if profile.concurrent_max == Some(1) => Severity::Note,
        Hazard::Race => reuse(Severity::Error),
    }
}

/// Why `finding` matters under `profile` as much as it does.
fn reason(finding: &Finding, profile: &Profile) -> String {
    let id = &profile.id;
    let (hazard, export) = (finding.rule.metadata.hazard, finding.export.as_ref());
    if of_finding(finding, finding.evidence, profile).is_none() {
        return match export {
            Some(_) => format!("{id} does not call this export"),
            None => format!("{id} does not run components"),
        };
    }
    match (finding.evidence, hazard) {
        (_, _) if finding.kind == Kind::Pass => String::new(),
        (_, Hazard::Race) if never_overlap(finding, profile).is_some() => {
            never_overlap(finding, profile).unwrap_or_default()
        }
        (_, Hazard::FailsFirst) => {
            "a fresh instance fails, too, so it does on every host".to_owned()
        }
        (_, _) if !profile.reuses() => format!("{id} gives every call a fresh instance"),
        (Evidence::Possible, _) if finding.refuted => "calls refute it".to_owned(),
        (Evidence::Possible, _) => "it is possible, and was not seen".to_owned(),
        (_, Hazard::SingleShot) if profile.is_spec() && export.is_some_and(once_by_convention) => {
            "by convention, hosts call it once, but no specification says so".to_owned()
        }
        _ => format!("{id} makes {}", profile.limits()),
    }
}

/// Whether a trap in `export` would end an instance that this host keeps for ever. The functions that it calls grow with
/// each version of its world; a function of the root may be among the next ones.
fn keeps(profile: &Profile, export: &ExportName) -> bool {
    profile.on_trap == OnTrap::PoisonForever
        && export.interface().is_none()
        && profile.entrypoints.iter().any(|it| !it.contains('/'))
}

/// No specification says that `wasi:cli/run` is called once, but every host does so.
fn once_by_convention(export: &ExportName) -> bool {
    export.interface() == Some("wasi:cli/run")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "wasi:cli/run@0.2.6";
    const HANDLE_P2: &str = "wasi:http/incoming-handler@0.2.6";
    const HANDLE_P3: &str = "wasi:http/handler@0.3.0";

    fn export(interface: &str) -> ExportName {
        match interface {
            "" => ExportName::new(None, "tick"),
            _ => ExportName::new(Some(interface), "f"),
        }
    }

    #[test]
    fn hazard_times_host() {
        use Evidence::{Certain, Observed, Possible};
        use Hazard::{FailsFirst, Leak, Poisoning, Race, SingleShot, StateBleed};
        use Severity::{Error, Note, Warning};
        let table = [
            (SingleShot, Certain, RUN, "spec", Some(Warning)),
            (SingleShot, Certain, HANDLE_P2, "spec", Some(Error)),
            (SingleShot, Observed, HANDLE_P3, "spec", Some(Error)),
            (SingleShot, Certain, "", "spec", Some(Error)),
            (SingleShot, Possible, "", "spec", Some(Note)),
            (Leak, Certain, "", "spec", Some(Warning)),
            (Race, Certain, HANDLE_P3, "spec", Some(Note)),
            (SingleShot, Certain, RUN, "wasmtime-run", Some(Note)),
            (FailsFirst, Certain, RUN, "wasmtime-run", Some(Error)),
            (FailsFirst, Possible, RUN, "wasmtime-run", Some(Warning)),
            (SingleShot, Certain, RUN, "jco-transpiled", Some(Error)),
            (SingleShot, Certain, RUN, "jco-serve", None),
            (SingleShot, Certain, HANDLE_P2, "wasmtime-serve-p2", Some(Note)),
            (Leak, Certain, HANDLE_P2, "wasmtime-serve-p2", Some(Note)),
            (SingleShot, Certain, HANDLE_P2, "wasmtime-serve-p3", None),
            (SingleShot, Certain, HANDLE_P3, "wasmtime-serve-p3", Some(Error)),
            (StateBleed, Observed, HANDLE_P3, "wasmtime-serve-p3", Some(Warning)),
            (Poisoning, Certain, HANDLE_P3, "wasmtime-serve-p3", Some(Warning)),
            (Race, Certain, HANDLE_P3, "wasmtime-serve-p3", Some(Error)),
            (Race, Possible, HANDLE_P3, "wasmtime-serve-p3", Some(Note)),
            (Race, Certain, HANDLE_P3, "wasmcloud-2-pooled", Some(Note)),
            (SingleShot, Certain, HANDLE_P3, "wasmcloud-2-pooled", Some(Error)),
            (SingleShot, Certain, "", "extism", None),
        ];
        for (hazard, evidence, interface, host, expected) in table {
            let profile = Profile::by_id(host).unwrap();
            let name = export(interface);
            assert_eq!(
                severity(hazard, evidence, Kind::Fail, Some(&name), profile),
                expected,
                "{hazard} {evidence:?} {name} {host}"
            );
            assert_eq!(
                severity(hazard, evidence, Kind::Pass, Some(&name), profile),
                expected.map(|_| Note),
            );
        }
    }

    #[test]
    fn the_whole_component_concerns_hosts_of_components() {
        let of = |host| {
            let profile = Profile::by_id(host).unwrap();
            severity(Hazard::Leak, Evidence::Certain, Kind::Fail, None, profile)
        };
        assert_eq!(of("jco-serve"), Some(Severity::Warning));
        assert_eq!(of("extism"), None);
    }

    #[test]
    fn a_finding_names_hosts_and_knobs() {
        let chosen = [
            Profile::by_id("wasmtime-serve-p3").unwrap(),
            Profile::by_id("wasmcloud-2-pooled").unwrap(),
            Profile::by_id("spinkube-p3").unwrap(),
            Profile::by_id("jco-serve").unwrap(),
        ];
        let knob = |id: &str, value: &str| (id.to_owned(), value.to_owned());
        let finding =
            Finding::example(Hazard::SingleShot, Evidence::Certain, Some(export(HANDLE_P3)));
        let judgement = judge(&finding, &chosen);
        assert_eq!(judgement.severity, Severity::Error);
        assert_eq!(
            judgement.knobs,
            [
                knob("wasmtime-serve-p3", "--max-instance-reuse-count=1"),
                knob("wasmcloud-2-pooled", "maxInvocations: 1"),
            ]
        );
        assert!(judgement.fails.contains(&"spin-p3".to_owned()));
        assert!(judgement.harmless.contains(&"wasmcloud-2".to_owned()));
        assert!(!judgement.fails.contains(&Profile::SPEC.to_owned()));

        let possible = Finding { evidence: Evidence::Possible, ..finding.clone() };
        assert_eq!(judge(&possible, &chosen).severity, Severity::Note);
        assert_eq!(judge(&possible, &chosen).fails, judgement.fails);

        let pass = judge(&Finding { kind: Kind::Pass, ..finding.clone() }, &chosen);
        assert_eq!(pass.severity, Severity::Note);
        assert!(pass.fails.is_empty() && pass.harmless.is_empty() && pass.knobs.is_empty());

        let spec = judge(&finding, &[Profile::by_id(Profile::SPEC).unwrap()]);
        assert_eq!((spec.severity, spec.knobs), (Severity::Error, Vec::new()));

        let first =
            Finding::example(Hazard::FailsFirst, Evidence::Certain, Some(export(HANDLE_P3)));
        let first = judge(&first, &chosen);
        assert!(first.harmless.is_empty() && first.knobs.is_empty() && !first.fails.is_empty());
    }

    #[test]
    fn a_severity_has_a_reason() {
        use Evidence::{Certain, Possible};
        use Hazard::{FailsFirst, Race, SingleShot};
        for (hazard, evidence, interface, hosts, expected) in [
            (SingleShot, Certain, RUN, &["spec"][..], "by convention, hosts call it once"),
            (SingleShot, Certain, "", &["spec"], "spec makes any number of calls on an instance"),
            (SingleShot, Certain, RUN, &["wasmtime-run"], "wasmtime-run gives every call a fresh"),
            (SingleShot, Certain, RUN, &["spin-p3"], "spin-p3 does not call this export"),
            (SingleShot, Certain, RUN, &["spin-p3", "jco-serve"], "none of the chosen hosts calls"),
            (SingleShot, Certain, RUN, &["spin-p2", "jco-transpiled"], "jco-transpiled makes any"),
            (SingleShot, Certain, HANDLE_P3, &["spin-p3"], "spin-p3 makes up to 128 calls on an"),
            (SingleShot, Possible, "", &["jco-transpiled"], "it is possible, and was not seen"),
            (FailsFirst, Certain, RUN, &["wasmtime-run"], "a fresh instance fails, too"),
            (
                Race,
                Certain,
                HANDLE_P3,
                &["wasmcloud-2-pooled"],
                "wasmcloud-2-pooled makes one call",
            ),
        ] {
            let finding = Finding::example(hazard, evidence, Some(export(interface)));
            let chosen: Vec<_> = hosts.iter().map(|id| Profile::by_id(id).unwrap()).collect();
            let reason = judge(&finding, &chosen).reason;
            assert!(reason.starts_with(expected), "{reason}");
        }
    }

    #[test]
    fn only_what_is_sure_decides_a_verdict() {
        let of = |hazard, evidence| Finding::example(hazard, evidence, Some(export(RUN)));
        let possible = of(Hazard::SingleShot, Evidence::Possible);
        let certain = of(Hazard::SingleShot, Evidence::Certain);
        let observed = of(Hazard::SingleShot, Evidence::Observed);
        let leak = of(Hazard::Leak, Evidence::Observed);
        let pass = Finding { kind: Kind::Pass, ..certain.clone() };
        let unknown = (Verdict::Unknown, None);
        let single_shot = |evidence| (Verdict::SingleShot, Some(evidence));
        assert_eq!(of_export([], false), unknown);
        assert_eq!(of_export([&possible, &leak, &pass], false), unknown);
        assert_eq!(of_export([&possible, &certain], false), single_shot(Evidence::Certain));
        let at = |calls, finding: &Finding| Finding { calls: Some(calls), ..finding.clone() };
        assert_eq!(
            of_export([&at(2, &observed), &certain], false),
            single_shot(Evidence::Observed)
        );
    }

    #[test]
    fn what_happened_decides_before_what_follows() {
        let of = |hazard, kind, evidence, calls| Finding {
            kind,
            calls,
            ..Finding::example(hazard, evidence, Some(export(RUN)))
        };
        let fail = |hazard, calls| of(hazard, Kind::Fail, Evidence::Observed, calls);
        let certain = of(Hazard::SingleShot, Kind::Fail, Evidence::Certain, None);
        let passed = of(Hazard::StateBleed, Kind::Pass, Evidence::Observed, Some(8));
        let table = [
            (vec![fail(Hazard::SingleShot, Some(5))], Verdict::BreaksAfter(5)),
            (vec![fail(Hazard::SingleShot, None)], Verdict::BreaksAfter(2)),
            (vec![fail(Hazard::StateBleed, Some(2)), certain.clone()], Verdict::Stateful),
            (
                vec![fail(Hazard::StateBleed, Some(2)), fail(Hazard::SingleShot, Some(4))],
                Verdict::BreaksAfter(4),
            ),
            (
                vec![fail(Hazard::StateBleed, Some(2)), fail(Hazard::Exhaustion, Some(126))],
                Verdict::Stateful,
            ),
            (vec![fail(Hazard::Exhaustion, Some(126))], Verdict::BreaksAfter(126)),
            (vec![passed.clone(), fail(Hazard::Leak, Some(200))], Verdict::ReusableObserved(8)),
            (vec![passed, certain], Verdict::ReusableObserved(8)),
        ];
        for (findings, expected) in table {
            assert_eq!(
                of_export(&findings, false),
                (expected, Some(Evidence::Observed)),
                "{findings:?}"
            );
        }
    }
}
