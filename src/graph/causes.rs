//! Causes of differences that calls have shown, from a saved report, to be drawn where the state is.

use crate::digest::sha256;
use crate::report::document::{CausePart, Document, Finding};
use crate::verdict::Severity;

/// Parts of the state that a box names.
const MOST_PARTS: usize = 3;

/// The state that makes calls of an export differ.
#[derive(Debug, Clone)]
pub(crate) struct Caused {
    pub(super) export: String,
    pub(super) rule: String,
    pub(super) severity: Severity,
    /// The state: names, places and values.
    pub(super) lines: Vec<String>,
    pub(super) sentence: String,
    /// The core module that holds it.
    pub(super) core_module: Option<u32>,
}

/// The causes that a report has for the component with these bytes, the worst first.
pub(crate) fn of(document: &Document, bytes: &[u8]) -> Vec<Caused> {
    let digest = sha256(bytes);
    let artifacts = document.artifacts.iter().filter(|it| it.sha256 == digest);
    let ids: Vec<usize> = artifacts.map(|it| it.id).collect();
    let own = document.findings.iter().filter(|it| ids.contains(&it.artifact));
    let mut found: Vec<Caused> = own.filter_map(caused).collect();
    found.sort_by_key(|it| std::cmp::Reverse(it.severity));
    found
}

fn caused(finding: &Finding) -> Option<Caused> {
    let cause = finding.cause.as_ref().filter(|cause| !cause.parts.is_empty())?;
    let mut lines: Vec<String> = cause.parts.iter().take(MOST_PARTS).flat_map(described).collect();
    let all = cause.found.unwrap_or(cause.parts.len() as u64);
    let more = all.saturating_sub(MOST_PARTS as u64);
    lines.extend((more > 0).then(|| format!("and {more} more")));
    Some(Caused {
        export: finding.export.clone()?,
        rule: finding.rule.clone(),
        severity: finding.severity,
        lines,
        sentence: cause.sentence.clone(),
        core_module: cause.parts.first()?.part.core_module,
    })
}

fn described(part: &CausePart) -> Vec<String> {
    let source = part.source.as_ref().map(|it| format!("{}:{}", it.path, it.line));
    let values = &part.part;
    let changes = !values.before.is_empty();
    let changes = changes.then(|| format!("{} before, {} after", values.before, values.after));
    [Some(values.name.clone()), source, changes].into_iter().flatten().collect()
}
