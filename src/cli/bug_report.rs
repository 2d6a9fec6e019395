//! `secondcall bug-report`: what a report of a bug has to say about this program, its settings and the inputs. Prints no
//! path, no name from a file and no value of the environment.

use std::collections::BTreeMap;
use std::env::consts::{ARCH, OS};
use std::io::{self, Write};
use std::path::PathBuf;

use super::check_options::Checked;
use super::config;
use super::exit_code::ExitCode;
use super::failure::{self, unwritten};
use crate::check;
use crate::check::configuration::ConfigResolver;
use crate::check::error::CheckError;
use crate::check::request::Request;
use crate::config::Chosen;
use crate::exec;
use crate::report::document::{Artifact, Document, Failure};
use crate::report::style::Style;
use crate::report::wording;

/// Settings whose values are ours, and not the user's.
const SETTINGS: [&str; 8] =
    ["hosts", "fail-on", "calls", "budget", "memory", "seed", "static-only", "strict"];

/// Prints it. The inputs' code is analyzed, and nothing is executed.
pub(super) fn run(arguments: &Checked, style: Style, out: &mut dyn Write) -> failure::Result {
    let request = arguments.options.request();
    let settings = settings(arguments, &request)?;
    let inputs = match arguments.paths.is_empty() {
        true => None,
        false => {
            let mut request = Request { no_ignores: true, ..request };
            request.layer.static_only = Some(Chosen::typed(true));
            Some(Document::of(&check::run(&request, &arguments.paths, None)?.run))
        }
    };
    write(&settings, inputs.as_ref(), style, out).map(|()| ExitCode::Clean).map_err(unwritten)
}

/// The settings that are not the default, with the kind of place that sets them.
fn settings(arguments: &Checked, request: &Request) -> Result<Vec<String>, CheckError> {
    let here = PathBuf::from(".");
    let path = arguments.paths.first().unwrap_or(&here);
    let mut resolver = ConfigResolver::new(request)?;
    let resolved = resolver.resolve(Some(path), None);
    resolver.finish()?;
    let mut lines = Vec::new();
    let mut others: BTreeMap<String, u32> = BTreeMap::new();
    for [key, value, origin] in config::rows(&resolved) {
        let origin = match origin.as_str() {
            origin if origin.starts_with("default") => continue,
            "command line" => "option",
            origin if origin.starts_with("environment") => "environment",
            _ => "file",
        };
        match SETTINGS.contains(&key.as_str()) || key.starts_with("rules.") {
            true => lines.push(format!("{key} = {value} ({origin})")),
            false => *others.entry(key).or_default() += 1,
        }
    }
    // What the user calls, accepts and excludes has names in it.
    lines.extend(others.iter().map(|(key, count)| format!("{key}: {count}, not shown")));
    Ok(lines)
}

fn write(
    settings: &[String],
    inputs: Option<&Document>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let list = |out: &mut dyn Write, title: &str, lines: &[String]| {
        writeln!(out, "\n### {title}\n")?;
        let lines = lines.iter().map(|line| style.printable(line, usize::MAX));
        lines.into_iter().try_for_each(|line| writeln!(out, "* {line}"))
    };
    writeln!(out, "### What happened\n\n(the command, and what it printed)")?;
    writeln!(out, "\n### What you expected\n\n(in one sentence)")?;
    let engine = exec::ENGINE.unwrap_or("none, built without the feature `exec`");
    let program = [
        format!("secondcall {}", env!("CARGO_PKG_VERSION")),
        format!("engine: {engine}"),
        format!("system: {OS} {ARCH}"),
    ];
    list(out, "Program", &program)?;
    let defaults = ["all are the defaults".to_owned()];
    list(out, "Settings", if settings.is_empty() { &defaults } else { settings })?;
    let Some(document) = inputs else {
        return list(out, "Inputs", &["none: name them, secondcall bug-report FILE".to_owned()]);
    };
    for artifact in &document.artifacts {
        list(out, "Input", &shape(document, artifact))?;
    }
    for failure in &document.errors {
        list(out, "Input", &[unread(failure)])?;
    }
    Ok(())
}

/// What an input is, without a name of it.
fn shape(document: &Document, artifact: &Artifact) -> Vec<String> {
    let mut lines = vec![
        format!("{} bytes, SHA-256 {}", artifact.bytes, artifact.sha256),
        [
            wording::counted(artifact.core_modules, "core module"),
            wording::counted(artifact.functions, "function"),
            wording::counted(artifact.exports.len() as u64, "export"),
        ]
        .join(", "),
    ];
    lines.extend(artifact.adapters.iter().map(|adapter| format!("adapter: {}", adapter.flavor)));
    lines.extend(artifact.toolchains.iter().map(|it| format!("toolchain: {it}")));
    let counted = |title: &str, words: Vec<String>| {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        words.into_iter().for_each(|word| *counts.entry(word).or_default() += 1);
        let counts: Vec<_> = counts.iter().map(|(word, count)| format!("{word} {count}")).collect();
        (!counts.is_empty()).then(|| format!("{title}: {}", counts.join(", ")))
    };
    let findings = document.findings.iter().filter(|it| it.artifact == artifact.id);
    let findings = findings.map(|it| format!("{} ({})", it.rule, wording::evidence(it.evidence)));
    lines.extend(counted("findings in the code", findings.collect()));
    lines
}

fn unread(failure: &Failure) -> String {
    let offset = failure.offset.map(|at| format!(" at offset {at:#x}")).unwrap_or_default();
    format!("cannot be read: {}{offset}", failure.stage)
}
