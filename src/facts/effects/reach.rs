//! The effects of everything that some functions can reach.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::passed::{Addition, PassedAddresses};
use super::pointer::{Address, Loose, LooseStores, below_at};
use super::reachable::Reachable;
use super::summaries::{MOST_CALLEES, Summaries};
use super::summary::{Callee, Pass, Passed, Target};
use crate::component::index_space::{FuncIdx, Idx, MemoryIdx, TypeIdx};
use crate::facts::instantiation::{
    ComponentFunc, CoreFunc, CoreInstanceId, GlobalId, MemoryId, Options, TableId,
};

/// Everything that some roots can reach, and what it may do. Grows with its roots.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    reachable: Reachable,
    /// Stores to constant addresses: memory, address, bytes.
    stores: BTreeSet<(MemoryId, u64, u64)>,
    /// The longest of them.
    longest: u64,
    /// Stores through pointers.
    pub loose: LooseStores,
    /// Addresses of objects that reach stores at an unknown distance, or escape, besides those that code always lets
    /// escape.
    pub objects: BTreeSet<u64>,
    /// Addresses of arrays that are stored to at an index; the address alone is held nowhere.
    pub arrays: BTreeSet<u64>,
    /// Addresses passed to each parameter.
    passed: FxHashMap<(CoreFunc, u32), PassedAddresses>,
    /// Globals that are set, except stack pointers by functions that restore them.
    pub sets: FxHashSet<GlobalId>,
    /// Whether a table is written.
    pub writes_table: bool,
    /// Whether a store at an unknown distance of a stack pointer stays in its frame only because its object does.
    pub indexes_frames: bool,
    /// Whether a write is reached to a memory or a global that is not known.
    unbounded: bool,
}

impl Reach {
    /// Whether more may be reached than is known: an unknown function, or what was written to a table that is called.
    pub fn is_unbounded(&self, tables_written: bool) -> bool {
        let tables_written = tables_written || self.writes_table;
        self.unbounded
            || self.reachable.unbounded
            || tables_written && self.reachable.calls_tables()
    }

    /// Functions reached.
    pub fn functions(&self) -> &FxHashSet<CoreFunc> {
        self.reachable.functions()
    }

    fn store(&mut self, memory: MemoryId, address: u64, bytes: u64) {
        self.longest = self.longest.max(bytes);
        self.stores.insert((memory, address, bytes));
    }

    /// Whether a store to a constant address overlaps the bytes from `start` to `end`.
    pub fn stores_to(&self, memory: MemoryId, start: u64, end: u64) -> bool {
        let first = (memory, start.saturating_sub(self.longest), 0);
        let mut stores = self.stores.range(first..(memory, end, 0));
        stores.any(|(_, at, bytes)| at.saturating_add(*bytes) > start)
    }

    /// Stores to constant addresses: memory, address and length in bytes.
    pub fn stores(&self) -> impl Iterator<Item = (MemoryId, u64, u64)> {
        self.stores.iter().copied()
    }

    /// Adds a root.
    pub fn add(&mut self, summaries: &Summaries<'_, '_>, root: CoreFunc) {
        let new = self.reachable.add(summaries, root);
        self.add_effects(summaries, new);
    }

    /// Adds every function that an indirect call may reach.
    pub fn add_indirect(
        &mut self,
        summaries: &Summaries<'_, '_>,
        instance: CoreInstanceId,
        ty: TypeIdx,
        table: TableId,
    ) {
        let new = self.reachable.add_indirect(summaries, instance, ty, table);
        self.add_effects(summaries, new);
    }

    fn add_effects(&mut self, summaries: &Summaries<'_, '_>, functions: Vec<CoreFunc>) {
        let world = summaries.world;
        for func in functions {
            match func {
                CoreFunc::Defined(instance, func) => self.defined(summaries, instance, func),
                CoreFunc::Lowered(id) => {
                    let lowered = &world.lowered[id];
                    let result = lowered.result.map(|it| u64::from(it.bytes));
                    self.host_writes(summaries, &lowered.options, result);
                    if let ComponentFunc::Lifted(id) = &lowered.target {
                        self.host_writes(summaries, &world.lifted[*id].options, None);
                    }
                }
                CoreFunc::Builtin(id) => {
                    if let Some(memory) = world.builtins[id].memory {
                        self.write(summaries, memory);
                    }
                }
                CoreFunc::Unknown => {}
            }
        }
    }

