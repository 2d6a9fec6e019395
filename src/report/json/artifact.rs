//! An input: what it is, what made it, and the verdict of each export.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::finding::Evidence;
use crate::inventory::Adapter;
use crate::inventory::ArtifactKind;
use crate::inventory::ExportedFunction;
use crate::report::ExportVerdict;
use crate::report::Report;
use crate::report::json::place::Place;
use crate::report::run;
use crate::report::wording;

#[derive(Serialize)]
pub(super) struct Artifact<'a> {
    id: usize,
    path: &'a str,
    kind: ArtifactKind,
    bytes: u64,
    sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hosts: Vec<Host<'a>>,
    core_modules: u32,
    functions: u32,
    adapters: Vec<AdapterItem<'a>>,
    toolchains: &'a [String],
    producers: BTreeMap<&'a str, &'a [String]>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    made_up_imports: &'a [String],
    exports: Vec<Export<'a>>,
}

#[derive(Serialize)]
struct Host<'a> {
    id: &'a str,
    settings: BTreeMap<&'a str, i64>,
}

#[derive(Serialize)]
pub(super) struct Origin<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    entry: &'a str,
}

#[derive(Serialize)]
struct AdapterItem<'a> {
    name: &'a str,
    flavor: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    releases: Option<Releases<'a>>,
    matched: Matched,
    location: Place<'a>,
}

#[derive(Serialize)]
struct Releases<'a> {
    first: &'a str,
    last: &'a str,
}

#[derive(Serialize)]
struct Matched {
    functions: u32,
    of: u32,
}

#[derive(Serialize)]
struct Export<'a> {
    name: &'a str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    ty: Option<&'a str>,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict_calls: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Evidence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    obstacle: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    core_function: Option<Place<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    calls: Vec<Call<'a>>,
}

#[derive(Serialize)]
struct Call<'a> {
    call: u32,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    trap: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<i32>,
}

impl<'a> Artifact<'a> {
    pub(super) fn of(id: usize, artifact: &'a run::Artifact, report: &'a Report) -> Self {
        let inventory = &report.inventory;
        let declared: BTreeMap<_, _> =
            inventory.exports.iter().map(|export| (&export.name, export)).collect();
        let exports = report.exports.iter();
        Artifact {
            id,
            path: &artifact.path,
            kind: inventory.kind,
            bytes: inventory.bytes,
            sha256: artifact.sha256(),
            origin: artifact.origin.as_ref().map(Origin::of),
            hosts: artifact.hosts.iter().map(Host::of).collect(),
            core_modules: inventory.core_modules,
            functions: inventory.functions,
            adapters: inventory.adapters.iter().map(AdapterItem::of).collect(),
            toolchains: &inventory.toolchains,
            producers: inventory
                .producers
                .iter()
                .map(|(field, values)| (field.as_str(), values.as_slice()))
                .collect(),
            made_up_imports: &artifact.made_up_imports,
            exports: exports
                .map(|it| Export::of(it, declared.get(&it.name).copied(), artifact))
                .collect(),
        }
    }
}

impl<'a> Origin<'a> {
    pub(super) fn of(origin: &'a run::Origin) -> Self {
        let run::Origin { path, line, column, entry, .. } = origin;
        Origin { path, line: *line, column: *column, entry }
    }
}

impl<'a> Host<'a> {
    fn of(host: &'a run::ImpliedHost) -> Self {
        let settings = host.settings.iter().map(|(name, set)| (name.as_str(), *set)).collect();
        Host { id: &host.id, settings }
    }
}

impl<'a> AdapterItem<'a> {
    fn of(adapter: &'a Adapter) -> Self {
        let (functions, of) = adapter.matched;
        AdapterItem {
            name: &adapter.name,
            flavor: &adapter.flavor,
            releases: adapter.releases.as_ref().map(|(first, last)| Releases { first, last }),
            matched: Matched { functions, of },
            location: Place::of(&adapter.location),
        }
    }
}

impl<'a> Export<'a> {
    fn of(
        export: &'a ExportVerdict,
        declared: Option<&'a ExportedFunction>,
        artifact: &'a run::Artifact,
    ) -> Self {
        let outcomes = artifact.observed(&export.name).unwrap_or_default();
        Export {
            name: export.name.as_str(),
            ty: declared.map(|it| it.signature.as_str()),
            verdict: wording::verdict(&export.verdict),
            verdict_calls: wording::verdict_calls(&export.verdict),
            evidence: export.evidence,
            obstacle: declared.and_then(|it| it.obstacle.as_deref()),
            core_function: declared.and_then(|it| it.core_function.as_ref()).map(Place::of),
            calls: outcomes.iter().map(|(call, outcome)| Call::of(*call, outcome)).collect(),
        }
    }
}

impl<'a> Call<'a> {
    fn of(call: u32, outcome: &'a run::Outcome) -> Self {
        let (outcome, trap, status) = match outcome {
            run::Outcome::Ok => ("ok", None, None),
            run::Outcome::Differs => ("differs", None, None),
            run::Outcome::Trap(words) => ("trap", Some(words.as_str()), None),
            run::Outcome::Exit(status) => ("exit", None, Some(*status)),
            run::Outcome::Unanswered => ("unanswered", None, None),
            run::Outcome::HeldBack => ("held_back", None, None),
            run::Outcome::Exhausted => ("exhausted", None, None),
        };
        Call { call, outcome, trap, status }
    }
}
