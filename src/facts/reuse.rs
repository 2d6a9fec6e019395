//! What matters when an instance is called again or by several callers, and shows in the code or the types. Judges nothing:
//! whether it harms depends on the host and on the calls.

mod adapter_cost;
mod bump;
mod calls;
mod canonical_abi;
mod found;
mod handles;
mod kept;
mod made;
mod subject;
mod tasks;
mod wasi;

use crate::facts::body::Bodies;
use crate::facts::effects::Effects;
use crate::facts::entry_points::EntryPoint;
use crate::facts::provenance::Provenance;
use crate::facts::roles::Roles;
pub use adapter_cost::AdapterCost;
use calls::Calls;
use found::Found;
pub use found::{Fact, Kind};
use subject::Subject;

/// All facts of a component, by kind, and what each of its preview1 adapters costs.
pub fn of<'a>(
    effects: &Effects<'_, 'a>,
    bodies: &Bodies<'a>,
    entry_points: &[EntryPoint<'a>],
    provenance: &Provenance,
    roles: &Roles,
) -> (Vec<Fact>, Vec<AdapterCost>) {
    let mut wanted = wasi::wanted(effects.world(), provenance);
    let lifted = entry_points.iter().filter_map(|entry_point| entry_point.call.as_ref());
    wanted.extend(lifted.filter_map(|call| call.lifted.options.realloc));
    let calls = Calls::of(effects, entry_points, &wanted);
    let mut found = Found::default();
    made::find(effects.world(), entry_points, provenance, &mut found);
    let subject = Subject { effects, bodies, entry_points, calls: &calls, provenance, roles };
    canonical_abi::find(&subject, &mut found);
    wasi::find(&subject, &mut found);
    tasks::find(effects.world(), entry_points, &calls, &mut found);
    let costs = adapter_cost::of(effects.world(), roles, provenance, &calls);
    (found.facts(), costs)
}
