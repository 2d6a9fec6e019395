//! How the guest's own resources are made for arguments: what is known of it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::shape::Shape;
use crate::observation::Inconclusive;

/// Why there is no way if a resource is needed to make it.
pub(super) const CIRCULAR: &str = "an argument is a resource that needs itself to be made";

/// A way to make a resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    /// The function, as a target.
    pub(super) maker: usize,
    /// The shape of its arguments.
    pub(super) shape: Shape,
    /// Whether stubbed functions are generous meanwhile.
    pub(super) generous: bool,
}

/// What is known of how resources are made. A resource's type is not the same in two instances: its key
/// are the functions that return one.
#[derive(Debug, Default)]
pub(super) struct Ways(pub(super) RefCell<BTreeMap<Vec<usize>, Known>>);

/// What is known of one resource.
#[derive(Debug, Clone)]
pub(super) enum Known {
    /// A way is looked for just now.
    Sought,
    Found(Way),
    /// There is none.
    Impossible(Inconclusive),
    /// There was none while a way for another resource was sought, which it needs.
    Circular(Inconclusive),
}
