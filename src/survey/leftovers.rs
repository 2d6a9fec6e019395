//! What calls leave behind by their code: arguments, results and handles.

use crate::component::core_module::Extern;
use crate::facts::Facts;
use crate::facts::effects::Effects;
use crate::facts::execution::Role;
use crate::facts::instantiation::CoreFunc;
use crate::facts::reuse::{self, Kind};
use crate::facts::roles::Roles;
use crate::inventory::Leftover;

/// What calls of each entry point leave behind, and nothing for those that are not `wanted`.
pub(super) fn of<'a>(
    facts: &Facts<'a>,
    effects: &Effects<'_, 'a>,
    wanted: impl Fn(usize) -> bool,
) -> Vec<Vec<Leftover>> {
    let mut leftovers: Vec<_> = facts.entry_points.iter().map(|_| Vec::new()).collect();
    if !(0..leftovers.len()).any(&wanted) {
        return leftovers;
    }
    let roles = Roles::of(facts.component, &facts.provenance);
    let (entry_points, provenance) = (&facts.entry_points, &facts.provenance);
    let (all, _) = reuse::of(effects, facts.bodies(), entry_points, provenance, &roles);
    for fact in all {
        for at in fact.exports.iter().copied().filter(|at| wanted(*at)) {
            let items = || fact.items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>();
            let (words, given_by) = match fact.kind {
                Kind::AllocatorNeverFrees => {
                    let (by, pointer) = (allocator(facts, at), items().join(", "));
                    let words = format!(
                        "its arguments are placed by {by}, which never frees: nothing lowers {pointer}"
                    );
                    (words, Vec::new())
                }
                Kind::ResultNotFreed => ("no post-return frees its result".to_owned(), Vec::new()),
                Kind::HandlesNeverDropped => {
                    let from = items().join(" or ");
                    let words = format!("nothing drops or passes on what {from} returns");
                    (words, fact.items.clone())
                }
                _ => continue,
            };
            leftovers[at].push(Leftover { fact: fact.kind.id(), words, given_by });
        }
    }
    leftovers
}

/// The name of the function that allocates arguments.
fn allocator(facts: &Facts<'_>, at: usize) -> String {
    let steps = facts.entry_points[at].call.iter().flat_map(|call| &call.steps);
    let realloc = steps.into_iter().find(|step| matches!(step.role, Role::Realloc { .. }));
    let Some(CoreFunc::Defined(instance, func)) = realloc.map(|step| step.func) else {
        return "`realloc`".to_owned();
    };
    let module = facts.world.module(instance);
    let exports = module.exports.iter();
    let exported = exports.filter(|it| it.item == Extern::Func(func)).map(|it| it.name).next();
    let name = module.func_name(func).or(exported);
    name.map_or("`realloc`".to_owned(), |name| format!("`{name}`"))
}
