//! INFERRED: what is true of a component. Judges nothing.

pub mod body;
pub mod instantiation;
