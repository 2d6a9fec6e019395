//! Empty: only its place counts.
