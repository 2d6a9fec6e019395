//! A run in the making: levels, acceptances and a baseline take findings out of it, then it becomes a document.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::config::diagnostic;
use crate::digest::sha256;
use crate::finding::Kind;
use crate::inventory::{ExportedFunction, Fetched, Wrapping};
use crate::location::ExportName;
use crate::observation::ObservedExport;
use crate::report::answer::Answer;
use crate::report::document::{
    self, AdapterItem, Call, Diagnostic, Document, Export, FORMAT, Failure, Finding, FreshCalls,
    Head, ImpliedHost, Options, Origin, Outcome, Place, Skipped, Sources, Summary, Tool, VERSION,
};
use crate::report::given::Given;
use crate::report::{ExportVerdict, Judged, Report};
use crate::verdict::Severity;

/// One run: what was asked, and what was found in each input.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// Ids of the hosts chosen, for all artifacts together.
    pub hosts: Vec<String>,
    /// Whether nothing was to be executed.
    pub static_only: bool,
    /// How many calls an export gets when it is executed.
    pub calls: u32,
    /// The seed of the arguments and of the host's random numbers.
    pub seed: u64,
    /// How many inputs are before these; above 0 if this is a part of a run.
    pub first: usize,
    /// The inputs, in the order in which they are reported.
    pub artifacts: Vec<Artifact>,
    /// Inputs with the same bytes and results as an artifact of an earlier part: its id, and their path.
    pub copies: Vec<(usize, String)>,
    /// What could not be examined although it was asked for. An artifact is given by its index in `artifacts`.
    pub skipped: Vec<Skipped>,
    /// Diagnostics of the configuration: acceptances and entries of a baseline that match nothing.
    pub config: Vec<diagnostic::Diagnostic>,
    /// Whether what is wrong with the configuration makes the run fail.
    pub strict: bool,
    /// The least severity that makes the run fail; `None`: none does.
    pub fail_on: Option<Severity>,
    /// The program's exit code.
    pub exit_code: u8,
}

/// One input.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// Its path as the user would write it, relative, with `/`.
    pub path: String,
    /// The manifest that names it, if it was found through one; for a manifest that is broken, the
    /// place where it is.
    pub origin: Option<Origin>,
    /// The hosts it was judged for, where its manifest or its configuration has others than the run's;
    /// else empty.
    pub hosts: Vec<ImpliedHost>,
    /// The component: the file itself, or what a text file encodes to, or what was made of a core module. Empty if no report
    /// needs it and `sha256` is there.
    pub bytes: Vec<u8>,
    /// The SHA-256 of `bytes` in hexadecimal digits; `None` if it is not computed yet.
    pub sha256: Option<String>,
    /// The text that the binary was encoded from, if it is a text file.
    pub text: Option<String>,
    /// How it was made a component, if it is a core module.
    pub wrapping: Option<Wrapping>,
    /// Where it was fetched from; `None` for a file.
    pub fetched: Option<Fetched>,
    /// The calls of each export that was called; empty when nothing was executed.
    pub observed: Vec<ObservedCalls>,
    /// Imports that were filled with stubs.
    pub made_up_imports: Vec<String>,
    /// Why the system did not filter the system calls of the process that made the calls; `None` if it did, or if nothing
    /// was executed.
    pub unfiltered: Option<String>,
    /// The author's inputs for its calls; `None` if there are none, or if nothing was executed.
    pub given: Option<Given>,
    /// The source lines of its places.
    pub sources: Sources,
    /// How many of its findings the user has accepted; they are in no report.
    pub accepted: u64,
    /// How many of its findings are in the baseline; they are in no report.
    pub known: u64,
    /// The report on it, or why it could not be read.
    pub result: Result<Report, Failure>,
}

/// The calls of one export on one instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedCalls {
    /// The export.
    pub export: ExportName,
    /// The calls that are reported; numbers may be missing between them.
    pub calls: Vec<Call>,
    /// The calls on fresh instances.
    pub fresh: FreshCalls,
    /// Another export that was called first on each instance, because it is needed.
    pub earlier: Option<ExportName>,
    /// Variables that each instance found in its environment, because they are needed: `PWD=/`.
    pub variables: Vec<String>,
}

