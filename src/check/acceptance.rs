//! Acceptances for findings of a report.

use super::settle::Refusal;
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
        // Rule and export survive more changes than an id does; it is for one of several alike.
        id: several.then(|| finding.id.clone()),
        ..Entry::default()
    }
}

/// `text`, the configuration file `name`, with one more acceptance.
///
/// # Errors
/// If `text` is invalid or accepts the same findings already.
pub(crate) fn amended(name: &str, text: &str, entry: &Entry) -> Result<String, Refusal> {
    let rules: Vec<_> = rules::all().map(|rule| rule.id).collect();
    amend::amended(name, text, entry, &rules).map_err(|error| match error {
        Unamendable::Invalid(diagnostics) => Refusal::Diagnostics(diagnostics),
        Unamendable::Other(message) => Refusal::Message(message),
    })
}
