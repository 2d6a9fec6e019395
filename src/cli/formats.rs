//! The formats that can be asked for, and where each report goes.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::report::binaries::Binaries;
use crate::report::document::Document;
use crate::report::run::Run;
use crate::report::style::Style;
use crate::report::{agent, concise, github, gitlab, json, junit, ndjson, sarif, text};
use crate::rule::Rule;
use crate::rules;

/// How to tell a report.
#[derive(Debug, Args)]
pub(crate) struct Telling {
    /// How to tell it on standard output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Write the report to a file as well; may be repeated
    #[arg(long = "output", value_name = "FORMAT=FILE", value_parser = output)]
    pub outputs: Vec<(Format, PathBuf)>,
    /// For whom SARIF is written
    #[arg(long, value_enum, value_name = "PROFILE", default_value_t = SarifProfile::Github)]
    pub sarif_profile: SarifProfile,
}

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person: verdicts, then each finding with the code concerned
    Human,
    /// One line for each finding
    Concise,
    /// One line for each finding with its help, for language models and scripts
    Agent,
    /// For a program: schemas/report-v1.json
    Json,
    /// The same as one object a line
    Ndjson,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab's Code Quality report
    Gitlab,
    /// JUnit's XML, for what shows tests
    Junit,
}

/// For whom SARIF is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SarifProfile {
    /// GitHub code scanning: a finding's place is a line of a text
    Github,
    /// The standard's reading: a finding's place is bytes of the binary; tells good news, too
    Oasis,
}

fn output(text: &str) -> Result<(Format, PathBuf), String> {
    let (word, path) =
        text.split_once('=').ok_or("write it as FORMAT=FILE, such as json=report.json")?;
    let format = Format::from_str(word, false).map_err(|_| {
        let known = Format::value_variants().iter().filter_map(Format::to_possible_value);
        let known: Vec<_> = known.map(|it| it.get_name().to_owned()).collect();
        format!("there is no format `{word}`; the formats are {}", known.join(", "))
    })?;
    match path {
        "" => Err(format!("name a file, such as {word}=report")),
        "-" => Err(format!("`-` is no file; --format {word} writes to standard output")),
        path => Ok((format, PathBuf::from(path))),
    }
}

/// What a run has to tell; paths below the current folder are told relative to it.
pub(crate) fn document(run: &Run) -> Document {
    let document = Document::of(run);
    match std::env::current_dir() {
        Ok(folder) => document.below(&folder.display().to_string().replace('\\', "/")),
        Err(_) => document,
    }
}

impl Telling {
    /// Whether a report is told to a person, somewhere.
    pub(crate) fn is_for_a_person(&self) -> bool {
        let formats = self.outputs.iter().map(|(format, _)| *format);
        formats.chain([self.format]).any(|format| format == Format::Human)
    }

    /// Whether each file can be written and holds one report: said before the work, not after it.
    ///
    /// # Errors
    /// When a file is named twice, or cannot be there.
    pub(crate) fn check(&self) -> Result<(), String> {
        let mut files = BTreeSet::new();
        for (_, path) in &self.outputs {
            let told = path.display();
            if path.is_dir() {
                return Err(format!("cannot write {told}: it is a folder; name a file in it"));
            }
            let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
            let folder = folder.unwrap_or(Path::new("."));
            let real = fs::canonicalize(folder).map_err(|_| {
                format!(
                    "cannot write {told}: there is no folder {}; make it first",
                    folder.display()
                )
            })?;
            // A device takes any number of reports.
            let is_device = path.exists() && !path.is_file();
            if !is_device && !files.insert(real.join(path.file_name().unwrap_or_default())) {
                return Err(format!(
                    "two reports cannot both be {told}: name another file for one"
                ));
            }
        }
        Ok(())
    }

    /// Tells `document` to all files that were asked for, then to `out`.
    ///
    /// # Errors
    /// If something cannot be written. A reader that has gone is no error.
    pub(crate) fn tell(
        &self,
        document: &Document,
        binaries: &Binaries<'_>,
        style: Style,
        out: &mut dyn Write,
    ) -> Result<(), String> {
        for (format, path) in &self.outputs {
            self.write_file(*format, document, binaries, path)
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        }
        let told = match self.format {
            Format::Human if is_on_github() => {
                let mut log = Vec::new();
                text::write(document, binaries, style, &mut log)
                    .and_then(|()| github::write_after(&log, document, out))
            }
            format => self.write(format, document, binaries, style, out),
        };
        match told.and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(format!("cannot write the report: {error}"))
            }
            _ => Ok(()),
        }
    }

    fn write_file(
        &self,
        format: Format,
        document: &Document,
        binaries: &Binaries<'_>,
        path: &Path,
    ) -> io::Result<()> {
        let mut file = io::BufWriter::new(File::create(path)?);
        let style = Style::PLAIN;
        self.write(format, document, binaries, style, &mut file)?;
        file.flush()
    }

    fn write(
        &self,
        format: Format,
        document: &Document,
        binaries: &Binaries<'_>,
        style: Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match format {
            Format::Human => text::write(document, binaries, style, out),
            Format::Concise => concise::write(document, out),
            Format::Agent => agent::write(document, out),
            Format::Json => json::write(document, out),
            Format::Ndjson => ndjson::write(document, out),
            Format::Sarif => sarif::write(document, &that_ran(document), self.profile(), out),
            Format::Github => github::write(document, out),
            Format::Gitlab => gitlab::write(document, out),
            Format::Junit => junit::write(document, out),
        }
    }

    fn profile(&self) -> sarif::Profile {
        match self.sarif_profile {
            SarifProfile::Github => sarif::Profile::Github,
            SarifProfile::Oasis => sarif::Profile::Oasis,
        }
    }
}

/// The rules of a run: without calls, those that judge calls did not run.
fn that_ran(document: &Document) -> Vec<&'static Rule> {
    let of_calls: Vec<_> = rules::of_calls().map(|rule| rule.id).collect();
    let idle = |rule: &&Rule| document.head.run.static_only && of_calls.contains(&rule.id);
    rules::all().filter(|rule| !idle(rule)).collect()
}

fn is_on_github() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}
