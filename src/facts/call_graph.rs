//! The call graph over core instances, explored on demand. A node is a function in an instance; an indirect call
//! leads to every function of its type in the table. Addresses are folded over straight-line code only.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::component::index_space::{FuncIdx, GlobalIdx, TypeIdx};
use crate::facts::body::{Binary, Bodies, Body, MemArg, Op};
use crate::facts::execution::{Skipped, arithmetic};
use crate::facts::instantiation::{
    ComponentFunc, CoreFunc, CoreInstanceId, GlobalId, Instantiation, MemoryId, TableId,
};

/// The effects of one function, without those of its callees.
#[derive(Debug, Default)]
pub struct Summary {
    /// Callees of its direct calls.
    pub calls: Vec<CoreFunc>,
    /// Indirect calls: type and table.
    pub indirect: Vec<(TypeIdx, TableId)>,
    /// Stores to constant addresses: memory, address, bytes.
    pub stores: Vec<(MemoryId, u64, u64)>,
    /// Globals it sets, except a stack pointer that it restores on return.
    pub sets: Vec<GlobalId>,
    /// Constants it uses as values; some are addresses of static objects.
    pub constants: FxHashSet<u64>,
    /// The memories of its instance.
    pub memories: Vec<MemoryId>,
    /// Whether it writes or grows a table.
    pub writes_table: bool,
    /// Whether it has effects that are not modelled.
    pub opaque: bool,
}

/// Everything that some roots can reach.
#[derive(Debug, Default)]
pub struct Reach {
    /// The summary of each function reached.
    pub functions: Vec<Rc<Summary>>,
    /// The functions reached.
    pub seen: FxHashSet<CoreFunc>,
    /// Whether an unknown function can be reached, or more than the limit.
    pub unbounded: bool,
}

/// Functions that one query may reach; a scripting language's runtime has more.
const MOST_FUNCTIONS: usize = 50_000;

/// The call graph, explored on demand.
#[derive(Debug)]
pub struct CallGraph<'f, 'a> {
    world: &'f Instantiation<'a>,
    bodies: &'f Bodies<'a>,
    summaries: RefCell<FxHashMap<(CoreInstanceId, FuncIdx), Rc<Summary>>>,
}

impl<'f, 'a> CallGraph<'f, 'a> {
    /// Explores nothing yet.
    pub fn new(world: &'f Instantiation<'a>, bodies: &'f Bodies<'a>) -> Self {
        CallGraph { world, bodies, summaries: RefCell::default() }
    }

    /// Everything that skipped code can reach.
    pub fn reach(&self, skipped: &Skipped) -> Reach {
        let mut reach = Reach { unbounded: skipped.anything, ..Reach::default() };
        let mut waiting: Vec<CoreFunc> = skipped.functions.iter().copied().collect();
        let mut tables = FxHashSet::default();
        for (instance, ty, table) in &skipped.indirect {
            self.indirect(*instance, *ty, *table, &mut tables, &mut waiting, &mut reach);
        }
        while let Some(func) = waiting.pop() {
            if !reach.seen.insert(func) {
                continue;
            }
            if reach.seen.len() > MOST_FUNCTIONS {
                reach.unbounded = true;
                return reach;
            }
            match func {
                CoreFunc::Defined(instance, func) => {
                    let summary = self.summary(instance, func);
                    waiting.extend(&summary.calls);
                    for (ty, table) in &summary.indirect {
                        self.indirect(instance, *ty, *table, &mut tables, &mut waiting, &mut reach);
                    }
                    reach.unbounded |= summary.opaque;
                    reach.functions.push(summary);
                }
                CoreFunc::Lowered(id) => {
                    let lowered = &self.world.lowered[id];
                    waiting.extend(lowered.options.realloc);
                    match &lowered.target {
                        ComponentFunc::Lifted(id) => {
                            let lifted = &self.world.lifted[*id];
                            waiting.push(lifted.core);
                            let options = &lifted.options;
                            waiting.extend(options.realloc);
                            waiting.extend(options.post_return);
                            waiting.extend(options.callback);
                        }
                        ComponentFunc::Imported { .. } => {}
                        ComponentFunc::Unknown => reach.unbounded = true,
                    }
                }
                CoreFunc::Builtin(id) => waiting.extend(self.world.builtins[id].destructor),
                CoreFunc::Unknown => reach.unbounded = true,
            }
        }
        reach
    }

