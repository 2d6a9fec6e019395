//! Creates acceptances for findings of a report.

use super::error::CheckError;
use crate::config::amend::{self, Entry, Unamendable};
use crate::location::{ExportName, file_name};
use crate::report::document::{Document, Finding};
use crate::rules;

/// The acceptance of a finding, without a reason yet.
pub(crate) fn entry(document: &Document, finding: &Finding) -> Entry {
    let alike = |other: &&Finding| {
        (&other.rule, &other.export, other.artifact)
            == (&finding.rule, &finding.export, finding.artifact)
    };
    let several = document.findings.iter().filter(alike).count() > 1;
    let export = finding.export.as_ref();
    let artifact = document.artifact(finding.artifact).map_or("", |it| &it.path);
    let file = file_name(artifact);
    Entry {
        rule: finding.rule.clone(),
        export: export.map_or("*".to_owned(), |name| ExportName::new(None, name).unversioned()),
        component: (file != "-").then(|| file.to_owned()),
        // An id changes more often than rule and export do, so only one of several alike needs it.
        id: several.then(|| finding.id.clone()),
        ..Entry::default()
    }
}

/// The text of the configuration file `name` with one more acceptance.
///
/// # Errors
/// If `text` is invalid or contains such an acceptance.
pub(crate) fn amended(name: &str, text: &str, entry: &Entry) -> Result<String, CheckError> {
    amend::amended(name, text, entry, &rules::ids()).map_err(|error| match error {
        Unamendable::Invalid(diagnostics) => CheckError::Config(diagnostics),
        Unamendable::Other(message) => CheckError::Usage(message),
    })
}
