//! `secondcall graph`: a component as a picture.

use std::io::{self, Write};
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::{slice, thread};

use clap::{Args, ValueEnum};

use super::exit_code::ExitCode;
use super::{complain, finished};
use crate::check::{self, inputs};
use crate::graph;
use crate::location::file_name;
use crate::report::graph::{dot, mermaid, svg};
use crate::report::style::Style;

/// Longest message, in characters a line.
const LINE_LIMIT: usize = 1000;

/// What to draw.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A component (binary or text), a manifest that names one, or - for standard input
    pub file: PathBuf,
    /// In which language
    #[arg(long, value_enum, default_value_t = Format::Svg)]
    pub format: Format,
    /// Draw only the roads of exports whose name fits, such as `wasi:http/*` or `tick`; may be
    /// repeated
    #[arg(long = "export", value_name = "GLOB")]
    pub exports: Vec<String>,
}

/// The languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A picture for browsers and documents; needs no other program
    Svg,
    /// For Graphviz
    Dot,
    /// For Markdown
    Mermaid,
}

/// Draws what the arguments name.
pub(super) fn run(
    arguments: &Arguments,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let sources = inputs::find(slice::from_ref(&arguments.file));
    let source = match sources.list.as_slice() {
        [] => return complain(err, &sources.nothing_found(), ExitCode::NoInputs),
        [source] => source,
        [..] => {
            let path = arguments.file.display();
            let count = sources.list.len();
            let message = format!("{path} names {count} components: draw one of them");
            return complain(err, &style.printable(&message, LINE_LIMIT), ExitCode::Usage);
        }
    };
    let input = source.read();
    let bytes = match &input.bytes {
        Ok(bytes) => bytes,
        Err(failure) => {
            let message = format!("{}: {}", input.path, failure.message);
            return complain(err, &style.printable(&message, LINE_LIMIT), ExitCode::Unread);
        }
    };
    // The picture may be shown to others: where the file was is nobody's business.
    let title = match file_name(&input.path) {
        "-" => "standard input",
        name => name,
    };
    let picture = match on_a_large_stack(|| graph::of(bytes, title, &arguments.exports)) {
        Ok(Ok(picture)) => picture,
        Ok(Err(error)) => {
            let message = format!("{}: {error} (at offset {:#x})", input.path, error.offset());
            return complain(err, &style.printable(&message, LINE_LIMIT), ExitCode::Unread);
        }
        Err(error) => {
            let message = format!("cannot start a thread: {error}");
            return complain(err, &message, ExitCode::Usage);
        }
    };
    let drawn = match arguments.format {
        Format::Svg => svg::write(&picture, out),
        Format::Dot => dot::write(&picture, out),
        Format::Mermaid => mermaid::write(&picture, out),
    };
    finished(drawn, ExitCode::Clean, out, err)
}

/// Calls `work` where calls may nest as deeply as for `check`.
fn on_a_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(check::STACK).spawn_scoped(scope, work)?;
        // A panic there is a bug of ours.
        Ok(worker.join().unwrap_or_else(|bug| resume_unwind(bug)))
    })
}
