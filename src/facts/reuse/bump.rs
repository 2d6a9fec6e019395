//! Allocators that only move a pointer: what they give is never given back.
//!
//! A function is one if, with all that it calls, it gives only addresses at or above what a place holds, and moves that
//! place up. The place is a global or a cell of memory.

mod moves;
mod value;
mod walk;

use rustc_hash::FxHashSet;

use crate::component::index_space::{FuncIdx, Idx};
use crate::facts::body::Bodies;
use crate::facts::instantiation::{CoreFunc, CoreInstanceId, GlobalId, Instantiation, MemoryId};
use moves::Moves;
use value::Place;

/// Most places that an allocator of this kind writes, with all that it calls. Each of them may be the pointer.
const MOST_PLACES: usize = 64;

/// An allocator that only moves a pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bump {
    /// The instance of its module.
    pub(super) instance: CoreInstanceId,
    /// The pointer.
    pointer: Place,
    /// The functions that may set it to a lower value; empty if there are none, so nothing is ever given back.
    pub(super) resets: Vec<FuncIdx>,
}

impl Bump {
    /// The pointer's name, or where it is.
    pub(super) fn name(&self, world: &Instantiation<'_>) -> String {
        let module = world.module(self.instance);
        let named = match self.pointer {
            Place::Global(global) => module.global_names().get(&global).copied(),
            Place::Cell(..) => None,
        };
        match (named, self.pointer) {
            (Some(name), _) => name.to_owned(),
            (None, Place::Global(global)) => {
                format!("global {} of core module {}", global.raw(), module.id.raw())
            }
            (None, Place::Cell(_, address)) => {
                format!("memory at {address:#x} of core module {}", module.id.raw())
            }
        }
    }
}

/// The allocator that `func` is; `None` if it is another kind, or if other modules may set its pointer. `called` are the
/// functions that calls reach; `None` if that is not known.
pub(super) fn allocator<'a>(
    world: &Instantiation<'a>,
    bodies: &Bodies<'a>,
    func: CoreFunc,
    called: Option<&FxHashSet<CoreFunc>>,
) -> Option<Bump> {
    let CoreFunc::Defined(instance, func) = func else { return None };
    let module = world.module(instance);
    let mut moves = Moves::new(module, bodies, None);
    moves.root(func)?;
    let written = std::mem::take(&mut moves.written);
    if written.len() > MOST_PLACES {
        return None;
    }
    let is_pointer = |place: &Place| {
        let does = Moves::new(module, bodies, Some(*place)).root(func);
        does.is_some_and(|it| it.sets && !it.lowers && !it.sets_argument && it.result.is_new())
    };
    let pointer = written.into_iter().find(is_pointer)?;
    if let Place::Global(global) = pointer
        && is_shared(world, instance, world.global(instance, global)?)
    {
        return None;
    }
    if let Place::Cell(memory, address) = pointer
        && is_set_elsewhere(world, bodies, instance, world.memory(instance, memory)?, address)
    {
        return None;
    }
    let entered = entered(world);
    let mut moves = Moves::new(module, bodies, Some(pointer));
    let (mut resets, mut setters) = (Vec::new(), Vec::new());
    for (index, _) in module.functions.iter().skip(module.imported_funcs()) {
        let here = CoreFunc::Defined(instance, index);
        if called.is_none_or(|called| called.contains(&here)) {
            let does = moves.root(index)?;
            if does.lowers_itself || does.sets_argument && entered.contains(&here) {
                resets.push(index);
            } else if does.sets_argument {
                setters.push(index);
            }
        }
    }
    // To what such a call sets the pointer is not known.
    if setters.iter().any(|setter| moves.unfollowed.contains(setter)) {
        return None;
    }
    Some(Bump { instance, pointer, resets })
}

/// Whether another instance has the global.
fn is_shared(world: &Instantiation<'_>, owner: CoreInstanceId, global: GlobalId) -> bool {
    let mut others = world.core_instances.iter().filter(|(id, _)| *id != owner);
    others.any(|(_, instance)| instance.globals.iter().any(|(_, it)| *it == Some(global)))
}

/// Whether the code of another instance may write to a constant address of a memory.
fn is_set_elsewhere<'a>(
    world: &Instantiation<'a>,
    bodies: &Bodies<'a>,
    owner: CoreInstanceId,
    memory: MemoryId,
    address: u64,
) -> bool {
    let others = world.core_instances.iter().filter(|(id, _)| *id != owner);
    let mut places = others.flat_map(|(id, instance)| {
        let here = instance.memories.iter().filter(move |(_, it)| **it == Some(memory));
        here.map(move |(index, _)| (id, Place::Cell(index, address)))
    });
    places.any(|(id, place)| {
        let module = world.module(id);
        let mut moves = Moves::new(module, bodies, Some(place));
        let mut own = module.functions.iter().skip(module.imported_funcs());
        own.any(|(func, _)| moves.root(func).is_none_or(|it| it.sets))
    })
}

/// The functions that are called in other ways than by functions of their own module.
fn entered(world: &Instantiation<'_>) -> FxHashSet<CoreFunc> {
    let lifted = world.lifted.iter().flat_map(|(_, it)| {
        let options = &it.options;
        [Some(it.core), options.realloc, options.post_return, options.callback]
            .into_iter()
            .flatten()
    });
    let imported = world.core_instances.iter().flat_map(|(_, it)| it.imported_funcs.iter());
    let slots = world.tables.iter().flat_map(|(_, table)| table.slots.iter().flatten());
    lifted.chain(imported.map(|(_, func)| *func)).chain(slots.copied()).collect()
}
