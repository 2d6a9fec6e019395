//! An exit as an exception: while `wasi:cli/run` runs, the function that stands for `wasi:cli/exit` throws it.

use wasm_encoder::{BlockType, Function, ValType};

use super::added_module::{AddedModule, Signature};

/// The name of the exported tag.
pub(super) const TAG: &str = "tag";
/// The function that says whether somebody catches exits.
pub(super) const ARM: &str = "arm";
/// The function that throws an exit if somebody catches it, and otherwise returns.
pub(super) const THROW: &str = "throw";

fn takes() -> Signature {
    Signature::new(&[ValType::I32], &[])
}

/// The module with the tag [`TAG`]: its value is 0 for success, and 1 for failure.
pub(super) fn module() -> Vec<u8> {
    let mut module = AddedModule::new("secondcall:exit");
    let tag = module.tag(TAG, &takes());
    let armed = module.global();
    let mut code = Function::new([]);
    code.instructions().local_get(0).global_set(armed).end();
    module.function(Some(ARM), &takes(), &code);
    let mut code = Function::new([]);
    let mut it = code.instructions();
    it.global_get(armed).if_(BlockType::Empty);
    it.i32_const(0).global_set(armed).local_get(0).i32_const(0).i32_ne().throw(tag);
    it.end().end();
    module.function(Some(THROW), &takes(), &code);
    module.finish()
}

/// The module whose function `f` stands for one that exits.
pub(super) fn stand_in(instance: &str) -> Vec<u8> {
    let mut module = AddedModule::new("secondcall:exits");
    let own = module.import("f", "f", &takes());
    let throw = module.import(instance, THROW, &takes());
    let mut code = Function::new([]);
    code.instructions().local_get(0).call(throw).local_get(0).call(own).end();
    module.function(Some("f"), &takes(), &code);
    module.finish()
}
