//! secondcall: will this WebAssembly component survive its second call?

pub mod location;
pub mod rule;
pub mod finding;
pub mod inventory;
pub mod profile;
pub mod component;
pub mod verdict;
pub mod report;
/// The terminal's face: the subcommands.
pub mod cli {
    pub mod explain;
    pub mod rules;
    pub mod wat;
}