impl From<&ObservedExport> for ObservedCalls {
    /// The calls on the reused instance; the first fresh one where none was made.
    fn from(seen: &ObservedExport) -> Self {
        let call = |call, of, is_like| Call { call, outcome: Outcome::of(of, is_like) };
        let compared = seen.compared();
        let mut calls: Vec<_> = compared
            .map(|(number, reused, fresh)| call(number, &reused.call, reused.is_like(fresh)))
            .collect();
        if calls.is_empty() {
            calls.extend(seen.fresh.first().map(|first| call(1, first, true)));
        }
        if let Some(repeated) = &seen.repeated
            && let Some(failed) = &repeated.failed
        {
            calls.push(call(repeated.last(), &failed.call, true));
        }
        let fresh =
            FreshCalls { calls: seen.fresh.len() as u32, succeeded: seen.succeeded() as u32 };
        let earlier = seen.called_first().cloned();
        let (export, variables) = (seen.export.clone(), seen.variables.clone());
        ObservedCalls { export, calls, fresh, earlier, variables }
    }
}

impl Artifact {
    /// An input without manifest, calls or source lines.
    pub fn new(path: String, bytes: Vec<u8>, result: Result<Report, Failure>) -> Self {
        let (hosts, observed, made_up_imports) = Default::default();
        let (origin, text, wrapping) = (None, None, None);
        let (given, sources) = (None, Sources::new());
        Artifact {
            path,
            origin,
            hosts,
            bytes,
            sha256: None,
            text,
            wrapping,
            fetched: None,
            observed,
            made_up_imports,
            unfiltered: None,
            given,
            sources,
            accepted: 0,
            known: 0,
            result,
        }
    }

    /// Its failures, in order, without the findings that are good news.
    pub fn findings(&self) -> impl Iterator<Item = &Judged> {
        let all = self.result.iter().flat_map(|report| &report.findings);
        all.filter(|judged| judged.finding.kind == Kind::Fail)
    }

    /// Whether both, which have the same bytes, have the same results, so that one report is enough. Where manifests name both,
    /// each entry has its own line.
    fn is_like(&self, other: &Artifact) -> bool {
        let findings = |it: &Artifact| {
            let findings = it.result.iter().flat_map(|report| &report.findings);
            findings.map(|it| (it.id.clone(), it.severity)).collect::<Vec<_>>()
        };
        (&self.text, &self.wrapping) == (&other.text, &other.wrapping)
            && (self.origin.is_none() || self.origin == other.origin)
            && self.hosts == other.hosts
            && self.given == other.given
            && self.observed == other.observed
            && (self.accepted, self.known) == (other.accepted, other.known)
            && findings(self) == findings(other)
    }

    fn read(&self, id: usize, report: &Report) -> document::Artifact {
        let inventory = &report.inventory;
        let declared: BTreeMap<_, _> =
            inventory.exports.iter().map(|export| (&export.name, export)).collect();
        let observed = self.observed.iter().rev().map(|calls| (&calls.export, calls));
        let observed: FxHashMap<_, _> = observed.collect();
        let exports = report.exports.iter().map(|it| {
            let name = &it.name;
            self.export(it, declared.get(name).copied(), observed.get(name).copied())
        });
        document::Artifact {
            id,
            path: self.path.clone(),
            kind: inventory.kind,
            bytes: inventory.bytes,
            sha256: self.sha256.clone().unwrap_or_else(|| sha256(&self.bytes)),
            wrapped: self.wrapping.clone(),
            fetched: self.fetched.clone(),
            origin: self.origin.clone(),
            also: Vec::new(),
            answers: report.answers.iter().map(|it| self.answer(it, report)).collect(),
            hosts: self.hosts.clone(),
            core_modules: inventory.core_modules,
            functions: inventory.functions,
            adapters: inventory.adapters.iter().map(AdapterItem::of).collect(),
            toolchains: inventory.toolchains.clone(),
            producers: inventory.producers.iter().cloned().collect(),
            made_up_imports: self.made_up_imports.clone(),
            unfiltered: self.unfiltered.clone(),
            given: self.given.clone(),
            exports: exports.collect(),
            by_name: document::ByName::default(),
        }
    }

