//! The core module through which the exports of a part are called: it saves the state at the first call and resets it before
//! others.
//!
//! Arguments are written into the guest's memory before the export is entered, so the reset comes before the first of them.
//! Imports cannot be called then: handles are dropped, and other parts told, when the export is entered.

use wasm_encoder::{BlockType, Catch, Function, InstructionSink, ValType};

use super::added_module::{AddedModule, Signature};
use super::exit::{ARM, TAG};
use super::labels::Labels;
use super::ledger::{KIND, LEDGER, LIVE, MARK, POP};

/// Nothing was called yet, unless by a start function.
const VIRGIN: i32 = 0;
/// The state is as instantiation left it, and arguments may have been written.
const PREPARED: i32 = 1;
/// An export was entered.
const USED: i32 = 2;

/// What a part receives when the host calls another one: the call ended,
const LEFT: i32 = 0;
/// it goes on with the state of the call before,
const KEPT: i32 = 1;
/// or it begins afresh.
const FRESH: i32 = 2;

/// Names of what the module imports.
pub(super) const DROPS: &str = "drops";
pub(super) const EXIT: &str = "exit";
pub(super) const FUNCTIONS: &str = "functions";
/// Tells a part what the host calls: the name of the import, and of the export that does the same here.
pub(super) const TURN: &str = "turn";

pub(super) fn state(number: usize) -> String {
    format!("state{number}")
}

/// The name of the stand-in with this number, and of what it stands for.
pub(super) fn function(number: usize) -> String {
    format!("f{number}")
}

/// What stands for a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// It allocates arguments.
    Allocates,
    /// It is lifted. With `catches`, an exit ends it with the result that says how.
    Runs { catches: bool },
}

/// A function that another one stands in for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StandIn {
    /// The core function, by its index in the component.
    pub(super) function: u32,
    /// The lift that it is for, if what stands for the core function depends on that.
    pub(super) lift: Option<usize>,
    pub(super) signature: Signature,
    pub(super) does: Does,
    /// Whether calls go on with the state of the call before.
    pub(super) keeps: bool,
    /// Whether the host calls it, and whether another part does.
    pub(super) host: bool,
    pub(super) parts: bool,
}

/// What the control module of a part is for.
pub(super) struct Control<'a> {
    /// Core instances with state.
    pub(super) states: usize,
    /// Resources of which handles are remembered.
    pub(super) kinds: usize,
    /// Whether the part defines resources.
    pub(super) has_resources: bool,
    /// Whether there are other parts.
    pub(super) is_composed: bool,
    /// Whether a part has to know when a call ended.
    pub(super) is_shared: bool,
    pub(super) functions: &'a [StandIn],
    pub(super) labels: &'a Labels,
}

/// Functions and globals of the module, by index.
struct Indices {
    keep: u32,
    prepare: u32,
    used: Option<u32>,
    settle: Option<u32>,
    live: Option<u32>,
    turn: Option<u32>,
    phase: u32,
    inside: u32,
}

