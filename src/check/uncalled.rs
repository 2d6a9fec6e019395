//! Components of which the chosen hosts call nothing: no finding in them can fail a check.

use crate::report::document::Skipped;
use crate::report::run::Artifact;
use crate::report::{Report, answer::Outlook, wording};

/// The most hosts to name.
const NAMED: usize = 6;

/// An entry for each artifact whose exports none of its hosts calls. One without exports offers nothing to call.
pub(super) fn all(artifacts: &[Artifact]) -> impl Iterator<Item = Skipped> {
    artifacts.iter().enumerate().filter_map(|(id, artifact)| {
        let detail = detail(artifact.result.as_ref().ok()?)?;
        let reason = Skipped::NOT_CALLED.to_owned();
        Some(Skipped { artifact: Some(id), reason, detail, ..Skipped::default() })
    })
}

fn detail(report: &Report) -> Option<String> {
    let Report { answers, exports, .. } = report;
    let calls_nothing = answers.iter().all(|answer| answer.outlook == Outlook::NotCalled);
    if exports.is_empty() || answers.is_empty() || !calls_nothing {
        return None;
    }
    let hosts: Vec<_> = answers.iter().map(|answer| answer.host.as_str()).collect();
    let (named, verb) = (wording::listed(&hosts, NAMED), if hosts.len() == 1 { "s" } else { "" });
    Some(format!(
        "{named} call{verb} none of its exports; `secondcall hosts` says what each host calls"
    ))
}
