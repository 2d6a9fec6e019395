//! Abstract memories and globals: written cells over the contents after instantiation.
//!
//! Cells have known addresses. Stores through unknown addresses, and by code that is not executed, only advance a clock:
//! a cell that was last written before them is judged when it is read.

mod join;
mod kept;
mod layers;
mod pages;
mod written;

use std::sync::Arc;

use super::reads::{Assumption, Read};
use super::site::{Cell, Site};
use super::value::{Range, Value};
use crate::facts::arithmetic::truncate;
use crate::facts::instantiation::{GlobalId, Instantiation, MemoryId};
pub use layers::Contents;
use layers::{Layer, merge};
use pages::Pages;
pub use written::Kept;
use written::Written;

/// Most cells; calls of functions that write more are skipped.
pub const MOST_CELLS: usize = 4096;
/// Most bulk writes; beyond that the closest merge into unknown ranges.
const MOST_LAYERS: usize = 32;

/// The state that outlives a call.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heap {
    cells: Pages,
    globals: Arc<Vec<(GlobalId, Written)>>,
    layers: Arc<Vec<Layer>>,
    /// Number of events so far.
    time: u32,
    /// The last event that may have written objects, and the last that may have written stack frames.
    objects_at: u32,
    frames_at: u32,
    /// Whether an object holds a pointer to a stack frame, where any code finds it.
    pub escaped: bool,
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
    /// Whether the address was computed from the stack pointer.
    pub frame: bool,
    /// The instruction.
    pub site: Site,
    /// The number of the call.
    pub call: u32,
}

/// What may have happened to a cell behind the execution's back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// Nothing.
    Untouched,
    /// Nothing, under an assumption.
    Assumed(Assumption),
    /// It may have been written.
    Written,
}

/// Judges cells that were last written before an event.
pub trait Judge {
    /// What may have happened to a cell.
    fn exposure(&mut self, cell: Cell) -> Exposure;
}

/// The last write of a cell, as a load sees it.
struct Last {
    /// Whether the cell may be in a stack frame.
    frame: bool,
    /// Whether it may be an object or a global.
    object: bool,
    /// The time of the write.
    time: u32,
    /// The store, if an earlier call made it.
    earlier: Option<Site>,
}

impl Heap {
    /// Reads a cell, zero-extended.
    pub fn load(&self, world: &Instantiation<'_>, judge: &mut dyn Judge, access: Access) -> Value {
        let Access { memory, address, width, .. } = access;
        let cell = Cell::Memory { memory, address, width };
        if world.memories[memory].shared {
            return Value::ANY;
        }
        if let Some(written) = self.cells.get(memory, address)
            && written.width == width
        {
            return self.read(judge, written, cell, access);
        }
        if self.holds_frame_pointer(memory, address, u64::from(width)) {
            return Value::ANY;
        }
        let Some(value) = self.bytes(world, memory, address, width) else { return Value::ANY };
        let mut last = Last { frame: access.frame, object: !access.frame, time: 0, earlier: None };
        self.cells.touching(memory, address, u64::from(width), |_, written| {
            if written.call != 0 && written.call < access.call {
                last.earlier = written.store();
            }
            last.frame |= written.frame;
            last.object |= !written.frame;
        });
        self.judged(judge, Value::constant(value), last, cell, access.site)
    }

    fn read(&self, judge: &mut dyn Judge, written: &Written, cell: Cell, access: Access) -> Value {
        let is_earlier = written.call != 0 && written.call < access.call;
        let earlier = is_earlier.then(|| written.store()).flatten();
        let last = Last {
            frame: written.frame || access.frame,
            object: !written.frame || !access.frame,
            time: written.time,
            earlier,
        };
        self.judged(judge, written.value.clone(), last, cell, access.site)
    }

