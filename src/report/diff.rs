//! What changed between two reports: the comparison behind `secondcall diff`, and its writers.

mod components;
mod details;
mod findings;
pub(crate) mod markdown;
mod model;
mod sentences;
pub(crate) mod text;
mod trend;

pub(crate) use self::components::of;
pub(crate) use self::model::Comparison;
