//! DECLARED: the component as its bytes say it. Infers nothing, judges nothing.

pub mod index_space;
pub mod core_module;
