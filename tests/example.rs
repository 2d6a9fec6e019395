//! `examples/hello.wasm`, which README's first command checks: the module in `examples/hello.wat` with the adapter of
//! a published Wasmtime release, encoded as `wasm-tools component new` does it. `BLESS=1` rewrites it, and README.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
#[cfg(feature = "exec")]
use std::process::Command;

use wit_component::ComponentEncoder;

#[test]
fn the_component_is_made_from_its_text() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let module = wat::parse_file(examples.join("hello.wat")).unwrap();
    let adapter = adapters_50::WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER;
    let component = ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .and_then(|encoder| encoder.adapter("wasi_snapshot_preview1", adapter))
        .and_then(|encoder| encoder.encode())
        .unwrap();
    let path = examples.join("hello.wasm");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &component).unwrap();
    }
    assert!(fs::read(&path).is_ok_and(|it| it == component), "BLESS=1 rewrites {}", path.display());
}

/// README shows what its first command prints.
#[test]
#[cfg(feature = "exec")]
fn readme_shows_the_report() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_secondcall"))
        .args(["check", "examples/hello.wasm", "--no-cache"])
        .current_dir(root)
        .env_clear()
        .output()
        .unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    let lines: String = report.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    let path = root.join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, shown) = readme.split_once("```text\n").unwrap();
    let (shown, after) = shown.split_once("```\n").unwrap();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, format!("{before}```text\n{lines}```\n{after}")).unwrap();
    } else {
        assert_eq!(shown, lines, "BLESS=1 rewrites README.md");
    }
}
