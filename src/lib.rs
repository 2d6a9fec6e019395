//! secondcall: will this WebAssembly component survive its second call?

pub mod location;
pub mod rule;
pub mod finding;
pub mod inventory;
pub mod profile;
pub mod component;
pub mod facts;
pub mod verdict;
pub mod report;
pub mod cli;
