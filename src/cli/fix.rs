//! `secondcall fix`: repairs a component, or writes the keys that findings name into manifests.

mod adapter;
mod advice;
mod diff;
mod manifest;
mod problem;
mod repair;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::check_options::CheckOptions;
use super::failure;
use crate::check::error::CheckError;
use crate::report::style::Style;
use adapter::Replacement;
use repair::Repair;

/// What `--export` means here.
const EXPORT: &str = "Only these begin afresh, the others keep their state; with --manifest: call only these; may be \
                      repeated";

#[derive(Debug, Args)]
#[command(mut_arg("exports", |it| it.help(EXPORT)))]
pub(super) struct Arguments {
    /// Component to repair, or -; with --manifest, manifests
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// File to write, or - for standard output
    #[arg(
        short,
        long,
        value_name = "FILE",
        conflicts_with_all = ["manifest", "dry_run", "explain"],
        required_unless_present_any = ["manifest", "dry_run", "explain"]
    )]
    output: Option<PathBuf>,
    /// Print what would be repaired, write nothing
    #[arg(long, conflicts_with = "manifest")]
    dry_run: bool,
    /// Exports whose calls go on with the state of the call before; may be repeated
    #[arg(long, value_name = "GLOB", conflicts_with = "manifest", hide_short_help = true)]
    keep: Vec<String>,
    /// Let `wasi:cli/run` return instead of exiting; the host needs WebAssembly exceptions
    #[arg(long, conflicts_with = "manifest", hide_short_help = true)]
    exit: bool,
    /// Replace the preview1 adapter only: `newest`, a release of wasmtime or a file
    #[arg(
        long,
        value_name = "VERSION",
        conflicts_with_all = ["manifest", "keep", "exit"],
        hide_short_help = true
    )]
    adapter: Option<String>,
    /// Write a component whose calls were not compared with the original's, and mark it
    #[arg(long, conflicts_with = "manifest", hide_short_help = true)]
    unverified: bool,
    /// Print what to change in the build instead
    #[arg(long, conflicts_with_all = ["manifest", "dry_run", "keep", "exit", "adapter", "unverified"])]
    explain: bool,
    /// Change manifests: a pool of wasmCloud, `crate-type` of Cargo
    #[arg(long)]
    manifest: bool,
    /// Print a diff, write nothing; exit with 1 if not empty
    #[arg(long, requires = "manifest")]
    diff: bool,
    #[command(flatten)]
    options: CheckOptions,
}

pub(super) fn run(
    arguments: &Arguments,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> failure::Result {
    let Arguments { paths, output, keep, exit, adapter, unverified, explain, .. } = arguments;
    let Arguments { manifest, diff, options, .. } = arguments;
    if *manifest {
        return manifest::run(paths, *diff, options, style, out, err);
    }
    if *explain {
        return advice::run(paths, options, style, out, err);
    }
    let [path] = &paths[..] else {
        let message = "name one component to repair, or use --manifest to change manifests";
        return Err(CheckError::usage(message));
    };
    let (output, exits, unverified) = (output.as_deref(), *exit, *unverified);
    if let Some(adapter) = adapter {
        let replacement = Replacement { path, adapter, output, unverified };
        return replacement.run(&options.request(), style, out, err);
    }
    let repair = Repair { path, output, keep, exits, unverified };
    repair.run(options.request(), style, out, err)
}
