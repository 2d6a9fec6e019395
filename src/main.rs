//! The secondcall program: parse, run, exit code.

use std::io;

use clap::Parser;
use secondcall::cli::{self, Cli};
use secondcall::lsp;

fn main() -> ! {
    let cli = Cli::parse();
    // Neither is locked: an editor's server has standard output to itself, and a long run shows on
    // standard error how far it is.
    let mut out = io::BufWriter::new(io::stdout());
    let code = cli::run(cli, lsp::run, &mut out, &mut io::stderr());
    // Leaving without running destructors: everything is flushed, and a large report's memory
    // need not be freed piece by piece.
    drop(out);
    std::process::exit(code as i32)
}
