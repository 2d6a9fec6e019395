//! The formats that can be asked for, and where each report goes.

use std::fs::File;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;

use crate::report::binaries::Binaries;
use crate::report::concise;
use crate::report::document::Document;
use crate::report::json;
use crate::report::run::Run;
use crate::report::style::Style;
use crate::report::text;

/// How to tell a report.
#[derive(Debug, Args)]
pub struct Telling {
    /// How to tell it on standard output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Write the report to a file as well; may be repeated
    #[arg(long = "output", value_name = "FORMAT=FILE", value_parser = output)]
    pub outputs: Vec<(Format, PathBuf)>,
}

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a person: verdicts, then each finding with the code concerned
    Human,
    /// One line for each finding
    Concise,
    /// For a program: schemas/report-v1.json
    Json,
}

fn output(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, path) =
        text.split_once('=').ok_or("write it as FORMAT=FILE, such as json=report.json")?;
    Ok((Format::from_str(format, false)?, PathBuf::from(path)))
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
        let told = self.write(self.format, document, binaries, style, out);
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
        let style = Style { colour: false, unicode: true };
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
            Format::Json => json::write(document, out),
        }
    }
}