    /// The answer, which also says whether its findings are left out of the report.
    fn answer(&self, answer: &Answer, report: &Report) -> Answer {
        let ids: FxHashSet<_> = report.findings.iter().map(|it| it.id.as_str()).collect();
        let is_listed = |id: &&String| ids.contains(id.as_str());
        let (listed, left_out): (Vec<_>, Vec<_>) = answer.findings.iter().partition(is_listed);
        let mut text = answer.text.clone();
        if !left_out.is_empty() {
            let why = match (self.accepted, self.known) {
                (0, 0) => "allowed",
                (_, 0) => "accepted",
                (0, _) => "in the baseline",
                _ => "accepted or in the baseline",
            };
            text += if listed.is_empty() { "; " } else { "; partly " };
            text += why;
        }
        Answer { text, findings: listed.into_iter().cloned().collect(), ..answer.clone() }
    }

    fn export(
        &self,
        export: &ExportVerdict,
        declared: Option<&ExportedFunction>,
        observed: Option<&ObservedCalls>,
    ) -> Export {
        let core_function = declared.and_then(|it| it.core_function.as_ref());
        Export {
            name: export.name.clone(),
            ty: declared.map(|it| it.signature.clone()),
            verdict: export.verdict.clone(),
            evidence: export.evidence,
            obstacle: declared.and_then(|it| it.obstacle.clone()),
            core_function: core_function.map(|it| Place::of(it, &self.sources)),
            calls: observed.map(|it| it.calls.clone()).unwrap_or_default(),
            fresh: observed.map(|it| it.fresh),
            earlier: observed.and_then(|it| it.earlier.clone()),
            variables: observed.map(|it| it.variables.clone()).unwrap_or_default(),
        }
    }
}

impl Document {
    /// All that `run` found, with texts that are fit to be printed.
    pub fn of(run: &Run) -> Document {
        let mut document = Document {
            head: Head {
                format: FORMAT.to_owned(),
                version: VERSION,
                tool: Tool::this(),
                run: Options {
                    hosts: run.hosts.clone(),
                    seed: format!("{:#x}", run.seed),
                    calls: run.calls,
                    static_only: run.static_only,
                    fail_on: run.fail_on,
                    strict: run.strict,
                },
            },
            artifacts: Vec::new(),
            findings: Vec::new(),
            skipped: run.skipped.iter().map(|it| numbered(it, run.first)).collect(),
            copies: run.copies.clone(),
            errors: Vec::new(),
            config: run.config.iter().map(Diagnostic::of).collect(),
            summary: Summary { exit_code: run.exit_code, ..Summary::default() },
        };
        // The digest of a binary, and the place of its artifact in the document.
        let mut places: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        for (index, artifact) in run.artifacts.iter().enumerate() {
            let id = run.first + index;
            let report = match &artifact.result {
                Ok(report) => report,
                Err(failure) => {
                    document.errors.push(Failure {
                        id,
                        path: artifact.path.clone(),
                        origin: artifact.origin.clone(),
                        ..failure.clone()
                    });
                    continue;
                }
            };
            let read = artifact.read(id, report);
            let alike = places.entry(read.sha256.clone()).or_default();
            if let Some((_, place)) =
                alike.iter().find(|(it, _)| artifact.is_like(&run.artifacts[*it]))
            {
                document.artifacts[*place].also.push(read.path);
                document.skipped.retain(|it| it.artifact != Some(id));
                continue;
            }
            alike.push((index, document.artifacts.len()));
            document.artifacts.push(read);
            let findings = report.findings.iter();
            document.findings.extend(
                findings.map(|it| Finding::of((id, &artifact.path), it, &artifact.sources)),
            );
            document.summary.accepted += artifact.accepted;
            document.summary.known += artifact.known;
        }
        let count = |severity| {
            let all = document.findings.iter().filter(|it| it.kind == Kind::Fail);
            all.filter(|it| it.severity == severity).count() as u64
        };
        document.summary = Summary {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
            inconclusive: document.skipped.iter().filter(|it| it.is_inconclusive()).count() as u64,
            skipped: document.skipped.iter().filter(|it| it.export.is_none()).count() as u64,
            unread: document.errors.len() as u64,
            ..document.summary
        };
        document.printable()
    }
}

/// What was skipped, with the id of its artifact; `first` is that of the first one.
fn numbered(skipped: &Skipped, first: usize) -> Skipped {
    Skipped { artifact: skipped.artifact.map(|index| first + index), ..skipped.clone() }
}
