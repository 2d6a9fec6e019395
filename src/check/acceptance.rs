//! Creates acceptances for findings of a report.

use super::error::CheckError;
use crate::config::accept::Entry;
use crate::config::amend::{self, Unamendable};
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
    let artifact = document.artifact(finding.artifact);
    let paths = artifact.iter().flat_map(|it| std::iter::once(&it.path).chain(&it.also));
    let component = common(paths.map(|path| file_name(path)));
    Entry {
        rule: finding.rule.clone(),
        export: export.map_or("*".to_owned(), |name| ExportName::new(None, name).unversioned()),
        component: component.filter(|name| name != "-"),
        // An id changes more often than rule and export do, so only one of several alike needs it.
        id: several.then(|| finding.id.clone()),
        ..Entry::default()
    }
}

/// A glob for all of these names: Cargo has copies of `app.wasm` that it calls `app-0123456789abcdef.wasm`.
fn common<'a>(mut names: impl Iterator<Item = &'a str>) -> Option<String> {
    let first = names.next()?.to_owned();
    names.try_fold(first, |common, name| {
        let is_covered = common == name
            || common.split_once('*').is_some_and(|(start, _)| name.starts_with(start));
        let alike = common.chars().zip(name.chars()).take_while(|(one, other)| one == other);
        let start: String = alike.map(|(one, _)| one).collect();
        match (is_covered, start.is_empty()) {
            (true, _) => Some(common),
            (false, false) => Some(format!("{start}*")),
            (false, true) => None,
        }
    })
}

/// The text of the configuration file `name` with one more acceptance.
///
/// # Errors
/// If `text` is invalid or contains such an acceptance.
pub(crate) fn amended(name: &str, text: &str, entry: &Entry) -> Result<String, CheckError> {
    amend::amended(name, text, entry, &rules::ids()).map_err(|error| match error {
        Unamendable::Invalid(diagnostics) => CheckError::Config(diagnostics),
        Unamendable::Other(message) => CheckError::usage(message),
    })
}
