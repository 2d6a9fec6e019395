//! Calls within an instance, through imports and lowered functions, and of the host; and the assumed effects of skipped
//! calls.

use std::rc::Rc;

use super::heap::Contents;
use super::machine::Abandoned;
use super::state::{Here, State};
use super::value::Value;
use super::{Executor, Site};
use crate::component::index_space::{FuncIdx, TableIdx, TypeIdx};
use crate::facts::instantiation::{
    ComponentFunc, CoreFunc, CoreInstanceId, Instantiation, LiftedId, LoweredId,
};

/// Most calls within calls; deeper ones are skipped.
const DEEPEST: usize = 40;
/// Most callees of an indirect call, each executed on its own.
const MOST_TARGETS: usize = 3;
/// Assumed size of results that a host function writes behind a pointer, in bytes: the largest result of WASI 0.2, a
/// `descriptor-stat`.
const HOST_RESULT: u64 = 96;

impl<'f, 'a> Executor<'f, 'a> {
    /// Executes a direct call. Returns whether it never returns.
    pub(super) fn call_func(
        &mut self,
        here: &Here<'_>,
        state: &mut State,
        callee: FuncIdx,
        at: usize,
    ) -> bool {
        let module = self.world.module(here.instance);
        let Some(ty) = module.func_type(callee) else { return false };
        let (params, results) = (ty.params().len() as u32, ty.results().len() as u32);
        let target = self.world.func(here.instance, callee);
        self.call_core(state, target, params, results, Some(here.site(at)), true)
    }

    /// Executes a call through a table. Returns whether it never returns.
    pub(super) fn call_indirect(
        &mut self,
        here: &Here<'_>,
        state: &mut State,
        ty: TypeIdx,
        table: TableIdx,
        at: usize,
    ) -> bool {
        let index = state.pop();
        let module = self.world.module(here.instance);
        let Some(Some(ty_of)) = module.types.get(ty) else { return false };
        let (params, results) = (ty_of.params().len() as u32, ty_of.results().len() as u32);
        let site = here.site(at);
        let Some(table) = self.world.table(here.instance, table) else {
            self.skipped.anything = true;
            self.leave(state, params, results, Some(site));
            return false;
        };
        let contents = &self.world.tables[table];
        let fits =
            |target: CoreFunc| self.world.func_type_of(target).is_none_or(|target| target == ty_of);
        let slot = |index: u64| {
            let slot = usize::try_from(index).ok().and_then(|index| contents.slots.get(index));
            // Out of range, null, or of another type: the call traps.
            slot.copied().flatten().filter(|target| fits(*target))
        };
        let targets: Option<Vec<Option<CoreFunc>>> = match index.constants() {
            _ if contents.unknown_elements || self.tables_written => None,
            Some(indices) => Some(indices.iter().map(|index| slot(*index)).collect()),
            None => {
                // Tables are large: stops at one callee too many.
                let mut all: Vec<CoreFunc> = Vec::new();
                for target in contents.slots.iter().flatten() {
                    if !all.contains(target) && fits(*target) {
                        all.push(*target);
                    }
                    if all.len() > MOST_TARGETS {
                        break;
                    }
                }
                all.sort_unstable();
                (all.len() <= MOST_TARGETS).then(|| all.into_iter().map(Some).collect())
            }
        };
        let Some(targets) = targets else {
            self.skipped.anything |= self.tables_written;
            self.skipped.indirect.insert((here.instance, ty, table));
            self.leave(state, params, results, Some(site));
            return false;
        };
        self.tables_relied_on = true;
        self.decide_index(state, &index, site);
        let mut after: Option<State> = None;
        for target in targets {
            let mut state = state.clone();
            let Some(target) = target else {
                self.trap(&state, site);
                continue;
            };
            if !self.call_core(&mut state, target, params, results, Some(site), true) {
                match &mut after {
                    Some(after) => after.join(&state, self.world, false),
                    after => *after = Some(state),
                }
            }
        }
        match after {
            Some(after) => *state = after,
            None => return true,
        }
        false
    }

