//! What differs between two reports of one finding.

use crate::finding::{Evidence, Leak};
use crate::report::diff::model::{Fact, FactChange, Trend};
use crate::report::diff::trend;
use crate::report::document::{Cause, Finding};
use crate::report::wording;
use crate::rule::Hazard;

/// The facts that differ.
pub(super) fn changed(old: &Finding, new: &Finding) -> Vec<FactChange> {
    let mut changes = Vec::new();
    let mut compare = |fact, before: Option<String>, after: Option<String>, trend| {
        if before != after {
            changes.push(FactChange { fact, trend, before, after });
        }
    };
    let word = |finding: &Finding| Some(wording::severity(finding.severity).to_owned());
    let is_better = trend::better_if(new.severity < old.severity);
    compare(Fact::Severity, word(old), word(new), is_better);
    let word = |finding: &Finding| Some(evidence(finding).to_owned());
    let is_surer = old.evidence == Evidence::Possible && new.evidence > old.evidence;
    let surer = if is_surer && !old.refuted { Trend::Worse } else { Trend::Different };
    compare(Fact::Evidence, word(old), word(new), surer);
    let number = |number: Option<u64>| number.map(|it| it.to_string());
    let (before, after) = (call(old), call(new));
    let trend = match new.hazard {
        Some(Hazard::SingleShot | Hazard::Exhaustion) => of(trend::of_calls, before, after),
        _ => Trend::Different,
    };
    compare(Fact::Call, number(before), number(after), trend);
    let (before, after) = (old.at_most, new.at_most);
    let trend = of(trend::of_calls, before, after);
    compare(Fact::HarmlessCalls, number(before), number(after), trend);
    let leaks = |fact: fn(&Leak) -> u64| (old.leak.as_ref().map(fact), new.leak.as_ref().map(fact));
    let size = |bytes: Option<u64>| bytes.map(wording::size);
    let (before, after) = leaks(|it| it.per_call);
    compare(Fact::MemoryPerCall, size(before), size(after), of(trend::of_bytes, before, after));
    let (before, after) = leaks(|it| it.per_kibibyte);
    compare(Fact::MemoryPerKibibyte, size(before), size(after), of(trend::of_bytes, before, after));
    let schedule = |finding: &Finding| finding.timeline.as_ref().map(|it| it.schedule.clone());
    compare(Fact::Schedule, schedule(old), schedule(new), Trend::Different);
    compare(
        Fact::Cause,
        old.cause.as_ref().map(cause),
        new.cause.as_ref().map(cause),
        Trend::Different,
    );
    let reset = |finding: &Finding| finding.cause.as_ref()?.reset.map(wording::reset);
    compare(Fact::Reset, reset(old), reset(new), Trend::Different);
    changes
}

/// The trend of two numbers, if both are known.
fn of(trend: fn(u64, u64) -> Trend, before: Option<u64>, after: Option<u64>) -> Trend {
    before.zip(after).map_or(Trend::Different, |(before, after)| trend(before, after))
}

/// The call at which it showed, where that is what its number of calls means.
fn call(finding: &Finding) -> Option<u64> {
    let is_place = matches!(
        finding.hazard,
        Some(Hazard::SingleShot | Hazard::Exhaustion | Hazard::StateBleed)
    );
    finding.calls.filter(|_| is_place).map(u64::from)
}

fn evidence(finding: &Finding) -> &'static str {
    if finding.refuted { "refuted by calls" } else { wording::evidence(finding.evidence) }
}

/// The state that makes a difference, without addresses and values, which any change of the program changes.
fn cause(cause: &Cause) -> String {
    if let Some(why) = &cause.unknown {
        return format!("unknown: {why}");
    }
    let parts = cause.parts.iter().map(|it| match (it.part.named, it.part.global) {
        (true, _) => format!("`{}`", it.part.name),
        (false, Some(_)) => "a global without a name".to_owned(),
        (false, None) => "memory without a name".to_owned(),
    });
    let mut parts: Vec<_> = parts.collect();
    parts.sort();
    parts.dedup();
    let after = cause.after.as_ref().map(|export| format!(", changed by `{export}`"));
    wording::listed(&parts, 5) + &after.unwrap_or_default()
}
