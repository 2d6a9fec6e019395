//! The limits of one export, from its verdict, its findings and what its code may change.

use serde::Serialize;

use crate::cli::inspect::anatomy::ExportPart;
use crate::finding::Evidence;
use crate::inventory::{Admitted, Grade, Survival};
use crate::location::ExportName;
use crate::report::document::{Export, Finding};
use crate::report::wording::{self, listed};
use crate::rule::Hazard;
use crate::verdict::Verdict;

/// The most names in a sentence.
const NAMED: usize = 5;

/// What may be done with an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ExportPolicy {
    pub(super) name: ExportName,
    /// How often it may be called on one instance.
    pub(super) calls: Often,
    /// How many of its calls may run at the same time.
    pub(super) at_once: AtOnce,
    /// What stays after a call, in sentences.
    pub(super) keeps: Vec<Kept>,
    /// The ids of its findings.
    pub(super) findings: Vec<String>,
}

/// How often an export may be called on one instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Often {
    pub(super) limit: Limit,
    /// The most calls, if there is such a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) most: Option<u64>,
    /// How it is known; `None` if it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) evidence: Option<Evidence>,
    /// A sentence.
    pub(super) text: String,
}

/// Whether an export may be called again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Limit {
    /// It fails when it is called again.
    Once,
    /// It may be called so many times.
    Some,
    /// It may be called again, and what it does then depends on earlier calls.
    Stateful,
    /// It may be called again.
    Again,
    /// Nothing is known.
    Unknown,
}

/// How many calls may run at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct AtOnce {
    /// Whether it is one. Otherwise the instance admits any number.
    pub(super) one: bool,
    /// A sentence.
    pub(super) text: String,
}

/// Something that stays after a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Kept {
    pub(super) evidence: Evidence,
    pub(super) text: String,
}

impl ExportPolicy {
    pub(super) fn of(export: &Export, findings: &[&Finding], part: Option<&ExportPart>) -> Self {
        ExportPolicy {
            name: export.name.clone(),
            calls: often(export, findings),
            at_once: at_once(findings, part),
            keeps: keeps(findings, part),
            findings: findings.iter().map(|it| it.id.clone()).collect(),
        }
    }
}

fn often(export: &Export, findings: &[&Finding]) -> Often {
    let most = findings.iter().filter_map(|it| it.at_most).min();
    let (limit, most, text) = match export.verdict {
        Verdict::SingleShot => (Limit::Once, Some(1), "once: a later call fails".to_owned()),
        Verdict::BreaksAfter(call) => {
            let before = u64::from(call.saturating_sub(1));
            let most = most.map_or(before, |most| most.min(before));
            (Limit::Some, Some(most), format!("{most} times: call {call} failed"))
        }
        Verdict::Unknown => {
            let why = export.obstacle.as_deref().map(reason);
            let why = why.unwrap_or_else(|| "it was not called".to_owned());
            (Limit::Unknown, None, format!("unknown: {why}"))
        }
        Verdict::Stateful => {
            let text = "again; what a call answers or prints depends on earlier calls";
            (Limit::Stateful, most, bounded(text, most))
        }
        Verdict::ReusableObserved(calls) => {
            let text = format!("again; {calls} calls were like calls on fresh instances");
            match most {
                Some(_) => (Limit::Some, most, bounded(&text, most)),
                None => (Limit::Again, None, text),
            }
        }
        Verdict::StatelessProven => {
            let text = "again; no earlier call can change what it answers";
            (Limit::Again, None, text.to_owned())
        }
    };
    Often { limit, most, evidence: export.evidence, text }
}

/// Why nothing is known, for who reads a component's documentation: without the code of the reason, and without the options
/// that its author may give.
fn reason(obstacle: &str) -> String {
    let is_code = |it: &str| it.chars().all(|it| it.is_ascii_lowercase() || it == '-');
    let detail = match obstacle.split_once(": ") {
        Some((code, detail)) if is_code(code) => detail,
        _ => obstacle,
    };
    let mut parts = detail.split(" (--");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once(')').map_or("", |(_, rest)| rest))
}

fn bounded(text: &str, most: Option<u64>) -> String {
    match most {
        Some(most) => format!("{text}; at most {most} times"),
        None => text.to_owned(),
    }
}

