//! The secondcall program: parse, run, exit code.

use std::io;

use clap::Parser;
use secondcall::cli;
use secondcall::cli::Cli;

fn main() -> ! {
    let cli = Cli::parse();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let code = cli::run(cli, &mut out, &mut io::stderr().lock());
    // Leaving without running destructors: everything is flushed, and a large report's memory
    // need not be freed piece by piece.
    drop(out);
    std::process::exit(code as i32)
}
