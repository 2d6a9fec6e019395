//! secondcall: will this WebAssembly component survive its second call?
//!
//! A component is **read** (declared), facts are **inferred**, rules **judge**, the report **tells**.
//! The modules stand here from the ground up; `tests/house.rs` holds every import to that order.

mod atomic_file;
mod demangle;
mod digest;
mod cache;
pub mod location;
mod panics;
pub mod rule;
pub mod finding;
pub mod inventory;
pub mod observation;
pub mod profile;
pub mod script;
pub mod manifest;
pub mod component;
pub mod composition;
mod calls;
pub mod facts;
pub mod sources;
pub mod verdict;
pub mod config;
pub mod rules;
pub mod report;
pub mod survey;
pub mod exec;
mod check;
mod graph;
pub mod lsp;
pub mod cli;

use component::{Component, ReadError};
use facts::Facts;
use observation::Observation;
use profile::Profile;
use report::Report;

/// Reads a component's bytes and tells what a second call of each export meets, under `hosts`.
///
/// # Errors
/// When the bytes are not a component that can be read.
pub fn lint(bytes: &[u8], hosts: &[&Profile]) -> Result<Report, ReadError> {
    let component = Component::read(bytes)?;
    let facts = Facts::of(&component);
    let findings = rules::run(&facts);
    Ok(Report::of(survey::of(&facts), findings.into_sorted(), &Observation::default(), hosts))
}