    fn judged(
        &self,
        judge: &mut dyn Judge,
        value: Value,
        last: Last,
        cell: Cell,
        load: Site,
    ) -> Value {
        let Last { frame, object, time, earlier } = last;
        let mut assumed = None;
        if frame && time < self.frames_at {
            return Value::ANY;
        }
        if object && time < self.objects_at {
            match judge.exposure(cell) {
                Exposure::Untouched => {}
                Exposure::Assumed(assumption) => assumed = Some(assumption),
                Exposure::Written => return Value::ANY,
            }
        }
        if earlier.is_none() && assumed.is_none() {
            return value;
        }
        value.read_from(Read { cell, load, earlier, assumed })
    }

    /// Writes a cell.
    pub fn store(&mut self, access: Access, value: Value) {
        let Access { memory, address, width, frame, site, call } = access;
        self.escaped |= !frame && value.points_to_frame();
        let value = value.stored(width);
        let written = Written::new(width, value, frame, call, self.time);
        self.cells.write(memory, address, written.by(site));
    }

    /// Writes a range at once.
    pub fn overwrite(&mut self, memory: MemoryId, start: u64, len: u64, contents: Contents) {
        self.cells.clear(memory, start, len);
        let end = start.saturating_add(len);
        self.add_layer(Layer { memory, start, end, stride: 1, width: 1, contents });
    }

    /// Writes an unknown part of `width` bytes at each address of a range: each cell there keeps its value or gets `value`.
    pub fn smear(&mut self, memory: MemoryId, range: Range, width: u64, value: &Value) {
        let end = range.high.saturating_add(width);
        let layer = Layer {
            memory,
            start: range.low,
            end,
            stride: range.stride,
            width,
            contents: Contents::Unknown,
        };
        let own_width = |written: &Written| u64::from(written.width) == width;
        self.cells.update(memory, range.low, end - range.low, |address, written| {
            if layer.touches(address, u64::from(written.width)) {
                let aligned = own_width(written)
                    && range.stride >= width
                    && address.wrapping_sub(range.low).is_multiple_of(range.stride);
                written.value = if aligned { written.value.join(value) } else { Value::ANY };
            }
        });
        if !layer.is_in_effect(&self.layers) {
            self.add_layer(layer);
        }
    }

    fn add_layer(&mut self, layer: Layer) {
        let layers = Arc::make_mut(&mut self.layers);
        layers.push(layer);
        if layers.len() > MOST_LAYERS {
            merge(layers, MOST_LAYERS);
        }
    }

    /// Reads a global.
    pub fn global(
        &self,
        world: &Instantiation<'_>,
        judge: &mut dyn Judge,
        id: GlobalId,
        site: Site,
        call: u32,
    ) -> Value {
        let global = &world.globals[id];
        if !global.mutable {
            return initial(world, id);
        }
        let cell = Cell::Global(id);
        match self.written_global(id) {
            Some(written) => {
                let is_earlier = written.call != 0 && written.call < call;
                let earlier = is_earlier.then(|| written.store()).flatten();
                let last = Last { frame: false, object: true, time: written.time, earlier };
                self.judged(judge, written.value.clone(), last, cell, site)
            }
            None => {
                let last = Last { frame: false, object: true, time: 0, earlier: None };
                self.judged(judge, initial(world, id), last, cell, site)
            }
        }
    }

    /// Writes a global.
    pub fn set_global(&mut self, id: GlobalId, value: Value, by: Site, call: u32) {
        let value = value.testing(None);
        let written = Written::new(0, value, false, call, self.time).by(by);
        let globals = Arc::make_mut(&mut self.globals);
        match globals.binary_search_by_key(&id, |(id, _)| *id) {
            Ok(at) => globals[at].1 = written,
            Err(at) => globals.insert(at, (id, written)),
        }
    }

    fn written_global(&self, id: GlobalId) -> Option<&Written> {
        let at = self.globals.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(&self.globals[at].1)
    }

    /// Whether something may have been written unseen since another heap.
    pub fn is_later_than(&self, other: &Heap) -> bool {
        self.objects_at > other.objects_at || self.frames_at > other.frames_at
    }

    /// Records that objects may have been written, and stack frames if `frames`.
    pub fn advance(&mut self, frames: bool) {
        self.time += 1;
        self.objects_at = self.time;
        if frames {
            self.frames_at = self.time;
        }
    }

