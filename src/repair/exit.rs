//! An exit as an exception: the function that stands for `wasi:cli/exit` throws it, and that of `wasi:cli/run` catches it.

use std::collections::BTreeSet;

use wasm_encoder::{Function, ValType};

use super::added_module::{AddedModule, Signature};
use crate::component::Component;
use crate::component::index_space::Idx;
use crate::facts::instantiation::{ComponentFunc, Instantiation};

/// The name of the exported tag.
pub(super) const TAG: &str = "tag";

/// The functions that exit, and those that can say so.
#[derive(Debug, Default)]
pub(super) struct Exits {
    /// The lowers of `wasi:cli/exit`, by number.
    pub(super) lowers: BTreeSet<usize>,
    /// The lifts of `wasi:cli/run#run`, by number.
    pub(super) lifts: BTreeSet<usize>,
}

impl Exits {
    pub(super) fn of<'c>(component: &'c Component<'c>, instantiation: &Instantiation<'c>) -> Self {
        let lowers = instantiation.lowered.iter().filter(|(_, lowered)| match &lowered.target {
            ComponentFunc::Imported { instance: Some(instance), .. } => {
                instance.split('@').next() == Some("wasi:cli/exit")
            }
            _ => false,
        });
        let lowers: BTreeSet<_> = lowers.map(|(id, _)| id.raw() as usize).collect();
        let exports = component.exports.iter().zip(&instantiation.exports);
        let lifts = exports.filter_map(|(export, func)| match func {
            ComponentFunc::Lifted(id) if export.name.unversioned() == "wasi:cli/run#run" => {
                Some(id.raw() as usize)
            }
            _ => None,
        });
        let lifts: BTreeSet<_> = lifts.collect();
        match lowers.is_empty() || lifts.is_empty() {
            true => Exits::default(),
            false => Exits { lowers, lifts },
        }
    }
}

/// The module whose function `f` throws the exception [`TAG`]: its value is 0 for success, and 1 for failure.
pub(super) fn module() -> Vec<u8> {
    let mut module = AddedModule::new("secondcall:exit");
    let takes = Signature::new(&[ValType::I32], &[]);
    let tag = module.tag(TAG, &takes);
    let mut code = Function::new([]);
    code.instructions().local_get(0).i32_const(0).i32_ne().throw(tag).end();
    module.function(Some("f"), &takes, &code);
    module.finish()
}
