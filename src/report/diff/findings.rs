//! The findings of one component in both reports. They are matched as a baseline matches them: by their ids, and where
//! those differ, if only one of a rule and export is left on each side.

use crate::location::ExportName;
use crate::report::acceptance::needs_calls;
use crate::report::diff::details;
use crate::report::diff::model::{FindingChange, Presence, Trend};
use crate::report::document::{Artifact, Document, Finding};
use crate::report::matching::{Matching, alone, always};

/// One of the two reports, and the component in it.
pub(super) type Place<'a> = (&'a Document, &'a Artifact);

/// The failures of both: in the new report's order, then those that are gone.
pub(super) fn compared(old: Option<Place<'_>>, new: Option<Place<'_>>) -> Vec<FindingChange> {
    let (before, after) = (listed(old), listed(new));
    let mut matching = Matching::new(before.clone(), after.clone());
    matching.pair(always, |it| it.id.clone());
    matching.pair(alone, |it| (it.rule.clone(), unversioned(it)));
    matching.pair(takes_place, |it| (it.hazard, unversioned(it)));
    let mut changes = Vec::new();
    for (number, finding) in &after {
        let earlier = matching.pairs.get(number).and_then(|number| before.get(*number));
        changes.push(match (earlier, old) {
            (Some((_, earlier)), _) => kept(earlier, finding),
            (None, Some(old)) if !could_see(old, new, finding) => {
                change(Presence::NewlySeen, finding)
            }
            (None, _) => change(Presence::New, finding),
        });
    }
    changes.extend(matching.before.into_iter().map(|(_, finding)| match new {
        Some(new) if !could_see(new, old, finding) => change(Presence::Unseen, finding),
        _ => change(Presence::Gone, finding),
    }));
    changes
}

/// Whether only one is left on each side, and calls show the one and the code the other: of a harm that calls show, the
/// finding about the code is left out.
fn takes_place(before: &[&&Finding], after: &[&&Finding]) -> bool {
    matches!((before, after), ([old], [new]) if needs_calls(&old.rule) != needs_calls(&new.rule))
}

/// The failures of a component, by their index.
fn listed<'a>(place: Option<Place<'a>>) -> Vec<(usize, &'a Finding)> {
    let findings = place.into_iter().flat_map(|(document, artifact)| document.problems(artifact));
    findings.enumerate().collect()
}

/// Whether the report would hold the finding of the `other` if there were any: it was made with the calls that show it.
/// Calls confirm what the code shows, or take its place, so a report without calls is comparable only with another one.
fn could_see((document, artifact): Place<'_>, other: Option<Place<'_>>, finding: &Finding) -> bool {
    let static_only = document.head.run.static_only;
    if other.is_some_and(|(other, _)| other.head.run.static_only != static_only) {
        return false;
    }
    if static_only || !needs_calls(&finding.rule) {
        return true;
    }
    let name = finding.export.as_ref().map(|_| unversioned(finding));
    let export = name
        .and_then(|name| artifact.exports.iter().find(|export| export.name.unversioned() == name));
    export.is_none_or(|it| !it.calls.is_empty() || it.fresh.is_some())
}

fn kept(old: &Finding, new: &Finding) -> FindingChange {
    let facts = details::changed(old, new);
    FindingChange {
        trend: facts.iter().map(|it| it.trend).max().unwrap_or(Trend::Same),
        was_id: (old.id != new.id).then(|| old.id.clone()),
        facts,
        ..change(Presence::Kept, new)
    }
}

/// A finding that is in one of the reports.
fn change(presence: Presence, finding: &Finding) -> FindingChange {
    FindingChange {
        presence,
        trend: match presence {
            Presence::New => Trend::Worse,
            Presence::Gone => Trend::Better,
            Presence::Kept => Trend::Same,
            Presence::NewlySeen => Trend::Different,
            Presence::Unseen => Trend::LessKnown,
        },
        id: finding.id.clone(),
        was_id: None,
        rule: finding.rule.clone(),
        export: finding.export.clone(),
        severity: finding.severity,
        evidence: finding.evidence,
        message: finding.message.clone(),
        facts: Vec::new(),
    }
}

/// Its export without version; empty for the whole component.
fn unversioned(finding: &Finding) -> String {
    let name = finding.export.as_deref().unwrap_or_default();
    match name.rsplit_once('#') {
        Some((interface, function)) => ExportName::new(Some(interface), function).unversioned(),
        None => name.to_owned(),
    }
}
