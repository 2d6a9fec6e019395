//! Report formats, and the files to which reports are written.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::atomic_file;
use crate::check::error::Message;
use crate::check::paths::parent;
use crate::report::binaries::Binaries;
use crate::report::document::Document;
use crate::report::run::Run;
use crate::report::style::Style;
use crate::report::text::{Detail, View};
use crate::report::{
    agent, concise, github, gitlab, html, json, junit, markdown, ndjson, sarif, text,
};
use crate::rule::Rule;
use crate::rules;
use crate::verdict::Severity;

#[derive(Debug, Args)]
pub(super) struct OutputOptions {
    /// Format of the report
    #[arg(short, long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Also write the report to a file; may be repeated
    #[arg(short = 'o', long = "output", value_name = "FORMAT=FILE", value_parser = output::<Format>)]
    outputs: Vec<(Format, PathBuf)>,
    /// Print only the findings that make the check fail
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Print everything: notes, all hosts, all imports, every component of many
    #[arg(short, long)]
    verbose: bool,
    /// Print at most N findings, the worst ones; counts, exit code and files are not affected
    #[arg(long, value_name = "N")]
    max_findings: Option<usize>,
    /// Consumer of the SARIF report
    #[arg(long, value_enum, value_name = "PROFILE", default_value_t = SarifProfile::Github)]
    sarif_profile: SarifProfile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Verdicts, then each finding with the code it is about
    Human,
    /// One line per finding
    Concise,
    /// One line per finding with help, for language models and scripts
    Agent,
    /// JSON as in schemas/report-v1.json
    Json,
    /// The same JSON, one object per line
    Ndjson,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations for GitHub Actions
    Github,
    /// GitLab Code Quality report
    Gitlab,
    /// JUnit XML, for tools that show test results
    Junit,
    /// Markdown, for a job's summary on GitHub and for comments
    Markdown,
    /// One page for browsers, with pictures, that needs no other file
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SarifProfile {
    /// GitHub code scanning: findings point to lines of text
    Github,
    /// SARIF as standardized: findings point to bytes of the binary; includes positive findings
    Oasis,
}

/// Parses `FORMAT=FILE`.
///
/// # Errors
/// If there is no such format, or no file.
pub(super) fn output<F: ValueEnum>(text: &str) -> Result<(F, PathBuf), String> {
    let (word, path) =
        text.split_once('=').ok_or("write it as FORMAT=FILE, such as json=report.json")?;
    let format = F::from_str(word, false).map_err(|_| {
        let known = F::value_variants().iter().filter_map(F::to_possible_value);
        let known: Vec<_> = known.map(|it| it.get_name().to_owned()).collect();
        format!("there is no format `{word}`; the formats are {}", known.join(", "))
    })?;
    match path {
        "" => Err(format!("name a file, such as {word}=report")),
        "-" => Err(format!("`-` is not a file; use --format {word} for standard output")),
        path => Ok((format, PathBuf::from(path))),
    }
}

/// Checks files that are to be written, before the work begins.
///
/// # Errors
/// If a file is named twice, or its folder does not exist.
pub(super) fn files_to_write<'a>(paths: impl Iterator<Item = &'a Path>) -> Result<(), String> {
    let mut files = BTreeSet::new();
    for path in paths {
        let shown = path.display();
        if path.is_dir() {
            return Err(format!("cannot write {shown}: it is a folder; name a file in it"));
        }
        let folder = parent(path);
        let real = fs::canonicalize(folder).map_err(|_| {
            format!("cannot write {shown}: folder {} does not exist", folder.display())
        })?;
        // A device accepts any number of reports.
        let is_device = path.exists() && !path.is_file();
        if !is_device && !files.insert(real.join(path.file_name().unwrap_or_default())) {
            return Err(format!("two reports go to {shown}: name another file for one"));
        }
    }
    Ok(())
}

/// The report of a run, with paths relative to the current folder.
pub(super) fn document(run: &Run) -> Document {
    let document = Document::of(run);
    match std::env::current_dir() {
        Ok(folder) => document.below(&folder.display().to_string().replace('\\', "/")),
        Err(_) => document,
    }
}

impl OutputOptions {
    /// Whether standard output has a report for a person, with all that belongs to it.
    pub(super) fn is_chatty(&self) -> bool {
        self.format == Format::Human && !self.quiet
    }