impl Control<'_> {
    /// The module.
    pub(super) fn module(&self) -> Vec<u8> {
        let mut module = AddedModule::new("secondcall:control");
        let nothing = Signature::new(&[], &[]);
        let gives = Signature::new(&[], &[ValType::I32]);
        let takes = Signature::new(&[ValType::I32], &[]);
        let mut both = |name: String| -> Vec<u32> {
            (0..self.states).map(|at| module.import(&state(at), &name, &nothing)).collect()
        };
        let (saves, resets) = (both(self.labels.save()), both(self.labels.reset()));
        let has_handles = self.kinds > 0;
        let mark = has_handles.then(|| module.import(LEDGER, MARK, &nothing));
        let ledger = has_handles
            .then(|| (module.import(LEDGER, KIND, &gives), module.import(LEDGER, POP, &gives)));
        let live = self.has_resources.then(|| module.import(LEDGER, LIVE, &gives));
        let turn = self.is_composed.then(|| module.import(TURN, TURN, &takes));
        let drops = (0..self.kinds).map(|kind| module.import(DROPS, &function(kind), &takes));
        let drops: Vec<_> = drops.collect();
        let own = self.functions.iter().enumerate();
        let own = own.map(|(at, it)| module.import(FUNCTIONS, &function(at), &it.signature));
        let own: Vec<_> = own.collect();
        let catches = |it: &StandIn| it.does == Does::Runs { catches: true };
        let exit = self
            .functions
            .iter()
            .any(catches)
            .then(|| (module.import(EXIT, ARM, &takes), module.import_tag(EXIT, TAG, &takes)));
        let (phase, owed, inside) = (module.global(), module.global(), module.global());
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
        it.call(keep).global_get(phase).i32_const(USED).i32_eq();
        if let Some(live) = live {
            it.call(live).i32_eqz().i32_and();
        }
        it.if_(BlockType::Empty);
        for reset in &resets {
            it.call(*reset);
        }
        it.i32_const(1).global_set(owed).i32_const(PREPARED).global_set(phase).end().end();
        let prepare = module.function(None, &nothing, &code);
        // What a start function calls is part of the state that is saved.
        let used = turn.map(|_| {
            let mut code = Function::new([]);
            let mut it = code.instructions();
            it.global_get(phase).i32_const(VIRGIN).i32_ne().if_(BlockType::Empty);
            it.i32_const(USED).global_set(phase).end().end();
            module.function(None, &nothing, &code)
        });
        let settle = ledger.map(|(kind, pop)| {
            let code = settle(kind, pop, &drops, owed);
            module.function(None, &nothing, &code)
        });
        let indices = Indices { keep, prepare, used, settle, live, turn, phase, inside };
        for (at, stand_in) in self.functions.iter().enumerate() {
            let code = self.stand_in(stand_in, own[at], exit, &indices);
            module.function(Some(&function(at)), &stand_in.signature, &code);
        }
        if turn.is_some() {
            module.function(Some(TURN), &takes, &told(&indices));
        }
        module.finish()
    }

    fn stand_in(
        &self,
        stand_in: &StandIn,
        own: u32,
        exit: Option<(u32, u32)>,
        indices: &Indices,
    ) -> Function {
        let mut code = Function::new([]);
        let mut it = code.instructions();
        let runs = stand_in.does != Does::Allocates;
        if stand_in.host {
            if stand_in.parts {
                it.global_get(indices.inside).i32_eqz().if_(BlockType::Empty);
            }
            match runs {
                true => begun(&mut it, stand_in.keeps, indices),
                false => {
                    it.call(if stand_in.keeps { indices.keep } else { indices.prepare });
                }
            }
            if stand_in.parts {
                it.else_();
            }
        }
        if let Some(used) = indices.used.filter(|_| stand_in.parts || !stand_in.host) {
            it.call(used);
        }
        if stand_in.host && stand_in.parts {
            it.end();
        }
        let catch = exit.filter(|_| stand_in.does == Does::Runs { catches: true });
        if let Some((arm, tag)) = catch {
            let result = BlockType::Result(ValType::I32);
            it.i32_const(1).call(arm);
            it.block(result).try_table(result, [Catch::One { tag, label: 0 }]);
        }
        for param in 0..stand_in.signature.params.len() as u32 {
            it.local_get(param);
        }
        it.call(own);
        if let Some((arm, _)) = catch {
            it.end().end().i32_const(0).call(arm);
        }
        if let Some(turn) = indices.turn.filter(|_| self.is_shared && runs && stand_in.host) {
            if stand_in.parts {
                it.global_get(indices.inside).i32_eqz().if_(BlockType::Empty);
            }
            it.i32_const(LEFT).call(turn);
            if stand_in.parts {
                it.end();
            }
        }
        it.end();
        code
    }
}

/// The host calls an export of this part.
fn begun(it: &mut InstructionSink<'_>, keeps: bool, indices: &Indices) {
    it.call(if keeps { indices.keep } else { indices.prepare });
    if let Some(settle) = indices.settle.filter(|_| !keeps) {
        it.call(settle);
    }
    it.i32_const(USED).global_set(indices.phase);
    if let Some(turn) = indices.turn {
        it.i32_const(KEPT);
        if !keeps {
            it.i32_const(FRESH);
            match indices.live {
                Some(live) => it.call(live),
                None => it.i32_const(0),
            };
            it.select();
        }
        it.call(turn);
    }
}

/// The host calls an export of another part, or that call ended.
fn told(indices: &Indices) -> Function {
    let mut code = Function::new([]);
    let mut it = code.instructions();
    it.local_get(0).i32_const(LEFT).i32_ne().global_set(indices.inside);
    if let Some(live) = indices.live {
        it.local_get(0).i32_const(FRESH).i32_eq().if_(BlockType::Empty);
        it.i32_const(KEPT).i32_const(FRESH).call(live).select().local_set(0).end();
    }
    it.local_get(0).i32_const(KEPT).i32_eq().if_(BlockType::Empty).call(indices.keep).end();
    it.local_get(0).i32_const(FRESH).i32_eq().if_(BlockType::Empty).call(indices.prepare);
    if let Some(settle) = indices.settle {
        it.call(settle);
    }
    it.end();
    if let Some(turn) = indices.turn {
        it.local_get(0).call(turn);
    }
    it.end();
    code
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
