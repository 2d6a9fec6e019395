//! Folders with inputs that a clone does not hold. Environment variables name them. A test without its input is skipped:
//! it says so, and leaves a record below `target` that `tests/untested.rs` reports.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The folder that an environment variable names. If it is not set, `None`, and `test` counts as skipped.
pub(crate) fn folder(variable: &str, test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).filter(|value| *value != OsString::new());
    record(variable, test, folder.is_none());
    folder.map(PathBuf::from)
}

/// Records that `test` of this suite was skipped because it needs `input`, or that it was not skipped.
pub(crate) fn record(input: &str, test: &str, skipped: bool) {
    let suite = env!("CARGO_CRATE_NAME");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("skipped");
    let record = folder.join(format!("{suite}-{test}-{input}"));
    if skipped {
        fs::create_dir_all(&folder).expect("the folder can be made");
        fs::write(record, format!("{suite}\n{test}\n{input}\n")).expect("a record can be written");
        // The output of `eprintln!` is not shown for a test that passes.
        let mut err = io::stderr();
        writeln!(err, "skipped: {test}, which needs {input}: see CONTRIBUTING.md")
            .expect("standard error can be written to");
    } else if record.exists() {
        fs::remove_file(record).expect("a record can be removed");
    }
}
