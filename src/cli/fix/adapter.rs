//! Replaces the preview1 adapter of a component by another release, and compares calls of both before it writes the result.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::repair::Lines;
use crate::check::error::CheckError;
use crate::check::inputs;
use crate::check::request::Request;
use crate::check::verify::{self, How, Pair};
use crate::cli::alone;
use crate::cli::exit_code::ExitCode;
use crate::cli::failure;
use crate::component::Component;
use crate::exec;
use crate::repair::adapter::{self, Adapted, NEWEST};
use crate::report::style::Style;

/// A component whose adapter is replaced.
pub(super) struct Replacement<'a> {
    pub(super) path: &'a Path,
    /// `newest`, a release, or a file.
    pub(super) adapter: &'a str,
    /// The file to write, or `-` for standard output; `None` to write nothing and only say what would be done.
    pub(super) output: Option<&'a Path>,
    pub(super) unverified: bool,
}

impl Replacement<'_> {
    pub(super) fn run(
        &self,
        request: &Request,
        style: Style,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> failure::Result {
        let verifies = self.output.is_some() && !self.unverified;
        if let Some(reason) = exec::MISSING.filter(|_| verifies) {
            let message = format!("the result cannot be verified: {reason}");
            return Err(CheckError::usage(message));
        }
        let file = self.file()?;
        let source = inputs::argument(self.path, request.access);
        let input = alone::read(&source);
        let component = failure::component(&input)?;
        let mut lines = Lines::of(&input.path, self.output, style, (out, err))?;
        let adapted = match adapter::replace(&component, file.as_deref(), !self.unverified) {
            Ok(adapted) => adapted,
            Err(error) => {
                lines.write(&format!("not written: {error}"))?;
                return Ok(ExitCode::Findings);
            }
        };
        for line in self.plan(&component, &adapted)? {
            lines.write(&line)?;
        }
        let Some(output) = self.output else {
            lines.write("nothing is written, as --dry-run asks")?;
            return Ok(ExitCode::Clean);
        };
        if verifies {
            let pair = Pair {
                path: source.path(),
                input: &input,
                original: &component,
                rewritten: &adapted.bytes,
                how: How::Adapted,
            };
            let verification = verify::compare(request, &pair)?.verification;
            lines.verification(&verification)?;
            if !verification.is_complete() {
                return Ok(ExitCode::Findings);
            }
        } else {
            lines.write("not verified, as --unverified asks: the component says so, too")?;
        }
        lines.save(output, &adapted.bytes)?;
        Ok(ExitCode::Clean)
    }

    /// The adapter in a file; `None` for the newest release, which this program contains.
    fn file(&self) -> Result<Option<Vec<u8>>, CheckError> {
        let name = self.adapter;
        if name == "newest" || name == NEWEST {
            return Ok(None);
        }
        let is_release =
            !name.is_empty() && name.chars().all(|it| it.is_ascii_digit() || it == '.');
        if is_release && !Path::new(name).exists() {
            return Err(CheckError::usage(format!(
                "this program contains the adapters of {NEWEST} only: download \
                 `wasi_snapshot_preview1.….wasm` of wasmtime {name}, and name that file"
            )));
        }
        let file = fs::read(name).map_err(|error| {
            CheckError::usage(format!("`--adapter {name}`: {error}; write `newest` or a file"))
        })?;
        Ok(Some(file))
    }

    /// What changes.
    fn plan(
        &self,
        component: &Component<'_>,
        adapted: &Adapted,
    ) -> Result<Vec<String>, CheckError> {
        let before = &adapted.before;
        let releases = match &before.releases {
            Some((first, last)) if first == last => format!(" of {first}"),
            Some((first, last)) => format!(" of {first} to {last}"),
            None => String::new(),
        };
        let after = if self.adapter == "newest" { NEWEST } else { self.adapter };
        let (flavor, name) = (before.flavor, &before.name);
        let mut lines =
            vec![format!("the {flavor} adapter{releases} for `{name}` becomes that of {after}")];
        let again = Component::read(&adapted.bytes)
            .map_err(|error| CheckError::usage(error.to_string()))?;
        for export in &component.exports {
            let name = &export.name;
            let alike = again.exports.iter().find(|it| it.name.unversioned() == name.unversioned());
            if let Some(other) = alike.filter(|it| it.name != *name) {
                lines.push(format!("the export `{name}` becomes `{}`", other.name));
            }
        }
        let (size, result) = (component.file.len(), adapted.bytes.len());
        lines.push(format!("{size} bytes become {result} ({:+})", result as i64 - size as i64));
        Ok(lines)
    }
}
