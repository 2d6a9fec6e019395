//! A finding, with every place that explains it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::finding::Evidence;
use crate::finding::Kind;
use crate::report::Judged;
use crate::report::json::place::Place;
use crate::verdict::Severity;

#[derive(Serialize)]
pub(super) struct Finding<'a> {
    id: &'a str,
    rule: &'static str,
    kind: Kind,
    severity: Severity,
    evidence: Evidence,
    artifact: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    export: Option<&'a str>,
    message: &'a str,
    help: &'a str,
    hosts: Hosts<'a>,
    locations: Vec<FindingPlace<'a>>,
    call_path: &'a [String],
}

#[derive(Serialize)]
struct Hosts<'a> {
    fails: &'a [String],
    harmless: &'a [String],
    knobs: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct FindingPlace<'a> {
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(flatten)]
    place: Place<'a>,
}

impl<'a> Finding<'a> {
    pub(super) fn of(artifact: usize, judged: &'a Judged) -> Self {
        let finding = &judged.finding;
        let primary =
            FindingPlace { role: "primary", text: None, place: Place::of(&finding.location) };
        let related = finding.labels.iter().map(|label| FindingPlace {
            role: "related",
            text: Some(&label.text),
            place: Place::of(&label.location),
        });
        Finding {
            id: &judged.id,
            rule: finding.rule.id,
            kind: finding.kind,
            severity: judged.severity,
            evidence: finding.evidence,
            artifact,
            export: finding.export.as_ref().map(|export| export.as_str()),
            message: &finding.message,
            help: &finding.help,
            hosts: Hosts {
                fails: &judged.fails,
                harmless: &judged.harmless,
                knobs: judged
                    .knobs
                    .iter()
                    .map(|(host, knob)| (host.as_str(), knob.as_str()))
                    .collect(),
            },
            locations: std::iter::once(primary).chain(related).collect(),
            call_path: &finding.call_path,
        }
    }
}
