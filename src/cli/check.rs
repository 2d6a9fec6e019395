//! `secondcall check`: examines inputs in parallel and reports findings.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, Command};

use super::check_options::CheckOptions;
use super::exit_code::ExitCode;
use super::failure;
use super::last_report;
use super::output::{OutputOptions, document};
use super::pictures;
use super::pipe::Pipe;
use super::streaming::Stream;
use super::watch::Watched;
use crate::check::configuration::FILE;
use crate::check::error::CheckError;
use crate::check::request::Request;
use crate::check::settle::baseline;
use crate::check::source_lines;
use crate::config::nearest::nearest;
use crate::report::binaries::Binaries;
use crate::report::style::Style;
use crate::report::text::totals;
use crate::report::wording;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Components, references, manifests, folders, or - for standard input
    ///
    /// Components and core modules may be binary or text. References are oci://registry/name:tag and
    /// wasi-pkg:namespace:name@version. Manifests are spin.toml, Cargo.toml, .wash/config.yaml, *.wac, and YAML of
    /// wasmCloud or wadm.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputOptions,
    #[command(flatten)]
    options: CheckOptions,
    /// Leave out inputs that are the same as in this revision of their git repository
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    /// Check again after each change, until interrupted
    #[arg(short, long)]
    watch: bool,
    /// Exit with 0 even if there are findings
    #[arg(short, long)]
    exit_zero: bool,
    /// Print the number of findings per rule and of exports per verdict to standard error
    #[arg(long)]
    statistics: bool,
}

impl Arguments {
    /// The error for a first path that is no file, but a command or close to one: `secondcall chek app.wasm`.
    pub(super) fn mistaken_for_path(&self, program: &Command) -> Option<String> {
        let path = self.paths.first().filter(|path| !path.exists())?;
        let word = path
            .to_str()
            .filter(|word| word.chars().all(|it| it.is_ascii_lowercase() || it == '-'))?;
        let commands = program.get_subcommands().filter(|it| !it.is_hide_set());
        let command = nearest(word, commands.map(Command::get_name))?;
        let help = match command == word {
            true => format!("a command comes first: secondcall {command} …"),
            false => format!("did you mean `secondcall {command}`?"),
        };
        Some(format!("there is no file `{word}`; {help}"))
    }
}

pub(super) fn run(
    arguments: &Arguments,
    style: Style,
    out: &mut Pipe<'_>,
    err: &mut dyn Write,
) -> failure::Result {
    if !arguments.watch {
        return once(arguments, style, out, err, &mut Vec::new());
    }
    let here = [PathBuf::from(".")];
    let paths = if arguments.paths.is_empty() { &here[..] } else { &arguments.paths };
    if paths.iter().any(|path| path.as_os_str() == "-") {
        return Err("standard input cannot be watched: name a file".to_owned().into());
    }
    let mut watched = Watched { paths, files: Vec::new() };
    loop {
        let before = watched.stamps();
        watched.files.clear();
        match once(arguments, style, out, err, &mut watched.files) {
            // No change of a file mends an option.
            Err(error @ CheckError::Usage(_)) => return Err(error),
            Err(error) => drop(failure::fail(&error, style, err)),
            Ok(code) if out.closed => return Ok(code),
            Ok(_) => {}
        }
        watched.wait(before, err);
    }
}

/// Checks, and adds to `files` those on which the result depends beside the inputs.
fn once(
    arguments: &Arguments,
    style: Style,
    out: &mut Pipe<'_>,
    err: &mut dyn Write,
    files: &mut Vec<PathBuf>,
) -> failure::Result {
    // Invalid options are reported before the work begins.
    arguments.output.check()?;
    let start = Instant::now();
    let request = Request {
        since: arguments.since.clone(),
        drops_bytes: !arguments.output.shows_code(),
        ..arguments.options.request()
    };
    files.extend(request.config.iter().cloned().chain(request.baseline()));
    files.push(PathBuf::from(FILE));
    let baseline = request.baseline().map(|path| baseline(&path)).transpose()?;
    if arguments.output.streams() && baseline.is_none() && !arguments.statistics && !arguments.watch
    {
        return streamed(arguments, &request, out);
    }
    let mut outcome = arguments.options.check_as(&request, &arguments.paths)?;
    for resolved in &outcome.configs {
        files.extend(resolved.files.iter().map(PathBuf::from));
        files.extend(resolved.config.given.paths().into_iter().map(Path::to_owned));
    }
    if let Some(baseline) = baseline {
        outcome.hide(&baseline, request.no_ignores);
    }
    let code = ExitCode::of(&outcome, arguments.exit_zero);
    let mut run = outcome.run;
    run.exit_code = code as u8;
    let document = document(&run);
    if !request.no_cache {
        last_report::keep(&document);
    }
    let mut binaries = Binaries::of(&run);
    if arguments.output.shows_code() {
        binaries.add_sources(source_lines::texts(&document));
    }
    if arguments.output.draws() {
        let pictures = pictures::of(&document, &binaries);
        binaries.add_pictures(pictures);
    }
    arguments.output.write(&document, &binaries, style, out)?;
    // If standard error is closed, nobody reads them.
    if arguments.statistics {
        let _ = totals::statistics(&document, err);
    }
    if arguments.output.is_chatty() && io::stderr().is_terminal() {
        let inputs = wording::counted(run.artifacts.len() as u64, "input");
        let _ = writeln!(err, "  checked {inputs} in {:.2} s", start.elapsed().as_secs_f64());
    }
    Ok(code)
}

/// Checks, and writes the report as inputs are done.
fn streamed(arguments: &Arguments, request: &Request, out: &mut Pipe<'_>) -> failure::Result {
    let mut stream = Stream::new(out, !request.no_cache, arguments.exit_zero);
    let each = &mut |outcome| stream.add(&outcome);
    let rest = arguments.options.check_each(request, &arguments.paths, each)?;
    // If nobody reads it, the rest is not written.
    let _ = stream.add(&rest);
    Ok(stream.end()?)
}
