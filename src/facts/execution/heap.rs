//! Abstract memories and globals: written cells over the contents after instantiation.
//!
//! Keeps only cells at known addresses. A store to an unknown address is assumed not to hit a cell that a branch reads;
//! the pages of the rules that rely on this say so.

mod layers;
mod written;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::arithmetic::truncate;
use super::site::{Cell, Site};
use super::value::{Read, Value};
use crate::facts::instantiation::{GlobalId, Instantiation, MemoryId};
pub use layers::Contents;
use layers::{Layer, merge};
use written::Written;

/// Most cells; calls of functions that write more are skipped.
pub const MOST_CELLS: usize = 4096;
/// Assumed largest size of a static object that is indexed, in bytes.
const STATIC_OBJECT: u64 = 512;
/// Most bulk writes; beyond that the closest merge into unknown ranges.
const MOST_LAYERS: usize = 32;

/// The state that outlives a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Heap {
    cells: BTreeMap<(MemoryId, u64), Written>,
    globals: BTreeMap<GlobalId, Written>,
    layers: Rc<Vec<Layer>>,
    /// Number of calls that were skipped.
    pub skipped_calls: u32,
    /// Whether a static object holds a pointer to a stack frame or heap object, where skipped code finds it.
    pub escaped: bool,
    /// Whether unwritten cells at computed addresses still have their values after instantiation.
    computed_known: bool,
}

/// A load or store.
#[derive(Debug, Clone, Copy)]
pub struct Access {
    /// The memory.
    pub memory: MemoryId,
    /// The address, in bytes.
    pub address: u64,
    /// Length in bytes, at most 8.
    pub width: u8,
    /// Whether the address is a constant in the code.
    pub literal: bool,
    /// The instruction.
    pub site: Site,
    /// The number of the call.
    pub call: u32,
}

impl Default for Heap {
    fn default() -> Self {
        Heap {
            cells: BTreeMap::new(),
            globals: BTreeMap::new(),
            layers: Rc::default(),
            skipped_calls: 0,
            escaped: false,
            computed_known: true,
        }
    }
}

impl Heap {
    /// Reads a cell, zero-extended.
    pub fn load(&self, world: &Instantiation<'_>, access: Access) -> Value {
        let Access { memory, address, width, literal, .. } = access;
        let cell = Cell::Memory { memory, address, width };
        if let Some(written) = self.cells.get(&(memory, address))
            && written.width == width
        {
            return self.read(written, cell, access);
        }
        let mut bytes = [0; 8];
        for i in 0..width.min(8) {
            match self.byte(world, memory, address.wrapping_add(u64::from(i))) {
                Some(byte) => bytes[usize::from(i)] = byte,
                None => return Value::ANY,
            }
        }
        let value = Value::constant(u64::from_le_bytes(bytes), false);
        let mut earlier = None;
        for (_, written) in self.touching(memory, address, u64::from(width)) {
            if written.call != 0 && written.call < access.call {
                earlier = written.store();
            }
        }
        if !literal && !self.computed_known {
            return Value::ANY;
        }
        if self.skipped_calls == 0 && earlier.is_none() {
            return value;
        }
        if !literal && earlier.is_none() {
            return Value::ANY;
        }
        let exposed = self.skipped_calls > 0;
        value.read_from(Read { cell, load: access.site, earlier, exposed, literal })
    }

    /// Writes a cell.
    pub fn store(&mut self, access: Access, value: Value) {
        let Access { memory, address, width, literal, site, call } = access;
        self.clear(memory, address, u64::from(width));
        self.escaped |= literal && value.points_to_computed();
        let value = value.stored(width);
        let skipped_calls = self.skipped_calls;
        let written = Written { width, value, by: [None; 2], literal, call, skipped_calls };
        self.cells.insert((memory, address), written.by(site));
    }

    /// Writes a range at once.
    pub fn overwrite(&mut self, memory: MemoryId, start: u64, len: u64, contents: Contents) {
        self.clear(memory, start, len);
        let layers = Rc::make_mut(&mut self.layers);
        layers.push(Layer { memory, start, end: start.saturating_add(len), contents });
        if layers.len() > MOST_LAYERS {
            merge(layers, MOST_LAYERS);
        }
    }

    /// Reads a global.
    pub fn global(&self, world: &Instantiation<'_>, id: GlobalId, site: Site, call: u32) -> Value {
        let cell = Cell::Global(id);
        let global = &world.globals[id];
        let access = Access {
            memory: crate::component::index_space::Idx::new(0),
            address: 0,
            width: 0,
            literal: true,
            site,
            call,
        };
        match (self.globals.get(&id), global.init) {
            (Some(written), _) => self.read(written, cell, access),
            (None, None) => Value::ANY,
            (None, Some(init)) if !global.mutable => Value::constant(init, true),
            (None, Some(init)) => {
                let value = Value::constant(init, false);
                if self.skipped_calls == 0 {
                    return value;
                }
                let read = Read { cell, load: site, earlier: None, exposed: true, literal: true };
                value.read_from(read)
            }
        }
    }

