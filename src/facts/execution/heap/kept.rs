//! What a state holds: how much, and which cells calls wrote.

use super::Heap;
use super::written::Kept;
use crate::facts::execution::site::Cell;

impl Heap {
    /// Number of cells and bulk writes.
    pub fn size(&self) -> usize {
        self.cells.len() + self.layers.len()
    }

    /// The cells and globals that were written outside of stack frames.
    pub fn kept(&self) -> Vec<Kept> {
        let mut kept = Vec::new();
        self.cells.each(|memory, address, written| {
            if !written.frame {
                let cell = Cell::Memory { memory, address, width: written.width };
                kept.push(Kept { cell, call: written.call, store: written.store() });
            }
        });
        let globals = self.globals.iter().map(|(id, written)| Kept {
            cell: Cell::Global(*id),
            call: written.call,
            store: written.store(),
        });
        kept.extend(globals);
        kept
    }
}
