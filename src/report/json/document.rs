//! The shape of the document, member by member as `schemas/report-v1.json` has it.

use serde::Serialize;

use crate::report::json::artifact::Artifact;
use crate::report::json::artifact::Origin;
use crate::report::json::finding::Finding;
use crate::report::run::Run;
use crate::report::run::Skipped;

/// The name of the format, which a reader checks together with the version.
const FORMAT: &str = "secondcall-report";
const VERSION: u32 = 1;

#[derive(Serialize)]
pub(super) struct Document<'a> {
    format: &'static str,
    version: u32,
    tool: Tool,
    run: Settings<'a>,
    artifacts: Vec<Artifact<'a>>,
    findings: Vec<Finding<'a>>,
    skipped: Vec<SkippedItem<'a>>,
    errors: Vec<Failure<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Settings<'a> {
    hosts: &'a [String],
    seed: String,
    calls: u32,
    static_only: bool,
}

#[derive(Serialize)]
struct SkippedItem<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    export: Option<&'a str>,
    reason: &'a str,
    detail: &'a str,
}

#[derive(Serialize)]
struct Failure<'a> {
    path: &'a str,
    stage: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin<'a>>,
}

#[derive(Serialize)]
struct Summary {
    errors: u64,
    warnings: u64,
    notes: u64,
    inconclusive: u64,
    accepted: u64,
    unread: u64,
    exit_code: u8,
}

impl<'a> Document<'a> {
    pub(super) fn of(run: &'a Run) -> Self {
        let summary = run.summary();
        let mut document = Document {
            format: FORMAT,
            version: VERSION,
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            run: Settings {
                hosts: &run.hosts,
                seed: format!("{:#x}", run.seed),
                calls: run.calls,
                static_only: run.static_only,
            },
            artifacts: Vec::new(),
            findings: Vec::new(),
            skipped: run.skipped.iter().map(SkippedItem::of).collect(),
            errors: Vec::new(),
            summary: Summary {
                errors: summary.errors,
                warnings: summary.warnings,
                notes: summary.notes,
                inconclusive: summary.inconclusive,
                accepted: run.accepted,
                unread: summary.unread,
                exit_code: run.exit_code,
            },
        };
        for (id, artifact) in run.artifacts.iter().enumerate() {
            match &artifact.result {
                Ok(report) => {
                    document.artifacts.push(Artifact::of(id, artifact, report));
                    let findings = report.findings.iter().map(|judged| Finding::of(id, judged));
                    document.findings.extend(findings);
                }
                Err(failure) => document.errors.push(Failure {
                    path: &artifact.path,
                    stage: &failure.stage,
                    offset: failure.offset,
                    message: &failure.message,
                    origin: artifact.origin.as_ref().map(Origin::of),
                }),
            }
        }
        document
    }
}

impl<'a> SkippedItem<'a> {
    fn of(skipped: &'a Skipped) -> Self {
        SkippedItem {
            artifact: skipped.artifact,
            path: skipped.path.as_deref(),
            export: skipped.export.as_ref().map(|export| export.as_str()),
            reason: &skipped.reason,
            detail: &skipped.detail,
        }
    }
}
