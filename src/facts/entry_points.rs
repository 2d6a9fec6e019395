//! What the host can call: each exported function with the core functions that one call runs.

use crate::facts::execution::{Role, Step};
use crate::facts::instantiation::{ComponentFunc, Instantiation, Lifted};
use crate::location::ExportName;

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
