//! Components whose flag is cleared in a way that is easy to miss. None may be proven to work only once.
//!
//! Each file in `tests/soundness` says in its first line who clears the flag. That a guard is proven where nobody does is
//! tested by `tests/rules.rs`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use secondcall::finding::Evidence;
use secondcall::lint;
use secondcall::profile::Profile;
use secondcall::rule::Hazard;

/// The strictest host: it calls any export, keeps the instance for ever, and keeps it after a trap.
const HOST: &str = "jco-transpiled";

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/soundness");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let trials: Vec<_> = paths
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            Trial::test(name, move || is_not_proven(&path))
        })
        .collect();
    assert!(trials.len() > 80, "the components are there");
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn is_not_proven(path: &Path) -> Result<(), Failed> {
    let bytes = wat::parse_file(path)?;
    let host = Profile::by_id(HOST).ok_or("the strictest host has a profile")?;
    let report = lint(&bytes, &[host])?;
    let proven = report.findings.iter().map(|judged| &judged.finding).find(|finding| {
        finding.evidence == Evidence::Certain && finding.rule.metadata.hazard == Hazard::SingleShot
    });
    match proven {
        Some(finding) => Err(format!("{}: {}", finding.rule.id, finding.message).into()),
        None => Ok(()),
    }
}