    /// What the host writes for a call: the result, and what it allocates with `realloc`.
    fn host_writes(
        &mut self,
        summaries: &Summaries<'_, '_>,
        options: &Options,
        bytes: Option<u64>,
    ) {
        if let Some(memory) = options.memory
            && (bytes.is_some() || options.realloc.is_some())
        {
            self.write(summaries, memory);
        }
    }

    /// A write of the host through a pointer that the guest gave it.
    fn write(&mut self, summaries: &Summaries<'_, '_>, memory: Option<MemoryId>) {
        let Some(memory) = memory else {
            self.unbounded = true;
            return;
        };
        let owner = summaries.world.memories[memory].owner.0;
        let module = summaries.world.core_instances[owner].module;
        let disciplined = summaries.stack_pointer(module).is_some();
        self.loose.insert(Loose { memory, below: 0, disciplined });
    }

    fn defined(&mut self, summaries: &Summaries<'_, '_>, instance: CoreInstanceId, func: FuncIdx) {
        let world = summaries.world;
        let module = world.core_instances[instance].module;
        let Some(summary) = summaries.get(module, func) else { return };
        let stack_pointer = summaries.stack_pointer(module);
        let disciplined = summaries.is_disciplined(module, func);
        let loose = |memory, below| Loose::new(summaries, module, memory, below, disciplined);
        for store in &summary.stores {
            let Some(memory) = memory_of(summaries, instance, store.memory, &mut self.unbounded)
            else {
                continue;
            };
            match store.target {
                Target::At(address) => self.store(memory, address, store.bytes),
                Target::Global(global, offset) if Some(global) == stack_pointer => {
                    self.indexes_frames |= offset.is_none() || store.bytes == u64::MAX;
                }
                Target::Global(global, offset) => {
                    let at = offset.and_then(|by| summaries.fixed_at(instance, global, memory, by));
                    if let Some(at) = at
                        && store.bytes != u64::MAX
                    {
                        self.store(memory, at, store.bytes);
                    } else {
                        self.objects.extend(summaries.fixed(instance, global));
                        self.loose.insert(loose(memory, store.below));
                    }
                }
                Target::Near(base) => {
                    let loose = loose(memory, store.below);
                    let bases = if loose.below == 0 { &mut self.arrays } else { &mut self.objects };
                    bases.insert(base);
                    self.loose.insert(loose);
                }
                Target::Param(..) | Target::Loose => {
                    self.loose.insert(loose(memory, store.below));
                }
            }
        }
        for pass in &summary.passes {
            let address = match pass.passed {
                Passed::Constant(at) => Address::Exact(at),
                Passed::Near(base) => Address::Near(base, pass.below),
                Passed::Global(global, offset) if Some(global) != stack_pointer => {
                    let Some(at) = summaries.fixed(instance, global) else { continue };
                    Address::Exact(at).plus(offset, 0)
                }
                Passed::Other => Address::Below(pass.below),
                Passed::Param(..) | Passed::Global(..) => continue,
            };
            let callees = Callees::of(summaries, instance, pass);
            self.pass(summaries, callees.as_deref(), pass.param, address);
        }
        // The stack pointer is restored on return (`BasicCABI.md`). A function that sets it otherwise shows that the
        // global only looks like one, or moves it.
        let restored = summary.balanced.filter(|global| Some(*global) == stack_pointer);
        let sets = summary.sets.iter().filter(|global| Some(**global) != restored);
        for global in sets {
            match world.global(instance, *global) {
                Some(global) => {
                    self.sets.insert(global);
                }
                None => self.unbounded = true,
            }
        }
        self.writes_table |= summary.writes_table;
    }

    /// Follows an address that is passed as an argument to where it is stored to. Whether that was not known yet.
    pub fn pass(
        &mut self,
        summaries: &Summaries<'_, '_>,
        callees: Option<&[CoreFunc]>,
        param: u32,
        address: Address,
    ) -> bool {
        let Some(callees) = callees else { return self.escapes(address) };
        let (mut is_new, mut waiting) = (false, Vec::new());
        for func in callees {
            is_new |= self.pass_to(summaries, *func, param, address, &mut waiting);
        }
        while let Some((func, param, address)) = waiting.pop() {
            is_new |= self.pass_to(summaries, func, param, address, &mut waiting);
        }
        is_new
    }

    fn pass_to(
        &mut self,
        summaries: &Summaries<'_, '_>,
        func: CoreFunc,
        param: u32,
        address: Address,
        waiting: &mut Vec<(CoreFunc, u32, Address)>,
    ) -> bool {
        match self.passed.entry((func, param)).or_default().add(address) {
            Addition::Nothing => return false,
            Addition::TooMany => {
                self.escapes(address);
                return false;
            }
            Addition::New => {}
        }
        self.passed_to(summaries, func, param, address, waiting);
        true
    }

