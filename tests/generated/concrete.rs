//! Executes a core module: calls of its exports on fresh instances, and the memories and globals after each.

use wasmtime::{
    Config, Engine, Error, ExternType, Func, Instance, Linker, Module, OptLevel, Store, Trap, Val,
    ValType,
};

/// Operators of one instance; a call that needs more counts as one that does not return.
const FUEL: u64 = 300_000;
/// What the host's exit traps with.
const EXIT: &str = "the instance exits";

/// How a call ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    /// The results; `None` for one that is no number.
    Returned(Vec<Option<u64>>),
    /// It trapped.
    Trapped,
    /// It exited.
    Exited,
    /// It used up its fuel, or the stack.
    Exhausted,
}

/// A compiled module.
pub(crate) struct Machine {
    engine: Engine,
    module: Module,
}

/// An instance.
pub(crate) struct Live {
    store: Store<()>,
    instance: Instance,
}

/// An engine with all that the analysis knows.
pub(crate) fn engine() -> Engine {
    let mut config = Config::new();
    config.consume_fuel(true);
    config.cranelift_opt_level(OptLevel::None);
    config.wasm_exceptions(true);
    config.wasm_memory64(true);
    config.wasm_wide_arithmetic(true);
    config.max_wasm_stack(256 << 10);
    config.async_stack_size(512 << 10);
    Engine::new(&config).expect("the engine can be made")
}

impl Machine {
    /// Compiles a module; `None` if the engine does not know all of it.
    pub(crate) fn of(engine: &Engine, bytes: &[u8]) -> Option<Self> {
        let module = Module::new(engine, bytes).ok()?;
        Some(Machine { engine: engine.clone(), module })
    }

    /// A fresh instance; `None` if instantiation fails.
    pub(crate) fn instantiate(&self) -> Option<Live> {
        let mut store = Store::new(&self.engine, ());
        store.set_fuel(FUEL).expect("fuel is counted");
        let mut linker = Linker::new(&self.engine);
        for import in self.module.imports() {
            let ExternType::Func(ty) = import.ty() else { return None };
            let exits =
                |_: wasmtime::Caller<'_, ()>, _: &[Val], _: &mut [Val]| Err(Error::msg(EXIT));
            linker.func_new(import.module(), import.name(), ty, exits).ok()?;
        }
        let instance = linker.instantiate(&mut store, &self.module).ok()?;
        Some(Live { store, instance })
    }
}

impl Live {
    fn func(&mut self, export: &str) -> Option<Func> {
        self.instance.get_func(&mut self.store, export)
    }

    /// The number of parameters of an export.
    pub(crate) fn params(&mut self, export: &str) -> usize {
        self.func(export).map_or(0, |func| func.ty(&self.store).params().len())
    }

    /// Calls an export; each argument is cut to its parameter's type.
    pub(crate) fn call(&mut self, export: &str, arguments: &[u64]) -> Outcome {
        let func = self.func(export).expect("the module has the export");
        let ty = func.ty(&self.store);
        let given = ty.params().zip(arguments).map(|(ty, bits)| value(&ty, *bits));
        let given: Vec<Val> = given.collect();
        let mut results = vec![Val::I32(0); ty.results().len()];
        match func.call(&mut self.store, &given, &mut results) {
            Ok(()) => Outcome::Returned(results.iter().map(bits).collect()),
            Err(error) => match error.downcast_ref::<Trap>() {
                Some(Trap::OutOfFuel | Trap::StackOverflow) => Outcome::Exhausted,
                Some(_) => Outcome::Trapped,
                None if error.to_string().contains(EXIT) || format!("{error:?}").contains(EXIT) => {
                    Outcome::Exited
                }
                None => Outcome::Trapped,
            },
        }
    }

    /// The value of an exported global, if it is a number.
    pub(crate) fn global(&mut self, export: &str) -> Option<u64> {
        let global = self.instance.get_global(&mut self.store, export)?;
        bits(&global.get(&mut self.store))
    }

    /// The bytes of an exported memory; `None` if threads share it.
    pub(crate) fn memory(&mut self, export: &str) -> Option<&[u8]> {
        let memory = self.instance.get_memory(&mut self.store, export)?;
        Some(memory.data(&self.store))
    }
}

fn value(ty: &ValType, bits: u64) -> Val {
    match ty {
        ValType::I32 => Val::I32(bits as i32),
        ValType::I64 => Val::I64(bits as i64),
        ValType::F32 => Val::F32(bits as u32),
        _ => Val::F64(bits),
    }
}

/// A number as the analysis keeps it: an `i32` is zero-extended.
fn bits(value: &Val) -> Option<u64> {
    match value {
        Val::I32(value) => Some(u64::from(*value as u32)),
        Val::I64(value) => Some(*value as u64),
        Val::F32(bits) => Some(u64::from(*bits)),
        Val::F64(bits) => Some(*bits),
        _ => None,
    }
}
