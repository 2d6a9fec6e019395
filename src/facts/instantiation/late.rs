//! Segments that an instance copies to another one's memory or table after start functions ran: these saw what was there
//! before, and what they wrote is overwritten.

use super::{CoreFunc, Instantiation, LateData, Memory, MemoryId, Placed, Table};

/// Most late segments of one memory, and most replaced slots of one table, that are distinguished.
const MOST_LATE: usize = 1 << 16;

impl Memory<'_> {
    pub(super) fn add_late(&mut self, starts_before: usize, placed: Option<Placed>) {
        let placed = placed.filter(|_| self.late.len() < MOST_LATE);
        let late = LateData { starts_before, placed };
        if placed.is_some() || self.late.last() != Some(&late) {
            self.late.push(late);
        }
    }
}

impl Table {
    /// Records what a segment replaces from a slot on.
    pub(super) fn replace(&mut self, first: usize, items: &[Option<CoreFunc>]) {
        let slots = self.slots.iter().enumerate().skip(first).zip(items);
        let replaced = slots.filter(|((_, old), new)| old != new).map(|((at, old), _)| (at, *old));
        let room = (MOST_LATE + 1).saturating_sub(self.replaced.len());
        self.replaced.extend(replaced.take(room));
        self.unknown_elements |= self.replaced.len() > MOST_LATE;
    }
}

impl Instantiation<'_> {
    /// All data that is copied late, in order.
    pub fn late_data(&self) -> Vec<(MemoryId, LateData)> {
        let memories = self.memories.iter();
        let mut all: Vec<_> =
            memories.flat_map(|(id, memory)| memory.late.iter().map(move |it| (id, *it))).collect();
        all.sort_by_key(|(_, late)| late.starts_before);
        all
    }
}
