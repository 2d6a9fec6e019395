//! The static check as a function of bytes: no file is read and no process is started. A host without files, processes and
//! threads can run it, such as one of WebAssembly: `integrations/component` makes it a component.

use std::path::Path;

use crate::check::error::CheckError;
use crate::check::inputs::{Input, Inputs, ReadFrom};
use crate::check::request::Request;
use crate::check::{Session, Stop};
use crate::cli::{ExitCode, rules_of};
use crate::config::date::Date;
use crate::config::{Chosen, Layer};
use crate::report::binaries::Binaries;
use crate::report::document::Document;
use crate::report::style::Style;
use crate::report::{json, markdown, sarif, text};

/// How a report is written, as by the option `--format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For programs: `schemas/report-v1.json`.
    Json,
    /// For a comment or the summary of a job.
    Markdown,
    /// For tools that show findings at lines of text.
    Sarif,
    /// For a person.
    Text,
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The report.
    pub report: String,
    /// The exit code of `secondcall check --static-only`: 0 without a finding that is an error, 1 with one, 4 if the bytes
    /// cannot be read.
    pub exit_code: u8,
}

/// Checks a component, a core module or a WebAssembly text as `secondcall check --static-only --no-config` does without
/// any variables, for the hosts with these ids; for the default one if there are none. Reports call it `name`. Bytes that
/// cannot be read are part of the report.
///
/// ```
/// use secondcall::embedded::{Format, check};
///
/// let bytes = std::fs::read("examples/hello.wasm")?;
/// let checked = check("hello.wasm", bytes, &["wasmtime-serve-p3"], Format::Json)?;
/// assert!(checked.report.contains("run_once_guard"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If a host does not exist.
pub fn check(
    name: &str,
    bytes: Vec<u8>,
    hosts: &[&str],
    format: Format,
) -> Result<Checked, String> {
    let hosts = hosts.iter().map(|&id| id.to_owned()).collect::<Vec<_>>();
    let request = Request {
        layer: Layer {
            static_only: Some(Chosen::typed(true)),
            hosts: (!hosts.is_empty()).then(|| Chosen::typed(hosts)),
            ..Layer::default()
        },
        no_cache: true,
        no_config: true,
        no_environment: true,
        // There are no acceptances, so no clock is read for them.
        today: Some(Date::ZERO),
        jobs: 1,
        ..Request::default()
    };
    let input = Input { from: ReadFrom::Memory(name.to_owned(), bytes), named_by: None };
    let inputs = Inputs { list: vec![input], ..Inputs::default() };
    let (root, stop, cache, progress) = (Path::new(""), Stop::default(), None, None);
    let session = Session { request: &request, paths: &[], root, stop, cache, progress };
    let mut outcome = session.run(inputs).map_err(CheckError::into_message)?;
    outcome.run.exit_code = ExitCode::of(&outcome, false) as u8;
    let document = Document::of(&outcome.run);
    let mut report = Vec::new();
    let written = match format {
        Format::Json => json::write(&document, &mut report),
        Format::Markdown => markdown::write(&document, &mut report),
        Format::Sarif => {
            sarif::write(&document, &rules_of(&document), sarif::Profile::Github, &mut report)
        }
        Format::Text => {
            text::write(&document, &Binaries::of(&outcome.run), Style::PLAIN, &mut report)
        }
    };
    written.map_err(|error| error.to_string())?;
    let report = String::from_utf8(report).map_err(|error| error.to_string())?;
    Ok(Checked { report, exit_code: outcome.run.exit_code })
}
