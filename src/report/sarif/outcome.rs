//! Results: failures, and by the standard's profile also good news and exports without a result.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::finding::Kind;
use crate::observation::Inconclusive;
use crate::report::anchor::Anchor;
use crate::report::document::{Artifact, Document, Finding, Skipped};
use crate::report::inner::InnerRole;
use crate::report::sarif::flow;
use crate::report::sarif::log::{Location, LogicalLocation, Outcome, PhysicalLocation, Text};
use crate::report::sarif::places::{self, Files};
use crate::report::sarif::profile::Profile;
use crate::report::sarif::rules::Rules;
use crate::report::wording;

/// The rule of exports that could not be called.
const REUSE: &str = "reused_like_fresh";

/// A finding; `number` distinguishes it from others with the same id.
pub(super) fn of(
    finding: &Finding,
    artifact: &Artifact,
    number: u32,
    rules: &Rules,
    files: &Files,
    profile: Profile,
) -> Option<Outcome> {
    let (kind, level) = match (finding.kind, profile) {
        (Kind::Fail, _) => ("fail", wording::severity(finding.severity)),
        (Kind::Pass, Profile::Oasis) => ("pass", "none"),
        (Kind::Pass, Profile::Github) => return None,
    };
    let mut text = Text::sentence(&finding.message);
    for (hosts, lost) in wording::by_words(&finding.hosts.traps) {
        text.text += &format!(" {}", Text::sentence(&wording::trap(&hosts, lost)).text);
    }
    if !finding.help.is_empty() {
        let fix = if finding.refuted { "" } else { "To fix it: " };
        text.text += &format!(" {fix}{}", Text::sentence(&finding.help).text);
    }
    if let Some(fix) = &finding.fix {
        text.text += &format!(" Fix available without a build: `{}`", fix.command);
    }
    let physical = files.primary(artifact, finding, profile);
    let mut place = at(physical, finding.export.as_deref());
    let around = finding.components.iter().filter(|it| it.roles.contains(&InnerRole::Place));
    place.logical_locations.extend(around.map(places::component));
    Some(Outcome {
        rule_id: finding.rule.clone(),
        rule_index: rules.index(&finding.rule)?,
        kind,
        level,
        message: text,
        locations: vec![place],
        related_locations: related(finding, artifact, files, profile),
        code_flows: flow::of(finding, artifact, files, profile)
            .into_iter()
            .chain(flow::of_overlap(finding, artifact, files, profile))
            .collect(),
        stacks: flow::stack(finding).into_iter().collect(),
        partial_fingerprints: BTreeMap::from([
            ("primaryLocationLineHash", format!("{}:{number}", finding.id)),
            ("secondcall/v1", finding.id.clone()),
        ]),
        properties: properties(finding),
    })
}

/// The places in the binary: the primary one unless it has a label, then the labels and the parts of a composition; then
/// the copies.
fn related(
    finding: &Finding,
    artifact: &Artifact,
    files: &Files,
    profile: Profile,
) -> Vec<Location> {
    let primary = finding.place().filter(|primary| {
        let told = finding.labels().any(|label| label.place.offset == primary.offset);
        profile == Profile::Github && !told && !primary.is_whole()
    });
    let primary = primary.map(|place| files.in_binary(artifact, place, Some("it happens here")));
    let labels = finding.labels();
    let labels = labels.map(|it| files.in_binary(artifact, &it.place, it.text.as_deref()));
    let components = finding.components.iter().map(|it| files.component(artifact, it));
    // Not among `locations`, which SARIF keeps for places that must all be changed.
    let copies = artifact.also.iter().map(|path| Location {
        physical_location: Some(files.line(Anchor::whole(path))),
        message: Some(Text::sentence("an identical copy of the component")),
        ..Location::default()
    });
    let all = primary.into_iter().chain(labels).chain(components).chain(copies).zip(1..);
    all.map(|(location, id)| Location { id: Some(id), ..location }).collect()
}

fn properties(finding: &Finding) -> BTreeMap<&'static str, Value> {
    let mut properties = BTreeMap::from([
        ("evidence", serde_json::json!(finding.evidence)),
        ("hostsFails", Value::from(finding.hosts.fails.clone())),
        ("hostsHarmless", Value::from(finding.hosts.harmless.clone())),
    ]);
    if !finding.reason.is_empty() {
        properties.insert("reason", Value::from(finding.reason.clone()));
    }
    if let Some(fix) = &finding.fix {
        properties.insert("fix", Value::from(fix.command.clone()));
    }
    if !finding.hosts.traps.is_empty() {
        properties.insert("traps", serde_json::json!(finding.hosts.traps));
    }
    if !finding.hosts.knobs.is_empty() {
        properties.insert("settings", serde_json::json!(finding.hosts.knobs));
    }
    if let Some(export) = &finding.export {
        properties.insert("export", Value::from(export.clone()));
    }
    properties
}

/// The exports whose calls came to no result, and those that are not called.
pub(super) fn open<'a>(
    document: &'a Document,
    rules: &'a Rules,
    files: &'a Files,
) -> impl Iterator<Item = Outcome> + 'a {
    let skipped = document.skipped.iter();
    skipped.filter_map(move |skipped| unanswered(document, skipped, rules, files))
}

fn unanswered(
    document: &Document,
    skipped: &Skipped,
    rules: &Rules,
    files: &Files,
) -> Option<Outcome> {
    let artifact = document.artifact(skipped.artifact?)?;
    let export = skipped.export()?;
    let kind = match skipped.reason.as_str() {
        Inconclusive::TOOL_INTERNAL => "notApplicable",
        _ => "open",
    };
    let physical = files.step(artifact, &places::whole(artifact), Profile::Oasis);
    let text = format!("`{export}` was not called: {}: {}", skipped.reason, skipped.detail);
    Some(Outcome {
        rule_id: REUSE.to_owned(),
        rule_index: rules.index(REUSE)?,
        kind,
        level: "none",
        message: Text::sentence(&text),
        locations: vec![at(physical, Some(export))],
        related_locations: Vec::new(),
        code_flows: Vec::new(),
        stacks: Vec::new(),
        partial_fingerprints: BTreeMap::new(),
        properties: BTreeMap::new(),
    })
}

/// A place, and the export concerned.
fn at(physical: PhysicalLocation, export: Option<&str>) -> Location {
    let export = export.map(|export| LogicalLocation {
        name: export.rsplit_once('#').map(|(_, name)| name.to_owned()),
        fully_qualified_name: export.to_owned(),
        kind: Some("function"),
    });
    Location {
        physical_location: Some(physical),
        logical_locations: export.into_iter().collect(),
        ..Location::default()
    }
}
