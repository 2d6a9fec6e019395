//! A saved document, read back.

use std::collections::BTreeSet;

use serde::Deserialize;
use thiserror::Error;

use crate::report::document::model::{Document, FORMAT, VERSION};

/// Why a text is not a report.
#[derive(Debug, Error)]
pub enum Unreadable {
    /// It is not JSON.
    #[error("it is not JSON: {0}; `secondcall check --format json` writes a report")]
    NotJson(serde_json::Error),
    /// It is what the format `ndjson` writes.
    #[error("it is a report in lines, of the format `ndjson`: save one of the format `json`")]
    InLines,
    /// It is JSON of another kind.
    #[error("it is no report of secondcall: it does not say `\"format\": \"{FORMAT}\"`")]
    Foreign,
    /// It has a version that this program does not know.
    #[error(
        "it is a report of version {0}, and this secondcall reads version {VERSION}; use a newer secondcall"
    )]
    Newer(u64),
    /// Members are missing or wrong.
    #[error("it is a damaged report: {0}")]
    Damaged(serde_json::Error),
    /// Its parts do not fit together.
    #[error("it is a damaged report: {0}")]
    Inconsistent(String),
}

/// The members that identify a document.
#[derive(Deserialize)]
struct Kind {
    format: Option<serde_json::Value>,
    version: Option<serde_json::Value>,
}

impl Document {
    /// Reads what the format `json` wrote. What it holds is untrusted: texts are made printable.
    ///
    /// # Errors
    /// If it is no report, one of a newer version, or a damaged one.
    pub fn read(text: &[u8]) -> Result<Document, Unreadable> {
        // Some shells put a byte order mark before what they save.
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        let value: serde_json::Value = serde_json::from_slice(text).map_err(|error| {
            if is_in_lines(text) { Unreadable::InLines } else { Unreadable::NotJson(error) }
        })?;
        let kind = Kind::deserialize(&value).map_err(|_| Unreadable::Foreign)?;
        if kind.format.is_none_or(|format| format != FORMAT) {
            return Err(Unreadable::Foreign);
        }
        match kind.version.and_then(|version| version.as_u64()) {
            Some(version) if version > u64::from(VERSION) => {
                return Err(Unreadable::Newer(version));
            }
            Some(version) if version == u64::from(VERSION) => {}
            _ => {
                return Err(Unreadable::Inconsistent("it has no version that there is".to_owned()));
            }
        }
        // From the text once more: an error then names a line.
        let document: Document = serde_json::from_slice(text).map_err(Unreadable::Damaged)?;
        match document.inconsistency() {
            Some(what) => Err(Unreadable::Inconsistent(what)),
            None => Ok(document.printable()),
        }
    }

    /// An error that no format could write: a finding without artifact, two artifacts with one id, line or column 0.
    fn inconsistency(&self) -> Option<String> {
        let mut ids = BTreeSet::new();
        if let Some(twice) = self.artifacts.iter().find(|it| !ids.insert(it.id)) {
            return Some(format!("two artifacts have the id {}", twice.id));
        }
        let of_artifacts = self.artifacts.iter().filter_map(|it| it.origin.as_ref());
        let of_errors = self.errors.iter().filter_map(|it| it.origin.as_ref());
        let of_config = self.config.iter().map(|it| &it.origin);
        let mut origins = of_artifacts.chain(of_errors).chain(of_config);
        if let Some(origin) = origins.find(|it| it.line == 0 || it.column == 0) {
            return Some(format!("a place in {} has no line or no column", origin.path));
        }
        if let Some(source) = self.sources().find(|it| it.line == 0 || it.column == Some(0)) {
            return Some(format!("a place in {} has no line or no column", source.path));
        }
        let unread = self.errors.iter().find(|it| it.line == Some(0) || it.column == Some(0));
        if let Some(failure) = unread {
            return Some(format!("a place in {} has no line or no column", failure.path));
        }
        for finding in &self.findings {
            if self.artifact(finding.artifact).is_none() {
                let (id, artifact) = (&finding.id, finding.artifact);
                return Some(format!("finding {id} is of artifact {artifact}, which is not in it"));
            }
        }
        None
    }
}

/// Whether a text is what the format `ndjson` writes: its first line says so.
fn is_in_lines(text: &[u8]) -> bool {
    let mut lines = serde_json::Deserializer::from_slice(text).into_iter::<serde_json::Value>();
    lines.next().is_some_and(|first| first.is_ok_and(|it| it["type"] == "run"))
}
