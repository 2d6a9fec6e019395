//! The program: picks the terminal or the editor. Public because `src/main.rs` is another crate; nothing else is promised.

use std::env;
use std::io::{self, BufWriter, IsTerminal, Write};

use crate::check::worker;
use crate::cli::{self, ExitCode};
use crate::exec;
use crate::lsp::{self, End};
use crate::report::style::Style;

/// Runs the program with the arguments of this process, and ends the process.
pub fn main() -> ! {
    // A worker is started for each check, so it does not wait for the command line to be parsed.
    if let Some(served) = serve_as_worker() {
        let failed = served.inspect_err(|error| eprintln!("error: {error}")).is_err();
        std::process::exit(i32::from(failed));
    }
    worker::enable();
    let cli = cli::parse();
    // Neither is locked: an editor's server has standard output to itself, and a long run shows its progress on
    // standard error.
    let (out, err) = (io::stdout(), &mut io::stderr());
    let code = if cli.serves_editor() {
        if io::stdin().is_terminal() {
            let hint = "this is a server for editors (`secondcall help lsp`); Ctrl-D ends it";
            let _: io::Result<()> = writeln!(err, "{hint}");
        }
        let (message, code) = match lsp::run() {
            Ok(End::Agreed) => (String::new(), ExitCode::Clean),
            // The protocol's code for an exit without a shutdown.
            Ok(End::Abrupt) => {
                ("the editor left without a shutdown request".to_owned(), ExitCode::Findings)
            }
            Err(error) => (error, ExitCode::Usage),
        };
        if !message.is_empty() {
            let _: io::Result<()> = writeln!(err, "error: {message}");
        }
        code
    } else {
        let style = cli.style();
        cli::run(cli, style, &mut BufWriter::new(out), err)
    };
    // Leaves without running destructors: everything is flushed, and a large report's memory need not be freed piece
    // by piece.
    std::process::exit(code as i32)
}

/// Runs a command of the terminal with these arguments in this process, as [`main`] does, and returns its exit code.
/// For tests that run commands more often than they could start processes.
pub fn command(arguments: &[&str], out: &mut dyn Write, err: &mut dyn Write) -> i32 {
    match cli::parsed(arguments) {
        Ok(cli) => cli::run(cli, Style::PLAIN, out, err) as i32,
        Err(error) => error.exit_code(),
    }
}

/// Does the work of a worker process, if the arguments name one.
fn serve_as_worker() -> Option<io::Result<()>> {
    let mut arguments = env::args_os().skip(1);
    let subcommand = arguments.next()?;
    if subcommand == exec::SUBCOMMAND {
        Some(exec::serve())
    } else if subcommand == worker::SUBCOMMAND {
        let threads = arguments.next()?.to_str()?.parse().ok()?;
        Some(worker::serve(threads))
    } else {
        None
    }
}
