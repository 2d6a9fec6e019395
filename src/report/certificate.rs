//! A certificate: what a check found of one component, as an in-toto statement about its digest. Who signs it and who
//! believes it is decided elsewhere.

pub(crate) mod policy;
pub(crate) mod verification;

use serde::{Deserialize, Serialize};

use crate::finding::Evidence;
use crate::location::{ExportName, file_name};
use crate::report::answer::Answer;
use crate::report::document::{Artifact, Document, FreshCalls, Options, Skipped, Tool};
use crate::report::given::Given;
use crate::verdict::{Severity, Verdict};

/// The type of a statement: in-toto attestation framework, v1.
const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// The type of the predicate, with its version. Within it, members are only added.
pub(crate) const PREDICATE: &str = "urn:secondcall:certificate:v1";

/// An in-toto statement with a predicate of ours, as `schemas/certificate-v1.json` has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Statement {
    #[serde(rename = "_type")]
    statement: String,
    pub(crate) subject: Vec<Subject>,
    predicate_type: String,
    pub(crate) predicate: Predicate,
}

/// What a statement is about: the component, or an image that holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Subject {
    /// The name of a file; the digest decides.
    pub(crate) name: String,
    pub(crate) digest: Digest,
}

/// The digest of a component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Digest {
    /// In hexadecimal digits.
    pub(crate) sha256: String,
}

/// What was found, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Predicate {
    pub(crate) tool: Tool,
    /// When it was made, in RFC 3339; `None` if that was not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) time: Option<String>,
    /// The settings, the seed among them.
    pub(crate) run: Options,
    /// The author's inputs for the calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) given: Option<Given>,
    /// Imports that were filled with functions that do nothing.
    pub(crate) stubs: Vec<String>,
    /// How the component fares under each host that it was judged for.
    pub(crate) hosts: Vec<Answer>,
    pub(crate) exports: Vec<Certified>,
    /// The failures that were found.
    pub(crate) findings: Vec<Found>,
    /// How many more the author has accepted, or has in a baseline.
    pub(crate) accepted: u64,
    /// What was not examined.
    pub(crate) skipped: Vec<Skipped>,
}

/// What is known of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Certified {
    pub(crate) name: ExportName,
    /// In WIT's words.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub(crate) ty: Option<String>,
    /// The members `verdict` and `verdict_calls`.
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    /// How it is known; `None` for what is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) evidence: Option<Evidence>,
    /// Why there is no verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) obstacle: Option<String>,
    /// How many of its calls on one instance are recorded.
    pub(crate) calls: u32,
    /// How its calls on fresh instances ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fresh: Option<FreshCalls>,
}

/// A failure that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) id: String,
    pub(crate) rule: String,
    pub(crate) severity: Severity,
    pub(crate) evidence: Evidence,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) export: Option<String>,
    pub(crate) message: String,
}

impl Subject {
    /// `sha256` is in hexadecimal digits.
    pub(crate) fn new(name: String, sha256: String) -> Subject {
        Subject { name, digest: Digest { sha256 } }
    }
}

impl Statement {
    /// What `document` says of `artifact`, and of the images that hold it. `time` is that of its making, in RFC 3339.
    pub(crate) fn of(
        document: &Document,
        artifact: &Artifact,
        images: impl IntoIterator<Item = Subject>,
        time: Option<String>,
    ) -> Self {
        let exports = artifact.exports.iter().map(|it| Certified {
            name: it.name.clone(),
            ty: it.ty.clone(),
            verdict: it.verdict.clone(),
            evidence: it.evidence,
            obstacle: it.obstacle.clone(),
            calls: it.calls.len() as u32,
            fresh: it.fresh,
        });
        let findings = document.problems(artifact).map(|it| Found {
            id: it.id.clone(),
            rule: it.rule.clone(),
            severity: it.severity,
            evidence: it.evidence,
            export: it.export.clone(),
            message: it.message.clone(),
        });
        let skipped = document.skipped.iter().filter(|it| it.artifact == Some(artifact.id));
        let component = Subject::new(file_name(&artifact.path).to_owned(), artifact.sha256.clone());
        Statement {
            statement: STATEMENT.to_owned(),
            subject: [component].into_iter().chain(images).collect(),
            predicate_type: PREDICATE.to_owned(),
            predicate: Predicate {
                tool: document.head.tool.clone(),
                time,
                run: document.head.run.clone(),
                given: artifact.given.clone(),
                stubs: artifact.made_up_imports.clone(),
                hosts: artifact.answers.clone(),
                exports: exports.collect(),
                findings: findings.collect(),
                accepted: document.summary.accepted + document.summary.known,
                skipped: skipped.cloned().collect(),
            },
        }
    }

    /// Reads a statement.
    ///
    /// # Errors
    /// If it is none, or has another predicate; one sentence.
    pub(crate) fn read(text: &[u8]) -> Result<Statement, String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Kind {
            #[serde(rename = "_type")]
            statement: String,
            predicate_type: String,
        }
        let kind: Kind = serde_json::from_slice(text)
            .map_err(|error| format!("what is signed is no in-toto statement: {error}"))?;
        if (kind.statement.as_str(), kind.predicate_type.as_str()) != (STATEMENT, PREDICATE) {
            let Kind { statement, predicate_type } = kind;
            return Err(format!(
                "it is a `{statement}` with the predicate `{predicate_type}`, and not one with `{PREDICATE}`"
            ));
        }
        serde_json::from_slice(text).map_err(|error| format!("the statement is damaged: {error}"))
    }
}
