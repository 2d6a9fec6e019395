//! Face: terminal. The subcommands.

pub mod explain;
pub mod fingerprint;
pub mod hosts;
pub mod rules;
pub mod wat;
