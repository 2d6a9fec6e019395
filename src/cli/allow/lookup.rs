//! Finds a finding by its id: in what the code shows, or in a saved report.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::choices::Choices;
use crate::cli::settlement::Refusal;
use crate::cli::{check, configuration};
use crate::location::ExportName;
use crate::report::document::{Document, Finding};
use crate::report::run::Artifact;

/// A finding, as far as it is needed here.
pub(crate) struct Told {
    pub(super) id: String,
    pub(super) rule: String,
    pub(super) export: Option<String>,
    pub(super) artifact: String,
}

impl Told {
    /// A finding of `document`.
    pub(crate) fn of(document: &Document, finding: &Finding) -> Self {
        let export = finding.export.as_ref();
        let artifact = document.artifact(finding.artifact);
        Told {
            id: finding.id.clone(),
            rule: finding.rule.clone(),
            export: export.map(|name| ExportName::new(None, name).unversioned()),
            artifact: artifact.map(|it| it.path.clone()).unwrap_or_default(),
        }
    }
}

/// What the code shows of what `paths` name, whatever is accepted already.
pub(super) fn examined(paths: &[PathBuf]) -> Result<Vec<Told>, Refusal> {
    let choices = Choices { static_only: Some(true), no_config: true, ..Choices::default() };
    let run = check::gather(&choices, paths)?.run;
    let of_each = |artifact: &Artifact| {
        let path = artifact.path.clone();
        let told = artifact.findings().map(move |judged| Told {
            id: judged.id.clone(),
            rule: judged.finding.rule.id.to_owned(),
            export: judged.finding.export.as_ref().map(|it| it.unversioned()),
            artifact: path.clone(),
        });
        told.collect::<Vec<_>>()
    };
    Ok(run.artifacts.iter().flat_map(of_each).collect())
}

/// What a saved report tells of what `paths` name; of everything if they name nothing.
pub(super) fn saved(path: &Path, paths: &[PathBuf]) -> Result<Vec<Told>, Refusal> {
    let refuse = |what: String| format!("{}: {what}", path.display());
    let text = fs::read(path).map_err(|error| refuse(error.to_string()))?;
    let document = Document::read(&text).map_err(|error| refuse(error.to_string()))?;
    let told = document.findings.iter().map(|it| Told::of(&document, it));
    let paths: Vec<_> = paths.iter().map(|path| configuration::from_here(path)).collect();
    let is_named = |it: &Told| paths.iter().any(|path| Path::new(&it.artifact).starts_with(path));
    Ok(told.filter(|it| paths.is_empty() || is_named(it)).collect())
}
