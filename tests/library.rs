//! The library, as another program uses it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;

use miette::Diagnostic;
use secondcall::exec::Observer;
use secondcall::{CheckError, check};

fn hello() -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hello.wasm")).unwrap()
}

#[test]
#[cfg(feature = "exec")]
fn a_check_calls_the_exports() {
    use secondcall::finding::Evidence;
    use secondcall::lint;
    use secondcall::profile::Profile;
    use secondcall::verdict::Verdict;
    let spec = Profile::by_id(Profile::SPEC).unwrap();
    let evidence = |report: &secondcall::report::Report| report.findings[0].finding.evidence;
    let observer = Observer::new(env!("CARGO_BIN_EXE_secondcall"));
    let checked = check(&hello(), &[spec], &observer).unwrap();
    assert_eq!(checked.exports[0].verdict, Verdict::SingleShot);
    let linted = lint(&hello(), &[spec]).unwrap();
    assert_eq!(linted.exports[0].verdict, Verdict::SingleShot);
    let observed = checked.findings.iter().any(|it| it.finding.calls.is_some());
    assert!(observed && linted.findings.iter().all(|it| it.finding.calls.is_none()));
    assert_eq!((evidence(&checked), evidence(&linted)), (Evidence::Certain, Evidence::Certain));
}

#[test]
fn errors_are_diagnostics() {
    let code = |error: &dyn Diagnostic| error.code().unwrap().to_string();
    let observer = Observer::new("no such program");
    let unread = check(b"text", &[], &observer).unwrap_err();
    assert!(matches!(unread, CheckError::Read(_)));
    assert_eq!(code(&unread), "secondcall::component");
    let unstarted = check(&hello(), &[], &observer).unwrap_err();
    assert_eq!(code(&unstarted), "secondcall::program");
    assert!(unstarted.to_string().starts_with("cannot start no such program"), "{unstarted}");
    assert!(unstarted.help().is_some());
    let kind = secondcall::manifest::Kind::Spin;
    let manifest = secondcall::manifest::read(kind, "spin.toml", "spin_manifest_version = 9");
    let label = manifest.unwrap_err().labels().unwrap().next().unwrap();
    assert_eq!((label.offset(), label.len()), (24, 1));
}
