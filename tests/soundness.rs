//! Components whose flag is cleared in a way that is easy to miss. None may be proven to work only once.
//!
//! Each file in `tests/soundness` says in its first line who clears the flag. Those in `tests/soundness/proven` look alike,
//! but nobody clears theirs: each must be proven.

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
    let mut trials = Vec::new();
    for (folder, prefix, proven) in [("", "", false), ("proven", "proven/", true)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/soundness").join(folder);
        let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        for path in paths.filter(|path| path.extension().is_some()) {
            let name = format!("{prefix}{}", path.file_stem().unwrap().to_str().unwrap());
            trials.push(Trial::test(name, move || is_proven(&path, proven)));
        }
    }
    assert!(trials.len() > 80, "the components are there");
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn is_proven(path: &Path, expected: bool) -> Result<(), Failed> {
    let bytes = wat::parse_file(path)?;
    let host = Profile::by_id(HOST).ok_or("the strictest host has a profile")?;
    let report = lint(&bytes, &[host])?;
    let proven = report.findings.iter().map(|judged| &judged.finding).find(|finding| {
        finding.evidence == Evidence::Certain && finding.rule.metadata.hazard == Hazard::SingleShot
    });
    match proven {
        Some(finding) if !expected => {
            Err(format!("{}: {}", finding.rule.id, finding.message).into())
        }
        None if expected => Err("the export is not proven to work only once".into()),
        _ => Ok(()),
    }
}
