//! `examples/hello.wasm`, which README's first command checks: the module in `examples/hello.wat` with the adapter of
//! a published Wasmtime release, encoded as `wasm-tools component new` does it. `BLESS=1` rewrites it, and the picture in README.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[cfg(feature = "exec")]
#[path = "example/picture.rs"]
mod picture;

use std::fs;
use std::path::Path;
#[cfg(feature = "exec")]
use std::process::Command;

use wit_component::ComponentEncoder;

#[test]
fn the_component_is_made_from_its_text() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let module = wat::parse_file(examples.join("hello.wat")).unwrap();
    let adapter = wasi_preview1_component_adapter_provider::WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER;
    let component = ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .and_then(|encoder| encoder.adapter("wasi_snapshot_preview1", adapter))
        .and_then(|encoder| encoder.encode())
        .unwrap();
    let path = examples.join("hello.wasm");
    let is_fresh = || fs::read(&path).is_ok_and(|it| it == component);
    if std::env::var_os("BLESS").is_some() && !is_fresh() {
        fs::write(&path, &component).unwrap();
    }
    assert!(is_fresh(), "BLESS=1 rewrites {}", path.display());
}

/// README shows what its first command prints.
#[test]
#[cfg(feature = "exec")]
fn readme_shows_the_report() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let words = "check examples/hello.wasm";
    let output = Command::new(env!("CARGO_BIN_EXE_secondcall"))
        .args(words.split(' ').chain(["--no-cache", "--color", "always"]))
        .current_dir(root)
        .env_clear()
        .output()
        .unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    let picture = picture::svg(&format!("secondcall {words}"), &report);
    roxmltree::Document::parse(&picture).unwrap();
    let path = root.join("docs/images/check.svg");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &picture).unwrap();
    }
    let shown = fs::read_to_string(&path).unwrap_or_default();
    assert!(shown == picture, "BLESS=1 rewrites docs/images/check.svg");
}
