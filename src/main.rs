//! The secondcall program: parse, run, exit code.

use std::io::{self, BufWriter, Write};

use secondcall::cli::{self, ExitCode};
use secondcall::lsp;

fn main() -> ! {
    let cli = cli::parse();
    // Neither is locked: an editor's server has standard output to itself, and a long run shows its progress on
    // standard error.
    let (out, err) = (io::stdout(), &mut io::stderr());
    let code = if cli.serves_editor() {
        lsp::run().map_or_else(
            |error| {
                let _: io::Result<()> = writeln!(err, "error: {error}");
                // The protocol's code for an exit without a shutdown.
                ExitCode::Findings
            },
            |()| ExitCode::Clean,
        )
    } else {
        let style = cli.style();
        cli::run(cli, style, &mut BufWriter::new(out), err)
    };
    // Leaves without running destructors: everything is flushed, and a large report's memory need not be freed piece
    // by piece.
    std::process::exit(code as i32)
}
