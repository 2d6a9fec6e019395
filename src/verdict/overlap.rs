//! Which hosts calls concern that have to overlap, and the setting that keeps them apart.

use crate::finding::Finding;
use crate::profile::Profile;
use crate::rule::Hazard;

/// Why the calls of a finding never overlap under this host; `None` if they may, or if it is not about such calls.
pub(super) fn never_overlap(finding: &Finding, profile: &Profile) -> Option<String> {
    if finding.rule.metadata.hazard != Hazard::Race {
        return None;
    }
    let id = &profile.id;
    if let Some(other) = finding.at_once.iter().find(|it| !profile.calls(it)) {
        return Some(format!("{id} does not call `{other}`"));
    }
    let calls = finding.at_once.len().max(2) as u32;
    match profile.concurrent_max {
        Some(1) => Some(format!("{id} makes one call at a time")),
        Some(most) if most < calls => {
            Some(format!("{id} makes no more than {most} calls at a time, and it takes {calls}"))
        }
        _ => None,
    }
}

/// The setting that removes the hazard and changes least: fewer calls at once if they have to overlap, otherwise a fresh
/// instance for each.
pub(super) fn knob(finding: &Finding, profile: &Profile) -> Option<String> {
    let fewer = u32::try_from(finding.at_once.len()).ok()?.checked_sub(1).filter(|it| *it > 0);
    let limited = fewer.and_then(|calls| profile.at_most_at_once(calls));
    limited.or_else(|| profile.single_use_knob.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Evidence;
    use crate::location::ExportName;

    const HANDLE: &str = "wasi:http/handler@0.3.0";
    const STATUS: &str = "own:status/status";

    #[test]
    fn calls_concern_hosts_that_let_them_overlap() {
        let serve = "wasmtime-serve-p3";
        let pool = "wasmcloud-2-pooled";
        for (interfaces, host, most, expected, setting) in [
            (&[HANDLE; 2][..], serve, Some(16), None, "--max-instance-concurrent-reuse-count=1"),
            (&[HANDLE; 3], serve, Some(16), None, "--max-instance-concurrent-reuse-count=2"),
            (&[HANDLE; 3], pool, Some(3), None, "maxConcurrency: 2"),
            (&[HANDLE; 3], pool, None, None, "maxConcurrency: 2"),
            (
                &[HANDLE; 3],
                pool,
                Some(2),
                Some("no more than 2 calls at a time, and it takes 3"),
                "",
            ),
            (&[HANDLE; 2], pool, Some(1), Some("makes one call at a time"), ""),
            (&[HANDLE, STATUS], serve, Some(16), Some("does not call `own:status/status#f`"), ""),
            (&[HANDLE, STATUS], pool, Some(4), None, "maxConcurrency: 1"),
            (&[HANDLE; 2], "spinkube-p3", Some(16), None, ""),
        ] {
            let at_once: Vec<_> =
                interfaces.iter().map(|it| ExportName::new(Some(it), "f")).collect();
            let export = Some(at_once[0].clone());
            let finding = Finding::example(Hazard::Race, Evidence::Observed, export);
            let finding = Finding { at_once, ..finding };
            let mut profile = Profile::by_id(host).unwrap().clone();
            profile.concurrent_max = most;
            let why = never_overlap(&finding, &profile);
            match (&why, expected) {
                (Some(why), Some(expected)) => assert!(why.ends_with(expected), "{why}"),
                _ => assert_eq!(why.as_deref(), expected),
            }
            if why.is_none() {
                assert_eq!(knob(&finding, &profile).unwrap_or_default(), setting, "{host}");
            }
        }
    }
}