    /// Writes a global.
    pub fn set_global(&mut self, id: GlobalId, value: Value, by: Site, call: u32) {
        let skipped_calls = self.skipped_calls;
        let value = value.computed();
        let written =
            Written { width: 0, value, by: [None; 2], literal: true, call, skipped_calls };
        self.globals.insert(id, written.by(by));
    }

    /// Makes the static object at an address unknown, with the size that it may have.
    pub fn forget_static(&mut self, world: &Instantiation<'_>, memory: MemoryId, from: u64) {
        let end = from.saturating_add(STATIC_OBJECT);
        // An object in a data segment ends with the segment.
        let segment = world.memories[memory].segment(from);
        let end = segment.map_or(end, |segment| segment.end.min(end));
        for (_, written) in self.cells.range_mut((memory, from)..(memory, end)) {
            if written.literal {
                written.value = Value::ANY;
            }
        }
        self.overwrite_below(memory, from, end);
    }

    /// Makes a range unknown except for its written cells.
    fn overwrite_below(&mut self, memory: MemoryId, start: u64, end: u64) {
        let layer = Layer { memory, start, end, contents: Contents::Unknown };
        if !self.layers.contains(&layer) {
            let layers = Rc::make_mut(&mut self.layers);
            layers.push(layer);
            if layers.len() > MOST_LAYERS {
                merge(layers, MOST_LAYERS);
            }
        }
    }

    /// Makes stack frames and heap objects of a memory unknown: cells at computed addresses.
    pub fn forget_computed(&mut self, memory: MemoryId) {
        self.computed_known = false;
        for ((of, _), written) in &mut self.cells {
            if *of == memory && !written.literal {
                written.value = Value::ANY;
            }
        }
    }

    /// Number of cells and bulk writes.
    pub fn size(&self) -> usize {
        self.cells.len() + self.layers.len()
    }

    /// Whether both have the same values in the same cells.
    pub fn same(&self, other: &Heap) -> bool {
        let exposed = |heap: &Heap, written: &Written| written.skipped_calls < heap.skipped_calls;
        let written = |a: &Written, b: &Written| {
            a.width == b.width
                && a.value.same(&b.value)
                && a.literal == b.literal
                && exposed(self, a) == exposed(other, b)
        };
        self.layers == other.layers
            && (self.skipped_calls > 0) == (other.skipped_calls > 0)
            && (self.escaped, self.computed_known) == (other.escaped, other.computed_known)
            && self.cells.len() == other.cells.len()
            && self.globals.len() == other.globals.len()
            && self.cells.iter().zip(&other.cells).all(|(a, b)| a.0 == b.0 && written(a.1, b.1))
            && self.globals.iter().zip(&other.globals).all(|(a, b)| a.0 == b.0 && written(a.1, b.1))
    }

    /// Joins two heaps.
    pub fn join(&mut self, other: &Heap, world: &Instantiation<'_>, widen: bool) {
        if self.layers != other.layers {
            let same = self.layers.iter().zip(&*other.layers).take_while(|(a, b)| a == b).count();
            let apart = self.layers[same..].iter().chain(&other.layers[same..]);
            let unknown: Vec<_> =
                apart.map(|layer| Layer { contents: Contents::Unknown, ..layer.clone() }).collect();
            let layers = Rc::make_mut(&mut self.layers);
            layers.truncate(same);
            for layer in unknown {
                if !layers[same..].contains(&layer) {
                    layers.push(layer);
                }
            }
            if layers.len() > MOST_LAYERS {
                merge(layers, MOST_LAYERS);
            }
        }
        let missing: Vec<_> = other
            .cells
            .iter()
            .filter(|(key, written)| {
                self.cells.get(key).is_none_or(|own| own.width != written.width)
            })
            .map(|(key, written)| (*key, written.clone()))
            .collect();
        for ((memory, address), written) in self.cells.iter_mut().map(|(key, cell)| (*key, cell)) {
            match other.cells.get(&(memory, address)) {
                Some(theirs) if theirs.width == written.width => written.join(theirs, widen),
                _ => {
                    let before = other.plain(world, memory, address, written.width);
                    written.join_initial(&before, widen);
                }
            }
        }
        for ((memory, address), mut written) in missing {
            let before = self.plain(world, memory, address, written.width);
            written.join_initial(&before, widen);
            self.clear(memory, address, u64::from(written.width));
            self.cells.insert((memory, address), written);
        }
        for (id, written) in &mut self.globals {
            match other.globals.get(id) {
                Some(theirs) => written.join(theirs, widen),
                None => written.join_initial(&initial(world, *id), widen),
            }
        }
        for (id, theirs) in &other.globals {
            self.globals.entry(*id).or_insert_with(|| {
                let mut written = theirs.clone();
                written.join_initial(&initial(world, *id), widen);
                written
            });
        }
        self.skipped_calls = self.skipped_calls.max(other.skipped_calls);
        self.escaped |= other.escaped;
        self.computed_known &= other.computed_known;
    }