    fn indirect(
        &self,
        instance: CoreInstanceId,
        ty: TypeIdx,
        id: TableId,
        done: &mut FxHashSet<(CoreInstanceId, TypeIdx, TableId)>,
        waiting: &mut Vec<CoreFunc>,
        reach: &mut Reach,
    ) {
        if !done.insert((instance, ty, id)) {
            return;
        }
        let wanted = self.world.module(instance).types.get(ty).and_then(Option::as_ref);
        let table = &self.world.tables[id];
        reach.unbounded |= table.unknown_elements;
        waiting.extend(table.slots.iter().flatten().filter(|func| match func {
            CoreFunc::Defined(instance, func) => {
                self.world.module(*instance).func_type(*func) == wanted
            }
            _ => true,
        }));
    }

    /// The effects of one function, without those of its callees.
    pub fn summary(&self, instance: CoreInstanceId, func: FuncIdx) -> Rc<Summary> {
        if let Some(known) = self.summaries.borrow().get(&(instance, func)) {
            return Rc::clone(known);
        }
        let module = self.world.core_instances[instance].module;
        let summary = match self.bodies.get(module, func) {
            Some(body) if body.opaque.is_none() => self.summarize(instance, body),
            _ => Summary { opaque: true, ..Summary::default() },
        };
        let summary = Rc::new(summary);
        self.summaries.borrow_mut().insert((instance, func), Rc::clone(&summary));
        summary
    }

    fn summarize(&self, instance: CoreInstanceId, body: &Body) -> Summary {
        let world = self.world;
        let memories = &world.core_instances[instance].memories;
        let memories = memories.iter().filter_map(|(_, memory)| *memory).collect();
        let mut summary = Summary { memories, ..Summary::default() };
        let mut folding = Folding::new(body);
        for op in &body.code {
            match op {
                Op::Call(func) | Op::ReturnCall(func) => {
                    summary.calls.push(world.func(instance, *func));
                    let ty = world.module(instance).func_type(*func);
                    let (params, results) =
                        ty.map_or((0, 0), |ty| (ty.params().len(), ty.results().len()));
                    folding.take(params, &mut summary);
                    folding.give(results);
                }
                Op::CallIndirect(ty, table) | Op::ReturnCallIndirect(ty, table) => {
                    match world.table(instance, *table) {
                        Some(table) => summary.indirect.push((*ty, table)),
                        None => summary.opaque = true,
                    }
                    let of = world.module(instance).types.get(*ty).and_then(Option::as_ref);
                    let (params, results) =
                        of.map_or((0, 0), |ty| (ty.params().len(), ty.results().len()));
                    folding.take(params + 1, &mut summary);
                    folding.give(results);
                }
                Op::CallRef(..) | Op::ReturnCallRef => {
                    summary.opaque = true;
                    folding.forget(&mut summary);
                }
                Op::Load(..) | Op::LoadOther(_) => {
                    folding.stack.pop();
                    folding.give(1);
                }
                Op::Store(arg) | Op::StoreLow(arg) | Op::StoreOther(arg) => {
                    folding.take(1, &mut summary);
                    folding.address(world, instance, *arg, &mut summary);
                }
                Op::AtomicRmw(arg, _) => {
                    folding.take(1, &mut summary);
                    folding.address(world, instance, *arg, &mut summary);
                    folding.give(1);
                }
                Op::AtomicCmpxchg(arg) => {
                    folding.take(2, &mut summary);
                    folding.address(world, instance, *arg, &mut summary);
                    folding.give(1);
                }
                Op::MemoryFill(memory) | Op::MemoryInit(memory, _) | Op::MemoryCopy(memory, _) => {
                    let len = folding.stack.pop().flatten();
                    folding.take(1, &mut summary);
                    let to = folding.stack.pop().flatten();
                    let memory = world.memory(instance, *memory);
                    if let (Some(memory), Some(to)) = (memory, to) {
                        summary.stores.push((memory, to, len.unwrap_or(8)));
                    }
                }
                Op::GlobalSet(global) => {
                    folding.take(1, &mut summary);
                    if !takes_frame(body, *global) {
                        summary.sets.extend(world.global(instance, *global));
                    }
                }
                Op::GlobalGet(global) => {
                    let id = world.global(instance, *global).map(|id| &world.globals[id]);
                    let fixed = id.filter(|global| !global.mutable).and_then(|global| global.init);
                    folding.stack.push(fixed);
                }
                op => folding.step(op, &mut summary),
            }
        }
        summary
    }
}

