//! What the facts are found from.

use super::calls::Calls;
use crate::facts::body::Bodies;
use crate::facts::effects::Effects;
use crate::facts::entry_points::EntryPoint;
use crate::facts::instantiation::Instantiation;
use crate::facts::provenance::Provenance;
use crate::facts::roles::Roles;

/// A component, and what is known of it.
pub(super) struct Subject<'s, 'f, 'a> {
    pub(super) effects: &'s Effects<'f, 'a>,
    pub(super) bodies: &'s Bodies<'a>,
    pub(super) entry_points: &'s [EntryPoint<'a>],
    pub(super) calls: &'s Calls,
    pub(super) provenance: &'s Provenance,
    pub(super) roles: &'s Roles,
}

impl<'f, 'a> Subject<'_, 'f, 'a> {
    /// The instances.
    pub(super) fn world(&self) -> &'f Instantiation<'a> {
        self.effects.world()
    }
}