    /// Ends a call: cells with their value from before the call do not count as written by it.
    pub fn settle(&mut self, before: &Heap, world: &Instantiation<'_>, call: u32) {
        for ((memory, address), written) in &mut self.cells {
            if written.call == call {
                let old = before.plain(world, *memory, *address, written.width);
                written.settle(&old);
            }
        }
        for (id, written) in &mut self.globals {
            if written.call == call {
                let old = before.globals.get(id).map(|written| written.value.clone());
                written.settle(&old.unwrap_or_else(|| initial(world, *id)));
            }
        }
    }

    /// The post-state restricted to paths that modified something; `None` if that is every path.
    pub fn changed(&self, before: &Heap, world: &Instantiation<'_>, call: u32) -> Option<Heap> {
        let mut after = self.clone();
        let mut differs = false;
        for ((memory, address), written) in &mut after.cells {
            let old = before.plain(world, *memory, *address, written.width);
            differs |= written.call == call && written.literal && written.exclude(&old);
        }
        for (id, written) in &mut after.globals {
            let old = before.globals.get(id).map(|written| written.value.clone());
            let old = old.unwrap_or_else(|| initial(world, *id));
            differs |= written.call == call && written.exclude(&old);
        }
        differs.then_some(after)
    }

    /// The value of a cell without a read of it.
    fn plain(&self, world: &Instantiation<'_>, memory: MemoryId, address: u64, width: u8) -> Value {
        if let Some(written) = self.cells.get(&(memory, address))
            && written.width == width
        {
            return written.value.clone();
        }
        let mut bytes = [0; 8];
        for i in 0..width.min(8) {
            match self.byte(world, memory, address.wrapping_add(u64::from(i))) {
                Some(byte) => bytes[usize::from(i)] = byte,
                None => return Value::ANY,
            }
        }
        Value::constant(u64::from_le_bytes(bytes), false)
    }

    fn read(&self, written: &Written, cell: Cell, access: Access) -> Value {
        let earlier =
            (written.call != 0 && written.call < access.call).then(|| written.store()).flatten();
        let exposed = written.skipped_calls < self.skipped_calls;
        let literal = written.literal && access.literal;
        // Stack frames and heap objects become unknown when a pointer to them escapes; static objects are assumed unchanged.
        if earlier.is_none() && !(exposed && literal) {
            return written.value.clone();
        }
        let load = access.site;
        written.value.clone().read_from(Read { cell, load, earlier, exposed, literal })
    }

    fn touching(
        &self,
        memory: MemoryId,
        start: u64,
        len: u64,
    ) -> impl Iterator<Item = (&(MemoryId, u64), &Written)> {
        let from = (memory, start.saturating_sub(7));
        let to = (memory, start.saturating_add(len));
        self.cells
            .range(from..to)
            .filter(move |((_, at), cell)| at.saturating_add(u64::from(cell.width)) > start)
    }

    fn clear(&mut self, memory: MemoryId, start: u64, len: u64) {
        let hit: Vec<_> = self.touching(memory, start, len).map(|(key, _)| *key).collect();
        for key in hit {
            let Some(cell) = self.cells.remove(&key) else { continue };
            // The rest of a cell that is overwritten in part becomes single bytes.
            for i in 0..u64::from(cell.width) {
                let at = key.1.saturating_add(i);
                if at < start || at >= start.saturating_add(len) {
                    let byte = cell.value.map(|value| Some(truncate(value >> (i * 8), 1)));
                    self.cells
                        .insert((memory, at), Written { width: 1, value: byte, ..cell.clone() });
                }
            }
        }
    }

    fn byte(&self, world: &Instantiation<'_>, memory: MemoryId, at: u64) -> Option<u8> {
        if let Some(((_, start), cell)) = self.touching(memory, at, 1).next() {
            return cell.value.single().map(|value| (value >> ((at - start) * 8)) as u8);
        }
        let layer = self.layers.iter().rev();
        let mut layer = layer.filter(|l| l.memory == memory && l.start <= at && at < l.end);
        match layer.next().map(|layer| (layer, layer.contents)) {
            Some((_, Contents::Unknown)) => None,
            Some((_, Contents::Fill(byte))) => Some(byte),
            Some((layer, Contents::Data(module, data, from))) => {
                let data = world.component.core_modules[module].data.get(data)?;
                let offset = usize::try_from(from.checked_add(at - layer.start)?).ok()?;
                data.bytes.get(offset).copied()
            }
            None => world.memories[memory].byte(at),
        }
    }
}

fn initial(world: &Instantiation<'_>, id: GlobalId) -> Value {
    world.globals[id].init.map_or(Value::ANY, |init| Value::constant(init, false))
}