    fn passed_to(
        &mut self,
        summaries: &Summaries<'_, '_>,
        func: CoreFunc,
        param: u32,
        address: Address,
        waiting: &mut Vec<(CoreFunc, u32, Address)>,
    ) {
        let world = summaries.world;
        let (instance, func) = match func {
            CoreFunc::Defined(instance, func) => (instance, func),
            CoreFunc::Lowered(id) => {
                let lowered = &world.lowered[id];
                match (lowered.options.memory, lowered.result) {
                    // What other parameters point to is only read.
                    (Some(Some(memory)), Some(result)) if result.param == param => {
                        let disciplined = true;
                        let loose = Loose { memory, below: 0, disciplined };
                        self.store_to(loose, address, Some(0), u64::from(result.bytes));
                    }
                    (Some(None), _) => self.unbounded = true,
                    _ => {}
                }
                return;
            }
            CoreFunc::Builtin(id) if world.builtins[id].memory.is_none() => return,
            CoreFunc::Builtin(_) | CoreFunc::Unknown => {
                self.escapes(address);
                return;
            }
        };
        let module = world.core_instances[instance].module;
        let Some(summary) = summaries.get(module, func) else {
            self.escapes(address);
            return;
        };
        let disciplined = summaries.is_disciplined(module, func);
        if summary.escaping.binary_search(&param).is_ok() {
            self.escapes(address);
        }
        for store in &summary.stores {
            if let Target::Param(of, offset) = store.target
                && of == param
                && let Some(memory) =
                    memory_of(summaries, instance, store.memory, &mut self.unbounded)
            {
                let below = store.below.saturating_add(address.below());
                let below = below_at(below, offset.unwrap_or(0));
                let loose = Loose::new(summaries, module, memory, below, disciplined);
                self.store_to(loose, address, offset, store.bytes);
            }
        }
        for pass in &summary.passes {
            if let Passed::Param(of, offset) = pass.passed
                && of == param
            {
                let address = address.plus(offset, pass.below);
                match Callees::of(summaries, instance, pass) {
                    Some(callees) => {
                        waiting.extend(callees.iter().map(|func| (*func, pass.param, address)));
                    }
                    None => {
                        self.escapes(address);
                    }
                }
            }
        }
    }

    /// Records that any code may find an address. Whether its object was not known yet.
    fn escapes(&mut self, address: Address) -> bool {
        address.object().is_some_and(|object| self.objects.insert(object))
    }

    /// A store at a distance of an address that is passed; `loose` is that store if its address is not known.
    fn store_to(&mut self, loose: Loose, address: Address, offset: Option<u64>, bytes: u64) {
        match (address, offset) {
            (Address::Exact(at), Some(offset)) if bytes != u64::MAX => {
                self.store(loose.memory, at.wrapping_add(offset), bytes);
            }
            _ => {
                self.escapes(address);
                self.loose.insert(loose);
            }
        }
    }
}

/// The callees of one call.
enum Callees {
    One([CoreFunc; 1]),
    Few(Arc<[CoreFunc]>),
}

impl Callees {
    /// Those that an address is passed to; `None` if there are too many to follow.
    fn of(summaries: &Summaries<'_, '_>, instance: CoreInstanceId, pass: &Pass) -> Option<Self> {
        match pass.callee {
            Callee::Direct(func) => Some(Callees::One([summaries.world.func(instance, func)])),
            Callee::Indirect(ty, table) => {
                let table = summaries.world.table(instance, table)?;
                summaries.few_callees(instance, ty, table, MOST_CALLEES).map(Callees::Few)
            }
        }
    }
}

impl Deref for Callees {
    type Target = [CoreFunc];

    fn deref(&self) -> &[CoreFunc] {
        match self {
            Callees::One(one) => one,
            Callees::Few(few) => few,
        }
    }
}

/// The memory at an index; `None` if the access is to a reference's heap, or if it is unknown, which is then recorded.
fn memory_of(
    summaries: &Summaries<'_, '_>,
    instance: CoreInstanceId,
    memory: MemoryIdx,
    unbounded: &mut bool,
) -> Option<MemoryId> {
    if memory.raw() == u32::MAX {
        return None;
    }
    let found = summaries.world.memory(instance, memory);
    *unbounded |= found.is_none();
    found
}