fn at_once(findings: &[&Finding], part: Option<&ExportPart>) -> AtOnce {
    let disturbed = findings.iter().find(|it| it.hazard == Some(Hazard::Race));
    let is_observed = disturbed.is_some_and(|it| it.evidence == Evidence::Observed);
    let admission = part.and_then(|it| it.admission.as_ref());
    let (one, text) = match (admission.map(|it| it.admission.admitted), is_observed) {
        (Some(Admitted::Callback | Admitted::Stackful | Admitted::OneStack), true) => {
            (true, "one: calls at the same time were seen to disturb each other")
        }
        (None, _) => (true, "one: its type is not async"),
        (Some(Admitted::Serial), _) => (true, "one: it is lifted without `async`"),
        (Some(Admitted::HeldBack), _) => {
            (true, "one: its code raises backpressure, and then it admits no other")
        }
        (Some(Admitted::Callback | Admitted::Stackful), _) => (false, "any number are admitted"),
        (Some(Admitted::OneStack), _) => {
            (true, "one: any number are admitted, and all use one stack in memory")
        }
    };
    AtOnce { one, text: text.to_owned() }
}

fn keeps(findings: &[&Finding], part: Option<&ExportPart>) -> Vec<Kept> {
    let mut kept = Vec::new();
    for finding in findings {
        let is_leak = finding.hazard == Some(Hazard::Leak);
        let causes = finding.cause.iter().flat_map(|it| &it.parts);
        let names: Vec<_> =
            causes.filter(|it| it.part.named).map(|it| format!("`{}`", it.part.name)).collect();
        if is_leak {
            kept.push(Kept { evidence: finding.evidence, text: finding.message.clone() });
        } else if !names.is_empty() {
            let what = match finding.hazard {
                Some(Hazard::Race) => "state by which calls at the same time disturb each other",
                _ => "state that makes later calls differ",
            };
            let text = format!("{what}: {}", listed(&names, NAMED));
            kept.push(Kept { evidence: finding.evidence, text });
        }
    }
    if let Some(text) = part.and_then(|it| it.survival.as_ref()).and_then(changed) {
        kept.push(Kept { evidence: Evidence::Possible, text });
    }
    let mut seen = Vec::new();
    kept.retain(|it| {
        !seen.contains(it) && {
            seen.push(it.clone());
            true
        }
    });
    kept
}

/// What the code may leave changed, without what belongs to a runtime; `None` if that is nothing.
fn changed(survival: &Survival) -> Option<String> {
    let own = survival.locations.iter().filter(|it| it.grade != Grade::Runtime);
    // Every function puts the stack pointer back where it was.
    let own = own.filter(|it| it.name.as_deref() != Some("__stack_pointer"));
    let (named, unnamed): (Vec<_>, Vec<_>) = own.partition(|it| it.name.is_some());
    let mut names: Vec<_> =
        named.iter().filter_map(|it| it.name.as_ref()).map(|it| format!("`{it}`")).collect();
    names.sort();
    names.dedup();
    let unnamed = unnamed.len() as u64 + u64::from(survival.more);
    let mut parts = Vec::new();
    parts.extend((!names.is_empty()).then(|| listed(&names, NAMED)));
    parts.extend((unnamed > 0).then(|| wording::counted(unnamed, "unnamed place")));
    parts.extend(survival.writes_tables.then(|| "tables".to_owned()));
    parts.extend(survival.through_pointers.then(|| "memory behind pointers".to_owned()));
    parts.extend(survival.unknown_code.then(|| "what unknown code changes".to_owned()));
    let changes = match parts.pop() {
        None => None,
        Some(last) if parts.is_empty() => Some(format!("change {last}")),
        Some(last) => Some(format!("change {} and {last}", parts.join(", "))),
    };
    let grows = survival.grows_memory.then(|| "grow its memory".to_owned());
    let both: Vec<_> = changes.into_iter().chain(grows).collect();
    (!both.is_empty()).then(|| format!("its code may {}", both.join(", and may ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_for_readers_of_documentation() {
        for (obstacle, expected) in [
            (
                "not-exercised: each first call traps (unreachable: panic: no); it may need other \
                 arguments (--call), or an answer (--answer or --with)",
                "each first call traps (unreachable: panic: no); it may need other arguments, or \
                 an answer",
            ),
            ("it takes a stream", "it takes a stream"),
            ("It: is no code", "It: is no code"),
        ] {
            assert_eq!(reason(obstacle), expected);
        }
    }
}
