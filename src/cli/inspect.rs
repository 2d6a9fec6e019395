//! `secondcall inspect`: what is in a component.

use std::io;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::fingerprint;
use super::fingerprint::FingerprintError;
use crate::report::style::Style;

/// What to show.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Components, binary or text; with --fingerprint, adapters named RELEASE-FLAVOR.wasm
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Write the table of published adapters (data/adapters.toml) from these files
    #[arg(long)]
    pub fingerprint: bool,
}

/// Why nothing was shown.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// No table can be written.
    #[error("{0}")]
    Fingerprint(#[from] FingerprintError),
    /// The output cannot be written.
    #[error("{0}")]
    Output(#[from] io::Error),
}

/// Shows what the arguments name.
///
/// # Errors
/// If a file cannot be read, or `out` cannot be written to.
pub fn run(arguments: &Arguments, _style: Style, out: &mut dyn Write) -> Result<(), InspectError> {
    if arguments.fingerprint {
        fingerprint::run(&arguments.files, out)?;
    }
    Ok(())
}
