//! A finding that concerns a chosen host, and what removes it.

use std::fmt;
use std::fs;
use std::path::PathBuf;

use crate::check::settle::Outcome;
use crate::manifest::{Kind, Limit};
use crate::profile::Profile;
use crate::report::Judged;
use crate::report::wording::severity;
use crate::verdict::Severity;

/// The host whose manifests have a key that limits the calls of an instance.
const POOLED: &str = "wasmcloud-2-pooled";

/// A finding that is more than a note.
pub(super) struct Problem<'a> {
    /// The index of its artifact.
    pub(super) artifact: usize,
    /// The artifact's file, without links.
    pub(super) file: PathBuf,
    /// Where the artifact is named, or its path.
    pub(super) place: String,
    pub(super) judged: &'a Judged,
    /// The chosen hosts under which it fails.
    hosts: Vec<&'a str>,
}

/// The problems of a check, in its order.
pub(super) fn all(outcome: &Outcome) -> Vec<Problem<'_>> {
    let run = &outcome.run;
    let mut all = Vec::new();
    for (id, artifact) in run.artifacts.iter().enumerate() {
        let chosen: Vec<_> = match artifact.hosts.as_slice() {
            [] => run.hosts.iter().map(String::as_str).collect(),
            hosts => hosts.iter().map(|host| host.id.as_str()).collect(),
        };
        let origin = artifact.origin.as_ref();
        let place = origin.map_or(artifact.path.clone(), |it| format!("{}:{}", it.path, it.line));
        let file = fs::canonicalize(&artifact.path).unwrap_or_default();
        for judged in artifact.findings().filter(|judged| judged.severity > Severity::Note) {
            let fails = |host: &&str| {
                *host == Profile::SPEC || judged.fails.iter().any(|failing| failing == host)
            };
            all.push(Problem {
                artifact: id,
                file: file.clone(),
                place: place.clone(),
                judged,
                hosts: chosen.iter().copied().filter(fails).collect(),
            });
        }
    }
    all
}

impl Problem<'_> {
    /// Whether a key of such a manifest may remove it.
    pub(super) fn names_a_key_of(&self, kind: Kind) -> bool {
        match kind {
            Kind::Wash | Kind::Cluster => self.judged.knobs.iter().any(|(host, _)| host == POOLED),
            Kind::Cargo => self.judged.finding.help.contains("crate-type"),
            Kind::Spin | Kind::Wac => false,
        }
    }

    /// What that key has to be set to.
    pub(super) fn limit(&self) -> Limit {
        let knob = self.judged.knobs.iter().find(|(host, _)| host == POOLED);
        let at_once = knob.and_then(|(_, knob)| knob.strip_prefix("maxConcurrency: "));
        at_once.and_then(|calls| calls.parse().ok()).map_or(Limit::Single, Limit::AtOnce)
    }

    /// Notes that a manifest of this kind has the key now.
    pub(super) fn remove(&mut self, kind: Kind) {
        self.hosts.retain(|host| kind != Kind::Cargo && *host != POOLED);
    }

    pub(super) fn is_removed(&self) -> bool {
        self.hosts.is_empty()
    }
}

/// The problem, and what to do about it by hand.
impl fmt::Display for Problem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Judged { finding, severity: level, knobs, .. } = self.judged;
        write!(f, "{}: {}[{}]", self.place, severity(*level), finding.rule.id)?;
        if let Some(export) = &finding.export {
            write!(f, " {export}")?;
        }
        let knobs = knobs.iter().filter(|(host, _)| self.hosts.contains(&host.as_str()));
        let knobs: Vec<_> = knobs
            .map(|(host, knob)| match knob.starts_with("--") {
                true => format!("no manifest has a key for it; start {host} with {knob}"),
                false => format!("{host}: {knob}"),
            })
            .collect();
        match knobs.is_empty() {
            true => write!(f, ": {}", finding.help),
            false => write!(f, ": {}", knobs.join("; ")),
        }
    }
}