    /// Executes a call of a core function. Pops arguments and pushes results. Returns whether it never returns. `site` is
    /// the call instruction if `nested`, else the entry of the function that the host calls.
    pub(super) fn call_core(
        &mut self,
        state: &mut State,
        target: CoreFunc,
        params: u32,
        results: u32,
        site: Option<Site>,
        nested: bool,
    ) -> bool {
        match target {
            CoreFunc::Defined(instance, func) => {
                self.call_defined(state, (instance, func), params, results, site.filter(|_| nested))
            }
            CoreFunc::Lowered(id) => self.call_lowered(state, id, params, results, site),
            CoreFunc::Builtin(id) => {
                if let Some(destructor) = self.world.builtins[id].destructor {
                    self.skipped.functions.insert(destructor);
                    self.leave(state, params, results, site);
                } else {
                    // Builtins that read take a buffer among their arguments.
                    self.call_host(state, params, results, true);
                }
                false
            }
            CoreFunc::Unknown => {
                self.skipped.anything = true;
                self.leave(state, params, results, site);
                false
            }
        }
    }

    pub(super) fn call_defined(
        &mut self,
        state: &mut State,
        (instance, func): (CoreInstanceId, FuncIdx),
        params: u32,
        results: u32,
        site: Option<Site>,
    ) -> bool {
        let running = |site: &Site| site.instance == instance && site.func == func;
        if self.stack.len() >= DEEPEST
            || self.heavy.contains(&(instance, func))
            || self.stack.iter().any(running)
        {
            return self.skip(state, CoreFunc::Defined(instance, func), params, results, site);
        }
        let arguments = state.pop_many(params);
        let callee = State {
            locals: arguments.clone(),
            operands: Vec::new(),
            heap: Rc::clone(&state.heap),
            branch: state.branch.clone(),
        };
        let before = (self.traps.len(), self.exits.len(), self.decided_branches.len());
        let caller_reserve = self.reserve;
        self.reserve += (self.fuel.saturating_sub(self.reserve)) / 4;
        let nested = site.is_some();
        self.stack.extend(site);
        let outcome = self.function(instance, func, callee);
        self.reserve = caller_reserve;
        if nested {
            self.stack.pop();
        }
        match outcome {
            Ok(Some(returned)) => {
                state.heap = returned.heap;
                state.branch = returned.branch.or(state.branch.take());
                // A test of the callee's locals means nothing to the caller.
                let results = returned.operands.into_iter().map(|value| value.testing_local(None));
                state.operands.extend(results);
                false
            }
            Ok(None) => {
                // A panic formats its message first; the branch that led to the call still causes its trap.
                if let Some(branch) = &state.branch {
                    for trap in &mut self.traps[before.0..] {
                        trap.branch.get_or_insert_with(|| Rc::clone(branch));
                    }
                }
                true
            }
            Err(abandoned) => {
                self.traps.truncate(before.0);
                self.exits.truncate(before.1);
                self.decided_branches.truncate(before.2);
                if abandoned == Abandoned::Fuel {
                    self.heavy.insert((instance, func));
                }
                state.operands.extend(arguments);
                self.skip(state, CoreFunc::Defined(instance, func), params, results, site)
            }
        }
    }

    fn call_lowered(
        &mut self,
        state: &mut State,
        id: LoweredId,
        params: u32,
        results: u32,
        site: Option<Site>,
    ) -> bool {
        let lowered = &self.world.lowered[id];
        match &lowered.target {
            ComponentFunc::Imported { instance, name } => {
                if is_exit(instance.as_deref(), name) {
                    if let Some(site) = site {
                        self.exit(state, site);
                    }
                    return true;
                }
                if let Some(realloc) = lowered.options.realloc {
                    self.skipped.functions.insert(realloc);
                    Rc::make_mut(&mut state.heap).skipped_calls += 1;
                }
                self.call_host(state, params, results, lowered.options.is_async);
                false
            }
            ComponentFunc::Lifted(lifted) => {
                let options = &lowered.options;
                let plain = options.memory.is_none() && !options.is_async;
                self.call_lifted(state, *lifted, plain, params, results, site)
            }
            ComponentFunc::Unknown => {
                self.skipped.anything = true;
                self.leave(state, params, results, site);
                false
            }
        }
    }

