//! `secondcall fix --manifest`: writes the keys that findings name into manifests.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::diff;
use super::problem::{self, Problem};
use crate::atomic_file;
use crate::check::error::CheckError;
use crate::check::inputs::{self, ManifestFile};
use crate::check::paths::{as_given, parent, with_folder};
use crate::check::settle::baseline;
use crate::cli::check_options::CheckOptions;
use crate::cli::exit_code::ExitCode;
use crate::cli::failure::{self, unwritten};
use crate::cli::output::document;
use crate::config::text::TextFile;
use crate::manifest::{self, Kind, Knob, Limit, limited};
use crate::report::concise;
use crate::report::style::{LINE_LIMIT, Style};
use crate::report::wording::counted;

/// A manifest to write.
struct Change {
    path: PathBuf,
    before: String,
    after: String,
    /// What is set, where and for which findings.
    lines: Vec<String>,
}

/// Changes manifests, or with `only_shows` prints the changes as a diff.
pub(super) fn run(
    paths: &[PathBuf],
    only_shows: bool,
    options: &CheckOptions,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> failure::Result {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let found = inputs::find(paths, options.access());
    if found.manifests.is_empty() && !found.list.is_empty() {
        let message = "no manifest found: name one, such as Cargo.toml or the YAML of a workload";
        return Err(CheckError::NoInputs(message.into()));
    }
    let request = options.request();
    let known = request.baseline().map(|path| baseline(&path)).transpose()?;
    let mut outcome = options.check(paths)?;
    if let Some(known) = known {
        outcome.hide(&known, request.no_ignores);
    }
    let mut problems = problem::all(&outcome);
    let (mut changes, mut refused) = (Vec::new(), Vec::new());
    for manifest in &found.manifests {
        changes.extend(change(manifest, &mut problems, &mut refused)?);
    }
    for Change { path, before, after, lines } in &changes {
        if only_shows {
            diff::write(&as_given(path), before, after, style, out).map_err(unwritten)?;
            continue;
        }
        atomic_file::write(path, after.as_bytes())
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        // The file is written even if these lines are not.
        let lines = lines.iter().map(|line| style.printable(line, LINE_LIMIT));
        let _ = lines.into_iter().try_for_each(|line| writeln!(out, "{line}"));
    }
    let (removed, left): (Vec<_>, Vec<_>) = problems.iter().partition(|it| it.is_removed());
    let verb = if only_shows { "would change" } else { "changed" };
    let summary = format!(
        "{} {verb}; {} removed, {} left",
        counted(changes.len() as u64, "manifest"),
        counted(removed.len() as u64, "finding"),
        left.len()
    );
    let fails = |it: &&Problem<'_>| outcome.configs[it.artifact].config.fails(it.judged.severity);
    let is_open =
        only_shows && !changes.is_empty() || !refused.is_empty() || left.iter().any(fails);
    // A diff stands alone on standard output.
    let notes: &mut dyn Write = if only_shows { err } else { out };
    concise::write_unexamined(&document(&outcome.run), notes).map_err(unwritten)?;
    for line in left.iter().map(ToString::to_string).chain(refused).chain([summary]) {
        writeln!(notes, "{}", style.printable(&line, LINE_LIMIT)).map_err(unwritten)?;
    }
    Ok(match ExitCode::of(&outcome, false) {
        ExitCode::Clean | ExitCode::Findings if is_open => ExitCode::Findings,
        ExitCode::Findings => ExitCode::Clean,
        code => code,
    })
}

/// The change of a manifest, if any. Notes in `problems` what it removes, and adds to `refused` what cannot be changed.
fn change(
    manifest: &ManifestFile,
    problems: &mut [Problem<'_>],
    refused: &mut Vec<String>,
) -> Result<Option<Change>, String> {
    let ManifestFile { path, kind, files } = manifest;
    let shown = as_given(path);
    let failed = |error: String| format!("cannot read {shown}: {error}");
    let whole = fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    let (mark, before) = whole.split_at(if whole.starts_with('\u{feff}') { 3 } else { 0 });
    let name = with_folder(path);
    let entries = manifest::read(*kind, &name, before).map_err(|error| failed(error.message))?;
    let mut after = before.to_owned();
    let mut lines = Vec::new();
    let lines_of = TextFile::new(&shown, before);
    for (number, (file, entry)) in files.iter().zip(&entries.entries).enumerate() {
        let Some(file) = file.as_ref().and_then(|file| fs::canonicalize(file).ok()) else {
            continue;
        };
        let own = problems.iter_mut().filter(|it| it.file == file && it.names_a_key_of(*kind));
        let mut own: Vec<_> = own.collect();
        if own.is_empty() {
            continue;
        }
        let line = lines_of.span(entry.span.clone()).line;
        let place = format!("{shown}:{line}");
        // Calls that are made alone do not overlap.
        let limit = own.iter().map(|it| it.limit()).reduce(|one, other| match (one, other) {
            (Limit::AtOnce(one), Limit::AtOnce(other)) => Limit::AtOnce(one.min(other)),
            _ => Limit::Single,
        });
        let limit = limit.unwrap_or(Limit::Single);
        match limited(*kind, &name, &after, number, limit).and_then(|it| usable(it, path, &file)) {
            Ok(None) => {}
            Err(reason) => {
                let line = format!("{place}: {reason}");
                if !refused.contains(&line) {
                    refused.push(line);
                }
            }
            Ok(Some(knob)) => {
                own.iter_mut().filter(|it| it.place == place).for_each(|it| it.remove(*kind));
                let rules: BTreeSet<_> = own.iter().map(|it| it.judged.finding.rule.id).collect();
                let rules = rules.into_iter().collect::<Vec<_>>().join(", ");
                let next = match &entry.build {
                    Some(build) if *kind == Kind::Cargo => format!("; now build it: `{build}`"),
                    _ => String::new(),
                };
                lines
                    .push(format!("{place}: {} removes {rules} of {}{next}", knob.pair, entry.key));
                after = knob.text;
            }
        }
    }
    let (before, after) = (whole.clone(), format!("{mark}{after}"));
    Ok((before != after).then(|| Change { path: path.clone(), before, after, lines }))
}

/// The key for the component `file`, if it would have an effect.
///
/// # Errors
/// If it would not: a sentence.
fn usable(knob: Option<Knob>, manifest: &Path, file: &Path) -> Result<Option<Knob>, String> {
    let Some(Knob { library: Some(library), pair, .. }) = &knob else { return Ok(knob) };
    let source = &library.source;
    if !parent(manifest).join(source).is_file() {
        let help = "move the exported functions there first";
        return Err(format!("`{pair}` needs the file {source}: {help}"));
    }
    if file.file_stem().is_some_and(|stem| stem == library.stem.as_str()) {
        let help = "delete the program, or name the library otherwise, first";
        let stem = &library.stem;
        return Err(format!(
            "with `{pair}`, library and program are both built as {stem}.wasm: {help}"
        ));
    }
    Ok(knob)
}