    /// Whether a cell with a byte in a range holds an address in a stack frame.
    pub fn holds_frame_pointer(&self, memory: MemoryId, start: u64, len: u64) -> bool {
        let mut holds = false;
        self.cells
            .touching(memory, start, len, |_, written| holds |= written.value.points_to_frame());
        holds
    }

    /// Ends a call: cells with their value from before the call do not count as written by it.
    pub fn settle(&mut self, before: &Heap, world: &Instantiation<'_>, call: u32) {
        self.cells.update_all(|memory, address, written| {
            if written.call == call {
                written.settle(&before.plain(world, memory, address, written.width));
            }
        });
        for (id, written) in Arc::make_mut(&mut self.globals) {
            if written.call == call {
                written.settle(&before.plain_global(world, *id));
            }
        }
    }

    /// The state restricted to paths that modified something; `None` if that is every path.
    pub fn changed(&self, before: &Heap, world: &Instantiation<'_>, call: u32) -> Option<Heap> {
        let mut after = self.clone();
        let mut differs = false;
        after.cells.update_all(|memory, address, written| {
            if written.call == call && !written.frame {
                differs |= written.exclude(&before.plain(world, memory, address, written.width));
            }
        });
        for (id, written) in Arc::make_mut(&mut after.globals) {
            differs |= written.call == call && written.exclude(&before.plain_global(world, *id));
        }
        differs.then_some(after)
    }

    /// The value of a cell without a read of it.
    fn plain(&self, world: &Instantiation<'_>, memory: MemoryId, address: u64, width: u8) -> Value {
        if let Some(written) = self.cells.get(memory, address)
            && written.width == width
        {
            return written.value.clone();
        }
        self.bytes(world, memory, address, width).map_or(Value::ANY, Value::constant)
    }

    fn plain_global(&self, world: &Instantiation<'_>, id: GlobalId) -> Value {
        self.written_global(id).map_or_else(|| initial(world, id), |written| written.value.clone())
    }

    fn bytes(
        &self,
        world: &Instantiation<'_>,
        memory: MemoryId,
        at: u64,
        width: u8,
    ) -> Option<u64> {
        let mut bytes = [0; 8];
        let mut is_written = self
            .layers
            .iter()
            .any(|layer| layer.memory == memory && layer.touches(at, u64::from(width)));
        self.cells.touching(memory, at, u64::from(width), |_, _| is_written = true);
        if !is_written && at.checked_add(u64::from(width)).is_some() {
            let memory = &world.memories[memory];
            memory.segments.fill(at, &mut bytes[..usize::from(width)]);
            return (!memory.unknown_data).then(|| u64::from_le_bytes(bytes));
        }
        for (i, byte) in bytes.iter_mut().take(usize::from(width)).enumerate() {
            *byte = self.byte(world, memory, at.checked_add(i as u64)?)?;
        }
        Some(u64::from_le_bytes(bytes))
    }

    fn byte(&self, world: &Instantiation<'_>, memory: MemoryId, at: u64) -> Option<u8> {
        let mut written = None;
        self.cells.touching(memory, at, 1, |start, cell| {
            written = Some(
                cell.value.single().map(|value| truncate(value >> ((at - start) * 8), 1) as u8),
            );
        });
        if let Some(byte) = written {
            return byte;
        }
        let mut layers = self.layers.iter().rev();
        match layers.find(|layer| layer.memory == memory && layer.touches(at, 1)) {
            Some(Layer { contents: Contents::Unknown, .. }) => None,
            Some(Layer { contents: Contents::Fill(byte), .. }) => Some(*byte),
            Some(Layer { contents: Contents::Data(module, data, from), start, .. }) => {
                let data = world.component.core_modules[*module].data.get(*data)?;
                let offset = usize::try_from(from.checked_add(at - start)?).ok()?;
                data.bytes.get(offset).copied()
            }
            None => world.memories[memory].byte(at),
        }
    }
}

fn initial(world: &Instantiation<'_>, id: GlobalId) -> Value {
    world.globals[id].init.map_or(Value::ANY, Value::constant)
}
