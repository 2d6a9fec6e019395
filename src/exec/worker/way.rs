//! How the guest's own resources are created for arguments, as far as it has been found out.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::shape::Shape;
use crate::observation::Inconclusive;

/// The detail if a resource is needed to create itself.
pub(super) const CIRCULAR: &str = "an argument is a resource that needs itself to be created";

/// A way to create a resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    /// The function, as a target.
    pub(super) maker: usize,
    /// The shape of its arguments.
    pub(super) shape: Shape,
    /// Whether stubbed functions are generous while it runs.
    pub(super) generous: bool,
}

/// What is known of each resource. Its key are the functions that return one, because its type differs between
/// instances.
#[derive(Debug, Clone, Default)]
pub(super) struct Ways(pub(super) RefCell<BTreeMap<Vec<usize>, Known>>);

/// What is known of one resource.
#[derive(Debug, Clone)]
pub(super) enum Known {
    /// A way is being searched.
    Searching,
    Found(Way),
    /// There is none.
    Impossible(Inconclusive),
    /// There was none while a way for another resource was searched that it needs.
    Circular(Inconclusive),
}