    /// Executes a call of another component's export. Values that pass through memory are unknown.
    fn call_lifted(
        &mut self,
        state: &mut State,
        id: LiftedId,
        plain: bool,
        params: u32,
        results: u32,
        site: Option<Site>,
    ) -> bool {
        let lifted = &self.world.lifted[id];
        let arguments = state.pop_many(params);
        for func in lifted.options.realloc.iter().chain(&lifted.options.callback) {
            self.skipped.functions.insert(*func);
            Rc::make_mut(&mut state.heap).skipped_calls += 1;
        }
        if !plain && results == 0 {
            let last = arguments.len().saturating_sub(1);
            self.results_behind(state, &arguments[last..]);
        }
        let (core_params, core_results) = self.arity(lifted.core);
        let plain = plain && (core_params, core_results) == (params, results);
        let unknown = vec![Value::ANY; core_params as usize];
        state.operands.extend(if plain { arguments } else { unknown });
        if self.call_core(state, lifted.core, core_params, core_results, site, true) {
            return true;
        }
        let returned = state.pop_many(core_results);
        if let Some(post_return) = lifted.options.post_return {
            state.operands.extend(returned.iter().cloned());
            if self.call_core(state, post_return, core_results, 0, site, true) {
                return true;
            }
        }
        let unknown = vec![Value::ANY; results as usize];
        state.operands.extend(if plain { returned } else { unknown });
        false
    }

    /// Executes a call of the host: its results are unknown, and it may write results behind a pointer.
    fn call_host(&mut self, state: &mut State, params: u32, results: u32, buffers: bool) {
        let arguments = state.pop_many(params);
        // The pointer may refer to any memory. Results that do not fit into one core value go behind the last argument.
        if results == 0 || buffers {
            let from = if buffers { 0 } else { arguments.len().saturating_sub(1) };
            self.results_behind(state, &arguments[from..]);
        }
        state.operands.extend((0..results).map(|_| Value::ANY));
    }

    /// Makes unknown what the host or another component may write behind pointers among some arguments.
    pub(super) fn results_behind(&mut self, state: &mut State, arguments: &[Value]) {
        for address in arguments.iter().filter_map(Value::constants).flatten() {
            for (memory, _) in self.world.memories.iter() {
                let heap = Rc::make_mut(&mut state.heap);
                heap.overwrite(memory, *address, HOST_RESULT, Contents::Unknown);
            }
        }
    }

    /// Skips a call.
    fn skip(
        &mut self,
        state: &mut State,
        target: CoreFunc,
        params: u32,
        results: u32,
        site: Option<Site>,
    ) -> bool {
        self.skipped.functions.insert(target);
        self.leave(state, params, results, site);
        false
    }

    /// Pops the arguments of a skipped call, makes unknown what it may change, and pushes unknown results.
    fn leave(&mut self, state: &mut State, params: u32, results: u32, site: Option<Site>) {
        let arguments = state.pop_many(params);
        let heap = Rc::make_mut(&mut state.heap);
        heap.skipped_calls += 1;
        let computed = arguments.iter().any(Value::points_to_computed);
        if let Some(site) = site {
            let constants = arguments.iter().filter_map(Value::constants).flatten();
            self.skipped.arguments.extend(constants.map(|value| (site.instance, *value)));
        }
        if computed || heap.escaped {
            for (memory, _) in self.world.memories.iter() {
                heap.forget_computed(memory);
            }
        }
        state.operands.extend((0..results).map(|_| Value::ANY));
    }
}

/// Whether a host function ends the instance: `wasi:cli/exit` (WASI 0.2 and 0.3, `cli.wit`).
fn is_exit(instance: Option<&str>, name: &str) -> bool {
    let interface = instance.map(|name| name.split_once('@').map_or(name, |(name, _)| name));
    interface == Some("wasi:cli/exit") && matches!(name, "exit" | "exit-with-code")
}

impl Instantiation<'_> {
    /// The type of a core function; `None` if it has no body.
    fn func_type_of(&self, func: CoreFunc) -> Option<&wasmparser::FuncType> {
        match func {
            CoreFunc::Defined(instance, func) => self.module(instance).func_type(func),
            _ => None,
        }
    }
}
