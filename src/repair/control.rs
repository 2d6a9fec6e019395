//! The core module through which the exports are called: it saves the state at the first call and resets it before others.
//!
//! Arguments are written into the guest's memory before the export is entered, so the reset comes before the first of them.
//! Imports cannot be called then: handles are dropped when the export is entered.

use wasm_encoder::{BlockType, Catch, Function, InstructionSink, ValType};

use super::added_module::{AddedModule, Signature};
use super::exit::TAG;
use super::ledger::{KIND, MARK, POP};
use super::reset::{RESET, SAVE};

/// Nothing was called yet.
const VIRGIN: i32 = 0;
/// The state is as instantiation left it, and arguments may have been written.
const PREPARED: i32 = 1;
/// An export was entered.
const USED: i32 = 2;

/// Names of what the module imports.
pub(super) const LEDGER: &str = "ledger";
pub(super) const DROPS: &str = "drops";
pub(super) const EXIT: &str = "exit";

pub(super) fn state(number: usize) -> String {
    format!("state{number}")
}

/// The name of the stand-in with this number, and of what it stands for.
pub(super) fn function(number: usize) -> String {
    format!("f{number}")
}

pub(super) const FUNCTIONS: &str = "functions";

/// A function that another one stands in for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StandIn {
    /// The core function, by its index in the component.
    pub(super) function: u32,
    pub(super) signature: Signature,
    /// Whether it is lifted; otherwise it allocates arguments.
    pub(super) lifted: bool,
    /// Whether calls go on with the state of the call before.
    pub(super) keeps: bool,
    /// Whether an exit ends it with the result that says how.
    pub(super) catches: bool,
}

/// The module for so many core instances with state, and so many kinds of handles.
pub(super) fn control(states: usize, kinds: usize, functions: &[StandIn]) -> Vec<u8> {
    let mut module = AddedModule::new("secondcall:control");
    let nothing = Signature::new(&[], &[]);
    let gives = Signature::new(&[], &[ValType::I32]);
    let takes = Signature::new(&[ValType::I32], &[]);
    let mut both = |name| -> Vec<u32> {
        (0..states).map(|at| module.import(&state(at), name, &nothing)).collect()
    };
    let (saves, resets) = (both(SAVE), both(RESET));
    let has_ledger = kinds > 0;
    let mark = has_ledger.then(|| module.import(LEDGER, MARK, &nothing));
    let ledger = has_ledger
        .then(|| (module.import(LEDGER, KIND, &gives), module.import(LEDGER, POP, &gives)));
    let drops: Vec<_> =
        (0..kinds).map(|kind| module.import(DROPS, &function(kind), &takes)).collect();
    let own = functions.iter().enumerate();
    let own = own.map(|(at, it)| module.import(FUNCTIONS, &function(at), &it.signature));
    let own: Vec<_> = own.collect();
    let exit = functions.iter().any(|it| it.catches).then(|| module.import_tag(EXIT, TAG, &takes));
    let (phase, owed) = (module.global(), module.global());
    let mut code = Function::new([]);
    let mut it = code.instructions();
    it.global_get(phase).i32_const(VIRGIN).i32_eq().if_(BlockType::Empty);
    for save in saves.iter().chain(&mark) {
        it.call(*save);
    }
    it.i32_const(PREPARED).global_set(phase).end().end();
    let keep = module.function(None, &nothing, &code);
    let mut code = Function::new([]);
    let mut it = code.instructions();
    it.call(keep).global_get(phase).i32_const(USED).i32_eq().if_(BlockType::Empty);
    for reset in &resets {
        it.call(*reset);
    }
    it.i32_const(1).global_set(owed).i32_const(PREPARED).global_set(phase).end().end();
    let prepare = module.function(None, &nothing, &code);
    let settle = ledger.map(|(kind, pop)| {
        let code = settle(kind, pop, &drops, owed);
        module.function(None, &nothing, &code)
    });
    for (at, stand_in) in functions.iter().enumerate() {
        let params = stand_in.signature.params.len() as u32;
        let mut code = Function::new([]);
        let mut it = code.instructions();
        it.call(if stand_in.keeps { keep } else { prepare });
        if stand_in.lifted {
            if let Some(settle) = settle.filter(|_| !stand_in.keeps) {
                it.call(settle);
            }
            it.i32_const(USED).global_set(phase);
        }
        let catch = exit.filter(|_| stand_in.catches);
        if let Some(tag) = catch {
            let result = BlockType::Result(ValType::I32);
            it.block(result).try_table(result, [Catch::One { tag, label: 0 }]);
        }
        for param in 0..params {
            it.local_get(param);
        }
        it.call(own[at]);
        if catch.is_some() {
            it.end().return_().end();
        }
        it.end();
        module.function(Some(&function(at)), &stand_in.signature, &code);
    }
    module.finish()
}

/// Drops the handles that the calls before the reset left, the latest first.
fn settle(kind: u32, pop: u32, drops: &[u32], owed: u32) -> Function {
    let mut code = Function::new([(1, ValType::I32)]);
    let mut it: InstructionSink<'_> = code.instructions();
    it.global_get(owed).i32_eqz().if_(BlockType::Empty).return_().end();
    it.i32_const(0).global_set(owed);
    it.block(BlockType::Empty).loop_(BlockType::Empty);
    it.call(kind).local_tee(0).i32_const(-1).i32_eq().br_if(1);
    for (number, release) in drops.iter().enumerate() {
        it.local_get(0).i32_const(number as i32).i32_eq().if_(BlockType::Empty);
        it.call(pop).call(*release).br(1).end();
    }
    it.br(0).end().end().end();
    code
}
