//! INFERRED: what is true of a component. Judges nothing.

pub mod body;
pub mod instantiation;
pub mod execution;
pub mod call_graph;
pub mod entry_points;
pub mod trials;
pub mod guards;
pub mod exits;
pub mod provenance;
