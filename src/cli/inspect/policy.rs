//! What a component's documentation says of later calls: which exports run once and which again, how often, how many at a
//! time, what each keeps, and how that is known.

mod limits;
pub(super) mod markdown;
pub(super) mod section;

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::anatomy::Anatomy;
use super::gather;
use crate::atomic_file;
use crate::check;
use crate::check::error::CheckError;
use crate::check::request::Request;
use crate::check::worker;
use crate::cli::output::document;
use crate::component::Component;
use crate::location::file_name;
use crate::registry::Access;
use crate::report::document::{Artifact, Document, Options, Tool};
use limits::ExportPolicy;

/// The name of the format.
const FORMAT: &str = "secondcall-policy";
/// Its version. Within it, members are only added.
const VERSION: u32 = 1;

/// The policy of a component, as `schemas/policy-v1.json` has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Policy {
    format: String,
    version: u32,
    tool: Tool,
    /// The name of the file.
    name: String,
    /// Of the component without a section of ours, in hexadecimal digits.
    sha256: String,
    /// The settings of the calls.
    run: Options,
    /// Imports that were filled with functions that do nothing.
    stubs: Vec<String>,
    exports: Vec<ExportPolicy>,
}

impl Policy {
    fn of(document: &Document, artifact: &Artifact, anatomy: &Anatomy) -> Self {
        let exports = artifact.exports.iter().map(|export| {
            let part = anatomy.exports.iter().find(|it| it.name == export.name.as_str());
            let findings = document.problems(artifact);
            let own = findings.filter(|it| it.export.as_deref() == Some(export.name.as_str()));
            ExportPolicy::of(export, &own.collect::<Vec<_>>(), part)
        });
        Policy {
            format: FORMAT.to_owned(),
            version: VERSION,
            tool: document.head.tool.clone(),
            name: file_name(&artifact.path).to_owned(),
            sha256: artifact.sha256.clone(),
            run: document.head.run.clone(),
            stubs: artifact.made_up_imports.clone(),
            exports: exports.collect(),
        }
    }
}

/// The policy of the one component that `paths` lead to; with `embedded`, also writes the component with the policy in a
/// section of ours to that file. Exports are called as the configuration says.
///
/// # Errors
/// If there are several components or none, or one cannot be read or written.
pub(super) fn run(
    paths: &[PathBuf],
    access: Access,
    embedded: Option<&Path>,
) -> Result<Policy, CheckError> {
    let [path] = paths else {
        return Err(CheckError::usage(
            "--policy describes one component: name one file".to_owned(),
        ));
    };
    // Accepted findings are as true as others.
    let request = Request { no_ignores: true, access, ..Request::default() };
    let outcome = check::run(&request, paths, None)?;
    let document = document(&outcome.run);
    if let Some(failure) = document.errors.first() {
        return Err(CheckError::unreadable(format!("{}: {}", failure.path, failure.sentence())));
    }
    let [artifact] = document.artifacts.as_slice() else {
        let found = document.artifacts.len();
        return Err(CheckError::usage(format!(
            "{}: {found} components; name one file",
            path.display()
        )));
    };
    // The bytes that were checked, whatever the file holds by now.
    let bytes = outcome.run.artifacts.get(artifact.id).map_or(&[][..], |it| &it.bytes);
    worker::bound(bytes);
    let component = Component::read(bytes)
        .map_err(|error| CheckError::unreadable(format!("{}: {error}", artifact.path)))?;
    let policy = Policy::of(&document, artifact, &gather::of(&component));
    if let Some(file) = embedded {
        if artifact.is_encoded() {
            let name = path.display();
            return Err(CheckError::usage(format!(
                "{name}: only a binary component can hold a section"
            )));
        }
        let text = serde_json::to_vec(&policy).map_err(|error| error.to_string())?;
        let bytes = section::with(&component, &text)?;
        atomic_file::write(file, &bytes)
            .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    }
    Ok(policy)
}