/// Whether a function's first use of a global is to allocate a stack frame. Frames are multiples of 16 bytes
/// (tool-conventions, `BasicCABI.md`, "The linear stack").
fn takes_frame(body: &Body, global: GlobalIdx) -> bool {
    let first = body
        .code
        .iter()
        .position(|op| matches!(op, Op::GlobalGet(used) | Op::GlobalSet(used) if *used == global));
    let Some(first) = first else { return false };
    let sets = body.code.iter().filter(|op| **op == Op::GlobalSet(global)).count();
    let never_returns = matches!(body.code.as_slice(), [.., Op::Unreachable, Op::End]);
    if sets < 2 && !never_returns {
        return false;
    }
    match body.code.get(first..first + 3) {
        Some([Op::GlobalGet(_), Op::Const(size), Op::Binary(Binary::I32Sub | Binary::I64Sub)]) => {
            *size > 0 && size % 16 == 0
        }
        // LEB128 encodes -64 in one byte, 64 in two.
        Some([Op::GlobalGet(_), Op::Const(size), Op::Binary(Binary::I32Add)]) => {
            (*size as i32) < 0 && size % 16 == 0
        }
        _ => false,
    }
}

/// Constants on the operand stack of straight-line code, and in locals that are set once.
struct Folding {
    stack: Vec<Option<u64>>,
    locals: FxHashMap<u32, Option<u64>>,
}

impl Folding {
    fn new(body: &Body) -> Self {
        let mut locals = FxHashMap::default();
        let mut last = None;
        for op in &body.code {
            if let Op::LocalSet(local) | Op::LocalTee(local) = op {
                let once = !locals.contains_key(local) && *local >= body.params;
                locals.insert(*local, last.filter(|_| once));
            }
            last = match op {
                Op::Const(value) => Some(*value),
                _ => None,
            };
        }
        Folding { stack: Vec::new(), locals }
    }

    fn take(&mut self, count: usize, summary: &mut Summary) {
        for _ in 0..count {
            summary.constants.extend(self.stack.pop().flatten());
        }
    }

    fn give(&mut self, count: usize) {
        self.stack.extend((0..count).map(|_| None));
    }

    fn forget(&mut self, summary: &mut Summary) {
        self.take(self.stack.len(), summary);
    }

    fn address(
        &mut self,
        world: &Instantiation<'_>,
        instance: CoreInstanceId,
        arg: MemArg,
        summary: &mut Summary,
    ) {
        match (self.stack.pop().flatten(), world.memory(instance, arg.memory)) {
            (Some(at), Some(memory)) => {
                let address = at.wrapping_add(arg.offset);
                summary.stores.push((memory, address, u64::from(arg.width)));
            }
            // The offset may be the base of an indexed array.
            (None, Some(_)) => {
                summary.constants.insert(arg.offset);
            }
            (_, None) => {}
        }
    }

