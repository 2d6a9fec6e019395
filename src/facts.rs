//! INFERRED: what is true of a component; judges nothing.

pub mod provenance;
