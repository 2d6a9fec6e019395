//! Causes of findings: the state that makes the call of a finding differ, and labels where it is declared and written.

use rustc_hash::FxHashMap;

use crate::finding::{Finding, Kind, Label};
use crate::inventory::{Cause, ExportedFunction};
use crate::location::ExportName;
use crate::rule::Hazard;

/// The exports of a component by name.
pub(crate) type Exports<'e> = FxHashMap<&'e ExportName, &'e ExportedFunction>;

/// Finds exports by name.
pub(crate) fn by_name(exports: &[ExportedFunction]) -> Exports<'_> {
    exports.iter().rev().map(|export| (&export.name, export)).collect()
}

/// Parts of a cause that get labels.
const LABELLED: usize = 3;

/// The cause of a finding, if it is about a call that differs and the trials have shown it, or why they have not.
pub(crate) fn cause_of<'e>(finding: &Finding, exports: &Exports<'e>) -> Option<&'e Cause> {
    if finding.kind != Kind::Fail {
        return None;
    }
    let mut causes = exports.get(finding.export.as_ref()?)?.causes.iter();
    if finding.timeline.is_some() {
        return causes.find(|it| it.switch.is_some());
    }
    let (number, after) = finding.differs.as_ref()?;
    causes.find(|it| it.switch.is_none() && it.number == *number && it.after == *after)
}

/// What the call of a finding does, as a verb.
pub(crate) fn verb(finding: &Finding) -> &'static str {
    match finding.rule.metadata.hazard {
        _ if finding.answers => "answers",
        Hazard::SingleShot | Hazard::Exhaustion | Hazard::FailsFirst => "returns",
        _ => "prints",
    }
}

/// Labels the places of causes.
pub(crate) fn label_causes(findings: &mut [Finding], exports: &Exports<'_>) {
    for finding in findings {
        let Some(cause) = cause_of(finding, exports) else { continue };
        let has_labels = finding.labels.len() > 1;
        for part in cause.parts.iter().take(LABELLED) {
            let name = &part.name;
            if let Some(location) = part.location.clone().filter(|_| part.declared.is_some()) {
                let values = match part.before.is_empty() {
                    true => String::new(),
                    false if cause.switch.is_some() => {
                        format!(": {}, then {}", part.before, part.after)
                    }
                    false => format!(": {} before, {} after", part.before, part.after),
                };
                let text = format!("`{name}` is declared here{values}");
                finding.labels.push(Label { location, text });
            }
            // The code explains it already.
            if let Some(location) = part.store.clone().filter(|_| !has_labels) {
                let what = if part.named { format!("`{name}`") } else { name.clone() };
                let text = match cause.switch {
                    Some(_) => format!("another call writes {what}"),
                    None => format!("1st call: writes {what}"),
                };
                if !finding.labels.iter().any(|label| label.location == location) {
                    finding.labels.push(Label { location, text });
                }
            }
        }
    }
}
