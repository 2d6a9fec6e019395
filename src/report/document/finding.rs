//! A finding, with every place that explains it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::{Evidence, Kind, Leak, Timeline};
use crate::report::Judged;
use crate::report::document::cause::Cause;
use crate::report::document::place::{Place, Sources};
use crate::report::inner::Inner;
use crate::rule::Hazard;
use crate::verdict::Severity;

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stays the same when the artifact is rebuilt.
    pub id: String,
    /// The rule's id.
    pub rule: String,
    /// The rule's hazard; `None` in documents of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hazard: Option<Hazard>,
    /// Whether it is bad news or good.
    pub kind: Kind,
    /// The worst severity under the chosen hosts.
    pub severity: Severity,
    /// Why it has this severity; empty for good news, and in documents of older versions.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// How certain it is.
    pub evidence: Evidence,
    /// Whether calls returned although the code proves that they do not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refuted: bool,
    /// For what was observed: the call of the export at which it showed; for good news, how many were good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<u32>,
    /// How many calls on an instance are harmless, by what was observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u64>,
    /// The linear memory that each call leaves behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leak: Option<Leak>,
    /// The artifact, by its id.
    pub artifact: usize,
    /// The export; `None` for the whole artifact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<String>,
    /// What will happen.
    pub message: String,
    /// For what was observed: the guest's own words for it, such as a panic's message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// The state that makes the call differ, or why it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// Ids of the facts about the code that explain it, as `secondcall inspect` shows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
    /// In a composition: the components with the place and the cause, if they are not the root.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Inner>,
    /// For calls that overlap: what happens in which order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
    /// The next step for the author.
    pub help: String,
    /// How to write a component in which it does not happen; `None` if no way is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// Which hosts it concerns.
    pub hosts: Hosts,
    /// The primary place first, then those that explain it, then the calls that led to it.
    pub locations: Vec<FindingPlace>,
    /// The call path from the export to the place.
    pub call_path: Vec<String>,
}

/// How to write a component in which a finding does not happen, if calls of both show that they are alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What to type.
    pub command: String,
    /// Whether the component returns instead of exiting then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exit: bool,
}

/// Which hosts a finding concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hosts {
    /// Ids of those under which it fails.
    pub fails: Vec<String>,
    /// Ids of those that call the export and under which it is harmless.
    pub harmless: Vec<String>,
    /// What to set, by host.
    pub knobs: BTreeMap<String, String>,
    /// What a trap ends, by host; empty if no call traps, and in documents of older versions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub traps: BTreeMap<String, String>,
}

/// A place of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingPlace {
    /// Its role in the finding.
    pub role: Role,
    /// What happens there, and in which call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The place.
    #[serde(flatten)]
    pub place: Place,
}

/// The role of a place in a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The place of the finding.
    Primary,
    /// What explains it.
    Related,
    /// A call that led to it; innermost first.
    Caller,
}

impl Finding {
    /// `judged`, found in the artifact with this id and path.
    pub fn of((artifact, path): (usize, &str), judged: &Judged, sources: &Sources) -> Self {
        let finding = &judged.finding;
        let place = |role, location, text: Option<&String>| FindingPlace {
            role,
            text: text.cloned(),
            place: Place::of(location, sources),
        };
        let primary = place(Role::Primary, &finding.location, None);
        let labels = finding.labels.iter();
        let related = labels.map(|it| place(Role::Related, &it.location, Some(&it.text)));
        let callers = finding.callers.iter().map(|it| place(Role::Caller, it, None));
        Finding {
            id: judged.id.clone(),
            rule: finding.rule.id.to_owned(),
            hazard: Some(finding.rule.metadata.hazard),
            kind: finding.kind,
            severity: judged.severity,
            reason: judged.reason.clone(),
            evidence: finding.evidence,
            refuted: finding.refuted,
            calls: finding.calls,
            at_most: finding.at_most,
            leak: finding.leak,
            artifact,
            export: finding.export.as_ref().map(|export| export.to_string()),
            message: finding.message.clone(),
            words: finding.words.clone(),
            cause: judged.cause.as_ref().map(|(cause, words)| Cause::of(cause, words, sources)),
            facts: finding.facts.clone(),
            components: judged.components.clone(),
            timeline: finding.timeline.clone(),
            help: finding.help.clone(),
            fix: judged
                .fix
                .and_then(|fix| Some(Fix { command: fix.command(path)?, exit: fix.exits })),
            hosts: Hosts {
                fails: judged.fails.clone(),
                harmless: judged.harmless.clone(),
                knobs: judged.knobs.iter().cloned().collect(),
                traps: judged.traps.iter().cloned().collect(),
            },
            locations: std::iter::once(primary).chain(related).chain(callers).collect(),
            call_path: finding.call_path.clone(),
        }
    }

    /// The primary place.
    pub fn place(&self) -> Option<&Place> {
        self.locations.first().map(|first| &first.place)
    }

    /// The places that explain it, each with its words.
    pub fn labels(&self) -> impl Iterator<Item = &FindingPlace> {
        self.locations.iter().filter(|it| it.role == Role::Related)
    }
}
