//! The exported functions, each with the core functions that the host calls for it.

use crate::facts::execution::{Role, Step};
use crate::facts::instantiation::{ComponentFunc, Instantiation, Lifted};
use crate::location::ExportName;

/// An exported function.
#[derive(Debug)]
pub struct EntryPoint<'a> {
    /// Its full name.
    pub name: &'a ExportName,
    /// Its type in WIT.
    pub signature: &'a str,
    /// Whether only its toolchain calls it, while building.
    pub internal: bool,
    /// What the host does for one call; `None` if the lifted function is not in this component.
    pub call: Option<HostCall>,
    /// Why `call` is `None`, as text for a report.
    pub obstacle: Option<String>,
}

/// What the host does for one call of an export.
#[derive(Debug, Clone)]
pub struct HostCall {
    /// The lifted core function with its options.
    pub lifted: Lifted,
    /// The core functions that the host calls, in order.
    pub steps: Vec<Step>,
}

/// Every exported function, in the order of the component's exports.
pub fn of<'a>(world: &Instantiation<'a>) -> Vec<EntryPoint<'a>> {
    let exports = world.component.exports.iter().zip(&world.exports);
    exports
        .map(|(export, func)| {
            let (call, obstacle) = match func {
                ComponentFunc::Lifted(id) => {
                    let lifted = world.lifted[*id].clone();
                    let steps = steps(&lifted, export.allocates_arguments, export.always_allocates);
                    (Some(HostCall { lifted, steps }), None)
                }
                ComponentFunc::Imported { instance, name } => {
                    let name = ExportName::new(instance.as_deref(), name);
                    (None, Some(format!("it is the host's own `{name}`, exported again")))
                }
                ComponentFunc::Unknown => {
                    (None, Some("the function behind it could not be found".to_owned()))
                }
            };
            EntryPoint {
                name: &export.name,
                signature: &export.signature,
                internal: export.is_internal(),
                call,
                obstacle,
            }
        })
        .collect()
}

fn steps(lifted: &Lifted, allocates: bool, always: bool) -> Vec<Step> {
    let step = |role| move |func| Step { func, role };
    let memory = lifted.options.memory.flatten();
    let realloc = lifted.options.realloc.filter(|_| allocates);
    let realloc = realloc.map(step(Role::Realloc { memory, always }));
    realloc
        .into_iter()
        .chain([step(Role::Lifted)(lifted.core)])
        .chain(lifted.options.callback.map(step(Role::Callback)))
        .chain(lifted.options.post_return.map(step(Role::PostReturn)))
        .collect()
}