    fn detail(&self) -> Detail {
        match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (_, true) => Detail::Verbose,
            _ => Detail::Usual,
        }
    }

    /// Whether any report shows code, for which it needs the binaries.
    pub(super) fn shows_code(&self) -> bool {
        self.formats().any(|format| matches!(format, Format::Human | Format::Html))
    }

    /// Whether any report has pictures of the components.
    pub(super) fn draws(&self) -> bool {
        self.formats().any(|format| format == Format::Html)
    }

    fn formats(&self) -> impl Iterator<Item = Format> {
        self.outputs.iter().map(|(format, _)| *format).chain([self.format])
    }

    /// Whether the report can be written while the check runs: line by line, to standard output alone.
    pub(super) fn streams(&self) -> bool {
        self.format == Format::Ndjson && self.outputs.is_empty()
    }

    /// Checks the files to write, before the work begins.
    ///
    /// # Errors
    /// Those of [`files_to_write`].
    pub(super) fn check(&self) -> Result<(), String> {
        files_to_write(self.outputs.iter().map(|(_, path)| path.as_path()))
    }

    /// Writes the report to all files, then to `out`, even if a file cannot be written.
    ///
    /// # Errors
    /// If one cannot be written: one line for each.
    pub(super) fn write(
        &self,
        document: &Document,
        binaries: &Binaries<'_>,
        style: Style,
        out: &mut dyn Write,
    ) -> Result<(), Message> {
        let mut failures = Vec::new();
        for (format, path) in &self.outputs {
            let mut report = before(path);
            let written = self
                .write_format(*format, document, binaries, Style::PLAIN.into(), &mut report)
                .and_then(|()| atomic_file::write(path, &report));
            let failure = |error| format!("cannot write {}: {error}", path.display());
            failures.extend(written.err().map(failure));
        }
        let view = View { style, detail: self.detail(), most: self.max_findings };
        let written = match self.format {
            Format::Human if is_on_github() => {
                let mut log = Vec::new();
                text::write(document, binaries, view, &mut log)
                    .and_then(|()| github::write_after(&log, &self.annotated(document), out))
            }
            format @ (Format::Concise | Format::Agent) => {
                let most = self.max_findings.unwrap_or(usize::MAX);
                let document = document.worst(most, self.quiet);
                self.write_format(format, &document, binaries, view, out)
            }
            format => self.write_format(format, document, binaries, view, out),
        };
        let failure = |error| format!("cannot write the report to standard output: {error}");
        failures.extend(written.and_then(|()| out.flush()).err().map(failure));
        if failures.is_empty() { Ok(()) } else { Err(Message::of_lines(failures)) }
    }

    /// The document without what a report for a person leaves out.
    fn annotated(&self, document: &Document) -> Document {
        let mut shown = document.worst(usize::MAX, self.quiet);
        if !self.verbose {
            shown.findings.retain(|it| it.severity > Severity::Note || document.fails(it));
        }
        if self.quiet && !document.head.run.strict {
            shown.skipped.clear();
            shown.config.clear();
        }
        shown
    }

    fn write_format(
        &self,
        format: Format,
        document: &Document,
        binaries: &Binaries<'_>,
        view: View,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match format {
            Format::Human => text::write(document, binaries, view, out),
            Format::Concise => concise::write(document, out),
            Format::Agent => agent::write(document, out),
            Format::Json => json::write(document, out),
            Format::Ndjson => ndjson::write(document, out),
            Format::Sarif => {
                let profile = match self.sarif_profile {
                    SarifProfile::Github => sarif::Profile::Github,
                    SarifProfile::Oasis => sarif::Profile::Oasis,
                };
                sarif::write(document, &rules_of(document), profile, out)
            }
            Format::Github => github::write(document, out),
            Format::Gitlab => gitlab::write(document, out),
            Format::Junit => junit::write(document, out),
            Format::Markdown => markdown::write(document, out),
            Format::Html => html::write(document, binaries, out),
        }
    }
}

/// The rules that ran. Those that judge calls need an execution.
pub(crate) fn rules_of(document: &Document) -> Vec<&'static Rule> {
    let of_calls: Vec<_> = rules::of_calls().map(|rule| rule.id).collect();
    let is_idle = |rule: &&Rule| document.head.run.static_only && of_calls.contains(&rule.id);
    rules::all().filter(|rule| !is_idle(rule)).collect()
}

/// What a report is added to: the summary of a job's step on GitHub. Every other file is replaced.
fn before(path: &Path) -> Vec<u8> {
    let is_summary = std::env::var_os("GITHUB_STEP_SUMMARY").is_some_and(|it| it == *path);
    if is_summary { fs::read(path).unwrap_or_default() } else { Vec::new() }
}

fn is_on_github() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}
