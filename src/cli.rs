//! Face: terminal. The subcommands.

pub mod fingerprint;
