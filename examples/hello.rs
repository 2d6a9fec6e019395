//! Writes a component to standard output: the program in `hello.wat`, with the adapter of a
//! published Wasmtime release, put together as `wasm-tools component new` does it.

use std::error::Error;
use std::io;
use std::io::Write;

use wit_component::ComponentEncoder;

fn main() -> Result<(), Box<dyn Error>> {
    let program = wat::parse_str(include_str!("hello.wat"))?;
    let component = ComponentEncoder::default()
        .validate(true)
        .module(&program)?
        .adapter("wasi_snapshot_preview1", adapters_50::WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER)?
        .encode()?;
    io::stdout().write_all(&component)?;
    Ok(())
}