    fn step(&mut self, op: &Op, summary: &mut Summary) {
        match op {
            Op::Const(value) => self.stack.push(Some(*value)),
            Op::LocalGet(local) => {
                self.stack.push(self.locals.get(local).copied().flatten());
            }
            Op::LocalSet(_) => self.take(1, summary),
            Op::LocalTee(_) => {
                summary.constants.extend(self.stack.last().copied().flatten());
            }
            Op::Drop => {
                self.stack.pop();
            }
            Op::Nop => {}
            Op::Binary(op) => {
                let (b, a) = (self.stack.pop().flatten(), self.stack.pop().flatten());
                let folded = a.zip(b).and_then(|(a, b)| arithmetic::binary(*op, a, b));
                if folded.is_none() {
                    summary.constants.extend(a.into_iter().chain(b));
                }
                self.stack.push(folded);
            }
            Op::Unary(_) => {
                self.take(1, summary);
                self.give(1);
            }
            Op::Select => {
                self.stack.pop();
                self.take(2, summary);
                self.give(1);
            }
            Op::Other(params, results) => {
                self.take(*params as usize, summary);
                self.give(*results as usize);
            }
            Op::TableWrite(operands, results) => {
                summary.writes_table = true;
                self.take(*operands as usize, summary);
                self.give(*results as usize);
            }
            // Control: the stack beyond this point is unknown.
            Op::BrIf(_) => {
                self.stack.pop();
            }
            _ => self.forget(summary),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Component;

    /// The functions that `$f` with this body reaches, by name, and whether the reach is unbounded.
    fn reached(body: &str) -> (Vec<&'static str>, bool) {
        let component = Component::of_text(&format!(
            r#"(component
                (import "host" (func $host))
                (core func $host (canon lower (func $host)))
                (core module $m
                  (import "" "host" (func $host))
                  (table 3 funcref)
                  (elem (i32.const 0) $a $b $d)
                  (func $f {body})
                  (func $a (call $b))
                  (func $b (call $a))
                  (func $c (throw_ref (ref.null exn)))
                  (func $d (param i32)))
                (core instance (instantiate $m (with "" (instance (export "host" (func $host)))))))"#
        ));
        let world = Instantiation::of(component);
        let bodies = Bodies::of(component);
        let (instance, _) = world.core_instances.iter().next().expect("an instance");
        let module = world.module(instance);
        let named =
            |name| module.functions.iter().find(|(id, _)| module.func_name(*id) == Some(name));
        let (f, _) = named("f").expect("the function");
        let root = CoreFunc::Defined(instance, f);
        let skipped = Skipped { functions: [root].into_iter().collect(), ..Skipped::default() };
        let reach = CallGraph::new(&world, &bodies).reach(&skipped);
        let mut names: Vec<_> = reach
            .seen
            .iter()
            .map(|func| match func {
                CoreFunc::Defined(_, func) => module.func_name(*func).unwrap_or_default(),
                CoreFunc::Lowered(_) => "(host)",
                CoreFunc::Builtin(_) | CoreFunc::Unknown => "(other)",
            })
            .filter(|name| *name != "f")
            .collect();
        names.sort_unstable();
        (names, reach.unbounded)
    }

    #[test]
    fn calls_reach_their_callees() {
        for (body, names, unbounded) in [
            ("", &[][..], false),
            ("(call $f)", &[], false),
            ("(call $a)", &["a", "b"], false),
            ("(return_call $c)", &["c"], false),
            ("(call $host)", &["(host)"], false),
            // Only functions of the type.
            ("(call_indirect (i32.const 0))", &["a", "b"], false),
            ("(call_indirect (param i32) (i32.const 0) (i32.const 0))", &["d"], false),
        ] {
            assert_eq!(reached(body), (names.to_vec(), unbounded), "{body}");
        }
    }

    #[test]
    fn a_summary_holds_constant_addresses() {
        let component = Component::of_text(
            r#"(component (core module $m (memory 1) (global $stack (mut i32) (i32.const 64))
                (func
                  (local $at i32)
                  (global.set $stack (i32.sub (global.get $stack) (i32.const 16)))
                  (local.set $at (i32.const 1000))
                  (i32.store offset=4 (i32.add (local.get $at) (i32.const 20)) (i32.const 7))
                  (i64.store8 (i32.load (i32.const 8)) (i64.const 9))
                  (memory.fill (i32.const 2000) (i32.const 0) (i32.const 12))
                  (global.set $stack (i32.add (global.get $stack) (i32.const 16)))))
              (core instance (instantiate $m)))"#,
        );
        let world = Instantiation::of(component);
        let bodies = Bodies::of(component);
        let (instance, _) = world.core_instances.iter().next().expect("an instance");
        let (func, _) = world.module(instance).functions.iter().next().expect("a function");
        let summary = CallGraph::new(&world, &bodies).summary(instance, func);
        let stores: Vec<_> = summary.stores.iter().map(|(_, at, bytes)| (*at, *bytes)).collect();
        assert_eq!(stores, [(1024, 4), (2000, 12)]);
        assert!(summary.sets.is_empty(), "the stack pointer is restored");
        assert!(summary.constants.contains(&7) && !summary.opaque);
    }
}
