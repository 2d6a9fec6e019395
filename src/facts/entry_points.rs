//! What the host can call: each exported function with the core functions that one call runs.

use crate::component::index_space::Idx;
use crate::facts::execution::Role;
use crate::facts::execution::Step;
use crate::facts::instantiation::ComponentFunc;
use crate::facts::instantiation::CoreFunc;
use crate::facts::instantiation::Instantiation;
use crate::facts::instantiation::Lifted;
use crate::location::ExportName;
use crate::location::ItemKind;
use crate::location::Location;
use crate::location::Span;

/// An exported function.
#[derive(Debug)]
pub struct EntryPoint<'a> {
    /// Its full name.
    pub name: &'a ExportName,
    /// Its type in WIT's words.
    pub signature: &'a str,
    /// What one call runs; `None` if the road from the export could not be followed.
    pub road: Option<Road>,
    /// Why there is no road, in words for a report.
    pub obstacle: Option<String>,
}

/// What one call of an export runs.
#[derive(Debug, Clone)]
pub struct Road {
    /// The lifted core function with what belongs to it.
    pub lifted: Lifted,
    /// The core functions that the host calls, in order.
    pub steps: Vec<Step>,
}

/// Every exported function, in the order of the component's exports.
pub fn of<'a>(world: &Instantiation<'a>) -> Vec<EntryPoint<'a>> {
    let exports = world.component.exports.iter().zip(&world.exports);
    exports
        .map(|(export, func)| {
            let (road, obstacle) = match func {
                ComponentFunc::Lifted(id) => {
                    let lifted = world.lifted[*id].clone();
                    let steps = steps(&lifted, export.allocates_arguments);
                    (Some(Road { lifted, steps }), None)
                }
                ComponentFunc::Imported { instance, name } => {
                    let name = ExportName::new(instance.as_deref(), name);
                    (None, Some(format!("it is the host's own `{name}`, exported again")))
                }
                ComponentFunc::Unknown => {
                    (None, Some("the function behind it could not be found".to_owned()))
                }
            };
            EntryPoint { name: &export.name, signature: &export.signature, road, obstacle }
        })
        .collect()
}

fn steps(lifted: &Lifted, allocates: bool) -> Vec<Step> {
    let step = |role| move |func| Step { func, role };
    let realloc = lifted.realloc.filter(|_| allocates).map(step(Role::Realloc));
    realloc
        .into_iter()
        .chain([step(Role::Lifted)(lifted.core)])
        .chain(lifted.callback.map(step(Role::Callback)))
        .chain(lifted.post_return.map(step(Role::PostReturn)))
        .collect()
}

/// Where a core function stands; `None` for a function without a body.
pub fn location(world: &Instantiation<'_>, func: CoreFunc) -> Option<Location> {
    let CoreFunc::Defined(instance, func) = func else { return None };
    let module = world.module(instance);
    let body = module.functions.get(func)?.body.clone();
    let span = body.map_or(Span::default(), |body| Span::new(body.start as u64, body.end as u64));
    let step = crate::location::Step {
        kind: ItemKind::Func,
        index: func.raw(),
        name: module.func_name(func).map(str::to_owned),
    };
    Some(Location { path: vec![module.step(), step], span })
}
