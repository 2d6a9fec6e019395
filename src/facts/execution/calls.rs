//! Calls within an instance, through imports and lowered functions, and of the host; and the assumed effects of skipped
//! calls.

use std::sync::Arc;

use super::machine::Abandoned;
use super::memory::Write;
use super::state::{Here, MOST_TARGETS, ROOM, State};
use super::value::Value;
use super::{Executor, Site};
use crate::component::index_space::{CoreModuleId, FuncIdx, TableIdx, TypeIdx};
use crate::facts::effects::MOST_CALLEES;
use crate::facts::instantiation::{
    ComponentFunc, CoreFunc, CoreInstanceId, Fit, LiftedId, LoweredId, MemoryId, Options, Table,
};

/// Most calls within calls; deeper ones are skipped.
const DEEPEST: usize = 40;
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
            self.strays.add_everything();
            self.leave(state, params, results);
            return false;
        };
        let contents = &self.world.tables[table];
        let targets: Option<Vec<Option<CoreFunc>>> = match index.constants() {
            _ if contents.unknown_elements || self.strays.tables_unknown() => None,
            Some(indices) => Some(self.targets(here.instance, ty, contents, indices)),
            None => {
                let few =
                    self.effects.summaries.few_callees(here.instance, ty, table, MOST_TARGETS);
                few.map(|few| {
                    let mut few = few.to_vec();
                    few.sort_unstable();
                    few.into_iter().map(Some).collect()
                })
            }
        };
        let Some(targets) = targets else {
            if self.strays.tables_unknown() {
                self.strays.add_everything();
            }
            self.strays.add_indirect(here.instance, ty, table);
            let callees =
                self.effects.summaries.few_callees(here.instance, ty, table, MOST_CALLEES);
            self.pass_arguments(state, callees.as_deref(), params);
            self.leave(state, params, results);
            return false;
        };
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
                    Some(after) => {
                        after.join(&state, self.world, None);
                    }
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

    /// What calls through these slots reach; `None` where the call traps: out of range, null, or of another type.
    fn targets(
        &self,
        instance: CoreInstanceId,
        ty: TypeIdx,
        table: &Table,
        indices: &[u64],
    ) -> Vec<Option<CoreFunc>> {
        let mut targets = Vec::new();
        for func in indices.iter().flat_map(|index| table.slot(*index, self.call == 0)) {
            let fit = func.map_or(Fit::Never, |func| self.world.fit(instance, ty, func));
            let reached = func.filter(|_| fit != Fit::Never).map(Some);
            for target in reached.into_iter().chain((fit != Fit::Always).then_some(None)) {
                if !targets.contains(&target) {
                    targets.push(target);
                }
            }
        }
        targets
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
                let builtin = &self.world.builtins[id];
                self.strays.extend(builtin.destructor.into_iter().chain(builtin.realloc));
                if builtin.starts_thread() {
                    self.strays.add_everything();
                }
                if builtin.memory.is_some() {
                    // What a pending read writes, it may write at any time from now on.
                    self.strays.add_func(target);
                    self.strays.pending = true;
                }
                let is_harmless = builtin.destructor.is_none()
                    && builtin.memory.is_none()
                    && builtin.realloc.is_none()
                    && !builtin.starts_thread()
                    && !self.strays.pending;
                if is_harmless {
                    state.pop_many(params);
                    state.push_unknown(results);
                } else {
                    self.leave(state, params, results);
                }
                false
            }
            CoreFunc::Unknown => {
                self.strays.add_everything();
                self.leave(state, params, results);
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
            return self.skip(state, CoreFunc::Defined(instance, func), params, results);
        }
        let arguments = state.pop_many(params);
        let mut locals = Vec::with_capacity(arguments.len() + ROOM);
        locals.extend(arguments.iter().map(|value| value.clone().testing(None)));
        let callee = State {
            locals,
            operands: Vec::with_capacity(ROOM),
            heap: Arc::clone(&state.heap),
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
                let results = returned.operands.into_iter().map(|value| value.testing(None));
                state.push_all(results);
                false
            }
            Ok(None) => {
                // A panic formats its message first; the branch that led to the call still causes its trap.
                if let Some(branch) = &state.branch {
                    for trap in &mut self.traps[before.0..] {
                        trap.branch.get_or_insert_with(|| Arc::clone(branch));
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
                state.push_all(arguments);
                self.skip(state, CoreFunc::Defined(instance, func), params, results)
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
            ComponentFunc::Imported { .. } => {
                if lowered.target.is_exit() {
                    if let Some(site) = site {
                        self.exit(state, site);
                    }
                    return true;
                }
                self.call_host(state, id, params, results);
                false
            }
            ComponentFunc::Lifted(lifted) => {
                self.call_lifted(state, id, *lifted, params, results, site)
            }
            ComponentFunc::Unknown => {
                self.strays.add_everything();
                self.leave(state, params, results);
                false
            }
        }
    }

    /// Executes a call of another component's export. Values that pass through memory are unknown.
    fn call_lifted(
        &mut self,
        state: &mut State,
        caller: LoweredId,
        id: LiftedId,
        params: u32,
        results: u32,
        site: Option<Site>,
    ) -> bool {
        let lowered = &self.world.lowered[caller];
        let lifted = &self.world.lifted[id];
        let plain = lowered.options.memory.is_none() && !lowered.options.is_async;
        let arguments = state.pop_many(params);
        if lifted.options.realloc.is_some() || lifted.options.callback.is_some() {
            self.strays.extend(lifted.options.realloc);
            self.strays.extend(lifted.options.callback);
            self.write_allocated(state, &lifted.options);
            Arc::make_mut(&mut state.heap).advance(true);
        }
        let (core_params, core_results) = self.arity(lifted.core);
        let plain = plain && (core_params, core_results) == (params, results);
        if plain {
            state.push_all(arguments.iter().cloned());
        } else {
            state.push_unknown(core_params);
        }
        if self.call_core(state, lifted.core, core_params, core_results, site, true) {
            return true;
        }
        let returned = state.pop_many(core_results);
        self.write_results(state, caller, &arguments);
        if lowered.options.realloc.is_some() {
            self.strays.extend(lowered.options.realloc);
            self.write_allocated(state, &lowered.options);
            Arc::make_mut(&mut state.heap).advance(true);
        }
        if let Some(post_return) = lifted.options.post_return {
            state.push_all(returned.iter().cloned());
            if self.call_core(state, post_return, core_results, 0, site, true) {
                return true;
            }
        }
        if plain {
            state.push_all(returned);
        } else {
            state.push_unknown(results);
        }
        false
    }

    /// Executes a call of the host: its results are unknown, and it writes what the canonical ABI says.
    fn call_host(&mut self, state: &mut State, id: LoweredId, params: u32, results: u32) {
        let arguments = state.pop_many(params);
        self.write_results(state, id, &arguments);
        let options = &self.world.lowered[id].options;
        if options.realloc.is_some() {
            self.strays.extend(options.realloc);
            Arc::make_mut(&mut state.heap).advance(true);
        }
        self.write_allocated(state, options);
        if options.is_async {
            // The host writes the results of a call that has not ended at any time from now on.
            self.strays.add_func(CoreFunc::Lowered(id));
            self.strays.pending = true;
        }
        if self.strays.pending {
            Arc::make_mut(&mut state.heap).advance(true);
        }
        state.push_unknown(results);
    }

    /// The result that a lowered function writes behind its last parameter.
    fn write_results(&mut self, state: &mut State, id: LoweredId, arguments: &[Value]) {
        let lowered = &self.world.lowered[id];
        let (Some(result), Some(pointer)) = (lowered.result, arguments.last()) else { return };
        match lowered.options.memory {
            Some(Some(memory)) => {
                let wide = self.world.memories[memory].memory64;
                let bytes = u64::from(result.bytes) * if wide { 2 } else { 1 };
                self.write_behind(state, memory, pointer, bytes);
            }
            Some(None) => {
                self.strays.add_everything();
                Arc::make_mut(&mut state.heap).advance(true);
            }
            None => {}
        }
    }

    /// What the host copies into memory that it got from `realloc`.
    fn write_allocated(&mut self, state: &mut State, options: &Options) {
        if let (Some(Some(memory)), Some(_)) = (options.memory, options.realloc) {
            self.write_behind(state, memory, &Value::ANY, u64::MAX);
        }
    }

    /// A write of the host behind a pointer.
    pub(super) fn write_behind(
        &mut self,
        state: &mut State,
        memory: MemoryId,
        pointer: &Value,
        bytes: u64,
    ) {
        match pointer.constants() {
            Some([start]) if bytes != u64::MAX => {
                self.rely_on(pointer);
                let heap = Arc::make_mut(&mut state.heap);
                heap.overwrite(memory, *start, bytes, super::heap::Contents::Unknown);
            }
            _ => {
                let module = self.owner(memory);
                let disciplined = self.effects.summaries.stack_pointer(module).is_some();
                let write = Write { memory, module, offset: 0, bytes, disciplined };
                self.write_somewhere(state, write, &pointer.at_its_base(), &Value::ANY);
            }
        }
    }

    /// The module that defines a memory.
    fn owner(&self, memory: MemoryId) -> CoreModuleId {
        let (instance, _) = self.world.memories[memory].owner;
        self.world.core_instances[instance].module
    }

    /// Skips a call.
    fn skip(&mut self, state: &mut State, target: CoreFunc, params: u32, results: u32) -> bool {
        self.strays.add_func(target);
        self.pass_arguments(state, Some(&[target]), params);
        self.leave(state, params, results);
        false
    }

    fn pass_arguments(&mut self, state: &State, callees: Option<&[CoreFunc]>, params: u32) {
        let first = state.operands.len().saturating_sub(params as usize);
        for (param, value) in state.operands[first..].iter().enumerate() {
            self.strays.add_argument(callees, param as u32, value);
        }
    }

    /// Pops the arguments of a skipped call, records that it may have written, and pushes unknown results.
    fn leave(&mut self, state: &mut State, params: u32, results: u32) {
        let arguments = state.pop_many(params);
        let heap = Arc::make_mut(&mut state.heap);
        let frames = heap.escaped || arguments.iter().any(Value::points_to_frame);
        heap.advance(frames);
        heap.escaped |= frames;
        state.push_unknown(results);
    }
}
