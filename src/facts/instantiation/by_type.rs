//! Functions by their types, so that an indirect call does not search all slots of a table.

use std::collections::{BTreeMap, BTreeSet};

use crate::component::index_space::{CoreModuleId, TypeIdx};

/// Functions, each once.
#[derive(Debug)]
pub(super) struct ByType<F> {
    /// By module and type.
    pub(super) typed: BTreeMap<(CoreModuleId, TypeIdx), BTreeSet<F>>,
    /// Those without a body that tells their type.
    pub(super) others: BTreeSet<F>,
}

impl<F> Default for ByType<F> {
    fn default() -> Self {
        ByType { typed: BTreeMap::new(), others: BTreeSet::new() }
    }
}
