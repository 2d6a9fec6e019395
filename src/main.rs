//! The secondcall program: parse, run, exit code.

use std::io;

use clap::Parser;
use secondcall::cli;
use secondcall::cli::Cli;

fn main() -> ! {
    let cli = Cli::parse();
    let mut out = io::BufWriter::new(io::stdout().lock());
    // Standard error stays unlocked: a long run shows there how far it is.
    let code = cli::run(cli, &mut out, &mut io::stderr());
    // Leaving without running destructors: everything is flushed, and a large report's memory
    // need not be freed piece by piece.
    drop(out);
    std::process::exit(code as i32)
}
