//! secondcall: will this WebAssembly component survive its second call?
//!
//! [`lint`] analyzes the code, [`check()`] also calls the exports. A component is **read** (declared), facts are
//! **inferred**, rules **judge**, the report is **printed**.
//!
//! The modules stand here from the ground up; `tests/house.rs` holds every import to that order.

mod atomic_file;
mod budget;
mod demangle;
mod digest;
mod cache;
mod frames;
pub mod location;
mod panics;
mod allocators;
pub mod rule;
pub mod finding;
pub mod inventory;
pub mod observation;
pub mod profile;
pub mod script;
mod registry;
pub mod manifest;
pub mod component;
pub mod composition;
mod calls;
pub mod facts;
pub mod repair;
pub mod sources;
pub mod verdict;
pub mod config;
pub mod rules;
pub mod report;
pub mod survey;
pub mod exec;
mod diagnostics;
mod check;
mod graph;
mod lsp;
mod cli;
pub mod embedded;
#[doc(hidden)]
pub mod program;

use std::io;
use std::path::PathBuf;

use component::{Component, ReadError};
use exec::Observer;
use facts::Facts;
use finding::{changed_answers, left_something};
use observation::Observation;
use profile::Profile;
use report::Report;

/// Analyzes the code of a component and judges each export for `hosts`. Executes nothing, so it cannot find what only
/// calls show; [`check()`] calls the exports, too. The analysis recurses into callees: a large component may need a thread
/// with 64 MiB of stack.
///
/// ```
/// use secondcall::profile::Profile;
/// use secondcall::verdict::Verdict;
///
/// let bytes = std::fs::read("examples/hello.wasm")?;
/// let host = Profile::by_id("spec").ok_or("no such host")?;
/// let report = secondcall::lint(&bytes, &[host])?;
/// assert_eq!(report.exports[0].verdict, Verdict::SingleShot);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the bytes are not a valid component.
pub fn lint(bytes: &[u8], hosts: &[&Profile]) -> Result<Report, ReadError> {
    let component = Component::read(bytes)?;
    let facts = Facts::of(&component);
    let findings = rules::run(&facts);
    Ok(Report::of(survey::of(&facts), findings.into_sorted(), &Observation::default(), hosts))
}

/// Analyzes a component as [`lint`] does, and calls every export, on one instance and on fresh ones. The guest runs in a
/// process of [`Observer::program`], the program `secondcall` of the same version.
///
/// ```no_run
/// use secondcall::exec::{Observer, Settings};
/// use secondcall::profile::Profile;
///
/// let mut observer = Observer::new("/usr/bin/secondcall");
/// observer.settings = Settings { calls: 20, ..Settings::default() };
/// let host = Profile::by_id("spin-p3").ok_or("no such host")?;
/// let report = secondcall::check(&std::fs::read("app.wasm")?, &[host], &observer)?;
/// for judged in &report.findings {
///     println!("{:?}: {}", judged.severity, judged.finding.message);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the bytes are not a valid component, or the program cannot be started.
pub fn check(bytes: &[u8], hosts: &[&Profile], observer: &Observer) -> Result<Report, CheckError> {
    let component = Component::read(bytes)?;
    let seen = observer
        .observe(&component, |_| true)
        .map_err(|source| CheckError::Program { program: observer.program.clone(), source })?;
    let facts = Facts::of(&component);
    let mut findings = rules::run(&facts);
    findings.extend(rules::observe(&seen, &component));
    let findings = findings.into_sorted();
    let inventory = survey::with_state(
        &facts,
        &seen,
        |export| changed_answers(&findings, export),
        |export| left_something(&findings, export),
    );
    Ok(Report::of(inventory, findings, &seen, hosts))
}

/// Why a component could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The program that runs the guest cannot be started.
    #[error("cannot start {} to run the guest: {source}", .program.display())]
    Program {
        /// Its path.
        program: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
